"""The code that a document is made with: the modules its notebook imports, and all that these import.

Read from the text of the modules, so that it is the same whoever asks and whatever a process has loaded before.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path

import nbformat

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = _PACKAGE.name
_FROM = re.compile(rf"^[ \t]*from[ \t]+({_NAME}[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(rf"^[ \t]*import[ \t]+({_NAME}[\w.]*)", re.MULTILINE)

MAKERS = "documents"
"""The package that makes documents of notebooks: part of every one."""

_READERS = "sources"
_READ_BACK = ("sources.frames", "sources.parquet")
"""The readers of files received shape the facts, and facts are compared as such; only reading them back counts."""

_NOT_CODE = (".json",)  # describes the ledger


class Package:
    """The package's modules as they are on disk, read once."""

    def __init__(self, folder: Path = _PACKAGE) -> None:
        paths = {_module_name(path.relative_to(folder)): path for path in sorted(folder.rglob("*.py"))}
        self._texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
        self._others = [
            path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix not in (".py", ".pyc", *_NOT_CODE)
        ]
        self._closures: dict[tuple[str, ...], dict[str, str]] = {}

    def used_by(self, modules: Sequence[str]) -> dict[str, str]:
        """The hashes of the modules, of those that make documents, and of all that they import, by name."""
        key = tuple(sorted(set(modules)))
        if key not in self._closures:
            makers = [name for name in self._texts if name.split(".")[0] == MAKERS]
            used = self._closure([*makers, *key])
            self._closures[key] = {
                name: _hash(self._texts[name].encode()) for name in sorted(used)
            } | self._data
        return self._closures[key]

    @cached_property
    def _data(self) -> dict[str, str]:
        return {path.name: _hash(path.read_bytes()) for path in self._others}

    def _closure(self, modules: Iterable[str]) -> set[str]:
        found: set[str] = set()
        left = [name for one in modules for name in self._with_parents(one)]
        while left:
            name = left.pop()
            if name not in found and not self._is_reader(name):
                found.add(name)
                left += [one for given in imported(self._texts[name]) for one in self._with_parents(given)]
        return found

    def _with_parents(self, name: str) -> list[str]:
        """The module that a name in it belongs to, and the packages above it; a package's own name is ""."""
        parts = name.split(".") if name else []
        above = [".".join(parts[:length]) for length in range(len(parts) + 1)]
        return [one for one in above if one in self._texts]

    @staticmethod
    def _is_reader(name: str) -> bool:
        return name.startswith(f"{_READERS}.") and name not in _READ_BACK


def imported(text: str) -> list[str]:
    """What a module's text imports from the package, each name as if it were a module: "compute.HOME".

    >>> imported("from baocao.compute import (\\n    HOME,\\n)\\nfrom baocao import vn as words\\nimport pandas")
    ['compute.HOME', 'vn']
    """
    names = [name for name in _IMPORT.findall(text)]
    for module, given in _FROM.findall(text):
        plain = re.sub(r"#[^\n]*", "", given).strip("() \t\n")
        names += [f"{module}.{one.split()[0]}" for one in plain.split(",") if one.split()]
    return [name.removeprefix(_NAME).lstrip(".") for name in names]


def imported_by_notebook(path: Path) -> list[str]:
    """What the notebook's code cells import from the package."""
    cells = nbformat.read(path, as_version=4).cells
    return sorted({name for cell in cells if cell.cell_type == "code" for name in imported(cell.source)})


def _module_name(path: Path) -> str:
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
