"""A spec that asks for what does not exist is refused with the nearest valid choice."""

from __future__ import annotations

import pytest

from baocao.errors import UserError
from baocao.specs import check_formats, find_spec, load_spec

GOOD = "notebook: processing\nperiod: 2025-07\nunits: ['42']\n"


@pytest.fixture
def spec(root, tmp_path):
    def read(text: str):
        path = tmp_path / "mau.yml"
        path.write_text(text, encoding="utf-8")
        return load_spec(root, path)

    return read


def test_a_spec_says_what_the_run_is(spec):
    read = spec(GOOD + "formats: [pdf]\nvan-ban:\n  trich-yeu: kết quả {period}\n  noi-nhan: [Như trên]\n")
    assert (read.name, read.notebook, read.period, read.units) == ("mau", "processing", "2025-07", ("42",))
    assert read.formats == ("pdf",)
    assert read.letter == {"trich-yeu": "kết quả {period}", "noi-nhan": ["Như trên"]}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (GOOD + "perod: 2025\n", "mau.yml có khóa lạ «perod»; gần nhất: period"),
        (GOOD.replace("processing", "procesing"), "Không có sổ tính «procesing»; gần nhất: processing"),
        (GOOD + "formats: [pdff]\n", "mau.yml: không có định dạng «pdff»; gần nhất: pdf"),
        ("period: 2025-07\nunits: x\n", "mau.yml thiếu khóa «notebook»"),
        (GOOD.replace("['42']", "[]"), "mau.yml thiếu khóa «units»"),
        (GOOD + "van-ban: {kinh-gu: x}\n", "«van-ban» có khóa lạ «kinh-gu»; gần nhất: kinh-gui"),
        (GOOD + "van-ban: {kinh-gui: x}\n", "«van-ban: kinh-gui» phải là một danh sách, nhận được «x»"),
        (GOOD + "van-ban: {luu: [x]}\n", "«van-ban: luu» phải là một dòng chữ"),
        ("- x\n", "mau.yml phải gồm các dòng «khóa: giá trị»"),
        ("a: [\n", "mau.yml sai cú pháp YAML"),
    ],
)
def test_what_does_not_exist_is_refused(spec, text, sentence):
    with pytest.raises(UserError) as refused:
        spec(text)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_unknown_report_names_the_nearest(root):
    with pytest.raises(UserError, match=r"Không có báo cáo «procesing» .*gần nhất: processing"):
        find_spec(root, "procesing")


def test_formats_are_taken_once(root):
    assert check_formats("pdf, html,pdf", "--format") == ("pdf", "html")
