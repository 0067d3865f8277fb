"""What two machines must have alike to make the same documents: each part of a project, as a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from baocao.publishing import pandoc, quarto
from baocao.publishing.context import BuildContext
from baocao.publishing.outcomes import versions_of_libraries
from baocao.store import files


def project_parts(context: BuildContext) -> dict[str, str]:
    """What a document depends on, each part as a hash: alike on two machines, they make the same document."""
    root = context.root
    package = Path(__file__).parents[1]
    inputs = {name: text for name, text in files.inputs_of(root).items() if name != "code"}
    reference = {name: text for name, text in inputs.items() if name.startswith("data/reference/")}
    return {
        "mã nguồn": _hash_files(package, [one for one in package.rglob("*") if "__pycache__" not in one.parts]),
        "sổ tính": _hash_files(root, root.glob("notebooks/*.ipynb")),
        "mẫu văn bản": _hash_files(root, pandoc.files(root)),
        "số liệu": _hash({name: text for name, text in inputs.items() if name not in reference}),
        "dữ liệu tra cứu": _hash(reference),
        "phông chữ": _hash([context.font.family, [hash_bytes(path.read_bytes()) for path in context.font.paths]]),
        "trình dựng": _hash([context.renderer, quarto.version() if context.renderer == "quarto" else None]),
        "thư viện": _hash([versions_of_libraries(), _hash_files(root, root.glob("requirements.lock"))]),
    }  # fmt: skip


def differences(wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """The parts that are not alike, in the order of `wanted`.

    >>> differences({"mã nguồn": "1", "số liệu": "2"}, {"mã nguồn": "1", "số liệu": "3"})
    ['số liệu']
    """
    return [part for part in dict.fromkeys([*wanted, *found]) if wanted.get(part) != found.get(part)]


def _hash_files(folder: Path, paths: Iterable[Path]) -> str:
    return _hash(
        {
            path.relative_to(folder).as_posix(): hash_bytes(path.read_bytes())
            for path in paths
            if path.is_file()
        }
    )


def _hash(content: Any) -> str:
    return hash_bytes(json.dumps(content, sort_keys=True).encode())


def hash_bytes(content: bytes) -> str:
    """The SHA-256, as the ledger has it."""
    return hashlib.sha256(content).hexdigest()
