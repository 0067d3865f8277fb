"""The letter on the service index (Quyết định 766/QĐ-TTg), piece by piece, as its notebook shows it.

Written after the province's letter on the first seven months of 2025: result and source, groups, distances,
praise, "Tuy vậy" and weaknesses, numbered tasks, assignment, annexes. Every list is chosen from the data by a
rule that the letter prints; what was not published is said to be missing and never filled in.
"""

from baocao.reports.service_index.annexes import annex_method, annex_published, annex_ranking
from baocao.reports.service_index.capture import Report, open_report
from baocao.reports.service_index.exhibits import plot_groups, plot_provinces, plot_units, table_groups
from baocao.reports.service_index.history import describe_change, plot_trend, table_changes
from baocao.reports.service_index.judgement import (
    describe_assignment,
    describe_missing,
    describe_praise,
    describe_weaknesses,
    list_tasks,
)
from baocao.reports.service_index.result import (
    describe_distance,
    describe_groups,
    describe_result,
    describe_sum,
)
from baocao.writing import sample_mark

__all__ = [
    "Report",
    "annex_method",
    "annex_published",
    "annex_ranking",
    "describe_assignment",
    "describe_change",
    "describe_distance",
    "describe_groups",
    "describe_missing",
    "describe_praise",
    "describe_result",
    "describe_sum",
    "describe_weaknesses",
    "list_tasks",
    "open_report",
    "plot_groups",
    "plot_provinces",
    "plot_trend",
    "plot_units",
    "sample_mark",
    "table_changes",
    "table_groups",
]
