"""A document is left alone only when a new run would make it again and nobody touched its files."""

from __future__ import annotations

from pathlib import Path

import pytest

from baocao.documents import fonts
from baocao.documents.unchanged import document_key, shared_fingerprint, still_stands
from baocao.specs import Spec

SPEC = Spec("thu", "processing", "2025-07", ("42",), letter={"luu": "VT"})


@pytest.fixture
def notebook(root) -> Path:
    return root / "notebooks" / "processing.ipynb"


def test_the_key_follows_the_spec_the_units_the_notebook_and_what_all_share(notebook, tmp_path):
    key = document_key(SPEC, ["42"], notebook, "chung")
    assert key == document_key(SPEC, ["42"], notebook, "chung")
    changed = tmp_path / "processing.ipynb"
    changed.write_bytes(notebook.read_bytes() + b"\n")
    others = [
        document_key(
            Spec("thu", "processing", "2025-06", ("42",), letter={"luu": "VT"}), ["42"], notebook, "chung"
        ),
        document_key(
            Spec("thu", "processing", "2025-07", ("42",), letter={"luu": "X"}), ["42"], notebook, "chung"
        ),
        document_key(SPEC, ["18229"], notebook, "chung"),
        document_key(SPEC, ["42"], changed, "chung"),
        document_key(SPEC, ["42"], notebook, "khác"),
    ]
    assert len({key, *others}) == 6


def test_what_all_documents_share_does_not_depend_on_the_folder(root, project):
    font = fonts.find_fonts(root)
    shared = shared_fingerprint(root, font, "embedded", None)
    assert shared == shared_fingerprint(project, font, "embedded", None)
    assert shared != shared_fingerprint(project, font, "quarto", (1, 9, 38))


@pytest.mark.parametrize(
    "path",
    ["data/reference/targets.csv", "_extensions/vanban/vanban.css", "data/raw/766_tinh_2026-10-06.csv"],
)
def test_a_changed_form_reference_or_fact_changes_every_key(project, path):
    font = fonts.find_fonts(project)
    before = shared_fingerprint(project, font, "embedded", None)
    file = project / path
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("56,67", "56,68") if "56,67" in text else text + "\n", encoding="utf-8")
    assert shared_fingerprint(project, font, "embedded", None) != before


def test_touched_missing_and_added_files_are_made_again(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"1")
    digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    line = {"key": "k", "files": {"a.pdf": digest}}
    assert still_stands(line, "k", tmp_path)
    assert not still_stands(line, "other", tmp_path)
    assert not still_stands(None, "k", tmp_path)
    assert not still_stands({"key": "k", "files": {}}, "k", tmp_path)
    assert not still_stands(line, "k", tmp_path / "nowhere")
    (tmp_path / "b.pdf").write_bytes(b"1")
    assert not still_stands(line, "k", tmp_path)
    (tmp_path / "b.pdf").unlink()
    (tmp_path / "a.pdf").write_bytes(b"2")
    assert not still_stands(line, "k", tmp_path)
