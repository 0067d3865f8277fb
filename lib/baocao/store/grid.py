"""The counts as a table of keys (unit, window, source) by measures, with totals filled in, for checks in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.measures import Measure
from baocao.definitions.units import Register, Unit
from baocao.readers.problems import problem
from baocao.store.cover_periods import SOURCES


@dataclass(frozen=True, eq=False)
class Grid:
    """Counts by key (unit, window, source) and measure, in dossiers.

    units, sources, start, end  of each key; start and end are datetime64[D]
    value, present              keys by measures: totals are derived where all parts are there, else as reported
    reported, reported_value    keys by measures: what the files say
    place                       which row of `counts` states the figure (of a derived total: its first part)
    """

    counts: pd.DataFrame
    register: Register
    measures: dict[str, Measure]
    units: list[str]
    sources: list[str]
    start: np.ndarray
    end: np.ndarray
    value: np.ndarray
    present: np.ndarray
    reported_value: np.ndarray
    reported: np.ndarray
    place: np.ndarray

    @property
    def names(self) -> list[str]:
        """The measures, in the order of the columns."""
        return list(self.measures)

    def column(self, name: str) -> int:
        """Where the measure stands."""
        return self.names.index(name)

    def shown(self, key: int, name: str) -> str:
        """The count as messages print it."""
        return vn.format_number(int(self.value[key, self.column(name)]))

    def unit(self, key: int) -> Unit | None:
        """The unit on the window's last day; None when the register has none."""
        try:
            return self.register.get(self.units[key], self.end[key].item())
        except UserError:
            return None

    def label(self, key: int) -> str:
        """The unit as messages name it."""
        unit = self.unit(key)
        return unit.label if unit else self.units[key]

    def window(self, key: int) -> str:
        """The window in words."""
        first, last = (vn.format_date(edge[key].item(), "short") for edge in (self.start, self.end))
        return f"từ ngày {first} đến ngày {last}"

    def problem(self, severity: str, code: str, key: int, name: str, value: int, message: str) -> dict:
        """A problem at the row that states the measure, with unit and window before the message."""
        row = self.counts.iloc[self.place[key, self.column(name)]]
        text = f"{self.label(key)}, {self.window(key)}: {message}"
        where = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"]) or None, "column": name}
        return problem(
            severity, code, text, value=vn.format_number(int(value)), unit=self.units[key], **where
        )

    def same_window(self) -> Iterator[list[int]]:
        """The keys of one unit and window, where more than one source reports it."""
        keys: dict[tuple, list[int]] = {}
        for key, unit in enumerate(self.units):
            keys.setdefault((unit, self.start[key], self.end[key]), []).append(key)
        return (held for held in keys.values() if len(held) > 1)

    def most_trusted(self, key: int) -> dict[tuple[str, int], int]:
        """For every unit and column with a count in the window of `key`: the key of the most trusted source."""
        found: dict[tuple[str, int], int] = {}
        inside = np.flatnonzero((self.start == self.start[key]) & (self.end == self.end[key]))
        for other in sorted(inside, key=lambda one: -list(SOURCES).index(self.sources[one])):
            for at in np.flatnonzero(self.present[other]):
                found[self.units[other], at] = other
        return found


def build_grid(counts: pd.DataFrame, register: Register, measures: dict[str, Measure]) -> Grid:
    """The grid of the counts whose measures are known; a figure stated twice counts as its last row says."""
    counts = counts[counts["measure"].isin(list(measures))]
    days = [pd.to_datetime(counts[name]).to_numpy("datetime64[D]") for name in ("period_start", "period_end")]
    unit_of, units = pd.factorize(counts["unit"])
    source_of, sources = pd.factorize(counts["source"])
    parts = (unit_of, *(day.astype(np.int64) for day in days), source_of)
    keys, key_of = _distinct_rows(parts)
    column_of = counts["measure"].map({name: at for at, name in enumerate(measures)}).to_numpy(np.int64)
    shape = (len(keys), len(measures))
    value, place = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    present = np.zeros(shape, dtype=bool)
    value[key_of, column_of] = counts["value"].to_numpy(np.int64)
    place[key_of, column_of] = np.arange(len(counts))
    present[key_of, column_of] = True
    reported, reported_value = present.copy(), value.copy()
    names = list(measures)
    for at, one in enumerate(measures.values()):
        columns = [names.index(part) for part in one.parts]
        if columns:
            whole = present[:, columns].all(axis=1)
            value[whole, at] = value[whole][:, columns].sum(axis=1)
            derived = whole & ~present[:, at]
            place[derived, at] = place[derived, columns[0]]
            present[whole, at] = True
    return Grid(
        counts=counts,
        register=register,
        measures=measures,
        units=[units[code] for code in keys[:, 0]],
        sources=[sources[code] for code in keys[:, 3]],
        start=keys[:, 1].astype("datetime64[D]"),
        end=keys[:, 2].astype("datetime64[D]"),
        value=value,
        present=present,
        reported_value=reported_value,
        reported=reported,
        place=place,
    )


def _distinct_rows(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of whole numbers in order, and for each row its place among them (quicker than by axis)."""
    ranks = [np.unique(column, return_inverse=True) for column in columns]
    row_of, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for values, rank in reversed(ranks):
        row_of += rank * size
        size *= max(len(values), 1)
    _, first, key_of = np.unique(row_of, return_index=True, return_inverse=True)
    return np.stack([np.asarray(column, dtype=np.int64)[first] for column in columns], axis=1), key_of
