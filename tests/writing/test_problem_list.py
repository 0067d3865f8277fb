"""Problems for people: terminal, CSV and page say the same, all of it, and run nothing that stands in a file."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import lxml.html
import pytest
from rich.console import Console

from baocao.definitions.errors import UserError
from baocao.readers.problems import CODES, problem, problems_frame
from baocao.store.acceptance import USED
from baocao.writing import problem_list
from baocao.writing.problem_list import print_problems, sum_up, write_problems
from browser import browse, needs_browser

BOOK, TEXT = "data/raw/ii06_thang_7.xlsx", "data/raw/ho_so.csv"
HOSTILE = "<script>document.title='X'</script><img src=x onerror=\"document.title='X'\"> [bold]a[/bold] \x1b[31m&\u202e"
ACCEPTED = {"fate": USED, "accepted_because": "số đã công bố"}
FRAME = problems_frame(
    [
        problem("warning", "cot-la", "Cột lạ.", file=TEXT, row=1, column="ghi_chu"),
        problem("error", "can-doi", "Xã Đức Thọ: không cân đối.", file=BOOK, sheet="II.06", row=12, column="x", value="1.234"),
        problem("error", "don-vi", "Không có đơn vị.", file=BOOK, sheet="II.06", row=9),
        problem("warning", "thanh-phan", "Tổng khác.", file=BOOK, sheet="II.06", row=2) | ACCEPTED,
        problem("error", "tep-hong", "Tệp hỏng.", file=TEXT),
        problem("error", "o-sai", f"Ô {HOSTILE}", file=TEXT, row=3, column=HOSTILE, value="=HYPERLINK(1)"),
        problem("warning", "chua-ghi-nguon", f"Tệp {HOSTILE}", file=f"data/raw/{HOSTILE}"),
    ]
)  # fmt: skip


def printed(frame, **console) -> str:
    stream = io.StringIO()
    print_problems(frame, Console(file=stream, **console))
    return stream.getvalue()


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[Path, Path]:
    return write_problems(FRAME, tmp_path_factory.mktemp("problems"))


@pytest.fixture(scope="module")
def tree(written):
    return lxml.html.fromstring(written[1].read_text(encoding="utf-8"))


# --- terminal ----------------------------------------------------------------------------------------------------
def test_a_terminal_gets_a_table_for_each_file_and_the_sums_at_the_end():
    text = printed(FRAME, force_terminal=True, width=120, color_system=None)
    assert [text.index(f"{name}: ") for name in (TEXT, BOOK)] == sorted(
        text.index(f"{name}: ") for name in (TEXT, BOOK)
    )
    assert f"{BOOK}: 2 lỗi, 0 cảnh báo, 1 lỗi được chấp nhận" in text
    assert text.rstrip().splitlines()[-1].strip() == "Tổng cộng: 4 lỗi, 2 cảnh báo, 1 lỗi được chấp nhận."
    own = text[text.index(f"{BOOK}: ") :]
    assert (
        own.index("dòng 9") < own.index("dòng 12") < own.index("dòng 2\n" if "dòng 2\n" in own else "dòng 2 ")
    )
    assert "[bold]a[/bold]" in text and "\x1b" not in text


def test_a_long_list_is_cut_on_a_terminal_and_says_so():
    many = problems_frame([problem("error", "ngay", f"Ngày {at}.", file=TEXT, row=at) for at in range(1, 61)])
    text = printed(many, force_terminal=True, width=100, color_system=None)
    assert "Ngày 40." in text and "Ngày 41." not in text
    assert "… và 20 vấn đề nữa của tệp này: xem problems.csv hoặc problems.html." in text
    assert "Tổng cộng: 60 lỗi, 0 cảnh báo." in text


def test_a_pipe_gets_a_line_for_each_problem_uncut():
    many = problems_frame(
        [problem("error", "ngay", f"Ngày {at} {'a' * 300}", file=TEXT, row=at) for at in range(60)]
    )
    lines = printed(many, width=40).splitlines()
    assert len(lines) == 61
    assert lines[7] == f"{TEXT}: dòng 7: lỗi [ngay]: Ngày 7 {'a' * 300}"
    assert f"{BOOK}: trang «II.06», dòng 12, cột «x»: lỗi [can-doi]: Xã Đức Thọ: không cân đối." in printed(
        FRAME
    )


def test_nothing_wrong_is_said_too(tmp_path):
    assert printed(problems_frame([])) == "Tổng cộng: không có lỗi, không có cảnh báo.\n"
    table, page = write_problems(problems_frame([]), tmp_path)
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == 1
    assert "Không có lỗi, không có cảnh báo." in page.read_text(encoding="utf-8")


def test_only_a_warning_can_be_an_accepted_error():
    lie = problems_frame([problem("error", "ngay", f"Ô «{ACCEPTED}", file=TEXT)])
    assert sum_up(problem_list.list_lines(lie)) == "1 lỗi, 0 cảnh báo"


# --- CSV ---------------------------------------------------------------------------------------------------------
def test_the_csv_has_every_problem_and_no_formula(written):
    content = written[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(rows) == len(FRAME)
    assert [row["Mức"] for row in rows].count("được chấp nhận") == 1
    assert {row["Giá trị"] for row in rows} == {"", "1.234", "'=HYPERLINK(1)"}
    assert {row["Dòng"] for row in rows} == {"", "1", "2", "3", "9", "12"}
    assert all(CODES[row["Mã lỗi"]] == row["Loại lỗi"] for row in rows)


def test_the_same_problems_give_the_same_bytes_and_leave_nothing_else(written, tmp_path):
    again = write_problems(FRAME, tmp_path / "mới")
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]
    assert sorted(path.name for path in (tmp_path / "mới").iterdir()) == ["problems.csv", "problems.html"]


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path):
    (tmp_path / "tệp").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match=r"Không ghi được tệp «problems\.csv»"):
        write_problems(FRAME, tmp_path / "tệp")


# --- page --------------------------------------------------------------------------------------------------------
def test_the_page_has_every_problem_and_its_sums(tree):
    assert tree.get("lang") == "vi"
    rows = tree.xpath("//table[@id='ds']/tbody/tr")
    assert [row.get("data-muc") for row in rows].count("error") == 4 and len(rows) == len(FRAME)
    assert "4 lỗi, 2 cảnh báo, 1 lỗi được chấp nhận." in tree.xpath("//p")[0].text_content()
    files = [row.text_content() for row in tree.xpath("(//table[@class='gon'])[1]/tbody/tr")]
    assert files[:2] == [f"{TEXT}21", f"{BOOK}21"]


def test_the_page_needs_nothing_but_itself_and_runs_nothing_of_the_data(written, tree):
    text = written[1].read_text(encoding="utf-8")
    assert not re.search(r"https?:|//[a-z]|@import|url\(", text.replace("/* a page", ""))
    assert [one.tag for one in tree.xpath("//img|//link|//iframe|//object|//a")] == []
    assert len(tree.xpath("//script")) == 1
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert ["script-src 'sha256-" in one and "form-action 'none'" in one for one in policy] == [True]
    assert not tree.xpath("//@onerror|//@onclick|//@onload")
    assert "[bold]a[/bold]" in tree.text_content() and "\x1b" not in text and "\u202e" not in text


@needs_browser
@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", [None, 3, 1, 9, 12, 2, None]),
        ("#muc=error", [None, 3, 9, 12]),
        ("#tim=duc+tho", [12]),
        ("#tep=data/raw/ii06_thang_7.xlsx&xep=-4", [12, 9, 2]),
        ("#ma=la&tim=", [None, 3, 1, 9, 12, 2, None]),
        ("#muc=accepted", [2]),
    ],
)
def test_rows_are_filtered_and_sorted_in_a_browser(written, tmp_path, view, shown):
    tree = lxml.html.fromstring(browse(written[1], tmp_path, "--dump-dom", view=view))
    rows = [row for row in tree.xpath("//table[@id='ds']/tbody/tr") if "hidden" not in row.attrib]
    assert [int(row[3].text_content() or 0) or None for row in rows] == shown
    assert tree.xpath("//title")[0].text == "Kết quả kiểm tra số liệu", "text of the data was run"
    assert f"Đang hiện {len(shown)} trên 7 vấn đề." in tree.xpath("//p[@id='con']")[0].text


@needs_browser
def test_the_page_can_be_looked_at(written, tmp_path):
    picture = tmp_path / "page.png"
    browse(written[1], tmp_path, "--window-size=1400,1000", f"--screenshot={picture}")
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG") and len(content) > 20_000, "the page is blank"
