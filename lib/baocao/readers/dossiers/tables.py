"""The tables of dossiers in files as received, of any format, as batches of raw columns."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import itemgetter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from baocao.definitions import UserError, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers import delimited
from baocao.readers.dossiers.cells import EPOCH, EPOCH_1904, cell_text, parse_day
from baocao.readers.dossiers.headings import Header, Headings, find_header, recognise_titles
from baocao.readers.dossiers.parse_columns import text_column
from baocao.readers.problems import problem
from baocao.readers.workbook import Book, Sheet, open_book

SUFFIXES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".parquet")
"""The files that are read of a folder."""

Batches = Iterator[tuple[np.ndarray, dict[str, pa.Array]]]

_SUM = r"(?i)^(?:tổng|cộng)(?:$|[\s:])"
_BATCH_ROWS = 65_536
_UNTIL = re.compile(
    r"\bđến (?:hết )?(?:ngày )?"
    r"(ngày [0-9]{1,2} tháng [0-9]{1,2} năm [0-9]{4}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{4})",
    re.IGNORECASE,
)


@dataclass(frozen=True, eq=False)
class DossierTable:
    """One table of a file.

    until    the last day that its title lines name ("đến ngày 31/07/2025"), None where they name none
    epoch    the day from which numbers of days count; None where no workbook says so, and a number may be no day
    batches  its rows in order: their numbers (as a spreadsheet shows them; of Parquet the first is 1) and column:
             raw cells; faults of the file itself go to the list given
    """

    name: str
    sheet: str
    header: Header
    until: date | None
    epoch: date | None
    batches: Callable[[list[dict]], Batches]


def open_tables(path: Path, name: str, headings: Headings) -> tuple[list[DossierTable], list[dict]]:
    """The tables of a file whose columns are all known, and the problems of the file and its headers.

    A file or sheet without the headings of an export is left unread, with a problem. UserError only for a path that
    cannot be read.
    """
    start = _start_of(path, name)
    if start.startswith(b"PAR1"):
        tables, found = _parquet_tables(path, name, headings)
    elif path.suffix.lower() in delimited.SUFFIXES and not start.startswith(
        (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
    ):
        tables, found = _text_tables(path, name, headings)
    else:
        book, found = open_book(path, name)
        tables, more = _sheet_tables(book, headings) if book else ([], [])
        found = [*found, *more]
    whole = []
    for table in tables:
        found = [*found, *table.header.problems]
        if all(one["severity"] != "error" for one in table.header.problems):
            whole.append(replace(table, batches=_without_titles(table)))
    return whole, found


def recognise_export(what: Book | Path | Sequence[str], headings: Headings) -> bool:
    """Whether a book, a file (looked into, not read) or a row of headings is an export of dossiers. Never raises."""
    try:
        if isinstance(what, Path):
            if _start_of(what, what.name).startswith(b"PAR1"):
                return recognise_titles(parquet.read_schema(what).names, headings)
            text, _ = delimited.open_delimited(what)
            return bool(text and find_header(text.head, headings, what.name))
        if isinstance(what, Book):
            return any(find_header(sheet.rows, headings, what.name) for sheet in what.sheets)
        return recognise_titles(what, headings)
    except (UserError, pa.ArrowException, OSError):
        return False


def _start_of(path: Path, name: str) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(8)
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp «{name}»: {system_reason(error)}; hãy xem lại đường dẫn."
        ) from None


def _no_header(name: str, sheet: str = "") -> dict:
    message = (
        "Không thấy dòng tiêu đề của bảng hồ sơ trong 30 dòng đầu (cần ít nhất số hồ sơ, ngày tiếp nhận và hai cột "
        "khác); nếu hệ thống đặt tên cột khác, hãy dùng --mapping."
    )
    return problem("error", "tieu-de", message, file=name, sheet=sheet)


def _text_tables(path: Path, name: str, headings: Headings) -> tuple[list[DossierTable], list[dict]]:
    text, found = delimited.open_delimited(path, name)
    if text is None:
        return [], found
    header = find_header(text.head, headings, name)
    if header is None:
        book, more = open_book(path, name)  # which reads the letters of old fonts
        if book and any(one["code"] == "bang-ma" for one in more) and recognise_export(book, headings):
            tables, faults = _sheet_tables(book, headings)
            return tables, [*more, *faults]
        return [], [*found, _no_header(name)]
    wanted = list(header.columns.values())

    def batches(faults: list[dict]) -> Batches:
        for batch in text.batches(header.at + header.skipped, wanted, faults):
            yield batch.rows, dict(zip(header.columns, batch.columns, strict=True))

    return [DossierTable(name, "", header, _until(text.head[: header.at]), None, batches)], found


def _sheet_tables(book: Book, headings: Headings) -> tuple[list[DossierTable], list[dict]]:
    headers = [find_header(sheet.rows, headings, book.name, sheet.name) for sheet in book.sheets]
    first = next((at for at, header in enumerate(headers) if header), None)
    if first is None:
        return [], [_no_header(book.name)]
    tables, found, last = [], [], first
    for at, (sheet, header) in enumerate(zip(book.sheets, headers, strict=True)):
        last = at if header else last
        filled = [row for row in sheet.rows[:30] if any(cell not in ("", None) for cell in row)]
        where = {"file": book.name, "sheet": sheet.name}
        if header is None and filled:
            if _continues(filled, headers[last]):
                header = replace(headers[last], at=-1, skipped=0, problems=[])
                message = (
                    f"Trang không có tiêu đề, được đọc theo tiêu đề của trang «{book.sheets[last].name}»."
                )
                found.append(problem("warning", "tieu-de", message, **where))
            elif _looks_like_dossiers(filled):
                message = (
                    "Trang giống bảng hồ sơ nhưng không có tiêu đề; hãy thêm dòng tiêu đề vào trang này."
                )
                found.append(problem("error", "tieu-de", message, **where))
            else:
                message = "Trang không có tiêu đề của bảng hồ sơ, không được đọc."
                found.append(problem("warning", "trang-la", message, **where))
        if header:
            tables.append(_sheet_table(book, sheet, header))
    return tables, found


def _continues(rows: list[list[object]], header: Header) -> bool:
    """Whether rows without a heading go on with the table of another sheet: a number, a unit and a day where it has them."""

    def fits(row: list[object]) -> bool:
        cells = {name: row[at] if at < len(row) else "" for name, at in header.columns.items()}
        return _is_day(cells.get("received")) and all(
            cells.get(name) not in ("", None) for name in ("number", "unit")
        )

    return sum(map(fits, rows)) * 2 > len(rows)


def _looks_like_dossiers(rows: list[list[object]]) -> bool:
    """Whether most rows hold two days and two cells more."""
    return sum(
        sum(map(_is_day, row)) > 1 and sum(cell not in ("", None) for cell in row) > 3 for row in rows
    ) * 2 > len(rows)


def _is_day(cell: object) -> bool:
    try:
        return cell_text(cell) is not None and parse_day(cell_text(cell)) is not None
    except ValueError:
        return False


def _fill_merged(sheet: Sheet, after: int) -> None:
    """Says the value of a cell merged over rows in each of them: a unit may stand once for all of its dossiers."""
    for (top, column), (bottom, _) in sheet.merged:
        for at in range(max(top + 1, after), min(bottom + 1, len(sheet.rows))):
            if column < len(sheet.rows[at]) and sheet.rows[at][column] == "" and top >= after:
                sheet.rows[at][column] = sheet.rows[top][column]


def _sheet_table(book: Book, sheet: Sheet, header: Header) -> DossierTable:
    epoch = EPOCH_1904 if book.from_1904 else EPOCH
    first = header.at + header.skipped + 1
    _fill_merged(sheet, first)

    def batches(_faults: list[dict]) -> Batches:
        for at in range(first, len(sheet.rows), _BATCH_ROWS):
            part = sheet.rows[at : at + _BATCH_ROWS]
            numbers = np.arange(at, at + len(part), dtype=np.int64) + 1
            width = min(map(len, part))
            yield (
                numbers,
                {
                    column: text_column(
                        list(map(itemgetter(place), part))
                        if place < width
                        else [row[place] if place < len(row) else None for row in part]
                    )
                    for column, place in header.columns.items()
                },
            )

    return DossierTable(
        book.name, sheet.name, header, _until(sheet.rows[: max(header.at, 0)]), epoch, batches
    )


def _parquet_tables(path: Path, name: str, headings: Headings) -> tuple[list[DossierTable], list[dict]]:
    try:
        with parquet.ParquetFile(path) as whole:
            titles = whole.schema_arrow.names
    except (pa.ArrowException, OSError):
        message = "Tệp Parquet không nguyên vẹn (thường do tải về chưa xong); hãy xin lại tệp."
        return [], [problem("error", "tep-hong", message, file=name)]
    header = find_header([titles], headings, name)
    if header is None:
        return [], [_no_header(name)]
    wanted = {column: titles[place] for column, place in header.columns.items()}

    def batches(faults: list[dict]) -> Batches:
        first = 1
        try:
            # Unbuffered: a row group of ten million rows is not held at once.
            with parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20) as stream:
                for batch in stream.iter_batches(_BATCH_ROWS, columns=list(wanted.values())):
                    numbers = np.arange(first, first + batch.num_rows, dtype=np.int64)
                    first += batch.num_rows
                    yield numbers, {column: batch.column(title) for column, title in wanted.items()}
        except (pa.ArrowException, OSError):
            message = f"Tệp Parquet hỏng sau hồ sơ thứ {first - 1}; không dùng tệp này, hãy xin lại."
            faults.append(problem("error", "tep-hong", message, file=name, row=first))

    return [DossierTable(name, "", header, None, None, batches)], []


def _without_titles(table: DossierTable) -> Callable[[list[dict]], Batches]:
    """The table's batches without the titles that each printed page repeats and without rows that add dossiers up."""
    titles = {column: title for column, title in table.header.titles.items() if column != "has_identity"}

    def batches(faults: list[dict]) -> Batches:
        left_out: list[int] = []
        for numbers, raw in table.batches(faults):
            number = raw["number"]
            if not pa.types.is_string(number.type):
                yield numbers, raw
                continue
            text = pc.fill_null(pc.utf8_trim_whitespace(number), "")
            odd = pc.or_(pc.equal(text, titles["number"]), pc.match_substring_regex(text, _SUM))
            if pc.any(odd).as_py():
                kept = pc.invert(odd)
                left_out += numbers[odd.to_numpy(zero_copy_only=False)].tolist()
                numbers = numbers[kept.to_numpy(zero_copy_only=False)]
                raw = {column: cells.filter(kept) for column, cells in raw.items()}
            yield numbers, raw
        if left_out:
            message = f"{vn.format_number(len(left_out))} dòng lặp lại tiêu đề hoặc là dòng cộng, không phải hồ sơ, được bỏ qua."
            faults.append(
                problem("warning", "dong-la", message, file=table.name, sheet=table.sheet, row=left_out[0])
            )

    return batches


def _until(lines: Sequence[Sequence[object]]) -> date | None:
    """The last day that the title lines name; None where they name none that can be read."""
    for line in lines:
        text = vn.clean(" ".join(str(cell) for cell in line if cell not in ("", None)))
        for found in _UNTIL.finditer(text):
            try:
                return parse_day(found[1])
            except ValueError:
                continue
    return None
