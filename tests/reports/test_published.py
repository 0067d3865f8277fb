"""The table of published figures: numerals read as printed, faults of the file told with their row."""

from __future__ import annotations

import csv
from fractions import Fraction

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.units import load_register
from baocao.reports.published.figures import COLUMNS, Formula, load_figures, read_figures, read_printed

ROW = dict.fromkeys(COLUMNS, "") | {
    "id": "x-1",
    "seed": "x",
    "memo": "Công văn thử",
    "quote": "tiếp nhận 1.234 hồ sơ",
    "period": "2025-07",
    "scope": "42",
    "quantity": "received",
    "label": "Hồ sơ tiếp nhận",
    "printed": "1.234",
    "measured_in": "hồ sơ",
}


@pytest.mark.parametrize(
    ("printed", "measured_in", "value", "decimals"),
    [
        ("47.411", "hồ sơ", Fraction(47411), 0),
        ("7218", "hồ sơ", Fraction(7218), 0),
        ("98,07%", "%", Fraction(9807, 100), 2),
        ("98.07%", "%", Fraction(9807, 100), 2),
        ("94.13", "điểm", Fraction(9413, 100), 2),
        ("6,626", "điểm", Fraction(6626, 1000), 3),
        ("92", "điểm", Fraction(92), 0),
        ("thứ nhất", "hạng", Fraction(1), 0),
        ("chưa phát sinh", "hồ sơ", Fraction(0), 0),
    ],
)
def test_numerals_are_read_as_the_memos_print_them(printed, measured_in, value, decimals):
    reading = read_printed(printed, measured_in)
    assert (reading.value, reading.decimals, reading.fault) == (value, decimals, "")


def test_notation_is_noted():
    assert read_printed("94.13", "điểm").has_decimal_dot
    assert not read_printed("94,13", "điểm").has_decimal_dot
    assert read_printed("35526", "hồ sơ").lacks_dots
    assert not read_printed("580", "hồ sơ").lacks_dots


@pytest.mark.parametrize(
    ("printed", "measured_in"), [("94.13", "hồ sơ"), ("2,5", "hồ sơ"), ("1,2,3", "%"), ("09.411", "hồ sơ")]
)
def test_what_is_no_number_is_a_fault_not_a_guess(printed, measured_in):
    reading = read_printed(printed, measured_in)
    assert reading.value is None
    assert printed in reading.fault


def test_the_table_is_complete_and_its_units_exist(root):
    figures = load_figures(root)
    register = load_register(root)
    assert {figure.seed for figure in figures} == {"000", "001", "002", "003", "004"}
    assert len({figure.memo for figure in figures}) == 5
    for figure in figures:
        assert not figure.reading.fault, figure.id
        assert all(register.get(code, figure.as_of) for code in figure.scope)


def test_the_table_holds_no_verdict(root):
    text = (root / "data" / "reference" / "published_figures.csv").read_text(encoding="utf-8")
    for recomputed in ("98,01", "7,62", "2,874", "35.500", "35.510", "28.525", "99,63"):
        assert recomputed not in text
    rows = list(csv.DictReader(text.splitlines()))
    assert tuple(rows[0]) == COLUMNS


def test_relations_are_read():
    rows = [
        ROW | {"id": "a", "parts": "rate(b+c; d)", "within": "d", "same_as": "b + c; d"},
        *(ROW | {"id": name} for name in "bcd"),
    ]
    figure = read_figures(rows)[0]
    assert figure.parts == Formula("rate", (("b", "c"), ("d",)))
    assert figure.same_as == (("b", "c"), ("d",))
    assert figure.references == {"b", "c", "d"}


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"printed": "234"}, "dòng 2: câu trích không có «234»"),
        ({"printed": "1.23"}, "dòng 2: câu trích không có «1.23»"),
        ({"quote": ""}, "dòng 2: cột quote để trống"),
        ({"period": "2025-13"}, "dòng 2: Kỳ báo cáo «2025-13» không hợp lệ"),
        ({"as_of": "2025-02-30"}, "dòng 2: «2025-02-30» không có trong lịch"),
        ({"parts": "product(x-1; x-1)"}, "dòng 2: công thức «product"),
        ({"parts": "rate(x-1)"}, "dòng 2: công thức «rate.x-1.» cần từ 2 đến 2 số hạng, có 1"),
        ({"within": "x-2"}, "dòng 2: quan hệ nhắc đến «x-2» không có trong cột id; gần nhất: x-1"),
    ],
)
def test_a_fault_of_the_file_names_its_row(cells, message):
    with pytest.raises(UserError, match=message):
        read_figures([ROW | cells])


def test_an_id_is_given_once():
    with pytest.raises(UserError, match="dòng 3: mã «x-1» đã có ở dòng 2"):
        read_figures([ROW, ROW])


def test_a_missing_file_and_a_missing_column_are_told(tmp_path):
    with pytest.raises(UserError, match="Thiếu tệp data/reference/published_figures.csv"):
        load_figures(tmp_path)
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "published_figures.csv").write_text("id,seed\n1,2\n", encoding="utf-8")
    with pytest.raises(UserError, match="các cột phải là id,seed,memo"):
        load_figures(tmp_path)
