"""Published figures: which ones are wrong, which agree, which nobody can check; any changed digit is noticed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from baocao.reports.published import check
from baocao.reports.published.check import (
    AGREES,
    COLUMNS,
    FAULTS,
    MIXED,
    RULES,
    UNKNOWN,
    VERDICTS,
    conclude,
    findings_frame,
)
from baocao.reports.published.figures import load_figures

# What the memos print, what it should be by their own other figures, and the verdict. "m" is a denominator
# (mẫu số), "t" a numerator (tử số); an empty column "đúng ra": the number itself may be right.
WRONG = """
mã      | đã in  | đúng ra | chênh lệch | kết luận
001-10  | 98,07% | 98,01%  | +0,06      | không khớp
001-14  | 35.501 | 35.500  | +1         | không khớp
003-02  | 2,875  | 2,874   | +0,001     | không khớp
003-03  | 7,68%  | 7,62%   | +0,06      | không khớp
001-11m | 35526  | 35.510  | +16        | số in không thống nhất
001-12m | 2.132  | 2.131   | +1         | số in không thống nhất
001-13m | 33.394 | 33.379  | +15        | số in không thống nhất
001-15m | 2.132  | 2.131   | +1         | số in không thống nhất
001-16m | 33.369 | 33.379  | -10        | số in không thống nhất
001-17t | 23.395 | 35.501  | -12.106    | phạm vi khác nhau
001-17m | 23.481 | 29.105  | -5.624     | phạm vi khác nhau
001-21m | 3.763  | 2.131   | +1.632     | phạm vi khác nhau
000-03  | 94.13  |         |            | dấu thập phân lẫn lộn
000-04  | 93.53  |         |            | dấu thập phân lẫn lộn
000-06  | 91.51  |         |            | dấu thập phân lẫn lộn
000-07  | 90.37  |         |            | dấu thập phân lẫn lộn
000-08  | 90.12  |         |            | dấu thập phân lẫn lộn
001-07  | 7218   |         |            | thiếu dấu chấm ngăn nghìn
001-11m | 35526  |         |            | thiếu dấu chấm ngăn nghìn
"""

# The sums and rates that hold: every figure here is recomputed from others and agrees.
RIGHT = """
001-01  | 47.411 | 2.131 + 33.379 + 11.901
001-05  | 29.105 | 21.307 + 7218 + 580
001-09  | 18.306 | 47.411 - 29.105
001-11  | 59,48% | 21.132/35526
001-11t | 21.132 | 2.024 + 19.108
001-11m | 35526  | 2.132 + 33.394
001-12  | 94,93% | 2.024/2.132
001-13  | 57,22% | 19.108/33.394
001-17t | 23.395 | 1.552 + 21.843
001-17m | 23.481 | 1.560 + 21.921
001-18  | 99,49% | 1.552/1.560
001-19  | 99,64% | 21.843/21.921
001-20  | 96,05% | 11.219/11.680
001-20t | 11.219 | 3.745 + 7.474
001-20m | 11.680 | 3.763 + 7.917
001-21  | 99,52% | 3.745/3.763
001-22  | 94,4%  | 7.474/7.917
001-23  | 78,18  | 14,92 + 18,05 + 10,21 + 15,86 + 19,14
"""

# Figures that nothing printed can prove: no parts, or parts of a sum that fails.
UNCHECKED = """
000-01 000-02 000-05 000-09 000-10
001-15t 001-16t 001-29 001-32
002-01 002-02 002-03 002-04
003-01 003-01m 003-03t 003-03m 003-05 003-06
004-01 004-02 004-03 004-04
"""

SENTENCES = """
001-10  | In 98,07%, nhưng (21.307 + 7218)/29.105 = 98,01%; số đã in cao hơn 0,06 điểm phần trăm.
001-14  | In 35.501, nhưng 2.132 + 33.368 = 35.500; số đã in cao hơn 1 hồ sơ.
003-02  | In 2,875, nhưng 9,5 - 6,626 = 2,874; số đã in cao hơn 0,001 điểm.
001-16m | In 33.369, nhưng cùng đại lượng này, nơi khác trong văn bản in 33.379 và 33.394; số ở đây thấp hơn 10 hồ sơ.
001-21m | In 3.763, vượt toàn thể chứa nó là 2.131; hai số không cùng phạm vi.
000-03  | In 94.13 (phải viết 94,13), dùng dấu chấm trước phần thập phân trong khi cùng văn bản in 82,13 với dấu phẩy.
001-07  | In 7218 (phải viết 7.218), không có dấu chấm trong khi cùng văn bản in 47.411.
002-01  | In 40,2%; văn bản không in hai tỷ lệ và không nói là điểm phần trăm hay %.
003-03t | In 2.668; có mặt trong một phép tính không khớp, nơi in 7,68%, nên không biết số nào sai.
"""

# One digit changed, and a sum that failed holds: the only changes that reconcile cannot find fault with.
REPAIRS = {
    ("001-10", "98,01%"),
    ("001-16t", "33.369"),
    ("003-01", "6,625"),
    ("003-02", "2,874"),
    ("003-03", "7,62%"),
    ("003-03t", "2.688"),
}


@pytest.fixture(scope="module")
def figures(root):
    return load_figures(root)


@pytest.fixture(scope="module")
def known(root, figures, register):
    return check.load_known(root, figures, register)


@pytest.fixture(scope="module")
def findings(figures, known):
    return check.check(figures, known)


@pytest.fixture(scope="module")
def frame(findings):
    return findings_frame(findings)


def rows_of(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]


def change(figures, figure, printed):
    return [replace(one, printed=printed) if one.id == figure.id else one for one in figures]


def test_exactly_these_figures_are_wrong(frame):
    wrong = frame[frame["verdict"].isin(FAULTS)]
    found = wrong[["id", "printed", "recomputed", "difference", "verdict"]].to_numpy().tolist()
    assert sorted(found) == sorted(rows_of(WRONG)[1:])


def test_the_rest_agrees_or_cannot_be_checked(figures, findings):
    wrong = {row[0] for row in rows_of(WRONG)[1:]}
    verdicts = conclude(figures, findings)
    assert {one for one, verdict in verdicts.items() if verdict in FAULTS} == wrong
    assert {one for one, verdict in verdicts.items() if verdict == UNKNOWN} == set(UNCHECKED.split())


@pytest.mark.parametrize(("name", "printed", "parts"), rows_of(RIGHT))
def test_what_adds_up_is_said_to_add_up(frame, name, printed, parts):
    exact = [RULES[rule] for rule in ("sum", "difference", "rate")]
    (row,) = frame[(frame["id"] == name) & frame["rule"].isin(exact)].itertuples()
    assert (row.printed, row.verdict, row.difference) == (printed, AGREES, "0")
    assert f"kết quả tính lại: {parts} = {row.recomputed}" in row.message


def test_scores_keep_within_their_maximum_and_ranks_within_their_number(frame):
    bounds = frame[frame["rule"] == RULES["bound"]]
    assert set(bounds["verdict"]) == {AGREES}
    assert {"001-24", "001-25", "001-26", "001-27", "001-28", "004-01", "000-02"} <= set(bounds["id"])


def test_units_and_weeks_are_counted_in_the_register_and_the_calendar(frame):
    counted = frame[frame["rule"].isin([RULES["units"], RULES["weeks"]])]
    assert set(counted["verdict"]) == {AGREES}
    assert dict(zip(counted["id"], counted["printed"], strict=True)) == {
        "000-02m": "34", "001-29m": "34", "001-30": "69", "001-31": "3",
        "004-01m": "63", "004-02m": "63", "004-03m": "63", "004-04m": "63",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "message"), rows_of(SENTENCES))
def test_each_finding_is_one_sentence(frame, name, message):
    assert message in set(frame[frame["id"] == name]["message"])


def test_a_word_that_loosens_an_exact_number_is_remarked(frame):
    (message,) = frame[frame["id"] == "001-01"]["message"]
    assert message.endswith("= 47.411; chữ “trên” là thừa.")


def test_any_changed_digit_of_a_checkable_figure_is_found(figures, known, findings):
    """All single-digit changes: fault found with the figure, or said to be unknown, or a repair listed above."""
    before = conclude(figures, findings)
    missed = set()
    for figure in figures:
        for place in [found.start() for found in re.finditer(r"\d", figure.printed)]:
            for digit in set("0123456789") - {figure.printed[place]}:
                printed = figure.printed[:place] + digit + figure.printed[place + 1 :]
                after = check.check(change(figures, figure, printed), known)
                about = [
                    one for one in after if figure.id in (one.figure.id, *(other.id for other in one.against))
                ]
                found = any(one.verdict in FAULTS and one.verdict != MIXED for one in about)
                if not found and not any(
                    one.verdict == UNKNOWN for one in about if one.figure.id == figure.id
                ):
                    missed.add((figure.id, printed))
                elif not found:
                    assert before[figure.id] in (UNKNOWN, MIXED), (figure.id, printed)
    assert missed == REPAIRS


def test_a_figure_that_cannot_be_read_is_wrong_and_its_sums_are_unknown(figures, known):
    broken = next(figure for figure in figures if figure.id == "001-02")
    findings = check.check(change(figures, broken, "2,131"), known)
    verdicts = conclude(figures, findings)
    assert verdicts["001-02"] == "không khớp"
    assert verdicts["001-01"] == UNKNOWN


def test_a_rank_outside_its_range_and_a_score_above_its_maximum_are_wrong(figures, known):
    for name, printed in (("004-02", "64"), ("004-02", "0"), ("001-24", "18,01"), ("000-01", "100,5")):
        figure = next(one for one in figures if one.id == name)
        after = conclude(figures, check.check(change(figures, figure, printed), known))
        assert after[name] == "không khớp", (name, printed)


def test_a_rate_just_below_100_is_not_100(figures, known):
    figure = next(one for one in figures if one.id == "001-12")
    changed = [
        replace(
            one, printed={"001-12": "100%", "001-12t": "33.378", "001-12m": "33.379"}.get(one.id, one.printed)
        )
        for one in figures
    ]
    (rate,) = [one for one in check.check(changed, known) if one.figure.id == figure.id]
    assert rate.verdict == "không khớp"


def test_the_frame_names_memo_quote_and_figures(frame, root):
    assert list(frame.columns) == COLUMNS
    assert set(frame["verdict"]) <= set(VERDICTS) and set(frame["rule"]) <= set(RULES.values())
    assert all(row.printed in row.quote for row in frame.itertuples())
    assert set(frame[frame["rule"] == RULES["rate"]]["figures"]) >= {"001-10; 001-06; 001-07; 001-05"}
    assert check.reconcile_published(root).equals(frame)
