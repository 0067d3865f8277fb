"""Vietnamese notation against the seeds' own figures, its limits, and what must hold for every value."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import numpy
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.definitions import vietnamese as vn

DECIMALS = st.integers(0, 6)
MISSING_VALUES = (None, math.nan, Decimal("NaN"), pandas.NA, pandas.NaT, numpy.nan)
names = st.text(st.characters(codec="utf-8"), max_size=12) | st.text(
    "aăâđeêoôơưyÁÀẢÃẠắằệợựĐÐ zZ19-,.", max_size=12
)


@st.composite
def fixed_decimals(draw) -> tuple[Decimal, int]:
    """A decimal number and how many decimals it has."""
    places = draw(DECIMALS)
    return Decimal(draw(st.integers(-(10**20), 10**20))).scaleb(-places), places


def refused(text: str, read=vn.parse_number) -> str:
    """The sentence with which a text is refused."""
    with pytest.raises(ValueError) as caught:
        read(text)
    return str(caught.value)


# Numbers out


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0, 0, "0"),
        (580, 0, "580"),
        (2131, 0, "2.131"),
        (1234567890, 0, "1.234.567.890"),
        (-4332, 0, "-4.332"),
        (Decimal("82.13"), 2, "82,13"),
        (80.1, 2, "80,10"),
        (47411.5, 1, "47.411,5"),
        (2.675, 2, "2,68"),
        (0.285, 2, "0,29"),
        (Decimal("-0.004"), 2, "0,00"),
        (-0.0, 0, "0"),
        (Fraction(2, 3), 4, "0,6667"),
        (numpy.int64(9_000_000_000_000_000_000), 2, "9.000.000.000.000.000.000,00"),
        (numpy.float64(78.18), 2, "78,18"),
        (numpy.float32(0.1), 2, "0,10"),
        (10**30 + 1, 0, "1" + 9 * ".000" + ".001"),
    ],
)
def test_numbers_are_printed_the_vietnamese_way(value, decimals, printed):
    assert vn.format_number(value, decimals) == printed


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [(92, 2, "92"), (80.1, 2, "80,1"), (80.05, 2, "80,05"), (100, 0, "100"), (2000, 2, "2.000"), (0, 2, "0")],
)
def test_trimming_drops_only_zeros_of_the_decimals(value, decimals, printed):
    assert vn.format_number(value, decimals, trim=True) == printed


@pytest.mark.parametrize("value", MISSING_VALUES)
def test_missing_is_a_dash_never_zero(value):
    assert vn.format_number(value, 2) == "–"
    assert vn.format_count_in_text(value) == "–"
    assert vn.format_percent(value, 10) == vn.format_percent(10, value) == "–"
    assert vn.rate(value, 10) is None


@pytest.mark.parametrize("value", [True, numpy.True_, "5", [1]])
def test_what_is_no_number_is_a_type_error(value):
    with pytest.raises(TypeError, match="a number is needed, got"):
        vn.format_number(value)


@pytest.mark.parametrize("value", [math.inf, -math.inf, Decimal("Infinity"), numpy.inf])
def test_infinity_is_refused(value):
    with pytest.raises(ValueError, match="a finite number is needed, got"):
        vn.format_number(value)


@pytest.mark.parametrize(("value", "decimals"), [(None, 2), (math.nan, 0), (1, -1)])
def test_rounding_needs_a_value_and_decimals(value, decimals):
    with pytest.raises(ValueError, match=r"cannot round .* decimals"):
        vn.round_half_up(value, decimals)


@given(st.fractions(), DECIMALS)
def test_rounding_is_within_half_a_step_and_symmetrical(value, decimals):
    rounded = vn.round_half_up(value, decimals)
    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**decimals)
    assert -rounded.as_tuple().exponent == decimals
    assert vn.round_half_up(-value, decimals) == rounded.copy_negate()  # a unary minus would round


@given(st.integers(0, 10**9), DECIMALS)
def test_halves_round_up(steps, decimals):
    half = Fraction(2 * steps + 1, 2 * 10**decimals)
    assert Fraction(vn.round_half_up(half, decimals)) == Fraction(steps + 1, 10**decimals)


@given(fixed_decimals(), st.booleans())
def test_a_printed_number_is_read_back(number, trim):
    value, places = number
    printed = vn.format_number(value, places, trim=trim)
    assert vn.parse_number(printed) == value
    assert re.fullmatch(r"-?\d{1,3}(\.\d{3})*(,\d+)?", printed)


# Rates


@pytest.mark.parametrize(
    ("numerator", "denominator", "printed"),
    [
        (28525, 29105, "98,01%"),
        (21132, 35526, "59,48%"),
        (2024, 2132, "94,93%"),
        (19108, 33394, "57,22%"),
        (1552, 1560, "99,49%"),
        (21843, 21921, "99,64%"),
        (23395, 23481, "99,63%"),
        (11219, 11680, "96,05%"),
        (3745, 3763, "99,52%"),
        (7474, 7917, "94,40%"),
        (2668, 34996, "7,62%"),
        (3763, 2131, "176,58%"),
        (1, 8, "12,50%"),
        (29105, 29105, "100%"),
        (99_997, 100_000, "99,99%"),
        (100_001, 100_000, "100,01%"),
        (1, 10**9, "0,01%"),
        (0, 7, "0%"),
        (0, 0, "–"),
        (5, 0, "–"),
        (numpy.int64(10**18), numpy.int64(3 * 10**18), "33,33%"),
        (Decimal("18.05"), 20, "90,25%"),
    ],
)
def test_the_rates_of_the_seeds_and_the_edges(numerator, denominator, printed):
    assert vn.format_percent(numerator, denominator) == printed


def test_the_edges_keep_the_decimals_asked_for():
    assert vn.format_percent(999, 1000, 0) == "99%"
    assert vn.format_percent(1, 1000, 0) == "1%"
    assert vn.format_percent(999_999, 1_000_000, 3) == "99,999%"
    assert vn.format_percent(9_999_999, 10_000_000, 3) == "99,999%"


@pytest.mark.parametrize(("numerator", "denominator"), [(-1, 5), (1, -5)])
def test_a_rate_of_negative_counts_is_refused(numerator, denominator):
    with pytest.raises(
        ValueError, match=rf"a rate needs counts of 0 or more, got {numerator} of {denominator}"
    ):
        vn.rate(numerator, denominator)


@given(st.integers(0, 10**12), st.integers(1, 10**12), st.integers(0, 4))
def test_a_printed_rate_says_all_or_nothing_only_when_it_is(numerator, denominator, decimals):
    printed = vn.format_percent(numerator, denominator, decimals)
    shown = vn.parse_number(printed.removesuffix("%"))
    assert (shown == 100) == (numerator == denominator)
    assert (shown == 0) == (numerator == 0)
    assert (shown > 100) == (numerator > denominator)
    assert abs(Fraction(shown) - vn.rate(numerator, denominator)) <= Fraction(1, 10**decimals)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_part_of_the_whole_is_between_0_and_100(part, rest, scale):
    whole = part + rest
    share = vn.rate(part, whole)
    assert share is None if whole == 0 else 0 <= share <= 100
    assert share == vn.rate(part * scale, whole * scale)


@pytest.mark.parametrize(
    ("count", "printed"),
    [
        (0, "0"),
        (1, "01"),
        (6, "06"),
        (9.0, "09"),
        (10, "10"),
        (69, "69"),
        (1234, "1.234"),
        (numpy.int64(7), "07"),
    ],
)
def test_counts_in_sentences(count, printed):
    assert vn.format_count_in_text(count) == printed


@pytest.mark.parametrize("count", [-1, 1.5, Fraction(1, 2)])
def test_a_count_is_whole(count):
    with pytest.raises(ValueError, match="a count is a whole number of 0 or more, got"):
        vn.format_count_in_text(count)


# Numbers in

RULE = "không phải là số viết đúng cách (dấu chấm ngăn từng nhóm ba chữ số, dấu phẩy đứng trước phần thập phân), "


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("47.411", "47411"),
        ("7218", "7218"),
        ("35526", "35526"),
        ("1.234.567,89", "1234567.89"),
        ("82,13", "82.13"),
        ("0,015", "0.015"),
        ("06", "6"),
        ("-2,874", "-2.874"),
        ("\u22125", "-5"),
        ("-0,00", "0"),
        ("  580\u00a0", "580"),
        ("\u200e12\u200f", "12"),
    ],
)
def test_numbers_are_read(text, value):
    assert vn.parse_number(text) == Decimal(value)
    assert not vn.parse_number(text).is_zero() or not vn.parse_number(text).is_signed()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("94.13", "94,13"),
        ("92.5", "92,5"),
        ("0.824", "0,824"),
        ("-3.5", "-3,5"),
        ("1234.5", "1234,5"),
        ("1,234.56", "1.234,56"),
        ("1,234,567", "1.234.567"),
        ("47 411", "47.411"),
        ("47\u202f411", "47.411"),
        ("59,48%", "59,48"),
        ("59.48 %", "59,48"),
    ],
)
def test_another_notation_is_refused_with_what_was_meant(text, meant):
    shown = vn.clean(text)
    assert refused(text) == f"«{shown}» {RULE}có lẽ là «{meant}»."
    vn.parse_number(meant)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1234.567",
        "1.23.456",
        "0.123.456",
        "1,2,3",
        "5,",
        ",5",
        ".5",
        "1e5",
        "--5",
        "12a",
        "–",
        "٣",
        "NaN",
        "1 2",
    ],
)
def test_what_is_no_number_is_refused_with_examples(text):
    assert refused(text) == f"«{text}» {RULE}ví dụ 47.411 hoặc 82,13."


def test_an_empty_cell_and_a_long_one():
    assert refused(" \t") == "Trống, cần một số, ví dụ 47.411 hoặc 82,13."
    assert refused("x" * 500) == f"«{'x' * 40}» {RULE}ví dụ 47.411 hoặc 82,13."


@given(st.text("0123456789.,- %", max_size=12))
def test_what_is_suggested_can_be_read(text):
    try:
        vn.parse_number(text)
    except ValueError as error:
        if meant := re.search(r"có lẽ là «(.*)»\.$", str(error)):
            assert vn.parse_number(meant[1]) == vn.parse_number(vn.clean(meant[1]))


@given(st.integers(0, 10**6), st.integers(0, 99))
def test_a_dot_before_two_digits_is_never_thousands(whole, cents):
    refused(f"{whole}.{cents:02d}")


@pytest.mark.parametrize(
    ("text", "maximum", "score"),
    [
        ("82,13", 100, "82.13"),
        ("92", 100, "92"),
        ("80,1", 100, "80.1"),
        ("1.000", 1000, "1000"),
        ("0", 18, "0"),
    ],
)
def test_scores_are_read(text, maximum, score):
    assert vn.parse_score(text, maximum) == (Decimal(score), None)


@pytest.mark.parametrize(
    ("text", "maximum", "comma"),
    [
        ("94.13", 100, "94,13"),
        ("90.1", 100, "90,1"),
        ("6.626", Decimal("9.5"), "6,626"),
        ("0.8241", 1, "0,8241"),
    ],
)
def test_a_dot_in_a_score_is_read_with_a_warning(text, maximum, comma):
    score, note = vn.parse_score(text, maximum)
    assert score == Decimal(text)
    assert note == f"«{text}» dùng dấu chấm làm dấu thập phân, đã đọc là {comma}; hãy viết «{comma}»."


@pytest.mark.parametrize(
    ("text", "maximum", "highest"),
    [("100,01", 100, "100"), ("182.13", 100, None), ("-1", 100, "100"), ("9,6", Decimal("9.5"), "9,5")],
)
def test_a_score_outside_its_scale_is_refused(text, maximum, highest):
    sentence = refused(text, lambda written: vn.parse_score(written, maximum))
    if highest is None:
        assert sentence == f"«{text}» {RULE}có lẽ là «182,13»."
    else:
        assert sentence == f"«{text}» nằm ngoài thang điểm, cần một số từ 0 đến {highest}."


def test_no_score_is_refused_as_no_number():
    assert refused("tốt", vn.parse_score) == f"«tốt» {RULE}ví dụ 47.411 hoặc 82,13."


# Roman numerals and dates


@given(st.integers(1, 3999))
def test_roman_numerals_are_read_back(number):
    assert vn.parse_roman(vn.roman(number)) == vn.parse_roman(vn.roman(number).lower()) == number


@pytest.mark.parametrize("text", ["", "IIII", "VX", "IC", "4", "MMMM", "I V", "Ⅳ"])
def test_a_misspelt_roman_numeral_is_refused(text):
    assert refused(text, vn.parse_roman) == f"«{text}» không phải là số La Mã, ví dụ I, II, III, IV."


@pytest.mark.parametrize("number", [0, -1, 4000])
def test_roman_numerals_have_bounds(number):
    with pytest.raises(ValueError, match=f"Roman numerals go from 1 to 3999, got {number}"):
        vn.roman(number)


def test_days_below_10_and_months_1_and_2_have_a_leading_zero():
    assert vn.format_date(date(2025, 1, 9)) == "ngày 09 tháng 01 năm 2025"
    assert vn.format_date(date(2025, 3, 10)) == "ngày 10 tháng 3 năm 2025"
    assert vn.format_date(date(2024, 2, 29), "short") == "29/02/2024"
    assert vn.format_date(datetime(2025, 7, 24, 23, 59)) == "ngày 24 tháng 7 năm 2025"
    assert [vn.format_month(month) for month in (1, 2, 3, 10)] == ["01", "02", "3", "10"]


def test_a_date_has_two_styles():
    with pytest.raises(ValueError, match="style is 'long' or 'short', got 'iso'"):
        vn.format_date(date(2025, 7, 24), "iso")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_a_printed_date_is_read_back(day):
    assert vn.parse_date(vn.format_date(day)) == day
    assert vn.parse_date(vn.format_date(day, "short")) == day
    assert vn.parse_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["17/5/2018", "17-05-2018", " 17.5.2018 ", "2018-05-17", "Ngày 17 tháng 5 năm 2018"]
)
def test_the_ways_of_writing_a_date(text):
    assert vn.parse_date(text) == date(2018, 5, 17)


@pytest.mark.parametrize(
    "text", ["", "17/5", "17/5-2018", "17/5/18", "2018/05/17", "2018-5-17", "20180517", "mai"]
)
def test_other_dates_are_refused(text):
    assert (
        refused(text, vn.parse_date)
        == f"«{text}» không phải là ngày, hãy viết như 24/07/2025 hoặc 2025-07-24."
    )


@pytest.mark.parametrize("text", ["31/02/2025", "29/2/2023", "2025-13-01", "0/1/2025", "01/07/0000"])
def test_days_of_no_calendar_are_refused(text):
    assert refused(text, vn.parse_date) == f"«{text}» không có trong lịch, hãy xem lại ngày và tháng."


# Names

# As a Vietnamese dictionary orders them; every line is one trap.
IN_ORDER = [
    "11 xã",
    "An",
    "An Giang",
    "Áng",
    "Anh",
    "Ăn",
    "Ân Thi",
    "Bắc Hồng Lĩnh",
    "Can Lộc",
    "Cẩm Xuyên",
    "Dân Hóa",
    "Đan Hải",
    "Đức Thọ",
    "Em",
    "Êm",
    "Hà Huy Tập",
    "Hạ Vàng",
    "Kỳ Anh",
    "Kỳ Xuân",
    "ma",
    "Ma",
    "mà",
    "mả",
    "mã",
    "má",
    "mạ",
    "mà an",
    "Ôn",
    "Ơn",
    "Sơn Kim 1",
    "Sơn Kim 2",
    "Sơn Kim 10",
    "Sơn Tây",
    "Thạch Hà",
    "TP. Hồ Chí Minh",
    "Trần Phú",
    "Ung",
    "Ứng",
    "Việt Xuyên",
    "Vũ Quang",
    "Vũng Áng",
    "Xuân Lộc",
    "Yên Hòa",
]


def test_names_come_in_vietnamese_order():
    shuffled = IN_ORDER.copy()
    random.Random(30).shuffle(shuffled)
    assert sorted(shuffled, key=vn.sort_key) == IN_ORDER


def test_every_letter_and_tone_has_its_place():
    letters = "aăâbcdđeêghiklmnoôơpqrstuưvxy"
    assert "".join(sorted("yxvưutsrqpơôonmlkihgêeđdcbâăa", key=vn.sort_key)) == letters
    assert "".join(sorted("ợờớởỡơ", key=vn.sort_key)) == "ơờởỡớợ"


def test_order_does_not_see_how_letters_are_composed_or_where_the_tone_stands():
    spread = [unicodedata.normalize("NFD", name) for name in IN_ORDER[::-1]]
    assert [unicodedata.normalize("NFC", n) for n in sorted(spread, key=vn.sort_key)] == IN_ORDER
    assert vn.sort_key("Yên Hoà")[:3] == vn.sort_key("Yên Hòa")[:3]
    assert sorted(["Hòa Z", "Hoà A"], key=vn.sort_key) == ["Hoà A", "Hòa Z"]


def test_other_scripts_and_punctuation_still_have_an_order():
    assert sorted(["Ω", "Zeta", "Å", "A", "(A) B", "-"], key=vn.sort_key) == [
        "-",
        "A",
        "Å",
        "(A) B",
        "Zeta",
        "Ω",
    ]


@given(st.lists(names, max_size=6), st.randoms())
def test_the_order_does_not_depend_on_the_input(texts, generator):
    shuffled = texts.copy()
    generator.shuffle(shuffled)
    kept = [vn.clean(text) for text in sorted(shuffled, key=vn.sort_key)]
    assert kept == [vn.clean(text) for text in sorted(texts, key=vn.sort_key)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa", "Hoà"),
        ("thủy", "thuỷ"),
        ("Đức Thọ", "ĐỨC THỌ"),
        ("Đức Thọ", "Ðức Thọ"),
        ("Đức Thọ", "DUC  THO"),
        ("Đức Thọ", unicodedata.normalize("NFD", "Đức Thọ")),
        ("Đức Thọ", "Đức\u200b\u00a0Thọ"),
        ("VP. UBND tỉnh", "VP UBND tỉnh"),
        ("Văn hóa, Thể thao và Du lịch", "VĂN HOÁ - THỂ THAO VÀ DU LỊCH"),
        ("CCHC&VTLT", "cchc vtlt"),
    ],
)
def test_one_name_written_in_two_ways_folds_alike(one, other):
    assert vn.fold(one) == vn.fold(other)


def test_different_names_stay_different():
    assert vn.fold("xã Đức Thọ") != vn.fold("huyện Đức Thọ")
    assert vn.fold("Sơn Kim 1") != vn.fold("Sơn Kim 2")
    assert vn.fold("...") == ""


@given(names)
def test_folding_and_cleaning_are_done_once(text):
    assert vn.fold(vn.fold(text)) == vn.fold(text)
    assert vn.fold(vn.clean(text)) == vn.fold(text)
    assert vn.clean(vn.clean(text)) == vn.clean(text)


@given(names)
def test_clean_text_holds_no_control_or_direction(text):
    cleaned = vn.clean(text)
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co") for letter in cleaned)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())


def test_cleaning_composes_letters_and_keeps_the_rest():
    assert vn.clean(unicodedata.normalize("NFD", "Đức Thọ")) == "Đức Thọ"
    assert vn.clean("a\u202eb\u0000c\ufeff\r\n d\u2028e") == "abc d e"
    assert vn.clean('`#panic("x")`{=typst} |a|') == '`#panic("x")`{=typst} |a|'


@pytest.mark.parametrize(
    "none", ["\ue000", "\uf8ff", "\U000f0000", "\U0010fffd", "\ud800", "\ufdd0", "\uffff", "\U0001fffe"]
)
def test_cleaning_drops_what_is_no_character_of_any_text(none):
    assert vn.clean(f"Đức {none}Th{none}ọ{none}") == "Đức Thọ"


def test_private_use_is_what_unicode_says():
    assert all(
        bool(vn.PRIVATE_USE.fullmatch(chr(code))) == (unicodedata.category(chr(code)) == "Co")
        for code in range(0x110000)
    )
