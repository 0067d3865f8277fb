"""The quality counters of the one-stop system and repeated numbers: each fault with its dossier, row and reason."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from baocao.readers.dossiers.export import read_export
from baocao.readers.dossiers.headings import load_headings

HEADER = "Số hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Ngày trả kết quả,Ngày rút hồ sơ"
HEADER += ",Trạng thái,Kênh nộp,Mức độ"
SUPPLEMENTS = (
    "Số hồ sơ,Đơn vị,Ngày tiếp nhận,Ngày hẹn trả,Ngày kết thúc xử lý,Trạng thái,Số lần yêu cầu bổ sung"
)
LAST = "X-0,Xã Thạch Hà,31/07/2025,,,,,4,1,4"


@pytest.fixture
def judged(root, tmp_path):
    """Numbers of the dossiers kept, problems but for missing columns, and the last day, of rows below HEADER."""

    def run(*files: list[str], **options):
        paths = []
        for at, rows in enumerate(files):
            paths.append(tmp_path / f"tep{at}.csv")
            paths[-1].write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        export, problems = read_export(paths, tmp_path / "t.parquet", headings=load_headings(root), **options)
        kept = duckdb.sql(f"SELECT number FROM '{export.path.as_posix()}' ORDER BY file, row").fetchall()
        found = problems[problems["code"] != "cot-thieu"].to_dict("records")
        return [number for (number,) in kept], found, export.as_of

    return run


@pytest.mark.parametrize(
    ("row", "severity", "code", "sentence"),
    [
        (
            "H-1,Xã A,01/07/2025,,,,,4,2,2",
            "warning",
            "muc-do-kenh",
            "Hồ sơ H-1: dịch vụ công mức độ 2 (chỉ cung cấp thông tin) nhưng kênh là trực tuyến; hồ sơ vẫn được",
        ),
        (
            "H-1,Xã A,,09/07/2025,,,,4,2,4",
            "error",
            "thieu-ngay-nhan",
            "Hồ sơ H-1: không có ngày tiếp nhận; hãy bổ sung, hồ sơ không được tính.",
        ),
        (
            "H-1,Xã A,01/07/2025,,,,,9,2,4",
            "error",
            "thieu-ngay-xong",
            "Hồ sơ H-1: trạng thái là đã xong hoặc đã rút nhưng không có ngày kết thúc; hãy bổ sung, hồ sơ",
        ),
        ("H-1,Xã A,01/07/2025,,,,,7,2,4", "error", "thieu-ngay-xong", "Hồ sơ H-1: trạng thái là"),
        (
            "H-1,Xã A,01/08/2025,,,,,4,2,4",
            "error",
            "nhan-tuong-lai",
            "Hồ sơ H-1: ngày tiếp nhận 01/08/2025 sau ngày chốt số liệu 31/07/2025; hãy sửa ngày hoặc ghi đúng --as-of.",
        ),
        (
            "H-1,Xã A,01/07/2025,,,02/08/2025,,10,2,4",
            "error",
            "xong-tuong-lai",
            "Hồ sơ H-1: ngày kết thúc 02/08/2025 sau ngày chốt số liệu 31/07/2025; hãy sửa ngày hoặc ghi đúng --as-of.",
        ),
        (
            "H-1,Xã A,03/07/2025,,02/07/2025,04/07/2025,,10,2,4",
            "error",
            "xong-truoc-nhan",
            "Hồ sơ H-1: ngày kết thúc 02/07/2025 trước ngày tiếp nhận; hãy sửa một trong hai ngày.",
        ),
        (
            "H-1,Xã A,04/07/2025,01/07/2025,,04/07/2025,,10,2,4",
            "error",
            "hen-truoc-nhan",
            "Hồ sơ H-1: ngày hẹn trả 01/07/2025 trước ngày tiếp nhận; hãy sửa một trong hai ngày, hồ sơ không được tính.",
        ),
        (
            "H-1,Xã A,01/07/2025,14/07/2035,,,,4,2,4",
            "warning",
            "hen-qua-xa",
            "Hồ sơ H-1: ngày hẹn trả 14/07/2035 sau ngày tiếp nhận hơn năm năm",
        ),
    ],
)
def test_each_counter_names_the_dossier_and_errors_leave_it_out(judged, row, severity, code, sentence):
    kept, [found], _ = judged([LAST, row], as_of=date(2025, 7, 31))
    assert (found["severity"], found["code"], found["row"], found["file"]) == (severity, code, 3, "tep0.csv")
    assert found["message"].startswith(sentence)
    assert kept == (["X-0", "H-1"] if severity == "warning" else ["X-0"])


@pytest.mark.parametrize(
    "row",
    [
        "H-1,Xã A,,,,,,5,2,4",
        "H-1,Xã A,31/07/2025,,31/07/2025,,,9,2,4",
        "H-1,Xã A,01/07/2025,,,05/07/2025,,9,2,4",
        "H-1,Xã A,01/07/2025,,,,05/07/2025,7,2,4",
        "H-1,Xã A,01/07/2025,,,,,8,1,2",
        "H-1,Xã A,01/07/2025,01/09/2025,,,,4,2,3",
    ],
)
def test_what_is_no_fault(judged, row):
    kept, found, _ = judged([LAST, row], as_of=date(2025, 7, 31))
    # A request for papers without a day of receipt has two cells only: enough for a dossier.
    assert (kept, found) == (["X-0", "H-1"], [])


def test_the_last_day_is_found_among_the_days(judged):
    assert judged([LAST])[2] == date(2025, 7, 31)
    assert judged(["H-1,Xã A,01/07/2025,,02/08/2025,,,9,2,4"])[2] == date(2025, 8, 2)
    assert judged([])[2] is None


def test_a_year_typed_wrong_is_not_the_last_day(judged):
    rows = [f"H-{at},Xã A,{1 + at % 31:02d}/07/2025,,,,,4,2,4" for at in range(1200)]
    kept, [found], as_of = judged([*rows, "H-x,Xã A,05/07/2026,,,,,4,2,4"])
    assert (as_of, len(kept), found["code"], found["row"]) == (
        date(2025, 7, 31),
        1200,
        "nhan-tuong-lai",
        1202,
    )


def test_one_dossier_twice_is_kept_once(judged):
    kept, found, _ = judged([LAST, LAST, LAST], [LAST])
    assert kept == ["X-0"]
    assert [(one["severity"], one["code"], one["file"], one["row"]) for one in found] == [
        ("warning", "ho-so-trung", "tep0.csv", 3),
        ("warning", "ho-so-trung", "tep0.csv", 4),
        ("warning", "ho-so-trung", "tep1.csv", 2),
    ]
    assert found[0]["message"] == "Hồ sơ X-0: ghi hai lần, cùng nội dung với dòng 2; chỉ giữ một."
    assert (
        found[2]["message"] == "Hồ sơ X-0: ghi hai lần, cùng nội dung với dòng 2 của tep0.csv; chỉ giữ một."
    )


def test_no_request_for_papers_is_a_blank_or_a_nought(root, tmp_path):
    rows = [f"H-1,Xã A,01/07/2025,15/07/2025,10/07/2025,9,{count}" for count in ("", "0", "1")]
    for given, kept, code in ((rows[:2], 1, "ho-so-trung"), (rows[1:], 0, "ho-so-mau-thuan")):
        path = tmp_path / "tep.csv"
        path.write_text("\n".join([SUPPLEMENTS, *given, ""]), encoding="utf-8")
        export, problems = read_export([path], tmp_path / "t.parquet", headings=load_headings(root))
        assert export.rows == kept
        assert set(problems["code"]) == {"cot-thieu", code}


def test_two_dossiers_with_one_number_are_both_left_out(judged):
    kept, found, _ = judged(
        ["H-1,Xã A,01/07/2025,,,,,4,2,4", LAST], ["H-1,Xã A,01/07/2025,,02/07/2025,,,9,2,4"]
    )
    assert kept == ["X-0"]
    assert [(one["severity"], one["code"], one["row"]) for one in found] == [
        ("error", "ho-so-mau-thuan", 2)
    ] * 2
    assert found[0]["message"] == (
        "Hồ sơ H-1: cùng số với dòng 2 của tep1.csv nhưng khác nội dung, không dùng hồ sơ nào; hãy bỏ bản cũ, "
        "hoặc chỉ nạp bản xuất mới nhất."
    )


def test_a_number_in_composed_and_split_letters_is_one(judged):
    kept, [found], _ = judged(
        ["Đ\u00d2-1,Xã A,01/07/2025,,,,,4,2,4", "ĐO\u0300-1,Xa\u0303 A,01/07/2025,,,,,4,2,4"]
    )
    assert (len(kept), found["code"]) == (1, "ho-so-trung")


def test_rows_with_a_fault_do_not_repeat_others(judged):
    kept, [found], _ = judged([LAST, "X-0,Xã Thạch Hà,31/02/2025,,,,,4,1,4"])
    assert (kept, found["code"]) == (["X-0"], "ngay")


def test_the_same_input_gives_the_same_bytes(judged, tmp_path):
    rows = [f"H-{at},Xã {at % 7},{1 + at % 31:02d}/07/2025,,,,,4,2,4" for at in range(5000)]
    judged(rows)
    first = (tmp_path / "t.parquet").read_bytes()
    judged(rows)
    assert (tmp_path / "t.parquet").read_bytes() == first
