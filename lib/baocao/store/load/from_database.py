"""`baocao load --from`: dossiers counted where they live; only the counts come here, as a file of the counts form."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

import ibis.expr.types as ir
import pandas as pd

from baocao.definitions import UserError, read_typed_yaml
from baocao.definitions import vietnamese as vn
from baocao.readers import (
    COUNT_FORM,
    count_facts,
    join_problems,
    open_warehouse,
    shown_address,
    told_as_sentences,
)
from baocao.store.facts import Facts
from baocao.store.load.candidates import Candidate, LoadOptions
from baocao.store.load.commit import load_read
from baocao.store.load.examine import Examination
from baocao.store.load.recognise import Recogniser


def load_from(root: Path, address: str, options: LoadOptions) -> tuple[Examination, Facts | None]:
    """Counts the dossiers of a warehouse's table and stores the counts, as `load_files` stores a file's.

    The status of a dossier is as of now: the counts that were loaded stay as they are, a later load replaces them.
    UserError where the warehouse cannot be read or a period ends after what it knows.
    """
    backend, dossiers = open_warehouse(address, _mapping(options.mapping))
    try:
        with told_as_sentences(address), tempfile.TemporaryDirectory(prefix="baocao-") as folder:
            return load_read(
                root, lambda reader: _read(reader, dossiers, address, options, Path(folder)), options
            )
    finally:
        backend.disconnect()


def _read(
    reader: Recogniser, dossiers: ir.Table, address: str, options: LoadOptions, folder: Path
) -> list[Candidate]:
    as_of = options.as_of or _last_day(dossiers)
    shown = shown_address(address)
    if as_of is None:
        raise UserError(
            f"Bảng {shown} không có hồ sơ nào có ngày tiếp nhận; hãy xem lại bảng hoặc --mapping."
        )
    counted = count_facts(
        dossiers, as_of, options.periods, reader.register, reader.measures, source=options.source, name=shown
    )
    name = f"{shown.rstrip('/').rpartition('/')[2]}-{as_of.isoformat()}.csv"
    path = folder / name.replace("/", "_")
    _write(counted.counts, path)
    if reader.is_known(path, shown):
        return []
    made = reader.read_counts(path)
    problems = counted.problems.assign(file=made.file.name)
    made.reading = type(made.reading)(
        "counts", counts=made.reading.counts, problems=join_problems([problems, made.reading.problems])
    )
    made.shown = shown
    made.note = f"rút gọn từ bảng hồ sơ {shown}, tính đến ngày {vn.format_date(as_of, 'short')}"
    return [made]


def _last_day(dossiers: ir.Table) -> date | None:
    """The last day on which a dossier was received or finished."""
    row = dossiers.aggregate(received=dossiers.received.max(), finished=dossiers.finished.max()).to_pyarrow()
    days = [day for day in row.to_pylist()[0].values() if day is not None]
    return max(days, default=None)


def _write(counts: pd.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COUNT_FORM)
        writer.writerows(counts[list(COUNT_FORM)].sort_values(list(COUNT_FORM[:4])).itertuples(index=False))


def _mapping(path: Path | None) -> dict[str, str]:
    """The columns of a mapping file: name in the warehouse, and ours."""
    if path is None:
        return {}
    content = read_typed_yaml(path)
    columns = content.get("columns") if isinstance(content, dict) and set(content) == {"columns"} else None
    if not isinstance(columns, dict) or not all(isinstance(ours, str) for ours in columns.values()):
        raise UserError(
            f"--mapping: {path.name} phải là YAML chỉ có mục «columns» gồm các dòng «cột của kho: cột của chương trình»."
        )
    return columns
