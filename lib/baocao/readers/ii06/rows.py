"""The rows below the header of Biểu II.06/VPCP/KSTT: blocks, rows that are counted, subtotals, totals, notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from math import isfinite
from operator import itemgetter

from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.ii06.columns import LEAVES, PARTS, TITLES, Columns, is_header_again
from baocao.readers.problems import Faults
from baocao.readers.workbook import Sheet

_MOST = 999_999_999  # a longer number is looked at by cells.parse_count, which says what is wrong
_MARKS = ("", "-", "–", "—")  # how a blank count is typed
_LEVELS = (  # on folded text
    ("province", re.compile(r"\bcap tinh\b|\bso ban nganh\b|\bcac so\b|\bso nganh\b")),
    ("district", re.compile(r"\bcap huyen\b|\bhuyen (thi xa|thanh pho|tx|tp)\b|\bcac huyen\b")),
    ("commune", re.compile(r"\bcap xa\b|\bxa (phuong|thi tran)\b|\bphuong (xa|thi tran)\b|\bcac xa\b")),
)
_LEVEL_WORDS = (
    "cac|khoi|nhom|ubnd|uy|ban|nhan|dan|tthc|thu|tuc|hanh|chinh|thuoc|tham|quyen|giai|quyet|cua|tai|don|vi|co|quan|"
    "chuyen|mon|va|o|dia|phuong|truc|cap|so|nganh|tinh|huyen|thi|xa|thanh|pho|tp|tx|tran|dac|khu"
)
_LAND_WORDS = "chi|nhanh|cn|van|phong|vp|dang|ky|dat|dai|dkdd|dk|dd|vpdkdd|vpdk|vuc"
_ONLY_A_LEVEL = re.compile(rf"(?:\b(?:{_LEVEL_WORDS})\b ?)+")
_ONLY_LAND_OFFICES = re.compile(rf"(?:\b(?:{_LEVEL_WORDS}|{_LAND_WORDS})\b ?)+")
_LAND_OFFICE = re.compile(r"\b(chi nhanh|cn)\b.*\b(dat dai|dkdd|vpdkdd|vpdk)\b")
_TOTAL = re.compile(r"(tổng|cộng|toàn tỉnh)\b", re.IGNORECASE)
_TOTAL_WORDS = re.compile(r"\b(tong|so|cong|ho|cac|chung|toan|tinh|ha|don|vi|khoi|linh|vuc|muc|phan)\b")
_BLOCK_NAME = re.compile(r"\b([ivx]+|[a-e])\b")
_NOTE = re.compile(
    r"(ghi chu|nguoi lap|nguoi bao cao|noi nhan|luu y|giai thich|nguon so lieu|thu truong|kt |tm |tl |truong phong|"
    r"lanh dao|ky ghi ro|ky ten|chu tich|giam doc|chanh van phong)|.*\bngay \d+ thang \d+ nam \d{4}$|.*\bngay thang nam\b"
)
_ENUMERATED = re.compile(r"(\d+(?:\.\d+)*|[IVX]+|[A-E])[.)/]\s*(\S.*)")


@dataclass(eq=False)
class Row:
    """A row with a name.

    at       its index on the sheet
    values   the count in each column of the form; None for a blank, no key where the cell cannot be read
    given    whether any cell holds a count (0 included): a row without any says nothing
    details  rows that divide it ("1.1", "- trong đó")
    """

    at: int
    ordinal: str
    label: str
    values: dict[int, int | None]
    given: bool
    details: list[Row] = field(default_factory=list)

    def value(self, column: int) -> int | None:
        """The count; a blank beside counts is 0; None where it is not known."""
        if not self.given or column not in self.values:
            return None
        return self.values[column] or 0


@dataclass(eq=False)
class Block:
    """Rows under a common heading.

    level     province, district, commune, or "" where the heading names none
    heading   its row, which may carry its subtotal; None for rows above all blocks
    subtotal  a row "Cộng …" of its own
    above     the block that holds it: Sở, ban, ngành for the land offices listed in it
    """

    level: str
    land_offices: bool = False
    heading: Row | None = None
    subtotal: Row | None = None
    above: Block | None = None
    rows: list[Row] = field(default_factory=list)

    @property
    def sum(self) -> Row | None:
        """The row that prints the block's subtotal."""
        if self.heading is not None and self.heading.given:
            return self.heading
        return self.subtotal


@dataclass(eq=False)
class Body:
    """All that stands below the header."""

    blocks: list[Block]
    total: Row | None

    @property
    def rows(self) -> list[Row]:
        """The rows that are counted, in order."""
        return [row for block in self.blocks for row in block.rows]


def read_body(sheet: Sheet, columns: Columns, faults: Faults) -> Body:
    """The blocks and rows of the table; what cannot be placed is a problem."""
    rows = list(_read_rows(sheet, columns, faults))
    last = max((at for at, row in enumerate(rows) if row.given), default=-1)
    blocks, totals = [Block("")], []
    for at, row in enumerate(rows):
        if not row.given and (at > last or _NOTE.match(_fold(row.label))) and not row.ordinal.isdigit():
            continue  # notes, the place for signatures
        block = blocks[-1]
        if not row.label:
            faults.error("dong-la", "Dòng có số liệu nhưng không có tên; không dùng dòng này.", row.at)
        elif _is_total(row):
            totals.append((row, block))
        elif (opened := _open_block(row, block)) is not None:
            blocks.append(opened)
        elif block.rows and _is_detail(row):
            block.rows[-1].details.append(row)
        else:
            block.rows.append(row)
    return Body(blocks, _settle_totals(totals, blocks, rows, faults))


def _read_rows(sheet: Sheet, columns: Columns, faults: Faults) -> Iterator[Row]:
    """Every row below the header with a name or a count; repetitions of the header are left out."""
    counts_of = itemgetter(*columns.places.values())
    width = max(columns.places.values()) + 1
    header = [sheet.rows[at] for at in range(columns.first, columns.last + 1)]
    header_labels = {cell for row in header for cell in row[columns.label : columns.label + 1]}
    for at in range(columns.last + 1, len(sheet.rows)):
        row = sheet.rows[at]
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        if row[columns.label] in header_labels and row in header:
            continue
        cells_of_row = counts_of(row)
        odd = []
        if {float} >= set(map(type, cells_of_row)) and all(map(_is_count, cells_of_row)):
            values: dict[int, int | None] = dict(zip(columns.places, map(int, cells_of_row), strict=True))
        else:
            values = {}
            for (meant, column), cell in zip(columns.places.items(), cells_of_row, strict=True):
                good = type(cell) in (int, float) and _is_count(cell)
                values[meant] = int(cell) if good else None
                if not good and (cell != "" or (at, column) in sheet.unknown):
                    odd.append(meant)
        if odd and is_header_again(sheet, at, columns):
            continue
        given = any(map(_is_known, values.values()))
        if odd and not given and all(_is_wording(row[columns.places[meant]]) for meant in odd):
            odd = [meant for meant in odd if (at, columns.places[meant]) in sheet.unknown]
        for meant in odd:
            column = columns.places[meant]
            if (at, column) in sheet.unknown:  # which the book's own problem names
                del values[meant]
                given = True
                continue
            try:
                values[meant] = _count(row[column])
                given = given or values[meant] is not None
            except ValueError as error:
                del values[meant]
                given = True
                faults.error("so-ho-so", f"Cột ({meant}): {error}", at, column, row[column])
        ordinal, label = _name(row, columns)
        if label or given:
            yield Row(at, ordinal, label, values, given)


def _is_count(cell: float) -> bool:
    return 0 <= cell <= _MOST and cell == int(cell)


def _is_known(value: int | None) -> bool:
    return value is not None


def _is_wording(cell: object) -> bool:
    """Whether a cell among the counts holds words, as signatures and notes below the table do."""
    if not isinstance(cell, str) or cell.startswith("#"):
        return False
    return not any(letter.isdigit() for letter in cell) and cell.strip() not in _MARKS or len(cell) > 24


def _name(row: list[object], columns: Columns) -> tuple[str, str]:
    """The number and the name of a row, which may stand in one cell, or in the cell of the other."""
    ordinal = "" if columns.ordinal is None else _text(row[columns.ordinal])
    label = _text(row[columns.label])
    if not label:
        between = row[columns.label + 1 : min(columns.places.values())]
        label = next((text for cell in between if (text := _text(cell))), "")
    if not label and not re.fullmatch(r"\d+(\.\d+)*\.?|[IVX]+\.?|[A-E]\.?", ordinal):
        ordinal, label = "", ordinal
    if not ordinal and (found := _ENUMERATED.fullmatch(label)):
        ordinal, label = found[1], found[2]
    return ordinal.rstrip(".)"), label


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return vn.clean(cell if isinstance(cell, str) else str(cell)) if cell != "" else ""


def _count(cell: object) -> int | None:
    """A number of dossiers; None for a blank or a dash. ValueError with the sentence to show."""
    if type(cell) not in (str, int, float):
        raise ValueError(f"«{cell}» là ngày, giờ hoặc giá trị đúng/sai, không phải số hồ sơ; hãy gõ lại số.")
    if isinstance(cell, float) and not isfinite(cell):
        raise ValueError(f"«{cell}» không phải là số hồ sơ; hãy gõ lại số.")
    if isinstance(cell, float) and not cell.is_integer():
        shown = vn.format_number(cell, 6, trim=True)
        raise ValueError(
            f"«{shown}» không phải là số nguyên; có lẽ Excel đã hiểu dấu chấm ngăn nghìn là dấu thập phân, "
            "hãy gõ lại số hồ sơ."
        )
    text = vn.clean(str(int(cell) if isinstance(cell, float) else cell))
    if text in _MARKS:
        return None
    if text.startswith("#"):
        raise ValueError(f"ô báo lỗi {text[:20]}, không có giá trị; hãy sửa công thức hoặc ghi số.")
    return cells.parse_count(text)


def _fold(text: str) -> str:
    """`vn.fold`, word by word, for rows have few words between them."""
    return " ".join(filter(None, map(_fold_word, text.split())))


_fold_word = lru_cache(maxsize=1 << 14)(vn.fold)


def _is_total(row: Row) -> bool:
    return bool(_TOTAL.match(row.label)) or _fold(row.label) in ("tong", "tong cong", "tong so")


def _is_detail(row: Row) -> bool:
    return bool(re.fullmatch(r"\d+(\.\d+)+|[-+•*]+|[a-zđ]", row.ordinal)) or row.label[0] in "-+•"


def _open_block(row: Row, current: Block) -> Block | None:
    """The block that a row opens; None where it is a row to be counted.

    It is a heading when it has a Roman numeral or a capital for its number, or when it names nothing but a level.
    """
    words = _fold(row.label)
    numbered = bool(re.fullmatch(r"[IVX]+|[A-E]", row.ordinal))
    level = next((level for level, pattern in _LEVELS if pattern.search(words)), "")
    land_offices = bool(_LAND_OFFICE.search(words) and _ONLY_LAND_OFFICES.fullmatch(words))
    if not (numbered or land_offices or (level and _ONLY_A_LEVEL.fullmatch(words))):
        return None
    block = Block("province" if land_offices else level, land_offices, row)
    if land_offices and not numbered and current.level == "province":
        block.above = current.above or current
    return block


def _settle_totals(
    totals: list[tuple[Row, Block]], blocks: list[Block], rows: list[Row], faults: Faults
) -> Row | None:
    """The total row; those of single blocks go to their blocks."""
    open_totals: list[tuple[Row, Block]] = []
    for row, block in totals:
        if not row.given:
            faults.warn("chua-bao-cao", f"Dòng «{row.label}» không có số nào; không đối chiếu được.", row.at)
        elif (owner := _owner(row, block, blocks)) is not None:
            owner.subtotal = row
        else:
            open_totals.append((row, block))
    if len(open_totals) < 2:
        return open_totals[0][0] if open_totals else None
    # "Cộng" below each block and one total: the first row of all or the last of them.
    first = open_totals[0][0]
    total = first if first is rows[0] else open_totals[-1][0]
    for row, block in open_totals:
        if row is total:
            continue
        if block.heading is None or block.sum is not None:
            message = f"Hai dòng tổng: dòng này và «{total.label}»; hãy để một dòng tổng cho cả bảng."
            faults.error("dong-tong", message, row.at, value=row.label)
        else:
            block.subtotal = row
    return total


def _owner(row: Row, block: Block, blocks: list[Block]) -> Block | None:
    """The block that a row "Cộng I" or "Tổng cấp xã" sums up; None where it may be the total of all."""
    words = _fold(row.label)
    named = set(_BLOCK_NAME.findall(_TOTAL_WORDS.sub(" ", words)))
    owners = [one for one in blocks if one.heading and one.heading.ordinal.casefold() in named]
    if len(owners) == 1:
        return owners[0]
    level = next((level for level, pattern in _LEVELS if pattern.search(words)), "")
    if level and not owners:
        return next((one for one in blocks if one.level == level and one.above is None), None)
    return None


# --------------------------------------------------------------------------------------------------
# The sums inside one table of Biểu II.06/VPCP/KSTT: of each row, of each block, of the whole.
#
# Source: Thông tư 01/2020/TT-VPCP: (3) = (4) + (5) + (6), (7) = (8) + (9) + (10), (11) = (12) + (13), (3)
# = (7) + (11), and the total row is the sum of the rows. A cell that cannot be read is judged by none of
# them.


def check_sums(body: Body, columns: Columns, faults: Faults) -> None:
    """Notes every sum that does not come out: errors, for nobody can tell which figure is right."""
    summed = [row for block in body.blocks for row in (block.heading, *block.rows, block.subtotal) if row]
    for row in sorted(
        {id(row): row for row in [*summed, body.total] if row}.values(), key=lambda row: row.at
    ):
        if row.given:
            _check_row(row, columns, faults)
    for row in body.rows:
        details = [detail for detail in row.details if detail.given]
        # "- Trong đó" lists some of the parts only; numbered rows list all.
        if row.given and details and all("." in detail.ordinal for detail in details):
            _compare(row, details, f"các dòng chi tiết của «{row.label[:40]}»", columns, faults.warn)
    for block in body.blocks:
        members = list(members_of(block, body))
        printed = [row for row in (block.heading, block.subtotal) if row is not None and row.given]
        for row in printed if members else ():
            _compare(row, members, f"{_count_of(members)} dòng của khối", columns, faults.error)
        if len(printed) == 2 and not members:
            _compare(printed[1], printed[:1], "dòng tên khối", columns, faults.error)
    if body.total is not None:
        members = [row for block in body.blocks if block.above is None for row in _shown(block, body)]
        if members:
            _compare(body.total, members, f"{_count_of(members)} dòng", columns, faults.error)
        else:
            faults.error("dong-tong", "Chỉ có dòng tổng, không có dòng nào bên dưới.", body.total.at)


def members_of(block: Block, body: Body) -> Iterable[Row]:
    """The rows with counts that a block's subtotal sums up, those of the blocks inside it included.

    Where a row has none itself, those that divide it take its place.
    """
    for row in block.rows:
        yield from (one for one in ([row] if row.given else row.details) if one.given)
    for inside in body.blocks:
        if inside.above is block:
            yield from _shown(inside, body)


def sum_of(rows: Iterable[Row], columns: Iterable[int]) -> dict[int, int | None]:
    """The columns added up; None where a row's cell could not be read."""
    held = list(rows)
    sums: dict[int, int | None] = {}
    for column in columns:
        try:
            sums[column] = sum(map(itemgetter(column), (row.values for row in held)))
        except (KeyError, TypeError):  # a blank, or a cell that cannot be read
            values = [row.value(column) for row in held if row.given]
            sums[column] = None if None in values else sum(values)
    return sums


def _shown(block: Block, body: Body) -> list[Row]:
    """The rows of a block, or its own figures where it lists none."""
    members = list(members_of(block, body))
    return members or ([block.sum] if block.sum is not None else [])


def _comes_out(held: dict[int, int]) -> bool:
    """All identities at once, for the many rows in which they hold."""
    received, resolved, pending = held[3], held[7], held[11]
    return (
        received == held[4] + held[5] + held[6] == resolved + pending
        and resolved == held[8] + held[9] + held[10]
        and pending == held[12] + held[13]
    )


def _check_row(row: Row, columns: Columns, faults: Faults) -> None:
    held = row.values
    if len(held) == len(TITLES) and None not in held.values() and _comes_out(held):
        return
    whole, is_summed = True, True
    for total, parts in PARTS.items():
        values = [row.value(part) for part in parts]
        whole = whole and None not in values
        if total not in columns.places or total not in row.values or None in values:
            continue
        printed, added = row.value(total), sum(values)
        if printed != added:
            is_summed = False
            shown = vn.format_number(added)
            adding = " + ".join(f"({part}) {vn.format_number(row.value(part))}" for part in parts)
            message = (
                f"«{row.label[:40]}»: cột ({total}) ghi {vn.format_number(printed)}, các cột {adding} cộng lại là "
                f"{shown}."
            )
            fate = f"dùng tổng {shown} của các cột thành phần thay số {vn.format_number(printed)} đã ghi"
            faults.error("thanh-phan", message, row.at, columns.places[total], printed, fate=fate)
    if not whole or (
        not is_summed and all(total in row.values for total in PARTS) and _balance_as_printed(row)
    ):
        return
    received, resolved, pending = (sum(row.value(part) for part in parts) for parts in PARTS.values())
    if received != resolved + pending:
        message = (
            f"«{row.label[:40]}»: nhận giải quyết (4) + (5) + (6) là {vn.format_number(received)}, khác đã giải quyết "
            f"(8) + (9) + (10) là {vn.format_number(resolved)} cộng đang giải quyết (12) + (13) là "
            f"{vn.format_number(pending)}."
        )
        column = columns.places.get(3, columns.places[LEAVES[0]])
        faults.error("can-doi", message, row.at, column, received)


def _balance_as_printed(row: Row) -> bool:
    """Whether (3) = (7) + (11) as the row prints them: then a part is wrong, and that is told already."""
    return row.value(3) == row.value(7) + row.value(11)


def _compare(total: Row, members: list[Row], what: str, columns: Columns, tell: Callable) -> None:
    sums = sum_of(members, columns.places)
    for meant, column in sorted(columns.places.items()):
        printed, summed = total.value(meant), sums[meant]
        if printed is None or summed is None or printed == summed:
            continue
        message = (
            f"Cột ({meant}): «{total.label[:40]}» ghi {vn.format_number(printed)}, {what} cộng lại là "
            f"{vn.format_number(summed)} (lệch {vn.format_number(abs(printed - summed))})."
        )
        tell("dong-tong", message, total.at, column, printed)


def _count_of(members: list[Row]) -> str:
    return vn.format_number(len(members))
