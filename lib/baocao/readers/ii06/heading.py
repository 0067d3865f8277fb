"""The lines above the table of Biểu II.06/VPCP/KSTT: which days it counts, who reports, in what it counts."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from baocao.definitions import Period, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers.problems import Faults
from baocao.readers.workbook import Sheet

_YEARS = range(2010, 2100)
_SERIALS = range(36526, 73051)  # 2000-01-01 to 2100-01-01, as Excel counts days
# On folded text, where every mark is a space: "tu ngay 01 7 2025 den ngay 31 7 2025".
_DAY = r"(?:(\d{4}) (\d{1,2}) (\d{1,2})|(\d{1,2}) (?:thang )?(\d{1,2})(?: (?:nam )?(\d{4}))?)"
_SPAN = re.compile(rf"\b(?:ngay )?{_DAY} (?:den|toi) (?:het )?(?:\d+h\d* )?(?:ngay )?{_DAY}\b")
_DASHED = re.compile(rf"\b(?:ngay )?{_DAY} (?:ngay )?{_DAY}\b")
_SPAN_BEGINS = re.compile(r"\btu (ngay )?\d")
_NAMED = (  # the period in words, and its code
    (r"thang (\d{1,2}) (?:nam )?(\d{4})", "{1}-{0:0>2}"),
    (r"quy (i{1,3}|iv|[1-4]) (?:nam )?(\d{4})", "{1}-Q{0}"),
    (r"0?6 thang cuoi (?:nam )?(\d{4})", "{0}-H2"),
    (r"0?(\d{1,2}) thang (?:dau )?(?:nam )?(\d{4})", "{1}-M{0}"),
    (r"nam (\d{4})", "{0}"),
)
_NAMED = tuple((re.compile(pattern), code) for pattern, code in _NAMED)
_SAME = {"1": "-01", "6": "-H1", "12": ""}
_QUARTERS = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_PERIOD_LABEL = re.compile(r"^ky bao cao\b ?(.*)$")
_UNIT_LABEL = re.compile(r"(?:đơn vị|cơ quan)\s+(?:gửi\s+)?báo cáo\s*[:：]?(.*)", re.IGNORECASE | re.DOTALL)
_NEXT_LABEL = re.compile(
    r"[-–+*•(\s]*(?:(?:đơn vị|cơ quan)\s+(?:nhận|tính)\b|kỳ báo cáo|từ ngày|biểu số).*",
    re.IGNORECASE | re.DOTALL,
)
_MEASURED_LABEL = re.compile(r"đơn vị tính\s*[:：]?\s*([^()]*)", re.IGNORECASE)


@dataclass(frozen=True)
class Heading:
    """What the lines above say.

    start, end   first and last day of the figures; None, with an error, where they are not said or not clear
    unit, row    the text after "Đơn vị báo cáo" ("" where none is given) and its row
    """

    start: date | None
    end: date | None
    unit: str
    row: int | None


@dataclass(frozen=True)
class _Line:
    row: int
    column: int
    text: str


def read_heading(sheet: Sheet, first: int, faults: Faults, period: Period | None = None) -> Heading:
    """The heading of the table that begins in row `first`.

    The days are those printed ("Từ ngày … đến ngày …", in figures or words); the name of the period alone does not
    tell whether it runs from the 15th to the 14th. A name and days that cannot both be right are an error.

    period  what the user says the file counts: taken where the sheet prints no days
    """
    lines = list(_lines(sheet, first))
    unit, row = _reporting_unit(lines)
    _check_measured(lines, faults)
    start, end = _read_days(sheet, first, lines, faults, period)
    return Heading(start, end, unit, row)


def _lines(sheet: Sheet, first: int) -> Iterator[_Line]:
    """Each line of text of each cell above the table; days as 01/07/2025, also where a cell holds a serial."""
    for at, row in enumerate(sheet.rows[:first]):
        before = ""
        for column, cell in enumerate(row):
            if isinstance(cell, date):
                day = cell.date() if isinstance(cell, datetime) else cell
                text = vn.format_date(day, "short")
            elif isinstance(cell, float | int) and not isinstance(cell, bool):
                text = str(int(cell)) if float(cell).is_integer() else str(cell)
                if cell in _SERIALS and before.endswith("ngay"):
                    text = vn.format_date(date(1899, 12, 30) + timedelta(days=int(cell)), "short")
            else:
                text = str(cell)
            for part in text.splitlines():
                if cleaned := vn.clean(part):
                    before = vn.fold(cleaned)
                    yield _Line(at, column, cleaned)


def _read_days(
    sheet: Sheet, first: int, lines: list[_Line], faults: Faults, period: Period | None
) -> tuple[date | None, date | None]:
    named = [(line, one) for line in lines if (one := _named_period(line.text))]
    rows = sorted({line.row for line in lines})
    texts = [(row, " ".join(line.text for line in lines if line.row == row)) for row in rows]
    if texts:
        texts.append((texts[-1][0], " ".join(text for _, text in texts)))
    spans: dict[tuple[date, date], int] = {}
    for row, text in texts if not spans else ():
        folded = vn.fold(text)
        found = list(_SPAN.finditer(folded))
        if not found and (dashed := _DASHED.search(folded)) and re.search(r"\d\s*[-–—]\s*(ngày\s*)?\d", text):
            found = [dashed] if dashed[6] or dashed[1] else []
        for match in found:
            try:
                spans.setdefault(_span(match), row)
            except ValueError as error:
                faults.error("ngay", f"Kỳ số liệu «{text[:80]}»: {error}", row, value=text)
                return None, None
        if spans:
            break
    if len(spans) > 1:
        shown = "; ".join(_window(*span) for span in spans)
        faults.error("ngay", f"Trên bảng có hai khoảng ngày khác nhau ({shown}); hãy để một.", rows[-1])
        return None, None
    if spans:
        (start, end), row = next(iter(spans.items()))
        return _check_named(start, end, row, named, faults)
    return _without_days(texts, named, faults, period)


def _without_days(texts, named, faults: Faults, period: Period | None) -> tuple[date | None, date | None]:
    """The days the user gives, where the sheet prints none."""
    for row, text in texts[:-1]:
        if _SPAN_BEGINS.search(vn.fold(text)) and period is None:
            message = (
                f"Không đọc được kỳ số liệu «{text[:60]}», hãy viết «(Từ ngày 01/7/2025 đến ngày 31/7/2025)»."
            )
            faults.error("ngay", message, row, value=text)
            return None, None
    if period is not None:
        return _check_named(period.start, period.end, None, named, faults)
    if named:
        line, one = named[0]
        message = (
            f"Chỉ ghi kỳ «{line.text[:60]}», không rõ là {_window(one[0].start, one[0].end)} hay "
            f"{_window(one[1].start, one[1].end)}; hãy ghi «(Từ ngày … đến ngày …)» phía trên bảng, hoặc nạp lại với --period."
        )
        faults.error("ngay", message, line.row, line.column, line.text)
    else:
        message = "Không thấy kỳ số liệu; hãy ghi «(Từ ngày … đến ngày …)» phía trên bảng, hoặc nạp lại với --period."
        faults.error("ngay", message)
    return None, None


def _span(match: re.Match) -> tuple[date, date]:
    """First and last day; the first may be written without its year (15/12 đến 14/3/2025)."""
    first, last = match.groups()[:6], match.groups()[6:]
    year, month, day = last[:3] if last[0] else (last[5], last[4], last[3])
    if year is None:
        raise ValueError("ngày cuối không ghi năm; hãy ghi đủ ngày, tháng, năm.")
    end = _day(year, month, day)
    year, month, day = first[:3] if first[0] else (first[5], first[4], first[3])
    if year is None:
        year = end.year - ((int(month), int(day)) > (end.month, end.day))
    start = _day(year, month, day)
    if end < start:
        raise ValueError(
            f"ngày cuối {vn.format_date(end, 'short')} trước ngày đầu {vn.format_date(start, 'short')}; hãy sửa lại."
        )
    if (end - start).days > 366:
        raise ValueError("dài hơn một năm; hãy xem lại hai ngày.")
    return start, end


def _day(year: object, month: object, day: object) -> date:
    found = vn.parse_date(f"{day}/{month}/{year}")
    if found.year not in _YEARS:
        first, last = _YEARS[0], _YEARS[-1]
        raise ValueError(f"năm {found.year} không hợp lý, cần từ {first} đến {last}.")
    return found


def _named_period(text: str) -> tuple[Period, Period] | None:
    """The period a line names, by the calendar and from the 15th to the 14th; None where it names none."""
    folded = vn.fold(text)
    labelled = _PERIOD_LABEL.match(folded)
    words = labelled[1] if labelled else folded
    for pattern, code in _NAMED:
        found = pattern.match(words) if labelled else pattern.fullmatch(words)
        if found and int(found.groups()[-1]) in _YEARS:
            written = code.format(*(_QUARTERS.get(group, group) for group in found.groups()))
            written = re.sub(r"-M(1|6|12)$", lambda months: _SAME[months[1]], written)
            with contextlib.suppress(UserError):  # no thirteenth month
                return Period.parse(written), Period.parse(f"{written}@15")
    return None


def _check_named(start: date, end: date, row: int | None, named, faults: Faults) -> tuple[date, date]:
    """The days, beside the names of periods that the lines print; those of this length are meant."""
    for line, both in named:
        if any((one.start, one.end) == (start, end) for one in both):
            continue
        if any(one.start <= start and end <= one.end for one in both):
            message = f"Ghi «{line.text[:60]}» nhưng chỉ có số liệu {_window(start, end)}; dùng các ngày này."
            faults.warn("ngay", message, line.row, line.column, line.text)
        else:
            message = f"Ghi «{line.text[:60]}» nhưng số liệu {_window(start, end)}: một trong hai chưa sửa theo kỳ mới."
            faults.error("ngay", message, line.row if row is None else row, value=line.text)
            break
    return start, end


def _window(start: date, end: date) -> str:
    return Period.between(start, end).window_text


def _reporting_unit(lines: list[_Line]) -> tuple[str, int | None]:
    """The text after "Đơn vị báo cáo": behind it, in the next line, in the next cell or below."""
    for at, line in enumerate(lines):
        found = _UNIT_LABEL.search(line.text)
        if not found:
            continue
        if text := _value(found[1]):
            return text, line.row
        beside = lines[at + 1 :]
        same = [one for one in beside if one.row == line.row]
        below = [one for one in beside if line.row < one.row <= line.row + 2 and one.column == line.column]
        for one in [*same, *below]:
            if _NEXT_LABEL.match(one.text) or one.text.rstrip().endswith(":"):
                break
            if text := _value(one.text):
                return text, one.row
        return "", line.row
    return "", None


def _value(text: str) -> str:
    """What is given, without the label that follows and without dotted lines left to be filled in."""
    return _NEXT_LABEL.sub("", text).strip(" .…_-:;,()")


def _check_measured(lines: list[_Line], faults: Faults) -> None:
    """The figures count dossiers, one by one."""
    for line in lines:
        found = _MEASURED_LABEL.search(line.text)
        words = vn.fold(found[1]) if found else ""
        if words and (
            not re.search(r"\bho so\b|\bhs\b", words) or re.search(r"\b(nghin|ngan|trieu)\b", words)
        ):
            message = f"Đơn vị tính là «{found[1].strip()}», cần số hồ sơ; hãy quy đổi số liệu rồi nạp lại."
            faults.error("o-sai", message, line.row, line.column, line.text)
