"""The ledger: what became of every document of a build, in `ledger.json`, and for people in `index.html` beside it.

A build adds its documents to the ledger of the output folder; a document built again takes the place of its
earlier line. Its form is described in `ledger.schema.json` and docs/ledger.md. Nothing in it depends on the clock except
`seconds`, which no file but the page copies.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import MISSING, asdict, fields
from pathlib import Path
from typing import Any

from baocao import __version__
from baocao.definitions import UserError, fresh_file, system_reason
from baocao.publishing.folders import LITTER, unwritten
from baocao.publishing.ledger_page import PAGE, ledger_page
from baocao.publishing.outcomes import BUILT, LEDGER_FILES, NO_DATA, UNCHANGED, Outcome

NAME, JOURNAL = LEDGER_FILES
VERSION = 2
"""Raised whenever an earlier program would misread the ledger."""

_READS = (1, VERSION)  # lines of version 1 lack the fields that came later: their defaults stand for them
_FIELDS = {one.name: str(one.type) for one in fields(Outcome)}
_REQUIRED = {one.name for one in fields(Outcome) if one.default is one.default_factory is MISSING}
_TYPES = {
    "str": str,
    "float": (int, float),
    "int | None": (int, type(None)),
    "list": list,
    "dict": dict,
}


def read_ledger(out: Path) -> list[dict]:
    """The lines of the ledger in `out`, and of a build that was killed before it could add its own; [] for none.

    A UserError when another version wrote it.
    """
    lines = {line["folder"]: line for line in [*_stored(out), *_journalled(out)]}
    return [lines[folder] for folder in sorted(lines)]


def _stored(out: Path) -> list[dict]:
    path = out / NAME
    if not path.is_file():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["version"]
        lines = content["documents"]
    except (ValueError, KeyError, TypeError):
        raise _unreadable(out) from None
    if version not in _READS:
        raise UserError(
            f"{path.name} theo phiên bản {version}, chương trình ghi phiên bản {VERSION}; "
            "hãy chọn thư mục khác bằng --out hoặc xóa thư mục kết quả."
        )
    if not isinstance(lines, list) or not all(fits(line) for line in lines):
        raise _unreadable(out)
    return [vars(Outcome(**line)) for line in lines]


def _journalled(out: Path) -> list[dict]:
    """The whole lines of the journal: the last one may have been cut off."""
    path = out / JOURNAL
    found = []
    for text in path.read_bytes().splitlines() if path.is_file() else []:
        with suppress(ValueError):
            line = json.loads(text)
            found += [vars(Outcome(**line))] if fits(line) else []
    return found


def keep(out: Path, made: Iterator[Outcome], outcomes: list[Outcome]) -> None:
    """Add to `outcomes` what is `made`, each at once to the journal, and in the end all to the ledger.

    However the build ends, what became of the finished documents is known to the next one.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        journal = os.open(out / JOURNAL, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    except OSError as error:
        raise UserError(f"{unwritten(error)} Hãy chọn thư mục khác bằng --out.") from None
    try:
        with closing(made):
            for outcome in made:
                outcomes.append(outcome)
                with suppress(OSError):  # a full disk: the ledger may yet find room at the end
                    os.write(journal, b"\n" + json.dumps(asdict(outcome)).encode() + b"\n")
    finally:
        os.close(journal)
        if outcomes:
            try:
                write_ledger(out, outcomes)
            except OSError as error:
                raise UserError(
                    f"{unwritten(error)} Sổ theo dõi {NAME} vẫn như trước lần lập này; "
                    "hãy giải phóng ổ đĩa rồi chạy lại đúng lệnh này."
                ) from None
        elif not _journalled(out) and not _foreign(out):  # else it tells that the folder is ours
            (out / JOURNAL).unlink(missing_ok=True)


def write_ledger(out: Path, outcomes: list[Outcome]) -> Path:
    """Add `outcomes` to the ledger in `out` and make its page anew, each atomically; return the ledger's path."""
    lines = {line["folder"]: line for line in read_ledger(out)}
    for outcome in outcomes:
        lines[outcome.folder] = vars(outcome)
    documents = [lines[folder] for folder in sorted(lines)]
    content = {"version": VERSION, "program": f"baocao {__version__}", "documents": documents}
    out.mkdir(parents=True, exist_ok=True)
    _put(out / NAME, json.dumps(content, ensure_ascii=False, indent=2) + "\n")
    _put(out / PAGE, ledger_page(documents))
    (out / JOURNAL).unlink(missing_ok=True)
    return out / NAME


def check_folder(out: Path) -> None:
    """Refuse a folder that is not ours to write into: a file, or a folder with content but no ledger of ours."""
    try:
        if out.exists() and not out.is_dir():
            raise UserError(f"«{out.name}» là một tệp, không phải thư mục; hãy chọn --out khác.")
        if not out.is_dir() or any((out / name).is_file() for name in (NAME, JOURNAL)):
            return
        foreign = _foreign(out)
    except OSError as error:
        raise UserError(
            f"Không dùng được thư mục «{out.name[:60]}»: {system_reason(error)}; hãy chọn --out khác."
        ) from None
    if foreign:
        raise UserError(
            f"Thư mục «{out.resolve().name}» đã có tệp không phải của baocao («{foreign[0]}»), không có {NAME}; "
            "hãy chọn bằng --out một thư mục trống hoặc thư mục kết quả đã có."
        )


def _foreign(out: Path) -> list[str]:
    """What lies in the folder beside the traces of a build and of file managers."""
    known = {*LITTER, JOURNAL}
    return sorted(
        path.name for path in out.iterdir() if path.name not in known and not path.name.startswith(".work-")
    )


def all_well(outcomes: list[Outcome]) -> bool:
    """Whether every document was built, now or earlier."""
    return all(outcome.outcome in (BUILT, UNCHANGED) for outcome in outcomes)


def stood(outcome: Outcome) -> bool:
    """Whether a document was as a new run would make it, so that nothing was done."""
    return outcome.outcome in (UNCHANGED, NO_DATA) and not outcome.seconds


def fits(line: Any) -> bool:
    """Whether a line has the fields of an outcome, no others, each of its type."""
    return (
        isinstance(line, dict)
        and _REQUIRED <= line.keys() <= _FIELDS.keys()
        and all(_is(value, _FIELDS[name]) for name, value in line.items())
    )


def _is(value: Any, type_name: str) -> bool:
    if not isinstance(value, _TYPES.get(type_name.partition("[")[0], object)):
        return False
    if not type_name.endswith(("[str]", "[str, str]")):
        return True
    members = value.values() if isinstance(value, dict) else value
    return all(isinstance(member, str) for member in members)


def _unreadable(out: Path) -> UserError:
    return UserError(
        f"{NAME} trong thư mục «{out.resolve().name}» không đọc được: tệp hỏng hoặc không phải của baocao; "
        "hãy chọn thư mục khác bằng --out, hoặc xóa thư mục ấy nếu là kết quả cũ."
    )


def _put(path: Path, text: str) -> None:
    """Write the file whole or not at all; characters that are none (half a pair) are written as «?»."""
    with fresh_file(path) as fresh:
        fresh.write_text(text, encoding="utf-8", errors="replace")
