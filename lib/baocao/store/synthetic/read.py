"""The sample's facts, read back from the file that `baocao sample` writes: their text is not parsed, but judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from baocao.definitions import Measure, Register
from baocao.readers import Table, read_count_table
from baocao.store.frames import read_parquet

SAMPLE_FILE = Path("data") / "derived" / "sample" / "counts.parquet"
"""The sample's counts, in the columns of the counts form."""


def read_sample(
    root: Path, register: Register, measures: dict[str, Measure]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The sample's counts (source "sample") and problems, by the same rules as a file received."""
    frame = read_parquet(root / SAMPLE_FILE)
    columns = {name: frame[name].to_numpy(object) for name in ("unit", "measure", "value")}
    for name in ("period_start", "period_end"):
        codes, days = pd.factorize(frame[name])
        columns[name] = np.array([day.date() for day in pd.DatetimeIndex(days)], dtype=object)[codes]
    table = Table(SAMPLE_FILE.as_posix(), np.arange(len(frame), dtype=np.int64) + 2, columns)
    return read_count_table(table, [], register, measures, "sample")
