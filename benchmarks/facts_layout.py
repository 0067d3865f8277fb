"""How fast a unit and a month are read from a store of many units, against one file in the order of days.

    python benchmarks/facts_layout.py [--units 3500] [--months 25]

Prints CPU seconds (best of three) and asserts that both ways give the same rows.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from baocao.definitions.periods import Period
from baocao.store.frames import (
    COUNT_ORDER,
    FRAMES,
    frame_path,
    read_counts_within,
    read_parquet,
    write_parquet,
    write_store,
)

MEASURES = [f"measure_{number:02}" for number in range(29)]
COLUMNS = ["unit", "period_start", "period_end", "measure", "source", "value"]


def make_counts(units: int, months: list[Period]) -> pd.DataFrame:
    """One count for every unit, month and measure."""
    size = units * len(months) * len(MEASURES)
    unit, month, measure = np.unravel_index(np.arange(size), (units, len(months), len(MEASURES)))
    starts, ends = (pd.to_datetime([getattr(one, name) for one in months]) for name in ("start", "end"))
    names = np.array([f"{code:05}" for code in range(units)], dtype=object)
    frame = pd.DataFrame({name: "" for name in FRAMES["counts"]}, index=range(size))
    return frame.assign(
        unit=names[unit], period_start=starts[month], period_end=ends[month], value=np.random.default_rng(5).integers(0, 2_000, size),
        measure=np.array(MEASURES, dtype=object)[measure], source="received", row=0,
    )  # fmt: skip


def best(read: Callable[[], pd.DataFrame]) -> tuple[float, pd.DataFrame]:
    """CPU seconds of the fastest of three reads, and what was read."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        found = read()
        taken.append(time.process_time() - started)
    return min(taken), found


def main() -> None:
    """Write both layouts, read each, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--units", type=int, default=3500)
    parser.add_argument("--months", type=int, default=25)
    asked = parser.parse_args()
    months = [Period.parse("2025-07")]
    for _ in range(asked.months - 1):
        months.insert(0, months[0].previous())
    counts = make_counts(asked.units, months)
    with tempfile.TemporaryDirectory() as name:
        plain, store = Path(name) / "plain.parquet", Path(name) / "store"
        store.mkdir()
        write_parquet(counts.sort_values(COUNT_ORDER, kind="stable"), plain, FRAMES["counts"])
        empty = {frame: pd.DataFrame(columns=list(FRAMES[frame])) for frame in ("scores", "problems")}
        write_store(store, {"counts": counts, **empty})
        sizes = [path.stat().st_size / 1e6 for path in (plain, frame_path(store, "counts"))]
        print(f"{len(counts):,} counts; one file {sizes[0]:.1f} MB, by day {sizes[1]:.1f} MB")
        wanted = {
            "one unit, 13 months": ([(one.start, one.end) for one in months[-13:]], MEASURES[:2], ["01234"]),
            "one unit, 3 months": ([(one.start, one.end) for one in (*months[-2:], months[-13])], MEASURES, ["01234"]),
            "all units, newest month": ([(months[-1].start, months[-1].end)], MEASURES, None),
        }  # fmt: skip
        for title, (spans, measures, units) in wanted.items():
            inside = " OR ".join(["(period_start >= ? AND period_end <= ?)"] * len(spans))
            where = f"({inside}) AND measure IN (SELECT unnest(?))" + (
                " AND unit IN (SELECT unnest(?))" if units else ""
            )
            values = [*(day for span in spans for day in span), measures, *([units] if units else [])]
            before, old = best(lambda w=where, v=values: read_parquet(plain, w, v, COLUMNS))
            now, new = best(lambda s=spans, m=measures, u=units: read_counts_within(store, s, m, u, COLUMNS))
            old, new = (one.sort_values(COUNT_ORDER, kind="stable", ignore_index=True) for one in (old, new))
            pd.testing.assert_frame_equal(old, new)
            print(
                f"{title:26}{len(new):>9,} rows   one file {before:.3f}   store {now:.3f}   {before / now:.1f} times"
            )
    print(f"DuckDB {duckdb.__version__}")


if __name__ == "__main__":
    main()
