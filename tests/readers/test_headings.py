"""Headings are rows of headings.csv: one that an office invents is one row more, whatever the form."""

from __future__ import annotations

import csv
import shutil
import sys
from pathlib import Path

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.measures import MEASURES, load_measures
from baocao.readers.headings import fold_title, is_numbering, load_vocabulary, match_titles, rows_below
from baocao.readers.ii06.columns import TITLES
from baocao.readers.ii06.read import read_ii06
from baocao.readers.own_forms import COUNT_FORM
from baocao.readers.public_post import MEASURES as POST
from baocao.readers.reading_result import SCORE_FORM
from baocao.readers.reference.forms import COLUMNS, PROVINCE
from conftest import read_form

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_ii06


@pytest.fixture
def project(root, tmp_path):
    """A project with a copy of the vocabularies, and a way to add a row to them."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")

    def add(row: str):
        with (tmp_path / "data" / "reference" / "headings.csv").open("a", encoding="utf-8") as stream:
            stream.write(f"{row}\n")
        return tmp_path

    return add


def rows(root):
    with (root / "data" / "reference" / "headings.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_is_of_a_form_and_a_column_that_is_read(root):
    with (root / "data" / "reference" / "index_components.csv").open(encoding="utf-8", newline="") as stream:
        components = {row["component"] for row in csv.DictReader(stream)}
    known = {form: {*columns, "unread"} for form, columns in COLUMNS.items()}
    known["index_values"] |= {PROVINCE}
    known["ii06"] = {
        *map(str, TITLES),
        "group 3",
        "group 7",
        "group 11",
        "total",
        "label",
        "ordinal",
        "unread",
    }
    known["portal"] = {"unit", "rank", "score", "unread", *components}
    known |= {"counts": set(COUNT_FORM), "scores": set(SCORE_FORM)}
    shares = {f"{measure}_share" for measure in POST}
    known["public_post"] = {"unit", "unread", *POST, *POST.values(), *shares}
    assert {row["form"] for row in rows(root)} == known.keys()
    assert [row for row in rows(root) if row["column"] not in known[row["form"]]] == []
    assert set(POST) <= load_measures(root).keys(), MEASURES


def test_a_heading_stands_once_in_its_form(root):
    told = [(row["form"], row["column"], fold_title(row["text"])) for row in rows(root)]
    assert len(set(told)) == len(told)


def test_a_heading_that_an_office_invents_is_one_row(project, register, root, tmp_path):
    grid = make_ii06.province()
    place = next(place for place, cell in grid.cells.items() if cell == "Từ kỳ trước")
    numbers = next(row for (row, _), cell in grid.cells.items() if str(cell).startswith("(13)"))
    cells = {at: cell for at, cell in grid.cells.items() if at[0] != numbers}
    path = make_ii06.write_xlsx(
        tmp_path / "a.xlsx", make_ii06.Grid("II.06", cells | {place: "Tồn cũ"}, grid.merged)
    )
    given = (register, load_measures(root), "received")
    assert read_form(read_ii06, path, *given, root).counts.empty
    reading = read_form(read_ii06, path, *given, project("ii06,6,Tồn cũ,"))
    assert len(reading.counts) == 112 and "error" not in set(reading.problems["severity"])


def test_a_row_without_a_text_is_named(project):
    with pytest.raises(UserError, match=r"headings\.csv, dòng \d+: phải có form, column và text"):
        load_vocabulary(project("units,code,(),"), "units")


def test_titles_are_matched_whatever_their_case_signs_and_brackets(root):
    words = load_vocabulary(root, "units")
    found = match_titles(["STT", "MÃ  ĐƠN VỊ", "Tên đầy đủ (2025)", "Loại", "Màu", "loai don vi"], words)
    assert found.places == {"code": 1, "full_name": 2, "kind": 3}
    assert (found.unread, found.repeated, found.plain) == (("Màu",), ("loai don vi",), False)
    own = match_titles(["code", "full_name", "kind"], words, COLUMNS["units"])
    assert own.places == {"code": 0, "full_name": 1, "kind": 2} and own.plain


def test_headings_again_on_a_new_page_are_no_rows():
    page = [["Đơn vị", "Điểm"], ["(1)", "(2)"], ["Sở A", 5], ["Đơn vị", "Điểm"], ["(1)", "(2)"], ["Sở B", 6]]
    assert list(rows_below(page, 0, 1)) == [2, 5]
    assert is_numbering(["(1)", "(2)", "3=1+2"]) and not is_numbering(["(1)", "(3)"])
