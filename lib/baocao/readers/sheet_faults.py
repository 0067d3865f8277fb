"""What is wrong on one sheet of a book, noted with the row and column that the spreadsheet shows."""

from __future__ import annotations

from baocao.readers.cell_names import column_letter
from baocao.readers.problems import problem
from baocao.readers.workbook import Book, Sheet


class SheetFaults:
    """Collects the problems of a sheet; rows and columns are given as indexes of `Sheet.rows`, from 0."""

    def __init__(self, book: Book, sheet: Sheet):
        self.file, self.sheet = book.name, sheet
        self.found: list[dict] = []

    def error(
        self, code: str, message: str, row: int | None = None, column: int | None = None, value: object = ""
    ) -> None:
        """Notes what must not be counted without a person's decision."""
        self._add("error", code, message, row, column, value)

    def warn(
        self, code: str, message: str, row: int | None = None, column: int | None = None, value: object = ""
    ) -> None:
        """Notes what readers should know; the figures stay."""
        self._add("warning", code, message, row, column, value)

    def _add(self, severity, code, message, row, column, value) -> None:
        where = {
            "row": None if row is None else self.sheet.number(row),
            "column": "" if column is None else column_letter(column),
        }
        self.found.append(
            problem(severity, code, message, file=self.file, sheet=self.sheet.name, value=value, **where)
        )
