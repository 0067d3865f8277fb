"""What a worker computes once for all the documents it will make, before its first one is begun.

All of it is computed from the project's files alone, as each document would compute it for itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from baocao.definitions import NoDataError, UserError
from baocao.publishing import module_hashes
from baocao.publishing.spec import Spec
from baocao.store import facts, process_cache

PREPARE = "prepare"
"""What a memo's package calls its function (period, units, vintage, start) that computes what its documents share."""


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
            _ = facts.open_facts(root, spec.vintage).problems  # every document looks through them
            for name in module_hashes.imported_by_notebook(root / "notebooks" / f"{spec.notebook}.ipynb"):
                prepare = getattr(_module(name), PREPARE, None)
                if prepare and len(spec.units) > 1:
                    prepare(spec.period, list(spec.units), spec.vintage, start=root)


def _module(name: str) -> object:
    """The module that a notebook imports, or imports a name of."""
    package = __name__.partition(".")[0]
    try:
        return importlib.import_module(f"{package}.{name}")
    except ImportError:
        return importlib.import_module(f"{package}.{name}".rpartition(".")[0])
