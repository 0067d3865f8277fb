"""Received files read into facts, whatever their kind; what costs time to read is read once and kept."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from baocao.definitions import Measure, Period, Register
from baocao.definitions import vietnamese as vn
from baocao.readers import Reading, join_problems, problems_frame
from baocao.store.frames import (
    frame_path,
    read_counts_frame,
    read_problems_frame,
    read_scores_frame,
    write_frames,
)
from baocao.store.listing import FACT_FORMS, PROBLEMS_BESIDE, ReceivedFile

if TYPE_CHECKING:
    from baocao.readers import Book

READINGS = Path("data") / "derived" / "readings"
_KEPT = ("ii06", "dossiers", "portal")
"""Forms whose files take longer to read than what was read of them."""


def read_received(
    file: ReceivedFile,
    register: Register,
    measures: dict[str, Measure],
    root: Path,
    code: str,
    opened: tuple[Book, list[dict]] | None = None,
) -> Reading:
    """What a listed file says: its facts carry the list's name and source.

    code    hash of the code and reference data that read it: a reading kept from an earlier run counts as long as
            this, the file and its options are the same
    opened  the book of a table and what is wrong with it, where it was opened already

    Raises UserError only for a path that cannot be read.
    """
    if file.form not in FACT_FORMS:
        return Reading(file.form)
    if file.form not in _KEPT:
        return read_file(file, register, measures, root, opened)
    folder = root / READINGS / reading_key(file, code)
    if all(frame_path(folder, frame).is_file() for frame in ("counts", "scores", "problems")):
        frames = (read_counts_frame(folder), read_scores_frame(folder), read_problems_frame(folder))
        return Reading(file.form, *frames)
    reading = read_file(file, register, measures, root, opened)
    keep_reading(folder, reading)
    return reading


def reading_key(file: ReceivedFile, code: str) -> str:
    """The name under which what was read of the file is kept."""
    about = [file.name, file.form, file.source, file.sha256, sorted(file.options.items()), code]
    return sha256(json.dumps(about).encode()).hexdigest()[:24]


def keep_reading(folder: Path, reading: Reading) -> None:
    """Writes the reading to its folder, whole or not at all; where nothing can be written it is read again next time."""
    fresh = folder.with_name(f".{folder.name}.{os.getpid()}")
    try:
        fresh.mkdir(parents=True, exist_ok=True)
        write_frames(
            fresh, {"counts": reading.counts, "scores": reading.scores, "problems": reading.problems}
        )
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    except OSError:  # no right to write, or another process was faster
        shutil.rmtree(fresh, ignore_errors=True)


def drop_other_readings(root: Path, wanted: set[str]) -> None:
    """Removes what is kept of files that no list names any more."""
    folder = root / READINGS
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.name not in wanted:
            shutil.rmtree(path, ignore_errors=True)


def read_file(
    file: ReceivedFile,
    register: Register,
    measures: dict[str, Measure],
    root: Path,
    opened: tuple[Book, list[dict]] | None = None,
) -> Reading:
    """What the file says, read anew."""
    from baocao.readers import READERS, open_book, read_portal, recognise_answer

    if file.form == "dossiers":
        return _read_dossiers(file, register, measures)
    periods, as_of = _told(file)
    view = {"period": periods[0] if periods else None, "as_of": as_of, "root": root}
    if file.form == "portal" and recognise_answer(file.path):
        return read_portal(file.path, register, measures, file.source, name=file.name, **view)
    book, found = opened or open_book(file.path, file.name)
    found = problems_frame(one | {"file": file.name} for one in found)
    if book is None:
        return Reading(file.form, problems=found)
    reading = READERS[file.form](replace(book, name=file.name), register, measures, file.source, **view)
    return replace(reading, problems=join_problems([found, reading.problems]))


def problems_beside(path: Path) -> Path:
    """Where a table of dossiers keeps what was wrong with the exports it was made of."""
    return path.with_name(f"{path.name}{PROBLEMS_BESIDE}")


def _read_dossiers(file: ReceivedFile, register: Register, measures: dict[str, Measure]) -> Reading:
    from baocao.readers import count_facts, open_dossiers

    periods, as_of = _told(file)
    found = []
    if problems_beside(file.path).is_file():
        found = json.loads(problems_beside(file.path).read_text(encoding="utf-8"))
    found = [one | {"file": file.name} for one in found]
    if as_of is None:
        return Reading("dossiers", problems=problems_frame(found))
    with open_dossiers(file.path) as dossiers:
        reading = count_facts(
            dossiers, as_of, periods, register, measures, source=file.source, name=file.name
        )
    told = reading.problems
    if any(one["severity"] == "error" for one in found):  # which say why no dossier is left
        told = told[told["code"] != "tep-trong"]
    return replace(reading, problems=join_problems([problems_frame(found), told]))


def _told(file: ReceivedFile) -> tuple[list[Period], date | None]:
    """The periods and the last day that the file's options name."""
    periods = [Period.parse(one) for one in file.options.get("period", "").split(",") if one]
    as_of = file.options.get("as_of", "")
    return periods, vn.parse_date(as_of) if as_of else None
