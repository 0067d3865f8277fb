"""What the letter on the reform indices is written from: the values that were public on its day, and their claims.

The letter of a year is written at the beginning of the next one, when that year's indices are not out yet: the
letter of February 2023 reviews 2022, orders the work of 2023, and the newest results it can name are those of
2021. So the report's period is the year under review, and only values public by the end of the following
February are read (`IndexValue.public_on`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from baocao.definitions import (
    TOTAL,
    Index,
    IndexValue,
    NoDataError,
    Period,
    RankChange,
    Register,
    Unit,
    UserError,
    indices,
    load_index,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.setting import PROVINCE, Material, open_setting
from baocao.store import Facts
from baocao.writing import Claims, markup

PAR, SIPAS, DTI = "par_index", "sipas", "dti"
INDICES = (PAR, SIPAS, DTI)
"""The indices of the letter, in the order in which it lists them."""

SECRETARIAT = "HT-SNV"
"""Sở Nội vụ, standing office of the steering committee."""

OLDEST_RESULT = 3
"""A letter whose newest result is older than so many years has nothing to say."""


@dataclass(frozen=True)
class Report(Material):
    """One letter: `day` is its last possible day, `values` what was public by then, `rows` all there is."""

    day: date
    indices: dict[str, Index]
    values: dict[str, list[IndexValue]]
    rows: list[IndexValue]

    @property
    def year(self) -> int:
        """The year under review."""
        return self.setting.period.end.year

    @property
    def plan_year(self) -> int:
        """The year whose work the letter orders: the one in which it is written."""
        return self.year + 1

    @property
    def province(self) -> Unit:
        """The province."""
        return self.setting.register.get(PROVINCE, self.day)

    def newest(self, index: str) -> IndexValue | None:
        """The latest public result of an index; None where there is none."""
        return indices.newest_value(self.values[index])

    def is_old(self, value: IndexValue) -> bool:
        """Whether a newer result could have come out before the letter, but is not known."""
        return value.year < self.year - 1

    def base(self, value: IndexValue) -> IndexValue | None:
        """The latest public result of the same index or part before `value`."""
        earlier = [one for one in self.values[value.index] if one.year < value.year and one.rank is not None]
        return indices.newest_value(earlier, value.component)

    def change(self, value: IndexValue) -> RankChange:
        """How many places the rank has moved since `base`, or why that is not said."""
        return indices.compare_ranks(value, self.base(value), self.indices[value.index].breaks)

    def parts(self, year: int, index: str = DTI) -> list[IndexValue]:
        """The public ranks of the parts of an index in a year, in the order of its components."""
        found = [
            indices.find_value(self.values[index], year, one.name)
            for one in self.indices[index].components
            if one.name != TOTAL
        ]
        return [one for one in found if one is not None and one.rank is not None]

    def row(self, index: str, year: int) -> IndexValue | None:
        """The row of the reference table on a year's total, public or not."""
        return indices.find_value((one for one in self.rows if one.index == index), year)

    # --- print -------------------------------------------------------------------------------------------------
    def year_of(self, year: int) -> str:
        """ "năm 2021" as a constant."""
        return self.claims.period(Period.parse(str(year)))

    def label(self, value: IndexValue) -> str:
        """The name of an index or of its part, as printed."""
        index = self.indices[value.index]
        return markup.escape(
            index.short_label if value.component == TOTAL else index.component(value.component).label
        )

    def rank(self, value: IndexValue, claims: Claims | None = None) -> str:
        """A rank with its base ("60/63")."""
        return (claims or self.claims).rank(value.rank, value.out_of, **self._about(value, "Thứ hạng"))

    def plain_rank(self, value: IndexValue, claims: Claims) -> str:
        """A rank without its base, for a chart whose caption names the base."""
        return claims.rank(value.rank, **self._about(value, "Thứ hạng"))

    def points(self, value: IndexValue) -> str:
        """A result in points or %, with as many decimals as were published."""
        decimals = next(count for count in range(6) if (value.value * 10**count).denominator == 1)
        about = self._about(value, "Kết quả")
        if value.measured_in == "%":
            return self.claims.state("target", value.value, measured_in="%", decimals=decimals, **about)
        most = self.indices[value.index].component(value.component).maximum
        reached = self.claims.score(value.value, decimals=decimals, **about)
        if most is None or value.component == TOTAL:
            return f"{reached} điểm"
        about = self._about(value, "Điểm tối đa") | {"source": "reference"}
        return f"{reached}/{self.claims.score(most, trim=True, **about)} điểm"

    def places(self, value: IndexValue, change: RankChange) -> str:
        """The size of a change of rank, for `phrases.change_of_rank`; empty where there is none."""
        if not change.places:
            return ""
        base = self.base(value)
        about = self._about(value, f"Thay đổi thứ hạng so với năm {base.year}")
        formula = f"{base.rank} - {value.rank}"
        return self.claims.count(abs(change.places), measured_in="bậc", **(about | {"formula": formula}))

    def number(self, count: int, what: str, measured_in: str) -> str:
        """A number counted among the results."""
        return self.claims.count(
            count, in_text=True, label=what, measured_in=measured_in, unit=self.province,
            period=self.setting.period, source="published",
        )  # fmt: skip

    def quote(self, text: str) -> str:
        """Words of the reference tables, as a declared constant where they hold a digit."""
        return self.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)

    def _about(self, value: IndexValue, what: str) -> dict:
        index = self.indices[value.index]
        part = "" if value.component == TOTAL else f", {index.component(value.component).label}"
        return {
            "label": f"{what}: {index.label}{part} ({value.source})",
            "unit": self.province,
            "period": Period.parse(str(value.year)),
            "source": "published",
            "formula": value.note if value.is_derived else "",
        }


def open_report(period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None) -> Report:
    """Everything the letter needs for the year under review ("2022") and the province ("42").

    UserError for a period that is no year and for other units, NoDataError where nothing was public by the
    letter's day. `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    setting = open_setting(period, units, scope=_choose_scope, vintage=vintage, start=start)
    if setting.period.kind != "year" or setting.period.convention != "calendar":
        raise UserError(
            f"Văn bản về các chỉ số cải cách hành chính lập theo năm, nhận được kỳ «{setting.period}»; "
            f"hãy ghi kỳ là một năm, ví dụ {setting.period.end.year}."
        )
    day = letter_day(setting.period)
    rows = indices.load_index_values(setting.root)
    values = {name: indices.public_values(rows, name, day) for name in INDICES}
    totals = [one for name in (PAR, DTI) for one in values[name] if one.component == TOTAL]
    newest = max((one.year for one in totals), default=None)
    if newest is None or newest < setting.period.end.year - OLDEST_RESULT:
        raise _nothing_new(setting.period, day, newest, rows)
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    return Report(
        setting=setting,
        day=day,
        indices={name: _index_of_all_years(setting.root, name, values[name], day) for name in INDICES},
        values=values,
        rows=rows,
    )


def _nothing_new(period: Period, day: date, newest: int | None, rows: Sequence[IndexValue]) -> NoDataError:
    """The error of a year for which no result was public, or none that is new enough."""
    known = [one for one in rows if one.index in (PAR, DTI) and one.component == TOTAL and one.is_known]
    first, last = min(one.public_on.year for one in known), max(one.year for one in known) + OLDEST_RESULT
    told = "chưa có kết quả nào" if newest is None else f"kết quả mới nhất là của năm {newest}"
    return NoDataError(
        "Không có Chỉ số cải cách hành chính, Chỉ số chuyển đổi số của tỉnh đủ mới, công bố đến ngày "
        f"{vn.format_date(day, 'short')}, để lập văn bản cho {period.name} ({told}); hãy chọn kỳ từ {first} đến {last} "
        "hoặc bổ sung dòng vào data/reference/indices.csv."
    )


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


def _choose_scope(facts: Facts, register: Register, period: Period, chosen: Sequence[Unit]) -> list[Unit]:
    """The province, its standing office and its levels: all that the letter may name."""
    if [unit.code for unit in chosen] != [PROVINCE]:
        names = ", ".join(unit.official_name for unit in chosen[:3])
        raise UserError(
            f'Văn bản reform_indices chỉ lập cho toàn tỉnh, nhận được «{names}»; hãy ghi units là ["{PROVINCE}"].'
        )
    levels = [unit for unit in register.on(letter_day(period)) if unit.kind == "level"]
    return [chosen[0], register.get(SECRETARIAT, letter_day(period)), *levels]
