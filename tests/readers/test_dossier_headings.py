"""Headings of dossier exports: found wherever they stand, doubtful ones named, a new system's told by a mapping."""

from __future__ import annotations

import csv
import unicodedata

import pytest

from baocao.definitions.errors import UserError
from baocao.readers.dossiers.headings import find_header, load_headings, recognise_titles
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS, PLACE, RANGES
from baocao.readers.headings import fold_title

TITLES = ["Số hồ sơ", "Đơn vị", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Trạng thái"]


@pytest.fixture(scope="module")
def headings(root):
    return load_headings(root)


def messages(header, severity="error"):
    return [one["message"] for one in header.problems if one["severity"] == severity]


def test_the_list_of_headings_is_whole_and_has_no_heading_twice(root, headings):
    with (root / "data" / "reference" / "dossier_headings.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    titles = [fold_title(row["text"]) for row in rows if row["kind"] != "word"]
    assert len(titles) == len(set(titles))
    assert {place[0] for place in headings.places.values()} == set(DOSSIER_COLUMNS) - set(PLACE)
    assert all(row["text"] == unicodedata.normalize("NFC", row["text"]) for row in rows)
    for column, (low, high) in RANGES.items():
        if column != "return_channel":
            assert set(headings.words[column].values()) == set(range(low, high + 1)), column


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        str.lower,
        lambda title: unicodedata.normalize("NFD", title),
        lambda title: f" {title} \n(dd/mm/yyyy)",
    ],
)
def test_a_heading_is_known_in_any_writing(headings, change):
    header = find_header([[change(title) for title in TITLES]], headings, "tep.csv")
    assert list(header.columns) == ["number", "unit", "received", "due", "finished", "status"]
    assert messages(header) == []


def test_the_header_stands_below_title_lines_and_above_column_numbers(headings):
    records = [
        ["DANH SÁCH HỒ SƠ"],
        [],
        ["Từ ngày", "01/07/2025"],
        TITLES,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
    ]
    header = find_header(records, headings, "tep.csv", first=2)
    assert (header.at, header.skipped) == (3, 1)
    assert {one["row"] for one in header.problems} == {5}


def test_a_header_below_rows_of_dossiers_is_an_error(headings):
    row = ["H27-1", "Xã Thạch Hà", "01/07/2025", "02/07/2025", "", "4"]
    header = find_header([row, row, TITLES, row], headings, "tep.csv")
    assert messages(header) == [
        "Dòng tiêu đề nằm ở dòng 3, phía trên nó có 2 dòng giống dòng hồ sơ; hãy đưa tiêu đề lên trên các dòng hồ sơ."
    ]


def test_no_header_at_all(headings):
    assert find_header([], headings, "tep.csv") is None
    assert find_header([["1", "2"]] * 40 + [TITLES], headings, "tep.csv") is None


def test_two_columns_with_one_heading_are_an_error(headings):
    header = find_header([[*TITLES, "NGÀY HẸN TRẢ"]], headings, "tep.csv")
    assert messages(header) == ["Hai cột cùng tiêu đề «NGÀY HẸN TRẢ» (cột 4 và 7); hãy bỏ một cột."]


def test_two_headings_of_one_column_are_read_by_precedence(headings):
    header = find_header([["Hạn xử lý", *TITLES]], headings, "tep.csv")
    assert header.titles["due"] == "Ngày hẹn trả"
    assert "Hai cột «Ngày hẹn trả» và «Hạn xử lý» cùng một nội dung; chỉ đọc «Ngày hẹn trả»." in messages(
        header, "warning"
    )


NAMES = {"Đơn vị": "Đơn vị giải quyết"}


@pytest.mark.parametrize(
    "absent", ["Ngày tiếp nhận", "Số hồ sơ", "Đơn vị", "Ngày hẹn trả", "Trạng thái", "Ngày kết thúc xử lý"]
)
def test_a_needed_column_that_is_missing_is_named(headings, absent):
    header = find_header([[title for title in TITLES if title != absent]], headings, "tep.csv")
    [message] = messages(header)
    assert (
        message.startswith(f"Thiếu cột «{NAMES.get(absent, absent)}» (còn được gọi là: ")
        and "tệp --mapping" in message
    )


def test_missing_measures_unknown_columns_and_personal_ones(headings):
    header = find_header([[*TITLES, "Ngày trả kết quả", "Họ và tên", "STT", "Cột lạ"]], headings, "tep.csv")
    unknown, missing = [one for one in header.problems if one["severity"] == "warning"]
    assert (unknown["code"], unknown["value"]) == ("cot-la", "Cột lạ")
    assert missing["code"] == "cot-thieu" and "«Ngày trả kết quả»" not in missing["message"]
    assert "«Kênh thực hiện»" in missing["message"] and "không phải bằng 0" in missing["message"]


def test_columns_that_nobody_knows_are_one_problem(headings):
    header = find_header([[*TITLES, *(f"Cột {at}" for at in range(300))]], headings, "tep.csv")
    [unknown] = [one for one in header.problems if one["code"] == "cot-la"]
    assert "«Cột 4» và 295 cột khác không có trong danh mục" in unknown["message"]


def test_a_number_of_papers_is_marked_as_such(headings):
    assert find_header([[*TITLES, "Số CMND/CCCD"]], headings, "tep.csv").identity
    assert not find_header([[*TITLES, "Có số định danh"]], headings, "tep.csv").identity


def test_our_own_columns_are_known_by_their_names(headings):
    header = find_header([list(DOSSIER_COLUMNS)], headings, "kho.parquet")
    assert set(header.columns) == set(DOSSIER_COLUMNS) - set(PLACE)
    assert header.problems == []


def test_another_table_is_no_export(headings):
    assert recognise_titles(TITLES, headings)
    assert not recognise_titles(["unit", "period_start", "period_end", "measure", "value"], headings)
    assert not recognise_titles(["Đơn vị", "Tổng số", "Trực tuyến", "Trước hạn"], headings)


def test_a_mapping_tells_a_new_systems_headings_and_words(mapped):
    headings = mapped(
        "columns: {Ma phieu: number, Ngày hẹn trả: returned}\nwords: {status: {Đang thụ lý: 4}}\nunread: [Trạng thái]\n"
    )
    assert headings.column(fold_title("MÃ PHIẾU"))[0] == "number"
    assert headings.column(fold_title("Ngày hẹn trả"))[0] == "returned"
    assert headings.column(fold_title("Trạng thái")) is None
    assert headings.words["status"]["dang thu ly"] == 4


def test_a_mapping_may_be_a_table_like_the_vocabulary(root, tmp_path):
    path = tmp_path / "he-thong.csv"
    path.write_text(
        "kind;column;text;value\nheading;number;Ma phieu;\nword;status;01;10\nignored;;Trạng thái;\n", "utf-8"
    )
    headings = load_headings(root, path)
    assert headings.column("ma phieu")[0] == "number" and headings.column("trang thai") is None
    assert headings.words["status"]["1"] == 10
    assert [one["message"] for one in headings.unused()] == [
        f"he-thong.csv, dòng {row} không khớp với tiêu đề hay ô nào; hãy xem lại cách viết."
        for row in (2, 3, 4)
    ]
    for text, sentence in (
        ("kind,text\nheading,A\n", r"he-thong\.csv: Cần các cột kind,column,text,value"),
        ("", r"he-thong\.csv: Tệp trống"),
        (
            "kind,column,text,value\nheading,numbre,A,\n",
            r"he-thong\.csv, dòng 2: không có cột «numbre».*number",
        ),
        (
            "kind,column,text,value\nword,status,A,1\nword,status,a,2\n",
            r"dòng 3 trùng với he-thong\.csv, dòng 2",
        ),
    ):
        path.write_text(text, "utf-8")
        with pytest.raises(UserError, match=sentence):
            load_headings(root, path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("columns: {A: so_ho_so}", r"he-thong\.yml, columns «A»: không có cột «so_ho_so».*gần nhất"),
        ("columns: {A: file}", "không có cột «file»"),
        ("words: {status: {A: 11}}", r"words status «A»: mã của «status» từ 1 đến 10, đang ghi «11»"),
        ("words: {status: {A: 1e1}}", "đang ghi «1e1»"),
        ("words: {status: {A: 0o7}}", "đang ghi «0o7»"),
        ("words: {number: {A: 1}}", "cột «number» không nhận giá trị «1»"),
        ("words: {paid_online: {A: maybe}}", "cột «paid_online» nhận «có» hoặc «không», đang ghi «maybe»"),
        ("words: {status: {01: 10, 1: 4}}", r"words status «1» trùng với he-thong\.yml, words status «01»"),
        ("columns: {Mã HS: number, MÃ HS: unit}", "columns «MÃ HS» trùng với he-thong.yml, columns «Mã HS»"),
        ("columns: {A: number}\nunread: [a]", "unread «a» trùng với he-thong.yml, columns «A»"),
        ("words: {status: {A: 1}}\nwords: {}\n", r"he-thong\.yml, dòng 2: ghi lại khóa «words» của dòng 1"),
        ("words: {status: {A: [1]}}", "words status «A».*sai cách viết"),
        ("cot: {A: number}", "có mục lạ"),
        ("- a", "có mục lạ"),
        ("columns: [a]", "sai cách viết"),
        ("words: {status: 4}", "mục words"),
        ("a: [", "he-thong.yml sai cú pháp YAML ở dòng 1, cột 5"),
    ],
)
def test_a_mapping_at_fault_is_refused_with_its_entry(mapped, text, sentence):
    with pytest.raises(UserError, match=sentence):
        mapped(text)
