"""Delimited text as it arrives: every encoding and delimiter is told, bad files end in a sentence, not in memory."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from baocao.definitions.errors import UserError
from baocao.readers.delimited import open_delimited, read_rows

TABLE = "Số{0}Đơn vị{0}Ngày\n1{0}Xã Thạch Hà{0}x\n2{0}Phường Thành Sen{0}y\n"
SPLIT = "Số{0}Đơn vị{0}Nga\u0300y\n1{0}Xa\u0303 Thạch Ha\u0300{0}x\n2{0}Phươ\u0300ng Tha\u0300nh Sen{0}y\n"
SPLIT = SPLIT.replace("Số", "Sô\u0301").replace("vị", "vi\u0323").replace("ạ", "a\u0323")


@pytest.fixture
def written(tmp_path):
    def write(content: bytes | str) -> Path:
        path = tmp_path / "tep.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def columns(
    path: Path, after: int = 0, wanted: tuple[int, ...] = (0, 1)
) -> tuple[list[int], list[list], list[dict]]:
    text, found = open_delimited(path)
    rows, cells = [], [[] for _ in wanted]
    for batch in text.batches(after, wanted, found):
        rows += batch.rows.tolist()
        for column, part in zip(cells, batch.columns, strict=True):
            column += part.to_pylist()
    return rows, cells, found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1258", "cp1258"),
    ],
)
def test_encoding_and_delimiter_are_told_by_the_bytes(written, delimiter, encoding, told):
    path = written((SPLIT if encoding == "cp1258" else TABLE).format(delimiter).encode(encoding))
    text, found = open_delimited(path)
    assert (text.encoding, text.delimiter, found) == (told, delimiter, [])
    rows, (numbers, units), found = columns(path)
    assert (rows, numbers, found) == ([2, 3], ["1", "2"], [])
    assert [unicodedata.normalize("NFC", unit) for unit in units] == ["Xã Thạch Hà", "Phường Thành Sen"]
    assert len(read_rows(path)[0]) == 3 and read_rows(path)[1] == []


def test_windows_1258_is_told_by_the_first_letter_that_is_not_ascii_however_late(written):
    path = written(b"so,ten\n" + b"1,khong dau\n" * 200_000 + "2,Thành\n".encode("cp1258"))
    assert open_delimited(path)[0].encoding == "cp1258"


def test_rows_keep_the_numbers_of_the_spreadsheet(written):
    path = written('Bảng\n"dài\nhai dòng"\na,b\n1,2\n\n3\n4,"x\ny"\n,\n5,6\n')
    text, _ = open_delimited(path)
    assert text.head[2] == ["a", "b"]
    rows, (first, _), found = columns(path, after=2)
    assert (rows, first) == ([4, 5, 7, 8, 9], ["1", None, "4", None, "5"])
    assert [(one["code"], one["row"]) for one in found] == [("so-o", 6)]
    assert found[0]["message"] == "Dòng có 1 ô, tiêu đề có 2 ô; không dùng dòng này."
    assert found[0]["value"] == "", "a row at fault may hold a person's particulars"


@pytest.mark.parametrize(
    "content",
    [
        "a,b\n1,x,\n2,y,\n3,z,\n",
        "a,b\n1,x\n2,y,,\n3,z\n",
        "a,b\n1,x,\n2,y,\n3,z\n",
        "a,b,,\n1,x\n2,y,,\n3,z,\n",
        "a,b\r\n1,x\r\n2,y\r\n3,z\r\n\x1a",
        "a,b\n1,x\n2,y\n3,z\x1a\x1a\r\n",
        "\ufeff\ufeffa,b\n1,x\n2,y\n3,z\n",
    ],
    ids=["every row", "one row", "most rows", "the header", "Ctrl-Z", "Ctrl-Z and filling", "two BOMs"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le"])
def test_blank_cells_too_many_and_marks_of_old_programs_do_no_harm(written, content, encoding):
    path = written(content.encode(encoding))
    rows, cells, found = columns(path)
    assert (sorted(rows), found) == ([2, 3, 4], [])
    assert sorted(zip(*cells, strict=True)) == [("1", "x"), ("2", "y"), ("3", "z")]
    assert [row[:2] for row in read_rows(path)[0]] == [["a", "b"], ["1", "x"], ["2", "y"], ["3", "z"]]


def test_a_row_with_something_beyond_the_header_is_faulty_still(written):
    rows, _, found = columns(written("a,b\n1,x,\n2,y,z\n3,z,\n"))
    assert (rows, [(one["code"], one["row"]) for one in found]) == ([2, 4], [("so-o", 3)])


def test_a_thousand_faulty_rows_are_listed_and_the_others_counted(written):
    rows, _, found = columns(written("a,b\n" + "1\n" * 1500 + "1,2\n"))
    assert rows == [1502]
    assert [one["row"] for one in found] == [*range(2, 1002), None]
    assert found[-1]["message"] == "Có tất cả 1.500 dòng có số ô khác tiêu đề, chỉ nêu 1.000 dòng đầu."


def test_a_quote_that_swallows_rows_is_named(written):
    _, _, found = columns(written('a,b,c\n1,"x,3\n1,2,3\n1,2,3\n'))
    assert [(one["code"], one["row"]) for one in found] == [("dau-ngoac", 2)]
    assert "Dấu ngoặc kép không đúng cách" in found[0]["message"]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b" \r\n\r\n"])
def test_an_empty_file_says_so(written, content):
    text, found = open_delimited(written(content))
    assert text is None
    assert [(one["code"], one["message"]) for one in found] == [("tep-trong", "Tệp trống, không có chữ nào.")]


@pytest.mark.parametrize("content", [bytes(range(256)) * 20, b"a,b\n\x00\x01\x02\x03"])
def test_what_is_no_text_is_refused(written, content):
    text, found = open_delimited(written(content))
    assert text is None
    assert [one["code"] for one in found] == ["tep-hong"]


def test_a_broken_letter_in_utf8_is_told_with_its_place(written):
    rows, _, found = columns(written("đ,b\n1,2\n".encode() + b"\xff\xfe,2\n"))
    assert rows == []
    assert [(one["code"], one["row"]) for one in found] == [("tep-hong", 2)]
    assert "không phải là văn bản UTF-8" in found[0]["message"]
    assert read_rows(written("đ,b\n1,2\n".encode() + b"\xff\xfe,2\n"))[1][0]["code"] == "tep-hong"


def test_a_missing_file_is_the_users_error(tmp_path):
    with pytest.raises(UserError, match=r"Không đọc được tệp «x\.csv».*xem lại đường dẫn"):
        open_delimited(tmp_path / "x.csv")


@pytest.mark.parametrize("start", [b"", b"a,b\n1,", b'a,b\n"'])
def test_a_line_without_an_end_is_one_fault_of_the_file(tmp_path, start):
    path = tmp_path / "dai.csv"
    path.write_bytes(start + b"x" * 20_000_000)
    text, found = open_delimited(path)
    for _ in text.batches(0, [0], found) if text else ():
        pass
    found += read_rows(path)[1]
    assert found and {one["code"] for one in found} <= {"tep-hong", "dau-ngoac"}
