"""The core of all charts of lines: the values of a line and its figures, where they are drawn, what is joined and what is not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from baocao.charts import axes
from baocao.charts.axes import Path, Scale
from baocao.charts.drawing import CUT, SIZE, Box, Canvas, Stroke, measure
from baocao.charts.parts import Line, Written, value_of
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims


class Drawn:
    """One line on its way into a chart: its values, and the figures that are printed of it, each once."""

    def __init__(self, chart: Claims, line: Line) -> None:
        self._chart, self._line = chart, line
        self.values = [value_of(point) for point in line.points]
        self.known = [at for at, value in enumerate(self.values) if value is not None]
        self.figures: dict[int, str] = {}

    @cached_property
    def name(self) -> Written:
        """Its name, printed when it is first asked for."""
        return Written(self._chart, self._line.name)

    @property
    def last(self) -> float | None:
        """Its last known value."""
        return self.values[self.known[-1]] if self.known else None

    def figure(self, at: int) -> str:
        """The figure of a period; empty where it has none."""
        label = self._line.points[at].label
        if at not in self.figures and self.values[at] is not None and label:
            self.figures[at] = label(self._chart)
        return self.figures.get(at, "")

    def last_figure(self) -> str:
        """The figure of the last period, a dash where it is not known."""
        return self._chart.words(vn.MISSING) if self.values[-1] is None else self.figure(len(self.values) - 1)


class Field:
    """The part of a canvas where lines are drawn: periods at their `places` across, values on a scale up; `cuts` part them."""

    def __init__(
        self, canvas: Canvas, periods: Sequence[Period], places: Sequence[float], scale: Scale, cuts: Sequence[int] = (),
        *, left: float, right: float,
    ) -> None:  # fmt: skip
        self.canvas, self.places, self.scale, self.cuts = canvas, places, scale, cuts
        self.left, self.right, self._steps = left, right, axes.steps(periods)
        a_step = (places[-1] - places[0]) / self._steps[-1] if self._steps[-1] else right - left
        across = [(x - places[0]) / a_step for x in (left, right)]
        up = [float(scale.low), float(scale.high)]
        self._drawn = canvas.add_axes(
            (left, scale.top, right, scale.bottom), across, up[::-1] if scale.is_down else up
        )

    def paths(self, values: Sequence[float | None]) -> list[Path]:
        """The points of a line in the runs that are joined: none over a gap or a cut."""
        runs = axes.runs(values, self._steps, self.cuts)
        return [[(self.places[at], self.scale.place(values[at])) for at in run] for run in runs]

    def draw(
        self, values: Sequence[float | None], stroke: Stroke, dot: float, *, each: bool = False, hollow: bool = False
    ) -> None:  # fmt: skip
        """A line; `dot` is the size of a point that nothing is joined to, or of `each` of them."""
        for path in self.paths(values):
            if len(path) > 1:
                self._drawn.append(self.canvas.line(path, stroke))
            for point in path if each or len(path) == 1 else ():
                self._drawn.append(self.canvas.dot(*point, stroke[0], size=dot, hollow=hollow))

    def level(self, value: float, stroke: Stroke) -> float:
        """A line across at a value; returns its mm from the top."""
        y = self.scale.place(value)
        self.canvas.line([(self.left, y), (self.right, y)], stroke)
        return y

    def draw_cuts(self) -> None:
        """The lines at the cuts, where no marks with their reasons are drawn."""
        for cut in self.cuts:
            x = (self.places[cut - 1] + self.places[cut]) / 2
            self.canvas.line([(x, self.scale.top), (x, self.scale.bottom)], CUT)

    def find_area(
        self, text: str, at: int, value: float, lines: Iterable[Sequence[float | None]], within: Box,
        taken: Sequence[Box] = (), levels: Iterable[float] = (), margin: float = 0.0,
    ) -> Box:  # fmt: skip
        """Where the bold figure of a point hides least of the lines and levels (`axes.find_area`)."""
        paths = [path for values in lines for path in self.paths(values)]
        paths += [
            [(self.left, self.scale.place(level)), (self.right, self.scale.place(level))] for level in levels
        ]
        width = measure(text, SIZE, bold=True) + margin
        return axes.find_area(width, self.places[at], self.scale.place(value), paths, within, taken)

    def spread(
        self, values: Iterable[float | None], sizes: Sequence[float], high: float, low: float
    ) -> tuple[list[float], list[float]]:
        """The mm where labels of these values belong (of none: the bottom), and where they stand apart from each other."""
        wanted = [self.scale.bottom if value is None else self.scale.place(value) for value in values]
        return wanted, axes.spread(wanted, sizes, high, low)
