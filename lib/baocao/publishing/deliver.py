"""From a spec to delivered files: execute, check, render, verify, and move into place all at once or not at all.

A document that fails leaves a notice and its notebook, never half a file. The one that stood there before stays only while
its facts are those of now; else it moves to its editions.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from baocao.definitions import Period, UserError, file_hash
from baocao.publishing import folders, notebooks, pandoc, runs, up_to_date
from baocao.publishing.check_claims import Fault, check_typed
from baocao.publishing.check_finished import check_finished
from baocao.publishing.context import BuildContext, Document
from baocao.publishing.document_blocks import Source, read_blocks
from baocao.publishing.finished_text import READERS, private_use_faults
from baocao.publishing.letter import write_letter
from baocao.publishing.load_errors import errors_of, sentences
from baocao.publishing.outcomes import (
    FAILED_EXECUTION,
    FAILED_LOAD,
    FAILED_RENDERING,
    FAILED_VERIFICATION,
    FAILED_WRITING,
    KEPT,
    NO_DATA,
    TIMED_OUT,
    UNCHANGED,
    Outcome,
    Recounted,
)
from baocao.publishing.recount import Recount
from baocao.publishing.render import Rendering, render
from baocao.publishing.spec import Spec
from baocao.publishing.typst import RenderError
from baocao.store import facts
from baocao.writing import OWN_KIND

OUTCOME_OF = {
    runs.EMPTY: NO_DATA,
    runs.FAILED: FAILED_EXECUTION,
    runs.LATE: TIMED_OUT,
    runs.UNWRITTEN: FAILED_WRITING,
}
"""What becomes of a document whose notebook did not run to its end."""


def standing(
    spec: Spec, out: Path, context: BuildContext, earlier: Mapping[str, dict[str, Any]]
) -> Outcome | None:
    """The line of a document that stands as a new run would make it; None when it is to be made."""
    line = Document.of(spec, context).line
    before = earlier.get(line.folder)
    if before and up_to_date.stands(before, spec, line.units, out / line.folder, context):
        outcome = NO_DATA if before["outcome"] == NO_DATA else UNCHANGED
        return Outcome(**{**before, "outcome": outcome, "seconds": 0.0})
    return None


def kept_if_refused(
    specs: Iterable[Spec], out: Path, context: BuildContext, earlier: Mapping[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The lines, by folder, of the documents that stay where they are should their new ones be refused."""
    lines = [(spec, Document.of(spec, context).line.folder) for spec in specs]
    return {
        folder: earlier[folder]
        for spec, folder in lines
        if folder in earlier and up_to_date.has_current_figures(earlier[folder], spec, out / folder, context)
    }


def make(spec: Spec, out: Path, context: BuildContext, kept: Collection[str] = ()) -> Outcome:
    """Build the document, whatever stands in its place; its line is still to be concluded."""
    ((_, made),) = make_many([spec], out, context, kept)
    if isinstance(made, UserError):
        raise made
    return made


def make_many(
    specs: Sequence[Spec], out: Path, context: BuildContext, kept: Collection[str] = ()
) -> Iterator[tuple[int, Outcome | UserError]]:
    """`make` several documents, rendered together: the place of each in `specs` and its outcome, as they finish.

    kept  folders of documents that stay, should their new ones be refused (`kept_if_refused`)
    """
    waiting: dict[int, tuple[Rendering, Generator[Rendering, None, Outcome]]] = {}
    for place, spec in enumerate(specs):
        making = _making(spec, out, context, kept)
        try:
            waiting[place] = (next(making), making)
        except StopIteration as finished:
            yield place, finished.value
        except UserError as error:
            yield place, error
    render(
        [rendering for rendering, _ in waiting.values()],
        context.renderer,
        root=context.root,
        font=context.font,
    )
    for place, (rendering, making) in waiting.items():
        try:
            making.throw(rendering.error) if rendering.error else next(making)
        except StopIteration as finished:
            yield place, finished.value
        except UserError as error:
            yield place, error


def _making(
    spec: Spec, out: Path, context: BuildContext, kept: Collection[str]
) -> Generator[Rendering, None, Outcome]:
    """The making of a document, which waits in the middle for its files to be rendered."""
    draft = Document.of(spec, context)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with folders.private_folder(out) as private:
            work = private / "document"
            work.mkdir()
            try:
                yield from _make(draft, work, context)
            except _Refused as refused:
                draft.refuse(refused.outcome, refused.problems)
            except RenderError as error:
                draft.refuse(FAILED_RENDERING, [str(error)])
            except OSError as error:
                draft.refuse(FAILED_WRITING, [folders.unwritten(error)])
                shutil.rmtree(work, ignore_errors=True)  # room for the notice
                work.mkdir()
            except UserError:
                raise
            except Exception as error:  # noqa: BLE001 (one document is lost, not the batch)
                draft.refuse(draft.stage, [f"Lỗi chương trình {type(error).__name__}: {error}"])
            folders.put_into_place(work, draft.line, out, kept)
    except OSError as error:
        draft.refuse(FAILED_WRITING, [folders.unwritten(error)])
        _leave_nothing(draft.line, out, kept)
    draft.line.seconds = round(time.perf_counter() - draft.begun, 3)
    return draft.line


def fail(
    spec: Spec, out: Path, context: BuildContext, outcome: str, problem: str, kept: Collection[str]
) -> Outcome:
    """Put things right for a document that another process was to make and did not, as where it fails here."""
    draft = Document.of(spec, context)
    draft.refuse(outcome, [problem])
    try:
        out.mkdir(parents=True, exist_ok=True)
        with folders.private_folder(out) as private:
            work = private / "document"
            work.mkdir()
            runs.keep_for_diagnosis(_run_of(draft, work, context))
            folders.put_into_place(work, draft.line, out, kept)
    except OSError:
        draft.refuse(outcome, [problem])
        _leave_nothing(draft.line, out, kept)
    return draft.line


def _leave_nothing(line: Outcome, out: Path, kept: Collection[str]) -> None:
    """Nothing could be written: there is not even a notice."""
    line.left = []
    if not folders.stays(line, kept):
        folders.clear_place(line, out)


def conclude(made: Outcome, spec: Spec, context: BuildContext, kept: Mapping[str, dict[str, Any]]) -> Outcome:
    """The ledger's line of a document just made, with its key; of one that was refused, that of the document that stays."""
    if folders.stays(made, kept):
        about = {"outcome": KEPT, "problems": made.problems, "seconds": made.seconds, "left": made.left}
        return Outcome(**{**kept[made.folder], **about})
    return up_to_date.seal(made, spec, context)


class _Refused(Exception):
    def __init__(self, outcome: str, problems: list[str]) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.problems = problems


def _make(draft: Document, work: Path, context: BuildContext) -> Generator[Rendering, None, None]:
    spec, result = draft.spec, draft.line
    known = facts.open_facts(context.root, spec.vintage)
    errors = errors_of(known.problems, draft.units, context.register, draft.period.end)
    if len(errors):
        raise _Refused(FAILED_LOAD, sentences(errors))
    draft.stage = FAILED_EXECUTION
    notebook = _execute(draft, work, context)
    record = notebooks.claims_record(notebook)
    result.provenance = dict(record["provenance"])
    write_letter(notebook, spec, draft.period, draft.units)
    nbformat.write(notebook, work / f"{result.stem}.ipynb")
    draft.stage = FAILED_RENDERING
    parsed = pandoc.parse(document_markdown(notebook), context.root)
    source = read_blocks(parsed)
    recount = Recount(known, context.register, draft.period, draft.units)
    faults, recounted = _check(notebook, source, record, context, recount)
    found = [str(fault) for fault in faults]
    if found:
        raise _Refused(FAILED_VERIFICATION, found)
    targets = {kind: work / f"{result.stem}.{kind}" for kind in spec.formats}
    yield from _rendered(draft, Rendering(notebook, parsed, targets, draft.period.end))
    draft.stage = FAILED_VERIFICATION
    for kind, target in targets.items():
        found += [f"{kind.upper()}: {fault}" for fault in verify_file(target, source, record)]
    if found:
        raise _Refused(FAILED_VERIFICATION, found)
    shutil.rmtree(work / "hinh", ignore_errors=True)
    for path in sorted(work.iterdir()):
        result.files[path.name] = file_hash(path)
    result.figures, result.recounted = len(record["claims"]), recounted
    own = (item for item in record["constants"] if item["kind"] == OWN_KIND)
    result.own = list(dict.fromkeys(f"{item['text']} ({item['what']})" for item in own))


def _execute(draft: Document, work: Path, context: BuildContext) -> NotebookNode:
    run = _run_of(draft, work, context)
    answer = context.run(run)
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


def _run_of(draft: Document, work: Path, context: BuildContext) -> runs.Run:
    spec = draft.spec
    source = context.root / "notebooks" / f"{spec.notebook}.ipynb"
    parameters = {"period": spec.period, "units": list(spec.units), **spec.parameters}
    return runs.Run(source, parameters, work / f"{draft.line.stem}.ipynb", context.root, spec.timeout)


def document_markdown(notebook: NotebookNode) -> str:
    """The whole document as Markdown: front matter and what the cells print."""
    return notebook.cells[0].source + "\n\n" + notebooks.body_markdown(notebook)


def _rendered(draft: Document, rendering: Rendering) -> Generator[Rendering, None, None]:
    """Wait until the files are there; of that time, only the document's share counts as its own."""
    begun = time.perf_counter()
    try:
        yield rendering
    finally:
        draft.begun += time.perf_counter() - begun - rendering.seconds


def verify_file(path: Path, source: Source, record: dict[str, Any]) -> list[Fault]:
    """The faults of one finished file against the notebook it came from."""
    return check_finished(source, READERS[path.suffix.lstrip(".")](path), record)


def verify_folder(folder: Path, context: BuildContext) -> tuple[dict[str, list[Fault]], list[Recounted]]:
    """Faults by file of one delivered document (its notebook's text, its PDF, its HTML), and how many of its figures
    were recounted and printed; None recounted where its facts are no more in the store.
    """
    faults: dict[str, list[Fault]] = {}
    counts: list[Recounted] = []
    for path in sorted(folder.glob("*.ipynb")):
        try:
            notebook = notebooks.read_notebook(path)
            record = notebooks.claims_record(notebook)
            source = read_blocks(pandoc.parse(document_markdown(notebook), context.root))
            recount = _recount_of_run(notebook, record, context)
        except UserError as error:
            faults[path.name] = [Fault(str(error))]
            continue
        faults[path.name], recounted = _check(notebook, source, record, context, recount)
        counts.append((recounted if recount else None, len(record["claims"])))
        for kind in READERS:
            finished = path.with_suffix(f".{kind}")
            if finished.is_file():
                try:
                    faults[finished.name] = verify_file(finished, source, record)
                except Exception as error:  # noqa: BLE001 (each reader has its own ways to refuse a broken file)
                    sentence = f"Tệp hỏng hoặc không phải {kind.upper()} ({type(error).__name__}: {error})."
                    faults[finished.name] = [Fault(" ".join(sentence.split()))]
    return faults, counts


def _check(
    notebook: NotebookNode,
    source: Source,
    record: dict[str, Any],
    context: BuildContext,
    recount: Recount | None,
) -> tuple[list[Fault], int]:
    """The faults of what an executed notebook says, and how many of its figures were counted again."""
    wrong, recounted = recount.check(record) if recount else ({}, set())
    borne_out = recounted - wrong.keys() if recount else {claim["id"] for claim in record["claims"]}
    found = context.checker.check(source, record, borne_out)
    typed = check_typed(notebooks.typed_texts(notebook))
    strange = map(Fault, private_use_faults(notebooks.all_texts(notebook)))
    return [*found, *typed, *strange, *wrong.values()], len(recounted)


def _recount_of_run(notebook: NotebookNode, record: dict[str, Any], context: BuildContext) -> Recount | None:
    """How a delivered document is recounted; None where the facts are no more those that it was made from."""
    given = notebooks.parameters_of_run(notebook)
    known = facts.open_facts(context.root, str(given.get("vintage", "")))
    if record["provenance"].get("fingerprint") != known.fingerprint:
        return None
    period = Period.parse(given["period"])
    asked = given["units"] if isinstance(given["units"], list) else [given["units"]]
    units = context.register.expand([str(unit) for unit in asked], period.end)
    return Recount(known, context.register, period, units)
