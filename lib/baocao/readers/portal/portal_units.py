"""Which units the portal's names mean, and what an answer that lists all provinces allows: ranks and the mean.

The portal names a unit "UBND xã Đức Thọ" or "Sở Công Thương - Tỉnh Hà Tĩnh" and has codes of its own (H27.xx), which
differ from ours.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.unit_names import match_key
from baocao.definitions.units import HOME, Register
from baocao.readers.portal.answer import NATIONAL, Answer
from baocao.readers.portal.scoring import TOLERANCE, is_number
from baocao.readers.problems import problem

_KINDS = {"COMMUNE": "commune"}


def find_units(answer: Answer, register: Register, day: date, found: list[dict]) -> dict[int, str]:
    """The code of the unit of each row that can be read; what cannot is told in `found`.

    Under "Cả nước" all units are provinces. Under Hà Tĩnh they are its own. Under another province only the province
    itself is read, with a warning that says how many units were left.
    """
    codes: dict[int, str] = {}
    whole = _name(answer.whole)
    if vn.fold(whole) == NATIONAL:
        for row, fields in list(answer.rows())[1:]:
            _find(answer, row, fields, codes, found, lambda name: find_province(name, register, day))
    else:
        _find(answer, 1, answer.whole, codes, found, lambda name: find_province(name, register, day))
        if codes.get(1) == HOME:
            for row, fields in list(answer.rows())[1:]:
                level = fields.get("level", fields.get("departmentLevel"))
                kind = _KINDS.get(level) if isinstance(level, str) else None
                _find(
                    answer,
                    row,
                    fields,
                    codes,
                    found,
                    lambda name, kind=kind: register.find(name, day, kind).code,
                )
        elif 1 in codes and answer.units:
            text = (
                f"{len(answer.units)} đơn vị của {vn.clean(whole)[:60]} không có trong danh sách đơn vị của tỉnh, "
                "chỉ đọc điểm của cả tỉnh đó."
            )
            found.append(_note(answer, "warning", "ngoai-pham-vi", text))
    if answer.units_total is not None and answer.units_total > len(answer.units):
        text = (
            f"Cổng có {answer.units_total} đơn vị, câu trả lời chỉ có {len(answer.units)}; "
            "hãy mở hết các trang rồi lưu lại."
        )
        found.append(_note(answer, "warning", "thieu-don-vi", text))
    return codes


def find_province(name: str, register: Register, day: date) -> str:
    """The code of the province that the portal means; UserError for none.

    The portal goes on writing "tỉnh" for a province that has become a city: a name that the same province bore
    before is understood too.
    """
    try:
        return register.find(name, day, "province").code
    except UserError:
        key = match_key(name)
        earlier = {
            (unit.code, unit.name)
            for unit in register.units
            if unit.kind == "province"
            and key in (match_key(unit.full_name), match_key(f"UBND {unit.full_name}"))
        }
        now = {(unit.code, unit.name) for unit in register.on(day) if unit.kind == "province"}
        if len(earlier & now) == 1:
            return min(earlier & now)[0]
        raise


def add_ranks(answer: Answer, scores: list[dict], register: Register, day: date, found: list[dict]) -> None:
    """Gives the total of each province its place, where the answer has all provinces of the day.

    Competition ranks (1, 2, 2, 4) on the published score: the portal lists provinces by it. Groups have no published
    order and get no rank.
    """
    if vn.fold(_name(answer.whole)) != NATIONAL:
        return
    totals = {row["unit"]: row for row in scores if row["component"] == "total"}
    provinces = {unit.code for unit in register.on(day) if unit.kind == "province"}
    if provinces - totals.keys():
        text = (
            f"Câu trả lời có điểm của {len(totals)} trên {len(provinces)} tỉnh, thành phố nên không xếp hạng."
        )
        found.append(_note(answer, "warning", "thieu-don-vi", text))
        return
    points = [row["score"] for row in totals.values()]
    for row in totals.values():
        row["rank"] = 1 + sum(other > row["score"] for other in points)
        row["out_of"] = len(points)


def check_means(answer: Answer, scores: list[dict], found: list[dict]) -> None:
    """Warns where "Cả nước" is not the unweighted mean of the provinces' totals, as the portal computes it."""
    published = answer.whole.get("totalScore")
    totals = [Fraction(str(row["score"])) for row in scores if row["component"] == "total"]
    if vn.fold(_name(answer.whole)) != NATIONAL or len(totals) < len(answer.units) or not totals:
        return
    if not is_number(published):
        return
    mean = sum(totals, Fraction(0)) / len(totals)
    if abs(Fraction(Decimal(published)) - mean) > TOLERANCE:
        said, computed = vn.format_number(published, 2), vn.format_number(mean, 2)
        text = (
            f"Cổng ghi cả nước {said} điểm, trung bình các tỉnh, thành phố trong câu trả lời là {computed}."
        )
        found.append(_note(answer, "warning", "tinh-lai-diem", text, 1, "totalScore", said))


def _find(answer: Answer, row: int, fields: dict, codes: dict[int, str], found: list[dict], find) -> None:
    name = _name(fields)
    try:
        code = find(name)
    except (UserError, ValueError) as error:
        found.append(_note(answer, "error", "don-vi", str(error), row, "departmentName", name))
        return
    if code in codes.values():
        first = next(at for at, held in codes.items() if held == code)
        text = f"Đơn vị này đã có ở vị trí {first} của câu trả lời; hãy lưu lại câu trả lời."
        found.append(_note(answer, "error", "trung-lap", text, row, "departmentName", name))
        return
    codes[row] = code


def _name(fields: dict) -> str:
    name = fields.get("departmentName")
    return vn.clean(name) if isinstance(name, str) else ""


def _note(
    answer: Answer,
    severity: str,
    code: str,
    text: str,
    row: int | None = None,
    column: str = "",
    value: object = "",
) -> dict:
    where = {"file": answer.name, "sheet": answer.endpoint, "row": row, "column": column}
    return problem(severity, code, text, value=value, **where)
