"""Rows that state one fact twice, in one file or in two."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.readers.problems import problem, problems_frame

COUNT_KEY = ["unit", "period_start", "period_end", "measure", "source"]
SCORE_KEY = ["index", "unit", "period", "as_of", "component", "source"]


def drop_repeats(facts: pd.DataFrame, key: list[str], values: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts with each key once, and a problem for what was left out.

    Rows that repeat a key with the same values are one fact: the first stays (a warning for each row of one file, one
    warning for all that a file has in common with another). Rows that contradict each other are all left out (errors),
    for nobody can tell which is right.
    """
    repeats = facts[facts.duplicated(key, keep=False)]
    if not len(repeats):
        return facts, problems_frame([])
    groups = repeats.groupby(key, sort=False, dropna=False)
    contradicted = groups[values].transform("nunique", dropna=False).gt(1).any(axis=1)
    columns = (repeats[name] for name in ("file", "sheet", "row", values[0], "unit"))
    rows = list(zip(repeats.index, *columns, strict=True))
    keys = list(repeats[[name for name in key if name != "source"]].itertuples(index=False, name=None))
    members: dict[int, list[int]] = {}
    for at, group in enumerate(groups.ngroup()):
        members.setdefault(group, []).append(at)
    found: list[dict] = []
    left_out: list[Hashable] = []
    common: dict[tuple[str, str], int] = {}
    for group in members.values():
        apart = contradicted.iat[group[0]]
        for at in group if apart else group[1:]:
            index, file, sheet, row, value, unit = rows[at]
            left_out.append(index)
            if not apart and rows[group[0]][1] != file:
                common[file, rows[group[0]][1]] = common.get((file, rows[group[0]][1]), 0) + 1
                continue
            others = [rows[other] for other in group if other != at] if apart else [rows[group[0]]]
            named = ", ".join(_place(one, file, sheet) for one in others)
            where = {"file": file, "sheet": sheet, "row": row or None, "column": values[0], "value": value,
                     "unit": unit}  # fmt: skip
            if apart:
                message = f"Mâu thuẫn với {named}: cùng {_said(keys[at])} nhưng khác số; không dùng số nào."
                found.append(problem("error", "mau-thuan", message, **where))
            else:
                message = f"Trùng với {named}, cùng số liệu: chỉ giữ một dòng; hãy bỏ dòng này."
                found.append(problem("warning", "trung-lap", message, **where))
    for (file, other), count in common.items():
        message = f"{vn.format_number(count)} số đã có, như nhau, trong {other}: chỉ giữ một."
        found.append(problem("warning", "trung-lap", message, file=file))
    return facts.drop(index=left_out), problems_frame(found)


def _said(key: Sequence[object]) -> str:
    """The key's parts in words: "18229, 01/07/2025, 31/07/2025, pending"."""
    parts = [vn.format_date(part, "short") if isinstance(part, date) else part for part in key]
    return ", ".join(str(part) for part in parts if isinstance(part, str) and part)


def _place(row: tuple, file: str, sheet: str) -> str:
    """Where another row stands, seen from a row of `file` and `sheet`; a fact made of many rows has none."""
    parts = [
        f"dòng {row[3]}" if row[3] else "",
        f"trang «{row[2]}»" if row[2] and (row[1], row[2]) != (file, sheet) else "",
        row[1] if row[1] != file else "",
    ]
    return " của ".join(part for part in parts if part) or "chính tệp này"
