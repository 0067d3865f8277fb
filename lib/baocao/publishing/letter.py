"""What the form adds to a letter's own text: the head and the signature, in the order both formats print them.

The same order and words as `_extensions/vanban/vanban.lua`; `verify` holds every finished page to them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from nbformat import NotebookNode

from baocao.definitions import (
    LEAF_KINDS,
    Period,
    Unit,
    UserError,
    addressee,
)
from baocao.definitions import vietnamese as vn
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


def date_and_address(
    spec: Spec, period: Period, units: Sequence[Unit], call: Callable[[str, date], str]
) -> Spec:
    """The spec with the letter that a document of the period about the units carries: dated, addressed, its subject named.

    Month and year are those after the period's last day, unless the spec has its own; the day stays blank. What is about
    one unit says so and goes to it. `call` writes an addressee of a day in full. A UserError for an addressee or recipient that does not exist then.
    """
    if not spec.letter:
        return spec
    letter = dict(spec.letter)
    after = period.end + timedelta(
        days=1
    )  # a month's report is signed in the next one, one of 24 days in the same
    if not letter.get("thang") and not letter.get("nam"):
        letter |= {"thang": vn.format_month(after.month), "nam": str(after.year)}
    if len(units) == 1 and units[0].kind in LEAF_KINDS:
        if "{unit}" not in letter.get("trich-yeu", ""):
            letter["trich-yeu"] = f"{letter.get('trich-yeu', '')} của {{unit}}"
        if letter.get("kinh-gui"):
            letter["kinh-gui"] = ["{addressee}"]
    signed = _signed(letter)
    if letter.get("ngay") and not signed:
        shown = "/".join(letter.get(key) or "…" for key in ("ngay", "thang", "nam"))
        raise UserError(
            f"Báo cáo «{spec.name}»: ngày ký {shown} không có trong lịch; hãy sửa «van-ban: ngay»."
        )
    day = max(signed, period.end) if signed else period.end
    for key in ("kinh-gui", "noi-nhan"):
        try:
            letter[key] = [call(text, day) for text in letter.get(key, [])]
        except UserError as error:
            raise UserError(f"Báo cáo «{spec.name}», mục «{key}»: {error}") from None
    # One text may stand for both, as for communes since there are no districts: "Như trên" says it.
    letter["noi-nhan"] = [text for text in letter["noi-nhan"] if text not in letter["kinh-gui"]]
    return replace(spec, letter=letter)


def _signed(letter: Mapping[str, Any]) -> date | None:
    """The day of a letter, or the first of its month; None where its numbers are no date."""
    numbers = [letter.get("nam"), letter.get("thang"), letter.get("ngay") or "1"]
    try:
        return date(*(int(number) for number in numbers))
    except (TypeError, ValueError):
        return None


def file_stem(spec: Spec, period: Period, units: Sequence[Unit]) -> str:
    """What a document's files are called, fit to be sent: kind of letter, period, units; the spec's name without a letter.

    "TB-2025-07-xa-duc-tho", "CV-2025-M7-tinh-ha-tinh", "BC-2025-07-01-den-2025-07-24-96-don-vi".
    """
    notation = vn.fold(spec.letter.get("ky-hieu", "")).upper()
    if not re.match(r"[A-Z]", notation):
        return spec.name
    kind = "CV" if spec.letter.get("loai") == "cong-van" else re.match(r"[A-Z]+", notation)[0]
    code = period.code.replace("..", "-den-").replace("@", "-ky-")
    slugs = ["-".join(vn.fold(unit.official_name).split()) for unit in units]
    whose = "-".join(slugs) if len(slugs) <= 2 else f"{len(slugs)}-don-vi"
    return f"{kind}-{code}-{whose}"


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
    matter["title"] = _written(f"{matter.get('title', spec.name)}, {{period}}, {_whose(units)}", words)
    notebooks.set_front_matter(notebook, matter)


def _whose(units: Sequence[Unit]) -> str:
    """The units as the title of a file names them."""
    return "{unit}" if len(units) <= 2 else f"{len(units)} đơn vị"


def _written(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_written(item, words) for item in value]
    return escape(fill(str(value if value is not None else ""), words))
