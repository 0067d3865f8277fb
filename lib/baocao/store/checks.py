"""What the counts and scores of all files must satisfy together: facts in, problems out, nothing is changed.

Per unit and window: a total is the sum of its parts, and the balance of Biểu II.06/VPCP/KSTT holds (Thông tư
01/2020/TT-VPCP): (3) = (4) + (5) + (6), (7) = (8) + (9) + (10), (11) = (12) + (13), (3) = (7) + (11). A share never
exceeds what it is a share of. These are errors. Warnings: dossiers carried over that were not pending before, two
sources that disagree, a level's or the province's figure that is not the sum of its units'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.measures import Measure
from baocao.definitions.units import HOME, LEAF_KINDS, Register
from baocao.readers.problems import problem, problems_frame
from baocao.store.cover_periods import SOURCES
from baocao.store.grid import Grid, build_grid

_BALANCE = ("handled_total", ("resolved", "pending"))
"""Column (3) of Biểu II.06 and the columns (7) and (11) it divides into: it is not a sum by definition."""

_STOCKS = ("pending", "carried_over")
"""Column (11) of one period, and column (6) of the next, which it becomes when nothing was dated anew."""


def check_counts(counts: pd.DataFrame, register: Register, measures: dict[str, Measure]) -> pd.DataFrame:
    """Every contradiction among the counts, errors of a unit and window first.

    counts   the `counts` frame with `file` and `row`; each (unit, window, measure, source) once
    returns  problems that name file and row of the figure at fault, the unit and the window
    """
    grid = build_grid(counts, register, measures)
    found = [*_check_parts(grid), *_check_balance(grid), *_check_within(grid), *_check_continuity(grid)]
    return problems_frame([*found, *_check_sources(grid), *_check_groups(grid)])


def _check_parts(grid: Grid) -> Iterator[dict]:
    for name, one in grid.measures.items():
        if not one.parts:
            continue
        at, parts = grid.column(name), [grid.column(part) for part in one.parts]
        there, total = grid.present[:, parts], grid.reported_value[:, at]
        summed = np.where(there, grid.value[:, parts], 0).sum(axis=1)
        wrong = np.where(there.all(axis=1), summed != total, summed > total)
        for key in np.flatnonzero(grid.reported[:, at] & there.any(axis=1) & wrong):
            known = [part for part, held in zip(one.parts, there[key], strict=True) if held]
            sums = " + ".join(f"{part} {grid.shown(key, part)}" for part in known)
            short = "" if len(known) == len(one.parts) else " (còn thiếu thành phần)"
            message = (
                f"«{one.label}» ghi {vn.format_number(int(total[key]))}, các thành phần cộng lại là "
                f"{vn.format_number(int(summed[key]))}: {sums}{short}."
            )
            yield grid.problem("error", "thanh-phan", key, name, total[key], message)


def _check_balance(grid: Grid) -> Iterator[dict]:
    total, parts = _BALANCE
    if not {total, *parts} <= set(grid.measures):
        return
    columns = [grid.column(name) for name in (total, *parts)]
    there = grid.present[:, columns].all(axis=1)
    summed = grid.value[:, columns[1:]].sum(axis=1)
    for key in np.flatnonzero(there & (grid.value[:, columns[0]] != summed)):
        names = " + ".join(f"{name} {grid.shown(key, name)}" for name in parts)
        message = (
            f"Biểu II.06 không cân đối: cột (3) {total} là {grid.shown(key, total)}, "
            f"cột (7) + (11) là {vn.format_number(int(summed[key]))}: {names}."
        )
        yield grid.problem("error", "can-doi", key, total, grid.value[key, columns[0]], message)


def _check_within(grid: Grid) -> Iterator[dict]:
    for name, one in grid.measures.items():
        if not one.within:
            continue
        at, whole = grid.column(name), grid.column(one.within)
        there = grid.present[:, at] & grid.present[:, whole]
        for key in np.flatnonzero(there & (grid.value[:, at] > grid.value[:, whole])):
            message = (
                f"«{one.label}» là {grid.shown(key, name)}, lớn hơn «{grid.measures[one.within].label}» "
                f"({one.within}) là {grid.shown(key, one.within)}."
            )
            yield grid.problem("error", "vuot-tong", key, name, grid.value[key, at], message)


def _check_continuity(grid: Grid) -> Iterator[dict]:
    """Stocks at the border of two windows; a unit that a reform touched on that day is left out."""
    if not set(_STOCKS) <= set(grid.measures):
        return
    closing, opening = (grid.column(name) for name in _STOCKS)
    reformed = {(edge.new_code, edge.effective_date) for edge in grid.register.edges}
    reformed |= {(edge.old_code, edge.effective_date) for edge in grid.register.edges}
    reformed |= {(unit.code, unit.valid_from) for unit in grid.register.units if unit.valid_from}
    before: dict[tuple, list[int]] = {}
    for key in np.flatnonzero(grid.present[:, closing]):
        border = grid.end[key] + 1
        before.setdefault((grid.units[key], grid.sources[key], border), []).append(key)
    for key in np.flatnonzero(grid.present[:, opening]):
        for earlier in before.get((grid.units[key], grid.sources[key], grid.start[key]), []):
            if grid.value[earlier, closing] == grid.value[key, opening]:
                continue
            if (grid.units[key], grid.start[key].item()) in reformed:
                continue
            message = (
                f"Chuyển sang {grid.shown(key, 'carried_over')} hồ sơ, nhưng {grid.window(earlier)} còn "
                f"{grid.shown(earlier, 'pending')} hồ sơ đang giải quyết."
            )
            yield grid.problem("warning", "noi-tiep", key, "carried_over", grid.value[key, opening], message)


def _check_sources(grid: Grid) -> Iterator[dict]:
    for keys in grid.same_window():
        keys = sorted(keys, key=lambda key: list(SOURCES).index(grid.sources[key]))
        for at, name in enumerate(grid.names):
            held = [key for key in keys if grid.present[key, at]]
            for other in held[1:]:
                used = held[0]
                if _made_up({grid.sources[other], grid.sources[used]}):
                    continue
                if grid.value[other, at] != grid.value[used, at]:
                    source, other_source = (SOURCES[grid.sources[one]] for one in (used, other))
                    message = (
                        f"«{grid.measures[name].label}»: {other_source} ghi {grid.shown(other, name)}, "
                        f"{source} ghi {grid.shown(used, name)}; dùng {source}."
                    )
                    yield grid.problem("warning", "khac-nguon", other, name, grid.value[other, at], message)


def _made_up(sources: set[str]) -> bool:
    """Whether figures received meet made-up ones, whose disagreement says nothing."""
    return {"received", "sample"} <= sources


def _check_groups(grid: Grid) -> Iterator[dict]:
    """A level or the province beside the sum of its levels, and of its departments, offices, districts, communes."""
    groups = {unit.code: unit for unit in grid.register.units if unit.kind == "level" or unit.code == HOME}
    for key, code in enumerate(grid.units):
        if code in groups:
            there = grid.register.on(grid.end[key].item())
            below = grid.most_trusted(key)
            levels = [one.code for one in there if one.kind == "level" and code == HOME]
            leaves = [one for one in there if one.kind in LEAF_KINDS]
            leaves = [one.code for one in leaves if code == HOME or one.level == groups[code].level]
            for members in (levels, leaves):
                yield from _compare_sum(grid, key, members, below)


def _compare_sum(
    grid: Grid, key: int, members: list[str], below: dict[tuple[str, int], int]
) -> Iterator[dict]:
    for at in np.flatnonzero(grid.present[key]):
        known = [below[code, at] for code in members if (code, at) in below]
        if _made_up({grid.sources[one] for one in (key, *known)}):
            continue
        stated, summed = grid.value[key, at], int(grid.value[known, at].sum())
        # With units missing, only a sum above the stated figure contradicts it.
        if known and (stated != summed if len(known) == len(members) else summed > stated):
            name = grid.names[at]
            sources = ", ".join(
                SOURCES[one] for one in SOURCES if one in {grid.sources[key] for key in known}
            )
            listed = "; ".join(f"{grid.label(one)} {grid.shown(one, name)}" for one in known)
            message = (
                f"«{grid.measures[name].label}» ghi {vn.format_number(int(stated))} "
                f"({SOURCES[grid.sources[key]]}), {len(known)}/{len(members)} đơn vị bên dưới cộng lại là "
                f"{vn.format_number(summed)} ({sources}{': ' + listed if len(known) < 4 else ''})."
            )
            yield grid.problem("warning", "khac-cap-duoi", key, name, stated, message)


def check_scores(scores: pd.DataFrame, components: Iterable[dict]) -> pd.DataFrame:
    """Scores beside the definition of their index, rows of `index_components.csv` (index, component, parent, ...).

    Errors: a component or a maximum that is not the index's. Warnings: a score that is not the sum of its
    components' by more than 0,015 points (scores are published rounded to two decimals). An index whose components
    are not defined there is not judged.
    """
    defined: dict[str, dict[str, dict]] = {}
    for row in components:
        defined.setdefault(row["index"], {})[row["component"]] = row
    found = []
    for row in scores.to_dict("records"):
        known = defined.get(row["index"])
        if known is None:
            continue
        where = {"file": row["file"], "sheet": row["sheet"], "row": row["row"]}
        rule = known.get(row["component"])
        if rule is None:
            message = f"Chỉ số «{row['index']}» không có thành phần này trong index_components.csv."
            found.append(
                problem(
                    "error", "thanh-phan-chi-so", message, column="component", value=row["component"], **where
                )
            )
        elif rule["maximum"] and not np.isnan(row["maximum"]) and float(rule["maximum"]) != row["maximum"]:
            message = f"Điểm tối đa của «{row['component']}» theo index_components.csv là {rule['maximum']}."
            shown = vn.format_number(row["maximum"], 3, trim=True)
            found.append(
                problem("error", "thanh-phan-chi-so", message, column="maximum", value=shown, **where)
            )
    return problems_frame([*found, *_check_score_sums(scores, defined)])


def _check_score_sums(scores: pd.DataFrame, defined: dict[str, dict[str, dict]]) -> Iterator[dict]:
    given = scores[scores["score"].notna() & scores["index"].isin(list(defined))]
    key = ["index", "unit", "period", "as_of", "source"]
    for _, rows in given.groupby(key, sort=False, dropna=False):
        held = {row["component"]: row for row in rows.to_dict("records")}
        rules = defined[rows["index"].iat[0]]
        for name, row in held.items():
            parts = [one for one, rule in rules.items() if rule["parent"] == name and rule["maximum"]]
            values = [_score_of(part, held, rules) for part in parts]
            if not parts or None in values or abs(sum(values) - row["score"]) <= 0.015 + 1e-9:
                continue
            message = (
                f"Điểm «{name}» ghi {vn.format_number(row['score'], 3, trim=True)}, các thành phần cộng lại là "
                f"{vn.format_number(round(sum(values), 6), 3, trim=True)}."
            )
            shown = vn.format_number(row["score"], 3, trim=True)
            yield problem(
                "warning",
                "tong-diem",
                message,
                file=row["file"],
                sheet=row["sheet"],
                row=row["row"],
                column="score",
                value=shown,
            )


def _score_of(name: str, held: dict[str, dict], rules: dict[str, dict]) -> float | None:
    """The component's score, or the sum of its own components' where it is not given itself."""
    if name in held:
        return held[name]["score"]
    parts = [one for one, rule in rules.items() if rule["parent"] == name]
    values = [_score_of(part, held, rules) for part in parts]
    return sum(values) if parts and None not in values else None
