"""Counts of units added up into counts of groups, and counts made into rates: pure functions, frame to frame.

A group's rate is the ratio of its sums, never the mean of its members' rates. A group is added up from its leaf
units (departments, land-registration branches, districts, communes); figures reported for the group itself are
used only where the leaf units do not all report. Nothing missing is ever taken for 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from baocao.definitions import HOME, KINDS, LEAF_KINDS, Indicator, Measure, Period, Register, Unit

RESULTS = ["indicator", "unit", "period", "numerator", "denominator", "value", "source", "facts", "instead"]


def reform_windows(register: Register, period: Period) -> list[Period]:
    """The parts of the window inside which no unit of the province begins, ends or changes; one when none does.

    Codes were used again: 18073 is phường Nam Hà to 30/06/2025 and phường Thành Sen from 01/07/2025. Counts of a
    code may be added over time only inside one such part.
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
    members: Iterable[int],
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
    code: str,
    *,
    heirs_inside: bool = True,
) -> pd.DataFrame:
    """The counts of a group: its members' flows, their opening stocks on the first day, closing ones on the last.

    leaves   result of `leaf_counts`; `members` are rows of `register.units`
    returns  columns of `COUNTS`, `unit` being `code`, and `missing`: the members that should have reported the
             measure and did not (places in `register.units`), so that a sum that is not whole can say so.
             A measure reported by none is absent

    A unit that began inside the window took over dossiers that another member had opened: its opening stock does
    not count again, nor does the closing stock of a unit that ended. With `heirs_inside` False it took them over
    from outside the group, and every member's own stocks count.
    """
    return add_up_groups(leaves, {code: members}, register, period, measures, heirs_inside=heirs_inside)


def group_counts(
    leaves: pd.DataFrame,
    reported: pd.DataFrame,
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
) -> pd.DataFrame:
    """The counts of each level (cấp tỉnh, cấp huyện, cấp xã) and of the province, as from `add_up`.

    reported  counts given for levels or the province themselves (`COUNTS`), over the whole window

    For each measure the first that is whole is taken: the sum of the leaf units; for the province, the sum of
    its levels; the figure reported for the group; and last the sum of the leaf units that did report.
    Land-registration branches are `level` province, and so count in cấp tỉnh.
    """
    levels = level_units(register, period)
    rows = {unit.code: member_rows(register, period, unit) for unit in levels}
    everyone = [row for members in rows.values() for row in members]
    summed = add_up_groups(leaves, {**rows, HOME: everyone}, register, period, measures)
    groups = [
        _prefer_whole(summed[summed["unit"] == code], reported[reported["unit"] == code]) for code in rows
    ]
    below = pd.concat(groups, ignore_index=True)
    all_levels = _add(below[_is_whole(below)], ["measure"])
    all_levels = all_levels[all_levels["parts"] == len(levels)].assign(unit=HOME)
    own = reported[reported["unit"] == HOME]
    province = _prefer_whole(
        summed[summed["unit"] == HOME],
        pd.concat([all_levels[COUNTS], own[COUNTS]]).drop_duplicates("measure"),
    )
    return pd.concat([*groups, province], ignore_index=True)


def level_units(register: Register, period: Period) -> list[Unit]:
    """The levels of government that existed in some part of the window, from the province down."""
    return [unit for unit in register.units if unit.kind == "level" and _alive(unit, period)]


def member_rows(register: Register, period: Period, group: Unit) -> list[int]:
    """The leaf units of a level, or of the whole province, in some part of the window: places in the register."""
    return [
        row
        for row, unit in enumerate(register.units)
        if unit.kind in LEAF_KINDS
        and _alive(unit, period)
        and (group.code == HOME or unit.level == group.level)
    ]


def kind_unit(kind: str, title: str = "") -> Unit:
    """The units of one kind taken together, as a unit that tables and claims can name: "Sở, ban, ngành"."""
    name = title or KINDS[kind]
    return Unit(code=f"{HOME}-{kind}", name=name, kind=kind, full_name=name, parent=HOME)


def compute(counts: pd.DataFrame, indicators: Sequence[Indicator], period: Period) -> pd.DataFrame:
    """The value of each indicator for each unit over the window of `period`.

    counts   columns of `COUNTS`, one row per (unit, measure)
    returns  columns of `RESULTS`, one row per (indicator, unit): `numerator` and `denominator` in dossiers,
             `value` in %; missing (NA) where a measure was not reported, `value` also where the denominator is 0.
             `source` is that of the least trusted count, `facts` how many facts were added up; `instead` says that the
             denominator is the one of another form (`Indicator.denominator_instead`)
    """
    doubt = (
        counts.assign(doubt=counts["source"].map(SOURCES.index)) if len(counts) else counts.assign(doubt=0)
    )
    wide = {
        name: doubt.pivot(index="unit", columns="measure", values=name).astype("Int64")
        for name in ("value", "doubt", "facts")
    }
    parts = [_rate_of(wide, indicator) for indicator in indicators]
    results = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=RESULTS)
    return results.assign(period=period.code)[RESULTS]


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
            "source": [SOURCES[int(one)] if pd.notna(one) else "" for one in least],
            "facts": facts.sum(axis="columns").astype("int64").array,
        }
    )


def _alive(unit: Unit, period: Period) -> bool:
    return (unit.valid_from or date.min) <= period.end and (unit.valid_to or date.max) >= period.start


def _add(counts: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Sums by the columns `by`: value, facts, the least trusted source, and how many rows there were (`parts`)."""
    # A number also where there are no counts: pandas would sort empty text with threads, and nobody could fork then.
    doubt = counts["source"].map({name: at for at, name in enumerate(SOURCES)}).astype("int64")
    groups = counts.assign(doubt=doubt, parts=1).groupby(by, sort=False, as_index=False)
    added = groups.agg(
        value=("value", "sum"), doubt=("doubt", "max"), facts=("facts", "sum"), parts=("parts", "sum")
    )
    added["source"] = [SOURCES[int(one)] for one in added.pop("doubt")]
    return added


def _is_whole(sums: pd.DataFrame) -> np.ndarray:
    return np.array([not rows for rows in sums["missing"]], dtype=bool)


def _prefer_whole(summed: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """`summed` where no member is missing, else `given` where there is one, else `summed` as it is."""
    whole = summed[_is_whole(summed)]
    others = given.assign(missing=[()] * len(given))[[*COUNTS, "missing"]]
    return pd.concat([whole, others, summed], ignore_index=True).drop_duplicates("measure", keep="first")


# --------------------------------------------------------------------------------------------------
# Counts of units added up into counts of groups, and who of a group did not report.
#
# Whose counts belong together is said above and by `lineage`; here they are only added.


COUNTS = ["unit", "measure", "value", "source", "facts"]

SOURCES = ("published", "received", "sample")
"""A sum is sample as soon as one part is, and published only when every part is."""


def add_up_groups(
    leaves: pd.DataFrame,
    groups: Mapping[Any, Iterable[int]],
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
    *,
    heirs_inside: bool = True,
) -> pd.DataFrame:
    """`add_up` of several groups, which may share members, in one pass; `unit` is the group's key."""
    members = {key: set(rows) for key, rows in groups.items()}
    belongs: dict[int, list[Any]] = {}
    for key, rows in members.items():
        for row in rows:
            belongs.setdefault(row, []).append(key)
    held = {"flow": set(belongs), "opening": set(belongs), "closing": set(belongs)}
    if heirs_inside:
        held["opening"] = {row for row in belongs if register.units[row].valid_on(period.start)}
        held["closing"] = {row for row in belongs if register.units[row].valid_on(period.end)}
    counted = {name: held[one.kind] for name, one in measures.items() if not one.mixed}
    sums: dict[Any, dict[str, _Sum]] = {key: {} for key in members}
    columns = (leaves[name].tolist() for name in ("row", "measure", "value", "source", "facts"))
    for row, measure, value, source, facts in zip(*columns, strict=True):
        if row in counted.get(measure, ()):
            for key in belongs[row]:
                sums[key].setdefault(measure, _Sum()).add(value, SOURCES.index(source), facts, [row])
    rows = []
    for key, by_measure in sums.items():
        missing = {name: (members[key] & counted[name]) - one.rows for name, one in by_measure.items()}
        for name, measure in measures.items():
            if measure.mixed and all(part in by_measure for part in measure.parts):
                by_measure[name] = _Sum()
                for one in (by_measure[part] for part in measure.parts):
                    by_measure[name].add(one.value, one.doubt, one.facts, one.rows)
                missing[name] = set().union(*(missing[part] for part in measure.parts))
        rows += [
            (key, name, one.value, SOURCES[one.doubt], one.facts, tuple(sorted(missing[name])))
            for name, one in by_measure.items()
        ]
    added = pd.DataFrame(rows, columns=[*COUNTS, "missing"])
    added["missing"] = pd.Series([row[-1] for row in rows], dtype=object)
    return added.astype({"value": "int64", "facts": "int64"})


@dataclass
class _Sum:
    """Counts added up: the worst of their sources (place in `SOURCES`), and the rows that were there."""

    value: int = 0
    doubt: int = 0
    facts: int = 0
    rows: set[int] = field(default_factory=set)

    def add(self, value: int, doubt: int, facts: int, rows: Iterable[int]) -> None:
        self.value += value
        self.doubt = max(self.doubt, doubt)
        self.facts += facts
        self.rows.update(rows)
