"""Results held against others: an earlier period, the other units. Pure functions.

A change of a rate is in percentage points, a relative change in %; the two never meet in a column. A comparison is
made only when definition, denominator, scope and coverage match; else it is bridged, with the bridge in words, or
refused with the reason, in Vietnamese, that the report prints. Targets and ranks are added by `targets_and_ranks`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pandas as pd

from baocao.analysis import reasons
from baocao.analysis.coverage import COVERED
from baocao.analysis.lineage import ITSELF, Bridge
from baocao.analysis.reasons import Name, Reason, plain
from baocao.definitions import Indicator, Period
from baocao.definitions import vietnamese as vn

COMPARISONS = [
    *COVERED, "base_period", "base_numerator", "base_denominator", "base_value", "base_source", "base_missing",
    "change_pp", "change_pct", "comparable", "reason", "told", "bridge", "small", "base_small",
]  # fmt: skip
"""Columns of `compare`; `targets_and_ranks.STANDINGS` follow them in what a memo gets."""

MINIMUM_DENOMINATOR = 30
"""Below this many dossiers a rate says little: it is marked, and not ranked. Printed as a rule (our choice)."""

NO_BASE = plain(reasons.NO_BASE)

_LEVELS = Name("mức độ 3, mức độ 4")

RELABELLED = {
    "online_share": "level_34_share",
    "eligible_online": "level_34_filed",
    "full_online_filed": "level_4_filed",
}
"""What an indicator or measure was called while services had levels 3 and 4 (to 14/08/2022): 4 became toàn trình,
3 một phần (Nghị định 42/2022/NĐ-CP). Only where numerator and denominator count the same dossiers."""

LAST_OF_LEVELS = date(2022, 8, 14)
"""The last day of levels 3 and 4."""

SAID_RELABELLED: Reason = (
    "kỳ đó tính theo dịch vụ công ",
    _LEVELS,
    ", kỳ này theo dịch vụ công một phần, toàn trình",
)
OTHER_DENOMINATOR: Reason = (
    "kỳ đó chỉ có tỷ lệ dịch vụ công ", _LEVELS, " tính trên tổng số hồ sơ, khác cách tính của kỳ này",
)  # fmt: skip
_NEW_DENOMINATORS = ("eligible_online_share", "full_online_share")


def change_pp(
    numerator: int | None, denominator: int | None, base_numerator: int | None, base_denominator: int | None
) -> Fraction | None:
    """How much a rate has changed, in percentage points, from its exact parts; None where one has no value.

    >>> change_pp(3, 4, 1, 2)
    Fraction(25, 1)
    """
    value, base = vn.rate(numerator, denominator), vn.rate(base_numerator, base_denominator)
    return None if value is None or base is None else value - base


def change_pct(count: Fraction | int | None, base: Fraction | int | None) -> Fraction | None:
    """How much a count or rate has changed in % of the base: (new - old) / old; None where there is no base.

    >>> change_pct(150, 120), change_pct(5, 0)
    (Fraction(25, 1), None)
    """
    return None if count is None or not base else 100 * (Fraction(count) - Fraction(base)) / Fraction(base)


def compare(
    results: pd.DataFrame,
    base: pd.DataFrame,
    indicators: Sequence[Indicator],
    period: Period,
    base_period: Period,
    bridges: Mapping[str, Bridge] | None = None,
) -> pd.DataFrame:
    """The results of `period` beside those of `base_period`, one row per (indicator, unit) of `results`.

    base     what stands for each unit in the base period, under the unit's own code; a column `relabelled` marks
             what went by another name then (`RELABELLED`)
    bridges  by unit code how its base was found (`lineage.build_bridge`); without one it is the unit itself
    returns  columns of `COMPARISONS`: `change_pp` (rates only) the difference of the rates as printed, so that nobody's
             calculator refutes it, `change_pct` exact; Fractions, None where
             `comparable` is "no" and `reason` says why; `told` is the reason for `Setting.explain`; `bridge` the
             units whose sum the base is, where it is not the unit's own (also where a number is not compared). Names that are no indicators are counts of dossiers
    """
    bases = {(row["indicator"], row["unit"]): row for row in base.to_dict("records")}
    rows = [
        compare_row(
            row,
            bases.get((row["indicator"], row["unit"]), {}),
            indicators,
            period,
            base_period,
            (bridges or {}).get(row["unit"], ITSELF),
        )
        for row in results.to_dict("records")
    ]
    return _as_frame(rows)


def compare_row(
    row: Mapping[str, Any],
    then: Mapping[str, Any],
    indicators: Sequence[Indicator],
    period: Period,
    base_period: Period,
    bridge: Bridge,
) -> dict[str, Any]:
    """One row of `compare`: a figure of `period` beside what stands for it in `base_period` ({} where nothing does)."""
    name = row["indicator"]
    is_rate = any(one.name == name for one in indicators)
    now, before = ([_whole(one.get(part)) for part in ("numerator", "denominator")] for one in (row, then))
    relabelled = then.get("relabelled") is True
    told = refuse_periods(period, base_period) or (bridge.words if bridge.comparable == "no" else ())
    if is_rate and not told and not relabelled:
        told = _refuse_definition(name, indicators, period, base_period)
    told = told or _refuse_values(now, before, is_rate)
    if not is_rate:
        told = told or bridge.tasks
    if bool(row.get("instead")) != bool(then.get("instead")):
        told = told or reasons.OTHER_FORM
    told = told or _refuse_coverage(row, then, bridge)
    if refused := bool(told):
        comparable = "no"
    else:
        comparable = "bridged" if bridge.comparable == "bridged" or relabelled else "yes"
        told = reasons.add(bridge.reason, SAID_RELABELLED if relabelled else ())
    value, base_value = (vn.rate(*one) if is_rate else one[0] for one in (now, before))
    printed, base_printed = (_as_printed(name, one, indicators) if is_rate else None for one in (now, before))
    sizes = [one[1] if is_rate else one[0] for one in (now, before)]
    return {column: row.get(column, ()) for column in COVERED} | {
        "base_period": base_period.code, "base_numerator": before[0], "base_denominator": before[1],
        "base_value": None if base_value is None else float(base_value),
        "base_source": then.get("source", ""), "base_missing": then.get("missing", ()),
        "change_pp": None if refused or not is_rate else printed - base_printed,
        "change_pct": None if refused else change_pct(value, base_value),
        "comparable": comparable, "reason": plain(told), "told": told,
        "bridge": bridge.units if bridge.comparable == "bridged" else (),
        "small": is_rate and _is_small(sizes[0]), "base_small": _is_small(sizes[1]),
    }  # fmt: skip


def refuse_periods(period: Period, base: Period) -> Reason:
    """Why figures of the two periods may not be compared at all; empty when they may.

    They must have no day in common, close their books alike and be as long: as many whole months, or as many days
    (one more or less for 29/02).
    """
    if period.start <= base.end and base.start <= period.end:
        return reasons.OVERLAP
    if period.convention != base.convention:
        return reasons.OTHER_CONVENTION
    months, base_months = len(period.months()), len(base.months())
    alike = months == base_months if months or base_months else abs(period.days - base.days) <= 1
    return () if alike else reasons.OTHER_KIND


def explanation(row: Mapping[str, Any]) -> Reason:
    """As `explain`, in parts for a report's claims."""
    told = tuple(row["told"])
    if row["comparable"] != "no" or not told:
        return told
    base = reasons.name_base(Period.parse(row["period"]), Period.parse(row["base_period"]))
    return ("Không so sánh với ", *base, " vì ", *told, ".")


def explain(row: Mapping[str, Any]) -> str:
    """The sentence why there is no comparison, the bridge in words, or nothing where there is nothing to say.

    `row` is one of `compare`'s ("so với tổng của xã A và xã B trước khi sắp xếp ngày …"). For a report use
    `Setting.explain`, which declares names and dates.
    """
    return plain(explanation(row))


def _refuse_definition(name: str, indicators: Sequence[Indicator], period: Period, base: Period) -> Reason:
    now, then = (
        [one for one in indicators if one.name == name and one.in_force(window.start, window.end)]
        for window in (period, base)
    )
    if not now or not then:
        return OTHER_DENOMINATOR if now and name in _NEW_DENOMINATORS else reasons.OTHER_DEFINITION
    return () if {one.version for one in now} == {one.version for one in then} else reasons.OTHER_VERSION


def _refuse_values(now: Sequence[int | None], before: Sequence[int | None], is_rate: bool) -> Reason:
    """A rate needs both parts and something to divide by, a count something to grow from."""
    parts = slice(None) if is_rate else slice(1)
    if None in now[parts]:
        return reasons.NO_VALUE
    if is_rate and not now[1]:
        return reasons.ZERO_VALUE
    if None in before[parts]:
        return reasons.NO_BASE
    return reasons.ZERO_BASE if not before[parts][-1] else ()


def _refuse_coverage(row: Mapping[str, Any], then: Mapping[str, Any], bridge: Bridge) -> Reason:
    """A sum that is not whole is not compared: nobody knows what the units that are missing would add to it."""
    if row.get("missing"):
        return reasons.INCOMPLETE
    before = then.get("missing", ())
    silent = [unit for unit in bridge.units if unit in before]
    if silent:
        return ("kỳ đó chưa có số liệu của ", *reasons.join_units(silent))
    return reasons.INCOMPLETE_BASE if before else ()


def _as_printed(name: str, parts: Sequence[int | None], indicators: Sequence[Indicator]) -> Fraction | None:
    """The rate as it is printed; None where a part is not known, or nothing to divide by."""
    if None in parts or not parts[1]:
        return None
    return _printed(*parts, next(one.decimals for one in indicators if one.name == name))


def _is_small(size: int | None) -> bool:
    return size is not None and size < MINIMUM_DENOMINATOR


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def _as_frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows with missing numbers as NA, exact ones and tuples as they are."""
    kinds = dict.fromkeys(("numerator", "denominator", "base_numerator", "base_denominator"), "Int64")
    kinds |= dict.fromkeys(("value", "base_value"), "Float64")
    kinds |= dict.fromkeys(("missing", "base_missing", "change_pp", "change_pct", "told", "bridge"), object)
    columns = {name: [row[name] for row in rows] for name in COMPARISONS}
    return pd.DataFrame({name: pd.Series(values, dtype=kinds.get(name)) for name, values in columns.items()})


def rank_values(values: pd.Series, *, highest_first: bool = True) -> pd.Series:
    """Competition ranks 1-2-2-4: equal values share a rank; a missing value has none.

    >>> rank_values(pd.Series([90.0, 80.1, 90.0, None])).tolist()
    [1, 3, 1, <NA>]
    """
    return values.astype("Float64").rank(method="min", ascending=not highest_first).astype("Int64")


def rank_printed(values: Mapping[Any, float], *, highest_first: bool = True) -> dict[Any, tuple[int, bool]]:
    """The competition rank of each key by its printed value, and whether the rank is shared.

    >>> rank_printed({"a": 90.0, "b": 80.1, "c": 90.0})
    {'a': (1, True), 'b': (3, False), 'c': (1, True)}
    """
    ranks = rank_values(pd.Series(list(values.values()), dtype="Float64"), highest_first=highest_first)
    tied = ranks.duplicated(keep=False)
    return {key: (int(rank), bool(tie)) for key, rank, tie in zip(values, ranks, tied, strict=True)}


def printed_rate(numerator: int, denominator: int, decimals: int = 2) -> float:
    """The rate as a reader sees it, in %: 99,997% is printed 99,99%, and so is below 100%.

    >>> printed_rate(99_997, 100_000), printed_rate(1, 3)
    (99.99, 33.33)
    """
    return float(_printed(numerator, denominator, decimals))


def _printed(numerator: int, denominator: int, decimals: int) -> Fraction:
    return Fraction(vn.parse_number(vn.format_percent(numerator, denominator, decimals).removesuffix("%")))
