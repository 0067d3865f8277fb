"""What stands for a unit in another period: itself, the old units that went whole into it, or nothing.

From `lineage.csv`: `whole` edges add up, a `part` edge cannot be attributed. A bridge is always named in words.
Units that handle dossiers are bridged on their territory; a kind of units taken together ("Xã, phường") is bridged
where nothing went in or out of the group; a level of government is itself only among the same levels, all along
both periods.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from baocao.analysis import reasons
from baocao.analysis.rates import LEAF_KINDS, is_kind, level_units
from baocao.analysis.reasons import Reason
from baocao.definitions import HOME, Edge, Period, Register, Unit

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bridge:
    """What stands for a unit in the base period.

    comparable  "yes" (the unit itself), "bridged" or "no"
    tasks       that the unit took over another level's tasks between the two periods: its territory may be the same, its
                work is not, and no number of dossiers is held against an earlier one; empty where it did not
    words       why there is nothing, or what stands for the unit ("tổng của xã A và xã B …"); empty for "yes"
    units       the units that the base adds up; empty for a unit itself and for a group, which adds up its members
                of that time
    """

    comparable: str
    words: Reason = ()
    units: tuple[Unit, ...] = ()
    tasks: Reason = ()

    @property
    def reason(self) -> Reason:
        """Why there is no comparison, or the bridge in words: "so với tổng của …"."""
        return ("so với ", *self.words) if self.comparable == "bridged" else self.words

    @property
    def named(self) -> tuple[Unit, ...]:
        """The units that the words name: they must be in the document's scope."""
        return tuple(part for part in self.words if isinstance(part, Unit))


ITSELF = Bridge("yes")


def build_bridge(
    register: Register, unit: Unit, period: Period, base: Period, members: Sequence[Unit] = ()
) -> Bridge:
    """What the figures of `unit` in `period` may be held against in `base`.

    `members` are the units that `unit` stands for where these were chosen one by one; all must be comparable.
    """
    if members:
        return _bridge_chosen(register, members, period, base)
    if unit.code == HOME or unit.kind == "province":
        return ITSELF
    if unit.kind == "level":
        refusal = _refuse_levels(register, period, base)
        return Bridge("no", refusal) if refusal else ITSELF
    if is_kind(unit):
        return _bridge_kind(register, unit.kind, period, base)
    return _bridge_leaf(register, unit, period, base)


def bridge_units(
    register: Register, units: Iterable[Unit], period: Period, *bases: Period
) -> tuple[Unit, ...]:
    """Every old unit that bridges and refusals between `period` and the `bases` name: for a memo's scope."""
    named: dict[Unit, None] = {}
    for unit in units:
        for base in bases:
            named |= dict.fromkeys(build_bridge(register, unit, period, base).named)
    return tuple(named)


def _refuse_levels(register: Register, period: Period, base: Period) -> Reason:
    """Why no level is compared: where one of them ended, the others took over its tasks."""
    now, then = (level_units(register, window) for window in (period, base))
    if not all(is_alive_throughout(level, period) for level in now):
        return reasons.LEVEL_ENDED_INSIDE
    same = now == then and all(is_alive_throughout(level, base) for level in then)
    return () if same else reasons.OTHER_LEVELS


def is_alive_throughout(unit: Unit, period: Period) -> bool:
    """Whether the unit existed on every day: figures of a shorter life are not ranked among others, nor held to theirs."""
    return unit.valid_on(period.start) and unit.valid_on(period.end)


def _bridge_leaf(register: Register, unit: Unit, period: Period, base: Period) -> Bridge:
    if not is_alive_throughout(unit, period):
        ended = unit.valid_to is not None and unit.valid_to < period.start
        return Bridge("no", reasons.ENDED if ended else reasons.PARTLY_ALIVE)
    if any(_changes(register, {unit}, day) for day in _reforms(register, period.start + _DAY, period.end)):
        return Bridge("no", reasons.CHANGED_INSIDE)
    if base.start > period.start:
        same = unit.valid_on(base.end) and not any(
            _changes(register, {unit}, day) for day in _reforms(register, period.end + _DAY, base.end)
        )
        return ITSELF if same else Bridge("no", reasons.CHANGED_BETWEEN)
    current, summed, last = {unit}, [], None
    for day in _reforms(register, base.start + _DAY, period.start)[::-1]:
        if day <= base.end:
            summed += [one for one in current if one not in summed]
        old, refusal = _before(register, current, day)
        if refusal:
            return Bridge("no", refusal)
        last = last or (day if old != current else None)
        current = old
    summed += [one for one in current if one not in summed]
    tasks = _new_tasks(register, unit.kind, _reforms(register, base.start + _DAY, period.start))
    if summed == [unit]:
        return Bridge("yes", tasks=tasks)
    words = _in_words(register, unit, summed, last, base)
    return Bridge("bridged", words, _ordered(register, summed), tasks)


def _before(register: Register, current: set[Unit], day: date) -> tuple[set[Unit], Reason]:
    """The units that made up the `current` ones until the day of a reform, or why that cannot be said."""
    codes = {unit.code for unit in current}
    edges = _edges(register).get(day, _NO_EDGES)
    old: set[Unit] = set()
    for unit in current:
        incoming = edges.into.get(unit.code, [])
        if parts := [edge for edge in incoming if edge.relation != "whole"]:
            return set(), _say_part(register, unit, parts, day)
        for edge in incoming:
            old.add(register.get(edge.old_code, day - _DAY))
        if not incoming and not unit.valid_on(day - _DAY):
            return set(), reasons.NEW_UNIT
        if unit.valid_on(day - _DAY):
            old.add(unit)
    if any(edge.new_code not in codes for one in old for edge in edges.out_of.get(one.code, ())):
        return set(), ("từ ngày ", day, " một phần nhiệm vụ, địa bàn của đơn vị được chuyển đi nơi khác")
    return old, ()


def _say_part(register: Register, unit: Unit, parts: list[Edge], day: date) -> Reason:
    givers = [register.get(edge.old_code, day - _DAY) for edge in parts]
    others = [one for one in givers if one.code != unit.code]
    if not others:
        return ("từ ngày ", day, " một phần nhiệm vụ, địa bàn của đơn vị được chuyển đi nơi khác")
    return (
        "từ ngày ", day, " đơn vị chỉ nhận một phần của ", *reasons.join_units(others),
        ", số liệu cũ không tách được",
    )  # fmt: skip


def _bridge_chosen(register: Register, members: Sequence[Unit], period: Period, base: Period) -> Bridge:
    bridges = {unit: build_bridge(register, unit, period, base) for unit in members}
    for unit, bridge in bridges.items():
        if bridge.comparable == "no":
            return Bridge("no", (*bridge.words, " (", unit, ")"))
    summed = _ordered(register, (old for unit, one in bridges.items() for old in one.units or (unit,)))
    tasks = next((bridge.tasks for bridge in bridges.values() if bridge.tasks), ())
    if set(summed) == set(members):
        return Bridge("yes", units=summed, tasks=tasks)
    old = [one for one in summed if one not in members]
    return Bridge(
        "bridged", ("tổng có cả các đơn vị trước khi sắp xếp là ", *reasons.join_units(old)), summed, tasks
    )


def _bridge_kind(register: Register, kind: str, period: Period, base: Period) -> Bridge:
    """A kind of units is bridged when at each reform between what went in and out stayed inside it."""
    first, last = min(period.start, base.start), max(period.end, base.end)
    days = [day for day in _reforms(register, first + _DAY, last) if _kind_changes(register, kind, day)]
    if not days:
        return ITSELF
    for day in days:
        old = {one.code for one in register.on(day - _DAY) if one.kind == kind}
        new = {one.code for one in register.on(day) if one.kind == kind}
        edges = _edges(register).get(day, _NO_EDGES).all
        ended = old - {edge.old_code for edge in edges}
        crossing = [edge for edge in edges if (edge.old_code in old) != (edge.new_code in new)]
        if not new or ended - new or crossing:
            return Bridge("no", reasons.OTHER_GROUP)
    words: Reason = ("tổng của nhóm đơn vị trước khi sắp xếp ngày ", days[-1])
    return Bridge(
        "bridged", words + _tasks_taken_over(register, kind, days), tasks=_new_tasks(register, kind, days)
    )


def _kind_changes(register: Register, kind: str, day: date) -> bool:
    old, new = ({one for one in register.on(at) if one.kind == kind} for at in (day - _DAY, day))
    return _changes(register, old | new, day)


def _changes(register: Register, units: set[Unit], day: date) -> bool:
    """Whether a reform of the day made one of the units another, or gave to it or took from it."""
    if any(unit.valid_on(day) != unit.valid_on(day - _DAY) for unit in units):
        return True
    edges = _edges(register).get(day, _NO_EDGES)
    touching = (edge for unit in units for by in (edges.into, edges.out_of) for edge in by.get(unit.code, ()))
    return any(edge.old_code != edge.new_code for edge in touching)


def _in_words(register: Register, unit: Unit, summed: Iterable[Unit], day: date, base: Period) -> Reason:
    """What a base is made of: old units alone, or old ones to the reform of `day` and the unit from then on."""
    old = [one for one in _ordered(register, summed) if one.valid_on(base.start)]
    words: Reason = (*reasons.join_units(old), " trước khi sắp xếp ngày ", day)
    later = [one for one in _ordered(register, summed) if one not in old]
    if later:
        words = (*words, " và của ", *reasons.join_units(later), " từ khi sắp xếp")
    head: Reason = ("tổng của ",) if len(old) + len(later) > 1 else ()
    return (*head, *words, *_tasks_taken_over(register, unit.kind, [day]))


def _tasks_taken_over(register: Register, kind: str, days: Iterable[date]) -> Reason:
    """What the words must add for communes: where the district level ended they took over tasks of it."""
    taken_over = _day_of_new_tasks(register, kind, days)
    return (" (từ đó xã, phường nhận thêm nhiệm vụ của huyện)",) if taken_over else ()


def _new_tasks(register: Register, kind: str, days: Iterable[date]) -> Reason:
    """Why no number of dossiers of communes is compared across the day on which the districts ended."""
    day = _day_of_new_tasks(register, kind, days)
    return ("từ ngày ", day, " xã, phường nhận thêm nhiệm vụ của huyện") if day else ()


def _day_of_new_tasks(register: Register, kind: str, days: Iterable[date]) -> date | None:
    """The first of the days on which the units of a kind took over the tasks of the districts; None where none is."""
    return next((day for day in days if kind == "commune" and _districts_ended(register, day)), None)


@lru_cache(maxsize=64)
def _districts_ended(register: Register, day: date) -> bool:
    before, after = (any(one.kind == "district" for one in register.on(at)) for at in (day - _DAY, day))
    return before and not after


def _ordered(register: Register, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """The units once each, in the order of the register."""
    return tuple(sorted(set(units), key=_places(register).__getitem__))


def _reforms(register: Register, first: date, last: date) -> list[date]:
    """The days between the two, both included, on which units that handle dossiers began, ended or changed."""
    return [day for day in _days_of_change(register) if first <= day <= last]


@lru_cache(maxsize=4)
def _days_of_change(register: Register) -> tuple[date, ...]:
    days = set(_edges(register))
    for unit in register.units:
        if unit.kind in LEAF_KINDS:
            days |= {unit.valid_from} if unit.valid_from else set()
            days |= {unit.valid_to + _DAY} if unit.valid_to else set()
    return tuple(sorted(days))


@dataclass(frozen=True)
class _Edges:
    """The edges of one reform, all and by the codes of both ends."""

    all: list[Edge]
    into: dict[str, list[Edge]]
    out_of: dict[str, list[Edge]]


_NO_EDGES = _Edges([], {}, {})


@lru_cache(maxsize=4)
def _edges(register: Register) -> dict[date, _Edges]:
    by_day: dict[date, _Edges] = {}
    for edge in register.edges:
        edges = by_day.setdefault(edge.effective_date, _Edges([], {}, {}))
        edges.all.append(edge)
        edges.into.setdefault(edge.new_code, []).append(edge)
        edges.out_of.setdefault(edge.old_code, []).append(edge)
    return by_day


@lru_cache(maxsize=4)
def _places(register: Register) -> dict[Unit, int]:
    return {unit: place for place, unit in enumerate(register.units)}
