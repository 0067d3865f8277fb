"""Sums over random registers: who did not report is named, and what is not whole is not judged.

The oracle is plain Python written from the rule, not from the engine: every life inside the window has reported for the
whole of its part of the window, or the figure is incomplete.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis.comparison import MINIMUM_DENOMINATOR
from baocao.analysis.rates import kind_unit
from baocao.analysis.results import History
from baocao.analysis.subject import CHOSEN
from baocao.definitions import (
    HOME,
    LEAF_KINDS,
    Edge,
    Measure,
    Period,
    Register,
    Target,
    Unit,
    indicator,
    load_measures,
)
from baocao.publishing.recount import Recount
from baocao.store import Facts
from baocao.writing import Claims, Figures

DAY = timedelta(days=1)
FLOWS = ("filed_online", "filed_direct", "resolved_early", "resolved_on_time", "resolved_late")
KIND_OF = dict.fromkeys(FLOWS, "flow") | {"carried_over": "opening", "pending_in_time": "closing"}
PARTS = {"received": ("filed_online", "filed_direct"), "resolved": FLOWS[2:]}
RATES = {
    "on_time_rate": (FLOWS[2:4], FLOWS[2:]),
    # Nobody fills in the table of online filing here, so that the share is one of the other form's total.
    "online_share": (("filed_online",), ("received",)),
}
NAMES = [*KIND_OF, *PARTS, "handled_total"]
LEVELS = {"province": "42T", "district": "42H", "commune": "42X"}
LEVEL_OF = {"department": "province", "land_office": "province", "district": "district", "commune": "commune"}

MONTHS = [Period.parse(code) for code in ("2023-12", *(f"2024-{number:02}" for number in range(1, 8)))]
LEAP_DAY = date(2024, 2, 29)
REFORMS = [month.start for month in MONTHS[1:]] + [LEAP_DAY, date(2024, 4, 10)]
WINDOWS = [
    *(Period.parse(code) for code in ("2024-02", "2024-Q1", "2024-Q2", "2024-H1", "2024-M7")),
    *(
        Period.between(MONTHS[first].start, MONTHS[first + count - 1].end)
        for count in range(1, 8)
        for first in range(len(MONTHS) - count + 1)
    ),
    Period.between(LEAP_DAY, LEAP_DAY),
    Period.between(date(2024, 4, 10), date(2024, 4, 10)),
]
TARGETS = [Target(name, "all", Decimal(50), ">=", None, None, "Quyết định thử") for name in RATES]


# --- random provinces --------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Given(Facts):
    """Facts that were never in a file."""

    table: pd.DataFrame = field(default_factory=pd.DataFrame)

    def counts_inside(self, spans, measures, units=None) -> pd.DataFrame:
        rows = self.table[self.table["measure"].isin(list(measures))]
        rows = rows if units is None else rows[rows["unit"].isin(list(units))]
        inside = [(rows["period_start"] >= first) & (rows["period_end"] <= last) for first, last in spans]
        return rows[pd.concat(inside, axis="columns").any(axis="columns")]


@dataclass(frozen=True)
class Report:
    """What one unit said about some days: dossiers by measure."""

    first: date
    last: date
    counts: Mapping[str, int]


class Province:
    """A register, the reports of each of its lives and of its levels, and who was told to be silent."""

    def __init__(self, register: Register, reports: Mapping[Unit, list[Report]], silences: list[tuple]):
        self.register, self.reports, self.silences = register, reports, silences

    def __repr__(self) -> str:
        lives = [f"{unit.code} {unit.kind} {unit.valid_from} - {unit.valid_to}" for unit in self.reports]
        edges = [
            f"{one.effective_date} {one.old_code} > {one.new_code} {one.relation}"
            for one in self.register.edges
        ]
        return f"Province({lives}, {edges}, silent: {self.silences})"

    @property
    def tiers(self) -> list[Unit]:
        """The province and its levels."""
        return [unit for unit in self.register.units if unit.kind in ("province", "level")]

    def members(self, group: Unit, window: Period) -> list[Unit]:
        """The lives inside the window that a group is made of: of a kind, a level or the province."""
        return [
            unit
            for unit in self.register.units
            if unit.kind in LEAF_KINDS
            and part_of(unit, window)
            and group.kind in ("province", unit.kind, "level")
            and (group.kind != "level" or group.level == unit.level)
        ]

    def history(self, measures: Mapping[str, Measure], chosen: Iterable[Unit] = ()) -> History:
        rows = [
            (unit.code, report.first, report.last, measure, value, "received")
            for unit, reports in self.reports.items()
            for report in reports
            for measure, value in report.counts.items()
        ]
        table = pd.DataFrame(
            rows, columns=["unit", "period_start", "period_end", "measure", "value", "source"]
        )
        facts = Given(Path(), "", dict(measures), table=table.astype({"value": "int64"}))
        return History(facts, self.register, TARGETS, tuple(chosen))


EVENTS = ["born", "three days", "ended", "merged", "merged anew", "split", "code again"]
CHANGES = st.lists(
    st.tuples(st.sampled_from(REFORMS), st.sampled_from(EVENTS), st.integers(0, 9), st.integers(0, 9)),
    max_size=4,
)
SILENCES = st.lists(
    st.tuples(
        st.integers(0, 9),
        st.sampled_from([*MONTHS, MONTHS]),
        st.sampled_from([*((name,) for name in KIND_OF), tuple(KIND_OF), tuple(KIND_OF)]),
    ),
    max_size=5,
)
"""Which life (by its number) said nothing of which month, or all of them, for which measures."""


@st.composite
def provinces(draw, levels_report: bool = False) -> Province:
    """A few units of every kind that begin, end, merge, divide and leave their codes to others; some do not report."""
    kinds = draw(st.lists(st.sampled_from(LEAF_KINDS), min_size=1, max_size=5))
    lives = [{"code": f"U{number}", "kind": kind} for number, kind in enumerate(kinds)]
    edges = []
    for day, event, place, other in sorted(draw(CHANGES), key=lambda change: change[0]):
        edges += change(lives, day, event, place, other)
    units = [
        Unit(
            life["code"], f"Đơn vị {number}", life["kind"], f"Đơn vị {number}", LEVEL_OF[life["kind"]], HOME,
            life.get("from"), life.get("to"),
        )
        for number, life in enumerate(lives)
    ]  # fmt: skip
    home = Unit(HOME, "Hà Tĩnh", "province", "Tỉnh Hà Tĩnh")
    tiers = [Unit(code, level, "level", f"Cấp {level}", level, HOME) for level, code in LEVELS.items()]
    register = Register((home, *tiers, *units), tuple(edges))
    random, leap_day_alone = Random(draw(st.integers(0, 99))), draw(st.booleans())
    reports = {unit: report(unit, random, leap_day_alone) for unit in units}
    if levels_report:
        reports |= {unit: report(unit, random, leap_day_alone) for unit in (home, *tiers)}
    silences = draw(SILENCES)
    for number, months, names in silences:
        unit = list(reports)[number % len(reports)]
        months = [months] if isinstance(months, Period) else months
        reports[unit] = [silence(one, months, names) for one in reports[unit]]
    return Province(register, reports, silences)


def change(lives: list[dict], day: date, event: str, place: int, other: int) -> list[Edge]:
    """What an event of the day does to the lives; the edges that tell of it."""
    alive = [life for life in lives if life.get("from", date.min) < day and life.get("to", date.max) >= day]
    fresh = f"U{len(lives)}"
    if event in ("born", "three days"):
        new = {"code": fresh, "kind": LEAF_KINDS[place % 4], "from": day}
        lives.append(new | {"to": day + 2 * DAY} if event == "three days" else new)
        return []
    if len(alive) < 2:
        return []
    old, heir = alive[place % len(alive)], alive[(place + 1 + other % (len(alive) - 1)) % len(alive)]
    if event == "split":
        lives.append({"code": fresh, "kind": old["kind"], "from": day})
        return [edge(day, old, lives[-1], "part")]
    old["to"] = day - DAY
    if event == "code again":
        lives.append({"code": old["code"], "kind": LEAF_KINDS[other % 4], "from": day})
    if event == "merged":
        return [edge(day, old, heir, "whole")]
    if event == "merged anew":
        heir["to"] = day - DAY
        lives.append({"code": heir["code"], "kind": heir["kind"], "from": day})
        return [edge(day, old, lives[-1], "whole"), edge(day, heir, lives[-1], "whole")]
    return []


def edge(day: date, old: dict, new: dict, relation: str) -> Edge:
    return Edge(day, old["code"], new["code"], relation, "", "", "high")


def report(unit: Unit, random: Random, leap_day_alone: bool) -> list[Report]:
    """A report for each month of the life, or for its days inside the month; the 29/02 may stand alone."""
    firsts = [month.start for month in MONTHS] + [LEAP_DAY] * leap_day_alone
    lasts = [month.end for month in MONTHS] + [LEAP_DAY - DAY] * leap_day_alone
    spans = [
        (max(first, unit.valid_from or first), min(last, unit.valid_to or last))
        for first, last in zip(sorted(firsts), sorted(lasts), strict=True)
    ]
    return [
        Report(first, last, {name: random.randrange(60) for name in KIND_OF})
        for first, last in spans
        if first <= last
    ]


def silence(one: Report, months: Iterable[Period], names: Iterable[str]) -> Report:
    """The report without the measures `names`, where it is about one of the months."""
    if not any(month.start <= one.first <= month.end for month in months):
        return one
    return replace(one, counts={name: value for name, value in one.counts.items() if name not in names})


# --- the oracle --------------------------------------------------------------------------------------------------
def part_of(unit: Unit, window: Period) -> tuple[date, date] | None:
    """First and last day of the unit's life inside the window."""
    first, last = max(window.start, unit.valid_from or date.min), min(window.end, unit.valid_to or date.max)
    return (first, last) if first <= last else None


def told(province: Province, unit: Unit, measure: str, window: Period) -> int | None:
    """What the unit said of its whole part of the window; None where it did not speak for every day of it."""
    if measure in PARTS:
        parts = [told(province, unit, part, window) for part in PARTS[measure]]
        return None if None in parts else sum(parts)
    first, last = part_of(unit, window)
    said = [
        one
        for one in province.reports.get(unit, ())
        if first <= one.first and one.last <= last and measure in one.counts
    ]
    if sum((one.last - one.first).days + 1 for one in said) < (last - first).days + 1:
        return None
    values = [one.counts[measure] for one in sorted(said, key=lambda one: one.first)]
    return {"flow": sum(values), "opening": values[0], "closing": values[-1]}[KIND_OF[measure]]


def expect(
    province: Province, members: Iterable[Unit], measure: str, window: Period, *, heirs_inside: bool = True
) -> tuple[int, set[Unit]] | None:
    """The sum of the lives that told the measure, and those that did not; None where nobody did.

    The stock of a group is that of the lives of the window's first (or last) day: who came later took it over.
    """
    if measure == "handled_total":
        parts = [
            expect(province, members, part, window, heirs_inside=heirs_inside)
            for part in ("received", "carried_over")
        ]
        return None if None in parts else (parts[0][0] + parts[1][0], parts[0][1] | parts[1][1])
    day = {"opening": window.start, "closing": window.end}.get(KIND_OF.get(measure))
    lives = [unit for unit in members if not (day and heirs_inside) or unit.valid_on(day)]
    values = {unit: told(province, unit, measure, window) for unit in lives}
    silent = {unit for unit, value in values.items() if value is None}
    return (sum(value or 0 for value in values.values()), silent) if len(silent) < len(values) else None


def expect_figure(
    province: Province, members: Iterable[Unit], name: str, window: Period
) -> tuple[int, int | None, set[Unit]] | None:
    """A count (without denominator) or a rate, and who is missing in it; None where a part of it was told by nobody."""
    top, bottom = RATES.get(name, ((name,), ()))
    parts = [[expect(province, members, part, window) for part in side] for side in (top, bottom)]
    if None in (*parts[0], *parts[1]):
        return None
    sums = [sum(value for value, _ in side) if side else None for side in parts]
    return (*sums, set().union(*(silent for side in parts for _, silent in side)))


def found(counts: pd.DataFrame) -> dict[tuple[str, str], tuple[int, set[Unit]]]:
    """By unit and measure the count that the engine prints, and whom it names as missing."""
    return {(row.unit, row.measure): (row.value, set(row.missing)) for row in counts.itertuples()}


def forebears(province: Province, unit: Unit, period: Period, base: Period) -> list[Unit]:
    """The lives inside the base that went whole, step by step, into the unit before the period began."""
    lives, left = {unit}, [unit]
    while left:
        heir = left.pop()
        for one in province.register.edges:
            day = one.effective_date
            if (
                (one.new_code, one.relation) == (heir.code, "whole")
                and heir.valid_on(day)
                and day <= period.start
            ):
                old = province.register.get(one.old_code, day - DAY)
                left += {old} - lives
                lives.add(old)
    return [life for life in lives if part_of(life, base)]


# --- sums --------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def measures(root) -> dict[str, Measure]:
    return {name: one for name, one in load_measures(root).items() if name in (*NAMES, "online_base")}


GROUPS = [kind_unit(kind) for kind in LEAF_KINDS]


@settings(max_examples=60)
@given(provinces(), st.sampled_from(WINDOWS))
def test_a_sum_is_of_all_who_reported_and_names_all_others(measures, province, window):
    groups = {group: province.members(group, window) for group in (*province.tiers, *GROUPS)}
    chosen = [unit for unit in province.members(province.tiers[0], window) if unit.valid_on(window.end)]
    asked = [*groups, CHOSEN] if chosen else [*groups]
    counts = found(province.history(measures, chosen).counts(asked, window))
    for measure in NAMES:
        for group, members in groups.items():
            summed = expect(province, members, measure, window)
            assert counts.get((group.code, measure)) == summed, (group.code, measure)
        summed = expect(province, chosen, measure, window, heirs_inside=False)
        assert counts.get((CHOSEN.code, measure)) == summed, measure


@settings(max_examples=40)
@given(provinces(), st.sampled_from(WINDOWS))
def test_a_unit_has_the_figures_of_its_own_life_or_none(measures, province, window):
    history = province.history(measures)
    for unit in province.members(province.tiers[0], window):  # one by one: two of them may share a code
        counts = found(history.counts([unit], window))
        for measure in NAMES:
            own = expect(province, [unit], measure, window, heirs_inside=False)
            assert counts.get((unit.code, measure)) == own, (unit, measure)


@settings(max_examples=40)
@given(provinces(levels_report=True), st.sampled_from(WINDOWS))
def test_what_a_level_reported_stands_only_where_its_units_did_not_all_report(measures, province, window):
    home, *levels = province.tiers
    counts = found(province.history(measures).counts(province.tiers, window))

    def choose(group: Unit, measure: str, *others: int | None) -> tuple[int, set[Unit]] | None:
        summed = expect(province, province.members(group, window), measure, window)
        whole = [value for value in (*others, told(province, group, measure, window)) if value is not None]
        return (whole[0], set()) if whole and (summed is None or summed[1]) else summed

    for measure in (*KIND_OF, *PARTS):
        chosen = [choose(level, measure) for level in levels]
        complete = all(one is not None and not one[1] for one in chosen)
        expected = choose(home, measure, sum(value for value, _ in chosen) if complete else None)
        assert [counts.get((level.code, measure)) for level in levels] == chosen, measure
        assert counts.get((HOME, measure)) == expected, measure


@settings(max_examples=40)
@given(provinces(levels_report=True), st.sampled_from(WINDOWS))
def test_what_is_counted_again_before_delivery_agrees(measures, laws, province, window):
    """The engine and the recount, which share no code, say the same of groups and of units, whoever was silent."""
    lives = province.members(province.tiers[0], window)
    units = [
        *province.tiers,
        *GROUPS,
        *(one for one in lives if one.valid_on(window.start) and one.valid_on(window.end)),
    ]
    history, claims = province.history(measures), Claims(units, laws)
    rows = history.results([*KIND_OF, *PARTS, *RATES], units, window)
    for row, unit in zip(rows.to_dict("records"), units * len(rows), strict=False):
        about = {"unit": unit, "period": window, "source": row["source"], "facts": row["facts"]}
        if pd.isna(row["value"]):
            continue
        if row["indicator"] in RATES:
            claims.percent(
                row["numerator"], row["denominator"], label=indicator(row["indicator"]).label, **about
            )
        else:
            claims.count(row["value"], label=measures[row["indicator"]].label, **about)
    faults, counted = Recount(history.facts, province.register, window, [province.tiers[0]]).check(
        claims.record()
    )
    assert [fault.message for fault in faults.values()] == []
    assert len(counted) == rows["value"].notna().sum()


@settings(max_examples=15)
@given(provinces(levels_report=True), st.sampled_from(WINDOWS))
def test_changes_ranks_and_gaps_counted_again_agree(measures, laws, province, window):
    """What is made of counts agrees too, over reforms as over none, whoever was silent in either period."""
    lives = province.members(province.tiers[0], window)
    units = [one for one in lives if one.valid_on(window.start) and one.valid_on(window.end)]
    claims = Claims([*province.register.units, *GROUPS], laws)
    figures = Figures(province.history(measures), window, claims)
    bases = (window.previous(), window.same_period_last_year())
    figures.history.read_ahead([*province.tiers, *GROUPS, *units], window, bases)
    for unit in [*province.tiers, *GROUPS, *units]:
        figures.group = next((one for one in GROUPS if one.kind == unit.kind and unit in units), None)
        figures.peers = tuple(one for one in units if one.kind == unit.kind)
        for name in (*KIND_OF, *RATES):
            figure = figures.get(name, unit)
            made = [*map(figure.change, bases), figure.rank, figure.gap]
            for one in made[: 4 if figures.group else 2]:
                if one.known:
                    one.write(claims)
    recount = Recount(figures.history.facts, province.register, window, [province.tiers[0]])
    faults, _ = recount.check(claims.record())
    assert [fault.message for fault in faults.values()] == []


def test_short_lives_single_days_and_empty_groups_have_no_figures_of_others(measures):
    """Reports of months say nothing of one day; who lived three days and was silent is missing in every sum of them."""
    old = Unit("U0", "Đơn vị 0", "commune", "Đơn vị 0", "commune", HOME)
    short = replace(old, code="U1", valid_from=LEAP_DAY, valid_to=LEAP_DAY + 2 * DAY)
    home = Unit(HOME, "Hà Tĩnh", "province", "Tỉnh Hà Tĩnh")
    level = Unit("42X", "Cấp xã", "level", "Cấp xã", "commune", HOME)
    province = Province(Register((home, level, old, short), ()), {old: report(old, Random(1), False)}, [])
    history, leap_day = province.history(measures), Period.between(LEAP_DAY, LEAP_DAY)
    assert found(history.counts([home, old, *GROUPS], leap_day)) == {}
    (row,) = history.results(["received"], [home], Period.parse("2024-Q1")).to_dict("records")
    assert (row["value"], row["missing"]) == (
        told(province, old, "received", Period.parse("2024-Q1")),
        (short,),
    )
    rows = history.compare(["received", "on_time_rate"], [*GROUPS, short], leap_day, leap_day.previous())
    assert rows["value"].isna().all()
    assert set(rows["comparable"]) == {"no"}


# --- judgement ---------------------------------------------------------------------------------------------------
@settings(max_examples=30)
@given(provinces(), st.sampled_from(WINDOWS))
def test_what_is_not_whole_is_not_judged(measures, province, window):
    """No change, no target met or missed, no rank; nor a rank for who lived through a part of the window only."""
    groups = {group: province.members(group, window) for group in (*province.tiers, *GROUPS)}
    units = {unit: [unit] for unit in groups[province.tiers[0]] if unit.valid_on(window.end)}
    everyone, ranked = groups | units, [*GROUPS, *units]
    base, names = window.previous(), [*RATES, "received", "carried_over"]
    rows = province.history(measures).compare(names, list(everyone), window, base, ranked)
    asked = product(names, everyone.items())
    for (name, (unit, members)), row in zip(asked, rows.to_dict("records"), strict=True):
        figure = expect_figure(province, members, name, window)
        is_whole = figure is not None and not figure[2]
        if not is_whole:
            assert (row["comparable"], row["change_pp"], row["change_pct"]) == ("no", None, None)
            assert row["reason"]
            assert row["met"] is None
            assert pd.isna(row["rank"])
        if row["comparable"] != "no":
            before = province.members(unit, base)
            if unit in units:
                before = forebears(province, unit, window, base)
            earlier = expect_figure(province, before, name, base)
            assert earlier is not None
            assert not earlier[2]
            assert row["base_numerator"] == earlier[0]
            if name not in RATES:
                assert row["change_pct"] == 100 * Fraction(figure[0] - earlier[0], earlier[0])
        if unit in ranked:
            size = figure and (figure[1] if name in RATES else MINIMUM_DENOMINATOR)
            throughout = unit.valid_on(window.start)
            assert pd.notna(row["rank"]) == (is_whole and throughout and size >= MINIMUM_DENOMINATOR)
