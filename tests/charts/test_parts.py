"""What charts share: names on their way into a chart, missing values, captions as plain words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial

import numpy as np
import pandas as pd
import pytest

from baocao import charts
from baocao.charts import drawing, parts
from baocao.charts.parts import Point, Written, print_words, value_of
from baocao.writing import markup
from baocao.writing.claims import Claims
from chart_cases import alternative, months, points


@pytest.fixture
def chart(claims, font):
    with drawing.style(font):
        yield claims.for_chart()


def declared(claims: Claims) -> list[tuple[str, str]]:
    return [(label["role"], label["text"]) for label in claims.record()["charts"][-1]]


@pytest.mark.parametrize("value", [0.5, Fraction(1, 2), Decimal("0.5"), np.float64(0.5)])
def test_values_of_all_kinds_are_drawn(value):
    assert value_of(Point(value)) == 0.5


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT, np.float64("nan"), Decimal("nan")])
def test_every_mark_of_a_missing_value_is_a_missing_value(value):
    assert value_of(Point(value)) is None


def test_a_unit_is_named_within_the_scope_line_by_line(chart, claims, province):
    assert Written(chart, province).lines(8) == ["Tỉnh", "Hà", "Tĩnh"]
    assert declared(claims) == [("unit", "Tỉnh"), ("unit", "Hà"), ("unit", "Tĩnh")]


def test_a_unit_outside_the_scope_is_refused(chart, register):
    stranger = register.find("xã Sơn Kim 1", date(2025, 7, 24))
    with pytest.raises(ValueError, match="scope"):
        Written(chart, stranger).lines(100)


def test_words_are_declared_line_by_line_and_a_printed_name_once(chart, claims, province):
    assert Written(chart, "cấp xã").lines(100) == ["cấp xã"]
    printed = Written(chart, partial(Claims.unit, unit=province, name="tỉnh nhà"))
    assert printed.lines(1) == ["tỉnh nhà"] and printed.text == "tỉnh nhà"
    assert declared(claims) == [("words", "cấp xã"), ("unit", "tỉnh nhà")]


def test_no_name_is_no_line(chart, claims):
    assert Written(chart, "").lines(100) == [] and declared(claims) == []


def test_the_width_of_a_name_is_that_of_its_longest_line(chart, province):
    name = Written(chart, province)
    assert name.width(8) < name.width(100) == pytest.approx(drawing.measure("Tỉnh Hà Tĩnh"))


def test_constants_keep_to_one_line(chart, claims, july):
    def reason(chart):
        return f"tính lại số liệu {chart.period(july)} và các kỳ sau"

    lines = print_words(chart, reason, 60, drawing.SMALL)
    assert len(lines) == 3 and july.name in lines[1]
    assert declared(claims) == [("words", line) for line in lines]


def test_a_caption_becomes_plain_words(claims, province, july):
    caption = (
        f"Tỷ lệ của {claims.unit(province)}, {claims.period(july)} {markup.escape('(số liệu *sơ bộ* #1)')}"
    )
    assert parts.plain(caption) == f"Tỷ lệ của tỉnh Hà Tĩnh, {july.name} (số liệu *sơ bộ* #1)"


def test_a_unit_in_a_caption_may_have_a_digit_in_its_name_and_no_other_digit_is_excused(
    laws, register, font, july, document
):
    unit = register.find("xã Sơn Kim 1", july.end)
    periods = months("2025-06", 2)

    def faults(caption: str) -> list[str]:
        claims = Claims([unit], laws)
        line = charts.Line("Tỷ lệ", points([50, 60], periods, unit))
        named = caption.format(claims.unit(unit))
        made = charts.trend(claims, periods, [line], caption=named, source="s", font=font)
        assert alternative(made).startswith(f"Biểu đồ đường: {parts.plain(named)} (")
        return [fault.partition(" không")[0] for fault in document([made], claims).source_faults()]

    assert faults("Tỷ lệ của {}") == []
    for caption, numeral in (("Tỷ lệ của {}2", "2"), ("Tỷ lệ của {} và 1 đơn vị", "1")):
        assert faults(caption) == [
            f"Con số «{numeral}»",
            f"Văn bản thay thế của biểu đồ số 1: con số «{numeral}»",
        ]


def test_a_figure_in_a_caption_is_refused(claims, province, july):
    figure = claims.count(5, label="x", unit=province, period=july, source="received")
    with pytest.raises(ValueError, match="caption"):
        parts.plain(f"Tổng {figure} hồ sơ")
