"""The documented sheets of reference data: their columns, the Vietnamese headings that mean them, and words for codes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from baocao.definitions import vietnamese as vn
from baocao.readers.portal.headings import cell_text
from baocao.readers.workbook import Sheet

COLUMNS = {
    "index_values": {
        "index": ("chi so", "bo chi so", "ten chi so"),
        "component": ("thanh phan", "chi so thanh phan", "linh vuc", "tru cot", "tieu chi"),
        "year": ("nam", "nam danh gia"),
        "value": ("gia tri", "diem", "ket qua", "diem so", "gia tri chi so"),
        "measured_in": ("don vi tinh", "dvt"),
        "rank": ("hang", "thu hang", "xep hang"),
        "out_of": ("tren tong so", "so tinh xep hang", "so tinh duoc xep hang", "tong so tinh"),
        "as_of": ("tinh den ngay", "so lieu den ngay"),
        "published": ("ngay cong bo", "cong bo ngay"),
        "source": ("nguon", "nguon so lieu"),
        "evidence": ("chung cu", "ma chung cu"),
        "note": ("ghi chu",),
    },
    "targets": {
        "indicator": ("chi tieu", "ten chi tieu", "ty le"),
        "scope": ("pham vi", "loai don vi", "ap dung cho", "doi tuong"),
        "target": ("muc", "muc tieu", "muc chi tieu", "muc giao", "muc phai dat"),
        "comparison": ("so sanh", "dau", "yeu cau"),
        "valid_from": ("tu ngay", "hieu luc tu", "hieu luc tu ngay", "co hieu luc tu"),
        "valid_to": ("den ngay", "den het ngay", "hieu luc den", "het hieu luc"),
        "legal_source": ("van ban", "van ban giao", "can cu", "can cu phap ly"),
        "evidence": ("chung cu", "ma chung cu"),
        "note": ("ghi chu",),
    },
    "units": {
        "code": ("ma", "ma don vi", "ma so"),
        "name": ("ten", "ten ngan", "ten goi"),
        "kind": ("loai", "loai don vi"),
        "full_name": ("ten day du", "ten don vi"),
        "level": ("cap", "cap hanh chinh"),
        "parent": ("truc thuoc", "ma cap tren", "ma don vi cap tren"),
        "valid_from": ("tu ngay", "hieu luc tu", "hieu luc tu ngay", "co hieu luc tu"),
        "valid_to": ("den ngay", "den het ngay", "hieu luc den", "het hieu luc"),
        "legal_basis": ("van ban", "can cu", "can cu phap ly"),
        "note": ("ghi chu",),
    },
    "lineage": {
        "effective_date": ("ngay hieu luc", "ngay co hieu luc", "hieu luc tu ngay"),
        "old_code": ("ma cu", "ma don vi cu"),
        "new_code": ("ma moi", "ma don vi moi"),
        "relation": ("quan he", "phan chuyen", "chuyen"),
        "source": ("van ban", "nguon", "can cu", "can cu phap ly"),
        "detail": ("chi tiet", "ghi chu"),
        "confidence": ("do tin cay", "muc tin cay"),
    },
}
"""By form (the name of its file below `data/reference`): the columns in the file's order, and headings for each, folded."""

REQUIRED = {
    "index_values": ("index", "year"),
    "targets": ("indicator", "target", "valid_from", "legal_source"),
    "units": ("code", "full_name", "kind"),
    "lineage": ("effective_date", "old_code", "new_code", "relation", "source"),
}
"""The columns that a sheet of a form must have."""

KEYS = {
    "index_values": ("index", "component", "year"),
    "targets": ("indicator", "scope", "valid_from"),
    "units": ("code", "valid_from"),
    "lineage": ("effective_date", "old_code", "new_code"),
}
"""The columns that tell a row of a form from every other."""

DATES = ("as_of", "published", "valid_from", "valid_to", "effective_date")

WORDS = {
    "comparison": {"": ">=", ">=": ">=", "≥": ">=", "<=": "<=", "≤": "<=", "tối thiểu": ">=", "tối đa": "<="},
    "relation": {
        "whole": "whole",
        "part": "part",
        "toàn bộ": "whole",
        "một phần": "part",
        "nguyên trạng": "whole",
    },
    "confidence": {"": "medium", "high": "high", "medium": "medium", "low": "low"}
    | {"cao": "high", "trung bình": "medium", "thấp": "low"},
    "level": {"": "", "province": "province", "district": "district", "commune": "commune"}
    | {"tỉnh": "province", "cấp tỉnh": "province", "huyện": "district", "cấp huyện": "district"}
    | {"xã": "commune", "cấp xã": "commune"},
}
"""What a cell of these columns may say, in small letters, and the code that the file keeps."""

_UNIT = ("don vi", "tinh", "tinh thanh pho", "dia phuong")
_FIRST_ROWS = 40


@dataclass(frozen=True)
class SheetHeader:
    """Where the heading of a sheet stands (index of `rows`), of which form it is, and where its columns are.

    plain     whether every heading is the file's own name of the column: then decimals have a dot, as in the file
    unit      where a column says the province; None where there is none
    unread    headings that mean nothing here; `repeated`: that say what one before them says
    """

    at: int
    form: str
    places: dict[str, int]
    titles: dict[str, str]
    plain: bool
    unit: int | None
    unread: tuple[str, ...]
    repeated: tuple[str, ...]


def find_sheet_header(sheet: Sheet) -> SheetHeader | None:
    """The heading of a sheet of reference data; None where no row has the required columns of a form."""
    for at, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        titles = [cell_text(cell) for cell in row]
        headers = [header for form in COLUMNS if (header := _read(at, titles, form))]
        if headers:
            return max(headers, key=lambda one: (len(one.places), -len(one.unread)))
    return None


def _read(at: int, titles: list[str], form: str) -> SheetHeader | None:
    names = {word: column for column, words in COLUMNS[form].items() for word in (*words, vn.fold(column))}
    places: dict[str, int] = {}
    unit, unread, repeated, plain = None, [], [], True
    for place, title in enumerate(titles):
        key = vn.fold(re.sub(r"\([^)]*\)", " ", title))
        column = names.get(key)
        if not title or key in ("tt", "stt"):
            continue
        plain &= title == column
        if column is None and form == "index_values" and key in _UNIT:
            unit = place
        elif column is None:
            unread.append(title)
        elif column in places:
            repeated.append(title)
        else:
            places[column] = place
    if not set(REQUIRED[form]) <= places.keys() or (
        form == "index_values" and not {"value", "rank"} & places.keys()
    ):
        return None
    held = {column: titles[place][:60] for column, place in places.items()}
    return SheetHeader(at, form, places, held, plain, unit, tuple(unread), tuple(repeated))
