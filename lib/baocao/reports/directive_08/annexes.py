"""The annexes: every unit's shares and dossiers missing; points by criterion, definitions, rules and provenance."""

from __future__ import annotations

from baocao.definitions import Unit, indicator
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import UNKNOWN_MARK, annex, describe_provenance
from baocao.reports.directive_08 import printing, words
from baocao.reports.directive_08.exhibits import describe_lacking
from baocao.reports.directive_08.letter import SHORT_LEVELS, WAYS, list_rules
from baocao.reports.directive_08.reading import FIELD, ONLINE, SHARES, Report
from baocao.reports.published import annex as published_annex
from baocao.writing import Markdown, markup, phrases, tables

WITH_LETTER = "(Kèm theo Công văn của Ủy ban nhân dân tỉnh)"


# --- Phụ lục I ---------------------------------------------------------------------------------------------------
def annex_units(report: Report) -> Markdown:
    """Every unit by kind with subtotals: what it reached, and the dossiers still missing to reach each target."""
    claims = report.claims
    title = f"Kết quả và số hồ sơ còn thiếu của từng đơn vị {claims.period(report.period)}"
    if not report.members:
        return annex("I", title, words.no_units(), attached=WITH_LETTER)
    rows: list[list[str]] = []
    for number, kind in enumerate(report.kinds, 1):
        name = claims.unit(kind, f"{vn.roman(number)}. {kind.full_name}")
        rows.append([f"**{cell}**" for cell in (name, *_cells(report, kind))])
        of_kind = [unit for unit in report.members if unit.kind == kind.kind]
        rows += [[claims.unit(unit, unit.full_name), *_cells(report, unit)] for unit in of_kind]
    total = claims.unit(report.province, f"Tổng số: {report.province.official_name}")
    rows.append([f"**{cell}**" for cell in (total, *_cells(report, report.province))])
    is_small = any(report.row(name, unit)["small"] for name in SHARES for unit in report.members)
    table = tables.table(
        claims,
        caption="Kết quả và số hồ sơ còn thiếu để đạt yêu cầu, theo đơn vị (đơn vị tính: hồ sơ)",
        header=["Đơn vị", "Phát sinh", *(title for name in SHARES for title in _titles(report, name))],
        rows=rows,
        widths=[70, 20, 22, 20, 24, *[22, 24] * len(WAYS)],
        align="l" + "r" * (4 + 2 * len(WAYS)),
        small=True,
        source=printing.describe_source(report, report.members)
        + describe_lacking(report)
        + words.LINE_BY_LINE
        + _describe_standards(report)
        + (printing.small_note() if is_small else ""),
    )
    return annex("I", title, table, landscape=True, attached=WITH_LETTER)


def _titles(report: Report, name: str) -> list[str]:
    standard = report.standards[name]
    gap = f"Còn thiếu để đạt {printing.print_target(report, name)}" if standard else "Còn thiếu"
    if name == ONLINE:
        return [f"Nộp trực tuyến {report.claims.name(SHORT_LEVELS)}", "Tỷ lệ", gap]
    return [f"{phrases.capitalise(WAYS[name])} qua BCCI", gap]


def _cells(report: Report, unit: Unit) -> list[str]:
    """All dossiers; filed online with its share and what is missing; by post each way and what is missing."""
    cells = [printing.print_base(report, unit)]
    for name in SHARES:
        cells.append(printing.print_count(report, name, unit))
        if name == ONLINE:
            cells.append(printing.print_cell(report, name, unit))
        cells.append(printing.print_missing(report, name, unit))
    return cells


def _describe_standards(report: Report) -> str:
    """Which targets were not in force in the quarter; what "đạt" means."""
    later = {
        one.target.valid_from: one.target
        for one in report.standards.values()
        if one is not None and not one.in_force
    }
    notes = [
        f" Yêu cầu về BCCI áp dụng từ ngày {report.claims.date(day)}, chưa có hiệu lực trong kỳ này."
        for day in later
    ]
    return "".join([f" “đạt”: không còn thiếu.{UNKNOWN_MARK}", *notes])


# --- Phụ lục II --------------------------------------------------------------------------------------------------
def annex_method(report: Report) -> Markdown:
    """Points by criterion, what each share is, the rules, what was found wrong, where the figures come from."""
    content = markup.paragraphs(
        _table_points(report),
        _table_shares(report),
        "Quy tắc:",
        markup.numbered(list_rules(report)),
        describe_provenance(report.setting, [report.province, *report.members]),
    )
    return annex(
        "II", "Điểm theo tiêu chí, định nghĩa, quy tắc và nguồn số liệu", content, attached=WITH_LETTER
    )


def _table_points(report: Report) -> Markdown:
    """Points of the field and of its criteria: reached, most, lost; empty where none are known."""
    value = report.points
    if value is None:
        return Markdown("")
    rows = []
    for one in report.criteria:
        label = f"Tiêu chí {one.component}: {report.field.component(one.component).label}"
        rows.append([printing.quote(report, label), *[vn.MISSING] * 3, printing.quote(report, one.note)])
    whole = [
        markup.escape(f"Toàn lĩnh vực {report.field.component(FIELD).label.lower()}"),
        printing.print_maximum(report, value), printing.print_points(report, value), printing.print_lost(report, value),
    ]  # fmt: skip
    rows.append([f"**{cell}**" for cell in whole] + [_describe_lost(report)])
    year = report.claims.name(f"năm {value.year}")
    return tables.table(
        report.claims,
        caption=f"Điểm lĩnh vực hiện đại hóa hành chính trong Chỉ số CCHC {year} theo tiêu chí bị trừ điểm",
        header=["Tiêu chí", "Điểm tối đa", "Điểm đạt", "Điểm bị trừ", "Ghi chú"],
        rows=rows,
        widths=[58, 18, 18, 18, 48],
        align="lrrrl",
        source=f"{printing.quote(report, value.source)}. Dấu “–”: chưa được công bố.",
    )


def _describe_lost(report: Report) -> str:
    """How the points lost are known."""
    return "điểm bị trừ tính lại từ điểm tối đa và điểm đạt đã công bố" if report.points else ""


def _table_shares(report: Report) -> Markdown:
    rows = []
    for name in SHARES:
        one, standard = indicator(name), report.standards[name]
        told = [vn.MISSING, vn.MISSING]
        if standard:
            since = f"từ ngày {report.claims.date(standard.target.valid_from)}"
            told = [
                f"từ {printing.print_target(report, name)} trở lên",
                f"{printing.quote(report, standard.target.legal_source)}; {since}",
            ]
        rows.append([printing.quote(report, one.label), printing.quote(report, one.formula), *told])
    return tables.table(
        report.claims,
        caption="Các tỷ lệ và yêu cầu (đơn vị tính: %)",
        header=["Tỷ lệ", "Tử số / mẫu số", "Yêu cầu", "Căn cứ, hiệu lực"],
        rows=rows,
        widths=[42, 45, 24, 49],
        align="llll",
        small=True,
    )


def annex_published(report: Report, seed: str) -> Markdown:
    """Phụ lục III: the figures of the published memo with the key `seed` beside ours; empty for none."""
    return published_annex.annex_published(report.setting, seed, "III", WITH_LETTER)
