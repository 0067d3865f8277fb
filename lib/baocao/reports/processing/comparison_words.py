"""The sentences of the report on dossiers about earlier periods; as in `words`, figures go in already printed."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing.phrases import join


# --- the subject ------------------------------------------------------------------------------------------------
def levels_uncompared(reason: str) -> str:
    """Why a table of changes has no lines for the levels of government."""
    return f" Không so sánh theo cấp vì {reason}."


def series_broken() -> str:
    """What a trend's break mark means."""
    return "sắp xếp lại đơn vị hoặc đổi cách tính"


# --- unit by unit against last year ------------------------------------------------------------------------------
def by_unit(base: str, told: Sequence[str], *, refused: bool) -> str:
    """How many units could be held against last year and how; a list of those that could not follows where `refused`."""
    counted = f": {join(told, semicolons=True)}" if told else " không có đơn vị nào so sánh được"
    return f"So với {base} theo từng đơn vị{counted}{'. Không so sánh được:' if refused else '.'}"


def compared_directly(count: str) -> str:
    """Units that were the same then."""
    return f"{count} đơn vị so sánh trực tiếp"


def compared_bridged(count: str) -> str:
    """Units held against the sum of those that went into them."""
    return f"{count} đơn vị so sánh với tổng của các đơn vị cũ hợp thành (nêu tại Phụ lục I)"


def not_compared(count: str, units: Sequence[str], reason: str) -> str:
    """Units that cannot be compared, named where they are few, as an item of a list."""
    return f"{join(units, semicolons=True) if units else f'{count} đơn vị (nêu tại Phụ lục I)'}: {reason}."


def listed_uncompared(reason: str, units: Sequence[str]) -> str:
    """The same in the annex, all of them by name."""
    return f"Không so sánh được vì {reason}: {join(units, semicolons=True)}."


def movers_rule(minimum: str, places: str) -> str:
    """By which rule units are named for their change."""
    return (
        f"Quy tắc: chỉ xét đơn vị có mẫu số từ {minimum} hồ sơ trở lên ở cả hai kỳ; so sánh mức thay đổi đã làm tròn hai "
        f"chữ số thập phân; nêu {places} đơn vị tăng nhiều nhất và {places} đơn vị giảm nhiều nhất, kể cả đơn vị bằng nhau."
    )


def movers(what: str, rising: bool, units: str) -> str:
    """The units whose rate rose (or fell) most, or that none did."""
    word = "tăng" if rising else "giảm"
    if not units:
        return f"Không có đơn vị nào được xét {word} {what}."
    return f"{what[:1].upper()}{what[1:]} {word} nhiều nhất: {units}."


def bridged_units() -> str:
    """How to read last year's figures of a unit that was made of others."""
    return (
        " Đơn vị thành lập sau sắp xếp được so sánh với tổng của các đơn vị cũ hợp thành; từ đó xã, phường nhận thêm "
        "nhiệm vụ của huyện. Dấu “–”: chưa có số liệu hoặc không có hồ sơ để tính."
    )


def itself() -> str:
    """Whose figures last year's are."""
    return "chính đơn vị"
