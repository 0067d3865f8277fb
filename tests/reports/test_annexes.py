"""What annexes have in common: the block, definitions of rates, warnings quoted, provenance."""

from __future__ import annotations

import csv
from hashlib import sha256

import pytest

from baocao.definitions.indicators import indicator
from baocao.readers.problems import CODES, problem, problems_frame
from baocao.reports import annexes
from baocao.reports import setting as common
from baocao.store.acceptance import NOT_USED, SUMMED
from conftest import accept, make_project, plain, write_memo


@pytest.fixture(scope="module")
def project(root, tmp_path_factory):
    """A commune whose dossiers filed online are more than it received."""
    rows = [
        ("18229", "2025-08-01", "2025-08-31", "eligible_online", 12),
        ("18229", "2025-08-01", "2025-08-31", "eligible_received", 10),
        ("18115", "2025-08-01", "2025-08-31", "eligible_received", 10),
    ]
    return make_project(root, tmp_path_factory.mktemp("annexes"), {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def setting(project):
    def scope(facts, register, period, units):
        return units

    return common.open_setting("2025-08", ["18229", "18115"], scope=scope, start=project)


def test_what_is_wrong_with_the_figures_is_quoted_for_the_units_asked_about(setting):
    wrong, right = setting.units
    (warning,) = annexes.list_warnings(setting, [wrong])
    assert plain(warning).startswith("Xã Đức Thọ (18229), từ ngày 01/08/2025 đến ngày 31/08/2025: ")
    assert annexes.list_warnings(setting, [right]) == []


def test_nothing_is_said_of_checks_that_passed(setting):
    assert plain(annexes.describe_faults(setting, [setting.units[1]])) == ""
    told = plain(annexes.describe_faults(setting, setting.units))
    assert told.startswith("Ghi chú về số liệu: 1. Xã Đức Thọ")


# --- accepted errors -----------------------------------------------------------------------------------------------
AUGUST = ("2025-08-01", "2025-08-31")
REASON = "Sở Y tế và Văn phòng xác nhận ngày 05/9/2025"


def open_on(house, *units, period="2025-08"):
    def scope(facts, register, period, units):
        return units

    return common.open_setting(period, units, scope=scope, start=house)


@pytest.fixture
def accepted(root, tmp_path):
    """Two communes contradict themselves in August, one row has no unit; all of it accepted. July is another file."""
    rows = [
        *[(code, *AUGUST, "eligible_online", 12) for code in ("18229", "18115")],
        *[(code, *AUGUST, "eligible_received", 10) for code in ("18229", "18115")],
        ("Ty Bưu điện", *AUGUST, "eligible_received", 1),
    ]
    july = [("18229", "2025-07-01", "2025-07-31", "eligible_received", 10)]
    house = make_project(
        root, tmp_path, {"thang_8.csv": ("received", rows), "thang_7.csv": ("received", july)}
    )
    accept(house, "vuot-tong", "thang_8.csv", REASON)
    accept(house, "don-vi", "thang_8.csv", REASON)
    return house


def test_accepted_errors_are_stated_for_the_units_with_their_reason(accepted):
    setting = open_on(accepted, "18229")
    assert not (setting.facts.problems["severity"] == "error").any()
    own, row = map(plain, annexes.list_exceptions(setting, setting.units))
    assert own.startswith("Xã Đức Thọ (18229), từ ngày 01/08/2025 đến ngày 31/08/2025: ")
    assert own.endswith(
        "Lỗi “Phần lớn hơn toàn bộ” được chấp nhận, số liệu vẫn dùng như đã ghi: “đơn vị khác và Văn phòng xác nhận "
        "ngày 05/9/2025”."
    )
    assert row == (
        "Tệp thang_8.csv, dòng 6: Lỗi “Đơn vị không có hoặc không rõ” được chấp nhận, không dùng số liệu ở "
        "đó: “đơn vị khác và Văn phòng xác nhận ngày 05/9/2025”."
    )
    assert annexes.list_warnings(setting, setting.units) == []
    told = plain(annexes.describe_faults(setting, setting.units))
    assert told.startswith(annexes.EXCEPTIONS + " 1. Xã Đức Thọ")


def test_a_sum_states_the_accepted_errors_of_what_it_adds_up(accepted):
    province = open_on(accepted, "42")
    assert len(annexes.list_exceptions(province, province.units)) == 3
    level = open_on(accepted, "42X")
    assert len(annexes.list_exceptions(level, level.units)) == 3
    level = open_on(accepted, "42T")
    assert len(annexes.list_exceptions(level, level.units)) == 1


def test_other_periods_files_and_units_are_not_concerned(accepted):
    july = open_on(accepted, "18229", period="2025-07")
    assert annexes.list_exceptions(july, july.units) == []
    quarter = open_on(accepted, "18229", period="2025-Q3")
    assert len(annexes.list_exceptions(quarter, quarter.units)) == 2


def test_a_file_without_any_figure_concerns_every_report(accepted):
    setting = open_on(accepted, "18229", period="2025-07")
    lost = problem("warning", "tep-hong", "Hỏng.", file="data/raw/x.xlsx", fate=NOT_USED)
    setting.facts.__dict__["_problems"] = problems_frame([lost | {"accepted_because": "mất"}])
    assert [plain(one) for one in annexes.list_exceptions(setting, setting.units)] == [
        f"Tệp x.xlsx: Lỗi “{CODES['tep-hong']}” được chấp nhận, không dùng số liệu ở đó: “mất”."
    ]


def test_many_rows_of_one_kind_are_told_once(accepted):
    setting = open_on(accepted, "18229")
    setting.facts.__dict__["_problems"] = problems_frame(
        problem("warning", "ngay", "Sai.", file="data/raw/thang_8.csv", row=row, fate=NOT_USED)
        | {"accepted_because": "không sửa được"}
        for row in range(100, 114)
    )
    (told,) = annexes.list_exceptions(setting, setting.units)
    assert (
        f"dòng 100, 101, 102, 103, 104, 105, 106, 107, 108, 109 và 04 dòng khác: Lỗi “{CODES['ngay']}”"
        in plain(told)
    )


def test_a_document_with_accepted_errors_passes_its_checks(accepted, document, root, register, laws):
    setting = open_on(accepted, "18229")
    pieces = ["Số liệu nêu trong phụ lục.", annexes.describe_faults(setting, setting.units)]
    assert document(pieces, setting.claims).source_faults() == []


def test_definitions_are_printed_from_the_declarations(setting):
    one = indicator("eligible_online_share")
    text = plain(annexes.table_definitions(setting.claims, [one]))
    for said in (one.label, one.formula, one.scope, one.source):
        assert said in text
    assert annexes.table_definitions(setting.claims, []) == ""


def test_an_annex_has_its_number_its_title_first_and_what_it_is_attached_to():
    made = annexes.annex("II", "Định nghĩa", "Nội dung", attached="(Kèm theo Công văn)", landscape=True)
    assert made == (
        '\n<div class="phu-luc ngang" data-so="II">\n\nĐịnh nghĩa\n\n(Kèm theo Công văn)\n\nNội dung\n\n</div>\n'
    )
    assert "Kèm theo" not in annexes.annex("I", "Định nghĩa", "Nội dung")


def test_conventions_and_marks_hold_no_digit():
    for text in (*annexes.CONVENTIONS, annexes.UNKNOWN_MARK, annexes.REORGANISED_INSIDE):
        assert not any(letter.isdigit() for letter in text)


def test_a_units_briefing_states_the_first_and_counts_the_others(accepted, document):
    written = write_memo(accepted, "unit_briefing", "2025-08", ["18229"])
    told = written["method"]
    assert "Số liệu có lỗi được chấp nhận khi nạp: Xã Đức Thọ (18229), từ ngày 01/08/2025" in told
    assert "Còn 01 lỗi khác được chấp nhận" in told
    faults = document(written.pieces, written.memo.claims).source_faults()
    others = [fault for fault in faults if "«12/10»" not in fault and "«120,00%»" not in fault]
    assert others == [], "but for the accepted share itself"


def test_the_letter_on_scores_states_accepted_errors_and_warnings_of_its_rows(root, tmp_path, document):
    house = make_project(root, tmp_path, {})
    name, raw = "766_tinh_2026-10-06.csv", house / "data" / "raw"
    text = (root / "data" / "raw" / name).read_text(encoding="utf-8-sig")
    lines = text.splitlines()
    at = next(at for at, line in enumerate(lines) if ",42," in line and ",transparency," in line)
    cells = next(csv.reader([lines[at]]))
    lines[at] = ",".join([*cells[:6], "19", *cells[7:]]).replace(cells[5], cells[5].replace(",", "."))
    (raw / name).write_text("\n".join([*lines, ""]), encoding="utf-8")
    digest = sha256((raw / name).read_bytes()).hexdigest()
    with (raw / "SOURCES.csv").open("a", encoding="utf-8") as listing:
        listing.write(f"{name},scores,received,Cổng,2026-10-06,{digest},\n")
    accept(house, "thanh-phan-chi-so", name, "Sở Y tế đã hỏi Cổng")
    letter = write_memo(house, "service_index", "2026", ["42"])
    annex = letter.markdown("method")
    assert (
        f"Tệp {name}, dòng {at + 1}: Lỗi “Thành phần, điểm tối đa khác định nghĩa của chỉ số” được chấp nhận, "
        "số liệu vẫn dùng như đã ghi: “đơn vị khác đã hỏi Cổng”."
    ) in plain(annex)
    assert f"1. Tệp {name}, dòng {at + 1}: " in plain(annex).partition(annexes.EXCEPTIONS)[2]
    assert "Ghi chú về số liệu: 1. Tệp" in plain(annex)
    assert document(letter.pieces, letter.memo.claims).source_faults() == []


def test_a_total_that_its_parts_replace_says_so(root, tmp_path):
    """As column 7 of II.06 that is not the sum of its columns: `cover_periods` uses the sum."""
    rows = [
        ("18229", *AUGUST, name, value) for name, value in (("resolved_early", 30), ("resolved_on_time", 2))
    ]
    rows += [("18229", *AUGUST, "resolved_late", 1), ("18229", *AUGUST, "resolved", 36)]
    house = make_project(root, tmp_path, {"thang_8.csv": ("received", rows)})
    accept(house, "thanh-phan", "thang_8.csv", REASON)
    setting = open_on(house, "18229")
    assert setting.facts.problems["fate"].tolist() == [SUMMED]
    (told,) = map(plain, annexes.list_exceptions(setting, setting.units))
    assert f"được chấp nhận, {SUMMED}: “" in told


@pytest.mark.parametrize("period", ["2025-Q3", "2025-H2", "2025", "2025-08-15..2025-08-15"])
def test_a_longer_and_a_shorter_report_list_what_is_wrong_in_a_month(project, period):
    setting = open_on(project, "18229", "18115", period=period)
    (warning,) = annexes.list_warnings(setting, setting.units)
    assert plain(warning).startswith("Xã Đức Thọ (18229), từ ngày 01/08/2025 đến ngày 31/08/2025: ")


def test_of_very_many_warnings_the_first_and_how_many_more(project):
    setting = open_on(project, "18229", period="2025-08")
    window = (setting.period.start, setting.period.end)
    setting.facts.__dict__["_problems"] = problems_frame(
        problem("warning", "noi-tiep", f"Lệch {at}.", unit="18229", window=window) for at in range(1, 43)
    )
    told = [plain(one) for one in annexes.list_warnings(setting, setting.units)]
    assert told[0] == "Lệch 1."
    assert told[-2:] == [
        "Lệch 30.", "Còn 12 ghi chú khác của các đơn vị trong báo cáo, nêu đủ trong danh sách kiểm tra số liệu.",
    ]  # fmt: skip
