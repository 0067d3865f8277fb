"""Where labels go so that they neither overlap nor hide what they belong to; all in mm from the top left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""

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
    width: float, x: float, y: float, paths: Sequence[Path], within: Area, taken: Sequence[Area] = ()
) -> Area:
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


def _cost(area: Area, paths: Sequence[Path], within: Area, taken: Sequence[Area]) -> float:
    """How much an area would hide: mm of the paths, and other figures and the edges many times over."""
    outside = (area[1] < within[1]) + (area[3] > within[3])
    cost = 200 * sum(_overlap(area, other) for other in taken) + 100 * outside
    area = (area[0], area[1] - 0.7, area[2], area[3] + 0.7)  # a point of the path is thicker than the path
    return cost + sum(_MM * _length_inside(area, *ends) for path in paths for ends in pairwise(path))


def _length_inside(area: Area, start: tuple[float, float], end: tuple[float, float]) -> float:
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


def _overlap(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
