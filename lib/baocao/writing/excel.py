"""Tables for a spreadsheet: an Excel workbook that says where its figures come from, and CSV that runs nothing.

What is text in a frame stays text: a unit called `=1+1` is that name and never a formula. A number stays a number,
in a format that Excel set to Vietnamese shows as 47.411 or 59,48. The same tables give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import pandas as pd

from baocao import __version__
from baocao.definitions import UserError, write_file
from baocao.definitions import vietnamese as vn
from baocao.writing.claims import SAMPLE_MARK, SOURCE_LABELS

SOURCE_SHEET = "Nguồn"

# XlsxWriter leaves out without a word what Excel has no room for.
_MOST_ROWS, _MOST_COLUMNS, _LONGEST_TEXT, _LONGEST_NAME = 1_048_576, 16_384, 32_767, 31
_WIDEST = 60  # characters of a column; longer texts are folded
_CREATED = datetime(2025, 1, 1)  # any fixed moment: the clock would change the bytes
_FORMULA_STARTS = tuple("=+-@＝＋－＠")  # after vn.clean, which removes a tab or a line end in front of them
_NUMBER = re.compile(r"[+-]?\d[\d.,]*%?")
_FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}


@dataclass(frozen=True)
class Origin:
    """What the tables of a workbook were made from, for its last sheet.

    sources      of the facts: names of `SOURCE_LABELS`; with "sample" among them every sheet bears `SAMPLE_MARK`
    fingerprint  of the facts (`Facts.fingerprint`)
    notes        further lines: what, and what is to be said of it
    """

    period: str
    scope: str
    sources: tuple[str, ...]
    fingerprint: str
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def is_sample(self) -> bool:
        """Whether any fact is synthetic."""
        return "sample" in self.sources


def write_workbook(path: Path, tables: Mapping[str, pd.DataFrame], origin: Origin) -> None:
    """Write each table to a sheet of its own, called as its key, and `origin` to the last sheet, "Nguồn".

    Column labels are written as they are, an index only where it has a name. Whole numbers are shown with grouped
    thousands, other numbers with two decimals and their full value in the cell; a number that is missing is "–",
    so that no formula takes it for 0. A file that is there is replaced; UserError where it cannot be.
    """
    if unknown := set(origin.sources) - set(SOURCE_LABELS):
        raise ValueError(f"unknown sources {sorted(unknown)}; known: {sorted(SOURCE_LABELS)}")
    flat = {title: _with_index(table) for title, table in tables.items()}
    for title, table in flat.items():
        if len(table) > _MOST_ROWS - 2 or len(table.columns) > _MOST_COLUMNS:
            raise UserError(
                f"Bảng «{title}» có {vn.format_number(len(table))} dòng, {len(table.columns)} cột, quá sức chứa của "
                f"Excel ({vn.format_number(_MOST_ROWS - 2)} dòng, {vn.format_number(_MOST_COLUMNS)} cột); "
                "hãy chọn bớt đơn vị hoặc kỳ."
            )
    names = name_sheets([*flat, SOURCE_SHEET], last=SOURCE_SHEET)
    write_file(path, _write(dict(zip(names, flat.values(), strict=False)), list(flat), origin))


def name_sheets(titles: Iterable[str], last: str = "") -> list[str]:
    """A name that Excel allows for each title: 31 characters, without []:*?/\\, unlike any other in any case.

    `last` is a title that must keep its name.

    >>> name_sheets(["Quý I/2025", "quý I 2025", "a" * 40, "Nguồn", "Nguồn"], last="Nguồn")[1:]
    ['quý I 2025 (2)', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'Nguồn (2)', 'Nguồn']
    """
    wanted = list(titles)
    taken = {"history", last.casefold()} - {""}  # Excel keeps "History" for itself
    names = []
    for at, title in enumerate(wanted):
        if title == last and at == len(wanted) - 1:
            names.append(last)
            continue
        clean = vn.clean(re.sub(r"[\[\]:*?/\\]", " ", vn.clean(title))).strip("'") or "Bảng"
        name, number = _shorten(clean, _LONGEST_NAME), 1
        while name.casefold() in taken:
            number += 1
            ending = f" ({number})"
            name = _shorten(clean, _LONGEST_NAME - len(ending)) + ending
        taken.add(name.casefold())
        names.append(name)
    return names


def format_csv(frame: pd.DataFrame, separator: str = ",") -> str:
    """The frame as CSV text in which no cell is a formula when a spreadsheet opens it.

    Texts are cleaned, so that each row is one line; one that begins with = + - @ gets an apostrophe in front,
    unless it is a number.

    >>> print(format_csv(pd.DataFrame({"tên": ["=1+1", "-1,5", None], "số": [-2, 3, 4]})), end="")
    tên,số
    '=1+1,-2
    "-1,5",3
    ,4
    """
    safe = frame.astype(object).map(_defuse)
    safe.columns = [_defuse(str(label)) for label in frame.columns]
    return safe.to_csv(index=False, sep=separator, lineterminator="\n")


def _defuse(value: Any) -> Any:
    if isinstance(value, str):
        text = vn.clean(value)
        return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text) else text
    return "" if _is_missing(value) else value


def _write(tables: Mapping[str, pd.DataFrame], titles: list[str], origin: Origin) -> bytes:
    import xlsxwriter  # only who writes a workbook pays for it

    file = io.BytesIO()
    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    }  # fmt: skip
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": _CREATED, "author": f"baocao {__version__}"})
        pen = _Pen(book, origin.is_sample)
        for name, table in tables.items():
            pen.write_table(name, table)
        pen.write_origin(origin, list(zip(tables, titles, strict=True)))
    return file.getvalue()


class _Pen:
    """Writes sheets of one workbook, all of one look."""

    def __init__(self, book: Any, is_sample: bool) -> None:
        self._book = book
        self._is_sample = is_sample
        head = {"bold": True, "text_wrap": True, "bg_color": "#D9D9D9", "bottom": 1, "align": "center"}
        self._looks = {
            name: book.add_format(_FONT | look)
            for name, look in {
                "mark": {"bold": True, "font_color": "#FF0000"},
                "head": head,
                "text": {"text_wrap": True},
                # Excel shows no apostrophe, and does not calculate the text when its cell is edited.
                "quoted": {"text_wrap": True, "quote_prefix": True},
                "whole": {"num_format": "#,##0"},
                "decimal": {"num_format": "#,##0.00"},
                "date": {"num_format": "dd/mm/yyyy", "align": "left"},
                "missing": {"align": "right"},
            }.items()
        }

    def write_table(self, name: str, table: pd.DataFrame) -> None:
        sheet, top = self._new_sheet(name)
        columns = [_plain_values(table.iloc[:, at]) for at in range(table.shape[1])]
        for at, (label, values) in enumerate(zip(table.columns, columns, strict=True)):
            sheet.write_string(top, at, _label(label), self._looks["head"])
            numbers = [value for value in values if isinstance(value, int | float)]
            in_numbers = bool(numbers) or pd.api.types.is_numeric_dtype(table.iloc[:, at])
            for row, value in enumerate(values, start=top + 1):
                self._write_cell(sheet, row, at, value, in_numbers=in_numbers)
            sheet.set_column(at, at, _width(_label(label), values))
        sheet.freeze_panes(top + 1, 1)
        sheet.repeat_rows(0, top)
        if columns:
            sheet.autofilter(top, 0, top + len(table), len(columns) - 1)

    def write_origin(self, origin: Origin, sheets: list[tuple[str, str]]) -> None:
        sheet, top = self._new_sheet(SOURCE_SHEET)
        lines = [
            ("Kỳ số liệu", origin.period),
            ("Phạm vi", origin.scope),
            ("Nguồn số liệu", "; ".join(SOURCE_LABELS[source] for source in origin.sources)),
            ("Mã nhận dạng số liệu", origin.fingerprint),
            ("Lập bằng", f"baocao {__version__}"),
            ("Cách ghi", "Tỷ lệ đi kèm tử số và mẫu số của nó. Dấu – là không có số liệu, không phải số 0."),
            *origin.notes,
            *((f"Trang «{name}»", title) for name, title in sheets if name != title),
        ]
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 100)
        for row, line in enumerate([("Nội dung", "Giá trị"), *lines], start=top):
            for at, text in enumerate(line):
                if row == top:
                    sheet.write_string(row, at, text, self._looks["head"])
                else:
                    self._write_cell(sheet, row, at, vn.clean(text))
        sheet.freeze_panes(top + 1, 0)

    def _new_sheet(self, name: str) -> tuple[Any, int]:
        """A sheet for A4, and its first row below the mark."""
        sheet = self._book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P/&N")
        if not self._is_sample:
            return sheet, 0
        sheet.set_header(f'&C&"Times New Roman,Bold"&KFF0000{SAMPLE_MARK}')
        sheet.set_tab_color("#FF0000")
        sheet.write_string(0, 0, SAMPLE_MARK, self._looks["mark"])
        return sheet, 1

    def _write_cell(self, sheet: Any, row: int, column: int, value: Any, *, in_numbers: bool = False) -> None:
        if value is None:
            if in_numbers:
                sheet.write_string(row, column, vn.MISSING, self._looks["missing"])
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._looks["date"])
        elif isinstance(value, str):
            looks = "quoted" if value.startswith(_FORMULA_STARTS) else "text"
            sheet.write_string(row, column, value, self._looks[looks])
        else:
            look = "whole" if isinstance(value, int) else "decimal"
            sheet.write_number(row, column, value, self._looks[look])


def _with_index(table: pd.DataFrame) -> pd.DataFrame:
    return table.reset_index() if any(name is not None for name in table.index.names) else table


def _plain_values(column: pd.Series) -> list[Any]:
    """The cells as str, int, float, date or None."""
    return [_plain(value) for value in column.astype(object)]


def _plain(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return _plain(", ".join(map(str, value)))
    if _is_missing(value):
        return None
    if isinstance(value, bool):
        return "có" if value else "không"
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):  # pandas.Timestamp is one
        return value.date()
    if isinstance(value, date):
        return value
    return _shorten(vn.clean(str(value)), _LONGEST_TEXT)


def _is_missing(value: Any) -> bool:
    return bool(pd.api.types.is_scalar(value) and pd.isna(value))


def _label(label: Any) -> str:
    parts = label if isinstance(label, tuple) else (label,)
    return vn.clean(" · ".join(str(part) for part in parts if str(part)))


def _width(label: str, values: Iterable[Any]) -> int:
    """Characters: the longest cell, and a header folded into two or three lines."""
    longest = max((len(_shown(value)) for value in values), default=0)
    return min(max(longest, -(-len(label) // 2), *(len(word) for word in label.split()), 8) + 2, _WIDEST)


def _shown(value: Any) -> str:
    return vn.format_number(value, 2) if isinstance(value, int | float) else str(value or "")


def _shorten(text: str, longest: int) -> str:
    """The text cut to `longest` characters as Excel counts them (UTF-16)."""
    cut = text.encode("utf-16-le")[: 2 * longest].decode("utf-16-le", "ignore")
    return cut.rstrip() if cut != text else text
