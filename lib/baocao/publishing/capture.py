"""What a cell prints, caught as the kernel catches it: Python's two streams and the descriptors 1 and 2 below them.

The kernel has threads for both, and what it writes down depends on their timing. Here there are none: the streams
keep the kernel's delay of 0.2 s by the clock alone, and what goes to a descriptor is read from a file of our own
whenever one of the streams is touched.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from time import monotonic, time
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream


class Direct(IOPubThread):
    """In place of the kernel's output thread: everything is done at once, delayed calls when they are due."""

    thread = None

    def __init__(self, wire: Any) -> None:  # no thread, no sockets: none of the parent's
        self.wire = wire
        self.io_loop = self  # type: ignore[assignment]
        self.lock = threading.RLock()
        self.streams: list[Stream] = []
        self._due: list[tuple[float, Callable[[], None]]] = []
        self._settling = False

    def send_multipart(self, *parts: Any, **options: Any) -> None:
        """Send at once."""
        self.wire.send_multipart(*parts, **options)

    def schedule(self, f: Callable[[], Any]) -> None:
        """Call `f` now."""
        f()

    def call_later(self, delay: float, f: Callable[[], None]) -> None:
        """Call `f` at the first `settle` after `delay` seconds."""
        with self.lock:
            self._due.append((monotonic() + delay, f))

    def settle(self) -> None:
        """Make the calls that are due, and take what came by the descriptors: nobody can tell that it was not before."""
        with self.lock:
            if self._settling:
                return
            self._settling = True
            try:
                for stream in sorted(self.streams, key=Stream.last_written):
                    stream.collect()
                now = monotonic()
                due = [f for when, f in self._due if when <= now]
                self._due = [(when, f) for when, f in self._due if when > now]
                for f in due:
                    f()
            finally:
                self._settling = False


class Stream(OutStream):
    """Python's stdout or stderr: what is written becomes a message, with what went to the descriptor in its place."""

    def __init__(self, session: Any, direct: Direct, name: str, number: int) -> None:
        super().__init__(session, direct, name, watchfd=False)
        self._direct = direct
        self._number = number
        self._file: Any = None

    def watch(self) -> None:
        """Catch what is written to the descriptor from now on, by C code and by programs that a cell starts."""
        self._file = tempfile.TemporaryFile()  # noqa: SIM115
        fcntl.fcntl(self._file, fcntl.F_SETFL, os.O_APPEND)
        self._read = 0
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._original_stdstream_copy = os.dup(self._number)
        os.dup2(self._file.fileno(), self._number)
        self._direct.streams.append(self)

    def release(self) -> None:
        """Give the descriptor back."""
        if self._file is None:
            return
        self._direct.streams.remove(self)
        os.dup2(self._original_stdstream_copy, self._number)
        os.close(self._original_stdstream_copy)
        self._file.close()
        self._file = None

    def last_written(self) -> float:
        """When something was last written to the descriptor."""
        return os.fstat(self._file.fileno()).st_mtime

    def collect(self) -> None:
        """Take what has been written to the descriptor since the last time; send it if the kernel would have."""
        state = os.fstat(self._file.fileno())
        if state.st_size <= self._read:
            return
        content = os.pread(self._file.fileno(), state.st_size - self._read, self._read)
        self._read += len(content)
        self.write(self._decoder.decode(content))
        if time() - state.st_mtime >= self.flush_interval:
            self._flush()

    @property
    def parent_header(self) -> dict[str, Any]:
        """The cell that prints. The kernel's `write` begins with this: what is due and what stands before goes first."""
        if self._is_master_process():
            self._direct.settle()
        return OutStream.parent_header.fget(self)  # type: ignore[attr-defined]

    @parent_header.setter
    def parent_header(self, value: dict[str, Any]) -> None:
        OutStream.parent_header.fset(self, value)  # type: ignore[attr-defined]

    def flush(self) -> None:
        """Send what has been kept."""
        if self._is_master_process():
            self._direct.settle()
            super().flush()


class NoInput:
    """Descriptor 0 and `sys.stdin` at their end, as a kernel has them."""

    def __enter__(self) -> None:
        self._stdin = sys.stdin
        self._copy = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        sys.stdin = open(0, encoding="utf-8", closefd=False)

    def __exit__(self, *_: object) -> None:
        sys.stdin = self._stdin
        os.dup2(self._copy, 0)
        os.close(self._copy)
