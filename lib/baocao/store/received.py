"""Received files read into facts, whatever their kind; what costs time to read is read once and kept."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path

from baocao.definitions import Measure, Period, Register
from baocao.definitions import vietnamese as vn
from baocao.readers import Reading, join_problems, problems_frame, read_counts, read_scores
from baocao.store.frames import (
    frame_path,
    read_counts_frame,
    read_problems_frame,
    read_scores_frame,
    write_frames,
)
from baocao.store.listing import FACT_FORMS, PROBLEMS_BESIDE, ReceivedFile

READINGS = Path("data") / "derived" / "readings"
_KEPT = ("ii06", "dossiers", "portal")
"""Forms whose files take longer to read than what was read of them."""


def read_received(
    file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path, code: str
) -> Reading:
    """What a listed file says: its facts carry the list's name and source.

    code  hash of the code and reference data that read it: a reading kept from an earlier run counts as long as
          this, the file and its options are the same

    Raises UserError only for a path that cannot be read.
    """
    if file.form not in FACT_FORMS:
        return Reading(file.form)
    if file.form not in _KEPT:
        return read_file(file, register, measures, root)
    folder = root / READINGS / reading_key(file, code)
    if all(frame_path(folder, frame).is_file() for frame in ("counts", "scores", "problems")):
        frames = (read_counts_frame(folder), read_scores_frame(folder), read_problems_frame(folder))
        return Reading(file.form, *frames)
    reading = read_file(file, register, measures, root)
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


def read_file(file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path) -> Reading:
    """What the file says, read anew."""
    return _READERS[file.form](file, register, measures, root)


def problems_beside(path: Path) -> Path:
    """Where a table of dossiers keeps what was wrong with the exports it was made of."""
    return path.with_name(f"{path.name}{PROBLEMS_BESIDE}")


def _read_counts_form(
    file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path
) -> Reading:
    counts, problems = read_counts(file.path, register, measures, file.source, file.name)
    return Reading("counts", counts=counts, problems=problems)


def _read_scores_form(
    file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path
) -> Reading:
    scores, problems = read_scores(file.path, register, file.source, file.name)
    return Reading("scores", scores=scores, problems=problems)


def _read_workbook(
    file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path
) -> Reading:
    from baocao.readers import open_book, read_ii06

    book, found = open_book(file.path, file.name)
    if book is None:
        return Reading("ii06", problems=problems_frame(found))
    periods, _ = _told(file)
    reading = read_ii06(book, register, measures, file.source, periods[0] if periods else None)
    return replace(reading, problems=join_problems([problems_frame(found), reading.problems]))


def _read_portal(file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path) -> Reading:
    from baocao.readers import open_book, read_portal, read_portal_table, read_reference, recognise_answer

    components = read_reference(root, "index_components")
    periods, as_of = _told(file)
    view = {"period": periods[0] if periods else None, "as_of": as_of, "components": components}
    if recognise_answer(file.path):
        provinces = read_reference(root, "portal_codes")
        return read_portal(
            file.path, register, measures, file.source, name=file.name, provinces=provinces, **view
        )
    book, found = open_book(file.path, file.name)
    if book is None:
        return Reading("portal", problems=problems_frame(found))
    reading = read_portal_table(book, register, measures, file.source, **view)
    return replace(reading, problems=join_problems([problems_frame(found), reading.problems]))


def _read_dossiers(
    file: ReceivedFile, register: Register, measures: dict[str, Measure], root: Path
) -> Reading:
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


_READERS: dict[str, Callable[[ReceivedFile, Register, dict[str, Measure], Path], Reading]] = {
    "counts": _read_counts_form,
    "scores": _read_scores_form,
    "ii06": _read_workbook,
    "portal": _read_portal,
    "dossiers": _read_dossiers,
}
