"""Progress on the way: a bar on a terminal, a few lines otherwise, nothing where JSON is printed.

Both say how much is done, how much of it failed, and the time left.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator, Iterable
from typing import TypeVar

from baocao.app.printing import say

Item = TypeVar("Item")

MOST_LINES = 20
"""Lines of a run that is not on a terminal: a log is read by people, too."""


class Pace:
    """How fast items come, from those that took work: what stands already comes at once, and first.

    clock  seconds that only grow
    """

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.total = total
        self.done = self.failed = self._worked = 0
        self._clock = clock
        self._begun = self._last = clock()

    def add(self, *, failed: bool, stood: bool) -> None:
        """Another item is done: it failed, or it stood already."""
        self.done += 1
        self.failed += failed
        self._worked = 0 if stood else self._worked + 1
        self._last = self._clock()
        self._begun = self._last if stood else self._begun

    def left(self) -> float | None:
        """Seconds until all are done, None as long as nothing is known of it."""
        if not self._worked:
            return None
        each = (self._last - self._begun) / self._worked
        return max(0.0, each * (self.total - self.done) - (self._clock() - self._last))

    def words(self) -> str:
        """What is known beside the sum: failures so far, the time left."""
        left = self.left() if self.done < self.total else None
        told = [f"{self.failed} không lập được"] if self.failed else []
        return ", ".join(told + ([f"còn khoảng {in_words(left)}"] if left is not None else []))


def in_words(seconds: float) -> str:
    """A time to wait, as exact as an estimate can be.

    >>> in_words(0.2), in_words(42.3), in_words(100), in_words(3600 * 2 + 61)
    ('1 giây', '43 giây', '1 phút 40 giây', '2 giờ 2 phút')
    """
    whole = max(1, int(seconds) + (seconds > int(seconds)))
    if whole < 60:
        return f"{whole} giây"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} phút" + (f" {rest} giây" if rest else "")
    minutes += rest > 0
    return f"{minutes // 60} giờ {minutes % 60} phút"


def track(
    items: Iterable[Item],
    title: str,
    total: int,
    *,
    quiet: bool = False,
    failed: Callable[[Item], bool] = lambda item: False,
    stood: Callable[[Item], bool] = lambda item: False,
) -> Generator[Item, None, None]:
    """Yield `items`, showing on standard error how many of `total` are done; `quiet` shows nothing.

    failed  whether an item is to be counted as a failure
    stood   whether it took no work
    """
    show = _silence if quiet else _bar if sys.stderr.isatty() else _lines
    pace = Pace(total)
    drawing = show(title, pace)
    next(drawing)
    try:
        for item in items:
            pace.add(failed=failed(item), stood=stood(item))
            drawing.send(None)
            yield item
    finally:
        drawing.close()
        if isinstance(items, Generator):
            items.close()


def _silence(title: str, pace: Pace) -> Generator[None, None, None]:
    while True:
        yield


def _bar(title: str, pace: Pace) -> Generator[None, None, None]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn
    from rich.table import Column
    from rich.text import Text

    class Told(ProgressColumn):
        """Redrawn by itself, so that the time left runs down between two items."""

        max_refresh = 0.5

        def render(self, task: object) -> Text:
            return Text(pace.words())

    columns = (
        TextColumn("{task.description}"),
        BarColumn(30),
        TextColumn("{task.completed}/{task.total}"),
        Told(Column(no_wrap=True)),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(title, total=pace.total)
        while True:
            progress.update(task, completed=pace.done)
            yield


def _lines(title: str, pace: Pace) -> Generator[None, None, None]:
    step = -(-pace.total // MOST_LINES) or 1
    while True:
        if pace.done and (pace.done % step == 0 or pace.done == pace.total):
            told = pace.words()
            say(
                f"{title}: xong {pace.done}/{pace.total}{', ' if told else ''}{told}",
                error=True,
            )
        yield
