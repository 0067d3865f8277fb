"""The key of a document: made of what its run read (`run_inputs`), as the project is now, without executing anything.

It is kept in the document's ledger line with the parts it is made of, so that a later run can tell in words what has
changed. Keys never depend on clocks, paths or file times.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baocao import __version__
from baocao.definitions import Period
from baocao.publishing import module_hashes, notebooks, pandoc, quarto
from baocao.publishing.fact_hashes import FactHashes, mark_of_frame
from baocao.publishing.load_errors import errors_of
from baocao.publishing.outcomes import LEDGER_FILES, versions_of_libraries
from baocao.publishing.run_inputs import EVERY_FILE, Reads
from baocao.store import facts

if TYPE_CHECKING:
    from baocao.publishing.context import BuildContext
    from baocao.publishing.spec import Spec

MODULE_MARK = 4
"""Characters that a ledger line keeps of each module's hash: enough to say which one changed."""


class Grounds:
    """The project as it is now: everything that keys are made of, each part read once."""

    def __init__(self, context: BuildContext) -> None:
        self.root = context.root
        self.package = module_hashes.Package()
        version = quarto.version() if context.renderer == "quarto" else None
        self.renderer = " ".join([context.renderer, ".".join(map(str, version or ()))]).strip()
        self.typeface = _hash(
            [context.font.family, *(path.name for path in context.font.paths)], *context.font.paths
        )
        self._notebooks: dict[str, tuple[str, list[str]]] = {}
        self._marks: dict[str, FactHashes] = {}
        self._files: dict[str, str] = {}
        self._imports: dict[str, list[str]] = {}
        self.form = self._hash_files(*pandoc.files(self.root))
        self.lock = self._hash_files(self.root / "requirements.lock")

    def marks(self, vintage: str) -> FactHashes:
        """The marks of the facts as they are, or were at a vintage."""
        if vintage not in self._marks:
            self._marks[vintage] = FactHashes(facts.open_facts(self.root, vintage))
        return self._marks[vintage]

    def notebook(self, name: str) -> tuple[str, list[str]]:
        """The hash of what a notebook's cells say (`notebooks.sources`), and what they import."""
        if name not in self._notebooks:
            path = self.root / "notebooks" / f"{name}.ipynb"
            said = json.dumps(notebooks.sources(notebooks.read_notebook(path)), ensure_ascii=False)
            self._notebooks[name] = _hash([said]), module_hashes.imported_by_notebook(path)
        return self._notebooks[name]

    def hash_file(self, name: str) -> str:
        """The hash of a file's content, of the names in a folder, or of one of `EVERY_FILE`; "" where there is none."""
        if name not in self._files:
            try:
                self._files[name] = self._hash_named(name)
            except OSError:
                self._files[name] = ""
        return self._files[name]

    def _hash_named(self, name: str) -> str:
        if name in EVERY_FILE:  # notebooks are in the key as such
            below = self._below(self.root / name.partition("*")[0], deep="**" in name)
            return self._hash_files(*(path for path in below if path.suffix != ".ipynb"))
        if name.endswith("/"):
            return _hash(sorted(path.name for path in self._inside(self.root / name)))
        return _hash([], self.root / name)

    def _inside(self, folder: Path) -> list[Path]:
        """What lies in a folder, but for what is hidden or made by Python or by ourselves: that follows from the rest."""
        return [
            path
            for path in folder.iterdir()
            if not path.name.startswith(".")
            and path.name != "__pycache__"
            and path != self.root / "data" / "derived"
            and not any((path / one).is_file() for one in LEDGER_FILES)
        ]

    def _below(self, folder: Path, *, deep: bool) -> Iterator[Path]:
        for path in self._inside(folder):
            if deep and path.is_dir():
                yield from self._below(path, deep=True)
            else:
                yield path

    def imports(self, name: str) -> list[str]:
        """What a module of the project uses of the package."""
        if name not in self._imports:
            self._imports[name] = module_hashes.imported(module_hashes.text_of(self.root / name))
        return self._imports[name]

    def take(self, specs: Iterable[Spec]) -> None:
        """Read now what the keys of these documents will be made of.

        What is edited while they are made is then not in their keys: they are made again, never wrongly left alone.
        """
        for name in (*EVERY_FILE, *_names(self.root, self.root.glob("data/reference/*.csv"))):
            self.hash_file(name)
        for spec in specs:
            self.notebook(spec.notebook)
            self.marks(spec.vintage).read()

    def _hash_files(self, *paths: Path) -> str:
        found = sorted(path for path in paths if path.is_file())
        return _hash(_names(self.root, found), *found)


def grounds(context: BuildContext) -> Grounds:
    """The grounds of a workshop, made when first asked for."""
    kept = vars(context)
    if "_grounds" not in kept:
        kept["_grounds"] = Grounds(context)
    return kept["_grounds"]


def used_code(spec: Spec, reads: Reads, context: BuildContext) -> dict[str, str]:
    """The hashes of the modules that the run used, by name."""
    ground = grounds(context)
    beside = [
        one for name in reads.files if name.endswith(module_hashes.CODE) for one in ground.imports(name)
    ]
    return ground.package.used_by([*ground.notebook(spec.notebook)[1], *reads.modules, *beside])


def parts_of(spec: Spec, units: list[str], reads: Reads, context: BuildContext) -> dict[str, Any]:
    """All that decides what the document is, each part by its hash or, where it is short, as it is."""
    ground = grounds(context)
    marks = ground.marks(spec.vintage)
    code = used_code(spec, reads, context)
    day = Period.parse(spec.period).end
    errors = errors_of(
        marks.errors, [context.register.get(unit, day) for unit in units], context.register, day
    )
    return {
        "program": __version__,
        "spec": _hash([json.dumps([_asked(spec), units], ensure_ascii=False, sort_keys=True)]),
        "notebook": ground.notebook(spec.notebook)[0],
        "form": ground.form,
        "lock": ground.lock,
        "libraries": versions_of_libraries(),
        "typeface": ground.typeface,
        "renderer": ground.renderer,
        "code": _hash([f"{name} {one}" for name, one in code.items()]),
        "modules": [_hash(code), "".join(one[:MODULE_MARK] for one in code.values())],
        "files": [ground.hash_file(name) for name in reads.files],
        "errors": mark_of_frame(errors),
        "facts": _hash([json.dumps(asdict(one)) + marks.of(one) for one in reads.facts]),
    }


def _asked(spec: Spec) -> dict[str, Any]:
    """What a spec says of a document, without what only says how it is made: how long, and together with which."""
    return {name: value for name, value in asdict(spec).items() if name not in ("timeout", "per_unit")}


def key_of(spec: Spec, units: list[str], reads: Reads, context: BuildContext) -> str:
    """The document's key: the same as long as a new run would make the same document."""
    return _key(parts_of(spec, units, reads, context))


def entry_of(spec: Spec, units: list[str], reads: Reads, context: BuildContext) -> tuple[str, dict[str, Any]]:
    """The key of a document just made, and what its ledger line keeps as `reads`: the parts let `why` name a cause."""
    parts = parts_of(spec, units, reads, context)
    store = grounds(context).marks(spec.vintage).store
    return _key(parts), {**reads.as_json(), "parts": parts, "store": store}


def _key(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _names(root: Path, paths: Iterable[Path]) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


def _hash(words: Iterable[str], *paths: Path) -> str:
    digest = hashlib.sha256()
    for content in _contents(words, paths):
        digest.update(f"{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def _contents(words: Iterable[str], paths: Iterable[Path]) -> Iterator[bytes]:
    yield from (word.encode() for word in words)
    for path in paths:
        with path.open("rb") as stream:
            yield hashlib.file_digest(stream, "sha256").digest()
