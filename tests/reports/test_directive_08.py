"""The letter on Chỉ thị 08/CT-UBND as its cells print it: shares against targets, dossiers missing, targets not in force yet."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis import find_target, rates
from baocao.definitions import NoDataError, Period, Unit, UserError, load_targets
from baocao.definitions import vietnamese as vn
from baocao.reports import directive_08, open_memo
from conftest import WrittenMemo, make_project

NAMES = ("level_base", "level_3_filed", "level_4_filed", "post_received", "post_returned")
PUBLISHED = {"level_34_filed": 2668, "level_base": 34996, "post_received": 0}
NOT_WHOLE = "Dấu “†”: chưa gồm các đơn vị chưa có đủ số liệu."


# --- facts of our own --------------------------------------------------------------------------------------------
def leaf_units(register, day: date) -> list[Unit]:
    return [unit for unit in register.on(day) if unit.kind in rates.LEAF_KINDS]


def rows_of(register, quarter: str, counts: Callable, without: Sequence[str] = ()) -> list[tuple]:
    """Rows of every leaf unit in a quarter; `counts` gives a unit's five counts (`NAMES`)."""
    period = Period.parse(quarter)
    return [
        (unit.code, str(period.start), str(period.end), name, value)
        for at, unit in enumerate(leaf_units(register, period.end))
        if unit.code not in without
        for name, value in zip(NAMES, counts(at, unit), strict=True)
    ]


def few(at: int, unit: Unit) -> tuple:
    """100 dossiers, 8 to 17 of them online."""
    return (5, 1, 0, 0, 0) if unit.code == "HT-TTT" else (100, 6 + at % 10, 2, 0, 1)


def many(at: int, unit: Unit) -> tuple:
    """More than every target asks for."""
    return 100, 20 + at % 5, 2, 11, 10


@pytest.fixture(scope="module")
def write(root, write_sound, tmp_path_factory) -> Callable[..., WrittenMemo]:
    """Writes the letter from rows of facts."""
    folder, number = tmp_path_factory.mktemp("chi-thi-08"), count()

    def run(rows: Sequence[tuple], period: str, source: str = "received") -> WrittenMemo:
        project = make_project(root, folder / str(next(number)), {"so_lieu.csv": (source, list(rows))})
        return write_sound("directive_08", project, period, "42")

    return run


@pytest.fixture(scope="module")
def letter(write, register) -> Callable[[str], WrittenMemo]:
    """The letter of a quarter: of what was published in 2019, or of every unit in three quarters."""

    @cache
    def run(period: str) -> WrittenMemo:
        if period == "published":
            rows = [("42", "2019-01-01", "2019-03-31", name, value) for name, value in PUBLISHED.items()]
            return write(rows, "2019-Q1", period)
        quarters = {"2019-Q1": few, "2022-Q1": few, "2022-Q2": many}
        return write(
            [row for quarter, how in quarters.items() for row in rows_of(register, quarter, how)], period
        )

    return run


# --- every letter ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("period", ["published", "2019-Q1", "2022-Q1", "2022-Q2"])
def test_a_letter_ends_and_asks_for_five_things(period, letter):
    written = letter(period)
    assert written["tasks"].endswith("tại Giao ban định kỳ của UBND tỉnh./.")
    assert len(re.findall(r"^- ", written.markdown("tasks"), re.MULTILINE)) == 5
    assert written.markdown("signature") == '<div class="khoi-ky"></div>'


# --- the letter of April 2019 from what it printed ---------------------------------------------------------------
def test_the_published_figures_are_recomputed(letter):
    text = letter("published")["opening"]
    assert text.startswith(
        "Năm 2018, trong chấm điểm chỉ số CCHC, về lĩnh vực hiện đại hóa hành chính đạt 6,626/9,5 điểm (bị trừ 2,874 điểm). Lý "
        "do trừ điểm là ở các tiêu chí thành phần về triển khai dịch vụ công trực tuyến mức độ 3, 4 và dịch vụ bưu chính công "
        "ích (Tiêu chí số 7.2, 7.3 theo Quyết định số 2636/QĐ-BNV ngày 10/12/2018 của Bộ Nội vụ"
    )
    assert text.endswith(
        "là 2.668 hồ sơ trên tổng số 34.996 hồ sơ phát sinh, đạt tỷ lệ 7,62%, chưa đạt chỉ tiêu từ 20% trở lên, còn thiếu 12,38 "
        "điểm phần trăm, tương ứng 4.332 hồ sơ. Đồng thời, qua dịch vụ bưu chính công ích (BCCI): chưa phát sinh hồ sơ tiếp "
        "nhận. Chưa có số liệu: hồ sơ trả kết quả qua dịch vụ bưu chính công ích."
    )


def test_without_figures_of_units_no_unit_is_judged(letter):
    written = letter("published")
    assert "nghiêm túc" not in written["opening"] and "quan tâm" not in written["opening"]
    assert "nhiều nhất" not in written["tasks"]
    assert "Chưa có số liệu của từng đơn vị" in written["units"]
    assert "Hình" not in written["groups"]
    assert not written.memo.claims.is_sample


# --- dossiers missing --------------------------------------------------------------------------------------------
def test_missing_dossiers_are_whole_and_exact(letter):
    names = letter("published").names
    post = names["letter"].post
    gaps = [
        names["level_34_share"].gap,
        *(names[name].gap_to(post) for name in ("post_reception_share", "post_return_share")),
    ]
    assert [gap.value for gap in gaps] == [4332, 3500, None]


def test_the_two_levels_are_parts_of_their_own_total(letter):
    text = letter("2019-Q1")["opening"]
    total, third, fourth = re.search(
        r"là ([\d.]+) hồ sơ \(gồm ([\d.]+) hồ sơ mức độ 3 và ([\d.]+) hồ sơ mức độ 4\) trên", text
    ).groups()
    assert vn.parse_number(total) == vn.parse_number(third) + vn.parse_number(fourth)
    assert not re.search(r"còn thiếu[^.]*trong đó", text)


def test_every_unit_has_a_row_with_what_is_missing_to_each_target(letter, register):
    table = letter("2019-Q1")["units"]
    assert "| Sở Công Thương | 100 | 9 | 9,00% | 11 | 10 | 1 | 9 |" in table, "no column for what nobody did"
    for unit in leaf_units(register, date(2019, 3, 31)):
        assert f"| {unit.full_name} |" in table


def test_a_column_that_does_not_add_up_says_why(write, register):
    """Each unit lacks a part of a dossier, rounded up: the rows above add to more than the total says."""
    written = write(rows_of(register, "2019-Q1", lambda at, unit: (11, 1, 1, 0, 0)), "2019-Q1")
    share = written.names["level_34_share"]
    units = [share.at(unit).gap.value for unit in written.memo.members]
    assert sum(units) > share.gap.value > 0
    for cell in ("groups", "units"):
        assert "cộng các dòng lại có thể khác dòng tổng." in written[cell]


def test_a_share_of_few_dossiers_is_marked(letter):
    table = letter("2019-Q1")["units"]
    assert re.search(r"\| Thanh tra tỉnh \| 5 \| 1 \| 20,00%\* \| đạt \|", table)
    assert "Dấu “*”: mẫu số dưới ba mươi hồ sơ" in table


def test_those_that_lack_most_are_addressed_and_the_last_tie_is_named_or_left_out(letter):
    names = letter("2019-Q1").names
    short, share = names["short"], names["level_34_share"]
    assert short.most and {unit.kind for unit in short.most} <= {"department", "district"}
    lacks = [share.at(unit).gap.value for unit in short.most]
    assert lacks == sorted(lacks, reverse=True)
    others = [
        share.at(unit).gap.value
        for unit in short.units
        if unit.kind in ("department", "district") and unit not in short.most
    ]
    assert max(others) < min(lacks)


def test_more_than_ten_that_lack_alike_are_not_named(write, register):
    same = write(rows_of(register, "2019-Q1", lambda at, unit: (100, 10, 2, 0, 1)), "2019-Q1")
    short = same.names["short"]
    assert len(short.units) > 10 and not short.most
    assert (
        "tối thiểu đạt 20%. Căn cứ số hồ sơ còn thiếu nêu tại Phụ lục I, các đơn vị chưa đạt chỉ tiêu có giải pháp khắc phục."
        in same["tasks"]
    )


# --- targets and their dates -------------------------------------------------------------------------------------
def test_a_target_that_the_letter_sets_is_not_held_against_the_quarter_before(letter):
    written = letter("2019-Q1")
    post = written["opening"].split("Đồng thời")[1]
    assert "chưa đạt" not in post and "chỉ tiêu" not in post
    assert (
        "đạt tối thiểu 10% số hồ sơ TTHC có phát sinh qua Bưu điện (yêu cầu do Công văn này đặt ra, áp dụng từ ngày 01/04/2019)"
        in written["tasks"]
    )
    assert (
        "Chỉ tiêu về BCCI áp dụng từ ngày 01/04/2019; số còn thiếu quý I năm 2019 để các đơn vị"
        in written["units"]
    )


def test_a_target_in_force_is_held_against_the_quarter(letter):
    written = letter("2022-Q1")
    post = written["opening"].split("Đồng thời")[1]
    assert re.search(
        r"chưa phát sinh hồ sơ tiếp nhận, chưa đạt chỉ tiêu từ 10% trở lên, còn thiếu 10,00 điểm", post
    )
    assert re.search(
        r"trả kết quả \d+ hồ sơ \(đạt tỷ lệ [\d,]+%, chưa đạt chỉ tiêu từ 10% trở lên, còn thiếu ", post
    )
    assert "(theo Công văn tháng 4 năm 2019 của UBND tỉnh Hà Tĩnh" in written["tasks"]
    assert "áp dụng từ ngày" not in written["units"]


def test_a_target_that_nobody_knew_yet_asks_for_nothing(write, register):
    written = write(rows_of(register, "2018-Q3", few), "2018-Q3")
    assert "Bưu điện" not in written["tasks"]
    assert "10%" not in written["units"] and "–" not in written["method"].split("Quy tắc")[0]
    assert "CCHC" not in written["opening"], "the points were not public yet"


def test_a_quarter_that_reaches_everything_blames_nobody(letter):
    written = letter("2022-Q2")
    assert re.search(r"được các cơ quan, đơn vị quan tâm, (\d+)/\1 đơn vị đạt chỉ tiêu", written["opening"])
    assert "đạt và vượt chỉ tiêu từ 20% trở lên" in written["opening"]
    assert "trả kết quả 2.610 hồ sơ (đạt tỷ lệ 10,00%, đạt chỉ tiêu từ 10% trở lên)" in written["opening"]
    assert "nhiều nhất" not in written["tasks"]
    assert "| Sở Công Thương | 100 |" in written["units"] and "| đạt |" in written["units"]


def test_the_office_has_the_name_of_its_time(letter):
    assert (
        "phối hợp Văn phòng Đoàn đại biểu Quốc hội, HĐND và UBND tỉnh hàng tháng"
        in letter("2019-Q1")["tasks"]
    )
    assert "phối hợp Văn phòng UBND tỉnh hàng tháng" in letter("2022-Q2")["tasks"]


# --- comparisons -------------------------------------------------------------------------------------------------
def test_quarters_are_compared_in_percentage_points_and_others_named_in_the_annex(letter):
    written = letter("2022-Q2")
    assert re.fullmatch(
        r"So với quý I năm 2022: tỷ lệ hồ sơ nộp trực tuyến mức độ 3, mức độ 4 tăng [\d,]+ điểm phần trăm; [^.]+\.",
        written["changes"],
    )
    assert "Không so sánh với quý II năm 2021 vì không có số liệu của kỳ đó." in written["method"]
    assert letter("2019-Q1")["changes"] == ""
    assert "Không so sánh với quý IV năm 2018 và quý I năm 2018 vì" in letter("2019-Q1")["method"]


def test_older_points_are_said_to_be_old(letter):
    said = "Điểm lĩnh vực hiện đại hóa hành chính của các năm sau chưa được công bố."
    assert said in letter("2022-Q2")["method"] and said not in letter("2019-Q1")["method"]


def test_units_stand_in_the_annex_by_what_they_lack(letter):
    written = letter("2019-Q1")
    share = written.names["level_34_share"]
    for group in written.memo.groups:
        places = {unit: written["units"].index(f"| {unit.unit.full_name} |") for unit in group.members}
        lacks = [share.at(unit).gap.value for unit in sorted(group.members, key=places.get)]
        assert lacks == sorted(lacks, reverse=True)


def test_a_share_among_others_that_is_not_compared_says_why(write, register):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 20, 2, 11, 10))
    before = rows_of(register, "2021-Q4", lambda at, unit: (100, 10, 2, 11, 10))
    text = write([*rows, *(row for row in before if row[3] != "post_returned")], "2022-Q1")["changes"]
    assert "tỷ lệ hồ sơ tiếp nhận qua bưu chính công ích không thay đổi." in text
    assert (
        "Không so sánh tỷ lệ trả kết quả qua bưu chính công ích với quý IV năm 2021 vì không có số liệu của kỳ đó."
        in text
    )


# --- what is absent ----------------------------------------------------------------------------------------------
def test_a_sum_that_lacks_units_is_marked_and_held_against_nothing(write, register):
    """Three departments alone, above every target: no "đạt", no praise of all, no bar of the province."""
    everyone = [unit.code for unit in leaf_units(register, date(2022, 3, 31))]
    silent = tuple(code for code in everyone if code not in ("HT-SCT", "HT-SNV", "HT-SYT"))
    written = write(
        rows_of(register, "2022-Q1", lambda at, unit: (100, 40, 2, 11, 12), without=silent), "2022-Q1"
    )
    assert f"đạt tỷ lệ 42,00%. (Chưa gồm {len(silent)} đơn vị chưa có đủ số liệu.)" in written["opening"]
    assert "chỉ tiêu" not in written["opening"] and "quan tâm" not in written["opening"]
    assert "| **Tỉnh Hà Tĩnh** | **300†** | **126†** | **42,00%†** | **–** |" in written["groups"]
    assert NOT_WHOLE in written["units"] and "Hình" not in written["groups"]


def test_a_unit_that_did_not_report_has_dashes_and_is_not_judged(write, register):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 10, 2, 0, 0), without=("HT-SNV", "HT-SYT"))
    written = write(rows, "2022-Q1")
    assert "| Sở Nội vụ | – | – | – | – | – | – |" in written["units"]
    assert "259/259 đơn vị chưa đạt chỉ tiêu" in written["opening"]


def test_each_absence_of_a_unit_is_told_apart_and_few_dossiers_blame_nobody(write, register):
    """Sở Tư pháp reported zeros, Sở Xây dựng no total, Sở Công Thương lacks two of seven dossiers."""

    def counts(at: int, unit: Unit) -> tuple:
        return {"HT-STP": (0, 0, 0, 0, 0), "HT-SCT": (7, 0, 0, 0, 0)}.get(unit.code, (100, 40, 2, 11, 12))

    rows = [
        row for row in rows_of(register, "2022-Q1", counts) if (row[0], row[3]) != ("HT-SXD", "level_base")
    ]
    written = write(rows, "2022-Q1")
    table = written["units"]
    assert "| Sở Tư pháp | 0 | 0 | – | – | 0 | – | 0 | – |" in table
    assert "| Sở Xây dựng | – | 42 | – | – | 11 | – | 12 | – |" in table
    assert "| Sở Công Thương | 7 | 0 | 0%* | 2 | 0 | 1 | 0 | 1 |" in table
    assert "nghiêm túc" not in written["opening"] and "quan tâm" not in written["opening"]
    assert "nhiều nhất" not in written["tasks"]


def test_counts_whose_total_is_not_known_are_told_alone(write, register):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 10, 2, 3, 0))
    written = write([row for row in rows if row[3] not in ("level_base", "post_returned")], "2022-Q1")
    text = written["opening"]
    assert "qua dịch vụ bưu chính công ích (BCCI): tiếp nhận 783 hồ sơ." in text
    assert "hồ sơ nộp trực tuyến mức độ 3, mức độ 4 3.132 hồ sơ" in text.split("Số đã có: ")[1]
    assert "đạt tỷ lệ" not in text and "chỉ tiêu" not in text


def test_a_quarter_of_zeros_had_nothing_to_divide(write, register):
    text = write(rows_of(register, "2022-Q1", lambda at, unit: (0, 0, 0, 0, 0)), "2022-Q1")["opening"]
    assert "Trong kỳ không phát sinh hồ sơ để tính tỷ lệ nộp trực tuyến mức độ 3, mức độ 4" in text
    assert "đạt" not in text.split("báo cáo kết quả")[1], "nobody met a target"


def test_whatever_is_missing_nothing_is_held_against_a_target_without_its_figure(write, register):
    @settings(max_examples=12)
    @given(missing=st.sets(st.sampled_from(NAMES)), period=st.sampled_from(["2019-Q1", "2022-Q1"]))
    def check(missing: set[str], period: str) -> None:
        if len(missing) == len(NAMES):
            return
        written = write([row for row in rows_of(register, period, few) if row[3] not in missing], period)
        text = written["opening"]
        online, _, post = text.partition("Đồng thời")
        has_share = not missing & {"level_base", "level_3_filed", "level_4_filed"}
        has_post = "level_base" not in missing and not {"post_received", "post_returned"} <= missing
        assert ("chỉ tiêu từ 20%" in online) == has_share == bool(written.names["short"].units)
        assert ("chỉ tiêu từ 10%" in post) == (period == "2022-Q1" and has_post)
        assert ("Chưa có số liệu" in text) == bool(missing)
        for scar in ("()", ", .", ": .", "; .", "thiếu 0 "):
            assert scar not in text

    check()


# --- bad input ---------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def project(root, register, tmp_path_factory):
    rows = rows_of(register, "2019-Q1", few)
    return make_project(root, tmp_path_factory.mktemp("sai") / "du-an", {"so_lieu.csv": ("received", rows)})


@pytest.mark.parametrize(
    ("period", "unit", "sentence"),
    [
        *[(period, "42", "sau ngày 14/08/2022, ngày cuối cùng .* chậm nhất là 2022-Q2 hoặc lập báo cáo")
          for period in ("2022-Q3", "2022-Q4", "2025-Q1")],
        *[(period, "42", "chưa có hiệu lực trong cả quý; hãy chọn quý từ 2018-Q3 đến 2022-Q2")
          for period in ("2018-Q1", "2018-Q2")],
        *[(period, "42", "lập theo quý vì chỉ tiêu của Chỉ thị tính theo quý")
          for period in ("2019", "2019-01", "2019-H1", "2019-01-01..2019-03-31")],
        ("2019-Q1", "HT-SNV", "chỉ lập cho toàn tỉnh, nhận được «Sở Nội vụ»"),
    ],
)  # fmt: skip
def test_other_periods_and_units_are_refused(period, unit, sentence, project):
    with pytest.raises(UserError, match=sentence):
        open_memo(period, [unit], purpose=directive_08.LETTER, start=project)


def test_a_quarter_without_figures_is_one_sentence(project):
    with pytest.raises(
        NoDataError, match="Không có số liệu thực hiện Chỉ thị 08/CT-UBND của tỉnh Hà Tĩnh trong kỳ quý III"
    ):
        open_memo("2020-Q3", ["42"], purpose=directive_08.LETTER, start=project)


def test_other_figures_make_no_letter(root, tmp_path):
    rows = [("42", "2019-01-01", "2019-03-31", "received", 500)]
    project = make_project(root, tmp_path / "khac", {"so_lieu.csv": ("received", rows)})
    with pytest.raises(NoDataError, match="Không có số liệu thực hiện Chỉ thị 08/CT-UBND"):
        open_memo("2019-Q1", ["42"], purpose=directive_08.LETTER, start=project)


def test_the_quarters_of_a_letter_are_those_in_which_its_target_is_in_force(root):
    targets = load_targets(root)
    first, last = directive_08.FIRST, directive_08.LAST
    assert find_target(targets, "level_34_share", "province", first)
    assert not find_target(targets, "level_34_share", "province", first.previous())
    ends = directive_08.indicator("level_34_share").valid_to
    assert last.end <= ends < last.next().end


@pytest.mark.parametrize(
    ("period", "day"), [("2019-Q1", "30/04/2019"), ("2022-Q1", "30/04/2022"), ("2022-Q2", "31/07/2022")]
)
def test_the_letter_is_written_in_the_month_after_the_quarter(period, day, letter):
    assert vn.format_date(letter(period).names["letter"].day, "short") == day
