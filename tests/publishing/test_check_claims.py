"""A document agrees with itself: its figures with one another, its words with its figures; none stands in words alone."""

from __future__ import annotations

import pytest

from baocao.publishing import notebooks
from baocao.publishing.check_claims import check_typed
from baocao.writing import markup


@pytest.fixture
def faults_of(document, claims, province, july):
    def run(write) -> list[str]:
        about = {"unit": province, "period": july, "source": "received", "label": "Hồ sơ của tỉnh"}
        return document([markup.paragraphs(write(claims, about))], claims).source_faults()

    return run


def change(claims, about, value):
    return claims.change(value, measured_in="điểm phần trăm", formula="a - b", **about)


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (lambda c, about: f"Đạt {c.percent(200, 100, **about)}.", "ngoài khoảng từ 0% đến"),
        (lambda c, about: f"Xếp thứ {c.rank(5, 3, **about)}.", "không nằm trong số 3 được xếp hạng"),
        (lambda c, about: f"Có {c.count(5, **about)}, rồi {c.count(6, **about)}.", "hai giá trị khác nhau"),
        (lambda c, about: f"Trực tuyến tăng {change(c, about, -5)} điểm.", "chữ đứng trước là «tăng»"),
        (lambda c, about: f"Giảm mạnh tới {change(c, about, 5)} điểm.", "chữ đứng trước là «giảm»"),
        (lambda c, about: f"So sánh: -{change(c, about, 5)}.", "chữ đứng trước là «-»"),
        (lambda c, about: f"Không tăng cũng không giảm, cao hơn {change(c, about, -1)}.", "là «cao hơn»"),
    ],
)  # fmt: skip
def test_a_document_that_contradicts_itself_is_refused(faults_of, write, found):
    (fault,) = faults_of(write)
    assert found in fault


@pytest.mark.parametrize(
    "write",
    [
        lambda c, about: (
            f"Đạt {c.percent(100, 100, **about)}; {c.percent(0, 100, **about | {'label': 'khác'})}."
        ),
        lambda c, about: f"Xếp thứ {c.rank(3, 3, **about)}, tức là thứ {c.rank(3, **about)}.",
        lambda c, about: f"Có {c.count(5, **about)}, vẫn {c.count(5, in_text=True, **about)}.",
        lambda c, about: f"Tăng {change(c, about, 5)} điểm.",
        lambda c, about: f"Tăng cường số hóa, nay giảm {change(c, about, -5)} điểm.",
        lambda c, about: f"Mức tăng giảm là {change(c, about, -5)} điểm.",
    ],
)
def test_a_document_that_agrees_with_itself_is_not(faults_of, write):
    assert faults_of(write) == []


@pytest.mark.parametrize(
    "text",
    [
        "đạt **sáu mươi mốt** phần trăm", "tăng gấp đôi", "gấp năm lần", "đứng thứ nhất", "xếp thứ ba toàn tỉnh",
        "còn mười hai hồ sơ quá hạn", "đạt XII điểm", "có IX hồ sơ", "đạt LX%", "đứng thứ II",
    ],
)  # fmt: skip
def test_a_figure_typed_in_words_is_refused(text):
    (fault,) = check_typed([f"Năm nay xã {text}, tốt hơn."])
    assert "viết bằng chữ" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "## II. So sánh với kỳ trước", "chính quyền hai cấp, một cửa", "của một đơn vị", "cả hai đơn vị", "Thứ hai, rà soát",
        "trong năm hồ sơ giảm", "tháng hai hồ sơ giảm", "Quý II đơn vị nhận", "Mục IV điểm b", "việc cần gấp năm nay",
        "xếp hạng năm nay", "một phần, toàn trình", "tỷ lệ phần trăm", "kết quả DVC đơn vị đã gửi", "gửi tệp XML hồ sơ",
        "nêu ba điểm cần lưu ý", "còn hai điểm nghẽn", "đợt hai đơn vị nào chậm", "giai đoạn hai hồ sơ số hóa",
        "mức độ bốn hồ sơ tăng",
    ],
)  # fmt: skip
def test_words_that_are_no_figure_are_not(text):
    assert list(check_typed([text])) == []


def test_no_notebook_of_the_project_types_a_figure_in_words(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        assert list(check_typed(notebooks.typed_texts(notebooks.read_notebook(path)))) == [], path.name
