"""What one run reads of the project, noted as it happens: files, folders listed, facts. Off until `begin`.

Facts are noted where they are asked for, whether they come from the store or from what the process keeps; files by
Python's audit events, so that a notebook's own `open` counts too. One run per process: the hook cannot be taken away.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

# Not the run's matter: our code has a part of its own in a key, facts are noted as facts.
_ASIDE = ("lib/", "data/derived/store/")
_LISTED = ("os.listdir", "os.scandir")
_ELSEWHERE = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.exec", "os.fork", "os.spawn")
_IMPORTING = "<frozen importlib"
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT

ROOT = "./"
"""The project's own folder, listed."""


@dataclass(frozen=True)
class FactRead:
    """Facts that were read.

    frame     "counts", "scores" (always all), "problems" (all, or those about the units and spans), "accepted": the
              accepted errors that concern facts of the units and spans, "errors": the units that have errors (`problems_of_units`)
    units     codes in order; None: all units
    spans     first and last days (2025-07-01) of the windows inside which facts were sought; empty: all
    measures  names in order; empty: all
    """

    frame: str
    units: tuple[str, ...] | None = None
    spans: tuple[tuple[str, str], ...] = ()
    measures: tuple[str, ...] = ()


@dataclass
class Record:
    """What was read until now. `files` are relative to `root`; a folder that was listed ends in "/".

    here    whether the cells ran in this process at all (`cells_run_here`)
    strayed whether other processes were started, whose reading is not noted
    """

    root: str
    files: set[str] = field(default_factory=set)
    facts: dict[FactRead, None] = field(default_factory=dict)
    here: bool = False
    strayed: bool = False

    def add(self, path: Any, ending: str = "", *, with_root: bool = True) -> None:
        """Add a file or, with the ending "/", a folder, where it is the project's and the run's matter."""
        try:
            name = os.fsdecode(path)
        except TypeError:  # a file descriptor
            return
        whole = os.path.abspath(name)
        if ending and with_root and whole + os.sep == self.root:
            self.files.add(ROOT)
        if not whole.startswith(self.root):
            return
        inside = whole[len(self.root) :].replace(os.sep, "/") + ending
        hidden = any(part.startswith(".") for part in inside.split("/"))
        if not hidden and not inside.startswith(_ASIDE) and "__pycache__" not in inside:
            self.files.add(inside)


_record: Record | None = None
_pauses = 0
_is_hooked = False


def begin(root: Path) -> None:
    """Begin a new record of what is read below `root`."""
    global _record, _is_hooked, _pauses
    _record, _pauses = Record(os.path.abspath(root) + os.sep), 0
    if not _is_hooked:
        sys.addaudithook(_listen)
        _is_hooked = True


def end() -> Record:
    """The record, which is closed."""
    global _record
    assert _record is not None, "nothing is being recorded"
    record, _record = _record, None
    return record


def is_on() -> bool:
    """Whether what is read now is noted."""
    return _record is not None and not _pauses


@contextmanager
def paused() -> Iterator[None]:
    """Inside it nothing is noted: what is read there is noted otherwise, or does not shape the document."""
    global _pauses
    _pauses += 1
    try:
        yield
    finally:
        _pauses -= 1


def note_facts(
    frame: str,
    units: Iterable[str] | None = None,
    spans: Iterable[tuple[Any, Any]] = (),
    measures: Iterable[str] = (),
) -> None:
    """Note that these facts are read; days are `datetime.date`."""
    if _record is not None and not _pauses:
        codes = None if units is None else tuple(sorted(set(units)))
        days = tuple(sorted({(first.isoformat(), last.isoformat()) for first, last in spans}))
        _record.facts[FactRead(frame, codes, days, tuple(sorted(set(measures))))] = None


def note_file(path: Path) -> None:
    """Note a file whose content shapes the document although it may not be opened again for this one."""
    if _record is not None and not _pauses:
        _record.add(path)


def cells_run_here() -> None:
    """Note that the notebook's cells run in this process: else nothing that is noted here is whole."""
    if _record is not None:
        _record.here = True


def _listen(event: str, given: tuple[Any, ...]) -> None:
    if _record is None or _pauses:
        return
    if event == "open":
        path, mode, flags = given
        if isinstance(mode, str) and set(mode) & set("wax+"):
            return
        if mode is None and isinstance(flags, int) and flags & _WRITING:
            return
        _record.add(path)
    elif event in _LISTED:
        # An import looks through the current folder, whatever lies there: that is nobody's reading.
        importing = sys._getframe(1).f_code.co_filename.startswith(_IMPORTING)
        _record.add(os.curdir if given[0] is None else given[0], "/", with_root=not importing)
    elif event == "sqlite3.connect":
        _record.add(_database(given[0]))
    elif event in _ELSEWHERE:
        _record.strayed = True


def _database(given: Any) -> str | None:
    """The file of a database that SQLite opens; None for one in memory."""
    name = os.fsdecode(given)
    path = unquote(urlsplit(name).path) if name.startswith("file:") else name
    return None if path in ("", ":memory:") else path
