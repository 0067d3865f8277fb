"""The phrases of the memos: figures already printed go in, Vietnamese sentences come out.

Nothing is computed here and no digit is typed here. Arguments called `figure`, `rate`, `count` and the like are
Markdown made by `Claims`; None is a figure that is not known. A change of a rate is "điểm phần trăm", a relative
change of a count is "%": each has a phrase of its own, so that they cannot be mixed up.
"""

from __future__ import annotations

from collections.abc import Sequence

_SMALL = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_AFTER_TENS = ("", " mốt", " hai", " ba", " tư", " lăm", " sáu", " bảy", " tám", " chín")


# --- small words -----------------------------------------------------------------------------------------------
def join(items: Sequence[str], *, semicolons: bool = False) -> str:
    """A list in a sentence; `semicolons` where an item holds a comma or "và" itself.

    >>> join(["A"]), join(["A", "B"]), join(["A", "B", "C"]), join(["A, a", "B"], semicolons=True)
    ('A', 'A và B', 'A, B và C', 'A, a; B')
    """
    if semicolons or len(items) < 2:
        return "; ".join(items)
    return f"{', '.join(items[:-1])} và {items[-1]}"


def say_number(number: int) -> str:
    """A fixed number of a rule or form in words, 0 to 99: it is no measurement, and so has no claim.

    >>> say_number(2), say_number(15), say_number(30), say_number(45)
    ('hai', 'mười lăm', 'ba mươi', 'bốn mươi lăm')
    """
    if number <= 10:
        return _SMALL[number]
    tens, ones = divmod(number, 10)
    if tens == 1:
        return "mười" + (_AFTER_TENS[5] if ones == 5 else f" {_SMALL[ones]}")
    return f"{_SMALL[tens]} mươi{_AFTER_TENS[ones]}"


def capitalise(text: str) -> str:
    """The text as the start of a sentence.

    >>> capitalise("đạt")
    'Đạt'
    """
    return text[:1].upper() + text[1:]


# --- changes, targets, ranks -----------------------------------------------------------------------------------
def change_of_rate(change, figure: str, base: str = "") -> str:
    """How a rate has changed; `change` only gives the direction.

    >>> change_of_rate(-1, "1,20", "tháng 6")
    'giảm 1,20 điểm phần trăm so với tháng 6'
    """
    return _change(change, f"{figure} điểm phần trăm", base)


def change_of_count(change, figure: str, base: str = "") -> str:
    """How a count has changed; `figure` carries its % sign.

    >>> change_of_count(4, "40,20%", "cùng kỳ")
    'tăng 40,20% so với cùng kỳ'
    """
    return _change(change, figure, base)


def change_of_score(change, figure: str, base: str = "") -> str:
    """How a score has changed.

    >>> change_of_score(0, "", "kỳ trước")
    'không thay đổi so với kỳ trước'
    """
    return _change(change, f"{figure} điểm", base)


def change_of_rank(change: int, figure: str, base: str = "") -> str:
    """How a rank has changed; `change` is the number of places gained, so positive when it got better.

    >>> change_of_rank(22, "22", "năm trước"), change_of_rank(0, "", "năm trước")
    ('tăng 22 bậc so với năm trước', 'giữ nguyên thứ hạng so với năm trước')
    """
    return _change(change, f"{figure} bậc", base, "giữ nguyên thứ hạng")


def _change(change, words: str, base: str = "", same: str = "không thay đổi") -> str:
    direction = same if change == 0 else f"{'tăng' if change > 0 else 'giảm'} {words}"
    return f"{direction} so với {base}" if base else direction


def compared(base: str, changes: Sequence[str]) -> str:
    """The changes against one earlier period."""
    return f"So với {base}: {'; '.join(changes)}."


def no_comparison(base: str, reason: str) -> str:
    """The sentence in place of a comparison that may not be made.

    >>> no_comparison("tháng 6", "không có số liệu của kỳ đó")
    'Không so sánh với tháng 6 vì không có số liệu của kỳ đó.'
    """
    return f"Không so sánh với {base} vì {reason}."


def uncompared(what: str, reason: str) -> str:
    """One indicator among others that has no comparison."""
    return f"{what} không so sánh được vì {reason}"


def against_target(target: str, law: str, shortfall: str | None, *, at_most: bool = False) -> str:
    """Whether a target is reached; `shortfall` in percentage points, None when it is; `at_most`: less is better.

    >>> against_target("20%", "Chỉ thị", None), against_target("20%", "Chỉ thị", "12,38")
    ('đạt chỉ tiêu từ 20% trở lên (Chỉ thị)', 'chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị), còn thiếu 12,38 điểm phần trăm')
    """
    words = f"đạt chỉ tiêu từ {target} trở {'xuống' if at_most else 'lên'} ({law})"
    if shortfall is None:
        return words
    return f"chưa {words}, còn {'vượt' if at_most else 'thiếu'} {shortfall} điểm phần trăm"
