"""A document agrees with itself: its figures with one another, its words with its figures; none stands in words alone."""

from __future__ import annotations

import nbformat
import pytest

from baocao.publishing import notebooks
from baocao.publishing.check_claims import Checker, check_typed, read_reference
from baocao.publishing.document_blocks import Source
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
        "mức độ bốn hồ sơ tăng", "vì không đủ hai đơn vị để so sánh",
    ],
)  # fmt: skip
def test_words_that_are_no_figure_are_not(text):
    assert list(check_typed([text])) == []


def typed_in(source: str, tags: list[str] | None = None) -> list[str]:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": tags or []})
    texts = notebooks.typed_texts(nbformat.v4.new_notebook(cells=[cell]))
    return [fault.sentence for fault in check_typed(texts)]


@pytest.mark.parametrize(
    "source",
    [
        "%%vanban\nXã có mười hồ sơ {{ subject }}.", "%%vanban\n{% if received %}mười hồ sơ{% endif %}",
        "%%vanban mau\n{% macro share(a) %}[[có mười hồ sơ {{ a }}]]{% endmacro %}", '%%vanban\n{{ share("mười hồ sơ") }}',
        'most(overdue, members, pattern="{name} mười hồ sơ")', 'caption = f"{subject} có mười hồ sơ"',
    ],
)  # fmt: skip
def test_a_figure_in_words_is_seen_wherever_an_author_may_type_it(source):
    (sentence,) = typed_in(source, ["remove-cell"])
    assert "mười hồ sơ" in sentence


@pytest.mark.parametrize(
    "source",
    [
        '%%vanban\n{# mười hồ sơ #}{{ own("mười hồ sơ", "mục tiêu") }} {{ mười }} hồ sơ',
        "memo.say(f\"{own('mười hồ sơ', 'mục tiêu')}\")",
    ],
)
def test_comments_names_and_what_the_author_declares_are_no_figures_in_words(source):
    assert typed_in(source) == []


def test_no_notebook_of_the_project_types_a_figure_in_words(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        assert list(check_typed(notebooks.typed_texts(notebooks.read_notebook(path)))) == [], path.name


@pytest.mark.parametrize("text", ["95%", "1.229 hồ sơ", "mức 95,5", "27 đơn vị", "thứ 31 trên 63"])
def test_a_name_or_quotation_is_no_way_to_print_a_figure(root, laws, register, text):
    checker = Checker(laws, register, read_reference(root))
    for kind in ("ten", "trich-dan"):
        record = {"constants": [{"kind": kind, "text": text}], "provenance": {}}
        assert len(list(checker._check_constants(record))) == 1, kind
    record = {"constants": [{"kind": "nguon", "text": "1.229 hồ sơ"}], "provenance": {"vintage": "3"}}
    assert len(list(checker._check_constants(record))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "mức độ 3, mức độ 4",
        "Tháng 6 năm 2025",
        "06 tháng đầu năm 2023",
        "Biểu II.06/VPCP/KSTT",
        "Tiêu chí số 7.2, 7.3",
    ],
)
def test_names_of_the_reference_tables_may_hold_digits(root, laws, register, text):
    record = {"constants": [{"kind": "ten", "text": text}], "provenance": {}}
    assert list(Checker(laws, register, read_reference(root))._check_constants(record)) == []


def test_a_letter_states_no_figure_in_its_particulars(laws, register):
    def faults(subject: str) -> list[str]:
        source = Source()
        source.letter = {
            "trich-yeu": subject,
            "kinh-gui": ["UBND xã Sơn Kim 1"],
            "so": "12",
            "luu": "VT, NC1",
        }
        return [fault.message for fault in Checker(laws, register)._check_letter(source)]

    kim = next(unit for unit in register.units if unit.full_name == "Xã Sơn Kim 1")
    assert kim.code == "18196"
    assert faults("Kết quả CT08 tháng 7 năm 2025, từ ngày 01/07/2025 đến ngày 24/07/2025") == []
    assert len(faults("Tỷ lệ đúng hạn 98,07% trong 06 tháng đầu năm 2025")) == 1
