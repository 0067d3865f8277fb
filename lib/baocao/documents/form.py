"""The document form as the renderers use it: where its files are, and how its Markdown is read."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path

import yaml

from baocao.errors import UserError

EXTENSION = Path("_extensions") / "vanban"


@cache
def pandoc_path() -> str:
    """The pandoc program that the wheel brings."""
    import pypandoc

    return pypandoc.get_pandoc_path()


@cache
def markdown_reader(root: Path) -> str:
    """The Markdown dialect that both renderers read, as the extension declares it (`from:`)."""
    declared = yaml.safe_load((root / EXTENSION / "_extension.yml").read_text(encoding="utf-8"))
    formats = declared["contributes"]["formats"]
    return formats.get("common", {}).get("from") or formats["typst"]["from"]


def run_pandoc(arguments: list[str], text: str, folder: Path) -> str:
    """pandoc's standard output for `text`, run in `folder`; RuntimeError with its message when it fails."""
    done = subprocess.run(
        [pandoc_path(), *arguments],
        input=text.encode(),
        cwd=folder,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C.UTF-8"},  # else a Vietnamese folder name is lost in the locale C
    )
    if done.returncode != 0:
        raise RuntimeError(f"pandoc: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def parse(markdown: str, root: Path) -> str:
    """The document tree of `markdown`, front matter included, as pandoc's JSON text.

    Reading a long document is what pandoc is slowest at, so it is done once: the check of the text and both
    formats start from this tree.
    """
    if not (root / EXTENSION / "_extension.yml").is_file():
        raise UserError(f"Thiếu thể thức văn bản {EXTENSION}/_extension.yml; hãy tải lại dự án.")
    return run_pandoc(["-f", markdown_reader(root), "-t", "json"], markdown, root)
