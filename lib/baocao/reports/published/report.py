"""The report on published figures held to arithmetic: which memos print what cannot be, and in which words.

The findings are made by `check`; here they become paragraphs and tables. Every numeral taken from a memo is
printed as a quotation, its slips included; every number of ours is a claim made of published figures only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baocao.analysis import History
from baocao.definitions import (
    HOME,
    NoDataError,
    Period,
    find_project_root,
    load_laws,
    load_register,
    load_targets,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import annex
from baocao.reports.published.checked_figures import Judged, find_about, with_points
from baocao.reports.published.figures import Figure, choose_memo, load_figures, units_named
from baocao.reports.published.findings import AGREES, FAULTS, MEANINGS, RULES, UNKNOWN, VERDICTS
from baocao.reports.published.recomputed import Recomputed, recompute
from baocao.store import open_facts
from baocao.writing import Claims, Markdown, capitalise, markup, tables

ATTACHED = "(Kèm theo Báo cáo đối soát số liệu)"


@dataclass(frozen=True)
class Reconciliation(Judged):
    """One report being written: the figures it is about, what was found about them, and its claims.

    `others` are the numbers that facts received or published make of them where those are others than the memos print.
    """

    others: tuple[tuple[Figure, Recomputed], ...]


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
    facts = open_facts(root, vintage)
    claims.trace(published_figures=hashlib.sha256(table).hexdigest(), fingerprint=facts.fingerprint)
    found = recompute(root, History(facts, register, load_targets(root)), chosen)
    others = [
        (figure, one)
        for figure in chosen
        for one in found.get(figure.id, ())
        if one.source != "sample"
        and one.number.measured_in == figure.measured_in
        and one.number.value != figure.reading.value
    ]
    return Reconciliation(
        register=register, period=window, claims=claims, figures=tuple(chosen),
        findings=find_about(root, chosen, figures, register), others=tuple(others),
    )  # fmt: skip


def overview(report: Reconciliation) -> Markdown:
    """How many figures of how many memos were checked, and how many of them are right, wrong or unknown."""
    verdicts = list(report.verdicts.values())
    memos = len({figure.seed for figure in report.figures})
    counts = {
        "số liệu khớp": verdicts.count(AGREES),
        "số liệu cần xem lại": sum(verdict in FAULTS for verdict in verdicts),
        "số liệu chưa đủ căn cứ để kiểm tra (Phụ lục II)": verdicts.count(UNKNOWN),
    }
    told = [f"{report.count(count, what.split(' (')[0])} {what}" for what, count in counts.items() if count]
    return markup.paragraphs(
        f"Đã đối soát {report.count(len(verdicts), 'số liệu đã đối soát')} số liệu in trong "
        f"{report.count(memos, 'văn bản đã đối soát', measured_in='văn bản')} văn bản đã công bố. Kết quả: "
        f"{', '.join(told)}."
    )


def verdict_table(report: Reconciliation) -> Markdown:
    """How many figures of each memo got each verdict; a figure counts once, by its gravest."""
    verdicts = report.verdicts
    shown = [verdict for verdict in VERDICTS if verdict in verdicts.values()]
    rows = []
    for memo in dict.fromkeys(figure.memo for figure in report.figures):
        own = [verdicts[figure.id] for figure in report.figures if figure.memo == memo]
        cells = [report.count(own.count(one), f"{one}: {memo}", in_text=False) for one in shown]
        total = report.count(len(own), f"số liệu đã đối soát: {memo}", in_text=False)
        rows.append([report.claims.name(memo), total, *cells])
    return tables.table(
        report.claims,
        caption="Kết luận về các số liệu đã công bố, theo văn bản",
        header=["Văn bản", "Số liệu", *map(capitalise, shown)],
        rows=rows,
        widths=[36, 10, *[11] * len(shown)],
        align="l" + "r" * (1 + len(shown)),
        source="các văn bản nêu trong bảng; mỗi số liệu tính một lần, theo kết luận nặng nhất.",
        small=True,
    )


def faults(report: Reconciliation) -> Markdown:
    """The figures to be mended, gravest first: the memo, its words, and what is wrong with them."""
    parts: list[str] = []
    for verdict in FAULTS:
        found = [finding for finding in report.findings if finding.verdict == verdict]
        if found:
            parts += [f"### {MEANINGS[verdict]}", report.places(found, with_memo=True)]
    return markup.paragraphs(*parts) if parts else Markdown("Không có số liệu phải xem lại.\n")


def all_figures(report: Reconciliation) -> Markdown:
    """The annex with every figure as printed, recomputed where it can be, and its verdict."""
    parts = []
    for memo in dict.fromkeys(figure.memo for figure in report.figures):
        rows = [_row(report, figure) for figure in report.figures if figure.memo == memo]
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
    content = markup.paragraphs(*parts)
    return annex("I", "SỐ LIỆU ĐÃ ĐỐI SOÁT", content, landscape=True, attached=ATTACHED)


def unchecked(report: Reconciliation) -> Markdown:
    """The annex with the figures that nothing printed can prove or refute, by memo; empty for none."""
    verdicts, items = report.verdicts, []
    unknown = [figure for figure in report.figures if verdicts[figure.id] == UNKNOWN]
    for memo in dict.fromkeys(figure.memo for figure in unknown):
        points = report.unchecked([figure for figure in unknown if figure.memo == memo])
        items.append(with_points(f"{report.claims.name(memo)}:", points))
    if not items:
        return Markdown("")
    return annex("II", "SỐ LIỆU CHƯA ĐỦ CĂN CỨ ĐỂ KIỂM TRA", markup.numbered(items), attached=ATTACHED)


def method(report: Reconciliation) -> Markdown:
    """The annex with the laws of arithmetic applied, and what the facts say otherwise than the memos."""
    used = [rule for rule in RULES if any(finding.rule == rule for finding in report.findings)]
    others = [
        f"{report.words(figure.label)} ({report.units(figure)}): in {report.quote(figure.printed)}, kho số liệu ghi "
        f"{report.stored(one.number, figure, one.source)}."
        for figure, one in report.others
    ]
    content = markup.paragraphs(
        "Mỗi số liệu được chép nguyên văn từ văn bản đã công bố và đối chiếu theo các quy tắc sau; việc tính lại chỉ dùng các "
        f"số đã in, danh mục đơn vị và điểm tối đa của bộ chỉ số, {report.claims.period(report.period, window=True)}:",
        markup.numbered([markup.escape(RULES[rule]) + "." for rule in used]),
        "Số liệu trong kho khác số đã in:" if others else "",
        markup.numbered(others) if others else "",
    )
    number = "III" if UNKNOWN in report.verdicts.values() else "II"
    return annex(number, "QUY TẮC ĐỐI SOÁT", content, attached=ATTACHED)


# --- pieces -----------------------------------------------------------------------------------------------------


def _row(report: Reconciliation, figure: Figure) -> list[str]:
    exact = report.exact(figure)
    return [
        report.claims.code(figure.id),
        report.words(figure.label),
        report.units(figure),
        report.claims.period(figure.period),
        report.printed(figure),
        report.computed(exact.recomputed, exact) if exact else vn.MISSING,
        markup.escape(report.verdicts[figure.id]),
    ]
