"""A CSV file as columns of clean text, with the row numbers a spreadsheet shows and what is wrong with its shape."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, system_reason
from baocao.readers.problems import problem


@dataclass(frozen=True, eq=False)
class Table:
    """The rows of a file that have as many cells as the header; `table["unit"]` is a column of clean text.

    rows  the number of each row in the file: 1-based, the header is 1, blank rows counted
    """

    name: str
    rows: np.ndarray
    columns: dict[str, np.ndarray]
    sheet: str = ""

    def __getitem__(self, column: str) -> np.ndarray:
        return self.columns[column]


def read_table(
    path: Path, header: Sequence[str], name: str = "", optional: Sequence[str] = ()
) -> tuple[Table, list[dict]]:
    """The columns of `header` of a CSV file in UTF-8 (with or without BOM; commas or semicolons), and its problems.

    Columns may stand in any order; an unknown one is left unread, with a warning; one of `optional` that is not
    there is blank. With a column missing, or text that is no UTF-8, the table is empty and an error says why. Raises
    UserError when the path cannot be read.
    """
    name = name or path.name
    found: list[dict] = []
    nothing = Table(
        name, np.empty(0, dtype=np.int64), {one: np.empty(0, dtype=object) for one in (*header, *optional)}
    )
    text = _decode(path, name, found)
    if text is None:
        return nothing, found
    records = _records(text, name, found)
    place = _columns(records, header, optional, name, found)
    if place is None:
        return nothing, found
    width = len(records[0])
    rows, kept = [], []
    for number, record in enumerate(records[1:], start=2):
        if len(record) == width and any(record):
            rows.append(number)
            kept.append(record)
            continue
        if not "".join(record).strip():
            continue
        hint = "; số có dấu phẩy phải đặt trong dấu ngoặc kép" if len(record) > width else ""
        message = f"Dòng có {len(record)} ô, tiêu đề có {width} ô{hint}."
        found.append(problem("error", "so-o", message, file=name, row=number, value=",".join(record)))
    if not kept:
        found.append(
            problem("warning", "tep-trong", "Không có dòng số liệu nào đọc được dưới tiêu đề.", file=name)
        )
        return nothing, found
    cells = list(zip(*kept, strict=True))
    columns = {column: _clean_column(cells[at]) for column, at in place.items()}
    columns |= {one: np.full(len(rows), "", dtype=object) for one in optional if one not in columns}
    return Table(name, np.array(rows, dtype=np.int64), columns), found


def _decode(path: Path, name: str, found: list[dict]) -> str | None:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp «{name}»: {system_reason(error)}; hãy xem lại đường dẫn."
        ) from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        message = "Tệp không phải là văn bản UTF-8; hãy lưu lại thành «CSV UTF-8»."
        found.append(problem("error", "tep-hong", message, file=name, row=row))
        return None


def _records(text: str, name: str, found: list[dict]) -> list[list[str]]:
    """The records of the text, up to a fault of its quotes."""
    first = text.split("\n", 1)[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        message = f"Dấu ngoặc kép không đúng cách ({error}), từ đây trở đi không đọc được."
        found.append(problem("error", "dau-ngoac", message, file=name, row=len(records) + 1))
    return records


def _columns(
    records: list[list[str]], header: Sequence[str], optional: Sequence[str], name: str, found: list[dict]
) -> dict[str, int] | None:
    """Where each column of the header stands; None, with errors, when one is missing or there twice."""
    if not records or not any(cell.strip() for cell in records[0]):
        found.append(
            problem(
                "error", "tep-trong", f"Tệp trống, cần dòng tiêu đề {','.join(header)}.", file=name, row=1
            )
        )
        return None
    titles = [vn.clean(cell).casefold() for cell in records[0]]
    faults = []
    for column in (*header, *optional):
        if titles.count(column) != 1 and (column in header or column in titles):
            what = "Thiếu" if column not in titles else "Có nhiều hơn một"
            message = f"{what} cột «{column}»; tiêu đề phải là {','.join(header)}."
            faults.append(problem("error", "tieu-de", message, file=name, row=1, column=column))
    for title in titles:
        if title not in (*header, *optional):
            message = "Cột không có trong mẫu, không được đọc."
            found.append(problem("warning", "cot-la", message, file=name, row=1, column=title, value=title))
    found.extend(faults)
    return None if faults else {one: titles.index(one) for one in (*header, *optional) if one in titles}


def _clean_column(cells: Sequence[str]) -> np.ndarray:
    """The column's texts cleaned; few texts are distinct, so each is cleaned once."""
    cleaned = {cell: vn.clean(cell) for cell in set(cells)}
    column = np.empty(len(cells), dtype=object)
    column[:] = [cleaned[cell] for cell in cells]
    return column
