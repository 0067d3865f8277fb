"""Figures carry what they are made of; constants and units are declared; charts count as pages do."""

from __future__ import annotations

import pytest

from baocao.writing.claims import FORMS, Claims, least_trusted


def stated(claims: Claims) -> dict:
    return claims.record()["claims"][-1]


def test_a_share_carries_its_parts(claims, province, july):
    claims.percent(21132, 35526, label="Tỷ lệ", unit=province, period=july, source="published", facts=2)
    claim = stated(claims)
    assert claim["text"] == "59,48%"
    assert (claim["numerator"], claim["denominator"]) == (21132, 35526)
    assert claim["window"] == "từ ngày 01/07/2025 đến ngày 24/07/2025"


def test_the_explanation_names_what_whose_when_parts_formula_and_source(claims, province, july):
    span = claims.percent(
        2024,
        2132,
        label="Tỷ lệ trực tuyến",
        unit=province,
        period=july,
        source="sample",
        formula="a / b",
        facts=27,
    )
    assert (
        'data-giai-thich="Tỷ lệ trực tuyến; tỉnh Hà Tĩnh; từ ngày 01/07/2025 đến ngày 24/07/2025. 2.024/2.132. '
        'Cách tính: a / b. Cộng 27 dòng số liệu. Nguồn: SỐ LIỆU MẪU."'
    ) in span


@pytest.mark.parametrize(
    ("method", "arguments", "text"),
    [
        ("count", {"value": 47411}, "47.411"),
        ("count", {"value": 6, "in_text": True}, "06"),
        ("percent", {"numerator": 99997, "denominator": 100000}, "99,99%"),
        ("fraction", {"numerator": 2668, "denominator": 34996}, "2.668/34.996"),
        ("score", {"value": "82.13"}, "82,13"),
        ("score", {"value": "92.00", "trim": True}, "92"),
        ("score", {"value": "80.10", "trim": True}, "80,1"),
        ("score", {"value": "2.874", "decimals": 3}, "2,874"),
        ("change", {"value": "-5.21", "measured_in": "điểm phần trăm", "formula": "a − b"}, "5,21"),
        ("change", {"value": "40.2", "measured_in": "%", "decimals": 1, "formula": "a / b"}, "40,2%"),
        ("rank", {"rank": 31, "out_of": 34}, "31/34"),
        ("rank", {"rank": 1}, "1"),
    ],
)
def test_every_form_is_written_the_vietnamese_way(claims, province, july, method, arguments, text):
    getattr(claims, method)(**arguments, label="x", unit=province, period=july, source="published")
    assert stated(claims)["text"] == text


def test_a_target_comes_from_the_reference_tables(claims, province, july):
    claims.target(20, label="Chỉ tiêu", unit=province, period=july)
    assert (stated(claims)["text"], stated(claims)["source"]) == ("20%", "reference")


def test_every_form_of_writing_is_known():
    assert set(FORMS) == {
        "count", "count_in_text", "percent", "fraction", "score", "score_trimmed", "change", "change_percent",
        "target", "rank", "rank_of",
    }  # fmt: skip


def test_a_share_without_a_value_is_a_dash_and_no_claim(claims, province, july):
    for numerator, denominator in [(0, 0), (None, 5), (3, None)]:
        about = {"label": "x", "unit": province, "period": july, "source": "sample"}
        assert claims.percent(numerator, denominator, **about) == "–"
    assert claims.record()["claims"] == []


def test_any_sample_makes_the_whole_sample(claims, province, july):
    claims.count(1, label="x", unit=province, period=july, source="received")
    assert not claims.is_sample
    claims.count(1, label="x", unit=province, period=july, source="sample")
    assert claims.is_sample
    assert least_trusted(["published", "sample", "received"]) == "sample"
    assert least_trusted(["published", "received"]) == "received"


def test_an_unknown_source_is_refused(claims, province, july):
    with pytest.raises(ValueError, match="unknown source 'guess'"):
        claims.count(1, label="x", unit=province, period=july, source="guess")


def test_tables_count_in_arabic_and_annexes_in_roman_numerals(claims):
    printed = "".join(claims.ordinal(word) for word in ("Bảng", "Bảng", "Hình", "Phụ lục", "Phụ lục"))
    for text in ("Bảng 1", "Bảng 2", "Hình 1", "Phụ lục I<", "Phụ lục II"):
        assert text in printed


def test_chart_labels_are_plain_and_declared(claims, province, july):
    chart = claims.for_chart()
    about = {"label": "x", "unit": province, "period": july, "source": "sample"}
    assert chart.score("68.26", **about) == "68,26"
    assert chart.unit(province) == "tỉnh Hà Tĩnh"
    assert chart.tick("20") == "20"
    assert chart.words("Điểm " + chart.period(july, window=True)).startswith("Điểm từ ngày 01/07/2025")
    record = claims.record()
    assert [label["role"] for label in record["charts"][0]] == ["c1", "unit", "tick", "words"]
    assert record["claims"][0]["chart"] == 1
    claims.count(5, **about)
    assert "chart" not in claims.record()["claims"][1]


def test_labels_without_a_chart_are_refused(claims):
    with pytest.raises(ValueError, match="for_chart"):
        claims.words("Điểm")
