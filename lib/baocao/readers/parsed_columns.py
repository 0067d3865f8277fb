"""The columns of a table read in bulk: each distinct cell parsed once, what is wrong noted with its row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from baocao.definitions import UserError, correction
from baocao.readers.delimited import Table
from baocao.readers.problems import problem

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
