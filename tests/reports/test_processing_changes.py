"""The report on dossiers beside earlier periods: words, table, trend, and who rose or fell most."""

from __future__ import annotations

from datetime import date

import pytest
from baocao.reports.processing import words

from baocao.analysis import reasons
from baocao.analysis.lineage import build_bridge
from baocao.definitions.periods import Period
from baocao.publishing import pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.document_blocks import read_blocks
from baocao.reports import processing as memo
from conftest import make_project, plain

MONTHS = {"2024-07": "2024-07-31", "2025-05": "2025-05-31", "2025-06": "2025-06-30", "2025-07": "2025-07-31",
          "2025-08": "2025-08-31"}  # fmt: skip
FURTHER = {
    "describe_changes": "bases", "table_changes": "bases", "describe_trend": "", "describe_unit_changes": "changes",
    "annex_units": "changes",
}  # fmt: skip


def month(code: str, month: str, received: int, online: int, late: int = 0) -> list[tuple]:
    counts = {
        "received": received, "filed_online": online, "online_base": received, "resolved_early": 50,
        "resolved_on_time": 50 - late, "resolved_late": late, "resolved": 100,
    }  # fmt: skip
    return [(code, f"{month}-01", MONTHS[month], name, value) for name, value in counts.items()]


@pytest.fixture(scope="module")
def old(register) -> list[str]:
    """The codes of the four units that became xã Đức Thọ on 01/07/2025."""
    unit = register.get("18229", date(2025, 7, 31))
    return [
        one.code
        for one in build_bridge(register, unit, Period.parse("2025-07"), Period.parse("2025-06")).units
    ]


@pytest.fixture(scope="module")
def store(root, tmp_path_factory, old):
    rows = [
        *(row for code in old for row in month(code, "2024-07", 100, 40, late=2)),
        *(row for code in old for row in month(code, "2025-06", 100, 50)),
        *month("18229", "2025-07", 500, 300, late=4),
        *month("18073", "2025-07", 900, 600),
        *month("18073", "2025-06", 900, 600),
        *(row for name in ("2024-07", "2025-05", "2025-06") for row in month("HT-STP", name, 60, 30)),
        *month("HT-STP", "2025-07", 60, 33),
        *month("HT-SCT", "2024-07", 80, 40),
        *month("HT-SCT", "2025-07", 80, 36, late=3),
        *month("HT-SCT", "2025-06", 10, 5),
        *month("HT-TTT", "2024-07", 10, 0),
        *month("HT-TTT", "2025-07", 10, 10),
    ]
    return make_project(root, tmp_path_factory.mktemp("changes"), {"don_vi.csv": ("received", rows)})


@pytest.fixture(scope="module")
def write(store, root, register, laws):
    """The pieces of section III a) as plain text, once every figure in them was found accounted for."""

    def run(period: str, *units: str) -> dict[str, str]:
        report = memo.open_report(period, list(units), start=store)
        values = {"bases": memo.read_bases(report), "changes": memo.read_unit_changes(report)}
        pieces = {
            name: str(getattr(memo, name)(report, *([values[which]] if which else [])))
            for name, which in FURTHER.items()
        }
        source = read_blocks(pandoc.parse("\n\n".join(pieces.values()), root))
        assert [str(one) for one in Checker(laws, register).check(source, dict(report.claims.record()))] == []
        return {name: plain(piece) for name, piece in pieces.items()}

    return run


# --- the subject -----------------------------------------------------------------------------------------------
def test_a_new_commune_is_held_against_the_sum_of_the_old_ones(write):
    text = write("2025-07", "xã Đức Thọ")["describe_changes"]
    assert text == (
        "So với tháng 6 năm 2025 (so với tổng của thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh trước khi sắp xếp "
        "ngày 01/07/2025 (từ đó xã, phường nhận thêm nhiệm vụ của huyện)): số hồ sơ tiếp nhận không so sánh được vì từ ngày "
        "01/07/2025 xã, phường nhận thêm nhiệm vụ của huyện; tỷ lệ giải quyết trước và đúng hạn giảm 4,00 điểm phần trăm (kỳ đó 100%, 400/400 hồ sơ); tỷ lệ nộp trực "
        "tuyến trên tổng số hồ sơ tăng 10,00 điểm phần trăm (kỳ đó 50,00%, 200/400 hồ sơ). So với tháng 7 năm 2024 (so "
        "với tổng của thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025 (từ đó xã, "
        "phường nhận thêm nhiệm vụ của huyện)): số hồ sơ tiếp nhận không so sánh được vì từ ngày 01/07/2025 xã, "
        "phường nhận thêm nhiệm vụ của huyện; tỷ lệ giải quyết trước và đúng hạn giảm 2,00 điểm phần trăm (kỳ đó 98,00%, 392/400 hồ sơ); tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng "
        "20,00 điểm phần trăm (kỳ đó 40,00%, 160/400 hồ sơ)."
    )


def test_a_split_unit_is_refused_with_the_reason(write):
    pieces = write("2025-07", "phường Thành Sen")
    assert pieces["describe_changes"] == (
        "Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì từ ngày 01/07/2025 đơn vị chỉ nhận một phần của phường "
        "Đại Nài, số liệu cũ không tách được."
    )
    assert pieces["table_changes"] == ""


def test_growth_from_few_dossiers_is_told_in_dossiers(write):
    pieces = write("2025-07", "HT-SCT")
    assert "số hồ sơ tiếp nhận tăng 70 hồ sơ (kỳ đó 10 hồ sơ)" in pieces["describe_changes"]
    assert "tăng 70 hồ sơ" in pieces["table_changes"]
    assert "700" not in "".join(pieces.values())


def test_a_unit_that_stayed_the_same_is_compared_with_itself(write):
    pieces = write("2025-07", "HT-STP")
    assert pieces["describe_changes"] == (
        "So với tháng 6 năm 2025: số hồ sơ tiếp nhận không thay đổi (kỳ đó 60 hồ sơ); tỷ lệ giải quyết trước và đúng hạn "
        "không thay đổi (kỳ đó 100%, 100/100 hồ sơ); tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng 5,00 điểm phần trăm (kỳ "
        "đó 50,00%, 30/60 hồ sơ). So với tháng 7 năm 2024: số hồ sơ tiếp nhận không thay đổi (kỳ đó 60 hồ sơ); tỷ lệ giải "
        "quyết trước và đúng hạn không thay đổi (kỳ đó 100%, 100/100 hồ sơ); tỷ lệ nộp trực tuyến trên tổng số hồ sơ tăng "
        "5,00 điểm phần trăm (kỳ đó 50,00%, 30/60 hồ sơ)."
    )
    table = pieces["table_changes"]
    assert "| Chỉ tiêu | Kỳ này | Tháng 6 năm 2025 | Thay đổi | Tháng 7 năm 2024 | Thay đổi |" in table
    assert "| Hồ sơ tiếp nhận trong kỳ (hồ sơ) | 60 | 60 | không thay đổi | 60 | không thay đổi |" in table
    assert "| 55,00% | 50,00% | tăng 5,00 điểm phần trăm | 50,00% | tăng 5,00 điểm phần trăm |" in table


def test_chosen_units_are_compared_as_one(write):
    text = write("2025-07", "HT-STP", "HT-SCT")["describe_changes"]
    assert "So với tháng 7 năm 2024: số hồ sơ tiếp nhận không thay đổi (kỳ đó 140 hồ sơ)" in text
    assert (
        "tỷ lệ nộp trực tuyến trên tổng số hồ sơ giảm 0,71 điểm phần trăm (kỳ đó 50,00%, 70/140 hồ sơ)"
        in text
    )


def test_chosen_units_with_a_split_one_are_refused(write):
    text = write("2025-07", "HT-STP", "phường Thành Sen")["describe_changes"]
    assert text.startswith("Không so sánh với") and "phường Đại Nài" in text


# --- the trend -------------------------------------------------------------------------------------------------
def test_three_periods_make_a_trend(write):
    text = write("2025-07", "HT-STP")["describe_trend"]
    assert text.startswith(
        "Tỷ lệ giải quyết trước và đúng hạn không thay đổi, từ 100% (tháng 7 năm 2024) đến 100% (tháng 7 năm 2025); tỷ lệ "
        "nộp trực tuyến trên tổng số hồ sơ tăng giảm không đều, từ 50,00% (tháng 7 năm 2024) đến 55,00% (tháng 7 năm 2025)."
    )
    assert "Các tỷ lệ chính của Sở Tư pháp, từ tháng 7 năm 2024 đến tháng 7 năm 2025" in text


def test_two_periods_are_none(write):
    assert write("2025-07", "HT-TTT")["describe_trend"] == ""


def test_a_series_is_not_read_through_a_reform(write):
    text = write("2025-07", "xã Đức Thọ")["describe_trend"]
    assert text.startswith(
        "Không nối số liệu từ tháng 7 năm 2025 với số liệu trước đó vì trước đó là tổng của thị trấn Đức Thọ, xã Hòa Lạc,"
    )
    assert "tăng" not in text.split("Hình")[0]


# --- unit by unit ----------------------------------------------------------------------------------------------
def test_units_are_counted_by_how_they_were_compared(write):
    pieces = write("2025-07", "HT-STP", "HT-SCT", "HT-TTT", "xã Đức Thọ", "phường Thành Sen")
    text = pieces["describe_unit_changes"]
    assert text.startswith(
        "So với tháng 7 năm 2024 theo từng đơn vị: 03 đơn vị so sánh trực tiếp; 01 đơn vị so sánh với tổng của các đơn vị "
        "cũ hợp thành (nêu tại Phụ lục I). Không so sánh được: - phường Thành Sen: từ ngày 01/07/2025 đơn vị chỉ nhận một "
        "phần của phường Đại Nài, số liệu cũ không tách được."
    )
    assert "Quy tắc: chỉ xét đơn vị có mẫu số từ ba mươi hồ sơ trở lên ở cả hai kỳ" in text
    assert (
        "Không có đơn vị nào được xét tăng tỷ lệ giải quyết trước và đúng hạn. Tỷ lệ giải quyết trước và đúng hạn giảm "
        "nhiều nhất: Sở Công Thương (giảm 3,00 điểm phần trăm); xã Đức Thọ (giảm 2,00 điểm phần trăm)."
        in text
    )
    assert (
        "tăng nhiều nhất: xã Đức Thọ (tăng 20,00 điểm phần trăm); Sở Tư pháp (tăng 5,00 điểm phần trăm). Tỷ lệ nộp trực "
        "tuyến trên tổng số hồ sơ giảm nhiều nhất: Sở Công Thương (giảm 5,00 điểm phần trăm)." in text
    ), "Thanh tra tỉnh rose by 100 points, on ten dossiers"
    annex = pieces["annex_units"]
    assert (
        "| Xã Đức Thọ | 400 | – | 98,00% | giảm 2,00 | 40,00% | tăng 20,00 | thị trấn Đức Thọ, xã Hòa Lạc, xã "
        "Tân Dân và xã Tùng Ảnh |" in annex
    )
    assert (
        "| Thanh tra tỉnh | 10 | không thay đổi | 100% | không thay đổi | 0% | tăng 100,00 | chính đơn vị |"
        in annex
    )


def test_nothing_is_said_of_units_without_figures_last_year(write):
    pieces = write("2025-06", "HT-STP", "HT-SCT")
    assert pieces["describe_unit_changes"] == ""
    assert "Thay đổi theo đơn vị" not in pieces["annex_units"]


def test_a_single_unit_has_no_units_to_compare(write):
    assert write("2025-07", "HT-STP")["describe_unit_changes"] == ""


# --- sentences -------------------------------------------------------------------------------------------------
def test_nobody_could_be_compared():
    assert words.by_unit("tháng 7", [], refused=True) == (
        "So với tháng 7 theo từng đơn vị không có đơn vị nào so sánh được. Không so sánh được:"
    )
    assert words.by_unit("tháng 7", ["02 đơn vị so sánh trực tiếp"], refused=False) == (
        "So với tháng 7 theo từng đơn vị: 02 đơn vị so sánh trực tiếp."
    )


def test_many_units_are_counted_in_the_text_and_named_in_the_annex():
    assert words.not_compared("69", [], "lý do") == "69 đơn vị (nêu tại Phụ lục I): lý do."
    assert words.listed_uncompared("lý do", ["xã A", "xã B"]) == "Không so sánh được vì lý do: xã A; xã B."


def test_why_levels_are_left_out():
    assert words.levels_uncompared(reasons.plain(reasons.LEVEL_ENDED_INSIDE)) == (
        " Không so sánh theo cấp vì một cấp chính quyền kết thúc hoạt động và bàn giao nhiệm vụ trong kỳ."
    )
