"""One window of the sample: its units, their chance, and counts shared out among them in whole numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from baocao.app.sample.apportion import apportion
from baocao.app.sample.plan import FIRST_MONTH, LAST_MONTH, TRENDS, Window
from baocao.definitions.units import Unit

_WHOLE = 10_000


def chance(seeds: np.ndarray, moment: int, purpose: str, low: int, high: int) -> np.ndarray:
    """Whole numbers from `low` to `high`, one per seed: always the same for a seed, moment and purpose.

    The mixing function of SplitMix64 on 64-bit integers: no generator whose stream may change with its version,
    and a unit's numbers do not depend on which other units there are.
    """
    step = (moment * 0x9E3779B97F4A7C15 + int(seed_of(purpose))) % 2**64
    state = seeds + np.uint64(step)
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        state = (state ^ (state >> np.uint64(shift))) * np.uint64(factor)
    state = state ^ (state >> np.uint64(31))
    return low + (state % np.uint64(high - low + 1)).astype(np.int64)


def seed_of(text: str) -> np.uint64:
    """The seed of a name."""
    return np.uint64(int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big"))


@dataclass(eq=False)
class Scene:
    """The counts of one window as they grow, an array in the units' order for each measure."""

    window: Window
    units: list[Unit]
    targets: dict[tuple[str, str], int]
    counts: dict[str, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = [unit.code for unit in self.units]
        self.kinds = np.array([unit.kind for unit in self.units])
        self.levels = np.array([unit.level for unit in self.units])
        self.seeds = np.array([seed_of(code) for code in self.codes], dtype=np.uint64)

    def __getitem__(self, measure: str) -> np.ndarray:
        return self.counts[measure]

    def rate(self, purpose: str) -> np.ndarray:
        """The share each unit tends to in this window, in ten-thousandths."""
        trend = TRENDS[purpose]
        month = min(max(self.window.month, FIRST_MONTH), LAST_MONTH) - FIRST_MONTH
        rates = np.zeros(len(self.units), dtype=np.int64)
        for kind in set(self.kinds):
            early, first, last = trend.by_kind.get(kind) or trend.by_kind[""]
            middle = first + (last - first) * month // (LAST_MONTH - FIRST_MONTH)
            rates[self.kinds == kind] = early if self.window.month < FIRST_MONTH else middle
        # In 2019 shares were so small that units cannot lie far apart.
        spread = np.minimum(trend.spread, rates)
        if trend.skewed:
            rates = rates * chance(self.seeds, 0, purpose, 20, 200) ** 2 // 12_000
        else:
            rates += spread * chance(self.seeds, 0, purpose, -1_000, 1_000) // 1_000
        rates += np.minimum(trend.jitter, rates) * self.chance(purpose, -1_000, 1_000) // 1_000
        return rates.clip(trend.low, trend.high)

    def chance(self, purpose: str, low: int, high: int) -> np.ndarray:
        """Whole numbers of the units, this window's own."""
        return chance(self.seeds, self.window.start.toordinal(), purpose, low, high)

    def share(
        self, measure: str, whole: np.ndarray, rates: np.ndarray | None = None, most: np.ndarray | None = None
    ) -> np.ndarray:
        """The measure's counts: each unit's rate of `whole` (default: of its trend), never above `most`.

        Where the window has a target for the measure, the units of that level (or all) add up to it exactly.
        """
        rates = self.rate(measure) if rates is None else rates
        most = whole if most is None else most
        counts = np.minimum((whole * rates + _WHOLE // 2) // _WHOLE, most)
        for (level, name), total in self.targets.items():
            if name == measure:
                there = (self.levels == level) | (level == "")
                counts[there] = apportion(total, (whole * rates)[there], most[there])
        self.counts[measure] = counts
        return counts
