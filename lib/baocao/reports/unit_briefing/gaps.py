"""What a unit should do first: the dossiers still missing to reach the common level of its group, or a target.

Computed, never chosen by hand. A target in force comes before the group's level. Several rates of one matter (the
shares filed online differ only in what they are a share of) make one item, by the rate that lacks most.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from baocao.definitions import vietnamese as vn
from baocao.definitions.indicators import Indicator
from baocao.reports.unit_briefing.reading import Briefing, Row, has_value, is_known

MATTERS = {
    "on_time_rate": "timeliness",
    "online_share": "online",
    "eligible_online_share": "online",
    "full_online_share": "online",
    "level_34_share": "online",
    "post_reception_share": "post",
    "post_return_share": "post",
    "dossier_digitisation_rate": "digitised dossiers",
    "result_digitisation_rate": "digitised results",
    "online_payment_rate": "payment",
}
"""What each rate is about: rates of one matter ask for the same work."""

OVERDUE = "pending_overdue"
PLACES = 3
"""How many items are told."""


@dataclass(frozen=True)
class Gap:
    """One thing to do: `dossiers` are missing. `one` is None for dossiers pending past their due date.

    `against_target`: the level is a decreed target, else the rate of the group.
    """

    one: Indicator | None
    dossiers: int
    against_target: bool = False


def missing_dossiers(numerator: int, denominator: int, level: Fraction) -> int:
    """The fewest whole dossiers that, added to the numerator, lift a rate to `level` (in %).

    >>> missing_dossiers(2668, 34996, Fraction(20)), missing_dossiers(3, 4, Fraction(75))
    (4332, 0)
    """
    return max(ceil(level * denominator / 100) - numerator, 0)


def gap_of(briefing: Briefing, one: Indicator) -> Gap | None:
    """How far the subject is from the target in force, else from its group's rate; None where one is not known."""
    own, group = briefing.row(one.name), briefing.row(one.name, briefing.group)
    if not has_value(own):
        return None
    if own["target"] is not None:
        return Gap(one, int(own["shortfall_dossiers"]), against_target=True)
    if not has_value(group):
        return None
    level = vn.rate(int(group["numerator"]), int(group["denominator"]))
    return Gap(one, missing_dossiers(int(own["numerator"]), int(own["denominator"]), level))


def find_gaps(briefing: Briefing) -> list[Gap]:
    """What the subject lacks, most dossiers first, each matter once; equal numbers in the order of the table."""
    worst: dict[str, Gap] = {}
    for one in briefing.shown_rates:
        gap, matter = gap_of(briefing, one), MATTERS[one.name]
        if gap and gap.dossiers and (matter not in worst or gap.dossiers > worst[matter].dossiers):
            worst[matter] = gap
    found = list(worst.values())
    overdue: Row = briefing.row(OVERDUE)
    if is_known(overdue) and overdue["numerator"]:
        found.append(Gap(None, int(overdue["numerator"])))
    return sorted(found, key=lambda gap: -gap.dossiers)
