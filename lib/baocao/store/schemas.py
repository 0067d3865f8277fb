"""The frames held to their shapes by pandera, and its findings as problems: asked before anything is stored.

The readers judge what a file says; here their own work is judged once more, so that a fault of the program, or a
table altered below data/derived, becomes a named problem and never a wrong figure. pandera takes half a second to
import: it is imported when a frame is checked, never by those who only read the store.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.readers.problems import join_problems, problem, problems_frame
from baocao.store import shapes
from baocao.store.shapes import Across, Rule, Shape

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
    return join_problems([_check(shapes.COUNTS, counts), _check(shapes.SCORES, scores)])


def check_problems(problems: pd.DataFrame) -> pd.DataFrame:
    """What is wrong with the shape of the list of problems itself."""
    return _check(shapes.PROBLEMS, problems)


def check_dossiers(dossiers: pd.DataFrame, file: str = "") -> pd.DataFrame:
    """What is wrong with minimised dossiers, all or a part of them.

    A column that is not in the shape is an error: what the counts do not need, and above all whatever says whose
    dossier it is, may not be kept.
    """
    return _check(shapes.DOSSIERS, dossiers, file)


def check_rows(form: str, rows: pd.DataFrame, file: str = "") -> pd.DataFrame:
    """What is wrong with reference rows of a form (a key of `shapes.REFERENCE`), cells as text.

    An empty cell may be "" or missing. Rows are counted as in a file of theirs: the header is row 1.
    """
    return _check(
        shapes.REFERENCE[form],
        rows.astype(object).where(rows.notna(), ""),
        file or f"data/reference/{form}.csv",
    )


def sound_facts(
    counts: pd.DataFrame, scores: pd.DataFrame, problems: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts without the rows that problems of `check_frames` name, so that the rest can be stored.

    A frame whose columns are at fault, or with more rows at fault than are named, keeps none.
    """
    faults = problems[problems["code"] == CODE]
    if not len(faults):
        return counts, scores
    return _sound(shapes.COUNTS, counts, faults), _sound(shapes.SCORES, scores, faults)


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
            shown = "trống" if shapes.is_missing(value) or value == "" else f"«{vn.clean(str(value))[:40]}»"
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
    number = None if shapes.is_missing(row["row"]) else row["row"]
    try:
        number = None if number is None else int(number)
    except (TypeError, ValueError):
        number = None
    name, sheet = ("" if shapes.is_missing(row[one]) else str(row[one]) for one in ("file", "sheet"))
    return {"file": name or file, "sheet": sheet, "row": number}
