"""The letter on Chỉ thị 08/CT-UBND, piece by piece: online filing at levels 3 and 4, the public post, what is missing.

Written after the province's letter of April 2019: points lost in the PAR INDEX, shares of the quarter against the
targets, bulleted tasks, assignment; annexes say for every unit how many dossiers are missing to each target, and by
which rule units are named. A target that was not in force in the quarter is never said to be missed.
"""

from baocao.reports.directive_08.annexes import annex_method, annex_published, annex_units
from baocao.reports.directive_08.exhibits import plot_groups, table_groups
from baocao.reports.directive_08.letter import (
    describe_assignment,
    describe_changes,
    describe_opening,
    list_tasks,
)
from baocao.reports.directive_08.reading import Report, open_report
from baocao.writing import sample_mark

__all__ = [
    "Report",
    "annex_method",
    "annex_published",
    "annex_units",
    "describe_assignment",
    "describe_changes",
    "describe_opening",
    "list_tasks",
    "open_report",
    "plot_groups",
    "sample_mark",
    "table_groups",
]
