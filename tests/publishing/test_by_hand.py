"""papermill and Quarto by hand: nothing delivered is touched, nothing that was not run looks like a report."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pypdfium2
import pytest
import yaml
from lxml import html

from baocao.app.sample.province import write_sample
from baocao.publishing import notebooks, quarto
from conftest import copy_project

needs_quarto = pytest.mark.skipif(
    (quarto.version() or (0,)) < quarto.MINIMUM,
    reason=f"QUARTO KHÔNG CÓ: cần Quarto 1.9 trở lên trên PATH (thấy: {shutil.which('quarto')})",
)
MARK = "SỐ LIỆU MẪU – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"


def run(project: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def executed(root, tmp_path_factory) -> Path:
    """A project with sample facts, one delivered document, and a notebook run by papermill in its root."""
    project = copy_project(root, tmp_path_factory.mktemp("bằng tay") / "dự án")
    shutil.copyfile(root / ".gitignore", project / ".gitignore")
    write_sample(project)
    for path in (project / "notebooks").glob("*.ipynb"):
        if path.stem not in ("unit_briefing", "explore"):
            path.unlink()
    command = (sys.executable, "-m", "papermill", "notebooks/unit_briefing.ipynb", "out.ipynb")
    run(project, *command, "-p", "period", "2025-07", "-p", "units", "18229", "--no-progress-bar")
    delivered = project / "reports" / "build" / "2025-07" / "x"
    delivered.mkdir(parents=True)
    shutil.copyfile(project / "out.ipynb", delivered / "x.ipynb")
    (delivered / "x.pdf").write_bytes(b"delivered and verified")
    return project


def test_papermill_takes_the_number_that_it_makes_of_a_code(executed):
    record = notebooks.claims_record(nbformat.read(executed / "out.ipynb", as_version=4))
    assert "18229" in {claim["unit"] for claim in record["claims"]}


def test_quarto_is_told_to_render_notebooks_only_and_where_to_put_them(root):
    project = yaml.safe_load((root / "_quarto.yml").read_text(encoding="utf-8"))["project"]
    assert project["render"] == ["/notebooks/*.ipynb", "/*.ipynb"]
    ignored = (root / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{project['output-dir']}/" in ignored
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set(ignored), "else Quarto writes them itself"


@needs_quarto
def test_rendering_the_project_touches_nothing_that_was_delivered(executed):
    delivered = executed / "reports" / "build" / "2025-07" / "x"
    before = {path.relative_to(executed): path.read_bytes() for path in _own_files(executed)}
    run(executed, "quarto", "render")
    after = {path.relative_to(executed): path.read_bytes() for path in _own_files(executed)}
    assert after == before
    assert sorted(path.name for path in delivered.iterdir()) == ["x.ipynb", "x.pdf"]
    made = executed / "reports" / "quarto"
    assert {path.relative_to(made).as_posix() for path in made.rglob("*.pdf")} == {
        "out.pdf",
        "notebooks/unit_briefing.pdf",
        "notebooks/explore.pdf",
    }


def _own_files(project: Path) -> list[Path]:
    made = (project / "reports" / "quarto", project / ".quarto")
    return [
        path for path in project.rglob("*") if path.is_file() and not any(one in path.parents for one in made)
    ]


@needs_quarto
@pytest.mark.parametrize("kind", ["vanban-typst", "vanban-html", "html", "docx"])
def test_a_notebook_that_was_not_run_says_so_and_nothing_else(executed, kind):
    run(executed, "quarto", "render", "notebooks/unit_briefing.ipynb", "--to", kind, "-P", "period:2025-06")
    text = _text(executed / "reports" / "quarto" / "notebooks", "unit_briefing", kind)
    assert "chưa được chạy" in text
    assert "CỘNG HÒA" not in text and "Kính gửi" not in text


@needs_quarto
@pytest.mark.parametrize("kind", ["vanban-typst", "vanban-html", "html", "docx"])
def test_sample_figures_are_marked_in_every_format(executed, kind):
    run(executed, "quarto", "render", "out.ipynb", "--to", kind)
    text = _text(executed / "reports" / "quarto", "out", kind)
    assert MARK in text
    assert "98,59%" in text
    assert "chưa có thể thức" in text  # the letter's particulars stand in the spec alone


@needs_quarto
def test_by_hand_the_pdf_is_set_in_one_typeface(executed):
    run(executed, "quarto", "render", "out.ipynb", "--to", "vanban-typst")
    content = (executed / "reports" / "quarto" / "out.pdf").read_bytes()
    names = {name.decode() for name in re.findall(rb"/BaseFont ?/[A-Z]{6}\+([A-Za-z]+)", content)}
    assert len(names) == 1, names


def _text(folder: Path, name: str, kind: str) -> str:
    if kind == "vanban-typst":
        with pypdfium2.PdfDocument(folder / f"{name}.pdf") as pages:
            return " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    if kind == "docx":
        with zipfile.ZipFile(folder / f"{name}.docx") as parts:
            return " ".join(html.fromstring(parts.read("word/document.xml")).itertext())
    page = html.parse(str(folder / f"{name}.html")).getroot()
    return " ".join(" ".join(page.find("body").itertext()).split())
