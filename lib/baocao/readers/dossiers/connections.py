"""Dossiers that live in a warehouse: PostgreSQL or Spark opened by an address, read where they are.

Only counts leave the warehouse. A password is handed to the driver and to nobody else: no message, no file and no
provenance holds it (`shown_address`); better still, none is in the address and the driver finds it (PGPASSFILE).
Nothing is written there: an account that may only read the table is enough.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import ibis
import ibis.expr.types as ir

from baocao.definitions import INSTALL_EXTRAS, UserError
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
_EXAMPLES = (
    "postgresql://nguoi-dung@may-chu/co_so_du_lieu/bang, spark://may-chu:7077/bang hoặc spark:local/bang"
)

OPTIONS = (
    "sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "channel_binding", "require_auth",
    "connect_timeout", "application_name",
)  # fmt: skip
"""What may stand after the "?" of an address; each goes to libpq as it is. Others are refused: they say where or as whom
to connect (the address does), carry a password, or change what a question means."""

_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")

_ADDRESS = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^\s:@/?#]*)(?::(?P<password>[^\s/?#]*))?@)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[^\s\[\]@:/?#%,]+)(?::(?P<port>\d{1,5}))?"
    r"/(?P<database>[^\s@/?#]+)/(?P<table>[^\s@/?#]+)/?(?:\?(?P<options>[^\s#]*))?"
)
_SPARK = re.compile(
    r"(?P<shown>spark:(?://(?P<host>[^\s@/?#]+:\d{1,5})/|(?P<local>local(?:\[(?:\d+|\*)\])?)/)(?P<table>[^\s@?#]+))"
)


def shown_address(address: str) -> str:
    """The address as it may be printed and stored: without password and options.

    Of an address that is not understood whole, only its kind: where its password ends is not known.

    >>> shown_address("postgresql://an:bi-mat@may-chu:5432/mot_cua/public.ho_so?sslmode=require")
    'postgresql://an@may-chu:5432/mot_cua/public.ho_so'
    >>> shown_address("postgresql://an:bi/mat@may-chu/mot_cua/ho_so")
    'postgresql://…'
    """
    if spark := _SPARK.fullmatch(address):
        return spark["shown"]
    if not (parts := _ADDRESS.fullmatch(address)):
        kind = re.match(r"(postgres(?:ql)?|spark):", address)
        return f"{kind[1]}://…" if kind else "…"
    user = f"{parts['user']}@" if re.fullmatch(r"[\w.-]+", parts["user"] or "") else ""
    port = f":{parts['port']}" if parts["port"] else ""
    return f"postgresql://{user}{parts['host']}{port}/{parts['database']}/{parts['table']}"


def open_warehouse(
    address: str, mapping: Mapping[str, str] | None = None
) -> tuple[ibis.BaseBackend, ir.Table]:
    """The engine and its table of dossiers, in the columns of `DOSSIER_COLUMNS` (NULL: the warehouse lacks it).

    address  postgresql://user@host:port/database/table or …/schema.table; spark://host:port/table for a cluster,
             spark:local/table on this machine; on Spark also the path of a Parquet file or folder as the table
    mapping  column of the warehouse: column of `DOSSIER_COLUMNS`; others are looked for under our names

    A UserError where the address, the driver, the table or a needed column is missing; nothing in it is secret.
    """
    if spark := _SPARK.fullmatch(address):
        backend, table = _open_spark(spark)
    else:
        backend, table = _open_postgres(address)
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


@contextmanager
def told_as_sentences(address: str) -> Iterator[None]:
    """What a driver raises while the table is read becomes a UserError, without what the driver says: it may repeat secrets."""
    try:
        yield
    except _driver_errors() as error:
        raise UserError(
            f"Kho dữ liệu {shown_address(address)} ngừng trả lời hoặc từ chối khi đang đọc ({type(error).__name__}); "
            "hãy xem tài khoản có quyền đọc (SELECT) bảng, kiểu các cột và đường mạng, rồi chạy lại."
        ) from None


def _driver_errors() -> tuple[type[Exception], ...]:
    """The errors of the drivers that are loaded."""
    names = (("psycopg", "Error"), ("pyspark.errors", "PySparkException"), ("py4j.protocol", "Py4JError"))
    return tuple(getattr(sys.modules[module], name) for module, name in names if module in sys.modules)


def _open_postgres(address: str) -> tuple[ibis.BaseBackend, ir.Table]:
    parts = _ADDRESS.fullmatch(address)
    if not parts:
        raise UserError(
            f"Địa chỉ kho dữ liệu «{shown_address(address)}» không đúng dạng: phải có một máy chủ, cơ sở dữ liệu và "
            f"bảng, ký tự đặc biệt viết dạng %XX (như / là %2F); hãy viết {_EXAMPLES}."
        )
    table = unquote(parts["table"])
    schema, _, name = table.rpartition(".")
    try:
        backend = _read_only_postgres()()
        backend.do_connect(
            host=parts["host"].strip("[]"),
            port=int(parts["port"] or 5432),
            user=unquote(parts["user"]) if parts["user"] else None,
            password=unquote(parts["password"]) if parts["password"] else None,
            database=unquote(parts["database"]),
            **_options(parts["options"] or ""),
        )
        backend.con.read_only = True
    except ImportError:
        raise _without("PostgreSQL") from None
    except UserError:
        raise
    except Exception as error:  # noqa: BLE001 (drivers raise what they like, and repeat what they were given)
        raise _refused(address, error) from None
    try:
        return backend, backend.table(name, database=schema or None)
    except Exception:  # noqa: BLE001 (as above)
        backend.disconnect()
        raise _no_table(address, table) from None


def _options(written: str) -> dict[str, str]:
    """The options of an address by name; a UserError names one that is not honoured, never its value."""
    options: dict[str, str] = {}
    for pair in filter(None, written.split("&")):
        name, equals, value = (unquote(part) for part in pair.partition("="))
        if name == "password":
            raise UserError(
                "Mật khẩu không được viết sau dấu «?» của địa chỉ kho dữ liệu; hãy đặt trong tệp mật khẩu (PGPASSFILE)."
            )
        if name not in OPTIONS:
            named = f"«{name}»" if re.fullmatch(r"[A-Za-z_]{1,40}", name) else "lạ"
            raise UserError(
                f"Tùy chọn {named} trong địa chỉ kho dữ liệu không được nhận; chỉ nhận: {', '.join(OPTIONS)}."
            )
        if name in options or not equals or not value:
            raise UserError(f"Tùy chọn «{name}» trong địa chỉ kho dữ liệu phải có đúng một giá trị.")
        options[name] = value
    if options.get("sslmode", "prefer") not in _SSL_MODES:
        raise UserError(
            f"Tùy chọn «sslmode» trong địa chỉ kho dữ liệu phải là một trong: {', '.join(_SSL_MODES)}."
        )
    if not re.fullmatch(r"[1-9]\d{0,3}", options.get("connect_timeout", "9")):
        raise UserError(
            "Tùy chọn «connect_timeout» trong địa chỉ kho dữ liệu phải là số giây, từ 1 đến 9999."
        )
    return options


@cache
def _read_only_postgres() -> type[ibis.BaseBackend]:
    """Ibis's PostgreSQL, which writes our own small tables (days, names of measures) into the question.

    Ibis makes temporary tables of them, for which an account that may only read has no right.
    """
    import ibis.expr.operations as ops
    import sqlglot as sg
    from ibis.backends.postgres import Backend
    from sqlglot import expressions as sge

    class Compiler(type(Backend.compiler)):
        def visit_InMemoryTable(self, op: Any, *, name: str, schema: Any, data: Any) -> sge.Select:
            rows = data.to_pyarrow(schema).to_pylist()
            cells = [
                sge.Tuple(
                    expressions=[
                        self.visit_Literal(
                            ops.Literal(row[column], dtype=kind), value=row[column], dtype=kind
                        )
                        for column, kind in schema.items()
                    ]
                )
                for row in rows
            ]
            columns = [sg.to_identifier(column, quoted=self.quoted) for column in schema.names]
            alias = sge.TableAlias(this=sg.to_identifier(name, quoted=self.quoted), columns=columns)
            return sg.select(sge.Star()).from_(sge.Values(expressions=cells, alias=alias))

    class ReadOnly(Backend):
        compiler = Compiler()

        def _register_in_memory_table(self, op: Any) -> None:
            """Nothing is made there."""

    return ReadOnly


def _open_spark(spark: re.Match[str]) -> tuple[ibis.BaseBackend, ir.Table]:
    address, table = spark["shown"], unquote(spark["table"])
    local = "local[*]" if spark["local"] == "local" else spark["local"]
    master = local or f"spark://{spark['host']}"
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _without("Spark") from None
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


def _without(engine: str) -> UserError:
    return UserError(f"Chưa cài phần nối với {engine}; hãy chạy trong thư mục dự án: {INSTALL_EXTRAS}.")


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
