"""Tables and charts in the text of the report on dossiers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from baocao import charts
from baocao.charts import Bar, Mark, Row
from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import NOT_WHOLE, UNKNOWN_MARK
from baocao.reports.processing.reading import Memo
from baocao.reports.processing.results import FORM
from baocao.reports.processing.review import ONLINE, choose, units_by_level
from baocao.writing import Markdown, markup, phrases, tables

OUTCOMES = {"resolved_early": "Trước hạn", "resolved_on_time": "Đúng hạn", "resolved_late": "Quá hạn"}

COLUMNS = {
    "received": "Tiếp nhận trong kỳ",
    "carried_over": "Kỳ trước chuyển qua",
    "resolved": "Đã giải quyết",
    **OUTCOMES,
    "pending": "Đang giải quyết",
    "pending_overdue": "Đang giải quyết quá hạn",
}


def table_groups(memo: Memo) -> Markdown:
    """The form's main columns by level and kind of unit, and in all; empty for a single unit."""
    board = memo.board
    groups = [group for group in _groups(memo) if any(board.count(group, name) for name in FORM)]
    if len(groups) < 2:
        return Markdown("")
    rows = []
    for group in groups:
        cells = [memo.claims.unit(group, group.full_name), *(board.cell(group, name) for name in COLUMNS)]
        cells.append(board.rate_cell(group, "on_time_rate"))
        is_sum = group == memo.subject or group in memo.levels
        rows.append([f"**{cell}**" if is_sum else cell for cell in cells])
    dashes = UNKNOWN_MARK if any(vn.MISSING in cell for row in rows for cell in row) else ""
    if any(NOT_WHOLE in cell for row in rows for cell in row):
        dashes += phrases.not_whole_note(markup.escape(NOT_WHOLE))
    return tables.table(
        memo.claims,
        caption=f"Kết quả tiếp nhận, giải quyết hồ sơ TTHC {memo.when} (đơn vị tính: hồ sơ)",
        header=["Khối đơn vị", *COLUMNS.values(), "Tỷ lệ trước và đúng hạn"],
        rows=rows,
        widths=[30, *[13] * (len(COLUMNS) + 1)],
        align="l" + "r" * (len(COLUMNS) + 1),
        small=True,
        source=board.source_text(groups, list(COLUMNS)) + dashes,
    )


def _groups(memo: Memo) -> list[Unit]:
    """Each level with its kinds of units below it, then the whole."""
    level_of = {unit.kind: unit.level for unit in memo.setting.register.units}
    listed: list[Unit] = []
    for level in memo.levels:
        kinds = [kind for kind in memo.kinds if level_of[kind.kind] == level.level]
        listed += [level, *(kinds if len(kinds) > 1 else [])]
    if not memo.levels and len(memo.kinds) > 1:
        listed += memo.kinds
    return [*listed, memo.subject]


def plot_outcomes(memo: Memo) -> Markdown:
    """Dossiers resolved early, on time and late in each group; empty where no group has all three."""
    board = memo.board
    counts = {group: [board.count(group, name) for name in OUTCOMES] for group in _groups(memo)}
    groups = [group for group, own in counts.items() if all(count and not count.missing for count in own)]
    groups = [group for group in groups if any(board.value(group, name) for name in OUTCOMES)]
    if not groups:
        return Markdown("")
    view = memo.claims.for_chart()
    legend = [view.words(text) for text in OUTCOMES.values()]
    rows = [
        Row(
            view.unit(group, group.full_name),
            [board.value(group, name) for name in OUTCOMES],
            [board.print_count(group, name, view) for name in OUTCOMES],
            is_focus=group == memo.subject,
        )
        for group in groups
    ]
    told = [
        f"{row.name}: "
        + ", ".join(f"{name.lower()} {label}" for name, label in zip(legend, row.labels, strict=True))
        for row in rows
    ]
    return charts.composition_bars(
        memo.claims,
        rows,
        legend,
        caption=f"Hồ sơ đã giải quyết trước hạn, đúng hạn, quá hạn {memo.when} (mỗi thanh là tổng số đã giải quyết)",
        description=f"Biểu đồ thanh, số hồ sơ đã giải quyết. {'; '.join(told)}.",
        source=board.source_text(groups, list(OUTCOMES)),
        font=memo.setting.font,
        as_shares=True,
    )


def plot_online(memo: Memo) -> Markdown:
    """The units with the highest and the lowest online share, against the rate of all together.

    They are those that section III names, of the level with most units; empty where there are fewer than two.
    """
    level, units = max(units_by_level(memo), key=lambda group: len(group[1]), default=(None, []))
    best, weakest = choose(memo, ONLINE, units, level or memo.subject)
    chosen = pd.concat([_short(best), _short(weakest).iloc[::-1]])
    if len(chosen) < 2:
        return Markdown("")
    by_code = {unit.code: unit for unit in units}
    return _draw_online(memo, level or memo.subject, [by_code[code] for code in chosen["unit"]])


def _short(chosen: pd.DataFrame) -> pd.DataFrame:
    """The units without a tie that is too long to be named."""
    return chosen if len(chosen) <= ONLINE.longest else chosen[chosen["rank"] < chosen["rank"].max()]


def _draw_online(memo: Memo, group: Unit, units: Sequence[Unit]) -> Markdown:
    board, claims, name = memo.board, memo.claims, ONLINE.indicator
    view = claims.for_chart()
    bars = [
        Bar(view.unit(unit), board.percent_of(unit, name), board.print_rate(unit, name, view))
        for unit in units
    ]
    mark = Mark(view.words("Mức chung"), board.percent_of(group, name), board.print_rate(group, name, view))
    told = "; ".join(f"{bar.name} {bar.label}" for bar in bars)
    where = f"{claims.unit(group)} " if group in memo.levels else ""
    return charts.ranking_bars(
        claims,
        bars,
        mark=mark,
        caption=f"Các đơn vị {where}có {ONLINE.what} cao nhất và thấp nhất {memo.when}",
        description=f"Biểu đồ thanh, {ONLINE.what}. {mark.name} {mark.label}; {told}.",
        source=board.source_text(units, board.indicator(name).denominator),
        font=memo.setting.font,
    )
