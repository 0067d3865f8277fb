"""Headings as offices write them: the words of each form are rows of `data/reference/headings.csv`, matched in one way.

A heading that an office invents is one row more there; nothing in the code names a heading.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from baocao.definitions import UserError
from baocao.definitions import vietnamese as vn

VOCABULARIES = "headings.csv"
UNREAD = "unread"
"""What stands in the column "column" of a heading that is left out on purpose."""

_BESIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|/\s*[0-9]+")

fold = lru_cache(maxsize=1 << 14)(vn.fold)
"""`vietnamese.fold`, once for each text: the cells of a table repeat each other."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The headings of one form: each folded text with the columns that it means, in the order of the file."""

    form: str
    words: Mapping[str, tuple[str, ...]]

    def column(self, title: str) -> str:
        """The column that a heading means as a whole: `UNREAD` for one left out on purpose, "" for an unknown one."""
        return self.words.get(fold_title(title), ("",))[0]

    def inside(self, text: str) -> list[tuple[str, ...]]:
        """What words of the form mean that stand in a folded text among others, each in the columns of headings.csv."""
        padded = f" {text} "
        return [columns for words, columns in self._phrases.items() if words in padded]

    def has(self, column: str, text: str) -> bool:
        """Whether words of the column stand in a folded text."""
        return any(column in columns for columns in self.inside(text))

    @cached_property
    def _phrases(self) -> dict[str, tuple[str, ...]]:
        return {f" {text} ": columns for text, columns in self.words.items()}


@dataclass(frozen=True)
class Titles:
    """What the headings of one row mean.

    places    column: where it stands; `titles` as it is written there
    plain     whether every heading is the column's own name, as in the files of the project
    unread    headings that mean nothing; `repeated`: that say what one before them says
    """

    places: dict[str, int]
    titles: dict[str, str]
    plain: bool
    unread: tuple[str, ...]
    repeated: tuple[str, ...]


def load_vocabulary(root: Path, form: str) -> Vocabulary:
    """The vocabulary of a form, without words where the file has none for it. UserError names a row at fault."""
    path = root / "data" / "reference" / VOCABULARIES
    if not path.is_file():
        raise UserError(
            f"Thiếu tệp {VOCABULARIES} trong data/reference; hãy lấy lại tệp này từ kho mã nguồn."
        )
    return _read(path.read_bytes()).get(form) or Vocabulary(form, {})


@lru_cache(maxsize=4)  # the same file makes the same vocabularies, once in a process
def _read(content: bytes) -> dict[str, Vocabulary]:
    held: dict[str, dict[str, tuple[str, ...]]] = {}
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    if next(rows, [])[:3] != ["form", "column", "text"]:
        raise UserError(f"{VOCABULARIES}: các cột phải là form,column,text,note.")
    for at, row in enumerate(rows, start=2):
        form, column, text, *_ = [*row, "", "", ""]
        folded = fold_title(text)
        if not (form and column and folded):
            raise UserError(
                f"{VOCABULARIES}, dòng {at}: phải có form, column và text (chữ của tiêu đề); hãy bổ sung."
            )
        words = held.setdefault(form, {})
        before = words.get(folded, ())
        words[folded] = before if column in before else (*before, column)
    return {form: Vocabulary(form, words) for form, words in held.items()}


def fold_title(text: str) -> str:
    """A heading for matching: folded, without what stands in brackets ("(dd/mm/yyyy)") or counts places ("/69")."""
    return fold(_BESIDE.sub(" ", text)) or fold(text)


def match_titles(titles: Sequence[str], vocabulary: Vocabulary, own: Sequence[str] = ()) -> Titles:
    """What headings mean; a column's name among `own` means it too."""
    places: dict[str, int] = {}
    unread, repeated, plain = [], [], True
    for at, title in enumerate(titles):
        column = title if title in own else vocabulary.column(title)
        if not title or column == UNREAD:
            continue
        plain &= title == column
        if not column:
            unread.append(title)
        elif column in places:
            repeated.append(title)
        else:
            places[column] = at
    shown = {column: titles[at][:60] for column, at in places.items()}
    return Titles(places, shown, plain, tuple(unread), tuple(repeated))


def first_row(
    rows: Sequence[Sequence[object]], accept: Callable[[list[str]], bool], most: int = 60
) -> int | None:
    """The first row whose texts are accepted as headings; None where none of the first rows is."""
    return next((at for at, row in enumerate(rows[:most]) if accept([cell_text(cell) for cell in row])), None)


def cell_text(cell: object) -> str:
    """A cell as text: whole numbers without decimals, others with a comma; dates day first; a blank is "".

    >>> cell_text(18.0), cell_text(82.13), cell_text("  Hạng ")
    ('18', '82,13', 'Hạng')
    """
    if isinstance(cell, str):
        return vn.clean(cell) if cell else ""
    if cell is None or isinstance(cell, bool):
        return "" if cell is None else str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell).replace(".", ",")
    if hasattr(cell, "strftime") and hasattr(cell, "year"):
        return f"{cell.day:02d}/{cell.month:02d}/{cell.year:04d}"
    return vn.clean(str(cell))


def is_numbering(texts: Sequence[str]) -> bool:
    """Whether a row numbers the columns: (2) (3) (4)=(5)+(6) …, one after the other; a letter may come first."""
    found = [re.fullmatch(r"\(?([0-9]{1,2}|[A-E])\)?(?:\s*=.*)?", text) for text in texts]
    numbers = [int(one[1]) for one in found if one and one[1].isdigit()]
    return all(found) and len(numbers) > 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def rows_below(rows: Sequence[Sequence[object]], first: int, last: int) -> Iterator[int]:
    """The indexes of the rows below a heading (its rows `first` to `last`), without those that repeat it on a new page."""
    titles = [list(row) for row in rows[first : last + 1] if sum(cell not in ("", None) for cell in row) > 1]
    return (at for at in range(last + 1, len(rows)) if list(rows[at]) not in titles)
