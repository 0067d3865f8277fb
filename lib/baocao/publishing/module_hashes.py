"""The code that a document is made with: the modules its notebook imports, and all that these import.

Read from the text of the modules, so that it is the same whoever asks and whatever a process has loaded before.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path

import nbformat

_PACKAGE = Path(__file__).resolve().parents[1]
_NAME = _PACKAGE.name
_FROM = re.compile(rf"^[ \t]*from[ \t]+({_NAME}[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(rf"^[ \t]*import[ \t]+({_NAME}[\w.]*)", re.MULTILINE)

_DOTTED = re.compile(rf"{_NAME}(\.\w+)+")
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)

CODE = ".py"
EVERY_MODULE = "*"
"""Stands for all modules of the package, among those that a run used."""

MAKERS = "publishing"
"""The package that makes documents of notebooks: part of every one."""

_READERS = (
    *(
        "readers",
        "store.load",
        "store.accepted",
        "store.checks",
        "store.grid",
        "store.listing",
        "store.received",
    ),
    *("store.schemas", "store.shapes", "store.synthetic", "store.vintages"),
)
"""What reads files received shapes the facts, and facts are compared as such; only reading them back counts."""

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
        self._faces = {room: _face(self._texts[room]) for room in self._texts if "." not in room}

    def used_by(self, modules: Sequence[str]) -> dict[str, str]:
        """The hashes of the modules, of those that make documents, and of all that they import, by name."""
        key = tuple(sorted(set(modules)))
        if key not in self._closures:
            makers = [name for name in self._texts if name.split(".")[0] == MAKERS]
            used = set(self._texts) if EVERY_MODULE in key else self._closure([*makers, *key])
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
                left += [one for given in named(self._texts[name]) for one in self._with_parents(given)]
        return found

    def _with_parents(self, name: str) -> list[str]:
        """The module that a name in it, or behind a room's face, belongs to, and the packages above it; the package's own name is ""."""
        parts = name.split(".") if name else []
        if behind := self._faces.get(parts[0] if parts else "", {}).get(parts[1] if parts[1:] else ""):
            parts[1:1] = behind.split(".")
        above = [".".join(parts[:length]) for length in range(len(parts) + 1)]
        return [one for one in above if one in self._texts]

    @staticmethod
    def _is_reader(name: str) -> bool:
        return any(f"{name}.".startswith(f"{reader}.") for reader in _READERS)


def _face(text: str) -> dict[str, str]:
    """The module behind each name that a room shows to others (`lazy_loader.attach`): {"Period": "periods"}."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.keyword) and node.arg == "submod_attrs":
            return {name: module for module, names in ast.literal_eval(node.value).items() for name in names}
    return {}


def imported(text: str) -> list[str]:
    """What foreign code, a cell or a module, may use of the package, each name as if it were a module: "compute.HOME".

    >>> imported("%matplotlib inline\\nimport json; from baocao.definitions import vietnamese as vn\\nimport pandas, baocao.analysis.scores")
    ['analysis.scores', 'definitions.vietnamese']
    """
    for plain in (text, _MAGIC.sub(r"\1pass", text)):
        with suppress(SyntaxError, ValueError, RecursionError):
            found = {name for node in ast.walk(ast.parse(plain)) for name in _names_in(node)}
            return sorted(_inside(name) for name in found if name.split(".")[0] == _NAME)
    return named(text)


def _names_in(node: ast.AST) -> Iterator[str]:
    """The dotted names in which a module may be hidden."""
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        yield from (f"{node.module}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.Attribute):  # baocao.analysis.comparison, after a plain «import baocao»
        yield ast.unparse(node)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _DOTTED.fullmatch(node.value):
        yield node.value  # import_module("baocao.analysis.comparison")


def named(text: str) -> list[str]:
    """As `imported`, by the lines that begin with "from" or "import": quick, and enough for the package's own modules.

    >>> named("from baocao.analysis.rates import (\\n    HOME,\\n)\\nfrom baocao.definitions import vietnamese as vn\\nimport pandas")
    ['analysis.rates.HOME', 'definitions.vietnamese']
    """
    names = [name for name in _IMPORT.findall(text)]
    for module, given in _FROM.findall(text):
        plain = re.sub(r"#[^\n]*", "", given).strip("() \t\n")
        names += [f"{module}.{one.split()[0]}" for one in plain.split(",") if one.split()]
    return [_inside(name) for name in names]


def cells_of(notebook: Path) -> list[str]:
    """The texts of a notebook's code cells."""
    cells = nbformat.read(notebook, as_version=4).cells
    return [cell.source for cell in cells if cell.cell_type == "code"]


def text_of(path: Path) -> str:
    """The text of a module of the project; "" where there is none."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def imported_by_notebook(path: Path) -> list[str]:
    """What the notebook's code cells use of the package."""
    return sorted({name for text in cells_of(path) for name in imported(text)})


def _inside(name: str) -> str:
    return name.removeprefix(_NAME).lstrip(".")


def _module_name(path: Path) -> str:
    return ".".join(part for part in path.with_suffix("").parts if part != "__init__")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
