"""Sheets of reference data: values of yearly indices, targets, unit changes; rows in the files' own spelling.

What a sheet leaves blank in a row that stands in `data/reference` already keeps what stands there, so that a unit is
ended by its code, its first day and its last.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.measures import Measure
from baocao.definitions.units import HOME, Register
from baocao.readers.portal.headings import cell_text
from baocao.readers.problems import problem, problems_frame
from baocao.readers.reading_result import Reading
from baocao.readers.reference.forms import COLUMNS, DATES, WORDS, SheetHeader, find_sheet_header
from baocao.readers.reference.known_reference import Fault, Known
from baocao.readers.reference.merge import key_of
from baocao.readers.reference.rows import complete
from baocao.readers.reference.sheet_checks import check_rows
from baocao.readers.workbook import Book, Sheet

_YEARS = range(1900, 2100)


def recognise_sheets(book: Book) -> bool:
    """Whether a sheet of the book has the heading of index values, targets, units or lineage; never raises."""
    return any(find_sheet_header(sheet) for sheet in book.sheets)


def read_sheets(
    book: Book, register: Register, measures: dict[str, Measure], source: str, *, root: Path
) -> list[Reading]:
    """The rows of the book by form, one reading each (form "units" before "lineage"); counts and scores are empty.

    Rows are checked against each other and against the files below `root`: names that exist, first day not after
    the last, no two rows of one thing in force on one day. A row at fault is left out. `measures` and `source` do
    not matter here: the rows have a source of their own.
    """
    found: dict[str, list[dict]] = {form: [] for form in COLUMNS}
    rows: dict[str, list[_Row]] = {form: [] for form in COLUMNS}
    known = Known(root, register)
    strays: list[dict] = []
    for sheet in book.sheets:
        header = find_sheet_header(sheet)
        if header is None:
            if any(cell_text(cell) for row in sheet.rows for cell in row):
                text = "Trang không có dòng tiêu đề của biểu nào đã quy định (xem data/raw/README.md), không được đọc."
                strays.append(problem("warning", "tieu-de", text, file=book.name, sheet=sheet.name))
            continue
        reader = _SheetReader(book.name, sheet, header, found[header.form], known)
        rows[header.form] += reader.read()
    readings = []
    for form in ("units", "lineage", "targets", "index_values"):
        kept = _check(form, rows[form], known, found[form])
        if rows[form] or found[form]:
            frame = pd.DataFrame([one.cells for one in kept], columns=list(COLUMNS[form]), dtype=object)
            readings.append(Reading(form, problems=problems_frame([*strays, *found[form]]), rows=frame))
            strays = []
    return readings


@dataclass(eq=False)
class _Row:
    """One row in the file's spelling, and where it stands."""

    cells: dict[str, str]
    where: dict
    titles: dict[str, str] = field(default_factory=dict)


def _check(form: str, rows: list[_Row], known: Known, found: list[dict]) -> list[_Row]:
    """The rows without fault; `known` learns the units and lineage among them."""
    kept: list[_Row] = []
    taken: dict[tuple, _Row] = {}
    for row in rows:
        key = key_of(form, row.cells)
        first = taken.setdefault(key, row)
        if first is row:
            kept.append(row)
        elif first.cells == row.cells:
            text = f"Trùng với dòng {first.where['row']}, cùng nội dung: chỉ giữ một dòng."
            found.append(problem("warning", "trung-lap", text, **row.where))
        else:
            text = f"Mâu thuẫn với dòng {first.where['row']}: cùng {' / '.join(key)} nhưng khác nội dung; không dùng dòng nào."
            found.append(problem("error", "mau-thuan", text, **row.where))
            kept = [one for one in kept if one is not first]
    for at, fault in check_rows(form, [one.cells for one in kept], known):
        row = kept[at]
        title = row.titles.get(fault.column, fault.column)
        value = row.cells.get(fault.column, "")
        found.append(problem("error", fault.code, fault.text, column=title, value=value, **row.where))
        row.where = row.where | {"bad": True}
    return [one for one in kept if not one.where.pop("bad", False)]


@dataclass(eq=False)
class _SheetReader:
    """Reads one sheet of one form."""

    name: str
    sheet: Sheet
    header: SheetHeader
    found: list[dict]
    known: Known

    def read(self) -> list[_Row]:
        """The rows whose cells can be read."""
        for title in self.header.repeated:
            text = f"Có hơn một cột «{title[:60]}»; hãy bỏ cột thừa."
            self.note("error", "tieu-de", text, self.header.at, title)
        for title in self.header.unread:
            self.note(
                "warning", "cot-la", "Cột không có trong mẫu, không được đọc.", self.header.at, title, title
            )
        if self.header.repeated:
            return []
        rows, others = [], 0
        for at in range(self.header.at + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[at]
            if not any(
                cell_text(cells[place]) for place in self.header.places.values() if place < len(cells)
            ):
                continue
            if self._is_other_province(cells):
                others += 1
                continue
            row = self._read_row(at)
            rows += [row] if row else []
        if not rows and not others and not any(one["severity"] == "error" for one in self.found):
            self.note("warning", "tep-trong", "Không có dòng nào dưới tiêu đề.", self.header.at)
        if others:
            text = f"{others} dòng của tỉnh, thành phố khác không được đọc: chỉ giữ kết quả của tỉnh."
            self.note("warning", "ngoai-pham-vi", text)
        return rows

    def _is_other_province(self, cells: list[object]) -> bool:
        place = self.header.unit
        name = cell_text(cells[place]) if place is not None and place < len(cells) else ""
        if not name:
            return False
        try:
            return self.known.province(name) != HOME
        except (UserError, ValueError):
            return True

    def _read_row(self, at: int) -> _Row | None:
        given: dict[str, str] = {}
        good = True
        cells = self.sheet.rows[at]
        for column in COLUMNS[self.header.form]:
            place = self.header.places.get(column)
            cell = cells[place] if place is not None and place < len(cells) else ""
            try:
                if place is not None and (at, place) in self.sheet.unknown:
                    raise ValueError("Ô có công thức nhưng không có kết quả; hãy mở tệp, tính lại rồi lưu.")
                given[column] = self._read_cell(column, cell)
            except ValueError as error:
                code = "ngay" if column in DATES or column == "year" else "o-sai"
                self.note("error", code, str(error), at, self.header.titles[column], cell_text(cell))
                good = False
        if not good:
            return None
        try:
            row, warnings = complete(self.header.form, given, self.known, self.header.plain)
        except Fault as fault:
            title = self.header.titles.get(fault.column, fault.column)
            self.note("error", fault.code, fault.text, at, title, given.get(fault.column, ""))
            return None
        for column, text in warnings:
            self.note(
                "warning", "dau-thap-phan", text, at, self.header.titles.get(column, column), given[column]
            )
        where = {"file": self.name, "sheet": self.sheet.name, "row": self.sheet.number(at)}
        return _Row(row, where, self.header.titles)

    def _read_cell(self, column: str, cell: object) -> str:
        """The cell in the file's spelling: days as in ISO 8601, numbers of cells with a comma, code words as codes."""
        text = cell_text(cell)
        if column in DATES:
            return _day(cell, text)
        if isinstance(cell, float) and not math.isfinite(cell):
            raise ValueError("Ô không phải là một số.")
        if isinstance(cell, float) and column in ("value", "target"):
            text = format(Decimal(repr(round(cell, 6))), "f").replace(".", ",")
            return text.rstrip("0").rstrip(",") if "," in text else text
        if column == "year" and not re.fullmatch(r"(?:19|20)[0-9]{2}", text):
            raise ValueError(f"«{text[:40]}» không phải là năm, hãy viết như 2025.")
        if column in WORDS:
            if text.casefold() not in WORDS[column]:
                choices = ", ".join(word for word in WORDS[column] if word)
                raise ValueError(f"«{text[:40]}» không hợp lệ, cần một trong: {choices}.")
            # A blank is filled in later, where the row is not there already.
            return WORDS[column][text.casefold()] if text else ""
        if text[:1] in ("=", "+", "-", "@"):
            raise ValueError("Ô bắt đầu bằng dấu của công thức (=, +, -, @); hãy viết lại thành chữ.")
        return text

    def note(
        self, severity: str, code: str, text: str, at: int | None = None, column: str = "", value: object = ""
    ) -> None:
        """Adds a problem of the sheet, at an index of its rows."""
        row = None if at is None else self.sheet.number(at)
        where = {"file": self.name, "sheet": self.sheet.name, "row": row, "column": column[:60]}
        self.found.append(problem(severity, code, text, value=value, **where))


def _day(cell: object, text: str) -> str:
    if not text:
        return ""
    is_number = isinstance(cell, (int, float))
    if is_number:
        raise ValueError(f"«{text[:40]}» là một số; hãy định dạng ô là ngày, như 24/07/2025.")
    day = cell if isinstance(cell, date) else vn.parse_date(text)
    if day.year not in _YEARS:
        raise ValueError(f"Năm {day.year} không hợp lý; hãy xem lại ngày.")
    return f"{day:%Y-%m-%d}"
