"""The store of facts: what all files say, checked together, in Parquet below `data/derived/store`.

Made from the files that `data/raw/SOURCES.csv` lists and from the sample, when there is one. It is derived: it
may be deleted, and is made anew whenever a file, the reference data or the code that reads them has changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.definitions import (
    MEASURES,
    Measure,
    Period,
    Register,
    UserError,
    load_measures,
    load_register,
    reference_rows,
)
from baocao.readers import (
    COUNT_COLUMNS,
    COUNT_KEY,
    SCORE_COLUMNS,
    SCORE_KEY,
    drop_echoes,
    drop_repeats,
    join_problems,
    problems_frame,
)
from baocao.store import checks, read_tracker
from baocao.store import process_cache as held
from baocao.store.accepted import apply_accepted, read_accepted
from baocao.store.cover_periods import tile, tile_over
from baocao.store.files import STORE, code_of, fingerprint, hash_of, inputs_of, read_note, replace_store
from baocao.store.frames import (
    COUNT_ORDER,
    is_whole,
    read_counts_frame,
    read_counts_within,
    read_last_day,
    read_problems_frame,
    read_scores_frame,
)
from baocao.store.listing import drop_superseded, read_listing
from baocao.store.received import drop_other_readings, read_received, reading_key
from baocao.store.schemas import check_frames, sound_facts
from baocao.store.synthetic.read import SAMPLE_FILE, read_sample


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of one store; its frames are read when they are first asked for.

    fingerprint  SHA-256 of what the counts and scores say, the same whatever the files' order, names and bytes
    files        how many files of the list they come from: the vintage (`listing`)
    shared       what was computed from them alone, kept by those who computed it as long as the facts are

    What is asked of them is noted (`read_tracker`): a document is made again when the facts that it read have changed.
    """

    folder: Path
    fingerprint: str
    measures: dict[str, Measure]
    files: int = 0
    shared: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def counts(self) -> pd.DataFrame:
        """Every count, by window, unit and measure: the columns of `COUNT_COLUMNS`, dates as `datetime.date`."""
        read_tracker.note_facts("counts")
        return self._counts

    @property
    def scores(self) -> pd.DataFrame:
        """Every score, the columns of `SCORE_COLUMNS`: `as_of` a `datetime.date` or None, missing numbers NA."""
        read_tracker.note_facts("scores")
        return self._scores

    @property
    def problems(self) -> pd.DataFrame:
        """What is wrong in the files, the columns of `PROBLEM_COLUMNS`; errors first; `row` an int or None."""
        read_tracker.note_facts("problems")
        return self._problems

    def counts_between(self, start: date, end: date) -> pd.DataFrame:
        """The counts whose window lies between the two days, read from the store alone; dates as timestamps."""
        read_tracker.note_facts("counts", spans=[(start, end)])
        return read_counts_within(self._whole(), [(start, end)])

    def counts_inside(
        self, spans: Sequence[tuple[date, date]], measures: Iterable[str], units: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The counts of `measures` (and `units`, by code) whose window lies inside one of the spans of days.

        Only the columns of `COUNT_KEY` and `value`; dates as timestamps.
        """
        names, codes = list(measures), None if units is None else list(units)
        read_tracker.note_facts("counts", codes, spans, names)
        return read_counts_within(self._whole(), spans, names, codes, [*COUNT_KEY, "value"])

    def last_day(self) -> date | None:
        """The last day that any count is about; None where there is no count.

        Not noted as read: a window inside the data stays inside when more are loaded. Who refuses a window for it reads
        `counts`, so that the refusal is looked at again with the next ones.
        """
        if "last day" not in self.shared:
            with read_tracker.paused():
                self.shared["last day"] = read_last_day(self._whole())
        return self.shared["last day"]

    @cached_property
    def _counts(self) -> pd.DataFrame:
        return read_counts_frame(self._whole())

    @cached_property
    def _scores(self) -> pd.DataFrame:
        return read_scores_frame(self._whole())

    @cached_property
    def _problems(self) -> pd.DataFrame:
        return read_problems_frame(self._whole())

    def _whole(self) -> Path:
        """The folder, with all its frames."""
        if not is_whole(self.folder):
            raise UserError("Kho số liệu vừa được dựng lại từ tệp khác; hãy chạy lại lệnh.")
        return self.folder


def open_facts(root: Path, vintage: str = "") -> Facts:
    """The facts as they are now: the store, made anew first when anything it was made from has changed.

    `vintage`: as they were when only the first files of the list were there (`listing.read_listing`).
    """
    read_tracker.note_file(root / MEASURES)
    with read_tracker.paused():
        return held.once(("facts", root, vintage), lambda: _open(root, vintage))


def are_current(root: Path, vintage: str = "") -> bool:
    """Whether the store is made from what is there now: `open_facts` then takes no time."""
    return bool(_current_note(root, vintage))


def _current_note(root: Path, vintage: str) -> dict:
    """What the store says about itself; empty where it is made from something else than what is there now."""
    note = read_note(root / STORE, vintage)
    return note if note and note["inputs"] == inputs_of(root) else {}


def _open(root: Path, vintage: str) -> Facts:
    note = _current_note(root, vintage)
    if not note:
        return rebuild(root, vintage)
    return Facts(root / STORE / note["folder"], note["fingerprint"], load_measures(root), note["files"])


def rebuild(root: Path, vintage: str = "") -> Facts:
    """Reads and checks everything again, then replaces the store in one step: killed before, it leaves the old one.

    Errors among the problems do not stop it: rows at fault are left out and named. UserError where the reference
    data themselves are wrong, or there is no such vintage.
    """
    inputs = inputs_of(root)
    frames, files = _read_all(root, vintage, code_of(inputs))
    drop_other_readings(root, {reading_key(file, code_of(inputs)) for file in read_listing(root)[0]})
    folder = hash_of(inputs | {"vintage": vintage})[:16]
    note = {
        "fingerprint": fingerprint(frames["counts"], frames["scores"]),
        "folder": folder,
        "files": files,
        "inputs": inputs,
    }
    replace_store(root / STORE, frames, note, vintage)
    return Facts(root / STORE / folder, note["fingerprint"], load_measures(root), files)


def problems_now(root: Path) -> pd.DataFrame:
    """What `Facts.problems` of the facts as they are now says; no store is made, nobody needs a right to write."""
    note = _current_note(root, "")
    if note:
        return read_problems_frame(root / STORE / note["folder"])
    return _read_all(root, "", code_of(inputs_of(root)))[0]["problems"]


def _read_all(root: Path, vintage: str, code: str) -> tuple[dict[str, pd.DataFrame], int]:
    """The frames of the store, read and checked from everything there is, and the number of files listed."""
    register, measures = load_register(root), load_measures(root)
    files, found = read_listing(root, vintage)
    readings = [(file, read_received(file, register, measures, root, code)) for file in files]
    kept = drop_superseded(readings)
    counts, scores = ([getattr(one, name) for one in kept] for name in ("counts", "scores"))
    problems = [problems_frame(found), *(one.problems for one in kept)]
    if (root / SAMPLE_FILE).is_file():
        facts, faults = read_sample(root, register, measures)
        counts.append(facts)
        problems.append(faults)
    all_counts, all_scores, faults = check_together(root, register, measures, counts, scores)
    shape_faults = check_frames(all_counts, all_scores)
    all_counts, all_scores = sound_facts(all_counts, all_scores, shape_faults)
    accepted, list_faults = read_accepted(root)
    problems = drop_echoes(join_problems([*problems, faults, shape_faults, problems_frame(list_faults)]))
    problems = apply_accepted(problems, accepted, [all_counts, all_scores])
    problems = problems.sort_values("severity", key=lambda column: column != "error", kind="stable")
    all_counts = all_counts.sort_values(COUNT_ORDER, kind="stable")
    all_scores = all_scores.sort_values(SCORE_KEY, kind="stable", key=lambda column: column.astype("str"))
    return {"counts": all_counts, "scores": all_scores, "problems": problems}, len(files)


def counts_in(facts: Facts, period: Period, register: Register) -> pd.DataFrame:
    """The counts of every unit and measure over the window of `period`: the columns and rules of `cover_periods.tile`."""
    return tile(facts.counts_between(period.start, period.end), period, register, facts.measures)


def counts_over(
    facts: Facts,
    periods: Sequence[Period],
    register: Register,
    measures: Iterable[str],
    units: Iterable[str] | None = None,
) -> list[pd.DataFrame]:
    """`counts_in` for each of the periods, read at once; only `measures` and, where given, `units` (codes).

    A total is derived from its parts only where these are among `measures`.
    """
    spans: list[tuple[date, date]] = []
    for period in sorted(periods, key=lambda one: one.start):
        if spans and period.start <= spans[-1][1] + timedelta(days=1):
            spans[-1] = (spans[-1][0], max(spans[-1][1], period.end))
        else:
            spans.append((period.start, period.end))
    if not spans:
        return []
    return tile_over(facts.counts_inside(spans, measures, units), periods, register, facts.measures)


def check_together(
    root: Path,
    register: Register,
    measures: dict[str, Measure],
    counts: Sequence[pd.DataFrame],
    scores: Sequence[pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The facts of all files without those stated twice or for a group of which units lack, and what is wrong among them."""
    all_counts = _join(counts, COUNT_COLUMNS)
    all_scores = _join(scores, SCORE_COLUMNS)
    all_counts, repeated_counts = drop_repeats(all_counts, COUNT_KEY, ["value"])
    all_scores, repeated_scores = drop_repeats(all_scores, SCORE_KEY, ["score", "rank"])
    found = [
        repeated_counts,
        repeated_scores,
        checks.check_counts(all_counts, register, measures),
        checks.check_scores(all_scores, reference_rows(root, "index_components.csv")),
    ]
    all_counts = checks.drop_sums_of_some(all_counts, register, measures)
    return all_counts, all_scores, join_problems(found)


def _join(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else pd.DataFrame(columns=columns)
