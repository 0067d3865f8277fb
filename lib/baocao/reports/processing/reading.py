"""What the report on dossiers is written from: its units, their counts and rates, those of the periods before.

The report is about the province (all levels and units), one level, one unit, or several chosen units; whatever it
is about, only units inside that are read and may be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from baocao.analysis import (
    CHOSEN,
    bridge_units,
    choose_bases,
    choose_subject,
    is_group,
    periods_before,
    rates,
    title_kind,
)
from baocao.definitions import HOME, INDICATORS, Period, Register, Unit
from baocao.reports import setting as common
from baocao.reports.processing.figures import Board, make_board
from baocao.reports.setting import Material, Setting, refuse_beyond, refuse_empty
from baocao.store import Facts
from baocao.writing import phrases

TREND = {"month": 13, "quarter": 9, "half": 5, "year": 5, "months": 13, "range": 13}
"""How many periods a trend shows: for months and quarters to the same one last year and back again."""


@dataclass(frozen=True)
class Memo(Material):
    """What the sections are written from.

    subject  whose totals are reported: the province, a level, a unit, or `CHOSEN`
    levels   the levels of government that the totals are broken down by; only for the province
    kinds    kinds of units with a subtotal each (`rates.kind_unit`); none for a single unit
    ended    of those kinds, the units that ended inside the window, taken together
    members  the units listed one by one, as they are on the last day of the period; none for a single unit, and
             none where only figures of levels or of the province were reported
    """

    board: Board
    subject: Unit
    levels: tuple[Unit, ...]
    kinds: tuple[Unit, ...]
    ended: tuple[Unit, ...]
    members: tuple[Unit, ...]

    @property
    def is_single(self) -> bool:
        """Whether the report is about one unit that handles dossiers itself."""
        return self.subject.kind in rates.LEAF_KINDS

    @property
    def when(self) -> str:
        """The period after a noun: "tháng 7 năm 2025", "từ ngày … đến ngày …"."""
        return self.claims.period(self.period)

    @property
    def whose(self) -> str:
        """The subject after a noun: "ở hai cấp chính quyền", "của xã Đức Thọ"; of a sum that is not whole, of whom it is."""
        if self.silent:
            what = "Đơn vị chưa có đủ số liệu"
            number = self.board.number_of_units(
                len(self.silent), what, self.subject, [self.subject], ["received"]
            )
            return f"của các đơn vị đã có số liệu{phrases.not_whole(number)}"
        if self.levels:
            return f"ở {phrases.say_number(len(self.levels))} cấp chính quyền"
        return f"của {self.claims.unit(self.subject)}"

    @property
    def silent(self) -> tuple[Unit, ...]:
        """The units that the subject's number of dossiers received lacks."""
        count = self.board.count(self.subject, "received")
        return count.missing if count else ()

    @property
    def handed_over(self) -> bool:
        """Whether the subject is a level whose units may have taken over dossiers from another level, or given some."""
        reformed = len(rates.reform_windows(self.setting.register, self.period)) > 1
        return reformed and self.subject.kind == "level" and self.subject != CHOSEN

    @property
    def ended_levels(self) -> tuple[Unit, ...]:
        """The levels that ended inside the window: their tasks went to another."""
        return tuple(one for one in self.levels if one.valid_to and one.valid_to < self.period.end)


def open_report(
    period: str, units: Sequence[str], seed: str = "", vintage: str = "", *, start: Path | None = None
) -> Memo:
    """Everything for a report on `units` (names, codes, kinds) in `period`, as the notebook's parameters name them.

    UserError for a period or unit that does not exist, NoDataError where nothing was reported. `start` is the
    folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    return read_memo(
        common.open_setting(period, units, scope=_scope, seed=seed, vintage=vintage, start=start)
    )


def read_memo(setting: Setting) -> Memo:
    """Count and compute everything that the report needs."""
    register, period = setting.register, setting.period
    subject, members = choose_subject(register, period, setting.units)
    board, kinds, ended = _read_board(setting, period, subject, members, details=bool(members))
    if not board.counts:
        raise refuse_empty(period, setting.units, "số liệu tiếp nhận, giải quyết hồ sơ")
    reported = {code for code, _ in board.counts}
    if not any(unit.code in reported for unit in members):
        members, kinds, ended = (), (), ()
    levels = rates.level_units(register, period) if subject.code == HOME else []
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    return Memo(setting, board, subject, tuple(levels), kinds, ended, members)


def _read_board(
    setting: Setting, period: Period, subject: Unit, members: Sequence[Unit], *, details: bool
) -> tuple[Board, tuple[Unit, ...], tuple[Unit, ...]]:
    """The board of the subject and, with `details`, of its kinds of units, those that ended, and its members."""
    register = setting.register
    asked: list[Unit] = [subject]
    if subject.code == HOME:
        asked += rates.level_units(register, period)
    below = members or [subject]
    if is_group(subject):
        below = [register.units[row] for row in rates.member_rows(register, period, subject)]
    kinds: list[Unit] = []
    ended: list[Unit] = []
    groups: dict[Unit, list[Unit]] = {}
    for kind in rates.LEAF_KINDS if details else ():
        of_kind = [unit for unit in below if unit.kind == kind]
        gone = [unit for unit in of_kind if not unit.valid_on(period.end)]
        title = title_kind(kind, of_kind)
        for unit, chosen, found in (
            (rates.kind_unit(kind, title), of_kind, kinds),
            (_past(kind), gone, ended),
        ):
            if chosen:
                found.append(unit)
                groups[unit] = chosen
    asked += [*groups, *(members if details else ())]
    asked = list(dict.fromkeys(asked))
    counts = setting.history.counts(asked, period, groups)
    results = setting.history.results([one.name for one in INDICATORS], asked, period, groups)
    board = make_board(counts, results, INDICATORS, period, setting.measures, setting.claims)
    return board, tuple(kinds), tuple(ended)


def _past(kind: str) -> Unit:
    """The units of a kind that ended inside the window, taken together."""
    return Unit(f"{HOME}-{kind}-ended", kind, kind, "Đơn vị kết thúc hoạt động trong kỳ", parent=HOME)


def _scope(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    refuse_beyond(facts, period)
    subject, members = choose_subject(register, period, units)
    yield subject
    yield from members
    yield register.get(HOME, period.end)  # legal sources name the province that decreed a target
    if subject.code == HOME:
        yield from rates.level_units(register, period)
    for kind in rates.LEAF_KINDS if members else ():
        yield from (rates.kind_unit(kind), _past(kind))
    bases, trend = choose_bases(period), periods_before(period, TREND[period.kind])
    told = members if subject == CHOSEN else [subject]
    yield from bridge_units(register, told, period, *bases)
    yield from bridge_units(register, told, trend[-1], *trend)
    yield from bridge_units(register, members, period, period.same_period_last_year())
