"""What to tell about the cells of a sheet that a formula computes."""

from __future__ import annotations

from collections.abc import Iterator

from baocao.definitions import vietnamese as vn
from baocao.readers.cell_names import Place, cell_name, column_letter
from baocao.readers.problems import problem

ADVICE = "hãy mở bằng Excel hoặc LibreOffice rồi lưu lại dạng .xlsx"
"""What helps where a workbook does not say all that it shows."""

_LISTED = 20


def tell_computed(formulas: list[Place], shown: dict[Place, str], name: str, sheet: str) -> Iterator[dict]:
    """A warning for all formulas of the sheet, one for all cells that show an error (`shown`)."""
    for places, what in (
        (
            formulas,
            "ô công thức ({}); dùng giá trị đã lưu trong tệp, hãy chắc rằng tệp được tính lại trước khi lưu.",
        ),
        (list(shown), "ô báo lỗi thay cho số ({}); không có giá trị nào được đọc ở các ô này."),
    ):
        if places:
            listed = ", ".join(
                cell_name(place) + (f" {shown[place]}" if places is not formulas else "")
                for place in places[:5]
            )
            more = ", …" if len(places) > 5 else ""
            message = f"Trang có {vn.format_number(len(places))} {what.format(listed + more)}"
            yield _cell_problem("warning", message, places[0], name, sheet)


def tell_unknown(places: list[Place], name: str, sheet: str) -> Iterator[dict]:
    """An error for each formula without a stored value; not more than `_LISTED` and one for the others."""
    for place in places[:_LISTED]:
        message = f"Ô {cell_name(place)} là công thức nhưng tệp không lưu giá trị; {ADVICE}."
        yield _cell_problem("error", message, place, name, sheet)
    if more := places[_LISTED:]:
        count = vn.format_number(len(more))
        message = f"Còn {count} ô công thức nữa không có giá trị, từ ô {cell_name(more[0])} trở đi; {ADVICE}."
        yield _cell_problem("error", message, more[0], name, sheet)


def _cell_problem(severity: str, message: str, place: Place, name: str, sheet: str) -> dict:
    where = {"file": name, "sheet": sheet, "row": place[0] + 1, "column": column_letter(place[1])}
    return problem(severity, "o-cong-thuc", message, value=cell_name(place), **where)
