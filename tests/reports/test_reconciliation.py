"""The report on published figures: memos quoted as they stand, every number of ours claimed, no sample in it."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from baocao.app.cli import app
from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import reconcile
from baocao.reports.published.check import FAULTS, VERDICTS
from baocao.reports.published.recomputed import compare_with_store
from conftest import WrittenMemo, make_project, plain, write_memo

WHOLE = "2018-01-01..2025-07-31"
BODY = ("overview", "verdict-table", "fault-list", "requests")
ANNEXES = ("figures", "unchecked-list", "method")


def write(project, period: str = WHOLE, units=("42",), memos=()) -> WrittenMemo:
    return write_memo(project, "reconcile", period, list(units), memos=list(memos))


@pytest.fixture(scope="module")
def report(root) -> WrittenMemo:
    return write(root)


def faults_of(written: WrittenMemo, root, laws, register) -> list:
    source = read_blocks(pandoc.parse("\n\n".join(written.pieces), root))
    return Checker(laws, register).check(source, dict(written.memo.claims.record()))


def test_every_number_is_a_claim_or_a_quotation(report, root, register, laws):
    assert faults_of(report, root, laws, register) == []
    assert not report.memo.claims.is_sample


def test_words_of_engineers_are_not_in_it(report):
    body, annexes = ("".join(report[cell] for cell in cells) for cells in (BODY, ANNEXES))
    assert not re.search(
        r"chương trình|mẫu số|tử số|\.csv|published_figures|«", body + annexes, re.IGNORECASE
    )


def test_the_table_names_each_verdict_and_counts_each_figure_once(report):
    header, _, *rows = [line for line in report.markdown("verdict-table").splitlines() if line[:1] == "|"]
    for verdict in VERDICTS:
        assert verdict[1:] in header
    for row in rows:
        total, *counts = [int(cell) for cell in plain(row).split("|")[2:-1]]
        assert sum(counts) == total


def test_the_overview_says_how_many_are_right_and_where_the_others_are(report):
    told = report["overview"]
    checked = report.names["checked"]
    total, memos, right, wrong, unknown = map(int, re.findall(r"(\d+) (?:số liệu|văn bản)", told)[:5])
    assert (total, memos, right + wrong + unknown) == (len(checked), 5, len(checked))
    assert (wrong, unknown) == (18, 23)
    parts = [(int(one), int(all_)) for one, all_ in re.findall(r"\((\d+)/(\d+) số liệu\)", told)]
    assert sum(one for one, _ in parts) == wrong and parts == sorted(parts, key=lambda pair: -pair[0])
    assert len(parts) == sum(any(one.is_wrong for one in own.checked) for own in report.names["documents"])


def test_every_fault_is_quoted_with_its_words_the_gravest_first(report):
    text, at = report["fault-list"], 0
    for one in report.names["checked"]:
        for finding in one.findings:
            if finding.verdict in FAULTS:
                assert f"“{one.figure.quote}”" in text
                sentence = "".join(
                    piece if isinstance(piece, str) else getattr(piece, "printed", None) or piece.text
                    for piece in finding.reason
                )
                assert f"{one.figure.printed}" in text and sentence in text, one.figure.id
    for fault in report.names["faults"]:
        first = plain(report.memo.figures.fill(str(fault.places[0].points)))
        assert text.index(first) >= at
        at = text.index(first)


def test_figures_wrong_in_the_same_way_share_a_sentence(report):
    text = report["fault-list"]
    assert text.count("dùng dấu chấm trước phần thập phân") == 1
    assert all(f"{dot} (phải viết {dot.replace('.', ',')})" in text for dot in ("94.13", "93.53", "90.12"))


def test_what_cannot_be_checked_is_listed_with_the_reason(report):
    text = report["unchecked-list"]
    for one in report.names["unknown"]:
        assert one.figure.label in text and one.figure.printed in text
    assert "(tỉnh Hà Tĩnh): in 40,2%; văn bản không in hai tỷ lệ" in text
    assert "in 82,13; 92; 80,1; 80,05; văn bản không in số thành phần để tính lại." in text


def test_the_annex_lists_every_figure_in_landscape(report):
    annex = report.markdown("figures")
    assert annex.strip().startswith('<div class="phu-luc ngang" data-so="I">')
    assert all(f">{one.figure.id.replace('-', chr(92) + '-')}<" in annex for one in report.names["checked"])


def test_the_window_and_the_laws_that_were_applied_are_told(report):
    assert "từ ngày 01/01/2018 đến ngày 31/07/2025" in report["method"]
    assert len(report.names["rules"]) == len(re.findall(r"^\d+\. ", report.markdown("method"), re.MULTILINE))


def test_where_the_figures_come_from_is_kept_in_the_record(report, root):
    table = (root / "data" / "reference" / "published_figures.csv").read_bytes()
    provenance = report.memo.claims.record()["provenance"]
    assert provenance["published_figures"] == sha256(table).hexdigest()


def test_the_report_can_be_narrowed_to_a_period_a_memo_or_a_unit(root):
    quarter = write(root, "2019-Q1").names["checked"]
    assert {(one.figure.seed, one.figure.period.code) for one in quarter} == {("003", "2019-Q1")}
    for memos in (["000"], 0):  # papermill's -p makes a number of it
        memo = reconcile.open_memo(WHOLE, ["42"], memos, start=root)
        assert {one.figure.seed for one in memo.checked} == {"000"}


def test_a_report_without_faults_asks_nobody_to_mend_any(root, register, laws):
    commune = write(root, units=["18229"])
    assert [one.figure.id for one in commune.names["checked"]] == ["000-10"]
    assert commune["fault-list"] == "Không có số liệu phải xem lại."
    assert "cần xem lại" not in commune["overview"]
    assert "đính chính" not in commune["requests"]
    assert 'data-so="III"' in commune.markdown("method")
    assert faults_of(commune, root, laws, register) == []


@pytest.fixture
def faultless(project) -> Path:
    """A project whose only published figure is right: of how many provinces a rank was."""
    path = project / "data" / "reference" / "published_figures.csv"
    rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([rows[0], *[row for row in rows if row.startswith("004-01m")]]), encoding="utf-8")
    return project


def test_where_all_can_be_checked_there_is_no_annex_of_the_others(faultless):
    written = write(faultless)
    assert written["unchecked-list"] == "" and 'data-so="II"' in written.markdown("method")
    assert "Phụ lục II" not in written["overview"]


def test_a_quoted_sentence_may_name_the_units_of_other_figures_in_it(root, register, laws):
    one = write(root, units=["HT-SNV"])
    assert "Sở Văn hóa, Thể thao và Du lịch (93.53 điểm)" in one["fault-list"]
    assert faults_of(one, root, laws, register) == []


def test_bad_parameters_are_one_sentence(root):
    with pytest.raises(UserError, match="Không có văn bản «01»"):
        reconcile.open_memo(WHOLE, ["42"], ["01"], start=root)
    with pytest.raises(NoDataError, match="Không có số liệu đã công bố nào"):
        reconcile.open_memo("2024", ["42"], start=root)
    with pytest.raises(UserError, match="Kỳ báo cáo «2024-13» không hợp lệ"):
        reconcile.open_memo("2024-13", ["42"], start=root)


# --- the command ------------------------------------------------------------------------------------------------
def test_the_command_ends_with_1_as_long_as_a_published_figure_is_at_fault(root, faultless, monkeypatch):
    monkeypatch.chdir(root)
    told = CliRunner().invoke(app, ["reconcile"])
    assert told.exit_code == 1
    assert "001-10 [không khớp] In 98,07%, nhưng (21.307 + 7218)/29.105 = 98,01%" in told.output
    rows = json.loads(CliRunner().invoke(app, ["reconcile", "--json"]).output)
    assert {row["verdict"] for row in rows} == set(VERDICTS)
    monkeypatch.chdir(faultless)
    told = CliRunner().invoke(app, ["reconcile"])
    assert (told.exit_code, told.output.splitlines()[0]) == (0, "khớp: 1.")


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


@pytest.mark.parametrize(("source", "is_told"), [("received", True), ("sample", False)])
def test_a_difference_from_the_store_is_stated_and_equality_or_a_sample_is_not(
    root, tmp_path, register, laws, source, is_told
):
    rows = [("42T", *RANGE, "received", 2133), ("42X", *RANGE, "received", COMMUNES_RECEIVED)]
    written = write(make_project(root, tmp_path / "x", {"so_lieu.csv": (source, rows)}))
    annex = written["method"]
    told = "Hồ sơ tiếp nhận trong kỳ (cấp tỉnh): in 2.131, kho số liệu ghi 2.133."
    assert (told in annex) == is_told and annex.count("kho số liệu ghi") == is_told
    assert faults_of(written, root, laws, register) == []
    assert not written.memo.claims.is_sample
