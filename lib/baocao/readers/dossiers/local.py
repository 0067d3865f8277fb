"""A Parquet file of dossiers opened on DuckDB, within bounds of memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis
import ibis.expr.types as ir

MEMORY = "600MB"
"""What DuckDB may hold before it writes to disk: the whole process then stays below 1 GiB."""


@contextmanager
def open_dossiers(path: Path) -> Iterator[ir.Table]:
    """The table of a Parquet file; what does not fit into memory goes to a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="baocao-") as folder:
        backend = ibis.duckdb.connect(memory_limit=MEMORY, temp_directory=folder)
        try:
            yield backend.read_parquet(path.as_posix())
        finally:
            backend.disconnect()
