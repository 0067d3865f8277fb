"""The ledger: what became of every document of a build, in `ledger.json`.

A build adds its documents to the ledger of the output folder; a document built again takes the place of its
earlier line. Nothing in it depends on the clock except `seconds`, which no other file copies.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

from baocao import __version__
from baocao.documents.delivery import BUILT, UNCHANGED, Outcome
from baocao.errors import UserError

NAME = "ledger.json"
VERSION = 1


def read_ledger(out: Path) -> list[dict]:
    """The lines of the ledger in `out`, [] where there is none; a UserError when another version wrote it."""
    path = out / NAME
    if not path.is_file():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        version = content["version"]
        lines = content["documents"]
    except (ValueError, KeyError, TypeError):
        raise UserError(f"{path.name} không đọc được; hãy xóa thư mục kết quả và lập lại.") from None
    if version != VERSION:
        raise UserError(
            f"{path.name} theo phiên bản {version}, chương trình ghi phiên bản {VERSION}; "
            "hãy chọn thư mục khác bằng --out hoặc xóa thư mục kết quả."
        )
    return lines


def write_ledger(out: Path, outcomes: list[Outcome]) -> Path:
    """Add `outcomes` to the ledger in `out`, atomically; return its path."""
    lines = {line["folder"]: line for line in read_ledger(out)}
    for outcome in outcomes:
        lines[outcome.folder] = asdict(outcome)
    content = {
        "version": VERSION,
        "program": f"baocao {__version__}",
        "documents": [lines[folder] for folder in sorted(lines)],
    }
    path = out / NAME
    new = path.with_suffix(".json.new")
    new.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    os.replace(new, path)
    return path


def all_well(outcomes: list[Outcome]) -> bool:
    """Whether every document was built, now or earlier."""
    return all(outcome.outcome in (BUILT, UNCHANGED) for outcome in outcomes)
