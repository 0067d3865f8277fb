"""Table files as received, of any format: a book of visible sheets, each a list of rows as a spreadsheet numbers them.

Nothing is raised for what is wrong inside a file: every fault is a problem that names file, sheet and cell.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import python_calamine as calamine
from lxml import etree

from baocao.definitions import UserError, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers import computed_cells, delimited
from baocao.readers.cells import Place, cell_name, column_letter
from baocao.readers.compound import SIGNATURE, CompoundFile
from baocao.readers.computed_cells import ADVICE, NOT_STORED, ComputedCells, tell_computed, tell_unknown
from baocao.readers.problems import problem

_MOST_BYTES = 2 << 30  # of a workbook once unpacked: no office writes more, a zip bomb does
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, etree.XMLSyntaxError, NotImplementedError),
    *(OSError, EOFError, ValueError, KeyError, IndexError),
)
"""What a cut or damaged file makes its readers raise."""
_FOREIGN = {  # what the bytes at the start of a file say it is
    b"%PDF": "là tệp PDF; hãy xin bản Excel của biểu",
    b"PAR1": "là tệp Parquet, không phải bảng tính",
    b"{\\rtf": "là văn bản RTF; hãy xin bản Excel của biểu",
    b"\xff\xd8\xff": "là ảnh chụp; hãy xin bản Excel của biểu",
    b"\x89PNG": "là ảnh chụp; hãy xin bản Excel của biểu",
    b"Rar!": "là tệp nén RAR; hãy giải nén rồi nạp từng tệp",
    b"7z\xbc\xaf": "là tệp nén 7z; hãy giải nén rồi nạp từng tệp",
    b"\x1f\x8b": "là tệp nén gzip; hãy giải nén rồi nạp từng tệp",
}


@dataclass(frozen=True, eq=False)
class Sheet:
    """One visible sheet.

    rows       the cells: text, int, float, bool, date, datetime, time or timedelta; a blank cell is ""; all rows of
               a workbook's sheet have one length
    merged     ranges of merged cells ((first row, first column), (last row, last column)), from 0 like the
               indexes of `rows`; empty where the format does not tell (.ods, .csv)
    first_row  the number of `rows[0]` as the spreadsheet shows it
    unknown    formula cells whose result the file does not hold: "" in `rows`, never to be taken for a blank.
               A cell that shows an error holds its text ("#DIV/0!"), which no number is read from
    """

    name: str
    rows: list[list[object]]
    visible: bool = True
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    first_row: int = 1
    unknown: frozenset[Place] = frozenset()

    def number(self, index: int) -> int:
        """The number of the row at this index of `rows`, as the spreadsheet shows it."""
        return self.first_row + index


@dataclass(frozen=True, eq=False)
class Book:
    """A table file: its visible sheets in order; text files have one sheet without a name."""

    name: str
    path: Path
    sheets: list[Sheet]


class _Unreadable(Exception):
    """The file is no book; `code` is one of `problems.CODES`, the text what to tell about it."""

    def __init__(self, message: str, code: str = "tep-hong"):
        super().__init__(message)
        self.code = code


def open_book(path: Path, name: str = "") -> tuple[Book | None, list[dict]]:
    """The book of a table file (.xlsx, .xlsm, .xlsb, .xls, .ods; .csv, .tsv, .txt) and its problems.

    The format is told by the file's bytes, not by its ending. Hidden sheets are left unread (warning). Where a
    formula computes a cell its stored result is read (warning); a cell without one is named (error). A file
    that cannot be read (empty, cut off, locked with a password, no table at all) gives None and an error.

    name  what problems call the file. Raises UserError only for a path that cannot be read
    """
    name = name or path.name
    try:
        with path.open("rb") as stream:
            start = stream.read(1 << 16)
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp «{name}»: {system_reason(error)}; hãy xem lại đường dẫn."
        ) from None
    try:
        if not start.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
            raise _Unreadable("Tệp trống, không có dữ liệu nào; hãy xin lại tệp.", "tep-trong")
        if start.startswith(b"PK"):
            return _read_book(path, name, _read_zip)
        if start.startswith(SIGNATURE):
            return _read_book(path, name, _read_compound)
        if foreign := next((what for mark, what in _FOREIGN.items() if start.startswith(mark)), None):
            raise _Unreadable(f"Không phải bảng tính: {foreign}.")
        head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
        if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style", b"<div")):
            raise _Unreadable(f"Không phải bảng tính mà là trang HTML mang đuôi {path.suffix}; {ADVICE}.")
        if head.startswith(b"<?xml"):
            raise _Unreadable(f"Không phải bảng tính mà là văn bản XML; {ADVICE}.")
        return _read_text(path, name)
    except _Unreadable as error:
        return None, [problem("error", error.code, str(error), file=name)]


def _read_zip(path: Path) -> Callable[[list[str]], dict[str, ComputedCells]] | None:
    """Refuses what is no whole workbook without a password; returns how to find its computed cells, if it tells."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part.filename: part for part in archive.infolist()}
            if any(part.flag_bits & 1 for part in parts.values()):
                raise _locked()
            if sum(part.file_size for part in parts.values()) > _MOST_BYTES:
                raise _Unreadable("Giải nén ra hơn 2 GB, không phải bảng tính bình thường; hãy xin lại tệp.")
            manifest = parts.get("META-INF/manifest.xml")
            if manifest and b"encryption-data" in archive.read(manifest):
                raise _locked()
    except _BROKEN:
        raise _cut() from None
    if "xl/workbook.xml" in parts:
        find = computed_cells.find_in_xlsx
    elif "content.xml" in parts:
        find = computed_cells.find_in_ods
    elif "xl/workbook.bin" in parts:
        return None
    else:
        raise _Unreadable("Là tệp nén, không phải bảng tính; hãy giải nén rồi nạp từng tệp.")

    def find_cells(names: list[str]) -> dict[str, ComputedCells]:
        with zipfile.ZipFile(path) as archive:
            return find(archive)

    return find_cells


def _read_compound(path: Path) -> Callable[[list[str]], dict[str, ComputedCells]]:
    """As `_read_zip`, of an old workbook or of an encrypted new one."""
    try:
        book = CompoundFile(path.read_bytes())
        if {"EncryptedPackage", "EncryptionInfo"} & set(book.names):
            raise _locked()
        if "WordDocument" in book.names:
            raise _Unreadable("Không phải bảng tính mà là văn bản Word; hãy xin bản Excel của biểu.")
        if computed_cells.is_locked(computed_cells.workbook_stream(book)):
            raise _locked()
    except _BROKEN:
        raise _cut() from None

    def find_cells(names: list[str]) -> dict[str, ComputedCells]:
        return dict(zip(names, computed_cells.find_in_xls(book), strict=False))

    return find_cells


def _locked() -> _Unreadable:
    return _Unreadable("Tệp có mật khẩu nên không đọc được; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.")


def _cut() -> _Unreadable:
    return _Unreadable("Tệp bảng tính bị cắt hoặc hỏng, không mở được; hãy chép hoặc tải lại tệp.")


def _read_book(path: Path, name: str, inspect: Callable) -> tuple[Book | None, list[dict]]:
    find_cells = inspect(path)
    found: list[dict] = []
    try:
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes())) as workbook:
            metadata = workbook.sheets_metadata
            visible = [
                one
                for one in metadata
                if one.visible == calamine.SheetVisibleEnum.Visible
                and one.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            computed = find_cells([one.name for one in metadata]) if visible and find_cells else {}
            if find_cells is None:
                message = f"Định dạng .xlsb không cho biết ô nào là công thức hoặc báo lỗi; {ADVICE}."
                found.append(problem("warning", "o-cong-thuc", message, file=name))
            for one in visible:
                if one.name in computed:
                    _check_extent(one.name, computed[one.name].corner)
            for one in metadata:
                if one.visible != calamine.SheetVisibleEnum.Visible:
                    message = f"Trang «{vn.clean(one.name)}» bị ẩn nên không được đọc; nếu cần thì bỏ ẩn."
                    found.append(problem("warning", "trang-an", message, file=name, sheet=one.name))
            sheets = [
                _read_sheet(workbook.get_sheet_by_name(one.name), computed.get(one.name), name, found)
                for one in visible
            ]
    except calamine.PasswordError:
        raise _locked() from None
    except _BROKEN:
        raise _cut() from None
    except BaseException as error:
        # Where its own code fails, calamine raises a PanicException, which is no Exception.
        if not isinstance(error, calamine.CalamineError) and type(error).__name__ != "PanicException":
            raise
        raise _cut() from None
    if not sheets:
        hidden = ", ".join(f"«{vn.clean(one.name)}»" for one in metadata)
        message = f"Không có trang nào hiện ra để đọc ({hidden} bị ẩn); hãy bỏ ẩn trang có số liệu."
        raise _Unreadable(message if metadata else "Không có trang nào để đọc.", "tep-trong")
    return Book(name, path, sheets), found


def _check_extent(name: str, corner: Place) -> None:
    if computed_cells.area(corner) > computed_cells.LARGEST:
        raise _Unreadable(
            f"Trang «{vn.clean(name)}» trải rộng đến ô {cell_name(corner)}, quá lớn để đọc; hãy xóa các ô thừa ở xa "
            "bảng số liệu rồi lưu lại."
        )


def _read_sheet(
    sheet: calamine.CalamineSheet, computed: ComputedCells | None, name: str, found: list[dict]
) -> Sheet:
    title, rows = vn.clean(sheet.name), sheet.to_python(skip_empty_area=False)
    computed = computed or ComputedCells()
    shown = {place: text for place, text in computed.unknown.items() if text != NOT_STORED}
    for (row, column), text in shown.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    unknown = frozenset(computed.unknown.keys() - shown.keys())
    found.extend(tell_computed(computed.formulas, shown, name, title))
    found.extend(tell_unknown(sorted(unknown), name, title))
    return Sheet(title, rows, merged=list(sheet.merged_cell_ranges or ()), unknown=unknown)


def _read_text(path: Path, name: str) -> tuple[Book | None, list[dict]]:
    rows, found = delimited.read_rows(path, name)
    return (Book(name, path, [Sheet("", rows)]) if rows else None), found


# --------------------------------------------------------------------------------------------------
# What is wrong on one sheet of a book, noted with the row and column that the spreadsheet shows.


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
