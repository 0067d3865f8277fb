"""Whatever fails or is killed costs one document at most: the others are delivered, nothing partial or stale is left.

A document that failed has a notice and, for diagnosis, its notebook; the next run makes only what is missing.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import kills
import nbformat
import pytest

from baocao.publishing.outcomes import NOTICE
from conftest import copy_project

v4 = nbformat.v4
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kills processes that it finds below /proc")

UNITS = {
    "18229": "xã Đức Thọ", "18196": "xã Sơn Kim 1", "18115": "phường Bắc Hồng Lĩnh", "18406": "xã Can Lộc",
    "18685": "", "18739": "", "HT-SNV": "Sở Nội vụ", "HT-SVHTTDL": "",
}  # fmt: skip
A, B, C, D, E, F, G, H = UNITS
SOME = (A, B, C, D, E)

MEMO = """import json, os, time
from datetime import date
from baocao.writing.claims import Claims
from baocao.definitions.errors import NoDataError
from baocao.definitions.project import find_project_root
from baocao.definitions.laws import load_laws
from baocao.writing.markup import paragraphs
from baocao.definitions.periods import Period
from baocao.definitions.units import load_register
root = find_project_root()
unit = load_register(root).get(units[0], date(2025, 7, 31))
claims = Claims([unit], load_laws(root))
about = dict(label="Hồ sơ tiếp nhận", unit=unit, period=Period.parse(period), source="published")"""
HASTY = "voi/thu.yml"
"""The same report, whose cells have little time; a limit is no part of what a document was made from."""
TROUBLE = 'exec(json.loads(os.environ.get("BAOCAO_TEST_TROUBLE", "{}")).get(unit.code, ""))'
SAYS = 'paragraphs(f"Trong kỳ, {claims.unit(unit)} tiếp nhận {claims.count(2131, **about)} hồ sơ./.")'
SPEC = """notebook: thu
period: "2025-07"
units: [%s]
per: unit
timeout: %d
van-ban: {trich-yeu: "kết quả {period}"}
"""

SABOTAGE = '''"""baocao, with faults put into the process that renders: its workers run this file too."""
import json, os, resource
from baocao.publishing import deliver as delivery
from baocao.publishing import fork_server
from baocao.publishing import typst as embedded

whole, make_many = embedded.render, delivery.make_many
faults = json.loads(os.environ.get("BAOCAO_TEST_FAULT", "{}"))
fork_server.GRACE = 2.0  # for a child that blocks the signal that is to end its cell

def render(parsed, target, kind, **about):
    for name, fault in faults.items():
        if name in parsed:
            target.write_bytes(b"half")
            if fault == "abort":
                os.abort()
            if fault == "raise":
                raise ValueError("the renderer is broken")
            if fault == "full":
                limit(100)  # until the end of this document
    return whole(parsed, target, kind, **about)

def make_with_room(*arguments):
    limit(resource.RLIM_INFINITY)
    yield from make_many(*arguments)

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

embedded.render = render
if "full" in faults.values():
    delivery.make_many = make_with_room
if room := os.environ.get("BAOCAO_TEST_ROOM"):
    limit(int(room))

if __name__ == "__main__":
    from baocao.app.cli import main
    main()
'''


@pytest.fixture(scope="module")
def house(root, tmp_path_factory) -> Path:
    """A project with one small report, whose notebook does what the environment tells it for a unit."""
    project = copy_project(root, tmp_path_factory.mktemp("hong") / "du-an")
    cells = [
        v4.new_raw_cell("---\ntitle: Thử\nvan-ban:\n  loai: cong-van\n  thang: '7'\n---", id="a"),
        v4.new_code_cell('period = "2025-06"\nunits = ["42"]', metadata={"tags": ["parameters"]}, id="b"),
        *(v4.new_code_cell(source, id=f"c{place}") for place, source in enumerate([MEMO, TROUBLE, SAYS])),
        v4.new_code_cell("claims.record()", metadata={"tags": ["remove-cell"]}, id="f"),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(
        v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells), project / "notebooks" / "thu.ipynb"
    )
    for spec, timeout in (("reports/thu.yml", 60), (HASTY, 5)):
        (project / spec).parent.mkdir(exist_ok=True)
        (project / spec).write_text(SPEC % (", ".join(UNITS), timeout), encoding="utf-8")
    (project / "sabotage.py").write_text(SABOTAGE, encoding="utf-8")
    return project


class Office:
    """Builds of the small report into one folder, and what is found there."""

    def __init__(self, project: Path, out: Path) -> None:
        self.project, self.out = project, out

    def command(self, *more: str, spec: str = "thu") -> list[str]:
        start = [sys.executable, str(self.project / "sabotage.py"), "build", spec, "--renderer", "embedded"]
        return [*start, "--out", str(self.out), "--jobs", "2", *more]

    def environment(self, **about: dict[str, str] | None) -> dict[str, str]:
        told = {f"BAOCAO_TEST_{name.upper()}": json.dumps(value or {}) for name, value in about.items()}
        return {**os.environ, **told}

    def build(
        self, *more: str, trouble: dict[str, str] | None = None, fault: dict[str, str] | None = None,
        spec: str = "thu", room: str = "",
    ):  # fmt: skip
        """Run the build; exit code, the lines by unit, what was printed as an error.

        `trouble`: what the notebook does for a unit; `fault`: what befalls the renderer where a name stands;
        `room`: the most bytes that a file may have.
        """
        done = subprocess.run(
            self.command("--json", *more, spec=spec), cwd=self.project,
            env=self.environment(trouble=trouble, fault=fault) | {"BAOCAO_TEST_ROOM": room},
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        lines = json.loads(done.stdout) if done.stdout else []
        return done.returncode, {line["units"][0]: line for line in lines}, done.stderr

    def start(self, *more: str, trouble: dict[str, str] | None = None) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*more), cwd=self.project, env=self.environment(trouble=trouble), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def names(self, line: dict) -> set[str]:
        folder = self.out / line["folder"]
        return {path.name for path in folder.iterdir()} if folder.is_dir() else set()

    def journal(self) -> list[str]:
        path = self.out / kills.JOURNAL
        return (
            [text for text in path.read_text(encoding="utf-8").splitlines() if text] if path.exists() else []
        )

    def is_sound(self) -> bool:
        assert kills.look(self.out, whole_ledger=True) == []
        return True


@pytest.fixture
def office(house, tmp_path) -> Iterator[Office]:
    office = Office(house, tmp_path / "ket-qua")
    yield office
    assert not [path for path in house.iterdir() if path.name.startswith(".work-")]


@pytest.fixture(scope="module")
def all_built(house, tmp_path_factory) -> Path:
    """The folder of a build without failures."""
    office = Office(house, tmp_path_factory.mktemp("yen") / "ket-qua")
    code, lines, _ = office.build()
    assert code == 0 and {line["outcome"] for line in lines.values()} == {"built"}
    return office.out


@pytest.fixture
def furnished(office, all_built) -> Office:
    """An office where all documents have been built."""
    shutil.copytree(all_built, office.out)
    return office


class Gate:
    """What a notebook's cell waits for, so that a build is where a test wants it, however long the test takes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wait = f"while not os.path.exists({str(path)!r}): time.sleep(0.02)"

    def open(self) -> None:
        self.path.touch()


@pytest.fixture
def gate(tmp_path) -> Iterator[Gate]:
    gate = Gate(tmp_path / "mo")
    yield gate
    gate.open()


def until(what: Callable[[], object], seconds: float = 300.0) -> None:
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last, "it did not come about in time"
        time.sleep(0.02)


def units(*codes: str) -> tuple[str, str]:
    return "--units", ",".join(codes)


def test_each_kind_of_failure_costs_one_document(furnished):
    """The others are as a build without failures makes them. Earlier documents whose facts are not known are editions."""
    office = furnished
    sound = kills.contents(office.out)
    ledger = json.loads((office.out / kills.LEDGER).read_text(encoding="utf-8"))
    for line in ledger["documents"]:
        line["reads"] = {}
    (office.out / kills.LEDGER).write_text(json.dumps(ledger), encoding="utf-8")
    trouble = {
        B: "raise NoDataError('Không có số liệu kỳ này.')",
        C: "1 / 0",
        D: "time.sleep(600)",
        E: "import signal; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(600)",
        F: "os.kill(os.getpid(), 9)",
        G: "raise SystemExit(3)",
        H: "os.chdir('/'); os.environ.clear(); claims = 1; import pandas; pandas.DataFrame = None",
    }
    code, lines, _ = office.build("--force", spec=HASTY, trouble=trouble)
    assert code == 1
    assert {unit: lines[unit]["outcome"] for unit in UNITS} == {
        A: "built", B: "no data", C: "failed in execution", D: "timed out", E: "timed out",
        F: "failed in execution", G: "failed in execution", H: "failed in execution",
    }  # fmt: skip
    for unit in UNITS:
        if unit == A:
            assert office.names(lines[unit]) == {"thu.pdf", "thu.html", "thu.ipynb"}
            continue
        kept = {NOTICE, "editions"} if unit == B else {NOTICE, "thu.ipynb", "editions"}
        assert office.names(lines[unit]) == kept, unit
        assert lines[unit]["problems"][0] in (office.out / lines[unit]["folder"] / NOTICE).read_text("utf-8")
    assert "SIGKILL" in lines[F]["problems"][0] and "5 giây" in lines[D]["problems"][0]
    kept = nbformat.read(office.out / lines[D]["folder"] / "thu.ipynb", as_version=4)
    assert D in kept.cells[2].source, "the notebook that hung is kept with its parameters"
    assert office.is_sound()
    code, again, _ = office.build()
    assert (code, again[B]["outcome"]) == (1, "no data"), "for there is nothing new to read"
    assert {unit for unit in UNITS if again[unit]["outcome"] == "unchanged"} == {A}
    assert {unit for unit in UNITS if again[unit]["outcome"] == "built"} == set(UNITS) - {A, B}
    assert office.build(*units(B), "--force")[0] == 0
    assert kills.contents(office.out) == sound


def test_the_only_document_asked_for_fails_as_one_of_many(office):
    trouble = {A: "from baocao.definitions.errors import UserError; raise UserError('Hãy sửa tệp.')"}
    code, lines, _ = office.build(*units(A), trouble=trouble)
    assert code == 1 and lines[A]["problems"] == ["Hãy sửa tệp."]
    assert office.names(lines[A]) == {NOTICE, "thu.ipynb"} and office.is_sound()


def test_however_new_ones_fail_documents_of_the_same_facts_stay(furnished):
    office, asked = furnished, units(A, B, C, F, G)
    sound = kills.contents(office.out)
    trouble = {
        A: "from baocao.definitions.errors import UserError; raise UserError('Hãy sửa tệp.')",
        C: "1 / 0",
        F: "os.kill(os.getpid(), 9)",
    }
    for more, fault in ((["--force"], "full"), ([], "abort")):
        code, lines, _ = office.build(*asked, *more, trouble=trouble, fault={"Sơn Kim": fault})
        assert code == 1
        assert {unit: line["outcome"] for unit, line in lines.items()} == {
            **dict.fromkeys((A, B, C, F), "kept"), G: "built" if more else "unchanged",
        }, "what failed is tried again"  # fmt: skip
        assert all(lines[unit]["problems"] and lines[unit]["seconds"] >= 0 for unit in (A, B, C, F))
        assert kills.contents(office.out) == sound and office.is_sound()
        assert not list(office.out.rglob(NOTICE)) and not list(office.out.rglob("editions"))
    assert office.names(lines[C]) == {"thu.pdf", "thu.html", "thu.ipynb", "refused"}
    code, lines, _ = office.build(*asked)
    assert code == 0 and lines[C]["outcome"] == "built" and not list(office.out.rglob("refused"))
    assert kills.contents(office.out) == sound


def test_a_wrong_fact_of_one_unit_stops_its_own_document(office):
    raw = office.project / "data" / "raw"
    listing, wrong = raw / "SOURCES.csv", raw / "sai.csv"
    before = listing.read_bytes()
    row = f"{B},2025-07-01,2025-07-31,paid_online,-5"
    wrong.write_text(f"unit,period_start,period_end,measure,value\n{row}\n", encoding="utf-8")
    digest = hashlib.sha256(wrong.read_bytes()).hexdigest()
    try:
        listing.write_bytes(
            before.rstrip() + f"\nsai.csv,counts,received,Thử,2025-08-01,{digest},\n".encode()
        )
        code, lines, _ = office.build(*units(A, B, G))
    finally:
        listing.write_bytes(before)
        wrong.unlink()
    assert code == 1
    assert {unit: line["outcome"] for unit, line in lines.items()} == {
        A: "built", B: "failed in load", G: "built",
    }  # fmt: skip
    (sentence,) = lines[B]["problems"]
    assert sentence.startswith("data/raw/sai.csv, dòng 2, cột «value»: «-5» là số âm")
    code, lines, _ = office.build(*units(A, B, G))
    assert code == 0 and [lines[unit]["outcome"] for unit in (A, B, G)] == ["unchanged", "built", "unchanged"]


def test_what_is_edited_while_a_document_is_made_has_it_made_again(office):
    source = office.project / "notebooks" / "thu.ipynb"
    before = source.read_text(encoding="utf-8")
    edit = f"path = root / 'notebooks' / 'thu.ipynb'; path.write_text({before.replace('tiếp nhận', 'nhận')!r}, 'utf-8')"
    try:
        assert office.build(*units(A), trouble={A: edit})[0] == 0
        assert office.build(*units(A))[1][A]["outcome"] == "built"
        assert office.build(*units(A))[1][A]["outcome"] == "unchanged"
    finally:
        source.write_text(before, encoding="utf-8")


def test_a_renderer_that_crashes_costs_one_document(office):
    """A crash takes the worker along; a new one makes the rest."""
    fault = {"Sơn Kim": "abort", "Bắc Hồng Lĩnh": "raise", "Can Lộc": "full"}
    code, lines, _ = office.build(*units(*SOME), fault=fault)
    assert code == 1
    assert {unit: line["outcome"] for unit, line in lines.items()} == {
        A: "built", B: "failed in rendering", C: "failed in rendering", D: "failed in writing", E: "built",
    }  # fmt: skip
    assert all(lines[unit]["problems"] for unit in (B, C, D)) and office.is_sound()
    told = [unit for unit in SOME if NOTICE in office.names(lines[unit])]
    assert told == [B, C], "a full disk has no room for it"
    code, lines, _ = office.build(*units(*SOME))
    assert code == 0 and {unit for unit in SOME if lines[unit]["outcome"] == "unchanged"} == {A, E}
    assert {lines[unit]["outcome"] for unit in (B, C, D)} == {"built"}


def test_a_disk_without_room_for_the_ledger_is_a_sentence(office):
    code, _, error = office.build(*units(A), room="500")
    assert code in (1, 2)
    assert "Không ghi được" in error and error.strip().count("Lỗi:") == 1
    assert office.build(*units(A))[0] == 0 and office.is_sound()


@pytest.mark.parametrize("kind", ["worker", "forks", "child", "pandoc"])
def test_a_killed_process_costs_one_document(office, gate, kind):
    build = office.start(*units(*SOME), trouble=dict.fromkeys(SOME[1:], gate.wait))
    victims: list[int] = []

    def found() -> bool:
        victims[:] = [one for one in kills.descendants(build.pid) if kills.what_is(one, build.pid) == kind]
        return bool(victims and office.journal())

    until(found)
    with suppress(OSError):
        os.kill(victims[0], signal.SIGKILL)
    gate.open()
    _, error = build.communicate(timeout=600)
    assert build.returncode in (0, 1) and "Traceback" not in error, error
    assert office.is_sound()
    lines = json.loads((office.out / kills.LEDGER).read_text(encoding="utf-8"))["documents"]
    assert len(lines) == len(SOME) and sum(line["outcome"] != "built" for line in lines) <= 1
    code, again, _ = office.build(*units(*SOME))
    assert code == 0
    assert sum(line["outcome"] == "built" for line in again.values()) == build.returncode


@pytest.mark.parametrize("whom", ["the build", "the terminal"])
def test_ctrl_c_keeps_what_is_done(office, gate, whom):
    build = office.start(*units(*SOME), trouble=dict.fromkeys(SOME[2:], gate.wait))
    until(lambda: len(office.journal()) == 2)
    if whom == "the build":
        build.send_signal(signal.SIGINT)
    else:
        os.killpg(build.pid, signal.SIGINT)
    _, error = build.communicate(timeout=600)
    assert build.returncode == 130
    assert "Đã dừng theo yêu cầu khi xong" in error and "Traceback" not in error, error
    assert office.is_sound()
    lines = json.loads((office.out / kills.LEDGER).read_text(encoding="utf-8"))["documents"]
    assert len(lines) == 2 and {line["outcome"] for line in lines} == {"built"}
    code, again, _ = office.build(*units(*SOME))
    assert code == 0 and office.is_sound()
    assert {unit for unit in SOME if again[unit]["outcome"] == "unchanged"} == {A, B}


def test_a_killed_build_leaves_no_process_and_the_next_one_goes_on(office, gate):
    build = office.start(*units(*SOME), trouble=dict.fromkeys(SOME[2:], gate.wait))
    until(lambda: len(office.journal()) == 2)
    others = kills.descendants(build.pid)
    build.kill()
    build.communicate(timeout=600)  # workers hold its pipes: they are gone, too
    until(lambda: not any(Path(f"/proc/{one}").exists() for one in others))
    assert kills.look(office.out, whole_ledger=False) == []
    code, again, _ = office.build(*units(*SOME))
    assert code == 0 and office.is_sound()
    assert {unit for unit in SOME if again[unit]["outcome"] == "unchanged"} == {A, B}


def test_a_folder_has_one_build_at_a_time(office, gate):
    build = office.start(*units(A), trouble={A: gate.wait})
    until(lambda: (office.out / kills.JOURNAL).exists())
    code, _, error = office.build(*units(A))
    assert code == 2 and "Một lần lập khác đang chạy" in error
    gate.open()
    build.communicate(timeout=600)
    assert build.returncode == 0 and office.is_sound()


def test_the_process_that_forks_has_one_thread_and_stays_so(root, tmp_path):
    """Even after its worker has rendered: Typst and others have threads of their own there."""
    script = """
import os
from pathlib import Path
from baocao.publishing import worker
from baocao.publishing import deliver as delivery
from baocao.publishing.spec import Spec
root = Path.cwd()
opening = worker.Opening(root=root, renderer="embedded", out=Path(os.environ["OUT"]),
                         notebooks=("processing",), shared=())
context = worker.open_context(opening, lambda: None)
place = Path(f"/proc/{context.run.forks.process}/task")
made = delivery.make(Spec("thu", "processing", "2025-07-01..2025-07-24", ("42",)), opening.out, context)
print(made.outcome, len(list(place.iterdir())))
context.run.close()
"""
    from baocao.publishing.cluster_worker import CALM

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, env={**os.environ, **CALM, "OUT": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["built", "1"], done.stdout + done.stderr


def test_kills_at_random_moments_lose_and_double_nothing(house, all_built, tmp_path, monkeypatch):
    """The bounded version of benchmarks/kills.py."""
    monkeypatch.setattr(kills, "PAUSE", 2.0)
    office = Office(house, tmp_path / "ket-qua")
    report = kills.torment(office.command(), house, office.out, kills=6, seed=7)
    assert report.faults == [] and sum(report.killed.values()) == 6
    assert kills.contents(office.out) == kills.contents(all_built)
