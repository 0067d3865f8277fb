"""The windows that dossiers are counted in: spans of whole days, one after the other, without gap or overlap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd

Window = tuple[date, date]
"""First and last day, both inside."""

_EPOCH = date(1970, 1, 1)


def month_windows(first: date, last: date) -> list[Window]:
    """Every calendar month that has a day from `first` to `last`, whole months all of them.

    >>> month_windows(date(2025, 6, 30), date(2025, 7, 1))
    [(datetime.date(2025, 6, 1), datetime.date(2025, 6, 30)), (datetime.date(2025, 7, 1), datetime.date(2025, 7, 31))]
    """
    windows = []
    start = first.replace(day=1)
    while start <= last:
        following = (start + timedelta(days=31)).replace(day=1)
        windows.append((start, following - timedelta(days=1)))
        start = following
    return windows


def default_windows(first_received: date, as_of: date) -> list[Window]:
    """The calendar months from that of `first_received` on; the last one ends on `as_of`, whole or not.

    A month still running is a window of its own, from its first day to `as_of`: what is pending on a day to come
    is not known. Empty where nothing was received by `as_of`.

    >>> default_windows(date(2025, 7, 9), date(2025, 8, 24))[-1]
    (datetime.date(2025, 8, 1), datetime.date(2025, 8, 24))
    """
    if first_received > as_of:
        return []
    windows = month_windows(first_received, as_of)
    return [*windows[:-1], (windows[-1][0], as_of)]


def check_windows(windows: Sequence[Window], as_of: date) -> None:
    """Raises ValueError unless the windows follow one another day after day and end by `as_of`."""
    if not windows:
        raise ValueError("at least one window is needed")
    for start, end in windows:
        if end < start:
            raise ValueError(f"the window {start} to {end} ends before it starts")
    for (_, end), (start, _) in pairwise(windows):
        if start != end + timedelta(days=1):
            raise ValueError(f"the window from {start} does not begin on the day after {end}")
    if windows[-1][1] > as_of:
        raise ValueError(
            f"the last window ends on {windows[-1][1]}, after {as_of}: its stocks are not known yet"
        )


def day_number(day: date) -> int:
    """Days since 1970-01-01: what the reduction reckons in, so that no engine's rules on dates matter."""
    return (day - _EPOCH).days


def calendar(windows: Sequence[Window]) -> pd.DataFrame:
    """The window of each day: columns day, window (0, 1, …), opens, closes (its first and last day), as day numbers."""
    rows = [
        (day, at, day_number(start), day_number(end))
        for at, (start, end) in enumerate(windows)
        for day in range(day_number(start), day_number(end) + 1)
    ]
    return pd.DataFrame(rows, columns=["day", "window", "opens", "closes"]).astype("int32")


def window_table(windows: Sequence[Window]) -> pd.DataFrame:
    """One row a window: columns window, period_start, period_end."""
    starts, ends = zip(*windows, strict=True)
    days = {"period_start": pd.Series(starts, dtype=object), "period_end": pd.Series(ends, dtype=object)}
    return pd.DataFrame({"window": pd.Series(range(len(windows)), dtype="int32"), **days})
