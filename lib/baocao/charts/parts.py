"""What all charts share: who writes their texts, and how the finished picture stands in the document.

A chart decides itself which of its figures are printed (the first, the last, the highest, the lowest), and a
figure that is claimed must be printed. So names and figures are handed over as functions of the chart's claims
(`Label`), and only those that are drawn are called:

    partial(board.print_rate, unit, "on_time_rate")                  # called with the chart's claims
    methodcaller("percent", 94, 100, label="Tỷ lệ", unit=unit, ...)  # the same as lambda chart: chart.percent(...)

`functools.partial` and `operator.methodcaller` keep the value a loop's variable has now; a lambda made in a loop
or comprehension would print the last one for all.
"""

from __future__ import annotations

import base64
import math
import re
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from numbers import Number
from typing import Self

from baocao.charts import drawing
from baocao.charts.drawing import Canvas
from baocao.definitions import Period, Unit
from baocao.writing import Claims, Markdown, markup, phrases, tables

Label = Callable[[Claims], str]
"""Prints one figure (a claim) through the chart's claims and returns its text."""

Name = Unit | str | Label
"""What is named: a unit (its official name is printed), words without digits, or a function that prints them."""

Words = str | Label
"""Words without digits, or a function that makes them of words and constants, to be set in lines by the chart:

    lambda chart: f"đổi cách tính từ {chart.period(period)}"
"""


@dataclass(frozen=True)
class Point:
    """One value and how it is printed. None (or pandas' NA) is a value not known: a gap, a hatched cell, a dash."""

    value: Fraction | float | None
    label: Label | None = None


@dataclass(frozen=True)
class Line:
    """One unit's or indicator's values, a point for each period of the chart; the focus is drawn dark."""

    name: Name
    points: Sequence[Point]
    is_focus: bool = False


@dataclass(frozen=True)
class Goal:
    """A target or other level that all values are measured against: its value, its figure and its name."""

    value: Fraction | float
    label: Label
    name: Name = "Chỉ tiêu"


@dataclass(frozen=True)
class Break:
    """Values from `since` (a period of the chart) on are not comparable with those before; `reason` in words.

    The reason may hold constants of the chart (`chart.period`, `chart.date`, `chart.law`), but no figures. A break
    before the first or after the last period of a chart is not drawn.
    """

    since: Period
    reason: Words


_MARKS = re.compile(rf"<[^<>]*>|{markup.JOINER}|\\([{re.escape(string.punctuation)}])")


def value_of(point: Point) -> float | None:
    """The point's value for drawing; None for every mark of a missing value (None, NaN, pandas' NA)."""
    value = float(point.value) if isinstance(point.value, Number) else math.nan
    return None if math.isnan(value) else value


class Written:
    """A name on its way into a chart: `text` to be measured and told, `lines` to be drawn, once."""

    def __init__(self, chart: Claims, name: Name) -> None:
        self._chart, self._name = chart, name
        if isinstance(name, Unit):
            self.text = phrases.capitalise(name.official_name)
        else:
            self.text = name if isinstance(name, str) else name(chart)

    def lines(self, room: float, size: float = drawing.SIZE, *, bold: bool = False) -> list[str]:
        """The name in lines of at most `room` mm, declared; one that a function printed stays in one."""
        parts = self._parts(room, size, bold)
        if isinstance(self._name, Unit):
            return [self._chart.unit(self._name, part) for part in parts]
        return [self._chart.words(part) for part in parts] if isinstance(self._name, str) else parts

    def width(self, room: float, size: float = drawing.SIZE, *, bold: bool = False) -> float:
        """The mm that those lines take."""
        return max(
            (drawing.measure(part, size, bold=bold) for part in self._parts(room, size, bold)), default=0.0
        )

    def _parts(self, room: float, size: float, bold: bool) -> list[str]:
        if not self.text:
            return []
        is_printed = not isinstance(self._name, Unit | str)
        return [self.text] if is_printed else drawing.wrap(self.text, room, size, bold=bold)


def print_words(chart: Claims, words: Words, room: float, size: float) -> list[str]:
    """Words in lines of at most `room` mm, each declared; a constant stays on one line, or it could not be checked."""
    text = words if isinstance(words, str) else words(_WholeConstants(chart))
    return [chart.words(line) for line in drawing.wrap(text, room, size)]


class _WholeConstants:
    """The chart's claims, whose constants (and figures) keep their words together."""

    def __init__(self, chart: Claims) -> None:
        self._chart = chart

    def __getattr__(self, method: str) -> Label:
        made = getattr(self._chart, method)
        return lambda *values, **about: made(*values, **about).replace(" ", "\u00a0")


def check_lines(periods: Sequence[Period], lines: Sequence[Line]) -> None:
    """Refuse a chart of nothing, and lines that do not fit the periods."""
    if not any(value_of(point) is not None for line in lines for point in line.points):
        raise ValueError("a chart without any known value; say in words that there is nothing to show")
    if any(len(line.points) != len(periods) for line in lines):
        raise ValueError("each line of a chart needs a point (known or not) for each of its periods")
    if any(first.end >= second.end for first, second in pairwise(periods)):
        raise ValueError("the periods of a chart go from the oldest to the latest, each once")


def count(number: int, what: str) -> str:
    """How many there are, in words: an alternative text has no figures but those of its chart.

    >>> count(24, "kỳ"), count(120, "đơn vị")
    ('hai mươi tư kỳ', 'trên chín mươi chín đơn vị')
    """
    return f"{phrases.say_number(number)} {what}" if number < 100 else f"trên {phrases.say_number(99)} {what}"


def span(chart: Claims, periods: Sequence[Period]) -> str:
    """From when to when, for an alternative text."""
    first, last = chart.period(periods[0]), chart.period(periods[-1])
    if len(periods) == 1:
        return first
    return f"{count(len(periods), 'kỳ')}, từ {first} đến {last}"


class Picture(Markdown):
    """A chart as blocks of the document; `figure` is its drawing as a matplotlib Figure, to be changed by hand.

    What is changed by hand is seen where a cell ends with the figure; the document shows the chart as it was made.
    """

    canvas: Canvas

    def __new__(cls, text: str, canvas: Canvas) -> Self:
        made = super().__new__(cls, text)
        made.canvas = canvas
        return made

    @property
    def figure(self) -> drawing.Drawing:
        """The drawing, its lines in Axes of their own."""
        return self.canvas.figure

    def after(self, text: str) -> Picture:
        """The chart below a text."""
        return Picture(f"{text}\n{self}", self.canvas)


def figure(claims: Claims, canvas: Canvas, description: str, caption: str, source: str) -> Picture:
    """The chart as blocks of the document: the picture (SVG) with its alternative text, numbered title, source."""
    svg = base64.b64encode(canvas.drawing._repr_svg_().encode()).decode("ascii")
    parts = [
        markup.division("hinh", f"![](data:image/svg+xml;base64,{svg})", {"data-mo-ta": description}),
        markup.division("chu-thich-hinh", f"{claims.ordinal('Hình')}. {caption}"),
        tables.source_line(source),
    ]
    return Picture("\n".join(parts), canvas)


def plain(caption: str) -> str:
    """The caption's Markdown as plain words for an alternative text, which may not repeat figures of the text.

    >>> plain('Tỷ lệ của <span class="don-vi" data-don-vi="42">tỉnh Hà Tĩnh</span> \\\\(sơ bộ\\\\)')
    'Tỷ lệ của tỉnh Hà Tĩnh (sơ bộ)'
    """
    if 'class="so-lieu"' in caption:
        raise ValueError("figures belong into the chart or the text beside it, not into a chart's caption")
    return _MARKS.sub(lambda mark: mark[1] or "", caption)
