"""Sheets of reference data: values of yearly indices, targets, unit changes; rows in the files' own spelling.

What a sheet leaves blank in a row that stands in `data/reference` already keeps what stands there, so that a unit is
ended by its code, its first day and its last.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd

from baocao.definitions import HOME, INDICATORS, Measure, Register, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers.headings import cell_text, rows_below
from baocao.readers.problems import Faults, problems_frame
from baocao.readers.reading_result import Reading
from baocao.readers.reference.forms import COLUMNS, DATES, PROVINCE, WORDS, SheetHeader, find_sheet_header
from baocao.readers.reference.merge import key_of, with_rows
from baocao.readers.reference.rows import Fault, Known, complete
from baocao.readers.workbook import Book, Sheet

_YEARS = range(1900, 2100)


def recognise_sheets(book: Book, root: Path) -> bool:
    """Whether a sheet of the book has the heading of index values, targets, units or lineage; never raises."""
    return any(find_sheet_header(sheet, root) for sheet in book.sheets)


def read_sheets(
    book: Book, register: Register, measures: dict[str, Measure], source: str, *, root: Path
) -> list[Reading]:
    """The rows of the book by form, one reading each (form "units" before "lineage"); counts and scores are empty.

    Rows are checked against each other and against the files below `root`: names that exist, first day not after
    the last, no two rows of one thing in force on one day. A row at fault is left out. `measures` and `source` do
    not matter here: the rows have a source of their own.
    """
    found = {form: Faults(book.name) for form in COLUMNS}
    rows: dict[str, list[_Row]] = {form: [] for form in COLUMNS}
    known, strays = Known(root, register), Faults(book.name)
    for sheet in book.sheets:
        header = find_sheet_header(sheet, root)
        if header is not None:
            rows[header.form] += _SheetReader(sheet, header, found[header.form].on(sheet.name), known).read()
        elif any(cell_text(cell) for row in sheet.rows for cell in row):
            text = "Trang không có dòng tiêu đề của biểu nào đã quy định (xem data/raw/README.md), không được đọc."
            strays.on(sheet.name).warn("tieu-de", text)
    readings = []
    for form in ("units", "lineage", "targets", "index_values"):
        kept = _check(form, rows[form], known, found[form])
        if rows[form] or found[form].rows:
            frame = pd.DataFrame([one.cells for one in kept], columns=list(COLUMNS[form]), dtype=object)
            problems = problems_frame([*strays.rows, *found[form].rows])
            readings.append(Reading(form, problems=problems, rows=frame))
            strays = Faults(book.name)
    return readings


@dataclass(eq=False)
class _Row:
    """One row in the file's spelling, and where it stands: the sheet's problems, its index, its titles by column."""

    cells: dict[str, str]
    faults: Faults
    at: int
    titles: dict[str, str]


def _check(form: str, rows: list[_Row], known: Known, found: Faults) -> list[_Row]:
    """The rows without fault; `known` learns the units and lineage among them."""
    kept: list[_Row] = []
    taken: dict[tuple, _Row] = {}
    for row in rows:
        key = key_of(form, row.cells)
        first = taken.setdefault(key, row)
        if first is row:
            kept.append(row)
        elif first.cells == row.cells:
            text = f"Trùng với dòng {first.at + 1}, cùng nội dung: chỉ giữ một dòng."
            row.faults.warn("trung-lap", text, row.at)
        else:
            text = f"Mâu thuẫn với dòng {first.at + 1}: cùng {' / '.join(key)} nhưng khác nội dung; không dùng dòng nào."
            row.faults.error("mau-thuan", text, row.at)
            kept = [one for one in kept if one is not first]
    bad = set()
    for at, fault in check_rows(form, [one.cells for one in kept], known):
        row = kept[at]
        title = row.titles.get(fault.column, fault.column)
        row.faults.error(fault.code, fault.text, row.at, title, row.cells.get(fault.column, ""))
        bad.add(at)
    return [row for at, row in enumerate(kept) if at not in bad]


@dataclass(eq=False)
class _SheetReader:
    """Reads one sheet of one form."""

    sheet: Sheet
    header: SheetHeader
    faults: Faults
    known: Known

    def read(self) -> list[_Row]:
        """The rows whose cells can be read."""
        titles, at = self.header.titles, self.header.at
        for title in titles.repeated:
            self.faults.error("tieu-de", f"Có hơn một cột «{title[:60]}»; hãy bỏ cột thừa.", at, title[:60])
        for title in titles.unread:
            self.faults.warn("cot-la", "Cột không có trong mẫu, không được đọc.", at, title[:60], title)
        if titles.repeated:
            return []
        rows, others = [], 0
        for below in rows_below(self.sheet.rows, at, at):
            texts = [cell_text(self._cell(below, column)) for column in titles.places if column != PROVINCE]
            if not any(texts):
                continue
            if self._is_other_province(below):
                others += 1
                continue
            row = self._read_row(below)
            rows += [row] if row else []
        if not rows and not others and not self.faults.failed:
            self.faults.warn("tep-trong", "Không có dòng nào dưới tiêu đề.", at)
        if others:
            text = f"{others} dòng của tỉnh, thành phố khác không được đọc: chỉ giữ kết quả của tỉnh."
            self.faults.warn("ngoai-pham-vi", text)
        return rows

    def _cell(self, row: int, column: str) -> object:
        place, cells = self.header.titles.places.get(column), self.sheet.rows[row]
        return cells[place] if place is not None and place < len(cells) else ""

    def _is_other_province(self, row: int) -> bool:
        name = cell_text(self._cell(row, PROVINCE))
        try:
            return bool(name) and self.known.province(name) != HOME
        except (UserError, ValueError):
            return True

    def _read_row(self, at: int) -> _Row | None:
        given: dict[str, str] = {}
        titles, good = self.header.titles, True
        for column in COLUMNS[self.header.form]:
            if (at, titles.places.get(column)) in self.sheet.unknown:  # which the book's own problem names
                good = False
                continue
            try:
                given[column] = self._read_cell(column, self._cell(at, column))
            except ValueError as error:
                code = "ngay" if column in DATES or column == "year" else "o-sai"
                shown = cell_text(self._cell(at, column))
                self.faults.error(code, str(error), at, titles.titles[column], shown)
                good = False
        if not good:
            return None
        try:
            row, warnings = complete(self.header.form, given, self.known, titles.plain)
        except Fault as fault:
            title = titles.titles.get(fault.column, fault.column)
            self.faults.error(fault.code, fault.text, at, title, given.get(fault.column, ""))
            return None
        for column, text in warnings:
            self.faults.warn("dau-thap-phan", text, at, titles.titles.get(column, column), given[column])
        return _Row(row, self.faults, at, titles.titles)

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


# --------------------------------------------------------------------------------------------------
# What rows of reference data must satisfy, among themselves and beside the files of `data/reference`.


_NEVER_BLANK = {
    "index_values": (),
    "targets": ("target", "valid_from", "legal_source"),
    "units": ("code", "name", "full_name"),
    "lineage": ("effective_date", "old_code", "new_code", "relation", "source"),
}


def check_rows(form: str, rows: Sequence[Mapping[str, str]], known: Known) -> Iterator[tuple[int, Fault]]:
    """The faults of complete rows, by position: at most one a row."""
    judge = {
        "index_values": _check_value,
        "targets": _check_target,
        "units": _check_unit,
        "lineage": _check_edge,
    }
    if form == "units":
        known.learn_units(rows)
    everything = with_rows(form, known.rows(form), rows)
    for at, row in enumerate(rows):
        try:
            if row.get("valid_from") and row.get("valid_to") and row["valid_to"] < row["valid_from"]:
                raise Fault("valid_to", "hieu-luc", "Ngày cuối trước ngày đầu; hãy đổi chỗ hai ngày.")
            if blank := next((column for column in _NEVER_BLANK[form] if not row[column]), None):
                raise Fault(blank, "o-sai", "Trống, ô này phải có.")
            judge[form](row, known, everything)
        except Fault as fault:
            yield at, fault


def _check_value(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    for column in ("rank", "out_of"):
        if row[column] and not re.fullmatch(r"[1-9][0-9]{0,2}", row[column]):
            raise Fault(column, "diem", f"«{row[column][:40]}» không phải là thứ hạng, cần số nguyên từ 1.")
    if bool(row["rank"]) != bool(row["out_of"]):
        raise Fault("out_of", "diem", "Thứ hạng phải đi cùng số tỉnh, thành phố được xếp hạng (63 hoặc 34).")
    if row["rank"] and int(row["rank"]) > int(row["out_of"]):
        raise Fault("rank", "diem", f"Thứ hạng {row['rank']} lớn hơn số tỉnh được xếp hạng {row['out_of']}.")
    if not row["value"] and not row["rank"] and not row["note"]:
        raise Fault("value", "diem", "Không có giá trị và thứ hạng thì phải ghi chú vì sao.")
    if (row["value"] or row["rank"]) and not row["source"]:
        raise Fault("source", "o-sai", "Trống, cần nguồn của số liệu.")
    if row["value"] and not row["measured_in"]:
        raise Fault("measured_in", "o-sai", "Trống, cần đơn vị tính của giá trị (điểm hoặc %).")
    for column in ("published", "as_of"):
        if row[column] and int(row[column][:4]) < int(row["year"]):
            raise Fault(column, "ngay", f"Ngày này trước năm {row['year']} của số liệu.")


def _check_target(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    one = next(one for one in INDICATORS if one.name == row["indicator"])
    start = date.fromisoformat(row["valid_from"])
    if not one.in_force(start, start):
        raise Fault(
            "valid_from",
            "hieu-luc",
            "Chỉ tiêu chưa có hoặc đã hết hiệu lực vào ngày này (xem indicators.py).",
        )
    if not Decimal(row["target"]) > 0:
        raise Fault("target", "diem", "Mức phải lớn hơn 0.")
    _check_overlap("targets", row, everything, ("indicator", "scope"))


def _check_unit(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    if not re.fullmatch(r"[0-9A-ZĐ]+(?:-[0-9A-ZĐ]+)*", row["code"]):
        raise Fault("code", "don-vi", "Mã chỉ gồm chữ số, chữ hoa và dấu gạch ngang.")
    is_new = all(key_of("units", one) != key_of("units", row) for one in known.rows("units"))
    if is_new and not row["valid_from"]:
        raise Fault("valid_from", "hieu-luc", "Đơn vị mới phải ghi ngày bắt đầu.")
    if is_new and not row["legal_basis"]:
        raise Fault("legal_basis", "o-sai", "Trống, cần văn bản lập đơn vị.")
    _check_overlap("units", row, everything, ("code",))
    if row["parent"] and is_new:
        try:
            known.register.get(row["parent"], date.fromisoformat(row["valid_from"]))
        except UserError as error:
            raise Fault("parent", "don-vi", str(error)) from None
    elif is_new and row["kind"] != "province":
        raise Fault("parent", "don-vi", "Trống, cần mã đơn vị cấp trên.")


def _check_edge(row: Mapping[str, str], known: Known, everything: Sequence[Mapping[str, str]]) -> None:
    day = date.fromisoformat(row["effective_date"])
    units = {}
    for column, on in (("old_code", day - timedelta(days=1)), ("new_code", day)):
        try:
            units[column] = known.register.get(row[column], on)
        except UserError as error:
            raise Fault(column, "don-vi", str(error)) from None
    if units["old_code"].kind != units["new_code"].kind:
        raise Fault("new_code", "don-vi", "Đơn vị cũ và đơn vị mới khác loại.")
    key = (row["effective_date"], row["old_code"])
    relations = [one["relation"] for one in everything if (one["effective_date"], one["old_code"]) == key]
    if relations != ["whole"] and (len(relations) < 2 or set(relations) != {"part"}):
        text = "Đơn vị cũ phải vào trọn một đơn vị mới (whole) hoặc chia cho ít nhất hai đơn vị (part)."
        raise Fault("relation", "mau-thuan", text)


def _check_overlap(
    form: str, row: Mapping[str, str], everything: Sequence[Mapping[str, str]], same: tuple[str, ...]
) -> None:
    """No two rows of one thing are in force on one day."""
    for other in everything:
        if key_of(form, other) == key_of(form, row) or any(other[name] != row[name] for name in same):
            continue
        if row["valid_from"] <= (other["valid_to"] or "9999") and other["valid_from"] <= (
            row["valid_to"] or "9999"
        ):
            span = f"từ {other['valid_from'] or 'trước 2019'} đến {other['valid_to'] or 'nay'}"
            text = f"Chồng với dòng đang có {span}; nếu dòng đó đã hết hiệu lực, hãy nạp cả dòng đó với ngày cuối."
            raise Fault("valid_from", "hieu-luc", text)
