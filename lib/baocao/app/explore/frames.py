"""Figures of the memos as plain pandas frames with Vietnamese labels, and frames as an Excel workbook.

A rate is rounded as the memos print it: 99,997% is 99,99. What is not known is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import periods_before, plain, printed_rate
from baocao.app.explore.desk import say_sources
from baocao.definitions import INDICATORS, Period, Unit, UserError, load_index, nearest
from baocao.definitions import vietnamese as vn
from baocao.reports import Setting, memo
from baocao.writing import SOURCE_LABELS, Change, Figure, Goal, Origin, Parts, Rank, write_workbook

COMPARABLE_LABELS = {"yes": "so sánh được", "bridged": "có bắc cầu", "no": "không so sánh"}
FOLDER = Path("reports") / "build"


def frame(rows: Sequence[memo.Whose], columns: Mapping[str, Any]) -> pd.DataFrame:
    """Units or groups down, figures across, as `table` takes them: a row for each of `rows`, nothing left out.

    columns  a heading for each `x`, `x.fraction` (two columns), `x.change(base)` (in percentage points, of a number of
             dossiers in %, with a column that says why not or over which bridge), `x.rank` (among these rows), `x.target`
    """
    written = []
    units = [row.unit for row in rows]
    _read_at_once(units, columns.values())
    for unit in units:
        cells: dict[str, Any] = {"Mã": unit.code, "Đơn vị": unit.official_name}
        sources, missing = [], {}
        for heading, column in columns.items():
            if not isinstance(column, Figure | Parts | Change | Rank | Goal):
                raise UserError(
                    f"Cột «{heading}» của bảng cần một số liệu, ví dụ received, online_share, online_share.fraction, "
                    f"online_share.change(last_year); nhận được «{column!r}»."
                )
            own = getattr(column, "of", column).at(unit)
            cells |= _cells(heading, column, own, units)
            sources.append(own.row["source"])
            missing |= dict.fromkeys(part.official_name for part in own.row["missing"])
        written.append(cells | {"Đơn vị chưa báo cáo": ", ".join(missing), "Nguồn": say_sources(sources)})
    return _typed(written)


def _read_at_once(units: Sequence[Unit], columns: Iterable[Any]) -> None:
    """Have the engine read all units together, in the periods that changes are held against too."""
    changes = [column for column in columns if isinstance(column, Change) and column.row.get("base_period")]
    for of in {change.of.figures for change in changes}:
        bases = dict.fromkeys(change.base for change in changes)
        of.history.read_ahead(units, of.period, list(bases))


def _cells(heading: str, column: Any, own: Figure, units: Sequence[Unit]) -> dict[str, Any]:
    """What a unit's figure shows in the columns of a heading."""
    if isinstance(column, Parts):
        return {f"{heading}: tử số": own.numerator, f"{heading}: mẫu số": own.denominator}
    if isinstance(column, Change):
        change = own.change(column.base) if column.row.get("base_period") else column
        rounded = float(vn.round_half_up(change.value, 2)) if change.known else None
        return {heading: rounded, f"{heading}: giải thích": plain(change.row["told"])}
    if isinstance(column, Rank):
        place = own.figures.history.places(own.name, units, own.period).get(own.unit)
        return {heading: place.rank if place else None}
    if isinstance(column, Goal):
        return {heading: float(own.target.value) if own.target.known else None}
    return {heading: (own.printed if own.is_rate else own.value) if own.known else None}


def series(figures: Sequence[Figure], rows: Sequence[memo.Whose], count: int = 13) -> pd.DataFrame:
    """The last `count` periods up to the desk's, oldest first: a row for each figure, unit and period.

    What stands before a reform are the old units' figures where they add up (`So sánh`); `Ngắt chuỗi` says before which
    point a line must not be drawn through, and why.
    """
    if count < 1 or not figures or not rows:
        raise UserError(
            "series cần ít nhất một số liệu, một đơn vị, một kỳ, ví dụ series([received], [subject], 6)."
        )
    of, by_name = figures[0].figures, {figure.name: figure for figure in figures}
    units = {row.unit.code: row.unit for row in rows}
    read = of.history.series(list(by_name), list(units.values()), periods_before(of.period, count), of.period)
    written = []
    for row in read.to_dict("records"):
        figure = by_name[row["indicator"]]
        written.append(
            {
                "Chỉ số": figure.label,
                "Mã": row["unit"],
                "Đơn vị": units[row["unit"]].official_name,
                "Mã kỳ": row["period"],
                "Tử số": _whole(row["numerator"]),
                "Mẫu số": _whole(row["denominator"]),
                "Giá trị": _value(figure, row),
                "So sánh": COMPARABLE_LABELS[row["comparable"]],
                "Giải thích": row["reason"],
                "Ngắt chuỗi": row["break_reason"] if row["break_before"] else "",
                "Đơn vị chưa báo cáo": ", ".join(unit.official_name for unit in row["missing"]),
                "Nguồn": say_sources([row["source"]]),
            }
        )
    return _typed(written)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)


def _value(figure: Figure, row: Mapping[str, Any]) -> float | int | None:
    if pd.isna(row["value"]):
        return None
    if not figure.is_rate:
        return int(row["numerator"])
    return printed_rate(int(row["numerator"]), int(row["denominator"]), figure.indicator.decimals)


def _typed(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """The rows as a frame: whole numbers and others that may be missing, a column of both as it is."""
    table = pd.DataFrame(rows)
    for name in table:
        values = [row[name] for row in rows]
        kinds = {type(value) for value in values if value is not None and not pd.isna(value)}
        if kinds and kinds <= {int, float}:
            kind = object if len(kinds) == 2 else "Int64" if kinds == {int} else "Float64"
            table[name] = pd.Series(values, dtype=kind)
    return table


def scores(desk: Setting, index: str = "service_index") -> pd.DataFrame:
    """Every published score of a composite index, as published: total and groups, with maximum and rank."""
    every = desk.facts.scores
    known = sorted(every["index"].unique())
    if index not in known:
        near = ", ".join(nearest(index, known)) or "chưa có bộ chỉ số nào"
        raise UserError(f"Kho số liệu không có điểm của «{index}»; gần nhất: {near}.")
    rows = every[every["index"] == index]
    parts = {
        code: {
            part.name: (place, part.label)
            for place, part in enumerate(load_index(desk.root, index, Period.parse(code).end).components)
        }
        for code in rows["period"].unique()
    }
    listed = []
    for row in rows.to_dict("records"):
        place, label = parts[row["period"]].get(row["component"], (99, row["component"]))
        name = desk.register.get(row["unit"], Period.parse(row["period"]).end).official_name
        key = (row["period"], str(row["as_of"]), row["unit"], place)
        cells = (row["score"], row["maximum"], row["rank"], row["out_of"], SOURCE_LABELS[row["source"]])
        listed.append((key, (row["period"], row["as_of"], row["unit"], name, label, *cells)))
    columns = ["Mã kỳ", "Ngày chốt", "Mã", "Đơn vị", "Thành phần", "Điểm", "Điểm tối đa", "Thứ hạng", "Trong số", "Nguồn"]  # fmt: skip
    table = pd.DataFrame([row for _, row in sorted(listed, key=lambda pair: pair[0])], columns=columns)
    return table.astype(
        {"Điểm": "Float64", "Điểm tối đa": "Float64", "Thứ hạng": "Int64", "Trong số": "Int64"}
    )


def write_excel(opened: memo.Memo, name: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Write the tables, a sheet each, to the file `name` in `reports/build/`; return its path from the project's root.

    The last sheet says period, units, sources, the facts' fingerprint and how each rate is made. A table without a
    column `Nguồn` counts as made from every source there is: rather one sample mark too many than one too few.
    """
    if Path(name).name != name or not name.endswith(".xlsx") or not tables:
        raise UserError(
            f"Cần một tên tệp dạng «bang.xlsx», không kèm thư mục, và ít nhất một bảng; nhận được «{name}» "
            f"và {len(tables)} bảng."
        )
    desk = opened.setting
    origin = Origin(
        period=f"{desk.period.name} ({desk.period.window_text})",
        scope="; ".join(unit.official_name for unit in desk.units),
        sources=_sources(desk, tables),
        fingerprint=desk.facts.fingerprint,
        notes=tuple((rate.label, f"{rate.formula}. Phạm vi: {rate.scope}. Căn cứ: {rate.source}.")
                    for rate in INDICATORS if rate.in_force(desk.period.start, desk.period.end)),
    )  # fmt: skip
    write_workbook(desk.root / FOLDER / name, tables, origin)
    return (FOLDER / name).as_posix()


def _sources(desk: Setting, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    every = {*desk.facts.counts["source"], *desk.facts.scores["source"]}
    shown: set[str] = set()
    for table in tables.values():
        texts = set(table["Nguồn"].dropna()) if "Nguồn" in table else None
        named = {source for source, label in SOURCE_LABELS.items() for text in texts or () if label in text}
        shown |= every if texts is None else named
    return tuple(source for source in SOURCE_LABELS if source in shown)
