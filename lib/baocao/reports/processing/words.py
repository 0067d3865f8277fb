"""The sentences of the report on dossiers: figures already printed go in, Vietnamese sentences come out.

As in `phrases`, nothing is computed here and no digit is typed here; arguments are Markdown made by `Claims`,
None is a figure that is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing import capitalise, join, phrases

ByLevel = Sequence[tuple[str, str, str]]
"""For each level its name, rate and fraction."""


def lacking(number: str) -> str:
    """How many units the figures of the sentence before lack."""
    return f"(Chưa gồm {number} đơn vị chưa có đủ số liệu.)"


# --- received and resolved ---------------------------------------------------------------------------------------
def opening(period: str, forms: Sequence[str]) -> str:
    """What the report is about and where its figures come from; `period` is its window in a sentence."""
    return (
        f"Trên cơ sở số liệu {period} theo {join(forms)}, UBND tỉnh báo cáo kết quả tiếp nhận, giải quyết thủ tục "
        "hành chính (TTHC) và cung cấp dịch vụ công trực tuyến như sau:"
    )


def reception(
    where: str,
    handled: str | None,
    received: str | None,
    carried_over: str | None,
    by_level: Sequence[tuple[str, str]] = (),
) -> str:
    """Dossiers to be handled: received in the period (`by_level`: name and count) and carried over."""
    if received is None and handled is None and carried_over is None:
        return f"Chưa có số liệu về hồ sơ TTHC tiếp nhận {where}."
    within = f" ({', '.join(f'{name} {count} hồ sơ' for name, count in by_level)})" if by_level else ""
    first = f"tiếp nhận trong kỳ {received} hồ sơ{within}"
    if received is None:
        first = "chưa có số tiếp nhận trong kỳ"
    carried = f"kỳ trước chuyển qua {carried_over} hồ sơ"
    if carried_over is None:
        carried = "chưa có số kỳ trước chuyển qua"
    if handled is None:
        return f"Hồ sơ TTHC {where}: {first}; {carried}."
    return f"Tổng số hồ sơ TTHC nhận giải quyết {where} là {handled} hồ sơ, trong đó: {first}; {carried}."


def resolution(resolved: str | None, early: str | None, on_time: str | None, late: str | None) -> str:
    """Dossiers resolved, by how they stood against their due date."""
    parts = (("trước hạn", early), ("đúng hạn", on_time), ("quá hạn", late))
    if resolved is None:
        return _only_parts("hồ sơ đã giải quyết", *parts)
    return f"Đã giải quyết {resolved} hồ sơ{_parts(*parts)}."


def pending(pending: str | None, in_time: str | None, overdue: str | None) -> str:
    """Dossiers still being handled, in time and past due."""
    parts = (("trong hạn", in_time), ("quá hạn", overdue))
    if pending is None:
        return _only_parts("hồ sơ đang giải quyết", *parts)
    return f"Đang giải quyết {pending} hồ sơ{_parts(*parts)}."


def _only_parts(what: str, *parts: tuple[str, str | None]) -> str:
    """A count that is not known, with those of its parts that are."""
    known = [f"{name} {count} hồ sơ" for name, count in parts if count is not None]
    if not known:
        return f"Chưa có số liệu về {what}."
    return f"Chưa có tổng số {what}; số đã có: {', '.join(known)}."


def _parts(*parts: tuple[str, str | None]) -> str:
    known = [f"{name} {count} hồ sơ" for name, count in parts if count is not None]
    unknown = [name for name, count in parts if count is None]
    if not known:
        return f" (chưa có số liệu {join(unknown)})"
    words = f", trong đó: {', '.join(known)}"
    return f"{words}; chưa có số liệu {join(unknown)}" if unknown else words


def level_ended(level: str, day: str) -> str:
    """A level of government that ended inside the window."""
    return f"Số liệu của {level} tính đến hết ngày {day} là ngày kết thúc hoạt động của cấp này."


def unit_started(day: str) -> str:
    """The unit of the report was set up or made anew inside the window."""
    return f"Đơn vị được thành lập hoặc sắp xếp lại từ ngày {day}; số liệu của kỳ báo cáo tính từ ngày này."


def balance(
    received: str,
    carried_over: str,
    handled: str,
    resolved: str,
    pending: str,
    accounted: str,
    gap: str | None,
    handed_over: bool = False,
) -> str:
    """The identity of the form, stated with its figures; `gap` is None when the two sides are equal.

    `handed_over`: a level of government whose units were reorganised inside the window, and so took over dossiers
    from another level or handed some over: its two sides need not be equal.
    """
    sides = (
        f"Đối chiếu cân đối: tiếp nhận trong kỳ và kỳ trước chuyển qua {received} + {carried_over} = {handled} hồ sơ; "
        f"đã giải quyết và đang giải quyết {resolved} + {pending} = {accounted} hồ sơ"
    )
    if gap is None:
        return f"{sides}; hai vế bằng nhau, số liệu khớp."
    if handed_over:
        return f"{sides}; hai vế chênh nhau {gap} hồ sơ, gồm hồ sơ bàn giao giữa các cấp khi sắp xếp đơn vị trong kỳ."
    return f"{sides}; hai vế chênh nhau {gap} hồ sơ, phải rà soát trước khi sử dụng số liệu."


def no_balance(missing: Sequence[str]) -> str:
    """Why the identity could not be checked."""
    return f"Chưa đối chiếu được cân đối số liệu vì thiếu: {join(missing, semicolons=True)}."


def incomplete(measures: Sequence[str], count: str, units: Sequence[str]) -> str:
    """A sum that is not whole: what it counts, how many units did not report, those that can be named."""
    named = f" ({join(units, semicolons=True)})" if units else ""
    return (
        f"Số cộng chưa đủ vì thiếu báo cáo của {count} đơn vị{named} về: {join(measures, semicolons=True)}."
    )


# --- rates -------------------------------------------------------------------------------------------------------
def rate(label: str, rate: str, fraction: str, by_level: ByLevel = ()) -> str:
    """A rate with its two parts, and the same by level."""
    return f"{label} đạt {rate} ({fraction} hồ sơ){_by_level(by_level)}."


def share(what: str, fraction: str, rate: str, by_level: ByLevel = (), target: str = "") -> str:
    """A count out of another and its rate, as the province's letters put it; `target`: `phrases.against_target`."""
    held = f", {target}" if target else ""
    return f"{what} là {fraction} hồ sơ, đạt tỷ lệ {rate}{held}{_by_level(by_level)}."


def _by_level(parts: ByLevel) -> str:
    if not parts:
        return ""
    return "; trong đó: " + "; ".join(
        f"{name} {fraction} hồ sơ, đạt {rate}" for name, rate, fraction in parts
    )


def no_rate(label: str, has_no_dossier: bool) -> str:
    """`phrases.no_rate` as a sentence."""
    return f"{capitalise(phrases.no_rate(label, has_no_dossier))}."


def unequal(what: str, count: str, more: bool, gap: str, others: str, other_count: str, reason: str) -> str:
    """Two counts that readers will take for one, and why they differ."""
    than = "nhiều hơn" if more else "ít hơn"
    return f"{what} ({count} hồ sơ) {than} {gap} hồ sơ so với {others} ({other_count} hồ sơ): {reason}."


# --- best and weakest units, by a printed rule -------------------------------------------------------------------
def rule(minimum: str, places: str, short: str = "") -> str:
    """The rule by which units are chosen; `short` is how many lived through a part of the period only."""
    left_out = f" Không xét {short} đơn vị chỉ hoạt động trong một phần của kỳ." if short else ""
    return (
        f"Quy tắc lựa chọn: chỉ xét đơn vị có mẫu số của tỷ lệ từ {minimum} hồ sơ trở lên; so sánh tỷ lệ đã làm tròn "
        f"hai chữ số thập phân; nêu {places} đơn vị cao nhất trong số đơn vị từ mức chung trở lên và không có hồ sơ "
        f"đang giải quyết quá hạn, {places} đơn vị thấp nhất trong số đơn vị dưới mức chung; đơn vị bằng tỷ lệ với "
        "đơn vị được nêu cuối cùng thì cùng được nêu."
        f"{left_out}"
    )


def best(where: str, what: str, eligible: str, units: Sequence[str]) -> str:
    """The best units by the rule; `where` narrows them down ("cấp xã"), `eligible` is how many had nothing overdue."""
    return (
        f"Ghi nhận các đơn vị {_at(where)}có {what} cao nhất trong {eligible} đơn vị được xét không có hồ sơ đang "
        f"giải quyết quá hạn: {join(units, semicolons=True)}."
    )


def weakest(where: str, what: str, common: str, units: Sequence[str]) -> str:
    """The weakest units by the rule, below the rate of all together (`common`)."""
    return (
        f"Còn hạn chế tại các đơn vị {_at(where)}có {what} thấp nhất, dưới mức chung {common}: "
        f"{join(units, semicolons=True)}."
    )


def _at(where: str) -> str:
    return f"{where} " if where else ""


def tied(count: str, what: str) -> str:
    """A tie too long to be named in a sentence, as the last item of a list."""
    return f"{count} đơn vị cùng {what} (nêu tại Phụ lục I)"


def nobody_weaker(where: str, what: str) -> str:
    """No unit is below the common level."""
    return f"Không có đơn vị {_at(where)}nào được xét có {what} dưới mức chung."


def no_level(where: str, what: str) -> str:
    """Why nobody is named where not all units reported."""
    return (
        f"Không xét {what} của các đơn vị {_at(where)}so với mức chung vì mức chung chưa gồm đủ các đơn vị."
    )


def too_few(where: str, what: str) -> str:
    """Why there is no list."""
    return f"Không so sánh các đơn vị {_at(where)}theo {what} vì không đủ hai đơn vị có mẫu số theo quy tắc."


def no_units() -> str:
    """Only figures of levels or of the province were reported."""
    return "Chưa có số liệu của từng đơn vị nên không so sánh giữa các đơn vị."


def overdue_unit(unit: str, total: str, late: str, pending: str) -> str:
    """One unit's dossiers past due, as an item of a list."""
    return f"{unit} {total} hồ sơ ({late} đã giải quyết quá hạn, {pending} đang giải quyết quá hạn)"


def most_overdue(units: Sequence[str], total: str, places: str, *, whole: bool) -> str:
    """Units with most dossiers past due, resolved late or still pending; `whole` as in `nothing_overdue`."""
    told = "" if whole else ", chưa kể đơn vị chưa có số liệu"
    return (
        f"Hồ sơ quá hạn (đã giải quyết quá hạn và đang giải quyết quá hạn) có ở {total} đơn vị{told}; {places} đơn vị có "
        f"nhiều nhất, kể cả đơn vị bằng số với đơn vị được nêu cuối cùng: {join(units, semicolons=True)}."
    )


def own_overdue(total: str, late: str, pending: str) -> str:
    """A single unit's dossiers past due."""
    return f"Đơn vị có {total} hồ sơ quá hạn, gồm {late} đã giải quyết quá hạn và {pending} đang giải quyết quá hạn."


def nothing_overdue(*, whole: bool) -> str:
    """The best that a report can say of overdue dossiers; `whole`: every unit has told how many it has."""
    where = "" if whole else " ở các đơn vị đã có số liệu"
    return f"Không có hồ sơ quá hạn{where}, kể cả hồ sơ đang giải quyết."


# --- tasks, end, annexes -----------------------------------------------------------------------------------------
def order(addressees: str) -> str:
    """The sentence before the numbered tasks."""
    return (
        "Để nâng cao chất lượng phục vụ người dân, doanh nghiệp trong tiếp nhận, giải quyết TTHC, UBND tỉnh chỉ đạo "
        f"{addressees} tập trung thực hiện các nhiệm vụ sau:"
    )


def closing(period: str) -> str:
    """The last sentence of the report, with the mark that ends a memo's text."""
    return f"Trên đây là kết quả tiếp nhận, giải quyết TTHC {period}, UBND tỉnh báo cáo./."


# --------------------------------------------------------------------------------------------------
# The sentences of the report on dossiers about earlier periods; as in `words`, figures go in already
# printed.


# --- the subject ------------------------------------------------------------------------------------------------
def levels_uncompared(reason: str) -> str:
    """Why a table of changes has no lines for the levels of government."""
    return f" Không so sánh theo cấp vì {reason}."


def series_broken() -> str:
    """What a trend's break mark means."""
    return "sắp xếp lại đơn vị hoặc đổi cách tính"


# --- unit by unit against last year ------------------------------------------------------------------------------
def by_unit(base: str, told: Sequence[str], *, refused: bool) -> str:
    """How many units could be held against last year and how; a list of those that could not follows where `refused`."""
    counted = f": {join(told, semicolons=True)}" if told else " không có đơn vị nào so sánh được"
    return f"So với {base} theo từng đơn vị{counted}{'. Không so sánh được:' if refused else '.'}"


def compared_directly(count: str) -> str:
    """Units that were the same then."""
    return f"{count} đơn vị so sánh trực tiếp"


def compared_bridged(count: str) -> str:
    """Units held against the sum of those that went into them."""
    return f"{count} đơn vị so sánh với tổng của các đơn vị cũ hợp thành (nêu tại Phụ lục I)"


def not_compared(count: str, units: Sequence[str], reason: str) -> str:
    """Units that cannot be compared, named where they are few, as an item of a list."""
    return f"{join(units, semicolons=True) if units else f'{count} đơn vị (nêu tại Phụ lục I)'}: {reason}."


def listed_uncompared(reason: str, units: Sequence[str]) -> str:
    """The same in the annex, all of them by name."""
    return f"Không so sánh được vì {reason}: {join(units, semicolons=True)}."


def movers_rule(minimum: str, places: str) -> str:
    """By which rule units are named for their change."""
    return (
        f"Quy tắc: chỉ xét đơn vị có mẫu số từ {minimum} hồ sơ trở lên ở cả hai kỳ; so sánh mức thay đổi đã làm tròn hai "
        f"chữ số thập phân; nêu {places} đơn vị tăng nhiều nhất và {places} đơn vị giảm nhiều nhất, kể cả đơn vị bằng nhau."
    )


def movers(what: str, rising: bool, units: str) -> str:
    """The units whose rate rose (or fell) most, or that none did."""
    word = "tăng" if rising else "giảm"
    if not units:
        return f"Không có đơn vị nào được xét {word} {what}."
    return f"{what[:1].upper()}{what[1:]} {word} nhiều nhất: {units}."


def bridged_units() -> str:
    """How to read last year's figures of a unit that was made of others."""
    return (
        " Đơn vị thành lập sau sắp xếp được so sánh với tổng của các đơn vị cũ hợp thành; từ đó xã, phường nhận thêm "
        "nhiệm vụ của huyện. Dấu “–”: chưa có số liệu hoặc không có hồ sơ để tính."
    )


def itself() -> str:
    """Whose figures last year's are."""
    return "chính đơn vị"
