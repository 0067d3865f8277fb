"""Composite indices (Quyết định 766/QĐ-TTg and others): their components, maxima and bands, dated and sourced.

What was decreed or is shown by the publisher lies in `data/reference/indices.csv`, `index_components.csv` and
`index_bands.csv`; here it becomes objects. The mathematics of published scores is `scores`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest
from baocao.definitions.files import reference_rows, typed_rows

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
    rows = _in_force(root, "indices.csv", day)
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
            for part in _in_force(root, "index_components.csv", day)
            if part["index"] == name
        ),
        bands=tuple(
            Band(band["band"], band["label"], Fraction(band["lower"]), _number(band["upper"]))
            for band in _in_force(root, "index_bands.csv", day)
            if band["index"] == name
        ),
    )


def _number(text: str) -> Fraction | None:
    return Fraction(text) if text else None


def _in_force(root: Path, name: str, day: date) -> list[dict[str, str]]:
    """The rows of a reference table that are in force on `day`."""
    return [
        row
        for row in reference_rows(root, name)
        if (not row["valid_from"] or date.fromisoformat(row["valid_from"]) <= day)
        and (not row["valid_to"] or day <= date.fromisoformat(row["valid_to"]))
    ]


# --------------------------------------------------------------------------------------------------
# Published results of the province in yearly indices (PAR INDEX, SIPAS, DTI, ...): points, rank and its
# base.
#
# The rows of `data/reference/index_values.csv`, each with its source and evidence. What a row leaves empty
# is unknown, never 0; a row without points and without rank says in its note why they are missing. A
# letter may only use what was public on its day, and a rank is held against another only on the same base
# and under the same criteria.


TOTAL = "total"
DERIVED = "C"
"""Evidence of a value that was computed from a rank and a change that were printed."""


@dataclass(frozen=True)
class IndexValue:
    """What one year brought in one index or part of it.

    `value` is in `measured_in` (điểm, %), `rank` among `out_of` provinces; None where not known. `published` is
    the day by which it was public, as the source shows.
    """

    index: str
    component: str
    year: int
    value: Fraction | None
    measured_in: str
    rank: int | None
    out_of: int | None
    published: date | None
    source: str
    evidence: str
    note: str

    @property
    def is_known(self) -> bool:
        """Whether there is a value or a rank; else the row only says why not."""
        return self.value is not None or self.rank is not None

    @property
    def is_derived(self) -> bool:
        """Whether it was computed from other printed figures."""
        return self.evidence == DERIVED

    @property
    def public_on(self) -> date:
        """The day from which a letter may use it: without a known day, the end of the year after.

        Yearly indices come out in the course of the following year.
        """
        return self.published or date(self.year + 1, 12, 31)


def load_index_values(root: Path) -> list[IndexValue]:
    """All rows below the project's `root`, as they stand; a UserError names the row that is wrong."""
    return typed_rows(root, "index_values.csv", IndexValue)


def public_values(values: Iterable[IndexValue], index: str, day: date) -> list[IndexValue]:
    """The known values of an index that were public on `day`, in the order of the table."""
    return [one for one in values if one.index == index and one.is_known and one.public_on <= day]


def find_value(values: Iterable[IndexValue], year: int, component: str = TOTAL) -> IndexValue | None:
    """The value of a year; None where there is none."""
    return next((one for one in values if (one.year, one.component) == (year, component)), None)


def newest_value(values: Iterable[IndexValue], component: str = TOTAL) -> IndexValue | None:
    """The value of the latest year; None where there is none."""
    return max((one for one in values if one.component == component), key=lambda one: one.year, default=None)
