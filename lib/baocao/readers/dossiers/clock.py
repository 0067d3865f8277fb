"""When a dossier ends and when it is late, in the province's reading and by the national portal's clock.

Ibis expressions over a table of `dossier_table.DOSSIER_COLUMNS`, the same on every engine. Days are reckoned as whole
numbers wherever something is added, for no two engines add days alike.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

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
    """The day as a whole number, as `windows.day_number` gives it."""
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
