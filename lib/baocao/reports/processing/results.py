"""Opening and sections I and II of the report on dossiers: received, resolved, filed online, digitised, paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from baocao.analysis import find_target, shortfall
from baocao.definitions import Target, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.processing import words
from baocao.reports.processing.reading import Memo
from baocao.writing import Markdown, paragraphs, phrases

FORM = (
    "received", "carried_over", "handled_total", "resolved", "resolved_early", "resolved_on_time",
    "resolved_late", "pending", "pending_in_time", "pending_overdue",
)  # fmt: skip
"""The counts of Biểu II.06 in the order in which the report tells them."""

TWO_CLASSES_SINCE = date(2022, 8, 15)  # Nghị định 42/2022/NĐ-CP: một phần and toàn trình
OTHER_SCOPE = "hai bảng theo dõi có phạm vi thống kê khác nhau, không dùng để chia cho nhau"


def describe_opening(memo: Memo) -> Markdown:
    """The first paragraph: window and sources."""
    board, claims = memo.board, memo.claims
    period = claims.period(memo.period)
    if memo.period.kind != "range" and memo.period.convention == "calendar":
        period = f"{period} ({claims.period(memo.period, window=True)})"
    told = {*FORM}.union(*((*one.numerator, *one.denominator) for one in board.indicators))
    measures = memo.setting.measures.values()
    forms = dict.fromkeys(
        one.form for one in measures if one.name in told and board.count(memo.subject, one.name)
    )
    return paragraphs(words.opening(period, [board.name(form) for form in forms]))


# --- I: received and resolved ------------------------------------------------------------------------------------
def describe_dossiers(memo: Memo) -> Markdown:
    """Received, carried over, resolved, pending, what is not complete, and whether the form's identity holds."""
    board, subject, claims = memo.board, memo.subject, memo.claims
    received, carried_over, handled = (board.in_text(subject, name) for name in FORM[:3])
    by_level = [
        (claims.unit(level), board.in_text(level, "received"))
        for level in (_levels_in(memo, board.count(subject, "received").missing) if received else ())
        if board.count(level, "received") and not board.count(level, "received").missing
    ]
    first = words.reception(memo.whose, handled, received, carried_over, by_level)
    resolved, early, on_time, late = (board.in_text(subject, name) for name in FORM[3:7])
    second = words.resolution(resolved, early, on_time, late) + _lacking(memo, "resolved")
    if resolved is not None:
        second += " " + _on_time(memo)
    third = words.pending(*(board.in_text(subject, name) for name in FORM[7:])) + _lacking(memo, "pending")
    notes = [
        words.level_ended(claims.unit(level), claims.date(level.valid_to)) for level in memo.ended_levels
    ]
    if subject.valid_from and subject.valid_from > memo.period.start:
        notes.append(words.unit_started(claims.date(subject.valid_from)))
    return paragraphs(first, second, third, *notes, *_incomplete(memo), _balance(memo))


def _lacking(memo: Memo, name: str) -> str:
    """Behind a sentence: how many units its count or rate lacks; empty where the sum is whole."""
    board = memo.board
    figure = board.rate(memo.subject, name) if board.indicator(name) else board.count(memo.subject, name)
    if not figure or not figure.missing:
        return ""
    number = board.number_of_units(
        len(figure.missing),
        "Đơn vị chưa có đủ số liệu",
        memo.subject,
        [memo.subject],
        ["received", "resolved"],
    )
    return " " + words.lacking(number)


def _on_time(memo: Memo) -> str:
    name, what = "on_time_rate", "tỷ lệ hồ sơ giải quyết trước và đúng hạn"
    board = memo.board
    rate = board.rate(memo.subject, name)
    if not rate.has_value:
        return words.no_rate(what, rate.denominator == 0)
    printed = board.print_rate(memo.subject, name), board.print_fraction(memo.subject, name)
    return words.rate(phrases.capitalise(what), *printed, _by_level(memo, name)) + _lacking(memo, name)


def _by_level(memo: Memo, name: str) -> list[tuple[str, str, str]]:
    board = memo.board
    return [
        (memo.claims.unit(level), board.print_rate(level, name), board.print_fraction(level, name))
        for level in _levels_in(memo, board.rate(memo.subject, name).missing)
        if board.rate(level, name).is_level
    ]


def _levels_in(memo: Memo, missing: Sequence[Unit]) -> list[Unit]:
    """The levels that are parts of a sum which lacks these units: what a level reported in their place is not in it."""
    return [level for level in memo.levels if all(unit.level != level.level for unit in missing)]


def _incomplete(memo: Memo) -> Iterator[str]:
    """A sentence for each set of units that did not report something that was added up."""
    board = memo.board
    lacking: dict[tuple[Unit, ...], list[str]] = {}
    for name in memo.setting.measures:
        count = board.count(memo.subject, name)
        if count is not None and count.missing:
            lacking.setdefault(count.missing, []).append(name)
    for units, names in lacking.items():
        number = board.number_of_units(
            len(units), "Đơn vị thiếu báo cáo", memo.subject, [memo.subject], names
        )
        can_name = len(units) <= 10 and set(units) <= set(memo.members)
        named = [memo.claims.unit(unit) for unit in units] if can_name else []
        yield words.incomplete([board.label(name) for name in names], number, named)


def _balance(memo: Memo) -> str:
    board, subject = memo.board, memo.subject
    needed = ("received", "carried_over", "resolved", "pending")
    values = [board.value(subject, name) for name in needed]
    if any(board.count(subject, name).missing for name in needed if board.count(subject, name)):
        return ""  # the sides of a sum that lacks units need not balance
    if None in values:
        missing = [name for name, value in zip(needed, values, strict=True) if value is None]
        return words.no_balance([board.label(name) for name in missing])
    received, carried_over, resolved, pending = (board.in_text(subject, name) for name in needed)
    left, right = values[0] + values[1], values[2] + values[3]
    handled = board.derive(
        left, "Hồ sơ nhận giải quyết", "tiếp nhận trong kỳ + kỳ trước chuyển qua", subject, needed[:2]
    )
    accounted = board.derive(
        right, "Hồ sơ đã và đang giải quyết", "đã giải quyết + đang giải quyết", subject, needed[2:]
    )
    gap = None
    if left != right:
        gap = board.derive(abs(left - right), "Chênh lệch cân đối", "hiệu của hai vế", subject, needed)
    return words.balance(received, carried_over, handled, resolved, pending, accounted, gap, memo.handed_over)


# --- II: online, digitised, paid ---------------------------------------------------------------------------------
def describe_online(memo: Memo) -> Markdown:
    """The shares filed online, each with the name of its denominator, and where that is not the number received."""
    classes = " (gồm một phần và toàn trình)" if memo.period.start >= TWO_CLASSES_SINCE else ""
    levels = memo.board.name("mức độ 3, mức độ 4") if memo.board.indicator("level_34_share") else ""
    shares = ("online_share", "eligible_online_share", "full_online_share", "level_34_share")
    has_target = any(_find_target(memo, name) for name in shares if memo.board.indicator(name))
    return paragraphs(
        _share(memo, "online_share", f"Số hồ sơ nộp trực tuyến{classes} trên tổng số hồ sơ tiếp nhận trong kỳ",
               expected=True),
        _unequal(
            memo, memo.subject, "online_base", "received",
            "Mẫu số theo bảng theo dõi nộp trực tuyến", "số hồ sơ tiếp nhận trong kỳ theo Biểu tổng hợp",
            "hai số lấy từ hai bảng khác nhau, cả hai không gồm hồ sơ kỳ trước chuyển qua",
        ),
        _share(memo, "eligible_online_share",
               "Riêng các TTHC có dịch vụ công trực tuyến, số hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận"),
        _share(memo, "full_online_share",
               "Riêng các TTHC có dịch vụ công trực tuyến toàn trình, số hồ sơ nộp trực tuyến trên số hồ sơ tiếp nhận"),
        _share(memo, "level_34_share",
               f"Số hồ sơ nộp qua dịch vụ công trực tuyến {levels} trên tổng số hồ sơ phát sinh"),
        _share(memo, "post_reception_share",
               "Số hồ sơ tiếp nhận qua dịch vụ bưu chính công ích trên tổng số hồ sơ phát sinh"),
        _share(memo, "post_return_share",
               "Số hồ sơ trả kết quả qua dịch vụ bưu chính công ích trên tổng số hồ sơ phát sinh"),
        "" if has_target else phrases.no_target("tỷ lệ nộp trực tuyến"),
    )  # fmt: skip


def describe_digitisation(memo: Memo) -> Markdown:
    """The two digitisation rates, and why the second's denominator is not the number resolved."""
    return paragraphs(
        _share(memo, "dossier_digitisation_rate",
               "Số hồ sơ đã số hóa thành phần khi tiếp nhận trên số hồ sơ thuộc diện số hóa", expected=True),
        _share(memo, "result_digitisation_rate",
               "Số hồ sơ đã số hóa kết quả trên số hồ sơ đã giải quyết thuộc diện số hóa kết quả", expected=True),
        _unequal(
            memo, memo.subject, "result_base", "resolved", "Số hồ sơ thuộc diện số hóa kết quả",
            "số hồ sơ đã giải quyết theo Biểu tổng hợp", OTHER_SCOPE,
        ),
    )  # fmt: skip


def describe_payment(memo: Memo) -> Markdown:
    """Online payment, and where more dossiers bear a fee than were received: then the scopes differ."""
    odd = [
        _unequal(
            memo, unit, "fee_bearing", "received",
            f"Số hồ sơ có quy định phí, lệ phí của {memo.claims.unit(unit)}",
            "số hồ sơ tiếp nhận trong kỳ", OTHER_SCOPE,
        )
        for unit in _with_odd_fees(memo)
    ]  # fmt: skip
    what = "Số hồ sơ đã thanh toán trực tuyến trên số hồ sơ có quy định phí, lệ phí"
    return paragraphs(_share(memo, "online_payment_rate", what, expected=True), *odd)


def has_other_bases(memo: Memo) -> bool:
    """Whether section II names a denominator that differs from the count that readers hold it against."""
    board = memo.board
    pairs = (("online_base", "received"), ("result_base", "resolved"))
    counts = [[board.value(memo.subject, name) for name in pair] for pair in pairs]
    return any(None not in pair and pair[0] != pair[1] for pair in counts) or bool(_with_odd_fees(memo))


def _with_odd_fees(memo: Memo) -> list[Unit]:
    """The levels and the subject that have more fee-bearing dossiers than they received."""
    counts = [
        (unit, memo.board.value(unit, "fee_bearing"), memo.board.value(unit, "received"))
        for unit in (*memo.levels, memo.subject)
    ]
    return [unit for unit, fees, received in counts if None not in (fees, received) and fees > received]


def _share(memo: Memo, name: str, what: str, *, expected: bool = False) -> str:
    """A rate in the way of the province's letters, with its target.

    Where there is none: that no dossier was there to divide by, or, for a rate `expected` of every report, that
    it was not reported; else nothing.
    """
    board = memo.board
    rate, definition = board.rate(memo.subject, name), board.indicator(name)
    if rate.has_value:
        printed = board.print_fraction(memo.subject, name), board.print_rate(memo.subject, name)
        said = words.share(what, *printed, _by_level(memo, name), _target(memo, name)) + _lacking(memo, name)
        if rate.instead:
            forms = memo.setting.forms(definition.denominator_instead)
            said += " " + phrases.other_form(phrases.join([board.name(form) for form in forms]))
        return said
    if definition is None or (rate.denominator is None and not expected):
        return ""
    return words.no_rate(
        board.name(definition.label[:1].lower() + definition.label[1:]), rate.denominator == 0
    )


def _target(memo: Memo, name: str) -> str:
    """Whether the target in force is missed, reached or exceeded, in points and in dossiers; empty where none is."""
    board, rate = memo.board, memo.board.rate(memo.subject, name)
    target = _find_target(memo, name)
    if target is None or not rate.is_level:
        return ""
    gap, dossiers = shortfall(target, rate.numerator, rate.denominator)
    label = f"Chỉ tiêu: {board.indicator(name).label}"
    about = {"label": label, "unit": memo.subject, "period": memo.period}
    at_most = target.comparison == "<="
    margin = vn.rate(rate.numerator, rate.denominator) - Fraction(target.target)
    in_points = {"measured_in": "điểm phần trăm", "source": rate.source, "decimals": 2}
    printed = {"shortfall": None}
    if gap:
        formula = "khoảng cách từ tỷ lệ đạt được đến chỉ tiêu"
        printed["shortfall"] = memo.claims.change(gap, formula=formula, **in_points, **about)
        printed["dossiers"] = memo.claims.count(
            dossiers, in_text=True, formula="số hồ sơ phải đạt - số hồ sơ đã đạt", source=rate.source, **about
        )
    elif margin:
        printed["margin"] = memo.claims.change(
            margin, formula="khoảng cách từ chỉ tiêu đến tỷ lệ đạt được", **in_points, **about
        )
    printed_target = memo.claims.target(target.target, formula=target.legal_source, **about)
    return phrases.against_target(printed_target, board.name(target.legal_source), at_most=at_most, **printed)


def _find_target(memo: Memo, name: str) -> Target | None:
    return find_target(memo.setting.history.targets, name, memo.subject.kind, memo.period)


def _unequal(memo: Memo, unit: Unit, measure: str, other: str, what: str, others: str, reason: str) -> str:
    """A sentence where two counts that readers take for one are not equal; else empty."""
    board, measures = memo.board, memo.setting.measures
    value, other_value = board.value(unit, measure), board.value(unit, other)
    if value is None or other_value is None or value == other_value:
        return ""
    formula = f"{measures[measure].label} - {measures[other].label}"
    gap = board.derive(abs(value - other_value), "Chênh lệch giữa hai bảng", formula, unit, (measure, other))
    counts = board.in_text(unit, measure), board.in_text(unit, other)
    return words.unequal(what, counts[0], value > other_value, gap, others, counts[1], reason)
