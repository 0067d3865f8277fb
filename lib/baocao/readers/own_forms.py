"""The project's own CSV forms of counts and of scores: text in, facts and problems out.

Everything wrong in a file is found in one reading and named with its row (1-based as a spreadsheet shows it, the
header is row 1) and column. A row with an error is left out of the facts; nothing is dropped without a problem.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from baocao.definitions import Measure, Period, Register
from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.headings import cell_text, load_vocabulary, match_titles
from baocao.readers.parsed_columns import ColumnReader, Table, table_of
from baocao.readers.problems import Faults, join_problems, problems_frame
from baocao.readers.reading_result import COUNT_COLUMNS, SCORE_COLUMNS, SCORE_FORM, Reading
from baocao.readers.repeats import COUNT_KEY, SCORE_KEY, drop_repeats
from baocao.readers.workbook import Book

COUNT_FORM = ("unit", "period_start", "period_end", "measure", "value")


def recognise_own(book: Book, root: Path) -> str:
    """The form, counts or scores, of which most columns stand in the book's first row; "" for neither."""
    titles = [cell_text(cell).casefold() for cell in (book.sheets[0].rows or [[]])[0]]
    for form, header in (("counts", COUNT_FORM), ("scores", SCORE_FORM)):
        places = match_titles(titles, load_vocabulary(root, form), header).places
        if sum(name in titles for name in header) > len(header) // 2 or len(places) == len(header):
            return form
    return ""


def _own_table(book: Book, form: str, header: Sequence[str], root: Path) -> tuple[Table, list[dict]]:
    faults = Faults(book.name, book.sheets[0].name)
    for sheet in book.sheets[1:]:
        faults.on(sheet.name).warn("trang-la", "Chỉ trang đầu của biểu được đọc; trang này không được đọc.")
    return table_of(book.sheets[0].rows, header, faults, words=load_vocabulary(root, form)), faults.rows


def read_counts(
    book: Book, register: Register, measures: dict[str, Measure], source: str, *, root: Path, **_view
) -> Reading:
    """The facts of a counts form (`unit,period_start,period_end,measure,value`) and its problems.

    A unit is a code or a name valid on the window's last day, whose code was valid on the first day too; a value
    is a whole number of dossiers, 0 or more ("1.234" or "1234"). Dates are `datetime.date`, `value` int64.
    """
    table, found = _own_table(book, "counts", COUNT_FORM, root)
    counts, problems = read_count_table(table, found, register, measures, source)
    return Reading("counts", counts=counts, problems=problems)


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
    book: Book, register: Register, measures: dict[str, Measure], source: str, *, root: Path, **_view
) -> Reading:
    """The facts of a scores form (header: `SCORE_FORM`) and its problems.

    A score lies between 0 and its maximum; "94.13" is read, with a warning that the decimal mark is a dot. Score,
    maximum, rank and `out_of` may be blank (not published is missing, never 0), but not score and rank both. The
    unit must be valid on `as_of`, or on the period's last day where `as_of` is blank.

    returns  scores: `period` a Period code, `as_of` a `datetime.date` or None, `score` and `maximum` float64 (NaN:
             missing), `rank` and `out_of` Int64
    """
    table, found = _own_table(book, "scores", SCORE_FORM, root)
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
    problems = join_problems([problems_frame(found), repeated])
    return Reading("scores", scores=scores.reset_index(drop=True), problems=problems)
