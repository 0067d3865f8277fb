"""The counts and rates of one report, printed as claims: each figure says what it is made of.

A `Board` holds what `rates` made; the sections of a memo ask it for one figure after the other. A figure that is
not known is None in a sentence (which then says so) and "–" in a table, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from baocao.analysis import definition
from baocao.definitions import Indicator, Measure, Period, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import NOT_WHOLE
from baocao.writing import SOURCE_LABELS, Claims, least_trusted, markup


@dataclass(frozen=True)
class Count:
    """A number of dossiers: what it is, where from, how many facts it adds up, members that did not report."""

    value: int
    source: str
    facts: int
    missing: tuple[Unit, ...] = ()


@dataclass(frozen=True)
class Rate:
    """A share as its two parts; None where a part was not reported. `missing` and `instead` as in `coverage.COVERED`."""

    numerator: int | None
    denominator: int | None
    source: str
    facts: int
    missing: tuple[Unit, ...] = ()
    instead: bool = False

    @property
    def has_value(self) -> bool:
        """Whether there is something to divide, and something to divide by."""
        return self.numerator is not None and bool(self.denominator)

    @property
    def is_level(self) -> bool:
        """Whether other rates may be held against it: it has a value, of all units."""
        return self.has_value and not self.missing


_UNKNOWN = Rate(None, None, "", 0)


@dataclass(frozen=True)
class Board:
    """The figures of one period. `used` collects the indicators and measures printed, for the annex."""

    claims: Claims
    period: Period
    measures: Mapping[str, Measure]
    indicators: Sequence[Indicator]
    counts: Mapping[tuple[str, str], Count]
    rates: Mapping[tuple[str, str], Rate]
    results: pd.DataFrame
    used: dict[str, None] = field(default_factory=dict)

    # --- values ------------------------------------------------------------------------------------------------
    def count(self, unit: Unit, measure: str) -> Count | None:
        """The count of a unit or group; None when it was not reported."""
        return self.counts.get((unit.code, measure))

    def value(self, unit: Unit, measure: str) -> int | None:
        """The bare number of dossiers, for decisions, not for print."""
        count = self.count(unit, measure)
        return None if count is None else count.value

    def rate(self, unit: Unit, indicator: str) -> Rate:
        """The share of a unit or group."""
        return self.rates.get((unit.code, indicator), _UNKNOWN)

    def indicator(self, name: str) -> Indicator | None:
        """The definition in force in the whole period; None when there is none."""
        return next((one for one in self.indicators if one.name == name), None)

    def percent_of(self, unit: Unit, name: str) -> float:
        """The rate in % as a length to draw."""
        rate = self.rate(unit, name)
        return 100 * rate.numerator / rate.denominator

    def results_of(self, name: str, units: Iterable[Unit]) -> pd.DataFrame:
        """The results of one indicator for these units, in their order; none where it is not in force."""
        codes = {unit.code: place for place, unit in enumerate(units)}
        rows = self.results[(self.results["indicator"] == name) & self.results["unit"].isin(list(codes))]
        return rows.sort_values("unit", key=lambda column: column.map(codes)).reset_index(drop=True)

    # --- print -------------------------------------------------------------------------------------------------
    def print_count(
        self, unit: Unit, measure: str, view: Claims | None = None, *, in_text: bool = False
    ) -> str | None:
        """A count as a claim (`view`: in a chart); None when it is not known."""
        count = self.count(unit, measure)
        if count is None:
            return None
        self.used[measure] = None
        definition = self.measures[measure]
        return (view or self.claims).count(
            count.value, in_text=in_text, label=definition.label, unit=unit, period=self.period,
            source=count.source, facts=count.facts, formula=" + ".join(
                self.measures[part].label.lower() for part in definition.parts
            ),
        )  # fmt: skip

    def in_text(self, unit: Unit, measure: str) -> str | None:
        """A count in running text: 6 is written 06."""
        return self.print_count(unit, measure, in_text=True)

    def cell(self, unit: Unit, measure: str) -> str:
        """A count in a table, marked where it is a sum that is not whole."""
        count = self.count(unit, measure)
        mark = markup.escape(NOT_WHOLE) if count and count.missing else ""
        return f"{self.print_count(unit, measure) or vn.MISSING}{mark}"

    def rate_cell(self, unit: Unit, name: str) -> str:
        """A rate in a table, marked where it is of a sum that is not whole."""
        mark = markup.escape(NOT_WHOLE) if self.rate(unit, name).missing else ""
        return f"{self.print_rate(unit, name)}{mark}"

    def print_rate(self, unit: Unit, name: str, view: Claims | None = None) -> str:
        """A rate in % as a claim, "–" where it has no value."""
        rate = self.rate(unit, name)
        if not rate.has_value:
            return vn.MISSING
        definition = self._definition(name)
        return (view or self.claims).percent(
            rate.numerator,
            rate.denominator,
            decimals=definition.decimals,
            **self._about(definition, unit, rate),
        )

    def print_fraction(self, unit: Unit, name: str) -> str:
        """The two parts of a rate ("21.132/35.526") as a claim, "–" where it has no value."""
        rate = self.rate(unit, name)
        if not rate.has_value:
            return vn.MISSING
        definition = self._definition(name)
        return self.claims.fraction(rate.numerator, rate.denominator, **self._about(definition, unit, rate))

    def print_sum_of_rates(self, results: pd.DataFrame, group: Unit, what: str) -> str:
        """The rate of several units' sums (rows of one indicator's results) as a claim; `what` they are."""
        definition = self._definition(results["indicator"].iloc[0])
        return self.claims.percent(
            int(results["numerator"].sum()), int(results["denominator"].sum()), decimals=definition.decimals,
            label=f"{definition.label}, {what}", unit=group, period=self.period, formula=definition.formula,
            source=least_trusted(results["source"]), facts=int(results["facts"].sum()),
        )  # fmt: skip

    def derive(self, value: int, label: str, formula: str, unit: Unit, made_of: Iterable[str]) -> str:
        """A number of dossiers made of this unit's counts `made_of` (measures) by `formula`, in running text."""
        return self.claims.count(
            value, in_text=True, label=label, unit=unit, period=self.period, formula=formula,
            source=self.source([unit], made_of),
        )  # fmt: skip

    def number_of_units(
        self, number: int, label: str, group: Unit, units: Iterable[Unit], measures: Iterable[str]
    ) -> str:
        """How many of `units` are so, by their counts of `measures`, in running text."""
        return self.claims.count(
            number, in_text=True, label=label, measured_in="đơn vị", unit=group, period=self.period,
            source=self.source(units, measures),
        )  # fmt: skip

    def source(self, units: Iterable[Unit], measures: Iterable[str], base: Board | None = None) -> str:
        """The source that a figure made of these counts (and of those in `base`) must carry: the least trusted."""
        boards, wanted = [self, *([base] if base else [])], list(measures)
        counts = [board.count(unit, measure) for unit in units for measure in wanted for board in boards]
        return least_trusted(count.source for count in counts if count is not None)

    def source_text(self, units: Sequence[Unit], measures: Sequence[str]) -> str:
        """The source line of a table or chart: the forms its counts come from, and what they are."""
        known = [name for name in measures if any(self.count(unit, name) for unit in units)]
        forms = dict.fromkeys(self.measures[name].form for name in known)
        kind = SOURCE_LABELS[self.source(units, known)]
        return f"{'; '.join(self.name(form) for form in forms)} ({markup.escape(kind)})."

    def label(self, measure: str) -> str:
        """A measure's name inside a sentence."""
        label = self.measures[measure].label
        return self.name(label[:1].lower() + label[1:])

    def name(self, text: str) -> str:
        """A fixed name from the definitions, declared where it holds a digit."""
        return self.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)

    def _definition(self, name: str) -> Indicator:
        self.used[name] = None
        return next(one for one in self.indicators if one.name == name)

    def _about(self, definition: Indicator, unit: Unit, rate: Rate) -> dict:
        return {
            "label": definition.label, "unit": unit, "period": self.period, "source": rate.source,
            "facts": rate.facts, "formula": definition.formula,
        }  # fmt: skip


def make_board(
    counts: pd.DataFrame,
    results: pd.DataFrame,
    indicators: Sequence[Indicator],
    period: Period,
    measures: Mapping[str, Measure],
    claims: Claims,
) -> Board:
    """The board of `counts` (columns of `rates.COUNTS`, and `missing`) and of `results` of the indicators (`coverage.COVERED`)."""
    in_force = [found for one in indicators if (found := definition(one.name, period, [one]))]
    held = {
        (unit, measure): Count(int(value), source, int(facts), missing)
        for unit, measure, value, source, facts, missing in zip(
            *(counts[name] for name in ("unit", "measure", "value", "source", "facts", "missing")),
            strict=True,
        )
    }  # fmt: skip
    columns = ["unit", "indicator", "numerator", "denominator", "source", "facts", "missing", "instead"]
    rates = {
        (unit, name): Rate(_whole(numerator), _whole(denominator), source, facts, missing, bool(instead))
        for unit, name, numerator, denominator, source, facts, missing, instead in zip(
            *(results[name] for name in columns), strict=True
        )
    }
    return Board(claims, period, measures, in_force, held, rates, results)


def _whole(value) -> int | None:
    return None if pd.isna(value) else int(value)
