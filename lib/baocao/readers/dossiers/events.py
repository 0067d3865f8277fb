"""What happens to a dossier, by unit and window: received, past its deadline, ended. Ibis expressions only.

Days are reckoned as whole numbers (`windows.day_number`), for no two engines subtract dates alike. Each event reads
the dossiers with a filter of its own and finds its window in a table of days, so that no engine keeps a wide copy
of millions of rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from baocao.readers.dossiers.clock import (
    FINISHED,
    RETURNED,
    STOPPED,
    SUSPENDED,
    WORKING,
    answered,
    counts,
    day_number_of,
    end_day,
    ended,
    ended_limit,
    pending_limit,
    portal_ended,
    second_request_counts,
)
from baocao.readers.dossiers.windows import day_number

OPTIONAL = (
    *("channel", "level", "has_identity", "digitised", "payment_requested", "paid_online"),
    *("return_channel", "result"),
)
"""Columns that an export may lack: `has_<name>` counts the dossiers of a window that have it (channel: by its codes)."""


COLUMNS = (
    *("unit", "status", "received", "due", "finished", "returned", "stopped", "legal_days"),
    *(
        "supplement_requested",
        "supplement_returned",
        "supplements",
        "channel",
        "level",
        "has_identity",
        "digitised",
    ),
    *("payment_requested", "paid_online", "return_channel", "result_attached", "needs_result"),
)
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
