"""Figures that an author typed instead of printing: digits, and numbers in words or Roman numerals. No claim stands behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from baocao.definitions import Law
from baocao.definitions import vietnamese as vn


def numerals(text: str) -> list[str]:
    """The numerals of a text, separators inside them kept.

    >>> numerals("đạt 59,48% (21.132/35.526)")
    ['59,48', '21.132', '35.526']
    """
    return re.findall(r"\d+(?:[.,]\d+)*", vn.clean(text))


def bare_numerals(text: str, laws: Iterable[Law]) -> list[str]:
    """The numerals of a text that are no part of a registered law's number and day of signing."""
    for law in laws:
        if law.number in text:
            text = re.sub(rf"(?<![\w/.-]){re.escape(law.number)}(?![\w/-]){_day_after(law)}", "", text)
    return numerals(text)


def _day_after(law: Law) -> str:
    """A pattern for " ngày 17/5/2018" after the law's number: only its own date of signing, zeros optional."""
    if law.signed is None:
        return ""
    return rf"(?:\s+ngày\s+0?{law.signed.day}/0?{law.signed.month}/{law.signed.year}(?!\d))?"


_ONES = "một|hai|ba|bốn|năm|sáu|bảy|bẩy|tám|chín"
_NUMBER = rf"(?:mười|{_ONES})(?:\s+(?:mươi|trăm|nghìn|ngàn|triệu|tỷ|mười|linh|lẻ|không|phẩy|mốt|tư|lăm|nhăm|rưỡi|{_ONES}))*"
_ROMAN = "(?=[IVXLCDM])M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})"  # not "DVC", "XML"
_NO_SCORE = (
    "(?! (?:cần|sau|mới|nghẽn|chính|đáng|khác|nổi|hạn chế|mạnh|yếu|tích cực)\\b)"  # "ba điểm cần lưu ý"
)
_NO_NUMBER_OF = "".join(  # "tháng hai", "cả hai đơn vị", "Quý II"
    rf"(?<!{word} )"
    for word in (
        "tháng", "quý", "kỳ", "thứ", "lần", "cấp", "loại", "hạng", "nhóm", "bậc", "khối", "cả", "giữa", "mỗi", "từng",
        "điều", "khoản", "mục", "phần", "chương", "phụ lục", "biểu", "khu vực", "vùng",
        "đợt", "giai đoạn", "mức độ", "bước", "số", "bộ", "không đủ",
    )
)  # fmt: skip
_RANKED = r"(?:đứng|xếp|đạt|giữ|hạng|vị trí|lên|xuống)(?: ở)? thứ"
_IN_WORDS = (  # "một" and "năm" alone are an article and a year
    rf"{_NO_NUMBER_OF}\b(?!(?:một|năm) (?:hồ|đơn|điểm)){_NUMBER} (?:hồ sơ\b|đơn vị\b|điểm\b{_NO_SCORE}|phần trăm\b|%)",
    rf"\b{_RANKED} (?:nhất|nhì|tư|{_NUMBER})\b",
    rf"\bgấp (?:đôi|rưỡi|{_NUMBER} lần|(?!một|năm){_NUMBER})\b",
)
_IN_ROMAN = (
    rf"(?i:{_NO_NUMBER_OF})\b{_ROMAN}(?: hồ sơ\b| đơn vị\b| điểm\b(?! \w\b)| phần trăm\b| ?%)",
    rf"\b(?i:{_RANKED}) {_ROMAN}\b",
)


def figures_in_words(text: str) -> Iterator[tuple[str, str]]:
    """Numbers in words or Roman numerals that state a figure, each with what stands around it.

    >>> [words for words, _ in figures_in_words("Năm nay hai cấp, tăng cường; sáu mươi phần trăm, gấp đôi")]
    ['sáu mươi phần trăm', 'gấp đôi']
    """
    plain = " ".join(re.sub(r"[*_`]", "", vn.clean(text)).split())
    found = [match for pattern in _IN_WORDS for match in re.finditer(pattern, plain, re.IGNORECASE)]
    found += [match for pattern in _IN_ROMAN for match in re.finditer(pattern, plain)]
    for match in found:
        yield match[0], plain[max(0, match.start() - 80) : match.end() + 80]


def typed_numerals(text: str, laws: Iterable[Law]) -> Iterator[str]:
    """Each typed numeral of a text, in words for its author."""
    for numeral in bare_numerals(text, laws):
        yield f"con số «{numeral}» gõ bằng tay không có số liệu làm căn cứ"


def typed_figures(text: str, laws: Iterable[Law]) -> Iterator[str]:
    """Each typed figure of a text, numbers in words too, in words for its author."""
    yield from typed_numerals(text, laws)
    for words, _ in figures_in_words(text):
        yield f"con số «{words}» viết bằng chữ không có số liệu làm căn cứ"
