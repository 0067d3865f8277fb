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
        (phrases.change_of_score, 1, "0,52", "tăng 0,52 điểm"),
        (phrases.change_of_score, 0, "", "không thay đổi"),
        (phrases.change_of_rank, 22, "22", "tăng 22 bậc"),
        (phrases.change_of_rank, -2, "02", "giảm 02 bậc"),
        (phrases.change_of_rank, 0, "", "giữ nguyên thứ hạng"),
    ],
)
def test_changes(phrase, change, figure, sentence):
    assert phrase(change, figure) == sentence


def test_a_change_in_a_column_has_no_unit():
    assert [phrases.moved(change, "1,20") for change in (1, -1, 0)] == [
        "tăng 1,20", "giảm 1,20", "không thay đổi",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        (["xã A"], "xã A"),
        (["xã A", "xã B"], "xã A và xã B"),
        (["xã A", "xã B", "xã C"], "xã A, xã B và xã C"),
        (["Sở A, B", "xã C"], "Sở A, B; xã C"),
        (["Sở Nông nghiệp và Môi trường", "xã C"], "Sở Nông nghiệp và Môi trường; xã C"),
        (['<span data-x="a, b">xã A</span>', "xã B"], '<span data-x="a, b">xã A</span> và xã B'),
    ],
)
def test_units_in_a_sentence(units, sentence):
    assert phrases.name_units(units) == sentence


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ([1, 2], "tăng liên tục, từ 50% lên 60%"),
        ([-1, Fraction(-1, 2)], "giảm liên tục, từ 50% xuống 60%"),
        ([0, 0], "không thay đổi, từ 50% đến 60%"),
        ([1, 0], "tăng giảm không đều, từ 50% đến 60%"),
        ([1, -2], "tăng giảm không đều, từ 50% đến 60%"),
    ],
)
def test_trends(changes, sentence):
    assert phrases.trend(changes, "50%", "60%") == sentence


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


def test_a_small_denominator_is_explained():
    assert phrases.small_base("*", "ba mươi") == (
        " Dấu “*”: mẫu số dưới ba mươi hồ sơ, tỷ lệ chỉ để tham khảo."
    )
