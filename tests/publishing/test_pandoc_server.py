"""The pandoc that stays gives what pandoc as usual gives, byte for byte, and is missed by nobody when it dies."""

from __future__ import annotations

import os
import signal
from datetime import date
from pathlib import Path

import pytest

from baocao.charts.fonts import FontChoice, find_fonts
from baocao.definitions.periods import Period
from baocao.publishing import letter, notebooks, pandoc, pandoc_server
from baocao.publishing import typst as embedded
from baocao.publishing.spec import Spec, load_spec
from conftest import LETTER, as_notebook, picture, write_memo
from shipped import shipped_root

ROOT = shipped_root()
REPORTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "reports").glob("**/[a-z0-9]*.yml"))
DAY = date(2025, 7, 31)


@pytest.fixture
def no_other_pandoc(monkeypatch):
    """Only the process that stays may answer."""

    def refuse(*_):
        raise AssertionError("a pandoc of its own was started")

    monkeypatch.setattr(pandoc, "run_pandoc", refuse)


@pytest.fixture
def server():
    """The process that stays, as it is before its first question."""
    pandoc_server.close()
    return pandoc_server.here(pandoc.pandoc_path())


def markdown_of(spec: Spec, project: Path, register) -> str:
    """The document of a spec, its cells run in this process: the letter as delivered, and what is displayed."""
    notebook = notebooks.read_notebook(project / "notebooks" / f"{spec.notebook}.ipynb")
    period = Period.parse(spec.period)
    letter.write_letter(notebook, spec, period, register.expand(list(spec.units), period.end))
    written = write_memo(project, spec.notebook, spec.period, spec.units, **spec.parameters)
    return "\n\n".join([notebook.cells[0].source, *written.pieces]) + "\n"


def both_ways(markdown: str, root: Path, folder: Path, monkeypatch) -> list[tuple[object, object]]:
    """(the process that stays, pandoc as usual) for the tree, the page, the typesetting and its pictures."""
    tree = pandoc.parse_plainly(markdown, root)
    about = {"html": {"lang": "vi"}, "typst": {"lang": "vi", "font": "Libertinus Serif"}}
    usual: list[object] = [tree]
    for to, metadata in about.items():
        usual.append(pandoc.write_plainly(tree, to, root=root, folder=folder, metadata=metadata))
    usual.append(_pictures(folder))
    with monkeypatch.context() as patch:
        patch.setattr(pandoc, "run_pandoc", lambda *_: pytest.fail("a pandoc of its own was started"))
        found: list[object] = [pandoc.parse(markdown, root)]
        for to, metadata in about.items():
            found.append(pandoc.write(tree, to, root=root, folder=folder, metadata=metadata))
        found.append(_pictures(folder))
    return list(zip(found, usual, strict=True))


def _pictures(folder: Path) -> dict[str, bytes]:
    """The pictures placed in the folder, which is emptied of them."""
    found = {}
    for path in sorted((folder / "hinh").glob("*")):
        found[path.name] = path.read_bytes()
        path.unlink()
    return found


@pytest.mark.parametrize("report", REPORTS)
def test_every_report_is_the_same_both_ways(root, sampled, register, monkeypatch, tmp_path, report):
    monkeypatch.chdir(sampled)
    markdown = markdown_of(load_spec(root, root / report), sampled, register)
    for found, usual in both_ways(markdown, root, tmp_path, monkeypatch):
        assert found == usual


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "Chữ.",
        "---\ntitle: Một\n---\n\nChữ[^1].\n\n[^1]: Ghi chú.\n",
        "---\nlang: en\nfont: Arial\nvan-ban:\n  loai: bao-cao\n  kinh-gui: ['a', 'b']\n---\n\n# Mục\n\nChữ -- \"x\".\n",
        f"{picture(['a', 'b'])}\n\n| a | b |\n|---|:-:|\n| {picture(['c'])} | d |\n\n```\n{picture(['e'])}\n```\n",
        f"{picture(['a'])}\n\nhinh/0123456789abcdef.svg\n",
        "![](data:image/png;base64,AAA)\n",
        "<div class='hinh' data-mo-ta='{{< x >}}'>\n\n![x](data:image/png;base64,AAAA)\n\n</div>\n",
        "\u2028 \u2060- x\n\n" + "a" * 300_000,
    ],
    ids=["nothing", "word", "note", "letter", "pictures", "name of a picture", "no picture", "alt", "long"],
)
def test_odd_texts_are_the_same_both_ways(root, monkeypatch, tmp_path, markdown):
    if "AAA)" in markdown:  # cannot be decoded: only reading is possible
        assert pandoc.parse(markdown, root) == pandoc.parse_plainly(markdown, root)
        return
    same = both_ways(markdown, root, tmp_path, monkeypatch)
    assert [found == usual for found, usual in same] == [True] * 4


@pytest.mark.parametrize("length", [*range(1, 70, 3), 80, 81, 100, 200])
def test_tables_of_all_widths_are_the_same_both_ways(root, monkeypatch, tmp_path, length):
    """pandoc sets columns by the length of the longest line, explanations of figures included."""
    why = f"Tỷ lệ (x); y: {'ă' * length}. Nguồn: z"
    figure = f'<span class="so-lieu" data-so="c1" data-giai-thich="{why}">1\\,5\\%</span>'
    rows = f"| a | b |\n|---|:----:|\n| {figure} | b |\n"
    bare = f"| a | b |\n|---|:----:|\n| x | {'ă' * length} |\n"
    text = f"{rows}\n{bare}\n{figure} chữ {figure}\n\n```\n{figure} {picture(['e'])}\n```\n"
    same = both_ways(text, root, tmp_path, monkeypatch)
    assert [found == usual for found, usual in same] == [True] * 4


@pytest.mark.parametrize("letters", ["a\tb\n\n\tc\n", "a\r\nb\r\n", "\ufeff# a\n", "a\0b\n"])
def test_texts_that_the_program_changes_first_are_left_to_it(root, letters):
    assert pandoc.parse(letters, root) == pandoc.parse_plainly(letters, root)


def test_pages_are_set_as_with_a_typst_of_its_own(root, claims, tmp_path):
    import typst

    font = find_fonts(root)
    for number in (1, 2, 1):
        text = pandoc.parse(
            as_notebook([f"Trang {number}."], claims).cells[0].source
            + f"\n\nTrang {number}.\n\n{picture([str(number)])}\n",
            root,
        )
        embedded.render(text, tmp_path / "a.pdf", "pdf", root=root, font=font, day=DAY)
        made = (tmp_path / "a.pdf").read_bytes()
        source = tmp_path / "a.typ"
        source.write_text(
            pandoc.write_plainly(
                text, "typst", root=root, folder=tmp_path, metadata={"lang": "vi", "font": font.family}
            )
        )
        alone = typst.compile(
            str(source),
            root=str(tmp_path),
            font_paths=sorted({str(path.parent) for path in font.paths}),
            ignore_system_fonts=True,
            timestamp=embedded.stamp(DAY),
        )
        assert made == alone


def test_one_process_answers_for_many_documents(root, server, no_other_pandoc, tmp_path):
    for number in range(3):
        tree = pandoc.parse(f"Số {number}.\n", root)
        assert f"Số {number}." in pandoc.write(tree, "html", root=root, folder=tmp_path, metadata={})
        process = server._process
    assert process is server._process and process.poll() is None


def test_a_template_changed_in_between_is_read_again(project, server, no_other_pandoc, tmp_path):
    tree = pandoc.parse("Chữ.\n", project)
    page = project / "_extensions" / "vanban" / "template.html"
    first = pandoc.write(tree, "html", root=project, folder=tmp_path, metadata={})
    page.write_text("$vanban.css()$<p>khác</p>", encoding="utf-8")
    second = pandoc.write(tree, "html", root=project, folder=tmp_path, metadata={})
    page.with_name("vanban.css").write_text("p {}", encoding="utf-8")
    third = pandoc.write(tree, "html", root=project, folder=tmp_path, metadata={})
    assert "khác" not in first and "khác" in second and third == "p {}<p>khác</p>"


def test_a_process_that_was_killed_is_missed_by_nobody(root, server, tmp_path):
    tree = pandoc.parse("Chữ.\n", root)
    page = pandoc.write(tree, "html", root=root, folder=tmp_path, metadata={})
    killed = server._process
    os.kill(killed.pid, signal.SIGKILL)
    assert pandoc.write(tree, "html", root=root, folder=tmp_path, metadata={}) == page
    assert pandoc.parse("Chữ.\n", root) == tree
    assert server._process is not killed and server._process.poll() is None


def test_a_program_that_is_no_pandoc_is_missed_by_nobody(root, monkeypatch, tmp_path):
    monkeypatch.setattr(pandoc_server, "_SCRIPT", "this is no Lua")
    pandoc_server.close()
    assert pandoc.parse("Chữ.\n", root) == pandoc.parse_plainly("Chữ.\n", root)
    pandoc_server.close()


def test_a_filter_that_fails_says_so_as_ever(project, server, tmp_path):
    (project / "_extensions" / "vanban" / "vanban.lua").write_text("error 'hỏng'", encoding="utf-8")
    tree = pandoc.parse("Chữ.\n", project)
    font = FontChoice("Libertinus Serif", [], "", False)
    with pytest.raises(embedded.RenderError, match="pandoc: .*hỏng"):
        embedded.render(tree, tmp_path / "a.html", "html", root=project, font=font, day=DAY)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="KHÔNG CÓ os.fork trên máy này")
def test_a_forked_child_has_a_process_of_its_own(root, server, tmp_path):
    pandoc.parse("Chữ.\n", root)
    child = os.fork()
    if child == 0:
        try:
            own = not pandoc_server._servers and "Con" in pandoc.parse("Con.\n", root)
            pandoc_server.close()
        except BaseException:  # noqa: BLE001
            own = False
        os._exit(0 if own else 1)
    assert os.waitpid(child, 0)[1] == 0
    tree = pandoc.parse("Cha.\n", root)
    assert "Cha" in tree and server._process.poll() is None


def test_old_processes_are_replaced(root, server, no_other_pandoc, monkeypatch):
    pandoc.parse("Chữ.\n", root)
    first = server._process
    monkeypatch.setattr(pandoc_server, "_LETTERS_OF_ONE_PROCESS", 0)
    pandoc.parse("Chữ.\n", root)
    assert server._process is not first and first.poll() is not None


def test_the_letter_of_the_fixtures_is_the_same_both_ways(root, claims, monkeypatch, tmp_path):
    front = as_notebook([], claims, LETTER).cells[0].source
    same = both_ways(f"{front}\n\nChữ.\n\n<div class='khoi-ky'></div>\n", root, tmp_path, monkeypatch)
    assert [found == usual for found, usual in same] == [True] * 4
