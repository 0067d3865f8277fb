"""One printed figure: its exact value, the rule it is written by, and what it is made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from decimal import Decimal
from fractions import Fraction
from typing import Any

from baocao.definitions import vietnamese as vn

SOURCE_LABELS = {
    "published": "số liệu đã công bố",
    "received": "số liệu nhận được",
    "sample": "SỐ LIỆU MẪU",
    "reference": "danh mục, chỉ tiêu có căn cứ pháp lý",
}
SAMPLE_MARK = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
"""What every page and every sheet made from any sample fact says (in PDF and HTML put there by the form)."""

_LEAST_TRUSTED_FIRST = ("sample", "received", "published", "reference")


def least_trusted(sources: Iterable[str]) -> str:
    """The source that a figure made of several must carry: any sample makes it sample."""
    found = set(sources)
    for source in _LEAST_TRUSTED_FIRST:
        if source in found:
            return source
    raise ValueError(f"unknown sources {sorted(found)}; known: {_LEAST_TRUSTED_FIRST}")


@dataclass(frozen=True)
class Claim:
    """One printed figure: its exact value, how it is written, and what it is made of.

    `value` is an exact number as `Fraction` writes it ("1193/20"); `form` names the writing rule in `FORMS`, so
    that anybody can write `text` again from the value. `numerator` and `denominator` are present for a share.
    `facts` counts the fact rows the figure adds up (0 for one derived from other figures, whose `formula` says
    how).
    """

    id: str
    text: str
    form: str
    value: str
    label: str
    measured_in: str
    unit: str
    unit_name: str
    period: str
    window: str
    source: str
    decimals: int = 0
    numerator: int | None = None
    denominator: int | None = None
    formula: str = ""
    facts: int = 0
    chart: int | None = None

    def as_record(self) -> dict[str, Any]:
        """The claim as the notebook stores it: fields that say nothing are left out."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default}

    def written(self) -> str:
        """The text that the stored value must be printed as."""
        return FORMS[self.form](self)

    def explanation(self) -> str:
        """What a reader of the HTML sees on hover: what, whose, when, made of what, from where."""
        parts = [f"{self.label}; {self.unit_name}; {self.window}"]
        if self.numerator is not None and self.denominator is not None and self.form != "fraction":
            parts.append(f"{vn.format_number(self.numerator)}/{vn.format_number(self.denominator)}")
        if self.formula:
            parts.append(f"Cách tính: {self.formula}")
        if self.facts > 1:
            parts.append(f"Cộng {vn.format_number(self.facts)} dòng số liệu")
        parts.append(f"Nguồn: {SOURCE_LABELS[self.source]}")
        return ". ".join(parts) + "."


def _percent(claim: Claim) -> str:
    return vn.format_percent(claim.numerator, claim.denominator, claim.decimals)


def _number(claim: Claim) -> str:
    return vn.format_number(Fraction(claim.value), claim.decimals)


FORMS: dict[str, Callable[[Claim], str]] = {
    "count": _number,
    "count_in_text": lambda claim: vn.format_count_in_text(int(Fraction(claim.value))),
    "percent": _percent,
    "fraction": lambda claim: f"{vn.format_number(claim.numerator)}/{vn.format_number(claim.denominator)}",
    "score": _number,
    "score_trimmed": lambda claim: vn.format_number(Fraction(claim.value), claim.decimals, trim=True),
    "change": lambda claim: vn.format_number(abs(Fraction(claim.value)), claim.decimals),
    "change_percent": lambda claim: vn.format_number(abs(Fraction(claim.value)), claim.decimals) + "%",
    "target": lambda claim: vn.format_number(Fraction(claim.value), claim.decimals, trim=True) + "%",
    "rank": lambda claim: vn.format_number(Fraction(claim.value)),
    "rank_of": lambda claim: f"{claim.numerator}/{claim.denominator}",
}


def exact(value: float | str | Decimal | Fraction) -> Fraction:
    """The number as written, without a binary tail: 82.13 is 8213/100."""
    return value if isinstance(value, Fraction) else Fraction(str(value))
