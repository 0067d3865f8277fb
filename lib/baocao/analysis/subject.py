"""Whom a report is about: the province, a level, one unit or several chosen ones, and the units listed in it."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.analysis import rates
from baocao.definitions import HOME, KINDS, Period, Register, Unit

CHOSEN = Unit(f"{HOME}-chosen", "các đơn vị", "level", "Các đơn vị nêu trong báo cáo", parent=HOME)
"""Several chosen units taken together."""

TOWN = "Thị trấn"
"""How the names of towns begin; from 01/07/2025 there are communes and wards, but no towns."""


def is_group(unit: Unit) -> bool:
    """Whether the unit is the province or one of its levels, whose units are all its leaf units."""
    return unit.code == HOME or (unit.kind == "level" and unit != CHOSEN)


def choose_subject(
    register: Register, period: Period, units: Sequence[Unit]
) -> tuple[Unit, tuple[Unit, ...]]:
    """Whom a report on `units` is about, and the units listed in it one by one, as on the period's last day.

    The province stands for all; one unit for itself; several for `CHOSEN`, levels giving way to their units.
    """
    leaves = {
        group.code: [
            register.units[row]
            for row in rates.member_rows(register, period, group)
            if register.units[row].valid_on(period.end)
        ]
        for group in units
        if is_group(group)
    }
    for unit in units:
        if unit.code == HOME or len(units) == 1:
            return unit, tuple(leaves.get(unit.code, ()))
    chosen = [leaf for unit in units for leaf in leaves.get(unit.code, [unit])]
    return CHOSEN, tuple(dict.fromkeys(chosen))


def title_kind(kind: str, units: Sequence[Unit]) -> str:
    """The heading of a kind of units in a report on `units`: towns are left out where there are none."""
    if kind == "commune" and not any(unit.full_name.startswith(TOWN) for unit in units):
        return "Xã, phường"
    return KINDS[kind]
