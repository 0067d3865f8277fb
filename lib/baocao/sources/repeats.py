"""Rows that state one fact twice, in one file or in two."""

from __future__ import annotations

import pandas as pd

from baocao.sources.problems import problem, problems_frame

COUNT_KEY = ["unit", "period_start", "period_end", "measure", "source"]
SCORE_KEY = ["index", "unit", "period", "as_of", "component", "source"]


def drop_repeats(facts: pd.DataFrame, key: list[str], values: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts with each key once, and a problem for every row left out.

    Rows that repeat a key with the same values are one fact: the first stays (warnings). Rows that contradict
    each other are all left out (errors), for nobody can tell which is right.
    """
    repeats = facts[facts.duplicated(key, keep=False)]
    if not len(repeats):
        return facts, problems_frame([])
    groups = repeats.groupby(key, sort=False, dropna=False)
    contradicted = groups[values].transform("nunique", dropna=False).gt(1).any(axis=1)
    rows = list(zip(repeats.index, repeats["file"], repeats["row"], repeats[values[0]], strict=True))
    members: dict[int, list[int]] = {}
    for at, group in enumerate(groups.ngroup()):
        members.setdefault(group, []).append(at)
    found, left_out = [], []
    for group in members.values():
        apart = contradicted.iat[group[0]]
        for at in group if apart else group[1:]:
            index, file, row, value = rows[at]
            others = [rows[other] for other in group if other != at] if apart else [rows[group[0]]]
            named = ", ".join(
                f"dòng {one[2]}" + (f" của {one[1]}" if one[1] != file else "") for one in others
            )
            message = f"Trùng với {named}, cùng số liệu: chỉ giữ một dòng; hãy bỏ dòng này."
            if apart:
                message = (
                    f"Mâu thuẫn với {named}: cùng đơn vị, kỳ và đại lượng nhưng khác số; không dùng dòng nào."
                )
            where = {"file": file, "row": row, "column": values[0]}
            found.append(problem("error" if apart else "warning", message, value=value, **where))
            left_out.append(index)
    return facts.drop(index=left_out), problems_frame(found)
