"""Periods: the seeds' names, both windows of every kind, neighbours across years, and every refusal."""

from __future__ import annotations

import copy
import pickle
from datetime import date, datetime, timedelta
from itertools import pairwise

import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.definitions.errors import UserError
from baocao.definitions.periods import FORMS, Period

parse = Period.parse
YEARS = st.integers(1901, 2098)
DAYS = st.dates(date(1902, 1, 1), date(2097, 12, 31))


@st.composite
def numbered(draw, kinds=("month", "quarter", "half", "months", "year")) -> Period:
    """A period of whole months, by either convention."""
    year = draw(YEARS)
    code = {
        "month": f"-{draw(st.integers(1, 12)):02d}",
        "quarter": f"-Q{draw(st.integers(1, 4))}",
        "half": f"-H{draw(st.integers(1, 2))}",
        "months": f"-M{draw(st.integers(1, 12))}",
        "year": "",
    }[draw(st.sampled_from(kinds))]
    return parse(f"{year}{code}{draw(st.sampled_from(['', '@15']))}")


@st.composite
def ranges(draw) -> Period:
    """A range of up to about two years."""
    start = draw(DAYS)
    return Period.between(start, start + timedelta(days=draw(st.integers(0, 800))))


periods = numbered() | ranges()
sequences = numbered(("month", "quarter", "half", "year"))


# Windows and names


@pytest.mark.parametrize(
    ("code", "kind", "start", "end", "days", "name"),
    [
        ("2025-07", "month", "2025-07-01", "2025-07-31", 31, "tháng 7 năm 2025"),
        ("2025-02", "month", "2025-02-01", "2025-02-28", 28, "tháng 02 năm 2025"),
        ("2024-02", "month", "2024-02-01", "2024-02-29", 29, "tháng 02 năm 2024"),
        ("2025-01", "month", "2025-01-01", "2025-01-31", 31, "tháng 01 năm 2025"),
        ("2025-12", "month", "2025-12-01", "2025-12-31", 31, "tháng 12 năm 2025"),
        ("2019-Q1", "quarter", "2019-01-01", "2019-03-31", 90, "quý I năm 2019"),
        ("2025-Q4", "quarter", "2025-10-01", "2025-12-31", 92, "quý IV năm 2025"),
        ("2023-H1", "half", "2023-01-01", "2023-06-30", 181, "06 tháng đầu năm 2023"),
        ("2023-H2", "half", "2023-07-01", "2023-12-31", 184, "06 tháng cuối năm 2023"),
        ("2025-M7", "months", "2025-01-01", "2025-07-31", 212, "07 tháng đầu năm 2025"),
        ("2024-M9", "months", "2024-01-01", "2024-09-30", 274, "09 tháng đầu năm 2024"),
        ("2025-M11", "months", "2025-01-01", "2025-11-30", 334, "11 tháng đầu năm 2025"),
        ("2024", "year", "2024-01-01", "2024-12-31", 366, "năm 2024"),
        (
            "2025-07-01..2025-07-24",
            "range",
            "2025-07-01",
            "2025-07-24",
            24,
            "từ ngày 01/07/2025 đến ngày 24/07/2025",
        ),
        ("2025-07-24..2025-07-24", "range", "2025-07-24", "2025-07-24", 1, "ngày 24/07/2025"),
    ],
)
def test_calendar_windows_and_names(code, kind, start, end, days, name):
    period = parse(code)
    assert (period.code, period.kind, period.convention) == (code, kind, "calendar")
    assert (period.start.isoformat(), period.end.isoformat(), period.days) == (start, end, days)
    assert period.name == name


@pytest.mark.parametrize(
    ("code", "start", "end", "name"),
    [
        ("2025-07@15", "15/06/2025", "14/07/2025", "tháng 7 năm 2025"),
        ("2025-01@15", "15/12/2024", "14/01/2025", "tháng 01 năm 2025"),
        ("2024-03@15", "15/02/2024", "14/03/2024", "tháng 3 năm 2024"),
        ("2025-Q1@15", "15/12/2024", "14/03/2025", "quý I năm 2025"),
        ("2025-Q3@15", "15/06/2025", "14/09/2025", "quý III năm 2025"),
        ("2025-H1@15", "15/12/2024", "14/06/2025", "06 tháng đầu năm 2025"),
        ("2025-H2@15", "15/06/2025", "14/12/2025", "06 tháng cuối năm 2025"),
        ("2025-M9@15", "15/12/2024", "14/09/2025", "09 tháng đầu năm 2025"),
        ("2025@15", "15/12/2024", "14/12/2025", "năm 2025"),
    ],
)
def test_windows_from_the_15th_to_the_14th_say_so(code, start, end, name):
    period = parse(code)
    assert (period.code, period.convention) == (code, "15")
    assert period.window_text == f"từ ngày {start} đến ngày {end}"
    assert period.name == f"{name} (số liệu từ ngày {start} đến ngày {end})"


def test_the_window_is_given_for_every_kind():
    assert parse("2025-M7").window_text == "từ ngày 01/01/2025 đến ngày 31/07/2025"
    assert parse("2025-07-01..2025-07-24").window_text == "từ ngày 01/07/2025 đến ngày 24/07/2025"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2025-M1", "2025-01"),
        ("2025-M6", "2025-H1"),
        ("2025-M12", "2025"),
        ("2025-m6@15", "2025-H1@15"),
        (" 2025-q3 ", "2025-Q3"),
        ("2025-h2", "2025-H2"),
        (2025, "2025"),
    ],
)
def test_one_period_has_one_code(text, code):
    assert str(parse(text)) == code
    assert parse(text) == parse(code)


@given(periods)
def test_a_code_is_read_back(period):
    assert parse(str(period)) == period
    assert pickle.loads(pickle.dumps(period)) == copy.deepcopy(period) == period
    assert len({period, parse(period.code)}) == 1


@given(periods)
def test_a_window_holds_its_days(period):
    assert period.start <= period.end
    assert period.start + timedelta(days=period.days) == period.end + timedelta(days=1)


def test_a_period_cannot_be_changed():
    with pytest.raises(AttributeError):
        parse("2025").code = "2026"


# Neighbours


@given(sequences)
def test_previous_and_next_are_opposites_without_gap(period):
    assert period.previous().next() == period.next().previous() == period
    assert period.previous().end + timedelta(days=1) == period.start
    assert period.next().start == period.end + timedelta(days=1)
    assert (period.previous().kind, period.previous().convention) == (period.kind, period.convention)


@given(ranges())
def test_the_neighbours_of_a_range_touch_it(period):
    assert period.previous().end + timedelta(days=1) == period.start
    assert period.next().start == period.end + timedelta(days=1)
    # The days before a cut range can happen to be whole months, which then step by months.
    if bool(period.months()) == bool(period.previous().months()):
        assert period.previous().next() == period


@pytest.mark.parametrize(
    ("code", "previous"),
    [
        ("2025-01", "2024-12"),
        ("2025-03@15", "2025-02@15"),
        ("2025-Q1", "2024-Q4"),
        ("2025-H1", "2024-H2"),
        ("2025-H2", "2025-H1"),
        ("2025", "2024"),
        ("2025-M7", "2025-H1"),
        ("2025-M5", "2025-M4"),
        ("2025-M2@15", "2025-01@15"),
        ("2025-07-01..2025-07-24", "2025-06-07..2025-06-30"),
        ("2024-03-01..2024-03-10", "2024-02-20..2024-02-29"),
        ("2025-03-01..2025-03-31", "2025-02-01..2025-02-28"),
        ("2025-01-01..2025-02-28", "2024-11-01..2024-12-31"),
    ],
)
def test_previous(code, previous):
    assert str(parse(code).previous()) == previous


@pytest.mark.parametrize(
    ("code", "following"),
    [
        ("2025-M4", "2025-M5"),
        ("2025-M5", "2025-H1"),
        ("2025-M11", "2025"),
        ("2024-02-01..2024-02-29", "2024-03-01..2024-03-31"),
    ],
)
def test_next(code, following):
    assert str(parse(code).next()) == following


@pytest.mark.parametrize(
    ("code", "before"),
    [
        ("2025-07", "2024-07"),
        ("2023-H1", "2022-H1"),
        ("2025-M7@15", "2024-M7@15"),
        ("2025-Q1", "2024-Q1"),
        ("2025", "2024"),
        ("2025-07-01..2025-07-24", "2024-07-01..2024-07-24"),
        ("2024-02-10..2024-02-29", "2023-02-10..2023-02-28"),
        ("2024-02-29..2024-02-29", "2023-02-28..2023-02-28"),
        ("2025-02-01..2025-02-28", "2024-02-01..2024-02-29"),
        ("2024-12-15..2025-01-14", "2023-12-15..2024-01-14"),
    ],
)
def test_same_period_last_year(code, before):
    assert str(parse(code).same_period_last_year()) == before


@given(periods)
def test_the_same_period_last_year_is_one_year_earlier(period):
    before = period.same_period_last_year()
    assert (before.kind, before.convention) == (period.kind, period.convention)
    assert before.end.year == period.end.year - 1
    assert abs(before.days - period.days) <= 1
    if period.kind != "range":
        assert before.name.split(" (")[0] == period.name.split(" (")[0].replace(
            str(period.end.year), str(before.end.year)
        )


# Months


@given(numbered())
def test_months_tile_the_window(period):
    months = period.months()
    assert (months[0].start, months[-1].end) == (period.start, period.end)
    assert sum(month.days for month in months) == period.days
    assert all(one.next() == other for one, other in pairwise(months))
    assert {(month.kind, month.convention) for month in months} == {("month", period.convention)}


@pytest.mark.parametrize(
    ("code", "months"),
    [
        ("2025-07", ["2025-07"]),
        ("2025-Q1@15", ["2025-01@15", "2025-02@15", "2025-03@15"]),
        ("2024-12-01..2025-02-28", ["2024-12", "2025-01", "2025-02"]),
        ("2025-07-01..2025-07-24", []),
        ("2024-02-01..2024-02-28", []),
        ("2025-06-15..2025-07-14", []),
    ],
)
def test_months(code, months):
    assert [str(month) for month in parse(code).months()] == months


# Ranges


def test_a_range_takes_any_kind_of_date():
    plain = parse("2025-07-01..2025-07-24")
    for kind in (date, datetime, pandas.Timestamp):
        period = Period.between(kind(2025, 7, 1), kind(2025, 7, 24))
        assert period == plain
        assert (type(period.start), type(period.end)) == (date, date)


def test_a_range_does_not_run_backwards():
    with pytest.raises(ValueError, match="a period must not end before it starts: 2025-07-24 to 2025-07-01"):
        Period.between(date(2025, 7, 24), date(2025, 7, 1))


# Refusals


def refused(text: object) -> str:
    """What the refusal says before it lists the forms, which it always does."""
    with pytest.raises(UserError) as caught:
        parse(text)
    sentence = str(caught.value)
    assert sentence.endswith(f"; các dạng đúng: {FORMS}.")
    return sentence.removesuffix(f"; các dạng đúng: {FORMS}.")


def test_the_forms_shown_are_all_understood():
    assert FORMS == (
        "tháng 2025-07, quý 2025-Q3, sáu tháng 2025-H1, lũy kế từ đầu năm 2025-M7, năm 2025, "
        "khoảng ngày 2025-07-01..2025-07-24, thêm @15 nếu tính từ ngày 15 đến ngày 14 như 2025-07@15"
    )
    codes = [word.strip(",") for word in FORMS.split() if word.startswith("2025")]
    assert [parse(code).kind for code in codes] == [
        "month",
        "quarter",
        "half",
        "months",
        "year",
        "range",
        "month",
    ]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2025-7", "2025-07"),
        ("07/2025", "2025-07"),
        ("7-2025", "2025-07"),
        ("2025/07", "2025-07"),
        ("202507", "2025-07"),
        (202507, "2025-07"),
        ("T7/2025", "2025-07"),
        ("tháng 7 năm 2025", "2025-07"),
        ("Tháng 02/2025", "2025-02"),
        ("2025-7@15", "2025-07@15"),
        ("2025Q3", "2025-Q3"),
        ("Q3/2025", "2025-Q3"),
        ("quý III/2025", "2025-Q3"),
        ("Quý I năm 2019", "2019-Q1"),
        ("quý 4 năm 2024", "2024-Q4"),
        ("2025-M07", "2025-M7"),
        ("07 tháng đầu năm 2025", "2025-M7"),
        ("6 tháng đầu năm 2023", "2023-H1"),
        ("06 tháng cuối năm 2023", "2023-H2"),
        ("9 tháng 2024", "2024-M9"),
        ("năm 2024", "2024"),
        ("2025-07-24", "2025-07-24..2025-07-24"),
        ("2025-7-1..2025-7-24", "2025-07-01..2025-07-24"),
        ("2025-07-01 .. 2025-07-24", "2025-07-01..2025-07-24"),
        ("01/07/2025-24/07/2025", "2025-07-01..2025-07-24"),
        ("từ ngày 1/7/2025 đến ngày 24/7/2025", "2025-07-01..2025-07-24"),
        ("2025 - 07", "2025-07"),
    ],
)
def test_another_spelling_is_refused_with_the_code_it_means(text, meant):
    assert refused(text) == f"Kỳ báo cáo «{text}» không hợp lệ, có lẽ là «{meant}»"
    assert str(parse(meant)) == meant


@pytest.mark.parametrize(
    ("text", "reason", "meant"),
    [
        ("2025-13", "không có tháng 13, chỉ có tháng 01 đến tháng 12", "2025-12"),
        ("2025-00", "không có tháng 0, chỉ có tháng 01 đến tháng 12", "2025-01"),
        ("2025-Q5", "không có quý 5, chỉ có quý 1 đến quý 4", "2025-Q4"),
        ("quý V/2025", "không có quý 5, chỉ có quý 1 đến quý 4", "2025-Q4"),
        ("2025-H3", "không có H3, chỉ có H1 là 06 tháng đầu năm và H2 là 06 tháng cuối năm", "2025-H2"),
        ("2025-M13", "không có 13 tháng đầu năm, chỉ có từ 1 đến 12 tháng", "2025"),
        ("2025-13@15", "không có tháng 13, chỉ có tháng 01 đến tháng 12", "2025-12@15"),
        (
            "2025-07-24..2025-07-01",
            "ngày đầu 24/07/2025 đứng sau ngày cuối 01/07/2025",
            "2025-07-01..2025-07-24",
        ),
        ("2025-02-01..2025-02-31", "không có ngày 31/02/2025", "2025-02-01..2025-02-28"),
        ("31/02/2024", "không có ngày 31/02/2024", "2024-02-29..2024-02-29"),
        (
            "2025-13-01..2025-06-30",
            "không có ngày 01/13/2025, ngày đầu 01/12/2025 đứng sau ngày cuối 30/06/2025",
            "2025-06-30..2025-12-01",
        ),
        (
            "2025-02-30..2025-06-31",
            "không có ngày 30/02/2025, không có ngày 31/06/2025",
            "2025-02-28..2025-06-30",
        ),
        ("2025-07-01..2025-07-24@15", "khoảng ngày không đi cùng @15", "2025-07-01..2025-07-24"),
        ("2025-07@14", "sau @ chỉ có thể là 15", "2025-07@15"),
        ("2025-07@", "sau @ chỉ có thể là 15", "2025-07@15"),
    ],
)
def test_what_no_calendar_has_is_refused_with_the_nearest(text, reason, meant):
    assert refused(text) == f"Kỳ báo cáo «{text}» không hợp lệ ({reason}), có lẽ là «{meant}»"
    assert str(parse(meant)) == meant


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2205-07", "năm 2205 nằm ngoài khoảng từ 1900 đến 2099"),
        ("0025", "năm 25 nằm ngoài khoảng từ 1900 đến 2099"),
        ("2025-07-01..3025-07-24", "năm 3025 nằm ngoài khoảng từ 1900 đến 2099"),
        ("2025-07-01..", "thiếu ngày đầu hoặc ngày cuối"),
        ("..2025-07-01", "thiếu ngày đầu hoặc ngày cuối"),
        ("kỳ trước@14", "sau @ chỉ có thể là 15"),
    ],
)
def test_a_known_fault_without_an_evident_cure(text, reason):
    assert refused(text) == f"Kỳ báo cáo «{text}» không hợp lệ ({reason})"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tháng này",
        "2025-Q",
        "25-07",
        "2025-W30",
        "2025-07-01..2025-08",
        "٢٠٢٥",
        "@15",
        None,
        7.5,
        "../../x",
    ],
)
def test_the_rest_is_refused_with_the_forms(text):
    assert refused(text) == f"Kỳ báo cáo «{text}» không hợp lệ"


def test_a_hostile_text_is_shown_short_and_clean():
    assert refused("\u202e2025\u0000x" + "y" * 100) == f"Kỳ báo cáo «2025x{'y' * 45}» không hợp lệ"


@given(st.text("0123456789-/.@QHM 15IVx", max_size=24) | st.text(max_size=12))
def test_any_text_is_a_period_or_a_refusal(text):
    try:
        assert parse(text).code
    except UserError as error:
        _, found, rest = str(error).partition("có lẽ là «")
        if found:
            meant = rest.partition("»")[0]
            assert str(parse(meant)) == meant
