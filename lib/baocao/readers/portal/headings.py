"""Headings of a table of index scores, as offices write them: which column is the unit, a component, a rank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from baocao.definitions import vietnamese as vn
from baocao.readers.workbook import Sheet

_UNIT = {
    *("don vi", "ten don vi", "co quan", "co quan don vi", "ten co quan", "ten co quan don vi", "dia phuong"),
    *(
        "tinh thanh pho",
        "ten tinh thanh pho",
        "tinh thanh",
        "tinh",
        "bo nganh dia phuong",
        "ubnd tinh thanh pho",
    ),
}
_RANK = {
    "hang",
    "thu hang",
    "xep hang",
    "vi tri",
    "vi thu",
    "xep thu",
    "hang toan quoc",
    "thu hang toan quoc",
}
_SCORE = {"diem", "diem so", "so diem", "diem dat", "diem dat duoc"}
_SKIPPED = {"tt", "stt", "so tt", "xep loai", "phan loai"}
"""Row numbers, and grades: grades follow from the points by the bands of `index_bands.csv`."""

_SYNONYMS = {
    "total": ("tong diem", "tong so diem", "tong cong", "diem tong", "tong", "tong diem danh gia"),
    "transparency": ("cong khai minh bach", "cong khai va minh bach"),
    "timeliness": ("tien do giai quyet", "tien do", "tien do ket qua giai quyet", "tien do giai quyet ho so"),
    "online_service": ("dich vu truc tuyen", "cung cap dich vu truc tuyen"),
    "provide_online": (
        "dich vu cong truc tuyen",
        "dvc truc tuyen",
        "dvctt",
        "cung cap dich vu cong truc tuyen",
    ),
    "online_payment": ("thanh toan truc tuyen", "thanh toan"),
    "satisfaction": ("muc do hai long", "hai long"),
    "digitisation": ("so hoa ho so", "so hoa", "so hoa ho so giay to"),
}
_MOST = re.compile(
    r"\(\s*(?:tối đa|điểm tối đa|max)?\s*:?\s*([0-9]+(?:,[0-9]+)?)\s*(?:điểm|đ)?\s*\)", re.IGNORECASE
)
_OUT_OF = re.compile(r"(?:/|trên|trong)\s*([0-9]{1,3})\b")
_POINTS = re.compile(r"\b(?:diem|766|bo chi so)\b")
"""What a table of points says in its title or heading; else its columns may count dossiers."""
_NUMBERED = re.compile(r"\(?([0-9]{1,2}|[A-E])\)?(?:\s*=.*)?")
_FIRST_ROWS = 60


@dataclass(frozen=True)
class Column:
    """A column that is read: the `kind` "unit", "score" or "rank", of a component; what its heading says beside."""

    at: int
    kind: str
    component: str
    title: str
    maximum: Decimal | None = None
    out_of: int | None = None


@dataclass(frozen=True)
class Header:
    """Where the heading rows of a sheet are (indexes of `rows`, both included) and what its columns are.

    unread    titles of columns that mean nothing here
    repeated  titles of columns that say what one before them says
    """

    first: int
    last: int
    columns: tuple[Column, ...]
    unread: tuple[str, ...]
    repeated: tuple[str, ...]

    def find(self, kind: str) -> list[Column]:
        """The columns of a kind, from left to right."""
        return [one for one in self.columns if one.kind == kind]


def find_header(sheet: Sheet, components: Iterable[Mapping[str, str]]) -> Header | None:
    """The heading of a sheet: the first row with a unit column and two score columns; None where there is none.

    Somewhere down to the row below it the word "điểm", "bộ chỉ số" or the number 766 must stand.
    A second heading row below it may say "Điểm" and "Hạng" under each component.
    """
    names = _names(components)
    for at, row in enumerate(sheet.rows[:_FIRST_ROWS]):
        titles = [cell_text(cell) for cell in row]
        keys = {_key(title) for title in titles}
        if not keys & _UNIT or len({_component(title, names) for title in titles} - {""}) < 2:
            continue
        said = " ".join(vn.fold(cell_text(cell)) for row in sheet.rows[: at + 2] for cell in row)
        if not _POINTS.search(said):
            continue
        below = [cell_text(cell) for cell in sheet.rows[at + 1]] if at + 1 < len(sheet.rows) else []
        said = {_key(title) for title in below if title}
        two = bool(said - {""}) and said <= _RANK | _SCORE | {""} and len(below) == len(titles)
        return _read_header(at, titles, below if two else None, names)
    return None


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without decimals, others with a comma; dates day first; a blank is "".

    >>> cell_text(18.0), cell_text(82.13), cell_text("  Hạng ")
    ('18', '82,13', 'Hạng')
    """
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", ",")
    if hasattr(cell, "strftime") and hasattr(cell, "year"):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    return vn.clean(str(cell))


def is_numbering(texts: list[str]) -> bool:
    """Whether the row numbers the columns: (2) (3) (4)=(5)+(6) …, one after the other; a letter may come first."""
    found = [_NUMBERED.fullmatch(text) for text in texts]
    numbers = [int(one[1]) for one in found if one and one[1].isdigit()]
    return all(found) and len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _read_header(at: int, titles: list[str], below: list[str] | None, names: Mapping[str, str]) -> Header:
    columns: list[Column] = []
    unread, repeated = [], []
    above = ""
    for place, title in enumerate(titles):
        above = title or (above if below else "")
        under = below[place] if below else ""
        column = _read_column(place, above, under, names)
        if column is None:
            shown = " ".join(part for part in (above, under) if part)
            unread += [shown] if shown and _key(shown) not in _SKIPPED else []
        elif any((one.kind, one.component) == (column.kind, column.component) for one in columns):
            repeated.append(column.title)
        else:
            columns.append(column)
    held = {one.component for one in columns if one.kind == "score"}
    if "online_payment" not in held and "online_service" not in held:
        # Five groups are shown: "dịch vụ công trực tuyến" then means all of it, payment included (22 points).
        columns = [_widen(one) for one in columns]
    return Header(at, at + (below is not None), tuple(columns), tuple(unread), tuple(repeated))


def _widen(column: Column) -> Column:
    if column.component != "provide_online" or (column.maximum is not None and column.maximum <= 12):
        return column
    return Column(column.at, column.kind, "online_service", column.title, column.maximum, column.out_of)


def _read_column(place: int, title: str, under: str, names: Mapping[str, str]) -> Column | None:
    key, sub = _key(title), _key(under)
    shown = " ".join(part for part in (title, under) if part)[:60]
    component = _component(title, names)
    if key in _UNIT:
        return Column(place, "unit", "", shown)
    if key in _RANK or (sub in _RANK and sub and component):
        out_of = _OUT_OF.search(title + " " + under)
        return Column(place, "rank", component or "total", shown, None, int(out_of[1]) if out_of else None)
    if component and (not under or sub in _SCORE):
        most = _MOST.search(title + " " + under)
        return Column(place, "score", component, shown, Decimal(most[1].replace(",", ".")) if most else None)
    return None


def _names(components: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """What a folded heading means, by the components' labels, numbers and codes and the usual other words."""
    names: dict[str, str] = {}
    for rule in components:
        for word in filter(None, (rule["label"], rule["portal_code"], rule["component"])):
            # A number is looked for as it is written: folded, "=1+1" would be indicator 1.1.
            names.setdefault(word if word[0].isdigit() else vn.fold(word), rule["component"])
    for component, words in _SYNONYMS.items():
        names |= dict.fromkeys(words, component)
    return names


def _component(title: str, names: Mapping[str, str]) -> str:
    """The component that a heading names, "" for none: "2. Tiến độ giải quyết (20)", "Điểm số hóa hồ sơ", "3.5b"."""
    key = _key(title)
    number = re.match(r"[1-5]\.[0-9][ab]?\b", title)
    if number and (found := names.get(number[0])):
        return found
    bare = re.sub(r"^(?:(?:[0-9]{1,2}|i{1,3}|iv|vi?) )?(?:(?:diem|nhom|chi so|ty trong) )?", "", key)
    return names.get(key) or names.get(bare, "")


def _key(title: str) -> str:
    """The heading folded, without what stands in brackets or after a slash and a number."""
    return vn.fold(re.sub(r"\([^)]*\)|/\s*[0-9]+", " ", title))
