"""The numbers the sample province is made from: windows, volumes, trends, and the published totals it must meet.

The published totals are those of the seeds' memos (Báo Hà Tĩnh 07/2025; công văn 04/2019 and 2023). Everything
else is invented, chosen to look like a province: volumes grow, filing moves online, few dossiers come at Tết.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

import numpy as np

FIRST_MONTH, LAST_MONTH = 2022 * 12, 2025 * 12 + 5
"""January 2022 and June 2025, in months since the year 0: trends run from one to the other."""

VOLUMES = {
    "department": (1_450, 1_700),
    "land_office": (1_050, 1_350),
    "district": (3_700, 7_200),
    "commune": (14_300, 28_500),
}
"""Dossiers received a month by all units of a kind, at the first and at the last month."""

DEPARTMENTS = {
    "HT-SCT": 300,
    "HT-STP": 260,
    "HT-SGTVT": 230,
    "HT-SKHDT": 130,
    "HT-SYT": 110,
    "HT-SLDTBXH": 90,
    "HT-STNMT": 60,
    "HT-SNNPTNT": 50,
    "HT-SXD": 50,
    "HT-SGDDT": 45,
    "HT-SNV": 40,
    "HT-SVHTTDL": 35,
    "HT-KKT": 20,
    "HT-SKHCN": 15,
    "HT-STTTT": 15,
    "HT-STC": 12,
    "HT-SNGV": 8,
    "HT-VPUB": 6,
    "HT-TTT": 4,
}
"""Relative volume of the departments of 2019; a department that is not named weighs 30."""

SEASON = (1040, 960, 1060, 1000, 1010, 990, 970, 990, 1000, 1020, 1020, 1060)
"""Thousandths of the usual volume, January to December."""

TET = {2022: 2, 2023: 1, 2024: 2, 2025: 1}
"""The month that loses most working days to Tết, and what it keeps of its volume in thousandths."""
TET_KEEPS = 740

NO_FEES = ("HT-TTT", "HT-SNGV")
"""Units none of whose procedures bears a fee: their payment rate has no denominator."""

ALL_ELIGIBLE_ONLINE = ("HT-SGDDT", "HT-STTTT", "HT-SGTVT")
ALL_FULL_ONLINE = ("440", "446")
PRAISED = (date(2023, 1, 1), date(2023, 6, 30))
"""Công văn 2023: in these months the three departments had 100% of eligible dossiers filed online, huyện Đức Thọ
and huyện Cẩm Xuyên 100% of those of full online services."""

GROWTH_BASE = (date(2022, 1, 1), date(2022, 6, 30))
GROWTH = 402
"""Công văn 2023: the online share of the first half of 2023 is this many thousandths above that of 2022."""


@dataclass(frozen=True)
class Trend:
    """A share in ten-thousandths: in 2019, at the first and at the last month, by kind of unit ("" for others).

    `spread` is how far units lie from it for good, `jitter` how far they wander from month to month, both in
    ten-thousandths; `skewed` trends differ by factors instead, so that a few units are far worse than most.
    """

    by_kind: dict[str, tuple[int, int, int]]
    spread: int = 800
    jitter: int = 200
    low: int = 0
    high: int = 10_000
    skewed: bool = False


TRENDS = {
    "filed_online": Trend(
        {
            "department": (900, 4_100, 9_400),
            "land_office": (400, 1_700, 9_100),
            "district": (700, 2_400, 6_800),
            "commune": (500, 2_200, 5_900),
        },
        spread=1_300,
        low=250,
        high=9_850,
    ),
    "eligible_direct": Trend({"": (5_000, 5_500, 8_000)}, spread=1_500),
    "full_online_filed": Trend({"": (5_000, 5_500, 7_500)}),
    "full_direct": Trend({"": (4_000, 4_000, 5_000)}),
    "level_4_filed": Trend({"": (2_500, 4_000, 4_000)}, spread=1_500),
    "post_received": Trend({"": (0, 250, 500)}, spread=150, jitter=80),
    "post_returned": Trend({"": (60, 350, 700)}, spread=200, jitter=80),
    "pending": Trend({"": (2_200, 2_500, 2_350)}, spread=500, low=800),
    "pending_overdue": Trend({"": (500, 350, 180)}, jitter=30, skewed=True),
    "resolved_late": Trend({"": (600, 420, 190)}, jitter=30, skewed=True),
    "resolved_on_time": Trend({"": (3_600, 3_200, 2_500)}, spread=1_100),
    "digitisation_base": Trend({"": (9_000, 9_600, 9_900)}, spread=100, jitter=50),
    "dossier_digitised": Trend({"": (100, 1_600, 9_700)}, spread=1_400),
    "result_base": Trend({"": (8_000, 8_600, 8_600)}, spread=500),
    "result_digitised": Trend({"": (80, 1_300, 9_600)}, spread=1_400),
    "fee_bearing": Trend(
        {
            "department": (3_000, 3_000, 3_000),
            "land_office": (9_000, 9_000, 9_000),
            "district": (3_500, 3_500, 3_500),
            "commune": (2_300, 2_300, 2_300),
        },
        spread=500,
    ),
    "paid_online": Trend({"": (0, 500, 9_500)}, spread=700),
}


@dataclass(frozen=True)
class Window:
    """One fact set: its days, and the totals to meet, by level ("" for the whole province) and measure."""

    start: date
    end: date
    targets: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def month(self) -> int:
        """Months since the year 0 of the first day."""
        return self.start.year * 12 + self.start.month - 1


def sample_windows() -> list[Window]:
    """Quý I/2019, the months 2022-01 to 2025-06, and July 2025 as the 24 published days and the rest, in order.

    Targets that were not published: the last seven days of July, at the pace of the first 24.
    """
    first_quarter = {("", "received"): 34_996, ("", "filed_online"): 2_668, ("", "post_received"): 0}
    windows = [Window(date(2019, 1, 1), date(2019, 3, 31), first_quarter)]
    for month in range(FIRST_MONTH, LAST_MONTH + 1):
        year, number = month // 12, month % 12 + 1
        # What is pending at the end of June 2025 is what July was published to have carried over.
        targets = {("", "pending"): 11_901} if month == LAST_MONTH else {}
        windows.append(
            Window(date(year, number, 1), date(year, number, monthrange(year, number)[1]), targets)
        )
    published = {
        ("", "pending"): 18_306,
        ("", "resolved_late"): 580,
        ("", "resolved_on_time"): 7_218,
        **{("province", name): total for name, total in _PROVINCE_LEVEL.items()},
        **{("commune", name): total for name, total in _COMMUNE_LEVEL.items()},
    }
    windows.append(Window(date(2025, 7, 1), date(2025, 7, 24), published))
    rest = {("province", "received"): 621, ("commune", "received"): 9_736, ("", "pending"): 17_940}
    return [*windows, Window(date(2025, 7, 25), date(2025, 7, 31), rest)]


_PROVINCE_LEVEL = {
    "received": 2_131,
    "filed_online": 2_024,
    "online_base": 2_132,
    "digitisation_base": 2_132,
    "dossier_digitised": 2_132,
    "result_base": 1_560,
    "result_digitised": 1_552,
    "fee_bearing": 3_763,
    "paid_online": 3_745,
}
_COMMUNE_LEVEL = {
    "received": 33_379,
    "filed_online": 19_108,
    "online_base": 33_394,
    "digitisation_base": 33_369,
    "dossier_digitised": 33_368,
    "result_base": 21_921,
    "result_digitised": 21_843,
    "fee_bearing": 7_917,
    "paid_online": 7_474,
}


# --------------------------------------------------------------------------------------------------
# A whole number shared out in whole numbers: the largest remainders, with a most for each share.


def apportion(total: int, weights: np.ndarray, most: np.ndarray | None = None) -> np.ndarray:
    """Shares of `total` in proportion to the weights, whole numbers that add up to it exactly.

    What is left by rounding down goes to the largest remainders, the first of equal ones first. No share exceeds
    its `most`; what does not fit goes to the others in proportion. Where all weights that still have room are 0,
    every share with room weighs the same. Integers throughout: the same result on every machine.

    >>> apportion(10, np.array([1, 1, 1])).tolist(), apportion(10, np.array([8, 1, 1]), np.array([4, 9, 9])).tolist()
    ([4, 3, 3], [4, 3, 3])
    """
    weights = np.asarray(weights, dtype=np.int64)
    most = np.full(len(weights), total, dtype=np.int64) if most is None else np.asarray(most, dtype=np.int64)
    if total < 0 or (weights < 0).any() or most.clip(min=0).sum() < total:
        raise ValueError(f"cannot share out {total} among weights {weights} with at most {most}")
    shares = np.zeros(len(weights), dtype=np.int64)
    while (left := total - int(shares.sum())) > 0:
        room = most - shares
        live = np.where(room > 0, weights, 0)
        if not live.any():
            live = (room > 0).astype(np.int64)
        whole, remainder = np.divmod(left * live, int(live.sum()))
        given = np.minimum(whole, room.clip(min=0))
        shares += given
        if (given == whole).all():
            ranked = np.argsort(-remainder, kind="stable")
            lucky = [at for at in ranked if remainder[at] > 0 and shares[at] < most[at]]
            shares[lucky[: left - int(given.sum())]] += 1
    return shares
