"""The result: the share of all dossiers beside a year before, and the shares with the other denominators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baocao.definitions import HOME, Unit, indicator
from baocao.reports.online_services import words
from baocao.reports.online_services.figures import Standing
from baocao.reports.online_services.reading import ALL, SHARES, TWO_CLASSES_SINCE, Letter, Share
from baocao.writing import Markdown, least_trusted, paragraphs, phrases

PROGRESS = (
    "on_time_rate", "online_share", "dossier_digitisation_rate", "result_digitisation_rate", "online_payment_rate",
)  # fmt: skip
"""The groups of indicators that "nhiều nhóm chỉ tiêu" counts, each by its rate."""

MOST_NAMED = 10
"""Units that did not report are named up to this many."""


def describe_result(letter: Letter) -> Markdown:
    """The opening: source and window, how many indicators got better, the share beside a year before."""
    claims, period = letter.claims, letter.period
    when = letter.when
    if period.kind != "range" and period.convention == "calendar":
        when = f"{when} ({claims.period(period, window=True)})"
    whose = "" if letter.subject.code == HOME else f" của {claims.unit(letter.subject)}"
    standing = letter.standing(ALL, letter.subject)
    sentences = [words.opening(when, whose, _progress(letter), _tell(letter, ALL))]
    if standing.instead:
        forms = letter.setting.forms(standing.measures)
        sentences.append(phrases.other_form(phrases.join([letter.name(form) for form in forms])))
    if standing.value is not None and not standing.is_compared:
        sentences.append(phrases.no_comparison(letter.then, letter.setting.say(standing.told)))
    return paragraphs(" ".join(sentences))


def describe_shares(letter: Letter) -> Markdown:
    """The shares with the other denominators, comparisons that are not made, and what was not reported."""
    others = [share for share in letter.shares if share != ALL]
    first = letter.name(ALL.of) if letter.standing(ALL, letter.subject).value is not None else ""
    told = [words.other_shares(first, [_tell(letter, share) for share in others])] if others else []
    return paragraphs(
        " ".join([*told, *_refusals(letter, others), *_undefined(letter)]), *_incomplete(letter)
    )


def _tell(letter: Letter, share: Share) -> str:
    """A share, its change both ways, and whether the subject reaches the target."""
    standing = letter.standing(share, letter.subject)
    what = letter.name(share.what)
    if standing.value is None:
        return _no_share(letter, share)
    claims = letter.claims
    said = words.level(what, standing.print_rate(claims), standing.print_fraction(claims))
    if standing.missing:
        said += phrases.not_whole(_number_missing(letter, standing.missing, standing.source))
    if standing.is_compared:
        said += f", {_change(letter, share, standing)}"
    if standing.met is not None:
        said += f", {_against_target(letter, standing)}"
    return said


def _no_share(letter: Letter, share: Share) -> str:
    """In place of a share: what there is not, and the dossiers filed online where only these are known."""
    standing, known = letter.standing(share, letter.subject), ""
    if standing.denominator is None and standing.numerator is not None:
        known = (
            f"{standing.print_numerator(letter.claims)} {letter.name(standing.definition.numerator_label)}"
        )
        if standing.missing:
            known += phrases.not_whole(_number_missing(letter, standing.missing, standing.source))
    return phrases.no_rate(letter.name(share.what), standing.denominator == 0, known)


def _change(letter: Letter, share: Share, standing: Standing) -> str:
    claims = letter.claims
    base = words.base(letter.then, standing.print_base_rate(claims), standing.print_base_fraction(claims))
    if standing.change_pp == 0:
        said = phrases.change_both_ways(0, "", "", base)
    else:
        points = standing.print_points(claims)
        growth = standing.print_growth(claims) if standing.has_growth else ""
        said = phrases.change_both_ways(standing.change_pp, points, growth, base)
        if not growth:
            said = words.few_before(said) if standing.base_numerator else words.zero_base(said)
    told_before = share != ALL and letter.standing(ALL, letter.subject).told == standing.told
    bridge = words.same_bridge() if told_before and standing.told else letter.setting.say(standing.told)
    return phrases.bridged(said, bridge) if bridge else said


def _against_target(letter: Letter, standing: Standing) -> str:
    claims = letter.claims
    target, law = standing.print_target(claims), letter.name(standing.target_source)
    if standing.met:
        return phrases.against_target(target, law, None)
    points, dossiers = standing.print_gap(claims, standing.target, "chỉ tiêu - tỷ lệ đạt được")
    return phrases.against_target(target, law, points, dossiers=dossiers)


def _refusals(letter: Letter, shares: Sequence[Share]) -> Iterator[str]:
    """A sentence for each reason why some of the shares are not compared."""
    reasons: dict[tuple, list[Share]] = {}
    for share in shares:
        standing = letter.standing(share, letter.subject)
        if standing.value is not None and not standing.is_compared:
            reasons.setdefault(standing.told, []).append(share)
    for told, found in reasons.items():
        whats = [letter.name(share.what) for share in found] if found != list(shares) else []
        yield words.refused(whats, letter.then, letter.setting.say(told), len(found))


def _undefined(letter: Letter) -> Iterator[str]:
    """That the classes of today were not there yet."""
    missing = [share for share in SHARES if share not in letter.shares]
    whats = [letter.name(share.what) for share in missing if indicator(share.indicator).valid_from]
    if whats:
        yield words.not_defined(
            whats, letter.claims.date(TWO_CLASSES_SINCE), letter.claims.law("42/2022/NĐ-CP")
        )


def _incomplete(letter: Letter) -> Iterator[str]:
    """Who did not report, for the sums told."""
    told = [letter.standing(share, letter.subject) for share in letter.shares]
    told = [standing for standing in told if standing.value is not None]
    missing = tuple(dict.fromkeys(unit for standing in told for unit in standing.missing))
    if not missing:
        return
    count = _number_missing(letter, missing, least_trusted(standing.source for standing in told))
    can_name = len(missing) <= MOST_NAMED and set(letter.members).issuperset(missing)
    yield words.incomplete(count, [letter.claims.unit(unit) for unit in missing] if can_name else [])


def _number_missing(letter: Letter, missing: Sequence[Unit], source: str) -> str:
    return letter.claims.count(
        len(missing), in_text=True, label="Đơn vị chưa có đủ số liệu", measured_in="đơn vị",
        unit=letter.subject, period=letter.period, source=source,
    )  # fmt: skip


def _progress(letter: Letter) -> str:
    """How many of the indicators that can be compared, of enough dossiers, got better; empty where none can."""
    compared = letter.setting.compare(PROGRESS, [letter.subject], letter.base)
    compared = compared[(compared["comparable"] != "no") & ~compared["small"] & ~compared["base_small"]]
    if compared.empty:
        return ""
    better = [
        (change > 0) == indicator(name).higher_is_better and change != 0
        for name, change in zip(compared["indicator"], compared["change_pp"], strict=True)
    ]
    about = {
        "measured_in": "chỉ tiêu", "unit": letter.subject, "period": letter.period,
        "source": least_trusted([*compared["source"], *compared["base_source"]]),
        "formula": "; ".join(indicator(name).label for name in compared["indicator"]),
    }  # fmt: skip
    return words.progress(
        letter.claims.count(
            sum(better), in_text=True, label="Chỉ tiêu có tiến triển so với cùng kỳ", **about
        ),
        letter.claims.count(len(better), in_text=True, label="Chỉ tiêu so sánh được với cùng kỳ", **about),
        sum(better) > 1 and 2 * sum(better) > len(better),
    )
