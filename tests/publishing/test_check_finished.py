"""The promise: no figure in a finished document that does not trace back to data."""

from __future__ import annotations

import base64
import random
import re
from dataclasses import replace
from datetime import date

import pytest
import typst
from lxml import html

from baocao.publishing.check_claims import NameFinder
from baocao.publishing.check_finished import check_finished
from baocao.publishing.finished_text import Finished, Page, read_html, read_pdf
from baocao.writing import markup
from baocao.writing.claims import Claims
from conftest import picture

CHANGES = 1000
DAY = date(2025, 7, 24)


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_sound_document_has_no_fault(memo, kind):
    assert memo.source_faults() == []
    assert check_finished(memo.source, memo.finished(kind), memo.record) == []


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_thousand_single_digit_changes_are_all_caught(memo, kind):
    source, finished, record = memo.source, memo.finished(kind), memo.record
    chance = random.Random(766)
    places = [
        (page, part, at)
        for page, texts in enumerate(finished.pages)
        for part in ("top", "body")
        for at, letter in enumerate(getattr(texts, part))
        if letter.isdigit()
    ]
    assert len(places) > 250
    missed = []
    for _ in range(CHANGES):
        page, part, at = chance.choice(places)
        text = getattr(finished.pages[page], part)
        digit = chance.choice([other for other in "0123456789" if other != text[at]])
        changed = replace(finished.pages[page], **{part: text[:at] + digit + text[at + 1 :]})
        pages = (*finished.pages[:page], changed, *finished.pages[page + 1 :])
        if not check_finished(source, replace(finished, pages=pages), record):
            missed.append((page, part, at, digit))
    assert missed == []


def test_changed_digits_in_the_html_file_are_caught(memo, tmp_path):
    """The same on the file itself: visible text and the explanations that readers see on hover."""
    path = memo.path("html")
    page = path.read_text(encoding="utf-8")
    body = page.index("<body")
    spans = [match.span(1) for match in re.finditer(r">([^<>]*\d[^<>]*)<", page[body:])]
    for attribute in ("data-giai-thich", "alt"):
        spans += [match.span(1) for match in re.finditer(rf'{attribute}="([^"]*\d[^"]*)"', page[body:])]
    chance = random.Random(30)
    source, record = memo.source, memo.record
    missed = []
    for _ in range(200):
        start, end = chance.choice(spans)
        at = body + chance.choice([place for place in range(start, end) if page[body + place].isdigit()])
        digit = chance.choice([other for other in "0123456789" if other != page[at]])
        mutant = tmp_path / "mutant.html"
        mutant.write_text(page[:at] + digit + page[at + 1 :], encoding="utf-8")
        if not check_finished(source, read_html(mutant), record):
            missed.append(page[at - 40 : at + 40])
    assert missed == []


def test_a_changed_label_of_a_chart_is_caught(memo, tmp_path):
    page = memo.path("html").read_text(encoding="utf-8")
    data = re.search(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)[1]
    changed = base64.b64decode(data).decode().replace("21.132", "21.182")
    path = tmp_path / "chart.html"
    path.write_text(page.replace(data, base64.b64encode(changed.encode()).decode()), encoding="utf-8")
    faults = check_finished(memo.source, read_html(path), memo.record)
    assert any("21.182" in str(fault) for fault in faults)


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_title_of_an_annex_has_the_capitals_of_the_form(memo, kind):
    """The notebook's words as they are claimed, and the file held to how the form prints them."""
    (title,) = (block for block in memo.source.annexes if block.kind == "annex-title")
    assert [piece.text for piece in title.pieces] == ["Số", " ", "liệu", " ", "theo", " ", "đơn", " ", "vị"]
    assert title.text == "SỐ LIỆU THEO ĐƠN VỊ"
    finished = memo.finished(kind)
    small = tuple(
        replace(page, body=page.body.replace("SỐLIỆUTHEOĐƠNVỊ", "Sốliệutheođơnvị")) for page in finished.pages
    )
    assert check_finished(memo.source, replace(finished, pages=small), memo.record)


@pytest.mark.parametrize(
    "rows",
    [
        lambda number: [[number(1), "a"], [number(3), "b"]],  # one lacks
        lambda number: [[number(2), "a"]],
        lambda number: [["a", number(1)]],  # a figure in a row
        lambda number: [[f"tăng {number(1)}", "a"]],
    ],
)
def test_the_number_of_a_row_is_no_way_to_print_a_figure(document, claims, rows):
    made = document([markup.pipe_table(["STT", "Đơn vị"], rows(claims.row_number), [1, 3], "cl")], claims)
    (fault,) = made.source_faults()
    assert fault.startswith("Số thứ tự «"), fault


def test_rows_are_numbered_anew_in_each_group_and_table(document, claims):
    number = claims.row_number
    rows = [[number(1), "a"], [number(2), "b"], ["**II**", "B"], [number(1), "c"]]
    table = markup.pipe_table(["STT", "Đơn vị"], rows, [1, 3], "cl")
    again = markup.pipe_table(["STT", "Đơn vị"], [[number(1), "d"]], [1, 3], "cl")
    assert document([table, again], claims).source_faults() == []
    outside = document([table, f"Có {number(3)} đơn vị."], claims).source_faults()
    assert [fault.split(" không đứng")[0] for fault in outside] == ["Số thứ tự «3»"]


def test_a_label_that_no_claim_declares_is_a_fault(document, claims, province, july):
    chart = claims.for_chart()
    chart.count(5, label="Hồ sơ", unit=province, period=july, source="published")
    made = document([markup.division("hinh", picture(["5", "98,07%"]), {"data-mo-ta": "5 và 6"})], claims)
    assert made.source_faults() == [
        "Chữ «98,07%» trên biểu đồ số 1 không được khai báo. Nguyên văn: «5 và 6»",
        "Văn bản thay thế của biểu đồ số 1: con số «6» không có số liệu nào làm căn cứ. Nguyên văn: «5 và 6»",
    ]


@pytest.mark.parametrize(
    ("text", "changed", "shown"),
    [
        ("Rà soát", "Rà &#xE000;soát", "Rà □soát quy trình."),
        ('alt="Biểu đồ', 'alt="\uf8ffBiểu đồ', 'alt="□Biểu đồ: '),
        ("</body>", "<!-- \U000f0000 --></body>", "<!-- □ -->"),
        ("<title>", "<title>\U0010fffd", "<title>□Văn bản thử</title>"),
    ],
)
def test_a_page_with_a_character_of_private_use_is_refused(memo, tmp_path, text, changed, shown):
    page = memo.path("html").read_text(encoding="utf-8")
    assert page.count(text) == 1
    path = tmp_path / "strange.html"
    path.write_text(page.replace(text, changed), encoding="utf-8")
    faults = [str(fault) for fault in check_finished(memo.source, read_html(path), memo.record)]
    assert [shown in fault for fault in faults if "ký tự dùng riêng U+" in fault] == [True]


@pytest.mark.parametrize("text", ["Kết quả \ue000 hồ sơ", '#set document(title: "Kết quả \U0010fffd hồ sơ")'])
def test_a_pdf_with_a_character_of_private_use_is_refused(tmp_path, text):
    source = tmp_path / "a.typ"
    source.write_text(text, encoding="utf-8")
    typst.compile(str(source), output=str(tmp_path / "a.pdf"))
    (fault,) = read_pdf(tmp_path / "a.pdf").faults
    assert "«Kết quả □ hồ sơ»" in fault


def test_the_fault_quotes_the_sentence(memo):
    finished = memo.finished("pdf")
    body = finished.pages[0].body.replace("59,48%", "59,84%")
    pages = (replace(finished.pages[0], body=body), *finished.pages[1:])
    (fault,) = check_finished(memo.source, replace(finished, pages=pages), memo.record)
    assert "tiếp nhận 47.411 hồ sơ; nộp trực tuyến đạt 59,48%" in str(fault)
    assert "59,84%" in str(fault)


def test_a_lost_row_is_caught(memo):
    finished = memo.finished("pdf")
    pages = [replace(page, body=page.body.replace("xãĐứcThọ117", "")) for page in finished.pages]
    faults = check_finished(memo.source, replace(finished, pages=tuple(pages)), memo.record)
    assert any("xã Đức Thọ 117" in str(fault) for fault in faults)


def test_a_figure_added_by_the_template_is_caught(memo):
    finished = memo.finished("pdf")
    last = finished.pages[-1]
    pages = (*finished.pages[:-1], replace(last, body=last.body + "Tỷlệ98,07%"))
    faults = check_finished(memo.source, replace(finished, pages=pages), memo.record)
    assert any("98,07%" in str(fault) for fault in faults)


def test_the_sample_mark_stands_on_every_page(memo):
    finished = memo.finished("pdf")
    assert len(finished.pages) == 3
    assert all("SỐLIỆUMẪU" in page.top for page in finished.pages)
    without = tuple(replace(page, top="") for page in finished.pages)
    assert len(check_finished(memo.source, replace(finished, pages=without), memo.record)) == 3


def faults_of_page(memo, tmp_path, *changes: tuple[str, str]) -> list[str]:
    """What is said of the memo's page after each text of `changes`, which stands there, was replaced once."""
    page = memo.path("html").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in page
        page = page.replace(old, new, 1)
    path = tmp_path / "changed.html"
    path.write_text(page, encoding="utf-8")
    return [str(fault) for fault in check_finished(memo.source, read_html(path), memo.record)]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ('.x::after { content: "98,07%" }', 'in thêm chữ không có trong báo cáo: «"98,07%"»'),
        ("p::before{content:'KHÔNG ĐÚNG: '}", "in thêm chữ không có trong báo cáo: «'KHÔNG ĐÚNG: '»"),
        ("p { display: /**/ none }", "ẩn một phần của trang («display:  none»)"),
        ("p { font-size: 0.0pt }", "ẩn một phần của trang («font-size: 0.0»)"),
        ("@import 'khac.css';", "có chỗ không đọc được: «@import 'khac.css'»"),
        (r"p { displ\61y: none }", r"có chỗ không đọc được: «\61y: none }»"),
        ("</style><link rel='stylesheet' href='khac.css'><style>", "từ tệp khác (<link>)"),
    ],
)
def test_style_sheets_may_not_add_or_hide_words(memo, tmp_path, rule, fault):
    (said,) = faults_of_page(memo, tmp_path, ("</style>", rule + "</style>"))
    assert fault in said


@pytest.mark.parametrize(
    ("attribute", "cause"),
    [
        ('style="display:none"', "display:none"),
        ('style="color: red; VISIBILITY: hidden"', "VISIBILITY: hidden"),
        ('style="opacity:.0"', "opacity:.0"),
        ("hidden", "hidden"),
    ],
)
def test_a_paragraph_hidden_on_the_page_is_a_fault(memo, tmp_path, attribute, cause):
    sentence = "Thực hiện Nghị định 118/2025/NĐ-CP ngày 09/6/2025 về cơ chế một cửa."
    (said,) = faults_of_page(memo, tmp_path, (f"<p>{sentence[:20]}", f"<p {attribute}>{sentence[:20]}"))
    assert said == f"«{sentence}» có trong tệp nhưng bị ẩn ({cause})."


# --- tables of the page, cell by cell -------------------------------------------------------------------------------
@pytest.fixture
def levels(document, claims, province, july):
    """A document with one table: a row of two figures beside an empty cell, one with an empty heading."""
    about = {"unit": province, "period": july, "source": "published"}
    rows = [
        [
            "1",
            "Tiếp nhận",
            claims.count(10898, label="a", **about),
            claims.count(11901, label="b", **about),
            "",
        ],
        ["2", "Quá hạn", claims.count(741, label="c", **about), claims.count(817, label="d", **about), "–"],
    ]
    header = ["TT", "Chỉ tiêu", "Xã, phường", "Toàn tỉnh", ""]
    table = markup.division("bang", markup.pipe_table(header, rows, [1, 3, 2, 2, 1], "llrrr"))
    made = document([table], claims)
    assert check_finished(made.source, made.finished("html"), made.record) == []
    return made


def change_cells(memo, tmp_path, change) -> list[str]:
    """What is said after `change` was done to the rows of the page's table, as lxml's elements."""
    page = html.fromstring(memo.path("html").read_text(encoding="utf-8"))
    change(page.findall(".//tr"))
    path = tmp_path / "changed.html"
    path.write_text(html.tostring(page, encoding="unicode"), encoding="utf-8")
    return [str(fault) for fault in check_finished(memo.source, read_html(path), memo.record)]


def test_figures_moved_to_an_empty_neighbour_are_named_by_row_and_column(levels, tmp_path):
    def shift(rows):
        rows[1].insert(2, rows[1][4])  # the words of the page stay the same

    (said,) = change_cells(levels, tmp_path, shift)
    assert said == (
        "Bảng thứ 1, hàng «Tiếp nhận»: cột «Xã, phường» phải là «10.898», trong tệp là ô trống; "
        "cột «Toàn tỉnh» phải là «11.901», trong tệp là «10.898»; cột thứ 5 phải là ô trống, trong tệp là «11.901»."
    )


def test_a_changed_cell_is_told_once(levels, tmp_path):
    def retype(rows):
        rows[2][2][0].text = "714"

    assert change_cells(levels, tmp_path, retype) == [
        "Bảng thứ 1, hàng «Quá hạn»: cột «Xã, phường» phải là «741», trong tệp là «714»."
    ]


def test_a_missing_cell_a_missing_row_and_cells_in_one_are_told(levels, tmp_path):
    assert change_cells(levels, tmp_path, lambda rows: rows[1].remove(rows[1][4])) == [
        "Bảng thứ 1, hàng «Tiếp nhận»: cột thứ 5 phải là ô trống, trong tệp là không có ô."
    ]
    (row, figures) = change_cells(levels, tmp_path, lambda rows: rows[2].getparent().remove(rows[2]))
    assert row == (
        "Bảng thứ 1, hàng «Quá hạn»: không có hàng này trong tệp. Nguyên văn: «2 | Quá hạn | 741 | 817 | –»"
    )
    assert figures == "Trang có 2 con số có giải thích, phải có 4."
    assert change_cells(levels, tmp_path, lambda rows: rows[1][3].set("colspan", "2")) == [
        "Bảng thứ 1, hàng «Tiếp nhận»: cột thứ 6 phải là không có ô, trong tệp là ô trống."
    ]


def test_words_of_a_table_outside_any_table_are_told(levels, tmp_path):
    def flatten(rows):
        for row in rows:
            row.tag = "p"

    assert [said.partition(":")[0] for said in change_cells(levels, tmp_path, flatten)] == [
        f"Bảng thứ 1, hàng «{heading}»" for heading in ("TT", "Tiếp nhận", "Quá hạn")
    ]


def test_a_figure_that_leads_to_another_claim_is_told(levels, tmp_path):
    def mislead(rows):
        rows[1][2][0].set("data-so", "c2")

    (said,) = change_cells(levels, tmp_path, mislead)
    assert said.startswith("Con số «10.898» dẫn c2 «") and ", phải là c1 «" in said


def test_scripts_and_remote_files_are_faults(memo, tmp_path):
    page = memo.path("html").read_text(encoding="utf-8")
    path = tmp_path / "scripted.html"
    addition = '<script>1</script><img src="https://example.org/x.png"></body>'
    path.write_text(page.replace("</body>", addition), encoding="utf-8")
    faults = [str(fault) for fault in check_finished(memo.source, read_html(path), memo.record)]
    assert any("<script>" in fault for fault in faults)
    assert any("example.org" in fault for fault in faults)


# --- the notebook's own text -------------------------------------------------------------------------------


def test_a_figure_typed_by_hand_has_no_claim(document, claims):
    faults = document([markup.paragraphs("Tỷ lệ trước và đúng hạn là 98,07%.")], claims).source_faults()
    assert faults == [
        "Con số «98,07» không có số liệu nào làm căn cứ. Nguyên văn: «Tỷ lệ trước và đúng hạn là 98,07%.»"
    ]


def by_hand(figure: str) -> str:
    """A printed share, its digits changed by somebody in the executed notebook."""
    assert r">98\,01\%<" in figure
    return figure.replace(r">98\,01", ">98,07")


def test_a_figure_changed_in_its_span_is_caught(document, claims, province, july):
    share = claims.percent(
        28525, 29105, label="Tỷ lệ trước và đúng hạn", unit=province, period=july, source="published", facts=3
    )
    faults = document([markup.paragraphs("Tỷ lệ đạt " + by_hand(share) + ".")], claims).source_faults()
    assert faults == ["Con số «98,07%» khác số liệu c1 là «98,01%». Nguyên văn: «Tỷ lệ đạt 98,07%.»"]


def test_a_claim_changed_in_the_record_is_caught(document, claims, province, july):
    share = claims.percent(28525, 29105, label="Tỷ lệ", unit=province, period=july, source="published")
    made = document([markup.paragraphs("Tỷ lệ đạt " + by_hand(share) + ".")], claims)
    output = made.notebook.cells[-1].outputs[0].data["application/vnd.baocao.writing.claims+json"]
    output["claims"][0]["text"] = "98,07%"
    assert made.source_faults()[0] == "Số liệu c1 (Tỷ lệ) ghi «98,07%» nhưng giá trị phải in là «98,01%»."


def test_a_claim_that_is_stated_nowhere_is_a_fault(document, claims, province, july):
    claims.count(580, label="Hồ sơ quá hạn", unit=province, period=july, source="published")
    faults = document([markup.paragraphs("Không nêu số.")], claims).source_faults()
    assert faults == ["Số liệu c1 «580» (Hồ sơ quá hạn, tỉnh Hà Tĩnh) không được in ở đâu."]


def test_a_claim_printed_twice_is_a_fault(document, claims, province, july):
    figure = claims.count(580, label="Hồ sơ quá hạn", unit=province, period=july, source="published")
    faults = document([markup.paragraphs(f"Có {figure}, lại có {figure}.")], claims).source_faults()
    assert faults == ["Số liệu c1 «580» (Hồ sơ quá hạn, tỉnh Hà Tĩnh) được in 2 lần."]


def test_another_units_name_is_a_fault(document, claims):
    faults = document([markup.paragraphs("UBND xã Đức Thọ thực hiện tốt.")], claims).source_faults()
    assert faults == [
        "Tên đơn vị «xã Đức Thọ» nằm ngoài phạm vi báo cáo. Nguyên văn: «UBND xã Đức Thọ thực hiện tốt.»"
    ]


def test_every_name_is_found_whole_as_a_pattern_of_all_names_finds_it(register):
    names = sorted({name for *_, given in register.names() for name in given})
    whole = (rf"\b{re.escape(name)}\b" for name in sorted(names, key=len, reverse=True))
    pattern = re.compile("|".join(whole))
    finder, chance = NameFinder(names), random.Random(7)
    for name in names:
        joined = [chance.choice([name, name[:-1], name.upper(), chance.choice(names)]) for _ in range(6)]
        text = "".join(part + chance.choice([" ", ", ", "", "; ", "a", "1", " x"]) for part in joined)
        assert list(finder.find(text)) == pattern.findall(text), text
    assert list(NameFinder(["#x", "x)"]).find("a#x b (x)c")) == ["#x", "x)"]


def test_a_unit_outside_the_scope_cannot_be_printed(claims, register):
    with pytest.raises(ValueError, match="not in this document's scope"):
        claims.unit(register.find("xã Đức Thọ", DAY))


@pytest.mark.parametrize("text", ["Nghị định 118/2025/NĐ-CP ngày 10/6/2025", "Quyết định 767/QĐ-TTg"])
def test_only_registered_laws_may_be_cited(document, claims, text):
    assert document([markup.paragraphs(text)], claims).source_faults() != []


def test_sample_figures_without_the_mark_are_a_fault(document, claims, province, july):
    figure = claims.count(12, label="Hồ sơ", unit=province, period=july, source="sample")
    faults = document([markup.paragraphs(f"Có {figure} hồ sơ.")], claims).source_faults()
    assert faults == ["Báo cáo dùng số liệu mẫu nhưng không mang dấu «SỐ LIỆU MẪU»."]


def test_a_block_left_open_is_a_fault(document, claims):
    faults = document(["Chữ liền thẻ\n<div class='ngang'>\n\nx\n\n</div>"], claims).source_faults()
    assert any("khối mở hoặc đóng sai chỗ" in fault for fault in faults)


def test_finished_files_of_another_notebook_differ(memo, document, claims: Claims):
    other = document([markup.paragraphs("Một văn bản khác.")], claims)
    faults = check_finished(other.source, memo.finished("pdf"), other.record)
    assert faults
    assert check_finished(other.source, Finished("pdf", (Page("", ""),), "Văn bản thử"), other.record)
