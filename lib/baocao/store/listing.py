"""The list of files as received, `data/raw/SOURCES.csv`: what is read, whose it is, what it replaces, in the order
in which it came.

The list only grows. Its first N files are the vintage N: what was known when N files had been loaded, so that a
report can be made again as it was issued.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path, PurePosixPath

import pandas as pd

from baocao.definitions import UserError, file_hash
from baocao.definitions import vietnamese as vn
from baocao.readers import COUNT_KEY, SCORE_KEY, Reading, problem, read_table

RAW = PurePosixPath("data/raw")
LISTING = "SOURCES.csv"
ACCEPTED = "ACCEPTED.csv"
PROBLEMS_BESIDE = ".van-de.json"
"""What the file beside a table of dossiers ends in that holds what was wrong with the exports it was made of."""

FACT_FORMS = ("counts", "scores", "ii06", "dossiers", "portal", "public_post")
"""Forms whose facts the store holds."""

REFERENCE = "reference"
"""The form of files whose rows were put into files of `data/reference`; the file received stays on record."""

FORMS = (*FACT_FORMS, REFERENCE)
SOURCES = ("received", "published")
"""What a file in data/raw may be: received from the office that keeps the figures, or copied from a publication."""

COLUMNS = ("file", "form", "source", "issuer", "received", "sha256", "note")
LATER_COLUMNS = ("supersedes", "options")
"""Columns that a list may lack: the files that one replaces where both state a fact, and how it is to be read."""


@dataclass(frozen=True)
class ReceivedFile:
    """One file of the list: where it lies, in which form it is, and the source its facts carry.

    supersedes  names (as in the list) of earlier files whose facts this one replaces
    options     what its reader was told: `period`, `as_of`, ...
    """

    path: Path
    name: str
    form: str
    source: str
    sha256: str = ""
    supersedes: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    received: date | None = None


def read_listing(root: Path, vintage: str = "") -> tuple[list[ReceivedFile], list[dict]]:
    """The files to read, in the order listed, and the problems of the list.

    A file that is not there, or whose row is wrong, is not read. One whose content is not what was registered is
    read, with an error: no report is made from it until the list or the file is put right.
    `vintage` leaves the later files out: a number of files ("12") or a day ("2025-08-15"); UserError for another.
    """
    folder = root / RAW
    label = str(RAW / LISTING)
    if not (folder / LISTING).is_file():
        return [], [
            problem(
                "error", "danh-sach-nguon", "Thiếu danh sách tệp nguồn, không đọc được tệp nào.", file=label
            )
        ]
    table, found = read_table(folder / LISTING, COLUMNS, label, optional=LATER_COLUMNS)
    files: list[ReceivedFile] = []
    listed: dict[str, int] = {}
    for at, row in enumerate(table.rows.tolist()):
        cells = {column: table[column][at] for column in (*COLUMNS, *LATER_COLUMNS)}
        faults = list(_faults(cells, folder, listed))
        found += [
            problem(
                "error", "tep-da-sua" if column == "sha256" else "danh-sach-nguon", message,
                file=label, row=row, column=column, value=cells[column],
            )
            for column, message in faults
        ]  # fmt: skip
        listed.setdefault(cells["file"], row)
        if all(column in ("sha256", "received") for column, _ in faults):
            files.append(_received(cells, folder, "received" in dict(faults)))
    for name in unlisted_files(root, listed):
        message = (
            f"Tệp không có trong {LISTING} nên không được đọc; hãy nạp bằng «baocao load» hoặc chuyển tệp đi."
        )
        found.append(problem("warning", "chua-ghi-nguon", message, file=str(RAW / name)))
    return _as_known(files, vintage), found


def unlisted_files(root: Path, listed: dict[str, int]) -> list[str]:
    """Files below data/raw that the list does not name: README, ACCEPTED.csv and hidden files apart."""
    folder = root / RAW
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    plain = [name for name in names if not PurePosixPath(name).name.startswith((".", "README"))]
    own = {LISTING, ACCEPTED, *(f"{name}{PROBLEMS_BESIDE}" for name in listed)}
    return [name for name in plain if name not in listed and name not in own]


def listing_text(root: Path, rows: Sequence[dict[str, str]]) -> str:
    """The text of the list with these rows (columns `COLUMNS` and `LATER_COLUMNS`) after those it has."""
    path = root / RAW / LISTING
    held: list[dict[str, str]] = []
    if path.is_file():
        with path.open(encoding="utf-8-sig", newline="") as stream:
            held = list(csv.DictReader(stream))
    text = io.StringIO()
    columns = (*COLUMNS, *LATER_COLUMNS)
    writer = csv.DictWriter(text, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows([*held, *({name: vn.clean(cell) for name, cell in row.items()} for row in rows)])
    return text.getvalue()


def write_options(options: dict[str, str]) -> str:
    """The options as the list writes them: "as_of=2025-07-31; period=2025-07"."""
    return "; ".join(f"{name}={value}" for name, value in sorted(options.items()) if value)


def _received(cells: dict[str, str], folder: Path, undated: bool) -> ReceivedFile:
    pairs = (pair.partition("=") for pair in cells["options"].split(";") if pair.strip())
    return ReceivedFile(
        path=folder / cells["file"],
        name=str(RAW / cells["file"]),
        form=cells["form"],
        source=cells["source"],
        sha256=cells["sha256"].lower(),
        supersedes=tuple(one.strip() for one in cells["supersedes"].split(";") if one.strip()),
        options={name.strip(): value.strip() for name, _, value in pairs},
        received=vn.parse_date(cells["received"]) if cells["received"] and not undated else None,
    )


def _as_known(files: list[ReceivedFile], vintage: str) -> list[ReceivedFile]:
    """The files that the vintage knows; a file without a date of reception was always there."""
    if not vintage:
        return files
    if vintage.isdigit():
        if not 1 <= int(vintage) <= len(files):
            raise UserError(
                f"Không có đợt số liệu «{vintage[:20]}»: danh sách có {len(files)} tệp; "
                f"hãy ghi một số từ 1 đến {len(files)} hoặc một ngày."
            )
        return files[: int(vintage)]
    try:
        day = vn.parse_date(vintage)
    except ValueError:
        raise UserError(
            f"Đợt số liệu «{vintage[:20]}» không phải là số thứ tự tệp hay ngày, ví dụ 12 hoặc 2025-08-15."
        ) from None
    # The list only grows: once a later day is met, what follows came later too, whatever its row says.
    late = next((at for at, file in enumerate(files) if file.received and file.received > day), len(files))
    return files[:late]


def _faults(cells: dict[str, str], folder: Path, listed: dict[str, int]) -> Iterator[tuple[str, str]]:
    """The columns of a row that are wrong, each with its sentence."""
    for column, choices in (("form", FORMS), ("source", SOURCES)):
        if cells[column] not in choices:
            yield column, f"Giá trị không hợp lệ, cần một trong: {', '.join(choices)}."
    if cells["received"]:
        try:
            vn.parse_date(cells["received"])
        except ValueError as error:
            yield "received", str(error)
    for name in (one.strip() for one in cells["supersedes"].split(";") if one.strip()):
        if name not in listed:
            yield "supersedes", f"Tệp bị thay thế «{name}» phải đứng ở một dòng phía trên."
    name = PurePosixPath(cells["file"].replace("\\", "/"))
    if cells["file"] in listed:
        yield "file", f"Tệp đã có ở dòng {listed[cells['file']]}; hãy bỏ một dòng."
    elif not cells["file"] or name.is_absolute() or ".." in name.parts or ":" in cells["file"]:
        yield "file", "Đường dẫn phải nằm trong data/raw, không có «..»."
    elif not (folder / name).is_file():
        yield "file", "Không có tệp này trong data/raw."
    else:
        actual = file_hash(folder / name)
        if actual != cells["sha256"].lower():
            message = f"Nội dung tệp {name} không khớp mã đã ghi; nếu tệp đúng, hãy sửa mã thành {actual}."
            yield "sha256", message


# --------------------------------------------------------------------------------------------------
# Which file's word counts where a later one corrects an earlier one; both stay on record.


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
