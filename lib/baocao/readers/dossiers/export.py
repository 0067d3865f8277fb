"""Exports of dossiers, one row per dossier, made into one minimised table: what the counts need and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet

from baocao.definitions import UserError, file_hash
from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers.headings import Headings
from baocao.readers.dossiers.parse_columns import SCHEMA, ColumnParser
from baocao.readers.dossiers.quality import Faults, keep_sound
from baocao.readers.dossiers.tables import SUFFIXES, DossierTable, open_tables
from baocao.readers.problems import problem, problems_frame

NOT_RECEIVED = (1, 3)
"""Statuses of what was never received: no count knows them (domain 2.5), so they are not kept."""

_NEEDED = ("number", "unit", "status")
_SIGNS = ("number", "unit", "received", "due", "status")
_DATES = ("received", "due", "finished", "returned", "stopped", "supplement_requested", "supplement_returned")
_CODED = ("status", "channel", "return_channel", "level", "digitised")


@dataclass(frozen=True)
class Export:
    """The minimised table that was written.

    path          a Parquet file of `DOSSIER_COLUMNS`
    as_of         the last day that the export covers; None where it has no dossier
    rows          dossiers in the file
    not_received  rows left out because nothing was ever received (status 1 or 3)
    sources       name and SHA-256 of every file read
    """

    path: Path
    as_of: date | None
    rows: int
    not_received: int
    sources: tuple[tuple[str, str], ...]


def read_export(
    paths: Sequence[Path],
    target: Path,
    *,
    headings: Headings,
    as_of: date | None = None,
    names: Mapping[Path, str] | None = None,
) -> tuple[Export, pd.DataFrame]:
    """Reads files and folders of dossiers into one table at `target`, and what is wrong with them.

    as_of  the day of the export: a dossier received or finished later is at fault. Without it, the last day that
           a title line names, else (and when that lies far after) the last day on which a dossier was received or
           finished
    names  what problems call a path; a file of a folder is called by both

    A row with an error is not in the table; a file that is damaged halfway is left out whole. Persons' names,
    numbers and addresses are never stored, not even for a moment. Memory stays below 1 GiB whatever the size.
    UserError for a path that cannot be read.
    """
    faults, found, parts = Faults(), [], []
    sources, days, not_received = [], [], 0
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".dossiers-") as folder:
        for path, name in _files(paths, names or {}):
            tables, wrong = open_tables(path, name, headings)
            found += wrong
            sources.append((name, file_hash(path)))
            for table in tables:
                part = Path(folder) / f"part-{len(parts):05d}.parquet"
                left_out = _write_part(table, part, headings, faults, found)
                if left_out is not None:
                    parts.append(part)
                    not_received += left_out
                    days += [table.until] if table.until else []
        until = max(days, default=None) if as_of is None else None
        as_of, rows = keep_sound(parts, target, as_of, until, faults, Path(folder))
    if until and as_of != until:
        first, last = (vn.format_date(day, "short") for day in (until, as_of))
        message = (
            f"Tiêu đề ghi đến ngày {first} nhưng hồ sơ cuối cùng là của ngày {last}: lấy {last} làm ngày chốt số liệu; "
            "nếu không đúng, hãy ghi --as-of."
        )
        found.append(problem("warning", "thieu-ky", message, file=sources[0][0]))
    export = Export(target, as_of, rows, not_received, tuple(sources))
    return export, problems_frame([*found, *headings.unused(), *faults.problems()])


def _files(paths: Sequence[Path], names: Mapping[Path, str]) -> list[tuple[Path, str]]:
    """The files meant, those of a folder in the order of their names."""
    files = []
    for path in paths:
        name = names.get(path, path.name)
        if not path.is_dir():
            files.append((path, name))
            continue
        inside = sorted(one for one in path.rglob("*") if one.suffix.lower() in SUFFIXES and one.is_file())
        inside = [one for one in inside if not one.name.startswith((".", "~$"))]
        if not inside:
            raise UserError(f"Thư mục «{name}» không có tệp nào đọc được ({', '.join(SUFFIXES)}).")
        files += [(one, names.get(one, f"{name}/{one.relative_to(path).as_posix()}")) for one in inside]
    return files


def _write_part(
    table: DossierTable, part: Path, headings: Headings, faults: Faults, found: list[dict]
) -> int | None:
    """Writes the table's dossiers without a faulty cell; how many were never received, None for a damaged file."""
    parsers = {
        column: ColumnParser(column, headings, has_number=column == "has_identity" and table.header.identity)
        for column in table.header.columns
    }
    damaged: list[dict] = []
    not_received = rows_seen = 0
    with parquet.ParquetWriter(part, SCHEMA, compression="zstd") as writer:
        for rows, raw in table.batches(damaged):
            batch, good = _parse_batch(table, rows, raw, parsers, faults)
            status = batch.column("status").fill_null(0).to_numpy()
            never = good & np.isin(status, NOT_RECEIVED)
            not_received += int(never.sum())
            writer.write_batch(batch.filter(pa.array(good & ~never)))
            rows_seen += len(rows)
    found += damaged
    if any(one["severity"] == "error" and one["code"] != "so-o" for one in damaged):
        return None
    if not rows_seen:
        message = "Không có hồ sơ nào dưới dòng tiêu đề."
        found.append(problem("warning", "tep-trong", message, file=table.name, sheet=table.sheet))
    return not_received


def _parse_batch(
    table: DossierTable,
    rows: np.ndarray,
    raw: dict[str, pa.Array],
    parsers: dict[str, ColumnParser],
    faults: Faults,
) -> tuple[pa.RecordBatch, np.ndarray]:
    """The rows in the columns of `SCHEMA`, and which of them are whole dossiers."""
    size = len(rows)
    values: dict[str, pa.Array] = {}
    wrong: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    faulty, filled = np.zeros(size, bool), np.zeros(size, bool)
    signs = np.zeros(size, np.int8)
    for column, parser in parsers.items():
        values[column], places, sentences = parser.parse(raw[column])
        if len(places):
            wrong[column] = places, sentences
            faulty[places] = True
        if column in _SIGNS:
            signs += _given(values[column])
        if column != "has_identity":
            filled |= _given(values[column])
    number = values["number"]
    stray = (signs < 2) & ~(_given(number) & faulty)
    where = {"file": table.name, "sheet": table.sheet}
    blamed = stray & (filled | faulty)
    if blamed.any():
        faults.count(table.name, "dong-la", int(blamed.sum()))
        for at in np.flatnonzero(blamed)[: faults.room(table.name, "dong-la")]:
            message = "Dòng không phải là hồ sơ (chỉ có một ô của bảng), không được đọc."
            faults.add("warning", "dong-la", message, row=int(rows[at]), **where)
    for column, (places, sentences) in wrong.items():
        code = "ngay" if column in _DATES else "ma-cot" if column in _CODED else "o-sai"
        real = ~stray[places]
        _blame(
            faults,
            code,
            where,
            table.header.titles[column],
            column,
            rows,
            places[real],
            sentences[real],
            number,
            raw,
        )
    for column in _NEEDED:
        absent = ~_given(values[column]) & ~stray
        if column in wrong:
            absent[wrong[column][0]] = False
        faulty |= absent
        places = np.flatnonzero(absent)
        message = f"Cột «{table.header.titles[column]}» để trống, hồ sơ nào cũng phải có; hãy bổ sung."
        sentences = np.full(len(places), message, dtype=object)
        _blame(faults, "thieu-o", where, "", column, rows, places, sentences, number, None)
    values |= {name: _constant(text, size) for name, text in where.items()}
    values["row"] = pa.array(rows, pa.int64())
    columns = [values[field.name] if field.name in values else pa.nulls(size, field.type) for field in SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=SCHEMA), ~faulty & ~stray


def _blame(
    faults: Faults,
    code: str,
    where: dict[str, str],
    title: str,
    column: str,
    rows: np.ndarray,
    places: np.ndarray,
    sentences: np.ndarray,
    number: pa.Array,
    raw: dict[str, pa.Array] | None,
) -> None:
    """Errors of one column at the places of a batch."""
    if not len(places):
        return
    faults.count(where["file"], code, len(places))
    room = faults.room(where["file"], code)
    for at, sentence in zip(places[:room].tolist(), sentences[:room], strict=True):
        message = f"Cột «{title}»: {sentence[:1].lower()}{sentence[1:]}" if title else sentence
        value = raw[column][at].as_py() if raw else ""
        known = number[at].as_py()
        faults.add(
            "error", code, message, row=int(rows[at]), column=column, value=value, number=known, **where
        )


def _given(values: pa.Array) -> np.ndarray:
    return values.is_valid().to_numpy(zero_copy_only=False)


def _constant(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), size)
