"""What a worker computes once for all the documents it will make, before its first one is begun.

All of it is computed from the project's files alone, as each document would compute it for itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from baocao.definitions import NoDataError, UserError
from baocao.publishing import notebooks
from baocao.publishing.spec import Spec
from baocao.reports import memo, paper
from baocao.store import facts, process_cache


def gathered(jobs: Iterable[Spec]) -> tuple[Spec, ...]:
    """The jobs that share what they read as one: a spec with all their units."""
    units: dict[str, list[str]] = {}
    found: dict[str, Spec] = {}
    for job in jobs:
        key = repr((job.notebook, job.period, job.parameters))
        found.setdefault(key, job)
        units.setdefault(key, []).extend(job.units)
    return tuple(replace(one, units=tuple(dict.fromkeys(units[key]))) for key, one in found.items())


def warm(root: Path, specs: Iterable[Spec]) -> None:
    """Open and compute what the documents of the specs share, and keep it in this process.

    What cannot be had is left to the documents, which say why.
    """
    process_cache.keep()
    for spec in specs:
        with suppress(UserError, NoDataError, ImportError):
            store = facts.open_facts(root, spec.vintage)
            _ = store.problems  # every document looks through them
            store.last_day()
            cells = _cells(root / "notebooks" / f"{spec.notebook}.ipynb")
            paper.compile_cells(cells)
            # The figures that cells may name are among their words.
            names = re.findall(r"[a-z]\w+", "\n".join(cells))
            if len(spec.units) > 1 and "open_memo" in names:
                memo.prepare(names, spec.period, list(spec.units), spec.vintage, start=root)


def _cells(path: Path) -> list[str]:
    """The notebook's code."""
    return [cell.source for cell in notebooks.read_notebook(path).cells if cell.cell_type == "code"]
