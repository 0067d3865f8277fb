"""Tables: numbered, with caption and source, and never empty."""

from __future__ import annotations

import re

import pytest

from baocao.writing import markup, tables


def make(claims, rows, **about):
    header, source = ["Đơn vị", "Điểm"], "Cổng Dịch vụ công quốc gia."
    return tables.table(
        claims, caption="Điểm", header=header, rows=rows, widths=[3, 1], align="lr", source=source, **about
    )


def test_caption_table_and_source_stand_in_this_order(claims):
    made = make(claims, [["a", "b"]])
    places = [made.index(part) for part in ('"chu-thich-bang"', "Bảng 1", '"bang"', "| a | b |", '"nguon"')]
    assert places == sorted(places)
    assert "Nguồn: Cổng Dịch vụ công quốc gia." in made


def test_tables_are_numbered_in_the_order_they_are_made(claims):
    assert "Bảng 1" in make(claims, [["a", "b"]])
    assert "Bảng 2" in make(claims, [["a", "b"]])


def test_small_type_is_a_class_of_the_table(claims):
    assert '<div class="bang nho">' in make(claims, [["a", "b"]], small=True)


def test_no_source_prints_no_source_line(claims):
    made = tables.table(claims, caption="x", header=["a"], rows=[["1"]], widths=[1], align="r")
    assert "nguon" not in made


def test_rows_are_numbered_below_their_group_and_sums_are_not(claims):
    made = make(claims, [["A", "9"], ["a", "5"], ["b", "4"], ["B", "3"], ["c", "3"], ["Tổng", "12"]],
                marks=["I", None, None, "II", None, ""])  # fmt: skip
    rows = [line.split(" | ")[0].strip("| ") for line in made.splitlines() if line.startswith("| ")]
    assert [re.sub("<[^>]+>", "", row) for row in rows] == ["STT", "**I**", "1", "2", "**II**", "1", ""]
    numbers = [one["text"] for one in claims.record()["constants"] if one["kind"] == "stt"]
    assert numbers == ["1", "2", "1"]
    with pytest.raises(ValueError, match="shorter"):
        make(claims, [["a", "b"]], marks=[None, None])


def test_a_table_without_rows_is_refused_and_takes_no_number(claims):
    with pytest.raises(ValueError, match="without rows"):
        make(claims, [])
    assert "Bảng 1" in make(claims, [["a", "b"]])


def test_the_table_is_read_as_blocks_of_the_form(document, claims):
    hostile = "|a|b| `#panic(1)`{=typst}"
    made = document([make(claims, [[markup.escape("Tên"), claims.name(hostile)]])], claims)
    texts = [block.text for block in made.source.written]
    assert texts[0] == "Bảng 1. Điểm"
    assert hostile in texts[2]
    assert made.source_faults() == []
