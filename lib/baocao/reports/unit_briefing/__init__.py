"""The briefing that goes out to one unit: two pages, its figures beside its group's and the province's.

Page one says in three sentences how the unit stands and shows every figure beside those of its group and of the
province, with its rank; page two holds the comparisons in words, the trend, and what to do first, which is computed:
the dossiers still missing to reach the common level of the group, or the target in force. No other unit is named
but the old ones that the unit was made of.
"""

from baocao.reports.unit_briefing.exhibits import plot_trend, table_figures
from baocao.reports.unit_briefing.reading import Briefing, open_briefing, prepare
from baocao.reports.unit_briefing.results import (
    describe_changes,
    describe_opening,
    describe_summary,
    list_tasks,
    note_method,
)
from baocao.writing import sample_mark

__all__ = [
    "Briefing",
    "describe_changes",
    "describe_opening",
    "describe_summary",
    "list_tasks",
    "note_method",
    "open_briefing",
    "plot_trend",
    "prepare",
    "sample_mark",
    "table_figures",
]
