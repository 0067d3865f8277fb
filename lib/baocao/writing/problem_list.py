"""The list of problems for people: on the terminal, as CSV for a spreadsheet, and as one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, system_reason
from baocao.readers.problems import CODES
from baocao.store.acceptance import find_acceptance
from baocao.writing.excel import format_csv
from baocao.writing.problem_page import problem_page

if TYPE_CHECKING:
    from rich.console import Console

MOST_ON_TERMINAL = 40
"""Problems of one file that a terminal shows; the rest is counted there, and listed in the CSV and the page."""

KINDS = {"error": "lỗi", "accepted": "được chấp nhận", "warning": "cảnh báo"}
"""What a problem is to a reader, gravest first: a warning that was an error, and was accepted, is told apart."""

CSV_NAME, HTML_NAME = "problems.csv", "problems.html"
_COLUMNS = ["Mức", "Tệp", "Trang", "Dòng", "Cột", "Giá trị", "Nội dung", "Mã lỗi", "Loại lỗi"]


@dataclass(frozen=True)
class Line:
    """One problem as it is shown: clean text, the row's number or None."""

    kind: str
    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    message: str
    code: str

    @property
    def label(self) -> str:
        """What the code means."""
        return CODES.get(self.code, self.code)

    @property
    def place(self) -> str:
        """Where inside the file: "trang «II.06», dòng 7, cột «value»"."""
        parts = (
            f"trang «{self.sheet}»" if self.sheet else "",
            f"dòng {self.row}" if self.row is not None else "",
            f"cột «{self.column}»" if self.column else "",
        )
        return ", ".join(part for part in parts if part) or "cả tệp"


def list_lines(problems: pd.DataFrame) -> list[Line]:
    """The problems as they are shown: files in the order of their first problem, errors first, then by place."""
    lines = [_line(row) for row in problems.to_dict("records")]
    files = {file: at for at, file in enumerate(dict.fromkeys(line.file for line in lines))}
    kinds = list(KINDS)

    def order(line: Line) -> tuple:
        return files[line.file], kinds.index(line.kind), line.sheet, line.row is not None, line.row or 0

    return sorted(lines, key=order)


def sum_up(lines: Sequence[Line]) -> str:
    """How many there are: "3 lỗi, 2 cảnh báo", with those accepted."""
    counts = Counter(line.kind for line in lines)
    if not lines:
        return "không có lỗi, không có cảnh báo"
    said = [f"{vn.format_number(counts['error'])} lỗi", f"{vn.format_number(counts['warning'])} cảnh báo"]
    if counts["accepted"]:
        said.append(f"{vn.format_number(counts['accepted'])} lỗi được chấp nhận")
    return ", ".join(said)


def print_problems(problems: pd.DataFrame, console: Console | None = None) -> None:
    """The problems grouped by file, and their sums, on standard output unless a console is given.

    A console that is no terminal gets one line for each problem, all of them. What stands in the files is printed as
    it is: neither markup nor control characters have any effect.
    """
    if console is None:
        from rich.console import Console

        console = Console()
    lines = list_lines(problems)
    if not console.is_terminal:
        for line in lines:
            text = f"{line.file or '-'}: {line.place}: {KINDS[line.kind]} [{line.code}]: {line.message}"
            console.out(text, highlight=False)
    else:
        for file, own in _by_file(lines):
            _print_file(file, own, console)
    console.out(f"Tổng cộng: {sum_up(lines)}.", highlight=False)


def write_problems(problems: pd.DataFrame, folder: Path) -> tuple[Path, Path]:
    """Writes problems.csv and problems.html to the folder, and returns their paths; each is replaced in one step.

    The CSV is UTF-8 with the mark that Excel needs, and none of its cells is a formula. The page needs nothing but
    itself. The same problems give the same bytes. UserError where the folder cannot be written to.
    """
    lines = list_lines(problems)
    rows = [
        (
            KINDS[one.kind],
            one.file,
            one.sheet,
            one.row,
            one.column,
            one.value,
            one.message,
            one.code,
            one.label,
        )
        for one in lines
    ]
    table = format_csv(pd.DataFrame(rows, columns=_COLUMNS, dtype=object))
    sections = [(file, sum_up(own), own) for file, own in _by_file(lines)]
    paths = folder / CSV_NAME, folder / HTML_NAME
    _write(paths[0], b"\xef\xbb\xbf" + table.encode("utf-8", "replace"))
    _write(paths[1], problem_page(lines, sections, sum_up(lines), KINDS).encode("utf-8", "replace"))
    return paths


def _line(row: dict) -> Line:
    accepted = row["severity"] == "warning" and find_acceptance(row["message"]) is not None
    text = {
        name: vn.clean(str(row[name])) for name in ("file", "sheet", "column", "value", "message", "code")
    }
    number = None if pd.isna(row["row"]) else int(row["row"])
    return Line(kind="accepted" if accepted else row["severity"], row=number, **text)


def _by_file(lines: Sequence[Line]) -> Iterator[tuple[str, list[Line]]]:
    files: dict[str, list[Line]] = {}
    for line in lines:
        files.setdefault(line.file, []).append(line)
    yield from files.items()


def _print_file(file: str, lines: list[Line], console: Console) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    looks = {"error": "bold red", "accepted": "cyan", "warning": "yellow"}
    table = Table(
        title=Text(f"{file or 'Không rõ tệp'}: {sum_up(lines)}", "bold"),
        title_justify="left",
        box=SIMPLE_HEAD,
    )
    table.add_column("Mức", no_wrap=True)
    table.add_column("Ở đâu", overflow="fold", max_width=30)
    table.add_column("Nội dung", overflow="fold", ratio=1)
    table.add_column("Mã lỗi", no_wrap=True)
    for line in lines[:MOST_ON_TERMINAL]:
        cells = (
            Text(KINDS[line.kind], looks[line.kind]),
            Text(line.place),
            Text(line.message),
            Text(line.code),
        )
        table.add_row(*cells)
    console.print(table)
    if len(lines) > MOST_ON_TERMINAL:
        more = vn.format_number(len(lines) - MOST_ON_TERMINAL)
        console.out(
            f"  … và {more} vấn đề nữa của tệp này: xem {CSV_NAME} hoặc {HTML_NAME}.", highlight=False
        )


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(content)
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink()
        raise UserError(
            f"Không ghi được tệp «{path.name}»: {system_reason(error)}; nếu tệp đang mở trong Excel, hãy đóng lại."
        ) from None
