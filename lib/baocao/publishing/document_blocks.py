"""What the executed notebook says, block by block, and which of it is a figure, a constant or a unit's name.

The blocks come from the same Markdown and the same reader that the renderers use; what the letter's head and
signature add is listed here too, in the order in which the form prints it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from baocao.publishing import letter
from baocao.publishing.finished_text import svg_texts

_FIGURE, _CONSTANT, _UNIT = "so-lieu", "hang-so", "don-vi"


@dataclass(frozen=True)
class Piece:
    """A stretch of text. `role` is "" for plain words, else so-lieu, hang-so, don-vi; `ref` its id, kind or code."""

    text: str
    role: str = ""
    ref: str = ""
    explanation: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, title of an annex, table row, list item, note or chart: what stays together on the page.

    `marker` is what a list or note prints before it. `table` numbers the table a row belongs to (from 1), `cells` are
    the texts of the row by column, `is_header` marks rows that are printed again where the table breaks. A chart's
    pieces are its labels, `chart` its place (from 1) and `alternative` its alternative text.
    """

    pieces: tuple[Piece, ...]
    kind: str = "paragraph"
    marker: str = ""
    table: int = 0
    cells: tuple[str, ...] = ()
    is_header: bool = False
    chart: int = 0
    alternative: str = ""

    @property
    def text(self) -> str:
        """The block as a reader sees it, its marker left out."""
        return "".join(map(self.printed, self.pieces))

    def printed(self, piece: Piece) -> str:
        """A piece of the block as the form prints it: titles of annexes stand in capitals."""
        return piece.text.upper() if self.kind == "annex-title" else piece.text


@dataclass
class Source:
    """The whole document in the order in which both formats print it."""

    title: str = ""
    letter: dict[str, Any] = field(default_factory=dict)
    head: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    signature: list[Block] = field(default_factory=list)
    annexes: list[Block] = field(default_factory=list)
    notes: list[Block] = field(default_factory=list)
    is_sample: bool = False
    faults: list[str] = field(default_factory=list)

    @property
    def written(self) -> list[Block]:
        """The blocks that the notebook wrote, notes included: those whose figures need claims."""
        return [*self.body, *self.annexes, *self.notes]

    @property
    def printed(self) -> list[Block]:
        """All blocks in the order of the page, notes left out (each format has its own place for them)."""
        return [*self.head, *self.body, *self.signature, *self.annexes]


def read_blocks(parsed: str) -> Source:
    """The blocks of a document that `pandoc.parse` has read."""
    tree = json.loads(parsed)
    walker = _Walker()
    for block in tree["blocks"]:
        walker.block(block)
    source = walker.source
    meta = {key: _plain(value) for key, value in tree["meta"].items()}
    source.title = meta.get("title", "")
    source.letter = meta.get("van-ban", {})
    if source.letter:
        source.head = [Block((Piece(line),), "form") for line in letter.head(source.letter)]
        source.signature = [Block((Piece(line),), "form") for line in letter.signature(source.letter)]
    return source


class _Walker:
    """Turns pandoc's tree into blocks; what may not stand in a report becomes a fault."""

    def __init__(self) -> None:
        self.source = Source()
        self._target = self.source.body
        self._tables = 0
        self._charts = 0

    def block(self, node: dict[str, Any], marker: str = "") -> None:
        kind, content = node["t"], node.get("c")
        if kind in ("Para", "Plain"):
            self._paragraph(content, marker)
        elif kind == "Header":
            self._add(self._pieces(content[2]), "heading")
        elif kind == "OrderedList":
            self._list(content[1], lambda place: f"{content[0][0] + place}.")
        elif kind == "BulletList":
            self._list(content, lambda place: "-")
        elif kind == "Div":
            self._division(content)
        elif kind == "Table":
            self._table(content)
        elif kind == "BlockQuote":
            self._all(content)
        elif kind == "CodeBlock":
            self._add((Piece(content[1]),), "verbatim")
        elif kind != "HorizontalRule":
            self.source.faults.append(f"Khối «{kind}» không được dùng trong báo cáo: {str(content)[:80]}")

    def _all(self, nodes: list[dict[str, Any]]) -> None:
        for node in nodes:
            self.block(node)

    def _add(self, pieces: tuple[Piece, ...], kind: str = "paragraph", **about) -> None:
        if pieces:
            self._target.append(Block(pieces, kind, **about))

    def _paragraph(self, inlines: list[dict[str, Any]], marker: str = "") -> None:
        images = [node for node in inlines if node["t"] == "Image"]
        if images:
            for node in images:
                self._image(node["c"], "")
            inlines = [node for node in inlines if node["t"] not in ("Image", "SoftBreak", "Space")]
        self._add(self._pieces(inlines), marker=marker)

    def _list(self, items: list[list[dict[str, Any]]], marker) -> None:
        for place, item in enumerate(items):
            for number, node in enumerate(item):
                self.block(node, marker(place) if number == 0 else "")

    def _division(self, content: list[Any]) -> None:
        (_, classes, attributes), nodes = content
        about = dict(attributes)
        if "so-lieu-mau" in classes:
            self.source.is_sample = True
        elif "khoi-ky" in classes:
            self._target = self.source.annexes
        elif "phu-luc" in classes:
            self._target = self.source.annexes
            self._add((Piece(f"Phụ lục {about.get('data-so', about.get('so', ''))}"),), "annex")
            if nodes and nodes[0]["t"] in ("Para", "Plain", "Header"):
                title, *nodes = nodes
                self._add(
                    self._pieces(title["c"][2] if title["t"] == "Header" else title["c"]), "annex-title"
                )
            self._all(nodes)
        elif "hinh" in classes:
            for node in nodes:
                for image in [inline for inline in node.get("c", []) if inline["t"] == "Image"]:
                    self._image(image["c"], about.get("data-mo-ta", about.get("mo-ta", "")))
        else:
            self._all(nodes)

    def _image(self, content: list[Any], alternative: str) -> None:
        """A chart: its labels are text of the page."""
        address = content[2][0]
        if not address.startswith("data:image/svg+xml;base64,"):
            self.source.faults.append(f"Hình «{address[:60]}» không phải biểu đồ SVG có chữ đọc được.")
            return
        picture = base64.b64decode(address.partition(",")[2])
        self._charts += 1
        pieces = tuple(Piece(text) for text in svg_texts(picture))
        self._target.append(Block(pieces, "chart", chart=self._charts, alternative=alternative))

    def _table(self, content: list[Any]) -> None:
        self._tables += 1
        _, _, _, (_, header), bodies, _ = content
        for row in header:
            self._row(row, is_header=True)
        for body in bodies:
            for row in [*body[2], *body[3]]:
                self._row(row)

    def _row(self, row: list[Any], *, is_header: bool = False) -> None:
        pieces: list[Piece] = []
        cells: list[str] = []
        for _, _, _, columns, nodes in row[1]:
            inside = [piece for node in nodes for piece in (*self._pieces(node.get("c", [])), Piece(" "))]
            pieces += inside
            cells += ["".join(piece.text for piece in inside), *[""] * (columns - 1)]
        self._add(tuple(pieces), "row", table=self._tables, cells=tuple(cells), is_header=is_header)

    def _pieces(self, inlines: list[dict[str, Any]]) -> tuple[Piece, ...]:
        return tuple(self._inlines(inlines))

    def _inlines(self, inlines: list[dict[str, Any]]) -> Iterator[Piece]:
        for node in inlines:
            kind, content = node["t"], node.get("c")
            if kind == "Str":
                yield Piece(content)
            elif kind in ("Space", "SoftBreak", "LineBreak"):
                yield Piece(" ")
            elif kind == "Span":
                yield from self._span(content)
            elif kind == "Note":
                yield self._note(content)
            elif kind in (
                "Strong",
                "Emph",
                "Underline",
                "Superscript",
                "Subscript",
                "SmallCaps",
                "Strikeout",
            ):
                yield from self._inlines(content)
            elif kind in ("Link", "Quoted", "Cite"):
                yield from self._inlines(content[1])
            elif kind == "Code":
                yield Piece(content[1])
            else:
                self.source.faults.append(f"«{kind}» không được dùng trong báo cáo: {str(content)[:80]}")

    def _span(self, content: list[Any]) -> Iterator[Piece]:
        (_, classes, attributes), inlines = content
        about = dict(attributes)
        role = next((name for name in (_FIGURE, _CONSTANT, _UNIT) if name in classes), "")
        if not role:
            yield from self._inlines(inlines)
            return
        key = {_FIGURE: "so", _CONSTANT: "loai", _UNIT: "don-vi"}[role]
        text = "".join(piece.text for piece in self._inlines(inlines))
        yield Piece(text, role, _attribute(about, key), _attribute(about, "giai-thich"))

    def _note(self, blocks: list[dict[str, Any]]) -> Piece:
        mark = f"({len(self.source.notes) + 1})"
        pieces: list[Piece] = []
        for node in blocks:
            pieces += self._inlines(node.get("c", []))
        self.source.notes.append(Block(tuple(pieces), "note", marker=mark))
        return Piece(mark, _CONSTANT, "ghi-chu")


def _attribute(about: dict[str, str], key: str) -> str:
    """pandoc reads `data-so` of a native span as `so` or `data-so`, by version."""
    return about.get(f"data-{key}", about.get(key, ""))


def _plain(node: dict[str, Any]) -> Any:
    """A metadata value as plain text, list or mapping."""
    kind, content = node["t"], node.get("c")
    if kind == "MetaMap":
        return {key: _plain(value) for key, value in content.items()}
    if kind == "MetaList":
        return [_plain(value) for value in content]
    if kind == "MetaInlines":
        return "".join(piece.text for piece in _Walker()._inlines(content))
    if kind == "MetaBlocks":
        return " ".join("".join(p.text for p in _Walker()._inlines(b.get("c", []))) for b in content)
    return str(content)
