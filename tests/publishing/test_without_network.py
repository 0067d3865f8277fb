"""A report is loaded, built and verified where there is no network at all: in a network namespace of its own, without loopback."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from baocao.publishing import quarto

CUT_OFF = ("unshare", "--map-root-user", "--net")


def is_permitted() -> bool:
    """Whether this machine lets a test have a network namespace (Linux; some containers and kernels do not)."""
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*CUT_OFF, "true"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(
    not is_permitted(),
    reason="NO NETWORK NAMESPACE (unshare -rn): nobody has tried to build without a network",
)


def run(project: Path, *command: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [*CUT_OFF, sys.executable, *command], cwd=project, env=os.environ | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip


def test_the_namespace_has_no_network(tmp_path):
    """Else the tests below would say nothing: not even this machine itself can be reached."""
    code = "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); socket.create_connection(s.getsockname(), 2)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert "unreachable" in run(tmp_path, "-c", code).stderr


@pytest.mark.parametrize(
    ("renderer", "engine"),
    [
        ("embedded", ""),
        ("embedded", "kernel"),
        pytest.param(
            "quarto", "", marks=pytest.mark.skipif(
                (quarto.version() or (0,)) < quarto.MINIMUM, reason="QUARTO KHÔNG CÓ trên PATH: chưa thử khi không có mạng"
            ),
        ),
    ],
)  # fmt: skip
def test_a_document_is_built_and_verified(sampled, tmp_path, renderer, engine):
    command = [
        "build",
        "unit_briefing",
        "--units",
        "xã Đức Thọ",
        "--renderer",
        renderer,
        "--out",
        str(tmp_path),
        "--json",
    ]
    built = run(sampled, "-m", "baocao", *command, **({"BAOCAO_ENGINE": engine} if engine else {}))
    assert (built.returncode, built.stderr) == (0, "")
    assert [one["outcome"] for one in json.loads(built.stdout)] == ["built"]
    assert run(sampled, "-m", "baocao", "verify", str(tmp_path)).returncode == 0


def test_a_file_is_checked_and_loaded(project, tmp_path):
    path = tmp_path / "so-dem.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [
                ["unit", "period_start", "period_end", "measure", "value"],
                ["18229", "2025-07-01", "2025-07-31", "received", "5"],
            ]
        )
    for command in ("check", "load"):
        done = run(project, "-m", "baocao", command, str(path))
        assert (done.returncode, done.stderr) == (0, ""), done.stdout
