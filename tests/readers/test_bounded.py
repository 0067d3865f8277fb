"""A file that asks for too much costs its child, and is told in one sentence; the next is read by another child."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baocao.definitions import UserError
from baocao.readers import bounded
from baocao.readers.bounded import Bounded, TooMuch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the system has no bounds for a process")


def hold(size: int) -> int:
    return len(bytearray(size))


def compute() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(60)


def give_up() -> None:
    os.abort()


def refuse() -> None:
    raise UserError("Hãy sửa tệp.")


def stumble() -> None:
    raise OverflowError("a library's own words, with what the file says")


def leave(name: str) -> bool:
    """Whether a call before this one left something."""
    found = hasattr(bounded, name)
    setattr(bounded, name, True)
    return found


@pytest.fixture
def file(tmp_path) -> list[Path]:
    path = tmp_path / "a.csv"
    path.write_text("a", encoding="utf-8")
    return [path]


@pytest.fixture
def few_seconds(monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 1.0)


@pytest.mark.parametrize(
    ("function", "arguments", "sentence"),
    [
        (hold, (2 << 30,), "nhiều bộ nhớ hơn"),
        (compute, (), "quá 1 giây"),
        (give_up, (), "nhiều bộ nhớ hơn"),
        (stumble, (), r"không đọc được|OverflowError"),
    ],
)
def test_what_asks_for_too_much_is_a_sentence_and_the_next_is_read(
    file, few_seconds, capfd, function, arguments, sentence
):
    with Bounded() as bounds:
        with pytest.raises(TooMuch, match=sentence):
            bounds.call(function, *arguments, files=file)
        assert bounds.call(hold, 10, files=file) == 10
    assert capfd.readouterr() == ("", "")


def test_a_child_that_waits_is_not_waited_for(file, monkeypatch):
    monkeypatch.setattr(bounded, "SECONDS", 0.2)
    with Bounded() as bounds, pytest.raises(TooMuch, match="giây"):
        bounds.call(sleep, files=file)


def test_a_sentence_for_the_user_stays_one(file):
    with Bounded() as bounds, pytest.raises(UserError, match=r"^Hãy sửa tệp\.$"):
        bounds.call(refuse, files=file)


def test_no_file_changes_how_the_next_is_read(file):
    with Bounded() as bounds:
        assert [bounds.call(leave, "traces", files=file) for _ in range(2)] == [False, False]


def test_the_program_that_asks_is_not_run_again(file, tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "from pathlib import Path\nfrom baocao.readers.bounded import Bounded\nprint('run')\n"
        f"with Bounded() as bounds:\n    print(bounds.call(len, 'abc', files=[Path({str(file[0])!r})]))\n",
        encoding="utf-8",
    )
    ran = subprocess.run([sys.executable, program], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.split() == ["run", "3"]


def test_a_larger_file_may_take_longer(file, few_seconds):
    file[0].write_bytes(b"a" * 300_000)
    with Bounded() as bounds, pytest.raises(TooMuch, match="quá 4 giây"):
        bounds.call(compute, files=file)


def test_one_file_of_a_load_that_asks_for_too_much_is_one_problem_and_the_others_are_told(
    sampled, tmp_path, monkeypatch
):
    from baocao.store import examine_files, make_options

    monkeypatch.setattr(bounded, "MEMORY", 64 << 20)
    large = tmp_path / "a.csv"
    large.write_text(
        "unit,period_start,period_end,measure,value\n" + "18229,2025-07-01,2025-07-31,received,1\n" * 600_000
    )
    good = tmp_path / "b.csv"
    good.write_text(
        "unit,period_start,period_end,measure,value\n18229,2025-07-01,2025-07-31,received,-3\n", encoding="utf-8"
    )  # fmt: skip
    paths = [large, good]
    found = examine_files(sampled, paths, make_options(received="2025-08-01"))
    errors = found.problems[found.problems["severity"] == "error"]
    assert list(zip(errors["file"], errors["code"], strict=True)) == [
        ("a.csv", "tep-qua-lon"),
        ("b.csv", "so-ho-so"),
    ]
