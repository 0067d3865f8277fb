"""What the form adds to a letter's own text: the head and the signature, in the order both formats print them.

The same order and words as `_extensions/vanban/vanban.lua`; `verify` holds every finished page to them.
"""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

from baocao.definitions import Period, Unit, addressee
from baocao.publishing import notebooks
from baocao.publishing.spec import Spec, fill
from baocao.writing import escape

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


def write_letter(notebook: NotebookNode, spec: Spec, period: Period, units: list[Unit]) -> None:
    """Put the spec's letter into the notebook's front matter, escaped; the executed notebook is the record."""
    matter = notebooks.front_matter(notebook)
    letter = dict(matter.get("van-ban", {}))
    letter.update(spec.letter)
    words = {
        "period": period.name,
        "unit": "; ".join(unit.official_name for unit in units),
        "addressee": "; ".join(addressee(unit) for unit in units),
    }
    matter["van-ban"] = {key: _written(value, words) for key, value in letter.items()}
    matter["title"] = _written(matter.get("title", spec.name), words)
    notebooks.set_front_matter(notebook, matter)


def _written(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_written(item, words) for item in value]
    return escape(fill(str(value if value is not None else ""), words))
