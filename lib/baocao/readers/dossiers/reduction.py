"""Dossiers to counts: the predicates of the province's system and of the national portal, for many windows at once.

Written once, as Ibis expressions: the same rules run on DuckDB, PostgreSQL and Spark. No window is scanned for
itself. Each dossier gives a few events, dated by the window they fall into (`events`): received, ended, past its
deadline. Flows are the events of a window; stocks are their running sums. The dossiers are read once for each kind
of event, the rest is work on one row per unit and window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import ibis.expr.types as ir

from baocao.definitions import Measure
from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers import events
from baocao.readers.dossiers.events import Window, calendar, check_windows, window_table
from baocao.readers.problems import problem

RECEPTION = {
    "filed_online": "channel",
    "filed_direct": "channel",
    "online_base": "",
    "eligible_received": "level",
    "eligible_online": "level",
    "full_online_received": "level",
    "full_online_filed": "level",
    "level_3_filed": "level",
    "level_4_filed": "level",
    "level_base": "",
    "post_received": "channel",
    "digitisation_base": "has_identity",
    "dossier_digitised": "digitised",
    "fee_bearing": "payment_requested",
    "paid_online": "paid_online",
}
"""Measures of the dossiers received in a window, with the column without which they are unknown."""

ENDS = {
    "resolved_early": "due",
    "resolved_on_time": "due",
    "resolved_late": "due",
    "post_returned": "return_channel",
    "result_base": "",
    "result_digitised": "result",
    "portal_resolved_on_time": "limit",
    "portal_resolved_late": "limit",
}
"""Measures of the dossiers that ended in a window."""

STOCKS = {
    "carried_over": "",
    "pending_in_time": "due",
    "pending_overdue": "due",
    "portal_pending_on_time": "limit",
    "portal_pending_late": "limit",
}
"""Measures on the first or last day of a window."""


_LONG = 6
"""A history this many times as long as the windows is first cut down to what matters in them."""


@dataclass(frozen=True)
class History:
    """What has to be known about a table of dossiers before it is counted.

    first  the first day on which one was received; None where the table has none
    due    whether any has a day promised (ngày hẹn trả)
    limit  whether any has that, or the maximum duration of its procedure
    """

    first: date | None
    due: bool
    limit: bool

    def starts_by(self, day: date) -> bool:
        """Whether dossiers received before `day` are known, so that what was pending then is."""
        return self.first is not None and self.first < day


def read_history(dossiers: ir.Table) -> History:
    """The history of the table, from its columns alone (faults in single dossiers do not matter); runs queries."""

    def any_of(column: ir.Column) -> bool:
        return dossiers.filter(column.notnull()).limit(1).count().to_pyarrow().as_py() > 0

    arrived = dossiers.filter(
        dossiers.status.isin((*events.WORKING, *events.SUSPENDED, events.RETURNED, *events.FINISHED))
    )
    due = any_of(dossiers.due)
    return History(arrived.received.min().to_pyarrow().as_py(), due, due or any_of(dossiers.legal_days))


def reduce_dossiers(
    dossiers: ir.Table,
    windows: Sequence[Window],
    as_of: date,
    measures: Mapping[str, Measure],
    history: History | None = None,
) -> ir.Table:
    """The counts of each unit and window: columns unit, period_start, period_end, measure, value (dossiers).

    dossiers  `schema.DOSSIER_COLUMNS`, on any engine; unit is text as received, not resolved
    windows   first and last days, one after the other; the last one ends by `as_of`, the day of the export
    history   of the whole table, where `dossiers` is a part of it or it was read before

    Local reading (domain: how a provincial system counts; D1, D2 first and last day of the window; whole days):
    carried_over received before D1, not ended before D1; resolved ended from D1 to D2: early, on time, late by
    the day promised, a dossier returned or withdrawn on time whatever the day, and one without a day promised;
    pending received by D2, not ended by D2: in time where the day promised is D2 or later, or none, or where the
    dossier is suspended (asked for papers, for payment, stopped), else overdue. A dossier ends on one day, chosen
    once: finished, else returned, else stopped. So column 3 = 7 + 11, and next period's column 6 is this one's 11:
    a dossier returned after D2 is pending on D2, which the rule implies and does not say.

    Portal's reading (measures portal_…): see `events.portal_limit`.

    Status is as of the export, so that a past window counted again later can differ: keep what was issued.
    A unit has rows for a window in which it has any dossier, zeros included. Left out, since unknown is not zero:
    measures outside their dates, measures whose column no dossier of the window has, and all but reception in a
    window before which no dossier was received (`first_window_warning`). Dossiers that `events.counts` refuses are not
    counted anywhere. Raises ValueError for windows with gaps or after `as_of`.
    """
    check_windows(windows, as_of)
    history = history or read_history(dossiers)
    days = ibis.memtable(calendar(windows))
    span = events.Span(windows[0][0], windows[-1][1])
    if history.first and (span.last - history.first).days > _LONG * (span.last - span.first).days:
        dossiers = events.current(dossiers, span)  # read once, and little of it kept
    parts = [make(dossiers, days, span) for make in events.EVENTS]
    names = sorted({name for part in parts for name in part.columns} - {"unit", "window"})
    rows = [
        part.select(
            "unit", "window", **{name: part[name] if name in part.columns else _zero() for name in names}
        )
        for part in parts
    ]
    happened = (
        ibis.union(*rows)
        .group_by("unit", "window")
        .aggregate(**{name: ibis._[name].sum().fill_null(0).cast("int64") for name in names})
    )
    return _list(_balance(_fill(happened, names, len(windows))), windows, measures, history)


def _zero() -> ir.IntegerScalar:
    return ibis.literal(0, "int64")


def _fill(happened: ir.Table, names: Sequence[str], count: int) -> ir.Table:
    """A row for every window from a unit's first event on: where nothing happened, zeros."""
    later = ibis.window(group_by="unit", order_by="window")
    spans = happened.mutate(until=ibis.coalesce(happened.window.lead().over(later), count))
    every = spans.mutate(at=ibis.range(spans.window, spans.until).unnest())
    return every.select(
        "unit",
        window=every["at"].cast("int32"),
        **{name: ibis.ifelse(every["at"] == every.window, every[name], 0) for name in names},
    )


def _balance(every: ir.Table) -> ir.Table:
    """Stocks at the end of each window from the flows until then."""
    so_far = ibis.window(group_by="unit", order_by="window", preceding=None, following=0)

    def stock(gained: Sequence[str], lost: Sequence[str]) -> ir.IntegerColumn:
        change = sum(every[name] for name in gained) - sum(every[name] for name in lost)
        return change.sum().over(so_far).cast("int64")

    stocks = every.mutate(
        pending=stock(["opening", "online_base"], ["ended"]),
        pending_overdue=stock(["fell_due"], ["fell_due_ended"]),
        portal_pending=stock(["portal_opening", "online_base"], ["portal_ended"]),
        portal_pending_late=stock(
            ["turned_late", "second_request"], ["turned_late_ended", "second_request_ended"]
        ),
    )
    present = stocks.mutate(
        has_channel=stocks.filed_online + stocks.filed_direct,
        level_base=stocks.online_base,
        level_3_filed=stocks.eligible_online - stocks.full_online_filed,
        level_4_filed=stocks.full_online_filed,
        resolved_on_time=stocks.ended - stocks.resolved_early - stocks.resolved_late,
        portal_resolved_on_time=stocks.portal_ended - stocks.portal_resolved_late,
        carried_over=stocks.pending + stocks.ended - stocks.online_base,
        pending_in_time=stocks.pending - stocks.pending_overdue,
        portal_pending_on_time=stocks.portal_pending - stocks.portal_pending_late,
    )
    return present.filter(present.carried_over + present.online_base > 0)


def _list(
    counts: ir.Table, windows: Sequence[Window], measures: Mapping[str, Measure], history: History
) -> ir.Table:
    """One row a measure, of those that are known and in force."""
    whole = ibis.window(group_by="window")
    seen = {name: counts[f"has_{name}"].sum().over(whole) for name in events.OPTIONAL}
    known = counts.mutate(**{f"knows_{name}": count > 0 for name, count in seen.items()})
    values = []
    names = [name for name in (*RECEPTION, *ENDS, *STOCKS) if name in measures]
    for name in names:
        column = (RECEPTION | ENDS | STOCKS)[name]
        if (column == "due" and not history.due) or (column == "limit" and not history.limit):
            values.append(ibis.null("int64"))
            continue
        held = [at for at, window in enumerate(windows) if measures[name].in_force(*window)]
        if name not in RECEPTION:
            held = [at for at in held if history.starts_by(windows[at][0])]
        condition = known.window.between(held[0], held[-1]) if held else ibis.literal(False)
        if column in events.OPTIONAL:
            condition = condition & known[f"knows_{column}"]
        values.append(ibis.ifelse(condition, known[name].cast("int64"), ibis.null("int64")))
    listed = known.select("unit", "window", value=ibis.array(values)).unnest("value", offset="at")
    listed = listed.filter(listed.value.notnull())
    labels = ibis.memtable(
        {"at": list(range(len(names))), "measure": names}, schema={"at": "int64", "measure": "string"}
    )
    spans = ibis.memtable(
        window_table(windows), schema={"window": "int32", "period_start": "date", "period_end": "date"}
    )
    return (
        listed.mutate(at=listed["at"].cast("int64"))
        .join(labels, "at")
        .join(spans, "window")
        .select("unit", "period_start", "period_end", "measure", "value")
    )


def first_window_warning(history: History, windows: Sequence[Window], file: str = "") -> dict | None:
    """The warning that the first window has receptions only, or None where what came before it is known."""
    start, end = windows[0]
    if history.starts_by(start):
        return None
    first_day, last_day = (vn.format_date(day, "short") for day in (start, end))
    return problem(
        "warning",
        "ky-dau",
        f"Không có hồ sơ nào tiếp nhận trước ngày {first_day}, nên chưa biết số kỳ trước chuyển qua: kỳ "
        f"{first_day} - {last_day} chỉ có số tiếp nhận; hãy nạp thêm hồ sơ cũ hơn nếu cần đủ.",
        file=file,
        value=f"{start} - {end}",
    )
