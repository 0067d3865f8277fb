"""Table files of every format opened: what they hold, and in one sentence why they cannot be read."""

from __future__ import annotations

import io
import struct
import sys
import unicodedata
import zipfile
from datetime import date, datetime
from pathlib import Path

import olefile
import openpyxl
import pytest
import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from xlwt.CompoundDoc import XlsDoc

from baocao.definitions.errors import UserError
from baocao.readers.workbook import Book, open_book

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_ii06


def only(problems: list[dict]) -> dict:
    assert len(problems) == 1, problems
    return problems[0]


def opened(path: Path) -> Book:
    book, problems = open_book(path)
    assert problems == []
    assert book is not None
    return book


def refused(path: Path, data: bytes | None = None) -> dict:
    """The one problem of a file that is no book."""
    if data is not None:
        path.write_bytes(data)
    book, problems = open_book(path, "data/raw/bieu.xls")
    assert book is None
    found = only(problems)
    assert (found["severity"], found["file"], found["row"]) == ("error", "data/raw/bieu.xls", None)
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    return make_ii06.make(tmp_path_factory.mktemp("made"))


# --- What a book holds -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_one_form_in_three_formats_has_the_same_cells(made, suffix):
    sheet = opened(made[f"ii06-tinh-2025-07.{suffix}"]).sheets[0]
    assert sheet.name == "II.06"
    grid = make_ii06.province()
    for (row, column), value in grid.cells.items():
        assert sheet.rows[row][column] == value
    assert len({len(row) for row in sheet.rows}) == 1
    assert sorted(sheet.merged) == sorted(grid.merged)


def test_rows_are_numbered_as_the_spreadsheet_does_where_the_first_ones_are_blank(tmp_path):
    grid = make_ii06.Grid(cells={(4, 2): "a", (6, 3): 5})
    sheet = opened(make_ii06.write_xlsx(tmp_path / "a.xlsx", grid)).sheets[0]
    assert [at + 1 for at, row in enumerate(sheet.rows) if any(row)] == [5, 7]
    assert sheet.rows[4] == ["", "", "a", ""]
    assert sheet.rows[6][3] == 5


def test_dates_and_texts_keep_their_kind(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        shown = workbook.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_datetime(0, 0, datetime(2025, 7, 24), shown)
        sheet.write_row(0, 1, ["47.411", 12.5, True])
    assert opened(tmp_path / "a.xlsx").sheets[0].rows == [[date(2025, 7, 24), "47.411", 12.5, True]]


def test_the_format_is_told_by_the_bytes_not_by_the_ending(made, tmp_path):
    wrong = tmp_path / "thang-7.xls"
    wrong.write_bytes(made["ii06-tinh-2025-07.xlsx"].read_bytes())
    assert opened(wrong).sheets[0].rows[0][0] == "Biểu số II.06/VPCP/KSTT"


def test_the_name_of_a_sheet_is_clean_text(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("Biểu\ue000  1").write(0, 0, "a")
    assert [sheet.name for sheet in opened(tmp_path / "a.xlsx").sheets] == ["Biểu 1"]


def test_a_text_file_is_a_book_of_one_sheet_without_a_name(tmp_path):
    (tmp_path / "a.csv").write_text("Đơn vị;Tổng\n\nxã Đức Thọ;1.234\n", encoding="utf-16")
    book = opened(tmp_path / "a.csv")
    assert [(sheet.name, sheet.rows) for sheet in book.sheets] == [
        ("", [["Đơn vị", "Tổng"], [], ["xã Đức Thọ", "1.234"]])
    ]


def test_a_text_file_with_an_open_quote_is_no_book(tmp_path):
    (tmp_path / "a.csv").write_text('a,b\n"1,2\n', encoding="utf-8")
    book, problems = open_book(tmp_path / "a.csv")
    assert book is None
    assert only(problems)["code"] == "dau-ngoac"


def test_only_an_unreadable_path_is_raised(tmp_path):
    with pytest.raises(UserError, match=r"Không đọc được tệp «a.xlsx»: .*; hãy xem lại đường dẫn\."):
        open_book(tmp_path / "a.xlsx")


# --- Hidden sheets, formulas, errors ---------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "xls"])
def test_a_hidden_sheet_is_left_unread_with_a_warning(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    write = make_ii06.write_xlsx if suffix == "xlsx" else make_ii06.write_xls
    grids = [make_ii06.Grid("Biểu", {(0, 0): 1}), make_ii06.Grid("Nháp", {(0, 0): 2}, hidden=True)]
    book, problems = open_book(write(path, *grids))
    assert [sheet.name for sheet in book.sheets] == ["Biểu"]
    found = only(problems)
    assert (found["severity"], found["code"], found["sheet"]) == ("warning", "trang-an", "Nháp")
    assert found["message"] == "Trang «Nháp» bị ẩn nên không được đọc; nếu cần thì bỏ ẩn."


def test_a_workbook_whose_sheets_are_all_hidden_is_refused(tmp_path):
    workbook = xlwt.Workbook()
    workbook.add_sheet("Nháp").write(0, 0, 1)
    workbook.get_sheet(0).visibility = 1
    workbook.save(str(tmp_path / "a.xls"))
    found = refused(tmp_path / "a.xls")
    assert found["code"] == "tep-trong"
    assert found["message"] == "Không có trang nào hiện ra để đọc («Nháp» bị ẩn); hãy bỏ ẩn trang có số liệu."


FORMULAS = make_ii06.Grid(
    "Biểu", {(0, 0): 3, (4, 0): ("=1+1", 2), (5, 27): ("=A1*2", 6), (6, 0): "không phải công thức"}
)


@pytest.mark.parametrize("write", [make_ii06.write_xlsx, make_ii06.write_ods])
def test_a_formula_is_read_as_its_stored_value_with_one_warning_per_sheet(tmp_path, write):
    book, problems = open_book(write(tmp_path / "a", FORMULAS))
    assert (book.sheets[0].rows[4][0], book.sheets[0].rows[5][27]) == (2, 6)
    found = only(problems)
    assert (found["severity"], found["code"], found["sheet"], found["row"], found["column"]) == (
        "warning",
        "o-cong-thuc",
        "Biểu",
        5,
        "A",
    )
    assert found["message"].startswith(
        "Trang có 2 ô công thức (A5, AB6); dùng giá trị đã lưu trong tệp, hãy chắc"
    )


def test_a_formula_without_a_stored_value_is_an_error_that_names_the_cell(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Biểu"
    workbook.active["C8"] = "=1+2"
    workbook.active["C9"] = 4
    workbook.save(tmp_path / "a.xlsx")
    book, problems = open_book(tmp_path / "a.xlsx")
    assert book.sheets[0].unknown == {(7, 2)}
    error = only([one for one in problems if one["severity"] == "error"])
    assert (error["code"], error["sheet"], error["row"], error["column"]) == ("o-cong-thuc", "Biểu", 8, "C")
    assert error["message"] == (
        "Trang có 1 ô công thức mà tệp không lưu giá trị (C8); hãy mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx."
    )


def test_xls_and_ods_formulas_without_a_stored_value_are_found_too(tmp_path):
    book, problems = open_book(make_ii06.write_xls(tmp_path / "a.xls", FORMULAS))
    assert book.sheets[0].unknown == {(4, 0), (5, 27)}
    assert [(one["severity"], one["row"], one["column"]) for one in problems] == [("error", 5, "A")]
    assert "không lưu giá trị (A5, AB6)" in problems[0]["message"]
    document, table = OpenDocumentSpreadsheet(), Table(name="Biểu")
    for repeated, cells in (
        (3, [TableCell()]),
        (1, [TableCell(numbercolumnsrepeated=2), TableCell(formula="of:=1")]),
    ):
        row = TableRow(numberrowsrepeated=repeated)
        for cell in cells:
            row.addElement(cell)
        table.addElement(row)
    text = TableCell(valuetype="string")
    text.addElement(P(text="x"))
    table.addElement(TableRow())
    table.lastChild.addElement(text)
    document.spreadsheet.addElement(table)
    document.save(str(tmp_path / "a.ods"))
    book, _ = open_book(tmp_path / "a.ods")
    assert book.sheets[0].unknown == {(3, 2)}


def test_many_formulas_without_values_are_one_problem(tmp_path):
    workbook = openpyxl.Workbook()
    for row in range(1, 101):
        workbook.active.cell(row, 1, "=1+2")
    workbook.active["B101"] = 1
    workbook.save(tmp_path / "a.xlsx")
    _, problems = open_book(tmp_path / "a.xlsx")
    assert only(problems)["message"].startswith(
        "Trang có 100 ô công thức mà tệp không lưu giá trị (A1, A2, A3, A4, A5, …); hãy mở"
    )


def test_a_cell_that_shows_an_error_holds_its_text_and_is_never_blank(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet("Biểu")
        sheet.write(0, 0, 5)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    book, problems = open_book(tmp_path / "a.xlsx")
    assert book.sheets[0].rows[1] == ["", "#DIV/0!"]
    assert only(problems)["severity"] == "warning"
    assert problems[0]["message"] == (
        "Trang có 1 ô báo lỗi thay cho số (B2 #DIV/0!); không có giá trị nào được đọc ở các ô này."
    )


def test_formulas_are_found_whatever_the_prefix_the_pieces_and_the_names_of_cells(tmp_path, monkeypatch):
    monkeypatch.setattr("baocao.readers.book_parts._CHUNK", 64)
    path = make_ii06.write_xlsx(tmp_path / "a.xlsx", make_ii06.Grid("Biểu", {(0, 0): 1, (2, 3): 7}))
    inside = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b"<x:row><x:c><x:v>1</x:v></x:c><x:c><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>"
        + b'<x:row r="3"><x:c r="A3"><x:v>4</x:v></x:c><x:c r="D3"><x:f>2+5</x:f></x:c></x:row>'
        + b"</x:sheetData></x:worksheet>"
    )
    _rewrite(path, "xl/worksheets/sheet1.xml", inside)
    book, problems = open_book(path)
    assert [one["message"][:50] for one in problems] == [
        "Trang có 1 ô công thức mà tệp không lưu giá trị (D",
        "Trang có 1 ô công thức (B1); dùng giá trị đã lưu t",
    ]
    assert book.sheets[0].unknown == {(2, 3)}


def _rewrite(path: Path, part: str, data: bytes) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in (parts | {part: data}).items():
            archive.writestr(name, held)


# --- What a filter hides, days from 1904, packages of other programs, old fonts --------------------------------


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
def test_hidden_rows_are_read_and_counted(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    if suffix == "xlsx":
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet("DS")
            for row in range(4):
                sheet.write(row, 0, f"hàng {row}")
            sheet.set_row(1, None, None, {"hidden": True})
            sheet.set_row(3, None, None, {"hidden": True})
            sheet.set_row(9, None, None, {"hidden": True})
    elif suffix == "xls":
        workbook = xlwt.Workbook()
        sheet = workbook.add_sheet("DS")
        for row in range(4):
            sheet.write(row, 0, f"hàng {row}")
        sheet.row(1).hidden = sheet.row(3).hidden = True
        workbook.save(str(path))
    else:
        document, table = OpenDocumentSpreadsheet(), Table(name="DS")
        for row, shown in enumerate(("visible", "collapse", "visible", "filter")):
            line, cell = TableRow(visibility=shown), TableCell(valuetype="string")
            cell.addElement(P(text=f"hàng {row}"))
            line.addElement(cell)
            table.addElement(line)
        document.spreadsheet.addElement(table)
        document.save(str(path))
    book, problems = open_book(path)
    assert [row[0] for row in book.sheets[0].rows] == [f"hàng {row}" for row in range(4)]
    found = only(problems)
    assert (found["severity"], found["code"], found["sheet"], found["row"]) == ("warning", "dong-an", "DS", 2)
    assert found["message"].startswith("2 dòng bị ẩn (do lọc hoặc ẩn bằng tay) vẫn được đọc;")


def test_a_book_says_whether_its_days_count_from_1904(tmp_path):
    for since in (False, True):
        with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": since}) as workbook:
            workbook.add_worksheet().write(0, 0, 44379)
        assert opened(tmp_path / "a.xlsx").from_1904 is since
        workbook = xlwt.Workbook()
        workbook.dates_1904 = since
        workbook.add_sheet("a").write(0, 0, 44379)
        workbook.save(str(tmp_path / "a.xls"))
        assert opened(tmp_path / "a.xls").from_1904 is since


@pytest.mark.parametrize(
    "renamed",
    [
        lambda name: name.replace("/", "\\"),
        lambda name: f"/{name}",
        lambda name: f"./{name}",
        lambda name: name.replace("xl/", "XL/").replace("workbook", "Workbook"),
        str.upper,
    ],
    ids=["backslashes", "from the root", "from here", "other case", "capitals"],
)
@pytest.mark.parametrize("related", [b"worksheets/", b"worksheets\\", b"/xl/worksheets/"])
def test_a_package_whose_parts_are_named_as_other_programs_do(made, tmp_path, renamed, related):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(made["ii06-tinh-2025-07.xlsx"]) as archive, zipfile.ZipFile(path, "w") as other:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith("workbook.xml.rels"):
                content = content.replace(b'Target="worksheets/', b'Target="' + related)
            other.writestr(zipfile.ZipInfo(renamed(name)), content)
    assert opened(path).sheets[0].rows == opened(made["ii06-tinh-2025-07.xlsx"]).sheets[0].rows


TCVN3 = ["Biểu số II.06", "X· §øc Thä", "Së N«ng nghiÖp vµ M«i tr­êng", "ph­êng Thµnh Sen", "Từ ngày"]
VNI = [
    "BIEÅU SOÁ II.06",
    "Xaõ Ñöùc Thoï",
    "Sôû Noâng nghieäp vaø Moâi tröôøng",
    "phöôøng Thaønh Sen",
    "Từ ngày",
]


@pytest.mark.parametrize(("cells", "font"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
def test_cells_typed_in_an_old_font_are_read_in_unicode(tmp_path, cells, font):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("Biểu").write_column(0, 0, cells)
    book, problems = open_book(tmp_path / "a.xlsx")
    assert [row[0] for row in book.sheets[0].rows[1:]] == [
        "Xã Đức Thọ",
        "Sở Nông nghiệp và Môi trường",
        "phường Thành Sen",
        "Từ ngày",
    ]
    found = only(problems)
    assert (found["severity"], found["code"]) == ("warning", "bang-ma")
    assert f"bảng mã {font}" in found["message"]


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
@pytest.mark.parametrize(("cells", "font"), [(TCVN3[1:4], "TCVN3"), (VNI[1:4], "VNI")])
def test_a_text_file_of_an_old_font_is_read_whatever_its_bytes_look_like(tmp_path, cells, font, encoding):
    (tmp_path / "a.csv").write_bytes("\n".join(f"{cell};5" for cell in cells).encode(encoding))
    book, problems = open_book(tmp_path / "a.csv")
    assert [row[0] for row in book.sheets[0].rows] == [
        "Xã Đức Thọ",
        "Sở Nông nghiệp và Môi trường",
        "phường Thành Sen",
    ]
    assert f"bảng mã {font}" in only(problems)["message"]


def test_text_of_windows_1258_is_not_taken_for_an_old_font(tmp_path):
    split = "Xa\u0303 Đư\u0301c Tho\u0323;5\nSơ\u0309 Nô\u0323i vu\u0323;6\nPhươ\u0300ng Tha\u0300nh Sen;7\n"
    (tmp_path / "a.csv").write_bytes(split.encode("cp1258"))
    assert [unicodedata.normalize("NFC", row[0]) for row in opened(tmp_path / "a.csv").sheets[0].rows] == [
        "Xã Đức Thọ",
        "Sở Nội vụ",
        "Phường Thành Sen",
    ]


def test_cells_in_unicode_are_left_as_they_are(tmp_path):
    cells = [
        "Xã Đức Thọ",
        "Hà Tĩnh",
        "Sở Tài chính",
        "Á",
        "Cá",
        "25 °C",
        "São Paulo",
        "Müller",
        "§ 5",
        "n² ± 3",
    ]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        workbook.add_worksheet("Biểu").write_column(0, 0, cells)
    assert [row[0] for row in opened(tmp_path / "a.xlsx").sheets[0].rows] == cells


def test_text_that_is_called_a_workbook_is_told(tmp_path):
    (tmp_path / "a.xlsx").write_text("Đơn vị\tTổng\nxã Đức Thọ\t5\n", encoding="utf-8")
    book, problems = open_book(tmp_path / "a.xlsx")
    assert book.sheets[0].rows[1] == ["xã Đức Thọ", "5"]
    assert only(problems)["message"].startswith("Là văn bản thường mang đuôi .xlsx, không phải bảng tính;")


def test_a_refusal_of_the_portal_called_an_answer(tmp_path):
    (tmp_path / "a.json").write_text("<html><body>Request Rejected</body></html>", encoding="utf-8")
    book, problems = open_book(tmp_path / "a.json")
    assert book is None
    assert only(problems)["message"].endswith("hãy mở lại trang trên Cổng và lưu nguyên câu trả lời.")


# --- Files that are no book ------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf \r\n", b"\0" * 4096])
def test_an_empty_file(tmp_path, data):
    found = refused(tmp_path / "a.xlsx", data)
    assert (found["code"], found["message"]) == (
        "tep-trong",
        "Tệp trống, không có dữ liệu nào; hãy xin lại tệp.",
    )


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "ods"])
@pytest.mark.parametrize("share", [0.05, 0.4, 0.7, 0.95])
def test_a_file_cut_off_anywhere(made, tmp_path, suffix, share):
    data = made[f"ii06-tinh-2025-07.{suffix}"].read_bytes()
    found = refused(tmp_path / f"a.{suffix}", data[: int(len(data) * share)])
    assert found["code"] == "tep-hong"
    assert found["message"] == "Tệp bảng tính bị cắt hoặc hỏng, không mở được; hãy chép hoặc tải lại tệp."


def test_a_workbook_with_a_broken_part(made, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(made["ii06-tinh-2025-07.xlsx"].read_bytes())
    _rewrite(path, "xl/workbook.xml", b"<workbook")
    assert refused(path)["code"] == "tep-hong"


def test_bytes_damaged_anywhere_never_raise(made, tmp_path):
    for suffix in ("xlsx", "xls", "ods"):
        data = made[f"ii06-tinh-2025-07.{suffix}"].read_bytes()
        for at in range(0, len(data), len(data) // 40):
            damaged = tmp_path / f"a.{suffix}"
            damaged.write_bytes(data[:at] + bytes(255 - byte for byte in data[at : at + 8]) + data[at + 8 :])
            book, problems = open_book(damaged)
            assert book is not None or only(problems)["severity"] == "error"


LOCKED = "Tệp có mật khẩu nên không đọc được; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại."


def locked_xlsx() -> bytes:
    """An encrypted workbook's container: a compound file whose one stream is called EncryptedPackage."""
    stream = io.BytesIO()
    XlsDoc().save(stream, bytes(range(256)) * 40)
    plain, name = ("Workbook\0".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le"))
    data = bytearray(stream.getvalue())
    at = data.index(plain)
    data[at : at + len(name) + 2] = name + b"\0\0"
    data[at + 64 : at + 66] = struct.pack("<H", len(name) + 2)
    return bytes(data)


def locked_xls(path: Path) -> bytes:
    """An old workbook with a FilePass record behind its first one."""
    records = olefile.OleFileIO(path.read_bytes()).openstream("Workbook").read()
    first = 4 + struct.unpack_from("<H", records, 2)[0]
    password = struct.pack("<HHHHH", 0x2F, 6, 0, 0x1234, 0x5678)
    stream = io.BytesIO()
    XlsDoc().save(stream, records[:first] + password + records[first:])
    return stream.getvalue()


def locked_ods(path: Path) -> bytes:
    """An .ods whose manifest says that its parts are encrypted."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(stream, "w") as locked:
        for name in archive.namelist():
            data = archive.read(name)
            if name == "META-INF/manifest.xml":
                data = data.replace(
                    b"</manifest:manifest>", b"<manifest:encryption-data/></manifest:manifest>"
                )
                assert b"encryption-data" in data
            locked.writestr(name, data)
    return stream.getvalue()


def test_a_workbook_with_a_password(made, tmp_path):
    assert refused(tmp_path / "a.xlsx", locked_xlsx())["message"] == LOCKED
    assert refused(tmp_path / "a.xls", locked_xls(made["ii06-tinh-2025-07.xls"]))["message"] == LOCKED
    assert refused(tmp_path / "a.ods", locked_ods(made["ii06-tinh-2025-07.ods"]))["message"] == LOCKED


def test_a_zip_with_a_password(made, tmp_path):
    data = bytearray(made["ii06-tinh-2025-07.xlsx"].read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(tmp_path / "a.xlsx", bytes(data))["message"] == LOCKED


def test_a_zip_that_is_no_workbook(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("bieu.xlsx", b"x")
    assert (
        refused(tmp_path / "a.xlsx")["message"]
        == "Là tệp nén, không phải bảng tính; hãy giải nén rồi nạp từng tệp."
    )


def test_a_zip_bomb_is_not_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr("baocao.readers.workbook._MOST_BYTES", 1 << 20)
    path = make_ii06.write_xlsx(tmp_path / "a.xlsx", make_ii06.Grid(cells={(0, 0): 1}))
    _rewrite(path, "xl/media/x.bin", b"\0" * (2 << 20))
    assert refused(path)["message"].startswith("Giải nén ra 2 MB, không phải bảng tính bình thường")
    monkeypatch.setattr("baocao.readers.workbook._MOST_BYTES", 2 << 30)
    _rewrite(path, "xl/media/x.bin", b"\0" * (65 << 20))
    assert refused(path)["message"].startswith("Giải nén ra 65 MB")


@pytest.mark.parametrize(
    ("start", "what"),
    [
        (b"%PDF-1.7", "Không phải bảng tính: là tệp PDF; hãy xin bản Excel của biểu."),
        (b"PAR1", "Không phải bảng tính: là tệp Parquet, không phải bảng tính."),
        (b"\x89PNG\r\n", "Không phải bảng tính: là ảnh chụp; hãy xin bản Excel của biểu."),
        (b"\xef\xbb\xbf<html><table>", "Không phải bảng tính mà là trang HTML mang đuôi .xls"),
        (b'<?xml version="1.0"?><Workbook>', "Không phải bảng tính mà là văn bản XML"),
    ],
)
def test_a_file_of_another_kind(tmp_path, start, what):
    assert refused(tmp_path / "a.xls", start + b" " * 600)["message"].startswith(what)


def test_a_stray_cell_far_away_is_named_and_formats_alone_do_no_harm(tmp_path):
    grid = make_ii06.Grid("Biểu", {(0, 0): 1, (1_048_575, 16_383): "x"})
    found = refused(make_ii06.write_xlsx(tmp_path / "a.xlsx", grid))
    assert found["message"].startswith("Trang «Biểu» trải rộng đến ô XFD1048576, quá lớn để đọc; hãy xóa")
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write(0, 0, 1)
        sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    assert opened(tmp_path / "b.xlsx").sheets[0].rows == [[1]]


def test_bytes_that_are_no_text(tmp_path):
    assert refused(tmp_path / "a.csv", bytes(range(256)) * 9)["code"] == "tep-hong"


def test_a_compound_file_whose_tables_go_in_circles_is_refused(made, tmp_path):
    data = bytearray(made["ii06-tinh-2025-07.xls"].read_bytes())
    table = struct.unpack_from("<I", data, 76)[0]
    at = (table + 1) * 512
    data[at : at + 512] = struct.pack("<128I", *[0] * 128)
    assert refused(tmp_path / "a.xls", bytes(data))["code"] == "tep-hong"


# --- Speed -----------------------------------------------------------------------------------------------------
