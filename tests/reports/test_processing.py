"""The report on dossiers: from published figures alone, from every unit's figures, for one unit, across a reform."""

from __future__ import annotations

import csv
import re
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from baocao.reports.processing import review

from baocao.analysis import rates
from baocao.analysis.subject import CHOSEN
from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import NoDataError, UserError
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import processing as memo
from conftest import make_project, plain

PIECES = (
    "describe_opening", "describe_dossiers", "table_groups", "plot_outcomes", "describe_online",
    "describe_digitisation", "describe_payment", "describe_changes", "table_changes", "describe_trend",
    "describe_unit_changes", "describe_units", "plot_online", "list_tasks", "close_memo", "annex_units",
    "annex_definitions",
)  # fmt: skip


# --- facts of our own --------------------------------------------------------------------------------------------
def counts_of(at: int, grown: int = 0) -> dict[str, int]:
    """One unit's counts, balanced: the more `grown`, the more were received and filed online."""
    late, overdue = (3 if at % 7 == 0 else 0), (2 if at % 10 == 0 else 0)
    online, direct, carried, resolved = 40 + at % 40 + grown, 50, 10, 90
    pending = online + direct + carried - resolved
    return {
        "filed_online": online, "filed_direct": direct, "received": online + direct, "carried_over": carried,
        "resolved_early": 60, "resolved_on_time": 30 - late, "resolved_late": late, "resolved": resolved,
        "pending_in_time": pending - overdue, "pending_overdue": overdue, "pending": pending,
        "online_base": online + direct, "digitisation_base": 100, "dossier_digitised": 100 - at % 3,
        "result_base": 80, "result_digitised": 80, "fee_bearing": 20, "paid_online": 15 + at % 5,
    }  # fmt: skip


def leaf_units(register, day: date) -> list:
    return [unit for unit in register.on(day) if unit.kind in rates.LEAF_KINDS]


def month_rows(register, month: str, last: str, grown: int = 0, without: tuple[str, ...] = ()) -> list[tuple]:
    return [
        (unit.code, f"{month}-01", last, name, value)
        for at, unit in enumerate(leaf_units(register, date.fromisoformat(last)))
        if unit.code not in without
        for name, value in counts_of(at, grown).items()
    ]


@pytest.fixture(scope="module")
def published(root, tmp_path_factory):
    """Only what S-001 and S-003 printed."""
    with (root / "data" / "raw" / "bao_cao_da_cong_bo_so_lieu.csv").open(encoding="utf-8-sig") as file:
        rows = [tuple(row) for row in csv.reader(file)][1:]
    return make_project(root, tmp_path_factory.mktemp("published"), {"da_cong_bo.csv": ("published", rows)})


@pytest.fixture(scope="module")
def complete(root, register, tmp_path_factory):
    """Every unit in June, July and August 2025; all but 18229 in September; an unbalanced one in October."""
    rows = [
        *[
            ("18229", "2025-10-01", "2025-10-31", name, value)
            for name, value in {**counts_of(0), "pending_in_time": 0, "pending": 2}.items()
        ],
        *month_rows(register, "2025-06", "2025-06-30"),
        *month_rows(register, "2025-07", "2025-07-31"),
        *month_rows(register, "2025-08", "2025-08-31", grown=5),
        *month_rows(register, "2025-09", "2025-09-30", without=("18229",)),
    ]
    return make_project(root, tmp_path_factory.mktemp("complete"), {"don_vi.csv": ("received", rows)})


# --- writing and reading -----------------------------------------------------------------------------------------
class Written:
    """A report written out: its pieces as Markdown and as plain text."""

    def __init__(self, period: str, units: list[str], start: Path) -> None:
        self.report = memo.open_report(period, units, start=start)
        bases, changes = memo.read_bases(self.report), memo.read_unit_changes(self.report)
        further = {
            "describe_changes": bases, "table_changes": bases, "describe_unit_changes": changes, "annex_units": changes,
        }  # fmt: skip
        self.markdown = {
            name: str(getattr(memo, name)(self.report, *([further[name]] if name in further else [])))
            for name in PIECES
        }
        self.text = {name: plain(piece) for name, piece in self.markdown.items()}
        self.markdown["sample_mark"] = str(memo.sample_mark(self.report.claims))

    def faults(self, root, register, laws) -> list[str]:
        written = "\n\n".join(piece.strip("\n") for piece in self.markdown.values())
        source = read_blocks(pandoc.parse(written, root))
        return [
            str(fault) for fault in Checker(laws, register).check(source, dict(self.report.claims.record()))
        ]

    def claims(self) -> list[dict]:
        return self.report.claims.record()["claims"]

    def units_named(self) -> set[str]:
        return set(re.findall(r'data-don-vi="([^"]+)"', "".join(self.markdown.values())))


@pytest.fixture(scope="module")
def july(published):
    return Written("2025-07-01..2025-07-24", ["42"], published)


@pytest.fixture(scope="module")
def august(complete):
    return Written("2025-08", ["42"], complete)


@pytest.fixture(scope="module")
def summer(complete):
    """A window across the reform of 01/07/2025."""
    return Written("2025-06-01..2025-07-31", ["42"], complete)


@pytest.mark.parametrize("name", ["july", "august", "summer"])
def test_every_figure_is_accounted_for(request, name, root, register, laws):
    assert request.getfixturevalue(name).faults(root, register, laws) == []


@pytest.mark.parametrize(
    "units",
    [
        ["xã Đức Thọ"],
        ["xã Sơn Kim 1"],
        ["Sở Công Thương"],
        ["Sở Công Thương", "Sở Nội vụ", "xã Đức Thọ"],
        ["42X"],
        ["land-offices"],
    ],
)
def test_only_the_units_asked_for_are_named(complete, root, register, laws, units):
    written = Written("2025-08", units, complete)
    assert written.faults(root, register, laws) == []
    chosen = written.report.setting.units
    inside = {unit.code for unit in (*chosen, *written.report.members)} | {CHOSEN.code}
    made_of = {
        edge.old_code
        for edge in register.edges
        if edge.new_code in inside and edge.effective_date.year == 2025
    }
    named = {code for code in written.units_named() if not code.startswith("42-")}
    assert named <= inside | made_of, "units, and those they were made of where last year is spoken of"
    assert {claim["unit"] for claim in written.claims() if not claim["unit"].startswith("42-")} <= inside


# --- S-001 from published figures alone --------------------------------------------------------------------------
def test_published_figures_are_told_as_they_are(july):
    assert july.text["describe_dossiers"] == (
        "Tổng số hồ sơ TTHC nhận giải quyết ở hai cấp chính quyền là 47.411 hồ sơ, trong đó: tiếp nhận trong kỳ 35.510 "
        "hồ sơ (cấp tỉnh 2.131 hồ sơ, cấp xã 33.379 hồ sơ); kỳ trước chuyển qua 11.901 hồ sơ. Đã giải quyết 29.105 hồ "
        "sơ, trong đó: trước hạn 21.307 hồ sơ, đúng hạn 7.218 hồ sơ, quá hạn 580 hồ sơ. Tỷ lệ hồ sơ giải quyết trước và "
        "đúng hạn đạt 98,01% (28.525/29.105 hồ sơ). Đang giải quyết 18.306 hồ sơ (chưa có số liệu trong hạn và quá "
        "hạn). Đối chiếu cân đối: tiếp nhận trong kỳ và kỳ trước chuyển qua 35.510 + 11.901 = 47.411 hồ sơ; đã giải "
        "quyết và đang giải quyết 29.105 + 18.306 = 47.411 hồ sơ; hai vế bằng nhau, số liệu khớp."
    )


def test_denominators_that_differ_are_said_to_differ(july):
    text = july.text["describe_online"]
    assert (
        "là 21.132/35.526 hồ sơ, đạt tỷ lệ 59,48%; trong đó: cấp tỉnh 2.024/2.132 hồ sơ, đạt 94,93%" in text
    )
    assert (
        "Mẫu số theo bảng theo dõi nộp trực tuyến (35.526 hồ sơ) nhiều hơn 16 hồ sơ so với số hồ sơ tiếp nhận trong kỳ "
        "theo Biểu tổng hợp (35.510 hồ sơ): hai số lấy từ hai bảng khác nhau" in text
    )
    assert (
        "(23.481 hồ sơ) ít hơn 5.624 hồ sơ so với số hồ sơ đã giải quyết"
        in july.text["describe_digitisation"]
    )
    assert (
        "phí, lệ phí của cấp tỉnh (3.763 hồ sơ) nhiều hơn 1.632 hồ sơ so với số hồ sơ tiếp nhận trong kỳ (2.131 hồ sơ)"
        in july.text["describe_payment"]
    )
    assert "thống nhất phạm vi thống kê và mẫu số" in july.text["list_tasks"]
    assert text.endswith(
        "Không xét đạt hay chưa đạt chỉ tiêu về tỷ lệ nộp trực tuyến vì trong kỳ chưa có chỉ tiêu có hiệu lực."
    )


def test_99_997_is_not_printed_as_100(july):
    assert "là 35.500/35.501 hồ sơ, đạt tỷ lệ 99,99%" in july.text["describe_digitisation"]


def test_a_report_of_published_figures_is_no_sample_and_lists_no_units(july):
    assert july.markdown["sample_mark"] == ""
    assert july.text["describe_units"] == "Chưa có số liệu của từng đơn vị nên không so sánh giữa các đơn vị."
    assert july.text["plot_online"] == ""
    assert "Dấu “–”: chưa có số liệu" in july.text["table_groups"]
    assert "Lưu ý về số liệu" in july.text["annex_definitions"]
    assert "ghi 35.501" in july.text["annex_definitions"]


def test_no_comparison_without_figures(july):
    assert july.text["describe_changes"] == (
        "Không so sánh với kỳ từ ngày 07/06/2025 đến ngày 30/06/2025 và kỳ từ ngày 01/07/2024 đến ngày 24/07/2024 vì "
        "không có số liệu của kỳ đó."
    )


def test_the_first_quarter_of_2019_is_told_with_its_target(published, root, register, laws):
    quarter = Written("2019-Q1", ["42"], published)
    assert quarter.faults(root, register, laws) == []
    assert (
        "Số hồ sơ nộp qua dịch vụ công trực tuyến mức độ 3, mức độ 4 trên tổng số hồ sơ phát sinh là 2.668/34.996 hồ "
        "sơ, đạt tỷ lệ 7,62%, chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị 08/CT-UBND ngày 17/5/2018 của UBND tỉnh Hà "
        "Tĩnh), còn thiếu 12,38 điểm phần trăm, tương ứng 4.332 hồ sơ." in quarter.text["describe_online"]
    )
    assert (
        "Chưa đối chiếu được cân đối số liệu vì thiếu: hồ sơ tiếp nhận trong kỳ;"
        in quarter.text["describe_dossiers"]
    )
    assert "một phần" not in quarter.text["describe_online"]
    assert "Không xét đạt" not in quarter.text["describe_online"]
    assert quarter.text["plot_outcomes"] == ""


# --- every unit reported -----------------------------------------------------------------------------------------
def test_totals_are_the_sums_of_all_units(august):
    units = [counts_of(at, 5) for at in range(96)]
    received, online = (sum(counts[name] for counts in units) for name in ("received", "filed_online"))
    assert f"tiếp nhận trong kỳ {vn.format_number(received)} hồ sơ" in august.text["describe_dossiers"]
    assert (
        f"là {vn.format_number(online)}/{vn.format_number(received)} hồ sơ" in august.text["describe_online"]
    )
    assert "hai vế bằng nhau, số liệu khớp." in august.text["describe_dossiers"]
    assert "nhiều hơn" not in august.text["describe_online"]


def test_changes_name_points_and_per_cent_apart(august):
    before = [counts_of(at) for at in range(96)]
    after = [counts_of(at, 5) for at in range(96)]
    received = [sum(one["received"] for one in month) for month in (before, after)]
    online = [sum(one["filed_online"] for one in month) for month in (before, after)]
    growth = Fraction(100 * (received[1] - received[0]), received[0])
    points = Fraction(100 * online[1], received[1]) - Fraction(100 * online[0], received[0])
    text = august.text["describe_changes"]
    assert text.startswith(
        f"So với tháng 7 năm 2025: số hồ sơ tiếp nhận tăng {vn.format_number(growth, 2)}% (kỳ đó "
        f"{vn.format_number(received[0])} hồ sơ); tỷ lệ giải quyết trước và đúng hạn không thay đổi (kỳ đó "
    )
    assert (
        f"tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng {vn.format_number(points, 2)} điểm phần trăm" in text
    )
    assert text.endswith("Không so sánh với tháng 8 năm 2024 vì không có số liệu của kỳ đó.")


def named_in(sentence: str, units) -> set[str]:
    names = {unit.official_name: unit.code for unit in units}
    items = sentence.split(": ", 1)[1]
    return {names[found] for found in re.findall(r"(?:^|; )([^();]+) \(", items) if found in names}


def test_units_are_chosen_by_the_printed_rule_with_all_ties(august):
    """The rule applied anew, from the counts, without the code under test."""
    report = august.report
    communes = [(at, unit) for at, unit in enumerate(report.members) if unit.kind == "commune"]
    share = {
        unit.code: Fraction(counts_of(at, 5)["filed_online"], counts_of(at, 5)["received"])
        for at, unit in communes
    }
    total = [sum(counts_of(at, 5)[name] for at, _ in communes) for name in ("filed_online", "received")]
    common = Fraction(*total)
    printed = {code: vn.round_half_up(100 * value, 2) for code, value in share.items()}
    clean = {unit.code for at, unit in communes if not counts_of(at, 5)["pending_overdue"]}
    above = sorted((printed[code] for code in clean if share[code] >= common), reverse=True)
    below = sorted(value for code, value in printed.items() if share[code] < common)
    best = {code for code in clean if printed[code] >= above[4]}
    weakest = {code for code, value in printed.items() if value <= below[4]}
    sentences = re.split(
        r"(?<=\.) (?=Ghi nhận|Còn hạn chế|Không có|Hồ sơ quá hạn)", august.text["describe_units"]
    )
    (praise,) = [one for one in sentences if one.startswith("Ghi nhận các đơn vị cấp xã")]
    (blame,) = [one for one in sentences if one.startswith("Còn hạn chế tại các đơn vị cấp xã")]
    assert 0 < len(clean) < 69
    assert f"cao nhất trong {len(clean)} đơn vị được xét không có hồ sơ đang giải quyết quá hạn" in praise
    assert named_in(praise, report.members) == best
    assert named_in(blame, report.members) == weakest
    assert f"dưới mức chung {vn.format_percent(*total)}" in blame


def test_a_long_tie_is_counted_and_never_cut(august):
    """Units that resolved everything in time; of those with nothing pending overdue they are the best."""
    on_time = [at for at in range(96) if counts_of(at)["resolved_late"] == 0]
    clean = [at for at in range(96) if counts_of(at)["pending_overdue"] == 0]
    praised = len({*on_time} & {*clean})
    assert praised < len(on_time)
    assert (
        f"có tỷ lệ giải quyết trước và đúng hạn cao nhất trong {len(clean)} đơn vị được xét không có hồ sơ đang giải "
        f"quyết quá hạn: {praised} đơn vị cùng đạt 100% (nêu tại Phụ lục I)." in august.text["describe_units"]
    )
    weak = 96 - len(on_time)
    assert f"{weak} đơn vị cùng đạt 96,67% (nêu tại Phụ lục I)." in august.text["describe_units"]


def test_overdue_dossiers_are_those_of_the_units(august):
    overdue = [counts_of(at, 5)["resolved_late"] + counts_of(at, 5)["pending_overdue"] for at in range(96)]
    assert (
        f"có ở {sum(value > 0 for value in overdue)} đơn vị; năm đơn vị có nhiều nhất"
        in august.text["describe_units"]
    )
    most = review.most_overdue_units(august.report)
    assert most["value"].tolist() == sorted((value for value in overdue if value), reverse=True)
    first = next(at for at, value in enumerate(overdue) if value == 5)
    assert (
        f"{august.report.members[first].official_name} 05 hồ sơ (03 đã giải quyết quá hạn, 02 đang"
        in (august.text["describe_units"])
    )


def test_tasks_are_addressed_to_the_units_that_the_review_names(august):
    text = august.text["list_tasks"]
    _, weakest = review.choose(
        august.report, review.ONLINE, *next(
            (units, level) for level, units in review.units_by_level(august.report) if level.code == "42X"
        )
    )  # fmt: skip
    names = {unit.code: unit.official_name for unit in august.report.members}
    for code in weakest["unit"]:
        assert names[code] in text
    assert "Chủ tịch UBND các xã, phường tập trung thực hiện" in text
    assert "huyện" not in text
    assert "1. Các đơn vị có hồ sơ quá hạn, nhất là" in text


def test_the_report_ends_with_its_mark(august):
    assert august.text["close_memo"].endswith("UBND tỉnh báo cáo./.")


def test_the_annex_lists_every_unit_and_every_subtotal(august):
    first, second = august.markdown["annex_units"].split("Nộp hồ sơ trực tuyến, số hóa")
    for table in (first, second):
        rows = [line for line in table.splitlines() if line.startswith("| ") and "data-don-vi" in line]
        assert len(rows) == 96 + 3 + 1
    assert 'class="phu-luc ngang"' in first
    assert "II. Chi nhánh Văn phòng Đăng ký đất đai" in plain(first)
    assert "III. Xã, phường" in plain(first)
    assert "thị trấn" not in plain(first)


def test_every_rate_used_is_defined_in_the_annex(august):
    text = august.text["annex_definitions"]
    for claim in august.claims():
        if claim["form"] == "percent":
            assert claim["label"].split(",")[0] in text
    assert "không phải trung bình cộng các tỷ lệ" in text
    assert "tính vào cấp tỉnh" in text
    assert august.report.setting.facts.fingerprint[:16] in text


def test_a_chart_tells_its_figures_in_its_alternative_text(august):
    assert (
        'data-mo-ta="Biểu đồ thanh, số hồ sơ đã giải quyết. Cấp tỉnh: trước hạn 1.620'
        in august.markdown["plot_outcomes"]
    )
    assert "Mức chung" in august.markdown["plot_online"]


# --- a unit that did not report ----------------------------------------------------------------------------------
def test_a_missing_report_is_named_and_printed_as_a_dash(complete, root, register, laws):
    september = Written("2025-09", ["42"], complete)
    assert september.faults(root, register, laws) == []
    assert (
        "Số cộng chưa đủ vì thiếu báo cáo của 01 đơn vị (xã Đức Thọ) về:"
        in september.text["describe_dossiers"]
    )
    (row, *_) = [line for line in september.markdown["annex_units"].splitlines() if "Xã Đức Thọ" in line]
    assert set(plain(row).strip("| ").split(" | ")[1:]) == {"–"}
    assert "So với tháng 8 năm 2025: số hồ sơ tiếp nhận" not in september.text["describe_changes"]


# --- one unit, several units -------------------------------------------------------------------------------------
def test_one_unit(complete):
    written = Written("2025-08", ["xã Đức Thọ"], complete)
    assert "Tổng số hồ sơ TTHC nhận giải quyết của xã Đức Thọ là" in written.text["describe_dossiers"]
    assert written.text["table_groups"] == ""
    assert written.text["plot_online"] == ""
    assert "UBND tỉnh chỉ đạo UBND xã Đức Thọ tập trung" in written.text["list_tasks"]
    assert "Số liệu chi tiết của xã Đức Thọ tháng 8 năm 2025" in written.text["annex_units"]
    assert "So với tháng 7 năm 2025: số hồ sơ tiếp nhận tăng" in written.text["describe_changes"]


def test_one_unit_overdue_or_not(complete, register):
    units = leaf_units(register, date(2025, 8, 31))
    late, clean = Written("2025-08", [units[0].code], complete), Written("2025-08", [units[1].code], complete)
    assert late.text["describe_units"] == (
        "Đơn vị có 05 hồ sơ quá hạn, gồm 03 đã giải quyết quá hạn và 02 đang giải quyết quá hạn."
    )
    assert clean.text["describe_units"] == "Không có hồ sơ quá hạn, kể cả hồ sơ đang giải quyết."
    assert "dứt điểm hồ sơ quá hạn" in late.text["list_tasks"]
    assert "quá hạn" not in clean.text["list_tasks"]


def test_chosen_units_are_added_up(complete):
    written = Written("2025-08", ["HT-SCT", "HT-SNV"], complete)
    assert written.report.subject == CHOSEN
    assert "của các đơn vị nêu trong báo cáo là" in written.text["describe_dossiers"]
    total = sum(written.report.board.value(unit, "received") for unit in written.report.members)
    assert written.report.board.value(CHOSEN, "received") == total


def test_an_identity_that_does_not_hold_is_said_not_to(complete):
    written = Written("2025-10", ["xã Đức Thọ"], complete)
    assert "90 + 10 = 100 hồ sơ" in written.text["describe_dossiers"]
    assert (
        "90 + 02 = 92 hồ sơ; hai vế chênh nhau 08 hồ sơ, phải rà soát trước"
        in written.text["describe_dossiers"]
    )


# --- across a reform ---------------------------------------------------------------------------------------------
def test_a_window_across_the_reform_counts_old_and_new_units(summer, register):
    received = sum(
        counts_of(at)["received"]
        for day in (date(2025, 6, 30), date(2025, 7, 1))
        for at in range(len(leaf_units(register, day)))
    )
    assert f"tiếp nhận trong kỳ {vn.format_number(received)} hồ sơ" in summer.text["describe_dossiers"]
    assert "ở ba cấp chính quyền" in summer.text["describe_dossiers"]
    assert "Số liệu của cấp huyện tính đến hết ngày 30/06/2025" in summer.text["describe_dossiers"]


def test_units_that_ended_are_told_together_and_nobody_is_counted_twice(summer, register):
    text = summer.text["annex_units"]
    assert text.count("Đơn vị kết thúc hoạt động trong kỳ") == 2 * 2  # districts and communes, in both tables
    assert "hồ sơ bàn giao giữa các đơn vị khi sắp xếp không tính hai lần" in text
    carried_over = summer.report.board.value(summer.report.subject, "carried_over")
    assert carried_over == 10 * len(leaf_units(register, date(2025, 6, 30)))


def test_a_level_that_took_over_dossiers_says_why_its_sides_differ(complete):
    written = Written("2025-06-01..2025-07-31", ["42X"], complete)
    assert "gồm hồ sơ bàn giao giữa các cấp khi sắp xếp đơn vị trong kỳ." in written.text["describe_dossiers"]


def test_a_unit_that_began_inside_the_window_says_so(complete):
    written = Written("2025-06-01..2025-07-31", ["xã Đức Thọ"], complete)
    assert (
        "sắp xếp lại từ ngày 01/07/2025; số liệu của kỳ báo cáo tính từ ngày này."
        in written.text["describe_dossiers"]
    )
    assert "kỳ trước chuyển qua 10 hồ sơ" in written.text["describe_dossiers"]


def test_units_of_a_part_of_the_window_are_not_judged_beside_the_others(summer, register):
    """The communes of July 2025 in a window from June: their own figures stand in the annex, their names in no list."""
    began = [unit for unit in summer.report.members if not unit.valid_on(date(2025, 6, 1))]
    assert {unit.kind for unit in began} >= {"commune"}
    told = summer.text["describe_units"]
    assert f"Không xét {len(began)} đơn vị chỉ hoạt động trong một phần của kỳ." in told
    lines = summer.markdown["describe_units"].split("\n\n")
    judged = "".join(line for line in lines if not line.startswith("Hồ sơ quá hạn"))  # a number is no rate
    named = re.findall(r'data-don-vi="([^"]+)"', judged)
    assert named and not {unit.code for unit in began} & {*named}
    assert all(unit.full_name in summer.text["annex_units"] for unit in began)


# --- bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "units", "sentence"),
    [
        ("2025-13", ["42"], "Kỳ báo cáo «2025-13» không hợp lệ"),
        ("2025-07", ["xã Đức Thụ"], "«xã Đức Thụ»"),
        ("2025-07", 99999, "«99999»"),
        ("2025-07", True, "«True»"),
        (20257, ["42"], "Kỳ báo cáo «20257» không hợp lệ"),
        ("2025-07", [], "Danh sách đơn vị trống"),
        ("2025-07", ["42", "42"], "được nêu hai lần"),
        ("2025-07", ["huyện Đức Thọ"], "không có hiệu lực"),
    ],
)
def test_a_wrong_parameter_is_told_in_one_sentence(complete, period, units, sentence):
    with pytest.raises(UserError) as caught:
        memo.open_report(period, units, start=complete)
    assert sentence in str(caught.value)


@pytest.mark.parametrize("units", [42, "42", (42,), [42]])
def test_numbers_are_the_codes_that_papermill_and_yaml_made_them_of(complete, units):
    assert [one.code for one in memo.open_report("2025-07", units, start=complete).setting.units] == ["42"]


@pytest.mark.parametrize(
    ("period", "units", "who"),
    [
        ("2030-01", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 01 năm 2030"),
        ("2025-09", ["xã Đức Thọ"], "xã Đức Thọ trong kỳ tháng 9 năm 2025"),
        ("2025-07@15", ["42"], "tỉnh Hà Tĩnh trong kỳ tháng 7 năm 2025"),
        ("2025-07", ["01"], "thành phố Hà Nội"),
        (
            "2030-01",
            ["departments"],
            "Ban Quản lý Khu kinh tế tỉnh, Sở Công Thương, Sở Giáo dục và Đào tạo và 11 đơn vị",
        ),
    ],
)
def test_a_period_or_unit_without_facts(complete, period, units, who):
    with pytest.raises(NoDataError) as caught:
        memo.open_report(period, units, start=complete)
    assert f"Không có số liệu tiếp nhận, giải quyết hồ sơ của {who}" in str(caught.value)
