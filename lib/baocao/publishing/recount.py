"""Every figure counted again from the facts, before a document is delivered: by what is printed, not by how it was made.

A second way to each figure, which shares no code with `analysis`: a fault of either one shows as a difference. What
is added up follows from what a claim prints: its label (that of a measure or an indicator), unit and window. Changes,
ranks and what a unit lacks to its group's rate are made again of such counts. Not recounted is what stood for a unit
before a reform, and what no count of the store says: scores, targets, published figures, numbers of units, labels of an
author's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property, partial
from math import ceil
from typing import Any, NamedTuple

from baocao.analysis import CHOSEN, MINIMUM_DENOMINATOR
from baocao.definitions import HOME, INDICATORS, LEAF_KINDS, Measure, Period, Register, Unit
from baocao.definitions import vietnamese as vn
from baocao.publishing.check_claims import Fault
from baocao.store import Facts
from baocao.writing import COMMON, GROWN_SINCE, LACKING, RANKED_BY, SINCE, SOURCE_LABELS, Claim, capitalise

_TRUSTED_FIRST = ("received", "published", "sample")
_WORST_LAST = ("published", "received", "sample")
_SAMPLE = _WORST_LAST.index("sample")
_DAY = timedelta(days=1)
_OTHER_NAMES_BEFORE = date(2022, 8, 15)
"""Services had levels 3 and 4 until then: their figures may stand under the name of what is counted today."""

_Sum = tuple[int, int]
"""A number of dossiers, and the worst of its facts' sources, as a place in `_WORST_LAST`."""
_Made = tuple[_Sum, _Sum | None]
"""A share's numerator and denominator; a number of dossiers has no denominator."""
_Fact = tuple[date, date, int, str]
"""First and last day, number of dossiers, source."""
_Printed = tuple[str, str, str, str]
"""What a claim prints of a count or share: its label, its unit's code and name, its window."""


class _Recipe(NamedTuple):
    """The counts and shares that a claim is made of, and what it has to be by them; None where they do not say."""

    parts: tuple[_Printed, ...]
    expect: Callable[[Sequence[_Made | None]], _Expected | None]


class _Expected(NamedTuple):
    """What a claim has to be: its value, parts where it prints any, and its source, a place in `_WORST_LAST`."""

    value: Fraction | None
    parts: tuple[int, ...]
    source: int


@dataclass(frozen=True, eq=False)
class _Whose:
    """The units that a figure adds up in a window.

    `tier` is the province or level that may have reported figures of its own; `joined` that units which began inside
    the window took over from others of them, so that their stocks do not count twice.
    """

    units: tuple[Unit, ...]
    window: Period
    tier: Unit | None = None
    joined: bool = False


@dataclass(frozen=True)
class Recount:
    """What the facts say of any unit in any window, for a document about `units` in `period`."""

    facts: Facts
    register: Register
    period: Period
    units: Sequence[Unit]

    def check(self, record: Mapping[str, Any]) -> tuple[dict[str, Fault], set[str]]:
        """The faults of the claims that the facts do not bear out, by claim, and the claims that were recounted."""
        recipes = {claim["id"]: one for claim in record["claims"] if (one := self._recipe(claim))}
        asked = dict.fromkeys(printed for one in recipes.values() for printed in one.parts)
        places = {place: self._whose(*place) for place in {printed[1:] for printed in asked}}
        whose = {printed: one for printed in asked if (one := places[printed[1:]])}
        if not whose:
            return {}, set()
        ways = [way for printed in whose for way in self._defined[printed[0]]]
        names = {name for numerator, denominator, _ in ways for name in numerator + denominator}
        sums = _read_sums(self.facts, self.register, names, list(whose.values()))
        made = {printed: self._make(printed[0], one, sums) for printed, one in whose.items()}
        faults: dict[str, Fault] = {}
        counted: set[str] = set()
        for claim in record["claims"]:
            recipe = recipes.get(claim["id"])
            if recipe is None or not all(printed in whose for printed in recipe.parts):
                continue
            expected = recipe.expect([made[printed] for printed in recipe.parts])
            first = min(whose[printed].window.start for printed in recipe.parts)
            if expected is None and first < _OTHER_NAMES_BEFORE:
                continue
            counted.add(claim["id"])
            if not _agrees(claim, expected):
                faults[claim["id"]] = _fault(Claim(**claim), expected)
        return faults, counted

    # --- what a claim is made of -----------------------------------------------------------------------------------
    def _recipe(self, claim: Mapping[str, Any]) -> _Recipe | None:
        label, printed = claim["label"], (claim["label"], claim["unit"], claim["unit_name"], claim["period"])
        if label in self._defined:
            return _Recipe((printed,), _as_it_is)
        for sign in (SINCE, GROWN_SINCE):
            of, since, base = label.partition(sign)
            if since and of in self._defined:
                return self._recipe_of_change(of, base, claim)
        if label.startswith(RANKED_BY):
            return self._recipe_of_rank(capitalise(label.removeprefix(RANKED_BY)), claim)
        level, _, of = label.removeprefix(LACKING).partition(": ")
        if label.startswith(LACKING) and level.startswith(COMMON) and of in self._defined:
            name = level.removeprefix(COMMON)
            group = (of, self._group_code(name, claim["unit"]), name, claim["period"])
            return _Recipe(((of, *printed[1:]), group), _lacking)
        return None

    def _group_code(self, name: str, unit: str) -> str:
        """The code of the group that a unit is held against: a level or the province by its name, those chosen, its kind."""
        tiers = (one for one in self.register.units if one.code == HOME or one.kind == "level")
        if tier := next((one for one in tiers if one.official_name == name), None):
            return tier.code
        if name == CHOSEN.official_name:
            return CHOSEN.code
        return f"{HOME}-{next((one.kind for one in self._coded.get(unit, ())), '')}"

    def _recipe_of_change(self, of: str, base: str, claim: Mapping[str, Any]) -> _Recipe | None:
        window = Period.parse(claim["period"])
        then = next(
            (one for one in (window.previous(), window.same_period_last_year()) if one.name == base), None
        )
        if then is None or claim["unit"] == CHOSEN.code:
            return None
        days = (then.start, window.end)
        kind = claim["unit"].removeprefix(f"{HOME}-")
        if kind in LEAF_KINDS and any(days[0] < one.effective_date <= days[1] for one in self.register.edges):
            return None  # what stood for the group then is not told by its name
        about = (of, claim["unit"], claim["unit_name"])
        parts = ((*about, window.code), (*about, then.code))
        if GROWN_SINCE in claim["label"]:
            return _Recipe(parts, _grown)
        is_number = claim["form"].startswith("count")
        return _Recipe(parts, partial(_changed, decimals=self._decimals.get(of, 2), is_number=is_number))

    def _recipe_of_rank(self, of: str, claim: Mapping[str, Any]) -> _Recipe | None:
        window, code = Period.parse(claim["period"]), claim["unit"]
        kind = next((one.kind for one in self._coded.get(code, ()) if one.valid_on(window.end)), "")
        if of not in self._defined or kind not in LEAF_KINDS:
            return None
        peers = [
            unit
            for unit in self._leaves(window)
            if unit.kind == kind and unit.valid_on(window.start) and unit.valid_on(window.end)
        ]
        parts = tuple((of, unit.code, unit.official_name, window.code) for unit in peers)
        at = next((at for at, unit in enumerate(peers) if unit.code == code), None)
        lowest = next((not one.higher_is_better for one in INDICATORS if one.label == of), False)
        return _Recipe(
            parts, partial(_ranked, at=at, decimals=self._decimals.get(of, 2), lowest_first=lowest)
        )

    @cached_property
    def _decimals(self) -> dict[str, int]:
        """With how many decimals each rate is printed."""
        return {one.label: one.decimals for one in INDICATORS}

    def _make(self, label: str, whose: _Whose, sums: _Sums) -> _Made | None:
        """What the facts say of a label; None where they do not."""
        for numerator, denominator, since in self._defined[label]:
            one = sums.even(whose, numerator + denominator) if denominator else whose
            parts = [_add(sums.of(one, name) for name in names) for names in (numerator, denominator)]
            in_force = since is None or since <= whose.window.start
            if in_force and parts[0] and (parts[1] or not denominator):
                return parts[0], parts[1]
        return None

    @cached_property
    def _defined(self) -> dict[str, list[tuple[tuple[str, ...], tuple[str, ...], date | None]]]:
        """What each label is a number or share of: numerator and denominator, and since when it may be that one."""
        defined = {one.label: [((name,), (), None)] for name, one in self.facts.measures.items()}
        for one in INDICATORS:
            defined[one.label] = [(one.numerator, one.denominator, None)]
            if one.denominator_instead:
                defined[one.label].append((one.numerator, one.denominator_instead, one.instead_from))
        return defined

    def _whose(self, code: str, name: str, period: str) -> _Whose | None:
        """Whose dossiers a unit's figure adds up; None where what is printed does not say it."""
        window = Period.parse(period)
        leaves = self._leaves(window)
        if code == CHOSEN.code:
            return _Whose(tuple(self._chosen(leaves)), window) if window == self.period else None
        if kind := next((kind for kind in LEAF_KINDS if code == f"{HOME}-{kind}"), ""):
            members = [one for one in leaves if one.kind == kind]
            # In a document about several units it may be those of the kind among them.
            is_whole = len(self.units) == 1 or HOME in {one.code for one in self.units}
            is_meant = is_whole or self._chosen(members) == members
            return _Whose(tuple(members), window, joined=True) if is_meant else None
        units = [
            one for one in self._coded.get(code, ()) if one.official_name == name and _is_alive(one, window)
        ]
        unit = next((one for one in units if len(units) == 1 or one.valid_on(window.end)), None)
        if unit and (unit.code == HOME or unit.kind == "level"):
            members = [one for one in leaves if unit.code == HOME or one.level == unit.level]
            return _Whose(tuple(members), window, unit, joined=True)
        if unit and unit.kind in LEAF_KINDS and not self._stands_for_others(unit, window):
            return _Whose((unit,), window)
        return None

    @cached_property
    def _coded(self) -> dict[str, list[Unit]]:
        """The units by their codes."""
        coded: dict[str, list[Unit]] = {}
        for one in self.register.units:
            coded.setdefault(one.code, []).append(one)
        return coded

    def _leaves(self, window: Period) -> list[Unit]:
        """The units that handled dossiers in some part of the window."""
        known: dict[Period, list[Unit]] = self.facts.shared.setdefault(("leaves", self.register), {})
        if window not in known:
            known[window] = [
                one for one in self.register.units if one.kind in LEAF_KINDS and _is_alive(one, window)
            ]
        return known[window]

    def _chosen(self, leaves: Iterable[Unit]) -> list[Unit]:
        """Those that the document is about, one by one: a level gives way to its units of the last day."""
        levels = {one.level for one in self.units if one.kind == "level"}
        alive = (one for one in leaves if one.valid_on(self.period.end))
        return [one for one in alive if one in self.units or one.level in levels]

    def _stands_for_others(self, unit: Unit, window: Period) -> bool:
        """Whether a reform lies between the window and the document's: old units may be added up under the name."""
        if window == self.period:
            return False
        first, last = min(window.start, self.period.start), max(window.end, self.period.end)
        edges = (one for one in self.register.edges if unit.code in (one.old_code, one.new_code))
        is_changed = any(first < one.effective_date <= last for one in edges)
        return is_changed or not (unit.valid_on(window.start) and unit.valid_on(window.end))


def _read_sums(facts: Facts, register: Register, names: set[str], asked: Sequence[_Whose]) -> _Sums:
    """The sums of these measures and units; facts read of all units are kept for the next document of the period."""
    spans = {(one.window.start, one.window.end) for one in asked}
    held: _Sums | None = facts.shared.get("recount")
    if held and names <= held.names and spans <= held.spans:
        return held
    alone = all(len(one.units) == 1 and not one.tier for one in asked)
    codes = {one.units[0].code for one in asked} if alone else None
    sums = _Sums(facts, register, names, spans, codes)
    if not alone:
        facts.shared["recount"] = sums
    return sums


class _Sums:
    """The facts of some measures in some windows, of all units or those of some codes, added up."""

    def __init__(
        self,
        facts: Facts,
        register: Register,
        names: set[str],
        spans: set[tuple[date, date]],
        codes: set[str] | None,
    ) -> None:
        self.names, self.spans = names, spans
        self._measures: Mapping[str, Measure] = facts.measures
        self._levels = [one for one in register.units if one.kind == "level"]
        self._facts: dict[tuple[str, str], list[_Fact]] = {}
        needed = list(names)
        for name in needed:  # the list grows
            needed += [part for part in self._measures[name].parts if part not in needed]
        rows = facts.counts_inside(sorted(spans), needed, codes)
        days = (rows[name].to_numpy("datetime64[D]").tolist() for name in ("period_start", "period_end"))
        others = (rows[name].tolist() for name in ("value", "source", "unit", "measure"))
        for *fact, unit, measure in zip(*days, *others, strict=True):
            self._facts.setdefault((unit, measure), []).append(tuple(fact))
        # The latest first; of one day the longest last, of one window the most trusted last.
        for found in self._facts.values():
            found.sort(key=lambda one: (-one[0].toordinal(), one[1], -_TRUSTED_FIRST.index(one[3])))
        self._known: dict[tuple[str, str, date, date], _Sum | None] = {}

    def of(self, whose: _Whose, name: str) -> _Sum | None:
        """The dossiers of the units in the window; None where nobody reported any."""
        return self._sum(whose, self._measures[name])[0]

    def even(self, whose: _Whose, names: Iterable[str]) -> _Whose:
        """Of whom a share is told: of those who reported all of its parts, where not all did."""
        measures = [self._measures[name] for name in names]
        if len(whose.units) < 2 or all(self._sum(whose, one)[1] for one in measures):
            return whose
        told = [
            unit
            for unit in whose.units
            if all(
                self._of_unit(unit, one, whose.window)
                for one in measures
                if unit in self._units_of(whose, one)
            )
        ]
        return replace(whose, units=tuple(told), tier=None) if told else whose

    def _sum(self, whose: _Whose, measure: Measure) -> tuple[_Sum | None, bool]:
        """The sum, and whether it is whole: every unit reported, or the province or level did itself."""
        window, tier = whose.window, whose.tier
        added = self._sum_units(whose, measure)
        if added[1] or tier is None:
            return added
        if tier.code == HOME:
            alive = [level for level in self._levels if _is_alive(level, window)]
            below = [self._sum(_of_level(whose, level), measure) for level in alive]
            if all(is_whole for _, is_whole in below):
                return _add(one for one, _ in below), True
        throughout = tier.valid_on(window.start) and tier.valid_on(window.end)
        own = self._reported(tier.code, measure, window.start, window.end) if throughout else None
        return (own, True) if own else added

    def _sum_units(self, whose: _Whose, measure: Measure) -> tuple[_Sum | None, bool]:
        if measure.mixed and (
            whose.joined or len(whose.units) > 1
        ):  # flows and stocks have members of their own
            parts = [self._sum_units(whose, self._measures[part]) for part in measure.parts]
            return _add(one for one, _ in parts), all(is_whole for _, is_whole in parts)
        sums = [self._of_unit(unit, measure, whose.window) for unit in self._units_of(whose, measure)]
        known = [one for one in sums if one]
        return _add(known), bool(known) and len(known) == len(sums)

    def _units_of(self, whose: _Whose, measure: Measure) -> tuple[Unit, ...]:
        """The units whose figures are in the sum: a stock is that of who was there on its day, where others took over."""
        if not whose.joined or measure.kind == "flow":
            return whose.units
        day = whose.window.start if measure.kind == "opening" else whose.window.end
        return tuple(one for one in whose.units if one.valid_on(day))

    def _of_unit(self, unit: Unit, measure: Measure, window: Period) -> _Sum | None:
        """The dossiers of one unit over its life in the window."""
        first = max(window.start, unit.valid_from or date.min)
        last = min(window.end, unit.valid_to or date.max)
        key = (unit.code, measure.name, first, last)
        if key not in self._known:
            self._known[key] = self._reported(unit.code, measure, first, last)
        return self._known[key]

    def _reported(self, code: str, measure: Measure, first: date, last: date) -> _Sum | None:
        """What was reported under a code for these days, a total from its parts where all are there."""
        held = self._facts.get((code, measure.name), ())
        facts = [one for one in held if first <= one[0] and one[1] <= last]
        real = [one for one in facts if one[3] != "sample"]
        own = (_over(real, measure, first, last) if real else None) or _over(facts, measure, first, last)
        summed = _add(self._reported(code, self._measures[part], first, last) for part in measure.parts)
        is_better = own and own[1] != _SAMPLE and summed and summed[1] == _SAMPLE
        return own if is_better else summed or own


def _over(facts: Sequence[_Fact], measure: Measure, first: date, last: date) -> _Sum | None:
    """The facts whose windows fill the days without a gap, from each day on the longest; None where none do."""
    reaches: dict[date, list[_Fact]] = {last + _DAY: []}
    for one in facts:
        if (onward := reaches.get(one[1] + _DAY)) is not None:
            reaches[one[0]] = [one, *onward]
    tiles = reaches.get(first, [])
    if measure.mixed and len(tiles) > 1:
        return None
    tiles = {"flow": tiles, "opening": tiles[:1], "closing": tiles[-1:]}[measure.kind]
    return _add((value, _WORST_LAST.index(source)) for _, _, value, source in tiles)


def _add(sums: Iterable[_Sum | None]) -> _Sum | None:
    """All of them together; None where one is not known, or there is none."""
    known = list(sums)
    if not known or None in known:
        return None
    return sum(value for value, _ in known), max(source for _, source in known)


def _of_level(province: _Whose, level: Unit) -> _Whose:
    units = tuple(one for one in province.units if one.level == level.level)
    return _Whose(units, province.window, level, joined=True)


def _is_alive(unit: Unit, window: Period) -> bool:
    return (unit.valid_from or date.min) <= window.end and (unit.valid_to or date.max) >= window.start


def _as_it_is(made: Sequence[_Made | None]) -> _Expected | None:
    """A count or share itself."""
    if made[0] is None:
        return None
    numerator, denominator = made[0]
    if denominator is None:
        return _Expected(Fraction(numerator[0]), (), numerator[1])
    return _Expected(_share(made[0]), (numerator[0], denominator[0]), max(numerator[1], denominator[1]))


def _changed(made: Sequence[_Made | None], *, decimals: int, is_number: bool) -> _Expected | None:
    """How much the first has changed from the second: rates as printed in points, numbers in % or, of few, by how many."""
    now, then = made
    if now is None or then is None:
        return None
    (count, _), (before, _) = now[0], then[0]
    if now[1] is None:
        value = (
            Fraction(abs(count - before))
            if is_number
            else before and Fraction(100 * (count - before), before)
        )
    elif then[1] is None or not now[1][0] or not then[1][0]:
        return None
    else:
        value = _as_printed(now, decimals) - _as_printed(then, decimals)
    return _Expected(Fraction(value), (), _worst(made))


def _grown(made: Sequence[_Made | None]) -> _Expected | None:
    """How much a rate has changed in % of what it was."""
    rates = [one and _share(one) for one in made]
    if None in rates or not rates[1]:
        return None
    return _Expected(100 * (rates[0] / rates[1] - 1), (), _worst(made))


def _ranked(
    made: Sequence[_Made | None], *, at: int | None, decimals: int, lowest_first: bool
) -> _Expected | None:
    """The place of the one at `at` among all that are ranked, by the values as printed; rates of few dossiers are not."""
    values = {
        place: one[0][0] if one[1] is None else _as_printed(one, decimals)
        for place, one in enumerate(made)
        if one and (one[1] is None or one[1][0] >= MINIMUM_DENOMINATOR)
    }
    if at not in values:
        return None
    before = sum(value < values[at] if lowest_first else value > values[at] for value in values.values())
    return _Expected(Fraction(before + 1), (before + 1, len(values)), _worst(made))


def _lacking(made: Sequence[_Made | None]) -> _Expected | None:
    """The fewest dossiers that lift the first share to the second."""
    own, group = made
    if own is None or group is None or not own[1] or not group[1] or not group[1][0]:
        return None
    needed = ceil(_share(group) * own[1][0] / 100) - own[0][0]
    return _Expected(Fraction(max(needed, 0)), (), _worst(made))


def _share(made: _Made) -> Fraction | None:
    (numerator, _), denominator = made
    return Fraction(100 * numerator, denominator[0]) if denominator and denominator[0] else None


def _as_printed(made: _Made, decimals: int) -> Fraction:
    printed = vn.format_percent(made[0][0], made[1][0], decimals)
    return Fraction(vn.parse_number(printed.removesuffix("%")))


def _worst(made: Iterable[_Made | None]) -> int:
    return max(one[1] for two in made if two for one in two if one)


def _agrees(claim: Mapping[str, Any], expected: _Expected | None) -> bool:
    if expected is None or claim["source"] != _WORST_LAST[expected.source]:
        return False
    if "numerator" in claim:
        return (claim["numerator"], claim["denominator"]) == expected.parts
    return expected.value is not None and Fraction(claim["value"]) == expected.value


def _fault(claim: Claim, expected: _Expected | None) -> Fault:
    is_share = claim.numerator is not None and claim.form not in ("fraction", "rank_of")
    parts = (
        f" = {vn.format_number(claim.numerator)}/{vn.format_number(claim.denominator)}" if is_share else ""
    )
    found = "không có số liệu nào"
    if expected:
        value = vn.round_half_up(expected.value or 0, claim.decimals)
        found = "/".join(map(vn.format_number, expected.parts)) or vn.format_number(value, claim.decimals)
        found = f"được {found} ({SOURCE_LABELS[_WORST_LAST[expected.source]]})"
    return Fault(
        f"Số liệu {claim.id} «{claim.text}{parts}» ({SOURCE_LABELS[claim.source]}) ghi là {claim.label} của {claim.unit_name}, "
        f"{claim.window}, nhưng đếm lại từ kho số liệu {found}; hãy lấy con số từ kết quả đã tính (`setting.results`), "
        "hoặc sửa nhãn, đơn vị, kỳ, nguồn của con số cho đúng."
    )
