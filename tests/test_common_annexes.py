"""What annexes have in common: the block, definitions of rates, warnings quoted, provenance."""

from __future__ import annotations

import pytest

from baocao import __version__
from baocao.indicators import indicator
from baocao.memos import common, common_annexes
from conftest import make_project, plain


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
    (warning,) = common_annexes.list_warnings(setting, [wrong])
    assert plain(warning).startswith("xã Đức Thọ (18229), từ ngày 01/08/2025 đến ngày 31/08/2025: ")
    assert common_annexes.list_warnings(setting, [right]) == []


def test_provenance_names_the_facts_and_the_version(setting):
    told = plain(common_annexes.describe_provenance(setting, [setting.units[1]]))
    assert told == (
        "Kiểm tra số liệu của kỳ báo cáo không phát hiện sai lệch. Mã băm của kho số liệu (mười sáu ký tự đầu): "
        f"{setting.facts.fingerprint[:16]}; phiên bản chương trình: {__version__}."
    )
    told = plain(common_annexes.describe_provenance(setting, setting.units))
    assert told.startswith("Lưu ý về số liệu, do chương trình phát hiện khi kiểm tra: 1. xã Đức Thọ")


def test_definitions_are_printed_from_the_declarations(setting):
    one = indicator("eligible_online_share")
    text = plain(common_annexes.table_definitions(setting.claims, [one]))
    for said in (one.label, one.formula, one.scope, one.source):
        assert said in text
    assert common_annexes.table_definitions(setting.claims, []) == ""


def test_an_annex_has_its_number_its_title_first_and_what_it_is_attached_to():
    made = common_annexes.annex(
        "II", "Định nghĩa", "Nội dung", attached="(Kèm theo Công văn)", landscape=True
    )
    assert made == (
        '\n<div class="phu-luc ngang" data-so="II">\n\nĐịnh nghĩa\n\n(Kèm theo Công văn)\n\nNội dung\n\n</div>\n'
    )
    assert "Kèm theo" not in common_annexes.annex("I", "Định nghĩa", "Nội dung")


def test_conventions_and_marks_hold_no_digit():
    for text in (*common_annexes.CONVENTIONS, common_annexes.UNKNOWN_MARK, common_annexes.REORGANISED_INSIDE):
        assert not any(letter.isdigit() for letter in text)
