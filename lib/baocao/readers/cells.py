"""What one cell of a form may hold, and cells beside each other: a value, or ValueError or UserError with a sentence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from baocao.definitions import Measure, Period, Register, Unit, nearest
from baocao.definitions import vietnamese as vn

_MOST = 999_999_999
"""No unit of a province counts more dossiers than this: a longer number is two cells run together."""


def parse_name(text: str) -> str:
    """A name that must be there."""
    if not text:
        raise ValueError("Trống, cần một tên.")
    return text


def parse_measure(text: str, measures: dict[str, Measure]) -> str:
    """The name of a measure, exactly as in measures.csv."""
    if text in measures:
        return text
    near = ", ".join(nearest(text, measures))
    raise ValueError(f"Không có đại lượng «{text[:40]}» trong measures.csv; gần nhất: {near}.")


def parse_day(cell: str | date) -> date:
    """The day of a text (2025-07-24 or 24/07/2025), or the day itself."""
    return cell if isinstance(cell, date) else vn.parse_date(cell)


def parse_count(cell: str | int) -> int:
    """A number of dossiers, 0 or more: "1.234", "1234" or an integer. A blank is not 0.

    >>> parse_count("1.234"), parse_count("0"), parse_count(7)
    (1234, 0, 7)
    """
    text = str(cell)
    if not text:
        raise ValueError("Trống: chưa có số liệu thì bỏ cả dòng, bằng không thì ghi 0.")
    number = vn.parse_number(text)
    if number != number.to_integral_value():
        raise ValueError(f"«{text}» không phải là số nguyên, cần số hồ sơ, ví dụ 1.234.")
    if number < 0:
        raise ValueError(f"«{text}» là số âm, số hồ sơ phải từ 0 trở lên.")
    if number > _MOST:
        raise ValueError(f"«{text[:40]}» quá lớn, cần số hồ sơ không quá {vn.format_number(_MOST)}.")
    return int(number)


class UnitFinder:
    """The register's `find` for many cells: a code, as most files write, is looked up without any matching."""

    def __init__(self, register: Register):
        self.register = register
        self._by_code: dict[str, list[Unit]] = {}
        for unit in register.units:
            self._by_code.setdefault(unit.code, []).append(unit)

    def find(self, text: str, day: date) -> Unit:
        """The unit meant by a code or name on the day; UserError or ValueError with the nearest ones."""
        if not text:
            raise ValueError("Trống, cần mã hoặc tên đơn vị.")
        there = (unit for unit in self._by_code.get(text, ()) if unit.valid_on(day))
        return next(there, None) or self.register.find(text, day)


def parse_unit(text: str, start: date | None, end: date | None, finder: UnitFinder) -> str | None:
    """The code of the unit, whose code must be valid on both ends of the window."""
    if start is None or end is None:
        return None
    unit = finder.find(text, end)
    if start < end and not unit.valid_on(start):
        finder.find(unit.code, start)
    return unit.code


def parse_ranked_unit(text: str, period: Period | None, as_of: date | None, finder: UnitFinder) -> str | None:
    """The code of the unit, valid on the day of the score: `as_of`, or the period's last day."""
    return None if period is None else finder.find(text, as_of or period.end).code


def check_window(start: date | None, end: date | None) -> None:
    """The last day is not before the first."""
    if start and end and end < start:
        first, last = (vn.format_date(day, "short") for day in (start, end))
        raise ValueError(f"Kỳ đảo ngược: ngày cuối {last} trước ngày đầu {first}; hãy đổi chỗ hai ngày.")


def check_in_force(
    name: str | None, start: date | None, end: date | None, measures: dict[str, Measure]
) -> None:
    """The measure is defined for the whole window."""
    if name is None or start is None or end is None or measures[name].in_force(start, end):
        return
    one = measures[name]
    bounds = (("từ ngày", one.valid_from), ("đến hết ngày", one.valid_to))
    valid = " ".join(f"{word} {vn.format_date(day, 'short')}" for word, day in bounds if day)
    raise ValueError(f"Đại lượng «{name}» chỉ có hiệu lực {valid}, kỳ này không nằm trọn trong đó.")


def parse_maximum(text: str) -> Decimal | None:
    """The most points a component can bring; None where it is not given."""
    if not text:
        return None
    number = vn.parse_number(text)
    if number <= 0:
        raise ValueError(f"«{text}» không phải là điểm tối đa, cần một số lớn hơn 0.")
    return number


def parse_score(text: str, maximum: Decimal | None) -> tuple[Decimal, str | None] | None:
    """Score and warning; without a maximum a dot can only group thousands."""
    if not text:
        return None
    if maximum is not None:
        return vn.parse_score(text, maximum)
    number = vn.parse_number(text)
    if number < 0:
        raise ValueError(f"«{text}» là số âm, điểm phải từ 0 trở lên.")
    return number, None


def parse_rank(text: str) -> int | None:
    """A place or a number of places; None where it is not given."""
    if not text:
        return None
    number = parse_count(text)
    if number < 1:
        raise ValueError("Thứ hạng và số đơn vị được xếp hạng bắt đầu từ 1; chưa có thì để trống.")
    return number


def check_rank(rank: int | None, out_of: int | None) -> None:
    """A place lies within the number of places."""
    if rank is not None and out_of is not None and rank > out_of:
        raise ValueError(f"Thứ hạng {rank} lớn hơn số đơn vị được xếp hạng {out_of}.")


def check_as_of(period: Period | None, as_of: date | None) -> None:
    """A score cannot be known before its period begins."""
    if period and as_of and as_of < period.start:
        last, first = (vn.format_date(day, "short") for day in (as_of, period.start))
        raise ValueError(f"Số liệu tính đến ngày {last}, trước ngày đầu kỳ {first}.")


def check_given(score: str, rank: str) -> None:
    """A row says a score or a rank."""
    if not score and not rank:
        raise ValueError("Cả điểm và thứ hạng đều trống; hãy ghi ít nhất một trong hai hoặc bỏ dòng này.")
