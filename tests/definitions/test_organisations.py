"""Who exists on the day of a letter: keys stand for who does, and who does not is refused by name."""

from __future__ import annotations

from datetime import date

import pytest

from baocao.definitions import UserError, address, load_organisations

OLD, NEW = date(2024, 6, 1), date(2025, 8, 1)


@pytest.fixture(scope="module")
def organisations(root):
    return load_organisations(root)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        ("@cap-duoi-tinh", "UBND các huyện, thành phố, thị xã", "UBND các xã, phường"),
        ("Chủ tịch @cap-duoi-tinh", "Chủ tịch UBND các huyện, thành phố, thị xã", "Chủ tịch UBND các xã, phường"),
        ("@cap-xa", "UBND các xã, phường, thị trấn", "UBND các xã, phường"),
        ("@so-nganh", "Các sở, ban, ngành cấp tỉnh", "Các sở, ban, ngành cấp tỉnh"),
        ("Thủ trưởng @so-nganh", "Thủ trưởng các sở, ban, ngành cấp tỉnh", "Thủ trưởng các sở, ban, ngành cấp tỉnh"),
        ("@so-thong-tin; Sở Nội vụ", "Sở TTTT; Sở Nội vụ", "Sở KH&CN; Sở Nội vụ"),
        ("@bo-thong-tin", "Bộ Thông tin và Truyền thông", "Bộ Khoa học và Công nghệ"),
        ("Bí thư @dang-uy-duoi-tinh", "Bí thư Huyện, Thành, Thị ủy", "Bí thư Đảng ủy các xã, phường"),
    ],
)  # fmt: skip
def test_a_key_stands_for_who_exists_on_the_day(organisations, register, text, old, new):
    assert [address(text, organisations, register.units, day) for day in (OLD, NEW)] == [old, new]


@pytest.mark.parametrize(
    ("text", "day", "said"),
    [
        ("UBND các huyện, thành phố, thị xã", NEW, "đã kết thúc ngày 30/06/2025"),
        ("Chủ tịch UBND các huyện, thị xã, thành phố", NEW, "hãy ghi «@cap-duoi-tinh»"),
        ("UBND huyện Cẩm Xuyên", NEW, "«huyện Cẩm Xuyên» đã kết thúc"),
        ("Thị xã Hồng Lĩnh", NEW, "«thị xã Hồng Lĩnh» đã kết thúc"),
        ("UBND các xã, phường, thị trấn", NEW, "hãy ghi «@cap-xa»"),
        ("Bộ Thông tin và Truyền thông (b/c)", NEW, "hãy ghi «Bộ Khoa học và Công nghệ»"),
        ("Sở Kế hoạch và Đầu tư", NEW, "đã kết thúc ngày 28/02/2025"),
        ("UBND các xã, phường", OLD, "đến ngày 01/07/2025 mới có, văn bản của tháng 6/2024"),
        ("Sở Nông nghiệp và Môi trường", OLD, "đến ngày 01/03/2025 mới có"),
        ("@cap-duoi-tin", NEW, "gần nhất: @cap-duoi-tinh"),
    ],
)
def test_who_does_not_exist_on_the_day_is_refused(organisations, register, text, day, said):
    with pytest.raises(UserError, match="«") as refused:
        address(text, organisations, register.units, day)
    assert said in str(refused.value)


@pytest.mark.parametrize("text", ["Sở Nội vụ", "Trung tâm PV HCC tỉnh", "UBND xã Đức Thọ", "Đài PT-TH tỉnh"])
def test_others_are_left_as_they_are(organisations, register, text):
    assert address(text, organisations, register.units, NEW) == text
