"""The judgement: units with every dossier filed online, units behind, with what each is missing.

Nobody is praised or blamed but by a list computed here by a rule that the annex prints, ties included.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

import pandas as pd

from baocao.analysis import MINIMUM_DENOMINATOR, is_alive_throughout, printed_rate, rank_values
from baocao.definitions import Unit
from baocao.reports.online_services import words
from baocao.reports.online_services.figures import Standing, add_standings
from baocao.reports.online_services.reading import ELIGIBLE, FULL, Letter, Share
from baocao.writing import Markdown, least_trusted, paragraphs, phrases

PLACES = 3
"""How many units are named at each end of a group; all tied with the last one are named too."""
LONGEST = 10
"""A list longer than this is counted, not named."""

MINIMUM = phrases.say_number(MINIMUM_DENOMINATOR)

COMMON, TARGET = "mức chung của khối - tỷ lệ đạt được", "chỉ tiêu - tỷ lệ đạt được"


# --- praise ------------------------------------------------------------------------------------------------------
def describe_praise(letter: Letter) -> Markdown:
    """Units at the full share of TTHC with online service, of toàn trình; else those with the highest share.

    They are told as they are; praised is nobody who has said that dossiers are pending overdue.
    """
    if not (letter.members or letter.is_single):
        return paragraphs(words.no_units())
    lists, praised, best = [], set(), []
    for share in _praised_shares(letter):
        full = [one for one in _judged(letter, share) if one.is_full and one.unit not in praised]
        if full:
            lists.append(_list_full(letter, share, full, others=bool(lists)))
            praised |= {one.unit for one in full}
    told = [f"{phrases.capitalise('; '.join(lists))}." if lists else "", _tell_met(letter)]
    if not lists and not letter.is_single:
        whats = [_of(letter, share) for share in _praised_shares(letter) if _judged(letter, share)]
        told_best, best = _highest(letter)
        parts = [words.nobody_full(whats, MINIMUM) if whats else "", told_best]
        parts = [part for part in parts if part]
        told[0] = f"{phrases.capitalise('; '.join(parts))}." if parts else ""
    met = [one.unit for one in _judged(letter, letter.judged) if one.met] if told[1] else []
    named = praised | {*best} | {*met}
    late = {unit for unit in named if unit.code in letter.overdue}
    if named - late:
        is_one = letter.is_single or (len(praised) == 1 and not told[1])
        told.append(words.praise(bool(told[1]), is_one, not_all=bool(late)))
    return paragraphs(" ".join(text for text in told if text))


def _praised_shares(letter: Letter) -> list[Share]:
    """The shares at whose full value a unit is praised: of TTHC that may be filed online, where they are told apart."""
    return [share for share in (ELIGIBLE, FULL) if share in letter.shares] or [letter.shares[-1]]


def _of(letter: Letter, share: Share) -> str:
    """The procedures that a share is about, in the words of công văn 2023."""
    told = {ELIGIBLE: "các DVC trực tuyến cho phép nộp hồ sơ trực tuyến", FULL: "DVC trực tuyến toàn trình"}
    return told.get(share) or letter.name(share.of)


def _list_full(letter: Letter, share: Share, full: Sequence[Standing], *, others: bool) -> str:
    rate = add_standings(full, letter.subject, "các đơn vị đạt tỷ lệ trọn vẹn").print_rate(letter.claims)
    units = [
        words.full_unit(letter.claims.unit(one.unit), one.print_fraction(letter.claims))
        for one in (full if len(full) <= LONGEST else [])
    ]
    count = _count(letter, full, "Đơn vị đạt tỷ lệ trọn vẹn")
    return words.all_online(count, rate, _of(letter, share), units, is_one=len(full) == 1, others=others)


def _highest(letter: Letter) -> tuple[str, list[Unit]]:
    """The units with the highest judged share of each group, above its common level, told and as units."""
    told, named = [], []
    for group, units in groups(letter):
        ranked = rank([letter.standing(letter.judged, unit) for unit in units])
        if len(ranked) > 1:
            common = letter.standing(letter.judged, group)
            if not common.is_level:
                continue
            best = [one for place, one in ranked if place <= PLACES and one.value > common.value]
            if best:
                told.append(words.in_group(_group_name(letter, group), _name(letter, best, _with_rate)))
                named += [one.unit for one in best]
    return words.highest(letter.name(letter.judged.what), told) if told else "", named


def _with_rate(letter: Letter, one: Standing) -> str:
    unit = letter.claims.unit(one.unit)
    return f"{unit} ({one.print_rate(letter.claims)}, {one.print_fraction(letter.claims)} hồ sơ)"


def _tell_met(letter: Letter) -> str:
    """How many units reach their target; empty where none does, and for a single unit, which was told before."""
    held = [one for one in _judged(letter, letter.judged) if one.met is not None]
    met = [one for one in held if one.met]
    if not met or letter.is_single:
        return ""
    count = _count(letter, met, "Đơn vị đạt chỉ tiêu")
    return words.met_target(count, _count(letter, held, "Đơn vị được xét"), _targets(letter, held))


# --- weaknesses --------------------------------------------------------------------------------------------------
def describe_weaknesses(letter: Letter) -> Markdown:
    """ "Tuy vậy": units that miss the target, or lie below the common level where there is none, the weakest first."""
    share = letter.judged
    has_target = any(one.target is not None for one in _standings(letter, share))
    what, reason = letter.name(share.what), letter.name(letter.standing(share, letter.subject).no_target)
    if not letter.members:
        return paragraphs("" if has_target else f"{words.no_target(what, reason)}.")
    held, behind, told, without_level = [], [], [], []
    for group, units in groups(letter):
        standings = [letter.standing(share, unit) for unit in units]
        common = None if has_target else letter.standing(share, group)
        known = [one for one in standings if one.is_judged]
        if known and common is not None and not common.is_level:
            without_level.append(group)
            continue
        weak = [one for one in known if _is_behind(one, common)]
        held, behind = held + known, behind + weak
        if weak:
            told.append(_tell_group(letter, group, known, weak, common))
    if not held:
        return paragraphs(words.no_level(what) if without_level else words.nobody_judged(what, MINIMUM))
    missing = "" if has_target else words.no_target("tỷ lệ này", reason)
    named = [letter.claims.unit(group) for group in without_level]
    left_out = words.no_level("tỷ lệ này", named) if named else ""
    if not behind:
        said = words.nobody_below(what) + (f" {missing}." if missing else "")
        return paragraphs(f"{said} {left_out}".strip())
    count, out_of = _count(letter, behind, "Đơn vị còn thấp"), _count(letter, held, "Đơn vị được xét")
    lead = (
        words.below_target(count, out_of, _targets(letter, held), what)
        if has_target
        else words.below_common(count, out_of, what, words.common_level(bool(letter.levels)), missing)
    )
    if not letter.levels:
        return paragraphs(lead + told[0])
    listed = Markdown("\n".join(f"- {one}" for one in told) + "\n")
    return Markdown(
        f"{paragraphs(lead)}\n{listed}\n{paragraphs(left_out)}"
        if left_out
        else f"{paragraphs(lead)}\n{listed}"
    )


def _is_behind(one: Standing, common: Standing | None) -> bool:
    return one.met is False if common is None else printed(one) < printed(common)


def _tell_group(
    letter: Letter, group: Unit, held: Sequence[Standing], weak: Sequence[Standing], common: Standing | None
) -> str:
    lowest = [one for place, one in rank(weak, highest_first=False) if place <= PLACES]

    def tell(letter: Letter, one: Standing) -> str:
        wanted, formula = (one.target, TARGET) if common is None else (common.value, COMMON)
        return words.weak_unit(
            letter.claims.unit(one.unit), one.print_rate(letter.claims), one.print_fraction(letter.claims),
            *one.print_gap(letter.claims, Fraction(wanted), formula),
        )  # fmt: skip

    level = "" if common is None else common.print_rate(letter.claims)
    if not letter.levels:
        return words.weak_list(level, _name(letter, lowest, tell))
    return words.weak_group(
        letter.claims.unit(group, group.full_name), level, _count(letter, weak, "Đơn vị còn thấp"),
        _count(letter, held, "Đơn vị được xét"), _name(letter, lowest, tell),
    )  # fmt: skip


# --- groups and ranks --------------------------------------------------------------------------------------------
def groups(letter: Letter) -> list[tuple[Unit, list[Unit]]]:
    """The members of each level: departments and communes handle other procedures; else all members together.

    Those that lived through a part of the period only are not judged.
    """
    whole = [unit for unit in letter.members if is_alive_throughout(unit, letter.period)]
    if not letter.levels:
        return [(letter.subject, whole)] if whole else []
    grouped = [(level, [unit for unit in whole if unit.level == level.level]) for level in letter.levels]
    return [(level, units) for level, units in grouped if units]


def printed(one: Standing) -> float:
    """The share as a reader sees it: what is printed alike is tied."""
    return printed_rate(one.numerator, one.denominator, one.definition.decimals)


def rank(standings: Sequence[Standing], *, highest_first: bool = True) -> list[tuple[int, Standing]]:
    """The units of enough dossiers with their places, first ones first; ties share a place and keep their order."""
    eligible = [one for one in standings if one.is_judged]
    places = rank_values(pd.Series([printed(one) for one in eligible]), highest_first=highest_first)
    return sorted(zip(places.tolist(), eligible, strict=True), key=lambda pair: pair[0])


def _name(letter: Letter, chosen: Sequence[Standing], tell: Callable[[Letter, Standing], str]) -> list[str]:
    """The chosen units told one by one; a last tie that makes the list too long is counted instead."""
    last = [one for one in chosen if printed(one) == printed(chosen[-1])] if len(chosen) > LONGEST else []
    said = [tell(letter, one) for one in chosen if one not in last]
    if last:
        rate = add_standings(last, letter.subject, "các đơn vị bằng nhau").print_rate(letter.claims)
        said.append(words.tied(_count(letter, last, "Đơn vị bằng tỷ lệ"), rate))
    return said


def _standings(letter: Letter, share: Share) -> list[Standing]:
    return [letter.standing(share, unit) for unit in letter.members or [letter.subject]]


def _judged(letter: Letter, share: Share) -> list[Standing]:
    """The shares that somebody may be praised for: of enough dossiers, of units that lived through the period."""
    alive = [one for one in _standings(letter, share) if is_alive_throughout(one.unit, letter.period)]
    return [one for one in alive if one.is_judged]


def _group_name(letter: Letter, group: Unit) -> str:
    return letter.claims.unit(group) if letter.levels else ""


def _targets(letter: Letter, held: Sequence[Standing]) -> list[str]:
    """The targets of these units, each once."""
    different = {(one.target, one.target_source): one for one in reversed(held)}
    return [
        words.target(one.print_target(letter.claims), letter.name(one.target_source))
        for one in list(different.values())[::-1]
    ]


def _count(letter: Letter, found: Sequence[Standing], what: str) -> str:
    """How many units there are, in running text."""
    return letter.claims.count(
        len(found), in_text=True, label=f"{what}: {found[0].definition.label}", measured_in="đơn vị",
        unit=letter.subject, period=letter.period, source=least_trusted(one.source for one in found),
    )  # fmt: skip
