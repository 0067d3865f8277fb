"""Phrases of all memos, word for word."""

from __future__ import annotations

from fractions import Fraction

import pytest

from baocao.writing import phrases


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
    assert phrases.join(items) == sentence


def test_join_of_names_with_commas():
    names = ["Sở Văn hóa, Thể thao và Du lịch", "Sở Nội vụ"]
    assert phrases.join(names, semicolons=True) == "Sở Văn hóa, Thể thao và Du lịch; Sở Nội vụ"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"), (2, "hai"), (3, "ba"), (10, "mười"), (11, "mười một"), (15, "mười lăm"), (20, "hai mươi"),
        (21, "hai mươi mốt"), (24, "hai mươi tư"), (25, "hai mươi lăm"), (30, "ba mươi"), (99, "chín mươi chín"),
    ],
)  # fmt: skip
def test_numbers_in_words(number, words):
    assert phrases.say_number(number) == words


def test_capitalise_leaves_the_rest():
    assert phrases.capitalise("ủy ban nhân dân tỉnh Hà Tĩnh") == "Ủy ban nhân dân tỉnh Hà Tĩnh"
    assert phrases.capitalise("") == ""


@pytest.mark.parametrize(
    ("phrase", "change", "figure", "sentence"),
    [
        (phrases.change_of_rate, Fraction(5, 4), "1,25", "tăng 1,25 điểm phần trăm so với tháng 6 năm 2025"),
        (phrases.change_of_rate, -1, "1,00", "giảm 1,00 điểm phần trăm so với tháng 6 năm 2025"),
        (phrases.change_of_rate, 0, "", "không thay đổi so với tháng 6 năm 2025"),
        (phrases.change_of_count, 40, "40,20%", "tăng 40,20% so với tháng 6 năm 2025"),
        (phrases.change_of_count, -3, "3,00%", "giảm 3,00% so với tháng 6 năm 2025"),
        (phrases.change_of_score, 1, "0,52", "tăng 0,52 điểm so với tháng 6 năm 2025"),
        (phrases.change_of_score, 0, "", "không thay đổi so với tháng 6 năm 2025"),
        (phrases.change_of_rank, 22, "22", "tăng 22 bậc so với tháng 6 năm 2025"),
        (phrases.change_of_rank, -2, "02", "giảm 02 bậc so với tháng 6 năm 2025"),
        (phrases.change_of_rank, 0, "", "giữ nguyên thứ hạng so với tháng 6 năm 2025"),
    ],
)
def test_changes(phrase, change, figure, sentence):
    assert phrase(change, figure, "tháng 6 năm 2025") == sentence


def test_a_change_in_a_column_has_no_unit():
    assert [phrases.moved(change, "1,20") for change in (1, -1, 0)] == [
        "tăng 1,20", "giảm 1,20", "không thay đổi",
    ]  # fmt: skip


def test_a_change_of_a_rate_is_never_in_per_cent_and_one_of_a_count_never_in_points():
    assert "%" not in phrases.change_of_rate(1, "1,00")
    assert "điểm" not in phrases.change_of_count(1, "1,00%")


def test_several_changes_against_one_base():
    changes = [phrases.change_of_count(1, "2,17%"), phrases.change_of_rate(-1, "0,02")]
    assert phrases.compared("tháng 4 năm 2025", changes) == (
        "So với tháng 4 năm 2025: tăng 2,17%; giảm 0,02 điểm phần trăm."
    )


def test_comparisons_that_are_not_made():
    assert phrases.no_comparison("quý IV năm 2018", "không có số liệu của kỳ đó") == (
        "Không so sánh với quý IV năm 2018 vì không có số liệu của kỳ đó."
    )
    assert phrases.uncompared("tỷ lệ thanh toán trực tuyến", "chưa có số liệu của kỳ này") == (
        "tỷ lệ thanh toán trực tuyến không so sánh được vì chưa có số liệu của kỳ này"
    )


@pytest.mark.parametrize(
    ("units", "others", "sentence"),
    [
        (["xã A"], "", "xã A"),
        (["xã A", "xã B"], "", "xã A và xã B"),
        (["xã A", "xã B", "xã C"], "", "xã A, xã B và xã C"),
        (["xã A", "xã B", "xã C"], "12", "xã A, xã B, xã C và 12 đơn vị khác"),
        (["Sở A, B", "xã C"], "", "Sở A, B; xã C"),
        (
            ["Sở Nông nghiệp và Môi trường", "xã C"],
            "03",
            "Sở Nông nghiệp và Môi trường; xã C; 03 đơn vị khác",
        ),
        (['<span data-x="a, b">xã A</span>', "xã B"], "", '<span data-x="a, b">xã A</span> và xã B'),
        ([], "12", "12 đơn vị khác"),
    ],
)
def test_units_in_a_sentence(units, others, sentence):
    assert phrases.name_units(units, others) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([1, 2], "tỷ lệ tăng liên tục, từ 50% lên 60%"),
        ([-1, Fraction(-1, 2)], "tỷ lệ giảm liên tục, từ 50% xuống 60%"),
        ([0, 0], "tỷ lệ không thay đổi, từ 50% đến 60%"),
        ([1, 0], "tỷ lệ tăng giảm không đều, từ 50% đến 60%"),
        ([1, -2], "tỷ lệ tăng giảm không đều, từ 50% đến 60%"),
    ],
)
def test_trends(changes, sentence):
    assert phrases.trend("tỷ lệ", changes, "50%", "60%") == sentence


def test_a_broken_series():
    assert phrases.broken("năm 2026", "điều kiện tính điểm đã thay đổi") == (
        "Không nối số liệu từ năm 2026 với số liệu trước đó vì điều kiện tính điểm đã thay đổi."
    )


@pytest.mark.parametrize(
    ("shortfall", "more", "sentence"),
    [
        (None, {}, "đạt chỉ tiêu từ 20% trở lên (Chỉ thị X)"),
        ("12,38", {}, "chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị X), còn thiếu 12,38 điểm phần trăm"),
        (None, {"margin": "3,10"},
         "đạt và vượt chỉ tiêu từ 20% trở lên (Chỉ thị X), cao hơn 3,10 điểm phần trăm"),
        ("12,38", {"dossiers": "4.332"},
         "chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị X), còn thiếu 12,38 điểm phần trăm, tương ứng 4.332 hồ sơ"),
        (None, {"at_most": True}, "đạt chỉ tiêu từ 20% trở xuống (Chỉ thị X)"),
        ("1,50", {"at_most": True}, "chưa đạt chỉ tiêu từ 20% trở xuống (Chỉ thị X), còn vượt 1,50 điểm phần trăm"),
        (None, {"at_most": True, "margin": "3,10"},
         "đạt và vượt chỉ tiêu từ 20% trở xuống (Chỉ thị X), thấp hơn 3,10 điểm phần trăm"),
    ],
)  # fmt: skip
def test_targets(shortfall, more, sentence):
    assert phrases.against_target("20%", "Chỉ thị X", shortfall, **more) == sentence


@pytest.mark.parametrize(
    ("tied_with", "others", "sentence"),
    [
        ([], "", "xếp thứ 3/69"),
        (["xã A"], "", "xếp thứ 3/69, đồng hạng với xã A"),
        (["xã A", "xã B"], "", "xếp thứ 3/69, đồng hạng với xã A và xã B"),
        ([], "12", "xếp thứ 3/69, đồng hạng với 12 đơn vị khác"),
        (["xã A"], "12", "xếp thứ 3/69, đồng hạng với xã A và 12 đơn vị khác"),
    ],
)
def test_places_and_ties(tied_with, others, sentence):
    assert phrases.place("3/69", tied_with, others) == sentence


def test_nobody_to_praise_and_nobody_to_criticise():
    assert phrases.nobody_praised("xếp loại Tốt") == "Chưa có đơn vị nào xếp loại Tốt để biểu dương."
    assert phrases.nobody_criticised("xếp loại Yếu") == "Không có đơn vị nào xếp loại Yếu."


def test_a_small_denominator_is_explained():
    assert phrases.small_base("*", "ba mươi") == (
        " Dấu “*”: mẫu số dưới ba mươi hồ sơ, tỷ lệ chỉ để tham khảo."
    )
