"""The province's scores beside those of earlier periods: changes, their table, trends with break marks.

Scores of periods of one kind are held against each other, and only while the conditions of the index were the same;
across a change of conditions a chart has a break mark and no growth is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import partial

import pandas as pd

from baocao import charts
from baocao.analysis import break_reason, change_of_rank, plain, scores
from baocao.charts import Break, Line, Panel, Point
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.reports.service_index.capture import INDEX, Report, Row
from baocao.reports.setting import PROVINCE
from baocao.writing import Claims, Markdown, least_trusted, markup, phrases, tables

PERIODS = {"month": 13, "quarter": 9, "half": 5, "year": 5, "months": 13, "range": 13}
"""How many periods a trend shows: for months and quarters to the same one last year and back again."""

FEWEST = 3
"""A trend needs as many periods with scores."""

NO_SCORE = "nguồn số liệu không có điểm của kỳ đó"


@dataclass(frozen=True)
class Past:
    """The province's scores of another period by component; `year`: conditions changed from it on, so no change is told."""

    period: Period
    as_of: date | None
    rows: dict[str, Row]
    year: int | None = None


# --- reading -----------------------------------------------------------------------------------------------------
def read_past(report: Report, period: Period) -> Past | None:
    """What was published of the province for that period (its newest capture); None where there is no total."""
    captured = scores.take_snapshot(report.setting.facts.scores, INDEX, period, PROVINCE)
    if captured.empty:
        return None
    shown = scores.add_shown_groups(captured[captured["unit"] == PROVINCE], report.index)
    as_of = scores.as_date(shown["as_of"].iloc[0])
    now = report.as_of or report.setting.period.end
    rows = {row["component"]: row for row in shown.to_dict("records")}
    return Past(period, as_of, rows, report.index.break_between(as_of or period.end, now))


def read_bases(report: Report) -> list[tuple[Period, Past | None]]:
    """The period before and the same period last year, with what is known of them."""
    return [(period, read_past(report, period)) for period in report.setting.bases]


# --- in words ----------------------------------------------------------------------------------------------------
def describe_change(report: Report) -> Markdown:
    """Against the period before and the same period last year; else against the last result, or why not."""
    claims, bases = report.claims, read_bases(report)
    said = [_say_past(report, past) for _, past in bases if past]
    missing = [claims.period(period) for period, past in bases if past is None]
    refused = phrases.no_comparison(phrases.join(missing), NO_SCORE) if missing else ""
    return markup.paragraphs(_say_earlier(report, [period for period, past in bases if past]), *said, refused)


def _say_past(report: Report, past: Past) -> str:
    claims = report.claims
    base = f"{claims.period(past.period)} ({_score_then(report, past)} điểm{_as_of(report, past.as_of)})"
    if past.year is not None:
        return phrases.no_comparison(base, report.setting.say(break_reason(past.year)))
    changes = [f"tổng điểm {_say_change(report, past, scores.TOTAL)}", _say_rank(report, past)]
    for highest in (True, False):
        found = _most_changed(report, past, highest=highest)
        if found:
            word = "tăng" if highest else "giảm"
            told = [f"{report.group(name)} ({_say_change(report, past, name)})" for name in found]
            changes.append(f"nhóm {word} nhiều nhất là {phrases.name_units(told)}")
    return phrases.compared(base, [change for change in changes if change])


def _say_rank(report: Report, past: Past) -> str:
    now, then = report.total, past.rows[scores.TOTAL]
    if pd.isna(now["rank"]) or pd.isna(then["rank"]):
        return ""
    gained, reason = change_of_rank(now["rank"], now["out_of"], then["rank"], then["out_of"])
    if gained is None:
        return phrases.uncompared("thứ hạng", plain(reason))
    about = {**report.about(scores.TOTAL, what="Thay đổi thứ hạng"), "measured_in": "bậc"}
    places = (
        report.claims.count(abs(gained), formula="hạng kỳ trước - hạng kỳ này", **about) if gained else ""
    )
    return phrases.change_of_rank(gained, places)


def _say_earlier(report: Report, told: Sequence[Period]) -> str:
    """The last result that is none of the bases: the change since an earlier capture, or why there is none."""
    earlier, claims = report.earlier, report.claims
    if earlier is None or earlier.period in told:
        return ""
    about = {**report.about(scores.TOTAL, source=earlier.source), "period": earlier.period, "facts": 1}
    about["label"] = f"Điểm: Tổng điểm, {report.index.short_label}"
    then = f"{claims.score(earlier.score, trim=True, **about)} điểm, {claims.period(earlier.period)}"
    then += _as_of(report, earlier.as_of)
    if not earlier.reason:
        past = read_capture(report, earlier)
        rank = _say_rank(report, past)
        words = f"Điểm {_say_change(report, past, scores.TOTAL)} so với kỳ trước ({then})"
        return f"{words}; {rank} so với kỳ trước." if rank else f"{words}."
    if told:
        return ""
    if earlier.reason == "break":
        year = report.index.break_between(
            earlier.as_of or earlier.period.end, report.as_of or report.setting.period.end
        )
        why = (
            f"từ {claims.period(Period.parse(year))}, điều kiện tính điểm đã thay đổi trên phạm vi cả nước, nên chênh "
            "lệch giữa hai kết quả không nói lên chất lượng phục vụ tăng hay giảm"
        )
    else:
        why = "hai kỳ đánh giá khác nhau, điểm của kỳ này không được tính từ điểm của kỳ kia"
    return phrases.no_comparison(f"kết quả gần nhất đã có ({then})", why)


def read_capture(report: Report, earlier: scores.Earlier) -> Past:
    """An earlier total as a past period of its own."""
    row = {"component": scores.TOTAL, "score": earlier.score, "rank": earlier.rank, "out_of": earlier.out_of}
    return Past(earlier.period, earlier.as_of, {scores.TOTAL: {**row, "source": earlier.source}})


# --- figures -----------------------------------------------------------------------------------------------------
def _as_of(report: Report, day: date | None) -> str:
    return f", số liệu đến ngày {report.claims.date(day)}" if day else ""


def _score_then(report: Report, past: Past, component: str = scores.TOTAL, *, trim: bool = True) -> str:
    row = past.rows[component]
    about = {**report.about(component, source=row["source"]), "period": past.period}
    about["label"] = f"Điểm: {report.index.component(component).label}, {report.index.short_label}"
    return report.claims.score(row["score"], trim=trim, facts=row["facts"], **about)


def _change(report: Report, past: Past, component: str) -> Fraction:
    return report.row(report.rows, component)["score"] - past.rows[component]["score"]


def _say_change(report: Report, past: Past, component: str, *, in_column: bool = False) -> str:
    change = _change(report, past, component)
    phrase = phrases.moved if in_column else phrases.change_of_score
    if not change:
        return phrase(0, "")
    now, then = report.row(report.rows, component), past.rows[component]
    written = (vn.format_number(value, 2) for value in (now["score"], then["score"]))
    about = report.about(component, source=least_trusted([now["source"], then["source"]]))
    about["label"] = f"{report.index.component(component).label}: thay đổi so với {past.period.name}"
    figure = report.claims.change(change, measured_in="điểm", formula=" - ".join(written), **about)
    return phrase(change, figure)


def _shared(report: Report, past: Past) -> list[str]:
    """The shown groups that both periods have."""
    known = set(report.rows[report.rows["unit"] == PROVINCE]["component"]) & set(past.rows)
    return [one.name for one in report.index.shown_groups if one.name in known]


def _most_changed(report: Report, past: Past, *, highest: bool) -> list[str]:
    """The groups that rose (or fell) most, ties included; none where none did."""
    changes = {name: _change(report, past, name) for name in _shared(report, past)}
    moved = {name: change for name, change in changes.items() if (change > 0 if highest else change < 0)}
    most = max(moved.values(), key=abs, default=None)
    return [name for name, change in moved.items() if change == most]


# --- table and charts --------------------------------------------------------------------------------------------
def table_changes(report: Report) -> Markdown:
    """Groups and total beside those of the bases; empty where nothing may be compared."""
    bases = [past for _, past in read_bases(report) if past and past.year is None]
    names = [name for name in dict.fromkeys(name for past in bases for name in _shared(report, past))]
    if not names:
        return Markdown("")
    claims, header = report.claims, ["Nhóm chỉ số", "Kỳ này"]
    for past in bases:
        header += [claims.name(phrases.capitalise(past.period.name)), "Thay đổi (điểm)"]
    rows = []
    for name in [*names, scores.TOTAL]:
        cells = [report.group(name), report.score(report.row(report.rows, name), trim=False)]
        for past in bases:
            if name in past.rows:
                change = _say_change(report, past, name, in_column=True)
                cells += [_score_then(report, past, name, trim=False), change]
            else:
                cells += [vn.MISSING, vn.MISSING]
        rows.append([f"**{cell}**" for cell in cells] if name == scores.TOTAL else cells)
    return tables.table(
        claims,
        caption=f"Thay đổi điểm các nhóm chỉ số của {claims.unit(report.province)}, {claims.period(report.setting.period)}",
        header=header,
        rows=rows,
        widths=[40, 16, *[18, 24] * len(bases)],
        align="lr" + "rl" * len(bases),
        source=report.describe_source(),
    )


def plot_trend(report: Report) -> Markdown:
    """The province's total over the last periods, its groups below; empty with fewer than three of them."""
    periods = report.setting.periods_before(PERIODS[report.setting.period.kind])
    known = {period: past for period in periods if (past := read_past(report, period))}
    if len(known) < FEWEST:
        return Markdown("")
    periods = periods[periods.index(next(iter(known))) :]
    about = {
        "font": report.setting.font,
        "source": report.describe_source(),
        "breaks": _breaks(report, known),
    }
    province, first, last = (
        report.claims.unit(report.province), report.claims.period(periods[0]), report.claims.period(periods[-1])
    )  # fmt: skip
    total = charts.trend(
        report.claims,
        periods,
        [_line(report, periods, known, scores.TOTAL, report.index.component(scores.TOTAL).label)],
        caption=f"Tổng điểm của {province}, từ {first} đến {last}",
        measured_in="điểm",
        **about,
    )
    groups = report.index.shown_groups
    if sum(all(one.name in past.rows for one in groups) for past in known.values()) < FEWEST:
        return total
    panels = [
        Panel(
            one.label, [_line(report, periods, known, one.name, "Điểm đạt được")], maximum=one.maximum,
            maximum_label=partial(_print_maximum, report, one.name),
        )
        for one in groups
    ]  # fmt: skip
    caption = f"Điểm các nhóm chỉ số của {report.claims.unit(report.province)} theo kỳ, trên điểm tối đa"
    return Markdown(
        f"{total}\n{charts.small_multiples(report.claims, periods, panels, caption=caption, **about)}"
    )


def _line(
    report: Report, periods: Sequence[Period], known: dict[Period, Past], component: str, name: str
) -> Line:
    points = []
    for period in periods:
        row = known[period].rows.get(component) if period in known else None
        if row is None:
            points.append(Point(None))
        else:
            points.append(Point(row["score"], partial(_print_then, report, known[period], component)))
    return Line(name, points, is_focus=True)


def _print_then(report: Report, past: Past, component: str, chart: Claims) -> str:
    row = past.rows[component]
    about = {**report.about(component, source=row["source"]), "period": past.period}
    about["label"] = f"Điểm: {report.index.component(component).label}, {report.index.short_label}"
    return chart.score(row["score"], facts=row["facts"], **about)


def _print_maximum(report: Report, component: str, chart: Claims) -> str:
    return report.maximum(component, claims=chart)


def _breaks(report: Report, known: dict[Period, Past]) -> list[Break]:
    """A mark before each period whose conditions differ from those of the known one before it."""
    found, before = [], None
    for period, past in known.items():
        day = past.as_of or period.end
        year = report.index.break_between(before, day) if before else None
        if year is not None:
            found.append(Break(period, partial(_print_reason, year)))
        before = day
    return found


def _print_reason(year: int, chart: Claims) -> str:
    return "".join(part if isinstance(part, str) else chart.period(part) for part in break_reason(year))
