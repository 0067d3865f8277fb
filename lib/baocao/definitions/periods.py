"""Reporting periods: their windows of days, Vietnamese names and neighbours.

Whole months are counted by one of two conventions: "calendar", from the 1st to the last day (as the portal of
Quyết định 766/QĐ-TTg does), or "15", from the 15th of the month before to the 14th of the last month (Nghị định
09/2019/NĐ-CP). Any range of days is a period too. Plain dates, both ends included; nothing here knows today.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError

FORMS = (
    "tháng 2025-07, quý 2025-Q3, sáu tháng 2025-H1, lũy kế từ đầu năm 2025-M7, năm 2025, khoảng ngày "
    "2025-07-01..2025-07-24, thêm @15 nếu tính từ ngày 15 đến ngày 14 như 2025-07@15"
)
"""The forms of a period's code, as error sentences and the command line's help show them."""

_YEARS = range(1900, 2100)
_PER_YEAR = {"month": 12, "quarter": 4, "half": 2, "months": 12, "year": 1}
_CODES = {"month": "{}-{:02d}", "quarter": "{}-Q{}", "half": "{}-H{}", "months": "{}-M{}", "year": "{}"}
_SAME = {("months", 1): ("month", 1), ("months", 6): ("half", 1), ("months", 12): ("year", 1)}
_LIMITS = {
    "month": "không có tháng {}, chỉ có tháng 01 đến tháng 12",
    "quarter": "không có quý {}, chỉ có quý 1 đến quý 4",
    "half": "không có H{}, chỉ có H1 là 06 tháng đầu năm và H2 là 06 tháng cuối năm",
    "months": "không có {} tháng đầu năm, chỉ có từ 1 đến 12 tháng",
}

# How people write periods, after vn.fold: lower case, no accents, one space for every mark.
_Y, _N, _Q = r"(?P<year>\d{4})", r"(?P<number>\d{1,2})", r"(?P<number>\d{1,2}|i{1,3}|iv|v)"
_LOOSE = (
    ("year", rf"(?:nam )?{_Y}"),
    ("month", rf"{_Y} (?:thang |t)?{_N}"),
    ("month", rf"{_Y}(?P<number>\d\d)"),
    ("month", rf"(?:thang |t)?{_N} (?:nam )?{_Y}"),
    ("quarter", rf"{_Y} ?q(?:uy)? ?{_Q}"),
    ("quarter", rf"q(?:uy)? ?{_Q} (?:nam )?{_Y}"),
    ("half", rf"{_Y} ?h ?{_N}"),
    ("months", rf"{_Y} ?m ?{_N}"),
    ("months", rf"{_N} thang (?:dau )?(?:nam )?{_Y}"),
    ("last six months", rf"0?6 thang cuoi (?:nam )?{_Y}"),
)
_DAY = r"(?:(\d{4}) (\d{1,2}) (\d{1,2})|(\d{1,2}) (\d{1,2}) (\d{4}))"
_LOOSE_RANGE = rf"(?:tu )?(?:ngay )?{_DAY}(?: (?:den )?(?:ngay )?{_DAY})?"


@dataclass(frozen=True)
class Period:
    """A reporting period; make one with `Period.parse` or `Period.between`, its code says all of it.

    code        "2025-07", "2025-Q3", "2025-H1", "2025-M7", "2025", "2025-07-01..2025-07-24"; "@15" at the end
                for the windows from the 15th to the 14th
    kind        month, quarter, half, months (the first n of a year), year, range
    convention  calendar or 15
    start, end  first and last day of the data, both included

    >>> Period.parse("2025-M7").name, str(Period.parse("2025-Q1@15").start)
    ('07 tháng đầu năm 2025', '2024-12-15')
    """

    code: str
    kind: str
    convention: str
    start: date
    end: date

    @classmethod
    def parse(cls, text: object) -> Period:
        """The period of a code; other spellings are refused with the code they probably mean.

        "2025-M1", "2025-M6" and "2025-M12" are the month, the half and the year: one period, one code. A year
        that a YAML file gives as a number is accepted.
        """
        written = vn.clean(str(text))
        base, at, suffix = written.partition("@")
        meant, spelling, reason = _read(base, "15" if at else "calendar")
        if at and meant and meant.kind == "range":
            meant, reason = cls.between(meant.start, meant.end), "khoảng ngày không đi cùng @15"
        elif at and suffix != "15":
            reason = "sau @ chỉ có thể là 15"
        elif meant and not reason and base.upper() == spelling:
            return meant
        sentence = f"Kỳ báo cáo «{written[:50]}» không hợp lệ"
        sentence += f" ({reason})" if reason else ""
        sentence += f", có lẽ là «{meant}»" if meant else ""
        raise UserError(f"{sentence}; các dạng đúng: {FORMS}.")

    @classmethod
    def between(cls, start: date, end: date) -> Period:
        """The range of days from `start` to `end`, both included.

        >>> Period.between(date(2025, 7, 1), date(2025, 7, 24)).days
        24
        """
        # A pandas timestamp is a date too, but equal to no plain one.
        start, end = (date(day.year, day.month, day.day) for day in (start, end))
        if end < start:
            raise ValueError(f"a period must not end before it starts: {start} to {end}")
        return cls(f"{start:%Y-%m-%d}..{end:%Y-%m-%d}", "range", "calendar", start, end)

    def __str__(self) -> str:
        return self.code

    @property
    def days(self) -> int:
        """Number of days in the window."""
        return (self.end - self.start).days + 1

    @property
    def window_text(self) -> str:
        """The window in words, as reports must print it: "từ ngày 01/07/2025 đến ngày 24/07/2025"."""
        first, last = vn.format_date(self.start, "short"), vn.format_date(self.end, "short")
        return f"ngày {first}" if first == last else f"từ ngày {first} đến ngày {last}"

    @property
    def name(self) -> str:
        """The Vietnamese name used inside sentences; the window follows it where it is not the calendar's.

        >>> Period.parse("2025-02@15").name
        'tháng 02 năm 2025 (số liệu từ ngày 15/01/2025 đến ngày 14/02/2025)'
        """
        if self.kind == "range":
            return self.window_text
        name = {
            "month": f"tháng {vn.format_month(self.end.month)} năm",
            "quarter": f"quý {vn.roman(self._number)} năm",
            "half": "06 tháng cuối năm" if self._number == 2 else "06 tháng đầu năm",
            "months": f"{vn.format_count_in_text(self._number)} tháng đầu năm",
            "year": "năm",
        }[self.kind]
        window = f" (số liệu {self.window_text})" if self.convention == "15" else ""
        return f"{name} {self.end.year}{window}"

    def previous(self) -> Period:
        """The period just before, of the same kind and convention.

        For the first n months of a year it is the first n - 1: the same cumulative figure a month earlier
        (the windows overlap; compare cumulative counts with `same_period_last_year`). For a range it is as
        many whole months just before, when it consists of whole months, else as many days.

        >>> str(Period.parse("2025-Q1").previous()), str(Period.parse("2025-07-01..2025-07-24").previous())
        ('2024-Q4', '2025-06-07..2025-06-30')
        """
        return self._step(-1)

    def next(self) -> Period:
        """The period just after, by the rules of `previous`."""
        return self._step(1)

    def same_period_last_year(self) -> Period:
        """The same period of the year before ("cùng kỳ"); a range ends on 28/02 where there is no 29/02."""
        if self.kind != "range":
            return _numbered(self.kind, self.end.year - 1, self._number, self.convention)
        if self._whole_months:
            return Period.between(*_window(_ordinal(self.start) - 12, _ordinal(self.end) - 12))
        return Period.between(_year_before(self.start), _year_before(self.end))

    def months(self) -> list[Period]:
        """The months that tile the window, in order and by the same convention; none if it cuts a month.

        >>> [str(month) for month in Period.parse("2025-Q3").months()]
        ['2025-07', '2025-08', '2025-09']
        """
        if self.kind == "range" and not self._whole_months:
            return []
        # The 20th of a window's first month: the 15th to the 14th belong to the month they end in.
        first = _ordinal(self.start) + (self.convention == "15")
        return [_numbered("month", 0, at + 1, self.convention) for at in range(first, _ordinal(self.end) + 1)]

    @property
    def _number(self) -> int:
        """Which month, quarter or half of its year this is; of first months, how many."""
        return self.end.month * _PER_YEAR[self.kind] // 12

    @property
    def _whole_months(self) -> bool:
        return (self.start, self.end) == _window(_ordinal(self.start), _ordinal(self.end))

    def _step(self, by: int) -> Period:
        if self.kind != "range":
            return _numbered(self.kind, self.end.year, self._number + by, self.convention)
        if self._whole_months:
            first, last = _ordinal(self.start), _ordinal(self.end)
            count = by * (last - first + 1)
            return Period.between(*_window(first + count, last + count))
        shift = timedelta(days=by * self.days)
        return Period.between(self.start + shift, self.end + shift)


def _ordinal(day: date) -> int:
    """Months since the year 0: lets months be counted across years."""
    return day.year * 12 + day.month - 1


def _window(first: int, last: int, convention: str = "calendar") -> tuple[date, date]:
    """First and last day of the months `first` to `last` (ordinals) by a convention."""
    starts = [date(at // 12, at % 12 + 1, 1) for at in (first - 1, first, last, last + 1)]
    if convention == "15":
        return starts[0].replace(day=15), starts[2].replace(day=14)
    return starts[1], starts[3] - timedelta(days=1)


def _numbered(kind: str, year: int, number: int, convention: str) -> Period:
    """The period of this number in a year; a number below 1 or too high runs into the years beside it."""
    kind, number = _SAME.get((kind, number), (kind, number))
    year, number = divmod(year * _PER_YEAR[kind] + number - 1, _PER_YEAR[kind])
    length = 12 // _PER_YEAR[kind]
    last = year * 12 + (number + 1) * length - 1
    first = year * 12 if kind == "months" else last - length + 1
    code = _CODES[kind].format(year, number + 1) + ("@15" if convention == "15" else "")
    return Period(code, kind, convention, *_window(first, last, convention))


def _year_before(day: date) -> date:
    year = day.year - 1
    return date(year, day.month, min(day.day, monthrange(year, day.month)[1]))


def _read(base: str, convention: str) -> tuple[Period | None, str, str]:
    """The period meant by a text without its @15, the right spelling of it, and what is wrong with it if known."""
    folded = vn.fold(base)
    if found := re.fullmatch(_LOOSE_RANGE, folded, re.ASCII):
        if ".." in base and not any(found.groups()[6:]):
            return None, "", "thiếu ngày đầu hoặc ngày cuối"
        return _read_range(found)
    for kind, pattern in _LOOSE:
        if found := re.fullmatch(pattern, folded, re.ASCII):
            break
    else:
        return None, "", ""
    year, written = int(found["year"]), found.groupdict().get("number") or "1"
    if year not in _YEARS:
        return None, "", f"năm {year} nằm ngoài khoảng từ {_YEARS[0]} đến {_YEARS[-1]}"
    if kind == "last six months":
        kind, written = "half", "2"
    number = int(written) if written.isdecimal() else vn.parse_roman(written)
    nearest = min(max(number, 1), _PER_YEAR[kind])
    reason = "" if number == nearest else _LIMITS[kind].format(number)
    return _numbered(kind, year, nearest, convention), _CODES[kind].format(year, nearest), reason


def _read_range(found: re.Match) -> tuple[Period | None, str, str]:
    """As `_read`, for one day or a first and a last; a day that is in no calendar means its month's last."""
    days, reasons = [], []
    numbers = [number for number in found.groups() if number]
    for at in range(0, len(numbers), 3):
        parts = numbers[at : at + 3] if len(numbers[at]) == 4 else numbers[at : at + 3][::-1]
        year, month, day = (int(part) for part in parts)
        if year not in _YEARS:
            return None, "", f"năm {year} nằm ngoài khoảng từ {_YEARS[0]} đến {_YEARS[-1]}"
        near_month = min(max(month, 1), 12)
        days.append(date(year, near_month, min(max(day, 1), monthrange(year, near_month)[1])))
        if (days[-1].month, days[-1].day) != (month, day):
            reasons.append(f"không có ngày {day:02d}/{month:02d}/{year}")
    if days[0] > days[-1]:
        first, last = (vn.format_date(day, "short") for day in (days[0], days[-1]))
        reasons.append(f"ngày đầu {first} đứng sau ngày cuối {last}")
    meant = Period.between(min(days), max(days))
    return meant, meant.code, ", ".join(reasons)
