"""Files read before anything is stored: what they say, what they replace, what is wrong with them and among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from baocao.definitions.measures import load_measures
from baocao.definitions.units import load_register
from baocao.readers.problems import drop_echoes, join_problems, problems_frame
from baocao.readers.reading_result import Reading
from baocao.store import facts as fact_store
from baocao.store.accepted import Accepted, apply_accepted, read_accepted
from baocao.store.files import code_of, inputs_of
from baocao.store.listing import RAW, ReceivedFile, read_listing
from baocao.store.load.candidates import Candidate
from baocao.store.load.options import LoadOptions
from baocao.store.load.recognise import Recogniser
from baocao.store.load.replacing import check_asked, find_replaced
from baocao.store.received import read_received
from baocao.store.vintages import drop_superseded


@dataclass(frozen=True, eq=False)
class Examination:
    """What a load would do.

    fresh      the files to store, with their readings
    unchanged  what was loaded before, as the user called it
    problems   everything wrong, accepted errors already warnings; files are called as the user did
    accepted   the exceptions that were asked for and have an error to except
    """

    fresh: tuple[Candidate, ...]
    unchanged: tuple[str, ...]
    problems: pd.DataFrame
    accepted: tuple[Accepted, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether an error stands in the way."""
        return bool((self.problems["severity"] == "error").any())


def examine(
    root: Path, read: Callable[[Recogniser], list[Candidate]], options: LoadOptions, work: Path
) -> Examination:
    """What `read` makes of files, judged alone, together, and beside those loaded before.

    Nothing is stored; `work` is scratch space.

    UserError for a path that is not there, an option that does not fit.
    """
    files, _ = read_listing(root)
    register, measures = load_register(root), load_measures(root)
    code = code_of(inputs_of(root))
    earlier = [(file, read_received(file, register, measures, root, code)) for file in files]
    check_asked(options.supersedes, earlier)
    recogniser = Recogniser(root, register, measures, options, work, files, code)
    fresh = read(recogniser)
    for one in fresh:
        replaced, faults = find_replaced(one, earlier, options.supersedes)
        one.file = replace(one.file, supersedes=replaced)
        one.reading = replace(
            one.reading, problems=join_problems([one.reading.problems, problems_frame(faults)])
        )
    found, left_facts = _check_all(root, earlier, fresh)
    if (found["code"] == "mau-thuan-tep").any():  # which says it once for all figures of two files
        at_odds = (found["code"] == "mau-thuan") & found["message"].str.contains(f"{RAW}/", regex=False)
        found = found[~at_odds].reset_index(drop=True)
    accepted, _ = read_accepted(root)
    errors = found[found["severity"] == "error"]
    asked = [
        Accepted(code, name, options.because)
        for code in options.accept
        for name in dict.fromkeys(errors.loc[errors["code"] == code, "file"])
    ]
    judged = apply_accepted(found, [*accepted, *asked], left_facts)
    shown = {one.file.name: one.shown for one in fresh}
    judged = judged.assign(file=[shown.get(name, name) for name in judged["file"]])
    return Examination(tuple(fresh), tuple(recogniser.unchanged), judged, tuple(asked))


def _check_all(
    root: Path, earlier: Sequence[tuple[ReceivedFile, Reading]], fresh: Sequence[Candidate]
) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """The problems of the fresh files and those among all files that were not there without them; the facts left."""
    if not fresh:
        return problems_frame([]), []
    register, measures = load_register(root), load_measures(root)
    kept = drop_superseded([*earlier, *((one.file, one.reading) for one in fresh)])
    counts, scores, together = fact_store.check_together(
        root, register, measures, [one.counts for one in kept], [one.scores for one in kept]
    )
    before = fact_store.open_facts(root).problems
    key = ["code", "file", "sheet", "row", "column", "message"]
    old = set(before[key].itertuples(index=False, name=None))
    new = [row for row in together.to_dict("records") if tuple(row[name] for name in key) not in old]
    found = drop_echoes(join_problems([*(one.reading.problems for one in fresh), problems_frame(new)]))
    found = found.sort_values("severity", key=lambda column: column != "error", kind="stable")
    return found.reset_index(drop=True), [counts, scores]
