"""The reduction on real engines: PostgreSQL and Spark are started here and give what DuckDB gives.

Where an engine is not installed its tests are skipped, and the reason says so: `.ci/run` installs both.
"""

from __future__ import annotations

import csv
import io
import os
import random
import shutil
import socket
import subprocess
import sys
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path

import ibis
import pyarrow.parquet
import pytest

from baocao.app.cli import main
from baocao.definitions.errors import UserError
from baocao.definitions.measures import load_measures
from baocao.readers.dossiers.connections import OPTIONS, named_columns, open_warehouse, shown_address
from baocao.readers.dossiers.reduction import first_window_warning, read_history, reduce_dossiers
from certificates import Authority
from conftest import copy_project
from dossier_oracle import FIRST, expected, listed, table_of

PASSWORD = "mat-khau-thu"  # of a server that lives for one test run, on this machine only
WINDOWS = [(FIRST + timedelta(days=20 * at), FIRST + timedelta(days=20 * at + 19)) for at in range(6)]
AS_OF = WINDOWS[-1][1]


def made_up(count: int) -> list[dict]:
    """Dossiers of three units, some with faults, the same ones each time."""
    draw = random.Random(20250724)

    def some(value, share=0.85):
        return value if draw.random() < share else None

    rows = []
    for _ in range(count):
        received = FIRST + timedelta(days=draw.randrange(110))
        rows.append(
            {
                "unit": draw.choice(["Xã A", "Xã B", "Sở C"]),
                "received": some(received, 0.98),
                "due": some(received + timedelta(days=draw.randrange(30))),
                "finished": some(received + timedelta(days=draw.randrange(-1, 45)), 0.6),
                "returned": some(received + timedelta(days=draw.randrange(50)), 0.5),
                "stopped": some(received + timedelta(days=draw.randrange(50)), 0.5),
                "supplement_requested": some(received + timedelta(days=draw.randrange(20)), 0.4),
                "supplement_returned": some(received + timedelta(days=draw.randrange(40)), 0.3),
                "supplements": some(draw.randrange(4)),
                "legal_days": some(draw.randrange(40), 0.7),
                "status": draw.choice([1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 9, 10, 10, 10]),
                "channel": some(draw.randrange(1, 4)),
                "return_channel": some(draw.randrange(1, 4)),
                "level": some(draw.randrange(2, 5)),
                **{
                    name: some(draw.random() < 0.5)
                    for name in ("has_identity", "result_attached", "needs_result")
                },
                **{name: some(draw.random() < 0.5) for name in ("payment_requested", "paid_online")},
                "digitised": some(draw.randrange(4)),
            }
        )
    return rows


ROWS = made_up(600)


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture(scope="module")
def wanted(measures):
    """What each engine has to say: counted slowly, and by DuckDB."""
    slow = expected(ROWS, WINDOWS, measures)
    dossiers = ibis.duckdb.connect().create_table("dossiers", table_of(ROWS))
    assert listed(reduce_dossiers(dossiers, WINDOWS, AS_OF, measures).to_pandas()) == slow
    assert len(slow) > 300
    return slow


def both_ways(table, measures) -> dict:
    """All windows at once; the last one alone, as when a month is new, says the same of it."""
    history = read_history(table)
    assert history.first < WINDOWS[1][0]
    found = listed(reduce_dossiers(table, WINDOWS, AS_OF, measures, history).to_pandas())
    alone = listed(reduce_dossiers(table, WINDOWS[-1:], AS_OF, measures, history).to_pandas())
    assert alone == {key: value for key, value in found.items() if key[1] == WINDOWS[-1][0]}
    return found


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def server_programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [folder for folder in folders if (folder / "initdb").exists()]
    beside = shutil.which("initdb")
    return found[0] if found else Path(beside).parent if beside else None


@pytest.fixture(scope="module")
def authority(tmp_path_factory) -> Authority:
    return Authority(tmp_path_factory.mktemp("chung-thu"))


HBA = """
hostnossl all doc_tls all reject
hostssl all doc_chung_thu all cert
hostnossl all doc_chung_thu all reject
host all all all scram-sha-256
"""
"""Who may come in how: doc_tls only by TLS, doc_chung_thu only with a certificate of its name."""

READERS = ("doc", "doc_tls", "doc_chung_thu")
"""Accounts that may read the table and nothing else: no temporary table, no writing transaction."""


@pytest.fixture(scope="module")
def server(authority):
    """The port of a PostgreSQL server of its own, with the dossiers in the table public.dossiers of mot_cua."""
    programs = server_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed (Debian: postgresql): the reduction was NOT tried on it")
    if find_spec("psycopg") is None:
        pytest.skip("psycopg is not installed (requirements-warehouse.lock): PostgreSQL was NOT tried")
    import psycopg

    # The server refuses to run as root: then as nobody, in a folder outside pytest's, which only root may enter.
    as_root = os.geteuid() == 0
    folder = Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    other = ["runuser", "-u", "nobody", "--"] if as_root else []
    (folder / "password").write_text(PASSWORD)
    if as_root:
        for path in (folder, folder / "password"):
            shutil.chown(path, "nobody")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    certificate, key = authority.sign("may-chu")
    for name, path in [("server.crt", certificate), ("server.key", key), ("ca.pem", authority.certificate)]:
        shutil.copyfile(path, folder / name)
        (folder / name).chmod(0o600)
        if as_root:
            shutil.chown(folder / name, "nobody")
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c ssl=on "
        f"-c ssl_cert_file={folder}/server.crt -c ssl_key_file={folder}/server.key -c ssl_ca_file={folder}/ca.pem"
    )
    control = [*other, str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w"]
    try:
        subprocess.run(
            [*other, str(programs / "initdb"), "-D", str(folder / "data"), "-U", "mau", "-A", "scram-sha-256",
             "--pwfile", str(folder / "password"), "-E", "UTF8", "--locale=C"],
            check=True, capture_output=True, cwd=folder,
        )  # fmt: skip
        (folder / "data" / "pg_hba.conf").write_text(HBA)
        subprocess.run(
            [*control, "-o", options, "-l", str(folder / "log"), "start"],
            check=True,
            cwd=folder,
            capture_output=True,
        )
        login = {"host": "127.0.0.1", "port": port, "user": "mau", "password": PASSWORD}
        with psycopg.connect(**login, dbname="postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE mot_cua")
        with psycopg.connect(**login, dbname="mot_cua") as connection:
            fill(connection)
            connection.execute("REVOKE ALL ON DATABASE mot_cua FROM PUBLIC")
            for reader in READERS:
                connection.execute(f"CREATE ROLE {reader} LOGIN PASSWORD '{PASSWORD}'")
                connection.execute(f"ALTER ROLE {reader} SET default_transaction_read_only = on")
                connection.execute(f"GRANT CONNECT ON DATABASE mot_cua TO {reader}")
                connection.execute(f"GRANT SELECT ON dossiers TO {reader}")
            connection.execute("CREATE TABLE kin AS SELECT * FROM dossiers")
            connection.execute("CREATE TABLE cua_xa AS SELECT * FROM dossiers WHERE don_vi = 'Xã A'")
            connection.execute("UPDATE cua_xa SET don_vi = 'tỉnh Hà Tĩnh', channel = coalesce(channel, 2)")
            connection.execute("GRANT SELECT ON cua_xa TO doc")
        yield port
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, capture_output=True, cwd=folder)
        shutil.rmtree(folder, ignore_errors=True)


def fill(connection) -> None:
    """The dossiers as a system keeps them: days with times, one column under another name, some columns lacking."""
    table = table_of(ROWS).drop_columns(["number", "procedure", "file", "sheet", "row"])
    kinds = {"date32[day]": "timestamp", "string": "text", "bool": "boolean"}
    columns = ", ".join(f'"{field.name}" {kinds.get(str(field.type), "smallint")}' for field in table.schema)
    connection.execute("CREATE TABLE dossiers (" + columns.replace('"unit"', '"don_vi"') + ")")
    text = io.StringIO()
    csv.writer(text).writerows(
        ["" if cell is None else cell for cell in row.values()] for row in table.to_pylist()
    )
    with connection.cursor().copy("COPY dossiers FROM STDIN (FORMAT csv)") as copy:
        copy.write(text.getvalue())


def test_postgresql_counts_as_duckdb_does(server, wanted, measures):
    address = f"postgresql://mau:{PASSWORD}@127.0.0.1:{server}/mot_cua/public.dossiers"
    backend, table = open_warehouse(address, {"don_vi": "unit"})
    try:
        assert both_ways(table, measures) == wanted
    finally:
        backend.disconnect()


def test_an_account_that_may_only_read_is_enough(server, wanted, measures):
    import psycopg

    login = {"host": "127.0.0.1", "port": server, "user": "doc", "password": PASSWORD, "dbname": "mot_cua"}
    with psycopg.connect(**login) as connection, pytest.raises(psycopg.Error):
        connection.execute("SET default_transaction_read_only = off")
        connection.commit()
        connection.execute("CREATE TEMPORARY TABLE t (a int)")
    address = f"postgresql://doc:{PASSWORD}@127.0.0.1:{server}/mot_cua/public.dossiers"
    backend, table = open_warehouse(address, {"don_vi": "unit"})
    try:
        assert both_ways(table, measures) == wanted
    finally:
        backend.disconnect()


def opens(address: str) -> bool:
    try:
        open_warehouse(address, {"don_vi": "unit"})[0].disconnect()
    except UserError as error:
        assert "Không mở được kho dữ liệu" in str(error)
        return False
    return True


def test_the_options_of_tls_are_honoured(server, authority, tmp_path):
    """A server that refuses what is not encrypted, one whose certificate is of another authority, one that asks for ours."""
    other = Authority(tmp_path, "khac")
    ours, key = authority.sign("doc_chung_thu")
    stranger, strangers_key = other.sign("doc_chung_thu")
    place = f"127.0.0.1:{server}/mot_cua/public.dossiers"
    tls, by_certificate = f"postgresql://doc_tls:{PASSWORD}@{place}", f"postgresql://doc_chung_thu@{place}"
    trusted = f"sslmode=verify-full&sslrootcert={authority.certificate}"
    assert opens(f"{tls}?{trusted}")
    assert opens(f"{tls}?sslmode=require&connect_timeout=5")
    assert not opens(f"{tls}?sslmode=disable")
    assert not opens(f"{tls}?sslmode=verify-full&sslrootcert={other.certificate}")
    assert opens(f"{by_certificate}?{trusted}&sslcert={ours}&sslkey={key}")
    assert not opens(f"{by_certificate}?{trusted}")
    assert not opens(f"{by_certificate}?{trusted}&sslcert={stranger}&sslkey={strangers_key}")


def test_postgresql_messages_hold_no_password(server):
    for address, words in [
        (f"postgresql://mau:sai-mat-khau@127.0.0.1:{server}/mot_cua/dossiers", "Không mở được"),
        (f"postgresql://mau:{PASSWORD}@127.0.0.1:{server}/mot_cua/khong_co", "không có bảng «khong_co»"),
        (f"postgresql://mau:{PASSWORD}@127.0.0.1:{server}/mot_cua", "phải có một máy chủ"),
        (f"postgresql://mau:{PASSWORD}@127.0.0.1:{server}/mot_cua/dossiers", "thiếu cột unit"),
    ]:
        with pytest.raises(UserError, match=words) as caught:
            open_warehouse(address)
        assert "mat-khau" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.fixture
def load(root, tmp_path, monkeypatch, capsys):
    """`baocao load --from` in a project of its own: the exit code, what was printed, all that the project now holds."""
    project = copy_project(root, tmp_path / "du-an")
    mapping = tmp_path / "anh-xa.yml"
    mapping.write_text("columns: {don_vi: unit}\n", encoding="utf-8")
    monkeypatch.chdir(project)

    def call(address: str, *options: str) -> tuple[int, str, bytes]:
        arguments = ["--from", address, "--mapping", str(mapping), "--as-of", str(AS_OF), *options]
        monkeypatch.setattr(sys, "argv", ["baocao", "load", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        kept = b"".join(path.read_bytes() for path in (project / "data").rglob("*") if path.is_file())
        return ended.value.code or 0, printed.out + printed.err, kept

    return call


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_no_spelling_of_a_password_is_printed_or_kept(server, load, options):
    """The units of the table are none of the province's: the load says so, problem by problem, and keeps nothing."""
    place = f"127.0.0.1:{server}/mot_cua/public.dossiers"
    for address, code, words in [
        (f"postgresql://mau:{PASSWORD}@{place}", 1, "127.0.0.1"),
        (f"postgresql://mau:mat%2Dkhau%2Dthu@{place}", 1, "127.0.0.1"),
        (f"postgresql://mau:mat-khau/x@{place}", 2, "%2F"),
        (f"postgresql://mau:mat-khau#x@{place}", 2, "%XX"),
        (f"postgresql://mau:mat-khau?x@{place}", 2, "%XX"),
        (f"postgresql:/mau:mat-khau@{place}", 2, "%XX"),
        (f"mysql://mau:mat-khau@{place}", 2, "hãy viết postgresql://"),
        (f"postgresql://mau@{place}?password=mat-khau", 2, "PGPASSFILE"),
        (f"postgresql://mau@{place}?passwor%64=mat-khau", 2, "PGPASSFILE"),
        (f"postgresql://mau@{place}?PASSWORD=mat-khau", 2, "«PASSWORD»"),
        (f"postgresql://mau@{place}?mat-khau", 2, "Tùy chọn lạ"),
        (f"postgresql://mau%3Amat-khau@{place}", 2, "Không mở được"),
        (f"postgresql://mau:sai-mat-khau@{place}", 2, "Không mở được"),
        (f"postgresql://doc:{PASSWORD}@127.0.0.1:{server}/mot_cua/kin", 2, "SELECT"),
    ]:
        ended, printed, kept = load(address, *options)
        assert (ended, words in printed, "Traceback" in printed) == (code, True, False), (address, printed)
        for secret in ("mat-khau", "mat%2D", PASSWORD):
            assert secret not in printed
            assert secret.encode() not in kept


def test_what_was_loaded_names_its_warehouse_without_the_password(server, load):
    """The list of sources, what was counted, the problems: whatever the load left, Parquet decoded."""
    ended, printed, kept = load(
        f"postgresql://doc:{PASSWORD}@127.0.0.1:{server}/mot_cua/cua_xa?sslmode=require"
    )
    assert ended == 0, printed
    shown = f"postgresql://doc@127.0.0.1:{server}/mot_cua/cua_xa"
    assert (
        shown in printed
        and shown in Path("data/raw/SOURCES.csv").read_text(encoding="utf-8").splitlines()[-1]
    )
    frames = [pyarrow.parquet.read_table(path).to_pylist() for path in Path("data").rglob("*.parquet")]
    assert frames and any("cua_xa" in str(rows) for rows in frames)
    assert PASSWORD not in printed + str(frames) and PASSWORD.encode() not in kept


# --- Spark --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    """The address of the dossiers on Spark, started on this machine."""
    if find_spec("pyspark") is None:
        pytest.skip(
            "pyspark is not installed (requirements-warehouse.lock): the reduction was NOT tried on Spark"
        )
    if shutil.which("java") is None:
        pytest.skip("Java is not installed (Debian: openjdk-17-jre-headless): Spark was NOT tried")
    from pyspark.sql import SparkSession

    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .getOrCreate()
    )
    pyarrow.parquet.write_table(table_of(ROWS), folder / "dossiers.parquet")
    yield f"spark:local{folder}/dossiers.parquet"
    session.stop()


def test_spark_counts_as_duckdb_does(spark, wanted, measures):
    _, table = open_warehouse(spark)
    assert both_ways(table, measures) == wanted


# --- Addresses ----------------------------------------------------------------------------------------------------


def test_what_is_shown_has_no_password_and_no_options():
    assert shown_address("postgresql://a:b%40c@m:1/d/t?password=e") == "postgresql://a@m:1/d/t"
    assert shown_address("postgresql://a:b@c@m/d/t") == "postgresql://a@m/d/t"
    assert shown_address("spark:local/ho_so") == "spark:local/ho_so"
    assert shown_address("spark://an:bi-mat@may:7077/ho_so") == "spark://…"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("service=x", "Tùy chọn «service»"),
        ("options=-c%20a", "Tùy chọn «options»"),
        ("host=x", "Tùy chọn «host»"),
        ("target_session_attrs=any", "Tùy chọn «target_session_attrs»"),
        ("sslmode=verify_full", "«sslmode» trong địa chỉ kho dữ liệu phải là một trong"),
        ("sslmode=require&sslmode=disable", "«sslmode» trong địa chỉ kho dữ liệu phải có đúng một giá trị"),
        ("sslrootcert=", "«sslrootcert» trong địa chỉ kho dữ liệu phải có đúng một giá trị"),
        ("connect_timeout=0", "«connect_timeout» trong địa chỉ kho dữ liệu phải là số giây"),
    ],
)
def test_an_option_that_is_not_honoured_is_refused_by_name(options, words):
    with pytest.raises(UserError, match=words):
        open_warehouse(f"postgresql://a@127.0.0.1:1/d/t?{options}")


def test_every_option_that_is_honoured_is_one_of_libpq():
    """libpq itself refuses a name that it does not know."""
    conninfo = pytest.importorskip("psycopg.conninfo")
    understood = conninfo.conninfo_to_dict(conninfo.make_conninfo(**dict.fromkeys(OPTIONS, "1")))
    assert set(understood) == set(OPTIONS)


@pytest.mark.parametrize(
    "address",
    [
        "mysql://a/b/c", "spark:local", "spark://a:7077", "spark:khac/a", "spark://a@m:7077/t", "spark:local/t?x=1",
        "postgresql:///d/t", "postgresql://m,n/d/t", "postgresql://m/d", "postgresql://m/d/t#x",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_said(address):
    with pytest.raises(UserError, match="hãy viết postgresql://"):
        open_warehouse(address)


def test_columns_are_named_by_the_mapping_and_missing_ones_are_null():
    table = ibis.memtable({"don_vi": ["Xã A"], "ngay": [date(2025, 7, 1)], "status": ["4"]})
    named = named_columns(table, {"don_vi": "unit", "ngay": "received"}, "kho")
    row = named.to_pyarrow().to_pylist()[0]
    assert (row["unit"], row["received"], row["status"], row["due"]) == ("Xã A", date(2025, 7, 1), 4, None)
    with pytest.raises(UserError, match="không có cột khac"):
        named_columns(table, {"khac": "unit"}, "kho")
    with pytest.raises(UserError, match="cột ten không có"):
        named_columns(table, {"don_vi": "ten"}, "kho")
    with pytest.raises(UserError, match="thiếu cột unit, received"):
        named_columns(table, {}, "kho")


def test_a_first_window_without_a_past_is_said():
    table = ibis.duckdb.connect().create_table("dossiers", table_of(ROWS))
    history = read_history(table)
    warning = first_window_warning(
        history, [(FIRST - timedelta(days=20), FIRST - timedelta(days=1)), *WINDOWS]
    )
    assert warning["severity"] == "warning"
    assert "chỉ có số tiếp nhận" in warning["message"]
    assert first_window_warning(history, WINDOWS[1:]) is None
