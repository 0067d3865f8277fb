"""Who took over the dossiers of units that ended: amounts handed over along the lineage, for the sample only.

Real stocks are reported, never derived like this: a `part` edge does not say how much went where.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from baocao.app.sample.apportion import apportion
from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.units import LEAF_KINDS, Register, Unit

_STAYS = 9
"""Of a unit that only hands over a part of its tasks, this many tenths stay with it (our assumption)."""


def leaf_units(register: Register, day: date) -> list[Unit]:
    """The units that receive dossiers themselves on the day, in the register's order."""
    return [unit for unit in register.on(day) if unit.kind in LEAF_KINDS]


def hand_over(amounts: dict[str, int], register: Register, day: date) -> dict[str, int]:
    """The amounts by the units valid from `day` on, given those of the day before; the sum stays the same.

    A unit merged whole hands over everything; a unit split is shared out equally among its parts, except that one
    that lives on keeps nine tenths; a district that ended without a successor of its own hands over to the
    communes that succeed its communes, in proportion to how many of them.
    """
    total = dict.fromkeys((unit.code for unit in leaf_units(register, day)), 0)
    edges: dict[str, list[str]] = {}
    for edge in register.edges:
        if edge.effective_date == day and edge.new_code in total:
            edges.setdefault(edge.old_code, []).append(edge.new_code)
    below: dict[str, list[str]] = {}
    for unit in register.on(day - timedelta(days=1)):
        below.setdefault(unit.parent, []).extend(edges.get(unit.code, []))
    for code, amount in amounts.items():
        if code in edges:
            shares = _weigh(edges[code], code)
        elif code in total:
            shares = {code: 1}
        elif below.get(code):
            shares = _weigh(below[code])
        else:
            raise UserError(
                f"Đơn vị {code} kết thúc trước ngày {vn.format_date(day, 'short')} mà lineage.csv không có đơn vị "
                "kế thừa; hãy thêm dòng cho đơn vị này."
            )
        given = apportion(amount, np.array(list(shares.values())))
        for new_code, part in zip(shares, given.tolist(), strict=True):
            total[new_code] += part
    return total


def reform_dates(register: Register, after: date, until: date) -> list[date]:
    """The days after `after` and up to `until` on which units were rearranged, in order."""
    return sorted({edge.effective_date for edge in register.edges if after < edge.effective_date <= until})


def _weigh(heirs: Iterable[str], same: str = "") -> dict[str, int]:
    weights: dict[str, int] = {}
    for heir in heirs:
        weights[heir] = weights.get(heir, 0) + 1
    others = len(weights) - (same in weights)
    if same in weights and others:
        return {heir: _STAYS * others if heir == same else 1 for heir in weights}
    return weights
