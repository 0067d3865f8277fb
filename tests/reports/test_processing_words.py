"""The sentences of the report on dossiers, every branch, word for word."""

from __future__ import annotations

import pytest
from baocao.reports.processing import words

LEVELS = [("cấp tỉnh", "94,93%", "2.024/2.132"), ("cấp xã", "57,22%", "19.108/33.394")]


def test_opening():
    assert words.opening("tháng 7 năm 2025", ["Biểu A", "Bảng B"]) == (
        "Trên cơ sở số liệu tháng 7 năm 2025 theo Biểu A và Bảng B, UBND tỉnh báo cáo kết quả tiếp nhận, giải quyết "
        "thủ tục hành chính (TTHC) và cung cấp dịch vụ công trực tuyến như sau:"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("ở hai cấp chính quyền", "47.411", "35.510", "11.901", [("cấp tỉnh", "2.131"), ("cấp xã", "33.379")]),
            ("Tổng số hồ sơ TTHC nhận giải quyết ở hai cấp chính quyền là 47.411 hồ sơ, trong đó: tiếp nhận trong kỳ "
            "35.510 hồ sơ (cấp tỉnh 2.131 hồ sơ, cấp xã 33.379 hồ sơ); kỳ trước chuyển qua 11.901 hồ sơ."),
        ),
        (
            ("của xã A", "12", "11", "01"),
            ("Tổng số hồ sơ TTHC nhận giải quyết của xã A là 12 hồ sơ, trong đó: tiếp nhận trong kỳ 11 hồ sơ; kỳ trước "
            "chuyển qua 01 hồ sơ."),
        ),
        (("của xã A", None, "11", None), "Hồ sơ TTHC của xã A: tiếp nhận trong kỳ 11 hồ sơ; chưa có số kỳ trước chuyển qua."),
        (
            ("của xã A", "12", None, "01"),
            ("Tổng số hồ sơ TTHC nhận giải quyết của xã A là 12 hồ sơ, trong đó: chưa có số tiếp nhận trong kỳ; kỳ trước "
            "chuyển qua 01 hồ sơ."),
        ),
        (("của xã A", None, None, None), "Chưa có số liệu về hồ sơ TTHC tiếp nhận của xã A."),
    ],
)  # fmt: skip
def test_reception(arguments, sentence):
    assert words.reception(*arguments) == sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("29.105", "21.307", "7.218", "580"),
            "Đã giải quyết 29.105 hồ sơ, trong đó: trước hạn 21.307 hồ sơ, đúng hạn 7.218 hồ sơ, quá hạn 580 hồ sơ.",
        ),
        (
            ("29.105", "21.307", None, None),
            "Đã giải quyết 29.105 hồ sơ, trong đó: trước hạn 21.307 hồ sơ; chưa có số liệu đúng hạn và quá hạn.",
        ),
        (("0", None, None, None), "Đã giải quyết 0 hồ sơ (chưa có số liệu trước hạn, đúng hạn và quá hạn)."),
        ((None, None, None, None), "Chưa có số liệu về hồ sơ đã giải quyết."),
    ],
)
def test_resolution(arguments, sentence):
    assert words.resolution(*arguments) == sentence


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("06", "05", "01"), "Đang giải quyết 06 hồ sơ, trong đó: trong hạn 05 hồ sơ, quá hạn 01 hồ sơ."),
        (("06", None, None), "Đang giải quyết 06 hồ sơ (chưa có số liệu trong hạn và quá hạn)."),
        ((None, None, None), "Chưa có số liệu về hồ sơ đang giải quyết."),
    ],
)
def test_pending(arguments, sentence):
    assert words.pending(*arguments) == sentence


def test_units_and_levels_that_began_or_ended_inside_the_window():
    assert words.level_ended("cấp huyện", "30/06/2025") == (
        "Số liệu của cấp huyện tính đến hết ngày 30/06/2025 là ngày kết thúc hoạt động của cấp này."
    )
    assert words.unit_started("01/03/2025") == (
        "Đơn vị được thành lập hoặc sắp xếp lại từ ngày 01/03/2025; số liệu của kỳ báo cáo tính từ ngày này."
    )


SIDES = (
    "Đối chiếu cân đối: tiếp nhận trong kỳ và kỳ trước chuyển qua 8 + 2 = 10 hồ sơ; đã giải quyết và đang giải quyết "
    "6 + 3 = 9 hồ sơ; "
)


@pytest.mark.parametrize(
    ("gap", "handed_over", "end"),
    [
        (None, False, "hai vế bằng nhau, số liệu khớp."),
        ("01", False, "hai vế chênh nhau 01 hồ sơ, phải rà soát trước khi sử dụng số liệu."),
        (
            "01",
            True,
            "hai vế chênh nhau 01 hồ sơ, gồm hồ sơ bàn giao giữa các cấp khi sắp xếp đơn vị trong kỳ.",
        ),
    ],
)
def test_balance(gap, handed_over, end):
    assert words.balance("8", "2", "10", "6", "3", "9", gap, handed_over) == SIDES + end


def test_balance_that_cannot_be_checked():
    assert words.no_balance(["hồ sơ đã giải quyết", "hồ sơ đang giải quyết"]) == (
        "Chưa đối chiếu được cân đối số liệu vì thiếu: hồ sơ đã giải quyết; hồ sơ đang giải quyết."
    )


def test_incomplete_sums():
    assert words.incomplete(["hồ sơ đã giải quyết"], "02", ["xã A", "xã B"]) == (
        "Số cộng chưa đủ vì thiếu báo cáo của 02 đơn vị (xã A; xã B) về: hồ sơ đã giải quyết."
    )
    assert words.incomplete(["hồ sơ đã giải quyết"], "40", []) == (
        "Số cộng chưa đủ vì thiếu báo cáo của 40 đơn vị về: hồ sơ đã giải quyết."
    )


def test_rate():
    assert words.rate("Tỷ lệ X", "98,01%", "28.525/29.105") == "Tỷ lệ X đạt 98,01% (28.525/29.105 hồ sơ)."
    assert words.rate("Tỷ lệ X", "59,48%", "21.132/35.526", LEVELS) == (
        "Tỷ lệ X đạt 59,48% (21.132/35.526 hồ sơ); trong đó: cấp tỉnh 2.024/2.132 hồ sơ, đạt 94,93%; cấp xã "
        "19.108/33.394 hồ sơ, đạt 57,22%."
    )


def test_share():
    assert words.share("Số hồ sơ nộp trực tuyến", "21.132/35.526", "59,48%", LEVELS) == (
        "Số hồ sơ nộp trực tuyến là 21.132/35.526 hồ sơ, đạt tỷ lệ 59,48%; trong đó: cấp tỉnh 2.024/2.132 hồ sơ, đạt "
        "94,93%; cấp xã 19.108/33.394 hồ sơ, đạt 57,22%."
    )
    assert words.share("Số hồ sơ", "2.668/34.996", "7,62%", target="chưa đạt chỉ tiêu") == (
        "Số hồ sơ là 2.668/34.996 hồ sơ, đạt tỷ lệ 7,62%, chưa đạt chỉ tiêu."
    )


def test_no_rate():
    assert words.no_rate("tỷ lệ X", True) == "Trong kỳ không phát sinh hồ sơ để tính tỷ lệ X."
    assert words.no_rate("tỷ lệ X", False) == "Chưa có số liệu để tính tỷ lệ X."


@pytest.mark.parametrize(("more", "than"), [(True, "nhiều hơn"), (False, "ít hơn")])
def test_unequal_counts(more, than):
    assert words.unequal("Mẫu số", "35.526", more, "16", "số tiếp nhận", "35.510", "hai bảng khác nhau") == (
        f"Mẫu số (35.526 hồ sơ) {than} 16 hồ sơ so với số tiếp nhận (35.510 hồ sơ): hai bảng khác nhau."
    )


def test_rule_and_lists():
    assert words.rule("ba mươi", "năm") == (
        "Quy tắc lựa chọn: chỉ xét đơn vị có mẫu số của tỷ lệ từ ba mươi hồ sơ trở lên; so sánh tỷ lệ đã làm tròn hai "
        "chữ số thập phân; nêu năm đơn vị cao nhất trong số đơn vị từ mức chung trở lên và không có hồ sơ đang giải "
        "quyết quá hạn, năm đơn vị thấp nhất trong số đơn vị dưới mức chung; đơn vị bằng tỷ lệ với đơn vị được nêu "
        "cuối cùng thì cùng được nêu."
    )
    assert words.best("", "tỷ lệ X", "91", ["A (100%)", "B (99%)"]) == (
        "Ghi nhận các đơn vị có tỷ lệ X cao nhất trong 91 đơn vị được xét không có hồ sơ đang giải quyết quá hạn: "
        "A (100%); B (99%)."
    )
    assert words.best("cấp xã", "tỷ lệ X", "69", [words.tied("24", "đạt 100%")]) == (
        "Ghi nhận các đơn vị cấp xã có tỷ lệ X cao nhất trong 69 đơn vị được xét không có hồ sơ đang giải quyết quá "
        "hạn: 24 đơn vị cùng đạt 100% (nêu tại Phụ lục I)."
    )
    assert words.weakest("cấp xã", "tỷ lệ X", "57,22%", ["A (42%)"]) == (
        "Còn hạn chế tại các đơn vị cấp xã có tỷ lệ X thấp nhất, dưới mức chung 57,22%: A (42%)."
    )
    assert words.nobody_weaker("", "tỷ lệ X") == "Không có đơn vị nào được xét có tỷ lệ X dưới mức chung."
    assert words.nobody_weaker("cấp xã", "tỷ lệ X") == (
        "Không có đơn vị cấp xã nào được xét có tỷ lệ X dưới mức chung."
    )
    assert words.too_few("", "tỷ lệ X") == (
        "Không so sánh các đơn vị theo tỷ lệ X vì không đủ hai đơn vị có mẫu số theo quy tắc."
    )
    assert words.no_units() == "Chưa có số liệu của từng đơn vị nên không so sánh giữa các đơn vị."


def test_overdue_dossiers():
    item = words.overdue_unit("xã A", "12", "09", "03")
    assert item == "xã A 12 hồ sơ (09 đã giải quyết quá hạn, 03 đang giải quyết quá hạn)"
    assert words.most_overdue([item], "01", "năm", whole=True) == (
        "Hồ sơ quá hạn (đã giải quyết quá hạn và đang giải quyết quá hạn) có ở 01 đơn vị; năm đơn vị có nhiều nhất, kể "
        "cả đơn vị bằng số với đơn vị được nêu cuối cùng: xã A 12 hồ sơ (09 đã giải quyết quá hạn, 03 đang giải quyết "
        "quá hạn)."
    )
    assert words.own_overdue("12", "09", "03") == (
        "Đơn vị có 12 hồ sơ quá hạn, gồm 09 đã giải quyết quá hạn và 03 đang giải quyết quá hạn."
    )
    assert "có ở 01 đơn vị, chưa kể đơn vị chưa có số liệu; năm" in words.most_overdue(
        [item], "01", "năm", whole=False
    )
    assert words.nothing_overdue(whole=True) == "Không có hồ sơ quá hạn, kể cả hồ sơ đang giải quyết."
    assert "ở các đơn vị đã có số liệu, kể cả" in words.nothing_overdue(whole=False)


def test_tasks_end_and_annexes():
    assert words.order("UBND xã A") == (
        "Để nâng cao chất lượng phục vụ người dân, doanh nghiệp trong tiếp nhận, giải quyết TTHC, UBND tỉnh chỉ đạo "
        "UBND xã A tập trung thực hiện các nhiệm vụ sau:"
    )
    assert words.closing("tháng 7 năm 2025") == (
        "Trên đây là kết quả tiếp nhận, giải quyết TTHC tháng 7 năm 2025, UBND tỉnh báo cáo./."
    )
