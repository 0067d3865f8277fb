"""Counts of units added up into counts of groups, and counts made into rates: pure functions, frame to frame.

A group's rate is the ratio of its sums, never the mean of its members' rates. A group is added up from its leaf
units (departments, land-registration branches, districts, communes); figures reported for the group itself are
used only where the leaf units do not all report. Nothing missing is ever taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pandas as pd

from baocao.definitions import HOME, KINDS, LEAF_KINDS, Indicator, Measure, Period, Register, Unit
from baocao.store import SOURCES_OF_SUMS

COUNTS = ["unit", "measure", "value", "source", "facts"]
RESULTS = ["indicator", "unit", "numerator", "denominator", "value", "source", "facts", "instead"]


def reform_windows(register: Register, period: Period) -> list[Period]:
    """The parts of the window inside which no unit of the province begins, ends or changes; one when none does.

    Codes were used again: 18073 is phường Nam Hà to 30/06/2025 and phường Thành Sen from 01/07/2025. Inside one
    such part a code means one unit.
    """
    starts: set[date] = set()
    for unit in register.units:
        if unit.kind in LEAF_KINDS:
            starts |= {unit.valid_from} if unit.valid_from else set()
            starts |= {unit.valid_to + timedelta(days=1)} if unit.valid_to else set()
    cuts = sorted(day for day in starts if period.start < day <= period.end)
    if not cuts:
        return [period]
    firsts = [period.start, *cuts]
    lasts = [day - timedelta(days=1) for day in cuts] + [period.end]
    return [Period.between(first, last) for first, last in zip(firsts, lasts, strict=True)]


def life_windows(register: Register, period: Period) -> dict[Period, dict[str, int]]:
    """The parts of the window that leaf units lived through, each with its units: code to place in `register.units`.

    A code alone does not tell two units apart, a code and a part of the window do. What others became in the
    meantime changes nothing for a unit: its reports are asked for over the whole of its own part.
    """
    windows: dict[Period, dict[str, int]] = {}
    for row, unit in enumerate(register.units):
        if unit.kind in LEAF_KINDS and _alive(unit, period):
            part = period
            if not (unit.valid_on(period.start) and unit.valid_on(period.end)):
                first, last = unit.valid_from or date.min, unit.valid_to or date.max
                part = Period.between(max(first, period.start), min(last, period.end))
            windows.setdefault(part, {})[unit.code] = row
    return windows


def leaf_counts(
    windows: Mapping[Period, Mapping[str, int]], counts: Mapping[Period, pd.DataFrame]
) -> pd.DataFrame:
    """The counts of every leaf unit over the part of the window in which it existed.

    windows  `life_windows`, and the counts of each of them (`COUNTS`); what does not cover the part is absent there
    returns  columns of `COUNTS` and `row`, the unit's place in `register.units`
    """
    frames = []
    for window, rows in windows.items():
        inside = counts[window][counts[window]["unit"].isin(list(rows))]
        frames.append(inside.assign(row=inside["unit"].map(rows).astype("int64")))
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=[*COUNTS, "row"])


def add_up(
    leaves: pd.DataFrame,
    groups: Mapping[Any, Iterable[int]],
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
    *,
    heirs_inside: bool = True,
) -> pd.DataFrame:
    """The counts of groups: their members' flows, their opening stocks on the first day, closing ones on the last.

    leaves   result of `leaf_counts`
    groups   by any key the members, rows of `register.units`; groups may share members
    returns  columns of `COUNTS`, `unit` being the key, and `missing`: the members that should have reported the
             measure and did not (places in `register.units`), so that a sum that is not whole can say so.
             A measure reported by none is absent

    A unit that began inside the window took over dossiers that another member had opened: its opening stock does
    not count again, nor does the closing stock of a unit that ended. With `heirs_inside` False it took them over
    from outside the group, and every member's own stocks count.
    """
    return _as_counts(_sum_groups(leaves, groups, register, period, measures, heirs_inside))


def group_counts(
    leaves: pd.DataFrame,
    reported: pd.DataFrame,
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
) -> pd.DataFrame:
    """The counts of each level (cấp tỉnh, cấp huyện, cấp xã) and of the province, as from `add_up`; `unit` is the code.

    reported  counts given for levels or the province themselves (`COUNTS`), over the whole window

    For each measure the first that is whole is taken: the sum of the leaf units; for the province, the sum of
    its levels; the figure reported for the group; and last the sum of the leaf units that did report.
    Land-registration branches are `level` province, and so count in cấp tỉnh.
    """
    home, levels = register.get(HOME, period.end), level_units(register, period)
    groups = {unit.code: member_rows(register, period, unit) for unit in (*levels, home)}
    sums = _sum_groups(leaves, groups, register, period, measures, heirs_inside=True)
    given: dict[str, dict[str, _Sum]] = {code: {} for code in groups}
    for code, measure, value, source, facts in zip(
        *(reported[name].tolist() for name in COUNTS), strict=True
    ):
        if code in given:
            given[code][measure] = _Sum(value, SOURCES_OF_SUMS.index(source), facts)
    below = []
    for unit in levels:
        sums[unit.code] = _prefer_whole(sums[unit.code], given[unit.code])
        below.append({name: one for name, one in sums[unit.code].items() if not one.missing})
    together = {
        name: _together(level[name] for level in below)
        for name in measures
        if below and all(name in level for level in below)
    }
    sums[HOME] = _prefer_whole(sums[HOME], together, given[HOME])
    return _as_counts(sums)


def level_units(register: Register, period: Period) -> list[Unit]:
    """The levels of government that existed in some part of the window, from the province down."""
    return [unit for unit in register.units if unit.kind == "level" and _alive(unit, period)]


def member_rows(register: Register, period: Period, group: Unit) -> list[int]:
    """The leaf units of a kind, a level or the province, in some part of the window: places in the register."""
    return [
        row
        for row, unit in enumerate(register.units)
        if unit.kind in LEAF_KINDS
        and _alive(unit, period)
        and (group.code == HOME or (unit.kind == group.kind if is_kind(group) else unit.level == group.level))
    ]


def kind_unit(kind: str, title: str = "") -> Unit:
    """The units of one kind taken together, as a unit that tables and claims can name: "Sở, ban, ngành"."""
    name = title or KINDS[kind]
    return Unit(code=f"{HOME}-{kind}", name=name, kind=kind, full_name=name, parent=HOME)


def is_kind(unit: Unit) -> bool:
    """Whether the unit is all units of one kind taken together (`kind_unit`)."""
    return unit.code == f"{HOME}-{unit.kind}"


def compute(counts: pd.DataFrame, indicators: Sequence[Indicator]) -> pd.DataFrame:
    """The value of each indicator for each unit, from the counts of one window.

    counts   columns of `COUNTS`, one row per (unit, measure)
    returns  columns of `RESULTS`, one row per (indicator, unit): `numerator` and `denominator` in dossiers,
             `value` in %; missing (NA) where a measure was not reported, `value` also where the denominator is 0.
             `source` is that of the least trusted count, `facts` how many facts were added up; `instead` says that the
             denominator is the one of another form (`Indicator.denominator_instead`)
    """
    doubt = (
        counts.assign(doubt=counts["source"].map(SOURCES_OF_SUMS.index))
        if len(counts)
        else counts.assign(doubt=0)
    )
    wide = {
        name: doubt.pivot(index="unit", columns="measure", values=name).astype("Int64")
        for name in ("value", "doubt", "facts")
    }
    parts = [_rate_of(wide, indicator) for indicator in indicators]
    return pd.concat(parts, ignore_index=True)[RESULTS] if parts else pd.DataFrame(columns=RESULTS)


def _rate_of(wide: Mapping[str, pd.DataFrame], indicator: Indicator) -> pd.DataFrame:
    own = _rate_with(wide, indicator)
    if not indicator.denominator_instead:
        return own.assign(instead=False)
    other = _rate_with(wide, replace(indicator, denominator=indicator.denominator_instead))
    instead = own["denominator"].isna() & other["denominator"].notna()
    return own.where(~instead, other).astype(own.dtypes).assign(instead=instead)


def _rate_with(wide: Mapping[str, pd.DataFrame], indicator: Indicator) -> pd.DataFrame:
    names = list(dict.fromkeys((*indicator.numerator, *indicator.denominator)))
    value, doubt, facts = (table.reindex(columns=names) for table in wide.values())
    # skipna=False: a missing report is unknown, not zero.
    numerator = value[list(indicator.numerator)].sum(axis="columns", skipna=False)
    denominator = value[list(indicator.denominator)].sum(axis="columns", skipna=False)
    least = doubt.max(axis="columns")
    return pd.DataFrame(
        {
            "indicator": indicator.name,
            "unit": value.index,
            "numerator": numerator.array,
            "denominator": denominator.array,
            "value": (100 * numerator / denominator.where(denominator > 0)).astype("Float64").array,
            "source": [SOURCES_OF_SUMS[int(one)] if pd.notna(one) else "" for one in least],
            "facts": facts.sum(axis="columns").astype("int64").array,
        }
    )


def _alive(unit: Unit, period: Period) -> bool:
    return (unit.valid_from or date.min) <= period.end and (unit.valid_to or date.max) >= period.start


class _Sum(NamedTuple):
    """Counts added up: the worst of their sources (place in `SOURCES_OF_SUMS`), and who should be in it and is not."""

    value: int
    doubt: int
    facts: int
    missing: frozenset[int] = frozenset()


def _together(sums: Iterable[_Sum]) -> _Sum:
    values, doubts, facts, missing = zip(*sums, strict=True)
    return _Sum(sum(values), max(doubts), sum(facts), frozenset().union(*missing))


def _sum_groups(
    leaves: pd.DataFrame,
    groups: Mapping[Any, Iterable[int]],
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
    heirs_inside: bool,
) -> dict[Any, dict[str, _Sum]]:
    """As `add_up`, by group and measure."""
    told: dict[str, dict[int, _Sum]] = {}
    columns = (leaves[name].tolist() for name in ("row", "measure", "value", "source", "facts"))
    for row, measure, value, source, facts in zip(*columns, strict=True):
        told.setdefault(measure, {})[row] = _Sum(value, SOURCES_OF_SUMS.index(source), facts)
    sums: dict[Any, dict[str, _Sum]] = {}
    for key, rows in groups.items():
        counted = {"flow": frozenset(rows)}
        for kind, day in (("opening", period.start), ("closing", period.end)):
            here = (row for row in counted["flow"] if not heirs_inside or register.units[row].valid_on(day))
            counted[kind] = frozenset(here)
        sums[key] = {}
        for name, measure in measures.items():  # parts before totals
            if measure.mixed:
                if all(part in sums[key] for part in measure.parts):
                    sums[key][name] = _together(sums[key][part] for part in measure.parts)
            elif there := told.get(name, {}).keys() & counted[measure.kind]:
                one = _together(told[name][row] for row in there)
                sums[key][name] = one._replace(missing=counted[measure.kind] - there)
    return sums


def _prefer_whole(*choices: Mapping[str, _Sum]) -> dict[str, _Sum]:
    """For each measure the first choice that is whole, else the first that there is."""
    chosen: dict[str, _Sum] = {}
    for name in dict.fromkeys(name for sums in choices for name in sums):
        sums = [one[name] for one in choices if name in one]
        chosen[name] = next((one for one in sums if not one.missing), sums[0])
    return chosen


def _as_counts(sums: Mapping[Any, Mapping[str, _Sum]]) -> pd.DataFrame:
    rows = [
        (key, name, one.value, SOURCES_OF_SUMS[one.doubt], one.facts, tuple(sorted(one.missing)))
        for key, by_measure in sums.items()
        for name, one in by_measure.items()
    ]
    added = pd.DataFrame(rows, columns=[*COUNTS, "missing"])
    added["missing"] = pd.Series([row[-1] for row in rows], dtype=object)
    return added.astype({"value": "int64", "facts": "int64"})
