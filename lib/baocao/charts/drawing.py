"""A drawing in millimetres: texts, lines and areas on a sheet as wide as the text of a page, as SVG.

Chart modules say what is drawn, `vanban.mplstyle` how lines and letters look, this module puts them on paper.
No global state of matplotlib is touched: each canvas is a figure of its own inside the style's context.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path

STYLE = Path(__file__).with_name("vanban.mplstyle")
# What a reader of the SVG may have where the chosen family is missing; all of them have Vietnamese letters.
FALLBACKS = ("Times New Roman", "Tinos", "Liberation Serif", "Libertinus Serif")

WIDTH = 160.0  # mm: A4 less the side margins of Nghị định 30/2020/NĐ-CP, Phụ lục I (30 and 20)
POINTS_PER_MM = 72 / 25.4
SIZE = 10.0  # points: small beside the 13 to 14 of the text, as in tables
SMALL = 9.0  # points: ticks, cells, notes
LEAST = 8.5  # points: long names; a single one that is still too long is set smaller by itself
GAP = 3.0  # mm between columns
WIDEST_NAMES = 80.0  # mm; longer names are set smaller

Shade = tuple[str, str]
# Fill and hatch in the order of a legend: told apart by lightness, so that a copier keeps them.
SHADES: tuple[Shade, ...] = (("#1f3a5f", ""), ("#b9c4d0", ""), ("#ffffff", "//////"))
ROOM: Shade = ("#ffffff", "")

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in mm."""

Stroke = tuple[str, float, tuple[float, ...]]
# Colour, width and dashes (both in points). The focus is dark and thick, the others differ in their dashes.
FOCUS: Stroke = ("#1f3a5f", 2.2, ())
OTHERS: tuple[Stroke, ...] = (
    ("#66727e", 1.2, ()),
    ("#66727e", 1.2, (5, 2)),
    ("#66727e", 1.4, (1.2, 1.8)),
    ("#66727e", 1.2, (7, 2, 1.5, 2)),
)
GRID: Stroke = ("#d3d8dd", 0.6, ())
AXIS: Stroke = ("#4a545e", 0.8, ())
LEADER: Stroke = ("#8a949e", 0.5, ())
MEAN: Stroke = ("black", 1.0, (4, 2))
TARGET: Stroke = ("black", 1.2, (8, 2, 1.5, 2))
CUT: Stroke = ("black", 1.0, (2.5, 2))


@contextmanager
def style(font: str) -> Iterator[None]:
    """The house style with `font`, a family that matplotlib knows, in force until the end of the block."""
    families = list(dict.fromkeys((font, *FALLBACKS)))
    with matplotlib.rc_context({"font.serif": families}, fname=STYLE):
        yield


def measure(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The width of a text in mm."""
    return _width(text, bold, tuple(matplotlib.rcParams["font.serif"])) * size / SIZE


@lru_cache(maxsize=4096)
def _width(text: str, bold: bool, families: tuple[str, ...]) -> float:
    """The width in mm in normal size, kept for each list of families that "serif" stands for."""
    properties = FontProperties(family="serif", size=SIZE, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(text, properties, False)[0] / POINTS_PER_MM


def widest(texts: Iterable[str], size: float = SIZE) -> float:
    """The width in mm that each of the texts fits into, bold or not; 0 for none."""
    return max((measure(text, size, bold=True) for text in sorted(set(texts))), default=0.0)


def name_size(longest: float, room: float) -> float:
    """The size for all names of a column of `room` mm when the longest takes `longest` mm in normal size."""
    return max(LEAST, SIZE * min(1.0, room / max(longest, 0.1)))


def wrap(text: str, room: float, size: float = SIZE, *, bold: bool = False) -> list[str]:
    """The text in lines of at most `room` mm, broken at plain spaces; a word that is longer stands alone."""
    if measure(text, size, bold=bold) <= room:
        return [text]
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, bold=bold) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


class Drawing(Figure):
    """A matplotlib Figure that Jupyter shows, and `savefig` keeps, in the house style in which it was made."""

    def __init__(self, height: float) -> None:
        """One of these mm, as wide as the text of a page, inside `style`."""
        super().__init__(figsize=(WIDTH / 25.4, height / 25.4))
        self._font = matplotlib.rcParams["font.serif"][0]

    def savefig(self, *target: Any, **options: Any) -> None:
        with style(self._font):
            super().savefig(*target, **options)

    def _repr_svg_(self) -> str:
        """The drawing as SVG, its text as text: same input, same bytes."""
        file = io.BytesIO()
        with style(self._font):
            FigureCanvasSVG(self).print_svg(file, metadata={"Date": None, "Creator": None})
        return file.getvalue().decode("utf-8")


class Canvas:
    """A sheet as wide as the text of a page and `height` mm high, measured from its top left corner. Use inside `style`.

    What is drawn later covers what was drawn before.
    """

    def __init__(self, height: float) -> None:
        self.height = height
        self._axes: list[tuple[Box, Sequence[float], Sequence[float], list[Line2D]]] = []
        self.drawing = Drawing(height)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        side: str = "left",
        bold: bool = False,
        size: float = SIZE,
        room: float = math.inf,
    ) -> None:
        """Write `text` with its baseline at `y` and its `side` (left, center, right) at `x`.

        A text wider than `room` mm is set smaller.
        """
        if room < math.inf:
            size *= min(1.0, room / max(measure(text, size, bold=bold), 0.1))
        weight = "bold" if bold else "normal"
        place = self._place(x, y)
        self.drawing.text(*place, text, ha=side, va="baseline", fontsize=size, fontweight=weight, zorder=0)

    def line(self, points: Sequence[tuple[float, float]], stroke: Stroke) -> Line2D:
        """A line through the points."""
        color, width, dashes = stroke
        pairs = zip(*(self._place(*point) for point in points), strict=True)
        pattern = (0, dashes) if dashes else "solid"
        line = Line2D(*pairs, color=color, linewidth=width, linestyle=pattern, zorder=0)
        return self.drawing.add_artist(line)

    def rectangle(
        self, x: float, y: float, width: float, height: float, look: Shade, edge: float = 0.5
    ) -> None:
        """An area with its top left corner at `x`, `y`, its edge `edge` points thick; nothing for one without width."""
        if width <= 0:
            return
        fill, hatch = look
        self.drawing.add_artist(
            Rectangle(
                self._place(x, y + height), width / WIDTH, height / self.height, linewidth=edge,
                transform=self.drawing.transFigure, facecolor=fill, hatch=hatch or None,
                zorder=0,
            )
        )  # fmt: skip

    def dot(self, x: float, y: float, color: str, *, size: float = 4.0, hollow: bool = False) -> Line2D:
        """A round point, `size` points across; a hollow one has a white middle."""
        x, y = self._place(x, y)
        fill = "white" if hollow else color
        point = Line2D([x], [y], marker="o", markersize=size, color=color, markerfacecolor=fill, zorder=0)
        return self.drawing.add_artist(point)

    def add_axes(self, area: Box, across: Sequence[float], up: Sequence[float]) -> list[Line2D]:
        """Axes that `figure` will have: left, top, right, bottom in mm, what both ends mean; returns the list of its lines."""
        lines: list[Line2D] = []
        self._axes.append((area, across, up, lines))
        return lines

    @cached_property
    def figure(self) -> Drawing:
        """The drawing to be changed by hand: with Axes in values, that hold the lines that were drawn of them.

        A document needs none of them (8 ms each), so they are made when they are asked for.
        """
        for (left, top, right, bottom), across, up, lines in self._axes:
            (x, y), (width, height) = self._place(left, bottom), (right - left, bottom - top)
            axes = self.drawing.add_axes((x, y, width / WIDTH, height / self.height), zorder=0)
            axes.set(xlim=across, ylim=up)
            axes.set_axis_off()
            to_data = self.drawing.transFigure - axes.transData
            for line in lines:
                line.remove()
                line.set_data(*to_data.transform(line.get_xydata()).T)
                line.set(transform=axes.transData, clip_on=False)
                axes.add_line(line)
        return self.drawing

    def _place(self, x: float, y: float) -> tuple[float, float]:
        """Millimetres from the top left as matplotlib's fractions from the bottom left."""
        return x / WIDTH, 1 - y / self.height
