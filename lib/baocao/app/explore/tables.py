"""Results, comparisons, series and scores as plain pandas frames with Vietnamese labels.

Every rate stands beside its numerator and denominator and is rounded as the memos print it: 99,997% is 99,99. A
change of a rate is in percentage points (điểm phần trăm), a relative change in %. What is not known is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import printed_rate
from baocao.app.explore.desk import list_periods, say_sources
from baocao.definitions import (
    INDICATORS,
    Indicator,
    NoDataError,
    Period,
    Unit,
    UserError,
    load_index,
    nearest,
)
from baocao.definitions import vietnamese as vn
from baocao.reports import Setting
from baocao.writing import SOURCE_LABELS, Origin, write_workbook

COMPARABLE_LABELS = {"yes": "so sánh được", "bridged": "có bắc cầu", "no": "không so sánh"}
VALUE, BASE_VALUE = "Giá trị", "Giá trị kỳ so sánh"
_TYPES = {
    "Tử số": "Int64", "Mẫu số": "Int64", "Tử số kỳ so sánh": "Int64", "Mẫu số kỳ so sánh": "Int64",
    "Thay đổi (điểm phần trăm)": "Float64", "Thay đổi (%)": "Float64",
    "Chỉ tiêu (%)": "Float64", "Còn thiếu (hồ sơ)": "Int64",
    "Thứ hạng": "Int64", "Trong số": "Int64", "Điểm": "Float64", "Điểm tối đa": "Float64",
}  # fmt: skip


def show_results(desk: Setting, *names: str, units: Sequence[str] = ()) -> pd.DataFrame:
    """The value of indicators (or of bare counts, by the name of a measure) for each unit in the desk's period.

    units    names, codes or kinds; the desk's own where none are given
    returns  one row per (indicator, unit); `Giá trị` in % for a rate, in dossiers for a count

    NoDataError, with the periods there are, where nothing is known of any of them.
    """
    chosen = choose_units(desk, units)
    results = desk.results(check_names(desk, names), chosen, desk.period)
    refuse_unknown(desk, results, names)
    return _frame([_result(desk, row) for row in _with_units(results, chosen)])


def show_comparison(
    desk: Setting, *names: str, base: Period | str = "", units: Sequence[str] = ()
) -> pd.DataFrame:
    """The same beside another period (`base`, a code; the same period of the year before where none is given).

    The comparison is made only where definition, denominator, scope and coverage match; else it goes over a bridge
    (the old units that went whole into a new one) or is refused, and `Giải thích` says which and why. Target and
    rank stand beside it: ties share a rank, rates of few dossiers are not ranked.
    """
    chosen = choose_units(desk, units)
    before = Period.parse(str(base)) if base else desk.period.same_period_last_year()
    compared = desk.compare(check_names(desk, names), chosen, before)
    refuse_unknown(desk, compared, names)
    return _frame(
        [_result(desk, row) | _change(row) | _standing(row) for row in _with_units(compared, chosen)]
    )


def show_series(desk: Setting, *names: str, count: int = 13, units: Sequence[str] = ()) -> pd.DataFrame:
    """The last `count` periods up to the desk's (months, quarters, ... whatever it is), oldest first.

    Values before a reform are those of the old units where they add up (`So sánh`); `Ngắt chuỗi` says before which
    point a line must not be drawn through, and why.
    """
    if count < 1:
        raise UserError(f"count là số kỳ, phải từ 1 trở lên, nhận được {count}.")
    chosen = choose_units(desk, units)
    series = desk.series(check_names(desk, names), chosen, desk.periods_before(count))
    refuse_unknown(desk, series, names)
    rows = [
        _result(desk, row)
        | {
            "So sánh": COMPARABLE_LABELS[row["comparable"]],
            "Giải thích": row["reason"],
            "Ngắt chuỗi": row["break_reason"] if row["break_before"] else "",
        }
        for row in _with_units(series, chosen)
    ]
    return _frame(rows)


def show_scores(desk: Setting, index: str = "service_index") -> pd.DataFrame:
    """Every published score of a composite index, as published: total and groups, with maximum and rank."""
    scores = desk.facts.scores
    known = sorted(scores["index"].unique())
    if index not in known:
        near = ", ".join(nearest(index, known)) or "chưa có bộ chỉ số nào"
        raise UserError(f"Kho số liệu không có điểm của «{index}»; gần nhất: {near}.")
    rows, parts = [], {}
    for row in scores[scores["index"] == index].to_dict("records"):
        period = Period.parse(row["period"])
        if period not in parts:
            components = load_index(desk.root, index, period.end).components
            parts[period] = {one.name: (place, one.label) for place, one in enumerate(components)}
        place, label = parts[period].get(row["component"], (len(parts[period]), row["component"]))
        told = {
            "Mã kỳ": period.code,
            "Ngày chốt": row["as_of"],
            "Mã": row["unit"],
            "Đơn vị": desk.register.get(row["unit"], period.end).official_name,
            "Thành phần": label,
            "Điểm": row["score"],
            "Điểm tối đa": row["maximum"],
            "Thứ hạng": row["rank"],
            "Trong số": row["out_of"],
            "Nguồn": SOURCE_LABELS[row["source"]],
        }
        rows.append(((period.code, str(row["as_of"]), row["unit"], place), told))
    return _frame([told for _, told in sorted(rows, key=lambda row: row[0])])


def choose_units(desk: Setting, units: Sequence[str]) -> list[Unit]:
    """The units named, or the desk's own."""
    if isinstance(units, str):
        units = [units]
    return desk.register.expand(list(units), desk.period.end) if units else list(desk.units)


def check_names(desk: Setting, names: Sequence[str]) -> list[str]:
    """The names of indicators and measures, each once; a UserError with the nearest for one that does not exist."""
    known = [*(one.name for one in INDICATORS), *desk.measures]
    for name in names:
        if name not in known:
            near = ", ".join(nearest(str(name), known))
            raise UserError(
                f"Không có chỉ số hay đại lượng «{name}»; gần nhất: {near}; "
                "xem đủ bằng list_indicators và list_measures."
            )
    if not names:
        raise UserError('Hãy nêu ít nhất một chỉ số hoặc đại lượng, ví dụ "online_share".')
    return list(dict.fromkeys(names))


def definition(name: str) -> Indicator | None:
    """The indicator of that name; None for a measure."""
    return next((one for one in INDICATORS if one.name == name), None)


def label_of(desk: Setting, name: str) -> str:
    """What the memos call the indicator or measure."""
    one = definition(name)
    return one.label if one else desk.measures[name].label


def refuse_unknown(desk: Setting, results: pd.DataFrame, names: Iterable[str]) -> None:
    """A NoDataError where not one value is known, saying for which periods there are figures."""
    if results["value"].notna().any():
        return
    periods = list_periods(desk)["Mã kỳ"].tolist()
    there = (
        f"kho có số liệu hồ sơ của các kỳ {', '.join(periods[:5])}"
        if periods
        else "kho chưa có số liệu hồ sơ"
    )
    more = "… (xem list_periods)" if len(periods) > 5 else ""
    raise NoDataError(
        f"Không có số liệu «{'»; «'.join(label_of(desk, name) for name in names)}» của kỳ {desk.period.name} "
        f"cho các đơn vị đã chọn; {there}{more}. Hãy chọn kỳ, đơn vị khác, bổ sung số liệu vào data/raw, "
        "hoặc tạo số liệu mẫu bằng «baocao sample»."
    )


def _with_units(results: pd.DataFrame, units: Sequence[Unit]) -> list[dict[str, Any]]:
    by_code = {unit.code: unit for unit in units}
    return [row | {"named": by_code[row["unit"]]} for row in results.to_dict("records")]


def _result(desk: Setting, row: Mapping[str, Any]) -> dict[str, Any]:
    one = definition(row["indicator"])
    return {
        "Chỉ số": label_of(desk, row["indicator"]),
        "Mã": row["unit"],
        "Đơn vị": row["named"].official_name,
        "Mã kỳ": row["period"],
        "Tử số": row["numerator"],
        "Mẫu số": row["denominator"],
        VALUE: _printed(one, row["numerator"], row["denominator"]),
        "Đơn vị tính": one.measured_in if one else "hồ sơ",
        "Đơn vị chưa báo cáo": ", ".join(unit.official_name for unit in row["missing"]),
        "Nguồn": say_sources([row["source"], row.get("base_source", "")]),
    }


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    one = definition(row["indicator"])
    return {
        "Kỳ so sánh": row["base_period"],
        "Tử số kỳ so sánh": row["base_numerator"],
        "Mẫu số kỳ so sánh": row["base_denominator"],
        BASE_VALUE: _printed(one, row["base_numerator"], row["base_denominator"]),
        "Thay đổi (điểm phần trăm)": _rounded(row["change_pp"]),
        "Thay đổi (%)": _rounded(row["change_pct"]),
        "So sánh": COMPARABLE_LABELS[row["comparable"]],
        "Giải thích": row["reason"],
    }


def _standing(row: Mapping[str, Any]) -> dict[str, Any]:
    met = row["met"]
    return {
        "Chỉ tiêu (%)": None if row["target"] is None else float(row["target"]),
        "Đạt chỉ tiêu": "" if met is None or pd.isna(met) else "có" if met else "không",
        "Còn thiếu (hồ sơ)": row["shortfall_dossiers"],
        "Thứ hạng": row["rank"],
        "Trong số": row["out_of"],
        "Đồng hạng": "có" if row["tied"] else "",
        "Mẫu số nhỏ": "có" if row["small"] else "",
    }


def _printed(indicator: Indicator | None, numerator: Any, denominator: Any) -> float | None:
    if pd.isna(numerator):
        return None
    if indicator is None:
        return int(numerator)
    if pd.isna(denominator) or not denominator:
        return None
    return printed_rate(int(numerator), int(denominator), indicator.decimals)


def _rounded(change: Fraction | None) -> float | None:
    return None if change is None or pd.isna(change) else float(vn.round_half_up(change, 2))


def _frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows as a frame, numbers as numbers that may be missing, counts as whole ones."""
    frame = pd.DataFrame(rows)
    if VALUE in frame:
        units = set(frame["Đơn vị tính"])
        kind = "Float64" if units == {"%"} else object if "%" in units else "Int64"
        for name in (VALUE, BASE_VALUE):
            if name in frame:  # from the rows: a column of the frame has made rates of the counts
                frame[name] = pd.Series([row[name] for row in rows], dtype=kind)
    types = {name: kind for name, kind in _TYPES.items() if name in frame}
    last = [name for name in ("Đơn vị chưa báo cáo", "Nguồn") if name in frame]
    return frame[[name for name in frame if name not in last] + last].astype(types)


# --------------------------------------------------------------------------------------------------
# The tables of an exploration as an Excel workbook in `reports/build/`, with the source of its figures.


FOLDER = Path("reports") / "build"


def write_excel(desk: Setting, name: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Write the tables, a sheet each, to the file `name` in `reports/build/`; return its path from the project's root.

    The last sheet says period, units, sources, the facts' fingerprint and how each rate is made. A table without a
    column `Nguồn` counts as made from every source there is: rather one sample mark too many than one too few.
    """
    if Path(name).name != name or not name.endswith(".xlsx") or not tables:
        raise UserError(
            f"Cần một tên tệp dạng «bang.xlsx», không kèm thư mục, và ít nhất một bảng; nhận được «{name}» "
            f"và {len(tables)} bảng."
        )
    told = {label for table in tables.values() if "Chỉ số" in table for label in table["Chỉ số"].unique()}
    notes = [
        (one.label, f"{one.formula}. Phạm vi: {one.scope}. Căn cứ: {one.source}.")
        for one in INDICATORS
        if one.label in told
    ]
    origin = Origin(
        period=f"{desk.period.name} ({desk.period.window_text})",
        scope="; ".join(unit.official_name for unit in desk.units),
        sources=_sources(desk, tables),
        fingerprint=desk.facts.fingerprint,
        notes=tuple(notes),
    )
    write_workbook(desk.root / FOLDER / name, tables, origin)
    return (FOLDER / name).as_posix()


def _sources(desk: Setting, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    every = {*desk.facts.counts["source"], *desk.facts.scores["source"]}
    found: set[str] = set()
    for table in tables.values():
        texts = set(table["Nguồn"].dropna()) if "Nguồn" in table else None
        named = {source for source, label in SOURCE_LABELS.items() for text in texts or () if label in text}
        found |= every if texts is None else named
    return tuple(source for source in SOURCE_LABELS if source in found)
