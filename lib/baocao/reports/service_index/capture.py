"""What the letter on the service index is written from: one capture of scores, and how its figures are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import scores
from baocao.definitions import Index, NoDataError, Period, Register, Unit, UserError, load_index
from baocao.definitions import vietnamese as vn
from baocao.reports.setting import PROVINCE, Material, open_setting
from baocao.store import Facts
from baocao.writing import SOURCE_LABELS, Claims, least_trusted, markup

INDEX = "service_index"
OFFICE = "HT-VPUB"
"""The province's Office, which the letter charges with the follow-up: it may be named beside the scored units."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Report(Material):
    """One capture of the index, seen from the province.

    rows      published scores and shown groups of every unit, as `scores.add_shown_groups` makes them
    national  the provinces ranked in every component, with `place`, `tied`, `among`; no rows unless as many
              provinces have a total as the published rank is out of
    means     unweighted national means by component; empty without `national`
    groups    the province's shown groups with `rate` and `lost`; no rows unless all were published
    units     totals of the province's own units, ranked, best first
    as_of     the day of the capture; None where the publisher gave none
    """

    index: Index
    rows: pd.DataFrame
    national: pd.DataFrame
    means: dict[str, Fraction]
    groups: pd.DataFrame
    units: pd.DataFrame
    earlier: scores.Earlier | None
    as_of: date | None

    @property
    def province(self) -> Unit:
        """The province that the letter is about."""
        return self.unit(PROVINCE)

    @property
    def total(self) -> Row:
        """The province's published total."""
        return self.row(self.rows, scores.TOTAL)

    def unit(self, code: str) -> Unit:
        """A unit as it was on the day of the capture."""
        return self.setting.register.get(code, self.as_of or self.setting.period.end)

    def row(self, rows: pd.DataFrame, component: str, unit: str = PROVINCE) -> Row:
        """The one row of a unit and component."""
        return rows[(rows["unit"] == unit) & (rows["component"] == component)].to_dict("records")[0]

    def extreme(self, column: str, count: int = 1, *, highest: bool = True) -> list[Row]:
        """The province's groups with the highest (or lowest) values of a column, ties included."""
        return scores.take_extreme(self.groups, column, count, highest=highest).to_dict("records")

    def group(self, component: str) -> str:
        """A component's name as printed."""
        return markup.escape(self.index.component(component).label)

    # --- figures -------------------------------------------------------------------------------------------
    def about(self, component: str, unit: str = PROVINCE, *, what: str = "Điểm", source: str = "") -> Row:
        """What every claim on a component says of itself: label, unit, period, source."""
        day = f", số liệu đến ngày {vn.format_date(self.as_of, 'short')}" if self.as_of else ""
        return {
            "label": f"{what}: {self.index.component(component).label}, {self.index.short_label}{day}",
            "unit": self.unit(unit),
            "period": self.setting.period,
            "source": source or least_trusted(self.rows["source"]),
        }

    def score(self, row: Row, *, claims: Claims | None = None, trim: bool = True) -> str:
        """A published score, or the sum of published ones that a shown group is."""
        parts = [part.label for part in self.index.parts(row["component"])] if row["facts"] > 1 else []
        about = self.about(row["component"], row["unit"], source=row["source"])
        printer = claims or self.claims
        return printer.score(row["score"], trim=trim, facts=row["facts"], formula=" + ".join(parts), **about)

    def points(
        self,
        value: Fraction,
        component: str,
        what: str,
        formula: str,
        *,
        claims: Claims | None = None,
    ) -> str:
        """Points computed from published scores, for example a mean."""
        return (claims or self.claims).score(value, formula=formula, **self.about(component, what=what))

    def maximum(self, component: str, *, claims: Claims | None = None) -> str:
        """The most points a component can bring."""
        about = self.about(component, what="Điểm tối đa", source="reference")
        return (claims or self.claims).score(self.index.component(component).maximum, trim=True, **about)

    def gap(self, value: Fraction, other: Fraction, component: str, what: str) -> str:
        """How far two scores are apart, without a sign."""
        larger, smaller = (vn.format_number(one, 2) for one in sorted((value, other), reverse=True))
        return self.points(abs(value - other), component, what, f"{larger} - {smaller}")

    def rate(self, row: Row) -> str:
        """The share of its maximum that a group reached, in %."""
        formula = f"{vn.format_number(row['score'], 2)} / {vn.format_number(row['maximum'], 2, trim=True)}"
        about = self.about(
            row["component"], what="Tỷ lệ điểm đạt được trên điểm tối đa", source=row["source"]
        )
        return self.claims.state(
            "change_percent", row["rate"], measured_in="%", decimals=2, formula=formula, **about
        )

    def place(self, row: Row) -> str:
        """A rank among the provinces ("28/34"), said to be shared where it is."""
        shared = " (đồng\u00a0hạng)" if row["tied"] else ""
        about = self.about(row["component"], row["unit"], what="Hạng tính từ điểm công bố")
        formula = "số địa phương có điểm cao hơn + 1"
        rank = self.claims.rank(
            int(row["place"]), int(row["among"]), facts=int(row["among"]), formula=formula, **about
        )
        return f"{rank}{shared}"

    def count(self, number: int, what: str, measured_in: str) -> str:
        """How many units or groups there are, in running text."""
        about = {**self.about(scores.TOTAL, what=what), "measured_in": measured_in}
        return self.claims.count(number, in_text=True, **about)

    # --- words ---------------------------------------------------------------------------------------------
    def describe_day(self) -> str:
        """As of when the scores are."""
        if self.as_of is None:
            return "nguồn công bố không ghi ngày đánh giá"
        return f"số liệu đến ngày {self.claims.date(self.as_of)}"

    def describe_source(self) -> str:
        """Where the scores come from, for the line under a table or chart."""
        return f"{markup.escape(self.index.issuer)}, {self.describe_day()}; {SOURCE_LABELS[least_trusted(self.rows['source'])]}."


def open_report(
    period: str, units: Sequence[str], seed: str = "", vintage: str = "", *, start: Path | None = None
) -> Report:
    """Everything the letter needs for a period ("2026", "2025-M7") and the province ("42").

    Of several captures of the period the newest is taken. Raises UserError for a period or unit that does not
    exist and NoDataError where the province has no score. `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    setting = open_setting(period, units, scope=_choose_scope, seed=seed, vintage=vintage, start=start)
    index = load_index(setting.root, INDEX, setting.period.end)
    captured = scores.take_snapshot(setting.facts.scores, INDEX, setting.period, PROVINCE)
    rows = scores.add_shown_groups(captured, index)
    as_of = scores.as_date(rows["as_of"].iloc[0])
    day = as_of or setting.period.end
    totals = rows[rows["component"] == scores.TOTAL]
    is_province = [setting.register.get(code, day).kind == "province" for code in totals["unit"]]
    out_of = totals.loc[totals["unit"] == PROVINCE, "out_of"].iloc[0]
    is_whole = not pd.isna(out_of) and sum(is_province) == out_of
    national = scores.rank_units(rows, list(totals["unit"][is_province]) if is_whole else [])
    own = totals[[not one for one in is_province]]
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    return Report(
        setting=setting,
        index=index,
        rows=rows,
        national=national,
        means=scores.compute_means(national),
        groups=scores.compare_groups(rows, index, PROVINCE),
        units=scores.rank_units(own, list(own["unit"])).sort_values("place", kind="stable"),
        earlier=scores.find_earlier(setting.facts.scores, index, setting.period, rows, PROVINCE),
        as_of=as_of,
    )


def _choose_scope(facts: Facts, register: Register, period: Period, chosen: Sequence[Unit]) -> list[Unit]:
    """The units of the capture, the Office and the levels ("cấp xã"): all that the letter may name."""
    names = ", ".join(unit.official_name for unit in chosen[:3])
    if [unit.code for unit in chosen] != [PROVINCE]:
        raise UserError(
            f'Báo cáo service_index chỉ lập cho toàn tỉnh, nhận được «{names}»; hãy ghi units là ["{PROVINCE}"].'
        )
    captured = scores.take_snapshot(facts.scores, INDEX, period, PROVINCE)
    if captured.empty:
        known = facts.scores[(facts.scores["index"] == INDEX) & (facts.scores["unit"] == PROVINCE)]
        periods = ", ".join(sorted(known["period"].unique())) or "chưa có"
        raise NoDataError(
            f"Không có điểm Bộ chỉ số phục vụ người dân, doanh nghiệp của {names} trong kỳ {period.name} "
            f"({period.code}); các kỳ có số liệu: {periods}; hãy chọn kỳ khác hoặc bổ sung tệp vào data/raw."
        )
    day = scores.as_date(captured["as_of"].iloc[0]) or period.end
    levels = [unit.code for unit in register.on(day) if unit.kind == "level"]
    return [register.get(code, day) for code in [*captured["unit"].unique(), OFFICE, *levels]]
