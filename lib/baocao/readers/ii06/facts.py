"""What the rows of Biểu II.06/VPCP/KSTT say about units: of each row its unit, or of all rows the unit above them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cached_property

from baocao.definitions import HOME, KINDS, LEAF_KINDS, Register, Unit, UserError, correction
from baocao.definitions import vietnamese as vn
from baocao.readers.ii06.columns import LEAVES, Columns
from baocao.readers.ii06.heading import Heading
from baocao.readers.ii06.rows import Block, Body, Row, members_of, sum_of
from baocao.readers.problems import Faults

Fact = tuple[str, Row, dict[int, int | None]]
"""The code of a unit, the row that states it, and the count in each column that is no sum; None where unknown."""

_LEVEL_CODES = {"province": "42T", "district": "42H", "commune": "42X"}
_KIND_OF_LEVEL = {"province": "department", "district": "district", "commune": "commune"}


def read_facts(
    body: Body, columns: Columns, heading: Heading, units: UnitReader, faults: Faults
) -> Iterator[Fact]:
    """The facts of a table, in the variant that the names of its rows show."""
    read = _read_units if _rows_are_units(body, columns, units) else _read_fields
    return read(body, columns, heading, units, faults)


def _rows_are_units(body: Body, columns: Columns, units: UnitReader) -> bool:
    """Whether the rows name units: the heading of their column says so, or most of them are units."""
    if "linh vuc" not in columns.heading and re.search(r"\b(don vi|co quan|dia phuong)\b", columns.heading):
        return True
    labels = list(dict.fromkeys((row.label, block) for block in body.blocks for row in block.rows))
    labels = labels[:: 1 + len(labels) // 60]
    known = sum(units.knows(label, _kind(block)) for label, block in labels)
    return 2 * known >= len(labels) > 0


def _kind(block: Block) -> str:
    return "land_office" if block.land_offices else block.level


def _read_units(
    body: Body, columns: Columns, heading: Heading, units: UnitReader, faults: Faults
) -> Iterator[tuple[str, Row, dict[int, int | None]]]:
    """Rows are units: the facts of each, of the levels and the province where their sums are printed."""
    for block in body.blocks:
        for row in block.rows:
            code = units.find(row.label, _kind(block))
            if not row.given:
                if isinstance(code, UserError):
                    message = "Dòng không có số liệu và không phải tên đơn vị, không được đọc."
                    faults.warn("dong-la", message, row.at, columns.label, row.label)
                else:
                    message = "Dòng không có số nào: đơn vị chưa báo cáo; bằng không thì phải ghi 0."
                    faults.warn("chua-bao-cao", message, row.at, columns.label, row.label)
                if any(detail.given for detail in row.details):
                    message = (
                        f"«{row.label[:40]}» không có số nhưng các dòng chi tiết có; hãy ghi số ở dòng này."
                    )
                    faults.error("dong-la", message, row.at, columns.label, row.label)
                continue
            if isinstance(code, UserError):
                faults.error("don-vi", str(code), row.at, columns.label, row.label)
                continue
            if (level := units.level(code)) != block.level and block.level and level:
                message = (
                    f"Đơn vị không thuộc khối «{block.heading.label[:40]}»; hãy xem lại vị trí của dòng."
                )
                faults.warn("don-vi", message, row.at, columns.label, row.label)
            if told := units.correction(row.label, code):
                faults.warn("don-vi", told, row.at, columns.label, row.label)
            yield code, row, _facts_of(row)
    if body.total is None and body.rows:
        message = "Không có dòng tổng nên không đối chiếu được; hãy chắc rằng bảng không bị cắt."
        faults.warn("dong-tong", message, body.rows[-1].at, columns.label)
    yield from _read_groups(body, columns, heading, units, faults)


def _read_groups(
    body: Body, columns: Columns, heading: Heading, units: UnitReader, faults: Faults
) -> Iterator[tuple[str, Row, dict[int, int | None]]]:
    """The sums printed for the levels and the province, where the sheet speaks for the whole province."""
    reporter = units.reporter(heading.unit)
    if isinstance(reporter, UserError):
        faults.warn("don-vi", f"Đơn vị báo cáo: {reporter}", heading.row, value=heading.unit)
        return
    there = {block.level for block in body.blocks if any(members_of(block, body)) or block.sum is not None}
    loose = [
        units.find(row.label) for block in body.blocks if not block.level for row in block.rows if row.given
    ]
    there |= {units.level(code) for code in loose if isinstance(code, str)}
    missing = [KINDS[_KIND_OF_LEVEL[level]] for level in _LEVEL_CODES if level in units.levels - there]
    complete = not missing
    if not (reporter == HOME or (reporter == "" and complete)):
        return
    for level, code in _LEVEL_CODES.items():
        blocks = [block for block in body.blocks if block.level == level and block.above is None]
        held = [block for block in blocks if any(members_of(block, body)) or block.sum is not None]
        if len(held) == 1 and (row := held[0].sum) is not None and level in units.levels:
            yield code, row, _facts_of(row)
    if missing and body.total is not None:
        message = (
            f"Bảng không có khối {', '.join(missing)} nên dòng tổng không phải là số của toàn tỉnh, chỉ dùng để "
            "đối chiếu."
        )
        faults.warn("dong-tong", message, body.total.at, columns.label, body.total.label)
    elif body.total is not None:
        yield HOME, body.total, _facts_of(body.total)


def _read_fields(
    body: Body, columns: Columns, heading: Heading, units: UnitReader, faults: Faults
) -> Iterator[tuple[str, Row, dict[int, int | None]]]:
    """Rows are fields of one unit: its facts are the total row, or the block of its own level where levels are apart."""
    reporter = units.find(heading.unit) if heading.unit else None
    if not isinstance(reporter, str):
        message = "Không thấy «Đơn vị báo cáo: …» phía trên bảng; hãy ghi tên đơn vị."
        if reporter is not None:
            message = f"Đơn vị báo cáo: {reporter}"
        faults.error("don-vi", message, heading.row, value=heading.unit)
        return
    for row in body.rows:
        if not row.given:
            message = "Dòng không có số nào, không được tính."
            faults.warn("chua-bao-cao", message, row.at, columns.label, row.label)
    levels = [block for block in body.blocks if block.level and (block.rows or block.sum is not None)]
    if reporter == HOME:
        for block in levels:
            if block.sum is not None and block.level in units.levels:
                yield _LEVEL_CODES[block.level], block.sum, _facts_of(block.sum)
    elif len({block.level for block in levels}) > 1:
        own = [block for block in levels if block.level == units.level(reporter)]
        if len(own) == 1:
            yield reporter, *_sum_of_block(own[0], body)
        else:
            message = (
                "Bảng chia theo nhiều cấp nhưng không có khối của cấp đơn vị báo cáo; không dùng bảng này."
            )
            faults.error("don-vi", message, heading.row, value=heading.unit)
        return
    if body.total is not None:
        yield reporter, body.total, _facts_of(body.total)
    elif rows := [row for block in body.blocks for row in members_of(block, body)]:
        message = "Không có dòng tổng, bảng có thể bị cắt; dùng tổng các dòng nếu được chấp nhận."
        faults.error("dong-tong", message, rows[-1].at, columns.label)
        yield reporter, rows[-1], sum_of(rows, LEAVES)


def _sum_of_block(block: Block, body: Body) -> tuple[Row, dict[int, int | None]]:
    if block.sum is not None:
        return block.sum, _facts_of(block.sum)
    rows = list(members_of(block, body))
    return rows[-1], sum_of(rows, LEAVES)


def _facts_of(row: Row) -> dict[int, int | None]:
    return {column: row.value(column) for column in LEAVES}


# --------------------------------------------------------------------------------------------------
# Which units the rows and the heading of Biểu II.06/VPCP/KSTT name, each text looked up once.


_KINDS = {
    "province": ("department", "land_office"),
    "land_office": ("land_office",),
    "district": ("district",),
    "commune": ("commune",),
    "": (),
}
"""The kinds of units that stand in a block of rows, by its level."""

_COMPILERS = ("trung tam phuc vu hanh chinh cong", "trung tam hanh chinh cong", "tt pvhcc", "ttpvhcc")
"""Bodies that compile the province's form and are no reporting units themselves, folded."""

_COMPILING_UNIT = "HT-VPUB"


class UnitReader:
    """Finds units valid on both ends of a window."""

    def __init__(self, register: Register, start: date, end: date):
        self._register, self._start, self._end = register, start, end
        self._found: dict[tuple[str, str], str | UserError] = {}

    def find(self, text: str, block: str = "") -> str | UserError:
        """The code of the unit, first among those of the block it stands in; or what to tell about the text."""
        key = (text, block)
        if key not in self._found:
            self._found[key] = self._look_up(text, block)
        return self._found[key]

    def correction(self, text: str, code: str) -> str:
        """What to tell of a text that means the unit only by other tones than its name has; "" where it has those."""
        return correction(text, self._register.get(code, self._end))

    def knows(self, text: str, block: str = "") -> bool:
        """Whether `find` finds a unit; quicker, for nothing is looked for that may be meant instead."""
        return (text, block) in self._found or self._register.knows(text, self._end)

    def level(self, code: str) -> str:
        """Into which level the unit's counts add up."""
        return self._register.get(code, self._end).level

    @cached_property
    def levels(self) -> set[str]:
        """The levels that have units at the window's end."""
        return {unit.level for unit in self._register.on(self._end) if unit.kind in LEAF_KINDS}

    def reporter(self, text: str) -> str | UserError:
        """The code of the unit that reports; HOME also for the bodies that compile the province's form; "" if none."""
        if not text:
            return ""
        found = self.find(text)
        if found == _COMPILING_UNIT or (
            isinstance(found, UserError) and vn.fold(text).startswith(_COMPILERS)
        ):
            return HOME
        return found

    def _look_up(self, text: str, block: str) -> str | UserError:
        # "huyện Kỳ Anh" among the departments, where no district stands, is the branch of that place.
        branch = [(f"CN VPĐKĐĐ {text}", "land_office")] if "land_office" in _KINDS[block] else []
        for words, kind in (*((text, kind) for kind in _KINDS[block]), *branch, (text, None)):
            try:
                return self._valid(self._register.find(words, self._end, kind))
            except UserError as error:
                fault = error
        return fault

    def _valid(self, unit: Unit) -> str:
        """The unit's code, valid on the first day too (the rule of `cells.parse_unit`)."""
        self._register.get(unit.code, self._start)
        return unit.code
