"""Where a unit stands: targets in dossiers too, ties as ties, ranks only against the very same units."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis import targets_and_ranks
from baocao.analysis.comparison import compare
from baocao.analysis.coverage import COVERED
from baocao.definitions.indicators import INDICATORS, indicator
from baocao.definitions.periods import Period
from baocao.definitions.targets import Target, load_targets

QUARTER = Period.parse("2019-Q1")
JULY, JUNE = Period.parse("2025-07"), Period.parse("2025-06")
LETTER = "Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà Tĩnh"


def results(*rows, name="on_time_rate", period=JULY) -> pd.DataFrame:
    """Results from (unit, numerator, denominator)."""
    full = [
        (
            name,
            unit,
            period.code,
            top,
            bottom,
            100 * top / bottom if bottom else None,
            "received",
            2,
            False,
            (),
        )
        for unit, top, bottom in rows
    ]
    return pd.DataFrame(full, columns=COVERED).astype({"numerator": "Int64", "denominator": "Int64"})


def compared(now, before=(), name="on_time_rate", period=JULY, base=JUNE) -> pd.DataFrame:
    tables = results(*now, name=name, period=period), results(*before, name=name, period=base)
    return compare(*tables, INDICATORS, period, base)


# --- targets -----------------------------------------------------------------------------------------------------
def target(
    value="20", comparison=">=", scope="all", first="2018-05-17", last=None, name="on_time_rate"
) -> Target:
    days = (date.fromisoformat(day) if day else None for day in (first, last))
    return Target(name, scope, Decimal(value), comparison, *days, LETTER)


def against(targets, *rows, kind="commune", period=JULY) -> list[dict]:
    kinds = {row[0]: kind for row in rows}
    found = targets_and_ranks.add_targets(compared(rows, period=period), targets, period, kinds)
    assert list(found.columns)[-len(targets_and_ranks.TARGETS) :] == targets_and_ranks.TARGETS
    return found.to_dict("records")


def test_the_dossiers_still_missing_in_the_first_quarter_of_2019(root):
    """Seed 003: 2.668 of 34.996 against at least 20% is 4.332 dossiers short."""
    now = results(("42", 2668, 34996), name="level_34_share", period=QUARTER)
    base = now.iloc[:0]
    table = compare(now, base, INDICATORS, QUARTER, QUARTER.previous())
    (row,) = targets_and_ranks.add_targets(table, load_targets(root), QUARTER, {"42": "province"}).to_dict(
        "records"
    )
    assert (row["target"], row["met"], row["shortfall_dossiers"]) == (20, False, 4332)
    assert row["shortfall_pp"] == 20 - Fraction(266800, 34996)
    assert row["target_source"] == LETTER
    assert row["no_target"] == ""


@pytest.mark.parametrize(
    ("numerator", "denominator", "met", "dossiers"),
    [(1, 5, True, 0), (0, 5, False, 1), (199, 1000, False, 1), (0, 1, False, 1), (300, 1000, True, 0)],
)
def test_a_target_to_reach(numerator, denominator, met, dossiers):
    (row,) = against([target()], ("a", numerator, denominator))
    assert (row["met"], row["shortfall_dossiers"]) == (met, dossiers)
    assert (row["shortfall_pp"] == 0) == met


def test_a_target_not_to_exceed_counts_the_dossiers_too_many():
    most, some = against([target(comparison="<=")], ("a", 25, 100), ("b", 20, 100))
    assert (most["met"], most["shortfall_pp"], most["shortfall_dossiers"], most["at_most"]) == (
        False,
        5,
        5,
        True,
    )
    assert (some["met"], some["shortfall_pp"], some["shortfall_dossiers"]) == (True, 0, 0)


def test_a_unit_without_a_value_neither_meets_nor_misses_a_target():
    (row,) = against([target()], ("a", 0, 0))
    assert row["target"] == 20
    assert row["met"] is None
    assert pd.isna(row["shortfall_dossiers"])


def test_the_target_of_another_indicator_is_not_applied():
    (row,) = against([target(name="online_share")], ("a", 1, 4))
    assert (row["target"], row["met"], row["no_target"]) == (None, None, "")


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        ("2025-08-01", None, "chỉ tiêu chỉ có hiệu lực từ ngày 01/08/2025"),
        ("2025-07-02", None, "chỉ tiêu chỉ có hiệu lực từ ngày 02/07/2025"),
        ("2018-05-17", "2025-07-30", "chỉ tiêu chỉ có hiệu lực đến hết ngày 30/07/2025"),
        ("2018-05-17", "2020-12-31", "chỉ tiêu chỉ có hiệu lực đến hết ngày 31/12/2020"),
    ],
)
def test_a_target_that_is_not_in_force_on_every_day_is_not_applied(first, last, sentence):
    (row,) = against([target(first=first, last=last)], ("a", 1, 10))
    assert row["target"] is None
    assert row["met"] is None
    assert row["no_target"] == sentence


def test_the_target_of_the_post_was_not_yet_in_force_in_the_first_quarter_of_2019(root):
    targets = load_targets(root)
    assert targets_and_ranks.find_target(targets, "post_reception_share", "province", QUARTER) is None
    told = targets_and_ranks.refuse_target(targets, "post_reception_share", "province", QUARTER)
    assert told == ("chỉ tiêu chỉ có hiệu lực từ ngày ", date(2019, 4, 1))


def test_a_target_for_one_kind_comes_before_one_for_all_and_the_newest_first():
    everybody, communes = target("20"), target("70", scope="commune")
    newer = target("80", scope="commune", first="2025-01-01")
    assert (
        targets_and_ranks.find_target([everybody, communes, newer], "on_time_rate", "commune", JULY) is newer
    )
    assert (
        targets_and_ranks.find_target([everybody, communes], "on_time_rate", "department", JULY) is everybody
    )
    assert targets_and_ranks.find_target([communes], "on_time_rate", "department", JULY) is None
    assert targets_and_ranks.refuse_target([communes], "on_time_rate", "department", JULY) == ()


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 100))
def test_the_dossiers_missing_reach_the_target_and_no_fewer_do(one, other, wanted):
    numerator, denominator = min(one, other), max(one, other)
    gap, dossiers = targets_and_ranks.shortfall(target(str(wanted)), numerator, denominator)
    reached = Fraction(100 * (numerator + dossiers), denominator)
    assert reached >= wanted
    assert dossiers == 0 or Fraction(100 * (numerator + dossiers - 1), denominator) < wanted
    assert (gap == 0) == (dossiers == 0)


# --- ranks -------------------------------------------------------------------------------------------------------
def ranked(now, before, within=None, name="on_time_rate") -> dict[str, dict]:
    table = compared(now, before, name)
    within = [row[0] for row in now] if within is None else within
    found = targets_and_ranks.add_ranks(table, INDICATORS, within)
    return {row["unit"]: row for row in found.to_dict("records")}


def test_ties_share_a_rank_and_say_so():
    now = [("a", 90, 100), ("b", 80, 100), ("c", 80, 100), ("d", 99_997, 100_000), ("e", 99_990, 100_000)]
    found = ranked(now, now)
    assert {code: row["rank"] for code, row in found.items()} == {"d": 1, "e": 1, "a": 3, "b": 4, "c": 4}
    assert {code for code, row in found.items() if row["tied"]} == {"b", "c", "d", "e"}
    assert {row["out_of"] for row in found.values()} == {5}
    assert {row["rank_change"] for row in found.values()} == {0}


def test_places_gained_are_positive():
    found = ranked([("a", 90, 100), ("b", 80, 100)], [("a", 70, 100), ("b", 75, 100)])
    assert (found["a"]["base_rank"], found["a"]["rank"], found["a"]["rank_change"]) == (2, 1, 1)
    assert found["b"]["rank_change"] == -1


def test_small_denominators_are_marked_and_not_ranked():
    now = [("a", 29, 29), ("b", 20, 30), ("c", 25, 50)]
    found = ranked(now, now)
    assert [found[code]["small"] for code in "abc"] == [True, False, False]
    assert pd.isna(found["a"]["rank"])
    assert (found["b"]["rank"], found["b"]["out_of"]) == (1, 2)


@pytest.mark.parametrize(
    "before",
    [
        [("a", 70, 100)],  # b did not report
        [("a", 70, 100), ("b", 10, 20)],  # too few dossiers
        [("a", 70, 100), ("b", 0, 0)],
    ],
)
def test_ranks_among_other_units_are_not_compared(before):
    found = ranked([("a", 90, 100), ("b", 80, 100)], before)
    assert (found["a"]["base_rank"], found["a"]["base_out_of"]) == (1, 1)
    assert pd.isna(found["a"]["rank_change"])
    assert pd.isna(found["b"]["base_rank"])


def test_only_the_units_of_the_group_are_ranked():
    found = ranked([("a", 90, 100), ("b", 80, 100), ("42", 85, 100)], [], within=["a", "b"])
    assert pd.isna(found["42"]["rank"])
    assert not found["42"]["tied"]
    assert found["b"]["rank"] == 2


def test_counts_are_ranked_by_their_number():
    found = ranked([("a", 7, None), ("b", 9, None), ("c", None, None)], [], name="received")
    assert (found["b"]["rank"], found["a"]["rank"], found["a"]["out_of"]) == (1, 2, 2)
    assert pd.isna(found["c"]["rank"])


def test_an_indicator_of_which_less_is_better():
    assert indicator("on_time_rate").higher_is_better
    table = compared([("a", 90, 100), ("b", 80, 100)])
    worse = [type(one)(**{**vars(one), "higher_is_better": False}) for one in INDICATORS]
    found = targets_and_ranks.add_ranks(table, worse, ["a", "b"])
    assert found["rank"].tolist() == [2, 1]


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8), st.randoms(use_true_random=False)
)
def test_the_order_of_rows_never_matters(pairs, random):
    now = [(str(at), min(pair), max(pair)) for at, pair in enumerate(pairs)]
    shuffled = random.sample(now, len(now))
    one, other = ranked(now, now), ranked(shuffled, random.sample(now, len(now)))
    for code, row in one.items():
        for column in targets_and_ranks.RANKS:
            same = (row[column], other[code][column])
            assert all(map(pd.isna, same)) or same[0] == same[1]


@pytest.mark.parametrize(
    ("given_ranks", "change", "reason"),
    [
        ((37, 63, 59, 63), 22, ""),
        ((25, 63, 37, 63), 12, ""),
        ((18, 63, 18, 63), 0, ""),
        ((5, 34, 37, 63), None, "số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau"),
        ((5, None, 37, 63), None, "số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau"),
        ((None, None, 25, 63), None, "chưa có thứ hạng của một trong hai kỳ"),
        ((25, 63, None, 63), None, "chưa có thứ hạng của một trong hai kỳ"),
    ],
)
def test_published_ranks_are_compared_on_the_same_base_only(given_ranks, change, reason):
    found, told = targets_and_ranks.change_of_rank(*given_ranks)
    assert (found, "".join(told)) == (change, reason)
