"""Charts of a report: lists of bars with names on the left and every figure printed on the right.

Because each figure stands beside its bar there is no axis, a black-and-white copy says the same, and bars start
at zero. A chart is SVG whose text stays text, embedded in the Markdown. All its texts come from a chart view of
the claims (`Claims.for_chart`), which declares them; the title ("Hình 1. …") and the source line stand below as
text of the document, and `description` is the alternative text.

    chart = claims.for_chart()
    bars = [Bar(chart.unit(unit), value, chart.score(value, ...)) for ...]
    charts.ranking_bars(claims, bars, caption=..., description=..., source=..., font=...)

`font` is the name of a family that matplotlib knows (`documents.fonts.register_with_matplotlib`).
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from baocao import drawing, markup, tables
from baocao.claims import Claims
from baocao.drawing import LEGEND_LINE, ROOM, SHADES, Shade, Sheet
from baocao.markup import Markdown


@dataclass(frozen=True)
class Bar:
    """One unit of a ranking: its name, the bar's length, the figure and (where known) the rank beside it."""

    name: str
    value: float
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
    description: str,
    source: str,
    font: str,
    mark: Mark | None = None,
) -> Markdown:
    """Units in the order given, one bar each, the focus dark; `mark` is the line all are measured against."""
    with drawing.style(font):
        sheet = Sheet(
            [bar.name for bar in bars],
            [[bar.label for bar in bars]],
            ranks=[bar.rank for bar in bars],
            bold=[bar.is_focus for bar in bars],
            heading=6 if mark else 0,
            pitch=4.9,
        )
        scale = sheet.scale(max([bar.value for bar in bars] + ([mark.value] if mark else [])))
        for at, bar in enumerate(bars):
            sheet.bar(at, 0, bar.value * scale, SHADES[0 if bar.is_focus else 1])
        if mark:
            x = sheet.left + mark.value * scale
            sheet.line(x, 0.5)
            sheet.text(x - 1.2, 3.4, mark.name, side="right")
            sheet.text(x + 1.2, 3.4, mark.label)
        svg = sheet.svg()
    return _figure(claims, svg, caption, description, source)


def composition_bars(
    claims: Claims,
    rows: Sequence[Row],
    legend: Sequence[str],
    *,
    caption: str,
    description: str,
    source: str,
    font: str,
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
    return _figure(claims, svg, caption, description, source)


def group_bars(
    claims: Claims,
    rows: Sequence[Row],
    legend: Sequence[str],
    *,
    caption: str,
    description: str,
    source: str,
    font: str,
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
    return _figure(claims, svg, caption, description, source)


def _sheet(rows: Sequence[Row], legend: Sequence[str], shades: Sequence[Shade], *, pitch: float) -> Sheet:
    """The names, figures and legend of rows that have a figure for each name of the legend."""
    if len(legend) > len(shades) or any(len(row.labels) != len(legend) for row in rows):
        raise ValueError("each row of a chart needs a label, and a shade, for each name of its legend")
    sheet = Sheet(
        [row.name for row in rows],
        [list(column) for column in zip(*(row.labels for row in rows), strict=True)],
        bold=[row.is_focus for row in rows],
        heading=len(drawing.legend_lines(legend)) * LEGEND_LINE + 4.5,
        pitch=pitch,
    )
    sheet.legend(legend, shades)
    return sheet


def _figure(claims: Claims, svg: bytes, caption: str, description: str, source: str) -> Markdown:
    """The chart as blocks of the document: picture with alternative text, numbered title, source."""
    picture = f"![](data:image/svg+xml;base64,{base64.b64encode(svg).decode('ascii')})"
    parts = [
        markup.division("hinh", picture, {"data-mo-ta": description}),
        markup.division("chu-thich-hinh", f"{claims.ordinal('Hình')}. {caption}"),
        tables.source_line(source),
    ]
    return Markdown("\n".join(parts))
