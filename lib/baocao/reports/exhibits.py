"""Tables, charts and annexes of a report, one call each: rows and columns are units and figures, all else is derived.

A cell that has no figure is a dash, a sum that lacks units is marked; what the marks mean stands below, with the forms that
the figures come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd

from baocao import charts  # by name: matplotlib is loaded when a chart is drawn
from baocao.analysis import MINIMUM_DENOMINATOR, Reason
from baocao.definitions import INDICATORS, Period, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.reports import annexes
from baocao.reports.annexes import REORGANISED_INSIDE, UNKNOWN_MARK
from baocao.reports.lists import LONGEST, Movers, Ranked, cut_tie, names
from baocao.store import units_at_fault
from baocao.writing import (
    NOT_WHOLE,
    SILENT,
    Absence,
    Base,
    Change,
    Claims,
    Figure,
    Figures,
    Gap,
    Growth,
    Kind,
    Markdown,
    Note,
    Parts,
    Printable,
    Words,
    markup,
    paragraphs,
    phrases,
    tables,
)

if TYPE_CHECKING:
    from baocao.reports.memo import Memo
    from baocao.reports.paper import Whose

TREND = {"month": 13, "quarter": 9, "half": 5, "year": 5, "months": 13, "range": 13}
"""How many periods a trend shows: for months and quarters to the same one last year and back again."""

MOST_LINES = 5
"""In a trend."""

SMALL, TIED = "*", "="
"""The marks of a rate of few dossiers and of a shared rank."""

_CHANGES = "Thay đổi: số hồ sơ tính bằng %, tỷ lệ tính bằng điểm phần trăm."
_FEW_BEFORE = "Kỳ trước ít hồ sơ thì ghi số chênh lệch."
_TIED = f"Dấu “{TIED}”: đồng hạng."
_DASH = " Dấu “–”: chưa có số liệu, không có hồ sơ để tính, hoặc không so sánh, xếp hạng được."
_OLD_UNITS = (
    " Đơn vị thành lập sau sắp xếp được so sánh với tổng của các đơn vị cũ hợp thành; từ đó xã, phường nhận thêm nhiệm vụ của "
    "huyện."
)
_BRIDGED_UNITS = f"{_OLD_UNITS} Dấu “–”: chưa có số liệu hoặc không có hồ sơ để tính."

_ORDER = " Trong mỗi khối, đơn vị xếp theo tỷ lệ {} từ cao xuống thấp{}."
_FEW_LAST = f"; mẫu số dưới {phrases.say_number(MINIMUM_DENOMINATOR)} hồ sơ xếp sau"

_LINE_BY_LINE = (
    " Số còn thiếu tính riêng cho từng dòng và làm tròn lên, nên cộng các dòng lại có thể khác dòng tổng."
)
"""Below a table of dossiers lacking: why 115 + 261 + 733 + 3.225 stand above 4.332."""

NAMES = (
    "table", "table_of_figures", "table_of_changes", "table_by_unit", "table_of_moves", "table_of_one", "cell", "composition",
    "ranking", "bars", "slope", "trend", "course", "definitions", "conventions", "caveats",
)  # fmt: skip
"""What of `Exhibits` the notebook's cells may name."""

Column = Callable[[Figure], str]
"""A column of a table of figures: what it shows of each."""


Held = Figure | Parts | Gap | Change | Growth
"""A column of a table whose rows are units: what it shows of each of them."""


# --- columns of a table of figures -----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Cells:
    """The columns that a table of figures may have: `cell.dossiers`, `cell.rate`, `cell.change(base)`, …"""

    memo: Memo

    def dossiers(self, figure: Figure) -> str:
        """A number of dossiers, or the two parts of a rate."""
        one = figure.dossiers
        return one.write(self.memo.claims, in_text=False) if one.known else vn.MISSING

    def rate(self, figure: Figure) -> str:
        """A rate in bold; of few dossiers it is marked."""
        if not figure.is_rate:
            return ""
        return f"**{figure.cell(whole_only=True)}**{markup.escape(SMALL) if figure.small else ''}"

    def gap(self, figure: Figure) -> str:
        """The dossiers that a rate lacks to its level, or that it has reached it."""
        return figure.gap.cell() if figure.is_rate else ""

    def of(self, whose: Whose) -> Column:
        """The same figure of another unit or group; of a sum that lacks units a dash."""
        return lambda figure: figure.at(whose).cell(whole_only=True)

    def rank(self, figure: Figure) -> str:
        """The rank of a rate among the units of the same kind."""
        if not figure.is_rate:
            return ""
        if not figure.rank.known:
            return vn.MISSING
        mark = markup.escape(TIED) if figure.rank.tied else ""
        return f"{mark}{figure.rank.write(self.memo.claims, in_text=False)}"

    def change(self, base: Base) -> Column:
        """How the figure has changed since an earlier period, with its sign."""

        def write(figure: Figure) -> str:
            return figure.change(base, "signed").cell()

        write.base = base  # so that the note below the table can say which period it is
        return write


class Exhibits:
    """The tables, charts and annexes of one memo."""

    def __init__(self, memo: Memo) -> None:
        self.memo = memo
        self.cell = Cells(memo)

    def vocabulary(self) -> dict[str, Any]:
        """What the notebook's cells may call."""
        return {name: getattr(self, name) for name in NAMES}

    def _text(self, text: Any) -> str:
        return self.memo.text(text)

    def _table(self, caption: Any, **parts: Any) -> Markdown:
        return tables.table(self.memo.claims, caption=self._text(caption), small=True, **parts)

    # --- tables ------------------------------------------------------------------------------------------------------
    def table(
        self, rows: Sequence[Whose], columns: Mapping[str, Held], *, caption: Any, first: str = "Đơn vị",
        bold: Sequence[Whose] = (), widths: Sequence[int] = (),
    ) -> Markdown:  # fmt: skip
        """Units or groups down, figures across, columns apart that no row has; empty where fewer than two rows have any.

        What is lacking stays a column of dashes: that nothing can be said of it is told by the sums' marks.
        """
        self._read_ahead(columns, rows)
        changes = self._changes_told(columns, rows)
        columns = {
            heading: one for heading, one in columns.items()
            if isinstance(one, Gap) or any(one.at(row).known for row in rows)
        }  # fmt: skip
        rows = [row for row in rows if any(figure.at(row).known for figure in _figures(columns))]
        if len(rows) < 2:
            return Markdown("")
        written = []
        for row in rows:
            cells = [row.full.write(self.memo.claims), *_cells(columns, row)]
            written.append([f"**{cell}**" for cell in cells] if row in bold else cells)
        shown = [figure.at(row) for row in rows for figure in _figures(columns)]
        return self._table(
            caption,
            header=[first, *map(self._text, columns)],
            rows=written,
            widths=widths or [30, *[13] * len(columns)],
            align="l" + "r" * len(columns),
            source=self.memo.figures.source_text(shown)
            + _marks(written)
            + _gap_notes(columns, written)
            + changes,
        )

    def _read_ahead(self, columns: Mapping[Any, Any], rows: Sequence[Whose]) -> None:
        """Compute at once what the changes in the columns will ask of the rows."""
        bases = {one.base for one in columns.values() if isinstance(one, Change)}
        self.memo.figures.history.read_ahead([row.unit for row in rows], self.memo.period, list(bases))

    def _changes_told(self, columns: Mapping[Any, Any], rows: Sequence[Whose]) -> str:
        """What the changes in the columns of a table are measured from, and which of them are not made, by reason.

        What a table before it told is not told again.
        """
        figures = self.memo.figures
        compared = [one for one in columns.values() if isinstance(one, Change) and one.of.defined]
        told: dict[str, None] = {}
        refused: dict[Reason, tuple[dict[str, Figure], dict[Whose, None]]] = {}
        for change, row in ((one.at(row), row) for row in rows for one in compared):
            if change.bridge and figures.is_news(_OLD_UNITS):
                told[_OLD_UNITS] = None
            absence = change.absence
            if absence is not None and absence.is_news and absence.reason:
                rates, whose = refused.setdefault(_of_any_unit(absence.reason), ({}, {}))
                rates[change.of.name], whose[row] = change.of, None
        for reason, (rates, whose) in refused.items():
            of_rates = tuple(rates) if len(rates) < len(compared) else ()
            of_units = tuple(one.unit for one in whose) if len(whose) < len(rows) else ()
            if not figures.is_news((reason, compared[0].base, of_rates, of_units)):
                continue
            rest = phrases.join([str(figures.name(one.said)) for one in rates.values()])
            what = f" {rest}" if of_rates else ""
            who = f": {names(self.memo, list(whose))}" if of_units else ""
            base = figures.period_name(compared[0].base)
            told[f" Không so sánh{what} với {base} vì {figures.reason(reason)}{who}."] = None
        return figures.fill("".join(told))

    def table_of_figures(
        self, figures: Mapping[str, Figure], columns: Mapping[Any, Column], *, caption: Any, widths: Sequence[int] = (),
        beside: Sequence[Whose] = (),
    ) -> Markdown:  # fmt: skip
        """Figures of the subject down, and `columns` (`cell`) across; rates apart that nobody of `beside` has reported.

        Empty where none is left.
        """
        memo = self.memo
        shown = {
            name: figure for name, figure in figures.items()
            if not figure.is_rate or (figure.defined and any(figure.at(one).reported for one in (memo.subject, *beside)))
        }  # fmt: skip
        if not shown:
            return Markdown("")
        header = ["Chỉ tiêu", *map(self._text, columns)]
        rows = [
            [self._text(name), *(column(one) for column in columns.values())] for name, one in shown.items()
        ]
        bases = [
            (heading, column.base) for heading, column in columns.items()
            if hasattr(column, "base") and column.base.known
        ]  # fmt: skip
        looked_at = [one.at(unit) for one in shown.values() for unit in (memo.subject, *beside)]
        return self._table(
            caption,
            header=header,
            rows=rows,
            widths=widths or [42, *[17] * len(columns)],
            align="l" + "r" * len(columns),
            source=f"{memo.figures.source_text(looked_at)} {self._notes(list(shown.values()), bases, rows)}",
        )

    def _notes(
        self, shown: Sequence[Figure], bases: Sequence[tuple[Any, Base]], rows: Sequence[Sequence[str]]
    ) -> str:
        """Which periods the changes are against, what stands for the unit in them, and what the marks mean."""
        memo = self.memo
        notes = []
        if bases:
            told = [f"{self._text(heading)}: {memo.claims.period(base.period)}" for heading, base in bases]
            notes += [f"{'; '.join(told)}.", _CHANGES]
            changes = [one.change(base) for one in shown for _, base in bases]
            counts = (one for one in changes if one.known and not one.of.is_rate)
            if any(one.row["base_small"] and one.value for one in counts):
                notes.append(_FEW_BEFORE)
            bridged = dict.fromkeys(one.bridge for one in changes if one.bridge)
            notes += [
                f"Khi so sánh: {memo.figures.reason(told).write(memo.claims)}."
                for told in bridged
                if memo.figures.is_news(told)
            ]
        cells = [cell.strip("*") for row in rows for cell in row]
        if any(one.small for one in shown):
            minimum = phrases.say_number(MINIMUM_DENOMINATOR)
            notes.append(phrases.small_base(markup.escape(SMALL), minimum).strip())
        if any(cell.startswith(markup.escape(TIED)) for cell in cells):
            notes.append(_TIED)
        if vn.MISSING in cells:
            notes.append(_DASH.strip())
        return " ".join(notes)

    def table_of_changes(
        self,
        figures: Sequence[Figure],
        bases: Sequence[Base],
        *,
        caption: Any,
        by_level: Sequence[Figure] = (),
    ) -> Markdown:
        """The subject's figures beside those of earlier periods, some of them by level; empty where nothing is compared."""
        memo = self.memo
        figures = [one for one in figures if one.defined]
        everyone = [memo.subject, *memo.levels]
        shown = [one.at(unit) for one in figures for unit in everyone]
        compared = [base for base in bases if any(one.change(base).known for one in shown)]
        if not compared:
            return Markdown("")
        header = ["Chỉ tiêu", "Kỳ này"]
        for base in compared:
            header += [memo.claims.name(phrases.capitalise(base.period.name)), "Thay đổi"]
        level_names = {one.name for one in by_level}
        rows: list[list[str]] = []
        refused: dict[Reason, list[str]] = {}
        shown = []
        for figure in figures:
            levels = memo.levels if figure.name in level_names else ()
            changes = {
                unit: [figure.at(unit).change(base) for base in compared] for unit in (memo.subject, *levels)
            }
            told = [unit for unit, own in changes.items() if any(one.known for one in own)]
            for level in (one for one in levels if one not in told):
                reason = tuple(changes[level][0].row["told"])
                refused.setdefault(reason, []).append(f"{memo.figures.name(figure.said)} của {level}")
            # A level's line is read as a part of the subject's above it, which therefore stands there too.
            for unit in dict.fromkeys((memo.subject, *told)) if told else ():
                own = figure.at(unit)
                shown.append(own)
                rows.append(
                    [self._line_name(own, unit), own.cell(), *_beside(own, changes[unit], memo.claims)]
                )
        is_by_level = any(one.unit != memo.subject.unit for one in shown)
        notes = [
            f" Không so sánh {phrases.join(lines, semicolons=True) if is_by_level else 'theo cấp'} vì {memo.figures.reason(reason)}."
            for reason, lines in refused.items()
        ]
        return self._table(
            caption,
            header=header,
            rows=rows,
            widths=[46, 17, *[18, 30] * len(compared)],
            align="lr" + "rl" * len(compared),
            source=memo.figures.source_text(shown) + _marks(rows, _DASH) + memo.figures.fill("".join(notes)),
        )

    def _line_name(self, figure: Figure, unit: Whose) -> str:
        if unit is not self.memo.subject:
            return f"– {unit.write(self.memo.claims)}"
        return figure.full.write(self.memo.claims) + (" (%)" if figure.is_rate else " (hồ sơ)")

    # --- tables by unit ----------------------------------------------------------------------------------------------
    def table_by_unit(
        self,
        columns: Mapping[str, Held],
        *,
        caption: Any,
        widths: Sequence[int] = (),
        most: Held | None = None,
    ) -> Markdown:
        """Every unit under its kind, each kind's subtotal and the total; columns apart that have no figure of anybody.

        The units of a kind are numbered and stand by `most`, the one with most first; by the first rate where that is not
        given (those of few dossiers last), as the register has them where there is none.
        """
        memo = self.memo
        listed = [*(memo.groups or memo.levels), *memo.ended, *memo.members, memo.subject]
        wide = dict(zip(columns, widths[1:], strict=True)) if widths else {}
        self._read_ahead(columns, listed)
        columns = {
            heading: figure for heading, figure in columns.items()
            if any(figure.at(one).known for one in listed)
        }  # fmt: skip
        if not columns:
            return Markdown("")
        rates = [one for one in columns.values() if isinstance(one, Figure) and one.is_rate]
        by = most if most is not None or not rates else rates[0]
        rows: list[list[str]] = []
        marks: list[str | None] = []

        def add(whose: Whose, name: str, mark: str | None, *, is_sum: bool = False) -> None:
            cells = [memo.claims.unit(whose.unit, name), *_cells(columns, whose)]
            rows.append([f"**{cell}**" for cell in cells] if is_sum else cells)
            marks.append(mark)

        for number, group in enumerate(memo.groups, 1):
            add(group, group.unit.full_name, vn.roman(number), is_sum=True)
            ended = (gone for gone in memo.ended if gone.kind == group.kind)
            for one in (*_most_first(group.members, by), *ended):
                add(one, one.unit.full_name, None)
        for level in memo.levels if not memo.groups else ():
            add(level, level.unit.full_name, "")
        add(memo.subject, f"Tổng số: {memo.subject.unit.official_name}", "", is_sum=True)
        usual = {heading: 19 if isinstance(one, Parts) else 13 for heading, one in columns.items()}
        notes = _marks(rows) + _gap_notes(columns, rows)
        if memo.groups and most is None and rates:
            few = any(rates[0].at(unit).small for unit in memo.members)
            notes += _ORDER.format(self._text(rates[0].inside), _FEW_LAST if few else "")
        if memo.ended or any(not one.unit.valid_on(memo.period.start) for one in memo.members):
            notes += REORGANISED_INSIDE
        return self._table(
            caption,
            header=["Đơn vị", *map(self._text, columns)],
            rows=rows,
            widths=[widths[0] if widths else 60, *(wide.get(*one) for one in usual.items())],
            align="l" + "r" * len(columns),
            marks=marks,
            source=memo.figures.source_text(one.at(unit) for one in _figures(columns) for unit in listed)
            + notes
            + self._changes_told(columns, listed),
        )

    def table_of_moves(self, moves: Movers, columns: Mapping[str, Figure], *, caption: Any) -> Markdown:
        """Every unit that may be compared: its earlier figures, the changes, and whose figures those were."""
        memo = self.memo
        if not moves:
            return Markdown("")
        compared = [one for one in memo.members if one in moves.direct_units or one in moves.bridged_units]
        if not compared:
            return Markdown("")
        header, rows = ["Đơn vị"], []
        for heading, figure in columns.items():
            header += [self._text(heading), "Thay đổi (điểm phần trăm)" if figure.is_rate else "Thay đổi"]
        for unit in compared:
            cells = [unit.full.write(memo.claims)]
            for figure in columns.values():
                cells += _beside(figure.at(unit), [moves.change(figure, unit, "column")], memo.claims)
            bridges = (moves.change(one, unit).row["bridge"] for one in columns.values())
            old = [memo.claims.unit(one) for one in next(filter(None, bridges), ())]
            rows.append([*cells, phrases.name_units(old) if old else "chính đơn vị"])
        shown = [next(iter(columns.values())).at(unit) for unit in compared]
        table = self._table(
            caption,
            header=[*header, "Số liệu cùng kỳ của"],
            rows=rows,
            widths=[44, *[14, 20] * len(columns), 58],
            align="l" + "rl" * len(columns) + "l",
            source=memo.figures.source_text(shown) + _BRIDGED_UNITS,
            marks=[None] * len(rows),
        )
        listed = [
            f"Không so sánh được vì {memo.figures.reason(reason).write(memo.claims)}: "
            f"{phrases.join([one.write(memo.claims) for one in units], semicolons=True)}."
            for reason, units in moves.refused.items()
            if len(units) > LONGEST
        ]
        return paragraphs(table, *listed)

    def table_of_one(self, figures: Sequence[Figure] = (), *, caption: Any) -> Markdown:
        """All that was counted of a single unit: what, in which form, how many; `figures` come first."""
        memo = self.memo
        names = dict.fromkeys([*(one.name for one in figures), *memo.setting.measures])
        known = [one for one in (memo.figures.get(name, memo.subject.unit) for name in names) if one.known]
        forms = {one: memo.figures.name(memo.setting.measures[one.name].form) for one in known}
        rows = [[one.full.write(memo.claims), forms[one].write(memo.claims), one.cell()] for one in known]
        return tables.table(
            memo.claims,
            caption=self._text(caption),
            header=["Chỉ tiêu thống kê", "Biểu, bảng theo dõi", "Số hồ sơ"],
            rows=rows,
            widths=[80, 55, 25],
            align="llr",
            source=memo.figures.source_text(known),
        )

    # --- charts ------------------------------------------------------------------------------------------------------
    def composition(
        self, rows: Sequence[Whose], parts: Mapping[str, Figure], *, what: str, caption: Any
    ) -> Markdown:
        """What each whole is made of, a bar for each of the rows; empty where none has all parts whole."""
        memo = self.memo
        figures = {row: [one.at(row) for one in parts.values()] for row in rows}
        whole = [
            row for row, own in figures.items()
            if all(one.known and one.is_whole and one.value >= 0 for one in own) and any(own)
        ]  # fmt: skip
        if not whole:
            return Markdown("")
        view = memo.claims.for_chart()
        legend = [view.words(name) for name in parts]
        drawn = [
            charts.Row(
                view.unit(row.unit, row.unit.full_name),
                [one.value for one in figures[row]],
                [one.write(view, in_text=False) for one in figures[row]],
                is_focus=row is memo.subject,
            )
            for row in whole
        ]
        told = [
            f"{row.name}: "
            + ", ".join(f"{_inside(name)} {label}" for name, label in zip(legend, row.labels, strict=True))
            for row in drawn
        ]
        return charts.composition_bars(
            memo.claims,
            drawn,
            legend,
            caption=self._text(caption),
            description=f"Biểu đồ thanh, {what}. {'; '.join(told)}.",
            source=memo.figures.source_text(one for row in whole for one in figures[row]),
            font=memo.setting.font,
            as_shares=True,
        )

    def ranking(self, found: Ranked, *, what: str, caption: Any) -> Markdown:
        """The best and the weakest of a ranking as bars, against the rate of all together; empty for fewer than two."""
        memo = self.memo
        best, weakest = (cut_tie(units)[0] for units in (found.highest_units, found.weakest_units))
        chosen = [*best, *weakest[::-1]]
        if len(chosen) < 2:
            return Markdown("")
        view = memo.claims.for_chart()
        figures = [found.rate.at(one) for one in chosen]
        bars = [charts.Bar(view.unit(one.unit), float(one.value), one.write(view)) for one in figures]
        mark = charts.Mark(view.words("Mức chung"), float(found.common.value), found.common.write(view))
        return self._draw_bars(bars, figures, what, caption, mark=mark)

    def bars(self, rows: Sequence[Whose], rate: Figure, *, what: str, caption: Any) -> Markdown:
        """A rate of each of the rows that is whole, against its target in force; empty for fewer than two."""
        memo = self.memo
        figures = [rate.at(row) for row in rows if rate.at(row).is_level]
        if len(figures) < 2:
            return Markdown("")
        view = memo.claims.for_chart()
        drawn = [
            charts.Bar(view.unit(one.unit, one.unit.full_name), float(one.value), one.write(view),
                       is_focus=one.unit == memo.subject.unit)
            for one in figures
        ]  # fmt: skip
        goal = rate.target
        target = goal.known and charts.Mark(view.words("Chỉ tiêu"), float(goal.value), goal.write(view))
        return self._draw_bars(drawn, figures, what, caption, target=target or None)

    def _draw_bars(
        self, bars: Sequence[charts.Bar], figures: Sequence[Figure], what: str, caption: Any,
        **line: charts.Mark | None,
    ) -> Markdown:  # fmt: skip
        """The bars of figures, and the `line` (`mark` or `target`) that they are held against."""
        told = [*(mark for mark in line.values() if mark), *bars]
        return charts.ranking_bars(
            self.memo.claims,
            bars,
            caption=self._text(caption),
            description=f"Biểu đồ thanh, {what}. {'; '.join(f'{one.name} {one.label}' for one in told)}.",
            source=self.memo.figures.source_text(figures),
            font=self.memo.setting.font,
            **line,
        )

    def slope(self, rows: Sequence[Whose], rate: Figure, base: Base, *, caption: Any) -> Markdown:
        """A rate in an earlier period and now, a line for each row that may be compared; empty for fewer than two."""
        memo = self.memo
        figures = [figure for figure in (rate.at(row) for row in rows) if figure.change(base).known]
        if len(figures) < 2:
            return Markdown("")

        def point(figure: Figure) -> charts.Point:
            return charts.Point(figure.value, figure.write)

        return charts.slope(
            memo.claims,
            base.period,
            memo.period,
            [
                charts.Slope(
                    one.unit, point(one.then(base)), point(one), is_focus=one.unit == memo.subject.unit
                )
                for one in figures
            ],
            caption=self._text(caption),
            source=memo.figures.source_text(figures),
            font=memo.setting.font,
        )

    def _series(self, figures: Sequence[Figure]) -> tuple[list[Period], list[list[dict[str, Any]]]]:
        """The last periods of the document's kind, and the points of each figure in them."""
        memo = self.memo
        periods = memo.setting.periods_before(TREND[memo.period.kind])
        names, units = [one.name for one in figures], [one.unit for one in figures]
        read = memo.figures.history.series(names, units, periods, memo.period).to_dict("records")
        rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for row in read:
            rows.setdefault((row["indicator"], row["unit"]), []).append(row)
        return periods, [rows[one.name, one.unit.code] for one in figures]

    def trend(
        self,
        lines: Mapping[Any, Figure],
        *,
        caption: Any,
        fewest: int = 3,
        height: float = 60.0,
        with_target: bool = False,
        explain: bool = False,
    ) -> Markdown:
        """Rates, or numbers of dossiers, over the last periods, the first of them dark, and in words why the line begins late.

        `lines` are named by words or by a unit. A rate with fewer than `fewest` points is not drawn; `explain` says why
        none is.
        """
        memo = self.memo
        lines = {name: figure for name, figure in lines.items() if figure.defined}
        if not lines:
            return Markdown("")
        kinds = {figure.is_rate for figure in lines.values()}
        if len(lines) > MOST_LINES or len(kinds) > 1:
            raise UserError(
                f"Biểu đồ xu hướng vẽ nhiều nhất {phrases.say_number(MOST_LINES)} đường, hoặc tỷ lệ, hoặc số hồ sơ; nhận được "
                f"{len(lines)} đường{', có cả hai loại' if len(kinds) > 1 else ''}; hãy bỏ bớt, hoặc vẽ riêng từng loại."
            )
        periods, points = self._series(list(lines.values()))
        read = {name: (figure, rows) for (name, figure), rows in zip(lines.items(), points, strict=True)}
        drawn = {name: one for name, one in read.items() if sum(map(_has_value, one[1])) >= fewest}
        whose = next(iter(lines.values())).unit
        if not any(figure.unit == whose for figure, _ in drawn.values()):
            return self._no_trend(*next(iter(read.values()))) if explain else Markdown("")
        first = min(at for _, rows in drawn.values() for at, row in enumerate(rows) if _has_value(row))
        shown = periods[first:]
        figures = [figure for figure, _ in drawn.values()]
        goal = figures[0].target if with_target else None
        chart = charts.trend(
            memo.claims,
            shown,
            [
                charts.Line(
                    getattr(name, "unit", name),
                    [_point(figure, period, row) for period, row in zip(shown, rows[first:], strict=True)],
                    is_focus=at == 0,
                )
                for at, (name, (figure, rows)) in enumerate(drawn.items())
            ],
            breaks=list(_breaks(drawn, shown, first)),
            target=charts.Goal(goal.value, goal.write) if goal is not None and goal.known else None,
            height=height,
            measured_in="%" if figures[0].is_rate else "hồ sơ",
            caption=f"{self._text(caption)}, từ {memo.claims.period(shown[0])} đến {memo.claims.period(shown[-1])}",
            source=memo.figures.source_text(figures),
            font=memo.setting.font,
        )
        notes = self._trend_notes(figures[0], periods, next(iter(drawn.values()))[1])
        return chart.after(paragraphs(" ".join(notes))) if notes else chart

    def _no_trend(self, figure: Figure, rows: Sequence[dict[str, Any]]) -> Markdown:
        """Why there is no line to draw."""
        refused = [row for row in rows if row["comparable"] == "no"]
        if not figure.known:
            nothing = figure.absence and figure.absence.kind == Kind.NOTHING_TO_DIVIDE
            why = "trong kỳ không phát sinh hồ sơ để tính" if nothing else "đơn vị chưa có số liệu của kỳ này"
        elif refused:
            why = self.memo.figures.reason(refused[-1]["told"]).write(self.memo.claims)
        else:
            why = f"mới có số liệu của {phrases.say_number(sum(map(_has_value, rows)))} kỳ"
        return paragraphs(f"Chưa vẽ được biểu đồ xu hướng vì {why}.")

    def _trend_notes(
        self, focus: Figure, periods: Sequence[Period], rows: Sequence[dict[str, Any]]
    ) -> list[str]:
        """Why the line begins late, and whose figures it shows where the comparisons do not say so."""
        memo = self.memo
        known = [at for at, row in enumerate(rows) if _has_value(row)]
        refused = [row for row in rows[: known[0]] if row["comparable"] == "no"]
        notes = []
        if refused:
            since = memo.claims.period(periods[known[0]])
            notes.append(
                f"Biểu đồ bắt đầu từ {since} vì {memo.figures.reason(refused[-1]['told']).write(memo.claims)}."
            )
        told = {unit for base in memo.bases for unit in _old_units(focus.change(base).row)}
        units = dict.fromkeys(unit for at in known for unit in _old_units(rows[at]) if unit not in told)
        if units:
            names = phrases.join([memo.claims.unit(unit) for unit in units], semicolons=True)
            notes.append(f"Trên biểu đồ, các đơn vị cũ là: {names}.")
        return notes

    def course(self, figure: Figure) -> Course:
        """How a rate went since the last break: "tăng liên tục, từ … lên …"; silent for fewer than three points."""
        return Course(self.memo, figure, tuple(self._series([figure])[1][0]) if figure.defined else ())

    # --- annexes -----------------------------------------------------------------------------------------------------
    def definitions(self) -> Markdown:
        """What every rate printed so far means."""
        used = self.memo.figures.used
        shown = [one for one in INDICATORS if one.name in used]
        return annexes.table_definitions(self.memo.claims, shown)

    def conventions(self, first: str, *others: Any) -> Markdown:
        """How figures are counted and printed, numbered: `first`, what holds for every report, then `others`."""
        return markup.numbered([self._text(one) for one in (first, *annexes.CONVENTIONS, *others)])

    def caveats(self, *figures: Figure, beside: Sequence[Whose] = ()) -> Words:
        """What a reader must know of these figures of a single unit, and of those `beside` them, a sentence each."""
        return Words(self.memo.figures, lambda claims, first: " ".join(self._caveats(figures, beside)))

    def _caveats(self, figures: Sequence[Figure], beside: Sequence[Whose]) -> Iterator[str]:
        memo, print_ = self.memo, self.memo.figures.fill
        looked_at = [one.at(whose) for one in figures for whose in beside]
        sources = [one.row["source"] for one in looked_at]
        silent = list(dict.fromkeys(unit for one in looked_at for unit in one.row["missing"]))

        def count(units: Sequence[Any], label: str) -> str:
            return memo.figures.number(len(units), label, memo.peers.unit, sources).write(memo.claims)

        if silent:
            lacks = [one for one in beside if any(figure.at(one).row["missing"] for figure in figures)]
            names = phrases.join([print_(str(one.inside if one is memo.peers else one)) for one in lacks])
            yield (
                f"Số của {names} chưa gồm {count(silent, 'Đơn vị chưa báo cáo đủ')} đơn vị chưa có đủ số liệu; số chưa gồm đủ "
                "thì không ghi."
            )
        for one in figures:
            if one.is_rate and one.row["instead"]:
                forms = dict.fromkeys(
                    memo.setting.measures[name].form for name in one.indicator.denominator_instead
                )
                form = phrases.join([print_(str(memo.figures.name(form))) for form in forms])
                yield f"{phrases.capitalise(print_(str(one.inside)))}: chưa có bảng theo dõi, tính trên số hồ sơ tiếp nhận theo {form}."
        if wrong := units_at_fault(memo.setting.facts):
            number = count(list(wrong), "Đơn vị có số liệu lỗi")
            yield f"Số liệu của {number} đơn vị khác có lỗi; phần có lỗi không được tính, không được xếp hạng."
        everyone = (memo.subject, *beside)
        unreported = [
            one for one in figures
            if one.is_rate and one.defined and not any(one.at(whose).reported for whose in everyone)
        ]  # fmt: skip
        if unreported:
            names = phrases.join([print_(str(one.inside)) for one in unreported], semicolons=True)
            yield f"Chưa có số liệu: {names}."
        exceptions = annexes.list_exceptions(memo.setting, [memo.subject.unit])
        if exceptions:
            rest = ""
            if len(exceptions) > 1:
                label = "Lỗi khác được chấp nhận khi nạp"
                more = memo.figures.number(
                    len(exceptions) - 1, label, memo.subject.unit, [], measured_in="lỗi"
                )
                rest = f" Còn {more.write(memo.claims)} lỗi khác được chấp nhận, ghi trong danh sách nguồn số liệu."
            yield f"Số liệu có lỗi được chấp nhận khi nạp: {exceptions[0]}{rest}"
        for warning in annexes.list_warnings(memo.setting, [memo.subject.unit])[:1]:
            yield f"Lưu ý khi kiểm tra số liệu: {warning}"  # one line of many: two pages are all there is


@dataclass(frozen=True, eq=False, repr=False)
class Course(Printable):
    """How a rate went over the last periods, as far as its line may be read through."""

    memo: Memo
    figure: Figure
    rows: tuple[Mapping[str, Any], ...]

    @property
    def figures(self) -> Figures:
        return self.memo.figures

    @property
    def _known(self) -> list[Mapping[str, Any]]:
        last = max((at for at, row in enumerate(self.rows) if row["break_before"]), default=0)
        return [row for row in self.rows[last:] if _has_value(row)]

    @property
    def absence(self) -> Absence | None:
        return None if len(self._known) >= 3 else SILENT

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        known = self._known
        values = [vn.rate(int(row["numerator"]), int(row["denominator"])) for row in known]
        changes = [after - before for before, after in pairwise(values)]
        ends = []
        for row in (known[0], known[-1]):
            period = Period.parse(row["period"])
            ends.append(f"{_print_point(self.figure, period, row, claims)} ({claims.period(period)})")
        return phrases.trend(changes, *ends)

    def notes(self) -> Iterator[Printable]:
        for row in self.rows:
            if row["break_before"]:
                since, why = (
                    self.figures.period_name(Period.parse(row["period"])),
                    self.figures.reason(row["break_told"]),
                )
                key = (row["period"], tuple(row["break_told"]))
                yield Note(self.figures, phrases.broken(str(since), str(why)), key)


# --- parts -------------------------------------------------------------------------------------------------------------
def _figures(columns: Mapping[Any, Any]) -> list[Figure]:
    """The figures that columns show: themselves, their parts, changes."""
    figures = []
    for one in columns.values():
        while not isinstance(one, Figure):
            one = one.of
        figures.append(one)
    return figures


def _most_first(units: Sequence[Whose], by: Held | None) -> list[Whose]:
    """The units by something, most first, rates of few dossiers behind, those of which it is not known last."""
    if by is None:
        return list(units)

    def place(unit: Whose) -> tuple[int, float]:
        one = by.at(unit)
        is_few = isinstance(one, Figure) and one.small
        return (2, 0) if not one.known else (int(is_few), -one.value)

    return sorted(units, key=place)


def _cells(columns: Mapping[Any, Held], whose: Whose) -> list[str]:
    """The cells of a unit's row; a rate of few dossiers is marked where the row is held against a target."""
    is_held = any(isinstance(one, Gap) for one in columns.values())
    cells = []
    for one in (column.at(whose) for column in columns.values()):
        is_few = is_held and isinstance(one, Figure) and one.small
        cells.append(f"{one.cell()}{markup.escape(SMALL) if is_few else ''}")
    return cells


def _gap_notes(columns: Mapping[Any, Held], rows: Sequence[Sequence[str]]) -> str:
    """What a table says below it that has a column of dossiers lacking."""
    if not any(isinstance(one, Gap) for one in columns.values()):
        return ""
    few = markup.escape(SMALL)
    is_few = any(few in cell for row in rows for cell in row)
    return _LINE_BY_LINE + (
        phrases.small_base(few, phrases.say_number(MINIMUM_DENOMINATOR)) if is_few else ""
    )


def _beside(figure: Figure, changes: Sequence[Any], claims: Claims) -> list[str]:
    """For each earlier period what stood for the figure then, and how it has changed."""
    cells = []
    for change in changes:
        then = figure.then(change.base)
        cells.append(then.write(claims, in_text=False) if then.known else vn.MISSING)
        cells.append(change.cell())
    return cells


def _marks(rows: Sequence[Sequence[str]], dash: str = UNKNOWN_MARK) -> str:
    """What the marks in these cells mean."""
    cells = [cell.strip("*") for row in rows for cell in row]
    dashes = dash if vn.MISSING in cells else ""
    is_partly = any(cell.endswith(NOT_WHOLE) for cell in cells)
    return dashes + (phrases.not_whole_note(markup.escape(NOT_WHOLE)) if is_partly else "")


def _inside(name: str) -> str:
    """A name inside a sentence; abbreviations stay as they are."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _has_value(row: Mapping[str, Any]) -> bool:
    """Whether a point of a series has a value, of all its units."""
    return pd.notna(row["value"]) and not row["missing"]


def _point(figure: Figure, period: Period, row: Mapping[str, Any]) -> charts.Point:
    if not _has_value(row):
        return charts.Point(None, None)
    return charts.Point(float(row["value"]), partial(_print_point, figure, period, row))


def _print_point(figure: Figure, period: Period, row: Mapping[str, Any], claims: Claims) -> str:
    about = {
        "label": figure.label, "unit": figure.unit, "period": period, "source": row["source"], "facts": int(row["facts"]),
        "formula": figure.formula,
    }  # fmt: skip
    if not figure.is_rate:
        return claims.count(int(row["numerator"]), **about)
    decimals = figure.indicator.decimals
    return claims.percent(int(row["numerator"]), int(row["denominator"]), decimals=decimals, **about)


def _breaks(
    drawn: Mapping[Any, tuple[Figure, list[Period], list[dict[str, Any]]]],
    shown: Sequence[Period],
    first: int,
) -> Iterable[charts.Break]:
    """The cuts in the lines, each once, with what stands before it."""
    told: dict[str, charts.Break] = {}
    for _, rows in drawn.values():
        before: Mapping[str, Any] = {}
        for period, row in zip(shown, rows[first:], strict=True):
            if row["break_before"] and before and period.code not in told:
                told[period.code] = charts.Break(period, partial(_say_cut, before, row, period))
            before = row if _has_value(row) else before
    return told.values()


def _say_cut(before: Mapping[str, Any], row: Mapping[str, Any], period: Period, chart: Claims) -> str:
    if before["comparable"] == "no":
        return f"trước {chart.period(period)}: đơn vị khi chưa sắp xếp"
    if _old_units(before):
        return f"trước {chart.period(period)}: tổng của các đơn vị cũ"
    return row["break_reason"]


def _of_any_unit(reason: Reason) -> Reason:
    """The reason with "đơn vị cũ" for the old units in it, so that it is told once of all."""
    parts: list[Any] = []
    for part in reason:
        if isinstance(part, Unit):
            part = "đơn vị cũ"
        if parts[-2:] == ["đơn vị cũ", ", "] and part == "đơn vị cũ":
            parts.pop()
        else:
            parts.append(part)
    return tuple(parts)


def _old_units(row: Mapping[str, Any]) -> list[Unit]:
    """The units whose sum a point or base is."""
    return [part for part in row["told"] if isinstance(part, Unit)] if row["comparable"] == "bridged" else []
