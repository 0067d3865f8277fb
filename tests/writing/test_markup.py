"""Markdown is made in one place: proportions, blocks, nothing left open."""

import pytest

from baocao.writing import markup


def test_a_pipe_table_keeps_the_widths_it_is_given():
    lines = markup.pipe_table(["A", "B"], [["1", "2"]], [3, 1], "lr").splitlines()
    left, right = lines[1].strip("|").split("|")
    assert left.startswith(":") and right.endswith(":")
    assert left.count("-") / right.count("-") == pytest.approx(3, abs=0.05)
    assert len(lines[1]) > 400, "longer than any reader's line: else pandoc takes widths from the text"


def test_a_table_with_a_missing_cell_is_refused():
    with pytest.raises(ValueError, match="each column of each row"):
        markup.pipe_table(["A", "B"], [["1"]], [1, 1], "lr")


def test_divisions_stand_alone_between_blank_lines():
    text = markup.paragraphs("trước") + markup.division("bang", "trong") + "sau"
    assert text == 'trước\n\n<div class="bang">\n\ntrong\n\n</div>\nsau'


def test_attributes_hold_one_line_of_text():
    assert markup.attribute('a "b"\n<c>|\\') == '"a &quot;b&quot; &lt;c&gt;&#124;&#92;"'


def test_empty_paragraphs_are_left_out():
    assert markup.paragraphs("a", "", "b") == "a\n\nb\n"


def test_jupyter_stores_markdown():
    assert markup.Markdown("**x**")._repr_markdown_() == "**x**"
