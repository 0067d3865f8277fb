"""Errors in the figures that somebody accepted, as a report states them: those that concern it, each with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.periods import Period
from baocao.definitions.units import HOME, Register, Unit
from baocao.store.acceptance import Acceptance, find_acceptance
from baocao.store.facts import Facts
from baocao.store.problems_of_units import accepted_within
from baocao.writing.claims import Claims

OTHER_UNIT = "đơn vị khác"
"""What stands for the name of a unit that the report may not name, in a reason or a file's name."""

_MOST_ROWS = 10
_PLACE = ["file", "sheet", "row"]


def list_exceptions(
    facts: Facts, register: Register, period: Period, units: Iterable[Unit], claims: Claims
) -> list[str]:
    """The accepted errors that concern a report on `units` (and what they are sums of) in `period`, as Markdown.

    One about a unit and a window is quoted whole. Others of one file, kind and reason are told together, by their
    rows: what stands in a row that could not be read is not printed. The name of a unit that the document may not
    name is left out (`OTHER_UNIT`).
    """
    accepted = accepted_within(facts, _summed(register, units), [(period.start, period.end)])
    if not accepted:
        return []
    texts = [one.message for one in accepted if one.window]
    others: dict[tuple, list[int]] = {}
    for one in accepted:
        if not one.window:
            said = one.acceptance
            key = (one.file, one.sheet, said.label, said.fate, said.because)
            others.setdefault(key, []).extend([] if one.row is None else [one.row])
    texts += [_about_rows(*key, rows) for key, rows in others.items()]
    hide = _hider(register, claims)
    return [claims.code(hide(text)) for text in dict.fromkeys(texts)]


def _summed(register: Register, units: Iterable[Unit]) -> set[str] | None:
    """The codes of the units and of all that they are the sum of; None: all units."""
    codes = {unit.code for unit in units}
    if HOME in codes:
        return None
    levels = {one.level for one in register.units if one.kind == "level" and one.code in codes}
    return codes | {one.code for one in register.units if one.level in levels}


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
            and not find_acceptance(row["message"])
            and tuple(row[name] for name in _PLACE) in places
        ):
            sheet = f"trang «{row['sheet']}», " if row["sheet"] else ""
            yield claims.code(f"Tệp {row['file']}, {sheet}dòng {row['row']}: {row['message']}")
