"""How JupyterLab shows frames: numbers in Vietnamese notation, a missing one as a dash, texts to the left."""

from __future__ import annotations

import builtins
import html
from collections.abc import Sequence
from datetime import date
from textwrap import wrap
from typing import Any

import pandas as pd

from baocao.definitions import vietnamese as vn

MOST_ROWS = 20
_LONGEST_LINE, _LONGEST_LABEL = 36, 18  # characters
# Lines are folded here, because JupyterLab leaves out widths from a notebook that it did not run itself.
_TEXT = "text-align:left;white-space:nowrap"
_NUMBER = "text-align:right;white-space:nowrap"


def show_numbers_in_vietnamese() -> None:
    """From here on this notebook shows frames with 21.132 and 59,48; in the frames themselves nothing changes.

    Outside of Jupyter it does nothing.
    """
    get_shell = getattr(builtins, "get_ipython", None)  # Jupyter puts it there
    if get_shell:
        get_shell().display_formatter.formatters["text/html"].for_type(pd.DataFrame, frame_as_html)


def frame_as_html(frame: pd.DataFrame) -> str:
    """The frame as an HTML table, of a long one the first and last rows; every text of it is escaped."""
    table = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    half = MOST_ROWS // 2
    is_cut = len(table) > MOST_ROWS
    shown = pd.concat([table.iloc[:half], table.iloc[-half:]]) if is_cut else table
    columns = [[_written(value) for value in shown.iloc[:, at]] for at in range(shown.shape[1])]
    looks = [_NUMBER if _is_numeric(table.iloc[:, at]) else _TEXT for at in range(table.shape[1])]
    rows = [_row("td", cells, looks, _LONGEST_LINE) for cells in zip(*columns, strict=True)]
    if is_cut:
        rows.insert(half, _row("td", ["…"] * len(columns), looks, _LONGEST_LINE))
    head = _row("th", [_label(label) for label in table.columns], looks, _LONGEST_LABEL)
    body = f"<table><thead>{head}</thead><tbody>{''.join(rows)}</tbody></table>"
    size = f"{vn.format_number(len(frame))} dòng × {frame.shape[1]} cột"
    return f'<div style="overflow-x:auto">{body}</div><p>{size}</p>'


def _row(tag: str, cells: Sequence[str], looks: Sequence[str], longest: int) -> str:
    written = [
        f'<{tag} style="{look}">{"<br>".join(map(html.escape, wrap(cell, longest)))}</{tag}>'
        for cell, look in zip(cells, looks, strict=True)
    ]
    return f"<tr>{''.join(written)}</tr>"


def _is_numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) or any(pd.api.types.is_number(value) for value in column)


def _label(label: Any) -> str:
    return " · ".join(str(part) for part in (label if isinstance(label, tuple) else (label,)))


def _written(value: Any) -> str:
    if not pd.api.types.is_scalar(value):
        return str(value)
    if pd.isna(value):
        return vn.MISSING
    if isinstance(value, str | bool):
        return str(value)
    if pd.api.types.is_integer(value):
        return vn.format_number(int(value))
    if pd.api.types.is_number(value):
        return vn.format_number(value, 2)
    return vn.format_date(value, "short") if isinstance(value, date) else str(value)
