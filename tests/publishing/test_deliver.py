"""A document is delivered whole and verified, or a notice stands in its place: never half, never last month's."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import nbformat
import pytest
from lxml import html

from baocao.definitions.errors import UserError
from baocao.publishing.context import BuildContext
from baocao.publishing.deliver import verify_folder
from baocao.publishing.notebooks import front_matter
from baocao.publishing.outcomes import NOTICE
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
    """Deliver a small memo whose one paragraph is the code `body`."""

    def run(body: str = GOOD, spec: Spec = SPEC, text: str = ""):
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
        return deliver(spec, project / "reports" / "build", BuildContext.open(project))

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
    assert verify_folder(place(project), BuildContext.open(project)) == {
        "thu.ipynb": [], "thu.pdf": [], "thu.html": [],
    }  # fmt: skip


def test_a_figure_typed_into_the_notebook_is_not_delivered(deliver_memo, project):
    deliver_memo()
    outcome = deliver_memo(text="Tỷ lệ trước và đúng hạn là trên 98,07%.")
    assert outcome.outcome == "failed in verification"
    (problem,) = outcome.problems
    assert problem == (
        "Con số «98,07» không có số liệu nào làm căn cứ. "
        "Nguyên văn: «Tỷ lệ trước và đúng hạn là trên 98,07%.»"
    )
    assert names(place(project)) == [NOTICE, "thu.ipynb"], "the earlier document is gone, the notebook kept"
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
    faults = verify_folder(place(project), BuildContext.open(project))
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
