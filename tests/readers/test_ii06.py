"""Biểu II.06/VPCP/KSTT from workbooks made to look like real ones: every fact, and every fault with its cell."""

from __future__ import annotations

import csv
import sys
import unicodedata
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from baocao.definitions import LEAF_KINDS
from baocao.definitions.measures import load_measures
from baocao.definitions.periods import Period
from baocao.readers.ii06.read import MEASURES, read_ii06, recognise_ii06
from baocao.readers.problems import PROBLEM_COLUMNS
from baocao.readers.reading_result import COUNT_COLUMNS, Reading
from baocao.readers.workbook import open_book
from baocao.store import checks

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_ii06
from make_ii06 import Grid, added, eleven, figures, province, put_row

JULY = (date(2025, 7, 1), date(2025, 7, 31))
EIGHT = list(MEASURES.values())


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture
def read_file(register, measures, root):
    """The reading of a file, its own problems and those of opening it together."""

    def read(path: Path, period: Period | None = None) -> Reading:
        book, found = open_book(path)
        assert recognise_ii06(book, root)
        reading = read_ii06(book, register, measures, "received", period=period, root=root)
        assert list(reading.counts.columns) == COUNT_COLUMNS
        assert list(reading.problems.columns) == PROBLEM_COLUMNS
        opening = pd.DataFrame(found, columns=PROBLEM_COLUMNS, dtype=object)
        return Reading("ii06", counts=reading.counts, problems=pd.concat([opening, reading.problems]))

    return read


@pytest.fixture
def read(tmp_path, read_file):
    """The reading of sheets written as .xlsx."""

    def read_grids(*grids: Grid, period: Period | None = None) -> Reading:
        return read_file(make_ii06.write_xlsx(tmp_path / "bieu.xlsx", *grids), period)

    return read_grids


def table(reading: Reading) -> dict[str, tuple[int, ...]]:
    """The eight counts by unit."""
    wide = reading.counts.pivot(index="unit", columns="measure", values="value")
    return {
        unit: tuple(int(value) for value in row)
        for unit, row in zip(wide.index, wide[EIGHT].to_numpy(), strict=True)
    }


def told(reading: Reading) -> list[tuple]:
    """Each problem as severity, code, sheet, row and column."""
    columns = reading.problems[["severity", "code", "sheet", "row", "column"]]
    return list(columns.itertuples(index=False, name=None))


def only(reading: Reading) -> dict:
    assert len(reading.problems) == 1, reading.problems.to_string()
    return reading.problems.iloc[0].to_dict()


# --- Good forms ------------------------------------------------------------------------------------------------


PROVINCE_FACTS = {
    "HT-SNV": figures(1),
    "HT-STP": figures(2),
    "HT-SXD": figures(3),
    "HT-SYT": figures(4),
    "HT-CN-DUCTHO": figures(5),
    "HT-CN-VUQUANG": figures(6),
    "18229": figures(7),
    "18073": figures(8),
    "18100": figures(9),
    "18562": figures(10),
    "18685": figures(11),
    "42T": added([figures(seed) for seed in range(1, 7)]),
    "42X": added([figures(seed) for seed in range(7, 12)]),
    "42": added([figures(seed) for seed in range(1, 12)]),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> dict[str, Path]:
    return make_ii06.make(tmp_path_factory.mktemp("made"))


@pytest.mark.parametrize(
    "name",
    [
        *("ii06-tinh-2025-07.xlsx", "ii06-tinh-2025-07.xls", "ii06-tinh-2025-07.ods"),
        *("ii06-tinh-chu-so.xlsx", "ii06-tinh-2025-07.csv", "ii06-tinh-2024-12.xlsx"),
    ],
)
def test_every_made_province_workbook_reads_without_a_problem(made, read_file, name):
    reading = read_file(made[name])
    assert reading.problems.empty, reading.problems.to_string()
    if name != "ii06-tinh-2024-12.xlsx":
        assert table(reading) == PROVINCE_FACTS


def test_facts_keep_file_sheet_and_row(made, read_file):
    counts = read_file(made["ii06-tinh-2025-07.xlsx"]).counts
    first = counts[counts["unit"] == "HT-SNV"].iloc[0].to_dict()
    assert first == {
        "unit": "HT-SNV",
        "period_start": JULY[0],
        "period_end": JULY[1],
        "measure": "filed_online",
        "value": figures(1)[0],
        "source": "received",
        "file": "ii06-tinh-2025-07.xlsx",
        "sheet": "II.06",
        "row": 11,
    }
    assert counts["value"].dtype == counts["row"].dtype == "int64"


def test_the_facts_satisfy_the_checks_of_all_files_together(made, read_file, register, measures):
    counts = pd.concat(
        [read_file(made[name]).counts for name in ("ii06-tinh-2025-07.xlsx", "ii06-tinh-2024-12.xlsx")]
    )
    found = checks.check_counts(counts.reset_index(drop=True), register, measures)
    assert set(found["code"]) == {"thieu-don-vi"}  # the forms list a few units of each level


def test_before_july_2025_three_levels_stand_in_three_blocks(made, read_file):
    facts = table(read_file(made["ii06-tinh-2024-12.xlsx"]))
    assert facts["440"] == figures(3)
    assert facts["436"] == figures(4)
    assert facts["42H"] == added([figures(3), figures(4), figures(5)])
    assert facts["HT-SGTVT"] == figures(2)
    assert {"42", "42T", "42X"} <= facts.keys()


def test_a_form_of_one_unit_gives_its_total_row(made, read_file):
    reading = read_file(made["ii06-xa-2025-07.xlsx"])
    assert reading.problems.empty
    assert table(reading) == {"18229": added([figures(20 + at) for at in range(4)])}
    window = reading.counts[["period_start", "period_end"]].iloc[0].tolist()
    assert window == [date(2025, 6, 15), date(2025, 7, 14)]


def test_several_sheets_are_read_and_others_named(read):
    august = province("(Từ ngày 01/8/2025 đến ngày 31/8/2025)", "Kỳ báo cáo: Tháng 8/2025", name="T8")
    reading = read(
        province(name="T7"),
        august,
        Grid("Bìa", {(0, 0): "Báo cáo tháng 7, tháng 8"}),
        Grid("Sheet3", {(0, 0): ""}),
    )
    assert set(reading.counts["period_start"]) == {date(2025, 7, 1), date(2025, 8, 1)}
    assert told(reading) == [("warning", "trang-la", "Bìa", None, "")]


def test_one_block_alone_is_not_the_province(read):
    reading = read(province(blocks=(("I", "Sở, ban, ngành", make_ii06.DEPARTMENTS),)))
    assert only(reading)["message"] == (
        "Bảng không có khối Xã, phường, thị trấn nên dòng tổng không phải là số của toàn tỉnh, chỉ dùng để đối chiếu."
    )
    assert table(reading).keys() == {"HT-SNV", "HT-STP", "HT-SXD", "HT-SYT", "42T"}


def test_a_department_that_lists_its_branches_does_not_speak_for_the_province(read):
    reading = read(province(unit="Sở Nông nghiệp và Môi trường"))
    assert {"42", "42T", "42X"} & table(reading).keys() == set()


@pytest.mark.parametrize(
    "unit", ["Trung tâm Phục vụ hành chính công tỉnh", "Văn phòng UBND tỉnh Hà Tĩnh", "………………"]
)
def test_who_compiles_the_form_speaks_for_the_province(read, unit):
    reading = read(province(unit=unit))
    assert reading.problems.empty
    assert table(reading) == PROVINCE_FACTS


def test_land_offices_in_a_block_of_their_own_leave_the_level_without_a_sum(read):
    blocks = (
        ("I", "Cấp tỉnh", make_ii06.DEPARTMENTS),
        ("II", "Chi nhánh VPĐKĐĐ", ("Đức Thọ", "Vũ Quang")),
        ("III", "Cấp xã", ("Đức Thọ", "Thành Sen", "Trần Phú", "Thạch Hà", "Cẩm Bình")),
    )
    reading = read(province(blocks=blocks))
    assert reading.problems.empty
    assert table(reading) == {unit: row for unit, row in PROVINCE_FACTS.items() if unit != "42T"}


def test_names_match_in_any_spelling_of_their_letters(read):
    grid = province()
    row = grid.find("UBND phường Thành Sen")
    at = grid.find("Xã Thạch Hà")
    changed = grid.changed(
        {
            (row, 1): unicodedata.normalize("NFD", "2. UBND Phường THÀNH SEN"),
            (row, 0): "",
            (at, 1): "xã  Thạch Hà, tỉnh Hà Tĩnh",
        }
    )
    assert table(read(changed)) == PROVINCE_FACTS


def test_hoa_and_hoa_are_one_commune(read):
    grid = province()
    row = grid.find("Xã Thạch Hà")
    assert "18682" in table(read(grid.changed({(row, 1): "Xã Yên Hoà"})))


def test_rows_may_be_divided_and_the_header_repeated_on_each_page(read):
    grid = Grid()
    make_ii06.put_heading(grid, "UBND tỉnh Hà Tĩnh", "Kỳ báo cáo: Tháng 7/2025", make_ii06.JULY)
    make_ii06.put_header(grid, "Đơn vị")
    put_row(grid, "1", "Sở Nội vụ", added([figures(1), figures(2)]))
    put_row(grid, "1.1", "Lĩnh vực Hộ tịch", figures(1))
    put_row(grid, "1.2", "Lĩnh vực Chứng thực", figures(2))
    put_row(grid, "", "- Trong đó: nộp hộ", figures(3))
    make_ii06.put_header(grid, "Đơn vị", grid.next_row())
    put_row(grid, "2", "Sở Y tế", figures(4))
    put_row(grid, "3", "UBND xã Đức Thọ", figures(5))
    put_row(grid, "", "Cộng", added([figures(1), figures(2), figures(4), figures(5)]))
    reading = read(grid)
    assert reading.problems.empty, reading.problems.to_string()
    facts = {"HT-SNV": added([figures(1), figures(2)]), "HT-SYT": figures(4), "18229": figures(5)}
    assert table(reading) == facts | {"42": added(facts.values())}


def test_sums_of_blocks_may_stand_below_them(read):
    grid = Grid()
    make_ii06.put_heading(grid, "UBND tỉnh Hà Tĩnh", "Kỳ báo cáo: Tháng 7/2025", make_ii06.JULY)
    make_ii06.put_header(grid, "Đơn vị")
    put_row(grid, "A", "Khối sở, ban, ngành", None)
    put_row(grid, 1, "Sở Nội vụ", figures(1))
    put_row(grid, 2, "Sở Y tế", figures(2))
    put_row(grid, "", "Cộng", added([figures(1), figures(2)]))
    put_row(grid, "B", "UBND cấp xã", None)
    put_row(grid, 1, "xã Đức Thọ", figures(3))
    at = put_row(grid, "Cộng B", "", figures(3))
    put_row(grid, "TỔNG CỘNG (A+B)", "", added([figures(1), figures(2), figures(3)]))
    reading = read(grid)
    assert reading.problems.empty, reading.problems.to_string()
    facts = table(reading)
    assert facts["42T"] == added([figures(1), figures(2)])
    assert facts["42X"] == figures(3)
    assert facts["42"] == added([figures(1), figures(2), figures(3)])
    assert set(reading.counts[reading.counts["unit"] == "42X"]["row"]) == {at + 1}


def test_fields_by_level_give_the_province_and_its_levels(read):
    grid = Grid()
    make_ii06.put_heading(grid, "UBND tỉnh Hà Tĩnh", "Kỳ báo cáo: Tháng 7/2025", make_ii06.JULY)
    make_ii06.put_header(grid, "Lĩnh vực, công việc giải quyết theo cấp")
    put_row(grid, "I", "TTHC thuộc thẩm quyền giải quyết của cấp tỉnh", added([figures(1), figures(2)]))
    put_row(grid, 1, "Hộ tịch", figures(1))
    put_row(grid, 2, "Đất đai", figures(2))
    put_row(grid, "II", "TTHC thuộc thẩm quyền giải quyết của cấp xã", figures(3))
    put_row(grid, 1, "Chứng thực", figures(3))
    put_row(grid, "", "Tổng số", added([figures(1), figures(2), figures(3)]))
    assert table(read(grid)) == {
        "42T": added([figures(1), figures(2)]),
        "42X": figures(3),
        "42": added([figures(1), figures(2), figures(3)]),
    }
    district = {(0, 10): "Đơn vị báo cáo: UBND xã Đức Thọ - Đơn vị nhận báo cáo: UBND tỉnh"}
    assert table(read(grid.changed(district))) == {"18229": figures(3)}


# --- The lines above -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "days",
    [
        "(Từ ngày 01/7/2025 đến ngày 31/7/2025)",
        "(Từ ngày 01 tháng 7 năm 2025 đến ngày 31 tháng 07 năm 2025)",
        "Từ 01/7/2025 đến hết ngày 31/7/2025",
        "01.7.2025 - 31.7.2025",
        "01/07/2025–31/07/2025",
        "(từ ngày 01/7 đến ngày 31/7/2025)",
        "Từ 0h00 ngày 1-7-2025 đến 24h00 ngày 31-7-2025",
        "2025-07-01 đến 2025-07-31",
        unicodedata.normalize("NFD", "(Từ ngày 01/7/2025 đến ngày 31/7/2025)"),
    ],
)
def test_days_are_read_in_all_usual_writings(read, days):
    reading = read(province(days))
    assert reading.problems.empty, reading.problems.to_string()
    assert set(zip(reading.counts["period_start"], reading.counts["period_end"], strict=True)) == {JULY}


def test_days_may_stand_in_cells_of_their_own(read):
    cells = {(3, 3): "Từ ngày", (3, 4): date(2025, 7, 1), (3, 5): "đến ngày", (3, 6): 45869}
    grid = province().changed(cells)
    grid.merged = [span for span in grid.merged if span[0] != (3, 3)]
    reading = read(grid)
    assert set(zip(reading.counts["period_start"], reading.counts["period_end"], strict=True)) == {JULY}
    split = province("Từ ngày 01/7/2025").changed({(4, 3): "đến ngày 31/7/2025"})
    assert set(read(split).counts["period_end"]) == {JULY[1]}


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("Kỳ báo cáo: Quý III/2025", "(Từ ngày 15/6/2025 đến ngày 14/9/2025)"),
        ("Kỳ báo cáo: Quý 3 năm 2025", "(Từ ngày 01/7/2025 đến ngày 30/9/2025)"),
        ("Kỳ báo cáo: 6 tháng cuối năm 2025", "(Từ ngày 15/6/2025 đến ngày 14/12/2025)"),
        ("09 tháng năm 2025", "(Từ ngày 15/12/2024 đến ngày 14/9/2025)"),
        ("Kỳ báo cáo: Năm 2025", "(Từ ngày 15/12 đến ngày 14/12/2025)"),
        ("Kỳ báo cáo: Tháng … năm 2025", "(Từ ngày 03/7/2025 đến ngày 9/7/2025)"),
    ],
)
def test_names_of_periods_agree_with_their_days_in_both_conventions(read, period, days):
    units = ("Sở Tư pháp", "Sở Y tế")
    problems = read(province(days, period, blocks=(("I", "Sở, ban, ngành", units),))).problems
    assert set(problems["code"]) <= {"dong-tong"}, problems.to_string()


def test_a_part_of_the_period_is_told_and_used(read):
    reading = read(province("(Từ ngày 01/7/2025 đến ngày 24/7/2025)"))
    found = only(reading)
    assert (found["severity"], found["code"], found["row"], found["column"]) == ("warning", "ngay", 3, "D")
    assert found["message"] == (
        "Ghi «Kỳ báo cáo: Tháng 7/2025» nhưng chỉ có số liệu từ ngày 01/07/2025 đến ngày 24/07/2025; "
        "dùng các ngày này."
    )
    assert set(reading.counts["period_end"]) == {date(2025, 7, 24)}


def test_a_heading_left_from_the_month_before_is_an_error(read):
    found = only(read(province(period="Kỳ báo cáo: Tháng 8/2025")))
    assert (found["severity"], found["code"], found["row"]) == ("error", "ngay", 4)
    assert found["message"] == (
        "Ghi «Kỳ báo cáo: Tháng 8/2025» nhưng số liệu từ ngày 01/07/2025 đến ngày 31/07/2025: "
        "một trong hai chưa sửa theo kỳ mới."
    )


@pytest.mark.parametrize(
    ("days", "what"),
    [
        ("(Từ ngày 01/7/2025 đến ngày 31/02/2025)", "«31/02/2025» không có trong lịch"),
        ("(Từ ngày 7/1/2025 đến ngày 7/24/2025)", "«7/24/2025» không có trong lịch"),
        ("(Từ ngày 01/7/2025 đến ngày 31/7/2205)", "năm 2205 không hợp lý, cần từ 2010 đến 2099."),
        ("(Từ ngày 31/7/2025 đến ngày 01/7/2025)", "ngày cuối 01/07/2025 trước ngày đầu 31/07/2025"),
        ("(Từ ngày 01/7/2023 đến ngày 31/7/2025)", "dài hơn một năm"),
        ("(Từ ngày 01/7 đến ngày 31/7)", "ngày cuối không ghi năm"),
    ],
)
def test_days_that_cannot_be_are_refused(read, days, what):
    reading = read(province(days))
    found = only(reading)
    assert (found["severity"], found["code"], found["sheet"], found["row"]) == ("error", "ngay", "II.06", 4)
    assert what in found["message"]
    assert reading.counts.empty


@pytest.mark.parametrize("days", ["(Từ ngày … đến ngày …)", ""])
def test_the_name_of_a_month_alone_does_not_tell_its_days(read, days):
    found = only(read(province(days)))
    assert found["message"] == (
        "Chỉ ghi kỳ «Kỳ báo cáo: Tháng 7/2025», không rõ là từ ngày 01/07/2025 đến ngày 31/07/2025 hay từ ngày "
        "15/06/2025 đến ngày 14/07/2025; hãy ghi «(Từ ngày … đến ngày …)» phía trên bảng, hoặc nạp lại với --period."
    )
    reading = read(province(days), period=Period.parse("2025-07"))
    assert reading.problems.empty
    assert set(reading.counts["period_end"]) == {JULY[1]}


def test_no_period_at_all_and_two_periods(read):
    assert only(read(province("", "")))["message"] == (
        "Không thấy kỳ số liệu; hãy ghi «(Từ ngày … đến ngày …)» phía trên bảng, hoặc nạp lại với --period."
    )
    grid = province("(Từ ngày 01/7/2025 đến ngày 31/7/2025) (Từ ngày 15/6/2025 đến ngày 14/7/2025)")
    assert "hai khoảng ngày khác nhau" in only(read(grid))["message"]


@pytest.mark.parametrize(
    "cells",
    [
        {(0, 10): "Đơn vị báo cáo: UBND xã Đức Thọ\nĐơn vị nhận báo cáo: UBND tỉnh Hà Tĩnh"},
        {(0, 10): "ĐƠN VỊ BÁO CÁO:", (0, 11): "UBND xã Đức Thọ"},
        {(0, 10): "- Đơn vị báo cáo:", (1, 10): "Xã Đức Thọ, tỉnh Hà Tĩnh"},
        {(0, 10): "Cơ quan báo cáo: xã Đức Thọ, Đơn vị nhận báo cáo: Văn phòng Chính phủ"},
    ],
)
def test_the_reporting_unit_is_found_where_it_stands(read, cells):
    grid = make_ii06.fields_of().changed(cells)
    grid.merged = [span for span in grid.merged if span[0] != (0, 10)]
    reading = read(grid)
    assert reading.problems.empty, reading.problems.to_string()
    assert table(reading).keys() == {"18229"}


def test_a_form_by_fields_needs_the_unit_that_reports(read):
    found = only(read(make_ii06.fields_of(unit="…")))
    assert (found["code"], found["message"]) == (
        "don-vi",
        "Không thấy «Đơn vị báo cáo: …» phía trên bảng; hãy ghi tên đơn vị.",
    )
    found = only(read(make_ii06.fields_of(unit="UBND xã Không Có")))
    assert found["code"] == "don-vi"
    assert found["message"].startswith("Đơn vị báo cáo: Đơn vị «UBND xã Không Có» không có trong danh sách")


def test_figures_in_thousands_are_refused(read):
    found = only(read(province().changed({(4, 10): "Đơn vị tính: nghìn hồ sơ"})))
    assert (found["severity"], found["code"], found["row"], found["column"]) == ("error", "o-sai", 5, "K")


# --- The header ------------------------------------------------------------------------------------------------


def test_columns_are_found_by_their_words_wherever_they_stand(read, tmp_path, read_file):
    grid = province()
    moved = {
        (row, column + 1 if column > 3 else column): value for (row, column), value in grid.cells.items()
    }
    del moved[8, 5]
    shifted = Grid("II.06", {place: value for place, value in moved.items() if place[0] != 8})
    shifted.put(5, 14, "Tỷ lệ đúng hạn (%)")
    reading = read_file(make_ii06.write_xlsx(tmp_path / "a.xlsx", shifted))
    assert told(reading) == [("warning", "cot-la", "II.06", 6, "O")]
    assert table(reading) == PROVINCE_FACTS


@pytest.mark.parametrize(
    "numbers",
    [
        [*("(1)", "(2)"), *(f"({at})" for at in range(3, 14))],
        list(range(1, 14)),
        ["A", "B", *range(1, 12)],
        ["1", "2", "3=4+5+6", *(str(at) for at in range(4, 14))],
        ["", "", *(f"({at})" for at in range(3, 14))],
    ],
)
def test_the_row_of_numbers_in_its_usual_writings(read, numbers):
    grid = province().changed({(8, column): number for column, number in enumerate(numbers)})
    reading = read(grid)
    assert reading.problems.empty, reading.problems.to_string()
    assert table(reading) == PROVINCE_FACTS


def test_numbers_alone_will_do_on_a_sheet_that_is_called_so(read):
    grid = province()
    cells = {place: value for place, value in grid.cells.items() if not 5 <= place[0] <= 7}
    assert table(read(Grid("II.06", cells))) == PROVINCE_FACTS


def test_a_group_above_groups_and_a_header_of_one_row(read):
    grid = without_numbers(province())
    cells = {(row - 1 if 5 <= row < 6 else row, column): value for (row, column), value in grid.cells.items()}
    cells |= {(3, 6): "Kết quả giải quyết", (4, 11): "", (3, 2): "Tình hình tiếp nhận"}
    cells[2, 3] = f"{cells[2, 3]} {make_ii06.JULY}"
    reading = read(Grid("II.06", {place: value for place, value in cells.items() if value != ""}))
    assert reading.problems.empty, reading.problems.to_string()
    assert table(reading) == PROVINCE_FACTS
    one_row = [
        "TT",
        "Đơn vị",
        "Tổng tiếp nhận",
        "Tiếp nhận trực tuyến",
        "Tiếp nhận trực tiếp, BCCI",
        "Kỳ trước chuyển",
    ]
    one_row += ["Tổng đã giải quyết", "Giải quyết trước hạn", "Giải quyết đúng hạn", "Đã giải quyết quá hạn"]
    one_row += ["Tổng đang giải quyết", "Đang giải quyết trong hạn", "Đang giải quyết quá hạn"]
    cells = {place: value for place, value in province().cells.items() if not 5 <= place[0] <= 8}
    cells |= {(8, column): title for column, title in enumerate(one_row)}
    reading = read(Grid("II.06", cells))
    assert reading.problems.empty, reading.problems.to_string()
    assert table(reading) == PROVINCE_FACTS


def test_words_and_numbers_that_disagree_are_an_error(read):
    grid = province().changed({(7, 3): "Trực tiếp, dịch vụ bưu chính", (7, 4): "Trực tuyến"})
    reading = read(grid)
    assert told(reading) == [("error", "tieu-de", "II.06", 9, "D"), ("error", "tieu-de", "II.06", 9, "E")]
    assert reading.problems.iloc[0]["message"] == (
        "Tiêu đề là «Trực tiếp, dịch vụ bưu chính» (cột (5)) nhưng hàng số ghi cột (4); "
        "hãy sửa tiêu đề hoặc hàng số."
    )
    assert reading.counts.empty


def without_numbers(grid: Grid) -> Grid:
    return Grid(
        grid.name, {place: value for place, value in grid.cells.items() if place[0] != 8}, grid.merged
    )


def test_two_columns_with_one_heading_are_an_error(read):
    reading = read(without_numbers(province().changed({(6, 8): "Trước hạn"})))
    assert reading.problems["message"].tolist() == [
        "Các cột H và I cùng là «Đã giải quyết trước hạn» (cột (8)); chỉ được có một, hãy sửa tiêu đề.",
        "Không thấy cột (9) «Đã giải quyết đúng hạn» trong tiêu đề bảng; hãy ghi đủ các cột (3) đến (13).",
    ]
    assert set(reading.problems["severity"]) == {"error"}
    assert reading.counts.empty


def test_a_missing_total_column_is_a_warning(read):
    grid = without_numbers(province())
    cells = {place: value for place, value in grid.cells.items() if place[1] != 6 or place[0] < 6}
    reading = read(Grid("II.06", cells, grid.merged))
    assert told(reading) == [("warning", "tieu-de", "II.06", 8, "")]
    assert table(reading) == PROVINCE_FACTS


def test_a_header_below_the_figures_is_an_error(read):
    grid = province()
    moved = {
        (row + 40 if 5 <= row <= 8 else row, column): value for (row, column), value in grid.cells.items()
    }
    reading = read(Grid("II.06", moved))
    found = only(reading)
    assert (found["code"], found["row"]) == ("tieu-de", 10)
    assert found["message"].startswith(
        "Tiêu đề bảng đứng ở dòng 46, dưới 14 dòng số liệu; không dùng trang này"
    )
    assert reading.counts.empty


def test_a_sheet_called_so_without_a_header_is_an_error(read):
    grid = province()
    found = only(read(Grid("II.06", {place: value for place, value in grid.cells.items() if place[0] < 5})))
    assert (found["severity"], found["code"]) == ("error", "tieu-de")


def test_two_tables_on_one_sheet_are_an_error(read):
    grid, second = province(), province("(Từ ngày 01/8/2025 đến ngày 31/8/2025)", "Kỳ báo cáo: Tháng 8/2025")
    below = grid.next_row() + 2
    cells = grid.cells | {(row + below, column): value for (row, column), value in second.cells.items()}
    reading = read(Grid("II.06", cells))
    found = only(reading)
    assert (found["severity"], found["code"], found["row"]) == ("error", "tieu-de", below + 6)
    assert reading.counts.empty


def test_other_workbooks_are_not_recognised(tmp_path, root):
    def known(*rows: list) -> bool:
        cells = {(at, column): cell for at, row in enumerate(rows) for column, cell in enumerate(row)}
        return recognise_ii06(open_book(make_ii06.write_xlsx(tmp_path / "a.xlsx", Grid("x", cells)))[0], root)

    assert not known(
        ["Mã hồ sơ", "Ngày tiếp nhận", "Hạn trả", "Trạng thái"], ["1", "2", "3", "Đã giải quyết đúng hạn"]
    )
    assert not known(["unit", "period_start", "period_end", "measure", "value"])
    assert not known(["Đơn vị", "Tổng điểm", "Tiến độ giải quyết", "Dịch vụ trực tuyến"])
    assert not known([f"({at})" for at in range(1, 15)], list(range(14)))
    assert known(["Biểu số II.06a/VPCP/KSTT"])


# --- Rows at fault ---------------------------------------------------------------------------------------------


def test_blank_is_zero_only_beside_a_number(read):
    grid = province(unit="", blocks=(("I", "Sở, ban, ngành", ("Sở Nội vụ", "Sở Tư pháp", "Sở Y tế")),))
    row = grid.find("Sở Y tế")
    blank = {(row, column): "" for column in range(2, 13)}
    total, heading = grid.find("Tổng cộng"), grid.find("Sở, ban, ngành")
    two = eleven(added([figures(1), figures(2)]))
    for column, value in enumerate(two):
        blank |= {(total, 2 + column): value, (heading, 2 + column): value}
    reading = read(grid.changed(blank))
    assert told(reading) == [("warning", "chua-bao-cao", "II.06", row + 1, "B")]
    assert "HT-SYT" not in table(reading)
    reading = read(grid.changed(blank | {(row, 2): 0}))
    assert reading.problems.empty
    assert table(reading)["HT-SYT"] == (0,) * 8


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("12a", "«12a» không phải là số viết đúng cách"),
        ("1 234", "có lẽ là «1.234»"),
        ("1,234", "không phải là số nguyên"),
        (1.234, "có lẽ Excel đã hiểu dấu chấm ngăn nghìn là dấu thập phân"),
        (-3, "là số âm"),
        ("=SUM(D1:D2)", "không phải là số viết đúng cách"),
        (date(2025, 7, 3), "là ngày, giờ hoặc giá trị đúng/sai"),
        (("=1/0", "#DIV/0!"), "ô báo lỗi #DIV/0!"),
        ("12345678901", "quá lớn"),
    ],
)
def test_a_cell_that_is_no_count_takes_its_row_out_and_nothing_else(read, cell, what):
    grid = province()
    row = grid.find("Sở Tư pháp")
    reading = read(grid.changed({(row, 3): cell}))
    errors = reading.problems[reading.problems["severity"] == "error"]
    assert len(errors) == 1, errors.to_string()
    found = errors.iloc[0]
    assert (found["code"], found["row"], found["column"]) == ("so-ho-so", row + 1, "D")
    assert found["message"].startswith("Cột (4): ")
    assert what in found["message"]
    assert table(reading) == {unit: row for unit, row in PROVINCE_FACTS.items() if unit != "HT-STP"}


def test_a_formula_without_a_value_is_no_blank(tmp_path, read_file):
    grid = province()
    row = grid.find("Sở Tư pháp")
    path = make_ii06.write_xls(tmp_path / "a.xls", grid.changed({(row, 3): ("=1+1", 2)}))
    reading = read_file(path)
    assert set(reading.problems["code"]) == {"o-cong-thuc"}
    assert "HT-STP" not in table(reading)


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("Sở Giao thông vận tải", "không có hiệu lực vào ngày 31/07/2025"),
        ("UBND thị trấn Đức Thọ", "không có hiệu lực vào ngày 31/07/2025"),
        ("Xã Thạch Hạ", "không có hiệu lực vào ngày 31/07/2025"),
        ("Sở Không Có", "không có trong danh sách đơn vị ngày 31/07/2025; gần nhất: "),
    ],
)
def test_a_unit_that_is_not_there_then_is_an_error(read, name, what):
    grid = province()
    row = grid.find("Sở Tư pháp")
    reading = read(grid.changed({(row, 1): name}))
    found = only(reading)
    assert (found["severity"], found["code"], found["row"], found["column"]) == (
        "error",
        "don-vi",
        row + 1,
        "B",
    )
    assert what in found["message"]
    assert "HT-STP" not in table(reading)


def test_a_unit_in_the_wrong_block_is_told(read):
    grid = province()
    row = grid.find("Sở Tư pháp")
    found = only(read(grid.changed({(row, 1): "UBND xã Yên Hòa"})))
    assert (found["severity"], found["code"]) == ("warning", "don-vi")
    assert found["message"] == "Đơn vị không thuộc khối «Sở, ban, ngành»; hãy xem lại vị trí của dòng."


def test_a_row_with_figures_and_no_name_is_an_error(read):
    grid = province()
    row = grid.find("Sở Tư pháp")
    codes = {(one[1], one[3]) for one in told(read(grid.changed({(row, 1): "", (row, 0): ""})))}
    assert ("dong-la", row + 1) in codes


def test_a_unit_given_twice_alike_counts_once(read):
    reading = read(province(name="Trang 1"), province(name="Trang 2"))
    assert table(reading) == PROVINCE_FACTS
    assert set(reading.problems["code"]) == {"trung-lap"}
    assert len(reading.problems) == len(PROVINCE_FACTS)
    assert reading.problems.iloc[0]["message"] == (
        "Trùng với dòng 11 của trang «Trang 1»: Sở Nội vụ (HT-SNV) có hai dòng cùng số liệu, chỉ giữ một; "
        "hãy bỏ dòng này."
    )


def test_a_unit_given_twice_otherwise_has_no_facts(read):
    grid = province()
    row = grid.find("Sở Tư pháp")
    reading = read(grid.changed({(row, 1): "Sở Nội vụ"}))
    assert told(reading) == [
        ("error", "mau-thuan", "II.06", row, ""),
        ("error", "mau-thuan", "II.06", row + 1, ""),
    ]
    assert reading.problems.iloc[0]["message"] == (
        f"Mâu thuẫn với dòng {row + 1}: Sở Nội vụ (HT-SNV) có hai dòng khác số; không dùng dòng nào."
    )
    assert {"HT-SNV", "HT-STP"} & table(reading).keys() == set()


# --- Sums ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "letter", "numbers"), [(2, "C", "(3)"), (6, "G", "(7)"), (10, "K", "(11)")]
)
def test_a_total_column_that_disagrees_names_its_cell(read, column, letter, numbers):
    grid = province()
    row = grid.find("Sở Tư pháp")
    reading = read(grid.changed({(row, column): 9999}))
    assert ("error", "thanh-phan", "II.06", row + 1, letter) in told(reading)
    assert f"«Sở Tư pháp»: cột {numbers} ghi 9.999, các cột" in reading.problems.iloc[0]["message"]
    # The total row and the block no longer come out either; the figures stay, for a person to decide.
    assert {one[1] for one in told(reading)} == {"thanh-phan", "dong-tong"}
    assert table(reading) == PROVINCE_FACTS


def test_received_that_is_not_resolved_and_pending_names_its_cell(read):
    grid = province(unit="", blocks=(("I", "Sở, ban, ngành", ("Sở Nội vụ", "Sở Tư pháp")),))
    row = grid.find("Sở Tư pháp")
    changed = {}
    for name, figure in (
        ("Sở Tư pháp", figures(2)),
        ("Sở, ban", added([figures(1), figures(2)])),
        ("Tổng cộng", added([figures(1), figures(2)])),
    ):
        shifted = (*figure[:6], figure[6] + 5, figure[7])
        changed |= {(grid.find(name), 2 + column): value for column, value in enumerate(eleven(shifted))}
    reading = read(grid.changed(changed))
    assert [one for one in told(reading) if one[3] == row + 1] == [
        ("error", "can-doi", "II.06", row + 1, "C")
    ]
    assert {one[1] for one in told(reading)} == {"can-doi"}
    message = reading.problems[reading.problems["row"] == row + 1].iloc[0]["message"]
    assert message.startswith("«Sở Tư pháp»: nhận giải quyết (4) + (5) + (6) là 159, khác đã giải quyết")


def test_a_total_row_that_disagrees_names_its_cell(read):
    grid = province()
    row = grid.find("Tổng cộng")
    total = PROVINCE_FACTS["42"]
    reading = read(grid.changed({(row, 3): total[0] + 2, (row, 4): total[1] - 2}))
    assert told(reading) == [
        ("error", "dong-tong", "II.06", row + 1, "D"),
        ("error", "dong-tong", "II.06", row + 1, "E"),
    ]
    assert reading.problems.iloc[0]["message"] == (
        "Cột (4): «Tổng cộng» ghi 1.951, 11 dòng cộng lại là 1.949 (lệch 2)."
    )
    assert table(reading)["42"][0] == total[0] + 2


def test_a_subtotal_that_disagrees_names_its_cell(read):
    grid = province()
    row = grid.find("Xã, phường")
    level = PROVINCE_FACTS["42X"]
    reading = read(grid.changed({(row, 3): level[0] + 2, (row, 4): level[1] - 2}))
    assert {one[1:4] for one in told(reading)} == {("dong-tong", "II.06", row + 1)}
    assert "5 dòng của khối cộng lại là" in reading.problems.iloc[0]["message"]


def test_a_row_left_out_of_the_total_shows(read):
    grid = province()
    row = put_row(grid, "", "x", None)
    del grid.cells[row, 1]
    cut = {(grid.find("Xã Cẩm Bình"), column): "" for column in range(13)}
    reading = read(grid.changed(cut))
    assert {(one[0], one[1]) for one in told(reading)} == {("error", "dong-tong")}


def test_a_form_by_fields_must_add_up_and_have_a_total(read):
    grid = make_ii06.fields_of()
    row = grid.find("TỔNG SỐ")
    cells = {place: value for place, value in grid.cells.items() if place[0] != row}
    reading = read(Grid("II.06a", cells))
    found = only(reading)
    assert (found["severity"], found["code"]) == ("error", "dong-tong")
    assert found["message"].startswith("Không có dòng tổng, bảng có thể bị cắt")
    assert table(reading) == {"18229": added([figures(20 + at) for at in range(4)])}


def test_a_table_without_a_total_is_read_with_a_warning(read):
    grid = province()
    row = grid.find("Tổng cộng")
    cells = {place: value for place, value in grid.cells.items() if place[0] != row}
    reading = read(Grid("II.06", cells))
    assert told(reading) == [("warning", "dong-tong", "II.06", row, "B")]
    assert table(reading) == {unit: counts for unit, counts in PROVINCE_FACTS.items() if unit != "42"}


def test_two_totals_are_an_error(read):
    grid = Grid()
    make_ii06.put_heading(grid, "", "Kỳ báo cáo: Tháng 7/2025", make_ii06.JULY)
    make_ii06.put_header(grid, "Đơn vị")
    put_row(grid, 1, "Sở Nội vụ", figures(1))
    row = put_row(grid, "", "Tổng cộng", figures(2))
    put_row(grid, "", "Tổng số", figures(1))
    found = only(read(grid))
    assert (found["code"], found["row"]) == ("dong-tong", row + 1)


def test_carried_over_is_held_against_the_period_before(read, register, measures):
    blocks = (("I", "Sở, ban, ngành", ("Sở Nội vụ", "Sở Y tế")),)
    august = province(
        "(Từ ngày 01/8/2025 đến ngày 31/8/2025)", "Kỳ báo cáo: Tháng 8/2025", name="T8", blocks=blocks
    )
    reading = read(province(name="T7", blocks=blocks), august)
    found = checks.check_counts(reading.counts, register, measures)
    kept = found[found["code"] == "noi-tiep"]
    assert set(kept["sheet"]) == {"T8"}
    assert {11, 12} <= set(kept["row"])


# --- The workbooks themselves ----------------------------------------------------------------------------------


def test_the_made_workbooks_are_described_and_the_same_each_time(made, tmp_path):
    described = (Path(make_ii06.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in described for name in made)
    again = make_ii06.make(tmp_path)
    assert [
        name for name in made if again[name].read_bytes() != made[name].read_bytes() and ".ods" not in name
    ] == []
    with made["ii06-tinh-2025-07.csv"].open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream, delimiter=";"))) > 20


# --- Every unit of the register --------------------------------------------------------------------------------

TITLES = ["STT", "Đơn vị", "Số hồ sơ nhận giải quyết", "", "", "", "Số lượng hồ sơ đã giải quyết", "", "", ""]
TITLES += ["Số lượng hồ sơ đang giải quyết", "", ""]
SUBTITLES = [
    "",
    "",
    "Tổng số",
    "Trực tuyến",
    "Trực tiếp, dịch vụ bưu chính",
    "Từ kỳ trước",
    "Tổng số",
    "Trước hạn",
]
SUBTITLES += ["Đúng hạn", "Quá hạn", "Tổng số", "Trong hạn", "Quá hạn"]


@pytest.mark.parametrize("month", ["2019-03", "2024-06", "2025-01", "2025-05", "2025-07", "2026-09"])
@pytest.mark.parametrize(
    "name_of",
    [
        lambda unit: unit.full_name,
        lambda unit: unit.full_name.upper(),
        lambda unit: unit.label,
        lambda unit: unit.name if unit.kind == "land_office" else f"{unit.full_name}, tỉnh Hà Tĩnh",
        lambda unit: f"Chi nhánh VPĐKĐĐ {unit.name}" if unit.kind == "land_office" else unit.full_name,
    ],
    ids=["full name", "capitals", "our label", "place of the branch", "short branch"],
)
def test_every_unit_is_read_by_the_ways_files_name_it(tmp_path, register, read_file, month, name_of):
    period = Period.parse(month)
    units = [
        unit for unit in register.on(period.end) if unit.kind in LEAF_KINDS and unit.valid_on(period.start)
    ]
    blocks = {"province": "Sở, ban, ngành", "district": "UBND cấp huyện", "commune": "UBND cấp xã"}
    rows = [[f"(Từ ngày {period.start:%d/%m/%Y} đến ngày {period.end:%d/%m/%Y})"], TITLES, SUBTITLES]
    rows.append([f"({number})" for number in range(1, 14)])
    for letter, level in zip("ABC", blocks, strict=True):
        members = [unit for unit in units if unit.level == level]
        rows += [[letter, blocks[level]]] if members else []
        rows += [
            [at, name_of(unit), 10, 5, 3, 2, 7, 4, 2, 1, 3, 2, 1] for at, unit in enumerate(members, start=1)
        ]
    cells = {(at, place): cell for at, row in enumerate(rows) for place, cell in enumerate(row) if cell != ""}
    reading = read_file(make_ii06.write_xlsx(tmp_path / "a.xlsx", make_ii06.Grid("II.06", cells)))
    assert set(reading.counts["unit"]) == {unit.code for unit in units}
    assert set(reading.problems["code"]) <= {"dong-tong"}


# --- One cause, one line ---------------------------------------------------------------------------------------


def test_a_total_that_is_not_its_parts_is_told_once_with_the_sum_that_takes_its_place(read):
    grid = province()
    row = grid.find("Sở Tư pháp")
    before = {place: cell for place, cell in grid.cells.items() if place[0] == row}
    more = {(row, 2): before[row, 2] + 3, (row, 3): before[row, 3] + 3, (row, 6): before[row, 6] + 3}
    reading = read(grid.changed(more))
    own = reading.problems[(reading.problems["row"] == row + 1)]
    assert own["code"].tolist() == ["thanh-phan"], (
        "(3) = (7) + (11) as printed: the imbalance of the parts is no cause"
    )
    assert own["fate"].iat[0].startswith("dùng tổng ") and "thay số" in own["fate"].iat[0]
