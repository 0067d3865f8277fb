"""FactHashes of facts: whether what a document read of the facts is what it was, and if not, which facts differ."""

from __future__ import annotations

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import pandas as pd

from baocao.store import (
    FactRead,
    Facts,
    accepted_within,
    find_earlier,
    frame_path,
    mark_of,
    problems_about,
    read_parquet,
    read_tracker,
    units_at_fault,
)

_SAID = ["unit", "period_start", "period_end", "measure", "value", "source"]
_KEPT = "marks-1.npz"
_PLACES = ["file", "sheet", "row"]


class FactHashes:
    """The marks of one store's facts."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._known: dict[FactRead, str] = {}

    @property
    def store(self) -> str:
        """What the store is called, for `differences`."""
        return mark_of(self._facts.fingerprint)

    @property
    def labels(self) -> dict[str, str]:
        """What each measure is called."""
        return {name: one.label for name, one in self._facts.measures.items()}

    def read(self) -> None:
        """Read the facts now, as they are: they may be replaced later."""
        with read_tracker.paused():
            _ = self._counts, self.errors

    def of(self, read: FactRead) -> str:
        """The mark of what was read: the same for the same facts, wherever and whenever they are read."""
        if read not in self._known:
            with read_tracker.paused():
                self._known[read] = self._mark(read)
        return self._known[read]

    @cached_property
    def errors(self) -> pd.DataFrame:
        """The errors among the problems."""
        with read_tracker.paused():
            problems = self._facts.problems
        return problems[problems["severity"] == "error"]

    def differences(self, root: Path, earlier: str, reads: Iterable[FactRead]) -> pd.DataFrame | None:
        """The counts among `reads` that are not as they were in an earlier store; None where that is not kept.

        One row per unit, window and measure: columns of `_SAID` but the last two, and `was` and `value` (NA: none).
        """
        path = find_earlier(root, earlier)
        if path is None:
            return None
        wanted = [read for read in reads if read.frame == "counts"]
        chosen = []
        for one in (path, frame_path(self._facts.folder, "counts")):
            frame = read_parquet(one, columns=_SAID)
            chosen.append(frame.iloc[_Counts.of(frame).among(wanted)])
        key = _SAID[:4]
        joined = chosen[0].merge(chosen[1], how="outer", on=[*key, "source"], suffixes=("_was", ""))
        joined = joined.rename(columns={"value_was": "was"}).astype({"was": "Int64", "value": "Int64"})
        differ = joined[~(joined["was"] == joined["value"]).fillna(False)]
        return differ[[*key, "was", "value"]].sort_values(key).reset_index(drop=True)

    @cached_property
    def _counts(self) -> _Counts:
        """From the store's folder, where they are kept once they were made."""
        kept = self._facts.folder / _KEPT
        with suppress(OSError, ValueError, KeyError, zipfile.BadZipFile):
            return _Counts.load(kept)
        made = _Counts.of(read_parquet(frame_path(self._facts.folder, "counts"), columns=_SAID))
        with suppress(OSError):
            made.save(kept)
        return made

    def _mark(self, read: FactRead) -> str:
        if read.frame == "scores":
            return _hash(_as_text(self._facts.scores))
        if read.frame == "accepted" or read.frame == "problems" and read.spans:
            return self._mark_of_concerns(read)
        if read.frame == "errors":
            return _hash(repr(units_at_fault(self._facts)).encode())
        if read.frame == "problems":
            return _hash(_as_text(self._facts.problems))
        if read == FactRead("counts"):  # the whole frame says where each fact comes from, too
            return _hash(self._counts.hashes.tobytes() + _as_text(self._facts.counts[_PLACES]))
        return _hash(self._counts.hashes[self._counts.among([read])].tobytes())

    def _mark_of_concerns(self, read: FactRead) -> str:
        spans = [(date.fromisoformat(first), date.fromisoformat(last)) for first, last in read.spans]
        if read.frame == "problems":  # quoted without its place
            found = problems_about(self._facts, read.units or (), spans)
            return _hash(repr([(one.severity, one.message, one.acceptance) for one in found]).encode())
        accepted = accepted_within(self._facts, read.units, spans)
        return _hash(repr([(one.file, one.sheet, one.row, one.acceptance) for one in accepted]).encode())


@dataclass
class _Counts:
    """The counts of a store as numbers, with a hash of what each one says, so that many selections are quick."""

    units: np.ndarray
    unit: np.ndarray
    measures: np.ndarray
    measure: np.ndarray
    first: np.ndarray
    last: np.ndarray
    hashes: np.ndarray

    @classmethod
    def of(cls, frame: pd.DataFrame) -> _Counts:
        """From a frame with the columns of `_SAID`."""
        unit, units = pd.factorize(frame["unit"])
        measure, measures = pd.factorize(frame["measure"])
        first, last = (
            frame[name].to_numpy("datetime64[D]").astype("int64").astype("int32")
            for name in ("period_start", "period_end")
        )
        return cls(
            np.array(list(units), dtype="U"), unit.astype("int32"), np.array(list(measures), dtype="U"),
            measure.astype("int32"), first, last, pd.util.hash_pandas_object(frame, index=False).to_numpy("uint64"),
        )  # fmt: skip

    @classmethod
    def load(cls, path: Path) -> _Counts:
        with np.load(path, allow_pickle=False) as kept:
            return cls(**{one.name: kept[one.name] for one in fields(cls)})

    def save(self, path: Path) -> None:
        """Whole or not at all, whoever else does it at the same time."""
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".marks-", delete=False) as file:
            np.savez(file, **{one.name: getattr(self, one.name) for one in fields(self)})
        os.replace(file.name, path)

    @cached_property
    def _rows_of(self) -> dict[str, np.ndarray]:
        order = np.argsort(self.unit, kind="stable")
        edges = np.searchsorted(self.unit[order], np.arange(1, len(self.units)))
        return dict(zip(self.units.tolist(), np.split(order, edges), strict=True)) if len(self.units) else {}

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.measures.tolist())}

    def among(self, reads: Iterable[FactRead]) -> np.ndarray:
        """The rows that any of the reads covers, in order."""
        found = [self._rows(read) for read in reads]
        return np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)

    def _rows(self, read: FactRead) -> np.ndarray:
        nothing = np.empty(0, dtype=np.int64)
        if read.units is None:
            rows = np.arange(len(self.unit))
        else:
            held = [self._rows_of.get(unit, nothing) for unit in read.units]
            rows = np.sort(np.concatenate([nothing, *held]))
        if read.spans:
            first, last, inside = self.first[rows], self.last[rows], np.zeros(len(rows), dtype=bool)
            for start, end in np.array(read.spans, dtype="datetime64[D]").astype("int64"):
                inside |= (first >= start) & (last <= end)
            rows = rows[inside]
        if read.measures:
            wanted = np.zeros(len(self.measures), dtype=bool)
            wanted[[self._place[name] for name in read.measures if name in self._place]] = True
            rows = rows[wanted[self.measure[rows]]]
        return rows


def mark_of_frame(frame: pd.DataFrame) -> str:
    """The mark of a frame: its text in the order of its rows."""
    return _hash(_as_text(frame))


def _as_text(frame: pd.DataFrame) -> bytes:
    return frame.to_csv(index=False, lineterminator="\n").encode()


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
