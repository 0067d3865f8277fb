"""The store of facts: what all files say, checked together, in Parquet below `data/derived/store`.

Made from the files that `data/raw/SOURCES.csv` lists and from the sample, when there is one. It is derived: it
may be deleted, and is made anew whenever a file, the reference data or the code that reads them has changed.
"""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

from baocao import measures as measures_module
from baocao import periods, tiling, unit_names, units, vn
from baocao.errors import UserError
from baocao.measures import Measure, load_measures
from baocao.periods import Period
from baocao.sources import checks
from baocao.sources.forms import COUNT_COLUMNS, SCORE_COLUMNS, SCORE_FORM, read_counts, read_scores
from baocao.sources.listing import RAW, file_hash, read_listing
from baocao.sources.parquet import read_parquet, write_parquet
from baocao.sources.problems import PROBLEM_COLUMNS, join_problems, problems_frame
from baocao.sources.repeats import COUNT_KEY, SCORE_KEY, drop_repeats
from baocao.sources.sample_file import SAMPLE_FILE, read_sample
from baocao.tiling import tile, tile_over
from baocao.units import Register, load_register

STORE = Path("data") / "derived" / "store"
_NOTE = "store.json"
_TEXT = "VARCHAR"
_TYPES = {
    "counts": dict(
        zip(COUNT_COLUMNS, [_TEXT, "DATE", "DATE", _TEXT, "BIGINT", _TEXT, _TEXT, "BIGINT"], strict=True)
    ),
    "scores": {name: _TEXT for name in SCORE_COLUMNS}
    | {
        "as_of": "DATE",
        "score": "DOUBLE",
        "maximum": "DOUBLE",
        "rank": "BIGINT",
        "out_of": "BIGINT",
        "row": "BIGINT",
    },
    "problems": {name: _TEXT for name in PROBLEM_COLUMNS} | {"row": "BIGINT"},
}


@dataclass(frozen=True, eq=False)
class Facts:
    """The facts of one store; its frames are read when they are first asked for.

    fingerprint  SHA-256 of what the counts and scores say, the same whatever the files' order, names and bytes
    """

    folder: Path
    fingerprint: str
    measures: dict[str, Measure]

    @cached_property
    def counts(self) -> pd.DataFrame:
        """Every count, by window, unit and measure: the columns of `COUNT_COLUMNS`, dates as `datetime.date`."""
        return _with_plain_dates(self._read("counts"))

    @cached_property
    def scores(self) -> pd.DataFrame:
        """Every score, the columns of `SCORE_COLUMNS`: `as_of` a `datetime.date` or None, missing numbers NA."""
        return _with_plain_dates(self._read("scores")).astype({"rank": "Int64", "out_of": "Int64"})

    @cached_property
    def problems(self) -> pd.DataFrame:
        """What is wrong in the files, the columns of `PROBLEM_COLUMNS`; errors first; `row` an int or None."""
        return problems_frame(
            row | {"row": None if pd.isna(row["row"]) else int(row["row"])}
            for row in self._read("problems").to_dict("records")
        )

    def counts_between(self, start: date, end: date) -> pd.DataFrame:
        """The counts whose window lies between the two days, read from the store alone; dates as timestamps."""
        return self._read("counts", "period_start >= ? AND period_end <= ?", [start, end])

    def counts_inside(
        self, spans: Sequence[tuple[date, date]], measures: Iterable[str], units: Iterable[str] | None = None
    ) -> pd.DataFrame:
        """The counts of `measures` (and `units`, by code) whose window lies inside one of the spans of days.

        Only the columns of `COUNT_KEY` and `value`; dates as timestamps.
        """
        inside = " OR ".join(["(period_start >= ? AND period_end <= ?)"] * len(spans))
        where = f"({inside}) AND measure IN (SELECT unnest(?))"
        values: list[object] = [*(day for span in spans for day in span), list(measures)]
        if units is not None:
            where, values = f"{where} AND unit IN (SELECT unnest(?))", [*values, list(units)]
        return self._read("counts", where, values, [*COUNT_KEY, "value"])

    def _read(
        self, frame: str, where: str = "", values: Sequence[object] = (), columns: Sequence[str] = ()
    ) -> pd.DataFrame:
        path = self.folder / f"{frame}.parquet"
        if not path.is_file():
            raise UserError("Kho số liệu vừa được dựng lại từ tệp khác; hãy chạy lại lệnh.")
        return read_parquet(path, where, values, columns)


def open_facts(root: Path) -> Facts:
    """The facts as they are now: the store, made anew first when anything it was made from has changed."""
    note = _read_note(root / STORE)
    if not note or note["inputs"] != _inputs(root):
        return rebuild(root)
    return Facts(root / STORE / note["folder"], note["fingerprint"], load_measures(root))


def rebuild(root: Path) -> Facts:
    """Reads and checks everything again, then replaces the store in one step: killed before, it leaves the old one.

    Errors among the problems do not stop it: rows at fault are left out and named. UserError where the reference
    data themselves are wrong.
    """
    inputs = _inputs(root)
    register, measures = load_register(root), load_measures(root)
    files, found = read_listing(root)
    counts, scores, problems = [], [], [problems_frame(found)]
    for file in files:
        if file.form == "counts":
            facts, faults = read_counts(file.path, register, measures, file.source, file.name)
            counts.append(facts)
        else:
            facts, faults = read_scores(file.path, register, file.source, file.name)
            scores.append(facts)
        problems.append(faults)
    if (root / SAMPLE_FILE).is_file():
        facts, faults = read_sample(root, register, measures)
        counts.append(facts)
        problems.append(faults)
    all_counts, all_scores, faults = _check_together(root, register, measures, counts, scores)
    problems = join_problems([*problems, faults])
    problems = problems.sort_values("severity", key=lambda column: column != "error", kind="stable")
    all_counts = all_counts.sort_values(
        ["period_start", "unit", "measure", "period_end", "source"], kind="stable"
    )
    all_scores = all_scores.sort_values(SCORE_KEY, kind="stable", key=lambda column: column.astype("str"))
    folder = sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
    note = {"fingerprint": _fingerprint(all_counts, all_scores), "folder": folder, "inputs": inputs}
    _replace(root / STORE, {"counts": all_counts, "scores": all_scores, "problems": problems}, note)
    return Facts(root / STORE / folder, note["fingerprint"], measures)


def counts_in(facts: Facts, period: Period, register: Register) -> pd.DataFrame:
    """The counts of every unit and measure over the window of `period`: the columns and rules of `tiling.tile`."""
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


def check_files(root: Path, paths: Iterable[Path]) -> pd.DataFrame:
    """The problems of CSV files that are not in the store yet, each alone and all together."""
    register, measures = load_register(root), load_measures(root)
    counts, scores, problems = [], [], []
    for path in paths:
        if _is_scores_form(path):
            facts, faults = read_scores(path, register, "received", path.as_posix())
            scores.append(facts)
        else:
            facts, faults = read_counts(path, register, measures, "received", path.as_posix())
            counts.append(facts)
        problems.append(faults)
    return join_problems([*problems, _check_together(root, register, measures, counts, scores)[2]])


def _check_together(
    root: Path,
    register: Register,
    measures: dict[str, Measure],
    counts: Sequence[pd.DataFrame],
    scores: Sequence[pd.DataFrame],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The facts of all files without those stated twice, and what is wrong among them."""
    all_counts = _join(counts, COUNT_COLUMNS)
    all_scores = _join(scores, SCORE_COLUMNS)
    all_counts, repeated_counts = drop_repeats(all_counts, COUNT_KEY, ["value"])
    all_scores, repeated_scores = drop_repeats(all_scores, SCORE_KEY, ["score", "rank"])
    with (root / "data" / "reference" / "index_components.csv").open(
        encoding="utf-8-sig", newline=""
    ) as stream:
        components = list(csv.DictReader(stream))
    found = [
        repeated_counts,
        repeated_scores,
        checks.check_counts(all_counts, register, measures),
        checks.check_scores(all_scores, components),
    ]
    return all_counts, all_scores, join_problems(found)


def _join(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    held = [frame for frame in frames if len(frame)]
    return pd.concat(held, ignore_index=True) if held else pd.DataFrame(columns=columns)


def _is_scores_form(path: Path) -> bool:
    """Whether the header has more of the scores form than of the counts form; an unreadable path is left to fail."""
    try:
        header = path.read_bytes().split(b"\n", 1)[0].decode("utf-8", "replace")
    except OSError:
        return False
    return sum(name in header for name in SCORE_FORM) > 3


def _fingerprint(counts: pd.DataFrame, scores: pd.DataFrame) -> str:
    """SHA-256 of the facts as CSV text, in the order given; where they were read does not matter."""
    digest = sha256()
    for frame in (counts, scores):
        said = frame.drop(columns=["file", "row"])
        digest.update(said.to_csv(index=False, lineterminator="\n").encode())
    return digest.hexdigest()


def _inputs(root: Path) -> dict[str, str]:
    """Everything the store is made from, by name: the hash of each file, and of the code that reads them."""
    folders = (root / RAW, root / "data" / "reference")
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    paths += [root / SAMPLE_FILE] if (root / SAMPLE_FILE).is_file() else []
    hashes = {path.relative_to(root).as_posix(): file_hash(path) for path in paths}
    code = sha256()
    modules = [
        __file__,
        *(module.__file__ for module in (measures_module, periods, tiling, unit_names, units, vn)),
    ]
    for path in (*map(Path, modules), *sorted(Path(checks.__file__).parent.glob("*.py"))):
        code.update(path.read_bytes())
    return hashes | {"code": code.hexdigest()}


def _read_note(store: Path) -> dict:
    """What the store says about itself; empty when there is no whole store."""
    try:
        note = json.loads((store / _NOTE).read_text(encoding="utf-8"))
        files = [store / note["folder"] / f"{frame}.parquet" for frame in _TYPES]
        return note if all(path.is_file() for path in files) and "inputs" in note else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _replace(store: Path, frames: dict[str, pd.DataFrame], note: dict) -> None:
    """Writes the frames to a folder of their own, and then, in one step, the note that points to it."""
    folder = store / note["folder"]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".fresh-", dir=store) as name:
        for frame, types in _TYPES.items():
            write_parquet(frames[frame], Path(name) / f"{frame}.parquet", types)
        (Path(name) / _NOTE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
        for frame in _TYPES:
            (Path(name) / f"{frame}.parquet").replace(folder / f"{frame}.parquet")
        (Path(name) / _NOTE).replace(store / _NOTE)
    for other in store.iterdir():
        if other.is_dir() and other != folder and not other.name.startswith("."):
            shutil.rmtree(other, ignore_errors=True)


def _with_plain_dates(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with timestamps as `datetime.date`, missing ones None."""
    for name in frame.columns[frame.dtypes.map(pd.api.types.is_datetime64_any_dtype)]:
        codes, days = pd.factorize(frame[name])
        plain = np.array([*(day.date() for day in pd.DatetimeIndex(days)), None], dtype=object)
        frame[name] = pd.Series(plain[codes], index=frame.index, dtype=object)
    return frame
