"""The figures that five memos printed, as data: the rows of `data/reference/published_figures.csv`.

A row is one printed numeral with the words round it, and what ought to hold for it by definition: the numbers it
is made of, the whole it is a part of, the other places that print the same quantity. Nothing is recomputed here
and nothing is judged: that is `check`. Not figures: dates, periods, numbers of laws, names of models.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from baocao.definitions import HOME, Period, Register, Unit, UserError, nearest, reference_rows
from baocao.definitions import vietnamese as vn

COLUMNS = (
    "id", "seed", "memo", "quote", "period", "as_of", "scope", "quantity", "label", "printed", "qualifier",
    "measured_in", "parts", "within", "same_as", "named_as",
)  # fmt: skip

NEEDED = ("id", "seed", "memo", "quote", "period", "scope", "quantity", "label", "printed", "measured_in")
"""Columns that no row leaves empty."""

RULES = {"sum": (1, 99), "difference": (2, 2), "rate": (2, 2), "units": (1, 1), "weeks": (0, 0)}
"""The formulas of column `parts`, with the least and the largest number of their arguments."""

WORDS = {"thứ nhất": 1, "chưa phát sinh": 0}
"""Numbers that the memos print as words."""

_FORMULA = re.compile(r"(?P<rule>[a-z]+)\((?P<terms>[^()]*)\)")


@dataclass(frozen=True)
class Reading:
    """What a printed numeral says: its exact value and number of decimals; `fault` in words if it cannot be read.

    `has_decimal_dot`: a dot marks its decimals; `lacks_dots`: a number of thousands is written without dots.
    """

    value: Fraction | None
    decimals: int = 0
    has_decimal_dot: bool = False
    lacks_dots: bool = False
    fault: str = ""


@cache
def read_printed(printed: str, measured_in: str) -> Reading:
    """A numeral as a memo prints it ("47.411", "7218", "98,07%", "94.13", "thứ nhất").

    Scores and percentages may have a decimal dot, which is noted: as thousands they would exceed 100.

    >>> read_printed("94.13", "điểm").value, read_printed("94.13", "điểm").has_decimal_dot
    (Fraction(9413, 100), True)
    >>> read_printed("7218", "hồ sơ").lacks_dots, read_printed("thứ nhất", "hạng").value
    (True, Fraction(1, 1))
    """
    if printed in WORDS:
        return Reading(Fraction(WORDS[printed]))
    bare = printed.removesuffix("%") if measured_in == "%" else printed
    try:
        if measured_in in ("điểm", "%") and "." in bare:
            value, note = vn.parse_score(bare)
        else:
            value, note = vn.parse_number(bare), None
    except ValueError as error:
        return Reading(None, fault=str(error))
    if measured_in not in ("điểm", "%") and "," in bare:
        return Reading(None, fault=f"«{printed}» phải là số nguyên vì là số đếm ({measured_in}).")
    decimals = len(re.split("[.,]", bare)[-1]) if note or "," in bare else 0
    return Reading(Fraction(value), decimals, note is not None, bool(re.fullmatch(r"\d{4,}", bare)))


@dataclass(frozen=True)
class Formula:
    """What a figure should equal: `rule` of `RULES` over `terms`, each a sum of the figures with these ids.

    For `units` the only term is the kind of units that the register counts; `weeks` takes the figure's own period.
    """

    rule: str
    terms: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """One numeral printed in a memo.

    id            stable key: memo, statement, "t" for a numerator (tử số), "m" for a denominator (mẫu số)
    seed, memo    the memo's key ("001") and its short citation
    quote         the words round the numeral exactly as printed, so that anybody finds the place
    scope         codes of the units it is about
    quantity      a name of ours: a measure, an indicator, or index.component
    qualifier     the word printed before it that loosens it ("trên", "tối thiểu"), if any
    measured_in   hồ sơ, %, điểm, hạng, ...
    parts         what it should equal
    within        sums of figures that it must not exceed: its whole, its maximum, the one listed before it
    same_as       sums of figures that are one and the same quantity by definition
    named_as      sums of figures that the memo calls by the same name, hence equal unless their scopes differ
    """

    id: str
    seed: str
    memo: str
    quote: str
    period: Period
    as_of: date
    scope: tuple[str, ...]
    quantity: str
    label: str
    printed: str
    qualifier: str
    measured_in: str
    parts: Formula | None
    within: tuple[tuple[str, ...], ...]
    same_as: tuple[tuple[str, ...], ...]
    named_as: tuple[tuple[str, ...], ...]

    @property
    def reading(self) -> Reading:
        """The printed numeral as a number."""
        return read_printed(self.printed, self.measured_in)

    @property
    def references(self) -> set[str]:
        """The ids of all figures that its relations name."""
        groups = [*self.within, *self.same_as, *self.named_as]
        if self.parts and self.parts.rule != "units":
            groups += self.parts.terms
        return {one for group in groups for one in group}


def load_figures(root: Path) -> list[Figure]:
    """The published figures below the project's `root`; a UserError names the row of a fault in the file."""
    try:
        rows = reference_rows(root, "published_figures.csv")
    except FileNotFoundError:
        raise UserError(
            "Thiếu tệp data/reference/published_figures.csv; hãy lấy lại tệp này từ kho mã nguồn."
        ) from None
    if any(tuple(row) != COLUMNS for row in rows):
        raise UserError(f"published_figures.csv: các cột phải là {','.join(COLUMNS)}.")
    return read_figures(rows)


def memo_key(seed: str | int) -> str:
    """The key of a memo as the list has it: papermill's -p and YAML make the number 1 of "001"; "" for no memo.

    >>> memo_key(0), memo_key("003"), memo_key("")
    ('000', '003', '')
    """
    return f"{seed:03d}" if isinstance(seed, int) else seed


def choose_memo(figures: Sequence[Figure], seed: str) -> list[Figure]:
    """The figures of the memo with this key ("001"); a UserError names the nearest keys where there is none."""
    chosen = [figure for figure in figures if figure.seed == seed]
    if not chosen:
        near = ", ".join(nearest(seed, sorted({figure.seed for figure in figures})))
        raise UserError(f"Không có văn bản «{seed}» trong published_figures.csv; gần nhất: {near}.")
    return chosen


def figures_about(root: Path, seed: str, units: Sequence[Unit]) -> list[Figure]:
    """A memo's figures about these units: all for the province, else those about nobody else; none for no memo ("")."""
    codes = {unit.code for unit in units}
    chosen = choose_memo(load_figures(root), key) if (key := memo_key(seed)) else []
    return [one for one in chosen if HOME in codes or codes.issuperset(one.scope)]


def units_named(root: Path, figures: Sequence[Figure], register: Register) -> list[Unit]:
    """The units that the figures are about, and those of other published figures that their quotes hold."""
    quotes = {figure.quote for figure in figures}
    named = [one for one in load_figures(root) if one.quote in quotes] if figures else []
    return list({code: register.get(code, one.as_of) for one in named for code in one.scope}.values())


def read_figures(rows: Sequence[dict[str, str]]) -> list[Figure]:
    """The figures of rows with the columns `COLUMNS`, their relations checked to name existing figures."""
    figures = [_read_row(row, line) for line, row in enumerate(rows, start=2)]
    lines: dict[str, int] = {}
    for line, figure in enumerate(figures, start=2):
        if figure.id in lines:
            raise _fault(line, f"mã «{figure.id}» đã có ở dòng {lines[figure.id]}; hãy dùng mã khác")
        lines[figure.id] = line
    for line, figure in enumerate(figures, start=2):
        for reference in sorted(figure.references - lines.keys()):
            near = ", ".join(nearest(reference, lines))
            raise _fault(line, f"quan hệ nhắc đến «{reference}» không có trong cột id; gần nhất: {near}")
    return figures


def _read_row(row: dict[str, str], line: int) -> Figure:
    if empty := next((name for name in NEEDED if not row[name]), ""):
        raise _fault(line, f"cột {empty} để trống; hãy điền vào")
    # A number inside a longer one is another number.
    whole = r"(?<!\d)(?<!\d[.,])" + re.escape(row["printed"]) + r"(?!\d)(?![.,]\d)"
    if not re.search(whole, row["quote"]):
        raise _fault(line, f"câu trích không có «{row['printed']}»; hãy chép đúng nguyên văn")
    try:
        period = Period.parse(row["period"])
        as_of = vn.parse_date(row["as_of"]) if row["as_of"] else period.end
    except (UserError, ValueError) as error:
        raise _fault(line, str(error).rstrip(".")) from None
    return Figure(
        **row
        | {name: _read_terms(row[name]) for name in ("within", "same_as", "named_as")}
        | {"period": period, "as_of": as_of, "scope": _split(row["scope"], ";")}
        | {"parts": _read_formula(row["parts"], line) if row["parts"] else None}
    )


def _read_terms(text: str) -> tuple[tuple[str, ...], ...]:
    """`a+b; c` as (("a", "b"), ("c",))."""
    return tuple(_split(term, "+") for term in _split(text, ";"))


def _split(text: str, mark: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(mark) if part.strip())


def _read_formula(text: str, line: int) -> Formula:
    found = _FORMULA.fullmatch(text)
    if not found or found["rule"] not in RULES:
        examples = "sum(a; b), difference(a; b), rate(a+b; c), units(commune), weeks()"
        raise _fault(line, f"công thức «{text}» không hiểu được, các dạng đúng: {examples}")
    terms = _read_terms(found["terms"])
    least, most = RULES[found["rule"]]
    if not least <= len(terms) <= most:
        raise _fault(line, f"công thức «{text}» cần từ {least} đến {most} số hạng, có {len(terms)}")
    return Formula(found["rule"], terms)


def _fault(line: int, what: str) -> UserError:
    return UserError(f"published_figures.csv dòng {line}: {what}.")
