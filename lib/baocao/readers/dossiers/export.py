"""Exports of dossiers, one row per dossier, made into one minimised table: what the counts need and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import parquet

from baocao.definitions import UserError, file_hash
from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers.cells import EPOCH, are_swapped
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
_OLD_LEVELS_UNTIL = pa.scalar(date(2022, 12, 31), pa.date32())
_LEVELS = {2: "dịch vụ cung cấp thông tin", 3: "một phần", 4: "toàn trình"}
_CODED = ("status", "channel", "return_channel", "level", "digitised")


@dataclass(frozen=True)
class Export:
    """The minimised table that was written.

    path          a Parquet file of `DOSSIER_COLUMNS`
    as_of         the last day that the export covers; None where it has no dossier
    rows          dossiers in the file
    not_received  rows left out because nothing was ever received (status 1 or 3)
    sources       name and SHA-256 of every file read
    unknown       for the terminal only, never to be stored: the words that nobody knows, by column
    """

    path: Path
    as_of: date | None
    rows: int
    not_received: int
    sources: tuple[tuple[str, str], ...]
    unknown: dict[str, list[str]]


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
    faults, found, parts = Faults(headings.name), [], []
    sources, days, not_received = [], [], 0
    unknown: dict[str, list[str]] = {}
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".dossiers-") as folder:
        for path, name in _files(paths, names or {}):
            tables, wrong = open_tables(path, name, headings)
            found += wrong
            sources.append((name, file_hash(path)))
            for table in tables:
                part = Path(folder) / f"part-{len(parts):05d}.parquet"
                left_out = _write_part(table, part, headings, faults, found, unknown)
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
    export = Export(target, as_of, rows, not_received, tuple(sources), unknown)
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
    table: DossierTable,
    part: Path,
    headings: Headings,
    faults: Faults,
    found: list[dict],
    unknown: dict[str, list[str]],
) -> int | None:
    """Writes the table's dossiers without a faulty cell; how many were never received, None for a table not to be used."""
    rows = _Rows(table, headings, faults)
    damaged: list[dict] = []
    not_received = rows_seen = 0
    with parquet.ParquetWriter(part, SCHEMA, compression="zstd") as writer:
        for numbers, raw in table.batches(damaged):
            batch, good = rows.parse(numbers, raw)
            status = batch.column("status").fill_null(0).to_numpy()
            never = good & np.isin(status, NOT_RECEIVED)
            not_received += int(never.sum())
            writer.write_batch(batch.filter(pa.array(good & ~never)))
            rows_seen += len(numbers)
    found += [*damaged, *rows.told()]
    for column, parser in rows.parsers.items():
        if words := parser.unknown_words():
            held = unknown.setdefault(table.header.titles[column], [])
            held += [word for word in words if word not in held]
    if any(one["severity"] == "error" and one["code"] != "so-o" for one in damaged) or rows.unusable:
        return None
    if not rows_seen:
        message = "Không có hồ sơ nào dưới dòng tiêu đề."
        found.append(problem("warning", "tep-trong", message, file=table.name, sheet=table.sheet))
    return not_received


class _Rows:
    """Parses the rows of one table, batch after batch, and notes what is wrong with them."""

    def __init__(self, table: DossierTable, headings: Headings, faults: Faults):
        self.titles, self.faults, self.tells_days = table.header.titles, faults, table.epoch is not None
        self.where = {"file": table.name, "sheet": table.sheet}
        self.parsers = {
            column: ColumnParser(
                column,
                headings,
                has_number=column == "has_identity" and table.header.identity,
                epoch=table.epoch or EPOCH,
            )
            for column in table.header.columns
        }
        self._odd: dict[str, list] = {}
        self.unusable = False

    def parse(self, rows: np.ndarray, raw: dict[str, pa.Array]) -> tuple[pa.RecordBatch, np.ndarray]:
        """The rows in the columns of `SCHEMA`, and which of them are whole dossiers."""
        size = len(rows)
        values: dict[str, pa.Array] = {}
        wrong: dict[str, tuple[np.ndarray, np.ndarray]] = {}
        faulty, filled = np.zeros(size, bool), np.zeros(size, bool)
        signs = np.zeros(size, np.int8)
        for column, parser in self.parsers.items():
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
        self._blame_strays(rows, stray & (filled | faulty))
        for column, (places, sentences) in wrong.items():
            code = "ngay" if column in _DATES else "ma-cot" if column in _CODED else "o-sai"
            real = ~stray[places]
            self._blame(code, column, rows, places[real], sentences[real], number, raw)
        for column in _NEEDED:
            absent = ~_given(values[column]) & ~stray
            if column in wrong:
                absent[wrong[column][0]] = False
            faulty |= absent
            places = np.flatnonzero(absent)
            sentences = np.full(len(places), "Để trống, hồ sơ nào cũng phải có; hãy bổ sung.", dtype=object)
            self._blame("thieu-o", column, rows, places, sentences, number)
        self._note_odd(rows, raw, values)
        values |= {name: _constant(text, size) for name, text in self.where.items()}
        values["row"] = pa.array(rows, pa.int64())
        columns = [
            values[field.name] if field.name in values else pa.nulls(size, field.type) for field in SCHEMA
        ]
        return pa.RecordBatch.from_arrays(columns, schema=SCHEMA), ~faulty & ~stray

    def _blame_strays(self, rows: np.ndarray, blamed: np.ndarray) -> None:
        if blamed.any():
            self.faults.count(self.where["file"], "dong-la", int(blamed.sum()))
            for at in np.flatnonzero(blamed)[: self.faults.room(self.where["file"], "dong-la")]:
                message = "Dòng không phải là hồ sơ (chỉ có một ô của bảng), không được đọc."
                self.faults.add("warning", "dong-la", message, row=int(rows[at]), **self.where)

    def _blame(
        self,
        code: str,
        column: str,
        rows: np.ndarray,
        places: np.ndarray,
        sentences: np.ndarray,
        number: pa.Array,
        raw: dict[str, pa.Array] | None = None,
    ) -> None:
        """Errors of one column at the places of a batch."""
        if not len(places):
            return
        self.faults.count(self.where["file"], code, len(places))
        room = self.faults.room(self.where["file"], code)
        for at, sentence in zip(places[:room].tolist(), sentences[:room], strict=True):
            message = f"Cột «{self.titles[column]}»: {sentence[:1].lower()}{sentence[1:]}"
            value, known = raw[column][at].as_py() if raw else "", number[at].as_py()
            self.faults.add(
                "error",
                code,
                message,
                row=int(rows[at]),
                column=column,
                value=value,
                number=known,
                title=self.titles[column],
                **self.where,
            )

    def _note_odd(self, rows: np.ndarray, raw: dict[str, pa.Array], values: dict[str, pa.Array]) -> None:
        """Counts the cells of each column that may mean something else (`ColumnParser.odd`), and keeps the first."""
        for column, parser in self.parsers.items():
            odd = parser.odd
            if column == "level" and len(odd):
                late = pc.greater(values["received"].take(pa.array(odd)), _OLD_LEVELS_UNTIL)
                odd = odd[late.fill_null(False).to_numpy(zero_copy_only=False)]
            if not len(odd) or (column in _DATES and self.tells_days):
                continue
            at = int(odd[0])
            first = [0, int(rows[at]), raw[column][at].as_py(), values[column][at].as_py()]
            self._odd.setdefault(column, first)[0] += len(odd)

    def _swapped(self) -> list[str]:
        """The columns of days whose days and months a spreadsheet swapped; all where only together they show it.

        Together: dossiers of a few days of July are then of the 7th of many months.
        """
        days = {column: parser.days for column, parser in self.parsers.items() if column in _DATES}
        found = [column for column, kinds in days.items() if are_swapped(kinds[True], kinds[False])]
        typed, written = (set().union(*(kinds[kind] for kinds in days.values())) for kind in (True, False))
        many_months = len({day.month for day in typed}) > len({day.day for day in typed})
        return found or (list(days) if many_months and are_swapped(typed, written) else [])

    def told(self) -> Iterator[dict]:
        """What is wrong with whole columns, once all rows were parsed; it may make the table `unusable`."""
        if columns := self._swapped():
            yield self._refusal(
                "ngay", columns, "các ô ngày chỉ có ngày 1–12, các ô chữ chỉ có ngày 13–31, vì bảng tính đã đổi chỗ ngày và "
                "tháng; không dùng bảng này, hãy xuất lại và nạp tệp chưa mở bằng Excel.",
            )  # fmt: skip
        if "number" in self._odd or self.parsers["number"].has_rounded:
            row = f" (như dòng {self._odd['number'][1]})" if "number" in self._odd else ""
            yield self._refusal(
                "so-lam-tron", ["number"], f"số hồ sơ đã bị bảng tính làm tròn còn mười lăm chữ số{row}, không biết số "
                "thật; không dùng bảng này, hãy xuất lại và nạp tệp chưa mở bằng Excel, hoặc để cột này dạng chữ.",
            )  # fmt: skip
        for column, (count, row, cell, value) in self._odd.items():
            if column == "number":
                continue
            what = f"là số ngày của bảng tính; dòng {row} ghi {cell}, đọc là "
            code, meant = "ngay", vn.format_date(value, "short") if column in _DATES else ""
            if column == "level":
                what = f"ghi mức độ theo tên cũ cho hồ sơ tiếp nhận sau năm 2022; dòng {row} ghi «{cell}», đọc là "
                code, meant = "ma-cot", _LEVELS[value]
            message = f"Cột «{self.titles[column]}»: {vn.format_number(count)} ô {what}{meant}; hãy xem có đúng không."
            yield problem(
                "warning", code, message, row=row, column=self.titles[column], value=cell, **self.where
            )

    def _refusal(self, code: str, columns: Sequence[str], what: str) -> dict:
        self.unusable = True
        named = ", ".join(f"«{self.titles[column]}»" for column in columns)
        return problem("error", code, f"Cột {named}: {what}", **self.where)


def _given(values: pa.Array) -> np.ndarray:
    return values.is_valid().to_numpy(zero_copy_only=False)


def _constant(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.string()), size)
