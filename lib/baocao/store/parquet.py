"""Frames in Parquet files, through DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pandas as pd

from baocao.definitions.errors import UserError
from baocao.store import read_tracker as recorder


def write_parquet(frame: pd.DataFrame, path: Path, types: dict[str, str], row_group: int = 0) -> None:
    """Writes the columns of `types` (name: DuckDB type) in the order of the rows, `row_group` rows to a group."""
    options = "FORMAT parquet" + (f", ROW_GROUP_SIZE {row_group}" if row_group else "")
    columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY (SELECT {columns} FROM frame) TO {_quoted(path)} ({options})")


def read_parquet(
    path: Path,
    where: str = "",
    values: Sequence[object] = (),
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """The rows of a file, in its order; in any where the condition `where` holds lists.

    `where` has a "?" for each of the values.

    Without `columns` all of them.

    A file that is not whole is a UserError: what lies below data/derived can always be made again.
    """
    recorder.note_file(path)  # DuckDB opens it unheard
    condition = f" WHERE {where}" if where else ""
    wanted = ", ".join(f'"{column}"' for column in columns) or "*"
    query = f"SELECT {wanted} FROM read_parquet({_quoted(path)}){condition}"
    with duckdb.connect() as connection:
        try:
            return connection.execute(query, list(values)).df()
        except duckdb.Error:
            raise UserError(
                f"Tệp «{path.name}» trong {path.parent.name} không đọc được; hãy xóa thư mục data/derived rồi "
                "chạy lại lệnh."
            ) from None


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"
