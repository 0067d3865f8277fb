"""How JupyterLab shows frames: numbers in Vietnamese notation, days as dd/mm/yyyy, what is missing as a dash, texts to the left."""

from __future__ import annotations

import builtins
from datetime import date
from typing import Any

import pandas as pd

from baocao.definitions import vietnamese as vn

MOST_ROWS = 20


def show_numbers_in_vietnamese() -> None:
    """From here on this notebook shows frames with 21.132 and 59,48; in the frames themselves nothing changes.

    Outside of Jupyter it does nothing.
    """
    get_shell = getattr(builtins, "get_ipython", None)  # Jupyter puts it there
    if get_shell:
        get_shell().display_formatter.formatters["text/html"].for_type(pd.DataFrame, frame_as_html)


def frame_as_html(frame: pd.DataFrame) -> str:
    """The frame as an HTML table, of a long one the first rows; every text of it is escaped."""
    table = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    table = table.set_axis(pd.RangeIndex(len(table)))
    texts = [name for name in table if not table[name].map(pd.api.types.is_number).any()]
    styled = (
        table.style.format(_written, na_rep=vn.MISSING, escape="html")
        .format_index(escape="html", axis="columns")
        .hide(axis="index")
        .set_properties(**{"text-align": "right"})
        .set_properties(subset=texts, **{"text-align": "left"})
        .set_uuid("bang")  # the same frame is the same output
    )
    size = f"{vn.format_number(len(frame))} dòng × {frame.shape[1]} cột"
    return f'<div style="overflow-x:auto">{styled.to_html(max_rows=MOST_ROWS)}</div><p>{size}</p>'


def _written(value: Any) -> str:
    if isinstance(value, date):
        return vn.format_date(value, "short")
    if isinstance(value, bool) or not pd.api.types.is_number(value):
        return str(value)
    return vn.format_number(int(value)) if pd.api.types.is_integer(value) else vn.format_number(value, 2)
