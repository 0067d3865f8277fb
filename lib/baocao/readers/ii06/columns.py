"""The header of Biểu II.06/VPCP/KSTT on a sheet: where it stands and which of the form's columns is where.

Source: Thông tư 01/2020/TT-VPCP. The columns (3) to (13) are found by the words of the header (form "ii06" of
headings.csv), whose groups may be merged cells, and by the row of column numbers; the two must agree. A column's place
alone never decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from baocao.definitions import vietnamese as vn
from baocao.readers.headings import UNREAD, Vocabulary, fold
from baocao.readers.problems import Faults, column_letter
from baocao.readers.workbook import Sheet

TITLES = {
    3: "Tổng số hồ sơ nhận giải quyết",
    4: "Trực tuyến",
    5: "Trực tiếp, dịch vụ bưu chính",
    6: "Từ kỳ trước",
    7: "Tổng số hồ sơ đã giải quyết",
    8: "Đã giải quyết trước hạn",
    9: "Đã giải quyết đúng hạn",
    10: "Đã giải quyết quá hạn",
    11: "Tổng số hồ sơ đang giải quyết",
    12: "Đang giải quyết trong hạn",
    13: "Đang giải quyết quá hạn",
}
"""The form's columns by number."""

PARTS = {3: (4, 5, 6), 7: (8, 9, 10), 11: (12, 13)}
"""The totals among them and what adds up to each."""

LEAVES = tuple(part for parts in PARTS.values() for part in parts)

_DEEPEST = 80  # the header begins above this row
_GROUP = "group "
_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*(=.*)?")
_TITLE = re.compile(r"\b(ii )?0?6 ?[a-e]?\d? vpcp\b|\bii 0?6[a-e]?\b")


@dataclass(frozen=True)
class Columns:
    """The table of a sheet: indexes from 0.

    first, last  the header's first and last row, the row of column numbers included; the figures begin below
    ordinal      column of "TT"; None where there is none
    label        column of "Lĩnh vực, công việc giải quyết theo cấp" or "Đơn vị"
    heading      what stands above the labels, folded
    places       the column of the sheet for each column of the form (3 to 13)
    """

    first: int
    last: int
    ordinal: int | None
    label: int
    heading: str
    places: dict[int, int]


def is_titled(sheet: Sheet) -> bool:
    """Whether one of the first rows calls the sheet Biểu II.06 (with or without a letter)."""
    texts = (cell for row in sheet.rows[:30] for cell in row if isinstance(cell, str) and len(cell) < 400)
    return any(_TITLE.search(fold(text)) for text in texts if "6" in text)


def find_header(sheet: Sheet, words: Vocabulary, start: int = 0) -> int | None:
    """The row from `start` on where the table's header begins; None where there is no such header.

    It names at least two of the groups (nhận giải quyết, đã giải quyết, đang giải quyết) in cells of their own, and
    four columns in itself or the rows below; or, on a sheet called II.06, it is a row of the form's column numbers.
    """
    rows = sheet.rows[start : start + _DEEPEST]
    for at, row in enumerate(rows, start=start):
        groups = {group for text in _texts(row) if text and (group := _group(text, words))}
        if len(groups) > 1:
            below = [text for later in sheet.rows[at : at + 5] for text in _texts(later) if text]
            if len({leaves for text in below for leaves in _leaves(text, words)}) >= 4:
                return at
    if not is_titled(sheet):
        return None
    return next((at for at, row in enumerate(rows, start=start) if len(_numbers(row)) >= 11), None)


class _Header:
    """The header of a sheet while its columns are found: the words of each column and the row of numbers."""

    def __init__(self, sheet: Sheet, first: int, words: Vocabulary):
        self.sheet, self.first, self.words = sheet, first, words
        self.last, self.numbers = self._end()
        rows = range(first, self.last if self.numbers else self.last + 1)
        width = max(len(row) for row in sheet.rows[first : first + 6])
        titles = {column: self._title(rows, column) for column in range(width)}
        self.titles = {column: title for column, (_, title) in titles.items()}
        meanings = {column: self._meaning(*title) for column, title in titles.items()}
        self.by_words = {column: meant for column, meant in meanings.items() if meant}
        self.by_numbers = self._shifted()

    def _end(self) -> tuple[int, dict[int, int]]:
        """The header's last row and the column numbers in it, if there are any."""
        below = range(self.first, min(self.first + 8, len(self.sheet.rows)))
        for at in below:
            if numbers := _numbers(self.sheet.rows[at]):
                return at, numbers
        last = self.first
        for at in below:
            texts = filter(None, _texts(self.sheet.rows[at]))
            if sum(bool(_leaves(text, self.words) or _group(text, self.words)) for text in texts) >= 2:
                last = at
        return last, {}

    def _title(self, rows: range, column: int) -> tuple[int, str]:
        """The group that a column belongs to, and its own words, folded; 0 and "" where there are none."""
        own = [(at, text) for at in rows if (text := self.text(at, column))]
        group = next((found for _, text in reversed(own) if (found := _group(text, self.words))), 0)
        above = range(rows.start, own[0][0] if own else rows.stop)
        for at in reversed(above) if not group else ():
            group = next((found for text in self._left(at, column) if (found := _group(text, self.words))), 0)
            if group:
                break
        return group, own[-1][1] if own else ""

    def text(self, row: int, column: int) -> str:
        """The folded text of a cell."""
        cells = self.sheet.rows[row]
        return _texts([cells[column]])[0] if column < len(cells) else ""

    def _left(self, row: int, column: int) -> Iterator[str]:
        """The nearest text left of a blank cell, where it may be part of a merged one: at most one."""
        for at in range(column, -1, -1):
            if text := self.text(row, at):
                inside = [span for span in self.sheet.merged if span[0] <= (row, at) and span[1] >= (row, at)]
                if at == column or not inside or any(span[1][1] >= column for span in inside):
                    yield text
                return

    def _meaning(self, group: int, text: str) -> int | None:
        """The column of the form that a group and words mean; None where it is none, or two at once."""
        if not text or self.words.has(UNREAD, text):
            return None
        if found := _leaves(text, self.words):
            allowed = PARTS.get(group, LEAVES)
            meant = {tuple(leaf for leaf in leaves if leaf in allowed) for leaves in found}
            only = meant.pop()
            return only[0] if not meant and len(only) == 1 else None
        return group if group and _begins(text, self.words) else None

    def _shifted(self) -> dict[int, int]:
        """The form's columns by the row of numbers, which may begin with 1 at column (3) (after A and B)."""
        numbers, by_words = self.numbers, self.by_words
        apart = [by_words[column] - number for column, number in numbers.items() if column in by_words]
        shift = max(set(apart), key=apart.count) if apart else (0 if len(numbers) >= 13 else 2)
        shift = shift if shift in (0, 2) else 0
        return {column: number + shift for column, number in numbers.items() if number + shift in TITLES}

    def check_numbers(self, faults: Faults) -> bool:
        """Whether words and numbers mean the same columns; an error for each that they do not.

        Without any words the numbers alone decide; numbers that the words contradict decide nothing.
        """
        apart = [
            column for column, meant in self.by_words.items() if self.by_numbers.get(column, meant) != meant
        ]
        for column in apart:
            meant = self.by_words[column]
            message = (
                f"Tiêu đề là «{TITLES[meant]}» (cột ({meant})) nhưng hàng số ghi cột ({self.by_numbers[column]}); hãy sửa "
                "tiêu đề hoặc hàng số."
            )
            faults.error("tieu-de", message, self.last, column, self.titles[column])
        return not apart

    def places(self, faults: Faults) -> dict[int, int] | None:
        """Where each column of the form stands; None, with errors, where one that is counted is not there or twice."""
        columns: dict[int, list[int]] = {}
        for column in sorted({**self.by_numbers, **self.by_words}):
            columns.setdefault(self.by_words.get(column) or self.by_numbers[column], []).append(column)
        faulty = False
        for meant, title in TITLES.items():
            where = columns.get(meant, [])
            if len(where) > 1:
                named = " và ".join(map(column_letter, where))
                message = (
                    f"Các cột {named} cùng là «{title}» (cột ({meant})); chỉ được có một, hãy sửa tiêu đề."
                )
                faults.error("tieu-de", message, self.last, where[1], self.titles[where[1]])
                faulty = True
            elif not where:
                message = f"Không thấy cột ({meant}) «{title}» trong tiêu đề bảng"
                if meant in PARTS:
                    faults.warn("tieu-de", f"{message}; không đối chiếu được cột này.", self.last)
                else:
                    faults.error("tieu-de", f"{message}; hãy ghi đủ các cột (3) đến (13).", self.last)
                    faulty = True
        return None if faulty else {meant: where[0] for meant, where in columns.items() if meant in TITLES}

    def label(self, stub: range) -> int | None:
        """The column of names among those left of the figures."""
        named = [column for column in stub if self.words.has("label", self.titles[column])]
        if named:
            return named[-1]
        return next((column for column in stub if self.numbers.get(column) == 2 and column < len(stub)), None)


def read_columns(sheet: Sheet, first: int, faults: Faults, words: Vocabulary) -> Columns | None:
    """The columns of the table whose header begins in row `first`; None, with errors, where they are not clear."""
    header = _Header(sheet, first, words)
    if not header.check_numbers(faults) or (places := header.places(faults)) is None:
        return None
    stub = range(min(places.values()))
    label = header.label(stub)
    if label is None:
        message = "Không thấy cột «Lĩnh vực, công việc giải quyết» hoặc «Đơn vị» bên trái các cột số liệu."
        faults.error("tieu-de", message, header.last)
        return None
    titles, numbers = header.titles, header.numbers
    ordinal = next((column for column in stub if "ordinal" in words.words.get(titles[column], ())), None)
    if ordinal is None and label > 0 and (not titles[label - 1] or numbers.get(label - 1) == 1):
        ordinal = label - 1
    for column, title in titles.items():
        known = column in (label, ordinal, *places.values()) or numbers.get(column) == 1
        # The heading of a merged group, above a column that is not there.
        grouped = column + 1 in places.values() and not header.text(first, column + 1)
        if title and not known and not (grouped and title == header.text(first, column)):
            faults.warn("cot-la", "Cột không có trong Biểu II.06, không được đọc.", first, column, title)
    return Columns(first, header.last, ordinal, label, titles[label], places)


def is_header_again(sheet: Sheet, row: int, columns: Columns) -> bool:
    """Whether a row below repeats one of the header's rows, as pages printed one by one do."""
    there = [text for text in _texts(sheet.rows[row]) if text]
    if len(there) < 2:
        return False
    again = (_texts(sheet.rows[at]) for at in range(columns.first, columns.last + 1))
    return any(there == [text for text in texts if text] for texts in again)


def _texts(row: list[object]) -> list[str]:
    return [fold(cell) if isinstance(cell, str) and cell and len(cell) < 200 else "" for cell in row]


@lru_cache(maxsize=1 << 12)
def _group(text: str, words: Vocabulary) -> int:
    """The total whose group a text names; 0 where it names none. Of two, the first in headings.csv."""
    named = [columns[0] for columns in words.inside(text) if columns[0].startswith(_GROUP)]
    return int(named[0].removeprefix(_GROUP)) if named else 0


@lru_cache(maxsize=1 << 12)
def _leaves(text: str, words: Vocabulary) -> frozenset[tuple[int, ...]]:
    """What the words in a text mean: for each kind of word the columns of the form that it may stand for."""
    found = (columns for columns in words.inside(text) if columns[0].isdigit())
    return frozenset(tuple(map(int, columns)) for columns in found)


def _begins(text: str, words: Vocabulary) -> bool:
    """Whether a text begins with a word for a total."""
    return any(
        "total" in columns and f"{text} ".startswith(f"{word} ") for word, columns in words.words.items()
    )


def _numbers(row: list[object]) -> dict[int, int]:
    """The column numbers of a row that holds them, by column: "(3)=(4)+(5)+(6)", 4, "(5)"; empty for other rows."""
    found: dict[int, int] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            written = _NUMBER.fullmatch(vn.clean(cell))
            if written:
                found[column] = int(written[1])
            elif len(cell.strip(" ()")) > 1:
                return {}
        elif type(cell) in (int, float) and 0 < cell < 30 and cell == int(cell):
            found[column] = int(cell)
        else:
            return {}
    values = list(found.values())
    rising = all(later == earlier + 1 for earlier, later in pairwise(values))
    return found if len(values) >= 8 and rising and values[0] <= 3 else {}
