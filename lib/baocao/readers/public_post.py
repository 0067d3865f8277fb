"""Shares of the public post by unit (dịch vụ bưu chính công ích): how many dossiers and results went by post.

A table with one row for each unit; its headings are form "public_post" of headings.csv. The counts become facts; a
share that is printed beside them is only compared.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.definitions import Measure, Period, Register, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.headings import (
    Titles,
    cell_text,
    first_row,
    is_numbering,
    load_vocabulary,
    match_titles,
    rows_below,
)
from baocao.readers.problems import Faults, join_problems, problems_frame
from baocao.readers.reading_result import COUNT_COLUMNS, Reading
from baocao.readers.repeats import COUNT_KEY, drop_repeats
from baocao.readers.title_lines import settle
from baocao.readers.workbook import Book, Sheet

MEASURES = {"post_received": "received", "post_returned": "returned"}
"""The measures that are read, and the column of all of which each is a share."""

_SUMS = ("tong", "tong cong", "tong so", "cong", "toan tinh", "cap tinh", "cap xa", "cap huyen")
_ROUNDING = Fraction(6, 1000)  # shares are printed rounded to two decimals


def recognise_public_post(book: Book, root: Path) -> bool:
    """Whether a sheet has a column of units and one of counts by post."""
    return any(_find_header(sheet, root) is not None for sheet in book.sheets)


def _find_header(sheet: Sheet, root: Path) -> int | None:
    words = load_vocabulary(root, "public_post")

    def accept(titles: list[str]) -> bool:
        places = match_titles(titles, words).places
        return "unit" in places and any(measure in places for measure in MEASURES)

    return first_row(sheet.rows, accept)


def read_public_post(
    book: Book,
    register: Register,
    measures: dict[str, Measure],
    source: str,
    *,
    root: Path,
    period: Period | None = None,
    as_of: date | None = None,
) -> Reading:
    """The counts of each unit over the period that the lines above name, or that is given.

    A blank is not known, never 0; a row of a sum, without a unit, is passed over.
    """
    faults, frames = Faults(book.name), []
    for sheet in book.sheets:
        at = _find_header(sheet, root)
        if at is not None:
            frames += _read_sheet(sheet, at, register, faults.on(sheet.name), period, root)
    counts = pd.DataFrame(frames, columns=[name for name in COUNT_COLUMNS if name not in ("source", "file")])
    counts = counts.assign(source=source, file=book.name)[COUNT_COLUMNS].astype(
        {"value": "int64", "row": "int64"}
    )
    counts, repeated = drop_repeats(counts, COUNT_KEY, ["value"])
    problems = join_problems([problems_frame(faults.rows), repeated])
    return Reading("public_post", counts=counts.reset_index(drop=True), problems=problems)


def _read_sheet(
    sheet: Sheet, at: int, register: Register, faults: Faults, period: Period | None, root: Path
) -> list[dict]:
    titles = match_titles([cell_text(cell) for cell in sheet.rows[at]], load_vocabulary(root, "public_post"))
    for title in titles.unread:
        faults.warn("cot-la", "Cột không có trong mẫu, không được đọc.", at, title[:60], title)
    try:
        window, _ = settle([" ".join(map(cell_text, row)) for row in sheet.rows[:at]], period, None)
    except ValueError as error:
        faults.error("thieu-ky", str(error))
        return []
    found, finder = [], cells.UnitFinder(register)
    for row in rows_below(sheet.rows, at, at):
        texts = {
            column: cell_text(sheet.rows[row][place]) if place < len(sheet.rows[row]) else ""
            for column, place in titles.places.items()
        }
        name, *others = texts["unit"], *(text for column, text in texts.items() if column != "unit")
        if not any(others) or is_numbering([name, *filter(None, others)]) or vn.fold(name) in _SUMS:
            continue
        try:
            unit = cells.parse_unit(name, window.start, window.end, finder)
        except (UserError, ValueError) as error:
            faults.error("don-vi", str(error), row, titles.titles["unit"], name)
            continue
        fact = {"unit": unit, "period_start": window.start, "period_end": window.end, "sheet": sheet.name}
        counted = _counts(texts, titles, row, faults)
        found += [
            fact | {"measure": measure, "value": value, "row": row + 1} for measure, value in counted.items()
        ]
    return found


def _counts(texts: dict[str, str], titles: Titles, row: int, faults: Faults) -> dict[str, int]:
    """The counts of a row by measure, each beside what it is a share of."""
    counted: dict[str, int] = {}
    for measure, whole in MEASURES.items():
        try:
            value, base = (
                cells.parse_count(text) if (text := texts.get(name)) else None for name in (measure, whole)
            )
        except ValueError as error:
            faults.error("so-ho-so", str(error), row, titles.titles[measure], texts[measure])
            continue
        if value is None:
            continue
        counted[measure] = value
        share = texts.get(f"{measure}_share", "").removesuffix("%").strip()
        if share and base:
            try:
                printed = Fraction(
                    vn.parse_number(share) if "," in share or "." not in share else Decimal(share)
                )
            except ValueError as error:
                faults.warn("o-sai", str(error), row, titles.titles[f"{measure}_share"], share)
                continue
            if (
                min(
                    abs(printed - 100 * Fraction(value, base)),
                    abs(100 * printed - 100 * Fraction(value, base)),
                )
                > _ROUNDING
            ):
                message = f"Ghi tỷ lệ {share}%, tính lại là {vn.format_percent(value, base)}; dùng số hồ sơ."
                faults.warn("thanh-phan", message, row, titles.titles[f"{measure}_share"], share)
    return counted
