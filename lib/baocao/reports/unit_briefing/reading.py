"""What a unit's briefing is written from: its figures, its group's, the province's, its ranks and earlier periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import (
    MINIMUM_DENOMINATOR,
    TOWN,
    History,
    bridge_units,
    choose_bases,
    definition,
    is_alive_throughout,
    kind_unit,
    periods_before,
    rank_rates,
    reform_windows,
)
from baocao.definitions import (
    HOME,
    KINDS,
    LEAF_KINDS,
    Indicator,
    Period,
    Register,
    Unit,
    UserError,
    find_project_root,
    load_register,
    load_targets,
)
from baocao.definitions import vietnamese as vn
from baocao.reports import setting as common
from baocao.reports.setting import Material, Setting, refuse_beyond, refuse_empty
from baocao.store import Facts, open_facts

COUNTS = ("received", "carried_over", "resolved", "resolved_late", "pending", "pending_overdue")
"""Numbers of dossiers that the briefing shows, as `data/reference/measures.csv` names them."""

RATES = (
    "on_time_rate", "online_share", "eligible_online_share", "full_online_share", "level_34_share",
    "post_reception_share", "post_return_share", "dossier_digitisation_rate", "result_digitisation_rate",
    "online_payment_rate",
)  # fmt: skip
"""Rates that the briefing shows, in its order; those defined in the whole period are read."""

ONLINE = ("level_34_share", "online_share")
"""The share filed online that is told in words and drawn: the first that the unit reported. While services had
levels, a target was in force for them."""

TREND_LENGTH = 13
"""Periods of a trend: a year and the same period a year ago."""

Row = Mapping[str, Any]
"""A row of `Setting.results`, `compare` or `series`."""


@dataclass(frozen=True)
class Place:
    """A unit's rank by one rate among those of its group that have enough dossiers for a rate to say something."""

    rank: int
    out_of: int
    is_tied: bool


@dataclass(frozen=True)
class Briefing(Material):
    """What the pieces of a briefing are written from.

    subject, group, province  the unit, all units of its kind taken together, the whole province
    rates     the rates that are defined in the whole period
    rows      figures of the period by name and unit; the subject's with the targets in force
    changes   for each of the `bases` the subject's figures by name, held against that period
    places    the subject's rank by rate; absent where it is not ranked
    """

    subject: Unit
    group: Unit
    province: Unit
    rates: tuple[Indicator, ...]
    rows: Mapping[tuple[str, str], Row]
    bases: tuple[Period, ...]
    changes: tuple[Mapping[str, Row], ...]
    places: Mapping[str, Place]

    @property
    def units(self) -> tuple[Unit, Unit, Unit]:
        """Whose figures stand beside each other."""
        return self.subject, self.group, self.province

    def row(self, name: str, unit: Unit | None = None) -> Row:
        """The figures of a unit (the subject if none is given) by an indicator or measure."""
        return self.rows[name, (unit or self.subject).code]

    def level(self, name: str, unit: Unit | None = None) -> Row | None:
        """The figures of the group (or of `unit`) to hold the subject's against; None where they are not whole.

        A sum that lacks units is no level: nobody knows what they would add to it. Nor is a longer window's for a subject
        that lived through a part of it.
        """
        if self.is_short_lived:
            return None
        row = self.row(name, unit or self.group)
        return row if has_value(row) and not row["missing"] else None

    @property
    def is_short_lived(self) -> bool:
        """Whether the subject existed in a part of the period only."""
        return not is_alive_throughout(self.subject, self.period)

    @property
    def silent(self) -> tuple[Unit, ...]:
        """The units of the province whose reports its figures lack."""
        rows = (self.row(name, self.province) for name in (*COUNTS, *(one.name for one in self.shown_rates)))
        return tuple(dict.fromkeys(unit for row in rows for unit in row["missing"]))

    @property
    def has_dossiers(self) -> bool:
        """Whether the subject received, resolved or was handling any dossier, as far as it reported."""
        known = [self.row(name) for name in COUNTS if is_known(self.row(name))]
        return not known or any(row["numerator"] for row in known)

    @cached_property
    def told_rates(self) -> tuple[Indicator, ...]:
        """The rates told in words: resolved in time, filed online."""
        online = next((name for name in ONLINE if self._is_told(name)), ONLINE[-1])
        return tuple(one for one in self.rates if one.name in ("on_time_rate", online))

    def _is_told(self, name: str) -> bool:
        return any(one.name == name for one in self.rates) and has_value(self.row(name))

    @cached_property
    def shown_rates(self) -> tuple[Indicator, ...]:
        """The rates that anybody reported."""
        return tuple(
            one for one in self.rates if any(is_known(self.row(one.name, unit)) for unit in self.units)
        )


def is_known(row: Row) -> bool:
    """Whether the figure was reported; a rate may still have nothing to divide by."""
    return pd.notna(row["numerator"])


def has_nothing_to_divide(row: Row) -> bool:
    """Whether the rate's parts were reported and there was no dossier to divide by: not the same as not reported."""
    return pd.notna(row["denominator"]) and row["denominator"] == 0


def has_value(row: Row) -> bool:
    """Whether there is a figure to print."""
    return pd.notna(row["value"])


def is_small(row: Row) -> bool:
    """Whether it is a rate of so few dossiers that it says little."""
    return has_value(row) and bool(row["small"])


def open_briefing(
    period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None
) -> Briefing:
    """Everything for the briefing of the one unit in `units` (name or code) in `period`.

    UserError for a period or unit that does not exist, for several units, and for one that handles no dossiers
    itself; NoDataError where it reported nothing. `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    return read_briefing(common.open_setting(period, units, scope=_scope, vintage=vintage, start=start))


def prepare(period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None) -> None:
    """Compute at once what the briefings of all these units read, in a process that then writes them (`held`)."""
    root = find_project_root(start)
    window, register = Period.parse(period), load_register(root)
    facts = open_facts(root, vintage)
    history = History(facts, register, load_targets(root))
    subjects = [unit for unit in register.expand(list(units), window.end) if unit.kind in LEAF_KINDS]
    names, province = names_of(window), register.get(HOME, window.end)
    history.gather(names, subjects, window, choose_bases(window))
    online = [name for name in ONLINE if name in names]
    history.series(online, [*subjects, province], periods_before(window, TREND_LENGTH), window)
    for kind in dict.fromkeys(unit.kind for unit in subjects):
        history.results(names, [group_of(register, kind, window), province], window)
        places_of(history, kind, window)


def names_of(period: Period) -> list[str]:
    """The counts and the rates that a briefing on the period shows."""
    return [*COUNTS, *(one.name for one in rates_of(period))]


def rates_of(period: Period) -> tuple[Indicator, ...]:
    """The rates that are defined in the whole period."""
    return tuple(one for one in (definition(name, period) for name in RATES) if one)


def read_briefing(setting: Setting) -> Briefing:
    """Compute and compare everything that the briefing needs."""
    register, period, subject = setting.register, setting.period, setting.units[0]
    group, province = group_of(register, subject.kind, period), register.get(HOME, period.end)
    rates, names = rates_of(period), names_of(period)
    changes = [_compare(setting, names, subject, base) for base in setting.bases]
    rows = {(name, subject.code): row for name, row in changes[0].items()}
    if not any(is_known(row) for row in rows.values()):
        raise refuse_empty(period, [subject], "số liệu tiếp nhận, giải quyết hồ sơ")
    # The group's figures are made of those of all its units: with them what the ranks are made of is noted, too.
    beside = setting.results(names, [group, province], period)
    rows |= {(row["indicator"], row["unit"]): row for row in beside.to_dict("records")}
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    bases = tuple(setting.bases)
    return Briefing(
        setting,
        subject,
        group,
        province,
        rates,
        rows,
        bases,
        tuple(changes),
        places_of(setting.history, subject.kind, period).get(subject.code, {}),
    )


def _compare(setting: Setting, names: Sequence[str], subject: Unit, base: Period) -> dict[str, Row]:
    compared = setting.compare(names, [subject], base, rank_within=())
    return {row["indicator"]: row for row in compared.to_dict("records")}


def group_of(register: Register, kind: str, period: Period) -> Unit:
    """All units of a kind taken together; from 01/07/2025 there are communes and wards, but no towns."""
    has_towns = any(unit.full_name.startswith(TOWN) for unit in register.on(period.end))
    title = "Xã, phường" if kind == "commune" and not has_towns else KINDS[kind]
    return kind_unit(kind, title)


def places_of(history: History, kind: str, period: Period) -> dict[str, dict[str, Place]]:
    """The ranks of all units of a kind among themselves, by unit and rate; the same for each of their briefings."""
    key = ("places", history.register, kind, period)
    if key not in history.facts.shared:
        members = [
            unit
            for unit in history.register.on(period.end)
            if unit.kind == kind and is_alive_throughout(unit, period)
        ]
        results = history.results(names_of(period), members, period)
        history.facts.shared[key] = _rank(results, rates_of(period))
    return history.facts.shared[key]


def _rank(results: pd.DataFrame, rates: Sequence[Indicator]) -> dict[str, dict[str, Place]]:
    places: dict[str, dict[str, Place]] = {}
    for one in rates:
        ranked = rank_rates(
            results[results["indicator"] == one.name], MINIMUM_DENOMINATOR,
            decimals=one.decimals, highest_first=one.higher_is_better,
        )  # fmt: skip
        shared = ranked["rank"].duplicated(keep=False).tolist()
        for unit, rank, is_tied in zip(ranked["unit"], ranked["rank"], shared, strict=True):
            places.setdefault(unit, {})[one.name] = Place(int(rank), len(ranked), is_tied)
    return places


def _scope(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    """The unit, its group, the province, and the old units that comparisons are bridged through."""
    if len(units) > 1:
        raise UserError(
            f"Thông báo lập riêng cho từng đơn vị, nhận được {len(units)} đơn vị "
            f"({units[0].official_name}, {units[1].official_name}{', …' if len(units) > 2 else ''}); "
            "hãy nêu một đơn vị trong units."
        )
    subject = units[0]
    if subject.kind not in LEAF_KINDS:
        raise UserError(
            f"Thông báo lập cho một đơn vị giải quyết hồ sơ, «{subject.official_name}» không phải đơn vị như vậy; "
            "hãy nêu một sở, ban, ngành, chi nhánh Văn phòng Đăng ký đất đai, huyện hoặc xã, hay dùng báo cáo "
            "«processing»."
        )
    refuse_beyond(facts, period)
    yield from (subject, group_of(register, subject.kind, period), register.get(HOME, period.end))
    yield from (
        unit for unit in register.units if unit.kind == "level"
    )  # a bridge says what a level took over
    yield from bridge_units(register, [subject], period, *choose_bases(period))
    newest = reform_windows(register, period)[-1]  # what a series is held against
    yield from bridge_units(register, [subject], newest, *periods_before(period, TREND_LENGTH))


# --------------------------------------------------------------------------------------------------
# What a unit should do first: the dossiers still missing to reach the common level of its group, or a
# target.
#
# Computed, never chosen by hand. A target in force comes before the group's level. Several rates of one
# matter (the shares filed online differ only in what they are a share of) make one item, by the rate that
# lacks most.


MATTERS = {
    "on_time_rate": "timeliness",
    "online_share": "online",
    "eligible_online_share": "online",
    "full_online_share": "online",
    "level_34_share": "online",
    "post_reception_share": "post",
    "post_return_share": "post",
    "dossier_digitisation_rate": "digitised dossiers",
    "result_digitisation_rate": "digitised results",
    "online_payment_rate": "payment",
}
"""What each rate is about: rates of one matter ask for the same work."""

OVERDUE = "pending_overdue"
PLACES = 3
"""How many items are told."""


@dataclass(frozen=True)
class Gap:
    """One thing to do: `dossiers` are missing. `one` is None for dossiers pending past their due date.

    `against_target`: the level is a decreed target, else the rate of the group.
    """

    one: Indicator | None
    dossiers: int
    against_target: bool = False


def deserves_praise(briefing: Briefing) -> bool:
    """Whether the subject lacks nothing, on figures that say something.

    Nothing overdue, by a report that says so; and at least one rate of enough dossiers, held against a whole group or a
    target in force.
    """
    overdue = briefing.row(OVERDUE)
    if find_gaps(briefing) or not is_known(overdue) or overdue["numerator"]:
        return False
    return any(
        gap_of(briefing, one) is not None and not is_small(briefing.row(one.name))
        for one in briefing.shown_rates
    )


def missing_dossiers(numerator: int, denominator: int, level: Fraction) -> int:
    """The fewest whole dossiers that, added to the numerator, lift a rate to `level` (in %).

    >>> missing_dossiers(2668, 34996, Fraction(20)), missing_dossiers(3, 4, Fraction(75))
    (4332, 0)
    """
    return max(ceil(level * denominator / 100) - numerator, 0)


def gap_of(briefing: Briefing, one: Indicator) -> Gap | None:
    """How far the subject is from the target in force, else from its group's rate; None where one is not known."""
    own, group = briefing.row(one.name), briefing.level(one.name)
    if not has_value(own):
        return None
    if own["target"] is not None:
        return Gap(one, int(own["shortfall_dossiers"]), against_target=True)
    if group is None:
        return None
    level = vn.rate(int(group["numerator"]), int(group["denominator"]))
    return Gap(one, missing_dossiers(int(own["numerator"]), int(own["denominator"]), level))


def find_gaps(briefing: Briefing) -> list[Gap]:
    """What the subject lacks, most dossiers first, each matter once; equal numbers in the order of the table.

    A rate of few dossiers asks for nothing: two of three can be an accident.
    """
    worst: dict[str, Gap] = {}
    for one in briefing.shown_rates:
        gap, matter = gap_of(briefing, one), MATTERS[one.name]
        if is_small(briefing.row(one.name)):
            continue
        if gap and gap.dossiers and (matter not in worst or gap.dossiers > worst[matter].dossiers):
            worst[matter] = gap
    found = list(worst.values())
    overdue: Row = briefing.row(OVERDUE)
    if is_known(overdue) and overdue["numerator"]:
        found.append(Gap(None, int(overdue["numerator"])))
    return sorted(found, key=lambda gap: -gap.dossiers)
