"""Published figures with what was found about them, as documents print both: counted, quoted, listed.

Every numeral taken from a memo is a quotation, its slips included; every number of ours is a claim.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from baocao.definitions import Period, Register, Unit
from baocao.reports.published.check import check, load_known
from baocao.reports.published.figures import Figure
from baocao.reports.published.findings import (
    AGREES,
    RULES,
    Computed,
    Finding,
    Piece,
    conclude,
)
from baocao.writing import Claims, capitalise, markup


@dataclass(frozen=True)
class Judged:
    """Published figures in a document: what was found about them, and the claims they are printed with.

    `findings` are only those about `figures`; they were made with all published figures (`find_about`). `period`
    is the document's.
    """

    register: Register
    period: Period
    claims: Claims
    figures: tuple[Figure, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def verdicts(self) -> dict[str, str]:
        """One verdict for each figure, by id."""
        return conclude(self.figures, self.findings)

    def exact(self, figure: Figure) -> Finding | None:
        """What the memo's own parts make of the figure: the law that fails before one that holds."""
        own = [one for one in self.findings if one.figure is figure and one.recomputed]
        return min(own, key=lambda one: one.verdict == AGREES, default=None)

    def count(self, value: int, label: str, *, measured_in: str = "số liệu", in_text: bool = True) -> str:
        """How many figures or memos are so, as a claim stated for the unit that the first figure is about."""
        return self.claims.count(
            value, in_text=in_text, label=capitalise(label), unit=self._scope(self.figures[0])[0], period=self.period,
            source="published", measured_in=measured_in, formula="đếm trong bảng số liệu đã công bố",
        )  # fmt: skip

    # --- lists -----------------------------------------------------------------------------------------------------
    def places(self, found: Sequence[Finding], *, with_memo: bool = False) -> str:
        """The places in which something was found, numbered: their words, and what is wrong with them."""
        by_place: dict[tuple[str, str], list[Finding]] = {}
        for finding in found:
            by_place.setdefault((finding.figure.memo, finding.figure.quote), []).append(finding)
        items = []
        for (memo, quote), own in by_place.items():
            lead = f"{self.claims.name(memo)}: " if with_memo else ""
            points = [self._point(finding) for finding in own]
            items.append(with_points(f"{lead}“{self.quote(quote)}”.", points))
        return markup.numbered(items)

    def _point(self, finding: Finding) -> str:
        sentence = self.sentence(finding)
        about = f"{self.words(finding.figure.label)} ({self.units(finding.figure)})"
        return f"{about}: {sentence[:1].lower()}{sentence[1:]}"

    def unchecked(self, figures: Sequence[Figure]) -> list[str]:
        """Why each of the figures can be neither proved nor refuted; those of one label and reason share a point."""
        alike: dict[tuple[str, tuple[Piece, ...]], list[Finding]] = {}
        for finding in self.findings:
            if (
                finding.rule == "coverage" and finding.figure in figures
            ):  # a sentence begins with "In" and the figure
                alike.setdefault((finding.figure.label, finding.sentence[2:]), []).append(finding)
        return [
            f"{self.words(label)}: {'; '.join(self.quote(one.figure.printed) for one in group)}"
            f"{self.sentence(group[0], reason)}"
            for (label, reason), group in alike.items()
        ]

    # --- in print --------------------------------------------------------------------------------------------------
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


def with_points(lead: str, points: Sequence[str]) -> str:
    """A list item with points below it; a single point goes on in the same paragraph."""
    if len(points) == 1:
        return f"{lead} {points[0]}"
    return lead + "\n\n" + "\n".join(f"    - {point}" for point in points) + "\n"


def find_about(
    root: Path, figures: Sequence[Figure], known: Sequence[Figure], register: Register
) -> tuple[Finding, ...]:
    """The findings about `figures`; a sum may reach outside them, hence all `known` ones are checked."""
    return tuple(one for one in check(known, load_known(root, known, register)) if one.figure in figures)
