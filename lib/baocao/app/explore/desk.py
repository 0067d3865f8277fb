"""Opening the facts for exploring, and lists of what is there: periods, units, measures, indicators, scores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import pandas as pd

from baocao.analysis import rates
from baocao.definitions import INDICATORS, KINDS, Period, Register, Unit, load_index, load_targets
from baocao.reports import Setting, setting
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


def list_facts(desk: Setting) -> pd.DataFrame:
    """What the store holds: a row for each group of units and source, with the first and the last day."""
    counts = desk.facts.counts
    rows = _with_kind(desk.register, counts, "period_start")
    found = _summarise(rows, ["kind", "source"], start="period_start", end="period_end")
    listed = [("Hồ sơ", KINDS[kind], SOURCE_LABELS[source], *rest) for (kind, source), rest in found]
    scores = desk.facts.scores
    days = scores["period"].map(Period.parse)
    rows = scores.assign(start=[one.start for one in days], end=[one.end for one in days])
    rows = _with_kind(desk.register, rows, "end")
    for (index, kind, source), rest in _summarise(
        rows, ["index", "kind", "source"], start="start", end="end"
    ):
        label = load_index(desk.root, index, rest[1]).short_label
        listed.append((label, KINDS[kind], SOURCE_LABELS[source], *rest))
    columns = ["Số liệu", "Nhóm đơn vị", "Nguồn", "Từ ngày", "Đến ngày", "Số kỳ", "Số đơn vị", "Số dòng"]
    return pd.DataFrame(listed, columns=columns)


def list_periods(desk: Setting) -> pd.DataFrame:
    """The windows for which dossiers were reported, newest first; their codes are what `period` takes.

    Any window that they tile can be asked for as well: a quarter of three months, the first months of a year.
    """
    counts = desk.facts.counts
    rows = [
        (name_window(first, last), facts["unit"].nunique(), facts["measure"].nunique(), facts["source"])
        for (first, last), facts in counts.groupby(["period_start", "period_end"], sort=False)
    ]
    rows.sort(key=lambda row: (row[0].end, row[0].start), reverse=True)
    listed = [
        (period.code, period.name, units, measures, say_sources(sources))
        for period, units, measures, sources in rows
    ]
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
            one.name,
            one.label,
            KIND_LABELS[one.kind],
            f"{one.form}, cột {one.column}" if one.column else one.form,
            int(reported.get(one.name, 0)),
        )
        for one in desk.measures.values()
        if one.in_force(desk.period.start, desk.period.end)
    ]
    columns = ["Tên gọi trong lệnh", "Đại lượng", "Cách cộng theo thời gian", "Biểu", "Số đơn vị có số liệu"]
    return pd.DataFrame(rows, columns=columns)


def list_indicators(desk: Setting) -> pd.DataFrame:
    """The rates that are defined in the period: what is divided by what, and the target in force."""
    targets = {one.indicator: one for one in load_targets(desk.root) if one.in_force(desk.period)}
    rows = [
        (
            one.name,
            one.label,
            one.numerator_label,
            one.denominator_label,
            float(targets[one.name].target) if one.name in targets else None,
            one.source,
        )
        for one in INDICATORS
        if one.in_force(desk.period.start, desk.period.end)
    ]
    columns = ["Tên gọi trong lệnh", "Chỉ số", "Tử số", "Mẫu số", "Chỉ tiêu (%)", "Căn cứ"]
    return pd.DataFrame(rows, columns=columns).astype({"Chỉ tiêu (%)": "Float64"})


def name_window(start: date, end: date) -> Period:
    """The period of these days under its shortest code: a month, quarter, half, year or first months, else a range.

    >>> name_window(date(2025, 4, 1), date(2025, 6, 30)).code, name_window(date(2025, 7, 1), date(2025, 7, 24)).code
    ('2025-Q2', '2025-07-01..2025-07-24')
    """
    year, month = end.year, end.month
    codes = [f"{year}-{month:02}", f"{year}-Q{(month + 2) // 3}", f"{year}-H{(month + 5) // 6}", f"{year}"]
    for code in [*codes, f"{year}-M{month}"]:
        period = Period.parse(code)
        if (period.start, period.end) == (start, end):
            return period
    return Period.between(start, end)


def say_sources(sources: Iterable[str]) -> str:
    """The sources in words, sample first."""
    known = set(sources)
    return "; ".join(label for source, label in sorted(SOURCE_LABELS.items()) if source in known)


def _covered(desk: Setting) -> pd.DataFrame:
    """The counts of units that cover the part of the period in which they existed, as reports add them up."""
    windows = rates.life_windows(desk.register, desk.period)
    return rates.leaf_counts(windows, {one: counts_in(desk.facts, one, desk.register) for one in windows})


def _with_kind(register: Register, rows: pd.DataFrame, day: str) -> pd.DataFrame:
    """The rows with the kind of their unit on the day that the column says."""
    pairs = rows[["unit", day]].drop_duplicates()
    kinds = {(code, on): register.get(code, on).kind for code, on in pairs.itertuples(index=False, name=None)}
    return rows.assign(kind=[kinds[pair] for pair in zip(rows["unit"], rows[day], strict=True)])


def _summarise(
    rows: pd.DataFrame, by: list[str], *, start: str, end: str
) -> Iterator[tuple[tuple[str, ...], tuple[date, date, int, int, int]]]:
    """For each group: first and last day, number of windows, of units, of rows; kinds in the register's order."""
    order = {kind: at for at, kind in enumerate(KINDS)}
    groups = sorted(
        rows.groupby(by, sort=False), key=lambda pair: [order.get(name, name) for name in pair[0]]
    )
    for key, group in groups:
        windows = group[[start, end]].drop_duplicates()
        yield key, (group[start].min(), group[end].max(), len(windows), group["unit"].nunique(), len(group))


def _everything(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    """Exploring may name every unit: nothing here is delivered."""
    yield from register.units
    yield from (rates.kind_unit(kind) for kind in rates.LEAF_KINDS)
