"""Quarto called once for many documents makes each of them as it would alone, and one that fails costs only itself."""

from __future__ import annotations

import base64
import shutil
from datetime import date

import pytest

from baocao.charts import fonts
from baocao.publishing import quarto
from baocao.publishing.finished_text import READERS
from baocao.writing import markup
from conftest import LETTER, as_notebook, picture

needs_quarto = pytest.mark.skipif(
    (quarto.version() or (0,)) < quarto.MINIMUM,
    reason=f"QUARTO KHÔNG CÓ: cần Quarto 1.9 trở lên trên PATH (thấy: {shutil.which('quarto')})",
)
DAY = date(2025, 7, 31)


def letter_to(name: str, claims):
    """A letter to one unit, with a picture and a table of its own."""
    pieces = [
        markup.division("hinh", picture([name]), {"data-mo-ta": f"Biểu đồ: {name}."}),
        markup.paragraphs(f"Gửi riêng {name}." + f"^[Chú thích của {name}.]"),
        markup.division("bang", markup.pipe_table(["Đơn vị"], [[name]], [1], "l")),
        markup.division("khoi-ky"),
    ]
    return as_notebook(pieces, claims, {**LETTER, "kinh-gui": [name]})


@needs_quarto
@pytest.mark.parametrize("kind", ["pdf", "html"])
def test_one_call_makes_each_document_as_a_call_of_its_own(root, claims, tmp_path, kind):
    about = {"root": root, "font": fonts.find_fonts(root), "day": DAY}
    notebooks = {name: letter_to(name, claims) for name in ("xã A", "xã B", "xã C")}
    targets = {name: tmp_path / f"{number}.{kind}" for number, name in enumerate(notebooks)}
    documents = [(notebook, targets[name]) for name, notebook in notebooks.items()]
    assert quarto.render_many(documents, kind, folder=tmp_path, **about) == {}
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{number}.{kind}" for number in range(3)]
    for name, target in targets.items():
        alone = tmp_path / f"alone.{kind}"
        assert quarto.render_many([(notebooks[name], alone)], kind, folder=tmp_path, **about) == {}
        assert READERS[kind](target) == READERS[kind](alone)
        text = "".join(page.body for page in READERS[kind](target).pages)
        assert [other for other in notebooks if other.replace(" ", "") in text] == [name]


@needs_quarto
def test_a_document_that_quarto_cannot_make_costs_only_itself(root, claims, tmp_path):
    broken = f"![](data:image/svg+xml;base64,{base64.b64encode(b'no picture').decode()})"
    documents = [
        (letter_to("xã A", claims), tmp_path / "a.pdf"),
        (as_notebook([markup.division("hinh", broken)], claims), tmp_path / "b.pdf"),
        (letter_to("xã C", claims), tmp_path / "c.pdf"),
    ]
    (tmp_path / "b.pdf").write_bytes(b"of last month")
    faults = quarto.render_many(
        documents, "pdf", root=root, font=fonts.find_fonts(root), day=DAY, folder=tmp_path
    )
    assert list(faults) == [tmp_path / "b.pdf"] and faults[tmp_path / "b.pdf"].startswith("quarto: ")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "c.pdf"]


def test_without_quarto_every_document_says_so(root, claims, tmp_path, monkeypatch):
    monkeypatch.setattr(quarto.shutil, "which", lambda _: None)
    documents = [(letter_to("xã A", claims), tmp_path / f"{number}.pdf") for number in range(2)]
    faults = quarto.render_many(
        documents, "pdf", root=root, font=fonts.find_fonts(root), day=DAY, folder=tmp_path
    )
    assert faults == {target: "không thấy lệnh quarto trên PATH" for _, target in documents}
