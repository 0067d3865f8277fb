"""One run of a notebook, asked for and answered in plain data, so that another process can make it.

The answer never is an exception: what became of the run, and the sentence about it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from baocao.definitions import NoDataError, UserError
from baocao.publishing import folders, notebooks, run_inputs
from baocao.publishing.execute import ExecutionError, LateError, execute

DONE, EMPTY, REFUSED, FAILED, LATE, UNWRITTEN = "done", "no data", "refused", "failed", "late", "unwritten"


@dataclass(frozen=True)
class Run:
    """A notebook to be run: `target` receives it executed; a cell that takes longer than `timeout` seconds is ended."""

    source: Path
    parameters: dict[str, Any]
    target: Path
    root: Path
    timeout: int = 300


@dataclass(frozen=True)
class Answer:
    """What became of a run: DONE, EMPTY (no data), REFUSED (the user must change something), FAILED, LATE, UNWRITTEN."""

    kind: str
    sentence: str = ""
    notebook: dict[str, Any] | None = None
    notes: dict[str, Any] = field(default_factory=dict)


def run_here(run: Run) -> Answer:
    """Run the notebook in a kernel of its own, started by this process."""
    return run_with("kernel", run)


def run_with(engine: str, run: Run) -> Answer:
    """Run the notebook; DONE: with the executed notebook, cleaned. One that failed stands at the target.

    Where its cells run in this process, the answer's notes say what they read ("reads").
    """
    if engine == "kernel":
        return _run(engine, run)
    run_inputs.start_recording(run.root)
    answer = _run(engine, run)
    noted = run_inputs.stop_recording(run.source)
    return replace(answer, notes={**answer.notes, "reads": noted.as_json()}) if noted else answer


def _run(engine: str, run: Run) -> Answer:
    try:
        executed = execute(
            run.source, run.parameters, run.target, run.root, engine=engine, timeout=run.timeout
        )
    except NoDataError as error:
        return Answer(EMPTY, str(error))
    except UserError as error:
        return Answer(REFUSED, str(error))
    except LateError as error:
        return Answer(LATE, str(error))
    except ExecutionError as error:
        return Answer(FAILED, str(error))
    except OSError as error:
        return Answer(UNWRITTEN, folders.unwritten(error))
    return Answer(DONE, notebook=executed)


def keep_for_diagnosis(run: Run) -> None:
    """Leave at the target what a failed run left there, cleaned; where it left nothing whole, what was to be run."""
    try:
        kept = notebooks.clean_executed(notebooks.read_notebook(run.target))
    except (UserError, OSError):
        kept = _with_parameters(notebooks.read_notebook(run.source), run.parameters)
    nbformat.write(kept, run.target)


def _with_parameters(notebook: NotebookNode, parameters: dict[str, Any]) -> NotebookNode:
    """The notebook as papermill would begin to run it."""
    lines = [f"{name} = {value!r}" for name, value in parameters.items()]
    cell = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": ["injected-parameters"]})
    tagged = [
        place for place, one in enumerate(notebook.cells, 1) if "parameters" in one.metadata.get("tags", [])
    ]
    notebook.cells.insert(tagged[0] if tagged else 0, cell)
    return notebooks.clean_executed(notebook)
