"""The document form as the renderers use it: where its files are, and how its Markdown is read."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from baocao.definitions import UserError
from baocao.publishing import notebooks, pandoc_server

EXTENSION = Path("_extensions") / "vanban"
_PROJECT = ("_language.yml",)
_last: tuple[str, str, Aside] | None = None  # what `parse` returned last, the same without what was set aside


def files(root: Path) -> list[Path]:
    """All files that the form is made of, in a project."""
    below = (path for path in (root / EXTENSION).rglob("*") if path.is_file())
    return sorted([*below, *(root / name for name in _PROJECT if (root / name).is_file())])


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
    global _last
    aside = set_aside(markdown)
    try:
        light = pandoc_server.here(pandoc_path()).read(aside.text, markdown_reader(root))
    except pandoc_server.ServerError:
        return parse_plainly(markdown, root)
    parsed = aside.put_back(light)
    _last = parsed, light, aside
    return parsed


def parse_plainly(markdown: str, root: Path) -> str:
    """`parse` by a pandoc of its own."""
    return run_pandoc(["-f", markdown_reader(root), "-t", "json"], markdown, root)


def write(parsed: str, to: str, *, root: Path, folder: Path, metadata: dict[str, str]) -> str:
    """A document that `parse` has read, as Typst or HTML; for Typst its pictures are files below `folder`."""
    last = _last
    tree, aside = (last[1], last[2]) if last and last[0] == parsed else (parsed, Aside(parsed))
    if to == "typst":
        notebooks.place_images(parsed, folder)
        tree = notebooks.place_images(tree, folder)
        aside = aside.without_pictures()
    filter, template = _filter_and_template(to, root)
    try:
        server = pandoc_server.here(pandoc_path())
        written = server.write(tree, to, filter=filter, template=template, metadata=metadata)
    except pandoc_server.ServerError:
        return write_plainly(parsed, to, root=root, folder=folder, metadata=metadata)
    return aside.put_back(written)


def write_plainly(parsed: str, to: str, *, root: Path, folder: Path, metadata: dict[str, str]) -> str:
    """`write` by a pandoc of its own."""
    filter, template = _filter_and_template(to, root)
    arguments = ["-f", "json", "-s", "--wrap=none", "--lua-filter", filter, "-t", to, "--template", template]
    for name, value in metadata.items():
        arguments += ["-M", f"{name}={value}"]
    return run_pandoc(arguments, notebooks.place_images(parsed, folder) if to == "typst" else parsed, folder)


def _filter_and_template(to: str, root: Path) -> tuple[str, str]:
    extension = root / EXTENSION
    return str(extension / "vanban.lua"), str(extension / f"template.{'typ' if to == 'typst' else to}")


# --------------------------------------------------------------------------------------------------
# What pandoc only carries from one end of a document to the other, set aside while it works: pictures,
# explanations.
#
# They are most of a document's letters, and pandoc reads letters one by one. Short names stand in their
# place, which pandoc treats alike: nothing that is set aside holds a letter with a meaning in Markdown,
# HTML or JSON, and no line of a table becomes so short that pandoc would set its columns otherwise.


_PICTURE_LINE = re.compile(rf"!\[\]\(({notebooks.DATA_URI.pattern})\)")
_EXPLANATION = re.compile(r'(?<=data-giai-thich=")[\w .,;:()/%+«»–-]{40,}(?=")')
_NAME = re.compile(rf"{notebooks.PICTURES}/[0-9a-f]{{16}}\.[a-z]+|zgt[0-9a-f]{{24}}z")

# pandoc asks of a table's lines only whether one has more than 72 letters; a few may count for none.
_LONG_LINE = 120


@dataclass(frozen=True)
class Aside:
    """A text with names, and what each name stands for."""

    text: str
    things: dict[str, str] = field(default_factory=dict)

    def put_back(self, text: str) -> str:
        """`text`, which pandoc made of `self.text`, whole again."""
        return _NAME.sub(lambda match: self.things.get(match[0], match[0]), text) if self.things else text

    def without_pictures(self) -> Aside:
        """The same where pictures keep their names, which are those of their files."""
        rest = {name: thing for name, thing in self.things.items() if not name.startswith(notebooks.PICTURES)}
        return Aside(self.text, rest)


def set_aside(markdown: str) -> Aside:
    """Pictures that are lines of their own, and explanations of figures in long lines."""
    if _NAME.search(markdown):  # a name could be taken for another
        return Aside(markdown)
    things: dict[str, str] = {}
    return Aside("\n".join(_lighten(line, things) for line in markdown.split("\n")), things)


def _lighten(line: str, things: dict[str, str]) -> str:
    picture = _PICTURE_LINE.fullmatch(line)
    if picture:
        try:
            name = notebooks.picture_name(base64.b64decode(picture[3]), picture[2])
        except binascii.Error:
            return line
        things[name] = picture[1]
        return f"![]({name})"
    found: dict[str, str] = {}

    def name_of(match: re.Match[str]) -> str:
        name = f"zgt{hashlib.sha256(match[0].encode()).hexdigest()[:24]}z"
        found[name] = match[0]
        return name

    light = _EXPLANATION.sub(name_of, line) if len(line) > _LONG_LINE else line
    if found and len(light) <= _LONG_LINE:
        return line
    things |= found
    return light
