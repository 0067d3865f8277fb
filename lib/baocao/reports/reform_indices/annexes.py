"""The annexes: the indices by year with tables and charts; definitions, rules, sources and provenance."""

from __future__ import annotations

from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import annex, describe_provenance
from baocao.reports.published import annex as published_annex
from baocao.reports.reform_indices.exhibits import plot_digital, plot_reform, table_parts, table_years
from baocao.reports.reform_indices.reading import DTI, INDICES, PAR, Report
from baocao.reports.reform_indices.results import LOW_THIRD
from baocao.writing import Markdown, markup, phrases, tables

WITH_LETTER = "(Kèm theo văn bản của Ban Chỉ đạo cải cách hành chính tỉnh)"
CRITERIA = ("2636/QĐ-BNV", "1149/QĐ-BNV", "876/QĐ-BNV")
"""The decisions that set the criteria of the PAR INDEX, one after the other."""


def annex_results(report: Report) -> Markdown:
    """Phụ lục I: points, ranks and changes by year."""
    content = markup.paragraphs(
        table_years(report), plot_reform(report), table_parts(report), plot_digital(report)
    )
    title = "Kết quả Chỉ số CCHC, SIPAS, DTI qua các năm"
    return annex("I", title, content, landscape=True, attached=WITH_LETTER)


def annex_method(report: Report) -> Markdown:
    """Phụ lục II: what the indices are, how ranks are compared and parts chosen, where the values come from."""
    content = markup.paragraphs(
        _table_indices(report),
        "Quy tắc:",
        markup.numbered(_rules(report)),
        "Kết quả lấy từ danh mục kết quả đã công bố của tỉnh, mỗi dòng có nguồn và căn cứ.",
        describe_provenance(report.setting, [report.province]),
    )
    return annex("II", "Định nghĩa, quy tắc so sánh và nguồn số liệu", content, attached=WITH_LETTER)


def _table_indices(report: Report) -> Markdown:
    rows = []
    for name in INDICES:
        index = report.indices[name]
        years = [report.year_of(year) for year in index.breaks if year <= report.year]
        rows.append(
            [markup.escape(index.label), report.quote(index.issuer), phrases.join(years) or vn.MISSING]
        )
    return tables.table(
        report.claims,
        caption="Các chỉ số và năm thay đổi bộ tiêu chí",
        header=["Chỉ số", "Cơ quan công bố", "Năm bắt đầu bộ tiêu chí khác"],
        rows=rows,
        widths=[75, 45, 40],
        align="lll",
        source=f"bộ tiêu chí của {markup.escape(report.indices[PAR].short_label)}: "
        f"{phrases.join([report.claims.law(number, dated=True) for number in CRITERIA])}. Dấu “–”: chưa ghi nhận thay đổi.",
    )  # fmt: skip


def _rules(report: Report) -> list[str]:
    third = phrases.say_number(LOW_THIRD)
    return [
        (
            f"Văn bản tổng kết {report.year_of(report.year)} được lập vào tháng hai năm sau, vì vậy chỉ dùng kết quả đã công bố đến "
            f"ngày {report.claims.date(report.day)}; kết quả không rõ ngày công bố được coi là công bố vào cuối năm kế tiếp của "
            "năm đánh giá."
        ),
        (
            "Thứ hạng của hai năm chỉ được so sánh khi cùng số tỉnh, thành phố được xếp hạng và cùng bộ tiêu chí; nếu không thì "
            "nêu lý do không so sánh."
        ),
        "So sánh với năm gần nhất trước đó đã có thứ hạng; tăng bậc là thứ hạng tốt lên.",
        (
            f"Nhóm chỉ số thành phần {markup.escape(report.indices[DTI].short_label)} được coi là thứ hạng thấp khi nằm trong một "
            f"phần {third} cuối bảng xếp hạng; không có nhóm nào như vậy thì nêu nhóm có thứ hạng thấp nhất, kể cả bằng nhau."
        ),
        "Kết quả chưa được công bố hoặc chưa tìm thấy nguồn thì để trống và nêu lý do, không suy đoán.",
        "Kết quả ghi “suy ra” được tính từ thứ hạng và mức tăng, giảm mà nguồn đã in.",
    ]


def annex_published(report: Report, seed: str) -> Markdown:
    """Phụ lục III: the figures of the published memo with the key `seed` beside ours; empty for none."""
    return published_annex.annex_published(report.setting, seed, "III", WITH_LETTER)
