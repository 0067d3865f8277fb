"""What every memo starts from: the period and units asked for, the reference data, the facts and the claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from baocao import charts
from baocao.analysis import (
    History,
    Part,
    bridge_units,
    choose_bases,
    choose_subject,
    comparison,
    periods_before,
)
from baocao.definitions import (
    HOME,
    Laws,
    Measure,
    NoDataError,
    Period,
    Register,
    Unit,
    find_project_root,
    load_laws,
    load_register,
    load_targets,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.published.figures import figures_about, units_named
from baocao.store import Facts
from baocao.store import facts as fact_store
from baocao.writing import Claims, say_reason


@dataclass(frozen=True)
class Setting:
    """One report being written: everything the functions of a memo need, opened once by its notebook.

    `units` are those the report is about, valid on the last day of `period`; `claims` knows which units may be
    named. `font` is the family for charts, as matplotlib knows it.
    """

    root: Path
    register: Register
    measures: dict[str, Measure]
    laws: Laws
    facts: Facts
    period: Period
    units: tuple[Unit, ...]
    claims: Claims
    font: str

    @cached_property
    def history(self) -> History:
        """The figures of any unit in any period."""
        chosen = choose_subject(self.register, self.period, self.units)[1]
        return History(self.facts, self.register, load_targets(self.root), chosen)

    def results(self, indicators: Sequence[str], units: Sequence[Unit], period: Period) -> pd.DataFrame:
        """The value of indicators (or measures, by name) for units in a period: one row per (indicator, unit).

        Columns of `coverage.COVERED`; what was not reported is NA, and `missing` names the members of
        a group that did not report.
        """
        return self.history.results(indicators, units, period)

    def compare(
        self, indicators: Sequence[str], units: Sequence[Unit], base: Period, *,
        rank_within: Sequence[Unit] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """The report's period against `base`, the targets in force and the other units of `rank_within` (`units`).

        One row per (indicator, unit): columns of `comparison.COMPARISONS` and `targets_and_ranks.STANDINGS`. See `explain`.
        """
        return self.history.compare(indicators, units, self.period, base, rank_within)

    def series(
        self, indicators: Sequence[str], units: Sequence[Unit], periods: Sequence[Period]
    ) -> pd.DataFrame:
        """The values over `periods` as they may be held against the report's period: columns of `series.SERIES`."""
        return self.history.series(indicators, units, periods, self.period)

    def periods_before(self, count: int) -> list[Period]:
        """The last `count` periods up to the report's, oldest first, for a trend (`series.periods_before`)."""
        return periods_before(self.period, count)

    @property
    def bases(self) -> list[Period]:
        """The periods to compare with: the one before and the same a year before (`series.choose_bases`)."""
        return choose_bases(self.period)

    def bridge_units(self, units: Sequence[Unit], *bases: Period) -> tuple[Unit, ...]:
        """The old units that comparisons with the `bases` name: for a memo's scope."""
        return bridge_units(self.register, units, self.period, *bases)

    def explain(self, row: Mapping[str, Any]) -> str:
        """`comparison.explain` as Markdown: names, days and periods through the claims. Empty for "yes"."""
        return self.say(comparison.explanation(row))

    def say(self, parts: Sequence[Part]) -> str:
        """The parts of a reason (a `told` column) as Markdown, its names and dates declared."""
        return say_reason(parts, self.claims)


PROVINCE = HOME
"""The province whose reports these are."""

Scope = Callable[[Facts, Register, Period, Sequence[Unit]], Iterable[Unit]]
"""A memo's rule: the units that it may name (all of its charts, tables and sentences)."""


def open_setting(
    period: str,
    units: Sequence[str],
    *,
    scope: Scope,
    seed: str = "",
    vintage: str = "",
    start: Path | None = None,
) -> Setting:
    """The setting of a report on `units` (names, codes or kinds) in `period` (a code such as "2025-07").

    Raises UserError for a period or unit that does not exist; `scope` raises NoDataError (see `refuse_empty`)
    where the facts hold nothing for them. `seed` is the key of a published memo whose figures about these units an
    annex will list ("001"), none: "". `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    root = find_project_root(start)
    window = Period.parse(period)
    register = load_register(root)
    # papermill's -p and YAML make numbers of codes: 18229 is meant as "18229".
    asked = units if isinstance(units, list | tuple) else [units]
    chosen = tuple(register.expand([str(unit) for unit in asked], window.end))
    facts = fact_store.open_facts(root, str(vintage))
    laws = load_laws(root)
    published = units_named(root, figures_about(root, seed, chosen), register)
    claims = Claims([*scope(facts, register, window, chosen), *published], laws)
    return Setting(
        root=root, register=register, measures=facts.measures, laws=laws, facts=facts, period=window,
        units=chosen, claims=claims, font=charts.typeface_of_charts(root),
    )  # fmt: skip


def refuse_beyond(facts: Facts, period: Period) -> None:
    """NoDataError for a window that runs past the last day of which any count is known: it cannot be whole."""
    last = facts.last_day()
    if last is not None and period.start <= last < period.end:
        _ = facts.counts  # the refusal is made of all of them
        raise NoDataError(
            f"Số liệu hồ sơ mới có đến hết ngày {vn.format_date(last, 'short')}, chưa đủ cho {period.name} "
            f"(đến ngày {vn.format_date(period.end, 'short')}); hãy chọn kỳ kết thúc không sau ngày đó, hoặc nạp "
            "thêm số liệu rồi lập lại."
        )


def refuse_empty(period: Period, units: Sequence[Unit], what: str = "số liệu") -> NoDataError:
    """The error of a report for which there is nothing to report, to be raised by a memo's `scope`."""
    names = ", ".join(unit.official_name for unit in units[:3])
    if len(units) > 3:
        names += f" và {vn.format_count_in_text(len(units) - 3)} đơn vị khác"
    return NoDataError(
        f"Không có {what} của {names} trong kỳ {period.name}; hãy chọn kỳ khác hoặc bổ sung số liệu "
        "vào data/raw rồi chạy «baocao check»."
    )
