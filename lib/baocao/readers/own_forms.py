"""The project's own CSV forms of counts and of scores: text in, facts and problems out.

Everything wrong in a file is found in one reading and named with its row (1-based as a spreadsheet shows it, the
header is row 1) and column. A row with an error is left out of the facts; nothing is dropped without a problem.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from baocao.definitions import Measure, Period, Register
from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.delimited import Table, read_table
from baocao.readers.parsed_columns import ColumnReader
from baocao.readers.problems import join_problems, problems_frame
from baocao.readers.repeats import COUNT_KEY, SCORE_KEY, drop_repeats

COUNT_FORM = ("unit", "period_start", "period_end", "measure", "value")
SCORE_FORM = ("index", "unit", "period", "as_of", "component", "score", "maximum", "rank", "out_of")
COUNT_COLUMNS = ["unit", "period_start", "period_end", "measure", "value", "source", "file", "sheet", "row"]
SCORE_COLUMNS = [*SCORE_FORM, "source", "file", "sheet", "row"]


def read_counts(
    path: Path, register: Register, measures: dict[str, Measure], source: str, name: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts of a counts form (`unit,period_start,period_end,measure,value`) and its problems.

    A unit is a code or a name valid on the window's last day, whose code was valid on the first day too; a value
    is a whole number of dossiers, 0 or more ("1.234" or "1234"). `name` is what the frames call the file.

    returns  counts: dates are `datetime.date`, `value` int64; problems. Raises UserError only for a path that
             cannot be read
    """
    return read_count_table(*read_table(path, COUNT_FORM, name), register, measures, source)


def read_count_table(
    table: Table, found: list[dict], register: Register, measures: dict[str, Measure], source: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As `read_counts`, of a table that was read already; cells may be dates and integers, which are not parsed.

    found  problems of the table's shape, to which those of its cells are added
    """
    reader, finder = ColumnReader(table, found), cells.UnitFinder(register)
    start = reader.parse("period_start", cells.parse_day)
    end = reader.parse("period_end", cells.parse_day)
    measure = reader.parse("measure", lambda text: cells.parse_measure(text, measures))
    value = reader.parse("value", cells.parse_count)
    unit = reader.parse("unit", lambda *beside: cells.parse_unit(*beside, finder), start, end)
    reader.judge("period_end", cells.check_window, start, end)
    reader.judge("measure", lambda *known: cells.check_in_force(*known, measures), measure, start, end)
    reader.name_units(unit)
    reader.tell_corrected(unit, register.get, end)
    counts = pd.DataFrame(
        {
            "unit": unit.rows,
            "period_start": start.rows,
            "period_end": end.rows,
            "measure": measure.rows,
            "value": value.rows,
        }
    )
    counts = counts.assign(source=source, file=table.name, sheet=table.sheet, row=table.rows)[reader.good]
    counts, repeated = drop_repeats(counts, COUNT_KEY, ["value"])
    counts = counts.reindex(columns=COUNT_COLUMNS).astype({"value": "int64", "row": "int64"})
    return counts.reset_index(drop=True), join_problems([problems_frame(found), repeated])


def read_scores(
    path: Path, register: Register, source: str, name: str = ""
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The facts of a scores form (header: `SCORE_FORM`) and its problems.

    A score lies between 0 and its maximum; "94.13" is read, with a warning that the decimal mark is a dot. Score,
    maximum, rank and `out_of` may be blank (not published is missing, never 0), but not score and rank both. The
    unit must be valid on `as_of`, or on the period's last day where `as_of` is blank.

    returns  scores: `period` a Period code, `as_of` a `datetime.date` or None, `score` and `maximum` float64 (NaN:
             missing), `rank` and `out_of` Int64; problems. Raises UserError only for a path that cannot be read
    """
    table, found = read_table(path, SCORE_FORM, name)
    reader, finder = ColumnReader(table, found), cells.UnitFinder(register)
    index = reader.parse("index", cells.parse_name)
    component = reader.parse("component", cells.parse_name)
    period = reader.parse("period", Period.parse)
    as_of = reader.parse("as_of", lambda text: vn.parse_date(text) if text else None)
    maximum = reader.parse("maximum", cells.parse_maximum)
    score = reader.parse("score", cells.parse_score, maximum)
    rank, out_of = (reader.parse(column, cells.parse_rank) for column in ("rank", "out_of"))
    unit = reader.parse("unit", lambda *beside: cells.parse_ranked_unit(*beside, finder), period, as_of)
    reader.judge("as_of", cells.check_as_of, period, as_of)
    reader.judge("rank", cells.check_rank, rank, out_of)
    reader.judge("score", cells.check_given, reader.texts("score"), reader.texts("rank"))
    reader.name_units(unit)
    for at, pair in enumerate(score.rows):
        if pair and pair[1]:
            reader.add(at, "score", pair[1], severity="warning", code="dau-thap-phan")
    scores = pd.DataFrame(
        {
            "index": index.rows,
            "unit": unit.rows,
            "period": [one and one.code for one in period.rows],
            "as_of": as_of.rows,
            "component": component.rows,
            "score": [float(pair[0]) if pair else np.nan for pair in score.rows],
            "maximum": [float(one) if one is not None else np.nan for one in maximum.rows],
            "rank": rank.rows,
            "out_of": out_of.rows,
        }
    )
    scores = scores.assign(source=source, file=table.name, sheet=table.sheet, row=table.rows)[reader.good]
    scores, repeated = drop_repeats(scores, SCORE_KEY, ["score", "rank"])
    scores = scores.reindex(columns=SCORE_COLUMNS).astype(
        {"score": "float64", "maximum": "float64", "rank": "Int64", "out_of": "Int64", "row": "int64"}
    )
    return scores.reset_index(drop=True), join_problems([problems_frame(found), repeated])
