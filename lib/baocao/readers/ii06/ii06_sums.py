"""The sums inside one table of Biểu II.06/VPCP/KSTT: of each row, of each block, of the whole.

Source: Thông tư 01/2020/TT-VPCP: (3) = (4) + (5) + (6), (7) = (8) + (9) + (10), (11) = (12) + (13),
(3) = (7) + (11), and the total row is the sum of the rows. A cell that cannot be read is judged by none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter

from baocao.definitions import vietnamese as vn
from baocao.readers.ii06.columns import LEAVES, PARTS, TITLES, Columns
from baocao.readers.ii06.rows import Block, Body, Row
from baocao.readers.sheet_faults import SheetFaults


def check_sums(body: Body, columns: Columns, faults: SheetFaults) -> None:
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


def _check_row(row: Row, columns: Columns, faults: SheetFaults) -> None:
    held = row.values
    if len(held) == len(TITLES) and None not in held.values() and _comes_out(held):
        return
    whole = True
    for total, parts in PARTS.items():
        values = [row.value(part) for part in parts]
        whole = whole and None not in values
        if total not in columns.places or total not in row.values or None in values:
            continue
        printed = row.value(total)
        if printed != sum(values):
            adding = " + ".join(f"({part}) {vn.format_number(row.value(part))}" for part in parts)
            message = (
                f"«{row.label[:40]}»: cột ({total}) ghi {vn.format_number(printed)}, các cột {adding} "
                f"cộng lại là {vn.format_number(sum(values))}."
            )
            faults.error("thanh-phan", message, row.at, columns.places[total], printed)
    if not whole:
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
