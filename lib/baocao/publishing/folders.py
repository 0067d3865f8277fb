"""Where documents lie, and how they come there: from a private folder, all at once or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from baocao.definitions import Period, UserError, file_hash, system_reason
from baocao.publishing.finished_text import READERS
from baocao.publishing.outcomes import BUILT, NO_DATA, NOTICE, OUTCOME_LABELS, Outcome
from baocao.publishing.spec import Spec

try:
    import fcntl
except ImportError:  # Windows: a folder in use cannot be removed there anyway
    fcntl = None  # type: ignore[assignment]

PRIVATE = ".work-"
EDITIONS, REFUSED = "editions", "refused"
"""Folders beside a document's files: of earlier documents, numbered, whose facts are no more those of now; of the notebook
whose run was refused while the document stays."""
_BEFORE = "before"
"""In a private folder: what stood at a document's place, below the same two folders, until the new one stands there."""
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
            try:
                yield folder
            finally:
                _put_back(folder)


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
                _put_back(folder)
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


def stays(line: Outcome, kept: Collection[str]) -> bool:
    """Whether the document that stood in the line's folder before still does: there is no new one, but data for one."""
    return line.outcome not in (BUILT, NO_DATA) and line.folder in kept


def put_into_place(work: Path, line: Outcome, out: Path, kept: Collection[str]) -> None:
    """Put what the private folder `work` holds where the document belongs: the document, or the notice that there is none.

    kept  folders of documents that stay, should there be no new one: their facts are those of now

    A document that does not stay makes room for a new one; for a notice it moves to its editions.
    """
    folder = out / line.folder
    if stays(line, kept):
        _leave_refused(work, folder, line)
        return
    edition = _carry_editions(folder, work, line)
    if line.outcome != BUILT:
        if edition:
            line.problems.append(
                f"Văn bản lập trước đây đã chuyển vào «{EDITIONS}/{edition}»: không còn chắc đúng với số liệu hiện nay."
            )
        leave_notice(work, line)
    _move_into_place(work, folder)


def leave_notice(work: Path, line: Outcome) -> None:
    """Turn the private folder of a document that failed into what will stand in its place."""
    shutil.rmtree(work / "hinh", ignore_errors=True)
    for kind in READERS:
        (work / f"{line.report}.{kind}").unlink(missing_ok=True)
    (work / NOTICE).write_bytes(_notice(line.report, Period.parse(line.period), line.outcome, line.problems))
    line.left = sorted(path.name for path in work.iterdir() if path.is_file())


def _leave_refused(work: Path, folder: Path, line: Outcome) -> None:
    """Leave the notebook of a run that was refused beside the document that stays."""
    fresh, place = work.with_name(REFUSED), folder / REFUSED
    fresh.mkdir()
    for notebook in work.glob("*.ipynb"):
        notebook.rename(fresh / notebook.name)
    if place.exists():
        place.rename(work.with_name("refused before"))
    line.left = sorted(f"{REFUSED}/{path.name}" for path in fresh.iterdir())
    if line.left:
        fresh.rename(place)


def _carry_editions(folder: Path, work: Path, line: Outcome) -> int:
    """Put into `work` the editions of the document at `folder`, and itself where there is no new one; the last one's number.

    As further names of the same files: what stands at `folder` is whole until `work` takes its place.
    """
    numbers = [int(path.name) for path in (folder / EDITIONS).glob("*") if path.name.isdecimal()]
    if (folder / EDITIONS).is_dir():
        shutil.copytree(folder / EDITIONS, work / EDITIONS, copy_function=_link)
    files = [folder / name for name in _names(vars(line)) if (folder / name).is_file()]
    if line.outcome != BUILT and files and not (folder / NOTICE).exists():
        numbers.append(max(numbers, default=0) + 1)
        edition = work / EDITIONS / str(numbers[-1])
        edition.mkdir(parents=True)
        for path in files:
            _link(path, edition / path.name)
    return max(numbers, default=0)


def _link(path: str | Path, target: str | Path) -> None:
    """A second name for the file; a copy where the file system knows none."""
    try:
        os.link(path, target)
    except OSError:
        shutil.copy2(path, target)


def _names(line: Mapping[str, Any]) -> list[str]:
    """The files that a document of a ledger's line may have, those apart that were written before it had a name of its own."""
    stems = dict.fromkeys((line.get("stem") or line["report"], line["report"]))
    return [f"{stem}.{kind}" for stem in stems for kind in ("ipynb", *READERS)]


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


def _move_into_place(work: Path, folder: Path) -> None:
    """Let the finished folder `work` take the place of `folder`, in two steps: `_put_back` undoes the first one alone."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        before = work.parent / _BEFORE / folder.parent.name / folder.name
        before.parent.mkdir(parents=True)
        folder.rename(before)
    work.rename(folder)


def _put_back(private: Path) -> None:
    """Put what stood at a document's place there again, if nothing came instead: the process was stopped in between."""
    for before in private.glob(f"{_BEFORE}/*/*"):
        place = private.parent / before.parent.name / before.name
        if not place.exists():
            with suppress(OSError):
                before.rename(place)


def unwritten(error: OSError) -> str:
    """The sentence for files that could not be written."""
    return f"Không ghi được tệp: {system_reason(error)}."


def clear_place(line: Outcome, out: Path) -> None:
    """Nothing stands at a document's place any more but its editions: better nothing than last month's."""
    folder = out / line.folder
    try:
        with private_folder(out) as private:
            work = private / "document"
            work.mkdir()
            _carry_editions(folder, work, line)
            _move_into_place(work, folder)
    except OSError:  # no room even for that
        for path in folder.glob("*"):
            if path.name != EDITIONS:
                with suppress(OSError):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with suppress(OSError):
        folder.rmdir()  # only where nothing is left


def delivered(folder: Path) -> list[Path]:
    """The folders below `folder` (or itself) that hold the executed notebook of a document that counts."""
    found = {path.parent for path in folder.rglob("*.ipynb")}
    return sorted(
        one
        for one in found
        if not any(
            part.startswith(PRIVATE) or part in (EDITIONS, REFUSED) for part in one.relative_to(folder).parts
        )
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
    left = {name.partition("/")[0] for name in line.get("left", ())}
    for name in sorted(found.keys() - files.keys() - left - LITTER - {EDITIONS}):
        yield name, None, _digest(found[name])


def strays(line: Mapping[str, Any], folder: Path) -> Iterator[Path]:
    """What lies among a document's editions, or beside the notebook of its refused run, and was not put there by a build."""
    ours = {folder / name for name in line.get("left", ())}
    places = [folder / REFUSED] if any(path.parent.name == REFUSED for path in ours) else []
    for path in (folder / EDITIONS).glob("*"):
        if path.name.isdecimal() and path.is_dir():
            ours |= {path, *(path / name for name in _names(line))}
            places.append(path)
    for place in (*places, folder / EDITIONS):
        yield from (path for path in sorted(place.glob("*")) if path not in ours and path.name not in LITTER)


def _digest(path: Path) -> str:
    """A file's SHA-256; "" for a folder that has taken its place, and for what may not be read."""
    try:
        return file_hash(path)
    except OSError:
        return ""
