"""Dossiers for tests, and a slow count of them: each predicate as the domain states it, window by window.

Plain Python over plain dates, sharing nothing with the reduction but the names. Synthetic throughout.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pyarrow as pa
from hypothesis import strategies as st

TYPES = {
    "number": pa.string(),
    "unit": pa.string(),
    "procedure": pa.string(),
    **dict.fromkeys(("received", "due", "finished", "returned", "stopped"), pa.date32()),
    **dict.fromkeys(("supplement_requested", "supplement_returned"), pa.date32()),
    "supplements": pa.int16(),
    "legal_days": pa.int16(),
    **dict.fromkeys(("status", "channel", "return_channel", "level"), pa.int8()),
    "has_identity": pa.bool_(),
    "digitised": pa.int8(),
    **dict.fromkeys(("result_attached", "needs_result", "payment_requested", "paid_online"), pa.bool_()),
    "file": pa.string(),
    "sheet": pa.string(),
    "row": pa.int64(),
}
"""The columns of the minimised table of dossiers."""

FIRST = date(2022, 6, 20)
DAYS = 100

_dates = st.none() | st.integers(0, DAYS).map(lambda day: FIRST + timedelta(days=day))
_flags = st.none() | st.booleans()

DOSSIER = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["Xã A", "Xã B", "Sở C"]),
        "received": _dates,
        "due": _dates,
        "finished": _dates,
        "returned": _dates,
        "stopped": _dates,
        "supplement_requested": _dates,
        "supplement_returned": _dates,
        "supplements": st.none() | st.integers(0, 3),
        "legal_days": st.none() | st.integers(0, 40),
        "status": st.none() | st.integers(1, 10) | st.sampled_from([2, 4, 5, 8, 9, 10]),
        "channel": st.none() | st.integers(1, 3),
        "return_channel": st.none() | st.integers(1, 3),
        "level": st.none() | st.integers(2, 4),
        "has_identity": _flags,
        "digitised": st.none() | st.integers(0, 3),
        "result_attached": _flags,
        "needs_result": _flags,
        "payment_requested": _flags,
        "paid_online": _flags,
    }
)

_ORDERLY = st.builds(
    lambda one, days: (
        one
        | {
            "received": FIRST + timedelta(days=days[0]),
            "finished": FIRST + timedelta(days=days[0] + days[1]),
            "due": FIRST + timedelta(days=days[0] + days[2]),
        }
    ),
    DOSSIER,
    st.tuples(st.integers(0, DAYS), st.integers(0, 45), st.integers(0, 30)),
)

TABLES = st.lists(st.one_of(DOSSIER, _ORDERLY), min_size=1, max_size=25)
"""Tables of a few dossiers, every column missing at times, most of them with a plausible course."""


@st.composite
def window_lists(draw) -> list[tuple[date, date]]:
    """One to six windows of any lengths, one after the other, within the days of the dossiers."""
    start = FIRST + timedelta(days=draw(st.integers(0, 60)))
    windows = []
    for length in draw(st.lists(st.integers(1, 30), min_size=1, max_size=6)):
        windows.append((start, start + timedelta(days=length - 1)))
        start = windows[-1][1] + timedelta(days=1)
    return windows


def table_of(rows: list[dict]) -> pa.Table:
    """The rows in the columns of the minimised table; what a row does not say is NULL."""
    numbered = [
        {"number": f"HS-{at:05}", "file": "mau.csv", "sheet": "", "row": at + 2} | row
        for at, row in enumerate(rows)
    ]
    return pa.table(
        {name: pa.array([row.get(name) for row in numbered], kind) for name, kind in TYPES.items()}
    )


def end_of(one: dict) -> date | None:
    return one.get("finished") or one.get("returned") or one.get("stopped")


def countable(one: dict) -> bool:
    status, received, end = one.get("status"), one.get("received"), end_of(one)
    if received is None or status in (None, 1, 3):
        return False
    if status in (7, 9, 10):
        return end is not None and end >= received
    return not (status == 8 and end is not None and end < received)


def has(group: list[dict], *names: str) -> bool:
    return any(one.get(name) is not None for one in group for name in names)


def count_window(rows: list[dict], first: date, last: date) -> dict[tuple[str, str], int]:
    """Value by (unit, measure) in the window from `first` to `last`, of every measure without regard to its dates."""
    arrived = [one["received"] for one in rows if one["received"] and one["status"] not in (None, 1, 3)]
    due, limit = has(rows, "due"), has(rows, "due", "legal_days")
    past = any(day < first for day in arrived)
    rows = [one for one in rows if countable(one)]
    received = [one for one in rows if first <= one["received"] <= last]
    over = [one for one in rows if one["status"] in (7, 9, 10) and first <= end_of(one) <= last]
    gone = [one for one in rows if portal_end(one) is not None and first <= portal_end(one) <= last]
    there = [
        one
        for one in rows
        if one["received"] < first and (one["status"] in (2, 4, 5, 6, 8) or end_of(one) >= first)
    ]
    pending = [
        one
        for one in rows
        if one["received"] <= last and (one["status"] in (2, 4, 5, 6, 8) or end_of(one) > last)
    ]
    portal_pending = [
        one for one in rows if one["received"] <= last and (portal_end(one) is None or portal_end(one) > last)
    ]
    finished = [one for one in over if one["status"] in (9, 10)]
    overdue = [
        one for one in pending if one["status"] not in (5, 6, 8) and one.get("due") and one["due"] < last
    ]

    channel, level = has(received, "channel"), has(received, "level")
    online = [one for one in received if one.get("channel") == 2]
    identity = [one for one in received if one.get("has_identity")]
    fees = [one for one in received if one.get("payment_requested")]
    groups = {
        "filed_online": (channel, online),
        "filed_direct": (channel, [one for one in received if one.get("channel") in (1, 3)]),
        "online_base": (True, received),
        "eligible_received": (level, [one for one in received if one.get("level") in (3, 4)]),
        "eligible_online": (level, [one for one in online if one.get("level") in (3, 4)]),
        "full_online_received": (level, [one for one in received if one.get("level") == 4]),
        "full_online_filed": (level, [one for one in online if one.get("level") == 4]),
        "level_3_filed": (level, [one for one in online if one.get("level") == 3]),
        "level_4_filed": (level, [one for one in online if one.get("level") == 4]),
        "level_base": (True, received),
        "post_received": (channel, [one for one in received if one.get("channel") == 3]),
        "digitisation_base": (has(received, "has_identity"), identity),
        "dossier_digitised": (
            has(received, "digitised"),
            [one for one in identity if (one.get("digitised") or 0) >= 1],
        ),
        "fee_bearing": (has(received, "payment_requested"), fees),
        "paid_online": (has(received, "paid_online"), [one for one in fees if one.get("paid_online")]),
        "carried_over": (past, there),
        "resolved_early": (
            past and due,
            [one for one in finished if one.get("due") and end_of(one) < one["due"]],
        ),
        "resolved_on_time": (
            past and due,
            [one for one in over if one["status"] == 7 or one.get("due") in (None, end_of(one))],
        ),
        "resolved_late": (
            past and due,
            [one for one in finished if one.get("due") and end_of(one) > one["due"]],
        ),
        "pending_in_time": (past and due, [one for one in pending if one not in overdue]),
        "pending_overdue": (past and due, overdue),
        "post_returned": (
            past and has(over, "return_channel"),
            [one for one in over if one.get("return_channel") == 3],
        ),
        "result_base": (past, finished),
        "result_digitised": (
            past and has(finished, "result_attached", "needs_result"),
            [one for one in finished if one.get("result_attached") or one.get("needs_result") is False],
        ),
        "portal_resolved_on_time": (past and limit, [one for one in gone if not late_at(one, last)]),
        "portal_resolved_late": (past and limit, [one for one in gone if late_at(one, last)]),
        "portal_pending_on_time": (past and limit, [one for one in portal_pending if not late_at(one, last)]),
        "portal_pending_late": (past and limit, [one for one in portal_pending if late_at(one, last)]),
    }
    units = {one["unit"] for one in [*received, *there]}
    return {
        (unit, name): sum(one["unit"] == unit for one in group)
        for name, (emitted, group) in groups.items()
        if emitted
        for unit in units
    }


def portal_end(one: dict) -> date | None:
    return end_of(one) if one["status"] in (7, 8, 9, 10) else None


def late_at(one: dict, last: date) -> bool:
    """Late in the portal's reading, seen at the end of day `last`."""
    end = portal_end(one)
    ended = end is not None and end <= last
    limit = one.get("due")
    if limit is None and one.get("legal_days") is not None:
        limit = one["received"] + timedelta(days=one["legal_days"])
    asked, back = one.get("supplement_requested"), one.get("supplement_returned")
    if asked is None or (back is not None and back < asked):
        back = None
    clock = end if ended else last
    if not ended and asked is not None and asked <= last and (back is None or back > last):
        if (one.get("supplements") or 0) > 1:
            return True
        clock = asked
    waited = back - asked if back is not None and back <= (end if ended else last) else timedelta()
    return limit is not None and clock - waited > limit


def listed(frame: pd.DataFrame) -> dict[tuple, int]:
    """Value by (unit, first day, last day, measure) of what the reduction says; a row twice is a mistake."""
    rows = {}
    for unit, start, end, measure, value in frame.itertuples(index=False):
        key = (unit, pd.Timestamp(start).date(), pd.Timestamp(end).date(), measure)
        assert key not in rows, key
        rows[key] = int(value)
    return rows


def expected(rows: list[dict], windows: list[tuple[date, date]], measures: dict) -> dict[tuple, int]:
    """What the reduction has to say of the rows, in the windows in which each measure is in force."""
    return {
        (unit, start, end, name): value
        for start, end in windows
        for (unit, name), value in count_window(rows, start, end).items()
        if measures[name].in_force(start, end)
    }
