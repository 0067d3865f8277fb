"""The page of problems: one HTML file that needs nothing but itself, readable on a screen and on paper.

It can be read without its script; with it, rows are sorted and filtered (`html_page`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from baocao.definitions import vietnamese as vn
from baocao.writing.html_page import capital, choice, escape, list_form, list_head, page

if TYPE_CHECKING:
    from baocao.writing.problem_list import Line

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
        f"<p><strong>{escape(capital(total))}.</strong> {_verdict(lines)}</p>",
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
        f"<tr><td>{escape(name or 'Không rõ tệp')}</td>{_counts(own, kinds)}</tr>" for name, _, own in files
    ]
    codes: dict[str, list[Line]] = {}
    for line in lines:
        codes.setdefault(line.code, []).append(line)
    ordered = sorted(codes.items(), key=lambda item: (-sum(one.kind == "error" for one in item[1]), item[0]))
    of_codes = [
        f'<tr><td>{escape(own[0].label)}</td><td class="ma">{escape(code)}</td>{_counts(own, kinds)}</tr>'
        for code, own in ordered
    ]
    numbers = "".join(f'<th scope="col" class="so">{escape(capital(one))}</th>' for one in kinds.values())
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
    value = f" <small>(giá trị: {escape(line.value)})</small>" if line.value else ""
    number = "" if line.row is None else line.row
    return (
        f'<tr class="{line.kind}" data-muc="{line.kind}" data-tep="{escape(line.file)}" data-ma="{escape(line.code)}">'
        f'<td class="muc" data-thu-tu="{order}">{_MARKS[line.kind]} {escape(capital(kinds[line.kind]))}</td>'
        f'<td>{escape(line.file)}</td><td>{escape(line.sheet)}</td><td class="so">{number}</td>'
        f'<td class="ma">{escape(line.column).replace("_", "_<wbr>")}</td><td>{escape(line.message)}{value}</td>'
        f'<td class="ma" title="{escape(line.label)}">{escape(line.code)}</td></tr>'
    )
