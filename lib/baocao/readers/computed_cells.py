"""The cells of a workbook that a formula computes, and those that hold no value: what its reader does not tell.

python-calamine gives the stored result of a formula as if it had been typed, and nothing at all for a formula whose
result was never stored or for an error such as #DIV/0!: a blank, which a form would take for zero.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

from baocao.definitions import vietnamese as vn
from baocao.readers.cells import Place, cell_name, column_letter, place_of
from baocao.readers.compound import CompoundFile
from baocao.readers.problems import problem

NOT_STORED = ""
"""What `ComputedCells.unknown` says of a formula whose result the file does not hold."""

LARGEST = 30_000_000
"""Cells between the first and the last of a sheet; its reader takes room for each of them, blank or not."""

_CHUNK = 1 << 22
_DIMENSION = re.compile(rb'<(?:\w+:)?dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]+[0-9]+)"')
_HINTS = (b"<f>", b"<f ", b"<f/", b":f>", b":f ", b't="e"')
_CELL = re.compile(
    rb"<(?:\w+:)?row\b([^>]*)>|<(?:\w+:)?c\b((?:[^>/]|/(?!>))*)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL
)
_ATTRIBUTE = re.compile(rb'\b(r|t)="([^"]*)"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_VALUE = re.compile(rb"<(?:\w+:)?v[^>/]*>([^<]+)<")
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_REPEATED_COLUMNS, _REPEATED_ROWS = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"


@dataclass
class ComputedCells:
    """Of one sheet: where its formulas are, and the cells without a value.

    formulas  rows and columns from 0, in reading order
    unknown   of these and of others, those without a value: NOT_STORED, or the error they show ("#DIV/0!")
    corner    the last row and column that hold something, where the sheet says it is larger than LARGEST
    """

    formulas: list[Place] = field(default_factory=list)
    unknown: dict[Place, str] = field(default_factory=dict)
    corner: Place = (0, 0)

    def add(self, place: Place, computed: bool, fault: str | None) -> None:
        """Notes a cell: whether a formula computes it, and what it shows instead of a value (None: it has one)."""
        if computed:
            self.formulas.append(place)
        if fault is not None:
            self.unknown[place] = fault


def find_in_xlsx(archive: zipfile.ZipFile) -> dict[str, ComputedCells]:
    """The computed cells of each worksheet of an .xlsx or .xlsm, by the sheet's name; other parts are left out."""
    return {name: _scan_part(archive, part) for name, part in _worksheets(archive)}


def _worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    parts = set(archive.namelist())
    targets = {
        one.get("Id"): one.get("Target", "")
        for one in _parse(archive, "xl/_rels/workbook.xml.rels").iter("{*}Relationship")
    }
    for sheet in _parse(archive, "xl/workbook.xml").iter("{*}sheet"):
        relation = next((value for name, value in sheet.items() if name.endswith("}id")), "")
        target = targets.get(relation, "")
        part = str(PurePosixPath("xl", target)) if not target.startswith("/") else target[1:]
        if part in parts and sheet.get("name"):
            yield sheet.get("name"), part


def _parse(archive: zipfile.ZipFile, part: str) -> etree._Element:
    with archive.open(part) as stream:
        return etree.parse(stream, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()


def _scan_part(archive: zipfile.ZipFile, part: str) -> ComputedCells:
    """Reads the part piece by piece; only a piece with a formula or an error in it is looked at cell by cell."""
    found, rest, row, column, large = ComputedCells(), b"", -1, -1, None
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if large is None:
                corner = _DIMENSION.search(chunk, 0, 4096)
                large = corner is not None and area(place_of(corner[1])) > LARGEST
            rest += chunk
            cut = rest.rfind(b"<", 0, max(rest.rfind(b"row>"), 0)) if len(chunk) == _CHUNK else len(rest)
            piece, rest = rest[: max(cut, 0)], rest[max(cut, 0) :]
            if not large and not any(hint in piece for hint in _HINTS):
                continue
            for cell in _CELL.finditer(piece):
                attributes = dict(_ATTRIBUTE.findall(cell[1] if cell[1] is not None else cell[2]))
                if cell[1] is not None:
                    row, column = int(attributes.get(b"r", row + 2)) - 1, -1
                    continue
                row, column = place_of(attributes[b"r"]) if b"r" in attributes else (row, column + 1)
                if large and cell[3]:
                    found.corner = (max(found.corner[0], row), max(found.corner[1], column))
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


def find_in_ods(archive: zipfile.ZipFile) -> dict[str, ComputedCells]:
    """The computed cells of each table of an .ods, by the table's name."""
    with archive.open("content.xml") as stream:
        tail, computed = b"", False
        while not computed and (chunk := stream.read(_CHUNK)):
            computed, tail = b"table:formula=" in tail + chunk, chunk[-16:]
    if not computed:
        return {}
    sheets: dict[str, ComputedCells] = {}
    found, row, column = ComputedCells(), 0, 0
    events = (f"{_TABLE}table", f"{_TABLE}table-row", f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
    with archive.open("content.xml") as stream:
        steps = etree.iterparse(
            stream, events=("start", "end"), tag=events, resolve_entities=False, huge_tree=True
        )
        for event, node in steps:
            if event == "start":
                if node.tag == events[0]:
                    found, row = sheets.setdefault(node.get(f"{_TABLE}name", ""), ComputedCells()), 0
                elif node.tag == events[1]:
                    column = 0
            elif node.tag == events[1]:
                row += int(node.get(_REPEATED_ROWS, 1))
                node.clear()
            elif node.tag in events[2:]:
                if node.get(f"{_TABLE}formula") is not None:
                    found.add((row, column), True, _fault_of_node(node))
                column += int(node.get(_REPEATED_COLUMNS, 1))
    return sheets


def _fault_of_node(node: etree._Element) -> str | None:
    shown = "".join(node.itertext()).strip()
    kinds = [value for name, value in node.items() if name.endswith("}value-type")]
    if "error" in kinds or re.fullmatch(r"#[A-Z/0!?]+|Err:\d+", shown):
        return shown or "#N/A"
    return None if kinds or shown else NOT_STORED


def find_in_xls(book: CompoundFile) -> list[ComputedCells]:
    """The computed cells of each sheet of an .xls, in the order of the workbook.

    Source: [MS-XLS] BoundSheet8 (0x85), Formula (0x06), BoolErr (0x205). A formula with the empty text as its
    result counts as not stored: programs that never calculate write the same.
    """
    data = workbook_stream(book)
    starts = [struct.unpack_from("<I", data, at)[0] for kind, at, _ in _records(data, 0) if kind == 0x85]
    return [_scan_sheet(data, start) for start in starts]


def workbook_stream(book: CompoundFile) -> bytes:
    """The records of an .xls; ValueError where the compound file holds no workbook."""
    name = next((name for name in book.names if name.lower() in ("workbook", "book")), None)
    if name is None:
        raise ValueError("no workbook in the compound file")
    return book.stream(name)


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


def _scan_sheet(data: bytes, start: int) -> ComputedCells:
    found = ComputedCells()
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
    return found


# --------------------------------------------------------------------------------------------------
# What to tell about the cells of a sheet that a formula computes.


ADVICE = "hãy mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx"
"""What helps where a workbook does not say all that it shows."""

_LISTED = 20


def tell_computed(formulas: list[Place], shown: dict[Place, str], name: str, sheet: str) -> Iterator[dict]:
    """A warning for all formulas of the sheet, one for all cells that show an error (`shown`)."""
    for places, what in (
        (
            formulas,
            "ô công thức ({}); dùng giá trị đã lưu trong tệp, hãy chắc rằng tệp được tính lại trước khi lưu.",
        ),
        (list(shown), "ô báo lỗi thay cho số ({}); không có giá trị nào được đọc ở các ô này."),
    ):
        if places:
            listed = ", ".join(
                cell_name(place) + (f" {shown[place]}" if places is not formulas else "")
                for place in places[:5]
            )
            more = ", …" if len(places) > 5 else ""
            message = f"Trang có {vn.format_number(len(places))} {what.format(listed + more)}"
            yield _cell_problem("warning", message, places[0], name, sheet)


def tell_unknown(places: list[Place], name: str, sheet: str) -> Iterator[dict]:
    """An error for each formula without a stored value; not more than `_LISTED` and one for the others."""
    for place in places[:_LISTED]:
        message = f"Ô {cell_name(place)} là công thức nhưng tệp không lưu giá trị; {ADVICE}."
        yield _cell_problem("error", message, place, name, sheet)
    if more := places[_LISTED:]:
        count = vn.format_number(len(more))
        message = f"Còn {count} ô công thức nữa không có giá trị, từ ô {cell_name(more[0])} trở đi; {ADVICE}."
        yield _cell_problem("error", message, more[0], name, sheet)


def _cell_problem(severity: str, message: str, place: Place, name: str, sheet: str) -> dict:
    where = {"file": name, "sheet": sheet, "row": place[0] + 1, "column": column_letter(place[1])}
    return problem(severity, "o-cong-thuc", message, value=cell_name(place), **where)
