"""A row of a sheet of reference data in full: names as codes, numbers as the files write them, blanks filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from baocao.definitions import INDICATORS, KINDS, Register, Unit, UserError, nearest, reference_rows
from baocao.definitions import vietnamese as vn
from baocao.readers.reference.merge import is_unknown, key_of, with_rows

LOADED = "L"
"""Evidence of a row that a load added and that names none of its own: its source is what the row says."""

_KIND_WORDS = ("Tỉnh", "Thành phố", "Thị xã", "Huyện", "Xã", "Phường", "Thị trấn")
_LEVELS = {"department": "province", "land_office": "province", "district": "district", "commune": "commune"}
_PARENTS = {"department": "42T", "land_office": "42T", "district": "42H"}
_TWO_LEVELS = date(2025, 7, 1)  # from here communes belong to the province's commune level


def complete(
    form: str, given: Mapping[str, str], known: Known, plain: bool
) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The row in full, and warnings (column, sentence); a Fault where it cannot be understood.

    Names become codes; what is blank is taken from the row of the same key that stands in the file, else the usual.

    plain  whether decimals are written with a dot
    """
    row = dict(given)
    _resolve(form, row, known)
    old = next((one for one in known.rows(form) if key_of(form, one) == key_of(form, row)), None)
    if old and is_unknown(old):
        old = None
    if old:
        row = {column: text or old[column] for column, text in row.items()}
    else:
        _fill(form, row, known)
    warnings = []
    for column in ("value", "target"):
        if row.get(column) and not (old and row[column] == old[column]):
            row[column], warning = _decimal(form, column, row, known, plain)
            warnings += [(column, warning)] if warning else []
            if old and old[column] and Decimal(old[column]) == Decimal(row[column]):
                row[column] = old[column]
    return row, warnings


def _resolve(form: str, row: dict[str, str], known: Known) -> None:
    """Names that the key is made of become codes."""
    if form == "index_values":
        row["index"] = _choose("index", row["index"], known.indices)
        parts = [one for one in known.rows("index_components") if one["index"] == row["index"]]
        names = {
            vn.fold(word): one["component"] for one in parts for word in (one["label"], one["component"])
        }
        names |= dict.fromkeys(("tong", "tong diem", "tong hop", "chung", "chi so chung"), "total")
        row["component"] = _choose("component", row["component"] or "total", names)
    elif form == "targets":
        names = {vn.fold(word): one.name for one in INDICATORS for word in (one.label, one.name)}
        row["indicator"] = _choose("indicator", row["indicator"], names)
        kinds = {vn.fold(word): kind for kind, label in KINDS.items() for word in (kind, label)}
        kinds |= dict.fromkeys(("all", "tat ca", "moi don vi", "toan tinh"), "all")
        row["scope"] = _choose("scope", row["scope"] or "all", kinds)
    elif form == "units":
        kinds = {vn.fold(word): kind for kind, label in KINDS.items() for word in (kind, label)}
        kinds |= {vn.fold(word): kind for kind, label in KINDS.items() for word in label.split(", ")}
        row["kind"] = _choose("kind", row["kind"], kinds)


def _choose(column: str, text: str, names: Mapping[str, str]) -> str:
    found = names.get(vn.fold(text))
    if found is None:
        near = (
            ", ".join(
                dict.fromkeys(KINDS.get(names[word], names[word]) for word in nearest(vn.fold(text), names))
            )
            or "không có"
        )
        raise Fault(
            column, "tham-chieu", f"«{text[:60]}» không có trong dữ liệu tham chiếu; gần nhất: {near}."
        )
    return found


def _fill(form: str, row: dict[str, str], known: Known) -> None:
    """Fills in the usual where a new row says nothing."""
    if form == "index_values":
        index = next(one for one in known.rows("indices") if one["index"] == row["index"])
        row["measured_in"] = (row["measured_in"] or index["measured_in"]) if row["value"] else ""
    elif form == "targets":
        row["comparison"] = row["comparison"] or ">="
    elif form == "units":
        kind, start = row["kind"], row["valid_from"]
        first, _, rest = row["full_name"].partition(" ")
        pair, _, after = rest.partition(" ")
        bare = (
            after if f"{first} {pair}" in _KIND_WORDS else rest if first in _KIND_WORDS else row["full_name"]
        )
        row["name"] = row["name"] or (
            bare if kind in ("province", "district", "commune") else row["full_name"]
        )
        row["level"] = row["level"] or _LEVELS.get(kind, "")
        two_levels = kind == "commune" and start >= _TWO_LEVELS.isoformat()
        row["parent"] = row["parent"] or ("42X" if two_levels else _PARENTS.get(kind, ""))
    elif form == "lineage":
        row["confidence"] = row["confidence"] or "medium"
    if "evidence" in row:
        row["evidence"] = row["evidence"] or ("" if is_unknown(row) else LOADED)


def _decimal(
    form: str, column: str, row: Mapping[str, str], known: Known, plain: bool
) -> tuple[str, str | None]:
    """A number as the files write it, with a dot; and a warning where a dot in a Vietnamese sheet was one."""
    text = row[column]
    if plain and re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", text):
        return text, None
    most = Decimal(100)
    if form == "index_values":
        parts = [one for one in known.rows("index_components") if _part(one) == _part(row)]
        given = [Decimal(one["maximum"]) for one in parts if one["maximum"]]
        if not given and "." in text:
            raise Fault(
                column,
                "diem",
                f"«{text[:40]}» có dấu chấm; hãy viết số với dấu phẩy thập phân, không ngăn hàng nghìn.",
            )
        most = max(given) if given else Decimal(10_000)
    try:
        number, warning = vn.parse_score(text, most)
    except ValueError as error:
        raise Fault(column, "diem", str(error)) from None
    return format(number, "f"), warning


def _part(row: Mapping[str, str]) -> tuple[str, str]:
    """Index and component."""
    return row["index"], row["component"]


# --------------------------------------------------------------------------------------------------
# The reference data that rows of a load are held against.


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
            self._rows[form] = reference_rows(self.root, f"{form}.csv")
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
