"""Heat map: a row for each unit, a column for each period, every value printed in its cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

from baocao.charts import axes, drawing
from baocao.charts import parts as pictures
from baocao.charts.axes import BreakMarks
from baocao.charts.drawing import GAP, SIZE, SMALL, WIDTH, Canvas, Shade, measure
from baocao.charts.parts import Break, Line, Written, value_of
from baocao.definitions import Period
from baocao.writing import Claims, Markdown

_ROWS = 42  # on a page, with heading and caption
_PITCH = 4.8  # mm from row to row
_WIDEST_CELL = 14.0  # mm
_WIDEST_NAMES = 72.0  # mm; a longer name is set smaller
# Black stands out from the darkest at 7 : 1 (WCAG 2.2, AAA), and still does on a copy of a copy.
_LIGHT, _DARK = (0xF7, 0xF9, 0xFB), (0x80, 0x98, 0xB6)
_UNKNOWN: Shade = ("white", "/////")


def heat_map(
    claims: Claims,
    periods: Sequence[Period],
    rows: Sequence[Line],
    *,
    caption: str,
    source: str,
    font: str,
    breaks: Sequence[Break] = (),
) -> Markdown:
    """Rows in the order given, the darker the higher; a value not known is hatched; focus rows are bold.

    Every point with a value needs a label; short ones keep the picture as wide as the text: about 5 characters for
    12 periods, 2 or 3 for 24. A wider picture is made smaller on a page, unless that lies on its side. More rows
    than a page holds go on in further pictures above the one caption.
    """
    pictures.check_lines(periods, rows)
    if any(point.label is None for row in rows for point in row.points if value_of(point) is not None):
        raise ValueError("each known value of a heat map needs a label")
    known = [value for row in rows for point in row.points if (value := value_of(point)) is not None]
    shades = _Shades(min(known), max(known))
    parts = math.ceil(len(rows) / _ROWS)
    size = math.ceil(len(rows) / parts)
    drawn = []
    with drawing.style(font):
        for first in range(0, len(rows), size):
            made = _HeatMap(claims.for_chart(), periods, rows[first : first + size], breaks)
            svg = made.draw(shades)
            drawn.append((svg, made.describe(pictures.plain(caption))))
    return pictures.figure(claims, drawn, caption, source)


class _Shades:
    """How dark the cells are, from the lowest to the highest value of the whole chart."""

    def __init__(self, low: float, high: float) -> None:
        self._low, self._span = low, high - low

    def fill(self, value: float) -> str:
        """The colour of a value's cell."""
        return _shade((value - self._low) / self._span if self._span else 0.3)

    def ramp(self, count: int) -> list[str]:
        """Colours from the lowest to the highest value; all the same where all values are equal."""
        return [_shade(step / (count - 1) if self._span else 0.3) for step in range(count)]


def _shade(share: float) -> str:
    levels = (round(light + (dark - light) * share) for light, dark in zip(_LIGHT, _DARK, strict=True))
    return "#{:02x}{:02x}{:02x}".format(*levels)


class _HeatMap:
    """One picture of a heat map being drawn; its texts are printed through `chart`."""

    def __init__(
        self, chart: Claims, periods: Sequence[Period], rows: Sequence[Line], breaks: Sequence[Break]
    ) -> None:
        self.chart, self.periods, self.rows = chart, periods, rows
        self.values = [[value_of(point) for point in row.points] for row in rows]
        self.names = [Written(chart, row.name) for row in rows]
        self.figures = [
            [
                "" if value is None else point.label(chart)
                for point, value in zip(row.points, values, strict=True)
            ]
            for row, values in zip(rows, self.values, strict=True)
        ]
        longest = max(
            measure(name.text, SIZE, bold=row.is_focus) for name, row in zip(self.names, rows, strict=True)
        )
        room = min(longest, _WIDEST_NAMES)
        self.room, self.size = room, drawing.name_size(longest, room)
        self.left = max(room, measure("Đến tháng", SMALL)) + GAP
        needed = drawing.widest((text for figures in self.figures for text in figures), SMALL) + 0.8
        self.cell = max(needed, min(_WIDEST_CELL, (WIDTH - self.left) / len(periods)))
        self.width = max(WIDTH, self.left + self.cell * len(periods))
        places = [self.left + (column + 0.5) * self.cell for column in range(len(periods))]
        self.marks = BreakMarks(chart, periods, breaks, places, self.width)
        self.top = self.marks.height + axes.time_height(periods) - 1.5
        self.canvas = Canvas(self.top + _PITCH * len(rows) + 6.5, self.width)
        axes.write_time(
            self.canvas, chart, periods, places, self.marks.height - 1.5, self.left - GAP, is_heading=True
        )

    def draw(self, shades: _Shades) -> bytes:
        cells = [
            (at, column, value, self.left + column * self.cell, self.top + at * _PITCH)
            for at, values in enumerate(self.values)
            for column, value in enumerate(values)
        ]
        corners = [(x, y) for _, _, value, x, y in cells if value is not None]
        fills = [shades.fill(value) for _, _, value, _, _ in cells if value is not None]
        self.canvas.cells(corners, self.cell - 0.25, _PITCH - 0.25, fills)
        for at, (row, name) in enumerate(zip(self.rows, self.names, strict=True)):
            (text,) = name.lines(math.inf) or [""]
            y = self.top + at * _PITCH + 3.5
            self.canvas.text(
                self.left - GAP, y, text, side="right", bold=row.is_focus, size=self.size, room=self.room
            )
        for at, column, value, x, y in cells:
            if value is None:
                self.canvas.rectangle(x + 0.1, y + 0.1, self.cell - 0.4, _PITCH - 0.4, _UNKNOWN, edge=0.3)
                continue
            middle, bold = x + self.cell / 2, self.rows[at].is_focus
            self.canvas.text(middle, y + 3.5, self.figures[at][column], side="center", size=SMALL, bold=bold)
        self.marks.draw(self.canvas, self.top + _PITCH * len(self.rows))
        self._write_key(shades)
        return self.canvas.svg()

    def _write_key(self, shades: _Shades) -> None:
        """Below: what light, dark and hatched cells mean."""
        x, y = self.left, self.canvas.height - 4.2
        x = self._write(x, "thấp nhất")
        self.canvas.cells([(x + step * 5, y) for step in range(5)], 5, 3.2, shades.ramp(5))
        x = self._write(x + 26.5, "cao nhất") + 5
        if any(value is None for values in self.values for value in values):
            self.canvas.rectangle(x, y, 6, 3.2, _UNKNOWN, edge=0.3)
            self._write(x + 7.5, "không có số liệu")

    def _write(self, x: float, text: str) -> float:
        """Write words of the key at `x`; returns where the next thing may stand."""
        self.canvas.text(x, self.canvas.height - 1.4, self.chart.words(text), size=SMALL)
        return x + measure(text, SMALL) + 1.5

    def describe(self, caption: str) -> str:
        """The alternative text: the highest and lowest cells, how many have no value, then each row's way."""
        known = [
            (value, at, column)
            for at, values in enumerate(self.values)
            for column, value in enumerate(values)
            if value is not None
        ]
        size = f"{pictures.count(len(self.rows), 'dòng')}, {pictures.span(self.chart, self.periods)}"
        told = [f"Bảng ô đậm nhạt: {caption} ({size}; ô càng đậm, giá trị càng cao)"]
        if known:
            told += [
                self._tell("Cao nhất", max(known)[0], known),
                self._tell("Thấp nhất", min(known)[0], known),
            ]
        missing = len(self.rows) * len(self.periods) - len(known)
        told += [f"Không có số liệu: {pictures.count(missing, 'ô')}"] if missing else []
        told += [self._tell_row(at) for at in range(len(self.rows))]
        return f"{'. '.join([*told, *self.marks.describe()])}."

    def _tell(self, what: str, value: float, known) -> str:
        cells = [(at, column) for other, at, column in known if other == value]
        at, column = cells[0]
        more = f", và {pictures.count(len(cells) - 1, 'ô khác')}" if len(cells) > 1 else ""
        where = f"{self.names[at].text}, {self.chart.period(self.periods[column])}"
        return f"{what}: {self.figures[at][column]} ({where}{more})"

    def _tell_row(self, at: int) -> str:
        shown = [text for text in self.figures[at] if text]
        if len(shown) > 1:
            return f"{self.names[at].text}: từ {shown[0]} đến {shown[-1]}"
        return f"{self.names[at].text}: {shown[0] if shown else 'không có số liệu'}"
