"""The dossiers that may be counted: quality counters and repeated numbers, by SQL over tables of any size.

The counters are those of the one-stop system itself (domain 2.5, HoSoGayLoiThongKe): level 2 but filed online; no day
of receipt; finished without an end; received or finished in the future; finished before received.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers.cells import is_harmless, shown_word
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS, PLACE, RANGES
from baocao.readers.problems import CODES, problem

MEMORY = "512MB"
"""What DuckDB may use; the rest spills into the folder of the work."""

ENDED = "coalesce(finished, returned, stopped)"
"""The day a dossier came to its end: chosen once, here as in the reduction."""

_QUIET_DAYS = 10
"""So many days without a dossier may end an export, holidays included."""
_GAP_DAYS = 31
_FEW = 1000

_SHARE = 1_000_000
"""So many rows with a number that occurs again are compared at once."""
_HERE = "{'file': file, 'sheet': sheet, 'row': row}"
_CONTENT = [
    "coalesce(supplements, 0)" if name == "supplements" else name
    for name in DOSSIER_COLUMNS
    if name not in PLACE
]
"""What two rows of one dossier must have in common: no request for papers and a blank are one thing."""


@dataclass(frozen=True)
class _Check:
    """One counter: the rows that meet the condition; `day` is the column whose day the sentence shows as «{day}»."""

    code: str
    severity: str
    condition: str
    column: str
    sentence: str
    day: str = "NULL"


_ENDED = "status IN (7, 9, 10)"
_CHECKS = (
    _Check("muc-do-kenh", "warning", "level = 2 AND channel = 2", "channel",
           "Dịch vụ công mức độ 2 (chỉ cung cấp thông tin) nhưng kênh là trực tuyến; hồ sơ vẫn được tính, hãy xem lại."),
    _Check("thieu-ngay-nhan", "error", "received IS NULL AND status <> 5", "received",
           "Không có ngày tiếp nhận; hãy bổ sung, hồ sơ không được tính."),
    _Check("thieu-ngay-xong", "error", f"{_ENDED} AND {ENDED} IS NULL", "finished",
           "Trạng thái là đã xong hoặc đã rút nhưng không có ngày kết thúc; hãy bổ sung, hồ sơ không được tính."),
    _Check("nhan-tuong-lai", "error", "received > as_of", "received",
           "Ngày tiếp nhận {day} sau ngày chốt số liệu {as_of}; hãy sửa ngày hoặc ghi đúng --as-of.", "received"),
    _Check("xong-tuong-lai", "error", f"{_ENDED} AND {ENDED} > as_of", "finished",
           "Ngày kết thúc {day} sau ngày chốt số liệu {as_of}; hãy sửa ngày hoặc ghi đúng --as-of.", ENDED),
    _Check("xong-truoc-nhan", "error", f"{_ENDED} AND {ENDED} < received", "finished",
           "Ngày kết thúc {day} trước ngày tiếp nhận; hãy sửa một trong hai ngày.", ENDED),
    _Check("hen-truoc-nhan", "error", "due < received", "due",
           "Ngày hẹn trả {day} trước ngày tiếp nhận; hãy sửa một trong hai ngày, hồ sơ không được tính.", "due"),
    _Check("hen-qua-xa", "warning", "due > received + 1826", "due",
           "Ngày hẹn trả {day} sau ngày tiếp nhận hơn năm năm, hồ sơ không bao giờ quá hạn; hãy xem lại.", "due"),
)  # fmt: skip


def keep_sound(
    parts: Sequence[Path],
    target: Path,
    as_of: date | None,
    until: date | None,
    faults: Faults,
    folder: Path,
) -> tuple[date | None, int]:
    """Writes to `target` the dossiers of the parts that have no error, and lists the faults.

    parts    Parquet files of `DOSSIER_COLUMNS`; `folder` takes what does not fit into memory
    as_of    the last day covered; without it, it is found among the days (`_last_day`)
    until    the last day that a title line names
    returns  the last day covered, and how many dossiers were written

    A number that occurs again with the same content is kept once, with warnings; with another content both are
    left out, with errors.
    """
    connection = duckdb.connect(
        config={"memory_limit": MEMORY, "temp_directory": str(folder / "spill"), "threads": 2}
    )
    with connection:
        _show_parts(connection, parts)
        as_of = as_of or _last_day(connection, until)
        connection.execute("CREATE TABLE day_of AS SELECT CAST(? AS DATE) AS as_of", [as_of])
        _note_counters(connection, as_of, faults)
        wrong = " OR ".join(f"({one.condition})" for one in _CHECKS if one.severity == "error")
        connection.execute(
            f"CREATE VIEW sound AS SELECT dossiers.* FROM dossiers, day_of WHERE NOT coalesce({wrong}, false)"
        )
        _find_repeats(connection)
        _note_repeats(connection, faults)
        columns = ", ".join(f'"{name}"' for name in DOSSIER_COLUMNS)
        unfinished = folder / "sound.parquet"
        connection.execute(
            f"COPY (SELECT {columns} FROM sound ANTI JOIN superfluous USING (file, sheet, row)) "
            f"TO {_quoted(unfinished)} (FORMAT parquet, COMPRESSION zstd)"
        )
        rows = connection.execute(f"SELECT count(*) FROM read_parquet({_quoted(unfinished)})").fetchone()[0]
    os.replace(unfinished, target)
    return as_of, rows


def _show_parts(connection: duckdb.DuckDBPyConnection, parts: Sequence[Path]) -> None:
    """The view `dossiers` of all parts; empty where there are none."""
    if parts:
        files = ", ".join(_quoted(part) for part in parts)
        connection.execute(f"CREATE VIEW dossiers AS SELECT * FROM read_parquet([{files}])")
        return
    columns = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in DOSSIER_COLUMNS.items())
    connection.execute(f"CREATE VIEW dossiers AS SELECT {columns} WHERE false")


def _last_day(connection: duckdb.DuckDBPyConnection, until: date | None) -> date | None:
    """The last day on which a dossier was received or finished, or the title's last day when it lies shortly after.

    A title may name the end of the year in an export of July: a day far after the last dossier is not believed.

    A year typed wrong must not become the end of the export: days after a gap of more than a month, on which less
    than one in a thousand dossiers lie, are not the last day but in the future.
    """
    days = connection.execute(
        f"SELECT day, count(*) FROM (SELECT unnest([received, CASE WHEN status IN (7, 9, 10) THEN {ENDED} END]) AS day "
        "FROM dossiers) WHERE day IS NOT NULL GROUP BY day ORDER BY day DESC"
    ).fetchall()
    if until:
        last = next((day for day, _ in days if day <= until), None)
        return until if last is None or (until - last).days <= _QUIET_DAYS else last
    beyond, total = 0, sum(count for _, count in days)
    for (day, count), (earlier, _) in pairwise(days):
        beyond += count
        if beyond * _FEW > total:
            break
        if (day - earlier).days > _GAP_DAYS:
            return earlier
    return days[0][0] if days else None


def _note_counters(connection: duckdb.DuckDBPyConnection, as_of: date | None, faults: Faults) -> None:
    counted = ", ".join(f"count(*) FILTER ({one.condition})" for one in _CHECKS)
    shown_as_of = vn.format_date(as_of, "short") if as_of else ""
    for file, *counts in connection.execute(
        f"SELECT file, {counted} FROM dossiers, day_of GROUP BY file ORDER BY file"
    ).fetchall():
        for check, count in zip(_CHECKS, counts, strict=True):
            if not count:
                continue
            faults.count(file, check.code, count)
            listed = connection.execute(
                f"SELECT sheet, row, number, {check.day} FROM dossiers, day_of WHERE file = ? AND ({check.condition}) "
                f"ORDER BY sheet, row LIMIT {LISTED}",
                [file],
            ).fetchall()
            for sheet, row, number, day in listed:
                shown_day = vn.format_date(day, "short") if day else ""
                faults.add(
                    check.severity,
                    check.code,
                    check.sentence.format(day=shown_day, as_of=shown_as_of),
                    file=file,
                    sheet=sheet,
                    row=row,
                    column=check.column,
                    value=shown_day,
                    number=number,
                )


def _find_repeats(connection: duckdb.DuckDBPyConnection) -> None:
    """The tables `candidates`, with every number that occurs again, and `superfluous`, the rows to leave out."""
    connection.execute(
        "CREATE TABLE twice AS SELECT hash(number) AS code FROM sound GROUP BY code HAVING count(*) > 1"
    )
    connection.execute(
        f"CREATE TABLE candidates AS SELECT number, hash({', '.join(_CONTENT)}) AS content, file, sheet, row "
        "FROM sound SEMI JOIN twice ON hash(sound.number) = twice.code"
    )
    connection.execute(
        "CREATE TABLE superfluous (file VARCHAR, sheet VARCHAR, row BIGINT, number VARCHAR, apart BOOLEAN)"
    )
    counted = connection.execute("SELECT count(*) FROM candidates").fetchone()[0]
    # Share by share, by number: the groups of a share fit into memory, those of two whole exports would not.
    shares = 1 + counted // _SHARE
    for share in range(shares):
        connection.execute(
            f"INSERT INTO superfluous WITH mine AS (SELECT * FROM candidates WHERE hash(number) % {shares} = {share}), "
            f"repeats AS (SELECT number, min(content) <> max(content) AS apart, min({_HERE}) AS first "
            "FROM mine GROUP BY number HAVING count(*) > 1) "
            "SELECT file, sheet, row, number, apart FROM mine JOIN repeats USING (number) "
            f"WHERE apart OR {_HERE} <> first"
        )


def _note_repeats(connection: duckdb.DuckDBPyConnection, faults: Faults) -> None:
    for file, apart, count in connection.execute(
        "SELECT file, apart, count(*) FROM superfluous GROUP BY ALL ORDER BY file, apart"
    ).fetchall():
        code = "ho-so-mau-thuan" if apart else "ho-so-trung"
        faults.count(file, code, count)
        for sheet, row, number, first, last in connection.execute(
            "WITH listed AS (SELECT sheet, row, number FROM superfluous WHERE file = ? AND apart = ? "
            f"ORDER BY sheet, row LIMIT {LISTED}), places AS (SELECT number, min({_HERE}) AS first, max({_HERE}) "
            "AS last FROM candidates SEMI JOIN listed USING (number) GROUP BY number) "
            "SELECT sheet, row, number, first, last FROM listed JOIN places USING (number) ORDER BY sheet, row",
            [file, apart],
        ).fetchall():
            here = {"file": file, "sheet": sheet, "row": row}
            other = _place(first if first != here else last, file, sheet)
            message = f"Ghi hai lần, cùng nội dung với {other}; chỉ giữ một."
            if apart:
                message = (
                    f"Cùng số với {other} nhưng khác nội dung, không dùng hồ sơ nào; hãy bỏ bản cũ, hoặc chỉ nạp "
                    "bản xuất mới nhất."
                )
            severity = "error" if apart else "warning"
            faults.add(severity, code, message, **here, column="number", value="", number=number)


def _place(other: dict, file: str, sheet: str) -> str:
    inside = f" của trang «{other['sheet']}»" if other["sheet"] not in ("", sheet) else ""
    return f"dòng {other['row']}{inside}" + (f" của {other['file']}" if other["file"] != file else "")


def _quoted(path: Path) -> str:
    return "'" + path.as_posix().replace("'", "''") + "'"


# --------------------------------------------------------------------------------------------------
# Faults of dossiers as problems: each with its dossier's number, the first thousand of a kind, the others
# counted.


LISTED = 1000
"""So many faults of one code in one file are listed."""


class Faults:
    """Collects faults, file by file; `name` says what people call a column."""

    def __init__(self, name: Callable[[str], str] = str) -> None:
        self._name = name
        self._listed: dict[tuple[str, str], list[dict]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def room(self, file: str, code: str) -> int:
        """How many more faults of the code are listed for the file."""
        return max(0, LISTED - len(self._listed.get((file, code), ())))

    def add(
        self,
        severity: str,
        code: str,
        message: str,
        *,
        file: str,
        sheet: str,
        row: int,
        column: str = "",
        value: object = "",
        number: str | None = None,
        title: str = "",
    ) -> None:
        """Lists one fault, while there is room; counts come from `count`.

        message  says of the dossier what is wrong; its number, where there is one, is put before
        title    what the file calls the column
        """
        if not self.room(file, code):
            return
        if number:
            message = f"Hồ sơ {number[:60]}: {message[:1].lower()}{message[1:]}"
        where = {
            "file": file,
            "sheet": sheet,
            "row": row,
            "column": title or (self._name(column) if column else ""),
        }
        one = problem(severity, code, message, value=shown(value, column), **where)
        self._listed.setdefault((file, code), []).append(one)

    def count(self, file: str, code: str, number: int) -> None:
        """Adds to how many faults of the code the file has in all."""
        self._counts[file, code] = self._counts.get((file, code), 0) + number

    def problems(self) -> Iterable[dict]:
        """All that is listed, and a line for each file and code of which not all is."""
        for (file, code), listed in self._listed.items():
            yield from listed
            if (counted := self._counts.get((file, code), 0)) > len(listed):
                message = (
                    f"{CODES[code]}: tất cả {vn.format_number(counted)} trường hợp trong tệp, chỉ nêu "
                    f"{vn.format_number(len(listed))} trường hợp đầu."
                )
                yield problem(listed[0]["severity"], code, message, file=file)


def shown(value: object, column: str) -> str:
    """The cell as a problem may show it: a date or number of few digits, or a short word of a code.

    What may be a person's particulars, strayed into the column, is not shown: a problem is stored too.

    >>> shown("31/02/2025", "received"), shown("Đang chờ", "status"), shown("0912345678", "received")
    ('31/02/2025', 'Đang chờ', '(không hiện, 10 ký tự)')
    """
    text = vn.clean(str(value if value is not None else ""))
    if not text or is_harmless(text) or (column in RANGES and shown_word(text)):
        return text
    return f"(không hiện, {len(text)} ký tự)"
