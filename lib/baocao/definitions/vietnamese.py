"""Vietnamese values, both ways: numbers, percentages, Roman numerals, dates, names in order and in search.

Arithmetic is exact (`Fraction`, `Decimal`); nothing depends on the machine's locale. The notation is that of
the memos: dots group thousands, a comma marks decimals, halves round up, counts below 10 have a leading zero.
Sentences of the errors raised on text are Vietnamese, because they go into the list of problems.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction
from numbers import Rational, Real

MISSING = "–"  # printed for a value that is not known: never 0

PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""Characters that mean nothing outside one program: what we put in their place inside must not come from data."""

NONCHARACTERS = re.compile(
    f"[\ufdd0-\ufdef{''.join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))}]"
)
"""Code points that never become characters."""

_PRINTED = re.compile(
    "[ -~\u00a0-\u017f\u0192\u01a0\u01a1\u01af\u01b0\u0300-\u0303\u0306\u0309\u031b\u0323\u0391-\u03a1\u03a3-\u03a9"
    "\u03b1-\u03c9\u0400-\u045f\u1ea0-\u1ef9\u2010\u2012-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u20ab\u20ac\u2116"
    "\u2122\u2190-\u2195\u2206\u2211\u2212\u221a\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1\u25b2\u25ba\u25bc\u25c4\u25cf]"
)
"""What every typeface has that a document may be set in."""

Number = int | float | Decimal | Fraction

_NUMBER = re.compile(r"-?(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?")
_ENGLISH = re.compile(r"(-?[0-9]{1,3}(?:,[0-9]{3})+|-?0|-?[0-9]+(?=\.(?![0-9]{3}$)))(?:\.([0-9]+))?")
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"))
_ROMAN += ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_DATE = re.compile(r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})")
_DATE_VN = re.compile(r"(?P<d>[0-9]{1,2})([/.-])(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4})")
_DATE_LONG = re.compile(r"ngày (?P<d>[0-9]{1,2}) tháng (?P<m>[0-9]{1,2}) năm (?P<y>[0-9]{4})", re.IGNORECASE)
_COMMAS_AND_POINTS = str.maketrans(",.", ".,")
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_SHAPES = "\u0302\u0306\u031b"  # circumflex, breve, horn: these make other letters
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: in the order of the dictionary
_CROSSED_D = str.maketrans({"ð": "đ", "ɖ": "đ"})  # Icelandic and African letters typed for đ
_MARKS, _WORDS = re.compile("[\u0300-\u036f]+"), re.compile(r"[^\W_]+")
_CLUSTER = re.compile(r"(?P<digits>[0-9]+)|(?P<letter>[^\W_])(?P<marks>[\u0300-\u036f]*)|.", re.DOTALL)


def _exact(value: Number | None) -> Fraction | None:
    """The value as printed by Python, without binary error; None for every mark of a missing value."""
    if isinstance(value, Fraction):
        return value
    if type(value) is int:
        return Fraction(value)
    # pandas writes its missing marks so; asking for the text keeps pandas out of this module.
    if value is None or str(value) in ("nan", "NaN", "<NA>", "NaT"):
        return None
    if isinstance(value, bool) or not isinstance(value, (Decimal, Real)):
        raise TypeError(f"a number is needed, got {value!r}")
    try:
        if isinstance(value, Rational):  # numpy's integers too, whose own arithmetic would overflow
            return Fraction(int(value.numerator), int(value.denominator))
        return Fraction(Decimal(str(value)))
    except (ValueError, OverflowError):
        raise ValueError(f"a finite number is needed, got {value!r}") from None


def round_half_up(value: Number, decimals: int) -> Decimal:
    """The value with exactly `decimals` decimals, halves away from zero (so that -x rounds to the opposite of x).

    >>> round_half_up(2.675, 2), round_half_up(Fraction(1, 8), 2), round_half_up(-0.5, 0)
    (Decimal('2.68'), Decimal('0.13'), Decimal('-1'))
    """
    exact = _exact(value)
    if exact is None or decimals < 0:
        raise ValueError(f"cannot round {value!r} to {decimals} decimals")
    twice = 2 * abs(exact.numerator) * 10**decimals
    steps = (twice + exact.denominator) // (2 * exact.denominator)
    # The constructor is exact; arithmetic on Decimals would round to the context's 28 digits.
    return Decimal((int(exact < 0 and steps > 0), Decimal(steps).as_tuple().digits, -decimals))


def format_number(value: Number | None, decimals: int = 0, *, trim: bool = False) -> str:
    """The number as the memos print it; a missing one (None, NaN) as a dash.

    `trim` drops zeros at the end of the decimals, as the memos do with scores.

    >>> format_number(47411), format_number(-2.874, 2), format_number(80.1, 2, trim=True), format_number(None)
    ('47.411', '-2,87', '80,1', '–')
    """
    exact = _exact(value)
    if exact is None:
        return MISSING
    text = f"{round_half_up(exact, decimals):,f}".translate(_COMMAS_AND_POINTS)
    return text.rstrip("0").rstrip(",") if trim and decimals else text


def rate(numerator: Number | None, denominator: Number | None) -> Fraction | None:
    """The share in percent, exact; None where a part is missing or the denominator is 0.

    >>> rate(21132, 35526), rate(0, 5), rate(3, 0)
    (Fraction(352200, 5921), Fraction(0, 1), None)
    """
    part, whole = _exact(numerator), _exact(denominator)
    if part is None or whole is None or whole == 0:
        return None
    if part < 0 or whole < 0:
        raise ValueError(f"a rate needs counts of 0 or more, got {numerator!r} of {denominator!r}")
    return 100 * part / whole


def format_percent(numerator: Number | None, denominator: Number | None, decimals: int = 2) -> str:
    """The share in percent; 100% and 0% only when they are exact, else the nearest value that differs.

    >>> format_percent(21132, 35526), format_percent(11219, 11219), format_percent(0, 9)
    ('59,48%', '100%', '0%')
    >>> format_percent(99_997, 100_000), format_percent(1, 100_000), format_percent(0, 0)
    ('99,99%', '0,01%', '–')
    """
    percent = rate(numerator, denominator)
    if percent is None:
        return MISSING
    if percent in (0, 100):
        return f"{percent}%"
    shown, step = round_half_up(percent, decimals), Decimal((0, (1,), -decimals))
    if shown == 100:
        shown += step if percent > 100 else -step
    return format_number(shown or step, decimals) + "%"


def format_count_in_text(count: Number | None) -> str:
    """A count inside a sentence: below 10 with a leading zero, as in "06 tháng", "01 TTHC" (nothing is "0").

    >>> format_count_in_text(7), format_count_in_text(34), format_count_in_text(1234), format_count_in_text(0)
    ('07', '34', '1.234', '0')
    """
    exact = _exact(count)
    if exact is None:
        return MISSING
    if exact < 0 or exact.denominator != 1:
        raise ValueError(f"a count is a whole number of 0 or more, got {count!r}")
    return f"{int(exact):02d}" if 0 < exact < 10 else format_number(exact)


def parse_number(text: str) -> Decimal:
    """The number written the Vietnamese way; dots group exactly three digits, one comma marks decimals.

    Refused with a ValueError that shows what was meant: "94.13" (read without its dot it would be 9413),
    "1,234.56", "47 411", "59,48%".

    >>> parse_number("47.411"), parse_number("82,13"), parse_number("-7218")
    (Decimal('47411'), Decimal('82.13'), Decimal('-7218'))
    """
    written = clean(text).replace("\u2212", "-")
    if _NUMBER.fullmatch(written):
        return Decimal(written.replace(".", "").replace(",", ".")) or Decimal(0)
    if not written:
        raise ValueError("Trống, cần một số, ví dụ 47.411 hoặc 82,13.")
    meant = _number_meant(written)
    hint = f"có lẽ là «{meant}»" if meant else "ví dụ 47.411 hoặc 82,13"
    raise ValueError(
        f"«{written[:40]}» không phải là số viết đúng cách (dấu chấm ngăn từng nhóm ba chữ số, "
        f"dấu phẩy đứng trước phần thập phân), {hint}."
    )


def _number_meant(written: str) -> str | None:
    """The number as it should have been written, when the other notation leaves one reading only."""
    bare = written.removesuffix("%").rstrip()
    grouped = bare if "." in bare else bare.replace(" ", ".")
    if _NUMBER.fullmatch(grouped):
        return grouped
    if english := _ENGLISH.fullmatch(bare):
        return english[1].replace(",", ".") + (f",{english[2]}" if english[2] else "")
    return None


def parse_score(text: str, maximum: Number = 100) -> tuple[Decimal, str | None]:
    """A score between 0 and `maximum`, and a warning where its decimal mark is a dot.

    Only here may a dot be a decimal mark, because the maximum rules out the reading as thousands: the letters
    print "82,13" beside "94.13". Anything else is refused as by `parse_number`.

    >>> parse_score("82,13"), parse_score("94.13")[0]
    ((Decimal('82.13'), None), Decimal('94.13'))
    """
    written = clean(text)
    try:
        score = parse_number(written)
    except ValueError as error:
        score, refused = None, error
    if (score is None or score > maximum) and re.fullmatch(r"[0-9]+\.[0-9]+", written):
        dotted, comma = Decimal(written), written.replace(".", ",")
        if dotted <= maximum:
            return (
                dotted,
                f"«{written}» dùng dấu chấm làm dấu thập phân, đã đọc là {comma}; hãy viết «{comma}».",
            )
    if score is None:
        raise refused
    if not 0 <= score <= maximum:
        highest = format_number(maximum, 3, trim=True)
        raise ValueError(f"«{written}» nằm ngoài thang điểm, cần một số từ 0 đến {highest}.")
    return score, None


def roman(number: int) -> str:
    """The Roman numeral of quarters and annexes.

    >>> roman(4), roman(2025)
    ('IV', 'MMXXV')
    """
    if not 1 <= number <= 3999:
        raise ValueError(f"Roman numerals go from 1 to 3999, got {number}")
    text = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        text += letters * count
    return text


def parse_roman(text: str) -> int:
    """The number of a Roman numeral in its one correct spelling, in either case.

    >>> parse_roman("IV"), parse_roman("ii")
    (4, 2)
    """
    rest, number = (written := clean(text).upper()), 0
    for worth, letters in _ROMAN:
        while rest.startswith(letters):
            number, rest = number + worth, rest.removeprefix(letters)
    if rest or not 1 <= number <= 3999 or roman(number) != written:
        raise ValueError(f"«{clean(text)[:40]}» không phải là số La Mã, ví dụ I, II, III, IV.")
    return number


def format_month(month: int) -> str:
    """The month in words of a memo: 01 and 02 have a leading zero, the others have none (Nghị định 30/2020)."""
    return f"{month:02d}" if month < 3 else str(month)


def format_date(day: date, style: str = "long") -> str:
    """The date, "long" as at the head of a memo (Nghị định 30/2020: days below 10 with a leading zero) or "short".

    >>> format_date(date(2025, 7, 24)), format_date(date(2023, 2, 6)), format_date(date(2025, 7, 1), "short")
    ('ngày 24 tháng 7 năm 2025', 'ngày 06 tháng 02 năm 2023', '01/07/2025')
    """
    if style == "long":
        return f"ngày {day.day:02d} tháng {format_month(day.month)} năm {day.year}"
    if style == "short":
        return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"
    raise ValueError(f"style is 'long' or 'short', got {style!r}")


def find_dates(text: str) -> list[date]:
    """The days written in a text as numbers, in its order.

    >>> [day.isoformat() for day in find_dates("từ 1/7/2025 đến hết ngày 30/09/2025")]
    ['2025-07-01', '2025-09-30']
    """
    days = []
    for match in re.finditer(rf"(?<![0-9]){_DATE_VN.pattern}(?![0-9])", text):
        with suppress(ValueError):  # 31/02 is no day
            days.append(date(int(match["y"]), int(match["m"]), int(match["d"])))
    return days


def parse_date(text: str) -> date:
    """The date of "2025-07-24", "24/7/2025" (day first) or "ngày 24 tháng 7 năm 2025".

    >>> parse_date("24/7/2025") == parse_date("2025-07-24") == parse_date("ngày 24 tháng 7 năm 2025")
    True
    """
    written = clean(text)
    found = _DATE.fullmatch(written) or _DATE_VN.fullmatch(written) or _DATE_LONG.fullmatch(written)
    if not found:
        raise ValueError(f"«{written[:40]}» không phải là ngày, hãy viết như 24/07/2025 hoặc 2025-07-24.")
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        raise ValueError(f"«{written}» không có trong lịch, hãy xem lại ngày và tháng.") from None


def clean(text: str) -> str:
    """The text to keep: composed letters (NFC), single spaces, nothing but characters that everybody reads alike.

    Dropped are control, bidirectional and invisible characters, those of private use, halves of pairs, noncharacters.

    >>> clean("  Thành\\tSen\\u202e\\ue000 ")
    'Thành Sen'
    """
    spaced = " ".join(text.split())
    if spaced.isprintable():  # true of every text without such characters, and much quicker to tell
        return spaced if spaced.isascii() else unicodedata.normalize("NFC", spaced)
    kept = (letter for letter in spaced if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join(unicodedata.normalize("NFC", NONCHARACTERS.sub("", "".join(kept))).split())


def unprintable(text: str) -> str:
    """The characters of the text that the typeface of documents lacks, for a message; "" where it has them all.

    >>> unprintable("đã xem 🚀🚀"), unprintable("Hòa – 5 % ≥ «Đ»")
    ('«🚀» (U+1F680)', '')
    """
    lacking = dict.fromkeys(letter for letter in text if not _PRINTED.fullmatch(letter))
    return ", ".join(
        (f"«{letter}» " if letter.isprintable() else "") + f"(U+{ord(letter):04X})" for letter in lacking
    )


def fold(text: str) -> str:
    """The text for matching: no case, tones, diacritics or punctuation, so that hòa, hoà and HOA are one.

    >>> fold("UBND xã  Đức-Thọ"), fold("Hoà") == fold("hòa")
    ('ubnd xa duc tho', True)
    """
    cleaned = clean(text)
    if cleaned.isascii():
        return " ".join(_WORDS.findall(cleaned.lower()))
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", cleaned).casefold())
    bare = _MARKS.sub("", spread).translate(_CROSSED_D).replace("đ", "d")
    if not bare.isascii():  # letters of other scripts, with marks of their own
        bare = "".join(c for c in bare if not unicodedata.category(c).startswith("M"))
    return " ".join(_WORDS.findall(bare))


def sort_key(text: str) -> tuple:
    """Key of the Vietnamese order: letters first (a ă â b c d đ ...), then tones by syllable, then case.

    Numbers come before letters and by their worth; punctuation only parts words.

    >>> sorted(["Ứng Hòa", "Đức Thọ", "Sơn Kim 10", "Ân Thi", "Sơn Kim 2", "Can Lộc", "Áng"], key=sort_key)
    ['Áng', 'Ân Thi', 'Can Lộc', 'Đức Thọ', 'Sơn Kim 2', 'Sơn Kim 10', 'Ứng Hòa']
    """
    letters, tones, capitals = [], [0], []
    for found in _CLUSTER.finditer(unicodedata.normalize("NFKD", clean(text))):
        if digits := (found["digits"] or "").lstrip("0") or found["digits"]:
            letters.append((1, len(digits), digits))
        elif found["letter"]:
            small = found["letter"].lower().translate(_CROSSED_D)[0]
            shape = next((mark for mark in found["marks"] if mark in _SHAPES), "")
            place = _ALPHABET.find(unicodedata.normalize("NFC", small + shape))
            place = place if place >= 0 else _ALPHABET.find(small)
            letters.append((2, place, "") if place >= 0 else (3, ord(small), ""))
            tones[-1] = max((_TONES.find(mark) + 1 for mark in found["marks"]), default=0) or tones[-1]
            capitals.append(found["letter"].isupper())
        elif letters and letters[-1] != (0, 0, ""):
            letters.append((0, 0, ""))
            tones.append(0)
    while letters and letters[-1] == (0, 0, ""):
        letters.pop()
    return tuple(letters), tuple(tones), tuple(capitals), clean(text)
