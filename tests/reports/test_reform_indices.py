"""The steering committee's letter on the reform indices: what was public, what is compared, what is said missing."""

from __future__ import annotations

import re
import shutil

import pytest

from baocao.definitions.errors import NoDataError, UserError
from baocao.reports import reform_indices
from conftest import WrittenMemo, plain, write_memo

HEADER_FILES = "file,form,source,issuer,received,sha256,note\n"


def write(root, period: str) -> WrittenMemo:
    return write_memo(root, "reform_indices", period, ["42"])


@pytest.fixture
def house(root, tmp_path):
    """A project with the reference data and no facts, to which a test adds rows of index_values.csv."""
    shutil.copytree(root / "data" / "reference", tmp_path / "data" / "reference")
    (tmp_path / "data" / "raw").mkdir()
    (tmp_path / "data" / "raw" / "SOURCES.csv").write_text(HEADER_FILES, encoding="utf-8")
    shutil.copyfile(root / "_quarto.yml", tmp_path / "_quarto.yml")

    def add(*rows: str) -> None:
        keys = tuple(",".join(row.split(",")[:3]) + "," for row in rows)
        path = tmp_path / "data" / "reference" / "index_values.csv"
        kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(keys)]
        path.write_text("\n".join([*kept, *rows, ""]), encoding="utf-8")

    return tmp_path, add


@pytest.fixture(scope="module")
def seed(root):
    return write(root, "2022")


@pytest.fixture(scope="module")
def latest(root):
    return write(root, "2025")


# --- every letter ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("period", ["2019", "2021", "2022", "2023", "2024", "2025"])
def test_every_figure_is_a_claim_and_every_claim_is_printed_once(period, root, document):
    written = write(root, period)
    assert document(written.pieces, written.memo.claims).source_faults() == []
    assert not written.memo.claims.is_sample
    assert written["closing"].endswith("./.")
    assert '<div class="khoi-ky">' in written.markdown("signature")
    assert re.findall(r"^(\d)\. ", written.markdown("tasks"), re.MULTILINE) == ["1", "2", "3", "4", "5", "6"]


# --- the letter of February 2023 (seed 004) --------------------------------------------------------------------
def test_the_documents_of_2023_are_cited(seed):
    assert seed["opening"].startswith(
        "Thực hiện Chỉ thị số 03/CT-TTg ngày 27/01/2023 của Thủ tướng Chính phủ về đôn đốc thực hiện nhiệm vụ trọng tâm "
        "sau kỳ nghỉ Tết Nguyên đán Quý Mão năm 2023; Quyết định số 2454/QĐ-UBND ngày 04/12/2022 của UBND tỉnh về phê duyệt "
        "Đề án “Đẩy mạnh Cải cách hành chính,"
    )
    assert (
        "triển khai Quyết định số 2629/QĐ-UBND ngày 23/12/2022 của UBND tỉnh về ban hành Kế hoạch"
        in (seed["opening"])
    )
    assert "Chủ tịch UBND cấp huyện thực hiện một số nội dung sau:" in seed["opening"]


def test_the_fifth_task_names_the_weak_parts_as_the_seed_does(seed):
    assert (
        "Khắc phục các tồn tại, hạn chế Chỉ số đánh giá chuyển đổi số (DTI) năm 2022 (sau khi được công bố)"
        in seed["tasks"]
    )
    assert (
        "trong đó chú trọng các nhóm chỉ số thành phần còn hạn chế, thứ hạng thấp của năm 2021 như: chính quyền số (xếp thứ "
        "hạng 60/63 tỉnh, thành phố trong cả nước); kinh tế số (xếp thứ hạng 56/63); xã hội số (xếp thứ hạng 61/63). Tập trung "
        "triển khai Kế hoạch chuyển đổi số của tỉnh năm 2023 theo Kế hoạch số 525/KH-UBND ngày 29/12/2022 của UBND tỉnh."
    ) in seed["tasks"]


def test_the_notes_are_those_of_the_seed(seed):
    notes = re.findall(r"\^\[(.*?)\](?=[ ;.])", seed["tasks"])
    assert [note.split(",")[0][:40] for note in notes] == [
        "Quyết định số 2454/QĐ-UBND ngày 04/12/20",
        "Văn bản số 385/BNV-CCHC ngày 06/02/2023 ",
        "Trong năm 2021",
        "Chỉ số DTI năm 2021 của tỉnh xếp hạng 59",
    ]
    assert notes[3].endswith("xếp hạng 59/63 tỉnh, thành phố trong cả nước.")


def test_the_opening_gives_the_newest_results_with_their_changes(seed):
    assert (
        "Theo kết quả đã công bố gần nhất, Chỉ số cải cách hành chính (PAR INDEX) năm 2021 của tỉnh xếp thứ 8/63 tỉnh, thành "
        "phố, tăng 8 bậc so với năm 2020; "
    ) in seed["opening"]
    assert (
        "năm 2021 của tỉnh đạt 91,17%, xếp thứ 5/63 tỉnh, thành phố, tăng 6 bậc so với năm 2020 (chi tiết"
        in (seed["opening"])
    )


def test_a_result_that_is_not_out_is_no_ground_for_an_order(seed, house):
    assert "Căn cứ kết quả đã công bố về Chỉ số cải cách hành chính, các cơ quan" in seed["tasks"]
    assert "chưa được công bố" not in seed["opening"] + seed["tasks"]
    root, add = house
    add("par_index,total,2022,,,28,63,,2023-01-31,nguồn,S,")
    tasks = write(root, "2022")["tasks"]
    assert "Căn cứ kết quả công bố về Chỉ số cải cách hành chính năm 2022, các cơ quan" in tasks


def test_nothing_published_later_is_known(seed):
    text = plain(" ".join(seed.pieces))
    assert "28/63" not in text and "37/63" not in text and "2024" not in text


def test_the_table_says_what_is_missing_and_why_two_years_are_not_compared(seed):
    table = seed["results"]
    assert "| Chỉ số CCHC | năm 2019 | – | – | – | chưa tìm thấy nguồn công bố kết quả của tỉnh | |" in table
    assert "không so sánh với năm 2018: bộ tiêu chí thay đổi từ năm 2020" in table
    assert "| trong đó: Hiện đại hóa hành chính | năm 2018 | 6,626/9,5 điểm | – | – |" in table
    assert "| Chỉ số CCHC | năm 2022 | – | – | – | chưa công bố tại thời điểm lập văn bản | |" in table


# --- other years -------------------------------------------------------------------------------------------------
def test_a_year_without_known_documents_names_none(latest):
    text = latest["opening"]
    assert text.startswith("Thực hiện Nghị quyết số 76/NQ-CP của Chính phủ về Chương trình tổng thể")
    assert "Để kịp thời triển khai Kế hoạch cải cách hành chính (CCHC) tỉnh năm 2026 của UBND tỉnh" in text
    assert "Chủ tịch UBND cấp xã thực hiện" in text
    assert "12-NQ/TU" not in latest["tasks"] and "385/BNV" not in latest["tasks"]


def test_ranks_under_other_criteria_are_not_compared(root):
    written = write(root, "2023")
    assert "năm 2022 của tỉnh xếp thứ 28/63 tỉnh, thành phố; Chỉ số hài lòng" in written["opening"]
    assert "không so sánh với năm 2021: bộ tiêu chí thay đổi từ năm 2022" in written["results"]
    note = "năm 2022 của tỉnh xếp hạng 37/63 tỉnh, thành phố trong cả nước, tăng 22 bậc so với năm 2021."
    assert note in written["tasks"]


def test_parts_rise_and_fall_on_one_base(latest):
    table = latest["results"]
    assert "| Kinh tế số | 56/63 | 32/63 | 41/63 | giảm 9 bậc |" in table
    assert "| **Hạ tầng số** | **–** | **31/63** | **44/63** | **giảm 13 bậc** |" in table
    assert "| Nhận thức số | – | 32/63 | 1/63 | tăng 31 bậc |" in table


def test_a_year_that_is_out_without_a_rank_of_the_province_says_so(latest):
    assert (
        "| DTI | năm 2024 | – | – | – | công bố ngày 21/10/2025 trên 34 tỉnh, thành phố; chưa tìm thấy hạng của tỉnh |"
        in latest["results"]
    )


def test_an_old_result_is_told_with_its_year(latest, root):
    assert "(PAR INDEX) năm 2022 của tỉnh xếp thứ 28/63" in latest["opening"]
    assert "| Chỉ số CCHC | năm 2023 | – | – | – | chưa tìm thấy nguồn công bố" in latest["results"]
    assert "năm 2022 của tỉnh xếp hạng 37/63" in write(root, "2024")["tasks"]  # DTI 2023: May 2025


def test_only_parts_in_the_last_third_are_weak(latest):
    assert "thứ hạng thấp của năm 2023 như: hạ tầng số (xếp thứ hạng 44/63" in latest["tasks"]
    assert "kinh tế số (xếp" not in latest["tasks"]


def test_without_a_weak_part_the_lowest_are_named_as_such(house):
    root, add = house
    add("dti,digital_infrastructure,2023,,,40,63,,2025-05-31,nguồn,S,")
    written = write(root, "2025")
    assert [one.component.name for one in written.memo.weak] == ["digital_economy"]
    assert "có thứ hạng thấp nhất của năm 2023 là: kinh tế số (xếp thứ hạng 41/63" in written["tasks"]


def test_ranks_of_34_and_of_63_are_not_compared(house):
    root, add = house
    add("dti,total,2024,,,20,34,,2025-10-21,nguồn,S,")
    written = write(root, "2025")
    assert "năm 2024 của tỉnh xếp hạng 20/34 tỉnh, thành phố trong cả nước." in written["tasks"]
    reason = "không so sánh với năm 2023: số tỉnh, thành phố được xếp hạng của hai kỳ khác nhau"
    assert reason in written["results"]


def test_an_index_that_is_not_out_at_all_needs_no_words(root):
    written = write(root, "2019")
    assert "SIPAS" not in written["opening"] and "xếp hạng" not in written["tasks"]
    assert "năm 2018 của tỉnh xếp thứ 13/63 tỉnh, thành phố (chi tiết tại Phụ lục I)." in written["opening"]
    assert "| DTI |" not in written["results"]


def test_a_chart_needs_two_years_and_marks_the_change_of_criteria(root, seed):
    assert "Hình" not in write(root, "2019")["results"]
    assert "Hình 1. Thứ hạng Chỉ số CCHC của tỉnh" in seed["results"] and "Hình 2" not in seed["results"]
    described = re.search(r'data-mo-ta="([^"]*)"', seed.markdown("results"))[1]
    assert "bộ tiêu chí thay đổi từ năm 2020" in described and "16" in described and "8" in described


# --- bad input ---------------------------------------------------------------------------------------------------
def test_only_years_have_a_letter(root):
    with pytest.raises(
        UserError, match="lập theo năm, nhận được kỳ «2022-Q1»; hãy ghi kỳ là một năm, ví dụ 2022"
    ):
        reform_indices.open_memo("2022-Q1", ["42"], start=root)


def test_only_the_province_has_a_letter(root):
    with pytest.raises(UserError, match="chỉ lập cho toàn tỉnh, nhận được «Sở Nội vụ»"):
        reform_indices.open_memo("2022", ["Sở Nội vụ"], start=root)


@pytest.mark.parametrize(
    ("period", "told"), [("2017", "chưa có kết quả nào"), ("2030", "kết quả mới nhất là của năm 2023")]
)
def test_a_year_without_results_is_one_sentence(root, period, told):
    with pytest.raises(NoDataError, match=rf"cho năm {period} \({told}\); hãy chọn kỳ từ 2019 đến 2026"):
        reform_indices.open_memo(period, ["42"], start=root)
