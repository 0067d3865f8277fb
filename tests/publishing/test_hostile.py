"""Text from data is never code: it comes out as just that text, in both renderers and both formats."""

from __future__ import annotations

import shutil

import pytest
from lxml import html as lxml_html

from baocao.publishing import quarto
from baocao.publishing.check_finished import check_finished
from baocao.publishing.finished_text import squeeze
from baocao.publishing.letter import write_letter
from baocao.publishing.spec import Spec
from baocao.writing import markup

HOSTILE = [
    '`#panic("x")`{=typst}', "{{< include x >}}", "{{< include /etc/passwd >}}", "<script>alert(1)</script>",
    "@fig-x", "$x$", "|a|b|", "../../x", '#panic("x")', "=1+1", "- x", "1. x", "1) x", "= x", "+ x", "/ x: y",
    "a -- b", "a...", "http://x.vn/a//b", "/* x */ //y", "*a* _b_ ~c~ [x](y) ![z](w)", "a\\b", "<lab>",
    "\"q\" 'r'", "a-?b", "^[x]", "[@x]", "::: {.x}", "# H", "> q", "--- x", "&amp; &#35;", "x~y", "H~2~O",
    "<div>x</div>", "[x]{.so-lieu}", "\\frac{1}{2}", "%s {0} {x!r}", "</span></td>", "a\\", "`", "'''",
]  # fmt: skip

RENDERERS = [
    "embedded",
    pytest.param(
        "quarto",
        marks=pytest.mark.skipif(
            (quarto.version() or (0,)) < quarto.MINIMUM,
            reason=f"QUARTO KHÔNG CÓ: cần quarto {'.'.join(map(str, quarto.MINIMUM))} trên PATH "
            f"({shutil.which('quarto') or 'không thấy'})",
        ),
    ),
]


@pytest.mark.parametrize("kind", ["pdf", "html"])
@pytest.mark.parametrize("renderer", RENDERERS)
def test_hostile_text_is_printed_as_it_is(document, claims, province, july, renderer, kind):
    """In text, headings, cells, captions, lists, notes, annexes, explanations and the letter itself."""
    about = {"unit": province, "period": july, "source": "published"}
    figures = [claims.count(7, label=text, formula=text, **about) for text in HOSTILE]
    names = [claims.name(text) for text in HOSTILE]
    rows = [[claims.name(text), claims.name(text)] for text in HOSTILE]
    pieces = [
        markup.paragraphs(*names),
        markup.paragraphs(" ".join(figures)),
        *[f"# {claims.name(text)}\n" for text in HOSTILE],
        markup.numbered([claims.name(text) for text in HOSTILE]),
        markup.paragraphs("Chú thích" + f"^[{claims.name(HOSTILE[0])}]"),
        markup.division("chu-thich-bang", claims.name(HOSTILE[0])),
        markup.division("bang", markup.pipe_table(["Tên", "Tên"], rows, [1, 1], "lr")),
        markup.division("phu-luc", markup.paragraphs(claims.name(HOSTILE[0]), "Hết."), {"data-so": "I"}),
    ]
    letter = {
        "loai": "cong-van", "co-quan": [markup.escape(HOSTILE[0])], "ky-hieu": markup.escape(HOSTILE[1]),
        "dia-danh": markup.escape(HOSTILE[3]), "thang": "7", "nam": "2025",
        "trich-yeu": markup.escape(HOSTILE[8]), "kinh-gui": [markup.escape(text) for text in HOSTILE],
        "noi-nhan": [markup.escape(text) for text in HOSTILE], "luu": markup.escape(HOSTILE[4]),
        "quyen-han": [markup.escape(HOSTILE[6])], "nguoi-ky": markup.escape(HOSTILE[7]),
    }  # fmt: skip
    made = document(pieces, claims, letter)
    assert made.source_faults() == []
    finished = made.finished(kind, renderer)
    assert [str(fault) for fault in check_finished(made.source, finished, made.record)] == []
    text = "".join(page.body for page in finished.pages)
    assert all(text.count(squeeze(one)) >= 5 for one in HOSTILE)


@pytest.mark.parametrize("renderer", RENDERERS)
def test_the_strings_of_a_spec_are_printed_as_they_are(document, claims, province, july, renderer):
    """As `build` puts a spec's letter into the notebook: links, raw HTML, shortcodes and pictures are their letters."""
    live = ["[a](javascript:alert(1))", "![x](https://x.vn/t.png)", '<a href="javascript:x">b</a>', *HOSTILE]
    lists = {key: list(live) for key in ("co-quan", "kinh-gui", "quyen-han", "noi-nhan")}
    lines = {
        key: live[at] for at, key in enumerate(("so", "ky-hieu", "dia-danh", "trich-yeu", "nguoi-ky", "luu"))
    }
    made = document([markup.paragraphs("Hết.")], claims)
    spec = Spec("thu", "thu", july.code, ("42",), letter={"loai": "cong-van", **lists, **lines})
    write_letter(made.notebook, spec, july, [province])
    text = "".join(page.body for page in made.finished("html", renderer).pages)
    assert all(text.count(squeeze(one)) >= 4 for one in live)
    page = lxml_html.parse(made.path("html", renderer))
    assert (
        page.xpath("//main//*[self::a or self::img or self::script or self::em or self::code or @href]") == []
    )
    assert all(made.finished("pdf", renderer).pages)


@pytest.mark.parametrize("name", HOSTILE)
def test_explanations_hold_hostile_names_as_text(name):
    written = markup.attribute(name)
    assert written[0] == written[-1] == '"'
    assert not set('"<>|\\') & set(written[1:-1])


def test_invisible_and_bidirectional_characters_are_removed():
    assert markup.escape("xã\u202e Đức\u200b Thọ\n\n# x") == r"xã Đức Thọ \# x"
