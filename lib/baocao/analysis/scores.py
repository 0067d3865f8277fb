"""Mathematics of published index scores: places, means, distances, sums of parts. Pure functions of frames.

Published scores are authoritative and have two decimals; sums of parts only explain them and warn. A score that
was not published is absent, never 0 and never filled from others. Scores in results are exact `Fraction`s.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

import pandas as pd

from baocao.analysis.comparison import rank_values
from baocao.definitions import Index, Period
from baocao.definitions import vietnamese as vn

TOTAL = "total"
TOLERANCE = Fraction(15, 1000)
"""Points by which parts rounded to two decimals may miss their published total (data/reference/README.md)."""


def take_snapshot(scores: pd.DataFrame, index: str, period: Period, unit: str) -> pd.DataFrame:
    """The scores of one capture: of an index and period, the newest `as_of` on which `unit` has a total.

    A capture without a date counts as older than any dated one. Returns rows of the `scores` frame; none where
    the unit has no total.
    """
    rows = scores[(scores["index"] == index) & (scores["period"] == period.code) & scores["score"].notna()]
    own = rows[(rows["unit"] == unit) & (rows["component"] == TOTAL)]
    if own.empty:
        return rows.iloc[:0]
    days = rows["as_of"].map(as_date)
    newest = max(own["as_of"].map(as_date), key=lambda day: day or date.min)
    return rows[[day == newest for day in days]]


def add_shown_groups(snapshot: pd.DataFrame, index: Index) -> pd.DataFrame:
    """The snapshot with exact scores and with the groups that readers see, summed from published ones.

    "Dịch vụ trực tuyến" is dịch vụ công trực tuyến + thanh toán trực tuyến (22 = 12 + 10 points). A group that
    was published itself is never replaced. `facts` counts the published scores added up; a maximum that was not
    given is the index's.
    """
    maxima = {one.name: one.maximum for one in index.components}
    rows = []
    for row in snapshot.to_dict("records"):
        most = maxima.get(row["component"]) if pd.isna(row["maximum"]) else Fraction(str(row["maximum"]))
        rows.append({**row, "score": Fraction(str(row["score"])), "maximum": most, "facts": 1})
    known = {(row["unit"], row["component"]): row for row in rows}
    for shown in index.shown_groups:
        for unit in dict.fromkeys(row["unit"] for row in rows):
            parts = [known.get((unit, part.name)) for part in index.parts(shown.name)]
            if parts and None not in parts and (unit, shown.name) not in known:
                summed = {"component": shown.name, "score": sum(part["score"] for part in parts)}
                summed |= {"maximum": shown.maximum, "rank": pd.NA, "out_of": pd.NA, "facts": len(parts)}
                rows.append({**parts[0], **summed})
    return pd.DataFrame(rows, columns=[*snapshot.columns, "facts"])


def rank_units(snapshot: pd.DataFrame, units: Collection[str]) -> pd.DataFrame:
    """Place of each of the `units` in each component among them.

    Competition ranks (1, 2, 2, 4) on the published score of two decimals. Adds `place`, `tied` (how many others
    share it) and `among` (how many of the units have the score).
    """
    rows = snapshot[snapshot["unit"].isin(list(units))]
    by_component = rows.groupby("component")["score"]
    places = [rank_values(scores.astype(float)) for _, scores in by_component]
    return rows.assign(
        place=pd.concat(places) if places else pd.Series(dtype="Int64"),
        tied=rows.groupby(["component", "score"])["unit"].transform("size") - 1,
        among=rows.groupby("component")["unit"].transform("size"),
    )


def compute_means(ranked: pd.DataFrame) -> dict[str, Fraction]:
    """The unweighted mean of the units by component, rounded half up to two decimals.

    That is what the portal prints as "Cả nước"; distances are taken from it as printed, so that a reader who
    subtracts two printed figures finds the third.
    """
    return {
        component: Fraction(vn.round_half_up(Fraction(sum(scores), len(scores)), 2))
        for component, scores in ranked.groupby("component")["score"]
    }


def check_totals(snapshot: pd.DataFrame, index: Index) -> pd.DataFrame:
    """Published totals against the sums of their published groups.

    returns  unit, published, recomputed, difference (points), `agrees` (within `TOLERANCE`): a row for each unit
             whose groups are all known, as scored or as shown
    """
    found = []
    for unit, rows in snapshot.groupby("unit", sort=False):
        by_component = dict(zip(rows["component"], rows["score"], strict=True))
        for groups in (index.groups, index.shown_groups):
            names = [one.name for one in groups]
            if TOTAL in by_component and names and set(names) <= set(by_component):
                recomputed = sum((by_component[name] for name in names), Fraction(0))
                difference = by_component[TOTAL] - recomputed
                found.append(
                    (unit, by_component[TOTAL], recomputed, difference, abs(difference) <= TOLERANCE)
                )
                break
    return pd.DataFrame(found, columns=["unit", "published", "recomputed", "difference", "agrees"])


@dataclass(frozen=True)
class Earlier:
    """An earlier total of the same unit.

    `reason` says why it must not be compared: "break" (the conditions changed between), "window" (another kind
    of period), or "" when it may. `same_base` is whether the rank is among as many units.
    """

    period: Period
    as_of: date | None
    score: Fraction
    rank: int | None
    out_of: int | None
    source: str
    reason: str
    same_base: bool


def find_earlier(
    scores: pd.DataFrame, index: Index, period: Period, snapshot: pd.DataFrame, unit: str
) -> Earlier | None:
    """The newest earlier total that may be compared with the snapshot's; else the newest that may not.

    Periods of one kind may be compared (two months, two cumulative periods, two captures of one period), others
    not: the portal's score of a year is not made of those of its months.
    """
    own = snapshot[(snapshot["unit"] == unit) & (snapshot["component"] == TOTAL)].iloc[0]
    now = as_date(own["as_of"]) or period.end
    wanted = (scores["index"] == index.name) & (scores["unit"] == unit) & (scores["component"] == TOTAL)
    found = []
    for row in scores[wanted & scores["score"].notna()].to_dict("records"):
        other = Period.parse(row["period"])
        as_of = as_date(row["as_of"])
        then = as_of or other.end
        if then < now:
            alike = (other.kind, other.convention) == (period.kind, period.convention)
            reason = "break" if index.break_between(then, now) else "" if alike else "window"
            rank, out_of, base = (
                None if pd.isna(number) else int(number)
                for number in (row["rank"], row["out_of"], own["out_of"])
            )
            score, same_base = Fraction(str(row["score"])), out_of is not None and out_of == base
            earlier = Earlier(other, as_of, score, rank, out_of, row["source"], reason, same_base)
            found.append((not reason, then, earlier))
    return max(found, key=lambda one: one[:2])[2] if found else None


def as_date(day: object) -> date | None:
    """A plain date, whatever the store makes of it; None where it is missing.

    >>> as_date(pd.NaT), as_date(pd.Timestamp("2026-10-06"))
    (None, datetime.date(2026, 10, 6))
    """
    if day is None or pd.isna(day):
        return None
    return pd.Timestamp(day).date()
