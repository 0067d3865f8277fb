"""What was examined is stored: whole or not at all, and the list that makes it count is replaced last."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from baocao.definitions import UserError, system_reason
from baocao.readers import merge_rows, reference_path
from baocao.store import facts
from baocao.store.accepted import record
from baocao.store.facts import Facts
from baocao.store.listing import LISTING, RAW, listing_text, write_options
from baocao.store.load.candidates import Candidate, LoadOptions, list_paths
from baocao.store.load.examine import Examination, examine
from baocao.store.load.recognise import Recogniser
from baocao.store.received import problems_beside

_FRESH = ".nap-"
"""How the name of a file begins that is still being copied: a killed load leaves it, the next one removes it."""


def load_files(root: Path, paths: Sequence[Path], options: LoadOptions) -> tuple[Examination, Facts | None]:
    """Stores the files and makes the facts anew, unless an error stands in the way; None where nothing was stored.

    Killed at any moment it leaves the store as it was, or as it is after. UserError as `examine`, and where
    another load is running.
    """
    return load_read(root, lambda reader: reader.read_all(list_paths(paths)), options)


def load_read(
    root: Path, read: Callable[[Recogniser], list[Candidate]], options: LoadOptions
) -> tuple[Examination, Facts | None]:
    """As `load`, of what `read` makes."""
    with _alone(root), tempfile.TemporaryDirectory(prefix=".load-", dir=root / "data" / "derived") as work:
        found = examine(root, read, options, Path(work))
        if found.refused or not found.fresh:
            return found, None
        _store(root, found, options)
        return found, facts.rebuild(root)


def examine_files(root: Path, paths: Sequence[Path], options: LoadOptions) -> Examination:
    """What `load_files` would find; nothing is stored, and nothing written into the project."""
    with tempfile.TemporaryDirectory(prefix="baocao-check-") as work:
        return examine(root, lambda reader: reader.read_all(list_paths(paths)), options, Path(work))


def _store(root: Path, found: Examination, options: LoadOptions) -> None:
    folder = root / RAW
    for one in found.fresh:
        _copy(one.file.path, root / one.file.name)
        beside = problems_beside(one.file.path)
        if one.file.form == "dossiers" and beside.is_file():
            _copy(beside, problems_beside(root / one.file.name))
    for table in [table for one in found.fresh for table in one.tables]:
        _write(reference_path(root, table.form), merge_rows(root, table.form, table.rows)[0])
    for one in found.accepted:
        record(root, one.code, [one.file], one.because)
    _write(folder / LISTING, listing_text(root, [_row(one, options) for one in found.fresh]))


def _row(one: Candidate, options: LoadOptions) -> dict[str, str]:
    return {
        "file": one.file.name.removeprefix(f"{RAW}/"),
        "form": one.file.form,
        "source": one.file.source,
        "issuer": options.issuer or one.issuer,
        "received": options.received.isoformat(),
        "sha256": one.file.sha256,
        "note": "; ".join(part for part in (options.note, one.note) if part),
        "supersedes": "; ".join(one.file.supersedes),
        "options": write_options(one.file.options),
    }


def _copy(source: Path, target: Path) -> None:
    fresh = target.with_name(f"{_FRESH}{os.getpid()}-{target.name}")
    try:
        shutil.copyfile(source, fresh)
        with fresh.open("rb+") as stream:
            os.fsync(stream.fileno())
        fresh.replace(target)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UserError(
            f"Không chép được tệp vào {RAW}/{target.name}: {system_reason(error)}; hãy xem lại đĩa và quyền ghi."
        ) from None


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f"{_FRESH}{os.getpid()}-{path.name}")
    try:
        fresh.write_text(text, encoding="utf-8", newline="")
        with fresh.open("rb+") as stream:
            os.fsync(stream.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise UserError(
            f"Không ghi được {path.parent.name}/{path.name}: {system_reason(error)}; nếu tệp đang mở trong Excel, "
            "hãy đóng lại."
        ) from None


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Only one load at a time; the lock goes with the process, even a killed one."""
    for folder in (root / RAW, root / "data" / "derived"):
        folder.mkdir(parents=True, exist_ok=True)
    with (root / "data" / "derived" / ".load.lock").open("w") as stream:
        try:
            import fcntl
        except ImportError:  # Windows: two loads at once are then the user's to avoid
            yield
            return
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise UserError(
                "Một lệnh «baocao load» khác đang chạy; hãy đợi lệnh đó xong rồi chạy lại."
            ) from None
        for left in [*(root / RAW).glob(f"{_FRESH}*"), *(root / "data" / "reference").glob(f"{_FRESH}*")]:
            left.unlink(missing_ok=True)
        yield
