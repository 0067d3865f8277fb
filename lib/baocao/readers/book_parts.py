"""What the file of a workbook says of its sheets beside the values of cells, which its reader does not tell.

python-calamine gives the stored result of a formula as if it had been typed, and nothing at all for a formula whose
result was never stored or for an error such as #DIV/0!: a blank, which a form would take for zero. Nor does it say
which rows a filter hides, from which day the file counts, or that one stray cell makes a sheet of millions of rows.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree
from xlsxwriter.utility import xl_cell_to_rowcol

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""

NOT_STORED = ""
"""What `SheetParts.unknown` says of a formula whose result the file does not hold."""

LARGEST = 30_000_000
"""Cells between the first and the last of a sheet; its reader takes room for each of them, blank or not."""

_CHUNK = 1 << 22
_HINTS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"', b'hidden="')
_CELL = re.compile(
    rb"<(?:\w+:)?row\b([^>]*)>|<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL
)
_ATTRIBUTE = re.compile(rb'\b(r|t|hidden)="([^"]*)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)<")
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]+[0-9]+)"')
# A cell with something in it, where the name says that it may be far: more than 99.999 rows down or beyond column Z.
_FAR = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{2,3}[0-9]+|[A-Z][0-9]{6,7})"(?:[^>]*[^/])?>')
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


@dataclass
class SheetParts:
    """Of one sheet; rows and columns from 0.

    formulas  where a formula computes the cell, in reading order
    unknown   of these and of others, those without a value: NOT_STORED, or the error they show ("#DIV/0!")
    hidden    rows that are not shown, by a filter or by hand
    merged    ranges of merged cells of an .ods; those of other formats the workbook's reader tells
    corner    the last row and the last column that hold something, where the sheet says it is larger than LARGEST
    """

    formulas: list[Place] = field(default_factory=list)
    unknown: dict[Place, str] = field(default_factory=dict)
    hidden: list[int] = field(default_factory=list)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    corner: Place = (0, 0)

    def add(self, place: Place, computed: bool, fault: str | None) -> None:
        """Notes a cell: whether a formula computes it, and what it shows instead of a value (None: it has one)."""
        if computed:
            self.formulas.append(place)
        if fault is not None:
            self.unknown[place] = fault

    def reach(self, place: Place) -> None:
        """Notes that a cell holds something."""
        self.corner = (max(self.corner[0], place[0]), max(self.corner[1], place[1]))


@dataclass
class BookParts:
    """Of a workbook: its sheets by name, and whether its days are counted from 1904."""

    sheets: dict[str, SheetParts] = field(default_factory=dict)
    from_1904: bool = False


def whole_package(data: bytes) -> bytes:
    """The package with its parts named, and named to each other, as they should be: Excel opens others too.

    Such are xl\\workbook.xml, /xl/workbook.xml, ./xl/workbook.xml, and worksheets\\sheet1.xml where parts are related.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        odd = [
            part for part in parts if part.filename.lower().endswith(".rels") and b"\\" in archive.read(part)
        ]
        if not odd and all(part.filename == _plain_name(part.filename) for part in parts):
            return data
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as better:
            for part in parts:
                content = archive.read(part)
                better.writestr(
                    _plain_name(part.filename), content.replace(b"\\", b"/") if part in odd else content
                )
    return stream.getvalue()


def _plain_name(name: str) -> str:
    folder = "/" if name.endswith("/") else ""
    return str(PurePosixPath(name.replace("\\", "/"))).lstrip("/") + folder


def parts_of_xlsx(archive: zipfile.ZipFile) -> BookParts:
    """Of an .xlsx or .xlsm; parts that are no worksheets are left out."""
    parts = {name.casefold(): name for name in archive.namelist()}
    book = _parse(archive, parts["xl/workbook.xml"])
    relations = _parse(archive, parts["xl/_rels/workbook.xml.rels"]).iter("{*}Relationship")
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    found = BookParts(
        from_1904=any(one.get("date1904") in ("1", "true") for one in book.iter("{*}workbookPr"))
    )
    for sheet in book.iter("{*}sheet"):
        relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        target = targets.get(relation, "").replace("\\", "/")
        part = str(PurePosixPath("xl", target)) if not target.startswith("/") else target[1:]
        if part.casefold() in parts and sheet.get("name"):
            found.sheets[sheet.get("name")] = _scan_part(archive, parts[part.casefold()])
    return found


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    with archive.open(part) as stream:
        return etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()


def _scan_part(archive: zipfile.ZipFile, part: str) -> SheetParts:
    """Reads the part piece by piece; only one with a formula, an error or a hidden row is looked at cell by cell."""
    found, rest, row, column, large = SheetParts(), b"", -1, -1, None
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            cut = rest.rfind(b"<", 0, max(rest.rfind(b"row>"), 0)) if len(chunk) == _CHUNK else len(rest)
            piece, rest = rest[: max(cut, 0)], rest[max(cut, 0) :]
            if large is None:
                corner = _DIMENSION.search(piece, 0, 4096)
                large = corner is not None and area(xl_cell_to_rowcol(corner[1].decode())) > LARGEST
            for far in set(_FAR.findall(piece)) if large else ():
                found.reach(xl_cell_to_rowcol(far.decode()))
            if not any(hint in piece for hint in _HINTS):
                continue
            for cell in _CELL.finditer(piece):
                attributes = dict(_ATTRIBUTE.findall(cell[1] if cell[1] is not None else cell[2]))
                if cell[1] is not None:
                    row, column = int(attributes.get(b"r", row + 2)) - 1, -1
                    if attributes.get(b"hidden") in (b"1", b"true"):
                        found.hidden.append(row)
                    continue
                named = attributes.get(b"r")
                row, column = xl_cell_to_rowcol(named.decode()) if named else (row, column + 1)
                computed = bool(cell[3]) and bool(_FORMULA.search(cell[3]))
                value, kind = _VALUE.search(cell[3] or b""), attributes.get(b"t")
                if computed or kind == b"e":
                    found.add((row, column), computed, _fault_of(value, kind))
    return found


def area(corner: Place) -> int:
    """The number of cells from the first one to this."""
    return (corner[0] + 1) * (corner[1] + 1)


def _fault_of(value: re.Match | None, kind: bytes | None) -> str | None:
    """What a computed cell of an .xlsx shows instead of a value; the result of type text may be empty."""
    if kind == b"e":
        return value[1].decode("utf-8", "replace").strip() if value else "#N/A"
    return None if value or kind in (b"str", b"inlineStr") else NOT_STORED


def parts_of_ods(archive: zipfile.ZipFile) -> BookParts:
    """Of an .ods; only one with a formula or a hidden row is looked at cell by cell."""
    found = BookParts()
    with archive.open("content.xml") as stream:
        tail, told = b"", False
        while not told and (chunk := stream.read(_CHUNK)):
            told = any(
                hint in tail + chunk for hint in (b"table:formula=", b"table:visibility=", b"spanned=")
            )
            tail = chunk[-24:]
    if not told:
        return found
    parts, row, column = SheetParts(), 0, 0
    table, line, *cells = (
        f"{_TABLE}{name}" for name in ("table", "table-row", "table-cell", "covered-table-cell")
    )
    with archive.open("content.xml") as stream:
        events = etree.iterparse(
            stream, events=("start", "end"), tag=(table, line, *cells), resolve_entities=False, huge_tree=True
        )
        for event, node in events:
            if event == "start" and node.tag == table:
                parts, row = found.sheets.setdefault(node.get(f"{_TABLE}name", ""), SheetParts()), 0
            elif event == "start" and node.tag == line:
                column = 0
            elif event == "end" and node.tag == line:
                repeated = int(node.get(f"{_TABLE}number-rows-repeated", 1))
                if node.get(f"{_TABLE}visibility") in ("collapse", "filter"):
                    parts.hidden += range(row, row + min(repeated, 1 << 20))
                row += repeated
                node.clear()
            elif event == "end" and node.tag in cells:
                if node.get(f"{_TABLE}formula") is not None:
                    parts.add((row, column), True, _fault_of_node(node))
                repeated = int(node.get(f"{_TABLE}number-columns-repeated", 1))
                down, across = (
                    int(node.get(f"{_TABLE}number-{way}-spanned", 1)) for way in ("rows", "columns")
                )
                if max(down, across) > 1:
                    parts.merged.append(((row, column), (row + down - 1, column + across - 1)))
                column += repeated
                if len(node):
                    parts.reach((row, column - 1))
    return found


def _fault_of_node(node: etree._Element) -> str | None:
    shown = "".join(node.itertext()).strip()
    kinds = [value for name, value in node.items() if name.endswith("}value-type")]
    if "error" in kinds or re.fullmatch(r"#[A-Z/0!?]+|Err:\d+", shown):
        return shown or "#N/A"
    return None if kinds or shown else NOT_STORED


def parts_of_xls(data: bytes, names: list[str]) -> BookParts:
    """Of the records of an .xls; `names` are those of its sheets in order.

    Source: [MS-XLS] BoundSheet8 (0x85), Date1904 (0x22), Formula (0x06), Row (0x208), BoolErr (0x205). A formula with
    the empty text as its result counts as not stored: programs that never calculate write the same.
    """
    starts, found = [], BookParts()
    for kind, at, _ in _records(data, 0):
        if kind == 0x85:
            starts.append(struct.unpack_from("<I", data, at)[0])
        elif kind == 0x22:
            found.from_1904 = struct.unpack_from("<H", data, at)[0] == 1
    found.sheets = {name: _scan_records(data, start) for name, start in zip(names, starts, strict=False)}
    return found


def is_locked(data: bytes) -> bool:
    """Whether the records of an .xls are encrypted (record FilePass, 0x2F, among the first)."""
    return any(kind == 0x2F for kind, _, _ in _records(data, 0))


def _records(data: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Kind, place and length of each record, up to the end of the substream that begins at `at`."""
    depth, unpack = 0, struct.Struct("<HH").unpack_from
    while at + 4 <= len(data):
        kind, length = unpack(data, at)
        at += 4
        depth += (kind in (0x809, 0x409, 0x209, 0x09)) - (kind == 0x0A)
        yield kind, at, length
        at += length
        if depth <= 0:
            return


def _scan_records(data: bytes, start: int) -> SheetParts:
    found = SheetParts()
    for kind, at, _ in _records(data, start):
        if kind == 0x06:
            row, column, _, result = struct.unpack_from("<HHH8s", data, at)
            special = result[0] if result[6:] == b"\xff\xff" else None
            fault = _ERRORS.get(result[2], "#N/A") if special == 2 else NOT_STORED if special == 3 else None
            found.add((row, column), True, fault)
        elif kind == 0x205:
            row, column, _, value, is_error = struct.unpack_from("<HHHBB", data, at)
            if is_error:
                found.add((row, column), False, _ERRORS.get(value, "#N/A"))
        elif kind == 0x208:
            row, options = struct.unpack_from("<H10xH", data, at)
            if options & 0x20:
                found.hidden.append(row)
    return found
