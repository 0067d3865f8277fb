"""What the report on dossiers holds its subject against: earlier periods, and the figures of a comparison in print.

The period before and the same period last year, through `Setting.compare`: what may not be compared has its reason,
what is bridged its bridge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from baocao.analysis import owners
from baocao.definitions import INDICATORS, Period, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.processing.reading import Memo
from baocao.writing import least_trusted, phrases

SHOWN = (
    "received", "resolved", "on_time_rate", "online_share", "dossier_digitisation_rate",
    "result_digitisation_rate", "online_payment_rate",
)  # fmt: skip
"""Counts and rates that are held against earlier periods."""

Row = Mapping[str, Any]
"""A row of `Setting.compare`."""


@dataclass(frozen=True)
class Base:
    """An earlier period and the rows of `Setting.compare` against it, by (indicator, unit code)."""

    period: Period
    rows: Mapping[tuple[str, str], Row]

    @property
    def is_compared(self) -> bool:
        """Whether anything may be compared with it."""
        return any(row["comparable"] != "no" for row in self.rows.values())


def read_bases(memo: Memo) -> list[Base]:
    """The period before and the same period last year, with what may be said of the subject and its levels."""
    return [
        make_base(memo.setting.compare(shown_names(memo), [memo.subject, *memo.levels], base), base)
        for base in memo.setting.bases
    ]


def make_base(compared: pd.DataFrame, period: Period) -> Base:
    """The rows of `Setting.compare` against one period, to be looked up."""
    return Base(period, {(row["indicator"], row["unit"]): row for row in compared.to_dict("records")})


def shown_names(memo: Memo) -> list[str]:
    """The counts and rates that are defined in the report's period."""
    return [name for name in SHOWN if name in memo.setting.measures or memo.board.indicator(name)]


# --- in print ----------------------------------------------------------------------------------------------------
def is_rate(row: Row) -> bool:
    """Whether the row is about a rate, not a count."""
    return any(one.name == row["indicator"] for one in INDICATORS)


def print_change(memo: Memo, row: Row, unit: Unit, *, in_column: bool = False) -> str:
    """By how much a rate (in points) or a count (in %) has changed, in words; as printed, to two decimals.

    A count that was small is told by how many dossiers more or less there are.

    `in_column`: the head of its column says that rates change in points.
    """
    change = row["change_pp"] if is_rate(row) else row["change_pct"]
    phrase = phrases.change_of_rate if is_rate(row) else phrases.change_of_count
    phrase = phrases.moved if in_column else phrase
    rounded = vn.round_half_up(change, 2)
    if not rounded:
        return phrase(0, "")
    about = {
        "label": f"{label_of(memo, row)}: thay đổi so với {Period.parse(row['base_period']).name}", "unit": unit,
        "period": memo.period, "source": least_trusted([row["source"], row["base_source"]]),
    }  # fmt: skip
    if not is_rate(row) and row["base_small"]:
        difference = abs(int(row["numerator"]) - int(row["base_numerator"]))
        few = memo.claims.count(difference, in_text=not in_column, formula="kỳ này - kỳ đó", **about)
        return phrase(rounded, f"{few} hồ sơ")
    formula = "tỷ lệ kỳ này - tỷ lệ kỳ đó" if is_rate(row) else "(kỳ này - kỳ đó) / kỳ đó"
    measured_in = "điểm phần trăm" if is_rate(row) else "%"
    return phrase(rounded, memo.claims.change(change, measured_in=measured_in, formula=formula, **about))


def print_base(memo: Memo, row: Row, unit: Unit, *, in_text: bool = False) -> str:
    """What a count or rate was in the base period, "–" where that is not known."""
    if pd.isna(row["base_numerator"]):
        return vn.MISSING
    if not is_rate(row):
        return memo.claims.count(int(row["base_numerator"]), in_text=in_text, **_about_base(memo, row, unit))
    denominator = None if pd.isna(row["base_denominator"]) else int(row["base_denominator"])
    return memo.claims.percent(int(row["base_numerator"]), denominator, **_about_base(memo, row, unit))


def print_base_fraction(memo: Memo, row: Row, unit: Unit) -> str:
    """The two parts of a rate in the base period."""
    parts = int(row["base_numerator"]), int(row["base_denominator"])
    return memo.claims.fraction(*parts, **_about_base(memo, row, unit))


def _about_base(memo: Memo, row: Row, unit: Unit) -> dict[str, Any]:
    definition = memo.board.indicator(row["indicator"])
    return {
        "label": f"{label_of(memo, row)}{owners(row['bridge'])}", "unit": unit, "period": Period.parse(row["base_period"]),
        "source": row["base_source"], "formula": definition.formula if definition else "",
    }  # fmt: skip


def label_of(memo: Memo, row: Row) -> str:
    """The name of the count or rate."""
    definition = memo.board.indicator(row["indicator"])
    return definition.label if definition else memo.setting.measures[row["indicator"]].label
