"""What the indices brought, in sentences: newest result, change of rank or why there is none, weak parts."""

from __future__ import annotations

from baocao.definitions import IndexValue
from baocao.reports.reform_indices import words
from baocao.reports.reform_indices.reading import DTI, INDICES, Report
from baocao.writing import markup, phrases

LOW_THIRD = 3
"""A part is weak when its rank lies in the last of so many equal stretches of the list."""


def describe_newest(report: Report, index: str) -> str:
    """The newest public result of an index; that there is none, where there is none."""
    value = report.newest(index)
    if value is None:
        day = report.claims.date(report.day)
        return words.not_published(report.indices[index].short_label, f"đến ngày {day}")
    points = report.points(value) if value.value is not None else ""
    rank = report.rank(value) if value.rank is not None else ""
    label = markup.escape(report.indices[index].label)
    return words.newest_result(
        label,
        report.year_of(value.year),
        points,
        rank,
        describe_change(report, value),
        is_old=report.is_old(value),
    )


def describe_change(report: Report, value: IndexValue) -> str:
    """How a rank has moved since the result before, or the reason why that is not said; empty without a rank."""
    if value.rank is None:
        return ""
    change, base = report.change(value), report.base(value)
    if base is not None and not change.reason:
        return phrases.change_of_rank(change.places, report.places(value, change), report.year_of(base.year))
    if base is None:
        return words.no_change(report.year_of(value.year - 1), words.first_result())
    return words.no_change(report.year_of(base.year), describe_reason(report, value, base))


def describe_reason(report: Report, value: IndexValue, base: IndexValue) -> str:
    """Why two ranks may not be held against each other."""
    change = report.change(value)
    if change.reason == "base":
        bases = [
            report.number(one.out_of, "Số tỉnh, thành phố được xếp hạng", "tỉnh, thành phố")
            for one in (value, base)
        ]
        return words.other_base(*bases)
    return words.other_criteria(report.year_of(change.since))


def weak_parts(report: Report) -> tuple[list[IndexValue], bool]:
    """The parts of the DTI to be named, in the order of the index, and whether they are weak by the rule.

    Those of the newest year whose rank lies in the last third of the list; where there is none, the last ones.
    """
    newest = report.newest(DTI)
    parts = report.parts(newest.year) if newest else []
    weak = [one for one in parts if one.rank * LOW_THIRD > one.out_of * (LOW_THIRD - 1)]
    if weak or not parts:
        return weak, True
    lowest = max(one.rank for one in parts)
    return [one for one in parts if one.rank == lowest], False


def describe_weak_parts(report: Report) -> str:
    """The weak parts of the DTI inside task 5; empty where no part is known."""
    parts, by_rule = weak_parts(report)
    if not parts:
        return ""
    named = []
    for place, one in enumerate(parts):
        country = " tỉnh, thành phố trong cả nước" if place == 0 else ""
        label = report.label(one)
        named.append(f"{label[:1].lower()}{label[1:]} (xếp thứ hạng {report.rank(one)}{country})")
    sentence = words.weak_parts if by_rule else words.worst_parts
    return sentence(report.year_of(parts[0].year), phrases.join(named, semicolons=True))


def describe_still_to_come(report: Report) -> str:
    """The indices of the year under review, which are not out yet; empty where all are."""
    waiting = [
        report.indices[name].short_label
        for name in INDICES
        if getattr(report.newest(name), "year", 0) < report.year
    ]
    return words.still_to_come(phrases.join(waiting), report.year_of(report.year)) if waiting else ""
