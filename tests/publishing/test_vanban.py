"""The document form: pages as the embedded renderer makes them, and as Quarto makes them when it is there.

The font is the one inside the Typst wheel, so that pages are the same everywhere; a letter it lacks shows as
a box. What a page says is read back from the finished PDF and HTML, never from the Typst source.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache

import pypandoc
import pypdfium2
import pytest
import typst
import yaml
from lxml import html as lxml_html

from browser import browse, needs_browser
from shipped import shipped_root

ROOT = shipped_root()
EXTENSION = ROOT / "_extensions" / "vanban"
READER = yaml.safe_load((EXTENSION / "_extension.yml").read_text(encoding="utf-8"))["contributes"]["formats"][
    "common"
]["from"]
FONT = "Libertinus Serif"
TOP_ZONE = 18.5 * 72 / 25.4  # page number and mark stand here; the text begins below
MARK = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
PARAGRAPH = (
    "Trong kỳ, toàn tỉnh tiếp nhận 35.510 hồ sơ thủ tục hành chính, trong đó cấp tỉnh tiếp nhận 2.131 hồ sơ, "
    "cấp xã tiếp nhận 33.379 hồ sơ; số hồ sơ kỳ trước chuyển qua là 11.901 hồ sơ.\n"
)
LETTER = {
    "loai": "cong-van",
    "co-quan-chu-quan": "",
    "co-quan": ["ỦY BAN NHÂN DÂN", "TỈNH LAM SƠN"],
    "so": "",
    "ky-hieu": "UBND-HCC",
    "dia-danh": "Lam Sơn",
    "ngay": "",
    "thang": "7",
    "nam": "2025",
    "trich-yeu": "kết quả giải quyết thủ tục hành chính",
    "ten-loai": "BÁO CÁO",
    "kinh-gui": ["Giám đốc các sở", "Chủ tịch UBND các xã, phường"],
    "quyen-han": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    "nguoi-ky": "Trần Văn Mẫu",
    "noi-nhan": ["Như trên", "Trung tâm PV HCC tỉnh"],
    "luu": "VT, HCC",
}
HOSTILE = [
    '`#panic("x")`{=typst}',
    "{{< include x >}}",
    "<script>alert(1)</script>",
    "@fig-x",
    "$x$",
    "|a|b|",
    "../../x",
    '#panic("x")',
    "- x",
    "1. x",
    "+ x",
    "= x",
    "/ x: y",
    "--",
    "...",
    "-5%",
    "a\\",
    "&amp;",
    "[a](javascript:b)",
    "//c",
    "<lbl>",
    "“x” ’ – —",
    ':::\u00a0{.bang} "q"',
]


def escaped(text: str) -> str:
    """Text from data as the project writes it into Markdown: every ASCII punctuation mark is escaped."""
    return re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)


def source(body: str, letter: dict | None = None) -> str:
    """Markdown of a document: front matter (JSON is YAML) and body."""
    front = {} if letter is None else {"van-ban": letter}
    return f"---\n{json.dumps(front, ensure_ascii=False)}\n---\n\n{body}\n"


def div(css_class: str, body: str = "", attributes: str = "") -> str:
    return f'<div class="{css_class}" {attributes}>\n\n{body}\n\n</div>\n\n'


def pandoc(markdown: str, to: str, template: str, *options: str) -> str:
    command = [pypandoc.get_pandoc_path(), "-f", READER, "-t", to, "-s", "--wrap=none"]
    command += [
        "--template",
        str(EXTENSION / template),
        "--lua-filter",
        str(EXTENSION / "vanban.lua"),
        *options,
    ]
    return subprocess.run(command, input=markdown, capture_output=True, text=True, check=True).stdout


@cache
def html_page(markdown: str) -> str:
    return pandoc(markdown, "html", "template.html")


@cache
def pdf_file(markdown: str, *standards: str) -> bytes:
    code = pandoc(markdown, "typst", "template.typ", "-M", f"font={FONT}", "-M", "font-strict=true")
    return typst.compile(code.encode(), ignore_system_fonts=True, pdf_standards=list(standards))


def squeeze(text: str) -> str:
    """Text without white space and invisible characters; PDFium gives U+FFFE for a hyphen at a line's end."""
    return re.sub(r"[\s\u2060\u00a0]", "", text.replace("\ufffe", "-"))


def pdf_pages(data: bytes) -> list[tuple[str, str]]:
    """For each page the text of its top margin and the text below it."""
    pages = []
    for page in pypdfium2.PdfDocument(data):
        text, (width, height) = page.get_textpage(), page.get_size()
        top = text.get_text_bounded(0, height - TOP_ZONE, width, height)
        body = text.get_text_bounded(0, 0, width, height - TOP_ZONE)
        pages.append((" ".join(top.split()), body))
    return pages


def pdf_text(markdown: str) -> str:
    return squeeze("".join(body for _, body in pdf_pages(pdf_file(markdown))))


def html_text(page: str) -> str:
    return squeeze(lxml_html.fromstring(page).find(".//main").text_content())


def texts(markdown: str) -> dict[str, str]:
    return {"pdf": pdf_text(markdown), "html": html_text(html_page(markdown))}


HEAD = "ỦY BAN NHÂN DÂN TỈNH LAM SƠN CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
SIGNATURE = (
    "Nơi nhận: - Như trên; - Trung tâm PV HCC tỉnh; - Lưu: VT, HCC. KT. CHỦ TỊCH PHÓ CHỦ TỊCH Trần Văn Mẫu"
)
ADDRESSEES = "Kính gửi: - Giám đốc các sở; - Chủ tịch UBND các xã, phường. "


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_letter_says_its_parts_in_the_order_of_the_decree_and_nothing_else(kind):
    said = texts(source("Nội dung./.", LETTER))[kind]
    assert said == squeeze(
        HEAD + "Số: /UBND-HCC V/v kết quả giải quyết thủ tục hành chính Lam Sơn, ngày tháng 7 năm 2025 "
        f"{ADDRESSEES} Nội dung./. {SIGNATURE}"
    )


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_report_has_its_name_and_subject_and_one_addressee_on_the_line(kind):
    letter = {**LETTER, "loai": "bao-cao", "so": "05", "ngay": "24", "co-quan-chu-quan": "CHÍNH PHỦ"}
    letter |= {"kinh-gui": ["Văn phòng Chính phủ"], "luu": "", "nguoi-ky": ""}
    said = texts(source("Nội dung./.", letter))[kind]
    assert said == squeeze(
        f"CHÍNH PHỦ {HEAD} Số: 05/UBND-HCC Lam Sơn, ngày 24 tháng 7 năm 2025 "
        "BÁO CÁO kết quả giải quyết thủ tục hành chính Kính gửi: Văn phòng Chính phủ Nội dung./. "
        "Nơi nhận: - Như trên; - Trung tâm PV HCC tỉnh. KT. CHỦ TỊCH PHÓ CHỦ TỊCH"
    )


@pytest.mark.parametrize("kind", ["pdf", "html"])
@pytest.mark.parametrize("marker", ["", div("khoi-ky")])
def test_the_signature_comes_before_the_annexes_with_and_without_its_marker(kind, marker):
    annex = div("phu-luc", "Số liệu chi tiết\n\n(Kèm theo Công văn số 5)\n\nHết.", 'data-so="I"')
    said = texts(source(f"Nội dung./.\n\n{marker}{annex}", LETTER))[kind]
    assert said.endswith(
        squeeze(f"Nội dung./. {SIGNATURE} Phụ lục I SỐ LIỆU CHI TIẾT (Kèm theo Công văn số 5) Hết.")
    )


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_a_plain_article_needs_no_letter(kind):
    markdown = "---\ntitle: Bài viết\n---\n\n# I. Mục\n\nLời văn.\n\n1. một\n2. hai\n\n   - ba\n"
    assert texts(markdown)[kind] == squeeze("Bài viết I. Mục Lời văn. 1. một 2. hai - ba")


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_notebook_cells_round_the_text_change_nothing(kind):
    bare = div("bang", "| A | B |\n|---|--:|\n| x | 1 |") + "Hết./."
    cells = f"::: {{.cell}}\n\n::: {{.cell-output .cell-output-display}}\n\n{bare}\n\n:::\n\n:::\n"
    assert texts(source(cells, LETTER))[kind] == texts(source(bare, LETTER))[kind]


def test_notes_are_marked_as_in_the_letters_of_the_province():
    """ "… của một số địa phương(1), …", in the text and before the note, at the foot of the page too."""
    said = texts(source("Một số địa phương^[Nơi thứ nhất.], và nơi khác^[Nơi thứ hai.]./.", LETTER))
    for kind, text in said.items():
        assert "Mộtsốđịaphương(1),vànơikhác(2)./." in text, kind
        assert "(1)Nơithứnhất.(2)Nơithứhai." in text, kind


def test_the_title_of_an_annex_stands_in_capitals_whatever_it_is_made_of():
    """ND30 III.1. Names and figures in it keep who they are; its note, which stands elsewhere, keeps its letters."""
    title = 'Đơn vị <span class="don-vi" data-don-vi="42">xã Đức Thọ</span> **lũy kế**^[Tính cả kỳ trước.]'
    markdown = source(div("phu-luc", f"{title}\n\n(Kèm theo Công văn số 5)\n\nHết.", 'data-so="I"'), LETTER)
    for kind, text in texts(markdown).items():
        assert "PhụlụcIĐƠNVỊXÃĐỨCTHỌLŨYKẾ(1)(KèmtheoCôngvănsố5)Hết." in text, kind
        assert "(1)Tínhcảkỳtrước." in text, kind
    assert lxml_html.fromstring(html_page(markdown)).find_class("don-vi")[0].get("data-don-vi") == "42"


def hostile_document() -> str:
    """Every hostile string in every place where data may stand, ten times each."""
    names = [escaped(text) for text in HOSTILE]
    lines = [f"{name}\n" for name in names]
    lines += [f"# {name}\n" for name in names]
    lines += [f"- {name}" for name in names] + [""]
    lines += [div("chu-thich-bang", name) + div("nguon", name) for name in names]
    rows = [f'| {name} | <span class="so-lieu" data-giai-thich="x">{name}</span> |' for name in names]
    lines += [div("bang", "\n".join(["| A | B |", f"|{'-' * 60}|{'-' * 40}:|", *rows]))]
    lines += ["".join(f"ghi chú[^{number}] " for number in range(len(names))) + "\n"]
    lines += [f"[^{number}]: {name}\n" for number, name in enumerate(names)]
    letter = dict.fromkeys(("kinh-gui", "noi-nhan", "co-quan", "quyen-han"), names)
    return source("\n".join(lines), {**LETTER, **letter, "nguoi-ky": names[0], "trich-yeu": names[1]})


@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_text_from_data_comes_out_as_just_that_text(kind):
    said = texts(hostile_document())[kind]
    missing = [text for text in HOSTILE if said.count(squeeze(text)) < 10]
    assert missing == []


def test_data_reaches_typst_only_inside_string_literals():
    code = pandoc(hostile_document(), "typst", "template.typ").split("#vb-dau(", 1)[1]
    outside = re.sub(r'"(?:\\.|[^"\\])*"', '""', code)
    assert re.findall(r"panic|script|include|javascript|fig-x|\{\{|//", outside) == []


LIVE = "[a](javascript:b) [c](https://x.vn) ![d](https://x.vn/t.png) ![e](/etc/f.png) *g*^[h] <b>i</b> {{< env HOME >}}"
"""What Markdown would make of a letter's string that nobody escaped."""


ALIVE = "self::a or self::img or self::em or self::b or self::sup or self::script"


def live_letter() -> str:
    lists = {key: [LIVE, LIVE] for key in ("kinh-gui", "noi-nhan", "co-quan", "quyen-han")}
    return source(PARAGRAPH, {**dict.fromkeys(LETTER, LIVE), **lists, "loai": "bao-cao"})


def test_a_letters_string_is_words_even_where_it_was_not_escaped():
    page = lxml_html.fromstring(html_page(live_letter()))
    assert page.xpath(f"//main//*[{ALIVE}]") == []
    assert html_text(html_page(live_letter())).count("acdegh<b>i</b>{{<envHOME>}}") > 10
    code = pandoc(live_letter(), "typst", "template.typ").split("#vb-dau(", 1)[1]
    assert re.findall(r"image|link|footnote|x\.vn|javascript", re.sub(r'"(?:\\.|[^"\\])*"', '""', code)) == []


POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def policies(page: str) -> list[str]:
    return lxml_html.fromstring(page).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")


@needs_browser
def test_a_page_shows_its_pictures_and_runs_no_script_whatever_gets_into_it(tmp_path):
    page = html_page((EXTENSION / "template.md").read_text(encoding="utf-8"))
    assert policies(page) == [POLICY]
    script = "<script>document.querySelector('main').innerHTML = 'ĐÃ CHẠY'</script>"
    path = tmp_path / "trang.html"
    path.write_text(page.replace("</main>", f"</main>{script}"), encoding="utf-8")
    assert "ĐÃ CHẠY" not in browse(path, tmp_path, "--dump-dom").replace(script, "")
    path.write_text(page.replace(POLICY, "").replace("</main>", f"</main>{script}"), encoding="utf-8")
    assert "ĐÃ CHẠY" in browse(path, tmp_path, "--dump-dom").replace(script, ""), "else it is not tried"


def test_alternative_text_and_explanations_are_text_in_both_formats():
    picture = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI5IiBoZWlnaHQ9IjkiLz4="
    image = f"![](data:image/svg+xml;base64,{picture})"
    description = 'data-mo-ta="&quot; #panic(1) &#123;&#123;&lt; env HOME &gt;}}"'
    claim = '<span class="so-lieu" data-so="c1" data-giai-thich="&#123;&#123;&lt; env HOME &gt;}} &quot;">5%</span>'
    markdown = source(div("hinh", image, description) + claim)
    page = lxml_html.fromstring(html_page(markdown))
    assert page.find(".//img").get("alt").replace("\u2060", "") == '" #panic(1) {{< env HOME >}}'
    span = page.find(".//span")
    assert (span.get("tabindex"), span.get("data-so"), span.text) == ("0", "c1", "5%")
    assert span.get("data-giai-thich").replace("\u2060", "") == '{{< env HOME >}} "'
    assert "{{<" not in html_page(markdown), "Quarto reads shortcodes in attributes"
    assert pdf_text(markdown) == "5%"


def long_table(rows: int) -> str:
    lines = [f"| {row} | Đơn vị thứ {row} có tên dài đến mức phải xuống dòng trong cột | {row * 7} |"
             for row in range(1, rows + 1)]  # fmt: skip
    return div("bang", "\n".join(["| TT | Tên cột dài | Số |", f"|---:|{'-' * 60}|{'-' * 40}:|", *lines]))


def test_a_long_table_shows_every_row_whole_and_repeats_its_header():
    pages = [squeeze(body) for _, body in pdf_pages(pdf_file(source(PARAGRAPH + "\n" + long_table(90))))]
    assert len(pages) > 2
    assert all("TTTêncộtdàiSố" in page for page in pages)
    for row in range(1, 91):
        whole = squeeze(f"{row} Đơn vị thứ {row} có tên dài đến mức phải xuống dòng trong cột {row * 7}")
        assert sum(whole in page for page in pages) == 1, row


def test_page_numbers_start_again_in_every_annex_and_first_pages_have_none():
    text = (PARAGRAPH + "\n") * 30
    wide = div("phu-luc", "Ngang\n\n" + div("ngang", text), 'data-so="II"')
    last = div("phu-luc ngang", "Cuối\n\nHết.", 'data-so="III"')
    body = text + div("khoi-ky") + div("phu-luc", "Dọc\n\n" + text, 'data-so="I"') + wide + last
    pages = pdf_pages(pdf_file(source(body, LETTER)))
    document = pypdfium2.PdfDocument(pdf_file(source(body, LETTER)))
    start, starts = 0, []
    for place, (top, said) in enumerate(pages):
        if place == 0 or said.split("\n")[0].strip().startswith("Phụ lục"):
            start = place
            starts.append(said.split("\n")[0].strip())
        assert top == ("" if place == start else str(place - start + 1))
        width, height = document[place].get_size()
        assert (width > height) == (len(starts) > 2), "annexes II and III lie across, with their titles"
    assert starts == ["ỦY BAN NHÂN DÂN", "Phụ lục I", "Phụ lục II", "Phụ lục III"]
    assert "Hết." in pages[-1][1], "no empty page at the end"


@pytest.mark.parametrize("paragraphs", range(3, 15))
def test_the_signature_never_stands_alone_on_a_page(paragraphs):
    body = (PARAGRAPH + "\n") * paragraphs + "Trên đây là kết quả, đề nghị thực hiện./.\n"
    page = next(said for _, said in pdf_pages(pdf_file(source(body, LETTER))) if "KT. CHỦ TỊCH" in said)
    before = page.split("Nơi nhận:")[0].strip().splitlines()
    assert len(before) >= 2
    assert {"Trần Văn Mẫu", "- Như trên;"} <= {line.strip() for line in page.splitlines()}


def test_recipients_and_signature_begin_on_the_same_line():
    page = pypdfium2.PdfDocument(pdf_file(source("Nội dung./.", LETTER)))[0]
    text = page.get_textpage()

    def box(words: str) -> tuple[float, float, float, float]:
        index, count = text.search(words).get_next()
        return text.get_charbox(index) + text.get_charbox(index + count - 1)

    left, right = box("Nơi nhận:"), box("KT. CHỦ TỊCH")
    assert abs(left[1] - right[1]) < 4
    assert left[0] == pytest.approx(30 * 72 / 25.4, abs=2) and right[0] > page.get_width() / 2
    assert box("PHÓ CHỦ TỊCH")[1] - box("Trần Văn Mẫu")[3] > 28 * 72 / 25.4, "room to sign"


def test_sample_data_are_marked_on_every_page_within_the_top_margin():
    body = div("so-lieu-mau") + (PARAGRAPH + "\n") * 40 + div("phu-luc", "Bảng\n\nHết.", 'data-so="I"')
    markdown = source(body, LETTER)
    tops = [top for top, _ in pdf_pages(pdf_file(markdown))]
    assert tops == [MARK, *[f"{number} {MARK}" for number in range(2, len(tops))], MARK]
    for page in pypdfium2.PdfDocument(pdf_file(markdown)):
        text = page.get_textpage()
        index, _ = text.search(MARK).get_next()
        _, bottom, _, top = text.get_charbox(index)
        height = page.get_height()
        assert 5 * 72 / 25.4 < height - top < height - bottom < 18 * 72 / 25.4
    assert html_text(html_page(markdown)).startswith(squeeze(MARK))
    assert html_page(markdown).count(MARK) == 2, "once in the text, once for the margins of printed pages"


def test_every_vietnamese_letter_is_there_once_in_every_style():
    letters = "aàảãáạ ăằẳẵắặ âầẩẫấậ eèẻẽéẹ êềểễếệ iìỉĩíị oòỏõóọ ôồổỗốộ ơờởỡớợ uùủũúụ ưừửữứự yỳỷỹýỵ đ"
    letters += " " + letters.upper()
    markdown = source(f"{letters}\n\n**{letters}**\n\n*{letters}*\n\n***{letters}***\n")
    assert pdf_text(markdown) == squeeze(letters) * 4


def test_the_example_is_accessible_and_self_contained():
    markdown = (EXTENSION / "template.md").read_text(encoding="utf-8")
    assert pdf_file(markdown, "ua-1").startswith(b"%PDF-"), "PDF/UA-1 asks for title, language, alternatives"
    page = html_page(markdown)
    assert re.findall(r"<script|<link|https?://|url\(", page) == []
    assert policies(page) == [POLICY]
    document = lxml_html.fromstring(page)
    assert document.get("lang") == "vi"
    assert document.findtext(".//title").startswith("V/v kết quả đánh giá")
    assert len(document.findall(".//main")) == len(document.findall(".//h1")) == 1
    assert {heading.tag for heading in document.iter("h2", "h3")} == {"h2"}
    assert [image.get("alt")[:7] for image in document.iter("img")] == ["Biểu đồ"]
    assert [row.tag for row in document.find(".//thead/tr")] == ["th"] * 5
    assert {table.getparent().get("class") for table in document.iter("table")} == {"bang", "bang nho"}
    assert len(pypdfium2.PdfDocument(pdf_file(markdown))) == 4
    assert html_text(page).count("(1)Sốliệutrongmẫunày") == 1, "the note begins with its mark"


def test_the_same_text_gives_the_same_bytes():
    markdown = source(PARAGRAPH, LETTER)
    assert pdf_file.__wrapped__(markdown) == pdf_file.__wrapped__(markdown)


# ---------------------------------------------------------------- the decree

RANGES = {  # Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I: in points unless said
    "so-trang": (13, 14), "quoc-hieu": (12, 13), "tieu-ngu": (13, 14), "co-quan": (12, 13), "so-ky-hieu": (13, 13),
    "ngay": (13, 14), "ten-loai": (13, 14), "trich-yeu": (13, 14), "ve-viec": (12, 13), "kinh-gui": (13, 14),
    "noi-dung": (13, 14), "cach-doan": (6, 18), "quyen-han": (13, 14), "ho-ten": (13, 14),
    "noi-nhan-nhan": (12, 12), "noi-nhan": (11, 11), "phu-luc": (14, 14), "ke-ngan": (34, 50),
    "lui-dau-dong": (1, 1.27), "cach-dong": (0.5, 1), "ve-viec-cach": (6, 6),
}  # fmt: skip


@cache
def constants() -> dict[str, str]:
    """The measurements at the top of the Typst template, as written."""
    code = (EXTENSION / "typst-template.typ").read_text(encoding="utf-8")
    block = code.split("#let kich-thuoc = (")[1].split("\n)\n")[0]
    return dict(re.findall(r"^  ([a-z-]+): (.*), // \S", block, re.MULTILINE))


def test_measurements_lie_in_the_ranges_of_the_decree():
    for name, (least, most) in RANGES.items():
        assert least <= float(re.match(r"[\d.]+", constants()[name])[0]) <= most, name
    margins = {side: int(size) for side, size in re.findall(r"(\w+): (\d+)mm", constants()["le"])}
    assert 20 <= margins["top"] <= 25 and 20 <= margins["bottom"] <= 25
    assert 30 <= margins["left"] <= 35 and 15 <= margins["right"] <= 20


def test_the_style_guide_tells_every_measurement():
    guide = (EXTENSION / "style-guide" / "README.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"\| `([a-z-]+)` \| (.*) \|$", guide, re.MULTILINE))
    assert told == constants()


def test_every_word_of_the_language_file_is_given():
    words = yaml.safe_load((ROOT / "_language.yml").read_text(encoding="utf-8"))
    assert words["crossref-fig-title"] == "Hình" and words["crossref-tbl-title"] == "Bảng"
    assert [key for key, word in words.items() if not word and key != "search-text-placeholder"] == []


# ---------------------------------------------------------------- Quarto

quarto = pytest.mark.skipif(
    shutil.which("quarto") is None, reason="QUARTO KHÔNG CÓ trên PATH: hai trình dựng chưa được so với nhau"
)


@quarto
@pytest.mark.parametrize("name", ["example", "hostile", "live"])
def test_quarto_makes_the_same_pages(tmp_path, name):
    example = (EXTENSION / "template.md").read_text(encoding="utf-8")
    markdown = {"example": example, "hostile": hostile_document(), "live": live_letter()}[name]
    shutil.copytree(EXTENSION, tmp_path / "_extensions" / "vanban")
    for file in ("_quarto.yml", "_language.yml"):
        shutil.copyfile(ROOT / file, tmp_path / file)
    (tmp_path / "document.md").write_text(markdown, encoding="utf-8")
    for kind in ("typst", "html"):
        command = ["quarto", "render", "document.md", "--to", f"vanban-{kind}", "-M", f"font:{FONT}"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    by_quarto = (tmp_path / "document.pdf").read_bytes()
    assert len(pypdfium2.PdfDocument(by_quarto)) == len(pypdfium2.PdfDocument(pdf_file(markdown)))
    assert squeeze("".join(said for _, said in pdf_pages(by_quarto))) == pdf_text(markdown)
    page = (tmp_path / "document.html").read_text(encoding="utf-8")
    assert html_text(page) == html_text(html_page(markdown))
    assert "<script" not in page.replace("&lt;script", "")
    assert policies(page) == [POLICY]
    if name == "live":
        assert lxml_html.fromstring(page).xpath(f"//main//*[{ALIVE}]") == []
