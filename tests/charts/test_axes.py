"""Axes over time: scales that hold all values at round ticks, periods at even distances."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.charts.axes import format_tick, make_scale, places, runs, steps
from baocao.definitions.periods import Period
from baocao.publishing.check_claims import _TICK

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20)


@given(VALUES, st.sampled_from(["%", "hồ sơ", "điểm"]))
def test_a_scale_holds_all_values_with_a_few_even_ticks_that_verify_reads(values, measured_in):
    scale = make_scale(values, 10, 70, measured_in)
    assert scale.low <= min(values) and max(values) <= scale.high
    assert 2 <= len(scale.ticks) <= 9
    assert len({second - first for first, second in pairwise(scale.ticks)}) == 1
    assert all(10 - 1e-6 <= scale.place(value) <= 70 + 1e-6 for value in values)
    assert all(_TICK.fullmatch(format_tick(tick, scale, measured_in)) for tick in scale.ticks)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20))
def test_a_scale_of_rates_stays_between_nothing_and_everything(values):
    scale = make_scale(values, 0, 60, "%")
    assert scale.low >= 0 and scale.high <= 100


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_counts_have_whole_ticks(values):
    assert all(tick.denominator == 1 for tick in make_scale(values, 0, 60, "hồ sơ").ticks)


def test_equal_values_stand_inside_a_scale_from_zero():
    for value in (0, 5, 100, 10**9):
        scale = make_scale([value, value], 0, 60, "hồ sơ")
        assert scale.low == 0 and scale.high > 0 and 0 <= scale.place(value) <= 60


def test_periods_of_any_kind_stand_at_even_distances():
    for codes in (
        ["2024-Q4", "2025-Q1", "2025-Q2"],
        ["2023", "2024", "2025"],
        ["2023-M7", "2024-M7", "2025-M7"],
    ):
        assert steps([Period.parse(code) for code in codes]) == [0, 1, 2]
    assert places([Period.parse("2025-07")], 10, 50) == [30]
    assert places([Period.parse(code) for code in ("2025-01", "2025-02", "2025-05")], 0, 40) == [0, 10, 40]


def test_periods_of_uneven_distances_stand_in_their_order():
    codes = ("2024-12", "2025-03", "2025-05")
    assert steps([Period.parse(code) for code in codes]) == [0, 1, 2]


def test_no_points_are_no_runs():
    assert runs([None, None], [0, 1]) == []


@pytest.mark.parametrize("cut", [0, 5])
def test_a_cut_at_either_end_changes_nothing(cut):
    assert runs([1, 2, 3], [0, 1, 2], [cut]) == [[0, 1, 2]]
