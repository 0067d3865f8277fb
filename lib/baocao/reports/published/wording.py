"""Findings in print: every numeral of a memo is a quotation, its slips included, every number of ours a claim."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from baocao.definitions.units import Register, Unit
from baocao.reports.published.figures import Figure
from baocao.reports.published.findings import RULES, Computed, Finding, Piece
from baocao.writing import markup
from baocao.writing.claims import Claims


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

    def printed(self, figure: Figure) -> str:
        """The numeral with the word that loosens it, as the memo prints both ("trên 47.411", "từ 20% trở lên")."""
        quoted = self.quote(figure.printed)
        if "…" in figure.qualifier:
            before, _, after = figure.qualifier.partition("…")
            return f"{markup.escape(before)} {quoted} {markup.escape(after)}"
        return f"{markup.escape(figure.qualifier)} {quoted}" if figure.qualifier else quoted

    def units(self, figure: Figure) -> str:
        """The names of the units that a figure is about."""
        return "; ".join(self.claims.unit(unit) for unit in self._scope(figure))

    def sentence(self, finding: Finding, pieces: Sequence[Piece] | None = None) -> str:
        """The finding's sentence, or only these `pieces` of it."""
        chosen = finding.sentence if pieces is None else pieces
        return "".join(self._piece(piece, finding) for piece in chosen)

    def computed(self, number: Computed, finding: Finding) -> str:
        """A number worked out from printed ones, by which law."""
        return self.number(
            number, finding.figure, what="tính lại từ các số đã in", source="published", formula=RULES[finding.rule]
        )  # fmt: skip

    def stored(self, number: Computed, figure: Figure, source: str, **about) -> str:
        """A number of the store for a published figure, from facts of this `source`."""
        return self.number(number, figure, what="theo kho số liệu", source=source, **about)

    def number(
        self, number: Computed, figure: Figure, *, what: str, unit: Unit | None = None, **about
    ) -> str:
        """A number of ours as a claim on a published figure: what it is, of which unit and period.

        `unit` is the figure's first one where none is given; `about` goes to `Claims.state`.
        """
        about |= {
            "label": f"{figure.label}, {what}",
            "unit": unit or self._scope(figure)[0],
            "period": figure.period,
            "decimals": number.decimals,
        }
        if number.numerator is not None:
            return self.claims.percent(number.numerator, number.denominator, **about)
        if number.measured_in == "%":
            return self.claims.state("target", number.value, measured_in="%", **about)
        form = "score" if number.decimals else "count"
        return self.claims.state(form, number.value, measured_in=number.measured_in, **about)

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
