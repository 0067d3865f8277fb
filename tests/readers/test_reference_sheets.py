"""Pasted tables of scores, and sheets of yearly indices, targets and unit changes: read, checked, merged."""

from __future__ import annotations

import csv
import shutil
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from baocao.definitions.indices import load_index_values
from baocao.definitions.periods import Period
from baocao.definitions.targets import load_targets
from baocao.definitions.units import load_register
from baocao.readers import workbook
from baocao.readers.portal.read_table import read_portal_table, recognise_portal_table
from baocao.readers.problems import PROBLEM_COLUMNS
from baocao.readers.reading_result import SCORE_COLUMNS, SCORE_FORM
from baocao.readers.reference.forms import COLUMNS, KEYS
from baocao.readers.reference.merge import merge_rows, reference_path
from baocao.readers.reference.read import read_sheets, recognise_sheets
from baocao.readers.title_lines import find_day, find_period
from baocao.store.checks import check_scores

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_sheets

FORMS = tuple(COLUMNS)


@pytest.fixture(scope="session")
def components(root):
    with (root / "data/reference/index_components.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def saved(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sheets")
    make_sheets.write_all(folder)
    return folder


@pytest.fixture
def book(tmp_path):
    """The book of a workbook with these sheets, or of one sheet."""

    def make(sheets) -> workbook.Book:
        sheets = sheets if isinstance(sheets, dict) else {"Trang": sheets}
        path = make_sheets.write_workbook(tmp_path / "tep.xlsx", sheets)
        opened, found = workbook.open_book(path)
        assert found == []
        return opened

    return make


@pytest.fixture
def table_of(book, register, root):
    """The reading of a pasted table: the rows of a sheet, or a file."""

    def read(source, **given):
        opened = workbook.open_book(source)[0] if isinstance(source, Path) else book(source)
        assert recognise_portal_table(opened, root)
        reading = read_portal_table(opened, register, {}, "received", root=root, **given)
        assert list(reading.scores.columns) == SCORE_COLUMNS
        assert list(reading.problems.columns) == PROBLEM_COLUMNS
        return reading

    return read


@pytest.fixture
def rows_of(book, register, root):
    """The readings of sheets of reference data by form."""

    def read(source, root=root):
        opened = workbook.open_book(source)[0] if isinstance(source, Path) else book(source)
        assert recognise_sheets(opened, root)
        readings = {one.form: one for one in read_sheets(opened, register, {}, "received", root=root)}
        for form, one in readings.items():
            assert list(one.rows.columns) == list(COLUMNS[form])
            assert list(one.problems.columns) == PROBLEM_COLUMNS
        return readings

    return read


@pytest.fixture
def copy(tmp_path, root):
    """A project that has only a copy of the reference data."""
    shutil.copytree(root / "data" / "reference", tmp_path / "copy" / "data" / "reference")
    return tmp_path / "copy"


def codes(problems: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(problems["severity"], problems["code"], strict=True))


def errors(reading) -> pd.DataFrame:
    return reading.problems[reading.problems["severity"] == "error"]


def points(reading, unit: str) -> dict[str, float]:
    rows = reading.scores[reading.scores["unit"] == unit]
    return dict(zip(rows["component"], rows["score"], strict=True))


# --- Pasted tables ---------------------------------------------------------------------------------------------


def test_a_pasted_table_gives_scores_ranks_period_and_day(saved, table_of, components):
    reading = table_of(saved / "bang-diem-766.xlsx")
    assert codes(reading.problems) == [("warning", "dau-thap-phan")]
    assert reading.problems.iloc[0][["sheet", "row", "column"]].tolist() == ["Bảng điểm", 8, "DVC trực tuyến"]
    assert set(reading.scores["period"]) == {"2026"} and set(reading.scores["as_of"]) == {date(2026, 10, 6)}
    assert points(reading, "HT-SNV") == {
        "total": 90.37,
        "transparency": 17,
        "timeliness": 18.5,
        "provide_online": 11.2,
        "online_payment": 9.37,
        "satisfaction": 16.3,
        "digitisation": 18,
    }
    own = reading.scores[reading.scores["component"] == "total"].set_index("unit")
    assert own["rank"].to_dict() == {"HT-SNV": 1, "HT-STC": 2, "18682": 3, "18073": 4}
    assert own["maximum"].tolist() == [100] * 4 and own["row"].tolist() == [8, 9, 11, 12]
    assert check_scores(reading.scores, components).empty


def test_a_dash_is_missing_and_never_zero(saved, table_of):
    assert points(table_of(saved / "bang-diem-766.xlsx"), "18073") == {"total": 65}


def test_without_a_payment_column_online_services_are_the_shown_group(saved, table_of, components):
    reading = table_of(saved / "bang-diem-766-thang-8.csv")
    assert reading.problems.empty
    assert points(reading, "18229") == {
        "transparency": 16.5,
        "timeliness": 18.25,
        "online_service": 20.1,
        "satisfaction": 15,
        "digitisation": 17.15,
        "total": 87,
    }
    assert set(reading.scores["period"]) == {"2026-08"} and reading.scores["as_of"].isna().all()
    assert reading.scores["out_of"].dropna().tolist() == [69, 69]
    assert check_scores(reading.scores, components).empty


def test_the_period_may_be_given_but_not_contradicted(saved, table_of):
    bare = make_sheets.FIVE_GROUPS[1:]
    assert codes(table_of(bare).problems) == [("error", "thieu-ky")]
    given = table_of(bare, period=Period.parse("2026-Q3"), as_of=date(2026, 10, 1))
    assert set(given.scores["period"]) == {"2026-Q3"} and set(given.scores["as_of"]) == {date(2026, 10, 1)}
    reading = table_of(saved / "bang-diem-766.xlsx", period=Period.parse("2026-08"))
    assert codes(reading.problems) == [("error", "thieu-ky")] and reading.scores.empty
    reading = table_of(saved / "bang-diem-766.xlsx", as_of=date(2026, 10, 7))
    assert codes(reading.problems) == [("error", "thieu-ky")]


def test_a_table_of_all_provinces_is_ranked_and_its_mean_checked(table_of, register):
    day = date(2026, 10, 6)
    provinces = [unit for unit in register.on(day) if unit.kind == "province"]
    rows = [["Đơn vị", "Tổng điểm", "Tiến độ giải quyết"]]
    rows += [[unit.name, 50 + at / 4, 15] for at, unit in enumerate(provinces)]
    reading = table_of([*rows, ["Cả nước", "54,13", 15]], period=Period.parse("2026"), as_of=day)
    assert reading.problems.empty
    totals = reading.scores[reading.scores["component"] == "total"].set_index("unit")
    assert (totals.loc[provinces[-1].code, "rank"], totals.loc["42", "out_of"]) == (1, 34)
    reading = table_of([*rows, ["Cả nước", 60, 15]], period=Period.parse("2026"), as_of=day)
    assert codes(reading.problems) == [("warning", "tinh-lai-diem")]


def test_two_heading_rows_give_each_component_its_rank(table_of):
    rows = [
        ["Đơn vị", "Tổng điểm", "", "Tiến độ giải quyết", ""],
        ["", "Điểm", "Hạng", "Điểm", "Hạng"],
        ["xã Đức Thọ", 80.05, "3/69", "18,25", 2],
    ]
    scores = table_of(rows, period=Period.parse("2026-08")).scores
    assert scores[["component", "score", "rank"]].values.tolist() == [
        ["total", 80.05, 3],
        ["timeliness", 18.25, 2],
    ]
    assert scores["out_of"].iat[0] == 69


HEAD = ["Đơn vị", "Tổng điểm", "Tiến độ giải quyết"]


@pytest.mark.parametrize(
    ("row", "code", "sentence"),
    [
        (["huyện Đức Thọ", 80, 15], "don-vi", "chỉ có huyện Đức Thọ (440) đến hết ngày 30/06/2025"),
        (["Đức Thọ", 80, 15], "don-vi", "là tên của"),
        (["<script>alert(1)</script>", 80, 15], "don-vi", "không có trong danh sách đơn vị"),
        (["=cmd|'/c calc'!A1", 80, 15], "don-vi", "không có trong danh sách đơn vị"),
        (["", 80, 15], "don-vi", "Trống, cần mã hoặc tên đơn vị"),
        (["xã Đức Thọ", 101, 15], "diem", "nằm ngoài thang điểm"),
        (["xã Đức Thọ", 80, 21], "diem", "nằm ngoài thang điểm, cần một số từ 0 đến 20"),
        (["xã Đức Thọ", -1, 15], "diem", "nằm ngoài thang điểm"),
        (["xã Đức Thọ", "1e5", 15], "diem", "không phải là số viết đúng cách"),
        (["xã Đức Thọ", date(2026, 12, 3), 15], "diem", "Excel đã đổi số thành ngày"),
        (["xã Đức Thọ", "9" * 400, 15], "diem", "nằm ngoài thang điểm"),
    ],
)
def test_a_row_at_fault_is_named_and_left_out(table_of, row, code, sentence):
    good = [["xã Thạch Hà", 70, 14], ["Sở Nội vụ", 90, 18]]
    reading = table_of([HEAD, *good, row], period=Period.parse("2026"), as_of=date(2026, 10, 6))
    assert codes(reading.problems) == [("error", code)]
    assert sentence in reading.problems["message"].iat[0]
    assert (reading.problems["row"].iat[0], reading.problems["sheet"].iat[0]) == (4, "Trang")
    assert {"HT-SNV"} < set(reading.scores["unit"])


def test_a_row_of_column_numbers_is_skipped_and_a_unit_named_by_its_code_is_not(table_of):
    rows = [HEAD, ["(2)", "(3)=(4)+(5)", "(4)"], ["42", 80, 15], [], ["18229", 70]]
    reading = table_of(rows, period=Period.parse("2026"))
    assert reading.problems.empty
    assert points(reading, "42") == {"total": 80, "timeliness": 15} and points(reading, "18229") == {
        "total": 70
    }


def test_headings_that_are_unknown_or_there_twice_are_told(table_of):
    given = {"period": Period.parse("2026")}
    reading = table_of([[*HEAD, "=1+1"], ["Sở Nội vụ", 90, 18, 7]], **given)
    assert codes(reading.problems) == [("warning", "cot-la")] and len(reading.scores) == 2
    reading = table_of([[*HEAD, "Điểm tiến độ"], ["Sở Nội vụ", 90, 18, 7]], **given)
    assert codes(reading.problems) == [("error", "tieu-de")] and reading.scores.empty


def test_one_unit_twice_is_one_fact_or_a_contradiction(table_of):
    given = {"period": Period.parse("2026")}
    reading = table_of([HEAD, ["Sở Nội vụ", 90, 18], ["sở nội vụ", 90, 18]], **given)
    assert set(codes(reading.problems)) == {("warning", "trung-lap")} and len(reading.scores) == 2
    reading = table_of([HEAD, ["Sở Nội vụ", 90, 18], ["sở nội vụ", 91, 18]], **given)
    assert ("error", "mau-thuan") in codes(reading.problems)
    assert reading.scores["component"].tolist() == ["timeliness"]


def test_our_own_form_and_other_tables_are_not_taken_for_a_pasted_one(book, root):
    for rows in (
        [list(SCORE_FORM), ["service_index", "42", "2026", "", "total", "80", "100", "", ""]],
        [["Đơn vị", "Tổng số"], ["Sở Nội vụ", 5]],
        [["Số hồ sơ năm 2026"], ["Đơn vị", "Tổng cộng", "Số hóa hồ sơ"], ["Sở Nội vụ", 9, 5]],
        [[""]],
        *(make_sheets.TARGETS, make_sheets.UNITS, make_sheets.LINEAGE, make_sheets.INDEX_VALUES),
    ):
        assert not recognise_portal_table(book(rows), root)
    assert not recognise_sheets(book(make_sheets.SCORES), root)


@pytest.mark.parametrize(
    ("lines", "period", "day"),
    [
        (["Bảng điểm tháng 8/2026"], "2026-08", None),
        (["THÁNG 08 NĂM 2026 (cập nhật đến hết ngày 31/8/2026)"], "2026-08", date(2026, 8, 31)),
        (["Quý III/2026", "Số liệu tính đến ngày 15 tháng 9 năm 2026"], "2026-Q3", date(2026, 9, 15)),
        (["6 tháng đầu năm 2026"], "2026-H1", None),
        (["06 tháng cuối năm 2026"], "2026-H2", None),
        (["07 tháng đầu năm 2025"], "2025-M7", None),
        (["(Từ ngày 01/7/2025 đến ngày 24/7/2025)"], "2025-07-01..2025-07-24", None),
        (["từ ngày 01/01/2026 đến hết ngày 31/12/2026"], "2026", None),
        (["Thông tư số 01/2020/TT-VPCP ngày 21/10/2020", "Năm 2026"], "2026", None),
        (["Quyết định 766/QĐ-TTg ngày 23 tháng 6 năm 2022"], None, None),
        (["Hà Tĩnh, ngày 06 tháng 10 năm 2026"], None, None),
        ([], None, None),
    ],
)
def test_heading_lines_say_period_and_day(lines, period, day):
    found = find_period(lines)
    assert (found and found.code, find_day(lines)) == (period, day)


@pytest.mark.parametrize(
    "lines",
    [
        ["Tháng 8/2026", "Quý II/2026"],
        ["Tháng 13/2026"],
        ["từ ngày 24/7/2025 đến ngày 01/7/2025"],
        ["từ ngày 31/02/2025 đến ngày 01/3/2025"],
    ],
)
def test_heading_lines_that_make_no_sense_are_refused(lines):
    with pytest.raises(ValueError, match=r"\w"):
        find_period(lines)


# --- Sheets of reference data ----------------------------------------------------------------------------------


def test_index_values_are_rows_of_the_file(saved, rows_of):
    reading = rows_of(saved / "chi-so.xlsx")["index_values"]
    assert codes(reading.problems) == [("warning", "ngoai-pham-vi")]
    keys = reading.rows[["index", "component", "year", "value", "measured_in", "rank", "out_of"]]
    assert keys.values.tolist() == [
        ["par_index", "total", "2025", "89.12", "%", "10", "34"],
        ["dti", "digital_government", "2025", "0.71", "điểm", "12", "34"],
        ["sipas", "total", "2024", "85.5", "%", "9", "63"],
    ]
    assert reading.rows["published"].tolist() == ["2026-06-01", "", ""]
    assert set(reading.rows["evidence"]) == {"L"}


def test_targets_units_and_lineage_are_rows_of_their_files(saved, rows_of):
    targets = rows_of(saved / "chi-tieu.csv")["targets"]
    assert targets.problems.empty
    assert targets.rows[
        ["indicator", "scope", "target", "comparison", "valid_from", "valid_to"]
    ].values.tolist() == [
        ["on_time_rate", "commune", "98", ">=", "2026-01-01", "2026-12-31"],
        ["on_time_rate", "all", "99", ">=", "2027-01-01", ""],
    ]
    both = rows_of(saved / "don-vi.xlsx")
    assert list(both) == ["units", "lineage"]
    assert both["units"].problems.empty and both["lineage"].problems.empty
    units = both["units"].rows
    assert units["full_name"].tolist() == ["Sở Nội vụ", "Sở Nội vụ và Lao động"]
    assert units[["level", "parent", "valid_from", "valid_to"]].values.tolist() == [
        ["province", "42T", "2025-03-01", "2026-12-31"],
        ["province", "42T", "2027-01-01", ""],
    ]
    assert units["legal_basis"].iat[0].startswith("Quyết định 347/QĐ-UBND"), "a blank keeps what stands there"
    assert both["lineage"].rows["relation"].tolist() == ["whole"]


def test_decimals_of_a_vietnamese_sheet_become_those_of_the_file(rows_of):
    rows = [
        TARGETS,
        ["on_time_rate", "all", "99,5", "01/01/2026", "", "x"],
        ["on_time_rate", "commune", 98.5, "01/01/2026", "", "x"],
    ]
    assert rows_of(rows)["targets"].rows["target"].tolist() == ["99.5", "98.5"]


def test_merged_files_are_read_by_the_library_and_merging_again_changes_nothing(saved, rows_of, copy):
    for name in ("chi-so.xlsx", "chi-tieu.csv", "don-vi.xlsx"):
        for form, reading in rows_of(saved / name).items():
            text, problems = merge_rows(copy, form, reading.rows)
            assert problems.empty
            before = reference_path(copy, form).read_bytes().decode()
            assert set(before.splitlines()) - set(text.splitlines()) == {
                "index_values": {
                    line for line in before.splitlines() if line.startswith("sipas,total,2024,")
                },
                "units": {
                    line
                    for line in before.splitlines()
                    if line.startswith("HT-SNV,") and "2025-03-01,," in line
                },
            }.get(form, set())
            reference_path(copy, form).write_bytes(text.encode())
            again, problems = merge_rows(copy, form, reading.rows)
            assert (again, len(problems)) == (text, 0)
            assert "\r" not in text and text.endswith("\n")
        again = rows_of(saved / name, root=copy)
        assert all(not len(errors(one)) for one in again.values())
    register = load_register(copy)
    assert register.get("HT-SNV", date(2027, 1, 1)).full_name == "Sở Nội vụ và Lao động"
    assert register.get("HT-SNV", date(2026, 12, 31)).full_name == "Sở Nội vụ"
    assert len(load_targets(copy)) == 5
    assert {one.year for one in load_index_values(copy) if one.index == "par_index"} >= {2025}


@pytest.mark.parametrize("form", FORMS)
def test_every_file_merges_with_itself_without_a_change(copy, form):
    with reference_path(copy, form).open(encoding="utf-8", newline="") as stream:
        rows = pd.DataFrame(csv.DictReader(stream), dtype=object)
    assert rows[list(KEYS[form])].duplicated().sum() == 0
    text, problems = merge_rows(copy, form, rows)
    assert text == reference_path(copy, form).read_text(encoding="utf-8") and problems.empty


@pytest.mark.parametrize("form", FORMS)
def test_a_file_in_its_own_columns_is_a_sheet_without_fault(rows_of, root, form):
    """The files themselves, loaded: dots as decimals, nothing to complain of, the same rows come out."""
    reading = rows_of(reference_path(root, form))[form]
    assert reading.problems.empty, reading.problems.to_string()
    with reference_path(root, form).open(encoding="utf-8", newline="") as stream:
        assert reading.rows.to_dict("records") == list(csv.DictReader(stream))


def test_new_rows_stand_beside_those_of_their_group(saved, rows_of, copy):
    text, _ = merge_rows(copy, "index_values", rows_of(saved / "chi-so.xlsx")["index_values"].rows)
    lines = text.splitlines()
    at = next(at for at, line in enumerate(lines) if line.startswith("par_index,total,2025"))
    assert lines[at - 1].startswith("par_index,total,2024") and lines[at + 1].startswith("sipas,")
    text, _ = merge_rows(copy, "units", rows_of(saved / "don-vi.xlsx")["units"].rows)
    own = [at for at, line in enumerate(text.splitlines()) if line.startswith("HT-SNV,")]
    assert own == [own[0], own[0] + 1, own[0] + 2]


def test_other_content_under_one_key_is_an_error_that_names_the_row(rows_of, copy):
    rows = [["Chỉ số", "Năm", "Giá trị", "Thứ hạng", "Trên tổng số"], ["PCI", 2022, "66,5", 18, 63]]
    reading = rows_of(rows)["index_values"]
    text, problems = merge_rows(copy, "index_values", reading.rows)
    assert codes(problems) == [("error", "mau-thuan")]
    assert "pci / total / 2022 đã có ở dòng 46" in problems["message"].iat[0]
    assert "«67.18»" in problems["message"].iat[0]
    assert text == reference_path(copy, "index_values").read_text(encoding="utf-8")


VALUES = [
    "Chỉ số",
    "Thành phần",
    "Năm",
    "Giá trị",
    "Đơn vị tính",
    "Thứ hạng",
    "Trên tổng số",
    "Ngày công bố",
    "Nguồn",
]
UNITS = ["Mã", "Tên đầy đủ", "Loại", "Từ ngày", "Đến ngày", "Căn cứ", "Trực thuộc"]
TARGETS = ["Chỉ tiêu", "Phạm vi", "Mức", "Từ ngày", "Đến ngày", "Văn bản"]
EDGES = ["Ngày hiệu lực", "Mã cũ", "Mã mới", "Quan hệ", "Văn bản"]


@pytest.mark.parametrize(
    ("header", "row", "code", "sentence"),
    [
        (VALUES, ["PARR", "", 2025, "89", "%", "", "", "", "x"], "tham-chieu", "gần nhất"),
        (VALUES, ["DTI", "Chính quyền", 2025, "0,7", "điểm", "", "", "", "x"], "tham-chieu", "gần nhất"),
        (VALUES, ["DTI", "", 25, "0,7", "điểm", "", "", "", "x"], "ngay", "«25» không phải là năm"),
        (VALUES, ["DTI", "", 2025, "0.7", "điểm", "", "", "", "x"], "diem", "có dấu chấm"),
        (VALUES, ["PAR INDEX", "", 2025, "189", "%", "", "", "", "x"], "diem", "nằm ngoài thang điểm"),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", 35, 34, "", "x"], "diem", "lớn hơn số tỉnh"),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", 5, "", "", "x"], "diem", "phải đi cùng"),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", "năm", 34, "", "x"], "diem", "không phải là thứ hạng"),
        (VALUES, ["PAR INDEX", "", 2025, "", "", "", "", "", "x"], "diem", "phải ghi chú vì sao"),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", "", "", "", ""], "o-sai", "cần nguồn"),
        (
            VALUES,
            ["PAR INDEX", "", 2025, "89", "%", "", "", "31/02/2026", "x"],
            "ngay",
            "không có trong lịch",
        ),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", "", "", "7/24/2026", "x"], "ngay", "không có trong lịch"),
        (
            VALUES,
            ["PAR INDEX", "", 2025, "89", "%", "", "", "24/07/2205", "x"],
            "ngay",
            "Năm 2205 không hợp lý",
        ),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", "", "", 46000, "x"], "ngay", "định dạng ô là ngày"),
        (VALUES, ["PAR INDEX", "", 2025, "89", "%", "", "", "01/01/2024", "x"], "ngay", "trước năm 2025"),
        (
            VALUES,
            ["PAR INDEX", "", 2025, "89", "%", "", "", "", "=HYPERLINK(1)"],
            "o-sai",
            "dấu của công thức",
        ),
        (TARGETS, ["tỷ lệ vui", "all", "90", "01/01/2026", "", "x"], "tham-chieu", "gần nhất"),
        (TARGETS, ["on_time_rate", "làng", "90", "01/01/2026", "", "x"], "tham-chieu", "gần nhất"),
        (TARGETS, ["on_time_rate", "all", "190", "01/01/2026", "", "x"], "diem", "nằm ngoài thang điểm"),
        (TARGETS, ["on_time_rate", "all", "0", "01/01/2026", "", "x"], "diem", "lớn hơn 0"),
        (TARGETS, ["on_time_rate", "all", "90", "", "", "x"], "o-sai", "Trống"),
        (
            TARGETS,
            ["on_time_rate", "all", "90", "02/01/2026", "01/01/2026", "x"],
            "hieu-luc",
            "Ngày cuối trước ngày đầu",
        ),
        (
            TARGETS,
            ["level_34_share", "all", "30", "01/01/2020", "", "x"],
            "hieu-luc",
            "Chồng với dòng đang có từ 2018-05-17",
        ),
        (TARGETS, ["level_34_share", "commune", "30", "01/01/2025", "", "x"], "hieu-luc", "hết hiệu lực"),
        (
            UNITS,
            ["18229", "Phường Đức Thọ", "Phường", "01/01/2027", "", "x", ""],
            "hieu-luc",
            "Chồng với dòng đang có",
        ),
        (UNITS, ["HT-MOI", "Sở Mới", "Sở, ban, ngành", "", "", "x", ""], "hieu-luc", "ngày bắt đầu"),
        (UNITS, ["HT-MOI", "Sở Mới", "Sở, ban, ngành", "01/01/2027", "", "", ""], "o-sai", "cần văn bản"),
        (UNITS, ["../../x", "Sở Mới", "Sở, ban, ngành", "01/01/2027", "", "x", ""], "don-vi", "Mã chỉ gồm"),
        (UNITS, ["HT-MOI", "Sở Mới", "tổng cục", "01/01/2027", "", "x", ""], "tham-chieu", "gần nhất"),
        (UNITS, ["99999", "Xã Mới", "Xã", "01/01/2027", "", "x", "440"], "don-vi", "440"),
        (EDGES, ["01/01/2027", "18229", "18229", "nửa", "x"], "o-sai", "cần một trong"),
        (EDGES, ["01/01/2027", "440", "18229", "whole", "x"], "don-vi", "440"),
        (EDGES, ["01/01/2027", "18229", "HT-SNV", "whole", "x"], "don-vi", "khác loại"),
        (EDGES, ["01/01/2027", "18229", "18229", "part", "x"], "mau-thuan", "ít nhất hai đơn vị"),
    ],
)
def test_a_reference_row_at_fault_is_named_and_left_out(rows_of, header, row, code, sentence):
    (reading,) = rows_of([["Tiêu đề"], header, row]).values()
    assert codes(reading.problems) == [("error", code)], reading.problems.to_string()
    assert sentence in reading.problems["message"].iat[0]
    assert reading.problems["row"].iat[0] == 3 and reading.problems["column"].iat[0] in header
    assert reading.rows.empty


def test_one_key_twice_in_a_sheet_is_one_row_or_a_contradiction(rows_of):
    good = ["PAR INDEX", "", 2025, "89", "%", "", "", "", "x"]
    reading = rows_of([VALUES, good, good])["index_values"]
    assert codes(reading.problems) == [("warning", "trung-lap")] and len(reading.rows) == 1
    reading = rows_of([VALUES, good, [*good[:3], "90", *good[4:]]])["index_values"]
    assert codes(reading.problems) == [("error", "mau-thuan")] and reading.rows.empty


def test_a_heading_there_twice_and_a_sheet_without_one(rows_of):
    reading = rows_of([[*VALUES, "Năm"], ["PAR INDEX", "", 2025, "89", "%", "", "", "", "x", 2025]])[
        "index_values"
    ]
    assert codes(reading.problems) == [("error", "tieu-de")] and reading.rows.empty
    readings = rows_of({"Chỉ tiêu": make_sheets.TARGETS, "Khác": [["một ghi chú"]]})
    assert list(readings) == ["targets"]
    assert (
        codes(readings["targets"].problems) == [("warning", "tieu-de")] and len(readings["targets"].rows) == 2
    )


def test_a_heading_without_rows_is_told(rows_of):
    reading = rows_of([VALUES])["index_values"]
    assert codes(reading.problems) == [("warning", "tep-trong")] and reading.rows.empty


def test_a_formula_without_value_is_never_a_blank(register, root):
    cells = [["Chỉ số", "Năm", "Giá trị", "Nguồn", "Ghi chú"], ["PAR INDEX", 2025, "", "x", "y"]]
    sheet = workbook.Sheet("Trang", cells, unknown=frozenset({(1, 2)}))
    opened = workbook.Book("a.xlsx", Path("a.xlsx"), [sheet])
    assert all(one.rows.empty for one in read_sheets(opened, register, {}, "received", root=root))
    sheet = workbook.Sheet("Trang", [HEAD, ["Sở Nội vụ", "", 15]], unknown=frozenset({(1, 1)}))
    opened = workbook.Book("a.xlsx", Path("a.xlsx"), [sheet])
    given = {"root": root, "period": Period.parse("2026")}
    reading = read_portal_table(opened, register, {}, "received", **given)
    assert len(reading.scores) == 1, "the cell is named when the book is opened"


def test_the_fixtures_are_the_same_every_time(tmp_path):
    first, second = (make_sheets.write_all(tmp_path / name) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
