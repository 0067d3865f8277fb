"""The examination of a machine: what is there, what is missing, what to do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from baocao.app import doctor
from baocao.charts import fonts
from baocao.publishing import quarto
from shipped import shipped_root

ROOT = shipped_root()


@pytest.fixture
def project(tmp_path, monkeypatch) -> Iterator[Path]:
    """A project of its own with this machine's libraries, no font, no Quarto and no store."""
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copy(ROOT / name, tmp_path / name)
    shutil.copytree(ROOT / "data" / "reference", tmp_path / "data" / "reference")
    monkeypatch.setattr(fonts, "system_folders", list)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    quarto.version.cache_clear()
    yield tmp_path
    quarto.version.cache_clear()


def put_quarto(project: Path, answer: str) -> None:
    program = project / "bin" / "quarto"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\n{answer}\n")
    program.chmod(0o755)


def check(project: Path, name: str) -> doctor.Check:
    (found,) = [one for one in doctor.examine(project) if one.name == name]
    return found


def test_every_check_has_a_known_state_and_advice_when_something_is_wrong(project):
    checks = doctor.examine(project)
    assert [one.name for one in checks] == [
        "Python",
        "Thư viện Python",
        "pandoc",
        "Typst",
        "Quarto",
        "Trình dựng khi chọn auto",
        "Cách chạy sổ tính",
        "Phông chữ",
        "Dữ liệu tham chiếu",
        "Kho số liệu",
    ]
    assert {one.state for one in checks} <= {"ok", "warn", "fail"}
    assert all(bool(one.advice) == (one.state != "ok") for one in checks)


def test_python_and_its_libraries_are_named_with_their_versions(project):
    assert check(project, "Python").found == ".".join(map(str, sys.version_info[:3]))
    libraries = check(project, "Thư viện Python")
    assert libraries.state in {"ok", "warn"}
    assert "pandas " in libraries.found
    assert "typst " in libraries.found


def test_a_missing_library_fails_and_another_version_warns(project):
    declared = project / "pyproject.toml"
    declared.write_text('[project]\ndependencies = ["pandas>=2", "no-such-library>=1"]\n')
    assert check(project, "Thư viện Python").state == "fail"
    assert check(project, "Thư viện Python").found == "thiếu no-such-library"
    declared.write_text('[project]\ndependencies = ["pandas>=2"]\n')
    (project / "requirements.lock").write_text("pandas==0.0.1 \\\n    --hash=sha256:00\n")
    other = check(project, "Thư viện Python")
    assert other.state == "warn"
    assert "pandas (khóa: 0.0.1)" in other.advice
    assert "--require-hashes" in other.advice


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for Quarto is a shell script")
@pytest.mark.parametrize(
    ("answer", "state", "renderer"),
    [
        ("echo 1.9.38", "ok", "quarto"),
        ("echo 1.10.2", "ok", "quarto"),
        ("echo 1.8.27", "warn", "embedded"),
        ("echo unknown", "warn", "embedded"),
        ("exit 3", "warn", "embedded"),
    ],
)
def test_quarto_is_taken_from_version_1_9_on(project, answer, state, renderer):
    put_quarto(project, answer)
    assert check(project, "Quarto").state == state
    assert check(project, "Trình dựng khi chọn auto") == doctor.Check(
        "Trình dựng khi chọn auto", "ok", renderer
    )


def test_without_quarto_the_embedded_renderer_needs_both_wheels(project, monkeypatch):
    assert check(project, "Trình dựng khi chọn auto").found == "embedded"
    monkeypatch.setitem(sys.modules, "typst", None)
    assert check(project, "Typst").state == "fail"
    renderer = check(project, "Trình dựng khi chọn auto")
    assert (renderer.state, renderer.found) == ("fail", "embedded, nhưng thiếu Typst")
    monkeypatch.setitem(sys.modules, "pypandoc", None)
    assert check(project, "Trình dựng khi chọn auto").found == "embedded, nhưng thiếu pandoc và Typst"


def test_the_font_in_use_is_named_with_the_reason(project):
    font = check(project, "Phông chữ")
    assert font.state == "warn"
    assert font.found.startswith("Libertinus Serif (có sẵn trong gói typst).")
    assert "doctor --get-fonts" in font.advice


def test_getting_fonts_says_in_one_sentence_what_was_done(project, monkeypatch):
    monkeypatch.setattr(doctor, "get_tinos", lambda root, say: say(f"Phông chữ: {root.name}."))
    assert doctor.get_fonts(project) == [f"Phông chữ: {project.name}."]


def test_missing_reference_data_fails_and_names_the_files(project):
    assert check(project, "Dữ liệu tham chiếu").state == "ok"
    (project / "data/reference/units.csv").unlink()
    (project / "data/reference/lineage.csv").write_text("effective_date,old_code\n")
    reference = check(project, "Dữ liệu tham chiếu")
    assert reference.state == "fail"
    assert reference.found == "thiếu hoặc rỗng: units.csv, lineage.csv"


def test_the_store_and_the_sample_are_told_to_be_missing_or_there(project):
    missing = check(project, "Kho số liệu")
    assert (missing.state, missing.found) == ("warn", "chưa lập, không có số liệu mẫu")
    for name in ("store/0123456789abcdef", "sample"):
        (project / "data/derived" / name).mkdir(parents=True)
        (project / "data/derived" / name / "counts.parquet").write_bytes(b"")
    assert check(project, "Kho số liệu") == doctor.Check(
        "Kho số liệu", "ok", "đã lập (1 tệp), có số liệu mẫu"
    )


def test_every_reference_file_is_looked_at(project):
    assert set(doctor.REFERENCE) == {path.name for path in (project / "data" / "reference").glob("*.csv")}
