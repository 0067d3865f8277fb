"""Our engine for papermill: its own client, asking a kernel in this process (`kernel_in_process`) instead of one elsewhere.

Everything that papermill and nbclient do with a kernel's messages they do here: only the kernel is another.
"""

from __future__ import annotations

import asyncio
import copy
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbclient.exceptions import CellTimeoutError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, NotebookExecutionManager
from papermill.utils import merge_kwargs, remove_args

from baocao.publishing.kernel_differences import hindrances
from baocao.store import read_tracker

if TYPE_CHECKING:
    from baocao.publishing.kernel_in_process import Kernel


class KernelEngine(NBClientEngine):
    """papermill's own engine, which also leaves the notebook of a run that was cut short (`keep`)."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, keep: str | None = None, **kwargs: Any
    ) -> None:
        """Run the cells in a kernel process."""
        with _keeping(nb_man, keep):
            super().execute_managed_notebook(nb_man, kernel_name, **kwargs)


class InProcessEngine(NBClientEngine):
    """The cells run in this process, which is best a child of one that has the libraries loaded."""

    @classmethod
    def execute_managed_notebook(
        cls, nb_man: NotebookExecutionManager, kernel_name: str, *, keep: str | None = None,
        log_output: bool = False, stdout_file: Any = None, stderr_file: Any = None, start_timeout: int = 60,
        execution_timeout: int | None = None, **kwargs: Any,
    ) -> None:  # fmt: skip
        """Run the cells here, or in a kernel process when the notebook or this process is not fit for it."""
        with _keeping(nb_man, keep):
            if hindrances(nb_man.nb):
                NBClientEngine.execute_managed_notebook.__func__(
                    cls, nb_man, kernel_name, log_output=log_output, stdout_file=stdout_file,
                    stderr_file=stderr_file, start_timeout=start_timeout, execution_timeout=execution_timeout,
                    **kwargs,
                )  # fmt: skip
                return
            options = remove_args(
                ["input_path", "timeout", "startup_timeout", "extra_arguments", "config"], **kwargs
            )
            client = _Client(
                nb_man,
                **merge_kwargs(
                    options, timeout=execution_timeout or kwargs.get("timeout"), kernel_name=kernel_name,
                    log_output=log_output, stdout_file=stdout_file, stderr_file=stderr_file,
                ),
            )  # fmt: skip
            read_tracker.cells_run_here()
            client.execute()


@contextmanager
def _keeping(nb_man: NotebookExecutionManager, keep: str | None) -> Iterator[None]:
    try:
        yield
    except BaseException:
        if keep:
            nbformat.write(nb_man.nb, Path(keep))
        raise


class _Client(PapermillNotebookClient):
    def execute(self, **kwargs: Any) -> Any:
        from baocao.publishing import kernel_in_process

        self.reset_execution_trackers()
        with kernel_in_process.running_kernel() as kernel, kernel_in_process.same_depth():
            self.kernel = kernel
            self.kc = _Channels(kernel)
            self.papermill_execute_cells()
            self.nb.metadata["language_info"] = copy.deepcopy(kernel.language_info)
            self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
        limit = self._get_timeout(cell)
        work = self.async_execute_cell(cell, cell_index, *args, **kwargs)
        try:
            with _alarm(limit):
                return self.kernel.loop.run_until_complete(work)
        except _Stopped:
            self._take_what_came(cell, cell_index)
            self.log.error(f"Timeout waiting for execute reply ({limit}s).")
            raise CellTimeoutError.error_from_timeout_and_cell(
                "Cell execution timed out", limit, cell
            ) from None

    def _take_what_came(self, cell: Any, cell_index: int) -> None:
        """The outputs of a cell that was cut short, as far as they have not been taken; it has given no answer."""
        cell.metadata.get("execution", {}).pop("shell.execute_reply", None)
        for stream in (self.kernel._stdout, self.kernel._stderr):
            stream.flush()
        for message in self.kernel.iopub_socket.published:
            self.process_message(message, cell, cell_index)


class _Stopped(Exception):
    """The time of a cell is over."""


@contextmanager
def _alarm(seconds: float | None) -> Iterator[None]:
    """Interrupt the cell after so many seconds, and each second again should it go on; then raise `_Stopped`.

    The interruption must come from Python's own handler, which leaves no line in the traceback: hence two alarms.
    """
    if seconds is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    rung = False

    def ring(*_: object) -> None:
        nonlocal rung
        rung = True
        signal.signal(signal.SIGALRM, signal.default_int_handler)
        signal.setitimer(signal.ITIMER_REAL, 1e-4, 1.0)

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    except BaseException:
        if not rung:
            raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if rung:  # what the cell made of it, its answer or its error, does not count
        raise _Stopped


class _Channels:
    """What nbclient takes for its connection to the kernel."""

    allow_stdin = False

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.session = kernel.session
        self.waiting: list[dict[str, Any]] = []
        self.shell_channel = _Channel(kernel.iopub_socket.replies, self.waiting)
        self.iopub_channel = _Channel(kernel.iopub_socket.published, self.waiting)

    async def execute(self, code: str, store_history: bool = True, stop_on_error: bool = True) -> str:
        """Run `code` to its end; its messages wait in the channels."""
        for message in [*self.waiting, None]:
            content = {"code": code, "silent": False, "store_history": store_history, "user_expressions": {},
                       "allow_stdin": False, "stop_on_error": stop_on_error}  # fmt: skip
            asked = message or self.session.msg("execute_request", content)
            await asyncio.ensure_future(self.kernel.shell_main(None, asked))
        self.waiting.clear()
        return asked["header"]["msg_id"]


class _Channel:
    def __init__(self, messages: Any, waiting: list[dict[str, Any]]) -> None:
        self.messages = messages
        self.waiting = waiting

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        """The next message; there is one, for the cell is over."""
        return self.messages.popleft()

    def send(self, message: dict[str, Any]) -> None:
        """Keep a message to the kernel until it is free."""
        self.waiting.append(message)
