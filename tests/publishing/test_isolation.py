"""No document holds another unit's name, figure or chart: whatever the jobs, whoever is killed, whatever is left behind.

Every unit's figures are its alone (`planted`), so that one of them in another unit's document is found by looking.
Twelve units are built here; `benchmarks/isolation.py` does the same with all of them.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import nbformat
import pytest
from measuring import descendants

import planted as planting
from baocao.definitions.unit import Unit
from baocao.publishing.outcomes import NOTICE
from planted import PERIOD, Planted, Search, check_all, kill_now_and_then, start_build

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are found in /proc")

SEED = 5


@pytest.fixture(scope="module")
def planted(register) -> Planted:
    return planting.plant(register)


@pytest.fixture(scope="module")
def search(planted, register) -> Search:
    return Search(planted, register)


@pytest.fixture(scope="module")
def house(root, planted, tmp_path_factory) -> Path:
    return planting.make_planted_project(root, tmp_path_factory.mktemp("planted") / "du-an", planted)


@pytest.fixture(scope="module")
def units(planted) -> list[Unit]:
    """Some of the units, in an order of its own, the first three of different kinds."""
    chance = random.Random(SEED)
    mixed = chance.sample(planted.units, len(planted.units))
    first = [next(unit for unit in mixed if unit.kind == kind) for kind in planting.KINDS]
    return (first + [unit for unit in mixed if unit not in first])[:12]


def build(house: Path, out: str, units: list[Unit], jobs: int) -> Path:
    """The units' briefings by the command line; all of them must come about."""
    done = start_build(house, house / out, units, jobs)
    said = done.communicate()[0]
    assert done.returncode == 0, said
    return house / out


@pytest.fixture(scope="module")
def made(house, units) -> Path:
    return build(house, "hai", units, jobs=2)


def files_of(out: Path, units: list[Unit]) -> dict[str, bytes]:
    """The documents of the units, byte by byte, by folder and name."""
    folders = [out / PERIOD / f"unit_briefing--{unit.slug}" for unit in units]
    return {f"{path.parent.name}/{path.name}": path.read_bytes() for one in folders for path in one.iterdir()}


# --- the search itself -------------------------------------------------------------------------------------------
def document(out: Path, unit: Unit, kind: str) -> Path:
    return next((out / PERIOD / f"unit_briefing--{unit.slug}").glob(f"*.{kind}"))


def paste(path: Path, text: str, target: Path) -> Path:
    """A copy of a finished file that says `text` besides."""
    target = target / path.name
    if path.suffix == ".ipynb":
        notebook = nbformat.read(path, as_version=4)
        cell = next(cell for cell in notebook.cells if cell["id"] == "summary")
        cell.outputs[0].data["text/markdown"] += f"\n\n{text}"
        nbformat.write(notebook, target)
    elif path.suffix == ".html":
        page = path.read_text(encoding="utf-8")
        target.write_text(page.replace("</body>", f"<p>{text}</p></body>"), encoding="utf-8")
    else:
        import typst

        said = [*planting.read(path).texts, text]
        source = target.with_suffix(".typ")
        source.write_text(
            "\n\n".join(f"#text({json.dumps(one, ensure_ascii=False)})" for one in said), "utf-8"
        )
        target.write_bytes(typst.compile(str(source)))
    return target


@pytest.mark.parametrize("kind", ["ipynb", "html", "pdf"])
def test_the_search_finds_what_another_unit_owns(made, units, planted, search, kind, tmp_path):
    one, other = units[0], units[1]
    path = document(made, one, kind)
    assert search.foreign(path, one) == []
    assert search.lacking(path, one) == []
    for what, figure in planted.printed(other.code).items():
        assert figure not in planting.read(path).text, what
        said = f"{figure}%" if "," in figure else figure
        found = search.foreign(paste(path, f"Số liệu: {said} hồ sơ.", tmp_path), one)
        assert len(found) == 1, (what, found)
        assert figure in found[0]
        assert other.code in found[0]
    for name in (other.official_name, f"mã {other.code}"):
        assert search.foreign(paste(path, f"Gửi {name}.", tmp_path), one), name
    assert search.lacking(paste(path, "", tmp_path), one) == []
    assert len(search.foreign(path, other)) > len(planted.printed(one.code))


@pytest.mark.parametrize("kind", ["ipynb", "html"])
def test_the_search_finds_the_chart_of_another_unit(made, units, search, kind, tmp_path):
    pair = units[:2]
    for unit in pair:
        shutil.copytree(
            document(made, unit, kind).parent, tmp_path / PERIOD / document(made, unit, kind).parent.name
        )
    assert check_all(tmp_path, PERIOD, pair, search) == []
    uri = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+")
    path = document(tmp_path, pair[0], kind)
    foreign = uri.search(document(made, pair[1], kind).read_text("utf-8"))[0]
    path.write_text(uri.sub(foreign, path.read_text("utf-8")), encoding="utf-8")
    faults = check_all(tmp_path, PERIOD, pair, search)
    assert f"một hình trong văn bản của {', '.join(sorted(unit.code for unit in pair))}" in faults


# --- batches -----------------------------------------------------------------------------------------------------
def test_no_document_holds_what_is_another_units(made, units, search):
    assert check_all(made, PERIOD, units, search) == []


def test_more_jobs_make_the_same_documents(made, house, units, search):
    """More than there are processors here, each with two documents; in the other order."""
    some = units[7::-1]
    out = build(house, "bon", some, jobs=4)
    assert check_all(out, PERIOD, some, search) == []
    assert files_of(out, some) == files_of(made, some)


def test_kills_at_random_moments_mix_nothing_up(made, house, units, search):
    """Workers and children are killed; what was delivered is right, and the next run makes what is missing."""
    some, out, chance = units[:8], house / "giet", random.Random(SEED)
    run = start_build(house, out, some, jobs=3)
    killed = kill_now_and_then(run, chance, first=out / PERIOD, pause=(0.1, 1.0), most=4)
    run.communicate()
    assert run.returncode in (0, 1)
    assert killed, "the run was over before anybody was killed"
    folders = [out / PERIOD / f"unit_briefing--{unit.slug}" for unit in some]
    whole = [unit for unit, folder in zip(some, folders, strict=True) if list(folder.glob("*.pdf"))]
    assert all((folder / NOTICE).is_file() for folder in folders if not list(folder.glob("*.pdf")))
    assert check_all(out, PERIOD, whole, search) == []
    assert not descendants(run.pid)
    build(house, "giet", some, jobs=2)
    assert check_all(out, PERIOD, some, search) == []
    assert files_of(out, some) == files_of(made, some)
    lines = json.loads((out / "ledger.json").read_text("utf-8"))["documents"]
    assert sorted(line["units"][0] for line in lines) == sorted(unit.code for unit in some)


LOOK = """
import builtins
import os

import matplotlib

import baocao.definitions.measures as shelf
import baocao.reports.memo as memos

kept = [getattr(shelf, "left_behind", ""), getattr(builtins, "left_behind", ""), os.environ.get("LEFT_BEHIND", "")]
print("tìm thấy:", *kept, matplotlib.rcParams["lines.linewidth"])
"""
LEAVE = """
said = f"{memo.subject.unit.official_name} {memo.figures.get('received', memo.subject.unit).value}"
shelf.left_behind = builtins.left_behind = os.environ["LEFT_BEHIND"] = said
matplotlib.rcParams["lines.linewidth"] = 40
memos.open_memo = lambda *_, **__: memo
memo.setting.facts.counts.loc[:, "value"] = 54321
memo.setting.facts.shared.clear()
"""
TWICE = """
import json, sys
sources = json.loads(sys.stdin.read())
for unit in sys.argv[1:]:
    room = {"display": lambda *_: None, "period": "2025-09", "units": [unit], "vintage": ""}
    for source in sources:
        exec(source, room)
"""


@pytest.fixture
def leaky(house, tmp_path) -> Path:
    """The project with a notebook that looks for what others left in its process, and leaves there what it can."""
    project = shutil.copytree(house, tmp_path / "ro-ri", ignore=shutil.ignore_patterns("hai", "bon", "giet"))
    path = project / "notebooks" / "unit_briefing.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for place, name, source in ((2, "look", LOOK), (len(notebook.cells) + 1, "leave", LEAVE)):
        cell = nbformat.v4.new_code_cell(source.strip(), id=name, metadata={"tags": ["remove-cell"]})
        notebook.cells.insert(place, cell)
    nbformat.write(notebook, path)
    return project


def test_what_a_run_leaves_in_its_process_does_not_reach_the_next(made, leaky, units, search):
    """One worker makes all of them, one after another."""
    some = units[:3]
    out = build(leaky, "out", some, jobs=1)
    assert check_all(out, PERIOD, some, search) == []
    for unit in some:
        notebook = nbformat.read(document(out, unit, "ipynb"), as_version=4)
        found = next(cell.outputs[0].text for cell in notebook.cells if cell["id"] == "look")
        assert found == "tìm thấy:    1.5\n"
        for kind in ("pdf", "html"):  # nothing that was left behind changed anything
            assert document(out, unit, kind).read_bytes() == document(made, unit, kind).read_bytes()


def test_the_same_notebook_run_twice_in_one_process_does_leak(leaky, units):
    """The control: without a process of its own the second run finds what the first left, and reports the first."""
    notebook = nbformat.read(leaky / "notebooks" / "unit_briefing.ipynb", as_version=4)
    sources = [cell.source for cell in notebook.cells if cell["id"] in ("look", "open", "leave")]
    codes = [unit.code for unit in units[:2]]
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(TWICE), *codes],
        cwd=leaky, input=json.dumps(sources), capture_output=True, text=True, check=True,
    )  # fmt: skip
    first, second = done.stdout.splitlines()
    assert first == "tìm thấy:    1.5"
    assert second.count(units[0].official_name) == 3
    assert second.endswith("40.0")
