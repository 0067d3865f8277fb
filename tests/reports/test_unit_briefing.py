"""The briefing of one unit: two pages for every unit, computed gaps, bridges and refusals in words, nobody else named."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from baocao.analysis.lineage import bridge_units
from baocao.definitions import LEAF_KINDS, NoDataError, Period, Unit, UserError, addressee
from baocao.publishing import deliver as delivery
from baocao.publishing import pandoc, quarto
from baocao.publishing.check_claims import Checker
from baocao.publishing.check_finished import check_finished
from baocao.publishing.context import BuildContext
from baocao.publishing.document_blocks import read_blocks
from baocao.publishing.finished_text import READERS
from baocao.publishing.render import Rendering
from baocao.publishing.spec import fill, load_spec
from baocao.store import process_cache
from conftest import (
    WrittenMemo,
    as_notebook,
    copy_project,
    deliver,
    make_project,
    plain,
    render_alone,
    write_memo,
)

JULY = "2025-07"
NOT_ENOUGH = "Chưa đủ số liệu để nêu nhiệm vụ ưu tiên"


@pytest.fixture(scope="module", autouse=True)
def read_once():
    """The facts of a project are opened once: many units are written from the same ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_cache, "_kept", {})
        yield


# --- writing and reading -----------------------------------------------------------------------------------------
def write(project: Path, unit: str, period: str = JULY) -> WrittenMemo:
    return write_memo(project, "unit_briefing", period, [unit])


def faults(written: WrittenMemo, root: Path, checker: Checker) -> list[str]:
    source = read_blocks(pandoc.parse("\n\n".join(written.pieces), root))
    return [str(fault) for fault in checker.check(source, dict(written.memo.claims.record()))]


def cells(written: WrittenMemo, row: str) -> list[str]:
    """The cells of the table's row that begins with this label."""
    lines = [line for line in written.markdown("figures").splitlines() if line.startswith("| ")]
    rows = [[plain(cell).replace("**", "") for cell in line.strip("|").split("|")] for line in lines]
    (wanted,) = [row_cells for row_cells in rows if row_cells[0] == row]
    return wanted


def labels(written: WrittenMemo) -> str:
    """What stands in the chart."""
    return " ".join(label["text"] for label in written.memo.claims.record()["charts"][0])


def finished(written: WrittenMemo, root: Path, kind: str, target: Path, renderer: str = "embedded"):
    """The finished file and the faults that the last gate finds in it."""
    period, unit = written.memo.period, written.memo.subject.unit
    names = {"period": period.name, "unit": unit.official_name, "addressee": addressee(unit)}
    letter = {
        key: [fill(one, names) for one in value] if isinstance(value, list) else fill(value, names)
        for key, value in load_spec(root, root / "reports" / "unit_briefing.yml").letter.items()
    }
    notebook = as_notebook(written.pieces, written.memo.claims, letter)
    parsed = pandoc.parse(delivery.document_markdown(notebook), root)
    render_alone(Rendering(notebook, parsed, {kind: target}, period.end), renderer, root)
    read, record = READERS[kind](target), dict(written.memo.claims.record())
    return read, [str(fault) for fault in check_finished(read_blocks(parsed), read, record)]


@pytest.fixture(scope="session")
def checker(laws, register) -> Checker:
    return Checker(laws, register)


# --- every unit of the sample ------------------------------------------------------------------------------------
@pytest.mark.parametrize("part", range(6))
def test_every_unit_is_told_without_a_fault(part, sampled, root, register, checker):
    units = [unit for unit in register.on(date(2025, 7, 31)) if unit.kind in LEAF_KINDS]
    assert len(units) == 96
    for unit in units[part::48]:  # an eighth of them; `make briefing` builds and verifies every one
        written = write(sampled, unit.code)
        assert faults(written, root, checker) == [], unit.label
        bases = [Period.parse(code) for code in ("2025-06", "2024-07")]
        old = bridge_units(register, [unit], written.memo.period, *bases)
        allowed = {unit.code, "42", f"42-{unit.kind}", *(one.code for one in old)}
        assert set(re.findall(r'data-don-vi="([^"]+)"', "".join(written.pieces))) <= allowed, unit.label


RENDERED = {
    "a commune": (JULY, "xã Đức Thọ"),
    "a department": (JULY, "Sở Văn hóa, Thể thao và Du lịch"),
    "a land office, the longest name": (JULY, "HT-CN-TPHATINH"),
    "a ward that took in a part of one that was split": (JULY, "phường Thành Sen"),
    "a ward that took in a part of the other": (JULY, "phường Sông Trí"),
    "the longest bridge": (JULY, "xã Hương Sơn"),
    "no dossier that bears a fee": (JULY, "Thanh tra tỉnh"),
    "a district": ("2025-05", "huyện Đức Thọ"),
    "a commune of before": ("2025-05", "phường Nam Hà"),
    "a department across its reform, bridged": ("2025-03", "Sở Tài chính"),
    "a department across its reform, refused": ("2025-03", "Sở Nội vụ"),
    "levels and targets in force": ("2022-05", "huyện Đức Thọ"),
    "a quarter without earlier figures": ("2019-Q1", "huyện Đức Thọ"),
    "days of the first month": ("2025-07-01..2025-07-24", "xã Đức Thọ"),
    "a window across the reform": ("2025-M7", "xã Đức Thọ"),
    "a year": ("2024", "thị xã Hồng Lĩnh"),
}


@pytest.mark.parametrize("case", RENDERED)
def test_a_briefing_has_two_pages(case, sampled, root, checker, tmp_path):
    period, unit = RENDERED[case]
    written = write(sampled, unit, period)
    assert faults(written, root, checker) == []
    file, wrong = finished(written, root, "pdf", tmp_path / "x.pdf")
    assert (len(file.pages), wrong) == (2, [])


def test_the_page_for_the_screen_says_the_same(sampled, root, tmp_path):
    assert finished(write(sampled, "xã Đức Thọ"), root, "html", tmp_path / "x.html")[1] == []


@pytest.mark.skipif(
    (quarto.version() or (0,)) < quarto.MINIMUM, reason="QUARTO KHÔNG CÓ: cần Quarto 1.9 trở lên trên PATH"
)
def test_quarto_makes_the_same_two_pages(sampled, root, tmp_path):
    written = write(sampled, "HT-CN-TPHATINH")
    one, wrong = finished(written, root, "pdf", tmp_path / "quarto.pdf", "quarto")
    other, _ = finished(written, root, "pdf", tmp_path / "embedded.pdf")
    assert wrong == [] and [page.body for page in one.pages] == [page.body for page in other.pages]


def test_the_notebook_and_the_spec_deliver_it(sampled, tmp_path):
    project = copy_project(sampled, tmp_path / "du-an")
    spec = load_spec(project, project / "reports" / "unit_briefing.yml")
    spec = replace(spec, units=("Sở Y tế",), formats=("pdf",))
    outcome = deliver(spec, project / "reports" / "build", BuildContext.open(project))
    assert (outcome.outcome, outcome.problems) == ("built", [])
    folder = project / "reports" / "build" / outcome.folder
    pages = READERS["pdf"](next(folder.glob("*.pdf"))).pages
    assert len(pages) == 2
    assert "Kếtquảtiếpnhận,giảiquyếtthủtụchànhchínhcủaSởYtếtháng7năm2025Kínhgửi:SởYtế" in pages[0].body


# --- what one briefing says --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def commune(sampled) -> WrittenMemo:
    return write(sampled, "xã Đức Thọ")


def test_the_summary_has_rates_beside_the_groups_with_ranks_and_the_largest_gap(commune):
    online, summary = cells(commune, "Trực tuyến / tiếp nhận"), commune["summary"]
    assert f"đạt {online[2]} (mức chung của các xã, phường là {online[4]}), xếp thứ {online[6]}." in summary
    overdue = cells(commune, "Đang giải quyết quá hạn")[1]
    assert f"; còn {overdue} hồ sơ đang giải quyết đã quá hạn." in summary
    first = commune.names["todo"][0]
    assert f"Nhiệm vụ ưu tiên: {first.of.indicator.inside}, còn thiếu {first.number} hồ sơ" in summary


def test_a_unit_of_a_part_of_the_window_has_no_rank_and_no_level(sampled):
    """July inside "07 tháng": told since when, beside nobody; a department of the whole window is judged as ever."""
    written, told = write(sampled, "xã Đức Thọ", "2025-M7"), "Đơn vị chỉ hoạt động trong một phần của kỳ"
    assert "của xã Đức Thọ (đơn vị hoạt động từ ngày 01/07/2025) như sau:" in written["opening"]
    assert not {rate.rank.value for rate in written.names["rates"]} - {None}
    assert "xếp thứ" not in written["summary"] and "mức chung" not in written["summary"]
    assert [task.of.name for task in written.names["todo"]] == ["pending_overdue"]
    assert told in written["method"]
    whole = write(sampled, "HT-STP", "2025-M7")
    assert "xếp thứ" in whole["summary"] and told not in whole["method"]
    rank = whole.names["on_time_rate"].rank
    assert "HT-SNNMT" not in {unit.code for unit in rank.units}
    assert rank.place.out_of == sum(rank.of.at(unit).denominator >= 30 for unit in rank.units)


def test_the_table_holds_every_figure_of_unit_group_and_province(commune):
    everyone = [commune.names[name] for name in ("subject", "peers", "province")]
    for name, figure in commune.names["figures"].items():
        if not figure.is_rate:
            assert [cells(commune, name)[at] for at in (1, 4, 5)] == [
                _dotted(figure.at(one).value) for one in everyone
            ]
        elif figure.known:
            parts = f"{_dotted(figure.numerator)}/{_dotted(figure.denominator)}"
            assert cells(commune, figure.indicator.short)[1] == parts


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def test_the_gap_of_each_rate_is_the_dossiers_missing_to_the_groups_rate(commune):
    rates = [rate for rate in commune.names["rates"] if rate.known]
    assert len(rates) == 7
    for rate in rates:
        told = cells(commune, rate.indicator.short)[3]
        missing = 0 if told == "đạt" else int(told.replace(".", ""))
        lifted = Fraction(100 * (rate.numerator + missing), rate.denominator)
        level = rate.at(commune.names["peers"]).value
        assert lifted >= level
        assert not missing or lifted - Fraction(100, rate.denominator) < level, "one dossier less is too few"


def test_the_tasks_are_the_largest_gaps_each_matter_once(commune):
    todo = commune.names["todo"]
    assert [task.number for task in todo] == sorted((task.number for task in todo), reverse=True)
    matters = [task.of.matter for task in todo]
    assert len(matters) == len(set(matters)) > 3
    text = commune["tasks"]
    assert text.count(" để đạt ") + text.count("dứt điểm") == 3
    assert text.endswith("./.")


def test_every_rate_of_the_briefing_says_what_to_do(commune):
    assert [rate.name for rate in commune.names["rates"] if not rate.indicator.action] == []


def test_a_new_unit_is_held_against_the_sum_of_the_old_ones(commune):
    old = "thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh"
    assert f"so với tổng của {old} trước khi sắp xếp ngày 01/07/2025" in commune["figures"]
    each = r"giải quyết trước và đúng hạn \w+ [\d,]+ điểm phần trăm; nộp trực tuyến trên tổng số hồ sơ \w+ [\d,]+ điểm phần trăm"
    assert re.fullmatch(
        rf"So với tháng trước: {each} \(cách so sánh nêu trên\)\. So với cùng kỳ năm trước: {each} \(cách so sánh nêu trên\)\. "
        "Không so sánh hồ sơ tiếp nhận trong kỳ với tháng 6 năm 2025 và tháng 7 năm 2024 vì từ ngày 01/07/2025 xã, phường nhận "
        r"thêm nhiệm vụ của huyện\.",
        commune["changes"],
    )
    assert "trước tháng 7 năm 2025: tổng của các đơn vị cũ" in labels(commune)
    assert "Tỉnh Hà Tĩnh" in labels(commune)
    assert commune["trend"].count(", từ tháng 7 năm 2024 đến tháng 7 năm 2025") == 1


@pytest.mark.parametrize(
    ("unit", "old"), [("phường Thành Sen", "phường Đại Nài"), ("phường Sông Trí", "xã Kỳ Lợi")]
)
def test_a_unit_that_took_in_a_part_is_not_compared_and_says_why(sampled, unit, old):
    written = write(sampled, unit)
    why = f"từ ngày 01/07/2025 đơn vị chỉ nhận một phần của {old}, số liệu cũ không tách được."
    assert written["changes"] == f"Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì {why}"
    assert written["trend"] == f"Chưa vẽ được biểu đồ xu hướng vì {why}"
    assert cells(written, "Hồ sơ tiếp nhận trong kỳ")[-2:] == ["–", "–"]
    assert "Dấu “–”: chưa có số liệu" in written["figures"]


def test_a_department_across_its_reform_is_bridged_or_refused(sampled):
    bridged = write(sampled, "Sở Tài chính", "2025-03")
    assert "so với tổng của Sở Kế hoạch và Đầu tư" in bridged["figures"]
    assert "So với tháng trước: hồ sơ tiếp nhận trong kỳ" in bridged["changes"]
    refused = write(sampled, "Sở Nội vụ", "2025-03")
    why = "từ ngày 01/03/2025 đơn vị chỉ nhận một phần của"
    assert refused["changes"].startswith(f"Không so sánh với tháng 02 năm 2025 và tháng 3 năm 2024 vì {why}")


def test_a_line_is_cut_where_the_unit_was_another(sampled):
    written = write(sampled, "Sở Văn hóa, Thể thao và Du lịch")
    assert "trước tháng 3 năm 2025: đơn vị khi chưa sắp xếp" in labels(written)


def test_a_line_that_begins_late_says_why_and_begins_there(sampled):
    trend = write(sampled, "Sở Nội vụ")["trend"]
    why = "từ ngày 01/03/2025 đơn vị chỉ nhận một phần của"
    assert trend.startswith(f"Biểu đồ bắt đầu từ tháng 3 năm 2025 vì {why}")


def test_old_units_that_only_the_chart_shows_are_named(sampled):
    trend = write(sampled, "xã Đức Thọ", "2025-07-01..2025-07-24")["trend"]
    old = "thị trấn Đức Thọ; xã Hòa Lạc; xã Tân Dân; xã Tùng Ảnh"
    assert trend.startswith(f"Trên biểu đồ, các đơn vị cũ là: {old}.")


def test_few_dossiers_are_marked_and_not_ranked(sampled):
    written = write(sampled, "Thanh tra tỉnh")
    row = cells(written, "Trước và đúng hạn")
    assert (row[1:4], row[6]) == (["4/4", "100%*", "đạt"], "–")
    assert "Dấu “*”: mẫu số dưới ba mươi hồ sơ" in written["figures"]
    assert "đạt 100% (4/4 hồ sơ, chỉ để tham khảo; mức chung" in written["summary"]
    assert "Mẫu số ít hồ sơ nên mức tăng, giảm của tỷ lệ chỉ để tham khảo." in written["changes"]


def test_a_rate_without_dossiers_is_a_dash(sampled):
    row = cells(write(sampled, "Sở Ngoại vụ"), "Thanh toán trực tuyến")
    assert [row[at] for at in (1, 2, 3, 6, 7, 8)] == ["–"] * 6
    assert "%" in row[4] and "%" in row[5]


def test_ties_share_a_rank_and_are_printed_as_ties(sampled):
    written = write(sampled, "Sở Nội vụ")
    place = written.names["on_time_rate"].rank.place
    assert place.tied
    assert cells(written, "Trước và đúng hạn")[6] == f"={place.rank}/{place.out_of}"
    assert f"đồng hạng {place.rank}/{place.out_of}" in written["summary"]
    assert "Dấu “=”: đồng hạng." in written["figures"]


def test_a_target_in_force_comes_before_the_groups_level(sampled):
    written = write(sampled, "huyện Đức Thọ", "2019-Q1")
    own = written.names["level_34_share"]
    assert own.at(written.names["peers"]).value != 20
    missing = -(-own.denominator * 20 // 100) - own.numerator
    assert (
        f"mức độ 4: phấn đấu có thêm ít nhất {missing} hồ sơ để đạt chỉ tiêu từ 20% trở lên"
        in written["tasks"]
    )
    assert (
        "Chỉ tiêu đang có hiệu lực: nộp trực tuyến mức độ 3, mức độ 4 từ 20% trở lên (Chỉ thị 08/CT-UBND ngày "
        "17/5/2018 của UBND tỉnh Hà Tĩnh)" in written["method"]
    )
    assert "hỉ tiêu đang có hiệu lực:" not in write(sampled, "Sở Y tế")["method"]


def test_a_target_is_drawn(sampled):
    assert {"20%", "Chỉ tiêu"} <= {
        *re.findall(r"\S*%|Chỉ tiêu", labels(write(sampled, "huyện Đức Thọ", "2022-05")))
    }


def test_nothing_missing_is_said(sampled):
    written = write(sampled, "Thanh tra tỉnh")
    assert written.names["todo"] == []
    # Four dossiers resolved in time are no reason to praise anybody.
    assert NOT_ENOUGH in written["summary"] and NOT_ENOUGH in written["tasks"]


def test_another_units_name_is_a_fault(commune, root, checker):
    more = WrittenMemo(commune.names, [*commune.printed, ("own", "Xem cách làm của xã Đức Đồng.")])
    (fault,) = faults(more, root, checker)
    assert "Tên đơn vị «xã Đức Đồng» nằm ngoài phạm vi báo cáo." in fault


# --- facts of our own: what is missing ---------------------------------------------------------------------------
GOOD = {
    "resolved_early": 60, "resolved_on_time": 30, "resolved_late": 10, "filed_online": 50, "online_base": 100,
}  # fmt: skip


def rows_of(period: str, counts: dict[str, dict[str, int]]) -> list[tuple]:
    window = Period.parse(period)
    return [
        (unit, window.start, window.end, name, value)
        for unit, values in counts.items()
        for name, value in values.items()
    ]


def write_august(root: Path, target: Path, unit: str, counts: dict[str, dict[str, int]]) -> WrittenMemo:
    """The unit's briefing of August 2025, of which nothing else is known."""
    house = make_project(root, target, {"a.csv": ("received", rows_of("2025-08", counts))})
    return write(house, unit, "2025-08")


@pytest.fixture(scope="module")
def departments(register) -> list[Unit]:
    return [unit for unit in register.on(date(2025, 8, 31)) if unit.kind == "department"]


@pytest.fixture(scope="module")
def sparse(root, tmp_path_factory) -> Path:
    """Three communes in August 2025, the last with few figures and the only one with any in July."""
    before = {"18277": {"resolved_early": 50, "resolved_on_time": 40, "resolved_late": 10}}
    rows = rows_of(JULY, before) + rows_of(
        "2025-08",
        {
            "18229": GOOD | {"pending_in_time": 5, "pending_overdue": 0, "received": 100},
            "18073": GOOD | {"resolved_late": 0, "filed_online": 100},
            "18277": {"resolved_early": 60, "resolved_on_time": 40, "resolved_late": 0},
        },
    )
    return make_project(root, tmp_path_factory.mktemp("thua"), {"don_vi.csv": ("received", rows)})


def test_praise_is_for_enough_dossiers_nothing_overdue_and_a_level_to_hold_them_against(
    root, tmp_path, departments
):
    good = GOOD | {"resolved_late": 0, "filed_online": 100, "pending_in_time": 3, "pending_overdue": 0}
    written = write_august(root, tmp_path / "nha", "HT-STP", {unit.code: good for unit in departments})
    assert "đều từ mức chung của các sở, ban, ngành (hoặc chỉ tiêu) trở lên" in written["summary"]
    assert "tiếp tục duy trì kết quả" in written["tasks"]
    silent = {name: value for name, value in good.items() if name != "pending_overdue"}
    written = write_august(root, tmp_path / "khac", "HT-STP", {unit.code: silent for unit in departments})
    assert NOT_ENOUGH in written["tasks"]


def test_a_unit_without_a_dossier_is_neither_praised_nor_told_the_same_thing_over_and_over(
    root, tmp_path, departments
):
    none = dict.fromkeys([*GOOD, "received", "pending_in_time", "pending_overdue"], 0)
    counts = {unit.code: GOOD for unit in departments} | {"HT-STP": none}
    written = write_august(root, tmp_path / "nha", "HT-STP", counts)
    nothing = "Trong kỳ đơn vị không tiếp nhận, không giải quyết hồ sơ nào và không có hồ sơ đang giải quyết"
    assert written["summary"] == f"{nothing}."
    assert written["tasks"] == f"{nothing}, nên không nêu nhiệm vụ ưu tiên./."


def test_units_that_did_not_report_are_counted_not_averaged_over(sparse):
    written = write(sparse, "xã Đức Thọ", "2025-08")
    # 150 of 200 in the two that reported the share are no level to hold anybody against: 67 did not report it.
    assert cells(written, "Trực tuyến / tiếp nhận")[1:6] == ["50/100", "50,00%", "–", "–", "–"]
    assert re.search(
        r"Số của các xã, phường và tỉnh Hà Tĩnh chưa gồm \d+ đơn vị chưa có đủ số liệu; số chưa gồm đủ thì không ghi\.",
        written["method"],
    )
    assert "mức chung" not in written["summary"].replace("chưa có mức chung", "")


def test_wrong_figures_of_other_units_are_told(root, checker, tmp_path):
    """They are in no sum and no rank, which nobody would see otherwise."""
    counts = {"18229": GOOD, "18073": GOOD | {"resolved_late": -10}, "18277": GOOD}
    written = write_august(root, tmp_path / "nha", "xã Đức Thọ", counts)
    assert "có lỗi; phần có lỗi không được tính, không được xếp hạng" in written["method"]
    assert faults(written, root, checker) == []


def test_what_was_not_reported_is_told(sparse):
    written = write(sparse, "xã Đức Thịnh", "2025-08")
    assert "Chưa có số liệu: tỷ lệ nộp trực tuyến trên tổng số hồ sơ." in written["summary"]
    assert cells(written, "Trực tuyến / tiếp nhận")[1:4] == ["–", "–", "–"]
    assert written["trend"] == "Chưa vẽ được biểu đồ xu hướng vì đơn vị chưa có số liệu của kỳ này."
    assert "Chưa có số liệu: nộp trực tuyến của TTHC có DVCTT" in written["method"]
    assert "không có hồ sơ đang giải quyết quá hạn" not in written["summary"], "nobody knows"


def test_missing_base_periods_are_told(sparse, root, checker):
    written = write(sparse, "xã Đức Thọ", "2025-08")
    assert written["changes"] == (
        "Không so sánh với tháng 7 năm 2025 và tháng 8 năm 2024 vì không có số liệu của kỳ đó."
    )
    assert written["trend"] == "Chưa vẽ được biểu đồ xu hướng vì mới có số liệu của một kỳ."
    assert faults(written, root, checker) == []
    assert written["sample-mark"] == "", "received figures carry no mark"


def test_what_neither_period_reported_is_not_called_incomparable(sparse):
    assert write(sparse, "xã Đức Thịnh", "2025-08")["changes"] == (
        "So với tháng trước: giải quyết trước và đúng hạn tăng 10,00 điểm phần trăm. "
        "Không so sánh với tháng 8 năm 2024 vì không có số liệu của kỳ đó."
    )


# --- bad input ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "units", "sentence"),
    [
        (
            JULY,
            ["xã Đức Thọ", "Sở Nội vụ", "Sở Y tế"],
            "Thông báo lập riêng cho từng đơn vị, nhận được 3 đơn vị (xã Đức Thọ, Sở Nội vụ, …); hãy nêu một đơn vị",
        ),
        (JULY, ["42"], "«tỉnh Hà Tĩnh» không phải đơn vị như vậy"),
        (JULY, ["42X"], "«cấp xã» không phải đơn vị như vậy"),
        (JULY, ["huyện Đức Thọ"], "không có hiệu lực"),
        (JULY, ["xã Đức Thụ"], "«xã Đức Thụ»"),
        ("2025-13", ["xã Đức Thọ"], "Kỳ báo cáo «2025-13» không hợp lệ"),
    ],
)
def test_a_wrong_parameter_is_one_sentence(sampled, period, units, sentence):
    with pytest.raises(UserError) as refused:
        write_memo(sampled, "unit_briefing", period, units)
    assert sentence in str(refused.value) and "\n" not in str(refused.value)


def test_a_period_without_figures_is_no_data(sampled):
    with pytest.raises(
        NoDataError,
        match="Không có số liệu tiếp nhận, giải quyết hồ sơ của xã Đức Thọ trong kỳ tháng 01 năm 2030",
    ):
        write(sampled, "xã Đức Thọ", "2030-01")
