"""A spec that asks for what does not exist is refused with the nearest valid choice."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_notebook

from baocao.definitions.errors import UserError
from baocao.publishing import pandoc
from baocao.publishing.notebooks import front_matter, read_notebook, set_front_matter
from baocao.publishing.spec import FOLDERS, PLACEHOLDERS, check_formats, fill, find_spec, load_spec

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
        (GOOD + "van-ban: {noi-nhan: [Như trên, [x]]}\n", "«van-ban: noi-nhan» phải là một dòng chữ"),
        (GOOD + "van-ban: {kinh-gui: ['   ', Phòng A]}\n", "«van-ban: kinh-gui» có một dòng trống; hãy xóa"),
        (GOOD + 'van-ban: {kinh-gui: ["a\\ud83db"]}\n', "mau.yml, dòng 4: có ký tự hỏng"),
        (
            GOOD + "van-ban: {luu: 🚀}\n",
            "«van-ban: luu»: phông chữ của văn bản không có ký tự «🚀» (U+1F680)",
        ),
        (GOOD + "van-ban: {ngay: 45}\n", "«van-ban: ngay» phải là số từ 1 đến 31, nhận được «45»."),
        (GOOD + "van-ban: {thang: bảy}\n", "«van-ban: thang» phải là số từ 1 đến 12, nhận được «bảy»."),
        (GOOD + "van-ban: {ngay: 30, thang: 2, nam: 2025}\n", "ghi ngày 30/02/2025 không có trong lịch"),
        (GOOD + "units: x\n", "mau.yml, dòng 4: ghi lại khóa «units» của dòng 3; hãy bỏ một dòng."),
        (GOOD + "timeout: 1e3\n", "«timeout» phải là số giây nguyên dương"),
        (GOOD + "van-ban: {luu: [x]}\n", "«van-ban: luu» phải là một dòng chữ"),
        (GOOD + "van-ban: {luu: 'của {unti}'}\n", "«van-ban: luu» để trống chỗ lạ «unti»; gần nhất: unit"),
        (
            GOOD + "van-ban: {kinh-gui: ['{addressee}', '{adress}']}\n",
            "«van-ban: kinh-gui» để trống chỗ lạ «adress»; gần nhất: addressee",
        ),
        (
            GOOD + "parameters: {sead: '001'}\n",
            "mau.yml: sổ tính processing không có tham số «sead»; gần nhất: seed",
        ),
        (GOOD + "parameters: {period: '2025'}\n", "mau.yml: sổ tính processing không có tham số «period»"),
        (GOOD + "parameters: {seed: [a]}\n", "«parameters: seed» phải cùng loại với mặc định ''"),
        (GOOD + "parameters: [x]\n", "mau.yml: «parameters» phải gồm các dòng «tên: giá trị»"),
        ("- x\n", "mau.yml phải gồm các dòng «khóa: giá trị»"),
        ("a: [\n", "mau.yml sai cú pháp YAML"),
    ],
)
def test_what_does_not_exist_is_refused(spec, text, sentence):
    with pytest.raises(UserError) as refused:
        spec(text)
    assert sentence in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["...yml", "..yml", " .yml", "-.yml", "a .yml", f"{'a' * 81}.yml"])
def test_a_name_that_is_no_name_of_a_folder_is_refused(root, tmp_path, name):
    path = tmp_path / name
    path.write_text(GOOD, encoding="utf-8")
    with pytest.raises(UserError, match="không dùng làm tên báo cáo được"):
        load_spec(root, path)


def test_an_unknown_report_names_the_nearest(root):
    with pytest.raises(UserError, match=r"Không có báo cáo «procesing» .*gần nhất: processing"):
        find_spec(root, "procesing")


@pytest.mark.parametrize("name", ["{}", "{}.yml", "reports/{}.yml", "reports/seeds/{}.yml"])
def test_reports_are_found_by_bare_name_in_both_folders(root, name):
    for folder, stem in (("reports", "processing"), ("reports/seeds", "002-dich-vu-cong-truc-tuyen")):
        if folder in name or "/" not in name:
            assert find_spec(root, name.format(stem)) == root / folder / f"{stem}.yml"
    with pytest.raises(UserError, match="gần nhất: 002-dich-vu-cong-truc-tuyen"):
        find_spec(root, name.format("002-dich-vu-cong"))


def test_a_bare_name_means_one_file_only(root):
    stems = [path.stem for folder in FOLDERS for path in (root / "reports" / folder).glob("*.yml")]
    assert len(stems) == len(set(stems))


def test_extra_parameters_go_to_the_notebook(spec):
    assert spec(GOOD).parameters == {}
    assert spec(GOOD + "parameters: {seed: 001}\n").parameters == {"seed": "001"}


def test_formats_are_taken_once(root):
    assert check_formats("pdf, html,pdf", "--format") == ("pdf", "html")


def test_an_empty_line_of_a_letter_is_empty(spec):
    assert spec(GOOD + "van-ban:\n  so:\n  luu: VT\n").letter == {"so": "", "luu": "VT"}


def test_words_stay_as_typed_with_and_without_quotes(spec):
    words = [
        "1e3",
        "1E5",
        "0o17",
        "1e308",
        "012",
        "yes",
        "no",
        "on",
        "null",
        "2025-08-01",
        "~",
        ".5",
        "1_000",
        "Như trên",
    ]
    for quote in ("", "'"):
        written = ", ".join(f"{quote}{word}{quote}" for word in words)
        read = spec(
            f"notebook: processing\nperiod: 2025\nunits: [042, no]\nvan-ban: {{noi-nhan: [{written}]}}\n"
        )
        assert (read.period, read.units, read.letter["noi-nhan"]) == ("2025", ("042", "no"), words)


def test_pandoc_reads_a_letters_words_as_text(root):
    words = ["1e3", "1E5", "0o17", "1e308", "012", "yes", "null", ".5", "-1", "Như trên"]
    notebook = new_notebook()
    set_front_matter(notebook, {"noi-nhan": words, "toc": True})
    meta = json.loads(pandoc.parse_plainly(notebook.cells[0].source, root))["meta"]
    said = [" ".join(one["c"] for one in item["c"] if one["t"] == "Str") for item in meta["noi-nhan"]["c"]]
    assert said == words
    assert meta["toc"] == {"t": "MetaBool", "c": True}


def test_the_day_of_a_letter_is_printed_as_the_decree_asks(spec):
    letter = spec(GOOD + "van-ban: {ngay: 5, thang: 2, nam: 2025}\n").letter
    assert letter == {"ngay": "05", "thang": "02", "nam": "2025"}
    assert spec(GOOD + "van-ban: {ngay: '', thang: 08}\n").letter == {"ngay": "", "thang": "8"}


def test_what_a_letter_leaves_open_is_filled_in_once():
    words = {"period": "tháng 7", "unit": "xã {period}", "addressee": "UBND xã {unit}"}
    assert set(words) == set(PLACEHOLDERS)
    assert fill("{unit}, {period}: {addressee}", words) == "xã {period}, tháng 7: UBND xã {unit}"
    assert fill("{{< include x >}} {0}", words) == "{{< include x >}} {0}", "anything else stays as it is"


def test_another_period_leaves_the_month_of_signing_blank(spec):
    read = spec(GOOD + "van-ban: {thang: '7', nam: '2025', luu: VT}\n")
    assert read.for_period("2025-07") is read
    other = read.for_period("2025-05")
    assert (other.period, other.letter) == ("2025-05", {"thang": "", "nam": "", "luu": "VT"})


def test_another_period_is_not_held_against_the_memo_published_for_the_old_one(spec):
    read = spec(GOOD + "parameters: {seed: '001'}\n")
    assert read.for_period("2025-07").parameters == {"seed": "001"}
    assert read.for_period("2025-05").parameters == {"seed": ""}
    assert spec(GOOD).for_period("2025-05").parameters == {}, (
        "a notebook gets no parameter that it may not have"
    )


def test_no_report_carries_the_words_of_another_period(root):
    """A subject names its period through {period}; a notebook run by hand has neither period nor month in it."""
    for path in (path for folder in FOLDERS for path in sorted((root / "reports" / folder).glob("*.yml"))):
        subject = load_spec(root, path).letter.get("trich-yeu", "").replace("CT08", "")  # Chỉ thị 08/CT-UBND
        assert not any(letter.isdigit() for letter in subject), path.name
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        letter = front_matter(read_notebook(path)).get("van-ban", {})
        particulars = [
            str(letter.get(key, "")).replace("CT08", "") for key in ("trich-yeu", "ngay", "thang", "nam")
        ]
        assert not any(letter.isdigit() for text in particulars for letter in text), path.name
