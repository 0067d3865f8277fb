"""What reports on scores have in common: lists by a printed rule, tables, bars and lines of scores and ranks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from baocao import charts  # by name: matplotlib is loaded when a chart is drawn
from baocao.analysis import Part
from baocao.definitions import Period, Unit, UserError
from baocao.reports.lists import NamesOf
from baocao.reports.paper import Paper
from baocao.reports.setting import PROVINCE
from baocao.writing import (
    Base,
    Claims,
    Listing,
    Markdown,
    Number,
    Score,
    Valued,
    Words,
    phrases,
    tables,
)

NAMES = (
    "highest", "lowest", "moved", "counted", "sources", "table_of_scores", "table_of_changes", "ranking", "levels", "trend",
    "trends", "numbered",
)  # fmt: skip
"""What of `ScorePaper` the notebook's cells may name."""

Column = str | Score | Callable[[Score], Any]
"""What a column says of the score of a row: a pattern ("{share}"), another component of its unit, or a function."""


class ScorePaper(Paper):
    """A report on scores of the province."""

    periods: Sequence[Period] = ()
    """Those of its charts over time, oldest first."""
    words = (*Paper.words, *NAMES)

    def sources(self, *scores: Score) -> Words:
        """Where scores come from, for the line below a table or chart."""
        raise NotImplementedError

    # --- lists -------------------------------------------------------------------------------------------------
    def highest(self, scores: Sequence[Score], by: str = "it", places: int = 1) -> list[Score]:
        """The scores with most of something (`by`: "share", "lost", …), those tied with the last of them included."""
        return _first(scores, lambda score: -NamesOf(score)[by].value, places)

    def lowest(self, scores: Sequence[Score], by: str = "it", places: int = 1) -> list[Score]:
        """The scores with least of something, those tied with the last of them included."""
        return _first(scores, lambda score: NamesOf(score)[by].value, places)

    def moved(self, scores: Sequence[Score], base: Base, rising: bool) -> Listing:
        """The scores that rose (or fell) most since a period, each by how much; absent where none did."""
        changes = {score: score.change(base) for score in scores}
        sizes = {score: one.value if rising else -one.value for score, one in changes.items() if one.known}
        most = max((size for size in sizes.values() if size > 0), default=None)
        named = [f"{score.name} ({changes[score]})" for score, size in sizes.items() if size == most]
        return Listing(self.figures, tuple(named), "; ")

    def counted(self, scores: Sequence[Score], what: str, measured_in: str = "đơn vị") -> Number:
        """How many they are."""
        sources = [score.published.source for score in scores]
        return self.figures.number(len(scores), what, self.subject.unit, sources, measured_in)

    # --- tables ------------------------------------------------------------------------------------------------
    def table_of_scores(
        self, scores: Sequence[Score], columns: Mapping[Any, Column], *, caption: Any, bold: Sequence[Score] = (),
        last: Sequence[Any] = (), of: Sequence[Score] | None = None, note: Any = "", widths: Sequence[int] = (), align: str = "",
        numbered: bool = False,
    ) -> Markdown:  # fmt: skip
        """Scores down, `numbered` or not, columns across, a dash for what is absent; `last` are the cells of a row below; empty for none.

        The line of sources is that of the scores `of`, where they are others.
        """
        told = scores if of is None else of
        said = {
            name: (lambda score, column=column: column.at(score.unit))
            if isinstance(column, Score)
            else column
            for name, column in columns.items()
        }
        source = " ".join(str(one) for one in (self.sources(*told) if told else "", note) if one)
        return self.table_of(
            scores,
            said,
            caption=caption,
            source=source,
            bold=bold,
            last=last,
            widths=widths,
            align=align,
            numbered=numbered,
        )

    def table_of_changes(
        self, scores: Sequence[Score], bases: Sequence[Base], *, caption: Any, bold: Sequence[Score] = ()
    ) -> Markdown:
        """Scores beside those of earlier periods; empty where none but those in bold may be compared."""
        plain = [score for score in scores if not any(score is one for one in bold)]
        compared = [base for base in bases if any(score.change(base).known for score in plain)]
        if not compared:
            return Markdown("")
        header, rows = ["Nhóm chỉ số", "Kỳ này"], [[score.name, score] for score in scores]
        for base in compared:
            header += [self.claims.name(phrases.capitalise(base.period.name)), "Thay đổi (điểm)"]
            for score, row in zip(scores, rows, strict=True):
                row += [score.then(base), score.change(base, "column")]
        cells = [[self.figures.fill(str(cell), in_text=False) for cell in row] for row in rows]
        for score, row in zip(scores, cells, strict=True):
            row[:] = [f"**{cell}**" if any(score is one for one in bold) else cell for cell in row]
        return tables.table(
            self.claims, caption=self.text(caption), header=header, rows=cells,
            widths=[40, 16, *[18, 24] * len(compared)], align="lr" + "rl" * len(compared),
            source=self.text(self.sources(*scores)),
        )  # fmt: skip

    # --- charts ------------------------------------------------------------------------------------------------
    def ranking(
        self, scores: Sequence[Score], mark: Mapping[str, Valued], *, what: str, caption: Any
    ) -> Markdown:
        """Units by their scores, one bar each, the province's own dark; `mark`: a level across; empty for fewer than two."""
        if len(scores) < 2:
            return Markdown("")
        view = self.claims.for_chart()
        bars = [
            charts.Bar(
                score.short.write(view),
                float(score.value),
                score.write(view, in_text=False),
                score.place.bare.write(view) if score.place.known else "",
                score.unit == self.subject.unit,
            )
            for score in scores
        ]
        ((name, level),) = mark.items()
        line = charts.Mark(view.words(name), float(level.value), level.write(view, in_text=False))
        told = "; ".join(f"{bar.name} {bar.label}" for bar in bars)
        return charts.ranking_bars(
            self.claims, bars, mark=line, caption=self.text(caption), source=self.text(self.sources(*scores)),
            description=f"Biểu đồ thanh ngang, {what}. {line.name} {line.label}; {told}.", font=self.setting.font,
        )  # fmt: skip

    def levels(self, scores: Sequence[Score], *, caption: Any) -> Markdown:
        """Scores of one unit beside the mean of all, where that is known, and their maxima; empty for none."""
        if not scores:
            return Markdown("")
        view = self.claims.for_chart()
        has_means = all(score.mean.known for score in scores)
        legend = [view.unit(scores[0].unit, phrases.capitalise(scores[0].unit.official_name))]
        legend += [view.words(scores[0].mean.what)] if has_means else []
        legend.append(view.words(scores[0].maximum.what))
        rows = []
        for score in scores:
            shown = [score, score.mean] if has_means else [score]
            labels = [one.write(view, in_text=False) for one in (*shown, score.maximum)]
            name, values = view.words(score.component.label), [float(one.value) for one in shown]
            rows.append(charts.Row(name, values, labels, maximum=float(score.maximum.value)))
        return charts.group_bars(
            self.claims, rows, legend, caption=self.text(caption), source=self.text(self.sources(*scores)),
            font=self.setting.font,
        )  # fmt: skip

    def trend(
        self, lines: Mapping[str, Score], *, caption: Any, by_rank: bool = False, fewest: int = 3
    ) -> Markdown:
        """Scores (or their ranks) over the periods, the first line dark; empty with fewer than `fewest` points of it."""
        series = {name: [score.then(period) for period in self.periods] for name, score in lines.items()}
        shown = _shown(series, by_rank, fewest)
        if not shown:
            return Markdown("")
        drawn = {name: [scores[at] for at in shown] for name, scores in series.items()}
        known = [score for scores in drawn.values() for score in scores if _printed(score, by_rank).known]
        notes = self._bases(known) if by_rank else ""
        first, last = (self.claims.period(self.periods[at]) for at in (shown[0], shown[-1]))
        return charts.trend(
            self.claims,
            [self.periods[at] for at in shown],
            [
                charts.Line(name, [_point(score, by_rank) for score in scores], is_focus=at == 0)
                for at, (name, scores) in enumerate(drawn.items())
                if any(_printed(score, by_rank).known for score in scores)
            ],
            breaks=_breaks(next(iter(drawn.values())), by_rank),
            caption=f"{self.text(caption)}, từ {first} đến {last}",
            source=self.text(self.sources(*known)) + notes,
            font=self.setting.font,
            measured_in="hạng" if by_rank else "điểm",
            is_ranking=by_rank,
        )

    def _bases(self, scores: Sequence[Score]) -> str:
        """Among how many the ranks of a chart are, which prints them without their base."""
        bases = sorted({score.rank.out_of for score in scores}, reverse=True)
        told = [
            self.figures.number(base, "Số tỉnh, thành phố được xếp hạng", self.subject.unit, ["published"], "tỉnh, thành phố")
            for base in bases
        ]  # fmt: skip
        return f" Thứ hạng trên {phrases.join([one.write(self.claims) for one in told])} tỉnh, thành phố."

    def trends(self, scores: Sequence[Score], *, caption: Any, fewest: int = 3) -> Markdown:
        """Several scores over the periods, each in a panel up to its maximum; empty where fewer periods have all of them."""
        series = [[score.then(period) for period in self.periods] for score in scores]
        whole = [
            at for at, at_once in enumerate(zip(*series, strict=True)) if all(one.known for one in at_once)
        ]
        if len(whole) < fewest:
            return Markdown("")
        shown = _shown({"": series[0]}, False, fewest)
        panels = [
            charts.Panel(
                score.component.label,
                [charts.Line("Điểm đạt được", [_point(then[at], False) for at in shown], is_focus=True)],
                maximum=score.maximum.value,
                maximum_label=score.maximum.write,
            )
            for score, then in zip(scores, series, strict=True)
        ]
        return charts.small_multiples(
            self.claims, [self.periods[at] for at in shown], panels, caption=self.text(caption),
            source=self.text(self.sources(*scores)), font=self.setting.font,
            breaks=_breaks([series[0][at] for at in shown], False),
        )  # fmt: skip


def refuse_others(name: str, chosen: Sequence[Unit]) -> None:
    """A UserError for a letter on scores, by its name, that is asked for about anybody but the province."""
    if [unit.code for unit in chosen] != [PROVINCE]:
        names = ", ".join(unit.official_name for unit in chosen[:3])
        raise UserError(
            f'Văn bản {name} chỉ lập cho toàn tỉnh, nhận được «{names}»; hãy ghi units là ["{PROVINCE}"].'
        )


# --- parts -----------------------------------------------------------------------------------------------------
def _first(scores: Sequence[Score], key: Callable[[Score], Any], places: int) -> list[Score]:
    ordered = sorted(scores, key=key)
    return [score for score in ordered if key(score) <= key(ordered[min(places, len(ordered)) - 1])]


def _printed(score: Score, by_rank: bool) -> Valued:
    return score.rank.bare if by_rank else score


def _shown(series: Mapping[str, Sequence[Score]], by_rank: bool, fewest: int) -> list[int]:
    """The places of the periods that a chart shows: from the first to the last that has any point."""
    known = [
        [at for at, score in enumerate(scores) if _printed(score, by_rank).known]
        for scores in series.values()
    ]
    if not known or len(known[0]) < fewest:
        return []
    every = sorted(at for places in known for at in places)
    return list(range(every[0], every[-1] + 1))


def _point(score: Score, by_rank: bool) -> charts.Point:
    printed = _printed(score, by_rank)
    label = partial(printed.write, in_text=False)
    return charts.Point(printed.value if printed.known else None, label if printed.known else None)


def _breaks(scores: Sequence[Score], by_rank: bool) -> list[charts.Break]:
    """A mark before each period whose scores were computed otherwise than the known ones before."""
    known = [score for score in scores if _printed(score, by_rank).known]
    told = [(now, now.capture.refuses(then.capture)) for then, now in pairwise(known)]
    return [charts.Break(score.period, partial(_say_break, reason)) for score, reason in told if reason]


def _say_break(reason: Sequence[Part], chart: Claims) -> str:
    return "".join(part if isinstance(part, str) else chart.period(part) for part in reason)
