"""Bars: rankings, what wholes are made of, groups beside each other; every figure stands to the right of its bar.

Because each figure stands beside its bar there is no axis, a black-and-white copy says the same, and bars start
at zero. Names and figures are texts of the chart view (`Claims.for_chart`) that the caller prints them through.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from baocao.charts import drawing, parts
from baocao.charts.drawing import (
    AXIS,
    GAP,
    MEAN,
    ROOM,
    SHADES,
    SIZE,
    TARGET,
    WIDEST_NAMES,
    WIDTH,
    Canvas,
    Shade,
    Stroke,
    measure,
    name_size,
    widest,
)
from baocao.charts.parts import Picture
from baocao.writing import Claims

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
    claims: Claims, bars: Sequence[Bar],
    *, caption: str, source: str, font: str,
    description: str = "", mark: Mark | None = None, target: Mark | None = None,
) -> Picture:  # fmt: skip
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
        sheet.mark_values(low, high)
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
    told = [f"{bar.rank} {bar.name}: {bar.label}".strip() for bar in bars]
    told += [f"{one.name}: {one.label}" for one, _ in levels]
    description = description or _describe("Biểu đồ thanh ngang", caption, told)
    return parts.figure(claims, sheet, description, caption, source)


def _count_blocks(bars: Sequence[Bar]) -> int:
    """One block of rows, or two where the bars would fill more than a page and the names leave them room."""
    return 2 if len(bars) > _ROWS and drawing.widest(bar.name for bar in bars) <= _SHORT_NAMES else 1


def composition_bars(
    claims: Claims, rows: Sequence[Row], legend: Sequence[str],
    *, caption: str, source: str, font: str,
    description: str = "", as_shares: bool = False,
) -> Picture:  # fmt: skip
    """What each whole is made of: a row's values end to end, by size, or (`as_shares`) every row as long.

    The figures stand to the right under their part's shade, in the order of `legend` (three parts at most).
    """
    wholes = [sum(value or 0 for value in row.values) for row in rows]
    with drawing.style(font):
        sheet = _sheet(rows, legend, SHADES, pitch=6.2)
        sheet.mark_values(0, 1 if as_shares else max(wholes))
        for at, (row, whole) in enumerate(zip(rows, wholes, strict=True)):
            scale = sheet.scale(whole if as_shares else max(wholes))
            start = 0.0
            for value, shade in zip(row.values, SHADES, strict=False):
                length = (value or 0) * scale
                sheet.bar(at, start, length, shade)
                start += length
    description = description or _describe("Biểu đồ thanh ghép", caption, _tell(rows, legend))
    return parts.figure(claims, sheet, description, caption, source)


def group_bars(
    claims: Claims, rows: Sequence[Row], legend: Sequence[str],
    *, caption: str, source: str, font: str,
    description: str = "",
) -> Picture:  # fmt: skip
    """Beside each other in each row: a bar for each name of the legend, inside the room up to the maximum.

    The figures stand to the right under their shade, in the order of `legend` (three values at most); where rows
    have a maximum it is the last name.
    """
    with drawing.style(font):
        lanes = len(rows[0].values) if rows else 0
        sheet = _sheet(rows, legend, (*SHADES[:lanes], ROOM), pitch=3.9 * lanes + 2.2)
        highest = max(value or 0 for row in rows for value in (*row.values, row.maximum))
        scale = sheet.scale(highest)
        sheet.mark_values(0, highest)
        for at, row in enumerate(rows):
            if row.maximum is not None:
                sheet.bar(at, 0, row.maximum * scale, ROOM)
            for lane, value in enumerate(row.values):
                sheet.bar(at, 0, (value or 0) * scale, SHADES[lane], lane=lane, lanes=lanes)
    description = description or _describe("Biểu đồ thanh theo nhóm", caption, _tell(rows, legend))
    return parts.figure(claims, sheet, description, caption, source)


def _tell(rows: Sequence[Row], legend: Sequence[str]) -> list[str]:
    return [
        f"{row.name}: {', '.join(f'{name} {label}' for name, label in zip(legend, row.labels, strict=True))}"
        for row in rows
    ]


def _describe(kind: str, caption: str, told: Sequence[str]) -> str:
    """The alternative text, where the caller has none: what it shows, then every figure."""
    return f"{kind}: {parts.plain(caption)}. {'. '.join(told)}."


def _sheet(rows: Sequence[Row], legend: Sequence[str], shades: Sequence[Shade], *, pitch: float) -> Sheet:
    """The names, figures and legend of rows that have a figure for each name of the legend."""
    if len(legend) > len(shades) or any(len(row.labels) != len(legend) for row in rows):
        raise ValueError("each row of a chart needs a label, and a shade, for each name of its legend")
    sheet = Sheet(
        [row.name for row in rows],
        [list(column) for column in zip(*(row.labels for row in rows), strict=True)],
        bold=[row.is_focus for row in rows],
        heading=len(legend_lines(legend)) * LEGEND_LINE + 4.5,
        pitch=pitch,
    )
    sheet.legend(legend, shades)
    return sheet


# --------------------------------------------------------------------------------------------------
# A sheet of bars: names on the left, a bar in each row, columns of figures on the right, a legend above.


SWATCH = (5.0, 2.8)  # mm: the piece of shade in a legend
LEGEND_LINE = 5.0  # mm
GUTTER = 8.0  # mm between blocks of rows


def legend_lines(names: Sequence[str]) -> list[list[tuple[float, int, str]]]:
    """The entries of a legend in lines no wider than the drawing: x in mm, place in the legend, name."""
    lines: list[list[tuple[float, int, str]]] = []
    x = 0.0
    for number, name in enumerate(names):
        width = SWATCH[0] + 1.5 + measure(name)
        if not lines or x + width > WIDTH:
            lines.append([])
            x = 0.0
        lines[-1].append((x, number, name))
        x += width + 6
    return lines


class Sheet(Canvas):
    """Rows of bars below a heading, in `blocks` beside each other where one would not fit a page.

    names    one for each row; those whose row is in `bold` are bold, with their figures
    columns  the figures to the right of the bars: for each column, one text for each row
    ranks    texts to the left of the names
    heading  mm above the first row; pitch  mm from row to row
    `left` and `right` are the mm between which the bars of the first block lie, `starts` the mm at which the
    blocks begin. No rows at all are refused with a ValueError.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: Sequence[Sequence[str]],
        *,
        ranks: Sequence[str] = (),
        bold: Sequence[bool] = (),
        heading: float,
        pitch: float,
        blocks: int = 1,
    ) -> None:
        if not names:
            raise ValueError("a chart without rows; say in words that there is nothing to show")
        self._rows = math.ceil(len(names) / blocks)
        super().__init__(heading + pitch * self._rows + 1)
        self.heading, self.pitch = heading, pitch
        self._bold = bold or [False] * len(names)
        self.starts = [block * (WIDTH + GUTTER) / blocks for block in range(blocks)]
        self.left = self._write_column(ranks, widest(ranks)) + GAP if any(ranks) else 0.0
        longest = widest(names)
        room = min(longest, WIDEST_NAMES)
        size = name_size(longest, room)
        self.left = self._write_column(names, self.left + room, size, room) + GAP
        self.right, self.column_edges = WIDTH if blocks == 1 else self.starts[1] - GUTTER, []
        for column in reversed(columns):
            self.column_edges.insert(0, self._write_column(column, self.right))
            self.right -= max(widest(column), SWATCH[0]) + GAP

    def scale(self, longest: float) -> float:
        """Millimetres for one unit of the values when `longest` takes all the room for bars."""
        return (self.right - self.left) / longest if longest else 0.0

    def mark_values(self, low: float, high: float) -> None:
        """What both ends of the room for bars mean, for who changes the figure by hand; rows are numbered from the top."""
        if high > low:
            area = (self.left, self.heading, self.right, self.height - 1)
            self.add_axes(area, (low, high), (self._rows, 0))

    def bar(
        self, at: int, start: float, length: float, look: Shade, *, lane: int = 0, lanes: int = 1
    ) -> None:
        """A bar in row `at`: `start` and `length` in mm from `left`; `lanes` bars share the row's height."""
        thick = (self.pitch - 1.4) / lanes
        x, top = self._corner(at)
        self.rectangle(x + self.left + start, top + 0.7 + lane * thick, length, thick, look)

    def level(self, x: float, top: float, stroke: Stroke) -> None:
        """A vertical line from `top` to the bottom, in each block."""
        for start in self.starts:
            self.line([(start + x, top), (start + x, self.height - 0.5)], stroke)

    def write_level(self, x: float, baseline: float, name: str, figure: str, *, is_right: bool) -> None:
        """What a level is and its figure, to the left of its line, or to the right where there is room."""
        inner = 1.2 + measure(name) + 1.5
        if is_right and x + inner + measure(figure) <= (self.starts[1:] or [WIDTH])[0]:
            self.text(x + 1.2, baseline, name)
            self.text(x + inner, baseline, figure)
        else:
            self.text(x - 2.7 - measure(figure), baseline, name, side="right")
            self.text(x - 1.2, baseline, figure, side="right")

    def legend(self, names: Sequence[str], shades: Sequence[Shade]) -> None:
        """The legend across the top, and each name's shade again above its column of figures."""
        for number, line in enumerate(legend_lines(names)):
            for x, place, name in line:
                self.rectangle(x, number * LEGEND_LINE + 0.5, *SWATCH, shades[place])
                self.text(x + SWATCH[0] + 1.5, number * LEGEND_LINE + 3.1, name)
        for place, edge in enumerate(self.column_edges):
            self.rectangle(edge - SWATCH[0], self.heading - SWATCH[1] - 0.4, *SWATCH, shades[place])

    def _write_column(
        self, texts: Sequence[str], right: float, size: float = SIZE, room: float = math.inf
    ) -> float:
        for at, text in enumerate(texts):
            x, top = self._corner(at)
            y = top + self.pitch / 2 + 1.2
            self.text(x + right, y, text, side="right", bold=self._bold[at], size=size, room=room)
        return right

    def _corner(self, at: int) -> tuple[float, float]:
        """The top left corner of row `at`."""
        return self.starts[at // self._rows], self.heading + at % self._rows * self.pitch
