"""The letter on online services, piece by piece, as its notebook shows it.

Written after công văn 2023: result beside the same period a year before, the three denominators told apart, praise,
"Tuy vậy" and what is missing, five numbered tasks with a footnote, assignment; annexes with every unit's shares and
every definition. What may not be compared is said not to be, with the reason.
"""

from baocao.reports.online_services.annexes import annex_definitions, annex_published, annex_units
from baocao.reports.online_services.judgement import describe_praise, describe_weaknesses
from baocao.reports.online_services.reading import Letter, open_report
from baocao.reports.online_services.result import describe_result, describe_shares
from baocao.reports.online_services.tasks import list_tasks
from baocao.writing import sample_mark

__all__ = [
    "Letter",
    "annex_definitions",
    "annex_published",
    "annex_units",
    "describe_praise",
    "describe_result",
    "describe_shares",
    "describe_weaknesses",
    "list_tasks",
    "open_report",
    "sample_mark",
]
