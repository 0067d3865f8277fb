"""Published figures computed again from what the project holds: facts, and the yearly results of indices.

A figure about several units is computed for each. Where the facts are missing there is no number: nothing is put in
its place. Facts that were published are copies of the same memos, and sample facts were made so that their sums
meet them: that a number is equal shows only that the way from the facts to the page is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.analysis import History
from baocao.definitions import INDICATORS, Period, Unit, load_index_values, load_register, load_targets
from baocao.definitions import vietnamese as vn
from baocao.reports.published.figures import Figure, load_figures
from baocao.reports.published.findings import Computed, compute_rate
from baocao.store import Facts, open_facts
from baocao.writing import SOURCE_LABELS, least_trusted

CHANGE = ".change"
"""Ends the quantity of a figure that is a change on the same period of the year before."""

TARGET = ".target"
"""Ends the quantity of a figure that is the level which an indicator must reach."""

_RATES = {one.name: one for one in INDICATORS}


@dataclass(frozen=True)
class Recomputed:
    """A number of ours for a published figure: of which unit, from facts of which source, how many and how."""

    number: Computed
    unit: Unit
    source: str
    facts: int = 0
    formula: str = ""


def recompute(root: Path, history: History, figures: Sequence[Figure]) -> dict[str, tuple[Recomputed, ...]]:
    """The numbers of ours by the figures' ids; none for a figure that the facts say nothing of.

    A change has two: relative to the base in %, as the figure is measured, and in percentage points.
    """
    found: dict[str, tuple[Recomputed, ...]] = {}
    for period in dict.fromkeys(figure.period for figure in figures):
        found |= _from_counts(history, period, [one for one in figures if one.period == period])
    for figure in figures:
        if figure.quantity.endswith(CHANGE):
            found[figure.id] = _from_comparison(history, figure)
        elif figure.quantity.endswith(TARGET):
            found[figure.id] = _from_targets(root, history, figure)
        elif figure.measured_in in ("điểm", "hạng") and len(figure.scope) == 1:
            found[figure.id] = _from_scores(history, figure) or _from_index_values(root, history, figure)
    return {one: numbers for one, numbers in found.items() if numbers}


def _from_counts(
    history: History, period: Period, figures: Sequence[Figure]
) -> dict[str, tuple[Recomputed, ...]]:
    counted = [one for one in figures if one.quantity in _RATES or one.quantity in history.facts.measures]
    if not counted:
        return {}
    names = list(dict.fromkeys(figure.quantity for figure in counted))
    units = {code: unit for figure in counted for code, unit in _units(history, figure).items()}
    results = history.results(names, list(units.values()), period)
    rows = {(row["indicator"], row["unit"]): row for row in results.to_dict("records")}
    found = {}
    for figure in counted:
        own = [rows[figure.quantity, code] for code in figure.scope]
        if all(pd.notna(row["value"]) and not row["missing"] for row in own):
            found[figure.id] = tuple(_from_row(figure, row, units[row["unit"]]) for row in own)
    return found


def _from_row(figure: Figure, row: dict, unit: Unit) -> Recomputed:
    number = Computed(Fraction(int(row["numerator"])), figure.measured_in)
    formula = ""
    if figure.quantity in _RATES:
        number = compute_rate(int(row["numerator"]), int(row["denominator"]), figure.reading.decimals)
        formula = _RATES[figure.quantity].formula
    return Recomputed(number, unit, row["source"], int(row["facts"]), formula)


def _from_comparison(history: History, figure: Figure) -> tuple[Recomputed, ...]:
    name, units = figure.quantity.removesuffix(CHANGE), _units(history, figure)
    base = figure.period.same_period_last_year()
    compared = history.compare([name], list(units.values()), figure.period, base)
    found = []
    for row in compared.to_dict("records"):
        if row["change_pct"] is not None:
            source, unit = least_trusted([row["source"], row["base_source"]]), units[row["unit"]]
            for value, measured_in, decimals, formula in (
                (row["change_pct"], "%", figure.reading.decimals, "(tỷ lệ kỳ này - cùng kỳ) / cùng kỳ"),
                (row["change_pp"], "điểm phần trăm", 2, "tỷ lệ kỳ này - tỷ lệ cùng kỳ"),
            ):
                rounded = Fraction(vn.round_half_up(value, decimals))
                found.append(Recomputed(Computed(rounded, measured_in, decimals), unit, source, 0, formula))
    return tuple(found)


def _from_targets(root: Path, history: History, figure: Figure) -> tuple[Recomputed, ...]:
    """The level in the table of targets: in force on the figure's day, else the first one after it."""
    name = figure.quantity.removesuffix(TARGET)
    decreed = [one for one in load_targets(root) if one.indicator == name]
    begun = [one for one in decreed if one.valid_from is None or one.valid_from <= figure.as_of]
    (unit,) = _units(history, figure).values()
    return tuple(
        Recomputed(_as_printed(figure, Fraction(one.target)), unit, "reference", 0, one.legal_source)
        for one in (begun[-1:] or decreed[:1])
    )


def _from_scores(history: History, figure: Figure) -> tuple[Recomputed, ...]:
    held = find_score(history.facts, figure)
    (unit,) = _units(history, figure).values()
    return (Recomputed(_as_printed(figure, held[0]), unit, held[1], 1),) if held else ()


def _from_index_values(root: Path, history: History, figure: Figure) -> tuple[Recomputed, ...]:
    """The yearly result of the province in the reference table."""
    index, _, component = figure.quantity.partition(".")
    (unit,) = _units(history, figure).values()
    for one in load_index_values(root):
        if (one.index, one.component, str(one.year)) == (index, component, figure.period.code):
            value = one.rank if figure.measured_in == "hạng" else one.value
            if value is not None:
                return (Recomputed(_as_printed(figure, Fraction(value)), unit, "published", 1),)
    return ()


def _as_printed(figure: Figure, value: Fraction) -> Computed:
    return Computed(value, figure.measured_in, figure.reading.decimals)


def _units(history: History, figure: Figure) -> dict[str, Unit]:
    return {code: history.register.get(code, figure.as_of) for code in figure.scope}


def find_score(facts: Facts, figure: Figure) -> tuple[Fraction, str] | None:
    """The points (or, for a figure in hạng, the rank) that the store holds of a figure's index: value and source."""
    index, _, component = figure.quantity.partition(".")
    scores = facts.scores
    rows = scores[
        (scores["index"] == index)
        & (scores["component"] == component)
        & (scores["period"] == figure.period.code)
        & scores["unit"].isin(figure.scope)
    ]
    column = "rank" if figure.measured_in == "hạng" else "score"
    rows = rows[rows[column].notna()].sort_values("as_of", na_position="first", kind="stable")
    if len(figure.scope) != 1 or rows.empty:
        return None
    return Fraction(str(rows[column].iloc[-1])), str(rows["source"].iloc[-1])


COLUMNS = ["id", "memo", "printed", "unit", "stored", "agrees", "source"]


def compare_with_store(root: Path) -> pd.DataFrame:
    """Every published figure that can be computed again from the facts, beside what they make of it.

    This proves nothing about a memo: published facts were copied from the same memos, sample facts were made so that their
    sums meet them. Only facts received from the system of record would confirm or refute a figure.

    returns  columns `COLUMNS`: `stored` as reports write numbers, `agrees` a bool, `source` in words
    """
    figures, register, facts = load_figures(root), load_register(root), open_facts(root)
    found = recompute(root, History(facts, register, load_targets(root)), figures)
    rows = [
        {
            "id": figure.id,
            "memo": figure.memo,
            "printed": figure.printed,
            "unit": one.unit.official_name,
            "stored": one.number.text,
            "agrees": one.number.value == figure.reading.value,
            "source": SOURCE_LABELS[one.source],
        }
        for figure in figures
        for one in found.get(figure.id, ())
        if one.number.measured_in == figure.measured_in
    ]
    return pd.DataFrame(rows, columns=COLUMNS)
