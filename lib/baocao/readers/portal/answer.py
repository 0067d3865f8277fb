"""One JSON answer of the portal as saved from a browser: which page it is of, and its units as plain rows.

The portal (Cổng Dịch vụ công quốc gia, page "đánh giá chất lượng phục vụ") answers in two shapes: `overview` and
`evaluation`, or `parent` and `children`; the first of each pair is the whole, the second its units. Neither says the
period: that is known only where the question was saved with the answer, as {"request": …, "response": …}. Field
names as seen in captured answers [F-QD766].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

from baocao.definitions import Period, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers.problems import problem

ENDPOINTS = (
    "service-results",
    "transparency",
    "handling-satisfaction",
    "dossier-digitized",
    "dvc-progress-tree",
    "provide-online-tree",
    "formality-online-payment-tree",
)
"""The pages of answers, by the last part of their address."""

NATIONAL = "ca nuoc"
"""The name, folded, of the whole in the answer that lists all provinces."""

_MOST_BYTES = 32 * 2**20
"""A real answer has some 300 kB; what is a hundred times that is none."""

_VIETNAM = timezone(timedelta(hours=7))
_FIELDS = {
    "dvc-progress-tree": {"totalReceived", "totalOnTime"},
    "provide-online-tree": {"authorityCount", "channelTotalSum"},
    "formality-online-payment-tree": {"totalFeeFormality", "totalDossierFinancialObligation"},
}
_METRICS = {
    "PUBLISH_ON_TIME": "transparency",
    "DOSSIER_SYNC": "transparency",
    "PETITION_PROCESSING_ON_TIME": "handling-satisfaction",
    "DOSSIER_RECEIVING_SATISFACTION": "handling-satisfaction",
    "ORIGINAL_RESULT_AVAILABLE": "dossier-digitized",
    "SO_HOA_GIAY_TO_GIAI_QUYET": "dossier-digitized",
}


@dataclass(frozen=True, eq=False)
class Answer:
    """The answer of one page: `whole` (a province, or "Cả nước") and its `units`, as the portal's own fields.

    period, as_of  of the question saved with it and of the moment it was saved; None where they are not there
    filtered       whether the question asked for one procedure only
    units_total    how many units the portal says there are; None where it does not say
    """

    name: str
    endpoint: str
    whole: dict
    units: list[dict] = field(default_factory=list)
    period: Period | None = None
    as_of: date | None = None
    filtered: bool = False
    units_total: int | None = None

    def rows(self) -> Iterator[tuple[int, dict]]:
        """The whole as row 1, its units as rows 2, 3, …"""
        yield from enumerate([self.whole, *self.units], start=1)


def recognise_answer(path: Path) -> bool:
    """Whether the file is text that begins as a JSON object; never raises."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError:
        return False
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def open_answer(path: Path, name: str = "") -> tuple[Answer | None, list[dict]]:
    """The answer in a file, and its problems; None, with an error, where it cannot be read as one."""
    name = name or path.name
    try:
        document = _load(path)
    except OSError as error:
        return None, [_broken(name, f"Không đọc được tệp ({system_reason(error)})", "hãy xem lại đường dẫn")]
    except RecursionError:
        return None, [_broken(name, "JSON lồng nhau quá sâu, không phải câu trả lời của Cổng", _SAVE_AGAIN)]
    except ValueError as error:
        return None, [_broken(name, str(error), _SAVE_AGAIN)]
    return _understand(document, name)


_SAVE_AGAIN = "hãy mở lại trang trên Cổng và lưu nguyên câu trả lời"


def _load(path: Path) -> object:
    """The document; ValueError with the sentence to show."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError(f"Tệp lớn hơn {_MOST_BYTES // 2**20} MB, không phải câu trả lời của Cổng")
    data = path.read_bytes()
    if not data.strip():
        raise ValueError("Tệp trống")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("Tệp không phải là văn bản UTF-8") from None
    try:
        return json.loads(
            text, parse_int=_whole, parse_float=_decimal, parse_constant=_refuse, object_pairs_hook=_once
        )
    except json.JSONDecodeError as error:
        raise ValueError(
            f"Tệp không phải là JSON trọn vẹn (hỏng ở dòng {error.lineno}, cột {error.colno})"
        ) from None


def _whole(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError(f"Tệp có số «{digits[:20]}…» quá dài")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > 40:
        raise ValueError(f"Tệp có số «{digits[:20]}…» quá dài")
    return Decimal(digits)


def _refuse(word: str) -> None:
    raise ValueError(f"Tệp có «{word}», không phải là một số")


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("Tệp có trường ghi hai lần trong cùng một đối tượng")
    return found


def _understand(document: object, name: str) -> tuple[Answer | None, list[dict]]:
    outer = document if isinstance(document, dict) else {}
    inner = outer.get("response", outer)
    request = outer.get("request")
    if isinstance(request, dict) and isinstance(request.get("payload"), dict):
        request = request["payload"]
    data = inner.get("data") if isinstance(inner, dict) else None
    if not isinstance(data, dict):
        said = inner.get("message") if isinstance(inner, dict) else None
        told = f" (Cổng báo «{vn.clean(said)[:60]}»)" if isinstance(said, str) and said.strip() else ""
        return None, [_broken(name, f"Không có phần «data» của câu trả lời{told}", _SAVE_AGAIN)]
    whole, units = data.get("overview", data.get("parent")), data.get("evaluation", data.get("children"))
    units = [] if units is None else units
    if (
        not isinstance(whole, dict)
        or not isinstance(units, list)
        or not all(isinstance(one, dict) for one in units)
    ):
        what = "Không có đơn vị gốc (overview, parent) hoặc danh sách đơn vị (evaluation, children) đúng kiểu"
        return None, [_broken(name, what, _SAVE_AGAIN)]
    endpoint = _endpoint([whole, *units])
    if endpoint is None:
        what = f"Không nhận ra câu trả lời này thuộc trang nào, cần một trong: {', '.join(ENDPOINTS)}"
        return None, [_broken(name, what, _SAVE_AGAIN)]
    found: list[dict] = []
    asked = request if isinstance(request, dict) else {}
    try:
        period = asked_period(asked)
        as_of = _captured(outer.get("capturedAt"))
    except ValueError as error:
        period = as_of = None
        found.append(problem("error", "ngay", str(error), file=name, sheet=endpoint, column="request"))
    pages = data.get("pagination")
    total = pages.get("total") if isinstance(pages, dict) else None
    answer = Answer(
        name,
        endpoint,
        whole,
        units,
        period,
        as_of,
        filtered=any(key.lower() == "formalityid" and value for key, value in asked.items()),
        units_total=total if isinstance(total, int) and not isinstance(total, bool) else None,
    )
    return answer, found


def _endpoint(rows: list[dict]) -> str | None:
    """The page the rows are of, by fields that only its answers have."""
    if any("groupScores" in row for row in rows):
        return "service-results"
    for row in rows:
        metrics = row.get("metrics")
        for metric in metrics if isinstance(metrics, list) else ():
            code = metric.get("code") if isinstance(metric, dict) else None
            if isinstance(code, str) and code in _METRICS:
                return _METRICS[code]
    for endpoint, fields in _FIELDS.items():
        if any(fields <= row.keys() for row in rows):
            return endpoint
    return None


def asked_period(asked: dict) -> Period | None:
    """The period of a question: timeType with year, quarter, month, or fromDate and toDate; None where it has none.

    Periods of the portal are those of the calendar. ValueError with a sentence where the question makes no sense.

    >>> str(asked_period({"timeType": "quarter", "year": 2026, "quarter": 3}))
    '2026-Q3'
    >>> str(asked_period({"fromDate": "2026-08-01", "toDate": "2026-08-31"}))
    '2026-08'
    """
    if "timeType" in asked:
        kind, year = str(asked["timeType"]), asked.get("year")
        number = asked.get(kind) if kind in ("month", "quarter") else 1
        limits = {"year": 1, "quarter": 4, "month": 12}
        whole = [one for one in (year, number) if isinstance(one, int) and not isinstance(one, bool)]
        if kind not in limits or len(whole) < 2 or not 1900 <= year < 2100 or not 1 <= number <= limits[kind]:
            raise ValueError(
                "Câu hỏi lưu cùng câu trả lời không nêu đúng kỳ (timeType, year, quarter, month)."
            )
        forms = {"year": "{}", "quarter": "{}-Q{}", "month": "{}-{:02d}"}
        return Period.parse(forms[kind].format(year, number))
    if "fromDate" in asked or "toDate" in asked:
        first, last = (vn.parse_date(str(asked.get(name, ""))[:10]) for name in ("fromDate", "toDate"))
        if last < first:
            raise ValueError("Câu hỏi lưu cùng câu trả lời có toDate trước fromDate.")
        return whole_period(first, last)
    return None


def whole_period(first: date, last: date) -> Period:
    """The month, quarter, half, first months or year that these days are, else the range of days.

    >>> str(whole_period(date(2025, 1, 1), date(2025, 7, 31))), str(whole_period(date(2025, 7, 1), date(2025, 7, 24)))
    ('2025-M7', '2025-07-01..2025-07-24')
    """
    codes = [
        f"{first:%Y-%m}",
        f"{first:%Y}-Q{(first.month + 2) // 3}",
        f"{first:%Y}",
        f"{first:%Y}-H1",
        f"{first:%Y}-H2",
    ]
    codes += [f"{first:%Y}-M{last.month}"] if last.month not in (1, 6, 12) else []
    named = [Period.parse(code) for code in codes] if 1900 <= first.year < 2100 else []
    held = (one for one in named if (one.start, one.end) == (first, last))
    return next(held, None) or Period.between(first, last)


def _captured(moment: object) -> date | None:
    """The day in Việt Nam of a moment written as in ISO 8601."""
    if moment is None:
        return None
    try:
        found = datetime.fromisoformat(str(moment))
        return (found.astimezone(_VIETNAM) if found.tzinfo else found).date()
    except (ValueError, OverflowError):
        raise ValueError(
            f"«{vn.clean(str(moment))[:40]}» (capturedAt) không phải là một thời điểm."
        ) from None


def _broken(name: str, what: str, remedy: str) -> dict:
    return problem("error", "tep-hong", f"{what}; {remedy}.", file=name)
