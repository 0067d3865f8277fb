"""The CSV forms: every fault is named with row and column, all at once; a row at fault never becomes a fact."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest
import xlsxwriter

from baocao.definitions.measures import load_measures
from baocao.readers.own_forms import COUNT_FORM, read_counts, read_scores
from baocao.readers.problems import PROBLEM_COLUMNS
from baocao.readers.reading_result import COUNT_COLUMNS, SCORE_COLUMNS, SCORE_FORM
from conftest import read_form

COUNTS = ",".join(COUNT_FORM)
SCORES = ",".join(SCORE_FORM)
ROW = "18229,2025-07-01,2025-07-24,filed_online,502"


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture
def counts_of(tmp_path, register, measures, root):
    """Facts and problems of a counts form with these rows."""

    def read(*rows: str, header: str = COUNTS, encoding: str = "utf-8") -> tuple[pd.DataFrame, pd.DataFrame]:
        path = tmp_path / "so-lieu.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding=encoding)
        reading = read_form(read_counts, path, register, measures, "received", root)
        counts, problems = reading.counts, reading.problems
        assert list(counts.columns) == COUNT_COLUMNS
        assert list(problems.columns) == PROBLEM_COLUMNS
        assert set(problems["file"]) <= {"so-lieu.csv"}
        return counts, problems

    return read


@pytest.fixture
def scores_of(tmp_path, register, measures, root):
    """Facts and problems of a scores form with these rows."""

    def read(*rows: str, header: str = SCORES) -> tuple[pd.DataFrame, pd.DataFrame]:
        path = tmp_path / "diem.csv"
        path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
        reading = read_form(read_scores, path, register, measures, "published", root, "data/raw/diem.csv")
        scores, problems = reading.scores, reading.problems
        assert list(scores.columns) == SCORE_COLUMNS
        assert set(problems["file"]) <= {"data/raw/diem.csv"}
        return scores, problems

    return read


def only(problems: pd.DataFrame) -> dict:
    assert len(problems) == 1, problems.to_string()
    return problems.iloc[0].to_dict()


def test_a_fact_keeps_the_file_and_row_it_came_from(counts_of):
    counts, problems = counts_of("", ROW)
    assert counts.to_dict("records") == [
        {
            "unit": "18229",
            "period_start": date(2025, 7, 1),
            "period_end": date(2025, 7, 24),
            "measure": "filed_online",
            "value": 502,
            "source": "received",
            "file": "so-lieu.csv",
            "sheet": "",
            "row": 3,
        }
    ]
    assert counts["value"].dtype == "int64"
    assert problems.empty


def test_names_dates_numbers_and_column_order_may_be_those_of_the_office(counts_of):
    counts, problems = counts_of(
        "1.234;filed_online;UBND xã Đức Thọ;01/07/2025;24/7/2025",
        "7218;filed_direct;  Xa duc tho;2025-07-01;24/07/2025",
        header="Value;measure;unit;period_start;period_end",
        encoding="utf-8-sig",
    )
    assert problems.empty
    assert counts["unit"].tolist() == ["18229", "18229"]
    assert counts["value"].tolist() == [1234, 7218]
    assert set(counts["period_end"]) == {date(2025, 7, 24)}


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ("18229,2025-07-01,2025-07-24,filed_online,nhiều", "value", "«nhiều» không phải là số"),
        ("18229,2025-07-01,2025-07-24,filed_online,-5", "value", "«-5» là số âm"),
        (
            "18229,2025-07-01,2025-07-24,filed_online,94.13",
            "value",
            "«94.13» không phải là số viết đúng cách",
        ),
        ('18229,2025-07-01,2025-07-24,filed_online,"82,13"', "value", "«82,13» không phải là số nguyên"),
        ("18229,2025-07-01,2025-07-24,filed_online,", "value", "Trống: chưa có số liệu thì bỏ cả dòng"),
        ("18229,2025-07-01,2025-07-24,filed_online,99999999999", "value", "quá lớn"),
        ("18229,2025-07-01,2025-07-24,filed_onlin,5", "measure", "gần nhất: filed_online"),
        ("18229,2025-07-24,2025-07-01,filed_online,5", "period_end", "Kỳ đảo ngược"),
        ("18229,2025-07-01,2025-07-32,filed_online,5", "period_end", "không có trong lịch"),
        ("18229,tháng 7,2025-07-24,filed_online,5", "period_start", "«tháng 7» không phải là ngày"),
        ("huyện Đức Thọ,2025-07-01,2025-07-24,filed_online,5", "unit", "huyện Đức Thọ (440) đến hết ngày"),
        ("HT-SNNMT,2025-02-01,2025-03-31,filed_online,5", "unit", "không có hiệu lực vào ngày 01/02/2025"),
        ("Đức Thọ,2025-07-01,2025-07-24,filed_online,5", "unit", "là tên của"),
        (",2025-07-01,2025-07-24,filed_online,5", "unit", "Trống, cần mã hoặc tên đơn vị"),
        ("18229,2025-07-01,2025-07-24,level_base,5", "measure", "chỉ có hiệu lực đến hết ngày 14/08/2022"),
        ("42,2022-08-01,2022-08-31,eligible_online,5", "measure", "chỉ có hiệu lực từ ngày 15/08/2022"),
    ],
)
def test_a_cell_at_fault_is_named_and_its_row_left_out(counts_of, row, column, sentence):
    counts, problems = counts_of("HT-SNV,2025-07-01,2025-07-24,filed_online,5", row)
    found = only(problems)
    assert (found["severity"], found["row"], found["column"]) == ("error", 3, column)
    assert sentence in found["message"]
    assert counts["row"].tolist() == [2]


def test_all_faults_of_a_file_are_listed_at_once(counts_of):
    counts, problems = counts_of(
        "18229,2025-07-01,2025-07-24,filed_onlin,-5",
        "nowhere,2025-07-24,2025-07-01,filed_online,x",
        ROW,
    )
    listed = set(zip(problems["row"], problems["column"], strict=True))
    assert listed == {(2, "measure"), (2, "value"), (3, "unit"), (3, "period_end"), (3, "value")}
    assert counts["row"].tolist() == [4]


def test_one_faulty_text_in_many_rows_is_named_in_each(counts_of):
    _, problems = counts_of(
        *[f"HT-SNV,2025-07-{day:02d},2025-07-{day:02d},received,x" for day in range(1, 31)]
    )
    assert problems["row"].tolist() == list(range(2, 32))


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        '`#panic("x")`{=typst}',
        "{{< include x >}}",
        "<script>alert(1)</script>",
        "../../x",
        "=1+1",
    ],
)
def test_hostile_text_is_just_an_unknown_unit(counts_of, name):
    quoted = name.replace('"', '""')
    counts, problems = counts_of(f'"{quoted}",2025-07-01,2025-07-24,filed_online,5')
    found = only(problems)
    assert (found["column"], found["value"]) == ("unit", name)
    assert name in found["message"]
    assert counts.empty


def test_control_characters_never_reach_a_problem(counts_of):
    _, problems = counts_of("xã\u202e Lạ\x1b[31m,2025-07-01,2025-07-24,filed_online,5")
    assert only(problems)["value"] == "xã Lạ[31m"


def test_equal_rows_are_one_fact_and_contradicting_rows_none(counts_of):
    counts, problems = counts_of(
        ROW, ROW, ROW.replace("online", "direct"), ROW.replace("online,502", "direct,1")
    )
    assert counts["row"].tolist() == [2]
    listed = problems[["severity", "row"]].to_dict("records")
    assert listed == [
        {"severity": "warning", "row": 3},
        {"severity": "error", "row": 4},
        {"severity": "error", "row": 5},
    ]
    assert "dòng 2" in problems["message"][0]
    assert "dòng 5" in problems["message"][1]


@pytest.mark.parametrize(
    ("header", "column", "sentence"),
    [
        ("unit,period_start,period_end,measure", "value", "Thiếu cột «value»"),
        ("unit,unit,period_start,period_end,measure,value", "unit", "Có nhiều hơn một cột «unit»"),
        ("", "", "Tệp trống"),
    ],
)
def test_a_wrong_header_is_named_and_nothing_is_read(counts_of, header, column, sentence):
    counts, problems = counts_of(ROW, header=header)
    found = only(problems)
    assert (found["row"], found["column"], found["severity"]) == (1, column, "error")
    assert sentence in found["message"]
    assert counts.empty


def test_an_unknown_column_is_left_unread_with_a_warning(counts_of):
    counts, problems = counts_of(ROW + ",x", header=COUNTS + ",note")
    assert (only(problems)["severity"], only(problems)["column"]) == ("warning", "note")
    assert len(counts) == 1


def test_a_row_with_too_many_or_too_few_cells_is_named(counts_of):
    counts, problems = counts_of(ROW + ",13", "18229,2025-07-01", ROW, ",,,,", "")
    assert problems["row"].tolist() == [2, 3]
    assert "dấu ngoặc kép" in problems["message"][0]
    assert counts["row"].tolist() == [4]


def test_a_header_alone_is_a_warning(counts_of):
    counts, problems = counts_of()
    assert only(problems)["severity"] == "warning"
    assert counts.empty


def test_a_quote_left_open_is_named(counts_of):
    _, problems = counts_of(ROW, '"18229,2025-07-01')
    assert "Dấu ngoặc kép" in problems["message"][0]


def test_the_form_is_read_in_utf_16_too(counts_of):
    counts, problems = counts_of(ROW.replace("18229", "UBND xã Đức Thọ"), encoding="utf-16")
    assert problems.empty and counts["unit"].tolist() == ["18229"]


def test_headings_again_and_blank_cells_beyond_them_do_no_harm(counts_of):
    other = ROW.replace("filed_online", "filed_direct")
    counts, problems = counts_of(f"{ROW},", COUNTS, f"{other},,", "\x1a")
    assert problems.empty and counts["row"].tolist() == [2, 4]


def test_text_of_two_encodings_is_refused(tmp_path, register, measures, root):
    path = tmp_path / "so-lieu.csv"
    path.write_bytes(f"{COUNTS}\n{ROW}\n".encode() + "xã Đức Thọ".encode("utf-16"))
    reading = read_form(read_counts, path, register, measures, "received", root)
    assert only(reading.problems)["code"] == "tep-hong"
    assert reading.counts.empty


def test_the_form_is_read_from_a_workbook_and_by_vietnamese_headings(tmp_path, register, measures, root):
    path = tmp_path / "so-lieu.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("Số đếm")
        sheet.write_row(0, 0, ["Đơn vị", "Từ ngày", "Đến ngày", "Đại lượng", "Số hồ sơ"])
        sheet.write_row(1, 0, ["UBND xã Đức Thọ", "01/07/2025", "", "filed_online", 502])
        sheet.write_datetime(1, 2, datetime(2025, 7, 24), workbook.add_format({"num_format": "dd/mm/yyyy"}))
    reading = read_form(read_counts, path, register, measures, "received", root)
    assert reading.problems.empty
    assert reading.counts[["unit", "period_end", "value", "sheet", "row"]].values.tolist() == [
        ["18229", date(2025, 7, 24), 502, "Số đếm", 2]
    ]


def test_scores_keep_what_is_missing_missing(scores_of):
    scores, problems = scores_of(
        'service_index,42,2025-07,2025-07-24,total,"78,18",100,1,34', "dti,42,2021,,total,,,59,63"
    )
    assert problems.empty
    assert scores["score"].tolist()[0] == 78.18
    assert scores["score"].isna().tolist() == [False, True]
    assert scores["maximum"].isna().tolist() == [False, True]
    assert scores["as_of"].tolist() == [date(2025, 7, 24), None]
    assert scores["rank"].tolist() == [1, 59]
    assert scores["period"].tolist() == ["2025-07", "2021"]


def test_a_dot_as_decimal_mark_is_read_with_a_warning(scores_of):
    scores, problems = scores_of(
        "service_index,HT-CN-DUCTHO,2025-M7,,total,94.13,100,,",
        'service_index,42,2025-M7,,total,"82,13",100,1,34',
    )
    assert scores["score"].tolist() == [94.13, 82.13]
    found = only(problems)
    assert (found["severity"], found["row"], found["column"]) == ("warning", 2, "score")
    assert "94,13" in found["message"]


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ('service_index,42,2025-07,,total,"100,5",100,1,34', "score", "nằm ngoài thang điểm"),
        ("service_index,42,2025-07,,timeliness,21,20,,", "score", "cần một số từ 0 đến 20"),
        ("service_index,42,2025-07,,total,-1,100,,", "score", "nằm ngoài thang điểm"),
        ("service_index,42,2025-07,,total,cao,100,,", "score", "«cao»"),
        ("service_index,42,2025-07,,total,94.13,,,", "score", "«94.13»"),
        ("service_index,42,2025-07,,total,,100,,34", "score", "Cả điểm và thứ hạng đều trống"),
        ("service_index,42,2025-07,,total,78,0,,", "maximum", "cần một số lớn hơn 0"),
        ("service_index,42,2025-07,,total,78,100,35,34", "rank", "Thứ hạng 35 lớn hơn"),
        ("service_index,42,2025-07,,total,78,100,0,34", "rank", "bắt đầu từ 1"),
        ('service_index,42,2025-07,,total,78,100,"1,5",34', "rank", "không phải là số nguyên"),
        ("service_index,42,2025-13,,total,78,100,1,34", "period", "2025-13"),
        ("service_index,42,2025-07,2025-06-30,total,78,100,1,34", "as_of", "trước ngày đầu kỳ 01/07/2025"),
        ("service_index,440,2025-07,,total,78,100,1,34", "unit", "huyện Đức Thọ (440)"),
        ("service_index,42,2025-07,,,78,100,1,34", "component", "Trống"),
        (",42,2025-07,,total,78,100,1,34", "index", "Trống"),
    ],
)
def test_a_score_at_fault_is_named_and_left_out(scores_of, row, column, sentence):
    scores, problems = scores_of(row)
    assert scores.empty
    assert (problems["severity"] == "error").all()
    found = problems[problems["column"] == column].iloc[0]
    assert found["row"] == 2
    assert sentence in found["message"]


def test_contradicting_scores_are_both_left_out(scores_of):
    row = "service_index,42,2025-07,,total,78,100,1,34"
    scores, problems = scores_of(row, row.replace("78", "79"))
    assert scores.empty
    assert problems["severity"].tolist() == ["error", "error"]


def test_the_published_files_of_the_project_have_no_fault(root, register, measures):
    for path, read in (
        ("bao_cao_da_cong_bo_so_lieu.csv", read_counts),
        ("bao_cao_da_cong_bo_diem.csv", read_scores),
        ("766_tinh_2026-10-06.csv", read_scores),
    ):
        reading = read_form(read, root / "data" / "raw" / path, register, measures, "published", root)
        assert len(reading.counts) + len(reading.scores) > 10
        assert reading.problems.empty, reading.problems.to_string()


def test_a_unit_found_under_other_tones_says_which_it_was_taken_for(counts_of):
    rows = [f"{name},2025-07-01,2025-07-24,{measure},502" for name, measure in (
        ("Xã Đức Thộ", "filed_online"), ("Xã Đức Thộ", "filed_direct"), ("xa Duc Tho", "carried_over"),
        ("XÃ ĐỨC THỌ", "resolved_early"), ("Sở Giáo dục & Đào tạo", "filed_online"),
    )]  # fmt: skip
    counts, problems = counts_of(*rows)
    assert counts["unit"].tolist() == ["18229"] * 4 + ["HT-SGDDT"]
    [told] = problems.to_dict("records")
    assert (told["severity"], told["code"], told["row"]) == ("warning", "don-vi", 2)
    assert told["message"].startswith("Đơn vị «Xã Đức Thộ» được đọc là xã Đức Thọ (18229); nếu không phải")
