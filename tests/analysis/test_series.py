"""Figures over time: where a line may be drawn through, where it breaks, and which periods come before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from baocao.analysis.coverage import COVERED
from baocao.analysis.lineage import ITSELF, Bridge
from baocao.analysis.reasons import OTHER_LEVELS
from baocao.analysis.series import SERIES, choose_bases, mark_breaks, periods_before
from baocao.definitions.indicators import INDICATORS, indicator
from baocao.definitions.indices import load_index
from baocao.definitions.periods import Period

MONTHS = [Period.parse(code) for code in ("2025-05", "2025-06", "2025-07", "2025-08")]
RELABELLED = "kỳ đó tính theo dịch vụ công mức độ 3, mức độ 4, kỳ này theo dịch vụ công một phần, toàn trình"


# --- rates and counts --------------------------------------------------------------------------------------------
def mark(*points: tuple, name: str = "on_time_rate", indicators=INDICATORS) -> pd.DataFrame:
    """Points from (period, numerator or None, bridge[, relabelled])."""
    rows, bridges = [], {}
    for period, numerator, bridge, *relabelled in points:
        value = None if numerator is None else float(numerator)
        rows.append(
            (name, "42X", period, numerator, 100, value, "received", 1, False, (), *(relabelled or [False]))
        )
        bridges["42X", period] = bridge
    return mark_breaks(pd.DataFrame(rows, columns=[*COVERED, "relabelled"]), bridges, indicators)


def test_an_unbroken_series_has_no_marks():
    found = mark(*((month.code, 90, ITSELF) for month in MONTHS))
    assert list(found.columns) == SERIES
    assert not found["break_before"].any()
    assert set(found["comparable"]) == {"yes"}
    assert set(found["break_reason"]) == set(found["reason"]) == {""}


def test_a_bridged_stretch_is_one_line_and_breaks_where_the_unit_begins():
    one = Bridge("bridged", ("tổng của xã A, xã B",))
    other = Bridge("bridged", ("tổng của xã A, xã B, xã C",))
    found = mark(
        ("2024-12", 90, other), ("2025-06", 91, one), ("2025-07", 92, ITSELF), ("2025-08", 93, ITSELF)
    )
    assert found["break_before"].tolist() == [False, False, True, False]
    assert found["break_reason"].tolist() == ["", "", "trước đó là tổng của xã A, xã B", ""]
    assert found["reason"].tolist()[:2] == ["so với tổng của xã A, xã B, xã C", "so với tổng của xã A, xã B"]


def test_a_series_that_is_not_comparable_breaks_with_the_reason():
    refused = Bridge("no", OTHER_LEVELS)
    found = mark(("2025-06", 90, refused), ("2025-07", 92, ITSELF))
    assert found["comparable"].tolist() == ["no", "yes"]
    assert found["break_reason"].tolist() == ["", "số cấp chính quyền của hai kỳ khác nhau"]


def test_a_gap_carries_no_mark_but_the_point_after_it_does():
    refused = Bridge("no", OTHER_LEVELS)
    found = mark(
        ("2025-05", 90, refused),
        ("2025-06", None, refused),
        ("2025-07", None, ITSELF),
        ("2025-08", 92, ITSELF),
    )
    assert found["break_before"].tolist() == [False, False, False, True]


def test_a_new_version_of_a_definition_breaks_the_series():
    old = replace(indicator("on_time_rate"), valid_to=date(2025, 6, 30))
    new = replace(indicator("on_time_rate"), valid_from=date(2025, 7, 1), version=2)
    found = mark(*((month.code, 90, ITSELF) for month in MONTHS), indicators=[old, new])
    assert found["break_before"].tolist() == [False, False, True, False]
    assert found["break_reason"].tolist()[2] == "cách tính chỉ tiêu đã thay đổi giữa hai kỳ"


def test_a_period_without_the_definition_says_so():
    found = mark(("2022-07", None, ITSELF), ("2022-09", 50, ITSELF), name="eligible_online_share")
    assert found["comparable"].tolist() == ["no", "yes"]
    assert found["reason"].tolist() == ["chỉ tiêu không được áp dụng trong kỳ đó", ""]


def test_levels_3_and_4_run_into_the_new_names_with_a_note():
    found = mark(("2022-07", 40, ITSELF, True), ("2022-08", 41, ITSELF, False), name="online_share")
    assert found["comparable"].tolist() == ["bridged", "yes"]
    assert found["reason"].tolist() == [RELABELLED, ""]
    assert found["break_reason"].tolist() == ["", RELABELLED]


# --- scores ------------------------------------------------------------------------------------------------------
SCORE_COLUMNS = [
    "index",
    "unit",
    "period",
    "as_of",
    "component",
    "score",
    "maximum",
    "rank",
    "out_of",
    "source",
]


def scores(*rows: tuple) -> pd.DataFrame:
    """Totals of Hà Tĩnh from (period, as_of, score, rank, out_of)."""
    full = [
        ("service_index", "42", period, as_of, "total", score, 100.0, rank, out_of, "published")
        for period, as_of, score, rank, out_of in rows
    ]
    return pd.DataFrame(full, columns=SCORE_COLUMNS)


@pytest.fixture(scope="module")
def index(root):
    return load_index(root, "service_index", date(2026, 10, 6))


# --- which periods -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2025-02", ["2024-12", "2025-01", "2025-02"]),
        ("2025-Q1", ["2024-Q3", "2024-Q4", "2025-Q1"]),
        ("2025-H1", ["2024-H1", "2024-H2", "2025-H1"]),
        ("2025", ["2023", "2024", "2025"]),
        ("2025-M7", ["2025-05", "2025-06", "2025-07"]),
        ("2025-07-01..2025-07-24", ["2025-04", "2025-05", "2025-06"]),
        ("2025-07-01..2025-07-31", ["2025-05", "2025-06", "2025-07"]),
        ("2025-02@15", ["2024-12@15", "2025-01@15", "2025-02@15"]),
        ("2025-M9@15", ["2025-07@15", "2025-08@15", "2025-09@15"]),
    ],
)
def test_the_periods_of_a_trend(code, before):
    assert [one.code for one in periods_before(Period.parse(code), 3)] == before


@pytest.mark.parametrize(
    ("code", "bases"),
    [
        ("2025-07", ["2025-06", "2024-07"]),
        ("2025-Q1", ["2024-Q4", "2024-Q1"]),
        ("2025-H2", ["2025-H1", "2024-H2"]),
        ("2025-M7", ["2024-M7"]),
        ("2025-H1", ["2024-H2", "2024-H1"]),
        ("2025", ["2024"]),
        ("2025-07-01..2025-07-24", ["2025-06-07..2025-06-30", "2024-07-01..2024-07-24"]),
        ("2024-02-10..2024-02-29", ["2024-01-21..2024-02-09", "2023-02-10..2023-02-28"]),
        ("2025-02@15", ["2025-01@15", "2024-02@15"]),
    ],
)
def test_the_periods_to_compare_with(code, bases):
    assert [one.code for one in choose_bases(Period.parse(code))] == bases
