"""The axes of charts over time: where periods stand and how they are written, and a scale with round ticks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise

from baocao.charts import parts
from baocao.charts.drawing import CUT, SMALL, WIDTH, Box, Canvas, measure
from baocao.charts.parts import Break, Words
from baocao.definitions import Period
from baocao.definitions import vietnamese as vn
from baocao.writing import Claims

ROW = 4.2  # mm: a row of writing on an axis
_FINEST = Fraction(1, 100)  # the smallest step between ticks: figures have two decimals at most


# --- time ------------------------------------------------------------------------------------------------------
def steps(periods: Sequence[Period]) -> list[int]:
    """Where the periods (oldest first) stand on the axis, in whole steps of the shortest distance between two.

    A period that is left out leaves its place empty.

    >>> steps([Period.parse(code) for code in ("2024-11", "2024-12", "2025-02")])
    [0, 1, 3]
    >>> steps([Period.parse(code) for code in ("2021-H1", "2022-H1", "2023-H1")])
    [0, 1, 2]
    """
    months = [12 * period.end.year + period.end.month for period in periods]
    distances = [second - first for first, second in pairwise(months)]
    shortest = min(distances, default=1)
    if shortest < 1 or any(distance % shortest for distance in distances):
        return list(range(len(periods)))
    return [(month - months[0]) // shortest for month in months]


def runs(values: Sequence[float | None], at: Sequence[int], cuts: Sequence[int] = ()) -> list[list[int]]:
    """The places in `values` whose points are joined: no line over a missing value, an empty step or a cut.

    `at` are the steps of the values, `cuts` the places before which a line ends.

    >>> runs([1, 2, None, 4, 5, 6], [0, 1, 2, 3, 4, 5], cuts=[5])
    [[0, 1], [3, 4], [5]]
    """
    found: list[list[int]] = []
    for place, value in enumerate(values):
        if value is None:
            continue
        joined = found and found[-1][-1] == place - 1 and at[place] == at[place - 1] + 1 and place not in cuts
        if joined:
            found[-1].append(place)
        else:
            found.append([place])
    return found


def places(periods: Sequence[Period], left: float, right: float) -> list[float]:
    """The mm at which the periods stand between `left` and `right`; a single one in the middle."""
    at = steps(periods)
    if at[-1] == 0:
        return [(left + right) / 2]
    return [left + (right - left) * step / at[-1] for step in at]


def time_height(periods: Sequence[Period]) -> float:
    """The mm that the writing of the periods takes."""
    rows = 1 if _is_yearly(periods) else 2
    return ROW * (rows + any(period.kind == "range" for period in periods)) + 2


def write_time(
    canvas: Canvas, chart: Claims, periods: Sequence[Period], places: Sequence[float], top: float, left: float
) -> None:
    """Write the periods below `top` at their `places` (mm): month or quarter, and the year; row names left of `left`.

    Where there is no room for all, every second, third, ... is written, the last always. A range of days stands
    under its last month, with its dates in a row of its own. `left` 0 leaves the rows' names out.
    """
    years = [str(period.end.year) for period in periods]
    if _is_yearly(periods):
        rows = [("Năm", years, places)]
    else:
        spans = [list(group) for _, group in groupby(range(len(periods)), key=years.__getitem__)]
        middles = [(places[span[0]] + places[span[-1]]) / 2 for span in spans]
        rows = [(*_short_names(periods), places), ("Năm", [years[span[0]] for span in spans], middles)]
    baseline = top + ROW + 0.5
    for name, texts, middles in rows:
        declare = chart.tick if texts[0].isdigit() else chart.words
        _write_thinned(canvas, declare, texts, middles, baseline)
        if left > 0:
            canvas.text(left, baseline, chart.words(name), side="right", size=SMALL)
        baseline += ROW
    _write_ranges(canvas, chart, periods, places, baseline)


def _is_yearly(periods: Sequence[Period]) -> bool:
    """Whether the year alone says which period it is: years, and the same first months of several years."""
    years = {period.end.year for period in periods}
    kinds = {(period.kind, period.end.month) for period in periods}
    return len(kinds) == 1 and len(years) == len(periods) and periods[0].kind in ("year", "months", "half")


def _short_names(periods: Sequence[Period]) -> tuple[str, list[str]]:
    """What the periods are called on the axis above their years: the row's name, and each."""
    kinds = {period.kind for period in periods}
    if kinds == {"quarter"}:
        return "Quý", [vn.roman((period.end.month + 2) // 3) for period in periods]
    if kinds == {"half"}:
        return "Nửa năm", ["đầu" if period.end.month == 6 else "cuối" for period in periods]
    return "Đến tháng" if "months" in kinds else "Tháng", [str(period.end.month) for period in periods]


def _write_thinned(
    canvas: Canvas, declare, texts: Sequence[str], places: Sequence[float], baseline: float
) -> None:
    """Write every text, or as many at even distances as there is room for, counted from the last."""
    room = max(measure(text, SMALL) for text in texts) + 1.2
    nearest = min((b - a for a, b in pairwise(places)), default=room)
    every = math.ceil(room / nearest) if nearest > 0 else len(texts)
    for at in range(len(texts) - 1, -1, -every):
        canvas.text(places[at], baseline, declare(texts[at]), side="center", size=SMALL)


def _write_ranges(
    canvas: Canvas, chart: Claims, periods: Sequence[Period], places: Sequence[float], baseline: float
) -> None:
    """The dates of ranges of days, from the last backwards as far as there is room."""
    free = WIDTH
    for period, place in reversed(list(zip(periods, places, strict=True))):
        text = f"{vn.format_date(period.start, 'short')}–{vn.format_date(period.end, 'short')}"
        half = measure(text, SMALL) / 2
        middle = min(place, free - half)
        if period.kind == "range" and place - middle < 2 * half and middle > half:
            declared = chart.words(f"{chart.date(period.start)}–{chart.date(period.end)}")
            canvas.text(middle, baseline, declared, side="center", size=SMALL)
            free = middle - half - 2


# --- values ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Scale:
    """Values from `low` to `high` on the mm from `bottom` up to `top`, or down, with ticks at round numbers."""

    low: Fraction
    high: Fraction
    ticks: tuple[Fraction, ...]
    top: float
    bottom: float
    is_down: bool = False

    def place(self, value: float) -> float:
        """The mm from the top of the drawing where the value stands."""
        share = (value - float(self.low)) / float(self.high - self.low)
        return self.bottom - (1 - share if self.is_down else share) * (self.bottom - self.top)


def make_scale(values: Sequence[float], top: float, bottom: float, measured_in: str) -> Scale:
    """A scale of about four steps round the values; rates do not pass 100, whole counts have whole ticks.

    It begins at zero unless the values would then leave half of it empty.

    >>> [int(tick) for tick in make_scale([56.2, 94.1], 0, 60, "%").ticks]
    [50, 60, 70, 80, 90, 100]
    >>> [int(tick) for tick in make_scale([20, 94.1], 0, 60, "%").ticks]
    [0, 20, 40, 60, 80, 100]
    >>> [int(tick) for tick in make_scale([2, 2], 0, 60, "hồ sơ").ticks]
    [0, 1, 2, 3]
    """
    lowest, highest = min(values), max(values)
    if 0 <= lowest <= highest / 2 or lowest == highest > 0:
        lowest = 0.0
    margin = (highest - lowest) * 0.06 or 1.0
    low = 0.0 if lowest == 0 else lowest - margin
    high = 0.0 if highest == 0 and lowest < 0 else highest + margin
    if measured_in == "%" and highest <= 100:
        high = min(high, 100.0)
    is_whole = measured_in not in ("%", "điểm") and all(value == int(value) for value in values)
    step = max(_round_step((high - low) / 4), Fraction(1) if is_whole else _FINEST)
    first, last = math.floor(Fraction(low) / step), math.ceil(Fraction(high) / step)
    ticks = tuple(step * number for number in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, top, bottom)


def make_ranking(values: Sequence[float], top: float, bottom: float, measured_in: str) -> Scale:
    """A scale of places from the first at the top down to the last of the values or below.

    >>> [int(tick) for tick in make_ranking([4, 26], 0, 60, "hạng").ticks]
    [1, 5, 10, 15, 20, 25, 30]
    """
    scale = make_scale([0, 2, *values], top, bottom, measured_in)
    ticks = (Fraction(1), *(tick for tick in scale.ticks if tick > 1))
    return replace(scale, low=ticks[0], ticks=ticks, is_down=True)


def format_tick(tick: Fraction, scale: Scale, measured_in: str) -> str:
    """A tick as printed, with as many decimals as the step needs and the sign of a percentage.

    >>> scale = make_scale([0.2, 0.9], 0, 60, "%")
    >>> format_tick(scale.ticks[1], scale, "%")
    '0,2%'
    """
    step = scale.ticks[-1] - scale.ticks[-2]
    decimals = next(number for number in range(3) if (step * 10**number).denominator == 1)
    return vn.format_number(tick, decimals) + ("%" if measured_in == "%" else "")


def _round_step(size: float) -> Fraction:
    """The round step (1, 2 or 5 times a power of ten) nearest to `size` by its ratio."""
    power = Fraction(10) ** math.floor(math.log10(size))
    return min(
        (power * times for times in (1, 2, 5, 10)), key=lambda step: abs(math.log(step / Fraction(size)))
    )


# --------------------------------------------------------------------------------------------------
# Break marks: where a chart over time says that values on both sides may not be compared, and why.


class BreakMarks:
    """The breaks between the periods of a chart that stand at `places` (mm): dashed lines, their reasons above.

    A reason stands on that side of its line where there is more room. `cuts` are the places in the periods before
    which nothing is joined; `height` is the mm that the reasons take above the chart.
    """

    def __init__(
        self,
        chart: Claims,
        periods: Sequence[Period],
        breaks: Sequence[Break],
        places: Sequence[float],
    ) -> None:
        self._chart, self._periods = chart, periods
        self._marks: list[tuple[int, float, str, list[str]]] = []
        for at, reason in find_cuts(periods, breaks):
            x = (places[at - 1] + places[at]) / 2
            side, room = ("left", WIDTH - x) if x < WIDTH / 2 else ("right", x)
            self._marks.append((at, x, side, parts.print_words(chart, reason, room - 1.2, SMALL)))
        self.cuts = [at for at, *_ in self._marks]
        self.height = sum(len(lines) for *_, lines in self._marks) * ROW

    def draw(self, canvas: Canvas, bottom: float) -> None:
        """Each line from its reason down to `bottom`."""
        y = 0.0
        for _, x, side, lines in self._marks:
            canvas.line([(x, y + 0.5), (x, bottom)], CUT)
            for text in lines:
                y += ROW
                room = (WIDTH - x if side == "left" else x) - 1.2
                canvas.text(
                    x + (1.2 if side == "left" else -1.2), y - 0.9, text, side=side, size=SMALL, room=room
                )

    def describe(self) -> list[str]:
        """What they say, for the alternative text."""
        return [
            f"Ngắt chuỗi từ {self._chart.period(self._periods[at])}: {' '.join(lines)}"
            for at, _, _, lines in self._marks
        ]


def find_cuts(periods: Sequence[Period], breaks: Sequence[Break]) -> list[tuple[int, Words]]:
    """The breaks that fall between two of the periods: the place of the first period after it, and the reason."""
    found = [(sum(period.end < one.since.start for period in periods), one.reason) for one in breaks]
    return sorted((cut for cut in found if 0 < cut[0] < len(periods)), key=lambda cut: cut[0])


# --------------------------------------------------------------------------------------------------
# Where labels go so that they neither overlap nor hide what they belong to; all in mm from the top left.


Path = Sequence[tuple[float, float]]
"""A drawn line through points."""

_HEIGHT = 4.2  # mm of a figure
_MM = 2.0  # what hiding a mm of a path costs
_AWAY = (1.4, 3.2, 5.0, 7.0)  # mm between a point and its figure, the nearer the better


def spread(wanted: Sequence[float], sizes: Sequence[float], low: float, high: float) -> list[float]:
    """Middles as near as possible to those wanted, in their order, so that labels of these sizes do not overlap.

    All lie between `low` and `high`; where there is too little room they run out beyond `high`.

    >>> spread([10, 10, 30], [4, 4, 4], 0, 40)
    [8.0, 12.0, 30.0]
    >>> spread([0, 39], [4, 4], 0, 40)
    [2.0, 38.0]
    """
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    # Less the room of those before them, the middles must only not decrease: those that would are pooled.
    before, used, pools = [], 0.0, []
    for at in order:
        before.append(used + sizes[at] / 2)
        used += sizes[at]
        pools.append([wanted[at] - before[-1], 1])
        while len(pools) > 1 and pools[-2][0] >= pools[-1][0]:
            (first, many), (second, more) = pools[-2:]
            pools[-2:] = [[(first * many + second * more) / (many + more), many + more]]
    starts = [start for start, many in pools for _ in range(many)]
    found = [0.0] * len(order)
    for at, start, room in zip(order, starts, before, strict=True):
        found[at] = max(low, min(start, high - used)) + room
    return found


def find_area(
    width: float, x: float, y: float, paths: Sequence[Path], within: Box, taken: Sequence[Box] = ()
) -> Box:
    """The area above or below the point `x`, `y` where a figure of this width hides least of the paths.

    It stays between the left and right of `within`, keeps off areas already `taken`, and leaves the top or bottom
    of `within` only where it would else cover another figure.

    >>> left, top, right, bottom = find_area(10, 50, 20, [[(0, 10), (50, 20), (100, 10)]], (0, 0, 100, 60))
    >>> left, top, right
    (45.0, 21.4, 55.0)
    """
    left = min(max(x - width / 2, within[0]), within[2] - width)
    tops = [(top, away) for away in _AWAY for top in (y - away - _HEIGHT, y + away)]
    areas = [((left, top, left + width, top + _HEIGHT), away) for top, away in tops]
    return min(areas, key=lambda area: 2 * area[1] + _cost(area[0], paths, within, taken))[0]


def _cost(area: Box, paths: Sequence[Path], within: Box, taken: Sequence[Box]) -> float:
    """How much an area would hide: mm of the paths, and other figures and the edges many times over."""
    outside = (area[1] < within[1]) + (area[3] > within[3])
    cost = 200 * sum(_overlap(area, other) for other in taken) + 100 * outside
    area = (area[0], area[1] - 0.7, area[2], area[3] + 0.7)  # a point of the path is thicker than the path
    return cost + sum(_MM * _length_inside(area, *ends) for path in paths for ends in pairwise(path))


def _length_inside(area: Box, start: tuple[float, float], end: tuple[float, float]) -> float:
    """The mm of a straight line that lie in the area, which may be much smaller than the line is long."""
    enters, leaves = 0.0, 1.0  # as parts of the line
    for axis in (0, 1):
        low, high, way = area[axis] - start[axis], area[axis + 2] - start[axis], end[axis] - start[axis]
        if way == 0:
            if not low < 0 < high:
                return 0.0
        else:
            first, last = sorted((low / way, high / way))
            enters, leaves = max(enters, first), min(leaves, last)
    return max(0.0, leaves - enters) * math.dist(start, end)


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
