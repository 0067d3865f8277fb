"""Faults that a person accepted: on record with a reason, warnings that say so, never silently forgotten."""

from __future__ import annotations

import pandas as pd
import pytest

from baocao.definitions.errors import UserError
from baocao.readers.problems import CODES, PROBLEM_COLUMNS, problem, problems_frame
from baocao.store.acceptance import NOT_USED, USED, Acceptance, find_acceptance, sentence_of
from baocao.store.accepted import NEVER, Accepted, accepted_text, apply_accepted, read_accepted
from conftest import accept

FILE = "data/raw/thang_7.csv"
REASON = "Số đã công bố, Văn phòng quyết định ngày 05/8/2025"


def put(root, *lines: str) -> None:
    (root / "data" / "raw").mkdir(parents=True, exist_ok=True)
    (root / "data" / "raw" / "ACCEPTED.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")


def faults() -> pd.DataFrame:
    return problems_frame(
        [
            problem("error", "can-doi", "Không cân đối.", file=FILE, row=7),
            problem("error", "don-vi", "Không có đơn vị «Ty Bưu điện».", file=FILE, row=8),
            problem("warning", "can-doi", "Lệch.", file=FILE, row=9),
            problem("error", "can-doi", "Không cân đối.", file="data/raw/thang_8.csv", row=7),
            problem("error", "can-doi", "Không cân đối.", file=FILE, sheet="II.06", row=7),
        ]
    )


# --- the list ----------------------------------------------------------------------------------------------------
def test_without_a_list_nothing_is_accepted(tmp_path):
    assert read_accepted(tmp_path) == ([], [])
    put(tmp_path, "code,file,because")
    accepted, found = read_accepted(tmp_path)
    assert accepted == [] and [one["severity"] for one in found] in ([], ["warning"])
    (tmp_path / "data" / "raw" / "ACCEPTED.csv").write_text("\n", encoding="utf-8")
    assert read_accepted(tmp_path) == ([], [])


def test_what_is_recorded_is_read(tmp_path):
    accept(tmp_path, "can-doi", "thang_7.csv", f"  {REASON}. ")
    accept(tmp_path, "can-doi", "data/raw/thang_8.csv", REASON)
    assert read_accepted(tmp_path) == (
        [Accepted("can-doi", FILE, REASON), Accepted("can-doi", "data/raw/thang_8.csv", REASON)], [],
    )  # fmt: skip


def test_the_same_again_changes_no_byte_and_a_new_reason_replaces_the_old(tmp_path):
    accept(tmp_path, "can-doi", FILE, REASON)
    content = (tmp_path / "data" / "raw" / "ACCEPTED.csv").read_bytes()
    accept(tmp_path, "can-doi", FILE, REASON)
    assert (tmp_path / "data" / "raw" / "ACCEPTED.csv").read_bytes() == content
    accept(tmp_path, "don-vi", FILE, "Đơn vị giải thể")
    accept(tmp_path, "can-doi", FILE, "Lý do khác")
    assert [(one.code, one.because) for one in read_accepted(tmp_path)[0]] == [
        ("can-doi", "Lý do khác"), ("don-vi", "Đơn vị giải thể"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "file", "because", "told"),
    [
        ("can-dio", FILE, REASON, "Không có mã lỗi «can-dio»; gần nhất: can-doi"),
        ("khung-du-lieu", FILE, REASON, "không thể chấp nhận"),
        ("can-doi", FILE, " ... ", "Thiếu lý do"),
        ("can-doi", FILE, "=1", "Thiếu lý do"),
        ("can-doi", FILE, "Đã xem 🚀", "không có ký tự «🚀»"),
        ("can-doi", "", REASON, "Không có tệp nào"),
    ],
)
def test_an_exception_needs_a_code_a_file_and_a_reason(tmp_path, code, file, because, told):
    with pytest.raises(UserError, match=told):
        accepted_text(tmp_path, [Accepted(code, file, because)])


def test_a_list_edited_by_hand_is_checked_row_by_row(tmp_path):
    put(
        tmp_path, "code,file,because", f"can-doi,thang_7.csv,{REASON.replace(',', '')}", f"can-dio,{FILE},Lý do",
        f"don-vi,{FILE},", "don-vi,,Lý do", f"can-doi,{FILE},Lần nữa", f"{NEVER[0]},{FILE},Lý do",
        f"ngay,{FILE},Đã xem 漢",
    )  # fmt: skip
    accepted, found = read_accepted(tmp_path)
    assert [(one.code, one.file) for one in accepted] == [("can-doi", FILE)]
    assert [(one["row"], one["column"]) for one in found] == [
        (3, "code"), (4, "because"), (5, "file"), (6, "code"), (7, "code"), (8, "because"),
    ]  # fmt: skip
    assert {(one["severity"], one["code"], one["file"]) for one in found} == {
        ("error", "ngoai-le", "data/raw/ACCEPTED.csv")
    }
    with pytest.raises(UserError, match=r"ACCEPTED\.csv, dòng 3: Không có mã lỗi"):
        accept(tmp_path, "can-doi", FILE, REASON)


def test_a_list_without_a_column_accepts_nothing(tmp_path):
    put(tmp_path, "code,file", f"can-doi,{FILE}")
    accepted, found = read_accepted(tmp_path)
    assert accepted == []
    assert [one["severity"] for one in found] == ["error"]


# --- applied -----------------------------------------------------------------------------------------------------
def test_only_errors_of_that_code_in_that_file_become_warnings():
    before = faults()
    after = apply_accepted(before, [Accepted("can-doi", FILE, REASON)])
    assert list(after.columns) == PROBLEM_COLUMNS
    assert after["severity"].tolist() == ["warning", "error", "warning", "error", "warning"]
    told = [sentence_of(row) for row in after.to_dict("records")]
    assert told[0] == (
        "Không cân đối. Lỗi «Biểu II.06 không cân đối» được chấp nhận: «Số đã công bố, Văn phòng quyết định ngày "
        "05/8/2025»."
    )
    assert told[2] == "Lệch."
    assert before["severity"].tolist() == faults()["severity"].tolist()
    again = apply_accepted(after, [Accepted("can-doi", FILE, "Lý do khác")])
    pd.testing.assert_frame_equal(again, after)


def test_the_columns_say_whether_the_figures_are_used():
    counts = pd.DataFrame({"file": [FILE], "sheet": [""], "row": [7]})
    listed = problem("error", "tep-da-sua", "Khác mã.", file="data/raw/SOURCES.csv", row=2)
    frame = problems_frame([*faults().to_dict("records"), listed])
    accepted = [Accepted("can-doi", FILE, "a"), Accepted("don-vi", FILE, "a")]
    accepted.append(Accepted("tep-da-sua", "data/raw/SOURCES.csv", "a"))
    after = apply_accepted(frame, accepted, [counts])
    fates = [said and said.fate for said in map(find_acceptance, after.to_dict("records"))]
    assert fates == [USED, NOT_USED, None, None, NOT_USED, ""]


def test_a_fault_of_a_whole_file_is_accepted_too():
    frame = problems_frame([problem("error", "tep-hong", "Tệp hỏng.", file=FILE)])
    after = apply_accepted(frame, [Accepted("tep-hong", FILE, "Bản gốc đã mất")], [])
    assert after["severity"].tolist() == ["warning"]
    assert after["fate"].tolist() == [NOT_USED]


def test_a_name_in_other_letters_is_the_same_file():
    frame = problems_frame([problem("error", "tep-hong", "Tệp hỏng.", file="data/raw/Tha\u0301ng 7.csv")])
    after = apply_accepted(frame, [Accepted("tep-hong", "data/raw/Tháng 7.csv", "Lý do")])
    assert after["severity"].tolist() == ["warning"]


def test_a_wrong_table_of_the_program_is_never_accepted():
    frame = problems_frame([problem("error", "khung-du-lieu", "Sai.", file=FILE, row=1)])
    assert apply_accepted(frame, [Accepted("khung-du-lieu", FILE, "x")])["severity"].tolist() == ["error"]


# --- the words ---------------------------------------------------------------------------------------------------
def test_a_message_that_only_looks_accepted_is_none():
    message = Acceptance("Số hồ sơ không đọc được.", CODES["so-ho-so"], USED, "đã hỏi").message
    (row,) = problems_frame([problem("warning", "so-ho-so", message)]).to_dict("records")
    assert find_acceptance(row) is None
    assert sentence_of(row) == message


def test_labels_can_be_quoted():
    assert not [label for label in CODES.values() if set(label) & set("«»")]
