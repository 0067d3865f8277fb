"""Files of the project: what they hold, as a hash."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_hash(path: Path) -> str:
    """The SHA-256 of the file's content, in hexadecimal: as the list of sources and the ledger register it."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
