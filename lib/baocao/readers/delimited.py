"""A delimited text file as it really arrives: which encoding, which delimiter, its first lines, its columns in batches.

Encodings: UTF-8 with or without BOM, UTF-16 in both byte orders, Windows-1258. Delimiters: comma, semicolon, tab, bar.
Nothing here holds a whole file: a file of any size, or of one endless line, is read or refused in bounded memory.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from baocao.definitions import UserError, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers.old_fonts import old_font
from baocao.readers.problems import problem

SUFFIXES = (".csv", ".tsv", ".txt")

_HEAD = 1 << 20
"""The first bytes, in which title lines and the header must stand."""
_BLOCK = 8 << 20
"""No row is longer than this many bytes: a longer one is a file without line ends, or a quote that is never closed."""
_LARGEST_TABLE = 64 << 20
"""The most bytes of a file whose rows are wanted all at once."""
_DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Batch:
    """Some rows of the wanted columns; a blank cell is null.

    rows  the number of each row as a spreadsheet shows it
    """

    rows: np.ndarray
    columns: list[pa.Array]


@dataclass(frozen=True, eq=False)
class Delimited:
    """A text file whose encoding and delimiter are known.

    head   its first records, blank ones included, so that `head[3]` is row 4 of a spreadsheet
    lines  for each record of the head, how many lines of text end with it (a cell may hold line ends)
    """

    path: Path
    name: str
    encoding: str
    delimiter: str
    head: list[list[str]]
    lines: list[int] = field(repr=False)

    def batches(self, after: int, wanted: Sequence[int], found: list[dict]) -> Iterator[Batch]:
        """The columns at the positions `wanted` of the rows below record `after` (0-based), in order.

        A row whose number of cells is not the header's is left out, with an error in `found`; text that cannot be
        read ends the batches with an error of code "tep-hong" or "dau-ngoac".
        """
        width = self._width(after)
        shift = after + 1 - self.lines[after]
        odd = _OddRows(self, self.head[after], shift, found)
        names = [str(at) for at in range(width)]
        first = after + 2
        try:
            reader = arrow_csv.open_csv(
                _Stream(self.path, self.encoding),
                read_options=arrow_csv.ReadOptions(
                    # One thread: only then a faulty row is told with its number.
                    use_threads=False,
                    block_size=_BLOCK,
                    encoding=self.encoding,
                    column_names=names,
                    skip_rows=self.lines[after],
                ),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=self.delimiter,
                    newlines_in_values=True,
                    ignore_empty_lines=False,
                    invalid_row_handler=odd.add,
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=[*(names[at] for at in wanted), *names[odd.titles :]],
                    column_types=dict.fromkeys(names, pa.string()),
                    strings_can_be_null=True,
                    null_values=[""],
                ),
            )
            for batch in reader:
                rows = odd.number(first, batch.num_rows)
                first = int(rows[-1]) + 1 if len(rows) else first
                yield odd.sound(Batch(rows, batch.columns), len(wanted))
                yield from odd.take(wanted)
        except (pa.ArrowInvalid, UnicodeError) as error:
            if "Empty CSV" not in str(error) and "Could not skip" not in str(error):
                found.append(self._refusal(error, first))
        finally:
            odd.close()
        yield from odd.take(wanted)

    def _width(self, after: int) -> int:
        """How many cells most rows have: as the header, or more where what is beyond it is blank."""
        title = len(self.head[after])
        longer = [len(row) for row in self.head[after + 1 :] if len(row) > title and not any(row[title:])]
        return max(set(longer), key=longer.count) if 2 * len(longer) > len(self.head) - after - 1 else title

    def _refusal(self, error: Exception, row: int) -> dict:
        if "straddling" in str(error):
            message = (
                f"Sau dòng {row - 1} có một dòng dài hơn {_BLOCK >> 20} MiB: tệp thiếu dấu xuống dòng hoặc có dấu "
                "ngoặc kép không đóng; không dùng tệp này, hãy xuất lại."
            )
            return problem("error", "dau-ngoac", message, file=self.name, row=row)
        message = (
            f"Từ sau dòng {row - 1} có chỗ không phải là văn bản {_ENCODING_NAMES[self.encoding]}; không dùng tệp này, "
            "hãy xuất lại thành «CSV UTF-8»."
        )
        return problem("error", "tep-hong", message, file=self.name, row=row)


_ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1258": "Windows-1258",
}


class _Stream(io.RawIOBase):
    """The bytes of a file up to a Ctrl-Z that ends it, read once; a UnicodeDecodeError where UTF-8 is none."""

    def __init__(self, path: Path, encoding: str):
        self._stream = path.open("rb")
        self._left = os.path.getsize(path) - _tail_of(path)
        self._decoder = codecs.getincrementaldecoder("utf-8")() if encoding == "utf-8" else None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(block)
        if self._decoder:
            self._decoder.decode(block, final=not block)
        return block

    def close(self) -> None:
        self._stream.close()
        super().close()


def _tail_of(path: Path) -> int:
    """How many bytes an end mark of DOS (Ctrl-Z) and what fills the file up behind it take; 0 where there is none."""
    with path.open("rb") as stream:
        stream.seek(max(os.path.getsize(path) - 4096, 0))
        end = stream.read()
    kept = end.rstrip(b"\x1a\0\r\n\t ")
    at = end.find(b"\x1a", len(kept))
    return len(end) - at if at >= 0 else 0


class _OddRows:
    """Rows with another number of cells: blank ones too many or too few do no harm, the others are faulty.

    Of faulty ones the first are listed, the others counted; their text is not kept.
    """

    _LISTED = 1000

    def __init__(self, text: Delimited, header: list[str], shift: int, found: list[dict]):
        self.text, self.shift, self.found = text, shift, found
        self.titles = len(header)
        self.needed = max((at for at, title in enumerate(header, start=1) if title.strip()), default=0)
        self.numbers: list[int] = []
        self.faulty = 0
        self.mended: list[tuple[int, list[str]]] = []

    def add(self, row: arrow_csv.InvalidRow) -> str:
        number = row.number + self.shift
        self.numbers.append(number)
        cells = next(csv.reader(io.StringIO(row.text, newline=""), delimiter=self.text.delimiter), [])
        if len(cells) >= self.needed and not any(cells[self.titles :]) and "\n" not in row.text.strip("\r\n"):
            self.mended.append((number, cells))
            return "skip"
        self._refuse(number, row.actual_columns, row.text.strip("\r\n").count("\n"))
        return "skip"

    def sound(self, batch: Batch, wanted: int) -> Batch:
        """The wanted columns of the rows that hold nothing beyond the header; the others are faulty."""
        columns, beyond = batch.columns[:wanted], batch.columns[wanted:]
        faulty = np.zeros(len(batch.rows), bool)
        for cells in beyond:
            faulty |= cells.is_valid().to_numpy(zero_copy_only=False)
        if not faulty.any():
            return Batch(batch.rows, columns)
        for number in batch.rows[faulty].tolist():
            self._refuse(number, self.titles + len(beyond), 0)
        kept = pa.array(~faulty)
        return Batch(batch.rows[~faulty], [cells.filter(kept) for cells in columns])

    def _refuse(self, row: int, cells: int, line_ends: int) -> None:
        self.faulty += 1
        if self.faulty > self._LISTED:
            return
        code, message = "so-o", f"Dòng có {cells} ô, tiêu đề có {self.titles} ô; không dùng dòng này."
        if line_ends:
            code = "dau-ngoac"
            message = (
                f"Dấu ngoặc kép không đúng cách: từ đây {line_ends + 1} dòng bị đọc thành một dòng {cells} ô, tiêu đề có "
                f"{self.titles} ô; không dùng các dòng này."
            )
        self.found.append(problem("error", code, message, file=self.text.name, row=row))

    def number(self, first: int, count: int) -> np.ndarray:
        """The numbers of the next `count` rows in order from `first` on, odd ones left out."""
        good = np.arange(first, first + count, dtype=np.int64)
        odd = np.array(self.numbers[bisect_left(self.numbers, first) :], dtype=np.int64)
        return good + np.searchsorted(odd - np.arange(len(odd)), good, side="right")

    def take(self, wanted: Sequence[int]) -> Iterator[Batch]:
        """The rows that do no harm, of those met since the last time."""
        mended, self.mended = self.mended, []
        if mended:
            cells = ([row[at] or None if at < len(row) else None for _, row in mended] for at in wanted)
            numbers = np.array([number for number, _ in mended], dtype=np.int64)
            yield Batch(numbers, [pa.array(column, pa.string()) for column in cells])

    def close(self) -> None:
        """Says how many are faulty in all, when not all were listed."""
        if self.faulty > self._LISTED:
            message = (
                f"Có tất cả {vn.format_number(self.faulty)} dòng có số ô khác tiêu đề, chỉ nêu "
                f"{vn.format_number(self._LISTED)} dòng đầu."
            )
            self.found.append(problem("error", "so-o", message, file=self.text.name))


def open_delimited(path: Path, name: str = "") -> tuple[Delimited | None, list[dict]]:
    """The text file, ready to be read; None, with an error that says why, when it is no such file.

    Raises UserError only for a path that cannot be read.
    """
    name = name or path.name
    try:
        with path.open("rb") as stream:
            start = stream.read(_HEAD)
            whole = len(start) < _HEAD
            encoding = _encoding(start, stream)
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp «{name}»: {system_reason(error)}; hãy xem lại đường dẫn."
        ) from None
    if not start.strip(b"\x00 \t\r\n\x1a\xef\xbb\xbf\xff\xfe"):
        return None, [problem("error", "tep-trong", "Tệp trống, không có chữ nào.", file=name)]
    # A damaged letter does not hide the header; the reading of the rows comes upon it and tells.
    text = codecs.getincrementaldecoder(encoding)("replace").decode(start, whole)
    if "\0" in text.rstrip("\0\x1a"):
        message = "Tệp không phải là văn bản; hãy xuất lại thành «CSV UTF-8» hoặc tệp Excel."
        return None, [problem("error", "tep-hong", message, file=name)]
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if whole:
        text = text.rstrip("\x1a")
    else:
        text = text[: text.rfind("\n") + 1]
        if not text:
            message = (
                f"Dòng đầu dài hơn {_HEAD >> 20} MiB, tệp thiếu dấu xuống dòng; không đọc, hãy xuất lại tệp."
            )
            return None, [problem("error", "tep-hong", message, file=name, row=1)]
    delimiter, head, lines = max(
        ((one, *_records(text, one)) for one in _DELIMITERS),
        key=lambda read: max((sum(map(bool, record)) for record in read[1]), default=0),
    )
    return Delimited(path, name, encoding, delimiter, head, lines), []


def read_rows(path: Path, name: str = "") -> tuple[list[list[str]], list[dict]]:
    """All records of a file of moderate size, blank ones included, and its problems; no records when there is an error."""
    text, found = open_delimited(path, name)
    if text is None:
        return [], found
    if (size := os.path.getsize(path)) > _LARGEST_TABLE:
        message = (
            f"Tệp có {size >> 20} MiB, quá lớn cho một bảng số liệu (không quá {_LARGEST_TABLE >> 20} MiB)."
        )
        return [], [problem("error", "tep-hong", message, file=text.name)]
    rows: list[list[str]] = []
    try:
        content = path.read_bytes()[: size - _tail_of(path)]
        rows.extend(_split(content.decode(text.encoding), text.delimiter))
        if text.encoding == "cp1258" and old_font(
            western := [*_split(content.decode("latin-1"), text.delimiter)]
        ):
            return western, []  # bytes of an old font, which only look like those of Windows-1258
    except csv.Error as error:
        message = f"Dấu ngoặc kép không đúng cách ({error}), từ đây trở đi không đọc được."
        return [], [problem("error", "dau-ngoac", message, file=text.name, row=len(rows) + 1)]
    except UnicodeError:
        message = (
            f"Có chỗ không phải là văn bản {_ENCODING_NAMES[text.encoding]}; hãy lưu lại thành «CSV UTF-8»."
        )
        return [], [problem("error", "tep-hong", message, file=text.name)]
    return rows, []


def _split(content: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(content.lstrip("\ufeff"), newline=""), delimiter=delimiter, strict=True)


def _encoding(start: bytes, rest) -> str:
    """The encoding, by the BOM, the zeros of UTF-16, or the first bytes that are not ASCII."""
    for mark, encoding in _BOMS:
        if start.startswith(mark):
            return encoding
    sample = np.frombuffer(start[: 1 << 12], dtype=np.uint8)
    zeros = [np.count_nonzero(sample[side::2] == 0) for side in (0, 1)]
    if max(zeros) > len(sample) // 8 and min(zeros) == 0:
        return "utf-16-be" if zeros[0] else "utf-16-le"
    block, last = start, b""
    while block and block.isascii():
        last, block = block[-4:], rest.read(1 << 20)
    try:
        codecs.getincrementaldecoder("utf-8")().decode(last + block)
    except UnicodeDecodeError as error:
        # A letter of UTF-8 before the fault: a damaged file, not one of another encoding.
        return "cp1258" if (last + block)[: error.start].isascii() else "utf-8"
    return "utf-8"


def _records(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    """The records of the text, up to a fault of its quotes, and how many lines end with each."""
    records: list[list[str]] = []
    lines: list[int] = []
    reader = csv.reader(io.StringIO(text, newline="\n"), delimiter=delimiter)
    try:
        for record in reader:
            records.append(record)
            lines.append(reader.line_num)
            if len(records) == 100:
                break
    except csv.Error:
        pass
    return records, lines
