"""Same inputs, same bytes: no clock, no random order, no locale, no absolute path in what is delivered."""

from __future__ import annotations

import os
import subprocess
import sys

from conftest import copy_project

REPORTS = ["service_index", "processing"]
# Python cannot start in an ASCII locale from a virtual environment whose .pth file names a folder in other letters.
PLAIN = "C" if sys.prefix.isascii() else "C.UTF-8"
PLACES = [
    ("mot", {"TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}),
    ("nơi khác/hai", {"TZ": "America/New_York", "LC_ALL": PLAIN, "PYTHONHASHSEED": "2"}),
]


def test_builds_in_other_folders_zones_and_locales_give_the_same_bytes(root, tmp_path):
    made = []
    for name, circumstances in PLACES:
        project = copy_project(root, tmp_path / name)
        command = [sys.executable, "-m", "baocao", "build", *REPORTS, "--renderer", "embedded"]
        done = subprocess.run(
            command,
            cwd=project,
            env={**os.environ, **circumstances},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        out = project / "reports" / "build"
        timed = {"ledger.json", "index.html"}
        files = sorted(path for path in out.rglob("*") if path.is_file() and path.name not in timed)
        assert len(files) == 3 * len(REPORTS)
        made.append({path.relative_to(out).as_posix(): path.read_bytes() for path in files})
    assert made[0].keys() == made[1].keys()
    assert [name for name in made[0] if made[0][name] != made[1][name]] == []
    assert not any(str(tmp_path).encode() in content for files in made for content in files.values())
