"""The frames held to their shapes by pandera, and its findings as problems: asked before anything is stored.

The readers judge what a file says; here their own work is judged once more, so that a fault of the program, or a
table altered below data/derived, becomes a named problem and never a wrong figure. pandera takes half a second to
import: it is imported when a frame is checked, never by those who only read the store.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd

from baocao.definitions import Period, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers import COUNT_KEY, SCORE_KEY, join_problems, problem, problems_frame
from baocao.store.cover_periods import SOURCES

CODE = "khung-du-lieu"
MOST = 1000
"""Faults of one kind in one column that are listed one by one; one line more says how many there are."""

_SAME_KEY = "multiple_fields_uniqueness"
_ABOUT_COLUMNS = {
    "column_in_dataframe": "thiếu cột «{}»",
    "column_in_schema": "có cột «{}» không thuộc bảng",
    "column_ordered": "cột «{}» đứng sai thứ tự",
    "dataframe_column_labels_unique": "có nhiều hơn một cột «{}»",
}
"""What pandera calls a fault of the columns, and what is said of it."""


def check_frames(counts: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """What is wrong with the shape of the facts, just before they are stored: errors with code "khung-du-lieu".

    counts, scores  the frames of all files together (`COUNT_COLUMNS`, `SCORE_COLUMNS`; days as `datetime.date` or
                    timestamps), each fact once
    returns         problems with file, sheet and row of the fact; of a column as a whole without a row
    """
    return join_problems([_check(COUNTS, counts), _check(SCORES, scores)])


def sound_facts(
    counts: pd.DataFrame, scores: pd.DataFrame, problems: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts without the rows that problems of `check_frames` name, so that the rest can be stored.

    A frame whose columns are at fault, or with more rows at fault than are named, keeps none.
    """
    faults = problems[problems["code"] == CODE]
    if not len(faults):
        return counts, scores
    return _sound(COUNTS, counts, faults), _sound(SCORES, scores, faults)


def _sound(shape: Shape, frame: pd.DataFrame, faults: pd.DataFrame) -> pd.DataFrame:
    own = faults[faults["message"].str.startswith(shape.title)]
    unnamed = own["row"].isna()  # of the columns, of a check that failed, or more rows than are listed
    if list(frame.columns) != list(shape.columns) or unnamed.any():
        return pd.DataFrame(columns=list(shape.columns))
    places = pd.MultiIndex.from_frame(own[["file", "sheet", "row"]].astype(str))
    return frame[~pd.MultiIndex.from_frame(frame[["file", "sheet", "row"]].astype(str)).isin(places)]


def _check(shape: Shape, frame: pd.DataFrame, file: str = "") -> pd.DataFrame:
    frame = frame.reset_index(drop=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandera looks for pyspark, which warns of pandas 3
        import pandera.pandas as pandera
        from pandera.errors import SchemaErrors

        try:
            _schema(shape, pandera, judged=bool(len(frame))).validate(frame, lazy=True)
        except SchemaErrors as error:
            found = error.failure_cases
        else:
            return problems_frame([])
    columns = found[found["check"].isin(list(_ABOUT_COLUMNS))]
    if len(columns):  # with other columns the cells say nothing
        return problems_frame(_about_columns(shape, columns, file))
    return problems_frame(_about_cells(shape, frame, found, file))


def _schema(shape: Shape, pandera: Any, *, judged: bool) -> Any:
    """The shape as a pandera schema; with no rows to be judged, of its columns alone."""
    checks = {
        name: [pandera.Check(_keeps(rule), error=f"{name}: {rule.expected}", ignore_na=False)]
        for name, rule in shape.columns.items()
    }
    return pandera.DataFrameSchema(
        {
            name: pandera.Column(None, checks[name] if judged else None, nullable=True)
            for name in shape.columns
        },
        checks=[pandera.Check(_in_order(one), error=one.expected) for one in shape.across if judged],
        strict=True,
        ordered=True,
        unique=list(shape.key) if shape.key and judged else None,
        unique_column_names=True,
    )


def _keeps(rule: Rule):
    """Whether each cell of a column keeps the rule; each distinct cell is judged once."""

    def check(column: pd.Series) -> pd.Series:
        if rule.bounds and pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
            first, last = rule.bounds
            return (column >= first) & (last is None or column <= last)
        codes, distinct = pd.factorize(column, use_na_sentinel=False)
        kept = np.array([rule.keeps(value) for value in distinct], dtype=bool)
        return pd.Series(kept[codes], index=column.index)

    return check


def _in_order(one: Across):
    """Whether the first of two cells is not more than the second; days and numbers also where they are text."""

    def check(frame: pd.DataFrame) -> pd.Series:
        pair = [frame[one.earlier], frame[one.later]]
        first, last = (_numbers(column) for column in pair)
        if not (first.notna().any() or last.notna().any()):
            first, last = (pd.to_datetime(column, errors="coerce") for column in pair)
        return ~(first > last)  # comparing with what is missing is never true

    return check


def _numbers(column: pd.Series) -> pd.Series:
    """The numbers among the cells, also those written as text; a day is none."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return pd.Series(np.nan, index=column.index)
    return pd.to_numeric(column, errors="coerce").astype("float64")


def _about_columns(shape: Shape, found: pd.DataFrame, file: str) -> Iterator[dict]:
    said: dict[tuple[str, str], None] = {}
    for check, case in zip(found["check"], found["failure_case"], strict=True):
        said |= {(check, str(name)): None for name in (case if isinstance(case, pd.Index) else [case])}
    for check, name in said:
        words = _ABOUT_COLUMNS[check].format(vn.clean(name))
        yield problem(
            "error", CODE, f"{shape.title} {words}; {shape.advice}.", file=file, column=vn.clean(name)
        )


def _about_cells(shape: Shape, frame: pd.DataFrame, found: pd.DataFrame, file: str) -> Iterator[dict]:
    """A problem for each cell at fault, column by column, row by row; many of one kind are told once."""
    expected = _expectations(shape)
    faults = found.assign(place=pd.to_numeric(found["index"], errors="coerce"))
    faults = faults.drop_duplicates(["check", "place"])  # a rule across columns is reported at each of them
    order = {check: at for at, check in enumerate(expected)}
    faults = faults.sort_values("place", kind="stable").sort_values(
        "check", kind="stable", key=lambda checks: checks.map(order).fillna(len(order))
    )
    for check, group in faults.groupby("check", sort=False):
        column, said = expected.get(check, ("", f"không kiểm tra được ({check})"))
        for place in group["place"].head(MOST):
            if pd.isna(place):
                yield problem(
                    "error", CODE, f"{shape.title}: {said}; {shape.advice}.", file=file, column=column
                )
                continue
            row = frame.iloc[int(place)]
            value = row[column] if column else ""
            shown = "trống" if is_missing(value) or value == "" else f"«{vn.clean(str(value))[:40]}»"
            message = f"{shape.title}, cột «{column}»: nhận được {shown}, {said}; {shape.advice}."
            yield problem("error", CODE, message, column=column, value=value, **_where(row, int(place), file))
        if len(group) > MOST:
            message = (
                f"{shape.title}, cột «{column}»: có tất cả {vn.format_number(len(group))} dòng như vậy ({said}), chỉ "
                f"liệt kê {vn.format_number(MOST)} dòng đầu."
            )
            yield problem("error", CODE, message, file=file, column=column)


def _expectations(shape: Shape) -> dict[str, tuple[str, str]]:
    """By what pandera calls a check: the column it is told at, and what was expected."""
    cells = {
        f"{name}: {rule.expected}": (name, f"cần {rule.expected}") for name, rule in shape.columns.items()
    }
    pairs = {one.expected: (one.later, f"cần {one.expected}") for one in shape.across}
    alike = ", ".join(shape.key)
    return cells | pairs | {_SAME_KEY: (shape.key[0] if shape.key else "", f"trùng dòng khác theo {alike}")}


def _where(row: pd.Series, place: int, file: str) -> dict:
    """File, sheet and row that the frame names, or the file given and the row as in a file of its own."""
    if "row" not in row.index:
        return {"file": file, "row": place + 2}
    number = None if is_missing(row["row"]) else row["row"]
    try:
        number = None if number is None else int(number)
    except (TypeError, ValueError):
        number = None
    name, sheet = ("" if is_missing(row[one]) else str(row[one]) for one in ("file", "sheet"))
    return {"file": name or file, "sheet": sheet, "row": number}


# --------------------------------------------------------------------------------------------------
# What every frame must be, declared: its columns, what a cell of each may hold, what makes a row one of
# its kind.
#
# Nothing is checked here (`schemas` does), and nothing that checks is imported.


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
_PERIOD = Rule("mã kỳ báo cáo", _is_period)
_COUNT = _whole(0)
_ROW = _whole(0)
_NUMBER = Rule(
    "số từ 0 trở lên", lambda value: isinstance(value, Real) and not _is_flag(value) and 0 <= value < 1e9
)
_NAME = _matching(r"[a-z][a-z0-9_]*", "tên bằng chữ thường, số, gạch dưới")
_UNIT_CODE = _matching(r"[0-9]{2,5}[A-Z]?|HT-[A-Z0-9-]+", "mã đơn vị")
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


# --- reference rows: text, as the files of data/reference have it --------------------------------------------------
