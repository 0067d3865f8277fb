"""A kernel without a process of its own: IPython's shell, started and asked as ipykernel does, in this process.

Nothing of it travels: no sockets, no ports, no threads. What the kernel would send is made into the same messages,
by way of the same JSON, and waits in `Wire` for the client.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace
from typing import Any

import comm
import ipykernel_launcher
from ipykernel import ipkernel
from ipykernel.eventloops import enable_gui
from ipykernel.kernelbase import Kernel as KernelBase
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.interactiveshell import InteractiveShell
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config

from baocao.publishing import libraries
from baocao.publishing.capture import Direct, NoInput, Stream

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
    libraries.see_a_notebook()
    return kernel


def _forget_kernel(kernel: Kernel) -> None:
    shell = kernel.shell
    shell.history_manager.end_session()
    shell.history_manager.close()
    shell.restore_sys_module_state()
    type(shell).clear_instance()
    Kernel.clear_instance()
    ipkernel._comm_manager = None
    libraries.forget_the_notebook()


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
