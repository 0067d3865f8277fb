"""Trend: which figures are printed where, gaps and breaks in the lines, ticks, and what is told to those who cannot see."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from operator import methodcaller

import pytest

from baocao import charts
from baocao.charts import Break, Goal, Line, Point
from baocao.definitions.periods import Period
from chart_cases import HOSTILE, alternative, elements, months, paths, pictures, points, texts


@pytest.fixture
def draw(claims, font, province):
    def make(
        *rows, names=("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu"), first="2024-11", caption="Tỷ lệ", **more
    ):
        periods = months(first, len(rows[0]))
        lines = [
            Line(name, points(row, periods, province), at == 0)
            for at, (name, row) in enumerate(zip(names, rows, strict=False))
        ]
        return charts.trend(claims, periods, lines, caption=caption, source="s", font=font, **more)

    return make


def runs(made: str) -> list[int]:
    """How many points each drawn data line joins: the lines that are no grid, axis or level (all of these horizontal)."""
    return [path.count("L") + 1 for path in paths(made) if len(set(re.findall(r"-?[\d.]+", path)[1::2])) > 1]


def test_first_highest_lowest_and_last_of_the_focus_are_printed_and_only_the_last_of_the_others(draw):
    made = draw([50, 60, 45, 70, 65], [20, 30, 40, 50, 60])
    assert [text for text in texts(made) if "," in text] == ["45,0%", "50,0%", "60,0%", "65,0%", "70,0%"]


def test_a_figure_that_is_two_things_is_printed_once(draw):
    assert [text for text in texts(draw([50, 60, 70])) if "," in text] == ["50,0%", "70,0%"]
    assert [text for text in texts(draw([50, 50, 50])) if "," in text] == ["50,0%", "50,0%"]


def test_a_single_line_is_the_focus_and_needs_no_name(draw):
    made = draw([50, 40, 60], names=("",))
    assert {"50,0%", "40,0%", "60,0%"} <= set(texts(made))
    assert alternative(made) == (
        "Biểu đồ đường: Tỷ lệ (ba kỳ, từ tháng 11 năm 2024 đến tháng 01 năm 2025). 50,0% (tháng 11 năm 2024), "
        "thấp nhất 40,0% (tháng 12 năm 2024), cao nhất 60,0% (tháng 01 năm 2025)."
    )


def test_months_and_years_stand_below_and_as_many_ticks_as_have_room(draw):
    assert {"11", "12", "1", "2024", "2025", "Tháng", "Năm"} <= set(texts(draw([50, 60, 70])))
    long = texts(draw([50 + n / 10 for n in range(30)], first="2023-01"))
    assert 10 <= sum(text in map(str, range(1, 13)) for text in long) < 30
    assert {"2023", "2024", "2025"} <= set(long)


def test_quarters_halves_years_and_first_months_have_their_own_names(claims, font, province):
    def shown(*codes):
        periods = [Period.parse(code) for code in codes]
        line = Line("Một", points([50] * len(periods), periods, province))
        return texts(charts.trend(claims, periods, [line], caption="x", source="s", font=font))

    assert {"Quý", "III", "IV", "I", "2024", "2025"} <= set(shown("2024-Q3", "2024-Q4", "2025-Q1"))
    assert {"Nửa năm", "đầu", "cuối", "2024"} <= set(shown("2024-H1", "2024-H2"))
    assert {"2023", "2024", "2025", "Năm"} <= set(shown("2023-M7", "2024-M7", "2025-M7"))
    assert {"2019", "2020"} <= set(shown("2019", "2020"))
    assert {"Đến tháng", "4", "5"} <= set(shown("2025-M4", "2025-M5"))


def test_a_range_of_days_stands_under_its_month_with_its_dates(claims, font, province, july):
    periods = [*months("2025-05", 2), july]
    line = Line("Một", points([50, 60, 70], periods, province))
    shown = texts(charts.trend(claims, periods, [line], caption="x", source="s", font=font))
    assert {"5", "6", "7", "01/07/2025–24/07/2025"} <= set(shown)


def test_a_missing_value_leaves_a_gap(draw):
    made = draw([50, 60, None, 70, 65, 80])
    assert runs(made) == [2, 3]
    assert "không có số liệu một kỳ" in alternative(made)


def test_a_period_that_was_left_out_leaves_a_gap_too(claims, font, province):
    periods = [Period.parse(code) for code in ("2025-01", "2025-02", "2025-05", "2025-06")]
    line = Line("Một", points([50, 60, 70, 80], periods, province))
    assert runs(charts.trend(claims, periods, [line], caption="x", source="s", font=font)) == [2, 2]


def test_a_value_between_gaps_is_a_point(draw):
    def dots(*rows):
        return len(elements(draw(*rows), "use"))

    assert dots([50, None, 60, None], [1, 2, 3, 4]) == 2, "the focus has a point for each value"
    assert dots([50, 55, 60, 65], [1, None, 3, 4]) == 5, "another line only where nothing is joined to it"


def test_a_line_that_ends_early_ends_with_a_dash_and_its_last_known_figure(draw):
    made = draw([50, 60, 55, None])
    assert texts(made).count("–") == 1 and "55,0%" in texts(made)


def test_a_line_without_any_value_is_named_with_a_dash(draw):
    made = draw([50, 60], [None, None])
    assert {"Hai", "–"} <= set(texts(made))
    assert "Hai: không có số liệu hai kỳ" in alternative(made)


def test_a_break_is_a_dashed_line_with_its_reason_that_no_line_crosses(draw):
    made = draw([50, 60, 70, 80], breaks=[Break(Period.parse("2025-01"), "đổi cách tính")])
    assert runs(made)[-2:] == [2, 2] and "đổi cách tính" in texts(made)
    assert "Ngắt chuỗi từ tháng 01 năm 2025: đổi cách tính." in alternative(made)


def test_a_break_outside_the_chart_is_not_drawn(draw):
    for code in ("2024-11", "2026-01", "2020-01"):
        made = draw([50, 60, 70, 80], breaks=[Break(Period.parse(code), "đổi cách tính")])
        assert runs(made) == [4] and "đổi cách tính" not in texts(made)


def test_a_constant_in_a_reason_stays_whole_where_the_reason_is_broken_into_lines(draw, claims, document):
    def reason(chart):
        words = "hồ sơ của thủ tục hành chính có cung cấp dịch vụ công trực tuyến " * 2
        return f"{words}{chart.period(Period.parse('2025-01'))} {words}{chart.law('766/QĐ-TTg', dated=True)}"

    made = draw([50, 60, 70, 80], breaks=[Break(Period.parse("2025-01"), reason)])
    lines = [text for text in texts(made) if "hồ sơ" in text or "766" in text]
    assert len(lines) > 2
    assert document([made], claims).source_faults() == []


def test_the_target_is_drawn_named_and_told(draw, province, july):
    label = methodcaller("target", 95, label="Chỉ tiêu", unit=province, period=july)
    made = draw([50, 60, 70], target=Goal(95, label))
    assert {"Chỉ tiêu", "95%"} <= set(texts(made)) and "Chỉ tiêu 95%." in alternative(made)


def test_the_scale_of_rates_ends_at_a_hundred_and_that_of_counts_has_whole_ticks(
    draw, claims, font, province, july
):
    assert "100%" in texts(draw([50, 99.9])) and "120%" not in texts(draw([50, 100]))
    periods = months("2025-01", 2)
    label = methodcaller("count", 2, label="Hồ sơ", unit=province, period=july, source="received")
    line = Line("", [Point(1, label), Point(2, label)])
    made = charts.trend(claims, periods, [line], caption="x", source="s", font=font, measured_in="hồ sơ")
    assert "hồ sơ" in texts(made) and not any("," in text for text in texts(made))


def test_negative_values_have_a_scale_below_zero(claims, font, province, july):
    label = methodcaller(
        "change",
        -3,
        measured_in="điểm phần trăm",
        formula="x",
        label="x",
        unit=province,
        period=july,
        source="received",
    )
    line = Line("", [Point(-3, label), Point(2, label)])
    made = charts.trend(
        claims, months("2025-01", 2), [line], caption="x", source="s", font=font, measured_in="điểm phần trăm"
    )
    assert {"-2", "0", "2"} <= set(texts(made))


def test_end_labels_of_lines_that_end_together_stand_apart(draw):
    made = draw(*[[50 + n, 70 + n / 10] for n in range(5)])
    ends = [
        float(y)
        for y, text in re.findall(r'y="([\d.]+)"[^>]*>(\d\d,\d%)<', pictures(made)[0])
        if text.startswith("70")
    ]
    ends.sort()
    assert len(ends) == 5 and all(second - first > 10 for first, second in pairwise(ends))


def test_every_text_is_declared_and_the_alternative_text_has_only_figures_of_the_chart(
    draw, claims, document, province
):
    made = draw([50, 60, None, 70.5, 65], [20, 30, 40, 50, 60], names=(province, "Toàn quốc"),
                caption=f"Tỷ lệ của {claims.unit(province)}")  # fmt: skip
    assert document([made], claims).source_faults() == []
    assert "Biểu đồ đường: Tỷ lệ của tỉnh Hà Tĩnh (" in alternative(made)


def test_nothing_to_show_too_many_lines_and_wrong_points_are_refused(draw, claims, font, province):
    with pytest.raises(ValueError, match="without any known value"):
        draw([None, None])
    with pytest.raises(ValueError, match="6 lines"):
        draw(*[[1, 2]] * 6)
    periods = months("2025-01", 3)
    with pytest.raises(ValueError, match="a point"):
        charts.trend(
            claims,
            periods,
            [Line("A", points([1, 2], periods[:2], province))],
            caption="x",
            source="s",
            font=font,
        )
    with pytest.raises(ValueError, match="oldest"):
        charts.trend(
            claims,
            periods[::-1],
            [Line("A", points([1, 2, 3], periods, province))],
            caption="x",
            source="s",
            font=font,
        )


def test_one_point_and_marks_of_missing_values_are_drawn(draw, claims, font):
    assert "50,0%" in texts(draw([50]))
    line = Line("A", [Point(float("nan")), Point(Fraction(1, 2))])
    assert "A" in texts(
        charts.trend(claims, months("2025-01", 2), [line], caption="x", source="s", font=font)
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_just_that_text_inside_the_drawing(draw, text):
    made = draw([50, 60], [70, 80], names=("Một", text))
    assert text in texts(made) and "Một" in texts(made)


def test_same_chart_same_bytes(draw):
    values = ([50, 60, None, 70], [20, 30, 40, 50])
    assert pictures(draw(*values)) == pictures(draw(*values))


def test_two_breaks_at_one_place_have_both_their_reasons(draw):
    since = Period.parse("2025-01")
    made = draw([50, 60, 70, 80], breaks=[Break(since, "đổi cách tính"), Break(since, "sắp xếp đơn vị")])
    assert {"đổi cách tính", "sắp xếp đơn vị"} <= set(texts(made))


def test_in_a_ranking_the_first_place_is_at_the_top(claims, font, province):
    periods = [Period.parse(str(year)) for year in (2022, 2023, 2024)]
    about = {"unit": province, "label": "Hạng", "source": "received"}
    places = [
        Point(place, methodcaller("rank", place, period=period, **about))
        for place, period in zip((26, 4, 15), periods, strict=True)
    ]
    made = charts.trend(
        claims, periods, [Line("", places)], caption="Hạng", source="s", font=font, measured_in="hạng",
        is_ranking=True,
    )  # fmt: skip
    heights = {item.text: float(item.get("y")) for item in elements(made, "text")}
    assert heights["1"] < heights["5"] < heights["30"] and "0" not in heights
    assert heights["4"] < heights["15"] < heights["26"]
    assert "hạng thấp nhất 26 (năm 2022), hạng cao nhất 4 (năm 2023), 15 (năm 2024)" in alternative(made)
