"""Section III a) of the report on dossiers: the subject against earlier periods, in words and as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.processing import words
from baocao.reports.processing.comparison import (
    Base,
    Row,
    is_rate,
    label_of,
    print_base,
    print_base_fraction,
    print_change,
    shown_names,
)
from baocao.reports.processing.reading import Memo
from baocao.writing import Markdown, paragraphs, phrases, tables

SAID = {
    "received": "số hồ sơ tiếp nhận",
    "on_time_rate": "tỷ lệ giải quyết trước và đúng hạn",
    "online_share": "tỷ lệ nộp trực tuyến trên tổng số hồ sơ",
    "online_payment_rate": "tỷ lệ thanh toán trực tuyến",
}
"""Counts and rates told in sentences, with their names inside them."""

BY_LEVEL = ("received", "on_time_rate", "online_share")
"""What the table shows of each level too."""


def describe_changes(memo: Memo, found: Sequence[Base]) -> Markdown:
    """The subject against each base, or why there is no comparison; then what the levels cannot be held against."""
    refused: dict[str, list[str]] = {}
    said = []
    for base in found:
        name = memo.claims.period(base.period)
        name = f"kỳ {name}" if base.period.kind == "range" else name
        rows = [base.rows[one, memo.subject.code] for one in SAID if (one, memo.subject.code) in base.rows]
        compared = [row for row in rows if row["comparable"] != "no"]
        if not compared:
            reason = memo.setting.say(rows[0]["told"])
            refused.setdefault(reason, []).append(name)
            continue
        bridge = _common_bridge(compared)
        changes = [_say_row(memo, base, row, bridge) for row in rows if _is_told(row)]
        said.append(
            phrases.compared(phrases.bridged(name, memo.setting.say(bridge)) if bridge else name, changes)
        )
    return paragraphs(
        *said, *(phrases.no_comparison(phrases.join(names), why) for why, names in refused.items())
    )


def _is_told(row: Row) -> bool:
    """What was reported in neither period is no news."""
    return row["comparable"] != "no" or not (pd.isna(row["numerator"]) and pd.isna(row["base_numerator"]))


def _common_bridge(rows: Sequence[Row]) -> tuple:
    """The bridge that all rows share, to be told once; empty where there is none, or each has its own."""
    told = {tuple(row["told"]) for row in rows}
    return next(iter(told)) if len(told) == 1 else ()


def _say_row(memo: Memo, base: Base, row: Row, bridge: tuple) -> str:
    what = SAID[row["indicator"]]
    if row["comparable"] == "no":
        return phrases.uncompared(what, memo.setting.say(row["told"]))
    then = print_base(memo, row, memo.subject, in_text=True)
    if is_rate(row):
        then = f"{then}, {print_base_fraction(memo, row, memo.subject)}"
    change = f"{what} {print_change(memo, row, memo.subject)} (kỳ đó {then} hồ sơ)"
    own = tuple(row["told"])
    return phrases.bridged(change, memo.setting.say(own)) if own and own != bridge else change


# --- table -------------------------------------------------------------------------------------------------------
def table_changes(memo: Memo, found: Sequence[Base]) -> Markdown:
    """The subject's counts and rates beside those of the bases; empty where nothing may be compared."""
    compared = [base for base in found if base.is_compared]
    if not compared:
        return Markdown("")
    header = ["Chỉ tiêu", "Kỳ này"]
    for base in compared:
        header += [memo.claims.name(phrases.capitalise(base.period.name)), "Thay đổi"]
    rows, refused = [], {}
    for unit, name in _lines(memo):
        pairs = [base.rows[name, unit.code] for base in compared]
        if all(row["comparable"] == "no" for row in pairs):
            if unit != memo.subject:
                refused.setdefault(memo.setting.say(pairs[0]["told"]), unit)
            continue
        cells = [print_base(memo, row, unit) for row in pairs]
        changes = [
            vn.MISSING if row["comparable"] == "no" else print_change(memo, row, unit) for row in pairs
        ]
        rows.append(
            [
                _line_name(memo, unit, pairs[0]),
                memo.board.cell(unit, name) if not is_rate(pairs[0]) else memo.board.rate_cell(unit, name),
                *(text for pair in zip(cells, changes, strict=True) for text in pair),
            ]
        )
    notes = [words.levels_uncompared(reason) for reason in refused]
    return tables.table(
        memo.claims,
        caption=f"So sánh kết quả {memo.when} với các kỳ trước",
        header=header,
        rows=rows,
        widths=[46, 17, *[18, 30] * len(compared)],
        align="lr" + "rl" * len(compared),
        source=memo.board.source_text([memo.subject], _measures(memo)) + "".join(notes),
        small=True,
    )


def _lines(memo: Memo) -> list[tuple[Unit, str]]:
    """What the table's lines are about: each count and rate of the subject, some of them by level below it."""
    lines = []
    for name in shown_names(memo):
        lines.append((memo.subject, name))
        lines += [(level, name) for level in memo.levels if name in BY_LEVEL]
    return lines


def _line_name(memo: Memo, unit: Unit, row: Row) -> str:
    if unit != memo.subject:
        return f"– {memo.claims.unit(unit)}"
    unit_of_measure = " (%)" if is_rate(row) else " (hồ sơ)"
    return memo.board.name(label_of(memo, row)) + unit_of_measure


def _measures(memo: Memo) -> list[str]:
    names = shown_names(memo)
    rates = [memo.board.indicator(name) for name in names]
    return list(dict.fromkeys([*(name for name in names if name in memo.setting.measures),
                               *(part for one in rates if one for part in one.denominator)]))  # fmt: skip
