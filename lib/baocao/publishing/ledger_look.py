"""How the page of the ledger looks and what its own script does; the rest is in `html_page`."""

from __future__ import annotations

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
#ds th:nth-child(6) { text-align: right; }
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
  #ds th:nth-child(2) { width: 21% !important; } #ds th:nth-child(4) { width: 32% !important; }
  #ds th:nth-child(3) { width: 10.5% !important; } #ds th:nth-child(5) { width: 11.5% !important; }
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
