"""What follows from a score and prints itself: maximum, share, points lost, mean, distance, rank, change since another time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from baocao.analysis import Reason, change_of_rank
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import markup, phrases
from baocao.writing.claims import Claims, least_trusted
from baocao.writing.figures import SILENT, About, Absence, Kind, Moving, Valued, Words

NO_SCORE: Reason = ("không có điểm của kỳ đó",)
OTHER_MAXIMUM: Reason = ("điểm tối đa đã thay đổi",)
PUBLISHED, COMPUTED = "Hạng công bố", "Hạng tính từ điểm công bố"


def decimals_of(value: Fraction) -> int:
    """Two, or three where as many were published."""
    return 3 if (value * 100).denominator != 1 and (value * 1000).denominator == 1 else 2


def written(value: Fraction | None, *, trim: bool = False) -> str:
    return vn.MISSING if value is None else vn.format_number(value, 2, trim=trim)


@dataclass(frozen=True, eq=False, repr=False)
class Points(About, Valued):
    """Points that follow from a score, or are held against it: maximum, share, points lost, mean."""

    amount: Fraction | None
    what: str
    formula: str = ""
    source: str = ""
    measured_in: str = "điểm"
    trim: bool = False

    @property
    def value(self) -> Fraction | None:
        return self.amount

    @property
    def absence(self) -> Absence | None:
        said = f"{self.what[:1].lower()}{self.what[1:]}"
        return Absence(Kind.NOT_REPORTED, said, unit=self.of.unit) if self.amount is None else None

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        about = {"formula": self.formula, **self.of.about(self.what, source=self.source)}
        if self.measured_in == "%":
            return claims.state("change_percent", self.amount, measured_in="%", decimals=2, **about)
        return claims.score(self.amount, decimals=decimals_of(self.amount), trim=self.trim, **about)


@dataclass(frozen=True, eq=False, repr=False)
class Apart(About, Moving):
    """How far a score is from another: "cao hơn 0,12 điểm", "+0,12" in a column, "bằng điểm"."""

    other: Valued
    style: str = "words"

    @property
    def value(self) -> Fraction | None:
        return None if self.absence else self.of.value - self.other.value

    @property
    def absence(self) -> Absence | None:
        return self.of.absence or self.other.absence

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        if not self.value:
            return "bằng điểm" if self.style == "words" else written(Fraction(0))
        sides = [written(one.value) for one in (self.of, self.other)]
        about = self.of.about(f"Khoảng cách đến {self._other_name}")
        size = claims.change(self.value, measured_in="điểm", formula=" - ".join(sides), **about)
        if self.style == "signed":
            return f"{markup.escape('+' if self.value > 0 else '-')}{size}"
        return f"{'cao hơn' if self.value > 0 else 'thấp hơn'} {size} điểm"

    @property
    def _other_name(self) -> str:
        if isinstance(self.other, Points):
            return self.other.what[:1].lower() + self.other.what[1:]
        return self.other.unit.official_name


# --- ranks -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False, repr=False)
class Standing(About, Valued):
    """A rank with its base, "31/34"; `what` says whether it was published or computed from published scores."""

    rank: int | None
    out_of: int | None
    tied: bool = False
    what: str = PUBLISHED

    said = "thứ hạng"

    @property
    def period(self) -> Period:
        """The period of its score."""
        return self.of.period

    @property
    def value(self) -> int | None:
        return self.rank

    @property
    def absence(self) -> Absence | None:
        return SILENT if self.rank is None else None

    @property
    def bare(self) -> Standing:
        """It without its base."""
        return replace(self, out_of=None, tied=False)

    @property
    def is_ahead(self) -> bool | None:
        """Whether it is in the first half; None where the base is not known."""
        return 2 * self.rank <= self.out_of if self.rank and self.out_of else None

    def change(self, base: Any) -> Climb:
        """How many places it has gained or lost since a period, or since an earlier score."""
        return Climb(self, self.of.earlier(base).rank)

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        is_computed = self.what == COMPUTED
        rank = claims.rank(
            self.rank, self.out_of, facts=(self.out_of or 0) if is_computed else 1,
            formula="số địa phương có điểm cao hơn + 1" if is_computed else self.of.published.formula,
            **self.of.about(self.what),
        )  # fmt: skip
        return f"{rank} (đồng\u00a0hạng)" if self.tied else rank


# --- over time -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False, repr=False)
class Move(About, Moving):
    """How a score has changed since an earlier one; not comparable where the index was computed otherwise."""

    earlier: Any
    style: str = "words"

    @property
    def base(self) -> Period:
        """The earlier period."""
        return self.earlier.period

    @property
    def reason(self) -> Reason:
        """Why it is not compared; empty where it is."""
        if self.earlier.value is None:
            return NO_SCORE
        most = self.of.maximum.value, self.earlier.maximum.value
        return self.of.capture.refuses(self.earlier.capture) or (OTHER_MAXIMUM if most[0] != most[1] else ())

    @property
    def why(self) -> Words:
        """Why it is not compared, in words; absent where it is."""
        return replace(self.figures.reason(self.reason), absent=None if self.reason else SILENT)

    @property
    def absence(self) -> Absence | None:
        if not self.of.known or not self.reason:
            return self.of.absence
        return Absence(Kind.NOT_COMPARABLE, self.of.said, self.reason, self.base)

    @property
    def value(self) -> Fraction | int | None:
        return None if self.absence else self.of.value - self.earlier.value

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        phrase = phrases.change_of_score if self.style == "words" else phrases.moved
        about = self.of.about(f"Thay đổi so với {self.base.name}")
        about["source"] = least_trusted([about["source"], self.earlier.published.source])
        formula = f"{written(self.of.value)} - {written(self.earlier.value)}"
        size = self.value and claims.change(self.value, measured_in="điểm", formula=formula, **about)
        return phrase(self.value, size)


@dataclass(frozen=True, eq=False)
class Climb(Move):
    """How many places a published rank has gained (more is better) or lost since an earlier one."""

    @property
    def reason(self) -> Reason:
        now, then = self.of, self.earlier
        by_rank = change_of_rank(now.rank, now.out_of, then.rank, then.out_of)[1]
        return by_rank or self.of.of.capture.refuses(self.earlier.of.capture)

    @property
    def absence(self) -> Absence | None:
        return SILENT if self.of.known and self.earlier.rank is None else super().absence

    @property
    def value(self) -> int | None:
        return None if self.absence else self.earlier.rank - self.of.rank

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        about = self.of.of.about(f"Thay đổi thứ hạng so với {self.base.name}")
        formula = f"{self.earlier.rank} - {self.of.rank}"
        size = self.value and claims.count(abs(self.value), measured_in="bậc", formula=formula, **about)
        return phrases.change_of_rank(self.value, size)
