"""Every figure a report prints, with what it is made of: no figure without a claim, no claim without a place.

A figure enters a report only through a `Claims` method. In text the method returns Markdown: a span that
carries the claim's number and its explanation (in HTML shown on hover, focus or tap; in PDF plain text). For a
chart, `Claims.for_chart` gives the same methods returning plain labels. The executed notebook stores
`Claims.record()`; `check_finished` holds the finished file to it.

What is no measurement (a law's number, a period's name, "Bảng 1", a unit's name with a digit) is a declared
constant or a unit, printed through the same object, so that nothing else may carry a digit.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from baocao.definitions import Law, Laws, Period, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.writing import markup
from baocao.writing.markup import Markdown

RECORD_MIME = "application/vnd.baocao.writing.claims+json"
RECORD_VERSION = 1
SINCE, GROWN_SINCE, RANKED_BY, LACKING, COMMON = (
    ": thay đổi so với ", ": thay đổi tương đối so với ", "Thứ hạng theo ", "Hồ sơ còn thiếu để đạt ", "mức chung của ",
)  # fmt: skip
"""What the labels of figures made of others hold: by them they are counted again from the facts."""
OWN_KIND = "cua-nguoi-soan"
"""The kind of a constant that is the author's own number or date."""
ROW_NUMBER_KIND = "stt"
"""The kind of a constant that numbers a row of a table."""


class Claims:
    """What one document states. `scope` are the only units it may name."""

    def __init__(self, scope: Iterable[Unit], laws: Laws) -> None:
        self._scope = {unit.code for unit in scope}
        self._laws = laws
        self._claims: list[Claim] = []
        self._constants: list[dict[str, str]] = []
        self._charts: list[list[dict[str, str]]] = []
        self._ordinals: dict[str, int] = {}
        self._provenance: dict[str, str] = {}
        self._chart: int | None = None
        self._starts: dict[Hashable, tuple] = {}
        self._dropped: set[Hashable] = set()

    @property
    def laws(self) -> Laws:
        """The documents that may be cited."""
        return self._laws

    @property
    def scope(self) -> frozenset[str]:
        """The codes of the units that may be named."""
        return frozenset(self._scope)

    # --- cells ---------------------------------------------------------------------------------------------

    @property
    def cells(self) -> Iterable[Hashable]:
        """The cells that were run, in order, those apart that have to be run again."""
        return self._starts.keys()

    def begin_cell(self, key: Hashable) -> None:
        """A cell of the notebook begins: one that was run before replaces what it said, and what came after it.

        The later cells have to be run again before the notebook can record what it states.
        """
        if key in self._starts:
            claims, constants, charts, ordinals = self._starts[key]
            del self._claims[claims:], self._constants[constants:], self._charts[charts:]
            self._ordinals.clear()
            self._ordinals.update(ordinals)
            keys = list(self._starts)
            later = keys[keys.index(key) + 1 :]
            self._dropped |= set(later)
            for one in later:
                del self._starts[one]
        self._dropped.discard(key)
        sizes = (len(self._claims), len(self._constants), len(self._charts))
        self._starts[key] = (*sizes, dict(self._ordinals))

    # --- figures -------------------------------------------------------------------------------------------

    def state(
        self,
        form: str,
        value: float | str | Decimal | Fraction,
        *,
        label: str,
        unit: Unit,
        period: Period,
        source: str,
        measured_in: str,
        decimals: int = 0,
        numerator: int | None = None,
        denominator: int | None = None,
        formula: str = "",
        facts: int = 0,
    ) -> str:
        """Register a figure and return it as printed: a Markdown span, or a plain label for a chart."""
        if source not in SOURCE_LABELS:
            raise ValueError(f"unknown source {source!r}; known: {sorted(SOURCE_LABELS)}")
        self._demand_scope(unit)
        claim = Claim(
            id=f"c{len(self._claims) + 1}", text="", form=form, value=str(value if isinstance(value, int) else exact(value)), label=label,
            measured_in=measured_in, unit=unit.code, unit_name=unit.official_name, period=period.code,
            window=period.window_text, source=source, decimals=decimals, numerator=numerator,
            denominator=denominator, formula=formula, facts=facts, chart=self._chart,
        )  # fmt: skip
        claim.text = claim.written()
        self._claims.append(claim)
        return self._print_claim(claim)

    def count(self, value: int, *, in_text: bool = False, **about) -> str:
        """A number of dossiers (or, with `measured_in`, of units); `in_text` writes 6 as 06."""
        about.setdefault("measured_in", "hồ sơ")
        return self.state("count_in_text" if in_text else "count", value, **about)

    def percent(self, numerator: int | None, denominator: int | None, *, decimals: int = 2, **about) -> str:
        """A share in %, written from its two parts; "–" (no claim) where it has no value."""
        if numerator is None or not denominator:
            return vn.MISSING
        return self.state(
            "percent", vn.rate(numerator, denominator), measured_in="%", decimals=decimals,
            numerator=int(numerator), denominator=int(denominator), **about,
        )  # fmt: skip

    def fraction(self, numerator: int, denominator: int, **about) -> str:
        """The two parts of a share as "21.132/35.526"."""
        return self.state(
            "fraction", Fraction(numerator, denominator), measured_in="hồ sơ",
            numerator=int(numerator), denominator=int(denominator), **about,
        )  # fmt: skip

    def score(self, value, *, decimals: int = 2, trim: bool = False, **about) -> str:
        """A score in points; `trim` drops trailing zeros as the province's letters do (92; 80,1)."""
        return self.state(
            "score_trimmed" if trim else "score", value, measured_in="điểm", decimals=decimals, **about
        )

    def change(self, value, *, measured_in: str, decimals: int = 2, formula: str, **about) -> str:
        """The size of a change, without its sign: the words beside it say whether it rose or fell.

        `measured_in` is "điểm phần trăm" for a rate, "%" for a relative change, "điểm" for a score.
        """
        form = "change_percent" if measured_in == "%" else "change"
        return self.state(form, value, measured_in=measured_in, decimals=decimals, formula=formula, **about)

    def target(self, value, **about) -> str:
        """A decreed target in %; its legal source belongs in `formula`."""
        return self.state("target", value, measured_in="%", decimals=2, source="reference", **about)

    def rank(self, rank: int, out_of: int | None = None, **about) -> str:
        """A rank, "31/34" with its base, "31" without."""
        if out_of is None:
            return self.state("rank", rank, measured_in="thứ hạng", **about)
        return self.state(
            "rank_of", rank, measured_in="thứ hạng", numerator=int(rank), denominator=int(out_of), **about
        )

    # --- units and constants -------------------------------------------------------------------------------

    def unit(self, unit: Unit, name: str | None = None) -> str:
        """A unit's name. A unit outside the document's scope is an error of ours, never printed."""
        self._demand_scope(unit)
        text = name or unit.official_name
        if self._chart is not None:
            return self._label(text, "unit")
        return markup.span("don-vi", markup.escape(text), {"data-don-vi": unit.code})

    def law(self, number: str, *, dated: bool = False) -> str:
        """A legal document by its number ("Quyết định số 766/QĐ-TTg"), `dated` with its date."""
        law: Law = self._laws.get(number)
        return self._constant(law.citation(dated=dated), "van-ban")

    def period(self, period: Period, *, window: bool = False) -> str:
        """A period's name ("quý I năm 2019"), or its `window` ("từ ngày 01/01/2019 đến ngày 31/03/2019")."""
        return self._constant(period.window_text if window else period.name, "ky")

    def date(self, day: date) -> str:
        """A date as dd/mm/yyyy."""
        return self._constant(vn.format_date(day, style="short"), "ky")

    def ordinal(self, word: str) -> str:
        """The next number of its kind: "Bảng 1", then "Bảng 2"; "Phụ lục" counts in Roman numerals."""
        count = self._ordinals[word] = self._ordinals.get(word, 0) + 1
        written = vn.roman(count) if word == "Phụ lục" else str(count)
        return self._constant(f"{word} {written}", "danh-so")

    def row_number(self, place: int) -> str:
        """The number of a row, in the first column of its table only: it counts on from the row above, or begins anew."""
        return self._constant(str(place), ROW_NUMBER_KIND)

    def code(self, text: str) -> str:
        """A fingerprint, version or file name that says where the figures come from."""
        return self._constant(text, "nguon")

    def name(self, text: str) -> str:
        """A fixed name that contains digits and comes from the reference tables (a form, an index)."""
        return self._constant(text, "ten")

    def own(self, text: str, what: str) -> str:
        """A number or date of the author's own, as typed; `what` it is stands in the record beside it."""
        printed = self._constant(text, OWN_KIND)
        self._constants[-1]["what"] = vn.clean(what)
        return printed

    def quote(self, text: str) -> str:
        """Words taken as they stand from a published memo, its digits and its slips included."""
        return self._constant(text, "trich-dan")

    # --- charts --------------------------------------------------------------------------------------------

    def for_chart(self) -> Claims:
        """The same claims, printing plain labels for the next chart of the document."""
        self._charts.append([])
        view = Claims.__new__(Claims)
        view.__dict__.update(self.__dict__)
        view._chart = len(self._charts)
        return view

    def words(self, text: str) -> str:
        """A chart's own words (title, legend); digits in them must be constants or figures of this chart."""
        return self._label(text, "words")

    def tick(self, text: str) -> str:
        """A number of an axis: a mark of the scale, no measurement."""
        return self._label(text, "tick")

    # --- the record ----------------------------------------------------------------------------------------

    def trace(self, **provenance: str) -> None:
        """Add to the provenance that the executed notebook keeps (fingerprint of the facts, version)."""
        self._provenance.update(provenance)

    @property
    def is_sample(self) -> bool:
        """Whether any figure so far was built from a sample fact."""
        return any(claim.source == "sample" for claim in self._claims)

    def record(self) -> ClaimsRecord:
        """What the executed notebook stores; displayed by the notebook's last cell."""
        if self._dropped:
            raise UserError(
                f"Có {len(self._dropped)} ô đứng sau ô vừa chạy lại mà chưa chạy lại, nên số liệu của sổ tính chưa nhất quán; "
                "hãy chạy lại mọi ô từ đầu (Run › Restart Kernel and Run All Cells) rồi lưu."
            )
        return ClaimsRecord(
            {
                "version": RECORD_VERSION,
                "claims": [claim.as_record() for claim in self._claims],
                "constants": self._constants,
                "scope": sorted(self._scope),
                "charts": self._charts,
                "sample": self.is_sample,
                "provenance": self._provenance,
            }
        )

    def _demand_scope(self, unit: Unit) -> None:
        if unit.code not in self._scope:
            raise ValueError(
                f"{unit.code} ({unit.official_name}) is not in this document's scope of {len(self._scope)} units"
            )

    def _constant(self, text: str, kind: str) -> str:
        self._constants.append({"kind": kind, "text": vn.clean(text)})
        if self._chart is not None:
            return text
        return markup.span("hang-so", markup.escape(text), {"data-loai": kind})

    def _print_claim(self, claim: Claim) -> str:
        if claim.chart is not None:
            return self._label(claim.text, claim.id)
        attributes = {"data-so": claim.id, "data-giai-thich": claim.explanation()}
        return markup.span("so-lieu", markup.escape(claim.text), attributes)

    def _label(self, text: str, role: str) -> str:
        """Declare a chart's text, as matplotlib will write it; `role` is a claim's id, unit, words or tick."""
        if self._chart is None:
            raise ValueError("labels belong to a chart: take them from Claims.for_chart()")
        cleaned = vn.clean(text)
        self._charts[self._chart - 1].append({"role": role, "text": cleaned})
        return cleaned


class ClaimsRecord(Mapping):
    """The claims of a finished notebook, as a notebook output that no reader prints.

    No `dict`: IPython would write all of one out again as text.
    """

    def __init__(self, content: dict) -> None:
        self._content = content

    def __getitem__(self, name: str) -> Any:
        return self._content[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    def __len__(self) -> int:
        return len(self._content)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return {RECORD_MIME: self._content, "text/plain": f"{len(self['claims'])} claims"}


def sample_mark(claims: Claims) -> Markdown:
    """The mark that every page of a document built from any sample fact must carry; empty otherwise."""
    return markup.division("so-lieu-mau") if claims.is_sample else Markdown("")


# --------------------------------------------------------------------------------------------------
# One printed figure: its exact value, the rule it is written by, and what it is made of.


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
    """The source that a figure made of several must carry: any sample makes it sample.

    A figure made of no count at all, such as how many units did not report, is one of the register ("reference").

    >>> least_trusted(["published", "sample"]), least_trusted([])
    ('sample', 'reference')
    """
    found = set(sources)
    if strange := found - set(_LEAST_TRUSTED_FIRST):
        raise ValueError(f"unknown sources {sorted(strange)}; known: {_LEAST_TRUSTED_FIRST}")
    return next((source for source in _LEAST_TRUSTED_FIRST if source in found), "reference")


@dataclass
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
        return {name: value for name, value in vars(self).items() if value != _DEFAULTS.get(name)}

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


_DEFAULTS = {one.name: one.default for one in fields(Claim)}


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
