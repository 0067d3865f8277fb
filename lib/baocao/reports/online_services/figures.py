"""One unit's share and what it is held against, printed as claims: each figure says what it is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Any

import pandas as pd

from baocao.analysis import MINIMUM_DENOMINATOR, Reason, owners
from baocao.definitions import Indicator, Period, Unit
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims, least_trusted, phrases


@dataclass(frozen=True)
class Standing:
    """A row of `Setting.compare`: a unit's share in the period, in the same period a year before, its target.

    The methods print a figure through a report's claims or a chart's; "–" where it has no value.
    """

    definition: Indicator
    unit: Unit
    period: Period
    base: Period
    numerator: int | None
    denominator: int | None
    source: str
    facts: int
    base_numerator: int | None
    base_denominator: int | None
    base_source: str
    change_pp: Fraction | None
    change_pct: Fraction | None
    comparable: str
    told: Reason
    missing: tuple[Unit, ...] = ()
    instead: bool = False
    bridge: tuple[Unit, ...] = ()
    target: Fraction | None = None
    target_source: str = ""
    met: bool | None = None
    no_target: str = ""
    note: str = ""

    @property
    def value(self) -> Fraction | None:
        """The share in %; None where a part was not reported or there was no dossier."""
        return vn.rate(self.numerator, self.denominator)

    @property
    def base_value(self) -> Fraction | None:
        """The share of the base period in %, as it stands for the unit."""
        return vn.rate(self.base_numerator, self.base_denominator)

    @property
    def is_level(self) -> bool:
        """Whether other shares may be held against it: it has a value, of all units."""
        return self.value is not None and not self.missing

    @property
    def is_compared(self) -> bool:
        """Whether the two periods may be held against each other."""
        return self.comparable != "no"

    @property
    def is_small(self) -> bool:
        """Whether the share is made of too few dossiers to say much."""
        return self.denominator is not None and self.denominator < MINIMUM_DENOMINATOR

    @property
    def is_judged(self) -> bool:
        """Whether it is made of enough dossiers to praise or blame anybody for."""
        return self.value is not None and not self.is_small

    @property
    def is_full(self) -> bool:
        """Whether every dossier was filed online, of enough of them."""
        return self.is_judged and self.numerator == self.denominator

    @property
    def has_growth(self) -> bool:
        """Whether its relative change says something: a share that was made of few dossiers filed online can grow by 285%."""
        return self.change_pct is not None and self.base_numerator >= MINIMUM_DENOMINATOR

    @property
    def measures(self) -> tuple[str, ...]:
        """What the denominator is made of; what the numerator is, where that alone is known."""
        if self.denominator is None and self.numerator is not None:
            return self.definition.numerator
        return self.definition.denominator_instead if self.instead else self.definition.denominator

    def print_rate(self, claims: Claims) -> str:
        """The share in %."""
        return claims.percent(
            self.numerator,
            self.denominator,
            decimals=self.definition.decimals,
            facts=self.facts,
            **self._now(),
        )

    def print_numerator(self, claims: Claims) -> str:
        """The dossiers filed online alone, in running text."""
        about = self._now() | {"label": phrases.capitalise(self.definition.numerator_label), "formula": ""}
        return claims.count(self.numerator, in_text=True, facts=self.facts, **about)

    def print_fraction(self, claims: Claims) -> str:
        """Its two parts."""
        if self.value is None:
            return vn.MISSING
        return claims.fraction(self.numerator, self.denominator, facts=self.facts, **self._now())

    def print_base_rate(self, claims: Claims) -> str:
        """The share of the base period in %."""
        return claims.percent(
            self.base_numerator, self.base_denominator, decimals=self.definition.decimals, **self._then()
        )

    def print_base_fraction(self, claims: Claims) -> str:
        """The two parts of the base period's share."""
        if self.base_value is None:
            return vn.MISSING
        return claims.fraction(self.base_numerator, self.base_denominator, **self._then())

    def print_points(self, claims: Claims) -> str:
        """The change in percentage points, without its sign."""
        return self._change(
            claims, self.change_pp, "điểm phần trăm", "tỷ lệ kỳ này - tỷ lệ cùng kỳ năm trước"
        )

    def print_growth(self, claims: Claims) -> str:
        """The change in % of the base period's share, without its sign; "–" where that was 0 or made of few dossiers."""
        formula = "(tỷ lệ kỳ này - tỷ lệ cùng kỳ năm trước) / tỷ lệ cùng kỳ năm trước"
        return self._change(claims, self.change_pct if self.has_growth else None, "%", formula)

    def print_target(self, claims: Claims) -> str:
        """The target in force."""
        return claims.target(self.target, formula=self.target_source, **self._about("Chỉ tiêu", self.period))

    def print_gap(self, claims: Claims, wanted: Fraction, formula: str) -> tuple[str, str]:
        """What is missing to a rate `wanted` in %: percentage points, and dossiers of this period."""
        points, dossiers = wanted - self.value, ceil(wanted * self.denominator / 100) - self.numerator
        about = {**self._about("Còn thiếu", self.period), "source": self.source, "formula": formula}
        return (
            claims.change(points, measured_in="điểm phần trăm", **about),
            claims.count(dossiers, in_text=True, **about),
        )

    def _change(self, claims: Claims, change: Fraction | None, measured_in: str, formula: str) -> str:
        if change is None:
            return vn.MISSING
        source = least_trusted([self.source, self.base_source])
        about = self._about("Thay đổi so với cùng kỳ", self.period)
        return claims.change(change, measured_in=measured_in, formula=formula, source=source, **about)

    def _now(self) -> dict[str, Any]:
        return {**self._about("", self.period), "source": self.source, "formula": self.definition.formula}

    def _then(self) -> dict[str, Any]:
        source = self.base_source if self.base_value is not None else self.source
        about = self._about("", self.base)
        about["label"] += owners(self.bridge)
        return {**about, "source": source, "formula": self.definition.formula}

    def _about(self, what: str, period: Period) -> dict[str, Any]:
        label = f"{what}: {self.definition.label}" if what else self.definition.label
        return {"label": f"{label}, {self.note}" if self.note else label, "unit": self.unit, "period": period}


def read_standing(
    row: Mapping[str, Any], definition: Indicator, unit: Unit, period: Period, base: Period
) -> Standing:
    """The standing of a row of `Setting.compare`."""
    whole = ("numerator", "denominator", "base_numerator", "base_denominator")
    kept = (
        "source", "base_source", "facts", "change_pp", "change_pct", "comparable", "told", "missing", "bridge",
        "instead", "target_source", "met", "no_target",
    )  # fmt: skip
    numbers = {name: None if pd.isna(row[name]) else int(row[name]) for name in whole}
    target = None if row["target"] is None else Fraction(row["target"])
    about = {name: row[name] for name in kept}
    return Standing(definition, unit, period, base, target=target, **numbers, **about)


def add_standings(standings: Sequence[Standing], unit: Unit, note: str) -> Standing:
    """The share of several units with figures, taken together under the name of `unit`: the ratio of their sums.

    It is held against nothing. `note` says in explanations which of the unit's they are.
    """
    sums = {
        name: sum(getattr(one, name) for one in standings) for name in ("numerator", "denominator", "facts")
    }
    return replace(
        standings[0], **sums, unit=unit, note=note, source=least_trusted(one.source for one in standings),
        base_numerator=None, base_denominator=None, base_source="", change_pp=None, change_pct=None,
        comparable="no", told=(), missing=(), instead=False, bridge=(), met=None,
    )  # fmt: skip
