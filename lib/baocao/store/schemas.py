"""The facts held to their shapes by pandera, and its findings as problems: asked before anything is stored.

The readers judge what a file says; here their own work is judged once more, so that a fault of the program, or a
table altered below data/derived, becomes a named problem and never a wrong figure. pandera takes half a second to
import: it is imported when a frame is checked, never by those who only read the store.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
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
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 1, 1)
"""A day outside is a mistake in writing, whatever it is the day of."""
COUNTS, SCORES = "Bảng số hồ sơ", "Bảng điểm"
"""What messages call the frames."""

_KEYS = {COUNTS: list(COUNT_KEY), SCORES: list(SCORE_KEY)}
_ADVICE = "hãy xóa thư mục data/derived rồi nạp lại, nếu vẫn sai thì báo người phụ trách chương trình"
_ABOUT_COLUMNS = {
    "column_in_dataframe": "thiếu cột «{}»",
    "column_in_schema": "có cột «{}» không thuộc bảng",
    "column_ordered": "cột «{}» đứng sai thứ tự",
    "dataframe_column_labels_unique": "có nhiều hơn một cột «{}»",
}
"""What pandera calls a fault of the columns, and what is said of it."""
_PAIRS = {
    "ngày đầu kỳ không sau ngày cuối kỳ": ("period_start", "period_end"),
    "điểm không quá điểm tối đa": ("score", "maximum"),
    "thứ hạng không quá số được xếp hạng": ("rank", "out_of"),
}
"""What the first of two cells must be to the second, at which it is told; nothing is said where one is missing."""


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


def _sound(title: str, frame: pd.DataFrame, faults: pd.DataFrame) -> pd.DataFrame:
    own = faults[faults["message"].str.startswith(title)]
    columns = list(schemas()[title].columns)
    unnamed = own["row"].isna()  # of the columns, of a check that failed, or more rows than are listed
    if list(frame.columns) != columns or unnamed.any():
        return pd.DataFrame(columns=columns)
    places = pd.MultiIndex.from_frame(own[["file", "sheet", "row"]].astype(str))
    return frame[~pd.MultiIndex.from_frame(frame[["file", "sheet", "row"]].astype(str)).isin(places)]


def _check(title: str, frame: pd.DataFrame) -> pd.DataFrame:
    from pandera.errors import SchemaErrors

    frame = frame.reset_index(drop=True)
    try:
        schemas()[title].validate(frame, lazy=True)
    except SchemaErrors as error:
        found = error.failure_cases
    else:
        return problems_frame([])
    columns = found[found["check"].isin(list(_ABOUT_COLUMNS))]
    # With other columns the cells say nothing.
    return problems_frame(
        _about_columns(title, columns) if len(columns) else _about_cells(title, frame, found)
    )


def _about_columns(title: str, found: pd.DataFrame) -> Iterator[dict]:
    said: dict[tuple[str, str], None] = {}
    for check, case in zip(found["check"], found["failure_case"], strict=True):
        said |= {(check, str(name)): None for name in (case if isinstance(case, pd.Index) else [case])}
    for check, name in said:
        words = _ABOUT_COLUMNS[check].format(vn.clean(name))
        yield problem("error", CODE, f"{title} {words}; {_ADVICE}.", column=vn.clean(name))


def _about_cells(title: str, frame: pd.DataFrame, found: pd.DataFrame) -> Iterator[dict]:
    """A problem for each cell at fault, column by column, row by row; many of one kind are told once."""
    key = _KEYS[title]
    of_cells = found["schema_context"] == "Column"
    told = {expected: later for expected, (_, later) in _PAIRS.items()}
    told["multiple_fields_uniqueness"] = key[0]
    at = [
        own if cells else told.get(check, "")
        for own, check, cells in zip(found["column"], found["check"], of_cells, strict=True)
    ]
    faults = found.assign(at=at, whole=~of_cells, place=pd.to_numeric(found["index"], errors="coerce"))
    # A rule across columns is reported at each of them.
    faults = faults.drop_duplicates(["at", "check", "place"])
    order = {column: place for place, column in enumerate(frame.columns)}
    faults = faults.assign(order=faults["at"].map(order)).sort_values(
        ["whole", "order", "place"], kind="stable"
    )
    for (column, check), group in faults.groupby(["at", "check"], sort=False):
        said = (
            f"trùng dòng khác theo {', '.join(key)}"
            if check == "multiple_fields_uniqueness"
            else f"cần {check}"
        )
        for place in group["place"].head(MOST):
            if pd.isna(place):
                message = f"{title}: không kiểm tra được ({check}); {_ADVICE}."
                yield problem("error", CODE, message, column=column)
                continue
            row = frame.iloc[int(place)]
            shown = (
                "trống"
                if _is_missing(row[column]) or row[column] == ""
                else f"«{vn.clean(str(row[column]))[:40]}»"
            )
            message = f"{title}, cột «{column}»: nhận được {shown}, {said}; {_ADVICE}."
            yield problem("error", CODE, message, column=column, value=row[column], **_where(row))
        if len(group) > MOST:
            message = (
                f"{title}, cột «{column}»: có tất cả {vn.format_number(len(group))} dòng như vậy ({said}), chỉ liệt kê "
                f"{vn.format_number(MOST)} dòng đầu."
            )
            yield problem("error", CODE, message, column=column)


def _where(row: pd.Series) -> dict:
    """File, sheet and row that the frame names."""
    number = pd.to_numeric(row["row"], errors="coerce")
    name, sheet = ("" if _is_missing(row[one]) else str(row[one]) for one in ("file", "sheet"))
    return {"file": name, "sheet": sheet, "row": None if pd.isna(number) else int(number)}


# --------------------------------------------------------------------------------------------------
# What every frame must be: its columns, what a cell of each may hold, what makes a row one of its kind.


@cache
def schemas() -> dict[str, Any]:
    """The pandera schema of each frame; what a check calls its error is what a message says was expected."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandera looks for pyspark, which warns of pandas 3
        import pandera.pandas as pandera

    def cells(
        expected: str, keeps: Callable[[object], bool], *blanks: object, least: int | None = None
    ) -> Any:
        """A column whose cells are all as expected, or one of the blanks; each distinct cell is judged once.

        least  of whole numbers: a column of nothing else is judged at once
        """

        def check(column: pd.Series) -> pd.Series:
            if least is not None and pd.api.types.is_integer_dtype(column.dtype) and not column.hasnans:
                return column >= least
            codes, distinct = pd.factorize(column, use_na_sentinel=False)
            blank = [None in blanks if _is_missing(value) else value in blanks for value in distinct]
            kept = [
                one or (not _is_missing(value) and keeps(value))
                for one, value in zip(blank, distinct, strict=True)
            ]
            return pd.Series(np.array(kept, dtype=bool)[codes], index=column.index)

        words = f"{expected} hoặc trống" if blanks else expected
        return pandera.Column(None, pandera.Check(check, error=words, ignore_na=False), nullable=True)

    def whole(least: int, *blanks: object) -> Any:
        words = f"số nguyên từ {least} trở lên"
        return cells(words, lambda value: _is_whole(value) and value >= least, *blanks, least=least)

    def frame(title: str, columns: dict[str, Any]) -> Any:
        pairs = {words: pair for words, pair in _PAIRS.items() if set(pair) <= set(columns)}
        return pandera.DataFrameSchema(
            columns,
            checks=[pandera.Check(_in_order(*pair), error=words) for words, pair in pairs.items()],
            strict=True,
            ordered=True,
            unique=_KEYS[title],
            unique_column_names=True,
        )

    day = cells("ngày từ năm 1990 đến năm 2100", _is_day)
    name = cells("tên bằng chữ thường, số, gạch dưới", _matching(r"[a-z][a-z0-9_]*"))
    unit = cells("mã đơn vị", _matching(r"[0-9]{2,5}[A-Z]?|HT-[A-Z0-9-]+"))
    text, any_text = (cells("chữ viết gọn trên một dòng", _is_text, *blanks) for blanks in ((), ("",)))
    number = cells(
        "số từ 0 trở lên",
        lambda value: isinstance(value, Real) and not _is_flag(value) and 0 <= value < 1e9,
        None,
    )
    source = cells(f"một trong: {', '.join(SOURCES)}", lambda value: value in SOURCES)
    place = {"source": source, "file": text, "sheet": any_text, "row": whole(0)}
    counts = {
        "unit": unit,
        "period_start": day,
        "period_end": day,
        "measure": name,
        "value": whole(0),
        **place,
    }
    scores = {
        "index": name, "unit": unit, "period": cells("mã kỳ báo cáo", _is_period),
        "as_of": cells("ngày từ năm 1990 đến năm 2100", _is_day, None), "component": text, "score": number,
        "maximum": number, "rank": whole(1, None), "out_of": whole(1, None), **place,
    }  # fmt: skip
    return {COUNTS: frame(COUNTS, counts), SCORES: frame(SCORES, scores)}


def _in_order(earlier: str, later: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Whether the first of two cells is not more than the second; days and numbers also where they are text."""

    def check(frame: pd.DataFrame) -> pd.Series:
        read = (
            _numbers
            if earlier in ("score", "rank")
            else lambda column: pd.to_datetime(column, errors="coerce")
        )
        return ~(read(frame[earlier]) > read(frame[later]))  # comparing with what is missing is never true

    return check


def _numbers(column: pd.Series) -> pd.Series:
    return pd.to_numeric(column, errors="coerce").astype("float64")


def _is_missing(value: object) -> bool:
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value == vn.clean(value)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and FIRST_DAY <= date(value.year, value.month, value.day) <= LAST_DAY


def _is_flag(value: object) -> bool:
    return isinstance(value, bool | np.bool_)


def _is_whole(value: object) -> bool:
    return isinstance(value, Integral) and not _is_flag(value)


def _is_period(value: object) -> bool:
    try:
        return isinstance(value, str) and Period.parse(value).code == value
    except (ValueError, UserError):
        return False


def _matching(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and bool(compiled.fullmatch(value))
