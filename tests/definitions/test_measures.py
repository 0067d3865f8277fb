"""Measures: the file of definitions is read whole, ordered, and refused where it contradicts itself."""

from datetime import date
from pathlib import Path

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.indicators import INDICATORS
from baocao.definitions.measures import KINDS, load_measures
from shipped import shipped_root

ROOT = shipped_root()
HEADER = "measure,label,kind,parts,within,form,column,valid_from,valid_to,source\n"


def measures_of(tmp_path: Path, text: str, header: str = HEADER):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    (folder / "measures.csv").write_text(header + text, encoding="utf-8")
    return load_measures(tmp_path)


def test_the_forms_measures_are_all_there():
    measures = load_measures(ROOT)
    assert {one.kind for one in measures.values()} == set(KINDS)
    assert measures["received"].parts == ("filed_online", "filed_direct")
    assert measures["eligible_online"].within == "eligible_received"
    assert measures["carried_over"].kind == "opening" and measures["pending"].kind == "closing"


def test_every_indicator_counts_measures_that_exist():
    measures = load_measures(ROOT)
    for one in INDICATORS:
        assert set(one.numerator + one.denominator) <= set(measures), one.name


def test_parts_come_before_their_total():
    names = list(load_measures(ROOT))
    for one in load_measures(ROOT).values():
        for part in one.parts:
            assert names.index(part) < names.index(one.name)


def test_a_total_of_flows_and_stocks_is_mixed():
    measures = load_measures(ROOT)
    assert measures["handled_total"].mixed
    assert not any(one.mixed for one in measures.values() if one.name != "handled_total")


def test_a_measure_holds_inside_its_dates():
    level_base = load_measures(ROOT)["level_base"]
    assert level_base.in_force(date(2019, 1, 1), date(2019, 3, 31))
    assert level_base.in_force(date(2022, 7, 1), date(2022, 8, 14))
    assert not level_base.in_force(date(2022, 8, 1), date(2022, 8, 31))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,A,stock,,,,,,,\n", "dòng 2: kind là «stock»"),
        ("a,A,flow,b+c,,,,,,\nb,B,flow,,,,,,,\n", "dòng 2: «a» nhắc đến «c»"),
        ("a,A,flow,,b,,,,,\n", "dòng 2: «a» nhắc đến «b»"),
        ("a,A,flow,,,,,,,\na,A,flow,,,,,,,\n", "dòng 3: đại lượng «a» đã có ở dòng 2"),
        ("a,A,flow,b,,,,,,\nb,B,flow,a,,,,,,\n", "dòng 2: các thành phần của «a» vòng lại"),
        ("a,A,flow,,,,,2025-07-01,2025-06-30,\n", "dòng 2: valid_to 2025-06-30 trước valid_from 2025-07-01"),
        ("a,A,flow,,,,,2025-13-01,,\n", "dòng 2: «2025-13-01» không có trong lịch"),
        ("hồ sơ,A,flow,,,,,,,\n", "dòng 2: tên «hồ sơ»"),
    ],
)
def test_a_fault_in_the_definitions_names_its_row(tmp_path, text, sentence):
    with pytest.raises(UserError, match="measures.csv") as caught:
        measures_of(tmp_path, text)
    assert sentence in str(caught.value)


def test_a_missing_column_and_a_missing_file_are_named(tmp_path):
    with pytest.raises(UserError, match="thiếu cột within"):
        measures_of(tmp_path, "", HEADER.replace("within,", ""))
    with pytest.raises(UserError, match="Không đọc được"):
        load_measures(tmp_path / "nowhere")
