"""One unit as a row of `data/reference/units.csv` has it, and what became of it: a row of `lineage.csv`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from baocao.definitions import vietnamese as vn

HOME, OFFICE = "42", "HT-VPUB"
"""The province whose departments, districts and communes the register lists, Hà Tĩnh, and the office that writes to them."""

KINDS = {
    "province": "Tỉnh, thành phố",
    "level": "Cấp chính quyền",
    "department": "Sở, ban, ngành",
    "land_office": "Chi nhánh Văn phòng Đăng ký đất đai",
    "district": "Huyện, thị xã, thành phố",
    "commune": "Xã, phường, thị trấn",
}
"""Kinds of units in the order reports list them, with the heading of each."""

GROUPS = {
    "all": ("province", "department", "land_office", "district", "commune"),
    "province": ("province",),
    "departments": ("department",),
    "land-offices": ("land_office",),
    "districts": ("district",),
    "communes": ("commune",),
}
"""The words `--units` understands beside codes and names; other provinces and levels are never in a group."""

LEAF_KINDS = ("department", "land_office", "district", "commune")  # those that handle dossiers themselves
_KIND_WORD_INSIDE = ("province", "level", "district", "commune")  # "Xã Đức Thọ" is "xã Đức Thọ" in a sentence


@dataclass(frozen=True)
class Unit:
    """One row of `units.csv`: a unit as it was from `valid_from` to `valid_to`, both inclusive.

    `valid_from` None: since before 2019-01-01; `valid_to` None: still valid. `level` (province, district,
    commune; empty for provinces) says into which level its counts add up; `parent` is the code above it.
    """

    code: str
    name: str
    kind: str
    full_name: str
    level: str = ""
    parent: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    legal_basis: str = ""
    note: str = ""

    def __hash__(self) -> int:
        return hash(self.code)  # as dictionaries ask for it all the time

    @property
    def official_name(self) -> str:
        """The name inside a sentence.

        >>> Unit("18229", "Đức Thọ", "commune", "Xã Đức Thọ").official_name
        'xã Đức Thọ'
        >>> Unit("HT-SNV", "Sở Nội vụ", "department", "Sở Nội vụ").official_name
        'Sở Nội vụ'
        """
        lowered = self.full_name[:1].lower() + self.full_name[1:]
        return lowered if self.kind in _KIND_WORD_INSIDE else self.full_name

    @property
    def slug(self) -> str:
        """The start of a file name, unique on any date because it begins with the code.

        >>> Unit("18229", "Đức Thọ", "commune", "Xã Đức Thọ").slug
        '18229-xa-duc-tho'
        """
        return "-".join([self.code.lower(), *vn.fold(self.official_name).split()])

    @property
    def label(self) -> str:
        """Name and code, as messages show a unit."""
        return f"{self.official_name} ({self.code})"

    def valid_on(self, day: date) -> bool:
        """Whether the unit existed, as described by this row, on the day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    @property
    def validity(self) -> str:
        """The days of validity in words, for messages."""
        bounds = (("từ ngày", self.valid_from), ("đến hết ngày", self.valid_to))
        return " ".join(f"{word} {vn.format_date(day, 'short')}" for word, day in bounds if day) or "mọi ngày"


@dataclass(frozen=True)
class Edge:
    """One row of `lineage.csv`: on `effective_date` the old unit went, `whole` or in `part`, into the new one."""

    effective_date: date
    old_code: str
    new_code: str
    relation: str
    source: str
    detail: str
    confidence: str
