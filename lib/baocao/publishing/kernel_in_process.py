"""A kernel without a process of its own: IPython's shell, started and asked as ipykernel does, in this process.

Nothing of it travels: no sockets, no ports, no threads. What the kernel would send is made into the same messages,
by way of the same JSON, and waits in `Wire` for the client.
"""

from __future__ import annotations

import asyncio
import atexit
import codecs
import fcntl
import logging
import os
import signal
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic, time
from types import SimpleNamespace
from typing import Any

import comm
import ipykernel_launcher
from ipykernel import ipkernel
from ipykernel.eventloops import enable_gui
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.kernelbase import Kernel as KernelBase
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config

_DEPTH = 7
"""What a kernel's process has called when it turns to a cell, less what we call from `same_depth` on."""


class Wire:
    """In place of the kernel's sockets: every message as it arrives at the client, in the order of their sending."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.process = os.getpid()
        self.published: deque[dict[str, Any]] = deque()
        self.replies: deque[dict[str, Any]] = deque()

    def send_multipart(self, parts: list[Any], copy: bool = True, track: bool = False) -> None:
        """Keep one message; what a process prints that a cell has forked goes to the descriptors, which we watch."""
        _, parts = self.session.feed_identities(parts)
        message = self.session.deserialize(parts)
        if os.getpid() != self.process:
            text = message["content"].get("text", "") if message["msg_type"] == "stream" else ""
            os.write(2 if message["content"].get("name") == "stderr" else 1, text.encode(errors="replace"))
        elif message["msg_type"].endswith("_reply"):
            self.replies.append(message)
        else:
            self.published.append(message)


class _Shell(ZMQInteractiveShell):
    """The kernel's shell; libraries ask for its class by name."""

    def enable_gui(self, gui: Any = None) -> None:
        enable_gui(gui, kernel=self.kernel)
        self.active_eventloop = gui


_Shell.__name__ = _Shell.__qualname__ = ZMQInteractiveShell.__name__
_Shell.__module__ = ZMQInteractiveShell.__module__


class Kernel(ipkernel.IPythonKernel):
    """ipykernel's kernel, asked directly instead of through sockets."""

    shell_class = _Shell
    debugger_class = None
    _execute_sleep = 0.0

    def __init__(self, **traits: Any) -> None:
        KernelBase.__init__(self, **traits)  # not the class in between: it starts a debugger
        self.shell = self.shell_class.instance(
            parent=self, user_module=None, user_ns=None, kernel=self, compiler_class=self.compiler_class
        )
        self.shell.displayhook.session = self.shell.display_pub.session = self.session
        self.shell.displayhook.pub_socket = self.shell.display_pub.pub_socket = self.iopub_socket
        self.shell.displayhook.topic = self._topic("execute_result")
        self.shell.extension_manager.load_extension("storemagic")
        self.comm_manager = comm.get_comm_manager()
        for name in ("comm_open", "comm_msg", "comm_close"):
            self.shell_handlers[name] = getattr(self.comm_manager, name)

    def start(self) -> None:
        """Be ready for the first cell."""
        self.io_loop = IOLoop(make_current=True)
        self.loop: asyncio.AbstractEventLoop = self.io_loop.asyncio_loop  # type: ignore[attr-defined]
        self.shell_channel_thread = SimpleNamespace(parent_thread=threading.current_thread())
        self.shell.exit_now = False

    async def shell_main(self, subshell_id: str | None, msg: dict[str, Any]) -> None:
        """Handle one message; as many calls deep as in ipykernel, for the sake of recursion in a cell."""
        await self.dispatch_shell(msg)

    async def dispatch_shell(self, msg: dict[str, Any], /, subshell_id: str | None = None, *,
                             concurrent: bool = False) -> None:  # fmt: skip
        """Answer one message: busy, what the handler sends, idle."""
        self.set_parent([], msg, channel="shell")
        self._publish_status("busy", "shell")
        handler = self.shell_handlers[msg["header"]["msg_type"]]
        self.pre_handler_hook()
        try:
            result = handler(self.iopub_socket, [], msg)
            if result is not None:
                await result
        finally:
            self.post_handler_hook()
        sys.stdout.flush()
        sys.stderr.flush()
        self._publish_status("idle", "shell")

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        """There is no queue: the client asks for the next cell when it has this one."""

    @property
    def _supports_kernel_subshells(self) -> bool:
        return False


@contextmanager
def running_kernel() -> Iterator[Kernel]:
    """A fresh kernel in this process, and everything of the process that it changes put back afterwards.

    Modules stay as the notebook left them: hence a process of its own for each notebook.
    """
    with ExitStack() as undo:
        for keep in (_keep_streams, _keep_surroundings, _keep_logging):
            undo.callback(keep())
        undo.enter_context(NoInput())
        kernel = _make_kernel()
        undo.callback(_forget_kernel, kernel)
        loop_before = _current_loop()
        undo.callback(asyncio.set_event_loop, loop_before)
        kernel.start()
        undo.callback(_close_loop, kernel)
        direct = Direct(kernel.iopub_socket)
        sys.stdout = Stream(kernel.session, direct, "stdout", 1)
        sys.stderr = Stream(kernel.session, direct, "stderr", 2)
        for stream in (sys.stdout, sys.stderr):
            undo.callback(stream.release)
            stream.watch()
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        yield kernel


@contextmanager
def same_depth() -> Iterator[None]:
    """Let cells recurse as deep as in a kernel's process, however deep we are ourselves."""
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(limit + max(0, limit - _calls_left() - _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)


def _calls_left(made: int = 0) -> int:
    """How many calls deep one can go from here: frames alone do not tell, for C code counts too."""
    try:
        return _calls_left(made + 1)
    except RecursionError:
        return made


def _make_kernel() -> Kernel:
    session = Session(key=b"")
    config = Config({"HistoryManager": {"hist_file": ":memory:"}})
    kernel = Kernel.instance(session=session, iopub_socket=Wire(session), config=config, log=_silent())
    atexit.unregister(kernel.shell.atexit_operations)
    see_a_notebook()
    return kernel


def _forget_kernel(kernel: Kernel) -> None:
    shell = kernel.shell
    shell.history_manager.end_session()
    shell.history_manager.close()
    shell.restore_sys_module_state()
    type(shell).clear_instance()
    Kernel.clear_instance()
    ipkernel._comm_manager = None
    forget_the_notebook()


def _close_loop(kernel: Kernel) -> None:
    for task in asyncio.all_tasks(kernel.loop):
        task._log_destroy_pending = False  # type: ignore[attr-defined]
    kernel.io_loop.close(all_fds=True)


def _keep_streams() -> Callable[[], None]:
    kept = sys.stdout, sys.stderr, sys.displayhook, sys.excepthook
    for stream in (*kept[:2], sys.__stdout__, sys.__stderr__):
        if stream is not None:
            stream.flush()

    def put_back() -> None:
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is not None:
                stream.flush()
        sys.stdout, sys.stderr, sys.displayhook, sys.excepthook = kept

    return put_back


def _keep_surroundings() -> Callable[[], None]:
    """Environment, path, arguments and main module, set as `python -m ipykernel_launcher` has them."""
    environment, path, arguments, main = dict(os.environ), list(sys.path), sys.argv, sys.modules["__main__"]
    interrupt = signal.getsignal(signal.SIGINT) if _in_main_thread() else None
    os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    sys.argv = [ipykernel_launcher.__file__]
    script = os.path.dirname(os.path.abspath(arguments[0])) if arguments and arguments[0] else ""
    places = [place for place in sys.path if place not in ("", script)]
    first = next((at for at, place in enumerate(places) if "-packages" in place), len(places))
    sys.path[:] = [*places[:first], "", *places[first:]]

    def put_back() -> None:
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:], sys.argv, sys.modules["__main__"] = path, arguments, main
        if interrupt is not None:
            signal.signal(signal.SIGINT, interrupt)

    return put_back


def _keep_logging() -> Callable[[], None]:
    """The root logger as it is in a kernel: warnings go to `sys.stderr`, whatever handlers this process has."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers[:] = []
    root.setLevel(logging.WARNING)

    def put_back() -> None:
        root.handlers[:] = handlers
        root.setLevel(level)

    return put_back


def _silent() -> logging.Logger:
    """For what a kernel logs about itself."""
    log = logging.getLogger(__name__)
    log.propagate = False
    log.handlers[:] = [logging.NullHandler()]
    return log


def _current_loop() -> asyncio.AbstractEventLoop | None:
    return asyncio.get_event_loop_policy()._local._loop  # type: ignore[attr-defined]


def _in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def is_taken() -> bool:
    """Whether this process is a notebook's kernel already: it can be no second one."""
    return InteractiveShell.initialized()


# --------------------------------------------------------------------------------------------------
# What a cell prints, caught as the kernel catches it: Python's two streams and the descriptors 1 and 2
# below them.
#
# The kernel has threads for both, and what it writes down depends on their timing. Here there are none:
# the streams keep the kernel's delay of 0.2 s by the clock alone, and what goes to a descriptor is read
# from a file of our own whenever one of the streams is touched.


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


# --------------------------------------------------------------------------------------------------
# Libraries that look, when they are imported, whether they are in a notebook.
#
# In a process where notebooks find them loaded they have looked too early; here they are told.


_COLUMNS = "display.max_columns"
_BACKEND = "matplotlib_inline.backend_inline"


def see_a_notebook() -> None:
    """Let matplotlib and pandas, where they are loaded, be as if a notebook's first cell had imported them."""
    if "matplotlib" in sys.modules:
        import matplotlib

        dict.__setitem__(matplotlib.rcParams, "backend", os.environ["MPLBACKEND"])
    if "pandas" in sys.modules:
        _show_columns()


def forget_the_notebook() -> None:
    """Let the next notebook find matplotlib's backend not yet loaded: it is tied to the shell that loads it."""
    if _BACKEND in sys.modules:
        from matplotlib_inline.config import InlineBackend

        InlineBackend.clear_instance()
        del sys.modules[_BACKEND]
    if "matplotlib.pyplot" in sys.modules:
        import matplotlib.pyplot as plt

        plt.close("all")
        plt._backend_mod = None


def _show_columns() -> None:
    """On a terminal pandas fits a frame's columns to its width; in a notebook it shows up to 20 of them."""
    import pandas as pd
    from pandas._config import config

    option = config._registered_options.get(_COLUMNS)
    if option is not None and option.defval == 0:
        config._registered_options[_COLUMNS] = option._replace(defval=20)
        if pd.get_option(_COLUMNS) == 0:
            pd.set_option(_COLUMNS, 20)
