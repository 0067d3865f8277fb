"""Progress on the way: a bar on a terminal, a plain line per step otherwise, nothing where JSON is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def track(items: Sequence[Item], title: str, *, quiet: bool = False) -> Iterator[Item]:
    """Yield `items`, showing on standard error how many are done; `quiet` shows nothing."""
    if quiet:
        return iter(items)
    return _bar(items, title) if sys.stderr.isatty() else _lines(items, title)


def _bar(items: Sequence[Item], title: str) -> Iterator[Item]:
    from rich.console import Console
    from rich.progress import track as rich_track

    yield from rich_track(items, description=title, console=Console(stderr=True), transient=True)


def _lines(items: Iterable[Item], title: str) -> Iterator[Item]:
    known = list(items)
    for number, item in enumerate(known, 1):
        print(f"{title} {number}/{len(known)}…", file=sys.stderr, flush=True)
        yield item
