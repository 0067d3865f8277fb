"""The table and chart in the letter's text: results by kind of unit against the targets."""

from __future__ import annotations

from baocao import charts
from baocao.charts import Bar, Mark
from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import UNKNOWN_MARK
from baocao.reports.directive_08 import printing, words
from baocao.reports.directive_08.letter import SHORT_LEVELS
from baocao.reports.directive_08.reading import ONLINE, RECEPTION, RETURN, Report
from baocao.writing import NOT_WHOLE, Markdown, markup, phrases, tables


def table_groups(report: Report) -> Markdown:
    """Each kind of unit and the province: dossiers, shares, dossiers missing to each target."""
    groups = [*report.kinds, report.province]
    rows = []
    for group in groups:
        cells = [
            report.claims.unit(group, group.full_name),
            printing.print_base(report, group),
            printing.print_count(report, ONLINE, group),
            printing.print_cell(report, ONLINE, group),
            printing.print_missing(report, ONLINE, group),
            printing.print_count(report, RECEPTION, group),
            printing.print_cell(report, RECEPTION, group),
            printing.print_count(report, RETURN, group),
            printing.print_cell(report, RETURN, group),
        ]
        rows.append([f"**{cell}**" for cell in cells] if group == report.province else cells)
    claims = report.claims
    return tables.table(
        claims,
        caption=f"Hồ sơ nộp trực tuyến {claims.name(SHORT_LEVELS)} và qua BCCI {claims.period(report.period)} (đơn vị tính: hồ sơ)",
        header=[
            "Khối đơn vị", "Phát sinh", "Nộp trực tuyến", "Tỷ lệ",
            f"Thiếu để đạt {printing.print_target(report, ONLINE)}",
            "Tiếp nhận qua BCCI", "Tỷ lệ", "Trả kết quả qua BCCI", "Tỷ lệ",
        ],
        rows=rows,
        widths=[36, 15, 15, 14, 17, 16, 14, 16, 14],
        align="l" + "r" * 8,
        small=True,
        source=describe_groups_source(report)
        + words.LINE_BY_LINE
        + (UNKNOWN_MARK if any(vn.MISSING in cell for row in rows for cell in row) else ""),
    )  # fmt: skip


def describe_groups_source(report: Report) -> str:
    """The source of the figures by kind, with the units that did not report."""
    groups = [*report.kinds, report.province]
    return printing.describe_source(report, groups) + describe_lacking(report)


def describe_lacking(report: Report) -> str:
    """How many units did not report what the sums need, and how these are marked; empty when all did."""
    if not report.lacking:
        return ""
    number = printing.print_units(report, report.lacking, "Đơn vị chưa có đủ số liệu")
    return words.lacking(number) + phrases.not_whole_note(markup.escape(NOT_WHOLE))


def plot_groups(report: Report) -> Markdown:
    """The online share of each kind of unit and of the province against the target's line, of whole sums only; empty for
    one alone."""
    groups = [group for group in (*report.kinds, report.province) if report.is_level(ONLINE, group)]
    if len(groups) < 2:
        return Markdown("")
    view = report.claims.for_chart()
    bars = [_bar(report, group, view) for group in groups]
    target = report.standards[ONLINE].target.target
    mark = Mark(view.words("Yêu cầu"), float(target), printing.print_target(report, ONLINE, view))
    told = "; ".join(f"{bar.name} {bar.label}" for bar in bars)
    levels, period = report.claims.name(SHORT_LEVELS), report.claims.period(report.period)
    return charts.ranking_bars(
        report.claims,
        bars,
        mark=mark,
        caption=f"Tỷ lệ hồ sơ nộp trực tuyến {levels} theo khối đơn vị {period} so với yêu cầu",
        description=f"Biểu đồ thanh, tỷ lệ hồ sơ nộp trực tuyến theo khối đơn vị. {mark.name} {mark.label}; {told}.",
        source=printing.describe_source(report, groups),
        font=report.setting.font,
    )


def _bar(report: Report, group: Unit, view) -> Bar:
    row = report.row(ONLINE, group)
    return Bar(
        view.unit(group, group.full_name),
        100 * row["numerator"] / row["denominator"],
        printing.print_share(report, ONLINE, group, view),
        is_focus=group == report.province,
    )
