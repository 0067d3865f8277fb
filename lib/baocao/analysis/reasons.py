"""Why two figures are not compared, or how they are: sentence parts, in which names and dates stay what they are.

A reason is a tuple of words, units, days, periods and names with digits. `plain` writes it for a table or a
terminal; a report writes it through its claims (`memos.common.Setting.explain`), so that every digit and unit in it
is declared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from baocao.definitions import Period, Unit
from baocao.definitions import vietnamese as vn


@dataclass(frozen=True)
class Name:
    """A fixed name that holds digits ("mức độ 3, mức độ 4")."""

    text: str


Part = str | Unit | date | Period | Name
Reason = tuple[Part, ...]

NO_BASE: Reason = ("không có số liệu của kỳ đó",)
NO_VALUE: Reason = ("chưa có số liệu của kỳ này",)
ZERO_BASE: Reason = ("kỳ đó không phát sinh hồ sơ để tính",)
ZERO_VALUE: Reason = ("kỳ này không phát sinh hồ sơ để tính",)
OTHER_DEFINITION: Reason = ("chỉ tiêu không được áp dụng trong cả hai kỳ",)
NOT_IN_FORCE: Reason = ("chỉ tiêu không được áp dụng trong kỳ đó",)
OTHER_VERSION: Reason = ("cách tính chỉ tiêu đã thay đổi giữa hai kỳ",)
NEW_UNIT: Reason = ("đơn vị chưa có trong kỳ đó và không có đơn vị tiền thân",)
PARTLY_ALIVE: Reason = ("đơn vị chỉ hoạt động trong một phần của kỳ này",)
CHANGED_INSIDE: Reason = ("đơn vị được sắp xếp lại ngay trong kỳ này",)
CHANGED_BETWEEN: Reason = ("đơn vị được sắp xếp lại giữa hai kỳ",)
ENDED: Reason = ("đơn vị đã kết thúc hoạt động trước kỳ này",)
OTHER_LEVELS: Reason = ("số cấp chính quyền của hai kỳ khác nhau",)
LEVEL_ENDED_INSIDE: Reason = ("một cấp chính quyền kết thúc hoạt động và bàn giao nhiệm vụ trong kỳ",)
OTHER_GROUP: Reason = ("nhóm đơn vị của hai kỳ không cùng phạm vi",)
INCOMPLETE: Reason = ("số liệu của kỳ này chưa gồm đủ các đơn vị",)
INCOMPLETE_BASE: Reason = ("số liệu của kỳ đó chưa gồm đủ các đơn vị",)
OTHER_FORM: Reason = ("số hồ sơ để tính tỷ lệ của hai kỳ lấy từ hai bảng khác nhau",)
OTHER_KIND: Reason = ("hai kỳ không cùng độ dài",)
OTHER_CONVENTION: Reason = ("hai kỳ chốt số liệu theo hai cách khác nhau",)
OVERLAP: Reason = ("hai kỳ có những ngày trùng nhau",)
OTHER_BASE: Reason = ("số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau",)
NO_RANK: Reason = ("chưa có thứ hạng của một trong hai kỳ",)


def plain(reason: Sequence[Part]) -> str:
    """The reason as plain text.

    >>> plain(("từ ngày ", date(2025, 7, 1), " theo ", Name("Quyết định 766/QĐ-TTg")))
    'từ ngày 01/07/2025 theo Quyết định 766/QĐ-TTg'
    """
    return "".join(say_plainly(part) for part in reason)


def say_plainly(part: Part) -> str:
    """One part as plain text."""
    if isinstance(part, str):
        return part
    if isinstance(part, Unit):
        return part.official_name
    if isinstance(part, Period):
        return part.name
    return part.text if isinstance(part, Name) else vn.format_date(part, "short")


def join_units(units: Sequence[Unit]) -> Reason:
    """The units as a list; names that hold "và" or a comma stay apart from one another."""
    mark = "; " if any("," in unit.official_name for unit in units) else ", "
    listed: list[Part] = []
    for unit in units:
        listed += [mark, unit] if listed else [unit]
    return tuple(listed)


def owners(units: Sequence[Unit]) -> str:
    """What the label of a base says of whose sum it is, where it is not the unit's own: ", tổng của A, B"; else nothing."""
    return f", tổng của {plain(join_units(units))}" if units else ""


def add(reason: Reason, other: Reason) -> Reason:
    """Both reasons, where there are two."""
    return (*reason, "; ", *other) if reason and other else reason or other


def name_base(period: Period, base: Period) -> Reason:
    """How the base of a comparison is called beside the period.

    >>> july = Period.parse("2025-07")
    >>> [plain(name_base(july, Period.parse(code))) for code in ("2024-07", "2025-06", "2025-01")]
    ['cùng kỳ năm trước', 'tháng trước', 'tháng 01 năm 2025']
    """
    previous = {"month": "tháng trước", "quarter": "quý trước", "year": "năm trước"}
    if base == period.previous():
        return (previous.get(period.kind, "kỳ trước"),)
    if base == period.same_period_last_year():
        return ("cùng kỳ năm trước",)
    return (base,)
