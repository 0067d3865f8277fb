"""The one place where Markdown is made: text from data is escaped here, once, for every renderer.

The same Markdown is read by JupyterLab, by Quarto and by the embedded pandoc, and becomes Typst and HTML.
Escaping makes a string inert in all of them: a unit called `#panic("x")`, `{{< include x >}}` or
`<script>` is printed as just that text.
"""

from __future__ import annotations

import html
import re
import string
from collections.abc import Mapping, Sequence

from baocao.definitions import vietnamese as vn

# WORD JOINER: invisible, and keeps Typst from reading a line's first "- ", "1. " or "= " as markup,
# "--" and "..." as dashes and an ellipsis, "//" and "/*" as comments. `finished_text` removes it.
JOINER = "\u2060"

_PUNCTUATION = re.compile("([" + re.escape(string.punctuation) + "])")
_RUNS = re.compile(r"([-./*~])(?=[-./*?~])")
_LEADING = re.compile(r"^(?=[-+=/*.]|\d+[.)](?:\s|$))")


class Markdown(str):
    """Markdown that JupyterLab and papermill store as a `text/markdown` output."""

    def _repr_markdown_(self) -> str:
        return str(self)


def escape(text: str) -> str:
    """Markdown that prints `text` as it is: a backslash before every ASCII punctuation character.

    Control and bidirectional characters are removed and white space is folded first (`vn.clean`), so that a
    string from data cannot start a new block or turn the reading direction.

    >>> escape('#panic("x")')
    '\\\\#panic\\\\(\\\\"x\\\\"\\\\)'
    """
    cleaned = _LEADING.sub(JOINER, _RUNS.sub(r"\1" + JOINER, vn.clean(text)))
    return _PUNCTUATION.sub(r"\\\1", cleaned)


def attribute(text: str) -> str:
    """`text` as the value of an HTML attribute in Markdown, quotes included, on one line."""
    return '"' + html.escape(vn.clean(text), quote=True).replace("|", "&#124;").replace("\\", "&#92;") + '"'


def span(css_class: str, content: str, attributes: Mapping[str, str]) -> str:
    """An inline span round `content` (Markdown), carrying `attributes` through every renderer."""
    written = "".join(f" {name}={attribute(value)}" for name, value in attributes.items())
    return f'<span class="{css_class}"{written}>{content}</span>'


def division(css_class: str, content: str = "", attributes: Mapping[str, str] | None = None) -> Markdown:
    """A block of the document form (`bang`, `hinh`, `phu-luc`, ...) round `content` (Markdown)."""
    written = "".join(f" {name}={attribute(value)}" for name, value in (attributes or {}).items())
    inside = f"\n\n{content}\n\n" if content else "\n\n"
    return Markdown(f'\n<div class="{css_class}"{written}>{inside}</div>\n')


def paragraphs(*texts: str) -> Markdown:
    """Paragraphs of Markdown, empty ones left out."""
    return Markdown("\n\n".join(text for text in texts if text) + "\n")


def numbered(items: Sequence[str]) -> Markdown:
    """A numbered list of Markdown items."""
    return Markdown("\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)) + "\n")


def pipe_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], align: str
) -> str:
    """A pipe table whose columns keep the proportions of `widths`.

    `align` has a letter per column: l, c or r. The rule line is longer than any reader's line length, which is
    what makes pandoc take the column widths from its dashes instead of from the cells' text.
    """
    if not len(header) == len(widths) == len(align) or any(len(row) != len(header) for row in rows):
        raise ValueError("a table needs a header, a width and an alignment for each column of each row")
    scale = 400 / sum(widths)
    rules = []
    for width, side in zip(widths, align, strict=True):
        dashes = "-" * max(3, round(width * scale))
        rules.append((":" if side in "lc" else "-") + dashes + (":" if side in "rc" else "-"))
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(rules) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines)
