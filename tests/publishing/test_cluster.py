"""A real Dask scheduler and workers, each a process of its own: the same documents come back, whatever is killed."""

from __future__ import annotations

import errno
import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pytest

from baocao.app.sample.province import write_sample
from baocao.definitions.errors import UserError
from baocao.publishing import batch, cluster, cluster_answers, cluster_worker, project_fingerprint
from baocao.publishing.context import BuildContext, Document
from baocao.publishing.fork_server import die_with_parent
from baocao.publishing.outcomes import NOTICE, Outcome
from baocao.publishing.spec import Spec, load_spec
from certificates import Authority
from conftest import copy_project

KilledWorker = pytest.importorskip(
    "distributed", reason="the extra `cluster` is not installed"
).scheduler.KilledWorker
pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests kill processes by signals")

UNITS = ("xã Đức Thọ", "xã Can Lộc", "Sở Nội vụ", "Sở Tài chính")
FOLDERS = {
    "2025-07/unit_briefing--18229-xa-duc-tho",
    "2025-07/unit_briefing--18406-xa-can-loc",
    "2025-07/unit_briefing--ht-snv-so-noi-vu",
    "2025-07/unit_briefing--ht-stc-so-tai-chinh",
}


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    last = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < last, "it did not come"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Processes:
    """A scheduler and workers on this machine, with their logs and temporary files below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen] = {}
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.certificates: tuple[str, ...] = ()
        folder.mkdir()

    def encrypt(self, authority: Authority) -> None:
        """All that is started from now on speaks TLS, with certificates of this authority."""
        self.address = self.address.replace("tcp://", "tls://")
        certificate, key = authority.sign("thanh-vien")
        self.certificates = (
            "--tls-ca-file", str(authority.certificate), "--tls-cert", str(certificate), "--tls-key", str(key),
        )  # fmt: skip

    def scheduler(self) -> str:
        place, port = self.address.rsplit(":", 1)
        self._start("scheduler", self.folder, {}, "dask_scheduler", "--host", place, "--port", port)
        wait_for(lambda: "Scheduler at" in self.log("scheduler"))
        return self.address

    def worker(self, name: str, place: Path, **environment: str) -> None:
        """One that is started in the folder `place`, without a nanny that would start it again."""
        single = ("--name", name, "--nthreads", "1", "--no-nanny", "--memory-limit", "0")
        self.temporary(name).mkdir()
        environment |= {"TMPDIR": str(self.temporary(name))}
        self._start(name, place, environment, "dask_worker", self.address, *single)
        wait_for(lambda: "Registered to" in self.log(name))

    def _start(
        self, name: str, place: Path, environment: dict[str, str], program: str, *options: str
    ) -> None:
        command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--no-dashboard"]
        command += self.certificates
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=place, env={**os.environ, **environment}, stdout=log, stderr=log,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 (started by the main thread)
            )  # fmt: skip

    def temporary(self, name: str) -> Path:
        return self.folder / f"{name}-tmp"

    def is_at_a_document(self, name: str) -> bool:
        return any(self.temporary(name).glob("baocao-*/.work-*/document"))

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def kill(self, *names: str) -> None:
        for name in names:
            self.running[name].send_signal(signal.SIGKILL)
            self.running[name].wait()


@pytest.fixture
def processes(tmp_path) -> Iterator[Processes]:
    made = Processes(tmp_path / "may")
    yield made
    made.kill(*made.running)


@pytest.fixture
def briefings(project) -> tuple[list[Spec], BuildContext]:
    """The jobs of four short briefings, and the project of the one who submits them."""
    write_sample(project)
    context = BuildContext.open(project, "embedded")
    spec = load_spec(project, project / "reports" / "unit_briefing.yml")
    return batch.list_jobs(replace(spec, units=UNITS), context.register), context


def contents(out: Path) -> dict[str, bytes]:
    """Every file of the documents; not the ledger, which has their durations."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file() and path.parent != out
    }


# --- Documents -------------------------------------------------------------------------------------------------


def test_a_worker_killed_half_way_loses_and_doubles_nothing(root, briefings, project, processes, tmp_path):
    """By the command line; one worker has the project in its folder, the other one's facts lie on a shared path."""
    other = copy_project(root, tmp_path / "may-khac")
    shutil.rmtree(other / "data")
    (other / "data").symlink_to(project / "data", target_is_directory=True)
    processes.scheduler()
    processes.worker("a", other)
    processes.worker("b", processes.folder, BAOCAO_ROOT=str(project))
    killed = []

    def kill() -> None:
        wait_for(lambda: processes.is_at_a_document("a"))
        processes.kill("a")
        killed.append("a")

    killer = threading.Thread(target=kill)
    killer.start()
    out = tmp_path / "ket-qua"
    command = [sys.executable, "-m", "baocao", "build", "unit_briefing", "--units", ",".join(UNITS), "--json"]
    command += ["--renderer", "embedded", "--out", str(out), "--cluster", processes.address]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    killer.join()
    assert (done.returncode, done.stderr, killed) == (0, "", ["a"])
    lines = json.loads(done.stdout)
    assert sorted(line["folder"] for line in lines) == sorted(FOLDERS)
    assert [line["outcome"] for line in lines] == ["built"] * 4
    assert {line["folder"] for line in json.loads((out / "ledger.json").read_text())["documents"]} == FOLDERS
    assert not list(out.rglob(".work-*")) and not list(out.rglob(NOTICE))
    jobs, context = briefings
    here = tmp_path / "lap-tai-cho"
    assert {one.outcome for one in batch.deliver_all(jobs[:2], here, context, {}, 1)} == {"built"}
    assert contents(here).items() <= contents(out).items(), "the cluster makes the very same files"
    processes.kill("scheduler")
    again = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (0, ""), "nothing has changed: no cluster is needed"
    assert {line["outcome"] for line in json.loads(again.stdout)} == {"unchanged"}


def test_a_cluster_that_is_lost_is_told_and_what_was_made_stays(briefings, processes, tmp_path, monkeypatch):
    jobs, context = briefings
    monkeypatch.setattr(cluster, "SILENCE", 2.0)
    processes.scheduler()
    processes.worker("a", context.root)
    out = tmp_path / "ket-qua"
    made = cluster.deliver_all(processes.address, jobs, out, context, {})
    first = next(made)
    processes.kill("scheduler")
    with pytest.raises(UserError, match="Cụm máy mất liên lạc khi còn [123] văn bản chưa lập"):
        list(made)
    assert first.outcome == "built" and list((out / first.folder).glob("*.pdf"))
    assert not list(out.rglob(".work-*"))


# --- Encrypted, and members that cannot be trusted ----------------------------------------------------------------


def test_a_cluster_with_certificates_makes_documents_and_knows_its_members(project, processes, tmp_path):
    """Certificates of the same authority are let in; none, or one of another authority, is a sentence."""
    write_sample(project)
    authority, other = Authority(tmp_path), Authority(tmp_path, "khac")
    processes.encrypt(authority)
    processes.scheduler()
    processes.worker("a", project)

    def build(
        certificate: Path | None, key: Path | None, trusted: Path | None
    ) -> subprocess.CompletedProcess:
        name = "DASK_DISTRIBUTED__COMM__TLS__"
        told = {f"{name}CA_FILE": trusted, f"{name}CLIENT__CERT": certificate, f"{name}CLIENT__KEY": key}
        environment = os.environ | {name: str(path) for name, path in told.items() if path}
        command = [sys.executable, "-m", "baocao", "build", "unit_briefing", "--units", UNITS[0], "--json"]
        command += ["--renderer", "embedded", "--out", str(tmp_path / "kq"), "--cluster", processes.address]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    without = build(None, None, None)
    assert (without.returncode, without.stderr.count("\n")) == (2, 1)
    assert "Địa chỉ tls:// cần chứng thư" in without.stderr
    stranger = build(*other.sign("nguoi-la"), authority.certificate)
    mistaken = build(*authority.sign("nguoi-lap"), other.certificate)
    for refused in (stranger, mistaken):
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
        assert "không trả lời" in refused.stderr
    assert not (tmp_path / "kq").exists()
    made = build(*authority.sign("nguoi-lap"), authority.certificate)
    assert (made.returncode, made.stderr) == (0, "")
    assert [line["outcome"] for line in json.loads(made.stdout)] == ["built"]


MEMBER = """
import json, os, pickle

class Alive(Exception):
    def __init__(self, *words):
        super().__init__(*words)
    def __reduce__(self):
        return os.system, (f"echo $PPID >> {os.environ['TRACE']}",)

def ask(about, job, mark):
    from distributed import get_worker
    import numpy
    way = os.environ["WAY"]
    if way == "raises":
        raise Alive("x")
    if way == "says":
        living = pickle.dumps(Alive("x"))
        get_worker().log_event("warn", {"message": living, "category": living})
        get_worker().log_event("print", {"args": ("MỘT DÒNG LẠ",)})
        import time; time.sleep(1)
    return {
        "answers": Alive("x"), "numbers": numpy.array([Alive("x")], dtype=object), "text": "chữ",
        "json": b'[{"host": 1}, {}]\\n', "says": b"",
    }[way]
"""
"""A worker whose program is another's: what it sends runs a program wherever it is brought to life."""


@pytest.mark.parametrize("way", ["answers", "numbers", "raises", "says", "text", "json"])
def test_nothing_that_a_member_sends_is_brought_to_life_here(way, processes, tmp_path, capfd):
    program, trace = tmp_path / "trong" / "baocao" / "publishing", tmp_path / "da-chay"
    program.mkdir(parents=True)
    for folder in (program.parent, program):
        (folder / "__init__.py").touch()
    (program / "cluster_worker.py").write_text(MEMBER, encoding="utf-8")
    trace.touch()
    processes.scheduler()
    processes.worker("a", tmp_path, PYTHONPATH=str(tmp_path / "trong"), TRACE=str(trace), WAY=way)
    refusal = pytest.raises(UserError, match="của cụm (gửi về thứ không phải câu trả lời|không chạy được)")
    with cluster.connect(processes.address) as client, refusal:
        cluster._check_workers(client, b"about")
    assert str(os.getpid()) not in trace.read_text().split()
    printed = capfd.readouterr()
    assert "MỘT DÒNG LẠ" not in printed.out + printed.err


def test_a_class_that_a_pickle_names_is_not_imported(tmp_path):
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        code = f"c__main__\nnothing\n(S'{tmp_path}'\ntR.".encode()
        assert isinstance(cluster_answers.read_inert(code), cluster_answers.StandIn)
        assert cluster_answers.read_inert(pickle.dumps(bytes, protocol)) is bytes
        assert isinstance(
            cluster_answers.read_inert(pickle.dumps(Path("x"), protocol)), cluster_answers.StandIn
        )


# --- Refused before anything is begun --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["may-chu:8786", "tcp://may-chu", "http://may-chu:8787", "tcp://a b:1", "x"]
)
def test_an_address_of_another_form_is_refused(address):
    with pytest.raises(UserError, match="phải có dạng tcp://máy:cổng"):
        cluster.check_address(address)


@pytest.mark.parametrize("address", ["tcp://10.0.0.5:8786", "tls://may-chu.tinh:8786", "tcp://[::1]:8786"])
def test_an_address_of_the_right_form_is_taken(address):
    assert cluster.check_address(address) is None


@pytest.mark.parametrize("listening", ["nobody", "somebody silent", "somebody else"])
def test_what_is_no_scheduler_is_one_sentence(listening, monkeypatch):
    monkeypatch.setattr(cluster, "CONNECTING", 1.0)
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        if listening != "nobody":
            server.listen()
        if listening == "somebody else":
            threading.Thread(target=_answer_as_a_web_server, args=(server,), daemon=True).start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(UserError, match=f"Cụm máy {address} không trả lời"), cluster.connect(address):
            pass


def _answer_as_a_web_server(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.sendall(b"HTTP/1.0 400 Bad request\r\n\r\n" * 9)
    connection.close()


def test_a_build_on_a_cluster_that_does_not_answer_writes_nothing(root, tmp_path, monkeypatch):
    out = tmp_path / "ket-qua"
    command = [sys.executable, "-m", "baocao", "build", "unit_briefing", "--out", str(out)]
    command += ["--renderer", "embedded", "--cluster", f"tcp://127.0.0.1:{free_port()}"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("Lỗi: Cụm máy ") and done.stderr.count("\n") == 1
    assert (done.stdout, out.exists()) == ("", False)


def test_a_scheduler_without_workers_and_a_worker_for_a_scheduler(
    briefings, processes, tmp_path, monkeypatch
):
    jobs, context = briefings
    monkeypatch.setattr(cluster, "GATHERING", 2.0)
    out = tmp_path / "ket-qua"
    processes.scheduler()
    with pytest.raises(UserError, match="Cụm máy chưa có máy nào nhận việc"):
        next(cluster.deliver_all(processes.address, jobs, out, context, {}))
    processes.worker("a", context.root)
    start = next(line for line in processes.log("a").splitlines() if "Listening to" in line)
    with pytest.raises(UserError, match="không phải của dask scheduler"):
        next(cluster.deliver_all(start.split()[-1], jobs, out, context, {}))
    assert not out.exists()


def test_a_worker_with_another_project_is_refused(root, briefings, project, processes, tmp_path):
    """One of two workers has other code, and other facts."""
    jobs, context = briefings
    out = tmp_path / "ket-qua"
    other = copy_project(root, tmp_path / "may-khac")
    write_sample(other)
    with (other / "data" / "raw" / "SOURCES.csv").open("a", encoding="utf-8") as listing:
        listing.write("\n")
    code = tmp_path / "ma-nguon-khac"
    shutil.copytree(root / "lib", code)
    with (code / "baocao" / "narrate.py").open("a", encoding="utf-8") as module:
        module.write("# another\n")
    processes.scheduler()
    processes.worker("the-same", project)
    processes.worker("another", other, PYTHONPATH=str(code))
    with pytest.raises(UserError, match=r"^Máy \S+ \(\S+\) của cụm khác máy này về: mã nguồn, số liệu;"):
        next(cluster.deliver_all(processes.address, jobs, out, context, {}))
    assert not out.exists()


def test_a_worker_without_the_program_says_so_and_lives_on(briefings, processes, tmp_path):
    """Dask ends a worker that is sent a function it does not have; the scheduler needs nothing of ours either."""
    jobs, context = briefings
    (tmp_path / "trong" / "baocao").mkdir(parents=True)
    (tmp_path / "trong" / "baocao" / "__init__.py").touch()
    processes.scheduler()
    processes.worker("a", context.root, PYTHONPATH=str(tmp_path / "trong"))
    with pytest.raises(UserError, match="không chạy được chương trình: thiếu thư viện «baocao.publishing»"):
        next(cluster.deliver_all(processes.address, jobs, tmp_path / "ket-qua", context, {}))
    assert processes.running["a"].poll() is None


# --- Stations, without Dask ------------------------------------------------------------------------------------


@pytest.fixture
def ask(project, monkeypatch) -> Iterator[Callable[..., dict]]:
    """Ask a station of this process, as a Dask worker does."""
    monkeypatch.setenv(cluster_worker.ROOT_VARIABLE, str(project))
    context = BuildContext.open(project, "embedded")
    about = cluster.about_project([], context)

    def run(mark: str = "1", **changes: object) -> dict:
        told = zlib.compress(json.dumps(json.loads(zlib.decompress(about)) | changes).encode())
        return cluster_worker.unpack(cluster_worker.ask(told, b"null", mark))[0]

    yield run
    for mark in list(cluster_worker._idle):
        for one in cluster_worker._idle.pop(mark):
            one.close()


def stations() -> dict[str, list[int]]:
    return {mark: [one._process.pid for one in held] for mark, held in cluster_worker._idle.items()}


def test_a_station_is_kept_for_one_state_of_the_project(ask):
    assert ask()["ready"]
    first = stations()
    assert ask()["ready"]
    assert stations() == first, "asked again, not started again"
    os.kill(first["1"][0], signal.SIGKILL)
    assert ask()["ready"]
    second = stations()
    assert second["1"] != first["1"], "one that has ended meanwhile is replaced"
    parts = dict.fromkeys(["số liệu"], "x")
    assert "số liệu" in ask("2", project=parts)["differs"]
    assert list(stations()) == ["1", "2"], "two runs at once do not end each other's"
    assert ask("3", project=parts)["differs"]
    assert list(stations()) == ["2", "3"] and not _runs(second["1"][0])


def test_a_station_outside_the_project_says_so(ask, monkeypatch, tmp_path):
    (tmp_path / "noi-khac").mkdir()
    monkeypatch.setenv(cluster_worker.ROOT_VARIABLE, str(tmp_path / "noi-khac"))
    assert "«noi-khac» không phải thư mục dự án" in ask()["refused"]


def test_a_station_that_dies_while_it_works_is_told(ask, monkeypatch):
    monkeypatch.setattr(cluster_worker, "_send", lambda pipe, content: pipe.close())
    with pytest.raises(cluster_worker.StationDied):
        ask()


def test_a_station_ends_when_it_has_nothing_to_do(project):
    code = (
        "from baocao.publishing import cluster_worker; cluster_worker.PATIENCE = 0.2; cluster_worker.main()"
    )
    started = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert started.wait(timeout=30) == 0
    started.stdin.close()
    started.stdout.close()


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


# --- What came back --------------------------------------------------------------------------------------------


KEPT = "TB-2025-07-xa-duc-tho.ipynb"


def there_is_no_document(folder: Path) -> bool:
    """A notice stands in its place; the notebook may be kept for those who look for the cause."""
    names = {path.name for path in folder.iterdir()}
    return NOTICE in names and names <= {NOTICE, KEPT}


@pytest.mark.parametrize(
    "change",
    [
        {"folder": "../ngoai"}, {"files": {"unit_briefing.pdf": "0" * 64}}, {"report": "bao-cao-khac"}, {"units": ["42"]},
        {"names": ["xã Khác"]}, {"outcome": "đã lập"}, {"problems": [1]}, {"seconds": "1"}, {"left": ["../../x"]},
    ],
)  # fmt: skip
def test_what_is_not_the_document_is_not_put_into_place(briefings, tmp_path, change):
    jobs, context = briefings
    out = tmp_path / "ket-qua"
    folder = "2025-07/unit_briefing--18229-xa-duc-tho"
    outcome = replace(Document.of(jobs[0], context).line, folder=folder)
    packed = cluster_worker.pack(
        {"outcome": asdict(replace(outcome, **change))}, {"unit_briefing.pdf": b"%PDF"}
    )
    settled = cluster._settle(jobs[0], packed, out, context, {})
    assert (settled.outcome, settled.problems) == (
        "failed in execution",
        ["Cụm máy gửi về tệp không đúng văn bản này."],
    )
    assert there_is_no_document(out / folder) and not (tmp_path / "ngoai").exists()


@pytest.mark.parametrize(
    ("came", "sentence"),
    [
        (cluster_worker.StationDied("tiến trình dừng (mã -9)"), "Cụm máy không lập được văn bản này: tiến trình dừng (mã -9)."),
        (KilledWorker("baocao-1", None, 3), "Cụm máy không lập được văn bản này: các máy nhận việc lần lượt bị dừng khi đang lập."),
        ({"refused": "Không có tham số ấy."}, "Không có tham số ấy."),
        ({"error": "KeyError: 'x'"}, "Lỗi chương trình KeyError: 'x'"),
    ],
)  # fmt: skip
def test_a_document_that_could_not_be_made_has_its_notice(briefings, tmp_path, came, sentence):
    jobs, context = briefings
    out = tmp_path / "ket-qua"
    packed = came if isinstance(came, Exception) else cluster_worker.pack({**came, "host": "may-2"})
    settled = cluster._settle(jobs[0], packed, out, context, {})
    assert settled.problems == [sentence]
    assert there_is_no_document(out / "2025-07" / "unit_briefing--18229-xa-duc-tho")


@pytest.mark.parametrize("came", ["a notice", "nothing"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_document_of_the_same_facts_stays_where_its_new_one_is_refused(briefings, tmp_path, came, is_kept):
    jobs, context = briefings
    name = "2025-07/unit_briefing--18229-xa-duc-tho"
    folder = tmp_path / "ket-qua" / name
    folder.mkdir(parents=True)
    (folder / "unit_briefing.pdf").write_bytes(b"%PDF")
    before = Outcome("unit_briefing", "2025-07", ["18229"], "built", name, {"unit_briefing.pdf": "0" * 64})
    failed = replace(
        Document.of(jobs[0], context).line,
        outcome="failed in execution",
        problems=["Ô 5 dừng."],
        seconds=2.0,
    )
    packed: bytes | Exception = cluster_worker.pack(
        {"outcome": asdict(failed)}, {NOTICE: b"?", "unit_briefing.ipynb": b"{}"}
    )
    packed = packed if came == "a notice" else cluster_worker.StationDied("dừng")
    kept = {name: asdict(before)} if is_kept else {}
    settled = cluster._settle(jobs[0], packed, tmp_path / "ket-qua", context, kept)
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    if is_kept:
        assert (settled.outcome, settled.files) == ("kept", before.files)
        assert there == {
            "unit_briefing.pdf",
            f"refused/{KEPT if came != 'a notice' else 'unit_briefing.ipynb'}",
        }
    else:
        assert (settled.outcome, settled.files) == ("failed in execution", {})
        assert there == {
            NOTICE, KEPT if came != "a notice" else "unit_briefing.ipynb", "editions/1/unit_briefing.pdf",
        }  # fmt: skip
        assert settled.problems[-1] in (folder / NOTICE).read_text(encoding="utf-8")
    assert ("Ô 5 dừng." if came == "a notice" else "dừng") in settled.problems[0]


def test_a_project_that_changed_ends_the_run(briefings, tmp_path):
    jobs, context = briefings
    packed = cluster_worker.pack({"differs": ["số liệu"], "host": "may-2"})
    with pytest.raises(UserError, match="^Máy may-2 của cụm khác máy này về: số liệu;"):
        cluster._settle(jobs[0], packed, tmp_path / "ket-qua", context, {})
    assert not (tmp_path / "ket-qua").exists()


def test_a_disk_without_room_for_what_came_is_told(briefings, tmp_path, monkeypatch):
    jobs, context = briefings
    outcome = Document.of(jobs[0], context).line

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(cluster, "place", full)
    settled = cluster._settle(
        jobs[0], cluster_worker.pack({"outcome": asdict(outcome)}), tmp_path / "ket-qua", context, {}
    )
    assert (settled.outcome, settled.problems) == ("failed in writing", ["Không ghi được tệp: ổ đĩa đã đầy."])


def test_a_job_is_the_same_after_its_journey(briefings):
    jobs, _ = briefings
    for job in jobs:
        assert cluster_worker.read_job(json.loads(json.dumps(asdict(job)))) == job


def test_a_message_that_is_not_whole_is_refused():
    packed = cluster_worker.pack({"ready": True}, {"a.pdf": b"123"})
    with pytest.raises(ValueError, match="not whole"):
        cluster_worker.unpack(packed[:-1])


def test_projects_are_alike_wherever_they_lie(root, briefings, tmp_path):
    _, context = briefings
    copy = copy_project(context.root, tmp_path / "ban-sao")
    assert project_fingerprint.project_parts(
        BuildContext.open(copy, "embedded")
    ) == project_fingerprint.project_parts(context)
