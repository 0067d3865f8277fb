"""docs/viet-van-ban.md: what it shows is what happens, and it names every word that a memo's notebook has."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from baocao.definitions import UserError, load_measures
from baocao.publishing.check_cells import faults_of
from baocao.publishing.notebooks import read_notebook
from baocao.reports import reconcile, reform_indices, scores, service_index
from baocao.reports.memo import figure_names, vocabulary_names
from baocao.writing import Score
from conftest import WrittenMemo, plain

DEFINITION, NEW = "Indicator(", "direct_share"
NO_WORDS = {"a", "is", "baocao", "GLOSSARY"}
OPEN = "from baocao.reports import open_memo\nmemo = open_memo(period, units)"
EXAMPLE = re.compile(r"^```\w*\n(.*?)^```\n((?:^> [^\n]*\n)*)", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def page(root) -> str:
    return (root / "docs" / "viet-van-ban.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def examples(page) -> list[tuple[str, list[str]]]:
    """Each cell of the page, and what the page says that it prints, or why it is refused."""
    return [(cell, re.findall(r"> (.*)", said)) for cell, said in EXAMPLE.findall(page)]


def open_memo(project: Path, monkeypatch, period: str, *units: str) -> WrittenMemo:
    monkeypatch.chdir(project)
    written = WrittenMemo({"period": period, "units": list(units)})
    written.run("open", OPEN)
    return written


def test_every_example_prints_what_the_page_says(sampled, examples, monkeypatch):
    written = open_memo(sampled, monkeypatch, "2025-07", "42")
    for number, (cell, said) in enumerate(examples):
        if NEW not in cell:
            written.run(str(number), cell)
            printed = written[str(number)]
            assert [line for line in said if line not in printed] == [], printed
            assert said or not printed, f"the page does not say that this prints {printed}"


def test_a_new_indicator_is_its_definition_and_the_cell_that_shows_it(sampled, examples):
    (definition,) = [cell for cell, _ in examples if cell.startswith(DEFINITION)]
    ((cell, (said,)),) = [(cell, said) for cell, said in examples if NEW in cell and cell != definition]
    program = f"""
from baocao.definitions import indicators
from baocao.definitions.indicators import Indicator
indicators.INDICATORS += ({definition},)
from baocao.reports import open_memo
memo = open_memo("2025-07", ["42"])
print(memo.write({cell.partition(chr(10))[2]!r}, memo.vocabulary()))
"""
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", program], cwd=sampled, capture_output=True, encoding="utf-8", check=False
    )  # fmt: skip
    assert plain(ran.stdout) == said, ran.stderr


def test_the_examples_that_are_right_pass_the_look_before_the_run(root, examples):
    notebook = read_notebook(root / "notebooks" / "processing.ipynb")
    at = [cell.id for cell in notebook.cells].index("open") + 1
    notebook.cells[at:] = [new_code_cell(cell) for cell, _ in examples if NEW not in cell]
    assert faults_of(notebook, root) == []


@pytest.mark.parametrize(("period", "unit"), [("2025-07", "18229"), ("2024", "42"), ("2025-Q2", "HT-STP")])
def test_the_examples_stand_in_reports_of_other_units_and_periods(
    sampled, examples, monkeypatch, period, unit
):
    written = open_memo(sampled, monkeypatch, period, unit)
    for number, (cell, _) in enumerate(examples):
        if not any(
            word in cell for word in (NEW, "own(", "unit(")
        ):  # a day, a unit that the page names for July
            written.run(str(number), cell)
    assert ("Đoạn này chỉ in trong thông báo" in " ".join(written.pieces)) == (unit == "18229")


def test_an_own_letter_is_a_copied_notebook_and_a_copied_spec(sampled, root, examples):
    notebook = read_notebook(root / "notebooks" / "processing.ipynb")
    kept = {cell.id: cell for cell in notebook.cells}
    head, end = ("front-matter", "parameters", "open"), ("signature", "sample-mark", "record")
    own = [new_code_cell(cell) for cell, _ in examples[:2]]
    notebook.cells = [*(kept[name] for name in head), *own, *(kept[name] for name in end)]
    nbformat.write(notebook, sampled / "notebooks" / "don_doc.ipynb")
    spec = (sampled / "reports" / "processing.yml").read_text(encoding="utf-8")
    for old, new in {
        "notebook: processing": "notebook: don_doc",
        'period: "2025-07-01..2025-07-24"': 'period: "2025-07"',
        "loai: bao-cao": "loai: cong-van",
        "  ten-loai: BÁO CÁO\n": "",
    }.items():
        assert spec.count(old) == 1
        spec = spec.replace(old, new)
    (sampled / "reports" / "don_doc.yml").write_text(spec, encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "baocao", "build", "don_doc"],
        cwd=sampled, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert "đã lập, đã kiểm chứng" in built.stdout, built.stderr
    (page,) = (sampled / "reports" / "build").rglob("CV-2025-07-tinh-ha-tinh.html")
    assert examples[0][1][0] in plain(page.read_text(encoding="utf-8"))


# --- what is refused ---------------------------------------------------------------------------------------------
def test_what_the_page_calls_refused_is_refused(sampled, page, root, monkeypatch):
    written = open_memo(sampled, monkeypatch, "2025-07", "42")
    table = page.partition("| viết | bị từ chối vì |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`([^`]+)`", row.split(" | ")[0]) for row in table.splitlines()[2:]]
    for text in (text.replace("…", '"hạn"') for row in rows for text in row):
        if "(" in text and "{{" not in text or "import" in text:
            notebook = read_notebook(root / "notebooks" / "processing.ipynb")
            notebook.cells[-1].source = f"import pandas as pd\n{text}"
            (fault,) = faults_of(notebook, root)
            assert "lấy số liệu từ ngoài báo cáo" in fault
        else:
            with pytest.raises(UserError, match="^Ô %%vanban «"):
                written.run("thử", f"%%vanban\nXã {text}.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{{ received.changes(last_year) }}", "không có «.changes»; gần nhất: change, "),
        ("{{ subject.adressee }}", "không có «.adressee»; gần nhất: addressee"),
        ("{{ members[500] }}", "không có phần tử thứ 500"),
        ('{{ received.at("xã Đức Thọ") }}', 'at(…) cần một đơn vị hoặc nhóm: subject, province, peers, unit("xã Đức Thọ")'),
        ('{{ received.change("2025-06") }}', "cần một kỳ để so sánh: last_year"),
        ("{{ 2 * received }}", "Không nhân, chia được số liệu ngay trong văn bản"),
        ("{{ on_time_rate.fraction }} %", "dấu «%» gõ sau một số liệu: «…"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_what_was_meant(sampled, monkeypatch, text, sentence):
    written = open_memo(sampled, monkeypatch, "2025-07", "42")
    with pytest.raises(UserError, match=re.escape(sentence)):
        written.run("thử", f"%%vanban\n{text}")


def test_where_there_is_no_period_before_the_clause_about_it_is_left_out(sampled, monkeypatch):
    written = open_memo(sampled, monkeypatch, "2024", "42")
    written.run(
        "thử",
        "%%vanban\nTiếp nhận nhiều[[, {{ received.change(previous) }} so với {{ previous.relative }}]][[, kỳ trước "
        "{{ on_time_rate.then(previous).fraction }}]][[, {{ online_share.change(last_year) }}]]. {{ previous }}.",
    )
    assert re.fullmatch(r"Tiếp nhận nhiều, (tăng|giảm) [\d,]+ điểm phần trăm\.", written["thử"])
    written.run("bảng", 'table_of_figures({"a": received}, {"b": cell.change(previous)}, caption="x")')
    assert "b:" not in written["bảng"]


def test_a_cell_that_only_names_a_figure_shows_it(sampled, monkeypatch):
    names = open_memo(sampled, monkeypatch, "2025-07", "42").names
    assert [repr(names[name]) for name in ("received", "on_time_rate", "level_34_share", "subject")] == [
        "Hồ sơ tiếp nhận trong kỳ, tỉnh Hà Tĩnh, tháng 7 năm 2025: 45.867",
        "Tỷ lệ hồ sơ giải quyết trước và đúng hạn, tỉnh Hà Tĩnh, tháng 7 năm 2025: 97,95%",
        "Tỷ lệ hồ sơ nộp qua dịch vụ công trực tuyến mức độ 3, mức độ 4, tỉnh Hà Tĩnh, tháng 7 năm 2025: không có trong kỳ này",
        "tỉnh Hà Tĩnh",
    ]  # fmt: skip
    assert names["memo"].claims.record()["claims"] == []


# --- words -------------------------------------------------------------------------------------------------------
def test_the_page_names_every_word_that_is_no_figure(root, page):
    words = page.partition("## Các từ dùng được")[2]
    named = set(re.findall(r"`\.?(\w+)", words))
    measures = load_measures(root)
    assert set(vocabulary_names(measures)) - set(figure_names(measures)) - named == set()


def test_the_page_names_every_word_of_the_letters_on_scores(page, root):
    words = page.partition("## Văn bản về điểm, thứ hạng")[2].partition("\n## ")[0]
    named = re.findall(r"`(\w+)`", words)
    own = {*scores.NAMES, *service_index.NAMES, *reform_indices.NAMES}
    assert own <= set(named) and set(named) - own == {"service_index", "reform_indices"}
    for module, period in ((service_index, "2026"), (reform_indices, "2022")):
        memo = module.open_memo(period, ["42"], start=root)
        assert sorted(memo.vocabulary()) == sorted(module.vocabulary_names({}))
    attributes = {name for name in re.findall(r"`\.(\w+)", words) if name != "why"}
    assert {name for name in attributes if not hasattr(Score, name)} == set()


def test_the_page_names_every_word_of_the_report_on_published_figures(page, root):
    words = page.partition("## Văn bản đối soát")[2].partition("\n## ")[0]
    assert set(re.findall(r"`(\w+)`", words)) == {*reconcile.NAMES, "reconcile"}
    memo = reconcile.open_memo("2019-Q1", ["42"], start=root)
    assert sorted(memo.vocabulary()) == sorted(reconcile.vocabulary_names({}))
    things = (memo.checked[0], memo.documents[0], memo.faults[0], memo.faults[0].places[0])
    attributes = set(re.findall(r"`\.(\w+)", words))
    assert {name for name in attributes if not any(hasattr(thing, name) for thing in things)} == set()


def test_every_name_in_the_table_of_words_exists(sampled, page, monkeypatch):
    written = open_memo(sampled, monkeypatch, "2025-07", "18229")
    words = re.findall(r"`([^`]+)`", page.partition("## Các từ dùng được")[2])
    known = {name for name in written.names if not name.startswith("_")}
    assert {re.match(r"\w+", word)[0] for word in words if word[0].isalpha()} - known <= NO_WORDS
    rate, named = written.names["on_time_rate"], written.names
    things = [
        rate, rate.target, rate.gap, named["subject"], named["last_year"], named["ranked"](rate, []),
        named["most"](named["received"], []), rate.change(named["last_year"]),
    ]  # fmt: skip
    attributes = {name for word in words if word.startswith(".") for name in re.findall(r"\.(\w+)", word)}
    assert {name for name in attributes if not any(hasattr(type(thing), name) for thing in things)} == set()


def test_the_words_are_known_without_opening_facts(sampled, root, monkeypatch):
    written = open_memo(sampled, monkeypatch, "2025-07", "42")
    assert sorted(written.memo.vocabulary()) == sorted(vocabulary_names(load_measures(root)))
