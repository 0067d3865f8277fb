"""What a run reads, noted as it happens (`start_recording`, `stop_recording`): project files, facts, modules.

It is kept in the document's ledger line; `cache_key` makes of it what decides whether the document stands.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from baocao.publishing import module_hashes as codes
from baocao.store import FactRead, read_tracker

EVER = ("", "")
"""The span of a read that asked for no days in particular."""

_UNHEARD = re.compile(r"\b(duckdb|ibis|lxml|polars|pyarrow|pypdfium2|python_calamine)\b")
"""Libraries that open files without Python's knowing."""


@dataclass(frozen=True)
class Reads:
    """What a run read, apart from what every run of its spec reads (its notebook, the form, the lock, the fonts).

    files    of the project, by path relative to its root; a folder that was listed ends in "/"; `EVERY_FILE`
    modules  of the package, beside those that the notebook's cells import by name; `module_hashes.EVERY_MODULE`
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


EVERY_FILE = ("*", "data/**/*", "notebooks/**/*")
"""Patterns of all files that a run may read: those beside the project's own, the data, what lies beside notebooks."""

EVERYTHING = Reads(
    EVERY_FILE, (codes.EVERY_MODULE,), (FactRead("counts"), FactRead("scores"), FactRead("problems"))
)
"""What a run reads at most: for one that could not be recorded, as in a kernel process."""


# --- in the process that executes the notebook -----------------------------------------------------------------
_before: set[str] = set()


def start_recording(root: Path) -> None:
    """Begin to note what this process reads of the project at `root`."""
    global _before
    _before = set(sys.modules)
    read_tracker.begin(root)


def stop_recording(source: Path | None = None) -> Reads | None:
    """What was read since `start_recording`; None where cells ran in another process, which was not listened to.

    Everything beside, where other processes were started, or where the notebook `source` or a module of the project
    that it used names a library that opens files unheard.
    """
    record = read_tracker.end()
    if not record.here:
        return None
    fresh = sorted(set(sys.modules) - _before)
    own = [name for name in fresh if name.split(".")[0] == __name__.split(".")[0]]
    for name in fresh:  # a module beside the notebook is found by its compiled form, which is nobody's source
        if name not in own and (path := getattr(sys.modules[name], "__file__", None)):
            record.add(path)
    cells = codes.cells_of(source) if source else []
    files = (Path(record.root) / name for name in sorted(record.files) if name.endswith(codes.CODE))
    if record.strayed or any(_UNHEARD.search(text) for text in [*cells, *map(codes.text_of, files)]):
        files_too = tuple(sorted({*EVERYTHING.files, *record.files}))
        return replace(EVERYTHING, files=files_too)
    names = [name.partition(".")[2] for name in own]
    modules = tuple(name for name in names if name and name.split(".")[0] != codes.MAKERS)
    return Reads(tuple(sorted(record.files)), modules, _joined(record.facts))


def _joined(noted: Iterable[FactRead]) -> tuple[FactRead, ...]:
    """The same reads in few words: what is read of all units is not said again of single ones."""
    spans: dict[FactRead, set[tuple[str, str]]] = {}
    for one in noted:
        for span in one.spans or [EVER]:
            spans.setdefault(replace(one, spans=()), set()).add(span)
    wholes = [one for one in spans if one.units is None]
    for one, days in spans.items():
        for whole in wholes if one.units is not None else ():
            if whole.frame == one.frame and (not whole.measures or {*one.measures} <= {*whole.measures}):
                days -= days if EVER in spans[whole] else spans[whole]
    units: dict[FactRead, set[str] | None] = {}
    for one, days in spans.items():
        if days:
            key = replace(one, units=None, spans=() if EVER in days else tuple(sorted(days)))
            held = units.get(key, set())
            units[key] = None if one.units is None or held is None else held | {*one.units}
    measures: dict[FactRead, list[tuple[str, ...]]] = {}
    for key, held in units.items():
        of_units = replace(key, units=None if held is None else tuple(sorted(held)), measures=())
        measures.setdefault(of_units, []).append(key.measures)
    joined = [
        replace(key, measures=() if () in several else tuple(sorted({*chain(*several)})))
        for key, several in measures.items()
    ]
    return tuple(sorted(joined, key=lambda one: json.dumps(asdict(one))))
