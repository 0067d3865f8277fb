"""What every memo asks its setting for: results, comparisons and series, over the synthetic province."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

import pandas as pd
import pytest

from baocao.analysis import comparison, targets_and_ranks
from baocao.analysis.coverage import COVERED
from baocao.analysis.rates import kind_unit
from baocao.analysis.series import SERIES
from baocao.analysis.subject import CHOSEN
from baocao.app.sample.province import make_sample
from baocao.definitions import vietnamese as vn
from baocao.definitions.measures import Measure, load_measures
from baocao.definitions.periods import Period
from baocao.reports.setting import Setting
from baocao.writing import markup
from baocao.writing.claims import Claims
from conftest import plain

JULY, YEAR_BEFORE = Period.parse("2025-07"), Period.parse("2024-07")
DUC_THO = ("18229", "18259", "18280", "18283")


@dataclass(frozen=True, eq=False)
class FactsInMemory:
    """As `facts.Facts`, for what a setting asks of it."""

    counts: pd.DataFrame
    measures: dict[str, Measure]
    shared: dict = field(default_factory=dict)

    def counts_inside(self, spans: Sequence[tuple[date, date]], measures, units=None) -> pd.DataFrame:
        held = self.counts[self.counts["measure"].isin(list(measures))]
        held = held if units is None else held[held["unit"].isin(list(units))]
        first, last = held["period_start"], held["period_end"]
        inside = [
            any(start <= one and other <= end for start, end in spans)
            for one, other in zip(first, last, strict=True)
        ]
        return held[inside]


@pytest.fixture(scope="module")
def sample(root, register):
    measures = load_measures(root)
    counts = make_sample(register, measures)[0]
    return counts[counts["period_start"] >= date(2022, 1, 1)], measures


@pytest.fixture(scope="module")
def facts(sample):
    counts, measures = sample
    return FactsInMemory(counts[counts["period_start"] >= date(2024, 1, 1)], measures)


@pytest.fixture
def open_setting(root, register, laws, facts):
    def make(
        period: str = "2025-07", units: Iterable[str] = ("18229",), counts: pd.DataFrame | None = None
    ) -> Setting:
        window = Period.parse(period)
        chosen = tuple(register.expand(list(units), window.end))
        held = facts if counts is None else FactsInMemory(counts, facts.measures)
        setting = Setting(
            root, register, facts.measures, laws, held, window, chosen, Claims(chosen, laws), "serif"
        )
        scope = [*chosen, *setting.bridge_units(chosen, *setting.bases)]
        return Setting(
            root, register, facts.measures, laws, held, window, chosen, Claims(scope, laws), "serif"
        )

    return make


def total(facts, period: Period, units, *measures: str) -> int:
    """The sum of counts straight from the facts."""
    counts = facts.counts
    inside = (counts["period_start"] >= period.start) & (counts["period_end"] <= period.end)
    return int(
        counts[inside & counts["unit"].isin(list(units)) & counts["measure"].isin(list(measures))][
            "value"
        ].sum()
    )


# --- results and comparisons -------------------------------------------------------------------------------------
def test_results_of_units_and_groups(open_setting, facts):
    setting = open_setting()
    province = setting.register.get("42", JULY.end)
    found = setting.results(["online_share", "received"], [setting.units[0], province], JULY)
    assert list(found.columns) == COVERED
    assert found[["indicator", "unit"]].to_numpy().tolist() == [
        [name, code] for name in ("online_share", "received") for code in ("18229", "42")
    ]
    everyone = facts.counts["unit"].unique()
    assert found["numerator"].tolist() == [
        total(facts, JULY, ["18229"], "filed_online"),
        total(facts, JULY, everyone, "filed_online"),
        total(facts, JULY, ["18229"], "filed_online", "filed_direct"),
        total(facts, JULY, everyone, "filed_online", "filed_direct"),
    ]


def test_a_new_commune_against_the_sum_of_the_old_ones(open_setting, facts):
    setting = open_setting()
    share, received = setting.compare(["online_share", "received"], setting.units, YEAR_BEFORE).to_dict(
        "records"
    )
    assert list(share) == [*comparison.COMPARISONS, *targets_and_ranks.STANDINGS]
    assert sorted(unit.code for unit in share["bridge"]) == sorted(DUC_THO)
    parts = [total(facts, YEAR_BEFORE, DUC_THO, name) for name in ("filed_online", "online_base")]
    assert [share["base_numerator"], share["base_denominator"]] == parts
    now = [total(facts, JULY, ["18229"], name) for name in ("filed_online", "online_base")]
    shown, then = (vn.parse_number(vn.format_percent(*pair)[:-1]) for pair in (now, parts))
    assert share["change_pp"] == Fraction(shown) - Fraction(then)
    assert (received["comparable"], received["change_pct"], received["change_pp"]) == ("no", None, None)
    assert received["reason"] == ("từ ngày 01/07/2025 xã, phường nhận thêm nhiệm vụ của huyện")
    assert pd.isna(received["denominator"])


def test_what_a_comparison_says_goes_through_the_claims(open_setting):
    setting = open_setting(units=["18229", "18073"])
    bridged, refused = setting.compare(["online_share"], setting.units, YEAR_BEFORE).to_dict("records")
    written = setting.explain(bridged)
    assert (
        plain(written)
        == comparison.explain(bridged)
        == (
            "so với tổng của thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025 (từ "
            "đó xã, phường nhận thêm nhiệm vụ của huyện)"
        )
    )
    assert written.count('class="don-vi"') == 4
    assert r'<span class="hang-so" data-loai="ky">01\/07\/2025</span>' in written
    assert plain(setting.explain(refused)) == (
        "Không so sánh với cùng kỳ năm trước vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần của phường Đại Nài, số "
        "liệu cũ không tách được."
    )
    assert refused["change_pp"] is None
    assert setting.explain({**bridged, "comparable": "yes", "told": ()}) == ""


def test_levels_are_named_with_their_digits_as_a_name(open_setting):
    setting = open_setting()
    written = setting.say(comparison.SAID_RELABELLED)
    assert r'<span class="hang-so" data-loai="ten">mức độ 3\, mức độ 4</span>' in written


def test_ranks_among_the_group_and_targets(open_setting, register):
    setting = open_setting()
    communes = register.expand("communes", JULY.end)
    (row,) = setting.compare(["online_share"], setting.units, YEAR_BEFORE, rank_within=communes).to_dict(
        "records"
    )
    assert row["out_of"] == 69
    assert row["base_out_of"] == 64  # five communes hold parts of divided ones
    assert pd.isna(row["rank_change"])
    shares = setting.results(["online_share"], communes, JULY)
    printed = [
        comparison.printed_rate(*map(int, pair)) for pair in shares[["numerator", "denominator"]].to_numpy()
    ]
    own = printed[shares["unit"].tolist().index("18229")]
    assert row["rank"] == 1 + sum(one > own for one in printed)
    assert row["tied"] == (printed.count(own) > 1)
    assert row["target"] is None
    assert row["no_target"] == ""


def test_a_unit_asked_for_twice_has_one_row(open_setting):
    setting = open_setting()
    assert len(setting.compare(["online_share"], [*setting.units, *setting.units], YEAR_BEFORE)) == 1
    assert len(setting.results(["online_share", "online_share"], [*setting.units, *setting.units], JULY)) == 1


def test_chosen_units_are_one_sum(open_setting, facts):
    setting = open_setting(units=["HT-SCT", "HT-STP"])
    (row,) = setting.compare(["received"], [CHOSEN], YEAR_BEFORE).to_dict("records")
    for column, period in (("numerator", JULY), ("base_numerator", YEAR_BEFORE)):
        assert row[column] == total(facts, period, ["HT-SCT", "HT-STP"], "filed_online", "filed_direct")
    assert row["comparable"] == "yes"


def test_a_period_held_against_itself_is_refused(open_setting):
    setting = open_setting()
    (row,) = setting.compare(["online_share"], setting.units, JULY).to_dict("records")
    assert (row["comparable"], row["reason"]) == ("no", "hai kỳ có những ngày trùng nhau")


PERIODS = [
    "2025-07",
    "2025-Q2",
    "2025-H1",
    "2025-M7",
    "2025-M5",
    "2025-03-01..2025-05-31",
    "2025-07-01..2025-07-24",
]


@pytest.mark.parametrize("code", PERIODS)
def test_every_kind_of_period_has_its_bases(open_setting, code):
    setting = open_setting(code, ["42"])
    for base in setting.bases:
        for row in setting.compare(["on_time_rate", "received"], setting.units, base).to_dict("records"):
            has_base = pd.notna(row["base_numerator"])
            assert row["comparable"] == ("yes" if has_base else "no"), row["reason"]
            assert row["reason"] == ("" if has_base else "không có số liệu của kỳ đó")
            assert (row["change_pct"] is not None) == has_base


# --- partial coverage --------------------------------------------------------------------------------------------
def test_who_did_not_report_is_shown_and_the_comparison_refused(open_setting, facts):
    silent = (facts.counts["unit"] == "HT-SCT") & (facts.counts["period_start"] == JULY.start)
    setting = open_setting(units=["42"], counts=facts.counts[~silent])
    province, departments = setting.units[0], kind_unit("department")
    for row in setting.compare(["online_share"], [province, departments], YEAR_BEFORE).to_dict("records"):
        assert [unit.code for unit in row["missing"]] == ["HT-SCT"]
        assert row["base_missing"] == ()
        assert plain(setting.explain(row)) == (
            "Không so sánh với cùng kỳ năm trước vì số liệu của kỳ này chưa gồm đủ các đơn vị."
        )


def test_a_rate_of_a_sum_is_of_the_units_that_reported_both_its_parts(open_setting, facts):
    """Dossiers filed online everywhere over those received in all communes but one would be too high a share."""
    gone = (facts.counts["unit"] == "18229") & (facts.counts["measure"] == "online_base")
    setting = open_setting(counts=facts.counts[~gone])
    communes = kind_unit("commune")
    (row,) = setting.results(["online_share"], [communes], JULY).to_dict("records")
    assert [unit.code for unit in row["missing"]] == ["18229"]
    others = [
        unit.code for unit in setting.register.on(JULY.end) if unit.kind == "commune" and unit.code != "18229"
    ]
    assert (row["numerator"], row["denominator"]) == tuple(
        total(facts, JULY, others, name) for name in ("filed_online", "online_base")
    )


def test_an_old_unit_that_did_not_report_is_named(open_setting, facts):
    silent = (facts.counts["unit"] == "18259") & (facts.counts["period_start"] == YEAR_BEFORE.start)
    setting = open_setting(counts=facts.counts[~silent])
    (row,) = setting.compare(["online_share"], setting.units, YEAR_BEFORE).to_dict("records")
    assert plain(setting.explain(row)) == (
        "Không so sánh với cùng kỳ năm trước vì kỳ đó chưa có số liệu của xã Tùng Ảnh."
    )


# --- series ------------------------------------------------------------------------------------------------------
def series(setting: Setting, names, units, count: int) -> pd.DataFrame:
    found = setting.series(names, units, setting.periods_before(count))
    assert list(found.columns) == SERIES
    return found


def test_a_commune_is_followed_through_the_reform(open_setting, facts):
    setting = open_setting()
    found = series(setting, ["online_share", "received"], setting.units, 13)
    rows = found[found["indicator"] == "received"].to_dict("records")
    assert [row["comparable"] for row in rows] == ["bridged"] * 12 + ["yes"]
    assert [row["break_before"] for row in rows] == [False] * 12 + [True]
    assert rows[-1]["break_reason"].startswith("trước đó là tổng của thị trấn Đức Thọ, xã Hòa Lạc")
    for row in rows[:-1]:
        assert row["value"] == total(
            facts, Period.parse(row["period"]), DUC_THO, "filed_online", "filed_direct"
        )


def test_a_level_keeps_its_own_figures_with_a_break(open_setting):
    setting = open_setting(units=["42X"])
    rows = series(setting, ["received"], setting.units, 3).to_dict("records")
    assert [row["comparable"] for row in rows] == ["no", "no", "yes"]
    assert all(pd.notna(row["value"]) for row in rows)
    assert [row["break_reason"] for row in rows] == ["", "", "số cấp chính quyền của hai kỳ khác nhau"]


def test_a_unit_that_was_made_of_parts_begins_with_the_reform(open_setting):
    setting = open_setting(units=["18073"])
    rows = series(setting, ["received"], setting.units, 3).to_dict("records")
    assert [pd.notna(row["value"]) for row in rows] == [False, False, True]
    assert [row["break_before"] for row in rows] == [False, False, False]
    assert rows[0]["reason"] == (
        "từ ngày 01/07/2025 đơn vị chỉ nhận một phần của phường Đại Nài, số liệu cũ không tách được"
    )


@pytest.mark.parametrize("period", ["2025-M7", "2025-07-01..2025-07-24", "2025"])
def test_a_report_across_or_beside_the_reform_follows_the_commune_of_its_last_day(open_setting, period):
    setting = open_setting(period)
    months = [Period.parse(code) for code in ("2025-05", "2025-06", "2025-07")]
    found = setting.series(["received"], setting.units, months)
    assert found["comparable"].tolist() == ["bridged", "bridged", "yes"]
    assert found["value"].notna().all()


def test_the_points_of_a_series_are_the_results_of_their_periods(open_setting):
    setting = open_setting(units=["42", "HT-SCT"])
    units = [*setting.units, kind_unit("land_office")]
    found = series(setting, ["on_time_rate", "received"], units, 3)
    for period in setting.periods_before(3):
        alone = setting.results(["on_time_rate", "received"], units, period)
        points = found[found["period"] == period.code][COVERED].reset_index(drop=True)
        pd.testing.assert_frame_equal(points, alone)


def test_the_online_share_runs_on_through_the_end_of_levels_3_and_4(open_setting, sample):
    """Where only the form of Chỉ thị 08 was kept before 15/08/2022, its figures stand for the share, with a note."""
    counts = sample[0]
    early = counts["period_end"] <= date(2022, 8, 14)
    others = counts["measure"].isin(["filed_online", "filed_direct", "online_base"])
    setting = open_setting("2022-09", ["42"], counts=counts[~(early & others)])
    months = [Period.parse(code) for code in ("2022-06", "2022-07", "2022-09")]
    found = setting.series(["online_share"], setting.units, months)
    old = setting.results(["level_34_share"], setting.units, months[0]).iloc[0]
    assert found["numerator"].tolist()[0] == old["numerator"]
    assert found["comparable"].tolist() == ["bridged", "bridged", "yes"]
    assert found["break_before"].tolist() == [False, False, True]
    (row,) = setting.compare(["online_share"], setting.units, Period.parse("2022-07")).to_dict("records")
    assert row["comparable"] == "bridged"
    assert row["reason"] == (
        "kỳ đó tính theo dịch vụ công mức độ 3, mức độ 4, kỳ này theo dịch vụ công một phần, toàn trình"
    )
    (refused,) = setting.compare(["eligible_online_share"], setting.units, Period.parse("2022-07")).to_dict(
        "records"
    )
    assert plain(setting.explain(refused)) == (
        "Không so sánh với tháng 7 năm 2022 vì kỳ đó chỉ có tỷ lệ dịch vụ công mức độ 3, mức độ 4 tính trên tổng số hồ "
        "sơ, khác cách tính của kỳ này."
    )


def test_shares_of_levels_3_and_4_of_units_of_which_only_some_told_all_dossiers(open_setting, sample):
    """A unit may have told how many dossiers it had online and not of how many; the others' shares stand."""
    counts = sample[0]
    july = Period.parse("2022-07")
    early = counts["period_end"] <= july.end
    others = counts["measure"].isin(["filed_online", "filed_direct", "online_base"])
    untold = (counts["measure"] == "level_base") & (counts["unit"] == "HT-SCT")
    setting = open_setting("2022-09", ["HT-SCT", "HT-SYT"], counts=counts[~(early & (others | untold))])
    found = setting.series(["resolved", "online_share"], setting.units, [july]).iloc[2:]
    old = setting.results(["level_34_share"], setting.units, july)
    assert found["numerator"].tolist() == old["numerator"].tolist()
    assert found["denominator"].isna().tolist() == [True, False]


# --- in a document -----------------------------------------------------------------------------------------------
def test_a_document_may_print_every_explanation(open_setting, document):
    """Names, days and digits of bridges, refusals and breaks are declared, and the scope holds the old units."""
    setting = open_setting(units=["18229", "18073", "HT-STC", "HT-SYT", "HT-VPUB"])
    rows = setting.compare(["online_share"], setting.units, YEAR_BEFORE).to_dict("records")
    said = [setting.explain(row) for row in rows]
    points = series(setting, ["online_share"], setting.units, 6).to_dict("records")
    said += [setting.say(row["break_told"]) for row in points if row["break_before"]]
    said.append(setting.say(comparison.SAID_RELABELLED))
    assert all(said)
    assert document([markup.paragraphs(*said)], setting.claims).source_faults() == []
