"""Files of the project: what they hold, as a hash; one written whole, many replaced as one by one process at a time."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TypeVar, get_args, get_type_hints

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, system_reason

Row = TypeVar("Row")

UNFINISHED = ".nap"
"""How the name of a file or folder begins that a load is still making; it holds nothing that counts."""

_CELLS = {
    str: str,
    int: int,
    Fraction: Fraction,
    Decimal: lambda text: vn.parse_number(text.replace(".", ",")),
    date: vn.parse_date,
}
"""How the cell of a table of reference is read, by the type that it has."""

_FRESH = f"{UNFINISHED}-"
_JOURNAL = Path("data") / "raw" / f"{UNFINISHED}.json"
"""Which fresh file takes which place. While it is there, all fresh files are whole and count; nothing else does."""


def file_hash(path: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal: as the list of sources and the ledger register it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def reference_rows(root: Path, name: str) -> list[dict[str, str]]:
    """The rows of a table of `data/reference`, in clean text; a cell that is not there is blank."""
    with (root / "data" / "reference" / name).open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        {column: vn.clean(row[column]) if row[column] else "" for column in row if column} for row in rows
    ]


def typed_rows(root: Path, name: str, kind: type[Row]) -> list[Row]:
    """The rows of a table of `data/reference` as the dataclass `kind`, each cell in the type of the field of its name.

    A blank is None where the field may be that. A UserError names row and column of a cell that cannot be read.
    """
    hints = get_type_hints(kind)
    wanted = [(field.name, hints[field.name]) for field in fields(kind) if field.init]
    read = []
    for line, row in enumerate(reference_rows(root, name), start=2):
        cells = {}
        for column, hint in wanted:
            try:
                cells[column] = _typed(row[column], hint)
            except KeyError:
                raise UserError(f"{name}: thiếu cột {column}; hãy thêm cột này vào dòng 1.") from None
            except ValueError as error:
                raise UserError(f"{name} dòng {line}, cột {column}: {error}; hãy sửa ô này.") from None
        read.append(kind(**cells))
    return read


def _typed(text: str, hint: object) -> object:
    kinds = get_args(hint) or (hint,)
    if not text and type(None) in kinds:
        return None
    kind = next(kind for kind in kinds if kind in _CELLS)
    try:
        return _CELLS[kind](text)
    except (ValueError, ArithmeticError) as error:
        fault = str(error).rstrip(".") if kind in (date, Decimal) else f"«{text[:40]}» không phải là một số"
        raise ValueError(fault) from None


@contextmanager
def fresh_file(path: Path) -> Iterator[Path]:
    """Where to write what takes the place of `path` when all went well; by one process at a time."""
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        yield fresh
        os.replace(fresh, path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink()
        raise


def write_file(path: Path, content: bytes) -> None:
    """Writes a file that is made for somebody to open, whole or not at all. UserError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh_file(path) as fresh:
            fresh.write_bytes(content)
    except OSError as error:
        raise UserError(
            f"Không ghi được tệp «{path.name}»: {system_reason(error)}; nếu tệp đang mở trong Excel, hãy đóng lại."
        ) from None


def replace_files(root: Path, contents: Mapping[str, Path | str]) -> None:
    """Puts files into their places as one: killed at any moment, all are as they were, or all are as given.

    contents  the file to copy, or the text to write, by the place below `root`

    Only inside of `alone`. Fresh files lie beside their places, on the same disk; the journal, put down in one step,
    makes them count; a process killed after that is finished by the next `finish_replacing`. UserError where something
    cannot be written; its sentence says whether nothing has changed or the rest will follow.
    """
    paths = [root / name for name in (*contents, _JOURNAL.as_posix())]
    fresh = {path.relative_to(root).as_posix(): path.with_name(f"{_FRESH}{path.name}") for path in paths}
    places = {name: fresh[name].relative_to(root).as_posix() for name in contents}
    name = ""
    try:
        for name, content in [*contents.items(), (_JOURNAL.as_posix(), json.dumps(places))]:
            if isinstance(content, Path):
                shutil.copyfile(content, fresh[name])
            else:
                fresh[name].write_text(content, encoding="utf-8", newline="")
            with fresh[name].open("rb+") as stream:
                os.fsync(stream.fileno())
        os.replace(fresh[name], root / _JOURNAL)
    except OSError as error:
        for path in fresh.values():
            with suppress(OSError):
                path.unlink()
        raise UserError(
            f"Không ghi được {name}: {system_reason(error)}; chưa có gì thay đổi, hãy xem lại đĩa và quyền ghi."
        ) from None
    _finish(root)


def finish_replacing(root: Path) -> None:
    """Finishes what a process that was killed in `replace_files` had already made count; mostly there is none.

    A process that is still at it is waited for. UserError where the rest cannot be written.
    """
    if (root / _JOURNAL).is_file():
        try:
            with _locked(root, wait=True):
                _finish(root)
        except OSError as error:
            raise _not_finished(error) from None


@contextmanager
def alone(root: Path) -> Iterator[Path]:
    """One process at a time, in a scratch folder of its own; what killed ones left is finished or removed first.

    UserError where another one is at it.
    """
    with _locked(root, wait=False):
        _finish(root)
        for left in (root / "data").glob(f"*/{_FRESH}*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)
        work = root / "data" / "derived" / f"{_FRESH}load"
        work.mkdir()
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)


def _finish(root: Path) -> None:
    journal = root / _JOURNAL
    if not journal.is_file():
        return
    try:
        for name, fresh in json.loads(journal.read_text(encoding="utf-8")).items():
            if (root / fresh).exists():  # else it was moved before the process was killed
                os.replace(root / fresh, root / name)
        journal.unlink()
    except OSError as error:
        raise _not_finished(error) from None


def _not_finished(error: OSError) -> UserError:
    about = f" ({Path(error.filename2 or error.filename).name})" if error.filename else ""
    return UserError(
        f"Một lần nạp đã nhận đủ tệp nhưng còn tệp chưa ghi được{about}: {system_reason(error)}; nếu tệp đang mở trong "
        "Excel, hãy đóng lại, rồi chạy một lệnh baocao bất kỳ ở nơi được ghi vào dự án: lệnh ấy ghi nốt."
    )


@contextmanager
def _locked(root: Path, *, wait: bool) -> Iterator[None]:
    """The lock goes with the process, even a killed one."""
    for folder in (root / _JOURNAL.parent, root / "data" / "derived"):
        folder.mkdir(parents=True, exist_ok=True)
    with (root / "data" / "derived" / ".load.lock").open("w") as stream:
        try:
            import fcntl
        except ImportError:  # Windows: two loads at once are then the user's to avoid
            yield
            return
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise UserError(
                "Một lệnh «baocao load» khác đang chạy; hãy đợi lệnh đó xong rồi chạy lại."
            ) from None
        yield
