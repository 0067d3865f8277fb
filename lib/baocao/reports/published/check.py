"""Published figures held to the laws of arithmetic and to each other: what agrees, what not, what cannot be told.

`figures.Figure` says what ought to hold; here it is computed from the printed numerals alone, without any fact
of ours. `baocao reconcile` ends with exit code 1 as long as one published figure is at fault (`FAULTS`), and so it does
for the memos in the repository: their errors are known, are printed, and stay errors.

What is found is a sentence in pieces (words, printed figures, numbers of ours), so that the command line prints it as
text and a document with a claim or a quotation for every numeral.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from baocao.definitions import Register, Unit, load_index, load_register
from baocao.definitions import vietnamese as vn
from baocao.reports.published.figures import Figure, load_figures

AGREES = "khớp"
WRONG = "không khớp"
UNEQUAL = "số in không thống nhất"
SCOPES = "phạm vi khác nhau"
MIXED = "dấu thập phân lẫn lộn"
UNGROUPED = "thiếu dấu chấm ngăn nghìn"
UNKNOWN = "chưa đủ căn cứ để kiểm tra"

FAULTS = (WRONG, UNEQUAL, SCOPES, MIXED, UNGROUPED)
"""Verdicts that say that a memo is to be mended, the gravest first."""

VERDICTS = (*FAULTS, AGREES, UNKNOWN)

RULES = {
    "sum": "Tổng phải bằng các số hạng cộng lại",
    "difference": "Hiệu phải bằng số bị trừ trừ đi số trừ",
    "rate": "Tỷ lệ phải bằng kết quả chia hai số đã in, làm tròn đến số lẻ đã in",
    "units": "Số đơn vị phải bằng số đơn vị cùng loại trong danh mục vào ngày chốt số liệu",
    "weeks": "Số tuần phải bằng số tuần tròn trong kỳ",
    "same": "Một đại lượng trong cùng kỳ, cùng phạm vi phải là một số",
    "named": "Cùng một tên gọi phải là cùng một số, trừ khi nêu rõ phạm vi khác nhau",
    "within": "Một phần không vượt toàn thể chứa nó",
    "bound": "Điểm, thứ hạng, tỷ lệ không ra ngoài giới hạn có thể có",
    "notation": "Dấu phẩy trước phần thập phân, dấu chấm ngăn nhóm nghìn, thống nhất trong một văn bản",
    "reading": "Số in phải đọc được",
    "coverage": "Phải có số thành phần thì mới tính lại được",
}

_EXACT = ("sum", "difference", "rate", "units", "weeks", "same", "named")
"""Laws that fix a figure's value, so that any other numeral would be found; the others only bound it."""

_MARKS = {"sum": " + ", "difference": " - ", "rate": "/"}

COLUMNS = [
    "id", "memo", "quote", "printed", "recomputed", "difference", "verdict", "rule", "message", "figures",
]  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """A number of ours, worked out from printed ones or from facts; with `numerator` and `denominator` for a rate.

    From facts: of which unit, from facts of which source, how many and how.
    """

    value: Fraction
    measured_in: str
    decimals: int = 0
    numerator: int | None = None
    denominator: int | None = None
    unit: Unit | None = None
    source: str = "published"
    facts: int = 0
    formula: str = ""

    @property
    def text(self) -> str:
        """As reports write it."""
        if self.numerator is not None:
            return vn.format_percent(self.numerator, self.denominator, self.decimals)
        return vn.format_number(self.value, self.decimals) + ("%" if self.measured_in == "%" else "")


def compute_rate(numerator: int, denominator: int, decimals: int) -> Computed:
    """A share in %, rounded as it would be printed with so many decimals.

    >>> compute_rate(28_525, 29_105, 2).text
    '98,01%'
    """
    shown = vn.format_percent(numerator, denominator, decimals).removesuffix("%")
    return Computed(Fraction(vn.parse_number(shown)), "%", decimals, numerator, denominator)


def subtract(figure: Figure, computed: Computed) -> Computed:
    """Printed minus recomputed; between two rates in điểm phần trăm."""
    decimals = max(figure.reading.decimals, computed.decimals)
    measured_in = "điểm phần trăm" if figure.measured_in == "%" else figure.measured_in
    return Computed(figure.reading.value - computed.value, measured_in, decimals)


def how_far(difference: Computed) -> tuple[Piece, ...]:
    """How far the printed figure lies from the other: "cao hơn 0,06 điểm phần trăm"."""
    size = replace(difference, value=abs(difference.value))
    return ("cao hơn " if difference.value > 0 else "thấp hơn ", size, f" {difference.measured_in}")


Piece = str | Figure | Computed
"""A piece of a sentence: words without digits, a figure as the memo prints it, or a number of ours."""


@dataclass(frozen=True)
class Finding:
    """One law applied to one figure: its verdict and, as it goes on behind the printed numeral, the sentence that says so.

    against     the other figures that it was held to
    recomputed  what it should be by them
    better      how it should be written
    """

    figure: Figure
    rule: str
    verdict: str
    reason: tuple[Piece, ...]
    against: tuple[Figure, ...] = ()
    recomputed: Computed | None = None
    better: Computed | None = None

    @property
    def printed(self) -> tuple[Piece, ...]:
        """The numeral, with how it should be written where that is another way."""
        return (self.figure, " (phải viết ", self.better, ")") if self.better else (self.figure,)

    @property
    def difference(self) -> Computed | None:
        """Printed minus recomputed."""
        return subtract(self.figure, self.recomputed) if self.recomputed else None

    @property
    def message(self) -> str:
        """The sentence as plain text."""
        pieces = ("In ", *self.printed, *self.reason)
        return "".join(
            piece if isinstance(piece, str) else piece.printed if isinstance(piece, Figure) else piece.text
            for piece in pieces
        )


class Sum(NamedTuple):
    """Printed figures added up: how, and what they come to; None where one of them cannot be read."""

    figures: tuple[Figure, ...]
    written: tuple[Piece, ...]
    total: Computed | None

    @property
    def said(self) -> tuple[Piece, ...]:
        """The numeral, or several with what they come to."""
        return (*self.written, " = ", self.total) if len(self.figures) > 1 else self.written


def _sums(groups: Sequence[Sequence[str]], by_id: Mapping[str, Figure]) -> list[Sum]:
    sums = []
    for group in groups:
        figures = tuple(by_id[one] for one in group)
        written = tuple(piece for one in figures for piece in (" + ", one))[1:]
        readings, total = [one.reading for one in figures], None
        if all(one.value is not None for one in readings):
            value, decimals = sum(one.value for one in readings), max(one.decimals for one in readings)
            total = Computed(Fraction(value), figures[0].measured_in, decimals)
        sums.append(Sum(figures, written, total))
    return sums


class Known(NamedTuple):
    """What the reference data know beside the memos: how many units of a kind there were, and maximum scores."""

    units: Mapping[tuple[str, date], int]
    maxima: Mapping[tuple[str, date], Fraction]


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
            findings.append(Finding(figure, "reading", WRONG, (", không đọc được thành số.",)))
            continue
        findings += _check_parts(figure, by_id, known)
        findings += _check_equal(figure, "same", figure.same_as, by_id)
        findings += _check_equal(figure, "named", figure.named_as, by_id)
        findings += _check_within(figure, by_id, known)
        findings += _check_notation(figure, [one for one in figures if one.seed == figure.seed])
    findings += _find_unsettled(figures, findings)
    place = {figure.id: at for at, figure in enumerate(figures)}
    return sorted(findings, key=lambda finding: place[finding.figure.id])


def conclude(figures: Sequence[Figure], findings: Sequence[Finding]) -> dict[str, str]:
    """One verdict for each figure, by id: the gravest of its own findings; what is not known outweighs a bound."""
    order = (*FAULTS, UNKNOWN, AGREES)
    verdicts: dict[str, set[str]] = {figure.id: {AGREES} for figure in figures}
    for finding in findings:
        verdicts[finding.figure.id].add(finding.verdict)
    return {one: min(found, key=order.index) for one, found in verdicts.items()}


# --- the laws: each yields what it finds about one figure that can be read --------------------------------------
def _check_parts(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against what it is made of."""
    if figure.parts is None:
        return
    rule, against = figure.parts.rule, ()
    if rule == "units":
        (kind,) = figure.parts.terms[0]
        computed = Computed(Fraction(known.units[kind, figure.as_of]), figure.measured_in)
        words: tuple[Piece, ...] = ("danh mục đơn vị vào ngày chốt số liệu có ", computed)
    elif rule == "weeks":
        days = Computed(Fraction(figure.period.days), "ngày")
        computed = Computed(Fraction(figure.period.days // 7), figure.measured_in)
        words = ("kỳ có ", days, " ngày, tức số tuần tròn là ", computed)
    else:
        terms = _sums(figure.parts.terms, by_id)
        against = tuple(one for term in terms for one in term.figures)
        computed = _combine(rule, figure, terms)
        if computed is None:
            reason = ("; có số hạng không đọc được hoặc phải chia cho không.",)
            yield Finding(figure, rule, UNKNOWN, reason, against)
            return
        is_sum = rule == "sum"
        apart = [
            one.written if is_sum or len(one.figures) == 1 else ("(", *one.written, ")") for one in terms
        ]
        words = (*[piece for one in apart for piece in (_MARKS[rule], *one)][1:], " = ", computed)
    difference = subtract(figure, computed)
    if difference.value:
        reason = (", nhưng ", *words, "; số đã in ", *how_far(difference), ".")
        yield Finding(figure, rule, WRONG, reason, against, computed)
    else:
        is_loose = figure.qualifier in ("trên", "hơn") and rule in ("sum", "difference")
        more = f"; chữ “{figure.qualifier}” là thừa." if is_loose else "."
        reason = (", đúng bằng kết quả tính lại: ", *words, more)
        yield Finding(figure, rule, AGREES, reason, against, computed)


def _combine(rule: str, figure: Figure, terms: Sequence[Sum]) -> Computed | None:
    """What a formula makes of its terms; None where one cannot be read, or for a share of nothing."""
    values = [one.total and one.total.value for one in terms]
    if None in values or (rule == "rate" and not values[1]):
        return None
    if rule == "rate":
        return compute_rate(int(values[0]), int(values[1]), figure.reading.decimals)
    value = sum(values, Fraction(0)) if rule == "sum" else values[0] - values[1]
    decimals = max(figure.reading.decimals, *(one.total.decimals for one in terms))
    return Computed(value, figure.measured_in, decimals)


def _check_equal(
    figure: Figure, rule: str, groups: Sequence[Sequence[str]], by_id: Mapping[str, Figure]
) -> Iterator[Finding]:
    """The figure against other places that print the same quantity, or something by the same name."""
    terms = _sums(groups, by_id)
    against = tuple(one for term in terms for one in term.figures)
    unequal = [one for one in terms if one.total and one.total.value != figure.reading.value]
    if not terms:
        return
    if any(one.total is None for one in terms):
        yield Finding(figure, rule, UNKNOWN, ("; có số cùng đại lượng không đọc được.",), against)
        return
    if not unequal:
        yield Finding(figure, rule, AGREES, (", đúng như nơi khác trong văn bản.",), against, terms[0].total)
        return
    what = "cùng đại lượng này" if rule == "same" else "dưới cùng tên gọi"
    differs = SCOPES if rule == "named" else UNEQUAL if figure.measured_in == "hồ sơ" else WRONG
    others = [piece for one in unequal for piece in (" và ", *one.said)][1:]
    first = unequal[0].total
    lead = f", nhưng {what}, nơi khác trong văn bản in "
    reason = (lead, *others, "; số ở đây ", *how_far(subtract(figure, first)), ".")
    yield Finding(figure, rule, differs, reason, against, first)


def _check_within(figure: Figure, by_id: Mapping[str, Figure], known: Known) -> Iterator[Finding]:
    """The figure against the whole that it is a part of, and whatever else it must not exceed."""
    is_count = figure.measured_in == "hồ sơ"
    rule = "within" if is_count else "bound"
    limits = _sums(figure.within, by_id)
    maximum = known.maxima.get((figure.quantity, figure.as_of))
    if maximum is not None and figure.measured_in == "điểm":
        most = Computed(maximum, "điểm", 0 if maximum.denominator == 1 else 1)
        limits.append(Sum((), ("điểm tối đa ", most), most))
    least = 1 if figure.measured_in == "hạng" else 0
    for one in limits:
        if one.total is None:
            yield Finding(figure, rule, UNKNOWN, ("; không đọc được giới hạn của số này.",), one.figures)
        elif least <= figure.reading.value <= one.total.value:
            yield Finding(figure, rule, AGREES, (", không vượt ", *one.said, "."), one.figures)
        elif is_count:
            reason = (", vượt toàn thể chứa nó là ", *one.said, "; hai số không cùng phạm vi.")
            yield Finding(figure, rule, SCOPES, reason, one.figures, one.total)
        else:
            reason = (", ra ngoài giới hạn ", *one.said, ".")
            yield Finding(figure, rule, WRONG, reason, one.figures, one.total)


def _check_notation(figure: Figure, others: Sequence[Figure]) -> Iterator[Finding]:
    """How the numeral is written, beside the `others` of its memo."""
    reading = figure.reading
    better = Computed(reading.value, figure.measured_in, reading.decimals)
    beside: tuple[Figure, ...] = ()
    if reading.has_decimal_dot:
        reason: tuple[Piece, ...] = (", dùng dấu chấm trước phần thập phân.",)
        beside = tuple(one for one in others if one.reading.decimals and not one.reading.has_decimal_dot)[:1]
        if beside:
            lead = ", dùng dấu chấm trước phần thập phân trong khi cùng văn bản in "
            reason = (lead, *beside, " với dấu phẩy.")
        yield Finding(figure, "notation", MIXED, reason, beside, better=better)
    if reading.lacks_dots:
        beside = tuple(one for one in others if "." in one.printed and not one.reading.has_decimal_dot)[:1]
        if beside:
            reason = (", không có dấu chấm trong khi cùng văn bản in ", *beside, ".")
            yield Finding(figure, "notation", UNGROUPED, reason, beside, better=better)


def _find_unsettled(figures: Sequence[Figure], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Figures whose value is fixed by no law that holds, and that no law finds at fault either."""
    settled: set[str] = set()
    suspect: dict[str, Figure] = {}
    for finding in findings:
        if finding.verdict in FAULTS and finding.rule != "notation":
            settled.add(finding.figure.id)
        if finding.rule in _EXACT and finding.recomputed:
            for one in (finding.figure, *finding.against):
                if finding.verdict == AGREES:
                    settled.add(one.id)
                else:
                    suspect.setdefault(one.id, finding.figure)
    for figure in figures:
        if figure.id in settled:
            continue
        against: tuple[Figure, ...] = ()
        reason: tuple[Piece, ...] = ("; văn bản không in số thành phần để tính lại.",)
        if figure.id in suspect:
            against = (suspect[figure.id],)
            lead = "; có mặt trong một phép tính không khớp, nơi in "
            reason = (lead, *against, ", nên không biết số nào sai.")
        elif figure.quantity.endswith(".change"):
            reason = ("; văn bản không in hai tỷ lệ và không nói là điểm phần trăm hay %.",)
        yield Finding(figure, "coverage", UNKNOWN, reason, against)


# --- for the command line ---------------------------------------------------------------------------------------
def reconcile_published(root: Path) -> pd.DataFrame:
    """All findings about the published figures of the project at `root`, with the columns `COLUMNS`."""
    figures = load_figures(root)
    return findings_frame(check(figures, load_known(root, figures, load_register(root))))


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The findings as a frame of texts: one row per (figure, law), columns `COLUMNS`.

    `recomputed` and `difference` (printed minus recomputed, with its sign) are empty where nothing is recomputed;
    `figures` names all figures that the law took in, the judged one first.
    """
    rows = [
        (
            one.figure.id, one.figure.memo, one.figure.quote, one.figure.printed,
            one.recomputed.text if one.recomputed else "", _signed(one.difference), one.verdict, RULES[one.rule],
            one.message, "; ".join(dict.fromkeys(figure.id for figure in (one.figure, *one.against))),
        )
        for one in findings
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS)


def _signed(difference: Computed | None) -> str:
    if difference is None or not difference.value:
        return "" if difference is None else "0"
    return ("+" if difference.value > 0 else "") + vn.format_number(difference.value, difference.decimals)
