"""Does the notebook say only what it can account for? Every numeral a claim, every claim printed, no stranger.

This half of `verify` reads the notebook's own text; the other half (`verify`) holds the finished file to that
text, word for word. Together: a figure in the finished file is a claim, written as its value demands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from baocao.definitions import Law, Laws, Register
from baocao.definitions import vietnamese as vn
from baocao.publishing.document_blocks import Block, Piece, Source, numerals
from baocao.writing import Claim

_TICK = re.compile(r"-?\d+(?:\.\d{3})*(?:,\d+)?%?")


@dataclass(frozen=True)
class Fault:
    """Something that makes a document undeliverable: what is wrong, and the sentence it stands in."""

    message: str
    sentence: str = ""

    def __str__(self) -> str:
        return f"{self.message} Nguyên văn: «{self.sentence}»" if self.sentence else self.message


@dataclass(frozen=True)
class Checker:
    """What the check needs to know beside the notebook: citable laws and the units' names of all times."""

    laws: Laws
    register: Register

    def check(self, source: Source, record: dict[str, Any]) -> list[Fault]:
        """All faults of a notebook's text against the claims it recorded."""
        claims = {item["id"]: Claim(**item) for item in record["claims"]}
        faults = [Fault(message) for message in source.faults]
        faults += self._check_claims(claims.values())
        faults += self._check_text(source, claims, record)
        faults += self._check_charts(source, claims, record)
        faults += self._check_names(source, record)
        if record["sample"] and not source.is_sample:
            faults.append(Fault("Báo cáo dùng số liệu mẫu nhưng không mang dấu «SỐ LIỆU MẪU»."))
        return faults

    def _check_claims(self, claims: Iterable[Claim]) -> Iterator[Fault]:
        """A claim's text must be what its value and its parts say."""
        for claim in claims:
            if claim.written() != claim.text:
                yield Fault(
                    f"Số liệu {claim.id} ({claim.label}) ghi «{claim.text}» nhưng giá trị phải in là "
                    f"«{claim.written()}»."
                )
            share = claim.form in ("percent", "fraction")
            if share and vn.rate(claim.numerator, claim.denominator) != _percent_value(claim):
                yield Fault(
                    f"Số liệu {claim.id} ({claim.label}) không bằng tử số chia mẫu số "
                    f"{claim.numerator}/{claim.denominator}."
                )

    def _check_text(self, source: Source, claims: dict[str, Claim], record) -> Iterator[Fault]:
        printed: Counter[str] = Counter()
        declared = {(item["kind"], vn.clean(item["text"])) for item in record["constants"]}
        for block in source.written:
            if block.kind == "chart":
                continue
            for piece in block.pieces:
                if piece.role == "so-lieu":
                    printed[piece.ref] += 1
                yield from self._check_piece(piece, block, claims, declared)
            yield from self._check_bare(block)
        for claim in claims.values():
            if claim.chart is None and printed[claim.id] != 1:
                how = "không được in ở đâu" if printed[claim.id] == 0 else f"được in {printed[claim.id]} lần"
                yield Fault(f"Số liệu {claim.id} «{claim.text}» ({claim.label}, {claim.unit_name}) {how}.")

    def _check_piece(self, piece: Piece, block: Block, claims, declared) -> Iterator[Fault]:
        if piece.role == "so-lieu":
            claim = claims.get(piece.ref)
            if claim is None:
                yield Fault(f"Con số «{piece.text}» dẫn số liệu {piece.ref!r} không có.", block.text)
            elif vn.clean(piece.text) != claim.text:
                yield Fault(f"Con số «{piece.text}» khác số liệu {claim.id} là «{claim.text}».", block.text)
            elif piece.explanation != vn.clean(claim.explanation()):
                yield Fault(f"Giải thích của con số «{piece.text}» khác số liệu {claim.id}.", block.text)
        elif piece.role == "hang-so" and piece.ref != "ghi-chu":  # not the mark of a footnote
            known = (piece.ref, vn.clean(piece.text)) in declared
            yield from [] if known else [Fault(f"Hằng «{piece.text}» không được khai báo.", block.text)]

    def _check_bare(self, block: Block) -> Iterator[Fault]:
        """No numeral outside a claim or constant, unless it is the number of a registered law."""
        bare = "".join(piece.text if not piece.role else "\x00" for piece in block.pieces)
        if re.search(r"</?(div|span)\b", bare):
            yield Fault("Thẻ của một khối đứng lẫn trong chữ: khối mở hoặc đóng sai chỗ.", block.text)
        for law in self.laws:
            if law.number in bare:
                bare = re.sub(rf"(?<![\w/.-]){re.escape(law.number)}(?![\w/-]){_day_after(law)}", "", bare)
        for numeral in numerals(bare.replace("\x00", " ")):
            yield Fault(f"Con số «{numeral}» không có số liệu nào làm căn cứ.", block.text)

    def _check_charts(self, source: Source, claims: dict[str, Claim], record) -> Iterator[Fault]:
        charts = [block for block in source.written if block.kind == "chart"]
        if len(charts) != len(record["charts"]):
            yield Fault(f"Có {len(charts)} biểu đồ nhưng {len(record['charts'])} biểu đồ được khai báo.")
            return
        constants = sorted({item["text"] for item in record["constants"]}, key=len, reverse=True)
        names = self._names_with_digits(set(record["scope"]))
        for block, labels in zip(charts, record["charts"], strict=True):
            where = f"biểu đồ số {block.chart}"
            shown = Counter(vn.clean(piece.text) for piece in block.pieces if piece.text.strip())
            declared = Counter(label["text"] for label in labels if label["text"])
            for text in (shown - declared).elements():
                yield Fault(f"Chữ «{text}» trên {where} không được khai báo.", block.alternative)
            for text in (declared - shown).elements():
                yield Fault(f"Nhãn «{text}» được khai báo nhưng không có trên {where}.", block.alternative)
            own = [label["text"] for label in labels if label["role"] in claims]
            explained = [*own, *names, *constants]
            for label in labels:
                if label["role"] in claims and label["text"] != claims[label["role"]].text:
                    yield Fault(f"Nhãn «{label['text']}» trên {where} khác số liệu {label['role']}.")
                elif label["role"] == "tick" and not _TICK.fullmatch(label["text"]):
                    yield Fault(f"Vạch chia «{label['text']}» trên {where} không phải một con số.")
                elif label["role"] == "words":
                    yield from _unexplained(label["text"], explained, f"Chữ trên {where}")
            yield from _unexplained(block.alternative, explained, f"Văn bản thay thế của {where}")

    def _names_with_digits(self, scope: set[str]) -> list[str]:
        """The names of the units that may be named, whole, whose digits are no figures ("xã Sơn Kim 1")."""
        named = (names for _, _, code, names in self.register.names() if code in scope)
        return sorted({name for names in named for name in names if re.search(r"\d", name)})

    def _check_names(self, source: Source, record) -> Iterator[Fault]:
        """No unit outside the document's scope is named; a unit's span never carries another unit's name."""
        scope, owners = set(record["scope"]), self._owners
        own = [name for name, codes in owners.items() if codes & scope]
        allowed = re.compile("|".join(map(re.escape, sorted(own, key=len, reverse=True))) or "$^")
        for block in source.written:
            for piece in block.pieces:
                if piece.role != "don-vi":
                    continue
                if piece.ref not in scope:
                    yield Fault(
                        f"Tên đơn vị «{piece.text}» ({piece.ref}) nằm ngoài phạm vi báo cáo.", block.text
                    )
                elif piece.ref not in owners.get(vn.clean(piece.text), {piece.ref}):
                    yield Fault(f"«{piece.text}» là tên của đơn vị khác, không phải {piece.ref}.", block.text)
            bare = "".join(piece.text if piece.role != "don-vi" else "\x00" for piece in block.pieces)
            for found in self._finder.find(allowed.sub("\x00", bare)):
                yield Fault(f"Tên đơn vị «{found}» nằm ngoài phạm vi báo cáo.", block.text)

    @cached_property
    def _owners(self) -> dict[str, set[str]]:
        """For each name of a unit at any time: the codes of the units that bear or bore it."""
        owners: dict[str, set[str]] = {}
        for _, _, code, names in self.register.names():
            for name in names:
                owners.setdefault(name, set()).add(code)
        return owners

    @cached_property
    def _finder(self) -> NameFinder:
        return NameFinder(self._owners)


def _day_after(law: Law) -> str:
    """A pattern for " ngày 17/5/2018" after the law's number: only its own date of signing, zeros optional."""
    if law.signed is None:
        return ""
    return rf"(?:\s+ngày\s+0?{law.signed.day}/0?{law.signed.month}/{law.signed.year}(?!\d))?"


def _percent_value(claim: Claim) -> Fraction:
    value = Fraction(claim.value)
    return value if claim.form == "percent" else 100 * value


def _unexplained(text: str, explained: list[str], where: str) -> Iterator[Fault]:
    """Numerals of `text` that are no part of the texts already accounted for."""
    rest = text
    for known in sorted(explained, key=len, reverse=True):
        rest = rest.replace(known, " ")
    for numeral in numerals(rest):
        yield Fault(f"{where}: con số «{numeral}» không có số liệu nào làm căn cứ.", text)


# --------------------------------------------------------------------------------------------------
# Finds names in a text, as many names as there are units: a pattern of thousands of alternatives would be
# slow.


_WORD_OR_SIGN = re.compile(r"\w+|\W")
_LETTER = re.compile(r"\w")


class NameFinder:
    """The names, by their first word or sign."""

    def __init__(self, names: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for name in sorted(set(names), key=len, reverse=True):
            self._by_start.setdefault(_WORD_OR_SIGN.match(name)[0], []).append(name)

    def find(self, text: str) -> Iterator[str]:
        """The names that stand in the text as whole words, from left to right; of two at a place, the longer.

        >>> list(NameFinder(["xã Đức", "xã Đức Thọ", "Thọ"]).find("Xã Đức, xã Đức Thọ; xã Đức Thọa"))
        ['xã Đức Thọ', 'xã Đức']
        """
        end = 0
        for start in _WORD_OR_SIGN.finditer(text):
            place = start.start()
            if place < end or _is_inside_word(text, place):
                continue
            for name in self._by_start.get(start[0], ()):
                if text.startswith(name, place) and not _is_inside_word(text, place + len(name)):
                    yield name
                    end = place + len(name)
                    break


def _is_inside_word(text: str, place: int) -> bool:
    """Whether a word goes on from the left of a place to its right."""
    return place > 0 and bool(_LETTER.match(text[place - 1]) and _LETTER.match(text, place))
