"""Reasons as sentence parts: what is a name or a date stays one until it is written."""

from __future__ import annotations

from datetime import date

import pytest

from baocao.analysis import reasons
from baocao.analysis.reasons import Name, join_units, name_base, plain
from baocao.definitions.periods import Period


def test_parts_are_written_as_words(register):
    commune = register.get("18229", date(2025, 7, 1))
    reason = (
        "từ ngày ",
        date(2025, 7, 1),
        " ",
        commune,
        " theo ",
        Name("mức độ 3"),
        " của ",
        Period.parse("2025-Q1"),
    )
    assert plain(reason) == "từ ngày 01/07/2025 xã Đức Thọ theo mức độ 3 của quý I năm 2025"
    assert plain(()) == ""


def test_units_whose_names_hold_commas_are_parted_by_semicolons(register):
    units = [register.get(code, date(2025, 7, 1)) for code in ("HT-STC", "HT-SYT", "HT-SVHTTDL")]
    assert plain(join_units(units[:2])) == "Sở Tài chính, Sở Y tế"
    assert plain(join_units(units)) == "Sở Tài chính; Sở Y tế; Sở Văn hóa, Thể thao và Du lịch"
    assert join_units([]) == ()


def test_two_reasons_are_one():
    assert plain(reasons.add(reasons.NO_BASE, ("và thế",))) == "không có số liệu của kỳ đó; và thế"
    assert reasons.add((), reasons.NO_BASE) == reasons.add(reasons.NO_BASE, ()) == reasons.NO_BASE


@pytest.mark.parametrize(
    ("period", "base", "name"),
    [
        ("2025-07", "2025-06", "tháng trước"),
        ("2025-07", "2024-07", "cùng kỳ năm trước"),
        ("2025-Q1", "2024-Q4", "quý trước"),
        ("2025-H1", "2024-H2", "kỳ trước"),
        ("2025-H1", "2024-H1", "cùng kỳ năm trước"),
        ("2025", "2024", "năm trước"),
        ("2025-M7", "2024-M7", "cùng kỳ năm trước"),
        ("2025-07-01..2025-07-24", "2025-06-07..2025-06-30", "kỳ trước"),
        ("2025-07-01..2025-07-24", "2024-07-01..2024-07-24", "cùng kỳ năm trước"),
        ("2025-07", "2019-07", "tháng 7 năm 2019"),
    ],
)
def test_the_name_of_the_base(period, base, name):
    assert plain(name_base(Period.parse(period), Period.parse(base))) == name


def test_no_fixed_reason_holds_a_digit_or_ends_a_sentence():
    """Digits must be parts of their own, or a document could not declare them."""
    fixed = [value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, tuple)]
    assert len(fixed) > 15
    for reason in fixed:
        for part in reason:
            assert not isinstance(part, str) or not any(letter.isdigit() for letter in part)
        assert not plain(reason).endswith(".")
