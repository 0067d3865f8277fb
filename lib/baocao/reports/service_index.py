"""The letter on the service index (Quyết định 766/QĐ-TTg): one capture of scores, and who is named by which rule.

Written after the province's letter on the first seven months of 2025. What was not published is absent and is never
filled in: the groups are shown only where all are known, other provinces only where all have a total.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import Place, scores
from baocao.definitions import (
    LEAF_KINDS,
    OFFICE,
    STATUS_LABELS,
    Band,
    Component,
    Index,
    NoDataError,
    Period,
    Register,
    Unit,
    load_index,
)
from baocao.reports import annexes
from baocao.reports.paper import Paper, Whose, enter_notebook
from baocao.reports.scores import ScorePaper, refuse_others
from baocao.reports.setting import PROVINCE, Setting, open_setting
from baocao.store import Facts
from baocao.writing import (
    SILENT,
    SOURCE_LABELS,
    Capture,
    Figures,
    Listing,
    Markdown,
    Points,
    Published,
    Score,
    Words,
    least_trusted,
    markup,
    tables,
)

INDEX = "service_index"
PRAISED_BANDS = 2
"""The best bands whose units are praised: Xuất sắc and Tốt."""

LEADERS = 3
"""The first places among the provinces, against which ours is held."""

PERIODS = {"month": 13, "quarter": 9, "half": 5, "year": 5, "months": 13, "range": 13}
"""How many periods a trend shows: for months and quarters to the same one last year and back again."""

MOST_WARNINGS = 20
"""Warnings about single scores that the annex quotes; the rest is counted."""

NAMES = (
    "total", "shown", "scored", "provinces", "leaders", "tied", "own_units", "unscored", "praised", "behind", "bands", "is_ahead",
    "earlier", "groups_sum",  "not_summing",  "components", "faults",
)  # fmt: skip
"""What of `ServiceIndex` the notebook's cells may name."""


@dataclass(frozen=True, eq=False)
class Grade:
    """A grade, the limit of it, and the province's units that have it, best first."""

    memo: ServiceIndex
    band: Band
    units: tuple[Score, ...] = ()

    @property
    def name(self) -> Words:
        """ "Xuất sắc"."""
        return self.memo.figures.name(self.band.label)

    @property
    def limit(self) -> Words:
        """ "từ 90 điểm trở lên", "dưới 50 điểm"."""
        bound, words = (
            (self.band.lower, "từ {} điểm trở lên") if self.band.lower else (self.band.upper, "dưới {} điểm")
        )
        points = Points(
            self.memo.total, bound, f"Ngưỡng xếp loại {self.band.label}", source="reference", trim=True
        )
        return Words(self.memo.figures, lambda claims, first: words.format(points.write(claims)))


class ServiceIndex(ScorePaper):
    """One capture of the index, seen from the province."""

    words = (*ScorePaper.words, *NAMES)

    def __init__(self, setting: Setting, figures: Figures | None = None) -> None:
        figures = figures or Figures(setting.history, setting.period, setting.claims)
        super().__init__(setting, figures, Whose(figures, setting.register.get(PROVINCE, setting.period.end)))
        self.index = load_index(setting.root, INDEX, setting.period.end)
        self.frame = _snapshot(setting.facts, self.index, setting.period)
        self.day = scores.as_date(self.frame["as_of"].iloc[0])
        national = _rank_provinces(self.frame, setting.register, self.day or setting.period.end)
        means = scores.compute_means(national)
        self.capture = Capture(
            figures,
            self.index,
            setting.period,
            _published(self.frame),
            self._then,
            self.day,
            places={
                (row["unit"], row["component"]): Place(int(row["place"]), int(row["among"]), bool(row["tied"]))
                for row in national.to_dict("records")
            },
            country={
                name: (mean, max(national.loc[national["component"] == name, "score"])) for name, mean in means.items()
            },
        )  # fmt: skip
        self.total = self.capture.score(scores.TOTAL, self.subject.unit)
        self.periods = setting.periods_before(PERIODS[setting.period.kind])
        totals = self.frame[self.frame["component"] == scores.TOTAL].sort_values(
            "score", ascending=False, kind="stable"
        )
        units = [self._unit_of(code) for code in totals["unit"]]
        self.provinces = [self.total.at(unit) for unit in units if national.size and unit.kind == "province"]
        self.own_units = [self.total.at(unit) for unit in units if unit.kind != "province"]

    def _unit_of(self, code: str) -> Unit:
        """A unit as it was on the day of the capture."""
        return self.setting.register.get(code, self.day or self.period.end)

    def everyone(self) -> list[Unit]:
        return [self._unit_of(code) for code in self.frame["unit"].unique()]

    def sources(self, *scores: Score) -> Words:
        day = f", số liệu đến ngày {self.total.as_of}" if self.day else ""
        kind = SOURCE_LABELS[least_trusted(self.frame["source"])]
        text = f"{self.figures.name(self.index.issuer)}{day}; {kind}."
        return Words(self.figures, lambda claims, first: self.figures.fill(text, claims))

    # --- the scores --------------------------------------------------------------------------------------------
    @property
    def shown(self) -> list[Score]:
        """The province's groups as readers see them; none unless all are known."""
        return self._all_known(self.index.shown_groups)

    @property
    def scored(self) -> list[Score]:
        """The province's groups as they are scored, as far as they are known of all provinces."""
        found = [self.capture.score(one.name, self.subject.unit) for one in self.index.groups]
        return [score for score in found if score.mean.known]

    def _all_known(self, groups: Iterable[Component]) -> list[Score]:
        found = [self.capture.score(one.name, self.subject.unit) for one in groups]
        return found if all(score.known for score in found) else []

    @property
    def leaders(self) -> list[Score]:
        """The provinces of the first places, ours apart."""
        return [one for one in self.provinces if one.place.value <= LEADERS and one.unit != self.subject.unit]

    @property
    def unscored(self) -> bool:
        """Whether scores of some of the province's units were not published, while those of others were."""
        day = self.day or self.period.end
        own = {unit.code for unit in self.setting.register.on(day) if unit.kind in LEAF_KINDS}
        return bool(self.own_units) and bool(own - {one.unit.code for one in self.own_units})

    @property
    def tied(self) -> Listing:
        """The provinces with the same total, as far as they are known."""
        same = [
            one for one in self.provinces if one.value == self.total.value and one.unit != self.subject.unit
        ]
        return Listing(self.figures, tuple(str(one.whose) for one in same))

    @property
    def is_ahead(self) -> bool:
        """Whether the published rank is in the first half; the grade decides where no rank or base was published."""
        ahead = self.total.rank.is_ahead
        return (
            self.index.band(self.total.value) in self.index.bands[:PRAISED_BANDS] if ahead is None else ahead
        )

    @property
    def bands(self) -> list[Grade]:
        """The grades, best first, each with the province's units."""
        grades = {
            band: [one for one in self.own_units if self.index.band(one.value) == band]
            for band in self.index.bands
        }
        return [Grade(self, band, tuple(units)) for band, units in grades.items()]

    @property
    def praised(self) -> list[Grade]:
        """The grades whose units are praised."""
        return self.bands[:PRAISED_BANDS]

    @property
    def behind(self) -> list[Grade]:
        """The grades whose units are asked to do better: those below the middle one."""
        return self.bands[PRAISED_BANDS + 1 :]

    # --- earlier ones ------------------------------------------------------------------------------------------
    def _then(self, period: Period) -> Capture:
        """What was published of the province for another period, in its newest capture."""
        if period == self.period:
            return self.capture
        frame = _snapshot(self.setting.facts, self.index, period, only=PROVINCE)
        as_of = scores.as_date(frame["as_of"].iloc[0]) if len(frame) else None
        return replace(
            self.capture, period=period, rows=_published(frame), as_of=as_of, places={}, country={}
        )

    @property
    def earlier(self) -> Score:
        """The newest result before this one that may be held against it, else the newest there is.

        Silent where it is that of a base, or may not be compared while a base has a result of its own.
        """
        found = scores.find_earlier(self.setting.facts.scores, self.index, self.period, self.frame, PROVINCE)
        told = [base.period for base in self.bases if self.total.then(base).known]
        if found is None or found.period in told or (found.reason and told):
            return replace(self.total, capture=replace(self.capture, rows={}), missing=SILENT)
        row = Published(found.score, found.rank, found.out_of, source=found.source)
        rows = {(PROVINCE, scores.TOTAL): row}
        capture = replace(
            self.capture, period=found.period, rows=rows, as_of=found.as_of, places={}, country={}
        )
        return replace(self.total, capture=capture)

    # --- sums --------------------------------------------------------------------------------------------------
    def groups_sum(self, total: Score) -> Points:
        """The sum of the groups of a total's unit; absent where not all are known."""
        found = [total.part(one.name) for one in self.index.shown_groups]
        known = all(score.known for score in found)
        return Points(
            total, sum(one.value for one in found) if known else None, "Tổng tính lại", "cộng điểm các nhóm"
        )

    @property
    def not_summing(self) -> list[Score]:
        """The totals that the sum of their groups misses by more than rounding can."""
        checks = scores.check_totals(self.frame, self.index).itertuples()
        return [self.total.at(self._unit_of(row.unit)) for row in checks if not row.agrees]

    # --- the annex on method -------------------------------------------------------------------------------------
    def components(self, header: Sequence[str], *, caption: Any, note: str) -> Markdown:
        """Groups and their indicators: maximum, what is divided by what, and how the maximum is known."""
        rows = []
        for shown in self.index.shown_groups:
            parts = self.index.parts(shown.name)
            rows.append(self._row(shown, " + ".join(part.label for part in parts), bold=True))
            for group in parts or [shown]:
                if parts:
                    rows.append(self._row(group, "một phần của nhóm trên"))
                rows += [
                    self._row(one, f"{one.numerator} / {one.denominator}")
                    for one in self.index.indicators([group])
                ]
        return tables.table(
            self.claims, caption=self.text(caption), header=header, rows=rows, widths=[10, 50, 13, 76, 15], align="llrll",
            small=True, source=f"{markup.escape(self.index.issuer)}. {self.text(note)}",
        )  # fmt: skip

    def _row(self, one: Component, made_of: str, *, bold: bool = False) -> list[str]:
        code = one.name if re.fullmatch(r"[0-9.]+[a-z]?", one.name) else ""
        texts = [self.figures.name(text) for text in (code, one.label, made_of, STATUS_LABELS[one.status])]
        texts.insert(2, replace(self.capture.score(one.name, self.subject.unit).maximum, source="reference"))
        cells = [self.figures.fill(str(text)) for text in texts]
        return [f"**{cell}**" if bold and cell else cell for cell in cells]

    def faults(self) -> Markdown:
        """Accepted errors and warnings about the scores that the letter is made from; empty for none."""
        warnings = list(annexes.list_row_warnings(self.setting.facts, self.frame, self.claims))
        exceptions = annexes.list_exceptions(self.setting, self.everyone())
        found = annexes.print_faults(exceptions, warnings[:MOST_WARNINGS])
        if len(warnings) <= MOST_WARNINGS:
            return found
        source = self.frame["source"]
        more = self.figures.number(
            len(warnings) - MOST_WARNINGS, "Số lưu ý không in", self.subject.unit, source, "lưu ý"
        )
        said = f"Còn {more.write(self.claims)} lưu ý khác, liệt kê trong kết quả kiểm tra số liệu."
        return markup.paragraphs(found, said)


def vocabulary_names(measures: Mapping[str, Any]) -> list[str]:
    """Every name that `open_memo` puts into a notebook, known without opening facts."""
    return ["memo", *ServiceIndex.words]


def open_memo(
    period: str, units: Sequence[str], seed: str = "", vintage: str = "", *, start: Path | None = None
) -> ServiceIndex:
    """The letter on a period ("2026", "2025-M7") and the province ("42"), its vocabulary put into the notebook.

    Of several captures of the period the newest is taken. UserError for a period or unit that does not exist, NoDataError
    where the province has no score; `seed`, `vintage` and `start` as in `memo.open_memo`.
    """
    memo = ServiceIndex(open_setting(period, units, scope=_scope, seed=seed, vintage=vintage, start=start))
    enter_notebook(memo)
    return memo


# --- reading -----------------------------------------------------------------------------------------------------
def _snapshot(facts: Facts, index: Index, period: Period, *, only: str = "") -> pd.DataFrame:
    captured = scores.take_snapshot(facts.scores, INDEX, period, PROVINCE)
    return scores.add_shown_groups(captured[captured["unit"] == only] if only else captured, index)


def _published(frame: pd.DataFrame) -> dict[tuple[str, str], Published]:
    return {
        (row["unit"], row["component"]): Published(
            row["score"],
            *(None if pd.isna(row[name]) else int(row[name]) for name in ("rank", "out_of")),
            row["maximum"],
            row["source"],
            row["facts"],
        )
        for row in frame.to_dict("records")
    }


def _rank_provinces(frame: pd.DataFrame, register: Register, day: date) -> pd.DataFrame:
    """The provinces ranked in every component; no rows unless as many have a total as the published rank is out of."""
    totals = frame[frame["component"] == scores.TOTAL]
    provinces = [code for code in totals["unit"] if register.get(code, day).kind == "province"]
    out_of = totals.loc[totals["unit"] == PROVINCE, "out_of"].iloc[0]
    return scores.rank_units(frame, provinces if not pd.isna(out_of) and len(provinces) == out_of else [])


def beside(memo: Paper) -> ServiceIndex | None:
    """The province's scores of another report's period, which prints them; of some days those that the month had on one of them.

    None for other units, and where there are none.
    """
    setting, period = memo.setting, memo.setting.period
    if memo.subject.unit.code != PROVINCE:
        return None
    for window in (period, Period.parse(f"{period.end:%Y-%m}")):
        captured = scores.take_snapshot(setting.facts.scores, INDEX, window, PROVINCE)
        day = None if captured.empty else scores.as_date(captured["as_of"].iloc[0])
        if not captured.empty and (window == period or (day and period.start <= day <= period.end)):
            return ServiceIndex(replace(setting, period=window), memo.figures)
    return None


def _scope(facts: Facts, register: Register, period: Period, chosen: Sequence[Unit]) -> Iterator[Unit]:
    """The units of the capture, the Office and the levels ("cấp xã"): all that the letter may name."""
    refuse_others("service_index", chosen)
    captured = scores.take_snapshot(facts.scores, INDEX, period, PROVINCE)
    if captured.empty:
        known = facts.scores[(facts.scores["index"] == INDEX) & (facts.scores["unit"] == PROVINCE)]
        periods = ", ".join(sorted(known["period"].unique())) or "chưa có"
        raise NoDataError(
            f"Không có điểm Bộ chỉ số phục vụ người dân, doanh nghiệp của {chosen[0].official_name} trong kỳ {period.name} "
            f"({period.code}); các kỳ có số liệu: {periods}; hãy chọn kỳ khác hoặc bổ sung tệp vào data/raw."
        )
    day = scores.as_date(captured["as_of"].iloc[0]) or period.end
    levels = [unit.code for unit in register.on(day) if unit.kind == "level"]
    yield from (register.get(code, day) for code in [*captured["unit"].unique(), OFFICE, *levels])
