"""The documented sheets of reference data: their columns, which of them must be there, and words for codes.

The Vietnamese headings that mean a column are rows of headings.csv, under the form's name.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from baocao.readers.headings import Titles, cell_text, first_row, load_vocabulary, match_titles
from baocao.readers.workbook import Sheet

COLUMNS = {
    "index_values": (
        *("index", "component", "year", "value", "measured_in", "rank", "out_of", "as_of", "published"),
        *("source", "evidence", "note"),
    ),
    "targets": (
        *("indicator", "scope", "target", "comparison", "valid_from", "valid_to", "legal_source"),
        *("evidence", "note"),
    ),
    "units": (
        *("code", "name", "kind", "full_name", "level", "parent", "valid_from", "valid_to", "legal_basis"),
        "note",
    ),
    "lineage": ("effective_date", "old_code", "new_code", "relation", "source", "detail", "confidence"),
}
"""By form (the name of its file below `data/reference`): the columns in the file's order."""

PROVINCE = "province"
"""A heading of index values that only says whose they are: rows of other provinces are left out."""

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


@dataclass(frozen=True)
class SheetHeader:
    """Where the heading of a sheet stands (index of `rows`), of which form it is, and what its headings mean.

    Where every heading is the file's own name of the column (`titles.plain`), decimals have a dot, as in the file.
    """

    at: int
    form: str
    titles: Titles


def find_sheet_header(sheet: Sheet, root: Path) -> SheetHeader | None:
    """The heading of a sheet of reference data; None where no row has the required columns of a form."""

    def headers(titles: list[str]) -> list[tuple[str, Titles]]:
        read = [(form, match_titles(titles, load_vocabulary(root, form), COLUMNS[form])) for form in COLUMNS]
        return [(form, found) for form, found in read if _is_whole(form, found)]

    at = first_row(sheet.rows, lambda titles: bool(headers(titles)), 40)
    if at is None:
        return None
    found = headers([cell_text(cell) for cell in sheet.rows[at]])
    return SheetHeader(at, *max(found, key=lambda one: (len(one[1].places), -len(one[1].unread))))


def _is_whole(form: str, titles: Titles) -> bool:
    columns = titles.places.keys()
    return set(REQUIRED[form]) <= columns and (form != "index_values" or bool({"value", "rank"} & columns))
