"""What every frame must be, declared: its columns, what a cell of each may hold, what makes a row one of its kind.

Nothing is checked here (`schemas` does), and nothing that checks is imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from numbers import Integral, Real

import numpy as np
import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.periods import Period
from baocao.definitions.units import KINDS
from baocao.readers.problems import CODES
from baocao.readers.repeats import COUNT_KEY, SCORE_KEY
from baocao.store.cover_periods import SOURCES


@dataclass(frozen=True)
class Rule:
    """What a cell of a column must be: in words ("một ngày"), and whether a value is.

    `bounds`: for whole numbers the least and the most, so that a column of them is judged at once.
    """

    expected: str
    keeps: Callable[[object], bool]
    bounds: tuple[int, int | None] | None = None


@dataclass(frozen=True)
class Across:
    """What two cells of a row must be to each other: in words, told at `later`; nothing is said where one is missing."""

    expected: str
    earlier: str
    later: str


@dataclass(frozen=True)
class Shape:
    """What a frame must be.

    title    what the frame is called in messages
    columns  the rule of each column, in the order of the frame; every column must be there and no other
    across   pairs of columns of which the first may not be more than the second
    key      columns that no two rows may have alike
    advice   what to do about a fault
    """

    title: str
    columns: Mapping[str, Rule]
    across: tuple[Across, ...] = ()
    key: tuple[str, ...] = ()
    advice: str = "hãy xóa thư mục data/derived rồi nạp lại, nếu vẫn sai thì báo người phụ trách chương trình"


# --- cells -------------------------------------------------------------------------------------------------------
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
"""A day outside is a mistake in writing, whatever it is the day of."""


def is_missing(value: object) -> bool:
    """Whether the cell is empty: None or any mark of a missing value."""
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value == vn.clean(value)


def _is_day(value: object) -> bool:
    if not isinstance(value, date) or is_missing(value):
        return False
    return FIRST_DAY <= date(value.year, value.month, value.day) <= LAST_DAY


def _is_flag(value: object) -> bool:
    return isinstance(value, bool | np.bool_)


def _is_period(value: object) -> bool:
    try:
        return isinstance(value, str) and Period.parse(value).code == value
    except (ValueError, UserError):
        return False


def _whole(first: int, last: int | None = None, *, exact: bool = True) -> Rule:
    """A whole number; unless `exact`, one that a database returned as a float counts too."""
    words = f"số nguyên từ {first} {f'đến {last}' if last is not None else 'trở lên'}"

    def keeps(value: object) -> bool:
        if _is_flag(value) or is_missing(value):
            return False
        if not isinstance(value, Integral) and (exact or not isinstance(value, Real) or value != int(value)):
            return False
        return first <= value and (last is None or value <= last)

    return Rule(words, keeps, (first, last))


def _one_of(*choices: str) -> Rule:
    return Rule(f"một trong: {', '.join(choices)}", lambda value: value in choices)


def _matching(pattern: str, expected: str) -> Rule:
    compiled = re.compile(pattern)
    return Rule(expected, lambda value: isinstance(value, str) and bool(compiled.fullmatch(value)))


def _optional(rule: Rule) -> Rule:
    """The rule, or an empty cell."""
    return Rule(f"{rule.expected} hoặc trống", lambda value: is_missing(value) or rule.keeps(value))


def _or_blank(rule: Rule) -> Rule:
    """The rule, or the empty text."""
    return Rule(f"{rule.expected} hoặc trống", lambda value: value == "" or rule.keeps(value))


_TEXT = Rule("chữ viết gọn trên một dòng", _is_text)
_ANY_TEXT = _or_blank(_TEXT)
_DAY = Rule("ngày từ năm 1990 đến năm 2100", _is_day)
_FLAG = Rule("có hoặc không", _is_flag)
_PERIOD = Rule("mã kỳ báo cáo", _is_period)
_COUNT = _whole(0)
_ROW = _whole(0)
_NUMBER = Rule(
    "số từ 0 trở lên", lambda value: isinstance(value, Real) and not _is_flag(value) and 0 <= value < 1e9
)
_NAME = _matching(r"[a-z][a-z0-9_]*", "tên bằng chữ thường, số, gạch dưới")
_UNIT_CODE = _matching(r"[0-9]{2,5}[A-Z]?|HT-[A-Z0-9-]+", "mã đơn vị")
_WORDS = Rule("chữ", lambda value: isinstance(value, str))
_SEVERITY = _one_of("error", "warning")
_WINDOW = Across("ngày đầu kỳ không sau ngày cuối kỳ", "period_start", "period_end")

# --- facts -------------------------------------------------------------------------------------------------------
_PLACE = {"file": _TEXT, "sheet": _ANY_TEXT, "row": _ROW}

COUNTS = Shape(
    "Bảng số hồ sơ",
    {
        "unit": _UNIT_CODE, "period_start": _DAY, "period_end": _DAY, "measure": _NAME, "value": _COUNT,
        "source": _one_of(*SOURCES), **_PLACE,
    },
    (_WINDOW,),
    tuple(COUNT_KEY),
)  # fmt: skip

SCORES = Shape(
    "Bảng điểm",
    {
        "index": _NAME, "unit": _UNIT_CODE, "period": _PERIOD, "as_of": _optional(_DAY), "component": _TEXT,
        "score": _optional(_NUMBER), "maximum": _optional(_NUMBER), "rank": _optional(_whole(1)),
        "out_of": _optional(_whole(1)), "source": _one_of(*SOURCES), **_PLACE,
    },
    (
        Across("điểm không quá điểm tối đa", "score", "maximum"),
        Across("thứ hạng không quá số được xếp hạng", "rank", "out_of"),
    ),
    tuple(SCORE_KEY),
)  # fmt: skip

PROBLEMS = Shape(
    "Danh sách vấn đề",
    {
        "severity": _SEVERITY, "code": Rule("mã lỗi đã khai báo", lambda value: value in CODES),
        "file": _WORDS, "sheet": _WORDS, "row": _optional(_whole(0, exact=False)), "column": _WORDS,
        "value": _WORDS,
        "message": Rule("câu nói rõ lỗi", lambda value: isinstance(value, str) and bool(value.strip())),
        "unit": _WORDS,
    },
)  # fmt: skip

DOSSIERS = Shape(
    "Bảng hồ sơ rút gọn",
    {
        "number": _optional(_TEXT), "unit": _optional(_TEXT), "procedure": _optional(_TEXT),
        **{
            name: _optional(_DAY)
            for name in (
                "received", "due", "finished", "returned", "stopped", "supplement_requested",
                "supplement_returned",
            )
        },
        "supplements": _optional(_whole(0, exact=False)), "legal_days": _optional(_whole(0, exact=False)),
        "status": _optional(_whole(1, 10, exact=False)), "channel": _optional(_whole(1, 3, exact=False)),
        "return_channel": _optional(_whole(1, 3, exact=False)), "level": _optional(_whole(2, 4, exact=False)),
        "has_identity": _optional(_FLAG), "digitised": _optional(_whole(0, 3, exact=False)),
        **{
            name: _optional(_FLAG)
            for name in ("result_attached", "needs_result", "payment_requested", "paid_online")
        },
        "file": _optional(_TEXT), "sheet": _optional(_ANY_TEXT), "row": _optional(_whole(0, exact=False)),
    },
)  # fmt: skip

# --- reference rows: text, as the files of data/reference have it --------------------------------------------------
_ISO_DAY = Rule("ngày dạng 2025-07-01", lambda value: isinstance(value, str) and _is_iso(value))
_ISO = _or_blank(_ISO_DAY)
_DECIMAL = _matching(r"[0-9]+(\.[0-9]+)?", "số viết với dấu chấm thập phân")
_ORDINAL = _or_blank(_matching(r"[1-9][0-9]*", "số nguyên từ 1 trở lên"))
_VALIDITY = Across("ngày bắt đầu không sau ngày hết hiệu lực", "valid_from", "valid_to")
_LEVELS = ("province", "district", "commune")
_MEND = "hãy sửa ô đó trong tệp rồi nạp lại"


def _is_iso(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


REFERENCE = {
    "index_values": Shape(
        "Giá trị chỉ số",
        {
            "index": _NAME, "component": _TEXT, "year": _matching(r"(19|20)[0-9]{2}", "năm, bốn chữ số"),
            "value": _or_blank(_DECIMAL), "measured_in": _ANY_TEXT, "rank": _ORDINAL, "out_of": _ORDINAL,
            "as_of": _ISO, "published": _ISO, "source": _ANY_TEXT, "evidence": _ANY_TEXT, "note": _ANY_TEXT,
        },
        (Across("thứ hạng không quá số được xếp hạng", "rank", "out_of"),),
        ("index", "component", "year"),
        _MEND,
    ),
    "targets": Shape(
        "Chỉ tiêu được giao",
        {
            "indicator": _NAME, "scope": _one_of("all", *KINDS), "target": _DECIMAL, "comparison": _one_of(">="),
            "valid_from": _ISO_DAY, "valid_to": _ISO, "legal_source": _TEXT, "evidence": _ANY_TEXT,
            "note": _ANY_TEXT,
        },
        (_VALIDITY,),
        ("indicator", "scope", "valid_from"),
        _MEND,
    ),
    "units": Shape(
        "Danh mục đơn vị",
        {
            "code": _UNIT_CODE, "name": _TEXT, "kind": _one_of(*KINDS), "full_name": _TEXT,
            "level": _or_blank(_one_of(*_LEVELS)), "parent": _or_blank(_UNIT_CODE), "valid_from": _ISO,
            "valid_to": _ISO, "legal_basis": _ANY_TEXT, "note": _ANY_TEXT,
        },
        (_VALIDITY,),
        ("code", "valid_from"),
        _MEND,
    ),
    "lineage": Shape(
        "Sắp xếp đơn vị",
        {
            "effective_date": _ISO_DAY, "old_code": _UNIT_CODE, "new_code": _UNIT_CODE,
            "relation": _one_of("whole", "part"), "source": _TEXT, "detail": _ANY_TEXT, "confidence": _ANY_TEXT,
        },
        (),
        ("effective_date", "old_code", "new_code"),
        _MEND,
    ),
}  # fmt: skip
"""Reference rows that may be received, by form."""
