"""A column of a dossier export in bulk: Arrow in, Arrow out, each distinct cell of a batch parsed once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers import cells
from baocao.readers.dossiers.headings import Headings
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS, PLACE, RANGES

_ARROW = {
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "SMALLINT": pa.int16(),
    "TINYINT": pa.int8(),
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
}
SCHEMA = pa.schema([(name, _ARROW[kind]) for name, kind in DOSSIER_COLUMNS.items()])
"""The minimised table in Arrow's types."""

_CLOCK_AFTER = r"^([0-9/.\-]{8,10})[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?$"
_REMEMBERED = 200_000
"""Cells of a column whose parsed value is remembered from batch to batch."""
_TRUTHS = [name for name, kind in DOSSIER_COLUMNS.items() if kind == "BOOLEAN"]
_FEW = 20
"""A column of no more different cells holds words for codes."""
_TEXT_MARKS = " '\"‘’“”`"
_DIGITS = 15
_LONG = "^[1-9][0-9]{15,30}$"
_SHORTENED = r"^[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]+$"
"""A long number of which a spreadsheet kept fifteen digits: 2,50702E+17."""


class ColumnParser:
    """Parses one column of an export, batch after batch.

    has_number  the column holds the number of a person's papers, of which only the presence is kept
    epoch       the day 0 of numbers that mean days
    odd         positions, in the last batch, of cells that may mean something else: a number for a day, a dossier's
                number that a spreadsheet rounded, a word for a level that no law knows any more
    days        of a column of days: those written as spreadsheets keep days (True) and as people type them (False)
    """

    def __init__(
        self, column: str, headings: Headings, *, has_number: bool = False, epoch: date = cells.EPOCH
    ):
        self.column, self.type, self.has_number = column, SCHEMA.field(column).type, has_number
        self._parse, self._headings = _parser(column, headings, epoch), headings
        self._is_odd = {pa.date32(): cells.is_serial}.get(self.type)
        if column == "level":
            self._is_odd = lambda cell: (
                (column, cells.word_key(cell)) not in headings.mapped and cells.is_old_level(cell)
            )
        self._long, self._noughts = (
            0,
            0,
        )  # numbers too long for a spreadsheet; None once one does not end in noughts
        self.days: dict[bool, set[date]] = {True: set(), False: set()}
        self.odd = _NO_FAULTS[0]
        self._known: dict[str, object] = {}
        self._distinct = 0
        self._faults: dict[str, str] = {}

    def parse(self, raw: pa.Array) -> tuple[pa.Array, np.ndarray, np.ndarray]:
        """The values; the positions of the cells at fault (null among the values), and the sentence of each."""
        if isinstance(raw, pa.ChunkedArray):
            raw = raw.combine_chunks()
        if pa.types.is_dictionary(raw.type):
            raw = raw.dictionary_decode()
        if self.has_number:
            return _holds_number(raw), *_NO_FAULTS
        if not pa.types.is_null(raw.type) and (typed := self._as_typed(raw)) is not None:
            return typed, *_NO_FAULTS
        text = _unguarded(raw if pa.types.is_string(raw.type) else _as_text(raw))
        if self.column == "number":
            return self._parse_numbers(text), *_NO_FAULTS
        if self.type == pa.date32():
            text = _without_clock(text)
        return self._parse_distinct(text)

    def _as_typed(self, raw: pa.Array) -> pa.Array | None:
        """Values that have their type already, as in Parquet; None where they must be looked at as text."""
        kind = raw.type
        if self.type == pa.date32() and (pa.types.is_timestamp(kind) or pa.types.is_date(kind)):
            if pa.types.is_timestamp(kind) and kind.tz:
                raw = pc.local_timestamp(raw.cast(pa.timestamp(kind.unit, "Asia/Ho_Chi_Minh")))
            days = raw.cast(pa.date32(), safe=False) if kind != pa.date32() else raw
            low, high = (pa.scalar(day, pa.date32()) for day in (cells.FIRST_DAY, cells.LAST_DAY))
            likely = pc.and_(pc.greater_equal(days, low), pc.less_equal(days, high))
            return days if pc.all(likely).as_py() is not False else None
        if self.type == pa.bool_() and pa.types.is_boolean(kind):
            return raw
        return None

    def _parse_numbers(self, text: pa.Array) -> pa.Array:
        numbers = _clean_in_bulk(text)
        self.odd = np.flatnonzero(_matches(numbers, _SHORTENED).to_numpy(False))
        long = pc.filter(numbers, _matches(numbers, _LONG))
        if len(long) and self._noughts is not None:
            beyond = pc.utf8_slice_codeunits(long, _DIGITS)
            exact = pc.any(_matches(beyond, "[1-9]")).as_py()
            self._noughts = None if exact else self._noughts + pc.sum(pc.utf8_length(beyond)).as_py()
            self._long += len(long)
        return numbers

    @property
    def has_rounded(self) -> bool:
        """Whether all long numbers end in noughts after a spreadsheet's fifteen digits: more of them than by chance."""
        return self._noughts is not None and self._noughts > 2 and self._long > 1

    def _parse_distinct(self, text: pa.Array) -> tuple[pa.Array, np.ndarray, np.ndarray]:
        coded = pc.dictionary_encode(text)
        distinct = coded.dictionary.to_pylist()
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        values, wrong = [], {}
        for at, cell in enumerate(distinct):
            if cell not in self._known:
                self._learn(cell)
            values.append(self._known[cell])
            if cell in self._faults:
                wrong[at] = self._faults[cell]
        parsed = pa.array(values, self.type).take(coded.indices)
        codes = coded.indices.fill_null(-1).to_numpy()
        if self._is_odd:
            odd = [at for at, cell in enumerate(distinct) if values[at] is not None and self._is_odd(cell)]
            self.odd = np.flatnonzero(np.isin(codes, odd))
        if not wrong:
            return parsed, *_NO_FAULTS
        positions = np.flatnonzero(np.isin(codes, list(wrong)))
        return parsed, positions, np.array([wrong[code] for code in codes[positions]], dtype=object)

    def unknown_words(self) -> list[str]:
        """Words that nobody knows, of a column of few words: one of many may hold people. Not to be stored."""
        if self.column not in (*RANGES, *_TRUTHS) or self._distinct > _FEW:
            return []
        return [shown for cell in self._faults if (shown := cells.shown_word(cell))]

    def _learn(self, cell: str) -> None:
        self._distinct += 1
        if cell and (entry := (self.column, cells.word_key(cell))) in self._headings.mapped:
            self._headings.used.add(entry)
        try:
            self._known[cell] = value = self._parse(cell)
            if isinstance(value, date):
                self.days[cells.is_typed(cell)].add(value)
        except ValueError as error:
            self._known[cell] = None
            if len(self._faults) > _REMEMBERED:
                self._faults.clear()
            self._faults[cell] = str(error)


_NO_FAULTS = (np.empty(0, dtype=np.int64), np.empty(0, dtype=object))


def text_column(column: list[object]) -> pa.Array:
    """A spreadsheet's column as text, each distinct cell written once."""
    if set(map(type, column)) <= {str}:
        return pa.array(column, pa.string())
    # By type too: 1, 1.0 and True are one key.
    known: dict[tuple, str | None] = {}
    for cell in column:
        key = (cell.__class__, cell)
        if key not in known:
            known[key] = cells.cell_text(cell)
    return pa.array([known[cell.__class__, cell] for cell in column], pa.string())


def _parser(column: str, headings: Headings, epoch: date) -> Callable[[str], object]:
    words, own = headings.words.get(column, {}), headings.has_own_codes(column)
    kind = DOSSIER_COLUMNS[column]
    if column in PLACE:
        raise ValueError(f"{column} is not read from an export")
    if kind == "DATE":
        return lambda text: cells.parse_day(text, epoch)
    if kind == "BOOLEAN":
        return lambda text: cells.parse_truth(text, column, words, own)
    if column in RANGES:
        return lambda text: cells.parse_code(text, column, words, own)
    if kind == "VARCHAR":
        return lambda text: None if cells.is_nothing(text) else vn.clean(text) or None
    return cells.parse_duration if column == "legal_days" else cells.parse_whole


def _as_text(raw: pa.Array) -> pa.Array:
    """Values of any type as text; whole numbers without decimals."""
    if pa.types.is_floating(raw.type) or pa.types.is_decimal(raw.type):
        return pa.array([cells.cell_text(cell) for cell in raw.cast(pa.float64()).to_pylist()], pa.string())
    if pa.types.is_binary(raw.type) or pa.types.is_large_binary(raw.type) or pa.types.is_nested(raw.type):
        return pa.nulls(len(raw), pa.string())
    return raw.cast(pa.string())


def _holds_number(raw: pa.Array) -> pa.Array:
    """Whether each cell holds a number of papers: any digit but 0; a blank is "no"."""
    if pa.types.is_boolean(raw.type):
        return raw
    return pc.fill_null(pc.match_substring_regex(_as_text(raw), "[1-9]"), False)


def _without_clock(text: pa.Array) -> pa.Array:
    """The dates without their time of day, which would make every cell a distinct one."""
    longest = pc.max(pc.binary_length(text)).as_py() or 0
    return pc.replace_substring_regex(text, _CLOCK_AFTER, r"\1") if longest > 10 else text


def _matches(text: pa.Array, pattern: str) -> pa.Array:
    return pc.fill_null(pc.match_substring_regex(text, pattern), False)


def _unguarded(text: pa.Array) -> pa.Array:
    """The cells without the guard ="…" by which a system keeps a spreadsheet from reading them as numbers."""
    guarded = pc.any(pc.starts_with(text, "=")).as_py()
    return pc.replace_substring_regex(text, r'^=\s*"(.*)"\s*$', r"\1") if guarded else text


def _clean_in_bulk(text: pa.Array) -> pa.Array:
    """As `vn.clean`, without a Python call for each cell, and without marks that only say "this is text": 'HS-1."""
    plain = pc.utf8_trim_whitespace(text)
    if not pc.all(pc.match_substring_regex(plain, r"^[!-~]*$")).as_py():
        # Python's spaces become spaces; what nobody can read goes.
        plain = pc.replace_substring_regex(plain, r"[\s\x{b}\x{1c}-\x{1f}\x{85}\p{Z}]+", " ")
        plain = pc.replace_substring_regex(
            plain, rf"[\p{{Cc}}\p{{Cf}}\p{{Co}}]+|{vn.NONCHARACTERS.pattern}", ""
        )
        plain = pc.utf8_normalize(plain, "NFC")
        plain = pc.utf8_trim_whitespace(pc.replace_substring_regex(plain, " {2,}", " "))
    plain = pc.utf8_trim(plain, _TEXT_MARKS)
    return pc.if_else(pc.equal(plain, ""), pa.scalar(None, pa.string()), plain)
