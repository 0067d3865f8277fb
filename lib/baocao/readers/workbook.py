"""Table files as received, of any format: a book of visible sheets, each a list of rows as a spreadsheet numbers them.

Nothing is raised for what is wrong inside a file: every fault is a problem that names file, sheet and cell.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import olefile
import python_calamine as calamine
from lxml import etree
from xlsxwriter.utility import xl_rowcol_to_cell

from baocao.definitions import UserError, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers import delimited
from baocao.readers.book_parts import (
    LARGEST,
    NOT_STORED,
    BookParts,
    Place,
    SheetParts,
    area,
    is_locked,
    parts_of_ods,
    parts_of_xls,
    parts_of_xlsx,
    whole_package,
)
from baocao.readers.old_fonts import old_font, read_old_font
from baocao.readers.problems import Faults

ADVICE = "hãy mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx"
"""What helps where a workbook does not say all that it shows."""

_MOST_BYTES = 2 << 30  # of a workbook once unpacked: no office writes more, a zip bomb does
_MOST_TIMES, _SMALL = (
    200,
    64 << 20,
)  # its size unpacked: tables become 10 to 30 times smaller, unless they are small
_WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
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

    rows     the cells: text, int, float, bool, date, datetime, time or timedelta; a blank cell is ""; all rows of a
             workbook's sheet have one length. `rows[at]` is row at + 1 of the spreadsheet
    merged   ranges of merged cells ((first row, first column), (last row, last column)), from 0 like the indexes of
             `rows`; empty in text
    unknown  formula cells whose result the file does not hold: "" in `rows`, never to be taken for a blank; the book's
             problems name them. A cell that shows an error holds its text ("#DIV/0!"), which no number is read from
    """

    name: str
    rows: list[list[object]]
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    unknown: frozenset[Place] = frozenset()


@dataclass(frozen=True, eq=False)
class Book:
    """A table file: its visible sheets in order; text files have one sheet without a name.

    from_1904  whether the numbers of days count from 1904 (workbooks of old Macs)
    """

    name: str
    path: Path
    sheets: list[Sheet]
    from_1904: bool = False


class _Unreadable(Exception):
    """The file is no book; `code` is one of `problems.CODES`, the text what to tell about it."""

    def __init__(self, message: str, code: str = "tep-hong"):
        super().__init__(message)
        self.code = code


def is_workbook(path: Path) -> bool:
    """Whether the file begins as a workbook does; never raises."""
    try:
        with path.open("rb") as stream:
            return stream.read(8).startswith((b"PK", olefile.MAGIC))
    except OSError:
        return False


def open_book(path: Path, name: str = "") -> tuple[Book | None, list[dict]]:
    """The book of a table file (.xlsx, .xlsm, .xlsb, .xls, .ods; .csv, .tsv, .txt) and its problems.

    The format is told by the file's bytes, not by its ending. Hidden sheets are left unread (warning), hidden rows are
    read (warning). Where a formula computes a cell its stored result is read (warning); cells without one are named
    (one error for a sheet). A file that cannot be read (empty, cut off, locked with a password, no table at all) gives
    None and an error.

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
        _refuse_foreign(start, path.suffix.lower())
        if start.startswith((b"PK", olefile.MAGIC)):
            return _read_workbook(path, name)
        return _read_text(path, name)
    except _Unreadable as error:
        faults = Faults(name)
        faults.error(error.code, str(error))
        return None, faults.rows


def _refuse_foreign(start: bytes, suffix: str) -> None:
    if not start.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        raise _Unreadable("Tệp trống, không có dữ liệu nào; hãy xin lại tệp.", "tep-trong")
    if foreign := next((what for mark, what in _FOREIGN.items() if start.startswith(mark)), None):
        raise _Unreadable(f"Không phải bảng tính: {foreign}.")
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<meta", b"<style", b"<div")):
        if suffix == ".json":
            raise _Unreadable(
                "Không phải câu trả lời JSON của Cổng mà là một trang báo từ chối (HTML); hãy mở lại trang trên Cổng và "
                "lưu nguyên câu trả lời."
            )
        raise _Unreadable(f"Không phải bảng tính mà là trang HTML mang đuôi {suffix}; {ADVICE}.")
    if head.startswith(b"<?xml"):
        raise _Unreadable(f"Không phải bảng tính mà là văn bản XML; {ADVICE}.")


def _locked() -> _Unreadable:
    return _Unreadable("Tệp có mật khẩu nên không đọc được; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại.")


def _cut() -> _Unreadable:
    return _Unreadable("Tệp bảng tính bị cắt hoặc hỏng, không mở được; hãy chép hoặc tải lại tệp.")


def _parts_of(data: bytes, names: list[str]) -> BookParts | None:
    """What the file says of its sheets beside values; None for a format that does not tell (.xlsb)."""
    if data.startswith(olefile.MAGIC):
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            return parts_of_xls(_workbook_stream(file), names)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part.casefold() for part in archive.namelist()}
        if "xl/workbook.bin" in parts:
            return None
        return parts_of_xlsx(archive) if "xl/workbook.xml" in parts else parts_of_ods(archive)


def _checked(data: bytes) -> bytes:
    """The bytes of a whole workbook without a password; refuses everything else that looks like one."""
    if data.startswith(olefile.MAGIC):
        with olefile.OleFileIO(io.BytesIO(data)) as file:
            _check_chains(file)
            if file.exists("EncryptedPackage") or file.exists("EncryptionInfo"):
                raise _locked()
            if file.exists("WordDocument"):
                raise _Unreadable("Không phải bảng tính mà là văn bản Word; hãy xin bản Excel của biểu.")
            if is_locked(_workbook_stream(file)):
                raise _locked()
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise _locked()
        unpacked = sum(part.file_size for part in parts)
        if unpacked > _MOST_BYTES or unpacked > max(_MOST_TIMES * len(data), _SMALL):
            shown = vn.format_number(unpacked >> 20)
            raise _Unreadable(f"Giải nén ra {shown} MB, không phải bảng tính bình thường; hãy xin lại tệp.")
        manifest = "META-INF/manifest.xml"
        if manifest in archive.namelist() and b"encryption-data" in archive.read(manifest):
            raise _locked()
    data = whole_package(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if not {part.casefold() for part in archive.namelist()} & {
            "xl/workbook.xml",
            "xl/workbook.bin",
            "content.xml",
        }:
            raise _Unreadable("Là tệp nén, không phải bảng tính; hãy giải nén rồi nạp từng tệp.")
    return data


def _check_chains(file: olefile.OleFileIO) -> None:
    """ValueError where a chain of sectors goes in a circle or out of the file: calamine would follow it for ever."""
    large = [
        one for one in file.direntries if one and (one.size >= file.minisectorcutoff or one is file.root)
    ]
    for sector in (file.first_dir_sector, file.first_mini_fat_sector, *(one.isectStart for one in large)):
        for _ in range(len(file.fat) + 1):
            if sector >= olefile.FREESECT - 5:  # marks, not sectors
                break
            sector = file.fat[sector]
        else:
            raise ValueError("a chain of sectors goes in a circle")


def _workbook_stream(file: olefile.OleFileIO) -> bytes:
    name = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
    if name is None:
        raise ValueError("no workbook in the compound file")
    return file.openstream(name).read()


def _read_workbook(path: Path, name: str) -> tuple[Book, list[dict]]:
    faults = Faults(name)
    try:
        data = _checked(path.read_bytes())
        with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            metadata = workbook.sheets_metadata
            visible = [
                one.name
                for one in metadata
                if one.visible == calamine.SheetVisibleEnum.Visible
                and one.typ == calamine.SheetTypeEnum.WorkSheet
            ]
            parts = _parts_of(data, [one.name for one in metadata]) if visible else BookParts()
            if parts is None:
                message = f"Định dạng .xlsb không cho biết ô nào là công thức hoặc báo lỗi; {ADVICE}."
                faults.warn("o-cong-thuc", message)
                parts = BookParts()
            for title in visible:
                _check_extent(title, parts.sheets.get(title, SheetParts()).corner)
            hidden = [
                vn.clean(one.name) for one in metadata if one.visible != calamine.SheetVisibleEnum.Visible
            ]
            for title in hidden:
                message = f"Trang «{title}» bị ẩn nên không được đọc; nếu cần thì bỏ ẩn."
                faults.on(title).warn("trang-an", message)
            sheets = [
                _read_sheet(workbook.get_sheet_by_name(title), parts.sheets.get(title, SheetParts()), faults)
                for title in visible
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
        named = ", ".join(f"«{title}»" for title in hidden)
        message = f"Không có trang nào hiện ra để đọc ({named} bị ẩn); hãy bỏ ẩn trang có số liệu."
        raise _Unreadable(message if hidden else "Không có trang nào để đọc.", "tep-trong")
    return Book(name, path, sheets, parts.from_1904), faults.rows


def _check_extent(name: str, corner: Place) -> None:
    if area(corner) > LARGEST:
        raise _Unreadable(
            f"Trang «{vn.clean(name)}» trải rộng đến ô {xl_rowcol_to_cell(*corner)}, quá lớn để đọc; hãy xóa các ô thừa "
            "ở xa bảng số liệu rồi lưu lại."
        )


def _read_sheet(sheet: calamine.CalamineSheet, parts: SheetParts, faults: Faults) -> Sheet:
    title, rows = vn.clean(sheet.name), sheet.to_python(skip_empty_area=False)
    faults = faults.on(title)
    shown = {place: text for place, text in parts.unknown.items() if text != NOT_STORED}
    for (row, column), text in shown.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = text
    unknown = frozenset(parts.unknown.keys() - shown.keys())
    _tell_computed(parts, shown, faults)
    hidden = [row for row in parts.hidden if row < len(rows) and any(cell != "" for cell in rows[row])]
    if hidden:
        message = (
            f"{vn.format_number(len(hidden))} dòng bị ẩn (do lọc hoặc ẩn bằng tay) vẫn được đọc; nếu không dùng các "
            "dòng này thì hãy xóa chúng khỏi trang rồi nạp lại."
        )
        faults.warn("dong-an", message, hidden[0])
    rows = _in_unicode(rows, faults)
    return Sheet(title, rows, list(sheet.merged_cell_ranges or parts.merged), unknown)


def _tell_computed(parts: SheetParts, shown: dict[Place, str], faults: Faults) -> None:
    """One problem for each of the three things that formulas can be: with a value, without one, an error."""
    lacking = sorted(place for place, text in parts.unknown.items() if text == NOT_STORED)
    valued = [place for place in parts.formulas if place not in parts.unknown]
    for places, tell, what in (
        (lacking, faults.error, f"công thức mà tệp không lưu giá trị ({{}}); {ADVICE}."),
        (
            valued,
            faults.warn,
            "công thức ({}); dùng giá trị đã lưu trong tệp, hãy chắc rằng tệp được tính lại trước khi lưu.",
        ),
        (list(shown), faults.warn, "báo lỗi thay cho số ({}); không có giá trị nào được đọc ở các ô này."),
    ):
        if places:
            listed = [f"{xl_rowcol_to_cell(*place)} {shown.get(place, '')}".strip() for place in places[:5]]
            more = [] if len(places) <= 5 else ["…"]
            message = f"Trang có {vn.format_number(len(places))} ô {what.format(', '.join(listed + more))}"
            tell("o-cong-thuc", message, *places[0], xl_rowcol_to_cell(*places[0]))


def _in_unicode(rows: list[list[object]], faults: Faults) -> list[list[object]]:
    font = old_font(rows)
    if not font:
        return rows
    rows, count = read_old_font(rows, font)
    message = (
        f"Trang gõ bằng bảng mã {font}: {vn.format_number(count)} ô đã được đổi sang Unicode khi đọc; hãy xem lại tên đơn "
        "vị, và lần sau gõ bằng phông Unicode."
    )
    faults.warn("bang-ma", message)
    return rows


def _read_text(path: Path, name: str) -> tuple[Book | None, list[dict]]:
    rows, found = delimited.read_rows(path, name)
    faults = Faults(name)
    if rows and path.suffix.lower() in _WORKBOOKS:
        message = (
            f"Là văn bản thường mang đuôi {path.suffix}, không phải bảng tính; hãy xin bản Excel của biểu."
        )
        faults.warn("duoi-tep", message)
    rows = _in_unicode(rows, faults)
    return (Book(name, path, [Sheet("", rows)]) if rows else None), [*found, *faults.rows]
