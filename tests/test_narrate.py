"""Phrases of all memos, word for word."""

from __future__ import annotations

from fractions import Fraction

import pytest

from baocao import narrate


@pytest.mark.parametrize(
    ("items", "sentence"),
    [
        ([], ""),
        (["xã A"], "xã A"),
        (["xã A", "xã B"], "xã A và xã B"),
        (["xã A", "xã B", "xã C"], "xã A, xã B và xã C"),
    ],
)
def test_join(items, sentence):
    assert narrate.join(items) == sentence


def test_join_of_names_with_commas():
    names = ["Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ"]
    assert narrate.join(names, semicolons=True) == "Sở Văn hóa, Thể thao và Du lịch; Sở Nội vụ"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"), (2, "hai"), (3, "ba"), (10, "mười"), (11, "mười một"), (15, "mười lăm"), (20, "hai mươi"),
        (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (30, "ba mươi"), (99, "chín mươi chín"),
    ],
)  # fmt: skip
def test_numbers_in_words(number, words):
    assert narrate.say_number(number) == words


def test_capitalise_leaves_the_rest():
    assert narrate.capitalise("ủy ban nhân dân tỉnh Hà Tĩnh") == "Ủy ban nhân dân tỉnh Hà Tĩnh"
    assert narrate.capitalise("") == ""


@pytest.mark.parametrize(
    ("phrase", "change", "figure", "sentence"),
    [
        (narrate.change_of_rate, Fraction(5, 4), "1,25", "tăng 1,25 điểm phần trăm so với tháng 6 năm 2025"),
        (narrate.change_of_rate, -1, "1,00", "giảm 1,00 điểm phần trăm so với tháng 6 năm 2025"),
        (narrate.change_of_rate, 0, "", "không thay đổi so với tháng 6 năm 2025"),
        (narrate.change_of_count, 40, "40,20%", "tăng 40,20% so với tháng 6 năm 2025"),
        (narrate.change_of_count, -3, "3,00%", "giảm 3,00% so với tháng 6 năm 2025"),
        (narrate.change_of_score, 1, "0,52", "tăng 0,52 điểm so với tháng 6 năm 2025"),
        (narrate.change_of_score, 0, "", "không thay đổi so với tháng 6 năm 2025"),
        (narrate.change_of_rank, 22, "22", "tăng 22 bậc so với tháng 6 năm 2025"),
        (narrate.change_of_rank, -2, "02", "giảm 02 bậc so với tháng 6 năm 2025"),
        (narrate.change_of_rank, 0, "", "giữ nguyên thứ hạng so với tháng 6 năm 2025"),
    ],
)
def test_changes(phrase, change, figure, sentence):
    assert phrase(change, figure, "tháng 6 năm 2025") == sentence


def test_a_change_of_a_rate_is_never_in_per_cent_and_one_of_a_count_never_in_points():
    assert "%" not in narrate.change_of_rate(1, "1,00")
    assert "điểm" not in narrate.change_of_count(1, "1,00%")


def test_several_changes_against_one_base():
    changes = [narrate.change_of_count(1, "2,17%"), narrate.change_of_rate(-1, "0,02")]
    assert narrate.compared("tháng 4 năm 2025", changes) == (
        "So với tháng 4 năm 2025: tăng 2,17%; giảm 0,02 điểm phần trăm."
    )


def test_comparisons_that_are_not_made():
    assert narrate.no_comparison("quý IV năm 2018", "không có số liệu của kỳ đó") == (
        "Không so sánh với quý IV năm 2018 vì không có số liệu của kỳ đó."
    )
    assert narrate.uncompared("tỷ lệ thanh toán trực tuyến", "chưa có số liệu của kỳ này") == (
        "tỷ lệ thanh toán trực tuyến không so sánh được vì chưa có số liệu của kỳ này"
    )


@pytest.mark.parametrize(
    ("shortfall", "at_most", "sentence"),
    [
        (None, False, "đạt chỉ tiêu từ 20% trở lên (Chỉ thị X)"),
        ("12,38", False, "chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị X), còn thiếu 12,38 điểm phần trăm"),
        (None, True, "đạt chỉ tiêu từ 20% trở xuống (Chỉ thị X)"),
        ("1,50", True, "chưa đạt chỉ tiêu từ 20% trở xuống (Chỉ thị X), còn vượt 1,50 điểm phần trăm"),
    ],
)
def test_targets(shortfall, at_most, sentence):
    assert narrate.against_target("20%", "Chỉ thị X", shortfall, at_most=at_most) == sentence
