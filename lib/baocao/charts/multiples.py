"""Small multiples: the same small trend for each group of an index, side by side on one scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from baocao.charts import axes, drawing
from baocao.charts import parts as pictures
from baocao.charts.axes import Path, Scale, find_cuts
from baocao.charts.drawing import AXIS, CUT, FOCUS, LEADER, OTHERS, SIZE, SMALL, WIDTH, Canvas, measure
from baocao.charts.parts import Break, Label, Line, Name, Point, Written, value_of
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims, Markdown

_COLUMNS = 3
_GUTTER = 6.0  # mm between panels
_PLOT = 22.0  # mm high
_PAD = 4.5  # mm between the left edge of a panel and its first point
_LINE = 4.2  # mm from baseline to baseline
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
    claims: Claims,
    periods: Sequence[Period],
    panels: Sequence[Panel],
    *,
    caption: str,
    source: str,
    font: str,
    measured_in: str = "điểm",
    breaks: Sequence[Break] = (),
) -> Markdown:
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
        svg = made.draw()
    return pictures.figure(claims, [(svg, made.describe(pictures.plain(caption)))], caption, source)


class _Multiples:
    """Small multiples being drawn; their texts are printed through `chart`, and kept to be described."""

    def __init__(
        self, chart: Claims, periods: Sequence[Period], panels: Sequence[Panel], measured_in: str,
        breaks: Sequence[Break],
    ) -> None:  # fmt: skip
        self.chart, self.periods, self.panels = chart, periods, panels
        self.values = [
            [[value_of(point) for point in line.points] for line in panel.lines] for panel in panels
        ]
        self.firsts = [self._print_first(panel.lines[0], values[0]) for panel, values in self._pairs()]
        self.lasts = [
            [self._print_last(*line) for line in zip(panel.lines, values, strict=True)]
            for panel, values in self._pairs()
        ]
        tops = [value_of(Point(panel.maximum)) for panel in panels]
        self.tops = [top if top and top > 0 else None for top in tops]
        self.maxima = [
            panel.maximum_label(chart) if panel.maximum_label and top else ""
            for panel, top in zip(panels, self.tops, strict=True)
        ]
        shared = [
            value for lines, top in zip(self.values, self.tops, strict=True) if top is None
            for line in lines for value in line if value is not None
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

    def _pairs(self):
        return zip(self.panels, self.values, strict=True)

    def draw(self) -> bytes:
        self.titles = [Written(self.chart, panel.title) for panel in self.panels]
        titles = [title.lines(self.room, bold=True) for title in self.titles]
        tops, y = [], self._arrange_key()
        below = axes.time_height(self.periods) + 4.5
        for row in range(0, len(self.panels), self.columns):
            y += _LINE * max(len(lines) for lines in titles[row : row + self.columns]) + 4
            tops.append(y)
            y += _PLOT + below
        self.canvas = Canvas(y - 3)
        self._write_key()
        for at, lines in enumerate(titles):
            x = self.left + at % self.columns * (self.room + _GUTTER)
            top = tops[at // self.columns]
            for number, line in enumerate(reversed(lines)):
                self.canvas.text(x, top - 5 - number * _LINE, line, bold=True, room=self.room)
            self._draw_panel(at, x, top)
        return self.canvas.svg()

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

    # --- texts -------------------------------------------------------------------------------------------------
    def _print_first(self, line: Line, values: Sequence[float | None]) -> str:
        """The first figure of a panel; none where it is the last one too."""
        known = [at for at, value in enumerate(values) if value is not None]
        label = line.points[known[0]].label if known and known[0] < len(values) - 1 else None
        return label(self.chart) if label else ""

    def _print_last(self, line: Line, values: Sequence[float | None]) -> str:
        if values[-1] is None:
            return self.chart.words(vn.MISSING)
        label = line.points[-1].label
        return label(self.chart) if label else ""

    def _print_reason(self, at: int, reason: pictures.Words) -> list[str]:
        def dated(chart: Claims) -> str:
            return (
                f"Từ {chart.period(self.periods[at])}: {reason if isinstance(reason, str) else reason(chart)}"
            )

        return pictures.print_words(self.chart, dated, WIDTH - _SAMPLE - 2, SMALL)

    # --- the key above the panels ------------------------------------------------------------------------------
    def _arrange_key(self) -> float:
        """Put the names of the lines side by side as far as there is room; returns the mm that the key takes."""
        self.keys = [Written(self.chart, line.name) for line in self.panels[0].lines]
        self.key_places, x, row = [], 0.0, 0
        for key in self.keys:
            width = _SAMPLE + 2 + measure(key.text, SMALL)
            if x and x + width > WIDTH:
                x, row = 0.0, row + 1
            self.key_places.append((x, row))
            x += width + 6
        self.key_rows = row + 1 if any(key.text for key in self.keys) else 0
        lines = self.key_rows + sum(map(len, self.reasons))
        return lines * _LINE + (2 if lines else 0)

    def _write_key(self) -> None:
        """The names of the lines, then each break with its reason."""
        for key, (x, row), stroke in zip(self.keys, self.key_places, _STROKES, strict=False):
            for text in key.lines(math.inf):
                y = (row + 1) * _LINE
                self.canvas.line([(x, y - 2), (x + _SAMPLE, y - 2)], stroke)
                self.canvas.text(x + _SAMPLE + 2, y - 0.9, text, size=SMALL, room=WIDTH - x - _SAMPLE - 2)
        y = self.key_rows * _LINE
        for lines in self.reasons:
            self.canvas.line([(_SAMPLE / 2, y + 0.6), (_SAMPLE / 2, y + _LINE)], CUT)
            for text in lines:
                y += _LINE
                self.canvas.text(_SAMPLE + 2, y - 0.9, text, size=SMALL)

    # --- a panel -----------------------------------------------------------------------------------------------
    def _draw_panel(self, at: int, left: float, top: float) -> None:
        right, bottom = left + self.room - self.figures, top + _PLOT
        scale = replace(self.shared, top=top, bottom=bottom)
        if self.tops[at]:
            scale = Scale(Fraction(0), Fraction(self.tops[at]), (), top, bottom)
        places = axes.places(self.periods, left + _PAD, right - 2)
        is_first = at % self.columns == 0
        self._draw_frame(at, left, right, scale, is_first=is_first)
        axes.write_time(
            self.canvas, self.chart, self.periods, places, bottom, self.left - 1.5 if is_first else 0
        )
        for cut in self.cuts:
            x = (places[cut - 1] + places[cut]) / 2
            self.canvas.line([(x, top), (x, bottom)], CUT)
        for stroke, values in reversed(list(zip(_STROKES, self.values[at], strict=False))):
            for points in self._paths(values, places, scale):
                if len(points) > 1:
                    self.canvas.line(points, stroke)
                for point in points if stroke is FOCUS or len(points) == 1 else []:
                    self.canvas.dot(*point, stroke[0], size=3.2)
        self._write_figures(at, places, right, scale)

    def _draw_frame(self, at: int, left: float, right: float, scale: Scale, *, is_first: bool) -> None:
        """The zero line, and the maximum or the ends of the shared scale."""
        self.canvas.line([(left, scale.bottom), (right, scale.bottom)], AXIS)
        self.canvas.line([(left, scale.top), (right, scale.top)], LEADER)
        if self.maxima[at]:
            words = self.chart.words("tối đa")
            x = right + self.figures - measure(self.maxima[at], SMALL)
            self.canvas.text(x, scale.top - 1, self.maxima[at], size=SMALL)
            self.canvas.text(x - 1.2, scale.top - 1, words, side="right", size=SMALL)
        elif self.tops[at] is None and is_first:
            for text, y in zip(self.ticks, (scale.bottom, scale.top), strict=False):
                self.canvas.text(left - 1.5, y + 1.1, self.chart.tick(text), side="right", size=SMALL)

    def _write_figures(self, at: int, places: Sequence[float], right: float, scale: Scale) -> None:
        """The last figures to the right of their lines, the first one above or below the first point."""
        lasts = [values[-1] for values in self.values[at]]
        wanted = [scale.bottom if value is None else scale.place(value) for value in lasts]
        middles = axes.spread(wanted, [_LINE] * len(wanted), scale.top - 0.5, scale.bottom + 2)
        for number, (text, middle) in enumerate(zip(self.lasts[at], middles, strict=True)):
            self.canvas.text(right + 1.5, middle + 1.2, text, bold=number == 0)
        if self.firsts[at]:
            first = next(place for place, value in enumerate(self.values[at][0]) if value is not None)
            paths = [path for values in self.values[at] for path in self._paths(values, places, scale)]
            within = (places[0] - _PAD, scale.top, right, scale.bottom - 0.3)
            width, y = measure(self.firsts[at], SIZE, bold=True), scale.place(self.values[at][0][first])
            area = axes.find_area(width, places[first], y, paths, within)
            self.canvas.text(area[0], area[3] - 0.9, self.firsts[at], bold=True)

    def _paths(self, values: Sequence[float | None], places: Sequence[float], scale: Scale) -> list[Path]:
        """The points of a line in the runs that are joined."""
        found = axes.runs(values, axes.steps(self.periods), self.cuts)
        return [[(places[place], scale.place(values[place])) for place in run] for run in found]
