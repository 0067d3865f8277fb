"""Reporting units: who existed when, under which official name, and what became of them.

A code is no key without a date: all 69 commune codes of 2025-07-01 existed before, most under another name.
Names are matched folded, inside the list valid on the date; an unknown or ambiguous name is a UserError with
the nearest candidates, never a guess. Sources: `data/reference/units.csv`, `lineage.csv` (see the README there).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.unit import GROUPS, HOME, KINDS, Edge, Unit
from baocao.definitions.unit_names import UnitNames, nearest_names, shown

_LEVELS = ("", "province", "district", "commune")


@dataclass(frozen=True, eq=False)
class Register:
    """All units of the reference data and what became of them. Rows are kept in the order reports list them."""

    units: tuple[Unit, ...]
    edges: tuple[Edge, ...]

    def on(self, day: date) -> list[Unit]:
        """The units valid on the day, kind after kind, each in Vietnamese order."""
        return [unit for unit in self.units if unit.valid_on(day)]

    def get(self, code: str, day: date) -> Unit:
        """The unit with this code on the day; a UserError when the code is unknown or not valid then."""
        rows = self._names.with_code(code)
        for unit in rows:
            if unit.valid_on(day):
                return unit
        raise self._missing(code, day, rows)

    def find(self, text: str, day: date, kind: str | None = None, words: Iterable[str] = ()) -> Unit:
        """The one unit meant by a code, a name or an official name ("UBND xã Đức Thọ"), of one `kind` if given.

        A bare "Đức Thọ" is ambiguous where a commune and a land office bear it: UserError with the candidates.
        `words` are further choices the message offers for an unknown name.
        """
        if kind is not None and kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, got {kind!r}")
        found = self._names.matches(text, day, kind)
        if len(found) == 1:
            return found[0]
        if not found:
            raise self._missing(text, day, self._names.matches(text, None, kind), kind, words)
        raise UserError(
            f"«{shown(text)}» là tên của {len(found)} đơn vị vào ngày {vn.format_date(day, 'short')}: "
            f"{', '.join(unit.label for unit in found)}; hãy ghi tên đầy đủ hoặc mã."
        )

    def knows(self, text: str, day: date) -> bool:
        """Whether `find` finds one unit, of whatever kind."""
        return len(self._names.matches(text, day)) == 1

    def expand(self, tokens: str | Iterable[str], day: date) -> list[Unit]:
        """The units of a `--units` list: codes, names and the words of `GROUPS`, separated by commas.

        A name may hold commas itself: the longest run of pieces that is a name is taken. A unit named twice
        is refused, as is a word for a kind that has no unit on the day.
        """
        texts = [tokens] if isinstance(tokens, str) else list(tokens)
        chosen: list[Unit] = []
        for text in texts:
            pieces = text.split(",")
            while pieces:
                taken, units = self._take(pieces, day)
                pieces = pieces[taken:]
                for unit in units:
                    if unit in chosen:
                        raise UserError(
                            f"Đơn vị {unit.label} được nêu hai lần trong «{shown(', '.join(texts))}»; "
                            "hãy bỏ bớt một lần."
                        )
                    chosen.append(unit)
        if not chosen:
            raise UserError(
                f"Danh sách đơn vị trống, cần mã, tên hoặc một trong các từ: {', '.join(GROUPS)}."
            )
        return chosen

    @cached_property
    def lineage(self) -> pd.DataFrame:
        """The edges as a frame with the columns of `lineage.csv`; `effective_date` is a `datetime.date`."""
        return pd.DataFrame([astuple(edge) for edge in self.edges], columns=[f.name for f in fields(Edge)])

    def predecessors(self, code: str, day: date) -> list[Edge]:
        """What the unit valid on the day was made of at the last reform up to it; empty when nothing changed."""
        earlier = [edge for edge in self.edges if edge.new_code == code and edge.effective_date <= day]
        last = max((edge.effective_date for edge in earlier), default=None)
        return [edge for edge in earlier if edge.effective_date == last]

    def names(self) -> Iterator[tuple[date | None, date | None, str, tuple[str, ...]]]:
        """For every row: first and last day, code, and the ways the name is printed (in a sentence, as a label)."""
        for unit in self.units:
            spellings = dict.fromkeys((unit.official_name, unit.full_name))
            yield unit.valid_from, unit.valid_to, unit.code, tuple(spellings)

    def _take(self, pieces: list[str], day: date) -> tuple[int, list[Unit]]:
        """How many of the first pieces name one unit or group, and its units."""
        first = pieces[0].strip()
        if not first:
            return 1, []
        if first.casefold() in GROUPS:
            return 1, self._group(first.casefold(), day)
        for count in range(len(pieces), 1, -1):
            if len(found := self._names.matches(",".join(pieces[:count]), day)) == 1:
                return count, found
        return 1, [self.find(first, day, words=GROUPS)]

    def _group(self, word: str, day: date) -> list[Unit]:
        kinds = GROUPS[word]
        units = [u for u in self.on(day) if u.kind in kinds and (u.kind != "province" or u.code == HOME)]
        if not units:
            raise UserError(
                f"Ngày {vn.format_date(day, 'short')} không có đơn vị nào thuộc «{word}» "
                f"({KINDS[kinds[0]]}); hãy chọn kỳ báo cáo khác hoặc nhóm đơn vị khác."
            )
        return units

    def _missing(self, text, day, elsewhen, kind=None, words=()) -> UserError:
        """The error for a text that means no unit on the day; `elsewhen` are the rows it means at other times."""
        what = f"không có trong danh sách đơn vị ngày {vn.format_date(day, 'short')}"
        if elsewhen:
            rows = "; ".join(dict.fromkeys(f"{unit.label} {unit.validity}" for unit in elsewhen))
            what = f"không có hiệu lực vào ngày {vn.format_date(day, 'short')} (chỉ có {rows})"
        units = [unit for unit in self.on(day) if kind in (None, unit.kind)]
        units.sort(key=lambda unit: unit.kind == "province" and unit.code != HOME)
        near = ", ".join(nearest_names(text, units, words)) or "không có"
        return UserError(
            f"Đơn vị «{shown(text)}» {what}; gần nhất: {near}; "
            f"xem đủ bằng «baocao units --on {day.isoformat()}»."
        )

    @cached_property
    def _names(self) -> UnitNames:
        return UnitNames(self.units)


def load_register(root: Path) -> Register:
    """The register from `data/reference/units.csv` and `lineage.csv`; a UserError names file and row of a fault."""
    paths = [root / "data" / "reference" / name for name in ("units.csv", "lineage.csv")]
    if lacking := [path.name for path in paths if not path.is_file()]:
        raise UserError(f"Thiếu tệp {lacking[0]} trong data/reference; hãy lấy lại tệp này từ kho mã nguồn.")
    return _read_register(*(path.read_bytes() for path in paths))


@lru_cache(maxsize=4)  # the same files make the same register, once in a process
def _read_register(units_csv: bytes, lineage_csv: bytes) -> Register:
    units = [Unit(**row) for row in _rows("units.csv", units_csv, Unit)]
    edges = [Edge(**row) for row in _rows("lineage.csv", lineage_csv, Edge)]
    units.sort(key=lambda u: (list(KINDS).index(u.kind), _LEVELS.index(u.level), vn.sort_key(u.name)))
    previous: dict[str, date] = {}
    for unit in sorted(units, key=lambda u: (u.code, u.valid_from or date.min)):
        if previous.get(unit.code, date.min) >= (unit.valid_from or date.min) and unit.code in previous:
            fault = "có hai dòng cùng hiệu lực; hãy sửa valid_from, valid_to"
            raise UserError(f"units.csv: mã {unit.code} {fault}.")
        previous[unit.code] = unit.valid_to or date.max
    return Register(tuple(units), tuple(edges))


def units_frame(register: Register, day: date) -> pd.DataFrame:
    """The units valid on the day, one a row: the columns of `units.csv` and `official_name`."""
    units = register.on(day)
    frame = pd.DataFrame([astuple(unit) for unit in units], columns=[field.name for field in fields(Unit)])
    return frame.assign(official_name=[unit.official_name for unit in units])


def _rows(name: str, content: bytes, row_type: type) -> Iterator[dict[str, str | date | None]]:
    """The rows of a CSV with exactly the fields of `row_type`; dates parsed, names in composed letters."""
    columns = [field.name for field in fields(row_type)]
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    if reader.fieldnames != columns:
        raise UserError(f"{name}: các cột phải là {','.join(columns)}, hiện là {reader.fieldnames}.")
    for row in reader:
        where = f"{name}, dòng {reader.line_num}"
        if None in row or None in row.values():
            raise UserError(f"{where}: thừa hoặc thiếu ô, cần {len(columns)} ô.")
        if row.get("kind", "level") not in KINDS or row.get("level", "") not in _LEVELS:
            raise UserError(f"{where}: kind là một trong {', '.join(KINDS)}; level: {', '.join(_LEVELS)}.")
        try:
            yield {column: _cell(column, text) for column, text in row.items()}
        except ValueError as error:
            raise UserError(f"{where}: {error}") from None


def _cell(name: str, text: str) -> str | date | None:
    if name in ("valid_from", "valid_to", "effective_date"):
        return vn.parse_date(text) if text else None
    return vn.clean(text)
