"""Facts of sub-periods joined into the counts of a window: pure functions from frame to frame.

A window is covered by one fact of exactly that window, or else by facts of disjoint sub-periods with no gap.
What is not covered is absent, never 0. Flows add, an opening stock is the first sub-period's, a closing stock
the last one's; totals are derived from their parts where all parts are there.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Sequence

import numpy as np
import pandas as pd

from baocao.measures import Measure
from baocao.periods import Period
from baocao.units import Register

SOURCES = {"received": "số liệu nhận được", "published": "số liệu đã công bố", "sample": "số liệu mẫu"}
"""Where a fact comes from, in words; the most trusted first: of two facts of one unit, window and measure it wins."""

COLUMNS = ["unit", "measure", "value", "source", "facts"]

_Count = namedtuple("_Count", COLUMNS)

# What a sum is called: it is sample as soon as one part is, and published only when every part is.
_OF_A_SUM = ("published", "received", "sample")


def tile(
    counts: pd.DataFrame, period: Period, register: Register, measures: dict[str, Measure]
) -> pd.DataFrame:
    """The count of every unit and measure over the window of `period`, as far as facts cover it.

    counts   rows of the `counts` frame; those that reach out of the window are left aside
    returns  one row per (unit, measure): `value` in dossiers, `source` (sample as soon as one fact added up is
             sample), `facts` (how many facts were added up)

    Only units that are the same from the first day to the last: a code may mean another unit after a reform
    (18073 was phường Nam Hà, then phường Thành Sen), so a window across one is counted part by part, in `compute`.
    Facts that are not sample are preferred: a sample fact is used only where the others leave a gap.
    """
    same = [one.code for one in register.on(period.start) if one.valid_on(period.end)]
    days = counts.assign(**{name: pd.to_datetime(counts[name]) for name in ("period_start", "period_end")})
    facts = settle(
        days[
            (days["period_start"] >= pd.Timestamp(period.start))
            & (days["period_end"] <= pd.Timestamp(period.end))
            & days["unit"].isin(same)
            & days["measure"].isin(list(measures))
        ]
    )
    real = facts[facts["source"] != "sample"]
    covered = _cover(real, period, measures)
    if len(real) < len(facts):
        every = _cover(facts, period, measures)
        covered = pd.concat([covered, every]) if len(covered) else every
        covered = covered.drop_duplicates(["unit", "measure"], keep="first")
    return _derive_totals(covered, same, measures)


def settle(counts: pd.DataFrame) -> pd.DataFrame:
    """One fact per unit, window and measure: the most trusted source's (`SOURCES`); the last read of equal trust."""
    ranked = counts.assign(trust=counts["source"].map({name: at for at, name in enumerate(SOURCES)}))
    key = ["unit", "period_start", "period_end", "measure"]
    if not ranked.duplicated(key).any():
        return counts
    ranked = ranked.sort_values("trust", ascending=False, kind="stable")
    return ranked.drop_duplicates(key, keep="last").drop(columns="trust").sort_index()


def choose_tiles(start: int, end: int, spans: Sequence[tuple[int, int]]) -> list[int]:
    """Which of the spans tile the days `start` to `end` (both included): longest first, none where none fit.

    >>> choose_tiles(1, 31, [(1, 24), (1, 10), (25, 31)]), choose_tiles(1, 31, [(1, 24), (26, 31)])
    ([0, 2], [])
    """
    backwards = sorted(range(len(spans)), key=lambda at: spans[at], reverse=True)
    arrives = {end + 1}
    for at in backwards:
        if spans[at][1] + 1 in arrives:
            arrives.add(spans[at][0])
    tiles: list[int] = []
    day = start
    while day in arrives and day <= end:
        # Of the spans from this day the longest comes first, and one of them is known to arrive.
        at = next(at for at in backwards if spans[at][0] == day and spans[at][1] + 1 in arrives)
        tiles.append(at)
        day = spans[at][1] + 1
    return tiles


def _cover(facts: pd.DataFrame, period: Period, measures: dict[str, Measure]) -> pd.DataFrame:
    """Reported counts of each unit and measure over the window; groups with the same spans are tiled once."""
    if not len(facts):
        return pd.DataFrame(columns=COLUMNS)
    days = facts[["period_start", "period_end"]].to_numpy("datetime64[D]").astype(np.int64)
    spans, span_of = np.unique(days, axis=0, return_inverse=True)
    span_of = span_of.ravel()
    unit_of = pd.factorize(facts["unit"])[0]
    measure_of, names = pd.factorize(facts["measure"])
    group_of, groups = pd.factorize(unit_of * len(names) + measure_of)
    held = np.zeros((len(groups), len(spans)), dtype=bool)
    held[group_of, span_of] = True
    patterns, pattern_of = np.unique(held, axis=0, return_inverse=True)
    bounds = np.array([period.start, period.end], dtype="datetime64[D]").astype(np.int64).tolist()
    first, last, every = (np.zeros_like(patterns) for _ in range(3))
    for at, pattern in enumerate(patterns):
        present = np.flatnonzero(pattern)
        tiles = present[choose_tiles(*bounds, [tuple(spans[span]) for span in present])]
        if len(tiles):
            every[at, tiles] = first[at, tiles[0]] = last[at, tiles[-1]] = True
    pattern_of = pattern_of.ravel()[group_of]
    chosen = np.zeros(len(facts), dtype=bool)
    for at, name in enumerate(names):
        taken = {"flow": every, "opening": first, "closing": last}[measures[name].kind]
        if measures[name].mixed:
            taken = taken & (every.sum(axis=1, keepdims=True) == 1)
        chosen |= (measure_of == at) & taken[pattern_of, span_of]
    return _add_up(facts[chosen])


def _add_up(facts: pd.DataFrame) -> pd.DataFrame:
    rank = facts["source"].map({name: at for at, name in enumerate(_OF_A_SUM)})
    groups = facts.assign(rank=rank, facts=1).groupby(["unit", "measure"], sort=False, as_index=False)
    added = groups.agg(value=("value", "sum"), rank=("rank", "max"), facts=("facts", "sum"))
    added["source"] = [_OF_A_SUM[rank] for rank in added.pop("rank")]
    return added[COLUMNS]


def _derive_totals(covered: pd.DataFrame, units: Sequence[str], measures: dict[str, Measure]) -> pd.DataFrame:
    """The same counts with totals derived from their parts, in the order of `units` and of `measures`.

    A reported total is kept where a part is missing, or where it is not sample and a part is: otherwise the
    sum of the parts stands (that the two differ is a problem found by `sources.checks`, an error).
    """
    held = {(row[0], row[1]): row for row in map(_Count._make, covered.itertuples(index=False, name=None))}
    reporting = set(covered["unit"])
    rows = []
    for unit in (code for code in units if code in reporting):
        for name, measure in measures.items():
            reported = held.get((unit, name))
            parts = [held.get((unit, part)) for part in measure.parts]
            if parts and None not in parts:
                rank = max(_OF_A_SUM.index(part.source) for part in parts)
                better = reported is not None and reported.source != "sample" and _OF_A_SUM[rank] == "sample"
                if not better:
                    value, facts = sum(part.value for part in parts), sum(part.facts for part in parts)
                    reported = _Count(unit, name, value, _OF_A_SUM[rank], facts)
                    held[unit, name] = reported
            if reported is not None:
                rows.append(reported)
    return pd.DataFrame(rows, columns=COLUMNS).astype({"value": "int64", "facts": "int64"})
