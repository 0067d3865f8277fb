"""The letter on the service index: what it says of 2026, of 2025 and where nothing was published."""

from __future__ import annotations

import re
import shutil
from datetime import date
from hashlib import sha256

import pytest

from baocao.definitions.errors import NoDataError, UserError
from baocao.reports import service_index
from conftest import WrittenMemo, write_memo

HEADER = "index,unit,period,as_of,component,score,maximum,rank,out_of"


@pytest.fixture(scope="module", params=["2026", "2025-M7", "2025-07"])
def each(request, root):
    return write_memo(root, "service_index", request.param, ["42"])


@pytest.fixture(scope="module")
def year(root):
    return write_memo(root, "service_index", "2026", ["42"])


@pytest.fixture(scope="module")
def seven_months(root):
    return write_memo(root, "service_index", "2025-M7", ["42"])


@pytest.fixture(scope="module")
def july(root):
    return write_memo(root, "service_index", "2025-07", ["42"])


@pytest.fixture
def house(root, tmp_path):
    """A project with the reference data, to which a test adds scores."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "raw").mkdir()
    shutil.copyfile(root / "_quarto.yml", tmp_path / "_quarto.yml")

    def add(*rows: str) -> None:
        path = tmp_path / "data" / "raw" / "diem.csv"
        path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
        listing = f"diem.csv,scores,received,VP,2026-12-01,{sha256(path.read_bytes()).hexdigest()},"
        (path.parent / "SOURCES.csv").write_text(
            f"file,form,source,issuer,received,sha256,note\n{listing}\n", encoding="utf-8"
        )

    add()
    return tmp_path, add


# --- what holds for every period -------------------------------------------------------------------------------
def test_every_figure_is_a_claim_and_every_claim_is_printed_once(each, document):
    assert document(each.pieces, each.memo.claims).source_faults() == []
    assert not each.memo.claims.is_sample


def test_the_letter_ends_with_its_closing_mark_and_the_place_of_the_signature(each):
    assert each["assignment"].endswith("./.") and each["assignment"].startswith(
        "Giao Văn phòng UBND tỉnh chủ trì"
    )
    assert '<div class="khoi-ky">' in each.markdown("signature")


def test_tasks_are_numbered(each):
    assert re.findall(r"^\d\.", each.markdown("tasks"), re.MULTILINE)[:3] == ["1.", "2.", "3."]


def test_the_last_annex_says_whose_scores_are_official_and_the_record_keeps_the_fingerprint(each):
    assert "chính thức" in each["method"] and "suy ra" in each["method"]
    kept = each.memo.claims.record()["provenance"]["fingerprint"]
    assert kept == each.memo.setting.facts.fingerprint


# --- 2026: the 34 provinces ------------------------------------------------------------------------------------
def test_the_opening_gives_score_rank_grade_and_source(year):
    assert year["result"] == (
        "Qua kết quả đánh giá năm 2026 của Bộ chỉ số phục vụ người dân, doanh nghiệp trong thực hiện thủ tục hành chính "
        "(TTHC), cung cấp dịch vụ công theo Quyết định số 766/QĐ-TTg ngày 23/06/2022 của Thủ tướng Chính phủ trên Cổng "
        "Dịch vụ công quốc gia (https://dichvucong.gov.vn; số liệu đến ngày 06/10/2026), UBND tỉnh Hà Tĩnh đạt 56,67 điểm, "
        "tạm thời xếp thứ 31/34 tỉnh, thành phố, xếp loại Trung bình."
    )


def test_groups_have_share_place_mean_and_distances(year):
    table = year["groups-table"]
    assert (
        "| Mức độ hài lòng | 18 | 7,93 | 44,06% | 28/34 (đồng hạng) | 10,10 | -2,17 | 14,25 | 6,32 |" in table
    )
    assert "| Dịch vụ trực tuyến | 22 | 14,83 | 67,41% | 15/34 | 14,71 | +0,12 | 16,97 | 2,14 |" in table
    assert "| **Tổng điểm** | **100** | **56,67** | **56,67%** | **31/34** | **61,88** | **-5,21** |" in table
    assert (
        "cao nhất là nhóm Tiến độ giải quyết (82,55%); thấp nhất là nhóm Số hóa hồ sơ (39,27%)"
        in year["groups"]
    )


def test_leaders_and_mean(year):
    text = year["distance"]
    assert "34 tỉnh, thành phố) là 61,88 điểm; so với mức này, tỉnh Hà Tĩnh thấp hơn 5,21 điểm." in text
    assert (
        "tỉnh Đồng Tháp 68,26 điểm (cao hơn 11,59 điểm); thành phố Đồng Nai 66,97 điểm (cao hơn 10,30 điểm)"
        in text
    )


def test_2025_is_named_but_no_difference_is_made(year):
    text = year["changes"]
    assert text.startswith(
        "Không so sánh với kết quả gần nhất đã có (82,13 điểm, 07 tháng đầu năm 2025) vì điều kiện tính điểm"
    )
    assert "25,46" not in "".join(year.pieces)
    assert not re.search(r"\b(tăng|giảm) [\d,]+ điểm", "".join(year.pieces))


def test_praise_weaknesses_and_tasks_follow_the_data(year):
    assert "cao hơn bình quân cả nước là Dịch vụ trực tuyến (cao hơn 0,12 điểm)" in year["praise"]
    assert year["praise"].startswith("Nhóm chỉ số có điểm cao hơn"), "rank 31 of 34 is no success"
    assert "biểu dương" not in year["praise"] and "nỗ lực" not in year["praise"]
    assert year["weaknesses"].startswith("Tuy vậy")
    assert (
        "bốn trong năm nhóm chỉ số có điểm thấp hơn bình quân cả nước, gồm Mức độ hài lòng"
        in year["weaknesses"]
    )
    places = [
        year["tasks"].index(name)
        for name in ("Số hóa hồ sơ (còn thiếu 13,36", "Mức độ hài lòng (còn", "Công khai")
    ]
    assert places == sorted(places)
    assert "chưa được công bố: điểm của từng sở, ngành, địa phương trong tỉnh." in year["missing"]


def test_the_annex_has_all_provinces_and_the_mean(year):
    rows = re.findall(r"\| (?:\*\*)?(\d+)(?:\*\*)? \| (?:\*\*)?([^|*]+)", year["provinces"])
    assert [int(rank) for rank, _ in rows] == list(range(1, 35))
    assert "| **31** | **Hà Tĩnh** | **56,67** | **8,76** |" in year["provinces"]
    assert (
        "**Bình quân cả nước** | **61,88** | **10,07** | **17,53** | **8,32** | **6,39** | **10,10** | **9,47**"
        in (year["provinces"])
    )


# --- 2025: what was published and what was not -----------------------------------------------------------------
def test_seven_months_say_what_seed_000_says(seven_months):
    assert "đạt 82,13 điểm, tạm thời xếp thứ 1/34 tỉnh, thành phố, xếp loại Tốt" in seven_months["result"]
    assert "nguồn công bố không ghi ngày đánh giá" in seven_months["result"]
    text = seven_months["praise"]
    named = ("Đức Thọ (94,13 điểm)", "Du lịch (93,53 điểm)", "Vũ Quang (92 điểm)", "Thạch Hà (91,51 điểm)")
    named += ("Sở Nội vụ (90,37 điểm)", "Đào tạo (90,12 điểm)", "UBND phường Bắc Hồng Lĩnh (80,1 điểm)")
    places = [text.index(name) for name in (*named, "UBND xã Đức Thọ (80,05 điểm)")]
    assert places == sorted(places)
    assert "Xuất sắc (từ 90 điểm trở lên)" in text and "08 đơn vị" in text


def test_what_was_not_published_is_said_to_be_missing_and_not_shown(seven_months):
    for piece in (
        "groups",
        "groups-table",
        "sum",
        "groups-chart",
        "distance",
        "provinces",
    ):
        assert seven_months[piece] == "", piece
    missing = seven_months["missing"]
    for what in ("từng nhóm chỉ số", "các tỉnh, thành phố khác", "các đơn vị còn lại trong tỉnh"):
        assert f"điểm của {what}" in missing.partition("chưa được công bố: ")[2]
    assert "hai kỳ đánh giá khác nhau" in seven_months["changes"]


def test_july_prints_its_five_groups_and_their_sum(july):
    assert july["sum"] == (
        "Cộng điểm các nhóm: 14,92 + 18,05 + 10,21 + 15,86 + 19,14 = 78,18 điểm, khớp với tổng điểm công bố."
    )
    assert "| Dịch vụ trực tuyến | 22 | 10,21 | 46,41% | 11,79 |" in july["groups-table"]
    assert july["changes"] == (
        "Không so sánh với tháng 6 năm 2025 và tháng 7 năm 2024 vì không có điểm của kỳ đó."
    )
    assert july["units-chart"] == "", "one unit is no ranking"


# --- other facts -----------------------------------------------------------------------------------------------
def test_a_comparable_earlier_capture_gives_a_change(house, document):
    folder, add = house
    add(
        'service_index,42,2026,2026-10-06,total,"56,67",100,31,34',
        'service_index,42,2026,2026-10-13,total,"58,2",100,29,34',
    )
    pieces = write_memo(folder, "service_index", "2026", ["42"])
    assert pieces["changes"] == (
        "Điểm tăng 1,53 điểm so với kỳ trước (56,67 điểm, năm 2026, số liệu đến ngày 06/10/2026); tăng 2 bậc so với kỳ "
        "trước. Không so sánh với năm 2025 vì không có điểm của kỳ đó."
    )
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


def test_ranks_of_another_number_of_provinces_or_of_an_unknown_one_are_not_compared(house):
    folder, add = house
    ranks = {"2025-Q1": "30,63", "2025-Q2": "12,", "2025-Q3": "3,34"}
    add(
        *(
            row
            for period, rank in ranks.items()
            for row in period_rows(period, (14, 17, 10, 15, 16), rank=rank)
        )
    )
    for period in ("2025-Q2", "2025-Q3"):
        said = write_memo(folder, "service_index", period, ["42"])["changes"]
        assert "Không so sánh thứ hạng với quý" in said and "số tỉnh, thành phố được xếp hạng" in said
        assert "bậc" not in said


def test_a_total_that_its_groups_contradict_is_told(house, document):
    folder, add = house
    groups = ("transparency", "timeliness", "online_service", "satisfaction", "digitisation")
    add(
        "service_index,42,2026-09,2026-09-30,total,50,100,,",
        *(f"service_index,42,2026-09,2026-09-30,{group},9,,," for group in groups),
    )
    pieces = write_memo(folder, "service_index", "2026-09", ["42"])
    assert "= 45,00 điểm, cao hơn 5,00 điểm so với tổng các nhóm" in pieces["sum"]
    assert "xếp thứ" not in pieces["result"], "no rank was published"
    assert "lệch quá mức đó có tỉnh Hà Tĩnh (cao hơn 5,00 điểm so với tổng các nhóm)" in pieces["method"]
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


def test_the_first_province_is_measured_against_those_behind_it(house, register, document):
    folder, add = house
    provinces = [
        unit.code for unit in register.on(date(2026, 10, 6)) if unit.kind == "province" and unit.code != "42"
    ]
    add(
        "service_index,42,2026,2026-10-06,total,90,100,1,34",
        *(
            f"service_index,{code},2026,2026-10-06,total,{80 - at},100,{at + 2},34"
            for at, code in enumerate(provinces)
        ),
    )
    pieces = write_memo(folder, "service_index", "2026", ["42"])
    text = pieces["distance"]
    assert "tỉnh Hà Tĩnh cao hơn" in text and text.count("thấp hơn") == 2
    assert "tập trung rất cao của cả hệ thống chính trị" in pieces["praise"]
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


def test_groups_that_lack_as_many_points_are_all_asked_for(house, document):
    folder, add = house
    maxima = (18, 20, 22, 18, 22)
    add(*period_rows("2025-09", tuple(most - 5 for most in maxima)))
    pieces = write_memo(folder, "service_index", "2025-09", ["42"])
    assert "tập trung vào năm nhóm chỉ số" in pieces["tasks"]
    assert pieces["tasks"].count("(còn thiếu 5,00 điểm): ") == 5
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


# --- bad input -------------------------------------------------------------------------------------------------
def test_a_period_without_scores_is_told_with_those_that_have_some(root):
    with pytest.raises(
        NoDataError,
        match=r"tỉnh Hà Tĩnh trong kỳ năm 2024 \(2024\); các kỳ có số liệu: 2025-07, 2025-M7, 2026",
    ):
        service_index.open_memo("2024", ["42"], start=root)


def test_other_units_are_refused(root):
    with pytest.raises(UserError, match="chỉ lập cho toàn tỉnh, nhận được «xã Đức Thọ»"):
        service_index.open_memo("2026", ["18229"], start=root)


# --- views over time -------------------------------------------------------------------------------------------
GROUPS = ("transparency", "timeliness", "online_service", "satisfaction", "digitisation")


def period_rows(period: str, groups: tuple[float, ...] = (), total: str = "", rank: str = ",") -> list[str]:
    """The province's total (the groups' sum where none is given) and groups of one period."""
    written = total or f"{sum(groups):.2f}".replace(".", ",")
    rows = [f'service_index,42,{period},,total,"{written}",100,{rank}']
    return rows + [
        f'service_index,42,{period},,{name},"{value:.2f}",,,'.replace(".", ",")
        for name, value in zip(GROUPS, groups, strict=bool(groups))
    ]  # fmt: skip


@pytest.fixture
def view(house, document):
    """The pieces of the letter on the newest of some periods, checked against its claims."""
    folder, add = house

    def make(period: str, *rows: list[str]) -> WrittenMemo:
        add(*(line for some in rows for line in some))
        pieces = write_memo(folder, "service_index", period, ["42"])
        assert document(pieces.pieces, pieces.memo.claims).source_faults() == []
        return pieces

    return make


def test_a_quarter_beside_the_one_before_and_the_same_last_year(view):
    pieces = view(
        "2025-Q3",
        period_rows("2024-Q3", (14, 17, 10, 15, 16), rank="9,34"),
        period_rows("2025-Q2", (14, 18, 11, 15.5, 18), rank="5,63"),
        period_rows("2025-Q3", (14, 18.5, 10.5, 15.5, 19.25), rank="3,34"),
    )
    assert pieces["changes"] == (
        "So với quý II năm 2025 (76,5 điểm): tổng điểm tăng 1,25 điểm; nhóm tăng nhiều nhất là Số hóa hồ sơ (tăng 1,25 "
        "điểm); nhóm giảm nhiều nhất là Dịch vụ trực tuyến (giảm 0,50 điểm). Không so sánh thứ hạng với quý II năm 2025 vì số "
        "tỉnh, thành phố được xếp hạng của hai kỳ khác nhau. So với quý III năm 2024 (72 điểm): tổng điểm tăng 5,75 điểm; tăng 6 bậc; "
        "nhóm tăng nhiều nhất là Số hóa hồ sơ (tăng 3,25 điểm)."
    )
    table = pieces["changes-table"]
    assert (
        "| Nhóm chỉ số | Kỳ này | Quý II năm 2025 | Thay đổi (điểm) | Quý III năm 2024 | Thay đổi (điểm) |"
        in table
    )
    assert "| Công khai, minh bạch | 14,00 | 14,00 | không thay đổi | 14,00 | không thay đổi |" in table
    assert "| **Tổng điểm** | **77,75** | **76,50** | **tăng 1,25** |" in table
    assert pieces["trend"].startswith("Hình"), "three quarters are a trend"
    assert pieces.markdown("trend").count('class="hinh"') == 2, "the total, and the groups as small multiples"


def test_a_half_year_whose_groups_are_known_for_one_period_only(view):
    pieces = view(
        "2025-H1", period_rows("2024-H2", total="70"), period_rows("2025-H1", (14, 18, 11, 15.5, 18))
    )
    assert pieces["changes"] == (
        "So với 06 tháng cuối năm 2024 (70 điểm): tổng điểm tăng 6,50 điểm. Không so sánh với 06 tháng đầu năm 2024 vì "
        "không có điểm của kỳ đó."
    )
    assert pieces["changes-table"] == "" and pieces["trend"] == ""


def test_the_first_months_of_a_year_have_no_period_before(view):
    pieces = view("2025-M9", period_rows("2025-M8", total="75"), period_rows("2024-M9", total="76"),
                  period_rows("2025-M9", total="76"))  # fmt: skip
    assert pieces["changes"].endswith("So với 09 tháng đầu năm 2024 (76 điểm): tổng điểm không thay đổi.")


def test_a_series_across_the_change_of_conditions_has_a_break_mark_and_no_growth(view):
    pieces = view(
        "2026-02",
        *(period_rows(period, total=total) for period, total in (("2025-11", "83"), ("2025-12", "84"))),
        *(period_rows(period, total=total) for period, total in (("2026-01", "58"), ("2026-02", "59"))),
        period_rows("2025-02", total="80"),
    )
    assert pieces["changes"] == (
        "So với tháng 01 năm 2026 (58 điểm): tổng điểm tăng 1,00 điểm. Không so sánh với tháng 02 năm 2025 (80 điểm) vì "
        "điều kiện tính điểm thay đổi từ năm 2026."
    )
    assert "điều kiện tính điểm thay đổi từ năm 2026" in pieces.markdown("trend"), (
        "told in the alternative text"
    )


def test_two_periods_are_no_trend(view):
    assert (
        view("2025-09", period_rows("2025-08", total="75"), period_rows("2025-09", total="76"))["trend"] == ""
    )


def test_a_shared_place_names_with_whom(view):
    pieces = view(
        "2025-09",
        ['service_index,42,2025-09,,total,"80,5",100,1,2', 'service_index,40,2025-09,,total,"80,5",100,1,2'],
    )
    assert (
        "đạt 80,5 điểm, tạm thời xếp thứ 1/2 tỉnh, thành phố, đồng hạng với tỉnh Nghệ An, xếp loại Tốt."
        in (pieces["result"])
    )


def test_nobody_to_praise_and_nobody_to_criticise(view):
    pieces = view(
        "2025-09", period_rows("2025-09", total="60"), ["service_index,HT-SNV,2025-09,,total,75,100,,"]
    )
    assert (
        "Chưa có đơn vị nào có điểm được công bố xếp loại Xuất sắc hoặc Tốt để biểu dương."
        in pieces["praise"]
    )
    assert "Không có đơn vị nào có điểm được công bố xếp loại Trung bình hoặc Yếu." in pieces["weaknesses"]
