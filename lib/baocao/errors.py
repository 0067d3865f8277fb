"""Errors that the user can mend, told in one sentence, and the nearest valid choices."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Something the user must change: shown as one sentence without a traceback, exit code 2."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows below the cell: the sentence alone."""
        return [f"Lỗi: {self}"]


def nearest(word: str, choices: Iterable[str], count: int = 3) -> list[str]:
    """The `count` choices most like `word`, best first; the first ones in order when none is alike.

    >>> nearest("procesing", ["service_index", "processing"], 1)
    ['processing']
    """
    known = list(choices)
    by_folded: dict[str, str] = {}
    for choice in known:
        by_folded.setdefault(choice.casefold(), choice)
    found = get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.4)
    return [by_folded[name] for name in found] or known[:count]


class NoDataError(UserError):
    """The period or unit asked for has no facts: a notice takes the document's place, exit code 1."""
