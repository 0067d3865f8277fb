"""What happens to a dossier, by unit and window: received, past its deadline, ended. Ibis expressions only.

Days are reckoned as whole numbers (`day_number`), for no two engines subtract dates alike. Each event reads
the dossiers with a filter of its own and finds its window in a table of days, so that no engine keeps a wide copy
of millions of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import ibis
import ibis.expr.types as ir
import pandas as pd

OPTIONAL = (
    "channel", "level", "has_identity", "digitised", "payment_requested", "paid_online", "return_channel", "result",
)  # fmt: skip
"""Columns that an export may lack: `has_<name>` counts the dossiers of a window that have it (channel: by its codes)."""


COLUMNS = (
    "unit", "status", "received", "due", "finished", "returned", "stopped", "legal_days", "supplement_requested",
    "supplement_returned", "supplements", "channel", "level", "has_identity", "digitised", "payment_requested",
    "paid_online", "return_channel", "result_attached", "needs_result",
)  # fmt: skip
"""The columns of a table of dossiers that are read; a warehouse need not have others."""


@dataclass(frozen=True)
class Span:
    """First and last day of all windows together."""

    first: date
    last: date


def _place(found: ir.Table, day: ir.IntegerColumn, days: ir.Table, **columns: ir.Column) -> ir.Table:
    """The dossiers with the window of `day`: columns unit, day, window, opens, closes and those given."""
    return found.select("unit", day=day.cast("int32"), **columns).join(days, "day")


def current(dossiers: ir.Table, span: Span) -> ir.Table:
    """The dossiers that matter from the first window on: not ended before it, received by the end of the last.

    Said in two parts of which engines can skip most without reading: those not finished before, and the few that
    have such a day but whose status says that they go on.
    """
    needed = dossiers.select(*COLUMNS)
    recent = needed.filter(
        (needed.finished >= span.first) | needed.finished.isnull(),
        _goes_on(needed, span),
        needed.received <= span.last,
    )
    reopened = needed.filter(
        needed.finished < span.first,
        needed.status <= STOPPED,  # what a file's statistics tell
        needed.status.isin((*WORKING, *SUSPENDED)),
        needed.received <= span.last,
    )
    return ibis.union(recent, reopened)


def _goes_on(dossiers: ir.Table, span: Span) -> ir.BooleanColumn:
    return ~ended(dossiers) | (end_day(dossiers) >= span.first)


def opening(dossiers: ir.Table, days: ir.Table, span: Span) -> ir.Table:
    """Dossiers there when the first window opens: received before it, not ended before it."""
    found = dossiers.filter(dossiers.received < span.first, _goes_on(dossiers, span), counts(dossiers))
    gone = portal_ended(found) & (end_day(found) < span.first)
    at = found.select("unit", window=ibis.literal(0, "int32"), gone=gone)
    return _count(at, {"opening": at.unit.notnull(), "portal_opening": ~at.gone})


def received(dossiers: ir.Table, days: ir.Table, span: Span) -> ir.Table:
    """Dossiers received in each window."""
    found = dossiers.filter(dossiers.received.between(span.first, span.last), counts(dossiers))
    optional = ("channel", "level", "has_identity", "digitised", "payment_requested", "paid_online")
    at = _place(found, day_number_of(found.received), days, **{name: found[name] for name in optional})
    online, served, full = at.channel == 2, at.level.isin((3, 4)), at.level == 4
    wanted = {
        "filed_online": online,
        "filed_direct": at.channel.isin((1, 3)),
        "post_received": at.channel == 3,
        "eligible_received": served,
        "eligible_online": served & online,
        "full_online_received": full,
        "full_online_filed": full & online,
        "digitisation_base": at.has_identity,
        "dossier_digitised": at.has_identity & (at.digitised >= 1),
        "fee_bearing": at.payment_requested,
        "paid_online": at.payment_requested & at.paid_online,
        **{f"has_{name}": at[name].notnull() for name in optional if name != "channel"},
    }
    return _count(at, wanted, whole="online_base")


def resolved(dossiers: ir.Table, days: ir.Table, span: Span) -> ir.Table:
    """Dossiers that ended in each window, in both readings; those on time are the rest of those early and late."""
    end = end_day(dossiers)
    found = dossiers.filter(  # of `counts`, what is left for these
        end.between(span.first, span.last),
        dossiers.status.isin((RETURNED, STOPPED, *FINISHED)),
        end >= dossiers.received,
        dossiers.unit.notnull(),
    )
    end = end_day(found)
    # The clock is asked only of the few that did not end by the day promised.
    prompt = ibis.coalesce(end <= found.due, False)
    at = _place(
        found,
        day_number_of(end),
        days,
        status=found.status,
        due=found.due,
        end=end,
        late=ibis.ifelse(prompt, False, ibis.coalesce(day_number_of(end) > ended_limit(found), False)),
        return_channel=found.return_channel,
        result_attached=found.result_attached,
        needs_result=found.needs_result,
    )
    gone, finished = at.status != STOPPED, at.status.isin(FINISHED)
    result = at.result_attached.fill_null(False) | ~at.needs_result.fill_null(True)
    wanted = {
        "ended": gone,
        "resolved_early": finished & (at.end < at.due),
        "resolved_late": finished & (at.end > at.due),
        "post_returned": gone & (at.return_channel == 3),
        "result_base": finished,
        "result_digitised": finished & result,
        "portal_resolved_late": at.late,
        "has_return_channel": gone & at.return_channel.notnull(),
        "has_result": finished & (at.result_attached.notnull() | at.needs_result.notnull()),
    }
    return _count(at, wanted, whole="portal_ended")


def late(dossiers: ir.Table, days: ir.Table, span: Span) -> ir.Table:
    """Dossiers that the end of a window first finds late: past the day promised, past the portal's limit, or waiting
    for papers asked for a second time; and those that a window takes from among the late ones, ended or answered.

    One reading of the few dossiers that can be late gives all.
    """
    end, open_still = end_day(dossiers), dossiers.status.isin((*WORKING, *SUSPENDED))
    may_be_late = open_still | dossiers.due.isnull() | (end > dossiers.due) | (dossiers.supplements > 1)
    found = dossiers.filter(
        _goes_on(dossiers, span), may_be_late, dossiers.received <= span.last, counts(dossiers)
    )
    nothing = ibis.null("int32")
    end, since, due = day_number_of(end_day(found)), day_number_of(found.received), day_number_of(found.due)
    portal_end = ibis.ifelse(portal_ended(found), end, nothing)
    back = day_number_of(answered(found))
    waits = second_request_counts(found)
    asked = ibis.ifelse(waits, ibis.greatest(day_number_of(found.supplement_requested), since), nothing)
    until = ibis.ifelse(
        waits, ibis.least(ibis.coalesce(back, portal_end), ibis.coalesce(portal_end, back)), nothing
    )
    # Late from the first day on, until the day before the second; NULL: never, and without end.
    slow = found.select(
        "unit",
        start_0=ibis.ifelse(found.status.isin(SUSPENDED), nothing, _later(due + 1, since)),
        stop_0=ibis.ifelse(ended(found), end, nothing),
        start_1=_later(pending_limit(found) + 1, since),
        stop_1=portal_end,
        start_2=asked,
        stop_2=until,
    )
    names = ("fell_due", "turned_late", "second_request")
    spells = ibis.union(
        *(
            slow.filter(
                slow[f"stop_{kind}"].isnull() | (slow[f"stop_{kind}"] > slow[f"start_{kind}"])
            ).select(
                "unit",
                kind=ibis.literal(kind, "int8"),
                start=slow[f"start_{kind}"].cast("int32"),
                stop=slow[f"stop_{kind}"].cast("int32"),
            )
            for kind in range(len(names))
        )
    )
    spells = spells.filter(spells.start.notnull(), spells.start <= day_number(span.last))
    first = day_number(span.first)
    marks = spells.mutate(day=ibis.array([ibis.greatest(spells.start, first), spells.stop]).unnest())
    marks = marks.filter(marks.day.notnull())
    at = _place(marks, marks.day, days, kind=marks.kind, start=marks.start, stop=marks.stop)
    begins = (at.day == ibis.greatest(at.start, first)) & (at.stop.isnull() | (at.stop > at.closes))
    stops = (at.day == at.stop) & (at.start < at.opens) & (at.window > 0)
    wanted = {name: (at.kind == kind) & begins for kind, name in enumerate(names)}
    return _count(
        at, wanted | {f"{name}_ended": (at.kind == kind) & stops for kind, name in enumerate(names)}
    )


def _later(day: ir.IntegerColumn, *others: ir.IntegerValue | int) -> ir.IntegerColumn:
    """The latest of the days, NULL where the first one is (engines differ on that)."""
    return ibis.ifelse(day.isnull(), ibis.null("int32"), ibis.greatest(day, *others))


EVENTS = (opening, received, resolved, late)
"""All kinds of events: (dossiers, days, span) -> columns unit, window and counts of dossiers."""


def _count(at: ir.Table, wanted: dict[str, ir.BooleanValue], whole: str = "") -> ir.Table:
    """The dossiers of each unit and window that fulfil each condition; all of them under the name `whole`."""
    counted = {
        name: ibis.ifelse(condition, 1, ibis.null("int8")).count() for name, condition in wanted.items()
    }
    return at.group_by("unit", "window").aggregate(**counted, **({whole: at.count()} if whole else {}))


# --------------------------------------------------------------------------------------------------
# When a dossier ends and when it is late, in the province's reading and by the national portal's clock.
#
# Ibis expressions over a table of `schema.DOSSIER_COLUMNS`, the same on every engine. Days are
# reckoned as whole numbers wherever something is added, for no two engines add days alike.


WORKING = (2, 4)
SUSPENDED = (5, 6, 8)
FINISHED = (9, 10)
RETURNED = 7
STOPPED = 8


def end_day(dossiers: ir.Table) -> ir.DateColumn:
    """The day a dossier ended, chosen once for both readings: finished, else returned, else stopped or withdrawn.

    It holds only where the status says that the dossier ended (`ended`, `portal_ended`).
    """
    return ibis.coalesce(dossiers.finished, dossiers.returned, dossiers.stopped)


def ended(dossiers: ir.Table) -> ir.BooleanColumn:
    """Ended in the province's reading: finished, result returned, or returned to the citizen (statuses 9, 10, 7)."""
    return dossiers.status.isin((RETURNED, *FINISHED))


def portal_ended(dossiers: ir.Table) -> ir.BooleanColumn:
    """Ended in the portal's reading: as `ended`, or stopped (status 8) on a known day."""
    return ended(dossiers) | ((dossiers.status == STOPPED) & end_day(dossiers).notnull())


def counts(dossiers: ir.Table) -> ir.BooleanColumn:
    """Whether a dossier is counted at all: of a unit, received, and not ended before it was received.

    Statuses 1 (newly registered) and 3 (not received) count nowhere. An ended dossier without a day of its end
    and one that ended before it was received are faults (`quality`), which would break every identity here.
    """
    end = end_day(dossiers)
    return (
        dossiers.unit.notnull()
        & dossiers.received.notnull()
        & (
            dossiers.status.isin((*WORKING, 5, 6))
            | ((ended(dossiers) | (dossiers.status == STOPPED)) & (end >= dossiers.received))
            | ((dossiers.status == STOPPED) & end.isnull())
        )
    )


def day_number_of(day: ir.DateColumn) -> ir.IntegerColumn:
    """The day as a whole number, as `day_number` gives it."""
    return day.epoch_days().cast("int32")


def portal_limit(dossiers: ir.Table) -> ir.IntegerColumn:
    """The last day on which a dossier is on time for the portal, before waiting; NULL: never late.

    The portal's clock (domain: clock rules of indicator 2.1): the day promised, else reception and the maximum
    duration of the procedure. While the citizen has not answered the last request for papers, the clock stands at
    the request, and a second request is late; once answered, the days of waiting are added to the limit. Not
    ended: the last day of the window counts as the end. The number of requests is known, the days of the last one
    only: waiting for earlier ones is not in the export and not subtracted.
    """
    return ibis.coalesce(
        day_number_of(dossiers.due), day_number_of(dossiers.received) + dossiers.legal_days.cast("int32")
    )


def answered(dossiers: ir.Table) -> ir.DateColumn:
    """The day the last request for papers was answered; NULL while it is not."""
    back = dossiers.supplement_returned
    return ibis.ifelse(back >= dossiers.supplement_requested, back, ibis.null("date"))


def pending_limit(dossiers: ir.Table) -> ir.IntegerColumn:
    """The last day on which a pending dossier is in time for the portal; NULL where it never turns late."""
    limit, asked, back = (
        portal_limit(dossiers),
        day_number_of(dossiers.supplement_requested),
        day_number_of(answered(dossiers)),
    )
    stands = ibis.coalesce(asked > limit, True)  # never asked, or late before it was
    return ibis.ifelse(stands, limit, limit + back - asked)


def ended_limit(dossiers: ir.Table) -> ir.IntegerColumn:
    """The last day on which an ended dossier was on time for the portal."""
    back = day_number_of(answered(dossiers))
    waited = ibis.ifelse(
        back <= day_number_of(end_day(dossiers)),
        back - day_number_of(dossiers.supplement_requested),
        ibis.null("int32"),
    )
    return portal_limit(dossiers) + ibis.coalesce(waited, 0)


def second_request_counts(dossiers: ir.Table) -> ir.BooleanColumn:
    """Whether a dossier is late while it waits, only because it is not the first time that papers are asked for."""
    return (
        (dossiers.supplements > 1)
        & dossiers.supplement_requested.notnull()
        & ibis.coalesce(day_number_of(dossiers.supplement_requested) <= portal_limit(dossiers), True)
    )


# --------------------------------------------------------------------------------------------------
# The windows that dossiers are counted in: spans of whole days, one after the other, without gap or
# overlap.


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
