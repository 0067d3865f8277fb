"""Opening the facts for exploring, and lists of what is there: periods, units, measures, indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from baocao.analysis import CHOSEN, rates
from baocao.definitions import (
    INDICATORS,
    KINDS,
    NoDataError,
    Period,
    Register,
    Unit,
    load_index,
    load_targets,
)
from baocao.reports import Setting, memo, setting
from baocao.store import Facts, counts_in
from baocao.writing import SOURCE_LABELS

KIND_LABELS = {
    "flow": "phát sinh trong kỳ: cộng các kỳ",
    "opening": "tồn đầu kỳ: lấy kỳ đầu",
    "closing": "tồn cuối kỳ: lấy kỳ cuối",
}


def open_desk(period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None) -> Setting:
    """The facts, definitions and register for exploring `units` (names, codes, kinds) in `period` (a code).

    Nothing is refused for want of figures: the lists say what there is. UserError for a period or unit that does not
    exist. `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    return setting.open_setting(period, units, scope=_everything, vintage=vintage, start=start)


def open_memo(desk: Setting) -> memo.Memo:
    """The memo on the desk's units and period, its words put into the notebook; unlike a report's it may name every unit.

    NoDataError, with the periods there are, where nothing was reported.
    """
    try:
        opened = memo.Memo(desk)
    except NoDataError as error:
        codes = list_periods(desk)["Mã kỳ"].tolist()
        more = "… (xem list_periods)" if len(codes) > 5 else ""
        there = (
            f"có số liệu hồ sơ của các kỳ {', '.join(codes[:5])}{more}" if codes else "chưa có số liệu hồ sơ"
        )
        raise NoDataError(
            f"{error} Hiện kho {there}; muốn thử thì tạo số liệu mẫu bằng «baocao sample»."
        ) from None
    memo.enter_notebook(opened)
    return opened


def list_facts(desk: Setting) -> pd.DataFrame:
    """What the store holds: a row for each group of units and source, with the first and the last day."""
    counts, scores = desk.facts.counts, desk.facts.scores
    days = scores["period"].map(Period.parse)
    rows = pd.concat(
        [
            counts.assign(index="", start=counts["period_start"], end=counts["period_end"]),
            scores.assign(start=[day.start for day in days], end=[day.end for day in days]),
        ]
    )[["index", "unit", "source", "start", "end"]]
    pairs = rows[["unit", "end"]].drop_duplicates().itertuples(index=False, name=None)
    kinds = {(code, day): desk.register.get(code, day).kind for code, day in pairs}
    rows["kind"] = [kinds[pair] for pair in zip(rows["unit"], rows["end"], strict=True)]
    order = list(KINDS)
    listed = []
    for (index, kind, source), group in sorted(
        rows.groupby(["index", "kind", "source"]), key=lambda pair: (pair[0][0], order.index(pair[0][1]))
    ):
        last = group["end"].max()
        what = load_index(desk.root, index, last).short_label if index else "Hồ sơ"
        windows = len(group[["start", "end"]].drop_duplicates())
        about = (KINDS[kind], SOURCE_LABELS[source], group["start"].min(), last, windows)
        listed.append((what, *about, group["unit"].nunique(), len(group)))
    columns = ["Số liệu", "Nhóm đơn vị", "Nguồn", "Từ ngày", "Đến ngày", "Số kỳ", "Số đơn vị", "Số dòng"]
    return pd.DataFrame(listed, columns=columns)


def list_periods(desk: Setting) -> pd.DataFrame:
    """The windows for which dossiers were reported, newest first; their codes are what `period` takes.

    Any window that they tile can be asked for as well: a quarter of three months, the first months of a year.
    """
    windows = [
        (name_window(*window), rows)
        for window, rows in desk.facts.counts.groupby(["period_start", "period_end"], sort=False)
    ]
    windows.sort(key=lambda pair: (pair[0].end, pair[0].start), reverse=True)
    listed = [
        (period.code, period.name, rows["unit"].nunique(), rows["measure"].nunique(), say_sources(rows["source"]))
        for period, rows in windows
    ]  # fmt: skip
    return pd.DataFrame(listed, columns=["Mã kỳ", "Kỳ", "Số đơn vị", "Số đại lượng", "Nguồn"])


def list_units(desk: Setting) -> pd.DataFrame:
    """The units that handle dossiers on the last day of the period, and how many measures are known of each."""
    reported = _covered(desk).groupby("unit")["measure"].nunique()
    rows = [
        (unit.code, unit.official_name, KINDS[unit.kind], int(reported.get(unit.code, 0)))
        for unit in desk.register.on(desk.period.end)
        if unit.kind in rates.LEAF_KINDS
    ]
    return pd.DataFrame(rows, columns=["Mã", "Đơn vị", "Nhóm đơn vị", "Số đại lượng có số liệu"])


def list_measures(desk: Setting) -> pd.DataFrame:
    """What is counted: how it adds up over time, in which form it stands, for how many units it is known."""
    reported = _covered(desk).groupby("measure")["unit"].nunique()
    rows = [
        (
            measure.name,
            measure.label,
            KIND_LABELS[measure.kind],
            f"{measure.form}, cột {measure.column}" if measure.column else measure.form,
            int(reported.get(measure.name, 0)),
        )
        for measure in desk.measures.values()
        if measure.in_force(desk.period.start, desk.period.end)
    ]
    columns = ["Tên gọi", "Đại lượng", "Cách cộng theo thời gian", "Biểu", "Số đơn vị có số liệu"]
    return pd.DataFrame(rows, columns=columns)


def list_indicators(desk: Setting) -> pd.DataFrame:
    """The rates that are defined in the period: what is divided by what, and the target in force."""
    targets = {
        aim.indicator: float(aim.target) for aim in load_targets(desk.root) if aim.in_force(desk.period)
    }
    rows = [
        (rate.name, rate.label, rate.numerator_label, rate.denominator_label, targets.get(rate.name), rate.source)
        for rate in INDICATORS
        if rate.in_force(desk.period.start, desk.period.end)
    ]  # fmt: skip
    columns = ["Tên gọi", "Chỉ số", "Tử số", "Mẫu số", "Chỉ tiêu (%)", "Căn cứ"]
    return pd.DataFrame(rows, columns=columns).astype({"Chỉ tiêu (%)": "Float64"})


def name_window(start: date, end: date) -> Period:
    """The period of these days under its shortest code: a month, quarter, half, year or first months, else a range.

    >>> name_window(date(2025, 4, 1), date(2025, 6, 30)).code, name_window(date(2025, 7, 1), date(2025, 7, 24)).code
    ('2025-Q2', '2025-07-01..2025-07-24')
    """
    year, month = end.year, end.month
    codes = [f"{year}-{month:02}", f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}", f"{year}"]
    periods = map(Period.parse, [*codes, f"{year}-M{month}"])
    exact = (period for period in periods if (period.start, period.end) == (start, end))
    return next(exact, None) or Period.between(start, end)


def say_sources(sources: Iterable[str]) -> str:
    """The sources in words, sample first."""
    known = set(sources)
    return "; ".join(label for source, label in sorted(SOURCE_LABELS.items()) if source in known)


def _covered(desk: Setting) -> pd.DataFrame:
    """The counts of units that cover the part of the period in which they existed, as reports add them up."""
    windows = rates.life_windows(desk.register, desk.period)
    return rates.leaf_counts(
        windows, {window: counts_in(desk.facts, window, desk.register) for window in windows}
    )


def _everything(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    """Exploring may name every unit: nothing here is delivered."""
    yield from (CHOSEN, *register.units)
    for kind in rates.LEAF_KINDS:
        yield from (rates.kind_unit(kind), memo.past_kind(kind))
