"""The table and the chart of a unit's briefing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from baocao import charts
from baocao.analysis import MINIMUM_DENOMINATOR
from baocao.charts import Break, Goal, Line, Point
from baocao.definitions import Indicator, Period, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.unit_briefing import words
from baocao.reports.unit_briefing.figures import (
    label_point,
    label_target,
    print_change,
    print_count,
    print_fraction,
    print_gap,
    print_name,
    print_place,
    print_rate,
    source_text,
)
from baocao.reports.unit_briefing.reading import (
    COUNTS,
    ONLINE,
    TREND_LENGTH,
    Briefing,
    Row,
    gap_of,
    has_nothing_to_divide,
    has_value,
    is_small,
)
from baocao.writing import Claims, Markdown, escape, paragraphs, phrases, tables

SMALL, TIED = "*", "="
"""The marks of a rate of few dossiers and of a shared rank."""

WIDTHS = {"label": 42, "dossiers": 21, "rate": 16, "gap": 13, "common": 15, "place": 14, "change": 19}
"""Shares of the page's width."""

HEIGHT = 36.0
"""The plot's height in mm: two pages are all there is."""


# --- the figures side by side ------------------------------------------------------------------------------------
def table_figures(briefing: Briefing) -> Markdown:
    """Every figure of the unit beside its group's and the province's, with gap, rank and changes."""
    claims = briefing.claims
    header = [
        "Chỉ tiêu", "Số hồ sơ", "Tỷ lệ", "Còn thiếu (hồ sơ)", _heading(briefing),
        claims.unit(briefing.province, "Toàn tỉnh"), "Thứ hạng", *_headings(briefing),
    ]  # fmt: skip
    rows = [_count_cells(briefing, name) for name in COUNTS]
    rows += [_rate_cells(briefing, one) for one in briefing.shown_rates]
    widths = [WIDTHS[name] for name in ("label", "dossiers", "rate", "gap", "common", "common", "place")]
    names = [*COUNTS, *(one.name for one in briefing.shown_rates)]
    return tables.table(
        claims,
        caption=f"Kết quả của {claims.unit(briefing.subject)} {claims.period(briefing.period)}",
        header=header,
        rows=rows,
        widths=[*widths, *[WIDTHS["change"]] * len(briefing.bases)],
        align="l" + "r" * (len(header) - 1),
        small=True,
        source=f"{source_text(briefing, names, briefing.units)} {_notes(briefing, rows)}",
    )


def _headings(briefing: Briefing) -> list[str]:
    """Short headings of the columns of changes; the note below the table says which periods they mean."""
    last_year = briefing.period.same_period_last_year()
    return ["So cùng kỳ" if base == last_year else "So kỳ trước" for base in briefing.bases]


def _heading(briefing: Briefing) -> str:
    short = "Các chi nhánh" if briefing.subject.kind == "land_office" else briefing.group.full_name
    return briefing.claims.unit(briefing.group, short)


def _count_cells(briefing: Briefing, name: str) -> list[str]:
    counts = [print_count(briefing, name, unit) for unit in briefing.units]
    changes = [print_change(briefing, rows[name]) for rows in briefing.changes]
    return [words.SHORT[name], counts[0], "", "", *counts[1:], "", *changes]


def _rate_cells(briefing: Briefing, one: Indicator) -> list[str]:
    rates = [print_rate(briefing, one, unit) for unit in briefing.units]
    small = escape(SMALL) if is_small(briefing.row(one.name)) else ""
    tie = escape(TIED) if one.name in briefing.places and briefing.places[one.name].is_tied else ""
    gap = gap_of(briefing, one)
    missing = vn.MISSING if gap is None else print_gap(briefing, gap) if gap.dossiers else words.REACHED
    return [
        print_name(briefing, words.SHORT[one.name]), print_fraction(briefing, one), f"**{rates[0]}**{small}", missing,
        *rates[1:], f"{tie}{print_place(briefing, one)}", *(print_change(briefing, rows[one.name]) for rows in briefing.changes),
    ]  # fmt: skip


def _notes(briefing: Briefing, rows: list[list[str]]) -> str:
    cells = [cell.strip("*") for row in rows for cell in row]
    names = [briefing.claims.period(base) for base in briefing.bases]
    notes = [words.bases(names, _headings(briefing)), words.CHANGES]
    counted = [rows[name] for rows in briefing.changes for name in COUNTS]
    if any(row["comparable"] != "no" and row["base_small"] and row["change_pct"] for row in counted):
        notes.append(words.FEW_BEFORE)
    bridged = dict.fromkeys(
        row["told"] for rows in briefing.changes for row in rows.values() if row["comparable"] == "bridged"
    )
    notes += [words.bridged(briefing.setting.say(told)) for told in bridged]
    if any(is_small(briefing.row(one.name)) for one in briefing.shown_rates):
        notes.append(phrases.small_base(escape(SMALL), phrases.say_number(MINIMUM_DENOMINATOR)).strip())
    if any(place.is_tied for place in briefing.places.values()):
        notes.append(words.tied(escape(TIED)))
    if vn.MISSING in cells:
        notes.append(words.DASH)
    return " ".join(notes)


# --- the trend ---------------------------------------------------------------------------------------------------
def plot_trend(briefing: Briefing) -> Markdown:
    """A year of the unit's online share beside the province's, or in words why there is no line to draw."""
    setting, subject = briefing.setting, briefing.subject
    one = next(
        (one for one in briefing.told_rates if one.name in ONLINE and has_value(briefing.row(one.name))), None
    )
    if one is None:
        asked = [briefing.row(rate.name) for rate in briefing.told_rates if rate.name in ONLINE]
        nothing = any(has_nothing_to_divide(row) for row in asked)
        return paragraphs(words.no_trend(words.NOTHING_TO_DIVIDE if nothing else words.NO_RATE))
    periods = setting.periods_before(TREND_LENGTH)
    found = setting.series([one.name], [subject, briefing.province], periods).to_dict("records")
    own = [row for row in found if row["unit"] == subject.code]
    if sum(map(has_value, own)) < 2:
        refused = [row for row in own if row["comparable"] == "no"]
        reason = _say_reason(briefing, refused[-1]) if refused else words.ONE_PERIOD
        return paragraphs(words.no_trend(reason))
    step = words.STEPS.get(briefing.period.kind, "kỳ")
    lines = [
        Line(
            unit,
            [_point(one, unit, period, row) for period, row in zip(periods, rows, strict=True)],
            unit == subject,
        )
        for unit, rows in ((subject, own), (briefing.province, found[len(own) :]))
    ]
    target = briefing.row(one.name)["target"]
    goal = None if target is None else Goal(Fraction(target), partial(label_target, briefing, one))
    chart = charts.trend(
        briefing.claims, periods, lines, breaks=list(_breaks(periods, own)), target=goal, height=HEIGHT, font=setting.font,
        caption=f"{print_name(briefing, one.label)}, {phrases.say_number(len(periods))} {step} gần nhất",
        source=source_text(briefing, [one.name], (subject, briefing.province)),
    )  # fmt: skip
    return Markdown(f"{paragraphs(' '.join(_trend_notes(briefing, periods, own)))}\n{chart}")


def _point(one: Indicator, unit: Unit, period: Period, row: Row) -> Point:
    if not has_value(row) or row["missing"]:
        return Point(None, None)
    return Point(float(row["value"]), label_point(one, unit, period, row))


def _breaks(periods: Sequence[Period], own: Sequence[Row]) -> Iterator[Break]:
    """The cuts in the unit's line, each with what stands before it."""
    before: Row = {}
    for period, row in zip(periods, own, strict=True):
        if row["break_before"]:
            yield Break(period, partial(_say_cut, before, row, period))
        before = row if has_value(row) else before


def _say_cut(before: Row, row: Row, period: Period, chart: Claims) -> str:
    if before["comparable"] == "no":
        return words.cut_off(chart.period(period))
    if _old_units(before):
        return words.cut(chart.period(period))
    return row["break_reason"]


def _old_units(row: Row) -> list[Unit]:
    """The units whose sum a point is."""
    return [part for part in row["told"] if isinstance(part, Unit)] if row["comparable"] == "bridged" else []


def _trend_notes(briefing: Briefing, periods: Sequence[Period], own: Sequence[Row]) -> list[str]:
    """Why the line begins late, and whose figures it shows where no cut says so."""
    known = [at for at, row in enumerate(own) if has_value(row)]
    refused = [row for row in own[: known[0]] if row["comparable"] == "no"]
    notes = []
    if refused:
        since = briefing.claims.period(periods[known[0]])
        notes.append(words.gap_in_trend(since, _say_reason(briefing, refused[-1])))
    told = {unit for rows in briefing.changes for row in rows.values() for unit in _old_units(row)}
    units = dict.fromkeys(unit for at in known for unit in _old_units(own[at]) if unit not in told)
    if units:
        notes.append(words.trend_of_old_units([briefing.claims.unit(unit) for unit in units]))
    return notes


def _say_reason(briefing: Briefing, row: Row) -> str:
    """Why there is no point; a reason that the comparisons gave is not told twice."""
    given = [row["told"] for rows in briefing.changes for row in rows.values()]
    return words.SAME_REASON if row["told"] in given else briefing.setting.say(row["told"])
