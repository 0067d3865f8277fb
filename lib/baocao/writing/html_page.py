"""What our self-contained HTML pages share: frame, style, a list that can be searched, filtered and sorted.

A page needs nothing but itself, can be read without its script and printed. With the script, the address after "#"
says how its list is filtered and sorted, so that an address leads to a chosen view. Everything that comes from data
goes through `escape`.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Sequence

from baocao.definitions import vietnamese as vn

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
.loc { display: flex; flex-wrap: wrap; gap: .6rem 1rem; align-items: end; margin: .5rem 0; }
.loc[hidden] { display: none; }
.loc label { display: flex; flex-direction: column; font-size: .9rem; }
.loc .rong { flex: 1 1 16rem; }
input, select, button { font: inherit; padding: .25rem .4rem; }
.loc input, .loc select, .loc button { height: 2.1rem; margin: 0; }
select { max-width: 26rem; }
th [role=button] { cursor: pointer; display: block; }
:focus-visible { outline: 3px solid #1d4e89; outline-offset: 1px; }
th[aria-sort=ascending] span::after { content: " ▲"; }
th[aria-sort=descending] span::after { content: " ▼"; }
#ds { table-layout: fixed; }
@media screen { #ds thead th { position: sticky; top: 0; } }
@media print {
  @page { size: A4 landscape; margin: 15mm; }
  body { padding: 0 1px; font-size: 11pt; max-width: none; }
  .loc { display: none; }
  table { width: 99.5%; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  th, td { border-color: #555; }
}
""".strip()

# The items of the list are the elements with `data-muc`: rows, or groups of rows whose first row has the columns.
# An item fits a choice when its attribute of that name, or its `data-nhom`, is the choice.
_LIST_SCRIPT = """
(function () {
  "use strict";
  var table = document.getElementById("ds"), heads = table.tHead.rows[0].cells;
  var items = Array.prototype.slice.call(table.querySelectorAll("[data-muc]")), body = items[0].parentNode;
  var find = document.getElementById("tim"), shown = document.getElementById("con");
  var choices = Array.prototype.slice.call(document.querySelectorAll("#loc select"));
  var sorted = { column: -1, down: false };
  function fold(text) {
    return text.toLowerCase().normalize("NFD").replace(/[\\u0300-\\u036f]/g, "").replace(/đ/g, "d");
  }
  var texts = items.map(function (item) { return fold(item.textContent); });
  function filter() {
    var words = fold(find.value).split(/\\s+/).filter(Boolean), whole = words.join(" "), count = 0;
    if (texts.some(function (text) { return text.indexOf(whole) >= 0; })) words = [whole];
    items.forEach(function (item, at) {
      var keep = choices.every(function (one) {
        return !one.value || item.getAttribute("data-" + one.id) === one.value ||
          item.getAttribute("data-nhom") === one.value;
      }) && words.every(function (word) { return texts[at].indexOf(word) >= 0; });
      item.hidden = !keep;
      if (keep) count += 1;
    });
    shown.textContent = "Đang hiện " + count.toLocaleString("vi-VN") + " trên " +
      items.length.toLocaleString("vi-VN") + " " + table.getAttribute("data-ten") + ".";
    document.dispatchEvent(new Event("daloc"));
  }
  function sort() {
    var ordered = items.slice(), column = sorted.column;
    if (column >= 0) {
      var order = new Intl.Collator("vi", { numeric: true });
      var keys = new Map(items.map(function (item) {
        var cell = (item.rows ? item.rows[0] : item).cells[column];
        return [item, cell.getAttribute("data-thu-tu") || cell.textContent];
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
    ordered.forEach(function (item) { all.appendChild(item); });
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
  document.getElementById("loc").addEventListener("submit", function (event) { event.preventDefault(); });
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


def page(title: str, body: Sequence[str], *, style: str = "", script: str = "", listed: bool = True) -> str:
    """A whole page as text: the same for the same parts.

    body    HTML, every text of data in it escaped
    style   the page's own, after the common one
    script  the page's own, run before the one of the list
    listed  whether the body holds a list (`list_form`, a table `ds` with items); no script runs where it has none
    """
    run = "\n".join(part for part in (script.strip(), _LIST_SCRIPT) if part)
    run_hash = base64.b64encode(hashlib.sha256(run.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{run_hash}'; base-uri 'none'; form-action 'none'"
    styles = "\n".join(part for part in (_STYLE, style.strip()) if part)
    content = [
        "<!DOCTYPE html>", '<html lang="vi">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title>", f"<style>\n{styles}\n</style>", "</head>", "<body>", f"<h1>{title}</h1>",
        *body,
        *((f"<script>{run}</script>",) if listed else ()),
        "</body>", "</html>", "",
    ]  # fmt: skip
    return "\n".join(content)


def list_form(*choices: str) -> list[str]:
    """The search box, the choices (`choice`) and the line that says how many items are shown."""
    return [
        '<form id="loc" class="loc" hidden>',
        '<label class="rong">Tìm chữ (không cần dấu)<input id="tim" type="search" autocomplete="off"></label>',
        *choices,
        '<button id="bo" type="button">Bỏ lọc</button>',
        "</form>",
        '<p id="con" role="status"></p>',
    ]


def list_head(item: str, columns: Sequence[tuple[str, float]]) -> list[str]:
    """The opening of the list's table: what an item is called, and the columns with their widths in percent."""
    heads = "".join(f'<th scope="col" style="width:{width}%">{name}</th>' for name, width in columns)
    return [f'<table id="ds" data-ten="{item}">', f"<thead><tr>{heads}</tr></thead>"]


def choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    """A list to choose one from: the attribute `data-<name>` of the items, its label, values and their texts."""
    written = "".join(
        f'<option value="{escape_html(value)}">{escape_html(text)}</option>' for value, text in options
    )
    return f'<label>{label}<select id="{name}"><option value="">Tất cả</option>{written}</select></label>'


def capital(text: str) -> str:
    """The text with its first letter as at the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def escape_html(text: object) -> str:
    """Text from data as HTML: every character that could be markup escaped, nothing invisible."""
    return html.escape(vn.clean(str(text)), quote=True)
