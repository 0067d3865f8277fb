"""Tables for a spreadsheet: numbers are numbers, text is text and never runs, sample figures are marked."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from datetime import date
from fractions import Fraction

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.definitions.errors import UserError
from baocao.writing.claims import SAMPLE_MARK
from baocao.writing.excel import Origin, format_csv, name_sheets, write_workbook

REAL = Origin("tháng 7 năm 2025", "xã Đức Thọ", ("received", "published"), "5a3f")
SAMPLE = Origin("tháng 7 năm 2025", "xã Đức Thọ", ("received", "sample"), "5a3f")
HOSTILE = ["=1+1", "+1", "-1", "@x", "=cmd|'/c calc'!A0", "http://x.vn", "0123", '=HYPERLINK("x")']


@pytest.fixture
def rates() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Đơn vị": ["xã Đức Thọ", "phường Thành Sen"],
            "Tử số": pd.array([21132, None], dtype="Int64"),
            "Mẫu số": pd.array([35526, None], dtype="Int64"),
            "Tỷ lệ (%)": [59.4832, None],
            "Thay đổi": [Fraction(-193, 20), None],
            "Từ ngày": [date(2025, 7, 1), None],
            "Đạt": [True, False],
            "Lý do": ["", None],
        }
    )


@pytest.fixture
def written(tmp_path):
    """Write the tables and read them back."""

    def call(tables: dict, origin: Origin = REAL) -> openpyxl.Workbook:
        write_workbook(tmp_path / "ket-qua" / "bang.xlsx", tables, origin)
        return openpyxl.load_workbook(tmp_path / "ket-qua" / "bang.xlsx")

    return call


def values(sheet) -> list[list]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_a_table_reads_back_with_its_types_and_formats(written, rates):
    sheet = written({"Nộp trực tuyến": rates})["Nộp trực tuyến"]
    assert values(sheet)[0] == list(rates.columns)
    assert [cell.value for cell in sheet[2]][:5] == ["xã Đức Thọ", 21132, 35526, 59.4832, -9.65]
    assert [sheet.cell(2, column).number_format for column in (2, 3, 4, 5)] == [
        "#,##0",
        "#,##0",
        "#,##0.00",
        "#,##0.00",
    ]
    assert sheet["F2"].value.date() == date(2025, 7, 1) and sheet["F2"].number_format == "dd/mm/yyyy"
    assert [sheet["G2"].value, sheet["G3"].value] == ["có", "không"]


def test_a_missing_number_is_a_dash_and_missing_text_is_empty(written, rates):
    sheet = written({"b": rates})["b"]
    assert [cell.value for cell in sheet[3]] == [
        "phường Thành Sen",
        "–",
        "–",
        "–",
        "–",
        None,
        "không",
        None,
    ]


def test_a_column_of_numbers_that_are_all_missing_has_dashes(written):
    sheet = written({"b": pd.DataFrame({"Số": pd.array([None, None], dtype="Int64"), "Tên": [None, None]})})[
        "b"
    ]
    assert values(sheet)[1:] == [["–", None], ["–", None]]


def test_what_is_no_number_at_all_is_missing(written):
    sheet = written({"b": pd.DataFrame({"Số": [float("inf"), float("nan"), 1.5]})})["b"]
    assert [row[0] for row in values(sheet)[1:]] == ["–", "–", 1.5]


def test_the_header_stays_in_view_filters_and_is_printed_on_every_page(written, rates):
    sheet = written({"b": rates})["b"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:H3"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.column_dimensions["A"].width >= len("phường Thành Sen")
    assert all(sheet.column_dimensions[name].width < 63 for name in "ABCDEFGH")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(written, text):
    book = written({text: pd.DataFrame({text: [text], "Số": [1]}), "x": pd.DataFrame({"a": [text]})})
    sheet = book.worksheets[0]
    assert [cell.data_type for cell in (sheet["A1"], sheet["A2"])] == ["s", "s"]
    assert [sheet["A1"].value, sheet["A2"].value] == [text, text]
    assert sheet["A2"].hyperlink is None
    assert sheet["A2"].quotePrefix == (text[0] in "=+-@")


def test_tabs_line_ends_and_direction_marks_are_removed(written):
    sheet = written({"b": pd.DataFrame({"Tên": ["\t=1+1", "\r@x", "xã\u202e Đức\x07 Thọ"]})})["b"]
    assert [row[0] for row in values(sheet)[1:]] == ["=1+1", "@x", "xã Đức Thọ"]
    assert sheet["A2"].data_type == "s" and sheet["A2"].quotePrefix


def test_no_sheet_holds_a_formula_or_a_link(tmp_path):
    frame = pd.DataFrame({text: [text] for text in HOSTILE})
    write_workbook(tmp_path / "b.xlsx", dict.fromkeys(HOSTILE, frame), SAMPLE)
    with zipfile.ZipFile(tmp_path / "b.xlsx") as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
        assert len(sheets) == len(HOSTILE) + 1
        assert not any("<f>" in sheet or "hyperlink" in sheet for sheet in sheets)
        assert not any("externalLink" in name for name in parts.namelist())


def test_every_sheet_made_from_sample_facts_says_so_in_red(written, rates):
    book = written({"Một": rates, "Hai": rates}, SAMPLE)
    assert book.sheetnames == ["Một", "Hai", "Nguồn"]
    for sheet in book:
        assert sheet["A1"].value == SAMPLE_MARK
        assert sheet["A1"].font.color.rgb == "FFFF0000"
        assert SAMPLE_MARK in sheet.oddHeader.center.text
        assert sheet.sheet_properties.tabColor.rgb == "FFFF0000"
    assert book["Một"].freeze_panes == "B3" and book["Một"].auto_filter.ref == "A2:H4"
    assert book["Một"]["A2"].value == "Đơn vị"


def test_real_figures_bear_no_sample_mark(written, rates):
    for sheet in written({"Một": rates}):
        assert "MẪU" not in str(values(sheet))
        assert sheet.oddHeader.center.text is None


def test_the_last_sheet_says_where_the_figures_come_from(written, rates):
    origin = Origin("quý I năm 2019", "=1+1", ("published",), "abc", (("Ghi chú", "số hồ sơ"),))
    sheet = written({"Tên rất dài của một bảng về hồ sơ": rates}, origin)["Nguồn"]
    told = dict(values(sheet)[1:])
    assert told["Kỳ số liệu"] == "quý I năm 2019"
    assert told["Phạm vi"] == "=1+1" and sheet["B3"].data_type == "s"
    assert told["Nguồn số liệu"] == "số liệu đã công bố"
    assert told["Mã nhận dạng số liệu"] == "abc"
    assert told["Ghi chú"] == "số hồ sơ"
    assert told["Trang «Tên rất dài của một bảng về hồ»"] == "Tên rất dài của một bảng về hồ sơ"


def test_an_unknown_source_is_a_fault_of_the_caller(tmp_path, rates):
    with pytest.raises(ValueError, match="unknown sources"):
        write_workbook(tmp_path / "b.xlsx", {"b": rates}, Origin("", "", ("smaple",), ""))


def test_the_same_tables_give_the_same_bytes_and_no_clock_is_read(tmp_path, rates):
    for name in ("a.xlsx", "b.xlsx"):
        write_workbook(tmp_path / name, {"b": rates}, SAMPLE)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        assert {part.date_time[:3] for part in parts.infolist()} == {(1980, 1, 1)}
        said = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\d", said)) == {"2025-01-01"}


def test_an_index_is_written_where_it_has_a_name_and_header_levels_are_joined(written):
    pivot = pd.DataFrame(
        [[1, 2]],
        index=pd.Index(["xã Đức Thọ"], name="Đơn vị"),
        columns=pd.MultiIndex.from_tuples([("Tử số", "2025-06"), ("Tử số", "2025-07")]),
    )
    sheet = written({"b": pivot})["b"]
    assert values(sheet) == [["Đơn vị", "Tử số · 2025-06", "Tử số · 2025-07"], ["xã Đức Thọ", 1, 2]]


def test_tables_without_rows_or_columns_are_sheets(written):
    book = written({"a": pd.DataFrame(), "b": pd.DataFrame({"Đơn vị": []}), "c": pd.DataFrame({"x": ["y"]})})
    assert book.sheetnames == ["a", "b", "c", "Nguồn"]
    assert values(book["b"]) == [["Đơn vị"]]


def test_what_excel_has_no_room_for_is_refused_or_cut(tmp_path, written):
    with pytest.raises(UserError, match="quá sức chứa của Excel"):
        write_workbook(tmp_path / "b.xlsx", {"b": pd.DataFrame(index=range(1), columns=range(16385))}, REAL)
    sheet = written({"b": pd.DataFrame({"x": ["ă" * 40000]})})["b"]
    assert len(sheet["A2"].value) == 32767


def test_a_file_that_cannot_be_replaced_is_one_sentence_and_leaves_nothing(tmp_path, rates):
    (tmp_path / "bang.xlsx").mkdir()
    with pytest.raises(UserError, match="Không ghi được tệp «bang.xlsx»: .*; nếu tệp đang mở trong Excel"):
        write_workbook(tmp_path / "bang.xlsx", {"b": rates}, REAL)
    assert [path.name for path in tmp_path.iterdir()] == ["bang.xlsx"]


@given(st.lists(st.text(max_size=50), max_size=12))
def test_sheet_names_are_allowed_and_unlike_one_another(titles):
    names = name_sheets([*titles, "Nguồn"], last="Nguồn")
    assert len({name.casefold() for name in names}) == len(names) == len(titles) + 1
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert name[0] != "'" != name[-1]
        assert name.casefold() != "history"
    assert names[-1] == "Nguồn"


def test_csv_runs_nothing_and_keeps_numbers():
    texts = ["=1+1", "+1", "-1", "-1,5%", "@x", "\t=x", "a\r=x", "\n=1", "＝1+1", "- a", "a=1", "", None]
    frame = pd.DataFrame({"=tên": texts, "số": range(-1, 12)})
    rows = list(csv.reader(io.StringIO(format_csv(frame), newline="")))
    assert rows[0] == ["'=tên", "số"]
    assert [row[0] for row in rows[1:]] == [
        *("'=1+1", "+1", "-1", "-1,5%", "'@x", "'=x", "a =x", "'=1", "'＝1+1", "'- a", "a=1", "", ""),
    ]
    assert [row[1] for row in rows[1:]] == [str(number) for number in range(-1, 12)]


def test_csv_with_tabs_for_programs():
    frame = pd.DataFrame({"a": ["x\ty", 'z"'], "b": pd.array([1, None], dtype="Int64")})
    assert format_csv(frame, "\t") == 'a\tb\nx y\t1\n"z"""\t\n'
