"""A document is delivered whole and verified, or a notice stands in its place: never half, never of other facts."""

from __future__ import annotations

import errno
import re
from dataclasses import asdict, replace
from hashlib import sha256
from pathlib import Path

import nbformat
import pytest
from lxml import html

from baocao.definitions.errors import UserError
from baocao.publishing import folders
from baocao.publishing.context import BuildContext
from baocao.publishing.deliver import fail, verify_folder
from baocao.publishing.notebooks import front_matter
from baocao.publishing.outcomes import FAILED_EXECUTION, NOTICE, Outcome
from baocao.publishing.spec import Spec
from baocao.writing.markup import escape
from conftest import deliver

v4 = nbformat.v4

SETUP = """from datetime import date
from baocao.writing.claims import Claims
from baocao.definitions.errors import NoDataError
from baocao.definitions.project import find_project_root
from baocao.definitions.laws import load_laws
from baocao.writing.markup import division, paragraphs
from baocao.definitions.periods import Period
from baocao.definitions.units import load_register
root = find_project_root()
unit = load_register(root).get("42", date(2025, 7, 24))
claims = Claims([unit], load_laws(root))
about = dict(label="Hồ sơ tiếp nhận", unit=unit, period=Period.parse(period), source="published")"""
GOOD = 'paragraphs(f"Trong kỳ tiếp nhận {claims.count(2131, **about)} hồ sơ./.")'
SPEC = Spec("thu", "thu", "2025-07", ("42",), letter={"trich-yeu": "kết quả {period}", "thang": "8"})


@pytest.fixture
def deliver_memo(project):
    """Deliver a small memo whose one paragraph is the code `body`; `before`: its line in the ledger."""

    def run(body: str = GOOD, spec: Spec = SPEC, text: str = "", before: Outcome | None = None):
        cells = [
            v4.new_raw_cell("---\ntitle: Thử\nvan-ban:\n  loai: cong-van\n  thang: '7'\n---", id="a"),
            v4.new_code_cell('period = "2025-06"\nunits = ["42"]', metadata={"tags": ["parameters"]}, id="b"),
            v4.new_code_cell(SETUP, id="c"),
            v4.new_code_cell(body, id="d"),
            v4.new_markdown_cell(text or "Nơi này không có số.", id="e"),
            v4.new_code_cell("claims.record()", metadata={"tags": ["remove-cell"]}, id="f"),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        made = v4.new_notebook(metadata={"kernelspec": kernel}, cells=cells)
        nbformat.write(made, project / "notebooks" / "thu.ipynb")
        earlier = {before.folder: asdict(before)} if before else {}
        return deliver(spec, project / "reports" / "build", BuildContext.open(project), earlier)

    return run


def place(project: Path) -> Path:
    return project / "reports" / "build" / "2025-07" / "thu"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_verified_document_is_delivered_with_its_notebook(deliver_memo, project):
    outcome = deliver_memo()
    assert (outcome.outcome, outcome.problems) == ("built", [])
    assert names(place(project)) == ["thu.html", "thu.ipynb", "thu.pdf"]
    assert sorted(outcome.files) == ["thu.html", "thu.ipynb", "thu.pdf"]
    assert names(place(project).parents[1]) == ["2025-07"], "no working folder is left behind"
    kept = (place(project) / "thu.ipynb").read_text(encoding="utf-8")
    assert "kết quả tháng 7 năm 2025" in kept and str(project) not in kept
    assert (outcome.recounted, outcome.figures) == (0, 1), "its label is none that the facts know"
    assert verify_folder(place(project), BuildContext.open(project)) == (
        {"thu.ipynb": [], "thu.pdf": [], "thu.html": []}, [(None, 1)],
    )  # fmt: skip


def test_a_figure_typed_into_the_notebook_is_not_delivered(deliver_memo, project):
    outcome = deliver_memo(text="Tỷ lệ trước và đúng hạn là trên 98,07%.")
    assert (outcome.outcome, outcome.recounted, outcome.figures) == ("failed in verification", None, None)
    (problem,) = outcome.problems
    assert problem == (
        "Con số «98,07» không có số liệu nào làm căn cứ. "
        "Nguyên văn: «Tỷ lệ trước và đúng hạn là trên 98,07%.»"
    )
    assert names(place(project)) == [NOTICE, "thu.ipynb"], "the notebook is kept"
    notice = (place(project) / NOTICE).read_text(encoding="utf-8")
    assert "KHÔNG CÓ VĂN BẢN" in notice and "98,07" in notice


@pytest.mark.parametrize(
    ("file", "pattern", "replacement"),
    [
        ("vanban.lua", r'"Kính gửi:"', '"Kính gửi 98,07:"'),
        ("vanban.lua", r'noi_nhan = "Nơi nhận:"', 'noi_nhan = "Nơi nhận 5:"'),
        ("template.typ", r"\Z", "\n98,07%\n"),
    ],
)
def test_a_figure_typed_into_the_template_is_not_delivered(deliver_memo, project, file, pattern, replacement):
    path = project / "_extensions" / "vanban" / file
    text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"), count=1)
    assert count == 1
    path.write_text(text, encoding="utf-8")
    spec = Spec(**{**SPEC.__dict__, "letter": {**SPEC.letter, "kinh-gui": ["Các sở"], "luu": "VT"}})
    outcome = deliver_memo(spec=spec)
    assert outcome.outcome == "failed in verification"
    assert names(place(project)) == [NOTICE, "thu.ipynb"]


@pytest.mark.parametrize("wrong", ["\ue000", "\U000f0001", "\U0010fffd"])
def test_a_character_of_private_use_is_not_delivered(deliver_memo, project, wrong):
    outcome = deliver_memo(text=f"Nơi này {wrong} không có số.")
    assert outcome.outcome == "failed in verification"
    (problem,) = outcome.problems
    assert f"U+{ord(wrong):04X}" in problem and "«Nơi này □ không có số.»" in problem
    assert names(place(project)) == [NOTICE, "thu.ipynb"]


def test_a_letter_drops_characters_of_private_use(deliver_memo, project):
    letter = {"trich-yeu": "kết\ue000 quả {period}", "kinh-gui": ["Các \U0010fffdsở"]}
    outcome = deliver_memo(spec=Spec(**{**SPEC.__dict__, "letter": letter}))
    assert (outcome.outcome, outcome.problems) == ("built", [])
    assert "V/v kết quả tháng 7" in html.parse(place(project) / "thu.html").getroot().text_content()


def test_characters_of_private_use_put_into_all_files_alike_are_found(deliver_memo, project):
    deliver_memo()
    files = [place(project) / name for name in ("thu.html", "thu.ipynb")]
    for path in files:
        text = path.read_text(encoding="utf-8").replace("Trong kỳ", "Trong \ue000kỳ")
        path.write_text(text, encoding="utf-8")
    faults, _ = verify_folder(place(project), BuildContext.open(project))
    for path in files:
        (fault,) = faults[path.name]
        assert "U+E000" in fault.message and "Trong □kỳ tiếp nhận" in fault.message


def test_a_period_without_facts_leaves_a_notice(deliver_memo, project):
    outcome = deliver_memo("raise NoDataError('Không có số liệu kỳ này.')")
    assert (outcome.outcome, outcome.problems) == ("no data", ["Không có số liệu kỳ này."])
    assert names(place(project)) == [NOTICE]


def test_a_cell_that_raises_keeps_its_notebook(deliver_memo, project):
    outcome = deliver_memo("1 / 0")
    assert outcome.outcome == "failed in execution"
    assert "ZeroDivisionError" in outcome.problems[0]
    assert names(place(project)) == [NOTICE, "thu.ipynb"]


def test_a_renderer_that_fails_leaves_a_notice(deliver_memo, project):
    path = project / "_extensions" / "vanban" / "template.typ"
    path.write_text(path.read_text(encoding="utf-8") + '\n#panic("x")\n', encoding="utf-8")
    outcome = deliver_memo()
    assert outcome.outcome == "failed in rendering"
    assert names(place(project)) == [NOTICE, "thu.ipynb"]


def test_wrong_facts_stop_every_document(deliver_memo, project):
    path = project / "data" / "raw" / "bao_cao_da_cong_bo_so_lieu.csv"
    path.write_text(
        path.read_text(encoding="utf-8") + "42,2025-07-01,2025-07-24,received,-5\n", encoding="utf-8"
    )
    outcome = deliver_memo()
    assert outcome.outcome == "failed in load"
    assert any(path.name in problem for problem in outcome.problems)
    assert names(place(project)) == [NOTICE]


@pytest.mark.parametrize("change", [{"period": "2025-13"}, {"units": ("xã Không Có",)}])
def test_what_does_not_exist_is_refused_and_nothing_is_written(deliver_memo, project, change):
    with pytest.raises(UserError):
        deliver_memo(spec=Spec(**{**SPEC.__dict__, **change}))
    assert not (project / "reports" / "build").exists()


def test_a_finished_file_changed_afterwards_is_found(deliver_memo, project):
    deliver_memo()
    page = place(project) / "thu.html"
    page.write_text(page.read_text(encoding="utf-8").replace("2.131", "2.137"), encoding="utf-8")
    faults, _ = verify_folder(place(project), BuildContext.open(project))
    assert faults["thu.ipynb"] == faults["thu.pdf"] == []
    assert any("2.137" in str(fault) for fault in faults["thu.html"])


def test_each_unit_list_has_a_folder_of_its_own(deliver_memo, project):
    deliver_memo()
    spec = Spec(**{**SPEC.__dict__, "units": ("xã Đức Thọ",)})
    outcome = deliver_memo(spec=spec)
    assert outcome.folder == "2025-07/thu--18229-xa-duc-tho"
    assert names(place(project)) == ["thu.html", "thu.ipynb", "thu.pdf"]


def test_the_letter_names_the_period_and_the_units_it_is_about(deliver_memo, project):
    letter = {"trich-yeu": "kết quả {period} của {unit}", "kinh-gui": ["{addressee}", "Các sở"]}
    spec = Spec(**{**SPEC.__dict__, "units": ("xã Sơn Kim 1", "HT-SVHTTDL"), "letter": letter})
    outcome = deliver_memo(spec=spec)
    assert (outcome.outcome, outcome.problems) == ("built", [])
    kept = nbformat.read(project / "reports" / "build" / outcome.folder / "thu.ipynb", as_version=4)
    van_ban = front_matter(kept)["van-ban"]
    both = "xã Sơn Kim 1; Sở Văn hóa, Thể thao và Du lịch"
    assert van_ban["trich-yeu"] == escape(f"kết quả tháng 7 năm 2025 của {both}"), (
        "escaped once, as {period} is"
    )
    assert van_ban["kinh-gui"] == [escape(f"UBND {both}"), "Các sở"]
    (page,) = (project / "reports" / "build" / outcome.folder).glob("*.html")
    assert f"V/v kết quả tháng 7 năm 2025 của {both}" in html.fromstring(page.read_bytes()).text_content()


def test_a_document_that_a_new_run_would_make_again_is_left_alone(deliver_memo, project):
    first = deliver_memo()
    made = {path: path.stat().st_mtime_ns for path in place(project).iterdir()}
    out = project / "reports" / "build"
    again = deliver(SPEC, out, BuildContext.open(project), {first.folder: asdict(first)})
    assert (again.outcome, again.files, again.seconds) == ("unchanged", first.files, 0.0)
    assert {path: path.stat().st_mtime_ns for path in place(project).iterdir()} == made
    (place(project) / "thu.pdf").write_bytes(b"x")
    assert deliver(SPEC, out, BuildContext.open(project), {first.folder: asdict(first)}).outcome == "built"


# --- the last good edition -----------------------------------------------------------------------------------------
def test_a_document_stays_while_new_ones_are_refused_and_its_facts_are_the_same(deliver_memo, project):
    """Refused are the words of the notebook, the letter alone (no font has that sign), a cell that fails."""
    first = deliver_memo()
    made = {path: path.read_bytes() for path in place(project).iterdir()}
    wrong_letter = replace(SPEC, letter={**SPEC.letter, "trich-yeu": "kết quả 中"})
    last = first
    for attempt, cause in (
        ({"text": "Tỷ lệ trước và đúng hạn là trên 98,07%."}, "98,07"),
        ({"spec": wrong_letter}, "中"),
        ({"body": "1 / 0"}, "ZeroDivisionError"),
        ({"body": "1 / 0"}, "ZeroDivisionError"),
    ):
        last = deliver_memo(**attempt, before=last)
        assert (last.outcome, last.left) == ("kept", ["refused/thu.ipynb"])
        assert last.seconds > 0, "it was tried again"
        assert cause in last.problems[0]
        assert (last.files, last.key, last.reads) == (first.files, first.key, first.reads)
        assert names(place(project)) == ["refused", "thu.html", "thu.ipynb", "thu.pdf"]
        assert {path: path.read_bytes() for path in made} == made
    assert "1 / 0" in (place(project) / "refused" / "thu.ipynb").read_text(encoding="utf-8")
    mended = deliver_memo(before=last)
    assert (mended.outcome, mended.problems, mended.left) == ("built", [], [])
    assert names(place(project)) == ["thu.html", "thu.ipynb", "thu.pdf"]
    assert deliver_memo("raise NoDataError('Không có số liệu.')", before=mended).outcome == "no data"
    assert names(place(project)) == [NOTICE, "editions"], "what has no data any more does not stay"


def test_a_document_whose_facts_changed_moves_to_its_editions(deliver_memo, project):
    first = deliver_memo()
    made = {path.name: path.read_bytes() for path in place(project).iterdir()}
    correct_a_figure(project)
    failed = deliver_memo("1 / 0", before=first)
    assert (failed.outcome, failed.files) == ("failed in execution", {})
    assert (
        names(place(project)) == sorted([NOTICE, "editions", "thu.ipynb"]) and "editions" not in failed.left
    )
    assert "«editions/1»" in failed.problems[-1]
    assert failed.problems[-1] in (place(project) / NOTICE).read_text(encoding="utf-8")
    again = deliver_memo("1 / 0", before=failed)
    assert names(place(project) / "editions") == ["1"], "a notice is no edition"
    mended = deliver_memo(before=again)
    assert (mended.outcome, mended.problems) == ("built", [])
    assert names(place(project)) == ["editions", "thu.html", "thu.ipynb", "thu.pdf"]
    assert deliver_memo(before=mended).outcome == "unchanged", "editions are no strangers"
    without_a_key = deliver_memo("raise NoDataError('Không có số liệu.')")
    assert "«editions/2»" in without_a_key.problems[-1]
    assert names(place(project) / "editions") == ["1", "2"]
    kept = {path.name: path.read_bytes() for path in (place(project) / "editions" / "1").iterdir()}
    assert kept == made


def correct_a_figure(project: Path) -> None:
    """Another count of a day that the memo does not print, in a file that is on the list with its new hash."""
    raw = project / "data" / "raw"
    path = raw / "bao_cao_da_cong_bo_so_lieu.csv"
    listing = (raw / "SOURCES.csv").read_text(encoding="utf-8")
    before = sha256(path.read_bytes()).hexdigest()
    path.write_text(
        path.read_text(encoding="utf-8") + "42,2019-05-01,2019-05-31,paid_online,5\n", encoding="utf-8"
    )
    assert before in listing
    after = sha256(path.read_bytes()).hexdigest()
    (raw / "SOURCES.csv").write_text(listing.replace(before, after), encoding="utf-8")


@pytest.mark.parametrize("kept", [True, False])
def test_without_room_for_a_notice_only_a_document_of_the_same_facts_stays(project, monkeypatch, kept):
    document = place(project) / "thu.pdf"
    document.parent.mkdir(parents=True)
    document.write_bytes(b"1")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(folders, "leave_notice", full)
    monkeypatch.setattr(folders, "_leave_refused", full)
    context, folder = BuildContext.open(project), "2025-07/thu"
    (project / "notebooks" / "thu.ipynb").write_text(nbformat.writes(v4.new_notebook()), encoding="utf-8")
    out = project / "reports" / "build"
    line = fail(SPEC, out, context, FAILED_EXECUTION, "Hỏng.", [folder] if kept else [])
    assert (line.problems, line.left) == (["Hỏng."], [])
    (left,) = (path for path in out.rglob("*") if path.is_file())
    assert left == (document if kept else document.parent / "editions" / "1" / "thu.pdf")


def test_what_stood_there_is_put_back_where_a_build_was_killed_between_two_steps(tmp_path):
    for name in ("2025-07/thu", "2025-07/khac"):
        (tmp_path / ".work-x" / "before" / name).mkdir(parents=True)
        (tmp_path / ".work-x" / "before" / name / "thu.pdf").write_bytes(b"before")
    (tmp_path / "2025-07" / "khac").mkdir(parents=True)
    folders.remove_stale(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == [
        "2025-07", "2025-07/khac", "2025-07/thu", "2025-07/thu/thu.pdf",
    ], "but not where the new one stands"  # fmt: skip
    with pytest.raises(KeyboardInterrupt), folders.private_folder(tmp_path) as private:
        (private / "before" / "2025-07").mkdir(parents=True)
        (tmp_path / "2025-07" / "thu").rename(private / "before" / "2025-07" / "thu")
        raise KeyboardInterrupt
    assert (tmp_path / "2025-07" / "thu" / "thu.pdf").is_file()
