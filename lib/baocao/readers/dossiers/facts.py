"""A table of dossiers as facts: its windows, its counts, its units under their codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis.expr.types as ir
import pandas as pd

from baocao.definitions import Measure, Period, Register, UserError, correction
from baocao.definitions import vietnamese as vn
from baocao.readers.cells import UnitFinder, parse_unit
from baocao.readers.dossiers.events import Window, default_windows
from baocao.readers.dossiers.reduction import first_window_warning, read_history, reduce_dossiers
from baocao.readers.problems import problem, problems_frame
from baocao.readers.reading_result import COUNT_COLUMNS, Reading

_UNIT = "Đơn vị"
NO_ROW = 0
"""The row of a fact that many rows made."""


def count_facts(
    dossiers: ir.Table,
    as_of: date,
    periods: Sequence[Period],
    register: Register,
    measures: dict[str, Measure],
    *,
    source: str,
    name: str,
) -> Reading:
    """The counts of a table of dossiers (`reduce_dossiers`), and what is wrong with its units and windows.

    periods  the windows to count, each for itself; none: every calendar month that the table covers, and the days
             of the last month until `as_of`

    Units are found by code or name among those valid on both ends of a window; what they are not found for is left
    out, with an error that says how many dossiers were received there. UserError for a period that ends after
    `as_of`.
    """
    history = read_history(dossiers)
    if history.first is None:
        return Reading(
            "dossiers",
            problems=problems_frame(
                [problem("warning", "tep-trong", "Không có hồ sơ nào được tiếp nhận trong tệp.", file=name)]
            ),
        )
    found, parts = [], []
    for windows in _runs(periods, history.first, as_of):
        warned = first_window_warning(history, windows, name)
        found += [warned] if warned else []
        parts.append(reduce_dossiers(dossiers, windows, as_of, measures, history).to_pandas())
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COUNT_COLUMNS)
    counts, faults = _name_units(rows, register, name, None if periods else as_of)
    _point_to_rows(faults, dossiers)
    counts = counts.assign(source=source, file=name, sheet="", row=NO_ROW)[COUNT_COLUMNS]
    return Reading("dossiers", counts=counts, problems=problems_frame([*found, *faults]))


def _runs(periods: Sequence[Period], first: date, as_of: date) -> list[list[Window]]:
    if not periods:
        return [default_windows(first, as_of)]
    for period in periods:
        if period.end > as_of:
            last, known = (vn.format_date(day, "short") for day in (period.end, as_of))
            raise UserError(
                f"Kỳ {period.name} kết thúc ngày {last}, sau ngày {known} là ngày cuối mà tệp biết; "
                "hãy chọn kỳ ngắn hơn, hoặc ghi --as-of nếu tệp kết xuất sau ngày đó."
            )
    return [[(period.start, period.end)] for period in dict.fromkeys(periods)]


def _name_units(
    rows: pd.DataFrame, register: Register, name: str, as_of: date | None
) -> tuple[pd.DataFrame, list[dict]]:
    """The counts by code, those of two spellings of one unit added up; a problem for each unit not found.

    as_of  given where nobody asked for a window: those before a unit existed are then left out with a warning only,
           since a system shows dossiers under the unit that has them now
    """
    if not len(rows):
        return pd.DataFrame(columns=COUNT_COLUMNS).astype({"value": "int64"}), []
    for column in ("period_start", "period_end"):
        rows[column] = pd.to_datetime(rows[column]).dt.date
    finder = UnitFinder(register)
    wanted = rows[["unit", "period_start", "period_end"]].drop_duplicates()
    codes: list[str | None] = []
    refused: dict[tuple[str, str], list[tuple[Window, str]]] = {}
    corrected: dict[str, str] = {}
    for text, start, end in wanted.itertuples(index=False):
        text = text or ""
        try:
            codes.append(parse_unit(text, start, end, finder))
            if told := correction(text, register.get(codes[-1], end)):
                corrected[text] = told
        except (ValueError, UserError) as error:
            codes.append(None)
            later = as_of is not None and _exists(text, as_of, finder)
            refused.setdefault((text, "warning" if later else "error"), []).append(((start, end), str(error)))
    named = rows.merge(wanted.assign(code=codes), on=["unit", "period_start", "period_end"])
    lost = named[named["code"].isna() & (named["measure"] == "online_base")]
    lost = lost.set_index(["unit", "period_start"])["value"].to_dict()
    faults = [
        _unit_problem(
            severity, text, windows, sum(lost.get((text, start), 0) for (start, _), _ in windows), name
        )
        for (text, severity), windows in sorted(refused.items())
    ]
    faults += [
        problem("warning", "don-vi", told, file=name, column=_UNIT, value=text)
        for text, told in sorted(corrected.items())
    ]
    kept = named[named["code"].notna()].drop(columns="unit").rename(columns={"code": "unit"})
    key = ["unit", "period_start", "period_end", "measure"]
    counts = kept.groupby(key, sort=True, as_index=False)["value"].sum().astype({"value": "int64"})
    return counts, faults


def _point_to_rows(faults: list[dict], dossiers: ir.Table) -> None:
    """Gives the first row of each unit at fault, and says its dossier; a warehouse's table has no rows."""
    if not faults:
        return
    many = dossiers.file.nunique().execute() > 1
    for one in faults:
        place = (dossiers.row, dossiers.file, dossiers.sheet, dossiers.number)
        of_unit = dossiers.filter(dossiers.unit == one["value"], dossiers.row.notnull()).order_by(
            place[1:3] + place[:1]
        )
        first = of_unit.select(*place).limit(1).to_pyarrow().to_pylist()
        if not first:
            continue
        row, file, sheet, number = first[0].values()
        one |= {"row": row, "sheet": ": ".join(part for part in (file if many else "", sheet) if part)}
        if number:
            one["message"] = f"Hồ sơ {number[:60]}: {one['message'][:1].lower()}{one['message'][1:]}"


def _exists(text: str, day: date, finder: UnitFinder) -> bool:
    try:
        return bool(finder.find(text, day))
    except (ValueError, UserError):
        return False


def _unit_problem(
    severity: str, text: str, windows: list[tuple[Window, str]], received: int, name: str
) -> dict:
    (start, end), reason = windows[0]
    span = f"{vn.format_date(start, 'short')}–{vn.format_date(end, 'short')}"
    more = f" và {len(windows) - 1} kỳ khác" if len(windows) > 1 else ""
    message = f"Kỳ {span}{more}: {reason} Bỏ ra {vn.format_number(received)} hồ sơ tiếp nhận của đơn vị này."
    advice = ""
    if severity == "error":
        advice = " Hãy sửa tên trong tệp; đơn vị mới thì nạp một trang danh mục đơn vị; cần các kỳ khác thì ghi --period."
    window = (start, end) if len(windows) == 1 else None
    return problem(severity, "don-vi", message + advice, file=name, column=_UNIT, value=text, window=window)
