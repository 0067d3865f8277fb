"""What the form adds to a letter's own text: the head and the signature, in the order both formats print them.

The same order and words as `_extensions/vanban/vanban.lua`; `verify` holds every finished page to them.
"""

from __future__ import annotations

from typing import Any

NATIONAL_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
NATIONAL_MOTTO = "Độc lập - Tự do - Hạnh phúc"


def head(letter: dict[str, Any]) -> list[str]:
    """The letter's head as `_extensions/vanban` prints it (Nghị định 30/2020/NĐ-CP, boxes 1 to 5b and 9a)."""
    is_report = letter.get("loai") == "bao-cao"
    subject = letter.get("trich-yeu", "")
    place = f"{letter['dia-danh']}, " if letter.get("dia-danh") else ""
    day = f"{place}ngày {letter.get('ngay', '')} tháng {letter.get('thang', '')} năm {letter.get('nam', '')}"
    lines = [
        letter.get("co-quan-chu-quan", ""), *letter.get("co-quan", []), NATIONAL_TITLE,
        NATIONAL_MOTTO, f"Số: {letter.get('so', '')}/{letter.get('ky-hieu', '')}",
        "" if is_report or not subject else f"V/v {subject}", day,
    ]  # fmt: skip
    if is_report:
        lines += [letter.get("ten-loai", "") or "BÁO CÁO", subject]
    addressees = letter.get("kinh-gui", [])
    if len(addressees) == 1:
        lines.append(f"Kính gửi: {addressees[0]}")
    elif addressees:
        lines += ["Kính gửi:", *_dashed(addressees)]
    return [line for line in lines if line]


def _dashed(items: list[str]) -> list[str]:
    return [f"- {item}{';' if place < len(items) else '.'}" for place, item in enumerate(items, 1)]


def signature(letter: dict[str, Any]) -> list[str]:
    """Nơi nhận and the signature block (boxes 7a, 7b, 9b)."""
    recipients = [*letter.get("noi-nhan", [])] + ([f"Lưu: {letter['luu']}"] if letter.get("luu") else [])
    lines = ["Nơi nhận:" if recipients else "", *_dashed(recipients), *letter.get("quyen-han", [])]
    return [line for line in [*lines, letter.get("nguoi-ky", "")] if line]
