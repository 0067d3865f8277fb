"""Composite indices (Quyết định 766/QĐ-TTg and others): their components, maxima and bands, dated and sourced.

What was decreed or is shown by the publisher lies in `data/reference/indices.csv`, `index_components.csv` and
`index_bands.csv`; here it becomes objects. The mathematics of published scores is `scores`.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest

STATUS_LABELS = {
    "declared": "công bố",
    "inferred": "suy ra",
}


@dataclass(frozen=True)
class Component:
    """A part of an index: the total, a group, a group as shown to readers, or an indicator inside a group.

    maximum     the most points it can bring; None where it is not known or nothing is scored
    shown_order place among the groups that readers see; None where they do not see it
    status      declared (by the publisher) or inferred (from published scores)
    numerator, denominator  what an indicator divides, in words
    """

    name: str
    level: str
    parent: str
    label: str
    maximum: Fraction | None
    shown_order: int | None
    status: str
    numerator: str
    denominator: str


@dataclass(frozen=True)
class Band:
    """A grade ("Xuất sắc"): scores from `lower` to below `upper` (None: no end)."""

    name: str
    label: str
    lower: Fraction
    upper: Fraction | None


@dataclass(frozen=True)
class Index:
    """An index as it is defined on a day.

    `breaks` are the years from which scores cannot be set beside those of the years before: the conditions
    changed.
    """

    name: str
    label: str
    short_label: str
    issuer: str
    breaks: tuple[int, ...]
    components: tuple[Component, ...]
    bands: tuple[Band, ...]

    def component(self, name: str) -> Component:
        """The component called `name`; a ValueError when the index has none of that name."""
        for one in self.components:
            if one.name == name:
                return one
        raise ValueError(f"{self.name} has no component {name!r}")

    @property
    def groups(self) -> list[Component]:
        """The groups that the publisher scores: their sum is the total."""
        return [one for one in self.components if one.level == "group"]

    @property
    def shown_groups(self) -> list[Component]:
        """The groups that readers see, in the publisher's order: their sum is the total, too."""
        return sorted(
            (one for one in self.components if one.shown_order is not None), key=lambda one: one.shown_order
        )

    def parts(self, name: str) -> list[Component]:
        """The groups that a shown group is the sum of; none for a group that stands for itself."""
        return [one for one in self.groups if one.parent == name]

    def indicators(self, groups: list[Component]) -> list[Component]:
        """The scored and watched indicators of these groups."""
        names = {one.name for one in groups}
        return [one for one in self.components if one.level == "indicator" and one.parent in names]

    def band(self, score: Fraction) -> Band | None:
        """The grade of a score; None where the index has no bands."""
        for one in self.bands:
            if one.lower <= score and (one.upper is None or score < one.upper):
                return one
        return None

    def break_between(self, earlier: date, later: date) -> int | None:
        """The year from which conditions differ, when it lies after `earlier` and not after `later`."""
        for year in self.breaks:
            if earlier.year < year <= later.year:
                return year
        return None


def load_index(root: Path, name: str, day: date) -> Index:
    """The index `name` as defined on `day`, from the reference data below the project's `root`."""
    folder = root / "data" / "reference"
    rows = _read(folder / "indices.csv", day)
    found = [row for row in rows if row["index"] == name]
    if not found:
        near = ", ".join(nearest(name, sorted({row["index"] for row in rows})))
        raise UserError(
            f"Không có bộ chỉ số «{name}» vào ngày {vn.format_date(day, 'short')}; các tên gần nhất: {near}."
        )
    row = found[0]
    return Index(
        name=name,
        label=row["label"],
        short_label=row["short_label"],
        issuer=row["issuer"],
        breaks=tuple(int(year) for year in row["breaks"].split(";") if year),
        components=tuple(
            Component(
                name=part["component"],
                level=part["level"],
                parent=part["parent"],
                label=part["label"],
                maximum=_number(part["maximum"]),
                shown_order=int(part["shown_order"]) if part["shown_order"] else None,
                status=part["status"],
                numerator=part["numerator"],
                denominator=part["denominator"],
            )
            for part in _read(folder / "index_components.csv", day)
            if part["index"] == name
        ),
        bands=tuple(
            Band(band["band"], band["label"], Fraction(band["lower"]), _number(band["upper"]))
            for band in _read(folder / "index_bands.csv", day)
            if band["index"] == name
        ),
    )


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _read(path: Path, day: date) -> list[dict[str, str]]:
    """The rows of a reference table that are in force on `day`."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        row
        for row in rows
        if (not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day)
        and (not row["valid_to"] or day <= date.fromisoformat(row["valid_to"]))
    ]
