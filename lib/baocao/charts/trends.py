"""Trend: values over time as lines labelled at their ends, with gaps, break marks and a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from baocao.charts import axes, drawing
from baocao.charts import parts as pictures
from baocao.charts.axes import ROW, BreakMarks
from baocao.charts.drawing import (
    AXIS,
    FOCUS,
    GRID,
    LEADER,
    OTHERS,
    ROOM,
    SIZE,
    SMALL,
    TARGET,
    WIDTH,
    Box,
    Canvas,
    measure,
)  # fmt: skip
from baocao.charts.lines import Drawn, Field
from baocao.charts.parts import Break, Goal, Line, Picture, Written
from baocao.definitions import Period
from baocao.writing import Claims

_PLOT = 60.0  # mm high
_ENDS = 50.0  # mm: beyond that the name at the end of a line is set below its figure
_MOST = 70.0  # mm; words that cannot be broken are set smaller beyond that


def trend(
    claims: Claims, periods: Sequence[Period], lines: Sequence[Line],
    *, caption: str, source: str, font: str,
    measured_in: str = "%", breaks: Sequence[Break] = (), target: Goal | None = None, height: float = _PLOT,
    is_ranking: bool = False,
) -> Picture:  # fmt: skip
    """Up to five lines over the periods (oldest first); each line has a point for every period.

    Of a focus line (or of the only line) the first, highest, lowest and last values are printed, of the others
    the last. A value not known leaves a gap, and no line crosses a break. `measured_in` is what the ticks of the
    scale count ("%", "hồ sơ", "điểm"); `height` are the mm from the lowest to the highest tick.
    In a ranking the values are places, and the first place is at the top.
    """
    pictures.check_lines(periods, lines)
    if len(lines) > len(OTHERS) + 1:
        raise ValueError(
            f"{len(lines)} lines in a trend; more than five belong into small multiples or a table"
        )
    with drawing.style(font):
        made = _Trend(claims.for_chart(), periods, lines, measured_in, breaks, target, height, is_ranking)
        canvas = made.draw()
    return pictures.figure(claims, canvas, made.describe(pictures.plain(caption)), caption, source)


@dataclass(frozen=True)
class _End:
    """What stands to the right of the plot: a figure and whose it is. `line` is None for the target."""

    figure: str
    name: Written
    value: float | None
    line: Drawn | None = None
    bold: bool = False

    def width(self) -> float:
        """The mm that figure and name take side by side."""
        return self.figure_width() + measure(self.name.text, SIZE, bold=self.bold)

    def figure_width(self) -> float:
        return measure(self.figure, SIZE, bold=self.bold) + 1.5 if self.figure else 0.0


class _Trend:
    """One trend being drawn; its texts are printed through `chart` as they are drawn, and kept to be described."""

    def __init__(
        self, chart: Claims, periods: Sequence[Period], lines: Sequence[Line], measured_in: str,
        breaks: Sequence[Break], target: Goal | None, height: float, is_ranking: bool,
    ) -> None:  # fmt: skip
        self.chart, self.periods, self.height = chart, periods, height
        self.measured_in, self.breaks, self.is_ranking = measured_in, breaks, is_ranking
        self.levels = [float(target.value)] if target else []
        self.lines = [Drawn(chart, line) for line in lines]
        self.focus = [line.is_focus or len(lines) == 1 for line in lines]
        self.ends = []
        for line, is_focus in zip(self.lines, self.focus, strict=True):
            name = line.name
            self.ends.append(_End(line.last_figure(), name, line.last, line, is_focus))
        if target:
            name = Written(chart, target.name)
            self.ends.append(_End(target.label(chart), name, *self.levels))
        self.is_below = any(end.width() > _ENDS for end in self.ends)
        widths = [end.width() for end in self.ends]
        if self.is_below:
            widths = [end.name.width(_ENDS, bold=end.bold) for end in self.ends]
            widths += [end.figure_width() for end in self.ends]
        self.right = WIDTH - min(max(widths), _MOST) - 3
        self.names = [end.name.lines(_ENDS if self.is_below else WIDTH, bold=end.bold) for end in self.ends]
        self.sizes = [
            ROW * (bool(end.figure) + len(name) if self.is_below else 1) + 0.6
            for end, name in zip(self.ends, self.names, strict=True)
        ]

    def draw(self) -> Canvas:
        shown = [line.values[at] for line in self.lines for at in line.known] + self.levels
        make = axes.make_ranking if self.is_ranking else axes.make_scale
        scale = make(shown, 0, self.height, self.measured_in)
        ticks = [axes.format_tick(tick, scale, self.measured_in) for tick in scale.ticks]
        left = max(measure(text, SMALL) for text in [*ticks, "Tháng"]) + 1.5
        places = axes.places(self.periods, left + 6, self.right - 3)
        self.marks = BreakMarks(self.chart, self.periods, self.breaks, places)
        top = 3.0 + self.marks.height + (0 if self.measured_in == "%" else ROW)
        self.scale = replace(scale, top=top, bottom=top + self.height)
        height = self.scale.bottom + axes.time_height(self.periods) + 0.5
        self.canvas = Canvas(max(height, sum(self.sizes) + 0.5))
        self.field = Field(
            self.canvas, self.periods, places, self.scale, self.marks.cuts, left=left, right=self.right
        )
        self._draw_grid(ticks)
        axes.write_time(self.canvas, self.chart, self.periods, places, self.scale.bottom, left - 1.5)
        self.marks.draw(self.canvas, self.scale.bottom)
        placed = self._place_figures()
        others = iter(OTHERS)
        strokes = [FOCUS if is_focus else next(others) for is_focus in self.focus]
        for at in sorted(range(len(self.lines)), key=self.focus.__getitem__):
            dot = 4.2 if self.focus[at] else 3.5
            self.field.draw(self.lines[at].values, strokes[at], dot, each=self.focus[at])
        for text, area in placed:
            self.canvas.text(area[0] + 0.3, area[3] - 0.9, text, bold=True)
        self._write_ends()
        return self.canvas

    def describe(self, caption: str) -> str:
        """The alternative text: what it shows, over which periods, the printed figures, gaps, target and breaks."""
        told = [f"Biểu đồ đường: {caption} ({pictures.span(self.chart, self.periods)})"]
        for end in self.ends:
            if end.line is None:
                told.append(f"{end.name.text} {end.figure}")
                continue
            parts = [self._tell(end.line, *figure) for figure in sorted(end.line.figures.items())]
            missing = end.line.values.count(None)
            parts += [f"không có số liệu {pictures.count(missing, 'kỳ')}"] if missing else []
            told.append((f"{end.name.text}: " if end.name.text else "") + ", ".join(parts))
        return f"{'. '.join([*told, *self.marks.describe()])}."

    def _tell(self, line: Drawn, place: int, text: str) -> str:
        known = [line.values[at] for at in line.known]
        ends = ("hạng cao nhất ", "hạng thấp nhất ") if self.is_ranking else ("thấp nhất ", "cao nhất ")
        most = {min(known): ends[0], max(known): ends[1]} if min(known) < max(known) else {}
        return f"{most.get(line.values[place], '')}{text} ({self.chart.period(self.periods[place])})"

    def _write_ends(self) -> None:
        """Figures and names at the height where their lines end, apart from each other, led to where they moved."""
        left, ends = self.right + 3, (end.value for end in self.ends)
        wanted, middles = self.field.spread(ends, self.sizes, 0, self.scale.bottom + 4)
        for end, name, size, want, middle in zip(
            self.ends, self.names, self.sizes, wanted, middles, strict=True
        ):
            self._lead(end, want, middle)
            baseline = middle - size / 2 + ROW - 0.7
            if end.figure:
                self.canvas.text(left, baseline, end.figure, bold=end.bold)
            start, down = (left, ROW) if self.is_below and end.figure else (left + end.figure_width(), 0)
            for line in name:
                baseline += down
                self.canvas.text(start, baseline, line, bold=end.bold, room=WIDTH - start)
                down = ROW

    def _lead(self, end: _End, want: float, middle: float) -> None:
        """A thin line from the end of a line to its label, where that had to move or the line ends early."""
        last = end.line.known[-1] if end.line and end.line.known else None
        is_short = last is not None and last < len(self.periods) - 1
        if abs(middle - want) > 0.6 or is_short:
            start = self.right if last is None else self.field.places[last] + 1.2
            self.canvas.line([(start, want), (self.right + 2.4, middle)], LEADER)

    def _draw_grid(self, ticks: Sequence[str]) -> None:
        if self.measured_in != "%":
            self.canvas.text(0, self.scale.top - 3, self.chart.words(self.measured_in), size=SMALL)
        for tick, text in zip(self.scale.ticks, ticks, strict=True):
            is_axis = self.scale.place(float(tick)) == self.scale.bottom
            y = self.field.level(float(tick), AXIS if is_axis else GRID)
            self.canvas.text(self.field.left - 1.5, y + 1.1, self.chart.tick(text), side="right", size=SMALL)
        for level in self.levels:
            self.field.level(level, TARGET)

    def _place_figures(self) -> list[tuple[str, Box]]:
        """For the focus line its first, highest and lowest figure, and its last where it ends early; room made for each."""
        placed: list[tuple[str, Box]] = []
        within = (self.field.left + 0.5, self.scale.top - 3, self.right + 2, self.scale.bottom - 0.3)
        for line, is_focus in zip(self.lines, self.focus, strict=True):
            if not is_focus or not line.known:
                continue
            chosen = {line.known[0], line.known[-1]}
            for extreme in (min, max):
                value = extreme(line.values[at] for at in line.known)
                places = [at for at in line.known if line.values[at] == value]
                chosen |= set() if chosen & set(places) else {places[0]}
            for at in sorted(chosen - {len(line.values) - 1}):
                if text := line.figure(at):
                    area = self.field.find_area(
                        text, at, line.values[at], [other.values for other in self.lines], within,
                        [area for _, area in placed], self.levels, margin=0.6,
                    )  # fmt: skip
                    left, top, right, bottom = area
                    self.canvas.rectangle(left, top, right - left, bottom - top, ROOM, edge=0)
                    placed.append((text, area))
        return placed
