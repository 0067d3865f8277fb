"""The frame of problems: one shape for all, text that a terminal and a table can show."""

from __future__ import annotations

import pandas as pd
import pytest

from baocao.sources.problems import PROBLEM_COLUMNS, join_problems, problem, problems_frame


def test_the_frame_keeps_order_and_shape():
    frame = problems_frame([problem("error", "Sai.", file="a.csv", row=3), problem("warning", "Lạ.")])
    assert list(frame.columns) == PROBLEM_COLUMNS
    assert frame["row"].tolist() == [3, None]
    assert frame.fillna("")["row"].tolist() == [3, ""]
    assert list(problems_frame([]).columns) == PROBLEM_COLUMNS


def test_values_are_shown_short_and_without_control_characters():
    assert problem("error", "Sai.", value="a\u202e\x1b\nb")["value"] == "a b"
    assert len(problem("error", "Sai.", value="x" * 500)["value"]) == 80


def test_a_severity_that_does_not_exist_is_the_developers_fault():
    with pytest.raises(ValueError, match="severity"):
        problem("fatal", "Sai.")


def test_frames_are_joined_with_a_fresh_index():
    frames = [
        problems_frame([problem("error", "Một.")]),
        problems_frame([]),
        problems_frame([problem("error", "Hai.")]),
    ]
    assert join_problems(frames)["message"].tolist() == ["Một.", "Hai."]
    assert join_problems(frames).index.tolist() == [0, 1]
    pd.testing.assert_frame_equal(join_problems([]), problems_frame([]))
