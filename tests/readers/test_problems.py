"""The frame of problems: one shape for all, text that a terminal and a table can show."""

from __future__ import annotations

import pandas as pd
import pytest

from baocao.readers.problems import PROBLEM_COLUMNS, drop_echoes, join_problems, problem, problems_frame


def test_the_frame_keeps_order_and_shape():
    frame = problems_frame(
        [problem("error", "o-sai", "Sai.", file="a.csv", row=3), problem("warning", "cot-la", "Lạ.")]
    )
    assert list(frame.columns) == PROBLEM_COLUMNS
    assert frame["row"].tolist() == [3, None]
    assert frame.fillna("")["row"].tolist() == [3, ""]
    assert list(problems_frame([]).columns) == PROBLEM_COLUMNS


def test_values_are_shown_short_and_without_control_characters():
    assert problem("error", "o-sai", "Sai.", value="a\u202e\x1b\nb")["value"] == "a b"
    assert len(problem("error", "o-sai", "Sai.", value="x" * 500)["value"]) == 80


def test_all_that_a_problem_says_is_clean_text():
    said = {
        "file": "a\ue000.csv",
        "sheet": "Biểu\U000f0000 1",
        "column": "Xã\uf8ff",
        "message": "Lạ\U0010fffd.",
    }
    assert problem("error", "o-sai", **said).items() >= {
        ("file", "a.csv"), ("sheet", "Biểu 1"), ("column", "Xã"), ("message", "Lạ.")
    }  # fmt: skip


def test_a_severity_that_does_not_exist_is_the_developers_fault():
    with pytest.raises(ValueError, match="severity"):
        problem("fatal", "o-sai", "Sai.")


def test_frames_are_joined_with_a_fresh_index():
    frames = [
        problems_frame([problem("error", "o-sai", "Một.")]),
        problems_frame([]),
        problems_frame([problem("error", "o-sai", "Hai.")]),
    ]
    assert join_problems(frames)["message"].tolist() == ["Một.", "Hai."]
    assert join_problems(frames).index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(join_problems([]), problems_frame([]))


def test_an_imbalance_is_told_once_with_its_cell():
    where = {"file": "a.xlsx", "sheet": "II.06", "row": 9}
    told = problem("error", "can-doi", "Cột (3) lệch.", column="C", **where)
    echo = problem("error", "can-doi", "Không cân đối.", column="(3)", **where)
    other = problem("error", "can-doi", "Không cân đối.", column="(3)", file="b.csv", row=9)
    assert drop_echoes(problems_frame([told, echo, other]))["message"].tolist() == [
        "Cột (3) lệch.",
        "Không cân đối.",
    ]
    assert len(drop_echoes(problems_frame([echo]))) == 1


def test_a_sum_that_does_not_come_out_is_told_where_it_stands_and_not_of_right_rows():
    where = {"file": "a.xlsx", "sheet": "II.06"}
    cause = problem("error", "dong-tong", "Cấp xã ghi 47, cộng lại là 40.", row=12, column="E", **where)
    echo = problem(
        "warning", "khac-cap-duoi", "Tỉnh ghi 60, cộng lại là 67.", row=15, column="filed_direct", **where
    )
    elsewhere = problem("warning", "khac-cap-duoi", "Khác.", file="b.xlsx", sheet="II.06", row=15)
    assert drop_echoes(problems_frame([cause, echo, elsewhere]))["message"].tolist() == [
        cause["message"],
        "Khác.",
    ]
    assert len(drop_echoes(problems_frame([echo]))) == 1


def test_a_total_that_is_not_its_parts_is_no_imbalance_besides():
    where = {"file": "a.xlsx", "sheet": "II.06", "row": 10}
    cause = problem("error", "thanh-phan", "Cột (7) ghi 36, cộng lại là 33.", column="G", **where)
    echo = problem("error", "can-doi", "Không cân đối.", column="(3)", **where)
    assert drop_echoes(problems_frame([cause, echo]))["code"].tolist() == ["thanh-phan"]
