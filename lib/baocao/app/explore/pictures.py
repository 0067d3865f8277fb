"""The memos' charts of whatever is being explored: JupyterLab shows each as an SVG picture with title and source.

Every function returns Markdown, as in the memos; the figures printed are those of `tables`. `name` is an indicator, or a
measure for its number of dossiers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import pandas as pd

from baocao import charts
from baocao.app.explore.desk import say_sources
from baocao.app.explore.tables import check_names, choose_units, definition, label_of, refuse_unknown
from baocao.charts import Bar, Break, Goal, Line, Mark, Point, Row, Slope
from baocao.definitions import NoDataError, Period, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.reports import PROVINCE, Setting
from baocao.writing import Claims, Markdown, markup, phrases

OUTCOMES = {"resolved_early": "Trước hạn", "resolved_on_time": "Đúng hạn", "resolved_late": "Quá hạn"}
MOST_LINES = 5


def plot_ranking(desk: Setting, name: str, *, units: Sequence[str] = ()) -> Markdown:
    """A bar for each unit, highest first, with its rank, against the target in force or the province as a whole."""
    chosen = choose_units(desk, units)
    compared = desk.compare(check_names(desk, [name]), chosen, desk.period.previous())
    refuse_unknown(desk, compared, [name])
    known = compared[compared["value"].notna()].sort_values("value", ascending=False, kind="stable")
    by_code = {unit.code: unit for unit in chosen}
    chart = desk.claims.for_chart()
    bars = [
        Bar(
            phrases.capitalise(chart.unit(by_code[row["unit"]])),
            float(row["value"]),
            _print(desk, row, by_code[row["unit"]], chart),
            rank="" if pd.isna(row["rank"]) else str(row["rank"]),
        )
        for row in known.to_dict("records")
    ]
    return charts.ranking_bars(
        desk.claims,
        bars,
        mark=_mark(desk, name, known.iloc[0], chart),
        caption=f"{_title(desk, name)}, {desk.claims.period(desk.period)}",
        description=f"{label_of(desk, name)}: {'; '.join(f'{bar.name} {bar.label}' for bar in bars)}.",
        source=_source(known),
        font=desk.font,
    )


def plot_trend(desk: Setting, name: str, *, count: int = 13, units: Sequence[str] = ()) -> Markdown:
    """A line for each unit (five at most) over the last `count` periods, not drawn through a break."""
    chosen = choose_units(desk, units)
    if len(chosen) > MOST_LINES:
        raise UserError(
            f"Biểu đồ xu hướng vẽ nhiều nhất {MOST_LINES} đơn vị, nhận được {len(chosen)}; hãy nêu bớt đơn vị, "
            'ví dụ units=["Sở Nội vụ"], hoặc dùng plot_heat_map.'
        )
    series, periods = _series(desk, name, count, chosen)
    breaks = {
        row["period"]: Break(Period.parse(row["period"]), row["break_reason"])
        for row in series[series["break_before"]].to_dict("records")
    }
    return charts.trend(
        desk.claims,
        periods,
        [Line(unit, points) for unit, points in _points(desk, series, chosen)],
        breaks=list(breaks.values()),
        target=_goal(desk, name, chosen[0]),
        measured_in=_measured_in(name),
        caption=f"{_title(desk, name)}, {desk.claims.period(periods[0])} đến {desk.claims.period(periods[-1])}",
        source=_source(series),
        font=desk.font,
    )


def plot_heat_map(desk: Setting, name: str, *, count: int = 6, units: Sequence[str] = ()) -> charts.Drawing:
    """A row for each unit, a column for each of the last `count` periods, the darker the higher; what is not known is white."""
    import seaborn  # 0,1 s that no report may spend

    chosen = choose_units(desk, units)
    series, periods = _series(desk, name, count, chosen)
    values = series.assign(value=pd.to_numeric(series["value"].astype("Float64"))).pivot(
        index="unit", columns="period", values="value"
    )
    values = values.loc[[unit.code for unit in chosen], [period.code for period in periods]].astype(float)
    shown = values.map(lambda value: "" if pd.isna(value) else vn.format_number(value, 1))
    with charts.style(desk.font):
        drawing = charts.Drawing(160, 25 + 4.8 * len(values))
        axes = drawing.add_axes((0.45, 0.08, 0.53, 0.82))
        seaborn.heatmap(
            values, annot=shown, fmt="", cmap=seaborn.light_palette("#1f3a5f", as_cmap=True), cbar=False, ax=axes,
            yticklabels=[phrases.capitalise(unit.official_name) for unit in chosen],
        )  # fmt: skip
        axes.set(xlabel="", ylabel="", title=label_of(desk, name))
    return drawing


def plot_changes(desk: Setting, name: str, *, base: Period | str = "", units: Sequence[str] = ()) -> Markdown:
    """Each unit's value then and now (`base`, or the same period of the year before); a refused one stands alone."""
    chosen = choose_units(desk, units)
    before = Period.parse(str(base)) if base else desk.period.same_period_last_year()
    compared = desk.compare(check_names(desk, [name]), chosen, before)
    refuse_unknown(desk, compared, [name])
    by_code = {unit.code: unit for unit in chosen}
    slopes = []
    for row in compared.to_dict("records"):
        unit = by_code[row["unit"]]
        held = {
            "indicator": name,
            "period": before.code,
            "numerator": row["base_numerator"],
            "denominator": row["base_denominator"],
            "value": row["base_value"] if row["comparable"] != "no" else None,
            "source": row["base_source"],
            "facts": 0,
        }
        slopes.append(Slope(unit, _point(desk, held, unit), _point(desk, row, unit)))
    if all(one.before.value is None for one in slopes):
        raise NoDataError(
            f"Không vẽ được thay đổi so với {before.name}: {compared['reason'].iloc[0]}; hãy chọn base khác, "
            "hoặc xem show_comparison để biết lý do của từng đơn vị."
        )
    return charts.slope(
        desk.claims,
        before,
        desk.period,
        slopes,
        caption=f"{_title(desk, name)}, {desk.claims.period(before)} và {desk.claims.period(desk.period)}",
        source=_source(compared),
        font=desk.font,
    )


def plot_outcomes(desk: Setting, *, units: Sequence[str] = ()) -> Markdown:
    """What the dossiers resolved by each unit are made of: early, on time, late; each bar is all that it resolved."""
    chosen = choose_units(desk, units)
    results = desk.results(list(OUTCOMES), chosen, desk.period)
    refuse_unknown(desk, results, list(OUTCOMES))
    chart = desk.claims.for_chart()
    legend = [chart.words(text) for text in OUTCOMES.values()]
    rows = []
    for unit in chosen:
        own = results[results["unit"] == unit.code].to_dict("records")
        if all(pd.notna(row["value"]) for row in own) and any(row["value"] for row in own):
            values = [float(row["value"]) for row in own]
            labels = [_print(desk, row, unit, chart) for row in own]
            rows.append(Row(phrases.capitalise(chart.unit(unit)), values, labels))
    if not rows:
        raise NoDataError(
            f"Không đơn vị nào đã chọn có hồ sơ đã giải quyết với đủ số trước hạn, đúng hạn, quá hạn trong kỳ "
            f"{desk.period.name}; hãy chọn kỳ hoặc đơn vị khác."
        )
    told = [f"{row.name} {', '.join(row.labels)}" for row in rows]
    return charts.composition_bars(
        desk.claims,
        rows,
        legend,
        caption=f"Hồ sơ đã giải quyết trước hạn, đúng hạn, quá hạn {desk.claims.period(desk.period)}",
        description=f"{', '.join(OUTCOMES.values())}: {'; '.join(told)}.",
        source=_source(results),
        font=desk.font,
        as_shares=True,
    )


def _series(desk: Setting, name: str, count: int, units: Sequence[Unit]) -> tuple[pd.DataFrame, list[Period]]:
    periods = desk.periods_before(count)
    series = desk.series(check_names(desk, [name]), units, periods)
    refuse_unknown(desk, series, [name])
    return series, periods


def _points(
    desk: Setting, series: pd.DataFrame, units: Sequence[Unit], decimals: int | None = None
) -> list[tuple[Unit, list[Point]]]:
    rows = {unit.code: [] for unit in units}
    for row in series.to_dict("records"):
        rows[row["unit"]].append(row)
    return [(unit, [_point(desk, row, unit, decimals) for row in rows[unit.code]]) for unit in units]


def _point(desk: Setting, row: Mapping[str, Any], unit: Unit, decimals: int | None = None) -> Point:
    if row["value"] is None or pd.isna(row["value"]):
        return Point(None)
    return Point(float(row["value"]), partial(_print, desk, row, unit, decimals=decimals))


def _print(
    desk: Setting, row: Mapping[str, Any], unit: Unit, chart: Claims, decimals: int | None = None
) -> str:
    """The row's value as the memos print it."""
    one = definition(row["indicator"])
    about = {
        "label": label_of(desk, row["indicator"]),
        "unit": unit,
        "period": Period.parse(row["period"]),
        "source": row["source"],
        "facts": int(row["facts"]),
    }
    if one is None:
        return chart.count(int(row["numerator"]), **about)
    digits = one.decimals if decimals is None else decimals
    return chart.percent(
        int(row["numerator"]), int(row["denominator"]), decimals=digits, formula=one.formula, **about
    )


def _mark(desk: Setting, name: str, row: Mapping[str, Any], chart: Claims) -> Mark | None:
    """The target of the first row, else the province's rate; none for counts."""
    if definition(name) is None:
        return None
    province = desk.register.get(PROVINCE, desk.period.end)
    if row["target"] is not None:
        label = _print_target(desk, row, province, chart)
        return Mark(chart.words("Chỉ tiêu"), float(row["target"]), label)
    whole = desk.results([name], [province], desk.period).iloc[0].to_dict()
    if pd.isna(whole["value"]):
        return None
    return Mark(chart.words("Toàn tỉnh"), float(whole["value"]), _print(desk, whole, province, chart))


def _goal(desk: Setting, name: str, unit: Unit) -> Goal | None:
    row = desk.compare([name], [unit], desk.period.previous()).iloc[0].to_dict()
    if row["target"] is None:
        return None
    return Goal(Fraction(row["target"]), partial(_print_target, desk, row, unit))


def _print_target(desk: Setting, row: Mapping[str, Any], unit: Unit, chart: Claims) -> str:
    about = {"label": f"Chỉ tiêu: {label_of(desk, row['indicator'])}", "unit": unit, "period": desk.period}
    return chart.target(row["target"], formula=row["target_source"], **about)


def _title(desk: Setting, name: str) -> str:
    return markup.escape(label_of(desk, name))


def _measured_in(name: str) -> str:
    one = definition(name)
    return one.measured_in if one else "hồ sơ"


def _source(rows: pd.DataFrame) -> str:
    return markup.escape(say_sources(rows["source"]))
