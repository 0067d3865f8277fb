"""A document is left alone only when a new run would make it again and nobody touched its files; else why is told."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from baocao.publishing import cache_key, folders, module_hashes, prewarm, run_inputs, up_to_date
from baocao.publishing.context import BuildContext
from baocao.publishing.outcomes import BUILT, NO_DATA, NOTICE, Outcome
from baocao.publishing.run_inputs import Reads
from baocao.publishing.spec import Spec
from baocao.readers.problems import problem, problems_frame
from baocao.store import facts, problems_of_units, process_cache, read_tracker
from baocao.store.files import find_earlier
from baocao.store.frames import frame_path, read_parquet, write_parquet
from baocao.store.read_tracker import FactRead
from conftest import accept, make_project, write_memo

MEASURES = (
    "filed_online",
    "filed_direct",
    "resolved_on_time",
    "resolved_late",
    "pending_in_time",
    "online_base",
)
DEPARTMENTS = ("HT-STP", "HT-SXD", "HT-SCT")
JULY = (date(2025, 7, 1), date(2025, 7, 31))
MONTHS = {"2025-06": ("2025-06-01", "2025-06-30"), "2025-07": ("2025-07-01", "2025-07-31")}
SPEC = Spec("thu", "unit_briefing", "2025-07", ("HT-STP",), letter={"luu": "VT"})


def rows(change: dict[tuple[str, str, str], int] | None = None) -> list[tuple]:
    """Figures of three departments in two months, some of them other than usual."""
    found = []
    for at, unit in enumerate(DEPARTMENTS):
        for month, (first, last) in MONTHS.items():
            for place, measure in enumerate(MEASURES):
                value = (change or {}).get((unit, month, measure), 100 + 10 * at + place)
                found.append((unit, first, last, measure, value))
    return found


def build_house(root: Path, target: Path, change: dict | None = None) -> Path:
    """A project with these figures, and what a workshop and a key need beside."""
    make_project(root, target, {"a.csv": ("received", rows(change))})
    for name in ("_language.yml", "requirements.lock"):
        shutil.copyfile(root / name, target / name)
    for folder in ("_extensions", "notebooks", "reports"):
        shutil.copytree(root / folder, target / folder, ignore=shutil.ignore_patterns("build"))
    if (root / ".fonts").is_dir():
        shutil.copytree(root / ".fonts", target / ".fonts")
    return target


def correct(house: Path, change: dict, more: Sequence[tuple] = ()) -> None:
    """The file of figures as it is after somebody corrected it, with `more` rows."""
    fresh = house.with_name("moi")
    shutil.rmtree(fresh, ignore_errors=True)
    build = make_project(house, fresh, {"a.csv": ("received", [*rows(change), *more])})
    shutil.copytree(build / "data" / "raw", house / "data" / "raw", dirs_exist_ok=True)


@pytest.fixture(scope="module")
def first_house(root, tmp_path_factory) -> Path:
    """The project that each test has a copy of, its facts read.

    A briefing is written, so that what it imports is loaded whichever test comes first: a module is noted when it is.
    """
    house = build_house(root, tmp_path_factory.mktemp("goc") / "nha")
    write_memo(house, "unit_briefing", "2025-07", ["HT-STP"])
    return house


@pytest.fixture
def house(first_house, tmp_path) -> Path:
    return Path(shutil.copytree(first_house, tmp_path / "nha"))


@pytest.fixture(scope="module")
def briefings(first_house) -> dict[str, Reads]:
    """What the briefing of each department reads, wherever the project lies."""
    return {unit: record(first_house, unit) for unit in DEPARTMENTS}


@pytest.fixture
def briefing(briefings) -> Reads:
    return briefings["HT-STP"]


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(process_cache, "_kept", None)


def record(house: Path, unit: str, period: str = "2025-07") -> Reads:
    """What the cells of a briefing read, run in this process."""
    run_inputs.start_recording(house)
    read_tracker.cells_run_here()
    write_memo(house, "unit_briefing", period, [unit])
    noted = run_inputs.stop_recording()
    assert noted is not None
    return noted


def test_units_at_fault_are_part_of_what_was_read(briefings, house):
    noted = briefings
    correct(house, {}, [("HT-SXD", "2024-05-01", "2024-05-31", "received", -5)])
    assert problems_of_units.units_at_fault(facts.open_facts(house)) == ["HT-SXD"]
    before = {unit: line_of(house, unit, one, house / unit) for unit, one in noted.items()}
    assert {one["key"] for one in before.values()} != {""}
    correct(house, {})
    now = keys_of(house, noted)
    assert [unit for unit in DEPARTMENTS if now[unit] == before[unit]["key"]] == [], "all of them say so"


def spec_of(unit: str) -> Spec:
    return replace(SPEC, units=(unit,))


def keys_of(house: Path, noted: dict[str, Reads]) -> dict[str, str]:
    """The key of each department's briefing as the project is now."""
    context = BuildContext.open(house)
    return {unit: cache_key.key_of(spec_of(unit), [unit], one, context) for unit, one in noted.items()}


def line_of(house: Path, unit: str, noted: Reads, folder: Path) -> dict:
    """The ledger's line of a briefing delivered into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.pdf").write_bytes(b"1")
    digest = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    line = Outcome("thu", "2025-07", [unit], BUILT, folder.name, {"a.pdf": digest}, reads=noted.as_json())
    return json.loads(json.dumps(asdict(up_to_date.seal(line, spec_of(unit), BuildContext.open(house)))))


# --- what is noted -----------------------------------------------------------------------------------------------
def test_the_files_facts_and_modules_of_a_run_are_noted(house):
    noted = record(house, "HT-STP")
    assert noted.files == tuple(
        f"data/reference/{name}.csv" for name in ("laws", "lineage", "measures", "targets", "units")
    )
    assert noted.modules == ()
    of_all = [one for one in noted.facts if one.units is None]
    of_one = [one for one in noted.facts if one.units is not None]
    assert {one.frame for one in noted.facts} == {"counts", "problems", "accepted", "errors"}
    assert {one.frame for one in of_all} == {"counts", "errors"}
    assert max(len(one.spans) for one in of_all) == 13
    assert {unit for one in of_one for unit in one.units} == {"HT-STP"}
    assert Reads.from_json(json.loads(json.dumps(noted.as_json()))) == noted


def test_what_the_process_keeps_is_noted_like_what_is_read(house):
    cold = record(house, "HT-STP")
    process_cache.keep()
    store = facts.open_facts(house)
    assert store is facts.open_facts(house)
    prewarm.warm(house, [replace(SPEC, units=DEPARTMENTS)])
    assert store.shared
    assert record(house, "HT-STP") == cold, "what was prepared"
    assert record(house, "HT-STP") == cold, "what a document before it kept"


def test_a_notebooks_own_reading_is_noted_but_neither_writing_nor_what_lies_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("so.csv", "data/derived/store/x", ".an/x", "lib/x.py", "thu/muc/x"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("1", encoding="utf-8")
    run_inputs.start_recording(tmp_path)
    read_tracker.cells_run_here()
    for name in ("so.csv", "data/derived/store/x", ".an/x", "lib/x.py"):
        (tmp_path / name).read_bytes()
    with pytest.raises(FileNotFoundError):
        Path("chua-co.csv").read_bytes()
    Path("moi.csv").write_text("1", encoding="utf-8")
    os.listdir("thu/muc")
    Path(__file__).read_bytes()
    with read_tracker.paused():
        Path("thu/muc/x").read_bytes()
    assert run_inputs.stop_recording() == Reads(("chua-co.csv", "so.csv", "thu/muc/"))


def test_a_run_that_was_not_listened_to_has_no_record(tmp_path):
    run_inputs.start_recording(tmp_path)
    assert run_inputs.stop_recording() is None  # its cells ran in a kernel


def test_a_run_that_strayed_has_read_everything_beside_what_was_noted(tmp_path):
    (tmp_path / "so.csv").write_text("1", encoding="utf-8")
    run_inputs.start_recording(tmp_path)
    read_tracker.cells_run_here()
    (tmp_path / "so.csv").read_bytes()
    subprocess.run([sys.executable, "-c", ""], check=True)
    noted = run_inputs.stop_recording()
    assert noted == replace(run_inputs.EVERYTHING, files=(*run_inputs.EVERY_FILE, "so.csv"))
    assert Reads.from_json(json.loads(json.dumps(noted.as_json()))) == noted


@pytest.mark.parametrize("place", ["cell", "helper"])
@pytest.mark.parametrize(
    "line", ["import duckdb", "from pyarrow import parquet", "if 1: import polars as pl"]
)
def test_files_that_are_opened_unheard_count_as_read(tmp_path, place, line):
    code = {"cell": line, "helper": "1"} if place == "cell" else {"cell": "1", "helper": line}
    cells = [nbformat.v4.new_code_cell(code["cell"]), nbformat.v4.new_markdown_cell("import duckdb")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "a.ipynb")
    (tmp_path / "helper.py").write_text(code["helper"], encoding="utf-8")
    run_inputs.start_recording(tmp_path)
    read_tracker.cells_run_here()
    (tmp_path / "helper.py").read_bytes()
    noted = run_inputs.stop_recording(tmp_path / "a.ipynb")
    assert noted == replace(run_inputs.EVERYTHING, files=tuple(sorted([*run_inputs.EVERY_FILE, "helper.py"])))


def test_the_packages_own_reading_is_not_unheard(tmp_path, root):
    run_inputs.start_recording(tmp_path)
    read_tracker.cells_run_here()
    facts.open_facts(root).counts_between(*(date(2025, 7, 1), date(2025, 7, 31)))
    read_parquet(frame_path(facts.open_facts(root).folder, "scores"))
    noted = run_inputs.stop_recording(root / "notebooks" / "unit_briefing.ipynb")
    assert noted.facts == (FactRead("counts", None, (("2025-07-01", "2025-07-31"),)),)
    assert "*" not in noted.files


def test_a_database_and_a_parquet_file_of_ones_own_are_noted(tmp_path):
    frame = pd.DataFrame({"a": [1]})
    write_parquet(frame, tmp_path / "a.parquet", {"a": "BIGINT"})
    run_inputs.start_recording(tmp_path)
    read_tracker.cells_run_here()
    for name in (tmp_path / "a.db", ":memory:", "", f"file:{tmp_path}/b%20c.db?mode=rwc"):
        sqlite3.connect(name, uri=True).close()
    read_parquet(tmp_path / "a.parquet")
    assert run_inputs.stop_recording().files == ("a.db", "a.parquet", "b c.db")


def test_a_listing_of_the_project_is_noted_but_not_what_building_adds(house, monkeypatch):
    monkeypatch.chdir(house)
    for look in (lambda: os.listdir(house), os.listdir, lambda: list(os.scandir("."))):
        run_inputs.start_recording(house)
        read_tracker.cells_run_here()
        look()
        noted = run_inputs.stop_recording()
        assert noted.files == (read_tracker.ROOT,)
    before = keys_of(house, {"HT-STP": noted})
    for name in ("ra/ledger.json", "ra/2025-07/a.pdf", ".an", "__pycache__/a.pyc"):
        (house / name).parent.mkdir(exist_ok=True, parents=True)
        (house / name).write_text("1", encoding="utf-8")
    assert keys_of(house, {"HT-STP": noted}) == before
    (house / "moi.csv").write_text("1", encoding="utf-8")
    assert keys_of(house, {"HT-STP": noted}) != before


def test_an_import_does_not_list_the_project(house, monkeypatch):
    monkeypatch.chdir(house)
    monkeypatch.syspath_prepend("")
    (house / "mot_mo_dun.py").write_text("a = 1\n", encoding="utf-8")
    run_inputs.start_recording(house)
    read_tracker.cells_run_here()
    importlib.import_module("mot_mo_dun")
    assert run_inputs.stop_recording().files == ("mot_mo_dun.py",)
    del sys.modules["mot_mo_dun"]


def test_what_is_read_of_all_units_is_not_said_again_of_one():
    june, july = ("2025-06-01", "2025-06-30"), ("2025-07-01", "2025-07-31")
    noted = [
        FactRead("counts", None, (july,), ("a", "b")),
        FactRead("counts", ("1",), (july,), ("a",)),
        FactRead("counts", ("1",), (june,), ("a",)),
        FactRead("counts", ("2",), (june,), ("a",)),
        FactRead("counts", ("2",), (july,), ("c",)),
        FactRead("counts", ("2",), (july,), ("d", "e")),
        FactRead("scores"),
    ]
    assert set(run_inputs._joined(noted)) == {
        FactRead("counts", None, (july,), ("a", "b")),
        FactRead("counts", ("1", "2"), (june,), ("a",)),
        FactRead("counts", ("2",), (july,), ("c", "d", "e")),
        FactRead("scores"),
    }


# --- keys --------------------------------------------------------------------------------------------------------
def test_a_key_follows_the_spec_and_everything_that_was_read(briefing, house, tmp_path):
    noted = {"HT-STP": briefing}
    (key,) = keys_of(house, noted).values()
    context = BuildContext.open(house)
    others = [
        cache_key.key_of(replace(SPEC, period="2025-06"), ["HT-STP"], noted["HT-STP"], context),
        cache_key.key_of(replace(SPEC, letter={"luu": "X"}), ["HT-STP"], noted["HT-STP"], context),
        cache_key.key_of(SPEC, ["HT-SXD"], noted["HT-STP"], context),
    ]
    for name in (
        "notebooks/unit_briefing.ipynb", "_extensions/vanban/vanban.css", "requirements.lock",
        "data/reference/targets.csv",
    ):  # fmt: skip
        path = house / name
        before = path.read_bytes()
        path.write_bytes(before.replace(b"memo", b"memo ", 1) if path.suffix == ".ipynb" else before + b"\n")
        others += keys_of(house, noted).values()
        path.write_bytes(before)
    assert len({key, *others}) == 8
    assert keys_of(house, noted) == {"HT-STP": key}


@pytest.mark.parametrize(
    "path",
    ["notebooks/processing.ipynb", "data/reference/published_figures.csv", "README.md", "reports/x.yml"],
)
def test_what_was_not_read_changes_no_key(briefing, house, path):
    noted = {"HT-STP": briefing}
    before = keys_of(house, noted)
    with (house / path).open("a", encoding="utf-8") as file:
        file.write("\n")
    assert keys_of(house, noted) == before


def test_keys_depend_on_no_clock_path_or_file_time(root, briefing, house, tmp_path):
    noted = {"HT-STP": briefing}
    before = keys_of(house, noted)
    moved = tmp_path / "nơi khác" / "nhà"
    shutil.copytree(house, moved)
    shutil.rmtree(moved / "data" / "derived")
    for path in moved.rglob("*"):
        os.utime(path, (10**9, 10**9))
    assert keys_of(moved, noted) == before
    assert record(moved, "HT-STP") == noted["HT-STP"]
    shutil.rmtree(house / "data" / "derived")
    assert keys_of(house, noted) == before


def test_a_corrected_figure_concerns_its_unit_and_those_that_rank_or_sum_it(briefings, house):
    noted = briefings
    before = keys_of(house, noted)

    def concerned(*change: tuple[str, str, str]) -> set[str]:
        correct(house, dict.fromkeys(change, 7))
        now = keys_of(house, noted)
        return {unit for unit in DEPARTMENTS if now[unit] != before[unit]}

    assert concerned(("HT-STP", "2025-07", "resolved_late")) == {*DEPARTMENTS}  # all are ranked beside it
    assert concerned(("HT-STP", "2025-06", "resolved_late")) == {"HT-STP"}  # only it is compared with June
    assert concerned(("HT-STP", "2025-06", "filed_online")) == {*DEPARTMENTS}  # part of the province's trend
    assert concerned() == set()


def test_problems_concern_the_documents_that_print_them(house):
    june, july = MONTHS.values()

    def plant(pending: int = 500, because: str = "đã xác nhận", eligible: int = 12, late: int = 90) -> None:
        """Warnings about one department and about the province, an accepted error of another and of a row of nobody."""
        more = [
            ("HT-SXD", *june, "pending", pending), ("HT-SXD", *july, "carried_over", 400),
            ("42", *june, "pending", 10), ("HT-SCT", *june, "eligible_online", eligible),
            ("HT-SCT", *june, "eligible_received", 10), ("HT-SCT", *july, "eligible_online", late),
            ("HT-SCT", *july, "eligible_received", 20), ("Ty Bưu điện", *june, "eligible_received", 1),
        ]  # fmt: skip
        correct(house, {}, more)
        for code in ("vuot-tong", "don-vi"):
            accept(house, code, "a.csv", because)

    plant()
    problems = facts.open_facts(house).problems
    assert set(problems["severity"]) == {"warning"}
    assert {"khac-cap-duoi", "noi-tiep", "vuot-tong", "don-vi"} <= {*problems["code"]}
    noted = {unit: record(house, unit) for unit in DEPARTMENTS}
    before = keys_of(house, noted)

    def concerned(**given: Any) -> set[str]:
        plant(**given)
        now = keys_of(house, noted)
        return {unit for unit in DEPARTMENTS if now[unit] != before[unit]}

    assert concerned() == set()
    assert concerned(pending=501) == {"HT-SXD"}  # the warnings about it and about the province's sum say 501
    assert concerned(eligible=13) == {"HT-SCT"}  # compared with its June
    assert concerned(late=91) == {*DEPARTMENTS}  # ranked beside it
    assert concerned(because="đã hỏi lại") == {*DEPARTMENTS}  # the row of nobody is stated in every report
    told = [
        problems_of_units.accepted_within(facts.open_facts(house), [unit], [JULY]) for unit in DEPARTMENTS
    ]
    assert [[one.unit for one in found] for found in told] == [[""], [""], ["", "HT-SCT"]]


def test_concerns_come_in_the_order_of_the_problems(house):
    rows = [("HT-SXD", 1), ("HT-STP", 2), ("HT-SXD", 3), ("HT-SCT", 4)]
    found = [problem("warning", "noi-tiep", f"{at}.", unit=unit, window=JULY) for unit, at in rows]
    found.append(
        problem("warning", "noi-tiep", "5.", unit="HT-SXD", window=(date(2025, 6, 1), date(2025, 6, 30)))
    )
    store = facts.open_facts(house)
    vars(store)["_problems"] = problems_frame(found)
    about = problems_of_units.problems_about(store, ["HT-SXD", "HT-STP"], [JULY])
    assert [(one.unit, one.message[0]) for one in about] == [
        ("HT-SXD", "1"),
        ("HT-STP", "2"),
        ("HT-SXD", "3"),
    ]


def test_only_the_code_that_a_document_uses_concerns_it(tmp_path):
    folder = tmp_path / "baocao"
    shutil.copytree(module_hashes._PACKAGE, folder, ignore=shutil.ignore_patterns("__pycache__"))
    whole = module_hashes.Package(folder).used_by(["reports.open_memo"])
    assert {
        "reports.memo",
        "reports.exhibits",
        "writing.prose",
        "analysis.comparison",
        "definitions.periods",
        "publishing.deliver",
        "vanban.mplstyle",
    } <= set(whole)
    unused = (
        "reports/online_services.py",
        "app/cli.py",
        "readers/ii06/read.py",
        "store/load/commit.py",
    )
    for name in unused:
        (folder / name).write_text("# khác\n", encoding="utf-8")
    assert module_hashes.Package(folder).used_by(["reports.open_memo"]) == whole
    for name in (
        "reports/lists.py",
        "analysis/comparison.py",
        "publishing/letter.py",
        "reports/__init__.py",
    ):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\n# khác\n")
        now = module_hashes.Package(folder).used_by(["reports.open_memo"])
        assert now.keys() == whole.keys()
        assert now != whole
        whole = now


def test_a_notebook_says_what_it_uses(root):
    notebook = root / "notebooks" / "unit_briefing.ipynb"
    assert module_hashes.imported_by_notebook(notebook) == ["reports.FOR_ONE_UNIT", "reports.open_memo"]


@pytest.mark.parametrize(
    "text",
    [
        "import json; from baocao.analysis import comparison",
        "import pandas as pd, baocao.analysis.comparison",
        "if x: from baocao.analysis import comparison",
        "from baocao.analysis import (\n    scores,  # (names)\n    comparison,\n)",
        "%load_ext x\n!ls\nif True:\n    %time f()\n    from baocao.analysis import comparison",
        "import baocao\nbaocao.analysis.comparison.explain(row)",
        'importlib.import_module("baocao.analysis.comparison")',
        "names = !ls\nfrom baocao.analysis import comparison",  # not Python: by its lines
    ],
)
def test_however_a_cell_imports_a_module_it_is_found(text):
    assert "analysis.comparison" in module_hashes.imported(text)


def test_the_quick_reading_of_imports_is_enough_for_our_own_modules():
    package = module_hashes.Package()

    def modules(names: list[str]) -> set[str]:
        return {module for name in names for module in package._with_parents(name)}

    for name, text in package._texts.items():
        assert modules(module_hashes.imported(text)) <= {*modules(module_hashes.named(text)), name}, name


def test_what_a_module_beside_the_notebook_imports_concerns_its_document(house):
    helper = house / "notebooks" / "helper.py"
    helper.write_text("import json; from baocao.app import doctor\n", encoding="utf-8")
    noted, context = Reads(files=("notebooks/helper.py",)), BuildContext.open(house)
    assert "app.doctor" in cache_key.used_code(SPEC, noted, context)
    assert "app.doctor" not in cache_key.used_code(SPEC, Reads(), context)
    helper.unlink()
    assert "app.doctor" not in cache_key.used_code(SPEC, noted, BuildContext.open(house))


# --- what stands, and why the rest does not ----------------------------------------------------------------------
def test_touched_missing_and_added_files_are_made_again(briefing, house, tmp_path):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)
    context = BuildContext.open(house)

    def causes(given: dict | None = line, at: Path = folder) -> list[str]:
        found = up_to_date.why(given, SPEC, ["HT-STP"], at, context)
        assert bool(found) != up_to_date.stands(given, SPEC, ["HT-STP"], at, context)
        return found

    assert causes() == []
    assert causes(None) == ["chưa lập lần nào"]
    assert causes({**line, "reads": {}}) == ["lần lập trước không ghi lại đã dùng những gì"]
    assert causes({**line, "outcome": "failed in execution"}) == ["lần trước: lỗi khi chạy sổ tính"]
    assert causes(at=tmp_path / "không có") == ["tệp a.pdf đã mất"]
    (folder / ".DS_Store").touch()
    assert causes() == [], "what a file manager leaves is no reason"
    (folder / "b.pdf").write_bytes(b"1")
    assert causes() == ["có tệp lạ b.pdf"]
    (folder / "b.pdf").unlink()
    (folder / "a.pdf").write_bytes(b"2")
    assert causes() == ["tệp a.pdf đã bị sửa"]
    (folder / "a.pdf").unlink()
    (folder / "a.pdf").mkdir()
    assert causes() == ["tệp a.pdf đã bị sửa"]


@pytest.mark.parametrize("lost", ["modules", "libraries", "files", "facts", None])
def test_a_line_that_lacks_a_part_gives_no_cause_of_its_own(briefing, house, tmp_path, lost):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)
    parts = {name: part for name, part in line["reads"]["parts"].items() if name != lost} if lost else [1]
    kept = line | {"key": "", "reads": line["reads"] | {"parts": parts}}
    assert up_to_date.why(kept, SPEC, ["HT-STP"], folder, BuildContext.open(house)) == [
        "lần lập trước không ghi lại đã dùng những gì"
    ]


def test_a_document_without_data_stands_as_long_as_there_are_none(house, tmp_path):
    noted = Reads(facts=(FactRead("counts", ("HT-STP",), (("2025-05-01", "2025-05-31"),)),))
    made = Outcome("thu", "2025-05", ["HT-STP"], NO_DATA, "f", problems=["Chưa có."], reads=noted.as_json())
    spec, folder = replace(SPEC, period="2025-05"), tmp_path / "vb"
    folder.mkdir()
    folders.leave_notice(folder, made)
    line = asdict(up_to_date.seal(made, spec, BuildContext.open(house)))

    def causes() -> list[str]:
        found = up_to_date.why(line, spec, ["HT-STP"], folder, BuildContext.open(house))
        assert bool(found) != up_to_date.stands(line, spec, ["HT-STP"], folder, BuildContext.open(house))
        return found

    assert causes() == []
    notice = folder / NOTICE
    text = notice.read_bytes()
    notice.write_bytes(text + "Đã gọi điện.\n".encode())
    assert causes() == [f"tệp {NOTICE} đã bị sửa"]
    notice.unlink()
    assert causes() == [f"tệp {NOTICE} đã mất"]
    notice.write_bytes(text)
    with (house / "data" / "raw" / "a.csv").open("a", encoding="utf-8") as file:
        file.write("\n")  # not the file that was registered: an error, which no document survives
    assert causes() != []


def test_a_document_has_current_figures_whatever_else_has_changed(briefing, house, tmp_path):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)

    def current(given: dict = line, spec: Spec = SPEC) -> bool:
        return up_to_date.has_current_figures(given, spec, folder, BuildContext.open(house))

    assert current() and current(spec=replace(SPEC, letter={}, formats=("pdf",)))
    assert current({**line, "outcome": "kept"}) and not current({**line, "outcome": "no data"})
    assert not current({**line, "reads": {}}), "what was read is not known"
    assert not current({**line, "reads": {**line["reads"], "parts": {}}})
    for name, stays in (("notebooks/unit_briefing.ipynb", True), ("data/reference/targets.csv", False)):
        before = (house / name).read_bytes()
        (house / name).write_bytes(before.replace(b"memo", b"memo ", 1) + b"\n")
        assert current() == stays
        (house / name).write_bytes(before)
    correct(house, {("HT-SXD", "2025-06", "resolved_late"): 8})
    assert current(), "it did not read that"
    correct(house, {("HT-STP", "2025-06", "resolved_late"): 7})
    assert not current()
    correct(house, {})
    (folder / "ghi-chu.txt").touch()
    assert current()
    (folder / "a.pdf").write_bytes(b"2")
    assert not current(), "it is not the document that was delivered"


def test_an_error_of_its_own_figures_makes_a_document_doubtful(house, tmp_path):
    line = line_of(house, "HT-STP", Reads(), tmp_path / "vb")
    for unit, current in (("HT-SXD", True), ("HT-STP", False)):
        correct(house, {}, [(unit, "2024-05-01", "2024-05-31", "received", -5)])
        context = BuildContext.open(house)
        assert up_to_date.has_current_figures(line, SPEC, tmp_path / "vb", context) == current


def test_code_beside_the_notebook_holds_no_figures(house, tmp_path):
    for name in ("phu.py", "phu.csv"):
        path, folder = house / "notebooks" / name, tmp_path / name
        path.write_text("1", encoding="utf-8")
        line = line_of(house, "HT-STP", Reads(files=(f"notebooks/{name}",)), folder)
        path.write_text("2", encoding="utf-8")
        current = up_to_date.has_current_figures(line, SPEC, folder, BuildContext.open(house))
        assert current == (name == "phu.py")


def test_the_cause_is_told_in_words(root, briefing, house, tmp_path):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)

    def causes(spec: Spec = SPEC) -> list[str]:
        return up_to_date.why(line, spec, ["HT-STP"], folder, BuildContext.open(house))

    assert causes(replace(SPEC, letter={})) == ["báo cáo «thu» (tệp .yml, kỳ, đơn vị, định dạng) đã đổi"]
    told = {
        "_extensions/vanban/style-guide/README.md": "mẫu văn bản đã đổi",
        "requirements.lock": "phiên bản các thư viện (requirements.lock) đã đổi",
        "data/reference/targets.csv": "tệp đã đổi: data/reference/targets.csv",
    }
    for name, sentence in told.items():
        before = (house / name).read_bytes()
        (house / name).write_bytes(before + b"\n")
        assert causes() == [sentence]
        (house / name).write_bytes(before)
    path = house / "notebooks" / "unit_briefing.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[2].source += "\n# khác"
    nbformat.write(notebook, path)
    assert causes() == ["sổ tính unit_briefing đã đổi"]
    shutil.copyfile(root / "notebooks" / path.name, path)
    correct(house, {("HT-STP", "2025-06", "resolved_late"): 7, ("HT-SXD", "2025-06", "resolved_late"): 8})
    assert causes() == [
        "số liệu của Sở Tư pháp (HT-STP), tháng 6 năm 2025 đã đổi (Hồ sơ giải quyết quá hạn: 103 → 7)"
    ]  # the other department's June is not its matter
    correct(house, {(unit, "2025-07", name): 9 for unit in DEPARTMENTS for name in MEASURES[:2]})
    (told_all,) = causes()
    assert told_all.startswith("số liệu của Sở Công Thương (HT-SCT), tháng 7 năm 2025 đã đổi; ")
    shutil.rmtree(house / "data" / "derived")
    assert causes() == ["số liệu đã đổi"]


def test_a_notebook_run_and_saved_in_jupyterlab_rebuilds_nothing(briefing, house, tmp_path):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)
    path = house / "notebooks" / "unit_briefing.ipynb"
    notebook = nbformat.read(path, as_version=4)
    for number, cell in enumerate(notebook.cells):
        cell.metadata["collapsed"] = True
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text="in ra")]
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    notebook.cells.append(nbformat.v4.new_code_cell(""))
    nbformat.write(notebook, path)
    assert up_to_date.why(line, SPEC, ["HT-STP"], folder, BuildContext.open(house)) == []


def test_a_changed_module_is_named(briefing, house, tmp_path, monkeypatch):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)
    package = tmp_path / "baocao"
    shutil.copytree(module_hashes._PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))
    with (package / "analysis" / "comparison.py").open("a", encoding="utf-8") as file:
        file.write("\n# khác\n")
    context = BuildContext.open(house)
    cache_key.grounds(context).package = module_hashes.Package(package)
    assert up_to_date.why(line, SPEC, ["HT-STP"], folder, context) == [
        "mã chương trình đã đổi: analysis.comparison"
    ]
    cache_key.grounds(context).renderer = "quarto 1.9.38"
    assert "trình dựng đã đổi: embedded → quarto 1.9.38" in up_to_date.why(
        line, SPEC, ["HT-STP"], folder, context
    )


def test_a_run_without_a_record_has_a_coarse_key(house):
    context = BuildContext.open(house)
    keys_before = cache_key.parts_of(SPEC, ["HT-STP"], run_inputs.EVERYTHING, context)
    assert set(cache_key.used_code(SPEC, run_inputs.EVERYTHING, context)) >= {
        "app.cli",
        "readers.ii06.read",
        "reports.online_services",
    }

    def changed() -> set[str]:
        now = cache_key.parts_of(SPEC, ["HT-STP"], run_inputs.EVERYTHING, BuildContext.open(house))
        return {part for part in now if now[part] != keys_before[part]}

    for name in ("notebooks/helper.py", "notebooks/phu/a.csv", "data/khac/a.csv", "a.csv"):
        path = house / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("1", encoding="utf-8")
        assert changed() == {"files"}
        path.unlink()
    for name in ("data/derived/a.csv", "notebooks/khac.ipynb", "ra/ledger.json"):
        (house / name).parent.mkdir(exist_ok=True)
        shutil.copyfile(house / "notebooks" / "explore.ipynb", house / name)
    assert changed() == set()
    correct(house, {("HT-SCT", "2025-06", "resolved_late"): 7})
    assert changed() == {"files", "facts"}


def test_what_cannot_change_a_document_is_not_in_its_key(house):
    context = BuildContext.open(house)
    key = cache_key.key_of(SPEC, ["HT-STP"], Reads(), context)
    assert cache_key.key_of(replace(SPEC, timeout=7, per_unit=True), ["HT-STP"], Reads(), context) == key


def test_another_version_of_a_library_or_of_python_is_told(briefing, house, tmp_path, monkeypatch):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", briefing, folder)
    now = {**cache_key.versions_of_libraries(), "jinja2": "99.0", "Python": "9.9"}
    was = cache_key.versions_of_libraries()
    monkeypatch.setattr(cache_key, "versions_of_libraries", lambda: now)
    context = BuildContext.open(house)
    assert up_to_date.why(line, SPEC, ["HT-STP"], folder, context) == [
        f"thư viện jinja2 đã đổi: {was['jinja2']} → 99.0",
        f"thư viện Python đã đổi: {was['Python']} → 9.9",
    ]
    assert not up_to_date.stands(line, SPEC, ["HT-STP"], folder, context)


def test_places_that_moved_are_said_to_have_moved(house, tmp_path):
    folder = tmp_path / "vb"
    line = line_of(house, "HT-STP", Reads(facts=(FactRead("counts"),)), folder)
    raw = house / "data" / "raw"
    (raw / "a.csv").rename(raw / "b.csv")
    listing = (raw / "SOURCES.csv").read_text(encoding="utf-8")
    (raw / "SOURCES.csv").write_text(listing.replace("a.csv", "b.csv"), encoding="utf-8")
    assert up_to_date.why(line, SPEC, ["HT-STP"], folder, BuildContext.open(house)) == [
        "chỗ ghi số liệu trong tệp nguồn (tệp, trang, dòng) đã đổi"
    ]


def test_the_counts_of_stores_that_were_replaced_are_kept_for_a_while(house):
    mark = facts.open_facts(house).fingerprint[:16]
    assert find_earlier(house, mark) is None
    for value in range(10):
        correct(house, {("HT-SCT", "2025-06", "resolved_late"): value})
        facts.open_facts(house)
        assert (find_earlier(house, mark) is None) == (value > 7)


# --- the command ---------------------------------------------------------------------------------------------------
def test_nothing_changed_nothing_runs_one_figure_corrected_and_why(root, tmp_path):
    house = build_house(root, tmp_path / "nha")
    command = [
        sys.executable, "-m", "baocao", "build", "unit_briefing", "--units", ",".join(DEPARTMENTS), "--why", "--json",
        "--renderer", "embedded", "--out", "ra", "--format", "html", "--jobs", "1",
    ]  # fmt: skip

    def build() -> tuple[dict[str, str], str]:
        done = subprocess.run(
            command, cwd=house, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        return {line["units"][0]: line["outcome"] for line in json.loads(done.stdout)}, done.stderr

    first, said = build()
    assert set(first.values()) == {"built"}
    assert said.count("chưa lập lần nào") == 3
    files = {path: path.stat().st_mtime_ns for path in (house / "ra" / "2025-07").rglob("*.*")}
    again, said = build()
    assert set(again.values()) == {"unchanged"}
    assert said == ""
    assert {path: path.stat().st_mtime_ns for path in files} == files
    correct(house, {("HT-STP", "2025-06", "resolved_late"): 7})
    corrected, said = build()
    assert corrected == {"HT-STP": "built", "HT-SXD": "unchanged", "HT-SCT": "unchanged"}
    assert (
        "2025-07/unit_briefing--ht-stp-so-tu-phap: số liệu của Sở Tư pháp (HT-STP), tháng 6 năm 2025" in said
    )
