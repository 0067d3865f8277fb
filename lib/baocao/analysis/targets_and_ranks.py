"""Where a unit stands: against the target in force on the days, in dossiers too, and among the others.

Ties share a rank (1, 2, 2, 4) and are equal as printed. Rates of few dossiers are not ranked. Ranks of two periods are
compared only when the same units were ranked in both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

import pandas as pd

from baocao.analysis import reasons
from baocao.analysis.comparison import MINIMUM_DENOMINATOR, printed_rate, rank_values
from baocao.analysis.reasons import Reason
from baocao.definitions import Indicator, Period, Target
from baocao.definitions import vietnamese as vn

TARGETS = [
    "target", "at_most", "target_source", "met", "shortfall_pp", "shortfall_dossiers", "no_target", "no_target_told",
]  # fmt: skip
RANKS = ["rank", "out_of", "tied", "base_rank", "base_out_of", "rank_change"]
STANDINGS = [*TARGETS, *RANKS]
"""Columns that are added to `comparison.COMPARISONS`."""


def add_targets(
    compared: pd.DataFrame, targets: Sequence[Target], period: Period, kinds: Mapping[str, str]
) -> pd.DataFrame:
    """The rows with the target in force beside them: the columns `TARGETS`.

    kinds    kind of unit by code, because a target may be for one kind only
    returns  `target` in %, None where none is in force in the whole period: `no_target` then says why, if one was
             ever decreed (`no_target_told`: in parts, for `Setting.say`); `at_most` (less is better), `met` (None
             without a value, and where a sum is not whole), `shortfall_pp` exact, 0 when met, `shortfall_dossiers` whole dossiers still missing
             (or too many) at this denominator
    """
    rows = []
    for row in compared.to_dict("records"):
        kind = kinds.get(row["unit"], "")
        target = find_target(targets, row["indicator"], kind, period)
        about: dict[str, Any] = dict.fromkeys(TARGETS)
        told = () if target else refuse_target(targets, row["indicator"], kind, period)
        about |= {"no_target": reasons.plain(told), "no_target_told": told}
        if target:
            about |= {
                "target": target.target, "at_most": target.comparison == "<=", "target_source": target.legal_source
            }  # fmt: skip
            if pd.notna(row["value"]) and pd.notna(row["denominator"]) and not row["missing"]:
                gap, dossiers = shortfall(target, int(row["numerator"]), int(row["denominator"]))
                about |= {"met": gap == 0, "shortfall_pp": gap, "shortfall_dossiers": dossiers}
        rows.append(about)
    added = pd.DataFrame(index=compared.index)
    for column in TARGETS:
        kind = "Int64" if column == "shortfall_dossiers" else object
        added[column] = pd.Series([row[column] for row in rows], index=compared.index, dtype=kind)
    return pd.concat([compared, added], axis="columns")


def shortfall(target: Target, numerator: int, denominator: int) -> tuple[Fraction, int]:
    """How far a rate is from its target: percentage points and whole dossiers, both 0 when it is met.

    2.668 of 34.996 against at least 20% is 4.332 dossiers short (20% of 34.996 is 6.999,2: 7.000 are needed).
    """
    level = Fraction(target.target)
    gap = level - vn.rate(numerator, denominator)
    if target.comparison == "<=":
        return max(-gap, Fraction(0)), max(numerator - floor(level * denominator / 100), 0)
    return max(gap, Fraction(0)), missing_dossiers(numerator, denominator, level)


def missing_dossiers(numerator: int, denominator: int, level: Fraction) -> int:
    """The fewest whole dossiers that, added to the numerator, lift a rate to `level` (in %).

    >>> missing_dossiers(2668, 34996, Fraction(20)), missing_dossiers(3, 4, Fraction(75))
    (4332, 0)
    """
    return max(ceil(level * denominator / 100) - numerator, 0)


def find_target(targets: Iterable[Target], indicator: str, kind: str, period: Period) -> Target | None:
    """The target in force in the whole period: one for the kind of unit before one for all, the newest first."""
    found = [
        one for one in targets
        if one.indicator == indicator and one.scope in ("all", kind) and one.in_force(period)
    ]  # fmt: skip
    return max(found, key=lambda one: (one.scope != "all", one.valid_from or period.start.min), default=None)


def refuse_target(targets: Iterable[Target], indicator: str, kind: str, period: Period) -> Reason:
    """Why a decreed target is not applied to the period; empty where one is, or where none was ever decreed."""
    known = [one for one in targets if one.indicator == indicator and one.scope in ("all", kind)]
    if not known or any(one.in_force(period) for one in known):
        return ()
    later = [one.valid_from for one in known if one.valid_from and one.valid_from > period.start]
    if later:
        return ("chỉ tiêu chỉ có hiệu lực từ ngày ", min(later))
    return ("chỉ tiêu chỉ có hiệu lực đến hết ngày ", max(one.valid_to for one in known if one.valid_to))


def add_ranks(
    compared: pd.DataFrame, indicators: Iterable[Indicator], within: Collection[str]
) -> pd.DataFrame:
    """The rows with the rank of each unit among those of `within` (codes): the columns `RANKS`.

    returns  `rank`, `out_of` (how many were ranked), `tied` (the rank is shared), the same of the base, and
             `rank_change`, places gained, missing unless the very same units were ranked in both periods
    """
    definitions = {one.name: one for one in indicators}
    added = pd.DataFrame(index=compared.index)
    for column in RANKS:
        added[column] = pd.Series(
            pd.NA, index=compared.index, dtype="boolean" if column == "tied" else "Int64"
        )
    added["tied"] = False
    for name, rows in compared[compared["unit"].isin(list(within))].groupby("indicator", sort=False):
        one = definitions.get(name)
        whole = rows[[not units for units in rows["missing"]]]
        now = _printed(whole, one, "numerator", "denominator")
        then = _printed(rows[rows["comparable"] != "no"], one, "base_numerator", "base_denominator")
        highest_first = one is None or one.higher_is_better
        ranks, base_ranks = (rank_values(values, highest_first=highest_first) for values in (now, then))
        added.loc[ranks.index, "rank"] = ranks
        added.loc[ranks.index, "out_of"] = len(ranks)
        added.loc[ranks.index, "tied"] = ranks.duplicated(keep=False)
        added.loc[base_ranks.index, "base_rank"] = base_ranks
        added.loc[base_ranks.index, "base_out_of"] = len(base_ranks)
        if set(ranks.index) == set(base_ranks.index):
            added.loc[ranks.index, "rank_change"] = base_ranks.loc[ranks.index] - ranks
    return pd.concat([compared, added], axis="columns")


def change_of_rank(
    rank: int | None, out_of: int | None, base_rank: int | None, base_out_of: int | None
) -> tuple[int | None, Reason]:
    """Places gained between two published ranks, and why that is not said: ranks of 63 and of 34 are not compared.

    >>> change_of_rank(37, 63, 59, 63)
    (22, ())
    >>> change_of_rank(5, 34, 37, 63)[1]
    ('số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau',)
    """
    known = [
        None if one is None or pd.isna(one) else int(one) for one in (rank, out_of, base_rank, base_out_of)
    ]
    if known[0] is None or known[2] is None:
        return None, reasons.NO_RANK
    if known[1] is None or known[1] != known[3]:
        return None, reasons.OTHER_BASE
    return known[2] - known[0], ()


def _printed(rows: pd.DataFrame, indicator: Indicator | None, numerator: str, denominator: str) -> pd.Series:
    """What is ranked, by row: rates as printed, of enough dossiers; counts as they are."""
    values = {}
    for place, top, bottom in zip(rows.index, rows[numerator], rows[denominator], strict=True):
        if pd.isna(top):
            continue
        if indicator is None:
            values[place] = int(top)
        elif pd.notna(bottom) and bottom >= MINIMUM_DENOMINATOR:
            values[place] = printed_rate(int(top), int(bottom), indicator.decimals)
    return pd.Series(values, dtype="Float64")
