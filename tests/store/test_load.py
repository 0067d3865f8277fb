"""Files as they arrive, loaded: stored whole or not at all, twice the same, corrected ones on record, kills survived."""

from __future__ import annotations

import csv
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pandas as pd
import pytest

from baocao.definitions import files
from baocao.definitions.errors import UserError
from baocao.definitions.project import find_project_root
from baocao.readers import Bounded
from baocao.store import facts, received
from baocao.store.acceptance import sentence_of
from baocao.store.listing import read_listing
from baocao.store.load import commit
from baocao.store.load.candidates import list_paths, make_options
from baocao.store.load.examine import examine
from conftest import COUNTS_FORM, make_project

sys.path.insert(0, str(Path(__file__).parents[1] / "fixtures" / "received"))
import make_ii06

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
    """The bytes of all that a load may write, but for what it has not finished."""
    paths = [path for name in ("raw", "reference") for path in (house / "data" / name).rglob("*")]
    return {path.name: path.read_bytes() for path in paths if not path.name.startswith(files.UNFINISHED)}


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
        ({"accept": ["don-vi"], "because": "Đã xem 🚀"}, "--because: Phông chữ .* không có ký tự «🚀» "),
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
    with files.alone(house), pytest.raises(UserError, match="khác đang chạy"):
        load(house, arrive("a.csv", *ROWS))


def test_a_file_that_nobody_knows_is_named(house, tmp_path):
    path = tmp_path / "thu.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    found, store = load(house, path)
    assert store is None
    assert found.problems["code"].tolist() == ["khong-nhan-dang"]
    assert found.problems["file"].tolist() == [path.name]


def test_what_systems_leave_in_a_folder_is_passed_over(house, arrive, tmp_path):
    form = arrive("a.csv", *ROWS)
    (form.parent / "__MACOSX").mkdir()
    left = (
        "desktop.ini",
        "Thumbs.db",
        "ehthumbs.db",
        ".DS_Store",
        "._a.csv",
        "__MACOSX/a.csv",
        "~$a.xlsx",
        ".~lock.a.csv#",
    )
    for name in left:
        (form.parent / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1[.ShellClassInfo]")
    assert list_paths([form.parent]) == [form]
    secret = tmp_path / "rieng.csv"
    secret.write_text("a", encoding="utf-8")
    (form.parent / "lien-ket.csv").symlink_to(secret)
    assert list_paths([form.parent]) == [form], "what a link points to was not received"
    assert list_paths([form, form.parent / "Thumbs.db"]) == [form], "as a shell's * gives them"
    found, store = load(house, form.parent)
    assert store is not None and not found.refused


def test_text_called_a_workbook_is_told_and_nothing_else(house, tmp_path):
    (tmp_path / "a.xlsx").write_text("Biểu số II.06c/VPCP/KSTT\nSở Nội vụ\t12\t10\t2\n", encoding="utf-8")
    found, _ = load(house, tmp_path / "a.xlsx")
    assert found.problems["code"].tolist() == ["duoi-tep"]
    assert found.problems["message"][0].startswith("Là văn bản thường mang đuôi .xlsx, không phải bảng tính;")


def test_two_files_of_one_load_that_contradict_each_other_in_a_row_of_reference(house, tmp_path):
    paths = [tmp_path / f"chi-so-{value}.csv" for value in (1, 2)]
    before = everything(house)
    for value, path in enumerate(paths, 1):
        path.write_text(f"{INDEX_VALUES}\nPAR INDEX;2031;88,{value};%;7;34;Công văn 1\n", encoding="utf-8")
    found, store = load(house, *paths)
    assert (store, everything(house)) == (None, before)
    assert found.problems[["code", "file"]].values.tolist() == [["mau-thuan", paths[1].name]]
    assert (
        "có hai lần trong những gì đang nạp, lần trước với value là «88.1»"
        in found.problems["message"].iloc[0]
    )
    assert load(house, paths[0])[1] is not None


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
    for _ in range(3):
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


INDEX_VALUES = "Chỉ số;Năm;Giá trị;Đơn vị tính;Thứ hạng;Trên tổng số;Nguồn"


@pytest.fixture
def mixed(house, arrive, tmp_path):
    """Stores files of every kind at once: facts, dossiers with what is wrong in them, rows of two tables, an exception.

    The call that stores them, what all files hold and the fingerprint before and after it, and a call that goes back.
    """
    load(house, arrive("a.csv", *ROWS))
    paths = [arrive("b.csv", f"18229,{JULY},received,691", f"18229,{JULY},pending,-1")]
    texts = {
        "chi-so-1.csv": f"{INDEX_VALUES}\nPAR INDEX;2031;88,1;%;7;34;Công văn 1\n",
        "chi-so-2.csv": f"{INDEX_VALUES}\nPAR INDEX;2032;88,2;%;6;34;Công văn 2\n",
        "chi-tieu.csv": "indicator,target,valid_from,legal_source\nonline_share,99,2031-01-01,Công văn 3\n",
        "ho-so.csv": "Số hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái,Cột lạ\n"
        "H27-1,Xã Thạch Hà,01/07/2025,15/07/2025,10/07/2025,Đã trả kết quả,x\n",
    }
    for name, text in texts.items():
        paths.append(paths[0].with_name(name))
        paths[-1].write_text(text, encoding="utf-8")
    (tmp_path / "nhap").mkdir()
    options = make_options(
        received="2025-08-16", as_of="2025-07-31", accept=["so-ho-so"], because="đã hỏi lại xã"
    )
    with Bounded() as bounds:
        found = examine(
            house, lambda reader: reader.read_all(list_paths(paths), bounds), options, tmp_path / "nhap"
        )
    assert not found.refused, found.problems["message"].tolist()

    def store() -> None:
        with files.alone(house):
            commit._store(house, found, options)

    def go_back() -> None:
        for name in ("raw", "reference"):
            shutil.rmtree(house / "data" / name)
            shutil.copytree(tmp_path / "truoc" / name, house / "data" / name)

    before = everything(house), facts.open_facts(house).fingerprint
    shutil.copytree(house / "data", tmp_path / "truoc")
    store()
    after = everything(house), facts.open_facts(house).fingerprint
    assert {name for name in after[0] if before[0].get(name) != after[0][name]} == {
        "b.csv", "chi-so-1.csv", "chi-so-2.csv", "chi-tieu.csv", "ho-so.ho-so.parquet", "ho-so.ho-so.parquet.van-de.json",
        "index_values.csv", "targets.csv", "ACCEPTED.csv", "SOURCES.csv",
    }  # fmt: skip
    assert all(f"Công văn {at}" in after[0]["index_values.csv"].decode() for at in (1, 2))
    return store, before, after, go_back


def interrupted(store: Callable[[], None], house: Path, at: int, full: bool) -> int:
    """Runs `store` in a process of its own; just before its write number `at` the disk is full, or it is killed.

    A write: a file opened for it, moved or removed below the folders of what counts. The exit code: 0 where
    there are fewer writes, 2 as of a command whose error is one sentence, 9 where it was killed.
    """
    counted = count(1)
    places = tuple((house / "data" / name).as_posix() for name in ("raw", "reference"))

    def listen(event: str, arguments: tuple) -> None:
        if event == "open":
            writes = bool((arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))
        else:
            writes = event in ("os.rename", "os.remove")
        if writes and str(arguments[0]).startswith(places) and next(counted) == at:
            if full:
                raise OSError(errno.ENOSPC, "full", str(arguments[0]))
            os._exit(9)

    child = os.fork()
    if not child:
        code = 1
        try:
            sys.addaudithook(listen)
            store()
            code = 0
        except UserError as error:
            code = 2 if "ổ đĩa đã đầy" in str(error) else 1
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="KHÔNG CÓ os.fork trên máy này")
@pytest.mark.parametrize("full", [False, True], ids=["killed", "disk full"])
def test_a_load_interrupted_at_any_write_is_whole_or_not_at_all_for_the_next_command(house, mixed, full):
    """The list, the tables of reference, the exceptions and the facts are all as before, or all as after."""
    store, before, after, go_back = mixed
    seen = []
    for at in count(1):
        go_back()
        code = interrupted(store, house, at, full)
        find_project_root(house)  # what every command and notebook begins with
        now = everything(house), facts.open_facts(house).fingerprint
        assert now in (before, after), f"mixed at write {at}"
        seen.append(now == after)
        if code == 0:
            break
        assert code == (2 if full else 9)
    assert seen == sorted(seen), "what once counted stays"
    assert seen.count(False) > 10 and seen.count(True) > 10
    go_back()
    interrupted(store, house, seen.count(False), full=False)
    assert list((house / "data").glob(f"*/{files.UNFINISHED}*"))
    store()
    assert not list((house / "data").glob(f"*/{files.UNFINISHED}*"))
    assert everything(house) == after[0]


def test_what_cannot_be_finished_is_one_sentence_and_the_next_command_finishes_it(house, mixed, monkeypatch):
    store, before, after, go_back = mixed
    go_back()
    moved = count(1)

    def stuck(source, target, move=os.replace):
        if next(moved) > 4:
            raise PermissionError(errno.EACCES, "denied", str(source), None, str(target))
        move(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stuck)
        for call in (store, lambda: find_project_root(house)):
            with pytest.raises(UserError, match=r"chưa ghi được \(\S+\): không có quyền.*lệnh ấy ghi nốt"):
                call()
    assert everything(house) not in (before[0], after[0])
    command = [sys.executable, "-m", "baocao", "check"]
    assert subprocess.run(command, cwd=house, capture_output=True, check=False).returncode == 0
    assert everything(house) == after[0]


def test_who_comes_while_files_are_moved_waits_for_all(house, mixed, monkeypatch):
    store, _, after, go_back = mixed
    go_back()
    seen: list[object] = []
    other = threading.Thread(target=lambda: (find_project_root(house), seen.append(everything(house))))

    def slow(source, target, move=os.replace):
        if Path(target).name == "SOURCES.csv":
            other.start()
            other.join(0.3)
            seen.append("waits")
        move(source, target)

    monkeypatch.setattr(os, "replace", slow)
    store()
    other.join()
    assert seen == ["waits", after[0]]


def value_of(store: facts.Facts, unit: str, measure: str) -> int:
    rows = store.counts[(store.counts["unit"] == unit) & (store.counts["measure"] == measure)]
    assert isinstance(rows, pd.DataFrame)
    (value,) = rows["value"]
    return int(value)


def test_to_check_files_nothing_is_written_into_the_project(house, arrive, root):
    before = {path: path.stat().st_mtime_ns for path in house.rglob("*")}
    found = commit.examine_files(house, [arrive("a.csv", *ROWS)], make_options(received="2025-08-15"))
    assert found.fresh and not found.refused
    assert {path: path.stat().st_mtime_ns for path in house.rglob("*")} == before


def test_a_reading_that_cannot_be_kept_is_read_all_the_same(house, tmp_path):
    (tmp_path / "chan").write_text("một tệp ở chỗ của thư mục", encoding="utf-8")
    received.keep_reading(tmp_path / "chan" / "khoa", received.Reading("ii06"))
    assert (tmp_path / "chan").is_file()


# --- What is shown of files and cells ----------------------------------------------------------------------------

EXPORT = "Số hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái,Kết quả điện tử"


def export_of(path: Path, *rows: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([EXPORT, *rows, ""]), encoding="utf-8")
    return path


def test_a_name_with_control_characters_has_none_on_the_terminal_nor_in_the_list(house, tmp_path):
    rows = (
        "H-1,Xã Đức Thọ,03/07/2025,10/07/2025,,Đang xử lý,",
        "H-2,Xã Đức Thọ,04/07/2025,10/07/2025,,Đang xử lý,",
    )
    paths = [export_of(tmp_path / f"a\x1b[31m{at}.csv", row) for at, row in enumerate(rows)]
    found, _ = load(house, *paths, as_of=None)
    assert found.fresh[0].shown == "a[31m0.csv, a[31m1.csv"
    command = [sys.executable, "-m", "baocao", "load", *map(str, paths), str(tmp_path / "\x1b[2J.csv")]
    run = subprocess.run(command, cwd=house, capture_output=True, text=True, encoding="utf-8", check=False)
    assert run.returncode == 2
    assert "\x1b" not in run.stdout + run.stderr + (house / "data" / "raw" / "SOURCES.csv").read_text(
        encoding="utf-8"
    )


def test_files_of_one_name_in_two_folders_are_told_apart(house, tmp_path):
    """Once two rows of two files passed for one row, a number twice in one of them took both."""
    row = "H-{},Xã Đức Thọ,03/07/2025,10/07/2025,,Đang xử lý,"
    first = export_of(tmp_path / "a" / "x.csv", row.format(1), row.format(2), row.format(2))
    second = export_of(tmp_path / "b" / "x.csv", row.format(3), row.format(4), row.format(5))
    found, store = load(house, first, second)
    [told] = found.problems[found.problems["code"] == "ho-so-trung"].to_dict("records")
    assert (told["sheet"], told["row"], found.fresh[0].shown) == ("a/x.csv", 4, "a/x.csv, b/x.csv")
    counts = store.counts
    assert counts[(counts["measure"] == "online_base") & (counts["unit"] == "18229")]["value"].tolist() == [5]


def test_units_at_fault_are_told_with_row_and_dossier(house, tmp_path):
    units = ("Xã Đức Thọ", "Huyện Đức Thọ", "Xã Đức Thộ", "Đức Thọ", "Huyện Đức Thọ")
    rows = (f"H-{at},{unit},03/07/2025,10/07/2025,,Đang xử lý,Có" for at, unit in enumerate(units))
    found = examine_one(house, export_of(tmp_path / "x.csv", *rows)).problems
    told = found[found["code"] == "don-vi"].to_dict("records")
    assert [(one["severity"], one["row"], one["message"][:10]) for one in told] == [
        ("error", 3, "Hồ sơ H-1:"), ("error", 5, "Hồ sơ H-3:"), ("warning", 4, "Hồ sơ H-2:"),
    ]  # fmt: skip
    assert "Bỏ ra 2 hồ sơ tiếp nhận" in told[0]["message"]
    assert "đơn vị «Xã Đức Thộ» được đọc là xã Đức Thọ (18229)" in told[2]["message"]


def test_an_unknown_word_is_shown_on_the_terminal_and_stored_nowhere(house, tmp_path):
    rows = ("TTHC không trả kết quả", "Lê Văn Thử", "0912345678", "Có")
    path = export_of(
        tmp_path / "x.csv",
        *(f"H-{at},Xã Đức Thọ,03/07/2025,10/07/2025,,Đang xử lý,{word}" for at, word in enumerate(rows)),
    )
    found, store = load(house, path, accept=["o-sai"], because="đã hỏi lại xã")
    assert store is not None
    assert found.fresh[0].said == ["cột «Kết quả điện tử» có chữ chưa được biết: «TTHC không trả kết quả»"]
    stored = b"".join(path.read_bytes() for path in (house / "data").rglob("*") if path.is_file())
    for word in ("TTHC không trả", "Lê Văn Thử", "0912345678"):
        assert word.encode() not in stored
    many = [f"H-{at},Xã Đức Thọ,03/07/2025,10/07/2025,,Đang xử lý,ghi chú {at}" for at in range(30)]
    assert examine_one(house, export_of(tmp_path / "y.csv", *many)).fresh[0].said == []


def test_a_mapping_at_fault_or_not_needed_is_told_whatever_the_files_are(house, arrive, tmp_path):
    mapping = tmp_path / "m.yml"
    for text, sentence in (
        ("words: {status: {01: 10}}\nwords: {}\n", r"m\.yml, dòng 2: ghi lại khóa «words» của dòng 1"),
        ("words: {status: {01: 10}}\n", r"không tệp nào là kết xuất hồ sơ nên m\.yml không dùng đến"),
    ):
        mapping.write_text(text, encoding="utf-8")
        with pytest.raises(UserError, match=sentence):
            load(house, arrive("a.csv", *ROWS), mapping=mapping)
    assert not (house / "data" / "raw" / "a.csv").exists()
    path = export_of(tmp_path / "x.csv", "H-1,Xã Đức Thọ,03/07/2025,10/07/2025,04/07/2025,01,Có")
    found, store = load(house, path, arrive("a.csv", *ROWS), mapping=mapping)
    assert store is not None and "anh-xa" not in set(found.problems["code"])


def test_a_check_prints_its_problems_where_no_list_can_be_written(house, tmp_path):
    derived = house / "data" / "derived"
    derived.mkdir(parents=True, exist_ok=True)
    (derived / "problems").write_text("no folder", encoding="utf-8")
    path = export_of(tmp_path / "x.csv", "H-1,Huyện Đức Thọ,03/07/2025,10/07/2025,,Đang xử lý,Có")
    command = [sys.executable, "-m", "baocao", "check", path.as_posix()]
    run = subprocess.run(command, cwd=house, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (1, False)
    assert "Hồ sơ H-1: kỳ 01/07/2025" in run.stdout and "Không ghi được" in run.stderr


def examine_one(house: Path, path: Path):
    return commit.examine_files(house, [path], make_options(received="2025-08-15"))


def test_an_accepted_total_is_no_fault_of_the_files_that_come_later(house, arrive, tmp_path):
    grid = make_ii06.province()
    row = grid.find("Sở Tư pháp")
    more = {(row, column): grid.cells[row, column] + 3 for column in (2, 3, 6)}  # (7) is not (8) + (9) + (10)
    path = make_ii06.write_xlsx(tmp_path / "bieu.xlsx", grid.changed(more))
    accepted = {"accept": ["thanh-phan", "dong-tong"], "because": "cơ quan gửi biểu chưa sửa"}
    found, store = load(house, path, **accepted)
    assert store is not None and not found.refused
    assert "can-doi" not in set(found.problems["code"]) | set(store.problems["code"])
    told = [sentence_of(one) for one in store.problems.to_dict("records") if one["code"] == "thanh-phan"]
    assert any("dùng tổng" in sentence and "thay số" in sentence for sentence in told)
    later, store = load(house, arrive("sau.csv", "18229,2025-05-01,2025-05-31,filed_online,5"))
    assert store is not None and not later.refused, later.problems.to_string()
