"""The result: the share of all dossiers beside a year before, and the shares with the other denominators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baocao.definitions import HOME, indicator
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
    if standing.value is not None and not standing.is_compared:
        sentences.append(phrases.no_comparison(letter.then, letter.setting.say(standing.told)))
    return paragraphs(" ".join(sentences))


def describe_shares(letter: Letter) -> Markdown:
    """The shares with the other denominators, comparisons that are not made, and what was not reported."""
    others = [share for share in letter.shares if share != ALL]
    told = (
        [words.other_shares(letter.name(ALL.of), [_tell(letter, share) for share in others])]
        if others
        else []
    )
    return paragraphs(
        " ".join([*told, *_refusals(letter, others), *_undefined(letter)]), *_incomplete(letter)
    )


def _tell(letter: Letter, share: Share) -> str:
    """A share, its change both ways, and whether the subject reaches the target."""
    standing = letter.standing(share, letter.subject)
    what = letter.name(share.what)
    if standing.value is None:
        return words.no_share(what, standing.denominator == 0)
    claims = letter.claims
    said = words.level(what, standing.print_rate(claims), standing.print_fraction(claims))
    if standing.missing:
        said += words.not_whole(_number_missing(letter, standing))
    if standing.is_compared:
        said += f", {_change(letter, share, standing)}"
    if standing.target is not None:
        said += f", {_against_target(letter, standing)}"
    return said


def _change(letter: Letter, share: Share, standing: Standing) -> str:
    claims = letter.claims
    base = words.base(letter.then, standing.print_base_rate(claims), standing.print_base_fraction(claims))
    if standing.change_pp == 0:
        said = phrases.change_both_ways(0, "", "", base)
    else:
        points = standing.print_points(claims)
        growth = "" if standing.change_pct is None else standing.print_growth(claims)
        said = phrases.change_both_ways(standing.change_pp, points, growth, base)
        said = said if growth else words.zero_base(said)
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
    standing = letter.standing(ALL, letter.subject)
    if standing.value is None or not standing.missing:
        return
    count = _number_missing(letter, standing)
    can_name = len(standing.missing) <= MOST_NAMED and set(letter.members).issuperset(standing.missing)
    units = [letter.claims.unit(unit) for unit in standing.missing] if can_name else []
    yield words.incomplete(count, units)


def _number_missing(letter: Letter, standing: Standing) -> str:
    return letter.claims.count(
        len(standing.missing), in_text=True, label="Đơn vị chưa có số liệu", measured_in="đơn vị",
        unit=letter.subject, period=letter.period, source=standing.source,
    )  # fmt: skip


def _progress(letter: Letter) -> str:
    """How many of the indicators that can be compared got better; empty where none can."""
    compared = letter.setting.compare(PROGRESS, [letter.subject], letter.base)
    compared = compared[compared["comparable"] != "no"]
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
        2 * sum(better) > len(better),
    )
