"""JupyterLab is found where it was installed and opened on the notebook; without it, one sentence says how to get it."""

from __future__ import annotations

import sys

import pytest

from baocao.app import doctor
from baocao.definitions.errors import UserError


@pytest.fixture
def without_jupyterlab(monkeypatch):
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)


@pytest.fixture
def started(monkeypatch):
    """The programs that were started, each of which ends with exit code 7 after the user pressed Ctrl-C once."""
    calls = []

    class Process:
        def __init__(self, command, cwd):
            calls.append((command, cwd))
            self.pressed = False

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def wait(self):
            if not self.pressed:
                self.pressed = True
                raise KeyboardInterrupt
            return 7

    monkeypatch.setattr(doctor.subprocess, "Popen", Process)
    return calls


def install(root, python: str, libraries: str):
    for path in (root / ".venv" / "lab" / python, root / ".venv" / "lab" / libraries / "jupyterlab" / "x"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return root / ".venv" / "lab" / python


@pytest.mark.parametrize(
    ("python", "libraries"),
    [("bin/python", "lib/python3.11/site-packages"), ("Scripts/python.exe", "Lib/site-packages")],
)
def test_the_environment_that_make_lab_makes_is_found(without_jupyterlab, tmp_path, python, libraries):
    installed = install(tmp_path, python, libraries)
    assert doctor.find_lab(tmp_path) == installed


def test_where_it_is_beside_the_rest_this_python_opens_it(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "find_spec", lambda name: name)
    assert str(doctor.find_lab(tmp_path)) == sys.executable


def test_without_it_one_sentence_says_what_to_do(without_jupyterlab, tmp_path):
    (tmp_path / ".venv" / "lab" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "lab" / "bin" / "python").touch()  # a set-up that was interrupted
    with pytest.raises(UserError, match="chưa có JupyterLab .* hãy chạy «make lab»"):
        doctor.find_lab(tmp_path)


def test_the_notebook_is_opened_in_the_project_and_waited_for(without_jupyterlab, started, project):
    python = install(project, "bin/python", "lib/python3.11/site-packages")
    assert doctor.open_notebook(project) == 7
    assert started == [([str(python), "-m", "jupyter", "lab", "notebooks/explore.ipynb"], project)]


def test_a_project_without_the_notebook_is_one_sentence(without_jupyterlab, started, tmp_path):
    install(tmp_path, "bin/python", "lib/python3.11/site-packages")
    with pytest.raises(UserError, match=r"Thiếu sổ tay notebooks/explore\.ipynb"):
        doctor.open_notebook(tmp_path)
    assert started == []
