"""What the annexes of several memos have in common: the block, definitions of rates, warnings, provenance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import pandas as pd

from baocao.definitions import HOME, Indicator, Period, Register, Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.setting import Setting
from baocao.store import Acceptance, Facts, accepted_within, find_acceptance, problems_about
from baocao.writing import Claims, Markdown, markup, paragraphs, phrases, tables

CONVENTIONS = (
    "Tỷ lệ của một nhóm đơn vị là tổng tử số chia tổng mẫu số, không phải trung bình cộng các tỷ lệ.",
    "Tỷ lệ làm tròn nửa lên đến hai chữ số thập phân; tỷ lệ chưa trọn vẹn không làm tròn thành trọn vẹn.",
    "Mẫu số bằng không hoặc chưa có số liệu thì không tính tỷ lệ và ghi “–”.",
    "Mẫu số của các tỷ lệ nộp trực tuyến không gồm hồ sơ kỳ trước chuyển qua.",
    "Mức thay đổi của một tỷ lệ tính bằng điểm phần trăm, là hiệu của hai tỷ lệ đã làm tròn như đã in.",
)
"""How every rate is computed and printed."""

UNKNOWN_MARK = " Dấu “–”: chưa có số liệu hoặc không có hồ sơ để tính tỷ lệ."
"""What the dash in a table means."""

REORGANISED_INSIDE = (
    " Đơn vị thành lập hoặc sắp xếp lại trong kỳ chỉ có số liệu từ ngày đó; hồ sơ bàn giao giữa các đơn vị khi sắp xếp "
    "không tính hai lần vào dòng tổng."
)
"""How to read a table by unit when units began or ended inside the window."""


EXCEPTIONS = (
    "Số liệu dưới đây có lỗi, đã được chấp nhận khi nạp; lý do chấp nhận ghi sau mỗi lỗi, trong ngoặc kép:"
)
"""What comes before the accepted errors."""


def annex(number: str, title: str, content: str, *, landscape: bool = False, attached: str = "") -> Markdown:
    """An annex on a new page: its number, title, what it is attached to, and its content."""
    css_class = "phu-luc ngang" if landscape else "phu-luc"
    text = "\n\n".join(part for part in (title, attached, content) if part)
    return markup.division(css_class, text, {"data-so": number})


def table_definitions(claims: Claims, indicators: Sequence[Indicator]) -> Markdown:
    """What is divided by what in each of the rates, for which dossiers, and on what basis; empty for none."""
    if not indicators:
        return Markdown("")

    def name(text: str) -> str:
        return claims.name(text) if any(letter.isdigit() for letter in text) else markup.escape(text)

    return tables.table(
        claims,
        caption="Các tỷ lệ dùng trong báo cáo (đơn vị tính: %)",
        header=["Tỷ lệ", "Tử số / mẫu số", "Phạm vi", "Căn cứ, nguồn"],
        rows=[[name(text) for text in (one.label, one.formula, one.scope, one.source)] for one in indicators],
        widths=[38, 48, 42, 32],
        align="llll",
        small=True,
    )


def list_warnings(setting: Setting, units: Iterable[Unit]) -> list[str]:
    """What was found wrong in the facts of these units that overlap the report's window, quoted; accepted errors apart.

    Of many the first ones, and how many more there are.
    """
    period = setting.period
    found = problems_about(setting.facts, [unit.code for unit in units], [(period.start, period.end)])
    texts = [one.message for one in found if not one.acceptance]
    if len(texts) > _MOST_WARNINGS:
        more = vn.format_count_in_text(len(texts) - _MOST_WARNINGS)
        texts = [
            *texts[:_MOST_WARNINGS],
            f"Còn {more} ghi chú khác của các đơn vị trong báo cáo, nêu đủ trong danh sách kiểm tra số liệu.",
        ]
    hide = _hider(setting.register, setting.claims) if texts else str
    return [setting.claims.code(_quoted(hide(text))) for text in texts]


def list_exceptions(setting: Setting, units: Iterable[Unit]) -> list[str]:
    """The accepted errors that concern a report on these units, quoted with their reasons."""
    return _list_exceptions(setting.facts, setting.register, setting.period, units, setting.claims)


def describe_faults(setting: Setting, units: Iterable[Unit]) -> Markdown:
    """What is wrong with the figures of `units`: accepted errors, then warnings; empty for none."""
    units = list(units)
    return print_faults(list_exceptions(setting, units), list_warnings(setting, units))


def print_faults(exceptions: Sequence[str], warnings: Sequence[str]) -> Markdown:
    """Accepted errors, then warnings; empty for none."""
    return paragraphs(
        EXCEPTIONS if exceptions else "",
        markup.numbered(exceptions) if exceptions else "",
        "Ghi chú về số liệu:" if warnings else "",
        markup.numbered(warnings) if warnings else "",
    )


def _quoted(text: str) -> str:
    """A sentence of the list of problems as a document prints it: capital letter, the quotation marks of print."""
    return phrases.capitalise(text.replace("«", "“").replace("»", "”"))


# --------------------------------------------------------------------------------------------------
# Errors in the figures that somebody accepted, as a report states them: those that concern it, each with
# its reason.


OTHER_UNIT = "đơn vị khác"
"""What stands for the name of a unit that the report may not name, in a reason or a file's name."""

_MOST_ROWS = 10
_MOST_WARNINGS = 30
_PLACE = ["file", "sheet", "row"]


def _list_exceptions(
    facts: Facts, register: Register, period: Period, units: Iterable[Unit], claims: Claims
) -> list[str]:
    """The accepted errors that concern a report on `units` (and what they are sums of) in `period`, as Markdown.

    One about a unit and a window is quoted whole. Others of one file, kind and reason are told together, by their
    rows: what stands in a row that could not be read is not printed. The name of a unit that the document may not
    name is left out (`OTHER_UNIT`).
    """
    accepted = accepted_within(facts, _summed(register, units), [(period.start, period.end)])
    if not accepted:
        return []
    texts = [one.acceptance.message for one in accepted if one.unit]
    others: dict[tuple, list[int]] = {}
    for one in accepted:
        if not one.unit:
            said = one.acceptance
            key = (one.file, one.sheet, said.label, said.fate, said.because)
            others.setdefault(key, []).extend([] if one.row is None else [one.row])
    texts += [_about_rows(*key, rows) for key, rows in others.items()]
    hide = _hider(register, claims)
    return [claims.code(_quoted(hide(text))) for text in dict.fromkeys(texts)]


def _summed(register: Register, units: Iterable[Unit]) -> set[str] | None:
    """The codes of the units and of all that they are the sum of; None: all units."""
    codes = {unit.code for unit in units}
    if HOME in codes:
        return None
    levels = {one.level for one in register.units if one.kind == "level" and one.code in codes}
    return codes | {one.code for one in register.units if one.level in levels}


def _about_rows(file: str, sheet: str, label: str, fate: str, because: str, rows: list[int]) -> str:
    """What is told of the rows of a file that were accepted for one reason."""
    known = sorted(set(rows))
    named = ", ".join(map(str, known[:_MOST_ROWS]))
    more = (
        f" và {vn.format_count_in_text(len(known) - _MOST_ROWS)} dòng khác" if len(known) > _MOST_ROWS else ""
    )
    where = [
        f"Tệp {file.rsplit('/', 1)[-1]}",
        f"trang «{sheet}»" if sheet else "",
        f"dòng {named}{more}" if known else "",
    ]
    return Acceptance(", ".join(one for one in where if one) + ":", label, fate, because).message


def _hider(register: Register, claims: Claims):
    """A function that replaces the names of units outside the document's scope."""
    scope = set(claims.record()["scope"])
    names: dict[str, set[str]] = {}
    for _, _, code, spellings in register.names():
        for name in spellings:
            names.setdefault(name, set()).add(code)
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)")

    def hide(text: str) -> str:
        return pattern.sub(lambda found: found[0] if names[found[0]] & scope else OTHER_UNIT, text)

    return hide


def list_row_warnings(facts: Facts, rows: pd.DataFrame, claims: Claims) -> Iterator[str]:
    """The warnings, accepted errors apart, about the rows of files that these facts stand in, as Markdown."""
    places = set(zip(*(rows[name] for name in _PLACE), strict=True))
    for row in facts.problems.to_dict("records"):
        if (
            row["severity"] == "warning"
            and not find_acceptance(row)
            and tuple(row[name] for name in _PLACE) in places
        ):
            sheet = f"trang «{row['sheet']}», " if row["sheet"] else ""
            file = row["file"].rsplit("/", 1)[-1]
            yield claims.code(_quoted(f"Tệp {file}, {sheet}dòng {row['row']}: {row['message']}"))
