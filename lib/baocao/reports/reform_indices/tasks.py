"""The letter's text: the documents it carries out, six numbered tasks in the order of seed 004, its last paragraph."""

from __future__ import annotations

from dataclasses import dataclass

from baocao.definitions import Law
from baocao.reports.reform_indices import words
from baocao.reports.reform_indices.reading import DTI, PAR, SIPAS, Report
from baocao.reports.reform_indices.results import (
    describe_change,
    describe_newest,
    describe_still_to_come,
    describe_weak_parts,
)
from baocao.writing import Markdown, footnote, markup, paragraphs

PROGRAMME, RESOLUTION, SCHEME = "76/NQ-CP", "12-NQ/TU", "2454/QĐ-UBND"
REGULATION = "2088/QĐ-UBND"
SCHEME_YEARS = range(2022, 2026)
"""Years that the Party Committee's resolution and the province's scheme cover, by their titles."""


@dataclass(frozen=True)
class Documents:
    """What the letter of one year carries out; `posting_faults` whether the central appraisal found such faults."""

    directive: str
    plan: str
    transformation: str
    survey: str
    posting_faults: bool


DOCUMENTS = {2023: Documents("03/CT-TTg", "2629/QĐ-UBND", "525/KH-UBND", "385/BNV-CCHC", posting_faults=True)}
"""By the year whose work is ordered. Only those of 2023 are known (S-004): other letters name no such document."""


def describe_opening(report: Report) -> Markdown:
    """The documents carried out, and who must do what follows."""
    documents = DOCUMENTS.get(report.plan_year)
    if documents:
        bases = words.bases(
            _cite(report, documents.directive), _title(report, documents.directive),
            _cite(report, SCHEME), _title(report, SCHEME),
        )  # fmt: skip
    else:
        bases = words.programme_base(_cite(report, PROGRAMME), _title(report, PROGRAMME, keep=True))
    decision = _cite(report, documents.plan) if documents else ""
    plan = words.plan(decision, report.year_of(report.plan_year))
    return paragraphs(bases, words.order(plan, f"Chủ tịch UBND {_lower_levels(report)[0]}"))


def list_tasks(report: Report) -> Markdown:
    """The six numbered tasks; the second and the fifth say what the indices brought."""
    items = [
        [_carry_out_plan(report), words.focus()],
        [
            words.learn_from_results(report.year_of(report.year), report.year_of(report.plan_year)),
            _results_of_reform(report),
        ],
        [words.discipline()],
        [_survey(report)],
        [_digital(report)],
        [words.follow_up()],
    ]
    # Blank lines and three blanks keep the further paragraphs of an item inside it.
    listed = [f"{number}. " + "\n\n   ".join(item) for number, item in enumerate(items, 1)]
    return Markdown("\n\n".join(listed) + "\n")


def close_letter(report: Report) -> Markdown:
    """The last paragraph, and the place of the signature."""
    return Markdown(paragraphs(words.closing(report.year_of(report.plan_year))) + markup.division("khoi-ky"))


def _carry_out_plan(report: Report) -> str:
    local = ""
    if report.plan_year in SCHEME_YEARS:
        resolution, title = _cite(report, RESOLUTION), _title(report, RESOLUTION)
        note = footnote(f"{_cite(report, SCHEME)} của UBND tỉnh về {_title(report, SCHEME)}.")
        local = words.local_documents(resolution, title, note, report.claims.law(RESOLUTION))
    years = [report.year_of(report.plan_year) for _ in range(2)]
    return words.carry_out_plan(*years, _title(report, PROGRAMME, keep=True), local)


def _results_of_reform(report: Report) -> str:
    told = "; ".join(describe_newest(report, name) for name in (PAR, SIPAS))
    return f"{told} (chi tiết tại Phụ lục I). {describe_still_to_come(report)}".strip()


def _survey(report: Report) -> str:
    documents = DOCUMENTS.get(report.plan_year)
    survey_note = posting_note = ""
    if documents:
        title = _title(report, documents.survey)
        survey_note = footnote(words.survey_document(_cite(report, documents.survey), title) + ".")
    if documents and documents.posting_faults:
        posting_note = footnote(words.posting_faults(report.year_of(report.year - 1)))
    levels = f"UBND {', '.join(_lower_levels(report))}"
    return words.survey(
        report.year_of(report.year), survey_note, posting_note, levels, _cite(report, REGULATION)
    )


def _digital(report: Report) -> str:
    newest = report.newest(DTI)
    documents = DOCUMENTS.get(report.plan_year)
    if newest is None:
        note = footnote(f"{describe_newest(report, DTI)}.")
    else:
        change = describe_change(report, newest)
        year = report.year_of(newest.year)
        note = footnote(words.rank_of_dti(year, report.rank(newest), change, is_old=report.is_old(newest)))
    plan = f" theo {_cite(report, documents.transformation)} của UBND tỉnh" if documents else ""
    weak = describe_weak_parts(report)
    return words.digital(report.year_of(report.year), report.year_of(report.plan_year), note, weak, plan)


def _cite(report: Report, number: str) -> str:
    return report.claims.law(number, dated=True)


def _title(report: Report, number: str, *, keep: bool = False) -> str:
    """A document's title inside a sentence; `keep` its capital, for a name."""
    law: Law = report.setting.laws.get(number)
    return report.quote(law.title if keep else law.title[:1].lower() + law.title[1:])


def _lower_levels(report: Report) -> list[str]:
    """The levels below the province on the letter's day, highest first."""
    levels = [unit for unit in report.setting.register.on(report.day) if unit.kind == "level"]
    return [unit.official_name for unit in levels if unit.level != "province"]
