"""The annex on a published memo: every figure as printed beside ours, equal or with its difference and verdict."""

from __future__ import annotations

import csv

import pytest

from baocao.definitions.errors import UserError
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import open_memo
from baocao.reports.paper import Paper, Whose
from baocao.reports.published.check import AGREES, FAULTS
from baocao.reports.published.figures import figures_about, load_figures, units_named
from baocao.reports.published.printed import annex_published
from baocao.reports.published.recomputed import recompute
from baocao.reports.setting import open_setting
from baocao.writing import Figures
from conftest import make_project, plain, write_memo

RANGE = "2025-07-01..2025-07-24"


@pytest.fixture(scope="module")
def printed_counts(root) -> list[tuple]:
    """The rows of counts that S-001 and S-003 printed."""
    with (root / "data" / "raw" / "bao_cao_da_cong_bo_so_lieu.csv").open(encoding="utf-8-sig") as file:
        return [tuple(row) for row in csv.reader(file)][1:]


@pytest.fixture(scope="module")
def published(root, tmp_path_factory, printed_counts):
    """Only what the memos printed: no unit's own figures, no scores."""
    files = {"da_cong_bo.csv": ("published", printed_counts)}
    return make_project(root, tmp_path_factory.mktemp("published"), files)


def open_paper(seed: str, period: str, units: list[str], start) -> Paper:
    """A document that may name its units, the province, its levels, and what the memo names."""

    def scope(facts, register, period, chosen):
        return [*chosen, *(register.get(code, period.end) for code in ("42", "42T", "42X"))]

    setting = open_setting(period, units, scope=scope, seed=seed, start=start)
    figures = Figures(setting.history, setting.period, setting.claims)
    return Paper(setting, figures, Whose(figures, setting.units[0]))


@pytest.fixture(scope="module")
def july(published):
    return open_paper("001", RANGE, ["42"], published)


@pytest.fixture(scope="module")
def annex(july) -> str:
    return str(annex_published(july, "001"))


def row_of(annex: str, figure: str) -> list[str]:
    (line,) = [
        line for line in map(plain, annex.splitlines()) if line.startswith((f"| {figure} ", f"|{figure} "))
    ]
    return [cell.strip() for cell in line.strip("|").split("|")]


def test_no_memo_no_annex(july):
    assert annex_published(july, "") == ""


def test_a_memo_that_does_not_exist_is_refused_with_the_nearest(published):
    with pytest.raises(UserError, match=r"Không có văn bản «0001» .* gần nhất: 001"):
        open_memo(RANGE, ["42"], "0001", start=published)


def test_every_figure_is_accounted_for(july, annex, root, register, laws):
    record = dict(july.claims.record())
    assert Checker(laws, register).check(read_blocks(pandoc.parse(annex, root)), record) == []
    assert 'class="phu-luc ngang" data-so="III"' in annex


def test_an_equal_figure(annex):
    assert row_of(annex, "001-01")[1:] == [
        "Tổng số hồ sơ nhận giải quyết", "tỉnh Hà Tĩnh", "trên 47.411", "47.411", "47.411", AGREES,
    ]  # fmt: skip


def test_a_rate_that_does_not_hold_is_recomputed_from_the_facts_and_from_its_parts(annex):
    assert row_of(annex, "001-10")[3:] == [
        "trên 98,07%", "98,01%", "98,01%", "không khớp, cao hơn 0,06 điểm phần trăm",
    ]  # fmt: skip
    text = plain(annex)
    assert (
        "“Tỷ lệ trước và đúng hạn là trên 98,07%”. Tỷ lệ hồ sơ giải quyết trước và đúng hạn (tỉnh Hà" in text
    )
    assert text.index("98,07%”") < text.index("Bảng") < text.index("không khớp, cao hơn 0,06 điểm phần trăm")


def test_a_rate_is_rounded_as_it_was_printed(annex):
    assert row_of(annex, "001-22")[3:6] == ["94,4%", "94,4%", "94,4%"]


def test_what_nothing_can_confirm_is_said_so(annex):
    assert row_of(annex, "001-32")[3:] == ["3", "–", "–", "–"]
    assert row_of(annex, "001-23")[3:] == ["78,18", "–", "78,18", AGREES], "no scores in this store"
    assert row_of(annex, "001-24")[3:] == ["14,92", "–", "–", "–"]
    assert "Số liệu mà văn bản không cho đủ căn cứ: 1. Điểm nhóm công khai, minh bạch: 14,92;" not in plain(
        annex
    ), "a part of a sum that holds is no figure without ground"


def test_the_overview_counts_each_figure_once(annex, root):
    ids = [figure.id for figure in load_figures(root) if figure.seed == "001"]
    conclusions = [row_of(annex, one)[-1] for one in ids]
    wrong = sum(one.startswith(FAULTS) for one in conclusions)
    assert conclusions.count(AGREES) + wrong + conclusions.count("–") == len(conclusions) == 52
    assert (
        f"Báo Hà Tĩnh, 07/2025 in 52 số liệu: {conclusions.count(AGREES)} số liệu khớp với số tính lại; {wrong} số liệu phải "
        f"xem lại; {conclusions.count('–'):02d} số liệu không có số thành phần để tính lại." in plain(annex)
    )


def test_facts_that_contradict_a_figure_are_told(root, tmp_path, printed_counts):
    """The memo's own parts say nothing of the 2.131 dossiers that cấp tỉnh received; the store does."""
    changed = [
        (*row[:4], "2133" if row[0] == "42T" and row[3] == "received" else row[4]) for row in printed_counts
    ]
    start = make_project(root, tmp_path, {"nhan_duoc.csv": ("received", changed)})
    annex = str(annex_published(open_paper("001", RANGE, ["42"], start), "001"))
    assert row_of(annex, "001-02")[3:] == ["2.131", "2.133", "–", "thấp hơn 2 hồ sơ"]
    assert "Hồ sơ tiếp nhận trong kỳ (cấp tỉnh): in 2.131, tính từ kho số liệu được 2.133." in plain(annex)


def test_missing_facts_are_no_zero(root, tmp_path):
    start = make_project(
        root, tmp_path, {"it.csv": ("received", [("42", "2025-07-01", "2025-07-24", "fee_bearing", 0)])}
    )
    annex = str(annex_published(open_paper("001", RANGE, ["42"], start), "001"))
    assert row_of(annex, "001-20")[3:5] == ["96,05%", "–"]
    assert row_of(annex, "001-20m")[3:5] == ["11.680", "0"]


def test_a_report_on_single_units_lists_only_their_figures(root):
    names = {"HT-SNV": "Sở Nội vụ", "18229": "xã Đức Thọ"}
    annex = str(annex_published(open_paper("000", "2025-M7", list(names), root), "000"))
    assert plain(annex).count("| 000-") == 2
    assert all(name in annex for name in names.values())
    other = open_paper("000", "2025-07", ["18073"], root)
    assert annex_published(other, "000") == "", "no figure of that memo is about this unit"


def test_a_letter_numbers_the_annex_after_its_own(root):
    letter = write_memo(root, "service_index", "2025-M7", ["42"], seed="000")
    assert 'data-so="III"' in letter.markdown("published")
    assert write_memo(root, "service_index", "2025-M7", ["42"])["published"] == ""


def test_a_score_printed_with_a_dot_is_equal_and_still_at_fault(root):
    annex = write_memo(root, "service_index", "2025-M7", ["42"], seed="000").markdown("published")
    assert row_of(annex, "000-03")[3:] == ["94.13", "94,13", "–", "dấu thập phân lẫn lộn"]
    assert row_of(annex, "000-02")[3:] == ["thứ nhất", "1", "–", AGREES]
    assert row_of(annex, "000-02m")[3:] == ["34", "–", "34", AGREES]


# --- recomputed ------------------------------------------------------------------------------------------------
def numbers_of(paper: Paper, *ids: str) -> list[list[str]]:
    figures = [figure for figure in load_figures(paper.setting.root) if figure.id in ids]
    root, history = paper.setting.root, paper.setting.history
    return [[one.text for one in recompute(root, history, figure)] for figure in figures]


def test_yearly_results_and_targets_come_from_the_reference_tables(july):
    assert numbers_of(july, "004-01", "004-02", "003-01", "003-01m") == [["6,626"], [], ["59"], ["60"]]
    assert numbers_of(july, "003-04", "003-06") == [["20%"], ["10%"]]


def test_a_change_is_given_both_ways(root, tmp_path, register):
    rows = [
        ("42", start, end, name, value)
        for start, end, online, base in (("2023-01-01", "2023-06-30", 701, 1000), ("2022-01-01", "2022-06-30", 500, 1000))
        for name, value in (("filed_online", online), ("online_base", base))
    ]  # fmt: skip
    start = make_project(root, tmp_path, {"hai_nam.csv": ("received", rows)})
    paper = open_paper("", "2023-H1", ["42"], start)
    assert numbers_of(paper, "002-01") == [["40,2%", "20,10"]]
    assert numbers_of(open_paper("", RANGE, ["42"], start), "002-01") == [["40,2%", "20,10"]]


def test_the_units_of_quotes_are_those_that_a_document_may_name(root, register):
    province = [register.get("42", load_figures(root)[0].as_of)]
    codes = {unit.code for unit in units_named(root, figures_about(root, "002", province), register)}
    assert codes == {"42", "HT-SGDDT", "HT-STTTT", "HT-SGTVT", "440", "446"}
    assert units_named(root, figures_about(root, "", province), register) == []
