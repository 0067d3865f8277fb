"""What a user types: every error is one sentence with the nearest choices, exit code 2, nothing written."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from baocao.app.cli import app, main

COMMANDS = [
    "build",
    "verify",
    "reconcile",
    "indicators",
    "units",
    "sample",
    "check",
    "load",
    "explore",
    "doctor",
]


@pytest.fixture
def run(monkeypatch, capsys, root):
    """Run a command in the project's root: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.chdir(root)
        monkeypatch.setattr(sys, "argv", ["baocao", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return call


def test_every_command_of_the_design_is_there():
    assert sorted(command.callback.__name__ for command in app.registered_commands) == sorted(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert out.count("\n") > 4


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["procesing"], "Không có báo cáo «procesing» trong thư mục reports/"),
        (["processing", "--period", "2025-13"], "2025-13"),
        (["processing", "--period", "thang 7"], "thang 7"),
        (["processing", "--units", "xã Đức Thoo"], "xã Đức Thọ"),
        (["processing", "--format", "docx"], "--format: không có định dạng «docx»; gần nhất: "),
        (["processing", "--renderer", "latex"], "Không có trình dựng «latex»"),
        (["processing", "--out", "README.md"], "«README.md» là một tệp, không phải thư mục"),
        (["processing", "--out", "tests"], "Thư mục «tests» đã có tệp không phải của baocao («"),
        (["processing", "--units", ""], "Danh sách đơn vị trống"),
        (["processing", "--units", "42,tỉnh Hà Tĩnh"], "Đơn vị tỉnh Hà Tĩnh (42) được nêu hai lần"),
        (["unit_briefing", "--units", "communes,18229"], "Đơn vị xã Đức Thọ (18229) được nêu hai lần"),
        (["processing", "--period", ""], "Kỳ báo cáo «» không hợp lệ"),
        (["processing", "--format", ""], "--format: không có định dạng «»"),
        (["processing", "--jobs", "0"], "--jobs phải từ 1 trở lên, nhận được 0"),
        (["processing", "--jobs", "-2"], "--jobs phải từ 1 trở lên, nhận được -2"),
    ],
)
def test_what_does_not_exist_is_one_sentence(run, tmp_path, arguments, sentence):
    out = [] if "--out" in arguments else ["--out", str(tmp_path / "ket-qua")]
    code, printed, error = run("build", *arguments, *out)
    assert code == 2
    assert printed == ""
    assert error.startswith("Lỗi: ") and error.count("\n") == 1
    assert sentence in error
    assert not (tmp_path / "ket-qua").exists()


def test_all_reports_are_checked_before_the_first_is_built(run, tmp_path):
    code, _, error = run("build", "processing", "nope", "--out", str(tmp_path / "ket-qua"))
    assert (code, (tmp_path / "ket-qua").exists()) == (2, False)
    assert "«nope»" in error


SPEC = """notebook: processing
period: "2025-07"
"""


@pytest.mark.parametrize("units", ["", "units:", "units: []", 'units: [""]'])
def test_a_spec_without_units_is_one_sentence(run, tmp_path, units):
    spec = tmp_path / "thu.yml"
    spec.write_text(SPEC + units, encoding="utf-8")
    code, printed, error = run("build", str(spec), "--out", str(tmp_path / "ket-qua"))
    assert (code, printed, (tmp_path / "ket-qua").exists()) == (2, "", False)
    assert error.startswith("Lỗi: ") and error.count("\n") == 1
    assert "«units»" in error or "Danh sách đơn vị trống" in error or "Đơn vị «null»" in error


def test_two_specs_of_one_name_are_refused(run, tmp_path):
    (tmp_path / "processing.yml").write_text(SPEC + "units: ['42']", encoding="utf-8")
    code, _, error = run(
        "build", "processing", str(tmp_path / "processing.yml"), "--out", str(tmp_path / "x")
    )
    assert (code, (tmp_path / "x").exists()) == (2, False)
    assert "Hai báo cáo cùng tên «processing»" in error


@pytest.mark.parametrize(
    ("content", "sentence"),
    [('{"version": 7, "documents": []}', "theo phiên bản 7"), ("{}", "không đọc được")],
)
def test_a_ledger_that_is_not_ours_stays_as_it_is(run, tmp_path, content, sentence):
    (tmp_path / "ledger.json").write_text(content, encoding="utf-8")
    code, printed, error = run("build", "processing", "--out", str(tmp_path), "--force")
    assert (code, printed, error.count("\n")) == (2, "", 1)
    assert sentence in error
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.json"]
    assert (tmp_path / "ledger.json").read_text(encoding="utf-8") == content


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["build", "processing", "--jobs", "hai"], "Giá trị của --jobs không hợp lệ; xem «baocao build --help»."),
        (["build", "processing", "--cow"], "Không có tùy chọn --cow; có thể là --out, --why, xem «baocao build --help»."),
        (["build", "processing", "--forc"],
         "Không có tùy chọn --forc; có thể là --force, --format, --no-force, xem «baocao build --help»."),
        (["build"], "Lệnh thiếu specs; xem «baocao build --help»."),
        (["build", "processing", "--jobs"],
         "Tùy chọn --jobs thiếu giá trị hoặc không nhận giá trị; xem «baocao --help»."),
        (["buid"], "Không có lệnh «buid»; có thể là build, xem «baocao --help»."),
        (["doctor", "nay"], "Thừa «nay» trong lệnh; xem «baocao doctor --help»."),
    ],
)  # fmt: skip
def test_a_command_that_cannot_be_read_is_one_sentence(run, arguments, sentence):
    assert run(*arguments) == (2, "", f"Lỗi: {sentence}\n")


def test_without_a_command_there_is_help(run):
    code, printed, _ = run()
    assert code == 0 and "build" in printed


def test_what_the_system_refuses_is_one_sentence(run, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "/cho/do/ledger.json")

    monkeypatch.setattr("baocao.app.cli.find_project_root", full)
    assert run("indicators")[0] == 0
    assert run("units") == (2, "", "Lỗi: Không dùng được «ledger.json»: ổ đĩa đã đầy.\n")


def test_a_stop_is_one_sentence(run, monkeypatch):
    def stopped() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("baocao.app.cli.find_project_root", stopped)
    assert run("units") == (130, "", "Đã dừng theo yêu cầu.\n")


def test_verify_without_documents_says_so(run, tmp_path):
    code, _, error = run("verify", str(tmp_path))
    assert code == 2
    assert "Không có văn bản nào" in error


def test_units_are_those_valid_on_the_day(run):
    code, out, _ = run("units", "--on", "2025-07-01", "--kind", "communes", "--json")
    assert code == 0
    assert len(json.loads(out)) == 69
    code, out, _ = run("units", "--on", "2025-06-30", "--kind", "communes", "--json")
    assert len(json.loads(out)) == 209


def test_kinds_of_units_are_in_vietnamese(run):
    _, out, _ = run("units", "--on", "2025-07-01", "--kind", "land-offices")
    assert {line.split("\t")[2] for line in out.splitlines()[1:]} == {"Chi nhánh Văn phòng Đăng ký đất đai"}


@pytest.mark.parametrize("arguments", [["--on", "31/02/2025"], ["--kind", "xa"]])
def test_units_of_an_impossible_day_or_kind_are_refused(run, arguments):
    code, _, error = run("units", *arguments)
    assert code == 2
    assert error.startswith("Lỗi: ") and error.count("\n") == 1


def test_indicators_are_printed_with_formula_and_source(run):
    code, out, _ = run("indicators")
    assert code == 0
    assert "online_share: Tỷ lệ hồ sơ nộp trực tuyến trên tổng số hồ sơ (%)" in out
    code, out, _ = run("indicators", "--json")
    assert {one["name"] for one in json.loads(out)} >= {"on_time_rate", "online_share", "online_payment_rate"}


def test_the_module_is_the_command(root):
    done = subprocess.run(
        [sys.executable, "-m", "baocao", "build", "nope"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("Lỗi: Không có báo cáo «nope»")


def test_explore_without_jupyterlab_is_one_sentence(run, monkeypatch, project):
    monkeypatch.setattr("baocao.app.doctor.find_spec", lambda name: None)
    monkeypatch.setattr("baocao.app.cli.find_project_root", lambda: project)
    code, out, error = run("explore")
    assert (code, out) == (2, "")
    assert error.startswith("Lỗi: Máy này chưa có JupyterLab") and error.count("\n") == 1
