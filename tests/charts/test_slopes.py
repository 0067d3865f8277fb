"""Slope chart: both ends labelled without collisions, rises and falls told apart, missing ends shown as such."""

from __future__ import annotations

import re
from itertools import pairwise
from operator import methodcaller

import pytest

from baocao import charts
from baocao.charts import Point, Slope
from baocao.definitions.periods import Period
from chart_cases import HOSTILE, alternative, elements, paths, pictures, point, texts

BASE, PERIOD = Period.parse("2024-M7"), Period.parse("2025-M7")


@pytest.fixture
def draw(claims, font, province):
    def make(rows, base=BASE, period=PERIOD, caption="Tỷ lệ"):
        slopes = [
            Slope(name, point(before, province, base), point(after, province, period), at == 0)
            for at, (name, (before, after)) in enumerate(rows.items())
        ]
        return charts.slope(claims, base, period, slopes, caption=caption, source="s", font=font)

    return make


def places(made: str, text: str) -> list[float]:
    """The heights at which a text stands."""
    return [float(y) for y in re.findall(rf'y="([\d.]+)"[^>]*>{re.escape(text)}<', pictures(made)[0])]


def test_both_ends_have_figure_and_name_below_the_periods(draw):
    shown = texts(draw({"Một": (50, 60), "Hai": (70, 65)}))
    assert sorted(["50,0%", "60,0%", "70,0%", "65,0%", "Một", "Một", "Hai", "Hai", "07 tháng đầu năm 2024",
                   "07 tháng đầu năm 2025", "tăng hoặc không đổi", "giảm"]) == shown  # fmt: skip


def test_long_names_stand_at_one_end_only(draw):
    long = "Chi nhánh Văn phòng Đăng ký đất đai huyện Kỳ Anh"
    assert texts(draw({long: (50, 60)})).count(long) == 1


def test_labels_that_would_collide_stand_apart_in_the_order_of_the_values(draw):
    made = draw({f"Đơn vị {letter}": (50, 60 + at / 10) for at, letter in enumerate("ABCDEFGH")})
    heights = [places(made, f"60,{at}%")[0] for at in range(8)]
    assert all(first - second > 11 for first, second in pairwise(heights)), "higher values stand higher"


def test_a_fall_is_dashed_and_explained_only_where_there_is_one(draw):
    def dashed(made):
        return sum("dasharray" in path.get("style", "") for path in elements(made, "path"))

    assert dashed(draw({"Một": (50, 60)})) == 0 and "giảm" not in texts(draw({"Một": (50, 60)}))
    assert dashed(draw({"Một": (60, 50)})) == 2, "the slope and its key"
    assert "tăng hoặc không đổi" not in texts(draw({"Một": (60, 50)}))
    assert dashed(draw({"Một": (50, 50)})) == 0


def test_a_missing_end_has_a_dash_below_and_no_line(draw):
    whole, half = draw({"Một": (50, 60), "Hai": (70, 80)}), draw({"Một": (50, 60), "Hai": (None, 80)})
    assert texts(half).count("–") == 1 and "80,0%" in texts(half)
    assert places(half, "–")[0] > places(half, "50,0%")[0]
    assert len(paths(half)) == len(paths(whole)) - 2, "neither the slope nor its leader"
    assert "Hai: không có số liệu và 80,0%" in alternative(half)


def test_a_unit_without_any_value_is_still_named(draw):
    made = draw({"Một": (50, 60), "Hai": (None, None)})
    assert texts(made).count("–") == 2 and "Hai" in texts(made)


def test_of_many_units_the_focus_and_the_largest_changes_are_named(draw, claims, document):
    rows = {f"Đơn vị {chr(65 + at // 9)}{chr(65 + at % 9)}": (50, 50 + (at - 35) / 2) for at in range(69)}
    made = draw(rows)
    named = [name for name in rows if name in texts(made)]
    assert len(named) == 20 and {min(rows), max(rows)} <= set(named)
    assert "đơn vị thay đổi ít hơn, không ghi tên" in texts(made)
    assert "sáu mươi chín dòng" in alternative(made)
    assert document([made], claims).source_faults() == []


def test_the_alternative_text_counts_and_lists(draw):
    rows = {"Một": (50, 60), "Hai": (70, 65), "Ba": (70, 70), "Bốn": (None, 1)}
    assert alternative(draw(rows)) == (
        "Biểu đồ dốc: Tỷ lệ (07 tháng đầu năm 2024 và 07 tháng đầu năm 2025); bốn dòng, một tăng, một giảm, một "
        "không đổi, một không so sánh được. Một: 50,0% và 60,0%. Hai: 70,0% và 65,0%. Ba: 70,0% và 70,0%. "
        "Bốn: không có số liệu và 1,0%."
    )


def test_ranges_and_statutory_months_have_short_headings(draw, claims, document, july):
    ranges = draw({"Một": (50, 60)}, july.same_period_last_year(), july)
    assert {"01/07/2024–24/07/2024", "01/07/2025–24/07/2025"} <= set(texts(ranges))
    months = draw({"Một": (50, 60)}, Period.parse("2024-02@15"), Period.parse("2025-02@15"))
    assert {"Tháng 02 năm 2024", "Tháng 02 năm 2025"} <= set(texts(months))
    assert document([ranges, months], claims).source_faults() == []


def test_equal_and_negative_values_are_drawn(draw, claims, font, province):
    assert texts(draw({"Một": (50, 50), "Hai": (50, 50)})).count("50,0%") == 4
    about = {"label": "Điểm", "unit": province, "period": PERIOD, "source": "received"}
    before, after = (Point(value, methodcaller("score", value, decimals=0, **about)) for value in (-5, 5))
    made = charts.slope(
        claims, BASE, PERIOD, [Slope("Một", before, after)], caption="x", source="s", font=font
    )
    assert places(made, "-5")[0] > places(made, "5")[0]


def test_nothing_to_show_and_periods_in_the_wrong_order_are_refused(draw):
    for rows in ({}, {"Một": (None, None)}):
        with pytest.raises(ValueError, match="without any known value"):
            draw(rows)
    with pytest.raises(ValueError, match="oldest"):
        draw({"Một": (1, 2)}, PERIOD, BASE)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_just_that_text(draw, text):
    assert text in texts(draw({"Một": (50, 60), text: (70, 60)}))


def test_same_chart_same_bytes(draw):
    rows = {"Một": (50, 60), "Hai": (70, None)}
    assert pictures(draw(rows)) == pictures(draw(rows))


def test_many_units_without_a_base_are_still_drawn(draw):
    made = draw({f"Đơn vị {chr(65 + at // 9)}{chr(65 + at % 9)}": (None, at) for at in range(50)})
    assert sum(text.startswith("Đơn vị") for text in texts(made)) == 40, "twenty names at both ends"
