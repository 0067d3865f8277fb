"""What a document was made from, kept in its ledger line, and the key that follows from it.

A run notes what it read (`start_recording`, `stop_recording`): project files, facts, modules. A later run computes
the same key from the files and facts of that day without executing anything, and tells in words what has changed.
Keys never depend on clocks, paths or file times.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baocao import __version__, facts, recorder
from baocao.documents import codes, form, quarto
from baocao.documents.load_errors import errors_of
from baocao.fact_marks import Marks, mark_of_frame
from baocao.periods import Period
from baocao.recorder import FactRead

if TYPE_CHECKING:
    from baocao.documents.workshop import Workshop
    from baocao.specs import Spec

EVERY_FACT = (FactRead("counts"), FactRead("scores"), FactRead("problems"))
MODULE_MARK = 4
"""Characters that a ledger line keeps of each module's hash: enough to say which one changed."""

EVER = ("", "")
"""The span of a read that asked for no days in particular."""

_FORM = ("_quarto.yml", "_language.yml")


@dataclass(frozen=True)
class Reads:
    """What a run read, apart from what every run of its spec reads (its notebook, the form, the lock, the fonts).

    files    of the project, by path relative to its root; a folder that was listed ends in "/"
    modules  of the package, beside those that the notebook's cells import by name
    facts    which facts
    """

    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    facts: tuple[FactRead, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "files": list(self.files),
            "modules": list(self.modules),
            "facts": [
                {key: value for key, value in asdict(one).items() if value != ()} for one in self.facts
            ],
        }

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> Reads:
        """A ValueError where the content is not what `as_json` makes."""
        try:
            noted = tuple(
                FactRead(
                    one["frame"],
                    None if one["units"] is None else tuple(one["units"]),
                    tuple((first, last) for first, last in one.get("spans", ())),
                    tuple(one.get("measures", ())),
                )
                for one in content["facts"]
            )
            return cls(tuple(content["files"]), tuple(content["modules"]), noted)
        except (KeyError, TypeError) as error:
            raise ValueError(f"not a record of reads: {error!r}") from None


# --- in the process that executes the notebook -----------------------------------------------------------------
_before: set[str] = set()


def start_recording(root: Path) -> None:
    """Begin to note what this process reads of the project at `root`."""
    global _before
    _before = set(sys.modules)
    recorder.begin(root)


def stop_recording() -> Reads | None:
    """What was read since `start_recording`; None where cells ran in another process, which was not listened to."""
    record = recorder.end()
    if not record.here or record.strayed:
        return None
    fresh = sorted(set(sys.modules) - _before)
    own = [name for name in fresh if name.split(".")[0] == __name__.split(".")[0]]
    for name in fresh:  # a module beside the notebook is found by its compiled form, which is nobody's source
        if name not in own and (path := getattr(sys.modules[name], "__file__", None)):
            record.add(path)
    names = [name.partition(".")[2] for name in own]
    modules = tuple(name for name in names if name and name.split(".")[0] != codes.MAKERS)
    return Reads(tuple(sorted(record.files)), modules, _joined(record.facts))


def everything(root: Path) -> Reads:
    """What a run reads at most of the facts and reference data: for one that could not be recorded."""
    reference = sorted((root / "data" / "reference").glob("*.csv"))
    return Reads(tuple(path.relative_to(root).as_posix() for path in reference), (), EVERY_FACT)


def _joined(noted: Iterable[FactRead]) -> tuple[FactRead, ...]:
    """The same reads in few words: what is read of all units is not said again of single ones."""
    spans: dict[FactRead, set[tuple[str, str]]] = {}
    for one in noted:
        for span in one.spans or [EVER]:
            spans.setdefault(replace(one, spans=()), set()).add(span)
    for one, days in spans.items():
        for whole in (other for other in spans if other.units is None and one.units is not None):
            if whole.frame == one.frame and (not whole.measures or {*one.measures} <= {*whole.measures}):
                days -= days if EVER in spans[whole] else spans[whole]
    units: dict[FactRead, set[str] | None] = {}
    for one, days in spans.items():
        if days:
            key = replace(one, units=None, spans=() if EVER in days else tuple(sorted(days)))
            held = units.get(key, set())
            units[key] = None if one.units is None or held is None else held | {*one.units}
    joined = [
        replace(key, units=None if codes is None else tuple(sorted(codes))) for key, codes in units.items()
    ]
    return tuple(sorted(joined, key=lambda one: json.dumps(asdict(one))))


# --- in the process that decides ---------------------------------------------------------------------------------
class Grounds:
    """The project as it is now: everything that keys are made of, each part read once."""

    def __init__(self, shop: Workshop) -> None:
        self.root = shop.root
        self.package = codes.Package()
        version = quarto.version() if shop.renderer == "quarto" else None
        self.renderer = " ".join([shop.renderer, ".".join(map(str, version or ()))]).strip()
        self.typeface = _hash([shop.font.family, *(path.name for path in shop.font.paths)], *shop.font.paths)
        self._notebooks: dict[str, tuple[str, list[str]]] = {}
        self._marks: dict[str, Marks] = {}
        self._files: dict[str, str] = {}
        self.form = self._hash_files(form.EXTENSION.as_posix() + "/*", *_FORM)
        self.lock = self._hash_files("requirements.lock")

    def marks(self, vintage: str) -> Marks:
        """The marks of the facts as they are, or were at a vintage."""
        if vintage not in self._marks:
            self._marks[vintage] = Marks(facts.open_facts(self.root, vintage))
        return self._marks[vintage]

    def notebook(self, name: str) -> tuple[str, list[str]]:
        """A notebook's hash, and what its cells import."""
        if name not in self._notebooks:
            path = self.root / "notebooks" / f"{name}.ipynb"
            self._notebooks[name] = _hash([], path), codes.imported_by_notebook(path)
        return self._notebooks[name]

    def hash_file(self, name: str) -> str:
        """The hash of a file's content or of the names in a folder; "" where there is none."""
        if name not in self._files:
            path = self.root / name
            try:
                content = sorted(one.name for one in path.iterdir()) if name.endswith("/") else []
                self._files[name] = _hash(content, *([] if name.endswith("/") else [path]))
            except OSError:
                self._files[name] = ""
        return self._files[name]

    def take(self, specs: Iterable[Spec]) -> None:
        """Read now what the keys of these documents will be made of.

        What is edited while they are made is then not in their keys: they are made again, never wrongly left alone.
        """
        for name in everything(self.root).files:
            self.hash_file(name)
        for spec in specs:
            self.notebook(spec.notebook)
            self.marks(spec.vintage).read()

    def _hash_files(self, *patterns: str) -> str:
        paths = [path for pattern in patterns for path in sorted(self.root.glob(pattern)) if path.is_file()]
        return _hash([path.relative_to(self.root).as_posix() for path in paths], *paths)


def grounds(shop: Workshop) -> Grounds:
    """The grounds of a workshop, made when first asked for."""
    kept = vars(shop)
    if "_grounds" not in kept:
        kept["_grounds"] = Grounds(shop)
    return kept["_grounds"]


def used_code(spec: Spec, reads: Reads, shop: Workshop) -> dict[str, str]:
    """The hashes of the modules that the run used, by name."""
    ground = grounds(shop)
    return ground.package.used_by([*ground.notebook(spec.notebook)[1], *reads.modules])


def parts_of(spec: Spec, units: list[str], reads: Reads, shop: Workshop) -> dict[str, Any]:
    """All that decides what the document is, each part by its hash or, where it is short, as it is."""
    ground = grounds(shop)
    marks = ground.marks(spec.vintage)
    code = used_code(spec, reads, shop)
    day = Period.parse(spec.period).end
    errors = errors_of(marks.errors, [shop.register.get(unit, day) for unit in units], shop.register, day)
    return {
        "program": __version__,
        "spec": _hash([json.dumps([asdict(spec), units], ensure_ascii=False, sort_keys=True)]),
        "notebook": ground.notebook(spec.notebook)[0],
        "form": ground.form,
        "lock": ground.lock,
        "typeface": ground.typeface,
        "renderer": ground.renderer,
        "code": _hash([f"{name} {one}" for name, one in code.items()]),
        "modules": [_hash(code), "".join(one[:MODULE_MARK] for one in code.values())],
        "files": [ground.hash_file(name) for name in reads.files],
        "errors": mark_of_frame(errors),
        "facts": _hash([json.dumps(asdict(one)) + marks.of(one) for one in reads.facts]),
    }


def key_of(spec: Spec, units: list[str], reads: Reads, shop: Workshop) -> str:
    """The document's key: the same as long as a new run would make the same document."""
    return _key(parts_of(spec, units, reads, shop))


def entry_of(spec: Spec, units: list[str], reads: Reads, shop: Workshop) -> tuple[str, dict[str, Any]]:
    """The key of a document just made, and what its ledger line keeps as `reads`: the parts let `why` name a cause."""
    parts = parts_of(spec, units, reads, shop)
    store = grounds(shop).marks(spec.vintage).store
    return _key(parts), {**reads.as_json(), "parts": parts, "store": store}


def _key(parts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _hash(words: Iterable[str], *paths: Path) -> str:
    digest = hashlib.sha256()
    for content in [*(word.encode() for word in words), *(path.read_bytes() for path in paths)]:
        digest.update(f"{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:16]
