"""Section III a) of the report on dossiers, its trend: how the main rates went over the last periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import pairwise

import pandas as pd

from baocao import charts
from baocao.charts import Break, Line, Point
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.reports.processing import words
from baocao.reports.processing.changes import SAID
from baocao.reports.processing.comparison import Row
from baocao.reports.processing.reading import TREND, Memo
from baocao.writing import Claims, Markdown, paragraphs, phrases

DRAWN = {
    "on_time_rate": "Giải quyết trước và đúng hạn",
    "online_share": "Nộp trực tuyến",
    "online_payment_rate": "Thanh toán trực tuyến",
}
"""Rates of the trend, with the names of their lines."""

FEWEST = 3
"""A trend needs as many periods with figures."""


def describe_trend(memo: Memo) -> Markdown:
    """How the main rates went over the last periods, in words and as a chart; empty with fewer than three of them.

    For a range of days and the first months of a year the periods are months.
    """
    periods = memo.setting.periods_before(TREND[memo.period.kind])
    names = [name for name in DRAWN if memo.board.indicator(name)]
    series = memo.setting.series(names, [memo.subject], periods)
    drawn = [name for name in names if series[series["indicator"] == name]["value"].notna().sum() >= FEWEST]
    if not drawn:
        return Markdown("")
    known = set(series[series["value"].notna() & series["indicator"].isin(drawn)]["period"])
    first = next(at for at, period in enumerate(periods) if period.code in known)
    rows = {
        name: [row for row in series[series["indicator"] == name].to_dict("records")][first:]
        for name in drawn
    }
    return Markdown(f"{_say_trend(memo, rows)}\n{_plot_trend(memo, periods[first:], rows)}")


def _say_trend(memo: Memo, rows: Mapping[str, Sequence[Row]]) -> Markdown:
    """Only the part of a series that may be read through: up to the last break."""
    said = []
    for name, points in rows.items():
        last_break = max((at for at, row in enumerate(points) if row["break_before"]), default=0)
        known = [row for row in points[last_break:] if pd.notna(row["value"])]
        if len(known) >= FEWEST:
            changes = [
                vn.rate(int(after["numerator"]), int(after["denominator"]))
                - vn.rate(int(before["numerator"]), int(before["denominator"]))
                for before, after in pairwise(known)
            ]
            ends = [
                f"{_print_point(memo, row, memo.claims)} ({memo.claims.period(Period.parse(row['period']))})"
                for row in (known[0], known[-1])
            ]
            said.append(phrases.trend(SAID[name], changes, *ends))
    broken = dict.fromkeys(
        (row["period"], tuple(row["break_told"]))
        for points in rows.values()
        for row in points
        if row["break_before"]
    )
    cuts = [
        phrases.broken(memo.claims.period(Period.parse(code)), memo.setting.say(told))
        for code, told in broken
    ]
    return paragraphs(phrases.capitalise("; ".join(said)) + "." if said else "", *cuts)


def _plot_trend(memo: Memo, periods: Sequence[Period], rows: Mapping[str, Sequence[Row]]) -> Markdown:
    lines = [
        Line(
            DRAWN[name],
            [Point(row["value"], partial(_print_point, memo, row)) for row in points],
            is_focus=name == "on_time_rate",
        )
        for name, points in rows.items()
    ]
    broken = dict.fromkeys(row["period"] for points in rows.values() for row in points if row["break_before"])
    measures = [part for name in rows for part in memo.board.indicator(name).denominator]
    return charts.trend(
        memo.claims,
        periods,
        lines,
        caption=f"Các tỷ lệ chính của {memo.claims.unit(memo.subject)}, từ {memo.claims.period(periods[0])} đến "
        f"{memo.claims.period(periods[-1])}",
        source=memo.board.source_text([memo.subject], measures),
        font=memo.setting.font,
        breaks=[Break(Period.parse(code), words.series_broken()) for code in broken],
    )


def _print_point(memo: Memo, row: Row, view: Claims) -> str:
    definition = memo.board.indicator(row["indicator"])
    return view.percent(
        int(row["numerator"]), int(row["denominator"]), label=definition.label, unit=memo.subject,
        period=Period.parse(row["period"]), source=row["source"], facts=int(row["facts"]),
        formula=definition.formula,
    )  # fmt: skip
