"""Reports made from loaded files: the same figures as from the facts that the files were written from."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from baocao.app.sample.dossiers import write_dossiers
from baocao.app.sample.province import remove_sample, write_sample
from baocao.definitions.periods import Period
from baocao.publishing.context import BuildContext
from baocao.publishing.spec import find_spec, load_spec
from baocao.store import facts
from baocao.store.load import commit
from baocao.store.load.candidates import make_options
from conftest import copy_project, deliver

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_ii06

JULY = (date(2025, 7, 1), date(2025, 7, 31))
COLUMNS = (
    "filed_online", "filed_direct", "carried_over", "resolved_early", "resolved_on_time", "resolved_late",
    "pending_in_time", "pending_overdue",
)  # fmt: skip


@pytest.fixture
def project(root, tmp_path) -> Path:
    """A project of which nothing is known but what is loaded and published."""
    house = copy_project(root, tmp_path / "house")
    remove_sample(house)
    return house


def build(house: Path, name: str, period: str, units: tuple[str, ...]):
    spec = load_spec(house, find_spec(house, name)).for_period(period)
    return deliver(replace(spec, units=units), house / "out", BuildContext.open(house))


def test_the_form_written_from_facts_gives_the_facts_and_the_report(root, project, register, tmp_path):
    """Biểu II.06 of July, written from the sample's facts of every unit, loaded where no sample is."""
    sampled = copy_project(root, tmp_path / "sampled")
    write_sample(sampled)
    held = facts.open_facts(sampled).counts
    july = held[(held["period_start"] == JULY[0]) & (held["source"] == "sample")]
    end = july["period_end"].max()
    july = july[july["measure"].isin(COLUMNS) & (july["period_end"] == end)]
    table = july.pivot_table(index="unit", columns="measure", values="value", aggfunc="sum")[list(COLUMNS)]
    there = {unit.code: unit for unit in register.on(end)}
    blocks = {"department": ("I", "Sở, ban, ngành"), "land_office": ("", "Chi nhánh Văn phòng Đăng ký đất đai"),
              "commune": ("II", "Xã, phường, thị trấn")}  # fmt: skip
    members = {kind: [code for code in table.index if there[code].kind == kind] for kind in blocks}
    rows = {code: table.loc[code].astype(int).tolist() for codes in members.values() for code in codes}
    grid = make_ii06.Grid("II.06")
    days = f"(Từ ngày 01/7/2025 đến ngày {end.day:02d}/7/2025)"
    make_ii06.put_heading(grid, "UBND tỉnh Hà Tĩnh", "", days)
    make_ii06.put_header(grid, "Đơn vị")
    for kind, (ordinal, label) in blocks.items():
        inside = [rows[code] for code in members[kind]]
        if kind == "department":
            inside += [rows[code] for code in members["land_office"]]
        make_ii06.put_row(grid, ordinal, label, make_ii06.added(inside) if ordinal else None)
        for at, code in enumerate(members[kind], 1):
            make_ii06.put_row(grid, at, there[code].full_name, rows[code])
    make_ii06.put_row(grid, "", "Tổng cộng", make_ii06.added(list(rows.values())))
    path = make_ii06.write_xlsx(tmp_path / "ii06.xlsx", grid)
    found, store = commit.load_files(project, [path], make_options(received="2025-08-01"))
    assert store is not None, found.problems.to_string()
    period = Period.parse(f"{JULY[0]}..{end}")
    read = facts.counts_in(store, period, register).set_index(["unit", "measure"])
    for code, row in rows.items():
        assert [int(read.loc[(code, name), "value"]) for name in COLUMNS] == row, code
        assert read.loc[(code, "pending"), "source"] == "received"
    outcome = build(project, "processing", period.code, ("communes",))
    assert (outcome.outcome, outcome.problems) == ("built", [])
    assert "SỐ LIỆU MẪU" not in next((project / "out" / outcome.folder).glob("*.html")).read_text(
        encoding="utf-8"
    )


def test_dossiers_loaded_make_reports(project, tmp_path):
    """Dossiers of more than a year to monthly facts, and from these the briefing of a commune and the report."""
    path = write_dossiers(project, 30_000, tmp_path / "ho-so.parquet")
    found, store = commit.load_files(project, [path], make_options(received="2025-08-01"))
    assert store is not None, found.problems.to_string()
    last = store.counts.loc[store.counts["source"] == "received", "period_end"].max()
    month = f"{last:%Y-%m}"
    commune = next(
        code
        for code in store.counts.loc[store.counts["period_end"] == last, "unit"]
        if code.isdigit() and len(code) == 5
    )
    for name, units in (("unit_briefing", (commune,)), ("processing", ("42",))):
        outcome = build(project, name, month, units)
        assert (outcome.outcome, outcome.problems) == ("built", []), name
