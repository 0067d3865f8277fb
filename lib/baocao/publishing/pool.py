"""A pool of worker processes: jobs in, outcomes out as they finish. A worker that dies loses one document at most.

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
from typing import TypeAlias

from baocao.definitions import UserError, system_reason
from baocao.publishing import worker
from baocao.publishing.cluster_worker import CALM
from baocao.publishing.outcomes import FAILED_EXECUTION, FAILED_RENDERING, TIMED_OUT, Outcome
from baocao.publishing.spec import Spec
from baocao.publishing.worker import Opening

RENDERING = 300.0
"""Seconds that a worker may take for all that follows the run of a notebook, for each document it was given."""

FALSE_STARTS = 4
"""Workers that may die before their first document, one after another, before the batch is given up."""


@dataclass(frozen=True)
class Lost:
    """What a document's worker left instead of an outcome."""

    outcome: str
    problem: str


Answer: TypeAlias = Outcome | UserError | Lost


@dataclass
class _Worker:
    """A process; the jobs that it was given and has not answered; how far it is with them."""

    process: BaseProcess
    connection: Connection
    given: list[int] = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    stage: str = ""
    deadline: float | None = None

    @property
    def late(self) -> bool:
        return self.deadline is not None and self.deadline < time.monotonic()


@dataclass
class Pool:
    """The workers of one batch."""

    _opening: Opening | None = None
    _count: int = 1
    _workers: list[_Worker] = field(default_factory=list)
    _waiting: deque[list[int]] = field(default_factory=deque)
    _false_starts: int = 0

    def hire(self, count: int) -> None:
        """Have so many workers before it is known what there is to do: they load their libraries in the meantime."""
        with suppress(OSError):  # it is told when there is need of one
            while len(self._workers) < count:
                self._start()

    def run(
        self, opening: Opening, jobs: Sequence[Spec], count: int, group: int = 1
    ) -> Iterator[tuple[Spec, Answer]]:
        """Each job with what became of it, made by `count` workers, as they finish.

        A worker is given `group` jobs at once, to be rendered together. Closed or interrupted: the workers are killed.
        """
        self._opening, self._count = opening, count
        for one in self._workers:
            _tell(one, opening)
        numbers = list(range(len(jobs)))
        self._waiting.extend(numbers[start : start + group] for start in range(0, len(jobs), group))
        try:
            while self._waiting or any(one.open for one in self._workers):
                self._employ(jobs)
                for one in self._listen():
                    for number, answer in self._take(one):
                        yield jobs[number], answer
        finally:
            self.close()

    def close(self) -> None:
        """Kill all workers: what they were at stays in their private folders. To end by themselves takes them longer."""
        for one in self._workers:
            _end(one)
        self._workers.clear()

    def _employ(self, jobs: Sequence[Spec]) -> None:
        """Give every idle worker something to do, and start workers while there are jobs for them."""
        idle = [one for one in self._workers if not one.open]
        while self._waiting and (idle or len(self._workers) < self._count):
            try:
                one = idle.pop() if idle else self._start()
            except OSError as error:
                if self._workers:
                    return  # with fewer of them
                raise UserError(
                    f"Không khởi động được tiến trình lập văn bản: {system_reason(error)}; hãy giảm --jobs hoặc "
                    "đóng bớt chương trình khác."
                ) from None
            one.given = self._waiting.popleft()
            one.open, one.stage, one.deadline = set(one.given), "", None
            _tell(one, [jobs[number] for number in one.given])

    def _start(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=worker.work, args=(theirs, os.getpid()), daemon=True)
        with _calm():
            process.start()
        theirs.close()
        self._workers.append(_Worker(process, ours))
        if self._opening:
            _tell(self._workers[-1], self._opening)
        return self._workers[-1]

    def _listen(self) -> list[_Worker]:
        """The workers that have something to say, are no more or take too long, once there are any."""
        deadlines = [one.deadline for one in self._workers if one.deadline is not None]
        patience = max(min(deadlines) - time.monotonic(), 0) if deadlines else None
        things = [thing for one in self._workers for thing in (one.connection, one.process.sentinel)]
        heard = wait(things, patience)
        told = [one for one in self._workers if one.connection in heard or one.process.sentinel in heard]
        return told or [one for one in self._workers if one.late]

    def _take(self, one: _Worker) -> Iterator[tuple[int, Answer]]:
        """The answers in what a worker says next, or in its end."""
        try:
            said, about = one.connection.recv() if one.connection.poll() else ("", None)
        except (EOFError, OSError):
            said, about = "", None
        if not said:
            yield from self._bury(one)
        elif said == worker.UNFIT:
            raise UserError(
                f"Không khởi động được tiến trình lập văn bản ({about}); hãy chạy «baocao doctor»."
            )
        elif said == worker.BEGUN:
            one.stage, one.deadline, self._false_starts = FAILED_EXECUTION, None, 0
        elif said == worker.EXECUTED:
            one.stage, one.deadline = FAILED_RENDERING, time.monotonic() + RENDERING * len(one.open)
        else:
            place, answer = about
            one.open.discard(one.given[place])
            one.deadline = time.monotonic() + RENDERING * len(one.open) if one.open else None
            yield one.given[place], answer

    def _bury(self, one: _Worker) -> Iterator[tuple[int, Answer]]:
        """Remove a worker that died or hangs: what it had not begun waits for another, what it was at is lost.

        Of several documents nobody knows which it was: each gets another worker to itself.
        """
        late = one.late
        if not late:
            one.process.join(2)  # so that it may tell how it ended
        _end(one)
        self._workers.remove(one)
        if one.open and not one.stage:
            self._false_starts += 1
            if self._false_starts >= FALSE_STARTS:
                raise UserError(
                    f"Không khởi động được tiến trình lập văn bản{_cause(one.process)}; hãy chạy «baocao doctor»."
                )
            self._waiting.appendleft(sorted(one.open))
        elif len(one.open) > 1:
            self._waiting.extendleft([number] for number in sorted(one.open, reverse=True))
        elif late:
            yield one.open.pop(), Lost(TIMED_OUT, f"Dựng văn bản quá {RENDERING:.0f} giây nên đã bị dừng.")
        elif one.open:
            sentence = f"Tiến trình lập văn bản bị dừng giữa chừng{_cause(one.process)}."
            yield one.open.pop(), Lost(one.stage, sentence)


def _tell(one: _Worker, what: object) -> None:
    with suppress(OSError):  # it has died: its end will be heard of
        one.connection.send(what)


def _end(one: _Worker) -> None:
    """Kill a worker with all that it started: a Quarto would write on."""
    with suppress(AttributeError, OSError):
        os.killpg(one.process.pid, signal.SIGKILL)
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
