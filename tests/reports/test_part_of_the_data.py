"""Papers made while some units, or some months, have not reported: nothing is called the province that is not."""

from __future__ import annotations

import csv
import html
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from baocao.app.sample.province import remove_sample
from baocao.definitions import Period
from baocao.publishing.context import BuildContext
from baocao.publishing.spec import find_spec, load_spec
from baocao.store.load import commit
from baocao.store.load.candidates import make_options
from conftest import copy_project, deliver

COLUMNS = (
    "filed_online", "filed_direct", "carried_over", "resolved_early", "resolved_on_time", "resolved_late",
    "pending_in_time", "pending_overdue",
)  # fmt: skip
USUAL = (80, 20, 10, 60, 25, 5, 18, 2)
WITHOUT_FAULT = (80, 20, 10, 60, 30, 0, 20, 0)
NONE = (0,) * 8
JULY, AUGUST, SEPTEMBER = (Period.parse(f"2025-{month:02}") for month in (7, 8, 9))


@pytest.fixture
def project(root, tmp_path) -> Path:
    """A project of which nothing is known but what is loaded and published."""
    house = copy_project(root, tmp_path / "house")
    remove_sample(house)
    return house


@pytest.fixture
def alive(register) -> dict[str, list[str]]:
    """The codes of July 2025 by kind."""
    units = register.on(JULY.end)
    return {kind: [one.code for one in units if one.kind == kind] for kind in ("department", "commune")}


@pytest.fixture
def load(project, tmp_path):
    """Loads figures given as {unit: the columns of II.06} of one period."""

    def load(period: Period, figures: dict[str, tuple[int, ...]]) -> None:
        path = tmp_path / f"so-lieu-{period.code}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["unit", "period_start", "period_end", "measure", "value"])
            for unit, values in figures.items():
                for measure, value in zip(COLUMNS, values, strict=True):
                    rows.writerow([unit, period.start, period.end, measure, value])
        found, store = commit.load_files(project, [path], make_options(received=f"{date(2025, 10, 1)}"))
        assert store is not None, found.problems.to_string()

    return load


@pytest.fixture
def say(project):
    """The words of a finished paper, tags removed."""

    def say(name: str, period: str, *units: str) -> str:
        spec = load_spec(project, find_spec(project, name)).for_period(period)
        out = project / "out"
        outcome = deliver(replace(spec, units=units), out, BuildContext.open(project))
        assert (outcome.outcome, outcome.problems) == ("built", [])
        page = (out / outcome.folder / f"{outcome.stem}.html").read_text(encoding="utf-8")
        body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u2060", "").split())

    return say


def test_departments_alone_are_not_the_province(load, say, alive):
    load(JULY, dict.fromkeys(alive["department"], USUAL))
    total = f"{sum(USUAL[:2]) * len(alive['department']):,}".replace(",", ".")
    briefing = say("unit_briefing", "2025-07", "HT-SNV")
    received = re.search(r"Hồ sơ tiếp nhận trong kỳ (.+?) Kỳ trước chuyển qua", briefing)[1].split()
    assert received[:3] == ["100", total, "–"]  # the unit, its group, the province
    assert "Số của tỉnh Hà Tĩnh chưa gồm" in briefing
    report = say("processing", "2025-07", "42")
    assert f"của các đơn vị đã có số liệu (chưa gồm {13 + 69} đơn vị chưa có đủ số liệu)" in report
    assert "hai cấp chính quyền" not in report


def test_what_a_form_of_two_communes_states_as_the_level_s_is_not(load, say, alive):
    two = alive["commune"][:2]
    sums = tuple(2 * value for value in USUAL)
    load(JULY, dict.fromkeys(two, USUAL) | {"42X": sums, "42": sums})
    report = say("processing", "2025-07", "42")
    assert "của các đơn vị đã có số liệu (chưa gồm" in report
    assert "hai cấp chính quyền" not in report
    assert "Có 02 đơn vị có hồ sơ quá hạn" in report and "chưa kể đơn vị chưa có số liệu" in report
    briefing = say("unit_briefing", "2025-07", two[0])
    assert "số chưa gồm đủ thì không ghi" in briefing
    assert "Nộp trực tuyến trên tổng số hồ sơ: chưa có bảng theo dõi" in briefing


def test_what_a_level_reported_is_no_part_of_a_sum_of_units(load, say, alive):
    load(
        JULY,
        dict.fromkeys(alive["department"][:2], USUAL)
        | {alive["commune"][0]: USUAL, "42X": tuple(100 * value for value in USUAL)},
    )
    report = say("processing", "2025-07", "42")
    assert "của các đơn vị đã có số liệu (chưa gồm" in report
    assert "tiếp nhận trong kỳ 300 hồ sơ;" in report
    assert "trong đó: cấp xã" not in report


def test_a_month_of_one_unit_does_not_fill_the_others(load, say, alive):
    everyone = alive["department"] + alive["commune"]
    for month in (JULY, AUGUST):
        load(month, dict.fromkeys(everyone, USUAL))
    load(SEPTEMBER, {alive["commune"][0]: USUAL})
    report = say("processing", "2025-Q3", "42")
    assert "của các đơn vị đã có số liệu (chưa gồm" in report
    assert f"{len(everyone) * 200 + 100:,}".replace(",", ".") not in report


def test_a_window_past_the_data_is_refused_with_their_last_day(load, project, alive):
    load(JULY, dict.fromkeys(alive["commune"], USUAL))
    spec = load_spec(project, find_spec(project, "processing")).for_period("2025-Q3")
    outcome = deliver(replace(spec, units=("42",)), project / "out", BuildContext.open(project))
    assert outcome.outcome == "no data"
    assert "31/07/2025" in " ".join(str(one) for one in outcome.problems)


def test_a_unit_without_dossiers_is_neither_praised_nor_blamed(load, say, alive):
    others = dict.fromkeys(alive["department"], USUAL)
    load(JULY, others | {"HT-TTT": NONE})
    briefing = say("unit_briefing", "2025-07", "HT-TTT")
    assert briefing.count("không phát sinh hồ sơ") == 1
    for praise in ("từ mức chung trở lên", "tiếp tục duy trì", "Giải quyết dứt điểm"):
        assert praise not in briefing
    assert "Thanh tra tỉnh đạt" not in say("processing", "2025-07", "42")


def test_a_share_above_the_whole_is_printed_where_two_forms_say_so(load, say, alive, project, tmp_path):
    """Filed online by Biểu II.06 and the tracking table's total: two forms, one of which may count fewer."""
    load(JULY, dict.fromkeys(alive["department"], USUAL))
    path = tmp_path / "theo-doi.csv"
    rows = "".join(f"{unit},2025-07-01,2025-07-31,online_base,79\n" for unit in alive["department"])
    path.write_text(f"unit,period_start,period_end,measure,value\n{rows}", encoding="utf-8")
    assert commit.load_files(project, [path], make_options(received="2025-10-01"))[1] is not None
    assert "101,27%" in say("unit_briefing", "2025-07", "HT-SNV")
    assert "101,27%" in say("processing", "2025-07", "departments")
