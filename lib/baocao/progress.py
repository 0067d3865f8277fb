"""Progress on the way: a bar on a terminal, a plain line per step otherwise, nothing where JSON is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def track(items: Iterable[Item], title: str, total: int, *, quiet: bool = False) -> Iterator[Item]:
    """Yield `items`, showing on standard error how many of `total` are done; `quiet` shows nothing."""
    if quiet:
        return iter(items)
    return _bar(items, title, total) if sys.stderr.isatty() else _lines(items, title, total)


def _bar(items: Iterable[Item], title: str, total: int) -> Iterator[Item]:
    from rich.console import Console
    from rich.progress import track as rich_track

    yield from rich_track(items, description=title, total=total, console=Console(stderr=True), transient=True)


def _lines(items: Iterable[Item], title: str, total: int) -> Iterator[Item]:
    for number, item in enumerate(items, 1):
        print(f"{title}: xong {number}/{total}", file=sys.stderr, flush=True)
        yield item
