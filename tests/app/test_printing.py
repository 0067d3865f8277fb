"""What others wrote reaches the terminal and the list of sources as letters: nothing in it is obeyed."""

from __future__ import annotations

import ast
import csv
import json
import sys
import unicodedata

import pytest

from baocao.app.cli import main
from shipped import shipped_root

OBEYED = "\x1b[2J\x1b]0;x\x07\x9b31m\u202e\u2066\u200b\u2028"
"""Clears a screen, names a window, colours, turns the reading direction, hides, ends a line."""


def obeyed(text: str) -> set[str]:
    return {
        one for one in text if one not in "\t\n" and unicodedata.category(one) in ("Cc", "Cf", "Zl", "Zp")
    }


@pytest.fixture
def run(project, monkeypatch, capsys):
    """A command in a project of its own: all that it printed, checked for what a terminal would obey."""
    monkeypatch.chdir(project)

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["baocao", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        assert obeyed(printed.out + printed.err) == set()
        return ended.value.code or 0, printed.out, printed.err

    return call


def received(folder, name: str, unit: str, measure: str) -> str:
    path = folder / name
    rows = [["unit", "period_start", "period_end", "measure", "value"]]
    rows += [[unit, "2025-07-01", "2025-07-31", measure, "5"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def test_names_headings_and_units_of_others_are_not_obeyed(run, tmp_path):
    (tmp_path / f"thư mục{OBEYED}").mkdir()
    wrong = received(tmp_path / f"thư mục{OBEYED}", f"sai{OBEYED}\nLỗi.csv", f"xã{OBEYED} Lạ", f"số{OBEYED}")
    for command in ("check", "load"):
        code, out, _ = run(command, wrong)
        assert code == 1 and "Lạ" in out
        code, out, _ = run(command, wrong, "--json")
        assert code == 1 and json.loads(out)
    assert run("load", f"không có{OBEYED}")[0] == 2
    assert run("build", f"không có{OBEYED}")[0] == 2
    assert run("units", "--on", OBEYED)[0] == 2
    assert run("build", f"--{OBEYED}")[0] == 2


def test_the_list_of_sources_holds_nothing_that_is_obeyed(run, project, tmp_path):
    good = received(tmp_path, f"đúng{OBEYED}.csv", "18229", "received")
    code, out, error = run("load", good, "--issuer", f"Sở{OBEYED}", "--note", f"ghi{OBEYED} chú")
    assert (code, error) == (0, ""), out
    listed = (project / "data" / "raw" / "SOURCES.csv").read_text(encoding="utf-8")
    assert "ghi" in listed.splitlines()[-1] and "Sở" in listed.splitlines()[-1]
    assert obeyed(listed) == set()


def test_the_list_of_sources_is_cleaned_whoever_writes_a_row(project):
    from baocao.store.listing import listing_text

    text = listing_text(project, [{"file": "a.csv", "note": f"rút từ tệp «{OBEYED}»"}])
    assert "rút từ tệp «" in text and obeyed(text) == set()


def test_nothing_is_printed_past_the_one_printer():
    """`print` stands in app/printing.py alone; the problem list has a console of its own and cleans what it shows."""
    lib = shipped_root() / "lib" / "baocao"
    found = {
        path.relative_to(lib).as_posix()
        for path in lib.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and (
            getattr(node.func, "id", "") == "print"
            or ast.unparse(node.func).endswith((".stdout.write", ".stderr.write"))
        )
    }
    assert found == {"app/printing.py"}
