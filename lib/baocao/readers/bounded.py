"""Files that nobody here has made are read in a child process: what a file does to its reader, it does to that child.

A child may hold so much memory and compute so long as any honest file of its size needs, and no longer. It ends after
its one call, so that no file can change how the next is read. The next child is started while this one reads.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_all_start_methods, get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import ModuleType
from typing import Any, Self

from baocao.definitions import UserError

MEMORY = 1 << 30
"""Bytes that a child may hold beyond what it holds before it opens the file."""

SECONDS, SECONDS_A_MEGABYTE = 5.0, 10.0
"""Seconds of its processor that a child may use: for any file, and for each megabyte of the files besides."""

_PATIENCE = 8
"""A machine with much else to do gives a child its seconds this many times later."""

_ALLOCATOR = "ARROW_DEFAULT_MEMORY_POOL"
"""Arrow's own allocator reserves a gibibyte at once, which is counted as if it were used: the system's does not."""

_METHOD = "forkserver" if "forkserver" in get_all_start_methods() else "spawn"


class TooMuch(Exception):
    """No reader can make anything of the file: the sentence says why."""


class Bounded:
    """Calls functions in children with bounds; a context manager, at whose end no child is left.

    loaded  the module whose libraries a child finds loaded
    """

    def __init__(self, loaded: str = __name__) -> None:
        self._context = get_context(_METHOD)
        self._next: tuple[Any, Connection] | None = None
        if _METHOD == "forkserver":  # which loads its libraries while the owner goes on
            self._context.set_forkserver_preload([__name__, loaded])
            with _alone():
                forkserver.ensure_running()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._next:
            _end(*self._next)
            self._next = None

    def call(self, function: Callable[..., Any], *arguments: Any, files: Iterable[Path]) -> Any:
        """What `function(*arguments)` gives, called in a child; both and the result must be picklable.

        UserError as the function raises it. TooMuch: the child used more than its files allow, was ended by what it
        read, or met what no reader expects of a file. The child's answer is unpickled: whoever could forge it runs
        code of his own already.
        """
        child, connection = self._next or self._start()
        seconds = SECONDS + SECONDS_A_MEGABYTE * sum(path.stat().st_size for path in files) / 1e6
        try:
            connection.send((function, arguments, seconds, MEMORY))
            self._next = self._start()
            if not connection.poll(seconds * _PATIENCE):
                raise TooMuch(_too_long(seconds))
            refused, answer = connection.recv()
        except (EOFError, OSError):
            child.join()
            late = child.exitcode in (-signal.SIGXCPU, -signal.SIGKILL) if sys.platform != "win32" else False
            raise TooMuch(_too_long(seconds) if late else _TOO_LARGE) from None
        finally:
            _end(child, connection)
        if isinstance(refused, str):
            raise UserError(refused) if refused else TooMuch(answer)
        return answer

    def _start(self) -> tuple[Any, Connection]:
        ours, theirs = self._context.Pipe()
        child = self._context.Process(target=_serve, args=(theirs,), daemon=True)
        with _alone():
            child.start()
        theirs.close()
        return child, ours


_TOO_LARGE = "Mở tệp cần nhiều bộ nhớ hơn mọi biểu mẫu cùng cỡ; hãy mở tệp bằng Excel, chép riêng bảng số liệu sang tệp mới rồi nạp."

_BROKEN = "Tệp hỏng hoặc có nội dung không bảng tính nào ghi ({}), không đọc được; hãy mở bằng Excel, lưu thành tệp mới rồi nạp."


def _too_long(seconds: float) -> str:
    return (
        f"Đọc tệp quá {seconds:.0f} giây mà chưa xong, lâu hơn mọi biểu mẫu cùng cỡ; hãy mở tệp bằng Excel, chép riêng bảng "
        "số liệu sang tệp mới rồi nạp."
    )


@contextmanager
def _alone() -> Iterator[None]:
    """A child that is started here begins with `_ALLOCATOR` set, and without running the program's own file again."""
    before, main = os.environ.get(_ALLOCATOR), sys.modules["__main__"]
    os.environ[_ALLOCATOR], sys.modules["__main__"] = "system", ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
        os.environ.pop(_ALLOCATOR) if before is None else os.environ.update({_ALLOCATOR: before})


def _end(child: Any, connection: Connection) -> None:
    connection.close()
    child.kill()
    child.join()


def _serve(owner: Connection) -> None:
    """The child: one call, its result or what it raised. A call that asks for too much memory is told by its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner is interrupted, and ends its children
    with open(os.devnull, "w") as nowhere:  # what a library says while it dies is for nobody
        os.dup2(nowhere.fileno(), 2)
    with suppress(EOFError, OSError):
        function, arguments, seconds, memory = owner.recv()
        _set_bounds(seconds, memory)
        try:
            answer = None, function(*arguments)
        except UserError as error:
            answer = str(error), None
        except MemoryError:
            answer = "", _TOO_LARGE
        except Exception as error:  # noqa: BLE001 (a file can make a library raise what it likes)
            answer = "", _BROKEN.format(type(error).__name__)
        owner.send(answer)


def _set_bounds(seconds: float, memory: int) -> None:
    """Bounds of the system, where it has them: memory that can be written to, and seconds of the processor."""
    if sys.platform == "win32":
        return
    import resource

    held = _writable_bytes()
    resource.setrlimit(resource.RLIMIT_DATA, (held + memory,) * 2)
    used = int(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (used, used))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _writable_bytes() -> int:
    """What the process holds already of what RLIMIT_DATA counts; 0 where the system does not tell."""
    with suppress(OSError), open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmData:"))
    return 0
