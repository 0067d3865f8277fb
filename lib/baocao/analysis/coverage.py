"""Whose reports a figure is made of: the counts of any units and groups in a window, and who did not report.

A unit that did not report is named beside the sum; it is never taken for 0 and never averaged over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from baocao.analysis.rates import (
    COUNTS,
    LEAF_KINDS,
    RESULTS,
    add_up,
    compute,
    group_counts,
    is_kind,
    member_rows,
)
from baocao.definitions import INDICATORS, Indicator, Measure, Period, Register, Unit

COVERED = [*RESULTS[:2], "period", *RESULTS[2:], "missing"]
"""Columns of results that say of which period they are, and which units of a group did not report."""


@dataclass(frozen=True)
class Wanted:
    """A unit whose figures are wanted in a period, and the units that are summed for it: none means itself.

    `heirs_inside` as in `rates.add_up`: False where units are chosen one by one.
    """

    period: Period
    unit: Unit
    summed: tuple[Unit, ...] = ()
    heirs_inside: bool = True


def is_leaf(unit: Unit) -> bool:
    """Whether the unit handles dossiers itself, and is not all units of a kind taken together."""
    return unit.kind in LEAF_KINDS and not is_kind(unit)


def cover(
    leaves: pd.DataFrame,
    reported: pd.DataFrame,
    register: Register,
    measures: Mapping[str, Measure],
    wanted: Mapping[int, Wanted],
) -> pd.DataFrame:
    """The counts of what is wanted in one period: a unit's own, its group's, or the sum of what stands for it.

    leaves    `rates.leaf_counts` of the period
    reported  counts given for levels and the province themselves (`COUNTS`)
    returns   columns of `COUNTS` and `missing` (the members, as units, that should have reported the measure for their
              whole life inside the window and did not); `unit` is the number in `wanted`; a measure reported by none
              is absent
    """
    place = {unit: row for row, unit in enumerate(register.units)}
    period = next(iter(wanted.values())).period
    own: dict[int, int] = {}
    tiers: dict[str, int] = {}
    sums: dict[bool, dict[int, Sequence[int]]] = {True: {}, False: {}}
    for number, one in wanted.items():
        if one.summed:
            sums[one.heirs_inside][number] = [place[unit] for unit in one.summed]
        elif is_leaf(one.unit):
            own[place[one.unit]] = number
        elif is_kind(one.unit):
            sums[True][number] = member_rows(register, period, one.unit)
        else:  # the province or a level, for which figures are reported as such
            tiers[one.unit.code] = number
    mine = leaves[leaves["row"].isin(list(own))]
    frames = [
        mine.assign(unit=mine["row"].map(own), missing=pd.Series([()] * len(mine), mine.index, dtype=object))
    ]
    for heirs_inside, groups in sums.items():
        if groups:
            frames.append(add_up(leaves, groups, register, period, measures, heirs_inside=heirs_inside))
    if tiers:
        groups = group_counts(leaves, reported, register, period, measures)
        groups = groups[groups["unit"].isin(list(tiers))]
        frames.append(groups.assign(unit=groups["unit"].map(tiers)))
    counts = pd.concat([frame[[*COUNTS, "missing"]] for frame in frames], ignore_index=True)
    silent = [tuple(register.units[row] for row in rows) for rows in counts["missing"]]
    return counts.assign(
        unit=counts["unit"].astype("int64"), missing=pd.Series(silent, counts.index, dtype=object)
    )


def members(register: Register, wanted: Wanted) -> list[Unit]:
    """The units that are summed for what is wanted: those named, else all that handle dossiers in the group."""
    rows = member_rows(register, wanted.period, wanted.unit)
    return list(wanted.summed) or [register.units[row] for row in rows]


def compute_covered(
    counts: pd.DataFrame,
    wanted: Sequence[Wanted],
    names: Sequence[str],
    measures: Mapping[str, Measure],
    indicators: Sequence[Indicator] = INDICATORS,
) -> pd.DataFrame:
    """The results of indicators and of bare measures for all that is wanted, what has no figures included.

    counts   from `cover`, of all periods; `unit` is the place in `wanted`
    returns  columns of `COVERED`, one row per (name, wanted) in the order asked for; a measure has its number of
             dossiers as `numerator` and `value`, and no denominator; an indicator that is not in force in the whole
             period has no value, nor has one whose parts lack different units: that would be one group's dossiers over
             another's
    """
    periods = dict.fromkeys(one.period for one in wanted)
    defined = {
        (name, period): definition(name, period, indicators)
        for name in names for period in periods if name not in measures
    }  # fmt: skip
    in_force = {one: str(at) for at, one in enumerate(dict.fromkeys(defined.values())) if one is not None}
    # Two versions of an indicator bear one name: each is computed under its number.
    results = compute(counts[COUNTS], [replace(one, name=label) for one, label in in_force.items()])
    figures = ["numerator", "denominator", "value", "source", "facts", "instead"]
    rates = {row[:2]: row[2:] for row in _rows(results, ["indicator", "unit", *figures])}
    held = {
        row[:2]: row[2:] for row in _rows(counts, ["unit", "measure", "value", "source", "facts", "missing"])
    }
    rows = []
    for name in names:
        for at, one in enumerate(wanted):
            if name in measures:
                value, source, facts, _ = held.get((at, name), _NOTHING)
                found, needed = (value, None, value, source, facts, False), (name,)
            else:
                rate = defined[name, one.period]
                found = rates.get((in_force.get(rate), at), (None, None, None, "", 0, False))
                needed = made_of(rate, instead=found[-1]) if rate else ()
            lacking = [held[at, measure][3] for measure in needed if (at, measure) in held]
            missing: tuple[Unit, ...] = ()
            if any(lacking):
                missing = tuple(dict.fromkeys(unit for units in lacking for unit in units))
                if any({*units} != {*missing} for units in lacking):
                    found = (None, None, None, "", 0, found[-1])
            rows.append((name, one.unit.code, one.period.code, *found, missing))
    return covered_frame(rows)


def covered_frame(rows: Sequence[tuple]) -> pd.DataFrame:
    """Results, one a row, as a frame with the columns of `COVERED`; what is not known is None or NA."""
    frame = pd.DataFrame(rows, columns=COVERED)
    frame["missing"] = pd.Series([row[-1] for row in rows], dtype=object)
    return frame.astype(
        {
            "numerator": "Int64",
            "denominator": "Int64",
            "value": "Float64",
            "facts": "int64",
            "instead": "bool",
        }
    )


def made_of(indicator: Indicator, *, instead: bool) -> tuple[str, ...]:
    """The measures that a rate is made of."""
    return (*indicator.numerator, *(indicator.denominator_instead if instead else indicator.denominator))


def definition(name: str, period: Period, indicators: Iterable[Indicator] = INDICATORS) -> Indicator | None:
    """The indicator as it is defined in the whole period; None where it is not."""
    named = (one for one in indicators if one.name == name)
    found = next((one for one in named if one.in_force(period.start, period.end)), None)
    if found and found.instead_from and period.start < found.instead_from:
        return replace(found, denominator_instead=())
    return found


def computable(measures: Mapping[str, Measure]) -> list[str]:
    """The names of the measures, and of the indicators that can be made of them."""
    names = dict.fromkeys(one.name for one in INDICATORS)
    for one in INDICATORS:
        if not {*made_of(one, instead=False), *made_of(one, instead=True)} <= measures.keys():
            names.pop(one.name, None)
    return [*measures, *names]


def needed_measures(
    names: Iterable[str], measures: Mapping[str, Measure], indicators: Sequence[Indicator] = INDICATORS
) -> dict[str, Measure]:
    """Every measure that the indicators and measures are made of, parts of totals included, parts first.

    A ValueError for a name that is neither.
    """
    wanted: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name in measures:
            wanted.add(name)
            left += measures[name].parts
        elif found := [one for one in indicators if one.name == name]:
            left += [
                part for one in found for instead in (False, True) for part in made_of(one, instead=instead)
            ]
        else:
            raise ValueError(f"{name!r} is neither an indicator nor a measure")
    return {name: measure for name, measure in measures.items() if name in wanted}


_NOTHING = (None, "", 0, ())


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> Iterable[tuple]:
    return zip(*(frame[column].tolist() for column in columns), strict=True)
