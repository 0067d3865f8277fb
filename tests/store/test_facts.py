"""The store: made from the listed files, the same for the same facts, made anew for any change, never half-made."""

from __future__ import annotations

import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest

from baocao.app.sample.province import write_sample
from baocao.definitions.errors import UserError
from baocao.definitions.periods import Period
from baocao.readers.problems import PROBLEM_COLUMNS
from baocao.readers.reading_result import COUNT_COLUMNS, SCORE_COLUMNS
from baocao.store import facts, frames
from baocao.store.frames import write_parquet
from baocao.store.synthetic.read import SAMPLE_FILE

COUNTS = "unit,period_start,period_end,measure,value"
ROWS = [
    "18229,2025-07-01,2025-07-24,filed_online,502",
    "18229,2025-07-01,2025-07-24,filed_direct,486",
    "18229,2025-07-25,2025-07-31,filed_online,150",
    "18229,2025-07-25,2025-07-31,filed_direct,140",
]
SCORES = "index,unit,period,as_of,component,score,maximum,rank,out_of"
SCORE = 'service_index,42,2025-07,2025-07-24,total,"78,18",100,1,34'


def put(house: Path, files: dict[str, list[str]], source: str = "received") -> None:
    """Writes the files (name: header and rows) to data/raw and registers them, in the order given."""
    listing = ["file,form,source,issuer,received,sha256,note"]
    for name, lines in files.items():
        path = house / "data" / "raw" / name
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        form = "scores" if lines[0] == SCORES else "counts"
        listing.append(f"{name},{form},{source},VP,2025-08-01,{sha256(path.read_bytes()).hexdigest()},")
    (house / "data" / "raw" / "SOURCES.csv").write_text("\n".join([*listing, ""]), encoding="utf-8")


def put_sample(house: Path, *rows: tuple) -> None:
    """A sample of these facts (unit, measure, value) for the first 24 days of July 2025."""
    columns = ["unit", "measure", "value", "period_start", "period_end"]
    days = (date(2025, 7, 1), date(2025, 7, 24))
    frame = pd.DataFrame([(*row, *days) for row in rows or [("18073", "filed_online", 9)]], columns=columns)
    (house / SAMPLE_FILE).parent.mkdir(parents=True)
    text, day = "VARCHAR", "DATE"
    types = {"unit": text, "period_start": day, "period_end": day, "measure": text, "value": "BIGINT"}
    write_parquet(frame, house / SAMPLE_FILE, types)


@pytest.fixture
def house(root, tmp_path) -> Path:
    """A project with the reference data and nothing received yet."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "raw").mkdir()
    return tmp_path


@pytest.fixture
def filled(house) -> Path:
    put(house, {"a.csv": [COUNTS, *ROWS], "b.csv": [SCORES, SCORE]})
    return house


@pytest.fixture
def rebuilt(monkeypatch) -> list[Path]:
    """The roots for which the store was made anew, as it happens."""
    roots: list[Path] = []
    real = facts.rebuild
    monkeypatch.setattr(facts, "rebuild", lambda root, vintage="": roots.append(root) or real(root, vintage))
    return roots


def test_the_frames_have_their_columns_and_plain_dates(filled):
    store = facts.open_facts(filled)
    assert list(store.counts.columns) == COUNT_COLUMNS
    assert list(store.scores.columns) == SCORE_COLUMNS
    assert list(store.problems.columns) == PROBLEM_COLUMNS
    assert store.problems.empty
    first = store.counts.iloc[0]
    assert (first["period_start"], first["file"], first["row"]) == (date(2025, 7, 1), "data/raw/a.csv", 3)
    assert type(first["period_start"]) is date
    score = store.scores.iloc[0]
    assert (score["as_of"], score["score"], score["rank"]) == (date(2025, 7, 24), 78.18, 1)


def test_a_period_is_counted_from_the_store(filled, register):
    store = facts.open_facts(filled)
    july = facts.counts_in(store, Period.parse("2025-07"), register)
    assert july.set_index("measure")["value"].to_dict() == {
        "filed_online": 652,
        "filed_direct": 626,
        "received": 1278,
    }
    assert facts.counts_in(store, Period.parse("2025-08"), register).empty


def test_several_periods_are_counted_from_one_reading(filled, register):
    store = facts.open_facts(filled)
    periods = [Period.parse(code) for code in ("2025-07", "2025-08", "2024-07", "2025-07-01..2025-07-24")]
    every = facts.counts_over(store, periods, register, store.measures)
    for period, table in zip(periods, every, strict=True):
        assert table.equals(facts.counts_in(store, period, register)), period
    (only,) = facts.counts_over(store, periods[:1], register, ["filed_online"], ["18229"])
    assert set(zip(only["unit"], only["measure"], strict=True)) <= {("18229", "filed_online")}
    (others,) = facts.counts_over(store, periods[:1], register, ["filed_online"], ["18073"])
    assert len(only) + len(others) == (every[0]["measure"] == "filed_online").sum()
    assert facts.counts_over(store, [], register, ["filed_online"]) == []


def test_an_empty_store_has_all_frames(house, register):
    put(house, {})
    store = facts.open_facts(house)
    assert [len(frame) for frame in (store.counts, store.scores)] == [0, 0]
    assert facts.counts_in(store, Period.parse("2025-07"), register).empty


def test_problems_are_told_without_a_store_as_with_one(house):
    put(house, {"a.csv": [COUNTS, *ROWS, "18229,2025-07-01,2025-07-31,pending,-1"]})
    told = facts.problems_now(house)
    assert not (house / "data" / "derived").exists()
    assert told["code"].tolist() == ["so-ho-so"]
    pd.testing.assert_frame_equal(told, facts.open_facts(house).problems)
    pd.testing.assert_frame_equal(told, facts.problems_now(house))


def test_the_store_is_made_once(filled, rebuilt):
    first, second = facts.open_facts(filled), facts.open_facts(filled)
    assert rebuilt == [filled]
    assert first.fingerprint == second.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda root: put(root, {"a.csv": [COUNTS, *ROWS[:3]]}),
        lambda root: (root / "data" / "raw" / "a.csv").write_text("x", encoding="utf-8"),
        lambda root: (root / "data" / "raw" / "more.csv").write_text("x", encoding="utf-8"),
        lambda root: (root / "data" / "reference" / "measures.csv").open("a").write("\n"),
        lambda root: put_sample(root),
        lambda root: shutil.rmtree(root / "data" / "derived" / "store"),
        lambda root: next((root / "data" / "derived" / "store").glob("*/scores.parquet")).unlink(),
        lambda root: (root / "data" / "derived" / "store" / "store.json").write_text("{", encoding="utf-8"),
    ],
)
def test_any_change_makes_the_store_anew(filled, rebuilt, change):
    facts.open_facts(filled)
    change(filled)
    facts.open_facts(filled)
    assert rebuilt == [filled, filled]


def test_the_fingerprint_is_of_what_is_said_not_of_where(filled, tmp_path):
    fingerprint = facts.rebuild(filled).fingerprint
    put(
        filled,
        {"z.csv": [SCORES, SCORE], "b.csv": [COUNTS, *ROWS[::-1][:2]], "a.csv": [COUNTS, "", *ROWS[:2]]},
    )
    assert facts.rebuild(filled).fingerprint == fingerprint
    put(filled, {"a.csv": [COUNTS, *ROWS[:3], ROWS[3].replace("140", "141")], "b.csv": [SCORES, SCORE]})
    assert facts.rebuild(filled).fingerprint != fingerprint
    put(filled, {"a.csv": [COUNTS, *ROWS], "b.csv": [SCORES, SCORE]}, source="published")
    assert facts.rebuild(filled).fingerprint != fingerprint


def test_a_rebuild_that_dies_leaves_the_old_store(filled, monkeypatch):
    before = facts.open_facts(filled)
    monkeypatch.setattr(frames, "write_parquet", lambda *given: (_ for _ in ()).throw(KeyboardInterrupt))
    put(filled, {"a.csv": [COUNTS, *ROWS[:1]]})
    with pytest.raises(KeyboardInterrupt):
        facts.open_facts(filled)
    assert len(before.counts) == 4
    monkeypatch.undo()
    assert len(facts.open_facts(filled).counts) == 1
    left = {path.name for path in (filled / "data" / "derived" / "store").iterdir()}
    assert len(left) == 2
    assert "store.json" in left


def test_facts_whose_store_was_replaced_say_so(filled):
    old = facts.open_facts(filled)
    put(filled, {"a.csv": [COUNTS, *ROWS[:1]]})
    facts.open_facts(filled)
    with pytest.raises(UserError, match="vừa được dựng lại"):
        _ = old.counts


def test_faults_of_all_files_come_together_errors_first(house):
    bad = ["nowhere,2025-07-01,2025-07-24,filed_online,5", "18229,2025-07-01,2025-07-24,received,989"]
    dotted = SCORE.replace('"78,18"', "78.18")
    put(house, {"s.csv": [SCORES, dotted], "a.csv": [COUNTS, *ROWS], "b.csv": [COUNTS, *bad]})
    problems = facts.open_facts(house).problems
    listed = list(
        zip(problems["severity"], problems["file"], problems["row"], problems["column"], strict=True)
    )
    assert listed == [
        ("error", "data/raw/b.csv", 2, "unit"),
        ("error", "data/raw/b.csv", 3, "Hồ sơ tiếp nhận trong kỳ"),
        ("warning", "data/raw/s.csv", 2, "score"),
    ]


def test_files_that_contradict_each_other_are_both_named(house):
    put(house, {"a.csv": [COUNTS, *ROWS], "b.csv": [COUNTS, ROWS[0].replace("502", "503"), ROWS[1]]})
    store = facts.open_facts(house)
    listed = list(zip(store.problems["severity"], store.problems["file"], store.problems["row"], strict=True))
    assert listed == [
        ("error", "data/raw/a.csv", 2),
        ("error", "data/raw/b.csv", 2),
        ("warning", "data/raw/b.csv", None),
    ]
    assert "dòng 2 của data/raw/b.csv" in store.problems["message"][0]
    assert len(store.counts) == 3


def test_the_sample_is_read_beside_the_files_and_named_as_such(filled, register):
    put_sample(filled, ("18229", "filed_online", 500), ("18073", "filed_online", 9))
    store = facts.open_facts(filled)
    july = facts.counts_in(store, Period.parse("2025-07-01..2025-07-24"), register)
    held = july.set_index(["unit", "measure"])
    assert held.loc[("18229", "filed_online"), ["value", "source"]].tolist() == [502, "received"]
    assert held.loc[("18073", "filed_online"), ["value", "source"]].tolist() == [9, "sample"]
    assert store.problems.empty  # made-up figures do not contradict received ones


def test_a_sample_of_units_that_are_no_more_is_named_like_any_file(filled):
    put_sample(filled, ("440", "filed_online", 500), ("18073", "pending", -1))
    found = facts.open_facts(filled).problems.to_dict("records")
    assert [(one["severity"], one["row"], one["column"]) for one in found] == [
        ("error", 3, "value"),
        ("error", 2, "unit"),
    ]


def test_a_broken_file_below_derived_is_the_users_to_delete(filled):
    put_sample(filled)
    (filled / SAMPLE_FILE).write_bytes(b"PAR1")
    with pytest.raises(UserError, match="hãy xóa thư mục data/derived"):
        facts.open_facts(filled)


def test_the_projects_own_files_hold_no_error(root, house):
    shutil.copytree(root / "data" / "raw", house / "data" / "raw", dirs_exist_ok=True)
    write_sample(house)
    store = facts.open_facts(house)
    assert not (store.problems["severity"] == "error").any(), store.problems.to_string()
    assert set(store.problems["value"]) == {"35.501"}
    provinces = store.scores[(store.scores["period"] == "2026") & (store.scores["component"] == "total")]
    assert len(provinces) == 34
    assert isinstance(store.scores, pd.DataFrame)


def test_a_problem_of_a_whole_file_has_no_row(house):
    (house / "data" / "raw" / "a.csv").write_text("x", encoding="utf-8")
    found = facts.open_facts(house).problems
    assert found["message"].str.startswith("Thiếu danh sách").tolist() == [True]
    assert found["row"].tolist() == [None]
    assert found.fillna("").to_csv(index=False, sep="\t")
