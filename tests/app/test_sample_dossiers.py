"""The synthetic export: always the same, plausible, of units valid when they received, and it reduces."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import duckdb
import ibis
import pytest

from baocao.app.sample.dossiers import AS_OF, write_dossiers
from baocao.definitions.errors import UserError
from baocao.definitions.measures import load_measures
from baocao.readers.dossiers.events import default_windows
from baocao.readers.dossiers.reduction import read_history, reduce_dossiers
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS

COUNT = 20_000


@pytest.fixture(scope="module")
def sample(root, tmp_path_factory):
    return write_dossiers(root, COUNT, tmp_path_factory.mktemp("sample") / "dossiers.parquet")


@pytest.fixture(scope="module")
def ask(sample):
    """The rows of a query on the sample, {0} in it."""
    connection = duckdb.connect()
    return lambda query: connection.execute(query.format(f"'{sample.as_posix()}'")).fetchall()


def test_it_has_the_columns_of_the_minimised_table(ask):
    described = ask("DESCRIBE SELECT * FROM {0}")
    assert {row[0]: row[1] for row in described} == DOSSIER_COLUMNS
    assert ask("SELECT count(*), count(DISTINCT number), max(received) FROM {0}") == [(COUNT, COUNT, AS_OF)]


def test_it_is_the_same_each_time(root, sample, tmp_path):
    again = write_dossiers(root, COUNT, tmp_path / "again.parquet")
    assert sha256(again.read_bytes()).digest() == sha256(sample.read_bytes()).digest()
    assert [path.name for path in tmp_path.iterdir()] == ["again.parquet"]


def test_it_lies_in_the_order_of_reception(ask):
    assert ask(
        "SELECT count(*) FROM (SELECT received, lag(received) OVER (ORDER BY row) AS before FROM {0}) WHERE received < before"
    ) == [(0,)]


def test_its_days_are_in_order_and_none_is_to_come(ask):
    days = "finished, returned, stopped, supplement_requested, supplement_returned"
    assert ask(f"SELECT count(*) FROM {{0}} WHERE greatest(received, {days}) > DATE '{AS_OF}'") == [(0,)]
    assert ask("SELECT count(*) FROM {0} WHERE coalesce(finished, returned, stopped) < received") == [(0,)]
    assert ask("SELECT count(*) FROM {0} WHERE status >= 9 AND finished IS NULL") == [(0,)]
    assert ask("SELECT count(*) FROM {0} WHERE level = 2 AND channel = 2") == [(0,)]
    assert {row[0] for row in ask("SELECT DISTINCT status FROM {0}")} >= {1, 2, 3, 4, 5, 7, 9, 10}


def test_its_units_are_valid_on_their_days(ask, register):
    reforms = (
        "(received >= '2025-01-01')::INT + (received >= '2025-03-01')::INT + (received >= '2025-07-01')::INT"
    )
    query = (
        f"SELECT unit, min(received), max(coalesce(finished, received)) FROM {{0}} GROUP BY unit, {reforms}"
    )
    for unit, first, last in ask(query):
        assert register.find(unit, first).code == register.find(unit, last).code, unit


def test_it_reduces_to_facts_that_balance(root, sample):
    measures = load_measures(root)
    table = ibis.duckdb.connect().read_parquet(sample)
    history = read_history(table)
    windows = default_windows(history.first, AS_OF)
    facts = reduce_dossiers(table, windows, AS_OF, measures, history).to_pandas()
    wide = facts[facts["period_start"].astype(str) > "2025-02"].pivot_table(
        index=["unit", "period_start"], columns="measure", values="value", aggfunc="sum"
    )
    taken = wide[["filed_online", "filed_direct", "carried_over"]].sum(axis=1)
    given = wide[
        ["resolved_early", "resolved_on_time", "resolved_late", "pending_in_time", "pending_overdue"]
    ].sum(axis=1)
    assert len(wide) > 500
    assert taken.equals(given)
    assert windows[0][0] == date(2025, 1, 1) or windows[0][0] == date(2024, 12, 1)


@pytest.mark.parametrize("count", [0, -5, 10**9])
def test_a_count_that_cannot_be_written_is_refused(root, tmp_path, count):
    with pytest.raises(UserError, match="Số hồ sơ mẫu"):
        write_dossiers(root, count, tmp_path / "a.parquet")
