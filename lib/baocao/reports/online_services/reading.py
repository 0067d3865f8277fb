"""What the letter on online services is written from: its units and their shares, beside a year before.

The letter is about the province, one level, one unit or several chosen units; only units inside that are read and
may be named, beside the office that follows the letter up, the units that a comparison is bridged through, and
(in the province's letter) those of the models held up to the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from baocao.analysis import (
    CHOSEN,
    bridge_units,
    choose_subject,
    definition,
    kind_unit,
    level_units,
    title_kind,
)
from baocao.definitions import HOME, LEAF_KINDS, Period, Register, Unit
from baocao.reports import setting as common
from baocao.reports.online_services.figures import Standing, read_standing
from baocao.reports.setting import Material, Setting, refuse_beyond, refuse_empty
from baocao.store import Facts
from baocao.writing import Claims, markup

OFFICE = "HT-VPUB"
"""Văn phòng UBND tỉnh, which follows the letter up."""

TWO_CLASSES_SINCE = date(2022, 8, 15)
"""Nghị định 42/2022/NĐ-CP: một phần and toàn trình instead of levels 3 and 4."""


@dataclass(frozen=True)
class Share:
    """A share filed online, told apart from the others by what it is a share of.

    what     the share inside a sentence; heading: over its column; of: the dossiers of its denominator
    """

    indicator: str
    what: str
    heading: str
    of: str


ALL = Share(
    "online_share",
    "tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ tiếp nhận",
    "Mọi TTHC",
    "mọi hồ sơ tiếp nhận trong kỳ",
)
ELIGIBLE = Share(
    "eligible_online_share",
    "tỷ lệ hồ sơ nộp trực tuyến của các TTHC có DVC trực tuyến",
    "TTHC có DVC trực tuyến",
    "hồ sơ của các TTHC có DVC trực tuyến (một phần và toàn trình)",
)
FULL = Share(
    "full_online_share",
    "tỷ lệ hồ sơ nộp trực tuyến của các TTHC có DVC trực tuyến toàn trình",
    "TTHC có DVC trực tuyến toàn trình",
    "hồ sơ của các TTHC có DVC trực tuyến toàn trình",
)
LEVELS = Share(
    "level_34_share",
    "tỷ lệ hồ sơ nộp qua DVC trực tuyến mức độ 3, mức độ 4",
    "DVC mức độ 3, mức độ 4 trên mọi hồ sơ phát sinh",
    "mọi hồ sơ phát sinh trong kỳ, theo biểu mẫu mức độ 3, mức độ 4",
)
SHARES = (ALL, ELIGIBLE, FULL, LEVELS)
"""In the order in which the letter tells them; those in force in the period are told."""


@dataclass(frozen=True)
class Letter(Material):
    """What the pieces of the letter are written from.

    subject    whose shares are told first: the province, a level, a unit, or `subject.CHOSEN`
    levels     the levels of government that the province's shares are broken down by
    kinds      the kinds of units with a subtotal each
    members    the units listed one by one, as on the last day of the period; none for a single unit, and none
               where only figures of levels or of the province were reported
    shares     the shares that are defined in the whole period
    standings  by indicator and unit code
    overdue    the codes of units known to have dossiers pending overdue
    """

    base: Period
    subject: Unit
    levels: tuple[Unit, ...]
    kinds: tuple[Unit, ...]
    members: tuple[Unit, ...]
    shares: tuple[Share, ...]
    standings: Mapping[tuple[str, str], Standing]
    overdue: frozenset[str]

    @property
    def is_single(self) -> bool:
        """Whether the letter is about one unit that handles dossiers itself."""
        return self.subject.kind in LEAF_KINDS

    @property
    def when(self) -> str:
        """The period after a noun."""
        return self.claims.period(self.period)

    @property
    def then(self) -> str:
        """The base period after "so với"."""
        return f"kỳ báo cáo {self.claims.period(self.base)}"

    @property
    def full_class(self) -> str:
        """How the highest class of online services is called in the period."""
        return "toàn trình" if self.period.start >= TWO_CLASSES_SINCE else self.claims.name("mức độ 4")

    @property
    def judged(self) -> Share:
        """The share that units are held to: the first with a target in force, else that of all dossiers."""
        return next(
            (
                share
                for share in self.shares
                for unit in self.members or [self.subject]
                if self.standing(share, unit).target is not None
            ),
            ALL,
        )

    def standing(self, share: Share, unit: Unit) -> Standing:
        """The unit's share, and what it is held against."""
        return self.standings[share.indicator, unit.code]

    def name(self, text: str) -> str:
        """Words of the definitions, declared where they hold a digit."""
        return self.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)

    def unit(self, code: str) -> Unit:
        """A unit of the last day of the period."""
        return self.setting.register.get(code, self.period.end)


def open_report(
    period: str, units: Sequence[str], seed: str = "", vintage: str = "", *, start: Path | None = None
) -> Letter:
    """Everything for a letter on `units` (names, codes, kinds) in `period`, as the notebook's parameters name them.

    `seed` is the published memo that the last annex reconciles, "" for none. UserError for a period, unit or memo
    that does not exist, NoDataError where no share can be computed. `start` is the folder to look for the project
    from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    return read_letter(
        common.open_setting(period, units, scope=_scope, seed=seed, vintage=vintage, start=start)
    )


def read_letter(setting: Setting) -> Letter:
    """Compute and compare everything that the letter needs."""
    register, period = setting.register, setting.period
    base = period.same_period_last_year()
    subject, members = choose_subject(register, period, setting.units)
    levels = tuple(level_units(register, period)) if subject.code == HOME else ()
    kinds = _kinds(members) if subject != CHOSEN else ()
    shares = tuple(one for one in SHARES if definition(one.indicator, period))
    asked = [subject, *levels, *kinds, *members]
    names = {unit.code: unit for unit in asked}
    found = {
        (row["indicator"], row["unit"]): read_standing(
            row, definition(row["indicator"], period), names[row["unit"]], period, base
        )
        for row in setting.compare([one.indicator for one in shares], asked, base).to_dict("records")
    }
    if all(standing.numerator is None for standing in found.values()):
        raise refuse_empty(period, setting.units, "số liệu nộp hồ sơ trực tuyến")
    if all(found[one.indicator, unit.code].numerator is None for one in shares for unit in members):
        members, kinds = (), ()
    late = setting.results(["pending_overdue"], members or [subject], period)
    overdue = frozenset(late.loc[(late["value"] > 0).fillna(False), "unit"])
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    return Letter(setting, base, subject, levels, kinds, members, shares, found, overdue)


def _kinds(members: Sequence[Unit]) -> tuple[Unit, ...]:
    """The kinds of the units listed, each taken together."""
    there = {unit.kind for unit in members}
    return tuple(kind_unit(kind, title_kind(kind, members)) for kind in LEAF_KINDS if kind in there)


def _scope(facts: Facts, register: Register, period: Period, units: Sequence[Unit]) -> Iterator[Unit]:
    refuse_beyond(facts, period)
    subject, members = choose_subject(register, period, units)
    base = period.same_period_last_year()
    yield subject
    yield from members
    yield from _kinds(members)
    if subject.code == HOME:
        yield from model_units(register, period)
    # Reasons, bridges and legal sources name old units, levels and the province that decreed a target.
    yield from bridge_units(register, [*members, *_kinds(members), subject], period, base)
    for window in (period, base):
        yield from level_units(register, window)
    yield from (register.get(code, period.end) for code in (HOME, OFFICE))


# --------------------------------------------------------------------------------------------------
# The two models of communes that the footnote of công văn 2023 holds up to the others.


MODELS = (
    ("“Thứ Năm - Ngày không viết, không hẹn”", ("18133", "439")),
    ("“6 TTHC không chờ, không giấy hẹn”", ("18124", "437")),
)
"""Each model's name, and the codes of the commune and of its district."""

_KNOWN_SINCE = date(2023, 1, 1)
_NAMED_ON = date(2023, 6, 30)


def model_units(register: Register, period: Period) -> list[Unit]:
    """The units that the footnote names, as they were in 2023; none in a letter on the time before that."""
    if period.end < _KNOWN_SINCE:
        return []
    return [register.get(code, _NAMED_ON) for _, codes in MODELS for code in codes]


def cite_models(claims: Claims, register: Register, period: Period) -> str:
    """The footnote's text; units that ended since are said to bear their names of then."""
    told = []
    for name, codes in MODELS:
        units = [register.get(code, _NAMED_ON) for code in codes]
        where = ", ".join(claims.unit(unit) for unit in units)
        ended = max((unit.valid_to for unit in units if not unit.valid_on(period.end)), default=None)
        if ended:
            where += f" (tên gọi trước ngày {claims.date(ended + timedelta(days=1))})"
        told.append(f"mô hình {claims.quote(name)} - {where}")
    return f"Một số {'; '.join(told)};..."
