"""Files as they arrive, loaded: stored whole or not at all, twice the same, corrected ones on record, kills survived."""

from __future__ import annotations

import csv
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from baocao.definitions.errors import UserError
from baocao.store import facts, received
from baocao.store.acceptance import sentence_of
from baocao.store.listing import read_listing
from baocao.store.load import commit
from baocao.store.load.candidates import make_options
from conftest import COUNTS_FORM, make_project

HEADER = ",".join(COUNTS_FORM)
JULY = "2025-07-01,2025-07-31"
ROWS = [
    f"18229,{JULY},filed_online,502",
    f"18229,{JULY},filed_direct,189",
    f"18073,{JULY},filed_online,900",
]


@pytest.fixture
def house(root, tmp_path) -> Path:
    """A project with the reference data and nothing received yet."""
    return make_project(root, tmp_path / "house", {})


@pytest.fixture
def arrive(tmp_path):
    """Writes a file of the counts form as it arrives."""

    def write(name: str, *rows: str) -> Path:
        path = tmp_path / "den" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        return path

    return write


def load(house: Path, *paths: Path, **said):
    return commit.load_files(house, paths, make_options(received="2025-08-15", **said))


def everything(house: Path) -> dict[str, bytes]:
    """The bytes of all that a load may write."""
    folders = (house / "data" / "raw", house / "data" / "reference")
    return {path.name: path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def test_a_file_is_copied_untouched_and_listed_with_its_hash(house, arrive):
    path = arrive("tháng 7.csv", *ROWS)
    found, store = load(house, path, issuer="Sở Nội vụ", note="qua thư")
    assert (house / "data" / "raw" / "tháng 7.csv").read_bytes() == path.read_bytes()
    with (house / "data" / "raw" / "SOURCES.csv").open(encoding="utf-8", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["file"], row["form"], row["issuer"], row["received"], row["note"]) == (
        "tháng 7.csv", "counts", "Sở Nội vụ", "2025-08-15", "qua thư",
    )  # fmt: skip
    assert found.problems.empty
    assert (len(store.counts), store.files) == (3, 1)


def test_loading_twice_changes_nothing(house, arrive):
    load(house, arrive("a.csv", *ROWS))
    before = everything(house)
    found, store = load(house, arrive("b.csv", *ROWS))  # the same bytes under another name
    assert store is None
    assert len(found.unchanged) == 1
    assert everything(house) == before


def test_a_file_with_an_error_stores_nothing(house, arrive):
    before = everything(house)
    found, store = load(house, arrive("a.csv", *ROWS), arrive("b.csv", f"18229,{JULY},pending,-1"))
    assert store is None
    assert found.refused
    assert found.problems["file"].str.endswith("b.csv").all()
    assert everything(house) == before


def test_an_accepted_error_is_on_record_and_said(house, arrive):
    path = arrive("a.csv", *ROWS, f"18229,{JULY},pending,-1")
    found, store = load(house, path, accept=["so-ho-so"], because="đã hỏi lại xã")
    assert not found.refused
    assert len(store.counts) == 3
    (row,) = store.problems.to_dict("records")
    assert "được chấp nhận, không dùng số liệu ở đó: «đã hỏi lại xã»" in sentence_of(row)
    assert "so-ho-so,data/raw/a.csv" in (house / "data" / "raw" / "ACCEPTED.csv").read_text(encoding="utf-8")


def test_a_corrected_file_replaces_the_earlier_one_and_both_stay(house, arrive):
    load(house, arrive("a.csv", *ROWS))
    corrected = [ROWS[0].replace("502", "512"), *ROWS[1:], f"18073,{JULY},filed_direct,1"]
    found, store = load(house, arrive("a2.csv", *corrected))
    assert "thay thế a.csv: 1 số khác trước, 2 số như trước" in found.fresh[0].said[0]
    assert store.problems.empty
    assert value_of(store, "18229", "filed_online") == 512
    assert value_of(facts.open_facts(house, "1"), "18229", "filed_online") == 502
    assert value_of(facts.open_facts(house), "18229", "filed_online") == 512
    assert len(read_listing(house)[0]) == 2


def test_an_old_vintage_is_the_same_bytes_again(house, arrive):
    first = load(house, arrive("a.csv", *ROWS))[1].fingerprint
    load(house, arrive("a2.csv", ROWS[0].replace("502", "512"), *ROWS[1:]))
    assert facts.open_facts(house, "1").fingerprint == first
    assert facts.open_facts(house, "2025-08-15").fingerprint != first
    with pytest.raises(UserError, match="từ 1 đến 2"):
        facts.open_facts(house, "3")
    with pytest.raises(UserError, match="không phải là số thứ tự"):
        facts.open_facts(house, "hôm qua")


def test_a_file_that_says_otherwise_in_part_must_be_called_a_correction(house, arrive):
    load(house, arrive("a.csv", *ROWS))
    path = arrive("sua.csv", ROWS[0].replace("502", "512"))
    found, store = load(house, path)
    assert store is None
    (message,) = found.problems["message"]
    assert "nói khác 1 số của tệp đã nạp «a.csv»" in message
    assert "--supersedes «a.csv»" in message
    _, store = load(house, path, supersedes=["a.csv"])
    assert value_of(store, "18229", "filed_online") == 512
    assert value_of(store, "18073", "filed_online") == 900  # what the correction does not state still counts
    with pytest.raises(UserError, match=r"không có tệp «b.csv» trong SOURCES.csv"):
        load(house, arrive("c.csv", f"18229,{JULY},pending,1"), supersedes=["b.csv"])


def test_a_correction_of_a_correction(house, arrive):
    load(house, arrive("a.csv", *ROWS))
    for at, value in enumerate(("512", "522"), 2):
        store = load(house, arrive(f"a{at}.csv", ROWS[0].replace("502", value), *ROWS[1:]))[1]
    assert value_of(store, "18229", "filed_online") == 522
    assert store.problems.empty
    assert value_of(facts.open_facts(house, "2"), "18229", "filed_online") == 512


def test_what_a_new_file_breaks_among_all_is_found_before_it_is_stored(house, arrive):
    load(house, arrive("a.csv", f"18229,{JULY},received,10", f"18229,{JULY},filed_online,6"))
    found, store = load(house, arrive("b.csv", f"18229,{JULY},filed_direct,5"))
    assert store is None
    assert found.problems["code"].tolist() == ["thanh-phan"]


def test_names_that_would_leave_the_folder_do_not(house, arrive, tmp_path):
    path = arrive("ok.csv", *ROWS)
    hostile = path.with_name("{{< include x >}} $(rm -rf).csv")
    path.rename(hostile)
    load(house, hostile)
    names = sorted(path.name for path in (house / "data" / "raw").iterdir())
    assert names == ["SOURCES.csv", "_ include x _ _(rm -rf).csv"]
    assert not facts.open_facts(house).problems["severity"].eq("error").any()


def test_another_file_of_the_same_name_is_kept_beside_it(house, arrive):
    load(house, arrive("a.csv", ROWS[0]))
    load(house, arrive("a.csv", ROWS[1]))
    names = [file.name for file in read_listing(house)[0]]
    assert names[0] == "data/raw/a.csv"
    assert names[1].startswith("data/raw/a-")


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"accept": ["khong-co"], "because": "x"}, "không có mã vấn đề «khong-co»"),
        ({"accept": ["don-vi"]}, "--accept phải đi cùng --because"),
        ({"because": "x"}, "--because chỉ dùng cùng --accept"),
        ({"source": "sample"}, "không có nguồn «sample»"),
        ({"as_of": "31/02/2025"}, "--as-of"),
        ({"periods": ["2025-13"]}, "2025-13"),
        ({"mapping": Path("khong-co.yml")}, "--mapping"),
    ],
)
def test_an_option_that_cannot_be_meant_is_one_sentence(house, arrive, said, sentence):
    with pytest.raises(UserError, match=sentence):
        load(house, arrive("a.csv", *ROWS), **said)


def test_only_one_load_at_a_time(house, arrive):
    with commit._alone(house), pytest.raises(UserError, match="khác đang chạy"):
        load(house, arrive("a.csv", *ROWS))


def test_a_file_that_nobody_knows_is_named(house, tmp_path):
    path = tmp_path / "thu.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    found, store = load(house, path)
    assert store is None
    assert found.problems["code"].tolist() == ["khong-nhan-dang"]
    assert found.problems["file"].tolist() == [path.as_posix()]


def test_looking_stores_nothing(house, arrive):
    before = everything(house)
    found = commit.examine_files(house, [arrive("a.csv", *ROWS)], make_options(received="2025-08-15"))
    assert len(found.fresh[0].reading.counts) == 3
    assert everything(house) == before


def test_a_load_that_is_killed_leaves_the_store_as_it_was(house, arrive):
    """Killed again and again at random moments: the list, the files and the facts are those before or after."""
    load(house, arrive("a.csv", *ROWS))
    before = facts.open_facts(house).fingerprint
    path = arrive("b.csv", ROWS[0].replace("502", "512"), *ROWS[1:])
    command = [sys.executable, "-m", "baocao", "load", path.as_posix(), "--received", "2025-08-16"]
    dice = random.Random(4)
    done = []
    for _ in range(6):
        process = subprocess.Popen(
            command, cwd=house, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            process.wait(timeout=dice.uniform(0.3, 3.0))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        files, found = read_listing(house)
        assert not [one for one in found if one["severity"] == "error"]
        assert len(files) in (1, 2)
        store = facts.open_facts(house)
        assert not store.problems["severity"].eq("error").any()
        assert (store.fingerprint == before) == (len(files) == 1)
        done.append(len(files))
    subprocess.run(command, cwd=house, check=True, capture_output=True)
    assert len(read_listing(house)[0]) == 2
    assert not [path for path in (house / "data" / "raw").iterdir() if path.name.startswith(".nap-")]


def value_of(store: facts.Facts, unit: str, measure: str) -> int:
    rows = store.counts[(store.counts["unit"] == unit) & (store.counts["measure"] == measure)]
    assert isinstance(rows, pd.DataFrame)
    (value,) = rows["value"]
    return int(value)


def test_to_check_files_nothing_is_written_into_the_project(house, arrive, root):
    facts.open_facts(house)
    before = {path: path.stat().st_mtime_ns for path in house.rglob("*")}
    found = commit.examine_files(house, [arrive("a.csv", *ROWS)], make_options(received="2025-08-15"))
    assert found.fresh and not found.refused
    assert {path: path.stat().st_mtime_ns for path in house.rglob("*")} == before


def test_a_reading_that_cannot_be_kept_is_read_all_the_same(house, tmp_path):
    (tmp_path / "chan").write_text("một tệp ở chỗ của thư mục", encoding="utf-8")
    received.keep_reading(tmp_path / "chan" / "khoa", received.Reading("ii06"))
    assert (tmp_path / "chan").is_file()
