"""The reference data that rows of a load are held against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.units import Register, Unit
from baocao.readers.reference.merge import read_reference, with_rows


class Fault(Exception):
    """What is wrong in a row: the column, the code of the problem, the sentence to show."""

    def __init__(self, column: str, code: str, text: str):
        super().__init__(text)
        self.column, self.code, self.text = column, code, text


class Known:
    """The reference data that rows are held against; units of a load are learnt before its lineage is checked."""

    def __init__(self, root: Path, register: Register):
        self.root, self.register = root, register
        self._rows: dict[str, list[dict[str, str]]] = {}

    def rows(self, form: str) -> list[dict[str, str]]:
        """The rows of a file of `data/reference`."""
        if form not in self._rows:
            self._rows[form] = read_reference(self.root, form)
        return self._rows[form]

    def province(self, name: str) -> str:
        """The code of a province by any name it ever had."""
        days = [date(2025, 7, 1), date(2019, 1, 1)]
        for day in days:
            try:
                return self.register.find(name, day, "province").code
            except UserError:
                continue
        return self.register.find(name, days[0], "province").code

    def learn_units(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Takes the rows of a sheet of units into the register."""
        merged = with_rows("units", self.rows("units"), rows)
        self.register = Register(tuple(_unit(row) for row in merged), self.register.edges)

    @cached_property
    def indices(self) -> dict[str, str]:
        """The index that a folded name means: its name, label, short label, or a label's part in brackets."""
        names: dict[str, str] = {}
        for row in self.rows("indices"):
            words = [
                row["index"],
                row["label"],
                row["short_label"],
                *re.findall(r"\(([^)]+)\)", row["label"]),
            ]
            names |= {vn.fold(word): row["index"] for word in words}
        return names


def _unit(row: Mapping[str, str]) -> Unit:
    known = {one.name for one in fields(Unit)}
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_from", "valid_to")}
    return replace(Unit(**{name: text for name, text in row.items() if name in known}), **days)
