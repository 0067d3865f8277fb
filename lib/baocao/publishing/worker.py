"""A worker process of the pool: makes one document after another, as the main process asks for them.

Its libraries are loaded and exercised once. Notebooks run in forked children of a process of its own
(`fork_server`); where there is no fork, or the plain kernel was asked for, in a kernel each.
"""

from __future__ import annotations

import importlib
import io
import os
import signal
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from baocao.publishing.spec import Spec

if TYPE_CHECKING:
    from baocao.publishing.context import BuildContext
    from baocao.publishing.fork_server import ForkServer
    from baocao.publishing.runs import Answer, Run

BEGUN, EXECUTED, MADE, UNFIT = "begun", "executed", "made", "unfit"
"""What a worker says: a notebook begins to run; it has run; the document at a place of what it was given last is made,
or refused with a UserError; why it cannot work (a sentence)."""


@dataclass(frozen=True)
class Opening:
    """What a worker is told at its start; `kept` for `deliver.make_many`."""

    root: Path
    renderer: str
    out: Path
    notebooks: tuple[str, ...]
    shared: tuple[Spec, ...]
    kept: frozenset[str] = frozenset()


def work(connection: Connection, main: int) -> None:
    """The whole life of a worker: an `Opening` comes first, then lists of specs.

    It ends when the main process `main` closes the connection, or ends itself.
    """
    _settle_in(main)
    from baocao.publishing import pandoc_server
    from baocao.publishing.fork_server import ForkServerDied

    try:
        _load_libraries()
        opening = connection.recv()
        context = open_context(
            opening,
            begins=lambda: _tell(connection, BEGUN),
            executed=lambda: _tell(connection, EXECUTED),
        )
    except EOFError:  # there was nothing to do
        return
    except Exception as error:  # noqa: BLE001 (main tells it, in a sentence)
        with suppress(OSError):
            connection.send((UNFIT, " ".join(f"{type(error).__name__}: {error}".split())))
        return
    with suppress(EOFError, OSError, ForkServerDied):
        while True:
            _make(connection.recv(), connection, opening, context)
    context.run.close()
    pandoc_server.close()


def _tell(connection: Connection, word: str) -> None:
    """Tell the main process how far a document is; where it is no more, nothing is to be made or told any more."""
    from baocao.publishing.fork_server import ForkServerDied

    try:
        connection.send((word, None))
    except OSError:
        raise ForkServerDied from None


def open_context(
    opening: Opening, executed: Callable[[], None], begins: Callable[[], None] = lambda: None
) -> BuildContext:
    """The workshop of this process, libraries loaded; `begins` and `executed` are called around each notebook's run."""
    from baocao.publishing import engine
    from baocao.publishing import fork_server as forks
    from baocao.publishing.context import BuildContext

    context = BuildContext.open(opening.root, opening.renderer)
    name, _ = engine.choose()
    if name == "kernel":
        return replace(context, run=_Runner(begins, executed))
    _warm(opening)
    assert forks.threads() == 1, "a process with threads must not fork"
    return replace(context, run=_Runner(begins, executed, forks.ForkServer(name)))


@dataclass
class _Runner:
    """Runs notebooks: in children of the process that forks, else in a kernel each."""

    begins: Callable[[], None]
    executed: Callable[[], None]
    forks: ForkServer | None = None

    def __call__(self, asked: Run) -> Answer:
        from baocao.publishing.runs import run_here

        self.begins()
        answer = self.forks.run(asked) if self.forks else run_here(asked)
        self.executed()
        return answer

    def close(self) -> None:
        if self.forks:
            self.forks.close()


def _make(specs: list[Spec], connection: Connection, opening: Opening, context: BuildContext) -> None:
    from baocao.publishing.deliver import make_many

    connection.send((BEGUN, None))
    for place, made in make_many(specs, opening.out, context, opening.kept):
        connection.send((MADE, (place, made)))


def _settle_in(main: int) -> None:
    """End with the main process; leave Ctrl-C to it; print nothing where its results are printed.

    A process group of its own: killed, it takes along what it has started.
    """
    with suppress(AttributeError, OSError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if os.name != "nt":
        from baocao.publishing.fork_server import die_with_parent

        die_with_parent(main)
    os.dup2(2, 1)


def _load_libraries() -> None:
    """What every document needs, while the main process may still be looking for what is to be made."""
    from baocao.publishing import pandoc, pandoc_server

    pandoc_server.here(pandoc.pandoc_path()).begin()
    libraries = ("papermill.execute", "matplotlib.backends.backend_svg", "matplotlib.style")
    for name in ("baocao.publishing.deliver", *libraries):
        importlib.import_module(name)


def _warm(opening: Opening) -> None:
    """Load what the notebooks will load, and exercise what is slow the first time."""
    from matplotlib.figure import Figure

    from baocao import charts
    from baocao.publishing.prewarm import warm
    from baocao.store import process_cache

    process_cache.keep()
    family = charts.typeface_of_charts(opening.root)
    for name in dir(charts):  # its face loads each part when it is first named
        getattr(charts, name)
    for module in modules_of(opening.root / "notebooks" / f"{name}.ipynb" for name in opening.notebooks):
        with suppress(ImportError):  # the cell that imports it will say so
            importlib.import_module(module)
    figure = Figure()
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1])
    axes.set_title("Số liệu", family=family)
    figure.savefig(io.BytesIO(), format="svg")
    warm(opening.root, opening.shared)
    with suppress(OSError):  # a full disk is for the documents to tell
        _run_a_first_notebook()


def _run_a_first_notebook() -> None:
    import nbformat

    from baocao.publishing.runs import Run, run_with

    v4 = nbformat.v4
    cells = [
        v4.new_code_cell("number = 1", metadata={"tags": ["parameters"]}),
        v4.new_code_cell('from IPython.display import Markdown, display\ndisplay(Markdown("x"))\nnumber'),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "first.ipynb"
        nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), source)
        run_with("baocao", Run(source, {"number": 2}, source.with_name("done.ipynb"), Path(name)))


def modules_of(paths: Iterable[Path]) -> list[str]:
    """The modules of this package that the cells of the notebooks import."""
    from baocao.publishing.module_hashes import imported_by_notebook

    names = dict.fromkeys(name for path in paths for name in imported_by_notebook(path) if name)
    return [f"{__name__.split('.')[0]}.{name}" for name in names]
