"""The letter's figures as claims: counts, shares, dossiers missing, points of the PAR INDEX."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.analysis import comparison
from baocao.definitions import IndexValue, Period, Unit, indicator
from baocao.definitions import vietnamese as vn
from baocao.reports.directive_08.reading import FIELD, ONLINE, Report
from baocao.writing import NOT_WHOLE, SOURCE_LABELS, Claims, least_trusted, markup, phrases

SMALL = "*"
"""The mark of a share of few dossiers."""


# --- dossiers ----------------------------------------------------------------------------------------------------
def print_count(report: Report, name: str, unit: Unit, *, in_text: bool = False) -> str:
    """The numerator of a share, or a measure; a dash where it was not reported, marked where a sum is not whole."""
    row, value = report.row(name, unit), report.numerator(name, unit)
    if value is None:
        return vn.MISSING
    measures = report.setting.measures
    label = measures[name].label if name in measures else phrases.capitalise(indicator(name).numerator_label)
    count = report.claims.count(value, in_text=in_text, label=label, **_about(report, unit, row))
    return count if in_text else count + _not_whole(row)


def print_base(report: Report, unit: Unit, *, in_text: bool = False) -> str:
    """All dossiers that arose, the denominator of every share; as `print_count`."""
    row, value = report.row(ONLINE, unit), report.base(unit)
    if value is None:
        return vn.MISSING
    label = phrases.capitalise(indicator(ONLINE).denominator_label)
    count = report.claims.count(value, in_text=in_text, label=label, **_about(report, unit, row))
    return count if in_text else count + _not_whole(row)


def print_share(report: Report, name: str, unit: Unit, claims: Claims | None = None) -> str:
    """A share in %; a dash where it has no value."""
    row, definition = report.row(name, unit), indicator(name)
    if not report.has_value(name, unit):
        return vn.MISSING
    return (claims or report.claims).percent(
        int(row["numerator"]), int(row["denominator"]), decimals=definition.decimals, label=definition.label,
        formula=definition.formula, **_about(report, unit, row),
    )  # fmt: skip


def print_cell(report: Report, name: str, unit: Unit) -> str:
    """A share in a table, marked where it is one of few dossiers or of a sum that is not whole."""
    share, row = print_share(report, name, unit), report.row(name, unit)
    if not report.has_value(name, unit):
        return share
    return f"{share}{markup.escape(SMALL) if row['small'] else ''}{_not_whole(row)}"


def _not_whole(row: dict) -> str:
    return markup.escape(NOT_WHOLE) if row["missing"] else ""


def print_missing(report: Report, name: str, unit: Unit, *, in_text: bool = False) -> str:
    """Dossiers still missing to reach the standard; "đạt" where it is met, a dash where that is not known (so of a sum
    that lacks units)."""
    missing, row = report.missing(name, unit), report.row(name, unit)
    if missing is None:
        return vn.MISSING
    if not missing:
        return "đạt"
    goal = f"{vn.format_number(report.standards[name].target.target)}%"
    total, done = int(row["denominator"]), int(row["numerator"])
    return report.claims.count(
        missing,
        in_text=in_text,
        label=f"Còn thiếu để đạt {goal}: {indicator(name).numerator_label}",
        formula=f"{vn.format_number(done + missing)} ({goal} của {vn.format_number(total)}, làm tròn lên) - "
        f"{vn.format_number(done)}",
        **_about(report, unit, row),
    )


def print_missing_points(report: Report, name: str, unit: Unit) -> str:
    """How far a share is below the standard, in percentage points."""
    target = vn.format_number(report.standards[name].target.target)
    return report.claims.change(
        report.missing_points(name, unit), measured_in="điểm phần trăm", formula=f"{target}% - tỷ lệ đạt được",
        label=f"Còn thiếu so với chỉ tiêu: {indicator(name).label}", **_about(report, unit, report.row(name, unit)),
    )  # fmt: skip


def print_target(report: Report, name: str, claims: Claims | None = None) -> str:
    """The standard of a share ("20%")."""
    target = report.standards[name].target
    return (claims or report.claims).target(
        target.target, label=f"Chỉ tiêu: {indicator(name).label}", formula=target.legal_source,
        unit=report.province, period=report.period,
    )  # fmt: skip


def print_change(report: Report, row: dict, base: Period) -> str:
    """The size of a share's change of the province, in percentage points."""
    definition = indicator(row["indicator"])
    source = least_trusted([row["source"], row["base_source"]])
    return report.claims.change(
        row["change_pp"], measured_in="điểm phần trăm", formula="tỷ lệ kỳ này - tỷ lệ kỳ trước đó",
        label=f"{definition.label}: thay đổi so với {base.name}", unit=report.province, period=report.period,
        source=source,
    )  # fmt: skip


def print_units(report: Report, units: Sequence[Unit], what: str) -> str:
    """How many units there are, in running text."""
    sources = [report.row(ONLINE, unit)["source"] for unit in report.judged_units(ONLINE)]
    return report.claims.count(
        len(units), in_text=True, label=what, measured_in="đơn vị", unit=report.province, period=report.period,
        source=least_trusted(sources), facts=len(sources),
    )  # fmt: skip


def _about(report: Report, unit: Unit, row: dict) -> dict:
    return {"unit": unit, "period": report.period, "source": row["source"], "facts": int(row["facts"])}


# --- points ------------------------------------------------------------------------------------------------------
def print_points(report: Report, value: IndexValue) -> str:
    """The points that were published, with their three decimals."""
    return report.claims.score(
        value.value, decimals=3, **_about_points(report, value, "Điểm đạt", "published")
    )


def print_maximum(report: Report, value: IndexValue) -> str:
    """The most points of the field."""
    most = report.field.component(FIELD).maximum
    return report.claims.score(most, trim=True, **_about_points(report, value, "Điểm tối đa", "reference"))


def print_lost(report: Report, value: IndexValue) -> str:
    """The points lost, computed."""
    most = report.field.component(FIELD).maximum
    formula = f"{vn.format_number(most, 1)} - {vn.format_number(value.value, 3)}"
    about = _about_points(report, value, "Điểm bị trừ", "published")
    return report.claims.score(most - value.value, decimals=3, **(about | {"formula": formula}))


def _about_points(report: Report, value: IndexValue, what: str, source: str) -> dict:
    index = report.field
    return {
        "label": f"{what}: {index.component(value.component).label}, {index.label} ({value.source})",
        "unit": report.province,
        "period": Period.parse(str(value.year)),
        "source": source,
    }


# --- words -------------------------------------------------------------------------------------------------------
def quote(report: Report, text: str) -> str:
    """Words of the reference tables, as a declared constant where they hold a digit."""
    return report.claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)


def describe_source(report: Report, units: Sequence[Unit]) -> str:
    """Where the figures of a table or chart come from, and what its marks mean."""
    sources = [report.row(ONLINE, unit)["source"] for unit in units]
    known = [source for source in sources if source]
    form = report.setting.measures[indicator(ONLINE).denominator[0]].form
    return f"{quote(report, form)}; {SOURCE_LABELS[least_trusted(known)]}."


def small_note() -> str:
    """What the mark of a small denominator means."""
    return phrases.small_base(markup.escape(SMALL), phrases.say_number(comparison.MINIMUM_DENOMINATOR))
