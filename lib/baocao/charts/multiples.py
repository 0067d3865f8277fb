"""Small multiples: the same small trend for each group of an index, side by side on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from baocao.charts import axes, drawing
from baocao.charts import parts as pictures
from baocao.charts.axes import ROW, Scale, find_cuts
from baocao.charts.drawing import AXIS, CUT, FOCUS, LEADER, OTHERS, SMALL, WIDTH, Canvas, measure
from baocao.charts.lines import Drawn, Field
from baocao.charts.parts import Break, Label, Line, Name, Picture, Point, Written, value_of
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims

_COLUMNS = 3
_GUTTER = 6.0  # mm between panels
_PLOT = 22.0  # mm high
_PAD = 4.5  # mm between the left edge of a panel and its first point
_SAMPLE = 9.0  # mm: the piece of line in the key
_STROKES = (FOCUS, *OTHERS)


@dataclass(frozen=True)
class Panel:
    """One small chart: its title, its lines, and the most that can be reached (the top of the panel), if any."""

    title: Name
    lines: Sequence[Line]
    maximum: Fraction | float | None = None
    maximum_label: Label | None = None


def small_multiples(
    claims: Claims, periods: Sequence[Period], panels: Sequence[Panel],
    *, caption: str, source: str, font: str,
    measured_in: str = "điểm", breaks: Sequence[Break] = (),
) -> Picture:  # fmt: skip
    """Panels in the order given, three in a row; the lines of all panels have the same names in the same order.

    With maxima each panel reaches from zero to its own maximum, so equal heights are equal shares; those without
    share one scale, whose ticks count `measured_in`. The first and last value of the first line are printed in each panel, of the
    other lines the last.
    """
    pictures.check_lines(periods, [line for panel in panels for line in panel.lines])
    if len({len(panel.lines) for panel in panels}) > 1:
        raise ValueError("the panels of small multiples have the same lines")
    with drawing.style(font):
        made = _Multiples(claims.for_chart(), periods, panels, measured_in, breaks)
        canvas = made.draw()
    return pictures.figure(claims, canvas, made.describe(pictures.plain(caption)), caption, source)


class _Multiples:
    """Small multiples being drawn; their texts are printed through `chart`, and kept to be described."""

    def __init__(
        self, chart: Claims, periods: Sequence[Period], panels: Sequence[Panel], measured_in: str,
        breaks: Sequence[Break],
    ) -> None:  # fmt: skip
        self.chart, self.periods, self.panels = chart, periods, panels
        self.lines = [[Drawn(chart, line) for line in panel.lines] for panel in panels]
        last = len(periods) - 1
        self.firsts = [
            line.figure(line.known[0]) if line.known and line.known[0] < last else ""
            for line, *_ in self.lines
        ]
        self.lasts = [[line.last_figure() for line in lines] for lines in self.lines]
        tops = [value_of(Point(panel.maximum)) for panel in panels]
        self.tops = [top if top and top > 0 else None for top in tops]
        self.maxima = [
            panel.maximum_label(chart) if panel.maximum_label and top else ""
            for panel, top in zip(panels, self.tops, strict=True)
        ]
        shared = [
            line.values[at] for lines, top in zip(self.lines, self.tops, strict=True) if top is None
            for line in lines for at in line.known
        ]  # fmt: skip
        self.shared = axes.make_scale(shared or [0.0], 0, _PLOT, measured_in)
        # Of a shared scale only the ends: a small panel has no room for more.
        ends = (self.shared.low, self.shared.high) if None in self.tops else ()
        self.ticks = [axes.format_tick(tick, self.shared, measured_in) for tick in ends]
        self.left = drawing.widest(["Tháng", *self.ticks], SMALL) + 1.5
        self.columns = min(_COLUMNS, len(panels))
        self.room = (WIDTH - self.left - _GUTTER * (self.columns - 1)) / self.columns
        self.figures = drawing.widest([text for texts in self.lasts for text in texts]) + 1.5
        cuts = find_cuts(periods, breaks)
        self.cuts = [at for at, _ in cuts]
        self.reasons = [self._print_reason(*cut) for cut in cuts]

    def draw(self) -> Canvas:
        self.titles = [Written(self.chart, panel.title) for panel in self.panels]
        titles = [title.lines(self.room, bold=True) for title in self.titles]
        tops, y = [], self._arrange_key()
        below = axes.time_height(self.periods) + 4.5
        for row in range(0, len(self.panels), self.columns):
            y += ROW * max(len(lines) for lines in titles[row : row + self.columns]) + 4
            tops.append(y)
            y += _PLOT + below
        self.canvas = Canvas(y - 3)
        self._write_key()
        for at, lines in enumerate(titles):
            x = self.left + at % self.columns * (self.room + _GUTTER)
            top = tops[at // self.columns]
            for number, line in enumerate(reversed(lines)):
                self.canvas.text(x, top - 5 - number * ROW, line, bold=True, room=self.room)
            self._draw_panel(at, x, top)
        return self.canvas

    def describe(self, caption: str) -> str:
        """The alternative text: for each panel the first and last figures, its maximum, and the breaks."""
        told = [f"Các biểu đồ đường nhỏ: {caption} ({pictures.span(self.chart, self.periods)})"]
        for title, most, first, lasts in zip(self.titles, self.maxima, self.firsts, self.lasts, strict=True):
            told.append(f"{title.text}: {', '.join(self._tell(most, first, lasts))}")
        told += [" ".join(lines) for lines in self.reasons]
        return f"{'. '.join(told)}."

    def _tell(self, most: str, first: str, lasts: Sequence[str]) -> list[str]:
        parts = [f"tối đa {most}"] if most else []
        for at, (key, last) in enumerate(zip(self.keys, lasts, strict=True)):
            figure = "kỳ cuối không có số liệu" if last == vn.MISSING else last
            figure = f"từ {first} đến {figure}" if at == 0 and first else figure
            parts.append(f"{key.text} {figure}".strip())
        return parts

    def _print_reason(self, at: int, reason: pictures.Words) -> list[str]:
        def dated(chart: Claims) -> str:
            return (
                f"Từ {chart.period(self.periods[at])}: {reason if isinstance(reason, str) else reason(chart)}"
            )

        return pictures.print_words(self.chart, dated, WIDTH - _SAMPLE - 2, SMALL)

    # --- the key above the panels ------------------------------------------------------------------------------
    def _arrange_key(self) -> float:
        """Put the names of the lines side by side as far as there is room; returns the mm that the key takes."""
        self.keys = [line.name for line in self.lines[0]]
        self.key_places, x, row = [], 0.0, 0
        for key in self.keys:
            width = _SAMPLE + 2 + measure(key.text, SMALL)
            if x and x + width > WIDTH:
                x, row = 0.0, row + 1
            self.key_places.append((x, row))
            x += width + 6
        self.key_rows = row + 1 if any(key.text for key in self.keys) else 0
        lines = self.key_rows + sum(map(len, self.reasons))
        return lines * ROW + (2 if lines else 0)

    def _write_key(self) -> None:
        """The names of the lines, then each break with its reason."""
        for key, (x, row), stroke in zip(self.keys, self.key_places, _STROKES, strict=False):
            for text in key.lines(math.inf):
                y = (row + 1) * ROW
                self.canvas.line([(x, y - 2), (x + _SAMPLE, y - 2)], stroke)
                self.canvas.text(x + _SAMPLE + 2, y - 0.9, text, size=SMALL, room=WIDTH - x - _SAMPLE - 2)
        y = self.key_rows * ROW
        for lines in self.reasons:
            self.canvas.line([(_SAMPLE / 2, y + 0.6), (_SAMPLE / 2, y + ROW)], CUT)
            for text in lines:
                y += ROW
                self.canvas.text(_SAMPLE + 2, y - 0.9, text, size=SMALL)

    def _draw_panel(self, at: int, left: float, top: float) -> None:
        right, bottom = left + self.room - self.figures, top + _PLOT
        scale = replace(self.shared, top=top, bottom=bottom)
        if self.tops[at]:
            scale = Scale(Fraction(0), Fraction(self.tops[at]), (), top, bottom)
        places = axes.places(self.periods, left + _PAD, right - 2)
        field = Field(self.canvas, self.periods, places, scale, self.cuts, left=left, right=right)
        is_first = at % self.columns == 0
        self._draw_frame(at, field, is_first=is_first)
        axes.write_time(
            self.canvas, self.chart, self.periods, places, bottom, self.left - 1.5 if is_first else 0
        )
        field.draw_cuts()
        for stroke, line in reversed(list(zip(_STROKES, self.lines[at], strict=False))):
            field.draw(line.values, stroke, 3.2, each=stroke is FOCUS)
        self._write_figures(at, field)

    def _draw_frame(self, at: int, field: Field, *, is_first: bool) -> None:
        """The zero line, and the maximum or the ends of the shared scale."""
        scale = field.scale
        field.level(float(scale.low), AXIS)
        field.level(float(scale.high), LEADER)
        if self.maxima[at]:
            words = self.chart.words("tối đa")
            x = field.right + self.figures - measure(self.maxima[at], SMALL)
            self.canvas.text(x, scale.top - 1, self.maxima[at], size=SMALL)
            self.canvas.text(x - 1.2, scale.top - 1, words, side="right", size=SMALL)
        elif self.tops[at] is None and is_first:
            for text, y in zip(self.ticks, (scale.bottom, scale.top), strict=False):
                self.canvas.text(field.left - 1.5, y + 1.1, self.chart.tick(text), side="right", size=SMALL)

    def _write_figures(self, at: int, field: Field) -> None:
        """The last figures to the right of their lines, the first one above or below the first point."""
        rows, scale = [line.values for line in self.lines[at]], field.scale
        lasts = [row[-1] for row in rows]
        _, middles = field.spread(lasts, [ROW] * len(lasts), scale.top - 0.5, scale.bottom + 2)
        for number, (text, middle) in enumerate(zip(self.lasts[at], middles, strict=True)):
            self.canvas.text(field.right + 1.5, middle + 1.2, text, bold=number == 0)
        if self.firsts[at]:
            first = self.lines[at][0].known[0]
            within = (field.left, scale.top, field.right, scale.bottom - 0.3)
            area = field.find_area(self.firsts[at], first, rows[0][first], rows, within)
            self.canvas.text(area[0], area[3] - 0.9, self.firsts[at], bold=True)
