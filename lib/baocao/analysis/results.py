"""The figures of any units in any periods, read from the facts and held against each other.

What `Setting.results`, `compare` and `series` do: reading is here, the mathematics in `coverage`, `lineage`,
`comparison`, `targets_and_ranks` and `series`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pandas as pd

from baocao.analysis import comparison, coverage, series, targets_and_ranks
from baocao.analysis.coverage import Wanted
from baocao.analysis.lineage import Bridge, build_bridge, is_alive_throughout
from baocao.analysis.rates import leaf_counts, life_windows, reform_windows
from baocao.analysis.reasons import PARTLY_ALIVE
from baocao.analysis.subject import CHOSEN
from baocao.definitions import HOME, INDICATORS, Indicator, Measure, Period, Register, Target, Unit
from baocao.store import Facts, counts_over, read_tracker

FIGURES = [name for name in coverage.COVERED if name not in ("indicator", "unit", "period")]


class Place(NamedTuple):
    """A rank among so many, and whether it is shared."""

    rank: int
    out_of: int
    tied: bool


@dataclass(frozen=True, eq=False)
class History:
    """Results of units over time.

    Units are the register's rows, levels, the province, `rates.kind_unit` (all units of a kind), or
    `subject.CHOSEN`, which stands for the `chosen` ones.
    """

    facts: Facts
    register: Register
    targets: Sequence[Target]
    chosen: tuple[Unit, ...] = ()
    groups: Mapping[Unit, tuple[Unit, ...]] = field(default_factory=dict)
    """The members of units that stand for others in a document, where that is not the register's matter."""

    # --- one figure at a time: read when it is asked for, from what is already known ----------------------------

    def row(self, name: str, unit: Unit, period: Period) -> dict[str, Any]:
        """A figure of a unit in a period, by an indicator or measure: the columns of `coverage.COVERED`.

        Numbers are None where they are not known. What is computed anew is computed of all names at once: the next
        figure of the unit costs nothing.
        """
        return self._row(name, self._want([unit], period)[0])

    def read_ahead(self, units: Sequence[Unit], period: Period, bases: Sequence[Period] = ()) -> None:
        """Compute at once what `row` and `change` will be asked of these units."""
        wanted = self._want(_once(units), period)
        if bases:
            bridges = {
                (one.code, base.code): self._bridge(one, period, base) for one in units for base in bases
            }
            wanted += self._want_bases(_once(units), bridges, bases)
        self._compute_all(wanted)

    def change(self, name: str, unit: Unit, period: Period, base: Period) -> dict[str, Any]:
        """The figure held against what stands for it in `base`: a row of `comparison.compare`."""
        bridge = self._bridge(unit, period, base)
        # Both are asked for even where the comparison is known: what they are made of is noted.
        row, then = self.row(name, unit, period), self._row_relabelled(name, Wanted(base, unit, bridge.units))
        key = ("change", self.register, name, unit, self._members(unit), period, base)
        if key not in self.facts.shared:
            compared = comparison.compare_row(row, then, INDICATORS, period, base, bridge)
            self.facts.shared[key] = compared
        return self.facts.shared[key]

    def places(self, name: str, units: Sequence[Unit], period: Period) -> dict[Unit, Place]:
        """The ranks of the units among themselves by an indicator or measure, rates of few dossiers apart.

        Ties share a rank and are equal as printed.
        """
        self._note([name], self._want(units, period))
        key = ("places", self.register, name, tuple(units), period)
        if key not in self.facts.shared:
            self.read_ahead(units, period)
            rows = {unit: self.row(name, unit, period) for unit in units}
            one = coverage.definition(name, period)
            printed = {unit: _printed(row, one) for unit, row in rows.items() if _may_be_ranked(row, one)}
            ranks = comparison.rank_printed(printed, highest_first=one is None or one.higher_is_better)
            self.facts.shared[key] = {
                unit: Place(rank, len(printed), tied) for unit, (rank, tied) in ranks.items()
            }
        return self.facts.shared[key]

    def _row(self, name: str, wanted: Wanted) -> dict[str, Any]:
        self._note([name], [wanted])
        self._compute_all([wanted])
        values = self._known()[wanted][name]
        row = {"indicator": name, "unit": wanted.unit.code, "period": wanted.period.code}
        row |= dict(zip(FIGURES, values, strict=True))
        for part in ("numerator", "denominator"):
            row[part] = None if pd.isna(row[part]) else int(row[part])
        return row

    def _row_relabelled(self, name: str, wanted: Wanted) -> dict[str, Any]:
        """As `_row`, with the figure of levels 3 and 4 where there is no other (`_read_relabelled`)."""
        row = self._row(name, wanted)
        if (
            row["numerator"] is None
            and name in comparison.RELABELLED
            and wanted.period.end <= comparison.LAST_OF_LEVELS
        ):
            old = self._row(comparison.RELABELLED[name], wanted)
            if old["numerator"] is not None:
                return old | {"indicator": name, "relabelled": True}
        return row

    def _members(self, unit: Unit) -> tuple[Unit, ...]:
        return self.chosen if unit == CHOSEN else tuple(self.groups.get(unit, ()))

    # --- frames --------------------------------------------------------------------------------------------------

    def results(
        self, names: Sequence[str], units: Sequence[Unit], period: Period,
        groups: Mapping[Unit, Sequence[Unit]] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """One row per (indicator or measure, unit) of the period: `coverage.COVERED`; `groups` as in `counts`."""
        return self._read(_once(names), self._want(_once(units), period, groups))

    def counts(
        self, units: Sequence[Unit], period: Period, groups: Mapping[Unit, Sequence[Unit]] | None = None
    ) -> pd.DataFrame:
        """The counts of every measure for the units in the period: `rates.COUNTS` and `missing` (`coverage.cover`).

        `groups` has the members of units that stand for others, where that is not the register's matter.
        """
        found = self._cover(self.facts.measures, self._want(units, period, groups))
        return found.assign(unit=[units[number].code for number in found["unit"]])

    def compare(
        self, names: Sequence[str], units: Sequence[Unit], period: Period, base: Period,
        rank_within: Sequence[Unit] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The columns of `comparison.COMPARISONS` and `targets_and_ranks.STANDINGS`, one row per (name, unit)."""
        names, everyone = _once(names), _once([*units, *(rank_within or ())])
        bridges = {(unit.code, base.code): self._bridge(unit, period, base) for unit in everyone}
        asked = [*self._want(everyone, period), *self._want_bases(everyone, bridges, [base])]
        found = self._read_relabelled(names, asked)
        is_now = found.index % len(asked) < len(everyone)
        now, then = found[is_now].drop(columns="relabelled"), found[~is_now]
        by_unit = {unit: bridge for (unit, _), bridge in bridges.items()}
        compared = comparison.compare(now, then, INDICATORS, period, base, bridges=by_unit)
        kinds = {unit.code: unit.kind for unit in everyone}
        compared = targets_and_ranks.add_targets(compared, self.targets, period, kinds)
        ranked = units if rank_within is None else rank_within
        within = [unit.code for unit in ranked if is_alive_throughout(unit, period)]
        compared = targets_and_ranks.add_ranks(compared, INDICATORS, within)
        return compared[compared["unit"].isin([unit.code for unit in units])].reset_index(drop=True)

    def series(
        self, names: Sequence[str], units: Sequence[Unit], periods: Sequence[Period], reported: Period
    ) -> pd.DataFrame:
        """The columns of `series.SERIES`: points as they may be held against the units of the reported period.

        That is, as they are since the last reform in it: a commune formed in July is followed in a report on a year.
        """
        newest = reform_windows(self.register, reported)[-1]
        names, units, periods = _once(names), _once(units), _once(periods)
        bridges = {
            (unit.code, period.code): self._bridge(unit, newest, period)
            for unit in units
            for period in periods
        }
        points = self._read_relabelled(names, self._want_bases(units, bridges, periods))
        return series.mark_breaks(points, bridges, INDICATORS)

    def _bridge(self, unit: Unit, period: Period, base: Period) -> Bridge:
        members = self.groups.get(unit, ())
        if (
            unit.code != f"{HOME}-{unit.kind}"
            and members
            and not any(one.valid_on(period.end) for one in members)
        ):
            return Bridge(
                "no", PARTLY_ALIVE, tuple(members)
            )  # those that ended in the period, taken together
        return build_bridge(self.register, unit, period, base, self.chosen if unit == CHOSEN else ())

    def _want(
        self, units: Iterable[Unit], period: Period, groups: Mapping[Unit, Sequence[Unit]] | None = None
    ) -> list[Wanted]:
        summed = {CHOSEN: self.chosen} | {**self.groups, **(groups or {})}
        return [
            Wanted(period, unit, tuple(summed.get(unit, ())), heirs_inside=unit != CHOSEN) for unit in units
        ]

    def _want_bases(
        self, units: Iterable[Unit], bridges: Mapping[tuple[str, str], Bridge], periods: Sequence[Period]
    ) -> list[Wanted]:
        """What stands for the units in each period.

        A unit that may not be bridged still has its own figures where it existed: a level's, a department's.
        """
        return [
            Wanted(period, unit, bridges[unit.code, period.code].units)
            for unit in units
            for period in periods
        ]

    def _read_relabelled(self, names: Sequence[str], wanted: Sequence[Wanted]) -> pd.DataFrame:
        """As `_read`, with the figures of levels 3 and 4 where there are no others; `relabelled` says where."""
        points = self._read(names, wanted).assign(relabelled=False)
        for name in (name for name in names if name in comparison.RELABELLED):
            rows = points.index[(points["indicator"] == name) & points["numerator"].isna()]
            asked = {row: wanted[row % len(wanted)] for row in rows}
            asked = {row: one for row, one in asked.items() if one.period.end <= comparison.LAST_OF_LEVELS}
            if asked:
                old = self._read([comparison.RELABELLED[name]], list(asked.values())).set_axis(list(asked))
                old = old[old["numerator"].notna()]
                # One by one: pandas fails at a frame in which some numbers are missing.
                for column in FIGURES:
                    points.loc[old.index, column] = old[column].array
                points.loc[old.index, "relabelled"] = True
        return points

    def _read(self, names: Sequence[str], wanted: Sequence[Wanted]) -> pd.DataFrame:
        """The results of `coverage.compute_covered`; what is not known yet is read from the store at once.

        A figure is what the facts say about one name and one `Wanted`, whatever else is asked for with it: once
        computed it is kept with the facts. So documents about many units share what they have in common.
        """
        self._note(names, wanted)
        self._compute_all(wanted)
        known = self._known()
        rows = [(name, one.unit.code, one.period.code, *known[one][name]) for name in names for one in wanted]
        return coverage.covered_frame(rows)

    def _known(self) -> dict[Wanted, dict[str, tuple]]:
        return self.facts.shared.setdefault(("figures", self.register), {})

    def _compute_all(self, wanted: Sequence[Wanted]) -> None:
        """Compute the figures of all names that are not known yet: for the engine, many names are as dear as one."""
        known = self._known()
        lacking = [one for one in dict.fromkeys(wanted) if one not in known]
        if not lacking:  # as almost always: each figure asks
            return
        names = coverage.computable(self.facts.measures)
        with read_tracker.paused():
            # A group's figures need the facts of all units; single units of other periods do without them.
            whole = {one.period for one in lacking if _codes(one) is None}
            for is_whole in (True, False):
                if some := [one for one in lacking if (one.period in whole) == is_whole]:
                    found = self._compute(names, some)
                    figures = zip(*(found[column].array for column in FIGURES), strict=True)
                    for at, row in enumerate(figures):
                        known.setdefault(some[at % len(some)], {})[names[at // len(some)]] = row

    def _compute(self, names: Sequence[str], wanted: Sequence[Wanted]) -> pd.DataFrame:
        covered = self._cover(coverage.needed_measures(names, self.facts.measures), wanted)
        found = coverage.compute_covered(covered, wanted, names, self.facts.measures)
        uneven = found["numerator"].isna() & found["denominator"].isna() & (found["missing"].map(len) > 0)
        for row in found.index[uneven]:  # a rate is of the units that reported all of its parts
            one, missing = wanted[row % len(wanted)], found.at[row, "missing"]
            known = tuple(unit for unit in coverage.members(self.register, one) if unit not in missing)
            if known:
                again = self._compute([names[row // len(wanted)]], [replace(one, summed=known)])
                taken = [column for column in FIGURES if column != "missing"]
                found.loc[[row], taken] = again[taken].set_axis([row])
        return found

    def _cover(self, measures: Mapping[str, Measure], wanted: Sequence[Wanted]) -> pd.DataFrame:
        """`coverage.cover` of each period; `unit` is the place in `wanted`."""
        numbered: dict[Period, dict[int, Wanted]] = {}
        for number, one in enumerate(wanted):
            numbered.setdefault(one.period, {})[number] = one
        windows = {period: life_windows(self.register, period) for period in numbered}
        periods = list(dict.fromkeys([*windows, *(part for parts in windows.values() for part in parts)]))
        codes = [_codes(one) for one in wanted]
        units = None if None in codes else list(dict.fromkeys(code for some in codes for code in some or ()))
        frames = counts_over(self.facts, periods, self.register, measures, units)
        counts = dict(zip(periods, frames, strict=True))
        covered = []
        for period, parts in windows.items():
            leaves = leaf_counts(parts, counts)
            covered.append(coverage.cover(leaves, counts[period], self.register, measures, numbered[period]))
        return pd.concat(covered, ignore_index=True)

    def _note(self, names: Sequence[str], wanted: Sequence[Wanted]) -> None:
        """Note which facts the figures are made of."""
        if read_tracker.is_on():
            measures = coverage.needed_measures(names, self.facts.measures)
            for one in wanted:
                read_tracker.note_facts("counts", _codes(one), [(one.period.start, one.period.end)], measures)


def _may_be_ranked(row: Mapping[str, Any], one: Indicator | None) -> bool:
    """Whether the figure is known, of all its units, and a rate of enough dossiers."""
    parts = [row["numerator"]] if one is None else [row["numerator"], row["denominator"]]
    is_enough = one is None or (None not in parts and parts[1] >= comparison.MINIMUM_DENOMINATOR)
    return None not in parts and is_enough and not row["missing"]


def _printed(row: Mapping[str, Any], one: Indicator | None) -> float:
    if one is None:
        return float(row["numerator"])
    return comparison.printed_rate(row["numerator"], row["denominator"], one.decimals)


def _once(items: Iterable) -> list:
    """The items in their order, each one once."""
    return list(dict.fromkeys(items))


def _codes(one: Wanted) -> list[str] | None:
    """The codes of the units whose facts are needed; None for all of them, where a group is wanted."""
    if not one.summed and not coverage.is_leaf(one.unit):
        return None
    return [unit.code for unit in one.summed or (one.unit,)]
