"""Figures that an author typed: told one by one, numbers of registered laws apart."""

from __future__ import annotations

import pytest

from baocao.writing.typed import typed_figures


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Nhận 1.229 hồ sơ, đạt 59,48% (21.132/35.526).", ["1.229", "59,48", "21.132", "35.526"]),
        ("Theo Nghị định 118/2025/NĐ-CP ngày 09/6/2025 và Quyết định số 766/QĐ-TTg.", []),
        ("Theo Nghị định 118/2025/NĐ-CP ngày 10/6/2025.", ["10", "6", "2025"]),
        ("Theo Nghị định 119/2025/NĐ-CP.", ["119", "2025"]),
        ("Cả hai cấp, tháng ba, quý II, năm nay tăng cường.", []),
        ("Còn **ba mươi** hồ sơ; tăng gấp đôi, xếp thứ ba.", ["ba mươi hồ sơ", "xếp thứ ba", "gấp đôi"]),
        ("Có XII hồ sơ, 5 đơn vị.", ["5", "XII hồ sơ"]),
    ],
)
def test_every_typed_figure_is_told_with_its_words(laws, text, figures):
    told = list(typed_figures(text, laws))
    assert [sentence.split("«")[1].split("»")[0] for sentence in told] == figures
    assert all(sentence.endswith("không có số liệu làm căn cứ") for sentence in told)
