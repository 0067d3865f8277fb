"""Every frame is held to its shape: what may not be is named with file, sheet, row and column, all of it at once."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pandas as pd
import pytest

from baocao.readers.own_forms import read_counts, read_scores
from baocao.readers.problems import PROBLEM_COLUMNS, problems_frame
from baocao.readers.reading_result import COUNT_COLUMNS, SCORE_COLUMNS, no_counts, no_scores
from baocao.store import schemas
from conftest import read_form

FILE = "data/raw/x.xlsx"
DAYS = (date(2025, 7, 1), date(2025, 7, 31))


def counts(**changed) -> pd.DataFrame:
    """Three facts; `changed` replaces a column's values."""
    rows = [
        ("18229", *DAYS, name, at, "received", FILE, "II.06", at + 9)
        for at, name in enumerate(["a", "b", "c"])
    ]
    return pd.DataFrame(rows, columns=COUNT_COLUMNS).assign(**changed)


def scores(**changed) -> pd.DataFrame:
    row = [
        "service_index",
        "42",
        "2025-07",
        date(2025, 7, 24),
        "total",
        78.18,
        100.0,
        1,
        34,
        "received",
        FILE,
        "",
        2,
    ]
    frame = pd.DataFrame([row], columns=SCORE_COLUMNS).astype({"rank": "Int64", "out_of": "Int64"})
    return frame.assign(**changed)


def told(found: pd.DataFrame) -> list[tuple]:
    return list(zip(found["file"], found["sheet"], found["row"], found["column"], strict=True))


# --- right frames ------------------------------------------------------------------------------------------------
def test_right_frames_have_no_problems():
    assert schemas.check_frames(counts(), scores()).empty
    assert schemas.check_frames(no_counts(), no_scores()).empty
    assert list(schemas.check_frames(counts(), scores()).columns) == PROBLEM_COLUMNS
    missing = scores(as_of=None, score=float("nan"), rank=pd.array([pd.NA], "Int64"))
    assert schemas.check_frames(counts(), missing).empty


def test_the_shapes_have_the_columns_of_the_frames(root):
    assert list(schemas.schemas()[schemas.COUNTS].columns) == COUNT_COLUMNS
    assert list(schemas.schemas()[schemas.SCORES].columns) == SCORE_COLUMNS


def test_what_the_readers_make_is_right(root, register):
    from baocao.definitions.measures import load_measures

    raw = root / "data" / "raw"
    given = (register, load_measures(root), "published", root)
    counts = read_form(read_counts, raw / "bao_cao_da_cong_bo_so_lieu.csv", *given)
    scores = read_form(read_scores, raw / "766_tinh_2026-10-06.csv", *given)
    assert len(counts.counts) and len(scores.scores)
    assert schemas.check_frames(counts.counts, scores.scores).empty
    assert counts.problems.empty and scores.problems.empty


# --- wrong cells -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changed", "column", "rows", "words"),
    [
        ({"value": [0, -1, 2]}, "value", [10], "nhận được «-1», cần số nguyên từ 0 trở lên"),
        ({"value": [0, 1.5, "2"]}, "value", [10, 11], "cần số nguyên"),
        ({"value": True}, "value", [9, 10, 11], "cần số nguyên"),
        ({"period_start": [DAYS[0], None, DAYS[0]]}, "period_start", [10], "nhận được trống, cần ngày"),
        ({"period_start": [DAYS[0], "2025-07-01", DAYS[0]]}, "period_start", [10], "cần ngày từ năm 1990"),
        ({"period_end": [*DAYS, date(2205, 7, 1)]}, "period_end", [11], "đến năm 2100"),
        ({"period_start": [date(2025, 8, 1), *[DAYS[0]] * 2]}, "period_end", [9], "không sau ngày cuối kỳ"),
        ({"unit": ["18229", "Đức Thọ", ""]}, "unit", [10, 11], "cần mã đơn vị"),
        ({"measure": ["a", "a", "c"]}, "unit", [9, 10], "trùng dòng khác theo unit, period_start"),
        ({"source": "lạ"}, "source", [9, 10, 11], "cần một trong: received, published, sample"),
        ({"sheet": ["a\u202eb", "", ""]}, "sheet", [9], "chữ viết gọn"),
    ],
)
def test_a_wrong_cell_is_named(changed, column, rows, words):
    found = schemas.check_frames(counts(**changed), no_scores())
    assert [(one[0], one[2], one[3]) for one in told(found)] == [(FILE, row, column) for row in rows]
    assert all(words in message for message in found["message"]), found["message"].tolist()
    assert set(found["severity"]) == {"error"} and set(found["code"]) == {"khung-du-lieu"}


@pytest.mark.parametrize(
    ("changed", "column"),
    [
        ({"score": 101.0}, "maximum"),
        ({"rank": pd.array([35], "Int64")}, "out_of"),
        ({"rank": pd.array([0], "Int64")}, "rank"),
        ({"period": "tháng 7"}, "period"),
        ({"score": -1.0}, "score"),
        ({"index": "Chỉ số"}, "index"),
    ],
)
def test_a_wrong_score_is_named(changed, column):
    assert told(schemas.check_frames(no_counts(), scores(**changed))) == [(FILE, "", 2, column)]


def test_all_faults_are_found_at_once_in_the_order_of_the_columns():
    wrong = counts(unit=["", "18229", "18229"], value=[1, -1, -2])
    found = schemas.check_frames(wrong, scores(score=200.0))
    assert [(row, column) for _, _, row, column in told(found)] == [
        (9, "unit"), (10, "value"), (11, "value"), (2, "maximum"),
    ]  # fmt: skip


def test_many_faults_of_one_kind_are_listed_once_and_counted(monkeypatch):
    monkeypatch.setattr(schemas, "MOST", 2)
    found = schemas.check_frames(counts(value=-1), no_scores())
    assert [row for _, _, row, _ in told(found)] == [9, 10, None]
    assert "có tất cả 3 dòng như vậy" in found["message"].iloc[-1]


def test_an_index_of_any_kind_does_not_matter():
    frame = counts(value=[0, -1, 2])
    frame.index = [7, 7, 7]
    assert [row for _, _, row, _ in told(schemas.check_frames(frame, no_scores()))] == [10]


# --- wrong columns -----------------------------------------------------------------------------------------------
def test_columns_at_fault_are_named_and_nothing_else():
    lacking = schemas.check_frames(counts(value=-1).drop(columns="unit"), no_scores())
    assert lacking["message"].tolist()[0].startswith("Bảng số hồ sơ thiếu cột «unit»; hãy xóa thư mục")
    assert lacking["column"].tolist() == ["unit"]
    more = schemas.check_frames(counts(name="Người nộp"), no_scores())
    assert more["column"].tolist() == ["name"]
    turned = schemas.check_frames(counts()[COUNT_COLUMNS[::-1]], no_scores())
    assert "đứng sai thứ tự" in turned["message"][0]
    twice = schemas.check_frames(pd.concat([counts(), counts()[["unit"]]], axis=1), no_scores())
    assert "nhiều hơn một cột «unit»" in " ".join(twice["message"])
    empty = schemas.check_frames(no_counts().drop(columns="unit"), no_scores())
    assert empty["column"].tolist() == ["unit"]


def test_what_is_sound_can_still_be_stored():
    wrong, right = counts(value=[0, -1, 2]), scores()
    found = schemas.check_frames(wrong, right)
    kept, same = schemas.sound_facts(wrong, right, found)
    assert kept["row"].tolist() == [9, 11] and same.equals(right)
    broken = counts().drop(columns="unit")
    kept, same = schemas.sound_facts(broken, right, schemas.check_frames(broken, right))
    assert list(kept.columns) == COUNT_COLUMNS and kept.empty and same.equals(right)
    assert schemas.sound_facts(wrong, right, problems_frame([]))[0] is wrong


# --- other frames ------------------------------------------------------------------------------------------------


def test_who_reads_the_store_does_not_wait_for_pandera():
    code = "import sys, baocao.store.facts, baocao.store.schemas; print('pandera' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
