"""The steering committee's letter on the reform indices (PAR INDEX, SIPAS, DTI): what was public on its day.

The letter of a year is written at the beginning of the next one, when that year's indices are not out yet: the letter of
February 2023 reviews 2022, orders the work of 2023, and the newest results it can name are those of 2021. So the report's
period is the year under review, and only values public by the end of the following February are read
(`IndexValue.public_on`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from baocao.definitions import (
    TOTAL,
    Index,
    IndexValue,
    NoDataError,
    Period,
    Register,
    Unit,
    UserError,
    indices,
    load_index,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.paper import Whose, enter_notebook
from baocao.reports.scores import ScorePaper, refuse_others
from baocao.reports.setting import PROVINCE, Setting, open_setting
from baocao.store import Facts
from baocao.writing import Capture, Figures, Listing, Published, Score, Words, phrases

PAR, SIPAS, DTI = "par_index", "sipas", "dti"
INDICES = (PAR, SIPAS, DTI)
"""The indices of the letter, in the order in which it lists them."""

SECRETARIAT = "HT-SNV"
"""Sở Nội vụ, standing office of the steering committee."""

OLDEST_RESULT = 3
"""A letter whose newest result is older than so many years has nothing to say."""

LOW_THIRD = 3
"""A part is weak when its rank lies in the last of so many equal stretches of the list."""

SCHEME_YEARS = range(2022, 2026)
"""Years that the Party Committee's resolution and the province's scheme cover, by their titles."""

DOCUMENTS = {
    2023: {
        "directive": "03/CT-TTg", "plan": "2629/QĐ-UBND", "transformation": "525/KH-UBND", "survey": "385/BNV-CCHC",
        "posting_faults": True,
    }
}  # fmt: skip
"""What the letter carries out, by the year whose work is ordered; `posting_faults`: the central appraisal found such faults.

Only the documents of 2023 are known (S-004): other letters name none.
"""

NAMES = (
    "par", "sipas", "dti", "results", "parts", "weak", "has_weak", "years_of", "plan_year", "day", "documents",
    "has_scheme", "title", "levels_below",
)  # fmt: skip
"""What of `ReformIndices` the notebook's cells may name."""


@dataclass(frozen=True, eq=False, repr=False)
class Result(Score):
    """The result of a year in an index or a part of it."""

    memo: ReformIndices | None = None

    @property
    def index(self) -> Words:
        """The whole name of the index."""
        return self.figures.name(self.capture.index.label)

    @property
    def short(self) -> Words:
        """The index in short."""
        return self.figures.name(self.capture.index.short_label)

    @property
    def line(self) -> Words:
        """How a line of the table of results begins."""
        part = f"trong đó: {self.component.label}"
        return self.short if self.component.name == TOTAL else self.figures.name(part)

    @property
    def issuer(self) -> Words:
        """Who publishes the index."""
        return self.figures.name(self.capture.index.issuer)

    @property
    def breaks(self) -> Listing:
        """The years from which the index has other criteria, up to the year under review."""
        years = [year for year in self.capture.index.breaks if year <= self.memo.year]
        return Listing(
            self.figures, tuple(str(self.figures.period_name(Period.parse(str(year)))) for year in years)
        )

    @property
    def points(self) -> Words:
        """The points with what they are measured in, beside the maximum of a part where it is known."""
        if not self.known or self.published.measured_in == "%":
            return Words(self.figures, lambda claims, first: self.write(claims), self.absence)
        most = self.maximum if self.component.name != TOTAL and self.maximum.known else None
        text = f"{self}/{most} điểm" if most else f"{self} điểm"
        return Words(self.figures, lambda claims, first: self.figures.fill(text, claims))

    @cached_property
    def before(self) -> Result:
        """The latest public result before it that has a rank, else that of the year before."""
        ranked = [self.then(year) for year in self.memo.periods if year.end.year < self.period.end.year]
        ranked = [one for one in ranked if one.rank.known]
        return ranked[-1] if ranked else self.then(self.period.previous())

    @property
    def moved_rank(self) -> Any:
        """How its rank has changed since the result before."""
        return self.rank.change(self.before)

    @property
    def moved(self) -> Words:
        """The same in a column, with the year where it is not the one before; silent where it is not compared."""
        change = self.moved_rank
        since = "" if self.before.period == self.period.previous() else f" so với {self.before.when}"
        return Words(
            self.figures, lambda claims, first: self.figures.fill(f"{change}{since}", claims), change.absence
        )

    @property
    def is_weak(self) -> bool:
        """Whether its rank lies in the last third of the list."""
        rank, out_of = self.published.rank, self.published.out_of
        return bool(rank and out_of) and rank * LOW_THIRD > out_of * (LOW_THIRD - 1)

    @property
    def note(self) -> Words:
        """What the table of results says beside it: why it is missing, why it is not compared, the source's own note."""
        said = []
        if not self.known and not self.rank.known:
            said.append(self.memo.why_missing(self.capture.index.name, self.period.end.year))
        change = self.moved_rank
        repeats = change.known and self.published.note == phrases.change_of_rank(
            change.value, str(abs(change.value))
        )
        if self.published.note and not repeats:
            said.append(self.published.note)
        notes = [str(self.figures.name(text)) for text in said]
        if self.rank.known and not change.known and self.before.rank.known:
            notes.append(f"không so sánh với {self.before.when}: {change.why}")
        return Words(self.figures, lambda claims, first: self.figures.fill("; ".join(notes), claims))

    @property
    def where(self) -> Words:
        """Where it was published."""
        return self.figures.name(self.published.where)


class ReformIndices(ScorePaper):
    """One letter: `day` is its last possible one."""

    words = (*ScorePaper.words, *NAMES)

    def __init__(self, setting: Setting) -> None:
        figures = Figures(setting.history, setting.period, setting.claims)
        self.year = setting.period.end.year
        self.rows = indices.load_index_values(setting.root)
        self._day = letter_day(setting.period)
        province = setting.register.get(PROVINCE, self._day)
        super().__init__(setting, figures, Whose(figures, province))
        self._values = {name: indices.public_values(self.rows, name, self._day) for name in INDICES}
        self._refuse_old()
        first = min(one.year for one in self.rows if one.index in INDICES)
        self.periods = [Period.parse(str(year)) for year in range(first, self.year + 1)]
        self._captures: dict[tuple[str, Period], Capture] = {}
        for name, values in self._values.items():
            index = _index_of_all_years(setting.root, name, values, self._day)
            for period in self.periods:
                self._captures[name, period] = self._capture(index, period, values)

    def _capture(self, index: Index, period: Period, values: Sequence[IndexValue]) -> Capture:
        rows = {
            (PROVINCE, one.component): Published(
                one.value, one.rank, one.out_of, source="published", formula=one.note if one.is_derived else "",
                where=one.source, measured_in=one.measured_in or "điểm", note=one.note,
            )
            for one in values
            if one.year == period.end.year
        }  # fmt: skip

        def then(other: Period) -> Capture:
            return self._captures.get((index.name, other)) or Capture(self.figures, index, other, {}, then)

        return Capture(self.figures, index, period, rows, then, conditions="bộ tiêu chí")

    def _refuse_old(self) -> None:
        """A NoDataError for a year for which no result was public, or none that is new enough."""
        totals = [one for name in (PAR, DTI) for one in self._values[name] if one.component == TOTAL]
        newest = max((one.year for one in totals), default=None)
        if newest is not None and newest >= self.year - OLDEST_RESULT:
            return
        known = [
            one for one in self.rows if one.index in (PAR, DTI) and one.component == TOTAL and one.is_known
        ]
        first, last = min(one.public_on.year for one in known), max(one.year for one in known) + OLDEST_RESULT
        told = "chưa có kết quả nào" if newest is None else f"kết quả mới nhất là của năm {newest}"
        raise NoDataError(
            "Không có Chỉ số cải cách hành chính, Chỉ số chuyển đổi số của tỉnh đủ mới, công bố đến ngày "
            f"{vn.format_date(self._day, 'short')}, để lập văn bản cho {self.period.name} ({told}); hãy chọn kỳ từ {first} "
            f"đến {last} hoặc bổ sung dòng vào data/reference/indices.csv."
        )

    def sources(self, *scores: Score) -> Words:
        texts = dict.fromkeys(one.published.where for one in scores if one.published.where)
        told = "; ".join(str(self.figures.name(text)) for text in texts)
        return Words(self.figures, lambda claims, first: f"{self.figures.fill(told, claims)}.")

    # --- results -----------------------------------------------------------------------------------------------
    def _result(self, name: str, period: Period, component: str = TOTAL) -> Result:
        capture = self._captures[name, period]
        return Result(capture, capture.index.component(component), self.subject.unit, memo=self)

    def _newest(self, name: str) -> Result:
        """The latest public result of an index, that of the year under review where there is none."""
        years = [one.year for one in self._values[name] if one.component == TOTAL]
        return self._result(name, Period.parse(str(max(years, default=self.year))))

    @property
    def par(self) -> Result:
        """The newest public PAR INDEX."""
        return self._newest(PAR)

    @property
    def sipas(self) -> Result:
        """The newest public SIPAS."""
        return self._newest(SIPAS)

    @property
    def dti(self) -> Result:
        """The newest public DTI."""
        return self._newest(DTI)

    @property
    def results(self) -> list[Result]:
        """Every year of every index from its first one on, and the parts of which points are known."""
        listed = []
        for name in INDICES:
            first = min(one.year for one in self.rows if one.index == name)
            for period in (one for one in self.periods if one.end.year >= first):
                listed.append(self._result(name, period))
                parts = [
                    one
                    for one in self._values[name]
                    if one.year == period.end.year and one.component != TOTAL
                ]
                listed += [
                    self._result(name, period, one.component) for one in parts if one.value is not None
                ]
        return listed

    @property
    def parts(self) -> list[Result]:
        """The DTI and its parts in the newest year with any part, as far as a rank is known of any year."""
        years = self.years_of(self.dti)
        if not years:
            return []
        rows = [years[-1].part(one.name) for one in self.dti.capture.index.components]
        return [one for one in rows if any(one.then(year).rank.known for year in years)]

    def years_of(self, result: Result) -> list[Result]:
        """An index in the years in which parts of it are known."""
        values = self._values[result.capture.index.name]
        years = sorted({one.year for one in values if one.component != TOTAL})
        return [result.then(Period.parse(str(year))) for year in years]

    @property
    def weak(self) -> list[Result]:
        """The parts of the DTI to be named: those in the last third of the list, where there is none the last ones."""
        parts = [self.dti.part(one.name) for one in self.dti.capture.index.components if one.name != TOTAL]
        ranked = [one for one in parts if one.rank.known]
        lowest = max((one.published.rank for one in ranked), default=None)
        return [one for one in ranked if one.is_weak] or [
            one for one in ranked if one.published.rank == lowest
        ]

    @property
    def has_weak(self) -> bool:
        """Whether any part is weak by the rule."""
        return any(one.is_weak for one in self.weak)

    def why_missing(self, index: str, year: int) -> str:
        """Why there is no result of a year."""
        row = indices.find_value((one for one in self.rows if one.index == index), year)
        if year == self.year or (row is not None and row.public_on > self._day):
            return "chưa công bố tại thời điểm lập văn bản"
        return row.note if row is not None and row.note else "chưa tìm thấy nguồn công bố"

    # --- what the letter carries out -----------------------------------------------------------------------------
    @property
    def plan_year(self) -> Words:
        """The year whose work the letter orders: the one in which it is written."""
        return self.figures.period_name(Period.parse(str(self.year + 1)))

    @property
    def day(self) -> Words:
        """The letter's last possible day."""
        return self.figures.date(self._day)

    @property
    def documents(self) -> Mapping[str, Any]:
        """The numbers of the documents that the letter of this year carries out; empty where none are known."""
        return DOCUMENTS.get(self.year + 1, {})

    @property
    def has_scheme(self) -> bool:
        """Whether the Party Committee's resolution and the province's scheme cover the year."""
        return self.year + 1 in SCHEME_YEARS

    def title(self, number: str, *, keep: bool = False) -> Words:
        """A document's title inside a sentence; `keep` its capital, for a name."""
        text = self.setting.laws.get(number).title
        return self.figures.name(text if keep else text[:1].lower() + text[1:])

    @property
    def levels_below(self) -> list[Whose]:
        """The levels below the province on the letter's day, highest first."""
        levels = [unit for unit in self.setting.register.on(self._day) if unit.kind == "level"]
        return [Whose(self.figures, unit) for unit in levels if unit.level != "province"]


def vocabulary_names(measures: Mapping[str, Any]) -> list[str]:
    """Every name that `open_memo` puts into a notebook, known without opening facts."""
    return ["memo", *ReformIndices.words]


def open_memo(
    period: str, units: Sequence[str], seed: str = "", vintage: str = "", *, start: Path | None = None
) -> ReformIndices:
    """The letter on the year under review ("2022") and the province ("42"), its vocabulary put into the notebook.

    UserError for a period that is no year and for other units, NoDataError where nothing was public by the letter's day;
    `seed`, `vintage` and `start` as in `memo.open_memo`.
    """
    memo = ReformIndices(open_setting(period, units, scope=_scope, seed=seed, vintage=vintage, start=start))
    enter_notebook(memo)
    return memo


def letter_day(period: Period) -> date:
    """The last day of the month in which the letter of a year is written: February of the next year (seed 004)."""
    return date(period.end.year + 1, 3, 1) - timedelta(days=1)


def _index_of_all_years(root: Path, name: str, values: Sequence[IndexValue], day: date) -> Index:
    """The index as defined on the letter's day, with the parts that only earlier years had."""
    index = load_index(root, name, day)
    components = {one.name: one for one in index.components}
    for year in sorted({one.year for one in values}):
        for part in load_index(root, name, date(year, 12, 31)).components:
            components.setdefault(part.name, part)
    return replace(index, components=tuple(components.values()))


def _scope(facts: Facts, register: Register, period: Period, chosen: Sequence[Unit]) -> Iterator[Unit]:
    """The province, its standing office and its levels: all that the letter may name."""
    refuse_others("reform_indices", chosen)
    if period.kind != "year" or period.convention != "calendar":
        raise UserError(
            f"Văn bản về các chỉ số cải cách hành chính lập theo năm, nhận được kỳ «{period}»; "
            f"hãy ghi kỳ là một năm, ví dụ {period.end.year}."
        )
    yield chosen[0]
    yield register.get(SECRETARIAT, letter_day(period))
    yield from (unit for unit in register.on(letter_day(period)) if unit.kind == "level")
