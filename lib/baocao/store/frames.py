"""The frames of facts and problems as Parquet files: written and read back with the same types."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from baocao.definitions import UserError
from baocao.readers import COUNT_COLUMNS, PROBLEM_COLUMNS, SCORE_COLUMNS, problems_frame
from baocao.store import read_tracker

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
    "problems": {name: _TEXT for name in PROBLEM_COLUMNS}
    | {"row": "BIGINT", "period_start": "DATE", "period_end": "DATE"},
}
"""The frames, each with its columns and their types."""


COUNT_ORDER = ["period_start", "unit", "measure", "period_end", "source"]
"""The order of the counts of a store: newest last, so that the facts of a month lie together."""

UNIT_ORDER = ["unit", "period_start", "measure", "period_end", "source"]
_BY_UNIT = "counts_by_unit"
_FEW_UNITS = 20
_ROW_GROUP = (
    20_480  # rows that are read or passed over together: small enough for one unit of 3.500, or one month
)


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
    """The problems of a folder: `row` an int or None, days dates or None."""
    rows = _with_plain_dates(read_parquet(frame_path(folder, "problems"))).to_dict("records")
    return problems_frame(row | {"row": None if pd.isna(row["row"]) else int(row["row"])} for row in rows)


def write_store(folder: Path, frames: dict[str, pd.DataFrame]) -> list[str]:
    """Writes the frames of a store, the counts in both orders; returns the names of its files, without ending."""
    counts = frames["counts"].sort_values(COUNT_ORDER, kind="stable")
    by_unit = counts.sort_values(UNIT_ORDER, kind="stable")
    for name, frame in (frames | {"counts": counts, _BY_UNIT: by_unit}).items():
        types = FRAMES[name if name in FRAMES else "counts"]
        write_parquet(frame, frame_path(folder, name), types, _ROW_GROUP)
    return [*frames, _BY_UNIT]


def is_whole(folder: Path) -> bool:
    """Whether a store's folder has all its files."""
    return all(frame_path(folder, frame).is_file() for frame in (*FRAMES, _BY_UNIT))


def read_counts_within(
    folder: Path,
    spans: Sequence[tuple[date, date]],
    measures: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """The counts of a store whose window lies inside one of the spans, in any order; days as timestamps.

    Read from the file in which they lie closest together: by unit for a few units, else by day.
    """
    # Bounds that hold for all spans at once let whole groups of rows be passed over.
    bounds = [(first, last) for first, last in spans]
    conditions = ["period_start >= ? AND period_end <= ?"]
    values: list[object] = [min(first for first, _ in bounds), max(last for _, last in bounds)]
    if len(bounds) > 1:
        inside = " OR ".join(["(period_start >= ? AND period_end <= ?)"] * len(bounds))
        conditions.append(f"({inside})")
        values += [day for span in bounds for day in span]
    for name, wanted in (("measure", measures), ("unit", units)):
        if wanted is not None:
            conditions.append(f"{name} IN ({', '.join('?' * len(wanted)) or 'NULL'})")
            values += wanted
    few = units is not None and len(units) <= _FEW_UNITS
    path = frame_path(folder, _BY_UNIT if few else "counts")
    return read_parquet(path, " AND ".join(conditions), values, columns)


def read_last_day(folder: Path) -> date | None:
    """The last day of all windows of a store's counts; None where it holds none."""
    days = read_parquet(frame_path(folder, "counts"), columns=["period_end"])["period_end"]
    return days.max().date() if len(days) else None


def _with_plain_dates(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with timestamps as `datetime.date`, missing ones None."""
    for name in frame.columns[frame.dtypes.map(pd.api.types.is_datetime64_any_dtype)]:
        codes, days = pd.factorize(frame[name])
        plain = np.array([*(day.date() for day in pd.DatetimeIndex(days)), None], dtype=object)
        frame[name] = pd.Series(plain[codes], index=frame.index, dtype=object)
    return frame


# --------------------------------------------------------------------------------------------------
# Frames in Parquet files, through DuckDB.


def write_parquet(frame: pd.DataFrame, path: Path, types: dict[str, str], row_group: int = 0) -> None:
    """Writes the columns of `types` (name: DuckDB type) in the order of the rows, `row_group` rows to a group."""
    options = "FORMAT parquet" + (f", ROW_GROUP_SIZE {row_group}" if row_group else "")
    columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY (SELECT {columns} FROM frame) TO {_quoted(path)} ({options})")


def read_parquet(
    path: Path,
    where: str = "",
    values: Sequence[object] = (),
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """The rows of a file, in its order; in any where the condition `where` holds lists.

    `where` has a "?" for each of the values.

    Without `columns` all of them.

    A file that is not whole is a UserError: what lies below data/derived can always be made again.
    """
    read_tracker.note_file(path)  # DuckDB opens it unheard
    condition = f" WHERE {where}" if where else ""
    wanted = ", ".join(f'"{column}"' for column in columns) or "*"
    query = f"SELECT {wanted} FROM read_parquet({_quoted(path)}){condition}"
    with duckdb.connect() as connection:
        try:
            return connection.execute(query, list(values)).df()
        except duckdb.Error:
            raise UserError(
                f"Tệp «{path.name}» trong {path.parent.name} không đọc được; hãy xóa thư mục data/derived rồi "
                "chạy lại lệnh."
            ) from None


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
