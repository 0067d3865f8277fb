"""The ledger lists every document once, in its documented form; what is not ours is refused, never overwritten."""

import json
import re
from dataclasses import fields, replace

import jsonschema
import pytest

from baocao.app.sample.province import write_sample
from baocao.definitions.errors import UserError
from baocao.publishing.context import BuildContext
from baocao.publishing.ledger import VERSION, all_well, check_folder, keep, read_ledger, write_ledger
from baocao.publishing.outcomes import BUILT, NO_DATA, NOTICE, OUTCOME_LABELS, Outcome
from baocao.publishing.spec import load_spec
from conftest import deliver


def line(folder: str, outcome: str = BUILT) -> Outcome:
    return Outcome(report="processing", period="2025-07", units=["42"], outcome=outcome, folder=folder)


def test_a_document_built_again_takes_the_place_of_its_line(tmp_path):
    write_ledger(tmp_path, [line("2025-07/b"), line("2025-07/a", NO_DATA)])
    write_ledger(tmp_path, [line("2025-07/a")])
    assert [(one["folder"], one["outcome"]) for one in read_ledger(tmp_path)] == [
        ("2025-07/a", "built"),
        ("2025-07/b", "built"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index.html", "ledger.json"]


def test_all_is_well_only_when_every_document_was_built():
    assert all_well([line("a"), line("b")])
    assert not all_well([line("a"), line("b", NO_DATA)])


def test_a_ledger_of_another_version_is_refused(tmp_path):
    path = tmp_path / "ledger.json"
    path.write_text(json.dumps({"version": 99, "documents": []}), encoding="utf-8")
    with pytest.raises(UserError, match="phiên bản 99"):
        write_ledger(tmp_path, [line("a")])
    assert json.loads(path.read_text(encoding="utf-8"))["version"] == 99


@pytest.mark.parametrize("text", ["", "không phải", "[]", "{}"])
def test_an_unreadable_ledger_is_one_sentence(tmp_path, text):
    (tmp_path / "ledger.json").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="không đọc được"):
        read_ledger(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"folder": 7},
        {"files": {"a": 1}},
        {"problems": "x"},
        {"seconds": "1"},
        {"unknown": ""},
        {"units": [1]},
        {"recounted": "57/62"},
    ],
)
def test_a_line_of_another_form_is_one_sentence(tmp_path, change):
    documents = [vars(line("a")) | change]
    (tmp_path / "ledger.json").write_text(
        json.dumps({"version": VERSION, "documents": documents}), encoding="utf-8"
    )
    with pytest.raises(UserError, match="không đọc được"):
        read_ledger(tmp_path)


def test_a_ledger_of_the_first_version_is_read(tmp_path):
    old = {
        "report": "x", "period": "2025-07", "units": ["42"], "outcome": "built", "folder": "a", "files": {},
        "problems": [], "seconds": 1.5, "renderer": "embedded", "provenance": {},
    }  # fmt: skip
    (tmp_path / "ledger.json").write_text(json.dumps({"version": 1, "documents": [old]}), encoding="utf-8")
    write_ledger(tmp_path, [line("b")])
    first, second = read_ledger(tmp_path)
    assert (first["folder"], first["seconds"], first["names"]) == ("a", 1.5, [])
    assert (first["recounted"], first["figures"], second["folder"]) == (None, None, "b")
    assert "Đếm lại từ kho số liệu: không ghi." in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "ledger.json").read_text(encoding="utf-8"))["version"] == VERSION


# --- folders -------------------------------------------------------------------------------------------------------
def test_an_empty_or_own_folder_is_accepted(tmp_path):
    check_folder(tmp_path / "chưa có")
    check_folder(tmp_path)
    (tmp_path / ".work-abc").mkdir()
    (tmp_path / "Thumbs.db").touch()
    check_folder(tmp_path)
    write_ledger(tmp_path, [line("a")])
    (tmp_path / "ghi chú.txt").touch()
    check_folder(tmp_path)
    assert {"Thumbs.db", "ghi chú.txt", "ledger.json"} <= {path.name for path in tmp_path.iterdir()}


def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "index.html").write_text("<p>của người khác</p>", encoding="utf-8")
    with pytest.raises(UserError, match=r"«index\.html».*không có ledger\.json.*--out"):
        check_folder(tmp_path)
    with pytest.raises(UserError, match="là một tệp, không phải thư mục"):
        check_folder(tmp_path / "index.html")


def test_a_folder_is_ours_from_the_first_document_on(tmp_path):
    """Stopped before its line was written, the document stands there without any ledger."""

    def interrupted():
        (tmp_path / "2025-07").mkdir()
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path, interrupted(), [])
    check_folder(tmp_path)
    assert read_ledger(tmp_path) == []


def test_a_stop_before_the_first_document_leaves_nothing(tmp_path):
    def interrupted():
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        keep(tmp_path, interrupted(), [])
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path):
    with pytest.raises(
        UserError, match=r"^Không dùng được thư mục «x+»: tên quá dài; hãy chọn --out khác\.$"
    ):
        check_folder(tmp_path / ("x" * 300))
    (tmp_path / "ledger.journal").mkdir()
    with pytest.raises(UserError, match=r"^Không ghi được tệp: đó là một thư mục\. Hãy chọn thư mục khác"):
        keep(tmp_path, iter(()), [])


# --- the documented form -------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def schema(root) -> dict:
    return json.loads(
        (root / "lib" / "baocao" / "publishing" / "ledger.schema.json").read_text(encoding="utf-8")
    )


def test_schema_code_and_page_describe_the_same_fields(root, schema):
    described = schema["$defs"]["document"]
    names = {one.name for one in fields(Outcome)}
    assert described["properties"].keys() == set(described["required"]) == names
    assert described["properties"]["outcome"]["enum"] == list(OUTCOME_LABELS)
    assert schema["properties"]["version"]["const"] == VERSION
    assert all(one["description"] for one in described["properties"].values())
    section = (root / "docs" / "ledger.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.+?) \| (.+) \|$", section, re.MULTILINE)
    assert {name for first, _ in rows for name in re.findall(r"`(\w+)`", first)} == names
    outcomes = next(text for first, text in rows if first == "`outcome`")
    assert re.findall(r"`([^`]+)`", outcomes) == list(OUTCOME_LABELS)


def test_what_a_build_writes_has_the_documented_form(root, project, schema):
    """A document that was made, the same one again, one without data, one that cannot be executed."""
    write_sample(project)
    out = project / "out"
    context = BuildContext.open(project, "embedded")
    spec = replace(
        load_spec(root, root / "reports" / "unit_briefing.yml"), units=("18229",), formats=("html",)
    )
    write_ledger(out, [deliver(spec, out, context)])
    again = deliver(spec, out, context, {one["folder"]: one for one in read_ledger(out)})
    empty = deliver(replace(spec, name="thieu", period="2019-02"), out, context)
    write_ledger(out, [again, empty])
    content = json.loads((out / "ledger.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(content, schema)
    failed, made = content["documents"]
    assert (made["outcome"], made["names"], made["title"][:8]) == ("unchanged", ["xã Đức Thọ"], "Kết quả ")
    assert 0 < made["recounted"] < made["figures"] and failed["recounted"] is failed["figures"] is None
    assert {"baocao", "python", "papermill", "typst"} <= made["versions"].keys()
    assert (
        failed["outcome"] not in ("built", "unchanged") and NOTICE in failed["left"] and not failed["files"]
    )
    for one in (made, failed):
        assert all((out / one["folder"] / name).is_file() for name in [*one["files"], *one["left"]])
    page = (out / "index.html").read_text(encoding="utf-8")
    assert made["files"][f"{made['stem']}.html"] in page and failed["problems"][0][:20] in page
