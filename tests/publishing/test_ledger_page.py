"""The page of the ledger: all of it, nothing of the data run, usable in a browser, the same for the same lines."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from baocao.publishing.ledger import write_ledger
from baocao.publishing.ledger_page import ledger_page
from baocao.publishing.outcomes import (
    BUILT,
    FAILED_EXECUTION,
    FAILED_LOAD,
    FAILED_VERIFICATION,
    KEPT,
    NO_DATA,
    NOTICE,
    UNCHANGED,
    Outcome,
)
from browser import browse, needs_browser

HOSTILE = "<script>document.title='X'</script><img src=x onerror=\"document.title='X'\">&\x1b[31m\u202e"
PROBLEMS = {
    NO_DATA: ["Kho số liệu không có số liệu nào của xã trong tháng 7 năm 2025; hãy nạp biểu II.06 của tháng này."],
    FAILED_LOAD: ["data/raw/ii06_thang_7.xlsx, trang «II.06», dòng 41: tổng số hồ sơ 1.204 khác tổng các cột 1.240."],
    FAILED_EXECUTION: ["Ô 5 của sổ tính dừng: ZeroDivisionError: division by zero; xem sổ tính được giữ lại."],
    FAILED_VERIFICATION: [
        "PDF: con số «1.204» ở trang 2 không có nguồn trong sổ tính.",
        "HTML: con số «1.204» trong bảng 1 không có nguồn trong sổ tính.",
    ],
}  # fmt: skip


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def document(
    code: str, name: str, outcome: str = BUILT, seconds: float = 0.684, period: str = "2025-07"
) -> Outcome:
    made = outcome in PROBLEMS
    files = (
        {} if made else {f"unit_briefing.{kind}": digest(code + kind) for kind in ("html", "ipynb", "pdf")}
    )
    return Outcome(
        report="unit_briefing", period=period, units=[code], outcome=outcome,
        folder=f"{period}/unit_briefing--{code.lower()}", files=files, problems=PROBLEMS.get(outcome, []),
        seconds=0.0 if outcome == UNCHANGED else seconds, renderer="embedded",
        provenance={"fingerprint": digest("facts")}, key=digest(code),
        title="Kết quả tiếp nhận, giải quyết thủ tục hành chính của một đơn vị", names=[name],
        left=[NOTICE, "unit_briefing.ipynb"] if made else [],
        versions={"baocao": "0.1.0", "python": "3.11.2", "papermill": "2.6.0", "pypandoc_binary": "1.15", "typst": "0.15.0"},
        figures=None if made else 1162, recounted=None if made else 1057,
    )  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(register) -> list[Outcome]:
    """A hundred documents: those of all units of July, four failed, two without data, and reports on the province."""
    units = register.expand("communes,departments,land-offices", date(2025, 7, 31))
    special = {
        5: FAILED_LOAD, 17: NO_DATA, 30: FAILED_EXECUTION, 44: NO_DATA, 71: FAILED_VERIFICATION, 80: FAILED_LOAD,
    }  # fmt: skip
    made = [
        document(
            unit.code,
            unit.official_name,
            special.get(at, UNCHANGED if at % 12 == 3 else BUILT),
            0.5 + (at * 37 % 50) / 100,
        )
        for at, unit in enumerate(units)
    ]
    for at, period in enumerate(("2025-06", "2025-M7", "2025-07-01..2025-07-24", "2025-Q2")):
        one = document("42", "tỉnh Hà Tĩnh", period=period, seconds=4.2 + at)
        one.report, one.folder, one.title = (
            "processing",
            f"{period}/processing",
            "Kết quả tiếp nhận, giải quyết thủ tục hành chính",
        )
        made.append(one)
    assert len(made) == 100
    return made


@pytest.fixture(scope="module")
def written(outcomes, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("ket-qua")
    write_ledger(out, outcomes)
    return out / "index.html"


@pytest.fixture(scope="module")
def tree(written):
    return lxml.html.fromstring(written.read_text(encoding="utf-8"))


@needs_browser
def test_the_page_can_be_looked_at(written, tmp_path):
    picture = tmp_path / "page.png"
    browse(written, tmp_path, "--window-size=1400,1000", f"--screenshot={picture}")
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) > 50_000, "the page is blank"


# --- what is in it -------------------------------------------------------------------------------------------------
def rows_of(tree) -> list:
    return tree.xpath("//table[@id='ds']/tbody")


def test_the_page_has_every_document_its_sums_and_missing_ones_first(tree, outcomes):
    assert tree.get("lang") == "vi"
    assert len(rows_of(tree)) == len(outcomes) == 100
    assert [row.get("data-nhom") for row in rows_of(tree)] == ["thieu"] * 6 + ["co"] * 94
    assert "Còn thiếu 6 trên 100 văn bản" in tree.xpath("//p[1]")[0].text_content()
    tiles = {
        tile.get("data-chon"): int(tile.xpath("./b")[0].text) for tile in tree.xpath("//button[@data-chon]")
    }
    assert tiles == {
        BUILT: 86, UNCHANGED: 8, NO_DATA: 2, FAILED_LOAD: 2, FAILED_EXECUTION: 1, FAILED_VERIFICATION: 1
    }  # fmt: skip
    for problem in {problem for one in outcomes for problem in one.problems}:
        assert problem in tree.text_content()


def test_a_kept_document_is_told_as_an_earlier_one_with_what_refused_its_new_run(outcomes):
    kept, failed, made = (document(code, code) for code in ("18229", "18196", "18115"))
    kept.outcome, kept.problems, kept.left = KEPT, ["Ô 5 dừng."], ["refused/unit_briefing.ipynb"]
    failed.outcome, failed.files, failed.problems = FAILED_EXECUTION, {}, ["Ô 6 dừng."]

    def look(*lines: Outcome):
        return lxml.html.fromstring(ledger_page([vars(one) for one in lines]))

    page = look(made, kept)
    assert page.xpath("//p[1]")[0].text_content().startswith("Có 1 bản cũ trên 2 văn bản, tháng 7 năm 2025.")
    row = rows_of(page)[0]
    assert (row.get("data-muc"), row.get("data-nhom")) == (KEPT, "co")
    assert row.xpath(".//td[@class='muc']")[0].text_content() == "▲ Bản cũ"
    sentence = "Bản cũ: văn bản lập trước đây vẫn giữ, lần lập mới bị từ chối vì:Ô 5 dừng."
    assert row.xpath(".//tr[@class='vd']")[0].text_content() == sentence
    links = {link.text: link.get("href").rpartition("18229/")[2] for link in row.xpath(".//a")}
    assert links["Sổ tính bị từ chối"] == "refused/unit_briefing.ipynb"
    assert links["PDF"] == "unit_briefing.pdf" and links["Sổ tính"] == "unit_briefing.ipynb"
    verdict = look(made, kept, failed).xpath("//p[1]")[0].text_content()
    assert verdict.startswith("Còn thiếu 1, có 1 bản cũ trên 3 văn bản")


def test_every_link_leads_to_a_file_of_its_document(tree, outcomes):
    expected = {
        f"./{one.folder}/{name}" for one in outcomes for name in (one.files or dict.fromkeys(one.left))
    } | {"./ledger.json"}
    assert {unquote(link) for link in tree.xpath("//a/@href")} == expected
    texts = [[link.text for link in row.xpath(".//a")] for row in rows_of(tree)]
    assert texts == [["Thông báo", "Sổ tính"]] * 6 + [["PDF", "HTML", "Sổ tính"]] * 94


def test_every_hash_and_version_can_be_read(tree, outcomes):
    text = tree.text_content()
    for one in outcomes:
        assert all(value in text for value in [*one.files.values(), one.key, *one.provenance.values()])
    assert text.count("typst 0.15.0") == 101


def test_the_page_needs_nothing_but_itself(written):
    text = written.read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text.replace("/* a page", ""))
    assert not re.search(r"<(img|link|iframe|object)\b|\son\w+=", text)
    assert str(written.parent) not in text
    assert re.search(
        r"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/]+='; base-uri 'none'; form-action 'none'",
        text,
    )


def test_the_same_lines_give_the_same_page_in_any_order(outcomes, written, tmp_path):
    write_ledger(tmp_path, outcomes[50:])
    write_ledger(tmp_path, outcomes[:50])
    assert (tmp_path / "index.html").read_bytes() == written.read_bytes()


def test_all_done_and_nothing_yet_are_said():
    done = vars(document("18229", "xã Đức Thọ"))
    assert "Đủ 1 văn bản, tháng 7 năm 2025." in ledger_page([done])
    nothing = ledger_page([])
    assert "Chưa có văn bản nào." in nothing and "<script>" not in nothing


def test_what_was_counted_again_is_said_of_each_document_and_of_all(tree):
    assert tree.xpath("//p[2]")[0].text_content() == "Đếm lại từ kho số liệu: 99.358/109.228 con số."
    assert order_by(tree, 6) == ["–"] * 6 + ["1.057/1.162"] * 94
    assert tree.xpath("//th[6]")[0].text_content() == "Đếm lại từ kho số liệu"


def test_a_document_of_before_does_not_say_how_much_was_counted_again():
    lines = [
        vars(document("18229", "xã Đức Thọ")),
        vars(document("42", "x")) | {"recounted": None, "figures": None},
    ]
    tree = lxml.html.fromstring(ledger_page(lines))
    assert sorted(order_by(tree, 6)) == ["1.057/1.162", "không ghi"]
    assert "Đếm lại từ kho số liệu: 1.057/1.162 con số (1 văn bản không ghi)." in tree.text_content()


def test_many_units_are_named_in_short_and_in_full_below(tree):
    line = vars(document("42", "x")) | {"names": [f"xã Số {at}" for at in range(96)]}
    (row,) = rows_of(lxml.html.fromstring(ledger_page([line])))
    assert row.xpath("./tr[1]/td[2]")[0].text_content() == "Xã Số 0; xã Số 1; xã Số 2 và 93 đơn vị nữa"
    assert "xã Số 95" in row.xpath("./tr[@class='ct']")[0].text_content()


def hostile_line() -> dict:
    bad = vars(document("42", HOSTILE, FAILED_EXECUTION))
    return bad | {
        "report": HOSTILE, "title": HOSTILE, "period": HOSTILE, "problems": [HOSTILE], "folder": f"javascript:{HOSTILE}",
        "left": ["javascript:alert(1).txt", HOSTILE], "versions": {HOSTILE: HOSTILE}, "outcome": HOSTILE,
        "provenance": {HOSTILE: HOSTILE}, "key": HOSTILE, "renderer": HOSTILE, "units": [HOSTILE],
    }  # fmt: skip


def test_hostile_names_are_text():
    page = ledger_page([hostile_line()])
    tree = lxml.html.fromstring(page)
    assert tree.xpath("//img") == [] and len(tree.xpath("//script")) == 1
    assert not tree.xpath("//@onerror") and "\x1b" not in page and "\u202e" not in page
    assert all(link.startswith("./") and ":" not in link for link in tree.xpath("//a/@href"))


@pytest.mark.parametrize("folder", ["../..", "//may-khac/x", "2025-07/../../x", "C:\\x", ""])
def test_no_link_leads_out_of_the_folder(folder):
    tree = lxml.html.fromstring(ledger_page([vars(document("42", "x")) | {"folder": folder}]))
    assert tree.xpath("//a/@href") == ["./ledger.json"]


# --- in a browser --------------------------------------------------------------------------------------------------
@needs_browser
@pytest.mark.parametrize(
    ("view", "count", "first"),
    [
        ("", 100, "Phường Sông Trí"),
        ("#muc=failed+in+load", 2, "Sở Y tế"),
        ("#muc=thieu", 6, "Phường Sông Trí"),
        ("#muc=co", 94, "Ban Quản lý Khu kinh tế tỉnh"),
        ("#tim=duc+tho", 2, "Xã Đức Thọ"),
        ("#tim=xa+duc+tho", 1, "Xã Đức Thọ"),
        ("#ky=2025-06", 1, "Tỉnh Hà Tĩnh"),
        ("#bc=processing&xep=-7", 4, "Tỉnh Hà Tĩnh"),
        ("#muc=co&xep=2", 94, "Ban Quản lý Khu kinh tế tỉnh"),
        ("#muc=co&xep=-2", 94, "Xã Yên Hòa"),
        (f"#tim={digest('18229pdf')[:20]}", 0, None),
        (f"#tim={digest('18229')}", 1, "Xã Đức Thọ"),
    ],
)
def test_rows_are_searched_filtered_and_sorted(written, tmp_path, view, count, first):
    tree = lxml.html.fromstring(browse(written, tmp_path, "--dump-dom", view=view))
    shown = [row for row in rows_of(tree) if "hidden" not in row.attrib]
    assert len(shown) == count
    assert f"Đang hiện {count} trên 100 văn bản." in tree.xpath("//p[@id='con']")[0].text
    assert first is None or shown[0].xpath("./tr[1]/td[2]")[0].text_content() == first


def order_by(tree, column: int) -> list[str]:
    return [row.xpath(f"./tr[1]/td[{column}]")[0].text_content() for row in rows_of(tree)]


@needs_browser
def test_every_column_sorts(written, tmp_path):
    trees = {
        at: lxml.html.fromstring(browse(written, tmp_path, "--dump-dom", view=f"#xep={at}"))
        for at in (1, 3, 7)
    }
    assert order_by(trees[1], 1)[0] == "● Đã lập" and "KHÔNG qua" in order_by(trees[1], 1)[-1]
    periods = list(dict.fromkeys(order_by(trees[3], 3)))
    assert periods[:2] == ["Quý II năm 2025", "Tháng 6 năm 2025"]
    seconds = [float(one.replace("–", "0").replace(",", ".")) for one in order_by(trees[7], 7)]
    assert seconds == sorted(seconds)


PLAY = """
<script>
window.addEventListener("load", function () {
  function press(one, key) { one.dispatchEvent(new KeyboardEvent("keydown", { key: key, bubbles: true })); }
  document.querySelector("[data-chon='no data']").click();
  press(document.querySelectorAll("thead [role=button]")[1], "Enter");
  press(document.querySelectorAll("thead [role=button]")[1], " ");
  var row = document.querySelector("tbody:not([hidden])");
  row.querySelector(".mo").click();
});
</script></body>
"""


@needs_browser
def test_tiles_heads_and_details_answer_to_keys_and_clicks(written, tmp_path):
    """The same page without its rule against foreign scripts, and a script that plays a user."""
    page = tmp_path / "page.html"
    text = re.sub(r"<meta http-equiv[^>]*>", "", written.read_text(encoding="utf-8"))
    page.write_text(text.replace("</body>", PLAY), encoding="utf-8")
    tree = lxml.html.fromstring(browse(page, tmp_path, "--dump-dom"))
    shown = [row for row in rows_of(tree) if "hidden" not in row.attrib]
    assert [row.xpath("./tr[1]/td[2]")[0].text_content() for row in shown] == [
        "Xã Đức Thọ",
        "Phường Sông Trí",
    ]
    assert [tile.get("aria-pressed") for tile in tree.xpath("//button[@data-chon]")].count("true") == 1
    assert [row.get("class") for row in tree.xpath("//tr[contains(@class,'ct')]")].count("ct hien") == 1
    assert [head.get("aria-sort") for head in tree.xpath("//thead//th")][1] == "descending"
    assert all(head.get("tabindex") == "0" for head in tree.xpath("//thead//*[@role='button']"))


@needs_browser
def test_nothing_of_the_data_is_run(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(ledger_page([hostile_line(), vars(document("18229", "xã Đức Thọ"))]), encoding="utf-8")
    tree = lxml.html.fromstring(browse(page, tmp_path, "--dump-dom"))
    assert tree.xpath("//title")[0].text == "Sổ theo dõi văn bản"
    assert "Đang hiện 2 trên 2 văn bản." in tree.xpath("//p[@id='con']")[0].text


@needs_browser
def test_it_can_be_printed(written, outcomes, tmp_path):
    """Sums and every document on paper, the heading of the table on each page, no hash in full."""
    import pypdfium2

    paper = tmp_path / "page.pdf"
    browse(written, tmp_path, "--no-pdf-header-footer", f"--print-to-pdf={paper}")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(paper)]
    assert 3 <= len(pages) <= 8  # how many rows a page holds is the machine's fonts' matter
    assert all("Mã băm" in page for page in pages[:-1])
    text = " ".join(" ".join(pages).split())
    assert "Còn thiếu 6 trên 100 văn bản" in text and "Xã Yên Hòa" in text
    assert outcomes[0].key[:8] not in text
    assert outcomes[0].files["unit_briefing.pdf"][:8] in text
