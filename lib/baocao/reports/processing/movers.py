"""Section III a) of the report on dossiers, unit by unit: who may be held against last year, who rose and fell most.

Nobody is named but by a rule that is printed, ties included; who cannot be compared is told with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from baocao.analysis import MINIMUM_DENOMINATOR, rank_values, take_places
from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.processing import words
from baocao.reports.processing.changes import SAID
from baocao.reports.processing.comparison import Base, Row, make_base, print_base, print_change
from baocao.reports.processing.reading import Memo
from baocao.writing import Markdown, paragraphs, phrases, tables

COMPARED = ("received", "on_time_rate", "online_share")
RANKED = COMPARED[1:]
"""Rates by whose change units are named."""

PLACES = 3
"""How many units are named at each end."""

LONGEST = 10
"""More units than this are counted in the text and named in the annex."""


def read_unit_changes(memo: Memo) -> Base | None:
    """The members against the same period last year; None for a single unit, and where nothing was reported then."""
    if not memo.members:
        return None
    period = memo.period.same_period_last_year()
    base = make_base(memo.setting.compare(COMPARED, memo.members, period), period)
    return None if all(pd.isna(row["base_numerator"]) for row in base.rows.values()) else base


def describe_unit_changes(memo: Memo, base: Base | None) -> Markdown:
    """How many units were compared and how, who was not and why; then who rose and fell most."""
    if base is None:
        return Markdown("")
    when = memo.claims.period(base.period)
    direct, bridged, refused = _sort_out(memo, base)
    told = [
        words.compared_directly(_number(memo, direct, "Đơn vị so sánh trực tiếp")) if direct else "",
        words.compared_bridged(_number(memo, bridged, "Đơn vị so sánh qua đơn vị cũ")) if bridged else "",
    ]
    apart = [f"- {_say_refused(memo, units, reason)}" for reason, units in refused.items()]
    lists = [text for name in RANKED for text in _say_movers(memo, base, name, [*direct, *bridged])]
    rule = words.movers_rule(phrases.say_number(MINIMUM_DENOMINATOR), phrases.say_number(PLACES))
    return paragraphs(
        words.by_unit(when, [text for text in told if text], refused=bool(apart)),
        "\n".join(apart),
        *([rule, *lists] if lists else []),
    )


def _sort_out(memo: Memo, base: Base) -> tuple[list[Unit], list[Unit], dict[tuple, list[Unit]]]:
    """The members compared with themselves, those bridged, and by reason those of whom nothing may be compared."""
    direct, bridged = [], []
    refused: dict[tuple, list[Unit]] = {}
    for unit in memo.members:
        rows = [base.rows[name, unit.code] for name in COMPARED]
        compared = [row for row in rows if row["comparable"] != "no"]
        if not compared:
            refused.setdefault(tuple(rows[0]["told"]), []).append(unit)
        else:
            (bridged if compared[0]["bridge"] else direct).append(unit)
    return direct, bridged, refused


def _say_refused(memo: Memo, units: Sequence[Unit], reason: tuple) -> str:
    is_short = len(units) <= LONGEST
    named = [memo.claims.unit(unit) for unit in units] if is_short else []
    number = "" if is_short else _number(memo, units, "Đơn vị không so sánh được")
    return words.not_compared(number, named, memo.setting.say(reason))


def _number(memo: Memo, units: Sequence[Unit], label: str) -> str:
    return memo.board.number_of_units(len(units), label, memo.subject, units, ["received"])


# --- who rose and fell most --------------------------------------------------------------------------------------
def _say_movers(memo: Memo, base: Base, name: str, units: Iterable[Unit]) -> list[str]:
    """The units whose rate rose most and fell most; no words where fewer than two may be ranked."""
    rows = [(unit, base.rows[name, unit.code]) for unit in units]
    rows = [
        (unit, row)
        for unit, row in rows
        if row["comparable"] != "no" and not row["small"] and not row["base_small"]
    ]
    if len(rows) < 2:
        return []
    ranked = pd.DataFrame(
        {
            "unit": [unit for unit, _ in rows],
            "change": [vn.round_half_up(row["change_pp"], 2) for _, row in rows],
        }
    )
    said = []
    for rising in (True, False):
        moved = ranked[ranked["change"] > 0 if rising else ranked["change"] < 0]
        moved = moved.assign(rank=rank_values(moved["change"].astype(float), highest_first=rising))
        chosen = take_places(moved.sort_values("rank", kind="stable"), PLACES)
        named = [
            f"{memo.claims.unit(unit)} ({print_change(memo, base.rows[name, unit.code], unit)})"
            for unit in chosen["unit"].head(LONGEST)
        ]
        others = len(chosen) - len(named)
        more = _number(memo, list(chosen["unit"])[LONGEST:], "Đơn vị thay đổi bằng nhau") if others else ""
        said.append(words.movers(SAID[name], rising, phrases.name_units(named, more)))
    return [" ".join(said)]


# --- annex -------------------------------------------------------------------------------------------------------
def table_unit_changes(memo: Memo, base: Base | None) -> Markdown:
    """Every unit that may be compared: its figures of last year, the changes, and whose figures those were."""
    direct, bridged, refused = _sort_out(memo, base) if base else ([], [], {})
    compared = [unit for unit in memo.members if unit in direct or unit in bridged]
    if not compared:
        return Markdown("")
    rows = []
    for unit in compared:
        cells = [memo.claims.unit(unit, unit.full_name)]
        for name in COMPARED:
            row = base.rows[name, unit.code]
            compares = row["comparable"] != "no"
            changed = print_change(memo, row, unit, in_column=True) if compares else vn.MISSING
            cells += [print_base(memo, row, unit), changed]
        rows.append([*cells, _whose(memo, base, unit)])
    when = memo.claims.period(base.period)
    header = ["Đơn vị", "Tiếp nhận cùng kỳ", "Thay đổi"]
    for label in ("Trước và đúng hạn", "Nộp trực tuyến"):
        header += [f"{label} cùng kỳ", "Thay đổi (điểm phần trăm)"]
    table = tables.table(
        memo.claims,
        caption=f"Thay đổi theo đơn vị so với {when}",
        header=[*header, "Số liệu cùng kỳ của"],
        rows=rows,
        widths=[44, *[14, 20] * len(COMPARED), 58],
        align="l" + "rl" * len(COMPARED) + "l",
        source=memo.board.source_text(compared, ["received"]) + words.bridged_units(),
        small=True,
    )
    listed = [
        words.listed_uncompared(memo.setting.say(reason), [memo.claims.unit(unit) for unit in units])
        for reason, units in refused.items()
        if len(units) > LONGEST
    ]
    return paragraphs(table, *listed)


def _whose(memo: Memo, base: Base, unit: Unit) -> str:
    rows: list[Row] = [base.rows[name, unit.code] for name in COMPARED]
    old = next((row["bridge"] for row in rows if row["bridge"]), ())
    if not old:
        return words.itself()
    return phrases.name_units([memo.claims.unit(one) for one in old])
