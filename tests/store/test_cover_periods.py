"""Facts of sub-periods joined into a window: nothing counted twice, nothing missing taken for 0."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.definitions.measures import load_measures
from baocao.definitions.periods import Period
from baocao.store.cover_periods import COLUMNS, choose_tiles, tile, tile_over

COMMUNE = "18229"  # xã Đức Thọ since 01/07/2025, thị trấn Đức Thọ before


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture
def joined(register, measures):
    """{measure: (value, source, facts)} of one unit over a period, from rows (first, last, measure, value[, source])."""

    def join(period: str, *rows: tuple, unit: str = COMMUNE) -> dict[str, tuple]:
        facts = [(unit, *map(date.fromisoformat, row[:2]), *row[2:4], (*row, "received")[4]) for row in rows]
        counts = pd.DataFrame(
            facts, columns=["unit", "period_start", "period_end", "measure", "value", "source"]
        )
        table = tile(counts, Period.parse(period), register, measures)
        assert list(table.columns) == COLUMNS
        return {row.measure: (row.value, row.source, row.facts) for row in table.itertuples()}

    return join


WHOLE = ("2025-07-01", "2025-07-31")
FIRST = ("2025-07-01", "2025-07-24")
LAST = ("2025-07-25", "2025-07-31")


def test_flows_add_and_stocks_are_those_of_the_windows_edges(joined):
    held = joined(
        "2025-07",
        *[(*FIRST, name, 10) for name in ("filed_online", "carried_over", "pending_in_time")],
        *[(*LAST, name, 3) for name in ("filed_online", "carried_over", "pending_in_time")],
    )
    assert held["filed_online"] == (13, "received", 2)
    assert held["carried_over"] == (10, "received", 1)
    assert held["pending_in_time"] == (3, "received", 1)


def test_a_fact_of_exactly_the_window_wins_over_its_sub_periods(joined):
    held = joined(
        "2025-07",
        (*WHOLE, "filed_online", 99),
        (*FIRST, "filed_online", 10),
        (*LAST, "filed_online", 3),
    )
    assert held == {"filed_online": (99, "received", 1)}


@pytest.mark.parametrize(
    "rows",
    [
        [FIRST],
        [FIRST, ("2025-07-26", "2025-07-31")],
        [FIRST, ("2025-07-24", "2025-07-31")],
        [FIRST, ("2025-07-25", "2025-08-31")],
        [("2025-06-30", "2025-07-31")],
    ],
)
def test_a_gap_an_overlap_or_a_span_outside_leaves_the_count_absent(joined, rows):
    assert joined("2025-07", *[(*row, "filed_online", 1) for row in rows]) == {}


def test_a_period_without_facts_is_empty_and_has_its_columns(joined):
    assert joined("2025-07") == {}
    assert joined("2025-08", (*FIRST, "filed_online", 1)) == {}


def test_totals_come_from_their_parts_level_by_level(joined):
    rows = [("filed_online", 6), ("filed_direct", 4), ("carried_over", 5)]
    held = joined("2025-07-01..2025-07-24", *[(*FIRST, *row) for row in rows])
    assert held["received"] == (10, "received", 2)
    assert held["handled_total"] == (15, "received", 3)
    assert "resolved" not in held


def test_a_reported_total_stands_where_a_part_is_missing(joined):
    held = joined("2025-07-01..2025-07-24", (*FIRST, "received", 10), (*FIRST, "filed_online", 6))
    assert held["received"] == (10, "received", 1)


def test_a_total_of_flows_and_stocks_is_never_added_over_time(joined):
    rows = [(*FIRST, "handled_total", 15), (*LAST, "handled_total", 8)]
    assert "handled_total" not in joined("2025-07", *rows)
    assert joined("2025-07-25..2025-07-31", *rows)["handled_total"] == (8, "received", 1)


def test_of_two_sources_the_more_trusted_one_counts(joined):
    rows = [(*FIRST, "pending", value, source) for value, source in ((7, "sample"), (8, "published"))]
    assert joined("2025-07-01..2025-07-24", *rows)["pending"] == (8, "published", 1)
    rows.append((*FIRST, "pending", 9, "received"))
    assert joined("2025-07-01..2025-07-24", *rows)["pending"] == (9, "received", 1)


def test_sample_facts_fill_only_what_the_others_leave_open(joined):
    window = (*WHOLE, "filed_online", 99, "sample")
    parts = [(*FIRST, "filed_online", 10, "received"), (*LAST, "filed_online", 3, "published")]
    assert joined("2025-07", window, *parts)["filed_online"] == (13, "received", 2)
    assert joined("2025-07", window, parts[0])["filed_online"] == (99, "sample", 1)


def test_a_sum_with_one_sample_fact_is_sample(joined):
    held = joined(
        "2025-07",
        (*FIRST, "filed_online", 10, "published"),
        (*LAST, "filed_online", 3, "sample"),
        (*WHOLE, "filed_direct", 5, "published"),
    )
    assert held["filed_online"] == (13, "sample", 2)
    assert held["received"] == (18, "sample", 3)


def test_a_published_total_is_not_replaced_by_a_sum_of_sample_parts(joined):
    rows = [(*FIRST, "filed_online", 6, "sample"), (*FIRST, "filed_direct", 4, "sample")]
    held = joined("2025-07-01..2025-07-24", *rows, (*FIRST, "received", 11, "published"))
    assert held["received"] == (11, "published", 1)


def test_a_code_that_became_another_unit_is_not_added_across_the_reform(joined):
    before = ("2025-06-01", "2025-06-30", "filed_online", 1)
    assert joined("2025-06-01..2025-07-24", before, (*FIRST, "filed_online", 1)) == {}
    assert joined("2025-06", before) == {"filed_online": (1, "received", 1)}


def test_unknown_measures_and_units_are_left_aside(joined):
    assert joined("2025-07", (*WHOLE, "coffee", 1)) == {}
    assert joined("2025-07", (*WHOLE, "filed_online", 1), unit="00000") == {}


spans = st.lists(
    st.tuples(st.integers(1, 12), st.integers(1, 12)).map(lambda pair: (min(pair), max(pair))), max_size=12
)


@given(spans)
def test_tiles_cover_every_day_once(spans):
    tiles = choose_tiles(1, 12, spans)
    days = [day for at in tiles for day in range(spans[at][0], spans[at][1] + 1)]
    assert days in ([], list(range(1, 13)))


@given(st.sets(st.integers(1, 11), max_size=5), spans)
def test_a_window_that_can_be_tiled_is_tiled(cuts, others):
    edges = [0, *sorted(cuts), 12]
    whole = [(first + 1, last) for first, last in pairwise(edges)]
    assert choose_tiles(1, 12, [*others, *whole])


def test_the_longest_tiles_are_taken():
    assert choose_tiles(1, 12, [(1, 6), (7, 12), (1, 3), (4, 6), (1, 12)]) == [4]
    assert choose_tiles(1, 12, [(1, 6), (7, 9), (10, 12), (7, 12)]) == [0, 3]


MONTHS = ("2025-06", "2025-07", "2025-08")
WINDOWS = [Period.parse(code) for code in (*MONTHS, "2025-07-01..2025-07-24", "2025-Q3", "2025-M7")]
FACTS = st.lists(
    st.tuples(
        st.sampled_from([COMMUNE, "HT-SCT", "42"]),
        st.sampled_from([FIRST, LAST, WHOLE, ("2025-06-01", "2025-06-30"), ("2025-08-01", "2025-08-31")]),
        st.sampled_from(
            ["filed_online", "filed_direct", "received", "carried_over", "pending_in_time", "handled_total"]
        ),
        st.integers(0, 99),
        st.sampled_from(["sample", "received", "published"]),
    ),
    max_size=25,
)


@settings(max_examples=15)
@given(FACTS, st.permutations(WINDOWS))
def test_many_windows_at_once_are_each_window_alone(register, measures, facts, windows):
    rows = [(unit, *map(date.fromisoformat, span), *rest) for unit, span, *rest in facts]
    counts = pd.DataFrame(rows, columns=["unit", "period_start", "period_end", "measure", "value", "source"])
    for window, table in zip(windows, tile_over(counts, windows, register, measures), strict=True):
        pd.testing.assert_frame_equal(table, tile(counts, window, register, measures))
