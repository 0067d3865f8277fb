"""Finds names in a text, as many names as there are units: a pattern of thousands of alternatives would be slow."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_WORD_OR_SIGN = re.compile(r"\w+|\W")
_LETTER = re.compile(r"\w")


class NameFinder:
    """The names, by their first word or sign."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for name in sorted(set(names), key=len, reverse=True):
            self._by_start.setdefault(_WORD_OR_SIGN.match(name)[0], []).append(name)

    def find(self, text: str) -> Iterator[str]:
        """The names that stand in the text as whole words, from left to right; of two at a place, the longer.

        >>> list(NameFinder(["xã Đức", "xã Đức Thọ", "Thọ"]).find("Xã Đức, xã Đức Thọ; xã Đức Thọa"))
        ['xã Đức Thọ', 'xã Đức']
        """
        end = 0
        for start in _WORD_OR_SIGN.finditer(text):
            place = start.start()
            if place < end or _is_inside_word(text, place):
                continue
            for name in self._by_start.get(start[0], ()):
                if text.startswith(name, place) and not _is_inside_word(text, place + len(name)):
                    yield name
                    end = place + len(name)
                    break


def _is_inside_word(text: str, place: int) -> bool:
    """Whether a word goes on from the left of a place to its right."""
    return place > 0 and bool(_LETTER.match(text[place - 1]) and _LETTER.match(text, place))
