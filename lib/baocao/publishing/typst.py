"""The embedded renderer: pandoc and Typst from their wheels, with the same template, filter and reader as Quarto."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from baocao.charts import FontChoice
from baocao.publishing import pandoc

if TYPE_CHECKING:
    import typst

_typesetting = Lock()  # a compiler makes one document at a time


class RenderError(Exception):
    """The renderer could not make the document; the message is for the ledger."""


def stamp(day: date) -> int:
    """The moment written into a PDF: midnight UTC of the period's last day, in seconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def render(parsed: str, target: Path, kind: str, *, root: Path, font: FontChoice, day: date) -> None:
    """Make `target` (a PDF or one self-contained HTML file) from a document that `pandoc.parse` has read.

    `day` is the date stamped into a PDF, so that the same inputs give the same bytes; it is the last day of the
    period, never today.
    """
    metadata = {"lang": "vi"}
    try:
        if kind == "html":
            written = pandoc.write(parsed, "html", root=root, folder=target.parent, metadata=metadata)
            target.write_text(written, encoding="utf-8")
            return
        metadata["font"] = font.family
        written = pandoc.write(parsed, "typst", root=root, folder=target.parent, metadata=metadata)
        _typeset(written, target, font, day)
    except RuntimeError as error:
        raise RenderError(" ".join(str(error).split())) from None


def _typeset(typesetting: str, target: Path, font: FontChoice, day: date) -> None:
    import typst

    source = target.with_suffix(".typ")
    source.write_text(typesetting, encoding="utf-8")
    try:
        with _typesetting:
            compiler = _compiler(tuple(sorted({str(path.parent) for path in font.paths})))
            page = compiler.compile(str(source), root=str(target.parent), format="pdf", timestamp=stamp(day))
        target.write_bytes(page)
    except typst.TypstError as error:
        raise RuntimeError(f"typst: {error}") from None
    finally:
        source.unlink(missing_ok=True)


@cache
def _compiler(folders: tuple[str, ...]) -> typst.Compiler:
    """Typst with the typeface read once for all documents of this process."""
    import typst

    return typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False, font_paths=list(folders)))
