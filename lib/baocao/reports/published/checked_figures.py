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
    FAULTS,
    MEANINGS,
    RULES,
    Computed,
    Finding,
    Piece,
    conclude,
)
from baocao.writing import Claims, Markdown, capitalise, markup


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

    @property
    def wording(self) -> Wording:
        """How findings are printed with the document's claims."""
        return Wording(self.claims, self.register)

    def with_points(self, lead: str, points: Sequence[str]) -> str:
        """A list item with points below it; a single point goes on in the same paragraph."""
        if len(points) == 1:
            return f"{lead} {points[0]}"
        return lead + "\n\n" + "\n".join(f"    - {point}" for point in points) + "\n"

    @cached_property
    def verdicts(self) -> dict[str, str]:
        """One verdict for each figure, by id."""
        return conclude(self.figures, self.findings)

    @property
    def counted_for(self) -> Unit:
        """Whom the numbers of figures are stated for: the unit that the first figure is about."""
        first = self.figures[0]
        return self.register.get(first.scope[0], first.as_of)


def find_about(
    root: Path, figures: Sequence[Figure], known: Sequence[Figure], register: Register
) -> tuple[Finding, ...]:
    """The findings about `figures`; a sum may reach outside them, hence all `known` ones are checked."""
    return tuple(one for one in check(known, load_known(root, known, register)) if one.figure in figures)


def print_number(
    report: Judged, value: int, label: str, *, measured_in: str = "số liệu", in_text: bool = True
) -> str:
    """How many figures or memos are so, as a claim."""
    return report.claims.count(
        value,
        in_text=in_text,
        label=capitalise(label),
        unit=report.counted_for,
        period=report.period,
        source="published",
        measured_in=measured_in,
        formula="đếm trong bảng số liệu đã công bố",
    )


def faults(report: Judged) -> Markdown:
    """The figures to be mended, gravest first: the memo, its words, and what is wrong with them."""
    parts: list[str] = []
    for verdict in FAULTS:
        found = [finding for finding in report.findings if finding.verdict == verdict]
        if found:
            places = dict.fromkeys((finding.figure.memo, finding.figure.quote) for finding in found)
            items = [
                describe_place(
                    report,
                    f"{report.claims.name(memo)}: ",
                    quote,
                    [one for one in found if one.figure.memo == memo],
                )
                for memo, quote in places
            ]
            parts += [f"### {MEANINGS[verdict]}", markup.numbered(items)]
    return markup.paragraphs(*parts) if parts else Markdown("Không có số liệu phải xem lại.\n")


def list_unchecked(report: Judged, figures: Sequence[Figure]) -> list[str]:
    """Why each of the figures can be neither proved nor refuted; those of one label and reason share a point."""
    own = [one for one in report.findings if one.rule == "coverage" and one.figure in figures]
    # A sentence begins with "In" and the figure.
    alike: dict[tuple[str, tuple[Piece, ...]], list[Finding]] = {}
    for finding in own:
        alike.setdefault((finding.figure.label, finding.sentence[2:]), []).append(finding)
    points = []
    for (label, reason), group in alike.items():
        numerals = "; ".join(report.wording.quote(finding.figure.printed) for finding in group)
        points.append(f"{report.wording.words(label)}: {numerals}{report.wording.sentence(group[0], reason)}")
    return points


def describe_place(report: Judged, lead: str, quote: str, found: Sequence[Finding]) -> str:
    """All that is found (of one memo) in the words quoted, under one heading; `lead` names the memo."""
    points = []
    for finding in [one for one in found if one.figure.quote == quote]:
        units = report.wording.units(finding.figure)
        sentence = report.wording.sentence(finding)
        sentence = sentence[:1].lower() + sentence[1:]
        points.append(f"{report.wording.words(finding.figure.label)} ({units}): {sentence}")
    return report.with_points(f"{lead}“{report.wording.quote(quote)}”.", points)


# --------------------------------------------------------------------------------------------------
# Findings in print: every numeral of a memo is a quotation, its slips included, every number of ours a
# claim.


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
