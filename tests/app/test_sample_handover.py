"""Amounts handed over at a reform: nothing is lost, and they go to the units that the lineage names."""

from __future__ import annotations

from datetime import date

import pytest

from baocao.app.sample.province import hand_over, leaf_units, reform_dates
from baocao.definitions.errors import UserError
from baocao.definitions.unit import Edge, Unit
from baocao.definitions.units import Register

DAYS = [date(2020, 1, 1), date(2025, 1, 1), date(2025, 3, 1), date(2025, 7, 1)]


@pytest.mark.parametrize("day", DAYS)
def test_the_sum_stays_the_same_at_every_reform(register, day):
    before = leaf_units(register, date.fromordinal(day.toordinal() - 1))
    amounts = {unit.code: 7 * at + 3 for at, unit in enumerate(before)}
    after = hand_over(amounts, register, day)
    assert sum(after.values()) == sum(amounts.values())
    assert list(after) == [unit.code for unit in leaf_units(register, day)]


def test_the_reforms_of_the_province_are_known(register):
    assert [day for day in reform_dates(register, date(2019, 1, 1), date(2025, 7, 31)) if day in DAYS] == DAYS
    assert reform_dates(register, date(2025, 7, 1), date(2025, 12, 31)) == []


def test_departments_hand_over_to_those_that_took_their_tasks(register):
    day = date(2025, 3, 1)
    before = dict.fromkeys((unit.code for unit in leaf_units(register, date(2025, 2, 28))), 0)
    merged = hand_over(before | {"HT-SKHDT": 5, "HT-STC": 8}, register, day)
    assert merged["HT-STC"] == 13
    split = hand_over(before | {"HT-SLDTBXH": 101}, register, day)
    assert {code: amount for code, amount in split.items() if amount} == {
        "HT-SGDDT": 26,
        "HT-SNNMT": 25,
        "HT-SNV": 25,
        "HT-SYT": 25,
    }
    kept = hand_over(before | {"HT-VPUB": 10}, register, day)
    assert (kept["HT-VPUB"], kept["HT-SNV"]) == (9, 1)


def test_a_district_hands_over_to_the_communes_of_its_area(register):
    before = dict.fromkeys((unit.code for unit in leaf_units(register, date(2025, 6, 30))), 0)
    after = hand_over(before | {"440": 160}, register, date(2025, 7, 1))
    heirs = {register.get(code, date(2025, 7, 1)).official_name for code, amount in after.items() if amount}
    assert {"xã Đức Thọ", "xã Đức Quang", "xã Đức Thịnh", "xã Đức Minh"} <= heirs
    assert sum(after.values()) == 160


def test_a_unit_without_heir_is_named():
    units = (
        Unit("1", "A", "department", "Sở A", valid_to=date(2025, 6, 30)),
        Unit("2", "B", "department", "Sở B"),
    )
    register = Register(units, ())
    with pytest.raises(UserError, match="Đơn vị 1 kết thúc trước ngày 01/07/2025"):
        hand_over({"1": 5, "2": 3}, register, date(2025, 7, 1))
    edge = Edge(date(2025, 7, 1), "1", "2", "whole", "", "", "high")
    assert hand_over({"1": 5, "2": 3}, Register(units, (edge,)), date(2025, 7, 1)) == {"2": 8}
