"""A sheet of bars: names on the left, a bar in each row, columns of figures on the right, a legend above."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baocao.charts.drawing import (
    GAP,
    SIZE,
    WIDEST_NAMES,
    WIDTH,
    Canvas,
    Shade,
    Stroke,
    measure,
    name_size,
    widest,
)

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
