"""What a notebook opens: the figures of a report by name, its units, and the prose, tables and charts that show them.

`memo = open_memo(period, units)` puts the vocabulary into the notebook (docs/viet-van-ban.md has examples): every measure
and indicator by its name, `subject`, `levels`, `members`, …; cells that begin with `%%vanban` are prose (`writing.prose`),
tables and charts are calls of one line. A figure is read when a cell names it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from baocao.analysis import (
    CHOSEN,
    MINIMUM_DENOMINATOR,
    History,
    bridge_units,
    choose_bases,
    choose_subject,
    is_alive_throughout,
    is_group,
    kind_unit,
    level_units,
    periods_before,
    rates,
    reform_windows,
    title_kind,
)
from baocao.definitions import (
    HOME,
    INDICATORS,
    LEAF_KINDS,
    OFFICE,
    Period,
    Register,
    Unit,
    UserError,
    find_project_root,
    load_register,
    load_targets,
)
from baocao.reports import lists
from baocao.reports.exhibits import NAMES, TREND, Exhibits
from baocao.reports.paper import Paper, Whose, enter_notebook
from baocao.reports.setting import Setting, open_setting, refuse_beyond, refuse_empty
from baocao.store import Facts, open_facts
from baocao.writing import (
    SILENT,
    Claims,
    Figures,
    Listing,
    Words,
    phrases,
)

_FORM = (
    "received", "carried_over", "resolved", "resolved_early", "resolved_on_time", "resolved_late", "pending",
    "pending_in_time", "pending_overdue",
)  # fmt: skip
"""The counts of Biểu II.06."""


@dataclass(frozen=True)
class Purpose:
    """What a kind of report is made for.

    refuse    raises a UserError for a period or units that it is not made for
    measures  those that it is about, of which the subject must have reported one; none: any
    what      how they are called together
    also      the codes of units that the report may name besides its own
    """

    refuse: Callable[[Period, Sequence[Unit]], None] = lambda period, units: None
    measures: tuple[str, ...] = ()
    what: str = "số liệu tiếp nhận, giải quyết hồ sơ"
    also: tuple[str, ...] = ()


ANY = Purpose()
"""Of a report that refuses nothing."""


class Memo(Paper):
    """One report on dossiers being written."""

    words = (
        *Paper.words, "peers", "levels", "groups", "members", "whose", "by_block", "kinds_now", "is_single", "is_range",
        "has_dossiers", "begins_inside", "handed_over", "ended_levels", "odd_fees", "by_level", "common", "targets", "lacks",
        "minimum", "sources", "called", "names", "ranked", "most", "movers", "improved", "lacking", "judged",
    )  # fmt: skip
    called, names, ranked, most = lists.called, lists.names, lists.ranked, lists.most
    movers, improved, lacking, judged = lists.movers, lists.improved, lists.lacking, lists.judged

    def __init__(self, setting: Setting, purpose: Purpose = ANY) -> None:
        register, period = setting.register, setting.period
        unit, members = choose_subject(register, period, setting.units)
        levels = level_units(register, period) if unit.code == HOME else []
        kinds, ended, groups = _group(register, period, unit, members)
        history = replace(setting.history, groups=groups)
        figures = Figures(history, period, setting.claims)
        group = None
        if unit.kind in LEAF_KINDS:
            group = _kind_of(register, unit.kind, period)
            figures.group, figures.peers = group, _peers(register, unit.kind, period)
        province = register.get(HOME, period.end)
        history.read_ahead(
            [unit, *levels, *kinds, *ended, *members, *([group, province] if group else [])], period
        )
        history.read_ahead([unit, *levels], period, setting.bases)
        names = list(purpose.measures or setting.measures)
        if not _is_reported(history, [unit, *levels], names, period):
            raise refuse_empty(period, setting.units, purpose.what)
        if not _is_reported(history, members, names, period):
            members, kinds, ended = (), (), ()
        whose = {one: Whose(figures, one) for one in members}
        self.members = tuple(whose.values())
        self.groups = tuple(
            Whose(figures, kind, tuple(whose[one] for one in members if one.kind == kind.kind))
            for kind in kinds
        )
        self.ended = tuple(Whose(figures, one) for one in ended)
        level_of = {one.kind: one.level for one in register.units}
        self.levels = tuple(
            Whose(
                figures,
                level,
                tuple(one for one in self.members if one.unit.level == level.level),
                tuple(one for one in self.groups if level_of[one.kind] == level.level),
            )
            for level in levels
        )
        super().__init__(setting, figures, Whose(figures, unit, self.members, self.groups))
        self.peers = Whose(figures, group) if group else None
        self.exhibits = Exhibits(self)
        self.is_single, self.is_range = self.subject.is_single, period.kind == "range"
        self.minimum = figures.name(phrases.say_number(MINIMUM_DENOMINATOR))

    # --- the vocabulary ------------------------------------------------------------------------------------------
    def vocabulary(self) -> dict[str, Any]:
        """What the notebook's cells may name (`vocabulary_names`)."""
        names, unit = figure_names(self.setting.measures), self.subject.unit
        named = {name: self.figures.get(name, unit) for name in names}
        return super().vocabulary() | named | self.exhibits.vocabulary()

    def everyone(self) -> list[Unit]:
        return [one.unit for one in (self.subject, *self.levels, *self.members)]

    @property
    def begins_inside(self) -> bool:
        """Whether the subject was founded within the period."""
        since = self.subject.unit.valid_from
        return bool(since and since > self.period.start)

    @property
    def ended_levels(self) -> list[Whose]:
        """The levels of government that ended within the period."""
        return [one for one in self.levels if one.unit.valid_to and one.unit.valid_to < self.period.end]

    @property
    def has_dossiers(self) -> bool:
        """Whether the subject received, resolved or was handling any dossier, as far as it reported."""
        names = ("received", "carried_over", "resolved", "resolved_late", "pending", "pending_overdue")
        known = [one for one in (self.figures.get(name, self.subject.unit) for name in names) if one.known]
        return not known or any(known)

    @property
    def handed_over(self) -> bool:
        """Whether the subject is a level whose units may have taken over dossiers from another level, or given some."""
        reformed = len(reform_windows(self.setting.register, self.period)) > 1
        return reformed and self.subject.kind == "level" and self.subject.unit != CHOSEN

    @property
    def kinds_now(self) -> list[Whose]:
        """The kinds of units that there are on the period's last day, for an order to all of them."""
        register, period = self.setting.register, self.period
        kinds = dict.fromkeys(unit.kind for unit in register.on(period.end) if unit.kind in LEAF_KINDS)
        return [Whose(self.figures, _kind_of(register, kind, period)) for kind in kinds]

    @property
    def odd_fees(self) -> list[Whose]:
        """The levels and the subject that have more fee-bearing dossiers than they received."""
        fees, received = (self.figures.get(name, self.subject.unit) for name in ("fee_bearing", "received"))
        return [one for one in (*self.levels, self.subject) if lists.exceeds(fees.at(one), received.at(one))]

    def by_block(self) -> list[Whose]:
        """Each level with its kinds of units below it, then the whole."""
        listed: list[Whose] = []
        for level in self.levels:
            listed += [level, *(level.groups if len(level.groups) > 1 else ())]
        if not self.levels and len(self.groups) > 1:
            listed += self.groups
        return [*listed, self.subject]

    def by_level(
        self, figure: Any, pattern: str = "{name} {it.fraction} hồ sơ, đạt {it}", separator: str = "; "
    ) -> Listing:
        """A figure of each level that is a whole part of the subject's: "cấp xã 9/10 hồ sơ, đạt 90%; …".

        What a level reported in place of its units is no part of a sum that lacks them. Silent where no level reported it:
        the sum beside it says so.
        """
        lacking = {unit.level for unit in figure.row["missing"]}
        parts = [one for one in self.levels if one.unit.level not in lacking]
        return replace(lists.each(self, parts, pattern, separator, figure), absent=SILENT)

    def lacks(self, *figures: Any) -> list[lists.Lack]:
        """The units that lack in sums of these figures (or of all measures), each set of them with what it did not report."""
        asked = figures or [self.figures.get(name, self.subject.unit) for name in self.setting.measures]
        lacking: dict[tuple[Unit, ...], list[Any]] = {}
        for one in asked:
            if one.known and not one.is_whole:
                lacking.setdefault(one.row["missing"], []).append(one)
        return [lists.Lack(self, units, tuple(same)) for units, same in lacking.items()]

    def common(self, figure: Any) -> Words | Any:
        """The rate of the group, to hold a unit's own against; silent where it is not whole, or the unit lived a part."""
        one = figure.at(self.peers) if self.peers else None
        if one is None or self.subject.short_lived or not one.known or not one.is_whole:
            return Words(self.figures, lambda claims, first: "", SILENT)
        return one

    def targets(self, figures: Iterable[Any]) -> list[Any]:
        """Those of the figures for which a target is in force and that somebody reported."""
        beside = [self.subject, *([self.peers, self.province] if self.peers else [])]
        aimed = [one for one in figures if one.target.known]
        return [one for one in aimed if any(one.at(whose).reported for whose in beside)]

    @property
    def whose(self) -> Words:
        """The subject after a noun: "ở hai cấp chính quyền", "của xã Đức Thọ"; of a sum that is not whole, of whom it is."""
        received = self.figures.get("received", self.subject.unit)
        missing = received.row["missing"]

        def make(claims: Claims, first: bool) -> str:
            if missing:
                what = "Đơn vị chưa có đủ số liệu"
                number = self.figures.number(len(missing), what, self.subject.unit, [received.row["source"]])
                return f"của các đơn vị đã có số liệu{phrases.not_whole(number.write(claims))}"
            if self.levels:
                return f"ở {phrases.say_number(len(self.levels))} cấp chính quyền"
            return f"của {self.subject.write(claims)}"

        return Words(self.figures, make, tells=missing or None)

    def sources(self, *figures: Any) -> Listing:
        """The forms that these figures (or all that the subject reported) come from."""
        told = figures or [self.figures.get(name, self.subject.unit) for name in figure_names(_FORM)]
        names = {part for one in told if one.defined for part in one.made_of}
        reported = {
            one.form for one in self.setting.measures.values()
            if one.name in names and self.figures.get(one.name, self.subject.unit).known
        }  # fmt: skip
        forms = dict.fromkeys(one.form for one in self.setting.measures.values() if one.form in reported)
        said = phrases.join([str(self.figures.name(form)) for form in forms])
        return Listing(self.figures, (said,) if said else (), "; ")


def vocabulary_names(measures: Iterable[str]) -> list[str]:
    """Every name that `open_memo` puts into a notebook, known without opening facts."""
    return [*figure_names(measures), "memo", *Memo.words, *NAMES]


def figure_names(measures: Iterable[str]) -> list[str]:
    """The names of all figures: measures, then indicators."""
    return list(dict.fromkeys([*measures, *(one.name for one in INDICATORS)]))


def open_memo(
    period: str,
    units: Sequence[str],
    seed: str = "",
    vintage: str = "",
    *,
    purpose: Purpose = ANY,
    start: Path | None = None,
) -> Memo:
    """The report on `units` (names, codes, kinds) in `period`, its vocabulary put into the notebook that calls it.

    UserError for a period or unit that does not exist and for those that `purpose` (any) refuses; NoDataError where nothing
    was reported. `seed` is the key of a published memo whose figures an annex
    lists; `start` the folder to look for the project from. `vintage`: the facts as they once were; "" for now.
    """
    scope = partial(_scope, purpose=purpose)
    memo = Memo(open_setting(period, units, scope=scope, seed=seed, vintage=vintage, start=start), purpose)
    enter_notebook(memo)
    return memo


def prepare(
    names: Iterable[str], period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None
) -> None:
    """Compute at once what documents about each of the units read of the named figures, in a process that then writes them."""
    root = find_project_root(start)
    window, register = Period.parse(period), load_register(root)
    facts = open_facts(root, vintage)
    history = History(facts, register, load_targets(root))
    words = set(names)
    named = [name for name in figure_names(facts.measures) if name in words]
    subjects = [unit for unit in register.expand(list(units), window.end) if unit.kind in LEAF_KINDS]
    kinds, province = dict.fromkeys(unit.kind for unit in subjects), register.get(HOME, window.end)
    history.read_ahead([*(_kind_of(register, kind, window) for kind in kinds), province], window)
    history.read_ahead(subjects, window, choose_bases(window))
    for kind in kinds:
        for name in named:
            history.places(name, _peers(register, kind, window), window)
    if words & {"trend", "course"}:
        rates_named = [name for name in named if name not in facts.measures]
        history.series(rates_named, [*subjects, province], periods_before(window, TREND[window.kind]), window)


# --- whom it is about ------------------------------------------------------------------------------------------------
def _is_reported(history: History, units: Iterable[Unit], names: Sequence[str], period: Period) -> bool:
    return any(history.row(name, unit, period)["numerator"] is not None for unit in units for name in names)


def _group(
    register: Register, period: Period, subject: Unit, members: Sequence[Unit]
) -> tuple[list[Unit], list[Unit], dict[Unit, tuple[Unit, ...]]]:
    """The kinds of units of the report, those units that ended inside the window, and the members of both."""
    below: Sequence[Unit] = members
    if members and is_group(subject):
        below = [register.units[row] for row in rates.member_rows(register, period, subject)]
    kinds: list[Unit] = []
    ended: list[Unit] = []
    groups: dict[Unit, tuple[Unit, ...]] = {}
    for kind in LEAF_KINDS:
        of_kind = [unit for unit in below if unit.kind == kind]
        gone = [unit for unit in of_kind if not unit.valid_on(period.end)]
        for unit, chosen, listed in (
            (kind_unit(kind, title_kind(kind, of_kind)), of_kind, kinds),
            (past_kind(kind), gone, ended),
        ):
            if chosen:
                listed.append(unit)
                groups[unit] = tuple(chosen)
    return kinds, ended, groups


def past_kind(kind: str) -> Unit:
    """The units of a kind that ended inside the window, taken together."""
    return Unit(f"{HOME}-{kind}-ended", kind, kind, "Đơn vị kết thúc hoạt động trong kỳ", parent=HOME)


def _kind_of(register: Register, kind: str, period: Period) -> Unit:
    """All units of a kind taken together; from 01/07/2025 there are communes and wards, but no towns."""
    return kind_unit(kind, title_kind(kind, register.on(period.end)))


def _peers(register: Register, kind: str, period: Period) -> tuple[Unit, ...]:
    """The units of a kind that lived through the whole period: those that a rank is among."""
    of_kind = (unit for unit in register.on(period.end) if unit.kind == kind)
    return tuple(unit for unit in of_kind if is_alive_throughout(unit, period))


def _scope(
    facts: Facts, register: Register, period: Period, units: Sequence[Unit], *, purpose: Purpose
) -> Iterator[Unit]:
    """The units that the report may name."""
    purpose.refuse(period, units)
    yield from (unit for unit in register.on(period.end) if unit.code in purpose.also)
    refuse_beyond(facts, period)
    subject, members = choose_subject(register, period, units)
    yield subject
    yield from members
    yield register.get(HOME, period.end)  # legal sources name the province that decreed a target
    # A bridge says what a level took over.
    yield from (unit for unit in register.units if unit.kind == "level")
    for kind in LEAF_KINDS if members else ():
        yield from (kind_unit(kind), past_kind(kind))
    if subject.kind in LEAF_KINDS:
        yield _kind_of(register, subject.kind, period)
    bases, trend = choose_bases(period), periods_before(period, TREND[period.kind])
    told = members if subject == CHOSEN else [subject]
    yield from bridge_units(register, told, period, *bases)
    yield from bridge_units(register, told, reform_windows(register, period)[-1], *trend)
    yield from bridge_units(register, told, trend[-1], *trend)
    yield from bridge_units(register, members, period, period.same_period_last_year())


def _refuse_others(period: Period, units: Sequence[Unit]) -> None:
    if len(units) > 1:
        raise UserError(
            f"Thông báo lập riêng cho từng đơn vị, nhận được {len(units)} đơn vị "
            f"({units[0].official_name}, {units[1].official_name}{', …' if len(units) > 2 else ''}); "
            "hãy nêu một đơn vị trong units."
        )
    if units[0].kind not in LEAF_KINDS:
        raise UserError(
            f"Thông báo lập cho một đơn vị giải quyết hồ sơ, «{units[0].official_name}» không phải đơn vị như vậy; "
            "hãy nêu một sở, ban, ngành, chi nhánh Văn phòng Đăng ký đất đai, huyện hoặc xã, hay dùng báo cáo "
            "«processing»."
        )


FOR_ONE_UNIT = Purpose(_refuse_others, also=(OFFICE,))
"""A notice of the office, made for each unit that handles dossiers itself."""
