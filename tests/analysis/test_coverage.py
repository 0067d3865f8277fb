"""Whose reports a figure is made of: groups as sums, the silent ones named, old units summed for new ones."""

from __future__ import annotations

from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis import coverage
from baocao.analysis.coverage import COVERED, Wanted, compute_covered, cover, needed_measures
from baocao.analysis.lineage import build_bridge
from baocao.analysis.rates import kind_unit, leaf_counts, life_windows
from baocao.definitions.indicators import indicator
from baocao.definitions.measures import load_measures
from baocao.definitions.periods import Period
from baocao.store.cover_periods import tile

JUNE, JULY, YEAR_BEFORE = (Period.parse(code) for code in ("2025-06", "2025-07", "2024-07"))
RATE = ("resolved_early", "resolved_on_time", "resolved_late")
NONE_REPORTED = pd.DataFrame(columns=["unit", "measure", "value", "source", "facts"])


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


def counts(period: Period, *rows: tuple, source: str = "received") -> pd.DataFrame:
    """Counts of one window from (unit, measure, value)."""
    full = [(unit, period.start, period.end, measure, value, source) for unit, measure, value in rows]
    return pd.DataFrame(full, columns=["unit", "period_start", "period_end", "measure", "value", "source"])


@pytest.fixture(scope="module")
def results(register, measures):
    """Results by (indicator, unit) from counts; `wanted` units by code or as they are, with what is summed for them."""

    def compute(table: pd.DataFrame, names, *wanted, period: Period = JULY) -> dict[tuple[str, str], dict]:
        asked = [one if isinstance(one, Wanted) else Wanted(period, _unit(one)) for one in wanted]
        windows = life_windows(register, period)
        leaves = leaf_counts(windows, {part: tile(table, part, register, measures) for part in windows})
        reported = tile(table, period, register, measures)
        needed = needed_measures(names, measures)
        covered = cover(leaves, reported, register, needed, dict(enumerate(asked)))
        found = compute_covered(covered, asked, names, measures)
        assert list(found.columns) == COVERED
        return {(row["indicator"], row["unit"]): row for row in found.to_dict("records")}

    def _unit(one):
        return register.get(one, JULY.end) if isinstance(one, str) else one

    return compute


def parts(row: dict) -> tuple:
    return tuple(None if pd.isna(row[name]) else int(row[name]) for name in ("numerator", "denominator"))


# --- units and groups --------------------------------------------------------------------------------------------
def test_a_rate_of_one_unit_and_a_bare_count(results):
    table = counts(JULY, *[("18229", name, value) for name, value in zip(RATE, (6, 3, 1), strict=True)])
    found = results(table, ["on_time_rate", "resolved", "received"], "18229", "18073")
    assert parts(found["on_time_rate", "18229"]) == (9, 10)
    assert found["on_time_rate", "18229"]["value"] == 90
    assert parts(found["resolved", "18229"]) == (10, None)
    assert found["resolved", "18229"]["value"] == 10
    for row in (found["on_time_rate", "18073"], found["received", "18229"]):
        assert parts(row) == (None, None)
        assert (row["source"], row["facts"], row["missing"]) == ("", 0, ())


def test_a_silent_unit_of_a_group_is_named_and_not_averaged_over(results, register):
    communes = [unit.code for unit in register.on(JULY.end) if unit.kind == "commune"]
    table = counts(JULY, *[(code, "filed_online", 10) for code in communes if code != "18229"])
    found = results(table, ["filed_online"], kind_unit("commune"), "42X", "42")
    for code in ("42-commune", "42X"):
        row = found["filed_online", code]
        assert (row["value"], row["missing"]) == (10 * 68, (register.get("18229", JULY.end),))
    assert register.get("HT-SCT", JULY.end) in found["filed_online", "42"]["missing"]


def test_what_was_reported_for_a_level_is_used_where_its_units_did_not_report(results):
    table = counts(JULY, ("42X", "filed_online", 99), ("18229", "filed_online", 10))
    found = results(table, ["filed_online"], "42X", kind_unit("commune"))
    assert (found["filed_online", "42X"]["value"], found["filed_online", "42X"]["missing"]) == (99, ())
    kind = found["filed_online", "42-commune"]  # nobody reports for a kind
    assert kind["value"] == 10
    assert len(kind["missing"]) == 68


def test_a_zero_denominator_and_an_indicator_not_in_force_have_no_value(results):
    table = counts(JULY, *[("18229", name, 0) for name in RATE], ("18229", "level_base", 10))
    found = results(table, ["on_time_rate", "level_34_share"], "18229")
    assert parts(found["on_time_rate", "18229"]) == (0, 0)
    assert pd.isna(found["on_time_rate", "18229"]["value"])
    assert parts(found["level_34_share", "18229"]) == (None, None)


def test_a_name_that_is_nothing_is_our_mistake(measures):
    with pytest.raises(ValueError, match="'tea' is neither an indicator nor a measure"):
        needed_measures(["tea"], measures)


def test_totals_bring_their_parts(measures):
    needed = list(needed_measures(["handled_total"], measures))
    assert set(needed) == {"filed_online", "filed_direct", "received", "carried_over", "handled_total"}
    assert needed[-1] == "handled_total"
    assert set(needed_measures(["on_time_rate"], measures)) == set(RATE)


def test_the_definition_is_the_one_of_the_whole_period():
    assert coverage.definition("level_34_share", Period.parse("2022-H1")) == indicator("level_34_share")
    assert coverage.definition("level_34_share", Period.parse("2022")) is None
    assert coverage.definition("eligible_online_share", Period.parse("2022-08")) is None


# --- properties --------------------------------------------------------------------------------------------------
PAIRS = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=69, max_size=69)


@settings(max_examples=20)
@given(PAIRS, st.randoms(use_true_random=False))
def test_a_group_is_the_ratio_of_its_sums_whatever_the_order_of_rows(results, register, pairs, random):
    communes = [unit.code for unit in register.on(JULY.end) if unit.kind == "commune"]
    rows = [
        (code, name, value)
        for code, (early, late) in zip(communes, pairs, strict=True)
        for name, value in zip(RATE, (early, 0, late), strict=True)
    ]
    group = kind_unit("commune")
    row = results(counts(JULY, *rows), ["on_time_rate"], group)["on_time_rate", group.code]
    early, late = (sum(values) for values in zip(*pairs, strict=True))
    assert parts(row) == (early, early + late)
    if early + late:
        assert row["value"] == pytest.approx(float(Fraction(100 * early, early + late)))
    random.shuffle(rows)
    assert results(counts(JULY, *rows), ["on_time_rate"], group)[
        "on_time_rate", group.code
    ] == row or pd.isna(row["value"])


@settings(max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), min_size=4, max_size=4))
def test_a_bridged_base_is_the_sum_of_the_old_units(results, register, pairs):
    new = register.get("18229", JULY.end)
    bridge = build_bridge(register, new, JULY, YEAR_BEFORE)
    rows = [
        (old.code, name, value)
        for old, (early, late) in zip(bridge.units, pairs, strict=True)
        for name, value in zip(RATE, (early, 0, late), strict=True)
    ]
    rows.append(("18073", "resolved_early", 5))  # another unit
    wanted = Wanted(YEAR_BEFORE, new, bridge.units)
    row = results(counts(YEAR_BEFORE, *rows), ["on_time_rate"], wanted, period=YEAR_BEFORE)[
        "on_time_rate", "18229"
    ]
    early, late = (sum(values) for values in zip(*pairs, strict=True))
    assert (parts(row), row["missing"]) == ((early, early + late), ())


def test_a_silent_old_unit_is_named_in_the_bridge(results, register):
    new = register.get("18229", JULY.end)
    bridge = build_bridge(register, new, JULY, YEAR_BEFORE)
    rows = [(old.code, "filed_online", 7) for old in bridge.units[1:]]
    wanted = Wanted(YEAR_BEFORE, new, bridge.units)
    row = results(counts(YEAR_BEFORE, *rows), ["filed_online"], wanted, period=YEAR_BEFORE)[
        "filed_online", "18229"
    ]
    assert (row["value"], row["missing"]) == (21, (bridge.units[0],))


def test_stocks_and_flows_of_a_bridge_across_a_reform(results, register):
    """First half of 2025, base of the second: departments that merged in March, summed to the unit of today."""
    half = Period.parse("2025-H1")
    new = register.get("HT-STC", JULY.end)
    bridge = build_bridge(register, new, Period.parse("2025-H2"), half)
    before, after = Period.parse("2025-01-01..2025-02-28"), Period.parse("2025-03-01..2025-06-30")
    table = pd.concat(
        [
            counts(before, ("HT-STC", "filed_online", 1), ("HT-SKHDT", "filed_online", 2)),
            counts(before, ("HT-STC", "carried_over", 10), ("HT-SKHDT", "carried_over", 20)),
            counts(after, ("HT-STC", "filed_online", 4), ("HT-STC", "carried_over", 33)),
            counts(after, ("HT-STC", "pending_in_time", 5), ("HT-STC", "pending_overdue", 0)),
        ]
    )
    names = ["filed_online", "carried_over", "pending_in_time"]
    found = results(table, names, Wanted(half, new, bridge.units), period=half)
    assert [found[name, "HT-STC"]["value"] for name in names] == [7, 30, 5]
    assert {found[name, "HT-STC"]["missing"] for name in names} == {()}
