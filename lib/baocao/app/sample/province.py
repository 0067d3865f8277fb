"""A synthetic province: every unit valid at each date under its real name, with counts that were made up.

The totals meet the published ones (`plan`); every fact carries the source "sample". Made with integers
only and no random generator: the same counts on every machine. The identities of Biểu II.06 hold in every unit,
and what a unit had pending is what it, or whoever inherited its tasks, carries over (`hand_over`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import blake2b, sha256
from pathlib import Path

import numpy as np
import pandas as pd

from baocao.app.sample import plan as sample_plan
from baocao.app.sample.plan import FIRST_MONTH, LAST_MONTH, TRENDS, Window, apportion, sample_windows
from baocao.definitions import LEAF_KINDS, Measure, Register, Unit, UserError, load_measures, load_register
from baocao.definitions import vietnamese as vn
from baocao.readers import COUNT_COLUMNS, SCORE_COLUMNS
from baocao.store import SAMPLE_FILE, write_parquet

_README = "Số liệu mẫu do máy tạo ra (baocao sample), không có giá trị pháp lý; xóa được, tạo lại được.\n"
_TYPES = {
    "unit": "VARCHAR",
    "period_start": "DATE",
    "period_end": "DATE",
    "measure": "VARCHAR",
    "value": "BIGINT",
}


def make_sample(register: Register, measures: dict[str, Measure]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The counts of all windows of `sample_windows`, and scores (none: an index is never made up).

    A measure is there for the windows that lie wholly in its dates; August 2022, when levels 3 and 4 gave way to
    một phần, toàn trình on the 15th, has neither.
    """
    scenes = [SyntheticWindow(window, units, dict(window.targets)) for window, units in _casts(register)]
    _receive(scenes, register)
    _file_online(scenes)
    stock: dict[str, int] = {}
    for at, one in enumerate(scenes):
        _carry_over(one, scenes[at - 1] if at else None, stock, register)
        _resolve(one)
        _serve_online(one)
        _digitise(one)
        stock = dict(zip(one.codes, one["pending"].tolist(), strict=True))
    counts = pd.concat([_facts(one, measures) for one in scenes], ignore_index=True)
    counts = counts.assign(
        source="sample", file=SAMPLE_FILE.as_posix(), sheet="", row=np.arange(len(counts)) + 2
    )
    return counts[COUNT_COLUMNS], pd.DataFrame(columns=SCORE_COLUMNS)


def write_sample(root: Path) -> Path:
    """Writes the sample's counts to `data/derived/sample/counts.parquet`, unless the ones there are still right.

    They are made anew when the units, the lineage, the measures or the code that makes them changed.
    """
    path = root / SAMPLE_FILE
    made_from = _made_from(root)
    note = path.with_name("made_from.txt")
    if path.is_file() and note.is_file() and note.read_text(encoding="utf-8").strip() == made_from:
        return path
    counts, _ = make_sample(load_register(root), load_measures(root))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_name("README.txt").write_text(_README, encoding="utf-8")
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    write_parquet(counts, fresh, _TYPES)
    fresh.replace(path)
    note.write_text(made_from + "\n", encoding="utf-8")
    return path


def remove_sample(root: Path) -> None:
    """Takes the sample's counts out of the project; `write_sample` makes the same again."""
    for name in (SAMPLE_FILE.name, "made_from.txt"):
        (root / SAMPLE_FILE).with_name(name).unlink(missing_ok=True)


def _made_from(root: Path) -> str:
    digest = sha256()
    for name in ("units.csv", "lineage.csv", "measures.csv"):
        digest.update((root / "data" / "reference" / name).read_bytes())
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _casts(register: Register) -> list[tuple[Window, list[Unit]]]:
    return [(window, leaf_units(register, window.start)) for window in sample_windows()]


def _receive(scenes: list[SyntheticWindow], register: Register) -> None:
    """Dossiers received: the volume of each kind, shared out by the size of its units."""
    sizes = _first_sizes(scenes[0])
    before = scenes[0].window.start
    for one in scenes:
        for day in reform_dates(register, before, one.window.start):
            sizes = hand_over(sizes, register, day)
        before = one.window.start
        size = np.array([sizes[code] for code in one.codes]) * one.chance("received", 800, 1_200)
        weights = np.zeros(len(size), dtype=np.int64)
        for kind in sorted(set(one.kinds)):
            there = one.kinds == kind
            weights[there] = apportion(_volume(one.window, kind), size[there])
        # Weights are dossiers already: they stay as they are where the window has no total to meet.
        one.share("received", weights * 100, rates=np.full(len(size), 100))


def _first_sizes(one: SyntheticWindow) -> dict[str, int]:
    """The relative size of each unit of 2019 within its kind: towns are larger than villages."""
    sizes = {}
    spread = chance(one.seeds, 0, "size", 300, 1_700) * chance(one.seeds, 1, "size", 600, 1_400) // 1_000
    for unit, size in zip(one.units, spread.tolist(), strict=True):
        if unit.kind == "department":
            sizes[unit.code] = 10_000 * sample_plan.DEPARTMENTS.get(unit.code, 30)
        elif unit.kind in ("district", "commune") and not unit.full_name.startswith(("Xã", "Huyện")):
            sizes[unit.code] = size * 1_800
        else:
            sizes[unit.code] = (size + 200) * 1_000
    return sizes


def _volume(window: Window, kind: str) -> int:
    """Dossiers a month received by all units of the kind."""
    first, last = sample_plan.VOLUMES[kind]
    past = min(max(window.month, sample_plan.FIRST_MONTH), sample_plan.LAST_MONTH) - sample_plan.FIRST_MONTH
    volume = first + (last - first) * past // (sample_plan.LAST_MONTH - sample_plan.FIRST_MONTH)
    volume = volume * sample_plan.SEASON[window.start.month - 1] // 1_000
    if sample_plan.TET.get(window.start.year) == window.start.month:
        volume = volume * sample_plan.TET_KEEPS // 1_000
    wobble = chance(np.array([seed_of(kind)]), window.start.toordinal(), "volume", 980, 1_020)
    return volume * int(wobble[0]) // 1_000


def _file_online(scenes: list[SyntheticWindow]) -> None:
    """Dossiers filed online, and the published growth of their share between two half-years."""
    for one in scenes:
        # At least one dossier comes on paper: nobody else reaches 100% where the memo praises a few for it.
        room = one["received"] if one.targets else (one["received"] - 1).clip(min=0)
        one.share("filed_online", one["received"], most=room)
        one.share("online_base", one["received"], np.full(len(room), 10_000), one["received"] + 1)
    before, after = (
        [one for one in scenes if span[0] <= one.window.start and one.window.end <= span[1]]
        for span in (sample_plan.GROWTH_BASE, sample_plan.PRAISED)
    )
    filed, base = (sum(int(one[name].sum()) for one in before) for name in ("filed_online", "online_base"))
    received = sum(int(one["online_base"].sum()) for one in after)
    wanted = (2 * (1_000 + sample_plan.GROWTH) * filed * received + 1_000 * base) // (2_000 * base)
    natural = np.array([one["filed_online"].sum() for one in after])
    for one, total in zip(after, apportion(wanted, natural).tolist(), strict=True):
        one.targets["", "filed_online"] = total
        one.share("filed_online", one["received"], most=(one["received"] - 1).clip(min=0))


def _carry_over(
    one: SyntheticWindow, earlier: SyntheticWindow | None, stock: dict[str, int], register: Register
) -> None:
    """What was pending the day before, with the units that inherited it; a start where there is no day before."""
    if earlier is None or earlier.window.end + timedelta(days=1) != one.window.start:
        one.counts["carried_over"] = one["received"] * one.chance("carried_over", 200, 320) // 1_000
        return
    for day in reform_dates(register, earlier.window.end, one.window.start):
        stock = hand_over(stock, register, day)
    one.counts["carried_over"] = np.array([stock[code] for code in one.codes])


def _resolve(one: SyntheticWindow) -> None:
    one.counts["filed_direct"] = one["received"] - one["filed_online"]
    handled = one["received"] + one["carried_over"]
    pending = one.share("pending", handled)
    resolved = handled - pending
    late = one.share("resolved_late", resolved)
    on_time = one.share("resolved_on_time", resolved - late)
    one.counts["resolved_early"] = resolved - late - on_time
    one.counts["pending_in_time"] = pending - one.share("pending_overdue", pending)
    one.share("post_received", one["filed_direct"])
    one.share("post_returned", resolved)
    one.share("result_base", resolved)
    one.share("result_digitised", one["result_base"])


def _serve_online(one: SyntheticWindow) -> None:
    """Every dossier filed online is one of an eligible service; the rest of those came on paper."""
    praised = sample_plan.PRAISED[0] <= one.window.start and one.window.end <= sample_plan.PRAISED[1]
    online, direct = one["filed_online"], one["filed_direct"]
    # One eligible dossier on paper, a full-online one, keeps a unit below 100%.
    eligible = np.maximum(one.share("eligible_direct", direct), direct.clip(max=1))
    eligible[_among(one, sample_plan.ALL_ELIGIBLE_ONLINE if praised else ())] = 0
    full = np.maximum(one.share("full_direct", eligible), eligible.clip(max=1))
    full[_among(one, sample_plan.ALL_FULL_ONLINE if praised else ())] = 0
    one.counts["eligible_online"] = online
    one.counts["eligible_received"] = online + eligible
    one.counts["full_online_received"] = one.share("full_online_filed", online) + full
    one.counts["level_3_filed"] = online - one.share("level_4_filed", online)
    one.counts["level_base"] = one["received"]


def _digitise(one: SyntheticWindow) -> None:
    """Digitisation at reception, and payment.

    Land offices count the fees of dossiers carried over too: as published, more dossiers bear a fee than the
    provincial level received.
    """
    one.share("digitisation_base", one["received"], most=one["online_base"])
    one.share("dossier_digitised", one["digitisation_base"])
    offices = one.kinds == "land_office"
    whole = one["received"] + np.where(offices, one["carried_over"], 0)
    rates = one.rate("fee_bearing")
    rates[_among(one, sample_plan.NO_FEES)] = 0
    one.share("fee_bearing", whole, rates, most=np.where(offices, 3 * whole, whole))
    one.share("paid_online", one["fee_bearing"])


def _among(one: SyntheticWindow, codes: tuple[str, ...]) -> np.ndarray:
    return np.isin(one.codes, codes)


def _facts(one: SyntheticWindow, measures: dict[str, Measure]) -> pd.DataFrame:
    """The scene's counts as rows: unit by unit, the measures that hold for the whole window."""
    start, end = one.window.start, one.window.end
    names = [name for name in measures if name in one.counts and measures[name].in_force(start, end)]
    names = [name for name in names if not measures[name].parts]
    table = np.stack([one[name] for name in names], axis=1)
    days = {"period_start": _days(start, table.size), "period_end": _days(end, table.size)}
    return pd.DataFrame(
        {
            "unit": np.repeat(np.array(one.codes, dtype=object), len(names)),
            **days,
            "measure": np.tile(np.array(names, dtype=object), len(one.codes)),
            "value": table.ravel(),
        }
    )


def _days(day: date, count: int) -> np.ndarray:
    days = np.empty(count, dtype=object)
    days[:] = day
    return days


# --------------------------------------------------------------------------------------------------
# Who took over the dossiers of units that ended: amounts handed over along the lineage, for the sample
# only.
#
# Real stocks are reported, never derived like this: a `part` edge does not say how much went where.


_STAYS = 9
"""Of a unit that only hands over a part of its tasks, this many tenths stay with it (our assumption)."""


def leaf_units(register: Register, day: date) -> list[Unit]:
    """The units that receive dossiers themselves on the day, in the register's order."""
    return [unit for unit in register.on(day) if unit.kind in LEAF_KINDS]


def hand_over(amounts: dict[str, int], register: Register, day: date) -> dict[str, int]:
    """The amounts by the units valid from `day` on, given those of the day before; the sum stays the same.

    A unit merged whole hands over everything; a unit split is shared out equally among its parts, except that one
    that lives on keeps nine tenths; a district that ended without a successor of its own hands over to the
    communes that succeed its communes, in proportion to how many of them.
    """
    total = dict.fromkeys((unit.code for unit in leaf_units(register, day)), 0)
    edges: dict[str, list[str]] = {}
    for edge in register.edges:
        if edge.effective_date == day and edge.new_code in total:
            edges.setdefault(edge.old_code, []).append(edge.new_code)
    below: dict[str, list[str]] = {}
    for unit in register.on(day - timedelta(days=1)):
        below.setdefault(unit.parent, []).extend(edges.get(unit.code, []))
    for code, amount in amounts.items():
        if code in edges:
            shares = _weigh(edges[code], code)
        elif code in total:
            shares = {code: 1}
        elif below.get(code):
            shares = _weigh(below[code])
        else:
            raise UserError(
                f"Đơn vị {code} kết thúc trước ngày {vn.format_date(day, 'short')} mà lineage.csv không có đơn vị "
                "kế thừa; hãy thêm dòng cho đơn vị này."
            )
        given = apportion(amount, np.array(list(shares.values())))
        for new_code, part in zip(shares, given.tolist(), strict=True):
            total[new_code] += part
    return total


def reform_dates(register: Register, after: date, until: date) -> list[date]:
    """The days after `after` and up to `until` on which units were rearranged, in order."""
    return sorted({edge.effective_date for edge in register.edges if after < edge.effective_date <= until})


def _weigh(heirs: Iterable[str], same: str = "") -> dict[str, int]:
    weights: dict[str, int] = {}
    for heir in heirs:
        weights[heir] = weights.get(heir, 0) + 1
    others = len(weights) - (same in weights)
    if same in weights and others:
        return {heir: _STAYS * others if heir == same else 1 for heir in weights}
    return weights


# --------------------------------------------------------------------------------------------------
# One window of the sample: its units, their chance, and counts shared out among them in whole numbers.


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
class SyntheticWindow:
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
