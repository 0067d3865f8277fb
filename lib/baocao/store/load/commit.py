"""What was examined is stored: whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from baocao.definitions import alone, replace_files
from baocao.readers import Bounded, merge_rows, reference_path
from baocao.store import facts
from baocao.store.accepted import accepted_text
from baocao.store.facts import Facts
from baocao.store.listing import ACCEPTED, LISTING, RAW, listing_text, write_options
from baocao.store.load.begin import begin_reading
from baocao.store.load.candidates import Candidate, LoadOptions, list_paths
from baocao.store.load.examine import Examination, examine
from baocao.store.load.recognise import Recogniser
from baocao.store.received import problems_beside


def load_files(
    root: Path, paths: Sequence[Path], options: LoadOptions, bounds: Bounded | None = None
) -> tuple[Examination, Facts | None]:
    """Stores the files and makes the facts anew, unless an error stands in the way; None where nothing was stored.

    Killed at any moment it leaves the store as it was, or as it is after. UserError as `examine`, and where
    another load is running.
    """
    found = list_paths(paths)
    with bounds or begin_reading() as children:
        return load_read(root, lambda reader: reader.read_all(found, children), options)


def load_read(
    root: Path, read: Callable[[Recogniser], list[Candidate]], options: LoadOptions
) -> tuple[Examination, Facts | None]:
    """As `load`, of what `read` makes."""
    with alone(root) as work:
        found = examine(root, read, options, work)
        if found.refused or not found.fresh:
            return found, None
        _store(root, found, options)
        return found, facts.rebuild(root)


def examine_files(
    root: Path, paths: Sequence[Path], options: LoadOptions, bounds: Bounded | None = None
) -> Examination:
    """What `load_files` would find; nothing is stored, and nothing written into the project."""
    found = list_paths(paths)
    with (
        bounds or begin_reading() as children,
        tempfile.TemporaryDirectory(prefix="baocao-check-") as work,
    ):
        return examine(root, lambda reader: reader.read_all(found, children), options, Path(work))


def _store(root: Path, found: Examination, options: LoadOptions) -> None:
    contents: dict[str, Path | str] = {}
    for one in found.fresh:
        contents[one.file.name] = one.file.path
        beside = problems_beside(one.file.path)
        if one.file.form == "dossiers" and beside.is_file():
            contents[problems_beside(Path(one.file.name)).as_posix()] = beside
    tables = [table for one in found.fresh for table in one.tables]
    for form in dict.fromkeys(table.form for table in tables):
        rows = pd.concat([table.rows for table in tables if table.form == form], ignore_index=True)
        place = reference_path(root, form).relative_to(root).as_posix()
        contents[place] = merge_rows(root, form, rows)[0]
    if found.accepted:
        contents[str(RAW / ACCEPTED)] = accepted_text(root, found.accepted)
    contents[str(RAW / LISTING)] = listing_text(root, [_row(one, options) for one in found.fresh])
    replace_files(root, contents)


def _row(one: Candidate, options: LoadOptions) -> dict[str, str]:
    return {
        "file": one.file.name.removeprefix(f"{RAW}/"),
        "form": one.file.form,
        "source": one.file.source,
        "issuer": options.issuer or one.issuer,
        "received": options.received.isoformat(),
        "sha256": one.file.sha256,
        "note": "; ".join(part for part in (options.note, one.note) if part),
        "supersedes": "; ".join(one.file.supersedes),
        "options": write_options(one.file.options),
    }
