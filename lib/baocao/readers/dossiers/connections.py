"""Dossiers that live in a warehouse: PostgreSQL or Spark opened by an address, read where they are.

Only counts leave the warehouse. A password is handed to the driver and to nobody else: no message, no file and no
provenance holds it (`shown_address`); better still, none is in the address and the driver finds it (PGPASSFILE).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import ibis
import ibis.expr.types as ir

from baocao.definitions import UserError
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS

NEEDED = ("unit", "received", "status")
"""Columns without which no dossier can be counted."""

_TYPES = {
    "VARCHAR": "string",
    "DATE": "date",
    "SMALLINT": "int16",
    "TINYINT": "int8",
    "BOOLEAN": "boolean",
    "BIGINT": "int64",
}
_KINDS = ("postgresql", "postgres", "spark")
_EXAMPLES = (
    "postgresql://nguoi-dung@may-chu/co_so_du_lieu/bang, spark://may-chu:7077/bang hoặc spark:local/bang"
)


def shown_address(address: str) -> str:
    """The address as it may be printed and stored: without password and options.

    >>> shown_address("postgresql://an:bi-mat@may-chu:5432/mot_cua/public.ho_so?sslmode=require")
    'postgresql://an@may-chu:5432/mot_cua/public.ho_so'
    """
    parts = urlsplit(address)
    if not parts.netloc:
        return f"{parts.scheme}:{parts.path}"
    user, at, host = parts.netloc.rpartition("@")
    return f"{parts.scheme}://{user.partition(':')[0]}{at}{host}{parts.path}"


def open_warehouse(
    address: str, mapping: Mapping[str, str] | None = None
) -> tuple[ibis.BaseBackend, ir.Table]:
    """The engine and its table of dossiers, in the columns of `DOSSIER_COLUMNS` (NULL: the warehouse lacks it).

    address  postgresql://user@host:port/database/table or …/schema.table; spark://host:port/table for a cluster,
             spark:local/table on this machine; on Spark also the path of a Parquet file or folder as the table
    mapping  column of the warehouse: column of `DOSSIER_COLUMNS`; others are looked for under our names

    A UserError where the address, the driver, the table or a needed column is missing; nothing in it is secret.
    """
    kind = urlsplit(address).scheme
    if kind not in _KINDS:
        raise UserError(
            f"Địa chỉ kho dữ liệu «{shown_address(address)}» không đúng dạng; hãy viết {_EXAMPLES}."
        )
    backend, table = (_open_spark if kind == "spark" else _open_postgres)(address)
    return backend, named_columns(table, mapping or {}, shown_address(address))


def named_columns(table: ir.Table, mapping: Mapping[str, str], where: str) -> ir.Table:
    """The table with our columns in our types; `where` names it in messages."""
    unknown = [name for name in mapping if name not in table.columns]
    if unknown:
        raise UserError(
            f"Bảng {where} không có cột {', '.join(unknown)} mà tệp ánh xạ nêu; bảng có: {', '.join(table.columns)}."
        )
    foreign = [ours for ours in mapping.values() if ours not in DOSSIER_COLUMNS]
    if foreign:
        raise UserError(
            f"Tệp ánh xạ dẫn đến cột {', '.join(foreign)} không có; các cột được nhận: {', '.join(DOSSIER_COLUMNS)}."
        )
    theirs = {name: name for name in DOSSIER_COLUMNS if name in table.columns}
    theirs |= {ours: name for name, ours in mapping.items()}
    missing = [name for name in NEEDED if name not in theirs]
    if missing:
        raise UserError(
            f"Bảng {where} thiếu cột {', '.join(missing)}; hãy dùng --mapping để chỉ ra cột tương ứng trong các cột "
            f"{', '.join(table.columns)}."
        )
    return table.select(
        **{
            name: table[theirs[name]].cast(_TYPES[kind]) if name in theirs else ibis.null(_TYPES[kind])
            for name, kind in DOSSIER_COLUMNS.items()
        }
    )


def _open_postgres(address: str) -> tuple[ibis.BaseBackend, ir.Table]:
    parts = urlsplit(address)
    names = [unquote(name) for name in parts.path.split("/") if name]
    if len(names) != 2 or not parts.hostname:
        raise UserError(
            f"Địa chỉ «{shown_address(address)}» phải có máy chủ, cơ sở dữ liệu và bảng; hãy viết {_EXAMPLES}."
        )
    database, table = names
    schema, _, name = table.rpartition(".")
    try:
        backend = ibis.postgres.connect(
            host=parts.hostname,
            port=parts.port or 5432,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            database=database,
        )
    except ImportError:
        raise _without("PostgreSQL", "postgres") from None
    except Exception as error:  # noqa: BLE001 (drivers raise what they like, and repeat what they were given)
        raise _refused(address, error) from None
    try:
        return backend, backend.table(name, database=schema or None)
    except Exception:  # noqa: BLE001 (as above)
        backend.disconnect()
        raise _no_table(address, table) from None


def _open_spark(address: str) -> tuple[ibis.BaseBackend, ir.Table]:
    parts = urlsplit(address)
    if parts.netloc:
        master, table = f"spark://{parts.netloc}", unquote(parts.path.removeprefix("/"))
    else:
        place, _, table = parts.path.partition("/")
        master, table = place.replace("local", "local[*]", 1) if place == "local" else place, unquote(table)
    if not table or not (parts.netloc or master.startswith("local")):
        raise UserError(f"Địa chỉ «{shown_address(address)}» thiếu tên bảng; hãy viết {_EXAMPLES}.")
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _without("Spark", "spark") from None
    try:
        session = (
            SparkSession.builder.master(master)
            .appName("baocao")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
        backend = ibis.pyspark.connect(session)
    except Exception as error:  # noqa: BLE001 (as above)
        raise _refused(address, error) from None
    try:
        if table.endswith(".parquet"):
            return backend, backend.read_parquet(table if table.startswith("/") else f"/{table}")
        schema, _, name = table.rpartition(".")
        return backend, backend.table(name, database=schema or None)
    except Exception:  # noqa: BLE001 (as above)
        raise _no_table(address, table) from None


def _without(engine: str, extra: str) -> UserError:
    return UserError(f'Chưa cài phần nối với {engine}; hãy chạy: python -m pip install "baocao[{extra}]".')


def _refused(address: str, error: Exception) -> UserError:
    return UserError(
        f"Không mở được kho dữ liệu {shown_address(address)} ({type(error).__name__}); hãy kiểm tra địa chỉ, tài khoản, "
        "mật khẩu và đường mạng."
    )


def _no_table(address: str, table: str) -> UserError:
    return UserError(
        f"Kho dữ liệu {shown_address(address)} không có bảng «{table}» hoặc tài khoản không được đọc bảng."
    )


# --------------------------------------------------------------------------------------------------
# A Parquet file of dossiers opened on DuckDB, within bounds of memory.


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
