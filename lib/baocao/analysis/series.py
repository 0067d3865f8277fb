"""Figures period after period, with the places where the line must not be drawn through.

A point from before a change is the sum of the old units where lineage allows it, or nothing; the first point after
a change carries the break and its reason. A series of scores breaks in the years of `indices.csv`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from baocao.analysis import reasons
from baocao.analysis.comparison import SAID_RELABELLED
from baocao.analysis.coverage import COVERED, definition
from baocao.analysis.lineage import Bridge
from baocao.analysis.reasons import Reason, plain
from baocao.definitions import Indicator, Period

SERIES = [*COVERED, "comparable", "reason", "told", "break_before", "break_reason", "break_told"]


def mark_breaks(
    points: pd.DataFrame, bridges: Mapping[tuple[str, str], Bridge], indicators: Sequence[Indicator]
) -> pd.DataFrame:
    """The points with a break before each one that is not made like the last one before it that has a value.

    points   columns of `coverage.COVERED` and `relabelled`; in the order of time inside each (indicator, unit)
    bridges  by (unit, period) what stands for the unit then, as seen from the newest period
    returns  columns of `SERIES`: `comparable` with the newest period and the `reason` why not, or the bridge;
             `break_before` and its `break_reason` (`told`, `break_told`: the same in parts, for `Setting.say`)
    """
    names = {one.name for one in indicators}
    defined = {
        (name, code): definition(name, Period.parse(code), indicators)
        for name, code in set(zip(points["indicator"], points["period"], strict=True))
    }
    rows = []
    last: dict[tuple[str, str], tuple[Bridge, bool, int]] = {}
    for row in points.to_dict("records"):
        key, bridge = (row["indicator"], row["unit"]), bridges[row["unit"], row["period"]]
        one = defined[row["indicator"], row["period"]]
        comparable, told = bridge.comparable, bridge.reason
        if row["relabelled"]:
            comparable = "no" if comparable == "no" else "bridged"
            told = reasons.add(told, SAID_RELABELLED)
        elif row["indicator"] in names and one is None:
            comparable, told = "no", reasons.NOT_IN_FORCE
        broken: Reason = ()
        if pd.notna(row["value"]):
            now = (bridge, row["relabelled"], one.version if one else 0)
            broken = _say_break(last.get(key, now), now)
            last[key] = now
        rows.append((comparable, plain(told), told, bool(broken), plain(broken), broken))
    added = pd.DataFrame(rows, columns=SERIES[len(COVERED) :], index=points.index)
    for at, column in ((2, "told"), (5, "break_told")):
        added[column] = pd.Series([row[at] for row in rows], index=points.index, dtype=object)
    return pd.concat([points[COVERED], added], axis="columns")


def _say_break(before: tuple[Bridge, bool, int], now: tuple[Bridge, bool, int]) -> Reason:
    """What differs between a point and the one before it; empty when nothing does."""
    (old, relabelled, version), (new, now_relabelled, now_version) = before, now
    if old.comparable != new.comparable or (old.comparable == "no" and old.words != new.words):
        words = old.words or new.words
        return ("trước đó là ", *words) if old.comparable == "bridged" else words
    if relabelled != now_relabelled:
        return SAID_RELABELLED
    return reasons.OTHER_VERSION if version != now_version else ()


def break_reason(year: int, what: str = "điều kiện tính điểm") -> Reason:
    """Why scores from a year on are not set beside earlier ones; `what` has changed.

    >>> plain(break_reason(2026))
    'điều kiện tính điểm thay đổi từ năm 2026'
    """
    return (f"{what} thay đổi từ ", Period.parse(str(year)))


def choose_bases(period: Period) -> list[Period]:
    """The periods that a report holds its own against: the one before, and the same a year before.

    The first n months of a year have no period before: it would be part of them.

    >>> [one.code for one in choose_bases(Period.parse("2025-Q1"))], [one.code for one in choose_bases(Period.parse("2025-M7"))]
    (['2024-Q4', '2024-Q1'], ['2024-M7'])
    """
    previous = [] if period.kind == "months" else [period.previous()]
    return list(dict.fromkeys([*previous, period.same_period_last_year()]))


def periods_before(period: Period, count: int) -> list[Period]:
    """The last `count` periods of the same kind up to `period`, oldest first.

    Where those would overlap or be odd days (the first n months of a year, a range), the months up to its last whole
    one are given instead.

    >>> [one.code for one in periods_before(Period.parse("2025-Q1"), 2)]
    ['2024-Q4', '2025-Q1']
    >>> [one.code for one in periods_before(Period.parse("2025-07-01..2025-07-24"), 2)]
    ['2025-05', '2025-06']
    """
    last = period
    if period.kind in ("months", "range"):
        suffix = "@15" if period.convention == "15" else ""
        last = Period.parse(f"{period.end:%Y-%m}{suffix}")
        last = last if last.end <= period.end else last.previous()
    found = [last]
    while len(found) < count:
        found.append(found[-1].previous())
    return found[::-1]
