"""The report on published figures held to arithmetic: which memos print what cannot be, and in which words.

The findings are made by `reconcile`; here they become paragraphs and tables. Every numeral taken from a memo is
printed as a quotation, its slips included; every number of ours is a claim made of published figures only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baocao.definitions import HOME, NoDataError, Period, find_project_root, load_laws, load_register
from baocao.definitions import vietnamese as vn
from baocao.reports.published.checked_figures import Judged, faults, find_about, print_number, unchecked
from baocao.reports.published.figures import Figure, choose_memo, load_figures, units_named
from baocao.reports.published.findings import AGREES, FAULTS, RULES, UNKNOWN, VERDICTS, Computed
from baocao.reports.published.recomputed import Stored, find_stored
from baocao.store import open_facts
from baocao.writing import Claims, Markdown, capitalise, markup, tables

__all__ = [
    "Reconciliation",
    "all_figures",
    "beside_store",
    "faults",
    "open_reconciliation",
    "overview",
    "provenance",
    "unchecked",
    "verdict_table",
]


@dataclass(frozen=True)
class Reconciliation(Judged):
    """One report being written: the figures it is about, what was found about them, and its claims.

    `stored` is what the store holds for them, sample facts left out.
    `fingerprint` is the SHA-256 of the table of published figures.
    """

    stored: tuple[Stored, ...]
    fingerprint: str


def open_reconciliation(
    period: str,
    units: Sequence[str],
    memos: Sequence[str] = (),
    *,
    vintage: str = "",
    start: Path | None = None,
) -> Reconciliation:
    """The published figures of `memos` (keys "000" to "004", none given: all) whose periods lie in `period`.

    `units` are names or codes; the province stands for every unit in it. UserError for a period, unit or memo that
    does not exist, NoDataError where no figure is left. `vintage`: the facts as they once were
    (`listing.read_listing`); "" for now.
    """
    root = find_project_root(start)
    window, register, figures = Period.parse(period), load_register(root), load_figures(root)
    for memo in memos:
        choose_memo(figures, memo)
    codes = {unit.code for unit in register.expand(list(units), window.end)}
    chosen = [
        figure
        for figure in figures
        if window.start <= figure.period.start
        and figure.period.end <= window.end
        and (not memos or figure.seed in memos)
        and (HOME in codes or codes & set(figure.scope))
    ]
    if not chosen:
        raise NoDataError(
            f"Không có số liệu đã công bố nào của các đơn vị đã chọn trong kỳ {window.name}; "
            "hãy chọn kỳ khác hoặc bổ sung data/reference/published_figures.csv."
        )
    levels = {unit.code: unit for unit in register.units if unit.kind == "level" or unit.code == HOME}
    claims = Claims([*units_named(chosen, figures, register), *levels.values()], load_laws(root))
    table = (root / "data" / "reference" / "published_figures.csv").read_bytes()
    fingerprint = hashlib.sha256(table).hexdigest()
    facts = open_facts(root, vintage)
    stored = [one for one in find_stored(chosen, facts, register) if one.source != "sample"]
    claims.trace(published_figures=fingerprint, fingerprint=facts.fingerprint)
    return Reconciliation(
        register=register, period=window, claims=claims, figures=tuple(chosen),
        findings=find_about(root, chosen, figures, register), stored=tuple(stored), fingerprint=fingerprint,
    )  # fmt: skip


def overview(report: Reconciliation) -> Markdown:
    """How many figures of how many memos were checked, and how many of them are right, wrong or unknown."""
    verdicts = list(report.verdicts.values())
    memos = len({figure.seed for figure in report.figures})
    wrong = sum(verdict in FAULTS for verdict in verdicts)
    found = (
        f"{print_number(report, wrong, 'số liệu cần xem lại')} số liệu cần xem lại (Mục III)"
        if wrong
        else "không có số liệu nào phải xem lại"
    )
    return markup.paragraphs(
        f"Đã đối soát {print_number(report, len(verdicts), 'số liệu đã đối soát')} số liệu in trong "
        f"{print_number(report, memos, 'văn bản đã đối soát', measured_in='văn bản')} văn bản đã công bố. Kết quả: "
        f"{print_number(report, verdicts.count(AGREES), 'số liệu khớp')} số liệu khớp, {found}, "
        f"{print_number(report, verdicts.count(UNKNOWN), 'số liệu chưa kiểm tra được')} số liệu chưa đủ căn cứ để "
        "kiểm tra (Mục IV)."
    )


def verdict_table(report: Reconciliation) -> Markdown:
    """How many figures of each memo got each verdict; a figure counts once, by its gravest."""
    verdicts = report.verdicts
    shown = [verdict for verdict in VERDICTS if verdict in verdicts.values()]
    rows = []
    for memo in dict.fromkeys(figure.memo for figure in report.figures):
        own = [verdicts[figure.id] for figure in report.figures if figure.memo == memo]
        cells = [print_number(report, own.count(one), f"{one}: {memo}", in_text=False) for one in shown]
        total = print_number(report, len(own), f"số liệu đã đối soát: {memo}", in_text=False)
        rows.append([report.claims.name(memo), total, *cells])
    return tables.table(
        report.claims,
        caption="Kết luận về các số liệu đã công bố, theo văn bản",
        header=["Văn bản", "Số liệu", *map(capitalise, shown)],
        rows=rows,
        widths=[36, 10, *[11] * len(shown)],
        align="l" + "r" * (1 + len(shown)),
        source="các văn bản nêu trong bảng; mỗi số liệu tính một lần, theo kết luận nặng nhất",
        small=True,
    )


def beside_store(report: Reconciliation) -> Markdown:
    """How many figures the store holds as printed, those it holds otherwise, and why this proves nothing."""
    if not report.stored:
        return Markdown("Kho số liệu chưa có số liệu nào cùng đơn vị, cùng kỳ với các số đã in.\n")
    equal = sum(one.agrees for one in report.stored)
    held = print_number(report, len(report.stored), "số liệu có trong kho cùng đơn vị, cùng kỳ")
    same = print_number(report, equal, "số liệu trong kho bằng số đã in")
    items = []
    for one in report.stored:
        if not one.agrees:
            printed, units = report.wording.quote(one.figure.printed), report.wording.units(one.figure)
            number = Computed(one.value, one.figure.measured_in, one.figure.reading.decimals)
            value = report.wording.stored(number, one.figure, one.source)
            label = report.wording.words(one.figure.label)
            items.append(f"{label} ({units}): in {printed}, kho số liệu ghi {value}.")
    return markup.paragraphs(
        f"Với {held} số đã in, kho số liệu có số cùng đơn vị, cùng kỳ đã công bố hoặc đã nhận được; {same} số bằng "
        "nhau. Số đã công bố trong kho được chép từ chính các văn bản này, nên bằng nhau chỉ cho biết đã chép đúng. "
        "Số liệu mẫu không được dùng để đối chiếu.",
        markup.numbered(items) if items else "",
    )


def all_figures(report: Reconciliation) -> Markdown:
    """The annex with every figure as printed, recomputed where it can be, and its verdict."""
    verdicts = report.verdicts
    parts = ["Toàn bộ số liệu đã đối soát"]
    for memo in dict.fromkeys(figure.memo for figure in report.figures):
        rows = [_row(report, figure, verdicts) for figure in report.figures if figure.memo == memo]
        parts.append(
            tables.table(
                report.claims,
                caption=report.claims.name(memo),
                header=["Mã", "Số liệu", "Đơn vị", "Kỳ", "Đã in", "Số đối chiếu", "Kết luận"],
                rows=rows,
                widths=[9, 35, 24, 40, 13, 11, 27],
                align="llllrrl",
                small=True,
            )
        )
    return markup.division("phu-luc ngang", "\n\n".join(parts), {"data-so": "I"})


def provenance(report: Reconciliation) -> Markdown:
    """The annex with the laws of arithmetic applied, and where the figures come from."""
    used = [rule for rule in RULES if any(finding.rule == rule for finding in report.findings)]
    file = report.claims.code("data/reference/published_figures.csv")
    print_of_file = report.claims.code(report.fingerprint[:16])
    origin = (
        f"Số liệu chép nguyên văn từ các văn bản vào tệp {file} (mã kiểm {print_of_file}), mỗi dòng một con số, "
        f"kèm câu trích; kỳ của số liệu: {report.claims.period(report.period, window=True)}."
    )
    parts = [
        "Quy tắc đối soát và nguồn số liệu",
        markup.numbered([markup.escape(RULES[rule]) + "." for rule in used]),
        origin,
    ]
    return markup.division("phu-luc", "\n\n".join(parts), {"data-so": "II"})


# --- pieces -----------------------------------------------------------------------------------------------------


def _row(report: Reconciliation, figure: Figure, verdicts: dict[str, str]) -> list[str]:
    own = [finding for finding in report.findings if finding.figure is figure and finding.recomputed]
    own.sort(key=lambda finding: finding.verdict == AGREES)
    return [
        report.claims.code(figure.id),
        report.wording.words(figure.label),
        report.wording.units(figure),
        report.claims.period(figure.period),
        report.wording.printed(figure),
        report.wording.computed(own[0].recomputed, own[0]) if own else vn.MISSING,
        markup.escape(verdicts[figure.id]),
    ]
