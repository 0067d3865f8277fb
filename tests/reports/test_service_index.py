"""The letter on the service index: what it says of 2026, of 2025 and where nothing was published."""

from __future__ import annotations

import re
import shutil
from datetime import date
from hashlib import sha256
from random import Random

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
    assert re.findall(r"^\d\.", each.markdown("tasks"), re.MULTILINE)[:2] == ["1.", "2."]


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
        "tạm thời xếp thứ 31/34 tỉnh, thành phố, xếp loại Trung bình. Bình quân cả nước là 61,88 điểm, "
        "tỉnh thấp hơn 5,21 điểm; các địa phương dẫn đầu: Đồng Tháp (68,26 điểm); Đồng Nai (66,97 điểm); Hải Phòng (66,84 điểm)."
    )


def test_groups_have_share_place_mean_and_distances(year):
    table = year["details"]
    assert (
        "| Mức độ hài lòng | 18 | 7,93 | 44,06% | 28/34 (đồng hạng) | 10,10 | -2,17 | 14,25 | 6,32 |" in table
    )
    assert "| Dịch vụ trực tuyến | 22 | 14,83 | 67,41% | 15/34 | 14,71 | +0,12 | 16,97 | 2,14 |" in table
    assert "| **Tổng điểm** | **100** | **56,67** | **56,67%** | **31/34** | **61,88** | **-5,21** |" in table


def test_2025_is_named_in_the_annex_but_no_difference_is_made(year):
    assert (
        "Không so sánh với 07 tháng đầu năm 2025 (82,13 điểm) vì điều kiện tính điểm thay đổi từ năm 2026."
        in (year["method"])
    )
    assert year["changes"] == "" and "25,46" not in "".join(year.pieces)
    assert not re.search(r"\b(tăng|giảm) [\d,]+ điểm", "".join(year.pieces))


def test_a_low_rank_opens_with_what_is_lacking(year):
    assert year["praise"] == "" and year["best"] == "", "rank 31 of 34 is no success"
    assert year["weaknesses"] == (
        "Kết quả của tỉnh còn thấp: 04/05 nhóm chỉ số thấp hơn bình quân cả nước, gồm Mức độ hài lòng (7,93/18 điểm, thấp hơn "
        "2,17 điểm); Công khai, minh bạch (8,76/18 điểm, thấp hơn 1,31 điểm); Tiến độ giải quyết (16,51/20 điểm, thấp hơn 1,02 "
        "điểm); Số hóa hồ sơ (8,64/22 điểm, thấp hơn 0,83 điểm); nhóm đạt tỷ lệ điểm thấp nhất là Số hóa hồ sơ (39,27% điểm "
        "tối đa). Nhóm cao hơn bình quân cả nước là Dịch vụ trực tuyến (14,83/22 điểm, cao hơn 0,12 điểm)."
    )
    body = " ".join(year[cell] for cell in ("result", "changes", "weaknesses", "standing"))
    assert not re.search(
        "biểu dương|nỗ lực, tập trung|mẫu số|chưa được công bố|không so sánh", body, re.IGNORECASE
    )


def test_tasks_follow_the_points_lost(year):
    names = (
        "Số hóa hồ sơ (còn thiếu 13,36",
        "Mức độ hài lòng (còn thiếu 10,07",
        "Công khai, minh bạch (còn thiếu 9,24",
    )
    places = [year["tasks"].index(name) for name in names]
    assert places == sorted(places)
    assert "Chưa được công bố: điểm của từng sở, ngành, địa phương trong tỉnh." in year["method"]


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
    assert "số liệu đến ngày" not in seven_months["result"], "nobody said as of when"
    text = seven_months["best"]
    named = ("Đức Thọ (94,13 điểm)", "Du lịch (93,53 điểm)", "Vũ Quang (92 điểm)", "Thạch Hà (91,51 điểm)")
    named += ("Sở Nội vụ (90,37 điểm)", "Đào tạo (90,12 điểm)", "UBND phường Bắc Hồng Lĩnh (80,1 điểm)")
    places = [text.index(name) for name in (*named, "UBND xã Đức Thọ (80,05 điểm)")]
    assert places == sorted(places)
    assert "Xuất sắc (từ 90 điểm trở lên)" in text and "08 đơn vị" in text


def test_the_passages_of_seed_000_stand_in_its_period_only(seven_months, july):
    for cell, words in {
        "praise": "sự cố gắng, nỗ lực, tập trung rất cao của cả hệ thống chính trị",
        "praise-of-2025": "Cơ bản các đơn vị cấp xã đã thực hiện tốt nhiệm vụ chỉ đạo, điều hành",
        "weaknesses-of-2025": "theo đánh giá từng tháng hoặc theo quý thì vẫn còn một số đơn vị, địa phương",
        "standing": "định vị vị trí của tỉnh Hà Tĩnh trên Bản đồ thực thi thể chế",
        "tasks": "góp phần thúc đẩy phát triển kinh tế - xã hội",
    }.items():
        assert words in seven_months[cell]
    assert july["praise-of-2025"] == july["weaknesses-of-2025"] == ""


def test_what_was_not_published_is_one_line_of_the_annex(seven_months):
    assert seven_months["weaknesses"] == seven_months["provinces"] == seven_months["changes"] == ""
    assert "Bảng 1. Các nhóm" in seven_months["method"], "no table of groups before it"
    told = seven_months["method"].partition("Chưa được công bố: ")[2].partition(".")[0]
    assert told == (
        "điểm của từng nhóm chỉ số; điểm của các tỉnh, thành phố khác; điểm của các đơn vị còn lại trong tỉnh"
    )
    assert "35.501" not in seven_months["method"], "faults of counts are not of scores"


def test_july_prints_its_five_groups_and_says_nothing_of_sums_that_hold(july):
    assert "| Dịch vụ trực tuyến | 22 | 10,21 | 46,41% | 11,79 |" in july["details"]
    assert "cộng" not in july["method"].lower().replace("cộng hòa", "")
    assert july["changes"] == ""
    assert "nhóm đạt tỷ lệ điểm thấp nhất là Dịch vụ trực tuyến (46,41% điểm tối đa)" in july["weaknesses"]
    assert july["details"].count("Hình") == 1, "one unit is no ranking"


# --- other facts -----------------------------------------------------------------------------------------------
def test_a_comparable_earlier_capture_gives_a_change(house, document):
    folder, add = house
    add(
        'service_index,42,2026,2026-10-06,total,"56,67",100,31,34',
        'service_index,42,2026,2026-10-13,total,"58,2",100,29,34',
    )
    pieces = write_memo(folder, "service_index", "2026", ["42"])
    assert pieces["changes"] == (
        "Điểm tăng 1,53 điểm so với kỳ trước (56,67 điểm, năm 2026, số liệu đến ngày 06/10/2026); tăng 2 bậc."
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
        pieces = write_memo(folder, "service_index", period, ["42"])
        assert "bậc" not in pieces["changes"]
        assert "Không so sánh thứ hạng với quý" in pieces["method"]
        assert "vì số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau." in pieces["method"]


def test_a_total_that_its_groups_contradict_is_told(house, document):
    folder, add = house
    groups = ("transparency", "timeliness", "online_service", "satisfaction", "digitisation")
    add(
        "service_index,42,2026-09,2026-09-30,total,50,100,,",
        *(f"service_index,42,2026-09,2026-09-30,{group},9,,," for group in groups),
    )
    pieces = write_memo(folder, "service_index", "2026-09", ["42"])
    assert "xếp thứ" not in pieces["result"], "no rank was published"
    told = "Tổng điểm công bố khác tổng điểm các nhóm: tỉnh Hà Tĩnh (cao hơn 5,00 điểm); văn bản lấy tổng điểm công bố."
    assert told in pieces["method"]
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
    assert "tỉnh cao hơn" in pieces["result"] and "Hà Tĩnh (90" not in pieces["result"]
    assert "tập trung rất cao của cả hệ thống chính trị" in pieces["praise"]
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


def test_groups_that_lack_as_many_points_are_all_asked_for(house, document):
    folder, add = house
    maxima = (18, 20, 22, 18, 22)
    add(*period_rows("2025-09", tuple(most - 5 for most in maxima)))
    pieces = write_memo(folder, "service_index", "2025-09", ["42"])
    assert "nâng điểm năm nhóm chỉ số" in pieces["tasks"]
    assert pieces["tasks"].count("(còn thiếu 5,00 điểm): ") == 5
    assert document(pieces.pieces, pieces.memo.claims).source_faults() == []


@pytest.mark.parametrize("chance", range(8))
def test_whatever_was_not_published_every_figure_stands_and_every_sentence_is_whole(
    house, register, document, chance
):
    folder, add = house
    pick, day = Random(chance), date(2025, 9, 30)
    units = [unit.code for unit in register.on(day) if unit.kind == "province"]
    units += ["18229", "HT-SNV", "HT-CN-DUCTHO"]
    rows = []
    for period in ("2024-09", "2025-08", "2025-09"):
        is_full = pick.random() < 0.5
        for code in units if is_full else ["42"]:
            base = f"{34 if is_full else 63}" if pick.random() < 0.7 else ""
            place = str(pick.randint(1, 34)) if pick.random() < 0.7 else ""
            total = pick.randint(3000, 9900) / 100 if code == "42" or pick.random() < 0.95 else None
            if total:
                rows.append(
                    f'service_index,{code},{period},,total,"{total:.2f}",100,{place},{base if place else ""}'
                )
            for name in GROUPS if pick.random() < 0.9 else ():
                if pick.random() < 0.98:
                    rows.append(
                        f'service_index,{code},{period},,{name},"{pick.randint(0, 1800) / 100:.2f}",,,'
                    )
    add(*(row.replace(".", ",") for row in rows))
    letter = write_memo(folder, "service_index", "2025-09", ["42"])
    assert document(letter.pieces, letter.memo.claims).source_faults() == []
    for cell in ("result", "changes", "praise", "best", "weaknesses", "standing"):
        text = letter[cell]
        assert not re.search(r" [,.;:)]|: ?[;,.]|[,;] ?[,;.]|\(\)|\.\.| – |[\ue000-\uf8ff]", text), text
        assert not text or text[0].isupper()


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
        "điểm); nhóm giảm nhiều nhất là Dịch vụ trực tuyến (giảm 0,50 điểm). So với quý III năm 2024 (72 điểm): tổng điểm tăng 5,75 điểm; tăng 6 bậc; "
        "nhóm tăng nhiều nhất là Số hóa hồ sơ (tăng 3,25 điểm)."
    )
    table = pieces["details"]
    assert (
        "| Nhóm chỉ số | Kỳ này | Quý II năm 2025 | Thay đổi (điểm) | Quý III năm 2024 | Thay đổi (điểm) |"
        in table
    )
    assert "| Công khai, minh bạch | 14,00 | 14,00 | không thay đổi | 14,00 | không thay đổi |" in table
    assert "| **Tổng điểm** | **77,75** | **76,50** | **tăng 1,25** |" in table
    assert pieces["details"].count("Hình") == 3, "three quarters are a trend, beside the groups of this one"
    assert pieces.markdown("details").count('class="hinh"') == 3, (
        "groups, the total, and the groups as small multiples"
    )


def test_a_half_year_whose_groups_are_known_for_one_period_only(view):
    pieces = view(
        "2025-H1", period_rows("2024-H2", total="70"), period_rows("2025-H1", (14, 18, 11, 15.5, 18))
    )
    assert pieces["changes"] == ("So với 06 tháng cuối năm 2024 (70 điểm): tổng điểm tăng 6,50 điểm.")
    assert "Thay đổi (điểm)" not in pieces["details"]


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
    assert pieces["changes"] == ("So với tháng 01 năm 2026 (58 điểm): tổng điểm tăng 1,00 điểm.")
    assert "Không so sánh với tháng 02 năm 2025 (80 điểm) vì điều kiện tính điểm" in pieces["method"]
    assert "điều kiện tính điểm thay đổi từ năm 2026" in pieces.markdown("details"), (
        "told in the alternative text"
    )


def test_two_periods_are_no_trend(view):
    pieces = view("2025-09", period_rows("2025-08", total="75"), period_rows("2025-09", total="76"))
    assert pieces["details"] == "" and pieces["changes"], "compared, but not drawn"


def test_a_shared_place_names_with_whom(view):
    pieces = view(
        "2025-09",
        ['service_index,42,2025-09,,total,"80,5",100,1,2', 'service_index,40,2025-09,,total,"80,5",100,1,2'],
    )
    assert (
        "đạt 80,5 điểm, tạm thời xếp thứ 1/2 tỉnh, thành phố, đồng hạng với tỉnh Nghệ An, xếp loại Tốt."
        in (pieces["result"])
    )


def test_nobody_to_praise_and_nobody_to_criticise_needs_no_words(view):
    pieces = view(
        "2025-09", period_rows("2025-09", total="60"), ["service_index,HT-SNV,2025-09,,total,75,100,,"]
    )
    assert pieces["praise"] == pieces["best"] == pieces["weaknesses"] == ""


def test_units_are_named_by_their_grade(view):
    scores = {"HT-SNV": "90", "HT-STP": "89,99", "18229": "80", "18115": "69,99", "HT-SXD": "49"}
    rows = [f'service_index,{code},2025-09,,total,"{points}",100,,' for code, points in scores.items()]
    pieces = view("2025-09", period_rows("2025-09", total="60"), rows)
    assert pieces["best"].startswith(
        "Điển hình một số đơn vị có điểm tổng hợp cao như Sở Nội vụ (90 điểm); Sở Tư pháp (89,99 điểm); ở cấp xã, điển hình "
        "như UBND xã Đức Thọ (80 điểm)."
    )
    assert pieces["weaknesses"] == (
        "Đơn vị xếp loại Trung bình (từ 50 điểm trở lên): UBND phường Bắc Hồng Lĩnh (69,99 điểm). Đơn vị xếp loại Yếu (dưới 50 "
        "điểm): Sở Xây dựng (49 điểm)."
    )
