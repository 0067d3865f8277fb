"""Findings in print: every numeral of a memo is a quotation, its slips included, every number of ours a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from baocao import markup
from baocao.claims import Claims
from baocao.findings import RULES, Computed, Finding, Piece
from baocao.published import Figure
from baocao.units import Register, Unit


@dataclass(frozen=True)
class Wording:
    """Turns findings into Markdown through the `claims` of one report."""

    claims: Claims
    register: Register

    def quote(self, text: str) -> str:
        """Words of a memo as they stand."""
        return self.claims.quote(text) if re.search(r"\d", text) else markup.escape(text)

    def words(self, text: str) -> str:
        """Words of the reference table, as a declared name where they hold a digit ("mức độ 3")."""
        return self.claims.name(text) if re.search(r"\d", text) else markup.escape(text)

    def units(self, figure: Figure) -> str:
        """The names of the units that a figure is about."""
        return "; ".join(self.claims.unit(unit) for unit in self._scope(figure))

    def sentence(self, finding: Finding, pieces: Sequence[Piece] | None = None) -> str:
        """The finding's sentence, or only these `pieces` of it."""
        chosen = finding.sentence if pieces is None else pieces
        return "".join(self._piece(piece, finding) for piece in chosen)

    def computed(self, number: Computed, finding: Finding) -> str:
        """A number of ours as a claim: what it is, of which unit and period, by which law."""
        figure = finding.figure
        about = {
            "label": f"{figure.label}, tính lại từ các số đã in",
            "unit": self._scope(figure)[0],
            "period": figure.period,
            "source": "published",
            "formula": RULES[finding.rule],
            "decimals": number.decimals,
        }
        if number.numerator is not None:
            return self.claims.percent(number.numerator, number.denominator, **about)
        if number.measured_in == "%":
            return self.claims.state("target", number.value, measured_in="%", **about)
        form = "score" if number.decimals else "count"
        return self.claims.state(form, number.value, measured_in=number.measured_in, **about)

    def stored(self, value: Fraction, figure: Figure, source: str) -> str:
        """A number of the store, for a figure's unit and period, as a claim."""
        form = "score" if figure.measured_in == "điểm" else "count"
        return self.claims.state(
            form, value, label=f"{figure.label}, theo kho số liệu", unit=self._scope(figure)[0],
            period=figure.period, source=source, measured_in=figure.measured_in,
            decimals=figure.reading.decimals,
        )  # fmt: skip

    def _piece(self, piece: Piece, finding: Finding) -> str:
        if isinstance(piece, Figure):
            return self.quote(piece.printed)
        if isinstance(piece, Computed):
            return self.computed(piece, finding)
        # Escaping trims; the spaces at both ends part the words from the numerals.
        before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
        return before + markup.escape(piece) + after if piece.strip() else piece

    def _scope(self, figure: Figure) -> list[Unit]:
        return [self.register.get(code, figure.as_of) for code in figure.scope]
