"""The report on receiving and resolving dossiers, piece by piece, as its notebook shows it.

Written after the newspaper's report on 01/07 to 24/07/2025 in the tone of the province's letters: I. received and
resolved, with the balance of Biểu II.06; II. filed online, digitised, paid; III. comparisons and units chosen by a
printed rule; IV. tasks; annexes with every unit's figures and every definition. What was not reported is said to
be missing and never filled in.
"""

from baocao.claims import sample_mark
from baocao.memos.processing.annexes import annex_definitions, annex_published, annex_units
from baocao.memos.processing.changes import describe_changes, table_changes
from baocao.memos.processing.comparison import read_bases
from baocao.memos.processing.exhibits import plot_online, plot_outcomes, table_groups
from baocao.memos.processing.movers import describe_unit_changes, read_unit_changes
from baocao.memos.processing.reading import Memo, open_report
from baocao.memos.processing.results import (
    describe_digitisation,
    describe_dossiers,
    describe_online,
    describe_opening,
    describe_payment,
)
from baocao.memos.processing.review import describe_units
from baocao.memos.processing.tasks import close_memo, list_tasks
from baocao.memos.processing.trend import describe_trend

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
