"""The embedded renderer: pandoc and Typst from their wheels, with the same template, filter and reader as Quarto."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

from baocao.documents import form, notebooks
from baocao.documents.fonts import FontChoice


class RenderError(Exception):
    """The renderer could not make the document; the message is for the ledger."""


def stamp(day: date) -> int:
    """The moment written into a PDF: midnight UTC of the period's last day, in seconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def render(parsed: str, target: Path, kind: str, *, root: Path, font: FontChoice, day: date) -> None:
    """Make `target` (a PDF or one self-contained HTML file) from a document that `form.parse` has read.

    `day` is the date stamped into a PDF, so that the same inputs give the same bytes; it is the last day of the
    period, never today.
    """
    extension = root / form.EXTENSION
    common = [
        "-f",
        "json",
        "-s",
        "--wrap=none",
        "-M",
        "lang=vi",
        "--lua-filter",
        str(extension / "vanban.lua"),
    ]
    try:
        if kind == "html":
            arguments = [*common, "-t", "html", "--template", str(extension / "template.html")]
            target.write_text(form.run_pandoc(arguments, parsed, target.parent), encoding="utf-8")
            return
        arguments = [
            "-t",
            "typst",
            "--template",
            str(extension / "template.typ"),
            "-M",
            f"font={font.family}",
        ]
        with_files = notebooks.place_images(parsed, target.parent)
        _typeset(form.run_pandoc([*common, *arguments], with_files, target.parent), target, font, day)
    except RuntimeError as error:
        raise RenderError(" ".join(str(error).split())) from None


def _typeset(typesetting: str, target: Path, font: FontChoice, day: date) -> None:
    import typst

    source = target.with_suffix(".typ")
    source.write_text(typesetting, encoding="utf-8")
    try:
        target.write_bytes(
            typst.compile(
                str(source),
                root=str(target.parent),
                font_paths=sorted({str(path.parent) for path in font.paths}),
                ignore_system_fonts=True,
                format="pdf",
                timestamp=stamp(day),
            )
        )
    except typst.TypstError as error:
        raise RuntimeError(f"typst: {error}") from None
    finally:
        source.unlink(missing_ok=True)
