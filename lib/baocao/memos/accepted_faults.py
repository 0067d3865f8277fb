"""Errors in the figures that somebody accepted, as a report states them: those that concern it, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from baocao import vn
from baocao.acceptance import Acceptance, find_acceptance
from baocao.claims import Claims
from baocao.facts import Facts
from baocao.periods import Period
from baocao.units import HOME, Register, Unit

OTHER_UNIT = "đơn vị khác"
"""What stands for the name of a unit that the report may not name, in a reason or a file's name."""

_MOST_ROWS = 10
_OPENING = re.compile(
    r"^.+? \((?P<code>[^()]+)\), từ ngày (?P<first>\d\d/\d\d/\d{4}) đến ngày (?P<last>\d\d/\d\d/\d{4}): "
)
_PLACE = ["file", "sheet", "row"]


@dataclass(frozen=True, eq=False)
class Reach:
    """What a report reaches: facts inside its period, of its units and of all that these are the sum of."""

    facts: Facts
    register: Register
    period: Period
    codes: frozenset[str]

    def has_unit(self, code: str) -> bool:
        """Whether the unit's figures are among the report's, alone or in a sum."""
        return (
            code in self.codes or HOME in self.codes or bool(self._levels & self._level_of.get(code, set()))
        )

    def has_window(self, first: str, last: str) -> bool:
        """Whether the window (days as dd/mm/yyyy) lies inside the period."""
        return self.period.start <= vn.parse_date(first) and vn.parse_date(last) <= self.period.end

    def has_place(self, file: str, sheet: str, row: int | None) -> bool:
        """Whether what stands there concerns the report.

        A row that is a fact concerns the reports of its unit and window. One that is none, and a file as a whole,
        concern every report made from the file; a file that gave no facts at all, every report.
        """
        if row is not None:
            own = self.inside[(self.inside[_PLACE] == [file, sheet, row]).all(axis=1)]
            if len(own):
                return any(map(self.has_unit, own["unit"]))
            if (file, sheet, row) in self._all_places:
                return False
        return file in set(self.inside["file"]) or all(file != place[0] for place in self._all_places)

    @cached_property
    def inside(self) -> pd.DataFrame:
        """Where the facts inside the period stand, and whose they are."""
        scores, windows = self.facts.scores, {}
        for code in scores["period"].unique():
            window = Period.parse(code)
            windows[code] = self.period.start <= window.start and window.end <= self.period.end
        counts = self.facts.counts_between(self.period.start, self.period.end)
        frames = [counts, scores[scores["period"].map(windows).astype(bool)]]
        return pd.concat([frame[[*_PLACE, "unit"]].astype(object) for frame in frames], ignore_index=True)

    @cached_property
    def _all_places(self) -> set[tuple]:
        frames = (self.facts.counts[_PLACE].drop_duplicates(), self.facts.scores[_PLACE])
        return {
            (row[0], row[1], int(row[2]))
            for frame in frames
            for row in frame.itertuples(index=False, name=None)
        }

    @cached_property
    def _level_of(self) -> dict[str, set[str]]:
        levels: dict[str, set[str]] = {}
        for unit in self.register.units:
            levels.setdefault(unit.code, set()).add(unit.level)
        return levels

    @cached_property
    def _levels(self) -> set[str]:
        """The levels of government among the report's units."""
        own = (unit for unit in self.register.units if unit.kind == "level" and unit.code in self.codes)
        return {unit.level for unit in own}


def list_exceptions(
    facts: Facts, register: Register, period: Period, units: Iterable[Unit], claims: Claims
) -> list[str]:
    """The accepted errors that concern a report on `units` (and what they are sums of) in `period`, as Markdown.

    One about a unit and a window is quoted whole. Others of one file, kind and reason are told together, by their
    rows: what stands in a row that could not be read is not printed. The name of a unit that the document may not
    name is left out (`OTHER_UNIT`).
    """
    reach = Reach(facts, register, period, frozenset(unit.code for unit in units))
    accepted = [(row, said) for row in facts.problems.to_dict("records") if (said := _accepted(row))]
    if not accepted:
        return []
    texts: list[str] = []
    others: dict[tuple, list[int]] = {}
    for row, said in accepted:
        about = _OPENING.match(row["message"])
        if about:
            if reach.has_unit(about["code"]) and reach.has_window(about["first"], about["last"]):
                texts.append(row["message"])
        elif reach.has_place(row["file"], row["sheet"], row["row"]):
            key = (row["file"], row["sheet"], said.label, said.fate, said.because)
            others.setdefault(key, []).extend([] if row["row"] is None else [row["row"]])
    texts += [_about_rows(*key, rows) for key, rows in others.items()]
    hide = _hider(register, claims)
    return [claims.code(hide(text)) for text in dict.fromkeys(texts)]


def _accepted(row: dict) -> Acceptance | None:
    return find_acceptance(row["message"]) if row["severity"] == "warning" else None


def _about_rows(file: str, sheet: str, label: str, fate: str, because: str, rows: list[int]) -> str:
    """What is told of the rows of a file that were accepted for one reason."""
    known = sorted(set(rows))
    named = ", ".join(map(str, known[:_MOST_ROWS]))
    more = (
        f" và {vn.format_count_in_text(len(known) - _MOST_ROWS)} dòng khác" if len(known) > _MOST_ROWS else ""
    )
    where = [f"Tệp {file}", f"trang «{sheet}»" if sheet else "", f"dòng {named}{more}" if known else ""]
    return Acceptance(", ".join(one for one in where if one) + ":", label, fate, because).message


def _hider(register: Register, claims: Claims):
    """A function that replaces the names of units outside the document's scope."""
    scope = set(claims.record()["scope"])
    names: dict[str, set[str]] = {}
    for _, _, code, spellings in register.names():
        for name in spellings:
            names.setdefault(name, set()).add(code)
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")

    def hide(text: str) -> str:
        return pattern.sub(lambda found: found[0] if names[found[0]] & scope else OTHER_UNIT, text)

    return hide


def list_row_warnings(facts: Facts, rows: pd.DataFrame, claims: Claims) -> Iterator[str]:
    """The warnings, accepted errors apart, about the rows of files that these facts stand in, as Markdown."""
    places = set(zip(*(rows[name] for name in _PLACE), strict=True))
    for row in facts.problems.to_dict("records"):
        if (
            row["severity"] == "warning"
            and not _accepted(row)
            and tuple(row[name] for name in _PLACE) in places
        ):
            sheet = f"trang «{row['sheet']}», " if row["sheet"] else ""
            yield claims.code(f"Tệp {row['file']}, {sheet}dòng {row['row']}: {row['message']}")
