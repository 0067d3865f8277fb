"""What the systems call the columns of a dossier export, and the words they write for its codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from baocao.definitions import Typed, UserError, nearest, read_typed_yaml, reference_rows, system_reason
from baocao.definitions import vietnamese as vn
from baocao.readers.delimited import read_rows
from baocao.readers.dossiers.cells import cell_text, word_key
from baocao.readers.dossiers.schema import DOSSIER_COLUMNS, PLACE, RANGES
from baocao.readers.headings import fold_title
from baocao.readers.problems import problem

REQUIRED = ("number", "unit", "received", "due", "status")
"""Without one of these no dossier can be counted: a missing due date would make everything punctual."""

_ENDS = ("finished", "returned")
_OPTIONAL = [name for name in DOSSIER_COLUMNS if name not in (*REQUIRED, *PLACE, "finished")]
_KINDS = ("heading", "identity", "word", "personal", "ignored")
_TITLE_ROWS = 30
_NAMED = 5


@dataclass(frozen=True, eq=False)
class Headings:
    """The known headings, folded (`vn.fold`), and words.

    places    heading: column and its precedence: of two headings of one column, the lower is read
    identity  headings of a number of a person's papers, read only as "there is one" (column `has_identity`)
    words     column: word (`cells.word_key`): code (int, or bool for the columns of yes and no)
    unread    headings that are left out on purpose: personal data, and what no count needs
    texts     column: its headings as documented, the usual name first
    mapped    entries of the mapping file by column ("" for a heading) and what they match, and where each stands
    used      those of them that a file needed; readers add to it
    """

    places: Mapping[str, tuple[str, int]]
    identity: frozenset[str]
    words: Mapping[str, Mapping[str, int | bool]]
    unread: frozenset[str]
    texts: Mapping[str, list[str]] = field(default_factory=dict)
    mapped: Mapping[tuple[str, str], str] = field(default_factory=dict)
    used: set[tuple[str, str]] = field(default_factory=set)

    def name(self, column: str) -> str:
        """What people call the column."""
        return self.texts.get(column, [column])[0]

    def has_own_codes(self, column: str) -> bool:
        """Whether the mapping says what a system's numbers in the column mean: ours then mean nothing there."""
        return any(one == column and word.isdecimal() for one, word in self.mapped)

    def unused(self) -> list[dict]:
        """A warning for each entry of the mapping file that no file needed."""
        return [
            problem("warning", "anh-xa", f"{label} không khớp với tiêu đề hay ô nào; hãy xem lại cách viết.")
            for entry, label in self.mapped.items()
            if entry not in self.used
        ]

    def column(self, heading: str) -> tuple[str, int] | None:
        """The column of a folded heading and its precedence; None where it is unknown or left out."""
        if heading in DOSSIER_COLUMNS and heading not in PLACE:
            return heading, 0
        return self.places.get(heading)


@dataclass(frozen=True, eq=False)
class Header:
    """Where the columns of one table stand.

    at        position (0-based) of the header among the records; `skipped` further rows below it hold column numbers
    columns   column: position of its cell
    identity  whether `has_identity` comes from a number of papers, of which only the presence may be kept
    titles    column: heading as written
    """

    at: int
    skipped: int
    columns: dict[str, int]
    identity: bool
    titles: dict[str, str]
    problems: list[dict] = field(default_factory=list)


def load_headings(root: Path, mapping: Path | None = None) -> Headings:
    """The headings of data/reference/dossier_headings.csv, and before them those of a mapping file.

    A mapping is a table in the same form, or YAML with any of: `columns` (heading: column), `words` (column: {word: code}), `unread` (list of headings).
    Raises UserError that names the entry at fault.
    """
    path = root / "data" / "reference" / "dossier_headings.csv"
    try:
        entries = [(f"dòng {at}", row) for at, row in enumerate(reference_rows(root, path.name), start=2)]
    except OSError as error:
        raise UserError(f"Không đọc được data/reference/{path.name}: {system_reason(error)}.") from None
    own = _read_mapping(mapping) if mapping else []
    places: dict[str, tuple[str, int]] = {}
    identity, unread = set(), set()
    words: dict[str, dict[str, int | bool]] = {}
    texts: dict[str, list[str]] = {}
    mapped: dict[tuple[str, str], str] = {}
    for source, (where, row) in [(mapping, one) for one in own] + [(path, one) for one in entries]:
        kind, column, text = (row[name] for name in ("kind", "column", "text"))
        label = f"{source.name}, {where}"
        key = word_key(text) if kind == "word" else fold_title(text)
        _check_entry(kind, column, key, label)
        if source is mapping:
            entry = (column if kind == "word" else "", key)
            if entry in mapped:
                raise UserError(f"{label} trùng với {mapped[entry]}; hãy bỏ một mục.")
            mapped[entry] = label
        if kind == "word":
            words.setdefault(column, {}).setdefault(key, _code(column, row["value"], label))
        elif key not in places and key not in unread:
            if kind in ("personal", "ignored"):
                unread.add(key)
            else:
                texts.setdefault(column, []).extend([text] if kind == "heading" and source is path else [])
                places[key] = (column if kind == "heading" else "has_identity", len(places) + 1)
                identity |= {key} if kind == "identity" else set()
    return Headings(places, frozenset(identity), words, frozenset(unread), texts, mapped)


def _check_entry(kind: str, column: str, key: str, label: str) -> None:
    if kind not in _KINDS or not key:
        raise UserError(f"{label}: cần loại ({', '.join(_KINDS)}) và chữ của tiêu đề, đang có «{kind}».")
    if kind in ("heading", "word") and (column not in DOSSIER_COLUMNS or column in PLACE):
        near = ", ".join(nearest(str(column), [one for one in DOSSIER_COLUMNS if one not in PLACE]))
        raise UserError(f"{label}: không có cột «{column}» trong bảng hồ sơ; gần nhất: {near}.")


def find_header(
    records: Sequence[Sequence[object]], headings: Headings, name: str, sheet: str = "", first: int = 1
) -> Header | None:
    """The header among the first records of a table, below title lines or on top; None where there is none.

    A column missing, a heading there twice, or rows of data above the header are errors of the header's problems.

    first  the row of a spreadsheet that the first record is
    """
    best, at = 0, 0
    for place, record in enumerate(records[:_TITLE_ROWS]):
        known = {headings.column(_folded(cell))[0] for cell in record if headings.column(_folded(cell))}
        if len(known) > best:
            best, at = len(known), place
    titles = [vn.clean(cell_text(cell) or "") for cell in records[at]] if records else []
    if not recognise_titles(titles, headings):
        return None
    header = _match(titles, headings, at, name, sheet, first + at)
    below = records[at + 1] if at + 1 < len(records) else ()
    skipped = int(_numbers_columns(below))
    above = [
        row
        for row in records[:at]
        if sum(bool((cell_text(cell) or "").strip()) for cell in row) > max(3, len(titles) // 2)
    ]
    if above:
        message = (
            f"Dòng tiêu đề nằm ở dòng {first + at}, phía trên nó có {len(above)} dòng giống dòng hồ sơ; hãy đưa tiêu đề "
            "lên trên các dòng hồ sơ."
        )
        header.problems.append(problem("error", "tieu-de", message, file=name, sheet=sheet, row=first + at))
    return Header(at, skipped, header.columns, header.identity, header.titles, header.problems)


def recognise_titles(titles: Iterable[str], headings: Headings) -> bool:
    """Whether these are the headings of an export: a dossier's number or its day of receipt, and three columns more."""
    known = {place[0] for title in titles if (place := headings.column(_folded(title)))}
    return not known.isdisjoint(("number", "received")) and len(known) >= 4


def _match(titles: list[str], headings: Headings, at: int, name: str, sheet: str, row: int) -> Header:
    found: list[dict] = []

    def note(severity: str, code: str, message: str, value: str = "", column: str = "") -> None:
        where = {"file": name, "sheet": sheet, "row": row, "column": column}
        found.append(problem(severity, code, message, value=value, **where))

    folded = [_folded(title) for title in titles]
    candidates: dict[str, list[tuple[int, int]]] = {}
    strange: list[str] = []
    headings.used.update(("", heading) for heading in folded if ("", heading) in headings.mapped)
    for position, heading in enumerate(folded):
        if place := headings.column(heading):
            candidates.setdefault(place[0], []).append((place[1], position))
        elif heading and heading not in headings.unread and heading not in PLACE:
            strange.append(titles[position])
    if strange:
        note("warning", "cot-la", _name_strange(strange), strange[0])
    columns: dict[str, int] = {}
    for column, places in candidates.items():
        (_, position), *others = sorted(places)
        columns[column] = position
        for _, other in others:
            both = f"«{titles[position]}» và «{titles[other]}»"
            if folded[other] == folded[position]:
                message = f"Hai cột cùng tiêu đề «{titles[other]}» (cột {position + 1} và {other + 1}); hãy bỏ một cột."
                note("error", "tieu-de", message, titles[other], titles[other])
            else:
                message = f"Hai cột {both} cùng một nội dung; chỉ đọc «{titles[position]}»."
                note("warning", "tieu-de", message, titles[other], titles[other])
    absent = [column for column in REQUIRED if column not in columns]
    absent += [] if any(column in columns for column in _ENDS) else ["finished"]
    for column in absent:
        other = "; ".join(headings.texts.get(column, [])[1:4])
        message = (
            f"Thiếu cột «{headings.name(column)}» (còn được gọi là: {other}); nếu tệp gọi tên khác, hãy ghi tên đó vào tệp "
            f"--mapping, mục columns, là {column}."
        )
        note("error", "tieu-de", message, column=headings.name(column))
    if optional := [f"«{headings.name(column)}»" for column in _OPTIONAL if column not in columns]:
        message = f"Không có các cột {', '.join(optional)}: các số liệu dựa vào chúng là chưa biết, không phải bằng 0."
        note("warning", "cot-thieu", message)
    identity = "has_identity" in columns and folded[columns["has_identity"]] in headings.identity
    shown = {column: titles[position] for column, position in columns.items()}
    return Header(at, 0, columns, identity, shown, found)


def _name_strange(titles: list[str]) -> str:
    """One sentence for all columns that nobody knows."""
    named = ", ".join(f"«{title[:60]}»" for title in titles[:_NAMED])
    more = f" và {len(titles) - _NAMED} cột khác" if len(titles) > _NAMED else ""
    return f"Cột {named}{more} không có trong danh mục tiêu đề, không được đọc; nếu cần, hãy ghi vào tệp --mapping."


def _numbers_columns(record: Sequence[object]) -> bool:
    """Whether the row only numbers the columns: 1, 2, 3 or (1), (2), (3)."""
    cells = [(cell_text(cell) or "").strip(" ()[]") for cell in record]
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    return (
        len(numbers) > 2
        and len(numbers) == sum(map(bool, cells))
        and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    )


def _folded(cell: object) -> str:
    text = cell_text(cell) or ""
    # A column of our own keeps its name with underscores.
    return text if text in DOSSIER_COLUMNS else fold_title(text)


_TRUTHS = {word: True for word in ("true", "1", "yes", "on", "co", "x")}
_TRUTHS |= {word: False for word in ("false", "0", "no", "off", "khong")}


def _code(column: str, value: str, label: str) -> int | bool:
    """The code of a word, checked against the codes of the column."""
    if DOSSIER_COLUMNS[column] == "BOOLEAN":
        if vn.fold(value) in _TRUTHS:
            return _TRUTHS[vn.fold(value)]
        raise UserError(f"{label}: cột «{column}» nhận «có» hoặc «không», đang ghi «{value}».")
    if column not in RANGES:
        raise UserError(f"{label}: cột «{column}» không nhận giá trị «{value}».")
    low, high = RANGES[column]
    if re.fullmatch("[0-9]{1,4}", value) and low <= int(value) <= high:
        return int(value)
    raise UserError(f"{label}: mã của «{column}» từ {low} đến {high}, đang ghi «{value}».")


def _read_rows(path: Path) -> list[tuple[str, dict]]:
    """The entries of a mapping file that is a table in the form of dossier_headings.csv."""
    rows, found = read_rows(path)
    titles = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if found or not {"kind", "column", "text"} <= set(titles):
        reason = (
            found[0]["message"] if found else "Cần các cột kind,column,text,value như dossier_headings.csv."
        )
        raise UserError(f"--mapping, {path.name}: {reason}")
    cells = {"value": ""}
    return [
        (f"dòng {at}", cells | {title: vn.clean(cell) for title, cell in zip(titles, row, strict=False)})
        for at, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def _read_mapping(path: Path) -> list[tuple[str, dict]]:
    """The entries of a mapping file, in the columns of dossier_headings.csv: such a table itself, or YAML."""
    if path.suffix.lower() == ".csv":
        return _read_rows(path)
    shape = "cần columns (tiêu đề: cột), words (cột: {chữ: mã}), unread (danh sách tiêu đề)"
    read = read_typed_yaml(path) or {}
    if not isinstance(read, dict) or set(read) - {"columns", "words", "unread"}:
        raise UserError(f"Tệp «{path.name}» có mục lạ; {shape}.")
    columns, words, unread = (read.get(key) or {} for key in ("columns", "words", "unread"))
    if not isinstance(columns, dict) or not isinstance(words, dict) or not isinstance(unread, list | dict):
        raise UserError(f"Tệp «{path.name}» sai cách viết; {shape}.")
    if not all(isinstance(one, dict) for one in words.values()):
        raise UserError(f"Tệp «{path.name}», mục words: {shape}.")
    entries: list[tuple[str, str, Typed, Typed, Typed]] = [
        ("columns", "heading", column, text, "") for text, column in columns.items()
    ]
    entries += [
        (f"words {one}", "word", one, text, code) for one in words for text, code in words[one].items()
    ]
    entries += [("unread", "ignored", "", text, "") for text in unread]
    for where, _, column, text, value in entries:
        if not all(isinstance(part, str) for part in (column, text, value)):
            raise UserError(f"{path.name}, {where} «{text}»: sai cách viết; {shape}.")
    return [
        (f"{where} «{text}»", {"kind": kind, "column": column, "text": text, "value": value})
        for where, kind, column, text, value in entries
    ]
