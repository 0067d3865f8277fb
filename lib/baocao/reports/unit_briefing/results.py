"""The text of a unit's briefing: opening, summary, comparisons, what to do first, how it was computed."""

from __future__ import annotations

from collections.abc import Iterator

from baocao import __version__
from baocao.analysis import MINIMUM_DENOMINATOR, Reason, name_base
from baocao.definitions import Indicator, Period, addressee
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import list_exceptions, list_warnings
from baocao.reports.unit_briefing import words
from baocao.reports.unit_briefing.figures import (
    name_group,
    print_change,
    print_count,
    print_fraction,
    print_gap,
    print_level,
    print_name,
    print_number_of_units,
    print_place,
    print_rate,
    print_target,
)
from baocao.reports.unit_briefing.reading import (
    MATTERS,
    OVERDUE,
    PLACES,
    Briefing,
    Gap,
    Row,
    deserves_praise,
    find_gaps,
    has_nothing_to_divide,
    has_value,
    is_known,
    is_small,
)
from baocao.store import units_at_fault
from baocao.writing import Markdown, markup, paragraphs, phrases


# --- opening and summary -----------------------------------------------------------------------------------------
def describe_opening(briefing: Briefing) -> Markdown:
    """The first sentence: whose figures, of which window."""
    claims = briefing.claims
    window, life = claims.period(briefing.period, window=True), briefing.setting.say(_life(briefing))
    return paragraphs(words.opening(window, claims.unit(briefing.subject), life))


def _life(briefing: Briefing) -> Reason:
    """Since or until when the unit existed, where that is a part of the period."""
    subject, period = briefing.subject, briefing.period
    if subject.valid_from and subject.valid_from > period.start:
        return ("đơn vị hoạt động từ ngày ", subject.valid_from)
    if subject.valid_to and subject.valid_to < period.end:
        return ("đơn vị hoạt động đến hết ngày ", subject.valid_to)
    return ()


def describe_summary(briefing: Briefing) -> Markdown:
    """The unit in three sentences: the rates that matter most with their ranks, and the largest gap."""
    if not briefing.has_dossiers:
        return paragraphs(words.NO_DOSSIERS)
    told = [_standing(briefing, one) for one in briefing.told_rates]
    return markup.numbered([*told, _first(briefing)])


def _standing(briefing: Briefing, one: Indicator) -> str:
    what = print_name(briefing, phrases.capitalise(words.INSIDE[one.name]))
    row = briefing.row(one.name)
    if not has_value(row):
        return words.no_rate(what, _no_rate(briefing, one))
    common = print_rate(briefing, one, briefing.group) if briefing.level(one.name) else ""
    place = ""
    if one.name in briefing.places:
        place = words.ranked(print_place(briefing, one), briefing.places[one.name].is_tied)
    late = ""
    pending = briefing.row(OVERDUE)
    if one.name == "on_time_rate" and is_known(pending) and pending["numerator"]:
        late = words.overdue(print_count(briefing, OVERDUE, briefing.subject, in_text=True))
    few = print_fraction(briefing, one) if is_small(row) else ""
    rate = print_rate(briefing, one, briefing.subject)
    return words.standing(what, rate, few, name_group(briefing), common, place, late)


def _no_rate(briefing: Briefing, one: Indicator) -> str:
    return words.NOTHING_TO_DIVIDE if has_nothing_to_divide(briefing.row(one.name)) else words.NOT_REPORTED


def _first(briefing: Briefing) -> str:
    gaps = find_gaps(briefing)
    if not gaps:
        if not deserves_praise(briefing):
            return words.NOT_JUDGED
        return words.nothing_missing(name_group(briefing), overdue_known=True)
    gap = gaps[0]
    dossiers = print_gap(briefing, gap, in_text=True)
    if gap.one is None:
        return words.first_overdue(dossiers)
    return words.first(print_name(briefing, words.INSIDE[gap.one.name]), dossiers, print_level(briefing, gap))


# --- comparisons -------------------------------------------------------------------------------------------------
def describe_changes(briefing: Briefing) -> Markdown:
    """The unit against each base period in words, and why something is not compared; the table holds all changes."""
    said: list[str] = []
    few = False
    refused: dict[tuple, list[str]] = {}
    given: set[tuple] = set()
    for base, rows in zip(briefing.bases, briefing.changes, strict=True):
        told = [rows["received"], *(rows[one.name] for one in briefing.told_rates)]
        if all(row["comparable"] == "no" for row in told):
            refused.setdefault(told[0]["told"], []).append(_name_base(briefing, base))
            continue
        changes = [_change(briefing, row, given) for row in told]
        said.append(phrases.compared(_name_base(briefing, base), changes))
        few = few or any(
            row["comparable"] != "no" and (row["small"] or row["base_small"]) for row in told[1:]
        )
    said += [words.FEW] if few else []
    for reason, names in refused.items():
        said.append(phrases.no_comparison(phrases.join(names), briefing.setting.say(reason)))
    return paragraphs(" ".join(said))


def _change(briefing: Briefing, row: Row, given: set[tuple]) -> str:
    """How a figure has changed, or why it is not compared; a reason that is among those `given` is not told twice."""
    what = print_name(briefing, words.INSIDE[row["indicator"]])
    if row["comparable"] == "no":
        reason = words.SAME_REASON if row["told"] in given else briefing.setting.say(row["told"])
        given.add(row["told"])
        return phrases.uncompared(what, reason)
    return f"{what} {print_change(briefing, row, in_text=True)}"


def _name_base(briefing: Briefing, base: Period) -> str:
    return briefing.setting.say(name_base(briefing.period, base))


# --- what to do first --------------------------------------------------------------------------------------------
def list_tasks(briefing: Briefing) -> Markdown:
    """The largest gaps, in dossiers, with what closes them."""
    gaps = find_gaps(briefing)[:PLACES]
    if not gaps:
        if not briefing.has_dossiers:
            return paragraphs(f"{words.NO_DOSSIERS.removesuffix('.')}, nên không nêu việc cần làm trước./.")
        if not deserves_praise(briefing):
            return paragraphs(f"{words.NOT_JUDGED.removesuffix('.')}./.")
        return paragraphs(words.keep_up(briefing.claims.unit(briefing.subject, addressee(briefing.subject))))
    items = words.list_end([_task(briefing, gap) for gap in gaps])
    return markup.numbered(items)


def _task(briefing: Briefing, gap: Gap) -> str:
    dossiers = print_gap(briefing, gap, in_text=True)
    if gap.one is None:
        return words.task_overdue(dossiers)
    what = print_name(briefing, phrases.capitalise(words.INSIDE[gap.one.name]))
    action = words.ACTIONS[MATTERS[gap.one.name]]
    return words.task(what, dossiers, print_level(briefing, gap), action)


# --- method ------------------------------------------------------------------------------------------------------
def note_method(briefing: Briefing) -> Markdown:
    """Definitions, rules, what is missing or wrong, and provenance, in a few lines of small type."""
    claims = briefing.claims
    text = words.method(
        name_group(briefing), phrases.say_number(MINIMUM_DENOMINATOR), phrases.say_number(PLACES)
    )
    made_of = words.provenance(claims.code(briefing.setting.facts.fingerprint[:16]), claims.code(__version__))
    return markup.division("nguon", " ".join([text, *_reservations(briefing), made_of]))


def _target(briefing: Briefing, one: Indicator) -> str:
    what, law = words.INSIDE[one.name], briefing.row(one.name)["target_source"]
    level = print_target(briefing, one, briefing.claims).removeprefix("chỉ tiêu ")
    return f"{print_name(briefing, what)} {level} ({print_name(briefing, law)})"


def _reservations(briefing: Briefing) -> Iterator[str]:
    """What a reader must know about these figures, as far as there is something."""
    targets = [one for one in briefing.shown_rates if briefing.row(one.name)["target"] is not None]
    yield words.targets([_target(briefing, one) for one in targets]) if targets else words.NO_TARGET
    if briefing.is_short_lived:
        yield words.SHORT_LIFE
    if silent := briefing.silent:
        number = print_number_of_units(briefing, len(silent), "Đơn vị chưa báo cáo đủ")
        groups = [briefing.claims.unit(briefing.province)]
        if any(unit.kind == briefing.subject.kind for unit in silent):
            groups.insert(0, name_group(briefing))
        yield words.incomplete(number, groups)
    for one in briefing.shown_rates:
        if briefing.row(one.name)["instead"]:
            forms = briefing.setting.forms(one.denominator_instead)
            what = print_name(briefing, phrases.capitalise(words.INSIDE[one.name]))
            yield words.other_form(what, print_name(briefing, phrases.join(forms)))
    if wrong := units_at_fault(briefing.setting.facts):
        yield words.left_out(print_number_of_units(briefing, len(wrong), "Đơn vị có số liệu lỗi"))
    unreported = [one for one in briefing.rates if one not in briefing.shown_rates]
    if unreported:
        yield words.not_reported([print_name(briefing, words.INSIDE[one.name]) for one in unreported])
    exceptions = list_exceptions(briefing.setting, [briefing.subject])
    if exceptions:
        more = vn.format_count_in_text(len(exceptions) - 1)
        yield words.accepted(exceptions[0], briefing.claims.code(more) if len(exceptions) > 1 else "")
    for warning in list_warnings(briefing.setting, [briefing.subject])[:1]:
        yield words.warned(warning)  # one line of many: two pages are all there is
