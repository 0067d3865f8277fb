"""Figures that print themselves: read when a cell names them, held against others, never typed.

`str(figure)` is a placeholder, one private-use character that stands for it until the sentence around it is settled
(`prose`) or its table is written (`Figures.fill`); only what is left by then is printed and becomes a claim. What is
absent has a kind (`Absence`): not reported, nothing to divide by, not comparable, not applicable. None of them is zero.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from fractions import Fraction
from functools import cached_property
from itertools import chain, cycle
from typing import Any, NamedTuple

from baocao.analysis import (
    MINIMUM_DENOMINATOR,
    NO_BASE,
    History,
    Name,
    Part,
    Place,
    Reason,
    definition,
    find_target,
    is_alive_throughout,
    missing_dossiers,
    name_base,
    owners,
    printed_rate,
    shortfall,
)
from baocao.definitions import INDICATORS, Indicator, Period, Target, Unit, UserError, nearest
from baocao.definitions import vietnamese as vn
from baocao.writing import markup, phrases
from baocao.writing.claims import (
    COMMON,
    GROWN_SINCE,
    LACKING,
    RANKED_BY,
    SINCE,
    SOURCE_LABELS,
    Claims,
    least_trusted,
)

POINTS = "điểm phần trăm"
NOT_WHOLE = "†"
"""The mark in a table of a sum that lacks units (`phrases.not_whole_note`)."""

_PLANES = range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE)
"""The two planes of private use: no text of data holds such a character (`vn.clean`)."""
_PLACEHOLDERS = sum(map(len, _PLANES))
_codes = cycle(chain(*_PLANES))
"""One after another for all documents of a process: what an earlier one holds is not taken for a later one's."""
_AGAIN = "hãy chạy lại mọi ô từ đầu (Run › Restart Kernel and Run All Cells)"
SLOT = re.compile("[{}-{}{}-{}]".format(*(chr(end) for plane in _PLANES for end in (plane[0], plane[-1]))))
"""A placeholder."""


# --- what is absent ----------------------------------------------------------------------------------------------
class Kind(Enum):
    """Why there is no figure."""

    NOT_REPORTED = "chưa có số liệu"
    NOTHING_TO_DIVIDE = "không phát sinh hồ sơ để tính"
    NOT_COMPARABLE = "không so sánh được"
    NOT_WHOLE = "chưa gồm đủ các đơn vị"
    NOT_APPLICABLE = ""


class Absence(NamedTuple):
    """Why there is no figure, of `what` (inside a sentence) and whose; `reason` and `base` where it is not comparable.

    `is_news`: what was reported in neither period is told only where nothing is compared with that period.
    """

    kind: Kind
    what: str = ""
    reason: Reason = ()
    base: Period | None = None
    is_news: bool = True
    unit: Unit | None = None


SILENT = Absence(Kind.NOT_APPLICABLE)
"""What does not apply needs no words."""


@dataclass(frozen=True, eq=False)
class Unknown:
    """What a comparison with something absent comes to: neither true nor false; `of` is what is absent."""

    of: Printable

    def __bool__(self) -> bool:
        raise UserError(
            "Phép so sánh dùng một số liệu chưa có nên không đúng cũng không sai; hãy hỏi `.known` trước, hoặc đặt phép so "
            "sánh trong {% if %} của ô %%vanban (khi chưa có số liệu, cả hai nhánh đều được bỏ qua)."
        )


# --- everything that may stand in a text --------------------------------------------------------------------------
class Printable:
    """Something that a sentence, a cell or a chart can hold; `str` gives its placeholder."""

    figures: Figures

    def __repr__(self) -> str:
        """How a cell that only names it shows it: a dataclass would list every unit that it knows of."""
        of = getattr(self, "of", None)
        return type(self).__name__ + (f" ({of!r})" if of is not None else "")

    @property
    def absence(self) -> Absence | None:
        """Why there is nothing to print; None where there is."""
        return None

    @property
    def known(self) -> bool:
        """Whether there is something to print."""
        return self.absence is None

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        """It in print, through the claims of a text or chart; `first`: at the start of a sentence."""
        raise NotImplementedError

    def notes(self) -> Iterator[Note | Lacking]:
        """What a reader must be told of it where it stands."""
        return iter(())

    def __str__(self) -> str:
        return self.figures.hold(self)

    def __format__(self, spec: str) -> str:
        if spec:
            raise UserError(
                f"Số liệu tự in theo quy tắc của nó, không nhận cách viết «:{spec}»; hãy bỏ phần sau dấu hai chấm."
            )
        return str(self)


def _compared(how: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | Unknown]:
    def compare(self: Valued, other: Any) -> bool | Unknown:
        for one in (self, other):
            if isinstance(one, Valued) and (not one.known or one.value is None):
                return Unknown(one)
        return how(self.value, other.value if isinstance(other, Valued) else other)

    return compare


class Valued(Printable):
    """A printable with a value that can be compared; against something absent nothing is true or false (`Unknown`)."""

    @property
    def value(self) -> Fraction | int | None:
        """The exact value; None where there is none."""
        raise NotImplementedError

    def _refuse_arithmetic(self, other: object) -> Any:
        raise UserError(
            "Không nhân, chia được số liệu ngay trong văn bản; tỷ lệ là một chỉ tiêu khai báo ở lib/baocao/definitions/indicators.py, "
            "hãy khai báo nó ở đó rồi in nó theo tên"
        )

    __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = _refuse_arithmetic

    __eq__, __ne__, __lt__, __le__, __gt__, __ge__ = map(
        _compared, (operator.eq, operator.ne, operator.lt, operator.le, operator.gt, operator.ge)
    )
    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        return self.value != 0 if self.known else bool(Unknown(self))


class Moving(Valued):
    """How something has changed since another, or differs from it: it says itself whether it is more or less.

    `base` is the earlier period, None where it is no earlier one; `bridge` what stands for it in that period.
    """

    base: Period | None = None
    bridge: Reason = ()


@dataclass(frozen=True, eq=False, repr=False)
class Words(Printable):
    """A name, unit, date, period or other constant; `make` prints it through claims and is told where it stands.

    `tells`: the key of the note that it holds itself, so that none follows (`Printable.notes`).
    """

    figures: Figures
    make: Callable[[Claims, bool], str]
    absent: Absence | None = None
    tells: Hashable = None

    @property
    def absence(self) -> Absence | None:
        return self.absent

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        return self.make(claims, first)


@dataclass(frozen=True, eq=False, repr=False)
class Listing(Printable):
    """Several things as one: each item a text with placeholders; absent where there is none."""

    figures: Figures
    items: tuple[str, ...]
    separator: str = ""
    absent: Absence = SILENT

    @property
    def absence(self) -> Absence | None:
        return None if self.items else self.absent

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        items = enumerate(self.items)
        written = [self.figures.fill(item, claims, first=first and not at) for at, item in items]
        return self.separator.join(written) if self.separator else phrases.name_units(written)

    def __bool__(self) -> bool:
        return bool(self.items)

    def __len__(self) -> int:
        return len(self.items)


def say_reason(reason: Sequence[Part], claims: Claims, *, first: bool = False) -> str:
    """A reason or bridge as Markdown, its names and days declared; `first`: it begins a sentence."""
    return "".join(_say_part(part, claims, first=first and not at) for at, part in enumerate(reason))


def _say_part(part: Part, claims: Claims, *, first: bool) -> str:
    if isinstance(part, str):  # escaping trims; the spaces at both ends part the words from the names
        before, after = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
        return before + markup.escape(part) + after if part.strip() else part
    if isinstance(part, Unit):
        return claims.unit(part, phrases.capitalise(part.official_name) if first else part.official_name)
    if isinstance(part, Period):
        return claims.name(phrases.capitalise(part.name)) if first else claims.period(part)
    return claims.name(part.text) if isinstance(part, Name) else claims.date(part)


class Figures:
    """All figures of one document: what reads them, what prints them, and the placeholders that stand for them.

    period  the document's
    used    the indicators and measures printed so far, in order, for the annex, each with the cell that printed it first
    cell    the cell that is being written; None outside of a notebook
    group   all units of the subject's kind together, where it is one unit, and its members: what it is held against
    """

    def __init__(self, history: History, period: Period, claims: Claims) -> None:
        self.history, self.period, self.claims = history, period, claims
        self.measures = history.facts.measures
        self.used: dict[str, Hashable] = {}
        self.group: Unit | None = None
        self.peers: tuple[Unit, ...] = ()
        self._held: dict[str, Printable] = {}
        self._in_cell = 0
        self._told: dict[Hashable, Hashable] = {}
        self._told_here: set[Hashable] = set()
        self.cell: Hashable = None

    def get(self, name: str, unit: Unit) -> Figure:
        """The figure of an indicator or measure; a UserError with the nearest names when there is none."""
        if name in self.measures:
            label = self.measures[name].label
            parts = " + ".join(self.measures[part].label.lower() for part in self.measures[name].parts)
            return Figure(self, name, unit, self.period, label, label[:1].lower() + label[1:], formula=parts)
        one = next((one for one in INDICATORS if one.name == name), None)
        if one is None:
            near = ", ".join(nearest(name, [*self.measures, *(one.name for one in INDICATORS)]))
            raise UserError(f"Không có số liệu tên «{name}»; các tên gần nhất: {near}.")
        one = definition(name, self.period) or one
        return Figure(self, name, unit, self.period, one.label, f"tỷ lệ {one.inside}", one, one.formula)

    # --- placeholders ------------------------------------------------------------------------------------------
    def hold(self, thing: Printable) -> str:
        """The placeholder of something, until it is printed; a later cell may print it too."""
        self._in_cell += 1
        if self._in_cell > _PLACEHOLDERS:
            raise UserError("Một ô dùng quá nhiều số liệu; hãy chia ô làm hai.")
        placeholder = chr(next(_codes))
        self._held[placeholder] = thing
        return placeholder

    def held(self, placeholder: str) -> Printable:
        """What a placeholder stands for; a UserError for one of an earlier opening, or a character like one that was typed."""
        if placeholder not in self._held:
            raise UserError(
                f"có một ký tự không in được (U+{ord(placeholder):X}), hoặc số liệu của lần mở báo cáo trước (open_memo); hãy "
                f"xóa ký tự ấy rồi gõ lại chữ quanh nó, hoặc {_AGAIN}"
            )
        return self._held[placeholder]

    def is_news(self, words: Hashable) -> bool:
        """Whether these words were not told in full yet, in this run of the cell or in one before it; from now on they are."""
        is_news = self._told.get(words, self.cell) == self.cell and words not in self._told_here
        self._told[words] = self._told.get(words, self.cell)
        self._told_here.add(words)
        return is_news

    def things(self, text: str) -> list[Printable]:
        """What the placeholders of a text stand for, in its order."""
        return [self.held(slot) for slot in SLOT.findall(text)]

    def begin_cell(self, key: Hashable) -> None:
        """A cell of the notebook begins (`Claims.begin_cell`): what it and later cells told before is told no more.

        What the cells before it hold stays, to be printed in it.
        """
        self._in_cell, self.cell = 0, key
        self._told_here.clear()
        self.claims.begin_cell(key)
        before = set(self.claims.cells) - {key}
        for noted in (self._told, self.used):
            for words in [words for words, cell in noted.items() if cell not in before]:
                del noted[words]

    def note_used(self, name: str) -> None:
        """Note that an indicator or measure was printed."""
        self.used.setdefault(name, self.cell)

    def fill(
        self, text: str, claims: Claims | None = None, *, in_text: bool = True, first: bool = False
    ) -> str:
        """The text with its placeholders printed as they stand; something absent is a dash.

        `first`: it begins a sentence, and so does what stands at its very start, signs of emphasis apart.
        """
        start = len(text) - len(text.lstrip("*_ "))

        def write(match: re.Match[str]) -> str:
            one = self.held(match[0])
            if not one.known:
                return vn.MISSING
            return one.write(claims or self.claims, in_text=in_text, first=first and match.start() == start)

        written = SLOT.sub(write, text)
        return written[:start] + phrases.capitalise(written[start:]) if first else written

    # --- constants ---------------------------------------------------------------------------------------------
    def name(self, text: str) -> Words:
        """A fixed name, declared where it holds a digit."""

        def make(claims: Claims, first: bool) -> str:
            said = phrases.capitalise(text) if first else text
            return claims.name(said) if any(letter.isdigit() for letter in said) else markup.escape(said)

        return Words(self, make)

    def unit(self, unit: Unit, name: str = "") -> Words:
        """A unit's name, or what it is called here."""
        text = name or unit.official_name
        return Words(
            self, lambda claims, first: claims.unit(unit, phrases.capitalise(text) if first else text)
        )

    def date(self, day: date) -> Words:
        """A day."""
        return Words(self, lambda claims, first: claims.date(day))

    def period_name(self, period: Period, *, window: bool = False) -> Words:
        """A period's name, or its first and last day."""
        if window:
            return Words(self, lambda claims, first: claims.period(period, window=True))
        return Words(self, lambda claims, first: say_reason((period,), claims, first=first))

    def reason(self, reason: Sequence[Part]) -> Words:
        """A reason or bridge in words, its names and days declared."""
        return Words(self, lambda claims, first: say_reason(reason, claims, first=first))

    def number(
        self, value: int, label: str, unit: Unit, source: Iterable[str], measured_in: str = "đơn vị"
    ) -> Number:
        """A number of units (or other things) counted here; `source` are those of the figures that were looked at."""
        return Number(self, value, label, unit, least_trusted(one for one in source if one), measured_in)

    # --- source lines --------------------------------------------------------------------------------------------
    def source_text(self, figures: Iterable[Figure]) -> str:
        """The source line of figures in a table or chart: the forms that they come from, and what they are."""
        forms: dict[str, None] = {}
        sources = []
        for one in figures:
            if one.row["numerator"] is not None:
                forms |= dict.fromkeys(self.measures[name].form for name in one.made_of)
                sources.append(one.row["source"])
        kind = SOURCE_LABELS[least_trusted(one for one in sources if one)]
        written = "; ".join(self.name(form).write(self.claims) for form in forms)
        return f"{written} ({markup.escape(kind)})."


# --- the figure ---------------------------------------------------------------------------------------------------
Row = Mapping[str, Any]
"""Numerator, denominator, source, facts, missing, instead: as `History.row` gives them."""

_NO_ROW: dict[str, Any] = {
    "numerator": None, "denominator": None, "source": "", "facts": 0, "missing": (), "instead": False,
    "comparable": "no", "base_numerator": None, "told": (), "bridge": (),
}  # fmt: skip
"""Of a period that there is not: no figure, and no change since then."""


@dataclass(frozen=True, eq=False, repr=False)
class Figure(Valued):
    """A number of dossiers or a rate of a unit in a window.

    name    of the measure or indicator; "" for one made of others
    label   what the claim says it is; `inside`: its name inside a sentence
    make    how it is made of others for any unit; None for what the engine reads
    """

    figures: Figures
    name: str
    unit: Unit
    period: Period
    label: str
    said: str
    indicator: Indicator | None = None
    formula: str = ""
    make: Callable[[Unit], Row] | None = None
    parts: tuple[Figure, ...] = ()
    missing: Absence | None = None
    """What to say where it is not known, instead of that it was not reported or that there is nothing to divide by."""
    again: Callable[[Unit], Figure] | None = None
    """How to make it again for another unit, where more than `make` depends on the unit."""

    def __repr__(self) -> str:
        """How JupyterLab shows it in a cell that only names it: no claim."""
        if self.absence is not None:
            value = self.absence.kind.value or "không có trong kỳ này"
        elif self.is_rate:
            value = vn.format_percent(self.numerator, self.denominator, self.indicator.decimals)
        else:
            value = vn.format_number(self.numerator)
        return f"{self.label}, {self.unit.official_name}, {self.period.name}: {value}"

    # --- what it is --------------------------------------------------------------------------------------------
    @cached_property
    def row(self) -> Row:
        """What it is made of."""
        return (
            self.make(self.unit) if self.make else self.figures.history.row(self.name, self.unit, self.period)
        )

    @property
    def is_rate(self) -> bool:
        """Whether it is a share in %."""
        return self.indicator is not None

    @property
    def thing(self) -> Hashable:
        """What it is, of whom and when: the same for a rate and its two parts."""
        return self.label, self.unit, self.period

    @property
    def is_named(self) -> bool:
        """Whether it is an indicator or measure as the engine reads it."""
        return self.make is None

    @property
    def numerator(self) -> int | None:
        """A number of dossiers, or the upper part of a rate."""
        return self.row["numerator"]

    @property
    def denominator(self) -> int | None:
        """The lower part of a rate; None for a number of dossiers."""
        return self.row["denominator"]

    @property
    def value(self) -> Fraction | int | None:
        """Dossiers, or the exact rate in %."""
        return vn.rate(self.numerator, self.denominator) if self.is_rate else self.numerator

    @property
    def printed(self) -> float:
        """The value as a reader sees it: rates that are printed alike are equal."""
        if not self.is_rate:
            return float(self.numerator)
        return printed_rate(self.numerator, self.denominator, self.indicator.decimals)

    @property
    def absence(self) -> Absence | None:
        if self.is_rate and definition(self.indicator.name, self.period) is None:
            return SILENT
        if self.numerator is None or (self.is_rate and self.denominator is None):
            return self.missing or Absence(Kind.NOT_REPORTED, self.said, unit=self.unit)
        if self.is_rate and self.denominator == 0:
            return self.missing or Absence(Kind.NOTHING_TO_DIVIDE, self.said, unit=self.unit)
        return None

    @property
    def defined(self) -> bool:
        """Whether it is defined in the whole period."""
        return not self.is_rate or definition(self.indicator.name, self.period) is not None

    @property
    def reported(self) -> bool:
        """Whether what it is made of was reported, though there may be nothing to divide by."""
        return self.absence is None or self.absence.kind == Kind.NOTHING_TO_DIVIDE

    @property
    def is_whole(self) -> bool:
        """Whether every unit that it is a sum of has reported."""
        return not self.row["missing"]

    @property
    def is_level(self) -> bool:
        """Whether other figures may be held against it: known, and of all its units."""
        return self.known and self.is_whole

    @property
    def small(self) -> bool:
        """Whether it is a rate of so few dossiers that it says little."""
        return self.is_rate and self.known and self.denominator < MINIMUM_DENOMINATOR

    @property
    def made_of(self) -> tuple[str, ...]:
        """The measures that it is made of."""
        if self.parts:
            return tuple(dict.fromkeys(name for part in self.parts for name in part.made_of))
        if self.indicator is None:
            return (self.name,)
        instead = self.row["instead"]
        below = self.indicator.denominator_instead if instead else self.indicator.denominator
        return (*self.indicator.numerator, *below)

    # --- names -------------------------------------------------------------------------------------------------
    @property
    def inside(self) -> Words:
        """Its name inside a sentence: of a rate what follows "tỷ lệ"."""
        return self.figures.name(self.indicator.inside if self.indicator else self.said)

    @property
    def short(self) -> Words:
        """Its name in a table."""
        return self.figures.name(self.indicator.short if self.indicator else self.label)

    @property
    def full(self) -> Words:
        """Its whole name."""
        return self.figures.name(self.label)

    @property
    def action(self) -> Words:
        """What a unit that is behind is asked to do."""
        return self.figures.name(self.indicator.action if self.indicator else "")

    @property
    def matter(self) -> str:
        """What it is about: rates of one matter ask for the same work."""
        return self.indicator.matter if self.indicator else self.name

    def named(self, label: str, inside: str = "") -> Figure:
        """The same under another name."""
        again = self.again and (lambda unit: self.again(unit).named(label, inside))
        return replace(self, label=label, said=inside or label[:1].lower() + label[1:], again=again)

    def made(self, label: str, make: Callable[[Unit], Row]) -> Figure:
        """The same kind of figure under another label, made of others for any unit."""
        return replace(self, label=label, make=make)

    # --- made into others --------------------------------------------------------------------------------------
    def at(self, unit: Unit | Any) -> Figure:
        """The same figure of another unit or group."""
        unit = getattr(unit, "unit", unit)
        if not isinstance(unit, Unit):
            raise UserError(
                'at(…) cần một đơn vị hoặc nhóm: subject, province, peers, unit("xã Đức Thọ"), hoặc từng đơn vị của members'
            )
        if unit == self.unit:
            return self
        if unit not in self._of_units:
            parts = tuple(part.at(unit) for part in self.parts)
            self._of_units[unit] = self.again(unit) if self.again else replace(self, unit=unit, parts=parts)
        return self._of_units[unit]

    @cached_property
    def _of_units(self) -> dict[Unit, Figure]:
        """The same figure of other units: each is read once."""
        return {}

    def __add__(self, other: Figure) -> Figure:
        return self._made(other, 1, "+")

    def __sub__(self, other: Figure) -> Figure:
        return self._made(other, -1, "-")

    def _made(self, other: Figure, sign: int, mark: str) -> Figure:
        if not isinstance(other, Figure) or self.is_rate or other.is_rate:
            raise UserError(
                f"Chỉ cộng, trừ được hai số hồ sơ, nhận được «{self.label}» và «{getattr(other, 'label', other)}»; hãy dùng "
                ".change() để so sánh tỷ lệ."
            )

        def make(unit: Unit) -> Row:
            rows = [one.at(unit).row for one in (self, other)]
            unknown = any(row["numerator"] is None for row in rows)
            return _NO_ROW | {
                "numerator": None if unknown else rows[0]["numerator"] + sign * rows[1]["numerator"],
                "source": least_trusted(row["source"] for row in rows if row["source"]),
                "missing": tuple(dict.fromkeys(one for row in rows for one in row["missing"])),
            }

        label = f"{self.label} {mark} {other.said}"
        said = f"{self.said} {mark} {other.said}"
        return Figure(self.figures, "", self.unit, self.period, label, said, None, said, make, (self, other))

    @property
    def size(self) -> Figure:
        """A difference without its sign: by how much two numbers differ."""

        def make(unit: Unit) -> Row:
            row = self.at(unit).row
            return {**row, "numerator": row["numerator"] and abs(row["numerator"])}

        return self.made(self.label, make)

    def then(self, base: Base | Period) -> Figure:
        """What stood for it in an earlier period: the unit's own figure, or that of the old units that went into it."""
        if _is_none(base):
            return replace(self, make=lambda unit: _NO_ROW, missing=SILENT)
        row = self._against(base)
        columns = ("numerator", "denominator", "source", "missing")
        then = _NO_ROW | {name: row[f"base_{name}"] for name in columns}
        return replace(
            self, period=Period.parse(row["base_period"]), label=f"{self.label}{owners(row['bridge'])}",
            make=lambda unit: then, missing=self.uncompared(row), formula=self.formula if self.is_rate else "",
            again=lambda unit: self.at(unit).then(base),
        )  # fmt: skip

    def change(self, base: Base | Period, style: str = "words") -> Change:
        """How it has changed since an earlier period; `style`: "words", "signed" or "column" (`Change`)."""
        return Change(self, _NO_ROW if _is_none(base) else self._against(base), style)

    def _against(self, base: Base | Period) -> Row:
        if not self.is_named:
            raise UserError(
                f"«{self.label}» được cộng từ các số khác nên không so sánh được với kỳ trước; hãy so sánh từng số."
            )
        period = getattr(base, "period", base)
        if not isinstance(period, Period):
            raise UserError(
                "cần một kỳ để so sánh: last_year (cùng kỳ năm trước), previous (kỳ trước), hoặc từng kỳ của bases"
            )
        if period not in self._since:
            self._since[period] = self.figures.history.change(self.name, self.unit, self.period, period)
        return self._since[period]

    @cached_property
    def _since(self) -> dict[Period, Row]:
        """It held against earlier periods, each once."""
        return {}

    def uncompared(self, row: Row) -> Absence:
        """Why it is not held against the earlier period of a row of `History.change`; silent where there is no such period."""
        if row is _NO_ROW:
            return SILENT
        reason, base = tuple(row["told"]) or NO_BASE, Period.parse(row["base_period"])
        is_news = row["numerator"] is not None or row["base_numerator"] is not None
        return Absence(Kind.NOT_COMPARABLE, self.said, reason, base, is_news, self.unit)

    def against(self, other: Figure) -> Against:
        """How much more or less than another number of dossiers, which readers may take for the same."""
        return Against(self, other)

    @property
    def fraction(self) -> Parts:
        """Its two parts: "21.132/35.526"."""
        return Parts(self)

    @property
    def dossiers(self) -> Printable:
        """A number of dossiers as it is, a rate by its two parts."""
        return self.fraction if self.is_rate else self

    @property
    def rank(self) -> Rank:
        """Its rank among the units of the same kind."""
        return Rank(self, self.figures.peers, self.figures.group)

    @property
    def gap(self) -> Gap:
        """The dossiers that it lacks to the target in force, else to the rate of its group."""
        group = self.figures.group
        is_whole_life = group is not None and is_alive_throughout(self.unit, self.period)
        return Gap(self, self.at(group) if is_whole_life else None)

    def gap_to(self, goal: Goal) -> Gap:
        """The dossiers that it lacks to a target which need not be in force yet."""
        return Gap(self, None, goal)

    @cached_property
    def target(self) -> Goal:
        """The decreed target in force."""
        return self._goal(self.period)

    @property
    def coming_target(self) -> Goal:
        """The decreed target of the next period, known before that begins."""
        return self._goal(self.period.next())

    def _goal(self, period: Period) -> Goal:
        found = None
        if self.is_rate and self.defined:
            found = find_target(self.figures.history.targets, self.indicator.name, self.unit.kind, period)
        return Goal(self, found)

    # --- in print ------------------------------------------------------------------------------------------------
    def about(self) -> dict[str, Any]:
        """What its claim says."""
        self.figures.note_used(self.name or self.label)
        return {
            "label": self.label, "unit": self.unit, "period": self.period, "source": self.row["source"],
            "facts": int(self.row["facts"]), "formula": self.formula,
        }  # fmt: skip

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        if self.is_rate:
            return claims.percent(
                self.numerator, self.denominator, decimals=self.indicator.decimals, **self.about()
            )
        sign = "âm " if self.numerator < 0 else ""
        return f"{sign}{claims.count(abs(self.numerator), in_text=in_text, **self.about())}"

    def cell(self, *, whole_only: bool = False) -> str:
        """It in a table: a dash where it is absent; a sum that lacks units is marked, or with `whole_only` a dash."""
        if not self.known or (whole_only and not self.is_whole):
            return vn.MISSING
        mark = "" if self.is_whole else markup.escape(NOT_WHOLE)
        return f"{self.write(self.figures.claims, in_text=False)}{mark}"

    def notes(self) -> Iterator[Note | Lacking]:
        if not self.is_whole:
            yield Lacking(self)
        if self.row["instead"]:
            forms = [self.figures.measures[name].form for name in self.indicator.denominator_instead]
            said = [str(self.figures.name(form)) for form in dict.fromkeys(forms)]
            yield Note(self.figures, phrases.other_form(phrases.join(said)), "other form")


@dataclass(frozen=True, eq=False, repr=False)
class About(Printable):
    """Something said `of` a figure."""

    of: Figure

    @property
    def figures(self) -> Figures:
        return self.of.figures

    def at(self, unit: Unit | Any) -> About:
        """The same of the figure of another unit or group."""
        return replace(self, of=self.of.at(unit))

    def cell(self) -> str:
        """It in a table; a dash where it is absent."""
        return self.write(self.figures.claims, in_text=False) if self.known else vn.MISSING


@dataclass(frozen=True, eq=False, repr=False)
class Parts(About):
    """The two parts of a rate."""

    @property
    def absence(self) -> Absence | None:
        return self.of.absence if self.of.is_rate else SILENT

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        return claims.fraction(self.of.numerator, self.of.denominator, **self.of.about())

    def notes(self) -> Iterator[Note | Lacking]:
        return self.of.notes()


@dataclass(frozen=True, eq=False, repr=False)
class Number(Valued):
    """A number of units or other things that a report counts itself."""

    figures: Figures
    number: int
    label: str
    unit: Unit
    source: str
    measured_in: str = "đơn vị"
    period: Period | None = None

    @property
    def value(self) -> int:
        return self.number

    def __add__(self, other: Number) -> Number:
        """The sum of two numbers of the same things, as of several lists."""
        return replace(self, number=self.number + other.number)

    def __radd__(self, other: int) -> Number:
        return self if other == 0 else NotImplemented  # so that `sum` can begin with nothing

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        return claims.count(
            self.number, in_text=in_text, label=self.label, measured_in=self.measured_in, unit=self.unit,
            period=self.period or self.figures.period, source=self.source,
        )  # fmt: skip


@dataclass(frozen=True, eq=False, repr=False)
class Note(Printable):
    """A sentence that a reader must be told behind another; the same `key` is told once in a paragraph."""

    figures: Figures
    text: str
    key: Hashable

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        return self.figures.fill(self.text, claims, first=True)


@dataclass(frozen=True, eq=False, repr=False)
class Lacking(About):
    """How many units a sum lacks, behind the sentence in which it stands."""

    @property
    def key(self) -> tuple:
        """The same units are told once."""
        return self.of.row["missing"]

    @property
    def number(self) -> Number:
        """How many units."""
        missing, source = self.of.row["missing"], self.of.row["source"]
        number = self.figures.number(len(missing), "Đơn vị chưa có đủ số liệu", self.of.unit, [source])
        return replace(number, period=self.of.period)

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        lacks = f"hưa gồm {self.number.write(claims)} đơn vị chưa có đủ số liệu.)"
        is_now = self.of.period == self.figures.period
        return f"(C{lacks}" if is_now else f"(Số của {claims.period(self.of.period)} c{lacks}"


# --- held against others ------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False, repr=False)
class Base(Printable):
    """An earlier period that the document's is held against; `absent` where there is none of its kind."""

    figures: Figures
    period: Period
    absent: Absence | None = None

    @property
    def absence(self) -> Absence | None:
        return self.absent

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        if self.period.kind == "range":
            return f"kỳ {claims.period(self.period)}"
        return self.figures.period_name(self.period).write(claims, first=first)

    @property
    def relative(self) -> Words:
        """What it is called beside the document's period: "tháng trước", "cùng kỳ năm trước"."""
        name = self.figures.reason(name_base(self.figures.period, self.period))
        return replace(name, absent=self.absent)

    @property
    def is_last_year(self) -> bool:
        """Whether it is the same period a year before."""
        return self.period == self.figures.period.same_period_last_year()


def _is_none(base: Any) -> bool:
    return isinstance(base, Base) and not base.known


@dataclass(frozen=True, eq=False, repr=False)
class Change(About, Moving):
    """How a figure has changed: rates in percentage points, numbers of dossiers in %, few of them by how many.

    `style`: "words" (tăng 2,00 điểm phần trăm), "signed" (+2,00, in a table whose note says what it is measured in),
    "column" (tăng 2,00).
    """

    row: Row
    style: str = "words"

    @property
    def base(self) -> Period:
        """The earlier period."""
        return Period.parse(self.row["base_period"])

    @property
    def value(self) -> Fraction | None:
        return None if self.absence else self.row["change_pp"] if self.of.is_rate else self.row["change_pct"]

    @property
    def absence(self) -> Absence | None:
        return self.of.uncompared(self.row) if self.row["comparable"] == "no" else None

    def at(self, unit: Unit | Any) -> Change:
        """The same of the figure of another unit or group."""
        if self.row is _NO_ROW:
            return replace(self, of=self.of.at(unit))
        return self.of.at(unit).change(self.base, self.style)

    @property
    def before(self) -> Figure:
        """What it is measured from; absent where the two may not be compared."""
        then = self.of.then(self.base)
        absent = {} if self.known else {"make": lambda unit: _NO_ROW}
        return replace(then, **absent, again=lambda unit: self.at(unit).before)

    @property
    def growth(self) -> Growth:
        """How much a rate has changed in % of what it was."""
        return Growth(self)

    @property
    def bridge(self) -> Reason:
        """What stands for the unit in the earlier period, or how its figures were called then."""
        return tuple(self.row["told"]) if self.known else ()

    @property
    def small(self) -> bool:
        """Whether a rate was or is of so few dossiers that its change says little."""
        return self.of.is_rate and self.known and bool(self.row["small"] or self.row["base_small"])

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        rounded = vn.round_half_up(self.value, 2)
        if not rounded:
            same = "không đổi" if self.style == "signed" else "không thay đổi"  # such a column is narrow
            return same if self.value == 0 else f"gần như {same}"
        about = {
            "label": f"{self.of.label}{SINCE}{self.base.name}", "unit": self.of.unit, "period": self.of.period,
            "source": least_trusted([self.row["source"], self.row["base_source"]]),
        }  # fmt: skip
        unit = ""
        if not self.of.is_rate and self.row["base_small"]:  # +285,71% of seven dossiers says less than +20
            difference = abs(int(self.row["numerator"]) - int(self.row["base_numerator"]))
            size = claims.count(difference, in_text=in_text, formula="kỳ này - kỳ đó", **about)
            unit = " hồ sơ"
        elif self.of.is_rate:
            formula = "tỷ lệ kỳ này - tỷ lệ kỳ đó"
            size = claims.change(self.value, measured_in=POINTS, formula=formula, **about)
            unit = f" {POINTS}" if self.style == "words" else ""
        else:
            size = claims.change(self.value, measured_in="%", formula="(kỳ này - kỳ đó) / kỳ đó", **about)
        return f"{_way(self, self.style)}{size}{unit}"

    def notes(self) -> Iterator[Note | Lacking]:
        if self.small:
            said = "Mẫu số ít hồ sơ nên mức tăng, giảm của tỷ lệ chỉ để tham khảo."
            yield Note(self.figures, said, "few")


def _way(moving: Moving, style: str, kind: str = "") -> str:
    """What stands before the size of a change: its sign, or whether it is more or less."""
    if style == "signed":
        return markup.escape("+" if moving.value > 0 else "-")
    return f"{'tăng' if moving.value > 0 else 'giảm'} {kind}"


@dataclass(frozen=True, eq=False, repr=False)
class Growth(About, Moving):
    """How much a rate has changed in % of what it was: never to be taken for percentage points, so it says "tương đối".

    Silent where few dossiers stood above the line then: a share of seven dossiers can grow by 285%.
    """

    of: Change

    @property
    def value(self) -> Fraction | None:
        return self.of.row["change_pct"] if self.of.of.is_rate and self.of.known else None

    @property
    def absence(self) -> Absence | None:
        return None if self.value and self.of.row["base_numerator"] >= MINIMUM_DENOMINATOR else SILENT

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        figure, row = self.of.of, self.of.row
        size = claims.change(
            self.value, measured_in="%", label=f"{figure.label}{GROWN_SINCE}{self.of.base.name}",
            unit=figure.unit, period=figure.period, formula="(tỷ lệ kỳ này - tỷ lệ kỳ đó) / tỷ lệ kỳ đó",
            source=least_trusted([row["source"], row["base_source"]]),
        )  # fmt: skip
        return f"{_way(self, self.of.style, 'tương đối ')}{size}"


@dataclass(frozen=True, eq=False, repr=False)
class Against(About, Moving):
    """How much more or less one number of dossiers is than another; silent where they are equal or one is not known."""

    other: Figure

    @property
    def value(self) -> int | None:
        return self.of.numerator - self.other.numerator if self.of.known and self.other.known else None

    @property
    def absence(self) -> Absence | None:
        return None if self.value else SILENT

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        size = claims.count(
            abs(self.value), in_text=True, label="Chênh lệch giữa hai bảng", unit=self.of.unit, period=self.of.period,
            formula=f"{self.of.label} - {self.other.label}",
            source=least_trusted([self.of.row["source"], self.other.row["source"]]),
        )  # fmt: skip
        return f"{'nhiều hơn' if self.value > 0 else 'ít hơn'} {size}"


@dataclass(frozen=True, eq=False, repr=False)
class Rank(About, Valued):
    """A unit's place by a figure among others; silent where it is not ranked (few dossiers, a part of the period)."""

    units: tuple[Unit, ...]
    group: Unit | None

    @cached_property
    def place(self) -> Place | None:
        """The place; None where it is not ranked."""
        if not self.of.is_named or self.of.unit not in self.units:
            return None
        return self.figures.history.places(self.of.name, self.units, self.of.period).get(self.of.unit)

    @property
    def value(self) -> int | None:
        return self.place.rank if self.place else None

    @property
    def tied(self) -> bool:
        """Whether the place is shared."""
        return bool(self.place and self.place.tied)

    @property
    def absence(self) -> Absence | None:
        return None if self.place else SILENT

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        rank = claims.rank(
            self.place.rank, self.place.out_of,
            label=f"{RANKED_BY}{self.of.label[:1].lower()}{self.of.label[1:]}", unit=self.of.unit,
            period=self.of.period, source=self.of.at(self.group).row["source"] or self.of.row["source"],
            formula=f"trong nhóm {self.group.official_name}, đơn vị bằng nhau thì đồng hạng",
        )  # fmt: skip
        return f"{'đồng hạng' if self.tied else 'xếp thứ'} {rank}" if in_text else rank


@dataclass(frozen=True, eq=False, repr=False)
class Goal(About, Valued):
    """The decreed target in force for a figure; silent where none is."""

    target: Target | None

    @property
    def absence(self) -> Absence | None:
        return None if self.target else SILENT

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.target.target) if self.target else None

    @property
    def law(self) -> Words:
        """Where it is decreed."""
        return replace(
            self.figures.name(self.target.legal_source if self.target else ""), absent=self.absence
        )

    @property
    def since(self) -> Words:
        """From when on it is in force."""
        return Words(self.figures, lambda claims, first: claims.date(self.target.valid_from), self.absence)

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        return claims.target(self.target.target, formula=self.target.legal_source, **self._about)

    @property
    def _about(self) -> dict[str, Any]:
        return {"label": f"Chỉ tiêu: {self.of.label}", "unit": self.of.unit, "period": self.of.period}

    @property
    def words(self) -> Words:
        """ "từ 20% trở lên"."""
        way = "xuống" if self.target and self.target.comparison == "<=" else "lên"
        return Words(self.figures, lambda claims, first: f"từ {self.write(claims)} trở {way}", self.absence)

    @property
    def verdict(self) -> Words:
        """Whether it is missed, reached or exceeded, in points and dossiers; silent where the figure is not whole."""
        return self._words(lambda claims, first: self._judge(claims, self.law.write(claims)))

    @property
    def result(self) -> Words:
        """The verdict without the law, where that is named before."""
        return self._words(lambda claims, first: self._judge(claims, ""))

    def _words(self, make: Callable[[Claims, bool], str]) -> Words:
        is_told = self.target and self.of.known and self.of.is_whole
        return Words(self.figures, make, None if is_told else SILENT)

    def _judge(self, claims: Claims, law: str) -> str:
        gap, dossiers = shortfall(self.target, self.of.numerator, self.of.denominator)
        margin = self.of.value - self.value
        about = {"source": self.of.row["source"], **self._about}
        ends = "tỷ lệ đạt được đến chỉ tiêu" if gap else "chỉ tiêu đến tỷ lệ đạt được"
        printed: dict[str, str | None] = {"shortfall": None}
        if gap or margin:
            size = claims.change(
                gap or margin, measured_in=POINTS, decimals=2, formula=f"khoảng cách từ {ends}", **about
            )
            printed["shortfall" if gap else "margin"] = size
        if gap:
            formula = "số hồ sơ phải đạt - số hồ sơ đã đạt"
            printed["dossiers"] = claims.count(dossiers, in_text=True, formula=formula, **about)
        return phrases.against_target(
            self.write(claims), law, at_most=self.target.comparison == "<=", **printed
        )


@dataclass(frozen=True, eq=False, repr=False)
class Gap(About, Valued):
    """The fewest dossiers that would lift a rate to a level: the target in force, else the rate of its group.

    `common` is the group's rate, None where there is none to hold it against; `goal` another target than the one in force.
    """

    common: Figure | None
    goal: Goal | None = None

    def at(self, unit: Unit | Any) -> Gap:
        """That of another unit or group."""
        other = self.of.at(unit)
        return other.gap if self.goal is None else other.gap_to(self.goal)

    @property
    def target(self) -> Goal:
        """The target that it is held against."""
        return self.of.target if self.goal is None else self.goal

    @property
    def by_target(self) -> bool:
        """Whether the level is a decreed target."""
        return self.target.known

    @property
    def value(self) -> int | None:
        if not self.of.is_level or not self.of.is_rate:
            return None
        if self.by_target:
            return shortfall(self.target.target, self.of.numerator, self.of.denominator)[1]
        if self.common is None or not self.common.is_level:
            return None
        return missing_dossiers(self.of.numerator, self.of.denominator, self.common.value)

    @property
    def absence(self) -> Absence | None:
        return SILENT if self.value is None else None

    @property
    def level(self) -> Words:
        """What it is held against: "mức chung 85,30%", "chỉ tiêu từ 20% trở lên"."""
        if self.by_target:
            target = self.target.words
            return Words(self.figures, lambda claims, first: f"chỉ tiêu {target.write(claims)}", self.absence)
        return Words(
            self.figures, lambda claims, first: f"mức chung {self.common.write(claims)}", self.absence
        )

    def cell(self) -> str:
        """It in a table: "đạt" where nothing is lacking, a dash where that is not known."""
        if not self.known:
            return vn.MISSING
        return self.write(self.figures.claims, in_text=False) if self.value else "đạt"

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        level = "chỉ tiêu" if self.by_target else f"{COMMON}{self.common.unit.official_name}"
        rows = [one.row for one in (self.of, self.common) if one is not None]
        return claims.count(
            self.value, in_text=in_text, label=f"{LACKING}{level}: {self.of.label}", unit=self.of.unit,
            period=self.of.period, source=least_trusted(row["source"] for row in rows if row["source"]),
            formula=f"làm tròn lên ({level} x mẫu số) - tử số",
        )  # fmt: skip
