"""Documents that Quarto renders together fail alone. A stand-in takes Quarto's place: the real one is not everywhere."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest
from test_failures import SOME, Office, house, kills, units, until  # noqa: F401 (a fixture)

from baocao.publishing.outcomes import NOTICE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="stops processes that it finds below /proc")
A, B, C, D, _ = SOME
FOUR = units(A, B, C, D)


class QuartoOffice(Office):
    """Builds with the stand-in on PATH."""

    def __init__(self, project: Path, out: Path, fault: str = "") -> None:
        super().__init__(project, out)
        self.fault, self.calls = fault, out.with_name("calls")
        folder = out.with_name("bin")
        folder.mkdir()
        stand_in = Path(__file__).parents[1] / "stand_in_quarto.py"
        (folder / "quarto").write_text(
            f'#!/bin/sh\nexec "{sys.executable}" "{stand_in}" "$@"\n', encoding="utf-8"
        )
        (folder / "quarto").chmod(0o755)

    def command(self, *more: str, spec: str = "thu") -> list[str]:
        told = super().command(*FOUR, *more, spec=spec)
        return ["quarto" if part == "embedded" else part for part in told]

    def environment(self, **about: dict[str, str] | None) -> dict[str, str]:
        path = f"{self.out.with_name('bin')}{os.pathsep}{os.environ['PATH']}"
        told = {"CALLS": str(self.calls), "ROOT": str(self.project), "QUARTO": self.fault}
        named = {f"BAOCAO_TEST_{name}": text for name, text in told.items()}
        return {**super().environment(**about), "PATH": path, **named}


@pytest.fixture
def office(house, tmp_path) -> QuartoOffice:  # noqa: F811
    return QuartoOffice(house, tmp_path / "ket-qua")


def failed(lines: dict[str, dict]) -> dict[str, str]:
    return {unit: line["outcome"] for unit, line in lines.items() if line["outcome"] != "built"}


def test_a_worker_renders_its_share_in_one_call_for_each_format(office):
    code, lines, _ = office.build()
    assert code == 0 and failed(lines) == {} and office.is_sound()
    assert sorted(office.calls.read_text().split()) == ["vanban-html"] * 2 + ["vanban-typst"] * 2


def test_half_a_file_of_a_run_that_failed_is_not_delivered(office):
    office.fault = "half Sơn Kim"
    code, lines, _ = office.build()
    assert code == 1 and failed(lines) == {B: "failed in rendering"} and office.is_sound()
    assert lines[B]["problems"] == ["quarto: no room left"]
    assert office.names(lines[B]) == {NOTICE, "thu.ipynb"}
    office.fault = ""
    assert failed(office.build()[1]) == dict.fromkeys((A, C, D), "unchanged")


def test_what_fails_before_it_is_rendered_does_not_hold_the_group_up(office):
    trouble = {
        A: "1 / 0",
        B: "from baocao.definitions.errors import UserError; raise UserError('Hãy sửa tệp.')",
    }
    code, lines, _ = office.build(trouble=trouble)
    assert code == 1 and failed(lines) == dict.fromkeys((A, B), "failed in execution")
    assert lines[B]["problems"] == ["Hãy sửa tệp."] and office.is_sound()


def test_a_worker_killed_under_quarto_loses_nothing(office):
    """Nobody knows which document of its group it was: each is made by another worker."""
    office.fault = "kill Sơn Kim"
    code, lines, _ = office.build()
    assert code == 0 and failed(lines) == {} and office.is_sound()


def test_ctrl_c_under_quarto_leaves_nothing_behind(office):
    office.fault = "hang Sơn Kim"
    build = office.start()
    until(lambda: office.calls.exists())
    started = kills.descendants(build.pid)
    build.send_signal(signal.SIGINT)
    _, error = build.communicate(timeout=600)
    assert build.returncode == 130 and "Đã dừng theo yêu cầu" in error
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in started))
    assert not list(office.out.rglob(".work-*"))
    office.fault = ""
    code, again, _ = office.build()
    assert code == 0 and office.is_sound() and len(again) == 4
    assert json.loads((office.out / kills.LEDGER).read_text(encoding="utf-8"))["documents"]
