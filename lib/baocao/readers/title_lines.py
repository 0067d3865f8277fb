"""The lines above a table: which period it is of, and on which day its figures were taken."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from baocao.definitions import Period, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.portal.answer import whole_period

# On folded text: small letters, no diacritics, one space for every mark.
_DAY = r"(?:\d{1,2} (?:thang )?\d{1,2} (?:nam )?\d{4}|\d{4} \d{2} \d{2})"
_LAW = re.compile(
    r"\b(?:luat|nghi quyet|nghi dinh|quyet dinh|thong tu|chi thi|cong van|ke hoach)(?: so)?(?: \d{1,5})?(?: \d{4})?"
    rf"(?: [a-z]{{1,6}}){{0,4}}(?: ngay {_DAY})?"
)
_RANGE = re.compile(rf"\btu(?: ngay)? ({_DAY}) (?:den|toi)(?: het)?(?: ngay)? ({_DAY})")
_TAKEN = re.compile(
    r"\b(?:tinh den|den het|den ngay|cap nhat|chup|lay so lieu|so lieu ngay|truy cap|trich xuat|luu ngay|thoi diem)\b"
    rf"[a-z0-9 ]{{0,40}}?\b({_DAY})"
)
_ANY_DAY = re.compile(rf"\b(?:ngay )?{_DAY}")
_PERIODS = (
    (re.compile(r"\bquy (i{1,3}|iv|[1-4]) (?:nam )?(\d{4})\b"), "quarter"),
    (re.compile(r"\b(\d{1,2}) thang dau (?:nam )?(\d{4})\b"), "months"),
    (re.compile(r"\b0?6 thang cuoi (?:nam )?(\d{4})\b"), "last half"),
    (re.compile(r"\bthang (\d{1,2}) (?:nam )?(\d{4})\b"), "month"),
    (re.compile(r"\bnam (\d{4})\b"), "year"),
)


def settle(lines: Sequence[str], period: Period | None, as_of: date | None) -> tuple[Period, date | None]:
    """Period and day as the lines say or as given. ValueError where they contradict each other or there is no period."""
    said = period or find_period(lines)
    if period and (other := find_period(lines)) and other != period:
        raise ValueError(f"Trang ghi kỳ {other}, lệnh ghi {period}; hãy bỏ tham số hoặc chọn đúng tệp.")
    if as_of and (day := find_day(lines)) and day != as_of:
        raise ValueError("Trang ghi ngày lấy số liệu khác với --as-of; hãy bỏ tham số hoặc chọn đúng tệp.")
    if said is None:
        raise ValueError("Các dòng tiêu đề không ghi kỳ; hãy nạp lại kèm --period, ví dụ --period 2026-08.")
    taken = as_of or find_day(lines)
    cells.check_as_of(said, taken)
    return said, taken


def find_period(lines: Iterable[str]) -> Period | None:
    """The one period that the lines name; None where they name none. ValueError where they name two.

    Days of legal documents are not periods: "Quyết định 766/QĐ-TTg ngày 23/6/2022" names none.

    >>> str(find_period(["BỘ CHỈ SỐ theo Quyết định số 766/QĐ-TTg ngày 23/6/2022", "Quý III năm 2026"]))
    '2026-Q3'
    >>> str(find_period(["Số liệu 07 tháng đầu năm 2025 (tính đến ngày 24/07/2025)"]))
    '2025-M7'
    """
    found: dict[str, Period] = {}
    for line in lines:
        text = _LAW.sub(" ", vn.fold(line))
        if match := _RANGE.search(text):
            first, last = (_day(part) for part in match.groups())
            if last < first:
                raise ValueError("Dòng tiêu đề ghi kỳ đảo ngược: ngày cuối trước ngày đầu.")
            period = whole_period(first, last)
            found[period.code] = period
            continue
        period = _named(_ANY_DAY.sub(" ", text))
        if period:
            found[period.code] = period
    if len(found) > 1:
        raise ValueError(
            f"Các dòng tiêu đề ghi nhiều kỳ khác nhau: {', '.join(found)}; hãy nạp lại kèm --period."
        )
    return next(iter(found.values()), None)


def find_day(lines: Iterable[str]) -> date | None:
    """The one day on which the lines say the figures were taken; None where they say none. ValueError for two.

    >>> find_day(["Bảng điểm năm 2026 (chụp lúc 06:00 ngày 06/10/2026)"])
    datetime.date(2026, 10, 6)
    """
    found = set()
    for line in lines:
        text = _RANGE.sub(" ", _LAW.sub(" ", vn.fold(line)))
        found |= {_day(match[1]) for match in _TAKEN.finditer(text)}
    if len(found) > 1:
        days = ", ".join(vn.format_date(day, "short") for day in sorted(found))
        raise ValueError(f"Các dòng tiêu đề ghi nhiều ngày lấy số liệu: {days}; hãy nạp lại kèm --as-of.")
    return next(iter(found), None)


def _day(text: str) -> date:
    numbers = re.findall(r"\d+", text)
    return vn.parse_date("-".join(numbers) if len(numbers[0]) == 4 else "/".join(numbers))


def _named(text: str) -> Period | None:
    """The first period that a folded line names, the more precise kinds first."""
    for pattern, kind in _PERIODS:
        if match := pattern.search(text):
            number, year = (match[1], match[2]) if match.re.groups == 2 else ("", match[1])
            if kind == "quarter":
                number = number if number.isdecimal() else str(vn.parse_roman(number))
            codes = {"quarter": f"{year}-Q{number}", "last half": f"{year}-H2", "year": year}
            if kind in ("month", "months"):
                one = int(number)
                short = {1: f"{year}-01", 6: f"{year}-H1", 12: year}
                codes |= {"month": f"{year}-{one:02d}", "months": short.get(one, f"{year}-M{one}")}
            try:
                return Period.parse(codes[kind])
            except UserError as error:
                raise ValueError(str(error)) from None
    return None
