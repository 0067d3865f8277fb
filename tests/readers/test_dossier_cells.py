"""Cells of a dossier export: what systems write for a day, a code, yes and no, and what is refused."""

from __future__ import annotations

import unicodedata
from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.definitions import vietnamese as vn
from baocao.readers.dossiers import cells
from baocao.readers.dossiers.headings import Headings, load_headings
from baocao.readers.dossiers.parse_columns import ColumnParser, text_column
from baocao.readers.dossiers.quality import shown

DAY = date(2025, 7, 24)
NO_TEXT = "\ue000\uf8ff\ufdd0\ufffe\uffff\U0001fffe\U000f0000\U0010fffd\U0010ffff"


@pytest.fixture(scope="module")
def headings(root):
    return load_headings(root)


@pytest.mark.parametrize(
    "text",
    [
        *("24/07/2025", "24/7/2025", "24-07-2025", "24.07.2025", "2025-07-24", "2025/7/24", " 24/07/2025 "),
        *(
            "24/07/2025 08:31",
            "24/07/2025 08:31:59",
            "24/07/2025 08:31:59 SA",
            "24/7/2025 4:05:06 PM",
            "24/07/2025 8h30",
        ),
        *("08:31 24/07/2025", "08:31:59 24/07/2025", "8 giờ 30 phút, ngày 24/07/2025", "24/07/2025, 08:31"),
        *(
            "2025-07-24T08:31:59",
            "2025-07-24 08:31:59.123456",
            "2025-07-24T08:31:59+07:00",
            "2025-07-23T20:00:00Z",
        ),
        *("ngày 24 tháng 7 năm 2025", "Ngày 24 tháng 07 năm 2025", "45862", "45862.5", "45862,999"),
        *(
            "20250724",
            "20250724083159",
            "202507240831",
            "20250724083159.123",
            "20250724083159123",
            "20250724T083159",
        ),
        *("20250723200000Z", "20250724010000+0700"),
        unicodedata.normalize("NFD", "ngày 24 tháng 7 năm 2025"),
    ],
)
def test_a_day_in_all_its_writings(text):
    assert cells.parse_day(text) == DAY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "-",
        "–",
        "NULL",
        "01/01/0001 00:00:00",
        "0001-01-01",
        "0000-00-00",
        "0",
        "0.0",
        "00010101000000",
    ],
)
def test_what_stands_for_no_day(text):
    assert cells.parse_day(text) is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("31/02/2025", "Ngày này không có trong lịch"),
        ("7/24/2025", "tháng trước ngày sau, các ngày khác trong cột có thể cũng bị đảo"),
        ("07/24/2025 10:00", "tháng trước ngày sau"),
        ("14/07/2205", "Năm 2205 không hợp lý, cần một năm từ 1990 đến 2099"),
        ("2205-07-14", "Năm 2205 không hợp lý"),
        ("01/01/1900", "Năm 1900 không hợp lý"),
        ("7", "không phải là ngày của Excel"),
        ("999999", "không phải là ngày của Excel"),
        ("24/07/25", "không phải là ngày"),
        ("20251301000000", "không phải là ngày"),
        ("20250231", "không phải là ngày"),
        ("20250724256199", "không phải là ngày"),
        ("hôm qua", "không phải là ngày"),
        ("2025-13-40T10:00:00Z", "không phải là ngày giờ"),
    ],
)
def test_a_day_that_is_refused_says_why_and_does_not_repeat_the_cell(text, sentence):
    with pytest.raises(ValueError, match=sentence) as refused:
        cells.parse_day(text)
    assert len(text) < 4 or text not in str(refused.value)


@given(st.dates(cells.FIRST_DAY, cells.LAST_DAY))
def test_every_day_is_read_back_from_its_writings(day):
    serial = (day - date(1899, 12, 30)).days
    for text in (
        vn.format_date(day),
        vn.format_date(day, "short"),
        day.isoformat(),
        f"{serial}",
        f"{serial}.25",
    ):
        assert cells.parse_day(text) == day


def test_numbers_of_a_workbook_of_1904_count_from_there():
    assert cells.parse_day("44400", cells.EPOCH_1904) == DAY
    with pytest.raises(ValueError, match="không phải là ngày của Excel"):
        cells.parse_day("30000", cells.EPOCH)


def july(*days: int) -> set[date]:
    return {date(2025, 7, day) for day in days}


def turned(days: set[date]) -> set[date]:
    return {day.replace(month=day.day, day=day.month) for day in days}


@pytest.mark.parametrize(
    ("typed", "written", "swapped"),
    [
        (turned(july(1, 3, 5)), july(14, 16, 22), True),
        (turned(july(5)), july(14, 16, 22), True),
        (
            turned({date(2025, month, 4) for month in range(1, 13)}),
            {date(2025, m, 20) for m in range(1, 13)},
            True,
        ),
        (july(1, 3, 5), july(14, 16, 22), False),  # an export of the first days beside days to come
        (turned(july(1, 3, 5)), july(12, 14, 22), False),
        (turned(july(1, 3, 5)) | july(13), july(14, 16, 22), False),
        (turned(july(7)), july(14, 16, 22), False),  # nothing to swap
        (turned(july(1, 3, 5)), set(), False),
        (set(), july(14, 16, 22), False),
    ],
)
def test_days_and_months_swapped_by_a_spreadsheet(typed, written, swapped):
    assert cells.are_swapped(typed, written) == swapped


@given(st.text(max_size=30))
def test_no_text_breaks_a_cell(text):
    for read in (
        cells.parse_day,
        cells.parse_whole,
        cells.parse_duration,
        lambda one: cells.parse_code(one, "status", {}),
        lambda one: cells.parse_truth(one, "paid_online", {}),
    ):
        try:
            read(text)
        except ValueError as error:
            assert str(error).endswith(("hãy sửa.", ".")), error


@pytest.mark.parametrize(
    ("column", "text", "code"),
    [
        ("status", "Đang xử lý", 4),
        ("status", "ĐANG XỬ LÝ", 4),
        ("status", unicodedata.normalize("NFD", "Đang xử lý"), 4),
        ("status", "4", 4),
        ("status", "4.0", 4),
        ("status", "4 - Đang xử lý", 4),
        ("status", "", None),
        ("channel", "BCCI", 3),
        ("return_channel", "Nhận trực tiếp", 1),
        ("level", "toàn trình", 4),
        ("level", "Mức độ 4", 4),
        ("level", "Mức độ 2", 2),
        ("digitised", "Tái sử dụng từ kết quả hồ sơ khác", 3),
        ("paid_online", "Tiền mặt", False),
        ("payment_requested", "Hoàn tiền", False),
        ("payment_requested", "Đã hủy", False),
        ("payment_requested", "Chưa thanh toán", True),
        ("result_attached", "x", True),
        ("needs_result", "0", False),
        ("legal_days", "10 ngày làm việc", 14),
        ("supplements", "2", 2),
        ("unit", "  Xã  Thạch Hà ", "Xã Thạch Hà"),
    ],
)
def test_words_and_codes(headings, column, text, code):
    values, places, _ = ColumnParser(column, headings).parse(pa.array([text, None]))
    assert (values.to_pylist(), list(places)) == ([code, None], [])


@pytest.mark.parametrize(
    ("column", "text"),
    [
        *(
            ("status", "11"),
            ("status", "0"),
            ("status", "Đang chờ"),
            ("status", "4 - Đã trả kết quả"),
            ("level", "5"),
        ),
        *(("paid_online", "2"), ("supplements", "-1"), ("supplements", "nhiều"), ("legal_days", "10 tuần")),
    ],
)
def test_words_and_codes_that_are_refused(headings, column, text):
    values, places, sentences = ColumnParser(column, headings).parse(pa.array(["", text, text]))
    assert (values.to_pylist(), list(places)) == ([None] * 3, [1, 2])
    assert sentences[0].startswith("Ô này không phải là") and "hãy" in sentences[0]


def test_a_spreadsheets_cells_are_text_first(headings):
    column = [45862, 45862.25, True, 1, 1.0, "a", "", None, DAY]
    assert text_column(column).to_pylist() == [
        "45862",
        "45862.25",
        "1",
        "1",
        "1",
        "a",
        None,
        None,
        "2025-07-24",
    ]


def test_moments_of_parquet_are_days_in_vietnam(headings):
    parser = ColumnParser("received", headings)
    local = pa.array([1753315200_000_000], pa.timestamp("us"))  # 2025-07-24 00:00
    world = pa.array([1753293600], pa.timestamp("s", "UTC"))  # 2025-07-23 18:00 there
    for raw in (local, world, pa.array([DAY])):
        assert parser.parse(raw)[0].to_pylist() == [DAY]
    values, places, _ = parser.parse(pa.array([DAY, date(2205, 7, 24)]))
    assert (values.to_pylist(), list(places)) == ([DAY, None], [1])


def test_a_number_of_papers_is_only_there_or_not(headings):
    parser = ColumnParser("has_identity", headings, has_number=True)
    values, _, _ = parser.parse(pa.array(["042099000001", "", None, "000000000", " - ", "B1234567"]))
    assert values.to_pylist() == [True, False, False, False, False, True]


@given(
    st.lists(st.text(st.characters(max_codepoint=0x206F) | st.sampled_from(NO_TEXT), max_size=12), max_size=8)
)
def test_numbers_of_dossiers_are_cleaned_in_bulk_as_one_by_one(texts):
    values, _, _ = ColumnParser("number", Headings({}, frozenset(), {}, frozenset())).parse(
        pa.array(texts, pa.string())
    )
    ours = [vn.clean(text).strip(" '\"‘’“”`") or None for text in texts]
    assert values.to_pylist() == ours


@pytest.mark.parametrize(
    "text", ["0912345678", "042 099 001 234", "Lê Văn Thử", "a@example.vn", "thôn " + "x" * 40]
)
def test_a_problem_shows_no_particulars(text):
    assert shown(text, "status").startswith("(không hiện")
