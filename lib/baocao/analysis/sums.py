"""Counts of units added up into counts of groups, and who of a group did not report.

Whose counts belong together is said by `compute` and `bridges`; here they are only added.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from baocao.definitions.measures import Measure
from baocao.definitions.periods import Period
from baocao.definitions.units import Register

COUNTS = ["unit", "measure", "value", "source", "facts"]

SOURCES = ("published", "received", "sample")
"""A sum is sample as soon as one part is, and published only when every part is."""


def add_up_groups(
    leaves: pd.DataFrame,
    groups: Mapping[Any, Iterable[int]],
    register: Register,
    period: Period,
    measures: Mapping[str, Measure],
    *,
    heirs_inside: bool = True,
) -> pd.DataFrame:
    """`compute.add_up` of several groups, which may share members, in one pass; `unit` is the group's key."""
    members = {key: set(rows) for key, rows in groups.items()}
    belongs: dict[int, list[Any]] = {}
    for key, rows in members.items():
        for row in rows:
            belongs.setdefault(row, []).append(key)
    held = {"flow": set(belongs), "opening": set(belongs), "closing": set(belongs)}
    if heirs_inside:
        held["opening"] = {row for row in belongs if register.units[row].valid_on(period.start)}
        held["closing"] = {row for row in belongs if register.units[row].valid_on(period.end)}
    counted = {name: held[one.kind] for name, one in measures.items() if not one.mixed}
    sums: dict[Any, dict[str, _Sum]] = {key: {} for key in members}
    columns = (leaves[name].tolist() for name in ("row", "measure", "value", "source", "facts"))
    for row, measure, value, source, facts in zip(*columns, strict=True):
        if row in counted.get(measure, ()):
            for key in belongs[row]:
                sums[key].setdefault(measure, _Sum()).add(value, SOURCES.index(source), facts, [row])
    rows = []
    for key, by_measure in sums.items():
        missing = {name: (members[key] & counted[name]) - one.rows for name, one in by_measure.items()}
        for name, measure in measures.items():
            if measure.mixed and all(part in by_measure for part in measure.parts):
                by_measure[name] = _Sum()
                for one in (by_measure[part] for part in measure.parts):
                    by_measure[name].add(one.value, one.doubt, one.facts, one.rows)
                missing[name] = set().union(*(missing[part] for part in measure.parts))
        rows += [
            (key, name, one.value, SOURCES[one.doubt], one.facts, tuple(sorted(missing[name])))
            for name, one in by_measure.items()
        ]
    added = pd.DataFrame(rows, columns=[*COUNTS, "missing"])
    added["missing"] = pd.Series([row[-1] for row in rows], dtype=object)
    return added.astype({"value": "int64", "facts": "int64"})


@dataclass
class _Sum:
    """Counts added up: the worst of their sources (place in `SOURCES`), and the rows that were there."""

    value: int = 0
    doubt: int = 0
    facts: int = 0
    rows: set[int] = field(default_factory=set)

    def add(self, value: int, doubt: int, facts: int, rows: Iterable[int]) -> None:
        self.value += value
        self.doubt = max(self.doubt, doubt)
        self.facts += facts
        self.rows.update(rows)
