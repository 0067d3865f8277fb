"""The phrases of the memos: figures already printed go in, Vietnamese sentences come out.

Nothing is computed here and no digit is typed here. Arguments called `figure`, `rate`, `count` and the like are
Markdown made by `Claims`; None is a figure that is not known. A change of a rate is "điểm phần trăm", a relative
change of a count is "%": each has a phrase of its own, so that they cannot be mixed up.
"""

from __future__ import annotations

import re
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


def name_units(units: Sequence[str]) -> str:
    """Units in a sentence; semicolons part them where a name holds a comma or "và" itself.

    >>> name_units(["xã A", "xã B"]), name_units(["Sở A, B", "xã C"])
    ('xã A và xã B', 'Sở A, B; xã C')
    """
    bare = [re.sub("<[^>]*>", "", unit) for unit in units]
    return join(units, semicolons=any("," in name or " và " in name for name in bare))


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


# --- changes -----------------------------------------------------------------------------------
def change_of_score(change, figure: str) -> str:
    """How a score has changed; `change` only gives the direction.

    >>> change_of_score(1, "0,52"), change_of_score(0, "")
    ('tăng 0,52 điểm', 'không thay đổi')
    """
    return _change(change, f"{figure} điểm")


def change_of_rank(change: int, figure: str) -> str:
    """How a rank has changed; `change` is the number of places gained, so positive when it got better.

    >>> change_of_rank(22, "22"), change_of_rank(0, "")
    ('tăng 22 bậc', 'giữ nguyên thứ hạng')
    """
    return _change(change, f"{figure} bậc", "giữ nguyên thứ hạng")


def moved(change, figure: str) -> str:
    """A change in a column whose head says what it is measured in.

    >>> moved(-1, "1,20"), moved(0, "")
    ('giảm 1,20', 'không thay đổi')
    """
    return _change(change, figure)


def _change(change, words: str, same: str = "không thay đổi") -> str:
    return same if change == 0 else f"{'tăng' if change > 0 else 'giảm'} {words}"


# --- figures that are absent, or of a sum that is not whole ---------------------------------------------------------
def not_whole(count: str) -> str:
    """Beside a figure of a sum that lacks units.

    >>> not_whole("02")
    ' (chưa gồm 02 đơn vị chưa có đủ số liệu)'
    """
    return f" (chưa gồm {count} đơn vị chưa có đủ số liệu)"


def not_whole_note(mark: str) -> str:
    """What the mark of a sum that lacks units means under a table.

    >>> not_whole_note("x")
    ' Dấu “x”: chưa gồm các đơn vị chưa có đủ số liệu.'
    """
    return f" Dấu “{mark}”: chưa gồm các đơn vị chưa có đủ số liệu."


def other_form(form: str) -> str:
    """A share filed online whose denominator is that of another form, because its own was not received.

    >>> other_form("Biểu A")
    'Chưa có bảng theo dõi nộp trực tuyến nên tỷ lệ tính trên số hồ sơ tiếp nhận theo Biểu A.'
    """
    return f"Chưa có bảng theo dõi nộp trực tuyến nên tỷ lệ tính trên số hồ sơ tiếp nhận theo {form}."


# --- over several periods ----------------------------------------------------------------
def trend(changes: Sequence, first: str, last: str) -> str:
    """How something went over three periods or more; `changes` only give the directions from one to the next.

    >>> trend([1, 2], "58,10% (tháng 5)", "61,20% (tháng 7)")
    'tăng liên tục, từ 58,10% (tháng 5) lên 61,20% (tháng 7)'
    """
    if all(change == 0 for change in changes):
        return f"không thay đổi, từ {first} đến {last}"
    if all(change > 0 for change in changes):
        return f"tăng liên tục, từ {first} lên {last}"
    if all(change < 0 for change in changes):
        return f"giảm liên tục, từ {first} xuống {last}"
    return f"tăng giảm không đều, từ {first} đến {last}"


def broken(since: str, reason: str) -> str:
    """Why a series is cut: its values before and after say different things.

    >>> broken("năm 2026", "cách tính điểm đã thay đổi")
    'Không nối số liệu từ năm 2026 với số liệu trước đó vì cách tính điểm đã thay đổi.'
    """
    return f"Không nối số liệu từ {since} với số liệu trước đó vì {reason}."


# --- targets, few dossiers -------------------------------------------------------------------------------------------
def against_target(
    target: str,
    law: str,
    shortfall: str | None,
    *,
    at_most: bool = False,
    margin: str = "",
    dossiers: str = "",
) -> str:
    """Whether a target is missed, reached or (with `margin`) exceeded; `at_most`: less is better.

    `shortfall` and `margin` are percentage points; `shortfall` is None when the target is reached. `dossiers`:
    how many more would have reached it. `law` is empty where it was named before.

    >>> against_target("20%", "Chỉ thị", None), against_target("20%", "Chỉ thị", "12,38")
    ('đạt chỉ tiêu từ 20% trở lên (Chỉ thị)', 'chưa đạt chỉ tiêu từ 20% trở lên (Chỉ thị), còn thiếu 12,38 điểm phần trăm')
    """
    words = f"chỉ tiêu từ {target} trở {'xuống' if at_most else 'lên'}{f' ({law})' if law else ''}"
    if shortfall is None and not margin:
        return f"đạt {words}"
    if shortfall is None:
        return f"đạt và vượt {words}, {'thấp' if at_most else 'cao'} hơn {margin} điểm phần trăm"
    said = f"chưa đạt {words}, còn {'vượt' if at_most else 'thiếu'} {shortfall} điểm phần trăm"
    return f"{said}, tương ứng {dossiers} hồ sơ" if dossiers else said


def small_base(mark: str, minimum: str) -> str:
    """What the mark of a small denominator means under a table.

    >>> small_base("*", "ba mươi")
    ' Dấu “*”: mẫu số dưới ba mươi hồ sơ, tỷ lệ chỉ để tham khảo.'
    """
    return f" Dấu “{mark}”: mẫu số dưới {minimum} hồ sơ, tỷ lệ chỉ để tham khảo."
