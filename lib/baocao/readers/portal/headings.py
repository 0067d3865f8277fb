"""Headings of a table of index scores, as offices write them: which column is the unit, a component, a rank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from baocao.definitions import vietnamese as vn
from baocao.readers.headings import UNREAD, Vocabulary, cell_text, first_row, fold, fold_title
from baocao.readers.workbook import Sheet

_MOST = re.compile(
    r"\(\s*(?:tối đa|điểm tối đa|max)?\s*:?\s*([0-9]+(?:,[0-9]+)?)\s*(?:điểm|đ)?\s*\)", re.IGNORECASE
)
_OUT_OF = re.compile(r"(?:/|trên|trong)\s*([0-9]{1,3})\b")
_POINTS = re.compile(r"\b(?:diem|766|bo chi so)\b")
"""What a table of points says in its title or heading; else its columns may count dossiers."""


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


class _Words:
    """What a heading means: a component, or (form "portal" of headings.csv) the unit, a rank, a score.

    Components go by the words of headings.csv, and by their labels, numbers and codes.
    """

    def __init__(self, components: Iterable[Mapping[str, str]], words: Vocabulary):
        self.words, self.components = words, {}
        for rule in components:
            for word in filter(None, (rule["label"], rule["portal_code"], rule["component"])):
                # A number is looked for as it is written: folded, "=1+1" would be indicator 1.1.
                self.components.setdefault(word if word[0].isdigit() else fold(word), rule["component"])
        kinds = ("unit", "rank", "score", UNREAD)
        self.components |= {text: held[0] for text, held in words.words.items() if held[0] not in kinds}

    def component(self, title: str) -> str:
        """The component that a heading names, "" for none: "2. Tiến độ giải quyết (20)", "Điểm số hóa hồ sơ", "3.5b"."""
        number = re.match(r"[1-5]\.[0-9][ab]?\b", title)
        if number and (found := self.components.get(number[0])):
            return found
        key = fold_title(title)
        bare = re.sub(r"^(?:(?:[0-9]{1,2}|i{1,3}|iv|vi?) )?(?:(?:diem|nhom|chi so|ty trong) )?", "", key)
        return self.components.get(key) or self.components.get(bare, "")

    def accept(self, titles: list[str]) -> bool:
        """Whether these are the headings of such a table: the unit, and two components."""
        units = any(self.words.column(title) == "unit" for title in titles if title)
        return units and len({self.component(title) for title in titles if title} - {""}) > 1

    def column(self, place: int, title: str, under: str) -> Column | None:
        """The column of a title and what stands under it, in a second heading row; None where it means nothing."""
        shown = " ".join(part for part in (title, under) if part)[:60]
        component = self.component(title) if title else ""
        kind, below = (self.words.column(text) if text else "" for text in (title, under))
        if kind == "unit":
            return Column(place, "unit", "", shown)
        if kind == "rank" or (below == "rank" and component):
            out_of = _OUT_OF.search(title + " " + under)
            return Column(
                place, "rank", component or "total", shown, None, int(out_of[1]) if out_of else None
            )
        if component and (not under or below == "score"):
            most = _MOST.search(title + " " + under)
            return Column(
                place, "score", component, shown, Decimal(most[1].replace(",", ".")) if most else None
            )
        return None


def find_header(
    sheet: Sheet, components: Iterable[Mapping[str, str]], vocabulary: Vocabulary
) -> Header | None:
    """The heading of a sheet: the first row with a unit column and two score columns; None where there is none.

    Somewhere down to the row below it the word "điểm", "bộ chỉ số" or the number 766 must stand.
    A second heading row below it may say "Điểm" and "Hạng" under each component.
    """
    words = _Words(components, vocabulary)
    at = first_row(sheet.rows, words.accept)
    if at is None:
        return None
    said = " ".join(vn.fold(cell_text(cell)) for row in sheet.rows[: at + 2] for cell in row)
    if not _POINTS.search(said):
        return None
    titles = [cell_text(cell) for cell in sheet.rows[at]]
    below = [cell_text(cell) for cell in sheet.rows[at + 1]] if at + 1 < len(sheet.rows) else []
    kinds = {vocabulary.column(title) for title in below if title}
    two = bool(kinds) and kinds <= {"rank", "score"} and len(below) == len(titles)
    return _read_header(at, titles, below if two else None, words)


def _read_header(at: int, titles: list[str], below: list[str] | None, words: _Words) -> Header:
    columns: list[Column] = []
    unread, repeated = [], []
    above = ""
    for place, title in enumerate(titles):
        above = title or (above if below else "")
        under = below[place] if below else ""
        column = words.column(place, above, under)
        if column is None:
            shown = " ".join(part for part in (above, under) if part)
            unread += [shown] if shown and words.words.column(shown) != UNREAD else []
        elif any((one.kind, one.component) == (column.kind, column.component) for one in columns):
            repeated.append(column.title)
        else:
            columns.append(column)
    held = {one.component for one in columns if one.kind == "score"}
    if "online_payment" not in held and "online_service" not in held:
        # Five groups are shown: "dịch vụ công trực tuyến" then means all of it, payment included (22 points).
        columns = [
            replace(one, component="online_service")
            if one.component == "provide_online" and (one.maximum is None or one.maximum > 12)
            else one
            for one in columns
        ]
    return Header(at, at + (below is not None), tuple(columns), tuple(unread), tuple(repeated))
