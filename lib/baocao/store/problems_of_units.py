"""Which problems concern a report: those that name its units and windows, and the accepted errors behind its figures.

Each is a narrow question that is noted as such (`read_tracker`): another unit's problems are no part of the answer, so
that a report is not made again for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from baocao.definitions import Period
from baocao.store import read_tracker
from baocao.store.acceptance import Acceptance, find_acceptance
from baocao.store.facts import Facts

Span = tuple[date, date]
"""The first and the last day of a window."""


@dataclass(frozen=True)
class Concern:
    """A problem, and what it is about.

    at            its place among the problems
    unit, window  whose figure it is, and of which window; "" and None where that is not known
    acceptance    how it was accepted; None for a problem that nobody accepted
    """

    at: int
    severity: str
    file: str
    sheet: str
    row: int | None
    message: str
    unit: str
    window: Span | None
    acceptance: Acceptance | None


def problems_about(facts: Facts, units: Iterable[str], spans: Sequence[Span]) -> list[Concern]:
    """The problems of figures of these units (codes) whose window has a day in common with one of the spans.

    One whose window is not known concerns every report on its unit.
    """
    codes = sorted(set(units))
    read_tracker.note_facts("problems", codes, spans)
    with read_tracker.paused():
        by_unit = _by_unit(facts)
    found = (one for code in codes for one in by_unit.get(code, ()) if _overlaps(one.window, spans))
    return sorted(found, key=lambda one: one.at)


def accepted_within(facts: Facts, units: Iterable[str] | None, spans: Sequence[Span]) -> list[Concern]:
    """The accepted errors that concern figures of these units (codes; None: all) inside the spans.

    One about a unit and a window concerns those. Of the others, one in a row that is a fact concerns the unit and
    window of that fact. One in a row that is none, and one of a file as a whole, concern all facts of the file; where a
    file gave no facts at all, everything.
    """
    codes = None if units is None else sorted(set(units))
    read_tracker.note_facts("accepted", codes, spans)
    with read_tracker.paused():
        accepted = [one for held in _by_unit(facts).values() for one in held if one.acceptance]
        found = (one for one in accepted if _concerns(one, facts, codes, spans))
        return sorted(found, key=lambda one: one.at)


def units_at_fault(facts: Facts) -> list[str]:
    """The codes of the units that have figures which are wrong and therefore left out of the facts."""
    read_tracker.note_facts("errors")
    with read_tracker.paused():
        problems = facts.problems
        wrong = problems.loc[(problems["severity"] == "error") & (problems["unit"] != ""), "unit"]
        return sorted(set(wrong))


def _concerns(one: Concern, facts: Facts, units: Sequence[str] | None, spans: Sequence[Span]) -> bool:
    if one.unit:
        return (units is None or one.unit in units) and _overlaps(one.window, spans)
    own, inside = _places_inside(facts, spans)
    places, files = _all_places(facts)
    if one.row is not None:
        place = (one.file, one.sheet, one.row)
        if place in own:
            return units is None or not own[place].isdisjoint(units)
        if place in places:
            return False
    return one.file in inside or one.file not in files


def _overlaps(window: Span | None, spans: Sequence[Span]) -> bool:
    return window is None or any(first <= window[1] and window[0] <= last for first, last in spans)


def _by_unit(facts: Facts) -> dict[str, list[Concern]]:
    """All problems in their order, by the unit that they are about ("": none in particular)."""
    if _by_unit not in facts.shared:
        found: dict[str, list[Concern]] = {}
        for at, row in enumerate(facts.problems.to_dict("records")):
            one = _read(at, row)
            found.setdefault(one.unit, []).append(one)
        facts.shared[_by_unit] = found
    return facts.shared[_by_unit]


def _read(at: int, row: dict) -> Concern:
    window = (row["period_start"], row["period_end"]) if row["period_start"] else None
    told = (row[name] for name in ("severity", "file", "sheet", "row", "message", "unit"))
    return Concern(at, *told, window, find_acceptance(row))


def _places_inside(facts: Facts, spans: Sequence[Span]) -> tuple[dict[tuple, set[str]], set[str]]:
    """Where the facts inside the spans stand: whose they are by file, sheet and row; and the files."""
    key = (_places_inside, tuple(spans))
    if key not in facts.shared:
        own: dict[tuple, set[str]] = {}
        for file, sheet, row, unit in _rows_inside(facts, spans):
            own.setdefault((file, sheet, int(row)), set()).add(unit)
        facts.shared[key] = own, {place[0] for place in own}
    return facts.shared[key]


def _rows_inside(facts: Facts, spans: Sequence[Span]) -> Iterator[tuple]:
    columns = ["file", "sheet", "row", "unit"]
    counts = facts.counts
    for first, last in spans:
        overlapping = (counts["period_start"] <= last) & (counts["period_end"] >= first)
        yield from counts.loc[overlapping, columns].itertuples(index=False, name=None)
    scores = facts.scores
    windows = {code: Period.parse(code) for code in scores["period"].unique()}
    chosen = [code for code, one in windows.items() if _overlaps((one.start, one.end), spans)]
    yield from scores.loc[scores["period"].isin(chosen), columns].itertuples(index=False, name=None)


def _all_places(facts: Facts) -> tuple[set[tuple], set[str]]:
    """File, sheet and row of every fact, and the files."""
    if _all_places not in facts.shared:
        place = ["file", "sheet", "row"]
        frames = (facts.counts[place].drop_duplicates(), facts.scores[place])
        found = {
            (file, sheet, int(row))
            for frame in frames
            for file, sheet, row in frame.itertuples(index=False, name=None)
        }
        facts.shared[_all_places] = found, {one[0] for one in found}
    return facts.shared[_all_places]
