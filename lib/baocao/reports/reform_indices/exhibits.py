"""The tables and charts of the indices: by year, by part, and the ranks as lines with break marks."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from baocao import charts
from baocao.charts import Break, Line, Point
from baocao.definitions import TOTAL, IndexValue, Period, indices
from baocao.definitions import vietnamese as vn
from baocao.reports.reform_indices.reading import DTI, INDICES, PAR, Report
from baocao.reports.reform_indices.results import describe_reason, weak_parts
from baocao.writing import Markdown, markup, phrases, tables

PILLARS = ("digital_government", "digital_economy", "digital_society")


# --- tables ------------------------------------------------------------------------------------------------------
def table_years(report: Report) -> Markdown:
    """Each index by year: points, rank and base, change of rank or why there is none, source."""
    rows = []
    for index in INDICES:
        for year in _years(report, index):
            rows.append(_row(report, index, year))
            parts = [one for one in report.values[index] if one.year == year and one.component != TOTAL]
            rows += [_row_of_value(report, one) for one in parts if one.value is not None]
    return tables.table(
        report.claims,
        caption=f"Kết quả các chỉ số của {report.claims.unit(report.province)} theo năm",
        header=["Chỉ số", "Năm", "Kết quả", "Thứ hạng", "Thay đổi thứ hạng", "Ghi chú", "Nguồn"],
        rows=rows,
        widths=[36, 20, 26, 18, 28, 68, 52],
        align="lccccll",
        small=True,
        source=f"các nguồn nêu ở từng dòng, công bố đến ngày {report.claims.date(report.day)}. Dấu “–”: chưa có kết quả hoặc "
        "không so sánh.",
    )  # fmt: skip


def _years(report: Report, index: str) -> range:
    """From the first year of the index in the reference table to the year under review."""
    known = [one.year for one in report.rows if one.index == index]
    return range(min(known), report.year + 1)


def _row(report: Report, index: str, year: int) -> list[str]:
    value = indices.find_value(report.values[index], year)
    if value is not None:
        return _row_of_value(report, value)
    label = markup.escape(report.indices[index].short_label)
    dashes = [vn.MISSING] * 3
    return [label, report.year_of(year), *dashes, _why_missing(report, index, year), ""]


def _why_missing(report: Report, index: str, year: int) -> str:
    row = report.row(index, year)
    if year == report.year or (row is not None and row.public_on > report.day):
        return "chưa công bố tại thời điểm lập văn bản"
    return report.quote(row.note) if row is not None and row.note else "chưa tìm thấy nguồn công bố"


def _row_of_value(report: Report, value: IndexValue) -> list[str]:
    base, change = report.base(value), report.change(value)
    repeats = change.places is not None and value.note == phrases.change_of_rank(
        change.places, str(abs(change.places))
    )
    notes = [report.quote(value.note)] if value.note and not repeats else []
    moved = vn.MISSING
    if value.rank is not None and base is not None:
        if change.reason:
            notes.append(
                f"không so sánh với {report.year_of(base.year)}: {describe_reason(report, value, base)}"
            )
        else:
            moved = phrases.change_of_rank(change.places, report.places(value, change))
            if base.year != value.year - 1:
                moved += f" so với {report.year_of(base.year)}"
    label = report.label(value)
    return [
        label if value.component == TOTAL else f"trong đó: {label}",
        report.year_of(value.year),
        report.points(value) if value.value is not None else vn.MISSING,
        _rank(report, value),
        moved,
        "; ".join(notes),
        report.quote(value.source),
    ]


def table_parts(report: Report) -> Markdown:
    """The ranks of the DTI and its parts by year, with the change of the newest; empty where no part is known."""
    index = report.indices[DTI]
    years = sorted({one.year for one in report.values[DTI] if one.component != TOTAL})
    if not years:
        return Markdown("")
    weak = {one.component for one in weak_parts(report)[0]}
    is_compared = len(years) > 1
    rows = []
    for one in index.components:
        found = [indices.find_value(report.values[DTI], year, one.name) for year in years]
        if any(found):
            cells = [markup.escape(one.label), *(_rank(report, value) for value in found)]
            cells += [_moved(report, found[-1])] if is_compared else []
            rows.append([f"**{cell}**" if one.name in weak else cell for cell in cells])
    return tables.table(
        report.claims,
        caption=f"Thứ hạng {markup.escape(index.short_label)} và các chỉ số thành phần",
        header=["Chỉ số", *(report.year_of(year) for year in years), *(["Thay đổi"] if is_compared else [])],
        rows=rows,
        widths=[60, *[26] * len(years), *([36] if is_compared else [])],
        align="l" + "c" * (len(years) + is_compared),
        source=f"{_sources(report, report.values[DTI])}. In đậm: thứ hạng thấp theo quy tắc tại Phụ lục II.",
    )


def _rank(report: Report, value: IndexValue | None) -> str:
    return vn.MISSING if value is None or value.rank is None else report.rank(value)


def _moved(report: Report, value: IndexValue | None) -> str:
    """The change of a part's rank since the year before, a dash where there is none."""
    if value is None or value.rank is None or report.base(value) is None or report.change(value).reason:
        return vn.MISSING
    change = report.change(value)
    return phrases.change_of_rank(change.places, report.places(value, change))


# --- charts ------------------------------------------------------------------------------------------------------
def plot_reform(report: Report) -> Markdown:
    """The rank of the PAR INDEX by year, cut where the criteria changed; empty where fewer than two years are known."""
    label = report.indices[PAR].short_label
    return _plot(report, [(PAR, TOTAL, label)], f"Thứ hạng {label} của tỉnh qua các năm")


def plot_digital(report: Report) -> Markdown:
    """The ranks of the DTI and its three pillars by year; empty where fewer than two years are known."""
    index = report.indices[DTI]
    lines = [(DTI, TOTAL, index.short_label), *((DTI, name, index.component(name).label) for name in PILLARS)]
    return _plot(report, lines, "Thứ hạng DTI và ba trụ cột của tỉnh qua các năm")


def _plot(report: Report, lines: Sequence[tuple[str, str, str]], caption: str) -> Markdown:
    """One line for each (index, component, name), the first in front; years without a rank are gaps."""
    index = lines[0][0]
    ranked = [
        one
        for name, component, _ in lines
        for one in report.values[name]
        if one.component == component and one.rank is not None
    ]
    leading = sorted({one.year for one in ranked if one.index == index})
    if len(leading) < 2:
        return Markdown("")
    years = list(range(min(one.year for one in ranked), max(one.year for one in ranked) + 1))
    shown = [
        Line(label, [_point(report, name, component, year) for year in years], is_focus=place == 0)
        for place, (name, component, label) in enumerate(lines)
    ]
    bases = sorted({one.out_of for one in ranked}, reverse=True)
    told = [report.number(base, "Số tỉnh, thành phố được xếp hạng", "tỉnh, thành phố") for base in bases]
    return charts.trend(
        report.claims,
        [Period.parse(str(year)) for year in years],
        [line for line in shown if any(point.value is not None for point in line.points)],
        breaks=_breaks(report, index, years),
        caption=caption,
        source=f"{_sources(report, ranked)}. Thứ hạng trên {phrases.join(told)} tỉnh, thành phố.",
        font=report.setting.font,
        measured_in="hạng",
        is_ranking=True,
    )


def _point(report: Report, index: str, component: str, year: int) -> Point:
    value = indices.find_value(report.values[index], year, component)
    if value is None or value.rank is None:
        return Point(None)
    return Point(Fraction(value.rank), partial(report.plain_rank, value))


def _breaks(report: Report, index: str, years: Sequence[int]) -> list[Break]:
    """The years inside the chart from which the criteria of its first line differ."""
    found = report.indices[index].breaks
    return [
        Break(Period.parse(str(year)), "bộ tiêu chí mới") for year in found if years[0] < year <= years[-1]
    ]


def _sources(report: Report, values: Sequence[IndexValue]) -> str:
    return "; ".join(report.quote(text) for text in dict.fromkeys(one.source for one in values))
