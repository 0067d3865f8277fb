"""A process with the libraries loaded that forks one child for each run of a notebook.

The child starts warm and ends after its one run: nothing that a notebook does can reach the next. Forking is safe
only where there is a single thread, so this process does nothing else; the worker that owns it renders.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import signal
import stat
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any

from baocao.publishing.runs import FAILED, LATE, Answer, Run

STARTING = 60.0
"""Seconds that a child may take before its first cell."""

GRACE = 10.0
"""Seconds after a cell's limit in which the child may end the cell itself, before it is killed."""

_BEAT = b"b"


class ForkServerDied(BaseException):
    """The process that forks is gone, or the main process: the worker cannot go on, whatever it is doing."""


class ForkServer:
    """The owner's end: `run` as `runs.run_here`, in a forked child. To be made before the owner has any thread."""

    def __init__(self, engine: str) -> None:
        ours, theirs = Pipe()
        owner = os.getpid()
        self.process = os.fork()
        if self.process == 0:
            with suppress(BaseException):
                die_with_parent(owner)
                shut_out({theirs.fileno()})
                gc.freeze()  # what is shared stays shared: the collector would write to its pages
                _serve(theirs, engine)
            os._exit(0)
        theirs.close()
        self._connection = ours

    def run(self, run: Run) -> Answer:
        """Make one run; raises ForkServerDied when there is nobody left to make it."""
        try:
            self._connection.send(run)
            return Answer(**json.loads(self._connection.recv_bytes()))
        except (EOFError, OSError):
            raise ForkServerDied from None

    def close(self) -> None:
        """Let the process end, now that nobody can ask it any more."""
        self._connection.close()
        with suppress(OSError):
            os.waitpid(self.process, 0)


def _serve(owner: Connection, engine: str) -> None:
    while True:
        try:
            run = owner.recv()
        except (EOFError, OSError):
            return
        owner.send_bytes(_run_in_child(run, owner, engine))


def _run_in_child(run: Run, owner: Connection, engine: str) -> bytes:
    ours, theirs = Pipe(duplex=False)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        status = 1
        with suppress(BaseException):
            os.setpgid(0, 0)
            die_with_parent(parent)
            shut_out({theirs.fileno()})
            signal.signal(signal.SIGINT, signal.default_int_handler)
            _run(run, theirs, engine)
            status = 0
        os._exit(status)
    theirs.close()
    with suppress(OSError):
        os.setpgid(child, child)
    try:
        return _await(run, child, ours, owner)
    finally:
        ours.close()
        with suppress(OSError):
            os.killpg(child, signal.SIGKILL)  # and whatever its cells had started
        with suppress(OSError):
            os.waitpid(child, 0)


def _await(run: Run, child: int, ours: Connection, owner: Connection) -> bytes:
    deadline = time.monotonic() + STARTING + run.timeout
    while True:
        ready = wait([ours, owner], max(deadline - time.monotonic(), 0))
        if not ready:
            return _written(Answer(LATE, f"Một ô chạy quá {run.timeout} giây nên đã bị dừng."))
        if ours not in ready:
            os._exit(1)  # the owner is gone: it asks nothing while it waits
        try:
            message = ours.recv_bytes()
        except (EOFError, OSError):
            return _written(Answer(FAILED, f"Tiến trình chạy sổ tính bị dừng giữa chừng{_cause(child)}."))
        if message != _BEAT:
            return message
        deadline = time.monotonic() + run.timeout + GRACE


def _cause(child: int) -> str:
    """How a child ended whose pipe is closed; it has two seconds to do so."""
    for _ in range(200):
        with suppress(OSError):
            ended, status = os.waitpid(child, os.WNOHANG)
            if ended:
                break
        time.sleep(0.01)
    else:
        return ""
    if os.WIFSIGNALED(status):
        return f" ({signal.Signals(os.WTERMSIG(status)).name})"
    return f" (mã thoát {os.waitstatus_to_exitcode(status)})"


def _run(run: Run, pipe: Connection, engine: str) -> None:
    """In the child: one run, with a sign of life at the start of every cell."""
    from papermill.engines import NotebookExecutionManager

    from baocao.publishing.runs import run_with

    _before(NotebookExecutionManager, "cell_start", lambda: pipe.send_bytes(_BEAT))
    try:
        answer = run_with(engine, run)
    except Exception as error:  # noqa: BLE001 (a child has nobody to raise it to)
        answer = Answer(FAILED, f"Lỗi chương trình {type(error).__name__}: {error}")
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
    pipe.send_bytes(_written(answer))


def _written(answer: Answer) -> bytes:
    return json.dumps(vars(answer)).encode()


def _before(owner: Any, name: str, action: Callable[[], None]) -> None:
    original = getattr(owner, name)

    def replaced(*arguments: Any, **named: Any) -> Any:
        action()
        return original(*arguments, **named)

    setattr(owner, name, replaced)


def threads() -> int:
    """How many threads this process has; 1 where the system does not say."""
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        return 1


def die_with_parent(parent: int) -> None:
    """Let this process be killed when the process `parent`, which started it, ends (Linux; elsewhere pipes tell)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def shut_out(kept: set[int]) -> None:
    """Put the null device in the place of every open pipe and socket but the standard ones and `kept`.

    A forked process would else hold its parent's pipes open, and nobody would learn of the parent's end. The
    numbers stay in use, so that no object left over from the parent closes a file that was opened since.
    """
    null = os.open(os.devnull, os.O_RDWR)
    try:
        numbers = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        numbers = list(range(256))
    for number in numbers:
        if number > 2 and number != null and number not in kept:
            with suppress(OSError):
                if not stat.S_ISREG(os.fstat(number).st_mode):
                    os.dup2(null, number, inheritable=False)
    os.close(null)
