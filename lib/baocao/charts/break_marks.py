"""Break marks: where a chart over time says that values on both sides may not be compared, and why."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.charts import parts as pictures
from baocao.charts.drawing import CUT, SMALL, Canvas
from baocao.charts.parts import Break, Words
from baocao.definitions.periods import Period
from baocao.writing.claims import Claims

_LINE = 4.2  # mm from baseline to baseline


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
        width: float,
    ) -> None:
        self._chart, self._periods = chart, periods
        self._marks: list[tuple[int, float, str, list[str]]] = []
        for at, reason in find_cuts(periods, breaks):
            x = (places[at - 1] + places[at]) / 2
            side, room = ("left", width - x) if x < width / 2 else ("right", x)
            self._marks.append((at, x, side, pictures.print_words(chart, reason, room - 1.2, SMALL)))
        self.cuts = [at for at, *_ in self._marks]
        self.height = sum(len(lines) for *_, lines in self._marks) * _LINE

    def draw(self, canvas: Canvas, bottom: float) -> None:
        """Each line from its reason down to `bottom`."""
        y = 0.0
        for _, x, side, lines in self._marks:
            canvas.line([(x, y + 0.5), (x, bottom)], CUT)
            for text in lines:
                y += _LINE
                room = (canvas.width - x if side == "left" else x) - 1.2
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
