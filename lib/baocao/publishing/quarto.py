"""The Quarto renderer: the executed notebook in a private project folder, one call per format."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from baocao.charts import FontChoice
from baocao.definitions import UserError
from baocao.publishing import notebooks, pandoc
from baocao.publishing.typst import stamp

MINIMUM = (1, 9)

_SETTINGS = "project:\n  type: default\n  render:\n    - '**/*.ipynb'\nlang: vi\n"
"""Of the private project that a document is made in: what the project's own `_quarto.yml` says besides serves work by hand.

Without a list Quarto finds nothing to render, and says nothing, below a folder whose name begins with a dot.
"""


@cache
def version() -> tuple[int, ...] | None:
    """The version of the `quarto` on PATH, None when there is none that answers."""
    program = shutil.which("quarto")
    if program is None:
        return None
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", done.stdout.strip())
    return tuple(int(part) for part in found.groups()) if found else None


def choose(renderer: str) -> str:
    """`quarto` or `embedded` for what was asked; `auto` takes Quarto where it is new enough."""
    found = version()
    if renderer == "auto":
        return "quarto" if found and found >= MINIMUM else "embedded"
    if renderer == "quarto" and not (found and found >= MINIMUM):
        got = ".".join(map(str, found)) if found else "không thấy lệnh quarto"
        raise UserError(
            f"Trình dựng «quarto» cần Quarto 1.9 trở lên trên PATH, hiện có: {got}; "
            "hãy cài Quarto hoặc dùng --renderer embedded."
        )
    return renderer


def render_many(
    documents: Sequence[tuple[NotebookNode, Path]],
    kind: str,
    *,
    root: Path,
    font: FontChoice,
    day: date,
    folder: Path,
) -> dict[Path, str]:
    """Make each target (all PDF or all HTML) from its executed notebook, with one call of Quarto for all of them.

    Most of a call's time goes into starting Quarto. It works in private folders below `folder`, on the file system of
    the targets. Returns what was wrong by target, {} when all were made: a document at which Quarto stops does not
    keep the others from being made.
    """
    with tempfile.TemporaryDirectory(prefix="quarto-", dir=folder) as name:
        fault = _render_project(documents, kind, root, font, day, Path(name))
    missing = [(notebook, target) for notebook, target in documents if not target.is_file()]
    if len(missing) <= 1 or shutil.which("quarto") is None:
        return {target: fault for _, target in missing}
    half = len(missing) // 2  # Quarto ends at the first document that it cannot make
    faults: dict[Path, str] = {}
    for part in (missing[:half], missing[half:]):
        faults |= render_many(part, kind, root=root, font=font, day=day, folder=folder)
    return faults


def _render_project(
    documents: Sequence[tuple[NotebookNode, Path]],
    kind: str,
    root: Path,
    font: FontChoice,
    day: date,
    folder: Path,
) -> str:
    """Render the documents in the empty `folder` and move into place what was made; what Quarto said if not all was.

    Two Quarto runs in one folder race, and one call with two formats can delete the first one's pictures:
    hence a folder and a call of its own for each format.
    """
    program = shutil.which("quarto")
    if program is None:
        return "không thấy lệnh quarto trên PATH"
    (folder / "_quarto.yml").write_text(_SETTINGS, encoding="utf-8")
    shutil.copyfile(root / "_language.yml", folder / "_language.yml")
    shutil.copytree(root / pandoc.EXTENSION, folder / pandoc.EXTENSION)
    for number, (notebook, target) in enumerate(documents, 1):
        target.unlink(missing_ok=True)
        copy = nbformat.from_dict(notebook)
        about = {**notebooks.front_matter(copy), "font": font.family}
        if kind == "html" and not notebooks.has_image_outputs(copy):
            about["embed-resources"] = (
                False  # its pictures stand in its text already; to look for others takes a tenth
            )
        else:
            notebooks.place_notebook_images(copy, folder)
        notebooks.set_front_matter(copy, about)
        nbformat.write(copy, folder / f"{number:04d}.ipynb")
    done = subprocess.run(
        [program, "render", "--to", f"vanban-{'typst' if kind == 'pdf' else 'html'}"],
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(stamp(day)), **_typeface(font), "LC_ALL": "C.UTF-8"},
    )
    made = {folder / f"{number:04d}.{kind}": target for number, (_, target) in enumerate(documents, 1)}
    for path, target in made.items():
        if done.returncode == 0 and path.is_file():  # of a run that ended early, a file may be half of one
            path.replace(target)
    if all(target.is_file() for target in made.values()):
        return ""
    return f"quarto: {' '.join(done.stderr.decode(errors='replace').split())[-600:]}"


def _typeface(font: FontChoice) -> dict[str, str]:
    """Where Typst finds the chosen family. Quarto reads an absolute `font-paths:` as one inside the project.

    The system's fonts are left out: Debian's Liberation Serif 1.07 would hide the complete 2.x of the same name.
    """
    folders = sorted({str(path.parent) for path in font.paths})
    return {"TYPST_IGNORE_SYSTEM_FONTS": "true", "TYPST_FONT_PATHS": os.pathsep.join(folders)}
