"""Does the notebook say only what it can account for? Every numeral a claim, every claim printed, no stranger.

This half of `verify` reads the notebook's own text; the other half (`verify`) holds the finished file to that
text, word for word. Together: a figure in the finished file is a claim, written as its value demands.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from baocao import __version__
from baocao.definitions import INDICATORS, Laws, Register, reference_rows
from baocao.definitions import vietnamese as vn
from baocao.publishing.document_blocks import Block, Piece, Source
from baocao.writing import ROW_NUMBER_KIND, Claim, bare_numerals, figures_in_words, numerals

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
    """What the check needs to know beside the notebook: citable laws, the units' names of all times, the reference tables.

    Without the last, names that hold digits are not looked up.
    """

    laws: Laws
    register: Register
    reference: Reference | None = None

    def check(
        self, source: Source, record: dict[str, Any], borne_out: Container[str] = frozenset()
    ) -> list[Fault]:
        """All faults of a notebook's text against the claims it recorded; the facts bear some of them out (`Recount`)."""
        claims = {item["id"]: Claim(**item) for item in record["claims"]}
        faults = [Fault(message) for message in source.faults]
        faults += self._check_claims(claims.values(), borne_out)
        faults += _check_one_value(claims.values())
        faults += self._check_text(source, claims, record)
        faults += self._check_charts(source, claims, record)
        faults += self._check_names(source, record)
        faults += self._check_constants(record)
        faults += self._check_letter(source)
        if record["sample"] and not source.is_sample:
            faults.append(Fault("Báo cáo dùng số liệu mẫu nhưng không mang dấu «SỐ LIỆU MẪU»."))
        return faults

    def _check_claims(self, claims: Iterable[Claim], borne_out: Container[str]) -> Iterator[Fault]:
        """A claim's text must be what its value and its parts say.

        A share above 100% is a mistake, unless the facts say so: two forms may count differently, and an error among them
        may have been accepted.
        """
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
            is_level = share or (claim.measured_in == "%" and not claim.form.startswith("change"))
            if is_level and claim.id not in borne_out and not 0 <= _percent_value(claim) <= 100:
                yield Fault(
                    f"Tỷ lệ {claim.id} «{claim.text}» ({claim.label}, {claim.unit_name}) nằm ngoài khoảng từ 0% đến "
                    "100%; hãy xem lại tử số và mẫu số."
                )
            if claim.form == "rank_of" and not 1 <= claim.numerator <= claim.denominator:
                yield Fault(
                    f"Thứ hạng {claim.id} «{claim.text}» ({claim.label}, {claim.unit_name}) không nằm trong số "
                    f"{claim.denominator} được xếp hạng; hãy xem lại thứ hạng và số được xếp hạng."
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
            yield from _check_directions(block, claims)
        yield from _check_row_numbers(source)
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
        bare = bare.replace("\x00", " ")
        if block.kind == "heading":  # its own number is a place in the document, no figure
            bare = re.sub(r"^\s*\d{1,2}\.\s", "", bare)
        for numeral in bare_numerals(bare, self.laws):
            yield Fault(f"Con số «{numeral}» không có số liệu nào làm căn cứ.", block.text)

    def _check_constants(self, record: dict[str, Any]) -> Iterator[Fault]:
        """A name, quotation or origin is no way to print a figure: its digits must stand in the reference tables."""
        if self.reference is None:
            return
        origins = {str(value) for value in record["provenance"].values()} | {__version__}
        for item in record["constants"]:
            text = vn.clean(item["text"])
            if not numerals(text):
                continue
            match item["kind"]:
                case "ten":
                    is_known = self.reference.names(text)
                case "trich-dan":
                    is_known = self.reference.holds(text) or self.reference.names(text)
                case "nguon":
                    is_known = text in origins or not _BARE_FIGURE.fullmatch(text)
                case _:
                    is_known = True
            if not is_known:
                yield Fault(
                    f"«{text}» được in như tên, trích dẫn hoặc nguồn nhưng chữ số trong đó không có trong các bảng tham chiếu; "
                    "hãy in một số liệu của báo cáo, hoặc dùng own(…) cho số của người soạn."
                )

    def _check_letter(self, source: Source) -> Iterator[Fault]:
        """No figure in the letter's particulars, which no data stands behind; periods, days and units' names may hold digits."""
        names = self._names_with_digits({code for codes in self._owners.values() for code in codes})
        for key in _PARTICULARS:
            values = source.letter.get(key) or []
            for text in values if isinstance(values, list) else [values]:
                rest = _DAY.sub(" ", _PERIOD.sub(" ", re.sub(r"^\d+[.)] ", "", vn.clean(text))))
                for name in names:
                    rest = rest.replace(name, " ")
                for word in map(_bare_word, rest.split()):
                    if re.fullmatch(r"[\d.,]*\d%?", word):
                        yield Fault(
                            f"Con số «{word}» trong thể thức văn bản ({key}) không có số liệu nào làm căn cứ; hãy bỏ con số, hoặc "
                            "nói trong bài bằng một số liệu của báo cáo.",
                            vn.clean(text),
                        )

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


def _check_one_value(claims: Iterable[Claim]) -> Iterator[Fault]:
    """One thing of one unit in one window has one value; published figures may contradict one another."""
    first: dict[tuple[str, ...], Claim] = {}
    for claim in claims:
        # Of units that only the sentence names ("các đơn vị bằng nhau") there may be several under one label.
        if claim.source == "published" or "đơn vị" in f"{claim.label}, {claim.measured_in}".casefold():
            continue
        thing = (claim.label, claim.formula, claim.unit, claim.unit_name, claim.window, claim.measured_in)
        other = first.setdefault(thing, claim)
        is_split = None not in (claim.numerator, other.numerator)
        parts = [(one.numerator, one.denominator) for one in (claim, other)]
        if claim.value != other.value or (is_split and parts[0] != parts[1]):
            yield Fault(
                f"{claim.label} của {claim.unit_name}, {claim.window}, được ghi hai giá trị khác nhau: «{other.text}» "
                f"({other.id}) và «{claim.text}» ({claim.id}); hãy giữ một giá trị hoặc ghi nhãn khác nhau."
            )


def _check_row_numbers(source: Source) -> Iterator[Fault]:
    """The number of a row stands first in it, and counts on from the row above or begins anew: it is no figure."""
    last: dict[int, int] = {}
    for block in source.written:
        for at, piece in enumerate(block.pieces):
            if (piece.role, piece.ref) != ("hang-so", ROW_NUMBER_KIND):
                continue
            place = last.get(block.table, 0) + 1
            if block.kind != "row" or at or piece.text not in ("1", str(place)):
                yield Fault(
                    f"Số thứ tự «{piece.text}» không đứng ở đầu hàng của bảng hoặc không theo thứ tự.",
                    block.text,
                )
                return
            last[block.table] = int(piece.text)


def _check_directions(block: Block, claims: dict[str, Claim]) -> Iterator[Fault]:
    """A change is printed without its sign: the word before it must say which way it went."""
    before = ""
    for piece in block.pieces:
        claim = claims.get(piece.ref) if piece.role == "so-lieu" else None
        if claim and claim.form.startswith("change") and (word := _direction(before)):
            value = Fraction(claim.value)
            if value <= 0 if word in _RISES else value >= 0:
                sign = "không thay đổi" if value == 0 else "giảm" if value < 0 else "tăng"
                yield Fault(
                    f"Số liệu {claim.id} «{claim.text}» ({claim.label}) theo giá trị của nó là {sign} nhưng chữ đứng trước là «{word}»; "
                    "hãy sửa chữ hoặc dấu của giá trị.",
                    block.text,
                )
        before = "" if piece.role == "so-lieu" else before + (piece.text if not piece.role else "\x00")


_RISES = ("tăng", "cao hơn", "nhiều hơn", "+")
_BOTH_WAYS = re.compile(r"tăng\W{0,3}(?:và|hoặc|hay)?\W?giảm|tăng cường")
_WAY = re.compile(r"\b(?:tăng|cao hơn|nhiều hơn|giảm|thấp hơn|ít hơn)\b")


def _direction(before: str) -> str:
    """The word of direction in the clause that ends at a figure, or the sign just before it; "" where none says it.

    >>> _direction("giảm, rồi tăng thêm "), _direction("mức tăng giảm là "), _direction("tỷ lệ -")
    ('tăng', '', '-')
    """
    text = vn.clean(before).casefold().replace("\u2060", "").replace("−", "-").rstrip()
    if text[-1:] in ("+", "-"):
        return text[-1]
    clause = re.split(r"[,;:.()–]", _BOTH_WAYS.sub("", text))[-1]
    words = _WAY.findall(clause)
    is_told = len({word in _RISES for word in words}) == 1 or (words and clause.endswith(words[-1]))
    return words[-1] if is_told else ""


def _percent_value(claim: Claim) -> Fraction:
    value = Fraction(claim.value)
    return 100 * value if claim.form == "fraction" else value


def _unexplained(text: str, explained: list[str], where: str) -> Iterator[Fault]:
    """Numerals of `text` that are no part of the texts already accounted for."""
    rest = text
    for known in sorted(explained, key=len, reverse=True):
        rest = rest.replace(known, " ")
    for numeral in numerals(rest):
        yield Fault(f"{where}: con số «{numeral}» không có số liệu nào làm căn cứ.", text)


_BARE_FIGURE = re.compile(r"[\d.,/]*\d ?(?:%|điểm.*|hồ sơ.*|đơn vị.*|phần trăm)?")
_PERIOD = re.compile(r"(?:(?:0?\d|1[0-2]) tháng (?:đầu|cuối) |(?:tháng|quý) \w+ )?năm \d{4}", re.IGNORECASE)
_DAY = re.compile(r"\d{1,2}/\d{1,2}/\d{4}|ngày \d{1,2} tháng \d{1,2}", re.IGNORECASE)
_PARTICULARS = ("co-quan-chu-quan", "co-quan", "ten-loai", "trich-yeu", "kinh-gui", "quyen-han", "noi-nhan")
_STATES = re.compile(r"(?:%|phần trăm|hồ sơ|đơn vị|điểm)")


class Reference:
    """What the reference tables and the definitions say, to look up names and quotations that hold digits."""

    def __init__(self, texts: Iterable[str], published: Iterable[str]) -> None:
        self._named = " ".join(texts).casefold()
        self._words = set(map(_bare_word, self._named.split()))
        self._all = self._named + " " + " ".join(published).casefold()

    def holds(self, text: str) -> bool:
        """Whether the whole text stands in the tables."""
        return text.casefold() in self._all

    def names(self, text: str) -> bool:
        """Whether each word of the text that holds a digit stands in the tables, with the noun that makes it a figure."""
        words = _PERIOD.sub(" ", text).casefold().split()
        for place, word in enumerate(words):
            if not any(letter.isdigit() for letter in word):
                continue
            if _bare_word(word) not in self._words:
                return False
            before, after = words[place - 1] if place else "", " ".join(words[place + 1 : place + 3])
            if before in ("thứ", "hạng") and f"{before} {word}" not in self._named:
                return False
            states = "" if "%" in word else (_STATES.match(after) or [""])[0]
            if (states or "%" in word) and f"{word} {states}".strip() not in self._named:
                return False
        return True


def _bare_word(word: str) -> str:
    return word.strip(".,;:()[]“”\"'")


@cache
def read_reference(root: Path) -> Reference:
    """The reference tables of the project at `root`, what was printed in published memos apart."""
    texts, published = [], []
    for path in sorted((root / "data" / "reference").glob("*.csv")):
        for row in reference_rows(root, path.name):
            for column, cell in row.items():
                is_printed = path.name == "published_figures.csv" and column in ("printed", "quote")
                (published if is_printed else texts).append(cell)
    for one in INDICATORS:
        texts += [one.label, one.formula, one.scope, one.source, one.short, one.inside]
    return Reference(texts, published)


def check_typed(texts: Iterable[str]) -> Iterator[Fault]:
    """The figures that an author typed in words or Roman numerals (`notebooks.typed_texts`).

    >>> [fault.message[:34] for fault in check_typed(["Năm nay hai cấp, tăng cường.", "sáu mươi phần trăm"])]
    ['Con số «sáu mươi phần trăm» viết b']
    """
    for text in texts:
        for words, around in figures_in_words(text):
            yield Fault(
                f"Con số «{words}» viết bằng chữ không có số liệu nào làm căn cứ; hãy in con số bằng hàm của báo "
                "cáo hoặc `claims`, hoặc bỏ con số.",
                around,
            )


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
