"""Results held against an earlier period and one another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis import comparison
from baocao.analysis.coverage import COVERED
from baocao.analysis.lineage import build_bridge
from baocao.analysis.reasons import plain
from baocao.analysis.series import choose_bases
from baocao.definitions.indicators import indicator
from baocao.definitions.periods import Period

JULY, JUNE = Period.parse("2025-07"), Period.parse("2025-06")
ON_TIME = indicator("on_time_rate")


def results(*rows, name="on_time_rate", period=JULY) -> pd.DataFrame:
    """Results from (unit, numerator, denominator)."""
    full = [
        (
            name,
            unit,
            period.code,
            top,
            bottom,
            100 * top / bottom if top is not None and bottom else None,
            "received",
            2,
            False,
        )
        for unit, top, bottom in rows
    ]
    types = {"numerator": "Int64", "denominator": "Int64", "value": "Float64"}
    return pd.DataFrame(full, columns=COVERED[:-1]).astype(types)


# --- changes -----------------------------------------------------------------------------------------------------
def test_a_change_of_a_rate_is_exact():
    assert comparison.change_pp(1, 3, 1, 6) == Fraction(100, 6)
    assert comparison.change_pp(None, 3, 1, 6) is None
    assert comparison.change_pp(1, 3, 1, 0) is None


def test_a_relative_change_needs_a_base():
    assert comparison.change_pct(140, 100) == 40
    assert comparison.change_pct(60, 100) == -40
    assert comparison.change_pct(None, 100) is None
    assert comparison.change_pct(5, None) is None


PARTS = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: (min(pair), max(pair)))


@given(PARTS, PARTS)
def test_swapping_the_periods_negates_the_change(one, other):
    assert comparison.change_pp(*one, *other) == -comparison.change_pp(*other, *one)


def test_comparison_row():
    (row,) = comparison.compare(
        results(("42", 95, 100)), results(("42", 90, 100), period=JUNE), [ON_TIME], JULY, JUNE
    ).to_dict("records")
    assert list(row) == comparison.COMPARISONS
    assert (row["change_pp"], row["comparable"], row["reason"]) == (Fraction(5), "yes", "")
    assert (row["base_period"], row["base_numerator"], row["base_denominator"]) == ("2025-06", 90, 100)


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (("42", 95, 100), ("42", 0, 0), "kỳ đó không phát sinh hồ sơ để tính"),
        (("42", 95, 100), ("42", None, 100), comparison.NO_BASE),
        (("42", 95, 100), ("42X", 90, 100), comparison.NO_BASE),
        (("42", 0, 0), ("42", 90, 100), "kỳ này không phát sinh hồ sơ để tính"),
        (("42", None, 100), ("42", 90, 100), "chưa có số liệu của kỳ này"),
    ],
)
def test_a_comparison_without_two_values_is_refused(now, before, reason):
    (row,) = comparison.compare(results(now), results(before), [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["comparable"], row["reason"], row["change_pp"]) == ("no", reason, None)


def test_a_comparison_across_a_change_of_definition_is_refused():
    """Levels 3 and 4 ended with Nghị định 42/2022/NĐ-CP: the first half of 2023 has no such share."""
    name = "level_34_share"
    now, before = Period.parse("2023-H1"), Period.parse("2022-H1")
    (row,) = comparison.compare(
        results(("42", 1, 2), name=name), results(("42", 1, 4), name=name), [indicator(name)], now, before
    ).to_dict("records")
    assert row["reason"] == "chỉ tiêu không được áp dụng trong cả hai kỳ"
    assert row["change_pp"] is None


# --- refusals, each with its sentence ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "base", "reason"),
    [
        ("2025-07", "2025-07", "hai kỳ có những ngày trùng nhau"),
        ("2025-M7", "2025-H1", "hai kỳ có những ngày trùng nhau"),
        ("2025", "2025-07", "hai kỳ có những ngày trùng nhau"),
        ("2025-07", "2025-Q2", "hai kỳ không cùng độ dài"),
        ("2025-M7", "2024-H1", "hai kỳ không cùng độ dài"),
        ("2025-07-01..2025-07-24", "2025-06", "hai kỳ không cùng độ dài"),
        ("2025-07", "2024-07@15", "hai kỳ chốt số liệu theo hai cách khác nhau"),
        ("2025-07", "2025-06", ""),
        ("2025-07", "2024-07", ""),
        ("2025-07@15", "2024-07@15", ""),
        ("2025-Q3", "2025-04-01..2025-06-30", ""),
        ("2025-M7", "2024-M7", ""),
        ("2025-H2", "2025-H1", ""),
        ("2025", "2024", ""),
        ("2025-07-01..2025-07-24", "2025-06-07..2025-06-30", ""),
        ("2024-02-10..2024-02-29", "2023-02-10..2023-02-28", ""),
    ],
)
def test_periods_that_may_not_be_held_against_one_another(period, base, reason):
    now, before = Period.parse(period), Period.parse(base)
    assert plain(comparison.refuse_periods(now, before)) == reason
    assert plain(comparison.refuse_periods(before, now)) == reason
    (row,) = comparison.compare(
        results(("42", 95, 100), period=now), results(("42", 90, 100), period=before), [ON_TIME], now, before
    ).to_dict("records")
    assert row["reason"] == reason
    assert (row["change_pp"] is None) == bool(reason)


@pytest.mark.parametrize(
    "code", ["2025-07", "2025-Q1", "2025-H1", "2025", "2025-M9", "2025-02@15", "2024-02-10..2024-02-29"]
)
def test_no_period_refuses_its_own_bases(code):
    period = Period.parse(code)
    for base in choose_bases(period):
        assert comparison.refuse_periods(period, base) == ()


def test_another_version_of_the_formula_is_refused():
    old = replace(ON_TIME, valid_to=date(2025, 6, 30))
    new = replace(ON_TIME, valid_from=date(2025, 7, 1), version=2)
    tables = results(("42", 95, 100)), results(("42", 90, 100), period=JUNE)
    (row,) = comparison.compare(*tables, [old, new], JULY, JUNE).to_dict("records")
    assert row["reason"] == "cách tính chỉ tiêu đã thay đổi giữa hai kỳ"
    same = replace(new, version=1)
    (row,) = comparison.compare(*tables, [old, same], JULY, JUNE).to_dict("records")
    assert row["comparable"] == "yes"


def test_other_denominators_are_refused_and_named():
    """Of 06 tháng đầu năm 2022 there is only the share of levels 3 and 4 in all dossiers."""
    now, before = Period.parse("2023-H1"), Period.parse("2022-H1")
    for name in ("eligible_online_share", "full_online_share"):
        tables = results(("42", 1, 2), name=name, period=now), results(("42", 1, 4), name=name, period=before)
        (row,) = comparison.compare(*tables, [indicator(name)], now, before).to_dict("records")
        assert comparison.explain(row) == (
            "Không so sánh với cùng kỳ năm trước vì kỳ đó chỉ có tỷ lệ dịch vụ công mức độ 3, mức độ 4 tính trên tổng số "
            "hồ sơ, khác cách tính của kỳ này."
        )


def test_levels_3_and_4_stand_for_the_online_share_with_a_note():
    now, before = Period.parse("2023-H1"), Period.parse("2022-H1")
    base = results(("42", 1, 4), name="online_share", period=before).assign(relabelled=True)
    table = results(("42", 1, 2), name="online_share", period=now)
    (row,) = comparison.compare(table, base, [indicator("online_share")], now, before).to_dict("records")
    assert (row["comparable"], row["change_pp"]) == ("bridged", 25)
    assert comparison.explain(row) == (
        "kỳ đó tính theo dịch vụ công mức độ 3, mức độ 4, kỳ này theo dịch vụ công một phần, toàn trình"
    )


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        ((95, 100), (0, 0), "kỳ đó không phát sinh hồ sơ để tính"),
        ((95, 100), (None, None), "không có số liệu của kỳ đó"),
        ((0, 0), (90, 100), "kỳ này không phát sinh hồ sơ để tính"),
        ((None, None), (90, 100), "chưa có số liệu của kỳ này"),
    ],
)
def test_the_sentence_in_place_of_a_comparison(now, before, sentence):
    for base, name in ((JUNE, "tháng trước"), (Period.parse("2024-07"), "cùng kỳ năm trước")):
        tables = results(("42", *now)), results(("42", *before), period=base)
        (row,) = comparison.compare(*tables, [ON_TIME], JULY, base).to_dict("records")
        assert comparison.explain(row) == f"Không so sánh với {name} vì {sentence}."


def test_counts_have_no_points_and_grow_in_per_cent():
    tables = (
        results(("42", 150, None), name="received"),
        results(("42", 120, None), name="received", period=JUNE),
    )
    (row,) = comparison.compare(*tables, [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["change_pct"], row["change_pp"], row["comparable"]) == (25, None, "yes")
    nothing = results(("42", 0, None), name="received", period=JUNE)
    (row,) = comparison.compare(tables[0], nothing, [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["comparable"], row["change_pct"]) == ("no", None)
    assert comparison.explain(row) == "Không so sánh với tháng trước vì kỳ đó không phát sinh hồ sơ để tính."


def test_a_rate_has_both_changes_apart():
    tables = results(("42", 60, 100)), results(("42", 40, 100), period=JUNE)
    (row,) = comparison.compare(*tables, [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["change_pp"], row["change_pct"]) == (20, 50)


@pytest.mark.parametrize(
    ("now_missing", "then_missing", "reason"),
    [
        (("a",), ("a",), "số liệu của kỳ này chưa gồm đủ các đơn vị"),
        (("a",), (), "số liệu của kỳ này chưa gồm đủ các đơn vị"),
        ((), ("a",), "số liệu của kỳ đó chưa gồm đủ các đơn vị"),
    ],
)
def test_a_sum_that_is_not_whole_is_not_compared(now_missing, then_missing, reason):
    now, before = results(("42", 95, 100)), results(("42", 90, 100), period=JUNE)
    now, before = (
        frame.assign(missing=pd.Series([missing], dtype=object))
        for frame, missing in ((now, now_missing), (before, then_missing))
    )
    (row,) = comparison.compare(now, before, [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["comparable"], row["reason"], row["change_pp"]) == ("no", reason, None)
    assert (row["missing"], row["base_missing"]) == (now_missing, then_missing)


def test_a_change_is_what_a_calculator_makes_of_the_printed_rates():
    """96,93% (30.216/31.173) and 96,92% (30.213/31.173) differ by 0,01, though their exact values differ by 0,0096."""
    tables = results(("42", 30_213, 31_173)), results(("42", 30_216, 31_173), period=JUNE)
    (row,) = comparison.compare(*tables, [ON_TIME], JULY, JUNE).to_dict("records")
    assert row["change_pp"] == Fraction("96.92") - Fraction("96.93")


def test_small_denominators_are_marked_in_both_periods():
    rows = results(("a", 29, 29), ("b", 30, 30)), results(("a", 30, 30), ("b", 29, 29), period=JUNE)
    found = comparison.compare(*rows, [ON_TIME], JULY, JUNE)
    assert found["small"].tolist() == [True, False]
    assert found["base_small"].tolist() == [False, True]


def test_a_bridge_is_told_and_its_units_kept(register):
    unit = register.get("18229", JULY.end)
    bridge = build_bridge(register, unit, JULY, JUNE)
    tables = results(("18229", 95, 100)), results(("18229", 90, 100), period=JUNE)
    (row,) = comparison.compare(*tables, [ON_TIME], JULY, JUNE, {"18229": bridge}).to_dict("records")
    assert (row["comparable"], row["change_pp"]) == ("bridged", 5)
    assert comparison.explain(row).startswith("so với tổng của thị trấn Đức Thọ, xã Hòa Lạc")
    assert sorted(unit.code for unit in row["bridge"]) == ["18229", "18259", "18280", "18283"]


def test_no_rows_make_no_rows():
    empty = comparison.compare(results(), results(period=JUNE), [ON_TIME], JULY, JUNE)
    assert list(empty.columns) == comparison.COMPARISONS
    assert empty.empty


ROWS = st.lists(st.tuples(st.none() | st.integers(0, 500), st.none() | st.integers(0, 500)), max_size=8)


def _table(pairs, period) -> pd.DataFrame:
    ordered = [pair if None in pair else (min(pair), max(pair)) for pair in pairs]
    return results(*((str(at), *pair) for at, pair in enumerate(ordered)), period=period)


@settings(max_examples=25)
@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_swapping_periods_negates_every_change_and_the_order_of_rows_never_matters(one, other, random):
    now, before = _table(one, JULY), _table(other, JUNE)
    found = comparison.compare(now, before, [ON_TIME], JULY, JUNE).set_index("unit")
    swapped = comparison.compare(before, now, [ON_TIME], JUNE, JULY).set_index("unit")
    for unit in set(found.index) & set(swapped.index):
        change = found.at[unit, "change_pp"]
        assert swapped.at[unit, "change_pp"] == (None if change is None else -change)
    shuffled = [table.sample(frac=1, random_state=random.randrange(1000)) for table in (now, before)]
    again = comparison.compare(*shuffled, [ON_TIME], JULY, JUNE).set_index("unit")
    pd.testing.assert_frame_equal(again.loc[found.index], found)


# --- ranks -------------------------------------------------------------------------------------------------------
def test_competition_ranks():
    assert comparison.rank_values(pd.Series([90.12, 94.13, 92, 92, 80.1])).tolist() == [4, 1, 2, 2, 5]
    assert comparison.rank_values(pd.Series([1, 2, 2]), highest_first=False).tolist() == [1, 2, 2]


def test_rates_printed_alike_are_tied_and_99_997_is_below_100():
    parts = {"a": (99_997, 100_000), "b": (50, 50), "c": (99_990, 100_000), "d": (30, 30)}
    printed = {unit: comparison.printed_rate(*own) for unit, own in parts.items()}
    assert comparison.rank_printed(printed) == {
        "a": (3, True),
        "b": (1, True),
        "c": (3, True),
        "d": (1, True),
    }
    assert comparison.rank_printed({"a": 90.0, "b": 80.0}, highest_first=False) == {
        "a": (2, False),
        "b": (1, False),
    }
    assert comparison.rank_printed({}) == {}
