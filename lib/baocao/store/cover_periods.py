"""Facts of sub-periods joined into the counts of a window: pure functions from frame to frame.

A window is covered by one fact of exactly that window, or else by facts of disjoint sub-periods with no gap.
What is not covered is absent, never 0. Flows add, an opening stock is the first sub-period's, a closing stock
the last one's; totals are derived from their parts where all parts are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from baocao.definitions import Measure, Period, Register

SOURCES = {"received": "số liệu nhận được", "published": "số liệu đã công bố", "sample": "số liệu mẫu"}
"""Where a fact comes from, in words; the most trusted first: of two facts of one unit, window and measure it wins."""

COLUMNS = ["unit", "measure", "value", "source", "facts"]

SOURCES_OF_SUMS = ("published", "received", "sample")
"""What a sum is called, the least trusted last: sample as soon as one part is, and published only when every part is."""

_SAMPLE = SOURCES_OF_SUMS.index("sample")

# Facts as whole numbers: which window, which of its units, which measure, first and last day, value, source.
_KEY = ["window", "unit", "measure"]
_NUMBERS = [*_KEY, "start", "end", "value", "rank"]


def tile(
    counts: pd.DataFrame, period: Period, register: Register, measures: dict[str, Measure]
) -> pd.DataFrame:
    """The count of every unit and measure over the window of `period`, as far as facts cover it.

    counts   rows of the `counts` frame; those that reach out of the window are left aside
    returns  one row per (unit, measure): `value` in dossiers, `source` (sample as soon as one fact added up is
             sample), `facts` (how many facts were added up)

    Only units that are the same from the first day to the last: a code may mean another unit after a reform
    (18073 was phường Nam Hà, then phường Thành Sen), so a window across one is counted life by life, in `rates`.
    Facts that are not sample are preferred: a sample fact is used only where the others leave a gap.
    """
    return tile_over(counts, [period], register, measures)[0]


def tile_over(
    counts: pd.DataFrame, periods: Sequence[Period], register: Register, measures: dict[str, Measure]
) -> list[pd.DataFrame]:
    """`tile` for each of the periods, in one pass; they may overlap."""
    units = [
        [one.code for one in register.on(period.start) if one.valid_on(period.end)] for period in periods
    ]
    bounds = np.column_stack(
        [_as_days(period.start for period in periods), _as_days(period.end for period in periods)]
    )
    facts = _number(settle(counts[counts["measure"].isin(list(measures))]), units, bounds, list(measures))
    real = facts[facts["rank"] != _SAMPLE]
    covered = _cover(real, bounds, measures)
    if len(real) < len(facts):
        every = _cover(facts, bounds, measures)
        covered = pd.concat([covered, every], ignore_index=True).drop_duplicates(_KEY, keep="first")
    return _derive_totals(covered, units, measures)


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


def _as_days(days: Iterable[object]) -> np.ndarray:
    """Dates or timestamps as whole numbers of days."""
    column = days if isinstance(days, pd.Series) else pd.Series(list(days), dtype=object)
    return pd.to_datetime(column).to_numpy("datetime64[D]").astype(np.int64)


def _number(
    counts: pd.DataFrame, units: Sequence[Sequence[str]], bounds: np.ndarray, names: Sequence[str]
) -> pd.DataFrame:
    """The facts inside each window (`_NUMBERS`), of its `units` only; one inside several windows is in each."""
    columns = {
        "measure": pd.Index(names).get_indexer(counts["measure"]),
        "start": _as_days(counts["period_start"]),
        "end": _as_days(counts["period_end"]),
        "value": counts["value"].to_numpy("int64"),
        "rank": pd.Index(SOURCES_OF_SUMS).get_indexer(counts["source"]),
    }
    unit_of, codes = pd.factorize(counts["unit"])
    parts = []
    for window, (first, last) in enumerate(bounds):
        place = pd.Index(units[window]).get_indexer(codes) if units[window] else np.full(len(codes), -1)
        rows = np.flatnonzero((columns["start"] >= first) & (columns["end"] <= last))
        rows = rows[place[unit_of[rows]] >= 0]
        held = {name: values[rows] for name, values in columns.items()}
        parts.append(pd.DataFrame({"window": window, "unit": place[unit_of[rows]], **held}))
    return pd.concat(parts, ignore_index=True)[_NUMBERS].astype("int64")


def _cover(facts: pd.DataFrame, bounds: np.ndarray, measures: dict[str, Measure]) -> pd.DataFrame:
    """Reported counts of each unit and measure over each window: `_KEY`, `value`, `rank` of the source, `facts`.

    A fact of exactly the window is taken as it is; of the others, groups with the same spans are tiled once.
    """
    key = facts.groupby(_KEY, sort=False).ngroup().to_numpy()
    exact = (facts[["start", "end"]].to_numpy() == bounds[facts["window"]]).all(axis=1)
    whole = facts[exact][[*_KEY, "value", "rank"]].assign(facts=1)
    has_exact = np.zeros(len(facts), dtype=bool)
    has_exact[key[exact]] = True
    left = ~has_exact[key]
    if not left.any():
        return whole
    joined = _join(facts[left], pd.factorize(key[left])[0], bounds, measures)
    return pd.concat([whole, joined], ignore_index=True)


def _join(
    facts: pd.DataFrame, group_of: np.ndarray, bounds: np.ndarray, measures: dict[str, Measure]
) -> pd.DataFrame:
    """As `_cover`, from facts of sub-periods alone; `group_of` numbers each window's unit and measure."""
    span_of, spans = pd.factorize(pd.MultiIndex.from_arrays([facts["start"], facts["end"]]), sort=True)
    spans = np.array(spans.tolist())
    held = np.zeros((group_of.max() + 1, len(spans)), dtype=bool)
    held[group_of, span_of] = True
    packed = np.packbits(held, axis=1)
    window_of = np.zeros(len(held), dtype=np.int64)
    window_of[group_of] = facts["window"]
    columns = [window_of, *packed.T]
    pattern_of, patterns = pd.factorize(pd.MultiIndex.from_arrays(columns))
    first, last, every = (np.zeros((len(patterns), len(spans)), dtype=bool) for _ in range(3))
    for at, (window, *bits) in enumerate(patterns):
        present = np.flatnonzero(np.unpackbits(np.array(bits, dtype=np.uint8), count=len(spans)))
        tiles = present[choose_tiles(*bounds[window].tolist(), [tuple(spans[span]) for span in present])]
        if len(tiles):
            every[at, tiles] = first[at, tiles[0]] = last[at, tiles[-1]] = True
    pattern_of = pattern_of[group_of]
    chosen = np.zeros(len(facts), dtype=bool)
    for at, measure in enumerate(measures.values()):
        taken = {"flow": every, "opening": first, "closing": last}[measure.kind]
        if measure.mixed:
            taken = taken & (every.sum(axis=1, keepdims=True) == 1)
        chosen |= (facts["measure"].to_numpy() == at) & taken[pattern_of, span_of]
    groups = facts[chosen].assign(facts=1).groupby(_KEY, sort=False, as_index=False)
    return groups.agg({"value": "sum", "rank": "max", "facts": "sum"})


def _derive_totals(
    covered: pd.DataFrame, units: Sequence[Sequence[str]], measures: dict[str, Measure]
) -> list[pd.DataFrame]:
    """The counts of each window with totals derived from their parts, in the order of its units and of `measures`.

    A reported total is kept where a part is missing, or where it is not sample and a part is: otherwise the
    sum of the parts stands (that the two differ is a problem found by `checks`, an error).
    """
    names, most = list(measures), max(map(len, units), default=0) + 1
    reporting, row = np.unique((covered["window"] * most + covered["unit"]).to_numpy(), return_inverse=True)
    held = {
        name: np.zeros((len(reporting), len(names)), dtype=np.int64) for name in ("value", "rank", "facts")
    }
    known = np.zeros((len(reporting), len(names)), dtype=bool)
    known[row, covered["measure"]] = True
    for name, table in held.items():
        table[row, covered["measure"]] = covered[name]
    for at, measure in enumerate(measures.values()):
        if parts := [names.index(part) for part in measure.parts]:
            rank = held["rank"][:, parts].max(axis=1)
            better = known[:, at] & (held["rank"][:, at] != _SAMPLE) & (rank == _SAMPLE)
            derived = known[:, parts].all(axis=1) & ~better
            for name, table in held.items():
                made = rank if name == "rank" else table[:, parts].sum(axis=1)
                table[derived, at] = made[derived]
            known[derived, at] = True
    at, measure_of = np.nonzero(known)
    window_of, unit_of = np.divmod(reporting[at], most)
    edges = np.searchsorted(window_of, range(len(units) + 1))
    sources, labels = np.array(SOURCES_OF_SUMS, dtype=object), np.array(names, dtype=object)
    frames = []
    for codes, first, last in zip(units, edges[:-1], edges[1:], strict=True):
        rows = slice(first, last)
        values = {name: table[at[rows], measure_of[rows]] for name, table in held.items()}
        frames.append(
            pd.DataFrame(
                {
                    "unit": np.array([*codes, ""], dtype=object)[unit_of[rows]],
                    "measure": labels[measure_of[rows]],
                    "value": values["value"],
                    "source": sources[values["rank"]],
                    "facts": values["facts"],
                },
                columns=COLUMNS,
            )
        )
    return frames
