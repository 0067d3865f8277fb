"""Places, means, distances, sums: on the real scores of 34 provinces and on small made-up captures."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from random import Random

import pandas as pd
import pytest

from baocao.analysis import scores
from baocao.definitions.indices import load_index
from baocao.definitions.periods import Period
from baocao.store import facts

COLUMNS = ["index", "unit", "period", "as_of", "component", "score", "maximum", "rank", "out_of", "source"]
YEAR = Period.parse("2026")


@pytest.fixture(scope="module")
def index(root):
    return load_index(root, "service_index", date(2026, 10, 6))


@pytest.fixture(scope="module")
def published(root):
    return facts.open_facts(root).scores


@pytest.fixture(scope="module")
def national(published, index):
    rows = scores.add_shown_groups(scores.take_snapshot(published, "service_index", YEAR, "42"), index)
    return scores.rank_units(rows, list(rows["unit"]))


def capture(*rows: tuple, period: str = "2026", as_of: date | None = date(2026, 10, 6)) -> pd.DataFrame:
    """A frame of scores from (unit, component, score) or (unit, component, score, rank, out_of)."""
    found = [
        ("service_index", unit, period, as_of, component, score, None, *(rest or (pd.NA, pd.NA)), "received")
        for unit, component, score, *rest in rows
    ]
    return pd.DataFrame(found, columns=COLUMNS)


def place(ranked: pd.DataFrame, unit: str, component: str = "total") -> tuple[int, int, int]:
    row = ranked[(ranked["unit"] == unit) & (ranked["component"] == component)].iloc[0]
    return int(row["place"]), int(row["tied"]), int(row["among"])


# --- the real scores of 06/10/2026 -----------------------------------------------------------------------------
def test_34_provinces_are_captured(national):
    assert national["unit"].nunique() == 34
    assert set(national["component"].value_counts()) == {34}


def test_places_of_totals_are_the_published_ones(national):
    totals = national[national["component"] == "total"]
    assert (totals["place"] == totals["rank"]).all()
    assert place(national, "42") == (31, 0, 34)


def test_ties_inside_a_group_share_a_place(national):
    eight = national[(national["component"] == "transparency") & (national["score"] == 8)]
    assert len(eight) == 7
    assert set(eight["place"]) == {25} and set(eight["tied"]) == {6}
    assert place(national, "42", "satisfaction") == (28, 1, 34) == place(national, "86", "satisfaction")


def test_means_are_those_of_the_portal(national):
    printed = {"total": "61.88", "transparency": "10.07", "timeliness": "17.53", "provide_online": "8.32"}
    printed |= {
        "digitisation": "9.47",
        "satisfaction": "10.10",
        "online_payment": "6.39",
        "online_service": "14.71",
    }
    assert scores.compute_means(national) == {name: Fraction(mean) for name, mean in printed.items()}


def test_every_total_is_the_sum_of_its_groups(national, index):
    checks = scores.check_totals(national, index)
    assert len(checks) == 34 and checks["agrees"].all() and set(checks["difference"]) == {0}


def test_dich_vu_truc_tuyen_is_the_sum_of_its_two_parts(national):
    row = national[(national["unit"] == "42") & (national["component"] == "online_service")].iloc[0]
    assert (row["score"], row["maximum"], row["facts"]) == (Fraction("14.83"), 22, 2)


# --- the published figures of 2025 -----------------------------------------------------------------------------
def test_july_2025_has_five_groups_that_add_up(published, index):
    rows = scores.take_snapshot(published, "service_index", Period.parse("2025-07"), "42")
    rows = scores.add_shown_groups(rows, index)
    (check,) = scores.check_totals(rows, index).to_dict("records")
    assert check["recomputed"] == Fraction("78.18") and check["agrees"]


def test_seven_months_of_2025_have_totals_only(published, index):
    rows = scores.take_snapshot(published, "service_index", Period.parse("2025-M7"), "42")
    rows = scores.add_shown_groups(rows, index)
    assert len(rows) == 9 and set(rows["component"]) == {"total"}
    assert scores.check_totals(rows, index).empty


# --- rules -----------------------------------------------------------------------------------------------------
def test_equal_scores_share_a_place_and_the_next_ones_are_skipped(index):
    rows = capture(("1", "total", 90), ("2", "total", 80.1), ("3", "total", 80.10), ("4", "total", 70))
    ranked = scores.rank_units(scores.add_shown_groups(rows, index), "1234")
    assert [place(ranked, unit) for unit in "1234"] == [(1, 0, 4), (2, 1, 4), (2, 1, 4), (4, 0, 4)]


def test_the_order_of_rows_never_matters(published, index, national):
    rows = scores.take_snapshot(published, "service_index", YEAR, "42")
    mixed = rows.sample(frac=1, random_state=Random(7).randrange(100))
    ranked = scores.rank_units(scores.add_shown_groups(mixed, index), list(mixed["unit"]))
    key = ["unit", "component"]
    columns = [*key, "place", "tied", "among"]
    expected, got = (frame.sort_values(key)[columns].reset_index(drop=True) for frame in (national, ranked))
    pd.testing.assert_frame_equal(expected, got, check_dtype=False)
    assert scores.compute_means(ranked) == scores.compute_means(national)


def test_only_the_units_asked_for_are_ranked(index):
    rows = scores.add_shown_groups(capture(("1", "total", 90), ("2", "total", 80)), index)
    assert place(scores.rank_units(rows, ["2"]), "2") == (1, 0, 1)
    assert scores.rank_units(rows, []).empty
    assert scores.compute_means(scores.rank_units(rows, [])) == {}


def test_of_several_captures_the_newest_is_taken_whole():
    frames = [
        capture(("42", "total", 50), ("1", "total", 60), as_of=date(2026, 9, 1)),
        capture(("42", "total", 55), as_of=date(2026, 10, 6)),
        capture(("42", "total", 40), as_of=None),
        capture(("1", "total", 99), as_of=date(2026, 11, 1)),
    ]
    for order in (frames, frames[::-1]):
        taken = scores.take_snapshot(pd.concat(order), "service_index", YEAR, "42")
        assert taken[["unit", "score"]].values.tolist() == [["42", 55]]
    undated = scores.take_snapshot(frames[2], "service_index", YEAR, "42")
    assert undated["score"].tolist() == [40]


def test_no_total_is_no_capture():
    rows = capture(("42", "timeliness", 18), ("1", "total", 60))
    assert scores.take_snapshot(rows, "service_index", YEAR, "42").empty
    assert scores.take_snapshot(rows, "service_index", Period.parse("2025"), "1").empty


def test_a_missing_part_leaves_the_shown_group_missing(index):
    rows = scores.add_shown_groups(capture(("42", "total", 50), ("42", "provide_online", 8)), index)
    assert "online_service" not in set(rows["component"])
    assert rows["maximum"].tolist() == [100, 12]


def test_a_published_shown_group_is_not_replaced(index):
    parts = (("42", "provide_online", 8), ("42", "online_payment", 6), ("42", "online_service", 14.5))
    rows = scores.add_shown_groups(capture(("42", "total", 50), *parts), index)
    assert rows[rows["component"] == "online_service"]["score"].tolist() == [Fraction("14.5")]


def test_a_total_that_its_groups_miss_by_more_than_rounding_is_told(index):
    groups = [("42", group.name, 5) for group in index.groups]
    for total, agrees in ((30.01, True), (30.015, True), (29.98, False), (30.02, False)):
        rows = scores.add_shown_groups(capture(("42", "total", total), *groups), index)
        (check,) = scores.check_totals(rows, index).to_dict("records")
        assert check["agrees"] is agrees and check["recomputed"] == 30


# --- comparison with an earlier result -------------------------------------------------------------------------
def earlier(index, period: str, now: pd.DataFrame, *others: pd.DataFrame):
    parsed = Period.parse(period)
    snapshot = scores.take_snapshot(now, "service_index", parsed, "42")
    return scores.find_earlier(pd.concat([now, *others]), index, parsed, snapshot, "42")


def test_2025_and_2026_are_never_compared(published, index):
    snapshot = scores.take_snapshot(published, "service_index", YEAR, "42")
    found = scores.find_earlier(published, index, YEAR, snapshot, "42")
    assert (found.period.code, found.score, found.reason) == ("2025-M7", Fraction("82.13"), "break")


def test_a_month_and_seven_months_are_never_compared(published, index):
    period = Period.parse("2025-M7")
    snapshot = scores.take_snapshot(published, "service_index", period, "42")
    found = scores.find_earlier(published, index, period, snapshot, "42")
    assert (found.period.code, found.as_of, found.reason) == ("2025-07", date(2025, 7, 24), "window")


def test_two_captures_of_one_period_are_compared_with_their_ranks(index):
    now = capture(("42", "total", 58, 29, 34), as_of=date(2026, 10, 13))
    before = capture(("42", "total", 56.67, 31, 34), as_of=date(2026, 10, 6))
    found = earlier(index, "2026", now, before)
    assert (found.score, found.rank, found.reason, found.same_base) == (Fraction("56.67"), 31, "", True)


def test_a_comparable_result_is_preferred_to_a_newer_one_that_is_not(index):
    now = capture(("42", "total", 58), period="2026-09", as_of=date(2026, 9, 30))
    month = capture(("42", "total", 57), period="2026-08", as_of=date(2026, 8, 31))
    quarter = capture(("42", "total", 60), period="2026-Q3", as_of=date(2026, 9, 15))
    assert earlier(index, "2026-09", now, month, quarter).period.code == "2026-08"
    assert earlier(index, "2026-09", now, quarter).reason == "window"


def test_ranks_of_63_and_of_34_have_no_common_base(index):
    now = capture(("42", "total", 58, 29, 34), period="2026-09", as_of=date(2026, 9, 30))
    before = capture(("42", "total", 57, 31, 63), period="2026-08", as_of=date(2026, 8, 31))
    assert not earlier(index, "2026-09", now, before).same_base


def test_later_results_and_other_units_are_not_looked_at(index):
    now = capture(("42", "total", 58))
    later = capture(("42", "total", 60), as_of=date(2026, 12, 1))
    other = capture(("1", "total", 60), as_of=date(2026, 9, 1))
    assert earlier(index, "2026", now, other) is None
    snapshot = scores.take_snapshot(now, "service_index", YEAR, "42")
    assert scores.find_earlier(pd.concat([now, later]), index, YEAR, snapshot, "42") is None
