"""Files read before anything is stored: what they say, what they replace, what is wrong with them and among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from baocao.definitions import UserError, load_measures, load_register, nearest
from baocao.definitions import vietnamese as vn
from baocao.readers import Reading, drop_echoes, join_problems, problem, problems_frame
from baocao.store import facts
from baocao.store.accepted import Accepted, apply_accepted, read_accepted
from baocao.store.files import code_of, inputs_of
from baocao.store.listing import KEYS, RAW, ReceivedFile, compare_facts, drop_superseded, read_listing
from baocao.store.load.candidates import Candidate, LoadOptions
from baocao.store.load.recognise import Reader, Recogniser
from baocao.store.received import read_received


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
    reader = Reader(root, register, measures, options, code)
    if options.mapping:
        _ = reader.headings  # what is wrong in a mapping is told before any file is read
    recogniser = Recogniser(reader, work, files)
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
    counts, scores, together = facts.check_together(
        root, register, measures, [one.counts for one in kept], [one.scores for one in kept]
    )
    before = facts.problems_now(root)
    key = ["code", "file", "sheet", "row", "column", "message"]
    old = set(before[key].itertuples(index=False, name=None))
    new = [row for row in together.to_dict("records") if tuple(row[name] for name in key) not in old]
    found = join_problems([*(one.reading.problems for one in fresh), problems_frame(new)])
    found = drop_echoes(found, (reading.problems for _, reading in earlier))
    found = found.sort_values("severity", key=lambda column: column != "error", kind="stable")
    return found.reset_index(drop=True), [counts, scores]


# --------------------------------------------------------------------------------------------------
# Whether a new file repeats, corrects or contradicts files that were loaded before.


def find_replaced(
    fresh: Candidate, earlier: Sequence[tuple[ReceivedFile, Reading]], asked: Sequence[str]
) -> tuple[tuple[str, ...], list[dict]]:
    """The earlier files that the fresh one replaces (names in the list), and the problems of those it contradicts.

    A file that states every fact of an earlier one replaces it. One that states some of them otherwise replaces it
    only when asked to: nobody can tell a correction from a mistake.
    """
    replaced, found = [], []
    for file, reading in earlier:
        if file.source != fresh.file.source:
            continue
        pairs = [compare_facts(getattr(fresh.reading, name), getattr(reading, name), name) for name in KEYS]
        common, other, missing = (sum(pair[at] for pair in pairs) for at in range(3))
        name = file.name.removeprefix(f"{RAW}/")
        wanted = name in asked
        if not common:
            continue
        if wanted or not missing:
            replaced.append(name)
            fresh.said.append(
                f"thay thế {name}: {vn.format_number(other)} số khác trước, "
                f"{vn.format_number(common - other)} số như trước"
                + (
                    f", {vn.format_number(missing)} số không có trong tệp mới vẫn dùng như cũ"
                    if missing
                    else ""
                )
            )
        elif other:
            message = (
                f"Tệp nói khác {vn.format_number(other)} số của tệp đã nạp «{name}», là tệp còn có "
                f"{vn.format_number(missing)} số khác; nếu tệp mới là bản sửa, hãy nạp với --supersedes «{name}»."
            )
            found.append(problem("error", "mau-thuan-tep", message, file=fresh.file.name))
    return tuple(replaced), found


def check_asked(asked: Sequence[str], earlier: Sequence[tuple[ReceivedFile, Reading]]) -> None:
    """UserError where a file to be replaced is not in the list."""
    known = [file.name.removeprefix(f"{RAW}/") for file, _ in earlier]
    for name in asked:
        if name not in known:
            near = ", ".join(nearest(name, known)) or "danh sách trống"
            raise UserError(f"--supersedes: không có tệp «{name}» trong SOURCES.csv; gần nhất: {near}.")
