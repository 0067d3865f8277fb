"""Counts added up over units and reforms, and rates of sums."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.analysis import rates as compute
from baocao.definitions.indicators import Indicator, indicator
from baocao.definitions.measures import load_measures
from baocao.definitions.periods import Period

JULY = Period.parse("2025-07-01..2025-07-24")
SEVEN = Period.parse("2025-M7")


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


def frame(*rows, source="sample", facts=1) -> pd.DataFrame:
    """Counts from (unit, measure, value) or (unit, measure, value, source)."""
    full = [(unit, measure, value, *(rest or [source]), facts) for unit, measure, value, *rest in rows]
    return pd.DataFrame(full, columns=compute.COUNTS)


def as_dict(counts: pd.DataFrame) -> dict:
    return {(unit, name): value for unit, name, value in counts[["unit", "measure", "value"]].to_numpy()}


def place(register, code: str, day: date) -> int:
    return register.units.index(register.get(code, day))


# --- windows -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "parts"),
    [
        ("2025-07-01..2025-07-24", ["2025-07-01..2025-07-24"]),
        ("2024", ["2024"]),
        ("2025-Q1", ["2025-01-01..2025-02-28", "2025-03-01..2025-03-31"]),
        ("2025-M7", ["2025-01-01..2025-02-28", "2025-03-01..2025-06-30", "2025-07-01..2025-07-31"]),
    ],
)
def test_window_is_cut_where_units_change(register, code, parts):
    assert [str(part) for part in compute.reform_windows(register, Period.parse(code))] == parts


def test_parts_tile_the_window(register):
    parts = compute.reform_windows(register, SEVEN)
    assert sum(part.days for part in parts) == SEVEN.days


# --- leaf units --------------------------------------------------------------------------------------------------
def july(register, counts: pd.DataFrame) -> pd.DataFrame:
    """The leaf counts of July, in which no unit changed."""
    return compute.leaf_counts(compute.life_windows(register, JULY), {JULY: counts})


def test_leaf_units_leave_out_groups_and_other_provinces(register):
    counts = frame(
        ("42", "resolved", 9), ("42X", "resolved", 8), ("01", "resolved", 7), ("18229", "resolved", 6)
    )
    leaves = july(register, counts)
    assert as_dict(leaves) == {("18229", "resolved"): 6}
    assert register.units[leaves["row"].iloc[0]].full_name == "Xã Đức Thọ"


def test_each_unit_is_counted_over_its_own_part_of_the_window(register):
    """18073 is phường Nam Hà until 30/06/2025, then phường Thành Sen; Sở Công Thương lived through all of it."""
    windows = compute.life_windows(register, SEVEN)
    counts = {
        window: frame(("18073", "filed_online", window.days), ("HT-SCT", "filed_online", window.days))
        for window in windows
    }
    leaves = compute.leaf_counts(windows, counts)
    found = {
        register.units[row].full_name: value
        for row, value in zip(leaves["row"], leaves["value"], strict=True)
    }
    assert found == {"Phường Nam Hà": 181, "Phường Thành Sen": 31, "Sở Công Thương": 212}


# --- groups ------------------------------------------------------------------------------------------------------
def test_sum_of_members_with_source_and_facts(register, measures):
    counts = frame(("18229", "resolved", 6, "published"), ("18073", "resolved", 5, "received"), facts=2)
    leaves = july(register, counts)
    rows = [place(register, code, JULY.end) for code in ("18229", "18073")]
    (row,) = compute.add_up(leaves, {"42X": rows}, register, JULY, measures).to_dict("records")
    assert row == {
        "unit": "42X", "measure": "resolved", "value": 11, "source": "received", "facts": 4, "missing": ()
    }  # fmt: skip


def test_one_sample_count_makes_the_sum_sample(register, measures):
    counts = frame(("18229", "resolved", 6, "published"), ("18073", "resolved", 5, "sample"))
    leaves = july(register, counts)
    rows = [place(register, code, JULY.end) for code in ("18229", "18073")]
    assert compute.add_up(leaves, {"x": rows}, register, JULY, measures)["source"].tolist() == ["sample"]


def test_a_sum_names_the_members_that_did_not_report(register, measures):
    leaves = july(register, frame(("18229", "resolved", 6)))
    rows = [place(register, code, JULY.end) for code in ("18229", "18073")]
    summed = compute.add_up(leaves, {"42X": rows}, register, JULY, measures)
    assert summed["value"].tolist() == [6]
    assert summed["missing"].tolist() == [(rows[1],)]
    assert "pending" not in set(summed["measure"])


def test_a_group_names_who_is_silent_and_carries_the_worst_source(register, measures):
    units = ("18229", "18073", "HT-SCT", "HT-SNV")
    rows = [place(register, code, JULY.end) for code in units]
    leaves = pd.DataFrame(
        [
            ("a", "filed_online", 2, "published", 1, rows[0]),
            ("b", "filed_online", 3, "sample", 2, rows[1]),
            ("a", "coffee", 9, "received", 1, rows[0]),
        ],
        columns=[*compute.COUNTS, "row"],
    )
    groups = {"all": rows[:3], "one": rows[:1], "none": rows[3:]}
    found = compute.add_up(leaves, groups, register, JULY, measures)
    assert found.to_dict("records") == [
        {
            "unit": "all",
            "measure": "filed_online",
            "value": 5,
            "source": "sample",
            "facts": 3,
            "missing": (rows[2],),
        },
        {
            "unit": "one",
            "measure": "filed_online",
            "value": 2,
            "source": "published",
            "facts": 1,
            "missing": (),
        },
    ]


def test_missing_members_of_a_mixed_total_are_those_of_all_its_parts(register, measures):
    counts = frame(("18229", "received", 6), ("18229", "carried_over", 1), ("18073", "received", 5))
    leaves = july(register, counts)
    rows = [place(register, code, JULY.end) for code in ("18229", "18073")]
    summed = compute.add_up(leaves, {"42X": rows}, register, JULY, measures).set_index("measure")
    assert summed.loc["handled_total", "value"] == 12
    assert summed.loc["handled_total", "missing"] == (rows[1],)


@pytest.fixture
def handed_over(register, measures):
    """Phường Nam Hà ends with 7 dossiers pending, phường Thành Sen begins with them."""
    windows = compute.life_windows(register, SEVEN)
    counts = dict.fromkeys(windows, frame())
    for code, first, last, received in (("2025-H1", 2, 7, 20), ("2025-07", 7, 9, 10)):
        period = Period.parse(code)
        counts[Period.between(period.start, period.end)] = frame(
            ("18073", "carried_over", first), ("18073", "pending", last), ("18073", "received", received)
        )
    leaves = compute.leaf_counts(windows, counts)
    return leaves, [place(register, "18073", day) for day in (SEVEN.start, SEVEN.end)]


def test_dossiers_handed_over_inside_a_group_do_not_count_twice(register, measures, handed_over):
    leaves, rows = handed_over
    counts = as_dict(compute.add_up(leaves, {"42X": rows}, register, SEVEN, measures))
    assert counts["42X", "carried_over"] == 2
    assert counts["42X", "pending"] == 9
    assert counts["42X", "handled_total"] == 32


def test_a_unit_alone_keeps_what_it_took_over_from_outside(register, measures, handed_over):
    leaves, rows = handed_over
    inside = as_dict(compute.add_up(leaves, {"x": rows[1:]}, register, SEVEN, measures))
    outside = as_dict(compute.add_up(leaves, {"x": rows[1:]}, register, SEVEN, measures, heirs_inside=False))
    assert ("x", "carried_over") not in inside
    assert outside["x", "carried_over"] == 7
    assert outside["x", "handled_total"] == 17


def everyone(register, measure="resolved", value=1, without=()):
    units = [unit for unit in register.on(JULY.end) if unit.kind in compute.LEAF_KINDS]
    return [(unit.code, measure, value) for unit in units if unit.code not in without]


def grouped(register, measures, *rows, reported=()):
    leaves = july(register, frame(*rows))
    groups = compute.group_counts(leaves, frame(*reported), register, JULY, measures)
    return {(row["unit"], row["measure"]): row for row in groups.to_dict("records")}


def test_land_offices_count_in_the_provincial_level(register, measures):
    groups = grouped(register, measures, *everyone(register))
    assert [groups[code, "resolved"]["value"] for code in ("42T", "42X", "42")] == [27, 69, 96]


def test_the_sum_of_units_stands_even_where_another_was_reported(register, measures):
    groups = grouped(register, measures, *everyone(register), reported=[("42", "resolved", 95, "published")])
    assert groups["42", "resolved"]["value"] == 96


def test_reported_figures_stand_where_units_are_missing(register, measures):
    rows = everyone(register, without=("HT-SNV",))
    reported = [("42T", "resolved", 30, "published")]
    groups = grouped(register, measures, *rows, reported=reported)
    assert groups["42T", "resolved"]["value"] == 30
    assert groups["42T", "resolved"]["missing"] == ()
    # The province is then the sum of its levels, not of the units that did report.
    assert groups["42", "resolved"]["value"] == 99


def test_the_province_prefers_the_sum_of_its_levels_to_its_own_figure(register, measures):
    """S-001 prints 35.501 for the province, 2.132 and 33.368 for its levels."""
    reported = [
        ("42T", "dossier_digitised", 2132),
        ("42X", "dossier_digitised", 33368),
        ("42", "dossier_digitised", 35501),
    ]
    groups = grouped(register, measures, reported=reported)
    assert groups["42", "dossier_digitised"]["value"] == 35500


def test_an_incomplete_sum_is_the_last_resort_and_says_so(register, measures):
    groups = grouped(register, measures, *everyone(register, without=("HT-SNV", "18229")))
    assert groups["42", "resolved"]["value"] == 94
    assert {register.units[row].code for row in groups["42", "resolved"]["missing"]} == {"HT-SNV", "18229"}
    assert groups["42X", "resolved"]["missing"] == (place(register, "18229", JULY.end),)


def test_nothing_reported_gives_nothing(register, measures):
    assert grouped(register, measures) == {}


def test_levels_of_a_window_across_the_reform(register):
    assert [unit.code for unit in compute.level_units(register, SEVEN)] == ["42T", "42H", "42X"]
    assert [unit.code for unit in compute.level_units(register, JULY)] == ["42T", "42X"]


def test_members_of_the_province_and_of_a_level(register):
    province, communes = register.get("42", JULY.end), register.get("42X", JULY.end)
    assert len(compute.member_rows(register, JULY, province)) == 96
    assert len(compute.member_rows(register, JULY, communes)) == 69
    # 209 communes until June, 69 others from July.
    assert len(compute.member_rows(register, SEVEN, communes)) == 278


# --- rates -------------------------------------------------------------------------------------------------------
ON_TIME = indicator("on_time_rate")
PARTS = ("resolved_early", "resolved_on_time", "resolved_late")


def rates(*counts, source="published", facts=1):
    rows = [
        (unit, name, value) for unit, *values in counts for name, value in zip(PARTS, values, strict=False)
    ]
    return compute.compute(frame(*rows, source=source, facts=facts), [ON_TIME]).set_index("unit")


def test_rate_of_seed_001():
    row = rates(("42", 21307, 7218, 580), facts=2).loc["42"]
    assert (row["numerator"], row["denominator"]) == (28525, 29105)
    assert row["value"] == pytest.approx(98.0072, abs=1e-4)
    assert (row["source"], row["facts"]) == ("published", 6)


def test_results_have_the_columns_of_the_frame():
    assert list(compute.compute(frame(("42", "resolved", 1)), [ON_TIME]).columns) == compute.RESULTS


def test_a_missing_measure_is_unknown_not_zero():
    row = rates(("42", 21307, 7218)).loc["42"]
    assert row["numerator"] == 28525
    assert pd.isna(row["denominator"])
    assert pd.isna(row["value"])


def test_a_zero_denominator_has_no_rate():
    row = rates(("42", 0, 0, 0)).loc["42"]
    assert row["denominator"] == 0
    assert pd.isna(row["value"])


def test_no_counts_and_no_indicators_give_empty_results():
    assert not len(compute.compute(frame(), [ON_TIME]))
    assert list(compute.compute(frame(("42", "resolved", 1)), []).columns) == compute.RESULTS


def test_the_least_trusted_count_names_the_source():
    rows = [("42", "resolved_early", 1, "published"), ("42", "resolved_on_time", 1, "received"),
            ("42", "resolved_late", 1, "published")]  # fmt: skip
    assert compute.compute(frame(*rows), [ON_TIME])["source"].tolist() == ["received"]


COUNTS_OF_UNITS = st.lists(st.tuples(*[st.integers(0, 10_000)] * 3), min_size=1, max_size=6)


@given(COUNTS_OF_UNITS)
def test_a_groups_rate_is_the_ratio_of_its_sums(register, measures, values):
    codes = [unit.code for unit in register.on(JULY.end) if unit.kind == "commune"][: len(values)]
    counts = frame(*((code, name, value) for code, three in zip(codes, values, strict=True)
                     for name, value in zip(PARTS, three, strict=True)))  # fmt: skip
    leaves = july(register, counts)
    rows = [place(register, code, JULY.end) for code in codes]
    group = compute.add_up(leaves, {"x": rows}, register, JULY, measures)
    (row,) = compute.compute(group, [ON_TIME]).to_dict("records")
    top = sum(three[0] + three[1] for three in values)
    bottom = sum(sum(three) for three in values)
    assert (row["numerator"], row["denominator"]) == (top, bottom)
    if bottom:
        assert row["value"] == pytest.approx(float(Fraction(100 * top, bottom)))
        assert 0 <= row["value"] <= 100
    else:
        assert pd.isna(row["value"])


@given(st.permutations(range(6)))
def test_the_order_of_rows_never_matters(order):
    counts = frame(*((unit, name, value) for unit, values in (("42T", (1, 2, 3)), ("42X", (7, 5, 4)))
                     for name, value in zip(PARTS, values, strict=True)))  # fmt: skip
    usual = compute.compute(counts, [ON_TIME])
    shuffled = compute.compute(counts.iloc[list(order)], [ON_TIME])
    pd.testing.assert_frame_equal(usual.sort_values("unit"), shuffled.sort_values("unit"), check_like=True)


def test_a_measure_in_both_parts_is_counted_once():
    twice = Indicator("x", "X", ("a", "b"), ("a", "b", "c"), scope="", source="")
    counts = frame(("u", "a", 1), ("u", "b", 2), ("u", "c", 3))
    (row,) = compute.compute(counts, [twice]).to_dict("records")
    assert (row["numerator"], row["denominator"], row["facts"]) == (3, 6, 3)


def test_a_kind_as_a_unit_has_a_code_of_its_own():
    assert compute.kind_unit("department").full_name == "Sở, ban, ngành"
    assert compute.kind_unit("commune", "Xã, phường").official_name == "xã, phường"
    assert compute.kind_unit("commune").code not in ("42", "42X")
