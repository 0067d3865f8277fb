"""Heat map: every value in its cell, darker for more, hatched for nothing, pages that hold all rows."""

from __future__ import annotations

import re
from operator import methodcaller

import pytest

from baocao import charts
from baocao.charts import Break, Line, Point
from baocao.charts.drawing import POINTS_PER_MM
from baocao.definitions.periods import Period
from baocao.writing.claims import Claims
from chart_cases import HOSTILE, alternative, alternatives, elements, months, pictures, points, texts

PERIODS = months("2024-12", 3)


@pytest.fixture
def draw(claims, font, province):
    def make(rows, periods=PERIODS, caption="Tỷ lệ", **more):
        lines = [
            Line(name, points(values, periods, province), at == 0)
            for at, (name, values) in enumerate(rows.items())
        ]
        return charts.heat_map(claims, periods, lines, caption=caption, source="s", font=font, **more)

    return make


def fills(made: str) -> list[str]:
    """The colours of the cells in their order, row by row; a value not known has none."""
    cells = re.search(r'<g id="PolyCollection_1">(.*?)</g>', pictures(made)[0], re.DOTALL)[1]
    return re.findall(r"fill: (#\w+)", cells)


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.2 defines it."""
    levels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (((level + 0.055) / 1.055) ** 2.4 for level in levels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_each_value_is_printed_in_its_row_under_months_and_years(draw):
    shown = texts(draw({"Một": [50, 60, 70], "Hai": [80, 90, 100]}))
    assert [text for text in shown if "%" in text] == ["100%", "50,0%", "60,0%", "70,0%", "80,0%", "90,0%"]
    assert {"Một", "Hai", "12", "1", "2", "2024", "2025", "Tháng", "Năm", "thấp nhất", "cao nhất"} <= set(
        shown
    )


def test_the_higher_the_darker_also_in_grey_and_black_figures_stand_out_from_all(draw):
    shades = [luminance(fill) for fill in fills(draw({"Một": [50, 60, 70], "Hai": [80, 90, 100]}))]
    assert len(shades) == 6 and shades == sorted(shades, reverse=True) and shades[0] > 3 * shades[-1] - 0.1
    assert (shades[-1] + 0.05) / 0.05 >= 7


def test_equal_values_have_one_shade(draw):
    assert len(set(fills(draw({"Một": [50, 50, 50]})))) == 1


def test_a_value_not_known_is_hatched_and_explained(draw):
    made = draw({"Một": [50, None, 70]})
    assert "không có số liệu" in texts(made) and "<pattern" in pictures(made)[0]
    assert "không có số liệu" not in texts(draw({"Một": [50, 60, 70]}))
    assert "Không có số liệu: một ô" in alternative(made)


def test_the_alternative_text_tells_the_highest_the_lowest_and_each_rows_way(draw):
    assert alternative(draw({"Một": [50, 60, 70], "Hai": [70, None, 45], "Ba": [None] * 3})) == (
        "Bảng ô đậm nhạt: Tỷ lệ (ba dòng, ba kỳ, từ tháng 12 năm 2024 đến tháng 02 năm 2025; ô càng đậm, giá trị "
        "càng cao). Cao nhất: 70,0% (Một, tháng 02 năm 2025, và một ô khác). Thấp nhất: 45,0% (Hai, tháng 02 năm "
        "2025). Không có số liệu: bốn ô. Một: từ 50,0% đến 70,0%. Hai: từ 70,0% đến 45,0%. Ba: không có số liệu."
    )


def test_a_break_stands_between_its_columns(draw):
    made = draw({"Một": [50, 60, 70]}, breaks=[Break(Period.parse("2025-01"), "đổi cách tính")])
    assert "đổi cách tính" in texts(made) and "Ngắt chuỗi từ tháng 01 năm 2025" in alternative(made)


def test_more_rows_than_a_page_holds_go_on_in_further_pictures_under_one_title(draw, claims, document):
    made = draw({f"Đơn vị {'x' * n}": [50, 60, 70] for n in range(97)})
    assert len(pictures(made)) == 3 and made.count("chu-thich-hinh") == 1
    for picture in pictures(made):
        assert float(re.search(r'height="([\d.]+)pt"', picture)[1]) < 210 * POINTS_PER_MM
    assert [text.count("dòng") for text in alternatives(made)] == [1, 1, 1]
    assert document([made], claims).source_faults() == []


def test_a_chart_wider_than_the_text_keeps_its_letters(draw):
    wide = draw({"Một": [50 + n for n in range(24)]}, months("2023-01", 24))
    assert float(elements(wide, "svg")[0].get("width").removesuffix("pt")) > 160 * POINTS_PER_MM
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", pictures(wide)[0])}
    assert min(sizes) >= 8.5


def test_names_of_units_are_declared_with_their_digits(laws, register, font, july, document):
    unit = register.find("xã Sơn Kim 1", july.end)
    claims = Claims([unit], laws)
    line = Line(unit, points([50, 60, 70], PERIODS, unit))
    made = charts.heat_map(claims, PERIODS, [line], caption="Tỷ lệ", source="s", font=font)
    assert "Xã Sơn Kim 1" in texts(made) and "Xã Sơn Kim 1: từ 50,0% đến 70,0%" in alternative(made)
    assert document([made], claims).source_faults() == []


def test_nothing_to_show_and_a_value_without_a_label_are_refused(draw, claims, font):
    with pytest.raises(ValueError, match="without any known value"):
        draw({"Một": [None, None, None]})
    with pytest.raises(ValueError, match="without any known value"):
        draw({})
    line = Line("A", [Point(1), Point(2), Point(3, methodcaller("words", "x"))])
    with pytest.raises(ValueError, match="needs a label"):
        charts.heat_map(claims, PERIODS, [line], caption="x", source="s", font=font)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_just_that_text(draw, text):
    assert text in texts(draw({text: [50, 60, 70]}))


def test_same_chart_same_bytes(draw):
    rows = {"Một": [50, None, 70], "Hai": [80, 90, 100]}
    assert pictures(draw(rows)) == pictures(draw(rows))
