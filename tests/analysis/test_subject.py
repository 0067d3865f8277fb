"""Whom a report is about, and the units listed in it."""

from __future__ import annotations

from datetime import date

import pytest

from baocao.analysis.subject import CHOSEN, choose_subject, is_group, title_kind
from baocao.definitions.periods import Period

JULY, JUNE = Period.parse("2025-07"), Period.parse("2025-06")


def expand(register, text: str, period: Period):
    return register.expand(text, period.end)


def test_the_province_stands_for_all_its_units(register):
    subject, members = choose_subject(register, JULY, expand(register, "42", JULY))
    assert subject.code == "42"
    assert len(members) == 96
    subject, _ = choose_subject(register, JULY, expand(register, "xã Đức Thọ, 42", JULY))
    assert subject.code == "42"


def test_a_level_has_its_units_and_one_unit_none(register):
    subject, members = choose_subject(register, JUNE, expand(register, "42H", JUNE))
    assert (subject.code, {unit.kind for unit in members}) == ("42H", {"district"})
    subject, members = choose_subject(register, JULY, expand(register, "18229", JULY))
    assert (subject.code, members) == ("18229", ())


def test_several_units_are_taken_together_each_once(register):
    units = [register.get(code, JUNE.end) for code in ("42H", "440", "HT-SNV")]
    subject, members = choose_subject(register, JUNE, units)
    assert subject == CHOSEN
    assert len(members) == len(set(members)) == 12 + 1
    assert members[-1].code == "HT-SNV"


@pytest.mark.parametrize(
    ("code", "group"), [("42", True), ("42X", True), ("18229", False), ("HT-SNV", False)]
)
def test_groups_are_the_province_and_its_levels(register, code, group):
    assert is_group(register.get(code, JULY.end)) is group
    assert not is_group(CHOSEN)


def test_towns_are_named_only_where_there_are_some(register):
    for day, title in ((date(2025, 6, 30), "Xã, phường, thị trấn"), (date(2025, 7, 1), "Xã, phường")):
        units = [unit for unit in register.on(day) if unit.kind == "commune"]
        assert title_kind("commune", units) == title
    assert title_kind("district", []) == "Huyện, thị xã, thành phố"
