"""What a worker computes once for many documents is what each of them would compute for itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from baocao.analysis.results import History
from baocao.definitions.periods import Period
from baocao.definitions.targets import load_targets
from baocao.definitions.units import load_register
from baocao.publishing import fork_server, prewarm, worker
from baocao.publishing.execute import execute
from baocao.publishing.spec import Spec
from baocao.store import facts, process_cache
from baocao.writing import prose
from conftest import make_project, write_memo

SPEC = Spec("thu", "unit_briefing", "2025-07", ("all",))
MEASURES = (
    "filed_online",
    "filed_direct",
    "online_base",
    "resolved_on_time",
    "resolved_late",
    "pending_in_time",
)
MONTHS = ("2024-07", "2025-05", "2025-06", "2025-07")


@pytest.fixture(scope="module")
def house(root, tmp_path_factory) -> Path:
    """Figures of every tenth unit, each a different number."""
    register, rows = load_register(root), []
    for code in MONTHS:
        month = Period.parse(code)
        for at, unit in enumerate(register.on(month.end)):
            if unit.kind in ("department", "commune", "district") and at % 10 < 4:
                rows += [
                    (unit.code, month.start, month.end, measure, 1_000 + 7 * at + place)
                    for place, measure in enumerate(MEASURES)
                ]
    house = make_project(root, tmp_path_factory.mktemp("am") / "nha", {"a.csv": ("received", rows)})
    (house / "notebooks").mkdir()
    name = "unit_briefing.ipynb"
    (house / "notebooks" / name).write_bytes((root / "notebooks" / name).read_bytes())
    return house


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(process_cache, "_kept", None)


def units_of(house: Path) -> list[str]:
    store = facts.open_facts(house)
    found = store.counts[store.counts["period_start"] == date(2025, 7, 1)]
    return sorted(set(found["unit"]))[::6]


def written(house: Path, unit: str) -> tuple:
    written = write_memo(house, "unit_briefing", "2025-07", [unit])
    return written.printed, written.memo.record()._repr_mimebundle_()


def test_warm_briefings_say_what_cold_ones_say(house):
    units = units_of(house)
    assert len(units) > 4
    cold = {unit: written(house, unit) for unit in units}
    prewarm.warm(house, [Spec("thu", "unit_briefing", "2025-07", tuple(units))])
    assert {unit: written(house, unit) for unit in units} == cold


def test_a_warm_briefing_asks_nothing_of_the_store(house, monkeypatch):
    units = units_of(house)
    prewarm.warm(house, [Spec("thu", "unit_briefing", "2025-07", tuple(units))])
    monkeypatch.setattr(facts.Facts, "counts_inside", lambda *given: pytest.fail("read again"))
    monkeypatch.setattr(facts, "read_last_day", lambda *given: pytest.fail("read again"))
    written(house, units[0])


def test_a_warm_briefing_compiles_no_template(house, tmp_path):
    units = tuple(units_of(house)[:2])
    prewarm.warm(house, [Spec("thu", "unit_briefing", "2025-07", units)])
    before = prose.compile_prose.cache_info()
    notebook, parameters = (
        house / "notebooks" / "unit_briefing.ipynb",
        {"period": "2025-07", "units": [units[0]]},
    )
    execute(notebook, parameters, tmp_path / "a.ipynb", house, engine="baocao")
    after = prose.compile_prose.cache_info()
    assert (after.misses, after.hits > before.hits) == (before.misses, True)


def test_a_briefing_alone_reads_the_store_at_once_for_all_its_peers(house, monkeypatch):
    asked, inside = [], facts.Facts.counts_inside
    monkeypatch.setattr(facts.Facts, "counts_inside", lambda *given: asked.append(given) or inside(*given))
    written(house, units_of(house)[0])
    assert len(asked) < 25, (
        "not once for each unit that it is ranked among, 69 communes or 14 departments in 16 periods"
    )


def test_a_process_that_is_warm_has_no_thread_left_and_may_fork(house):
    before = fork_server.threads()
    prewarm.warm(house, [Spec("thu", "unit_briefing", "2025-07", ("HT-STP", "HT-SXD"))])
    assert fork_server.threads() == before


def test_what_cannot_be_prepared_is_left_to_the_documents(house):
    for period, units in (("2025-07", ("không có", "HT-STP")), ("1999-07", ("HT-STP", "HT-SXD"))):
        assert prewarm.warm(house, [Spec("thu", "unit_briefing", period, units)]) is None


def test_a_file_that_changed_is_seen_by_every_process_but_a_warm_one(house):
    first = facts.open_facts(house)
    assert facts.open_facts(house) is not first
    process_cache.keep()
    assert facts.open_facts(house) is facts.open_facts(house)


def test_jobs_that_share_what_they_read_are_warmed_as_one():
    jobs = [
        Spec("a", "unit_briefing", "2025-07", ("1",)),
        Spec("b", "unit_briefing", "2025-07", ("2",), letter={"luu": "VT"}),
        Spec("a", "unit_briefing", "2025-06", ("1",)),
        Spec("a", "unit_briefing", "2025-07", ("1",), parameters={"vintage": "3"}),
    ]
    assert [(one.period, one.units, one.vintage) for one in prewarm.gathered(jobs)] == [
        ("2025-07", ("1", "2"), ""), ("2025-06", ("1",), ""), ("2025-07", ("1",), "3"),
    ]  # fmt: skip


def test_a_figure_does_not_depend_on_what_was_asked_before_it_or_with_it(house):
    register, targets, period = load_register(house), load_targets(house), Period.parse("2025-07")
    units = [register.get(code, period.end) for code in ("42", "HT-STP", *units_of(house)[:3])]
    names = ["filed_online", "received", "online_share", "on_time_rate"]
    alone = [
        History(facts.open_facts(house), register, targets).results([name], [unit], period)
        for name in names for unit in units
    ]  # fmt: skip
    one = History(facts.open_facts(house), register, targets)
    one.results(names[::-1], units[:2], period)
    one.series(["online_share"], units[::-1], [Period.parse(code) for code in MONTHS], period)
    pd.testing.assert_frame_equal(one.results(names, units, period), pd.concat(alone, ignore_index=True))


def test_a_worker_loads_what_the_cells_of_python_import(tmp_path):
    cells = [
        "%%vanban\nĐoạn văn {{ when }}.", "%matplotlib inline\nfrom baocao.reports import open_memo", "import baocao.analysis",
    ]  # fmt: skip
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    nbformat.write(made, tmp_path / "a.ipynb")
    assert worker.modules_of([tmp_path / "a.ipynb"]) == ["baocao.analysis", "baocao.reports.open_memo"]


def in_order(counts: pd.DataFrame) -> pd.DataFrame:
    return counts.sort_values(list(counts.columns), ignore_index=True)


def test_both_orders_of_the_store_hold_the_same_counts(house):
    store = facts.open_facts(house)
    spans = [(date(2025, 6, 1), date(2025, 6, 30)), (date(2024, 7, 1), date(2024, 7, 31))]
    every = in_order(store.counts_inside(spans, ["filed_online", "online_base"]))
    for codes in (["HT-STP"], units_of(house)[:5], sorted(set(every["unit"])), [], ["không có"]):
        some = in_order(store.counts_inside(spans, ["filed_online", "online_base"], codes))
        expected = every[every["unit"].isin(codes)].reset_index(drop=True)
        pd.testing.assert_frame_equal(some, expected, check_dtype=bool(len(expected)))
    assert store.counts_inside(spans, []).empty
