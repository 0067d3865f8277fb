"""Where documents lie, and how they come there: from a private folder, all at once or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from baocao.definitions import Period, UserError, file_hash, system_reason
from baocao.publishing.finished_text import READERS
from baocao.publishing.outcomes import NOTICE, OUTCOME_LABELS, Outcome
from baocao.publishing.spec import Spec

try:
    import fcntl
except ImportError:  # Windows: a folder in use cannot be removed there anyway
    fcntl = None  # type: ignore[assignment]

PRIVATE = ".work-"
LITTER = {".DS_Store", "Thumbs.db", "desktop.ini", ".gitignore", ".gitkeep"}
"""What file managers and Git leave in folders: no file of ours, and no stranger."""


def folder_name(spec: Spec, slugs: list[str]) -> str:
    """A folder per report and unit list, so that no document can take another unit's place."""
    if slugs == ["42-tinh-ha-tinh"]:
        return spec.name
    if len(slugs) <= 2:
        return "--".join([spec.name, *slugs])
    digest = hashlib.sha256("\n".join(slugs).encode()).hexdigest()[:10]
    return f"{spec.name}--{len(slugs)}-don-vi-{digest}"


@contextmanager
def private_folder(out: Path) -> Iterator[Path]:
    """A folder below `out` for one document in the making, locked as long as this process lives, then removed."""
    with tempfile.TemporaryDirectory(prefix=PRIVATE, dir=out, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with hold(folder):
            yield folder


@contextmanager
def taken(out: Path) -> Iterator[None]:
    """Take a folder of results for one build; a UserError where another build has it, or it cannot be made."""
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{unwritten(error)} Hãy chọn thư mục khác bằng --out.") from None
    try:
        with hold(out) as free:
            if not free:
                raise UserError(
                    f"Một lần lập khác đang chạy trong thư mục «{out.resolve().name}»; "
                    "hãy đợi xong hoặc chọn thư mục khác bằng --out."
                )
            remove_stale(out)
            yield
    finally:
        with suppress(OSError):
            out.rmdir()  # only where nothing was written


def remove_stale(out: Path) -> None:
    """Remove the private folders of processes that are no more."""
    for folder in out.glob(f"{PRIVATE}*"):
        with hold(folder) as free:
            if free:
                shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def hold(folder: Path) -> Iterator[bool]:
    """Lock a folder; whether it was free. The system unlocks it when the process ends, however it ends."""
    if fcntl is None or not folder.is_dir():
        yield True
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        except OSError:  # a file system without locks
            free = True
        yield free
    finally:
        os.close(number)


def leave_notice(work: Path, spec: Spec, period: Period, result: Outcome) -> None:
    """Turn the private folder of a document that failed into what will stand in its place."""
    shutil.rmtree(work / "hinh", ignore_errors=True)
    for kind in READERS:
        (work / f"{spec.name}.{kind}").unlink(missing_ok=True)
    (work / NOTICE).write_bytes(_notice(result.report, period, result.outcome, result.problems))
    result.left = sorted(path.name for path in work.iterdir())


def notice_of(line: Mapping[str, Any]) -> dict[str, str]:
    """The notice that stands for a document of a ledger's line, with the SHA-256 of what it says, by its name."""
    text = _notice(line["report"], Period.parse(line["period"]), line["outcome"], line["problems"])
    return {NOTICE: hashlib.sha256(text).hexdigest()}


def _notice(report: str, period: Period, outcome: str, problems: Sequence[str]) -> bytes:
    lines = [
        f"KHÔNG CÓ VĂN BẢN: báo cáo «{report}», kỳ {period.name}.",
        f"Kết quả: {OUTCOME_LABELS[outcome]}.",
        *[f"- {problem}" for problem in problems],
    ]
    return ("\n".join(lines) + "\n").encode()


def move_into_place(work: Path, folder: Path, trash: Path) -> None:
    """Put the finished folder `work` where the document belongs; what stood there goes to `trash`."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(trash / "old")
    work.rename(folder)


def unwritten(error: OSError) -> str:
    """The sentence for files that could not be written."""
    return f"Không ghi được tệp: {system_reason(error)}."


def clear_place(folder: Path) -> None:
    """Nothing stands at a document's place any more: better nothing than last month's."""
    with suppress(OSError):
        shutil.rmtree(folder)


def delivered(folder: Path) -> list[Path]:
    """The folders below `folder` (or itself) that hold an executed notebook; not those of a build at work."""
    found = {path.parent for path in folder.rglob("*.ipynb")}
    return sorted(
        one for one in found if not any(part.startswith(PRIVATE) for part in one.relative_to(folder).parts)
    )


def touched(line: Mapping[str, Any], folder: Path) -> Iterator[tuple[str, str | None, str | None]]:
    """The files that are not as they were delivered: name, SHA-256 in the ledger's line, SHA-256 in the folder.

    None stands for a file that the line does not list, or that is not there.
    """
    found = {path.name: path for path in folder.iterdir()} if folder.is_dir() else {}
    files = dict(line.get("files") or {}) or notice_of(line)
    for name, wanted in files.items():
        got = _digest(found[name]) if name in found else None
        if got != wanted:
            yield name, wanted, got
    for name in sorted(found.keys() - files.keys() - {*line.get("left", ())} - LITTER):
        yield name, None, _digest(found[name])


def _digest(path: Path) -> str:
    """A file's SHA-256; "" for a folder that has taken its place, and for what may not be read."""
    try:
        return file_hash(path)
    except OSError:
        return ""
