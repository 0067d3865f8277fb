"""The figures of a briefing in print: each a claim that says whose it is and what it is made of.

A figure that is not known is "–" in a table and has words of its own in a sentence; it is never 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from baocao.analysis import definition
from baocao.definitions import Indicator, Period, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.unit_briefing import words
from baocao.reports.unit_briefing.reading import OVERDUE, Briefing, Gap, Row, has_value
from baocao.writing import SOURCE_LABELS, Claims, Markdown, least_trusted, markup

POINTS = "điểm phần trăm"


def print_name(briefing: Briefing, text: str) -> str:
    """A fixed name, declared where it holds a digit."""
    return briefing.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)


def print_count(briefing: Briefing, name: str, unit: Unit, *, in_text: bool = False) -> str:
    """A number of dossiers (`name` is a measure), "–" where it was not reported or a sum is not whole."""
    row, measure = briefing.row(name, unit), briefing.setting.measures[name]
    if not has_value(row) or row["missing"]:
        return vn.MISSING
    return briefing.claims.count(
        int(row["numerator"]), in_text=in_text, label=measure.label, unit=unit, period=briefing.period,
        source=row["source"], facts=int(row["facts"]),
        formula=" + ".join(briefing.setting.measures[part].label.lower() for part in measure.parts),
    )  # fmt: skip


def print_rate(briefing: Briefing, one: Indicator, unit: Unit) -> str:
    """A rate in %, "–" where it has no value or a sum is not whole."""
    row = briefing.row(one.name, unit)
    if not has_value(row) or row["missing"]:
        return vn.MISSING
    return _percent(one, unit, briefing.period, row, briefing.claims)


def print_fraction(briefing: Briefing, one: Indicator) -> str:
    """The two parts of the subject's rate; an unreported part, or nothing to divide by, is "–"."""
    row = briefing.row(one.name)
    if not has_value(row):
        return vn.MISSING
    about = _about(one, briefing.subject, briefing.period, row)
    return briefing.claims.fraction(int(row["numerator"]), int(row["denominator"]), **about)


def label_point(one: Indicator, unit: Unit, period: Period, row: Row):
    """A chart's label of one point of a rate: a function of the chart's claims."""
    return partial(_percent, one, unit, period, row) if has_value(row) else None


def print_change(briefing: Briefing, row: Row, *, in_text: bool = False) -> str:
    """How a figure has changed, "–" where it may not be compared: rates in percentage points, counts in %.

    A count that was small is told by how many dossiers more or less there are.

    In a table with a sign and without "điểm phần trăm", which the note below the table says.
    """
    one = definition(row["indicator"], briefing.period)
    change = row["change_pp"] if one else row["change_pct"]
    if row["comparable"] == "no" or change is None:
        return vn.MISSING
    if vn.round_half_up(change, 2) == 0:
        return words.UNCHANGED if change == 0 else words.HARDLY_CHANGED
    label = one.label if one else briefing.setting.measures[row["indicator"]].label
    base = Period.parse(row["base_period"])
    about = {
        "label": f"{label}: thay đổi so với {base.name}", "unit": briefing.subject, "period": briefing.period,
        "source": least_trusted((row["source"], row["base_source"])),
    }  # fmt: skip
    if not one and row["base_small"]:  # +285,71% of seven dossiers says less than +20
        difference = abs(int(row["numerator"]) - int(row["base_numerator"]))
        printed = briefing.claims.count(difference, in_text=in_text, formula="kỳ này - kỳ trước đó", **about)
        printed = words.dossiers(printed)
    else:
        formula = "tỷ lệ kỳ này - tỷ lệ kỳ trước đó" if one else "(kỳ này - kỳ trước đó) / kỳ trước đó"
        printed = briefing.claims.change(change, measured_in=POINTS if one else "%", formula=formula, **about)
    if not in_text:
        return f"{markup.escape('+' if change > 0 else '-')}{printed}"
    return f"{'tăng' if change > 0 else 'giảm'} {printed}{f' {POINTS}' if one else ''}"


def print_place(briefing: Briefing, one: Indicator) -> str:
    """The subject's rank with its base ("34/69"), "–" where it is not ranked."""
    place = briefing.places.get(one.name)
    if place is None:
        return vn.MISSING
    return briefing.claims.rank(
        place.rank, place.out_of, label=f"Thứ hạng theo {one.label[:1].lower()}{one.label[1:]}",
        unit=briefing.subject, period=briefing.period, source=briefing.row(one.name, briefing.group)["source"],
        formula=f"trong nhóm {briefing.group.official_name}, đơn vị bằng nhau thì đồng hạng",
    )  # fmt: skip


def print_gap(briefing: Briefing, gap: Gap, *, in_text: bool = False) -> str:
    """The dossiers that a rate lacks, or those past their due date."""
    if gap.one is None:
        return print_count(briefing, OVERDUE, briefing.subject, in_text=in_text)
    level = "chỉ tiêu" if gap.against_target else f"mức chung của {briefing.group.official_name}"
    rows = [briefing.row(gap.one.name), briefing.row(gap.one.name, briefing.group)]
    return briefing.claims.count(
        gap.dossiers, in_text=in_text, label=f"Hồ sơ còn thiếu để đạt {level}: {gap.one.label}",
        unit=briefing.subject, period=briefing.period,
        source=least_trusted(row["source"] for row in rows if row["source"]),
        formula=f"làm tròn lên ({level} x mẫu số) - tử số",
    )  # fmt: skip


def print_level(briefing: Briefing, gap: Gap) -> str:
    """What the missing dossiers would lift a rate to: the group's rate or the target."""
    if not gap.against_target:
        return words.common_level(print_rate(briefing, gap.one, briefing.group))
    return print_target(briefing, gap.one, briefing.claims)


def print_target(briefing: Briefing, one: Indicator, claims: Claims) -> str:
    """The target in force for the subject."""
    row = briefing.row(one.name)
    return words.decreed(label_target(briefing, one, claims), bool(row["at_most"]))


def label_target(briefing: Briefing, one: Indicator, claims: Claims) -> str:
    """The target's figure, also as the label of a chart."""
    row = briefing.row(one.name)
    return claims.target(
        row["target"], formula=row["target_source"], label=f"Chỉ tiêu: {one.label}", unit=briefing.subject,
        period=briefing.period,
    )  # fmt: skip


def name_group(briefing: Briefing) -> str:
    """The units of the subject's kind inside a sentence."""
    told = words.GROUPS.get(briefing.subject.kind) or f"các {briefing.group.official_name}"
    return briefing.claims.unit(briefing.group, told)


def print_number_of_units(briefing: Briefing, number: int, label: str) -> str:
    """A number of units of the group, in running text."""
    return briefing.claims.count(
        number, in_text=True, label=label, measured_in="đơn vị", unit=briefing.group, period=briefing.period,
        source=source_of(briefing, [briefing.group]),
    )  # fmt: skip


def source_of(briefing: Briefing, units: Iterable[Unit]) -> str:
    """The source that something made of all figures of these units must carry: the least trusted."""
    wanted = {unit.code for unit in units}
    return least_trusted(
        row["source"] for (_, unit), row in briefing.rows.items() if unit in wanted and row["source"]
    )


def source_text(briefing: Briefing, names: Iterable[str], units: Iterable[Unit]) -> str:
    """The source line of a table or chart: the forms its figures come from, and what they are."""
    measures, forms = briefing.setting.measures, {}
    for name in names:
        one = definition(name, briefing.period)
        instead = one and briefing.row(name)["instead"]
        below = (one.denominator_instead if instead else one.denominator) if one else ()
        for measure in (*one.numerator, *below) if one else (name,):
            forms[measures[measure].form] = None
    kind = SOURCE_LABELS[source_of(briefing, units)]
    return Markdown(f"{'; '.join(print_name(briefing, form) for form in forms)} ({markup.escape(kind)}).")


def _percent(one: Indicator, unit: Unit, period: Period, row: Row, claims: Claims) -> str:
    about = _about(one, unit, period, row)
    return claims.percent(int(row["numerator"]), int(row["denominator"]), decimals=one.decimals, **about)


def _about(one: Indicator, unit: Unit, period: Period, row: Row) -> dict:
    return {
        "label": one.label, "unit": unit, "period": period, "source": row["source"], "facts": int(row["facts"]),
        "formula": one.formula,
    }  # fmt: skip
