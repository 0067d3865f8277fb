"""What every memo starts from: the period and units asked for, the reference data, the facts and the claims."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from baocao import facts as fact_store
from baocao import vn
from baocao.claims import Claims
from baocao.documents.fonts import find_fonts, register_with_matplotlib
from baocao.errors import NoDataError, UserError
from baocao.facts import Facts
from baocao.house import find_root
from baocao.laws import Laws, load_laws
from baocao.measures import Measure
from baocao.periods import Period
from baocao.units import HOME, Register, Unit, load_register


@dataclass(frozen=True)
class Setting:
    """One report being written: everything the functions of a memo need, opened once by its notebook.

    `units` are those the report is about, valid on the last day of `period`; `claims` knows which units may be
    named. `font` is the family for charts, as matplotlib knows it.
    """

    root: Path
    register: Register
    measures: dict[str, Measure]
    laws: Laws
    facts: Facts
    period: Period
    units: tuple[Unit, ...]
    claims: Claims
    font: str


PROVINCE = HOME
"""The province whose reports these are."""

Scope = Callable[[Facts, Register, Period, Sequence[Unit]], Iterable[Unit]]
"""A memo's rule: the units that it may name (all of its charts, tables and sentences)."""


def open_setting(period: str, units: Sequence[str], *, scope: Scope, start: Path | None = None) -> Setting:
    """The setting of a report on `units` (names, codes or kinds) in `period` (a code such as "2025-07").

    Raises UserError for a period or unit that does not exist; `scope` raises NoDataError (see `refuse_empty`)
    where the facts hold nothing for them. `start` is the folder to look for the project from.
    """
    if isinstance(units, str) or not units:
        raise UserError(
            f"Tham số units phải là danh sách tên hoặc mã đơn vị, nhận được «{units}»; "
            'hãy viết như units = ["42"].'
        )
    root = find_root(start)
    window = Period.parse(period)
    register = load_register(root)
    chosen = tuple(register.expand(list(units), window.end))
    facts = fact_store.open_facts(root)
    laws = load_laws(root)
    claims = Claims(scope(facts, register, window, chosen), laws)
    return Setting(
        root=root, register=register, measures=facts.measures, laws=laws, facts=facts, period=window,
        units=chosen, claims=claims, font=register_with_matplotlib(find_fonts(root)),
    )  # fmt: skip


def refuse_empty(period: Period, units: Sequence[Unit], what: str = "số liệu") -> NoDataError:
    """The error of a report for which there is nothing to report, to be raised by a memo's `scope`."""
    names = ", ".join(unit.official_name for unit in units[:3])
    if len(units) > 3:
        names += f" và {vn.format_count_in_text(len(units) - 3)} đơn vị khác"
    return NoDataError(
        f"Không có {what} của {names} trong kỳ {period.name}; hãy chọn kỳ khác hoặc bổ sung số liệu "
        "vào data/raw rồi chạy «baocao check»."
    )
