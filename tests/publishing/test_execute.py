"""papermill runs the notebook; a misspelt or unsafe parameter never reaches it."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from baocao.definitions.errors import NoDataError, UserError
from baocao.publishing.execute import ExecutionError, check_parameters, execute

v4 = nbformat.v4


@pytest.fixture
def notebook(tmp_path):
    def make(source: str, tags: list[str] | None = None) -> Path:
        parameters = v4.new_code_cell('period = "mặc định"', metadata={"tags": tags or ["parameters"]})
        made = v4.new_notebook(
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
            cells=[parameters, v4.new_code_cell(source)],
        )
        nbformat.write(made, tmp_path / "thu.ipynb")
        return tmp_path / "thu.ipynb"

    return make


def test_the_parameter_takes_the_place_of_the_default(notebook, root, tmp_path):
    source = notebook("import os; print(period, os.path.basename(os.getcwd()))")
    executed = execute(source, {"period": "2025-07"}, tmp_path / "out.ipynb", root)
    assert executed.cells[-1].outputs[0].text == f"2025-07 {root.name}\n"
    assert "papermill" not in executed.metadata


def test_a_misspelt_parameter_is_refused(notebook, root, tmp_path):
    with pytest.raises(UserError, match="không có tham số «perod»; tham số gần nhất: period"):
        execute(notebook("1"), {"perod": "2025-07"}, tmp_path / "out.ipynb", root)
    assert not (tmp_path / "out.ipynb").exists()


def test_a_notebook_without_the_parameters_cell_is_refused(notebook, root, tmp_path):
    with pytest.raises(UserError, match="không có ô gắn nhãn «parameters»"):
        execute(notebook("1", tags=["other"]), {"period": "x"}, tmp_path / "out.ipynb", root)


@pytest.mark.parametrize("value", [("a",), Path("x"), {"a": 1}, [("a",)], object()])
def test_only_plain_values_reach_the_notebook(value):
    made = v4.new_notebook(cells=[v4.new_code_cell("period = 1", metadata={"tags": ["parameters"]})])
    with pytest.raises(UserError, match="phải là chữ, số hoặc danh sách"):
        check_parameters(made, {"period": value}, "thu")


@pytest.mark.parametrize("kind", [NoDataError, UserError])
def test_the_users_errors_come_out_as_sentences(notebook, root, tmp_path, kind):
    source = notebook(
        f"from baocao.definitions.errors import {kind.__name__}\nraise {kind.__name__}('Không có số liệu kỳ 2030.')"
    )
    with pytest.raises(kind, match=r"^Không có số liệu kỳ 2030\.$"):
        execute(source, {}, tmp_path / "out.ipynb", root)


def test_a_cell_that_raises_keeps_its_notebook(notebook, root, tmp_path):
    with pytest.raises(ExecutionError, match="dừng vì lỗi ZeroDivisionError: division by zero") as failed:
        execute(notebook("1 / 0"), {}, tmp_path / "out.ipynb", root)
    kept = nbformat.read(failed.value.path, as_version=4)
    assert any(output.output_type == "error" for cell in kept.cells for output in cell.get("outputs", []))
