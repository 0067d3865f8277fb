"""What was found out about published figures: one law, one figure, one verdict, and the sentence that says so.

A sentence is kept in pieces (words, printed figures, numbers of ours), so that the command line can print it as
text and a report can print it with a claim or a quotation for every numeral.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.reports.published.figures import Figure

AGREES = "khớp"
WRONG = "không khớp"
UNEQUAL = "mẫu số không thống nhất"
SCOPES = "phạm vi khác nhau"
MIXED = "dấu thập phân lẫn lộn"
UNGROUPED = "thiếu dấu chấm ngăn nghìn"
UNKNOWN = "không đủ dữ liệu để kiểm tra"

FAULTS = (WRONG, UNEQUAL, SCOPES, MIXED, UNGROUPED)
"""Verdicts that say that a memo is to be mended, the gravest first."""

VERDICTS = (*FAULTS, AGREES, UNKNOWN)

MEANINGS = {
    WRONG: "Con số không bằng kết quả tính lại từ chính các số đã in",
    UNEQUAL: "Một đại lượng được in bằng nhiều con số",
    SCOPES: "Các con số không thể cùng phạm vi mà văn bản không nêu rõ",
    MIXED: "Phần thập phân viết khi bằng dấu chấm, khi bằng dấu phẩy",
    UNGROUPED: "Số hàng nghìn viết không có dấu chấm ngăn nhóm",
}
"""What each of `FAULTS` means, as a report heads its list."""

RULES = {
    "sum": "Tổng phải bằng các số hạng cộng lại",
    "difference": "Hiệu phải bằng số bị trừ trừ đi số trừ",
    "rate": "Tỷ lệ phải bằng tử số chia mẫu số, làm tròn đến số lẻ đã in",
    "units": "Số đơn vị phải bằng số đơn vị cùng loại trong danh mục vào ngày chốt số liệu",
    "weeks": "Số tuần phải bằng số tuần tròn trong kỳ",
    "same": "Một đại lượng trong cùng kỳ, cùng phạm vi phải là một số",
    "named": "Cùng một tên gọi phải là cùng một số, trừ khi nêu rõ phạm vi khác nhau",
    "within": "Một phần không vượt toàn thể chứa nó",
    "bound": "Điểm, thứ hạng, tỷ lệ không vượt mức chặn",
    "notation": "Dấu phẩy trước phần thập phân, dấu chấm ngăn nhóm nghìn, thống nhất trong một văn bản",
    "reading": "Số in phải đọc được",
    "coverage": "Phải có số thành phần thì mới tính lại được",
}

_DIFFERENCE_UNITS = {"%": "điểm phần trăm"}

COLUMNS = [
    "id", "memo", "quote", "printed", "recomputed", "difference", "verdict", "rule", "message", "figures",
]  # fmt: skip


@dataclass(frozen=True)
class Computed:
    """A number worked out from printed ones; with `numerator` and `denominator` for a rate."""

    value: Fraction
    measured_in: str
    decimals: int = 0
    numerator: int | None = None
    denominator: int | None = None

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


Piece = str | Figure | Computed
"""A piece of a sentence: words without digits, a figure as the memo prints it, or a number of ours."""


@dataclass(frozen=True)
class Finding:
    """One law applied to one figure. `against` are the other figures that it was held to.

    `is_exact`: the law fixes the figure's value, so that any other numeral would have been found; else it only
    bounds it. `difference` is printed minus recomputed.
    """

    figure: Figure
    rule: str
    verdict: str
    sentence: tuple[Piece, ...]
    against: tuple[Figure, ...] = ()
    recomputed: Computed | None = None
    difference: Computed | None = None
    is_exact: bool = False

    @property
    def message(self) -> str:
        """The sentence as plain text."""
        return "".join(
            piece if isinstance(piece, str) else piece.printed if isinstance(piece, Figure) else piece.text
            for piece in self.sentence
        )


def expression(terms: Sequence[Sequence[Figure]], mark: str) -> list[Piece]:
    """The printed numerals joined by `mark`, a term of several in brackets where the mark is no plus."""
    pieces: list[Piece] = []
    for at, term in enumerate(terms):
        pieces += [mark] if at else []
        inside: list[Piece] = []
        for place, one in enumerate(term):
            inside += [" + ", one] if place else [one]
        pieces += ["(", *inside, ")"] if len(term) > 1 and mark not in ("", " + ") else inside
    return pieces


def subtract(figure: Figure, computed: Computed) -> Computed:
    """Printed minus recomputed; between two rates in điểm phần trăm."""
    decimals = max(figure.reading.decimals, computed.decimals)
    measured_in = _DIFFERENCE_UNITS.get(figure.measured_in, figure.measured_in)
    return Computed(figure.reading.value - computed.value, measured_in, decimals)


def gap(difference: Computed) -> tuple[Piece, ...]:
    """How far the printed figure lies from the other: "cao hơn 0,06 điểm phần trăm"."""
    word = "cao hơn " if difference.value > 0 else "thấp hơn "
    size = Computed(abs(difference.value), difference.measured_in, difference.decimals)
    return (word, size, f" {difference.measured_in}")


def find_unsettled(figures: Sequence[Figure], findings: Sequence[Finding]) -> Iterator[Finding]:
    """Figures whose value is fixed by no law that holds, and that no law finds at fault either."""
    settled: set[str] = set()
    suspect: dict[str, Finding] = {}
    for finding in findings:
        if finding.verdict in FAULTS and finding.rule != "notation":
            settled.add(finding.figure.id)
        if not finding.is_exact:
            continue
        for one in (finding.figure, *finding.against):
            if finding.verdict == AGREES:
                settled.add(one.id)
            else:
                suspect.setdefault(one.id, finding)
    for figure in figures:
        if figure.id in settled:
            continue
        if figure.id in suspect:
            judged = suspect[figure.id]
            sentence = (
                "In ", figure, "; có mặt trong một phép tính không khớp, nơi in ", judged.figure,
                ", nên không biết số nào sai.",
            )  # fmt: skip
            yield Finding(figure, "coverage", UNKNOWN, sentence, (judged.figure,))
            continue
        sentence = ("In ", figure, "; văn bản không in số thành phần để tính lại.")
        if figure.quantity.endswith(".change"):
            sentence = ("In ", figure, "; văn bản không in hai tỷ lệ và không nói là điểm phần trăm hay %.")
        yield Finding(figure, "coverage", UNKNOWN, sentence)


def conclude(figures: Sequence[Figure], findings: Sequence[Finding]) -> dict[str, str]:
    """One verdict for each figure, by id: the gravest of its own findings; what is not known outweighs a bound."""
    order = (*FAULTS, UNKNOWN, AGREES)
    verdicts: dict[str, set[str]] = {figure.id: {AGREES} for figure in figures}
    for finding in findings:
        verdicts[finding.figure.id].add(finding.verdict)
    return {one: min(found, key=order.index) for one, found in verdicts.items()}


def findings_frame(findings: Sequence[Finding]) -> pd.DataFrame:
    """The findings as a frame of texts: one row per (figure, law), columns `COLUMNS`.

    `recomputed` and `difference` (printed minus recomputed, with its sign) are empty where nothing is recomputed;
    `figures` names all figures that the law took in, the judged one first.
    """
    rows = [
        {
            "id": finding.figure.id,
            "memo": finding.figure.memo,
            "quote": finding.figure.quote,
            "printed": finding.figure.printed,
            "recomputed": finding.recomputed.text if finding.recomputed else "",
            "difference": _signed(finding.difference) if finding.difference else "",
            "verdict": finding.verdict,
            "rule": RULES[finding.rule],
            "message": finding.message,
            "figures": "; ".join(dict.fromkeys(one.id for one in (finding.figure, *finding.against))),
        }
        for finding in findings
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def _signed(difference: Computed) -> str:
    decimals = difference.decimals if difference.value else 0
    return ("+" if difference.value > 0 else "") + vn.format_number(difference.value, decimals)
