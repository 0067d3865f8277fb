"""The list of problems for people: on the terminal, as CSV for a spreadsheet, and as one HTML page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions import write_file
from baocao.readers import CODES
from baocao.store import sentence_of
from baocao.writing.excel import format_csv
from baocao.writing.html_page import capital, choice, escape_html, list_form, list_head, page

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
    write_file(paths[0], b"\xef\xbb\xbf" + table.encode("utf-8", "replace"))
    write_file(paths[1], problem_page(lines, sections, sum_up(lines), KINDS).encode("utf-8", "replace"))
    return paths


def _line(row: dict) -> Line:
    text = {name: vn.clean(str(row[name])) for name in ("file", "sheet", "column", "value", "code")}
    text["message"] = vn.clean(sentence_of(row))
    accepted = bool(row["accepted_because"])
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


# --------------------------------------------------------------------------------------------------
# The page of problems: one HTML file that needs nothing but itself, readable on a screen and on paper.
#
# It can be read without its script; with it, rows are sorted and filtered (`html_page`).


TITLE = "Kết quả kiểm tra số liệu"
_MARKS = {"error": "■", "accepted": "◆", "warning": "▲"}
"""Kinds are told apart on a black and white print, too."""

_STYLE = """
.gon { width: auto; min-width: 30rem; }
.muc { font-weight: bold; overflow-wrap: normal; }
.error .muc, b.error { color: #a4161a; }
.accepted .muc, b.accepted { color: #1d4e89; }
.warning .muc, b.warning { color: #7a4d00; }
#ds td:nth-child(2), #ds .ma { font-size: .85rem; }
@media print { .gon { width: auto; } }
"""

_WIDTHS = (("Mức", 10), ("Tệp", 16), ("Trang", 9), ("Dòng", 7), ("Cột", 11), ("Nội dung", 37), ("Mã lỗi", 10))


def problem_page(
    lines: Sequence[Line],
    files: Sequence[tuple[str, str, Sequence[Line]]],
    total: str,
    kinds: Mapping[str, str],
) -> str:
    """The page as text: the same for the same problems.

    lines  in the order of the table
    files  name, sums in words and lines of each
    total  the sums of all in words
    kinds  what each kind of problem is called
    """
    body = [
        f"<p><strong>{escape_html(capital(total))}.</strong> {_verdict(lines)}</p>",
        *(_summary(lines, files, kinds) if lines else ()),
        *(_list(lines, kinds) if lines else ()),
    ]
    return page(TITLE, body, style=_STYLE, listed=bool(lines))


def _verdict(lines: Sequence[Line]) -> str:
    kinds = {line.kind for line in lines}
    if "error" in kinds:
        return (
            "Còn lỗi thì không nạp được số liệu, không lập được báo cáo: hãy sửa tệp ở nơi cung cấp rồi nạp lại, "
            "hoặc chấp nhận có lý do bằng "
            '<span class="ma">--accept MÃ-LỖI --because &quot;lý do, ai quyết định&quot;</span>.'
        )
    if "accepted" in kinds:
        return "Lập được báo cáo; phụ lục của báo cáo sẽ nêu lỗi được chấp nhận và cảnh báo."
    return "Lập được báo cáo; cảnh báo được nêu trong phụ lục." if kinds else "Lập được báo cáo."


def _summary(
    lines: Sequence[Line], files: Sequence[tuple[str, str, Sequence[Line]]], kinds: Mapping[str, str]
) -> list[str]:
    rows = [
        f"<tr><td>{escape_html(name or 'Không rõ tệp')}</td>{_counts(own, kinds)}</tr>"
        for name, _, own in files
    ]
    codes: dict[str, list[Line]] = {}
    for line in lines:
        codes.setdefault(line.code, []).append(line)
    ordered = sorted(codes.items(), key=lambda item: (-sum(one.kind == "error" for one in item[1]), item[0]))
    of_codes = [
        f'<tr><td>{escape_html(own[0].label)}</td><td class="ma">{escape_html(code)}</td>{_counts(own, kinds)}</tr>'
        for code, own in ordered
    ]
    numbers = "".join(
        f'<th scope="col" class="so">{escape_html(capital(one))}</th>' for one in kinds.values()
    )
    return [
        "<h2>Theo tệp</h2>", '<table class="gon">', f'<thead><tr><th scope="col">Tệp</th>{numbers}</tr></thead>',
        "<tbody>", *rows, "</tbody>", "</table>", "<h2>Theo loại lỗi</h2>", '<table class="gon">',
        f'<thead><tr><th scope="col">Loại lỗi</th><th scope="col">Mã lỗi</th>{numbers}</tr></thead>',
        "<tbody>", *of_codes, "</tbody>", "</table>",
    ]  # fmt: skip


def _counts(lines: Sequence[Line], kinds: Mapping[str, str]) -> str:
    counts = Counter(line.kind for line in lines)
    return "".join(
        f'<td class="so">{vn.format_number(counts[kind]) if counts[kind] else ""}</td>' for kind in kinds
    )


def _list(lines: Sequence[Line], kinds: Mapping[str, str]) -> list[str]:
    files = dict.fromkeys(line.file for line in lines)
    codes = dict.fromkeys((line.code, line.label) for line in lines)
    return [
        "<h2>Danh sách</h2>",
        *list_form(
            choice("muc", "Mức", [(kind, label) for kind, label in kinds.items()]),
            choice("tep", "Tệp", [(file, file or "Không rõ tệp") for file in files]),
            choice("ma", "Loại lỗi", sorted(codes, key=lambda one: vn.sort_key(one[1]))),
        ),
        *list_head("vấn đề", _WIDTHS), "<tbody>", *(_row(line, kinds) for line in lines), "</tbody>", "</table>",
    ]  # fmt: skip


def _row(line: Line, kinds: Mapping[str, str]) -> str:
    order = list(kinds).index(line.kind)
    value = f" <small>(giá trị: {escape_html(line.value)})</small>" if line.value else ""
    number = "" if line.row is None else line.row
    return (
        f'<tr class="{line.kind}" data-muc="{line.kind}" data-tep="{escape_html(line.file)}" data-ma="{escape_html(line.code)}">'
        f'<td class="muc" data-thu-tu="{order}">{_MARKS[line.kind]} {escape_html(capital(kinds[line.kind]))}</td>'
        f'<td>{escape_html(line.file)}</td><td>{escape_html(line.sheet)}</td><td class="so">{number}</td>'
        f'<td class="ma">{escape_html(line.column).replace("_", "_<wbr>")}</td><td>{escape_html(line.message)}{value}</td>'
        f'<td class="ma" title="{escape_html(line.label)}">{escape_html(line.code)}</td></tr>'
    )
