"""Scores that print themselves: points and ranks as they were published, and what follows from them.

A `Capture` is what was published together of one index; a `Score` is one component of one unit in it, known by its
points, its rank or both. What was not published is absent and never zero; scores of two captures are held against each
other only while the index was computed alike, ranks only among as many units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from baocao.analysis import Place, Reason, break_reason
from baocao.definitions import Component, Index, Period, Unit, addressee
from baocao.definitions import vietnamese as vn
from baocao.writing.claims import Claims
from baocao.writing.figures import SILENT, Absence, Figures, Kind, Valued, Words
from baocao.writing.score_parts import (
    COMPUTED,
    PUBLISHED,
    Apart,
    Move,
    Points,
    Standing,
    decimals_of,
    written,
)

OTHER_WINDOW: Reason = ("hai kỳ đánh giá khác nhau, điểm của kỳ này không được tính từ điểm của kỳ kia",)


class Published(NamedTuple):
    """What was published of one component of one unit; None for what was not.

    facts    how many published scores it is the sum of
    formula  how it was derived from other published figures
    where    where it was published, for the claim
    """

    points: Fraction | None = None
    rank: int | None = None
    out_of: int | None = None
    maximum: Fraction | None = None
    source: str = "published"
    facts: int = 1
    formula: str = ""
    where: str = ""
    measured_in: str = "điểm"
    note: str = ""


@dataclass(frozen=True, eq=False)
class Capture:
    """What was published together of one index, in one period.

    rows        by the unit's code and the component
    places      ranks computed among all units of a kind, where the scores of all were published; likewise
    country     the unweighted mean and the highest score of all by component
    earlier     what was published of another period; without rows where nothing was
    conditions  what may change from year to year so that scores are not held against each other
    """

    figures: Figures
    index: Index
    period: Period
    rows: Mapping[tuple[str, str], Published]
    earlier: Callable[[Period], Capture]
    as_of: date | None = None
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    country: Mapping[str, tuple[Fraction, Fraction]] = field(default_factory=dict)
    conditions: str = "điều kiện tính điểm"

    def score(self, component: str, unit: Unit) -> Score:
        """The score of a unit in a component, published or not."""
        return Score(self, self.index.component(component), unit)

    @property
    def day(self) -> date:
        """As of when the scores are, the last day of their period where nobody says it."""
        return self.as_of or self.period.end

    def refuses(self, other: Capture) -> Reason:
        """Why scores of an earlier capture are not held against these; empty where they are."""
        if year := self.index.break_between(other.day, self.day):
            return break_reason(year, self.conditions)
        alike = (other.period.kind, other.period.convention) == (self.period.kind, self.period.convention)
        return () if alike else OTHER_WINDOW


@dataclass(frozen=True, eq=False, repr=False)
class Score(Valued):
    """The score of one unit in one component; `missing`: why it is not known, where there is more to say than that."""

    capture: Capture
    component: Component
    unit: Unit
    missing: Absence | None = None

    def __repr__(self) -> str:
        """How JupyterLab shows it in a cell that only names it: no claim."""
        points = vn.format_number(self.value, decimals_of(self.value)) if self.known else "chưa được công bố"
        return f"{self.component.label}, {self.unit.official_name}, {self.period.name}: {points}"

    # --- what it is --------------------------------------------------------------------------------------------
    @property
    def figures(self) -> Figures:
        return self.capture.figures

    @property
    def period(self) -> Period:
        """The period that it judges."""
        return self.capture.period

    @cached_property
    def published(self) -> Published:
        """What was published of it."""
        return self.capture.rows.get((self.unit.code, self.component.name), Published())

    @property
    def value(self) -> Fraction | None:
        return self.published.points

    @property
    def absence(self) -> Absence | None:
        if self.value is not None:
            return None
        return self.missing or Absence(Kind.NOT_REPORTED, self.said, unit=self.unit)

    @property
    def said(self) -> str:
        """Its name inside a sentence."""
        label = self.component.label
        return f"{label[:1].lower()}{label[1:]}" if self.component.level == "total" else f"điểm {label}"

    # --- names -------------------------------------------------------------------------------------------------
    @property
    def name(self) -> Words:
        """The component."""
        return self.figures.name(self.component.label)

    @property
    def inside(self) -> Words:
        """The component inside a sentence."""
        return self.figures.name(self.component.label[:1].lower() + self.component.label[1:])

    @property
    def whose(self) -> Words:
        """The unit inside a sentence."""
        return self.figures.unit(self.unit)

    @property
    def addressee(self) -> Words:
        """The body that answers for the unit: "UBND xã Đức Thọ"."""
        return self.figures.unit(self.unit, addressee(self.unit))

    @property
    def short(self) -> Words:
        """The unit in a table: a province by its bare name."""
        is_province = self.unit.kind == "province"
        return self.figures.unit(self.unit, self.unit.name if is_province else self.unit.full_name)

    # --- made into others --------------------------------------------------------------------------------------
    def at(self, unit: Any) -> Score:
        """The same component of another unit."""
        return replace(self, unit=getattr(unit, "unit", unit))

    def part(self, component: str) -> Score:
        """Another component of the same unit."""
        return replace(self, component=self.capture.index.component(component))

    def then(self, base: Any) -> Score:
        """The same in another period."""
        other = self.capture.earlier(getattr(base, "period", base))
        return replace(self, capture=other, missing=SILENT)

    def earlier(self, base: Any) -> Score:
        """What it is held against: an earlier score, or its own in another period."""
        return base if isinstance(base, Score) else self.then(base)

    def change(self, base: Any, style: str = "words") -> Move:
        """How it has changed since a period, or since an earlier score; `style`: "words" or "column"."""
        return Move(self, self.earlier(base), style)

    def against(self, other: Valued, style: str = "words") -> Apart:
        """How many points higher or lower than another score, or than a mean; `style`: "words" or "signed"."""
        return Apart(self, other, style)

    @property
    def maximum(self) -> Points:
        """The most points that the component can bring."""
        most = self.published.maximum or self.component.maximum or None
        return Points(self, most, "Điểm tối đa", source="reference", trim=True)

    @property
    def share(self) -> Points:
        """The points in % of the maximum."""
        most = self.maximum.value
        share = 100 * self.value / most if self.known and most else None
        formula = f"{written(self.value)} / {written(most, trim=True)}"
        return Points(self, share, "Tỷ lệ điểm đạt được trên điểm tối đa", formula, measured_in="%")

    @property
    def lost(self) -> Points:
        """The points that it lacks to the maximum."""
        most = self.maximum.value
        lost = most - self.value if self.known and most else None
        return Points(self, lost, "Điểm còn thiếu", "điểm tối đa - điểm đạt được")

    @property
    def mean(self) -> Points:
        """The unweighted mean of all units of the kind."""
        mean = self.capture.country.get(self.component.name, (None, None))[0]
        return Points(self, mean, "Bình quân cả nước", "bình quân giản đơn điểm của các tỉnh, thành phố")

    @property
    def best(self) -> Points:
        """The highest score of all units of the kind."""
        best = self.capture.country.get(self.component.name, (None, None))[1]
        return Points(self, best, "Điểm cao nhất cả nước", "điểm lớn nhất")

    @property
    def to_best(self) -> Points:
        """The points that it lacks to the highest score."""
        best = self.best.value
        short = best - self.value if self.known and best is not None else None
        return Points(self, short, "Khoảng cách đến điểm cao nhất", "cao nhất - điểm đạt")

    @property
    def when(self) -> Words:
        """Its period."""
        return self.figures.period_name(self.period)

    @property
    def as_of(self) -> Words:
        """As of when it is; absent where nobody says it."""
        day = self.capture.as_of
        return Words(self.figures, lambda claims, first: claims.date(day), None if day else SILENT)

    @property
    def from_mean(self) -> Apart:
        """How far it is from the mean."""
        return self.against(self.mean)

    @property
    def grade(self) -> Words:
        """The grade of its points; silent where the index has none."""
        band = self.capture.index.band(self.value) if self.known else None
        return replace(self.figures.name(band.label if band else ""), absent=None if band else SILENT)

    @property
    def rank(self) -> Standing:
        """Its rank as it was published."""
        return Standing(self, self.published.rank, self.published.out_of, what=PUBLISHED)

    @property
    def place(self) -> Standing:
        """Its rank computed from the scores of all."""
        place = self.capture.places.get((self.unit.code, self.component.name))
        if place is None:
            return Standing(self, None, None, what=COMPUTED)
        return Standing(self, place.rank, place.out_of, bool(place.tied), COMPUTED)

    # --- in print ------------------------------------------------------------------------------------------------
    def about(self, what: str, *, source: str = "") -> dict[str, Any]:
        """What every claim on it says of itself."""
        where = f" ({self.published.where})" if self.published.where else ""
        if self.capture.as_of:
            where += f", số liệu đến ngày {vn.format_date(self.capture.as_of, 'short')}"
        return {
            "label": f"{what}: {self.component.label}, {self.capture.index.short_label}{where}", "unit": self.unit,
            "period": self.period, "source": source or self.published.source,
        }  # fmt: skip

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        one = self.published
        about = {
            **self.about("Điểm"),
            "formula": one.formula,
            "facts": one.facts,
            "decimals": decimals_of(self.value),
        }
        if one.measured_in == "%":
            return claims.state("change_percent", self.value, measured_in="%", **about)
        return claims.score(self.value, trim=in_text, **about)
