"""YAML read as typed: words that YAML would take for numbers stay words, and what it would swallow is refused."""

from __future__ import annotations

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.typed_yaml import read_typed_yaml


@pytest.fixture
def read(tmp_path):
    def run(content: str | bytes):
        path = tmp_path / "a.yml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_typed_yaml(path)

    return run


@pytest.mark.parametrize(
    "word",
    ["01", "0o17", "017", "0x1F", "1e3", "1.0", "1_000", "yes", "No", "on", "off", "y", "true", "null", "~", ".inf",
     "2025-07-01", "12:30", "-", "= "],
)  # fmt: skip
def test_a_word_is_what_was_typed_as_key_and_as_value(read, word):
    if word not in ("-", "= "):
        assert read(f"a: {{{word}: 1}}\n") == {"a": {word: "1"}}
        assert read(f"- {word}\n") == [word]
    assert read(f"'{word}': \"{word}\"\n") == {word: word}


def test_a_mark_of_order_a_blank_value_and_an_empty_file(read):
    assert read("\ufeffa:\nb: ''\n") == {"a": "", "b": ""}
    assert read("# chỉ có ghi chú\n") == ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a: 1\nb: 2\na: 3\n", "a.yml, dòng 3: ghi lại khóa «a» của dòng 1; hãy bỏ một dòng."),
        ("a:\n  'x': 1\n  x: 1\n", "a.yml, dòng 3: ghi lại khóa «x» của dòng 2; hãy bỏ một dòng."),
        ("a: {b: 1, b: 1}\n", "a.yml, dòng 1: ghi lại khóa «b» của dòng 1; hãy bỏ một dòng."),
        ("a: &x 1\nb: *x\n", "a.yml, dòng 1: dùng lại một phần khác bằng dấu «*», không được nhận"),
        ("a: &x [*x]\n", "dùng lại một phần khác"),
        ("? [a]\n: 1\n", "a.yml, dòng 1: có khóa không phải là chữ"),
        ('a: "\\ud83d"\n', "a.yml, dòng 1: có ký tự hỏng"),
        ("a: [\n", "a.yml sai cú pháp YAML ở dòng 2, cột 1; hãy xem lại"),
        ("a: 1\n---\nb: 1\n", "a.yml sai cú pháp YAML ở dòng 2"),
        ("a: \x07\n", "a.yml sai cú pháp YAML"),
        (b"a: \xff\n", "a.yml không phải là văn bản UTF-8"),
        (f"a: {'x' * 1_000_001}", "a.yml dài hơn một triệu ký tự"),
        ("[" * 5000, "a.yml lồng quá nhiều cấp"),
    ],
)
def test_what_would_be_swallowed_or_is_no_yaml_is_refused_in_one_sentence(read, text, sentence):
    with pytest.raises(UserError) as refused:
        read(text)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_bomb_of_aliases_is_not_unfolded(read):
    lines = ["a0: &a0 [x, x]"] + [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]" for at in range(1, 30)]
    with pytest.raises(UserError, match="dùng lại một phần khác"):
        read("\n".join(lines))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(UserError, match="Không đọc được tệp «x.yml»"):
        read_typed_yaml(tmp_path / "x.yml")
