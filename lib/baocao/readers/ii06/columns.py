"""The header of Biểu II.06/VPCP/KSTT on a sheet: where it stands and which of the form's columns is where.

Source: Thông tư 01/2020/TT-VPCP. The columns (3) to (13) are found by the words of the header, whose groups may be
merged cells, and by the row of column numbers; the two must agree. A column's place alone never decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from baocao.definitions import vietnamese as vn
from baocao.readers.problems import Faults, column_letter
from baocao.readers.workbook import Sheet

TITLES = {
    3: "Tổng số hồ sơ nhận giải quyết",
    4: "Trực tuyến",
    5: "Trực tiếp, dịch vụ bưu chính",
    6: "Từ kỳ trước",
    7: "Tổng số hồ sơ đã giải quyết",
    8: "Đã giải quyết trước hạn",
    9: "Đã giải quyết đúng hạn",
    10: "Đã giải quyết quá hạn",
    11: "Tổng số hồ sơ đang giải quyết",
    12: "Đang giải quyết trong hạn",
    13: "Đang giải quyết quá hạn",
}
"""The form's columns by number."""

PARTS = {3: (4, 5, 6), 7: (8, 9, 10), 11: (12, 13)}
"""The totals among them and what adds up to each."""

LEAVES = tuple(part for parts in PARTS.values() for part in parts)

_DEEPEST = 80  # the header begins above this row
_GROUPS = (  # on folded text, in this order; the group of a total
    (re.compile(r"\bda (duoc )?(giai quyet|xu ly)\b|\bket qua giai quyet\b"), 7),
    (re.compile(r"\bdang (duoc )?(giai quyet|xu ly)\b|\bchua giai quyet\b"), 11),
    (re.compile(r"\bnhan giai quyet\b|\btiep nhan\b"), 3),
)
_WORDS = (  # the same, of single columns
    (re.compile(r"\btruc tuyen\b"), {0: 4, 3: 4}),
    (re.compile(r"\btruc tiep\b|\bbuu chinh\b|\bbcci\b"), {0: 5, 3: 5}),
    (re.compile(r"\bky truoc\b"), {0: 6, 3: 6}),
    (re.compile(r"\btruoc (thoi )?han\b"), {0: 8, 7: 8}),
    (re.compile(r"\bdung (thoi )?han\b"), {0: 9, 7: 9}),
    (re.compile(r"\b(qua|tre) (thoi )?han\b"), {7: 10, 11: 13}),
    (re.compile(r"\btrong (thoi )?han\b|\bchua den han\b"), {0: 12, 11: 12}),
)
_TOTAL = re.compile(r"^tong( so| cong)?\b")
_LABEL = re.compile(r"\b(linh vuc|don vi|co quan|cong viec|noi dung|dia phuong|ten)\b")
_ORDINAL = re.compile(r"tt|stt|so tt|so thu tu")
_NUMBER = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*(=.*)?")
_TITLE = re.compile(r"\b(ii )?0?6 ?[a-e]?\d? vpcp\b|\bii 0?6[a-e]?\b")


@dataclass(frozen=True)
class Columns:
    """The table of a sheet: indexes from 0.

    first, last  the header's first and last row, the row of column numbers included; the figures begin below
    ordinal      column of "TT"; None where there is none
    label        column of "Lĩnh vực, công việc giải quyết theo cấp" or "Đơn vị"
    heading      what stands above the labels, folded
    places       the column of the sheet for each column of the form (3 to 13)
    """

    first: int
    last: int
    ordinal: int | None
    label: int
    heading: str
    places: dict[int, int]


def is_titled(sheet: Sheet) -> bool:
    """Whether one of the first rows calls the sheet Biểu II.06 (with or without a letter)."""
    texts = (cell for row in sheet.rows[:30] for cell in row if isinstance(cell, str) and len(cell) < 400)
    return any(_TITLE.search(vn.fold(text)) for text in texts if "06" in text or "6" in text)


def find_header(sheet: Sheet, start: int = 0) -> int | None:
    """The row from `start` on where the table's header begins; None where there is no such header.

    It names at least two of the groups (nhận giải quyết, đã giải quyết, đang giải quyết) in cells of their own, and
    four columns in itself or the rows below; or, on a sheet called II.06, it is a row of the form's column numbers.
    """
    rows = sheet.rows[start : start + _DEEPEST]
    for at, row in enumerate(rows, start=start):
        groups = [group for text in _texts(row) if (group := _group(text))]
        if len(set(groups)) > 1:
            below = [text for later in sheet.rows[at : at + 5] for text in _texts(later)]
            if len({word for text in below for word, _ in _WORDS if word.search(text)}) >= 4:
                return at
    if not is_titled(sheet):
        return None
    return next((at for at, row in enumerate(rows, start=start) if len(_numbers(row)) >= 11), None)


def read_columns(sheet: Sheet, first: int, faults: Faults) -> Columns | None:
    """The columns of the table whose header begins in row `first`; None, with errors, where they are not clear."""
    last, numbers = _header_end(sheet, first)
    words_end = last if numbers else last + 1
    titles = {
        column: _title(sheet, range(first, words_end), column) for column in range(_width(sheet, first))
    }
    by_words = {column: meant for column, title in titles.items() if (meant := _meaning(*title))}
    by_numbers = _shift(numbers, by_words)
    if not _agree(by_words, by_numbers, titles, last, faults):
        return None
    columns: dict[int, list[int]] = {}
    for column in sorted({**by_numbers, **by_words}):
        columns.setdefault(by_words.get(column) or by_numbers[column], []).append(column)
    faulty = False
    for meant, title in TITLES.items():
        where = columns.get(meant, [])
        if len(where) > 1:
            named = " và ".join(column_letter(column) for column in where)
            message = f"Các cột {named} cùng là «{title}» (cột ({meant})); chỉ được có một, hãy sửa tiêu đề."
            faults.error("tieu-de", message, last, where[1], titles[where[1]][1])
            faulty = True
        elif not where:
            message = f"Không thấy cột ({meant}) «{title}» trong tiêu đề bảng"
            if meant in PARTS:
                faults.warn("tieu-de", f"{message}; không đối chiếu được cột này.", last)
            else:
                faults.error("tieu-de", f"{message}; hãy ghi đủ các cột (3) đến (13).", last)
                faulty = True
    if faulty:
        return None
    places = {meant: where[0] for meant, where in columns.items() if meant in TITLES}
    stub = range(min(places.values()))
    label = _label_column(stub, titles, numbers)
    if label is None:
        message = "Không thấy cột «Lĩnh vực, công việc giải quyết» hoặc «Đơn vị» bên trái các cột số liệu."
        faults.error("tieu-de", message, last)
        return None
    ordinal = next((column for column in stub if _ORDINAL.fullmatch(titles[column][1])), None)
    if ordinal is None and label > 0 and (not titles[label - 1][1] or numbers.get(label - 1) == 1):
        ordinal = label - 1
    for column, (_, title) in titles.items():
        known = column in (label, ordinal, *places.values()) or numbers.get(column) == 1
        # The heading of a merged group, above a column that is not there.
        grouped = column + 1 in places.values() and not _text_at(sheet, first, column + 1)
        if title and not known and not (grouped and title == _text_at(sheet, first, column)):
            message = "Cột không có trong Biểu II.06, không được đọc."
            faults.warn("cot-la", message, first, column, title)
    return Columns(first, last, ordinal, label, titles[label][1], places)


def is_header_again(sheet: Sheet, row: int, columns: Columns) -> bool:
    """Whether a row below repeats one of the header's rows, as pages printed one by one do."""
    there = [text for text in _texts(sheet.rows[row]) if text]
    if len(there) < 2:
        return False
    again = (_texts(sheet.rows[at]) for at in range(columns.first, columns.last + 1))
    return any(there == [text for text in texts if text] for texts in again)


def _texts(row: list[object]) -> list[str]:
    return [vn.fold(cell) if isinstance(cell, str) and cell and len(cell) < 200 else "" for cell in row]


def _group(text: str) -> int:
    return next((group for word, group in _GROUPS if text and word.search(text)), 0)


def _width(sheet: Sheet, first: int) -> int:
    return max(len(row) for row in sheet.rows[first : first + 6])


def _numbers(row: list[object]) -> dict[int, int]:
    """The column numbers of a row that holds them, by column: "(3)=(4)+(5)+(6)", 4, "(5)"; empty for other rows."""
    found: dict[int, int] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            written = _NUMBER.fullmatch(vn.clean(cell))
            if written:
                found[column] = int(written[1])
            elif len(cell.strip(" ()")) > 1:
                return {}
        elif type(cell) in (int, float) and 0 < cell < 30 and cell == int(cell):
            found[column] = int(cell)
        else:
            return {}
    values = list(found.values())
    rising = all(later == earlier + 1 for earlier, later in pairwise(values))
    return found if len(values) >= 8 and rising and values[0] <= 3 else {}


def _header_end(sheet: Sheet, first: int) -> tuple[int, dict[int, int]]:
    """The header's last row and the column numbers in it, if there are any."""
    below = range(first, min(first + 8, len(sheet.rows)))
    for at in below:
        if numbers := _numbers(sheet.rows[at]):
            return at, numbers
    last = first
    for at in below:
        texts = _texts(sheet.rows[at])
        if sum(any(word.search(text) for word, _ in _WORDS) or _group(text) > 0 for text in texts) >= 2:
            last = at
    return last, {}


def _title(sheet: Sheet, rows: range, column: int) -> tuple[int, str]:
    """The group that a column belongs to, and its own words, folded; 0 and "" where there are none."""
    own = [(at, text) for at in rows if (text := _text_at(sheet, at, column))]
    group = next((found for _, text in reversed(own) if (found := _group(text))), 0)
    above = range(rows.start, own[0][0] if own else rows.stop)
    for at in reversed(above) if not group else ():
        group = next((found for text in _texts_left(sheet, at, column) if (found := _group(text))), 0)
        if group:
            break
    return group, own[-1][1] if own else ""


def _text_at(sheet: Sheet, row: int, column: int) -> str:
    cells = sheet.rows[row]
    return _texts([cells[column]])[0] if column < len(cells) else ""


def _texts_left(sheet: Sheet, row: int, column: int) -> Iterator[str]:
    """The nearest text left of a blank cell, where it may be part of a merged one: at most one."""
    for at in range(column, -1, -1):
        if text := _text_at(sheet, row, at):
            inside = [span for span in sheet.merged if span[0] <= (row, at) and span[1] >= (row, at)]
            if at == column or not inside or any(span[1][1] >= column for span in inside):
                yield text
            return


def _meaning(group: int, words: str) -> int | None:
    """The column of the form that a group and words mean; None where it is none, or two at once."""
    if not words or re.search(r"\bty le\b|\bphan tram\b|\bghi chu\b", words):
        return None
    meant = {places.get(group) for word, places in _WORDS if word.search(words)}
    if meant:
        return meant.pop() if len(meant) == 1 else None
    return group if group and (_TOTAL.search(words)) else None


def _shift(numbers: dict[int, int], by_words: dict[int, int]) -> dict[int, int]:
    """The form's columns by the row of numbers, which may begin with 1 at column (3) (after A and B)."""
    apart = [by_words[column] - number for column, number in numbers.items() if column in by_words]
    shift = max(set(apart), key=apart.count) if apart else (0 if len(numbers) >= 13 else 2)
    if shift not in (0, 2):
        shift = 0
    return {column: number + shift for column, number in numbers.items() if number + shift in TITLES}


def _agree(by_words, by_numbers, titles, row: int, faults: Faults) -> bool:
    """Whether words and numbers mean the same columns; an error for each that they do not."""
    apart = [column for column, meant in by_words.items() if by_numbers.get(column, meant) != meant]
    # Without any words the numbers alone decide; numbers that the words contradict decide nothing.
    for column in apart:
        message = (
            f"Tiêu đề là «{TITLES[by_words[column]]}» (cột ({by_words[column]})) nhưng hàng số ghi cột "
            f"({by_numbers[column]}); hãy sửa tiêu đề hoặc hàng số."
        )
        faults.error("tieu-de", message, row, column, titles[column][1])
    return not apart


def _label_column(stub: range, titles: dict[int, tuple[int, str]], numbers: dict[int, int]) -> int | None:
    named = [column for column in stub if _LABEL.search(titles[column][1])]
    if named:
        return named[-1]
    return next((column for column in stub if numbers.get(column) == 2 and column < len(stub)), None)
