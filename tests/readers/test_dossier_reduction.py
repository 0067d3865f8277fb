"""Dossiers to counts: held against a slow count of each predicate, and against the identities of Biểu II.06."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import pytest
from hypothesis import HealthCheck, given, settings

import dossier_oracle as oracle
from baocao.definitions.measures import load_measures
from baocao.readers.dossiers.events import calendar, check_windows, default_windows, window_table
from baocao.readers.dossiers.reduction import read_history, reduce_dossiers
from dossier_oracle import expected, listed, table_of

JULY = (date(2025, 7, 1), date(2025, 7, 31))
AUGUST = (date(2025, 8, 1), date(2025, 8, 31))
BEFORE = {
    "unit": "Xã A",
    "received": date(2025, 1, 2),
    "status": 9,
    "finished": date(2025, 1, 3),
    "due": date(2025, 1, 9),
}


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture(scope="module")
def engine():
    return ibis.duckdb.connect(threads=1)


@pytest.fixture(scope="module")
def reduce(engine, measures):
    """Values by (unit, first day, last day, measure)."""

    def run(rows, windows, as_of=None):
        dossiers = engine.create_table("dossiers", table_of(rows), overwrite=True)
        return listed(reduce_dossiers(dossiers, windows, as_of or windows[-1][1], measures).to_pandas())

    return run


def july(reduce, *rows: dict, unit: str = "Xã A") -> dict[str, int]:
    """The measures of July that are not zero, of dossiers beside one that ended long ago."""
    found = reduce([BEFORE, *({"unit": unit} | row for row in rows)], [JULY])
    return {key[3]: value for key, value in found.items() if value and key[0] == unit}


# --- Against the slow count ---------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=oracle.TABLES, windows=oracle.window_lists())
def test_every_count_is_what_the_predicates_say(reduce, measures, rows, windows):
    assert reduce(rows, windows) == expected(rows, windows, measures)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=oracle.TABLES, windows=oracle.window_lists())
def test_a_window_alone_says_what_it_says_among_others(engine, measures, rows, windows):
    """Also where little of a long history is alive: the table is then cut down first."""
    long_ago = {**BEFORE, "unit": "Xã A", "received": date(2015, 1, 1), "finished": date(2015, 1, 2)}
    dossiers = engine.create_table("dossiers", table_of([long_ago, *rows]), overwrite=True)
    history = read_history(dossiers)
    found = listed(reduce_dossiers(dossiers, windows, windows[-1][1], measures, history).to_pandas())
    start, end = windows[-1]
    alone = listed(reduce_dossiers(dossiers, [(start, end)], end, measures, history).to_pandas())
    assert alone == {key: value for key, value in found.items() if key[1] == start}
    assert alone == expected([long_ago, *rows], [(start, end)], measures)


# --- The rules one by one -----------------------------------------------------------------------------------------


def day(number: int, month: int = 7) -> date:
    return date(2025, month, number)


def test_a_finished_dossier_is_judged_by_whole_days(reduce):
    early, on_time, late = (
        {"received": day(1), "due": day(10), "finished": day(end), "status": 10, "channel": 2}
        for end in (9, 10, 11)
    )
    found = july(reduce, early, on_time, late)
    assert (found["resolved_early"], found["resolved_on_time"], found["resolved_late"]) == (1, 1, 1)
    assert (found["portal_resolved_on_time"], found["portal_resolved_late"]) == (2, 1)
    assert "pending_in_time" not in found
    assert found["filed_online"] == 3


def test_the_end_is_the_handling_not_the_handing_over(reduce):
    found = july(
        reduce, {"received": day(1), "due": day(10), "finished": day(10), "returned": day(20), "status": 10}
    )
    assert found["resolved_on_time"] == 1


def test_a_returned_dossier_is_on_time_here_and_late_on_the_portal(reduce):
    found = july(reduce, {"received": day(1), "due": day(10), "stopped": day(20), "status": 7})
    assert (found["resolved_on_time"], found["portal_resolved_late"]) == (1, 1)


def test_a_dossier_returned_later_was_pending_before(reduce):
    found = july(reduce, {"received": day(1), "due": day(10), "stopped": day(20, 8), "status": 7})
    assert (found["pending_overdue"], found["portal_pending_late"]) == (1, 1)
    assert "resolved_on_time" not in found


@pytest.mark.parametrize(
    ("due", "measure"), [(31, "pending_in_time"), (30, "pending_overdue"), (None, "pending_in_time")]
)
def test_what_is_due_on_the_last_day_is_in_time(reduce, due, measure):
    assert july(reduce, {"received": day(1), "due": due and day(due), "status": 4})[measure] == 1


@pytest.mark.parametrize("status", [5, 6, 8])
def test_a_suspended_dossier_is_in_time_here(reduce, status):
    found = july(reduce, {"received": day(1), "due": day(2), "status": status})
    assert found["pending_in_time"] == 1
    assert found["portal_pending_late"] == 1


@pytest.mark.parametrize(("requests", "measure"), [(1, "portal_pending_on_time"), (2, "portal_pending_late")])
def test_the_portal_stops_its_clock_at_the_first_request_only(reduce, requests, measure):
    waiting = {
        "received": day(1),
        "due": day(8),
        "status": 5,
        "supplement_requested": day(5),
        "supplements": requests,
    }
    assert july(reduce, waiting)[measure] == 1


def test_days_of_waiting_are_not_counted_by_the_portal(reduce):
    waited = {"due": day(10), "supplement_requested": day(5), "supplement_returned": day(9), "supplements": 1}
    found = july(
        reduce,
        {"received": day(1), "finished": day(14), "status": 9, **waited},
        {"received": day(1), "finished": day(15), "status": 9, **waited},
    )
    assert (found["portal_resolved_on_time"], found["portal_resolved_late"], found["resolved_late"]) == (
        1,
        1,
        2,
    )


def test_without_a_day_promised_the_portal_takes_the_duration_of_the_procedure(reduce):
    ends = [{"received": day(1), "legal_days": 5, "finished": day(end), "status": 9} for end in (6, 7)]
    found = july(reduce, *ends)
    assert (found["portal_resolved_on_time"], found["portal_resolved_late"], found["resolved_on_time"]) == (
        1,
        1,
        2,
    )


def test_a_stopped_dossier_has_ended_for_the_portal_only(reduce):
    found = july(reduce, {"received": day(1), "due": day(10), "stopped": day(5), "status": 8})
    assert (found["pending_in_time"], found["portal_resolved_on_time"]) == (1, 1)


@pytest.mark.parametrize("status", [1, 3, None])
def test_what_was_not_received_counts_nowhere(reduce, status):
    assert july(reduce, {"received": day(1), "status": status, "channel": 2}) == {}


def test_the_identities_of_the_form_hold(reduce):
    rows = [BEFORE] + [
        {
            "unit": f"Xã {number % 3}",
            "received": day(1) + timedelta(days=number % 40),
            "due": day(5) + timedelta(days=number % 37),
            "finished": day(1) + timedelta(days=number % 40 + number % 23),
            "status": [2, 4, 5, 6, 7, 8, 9, 10, 10, 10][number % 10],
            "channel": 1 + number % 3,
        }
        for number in range(300)
    ]
    found = reduce(rows, [JULY, AUGUST])
    for unit in ("Xã 0", "Xã 1", "Xã 2"):
        one, two = (
            {key[3]: value for key, value in found.items() if key[:2] == (unit, start)}
            for start, _ in (JULY, AUGUST)
        )
        for month in (one, two):
            taken = month["filed_online"] + month["filed_direct"] + month["carried_over"]
            resolved = month["resolved_early"] + month["resolved_on_time"] + month["resolved_late"]
            assert taken == resolved + month["pending_in_time"] + month["pending_overdue"]
        assert two["carried_over"] == one["pending_in_time"] + one["pending_overdue"]


def test_what_is_unknown_is_not_zero(reduce):
    found = reduce([{"unit": "Xã A", "received": day(3), "status": 4, "level": 2}], [JULY, AUGUST])
    first = {key[3] for key in found if key[1] == JULY[0]}
    second = {key[3]: value for key, value in found.items() if key[1] == AUGUST[0]}
    assert {"online_base", "eligible_received"} <= first
    assert first.isdisjoint({"carried_over", "pending_in_time", "filed_online", "paid_online", "level_base"})
    assert second == {
        "online_base": 0,
        "carried_over": 1,
        "result_base": 0,
    }  # no channel, no day promised in the table


# --- Windows ------------------------------------------------------------------------------------------------------


def test_months_and_what_is_left_of_the_last_one():
    windows = default_windows(date(2024, 11, 20), date(2025, 2, 10))
    assert [start for start, _ in windows] == [
        date(2024, 11, 1),
        date(2024, 12, 1),
        date(2025, 1, 1),
        date(2025, 2, 1),
    ]
    assert windows[-1][1] == date(2025, 2, 10)
    assert default_windows(date(2025, 2, 1), date(2025, 2, 28)) == [(date(2025, 2, 1), date(2025, 2, 28))]
    assert default_windows(date(2025, 2, 2), date(2025, 2, 1)) == []


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        ([], "at least one"),
        ([JULY, (date(2025, 8, 2), date(2025, 8, 31))], "does not begin"),
        ([JULY, JULY], "does not begin"),
        ([(date(2025, 7, 2), date(2025, 7, 1))], "ends before"),
        ([JULY, AUGUST], "not known yet"),
    ],
)
def test_windows_that_cannot_be_counted(windows, words):
    with pytest.raises(ValueError, match=words):
        check_windows(windows, date(2025, 8, 24))


def test_every_day_has_its_window():
    days = calendar([JULY, AUGUST])
    assert len(days) == 62
    assert days["window"].tolist() == [0] * 31 + [1] * 31
    assert window_table([JULY, AUGUST])["period_end"].tolist() == [JULY[1], AUGUST[1]]
