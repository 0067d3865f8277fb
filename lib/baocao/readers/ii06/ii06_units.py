"""Which units the rows and the heading of Biểu II.06/VPCP/KSTT name, each text looked up once."""

from __future__ import annotations

from datetime import date

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.units import HOME, LEAF_KINDS, Register, Unit

_KINDS = {
    "province": ("department", "land_office"),
    "land_office": ("land_office",),
    "district": ("district",),
    "commune": ("commune",),
    "": (),
}
"""The kinds of units that stand in a block of rows, by its level."""

_COMPILERS = ("trung tam phuc vu hanh chinh cong", "trung tam hanh chinh cong", "tt pvhcc", "ttpvhcc")
"""Bodies that compile the province's form and are no reporting units themselves, folded."""

_COMPILING_UNIT = "HT-VPUB"


class UnitReader:
    """Finds units valid on both ends of a window."""

    def __init__(self, register: Register, start: date, end: date):
        self._register, self._start, self._end = register, start, end
        self._found: dict[tuple[str, str], str | UserError] = {}

    def find(self, text: str, block: str = "") -> str | UserError:
        """The code of the unit, first among those of the block it stands in; or what to tell about the text."""
        key = (text, block)
        if key not in self._found:
            self._found[key] = self._look_up(text, block)
        return self._found[key]

    def level(self, code: str) -> str:
        """Into which level the unit's counts add up."""
        return self._register.get(code, self._end).level

    def levels(self) -> set[str]:
        """The levels that have units at the window's end."""
        return {unit.level for unit in self._register.on(self._end) if unit.kind in LEAF_KINDS}

    def reporter(self, text: str) -> str | UserError:
        """The code of the unit that reports; HOME also for the bodies that compile the province's form; "" if none."""
        if not text:
            return ""
        found = self.find(text)
        if found == _COMPILING_UNIT or (
            isinstance(found, UserError) and vn.fold(text).startswith(_COMPILERS)
        ):
            return HOME
        return found

    def _look_up(self, text: str, block: str) -> str | UserError:
        for kind in (*_KINDS[block], None):
            try:
                return self._valid(self._register.find(text, self._end, kind))
            except UserError as error:
                fault = error
        return fault

    def _valid(self, unit: Unit) -> str:
        """The unit's code, valid on the first day too (the rule of `cells.parse_unit`)."""
        self._register.get(unit.code, self._start)
        return unit.code
