"""Results held against an earlier period, a target, and one another."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao import compare
from baocao.compute import RESULTS
from baocao.indicators import indicator
from baocao.periods import Period
from baocao.targets import Target, load_targets

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
        )
        for unit, top, bottom in rows
    ]
    types = {"numerator": "Int64", "denominator": "Int64", "value": "Float64"}
    return pd.DataFrame(full, columns=RESULTS).astype(types)


# --- changes -----------------------------------------------------------------------------------------------------
def test_a_change_of_a_rate_is_exact():
    assert compare.change_pp(1, 3, 1, 6) == Fraction(100, 6)
    assert compare.change_pp(None, 3, 1, 6) is None
    assert compare.change_pp(1, 3, 1, 0) is None


def test_a_relative_change_needs_a_base():
    assert compare.change_pct(140, 100) == 40
    assert compare.change_pct(60, 100) == -40
    assert compare.change_pct(None, 100) is None
    assert compare.change_pct(5, None) is None


PARTS = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: (min(pair), max(pair)))


@given(PARTS, PARTS)
def test_swapping_the_periods_negates_the_change(one, other):
    assert compare.change_pp(*one, *other) == -compare.change_pp(*other, *one)


def test_comparison_row():
    (row,) = compare.compare(
        results(("42", 95, 100)), results(("42", 90, 100), period=JUNE), [ON_TIME], JULY, JUNE
    ).to_dict("records")
    assert list(row) == compare.COMPARISONS
    assert (row["change_pp"], row["comparable"], row["reason"]) == (Fraction(5), "yes", "")
    assert (row["base_period"], row["base_numerator"], row["base_denominator"]) == ("2025-06", 90, 100)


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        (("42", 95, 100), ("42", 0, 0), compare.NO_BASE),
        (("42", 95, 100), ("42", None, 100), compare.NO_BASE),
        (("42", 95, 100), ("42X", 90, 100), compare.NO_BASE),
        (("42", 0, 0), ("42", 90, 100), compare.NO_VALUE),
        (("42", None, 100), ("42", 90, 100), compare.NO_VALUE),
    ],
)
def test_a_comparison_without_two_values_is_refused(now, before, reason):
    (row,) = compare.compare(results(now), results(before), [ON_TIME], JULY, JUNE).to_dict("records")
    assert (row["comparable"], row["reason"], row["change_pp"]) == ("no", reason, None)


def test_a_comparison_across_a_change_of_definition_is_refused():
    """Levels 3 and 4 ended with Nghị định 42/2022/NĐ-CP: the first half of 2023 has no such share."""
    name = "level_34_share"
    now, before = Period.parse("2023-H1"), Period.parse("2022-H1")
    (row,) = compare.compare(
        results(("42", 1, 2), name=name), results(("42", 1, 4), name=name), [indicator(name)], now, before
    ).to_dict("records")
    assert row["reason"] == compare.OTHER_DEFINITION
    assert row["change_pp"] is None


def test_a_reason_given_for_a_unit_is_kept():
    rows = results(("42", 95, 100), ("18229", 95, 100))
    found = compare.compare(rows, rows, [ON_TIME], JULY, JUNE, {"18229": "đơn vị mới"}).set_index("unit")
    assert found["reason"].to_dict() == {"42": "", "18229": "đơn vị mới"}
    assert found.loc["18229", "change_pp"] is None


def test_units_that_changed_between_the_periods_are_not_compared(register):
    unit = {code: register.get(code, JULY.end) for code in ("42", "42X", "18229", "HT-SCT")}
    assert compare.refuse_unit(register, unit["18229"], JULY, JUNE) == compare.OTHER_UNIT
    assert compare.refuse_unit(register, unit["42X"], JULY, JUNE) == compare.OTHER_LEVELS
    assert compare.refuse_unit(register, unit["42"], JULY, JUNE) == ""
    assert compare.refuse_unit(register, unit["HT-SCT"], JULY, JUNE) == ""


def test_a_level_is_compared_inside_one_structure(register):
    may = Period.parse("2025-05")
    assert compare.refuse_unit(register, register.get("42X", may.end), may, may.previous()) == ""


# --- targets -----------------------------------------------------------------------------------------------------
def target(value="20", comparison=">=", valid_to=None) -> Target:
    return Target("on_time_rate", "all", Decimal(value), comparison, date(2018, 5, 17), valid_to, "Chỉ thị")


def test_target_missed_with_its_exact_gap():
    (row,) = compare.against_targets(results(("42", 2668, 34996)), [target()], JULY).to_dict("records")
    assert not row["met"]
    assert row["shortfall"] == 20 - Fraction(266800, 34996)
    assert (row["target"], row["legal_source"]) == (Decimal(20), "Chỉ thị")


def test_target_met_exactly():
    (row,) = compare.against_targets(results(("42", 1, 5)), [target()], JULY).to_dict("records")
    assert row["met"]
    assert row["shortfall"] == 0


def test_target_that_must_not_be_exceeded():
    rows = results(("42", 1, 4), ("42T", 1, 10))
    found = compare.against_targets(rows, [target(comparison="<=")], JULY)
    assert found["met"].tolist() == [False, True]
    assert found["shortfall"].tolist() == [5, 0]


def test_no_target_in_force_or_no_value_gives_no_row():
    assert not len(compare.against_targets(results(("42", 1, 4)), [target(valid_to=date(2025, 7, 30))], JULY))
    assert not len(compare.against_targets(results(("42", 1, 0)), [target()], JULY))
    assert not len(compare.against_targets(results(("42", 1, 4), name="online_share"), [target()], JULY))


def test_the_decreed_target_of_2019_is_missed(root):
    quarter = Period.parse("2019-Q1")
    rows = results(("42", 2668, 34996), name="level_34_share")
    (row,) = compare.against_targets(rows, load_targets(root), quarter).to_dict("records")
    assert row["target"] == 20
    assert not row["met"]


# --- ranks -------------------------------------------------------------------------------------------------------
def test_competition_ranks():
    assert compare.rank_values(pd.Series([90.12, 94.13, 92, 92, 80.1])).tolist() == [4, 1, 2, 2, 5]
    assert compare.rank_values(pd.Series([1, 2, 2]), highest_first=False).tolist() == [1, 2, 2]


def test_rates_printed_alike_are_tied_and_99_997_is_below_100():
    rows = results(("a", 99_997, 100_000), ("b", 50, 50), ("c", 99_990, 100_000), ("d", 30, 30))
    ranked = compare.rank_rates(rows, 30)
    assert dict(zip(ranked["unit"], ranked["rank"], strict=True)) == {"b": 1, "d": 1, "a": 3, "c": 3}
    assert ranked["unit"].tolist() == ["b", "d", "a", "c"]


def test_small_denominators_are_not_ranked():
    rows = results(("a", 29, 29), ("b", 20, 30), ("c", None, 90), ("d", 0, 0))
    assert compare.rank_rates(rows, 30)["unit"].tolist() == ["b"]
    assert compare.rank_rates(results(("d", 0, 0)), 0).empty


def test_lowest_first():
    ranked = compare.rank_rates(results(("a", 90, 100), ("b", 80, 100)), 30, highest_first=False)
    assert ranked["unit"].tolist() == ["b", "a"]
    assert ranked["rank"].tolist() == [1, 2]


def test_places_are_never_cut_inside_a_tie():
    rows = results(*((code, top, 100) for code, top in zip("abcdef", (99, 98, 97, 97, 97, 90), strict=True)))
    ranked = compare.rank_rates(rows, 30)
    assert compare.take_places(ranked, 3)["unit"].tolist() == ["a", "b", "c", "d", "e"]
    assert compare.take_places(ranked, 2)["unit"].tolist() == ["a", "b"]


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 500)), max_size=12), st.integers(1, 6))
def test_whoever_is_left_out_is_strictly_worse(pairs, places):
    rows = results(*((str(at), min(pair), max(pair)) for at, pair in enumerate(pairs)))
    ranked = compare.rank_rates(rows, 30)
    taken = compare.take_places(ranked, places)
    rest = ranked[~ranked["unit"].isin(taken["unit"])]
    assert len(taken) >= min(places, len(ranked))
    assert rest.empty or rest["printed"].max() < taken["printed"].min()
