"""A drawing in millimetres for lists of bars: names on the left, bars, columns of figures on the right, as SVG.

Charts say what is drawn (`charts.py`), `vanban.mplstyle` how lines and letters look, this module where they stand.
No global state of matplotlib is touched: each sheet is a figure of its own inside the style's context.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

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
GAP = 3.0  # mm between columns
WIDEST_NAMES = 80.0  # mm; longer names are set smaller
SWATCH = (5.0, 2.8)  # mm: the piece of shade in a legend
LEGEND_LINE = 5.0  # mm

Shade = tuple[str, str]
# Fill and hatch in the order of a legend: told apart by lightness, so that a copier keeps them.
SHADES: tuple[Shade, ...] = (("#1f3a5f", ""), ("#b9c4d0", ""), ("#ffffff", "//////"))
ROOM: Shade = ("#ffffff", "")


@contextmanager
def style(font: str) -> Iterator[None]:
    """The house style with `font`, a family that matplotlib knows, in force until the end of the block."""
    families = list(dict.fromkeys((font, *FALLBACKS)))
    with matplotlib.rc_context({"font.serif": families}, fname=STYLE):
        yield


def measure(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """The width of a text in mm."""
    properties = FontProperties(family="serif", size=size, weight="bold" if bold else "normal")
    return text_to_path.get_text_width_height_descent(text, properties, False)[0] / POINTS_PER_MM


def legend_lines(names: Sequence[str]) -> list[list[tuple[float, int, str]]]:
    """The entries of a legend in lines no wider than the drawing: x in mm, place in the legend, name."""
    lines: list[list[tuple[float, int, str]]] = []
    x = 0.0
    for number, name in enumerate(names):
        width = SWATCH[0] + 1.5 + measure(name)
        if not lines or x + width > WIDTH:
            lines.append([])
            x = 0.0
        lines[-1].append((x, number, name))
        x += width + 6
    return lines


class Sheet:
    """Rows of bars below a heading. Use inside `style`.

    names    one for each row; those whose row is in `bold` are bold, with their figures
    columns  the figures to the right of the bars: for each column, one text for each row
    ranks    texts to the left of the names
    heading  mm above the first row; pitch  mm from row to row
    `left` and `right` are the mm between which the bars lie. No rows at all are refused with a ValueError.
    """

    def __init__(
        self,
        names: Sequence[str],
        columns: Sequence[Sequence[str]],
        *,
        ranks: Sequence[str] = (),
        bold: Sequence[bool] = (),
        heading: float,
        pitch: float,
    ) -> None:
        if not names:
            raise ValueError("a chart without rows; say in words that there is nothing to show")
        self.heading, self.pitch = heading, pitch
        self.height = heading + pitch * len(names) + 1
        self._figure = Figure(figsize=(WIDTH / 25.4, self.height / 25.4))
        self._bold = bold or [False] * len(names)
        self.left = self._write_column(ranks, _widest(ranks)) + GAP if any(ranks) else 0.0
        widest = _widest(names)
        room = min(widest, WIDEST_NAMES)
        self.left = self._write_column(names, self.left + room, SIZE * room / widest) + GAP
        self.right, self.column_edges = WIDTH, []
        for column in reversed(columns):
            self.column_edges.insert(0, self._write_column(column, self.right))
            self.right -= max(_widest(column), SWATCH[0]) + GAP

    def scale(self, longest: float) -> float:
        """Millimetres for one unit of the values when `longest` takes all the room for bars."""
        return (self.right - self.left) / longest if longest else 0.0

    def text(
        self, x: float, y: float, text: str, *, side: str = "left", bold: bool = False, size: float = SIZE
    ):
        """Write `text` with its baseline at `y` mm from the top and its `side` (left, right) at `x`."""
        weight = "bold" if bold else "normal"
        place = (x / WIDTH, 1 - y / self.height)
        self._figure.text(*place, text, ha=side, va="baseline", fontsize=size, fontweight=weight)

    def bar(
        self, at: int, start: float, length: float, look: Shade, *, lane: int = 0, lanes: int = 1
    ) -> None:
        """A bar in row `at`: `start` and `length` in mm from `left`; `lanes` bars share the row's height."""
        thick = (self.pitch - 1.4) / lanes
        top = self.heading + at * self.pitch + 0.7 + lane * thick
        self._rectangle(self.left + start, top, length, thick, look)

    def line(self, x: float, top: float) -> None:
        """A dashed vertical line from `top` to the bottom."""
        heights = (1 - top / self.height, 0.5 / self.height)
        self._figure.add_artist(Line2D((x / WIDTH,) * 2, heights, color="black", linestyle=(0, (4, 2))))

    def legend(self, names: Sequence[str], shades: Sequence[Shade]) -> None:
        """The legend across the top, and each name's shade again above its column of figures."""
        for number, line in enumerate(legend_lines(names)):
            for x, place, name in line:
                self._rectangle(x, number * LEGEND_LINE + 0.5, *SWATCH, shades[place])
                self.text(x + SWATCH[0] + 1.5, number * LEGEND_LINE + 3.1, name)
        for place, edge in enumerate(self.column_edges):
            self._rectangle(edge - SWATCH[0], self.heading - SWATCH[1] - 0.4, *SWATCH, shades[place])

    def svg(self) -> bytes:
        """The drawing as SVG, its text as text: same input, same bytes."""
        file = io.BytesIO()
        FigureCanvasSVG(self._figure).print_svg(file, metadata={"Date": None, "Creator": None})
        return file.getvalue()

    def _write_column(self, texts: Sequence[str], right: float, size: float = SIZE) -> float:
        for at, text in enumerate(texts):
            baseline = self.heading + (at + 0.5) * self.pitch + 1.2
            self.text(right, baseline, text, side="right", bold=self._bold[at], size=size)
        return right

    def _rectangle(self, x: float, y: float, width: float, height: float, look: Shade) -> None:
        if width > 0:
            corner = (x / WIDTH, 1 - (y + height) / self.height)
            size = (width / WIDTH, height / self.height)
            fill, hatch = look
            self._figure.add_artist(
                Rectangle(
                    corner, *size, transform=self._figure.transFigure, facecolor=fill, hatch=hatch or None
                )
            )


def _widest(texts: Sequence[str]) -> float:
    return max(measure(text, bold=True) for text in texts)
