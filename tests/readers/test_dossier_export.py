"""Dossier exports of every format give one table; nothing of a person is kept, bad files end in a sentence."""

from __future__ import annotations

import runpy
import zipfile
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from baocao.definitions.errors import UserError
from baocao.readers.dossiers.export import read_export
from baocao.readers.dossiers.headings import load_headings
from baocao.readers.dossiers.parse_columns import SCHEMA
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS
from baocao.readers.dossiers.tables import recognise_export
from baocao.readers.problems import CODES, PROBLEM_COLUMNS

HEADER = "Số hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái,Kênh nộp"
GOOD = "H27-1,Xã Thạch Hà,01/07/2025,15/07/2025,10/07/2025,Đã trả kết quả,Trực tuyến"
EXPECTED = ("cot-thieu", "dong-la")


@pytest.fixture(scope="module")
def headings(root):
    return load_headings(root)


@pytest.fixture(scope="session")
def maker(root):
    return runpy.run_path(str(root / "tests" / "fixtures" / "received" / "make_dossiers.py"))


@pytest.fixture(scope="session")
def made(maker, tmp_path_factory) -> dict[str, Path]:
    return maker["write_dossiers"](tmp_path_factory.mktemp("dossiers"))


@pytest.fixture
def read(tmp_path, headings):
    """The export of files or texts, its table, and its problems other than the expected ones."""

    def run(*sources: Path | str | bytes, **options):
        paths = []
        for source in sources:
            if not isinstance(source, Path):
                content = source.encode() if isinstance(source, str) else source
                source = tmp_path / f"tep{len(paths) or ''}.csv"
                source.write_bytes(content)
            paths.append(source)
        export, problems = read_export(
            paths, tmp_path / "out" / "table.parquet", **{"headings": headings} | options
        )
        assert list(problems.columns) == PROBLEM_COLUMNS
        assert set(problems["code"]) <= set(CODES)
        table = duckdb.sql(f"SELECT * FROM '{export.path.as_posix()}' ORDER BY number").fetchall()
        assert export.rows == len(table)
        assert [one.name for one in export.path.parent.iterdir()] == ["table.parquet"], (
            "no traces of the work"
        )
        found = problems[~problems["code"].isin(EXPECTED)]
        return export, table, found.to_dict("records")

    return run


def table_of(*rows: str) -> str:
    return "\n".join([HEADER, *rows, ""])


def test_every_format_gives_the_same_dossiers(made, read, maker):
    assert len(made) == 10
    tables = {}
    for name, path in made.items():
        export, table, found = read(path)
        assert (found, export.rows) == ([], maker["ROWS"]), name
        tables[name] = [row[:-3] for row in table]
    first = tables.pop("utf8.csv")
    for name, table in tables.items():
        assert table == first, name


def test_a_dossier_in_all_its_columns(made, read):
    _, table, _ = read(made["excel.xlsx"])
    first = dict(zip(DOSSIER_COLUMNS, table[0], strict=True))
    assert {name: value for name, value in first.items() if value is not None} == {
        "number": "000.00.00.H27-250602-0001",
        "unit": "UBND xã Đức Thọ",
        "procedure": "1.002000",
        "received": date(2025, 6, 2),
        "due": date(2025, 6, 5),
        "finished": date(2025, 6, 2),
        "returned": date(2025, 6, 3),
        "supplements": 0,
        "status": 10,
        "channel": 1,
        "return_channel": 1,
        "level": 2,
        "has_identity": False,
        "digitised": 0,
        "result_attached": False,
        "needs_result": False,
        "payment_requested": True,
        "paid_online": False,
        "file": "excel.xlsx",
        "sheet": "Danh sách",
        "row": 6,
    }


def test_the_table_has_the_promised_types(made, read):
    export, _, _ = read(made["kho.parquet"])
    described = duckdb.sql(f"DESCRIBE SELECT * FROM '{export.path.as_posix()}'").fetchall()
    assert {name: kind for name, kind, *_ in described} == DOSSIER_COLUMNS
    assert parquet.read_schema(export.path).names == SCHEMA.names


def test_no_byte_of_a_person_is_kept(made, read, maker):
    export, table, _ = read(*made.values())
    stored = export.path.read_bytes() + repr(table).encode()
    for one in maker["PERSONAL"]:
        assert one.encode() not in stored


def test_no_problem_tells_of_a_person(read):
    row = "H27-1,Xã Thạch Hà,Người Thử Nghiệm,042099000001,0900000001,Người Thử Nghiệm,a@example.vn"
    _, table, found = read(table_of(row, GOOD + ",Người Thử Nghiệm"))
    assert table == [] and len(found) == 6
    for one in ("Thử", "042099", "09000", "example"):
        assert one not in repr(found)


def test_title_lines_tell_the_last_day(read):
    title = "Từ ngày 01/07/2025 đến {}\n"
    for until in ("ngày 18/7/2025", "hết ngày 18 tháng 7 năm 2025", "18/07/2025"):
        export, _, found = read(title.format(until) + table_of(GOOD))
        assert (export.as_of, found) == (date(2025, 7, 18), [])
    export, _, [found] = read(title.format("ngày 31/12/2025") + table_of(GOOD))
    assert export.as_of == date(2025, 7, 10), "no dossier for months: the title names the end of the year"
    assert (found["severity"], found["code"]) == ("warning", "thieu-ky")


def test_a_folder_is_read_whole_in_the_order_of_names(tmp_path, read):
    folder = tmp_path / "thang-7"
    (folder / "xa").mkdir(parents=True)
    (folder / "b.csv").write_text(table_of(GOOD), encoding="utf-8")
    (folder / "xa" / "a.csv").write_text(table_of(GOOD.replace("H27-1", "H27-2")), encoding="utf-8")
    (folder / "ghi-chu.docx").write_bytes(b"x")
    (folder / "~$b.xlsx").write_bytes(b"x")
    export, table, found = read(folder)
    assert [name for name, _ in export.sources] == ["thang-7/b.csv", "thang-7/xa/a.csv"]
    assert all(len(digest) == 64 for _, digest in export.sources)
    assert ([row[-3] for row in table], found) == (["thang-7/b.csv", "thang-7/xa/a.csv"], [])
    (tmp_path / "trong").mkdir()
    with pytest.raises(UserError, match="Thư mục «trong» không có tệp nào đọc được"):
        read(tmp_path / "trong")


@pytest.mark.parametrize(
    ("cell", "code", "sentence"),
    [
        ("31/02/2025", "ngay", "không có trong lịch"),
        ("7/24/2025", "ngay", "tháng trước ngày sau"),
        ("01/07/2205", "ngay", "Năm 2205"),
        ("tháng bảy", "ngay", "không phải là ngày"),
    ],
)
def test_a_bad_day_is_named_with_dossier_row_and_column(read, cell, code, sentence):
    _, table, [found] = read(table_of(GOOD.replace("01/07/2025", cell), GOOD.replace("H27-1", "H27-2")))
    assert [row[0] for row in table] == ["H27-2"]
    assert (found["severity"], found["code"], found["row"], found["column"]) == (
        "error",
        code,
        2,
        "Ngày tiếp nhận",
    )
    assert found["message"].startswith("Hồ sơ H27-1: cột «Ngày tiếp nhận»: ")
    assert sentence.casefold() in found["message"].casefold()


def test_serial_days_and_texts_stand_in_one_column(read):
    rows = [
        GOOD.replace("01/07/2025", cell) for cell in ("45839", "45839.4", "2025-07-01", "01/07/2025 7:30")
    ]
    _, table, found = read(table_of(*(row.replace("H27-1", f"H27-{at}") for at, row in enumerate(rows))))
    assert ({row[3] for row in table}, len(table)) == ({date(2025, 7, 1)}, 4)
    assert [one["code"] for one in found] == ["ngay"]


def test_blank_cells_that_every_dossier_needs(read):
    rows = (GOOD.replace("H27-1", ""), GOOD.replace("Xã Thạch Hà", " "), GOOD.replace("Đã trả kết quả", ""))
    _, table, found = read(table_of(*rows))
    assert table == []
    assert [(one["code"], one["row"], one["column"]) for one in found] == [
        ("thieu-o", 2, "Số hồ sơ"),
        ("thieu-o", 3, "Đơn vị"),
        ("thieu-o", 4, "Trạng thái"),
    ]


def test_sums_and_notes_below_are_told_and_blank_rows_are_not(tmp_path, headings):
    path = tmp_path / "tep.csv"
    path.write_text(
        table_of(GOOD, ",,,,,,", "Tổng cộng 1 hồ sơ,,,,,,", ",,,,Người lập biểu,,"), encoding="utf-8"
    )
    export, problems = read_export([path], tmp_path / "t.parquet", headings=headings)
    assert export.rows == 1
    noted = problems[problems["code"] == "dong-la"]
    assert (list(noted["row"]), set(noted["severity"])) == ([4, 5], {"warning"})


def test_what_was_never_received_is_left_out_without_a_fault(read):
    rows = ("H27-2,Xã Thạch Hà,,,,Mới đăng ký,2", "H27-3,Xã Thạch Hà,,,,3,2", GOOD)
    export, table, found = read(table_of(*rows))
    assert (export.not_received, len(table), found) == (2, 1, [])


def test_more_than_a_thousand_faults_are_counted(read):
    rows = [f"H27-{at},Xã Thạch Hà,31/02/2025,15/07/2025,,4,2" for at in range(1203)]
    _, _, found = read(table_of(*rows))
    assert len(found) == 1001
    assert found[-1]["message"].endswith("tất cả 1.203 trường hợp trong tệp, chỉ nêu 1.000 trường hợp đầu.")
    assert (found[-1]["severity"], found[-1]["row"]) == ("error", None)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "tep-trong"),
        (b"PK\x03\x04" + b"\0" * 200, "tep-hong"),
        (b"PAR1" + b"\0" * 200, "tep-hong"),
        (bytes(range(256)) * 9, "tep-hong"),
        ("a,b\n1,2\n", "tieu-de"),
        ("\n".join(["Tiêu đề khác"] * 40) + table_of(GOOD), "tieu-de"),
        (HEADER + ",Số hồ sơ\n" + GOOD + ",H27-2\n", "tieu-de"),
        (table_of(GOOD).replace("Ngày hẹn trả", "Cột lạ"), "tieu-de"),
        (table_of(GOOD).encode() + b"\xff\xfe\n", "tep-hong"),
        (table_of(GOOD, '"' + GOOD, GOOD), "dau-ngoac"),
    ],
)
def test_a_bad_file_is_an_error_and_no_fact(read, content, code):
    export, table, found = read(content)
    assert (table, export.as_of) == ([], None)
    assert code in [one["code"] for one in found if one["severity"] == "error"], found


def test_a_header_without_dossiers_is_told(read):
    _, _, [found] = read(HEADER + "\n")
    assert (found["severity"], found["code"]) == ("warning", "tep-trong")


def test_a_truncated_workbook_and_a_truncated_parquet(made, read, tmp_path):
    for name in ("excel.xlsx", "libreoffice.ods", "excel-97.xls", "kho.parquet"):
        path = tmp_path / name
        path.write_bytes(made[name].read_bytes()[:5000])
        _, table, found = read(path)
        assert (table, [one["severity"] for one in found]) == ([], ["error"]), name
        path.unlink()


def test_only_sheets_with_dossiers_are_read(tmp_path, read):
    path = tmp_path / "hai-trang.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, header in (("Hồ sơ", HEADER.split(",")), ("Ghi chú", ["Không phải bảng"])):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, header)
            sheet.write_row(1, 0, GOOD.split(","))
    _, table, [found] = read(path)
    assert (table[0][-3:], len(table)) == (("hai-trang.xlsx", "Hồ sơ", 2), 1)
    assert (found["severity"], found["code"], found["sheet"]) == ("warning", "trang-la", "Ghi chú")
    assert zipfile.is_zipfile(path)


def test_the_minimised_table_is_itself_an_export(made, read, tmp_path):
    export, table, _ = read(made["utf8.csv"])
    again = export.path.rename(tmp_path / "hoso.parquet")
    _, same, found = read(again)
    assert ([row[:-3] for row in same], found) == ([row[:-3] for row in table], [])


def test_exports_are_recognised_without_being_read(made, headings, tmp_path):
    for name in ("utf8.csv", "utf16le.csv", "windows-1258.csv", "kho.parquet"):
        assert recognise_export(made[name], headings), name
    other = tmp_path / "khac.csv"
    other.write_text("unit,period_start,period_end,measure,value\n", encoding="utf-8")
    assert not recognise_export(other, headings)
    assert not recognise_export(tmp_path / "khong-co.csv", headings)
    parquet.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    assert not recognise_export(tmp_path / "a.parquet", headings)


def test_titles_again_on_each_page_and_rows_that_add_up_are_passed_over(tmp_path, headings):
    header, row = table_of(GOOD).split("\n")[:2]
    text = "\n".join([header, row, header, row.replace("H27-1", "H27-2"), "Tổng cộng,2,,,,10,", ""])
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    export, problems = read_export([tmp_path / "a.csv"], tmp_path / "a.parquet", headings=headings)
    assert export.rows == 2
    found = problems.to_dict("records")
    assert "error" not in {one["severity"] for one in found}
    passed = [one for one in found if one["code"] == "dong-la"]
    assert [(one["severity"], one["row"]) for one in passed] == [("warning", 3)]
    assert passed[0]["message"].startswith("2 dòng lặp lại tiêu đề hoặc là dòng cộng")


# --- A system's own codes and headings ---------------------------------------------------------------------------


@pytest.mark.parametrize("quote", ["", '"'])
def test_codes_of_a_mapping_are_what_was_typed(read, mapped, quote):
    entries = ", ".join(f"{quote}{word}{quote}: {code}" for word, code in (("01", 10), ("02", 4), ("yes", 9)))
    row = "H27-{},Xã Thạch Hà,01/07/2025,15/07/2025,10/07/2025,{},"
    rows = [row.format(at, word) for at, word in enumerate(("01", "2", "yes", "2.0", "02 - Đang làm"))]
    _, table, found = read(table_of(*rows), headings=mapped(f"words: {{status: {{{entries}}}}}"))
    assert ([one[list(DOSSIER_COLUMNS).index("status")] for one in table], found) == ([10, 4, 9, 4, 4], [])


def test_truths_of_a_mapping_are_words_and_answers(read, mapped):
    header = HEADER.replace("Kênh nộp", "Kết quả điện tử") + "\n"
    rows = [
        GOOD.replace("H27-1", f"H27-{at}").replace("Trực tuyến", word)
        for at, word in enumerate(("off", "on", "y"))
    ]
    headings = mapped("words: {result_attached: {off: no, on: yes, y: có}}")
    _, table, found = read(header + "\n".join(rows), headings=headings)
    assert ([one[list(DOSSIER_COLUMNS).index("result_attached")] for one in table], found) == (
        [False, True, True],
        [],
    )


def test_a_number_that_the_mapping_of_numbers_does_not_name_is_not_ours(read, mapped):
    rows = [GOOD.replace("Đã trả kết quả", code).replace("H27-1", f"H27-{code}") for code in ("01", "9")]
    _, table, [found] = read(table_of(*rows), headings=mapped("words: {status: {01: 10}}"))
    assert (len(table), found["severity"], found["code"], found["row"]) == (1, "error", "ma-cot", 3)
    assert found["message"].endswith(
        "mã này không có trong tệp --mapping, là tệp nêu mã số của cột; hãy thêm vào tệp đó."
    )


def test_entries_of_a_mapping_that_nothing_needed_are_told(read, mapped):
    headings = mapped(
        "columns: {Kênh nộp: channel, Mã phiéu: number}\nwords: {status: {Đã trả kết quả: 10, Xong rồi: 10}}\nunread: [X]"
    )
    _, table, found = read(table_of(GOOD), headings=headings)
    assert len(table) == 1
    assert [(one["severity"], one["code"]) for one in found] == [("warning", "anh-xa")] * 3
    assert [one["message"].split(" không khớp")[0] for one in found] == [
        "he-thong.yml, columns «Mã phiéu»", "he-thong.yml, words status «Xong rồi»", "he-thong.yml, unread «X»",
    ]  # fmt: skip


# --- Days as spreadsheets leave them -----------------------------------------------------------------------------


def workbook_of(path: Path, *rows: list, sheets: int = 1, options: dict | None = None) -> Path:
    """A workbook of dossiers: HEADER on the first sheet, the rows dealt out over the sheets in order."""
    with xlsxwriter.Workbook(path, {"default_date_format": "dd/mm/yyyy", **(options or {})}) as book:
        share = -(-len(rows) // sheets)
        for at in range(sheets):
            sheet = book.add_worksheet(f"Trang {at + 1}")
            lines = [HEADER.split(",")] * (at == 0) + list(rows[at * share : (at + 1) * share])
            for place, line in enumerate(lines):
                sheet.write_row(place, 0, line)
    return path


def dossier(at: int, received: object, due: object = "15/08/2025", ended: object = "") -> list:
    state = "Đã trả kết quả" if ended else "Đang xử lý"
    return [f"H27-{at}", "Xã Thạch Hà", received, due, ended, state, "Trực tuyến"]


def as_a_us_excel_would(day: date) -> date | str:
    return day.replace(month=day.day, day=day.month) if day.day <= 12 else f"{day:%d/%m/%Y}"


def test_a_table_whose_days_a_spreadsheet_swapped_is_not_used(tmp_path, read):
    days = [date(2025, 7, day) for day in (1, 3, 5, 14, 16, 22)]
    swapped = [dossier(at, as_a_us_excel_would(day)) for at, day in enumerate(days)]
    _, table, [found] = read(workbook_of(tmp_path / "a.xlsx", *swapped))
    assert (table, found["severity"], found["code"], found["sheet"]) == ([], "error", "ngay", "Trang 1")
    assert found["message"].startswith("Cột «Ngày tiếp nhận»: các ô ngày chỉ có ngày 1–12")
    _, table, found = read(
        workbook_of(tmp_path / "b.xlsx", *[dossier(at, day) for at, day in enumerate(days)])
    )
    assert (len(table), found) == (6, [])


def test_columns_that_only_together_show_swapped_days(tmp_path, read):
    days = [date(2025, 7, day) for day in (1, 3, 5)]
    rows = [dossier(at, as_a_us_excel_would(day), f"{day.day + 14}/07/2025") for at, day in enumerate(days)]
    _, table, [found] = read(workbook_of(tmp_path / "a.xlsx", *rows))
    assert (table, found["code"]) == ([], "ngay")
    assert "«Ngày tiếp nhận», «Ngày hẹn trả»" in found["message"]


def test_a_text_export_made_of_a_swapped_workbook_is_not_used_either(read):
    rows = [
        GOOD.replace("01/07/2025", day).replace("H27-1", day)
        for day in ("2025-01-07", "2025-03-07", "14/07/2025", "22/07/2025")
    ]
    _, table, [found] = read(table_of(*rows))
    assert (table, found["code"]) == ([], "ngay")


def test_numbers_for_days_in_a_text_file_are_told_with_what_they_were_read_as(read):
    rows = [
        GOOD.replace("H27-1", f"H27-{at}").replace("01/07/2025", day)
        for at, day in enumerate(("45841", "02/07/2025", "45842.5"))
    ]
    _, table, [found] = read(table_of(*rows))
    assert [one[3] for one in table] == [date(2025, 7, 3), date(2025, 7, 2), date(2025, 7, 4)]
    assert (found["severity"], found["code"], found["row"], found["column"]) == (
        "warning",
        "ngay",
        2,
        "Ngày tiếp nhận",
    )
    assert found["message"] == (
        "Cột «Ngày tiếp nhận»: 2 ô là số ngày của bảng tính; dòng 2 ghi 45841, đọc là 03/07/2025; hãy xem có đúng không."
    )


def test_numbers_of_a_workbook_of_1904_are_days_counted_from_there(tmp_path, read):
    numbers = [(day - date(1904, 1, 1)).days for day in (date(2025, 7, 1), date(2025, 7, 15))]
    path = workbook_of(tmp_path / "a.xlsx", dossier(1, *numbers), options={"date_1904": True})
    _, table, found = read(path)
    assert ([table[0][3], table[0][4]], found) == ([date(2025, 7, 1), date(2025, 7, 15)], [])


def test_moments_without_signs_are_days(read):
    _, table, found = read(
        table_of(GOOD.replace("01/07/2025", "20250701083000").replace("10/07/2025", "20250710"))
    )
    assert ([table[0][3], table[0][5]], found) == ([date(2025, 7, 1), date(2025, 7, 10)], [])


# --- Numbers of dossiers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "guarded", ['"=""H27-1"""', '="H27-1"', "'H27-1", '"""H27-1"""', "\tH27-1 ", "‘H27-1’"]
)
def test_a_dossier_whose_number_is_guarded_is_the_same_dossier(tmp_path, read, guarded):
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, number in zip(paths, ("H27-1", guarded), strict=True):
        path.write_text(table_of(GOOD.replace("H27-1", number)).replace(",", ";"), encoding="utf-8")
    export, table, [found] = read(*paths)
    assert (export.rows, table[0][0]) == (1, "H27-1")
    assert (found["code"], found["file"]) == ("ho-so-trung", "b.csv")


def test_other_cells_are_guarded_too(read):
    row = GOOD.replace("01/07/2025", '"=""01/07/2025"""').replace("Xã Thạch Hà", '"=""Xã Thạch Hà"""')
    _, table, found = read(table_of(row))
    assert (table[0][1], table[0][3], found) == ("Xã Thạch Hà", date(2025, 7, 1), [])


@pytest.mark.parametrize(
    "numbers",
    [("1.23E+15", "H27-2"), ("1,23E+15", "2,5e17"), ("250702000001235000", "250702000001236000"),
     ("1234567890123450", "1234567890123460", "1234567890123400")],
)  # fmt: skip
def test_numbers_that_a_spreadsheet_rounded_are_no_numbers(read, numbers):
    rows = [GOOD.replace("H27-1", number).replace(",", ";", 0) for number in numbers]
    quoted = [f'"{number}"{row[len(number) :]}' for number, row in zip(numbers, rows, strict=True)]
    _, table, [found] = read(table_of(*quoted))
    assert (table, found["severity"], found["code"]) == ([], "error", "so-lam-tron")
    assert "làm tròn còn mười lăm chữ số" in found["message"]


def test_numbers_that_a_workbook_holds_as_long_numbers_are_rounded(tmp_path, read):
    rows = [dossier(at, "01/07/2025") for at in range(2)]
    rows[0][0] = 250702000001234567
    _, table, [found] = read(workbook_of(tmp_path / "a.xlsx", *rows))
    assert (table, found["code"]) == ([], "so-lam-tron")
    rows[0][0] = 250702000001234
    assert len(read(workbook_of(tmp_path / "b.xlsx", *rows))[1]) == 2


def test_long_numbers_of_which_one_ends_in_noughts_are_whole(read):
    numbers = ("250702000001235000", "250702000001235001", "250702000001236000")
    _, table, found = read(table_of(*(GOOD.replace("H27-1", number) for number in numbers)))
    assert (len(table), found) == (3, [])


# --- Workbooks as people leave them ------------------------------------------------------------------------------


def test_sheets_that_go_on_without_a_heading_are_read(tmp_path, read):
    rows = [dossier(at, date(2025, 7, 1 + at)) for at in range(9)]
    _, table, found = read(workbook_of(tmp_path / "a.xlsx", *rows, sheets=3))
    assert len(table) == 9
    assert [(one["severity"], one["code"], one["sheet"]) for one in found] == [
        ("warning", "tieu-de", "Trang 2"), ("warning", "tieu-de", "Trang 3"),
    ]  # fmt: skip


def test_a_sheet_of_dossiers_in_other_columns_is_an_error_not_a_warning(tmp_path, read):
    rows = [dossier(at, date(2025, 7, 1 + at), date(2025, 8, 1)) for at in range(4)]
    for row in rows[2:]:
        row[:] = ["", *row]
    _, table, [found] = read(workbook_of(tmp_path / "a.xlsx", *rows, sheets=2))
    assert (len(table), found["severity"], found["code"], found["sheet"]) == (
        2,
        "error",
        "tieu-de",
        "Trang 2",
    )


def test_a_sheet_of_notes_is_left_unread_with_a_warning(tmp_path, read):
    rows = [dossier(at, date(2025, 7, 1 + at)) for at in range(2)] + [["Người lập"], ["Ngày 31/07/2025"]]
    _, table, [found] = read(workbook_of(tmp_path / "a.xlsx", *rows, sheets=2))
    assert (len(table), found["severity"], found["code"]) == (2, "warning", "trang-la")


def test_a_unit_merged_over_its_dossiers_is_the_unit_of_each(tmp_path, read):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 0, 0, 6, "DANH SÁCH HỒ SƠ")
        sheet.write_row(1, 0, HEADER.split(","))
        for at in range(5):
            sheet.write_row(
                2 + at,
                0,
                [
                    dossier(at, "01/07/2025")[0],
                    "Xã Thạch Hà" if at == 4 else "",
                    *dossier(at, "01/07/2025")[2:],
                ],
            )
        sheet.merge_range(2, 1, 3, 1, "Sở Tư pháp")
        sheet.merge_range(4, 1, 5, 1, "Sở Nội vụ")
    _, table, found = read(path)
    assert [row[1] for row in table] == ["Sở Tư pháp"] * 2 + ["Sở Nội vụ"] * 2 + ["Xã Thạch Hà"]
    assert found == []


def test_levels_under_their_old_names_are_told_of_dossiers_after_2022(read):
    header = HEADER.replace("Kênh nộp", "Mức độ") + "\n"
    rows = [
        ("31/12/2022", "Mức độ 4"),
        ("02/01/2023", "Toàn trình"),
        ("03/01/2023", "Mức độ 4"),
        ("03/07/2025", "Mức 3"),
    ]
    lines = [f"H27-{at},Xã A,{day},15/07/2025,,Đang xử lý,{word}" for at, (day, word) in enumerate(rows)]
    _, table, [found] = read(header + "\n".join(lines))
    assert [row[list(DOSSIER_COLUMNS).index("level")] for row in table] == [4, 4, 4, 3]
    assert (found["severity"], found["code"], found["row"], found["value"]) == (
        "warning",
        "ma-cot",
        4,
        "Mức độ 4",
    )
    assert "2 ô ghi mức độ theo tên cũ" in found["message"] and "đọc là toàn trình" in found["message"]


def test_an_export_typed_in_an_old_font_is_read(tmp_path, headings):
    head = "Sè hå s¬;C¬ quan gi¶i quyÕt;Ngµy tiÕp nhËn;Ngµy hÑn tr¶;Ngµy tr¶ kÕt qu¶;Tr¹ng th¸i"
    rows = [f"HS-{at};Së T­ ph¸p;0{at}/07/2025;15/07/2025;05/07/2025;§· tr¶ kÕt qu¶" for at in (1, 2)]
    for encoding in ("utf-8", "latin-1"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes("\n".join([head, *rows]).encode(encoding))
        export, problems = read_export([path], tmp_path / "a.parquet", headings=headings)
        assert export.rows == 2 and "error" not in set(problems["severity"])
        assert "bang-ma" in set(problems["code"])
