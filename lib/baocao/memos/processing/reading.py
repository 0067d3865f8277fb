"""What the report on dossiers is written from: its units, their counts and rates, those of the periods before.

The report is about the province (all levels and units), one level, one unit, or several chosen units; whatever it
is about, only units inside that are read and may be named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from baocao import compute, narrate
from baocao.claims import Claims
from baocao.facts import Facts, counts_in
from baocao.indicators import INDICATORS
from baocao.memos import common
from baocao.memos.common import Setting, refuse_empty
from baocao.memos.processing.figures import Board, make_board
from baocao.periods import Period
from baocao.units import HOME, KINDS, Register, Unit

CHOSEN = Unit(f"{HOME}-chosen", "các đơn vị", "level", "Các đơn vị nêu trong báo cáo", parent=HOME)
"""Several chosen units taken together."""

TOWN, TWO_SORTS = "Thị trấn", "Xã, phường"


@dataclass(frozen=True)
class Memo:
    """What the sections are written from.

    subject  whose totals are reported: the province, a level, a unit, or `CHOSEN`
    levels   the levels of government that the totals are broken down by; only for the province
    kinds    kinds of units with a subtotal each (`compute.kind_unit`); none for a single unit
    ended    of those kinds, the units that ended inside the window, taken together
    members  the units listed one by one, as they are on the last day of the period; none for a single unit, and
             none where only figures of levels or of the province were reported
    """

    setting: Setting
    board: Board
    subject: Unit
    levels: tuple[Unit, ...]
    kinds: tuple[Unit, ...]
    ended: tuple[Unit, ...]
    members: tuple[Unit, ...]

    @property
    def period(self) -> Period:
        """The period reported on."""
        return self.setting.period

    @property
    def is_single(self) -> bool:
        """Whether the report is about one unit that handles dossiers itself."""
        return self.subject.kind in compute.LEAF_KINDS

    @property
    def claims(self) -> Claims:
        """The claims of the report."""
        return self.setting.claims

    @property
    def when(self) -> str:
        """The period after a noun: "tháng 7 năm 2025", "từ ngày … đến ngày …"."""
        return self.claims.period(self.period)

    @property
    def whose(self) -> str:
        """The subject after a noun: "ở hai cấp chính quyền", "của xã Đức Thọ"."""
        if self.levels:
            return f"ở {narrate.say_number(len(self.levels))} cấp chính quyền"
        return f"của {self.claims.unit(self.subject)}"

    @property
    def handed_over(self) -> bool:
        """Whether the subject is a level whose units may have taken over dossiers from another level, or given some."""
        reformed = len(compute.reform_windows(self.setting.register, self.period)) > 1
        return reformed and self.subject.kind == "level" and self.subject != CHOSEN

    @property
    def counted_units(self) -> tuple[Unit, ...]:
        """The units that must be the same in another period for the totals to be held against it."""
        return self.members if self.subject == CHOSEN else (self.subject,)

    def read_base(self, base_period: Period) -> Board:
        """The subject's figures in another period, to hold those of the report against."""
        return _read_board(self.setting, base_period, self.subject, self.members, details=False)[0]


def open_report(period: str, units: Sequence[str], *, start: Path | None = None) -> Memo:
    """Everything for a report on `units` (names, codes, kinds) in `period`, as the notebook's parameters name them.

    UserError for a period or unit that does not exist, NoDataError where nothing was reported. `start` is the
    folder to look for the project from.
    """
    return read_memo(common.open_setting(period, units, scope=_scope, start=start))


def read_memo(setting: Setting) -> Memo:
    """Count and compute everything that the report needs."""
    register, period = setting.register, setting.period
    subject, members = _subject(register, period, setting.units)
    board, kinds, ended = _read_board(setting, period, subject, members, details=bool(members))
    if not board.counts:
        raise refuse_empty(period, setting.units, "số liệu tiếp nhận, giải quyết hồ sơ")
    reported = {code for code, _ in board.counts}
    if not any(unit.code in reported for unit in members):
        members, kinds, ended = (), (), ()
    levels = compute.level_units(register, period) if subject.code == HOME else []
    setting.claims.trace(fingerprint=setting.facts.fingerprint)
    return Memo(setting, board, subject, tuple(levels), kinds, ended, members)


def _read_board(
    setting: Setting, period: Period, subject: Unit, members: Sequence[Unit], *, details: bool
) -> tuple[Board, tuple[Unit, ...], tuple[Unit, ...]]:
    """The board of the subject and, with `details`, of its kinds of units, those that ended, and its members."""
    register, measures = setting.register, setting.measures
    windows = compute.reform_windows(register, period)
    parts = [(window, counts_in(setting.facts, window, register)) for window in windows]
    leaves = compute.leaf_counts(parts, register, measures)
    # Units chosen one by one took over from units that are not in the report.
    add_up = partial(compute.add_up, heirs_inside=_is_group(subject))
    place = {unit: row for row, unit in enumerate(register.units)}
    if _is_group(subject):
        whole = parts[0][1] if len(parts) == 1 else counts_in(setting.facts, period, register)
        groups = compute.group_counts(leaves, whole, register, period, measures)
        rows = compute.member_rows(register, period, subject)
        frames = [groups if subject.code == HOME else groups[groups["unit"] == subject.code]]
    else:
        rows = [place[unit] for unit in members or [subject]]
        frames = [add_up(leaves, rows, register, period, measures, subject.code)]
    kinds: list[Unit] = []
    ended: list[Unit] = []
    for kind in compute.LEAF_KINDS if details else ():
        of_kind = [row for row in rows if register.units[row].kind == kind]
        gone = [row for row in of_kind if not register.units[row].valid_on(period.end)]
        title = _title(kind, [register.units[row] for row in of_kind])
        for unit, chosen, found in (
            (compute.kind_unit(kind, title), of_kind, kinds),
            (_past(kind), gone, ended),
        ):
            if chosen:
                found.append(unit)
                frames.append(add_up(leaves, chosen, register, period, measures, unit.code))
    if details:
        frames.append(leaves[leaves["row"].isin([place[unit] for unit in members])])
    counts = pd.concat(frames, ignore_index=True)
    board = make_board(counts, INDICATORS, period, measures, setting.claims)
    return board, tuple(kinds), tuple(ended)


def _is_group(unit: Unit) -> bool:
    return unit.code == HOME or (unit.kind == "level" and unit != CHOSEN)


def _title(kind: str, units: Sequence[Unit]) -> str:
    """The heading of a kind of units; from 01/07/2025 there are communes and wards, but no towns."""
    return (
        TWO_SORTS
        if kind == "commune" and not any(one.full_name.startswith(TOWN) for one in units)
        else KINDS[kind]
    )


def _past(kind: str) -> Unit:
    """The units of a kind that ended inside the window, taken together."""
    return Unit(f"{HOME}-{kind}-ended", kind, kind, "Đơn vị kết thúc hoạt động trong kỳ", parent=HOME)


def _subject(register: Register, period: Period, units: Sequence[Unit]) -> tuple[Unit, tuple[Unit, ...]]:
    """Whom the report is about, and the units listed in it."""
    leaves = {
        group.code: [
            register.units[row]
            for row in compute.member_rows(register, period, group)
            if register.units[row].valid_on(period.end)
        ]
        for group in units
        if _is_group(group)
    }
    for unit in units:
        if unit.code == HOME or len(units) == 1:
            return unit, tuple(leaves.get(unit.code, ()))
    chosen = [leaf for unit in units for leaf in leaves.get(unit.code, [unit])]
    return CHOSEN, tuple(dict.fromkeys(chosen))


def _scope(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    subject, members = _subject(register, period, units)
    yield subject
    yield from members
    if subject.code == HOME:
        yield from compute.level_units(register, period)
    for kind in compute.LEAF_KINDS if members else ():
        yield from (compute.kind_unit(kind), _past(kind))
