"""The annex "Đối soát số liệu": every figure of the published memo that a document rebuilds, beside ours.

As printed, slips included; computed again from the facts and from the memo's own parts; equal, or by how much it
differs and with which verdict (`reconcile`). The document itself prints the recomputed figures only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import annex
from baocao.reports.published.checked_figures import Judged, find_about
from baocao.reports.published.figures import Figure, figures_about, load_figures, memo_key
from baocao.reports.published.findings import AGREES, FAULTS, Computed, subtract
from baocao.reports.published.recomputed import CHANGE, Recomputed, recompute
from baocao.reports.setting import Setting
from baocao.writing import Markdown, markup, tables

EQUAL, DIFFERS, NOTHING = AGREES, "khác số tính lại", vn.MISSING

NOTE = (
    "Số đã công bố trong kho được chép từ chính các văn bản này và số liệu mẫu được lập sao cho tổng bằng số đã công bố, nên "
    "“khớp” chỉ cho biết cách tính khớp, không chứng minh số đã in là đúng. Dấu “–”: không có số để tính lại."
)


@dataclass(frozen=True)
class Comparison(Judged):
    """One memo's figures beside what was computed again; `numbers` by the figures' ids."""

    numbers: dict[str, tuple[Recomputed, ...]]

    def difference(self, figure: Figure) -> Computed | None:
        """Printed minus recomputed: from the facts first, from the parts where that is equal; None without either."""
        found = [
            subtract(figure, one.number)
            for one in self.numbers.get(figure.id, ())
            if one.number.measured_in == figure.measured_in
        ]
        exact = self.exact(figure)
        found += [exact.difference] if exact and exact.difference else []
        return next((one for one in found if one.value), found[0] if found else None)

    def verdict(self, figure: Figure) -> str:
        """The gravest finding; else whether the numbers are equal, or that there is nothing to compare with."""
        judged = self.verdicts[figure.id]
        if judged in FAULTS:
            return judged
        difference = self.difference(figure)
        if difference is None:
            return NOTHING
        return DIFFERS if difference.value else EQUAL


def annex_published(setting: Setting, seed: str, number: str = "III", attached: str = "") -> Markdown:
    """The annex about the memo with the key `seed` ("001"); empty for no memo (""). `attached`: "(Kèm theo …)".

    In a report on single units only their figures are listed, and nothing where there are none. UserError for a
    memo that does not exist.
    """
    compared = compare_with_memo(setting, seed)
    if compared is None:
        return Markdown("")
    content = markup.paragraphs(
        _overview(compared), _list_wrong(compared), _list_unknown(compared), *_tables(compared)
    )
    return annex(number, "ĐỐI SOÁT SỐ LIỆU", content, landscape=True, attached=attached)


def compare_with_memo(setting: Setting, seed: str) -> Comparison | None:
    """The memo's figures about the report's units beside ours; None for no memo, or none about these units."""
    known = load_figures(setting.root) if memo_key(seed) else []
    figures = tuple(figures_about(known, seed, setting.units))
    if not figures:
        return None
    return Comparison(
        register=setting.register, period=setting.period, claims=setting.claims, figures=figures,
        findings=find_about(setting.root, figures, known, setting.register),
        numbers=recompute(setting.root, setting.history, figures),
    )  # fmt: skip


def _overview(compared: Comparison) -> str:
    memo = compared.claims.name(compared.figures[0].memo)
    verdicts = [compared.verdict(figure) for figure in compared.figures]
    counts = {
        "khớp với số tính lại": verdicts.count(EQUAL),
        "phải xem lại": sum(verdict == DIFFERS or verdict in FAULTS for verdict in verdicts),
        "không có số thành phần để tính lại": verdicts.count(NOTHING),
    }
    total = compared.count(len(verdicts), "số liệu đã in")
    told = [
        f"{compared.count(count, f'số liệu {what}')} số liệu {what}"
        for what, count in counts.items()
        if count
    ]
    return f"{memo} in {total} số liệu: {'; '.join(told)}. Nội dung văn bản này dùng số tính lại."


def _list_wrong(compared: Comparison) -> str:
    """The places with figures at fault, the gravest first, and those that only the facts contradict."""
    found = [one for verdict in FAULTS for one in compared.findings if one.verdict == verdict]
    others = []
    for figure in compared.figures:
        if compared.verdict(figure) == DIFFERS:
            label = f"{compared.words(figure.label)} ({compared.units(figure)})"
            ours = _print_numbers(compared, figure)
            others.append(f"{label}: in {compared.quote(figure.printed)}, tính từ kho số liệu được {ours}.")
    return markup.paragraphs(
        "Số liệu phải xem lại:" if found else "",
        compared.places(found) if found else "",
        "Số liệu phải xem lại vì khác số tính từ kho số liệu:" if others else "",
        markup.numbered(others) if others else "",
    )


def _list_unknown(compared: Comparison) -> str:
    """Figures that nothing of ours or of the memo's can prove or refute, and changes that do not say of what kind."""
    own = [
        one for one in compared.figures if compared.verdict(one) == NOTHING or one.quantity.endswith(CHANGE)
    ]
    points = compared.unchecked(own)
    return (
        markup.paragraphs("Số liệu mà văn bản không cho đủ căn cứ:", markup.numbered(points))
        if points
        else ""
    )


def _tables(compared: Comparison) -> list[Markdown]:
    """A table for each period that the memo has figures of; the note stands under the last."""
    periods = list(dict.fromkeys(figure.period for figure in compared.figures))
    memo = compared.claims.name(compared.figures[0].memo)
    made = []
    for period in periods:
        note = f" {NOTE}" if period == periods[-1] else ""
        rows = [_row(compared, figure) for figure in compared.figures if figure.period == period]
        made.append(
            tables.table(
                compared.claims,
                caption=f"Số liệu đã in và số tính lại, {compared.claims.period(period)}",
                header=[
                    "Mã", "Số liệu", "Đơn vị", "Đã in", "Tính từ kho số liệu", "Tính từ các số đã in", "Kết luận",
                ],
                rows=rows,
                widths=[12, 48, 28, 18, 20, 20, 40],
                align="lllrrrl",
                source=f"{memo}; kho số liệu.{note}",
                small=True,
            )
        )  # fmt: skip
    return made


def _row(compared: Comparison, figure: Figure) -> list[str]:
    exact = compared.exact(figure)
    return [
        compared.claims.code(figure.id),
        compared.words(figure.label),
        compared.units(figure),
        compared.printed(figure),
        _print_numbers(compared, figure),
        compared.computed(exact.recomputed, exact) if exact else vn.MISSING,
        _conclusion(compared, figure),
    ]


def _print_numbers(compared: Comparison, figure: Figure) -> str:
    """What the facts make of the figure, for each of its units."""
    printed = []
    for one in compared.numbers.get(figure.id, ()):
        about = {"unit": one.unit, "facts": one.facts, "formula": one.formula}
        unit = " điểm phần trăm" if one.number.measured_in == "điểm phần trăm" else ""
        printed.append(compared.stored(one.number, figure, one.source, **about) + unit)
    return "; ".join(printed) or vn.MISSING


def _conclusion(compared: Comparison, figure: Figure) -> str:
    """The verdict, and by how much the printed figure is too high or too low where it is."""
    difference, verdict = compared.difference(figure), compared.verdict(figure)
    if difference is None or not difference.value:
        return markup.escape(verdict)
    size = replace(difference, value=abs(difference.value))
    shown = compared.number(
        size, figure, what="chênh lệch", source="published", formula="số đã in - số tính lại"
    )
    told = f"{'cao' if difference.value > 0 else 'thấp'} hơn {shown} {markup.escape(difference.measured_in)}"
    return told if verdict == DIFFERS else f"{markup.escape(verdict)}, {told}"
