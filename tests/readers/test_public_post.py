"""The table of public-post shares: a vocabulary, one reader, counts of each unit; the shares are only compared."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from baocao.definitions.measures import load_measures
from baocao.readers.public_post import read_public_post
from baocao.readers.tables import recognise_table
from baocao.readers.workbook import open_book
from conftest import read_form

HEAD = ["TT", "Đơn vị", "Hồ sơ tiếp nhận", "Tiếp nhận qua BCCI", "Tỷ lệ tiếp nhận qua BCCI (%)"]
HEAD += ["Kết quả đã trả", "Trả kết quả qua BCCI", "Tỷ lệ trả kết quả qua BCCI (%)", "Ghi chú"]
ROWS = [
    ["KẾT QUẢ THỰC HIỆN DỊCH VỤ BƯU CHÍNH CÔNG ÍCH"],
    ["(Từ ngày 01/7/2025 đến ngày 31/7/2025)"],
    HEAD,
    [1, "Sở Tư pháp", "1.200", 300, 25, 1000, 450, "45,00", ""],
    HEAD,
    [2, "UBND xã Đức Thọ", 80, 0, 0, 70, "", "", "chưa có số trả kết quả"],
    ["", "Tổng cộng", "1.280", 300, "23,44", 1070, 450, "42,06", ""],
]


@pytest.fixture
def read(tmp_path, register, root):
    def read_rows(rows, **given):
        path = tmp_path / "bcci.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            sheet = workbook.add_worksheet("BCCI")
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
        assert recognise_table(open_book(path)[0], root) == "public_post"
        return read_form(read_public_post, path, register, load_measures(root), "received", root)

    return read_rows


def test_the_counts_of_each_unit_are_read_and_sums_and_titles_again_passed_over(read):
    reading = read(ROWS)
    assert reading.problems.empty, reading.problems.to_string()
    assert reading.counts[["unit", "measure", "value", "row"]].values.tolist() == [
        ["HT-STP", "post_received", 300, 4],
        ["HT-STP", "post_returned", 450, 4],
        ["18229", "post_received", 0, 6],
    ]
    assert set(reading.counts["period_start"]) == {date(2025, 7, 1)}
    assert set(reading.counts["period_end"]) == {date(2025, 7, 31)}


def test_a_share_that_its_counts_do_not_make_is_a_warning_and_the_counts_stay(read):
    reading = read([*ROWS[:3], [1, "Sở Tư pháp", 1200, 300, 24, 1000, 450, 45, ""]])
    assert reading.problems[["severity", "code", "row"]].values.tolist() == [["warning", "thanh-phan", 4]]
    assert "Ghi tỷ lệ 24%, tính lại là 25,00%" in reading.problems["message"][0]
    assert reading.counts["value"].tolist() == [300, 450]


@pytest.mark.parametrize(
    ("row", "code"),
    [([1, "Sở Không Có", 5, 1], "don-vi"), ([1, "Sở Tư pháp", 5, "một"], "so-ho-so")],
)
def test_a_row_at_fault_is_named(read, row, code):
    reading = read([*ROWS[:3], row])
    assert reading.problems[["severity", "code", "row"]].values.tolist() == [["error", code, 4]]
    assert reading.counts.empty


def test_without_a_period_nothing_is_read(read):
    reading = read(ROWS[2:4])
    assert reading.problems["code"].tolist() == ["thieu-ky"]
    assert reading.counts.empty


def test_a_kind_of_table_is_a_reader_of_under_150_lines(root):
    lines = (Path(root) / "lib/baocao/readers/public_post.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 150
