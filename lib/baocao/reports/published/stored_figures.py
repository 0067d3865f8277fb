"""Published figures beside the facts of the store: for the same unit and window, is the same number held?

This proves nothing about a memo. Published facts were copied from the same memos, so that a difference is a slip of
copying; sample facts were made so that their sums equal what was published, so that equality says no more than
that the sample was made well. Only facts received from the system of record would confirm or refute a figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.analysis import rates as compute
from baocao.definitions import vietnamese as vn
from baocao.definitions.periods import Period
from baocao.definitions.units import Register, load_register
from baocao.reports.published.figures import Figure, load_figures
from baocao.store.facts import Facts, counts_in, open_facts
from baocao.writing.claim import SOURCE_LABELS

COLUMNS = ["id", "memo", "printed", "unit", "stored", "agrees", "made", "source"]

REPORTED = "ghi cho chính đơn vị đó"
ADDED_UP = "cộng từ các đơn vị trực thuộc"


@dataclass(frozen=True)
class Stored:
    """What the store holds for a figure's unit and window; `made` is `REPORTED` or `ADDED_UP`."""

    figure: Figure
    value: Fraction
    source: str
    made: str

    @property
    def agrees(self) -> bool:
        """Whether it is the number that the memo prints."""
        return self.value == self.figure.reading.value


def compare_with_store(root: Path) -> pd.DataFrame:
    """Every published count and score for which the store holds a fact of the same unit and window.

    returns  columns `COLUMNS`: `stored` as reports write numbers, `agrees` a bool, `made` how the store's number
             comes about, `source` in words
    """
    figures, register = load_figures(root), load_register(root)
    rows = [
        {
            "id": one.figure.id,
            "memo": one.figure.memo,
            "printed": one.figure.printed,
            "unit": register.get(one.figure.scope[0], one.figure.as_of).official_name,
            "stored": vn.format_number(one.value, one.figure.reading.decimals),
            "agrees": one.agrees,
            "made": one.made,
            "source": SOURCE_LABELS[one.source],
        }
        for one in find_stored(figures, open_facts(root), register)
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def find_stored(figures: Sequence[Figure], facts: Facts, register: Register) -> list[Stored]:
    """The store's numbers for the figures, in their order: counts reported and added up, and scores."""
    counted = [one for one in figures if one.quantity in facts.measures and len(one.scope) == 1]
    held = {period: _held_counts(facts, period, register) for period in {one.period for one in counted}}
    found = []
    for figure in figures:
        if figure in counted:
            found += _stored_counts(figure, held[figure.period])
        elif figure.measured_in == "điểm" and (held_score := find_score(facts, figure)):
            found.append(Stored(figure, *held_score, REPORTED))
    return found


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


_Held = Mapping[tuple[str, str, str], tuple[int, str]]


def _held_counts(facts: Facts, period: Period, register: Register) -> _Held:
    """By (how made, unit, measure): value and source over the window, sums only where no unit is missing."""
    windows = compute.reform_windows(register, period)
    parts = [(window, counts_in(facts, window, register)) for window in windows]
    whole = parts[0][1] if len(parts) == 1 else counts_in(facts, period, register)
    leaves = compute.leaf_counts(parts, register, facts.measures)
    sums = compute.group_counts(leaves, whole.iloc[:0], register, period, facts.measures)
    sums = sums[[not missing for missing in sums["missing"]]]
    return {
        (made, row.unit, row.measure): (int(row.value), row.source)
        for made, frame in ((REPORTED, whole), (ADDED_UP, sums))
        for row in frame.itertuples(index=False)
    }


def _stored_counts(figure: Figure, held: _Held) -> Iterator[Stored]:
    for made in (REPORTED, ADDED_UP):
        if (made, figure.scope[0], figure.quantity) in held:
            value, source = held[made, figure.scope[0], figure.quantity]
            yield Stored(figure, Fraction(value), source, made)
