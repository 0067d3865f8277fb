"""Results held against others: an earlier period, a decreed target, the other units. Pure functions.

A change of a rate is in percentage points, a relative change is for counts only; the two never meet in a
column. A comparison that may not be made is refused with the reason, in Vietnamese, that the report prints.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from baocao import vn
from baocao.compute import LEAF_KINDS, RESULTS, level_units
from baocao.indicators import Indicator
from baocao.periods import Period
from baocao.targets import Target
from baocao.units import Register, Unit

COMPARISONS = [
    *RESULTS, "base_period", "base_numerator", "base_denominator", "change_pp", "comparable", "reason",
]  # fmt: skip

NO_BASE = "không có số liệu của kỳ đó"
NO_VALUE = "chưa có số liệu của kỳ này"
OTHER_DEFINITION = "chỉ tiêu không được áp dụng trong cả hai kỳ"
OTHER_UNIT = "đơn vị được thành lập hoặc sắp xếp lại sau kỳ đó"
OTHER_LEVELS = "số cấp chính quyền của hai kỳ khác nhau"


def change_pp(
    numerator: int | None, denominator: int | None, base_numerator: int | None, base_denominator: int | None
) -> Fraction | None:
    """How much a rate has changed, in percentage points, from its exact parts; None where one has no value.

    >>> change_pp(3, 4, 1, 2)
    Fraction(25, 1)
    """
    value, base = vn.rate(numerator, denominator), vn.rate(base_numerator, base_denominator)
    return None if value is None or base is None else value - base


def change_pct(count: int | None, base: int | None) -> Fraction | None:
    """How much a count has changed in % of the base count: (new - old) / old; None where there is no base.

    >>> change_pct(150, 120), change_pct(5, 0)
    (Fraction(25, 1), None)
    """
    return None if count is None or not base else Fraction(100 * (int(count) - int(base)), int(base))


def compare(
    results: pd.DataFrame,
    base: pd.DataFrame,
    indicators: Iterable[Indicator],
    period: Period,
    base_period: Period,
    refused: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """The results of `period` beside those of `base_period`, one row per (indicator, unit) of `results`.

    refused  reasons by unit code why it may not be compared (see `refuse_unit`)
    returns  columns of `COMPARISONS`: `change_pp` an exact Fraction, None where `comparable` is "no" and
             `reason` says why
    """
    windows = [(period.start, period.end), (base_period.start, base_period.end)]
    in_force = {one.name: all(one.in_force(*window) for window in windows) for one in indicators}
    parts = base[["indicator", "unit", "numerator", "denominator"]]
    parts = parts.rename(columns={"numerator": "base_numerator", "denominator": "base_denominator"})
    joined = results.merge(parts, on=["indicator", "unit"], how="left", validate="one_to_one")
    changes, reasons = [], []
    columns = ["numerator", "denominator", "base_numerator", "base_denominator"]
    for row in joined[["indicator", "unit", *columns]].itertuples(index=False, name=None):
        change = change_pp(*(None if pd.isna(part) else int(part) for part in row[2:]))
        reason = (refused or {}).get(row[1], "")
        if not reason and not in_force[row[0]]:
            reason = OTHER_DEFINITION
        if not reason and change is None:
            reason = NO_VALUE if pd.isna(row[2]) or pd.isna(row[3]) or not row[3] else NO_BASE
        changes.append(None if reason else change)
        reasons.append(reason)
    joined = joined.assign(base_period=base_period.code, reason=reasons)
    joined["change_pp"] = pd.Series(changes, dtype=object, index=joined.index)
    joined["comparable"] = ["no" if reason else "yes" for reason in reasons]
    return joined[COMPARISONS]


def refuse_unit(register: Register, unit: Unit, period: Period, base_period: Period) -> str:
    """Why the unit's figures of the two periods may not be compared; empty when they may.

    A unit that handles dossiers must be the same row of the register all the time, a level must stand among
    the same levels (from 01/07/2025 the communes do what districts did); the province is always itself.
    """
    first = min(period.start, base_period.start)
    last = max(period.end, base_period.end)
    if unit.kind in LEAF_KINDS:
        return "" if unit.valid_on(first) and unit.valid_on(last) else OTHER_UNIT
    if unit.kind == "level" and level_units(register, period) != level_units(register, base_period):
        return OTHER_LEVELS
    return ""


def against_targets(results: pd.DataFrame, targets: Sequence[Target], period: Period) -> pd.DataFrame:
    """The results that have a value and a target in force, with the target beside them.

    Added columns: `target` in %, its `comparison` (>= or <=) and `legal_source`, whether it is `met`, and the
    `shortfall` in percentage points, an exact Fraction, 0 when met.
    """
    rows = []
    known = results[results["value"].notna()]
    for target in targets:
        if target.in_force(period):
            for row in known[known["indicator"] == target.indicator].to_dict("records"):
                gap = Fraction(target.target) - vn.rate(int(row["numerator"]), int(row["denominator"]))
                gap = max(gap if target.comparison == ">=" else -gap, Fraction(0))
                about = {
                    "target": target.target,
                    "comparison": target.comparison,
                    "legal_source": target.legal_source,
                }
                rows.append({**row, **about, "met": gap == 0, "shortfall": gap})
    return pd.DataFrame(
        rows, columns=[*results.columns, "target", "comparison", "legal_source", "met", "shortfall"]
    )


def rank_values(values: pd.Series, *, highest_first: bool = True) -> pd.Series:
    """Competition ranks 1-2-2-4: equal values share a rank; a missing value has none.

    >>> rank_values(pd.Series([90.0, 80.1, 90.0, None])).tolist()
    [1, 3, 1, <NA>]
    """
    return values.astype("Float64").rank(method="min", ascending=not highest_first).astype("Int64")


def printed_rate(numerator: int, denominator: int, decimals: int = 2) -> float:
    """The rate as a reader sees it, in %: 99,997% is printed 99,99%, and so is below 100%.

    >>> printed_rate(99_997, 100_000), printed_rate(1, 3)
    (99.99, 33.33)
    """
    return float(vn.parse_number(vn.format_percent(numerator, denominator, decimals).removesuffix("%")))


def rank_rates(
    results: pd.DataFrame, minimum: int, *, decimals: int = 2, highest_first: bool = True
) -> pd.DataFrame:
    """The units that may be ranked on one indicator, first ones first, with `printed` and `rank`.

    Only a denominator of `minimum` dossiers or more counts: a rate of three dossiers says little. Rates that
    are printed alike are tied (`printed_rate`). Ties keep the order of `results`.
    """
    eligible = results[results["value"].notna() & (results["denominator"] >= max(minimum, 1)).fillna(False)]
    printed = [
        printed_rate(int(top), int(bottom), decimals)
        for top, bottom in zip(eligible["numerator"], eligible["denominator"], strict=True)
    ]
    ranked = eligible.assign(printed=printed)
    ranked["rank"] = rank_values(ranked["printed"], highest_first=highest_first)
    return ranked.sort_values("rank", kind="stable").reset_index(drop=True)


def take_places(ranked: pd.DataFrame, places: int) -> pd.DataFrame:
    """The first `places` of a ranking and every unit tied with the last of them: never cut inside a tie."""
    return ranked[ranked["rank"] <= places]
