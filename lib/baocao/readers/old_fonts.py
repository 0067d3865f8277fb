"""Vietnamese typed in the fonts of before Unicode: TCVN3 (.VnTime) and VNI (VNI-Times), told by the text itself.

Such a cell holds Western letters that only its font shows as Vietnamese: «X· §øc Thä», «Xaõ Ñöùc Thoï». A sheet is of
such a font when cells with letters that no Vietnamese text has (§, ®, ñ, ø…) read as Vietnamese syllables that way and
no other. A cell with a letter of its own in Unicode (ư, đ, ạ…) is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

_VIETNAMESE = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝ"
_OWN = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u0300-\u0323\u1ea0-\u1ef9]")
_STRANGE = re.compile(f"(?=[\u00a1-\u00ff])[^°²³{_VIETNAMESE}{_VIETNAMESE.lower()}]")
_WESTERN = re.compile("[\u00a1-\u00ff]")

_TCVN3 = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

_TONES = {"sắc": "\u0301", "huyền": "\u0300", "hỏi": "\u0309", "ngã": "\u0303", "nặng": "\u0323"}
_VNI_MARKS = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_MARKS |= {"â": "\u0302", "á": "\u0302\u0301", "à": "\u0302\u0300", "å": "\u0302\u0309"}
_VNI_MARKS |= {"ã": "\u0302\u0303", "ä": "\u0302\u0323", "ê": "\u0306", "é": "\u0306\u0301"}
_VNI_MARKS |= {"è": "\u0306\u0300", "ú": "\u0306\u0309", "ü": "\u0306\u0303", "ë": "\u0306\u0323"}
_VNI_MARKS |= {letter.upper(): marks for letter, marks in _VNI_MARKS.items()}
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_LETTERS |= {letter.upper(): meant.upper() for letter, meant in _VNI_LETTERS.items()}
_VNI = re.compile(f"([aeiouyôöAEIOUYÔÖ]?)([{''.join(_VNI_MARKS)}])|([{''.join(_VNI_LETTERS)}])")

_SYLLABLE = re.compile(
    "(?:[bcdđghklmnpqrstvx]|ch|gh|gi|kh|ng|ngh|nh|ph|qu|th|tr)?[aăâeêioôơuưy]{1,3}(?:ch|c|m|ng|nh|n|p|t)?"
)
_SAMPLE = 300  # rows at the top of a sheet, by which it is judged


def _from_tcvn3(text: str) -> str:
    return "".join(_TCVN3.get(letter, letter) for letter in text)


def _from_vni(text: str) -> str:
    def letter(found: re.Match) -> str:
        if found[3]:
            return _VNI_LETTERS[found[3]]
        base = _VNI_LETTERS.get(found[1], found[1])
        # A mark without a letter before it is a letter by itself: í, ì.
        return base + _VNI_MARKS[found[2]] if base else found[2]

    return unicodedata.normalize("NFC", _VNI.sub(letter, text))


_FONTS = {"TCVN3 (phông .VnTime)": _from_tcvn3, "VNI (phông VNI-Times)": _from_vni}


def old_font(rows: Sequence[Sequence[object]]) -> str:
    """In which of the old ways the cells are typed; "" where they are not."""
    texts = {cell for row in rows[:_SAMPLE] for cell in row if isinstance(cell, str) and not cell.isascii()}
    strange = [text for text in texts if _STRANGE.search(text) and not _OWN.search(text)]
    right = {name: sum(_is_vietnamese(read(text)) for text in strange) for name, read in _FONTS.items()}
    best = max(right, key=right.__getitem__)
    others = sum(count for name, count in right.items() if name != best)
    return best if right[best] > max(others, len(strange) // 2) else ""


def read_old_font(rows: Iterable[Sequence[object]], font: str) -> tuple[list[list[object]], int]:
    """The rows with their cells in Unicode, and how many cells were typed in the old way."""
    read, held = _FONTS[font], [list(row) for row in rows]
    mixed = any(isinstance(cell, str) and _OWN.search(cell) for row in held for cell in row)
    sign, count = _STRANGE if mixed else _WESTERN, 0
    for row in held:
        for at, cell in enumerate(row):
            if isinstance(cell, str) and sign.search(cell) and not _OWN.search(cell):
                row[at] = read(cell)
                count += 1
    return held, count


def _is_vietnamese(text: str) -> bool:
    """Whether all words could be Vietnamese syllables, with not more than one tone each, and one of them surely is."""
    words = re.findall(r"[^\W\d_]+", text)
    lower = [unicodedata.normalize("NFD", word.lower()) for word in words if not word.isascii()]
    for word in lower:
        bare = "".join(letter for letter in word if letter not in _TONES.values())
        if len(word) - len(bare) > 1 or not _SYLLABLE.fullmatch(unicodedata.normalize("NFC", bare)):
            return False
    return bool(lower)
