"""The judgement: praise, "Tuy vậy" and weaknesses, numbered tasks, assignment. Lists come from data by printed rules."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from baocao.analysis import scores
from baocao.definitions import LEAF_KINDS, Band
from baocao.reports.service_index.capture import OFFICE, Report, Row
from baocao.writing import Markdown, markup, phrases

PRAISED_BANDS = 2
"""The best bands whose units are praised: Xuất sắc and Tốt."""
MOST_LOST = 3
"""How many groups become tasks: those that lose most points, ties with the last one included."""

TASKS = {
    "transparency": "công bố, cập nhật, công khai TTHC đúng hạn, đầy đủ các bộ phận tạo thành; đồng bộ đầy đủ, "
    "kịp thời hồ sơ tiếp nhận lên Cổng Dịch vụ công quốc gia.",
    "timeliness": "giải quyết hồ sơ trước hạn, đúng hạn; không để hồ sơ đang xử lý bị quá hạn; hướng dẫn đầy đủ "
    "ngay từ khi tiếp nhận, không yêu cầu bổ sung hồ sơ nhiều lần.",
    "online_service": "hướng dẫn, hỗ trợ người dân, doanh nghiệp nộp hồ sơ và thanh toán trực tuyến; rà soát, cung "
    "cấp dịch vụ công trực tuyến đối với TTHC đủ điều kiện; cấp kết quả điện tử cho hồ sơ nộp trực tuyến.",
    "satisfaction": "xử lý đúng hạn, dứt điểm phản ánh, kiến nghị của người dân, doanh nghiệp; không để hồ sơ quá "
    "hạn hoặc bị phản ánh về thái độ phục vụ.",
    "digitisation": "số hóa đầy đủ thành phần hồ sơ, cấp kết quả giải quyết TTHC điện tử; khai thác, sử dụng lại dữ "
    "liệu đã số hóa và dữ liệu dân cư, không yêu cầu nộp lại giấy tờ đã được số hóa.",
}
"""What is asked for in each group, after the indicators it is made of (data/reference/index_components.csv)."""

_PRAISE = (
    "Để đạt được kết quả trên là sự cố gắng, nỗ lực, tập trung rất cao của cả hệ thống chính trị, đặc biệt là đội ngũ công "
    "chức trực tiếp tiếp nhận, giải quyết TTHC cho người dân, doanh nghiệp. Chủ tịch UBND tỉnh ghi nhận và biểu dương các "
    "tập thể, cá nhân đã thực hiện tốt nhiệm vụ phục vụ người dân, doanh nghiệp trong thực hiện TTHC, cung cấp dịch vụ "
    "công trên Cổng Dịch vụ công quốc gia"
)
_TO_WHOM = (
    "Để thực hiện đúng chủ trương “Chính quyền phục vụ”, Chủ tịch UBND tỉnh yêu cầu Giám đốc các sở, Thủ trưởng các "
    "ban, ngành cấp tỉnh; Chủ tịch UBND các xã, phường"
)


def describe_praise(report: Report) -> Markdown:
    """Groups above the national mean and units of the best bands, with the rule that chose them.

    A province in the second half of the ranking is told what it did best, and is not praised.
    """
    told = [_PRAISE] if _is_ahead(report) else []
    above = [row for row in _groups_against_mean(report) if row["score"] > row["mean"]]
    if above:
        named = [
            f"{report.group(row['component'])} (cao hơn {_from_mean(report, row)} điểm)" for row in above
        ]
        told.append(
            f"nhóm chỉ số có điểm cao hơn bình quân cả nước là {phrases.join(named, semicolons=True)}"
        )
    elif not report.groups.empty:
        best = phrases.join([report.group(row["component"]) for row in report.extreme("rate")])
        told.append(f"nhóm đạt tỷ lệ điểm cao nhất là {best}")
    bands = report.index.bands[:PRAISED_BANDS]
    lists = [_list_band(report, band) for band in bands if _units_in(report, band)]
    nobody = phrases.nobody_praised(_with_score(bands)) if len(report.units) and not lists else ""
    sentences = [phrases.capitalise("; ".join(told)) if told else "", *lists]
    said = ". ".join(one for one in sentences if one)
    return markup.paragraphs(f"{said}." if said else "", nobody, _rule(report))


def _with_score(bands: Sequence[Band]) -> str:
    """What nobody is said to be: of one of these bands, as far as scores are known."""
    grades = " hoặc ".join(markup.escape(band.label) for band in bands)
    return f"có điểm được công bố xếp loại {grades}"


def _is_ahead(report: Report) -> bool:
    """Whether the published rank is in the first half; the grade decides where no rank was published."""
    total = report.total
    if pd.isna(total["rank"]) or pd.isna(total["out_of"]):
        return report.index.band(total["score"]) in report.index.bands[:PRAISED_BANDS]
    return 2 * total["rank"] <= total["out_of"]


def _rule(report: Report) -> str:
    """By which rule units were named; empty where none were."""
    if report.units.empty:
        return ""
    number = report.count(len(report.units), "Số đơn vị của tỉnh có điểm được công bố", "đơn vị")
    return (
        f"Các đơn vị nêu trên được chọn theo xếp loại, xếp theo điểm từ cao xuống thấp trong số {number} đơn vị của tỉnh có "
        "điểm được công bố."
    )


def _units_in(report: Report, band: Band) -> list[Row]:
    """The totals of the province's units of a band, best first."""
    return [row for row in report.units.to_dict("records") if report.index.band(row["score"]) == band]


def _list_band(report: Report, band: Band) -> str:
    """The units of a band by name and score."""
    about = report.about(scores.TOTAL, what=f"Ngưỡng xếp loại {band.label}", source="reference")
    bound, words = (band.lower, "từ {} điểm trở lên") if band.lower else (band.upper, "dưới {} điểm")
    limits = words.format(report.claims.score(bound, trim=True, **about))
    named = []
    for row in _units_in(report, band):
        unit = report.unit(row["unit"])
        is_government = unit.kind in ("commune", "district")
        name = f"UBND {unit.official_name}" if is_government else unit.official_name
        named.append(f"{report.claims.unit(unit, name)} ({report.score(row)} điểm)")
    return f"Đơn vị xếp loại {markup.escape(band.label)} ({limits}): {phrases.join(named, semicolons=True)}"


def describe_weaknesses(report: Report) -> Markdown:
    """ "Tuy vậy": groups below the national mean, the weakest one, and what cannot be seen."""
    found = []
    if report.means and report.total["score"] < report.means[scores.TOTAL]:
        found.append("tổng điểm của tỉnh còn thấp hơn bình quân cả nước")
    below = [row for row in _groups_against_mean(report) if row["score"] < row["mean"]]
    if below:
        below.sort(key=lambda row: row["score"] - row["mean"])
        named = [
            f"{report.group(row['component'])} (thấp hơn {_from_mean(report, row)} điểm)" for row in below
        ]
        count = f"{phrases.say_number(len(below))} trong {phrases.say_number(len(report.groups))} nhóm chỉ số"
        found.append(
            f"{count} có điểm thấp hơn bình quân cả nước, gồm {phrases.join(named, semicolons=True)}"
        )
    if not report.groups.empty:
        worst = phrases.join(
            [report.group(row["component"]) for row in report.extreme("rate", highest=False)]
        )
        found.append(f"nhóm đạt tỷ lệ điểm thấp nhất là {worst}")
    if report.total["score"] < report.total["maximum"]:
        formula = "điểm tối đa - tổng điểm công bố"
        lost = report.total["maximum"] - report.total["score"]
        found.append(
            f"tổng điểm còn cách mức tối đa {report.points(lost, scores.TOTAL, 'Điểm còn thiếu', formula)} điểm"
        )
    bands = report.index.bands[PRAISED_BANDS + 1 :]
    lists = [_list_band(report, band) for band in bands if _units_in(report, band)]
    if len(report.units) and not lists:
        lists = [phrases.nobody_criticised(_with_score(bands)).removesuffix(".")]
    sentences = [
        f"Tuy vậy, bên cạnh kết quả đạt được như trên, {'; '.join(found)}" if found else "",
        *lists,
        (
            "Điểm và thứ hạng thay đổi theo kỳ đồng bộ dữ liệu của Cổng Dịch vụ công quốc gia, nên cần sự cố gắng, nỗ lực "
            "thường xuyên, ổn định hơn nữa"
        ),
    ]
    return markup.paragraphs(". ".join(sentence for sentence in sentences if sentence) + ".")


def describe_missing(report: Report) -> Markdown:
    """What was not published, and what the letter therefore does not say; nothing where all is known."""
    day = report.as_of or report.setting.period.end
    own = {unit.code for unit in report.setting.register.on(day) if unit.kind in LEAF_KINDS}
    missing = []
    if report.groups.empty:
        missing.append(
            ("điểm của từng nhóm chỉ số", "nêu nhóm đạt cao, nhóm đạt thấp và không lập biểu đồ theo nhóm")
        )
    if report.national.empty:
        without = "tính khoảng cách đến địa phương dẫn đầu, đến bình quân cả nước và không lập biểu đồ xếp hạng các địa phương"
        missing.append(("điểm của các tỉnh, thành phố khác", without))
    if report.units.empty:
        missing.append(
            ("điểm của từng sở, ngành, địa phương trong tỉnh", "nêu đơn vị đạt cao, đơn vị đạt thấp")
        )
    elif own - set(report.units["unit"]):
        missing.append(("điểm của các đơn vị còn lại trong tỉnh", "xác định được đơn vị có điểm thấp nhất"))
    said = [f"{what} chưa được công bố nên không {without}" for what, without in missing]
    return markup.paragraphs(f"Trong nguồn số liệu của văn bản này, {'; '.join(said)}." if said else "")


def _groups_against_mean(report: Report) -> list[Row]:
    """The province's groups beside the national mean of each; none where there is no mean."""
    groups = report.groups.to_dict("records") if report.means else []
    return [{**row, "mean": report.means[row["component"]]} for row in groups]


def _from_mean(report: Report, row: Row) -> str:
    return report.gap(row["score"], row["mean"], row["component"], "Khoảng cách đến bình quân cả nước")


# --- tasks -----------------------------------------------------------------------------------------------------
def list_tasks(report: Report) -> Markdown:
    """What is asked for, numbered: the groups with most points lost first, then what always holds."""
    rows = [] if report.groups.empty else report.extreme("lost", MOST_LOST)
    items = []
    for row in rows:
        formula = "điểm tối đa - điểm đạt được"
        lost = report.points(row["lost"], row["component"], "Điểm còn thiếu", formula)
        items.append(f"{report.group(row['component'])} (còn thiếu {lost} điểm): {TASKS[row['component']]}")
    items += _standing_tasks(bool(rows))
    chosen = (
        f" tập trung vào {phrases.say_number(len(rows))} nhóm chỉ số còn thiếu nhiều điểm nhất so với điểm tối đa, theo "
        "thứ tự sau:"
        if rows
        else " tập trung thực hiện các nhiệm vụ sau:"
    )
    return Markdown(f"{_TO_WHOM}{chosen}\n\n{markup.numbered(items)}")


def _standing_tasks(has_groups: bool) -> list[str]:
    watch = (
        "Theo dõi thường xuyên kết quả của đơn vị mình trên Cổng Dịch vụ công quốc gia; chủ động khắc phục ngay chỉ tiêu "
        "đạt thấp, duy trì kết quả của các nhóm còn lại."
    )
    if has_groups:
        return [watch]
    return [
        (
            "Tiếp tục quán triệt, triển khai có hiệu quả các nghị quyết, kết luận, chương trình, kế hoạch có liên quan; phát "
            "huy kết quả đã đạt được, tháo gỡ kịp thời khó khăn, vướng mắc trong giải quyết TTHC."
        ),
        watch.replace("các nhóm còn lại", "các nhóm đã đạt cao"),
        (
            "Bảo đảm chính quyền địa phương hai cấp vận hành ổn định, thông suốt, phục vụ người dân và doanh nghiệp ngày "
            "càng tốt hơn."
        ),
    ]


def describe_assignment(report: Report) -> Markdown:
    """The Office's part, and the end of the letter."""
    office = report.claims.unit(report.unit(OFFICE))
    text = (
        f"Giao {office} chủ trì, phối hợp với các đơn vị liên quan bảo đảm Hệ thống thông tin giải quyết TTHC của tỉnh "
        "được thông suốt; đồng bộ đầy đủ hồ sơ và trạng thái xử lý lên Cổng Dịch vụ công quốc gia; kịp thời hỗ trợ các "
        "sở, ngành, UBND cấp xã trong vận hành hệ thống; kịp thời báo cáo, đề xuất UBND tỉnh, Chủ tịch UBND tỉnh và cơ "
        "quan có thẩm quyền đối với các vấn đề đột xuất, phát sinh vượt thẩm quyền./."
    )
    return Markdown(f"{text}\n\n{markup.division('khoi-ky')}")
