"""The page beside the ledger: every document of the output folder with its outcome and links, for people.

It can be read without its script; with it, rows are searched, filtered and sorted (`html_page`), and hashes unfolded
and copied. Links are relative, so that the folder can be moved or sent as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import quote

from baocao.definitions import Period, UserError
from baocao.definitions import vietnamese as vn
from baocao.publishing.folders import REFUSED
from baocao.publishing.outcomes import (
    BUILT,
    KEPT,
    NO_DATA,
    NOTICE,
    OUTCOME_LABELS,
    UNCHANGED,
    recounted_share,
    recounted_total,
)
from baocao.writing import capital, choice, escape_html, list_form, list_head, page

PAGE = "index.html"
TITLE = "Sổ theo dõi văn bản"

_COLUMNS = (
    ("Kết quả", 11), ("Đơn vị", 20), ("Kỳ", 9.5), ("Báo cáo", 25), ("Mở văn bản", 12), ("Đếm lại từ kho số liệu", 9.5), ("Giây", 5), ("Mã băm", 8),
)  # fmt: skip
_STAYS = "Bản cũ: văn bản lập trước đây vẫn giữ, lần lập mới bị từ chối vì:"
_MOST_NAMES = 3
_SHORT = 8
_KINDS = {"pdf": "PDF", "html": "HTML", "ipynb": "Sổ tính"}
_ALWAYS = (BUILT, UNCHANGED, NO_DATA)
_MARKS = {BUILT: ("●", "lap"), UNCHANGED: ("○", "giu"), NO_DATA: ("◇", "trong"), KEPT: ("▲", "trong")}
"""Sign and look of an outcome; all others are failures. The sign tells them apart on a black and white print."""
_FAILED = ("■", "loi")
_IN_ROWS = {BUILT: "đã lập", UNCHANGED: "không đổi", KEPT: "bản cũ"}  # the sums at the top say the rest

Line = Mapping[str, Any]


def ledger_page(lines: Sequence[Line]) -> str:
    """The page of these lines of the ledger: the same for the same lines. Missing documents and kept ones come first."""
    body = [
        f'<p class="ket-luan {"thieu" if any(not _delivered(line) for line in lines) else "du"}">{_verdict(lines)}</p>',
        *_recounted(lines),
        *(_sums(lines) if lines else ()),
        *(_list(lines) if lines else ()),
        *_about(lines),
    ]
    return page(TITLE, body, style=STYLE, script=SCRIPT, listed=bool(lines))


def _verdict(lines: Sequence[Line]) -> str:
    lacking = [line for line in lines if not _delivered(line)]
    kept = sum(line["outcome"] == KEPT for line in lacking)
    missing = len(lacking) - kept
    periods = dict.fromkeys(_period_name(line["period"]) for line in lines)
    when = f", {escape_html(next(iter(periods)))}" if len(periods) == 1 else ""
    total = vn.format_number(len(lines))
    if not lines:
        return "<strong>Chưa có văn bản nào.</strong>"
    if not lacking:
        return f"<strong>Đủ {total} văn bản{when}.</strong> Mọi con số đã được đối chiếu với sổ tính."
    parts = [f"còn thiếu {vn.format_number(missing)}"] if missing else []
    parts += [f"có {vn.format_number(kept)} bản cũ"] if kept else []
    return (
        f"<strong>{capital(', '.join(parts))} trên {total} văn bản{when}.</strong> Lý do ghi ngay dưới "
        "từng văn bản ấy. Xử lý xong thì chạy lại đúng lệnh đã dùng: chỉ lập lại văn bản còn thiếu hoặc có thay đổi."
    )


def _recounted(lines: Sequence[Line]) -> list[str]:
    """How many figures of the documents that are there were counted again from the facts."""
    counts = [(line.get("recounted"), line.get("figures")) for line in lines if _delivered(line)]
    return [f"<p>{recounted_total(counts)}</p>"] if counts else []


def _sums(lines: Sequence[Line]) -> list[str]:
    """A button for each outcome, which filters by it: what always is counted, and each failure that occurs."""
    counts = Counter(line["outcome"] for line in lines)
    tiles = [f'<span class="o"><b>{vn.format_number(len(lines))}</b> tổng số</span>']
    for outcome in _outcomes(counts):
        mark, look = _MARKS.get(outcome, _FAILED)
        tiles.append(
            f'<button type="button" class="o {look}" data-chon="{escape_html(outcome)}">'
            f"<b>{vn.format_number(counts[outcome])}</b> <i>{mark}</i> {escape_html(_label(outcome))}</button>"
        )
    return ['<div class="tong" role="group" aria-label="Tổng số theo kết quả">', *tiles, "</div>"]


def _outcomes(found: Mapping[str, int]) -> list[str]:
    """Outcomes in the order of their labels; failures only where there are any, unknown ones at the end."""
    known = [outcome for outcome in OUTCOME_LABELS if outcome in _ALWAYS or outcome in found]
    return known + sorted(found.keys() - set(known))


def _list(lines: Sequence[Line]) -> list[str]:
    outcomes = _outcomes(Counter(line["outcome"] for line in lines))
    periods = sorted({line["period"] for line in lines}, key=_period_order, reverse=True)
    reports = {line["report"]: line.get("title") or line["report"] for line in lines}
    groups = [("co", "Đã có văn bản"), ("thieu", "Chưa có văn bản")]
    order = {outcome: place for place, outcome in enumerate(outcomes)}
    first = sorted(lines, key=lambda line: [vn.sort_key(name) for name in _names(line)])
    first.sort(key=lambda line: line["report"])
    first.sort(key=lambda line: _period_order(line["period"]), reverse=True)
    first.sort(key=_delivered)
    return [
        *list_form(
            choice("muc", "Kết quả", [*groups, *((one, capital(_label(one))) for one in outcomes)]),
            choice("ky", "Kỳ", [(code, capital(_period_name(code))) for code in periods]),
            choice("bc", "Báo cáo", [(name, _shown_report(name, title)) for name, title in reports.items()]),
        ),
        *list_head("văn bản", _COLUMNS),
        *(_item(line, order[line["outcome"]]) for line in first),
        "</table>",
    ]  # fmt: skip


def _item(line: Line, order: int) -> str:
    """One document: its row, why it is missing or an earlier one, and what only some want to see (hashes, versions)."""
    outcome, names = line["outcome"], _names(line)
    mark, look = _MARKS.get(outcome, _FAILED)
    seconds = vn.format_number(line["seconds"], 1) if line["seconds"] else "–"
    units = "; ".join(names[:_MOST_NAMES])
    more = f" và {vn.format_number(len(names) - _MOST_NAMES)} đơn vị nữa" if len(names) > _MOST_NAMES else ""
    recounted, figures = line.get("recounted"), line.get("figures")
    share = recounted_share(recounted, figures) if _delivered(line) else "–"
    seen = _main_hash(line)
    style, hint, shown = (
        ("ma mo", seen, seen[:_SHORT]) if seen else ("mo", "Mã đầu vào, phiên bản", "chi tiết")
    )
    opener = f'<button type="button" class="{style}" aria-expanded="false" title="{escape_html(hint)}">{escape_html(shown)}</button>'
    cells = (
        f'<td class="muc" data-thu-tu="{order}"><i>{mark}</i> {escape_html(capital(_IN_ROWS.get(outcome, _label(outcome))))}</td>',
        f'<td class="dv">{escape_html(capital(units))}{more}</td>',
        f'<td data-thu-tu="{escape_html("-".join(_period_order(line["period"])))}">{escape_html(capital(_period_name(line["period"])))}</td>',
        f'<td class="bc">{escape_html(line.get("title") or line["report"])}</td>',
        f'<td class="mv">{_links(line)}</td>',
        f'<td class="so" data-thu-tu="{round(1000 * (recounted or 0) / figures) if figures else 0}">{share}</td>',
        f'<td class="so" data-thu-tu="{round(line["seconds"] * 1000)}">{seconds}</td>',
        f"<td>{opener}</td>",
    )
    problems = "".join(f"<li>{escape_html(problem)}</li>" for problem in line["problems"])
    of_one = ' class="mot"' if len(line["problems"]) == 1 else ""
    why = (
        f'<tr class="vd"><td colspan="{len(_COLUMNS)}">{_STAYS if outcome == KEPT else ""}<ul{of_one}>{problems}</ul></td></tr>'
        if problems
        else ""
    )
    return (
        f'<tbody class="{look}" data-muc="{escape_html(outcome)}" data-nhom="{"co" if line["files"] else "thieu"}" '
        f'data-ky="{escape_html(line["period"])}" data-bc="{escape_html(line["report"])}">'
        f"<tr>{''.join(cells)}</tr>{why}{_details(line, names)}</tbody>"
    )


def _details(line: Line, names: Sequence[str]) -> str:
    rows = [(name, _hash(digest)) for name, digest in line["files"].items()]
    rows = [("Báo cáo", escape_html(line["report"])), *rows]
    rows += [("Mã đầu vào", _hash(line["key"]))] if line["key"] else []
    rows += [
        (f"Số liệu ({name})", _hash(value) if len(value) == 64 else escape_html(value))
        for name, value in line["provenance"].items()
    ]
    rows += [("Của người soạn", escape_html("; ".join(line["own"])))] if line.get("own") else []
    versions = "; ".join(f"{name} {version}" for name, version in line.get("versions", {}).items())
    rows += [("Phiên bản", escape_html(versions))] if versions else []
    rows += [("Trình dựng", escape_html(line["renderer"]))] if line["renderer"] else []
    rows += [("Thư mục", escape_html(line["folder"]))]
    rows += [("Đơn vị", escape_html("; ".join(names)))] if len(names) > _MOST_NAMES else []
    listed = "".join(f"<dt>{escape_html(name)}</dt><dd>{value}</dd>" for name, value in rows)
    return f'<tr class="ct"><td colspan="{len(_COLUMNS)}"><dl>{listed}</dl></td></tr>'


def _hash(digest: str) -> str:
    return f'<button type="button" class="ma bam">{escape_html(digest)}</button>'


def _main_hash(line: Line) -> str:
    """The hash that stands for a document: of its PDF, of its first file; "" where there is no document."""
    files = line["files"]
    return next(iter([*(files[name] for name in files if name.endswith(".pdf")), *files.values()]), "")


def _links(line: Line) -> str:
    """The files of the document, and what was left in its place or beside it, PDF first."""
    order = list(_KINDS)
    names = sorted([*line["files"], *line.get("left", ())], key=lambda name: (_kind(name) not in order, name))
    names.sort(key=lambda name: order.index(_kind(name)) if _kind(name) in order else -1)
    return " ".join(_link(line["folder"], name) for name in names) or "–"


def _link(folder: str, name: str) -> str:
    text = "Thông báo" if name == NOTICE else _KINDS.get(_kind(name), name)
    text += " bị từ chối" if name.startswith(f"{REFUSED}/") else ""
    parts = [*folder.split("/"), *name.split("/")]
    if not all(part.strip(".") for part in parts) or "\\" in folder + name:
        return escape_html(text)  # it would lead out of the folder
    address = "./" + "/".join(quote(part, safe="", errors="replace") for part in parts)
    return f'<a href="{address}">{escape_html(text)}</a>'


def _about(lines: Sequence[Line]) -> list[str]:
    """How long it took, made by which programs: small print."""
    made = Counter(
        "; ".join(f"{name} {version}" for name, version in line.get("versions", {}).items())
        for line in lines
        if line.get("versions")
    )
    seconds = sum(line["seconds"] for line in lines)
    notes = [f"Thời gian lập, cộng mọi văn bản: {_duration(seconds)}."] if seconds else []
    if len(made) == 1:
        notes.append(f"Phiên bản: {next(iter(made))}.")
    else:
        notes += [
            f"Phiên bản của {vn.format_number(count)} văn bản: {parts}."
            for parts, count in sorted(made.items())
        ]
    hint = "Mã băm (SHA-256) là của tệp PDF; bấm vào để xem đủ mã từng tệp, bấm vào mã để chép."
    machine = 'Bản cho chương trình đọc: <a href="./ledger.json">ledger.json</a>.'
    return [
        '<div class="chan">',
        *(f"<p>{escape_html(note)}</p>" for note in notes),
        f"<p>{hint} {machine}</p>",
        "</div>",
    ]


def _duration(seconds: float) -> str:
    """A length of time in words.

    >>> _duration(59.96), _duration(61), _duration(7322)
    ('1 phút 0 giây', '1 phút 1 giây', '2 giờ 2 phút')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{vn.format_number(seconds, 1)} giây"
    if whole < 3600:
        return f"{whole // 60} phút {whole % 60} giây"
    return f"{vn.format_number(whole // 3600)} giờ {whole % 3600 // 60} phút"


def _delivered(line: Line) -> bool:
    return line["outcome"] in (BUILT, UNCHANGED)


def _label(outcome: str) -> str:
    return OUTCOME_LABELS.get(outcome, outcome)


def _names(line: Line) -> list[str]:
    return list(line.get("names") or line["units"])


def _kind(name: str) -> str:
    return name.rpartition(".")[2]


def _shown_report(name: str, title: str) -> str:
    return name if name == title else f"{title} ({name})"


@cache
def _period_name(code: str) -> str:
    try:
        return Period.parse(code).name
    except UserError:
        return code


@cache
def _period_order(code: str) -> tuple[str, str]:
    try:
        period = Period.parse(code)
    except UserError:
        return code, ""
    return period.end.isoformat(), period.start.isoformat()


# --------------------------------------------------------------------------------------------------
# How the page of the ledger looks and what its own script does; the rest is in `html_page`.


STYLE = """
.ket-luan { font-size: 1.1rem; max-width: none; }
.tong { display: flex; flex-wrap: wrap; gap: .5rem; margin: .8rem 0 1rem; }
.o { border: 1px solid #b5b5b5; border-left: 5px solid #777; background: #fff; color: inherit; text-align: left;
  padding: .3rem .9rem .35rem .7rem; line-height: 1.25; font-size: .95rem; }
.o b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums; }
button.o { cursor: pointer; }
button.o:hover { background: #f2f5f8; }
button.o[aria-pressed=true] { background: #e3eaf3; border-color: #1d4e89; }
i { font-style: normal; }
.o.lap { border-left-color: #1b6b3a; } .o.giu { border-left-color: #4f5d6b; }
.o.trong { border-left-color: #9a6200; } .o.loi { border-left-color: #a4161a; }
.muc { font-weight: bold; }
.lap .muc, .lap i { color: #1b6b3a; } .giu .muc, .giu i { color: #4f5d6b; }
.trong .muc, .trong i { color: #7a4d00; } .loi .muc, .loi i { color: #a4161a; }
tbody.trong tr:first-child td, tbody.trong .vd td { background: #fff8ea; }
tbody.loi tr:first-child td, tbody.loi .vd td { background: #fdf1f0; }
#ds .dv { font-weight: bold; }
#ds th:nth-child(6), #ds th:nth-child(7) { text-align: right; }
body { max-width: 100rem; }
#ds { min-width: 60rem; font-size: .92rem; }
.thieu strong { color: #a4161a; } .du strong { color: #1b6b3a; }
.mv a { margin-right: .6rem; white-space: nowrap; }
a { color: #1d4e89; }
.vd ul { margin: 0; padding-left: 1.2rem; }
.vd .mot { list-style: none; padding-left: 0; }
.vd td { border-top: 0; padding-top: 0; }
tbody.trong tr:first-child td, tbody.loi tr:first-child td { border-bottom: 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .1rem .8rem; margin: .1rem 0; }
dd { margin: 0; }
.mo, .bam { border: 0; background: none; color: #1d4e89; cursor: pointer; padding: 0; text-align: left;
  user-select: text; }
.mo { white-space: nowrap; } .bam { overflow-wrap: anywhere; }
.mo { border-bottom: 1px dotted #1d4e89; }
.mo::after { content: " ▸"; } .mo[aria-expanded=true]::after { content: " ▾"; }
.co-ma .ct { display: none; }
.co-ma .ct.hien { display: table-row; }
.chan { margin-top: 1rem; font-size: .9rem; color: #444; }
@media print {
  body { font-size: 10pt; }
  #ds tr.ct, .mo::after, .mo:not(.ma) { display: none; }
  @page { margin: 12mm; }
  #ds { font-size: 8.5pt; } .mv a { margin-right: .3rem; } #ds th, #ds td, .o { border-width: .5pt; } .o { border-left-width: 4px; }
  #ds th:nth-child(2) { width: 20% !important; } #ds th:nth-child(4) { width: 26% !important; }
  #ds th:nth-child(3) { width: 10% !important; } #ds th:nth-child(5) { width: 11% !important; }
  .ket-luan { font-size: 11pt; } .ma { font-size: 8pt; } th, td { padding: .15rem .3rem; }
  .chan, .o { font-size: 9pt; }
  .o { padding: .1rem .6rem; } .o b { display: inline; font-size: 11pt; }
  tbody { break-inside: avoid; }
  tbody.trong tr td, tbody.loi tr td { background: none !important; }
  #ds { min-width: 0; }
  a, .mo { color: inherit; text-decoration: none; border: 0; }
}
"""

SCRIPT = """
(function () {
  "use strict";
  document.documentElement.classList.add("co-ma");
  var table = document.getElementById("ds"), choice = document.getElementById("muc");
  var told = document.getElementById("con");
  table.addEventListener("click", function (event) {
    var one = event.target;
    if (one.classList.contains("mo")) {
      var opened = one.getAttribute("aria-expanded") !== "true";
      one.setAttribute("aria-expanded", opened);
      one.closest("tbody").querySelector(".ct").classList.toggle("hien", opened);
    } else if (one.classList.contains("bam")) {
      getSelection().selectAllChildren(one);
      var copied = navigator.clipboard ? navigator.clipboard.writeText(one.textContent) : Promise.reject();
      copied.then(function () { told.textContent = "Đã chép mã " + one.textContent.slice(0, 8) + "…"; },
        function () { told.textContent = "Mã đã được chọn: bấm Ctrl+C để chép."; });
    }
  });
  var tiles = Array.prototype.slice.call(document.querySelectorAll("[data-chon]"));
  tiles.forEach(function (tile) {
    tile.addEventListener("click", function () {
      var outcome = tile.getAttribute("data-chon");
      choice.value = choice.value === outcome ? "" : outcome;
      choice.dispatchEvent(new Event("input"));
    });
  });
  document.addEventListener("daloc", function () {
    tiles.forEach(function (tile) {
      tile.setAttribute("aria-pressed", tile.getAttribute("data-chon") === choice.value);
    });
  });
})();
"""
