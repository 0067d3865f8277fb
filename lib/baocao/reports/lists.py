"""Lists of units in a text: each with its figures, the best and the weakest by a printed rule, who changed most.

Nobody is named but by a rule that the text can print (`.rule`), ties included. A list is a value like a figure: it prints
itself, and is absent where it is empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from baocao.analysis import MINIMUM_DENOMINATOR, is_alive_throughout, rank_printed
from baocao.definitions import Unit, UserError, nearest
from baocao.definitions import vietnamese as vn
from baocao.writing import (
    SILENT,
    Base,
    Change,
    Figure,
    Figures,
    Gap,
    Listing,
    Number,
    Printable,
    Valued,
    Words,
    least_trusted,
    phrases,
)

if TYPE_CHECKING:
    from baocao.reports.memo import Memo
    from baocao.reports.paper import Paper, Whose

LONGEST = 10
"""A tie that makes a list longer is counted, not named."""


# --- small questions -------------------------------------------------------------------------------------------------
def any_known(*things: Printable) -> bool:
    """Whether any of them is known."""
    return any(one.known for one in things)


def differ(one: Figure, other: Figure) -> bool:
    """Whether two numbers are known and are not equal."""
    return one.known and other.known and one.value != other.value


def exceeds(one: Valued, other: Valued | int) -> bool:
    """Whether one is known to be more than another, or than a number."""
    value = other.value if isinstance(other, Valued) else other
    return one.known and value is not None and one.value > value


# --- simple lists ----------------------------------------------------------------------------------------------------
def called(memo: Memo, units: Sequence[Whose]) -> list[Printable]:
    """What each unit is called in a list: of branches of the land office in a row only the first by its whole name."""
    kinds = [None, *(unit.kind for unit in units)]
    return [
        unit.named(f"Chi nhánh {unit.unit.name}") if unit.kind == before == "land_office" else unit
        for unit, before in zip(units, kinds, strict=False)
    ]


@dataclass
class _Names:
    """The names of a pattern for one unit: `name`, `it`, and every figure of the report, each of that unit."""

    memo: Memo
    whose: Whose
    figure: Figure | None
    called: Printable

    def __getitem__(self, name: str) -> Printable:
        if name == "name":
            return self.called
        is_it = name == "it" and self.figure is not None
        return (self.figure if is_it else self.memo.figures.get(name, self.whose.unit)).at(self.whose)


@dataclass
class NamesOf:
    """The names of a pattern for one score: `it`, and what it knows of itself (`share`, `rank`, `whose`, …)."""

    score: Valued

    def __getitem__(self, name: str) -> Printable:
        if name != "it" and not hasattr(self.score, name):
            near = nearest(name, [word for word in dir(self.score) if not word.startswith("_")])
            raise UserError(f"Mẫu «{{{name}}}»: điểm số không có «{name}»; gần nhất: {', '.join(near)}.")
        return self.score if name == "it" else getattr(self.score, name)


def each(
    memo: Paper,
    units: Sequence[Whose | Valued],
    pattern: str,
    separator: str = ", ",
    it: Figure | None = None,
) -> Listing:
    """The pattern once for each unit, those apart whose figures are absent or not whole: "{name} {received} hồ sơ".

    Where nothing is left, the list is absent as the first figure that nobody reported is. Of scores, which know whose
    they are, the names are what each says of itself: "{name} ({share})".
    """
    items = _written(memo, units, pattern, it)
    whole = [item for item in items if _is_whole(memo.figures, item)]
    absent = (thing.absence for item in items for thing in memo.figures.things(item) if thing.absence)
    return Listing(memo.figures, tuple(whole), separator, next(absent, SILENT))


def _written(memo: Paper, units: Sequence[Whose | Valued], pattern: str, it: Figure | None) -> list[str]:
    if any(isinstance(unit, Valued) for unit in units):
        return [pattern.format_map(NamesOf(unit)) for unit in units]
    named = zip(units, called(memo, units), strict=True)
    return [pattern.format_map(_Names(memo, unit, it, name)) for unit, name in named]


def _is_whole(figures: Figures, item: str) -> bool:
    things = figures.things(item)
    return all(one.known and getattr(getattr(one, "of", one), "is_whole", True) for one in things)


def joined(memo: Paper, things: Iterable[Any], separator: str = "") -> Listing:
    """Several things as a list in a sentence; semicolons where a name holds a comma itself."""
    known = (str(one) for one in things if not isinstance(one, Printable) or one.known)
    return Listing(memo.figures, tuple(known), separator)


def names(memo: Memo, units: Sequence[Whose], longest: int = LONGEST) -> Listing:
    """The units by name where they are few, else how many."""
    if len(units) <= longest:
        return joined(memo, called(memo, units), "; ")
    number = _count(memo, units, "Đơn vị được nêu", [memo.figures.get("received", one.unit) for one in units])
    return Listing(memo.figures, (f"{number} đơn vị (nêu tại Phụ lục I)",), "; ")


def _count(
    memo: Memo,
    units: Sequence[Whose | Unit],
    label: str,
    figures: Iterable[Figure],
    group: Unit | None = None,
) -> Number:
    return memo.figures.number(
        len(units), label, group or memo.subject.unit, [one.row["source"] for one in figures]
    )


@dataclass(frozen=True, eq=False)
class Lack:
    """Units that did not report some measures: how many, who where they are few and may be named, and which measures."""

    memo: Memo
    missing: tuple[Unit, ...]
    figures: tuple[Figure, ...]

    @property
    def number(self) -> Number:
        """How many units."""
        return _count(self.memo, self.missing, "Đơn vị thiếu báo cáo", self.figures)

    @property
    def units(self) -> Listing:
        """The units by name; absent where they are many, or not all of the report."""
        named = {one.unit for one in self.memo.members}
        told = self.missing if len(self.missing) <= LONGEST and set(self.missing) <= named else ()
        return joined(self.memo, map(self.memo.figures.unit, told), "; ")

    @property
    def measures(self) -> Listing:
        """What they did not report."""
        return joined(self.memo, [self.memo.figures.name(one.said) for one in self.figures], "; ")


# --- the best and the weakest ----------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Ranked:
    """Units by a rate: those at or above the common level without a dossier pending overdue, and those below it."""

    memo: Memo
    rate: Figure
    units: tuple[Whose, ...]
    within: Whose
    how_many: int
    least: int
    to_target: bool = False

    @property
    def places(self) -> Words:
        """How many are named at each end, in words."""
        return self.memo.figures.name(phrases.say_number(self.how_many))

    @property
    def minimum(self) -> Words:
        """The fewest dossiers of a rate that is judged, in words."""
        return self.memo.figures.name(phrases.say_number(self.least))

    @property
    def common(self) -> Figure:
        """The rate of all together: the level that they are held against."""
        return self.rate.at(self.within)

    @cached_property
    def judged(self) -> list[Whose]:
        """The units that lived through the whole period."""
        return [one for one in self.units if is_alive_throughout(one.unit, self.memo.period)]

    @cached_property
    def eligible(self) -> list[Whose]:
        """Those of them with enough dossiers."""
        rates = {one: self.rate.at(one) for one in self.judged}
        return [one for one, own in rates.items() if own.known and own.denominator >= max(self.least, 1)]

    @property
    def enough(self) -> bool:
        """Whether there are two of them, and a level to hold them against."""
        return len(self.eligible) >= 2 and self.common.known

    @cached_property
    def faultless(self) -> list[Whose]:
        """Those of the eligible that said that no dossier is pending overdue."""
        overdue = self.memo.figures.get("pending_overdue", self.within.unit)
        return [one for one in self.eligible if overdue.at(one).known and not overdue.at(one)]

    @property
    def number(self) -> Number:
        """How many could be praised."""
        overdue = self.memo.figures.get("pending_overdue", self.within.unit)
        looked_at = [figure.at(one) for one in self.faultless for figure in (self.rate, overdue)]
        label = "Đơn vị được xét, không có hồ sơ đang giải quyết quá hạn"
        return _count(self.memo, self.faultless, label, looked_at, self.within.unit)

    @cached_property
    def highest_units(self) -> list[tuple[Whose, int]]:
        """The highest at or above the common level, whatever else they lack: for a chart, which praises nobody."""
        return self._take(self.eligible, highest_first=True)

    @cached_property
    def weakest_units(self) -> list[tuple[Whose, int]]:
        """The weakest, with their ranks from below."""
        return self._take(self.eligible, highest_first=False)

    def _take(self, units: Sequence[Whose], *, highest_first: bool) -> list[tuple[Whose, int]]:
        if not self.common.known or not self.common.is_whole:
            return []
        level = self.common.printed
        return [
            (one, rank) for one, rank in self._rank(units, highest_first=highest_first)
            if rank <= self.how_many and (self.rate.at(one).printed >= level) == highest_first
        ]  # fmt: skip

    def _rank(self, units: Iterable[Whose], *, highest_first: bool) -> list[tuple[Whose, int]]:
        return _by_rank({unit: self.rate.at(unit).printed for unit in units}, highest_first=highest_first)

    @property
    def best(self) -> Listing:
        """The best of those that could be praised, each with its rate and parts."""
        return self._list(self._take(self.faultless, highest_first=True))

    @property
    def weakest(self) -> Listing:
        """The weakest, each with its rate and parts."""
        return self._list(self.weakest_units)

    @property
    def weakest_names(self) -> list[Whose]:
        """The weakest, unless a tie makes them too many to name."""
        return [one for one, _ in self.weakest_units] if len(self.weakest_units) <= LONGEST else []

    @property
    def highest(self) -> Listing:
        """The highest, each with its rate and parts."""
        return self._list(self.highest_units)

    def _list(self, chosen: Sequence[tuple[Whose, int]], *, with_gap: bool = False) -> Listing:
        named, counted = cut_tie(chosen)
        items = []
        for unit, name in zip(named, called(self.memo, named), strict=True):
            own = self.rate.at(unit)
            gap = f"; cần thêm {self.gap(unit)} hồ sơ" if with_gap else ""
            items.append(f"{name} ({own}, {own.fraction} hồ sơ{gap})")
        if counted:
            # Rates printed alike lie around the rate of their sums, which therefore is printed alike too.
            alike = self.together(counted, "Đơn vị bằng tỷ lệ")
            items.append(f"{alike.number} đơn vị cùng đạt {alike.rate} (nêu tại Phụ lục I)")
        return Listing(self.memo.figures, tuple(items), "; ")

    # --- against the target in force, else the common level --------------------------------------------------------
    def gap(self, unit: Whose) -> Gap:
        """The fewest dossiers that would lift a unit to its level."""
        return Gap(self.rate.at(unit), self.common)

    @cached_property
    def held_units(self) -> list[Whose]:
        """The eligible units that can be held against a level: with `to_target` the targets in force, else the common rate."""
        if self.to_target:
            return [unit for unit in self.eligible if self.rate.at(unit).target.known]
        return self.eligible if self.common.is_level else []

    @cached_property
    def behind_units(self) -> list[Whose]:
        """Those of them that lie below it."""
        level = None if self.to_target or not self.held_units else self.common.printed
        return [
            unit for unit in self.held_units
            if (self.gap(unit).value > 0 if level is None else self.rate.at(unit).printed < level)
        ]  # fmt: skip

    @property
    def behind(self) -> Number:
        """How many lie below it."""
        return self._number(self.behind_units, "Đơn vị còn thấp")

    @cached_property
    def reached_units(self) -> list[Whose]:
        """Those of them that do not."""
        return [unit for unit in self.held_units if unit not in self.behind_units]

    @property
    def reached(self) -> Number:
        """How many do not."""
        label = "Đơn vị đạt chỉ tiêu" if self.to_target else "Đơn vị từ mức chung trở lên"
        return self._number(self.reached_units, label)

    @property
    def held(self) -> Number:
        """How many are held against it."""
        return self._number(self.held_units, "Đơn vị được xét")

    @property
    def lowest(self) -> Listing:
        """The lowest of those behind, each with its rate, its parts and the dossiers that it lacks."""
        ranks = self._rank(self.behind_units, highest_first=False)
        return self._list([(unit, rank) for unit, rank in ranks if rank <= self.how_many], with_gap=True)

    @property
    def levels(self) -> Listing:
        """The targets in force that the units are held against, each with the document that decreed it."""
        goals = {}
        for unit in self.held_units:
            goal = self.rate.at(unit).target
            goals.setdefault((goal.target.target, goal.target.legal_source), f"{goal.words} ({goal.law})")
        return Listing(self.memo.figures, tuple(goals.values()), "; ")

    # --- units with every dossier ------------------------------------------------------------------------------------
    @cached_property
    def full(self) -> Together:
        """The eligible units whose rate is full."""
        rates = {unit: self.rate.at(unit) for unit in self.eligible}
        full = [unit for unit, own in rates.items() if own.numerator == own.denominator]
        return self.together(full, "Đơn vị đạt tỷ lệ trọn vẹn")

    def together(self, units: Sequence[Whose], label: str) -> Together:
        """Units whose rates are printed alike, told at once."""
        return Together(self, tuple(units), label)

    def _number(self, units: Sequence[Whose], label: str) -> Number:
        looked_at = [self.rate.at(unit) for unit in units]
        return _count(self.memo, units, f"{label}: {self.rate.label}", looked_at)

    @property
    def rule(self) -> Listing:
        """How the units are chosen."""
        minimum, places = (phrases.say_number(one) for one in (self.least, self.how_many))
        short = [one for one in self.units if one not in self.judged]
        said = (
            f"chỉ xét đơn vị có mẫu số của tỷ lệ từ {minimum} hồ sơ trở lên; so sánh tỷ lệ đã làm tròn hai chữ số thập phân; "
            f"nêu {places} đơn vị cao nhất trong số đơn vị từ mức chung trở lên và không có hồ sơ đang giải quyết quá hạn, "
            f"{places} đơn vị thấp nhất trong số đơn vị dưới mức chung; đơn vị bằng tỷ lệ với đơn vị được nêu cuối cùng thì "
            "cùng được nêu"
        )
        if short:
            looked_at = [self.rate.at(one) for one in short]
            number = _count(self.memo, short, "Đơn vị chỉ hoạt động trong một phần của kỳ", looked_at)
            said += f". Không xét {number} đơn vị chỉ hoạt động trong một phần của kỳ"
        return Listing(self.memo.figures, (said,), "; ")


def ranked(
    memo: Memo, rate: Figure, units: Sequence[Whose], places: int = 5, minimum: int = MINIMUM_DENOMINATOR,
    within: Whose | None = None, to_target: bool = False,
) -> Ranked:  # fmt: skip
    """The best and the weakest of the units by a rate, held against that of `within` (the subject), or their targets."""
    return Ranked(memo, rate, tuple(units), within or memo.subject, places, minimum, to_target)


def _by_rank(printed: dict[Whose, float], *, highest_first: bool = True) -> list[tuple[Whose, int]]:
    ranks = rank_printed(printed, highest_first=highest_first)
    return sorted(((unit, rank) for unit, (rank, _) in ranks.items()), key=lambda pair: pair[1])


def cut_tie(chosen: Sequence[tuple[Whose, int]]) -> tuple[list[Whose], list[Whose]]:
    """The chosen units to be named, and the last tie where it makes the list too long."""
    if len(chosen) <= LONGEST:
        return [one for one, _ in chosen], []
    last = max(rank for _, rank in chosen)
    return [one for one, rank in chosen if rank != last], [one for one, rank in chosen if rank == last]


@dataclass(frozen=True, eq=False)
class Together:
    """Units that are equal by a rate, told at once: how many, their rate, and who where they are few."""

    ranked: Ranked
    units: tuple[Whose, ...]
    label: str

    @property
    def number(self) -> Number:
        """How many units."""
        looked_at = [self.ranked.rate.at(unit) for unit in self.units]
        return _count(self.ranked.memo, self.units, self.label, looked_at, self.ranked.within.unit)

    @property
    def rate(self) -> Figure:
        """The rate of their sums."""
        rate = self.ranked.rate
        rows = [rate.at(unit).row for unit in self.units]

        def make(unit: Unit) -> dict[str, Any]:
            summed = {name: sum(row[name] for row in rows) for name in ("numerator", "denominator", "facts")}
            source = least_trusted(row["source"] for row in rows)
            return {**summed, "source": source, "missing": (), "instead": False}

        return rate.made(f"{rate.label}, các đơn vị bằng nhau", make).at(self.ranked.within)

    @property
    def list(self) -> Listing:
        """The units, each with the parts of its rate; absent where they are many."""
        few = self.units if len(self.units) <= LONGEST else ()
        items = tuple(f"{unit} ({self.ranked.rate.at(unit).fraction} hồ sơ)" for unit in few)
        return Listing(self.ranked.memo.figures, items, "; ")

    def __bool__(self) -> bool:
        return bool(self.units)


# --- who has most ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Most:
    """The units with most of something, most first; `number` of them have any."""

    memo: Memo
    figure: Figure
    units: tuple[Whose, ...]
    how_many: int
    pattern: str

    @cached_property
    def having(self) -> list[tuple[Whose, int]]:
        """The units that have any, with their ranks."""
        values = {one: self.figure.at(one) for one in self.units}
        return _by_rank(
            {one: float(figure.value) for one, figure in values.items() if figure.known and figure.value}
        )

    @property
    def known(self) -> bool:
        """Whether any unit told how many it has."""
        return any(self.figure.at(one).known for one in self.units)

    @property
    def whole(self) -> bool:
        """Whether every unit told how many it has."""
        return all(self.figure.at(one).known for one in self.units)

    @property
    def first_units(self) -> list[Whose]:
        """Those with most, and all tied with the last of them."""
        return [one for one, rank in self.having if rank <= self.how_many]

    @property
    def places(self) -> Words:
        """How many are named, in words."""
        return self.memo.figures.name(phrases.say_number(self.how_many))

    @property
    def number(self) -> Number:
        """How many units have any."""
        looked_at = [self.figure.at(one) for one in self.units if self.figure.at(one).known]
        label = f"Đơn vị có {self.figure.said}"
        return _count(self.memo, [one for one, _ in self.having], label, looked_at)

    @property
    def list(self) -> Listing:
        """Those with most, by the pattern."""
        named, counted = cut_tie([(one, rank) for one, rank in self.having if rank <= self.how_many])
        items = _written(self.memo, named, self.pattern, self.figure)
        if counted:
            looked_at = [self.figure.at(one) for one in counted]
            number = _count(self.memo, counted, "Đơn vị bằng số", looked_at)
            value = looked_at[0].named(f"{self.figure.label} của mỗi đơn vị bằng số").at(self.memo.subject)
            alike = value.made(value.label, lambda unit: looked_at[0].row)
            items.append(f"{number} đơn vị cùng có {alike} {self.figure.said} (nêu tại Phụ lục I)")
        return Listing(self.memo.figures, tuple(items), "; ")

    def __bool__(self) -> bool:
        return bool(self.having)


def most(
    memo: Memo, figure: Figure, units: Sequence[Whose], places: int = 5, pattern: str = "{name} {it} hồ sơ"
) -> Most:
    """The units with most of a number of dossiers."""
    return Most(memo, figure, tuple(units), places, pattern)


# --- who changed most ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Movers:
    """The units held against an earlier period: with themselves (`direct`), with the old units that went into them
    (`bridged`), or not, by reason (`refused`)."""

    memo: Memo
    figures: tuple[Figure, ...]
    units: tuple[Whose, ...]
    base: Base
    how_many: int

    def change(self, figure: Figure, unit: Whose, style: str = "words") -> Change:
        """A unit's change."""
        return figure.at(unit).change(self.base, style)

    @cached_property
    def _sorted(self) -> tuple[list[Whose], list[Whose], dict[tuple, list[Whose]]]:
        direct, bridged, refused = [], [], {}
        for unit in self.units:
            rows = [self.change(one, unit).row for one in self.figures]
            compared = [row for row in rows if row["comparable"] != "no"]
            if not compared:
                refused.setdefault(tuple(rows[0]["told"]), []).append(unit)
            else:
                (bridged if compared[0]["bridge"] else direct).append(unit)
        return direct, bridged, refused

    @property
    def direct_units(self) -> list[Whose]:
        """The units compared with themselves."""
        return self._sorted[0]

    @property
    def bridged_units(self) -> list[Whose]:
        """The units compared with the sum of those that went into them."""
        return self._sorted[1]

    @property
    def refused(self) -> dict[tuple, list[Whose]]:
        """Those of which nothing may be compared, by reason."""
        return self._sorted[2]

    @property
    def how(self) -> Listing:
        """How many units are compared, and how; absent where none is."""
        ways = (
            (self.direct_units, "Đơn vị so sánh trực tiếp", "so sánh trực tiếp"),
            (self.bridged_units, "Đơn vị so sánh qua đơn vị cũ",
             "so sánh với tổng của các đơn vị cũ hợp thành (nêu tại Phụ lục I)"),
        )  # fmt: skip
        items = [f"{self._number(units, label)} đơn vị {how}" for units, label, how in ways if units]
        return Listing(self.memo.figures, tuple(items), "; ")

    def _number(self, units: Sequence[Whose], label: str) -> Number:
        return _count(self.memo, units, label, [self.memo.figures.get("received", one.unit) for one in units])

    @property
    def reasons(self) -> list[Listing]:
        """Who is not compared and why, an item for each reason."""
        figures = self.memo.figures
        told = [f"{names(self.memo, units)}: {figures.reason(why)}" for why, units in self.refused.items()]
        return [Listing(figures, (one,), "; ") for one in told]

    @property
    def rule(self) -> Words:
        """How units are chosen for their change."""
        minimum, places = phrases.say_number(MINIMUM_DENOMINATOR), phrases.say_number(self.how_many)
        return self.memo.figures.name(
            f"chỉ xét đơn vị có mẫu số từ {minimum} hồ sơ trở lên ở cả hai kỳ; so sánh mức thay đổi đã làm tròn hai chữ số "
            f"thập phân; nêu {places} đơn vị tăng nhiều nhất và {places} đơn vị giảm nhiều nhất, kể cả đơn vị bằng nhau"
        )

    def _judged(self, rate: Figure) -> list[Whose]:
        rows = {one: self.change(rate, one).row for one in (*self.direct_units, *self.bridged_units)}
        return [
            one for one, row in rows.items()
            if row["comparable"] != "no" and not row["small"] and not row["base_small"]
        ]  # fmt: skip

    def enough(self, rate: Figure) -> bool:
        """Whether two units may be compared by the rate."""
        return len(self._judged(rate)) >= 2

    def moved(self, rate: Figure, rising: bool) -> Listing:
        """The units whose rate rose (or fell) most."""
        changes = {one: self.change(rate, one) for one in self._judged(rate)}
        sizes = {one: vn.round_half_up(change.row["change_pp"], 2) for one, change in changes.items()}
        way = {one: float(size) for one, size in sizes.items() if (size > 0 if rising else size < 0)}
        chosen = [one for one, rank in _by_rank(way, highest_first=rising) if rank <= self.how_many]
        named, others = chosen[:LONGEST], chosen[LONGEST:]
        items = [
            f"{name} ({changes[unit]})" for unit, name in zip(named, called(self.memo, named), strict=True)
        ]
        if others:
            items.append(f"{self._number(others, 'Đơn vị thay đổi bằng nhau')} đơn vị khác")
        return Listing(self.memo.figures, tuple(items))

    def __bool__(self) -> bool:
        """Whether anything was reported then."""
        rows = (self.change(one, unit).row for unit in self.units for one in self.figures)
        return any(row["base_numerator"] is not None for row in rows)


def movers(
    memo: Memo, figures: Sequence[Figure], units: Sequence[Whose], base: Base, places: int = 3
) -> Movers:
    """The units held one by one against an earlier period, by these figures."""
    memo.figures.history.read_ahead([one.unit for one in units], memo.period, [base.period])
    return Movers(memo, tuple(figures), tuple(units), base, places)


# --- what got better -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Improved:
    """How many rates got better since an earlier period, of those of enough dossiers that may be compared."""

    memo: Memo
    changes: tuple[Change, ...]

    @cached_property
    def _compared(self) -> list[Change]:
        return [change for change in self.changes if change.known and not change.small]

    @cached_property
    def _better(self) -> list[Change]:
        moved = [change for change in self._compared if change.value]
        return [one for one in moved if (one.value > 0) == one.of.indicator.higher_is_better]

    @property
    def known(self) -> bool:
        """Whether any of them may be compared."""
        return bool(self._compared)

    @property
    def most(self) -> bool:
        """Whether several got better, and more than half."""
        return len(self._better) > max(1, len(self._compared) // 2)

    @property
    def better(self) -> Number:
        """How many got better."""
        return self._number(self._better, "Chỉ tiêu có tiến triển so với cùng kỳ")

    @property
    def compared(self) -> Number:
        """How many may be compared."""
        return self._number(self._compared, "Chỉ tiêu so sánh được với cùng kỳ")

    @property
    def rates(self) -> Listing:
        """The rates that may be compared, by name."""
        return joined(self.memo, [change.of.inside for change in self._compared], "; ")

    def _number(self, changes: Sequence[Change], label: str) -> Number:
        sources = [one.row[name] for one in self._compared for name in ("source", "base_source")]
        return self.memo.figures.number(len(changes), label, self.memo.subject.unit, sources, "chỉ tiêu")


def improved(memo: Memo, rates: Sequence[Figure], base: Base) -> Improved:
    """How many of the rates got better since an earlier period."""
    return Improved(memo, tuple(rate.change(base) for rate in rates))


# --- what a unit lacks -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False, repr=False)
class Task(Printable):
    """One thing to do: the dossiers that a rate lacks, or those past their due date."""

    of: Figure
    gap: Gap | None = None

    @property
    def figures(self) -> Figures:
        return self.of.figures

    @property
    def is_rate(self) -> bool:
        """Whether a rate is below its level; else dossiers are overdue."""
        return self.gap is not None

    @property
    def number(self) -> int:
        """How many dossiers."""
        return self.gap.value if self.gap else self.of.value

    @property
    def level(self) -> Words:
        """What the dossiers would lift the rate to."""
        return self.gap.level

    @property
    def inside(self) -> Words:
        """The rate's name."""
        return self.of.inside

    @property
    def action(self) -> Words:
        """What closes the gap."""
        return self.of.action

    def write(self, claims: Any, *, in_text: bool = True, first: bool = False) -> str:
        return (self.gap or self.of).write(claims, in_text=in_text)


def lacking(memo: Memo, rates: Sequence[Figure], overdue: Figure | None = None) -> list[Task]:
    """What the subject lacks, most dossiers first, each matter once by the rate that lacks most.

    A rate of few dossiers asks for nothing: two of three can be an accident.
    """
    worst: dict[str, Task] = {}
    for rate in rates:
        gap = rate.gap
        if rate.small or not gap.known or not gap.value:
            continue
        if rate.matter not in worst or gap.value > worst[rate.matter].number:
            worst[rate.matter] = Task(rate, gap)
    tasks = list(worst.values())
    if overdue is not None and exceeds(overdue, 0):
        tasks.append(Task(overdue))
    return sorted(tasks, key=lambda task: -task.number)


def judged(memo: Memo, rates: Sequence[Figure]) -> bool:
    """Whether any rate of enough dossiers could be held against a level."""
    return any(rate.gap.known and not rate.small for rate in rates)
