"""Biểu II.06/VPCP/KSTT as workbooks hold it: counts of each unit, with everything that is wrong on the sheets.

Source of form and rules: Thông tư 01/2020/TT-VPCP. Two variants: rows are units (the aggregated form, in blocks by
level), or rows are fields (lĩnh vực) of the one unit named above. Only the columns that are no sums become facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from baocao.definitions import Measure, Period, Register
from baocao.definitions import vietnamese as vn
from baocao.readers.headings import Vocabulary, fold, load_vocabulary
from baocao.readers.ii06.columns import LEAVES, Columns, find_header, is_header_again, is_titled, read_columns
from baocao.readers.ii06.facts import UnitReader, read_facts
from baocao.readers.ii06.heading import read_heading
from baocao.readers.ii06.rows import check_sums, read_body
from baocao.readers.problems import Faults, problem, problems_frame
from baocao.readers.reading_result import COUNT_COLUMNS, Reading, no_counts
from baocao.readers.workbook import Book, Sheet

MEASURES = dict(
    zip(
        LEAVES,
        (
            *("filed_online", "filed_direct", "carried_over"),
            *("resolved_early", "resolved_on_time", "resolved_late"),
            *("pending_in_time", "pending_overdue"),
        ),
        strict=True,
    )
)
"""The measure (measures.csv) that each column of the form is the fact of."""

_TABLE_TITLE = re.compile(r"\W*(biểu số|kỳ báo cáo|từ ngày|đơn vị báo cáo)", re.IGNORECASE)


@dataclass(frozen=True)
class _Stated:
    """What one row states: the counts of a unit over a window, by the form's column."""

    unit: str
    start: date
    end: date
    values: dict[int, int]
    sheet: str
    row: int


def recognise_ii06(book: Book, root: Path) -> bool:
    """Whether any sheet of the book is called Biểu II.06 or has its header."""
    words = load_vocabulary(root, "ii06")
    return any(_is_ii06(sheet, words) for sheet in book.sheets)


def read_ii06(
    book: Book,
    register: Register,
    measures: dict[str, Measure],
    source: str,
    *,
    root: Path,
    period: Period | None = None,
    **_view,
) -> Reading:
    """The counts of all sheets of a workbook that hold Biểu II.06, one fact per unit and column that is no sum.

    A row that has a number somewhere counts its blanks as 0; a row without any number did not report (warning, no
    facts). Rows with a cell or a name that cannot be read are left out (error). Figures that contradict one another
    (identities, subtotals, total row) are errors that stay among the facts, for a person to decide. The total row
    is the province's (42) where the sheet is the province's own and has every level of the day; subtotals of its
    levels are those of 42T, 42H, 42X. Of a sheet by fields the total row is the fact of the unit that reports.

    period  days of the sheets that print none
    """
    found: list[dict] = []
    stated: list[_Stated] = []
    words = load_vocabulary(root, "ii06")
    for sheet in book.sheets:
        faults = Faults(book.name, sheet.name, found)
        if not any(cell != "" for row in sheet.rows for cell in row):
            continue
        if _is_ii06(sheet, words):
            stated.extend(_read_sheet(sheet, register, faults, period, words))
        else:
            faults.warn("trang-la", "Trang không phải là Biểu II.06, không được đọc.")
    kept = _drop_repeats(stated, book.name, register, found)
    if not kept and not any(one["severity"] == "error" for one in found):
        found.append(problem("error", "tep-trong", "Không có dòng số liệu nào dùng được.", file=book.name))
    return Reading("ii06", counts=_frame(kept, source, book.name), problems=problems_frame(found))


def _is_ii06(sheet: Sheet, words: Vocabulary) -> bool:
    return find_header(sheet, words) is not None or (bool(sheet.name) and is_titled(sheet))


def _read_sheet(
    sheet: Sheet, register: Register, faults: Faults, period: Period | None, words: Vocabulary
) -> Iterator[_Stated]:
    first = find_header(sheet, words)
    if first is None:
        message = (
            "Trang ghi là Biểu II.06 nhưng không thấy tiêu đề bảng (Số hồ sơ nhận giải quyết, đã giải quyết, đang "
            "giải quyết) trong 80 dòng đầu; hãy giữ nguyên tiêu đề của mẫu."
        )
        faults.error("tieu-de", message)
        return
    if above := [at for at, row in enumerate(sheet.rows[:first]) if _is_figures(row)]:
        message = (
            f"Tiêu đề bảng đứng ở dòng {first + 1}, dưới {len(above)} dòng số liệu; không dùng trang này, "
            "hãy chuyển tiêu đề lên trên số liệu."
        )
        faults.error("tieu-de", message, above[0])
        return
    columns = read_columns(sheet, first, faults, words)
    heading = read_heading(sheet, first, faults, period)
    if columns is None or _has_second_table(sheet, columns, faults, words):
        return
    body = read_body(sheet, columns, faults)
    check_sums(body, columns, faults)
    if heading.start is None or heading.end is None:
        return
    units = UnitReader(register, heading.start, heading.end)
    for unit, row, values in read_facts(body, columns, heading, units, faults):
        if None not in values.values():
            yield _Stated(unit, heading.start, heading.end, values, sheet.name, row.at + 1)


def _is_figures(row: list[object]) -> bool:
    """Whether a row holds as many counts as a row of the form does."""
    return sum(bool(re.fullmatch(r"[\d.]+", str(cell))) for cell in row if not isinstance(cell, bool)) >= 8


def _has_second_table(sheet: Sheet, columns: Columns, faults: Faults, words: Vocabulary) -> bool:
    """Whether another table stands below on the sheet: an error, and neither is used."""
    at = _second_header(sheet, columns, words)
    if at is None:
        return False
    message = "Trang có bảng thứ hai bắt đầu ở dòng này; không dùng trang, hãy để mỗi bảng một trang."
    faults.error("tieu-de", message, at)
    return True


def _second_header(sheet: Sheet, columns: Columns, words: Vocabulary) -> int | None:
    """The first row of a second table on the sheet; None where there is none.

    The same header again is the next printed page, unless lines that name a form or a period stand before it.
    """
    titled = False
    for at in range(columns.last + 1, len(sheet.rows)):
        texts = [cell for cell in sheet.rows[at] if isinstance(cell, str) and cell]
        if any(_TABLE_TITLE.match(text) for text in texts):
            titled = True
        if len(texts) < 2 or not any(words.has("group 3", fold(text)) for text in texts):
            continue
        below = Sheet("", sheet.rows[at : at + 5])
        if find_header(below, words) == 0 and (titled or not is_header_again(sheet, at, columns)):
            return at
    return None


def _drop_repeats(stated: list[_Stated], file: str, register: Register, found: list[dict]) -> list[_Stated]:
    """What is stated once, or twice alike; a unit with two different rows for one window has no facts."""
    groups: dict[tuple, list[_Stated]] = {}
    for one in stated:
        groups.setdefault((one.unit, one.start, one.end), []).append(one)
    kept = []
    for (unit, _, end), rows in groups.items():
        label = register.get(unit, end).label
        apart = any(one.values != rows[0].values for one in rows)
        if not apart:
            kept.append(rows[0])
        for one in rows if apart else rows[1:]:
            others = rows if apart else rows[:1]
            named = ", ".join(
                f"dòng {other.row}" + (f" của trang «{other.sheet}»" if other.sheet != one.sheet else "")
                for other in others
                if other is not one
            )
            severity, code = ("error", "mau-thuan") if apart else ("warning", "trung-lap")
            message = f"Trùng với {named}: {label} có hai dòng cùng số liệu, chỉ giữ một; hãy bỏ dòng này."
            if apart:
                message = f"Mâu thuẫn với {named}: {label} có hai dòng khác số; không dùng dòng nào."
            where = {"file": file, "sheet": one.sheet, "row": one.row}
            found.append(problem(severity, code, message, value=vn.clean(label), **where))
    return kept


def _frame(stated: list[_Stated], source: str, file: str) -> pd.DataFrame:
    """One row per fact: the columns and types of `Reading.counts`."""
    if not stated:
        return no_counts()
    records = [
        (one.unit, one.start, one.end, MEASURES[column], one.values[column], source, file, one.sheet, one.row)
        for one in stated
        for column in LEAVES
    ]
    return pd.DataFrame(records, columns=COUNT_COLUMNS).astype({"value": "int64", "row": "int64"})
