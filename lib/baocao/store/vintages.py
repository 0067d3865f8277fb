"""Which file's word counts where a later one corrects an earlier one; both stay on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from baocao.readers.reading_result import Reading
from baocao.readers.repeats import COUNT_KEY, SCORE_KEY
from baocao.store.listing import ReceivedFile

KEYS = {
    "counts": [key for key in COUNT_KEY if key != "source"],
    "scores": [key for key in SCORE_KEY if key != "source"],
}
"""What two files must say alike, of each frame, to speak of the same fact."""

VALUES = {"counts": ["value"], "scores": ["score", "rank"]}


def drop_superseded(files: Sequence[tuple[ReceivedFile, Reading]]) -> list[Reading]:
    """The readings, in their order, without the facts that a later file's `supersedes` replaces.

    Of a file that is corrected in part, what the correction does not state still counts. A file of whose facts none
    is left has no problems either: they were put right.
    """
    later: dict[str, list[Reading]] = {}
    kept: list[Reading] = []
    for file, reading in reversed(files):
        corrections = later.get(file.name, [])
        for name in file.supersedes:
            later.setdefault(f"{file.name[: file.name.rfind('/') + 1]}{name}", []).extend(
                [reading, *corrections]
            )
        kept.append(_without(reading, corrections) if corrections else reading)
    return kept[::-1]


def _without(reading: Reading, corrections: Sequence[Reading]) -> Reading:
    counts = _apart(reading.counts, [one.counts for one in corrections], KEYS["counts"])
    scores = _apart(reading.scores, [one.scores for one in corrections], KEYS["scores"])
    if not len(counts) and not len(scores):
        return Reading(reading.form)
    return replace(reading, counts=counts, scores=scores)


def _apart(facts: pd.DataFrame, others: Sequence[pd.DataFrame], key: list[str]) -> pd.DataFrame:
    held = [one for one in others if len(one)]
    if not len(facts) or not held:
        return facts
    return facts[~_index(facts, key).isin(_index(pd.concat(held), key))].reset_index(drop=True)


def compare_facts(fresh: pd.DataFrame, earlier: pd.DataFrame, frame: str) -> tuple[int, int, int]:
    """Of the facts ("counts" or "scores") of an earlier file: how many the fresh one states too, states otherwise,
    and does not state."""
    if not len(earlier):
        return 0, 0, 0
    if not len(fresh):
        return 0, 0, len(earlier)
    key, values = KEYS[frame], VALUES[frame]
    old = earlier.set_index(_index(earlier, key))[values]
    new = fresh.set_index(_index(fresh, key))[values]
    old, new = (one[~one.index.duplicated()] for one in (old, new))
    common = old.index.intersection(new.index)
    mine, theirs = new.loc[common], old.loc[common]
    same = ((mine == theirs) | (mine.isna() & theirs.isna())).all(axis=1)
    return len(common), int((~same).sum()), len(old) - len(common)


def _index(facts: pd.DataFrame, key: list[str]) -> pd.Index:
    """The facts' keys as one text each: days and missing ones compare alike whatever their type."""
    columns = [facts[name].astype(object).where(facts[name].notna(), "").astype(str) for name in key]
    joined = columns[0]
    for column in columns[1:]:
        joined = joined + "\x1f" + column
    return pd.Index(joined)
