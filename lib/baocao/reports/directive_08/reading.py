"""What the letter on Chỉ thị 08/CT-UBND is written from: shares of one quarter, targets, points of the PAR INDEX.

The directive counts dossiers filed through services of levels 3 and 4, classes that ended on 14/08/2022, and sets
its target by quarter: only quarters up to then have a letter. A target that takes effect in the quarter after is
one that the letter sets: it is held against the figures, and said to be not yet in force.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from baocao.analysis import MINIMUM_DENOMINATOR, find_target, rates, shortfall
from baocao.definitions import (
    Index,
    IndexValue,
    Indicator,
    Period,
    Register,
    Target,
    Unit,
    UserError,
    indicator,
    indices,
    load_index,
    load_targets,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.setting import PROVINCE, Material, Setting, open_setting, refuse_beyond, refuse_empty
from baocao.store import Facts

ONLINE, RECEPTION, RETURN = "level_34_share", "post_reception_share", "post_return_share"
SHARES = (ONLINE, RECEPTION, RETURN)
LEVELS = ("level_3_filed", "level_4_filed")
FIRST_QUARTER, LAST_QUARTER = "2018-Q3", "2022-Q2"
"""The quarters that lie wholly between the directive and the end of the levels."""
PAR, FIELD = "par_index", "modernisation"
"""The index and its field "Hiện đại hóa hành chính", whose lost points the letter opens with."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Standard:
    """A target that a share is held against; `in_force` is False for one that takes effect in the next quarter."""

    target: Target
    in_force: bool


@dataclass(frozen=True)
class Report(Material):
    """One letter.

    kinds      kinds of units with a sum each; `members` the units themselves, as on the quarter's last day; none of
               both where only figures of the province were reported
    rows       by (share or measure, unit): a row of `Setting.compare` against the quarter before, resp. of results
    standards  the target of each share; None where none is in force, now or in the next quarter
    points     the newest public points of the field, `field` the index as defined in that year; None without any
    """

    kinds: tuple[Unit, ...]
    members: tuple[Unit, ...]
    rows: dict[tuple[str, str], Row]
    standards: dict[str, Standard | None]
    points: IndexValue | None
    criteria: tuple[IndexValue, ...]
    field: Index | None

    @property
    def province(self) -> Unit:
        """The province."""
        return self.setting.units[0]

    def row(self, name: str, unit: Unit) -> Row:
        """The figures of a share or measure."""
        return self.rows[name, unit.code]

    def numerator(self, name: str, unit: Unit) -> int | None:
        """The bare number of dossiers, for decisions."""
        value = self.row(name, unit)["numerator"]
        return None if pd.isna(value) else int(value)

    def has_value(self, name: str, unit: Unit) -> bool:
        """Whether there is something to divide, and something to divide by."""
        return pd.notna(self.row(name, unit)["value"])

    def is_level(self, name: str, unit: Unit) -> bool:
        """Whether the share may be held against a standard: it has a value, of all units."""
        return self.has_value(name, unit) and not self.row(name, unit)["missing"]

    def base(self, unit: Unit) -> int | None:
        """The bare number of all dossiers that arose, the denominator of every share."""
        value = self.row(ONLINE, unit)["denominator"]
        return None if pd.isna(value) else int(value)

    def missing(self, name: str, unit: Unit) -> int | None:
        """Whole dossiers still missing to reach the standard; 0 when it is met, None where that is not known."""
        gap = self._gap(name, unit)
        return None if gap is None else gap[1]

    def missing_points(self, name: str, unit: Unit) -> Fraction | None:
        """As `missing`, in percentage points."""
        gap = self._gap(name, unit)
        return None if gap is None else gap[0]

    def exceeds(self, name: str, unit: Unit) -> bool:
        """Whether the share is above the standard."""
        standard, row = self.standards[name], self.row(name, unit)
        if standard is None or not self.is_level(name, unit):
            return False
        return 100 * int(row["numerator"]) > Fraction(standard.target.target) * int(row["denominator"])

    @property
    def lacking(self) -> tuple[Unit, ...]:
        """The units whose reports the province's shares lack."""
        rows = (self.row(name, self.province) for name in SHARES)
        return tuple(dict.fromkeys(unit for row in rows for unit in row["missing"]))

    def judged_units(self, name: str) -> list[Unit]:
        """The members whose share is known, of enough dossiers to praise or blame anybody for."""
        known = [unit for unit in self.members if self.has_value(name, unit)]
        return [unit for unit in known if self.base(unit) >= MINIMUM_DENOMINATOR]

    def short_units(self, name: str) -> list[Unit]:
        """Those of the judged members that are below the standard."""
        return [unit for unit in self.judged_units(name) if self.missing(name, unit)]

    def _gap(self, name: str, unit: Unit) -> tuple[Fraction, int] | None:
        standard, row = self.standards[name], self.row(name, unit)
        if standard is None or not self.is_level(name, unit):
            return None
        return shortfall(standard.target, int(row["numerator"]), int(row["denominator"]))


def open_report(period: str, units: Sequence[str], vintage: str = "", *, start: Path | None = None) -> Report:
    """Everything the letter needs for a quarter ("2019-Q1") and the province ("42").

    UserError for another kind of period, a quarter after the levels ended and other units; NoDataError where
    nothing was reported. `start` is the folder to look for the project from.
    `vintage`: the facts as they once were (`listing.read_listing`); "" for now.
    """
    setting = open_setting(period, units, scope=_scope, vintage=vintage, start=start)
    quarter, province = setting.period, setting.units[0]
    standards = {name: _standard(load_targets(setting.root), name, quarter) for name in SHARES}
    if standards[ONLINE] is None or not standards[ONLINE].in_force:
        raise UserError(
            f"Không lập công văn về Chỉ thị 08/CT-UBND cho {quarter.name} vì chỉ tiêu của Chỉ thị chưa có hiệu lực trong cả quý; "
            f"hãy chọn quý từ {FIRST_QUARTER} đến {LAST_QUARTER}."
        )
    members = _members(setting.register, quarter)
    kinds = [rates.kind_unit(kind) for kind in dict.fromkeys(unit.kind for unit in members)]
    compared = setting.compare(SHARES, [province, *kinds, *members], quarter.previous(), rank_within=members)
    counted = setting.results(LEVELS, [province, *kinds], quarter)
    records = [*compared.to_dict("records"), *counted.to_dict("records")]
    rows = {(row["indicator"], row["unit"]): row for row in records}
    if not any(row["facts"] for (_, unit), row in rows.items() if unit == province.code):
        raise refuse_empty(quarter, setting.units, "số liệu thực hiện Chỉ thị 08/CT-UBND")
    if not any(rows[name, unit.code]["facts"] for name in SHARES for unit in members):
        members, kinds = [], []  # only figures of the whole province were reported
    setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))
    points, criteria, field = _read_points(setting, letter_day(quarter))
    return Report(setting, tuple(kinds), tuple(members), rows, standards, points, criteria, field)


def _read_points(
    setting: Setting, day: date
) -> tuple[IndexValue | None, tuple[IndexValue, ...], Index | None]:
    """The newest points of the field public on `day`, the rows of its criteria, and the index as it was that year."""
    values = indices.load_index_values(setting.root)
    public = [one for one in values if one.index == PAR and one.public_on <= day]
    points = indices.newest_value([one for one in public if one.is_known], FIELD)
    if points is None:
        return None, (), None
    field = load_index(setting.root, PAR, date(points.year, 12, 31))
    names = {part.name for part in field.parts(FIELD)}
    return points, tuple(one for one in public if one.component in names and one.year == points.year), field


def letter_day(quarter: Period) -> date:
    """The last day of the month in which the letter is written: the one after the quarter (seed 003)."""
    return (quarter.end + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _standard(targets: Sequence[Target], name: str, quarter: Period) -> Standard | None:
    """The target in force in the whole quarter, or the one that is in the whole next quarter."""
    for window in (quarter, quarter.next()):
        target = find_target(targets, name, "province", window)
        if target is not None:
            return Standard(target, in_force=window == quarter)
    return None


def _members(register: Register, period: Period) -> list[Unit]:
    return [unit for unit in register.on(period.end) if unit.kind in rates.LEAF_KINDS]


def _scope(facts: Facts, register: Register, period: Period, chosen: Sequence[Unit]) -> list[Unit]:
    """The province, its levels, kinds and units: all that the letter may name; UserError for what has no letter."""
    if [unit.code for unit in chosen] != [PROVINCE]:
        names = ", ".join(unit.official_name for unit in chosen[:3])
        raise UserError(
            f'Công văn directive_08 chỉ lập cho toàn tỉnh, nhận được «{names}»; hãy ghi units là ["{PROVINCE}"].'
        )
    _refuse_period(period, indicator(ONLINE))
    refuse_beyond(facts, period)
    members = _members(register, period)
    levels = [unit for unit in register.on(period.end) if unit.kind == "level"]
    return [chosen[0], *levels, *(rates.kind_unit(kind) for kind in rates.LEAF_KINDS), *members]


def _refuse_period(period: Period, share: Indicator) -> None:
    if period.kind != "quarter":
        raise UserError(
            "Công văn về Chỉ thị 08/CT-UBND lập theo quý vì chỉ tiêu của Chỉ thị tính theo quý, nhận được kỳ "
            f"«{period}»; hãy ghi kỳ là một quý như 2019-Q1."
        )
    if not share.in_force(period.start, period.end):
        last = vn.format_date(share.valid_to, "short")
        raise UserError(
            f"Không lập công văn về Chỉ thị 08/CT-UBND cho {period.name} vì quý này kết thúc sau ngày {last}, ngày cuối "
            "cùng còn dịch vụ công mức độ 3, mức độ 4 (sau đó Nghị định 42/2022/NĐ-CP chia thành một phần và toàn trình); "
            f"hãy chọn quý chậm nhất là {LAST_QUARTER} hoặc lập báo cáo online_services."
        )
