"""A pool of worker processes: jobs in, outcomes out as they finish. A worker that dies loses the document it was at.

Workers are started anew, not forked from this process, whose libraries have threads that a fork would break.
"""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any

from baocao import worker
from baocao.calm import CALM
from baocao.documents.outcomes import FAILED_EXECUTION, FAILED_RENDERING, TIMED_OUT, Outcome
from baocao.errors import UserError
from baocao.specs import Spec
from baocao.worker import Opening

RENDERING = 300.0
"""Seconds that a worker may take for all that follows the run of the notebook."""

FALSE_STARTS = 4
"""Workers that may die before their first document, one after another, before the batch is given up."""


@dataclass(frozen=True)
class Lost:
    """What a document's worker left instead of an outcome."""

    outcome: str
    problem: str


@dataclass
class _Worker:
    process: BaseProcess
    connection: Connection
    job: int | None = None
    stage: str = ""
    deadline: float | None = None


@dataclass
class Pool:
    """`count` workers for the jobs of one batch."""

    opening: Opening
    count: int
    _workers: list[_Worker] = field(default_factory=list)
    _waiting: deque[int] = field(default_factory=deque)
    _false_starts: int = 0

    def run(self, jobs: Sequence[Spec]) -> Iterator[tuple[Spec, Outcome | UserError | Lost]]:
        """Each job with what became of it, as they finish. Closed or interrupted: the workers are killed."""
        self._waiting.extend(range(len(jobs)))
        try:
            while self._waiting or any(one.job is not None for one in self._workers):
                self._employ(jobs)
                for one in self._listen():
                    number = one.job
                    answer = self._take(one)
                    if answer is not None:
                        yield jobs[number], answer
            self._dismiss()
        finally:
            self.close()

    def _dismiss(self) -> None:
        """Let the workers, who have nothing left to do, end by themselves."""
        for one in self._workers:
            one.connection.close()
        for one in self._workers:
            one.process.join(5)

    def close(self) -> None:
        """Kill all workers: what they were at stays in their private folders."""
        for one in self._workers:
            _end(one)
        self._workers.clear()

    def _employ(self, jobs: Sequence[Spec]) -> None:
        """Give every idle worker a job, and start workers while there are jobs for them."""
        idle = [one for one in self._workers if one.job is None]
        while self._waiting and (idle or len(self._workers) < self.count):
            one = idle.pop() if idle else self._start()
            one.job, one.stage = self._waiting.popleft(), ""
            with suppress(OSError):  # it has died: its end will be heard of
                one.connection.send(jobs[one.job])

    def _start(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=worker.work, args=(theirs, self.opening), daemon=True)
        with _calm():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        return self._workers[-1]

    def _listen(self) -> list[_Worker]:
        """The workers that have something to say or are no more, once there are any."""
        deadlines = [one.deadline for one in self._workers if one.deadline is not None]
        patience = max(min(deadlines) - time.monotonic(), 0) if deadlines else None
        heard = wait(
            [thing for one in self._workers for thing in (one.connection, one.process.sentinel)], patience
        )
        late = [one for one in self._workers if one.deadline is not None and one.deadline < time.monotonic()]
        return [
            one for one in self._workers if one.connection in heard or one.process.sentinel in heard
        ] or late

    def _take(self, one: _Worker) -> Any:
        """What a worker says, where that ends its job; None where the job goes on."""
        try:
            said, about = one.connection.recv() if one.connection.poll() else ("", None)
        except (EOFError, OSError):
            said, about = "", None
        if said == worker.UNFIT:
            raise UserError(
                f"Không khởi động được tiến trình lập văn bản ({about}); hãy chạy «baocao doctor»."
            )
        if said == worker.BEGUN:
            one.stage, self._false_starts = FAILED_EXECUTION, 0
            return None
        if said == worker.EXECUTED:
            one.stage, one.deadline = FAILED_RENDERING, time.monotonic() + RENDERING
            return None
        if said:
            one.job = one.deadline = None
            return UserError(about) if said == worker.REFUSED else about
        return self._bury(one)

    def _bury(self, one: _Worker) -> Lost | None:
        """Remove a worker that died or hangs; its job is lost if it had begun, and waits for another if not."""
        late = one.deadline is not None and one.deadline < time.monotonic()
        if not late:
            one.process.join(2)  # so that it may tell how it ended
        _end(one)
        self._workers.remove(one)
        if one.job is None:
            return None
        if not one.stage:
            self._false_starts += 1
            if self._false_starts >= FALSE_STARTS:
                raise UserError(
                    f"Không khởi động được tiến trình lập văn bản{_cause(one.process)}; hãy chạy «baocao doctor»."
                )
            self._waiting.appendleft(one.job)
            return None
        if late:
            return Lost(TIMED_OUT, f"Dựng văn bản quá {RENDERING:.0f} giây nên đã bị dừng.")
        return Lost(one.stage, f"Tiến trình lập văn bản bị dừng giữa chừng{_cause(one.process)}.")


def _end(one: _Worker) -> None:
    one.process.kill()
    one.process.join()
    one.connection.close()


def _cause(process: BaseProcess) -> str:
    code = process.exitcode
    if not code:
        return ""
    with suppress(ValueError):
        return f" ({signal.Signals(-code).name})" if code < 0 else f" (mã thoát {code})"
    return f" (mã thoát {code})"


@contextmanager
def _calm() -> Iterator[None]:
    """The environment that a worker must be started in; Ctrl-C does not reach it before it can ignore it."""
    before = {name: os.environ.get(name) for name in CALM}
    os.environ.update(CALM)
    blocked = hasattr(signal, "pthread_sigmask")
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if blocked else set()
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        if blocked:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
