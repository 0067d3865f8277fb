"""Many documents in one run: one job per document; what stands already is left alone, the rest goes to the pool."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from baocao.definitions import Organisation, Period, Register, UserError, address
from baocao.publishing import cache_key, deliver, folders, up_to_date
from baocao.publishing.context import BuildContext, Document
from baocao.publishing.letter import date_and_address
from baocao.publishing.outcomes import FAILED_EXECUTION, Outcome
from baocao.publishing.pool import Lost, Pool
from baocao.publishing.prewarm import gathered
from baocao.publishing.spec import Spec
from baocao.publishing.worker import Opening
from baocao.store import facts

TOGETHER = 25
"""Documents in one call of Quarto, most of whose time goes into starting it. The embedded renderer stays started."""


def list_jobs(spec: Spec, register: Register, organisations: Sequence[Organisation] = ()) -> list[Spec]:
    """The documents of a spec: one for all of its units, or one for each where it says `per: unit`, each with its letter.

    Raises UserError for a period, unit or recipient that does not exist, before anything is begun.
    """
    period = Period.parse(spec.period)
    units = register.expand(list(spec.units), period.end)
    jobs = (
        [(replace(spec, units=(unit.code,)), [unit]) for unit in units] if spec.per_unit else [(spec, units)]
    )
    call = cache(lambda text, day: address(text, organisations, register.units, day))  # most jobs ask alike
    return [date_and_address(job, period, about, call) for job, about in jobs]


def deliver_all(
    jobs: Sequence[Spec],
    out: Path,
    context: BuildContext,
    earlier: Mapping[str, dict[str, Any]],
    workers: int,
    *,
    force: bool = False,
) -> Iterator[Outcome]:
    """The outcome of each job as they finish, made by `workers` processes at a time; `force`: also of what stands.

    A UserError of a job is that document's outcome; the others are made.
    Where the run is interrupted, no partial file is left, and the documents in the making are as they were.
    """
    pool, missing = Pool(), []
    ground = cache_key.grounds(context)  # before any worker loads code
    try:
        if not all(facts.are_current(context.root, vintage) for vintage in {job.vintage for job in jobs}):
            pool.hire(1)  # new facts mean new documents: it starts up while the facts are read
        for job in jobs:
            standing = None if force else deliver.standing(job, out, context, earlier)
            if standing:
                yield standing
            else:
                missing.append(job)
                pool.hire(min(workers, len(missing)))
        if not missing:
            return
        ground.take(missing)
        kept = deliver.kept_if_refused(missing, out, context, earlier)
        opening = Opening(
            root=context.root, renderer=context.renderer, out=out,
            notebooks=tuple(sorted({job.notebook for job in missing})), shared=gathered(missing),
            kept=frozenset(kept),
        )  # fmt: skip
        workers = min(workers, len(missing))
        group = min(TOGETHER, -(-len(missing) // workers)) if context.renderer == "quarto" else 1
        for job, answer in pool.run(opening, missing, workers, group):
            yield _settle(job, answer, out, context, kept)
    finally:
        pool.close()
        folders.remove_stale(out)


def causes(
    jobs: Sequence[Spec], out: Path, context: BuildContext, earlier: Mapping[str, dict[str, Any]]
) -> Iterator[str]:
    """For each document that is to be made: why, in words."""
    for job in jobs:
        line = Document.of(job, context).line
        if found := up_to_date.why(earlier.get(line.folder), job, line.units, out / line.folder, context):
            yield f"{line.folder}: {'; '.join(found)}."


def _settle(
    job: Spec,
    answer: Outcome | UserError | Lost,
    out: Path,
    context: BuildContext,
    kept: Mapping[str, dict[str, Any]],
) -> Outcome:
    if isinstance(answer, UserError):
        answer = Lost(FAILED_EXECUTION, str(answer))
    if isinstance(answer, Lost):
        answer = deliver.fail(job, out, context, answer.outcome, answer.problem, kept)
    return deliver.conclude(answer, job, context, kept)
