"""The report on published figures: memos quoted as they stand, every number of ours claimed, no sample in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import pandas as pd
import pytest

from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.measures import load_measures
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports.published import report as reconciliation
from baocao.reports.published.figures import load_figures
from baocao.reports.published.recomputed import ADDED_UP, REPORTED, find_stored
from baocao.writing.claims import Claims

WHOLE = "2018-01-01..2025-07-31"
SECTIONS = ("overview", "verdict_table", "faults", "unchecked", "beside_store", "all_figures", "provenance")


@pytest.fixture(scope="module")
def report(root):
    return reconciliation.open_reconciliation(WHOLE, ["42"], start=root)


@pytest.fixture(scope="module")
def sections(report):
    return {name: str(getattr(reconciliation, name)(report)) for name in SECTIONS}


def plain(markdown: str) -> str:
    """The text of Markdown: tags and escapes removed."""
    return re.sub(r"\\(.)", r"\1", re.sub(r"<[^>]+>", "", markdown)).replace("\u2060", "")


def test_every_number_is_a_claim_or_a_quotation(report, sections, root, register, laws, tmp_path):
    source = read_blocks(pandoc.parse("\n\n".join(sections.values()), root))
    assert Checker(laws, register).check(source, dict(report.claims.record())) == []
    assert not report.claims.is_sample


@pytest.mark.parametrize("verdict", [reconciliation.AGREES, *reconciliation.FAULTS, reconciliation.UNKNOWN])
def test_the_table_of_verdicts_names_each(sections, verdict):
    assert verdict[1:] in plain(sections["verdict_table"])


def test_the_overview_counts_each_figure_once(report, sections):
    numbers = re.findall(r"\d+", plain(sections["overview"]))
    total, memos, right, wrong, unknown = map(int, numbers)
    assert (total, memos) == (len(report.figures), 5)
    assert right + wrong + unknown == total
    assert wrong == 18 and unknown == 23


def test_what_is_wrong_is_quoted_with_its_sentence(sections):
    text = plain(sections["faults"])
    assert "Báo Hà Tĩnh, 07/2025: “Tỷ lệ trước và đúng hạn là trên 98,07%”." in text
    assert "in 98,07%, nhưng (21.307 + 7218)/29.105 = 98,01%; số đã in cao hơn 0,06 điểm phần trăm." in text
    assert "in 7,68%, nhưng 2.668/34.996 = 7,62%" in text
    assert "(cấp tỉnh): in 3.763, vượt toàn thể chứa nó là 2.131" in text
    assert text.index("98,07%") < text.index("94.13"), "the gravest come first"


def test_what_cannot_be_checked_is_listed_with_the_reason(sections):
    text = plain(sections["unchecked"])
    assert "so với cùng kỳ năm trước: 40,2%; văn bản không in hai tỷ lệ" in text
    assert "82,13; 92; 80,1; 80,05; văn bản không in số thành phần để tính lại." in text


def test_the_annex_lists_every_figure_in_landscape(report, sections):
    annex = sections["all_figures"]
    assert annex.strip().startswith('<div class="phu-luc ngang" data-so="I">')
    assert all(f">{figure.id.replace('-', chr(92) + '-')}<" in annex for figure in report.figures)


def test_the_provenance_names_the_file_and_its_fingerprint(report, sections):
    text = plain(sections["provenance"])
    assert "data/reference/published_figures.csv" in text
    assert report.fingerprint[:16] in text


def test_the_report_can_be_narrowed_to_a_period_a_memo_or_a_unit(root):
    quarter = reconciliation.open_reconciliation("2019-Q1", ["42"], start=root)
    assert {figure.seed for figure in quarter.figures} == {"003"}
    assert {figure.period.code for figure in quarter.figures} == {"2019-Q1"}
    memo = reconciliation.open_reconciliation(WHOLE, ["42"], ["000"], start=root)
    assert {figure.seed for figure in memo.figures} == {"000"}
    commune = reconciliation.open_reconciliation(WHOLE, ["18229"], start=root)
    assert [figure.id for figure in commune.figures] == ["000-10"]
    assert plain(str(reconciliation.faults(commune))) == "Không có.\n"


def test_a_quoted_sentence_may_name_the_units_of_other_figures_in_it(root, register, laws, tmp_path):
    one = reconciliation.open_reconciliation(WHOLE, ["HT-SNV"], start=root)
    source = read_blocks(pandoc.parse(str(reconciliation.faults(one)), root))
    assert "Sở Văn hóa, Thể thao và Du lịch (93.53 điểm)" in plain(source.body[1].text)
    assert Checker(laws, register).check(source, dict(one.claims.record())) == []


def test_bad_parameters_are_one_sentence(root):
    with pytest.raises(UserError, match="Không có văn bản «01»"):
        reconciliation.open_reconciliation(WHOLE, ["42"], ["01"], start=root)
    with pytest.raises(NoDataError, match="Không có số liệu đã công bố nào"):
        reconciliation.open_reconciliation("2024", ["42"], start=root)


# --- beside the store --------------------------------------------------------------------------------------------


@dataclass
class Store:
    """Facts in memory, with what `find_stored` asks of the store."""

    measures: dict
    counts: pd.DataFrame
    scores: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=SCORE_COLUMNS))

    def counts_between(self, start, end) -> pd.DataFrame:
        inside = (self.counts["period_start"] >= pd.Timestamp(start)) & (
            self.counts["period_end"] <= pd.Timestamp(end)
        )
        return self.counts[inside]


SCORE_COLUMNS = ["index", "unit", "period", "component", "score", "source"]
COUNT_COLUMNS = ["unit", "measure", "value", "source"]
JULY = {"period_start": pd.Timestamp("2025-07-01"), "period_end": pd.Timestamp("2025-07-24")}


def store_of(root, counts, scores=()) -> Store:
    frame = pd.DataFrame(counts, columns=COUNT_COLUMNS).assign(**JULY)
    return Store(
        load_measures(root),
        frame,
        pd.DataFrame(list(scores), columns=SCORE_COLUMNS).assign(as_of=None, rank=None),
    )


def found(root, register, counts, scores=()) -> list[tuple]:
    stored = find_stored(load_figures(root), store_of(root, counts, scores), register)
    return [(one.figure.id, int(one.value), one.source, one.made, one.agrees) for one in stored]


def test_a_fact_of_the_same_unit_and_window_is_set_beside_the_figure(root, register):
    assert found(
        root, register, [("42T", "received", 2131, "received"), ("42X", "received", 1, "published")]
    ) == [
        ("001-02", 2131, "received", REPORTED, True),
        ("001-03", 1, "published", REPORTED, False),
    ]


def test_sample_facts_of_all_units_are_added_up_and_stay_sample(root, register):
    communes = [unit.code for unit in register.on(JULY["period_end"].date()) if unit.kind == "commune"]
    counts = [(code, "received", 483, "sample") for code in communes[:-1]]
    assert found(root, register, counts) == [], "a commune is missing: no sum"
    counts.append((communes[-1], "received", 33379 - 483 * (len(communes) - 1), "sample"))
    assert found(root, register, counts) == [("001-03", 33379, "sample", ADDED_UP, True)]


def test_scores_are_held_by_unit_period_and_component(root, register):
    scores = [("service_index", "42", "2025-M7", "total", 82.13, "published")]
    stored = find_stored(load_figures(root), store_of(root, [], scores), register)
    assert [(one.figure.id, one.agrees) for one in stored] == [("000-01", True)]


def test_sample_facts_never_enter_the_report(report):
    assert {one.source for one in report.stored} <= {"published", "received"}


def test_a_difference_from_the_store_is_stated(root, report, register, laws):
    figures = [figure for figure in report.figures if figure.id == "001-02"]
    stored = find_stored(figures, store_of(root, [("42T", "received", 2133, "received")]), register)
    claims = Claims([register.get(code, figures[0].as_of) for code in ("42", "42T")], laws)
    other = reconciliation.Reconciliation(
        register, report.period, claims, tuple(figures), (), tuple(stored), report.fingerprint
    )
    text = plain(str(reconciliation.beside_store(other)))
    assert "Hồ sơ tiếp nhận trong kỳ (cấp tỉnh): in 2.131, kho số liệu ghi 2.133." in text
