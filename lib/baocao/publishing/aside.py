"""What pandoc only carries from one end of a document to the other, set aside while it works: pictures, explanations.

They are most of a document's letters, and pandoc reads letters one by one. Short names stand in their place, which pandoc
treats alike: nothing that is set aside holds a letter with a meaning in Markdown, HTML or JSON, and no line of a
table becomes so short that pandoc would set its columns otherwise.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, field

from baocao.publishing import notebook as notebooks

_PICTURE_LINE = re.compile(rf"!\[\]\(({notebooks.DATA_URI.pattern})\)")
_EXPLANATION = re.compile(r'(?<=data-giai-thich=")[\w .,;:()/%+«»–-]{40,}(?=")')
_NAME = re.compile(rf"{notebooks.PICTURES}/[0-9a-f]{{16}}\.[a-z]+|zgt[0-9a-f]{{24}}z")

# pandoc asks of a table's lines only whether one has more than 72 letters; a few may count for none.
_LONG_LINE = 120


@dataclass(frozen=True)
class Aside:
    """A text with names, and what each name stands for."""

    text: str
    things: dict[str, str] = field(default_factory=dict)

    def put_back(self, text: str) -> str:
        """`text`, which pandoc made of `self.text`, whole again."""
        return _NAME.sub(lambda match: self.things.get(match[0], match[0]), text) if self.things else text

    def without_pictures(self) -> Aside:
        """The same where pictures keep their names, which are those of their files."""
        rest = {name: thing for name, thing in self.things.items() if not name.startswith(notebooks.PICTURES)}
        return Aside(self.text, rest)


def set_aside(markdown: str) -> Aside:
    """Pictures that are lines of their own, and explanations of figures in long lines."""
    if _NAME.search(markdown):  # a name could be taken for another
        return Aside(markdown)
    things: dict[str, str] = {}
    return Aside("\n".join(_lighten(line, things) for line in markdown.split("\n")), things)


def _lighten(line: str, things: dict[str, str]) -> str:
    picture = _PICTURE_LINE.fullmatch(line)
    if picture:
        try:
            name = notebooks.picture_name(base64.b64decode(picture[3]), picture[2])
        except binascii.Error:
            return line
        things[name] = picture[1]
        return f"![]({name})"
    found: dict[str, str] = {}

    def name_of(match: re.Match[str]) -> str:
        name = f"zgt{hashlib.sha256(match[0].encode()).hexdigest()[:24]}z"
        found[name] = match[0]
        return name

    light = _EXPLANATION.sub(name_of, line) if len(line) > _LONG_LINE else line
    if found and len(light) <= _LONG_LINE:
        return line
    things |= found
    return light
