"""Charts under test: points to draw, and what can be read out of a drawn chart (texts, lines, alternative text)."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Sequence
from operator import methodcaller
from xml.etree import ElementTree

from baocao.charts import Point
from baocao.definitions.periods import Period
from baocao.definitions.unit import Unit
from baocao.publishing.finished_text import svg_texts

HOSTILE = ["$x$", "<b>đậm</b>", "|a|b|", '`#panic("x")`{=typst}', "{{< include x >}}", "A" * 90]
SVG = "{http://www.w3.org/2000/svg}"


def months(first: str, count: int) -> list[Period]:
    """So many months from the first on."""
    found = [Period.parse(first)]
    while len(found) < count:
        found.append(found[-1].next())
    return found


def point(value: float | None, unit: Unit, period: Period) -> Point:
    """A share in % with one decimal; None is not known."""
    if value is None:
        return Point(None)
    # The lines of a chart are of one unit here: each of its values is another thing.
    about = {"label": f"Tỷ lệ, {value}", "unit": unit, "period": period, "source": "received"}
    return Point(value, methodcaller("percent", round(value * 10), 1000, decimals=1, **about))


def points(values: Sequence[float | None], periods: Sequence[Period], unit: Unit) -> list[Point]:
    """A point of `unit` for each of the periods."""
    return [point(value, unit, period) for value, period in zip(values, periods, strict=True)]


def pictures(markdown: str) -> list[str]:
    """The SVG pictures in a chart's Markdown."""
    return [base64.b64decode(found).decode() for found in re.findall(r"base64,([^)]+)\)", markdown)]


def texts(markdown: str) -> list[str]:
    """All texts of a chart's pictures, sorted."""
    return sorted(text for picture in pictures(markdown) for text in svg_texts(picture.encode()))


def alternatives(markdown: str) -> list[str]:
    """The alternative texts of a chart's pictures."""
    return [html.unescape(found) for found in re.findall(r'data-mo-ta="([^"]*)"', markdown)]


def alternative(markdown: str) -> str:
    """The alternative text of a chart of one picture."""
    (only,) = alternatives(markdown)
    return only


def elements(markdown: str, tag: str) -> list[ElementTree.Element]:
    """The elements of that tag in a chart's first picture."""
    return list(ElementTree.fromstring(pictures(markdown)[0]).iter(SVG + tag))


def paths(markdown: str) -> list[str]:
    """The open lines drawn in a chart's first picture, in their order."""
    drawn = [path.get("d", "") for path in elements(markdown, "path")]
    return [path for path in drawn if "L" in path and "z" not in path and "C" not in path]
