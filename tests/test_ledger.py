"""The ledger lists every document once; a ledger of another version is refused, never overwritten."""

import json

import pytest

from baocao.documents.delivery import BUILT, NO_DATA, Outcome
from baocao.errors import UserError
from baocao.ledger import all_well, read_ledger, write_ledger


def line(folder: str, outcome: str = BUILT) -> Outcome:
    return Outcome(report="processing", period="2025-07", units=["42"], outcome=outcome, folder=folder)


def test_a_document_built_again_takes_the_place_of_its_line(tmp_path):
    write_ledger(tmp_path, [line("2025-07/b"), line("2025-07/a", NO_DATA)])
    write_ledger(tmp_path, [line("2025-07/a")])
    assert [(one["folder"], one["outcome"]) for one in read_ledger(tmp_path)] == [
        ("2025-07/a", "built"),
        ("2025-07/b", "built"),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.json"]


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
