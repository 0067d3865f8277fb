"""Slope chart: two periods side by side, a line for each unit from its value then to its value now."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from baocao.charts import drawing, parts
from baocao.charts.axes import Scale
from baocao.charts.drawing import AXIS, FOCUS, LEADER, OTHERS, SIZE, SMALL, WIDTH, Canvas, Stroke, measure
from baocao.charts.lines import Drawn, Field
from baocao.charts.parts import Line, Name, Picture, Point, value_of
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims, phrases

_NAMED = 40  # labels that a page has room for
_PITCH = 4.4  # mm from label to label
_LEAST_HEIGHT = 60.0  # mm of the slopes
_HEADER = 9.0  # mm
_NAME_AT_BOTH = 44.0  # mm; longer names stand at the right end only
_WIDEST_NAMES = 66.0  # mm; longer names are set smaller
_GAP = 2.0  # mm between a figure and its name
_RISING, _FALLING = OTHERS[0], OTHERS[1]
_UNNAMED: Stroke = ("#c3cad1", 0.7, ())


@dataclass(frozen=True)
class Slope:
    """One unit's value in the base period and in the period; the focus is drawn dark and bold.

    Where one of the two is not known or may not be compared (None), the other stands without a line.
    """

    name: Name
    before: Point
    after: Point
    is_focus: bool = False

    @property
    def change(self) -> float | None:
        """How much the value grew; None where one of the two is not known."""
        before, after = self.ends
        return None if before is None or after is None else after - before

    @property
    def ends(self) -> list[float | None]:
        """Both values."""
        return [value_of(self.before), value_of(self.after)]

    @property
    def line(self) -> Line:
        """It as a line of two points."""
        return Line(self.name, (self.before, self.after))


def slope(
    claims: Claims, base: Period, period: Period, slopes: Sequence[Slope],
    *, caption: str, source: str, font: str,
) -> Picture:  # fmt: skip
    """The slopes on one scale, a value at both ends, a name at the right end and, where short, at the left.

    Of more than forty units only the focus and the twenty that changed most are named; the others are thin lines.
    """
    parts.check_lines([base, period], [one.line for one in slopes])
    with drawing.style(font):
        made = _SlopeChart(claims.for_chart(), base, period, slopes)
        canvas = made.draw()
    return parts.figure(claims, canvas, made.describe(parts.plain(caption)), caption, source)


class _SlopeChart:
    """One slope chart being drawn; its texts are printed through `chart`, and kept to be described."""

    def __init__(self, chart: Claims, base: Period, period: Period, slopes: Sequence[Slope]) -> None:
        self.chart, self.slopes, self.periods = chart, slopes, (base, period)
        self.named = _choose(slopes)
        self.drawn = [Drawn(chart, one.line) for one in self.named]
        self.names = [line.name for line in self.drawn]
        longest = max(
            measure(name.text, SIZE, bold=one.is_focus)
            for name, one in zip(self.names, self.named, strict=True)
        )
        self.is_named_twice = longest <= _NAME_AT_BOTH and not any(callable(one.name) for one in self.named)
        self.figures = [
            [vn.MISSING if line.values[end] is None else line.figure(end) for line in self.drawn]
            for end in (0, 1)
        ]
        # Labels that have to move far are led to their ends at a slant that the eye can follow.
        self.away = 5.0 if len(self.named) < 15 else 8.0
        self.widest = drawing.widest([*self.figures[0], *self.figures[1]])
        figures = self.widest + self.away
        room = min(longest, _WIDEST_NAMES)
        self.room, self.size = room, drawing.name_size(longest, room)
        left = figures + (room + _GAP if self.is_named_twice else 0)
        right = WIDTH - figures - room - _GAP
        bottom = _HEADER + max(_LEAST_HEIGHT, _PITCH * len(self.named))
        below = _PITCH * max(figures.count(vn.MISSING) for figures in self.figures)
        values = [value for one in slopes for value in one.ends if value is not None]
        margin = (max(values) - min(values)) * 0.02 or 1.0
        scale = Scale(min(values) - margin, max(values) + margin, (), _HEADER, bottom)
        self.canvas = Canvas(bottom + below + 8.5)
        self.field = Field(self.canvas, self.periods, (left, right), scale, left=left, right=right)

    def draw(self) -> Canvas:
        self._write_headings()
        named = {id(one) for one in self.named}
        for one in sorted(self.slopes, key=lambda one: (id(one) in named) + one.is_focus):
            is_named = id(one) in named
            if is_named or one.change is not None:
                stroke, dot = _stroke(one) if is_named else _UNNAMED, 5 if one.is_focus else 3.5
                self.field.draw(one.ends, stroke, dot, each=is_named, hollow=one.change is None)
        for end in (0, 1):
            self._write_labels(end)
        self._write_key(is_complete=len(named) == len(self.slopes))
        return self.canvas

    def describe(self, caption: str) -> str:
        """The alternative text: how many rose and fell, then both figures of each that is named."""
        changes = [one.change for one in self.slopes]
        known = [change for change in changes if change is not None]
        counted = {
            "tăng": sum(change > 0 for change in known),
            "giảm": sum(change < 0 for change in known),
            "không đổi": known.count(0),
            "không so sánh được": changes.count(None),
        }
        base, period = map(self.chart.period, self.periods)
        told = [f"Biểu đồ dốc: {caption} ({base} và {period}); {parts.count(len(changes), 'dòng')}"]
        told[0] += "".join(f", {parts.count(number, what)}" for what, number in counted.items() if number)
        for name, *figures in zip(self.names, *self.figures, strict=True):
            ends = ("không có số liệu" if text == vn.MISSING else text for text in figures)
            told.append(f"{name.text}: {' và '.join(ends)}")
        return f"{'. '.join(told)}."

    def _write_headings(self) -> None:
        for period, x in zip(self.periods, self.field.places, strict=True):
            if period.kind == "range":
                text = f"{self.chart.date(period.start)}–{self.chart.date(period.end)}"
            else:
                text = self.chart.name(phrases.capitalise(period.name.partition(" (")[0]))
            half = measure(text, SIZE, bold=True) / 2
            middle = min(max(x, half), WIDTH - half)
            self.canvas.text(middle, 4, self.chart.words(text), side="center", bold=True)
            self.canvas.line([(x, _HEADER - 3), (x, self.field.scale.bottom + 1)], AXIS)

    def _write_labels(self, end: int) -> None:
        """The figures at one end, apart from each other and led to where they belong, and names where they have room."""
        away, side, post = (-1, "right", self.field.left) if end == 0 else (1, "left", self.field.right)
        scale, figures = self.field.scale, self.figures[end]
        values = [line.values[end] for line in self.drawn]
        known = [value for value in values if value is not None]
        _, spread = self.field.spread(known, [_PITCH] * len(known), _HEADER - 2.5, scale.bottom + 2)
        apart, below = iter(spread), count(1)
        for at, value in enumerate(values):
            bold, has_name = self.named[at].is_focus, self.is_named_twice or end == 1
            middle = scale.bottom + _PITCH * next(below) if value is None else next(apart)
            if value is not None:
                ends = [(post + away * 1.2, scale.place(value)), (post + away * (self.away - 0.8), middle)]
                self.canvas.line(ends, LEADER)
            elif not has_name:
                continue
            text = self.chart.words(figures[at]) if value is None else figures[at]
            self.canvas.text(post + away * self.away, middle + 1.2, text, side=side, bold=bold)
            for name in self.names[at].lines(math.inf) if has_name else []:
                x = post + away * (self.away + self.widest + _GAP)
                self.canvas.text(x, middle + 1.2, name, side=side, bold=bold, size=self.size, room=self.room)

    def _write_key(self, *, is_complete: bool) -> None:
        """Below: what whole, dashed and thin lines mean, as far as there are any."""
        changes = [one.change for one in self.named if one.change is not None]
        kinds = [("tăng hoặc không đổi", _RISING)] if max(changes, default=-1) >= 0 else []
        kinds += [("giảm", _FALLING)] if min(changes, default=0) < 0 else []
        kinds += [] if is_complete else [("đơn vị thay đổi ít hơn, không ghi tên", _UNNAMED)]
        widths = [measure(words, SMALL) + 17 for words, _ in kinds]
        x = max(0.0, (self.field.left + self.field.right - sum(widths)) / 2 + 2)
        for (words, stroke), width in zip(kinds, widths, strict=True):
            y = self.canvas.height - 2.5
            self.canvas.line([(x, y), (x + 9, y)], stroke)
            self.canvas.text(x + 10.5, y + 1.1, self.chart.words(words), size=SMALL)
            x += width


def _choose(slopes: Sequence[Slope]) -> list[Slope]:
    """The slopes that are named: all, or the focus and as many of those that rose and fell most."""
    if len(slopes) <= _NAMED:
        return list(slopes)
    known = [one for one in slopes if one.change is not None]
    ordered = sorted(known, key=lambda one: one.change) if known else list(slopes)
    chosen = {id(one) for one in [*ordered[: _NAMED // 4], *ordered[-_NAMED // 4 :]]}
    return [one for one in slopes if one.is_focus or id(one) in chosen]


def _stroke(one: Slope) -> Stroke:
    color, width, _ = FOCUS if one.is_focus else _RISING
    return color, width, _FALLING[2] if one.change is not None and one.change < 0 else ()
