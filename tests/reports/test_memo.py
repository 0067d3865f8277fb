"""A memo in its notebook: both engines write the same, what is refused is one sentence, values outlive their cell."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from baocao.definitions import Period, UserError
from baocao.publishing.execute import execute
from baocao.reports.memo import Memo, open_memo
from conftest import make_project, write_memo

UNITS, MONTHS = ("HT-STP", "HT-SXD", "HT-SCT"), ("2025-06", "2025-07")
MEASURES = (
    "filed_online",
    "filed_direct",
    "resolved_on_time",
    "resolved_late",
    "pending_in_time",
    "pending_overdue",
)


@pytest.fixture(scope="module")
def house(root, tmp_path_factory) -> Path:
    """Three departments in two months, each figure another one."""
    rows = [
        (unit, Period.parse(month).start, Period.parse(month).end, measure, 1000 + 100 * at + 10 * of_month + place)
        for at, unit in enumerate(UNITS)
        for of_month, month in enumerate(MONTHS)
        for place, measure in enumerate(MEASURES)
    ]  # fmt: skip
    house = make_project(root, tmp_path_factory.mktemp("memo") / "nha", {"a.csv": ("received", rows)})
    shutil.copytree(root / "notebooks", house / "notebooks")
    return house


@pytest.fixture(scope="module")
def memo(house) -> Memo:
    return open_memo("2025-07", ["HT-STP"], start=house)


def run(house: Path, engine: str, target: Path, *cells: str) -> nbformat.NotebookNode:
    """The notebook of the briefing, with these cells after the one that opens it, run by one of the engines."""
    notebook = nbformat.read(house / "notebooks" / "unit_briefing.ipynb", as_version=4)
    place = next(at for at, cell in enumerate(notebook.cells, 1) if cell.id == "open")
    own = [nbformat.v4.new_code_cell(cell, id=f"own-{number}") for number, cell in enumerate(cells)]
    notebook.cells[place:] = own or notebook.cells[place:]
    nbformat.write(notebook, target / "a.ipynb")
    parameters = {"period": "2025-07", "units": ["HT-STP"]}
    return execute(target / "a.ipynb", parameters, target / f"{engine}.ipynb", house, engine=engine)


def printed(notebook: nbformat.NotebookNode) -> list[tuple[str, str]]:
    """What each cell prints, as `WrittenMemo.printed`."""
    told = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            told.append((cell.id, cell.source))
        for output in cell.get("outputs", []):
            told.append((cell.id, output["data"].get("text/markdown", "").strip("\n")))
    return [(cell, text) for cell, text in told if text]


def test_both_engines_and_the_tests_write_the_same(house, tmp_path):
    ours, kernels = (run(house, engine, tmp_path) for engine in ("baocao", "kernel"))
    assert ours.cells == kernels.cells
    assert printed(ours) == write_memo(house, "unit_briefing", "2025-07", ["HT-STP"]).printed


@pytest.mark.parametrize("engine", ["baocao", "kernel"])
@pytest.mark.parametrize(
    "cell", ["%%vanban\nCó {{ receivd }} hồ sơ.", "memo.figures.get('receivd', subject.unit)"]
)
def test_what_a_cell_refuses_is_one_sentence(house, tmp_path, engine, cell):
    with pytest.raises(UserError, match="tên «receivd»; các tên gần nhất: received"):
        run(house, engine, tmp_path, cell)


def test_a_value_of_an_earlier_cell_is_printed_as_what_it_is(memo):
    memo.figures.begin_cell("names")
    whose = f"của {memo.subject}"
    memo.figures.begin_cell("text")
    late = memo.figures.get("resolved_late", memo.subject.unit)
    assert memo.say(f"Có {late} hồ sơ quá hạn {whose}.").endswith("Sở Tư pháp</span>.\n")


def test_a_value_of_an_earlier_memo_is_refused(house, memo):
    again = open_memo("2025-06", ["HT-STP"], start=house)
    with pytest.raises(UserError, match="lần mở báo cáo trước"):
        again.say(f"Đơn vị {memo.subject} và {again.subject}.")


def test_a_cell_that_only_names_a_figure_shows_no_other_unit(memo):
    late = memo.figures.get("resolved_late", memo.subject.unit)
    shown = repr([late, late.rank, late.change(memo.bases[0]), memo.bases[0].relative])
    of = "Hồ sơ giải quyết quá hạn, Sở Tư pháp, tháng 7 năm 2025: 1.013"
    assert shown == f"[{of}, Rank ({of}), Change ({of}), Words]"
