"""The page of problems: one HTML file that needs nothing but itself, readable on a screen and on paper.

It can be read without its script; with it, rows are sorted and filtered, and the address after "#" says how, so
that an address leads to a chosen view. Everything that comes from data is escaped here, in one function.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from baocao import vn

if TYPE_CHECKING:
    from baocao.problem_report import Line

TITLE = "Kết quả kiểm tra số liệu"
_MARKS = {"error": "■", "accepted": "◆", "warning": "▲"}
"""Kinds are told apart on a black and white print, too."""

_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 90rem; padding: 1.2rem 1.5rem 3rem; color: #1a1a1a; background: #fff;
  font: 16px/1.45 "Times New Roman", Tinos, "Liberation Serif", serif; }
h1 { margin: 0 0 .2rem; font-size: 1.6rem; }
h2 { margin: 1.6rem 0 .4rem; font-size: 1.2rem; }
p { margin: .3rem 0; max-width: 60rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #b5b5b5; padding: .3rem .5rem; text-align: left; vertical-align: top; }
thead th { background: #e9edf2; }
td { overflow-wrap: anywhere; }
.so { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.ma { font-family: "DejaVu Sans Mono", Consolas, monospace; font-size: .85rem; }
.gon { width: auto; min-width: 30rem; }
.muc { font-weight: bold; overflow-wrap: normal; }
.error .muc, b.error { color: #a4161a; }
.accepted .muc, b.accepted { color: #1d4e89; }
.warning .muc, b.warning { color: #7a4d00; }
.loc { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .5rem 0; }
.loc[hidden] { display: none; }
.loc label { display: flex; flex-direction: column; font-size: .9rem; }
.loc .rong { flex: 1 1 16rem; }
input, select, button { font: inherit; padding: .25rem .4rem; }
select { max-width: 26rem; }
th [role=button] { cursor: pointer; display: block; }
th [role=button]:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid #1d4e89; outline-offset: 1px; }
th[aria-sort=ascending] span::after { content: " ▲"; }
th[aria-sort=descending] span::after { content: " ▼"; }
#ds { table-layout: fixed; }
#ds td:nth-child(2), #ds .ma { font-size: .85rem; }
@media screen { #ds thead th { position: sticky; top: 0; } }
@media print {
  @page { size: A4 landscape; margin: 15mm; }
  body { padding: 0 1px; font-size: 11pt; max-width: none; }
  .loc { display: none; }
  table { width: 99.5%; }
  .gon { width: auto; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { border-color: #555; }
}
""".strip()

_SCRIPT = """
(function () {
  "use strict";
  var table = document.getElementById("ds"), body = table.tBodies[0];
  var rows = Array.prototype.slice.call(body.rows), heads = table.tHead.rows[0].cells;
  var find = document.getElementById("tim"), shown = document.getElementById("con");
  var choices = ["muc", "tep", "ma"].map(function (id) { return document.getElementById(id); });
  var sorted = { column: -1, down: false };
  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\\u0300-\\u036f]/g, "").replace(/đ/g, "d");
  }
  var texts = rows.map(function (row) { return fold(row.textContent); });
  function filter() {
    var words = fold(find.value).split(/\\s+/).filter(Boolean), count = 0;
    rows.forEach(function (row, at) {
      var keep = choices.every(function (one) {
        return !one.value || row.getAttribute("data-" + one.id) === one.value;
      }) && words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      row.hidden = !keep;
      if (keep) count += 1;
    });
    shown.textContent = "Đang hiện " + count.toLocaleString("vi-VN") + " trên " +
      rows.length.toLocaleString("vi-VN") + " vấn đề.";
  }
  function sort() {
    var ordered = rows.slice(), column = sorted.column;
    if (column >= 0) {
      var order = new Intl.Collator("vi", { numeric: true });
      var keys = new Map(rows.map(function (row) {
        var cell = row.cells[column];
        return [row, cell.getAttribute("data-thu-tu") || cell.textContent];
      }));
      ordered.sort(function (a, b) {
        var less = order.compare(keys.get(a), keys.get(b));
        return sorted.down ? -less : less;
      });
    }
    Array.prototype.forEach.call(heads, function (head, at) {
      if (at === column) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    var all = document.createDocumentFragment();
    ordered.forEach(function (row) { all.appendChild(row); });
    body.appendChild(all);
  }
  function remember() {
    var address = new URLSearchParams();
    if (find.value) address.set("tim", find.value);
    choices.forEach(function (one) { if (one.value) address.set(one.id, one.value); });
    if (sorted.column >= 0) address.set("xep", (sorted.down ? "-" : "") + (sorted.column + 1));
    try { history.replaceState(null, "", "#" + address); } catch (error) { /* a page opened from a file may not */ }
  }
  function recall() {
    var address = new URLSearchParams(location.hash.slice(1)), by = parseInt(address.get("xep") || "0", 10);
    find.value = address.get("tim") || "";
    choices.forEach(function (one) { one.value = address.get(one.id) || ""; if (one.selectedIndex < 0) one.value = ""; });
    sorted = { column: Math.abs(by) <= heads.length ? Math.abs(by) - 1 : -1, down: by < 0 };
    sort();
    filter();
  }
  Array.prototype.forEach.call(heads, function (head, at) {
    var button = document.createElement("span");  // a real button is not repeated on the pages of a print
    button.setAttribute("role", "button");
    button.tabIndex = 0;
    button.textContent = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    function turn() {
      sorted = { column: at, down: sorted.column === at && !sorted.down };
      sort();
      remember();
    }
    button.addEventListener("click", turn);
    button.addEventListener("keydown", function (event) {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); turn(); }
    });
  });
  [find].concat(choices).forEach(function (one) {
    one.addEventListener("input", function () { filter(); remember(); });
  });
  document.getElementById("bo").addEventListener("click", function () {
    find.value = "";
    choices.forEach(function (one) { one.value = ""; });
    filter();
    remember();
  });
  window.addEventListener("hashchange", recall);
  document.getElementById("loc").hidden = false;
  recall();
})();
""".strip()

_WIDTHS = (("Mức", 10), ("Tệp", 16), ("Trang", 9), ("Dòng", 7), ("Cột", 11), ("Nội dung", 37), ("Mã lỗi", 10))


def page(
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
    script_hash = base64.b64encode(hashlib.sha256(_SCRIPT.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{script_hash}'; base-uri 'none'"
    )
    content = [
        "<!DOCTYPE html>", '<html lang="vi">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{TITLE}</title>", f"<style>\n{_STYLE}\n</style>", "</head>", "<body>", f"<h1>{TITLE}</h1>",
        f"<p><strong>{_text(_capital(total))}.</strong> {_verdict(lines)}</p>",
        *(_summary(lines, files, kinds) if lines else ()),
        *(_list(lines, kinds) if lines else ()),
        *((f"<script>{_SCRIPT}</script>",) if lines else ()),
        "</body>", "</html>", "",
    ]  # fmt: skip
    return "\n".join(content)


def _capital(text: str) -> str:
    """The text with its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _text(text: object) -> str:
    """Text from data as HTML: every character that could be markup escaped, nothing invisible."""
    return html.escape(vn.clean(str(text)), quote=True)


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
        f"<tr><td>{_text(name or 'Không rõ tệp')}</td>{_counts(own, kinds)}</tr>" for name, _, own in files
    ]
    codes: dict[str, list[Line]] = {}
    for line in lines:
        codes.setdefault(line.code, []).append(line)
    ordered = sorted(codes.items(), key=lambda item: (-sum(one.kind == "error" for one in item[1]), item[0]))
    of_codes = [
        f'<tr><td>{_text(own[0].label)}</td><td class="ma">{_text(code)}</td>{_counts(own, kinds)}</tr>'
        for code, own in ordered
    ]
    numbers = "".join(f'<th scope="col" class="so">{_text(_capital(one))}</th>' for one in kinds.values())
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
    heads = "".join(f'<th scope="col" style="width:{width}%">{name}</th>' for name, width in _WIDTHS)
    return [
        "<h2>Danh sách</h2>",
        '<form id="loc" class="loc" hidden>',
        '<label class="rong">Tìm chữ (không cần dấu)<input id="tim" type="search" autocomplete="off"></label>',
        _choice("muc", "Mức", [(kind, label) for kind, label in kinds.items()]),
        _choice("tep", "Tệp", [(file, file or "Không rõ tệp") for file in files]),
        _choice("ma", "Loại lỗi", sorted(codes, key=lambda one: vn.sort_key(one[1]))),
        '<button id="bo" type="button">Bỏ lọc</button>',
        "</form>",
        '<p id="con" role="status"></p>',
        '<table id="ds">', f"<thead><tr>{heads}</tr></thead>", "<tbody>",
        *(_row(line, kinds) for line in lines), "</tbody>", "</table>",
    ]  # fmt: skip


def _choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    written = "".join(f'<option value="{_text(value)}">{_text(text)}</option>' for value, text in options)
    return f'<label>{label}<select id="{name}"><option value="">Tất cả</option>{written}</select></label>'


def _row(line: Line, kinds: Mapping[str, str]) -> str:
    order = list(kinds).index(line.kind)
    value = f" <small>(giá trị: {_text(line.value)})</small>" if line.value else ""
    number = "" if line.row is None else line.row
    return (
        f'<tr class="{line.kind}" data-muc="{line.kind}" data-tep="{_text(line.file)}" data-ma="{_text(line.code)}">'
        f'<td class="muc" data-thu-tu="{order}">{_MARKS[line.kind]} {_text(_capital(kinds[line.kind]))}</td>'
        f'<td>{_text(line.file)}</td><td>{_text(line.sheet)}</td><td class="so">{number}</td>'
        f'<td class="ma">{_text(line.column).replace("_", "_<wbr>")}</td><td>{_text(line.message)}{value}</td>'
        f'<td class="ma" title="{_text(line.label)}">{_text(line.code)}</td></tr>'
    )
