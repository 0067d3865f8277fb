"""Published figures in a document: each as its memo prints it, what was found about it, and the annex that lists them all.

Every numeral taken from a memo is a quotation, its slips included; every number of ours is a claim.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from baocao.definitions import Unit
from baocao.reports.annexes import annex
from baocao.reports.published.check import (
    AGREES,
    FAULTS,
    RULES,
    Computed,
    Finding,
    Piece,
    check,
    conclude,
    load_known,
    subtract,
)
from baocao.reports.published.figures import Figure, figures_about, load_figures
from baocao.reports.published.recomputed import CHANGE, recompute
from baocao.writing import (
    SILENT,
    Claims,
    Figures,
    Listing,
    Markdown,
    Number,
    Printable,
    Words,
    markup,
    paragraphs,
    say_reason,
)

if TYPE_CHECKING:
    from baocao.reports.paper import Paper

DIFFERS = "khác số tính lại"
"""Of a figure that its memo does not refute and the facts do."""


def quote(text: str, claims: Claims, first: bool = False) -> str:
    """Words of a memo as they stand."""
    return claims.quote(text) if re.search(r"\d", text) else markup.escape(text)


@dataclass(frozen=True, eq=False, repr=False)
class Printed(Printable):
    """A published figure: it prints itself as its memo does, with the word that loosens it ("trên 47.411").

    code, name   its key in the list of published figures, and what it is a figure of
    memo, quote  the memo that prints it, and the words round it
    when, units  its period, and of whom it is
    findings     what was found about it among all published figures
    numbers      what the facts make of it
    """

    figures: Figures
    figure: Figure
    code: Words
    name: Words
    memo: Words
    quote: Words
    when: Words
    units: list[Unit]
    findings: list[Finding]
    numbers: list[Computed]

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        before, _, after = map(markup.escape, self.figure.qualifier.partition("…"))
        return " ".join(filter(None, (before, quote(self.figure.printed, claims), after)))

    def _words(self, make: Callable[[Claims, bool], str], is_known: object = True) -> Words:
        return Words(self.figures, make, None if is_known else SILENT)

    @property
    def whose(self) -> Listing:
        """Of whom it is, by name."""
        return Listing(self.figures, tuple(str(self.figures.unit(unit)) for unit in self.units), "; ")

    # --- what was found --------------------------------------------------------------------------------------------
    @property
    def verdict(self) -> str:
        """The gravest finding by what memos print, one of `check.VERDICTS`."""
        return conclude([self.figure], self.findings)[self.figure.id]

    @property
    def is_wrong(self) -> bool:
        """Whether it is at fault."""
        return self.verdict in FAULTS

    @property
    def _exact(self) -> Finding | None:
        """What the memo's own parts make of it: the law that fails before one that holds."""
        own = [one for one in self.findings if one.recomputed]
        return min(own, key=lambda one: one.verdict == AGREES, default=None)

    @property
    def recomputed(self) -> Words:
        """What it should be by other printed figures; silent where they do not say it."""
        found = self._exact
        return self._words(lambda claims, first: self._computed(claims, found.recomputed, found), found)

    @property
    def stored(self) -> Listing:
        """What the facts make of it, for each of its units; silent where they say nothing."""

        def make(claims: Claims, first: bool, one: Computed) -> str:
            unit = " điểm phần trăm" if one.measured_in == "điểm phần trăm" else ""
            return self._state(claims, one, "theo kho số liệu") + unit

        told = [self._words(partial(make, one=one)) for one in self.numbers]
        return Listing(self.figures, tuple(map(str, told)), "; ")

    @property
    def difference(self) -> Computed | None:
        """Printed minus recomputed: from the facts first, from the parts where that is equal; None without either."""
        numbers = [one for one in self.numbers if one.measured_in == self.figure.measured_in]
        numbers += [self._exact.recomputed] if self._exact else []
        found = [subtract(self.figure, number) for number in numbers]
        return next((one for one in found if one.value), found[0] if found else None)

    @property
    def outcome(self) -> str:
        """The verdict with the facts: at fault, else equal or not; "" where there is nothing to compare with."""
        if self.is_wrong or self.difference is None:
            return self.verdict if self.is_wrong else ""
        return DIFFERS if self.difference.value else AGREES

    @property
    def conclusion(self) -> Words:
        """The outcome, and by how much it is too high or too low; silent where there is nothing to compare with."""

        def make(claims: Claims, first: bool) -> str:
            difference, verdict = self.difference, markup.escape(self.outcome)
            if difference is None or not difference.value:
                return verdict
            size = replace(difference, value=abs(difference.value))
            number = self._state(claims, size, "chênh lệch", "số đã in - số tính lại")
            far = (
                f"{'cao' if difference.value > 0 else 'thấp'} hơn {number} {markup.escape(size.measured_in)}"
            )
            return far if self.outcome == DIFFERS else f"{verdict}, {far}"

        return self._words(make, self.outcome)

    # --- in print --------------------------------------------------------------------------------------------------
    def say(self, finding: Finding, pieces: Sequence[Piece]) -> Words:
        """These pieces of what was found."""

        def write(claims: Claims, piece: Piece) -> str:
            if isinstance(piece, Figure):
                return quote(piece.printed, claims)
            if isinstance(piece, str):
                return say_reason((piece,), claims)
            return self._computed(claims, piece, finding)

        return self._words(lambda claims, first: "".join(write(claims, piece) for piece in pieces))

    def _computed(self, claims: Claims, number: Computed, finding: Finding) -> str:
        """A number worked out from printed ones."""
        return self._state(claims, number, "tính lại từ các số đã in", RULES[finding.rule])

    def _state(self, claims: Claims, number: Computed, what: str, formula: str = "") -> str:
        """A number of ours as a claim on it, stated for its first unit where it is of no other."""
        about = {
            "label": f"{self.figure.label}, {what}", "unit": number.unit or self.units[0], "period": self.figure.period,
            "decimals": number.decimals, "source": number.source, "facts": number.facts,
            "formula": formula or number.formula,
        }  # fmt: skip
        if number.numerator is not None:
            return claims.percent(number.numerator, number.denominator, **about)
        form = "target" if number.measured_in == "%" else "score" if number.decimals else "count"
        return claims.state(form, number.value, measured_in=number.measured_in, **about)


Found = tuple[Printed, Finding]


class Place(NamedTuple):
    """The words of a memo in which something was found, and what, a sentence for each point."""

    memo: Words
    quote: Words
    points: Listing


def judge(paper: Paper, chosen: Sequence[Figure], *, but: Sequence[str] = ()) -> list[Printed]:
    """The published figures in a document; a sum may reach outside of them, hence all are checked.

    What the facts make of them is left out where it is of one of the sources `but`.
    """
    setting, figures, known = paper.setting, paper.figures, load_figures(paper.setting.root)
    findings = check(known, load_known(setting.root, known, setting.register))
    return [
        Printed(
            figures,
            one,
            code=Words(figures, lambda claims, first, one=one: claims.code(one.id)),
            name=figures.name(one.label),
            memo=figures.name(one.memo),
            quote=Words(figures, partial(quote, one.quote)),
            when=figures.period_name(one.period),
            units=[setting.register.get(code, one.as_of) for code in one.scope],
            findings=[found for found in findings if found.figure == one],
            numbers=[its for its in recompute(setting.root, setting.history, one) if its.source not in but],
        )
        for one in chosen
    ]


def places(checked: Sequence[Printed], *verdicts: str) -> list[Place]:
    """The places in which something was found with these verdicts, in their order."""
    by_place: dict[tuple[str, str], list[Found]] = {}
    pairs = [(one, finding) for one in checked for finding in one.findings]
    for verdict in verdicts:
        for one, finding in pairs:
            if finding.verdict == verdict:
                by_place.setdefault((one.figure.memo, one.figure.quote), []).append((one, finding))
    made = []
    for found in by_place.values():
        one = found[0][0]
        said = Listing(one.figures, tuple(map(str, points(found))), " ")
        made.append(Place(one.memo, one.quote, said))
    return made


def points(found: Iterable[Found]) -> tuple[Words, ...]:
    """What was found in a sentence each; of one name and for one reason in one sentence."""
    alike: dict[tuple[str, tuple[Piece, ...]], list[Found]] = {}
    for one, finding in found:
        alike.setdefault((one.figure.label, finding.reason), []).append((one, finding))
    return tuple(map(_point, alike.values()))


def _point(group: Sequence[Found]) -> Words:
    one, finding = group[0]
    whose = f" ({one.whose})" if len(group) == 1 else ""
    numerals = "; ".join(str(each.say(its, its.printed)) for each, its in group)
    text = f"{one.name}{whose}: in {numerals}{one.say(finding, finding.reason)}"
    return Words(one.figures, lambda claims, first: one.figures.fill(text, claims))


def unchecked(checked: Iterable[Printed]) -> tuple[Words, ...]:
    """Why these figures can be neither proved nor refuted by what is printed."""
    return points((one, finding) for one in checked for finding in one.findings if finding.rule == "coverage")


def count(paper: Paper, things: Sequence[Any], label: str, measured_in: str = "số liệu") -> Number:
    """How many figures (or other things) they are."""
    return paper.figures.number(len(things), label, paper.subject.unit, ["published"], measured_in)


# --- the annex of a memo that builds a published one again ----------------------------------------------------------
NOTE = (
    "Số đã công bố trong kho được chép từ chính các văn bản này và số liệu mẫu được lập sao cho tổng bằng số đã công bố, nên "
    "“khớp” chỉ cho biết cách tính khớp, không chứng minh số đã in là đúng. Dấu “–”: không có số để tính lại."
)
COLUMNS = {
    "Mã": "{code}", "Số liệu": "{name}", "Đơn vị": "{whose}", "Đã in": "{it}", "Tính từ kho số liệu": "{stored}",
    "Tính từ các số đã in": "{recomputed}", "Kết luận": "{conclusion}",
}  # fmt: skip


def annex_published(paper: Paper, seed: str, number: str = "III", attached: str = "") -> Markdown:
    """The annex about the memo with the key `seed` ("001"); empty for no memo (""). `attached`: "(Kèm theo …)".

    Every figure as printed, slips included, beside what the facts and the memo's own parts make of it; the document itself
    prints the recomputed figures only. In a report on single units only their figures are listed, and nothing where there
    are none. UserError for a memo that does not exist.
    """
    checked = judge(paper, figures_about(paper.setting.root, seed, paper.setting.units))
    if not checked:
        return Markdown("")
    told = {
        "Số liệu phải xem lại:": [f"“{one.quote}”. {one.points}" for one in places(checked, *FAULTS)],
        "Số liệu phải xem lại vì khác số tính từ kho số liệu:": [
            f"{one.name} ({one.whose}): in {one}, tính từ kho số liệu được {one.stored}."
            for one in checked
            if one.outcome == DIFFERS
        ],
        "Số liệu mà văn bản không cho đủ căn cứ:": unchecked(
            one for one in checked if not one.outcome or one.figure.quantity.endswith(CHANGE)
        ),
    }
    lists = [[lead, *(f"1. {item}" for item in items)] for lead, items in told.items() if items]
    said = "\n\n".join([_overview(paper, checked), *(line for lines in lists for line in lines)])
    periods = list(dict.fromkeys(one.figure.period for one in checked))
    tables = [
        paper.table_of(
            [one for one in checked if one.figure.period == period],
            COLUMNS,
            caption=f"Số liệu đã in và số tính lại, {paper.figures.period_name(period)}",
            source=f"{checked[0].memo}; kho số liệu.{f' {NOTE}' if period == periods[-1] else ''}",
            widths=[12, 48, 28, 18, 20, 20, 40],
            align="lllrrrl",
        )
        for period in periods
    ]
    content = paragraphs(paper.say(said), *tables)
    return annex(number, "Đối soát số liệu", content, landscape=True, attached=attached)


def _overview(paper: Paper, checked: Sequence[Printed]) -> str:
    """How many figures the memo prints, and how many of them hold."""
    kinds = {
        "khớp với số tính lại": [one for one in checked if one.outcome == AGREES],
        "phải xem lại": [one for one in checked if one.is_wrong or one.outcome == DIFFERS],
        "không có số thành phần để tính lại": [one for one in checked if not one.outcome],
    }
    told = [f"{count(paper, own, f'Số liệu {kind}')} số liệu {kind}" for kind, own in kinds.items() if own]
    total = count(paper, checked, "Số liệu đã in")
    return f"{checked[0].memo} in {total} số liệu: {'; '.join(told)}. Nội dung văn bản này dùng số tính lại."
