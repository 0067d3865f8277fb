"""The letter of the steering committee on the reform indices (PAR INDEX, SIPAS, DTI), piece by piece.

Written after the committee's letter of February 2023: documents carried out, six numbered tasks, last paragraph;
the second and the fifth task say what the indices brought. Annexes give every year's points and ranks, why a year
is missing and why two years are not compared.
"""

from baocao.reports.reform_indices.annexes import annex_method, annex_published, annex_results
from baocao.reports.reform_indices.reading import Report, open_report
from baocao.reports.reform_indices.tasks import close_letter, describe_opening, list_tasks
from baocao.writing import sample_mark

__all__ = [
    "Report",
    "annex_method",
    "annex_published",
    "annex_results",
    "close_letter",
    "describe_opening",
    "list_tasks",
    "open_report",
    "sample_mark",
]
