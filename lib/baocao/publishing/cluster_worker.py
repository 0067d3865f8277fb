"""What a machine of a cluster does for `baocao build --cluster`: one document after another, files sent back.

A Dask worker keeps a process of ours for each of its threads: the station, with the libraries loaded, in which no
other program's state can be. It delivers into a private folder, answers with the bytes of the files, and ends when
it has had nothing to do for a while. This module itself imports nothing heavy: Dask's processes load it.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from baocao.publishing.context import BuildContext

CALM = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What the environment of a process that is to fork must hold before its libraries are loaded: no library's threads."""

ROOT_VARIABLE = "BAOCAO_ROOT"
"""Where the project lies on a worker's machine; without it, the folder that the worker was started in."""

PATIENCE = 300
"""Seconds without a question after which a station ends."""

RENDERING = 300.0
"""Seconds that all that follows the run of a notebook may take."""

RUNS = 2
"""How many runs a worker keeps idle stations for: that of a month before is forgotten."""

_LENGTH = 8
_idle: dict[str, list[Station]] = {}  # of a Dask worker, by the run's mark, the latest last
_lock = threading.Lock()


# --- In the Dask worker ----------------------------------------------------------------------------------------


class StationDied(RuntimeError):
    """The process that made the document ended without an answer, such as for want of memory."""


class Station:
    """The process, and the pipe to it."""

    def __init__(self) -> None:
        self.fresh = True
        self._process = subprocess.Popen(
            [sys.executable, "-m", "baocao.publishing.cluster_worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, question: bytes) -> bytes:
        assert self._process.stdin and self._process.stdout
        self.fresh = False
        try:
            _send(self._process.stdin, question)
            answer = _receive(self._process.stdout)
        except OSError:
            answer = None
        if answer is None:
            self.close()
            raise StationDied(f"tiến trình lập văn bản dừng giữa chừng (mã {self._process.returncode})")
        return answer

    def close(self) -> None:
        """End it now; what it was making is lost."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except OSError:
                pass


def ask(about: bytes, job: bytes, mark: str) -> bytes:
    """The answer of one of this worker's stations; `about` is the same for all jobs of a run, `mark` tells runs apart."""
    question = pack({}, {"about": about, "job": job})
    while True:
        station = _take(mark)
        reused = not station.fresh
        try:
            answer = station.ask(question)
        except StationDied:
            if reused:  # it may have ended for want of work just now
                continue
            raise
        except BaseException:
            station.close()
            raise
        with _lock:
            _idle.setdefault(mark, []).append(station)
        return answer


def _take(mark: str) -> Station:
    """An idle station of the run, or a new one; the stations of older runs are ended."""
    with _lock:
        idle = _idle[mark] = _idle.pop(mark, [])
        chosen = idle.pop() if idle else Station()
        older = [station for other in list(_idle)[:-RUNS] for station in _idle.pop(other)]
    for station in older:
        station.close()
    return chosen


# --- In the station --------------------------------------------------------------------------------------------


def main() -> None:
    """Answer questions until there are none any more."""
    questions, answers = _take_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the worker's matter
    os.environ.update(CALM)  # before the libraries are loaded
    from baocao.publishing.fork_server import ForkServerDied

    served = _Served()
    while _something_comes(questions):
        question = _receive(questions)
        if question is None:
            return
        try:
            parts = unpack(question)[1]
            message, files = served.answer(
                json.loads(zlib.decompress(parts["about"])), json.loads(parts["job"])
            )
        except ForkServerDied:
            return
        except Exception as error:  # noqa: BLE001 (told to the other side)
            traceback.print_exc()
            message, files = {"error": f"{type(error).__name__}: {' '.join(str(error).split())}"}, {}
        _set_alarm(0)
        _send(answers, pack({**message, "host": socket.gethostname()}, files))


class _Served:
    """The project as this process has loaded it, once: all questions to a station are about the same state."""

    def __init__(self) -> None:
        self._shop: BuildContext | None = None

    def answer(
        self, about: Mapping[str, Any], job: dict[str, Any] | None
    ) -> tuple[dict[str, Any], dict[str, bytes]]:
        from baocao.definitions import UserError
        from baocao.publishing import project_fingerprint

        try:
            context = self._shop or _look(about)
            differing = project_fingerprint.differences(
                about["project"], project_fingerprint.project_parts(context)
            )
            if differing:
                return {"differs": differing}, {}
            self._shop = self._shop or _open(context, about)
            return _make(job, self._shop) if job else ({"ready": True}, {})
        except UserError as error:
            return {"refused": str(error)}, {}


def _look(about: Mapping[str, Any]) -> BuildContext:
    from baocao.publishing.context import BuildContext

    return BuildContext.open(_project_here(), about["renderer"])


def _open(context: BuildContext, about: Mapping[str, Any]) -> BuildContext:
    from baocao.publishing.worker import Opening, open_context

    opening = Opening(
        root=context.root, renderer=context.renderer, out=Path(),
        notebooks=tuple(about["notebooks"]), shared=tuple(read_job(one) for one in about["shared"]),
    )  # fmt: skip
    return open_context(opening, lambda: _set_alarm(RENDERING))


def _make(job: dict[str, Any], context: BuildContext) -> tuple[dict[str, Any], dict[str, bytes]]:
    from dataclasses import asdict

    from baocao.publishing.deliver import make

    with tempfile.TemporaryDirectory(prefix="baocao-") as name:
        outcome = make(read_job(job), Path(name), context)
        folder = Path(name) / outcome.folder
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}
    return {"outcome": asdict(outcome)}, files


def _set_alarm(seconds: float) -> None:
    """End this process when what follows a notebook's run takes longer; 0: it is done."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def read_job(job: dict[str, Any]) -> Any:
    """The spec that was sent as plain data; JSON knows lists where a spec has tuples."""
    from dataclasses import fields

    from baocao.publishing.spec import Spec

    lists = {"units", "formats"}
    known = {one.name for one in fields(Spec)}
    return Spec(
        **{key: tuple(value) if key in lists else value for key, value in job.items() if key in known}
    )


def _project_here() -> Path:
    from baocao.definitions import UserError, find_project_root

    given = Path(os.environ.get(ROOT_VARIABLE) or Path.cwd()).resolve()
    try:
        return find_project_root(given)
    except UserError:
        raise UserError(
            f"«{given.name}» không phải thư mục dự án; hãy đặt biến {ROOT_VARIABLE} là thư mục dự án, "
            "hoặc khởi động dask worker trong thư mục đó."
        ) from None


# --- Messages: a line of JSON, then the bytes of the files -----------------------------------------------------


def pack(message: Mapping[str, Any], files: Mapping[str, bytes] | None = None) -> bytes:
    """One message.

    >>> unpack(pack({"ready": True}, {"a.pdf": b"1", "b.html": b"23"}))
    ({'ready': True}, {'a.pdf': b'1', 'b.html': b'23'})
    """
    files = files or {}
    sizes = {name: len(content) for name, content in files.items()}
    head = json.dumps([message, sizes], ensure_ascii=False).encode()
    return b"\n".join([head, b"".join(files.values())])


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The message and its files; a ValueError where some of it is missing."""
    head, _, rest = packed.partition(b"\n")
    message, sizes = json.loads(head)
    if len(rest) != sum(sizes.values()):
        raise ValueError("the message is not whole")
    files, start = {}, 0
    for name, size in sizes.items():
        files[name] = rest[start : start + size]
        start += size
    return message, files


def _send(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(len(content).to_bytes(_LENGTH, "big"))
    pipe.write(content)
    pipe.flush()


def _receive(pipe: BinaryIO) -> bytes | None:
    """The next message, None where the other side is gone."""
    length = int.from_bytes(head, "big") if len(head := pipe.read(_LENGTH)) == _LENGTH else 0
    content = pipe.read(length)
    return content if length and len(content) == length else None


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The pipes to the worker, out of reach of everything that prints or reads: that goes to the worker's log."""
    questions, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return os.fdopen(questions, "rb"), os.fdopen(answers, "wb")


def _something_comes(questions: BinaryIO) -> bool:
    """Wait for a question, not for ever; Windows cannot wait for a pipe, there the worker's end is awaited."""
    return os.name == "nt" or bool(select.select([questions], [], [], PATIENCE)[0])


if __name__ == "__main__":
    main()
