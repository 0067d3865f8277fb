"""The text of a finished file, in reading order, as a reader of the PDF or HTML meets it.

The text is compared without white space, so that line breaks, justification and page breaks do not matter and
everything else does. In a PDF the page objects are read in the order of the content stream, which is the
logical order that Typst writes (a table cell keeps its lines together, chart labels come in the SVG's order).
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import unquote_to_bytes

from baocao.definitions import vietnamese as vn
from baocao.writing import JOINER, SAMPLE_MARK

# Typst's top margin is 20 mm; page numbers and the sample mark stand inside its first 18 mm.
_TOP_ZONE_POINTS = 18.5 * 72 / 25.4
_INVISIBLE = dict.fromkeys(map(ord, f"{JOINER}\u200b\u00ad\ufeff\x00"), None)
_HYPHEN_AT_LINE_END = dict.fromkeys(map(ord, "\ufffe\x02"), "-")  # how PDFium gives it


def readable(text: str) -> str:
    """`text` as it is read: without invisible characters, composed (NFC), white space folded."""
    visible = text.translate(_INVISIBLE).translate(_HYPHEN_AT_LINE_END)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def squeeze(text: str) -> str:
    """`text` as it is read, without white space: the form texts are compared in."""
    return readable(text).replace(" ", "")


_ROUND = 40
"""How many characters of the text on either side a fault quotes."""


def private_use_faults(texts: Iterable[str]) -> tuple[str, ...]:
    """A fault for the first character of private use: a mark that nothing took the place of, or one pasted in."""
    for text in texts:
        if mark := vn.PRIVATE_USE.search(text):
            around = text[max(0, mark.start() - _ROUND) : mark.end() + _ROUND]
            shown = vn.PRIVATE_USE.sub("□", readable(around))
            sentence = (
                f"Có ký tự dùng riêng U+{ord(mark[0]):04X}, không phải chữ để đọc, ở chỗ □ của «{shown}»; hãy xóa ký tự ấy "
                "trong ô của sổ tính viết ra chỗ này rồi lập lại, nếu không ai gõ nó thì báo người phụ trách chương trình."
            )
            return (sentence,)
    return ()


Row = tuple[str, ...]
"""A table row: the readable texts of its cells, by column."""


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
    tables        of HTML: its tables in order, each as its rows
    """

    kind: str
    pages: tuple[Page, ...]
    title: str
    figures: tuple[tuple[str, str, str], ...] = ()
    alternatives: tuple[str, ...] = ()
    tables: tuple[tuple[Row, ...], ...] = ()
    faults: tuple[str, ...] = field(default=())


def read_pdf(path: Path) -> Finished:
    """The text of a PDF, page by page."""
    import pypdfium2
    from pypdfium2 import raw

    pages: list[Page] = []
    texts: list[str] = []
    with pypdfium2.PdfDocument(path) as document:
        about = document.get_metadata_dict()
        for page in document:
            limit = page.get_height() - _TOP_ZONE_POINTS
            text_page = page.get_textpage()
            top: list[str] = []
            body: list[str] = []
            for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT], max_depth=15, textpage=text_page):
                (top if item.get_bounds()[1] >= limit else body).append(item.extract())
            texts += ["".join(top), "".join(body)]
            pages.append(Page(squeeze(texts[-2]), squeeze(texts[-1])))
    faults = private_use_faults([*texts, *about.values()])
    return Finished("pdf", tuple(pages), about.get("Title", ""), faults=faults)


_SKIPPED = {"script", "style", "template", "noscript", "title", "desc", "metadata", "head"}


def read_html(path: Path) -> Finished:
    """The text of an HTML page in document order, the charts' labels included; that some of it is hidden is a fault.

    The form writes list markers and note numbers as text; a page that leaves them to the browser differs.
    """
    from lxml import html

    written = path.read_text(encoding="utf-8")
    document = html.fromstring(written)
    body = document.find(".//body")
    figures: list[tuple[str, str, str]] = []
    text = _text_of(body, figures)
    title = document.findtext(".//title") or ""
    alternatives = tuple(picture.get("alt", "").replace(JOINER, "") for picture in body.iter("img"))
    tables = tuple(tuple(_cells(row) for row in table.iter("tr")) for table in body.iter("table"))
    page = Page("", squeeze(text))
    # The text first, which reads best in a fault; then all the rest of the page: attributes, style, comments.
    faults = (*_page_faults(document), *private_use_faults([text, unescape(written)]))
    return Finished("html", (page,), title, tuple(figures), alternatives, tables, faults)


def _text_of(element, figures: list[tuple[str, str, str]]) -> str:
    parts: list[str] = []
    _collect(element, parts, figures)
    return "".join(parts)


def _cells(row) -> Row:
    """The texts of a table row by column: a cell over several columns stands in the first of them."""
    cells: list[str] = []
    for cell in row.iterchildren("td", "th"):
        columns = cell.get("colspan", "")
        cells += [readable(_text_of(cell, [])), *[""] * (int(columns) - 1 if columns.isdigit() else 0)]
    return tuple(cells)


def _collect(element, parts: list[str], figures: list[tuple[str, str, str]]) -> None:
    if not isinstance(element.tag, str) or element.tag in _SKIPPED:
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


_STYLE_WORDS = re.compile(r"(?<![\w-])content\s*:\s*([^;}]*)", re.IGNORECASE)
_NO_WORDS = {'""', "none", "counter(page)", "attr(data-giai-thich)", f'"{squeeze(SAMPLE_MARK)}"'}
_HIDING = re.compile(
    r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*(?:0+\.?0*|\.0+)(?![\d.]))",
    re.IGNORECASE,
)


def _page_faults(document) -> tuple[str, ...]:
    """What a finished page must not hold: scripts, what it would load, words that the style writes or hides."""
    faults: list[str] = []
    if document.xpath("//script"):
        faults.append("Trang HTML chứa mã lệnh <script>.")
    for attribute in ("src", "href", "data", "srcset"):
        for value in document.xpath(f"//*[not(self::a)]/@{attribute}"):
            if re.match(r"(https?:)?//", value):
                faults.append(f"Trang HTML tải tệp từ mạng: «{value[:80]}».")
    if document.xpath("//link"):
        faults.append("Trang HTML lấy kiểu trình bày từ tệp khác (<link>).")
    for style in document.xpath("//style/text()"):
        style = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
        for content in _STYLE_WORDS.findall(style):
            if squeeze(content).removesuffix("!important") not in _NO_WORDS:
                faults.append(f"Kiểu trình bày in thêm chữ không có trong báo cáo: «{content.strip()[:80]}».")
        for hiding in _HIDING.findall(style):
            faults.append(f"Kiểu trình bày ẩn một phần của trang («{hiding}»).")
        for escape in re.findall(r"@import[^;]*|\\.{0,20}", style):
            faults.append(f"Kiểu trình bày có chỗ không đọc được: «{escape[:80]}».")
    for element in document.xpath("//body/descendant-or-self::*[@hidden or @style]"):
        hiding = "hidden" if element.get("hidden") is not None else ""
        if found := hiding or "".join(_HIDING.findall(element.get("style"))):
            faults.append(f"«{readable(_text_of(element, []))[:120]}» có trong tệp nhưng bị ẩn ({found}).")
    return tuple(faults)


READERS = {"pdf": read_pdf, "html": read_html}
