"""Whether a delivered document is still what a new run would make: the same inputs, and nobody touched its files.

The key is coarse on purpose: any change of the code, the form, the reference data or the facts makes every document
anew. It never depends on clocks, paths or file times.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from baocao import __version__
from baocao import facts as fact_store
from baocao.documents import form
from baocao.documents.fonts import FontChoice
from baocao.specs import Spec

_PACKAGE = Path(__file__).resolve().parents[1]
_SHARED = (
    "data/reference/*.csv",
    "requirements.lock",
    "_quarto.yml",
    "_language.yml",
    f"{form.EXTENSION.as_posix()}/*",
)


def shared_fingerprint(root: Path, font: FontChoice, renderer: str, version: object) -> str:
    """What all documents of a build have in common: code, form, reference data, facts, typeface, renderer."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*.py")):
        _add(digest, path.relative_to(_PACKAGE).as_posix(), path.read_bytes())
    for pattern in _SHARED:
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                _add(digest, path.relative_to(root).as_posix(), path.read_bytes())
    for path in font.paths:
        _add(digest, path.name, path.read_bytes())
    facts = fact_store.open_facts(root)
    problems = facts.problems.to_json(
        orient="values", force_ascii=False
    )  # reports print those that concern them
    about = [__version__, font.family, renderer, version, facts.fingerprint, facts.files, problems]
    _add(digest, "about", json.dumps(about).encode())
    return digest.hexdigest()


def document_key(spec: Spec, units: list[str], notebook: Path, shared: str) -> str:
    """The key of one document: what it has in common with the others, its spec, units and notebook."""
    digest = hashlib.sha256(shared.encode())
    _add(digest, "spec", json.dumps([asdict(spec), units], ensure_ascii=False, sort_keys=True).encode())
    _add(digest, notebook.name, notebook.read_bytes())
    return digest.hexdigest()


def still_stands(line: dict[str, Any] | None, key: str, folder: Path) -> bool:
    """Whether the ledger's line has this key and its files, all of them and no others, are as they were delivered."""
    if not line or line.get("key") != key or not line.get("files") or not folder.is_dir():
        return False
    found = {path.name: path for path in folder.iterdir()}
    return found.keys() == line["files"].keys() and all(
        hashlib.sha256(path.read_bytes()).hexdigest() == line["files"][name] for name, path in found.items()
    )


def _add(digest: Any, name: str, content: bytes) -> None:
    digest.update(f"{name}\n{len(content)}\n".encode())
    digest.update(content)
