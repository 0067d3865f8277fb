"""Published figures held to the laws of arithmetic and to each other: what agrees, what not, what cannot be told.

`figures.Figure` says what ought to hold; here it is computed from the printed numerals alone, without any fact
of ours. `baocao reconcile` ends with exit code 1 as long as one published figure is at fault (`findings.FAULTS`),
and so it does for the memos in the repository: their errors are known, are printed, and stay errors.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.definitions import Register, load_index, load_register
from baocao.reports.published.figures import Figure, add_readings, load_figures
from baocao.reports.published.findings import (
    AGREES,
    FAULTS,
    MIXED,
    SCOPES,
    UNEQUAL,
    UNGROUPED,
    UNKNOWN,
    WRONG,
    Computed,
    Finding,
    Piece,
    compute_rate,
    expression,
    find_unsettled,
    findings_frame,
    gap,
    subtract,
)


@dataclass(frozen=True)
class Known:
    """What the reference data know beside the memos: how many units of a kind there were, and maximum scores."""

    units: Mapping[tuple[str, date], int] = field(default_factory=dict)
    maxima: Mapping[tuple[str, date], Fraction] = field(default_factory=dict)


def reconcile_published(root: Path) -> pd.DataFrame:
    """All findings about the published figures of the project at `root`, with the columns `COLUMNS`."""
    figures = load_figures(root)
    return findings_frame(check(figures, load_known(root, figures, load_register(root))))


def has_faults(findings: pd.DataFrame) -> bool:
    """Whether a published figure is at fault (exit code 1)."""
    return bool(findings["verdict"].isin(FAULTS).any())


def load_known(root: Path, figures: Sequence[Figure], register: Register) -> Known:
    """The counts of units and the maximum scores that the figures' relations need."""
    units, maxima = {}, {}
    for figure in figures:
        if figure.parts and figure.parts.rule == "units":
            (kind,) = figure.parts.terms[0]
            units[kind, figure.as_of] = sum(unit.kind == kind for unit in register.on(figure.as_of))
        if figure.measured_in == "điểm":
            name, _, component = figure.quantity.partition(".")
            for one in load_index(root, name, figure.as_of).components:
                if one.name == component and one.maximum is not None:
                    maxima[figure.quantity, figure.as_of] = one.maximum
    return Known(units, maxima)


def check(figures: Sequence[Figure], known: Known) -> list[Finding]:
    """Every law applied to every figure it concerns, in the order of `figures`.

    A figure whose value no law that holds fixes gets a finding of its own that says so (`UNKNOWN`): that its
    bounds hold, or that it stands in a sum that fails, proves nothing about it.
    """
    by_id = {figure.id: figure for figure in figures}
    findings: list[Finding] = []
    for figure in figures:
        if figure.reading.fault:
            sentence = ("Không đọc được số in “", figure, "”.")
            findings.append(Finding(figure, "reading", WRONG, sentence))
            continue
        for law in (_check_parts, _check_same, _check_named, _check_within, _check_maximum):
            findings += law(figure, by_id, known)
        findings += _check_notation(figure, figures)
    findings += find_unsettled(figures, findings)
    place = {figure.id: at for at, figure in enumerate(figures)}
    return sorted(findings, key=lambda finding: place[finding.figure.id])


# --- the laws: each yields what it finds about one figure that can be read --------------------------------------


def _check_parts(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against what it is made of."""
    if figure.parts is None:
        return
    rule = figure.parts.rule
    if rule == "units":
        (kind,) = figure.parts.terms[0]
        counted = Computed(Fraction(known.units[kind, figure.as_of]), figure.measured_in)
        yield _compared(figure, rule, ("danh mục đơn vị vào ngày chốt số liệu có ", counted), counted, ())
        return
    if rule == "weeks":
        weeks = Computed(Fraction(figure.period.days // 7), figure.measured_in)
        days = Computed(Fraction(figure.period.days), "ngày")
        words = ("kỳ có ", days, " ngày, tức số tuần tròn là ", weeks)
        yield _compared(figure, rule, words, weeks, ())
        return
    terms = [[by_id[one] for one in term] for term in figure.parts.terms]
    against = tuple(one for term in terms for one in term)
    values = [add_readings(term) for term in terms]
    if None in values or (rule == "rate" and not values[1]):
        yield Finding(figure, rule, UNKNOWN, ("Có số hạng không đọc được hoặc mẫu số bằng không.",), against)
        return
    if rule == "rate":
        computed = compute_rate(int(values[0]), int(values[1]), figure.reading.decimals)
    else:
        value = sum(values) if rule == "sum" else values[0] - values[1]
        decimals = max(one.reading.decimals for one in (figure, *against))
        computed = Computed(Fraction(value), figure.measured_in, decimals)
    mark = {"sum": " + ", "difference": " - ", "rate": "/"}[rule]
    words = (*expression(terms, mark), " = ", computed)
    yield _compared(figure, rule, words, computed, against)


def _compared(
    figure: Figure, rule: str, words: tuple[Piece, ...], computed: Computed, against: tuple[Figure, ...]
) -> Finding:
    """The finding of an exact law: `words` say how `computed` comes about."""
    difference = subtract(figure, computed)
    if not difference.value:
        sentence = ("In ", figure, ", đúng bằng kết quả tính lại: ", *words)
        if figure.qualifier in ("trên", "hơn") and rule in ("sum", "difference"):
            sentence += (f"; chữ “{figure.qualifier}” là thừa",)
        return Finding(
            figure, rule, AGREES, (*sentence, "."), against, computed, difference, is_exact=True
        )  # fmt: skip
    sentence = ("In ", figure, ", nhưng ", *words, "; số đã in ", *gap(difference), ".")
    return Finding(figure, rule, WRONG, sentence, against, computed, difference, is_exact=True)


def _check_same(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against the other places that print the same quantity."""
    if figure.same_as:
        differs = UNEQUAL if figure.measured_in == "hồ sơ" else WRONG
        lead = ", nhưng cùng đại lượng này, nơi khác trong văn bản in "
        yield from _check_equal(figure, "same", figure.same_as, by_id, differs, lead)


def _check_named(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against the figures that the memo calls by the same name."""
    if figure.named_as:
        lead = ", nhưng dưới cùng tên gọi, nơi khác trong văn bản in "
        yield from _check_equal(figure, "named", figure.named_as, by_id, SCOPES, lead)


def _check_equal(
    figure: Figure,
    rule: str,
    groups: tuple[tuple[str, ...], ...],
    by_id: Mapping[str, Figure],
    differs: str,
    lead: str,
) -> Iterator[Finding]:
    terms = [[by_id[one] for one in group] for group in groups]
    against = tuple(one for term in terms for one in term)
    values = [add_readings(term) for term in terms]
    if None in values:
        yield Finding(figure, rule, UNKNOWN, ("Có số cùng đại lượng không đọc được.",), against)
        return
    others = [
        Computed(value, figure.measured_in, max(one.reading.decimals for one in term))
        for term, value in zip(terms, values, strict=True)
    ]
    unequal = [at for at, other in enumerate(others) if other.value != figure.reading.value]
    if not unequal:
        sentence = ("In ", figure, ", đúng như nơi khác trong văn bản.")
        difference = subtract(figure, others[0])
        yield Finding(figure, rule, AGREES, sentence, against, others[0], difference, is_exact=True)
        return
    words: list[Piece] = ["In ", figure, lead]
    for count, at in enumerate(unequal):
        words += [" và "] if count else []
        words += expression([terms[at]], "")
        words += [" = ", others[at]] if len(terms[at]) > 1 else []
    first = others[unequal[0]]
    difference = subtract(figure, first)
    words += ["; số ở đây ", *gap(difference), "."]
    yield Finding(figure, rule, differs, tuple(words), against, first, difference, is_exact=True)


def _check_within(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against the whole that it is a part of, or whatever else it must not exceed."""
    counted = figure.measured_in == "hồ sơ"
    for group in figure.within:
        term = tuple(by_id[one] for one in group)
        limit = add_readings(term)
        rule = "within" if counted else "bound"
        if limit is None:
            yield Finding(figure, rule, UNKNOWN, ("Không đọc được mức chặn.",), term)
            continue
        holds = figure.reading.value <= limit and (figure.measured_in != "hạng" or figure.reading.value >= 1)
        whole = Computed(limit, figure.measured_in, max(one.reading.decimals for one in term))
        written = expression([list(term)], "") + ([" = ", whole] if len(term) > 1 else [])
        if holds:
            yield Finding(figure, rule, AGREES, ("In ", figure, ", không vượt ", *written, "."), term)
        elif counted:
            sentence = (
                "In ",
                figure,
                ", vượt toàn thể chứa nó là ",
                *written,
                "; hai số không cùng phạm vi.",
            )
            yield Finding(figure, rule, SCOPES, sentence, term, whole, subtract(figure, whole))
        else:
            sentence = ("In ", figure, ", ngoài mức chặn ", *written, ".")
            yield Finding(figure, rule, WRONG, sentence, term, whole, subtract(figure, whole))


def _check_maximum(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """A score against the most points that its index can bring."""
    maximum = known.maxima.get((figure.quantity, figure.as_of))
    if maximum is None or figure.measured_in != "điểm":
        return
    limit = Computed(maximum, "điểm", 0 if maximum.denominator == 1 else 1)
    if figure.reading.value <= maximum:
        yield Finding(figure, "bound", AGREES, ("In ", figure, ", không vượt điểm tối đa ", limit, "."))
    else:
        sentence = ("In ", figure, ", vượt điểm tối đa ", limit, ".")
        yield Finding(figure, "bound", WRONG, sentence, (), limit, subtract(figure, limit))


def _check_notation(figure: Figure, figures: Sequence[Figure]) -> Iterator[Finding]:
    """How the numeral is written, beside the others of its memo."""
    reading, others = figure.reading, [one for one in figures if one.seed == figure.seed]
    beside = ("; số in phải đọc là ", Computed(reading.value, figure.measured_in, reading.decimals), ".")
    if reading.has_decimal_dot:
        sentence: tuple[Piece, ...] = ("In ", figure, " với dấu chấm trước phần thập phân")
        comma = next(
            (one for one in others if one.reading.decimals and not one.reading.has_decimal_dot), None
        )
        if comma:
            sentence += (", trong khi cùng văn bản in ", comma, " với dấu phẩy")
        yield Finding(figure, "notation", MIXED, (*sentence, *beside), (comma,) if comma else ())
    if reading.lacks_dots:
        dotted = next((one for one in others if "." in one.printed and not one.reading.has_decimal_dot), None)
        if dotted:
            sentence = ("In ", figure, " không có dấu chấm, trong khi cùng văn bản in ", dotted)
            yield Finding(figure, "notation", UNGROUPED, (*sentence, *beside), (dotted,))
