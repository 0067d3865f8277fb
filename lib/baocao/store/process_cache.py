"""What a worker process opens once for all the documents it makes: kept from `keep` to the end of the process.

Nothing is kept anywhere else, so that a command or a notebook always sees the files as they are now.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

Thing = TypeVar("Thing")

_kept: dict[Hashable, Any] | None = None


def keep() -> None:
    """From now on every `once` is made once."""
    global _kept
    if _kept is None:
        _kept = {}


def once(key: Hashable, make: Callable[[], Thing]) -> Thing:
    """What `make` makes, or, in a process that keeps things, what it made the first time."""
    if _kept is None:
        return make()
    if key not in _kept:
        _kept[key] = make()
    return _kept[key]
