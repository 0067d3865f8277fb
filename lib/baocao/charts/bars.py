"""Bars: rankings, what wholes are made of, groups beside each other; every figure stands to the right of its bar.

Because each figure stands beside its bar there is no axis, a black-and-white copy says the same, and bars start
at zero. Names and figures are texts of the chart view (`Claims.for_chart`) that the caller prints them through.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from baocao.charts import bar_sheets, drawing
from baocao.charts import parts as pictures
from baocao.charts.bar_sheets import LEGEND_LINE, Sheet
from baocao.charts.drawing import AXIS, MEAN, ROOM, SHADES, TARGET, Shade
from baocao.writing.claims import Claims
from baocao.writing.markup import Markdown

_PITCH = 4.9  # mm from bar to bar of a ranking
_ROWS = 45  # bars of a ranking on a page
_SHORT_NAMES = 40.0  # mm
_LEVEL_LINE = 4.8  # mm: the writing of a level


@dataclass(frozen=True)
class Bar:
    """One unit of a ranking: its name, the bar's length, the figure and (where known) the rank beside it.

    A value not known (None) has no bar; its label is a dash.
    """

    name: str
    value: float | None
    label: str
    rank: str = ""
    is_focus: bool = False


@dataclass(frozen=True)
class Mark:
    """A line across all bars: what it is, where it stands and the figure printed on it."""

    name: str
    value: float
    label: str


@dataclass(frozen=True)
class Row:
    """Several values under one name: a value and its printed figure for each name of the legend.

    None is a value that is not known: it has no bar, and its label is a dash. `maximum` draws the room up to
    the most that can be reached; its figure is the last label.
    """

    name: str
    values: Sequence[float | None]
    labels: Sequence[str]
    maximum: float | None = None
    is_focus: bool = False


def ranking_bars(
    claims: Claims,
    bars: Sequence[Bar],
    *,
    caption: str,
    source: str,
    font: str,
    description: str = "",
    mark: Mark | None = None,
    target: Mark | None = None,
) -> Markdown:
    """Units in the order given, one bar each, the focus dark, negative values to the left of a zero line.

    `mark` is the level that all are measured against (their mean), a dashed line; `target` what was decreed, a
    dash-dotted one. More units than a page holds stand in two blocks, where their names are short.
    """
    levels = [(one, stroke) for one, stroke in ((target, TARGET), (mark, MEAN)) if one]
    with drawing.style(font):
        sheet = Sheet(
            [bar.name for bar in bars],
            [[bar.label for bar in bars]],
            ranks=[bar.rank for bar in bars],
            bold=[bar.is_focus for bar in bars],
            heading=1.2 + _LEVEL_LINE * len(levels) if levels else 0,
            pitch=_PITCH,
            blocks=_count_blocks(bars),
        )
        values = [0.0, *(bar.value or 0.0 for bar in bars), *(one.value for one, _ in levels)]
        low, high = min(values), max(values)
        scale = sheet.scale(high - low)
        for at, bar in enumerate(bars):
            start, end = sorted((0.0, bar.value or 0.0))
            sheet.bar(at, (start - low) * scale, (end - start) * scale, SHADES[0 if bar.is_focus else 1])
        if low < 0:
            sheet.level(sheet.left - low * scale, sheet.heading, AXIS)
        places = [sheet.left + (one.value - low) * scale for one, _ in levels]
        for row, ((one, stroke), x) in enumerate(zip(levels, places, strict=True)):
            baseline = 3.4 + row * _LEVEL_LINE
            sheet.level(x, baseline - 2.9, stroke)
            # The writing stands on the side that the line of the other level, which begins above, does not cross.
            sheet.write_level(x, baseline, one.name, one.label, is_right=x > places[0])
        svg = sheet.svg()
    told = [f"{bar.rank} {bar.name}: {bar.label}".strip() for bar in bars]
    told += [f"{one.name}: {one.label}" for one, _ in levels]
    description = description or _describe("Biểu đồ thanh ngang", caption, told)
    return pictures.figure(claims, [(svg, description)], caption, source)


def _count_blocks(bars: Sequence[Bar]) -> int:
    """One block of rows, or two where the bars would fill more than a page and the names leave them room."""
    return 2 if len(bars) > _ROWS and drawing.widest(bar.name for bar in bars) <= _SHORT_NAMES else 1


def composition_bars(
    claims: Claims,
    rows: Sequence[Row],
    legend: Sequence[str],
    *,
    caption: str,
    source: str,
    font: str,
    description: str = "",
    as_shares: bool = False,
) -> Markdown:
    """What each whole is made of: a row's values end to end, by size, or (`as_shares`) every row as long.

    The figures stand to the right under their part's shade, in the order of `legend` (three parts at most).
    """
    wholes = [sum(value or 0 for value in row.values) for row in rows]
    with drawing.style(font):
        sheet = _sheet(rows, legend, SHADES, pitch=6.2)
        for at, (row, whole) in enumerate(zip(rows, wholes, strict=True)):
            scale = sheet.scale(whole if as_shares else max(wholes))
            start = 0.0
            for value, shade in zip(row.values, SHADES, strict=False):
                length = (value or 0) * scale
                sheet.bar(at, start, length, shade)
                start += length
        svg = sheet.svg()
    description = description or _describe("Biểu đồ thanh ghép", caption, _tell(rows, legend))
    return pictures.figure(claims, [(svg, description)], caption, source)


def group_bars(
    claims: Claims,
    rows: Sequence[Row],
    legend: Sequence[str],
    *,
    caption: str,
    source: str,
    font: str,
    description: str = "",
) -> Markdown:
    """Beside each other in each row: a bar for each name of the legend, inside the room up to the maximum.

    The figures stand to the right under their shade, in the order of `legend` (three values at most); where rows
    have a maximum it is the last name.
    """
    with drawing.style(font):
        lanes = len(rows[0].values) if rows else 0
        sheet = _sheet(rows, legend, (*SHADES[:lanes], ROOM), pitch=3.9 * lanes + 2.2)
        scale = sheet.scale(max(value or 0 for row in rows for value in (*row.values, row.maximum)))
        for at, row in enumerate(rows):
            if row.maximum is not None:
                sheet.bar(at, 0, row.maximum * scale, ROOM)
            for lane, value in enumerate(row.values):
                sheet.bar(at, 0, (value or 0) * scale, SHADES[lane], lane=lane, lanes=lanes)
        svg = sheet.svg()
    description = description or _describe("Biểu đồ thanh theo nhóm", caption, _tell(rows, legend))
    return pictures.figure(claims, [(svg, description)], caption, source)


def _tell(rows: Sequence[Row], legend: Sequence[str]) -> list[str]:
    return [
        f"{row.name}: {', '.join(f'{name} {label}' for name, label in zip(legend, row.labels, strict=True))}"
        for row in rows
    ]


def _describe(kind: str, caption: str, told: Sequence[str]) -> str:
    """The alternative text, where the caller has none: what it shows, then every figure."""
    return f"{kind}: {pictures.plain(caption)}. {'. '.join(told)}."


def _sheet(rows: Sequence[Row], legend: Sequence[str], shades: Sequence[Shade], *, pitch: float) -> Sheet:
    """The names, figures and legend of rows that have a figure for each name of the legend."""
    if len(legend) > len(shades) or any(len(row.labels) != len(legend) for row in rows):
        raise ValueError("each row of a chart needs a label, and a shade, for each name of its legend")
    sheet = Sheet(
        [row.name for row in rows],
        [list(column) for column in zip(*(row.labels for row in rows), strict=True)],
        bold=[row.is_focus for row in rows],
        heading=len(bar_sheets.legend_lines(legend)) * LEGEND_LINE + 4.5,
        pitch=pitch,
    )
    sheet.legend(legend, shades)
    return sheet
