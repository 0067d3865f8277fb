"""The letter's text: the result of the quarter, comparisons, bulleted tasks, who follows up."""

from __future__ import annotations

from baocao.analysis import comparison
from baocao.definitions import Period, Unit
from baocao.reports.directive_08 import printing, words
from baocao.reports.directive_08.reading import (
    FIELD,
    LEVELS,
    ONLINE,
    RECEPTION,
    RETURN,
    SHARES,
    Report,
    letter_day,
)
from baocao.writing import Markdown, markup, paragraphs, phrases

DIRECTIVE, CRITERIA = "08/CT-UBND", "2636/QĐ-BNV"
HEADS = "Thủ trưởng các sở, ban, ngành cấp tỉnh; Chủ tịch UBND các huyện, thị xã, thành phố"
ADDRESSED = ("department", "district")
"""Kinds of units that the letter goes to."""

PLACES, LONGEST = 5, 10
"""So many units are named as lacking most, and all tied with the last one unless that makes the list too long."""

LEVEL_NAMES, SHORT_LEVELS = "mức độ 3, mức độ 4", "mức độ 3, 4"
WAYS = {RECEPTION: "tiếp nhận", RETURN: "trả kết quả"}

OFFICE = "HT-VPUB"
OFFICE_OF_2019 = "Văn phòng Đoàn đại biểu Quốc hội, HĐND và UBND tỉnh"
"""The Office as the letter of April 2019 names it; when it was renamed was not checked (units.csv)."""

COMPARED = {
    ONLINE: "tỷ lệ hồ sơ nộp trực tuyến",
    RECEPTION: "tỷ lệ hồ sơ tiếp nhận qua BCCI",
    RETURN: "tỷ lệ hồ sơ trả kết quả qua BCCI",
}


def describe_opening(report: Report) -> Markdown:
    """Points lost, then how the directive was carried out in the quarter."""
    return paragraphs(f"{describe_points(report)} {_describe_quarter(report)}")


def describe_points(report: Report) -> str:
    """The points of the field of modernisation and the criteria that lost some."""
    value = report.points
    if value is None:
        return words.no_points()
    lost = report.field.component(FIELD).maximum - value.value
    year = report.claims.name(phrases.capitalise(Period.parse(str(value.year)).name))
    said = [
        words.points(
            year, printing.print_points(report, value), printing.print_maximum(report, value),
            printing.print_lost(report, value) if lost else None,
        )
    ]  # fmt: skip
    if lost and report.criteria:
        labels = [report.field.component(one.component).label for one in report.criteria]
        numbers = report.claims.name(f"Tiêu chí số {', '.join(one.component for one in report.criteria)}")
        law = report.setting.laws.get(CRITERIA)
        title = printing.quote(report, law.title[:1].lower() + law.title[1:])
        told = [printing.quote(report, label[:1].lower() + label[1:]) for label in labels]
        said.append(words.reasons_of_loss(told, numbers, report.claims.law(CRITERIA, dated=True), title))
    if value.year < report.period.end.year - 1:
        said.append(words.older_points())
    return " ".join(said)


def _describe_quarter(report: Report) -> str:
    short, judged = report.short_units(ONLINE), report.judged_units(ONLINE)
    directive = report.claims.law(DIRECTIVE, dated=True)
    lead = words.reported(directive)
    if short:
        lead = words.carried_out_badly(
            directive,
            printing.print_units(report, short, "Đơn vị chưa đạt yêu cầu về nộp hồ sơ trực tuyến"),
            printing.print_units(report, judged, "Đơn vị được xét về nộp hồ sơ trực tuyến"),
            phrases.say_number(comparison.MINIMUM_DENOMINATOR),
        )
    elif judged and not report.lacking:
        lead = words.carried_out_well(directive, phrases.say_number(comparison.MINIMUM_DENOMINATOR))
    return f"{lead}{_describe_online(report)}; {_describe_post(report)}."


def _describe_online(report: Report) -> str:
    province, period, levels = (
        report.province,
        report.claims.period(report.period),
        report.claims.name(LEVEL_NAMES),
    )
    if report.has_value(ONLINE, province):
        said = words.online(
            period,
            levels,
            printing.print_count(report, ONLINE, province, in_text=True),
            printing.print_base(report, province, in_text=True),
            printing.print_share(report, ONLINE, province),
        ) + (_hold_against_target(report) if report.is_level(ONLINE, province) else _lacking(report, ONLINE))
    else:
        has_count = report.base(province) is None and report.numerator(ONLINE, province) is not None
        filed = printing.print_count(report, ONLINE, province, in_text=True) if has_count else ""
        said = words.no_online(period, levels, filed, report.base(province) == 0)
        said += _lacking(report, ONLINE) if has_count else ""
    parts = [report.numerator(name, province) for name in LEVELS]
    if None in parts or sum(parts) != report.numerator(ONLINE, province) or not any(parts):
        return said  # levels that lack other units than their sum are no parts of it
    third, fourth = (printing.print_count(report, name, province, in_text=True) for name in LEVELS)
    names = [report.claims.name(name) for name in ("mức độ 3", "mức độ 4")]
    return f"{said}, {words.online_parts(third, names[0], fourth, names[1])}"


def _hold_against_target(report: Report) -> str:
    """Whether the province reaches the online target; how far it is below: percentage points and dossiers."""
    target, gap = printing.print_target(report, ONLINE), None
    if report.missing(ONLINE, report.province):
        points = printing.print_missing_points(report, ONLINE, report.province)
        gap = points, printing.print_missing(report, ONLINE, report.province, in_text=True)
    return words.against_target(target, gap, over=report.exceeds(ONLINE, report.province))


def _lacking(report: Report, name: str) -> str:
    """Beside a figure of the province: how many units it lacks; empty where it is whole."""
    missing = report.row(name, report.province)["missing"]
    return (
        phrases.not_whole(printing.print_units(report, missing, "Đơn vị chưa có đủ số liệu"))
        if missing
        else ""
    )


def _describe_post(report: Report) -> str:
    """Both directions of the public post; against the target only where it is in force in the quarter."""
    province, said, shorts = report.province, [], []
    for name, way in WAYS.items():
        done = report.numerator(name, province)
        if done is None:
            said.append(words.no_post(way))
            continue
        count = printing.print_count(report, name, province, in_text=True) if done else ""
        has_share = done and report.has_value(name, province)
        share = printing.print_share(report, name, province) if has_share else ""
        said.append(words.by_post(way, count, share) + _lacking(report, name))
        standard = report.standards[name]
        if standard and standard.in_force and report.missing(name, province):
            shorts.append((way, printing.print_missing(report, name, province, in_text=True)))
    ways = f"đồng thời {phrases.join(said, semicolons=True)}"
    standard = report.standards[RECEPTION]
    if standard is None or not standard.in_force:
        return ways
    if not shorts and not all(report.is_level(name, province) for name in WAYS):
        return ways  # nobody knows whether both ways reach it
    return words.post_against_target(ways, printing.print_target(report, RECEPTION), shorts)


# --- comparisons -------------------------------------------------------------------------------------------------
def describe_changes(report: Report) -> Markdown:
    """The province's shares against the same quarter last year and the quarter before, or why there is no comparison."""
    said, refused = [], {}
    for base in (report.period.same_period_last_year(), report.period.previous()):
        rows = report.setting.compare(SHARES, [report.province], base).to_dict("records")
        held = [row for row in rows if row["comparable"] != "no"]
        if held:
            changes = [_describe_change(report, row, base) for row in rows]
            said.append(phrases.compared(report.claims.period(base), changes))
        else:
            refused.setdefault(rows[0]["told"], []).append(base)
    for told, bases in refused.items():
        names = phrases.join([report.claims.period(base) for base in bases])
        said.append(phrases.no_comparison(names, report.setting.say(told)))
    return paragraphs(*said)


def _describe_change(report: Report, row: dict, base: Period) -> str:
    change = row["change_pp"]
    if row["comparable"] == "no":
        return phrases.uncompared(COMPARED[row["indicator"]], report.setting.say(row["told"]))
    figure = printing.print_change(report, row, base) if change else ""
    return f"{COMPARED[row['indicator']]} {phrases.change_of_rate(change, figure)}"


# --- tasks -------------------------------------------------------------------------------------------------------
def list_tasks(report: Report) -> Markdown:
    """The lead sentence and five bulleted tasks, in the order of seed 003."""
    claims = report.claims
    items = [
        words.online_task(
            claims.law(DIRECTIVE, dated=True),
            claims.name(SHORT_LEVELS),
            claims.name(SHORT_LEVELS),
            printing.print_target(report, ONLINE),
            _most_short(report),
        ),
        words.encourage(claims.name(SHORT_LEVELS)),
        *_post_task(report),
        words.one_stop(),
        words.report_quarterly(),
    ]
    listed = "\n".join(f"- {item}" for item in items)
    return Markdown(f"{paragraphs(words.order(HEADS))}\n{listed}\n")


def most_short(report: Report) -> list[Unit]:
    """The addressed units that lack most dossiers online, most first; ties with the last one included or left out."""
    short = [unit for unit in report.short_units(ONLINE) if unit.kind in ADDRESSED]
    ordered = sorted(short, key=lambda unit: -report.missing(ONLINE, unit))
    if len(ordered) <= PLACES:
        return ordered
    edge = report.missing(ONLINE, ordered[PLACES - 1])
    chosen = [unit for unit in ordered if report.missing(ONLINE, unit) >= edge]
    return (
        chosen if len(chosen) <= LONGEST else [unit for unit in chosen if report.missing(ONLINE, unit) > edge]
    )


def _most_short(report: Report) -> list[str]:
    return [
        words.short_unit(
            report.claims.unit(unit),
            printing.print_missing(report, ONLINE, unit, in_text=True),
            printing.print_share(report, ONLINE, unit),
        )
        for unit in most_short(report)
    ]


def _post_task(report: Report) -> list[str]:
    standard = report.standards[RECEPTION]
    if standard is None:
        return []
    since, claims = standard.target.valid_from, report.claims
    told = (
        words.set_by_this_letter(claims.date(since), claims.period(report.period))
        if report.period.end < since <= letter_day(report.period)
        else words.set_by(printing.quote(report, standard.target.legal_source), claims.date(since))
    )
    return [words.post_task(printing.print_target(report, RECEPTION), told)]


def describe_assignment(report: Report) -> Markdown:
    """Who follows up, the closing mark and the place of the signature."""
    office = OFFICE_OF_2019
    if report.period.end.year > 2019:
        office = report.claims.unit(report.setting.register.get(OFFICE, report.period.end))
    return Markdown(paragraphs(words.assignment(office)) + markup.division("khoi-ky"))


def list_rules(report: Report) -> list[str]:
    """The rules by which units are named and comparisons made, for the annex."""
    places, minimum = phrases.say_number(PLACES), phrases.say_number(comparison.MINIMUM_DENOMINATOR)
    return [
        ("Số hồ sơ còn thiếu của một đơn vị là số hồ sơ phải có thêm trên cùng tổng số hồ sơ phát sinh để đạt yêu cầu, làm tròn "
        "lên; số còn thiếu của một khối hoặc toàn tỉnh tính trên tổng của khối, toàn tỉnh nên không bằng tổng số còn thiếu của "
        "từng đơn vị."),
        (f"Các đơn vị còn thiếu nhiều nhất là {places} đơn vị trong số các sở, ban, ngành, huyện, thị xã, thành phố có từ "
        f"{minimum} hồ sơ phát sinh trở lên và có số hồ sơ còn thiếu lớn nhất, kể cả đơn vị bằng số với đơn vị được nêu cuối "
        f"cùng nếu danh sách không dài quá {phrases.say_number(LONGEST)} đơn vị; đơn vị được nêu là chưa đạt khi tỷ lệ thấp hơn yêu cầu."),
        f"Tỷ lệ có mẫu số dưới {minimum} hồ sơ được đánh dấu, chỉ để tham khảo.",
        ("Tỷ lệ của một khối là tổng tử số chia tổng mẫu số; mức thay đổi của tỷ lệ tính bằng điểm phần trăm, là hiệu của hai tỷ lệ "
        "đã làm tròn như đã in; chỉ so sánh khi hai kỳ có cùng định nghĩa và cùng đơn vị báo cáo."),
        ("Hồ sơ qua bưu chính công ích tính riêng từng chiều tiếp nhận và trả kết quả, đều chia cho tổng số hồ sơ phát sinh; văn "
        "bản đặt yêu cầu không nói rõ tính riêng từng chiều, ở đây mỗi chiều được đối chiếu với cùng một mức."),
    ]  # fmt: skip
