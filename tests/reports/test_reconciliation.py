"""The report on published figures: memos quoted as they stand, every number of ours claimed, no sample in it."""

from __future__ import annotations

import re
from hashlib import sha256

import pandas as pd
import pytest

from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import published
from baocao.reports.published import report as reconciliation
from baocao.reports.published.recomputed import compare_with_store
from conftest import make_project

WHOLE = "2018-01-01..2025-07-31"
SECTIONS = ("overview", "verdict_table", "faults", "all_figures", "unchecked", "method")


@pytest.fixture(scope="module")
def report(root):
    return reconciliation.open_reconciliation(WHOLE, ["42"], start=root)


@pytest.fixture(scope="module")
def sections(report):
    return {name: str(getattr(published, name)(report)) for name in SECTIONS}


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


def test_where_the_figures_come_from_is_kept_in_the_record_and_not_printed(report, sections, root):
    table = (root / "data" / "reference" / "published_figures.csv").read_bytes()
    assert report.claims.record()["provenance"]["published_figures"] == sha256(table).hexdigest()
    text = plain("".join(sections.values()))
    assert "published_figures" not in text and ".csv" not in text and "«" not in text
    assert "từ ngày 01/01/2018 đến ngày 31/07/2025" in plain(sections["method"])


def test_the_report_can_be_narrowed_to_a_period_a_memo_or_a_unit(root):
    quarter = reconciliation.open_reconciliation("2019-Q1", ["42"], start=root)
    assert {figure.seed for figure in quarter.figures} == {"003"}
    assert {figure.period.code for figure in quarter.figures} == {"2019-Q1"}
    memo = reconciliation.open_reconciliation(WHOLE, ["42"], ["000"], start=root)
    assert {figure.seed for figure in memo.figures} == {"000"}
    commune = reconciliation.open_reconciliation(WHOLE, ["18229"], start=root)
    assert [figure.id for figure in commune.figures] == ["000-10"]
    assert plain(str(published.faults(commune))) == "Không có số liệu phải xem lại.\n"


def test_a_quoted_sentence_may_name_the_units_of_other_figures_in_it(root, register, laws, tmp_path):
    one = reconciliation.open_reconciliation(WHOLE, ["HT-SNV"], start=root)
    source = read_blocks(pandoc.parse(str(published.faults(one)), root))
    assert "Sở Văn hóa, Thể thao và Du lịch (93.53 điểm)" in plain(source.body[1].text)
    assert Checker(laws, register).check(source, dict(one.claims.record())) == []


def test_bad_parameters_are_one_sentence(root):
    with pytest.raises(UserError, match="Không có văn bản «01»"):
        reconciliation.open_reconciliation(WHOLE, ["42"], ["01"], start=root)
    with pytest.raises(NoDataError, match="Không có số liệu đã công bố nào"):
        reconciliation.open_reconciliation("2024", ["42"], start=root)


# --- beside the store --------------------------------------------------------------------------------------------
RANGE = ("2025-07-01", "2025-07-24")
COMMUNES_RECEIVED = 33379


def stored(root, folder, source: str, counts: dict[str, int]) -> pd.DataFrame:
    """What `baocao reconcile` sets beside the figures, from dossiers received by unit."""
    rows = [(unit, *RANGE, "received", value) for unit, value in counts.items()]
    found = compare_with_store(make_project(root, folder, {"so_lieu.csv": (source, rows)}))
    return found[found["id"].isin(["001-02", "001-03"])]


def test_a_fact_of_the_same_unit_and_window_is_set_beside_the_figure(root, tmp_path):
    found = stored(root, tmp_path / "x", "received", {"42T": 2131, "42X": 1})
    assert list(found[["id", "stored", "agrees"]].itertuples(index=False, name=None)) == [
        ("001-02", "2.131", True), ("001-03", "1", False),
    ]  # fmt: skip
    assert set(found["source"]) == {"số liệu nhận được"}


def test_facts_of_all_units_are_added_up_and_of_some_are_not(root, tmp_path, register):
    communes = [unit.code for unit in register.on(Period.parse("2025-07").end) if unit.kind == "commune"]
    counts = dict.fromkeys(communes[:-1], 483)
    assert stored(root, tmp_path / "some", "received", counts).empty, "a commune is missing: no sum"
    counts |= {communes[-1]: COMMUNES_RECEIVED - sum(counts.values())}
    found = stored(root, tmp_path / "all", "received", counts)
    assert list(found[["id", "stored", "agrees"]].itertuples(index=False, name=None)) == [
        ("001-03", "33.379", True)
    ]


def test_sample_facts_never_enter_the_report(report):
    assert {one.source for _, one in report.others} <= {"published", "received"}


def test_a_difference_from_the_store_is_stated_and_equality_is_not(root, tmp_path, register, laws):
    rows = [("42T", *RANGE, "received", 2133), ("42X", *RANGE, "received", COMMUNES_RECEIVED)]
    project = make_project(root, tmp_path / "x", {"so_lieu.csv": ("received", rows)})
    other = reconciliation.open_reconciliation(WHOLE, ["42"], start=project)
    annex = str(reconciliation.method(other))
    assert "Hồ sơ tiếp nhận trong kỳ (cấp tỉnh): in 2.131, kho số liệu ghi 2.133." in plain(annex)
    assert annex.count("kho số liệu ghi") == 1
    source = read_blocks(pandoc.parse(annex, root))
    assert Checker(laws, register).check(source, dict(other.claims.record())) == []
