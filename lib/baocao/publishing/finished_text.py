"""The text of a finished file, in reading order, as a reader of the PDF or HTML meets it.

The text is compared without white space, so that line breaks, justification and page breaks do not matter and
everything else does. In a PDF the page objects are read in the order of the content stream, which is the
logical order that Typst writes (a table cell keeps its lines together, chart labels come in the SVG's order).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote_to_bytes

from baocao.writing import JOINER

# Typst's top margin is 20 mm; page numbers and the sample mark stand inside its first 18 mm.
_TOP_ZONE_POINTS = 18.5 * 72 / 25.4
_INVISIBLE = dict.fromkeys(map(ord, f"{JOINER}\u200b\u00ad\ufeff\x00"), None)
_HYPHEN_AT_LINE_END = dict.fromkeys(map(ord, "\ufffe\x02"), "-")  # how PDFium gives it


def squeeze(text: str) -> str:
    """`text` without white space and invisible characters, composed (NFC): the form texts are compared in."""
    visible = text.translate(_INVISIBLE).translate(_HYPHEN_AT_LINE_END)
    return "".join(unicodedata.normalize("NFC", visible).split())


@dataclass(frozen=True)
class Page:
    """One page: the text in its top margin, and all the rest, both squeezed."""

    top: str
    body: str


@dataclass(frozen=True)
class Finished:
    """A finished file. HTML is one page without a top margin.

    figures       of HTML: its claim spans in order, each as (claim, text, explanation)
    alternatives  of HTML: the alternative texts of its pictures in order
    """

    kind: str
    pages: tuple[Page, ...]
    title: str
    figures: tuple[tuple[str, str, str], ...] = ()
    alternatives: tuple[str, ...] = ()
    faults: tuple[str, ...] = field(default=())


def read_pdf(path: Path) -> Finished:
    """The text of a PDF, page by page."""
    import pypdfium2
    from pypdfium2 import raw

    pages: list[Page] = []
    with pypdfium2.PdfDocument(path) as document:
        title = document.get_metadata_dict().get("Title", "")
        for page in document:
            limit = page.get_height() - _TOP_ZONE_POINTS
            text_page = page.get_textpage()
            top: list[str] = []
            body: list[str] = []
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=15, textpage=text_page):
                (top if item.get_bounds()[1] >= limit else body).append(item.extract())
            pages.append(Page(squeeze("".join(top)), squeeze("".join(body))))
    return Finished("pdf", tuple(pages), title)


_SKIPPED = {"script", "style", "template", "noscript", "title", "desc", "metadata", "head"}


def read_html(path: Path) -> Finished:
    """The visible text of an HTML page in document order, the charts' labels included.

    The form writes list markers and note numbers as text; a page that leaves them to the browser differs.
    """
    from lxml import html

    document = html.fromstring(path.read_text(encoding="utf-8"))
    body = document.find(".//body")
    parts: list[str] = []
    figures: list[tuple[str, str, str]] = []
    _collect(body, parts, figures)
    title = document.findtext(".//title") or ""
    alternatives = tuple(picture.get("alt", "").replace(JOINER, "") for picture in body.iter("img"))
    page = Page("", squeeze("".join(parts)))
    return Finished("html", (page,), title, tuple(figures), alternatives, _page_faults(document))


def _collect(element, parts: list[str], figures: list[tuple[str, str, str]]) -> None:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED or element.get("hidden") is not None:
        return
    if element.tag == "img":
        parts.append(_image_text(element.get("src", "")))
    if "so-lieu" in element.get("class", "").split():
        text = squeeze(element.text_content())
        explanation = element.get("data-giai-thich", "").replace(JOINER, "")  # it parts braces for Quarto
        figures.append((element.get("data-so", ""), text, explanation))
    parts.append(element.text or "")
    for child in element:
        _collect(child, parts, figures)
        parts.append(child.tail or "")


def _image_text(source: str) -> str:
    """The labels of a chart embedded as a data URI; "" for a picture without text."""
    match = re.match(r"data:image/svg\+xml(?:;charset=[\w-]+)?(;base64)?,(.*)", source, re.DOTALL)
    if match is None:
        return ""
    content = base64.b64decode(match[2]) if match[1] else unquote_to_bytes(match[2])
    return "".join(svg_texts(content))


def svg_texts(content: bytes) -> list[str]:
    """The text elements of an SVG picture, in their order."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    picture = etree.fromstring(content, parser)
    return ["".join(item.itertext()) for item in picture.iter("{http://www.w3.org/2000/svg}text")]


def _page_faults(document) -> tuple[str, ...]:
    """What a finished page must not hold: scripts, addresses it would load, figures written by the style."""
    faults: list[str] = []
    if document.xpath("//script"):
        faults.append("Trang HTML chứa mã lệnh <script>.")
    for attribute in ("src", "href", "data", "srcset"):
        for value in document.xpath(f"//*[not(self::a)]/@{attribute}"):
            if re.match(r"(https?:)?//", value):
                faults.append(f"Trang HTML tải tệp từ mạng: «{value[:80]}».")
    for style in document.xpath("//style/text()"):
        for content in re.findall(r"content\s*:\s*([^;}]*)", style):
            if re.search(r"[\"'][^\"']*\d[^\"']*[\"']", content):
                faults.append(f"Kiểu trình bày in ra chữ số không có nguồn: «{content.strip()[:80]}».")
    return tuple(faults)


READERS = {"pdf": read_pdf, "html": read_html}
