"""What is counted in the statistical forms: the rows of `data/reference/measures.csv`.

A measure is a quantity as reported (dossiers received online, dossiers pending in time, ...); the rates made of
measures are `indicators`. How a measure may be added up is part of its definition.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, system_reason

MEASURES = Path("data") / "reference" / "measures.csv"

KINDS = ("flow", "opening", "closing")

_COLUMNS = (
    "measure",
    "label",
    "kind",
    "parts",
    "within",
    "form",
    "column",
    "valid_from",
    "valid_to",
    "source",
)


@dataclass(frozen=True)
class Measure:
    """A counted quantity, in dossiers, with the form and column of that form where it is reported.

    kind    flow: adds over the sub-periods of a window; opening: the stock on the window's first day, so the
            first sub-period's; closing: the stock on its last day, so the last sub-period's
    parts   measures whose sum it is, in the same unit and window; empty where it is only reported
    within  the measure it is a share of, which it never exceeds in one unit and window; empty where there is none
    mixed   whether flows and stocks are among its parts, parts of parts included (the "Tổng số" of Biểu II.06
            column 3 holds dossiers carried over): then values of sub-periods cannot be joined, only its parts'
    """

    name: str
    label: str
    kind: str
    parts: tuple[str, ...]
    within: str
    form: str
    column: str
    valid_from: date | None
    valid_to: date | None
    source: str
    mixed: bool = False

    @property
    def place(self) -> str:
        """The column of the form that has it, "(6)"; its label where the form does not number columns."""
        return f"({self.column})" if self.column.isdigit() else self.label

    def in_force(self, start: date, end: date) -> bool:
        """Whether the measure is defined for the whole window from `start` to `end`."""
        return (self.valid_from is None or self.valid_from <= start) and (
            self.valid_to is None or end <= self.valid_to
        )


def load_measures(root: Path) -> dict[str, Measure]:
    """The measures by name, each one after its parts, so that one pass in this order can derive all totals.

    A fault in the file is a UserError that names the row: the definitions must be right before anything is read.
    """
    path = root / MEASURES
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            table = csv.DictReader(stream)
            missing = [name for name in _COLUMNS if name not in (table.fieldnames or [])]
            if missing:
                raise UserError(
                    f"measures.csv thiếu cột {', '.join(missing)}; hãy thêm đủ các cột vào dòng 1."
                )
            rows = list(table)
    except OSError as error:
        raise UserError(f"Không đọc được data/reference/measures.csv: {system_reason(error)}.") from None
    read: dict[str, Measure] = {}
    lines: dict[str, int] = {}
    for line, row in enumerate(rows, start=2):
        one = _read_measure({name: vn.clean(row[name] or "") for name in _COLUMNS}, line)
        if one.name in read:
            raise _fault(line, f"đại lượng «{one.name}» đã có ở dòng {lines[one.name]}; hãy bỏ một dòng")
        read[one.name], lines[one.name] = one, line
    for one in read.values():
        for name in (*one.parts, *([one.within] if one.within else [])):
            if name not in read:
                raise _fault(lines[one.name], f"«{one.name}» nhắc đến «{name}», không có trong cột measure")
    return _in_order(read, lines)


def _read_measure(row: dict[str, str], line: int) -> Measure:
    if not row["measure"].isidentifier():
        raise _fault(line, f"tên «{row['measure']}» phải gồm chữ cái không dấu, chữ số và dấu gạch dưới")
    if row["kind"] not in KINDS:
        raise _fault(line, f"kind là «{row['kind']}», cần một trong: {', '.join(KINDS)}")
    try:
        valid_from, valid_to = (
            vn.parse_date(row[name]) if row[name] else None for name in ("valid_from", "valid_to")
        )
    except ValueError as error:
        raise _fault(line, str(error).rstrip(".")) from None
    if valid_from and valid_to and valid_to < valid_from:
        raise _fault(line, f"valid_to {valid_to} trước valid_from {valid_from}; hãy đổi chỗ hoặc để trống")
    return Measure(
        name=row["measure"],
        label=row["label"],
        kind=row["kind"],
        parts=tuple(part.strip() for part in row["parts"].split("+") if part.strip()),
        within=row["within"],
        form=row["form"],
        column=row["column"],
        valid_from=valid_from,
        valid_to=valid_to,
        source=row["source"],
    )


def _in_order(read: dict[str, Measure], lines: dict[str, int]) -> dict[str, Measure]:
    """The same measures, parts before totals, with `mixed` filled in; a UserError where parts go in a circle."""
    ordered: dict[str, Measure] = {}
    left = dict(read)
    while left:
        ready = [one for one in left.values() if all(part in ordered for part in one.parts)]
        if not ready:
            first = next(iter(left))
            raise _fault(lines[first], f"các thành phần của «{first}» vòng lại chính nó; hãy sửa cột parts")
        for one in ready:
            mixed = any(ordered[part].mixed or ordered[part].kind != one.kind for part in one.parts)
            ordered[one.name] = Measure(**{**vars(one), "mixed": mixed})
            del left[one.name]
    return ordered


def _fault(line: int, what: str) -> UserError:
    return UserError(f"measures.csv dòng {line}: {what}.")
