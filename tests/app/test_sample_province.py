"""The sample province: the published totals exactly, the form's identities in every unit, the real units' names."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from baocao.app.sample import province as sample
from baocao.app.sample.plan import sample_windows
from baocao.app.sample.province import leaf_units, make_sample, write_sample
from baocao.definitions.measures import load_measures
from baocao.definitions.units import Register
from baocao.store.checks import check_counts
from baocao.store.synthetic.read import SAMPLE_FILE, read_sample

JULY = date(2025, 7, 1)


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture(scope="module")
def counts(register, measures) -> pd.DataFrame:
    return make_sample(register, measures)[0]


@pytest.fixture(scope="module")
def table(counts) -> pd.DataFrame:
    """Units and windows down, measures across, with the level of each unit and totals of the form."""
    wide = counts.pivot(index=["period_start", "period_end", "unit"], columns="measure", values="value")
    wide = wide.reset_index()
    wide["received"] = wide["filed_online"] + wide["filed_direct"]
    wide["resolved"] = wide["resolved_early"] + wide["resolved_on_time"] + wide["resolved_late"]
    wide["pending"] = wide["pending_in_time"] + wide["pending_overdue"]
    return wide


@pytest.fixture(scope="module")
def half_years(table) -> dict[int, pd.DataFrame]:
    """The sums of each unit over the first half of 2022 and of 2023."""
    return {
        year: table[table["period_start"].between(date(year, 1, 1), date(year, 6, 1))]
        .drop(columns=["period_start", "period_end"])
        .groupby("unit")
        .sum()
        for year in (2022, 2023)
    }


@pytest.fixture
def house(root, tmp_path) -> Path:
    """A project with the reference data and nothing received yet."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "raw").mkdir()
    return tmp_path


def level_sums(table: pd.DataFrame, register: Register, day: date) -> dict[str, pd.Series]:
    """The sums of the window that starts on the day, by level."""
    there = table[table["period_start"] == day].set_index("unit").drop(columns=["period_start", "period_end"])
    levels = {unit.code: unit.level for unit in register.on(day)}
    return dict(there.groupby(levels).sum().iterrows())


def test_every_unit_of_the_day_reports_in_every_window(counts, register):
    assert counts["source"].unique().tolist() == ["sample"]
    windows = sample_windows()
    assert len(windows) == 45
    for window in windows:
        there = counts[counts["period_start"] == window.start]
        assert set(there["period_end"]) == {window.end}
        assert there["unit"].unique().tolist() == [unit.code for unit in leaf_units(register, window.start)]
    assert [counts[counts["period_start"] == day]["unit"].nunique() for day in (date(2024, 1, 1), JULY)] == [
        261,
        96,
    ]


def test_measures_are_there_exactly_inside_their_dates(counts, measures):
    held = {name: set(group["period_start"]) for name, group in counts.groupby("measure")}
    # The portal's own clock needs dossiers: the sample has none of its counts.
    made = {name for name, one in measures.items() if not one.parts and not name.startswith("portal_")}
    assert set(held) == made
    for name, starts in held.items():
        for window in sample_windows():
            assert (window.start in starts) == measures[name].in_force(window.start, window.end), name


def test_no_identity_share_or_carry_over_is_broken(counts, register, measures):
    assert check_counts(counts, register, measures).empty
    assert (counts["value"] >= 0).all()


def test_july_meets_the_published_totals(table, register):
    levels = level_sums(table, register, JULY)
    province, communes = levels["province"], levels["commune"]
    both = province + communes
    published = {
        "received": (2131, 33379),
        "filed_online": (2024, 19108),
        "online_base": (2132, 33394),
        "digitisation_base": (2132, 33369),
        "dossier_digitised": (2132, 33368),
        "result_base": (1560, 21921),
        "result_digitised": (1552, 21843),
        "fee_bearing": (3763, 7917),
        "paid_online": (3745, 7474),
    }
    assert {name: (province[name], communes[name]) for name in published} == published
    whole = {
        "carried_over": 11901,
        "resolved_early": 21307,
        "resolved_on_time": 7218,
        "resolved_late": 580,
        "pending": 18306,
    }
    assert {name: both[name] for name in whole} == whole


def test_the_first_quarter_of_2019_meets_the_published_totals(table):
    quarter = table[table["period_start"] == date(2019, 1, 1)]
    assert quarter["level_3_filed"].sum() + quarter["level_4_filed"].sum() == 2668
    assert quarter["level_base"].sum() == 34996
    assert quarter["post_received"].sum() == 0


def test_the_online_share_grew_as_published(half_years):
    before, after = (half["filed_online"].sum() / half["online_base"].sum() for half in half_years.values())
    assert abs(after / before - 1.402) < 0.00005


def test_only_the_praised_units_reach_100_percent(half_years):
    half = half_years[2023]
    eligible = half[half["eligible_online"] == half["eligible_received"]]
    assert set(eligible.index) == {"HT-SGDDT", "HT-STTTT", "HT-SGTVT"}
    full = half[half["full_online_filed"] == half["full_online_received"]]
    # Where every eligible dossier came online, every full-online one did: they are among the eligible.
    assert set(full.index) == {"440", "446"} | set(eligible.index)
    assert (eligible["eligible_received"] > 0).all()


def test_reforms_hand_the_stock_to_the_successors(table):
    for last, first in (
        (date(2025, 6, 30), JULY),
        (date(2025, 2, 28), date(2025, 3, 1)),
        (date(2024, 12, 31), date(2025, 1, 1)),
    ):
        pending = table[table["period_end"] == last]["pending"].sum()
        assert table[table["period_start"] == first]["carried_over"].sum() == pending > 5_000


def test_some_units_have_no_fees_and_some_rates_tie(table):
    july = table[table["period_start"] == JULY].set_index("unit")
    assert july.index[july["fee_bearing"] == 0].tolist() == ["HT-SNGV", "HT-TTT"]
    assert (july["resolved_late"] == 0).sum() > 2


def test_filing_moves_online_and_tet_is_quiet(table):
    months = table.groupby("period_start")[["filed_online", "online_base"]].sum()
    share = months["filed_online"] / months["online_base"]
    assert (
        share[date(2022, 1, 1)] < share[date(2023, 1, 1)] < share[date(2024, 1, 1)] < share[date(2025, 1, 1)]
    )
    assert months["online_base"][date(2024, 2, 1)] < 0.9 * months["online_base"][date(2024, 1, 1)]


def test_the_same_register_gives_the_same_counts(register, measures, counts):
    again, scores = make_sample(register, measures)
    assert again.equals(counts)
    assert scores.empty


def test_the_file_is_written_once_and_again_when_its_makers_changed(
    house, counts, monkeypatch, register, measures
):
    path = write_sample(house)
    assert path == house / SAMPLE_FILE
    assert "không có giá trị pháp lý" in path.with_name("README.txt").read_text(encoding="utf-8")
    read, problems = read_sample(house, register, measures)
    assert problems.empty
    pd.testing.assert_frame_equal(read, counts, check_dtype=False)
    made = []
    monkeypatch.setattr(sample, "make_sample", lambda *given: made.append(1) or make_sample(*given))
    write_sample(house)
    assert made == []
    units = house / "data" / "reference" / "units.csv"
    units.write_text(
        units.read_text(encoding="utf-8").replace("Sở Nội vụ,department,Sở Nội vụ", "Sở NV,department,Sở NV"),
        encoding="utf-8",
    )
    write_sample(house)
    assert made == [1]
    assert [one.name for one in path.parent.iterdir() if one.suffix not in (".parquet", ".txt")] == []
