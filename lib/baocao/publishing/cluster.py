"""Many documents on many machines: the jobs of a batch sent to a Dask scheduler, the files put into place here.

A job is plain data out (the spec, the renderer, the hashes of the project) and bytes back (the outcome, the files):
no machine writes into another's folders. The facts lie with each worker's own project, or on a path that all share;
a worker whose project differs is refused before the first document is begun. Where a worker is lost, the scheduler
gives its documents to another one; only what came back whole is moved into place, here, once.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
import warnings
import zlib
from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import asdict
from importlib import import_module
from operator import methodcaller
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from baocao.definitions import INSTALL_EXTRAS, UserError
from baocao.publishing import cache_key, cluster_answers, deliver, folders, project_fingerprint
from baocao.publishing.context import BuildContext, Document
from baocao.publishing.outcomes import FAILED_EXECUTION, FAILED_WRITING, Outcome
from baocao.publishing.prewarm import gathered
from baocao.publishing.spec import Spec

if TYPE_CHECKING:
    from distributed import Client, Future
    from distributed.security import Security

CONNECTING = 5.0
"""Seconds for a scheduler to answer."""

GATHERING = 15.0
"""Seconds for a first worker to be there: both may have been started just now."""

CHECKING = 120.0
"""Seconds for a worker to load the libraries and to compare its project with this one."""

SILENCE = 60.0
"""Seconds without any worker, or without the scheduler, after which a run is given up."""

_WORKERS_PART = f"{__package__}.cluster_worker"
"""The module that a worker runs, sent by name: Dask's scheduler needs nothing of ours, and a worker without it says so,
whereas a function that it cannot find would end it."""

TRIES = 2
"""How often a document is begun whose process ended without an answer; a lost worker is the scheduler's matter."""


def deliver_all(
    address: str,
    jobs: Sequence[Spec],
    out: Path,
    context: BuildContext,
    earlier: Mapping[str, dict[str, Any]],
    *,
    force: bool = False,
) -> Iterator[Outcome]:
    """The outcome of each job, as they finish: what stands at once (unless `force`), the others made by the cluster.

    A UserError, before any document is begun, where the scheduler does not answer, has no workers, or has one whose
    project is not the same as this one; later on, where the whole cluster is lost.
    """
    check_address(address)
    missing = []
    for job in jobs:
        standing = None if force else deliver.standing(job, out, context, earlier)
        if standing:
            yield standing
        else:
            missing.append(job)
    if not missing:
        return
    cache_key.grounds(context).take(missing)
    kept = deliver.kept_if_refused(missing, out, context, earlier)
    with connect(address) as client:
        about = about_project(missing, context)
        _check_workers(client, about)
        for job, answer in _as_they_finish(client, missing, about):
            yield _settle(job, answer, out, context, kept)


def about_project(jobs: Sequence[Spec], context: BuildContext) -> bytes:
    """What a worker is told beside each job: what its project must be, and what to load."""
    about = {
        "renderer": context.renderer,
        "project": project_fingerprint.project_parts(context),
        "notebooks": sorted({job.notebook for job in jobs}),
        "shared": [asdict(one) for one in gathered(jobs)],
    }
    return zlib.compress(json.dumps(about, ensure_ascii=False).encode())


def check_address(address: str) -> None:
    """Refuse what no scheduler can be reached by."""
    if not re.fullmatch(r"(tcp|tls)://[^\s/:]+:\d{1,5}|(tcp|tls)://\[[0-9a-fA-F:.]+\]:\d{1,5}", address):
        raise UserError(
            "Địa chỉ cụm máy phải có dạng tcp://máy:cổng hoặc tls://máy:cổng (ví dụ tcp://10.0.0.5:8786), "
            f"nhận được «{address}»."
        )


@contextmanager
def connect(address: str) -> Iterator[Client]:
    """The scheduler at `address`; Dask's own log lines are kept off the user's terminal, its pickles dead."""
    try:
        from distributed import Client
    except ImportError:
        raise UserError(
            f"Máy này chưa có thư viện để dùng --cluster; hãy chạy trong thư mục dự án: {INSTALL_EXTRAS}."
        ) from None
    security = _security(address)
    cluster_answers.read_nothing_alive()
    logged = logging.root.manager.disable
    logging.disable()
    client = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # versions that matter are compared by `project_fingerprint.project_parts`
            try:
                if asyncio.run(asyncio.wait_for(_kind(address, security), CONNECTING)) != "Scheduler":
                    raise UserError(f"Địa chỉ {address} không phải của dask scheduler; hãy xem lại địa chỉ.")
                client = Client(
                    address, timeout=CONNECTING, set_as_default=False, name="baocao", security=security
                )
            except UserError:
                raise
            except Exception:  # noqa: BLE001 (whatever answers there may speak another language)
                raise UserError(
                    f"Cụm máy {address} không trả lời sau {CONNECTING:.0f} giây; "
                    "hãy xem dask scheduler có đang chạy, địa chỉ và chứng thư (với tls://) có đúng không."
                ) from None
        yield client
    finally:
        if client is not None:
            client.close(timeout=5)  # what is still to be made is forgotten by the scheduler
        logging.disable(logged)


def _security(address: str) -> Security:
    """The certificates that Dask's own settings name; a UserError where tls:// has none, or one that is not theirs."""
    from distributed.security import Security

    try:
        security = Security()
        held = security.get_connection_args("client")["ssl_context"]
    except (OSError, ValueError):  # ssl.SSLError is an OSError
        held = None
    if address.startswith("tls://") and held is None:
        raise UserError(
            "Địa chỉ tls:// cần chứng thư: hãy đặt các biến DASK_DISTRIBUTED__COMM__TLS__CA_FILE, "
            "DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT và DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY là tệp PEM đọc được."
        )
    return security


async def _kind(address: str, security: Security) -> str:
    """What answers at the address; unlike `Client`, this can be given up."""
    from distributed.core import rpc

    async with rpc(address, connection_args=security.get_connection_args("client")) as remote:
        return (await remote.identity())["type"]


def _check_workers(client: Client, about: bytes) -> None:
    """Ask every worker for its project; this also has the libraries loaded there."""
    try:
        client.wait_for_workers(1, timeout=GATHERING)
    except TimeoutError:
        raise UserError(
            "Cụm máy chưa có máy nào nhận việc; hãy khởi động dask worker trên ít nhất một máy."
        ) from None
    asked = {worker: _ask(client, about, None, workers=[worker]) for worker in client.nthreads()}
    last = time.monotonic() + CHECKING
    for worker, future in asked.items():
        try:
            answer, _ = cluster_answers.unpack(future.result(timeout=max(1.0, last - time.monotonic())))
        except TimeoutError:
            raise UserError(
                f"Máy {worker} của cụm không trả lời sau {CHECKING:.0f} giây; "
                "hãy xem máy ấy có đang bận việc khác không."
            ) from None
        except ValueError:
            raise UserError(
                f"Máy {worker} của cụm gửi về thứ không phải câu trả lời của chương trình."
            ) from None
        except Exception as error:  # noqa: BLE001 (Dask hands on whatever was raised there)
            raise UserError(
                f"Máy {worker} của cụm không chạy được chương trình: {_reason(error)}; "
                "hãy cài trên máy ấy đúng phiên bản baocao như ở đây."
            ) from None
        if "ready" not in answer:
            raise UserError(_refusal(answer, worker))


def _ask(client: Client, about: bytes, job: Spec | None, **options: Any) -> Future:
    sent = json.dumps(asdict(job) if job else None, ensure_ascii=False).encode()
    key = f"baocao-{uuid4().hex}"
    question = methodcaller("ask", about, sent, project_fingerprint.hash_bytes(about))
    return client.get({key: (question, (import_module, _WORKERS_PART))}, key, sync=False, **options)


def _refusal(answer: Mapping[str, Any], worker: str = "") -> str:
    """The sentence for a worker that makes no documents for this project."""
    where = f"Máy {answer['host']} ({worker}) của cụm" if worker else f"Máy {answer['host']} của cụm"
    if "differs" in answer:
        return (
            f"{where} khác máy này về: {', '.join(answer['differs'])}; "
            "hãy làm cho thư mục dự án và thư viện ở đó giống ở đây rồi chạy lại."
        )
    return f"{where} không nhận việc: {answer.get('refused') or answer.get('error')}"


def _as_they_finish(
    client: Client, jobs: Sequence[Spec], about: bytes
) -> Iterator[tuple[Spec, bytes | Exception]]:
    """Each job with the answer it got, or with what came instead of one.

    Every thread of the cluster has a job and one to come: no more, so that the scheduler has little to remember.
    """
    arrivals: SimpleQueue[Future] = SimpleQueue()
    to_come, waiting = deque(jobs), {}
    alive = time.monotonic()
    while to_come or waiting:
        threads = _threads(client)
        while to_come and len(waiting) < 2 * threads:
            job = to_come.popleft()
            future = _ask(client, about, job, retries=TRIES - 1)
            waiting[future.key] = job
            future.add_done_callback(arrivals.put)
        try:
            future = arrivals.get(timeout=1)
            answer = _take(future, arrivals)
        except (Empty, TimeoutError):
            alive = time.monotonic() if threads else alive
            if time.monotonic() - alive > SILENCE:
                raise _lost(len(to_come) + len(waiting)) from None
            continue
        except CancelledError:  # what Dask says of everything once it has lost the scheduler
            raise _lost(len(to_come) + len(waiting)) from None
        alive = time.monotonic()
        future.release()
        yield waiting.pop(future.key), answer


def _lost(count: int) -> UserError:
    return UserError(
        f"Cụm máy mất liên lạc khi còn {count} văn bản chưa lập; "
        "hãy khởi động lại cụm rồi chạy lại đúng lệnh này, văn bản đã lập được giữ nguyên."
    )


def _take(future: Future, arrivals: SimpleQueue[Future]) -> bytes | Exception:
    """The answer; where the worker that held it is lost, it is made again: a TimeoutError, and asked for later."""
    try:
        return future.result(timeout=10)
    except TimeoutError:
        arrivals.put(future)
        raise
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 (as above)
        return error


def _threads(client: Client) -> int:
    """How many documents the cluster can make at once; 0 where it cannot be reached."""
    try:
        return sum(client.nthreads().values()) if client.status == "running" else 0
    except Exception:  # noqa: BLE001 (between two states of a connection that is being lost)
        return 0


def _settle(
    job: Spec,
    packed: bytes | Exception,
    out: Path,
    context: BuildContext,
    kept: Mapping[str, dict[str, Any]],
) -> Outcome:
    """The document in its place below `out`, or the notice that there is none and why, or the earlier one of `kept`.

    A UserError where the worker's project has become another one: the documents that came before stay.
    """

    def fail(sentence: str, outcome: str = FAILED_EXECUTION) -> Outcome:
        return deliver.conclude(deliver.fail(job, out, context, outcome, sentence, kept), job, context, kept)

    if isinstance(packed, Exception):
        if _lacks_a_library(packed):
            raise UserError(f"Có máy trong cụm không chạy được chương trình: {_reason(packed)}.")
        return fail(f"Cụm máy không lập được văn bản này: {_reason(packed)}.")
    try:
        answer, files = cluster_answers.unpack(packed)
    except ValueError:
        return fail("Cụm máy gửi về thứ không phải câu trả lời của chương trình.")
    if "differs" in answer:
        raise UserError(_refusal(answer))
    if "outcome" not in answer:
        return fail(answer.get("refused") or f"Lỗi chương trình {answer.get('error')}")
    outcome = cluster_answers.outcome_of(answer, files, Document.of(job, context).line)
    made = {name: project_fingerprint.hash_bytes(content) for name, content in files.items()}
    if outcome is None or not outcome.files.items() <= made.items():
        return fail("Cụm máy gửi về tệp không đúng văn bản này.")
    try:
        place(outcome, files, out, kept)
    except OSError as error:
        return fail(folders.unwritten(error), FAILED_WRITING)
    return deliver.conclude(outcome, job, context, kept)


def _lacks_a_library(error: Exception) -> bool:
    return type(error).__name__ in ("ImportError", "ModuleNotFoundError")


def _reason(error: Exception) -> str:
    """Why no worker answered, without what is another in every run; known by its name, being a `StandIn`."""
    name = type(error).__name__
    if name == "StationDied":
        return str(error)
    if name == "KilledWorker":
        return "các máy nhận việc lần lượt bị dừng khi đang lập"
    if _lacks_a_library(error):
        return f"thiếu thư viện «{getattr(error, 'name', '')}»"
    return f"lỗi {name}"


def place(outcome: Outcome, files: Mapping[str, bytes], out: Path, kept: Collection[str]) -> None:
    """Write what came of one document into a private folder, and put it into place; OSError: nothing was put there."""
    out.mkdir(parents=True, exist_ok=True)
    with folders.private_folder(out) as private:
        work = private / "document"
        work.mkdir()
        for name, content in files.items():
            (work / name).write_bytes(content)
        folders.put_into_place(work, outcome, out, kept)
