"""The list of received files: what may be read, what was altered, what lies there unlisted."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from baocao.store.listing import read_listing

HEADER = "file,form,source,issuer,received,sha256,note"
HASH = sha256(b"x").hexdigest()
ROW = f"a.csv,counts,received,VP,2025-08-01,{HASH},"


@pytest.fixture
def house(root, tmp_path) -> Path:
    """A project with the reference data and nothing received yet."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "raw").mkdir()
    return tmp_path


@pytest.fixture
def listed(house: Path):
    """Files to read and problems of a list with these rows, beside one file `a.csv`."""

    def read(*rows: str, header: str = HEADER):
        folder = house / "data" / "raw"
        (folder / "a.csv").write_bytes(b"x")
        (folder / "SOURCES.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        files, found = read_listing(house)
        return [file.name for file in files], found

    return read


def test_a_registered_file_is_read(listed):
    assert listed(ROW) == (["data/raw/a.csv"], [])
    assert listed(ROW.replace(HASH, HASH.upper())) == (["data/raw/a.csv"], [])


@pytest.mark.parametrize(
    ("row", "column", "sentence", "files"),
    [
        (ROW.replace(HASH, "0" * 64), "sha256", f"hãy sửa mã thành {HASH}", ["data/raw/a.csv"]),
        (ROW.replace("2025-08-01", "tháng 8"), "received", "không phải là ngày", ["data/raw/a.csv"]),
        (ROW.replace("counts", "count"), "form", "counts", []),
        (ROW.replace("received", "sample"), "source", "received", []),
        (ROW.replace("a.csv", "b.csv"), "file", "Không có tệp này", []),
        (ROW.replace("a.csv", "../../x.csv"), "file", "phải nằm trong data/raw", []),
        (ROW.replace("a.csv", "/etc/hosts"), "file", "phải nằm trong data/raw", []),
        (ROW.replace("a.csv", "C:\\x.csv"), "file", "phải nằm trong data/raw", []),
        (ROW.replace("a.csv", ""), "file", "phải nằm trong data/raw", []),
    ],
)
def test_a_row_at_fault_is_an_error(listed, row, column, sentence, files):
    read, found = listed(row)
    assert read == files
    assert (found[0]["severity"], found[0]["row"], found[0]["column"]) == ("error", 2, column)
    assert found[0]["file"] == "data/raw/SOURCES.csv"
    assert sentence in found[0]["message"]


def test_a_file_listed_twice_is_read_once(listed):
    files, found = listed(ROW, ROW)
    assert files == ["data/raw/a.csv"]
    assert found[0]["message"].startswith("Tệp đã có ở dòng 2")


def test_a_file_that_is_not_listed_is_named(listed, house):
    (house / "data" / "raw" / "README.md").write_text("x", encoding="utf-8")
    (house / "data" / "raw" / ".hidden").write_text("x", encoding="utf-8")
    files, found = listed()
    assert files == []
    assert [(one["severity"], one["file"]) for one in found] == [
        ("warning", "data/raw/SOURCES.csv"),
        ("warning", "data/raw/a.csv"),
    ]


def test_a_missing_list_or_column_is_an_error(listed, house):
    _, found = listed(ROW, header=HEADER.replace("sha256", "hash"))
    assert "Thiếu cột «sha256»" in next(one["message"] for one in found if one["severity"] == "error")
    (house / "data" / "raw" / "SOURCES.csv").unlink()
    assert read_listing(house)[1][0]["message"].startswith("Thiếu danh sách")
