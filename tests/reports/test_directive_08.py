"""The letter on Chỉ thị 08/CT-UBND: shares against targets, dossiers missing, targets not yet in force, bad input."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from baocao.analysis import rates
from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import NoDataError, UserError
from baocao.definitions.periods import Period
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import directive_08 as letter
from baocao.reports.directive_08 import reading
from baocao.reports.directive_08.letter import most_short
from baocao.reports.directive_08.reading import ONLINE, RECEPTION, RETURN

PIECES = (
    "describe_opening", "table_groups", "plot_groups", "describe_changes", "list_tasks", "describe_assignment",
    "annex_units", "annex_method",
)  # fmt: skip
FORM = ["unit", "period_start", "period_end", "measure", "value"]
PUBLISHED = {"level_34_filed": 2668, "level_base": 34996, "post_received": 0}


def plain(markdown: str) -> str:
    """The text of Markdown: tags, pictures and escapes removed, white space folded."""
    text = re.sub(r"<[^>]+>|!\[\]\([^)]*\)", "", markdown).replace("\u2060", "")
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def write(report: letter.Report) -> dict[str, str]:
    return {name: str(getattr(letter, name)(report)) for name in PIECES}


def write_plain(root: Path, period: str) -> dict[str, str]:
    return {name: plain(text) for name, text in write(letter.open_report(period, ["42"], start=root)).items()}


# --- facts of our own --------------------------------------------------------------------------------------------
def make_project(root: Path, target: Path, rows: list[tuple], source: str = "received") -> Path:
    """A project with the reference data and these facts."""
    raw = target / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copyfile(root / "_quarto.yml", target / "_quarto.yml")
    shutil.copytree(root / "data" / "reference", target / "data" / "reference")
    with (raw / "so_lieu.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([FORM, *rows])
    digest = sha256((raw / "so_lieu.csv").read_bytes()).hexdigest()
    listing = ["so_lieu.csv", "counts", source, "đơn vị thử", "", digest, ""]
    with (raw / "SOURCES.csv").open("w", encoding="utf-8", newline="") as file:
        header = ["file", "form", "source", "issuer", "received", "sha256", "note"]
        csv.writer(file).writerows([header, listing])
    return target


def rows_of(register, quarter: str, counts, without: tuple[str, ...] = ()) -> list[tuple]:
    """Rows of every leaf unit in a quarter; `counts` gives a unit's four counts (base, level 3, 4, by post)."""
    period = Period.parse(quarter)
    names = ("level_base", "level_3_filed", "level_4_filed", "post_received", "post_returned")
    return [
        (unit.code, str(period.start), str(period.end), name, value)
        for at, unit in enumerate(leaf_units(register, period.end))
        if unit.code not in without
        for name, value in zip(names, counts(at, unit), strict=True)
    ]


def leaf_units(register, day: date) -> list:
    return [unit for unit in register.on(day) if unit.kind in rates.LEAF_KINDS]


@pytest.fixture(scope="module")
def published(root, tmp_path_factory):
    """Only what the letter of April 2019 printed."""
    rows = [("42", "2019-01-01", "2019-03-31", name, value) for name, value in PUBLISHED.items()]
    return make_project(root, tmp_path_factory.mktemp("da-cong-bo"), rows, "published")


@pytest.fixture(scope="module")
def detailed(root, register, tmp_path_factory):
    """Every unit in three quarters: 100 dossiers each, 8 to 17 of them online, in 2022-Q2 more than 20 everywhere."""

    def few(at: int, unit) -> tuple:
        return (5, 1, 0, 0, 0) if unit.code == "HT-TTT" else (100, 6 + at % 10, 2, 0, 1)

    def many(at: int, unit) -> tuple:
        return 100, 20 + at % 5, 2, 11, 10

    rows = [
        *rows_of(register, "2019-Q1", few),
        *rows_of(register, "2022-Q1", few),
        *rows_of(register, "2022-Q2", many),
    ]
    return make_project(root, tmp_path_factory.mktemp("chi-tiet"), rows)


@pytest.fixture(scope="module")
def first(detailed):
    return write_plain(detailed, "2019-Q1")


@pytest.fixture(scope="module")
def last(detailed):
    return write_plain(detailed, "2022-Q2")


def faults(report: letter.Report, pieces: dict[str, str], root, register, laws) -> list[str]:
    source = read_blocks(pandoc.parse("\n\n".join(piece.strip("\n") for piece in pieces.values()), root))
    return [str(fault) for fault in Checker(laws, register).check(source, dict(report.claims.record()))]


# --- every letter ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("project", "period"),
    [("published", "2019-Q1"), ("detailed", "2019-Q1"), ("detailed", "2022-Q2")],
)
def test_every_figure_is_a_claim_and_every_claim_is_printed_once(
    project, period, request, root, register, laws
):
    report = letter.open_report(period, ["42"], start=request.getfixturevalue(project))
    pieces = write(report)
    assert faults(report, pieces, root, register, laws) == []
    assert plain(pieces["describe_assignment"]).endswith("tại Giao ban định kỳ của UBND tỉnh./.")
    assert '<div class="khoi-ky">' in pieces["describe_assignment"]
    assert len(re.findall(r"^- ", pieces["list_tasks"], re.MULTILINE)) == 5


# --- the letter of April 2019 from what it printed --------------------------------------------------------------
def test_the_published_figures_are_recomputed(published):
    text = write_plain(published, "2019-Q1")["describe_opening"]
    assert text.startswith(
        "Năm 2018, trong chấm điểm chỉ số CCHC, về lĩnh vực hiện đại hóa hành chính đạt 6,626/9,5 điểm (bị trừ 2,874 điểm). Lý "
        "do trừ điểm là ở các tiêu chí thành phần về triển khai dịch vụ công trực tuyến mức độ 3, 4 và dịch vụ bưu chính công "
        "ích (Tiêu chí số 7.2, 7.3 theo Quyết định số 2636/QĐ-BNV ngày 10/12/2018 của Bộ Nội vụ"
    )
    assert (
        "hết quý I năm 2019, tổng số hồ sơ nộp qua dịch vụ công mức độ 3, mức độ 4 là 2.668 hồ sơ/tổng số 34.996 hồ sơ phát "
        "sinh (đạt tỷ lệ 7,62%), chưa đảm bảo yêu cầu là từ 20% trở lên (còn thiếu 12,38 điểm phần trăm, tương ứng 4.332 hồ sơ); đồng thời chưa phát sinh hồ "
        "sơ trong việc tiếp nhận TTHC qua BCCI; chưa có số liệu về trả kết quả TTHC qua BCCI."
    ) in text


def test_without_figures_of_units_no_unit_is_judged(published):
    report = letter.open_report("2019-Q1", ["42"], start=published)
    texts = {name: plain(text) for name, text in write(report).items()}
    assert "chưa nghiêm túc" not in texts["describe_opening"]
    assert "Chưa có số liệu của từng đơn vị" in texts["annex_units"]
    assert texts["plot_groups"] == ""
    assert not report.claims.is_sample


def test_lost_points_are_told_by_criterion_and_where_they_are_not_known(published):
    annex = write_plain(published, "2019-Q1")["annex_method"]
    assert (
        "| Tiêu chí 7.2: Triển khai dịch vụ công trực tuyến mức độ 3, 4 | – | – | – | bị trừ điểm;" in annex
    )
    assert "| **Toàn lĩnh vực hiện đại hóa hành chính** | **9,5** | **6,626** | **2,874** |" in annex


# --- dossiers missing --------------------------------------------------------------------------------------------
def test_missing_dossiers_are_whole_and_exact(published):
    report = letter.open_report("2019-Q1", ["42"], start=published)
    assert report.missing(ONLINE, report.province) == 4332
    assert report.missing(RECEPTION, report.province) == 3500
    assert report.missing(RETURN, report.province) is None


def test_every_unit_has_a_row_with_what_is_missing_to_each_target(first, register):
    table = first["annex_units"]
    assert "| Sở Công Thương | 100 | 9 | 9,00% | 11 | 0 | 10 | 1 | 9 |" in table
    for unit in leaf_units(register, date(2019, 3, 31)):
        assert f"| {unit.full_name} |" in table


def test_a_group_misses_what_its_sums_miss(detailed):
    report = letter.open_report("2019-Q1", ["42"], start=detailed)
    units = sum(report.missing(ONLINE, unit) for unit in report.members)
    assert 0 < report.missing(ONLINE, report.province) <= units


def test_a_share_of_few_dossiers_is_marked(first):
    row = re.search(r"\| Thanh tra tỉnh \|[^\n]*?\|[^\n]*?\| [^|]*%\* \|", first["annex_units"])
    assert row and "Dấu “*”: mẫu số dưới ba mươi hồ sơ" in first["annex_units"]


def test_those_that_lack_most_are_addressed_and_ties_are_kept_or_left_out(detailed):
    report = letter.open_report("2019-Q1", ["42"], start=detailed)
    named = most_short(report)
    assert named and {unit.kind for unit in named} <= {"department", "district"}
    lacks = [report.missing(ONLINE, unit) for unit in named]
    assert lacks == sorted(lacks, reverse=True)
    others = [
        report.missing(ONLINE, unit)
        for unit in report.short_units(ONLINE)
        if unit.kind in ("department", "district") and unit not in named
    ]
    assert max(others) < min(lacks)


# --- targets and their dates ----------------------------------------------------------------------------------------
def test_a_target_that_the_letter_sets_is_not_held_against_the_quarter_before(first):
    assert "chưa đạt yêu cầu tối thiểu" not in first["describe_opening"]
    assert (
        "đạt tối thiểu 10% số hồ sơ TTHC có phát sinh qua Bưu điện (yêu cầu do Công văn này đặt ra, áp dụng từ ngày 01/04/2019 "
        "nên không dùng để đánh giá quý I năm 2019; số còn thiếu nêu tại Phụ lục I là so với mức sẽ áp dụng)"
    ) in first["list_tasks"]
    assert (
        "Yêu cầu về BCCI áp dụng từ ngày 01/04/2019, chưa có hiệu lực trong kỳ này." in first["annex_units"]
    )


def test_a_target_in_force_is_held_against_the_quarter(detailed):
    text = write_plain(detailed, "2022-Q1")
    assert re.search(
        r"chưa đạt yêu cầu tối thiểu 10% \(tiếp nhận còn thiếu [\d.]+ hồ sơ và trả kết quả còn thiếu [\d.]+ hồ sơ\)",
        text["describe_opening"],
    )
    assert "(theo Công văn tháng 4 năm 2019 của UBND tỉnh Hà Tĩnh" in text["list_tasks"]
    assert "chưa có hiệu lực" not in text["annex_units"]


def test_a_quarter_that_reaches_everything_blames_nobody(last):
    assert (
        "được các cơ quan, đơn vị quan tâm, mọi đơn vị có từ ba mươi hồ sơ phát sinh trở lên đều đạt"
        in last["describe_opening"]
    )
    assert "đạt và vượt yêu cầu là từ 20% trở lên" in last["describe_opening"]
    assert "đạt yêu cầu tối thiểu 10%." in last["describe_opening"]
    assert "còn thiếu nhiều nhất" not in last["list_tasks"]
    assert "| Sở Công Thương | 100 |" in last["annex_units"] and "| đạt |" in last["annex_units"]


def test_older_points_are_said_to_be_old(last):
    assert "Điểm của lĩnh vực này các năm sau chưa tìm thấy nguồn công bố." in last["describe_opening"]
    assert "phối hợp Văn phòng UBND tỉnh hàng tháng" in last["describe_assignment"]


def test_the_office_has_its_name_of_2019_then(first):
    assert (
        "phối hợp Văn phòng Đoàn đại biểu Quốc hội, HĐND và UBND tỉnh hàng tháng"
        in first["describe_assignment"]
    )


# --- comparisons -------------------------------------------------------------------------------------------------
def test_quarters_are_compared_in_percentage_points(last):
    assert re.match(
        r"So với quý I năm 2022: tỷ lệ hồ sơ nộp trực tuyến tăng [\d,]+ điểm phần trăm; ",
        last["describe_changes"],
    )
    assert "Không so sánh với quý II năm 2021 vì không có số liệu của kỳ đó." in last["describe_changes"]


def test_a_column_that_does_not_add_up_says_why(root, register, tmp_path):
    """Each unit lacks a part of a dossier, rounded up: the rows above add to more than the total says."""
    project = make_project(root, tmp_path, rows_of(register, "2019-Q1", lambda at, unit: (11, 1, 1, 0, 0)))
    report = letter.open_report("2019-Q1", ["42"], start=project)
    missing = [report.missing(ONLINE, unit) for unit in (*report.members, report.province)]
    assert sum(missing[:-1]) > missing[-1] > 0
    texts = {name: plain(text) for name, text in write(report).items()}
    for table in ("table_groups", "annex_units"):
        assert "cộng các dòng lại có thể khác dòng tổng." in texts[table]


def test_bases_without_figures_share_one_sentence(first):
    assert first["describe_changes"] == (
        "Không so sánh với quý I năm 2018 và quý IV năm 2018 vì không có số liệu của kỳ đó."
    )


# --- units that did not report -----------------------------------------------------------------------------------
def test_a_unit_that_did_not_report_is_counted_and_has_dashes(root, register, tmp_path):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 10, 2, 0, 0), without=("HT-SNV", "HT-SYT"))
    project = make_project(root, tmp_path / "thieu", rows)
    texts = write_plain(project, "2022-Q1")
    assert (
        "Số cộng chưa đủ vì thiếu báo cáo của 02 đơn vị nên không đối chiếu với yêu cầu."
        in texts["table_groups"]
    )
    assert "| Sở Nội vụ | – | – | – | – | – | – | – | – |" in texts["annex_units"]
    assert "trong số 259 đơn vị có từ ba mươi hồ sơ phát sinh trở lên" in texts["describe_opening"]


# --- what is absent ----------------------------------------------------------------------------------------------
def test_a_sum_that_lacks_units_is_marked_and_held_against_nothing(root, register, laws, tmp_path):
    """Three departments alone, above every target: no "đạt", no praise of all, no bar of the province."""
    everyone = [unit.code for unit in leaf_units(register, date(2022, 3, 31))]
    silent = tuple(code for code in everyone if code not in ("HT-SCT", "HT-SNV", "HT-SYT"))
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 40, 2, 11, 12), without=silent)
    report = letter.open_report("2022-Q1", ["42"], start=make_project(root, tmp_path, rows))
    pieces = write(report)
    texts = {name: plain(text) for name, text in pieces.items()}
    assert faults(report, pieces, root, register, laws) == []
    assert (
        f"(đạt tỷ lệ 42,00%) (chưa gồm {len(silent)} đơn vị chưa có đủ số liệu), trong đó"
        in texts["describe_opening"]
    )
    assert "yêu cầu" not in texts["describe_opening"] and "quan tâm" not in texts["describe_opening"]
    assert "| **Tỉnh Hà Tĩnh** | **300†** | **126†** | **42,00%†** | **–** |" in texts["table_groups"]
    assert "Dấu “†”: chưa gồm các đơn vị chưa có đủ số liệu." in texts["annex_units"]
    assert texts["plot_groups"] == ""


def test_each_absence_of_a_unit_is_told_apart_and_few_dossiers_blame_nobody(root, register, laws, tmp_path):
    """Sở Tư pháp reported zeros, Sở Xây dựng no total, Sở Công Thương lacks two of seven dossiers."""

    def counts(at: int, unit) -> tuple:
        return {"HT-STP": (0, 0, 0, 0, 0), "HT-SCT": (7, 0, 0, 0, 0)}.get(unit.code, (100, 40, 2, 11, 12))

    rows = [
        row for row in rows_of(register, "2022-Q1", counts) if (row[0], row[3]) != ("HT-SXD", "level_base")
    ]
    report = letter.open_report("2022-Q1", ["42"], start=make_project(root, tmp_path, rows))
    pieces = write(report)
    table = plain(pieces["annex_units"])
    assert faults(report, pieces, root, register, laws) == []
    assert "| Sở Tư pháp | 0 | 0 | – | – | 0 | – | 0 | – |" in table
    assert "| Sở Xây dựng | – | 42 | – | – | 11 | – | 12 | – |" in table
    assert "| Sở Công Thương | 7 | 0 | 0%* | 2 | 0 | 1 | 0 | 1 |" in table
    assert "chưa nghiêm túc" not in plain(pieces["describe_opening"])
    assert "còn thiếu nhiều nhất" not in plain(pieces["list_tasks"])


def test_counts_whose_total_is_not_known_stop_no_letter(root, register, laws, tmp_path):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 10, 2, 3, 0))
    rows = [row for row in rows if row[3] not in ("level_base", "post_returned")]
    report = letter.open_report("2022-Q1", ["42"], start=make_project(root, tmp_path, rows))
    pieces = write(report)
    assert faults(report, pieces, root, register, laws) == []
    assert plain(pieces["describe_opening"]).endswith(
        "chưa có tổng số hồ sơ để tính tỷ lệ hồ sơ nộp qua dịch vụ công mức độ 3, mức độ 4 (mới có số liệu 3.132 hồ sơ nộp "
        "qua các dịch vụ này), trong đó 2.610 hồ sơ mức độ 3, 522 hồ sơ mức độ 4; đồng thời tiếp nhận TTHC qua BCCI 783 hồ "
        "sơ (chưa có tổng số hồ sơ phát sinh để tính tỷ lệ); chưa có số liệu về trả kết quả TTHC qua BCCI."
    )


def test_a_quarter_of_zeros_had_nothing_to_divide(root, register, laws, tmp_path):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (0, 0, 0, 0, 0))
    report = letter.open_report("2022-Q1", ["42"], start=make_project(root, tmp_path, rows))
    pieces = write(report)
    assert faults(report, pieces, root, register, laws) == []
    text = plain(pieces["describe_opening"])
    assert "trong kỳ không phát sinh hồ sơ để tính tỷ lệ hồ sơ nộp qua dịch vụ công" in text
    assert "đạt" not in text.split("Qua báo cáo")[1], "nobody met a target"


def test_a_direction_of_the_post_that_was_not_reported_meets_no_target(root, register, tmp_path):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 20, 2, 11, 0))
    rows = [row for row in rows if row[3] != "post_returned"]
    text = write_plain(make_project(root, tmp_path, rows), "2022-Q1")["describe_opening"]
    assert text.endswith("(đạt tỷ lệ 11,00%); chưa có số liệu về trả kết quả TTHC qua BCCI.")


def test_a_share_among_others_that_is_not_compared_says_why(root, register, tmp_path):
    rows = rows_of(register, "2022-Q1", lambda at, unit: (100, 20, 2, 11, 10))
    before = rows_of(register, "2021-Q4", lambda at, unit: (100, 10, 2, 11, 10))
    rows += [row for row in before if row[3] != "post_returned"]
    text = write_plain(make_project(root, tmp_path, rows), "2022-Q1")["describe_changes"]
    assert (
        "tỷ lệ hồ sơ tiếp nhận qua BCCI không thay đổi; tỷ lệ hồ sơ trả kết quả qua BCCI không so sánh được vì không có số "
        "liệu của kỳ đó." in text
    )


# --- bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("period", ["2022-Q3", "2022-Q4", "2025-Q1"])
def test_quarters_after_the_levels_ended_are_refused(period, detailed):
    with pytest.raises(
        UserError, match="sau ngày 14/08/2022, ngày cuối cùng .* chậm nhất là 2022-Q2 hoặc lập báo cáo"
    ):
        letter.open_report(period, ["42"], start=detailed)


@pytest.mark.parametrize("period", ["2018-Q1", "2018-Q2"])
def test_quarters_before_the_directive_are_refused(period, detailed):
    with pytest.raises(UserError, match="chưa có hiệu lực trong cả quý; hãy chọn quý từ 2018-Q3 đến 2022-Q2"):
        letter.open_report(period, ["42"], start=detailed)


@pytest.mark.parametrize("period", ["2019", "2019-01", "2019-H1", "2019-01-01..2019-03-31"])
def test_only_quarters_have_a_letter(period, detailed):
    with pytest.raises(UserError, match="lập theo quý vì chỉ tiêu của Chỉ thị tính theo quý"):
        letter.open_report(period, ["42"], start=detailed)


def test_only_the_province_has_a_letter(detailed):
    with pytest.raises(UserError, match="chỉ lập cho toàn tỉnh, nhận được «Sở Nội vụ»"):
        letter.open_report("2019-Q1", ["HT-SNV"], start=detailed)


def test_a_quarter_without_figures_is_one_sentence(detailed):
    with pytest.raises(
        NoDataError, match="Không có số liệu thực hiện Chỉ thị 08/CT-UBND của tỉnh Hà Tĩnh trong kỳ quý III"
    ):
        letter.open_report("2020-Q3", ["42"], start=detailed)


def test_the_letter_is_written_in_the_month_after_the_quarter():
    days = [reading.letter_day(Period.parse(f"2021-Q{number}")) for number in range(1, 5)]
    assert [vn.format_date(day, "short") for day in days] == [
        "30/04/2021",
        "31/07/2021",
        "31/10/2021",
        "31/01/2022",
    ]
