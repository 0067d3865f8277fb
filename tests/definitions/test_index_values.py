"""Yearly results of indices: what was public when, and when two ranks may be held against each other."""

from __future__ import annotations

import shutil
from datetime import date
from fractions import Fraction

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.indices import (
    IndexValue,
    find_value,
    load_index_values,
    newest_value,
    public_values,
)


@pytest.fixture(scope="module")
def values(root):
    return load_index_values(root)


def rank(year: int, place: int | None, out_of: int | None = 63) -> IndexValue:
    return IndexValue("dti", "total", year, None, "", place, out_of, None, "nguồn", "S", "")


def test_every_row_has_a_figure_with_its_source_or_says_why_there_is_none(values):
    assert len(values) > 40
    for one in values:
        assert (one.source and one.evidence) if one.is_known else one.note


def test_figures_are_exact(values):
    points = find_value([one for one in values if one.index == "par_index"], 2018, "modernisation")
    assert (points.value, points.measured_in, points.rank) == (Fraction(6626, 1000), "điểm", None)
    assert find_value([one for one in values if one.index == "dti"], 2023).rank == 25


def test_a_derived_value_says_so(values):
    derived = [one for one in values if one.is_derived]
    assert derived and all("suy ra" in one.note for one in derived)


def test_a_letter_of_february_2023_knows_the_results_of_2021_only(values):
    day = date(2023, 2, 28)
    assert newest_value(public_values(values, "dti", day)).year == 2021
    assert newest_value(public_values(values, "par_index", day)).rank == 8
    assert newest_value(public_values(values, "dti", date(2023, 2, 27))) is None


def test_a_value_without_a_known_day_counts_from_the_end_of_the_next_year(values):
    par = [one for one in values if one.index == "par_index"]
    assert find_value(par, 2022).public_on == date(2023, 12, 31)
    assert find_value(par, 2021).public_on == date(2022, 8, 31)


def test_dti_2023_came_out_in_may_2025(values):
    assert newest_value(public_values(values, "dti", date(2025, 2, 28))).year == 2022
    assert newest_value(public_values(values, "dti", date(2026, 2, 28))).year == 2023


def test_a_missing_year_is_never_a_value(values):
    assert newest_value(public_values(values, "dti", date(2030, 1, 1))).year == 2023


def test_a_wrong_row_is_named(root, tmp_path):
    folder = tmp_path / "data" / "reference"
    folder.mkdir(parents=True)
    shutil.copyfile(root / "data" / "reference" / "index_values.csv", folder / "index_values.csv")
    with (folder / "index_values.csv").open("a", encoding="utf-8") as file:
        file.write("dti,total,2025,,,mười,34,,,nguồn,S,\n")
    line = len((folder / "index_values.csv").read_text(encoding="utf-8").splitlines())
    with pytest.raises(UserError, match=f"index_values.csv dòng {line}, cột rank: .*hãy sửa ô này"):
        load_index_values(tmp_path)
