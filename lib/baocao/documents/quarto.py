"""The Quarto renderer: the executed notebook in a private project folder, one call per format."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from datetime import date
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from baocao.documents import form, notebooks
from baocao.documents.embedded import RenderError, stamp
from baocao.documents.fonts import FontChoice
from baocao.errors import UserError

MINIMUM = (1, 9)


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


def render(
    notebook: NotebookNode, target: Path, kind: str, *, root: Path, font: FontChoice, day: date
) -> None:
    """Make `target` (PDF or HTML) from the executed notebook with Quarto.

    Two Quarto runs in one folder race, and one call with two formats can delete the first one's pictures:
    hence a folder and a call of its own for each format. `day` is stamped into the PDF.
    """
    program = shutil.which("quarto")
    if program is None:
        raise RenderError("không thấy lệnh quarto trên PATH")
    with tempfile.TemporaryDirectory(prefix="quarto-", dir=target.parent) as name:
        folder = Path(name)
        for part in ("_quarto.yml", "_language.yml"):
            shutil.copyfile(root / part, folder / part)
        shutil.copytree(root / form.EXTENSION, folder / form.EXTENSION)
        copy = nbformat.from_dict(notebook)
        notebooks.place_notebook_images(copy, folder)
        notebooks.set_front_matter(copy, {**notebooks.front_matter(copy), "font": font.family})
        nbformat.write(copy, folder / "document.ipynb")
        done = subprocess.run(
            [program, "render", "document.ipynb", "--to", f"vanban-{'typst' if kind == 'pdf' else 'html'}"],
            cwd=folder,
            capture_output=True,
            check=False,
            env={**os.environ, "SOURCE_DATE_EPOCH": str(stamp(day)), **_typeface(font), "LC_ALL": "C.UTF-8"},
        )
        made = folder / f"document.{kind}"
        if done.returncode != 0 or not made.is_file():
            message = " ".join(done.stderr.decode(errors="replace").split())
            raise RenderError(f"quarto: {message[-600:]}")
        made.replace(target)


def _typeface(font: FontChoice) -> dict[str, str]:
    """Where Typst finds the chosen family. Quarto reads an absolute `font-paths:` as one inside the project.

    The system's fonts are left out: Debian's Liberation Serif 1.07 would hide the complete 2.x of the same name.
    """
    folders = sorted({str(path.parent) for path in font.paths})
    return {"TYPST_IGNORE_SYSTEM_FONTS": "true", "TYPST_FONT_PATHS": os.pathsep.join(folders)}
