"""What is wrong in the files as received: rows of the `problems` frame, with Vietnamese sentences.

Faults in data are collected, all of them, and shown; they never stop the reading and are never swallowed.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from baocao import vn

PROBLEM_COLUMNS = ["severity", "file", "sheet", "row", "column", "value", "message"]

_LONGEST = 80


def problem(
    severity: str,
    message: str,
    *,
    file: str = "",
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: object = "",
) -> dict:
    """One row of the frame; `row` is 1-based as a spreadsheet shows it (the header is row 1)."""
    if severity not in ("error", "warning"):
        raise ValueError(f"severity is 'error' or 'warning', got {severity!r}")
    text = vn.clean(str(value))
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return {
        "severity": severity,
        "file": file,
        "sheet": sheet,
        "row": row,
        "column": column,
        "value": shown,
        "message": message,
    }


def problems_frame(rows: Iterable[dict]) -> pd.DataFrame:
    """The frame of the problems, in the order given: `row` an int, or None where none is meant; the rest is text."""
    return pd.DataFrame(list(rows), columns=PROBLEM_COLUMNS, dtype=object)


def join_problems(frames: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """The frames one below the other, with a fresh index; the empty frame when there are none."""
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else problems_frame([])
