"""Trend: values over time as lines labelled at their ends, with gaps, break marks and a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from baocao.charts import axes, drawing
from baocao.charts import parts as pictures
from baocao.charts.axes import Area, BreakMarks
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
    Canvas,
    measure,
)
from baocao.charts.parts import Break, Goal, Line, Written, value_of
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims, Markdown

_PLOT = 60.0  # mm high
_ENDS = 50.0  # mm: beyond that the name at the end of a line is set below its figure
_MOST = 70.0  # mm; words that cannot be broken are set smaller beyond that
_LINE = 4.2  # mm from baseline to baseline


def trend(
    claims: Claims,
    periods: Sequence[Period],
    lines: Sequence[Line],
    *,
    caption: str,
    source: str,
    font: str,
    measured_in: str = "%",
    breaks: Sequence[Break] = (),
    target: Goal | None = None,
    height: float = _PLOT,
    is_ranking: bool = False,
) -> Markdown:
    """Up to five lines over the periods (oldest first); each line has a point for every period.

    Of a focus line (or of the only line) the first, highest, lowest and last values are printed, of the others
    the last. A value not known leaves a gap, and no line crosses a break. `measured_in` is what the ticks of the
    scale count ("%", "hồ sơ", "điểm"); `height` are the mm from the lowest to the highest tick.
    In a ranking the values are places, and the first place is at the top.
    """
    pictures.check_lines(periods, lines)
    if len(lines) > len(OTHERS) + 1:
        raise ValueError(
            f"{len(lines)} lines in a trend; more than five belong into a heat map or small multiples"
        )
    with drawing.style(font):
        made = _Trend(claims.for_chart(), periods, lines, measured_in, breaks, target, height, is_ranking)
        svg = made.draw()
    return pictures.figure(claims, [(svg, made.describe(pictures.plain(caption)))], caption, source)


@dataclass(frozen=True)
class _End:
    """What stands to the right of the plot: a figure and whose it is. `at` is its line, None for the target."""

    figure: str
    name: Written
    value: float | None
    at: int | None = None
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
        self.chart, self.periods, self.lines, self.height = chart, periods, lines, height
        self.measured_in, self.target, self.is_ranking = measured_in, target, is_ranking
        self.values = [[value_of(point) for point in line.points] for line in lines]
        self.focus = [line.is_focus or len(lines) == 1 for line in lines]
        self.figures: list[dict[int, str]] = [{} for _ in lines]
        self.ends = self._print_ends()
        self.is_below = any(end.width() > _ENDS for end in self.ends)
        widths = [end.width() for end in self.ends]
        if self.is_below:
            widths = [end.name.width(_ENDS, bold=end.bold) for end in self.ends]
            widths += [end.figure_width() for end in self.ends]
        self.right = WIDTH - min(max(widths), _MOST) - 3
        self.names = [end.name.lines(_ENDS if self.is_below else WIDTH, bold=end.bold) for end in self.ends]
        self.sizes = [
            _LINE * (bool(end.figure) + len(name) if self.is_below else 1) + 0.6
            for end, name in zip(self.ends, self.names, strict=True)
        ]
        self.breaks = breaks

    def draw(self) -> bytes:
        shown = [value for row in self.values for value in row if value is not None]
        shown += [float(self.target.value)] if self.target else []
        make = axes.make_ranking if self.is_ranking else axes.make_scale
        scale = make(shown, 0, self.height, self.measured_in)
        ticks = [axes.format_tick(tick, scale, self.measured_in) for tick in scale.ticks]
        self.left = max(measure(text, SMALL) for text in [*ticks, "Tháng"]) + 1.5
        self.places = axes.places(self.periods, self.left + 6, self.right - 3)
        self.marks = BreakMarks(self.chart, self.periods, self.breaks, self.places, WIDTH)
        header = 3.0 + self.marks.height + (0 if self.measured_in == "%" else _LINE)
        self.scale = replace(scale, top=header, bottom=header + self.height)
        height = header + self.height + axes.time_height(self.periods) + 0.5
        self.canvas = Canvas(max(height, sum(self.sizes) + 0.5))
        self._draw_grid(ticks)
        axes.write_time(
            self.canvas, self.chart, self.periods, self.places, self.scale.bottom, self.left - 1.5
        )
        self.marks.draw(self.canvas, self.scale.bottom)
        placed = self._place_figures()
        for at in sorted(range(len(self.lines)), key=self.focus.__getitem__):
            self._draw_line(at)
        for text, area in placed:
            self.canvas.text(area[0] + 0.3, area[3] - 0.9, text, bold=True)
        self._write_ends()
        return self.canvas.svg()

    def describe(self, caption: str) -> str:
        """The alternative text: what it shows, over which periods, the printed figures, gaps, target and breaks."""
        told = [f"Biểu đồ đường: {caption} ({pictures.span(self.chart, self.periods)})"]
        for end in self.ends:
            if end.at is None:
                told.append(f"{end.name.text} {end.figure}")
                continue
            values = self.values[end.at]
            parts = [self._tell(values, *figure) for figure in sorted(self.figures[end.at].items())]
            missing = values.count(None)
            parts += [f"không có số liệu {pictures.count(missing, 'kỳ')}"] if missing else []
            told.append((f"{end.name.text}: " if end.name.text else "") + ", ".join(parts))
        return f"{'. '.join([*told, *self.marks.describe()])}."

    def _tell(self, values: Sequence[float | None], place: int, text: str) -> str:
        known = [value for value in values if value is not None]
        ends = ("hạng cao nhất ", "hạng thấp nhất ") if self.is_ranking else ("thấp nhất ", "cao nhất ")
        most = {min(known): ends[0], max(known): ends[1]} if min(known) < max(known) else {}
        return f"{most.get(values[place], '')}{text} ({self.chart.period(self.periods[place])})"

    def _print_figure(self, at: int, place: int) -> str:
        label = self.lines[at].points[place].label
        if label is not None:
            self.figures[at][place] = label(self.chart)
        return self.figures[at].get(place, "")

    # --- the right margin --------------------------------------------------------------------------------------
    def _print_ends(self) -> list[_End]:
        """The last figure of each line, a dash where the last period has none, and the target."""
        ends = []
        for at, (line, values) in enumerate(zip(self.lines, self.values, strict=True)):
            name = Written(self.chart, line.name)
            if values[-1] is None:
                known = [value for value in values if value is not None]
                last = known[-1] if known else None
                ends.append(_End(self.chart.words(vn.MISSING), name, last, at, self.focus[at]))
            else:
                figure = self._print_figure(at, len(values) - 1)
                ends.append(_End(figure, name, values[-1], at, self.focus[at]))
        if self.target:
            name = Written(self.chart, self.target.name)
            ends.append(_End(self.target.label(self.chart), name, float(self.target.value)))
        return ends

    def _write_ends(self) -> None:
        """Figures and names at the height where their lines end, apart from each other, led to where they moved."""
        left = self.right + 3
        wanted = [
            self.scale.bottom if end.value is None else self.scale.place(end.value) for end in self.ends
        ]
        middles = axes.spread(wanted, self.sizes, 0, self.scale.bottom + 4)
        for end, name, size, want, middle in zip(
            self.ends, self.names, self.sizes, wanted, middles, strict=True
        ):
            self._lead(end, want, middle)
            baseline = middle - size / 2 + _LINE - 0.7
            if end.figure:
                self.canvas.text(left, baseline, end.figure, bold=end.bold)
            start, down = (left, _LINE) if self.is_below and end.figure else (left + end.figure_width(), 0)
            for line in name:
                baseline += down
                self.canvas.text(start, baseline, line, bold=end.bold, room=WIDTH - start)
                down = _LINE

    def _lead(self, end: _End, want: float, middle: float) -> None:
        """A thin line from the end of a line to its label, where that had to move or the line ends early."""
        last = None
        if end.at is not None:
            known = [place for place, value in enumerate(self.values[end.at]) if value is not None]
            last = known[-1] if known else None
        is_short = last is not None and last < len(self.periods) - 1
        if abs(middle - want) > 0.6 or is_short:
            start = self.right if last is None else self.places[last] + 1.2
            self.canvas.line([(start, want), (self.right + 2.4, middle)], LEADER)

    # --- the plot ----------------------------------------------------------------------------------------------
    def _draw_grid(self, ticks: Sequence[str]) -> None:
        if self.measured_in != "%":
            self.canvas.text(0, self.scale.top - 3, self.chart.words(self.measured_in), size=SMALL)
        for tick, text in zip(self.scale.ticks, ticks, strict=True):
            y = self.scale.place(float(tick))
            self.canvas.line([(self.left, y), (self.right, y)], AXIS if y == self.scale.bottom else GRID)
            self.canvas.text(self.left - 1.5, y + 1.1, self.chart.tick(text), side="right", size=SMALL)
        if self.target:
            y = self.scale.place(float(self.target.value))
            self.canvas.line([(self.left, y), (self.right, y)], TARGET)

    def _draw_line(self, at: int) -> None:
        is_focus = self.focus[at]
        stroke = FOCUS if is_focus else OTHERS[sum(not focus for focus in self.focus[:at]) % len(OTHERS)]
        for run in self._runs(self.values[at]):
            if len(run) > 1:
                self.canvas.line(run, stroke)
            for x, y in run if is_focus or len(run) == 1 else []:
                self.canvas.dot(x, y, stroke[0], size=4.2 if is_focus else 3.5)

    def _runs(self, values: Sequence[float | None]) -> list[list[tuple[float, float]]]:
        """The points of a line on the canvas, in the runs that are joined."""
        runs = axes.runs(values, axes.steps(self.periods), self.marks.cuts)
        return [[(self.places[place], self.scale.place(values[place])) for place in run] for run in runs]

    # --- figures along the focus line --------------------------------------------------------------------------
    def _place_figures(self) -> list[tuple[str, Area]]:
        """For the focus line its first, highest and lowest figure, and its last where it ends early; room made for each."""
        placed: list[tuple[str, Area]] = []
        for at, values in enumerate(self.values):
            known = [place for place, value in enumerate(values) if value is not None]
            if not self.focus[at] or not known:
                continue
            chosen = {known[0], known[-1]}
            for extreme in (min, max):
                value = extreme(values[place] for place in known)
                places = [place for place in known if values[place] == value]
                chosen |= set() if chosen & set(places) else {places[0]}
            for place in sorted(chosen - {len(values) - 1}):
                if text := self._print_figure(at, place):
                    area = self._find_area(
                        text, self.places[place], values[place], [area for _, area in placed]
                    )
                    self.canvas.rectangle(
                        area[0], area[1], area[2] - area[0], area[3] - area[1], ROOM, edge=0
                    )
                    placed.append((text, area))
        return placed

    def _find_area(self, text: str, x: float, value: float, taken: Sequence[Area]) -> Area:
        paths = [run for values in self.values for run in self._runs(values)]
        if self.target:
            y = self.scale.place(float(self.target.value))
            paths.append([(self.left, y), (self.right, y)])
        within = (self.left + 0.5, self.scale.top - 3, self.right + 2, self.scale.bottom - 0.3)
        width = measure(text, SIZE, bold=True) + 0.6
        return axes.find_area(width, x, self.scale.place(value), paths, within, taken)
