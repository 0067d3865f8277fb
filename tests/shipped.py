"""The project as it is shipped, for tests: real data that somebody has loaded into it are none of theirs."""

from __future__ import annotations

import atexit
import io
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
_LISTING = "data/raw/SOURCES.csv"


@cache
def shipped_root() -> Path:
    """The project; where files were loaded into it, a stand-in of links to it, with the data that its clone came with.

    A load adds to the list of sources, and may add rows to the reference data. Outside of a git clone nothing says
    what was added: then the project is taken as it is.
    """
    if not _git("status", "--porcelain", "--", _LISTING):
        return HERE
    stand_in = Path(tempfile.mkdtemp(prefix="baocao-shipped-"))
    atexit.register(shutil.rmtree, stand_in, ignore_errors=True)
    for path in HERE.iterdir():
        if path.name not in ("data", "reports", ".git"):
            (stand_in / path.name).symlink_to(path)
    shutil.copytree(HERE / "reports", stand_in / "reports", ignore=shutil.ignore_patterns("build", "quarto"))
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "HEAD", "data"))) as data:
        data.extractall(stand_in, filter="data")
    return stand_in


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=HERE, capture_output=True, check=False)
    except OSError:
        return b""
    return done.stdout if done.returncode == 0 else b""


def copy_project(root: Path, target: Path) -> Path:
    """Copy what a build reads (not the code) to `target`; the synthetic facts only where they were made."""
    target.mkdir(parents=True)
    for name in ("_quarto.yml", "_language.yml", "requirements.lock"):
        shutil.copyfile(root / name, target / name)
    for folder in ("_extensions", "notebooks", ".fonts"):
        if (root / folder).is_dir():
            shutil.copytree(root / folder, target / folder)
    shutil.copytree(root / "reports", target / "reports", ignore=shutil.ignore_patterns("build", "quarto"))
    for _ in range(5):  # another process of the tests may be writing its facts there
        with suppress(shutil.Error, FileNotFoundError):
            shutil.copytree(root / "data", target / "data", ignore=shutil.ignore_patterns("problems"))
            return target
        shutil.rmtree(target / "data", ignore_errors=True)
    raise RuntimeError(f"{root / 'data'} cannot be copied")
