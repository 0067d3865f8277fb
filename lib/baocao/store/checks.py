"""What the counts and scores of all files must satisfy together: facts in, problems out, nothing is changed.

Per unit and window: a total is the sum of its parts, and the balance of Biểu II.06/VPCP/KSTT holds (Thông tư
01/2020/TT-VPCP): (3) = (4) + (5) + (6), (7) = (8) + (9) + (10), (11) = (12) + (13), (3) = (7) + (11). A share never
exceeds what it is a share of. These are errors. Warnings: dossiers carried over that were not pending before, two
sources that disagree, a level's or the province's figure that is not the sum of its units' or lacks some of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from baocao.definitions import HOME, LEAF_KINDS, Measure, Register, Unit, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers import problem, problems_frame
from baocao.store.acceptance import SUMMED
from baocao.store.cover_periods import SOURCES

_BALANCE = ("handled_total", ("resolved", "pending"))
"""Column (3) of Biểu II.06 and the columns (7) and (11) it divides into: it is not a sum by definition."""

_STOCKS = ("pending", "carried_over")
"""Column (11) of one period, and column (6) of the next, which it becomes when nothing was dated anew."""


_MOST_NAMED = 20

_SUM_OF_SOME = "đúng bằng tổng của các đơn vị đã có, nên không dùng làm số của cả nhóm"
_MOSTLY_SUM_OF_SOME = "bằng tổng của các đơn vị đã có ở phần lớn các cột, nên không dùng làm số của cả nhóm"


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
            sums = " + ".join(f"{grid.measures[part].place} {grid.shown(key, part)}" for part in known)
            whole = len(known) == len(one.parts)
            short = "" if whole else " (còn thiếu thành phần)"
            message = (
                f"«{one.label}» ghi {vn.format_number(int(total[key]))}, các thành phần cộng lại là "
                f"{vn.format_number(int(summed[key]))}: {sums}{short}."
            )
            fate = SUMMED if whole else ""  # `cover_periods` trusts the parts
            yield grid.problem("error", "thanh-phan", key, name, total[key], message, fate)


def _check_balance(grid: Grid) -> Iterator[dict]:
    total, parts = _BALANCE
    if not {total, *parts} <= set(grid.measures):
        return
    columns = [grid.column(name) for name in (total, *parts)]
    there = grid.present[:, columns].all(axis=1)
    summed = grid.value[:, columns[1:]].sum(axis=1)
    for key in np.flatnonzero(there & (grid.value[:, columns[0]] != summed)):
        names = " + ".join(f"{grid.measures[name].place} {grid.shown(key, name)}" for name in parts)
        message = (
            f"Biểu II.06 không cân đối: cột (3) là {grid.shown(key, total)}, cột (7) + (11) là "
            f"{vn.format_number(int(summed[key]))}: {names}."
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
                f"là {grid.shown(key, one.within)}."
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
            if grid.sources[key] == "received":
                yield from _name_missing(grid, key, levels, leaves)


def _name_missing(grid: Grid, key: int, levels: list[str], leaves: list[str]) -> Iterator[dict]:
    """The units that were not received beside the figure of the level or the province that some of them belong to.

    Told once: of the levels where they have figures too, not of the province again.
    """
    there = grid.received(key)
    missing = [code for code in leaves if code not in there]
    if len(missing) in (0, len(leaves)) or not there.isdisjoint(levels):
        return
    day = grid.end[key].item()
    named = ", ".join(grid.register.get(code, day).label for code in missing[:_MOST_NAMED])
    rest = len(missing) - _MOST_NAMED
    more = f" và {vn.format_count_in_text(rest)} đơn vị khác" if rest > 0 else ""
    become = _say_sum_of_some(grid, key) or "có thể chưa gồm các đơn vị đó"
    message = (
        f"Chỉ có số liệu của {len(leaves) - len(missing)}/{len(leaves)} đơn vị bên dưới; chưa có: {named}{more}. "
        f"Số của cả nhóm ghi ở đây {become}."
    )
    name = grid.names[np.flatnonzero(grid.present[key])[0]]
    yield grid.problem("warning", "thieu-don-vi", key, name, grid.value[key, grid.column(name)], message)


def drop_sums_of_some(counts: pd.DataFrame, register: Register, measures: dict[str, Measure]) -> pd.DataFrame:
    """The counts without what was received for a level or the province and only adds up some of its units.

    A form that lists 2 of 69 communes and states their sum as "Cấp xã" says nothing of the other 67: the level's
    figures are then added up from its units, as incomplete.
    """
    received = counts[counts["source"] == "received"]
    window = ["period_start", "period_end"]
    groups = received[
        received["unit"].isin([one.code for one in register.units if one.kind == "level"] + [HOME])
    ]
    if not len(groups):
        return counts
    near = pd.MultiIndex.from_frame(received[window]).isin(pd.MultiIndex.from_frame(groups[window]))
    grid = build_grid(received[near], register, measures)
    named = set(groups["unit"])
    mere = [
        (code, grid.start[key].item(), grid.end[key].item())
        for key, code in enumerate(grid.units)
        if code in named and _say_sum_of_some(grid, key)
    ]
    stated = groups[pd.MultiIndex.from_frame(groups[["unit", *window]]).isin(mere)] if mere else groups[:0]
    return counts.drop(index=stated.index)


def _say_sum_of_some(grid: Grid, key: int) -> str:
    """That what is stated for a level or the province is the sum of the units received, and others lack; "" where not.

    Most of its figures decide: a slip in one of them does not make it the sum of all. Columns of zeros say nothing,
    unless all are.
    A kind of which nobody was received does not lack where others of its level were: many forms leave the
    land-registration branches to their department. A level without units speaks for itself.
    """
    there = {grid.units[one]: one for one in grid.of_window(key) if grid.sources[one] == "received"}
    alive = grid.register.on(grid.end[key].item())
    levels = {one.level: one.code for one in alive if one.kind == "level"}
    if grid.units[key] != HOME:
        levels = {level: code for level, code in levels.items() if code == grid.units[key]}
    summed, is_short = [], False
    for level, code in levels.items():
        units = [one for one in alive if one.kind in LEAF_KINDS and one.level == level]
        listed = [one for one in units if one.code in there]
        if listed or code not in there:
            kinds = {one.kind for one in listed or units}
            is_short |= any(one.kind in kinds and one.code not in there for one in units)
            summed += [there[one.code] for one in listed]
        else:
            summed.append(there[code])
    stated = grid.present[key] & grid.present[summed].any(axis=0)
    own, added = grid.value[key][stated], grid.value[summed].sum(axis=0)[stated]
    if not (is_short and stated.any()):
        return ""
    told = ((own != 0) | (added != 0)) if own.any() or added.any() else stated[stated]
    equal = (own == added)[told]
    if equal.all():
        return _SUM_OF_SOME
    return _MOSTLY_SUM_OF_SOME if 2 * np.count_nonzero(equal) > len(equal) else ""


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
                f"Điểm «{rules[name].get('label') or name}» ghi {vn.format_number(row['score'], 3, trim=True)}, các thành phần cộng lại là "
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


# --------------------------------------------------------------------------------------------------
# The counts as a table of keys (unit, window, source) by measures, with totals filled in, for checks in
# bulk.


@dataclass(frozen=True, eq=False)
class Grid:
    """Counts by key (unit, window, source) and measure, in dossiers.

    units, sources, start, end  of each key; start and end are datetime64[D]
    value, present              keys by measures: totals are derived where all parts are there, else as reported
    reported, reported_value    keys by measures: what the files say
    place                       which row of `counts` states the figure (of a derived total: its first part)
    """

    counts: pd.DataFrame
    register: Register
    measures: dict[str, Measure]
    units: list[str]
    sources: list[str]
    start: np.ndarray
    end: np.ndarray
    value: np.ndarray
    present: np.ndarray
    reported_value: np.ndarray
    reported: np.ndarray
    place: np.ndarray

    @property
    def names(self) -> list[str]:
        """The measures, in the order of the columns."""
        return list(self.measures)

    def column(self, name: str) -> int:
        """Where the measure stands."""
        return self.names.index(name)

    def shown(self, key: int, name: str) -> str:
        """The count as messages print it."""
        return vn.format_number(int(self.value[key, self.column(name)]))

    def unit(self, key: int) -> Unit | None:
        """The unit on the window's last day; None when the register has none."""
        try:
            return self.register.get(self.units[key], self.end[key].item())
        except UserError:
            return None

    def label(self, key: int) -> str:
        """The unit as messages name it."""
        unit = self.unit(key)
        return unit.label if unit else self.units[key]

    def window(self, key: int) -> str:
        """The window in words."""
        first, last = (vn.format_date(edge[key].item(), "short") for edge in (self.start, self.end))
        return f"từ ngày {first} đến ngày {last}"

    def problem(
        self, severity: str, code: str, key: int, name: str, value: int, message: str, fate: str = ""
    ) -> dict:
        """A problem at the row that states the measure, with unit and window before the message."""
        row = self.counts.iloc[self.place[key, self.column(name)]]
        text = f"{self.label(key)}, {self.window(key)}: {message}"
        where = {"file": row["file"], "sheet": row["sheet"], "row": int(row["row"]) or None}
        window = (self.start[key].item(), self.end[key].item())
        return problem(
            severity, code, text, value=vn.format_number(int(value)), unit=self.units[key], window=window,
            fate=fate, column=self.measures[name].place, **where,
        )  # fmt: skip

    def same_window(self) -> Iterator[list[int]]:
        """The keys of one unit and window, where more than one source reports it."""
        keys: dict[tuple, list[int]] = {}
        for key, unit in enumerate(self.units):
            keys.setdefault((unit, self.start[key], self.end[key]), []).append(key)
        return (held for held in keys.values() if len(held) > 1)

    def received(self, key: int) -> set[str]:
        """The units with counts that were received of the window of `key`."""
        return {self.units[other] for other in self.of_window(key) if self.sources[other] == "received"}

    def most_trusted(self, key: int) -> dict[tuple[str, int], int]:
        """For every unit and column with a count in the window of `key`: the key of the most trusted source."""
        found: dict[tuple[str, int], int] = {}
        for other in sorted(self.of_window(key), key=lambda one: -list(SOURCES).index(self.sources[one])):
            for at in np.flatnonzero(self.present[other]):
                found[self.units[other], at] = other
        return found

    def of_window(self, key: int) -> np.ndarray:
        """The keys with the window of `key`."""
        return np.flatnonzero((self.start == self.start[key]) & (self.end == self.end[key]))


def build_grid(counts: pd.DataFrame, register: Register, measures: dict[str, Measure]) -> Grid:
    """The grid of the counts whose measures are known; a figure stated twice counts as its last row says."""
    counts = counts[counts["measure"].isin(list(measures))]
    days = [pd.to_datetime(counts[name]).to_numpy("datetime64[D]") for name in ("period_start", "period_end")]
    unit_of, units = pd.factorize(counts["unit"])
    source_of, sources = pd.factorize(counts["source"])
    parts = (unit_of, *(day.astype(np.int64) for day in days), source_of)
    keys, key_of = _distinct_rows(parts)
    column_of = counts["measure"].map({name: at for at, name in enumerate(measures)}).to_numpy(np.int64)
    shape = (len(keys), len(measures))
    value, place = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    present = np.zeros(shape, dtype=bool)
    value[key_of, column_of] = counts["value"].to_numpy(np.int64)
    place[key_of, column_of] = np.arange(len(counts))
    present[key_of, column_of] = True
    reported, reported_value = present.copy(), value.copy()
    names = list(measures)
    for at, one in enumerate(measures.values()):
        columns = [names.index(part) for part in one.parts]
        if columns:
            whole = present[:, columns].all(axis=1)
            value[whole, at] = value[whole][:, columns].sum(axis=1)
            derived = whole & ~present[:, at]
            place[derived, at] = place[derived, columns[0]]
            present[whole, at] = True
    return Grid(
        counts=counts,
        register=register,
        measures=measures,
        units=[units[code] for code in keys[:, 0]],
        sources=[sources[code] for code in keys[:, 3]],
        start=keys[:, 1].astype("datetime64[D]"),
        end=keys[:, 2].astype("datetime64[D]"),
        value=value,
        present=present,
        reported_value=reported_value,
        reported=reported,
        place=place,
    )


def _distinct_rows(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """The distinct rows of whole numbers in order, and for each row its place among them (quicker than by axis)."""
    ranks = [np.unique(column, return_inverse=True) for column in columns]
    row_of, size = np.zeros(len(columns[0]), dtype=np.int64), 1
    for values, rank in reversed(ranks):
        row_of += rank * size
        size *= max(len(values), 1)
    _, first, key_of = np.unique(row_of, return_index=True, return_inverse=True)
    return np.stack([np.asarray(column, dtype=np.int64)[first] for column in columns], axis=1), key_of
