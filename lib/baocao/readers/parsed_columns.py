"""A plain table: its columns found by their headings and read in bulk, each distinct cell parsed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from baocao.definitions import UserError, correction
from baocao.readers.delimited import read_rows
from baocao.readers.headings import Vocabulary, cell_text, match_titles
from baocao.readers.problems import Faults, problem

CODE_OF_COLUMN = {
    "unit": "don-vi",
    "period_start": "ngay",
    "period_end": "ngay",
    "period": "ngay",
    "as_of": "ngay",
    "measure": "dai-luong",
    "value": "so-ho-so",
    "score": "diem",
    "maximum": "diem",
    "rank": "diem",
    "out_of": "diem",
}
"""What is wrong when a cell of the column is (`problems.CODES`)."""


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a table that have as many cells as the header; `table["unit"]` is a column of clean text.

    rows  the number of each row in the file: 1-based, the header is 1, blank rows counted
    """

    name: str
    rows: np.ndarray
    columns: dict[str, np.ndarray]
    sheet: str = ""

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]


def read_table(
    path: Path, header: Sequence[str], name: str = "", optional: Sequence[str] = ()
) -> tuple[Table, list[dict]]:
    """The columns of `header` of a CSV file, as `table_of`, and its problems. UserError: the path cannot be read."""
    rows, found = read_rows(path, name or path.name)
    faults = Faults(name or path.name, rows=found)
    if found:
        rows = []
    return table_of(rows, header, faults, optional), found


def table_of(
    rows: Sequence[Sequence[object]],
    header: Sequence[str],
    faults: Faults,
    optional: Sequence[str] = (),
    words: Vocabulary | None = None,
) -> Table:
    """The columns of `header` of a table whose first row has its headings.

    Columns may stand in any order, and be called as in `words`; an unknown one is left unread, with a warning; one of
    `optional` that is not there is blank. With a column missing the table is empty and an error says why.
    """
    names = (*header, *optional)
    nothing = Table(
        faults.file,
        np.empty(0, dtype=np.int64),
        {one: np.empty(0, dtype=object) for one in names},
        faults.sheet,
    )
    place = _places(rows, header, optional, faults, words or Vocabulary("", {}))
    if place is None:
        return nothing
    width = len(rows[0])
    last = max((at for at, title in enumerate(rows[0], start=1) if cell_text(title)), default=0)
    titles = [cell_text(cell) for cell in rows[0]]
    numbers, kept = [], []
    known = _Texts()  # few cells of a long table are distinct
    for at, record in enumerate(rows[1:], start=1):
        texts = [known[cell] if type(cell) is str else cell_text(cell) for cell in record]
        if not any(texts) or texts == titles:  # the headings again, on a new page
            continue
        if len(texts) >= last and not any(texts[width:]):
            numbers.append(at + 1)
            kept.append([*texts, *[""] * (width - len(texts))][:width])
            continue
        hint = "; số có dấu phẩy phải đặt trong dấu ngoặc kép" if len(texts) > width else ""
        message = f"Dòng có {len(texts)} ô, tiêu đề có {width} ô{hint}."
        faults.error("so-o", message, at, value=",".join(map(str, record)))
    if not kept:
        faults.warn("tep-trong", "Không có dòng số liệu nào đọc được dưới tiêu đề.")
        return nothing
    cells = np.array(kept, dtype=object)
    columns = {column: cells[:, at] for column, at in place.items()}
    columns |= {one: np.full(len(kept), "", dtype=object) for one in optional if one not in columns}
    return Table(faults.file, np.array(numbers, dtype=np.int64), columns, faults.sheet)


class _Texts(dict[str, str]):
    def __missing__(self, cell: str) -> str:
        return self.setdefault(cell, cell_text(cell))


def _places(
    rows: Sequence[Sequence[object]],
    header: Sequence[str],
    optional: Sequence[str],
    faults: Faults,
    words: Vocabulary,
) -> dict[str, int] | None:
    """Where each column of the header stands; None, with errors, when one is missing or there twice."""
    titles = [cell_text(cell).casefold() for cell in rows[0]] if rows else []
    if not any(titles):
        if not faults.failed:
            faults.error("tep-trong", f"Tệp trống, cần dòng tiêu đề {','.join(header)}.", 0)
        return None
    found = match_titles(titles, words, (*header, *optional))
    for title in found.unread:
        faults.warn("cot-la", "Cột không có trong mẫu, không được đọc.", 0, title, title)
    lacking = [("Thiếu", column) for column in header if column not in found.places]
    twice = [words.column(title) or title for title in found.repeated]
    for what, column in (*lacking, *(("Có nhiều hơn một", column) for column in twice)):
        message = f"{what} cột «{column}»; tiêu đề phải là {','.join(header)}."
        faults.error("tieu-de", message, 0, column)
    return None if lacking or twice else found.places


@dataclass(frozen=True, eq=False)
class Cells:
    """A column held as its distinct cells and, for each row, which of them it has."""

    codes: np.ndarray
    distinct: np.ndarray

    @property
    def rows(self) -> np.ndarray:
        """The cell of each row."""
        return self.distinct[self.codes]


class ColumnReader:
    """Parses a table column by column, each distinct cell once, and notes what is wrong and where."""

    def __init__(self, table: Table, found: list[dict]):
        self.table, self.found = table, found
        self.good = np.ones(len(table.rows), dtype=bool)

    def texts(self, column: str) -> Cells:
        """The column as text."""
        return Cells(*pd.factorize(self.table[column]))

    def parse(self, column: str, read: Callable, *beside: Cells) -> Cells:
        """What `read` makes of each text of the column and the cells beside it; None where it raises.

        `read` raises ValueError or UserError with the sentence to show. A cell beside is None where it is at
        fault itself; `read` then leaves out what it cannot judge.
        """
        return self.judge(column, read, self.texts(column), *beside)

    def judge(self, column: str, read: Callable, *inputs: Cells) -> Cells:
        """As `parse`, of parsed cells alone; faults are noted at `column`."""
        codes = inputs[0].codes.astype(np.int64)
        for one in inputs[1:]:
            codes = codes * (len(one.distinct) + 1) + one.codes
        codes, combined = pd.factorize(codes)
        values = np.empty(len(combined), dtype=object)
        messages: dict[int, str] = {}
        for at, code in enumerate(combined):
            cells = []
            for one in inputs[:0:-1]:
                code, place = divmod(code, len(one.distinct) + 1)
                cells.append(one.distinct[place])
            try:
                values[at] = read(inputs[0].distinct[code], *reversed(cells))
            except (ValueError, UserError) as error:
                messages[at] = str(error)
        if messages:
            for row in np.flatnonzero(np.isin(codes, list(messages))):
                self.add(row, column, messages[codes[row]])
        return Cells(codes, values)

    def name_units(self, unit: Cells) -> None:
        """Add to the faults of rows whose unit is known which one it is."""
        place = {int(row): at for at, row in enumerate(self.table.rows)}
        for one in self.found:
            if one["row"] in place and not one["unit"]:
                one["unit"] = unit.distinct[unit.codes[place[one["row"]]]] or ""

    def tell_corrected(self, unit: Cells, get: Callable, day: Cells) -> None:
        """Warns once for each text that means its unit only by other tones than the unit's name has."""
        for at in np.unique(self.texts("unit").codes, return_index=True)[1].tolist():
            text, code = self.table["unit"][at], unit.distinct[unit.codes[at]]
            known = day.distinct[day.codes[at]]
            if code and text != code and (message := correction(text, get(code, known))):
                self.add(at, "unit", message, severity="warning")

    def add(self, at: int, column: str, message: str, severity: str = "error", code: str = "") -> None:
        """Notes a fault of the row at position `at`; an error takes the row out of the facts.

        Without `code` it is that of the column (`CODE_OF_COLUMN`).
        """
        code = code or CODE_OF_COLUMN.get(column, "o-sai")
        where = {
            "file": self.table.name,
            "sheet": self.table.sheet,
            "row": int(self.table.rows[at]),
            "column": column,
        }
        self.found.append(problem(severity, code, message, value=self.table[column][at], **where))
        if severity == "error":
            self.good[at] = False
