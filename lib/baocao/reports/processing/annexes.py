"""The annexes of the report on dossiers: every unit's figures; definitions, conventions and provenance."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import (
    CONVENTIONS,
    REORGANISED_INSIDE,
    UNKNOWN_MARK,
    annex,
    describe_provenance,
    table_definitions,
)
from baocao.reports.processing import words
from baocao.reports.processing.comparison import Base
from baocao.reports.processing.movers import table_unit_changes
from baocao.reports.processing.reading import Memo
from baocao.reports.published import annex as published_annex
from baocao.writing import Markdown, markup, paragraphs, tables

FORM_COLUMNS = {
    "handled_total": "Tổng số nhận giải quyết",
    "filed_online": "Tiếp nhận trực tuyến",
    "filed_direct": "Tiếp nhận trực tiếp, bưu chính",
    "carried_over": "Kỳ trước chuyển qua",
    "resolved": "Đã giải quyết",
    "resolved_early": "Giải quyết trước hạn",
    "resolved_on_time": "Giải quyết đúng hạn",
    "resolved_late": "Giải quyết quá hạn",
    "pending": "Đang giải quyết",
    "pending_in_time": "Đang giải quyết trong hạn",
    "pending_overdue": "Đang giải quyết quá hạn",
}
"""Columns 3 to 13 of Biểu II.06/VPCP/KSTT with their headings."""

RATE_COLUMNS = {
    "online_share": ("Nộp trực tuyến / tổng tiếp nhận", "Tỷ lệ nộp trực tuyến"),
    "dossier_digitisation_rate": ("Số hóa hồ sơ / thuộc diện số hóa", "Tỷ lệ số hóa hồ sơ"),
    "result_digitisation_rate": ("Số hóa kết quả / thuộc diện số hóa", "Tỷ lệ số hóa kết quả"),
    "online_payment_rate": ("Thanh toán trực tuyến / có phí, lệ phí", "Tỷ lệ thanh toán trực tuyến"),
    "level_34_share": ("Nộp mức độ 3, mức độ 4 / tổng phát sinh", "Tỷ lệ nộp mức độ 3, mức độ 4"),
}
"""Rates of the second table by unit, with the headings of their two parts and of the rate."""

WITH_REPORT = "(Kèm theo Báo cáo của Ủy ban nhân dân tỉnh)"

Cells = Callable[[Unit], list[str]]


# --- Phụ lục I ---------------------------------------------------------------------------------------------------
def annex_units(memo: Memo, changes: Base | None = None) -> Markdown:
    """The figures of every unit, by kind with subtotals, and its `changes`; for a single unit all its counts."""
    if memo.is_single:
        title = f"Số liệu chi tiết của {memo.claims.unit(memo.subject)} {memo.when}"
        return annex("I", title, _table_of_one(memo), attached=WITH_REPORT)
    title = f"Kết quả tiếp nhận, giải quyết TTHC theo đơn vị {memo.when}"
    tables_by_unit = paragraphs(
        _table_of_form(memo), _table_of_rates(memo), table_unit_changes(memo, changes)
    )
    content = tables_by_unit.strip() or words.no_units()
    return annex("I", title, content, landscape=True, attached=WITH_REPORT)


def _table_of_form(memo: Memo) -> Markdown:
    """The form's columns and the on-time rate; empty where no unit has any."""
    board, units = memo.board, _listed(memo)
    columns = [name for name in FORM_COLUMNS if any(board.count(unit, name) for unit in units)]
    if not columns:
        return Markdown("")
    header = [FORM_COLUMNS[name] for name in columns] + ["Tỷ lệ trước và đúng hạn"]

    def cells(unit: Unit) -> list[str]:
        return [board.cell(unit, name) for name in columns] + [board.rate_cell(unit, "on_time_rate")]

    widths = [12] * len(columns) + [14]
    return _table(memo, "Tiếp nhận, giải quyết hồ sơ TTHC theo đơn vị", header, cells, widths, columns)


def _table_of_rates(memo: Memo) -> Markdown:
    """Each share as its two parts and its rate; empty where no unit has any."""
    board, units = memo.board, _listed(memo)
    shown = [name for name in RATE_COLUMNS if any(board.rate(unit, name).has_value for unit in units)]
    if not shown:
        return Markdown("")
    header = [board.name(text) for name in shown for text in RATE_COLUMNS[name]]

    def cells(unit: Unit) -> list[str]:
        return [
            text for name in shown for text in (board.print_fraction(unit, name), board.rate_cell(unit, name))
        ]

    measures = [name for one in board.indicators if one.name in shown for name in one.denominator]
    caption = "Nộp hồ sơ trực tuyến, số hóa, thanh toán trực tuyến theo đơn vị"
    return _table(memo, caption, header, cells, [19, 13] * len(shown), measures)


def _listed(memo: Memo) -> list[Unit]:
    return [*(memo.kinds or memo.levels), *memo.ended, *memo.members, memo.subject]


def _table(
    memo: Memo,
    caption: str,
    header: Sequence[str],
    cells: Cells,
    widths: Sequence[int],
    measures: Sequence[str],
) -> Markdown:
    """A row for each unit under its kind, each kind's subtotal, and the total."""
    claims = memo.claims
    rows: list[list[str]] = []
    for number, kind in enumerate(memo.kinds, 1):
        rows.append(_bold([claims.unit(kind, f"{vn.roman(number)}. {kind.full_name}"), *cells(kind)]))
        of_kind = [unit for unit in (*memo.members, *memo.ended) if unit.kind == kind.kind]
        rows += [[claims.unit(unit, unit.full_name), *cells(unit)] for unit in of_kind]
    if not memo.kinds:
        rows += [[claims.unit(level, level.full_name), *cells(level)] for level in memo.levels]
    total = f"Tổng số: {memo.subject.official_name}"
    rows.append(_bold([claims.unit(memo.subject, total), *cells(memo.subject)]))
    notes = [UNKNOWN_MARK] if any(vn.MISSING in cell for row in rows for cell in row) else []
    if memo.ended or any(not unit.valid_on(memo.period.start) for unit in memo.members):
        notes.append(REORGANISED_INSIDE)
    return tables.table(
        claims,
        caption=f"{caption} (đơn vị tính: hồ sơ)",
        header=["Đơn vị", *header],
        rows=rows,
        widths=[60, *widths],
        align="l" + "r" * len(widths),
        small=True,
        source=memo.board.source_text(_listed(memo), measures) + "".join(notes),
    )


def _bold(cells: Sequence[str]) -> list[str]:
    return [f"**{cell}**" for cell in cells]


def _table_of_one(memo: Memo) -> Markdown:
    board, measures = memo.board, memo.setting.measures
    ordered = dict.fromkeys(("received", *FORM_COLUMNS, *measures))
    known = [name for name in ordered if board.count(memo.subject, name)]
    rows = [
        [board.name(measures[name].label), board.name(measures[name].form), board.cell(memo.subject, name)]
        for name in known
    ]
    return tables.table(
        memo.claims,
        caption="Số hồ sơ theo từng chỉ tiêu thống kê (đơn vị tính: hồ sơ)",
        header=["Chỉ tiêu thống kê", "Biểu, bảng theo dõi", "Số hồ sơ"],
        rows=rows,
        widths=[80, 55, 25],
        align="llr",
        source=board.source_text([memo.subject], known),
    )


# --- Phụ lục II --------------------------------------------------------------------------------------------------
def annex_definitions(memo: Memo) -> Markdown:
    """What every rate printed means, how figures were counted, what is wrong with them, where they come from."""
    board, units = memo.board, (memo.subject, *memo.levels, *memo.members)
    content = paragraphs(
        table_definitions(memo.claims, [one for one in board.indicators if one.name in board.used]),
        "Quy ước tính:",
        markup.numbered(_conventions(memo)),
        describe_provenance(memo.setting, units),
    )
    return annex("II", "Định nghĩa, cách tính và nguồn số liệu", content, attached=WITH_REPORT)


def _conventions(memo: Memo) -> list[str]:
    items = [
        "Số liệu tính trong đúng khoảng thời gian nêu ở đầu báo cáo, kể cả ngày đầu và ngày cuối.",
        *CONVENTIONS,
        "Hồ sơ đang giải quyết quá hạn không tính vào hồ sơ đã giải quyết quá hạn.",
    ]
    for level in memo.levels:
        if level.level == "province":
            name = memo.claims.unit(level)
            items.append(f"Hồ sơ của các chi nhánh Văn phòng Đăng ký đất đai tính vào {name}.")
    return items


# --- Phụ lục III -------------------------------------------------------------------------------------------------
def annex_published(memo: Memo, seed: str) -> Markdown:
    """Every figure of the published memo with this key beside ours; empty for none ("")."""
    return published_annex.annex_published(memo.setting, seed, "III", WITH_REPORT)
