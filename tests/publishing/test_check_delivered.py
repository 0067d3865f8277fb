"""What lies in a folder of results is what its ledger lists: nothing missing, changed, exchanged or added."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from baocao.app import cli
from baocao.app.sample.province import write_sample
from baocao.publishing.check_delivered import verify_place
from baocao.publishing.context import BuildContext
from baocao.publishing.ledger import read_ledger, write_ledger
from baocao.publishing.outcomes import FAILED_WRITING, NOTICE, Outcome, recounted_total
from baocao.publishing.spec import load_spec
from conftest import copy_project, deliver

UNIT, OTHER = "2025-07/unit_briefing--18229-xa-duc-tho", "2025-07/unit_briefing--18073-phuong-thanh-sen"
EMPTY = "2019-02/thieu--18229-thi-tran-duc-tho"
ABOUT = "unit_briefing, tháng 7 năm 2025, xã Đức Thọ"
FILE, OTHER_FILE = "TB-2025-07-xa-duc-tho", "TB-2025-07-phuong-thanh-sen"
FILES = [f"{FILE}.{kind}" for kind in ("html", "ipynb", "pdf")]


@pytest.fixture(scope="module")
def context(root, tmp_path_factory) -> BuildContext:
    project = copy_project(root, tmp_path_factory.mktemp("giao") / "du-an")
    write_sample(project)
    return BuildContext.open(project)


@pytest.fixture(scope="module")
def built(root, context) -> Path:
    """Two briefings of a month, and the notice of a third that has no data, with their ledger."""
    out = context.root / "reports" / "build"
    spec = replace(load_spec(root, root / "reports" / "unit_briefing.yml"), period="2025-07")
    specs = [replace(spec, units=(unit,)) for unit in ("18229", "18073")]
    specs.append(replace(specs[0], name="thieu", period="2019-02"))
    outcomes = [deliver(one, out, context) for one in specs]
    assert [(one.folder, one.outcome) for one in outcomes] == [
        (UNIT, "built"), (OTHER, "built"), (EMPTY, "no data"),
    ]  # fmt: skip
    write_ledger(out, outcomes)
    return out


@pytest.fixture
def out(built, tmp_path) -> Path:
    """A copy of all that was built, elsewhere."""
    return shutil.copytree(built, tmp_path / "ban-sao")


def faults_below(place: Path, context: BuildContext) -> dict[str, list[str]]:
    """What is wrong, by path below `place`."""
    found, *_ = verify_place(place, context)
    return {
        path.relative_to(place).as_posix(): [str(fault) for fault in faults]
        for path, faults in found.items()
        if faults
    }


def test_all_that_was_built_is_sound_wherever_it_is_looked_at_from(out, context):
    (out / UNIT / ".DS_Store").touch()
    (out / ".work-abc" / "document").mkdir(parents=True)
    (out / ".work-abc" / "document" / "x.ipynb").touch()
    for place in (out.parent, out, out / "2025-07", out / UNIT):
        found, without, _ = verify_place(place, context)
        assert out / UNIT / f"{FILE}.pdf" in found
        assert not any(found.values()) and without == []


@pytest.mark.parametrize("names", [[FILES[2]], [FILES[0], FILES[2]], [FILES[1]], FILES])
def test_a_missing_file_is_named(out, context, names):
    for name in names:
        (out / UNIT / name).unlink()
    sentence = f"Thiếu tệp này của văn bản {ABOUT}; hãy lấy lại hoặc lập lại bằng «baocao build»."
    assert faults_below(out, context) == {f"{UNIT}/{name}": [sentence] for name in names}


def test_a_missing_document_is_told_once(out, context):
    shutil.rmtree(out / UNIT)
    ((path, (sentence,)),) = faults_below(out, context).items()
    assert path == UNIT and sentence.startswith(f"Thiếu văn bản {ABOUT}: ")
    assert faults_below(out / OTHER, context) == {}


def test_a_notice_that_is_missing_or_changed_is_a_fault(out, context):
    (out / EMPTY / NOTICE).write_text("Không có gì.", encoding="utf-8")
    ((path, (sentence,)),) = faults_below(out, context).items()
    assert path == f"{EMPTY}/{NOTICE}" and "đã bị sửa sau khi lập" in sentence


def test_another_units_document_in_a_folder_is_named(out, context):
    """Its files agree with each other: only the ledger tells that they are not this unit's."""
    for name in FILES:
        shutil.copy(out / OTHER / name.replace(FILE, OTHER_FILE), out / UNIT / name)
    found = faults_below(out, context)
    assert list(found) == [f"{UNIT}/{name}" for name in FILES]
    assert all("đã bị sửa sau khi lập: SHA-256 là " in sentences[0] for sentences in found.values())
    assert [len(sentences) for sentences in found.values()] == [1, 2, 1]
    assert found[f"{UNIT}/{FILES[1]}"][1] == (
        f"Sổ tính là của văn bản unit_briefing, tháng 7 năm 2025, phường Thành Sen; sổ theo dõi ghi {ABOUT}."
    )


@pytest.mark.parametrize(("field", "value"), [("period", "2025-06"), ("units", ["18073"])])
def test_a_ledger_of_another_period_or_unit_is_told(out, context, field, value):
    ledger = json.loads((out / "ledger.json").read_text(encoding="utf-8"))
    (line,) = (one for one in ledger["documents"] if one["folder"] == UNIT)
    line |= {field: value, "names": []}
    (out / "ledger.json").write_text(json.dumps(ledger), encoding="utf-8")
    ((path, (sentence,)),) = faults_below(out, context).items()
    assert path == f"{UNIT}/{FILES[1]}" and sentence.startswith(f"Sổ tính là của văn bản {ABOUT}; ")


def test_what_the_ledger_does_not_list_is_a_stranger(out, context):
    shutil.copy(out / OTHER / f"{OTHER_FILE}.pdf", out / UNIT / "2.pdf")
    shutil.copytree(out / OTHER, out / "2025-07" / "chep")
    (out / "ghi chú.txt").touch()
    (out / "2025-07" / "index.html").touch()
    found = faults_below(out, context)
    assert list(found) == ["2025-07/chep", "2025-07/index.html", f"{UNIT}/2.pdf", "ghi chú.txt"]
    assert found[f"{UNIT}/2.pdf"] == [
        f"Tệp lạ: sổ theo dõi không ghi tệp này cho văn bản {ABOUT}; hãy chuyển ra ngoài."
    ]
    assert [found[name][0].partition(";")[0] for name in ("2025-07/chep", "ghi chú.txt")] == [
        "Thư mục này không có trong sổ theo dõi ledger.json",
        "Tệp này không có trong sổ theo dõi ledger.json",
    ]
    copied = [name.replace(FILE, OTHER_FILE) for name in FILES]
    assert list(faults_below(out / "2025-07" / "chep", context)) == copied


def test_a_file_saved_again_is_a_fault_though_it_says_the_same(out, context):
    page = out / UNIT / FILES[0]
    page.write_text(page.read_text(encoding="utf-8").replace("</main>", "\n</main>"), encoding="utf-8")
    ((path, (sentence,)),) = faults_below(out, context).items()
    assert path == f"{UNIT}/{FILES[0]}" and "đã bị sửa sau khi lập" in sentence


@pytest.mark.parametrize(("name", "word"), [(FILES[0], "HTML"), (FILES[1], "Jupyter"), (FILES[2], "PDF")])
def test_a_file_that_cannot_be_read_is_a_fault(out, context, name, word):
    (out / UNIT / name).write_bytes(b"")
    ((path, (changed, broken)),) = faults_below(out, context).items()
    assert path == f"{UNIT}/{name}" and "đã bị sửa" in changed and word in broken


def test_a_document_that_failed_is_told_and_holds_nothing_else(out, context):
    failed = Outcome(
        "thu",
        "2025-07",
        ["18229"],
        FAILED_WRITING,
        "2025-07/thu",
        problems=["Ổ đĩa đã đầy."],
        left=["thu.ipynb"],
    )
    write_ledger(out, [failed])
    (out / failed.folder).mkdir()
    (out / failed.folder / "thu.ipynb").touch()
    sentence = "Không có văn bản thu, tháng 7 năm 2025, 18229: không ghi được tệp; hãy sửa lỗi rồi lập lại bằng «baocao build»."
    assert faults_below(out, context) == {"2025-07/thu": [sentence]}
    (out / failed.folder / "thu.pdf").touch()
    assert list(faults_below(out, context)) == ["2025-07/thu", "2025-07/thu/thu.pdf"]


def test_a_kept_document_is_told_and_editions_are_neither_strangers_nor_documents(out, context):
    ledger = json.loads((out / "ledger.json").read_text(encoding="utf-8"))
    (line,) = (one for one in ledger["documents"] if one["folder"] == UNIT)
    line |= {"outcome": "kept", "problems": ["Ô 5 hỏng."], "left": [f"refused/{FILES[1]}"]}
    (out / "ledger.json").write_text(json.dumps(ledger), encoding="utf-8")
    for place, name in ((UNIT, FILE), (OTHER, OTHER_FILE)):
        shutil.copytree(
            out / place, out / place / "editions" / "1", ignore=shutil.ignore_patterns("editions")
        )
        (out / place / "editions" / "1" / f"{name}.html").write_text("cũ", encoding="utf-8")
    (out / UNIT / "refused").mkdir()
    (out / UNIT / "refused" / FILES[1]).write_text("hỏng", encoding="utf-8")
    sentence = (
        f"Văn bản {ABOUT} là bản cũ: lần lập mới bị từ chối; hãy sửa lỗi rồi lập lại bằng «baocao build»."
    )
    assert faults_below(out, context) == {UNIT: [sentence]}
    strays = ("editions/ghi-chu.txt", "editions/1/khac.pdf", "editions/chep", "refused/khac.ipynb")
    for name in strays[:2]:
        (out / UNIT / name).touch()
    (out / UNIT / strays[2]).mkdir()
    shutil.copy(out / UNIT / FILES[1], out / UNIT / strays[3])
    (out / OTHER / "refused").mkdir()
    found = faults_below(out, context)
    assert set(found) == {UNIT, f"{OTHER}/refused", *(f"{UNIT}/{name}" for name in strays)}
    assert all(found[f"{UNIT}/{name}"][0].startswith("Tệp lạ: ") for name in strays)
    (out / UNIT / FILES[2]).write_bytes(b"1")
    assert f"{UNIT}/{FILES[2]}" in faults_below(out, context), "it is held to the ledger as any other"


def test_without_a_ledger_the_notebook_is_all_there_is(out, context):
    (out / "ledger.json").unlink()
    found, without, _ = verify_place(out / UNIT, context)
    assert [path.name for path in found] == FILES and not any(found.values())
    assert without == [out / UNIT]
    shutil.copy(out / OTHER / f"{OTHER_FILE}.pdf", out / UNIT / "2.pdf")
    assert faults_below(out / UNIT, context) == {
        "2.pdf": ["Không có sổ tính «2.ipynb» nằm cạnh để đối chiếu."]
    }


def test_the_command_prints_faults_and_says_that_there_is_no_ledger(out, context, monkeypatch, capsys):
    def verify(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(context.root)
        monkeypatch.setattr("sys.argv", ["baocao", "verify", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return ended.value.code, printed.out, printed.err

    code, printed, _ = verify()
    assert code == 0 and printed.count("khớp") == 6 and "Không có sổ theo dõi" not in printed
    lines = [line for line in read_ledger(out) if line["files"]]
    assert printed.splitlines()[-1] == recounted_total((one["recounted"], one["figures"]) for one in lines)
    notebook = out / UNIT / f"{FILE}.ipynb"
    fingerprint = lines[0]["provenance"]["fingerprint"]
    notebook.write_text(notebook.read_text(encoding="utf-8").replace(fingerprint, "khác"), encoding="utf-8")
    other = next(one for one in lines if one["folder"] == OTHER)
    assert verify(str(out))[1].splitlines()[-1] == (
        f"Đếm lại từ kho số liệu: {other['recounted']}/{sum(one['figures'] for one in lines)} con số. "
        "1 văn bản lập từ số liệu nay không còn trong kho nên không đếm lại được."
    )
    (out / UNIT / f"{FILE}.pdf").unlink()
    code, printed, _ = verify(str(out))
    assert code == 1 and f"{FILE}.pdf: 1 chỗ sai\n  - Thiếu tệp này của văn bản" in printed
    (out / "ledger.json").unlink()
    code, printed, error = verify(str(out / UNIT), "--json")
    assert code == 0 and list(json.loads(printed).values()) == [[], []]
    first, second = error.splitlines()
    assert first.startswith("Không có sổ theo dõi ledger.json cho «") and second.startswith("Đếm lại từ kho")
