"""The report on receiving and resolving dossiers, piece by piece, as its notebook shows it.

Written after the newspaper's report on 01/07 to 24/07/2025 in the tone of the province's letters: I. received and
resolved, with the balance of Biểu II.06; II. filed online, digitised, paid; III. comparisons and units chosen by a
printed rule; IV. tasks; annexes with every unit's figures and every definition. What was not reported is said to
be missing and never filled in.
"""

from baocao.reports.processing.annexes import annex_definitions, annex_published, annex_units
from baocao.reports.processing.changes import describe_changes, table_changes
from baocao.reports.processing.comparison import read_bases
from baocao.reports.processing.exhibits import plot_online, plot_outcomes, table_groups
from baocao.reports.processing.movers import describe_unit_changes, read_unit_changes
from baocao.reports.processing.reading import Memo, open_report
from baocao.reports.processing.results import (
    describe_digitisation,
    describe_dossiers,
    describe_online,
    describe_opening,
    describe_payment,
)
from baocao.reports.processing.review import describe_units
from baocao.reports.processing.tasks import close_memo, list_tasks
from baocao.reports.processing.trend import describe_trend
from baocao.writing import sample_mark

__all__ = [
    "Memo",
    "annex_definitions",
    "annex_published",
    "annex_units",
    "close_memo",
    "describe_changes",
    "describe_digitisation",
    "describe_dossiers",
    "describe_online",
    "describe_opening",
    "describe_payment",
    "describe_trend",
    "describe_unit_changes",
    "describe_units",
    "list_tasks",
    "open_report",
    "plot_online",
    "plot_outcomes",
    "read_bases",
    "read_unit_changes",
    "sample_mark",
    "table_changes",
    "table_groups",
]
