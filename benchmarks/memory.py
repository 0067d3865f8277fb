"""The most memory that reading holds: a line of 200 MB that is no table, and half a million dossiers as CSV and Parquet.

    python benchmarks/memory.py

Each in a process of its own; Linux only, since the peak is read below /proc (`ru_maxrss` would count what the process
held that started this one). The goals stand in README.md beside this file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
DOSSIERS = 500_000

PEAK = """
import sys
from pathlib import Path
def peak():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) // 1024
"""
LINE = (
    PEAK
    + """
from baocao.readers.delimited import open_delimited, read_rows
text, problems = open_delimited(Path(sys.argv[1]))
before = peak()
for batch in text.batches(0, [0], problems) if text else ():
    pass
problems += read_rows(Path(sys.argv[1]))[1]
print(len(problems), peak() - before)
"""
)
EXPORT = (
    PEAK
    + """
from baocao.readers import load_headings, read_export
export, _ = read_export([Path(sys.argv[1])], Path(sys.argv[2]), headings=load_headings(Path(sys.argv[3])))
print(export.rows, peak())
"""
)


def measure(script: str, *arguments: Path) -> tuple[int, int, float]:
    """The two numbers that the script prints (the second in MiB), and its seconds."""
    begun = time.monotonic()
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, peak = map(int, done.stdout.split())
    return count, peak, time.monotonic() - begun


def write_dossiers(path: Path) -> None:
    """Made-up dossiers under Vietnamese headings, a made-up name in each."""
    duckdb.sql(
        "COPY (SELECT 'H27-' || i AS \"Số hồ sơ\", 'Xã Số ' || i % 69 AS \"Đơn vị\", 'Người Thử ' || i AS \"Họ tên\", "
        "strftime(DATE '2020-01-01' + CAST(i // 300 AS INTEGER), '%d/%m/%Y') || ' 08:30' AS \"Ngày tiếp nhận\", "
        "strftime(DATE '2020-01-09' + CAST(i // 300 AS INTEGER), '%d/%m/%Y') AS \"Ngày hẹn trả\", "
        "strftime(DATE '2020-01-05' + CAST(i // 300 AS INTEGER), '%d/%m/%Y') AS \"Ngày trả kết quả\", "
        f"'Đã trả kết quả' AS \"Trạng thái\" FROM range({DOSSIERS}) t(i)) "
        f"TO '{path.as_posix()}' (FORMAT {path.suffix[1:]})"
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for start in (b"", b"a,b\n1,", b'a,b\n"'):
            path = folder / "line.csv"
            with path.open("wb") as stream:
                stream.write(start)
                for _ in range(200):
                    stream.write(b"x" * 1_000_000)
            count, grown, seconds = measure(LINE, path)
            print(f"line of 200 MB after {start!r}: {count} problems, {grown} MiB more, {seconds:.1f} s")
            path.unlink()
        for kind in ("csv", "parquet"):
            path = folder / f"dossiers.{kind}"
            write_dossiers(path)
            rows, peak, seconds = measure(EXPORT, path, folder / "table.parquet", ROOT)
            print(f"{rows} of {DOSSIERS} dossiers as {kind}: {peak} MiB in all, {seconds:.1f} s")


if __name__ == "__main__":
    main()
