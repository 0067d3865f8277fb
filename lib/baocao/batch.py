"""Many documents in one run: one job per document, each in a worker process with a workshop of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from baocao.documents.delivery import Outcome, Workshop, deliver
from baocao.periods import Period
from baocao.specs import Spec
from baocao.units import Register

_shop: Workshop | None = None  # of a worker process, opened once


def list_jobs(spec: Spec, register: Register) -> list[Spec]:
    """The documents of a spec: one for all of its units, or one for each where it says `per: unit`.

    Raises UserError for a period or unit that does not exist, before anything is begun.
    """
    units = register.expand(list(spec.units), Period.parse(spec.period).end)
    return [replace(spec, units=(unit.code,)) for unit in units] if spec.per_unit else [spec]


def deliver_all(
    jobs: Sequence[Spec],
    out: Path,
    shop: Workshop,
    earlier: Mapping[str, dict[str, Any]],
    workers: int,
) -> Iterator[Outcome]:
    """The outcome of each job, in the order of `jobs`, made by `workers` processes at a time.

    Processes are started anew, not forked: the libraries of this one have threads that a fork would break.
    """
    if workers == 1 or len(jobs) == 1:
        for job in jobs:
            yield deliver(job, out, shop, earlier)
        return
    tasks = [(job, out, dict(earlier)) for job in jobs]
    opening = (shop.root, shop.renderer)
    with ProcessPoolExecutor(
        min(workers, len(jobs)), mp_context=get_context("spawn"), initializer=_open_shop, initargs=opening
    ) as pool:
        yield from pool.map(_deliver, tasks)


def _open_shop(root: Path, renderer: str) -> None:
    global _shop
    _shop = Workshop.open(root, renderer)


def _deliver(task: tuple[Spec, Path, dict[str, dict[str, Any]]]) -> Outcome:
    job, out, earlier = task
    assert _shop is not None, "the pool opens a workshop in every worker"
    return deliver(job, out, _shop, earlier)
