"""A synthetic export: as many dossiers as wanted, of the units valid when they were received, all of it made up.

Whole numbers and an integer mixing function only, no random generator: the same file on every machine. Ten million
dossiers are about twenty years of the province. No personal data, not even an invented one: the file has the
minimised columns only.
"""

from __future__ import annotations

import os
from datetime import date, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from baocao.app.sample.plan import DEPARTMENTS, apportion
from baocao.app.sample.province import leaf_units
from baocao.definitions import Register, Unit, UserError, load_register
from baocao.readers import DOSSIER_COLUMNS

AS_OF = date(2025, 12, 31)
"""The day of the synthetic export: nothing in it is later."""

DENSITY = 10_000_000, 7_305
"""This many dossiers in this many days (twenty years); fewer dossiers take fewer days, but at least a year."""

_SLOTS = 2_000
"""A day's dossiers fall on this many slots, which its units hold in proportion to their size."""

_WEIGHTS = {"department": 40, "land_office": 60, "district": 300, "commune": 100}
_MOST = 100_000_000


def sample_path(root: Path, count: int) -> Path:
    """Where `baocao sample --dossiers` puts its file."""
    return root / "data" / "derived" / "sample" / f"dossiers-{count}.parquet"


def write_dossiers(root: Path, count: int, target: Path) -> Path:
    """Writes `count` synthetic dossiers to the Parquet file `target`, in the columns of `DOSSIER_COLUMNS`.

    In the order of reception, below 1 GiB of memory whatever the count. The file appears whole or not at all.
    """
    if not 1 <= count <= _MOST:
        raise UserError(f"Số hồ sơ mẫu là {count}; hãy chọn một số từ 1 đến {_MOST}.")
    dossiers, days = DENSITY
    first = AS_OF - timedelta(days=max(366, count * days // dossiers) - 1)
    slots = _slots(load_register(root), first)
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    columns = ", ".join(f"CAST({name} AS {kind}) AS {name}" for name, kind in DOSSIER_COLUMNS.items())
    values = {
        "count": count,
        "first": first,
        "as_of": AS_OF,
        "days": (AS_OF - first).days + 1,
        "slots": _SLOTS,
    }
    try:
        with duckdb.connect() as connection:
            connection.execute(
                "SET memory_limit = '512MB'; SET threads = 2; SET preserve_insertion_order = true"
            )
            connection.execute(_MIX)
            connection.register("slots", slots)
            for name, value in values.items():
                connection.execute(f"SET VARIABLE {name} = {_literal(value)}")
            connection.execute(
                f"COPY (SELECT {columns} FROM ({_DOSSIERS})) TO '{fresh.as_posix()}' "
                "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
            )
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)
    return target


def _literal(value: int | date) -> str:
    return f"DATE '{value.isoformat()}'" if isinstance(value, date) else str(value)


def _slots(register: Register, first: date) -> pd.DataFrame:
    """Who receives: columns since, until (days, both inside), slot, unit (text), last (the unit's last day)."""
    changes = {
        unit.valid_from for unit in register.units if unit.valid_from and first < unit.valid_from <= AS_OF
    }
    starts = sorted({first, *changes})
    frames = []
    for start, following in zip(starts, [*starts[1:], AS_OF + timedelta(days=1)], strict=True):
        units = leaf_units(register, start)
        shares = apportion(_SLOTS, np.array([_weight(unit) for unit in units]))
        held = [unit for unit, share in zip(units, shares.tolist(), strict=True) for _ in range(share)]
        frames.append(
            pd.DataFrame(
                {
                    "since": start,
                    "until": following - timedelta(days=1),
                    "slot": range(_SLOTS),
                    "unit": [_name(unit, register, start) for unit in held],
                    "last": [min(unit.valid_to or AS_OF, AS_OF) for unit in held],
                }
            )
        )
    return pd.concat(frames, ignore_index=True)


def _weight(unit: Unit) -> int:
    town = 2 if unit.kind == "commune" and not unit.full_name.startswith("Xã") else 1
    return DEPARTMENTS.get(unit.code, _WEIGHTS[unit.kind]) * town


def _name(unit: Unit, register: Register, day: date) -> str:
    """The unit's full name, or its code where another unit of the day has that name too."""
    try:
        return unit.full_name if register.find(unit.full_name, day).code == unit.code else unit.code
    except UserError:
        return unit.code


_MIX = """
CREATE MACRO scatter(x) AS ((xor(x, x >> 16) * 73244475) % 4294967296);
CREATE MACRO chance(seed, purpose, most) AS
    (xor(scatter(scatter((seed * 2654435761 + purpose * 40503 + 12345) % 4294967296)), 2863311530) >> 4) % most
"""
"""`chance(row, purpose, most)`: a whole number from 0 to most - 1, always the same for a row and a purpose."""

_DOSSIERS = """
WITH numbered AS (
    SELECT range AS i,
        getvariable('first') + CAST(range * getvariable('days') // getvariable('count') AS INTEGER) AS received,
        chance(range, 1, getvariable('slots')) AS slot, chance(range, 2, 1000) AS fate,
        chance(range, 3, 1000) AS pace, chance(range, 4, 1000) AS asks, chance(range, 5, 1000) AS class,
        chance(range, 6, 1000) AS way, chance(range, 7, 1000) AS papers, chance(range, 8, 1000) AS money,
        chance(range, 9, 1000) AS post, [1, 2, 3, 5, 7, 10, 15, 20, 30][1 + chance(range, 10, 9)] AS allowed,
        chance(range, 11, 20) AS more, chance(range, 12, 4) AS later
    FROM range(getvariable('count'))
), placed AS (
    SELECT n.*, s.unit, s.last,
        CASE WHEN class < 300 THEN 2 WHEN class < 600 THEN 3 ELSE 4 END AS level,
        CASE WHEN pace < 680 THEN (more * allowed) // 20 WHEN pace < 950 THEN allowed ELSE allowed + 1 + more END AS took
    FROM numbered AS n JOIN slots AS s ON n.slot = s.slot AND n.received BETWEEN s.since AND s.until
), timed AS (
    SELECT *, least(received + CAST(took AS INTEGER), CASE WHEN last < getvariable('as_of') THEN last END) AS ends
    FROM placed
), fated AS (
    SELECT *, CASE
            WHEN fate < 6 THEN 1 WHEN fate < 10 THEN 3
            WHEN fate < 12 AND last = getvariable('as_of') THEN 8
            WHEN ends > getvariable('as_of') THEN CASE WHEN fate < 80 THEN 5 WHEN fate < 110 THEN 6 WHEN fate < 500 THEN 2 ELSE 4 END
            WHEN fate < 40 THEN 7
            WHEN fate < 60 OR ends + CAST(later AS INTEGER) > getvariable('as_of') THEN 9
            ELSE 10 END AS status,
        received + CAST(took // 3 AS INTEGER) AS asked
    FROM timed
)
SELECT
    'HT-' || lpad(CAST(i AS VARCHAR), 9, '0') AS number, unit, '1.' || lpad(CAST(class * 7 AS VARCHAR), 6, '0') AS procedure,
    received, CASE WHEN pace % 50 > 0 THEN received + CAST(allowed AS INTEGER) END AS due,
    CASE WHEN status >= 9 THEN ends END AS finished,
    CASE WHEN status = 10 THEN least(ends + CAST(later AS INTEGER), last) END AS returned,
    CASE WHEN status IN (7, 8) THEN least(ends, getvariable('as_of')) END AS stopped,
    CASE WHEN status = 5 OR (asks < 80 AND status > 3) THEN least(asked, getvariable('as_of')) END AS supplement_requested,
    CASE WHEN status <> 5 AND asks < 80 AND status > 3 THEN least(asked + CAST(later AS INTEGER), ends, getvariable('as_of')) END AS supplement_returned,
    CASE WHEN status = 5 OR (asks < 80 AND status > 3) THEN 1 + CAST(asks < 8 AS INTEGER) ELSE 0 END AS supplements,
    allowed AS legal_days, status,
    CASE WHEN level > 2 AND way < 150 + 700 * (year(received) - 2005) // 20 THEN 2 WHEN way > 960 THEN 3 ELSE 1 END AS channel,
    CASE WHEN status = 10 THEN CASE WHEN post < 80 THEN 3 WHEN post < 500 THEN 2 ELSE 1 END END AS return_channel, level,
    papers < 930 AS has_identity,
    CASE WHEN received >= DATE '2021-12-06' THEN CASE WHEN papers < 200 THEN 0 WHEN papers < 850 THEN 1 WHEN papers < 950 THEN 2 ELSE 3 END END AS digitised,
    CASE WHEN status >= 9 THEN papers % 10 < 7 END AS result_attached, class % 20 > 0 AS needs_result,
    money < 400 AS payment_requested, money < 220 AS paid_online,
    'dossiers.parquet' AS file, '' AS sheet, i + 1 AS row
FROM fated
"""
