"""Section III b) of the report on dossiers: the best and weakest units by a printed rule, overdue dossiers.

Nobody is praised or blamed but by a list computed here, ties included.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from baocao.analysis import is_alive_throughout, printed_rate, rank_rates, rank_values, take_places
from baocao.definitions import Unit
from baocao.reports.processing import words
from baocao.reports.processing.changes import SAID
from baocao.reports.processing.reading import Memo
from baocao.writing import Markdown, paragraphs, phrases

PENDING_OVERDUE = "pending_overdue"
OVERDUE = ("resolved_late", PENDING_OVERDUE)


@dataclass(frozen=True)
class Rule:
    """How units are chosen: rates of at least `minimum` dossiers, `places` units at each end and all tied with them.

    A tie that makes a list longer than `longest` is counted, not named.
    """

    indicator: str
    minimum: int = 30
    places: int = 5
    longest: int = 10

    @property
    def what(self) -> str:
        """The indicator inside a sentence."""
        return SAID[self.indicator]


ON_TIME, ONLINE = Rule("on_time_rate"), Rule("online_share")


# --- unit against unit -------------------------------------------------------------------------------------------
def describe_units(memo: Memo) -> Markdown:
    """Best and weakest units by on-time rate and online share, and those with most overdue dossiers.

    Nobody is named among the best with a dossier pending overdue, or who has not said how many there are.
    Online shares are ranked inside each level: departments and communes handle other procedures.
    """
    if memo.is_single:
        return paragraphs(_own_overdue(memo))
    if not memo.members:
        return paragraphs(words.no_units())
    rule = words.rule(
        phrases.say_number(ON_TIME.minimum), phrases.say_number(ON_TIME.places), _say_short(memo)
    )
    online = [line for level, units in units_by_level(memo) for line in _lists(memo, ONLINE, level, units)]
    return paragraphs(rule, *_lists(memo, ON_TIME, None, memo.members), _most_overdue(memo), *online)


def units_by_level(memo: Memo) -> list[tuple[Unit | None, list[Unit]]]:
    """The members of each level; in a report without levels all together."""
    if not memo.levels:
        return [(None, list(memo.members))] if memo.members else []
    grouped = [(level, [unit for unit in memo.members if unit.level == level.level]) for level in memo.levels]
    return [(level, units) for level, units in grouped if units]


def choose(memo: Memo, rule: Rule, units: Sequence[Unit], group: Unit) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The best of the units, at or above the rate of `group`, and the weakest, below it; first ones first."""
    ranked, reverse = _rank(memo, rule, units), _rank(memo, rule, units, highest_first=False)
    common = memo.board.rate(group, rule.indicator)
    if not common.is_level:
        return ranked.iloc[:0], reverse.iloc[:0]
    level = printed_rate(common.numerator, common.denominator)
    best, weakest = ranked[ranked["printed"] >= level], reverse[reverse["printed"] < level]
    return take_places(best, rule.places), take_places(weakest, rule.places)


def _say_short(memo: Memo) -> str:
    """How many members lived through a part of the period only; empty for none."""
    whole = _judged(memo, memo.members)
    short = [unit for unit in memo.members if unit not in whole]
    if not short:
        return ""
    what = "Đơn vị chỉ hoạt động trong một phần của kỳ"
    return memo.board.number_of_units(len(short), what, memo.subject, short, ("resolved", *OVERDUE))


def _rank(memo: Memo, rule: Rule, units: Iterable[Unit], *, highest_first: bool = True) -> pd.DataFrame:
    rates = memo.board.results_of(rule.indicator, _judged(memo, units))
    return rank_rates(rates, rule.minimum, highest_first=highest_first)


def _judged(memo: Memo, units: Iterable[Unit]) -> list[Unit]:
    return [unit for unit in units if is_alive_throughout(unit, memo.period)]


def _lists(memo: Memo, rule: Rule, level: Unit | None, units: Sequence[Unit]) -> list[str]:
    board, group = memo.board, level or memo.subject
    if not _judged(memo, units):
        return []
    where = memo.claims.unit(level) if level else ""
    eligible = len(_rank(memo, rule, units))
    if not board.rate(group, rule.indicator).is_level and board.rate(group, rule.indicator).has_value:
        return [words.no_level(where, rule.what)]
    if eligible < 2 or not board.rate(group, rule.indicator).has_value:
        return [words.too_few(where, rule.what)]
    _, weakest = choose(memo, rule, units, group)
    faultless = [unit for unit in units if board.value(unit, PENDING_OVERDUE) == 0]
    best, _ = choose(memo, rule, faultless, group)
    said = []
    if len(best):
        measures = (*board.indicator(rule.indicator).denominator, PENDING_OVERDUE)
        what = "Đơn vị được xét, không có hồ sơ đang giải quyết quá hạn"
        number = board.number_of_units(len(_rank(memo, rule, faultless)), what, group, faultless, measures)
        said.append(words.best(where, rule.what, number, _named(memo, rule, group, best)))
    if len(weakest):
        common = board.print_rate(group, rule.indicator)
        said.append(words.weakest(where, rule.what, common, _named(memo, rule, group, weakest)))
    else:
        said.append(words.nobody_weaker(where, rule.what))
    return said


def _named(memo: Memo, rule: Rule, group: Unit, chosen: pd.DataFrame) -> list[str]:
    """Each unit with its rate and parts; a last tie that makes the list too long is counted instead."""
    board = memo.board
    units = {unit.code: unit for unit in memo.members}
    named, counted = _cut_tie(chosen, rule)
    said = []
    for code in named["unit"]:
        rate, fraction = (
            board.print_rate(units[code], rule.indicator),
            board.print_fraction(units[code], rule.indicator),
        )
        said.append(f"{memo.claims.unit(units[code])} ({rate}, {fraction} hồ sơ)")
    if len(counted):
        # Rates printed alike lie around the rate of their sums, which therefore is printed alike too.
        rate = board.print_sum_of_rates(counted, group, "các đơn vị bằng nhau")
        measures = board.indicator(rule.indicator).denominator
        number = board.number_of_units(len(counted), "Đơn vị bằng tỷ lệ", group, memo.members, measures)
        said.append(words.tied(number, f"đạt {rate}"))
    return said


def _cut_tie(chosen: pd.DataFrame, rule: Rule) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The chosen units to be named, and the last tie where it makes the list too long."""
    if len(chosen) <= rule.longest:
        return chosen, chosen.iloc[:0]
    last = chosen["rank"] == chosen["rank"].max()
    return chosen[~last], chosen[last]


# --- overdue dossiers --------------------------------------------------------------------------------------------
def has_overdue(memo: Memo) -> bool:
    """Whether the subject has any dossier past due."""
    return any(memo.board.value(memo.subject, name) for name in OVERDUE)


def most_overdue_units(memo: Memo) -> pd.DataFrame:
    """Members with dossiers past due, most first: `unit`, `value` (both kinds together), `rank`."""
    rows = []
    for unit in memo.members:
        counts = [memo.board.value(unit, name) for name in OVERDUE]
        if None not in counts and sum(counts):
            rows.append((unit, sum(counts)))
    found = pd.DataFrame(rows, columns=["unit", "value"])
    found["rank"] = rank_values(found["value"])
    return found.sort_values("rank", kind="stable")


def _most_overdue(memo: Memo) -> str:
    found, board, claims = most_overdue_units(memo), memo.board, memo.claims
    told = [None not in [board.value(unit, name) for name in OVERDUE] for unit in memo.members]
    if not len(found):
        return words.nothing_overdue(whole=all(told)) if any(told) else ""
    named, counted = _cut_tie(take_places(found, ON_TIME.places), ON_TIME)
    said = [words.overdue_unit(claims.unit(unit), *_overdue_figures(memo, unit)) for unit in named["unit"]]
    if len(counted):
        value = board.derive(
            int(counted["value"].iloc[0]), "Hồ sơ quá hạn của mỗi đơn vị bằng số", "giải quyết quá hạn + đang giải "
            "quyết quá hạn", memo.subject, OVERDUE,
        )  # fmt: skip
        number = board.number_of_units(len(counted), "Đơn vị bằng số", memo.subject, memo.members, OVERDUE)
        said.append(words.tied(number, f"có {value} hồ sơ quá hạn"))
    total = board.number_of_units(len(found), "Đơn vị có hồ sơ quá hạn", memo.subject, memo.members, OVERDUE)
    return words.most_overdue(said, total, phrases.say_number(ON_TIME.places), whole=all(told))


def _overdue_figures(memo: Memo, unit: Unit) -> tuple[str, str, str]:
    board = memo.board
    late, pending = (board.value(unit, name) for name in OVERDUE)
    formula = "giải quyết quá hạn + đang giải quyết quá hạn"
    total = board.derive(late + pending, "Hồ sơ quá hạn", formula, unit, OVERDUE)
    return total, board.in_text(unit, OVERDUE[0]), board.in_text(unit, OVERDUE[1])


def _own_overdue(memo: Memo) -> str:
    counts = [memo.board.value(memo.subject, name) for name in OVERDUE]
    if None in counts:
        return ""
    return (
        words.own_overdue(*_overdue_figures(memo, memo.subject))
        if sum(counts)
        else words.nothing_overdue(whole=True)
    )
