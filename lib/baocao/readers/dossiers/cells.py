"""What one cell of a dossier export says: a day, a code, a number, yes or no; None where nothing is given.

Every function takes the text of a cell and raises ValueError with the sentence to show. The sentences never repeat
the cell: what a cell holds by mistake may be a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers.schema import RANGES

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2099, 12, 31)
"""No day of a dossier lies outside: it is a slip of the pen, or a program's mark for nothing."""

_NOTHING = {
    "",
    "-",
    "–",
    "—",
    "--",
    "/",
    ".",
    "null",
    "(null)",
    "none",
    "nan",
    "nat",
    "na",
    "n/a",
    "không có",
}
_ZERO_DAY = re.compile(r"0?1[/.-]0?1[/.-]0001|0001-01-01|00[/.-]00[/.-]0000|0000-00-00|0(?:[.,]0*)?")
"""What programs write for a day that is not known: the first day of .NET, the zero day of MySQL, an empty serial."""

_CLOCK = (
    r"[0-9]{1,2}(?::|h| giờ )[0-9]{2}(?:(?::|m)?[0-9]{2}(?:[.,][0-9]+)?)?(?: phút|s)?(?: ?(?:SA|CH|AM|PM))?"
)
_AFTER = re.compile(rf"(?P<day>.*[0-9])(?:[ T]|, | lúc ){_CLOCK}", re.IGNORECASE)
_BEFORE = re.compile(rf"(?:lúc )?{_CLOCK},? (?:ngày )?(?P<day>[0-9].*)", re.IGNORECASE)
_ZONED = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}.*(?:Z|[+-][0-9]{2}:?[0-9]{2})", re.IGNORECASE
)
_COMPACT = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[T ]?([01]\d|2[0-3])([0-5]\d)(?:([0-5]\d)(?:[.,]?\d+)?)?(Z|[+-]\d{4})?)?",
    re.ASCII,
)
"""As systems exchange moments: 20250724, 20250724083159."""

_SERIAL = re.compile(r"[0-9]{1,6}(?:[.,][0-9]+)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})[/.]([0-9]{1,2})[/.]([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
EPOCH, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)
"""The day 0 of a workbook; the second of those of old Macs."""
_HOURS_AHEAD = timedelta(hours=7)
_EXAMPLE = "hãy viết như 24/07/2025"


def cell_text(cell: object) -> str | None:
    """The text of a spreadsheet's cell: 5.0 is "5", a moment is "2025-07-24T08:31:00"; None where it is blank."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < 1e15 else f"{cell:.14E}"  # no spreadsheet keeps more digits
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_nothing(text: str) -> bool:
    """Whether the cell only marks that nothing is given.

    >>> is_nothing(" - "), is_nothing("NULL"), is_nothing("0")
    (True, True, False)
    """
    return text.strip().casefold() in _NOTHING


def parse_day(text: str, epoch: date = EPOCH) -> date | None:
    """The day of a date, with or without its time; day first, year first, in words, or as Excel's number from `epoch` on.

    A moment with a time zone is taken in Vietnam's. Refused: a day not in the calendar, the month first, a year of
    two digits, a year before 1990 or after 2099.

    >>> parse_day("24/7/2025 08:31") == parse_day("2025-07-24") == parse_day("45862.5") == date(2025, 7, 24)
    True
    >>> parse_day("2025-07-23T20:00:00Z"), parse_day("")
    (datetime.date(2025, 7, 24), None)
    """
    written = vn.clean(text)
    if is_nothing(written):
        return None
    if parts := _COMPACT.fullmatch(written):
        year, month, day, hour, minute, second, zone = parts.groups()
        clock = f" {hour}:{minute}:{second or '00'}" if hour else ""
        zone = f"{zone[:3]}:{zone[3:]}" if zone and zone != "Z" else zone or ""
        written = f"{year}-{month}-{day}{clock}{zone}"
    if _ZONED.fullmatch(written):
        return _within(_local_day(written))
    if part := _AFTER.fullmatch(written) or _BEFORE.fullmatch(written):
        written = part["day"].rstrip(" ,T")
    if _ZERO_DAY.fullmatch(written):
        return None
    if _SERIAL.fullmatch(written):
        whole = int(re.split("[.,]", written)[0])
        if not (FIRST_DAY - epoch).days <= whole <= (LAST_DAY - epoch).days:
            raise ValueError(f"Số này không phải là ngày của Excel, {_EXAMPLE}.")
        return epoch + timedelta(days=whole)
    if swapped := _YEAR_FIRST.fullmatch(written):
        written = f"{swapped[1]}-{int(swapped[2]):02d}-{int(swapped[3]):02d}"
    try:
        return _within(vn.parse_date(written))
    except _UnlikelyYear:
        raise
    except ValueError:
        if parts := _DAY_FIRST.fullmatch(written):
            if int(parts[1]) <= 12 < int(parts[2]) <= 31:
                raise ValueError(
                    "Ngày này viết tháng trước ngày sau, các ngày khác trong cột có thể cũng bị đảo; "
                    "hãy xuất lại cột này theo ngày/tháng/năm."
                ) from None
            raise ValueError(f"Ngày này không có trong lịch, {_EXAMPLE}.") from None
        raise ValueError(f"Ô này không phải là ngày, {_EXAMPLE} hoặc 2025-07-24.") from None


def is_serial(text: str) -> bool:
    """Whether the cell is a number that a spreadsheet would show as a day."""
    return bool(_SERIAL.fullmatch(text.strip())) and not _ZERO_DAY.fullmatch(text.strip())


def is_typed(text: str) -> bool:
    """Whether the cell is written as a spreadsheet keeps a day (2025-07-24 or its number), not as people type one.

    >>> is_typed("2025-07-24"), is_typed("45862"), is_typed("24/07/2025")
    (True, True, False)
    """
    return is_serial(text) or bool(re.match(r"\s*[0-9]{4}-[0-9]{2}-", text))


def are_swapped(typed: set[date], written: set[date]) -> bool:
    """Whether a spreadsheet took the month of days for the day where it could, so that only days 13-31 are still text.

    typed    days of cells that it made days, all of them the 1st to the 12th then
    written  days of cells that it left as text, all of them the 13th to the 31st

    Not where the days as read lie among the months of the text, and turned back would not.
    """
    turned = {day: day.replace(month=day.day, day=day.month) for day in typed if day.day <= 12}
    doubtful = [day for day, other in turned.items() if day != other]
    if not doubtful or len(turned) < len(typed) or not written or min(day.day for day in written) <= 12:
        return False
    first, last = min(written).replace(day=1), (max(written) + timedelta(days=31)).replace(day=1)

    def apart(days: Iterable[date]) -> int:
        return sum(max((first - day).days, (day - last).days, 0) for day in days)

    as_read, back = apart(doubtful), apart(turned[day] for day in doubtful)
    return back < as_read or (back == as_read and len(doubtful) > 1 and len(written) > 1)


class _UnlikelyYear(ValueError):
    """A day of a year in which no dossier lies."""


def _within(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise _UnlikelyYear(f"Năm {day.year} không hợp lý, cần một năm từ {FIRST_DAY.year} đến {LAST_DAY.year}.")


def _local_day(written: str) -> date:
    try:
        moment = datetime.fromisoformat(written.upper())
        return (moment - moment.utcoffset() + _HOURS_AHEAD).date()
    except (ValueError, OverflowError):
        raise ValueError(f"Ô này không phải là ngày giờ đúng cách, {_EXAMPLE}.") from None


def word_key(text: str) -> str:
    """A word of a code for matching: folded; of a number its worth, so that 01, 1 and 1.0 are one.

    >>> word_key("Đang xử lý"), word_key("01"), word_key("1.0")
    ('dang xu ly', '1', '1')
    """
    number = re.fullmatch(r"0*([0-9]+?)(?:[.,]0+)?", text.strip())
    return number[1] if number else vn.fold(text)


def parse_code(text: str, column: str, words: Mapping[str, int | bool], own: bool = False) -> int | None:
    """The code of a coded column: a known word for it, else the number itself ("4", "4.0", "4 - Đang xử lý").

    own  a mapping says what the numbers of the column mean: those that it does not name are refused

    >>> parse_code("Đang xử lý", "status", {"dang xu ly": 4}), parse_code("10", "status", {})
    (4, 10)
    """
    if is_nothing(text):
        return None
    if (key := word_key(text)) in words:
        return int(words[key])
    low, high = RANGES[column]
    if number := re.fullmatch(r"([0-9]{1,4})(?:\.0+)?(?:\s*[-–.:)]\s*(.*))?", text.strip()):
        given = int(words.get(str(int(number[1])), -1)) if own else int(number[1])
        meant = words.get(word_key(number[2]), -1) if number[2] and not own else given
        if low <= given <= high and given == meant:
            return given
        if own:
            raise ValueError(
                "Mã này không có trong tệp --mapping, là tệp nêu mã số của cột; hãy thêm vào tệp đó."
            )
    raise ValueError(
        f"Ô này không phải là mã từ {low} đến {high} hay chữ được biết; hãy sửa, hoặc thêm chữ này vào tệp --mapping, "
        f"mục words, cột {column}."
    )


def parse_truth(text: str, column: str, words: Mapping[str, int | bool], own: bool = False) -> bool | None:
    """Yes or no: 1, 0, true, false, or a known word; `own` as in `parse_code`.

    >>> parse_truth("Có", "paid_online", {"co": True}), parse_truth("0", "paid_online", {})
    (True, False)
    """
    # "Không có" is an answer here, not a blank.
    if (key := word_key(text)) in words:
        return bool(words[key])
    if is_nothing(text):
        return None
    if key in ("0", "1") and not own:
        return key == "1"
    raise ValueError(
        "Ô này không phải là «Có», «Không» hay chữ được biết; hãy sửa, hoặc thêm chữ này vào tệp --mapping, mục words, "
        f"cột {column}."
    )


def is_old_level(text: str) -> bool:
    """Whether a level of service is called as until 2022, when Nghị định 42/2022/NĐ-CP left two of the four levels.

    >>> is_old_level("Mức độ 4"), is_old_level("Toàn trình"), is_old_level("4")
    (True, False, False)
    """
    return bool(re.fullmatch(r"(?:dvc|dich vu cong)? ?(?:truc tuyen)? ?muc(?: do)? [1-4]", vn.fold(text)))


def parse_whole(text: str) -> int | None:
    """A small whole number, 0 to 9999.

    >>> parse_whole("2"), parse_whole("2.0"), parse_whole("-")
    (2, 2, None)
    """
    if is_nothing(text):
        return None
    if number := re.fullmatch(r"([0-9]{1,4})(?:[.,]0+)?", text.strip()):
        return int(number[1])
    raise ValueError("Ô này không phải là số nguyên từ 0 đến 9999, hãy sửa.")


def parse_duration(text: str) -> int | None:
    """A duration in calendar days: "15", "15 ngày"; "10 ngày làm việc" are two weeks, 14 days; hours at least 1 day.

    >>> parse_duration("15 ngày"), parse_duration("10 ngày làm việc"), parse_duration("4 giờ")
    (15, 14, 1)
    """
    if is_nothing(text):
        return None
    folded = vn.fold(re.sub(r"(?<=[0-9])[.,]0+(?![0-9])", "", text))
    if not (part := re.fullmatch(r"([0-9]{1,4})(?: (ngay|ngay lam viec|gio|gio lam viec))?", folded)):
        raise ValueError("Ô này không phải là số ngày, hãy viết như «15» hoặc «15 ngày làm việc».")
    number, unit = int(part[1]), part[2] or "ngay"
    if unit.startswith("gio"):
        return -(-number // (8 if "lam viec" in unit else 24))
    return number // 5 * 7 + number % 5 if "lam viec" in unit else number


# --------------------------------------------------------------------------------------------------
# What of a cell may be shown: it may hold a person's particulars by mistake.


def is_harmless(text: str) -> bool:
    """Whether the text is a date, or a number of few digits."""
    return bool(re.fullmatch(r"[0-9/.,: T-]{1,20}", text)) and not _has_long_number(text)


def shown_word(text: str) -> str:
    """The text where it is a short word for a code; "" where it may be a name, a number or an address of a person.

    >>> shown_word("Đang chờ"), shown_word("Lê Văn Thử"), shown_word("0912345678")
    ('Đang chờ', '', '')
    """
    word = vn.clean(text)
    named = " " in word and all(part[0].isupper() for part in word.split())
    return "" if len(word) > 40 or named or "@" in word or _has_long_number(word) else word


def _has_long_number(text: str) -> bool:
    return bool(re.search(r"[0-9]{7}", re.sub(r"[ .-]", "", text))) and not re.search(r"[/:]|\d-\d", text)
