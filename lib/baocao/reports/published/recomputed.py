"""Published figures computed again from what the project holds: facts, and the yearly results of indices.

A figure about several units is computed for each. Where the facts are missing there is no number: nothing is put in
its place. Facts that were published are copies of the same memos, and sample facts were made so that their sums
meet them: that a number is equal shows only that the way from the facts to the page is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import History, definition
from baocao.definitions import INDICATORS, Unit, load_index_values, load_register, load_targets
from baocao.definitions import vietnamese as vn
from baocao.reports.published.check import Computed, compute_rate
from baocao.reports.published.figures import Figure, load_figures
from baocao.store import open_facts
from baocao.writing import SOURCE_LABELS, least_trusted

CHANGE, TARGET = ".change", ".target"
"""End the quantity of a change on the same period of the year before, and of the level that an indicator must reach."""


def recompute(root: Path, history: History, figure: Figure) -> list[Computed]:
    """The numbers of ours for each unit of the figure; none where the facts say nothing of it, or not of all its units.

    A change has two: relative to the base in %, as the figure is measured, and in percentage points.
    """
    units = [history.register.get(code, figure.as_of) for code in figure.scope]
    if figure.quantity.endswith(CHANGE):
        return [one for unit in units for one in _from_change(history, figure, unit)]
    if figure.quantity.endswith(TARGET):
        return _from_targets(root, figure, units[0])
    if figure.quantity in {*history.facts.measures, *(one.name for one in INDICATORS)}:
        return _from_counts(history, figure, units)
    return _from_scores(root, history, figure, units[0]) if len(units) == 1 else []


def _from_counts(history: History, figure: Figure, units: Sequence[Unit]) -> list[Computed]:
    rate, found = definition(figure.quantity, figure.period), []
    if rate is None and figure.quantity not in history.facts.measures:
        return []
    for unit in units:
        row = history.row(figure.quantity, unit, figure.period)
        if row["missing"] or row["numerator"] is None or (rate and not row["denominator"]):
            return []
        about = {"unit": unit, "source": row["source"], "facts": int(row["facts"])}
        if rate:
            number = compute_rate(row["numerator"], row["denominator"], figure.reading.decimals)
            found.append(replace(number, formula=rate.formula, **about))
        else:
            found.append(Computed(Fraction(row["numerator"]), figure.measured_in, **about))
    return found


def _from_change(history: History, figure: Figure, unit: Unit) -> Iterator[Computed]:
    base = figure.period.same_period_last_year()
    row = history.change(figure.quantity.removesuffix(CHANGE), unit, figure.period, base)
    if row["change_pct"] is None:
        return
    source = least_trusted([row["source"], row["base_source"]])
    for value, measured_in, decimals, formula in (
        (row["change_pct"], "%", figure.reading.decimals, "(tỷ lệ kỳ này - cùng kỳ) / cùng kỳ"),
        (row["change_pp"], "điểm phần trăm", 2, "tỷ lệ kỳ này - tỷ lệ cùng kỳ"),
    ):
        rounded = Fraction(vn.round_half_up(value, decimals))
        yield Computed(rounded, measured_in, decimals, unit=unit, source=source, formula=formula)


def _from_targets(root: Path, figure: Figure, unit: Unit) -> list[Computed]:
    """The level in the table of targets: in force on the figure's day, else the first one after it."""
    name = figure.quantity.removesuffix(TARGET)
    decreed = [one for one in load_targets(root) if one.indicator == name]
    begun = [one for one in decreed if one.valid_from is None or one.valid_from <= figure.as_of]
    return [
        _as_printed(figure, one.target, unit, source="reference", formula=one.legal_source)
        for one in (begun[-1:] or decreed[:1])
    ]


def _from_scores(root: Path, history: History, figure: Figure, unit: Unit) -> list[Computed]:
    """The points (or, for a figure in hạng, the rank) of an index: in the store, else in the table of yearly results."""
    index, _, component = figure.quantity.partition(".")
    scores, is_rank = history.facts.scores, figure.measured_in == "hạng"
    column = "rank" if is_rank else "score"
    asked = {"index": index, "component": component, "period": figure.period.code, "unit": unit.code}
    rows = scores[(scores[list(asked)] == pd.Series(asked)).all(axis=1) & scores[column].notna()]
    if not rows.empty:
        row = rows.sort_values("as_of", na_position="first", kind="stable").iloc[-1]
        return [_as_printed(figure, row[column], unit, source=str(row["source"]), facts=1)]
    values = [
        one.rank if is_rank else one.value
        for one in load_index_values(root)
        if (one.index, one.component, str(one.year)) == (index, component, figure.period.code)
    ]
    known = [value for value in values if value is not None]
    return [_as_printed(figure, value, unit, facts=1) for value in known[:1]]


def _as_printed(figure: Figure, value: object, unit: Unit, **about: Any) -> Computed:
    decimals = figure.reading.decimals
    return Computed(Fraction(str(value)), figure.measured_in, decimals, unit=unit, **about)


# --- for the command line ---------------------------------------------------------------------------------------
COLUMNS = ["id", "memo", "printed", "unit", "stored", "agrees", "source"]


def compare_with_store(root: Path) -> pd.DataFrame:
    """Every published figure that can be computed again from the facts, beside what they make of it.

    This proves nothing about a memo (see above): only facts received from the system of record would.

    returns  columns `COLUMNS`: `stored` as reports write numbers, `agrees` a bool, `source` in words
    """
    history = History(open_facts(root), load_register(root), load_targets(root))
    rows = [
        (
            figure.id, figure.memo, figure.printed, one.unit.official_name, one.text,
            one.value == figure.reading.value, SOURCE_LABELS[one.source],
        )
        for figure in load_figures(root)
        for one in recompute(root, history, figure)
        if one.measured_in == figure.measured_in
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)
