"""How documents name units, and which unit a piece of text means.

Names are matched without tones, diacritics, case and punctuation, in full or in the usual short forms
("UBND xã Đức Thọ", "TP. Hồ Chí Minh", "Chi nhánh VPĐKĐĐ huyện Đức Thọ"). Where the text carries the tones of
one unit, another whose name only folds alike is not meant: "xã Thạch Hạ" (until 2024) is never "xã Thạch Hà".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import nearest
from baocao.definitions.unit import Unit

_SHORT_FORMS = (  # on folded text, in this order
    ("uy ban nhan dan", "ubnd"),
    ("thanh pho", "tp"),
    ("thi xa", "tx"),
    ("thi tran", "tt"),
    ("phuong", "p"),
    ("huyen", "h"),
    ("xa", "x"),
    ("chi nhanh", "cn"),
    ("dang ky dat dai", "dkdd"),
    ("van phong", "vp"),
    ("vp dkdd", "vpdkdd"),
    ("va", ""),  # "Giáo dục & Đào tạo"
)
_TAILS = ("", " tinh ha tinh", " ha tinh", " tinh")  # "Sở Nội vụ tỉnh Hà Tĩnh", "xã Đức Thọ, tỉnh Hà Tĩnh"
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_LAND_OFFICE_OPENINGS = ("CN VPĐKĐĐ", "CN ĐKĐĐ", "VPĐKĐĐ CN", "VPĐKĐĐ", "CN")


def match_key(text: str) -> str:
    """The text folded, with the usual short forms: equal for all ways of writing one designation.

    >>> match_key("Ủy ban nhân dân phường Thành Sen") == match_key("UBND P. THÀNH SEN")
    True
    """
    key = vn.fold(text)
    for long, short in _SHORT_FORMS:
        key = re.sub(rf"\b{long}\b", short, key)
    return " ".join(key.split())


def spelling(text: str) -> str:
    """The words in small letters with their tones, wherever the tone mark stands, a space before and after each.

    >>> spelling("Yên Hoà") == spelling("yên hòa"), spelling("Thạch Hà") == spelling("Thạch Hạ")
    (True, False)
    """
    words = []
    for word in re.split(r"[\W_]+", vn.clean(text).casefold()):
        marks = unicodedata.normalize("NFD", word)
        letters = "".join(mark for mark in marks if mark not in _TONES)
        words.append(letters + "".join(mark for mark in marks if mark in _TONES))
    return f" {' '.join(word for word in words if word)} "


def designations(unit: Unit, areas: dict[str, Unit]) -> Iterator[str]:
    """The ways documents name the unit; `areas` are the districts by code.

    A land office is not named by a district's full name: a bare "thành phố Hà Tĩnh" means the city.
    """
    yield unit.full_name
    if unit.kind == "land_office":
        homonyms = [area.full_name for area in areas.values() if area.name == unit.name]
        for place in (unit.name, *homonyms):
            yield from (f"{opening} {place}" for opening in _LAND_OFFICE_OPENINGS)
        if homonyms:
            yield unit.name
        return
    yield unit.name
    if unit.kind in ("province", "district", "commune"):
        yield f"UBND {unit.full_name}"
    if unit.kind == "commune" and unit.parent in areas:
        yield f"{unit.full_name} {areas[unit.parent].full_name}"
        yield f"UBND {unit.full_name} {areas[unit.parent].full_name}"


class UnitNames:
    """All designations of a register's units at all times, ready to be searched."""

    def __init__(self, units: Iterable[Unit]):
        rows = list(units)
        areas = {unit.code: unit for unit in rows if unit.kind == "district"}
        self._by_code: dict[str, list[Unit]] = {}
        self._by_key: dict[str, list[Unit]] = {}
        for unit in rows:
            self._by_code.setdefault(unit.code.upper(), []).append(unit)
            for key in dict.fromkeys(match_key(text) for text in designations(unit, areas)):
                self._by_key.setdefault(key, []).append(unit)

    def with_code(self, code: str) -> list[Unit]:
        """The rows of one code, at whatever time."""
        return self._by_code.get(vn.clean(code).upper(), [])

    def matches(self, text: str, day: date | None, kind: str | None = None) -> list[Unit]:
        """The units meant by the text, valid on the day, or (`day` None) at any time; a code before a name."""
        key = match_key(text)
        candidates = [self.with_code(text)]
        if labelled := re.fullmatch(
            r"(.+)\(([^()]+)\)\s*", text
        ):  # "Sở Nội vụ (HT-SNV)", as we print it ourselves
            named = self._by_key.get(match_key(labelled[1]), [])
            candidates.append([row for row in named if row in self.with_code(labelled[2])])
        for tail in _TAILS:
            if key.endswith(tail):
                candidates.append(self._spelled_alike(text, self._by_key.get(key.removesuffix(tail), [])))
        for rows in candidates:
            found = [row for row in rows if (day is None or row.valid_on(day)) and kind in (None, row.kind)]
            if found:
                return found
        return []

    @staticmethod
    def _spelled_alike(text: str, rows: list[Unit]) -> list[Unit]:
        """Of rows that fold alike, those whose units bore the name as the text spells it, if any did."""
        words = spelling(text)
        codes = {row.code for row in rows if spelling(row.name) in words}
        return [row for row in rows if row.code in codes] if codes else rows


def nearest_names(text: str, units: Iterable[Unit], words: Iterable[str] = ()) -> list[str]:
    """At most four of the words and the units' names most like the text, for a message."""
    choices = {word: word for word in words}
    for unit in units:
        for word in (vn.fold(unit.official_name), vn.fold(unit.name), unit.code.lower()):
            choices.setdefault(word, unit.label)
    sought = vn.fold(text)
    holding = [label for word, label in choices.items() if sought and sought in word]
    alike = [choices[word] for word in nearest(sought, choices, 4)] if choices else []
    return list(dict.fromkeys(holding + alike))[:4]


def correction(text: str, unit: Unit) -> str:
    """What to tell of a text that means the unit only by a word with other tones or diacritics than the unit's name has.

    >>> from baocao.definitions.units import Unit
    >>> there = Unit("18562", "Thạch Hà", "commune", "Xã Thạch Hà")
    >>> [correction(text, there) for text in ("UBND xã Thạch Hạ", "XÃ THẠCH HÀ", "xa Thach Ha")]
    ['Đơn vị «UBND xã Thạch Hạ» được đọc là xã Thạch Hà (18562); nếu không phải, hãy sửa tên trong tệp.', '', '']
    """
    own: dict[str, set[str]] = {}
    for word in spelling(unit.full_name).split():
        own.setdefault(vn.fold(word), set()).add(word)
    written = spelling(text).removesuffix(spelling("Hà Tĩnh")).removesuffix(spelling("tỉnh").rstrip()).split()
    if all(word.isascii() or word in own.get(vn.fold(word), {word}) for word in written):
        return ""
    return f"Đơn vị «{shown(text)}» được đọc là {unit.label}; nếu không phải, hãy sửa tên trong tệp."


def addressee(unit: Unit) -> str:
    """The body that answers for a unit, as a letter addresses it.

    >>> from baocao.definitions.units import Unit
    >>> addressee(Unit("18229", "Đức Thọ", "commune", "Xã Đức Thọ"))
    'UBND xã Đức Thọ'
    >>> addressee(Unit("HT-SNV", "Sở Nội vụ", "department", "Sở Nội vụ"))
    'Sở Nội vụ'
    """
    governed = unit.kind in ("province", "district", "commune")
    return f"UBND {unit.official_name}" if governed else unit.official_name


def shown(text: str) -> str:
    """The user's text as a message may show it: one line, not longer than 80 characters."""
    return vn.clean(text)[:80]
