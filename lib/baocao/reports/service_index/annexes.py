"""The annexes: results of all provinces; definitions, rules and source."""

from __future__ import annotations

import re

from baocao import __version__
from baocao.analysis import scores
from baocao.definitions import STATUS_LABELS, Component
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import describe_faults, list_row_warnings
from baocao.reports.published import annex
from baocao.reports.service_index.capture import Report
from baocao.reports.service_index.exhibits import MEAN, plot_provinces
from baocao.reports.setting import PROVINCE
from baocao.writing import Markdown, markup, tables
from baocao.writing import phrases as narrate

MOST_WARNINGS = 20
"""Warnings about single scores that the annex quotes; the rest is counted."""


def annex_ranking(report: Report) -> Markdown:
    """Phụ lục I: every province's total and groups, with chart; empty where they are not known."""
    if report.national.empty:
        return Markdown("")
    groups = [one for one in report.index.groups if one.name in set(report.national["component"])]
    header = ["Hạng", "Tỉnh, thành phố", "Tổng điểm", *(markup.escape(one.label) for one in groups)]
    totals = report.national[report.national["component"] == scores.TOTAL].sort_values("place", kind="stable")
    by_key = {(row["unit"], row["component"]): row for row in report.national.to_dict("records")}
    rows = []
    for row in totals.to_dict("records"):
        unit = report.unit(row["unit"])
        about = report.about(scores.TOTAL, unit.code, what="Hạng tính từ điểm công bố")
        rank = report.claims.rank(int(row["place"]), formula="số địa phương có điểm cao hơn + 1", **about)
        cells = [rank, report.claims.unit(unit, unit.name)]
        for component in (scores.TOTAL, *(one.name for one in groups)):
            found = by_key.get((unit.code, component))
            cells.append(report.score(found, trim=False) if found else vn.MISSING)
        rows.append([f"**{cell}**" for cell in cells] if unit.code == PROVINCE else cells)
    means = [
        report.points(report.means[name], name, MEAN, "bình quân giản đơn")
        for name in (scores.TOTAL, *(one.name for one in groups))
    ]
    rows.append(["", f"**{MEAN}**", *(f"**{mean}**" for mean in means)])
    table = tables.table(
        report.claims, caption=f"Điểm của các tỉnh, thành phố, {report.claims.period(report.setting.period)}",
        header=header, rows=rows, widths=[10, 28, 13, *([14] * len(groups))], align="cl" + "r" * (len(groups) + 1),
        source=report.describe_source() + " Đơn vị bằng điểm thì cùng hạng.", small=True,
    )  # fmt: skip
    return _annex("I", "Kết quả của các tỉnh, thành phố", table, plot_provinces(report))


def annex_method(report: Report) -> Markdown:
    """The last annex: definitions, maxima with their evidence, rules, source and fingerprint."""
    number = vn.roman(_first_number(report))
    files = narrate.join([report.claims.code(name) for name in dict.fromkeys(report.rows["file"])])
    fingerprint = report.claims.code(f"SHA-256 {report.setting.facts.fingerprint[:16]}")
    version = report.claims.code(__version__)
    provenance = (
        f"{report.describe_source()} Tệp số liệu: {files}. Dấu vân tay rút gọn của toàn bộ số liệu: {fingerprint}. Lập bằng "
        f"baocao phiên bản {version}."
    )
    return _annex(
        number, "Định nghĩa, cách tính và nguồn số liệu", _table_components(report),
        markup.paragraphs("Quy tắc tính và so sánh:"), markup.numbered(_rules(report)), _describe_faults(report),
        tables.source_line(provenance),
    )  # fmt: skip


def _describe_faults(report: Report) -> Markdown:
    """Accepted errors and warnings about the scores that the letter is made from; empty for none."""
    units = [report.unit(code) for code in report.rows["unit"].unique()]
    setting = report.setting
    warnings = list(list_row_warnings(setting.facts, report.rows, report.claims))
    found = describe_faults(setting, units, warnings[:MOST_WARNINGS])
    if len(warnings) <= MOST_WARNINGS:
        return found
    more = report.count(len(warnings) - MOST_WARNINGS, "Số lưu ý không in", "lưu ý")
    return markup.paragraphs(found, f"Còn {more} lưu ý khác, liệt kê trong kết quả kiểm tra số liệu.")


def annex_published(report: Report, seed: str) -> Markdown:
    """Every figure of the published letter with this key beside ours; empty for none ("")."""
    return annex.annex_published(report.setting, seed, vn.roman(_first_number(report) + 1))


def _first_number(report: Report) -> int:
    """The number of the annex on method, which comes after the ranking where there is one."""
    return 1 if report.national.empty else 2


def _table_components(report: Report) -> Markdown:
    """Groups and their indicators: maximum, what is divided by what, and how the maximum is known."""
    rows = []
    for shown in report.index.shown_groups:
        parts = report.index.parts(shown.name)
        rows.append(_component_row(report, shown, " + ".join(part.label for part in parts), bold=True))
        for group in parts or [shown]:
            if parts:
                rows.append(_component_row(report, group, "một phần của nhóm trên", bold=False))
            for one in report.index.indicators([group]):
                rows.append(_component_row(report, one, f"{one.numerator} / {one.denominator}", bold=False))
    caption = "Các nhóm, chỉ tiêu thành phần, điểm tối đa và căn cứ của điểm tối đa"
    return tables.table(
        report.claims, caption=caption, header=["Mã", "Nội dung", "Điểm tối đa", "Tử số / mẫu số", "Căn cứ"],
        rows=rows, widths=[10, 50, 13, 76, 15], align="llrll", small=True,
        source=f"{markup.escape(report.index.issuer)}. Điểm tối đa «công bố» là do Cổng công bố, «suy ra» là suy ra từ điểm đã "
        "công bố; chỉ tiêu chỉ theo dõi, không chấm điểm thì không có điểm tối đa.",
    )  # fmt: skip


def _component_row(report: Report, one: Component, made_of: str, *, bold: bool) -> list[str]:
    code = _reference(report, one.name) if re.fullmatch(r"[0-9.]+[a-z]?", one.name) else ""
    most = report.maximum(one.name) if one.maximum else vn.MISSING
    label = _reference(report, one.label)
    cells = [code, label, most, _reference(report, made_of), markup.escape(STATUS_LABELS[one.status])]
    return [f"**{cell}**" if bold and cell else cell for cell in cells]


def _reference(report: Report, text: str) -> str:
    """Words of the reference tables; those with digits are declared constants."""
    return report.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)


def _rules(report: Report) -> list[str]:
    """How the letter counts, ranks, compares and chooses."""
    rules = [
        (
            "Điểm do Cổng Dịch vụ công quốc gia công bố là điểm chính thức; điểm không được công bố thì để trống, không suy "
            "ra từ số liệu khác và không coi là không điểm."
        ),
        "Nhóm dịch vụ trực tuyến là tổng điểm của cung cấp dịch vụ công trực tuyến và thanh toán trực tuyến.",
        (
            "Nhóm đạt cao nhất, thấp nhất được chọn theo tỷ lệ điểm đạt được trên điểm tối đa; thứ tự nhiệm vụ xếp theo số "
            "điểm còn thiếu so với điểm tối đa; bằng nhau thì cùng được nêu."
        ),
        (f"Xếp loại: {_describe_bands(report)}. Thang xếp loại chưa đối chiếu được với văn bản quy định."),
        _describe_check(report),
    ]
    if report.means:
        rules[2:2] = [
            (
                "Bình quân cả nước là bình quân giản đơn (không trọng số) điểm của các tỉnh, thành phố, làm tròn đến hai chữ "
                "số thập phân; khoảng cách được tính từ số đã làm tròn."
            ),
            "Hạng của một địa phương bằng số địa phương có điểm công bố cao hơn cộng thêm một; bằng điểm thì cùng hạng.",
        ]
    return [rule for rule in rules if rule]


def _describe_bands(report: Report) -> str:
    phrases = []
    for band in report.index.bands:
        about = report.about(scores.TOTAL, what=f"Ngưỡng xếp loại {band.label}", source="reference")
        name, end = markup.escape(band.label), band.lower or band.upper
        words = "từ" if band.lower else "dưới"
        phrases.append(f"{name} {words} {report.claims.score(end, trim=True, **about)} điểm")
    return "; ".join(phrases)


def _describe_check(report: Report) -> str:
    """What adding up the groups of every unit has shown."""
    checks = scores.check_totals(report.rows, report.index)
    if checks.empty:
        return ""
    about = report.about(scores.TOTAL, what="Sai số làm tròn cho phép", source="reference")
    tolerance = report.claims.score(scores.TOLERANCE, decimals=3, **about)
    number = report.count(len(checks), "Số đơn vị được cộng lại", "đơn vị")
    wrong = checks[~checks["agrees"]]
    verdict = "không có tổng nào lệch quá mức đó"
    if not wrong.empty:
        named = [
            f"{report.claims.unit(report.unit(row['unit']))} "
            f"(lệch {report.gap(row['published'], row['recomputed'], scores.TOTAL, 'Chênh lệch khi cộng lại')} điểm)"
            for row in wrong.to_dict("records")
        ]
        verdict = f"lệch quá mức đó có {narrate.join(named, semicolons=True)}"
    return (
        f"Cộng lại điểm các nhóm của {number} đơn vị để kiểm tra tổng điểm công bố, cho phép lệch {tolerance} điểm do "
        f"làm tròn: {verdict}."
    )


def _annex(number: str, title: str, *content: str) -> Markdown:
    """An annex: its title is the first paragraph, the form prints "Phụ lục" and its number."""
    return markup.division(
        "phu-luc", "\n\n".join([title, *(piece for piece in content if piece)]), {"data-so": number}
    )
