"""From a spec to delivered files: execute, check, render, verify, and move into place all at once or not at all.

A document that fails leaves a notice and its notebook, never half a file and never the one of last month.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from baocao import facts as fact_store
from baocao.documents import embedded, form, notebooks, places, quarto, runs, unchanged
from baocao.documents.fonts import FontChoice, find_fonts
from baocao.documents.letter import write_letter
from baocao.documents.outcomes import (
    BUILT,
    FAILED_EXECUTION,
    FAILED_LOAD,
    FAILED_RENDERING,
    FAILED_VERIFICATION,
    FAILED_WRITING,
    NO_DATA,
    TIMED_OUT,
    UNCHANGED,
    Outcome,
    versions,
)
from baocao.documents.reading import READERS
from baocao.documents.source import Source, read_source
from baocao.documents.source_check import Checker, Fault
from baocao.documents.verify import check_finished
from baocao.errors import UserError
from baocao.laws import load_laws
from baocao.periods import Period
from baocao.specs import Spec
from baocao.units import Register, Unit, load_register

OUTCOME_OF = {
    runs.EMPTY: NO_DATA,
    runs.FAILED: FAILED_EXECUTION,
    runs.LATE: TIMED_OUT,
    runs.UNWRITTEN: FAILED_WRITING,
}
"""What becomes of a document whose notebook did not run to its end."""


@dataclass(frozen=True)
class Workshop:
    """What every document of a build shares: the rooms, the register, the checker, the typeface.

    `run` runs a notebook: in a kernel of its own (`runs.run_here`), or in a forked child (`forks.Forks.run`).
    """

    root: Path
    register: Register
    checker: Checker
    font: FontChoice
    renderer: str
    run: Callable[[runs.Run], runs.Answer] = runs.run_here

    @classmethod
    def open(cls, root: Path, renderer: str = "embedded") -> Workshop:
        """The workshop of the project at `root`; `renderer` is quarto, embedded or auto."""
        register = load_register(root)
        return cls(
            root, register, Checker(load_laws(root), register), find_fonts(root), quarto.choose(renderer)
        )


@dataclass
class Draft:
    """A document in the making: what it is to be, its line so far, and the stage that it has reached."""

    spec: Spec
    period: Period
    units: list[Unit]
    line: Outcome
    stage: str = FAILED_LOAD
    begun: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, spec: Spec, shop: Workshop) -> Draft:
        """The draft of a spec; a UserError for a period or unit that does not exist."""
        period = Period.parse(spec.period)
        units = shop.register.expand(list(spec.units), period.end)
        folder = f"{period.code}/{places.folder_name(spec, [unit.slug for unit in units])}"
        line = Outcome(
            report=spec.name, period=period.code, units=[unit.code for unit in units], outcome=BUILT,
            folder=folder, renderer=shop.renderer, names=[unit.official_name for unit in units],
            versions=versions(shop.renderer, quarto.version() if shop.renderer == "quarto" else None),
            title=notebooks.title_of(shop.root / "notebooks" / f"{spec.notebook}.ipynb"),
        )  # fmt: skip
        return cls(spec, period, units, line)

    def refuse(self, outcome: str, problems: list[str]) -> None:
        """There will be no document, for these reasons."""
        self.line.outcome, self.line.problems, self.line.files = outcome, problems, {}


def deliver(
    spec: Spec, out: Path, shop: Workshop, earlier: Mapping[str, dict[str, Any]] | None = None
) -> Outcome:
    """Build the document of `spec` into its folder below `out`.

    `earlier` are the ledger's lines by folder: a document that a new run would make again as it stands is left
    alone.

    Raises UserError (nothing written) for a period, unit or parameter that does not exist; every other failure
    is an outcome with a notice in the document's place.
    """
    return standing(spec, out, shop, earlier or {}) or unchanged.seal(make(spec, out, shop), spec, shop)


def standing(spec: Spec, out: Path, shop: Workshop, earlier: Mapping[str, dict[str, Any]]) -> Outcome | None:
    """The line of a document that stands as a new run would make it; None when it is to be made."""
    line = Draft.of(spec, shop).line
    before = earlier.get(line.folder)
    if before and unchanged.stands(before, spec, line.units, out / line.folder, shop):
        outcome = NO_DATA if before["outcome"] == NO_DATA else UNCHANGED
        return Outcome(**{**before, "outcome": outcome, "seconds": 0.0})
    return None


def why(
    spec: Spec, out: Path, shop: Workshop, earlier: Mapping[str, dict[str, Any]]
) -> tuple[str, list[str]] | None:
    """The folder of a document that is to be made, and why; None for one that stands."""
    line = Draft.of(spec, shop).line
    found = unchanged.why(earlier.get(line.folder), spec, line.units, out / line.folder, shop)
    return (line.folder, found) if found else None


def make(spec: Spec, out: Path, shop: Workshop) -> Outcome:
    """Build the document, whatever stands in its place; its key is still to be made (`unchanged.seal`)."""
    draft = Draft.of(spec, shop)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with places.private_folder(out) as private:
            work = private / "document"
            work.mkdir()
            try:
                _make(draft, work, shop)
            except _Refused as refused:
                draft.refuse(refused.outcome, refused.problems)
            except OSError as error:
                draft.refuse(FAILED_WRITING, [places.unwritten(error)])
                shutil.rmtree(work, ignore_errors=True)  # room for the notice
                places.clear_place(out / draft.line.folder)
                work.mkdir()
            except UserError:
                raise
            except Exception as error:  # noqa: BLE001 (one document is lost, not the batch)
                draft.refuse(draft.stage, [f"Lỗi chương trình {type(error).__name__}: {error}"])
            if draft.line.outcome != BUILT:
                places.leave_notice(work, spec, draft.period, draft.line)
            places.move_into_place(work, out / draft.line.folder, private)
    except OSError as error:
        places.clear_place(out / draft.line.folder)
        draft.refuse(FAILED_WRITING, [places.unwritten(error)])
        draft.line.left = []
    draft.line.seconds = round(time.perf_counter() - draft.begun, 3)
    return draft.line


def fail(spec: Spec, out: Path, shop: Workshop, outcome: str, problem: str) -> Outcome:
    """Leave a notice in the place of a document that another process was to make and did not."""
    draft = Draft.of(spec, shop)
    draft.refuse(outcome, [problem])
    try:
        out.mkdir(parents=True, exist_ok=True)
        with places.private_folder(out) as private:
            work = private / "document"
            work.mkdir()
            runs.keep_for_diagnosis(_run_of(spec, work, shop))
            places.leave_notice(work, spec, draft.period, draft.line)
            places.move_into_place(work, out / draft.line.folder, private)
    except OSError:
        places.clear_place(out / draft.line.folder)
        draft.line.left = []
    return draft.line


class _Refused(Exception):
    def __init__(self, outcome: str, problems: list[str]) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.problems = problems


def _make(draft: Draft, work: Path, shop: Workshop) -> None:
    spec, result = draft.spec, draft.line
    faults = fact_store.open_facts(shop.root, spec.vintage).problems
    errors = faults[faults["severity"] == "error"]
    if len(errors):
        raise _Refused(FAILED_LOAD, [str(message) for message in errors["message"].head(20)])
    draft.stage = FAILED_EXECUTION
    notebook = _execute(draft, work, shop)
    record = notebooks.claims_record(notebook)
    result.provenance = dict(record["provenance"])
    write_letter(notebook, spec, draft.period, draft.units)
    nbformat.write(notebook, work / f"{spec.name}.ipynb")
    draft.stage = FAILED_RENDERING
    parsed = form.parse(document_markdown(notebook), shop.root)
    source = read_source(parsed)
    found = [str(fault) for fault in shop.checker.check(source, record)]
    for kind in [] if found else spec.formats:
        _render(notebook, parsed, work / f"{spec.name}.{kind}", kind, draft.period, shop)
    draft.stage = FAILED_VERIFICATION
    for kind in [] if found else spec.formats:
        faults_of_file = verify_file(work / f"{spec.name}.{kind}", source, record)
        found += [f"{kind.upper()}: {fault}" for fault in faults_of_file]
    if found:
        raise _Refused(FAILED_VERIFICATION, found)
    shutil.rmtree(work / "hinh", ignore_errors=True)
    for path in sorted(work.iterdir()):
        result.files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()


def _execute(draft: Draft, work: Path, shop: Workshop) -> NotebookNode:
    run = _run_of(draft.spec, work, shop)
    answer = shop.run(run)
    draft.line.reads = answer.notes.get("reads", {})
    if answer.kind == runs.DONE:
        return nbformat.from_dict(answer.notebook)
    if answer.kind == runs.REFUSED:
        raise UserError(answer.sentence)
    if answer.kind == runs.EMPTY:
        run.target.unlink(missing_ok=True)
    else:
        runs.keep_for_diagnosis(run)
    raise _Refused(OUTCOME_OF[answer.kind], [answer.sentence])


def _run_of(spec: Spec, work: Path, shop: Workshop) -> runs.Run:
    source = shop.root / "notebooks" / f"{spec.notebook}.ipynb"
    parameters = {"period": spec.period, "units": list(spec.units), **spec.parameters}
    return runs.Run(source, parameters, work / f"{spec.name}.ipynb", shop.root, spec.timeout)


def document_markdown(notebook: NotebookNode) -> str:
    """The whole document as Markdown: front matter and what the cells print."""
    return notebook.cells[0].source + "\n\n" + notebooks.body_markdown(notebook)


def _render(
    notebook: NotebookNode, parsed: str, target: Path, kind: str, period: Period, shop: Workshop
) -> None:
    try:
        if shop.renderer == "quarto":
            quarto.render(notebook, target, kind, root=shop.root, font=shop.font, day=period.end)
            return
        embedded.render(parsed, target, kind, root=shop.root, font=shop.font, day=period.end)
    except embedded.RenderError as error:
        raise _Refused(FAILED_RENDERING, [str(error)]) from None


def verify_file(path: Path, source: Source, record: dict[str, Any]) -> list[Fault]:
    """The faults of one finished file against the notebook it came from."""
    return check_finished(source, READERS[path.suffix.lstrip(".")](path), record)


def verify_folder(folder: Path, shop: Workshop) -> dict[str, list[Fault]]:
    """Faults by file of one delivered document: its notebook's text, its PDF, its HTML."""
    faults: dict[str, list[Fault]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        notebook = notebooks.read_notebook(path)
        record = notebooks.claims_record(notebook)
        source = read_source(form.parse(document_markdown(notebook), shop.root))
        faults[path.name] = shop.checker.check(source, record)
        for kind in READERS:
            finished = path.with_suffix(f".{kind}")
            if finished.is_file():
                faults[finished.name] = verify_file(finished, source, record)
    return faults
