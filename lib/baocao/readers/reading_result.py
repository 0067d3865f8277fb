"""What one file as received says: facts, reference rows and problems, whatever kind of file it is."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from baocao.readers.problems import problems_frame

SCORE_FORM = ("index", "unit", "period", "as_of", "component", "score", "maximum", "rank", "out_of")
COUNT_COLUMNS = ["unit", "period_start", "period_end", "measure", "value", "source", "file", "sheet", "row"]
SCORE_COLUMNS = [*SCORE_FORM, "source", "file", "sheet", "row"]


def no_counts() -> pd.DataFrame:
    """The counts of a file that has none."""
    return pd.DataFrame(columns=COUNT_COLUMNS)


def no_scores() -> pd.DataFrame:
    """The scores of a file that has none."""
    return pd.DataFrame(columns=SCORE_COLUMNS)


@dataclass(frozen=True, eq=False)
class Reading:
    """The facts of one file and its problems.

    form      counts, scores, ii06, dossiers, portal, reference; of reference rows index_values, targets, units, lineage
    counts    `COUNT_COLUMNS`
    scores    `SCORE_COLUMNS`
    problems  columns of `problems.PROBLEM_COLUMNS`; rows at fault are not among the facts
    rows      reference rows, in the columns of the file of `data/reference` that is called like the form
    """

    form: str
    counts: pd.DataFrame = field(default_factory=no_counts)
    scores: pd.DataFrame = field(default_factory=no_scores)
    problems: pd.DataFrame = field(default_factory=lambda: problems_frame([]))
    rows: pd.DataFrame | None = None
