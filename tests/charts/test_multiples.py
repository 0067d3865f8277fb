"""Small multiples: a panel for each group with its maximum, one key, one scale, breaks and gaps in all of them."""

from __future__ import annotations

import re

import pytest

from baocao import charts
from baocao.charts import Break, Line, Panel
from chart_cases import HOSTILE, alternative, months, paths, pictures, point, points, texts

PERIODS = months("2024-11", 4)


@pytest.fixture
def draw(claims, font, province):
    def make(panels, maximum=None, names=("Tỉnh", "Cả nước"), **more):
        made = [
            Panel(
                title,
                [Line(name, points(row, PERIODS, province)) for name, row in zip(names, rows, strict=False)],
                maximum,
                point(maximum, province, PERIODS[-1]).label,
            )
            for title, rows in panels.items()
        ]
        return charts.small_multiples(claims, PERIODS, made, caption="Điểm", source="s", font=font, **more)

    return make


def heights(made: str, line: int) -> list[float]:
    numbers = re.findall(r"-?[\d.]+", paths(made)[line])
    return [float(number) for number in numbers[1::2]]


def test_each_panel_has_title_maximum_first_figure_and_last_figures_and_the_key_comes_once(draw):
    shown = texts(
        draw(
            {"Nhóm một": [[50, 60, 55, 70], [40, 41, 42, 43]], "Nhóm hai": [[1, 2, 3, 4], [5, 6, 7, 8]]}, 100
        )
    )
    assert [text for text in shown if "%" in text and text != "100%"] == [
        "1,0%",
        "4,0%",
        "43,0%",
        "50,0%",
        "70,0%",
        "8,0%",
    ]
    assert shown.count("100%") == shown.count("tối đa") == 2
    assert shown.count("Tỉnh") == shown.count("Cả nước") == shown.count("Nhóm một") == 1


def test_panels_reach_from_zero_to_their_maximum(draw):
    made = draw({"Nhóm": [[50, 100, 0, 25]]}, 100, names=("",))
    bottom, top = heights(made, 0)[0], heights(made, 1)[0]
    line = heights(made, -1)
    assert line == pytest.approx([bottom + (top - bottom) * share for share in (0.5, 1, 0, 0.25)], abs=0.01)


def test_without_maxima_all_panels_share_a_scale_whose_ends_are_printed(draw):
    shown = texts(draw({"Một": [[50, 60, 55, 70]], "Hai": [[10, 20, 30, 90]]}, names=("",)))
    assert {"0", "100"} <= set(shown) and "tối đa" not in shown


def test_gaps_and_breaks_interrupt_every_panel_and_the_reason_comes_once(draw):
    panels = {"Một": [[50, None, 55, 70]], "Hai": [[10, 20, 30, 90]]}
    made = draw(panels, 100, breaks=[Break(PERIODS[2], lambda chart: f"theo {chart.law('766/QĐ-TTg')}")])
    assert texts(made).count("Từ tháng 01 năm 2025: theo Quyết định số 766/QĐ-TTg") == 1
    assert "Từ tháng 01 năm 2025: theo Quyết định số 766/QĐ-TTg." in alternative(made)
    joined = [
        path.count("L") + 1 for path in paths(made) if len(set(re.findall(r"-?[\d.]+", path)[1::2])) > 1
    ]
    assert joined.count(2) == len(joined), "no line joins more than the two points between gap, break and end"


def test_the_alternative_text_goes_through_the_panels(draw):
    made = draw(
        {"Nhóm một": [[50, 60, 55, 70], [40, 41, 42, 43]], "Nhóm hai": [[1, 2, 3, None], [5, 6, 7, 8]]}, 100
    )
    assert alternative(made) == (
        "Các biểu đồ đường nhỏ: Điểm (bốn kỳ, từ tháng 11 năm 2024 đến tháng 02 năm 2025). Nhóm một: tối đa 100%, "
        "Tỉnh từ 50,0% đến 70,0%, Cả nước 43,0%. Nhóm hai: tối đa 100%, Tỉnh từ 1,0% đến kỳ cuối không có số liệu, "
        "Cả nước 8,0%."
    )


def test_one_period_is_a_point_with_one_figure(claims, font, province):
    panel = Panel("Nhóm", [Line(province, points([50], PERIODS[:1], province))], 100)
    shown = texts(charts.small_multiples(claims, PERIODS[:1], [panel], caption="x", source="s", font=font))
    assert shown.count("50,0%") == 1 and "Tỉnh Hà Tĩnh" in shown


def test_every_text_is_declared(draw, claims, document):
    panels = {
        f"Nhóm chỉ số thứ {name}": [[50, 60, None, 70], [40, 41, 42, 43]]
        for name in ("nhất", "hai", "ba", "tư")
    }
    assert document([draw(panels, 100), draw(panels)], claims).source_faults() == []


def test_nothing_to_show_and_panels_of_different_lines_are_refused(draw):
    for panels in ({}, {"Một": [[None] * 4]}):
        with pytest.raises(ValueError, match="without any known value"):
            draw(panels)
    with pytest.raises(ValueError, match="the same lines"):
        draw({"Một": [[1, 2, 3, 4]], "Hai": [[1, 2, 3, 4], [1, 2, 3, 4]]})


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_just_that_text(draw, text):
    shown = " ".join(texts(draw({text: [[1, 2, 3, 4]]}, names=(text,))))
    assert text in shown


def test_same_chart_same_bytes(draw):
    panels = {"Một": [[50, None, 55, 70]], "Hai": [[10, 20, 30, 90]]}
    assert pictures(draw(panels)) == pictures(draw(panels))


def test_a_maximum_that_is_not_known_is_none(claims, font, province):
    for unknown in (None, 0, float("nan")):
        panel = Panel(
            "Nhóm",
            [Line("", points([50, 60, 70, 80], PERIODS, province))],
            unknown,
            point(0, province, PERIODS[0]).label,
        )
        shown = texts(
            charts.small_multiples(
                claims, PERIODS, [panel], caption="x", source="s", font=font, measured_in="%"
            )
        )
        assert "tối đa" not in shown and {"40%", "90%"} <= set(shown)
