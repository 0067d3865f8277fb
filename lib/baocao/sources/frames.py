"""The frames of facts and problems as Parquet files: written and read back with the same types."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from baocao.sources.forms import COUNT_COLUMNS, SCORE_COLUMNS
from baocao.sources.parquet import read_parquet, write_parquet
from baocao.sources.problems import PROBLEM_COLUMNS, problems_frame

_TEXT = "VARCHAR"
FRAMES = {
    "counts": {name: _TEXT for name in COUNT_COLUMNS}
    | {"period_start": "DATE", "period_end": "DATE", "value": "BIGINT", "row": "BIGINT"},
    "scores": {name: _TEXT for name in SCORE_COLUMNS}
    | {
        "as_of": "DATE",
        "score": "DOUBLE",
        "maximum": "DOUBLE",
        "rank": "BIGINT",
        "out_of": "BIGINT",
        "row": "BIGINT",
    },
    "problems": {name: _TEXT for name in PROBLEM_COLUMNS} | {"row": "BIGINT"},
}
"""The frames, each with its columns and their types."""


def frame_path(folder: Path, frame: str) -> Path:
    """Where a folder holds the frame."""
    return folder / f"{frame}.parquet"


def write_frames(folder: Path, frames: dict[str, pd.DataFrame]) -> None:
    """Writes the frames given by name, in the order of their rows."""
    for name, frame in frames.items():
        write_parquet(frame, frame_path(folder, name), FRAMES[name])


def read_counts_frame(folder: Path) -> pd.DataFrame:
    """The counts of a folder: days are `datetime.date`."""
    return _with_plain_dates(read_parquet(frame_path(folder, "counts")))


def read_scores_frame(folder: Path) -> pd.DataFrame:
    """The scores of a folder: `as_of` a `datetime.date` or None, missing numbers NA."""
    scores = _with_plain_dates(read_parquet(frame_path(folder, "scores")))
    return scores.astype({"rank": "Int64", "out_of": "Int64"})


def read_problems_frame(folder: Path) -> pd.DataFrame:
    """The problems of a folder: `row` an int or None."""
    rows = read_parquet(frame_path(folder, "problems")).to_dict("records")
    return problems_frame(row | {"row": None if pd.isna(row["row"]) else int(row["row"])} for row in rows)


def read_part(
    folder: Path, frame: str, where: str = "", values: Sequence[object] = (), columns: Sequence[str] = ()
) -> pd.DataFrame:
    """The rows of a frame that meet a condition, as the file holds them: days are timestamps."""
    return read_parquet(frame_path(folder, frame), where, values, columns)


def _with_plain_dates(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with timestamps as `datetime.date`, missing ones None."""
    for name in frame.columns[frame.dtypes.map(pd.api.types.is_datetime64_any_dtype)]:
        codes, days = pd.factorize(frame[name])
        plain = np.array([*(day.date() for day in pd.DatetimeIndex(days)), None], dtype=object)
        frame[name] = pd.Series(plain[codes], index=frame.index, dtype=object)
    return frame
