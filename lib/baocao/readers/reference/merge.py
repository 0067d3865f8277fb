"""Rows for the files of `data/reference`: as they stand, and with rows that a load adds.

The text of the rows that stand is kept byte for byte; a row that is there already changes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from baocao.readers.problems import problem, problems_frame
from baocao.readers.reference.forms import KEYS

_GROUPS = {"index_values": ("index",), "units": ("code",), "lineage": (), "targets": ()}
_ORDER = {
    "index_values": ("year",),
    "units": ("valid_from",),
    "lineage": ("effective_date",),
    "targets": KEYS["targets"],
}


def reference_path(root: Path, form: str) -> Path:
    """The file of a form."""
    return root / "data" / "reference" / f"{form}.csv"


def key_of(form: str, row: Mapping[str, str]) -> tuple[str, ...]:
    """What tells a row of a form from every other."""
    return tuple(row[name] for name in KEYS[form])


def is_unknown(row: Mapping[str, str]) -> bool:
    """Whether a row of index values only says why there is no figure."""
    return "rank" in row and not row["value"] and not row["rank"]


def fills(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Whether the new row only fills what the old one leaves blank, or has the figure that the old one lacks."""
    return is_unknown(old) or all(not text or new[name] == text for name, text in old.items())


def with_rows(
    form: str, held: Sequence[Mapping[str, str]], rows: Sequence[Mapping[str, str]]
) -> list[Mapping[str, str]]:
    """The rows that stand, blanks filled in where the new ones do, and the new ones that have no row there yet."""
    new = {key_of(form, row): row for row in rows}
    kept = [new[key] if (key := key_of(form, one)) in new and fills(one, new[key]) else one for one in held]
    there = {key_of(form, one) for one in held}
    return [*kept, *(row for key, row in new.items() if key not in there)]


def merge_rows(root: Path, form: str, rows: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """The text of `data/reference/<form>.csv` with the rows, and the problems; the file itself is not written.

    A row that stands there already changes nothing. One that only fills blanks of a row that stands (as the last day
    of its validity) takes its place, and so does the first figure where a row says why there is none. Any other with the key of a row that stands is an error ("mau-thuan") and is not taken. New rows stand after the
    last one of their group (the index, the unit, the reform), else at the end.

    rows  columns as in the file, all text
    """
    path = reference_path(root, form)
    text = path.read_bytes().decode("utf-8-sig")
    records, lines = _split(text)
    columns = records[0]
    held = [dict(zip(columns, record, strict=True)) for record in records[1:]]
    numbers = {key_of(form, one): number for number, one in enumerate(held, start=2)}
    found = []
    for row in rows[columns].astype(str).to_dict("records"):
        keys = [key_of(form, one) for one in held]
        key = key_of(form, row)
        if key not in keys:
            at = _place(form, held, row)
            held.insert(at, row)
            lines.insert(at + 1, _line(row.values()))
            continue
        at = keys.index(key)
        if row == held[at]:
            continue
        if fills(held[at], row):
            held[at] = row
            lines[at + 1] = _line(row.values())
            continue
        other = next(name for name in columns if held[at][name] != row[name])
        stands = f"với {other} là «{held[at][other][:60]}»"
        message = (
            f"Dòng {' / '.join(key)} đã có ở dòng {numbers[key]} của {path.name} {stands}; hãy sửa tệp nạp, hoặc sửa "
            f"{path.name} nếu số cũ sai."
            if key in numbers
            else f"Dòng {' / '.join(key)} có hai lần trong những gì đang nạp, lần trước {stands}; hãy sửa tệp nạp."
        )
        found.append(
            problem(
                "error",
                "mau-thuan",
                message,
                file=path.name,
                row=numbers.get(key),
                column=other,
                value=row[other],
            )
        )
    return "".join(lines), problems_frame(found)


def _split(text: str) -> tuple[list[list[str]], list[str]]:
    """The records of a CSV text, and for each the lines it is written in."""
    reader = csv.reader(io.StringIO(text, newline=""))
    whole = text.splitlines(keepends=True)
    records, lines, before = [], [], 0
    for record in reader:
        written = "".join(whole[before : reader.line_num])
        before = reader.line_num
        if record:
            records.append(record)
            lines.append(written if written.endswith("\n") else written + "\n")
    return records, lines


def _line(cells: Iterable[str]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerow(cells)
    return stream.getvalue()


def _place(form: str, held: list[dict[str, str]], row: Mapping[str, str]) -> int:
    """Where a new row is put in: after the last row of its group that does not come later."""
    group = [at for at, one in enumerate(held) if all(one[name] == row[name] for name in _GROUPS[form])]
    order = tuple(row[name] for name in _ORDER[form])
    earlier = [at for at in group if tuple(held[at][name] for name in _ORDER[form]) <= order]
    if earlier:
        return earlier[-1] + 1
    if group:
        return group[0]
    same_kind = [at for at, one in enumerate(held) if form == "units" and one["kind"] == row["kind"]]
    return same_kind[-1] + 1 if same_kind else len(held)
