"""Charts, by their texts and measures: all figures printed and declared, bars from zero, same bytes, hostile text inert."""

from __future__ import annotations

import base64
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from baocao import charts
from baocao.charts import Bar, Mark, Row, drawing
from baocao.publishing.check_finished import check_finished
from baocao.publishing.finished_text import svg_texts
from chart_cases import months, point, points

HOSTILE = [
    "$x$",
    "<script>alert(1)</script>",
    "|a|b|",
    '`#panic("x")`{=typst}',
    "{{< include x >}}",
    "../../x",
]


@pytest.fixture
def about(province, july):
    return {"label": "Điểm", "unit": province, "period": july, "source": "received"}


def svg_of(markdown: str) -> bytes:
    return base64.b64decode(re.search(r"base64,([^)]+)\)", markdown)[1])


def texts_of(markdown: str) -> list[str]:
    return sorted(svg_texts(svg_of(markdown)))


def boxes(markdown: str) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom (points) of the drawn rectangles, the page's background left out."""
    found = []
    for path in ElementTree.fromstring(svg_of(markdown)).iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d", ""))]
        if path.get("d", "").count("L") == 3:
            found.append((min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2])))
    return found[1:]


def ranking(claims, font, values, names=None, **more):
    bars = [
        Bar((names or "ABCDEFGH")[place], value, f"{value:.2f}".replace(".", ","), is_focus=place == 1)
        for place, value in enumerate(values)
    ]
    return charts.ranking_bars(
        claims, bars, caption="Xếp hạng", description="x", source="s", font=font, **more
    )


def test_every_text_drawn_is_declared_and_nothing_else(claims, about, font, document):
    chart = claims.for_chart()
    bars = []
    for place, (name, value) in enumerate([("Nhóm A", 94.13), ("Nhóm B", 92)], 1):
        score, rank = (about | {"label": f"{what}, {name}"} for what in ("Điểm", "Thứ hạng"))
        bars.append(Bar(chart.words(name), value, chart.score(value, **score), chart.rank(place, **rank)))
    mark = Mark(chart.words("Bình quân"), 93.07, chart.score(93.07, **about))
    made = charts.ranking_bars(
        claims, bars, mark=mark, caption="Xếp hạng", description="Cao nhất 94,13", source="Cổng", font=font
    )
    assert texts_of(made) == sorted(["1", "2", "Nhóm A", "Nhóm B", "94,13", "92,00", "Bình quân", "93,07"])
    assert document([made], claims).source_faults() == []


def test_the_picture_has_alternative_text_a_numbered_title_and_a_source(claims, font):
    first, second = (ranking(claims, font, [3, 2]) for _ in range(2))
    assert '<div class="hinh" data-mo-ta="x">' in first
    assert "Hình 1" in first and "Hình 2" in second
    assert first.index("base64") < first.index("chu-thich-hinh") < first.index("Nguồn: s")


def test_bars_start_at_zero_and_keep_the_proportions(claims, font):
    left, lengths = zip(
        *((box[0], box[2] - box[0]) for box in boxes(ranking(claims, font, [80, 40, 20]))), strict=True
    )
    assert len(set(left)) == 1
    assert lengths[0] == pytest.approx(2 * lengths[1], rel=1e-4) == pytest.approx(4 * lengths[2], rel=1e-4)


def test_the_mark_stands_where_a_bar_of_its_value_would_end(claims, font):
    made = ranking(claims, font, [80, 40], mark=Mark("Bình quân", 40, "40"))
    line = next(
        path.get("d") for path in ElementTree.fromstring(svg_of(made)).iter("{http://www.w3.org/2000/svg}path")
        if "dasharray" in path.get("style", "")
    )  # fmt: skip
    assert float(line.split()[1]) == pytest.approx(boxes(made)[1][2], abs=0.01)


def test_mean_and_target_are_two_different_lines_each_with_its_own_words(claims, font):
    made = ranking(
        claims, font, [80, 40], mark=Mark("Bình quân", 40, "40"), target=Mark("Chỉ tiêu", 60, "60")
    )
    dashes = re.findall(r"stroke-dasharray: ([\d.,]+)", svg_of(made).decode())
    assert len(dashes) == len(set(dashes)) == 2
    assert {"Bình quân", "40", "Chỉ tiêu", "60"} <= set(texts_of(made))


def test_negative_values_lie_left_of_a_zero_line(claims, font):
    rising, falling = boxes(ranking(claims, font, [30, -10]))
    assert rising[0] == pytest.approx(falling[2], abs=0.01)
    assert rising[2] - rising[0] == pytest.approx(3 * (falling[2] - falling[0]), rel=1e-3)


def test_a_value_that_is_not_known_has_no_bar_in_a_ranking(claims, font):
    bars = [Bar("A", 5, "5"), Bar("B", None, "–")]
    made = charts.ranking_bars(claims, bars, caption="x", source="s", font=font)
    assert len(boxes(made)) == 1 and "–" in texts_of(made)


def test_alternative_text_is_written_where_the_memo_has_none(claims, font):
    about = {"caption": f"Xếp hạng {claims.name('766')}", "source": "s", "font": font}
    ranked = charts.ranking_bars(
        claims, [Bar("A", 5, "5", "1"), Bar("B", 4, "4", "2")], target=Mark("Chỉ tiêu", 3, "3"), **about
    )
    assert 'data-mo-ta="Biểu đồ thanh ngang: Xếp hạng 766. 1 A: 5. 2 B: 4. Chỉ tiêu: 3."' in ranked
    parts = charts.composition_bars(claims, [Row("A", (6, 4), ("6", "4"))], ("Trước hạn", "Quá hạn"), **about)
    assert 'data-mo-ta="Biểu đồ thanh ghép: Xếp hạng 766. A: Trước hạn 6, Quá hạn 4."' in parts
    groups = charts.group_bars(claims, [Row("A", (6,), ("6",))], ("Tỉnh",), **about)
    assert 'data-mo-ta="Biểu đồ thanh theo nhóm: Xếp hạng 766. A: Tỉnh 6."' in groups


def test_the_communes_of_a_province_stand_in_two_blocks_on_one_page(claims, font):
    values = [90 - n for n in range(69)]
    made = ranking(
        claims, font, values, names=[f"Xã {n}" for n in range(69)], mark=Mark("Bình quân", 50, "50")
    )
    assert float(ElementTree.fromstring(svg_of(made)).get("height").removesuffix("pt")) < 190 * 72 / 25.4
    first, second = boxes(made)[0], boxes(made)[35]
    assert first[1] == pytest.approx(second[1]) and second[0] > first[2]
    assert (first[2] - first[0]) / (second[2] - second[0]) == pytest.approx(90 / 55, rel=1e-3)
    assert texts_of(made).count("Bình quân") == 1


def test_34_units_fit_on_a_page_in_letters_of_a_readable_size(claims, font):
    made = ranking(claims, font, [90 - n for n in range(34)], names=[f"Tỉnh {n}" for n in range(34)])
    drawn = ElementTree.fromstring(svg_of(made))
    assert float(drawn.get("width").removesuffix("pt")) == pytest.approx(160 * 72 / 25.4, abs=0.01)
    assert float(drawn.get("height").removesuffix("pt")) < 190 * 72 / 25.4
    sizes = {float(size) for size in re.findall(r"font-size: ([\d.]+)px", svg_of(made).decode())}
    assert min(sizes) >= 8.5


def test_no_text_leaves_the_drawing_or_runs_into_the_bars(claims, font):
    long = "Chi nhánh Văn phòng Đăng ký đất đai khu vực Vũng Áng và các xã phía Nam tỉnh, cơ sở hai"
    made = ranking(claims, font, [94.13, 93.53], names=[long, "B"])
    (start,) = {box[0] for box in boxes(made)}
    assert start < 90 * 72 / 25.4, "a long name may not take the bars' room"
    with drawing.style(font):
        size = float(re.search(r"font-size: ([\d.]+)px", svg_of(made).decode())[1])
        assert drawing.measure(long, size) <= drawing.WIDEST_NAMES + 0.1


def test_composition_lays_parts_end_to_end(claims, font):
    rows = [Row("A", (60, 30, 10), ("60", "30", "10")), Row("B", (6, 3, 1), ("6", "3", "1"))]
    legend = ("Trước hạn", "Đúng hạn", "Quá hạn")
    about = {"caption": "x", "description": "x", "source": "s", "font": font}
    by_size, as_shares = (
        boxes(charts.composition_bars(claims, rows, legend, as_shares=shares, **about))[-6:]
        for shares in (False, True)
    )
    for parts in (by_size[:3], by_size[3:], as_shares[3:]):
        assert parts[0][2] == pytest.approx(parts[1][0], abs=0.01)
        assert parts[1][2] == pytest.approx(parts[2][0], abs=0.01)
    assert by_size[0][2] - by_size[0][0] == pytest.approx(10 * (by_size[3][2] - by_size[3][0]), rel=1e-3)
    assert as_shares[0][2] - as_shares[0][0] == pytest.approx(as_shares[3][2] - as_shares[3][0], rel=1e-3)


def test_groups_show_the_room_up_to_the_maximum(claims, font):
    rows = [Row("Nhóm", (9.0, 12.0), ("9", "12", "18"), maximum=18.0)]
    made = charts.group_bars(
        claims, rows, ("Tỉnh", "Bình quân", "Tối đa"), caption="x", description="x", source="s", font=font
    )
    room, own, mean = ((box[2] - box[0]) for box in boxes(made)[-3:])
    assert own == pytest.approx(room / 2, rel=1e-4) and mean == pytest.approx(room * 2 / 3, rel=1e-4)
    assert texts_of(made) == sorted(["Nhóm", "9", "12", "18", "Tỉnh", "Bình quân", "Tối đa"])


def test_a_value_that_is_not_known_has_a_dash_and_no_bar(claims, font):
    about = {"caption": "x", "description": "x", "source": "s", "font": font}
    known = charts.group_bars(claims, [Row("A", (9.0,), ("9",))], ("Tỉnh",), **about)
    unknown = charts.group_bars(claims, [Row("A", (None,), ("–",))], ("Tỉnh",), **about)
    assert len(boxes(unknown)) == len(boxes(known)) - 1
    assert "–" in texts_of(unknown)


def test_shades_differ_in_lightness_or_hatch_on_a_black_and_white_copy():
    def lightness(colour: str) -> float:
        red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
        return (0.299 * red + 0.587 * green + 0.114 * blue) / 255

    looks = [(lightness(fill), hatch) for fill, hatch in (*drawing.SHADES, drawing.ROOM)]
    for place, (light, hatch) in enumerate(looks):
        for other_light, other_hatch in looks[place + 1 :]:
            assert abs(light - other_light) > 0.2 or hatch != other_hatch


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_drawn_as_just_that_text(claims, font, text):
    made = ranking(claims, font, [3, 2], names=[text, "B"])
    assert text in texts_of(made)


def test_a_chart_without_rows_or_with_a_label_missing_is_refused(claims, font):
    about = {"caption": "x", "description": "x", "source": "s", "font": font}
    with pytest.raises(ValueError, match="without rows"):
        charts.ranking_bars(claims, [], **about)
    with pytest.raises(ValueError, match="a label"):
        charts.group_bars(claims, [Row("A", (9.0,), ("9",))], ("Tỉnh", "Cả nước"), **about)
    with pytest.raises(ValueError, match="a shade"):
        charts.composition_bars(claims, [Row("A", (1, 1, 1, 1), "1111")], "abcd", **about)


def test_same_chart_same_bytes_and_the_settings_of_matplotlib_are_left_alone(claims, font):
    import matplotlib

    before = dict(matplotlib.rcParams)
    first, second = (svg_of(ranking(claims, font, [3, 2, 1])) for _ in range(2))
    assert first == second
    assert dict(matplotlib.rcParams) == before
    assert b"<dc:date>" not in first and b"matplotlib" not in first.lower()


def test_drawing_needs_neither_pyplot_nor_seaborn():
    code = (
        "import sys, baocao.charts; print([m for m in ('matplotlib.pyplot', 'seaborn') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_chart_is_a_figure_whose_lines_stand_in_values_and_may_be_changed(claims, font, province):
    periods = months("2024-11", 4)
    lines = [charts.Line(province, points([50, 60, None, 70], periods, province))]
    made = charts.trend(claims, periods, lines, caption="x", source="s", font=font)
    before = svg_of(made)
    (axes,) = made.figure.axes
    assert [line.get_xydata().round(6).tolist() for line in axes.lines if len(line.get_xdata()) > 1] == [
        [[0, 50], [1, 60]]
    ]
    drawn = {path.get("d") for path in ElementTree.fromstring(before).iter() if path.get("d")}
    again = {
        path.get("d") for path in ElementTree.fromstring(made.figure._repr_svg_()).iter() if path.get("d")
    }
    assert drawn == again, "as it was made"
    axes.axhline(65)
    axes.lines[0].set_color("red")
    assert "#ff0000" in made.figure._repr_svg_()
    assert svg_of(made) == before, "the document keeps the chart as it was made"
    assert made.figure is made.figure and made.after("Chú thích.").figure is made.figure


def test_the_axes_of_other_charts_stand_in_values_too(claims, font, province, july):
    bars = ranking(claims, font, [80, -10]).figure
    assert [axes.get_xlim() for axes in bars.axes] == [(-10, 80)]
    before, after = july.same_period_last_year(), july
    ends = [point(value, province, period) for value, period in ((50, before), (60, after))]
    slope = charts.slope(
        claims, before, after, [charts.Slope(province, *ends)], caption="x", source="s", font=font
    )
    assert slope.figure.axes[0].lines[0].get_ydata().round(6).tolist() == [50, 60]
    periods = months("2024-11", 2)
    panels = [charts.Panel(name, [charts.Line("", points([5, 6], periods, province))]) for name in "AB"]
    small = charts.small_multiples(claims, periods, panels, caption="x", source="s", font=font)
    assert len(small.figure.axes) == 2


def test_a_figure_is_saved_in_the_typeface_of_the_house(claims, font, tmp_path):
    figure = ranking(claims, font, [80, 40]).figure
    figure.savefig(tmp_path / "x.svg")
    assert f"'{font}'" in (tmp_path / "x.svg").read_text(encoding="utf-8")


def test_the_style_file_is_beside_the_module():
    assert drawing.STYLE == Path(drawing.__file__).with_name("vanban.mplstyle") and drawing.STYLE.is_file()


def test_every_kind_of_chart_stands_the_check_of_the_finished_document(claims, font, document, province):
    periods, about = months("2024-11", 4), {"source": "Cổng", "font": font}
    line = charts.Line(province, points([50, 60, None, 70], periods, province))
    since = charts.Break(periods[2], lambda chart: f"theo {chart.law('766/QĐ-TTg')}")
    ends = [point(value, province, period) for value, period in zip((50, 60), periods[:2], strict=True)]
    made = [
        charts.trend(claims, periods, [line], caption="Một", breaks=[since], **about),
        charts.slope(claims, *periods[:2], [charts.Slope(province, *ends)], caption="Ba", **about),
        charts.small_multiples(
            claims, periods, [charts.Panel("A", [line])], caption="Bốn", breaks=[since], **about
        ),
    ]
    finished = document(made, claims)
    assert finished.source_faults() == []
    for kind in ("pdf", "html"):
        assert check_finished(finished.source, finished.finished(kind), finished.record) == []
