"""A notebook as a document: nothing that it prints is lost, nothing of the run's circumstances is kept."""

from __future__ import annotations

import base64

import nbformat
import pytest

from baocao.definitions.errors import UserError
from baocao.publishing import notebooks

v4 = nbformat.v4


def shown(**data: str):
    return v4.new_output("display_data", {key.replace("__", "/"): value for key, value in data.items()})


def printing(*outputs, source: str = "x", tags: list[str] | None = None):
    cell = v4.new_code_cell(source, outputs=list(outputs), metadata={"tags": tags or []})
    return v4.new_notebook(cells=[cell])


def test_markdown_outputs_are_printed():
    notebook = printing(shown(text__markdown="| a |\n|--|\n| 1 |", text__plain="<x>"))
    assert notebooks.body_markdown(notebook) == "| a |\n|--|\n| 1 |\n"


def test_pictures_become_files_named_by_their_content(tmp_path):
    picture = "<svg xmlns='http://www.w3.org/2000/svg'><text>1</text></svg>"
    markdown = notebooks.body_markdown(printing(shown(**{"image__svg+xml": picture})))
    placed = notebooks.place_images(markdown, tmp_path)
    (file,) = (tmp_path / "hinh").iterdir()
    assert file.read_text() == picture
    assert placed == f"![](hinh/{file.name})\n"
    assert base64.b64encode(picture.encode()).decode() in markdown


def test_hidden_cells_print_nothing():
    for tag in ("parameters", "injected-parameters", "remove-cell"):
        assert notebooks.body_markdown(printing(shown(text__plain="x"), tags=[tag])).strip() == ""
    hidden = printing(shown(text__plain="x"), source="#| include: false\nx")
    assert notebooks.body_markdown(hidden).strip() == ""


def test_html_alone_is_refused_because_a_pdf_would_lose_it():
    with pytest.raises(UserError, match="chỉ in HTML"):
        notebooks.body_markdown(printing(shown(text__html="<table></table>")))


def test_a_stored_error_is_refused():
    error = v4.new_output("error", ename="ValueError", evalue="x", traceback=[])
    with pytest.raises(UserError, match="Ô số 1 của sổ tính dừng vì lỗi ValueError: x"):
        notebooks.body_markdown(printing(error))


def test_warnings_are_not_printed_but_output_is():
    streams = [v4.new_output("stream", name=name, text=name) for name in ("stderr", "stdout")]
    assert notebooks.body_markdown(printing(*streams)) == "```\nstdout\n```\n"


def test_a_notebook_without_parameters_is_refused():
    with pytest.raises(UserError, match="không có ô gắn nhãn «parameters»"):
        notebooks.parameters_of(printing())


def test_parameters_are_read_without_running_them():
    notebook = printing(source='period = "2025-07"\nunits = ["42"]', tags=["parameters"])
    assert notebooks.parameters_of(notebook) == {"period": "2025-07", "units": ["42"]}


def test_a_notebook_without_a_record_is_refused():
    with pytest.raises(UserError, match="không lưu danh sách số liệu"):
        notebooks.claims_record(printing())


def test_a_record_of_another_version_is_refused():
    output = v4.new_output("display_data", {notebooks.RECORD_MIME: {"version": 99}})
    with pytest.raises(UserError, match="phiên bản 99"):
        notebooks.claims_record(printing(output))


def test_what_differs_between_two_runs_is_removed():
    notebook = printing(tags=["injected-parameters"])
    notebook.metadata["papermill"] = {"start_time": "x", "output_path": "/tmp/x"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.11.2"}
    notebook.cells[0].metadata["papermill"] = {"duration": 1}
    notebook.cells[0].metadata["execution"] = {"iopub.execute_input": "x"}
    cleaned = notebooks.clean_executed(notebook)
    assert "papermill" not in cleaned.metadata and cleaned.metadata["language_info"] == {"name": "python"}
    assert dict(cleaned.cells[0].metadata) == {"tags": ["injected-parameters"]}
    assert cleaned.cells[0].id == "injected-parameters"


def test_front_matter_is_read_and_replaced():
    notebook = v4.new_notebook(cells=[v4.new_raw_cell("---\ntitle: 'a - b'\n---")])
    assert notebooks.front_matter(notebook) == {"title": "a - b"}
    notebooks.set_front_matter(notebook, {"title": "Hà Tĩnh --"})
    assert notebooks.front_matter(notebook) == {"title": "Hà Tĩnh --"}
    bare = v4.new_notebook(cells=[v4.new_markdown_cell("x")])
    notebooks.set_front_matter(bare, {"title": "x"})
    assert notebooks.front_matter(bare) == {"title": "x"}


def test_a_file_that_is_no_notebook_is_one_sentence(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text("không phải", encoding="utf-8")
    with pytest.raises(UserError, match="x.ipynb không phải sổ tính Jupyter"):
        notebooks.read_notebook(path)
    with pytest.raises(UserError, match="Không có sổ tính «y.ipynb»"):
        notebooks.read_notebook(tmp_path / "y.ipynb")
