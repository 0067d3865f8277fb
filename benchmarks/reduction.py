"""Measures the reduction of dossiers: time beside the same query written by hand, memory, a new month alone.

Prints, one line each, what README.md beside it explains; the two results are compared, and a difference is an error.
Every measurement runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MEMORY = "512MB"
THREADS = 2


def reduce(dossiers: Path, target: Path, *, last_month: bool) -> dict:
    import ibis

    from baocao.app.sample.dossiers import AS_OF
    from baocao.definitions.measures import load_measures
    from baocao.readers.dossiers.events import default_windows
    from baocao.readers.dossiers.reduction import read_history, reduce_dossiers

    measures = load_measures(ROOT)
    engine = ibis.duckdb.connect(threads=THREADS, memory_limit=MEMORY)
    times = []
    for _ in range(2 if last_month else 1):  # a month: once more, when the libraries are loaded
        start = time.perf_counter()
        table = engine.read_parquet(dossiers)
        history = read_history(table)
        windows = default_windows(history.first, AS_OF)
        facts = reduce_dossiers(table, windows[-1:] if last_month else windows, AS_OF, measures, history)
        engine.to_parquet(facts, target)
        times.append(time.perf_counter() - start)
    return {"seconds": times[-1], "first": times[0]}


def by_hand(dossiers: Path, target: Path) -> dict:
    import duckdb

    from baocao.app.sample.dossiers import AS_OF

    connection = duckdb.connect(config={"threads": THREADS, "memory_limit": MEMORY})
    start = time.perf_counter()
    first = connection.execute(f"SELECT date_trunc('month', min(received)) FROM '{dossiers}'").fetchone()[0]
    base = first.year * 12 + first.month - 1
    connection.execute(
        f"CREATE MACRO month_of(day) AS year(day) * 12 + month(day) - {base + 1};"
        "CREATE MACRO countable(unit, status, received, ended) AS unit IS NOT NULL AND received IS NOT NULL AND "
        "(status IN (2, 4, 5, 6) OR status BETWEEN 7 AND 10 AND ended >= received OR status = 8 AND ended IS NULL)"
    )
    names = {"{dossiers}": f"'{dossiers}'", "{base}": str(base)}
    names |= {"{first}": f"DATE '{first:%Y-%m-%d}'", "{last}": f"DATE '{AS_OF}'"}
    query = (Path(__file__).parent / "by_hand.sql").read_text(encoding="utf-8")
    for name, value in names.items():
        query = query.replace(name, value)
    connection.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
    return {"seconds": time.perf_counter() - start}


def workbook(path: Path) -> dict:
    """A workbook of 100.000 dossiers: the reader alone, then its rows as `open_book` gives them."""
    import python_calamine

    from baocao.readers.workbook import open_book

    start = time.perf_counter()
    rows = python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    alone = time.perf_counter() - start
    start = time.perf_counter()
    book, _ = open_book(path)
    return {
        "seconds": time.perf_counter() - start,
        "reader": alone,
        "rows": len(rows),
        "same": len(book.sheets[0].rows),
    }


def write_workbook(dossiers: Path, path: Path) -> None:
    import duckdb
    import xlsxwriter

    query = f"SELECT number, unit, procedure, received, due, finished, status, channel, level FROM '{dossiers}' LIMIT 100000"
    found = duckdb.connect().execute(query)
    names = [column[0] for column in found.description]
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Hồ sơ")
        sheet.write_row(0, 0, names)
        for at, row in enumerate(found.fetchall(), start=1):
            sheet.write_row(at, 0, row)


def differences(one: Path, other: Path) -> int:
    import duckdb

    query = "SELECT count(*) FROM ((FROM '{0}' EXCEPT ALL FROM '{1}') UNION ALL (FROM '{1}' EXCEPT ALL FROM '{0}'))"
    return duckdb.connect().execute(query.format(one, other)).fetchone()[0]


def alone(name: str, *arguments: Path) -> dict:
    """What the function measured in a process of its own, with its peak memory."""
    command = [sys.executable, __file__, "--only", name, *map(str, arguments)]
    return json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1]
    )


ONLY = {
    "full": lambda dossiers, target: reduce(dossiers, target, last_month=False),
    "month": lambda dossiers, target: reduce(dossiers, target, last_month=True),
    "by_hand": by_hand,
    "workbook": workbook,
}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--dossiers", type=int, default=10_000_000)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.only:
        measured = ONLY[asked.only[0]](*map(Path, asked.only[1:]))
        used = resource.getrusage(resource.RUSAGE_SELF)
        measured |= {"mebibytes": used.ru_maxrss / 1024, "processor": used.ru_utime + used.ru_stime}
        print(json.dumps(measured))
        return
    from baocao.app.sample.dossiers import sample_path, write_dossiers

    dossiers = sample_path(ROOT, asked.dossiers)
    if not dossiers.is_file():
        start = time.perf_counter()
        write_dossiers(ROOT, asked.dossiers, dossiers)
        print(f"sample        {asked.dossiers} dossiers written in {time.perf_counter() - start:.1f} s")
    ours, theirs, month = (
        dossiers.with_name(f"bench-{name}.parquet") for name in ("ours", "by-hand", "month")
    )
    rounds = [
        (alone("by_hand", dossiers, theirs), alone("full", dossiers, ours)) for _ in range(asked.rounds)
    ]
    if different := differences(ours, theirs):
        sys.exit(f"{different} facts differ between {ours} and {theirs}")
    hand, full = (min(pair[at]["seconds"] for pair in rounds) for at in (0, 1))
    memory = max(pair[1]["mebibytes"] for pair in rounds)
    work = min(pair[1]["processor"] for pair in rounds) / min(pair[0]["processor"] for pair in rounds)
    print(f"by hand       {hand:.2f} s")
    print(
        f"reduction     {full:.2f} s, {full / hand:.2f} times by hand (goal 1.5; processor time {work:.2f})"
    )
    print(f"memory        {memory:.0f} MiB (goal 1024)")
    months = [alone("month", dossiers, month) for _ in range(asked.rounds)]
    newest = min(one["seconds"] for one in months)
    print(
        f"a new month   {newest:.2f} s (goal 1; the first in a process {min(one['first'] for one in months):.2f})"
    )
    path = dossiers.with_name("bench.xlsx")
    write_workbook(dossiers, path)
    books = [alone("workbook", path) for _ in range(asked.rounds)]
    opened, read = (min(one[name] for one in books) for name in ("seconds", "reader"))
    print(
        f"workbook      {books[0]['rows'] - 1} rows opened in {opened:.2f} s, its reader alone {read:.2f} s"
    )
    for left in (ours, theirs, month, path):
        left.unlink()


if __name__ == "__main__":
    main()
