"""What kind of file each one is, told by what is in it, never by its name; and its reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pandas as pd

from baocao.definitions import Measure, Register, UserError, file_hash
from baocao.definitions import vietnamese as vn
from baocao.readers import (
    Book,
    Bounded,
    Export,
    Headings,
    Reading,
    TooMuch,
    is_workbook,
    join_problems,
    load_headings,
    merge_rows,
    open_book,
    problem,
    problems_frame,
    read_export,
    read_sheets,
    recognise_answer,
    recognise_export,
    recognise_sheets,
    recognise_table,
)
from baocao.store import received
from baocao.store.listing import RAW, REFERENCE, ReceivedFile
from baocao.store.load.candidates import Candidate, LoadOptions, raw_name, received_as, short_names

UNKNOWN = "unknown"
_KINDS = (
    "biểu II.06, kết xuất hồ sơ, điểm của Cổng Dịch vụ công quốc gia, giá trị chỉ số, chỉ tiêu, danh mục đơn vị, "
    "biểu bưu chính công ích, biểu số đếm hoặc biểu điểm của chương trình"
)


@dataclass(frozen=True)
class Reader:
    """Reads one file of a load: what is needed for it, and nothing of the other files (a child process has it too)."""

    root: Path
    register: Register
    measures: dict[str, Measure]
    options: LoadOptions
    code: str

    @cached_property
    def headings(self) -> Headings:
        """The headings of dossier exports: only files that are nothing else are asked for them."""
        return load_headings(self.root, self.options.mapping)

    def read(self, path: Path, name: str) -> tuple[ReceivedFile, Reading, list[Reading]]:
        """The file, under the name by which it will be kept, what it says, and its reference rows by table.

        An export of dossiers is only recognised: all exports of a load are read as one (`read_exports`).
        """
        form, book, found = self._look(path)
        file = received_as(path, name, form, self.options.source, self.options.for_readers())
        if form == UNKNOWN:
            # Text that is called a workbook and is no form either: that is what is wrong with it.
            found = [one | {"severity": "error"} if one["code"] == "duoi-tep" else one for one in found]
            if not any(one["severity"] == "error" for one in found):
                message = f"Không nhận ra loại tệp; cần một trong: {_KINDS}."
                found = [*found, problem("error", "khong-nhan-dang", message)]
            return (
                file,
                Reading(form, problems=problems_frame(one | {"file": file.name} for one in found)),
                [],
            )
        if form == "dossiers":
            return file, Reading(form), []
        if book is None or form != REFERENCE:
            given = (self.register, self.measures, self.root, self.code)
            return file, received.read_received(file, *given, opened=(book, found) if book else None), []
        book = replace(book, name=file.name)
        tables = read_sheets(book, self.register, self.measures, self.options.source, root=self.root)
        bad = problems_frame(one | {"file": file.name} for one in found)
        return file, Reading(form, problems=join_problems([bad, *(one.problems for one in tables)])), tables

    def read_exports(
        self, paths: Sequence[Path], target: Path, names: dict[Path, str]
    ) -> tuple[Export, pd.DataFrame]:
        """All exports as one table of dossiers at `target`, and what is wrong with them."""
        return read_export(paths, target, headings=self.headings, as_of=self.options.as_of, names=names)

    def _look(self, path: Path) -> tuple[str, Book | None, list[dict]]:
        """The file's form; for a table the book it is, and what is wrong with that."""
        if recognise_answer(path):
            return "portal", None, []
        if not is_workbook(path) and recognise_export(path, self.headings):
            return "dossiers", None, []
        book, found = open_book(path, path.name)
        if book is None:
            return UNKNOWN, None, found
        form = recognise_table(book, self.root)
        if not form and recognise_export(book, self.headings):
            form = "dossiers"
        if not form and recognise_sheets(book, self.root):
            form = REFERENCE
        return form or UNKNOWN, book, found


class Recogniser:
    """Reads the files of one load, each in a child with bounds; dossier exports among them are one export."""

    def __init__(self, reader: Reader, work: Path, files: Sequence[ReceivedFile]):
        self.root, self.register, self.measures = reader.root, reader.register, reader.measures
        self.reader, self.options, self.work = reader, reader.options, work
        self.taken = [file.name.removeprefix(f"{RAW}/") for file in files]
        self.unchanged: list[str] = []
        self._names: dict[Path, str] = {}
        self._merged: dict[
            str, tuple[pd.DataFrame, int]
        ] = {}  # rows by table, and how many problems were told
        self._known = _known_hashes(files, reader.options.for_readers().get("period", ""))

    def read_all(self, paths: Sequence[Path], bounds: Bounded) -> list[Candidate]:
        """A candidate for each new file, in their order; one for all dossier exports, last.

        UserError for a mapping that is at fault, or that none of the files needs.
        """
        exports, read = [], []
        mapping = self.options.mapping
        if mapping:  # read here too: whoever gives one hears what is wrong with it whatever the files are
            load_headings(self.reader.root, mapping)
        self._names = short_names(paths)
        for path in paths:
            if self.is_known(path, self._shown(path)):
                continue
            name = self._name(path.name, path)
            try:
                one = bounds.call(self.reader.read, path, name, files=[path])
            except TooMuch as error:
                read.append(self._refused(path, name, error))
                continue
            if one[0].form == "dossiers":
                exports.append(path)
            else:
                read.append(self._candidate(path, *one))
        if (
            mapping
            and read
            and not (exports or self.unchanged or any(one.file.form == UNKNOWN for one in read))
        ):
            raise UserError(
                f"--mapping: không tệp nào là kết xuất hồ sơ nên {mapping.name} không dùng đến; hãy bỏ --mapping."
            )
        return [*read, *(self._read_exports(exports, bounds) if exports else [])]

    def read_counts(self, path: Path) -> Candidate:
        """The candidate of a file of our own form of counts, which was made here."""
        return self._candidate(path, *self.reader.read(path, self._name(path.name, path)))

    def is_known(self, path: Path, shown: str) -> bool:
        """Whether the file was loaded before; then it is noted as unchanged."""
        if file_hash(path) not in self._known:
            return False
        self.unchanged.append(shown)
        return True

    def _candidate(
        self, path: Path, file: ReceivedFile, reading: Reading, tables: list[Reading]
    ) -> Candidate:
        self.taken.append(file.name.removeprefix(f"{RAW}/"))
        merged = [self._merge(one, file.name) for one in tables]
        reading = replace(reading, problems=join_problems([reading.problems, *merged]))
        return Candidate(file, self._shown(path), reading, tables)

    def _refused(self, path: Path, name: str, error: TooMuch) -> Candidate:
        file = received_as(path, name, UNKNOWN, self.options.source, self.options.for_readers())
        found = problems_frame([problem("error", "tep-qua-lon", str(error), file=file.name)])
        return self._candidate(path, file, Reading(UNKNOWN, problems=found), [])

    def _merge(self, table: Reading, name: str) -> pd.DataFrame:
        """What is wrong with the rows beside those that stand, and beside those of the files read before this one."""
        before, told = self._merged.get(table.form, (table.rows[:0], 0))
        rows = pd.concat([before, table.rows], ignore_index=True)
        found = merge_rows(self.root, table.form, rows)[1]
        self._merged[table.form] = rows, len(found)
        found = found.iloc[told:]
        return found.assign(file=found["file"].where(found["row"].notna(), name))

    def _read_exports(self, paths: Sequence[Path], bounds: Bounded) -> list[Candidate]:
        """The candidate of all exports; where one of them asks for too much, it is refused and the others are read."""
        target = self.work / "dossiers.parquet"
        try:
            return [self._read_export(paths, target, bounds)]
        except TooMuch as error:
            if len(paths) == 1:
                return [self._refused(paths[0], self._name(paths[0].name, paths[0]), error)]
        refused, sound = [], []
        for path in paths:
            try:
                self._call_export([path], self.work / "alone.parquet", bounds)
                sound.append(path)
            except TooMuch as error:
                refused.append(self._refused(path, self._name(path.name, path), error))
        return [*refused, *([self._read_export(sound, target, bounds)] if sound else [])]

    def _call_export(
        self, paths: Sequence[Path], target: Path, bounds: Bounded
    ) -> tuple[Export, pd.DataFrame]:
        names = {path: self._shown(path) for path in paths}
        return bounds.call(self.reader.read_exports, paths, target, names, files=paths)

    def _read_export(self, paths: Sequence[Path], target: Path, bounds: Bounded) -> Candidate:
        """All exports as one table of dossiers without persons; the originals stay with the user."""
        export, problems = self._call_export(paths, target, bounds)
        if len(paths) > 1:  # the list knows one file: which of the exports is meant stands where a sheet does
            places = zip(problems["file"], problems["sheet"], strict=True)
            problems["sheet"] = [": ".join(part for part in place if part) for place in places]
        stem = f"{paths[0].stem}{f' va {len(paths) - 1} tep khac' if len(paths) > 1 else ''}.ho-so.parquet"
        options = self.options.for_readers() | {"goc": ",".join(digest for _, digest in export.sources)}
        if export.as_of:
            options["as_of"] = export.as_of.isoformat()
        names = [self._shown(path) for path in paths]
        shown = ", ".join(names[:3]) + (", …" if len(paths) > 3 else "")
        said = [_say_unknown(title, words) for title, words in export.unknown.items()]
        if not target.is_file():
            file = received_as(paths[0], self._name(stem, paths[0]), "dossiers", self.options.source, options)
            return Candidate(
                file, shown, Reading("dossiers", problems=problems.assign(file=file.name)), said=said
            )
        if len(problems):
            received.problems_beside(target).write_text(
                problems.to_json(orient="records", force_ascii=False, indent=1) + "\n", encoding="utf-8"
            )
        file = received_as(target, self._name(stem, target), "dossiers", self.options.source, options)
        reading = received.read_received(file, self.register, self.measures, self.root, self.reader.code)
        note = f"rút từ {len(paths)} tệp kết xuất ({', '.join(names)}), không giữ thông tin cá nhân"
        return Candidate(file, shown, reading, note=note, said=said)

    def _shown(self, path: Path) -> str:
        return self._names.get(path) or vn.clean(path.name)

    def _name(self, name: str, path: Path) -> str:
        digest = file_hash(path)
        folder = self.root / RAW
        others = [
            one.name
            for one in (folder.iterdir() if folder.is_dir() else ())
            if one.is_file() and file_hash(one) != digest
        ]
        return raw_name(name, digest, [*self.taken, *others])


def _say_unknown(title: str, words: Sequence[str]) -> str:
    """For the terminal: what stands in a column that nobody knows."""
    named = ", ".join(f"«{word}»" for word in words[:10]) + (", …" if len(words) > 10 else "")
    return f"cột «{title}» có chữ chưa được biết: {named}"


def _known_hashes(files: Sequence[ReceivedFile], period: str) -> set[str]:
    """The hashes of what was loaded, originals of exports too; a period asked for must have been asked for then."""
    same = [file for file in files if not period or file.options.get("period", "") == period]
    originals = (one for file in same for one in file.options.get("goc", "").split(",") if one)
    return {*(file.sha256 for file in same), *originals}
