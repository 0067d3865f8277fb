"""A table of index scores pasted into a workbook or a CSV file: one row for each unit, one column for each component."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.definitions import Measure, Period, Register, UserError
from baocao.definitions import vietnamese as vn
from baocao.readers import cells
from baocao.readers.headings import cell_text, is_numbering, load_vocabulary, rows_below
from baocao.readers.portal.headings import Column, Header, find_header
from baocao.readers.portal.read_json import find_province, index_rules, rules_on, score_frame
from baocao.readers.portal.scoring import INDEX, TOLERANCE
from baocao.readers.problems import Faults, join_problems, problems_frame
from baocao.readers.reading_result import Reading
from baocao.readers.repeats import SCORE_KEY, drop_repeats
from baocao.readers.title_lines import settle
from baocao.readers.workbook import Book, Sheet

_NOTHING = {"", "-", "–", "—", "null", "n/a", "na", "không", "không có", "chưa có"}
_MOST_ROWS = {"diem toi da", "toi da", "diem chuan", "thang diem"}
_MEANS = {"ca nuoc", "toan quoc", "trung binh", "trung binh ca nuoc", "binh quan", "binh quan ca nuoc"}


def recognise_portal_table(book: Book, root: Path) -> bool:
    """Whether a sheet of the book has a unit column and columns of index scores; never raises."""
    rules, words = index_rules(root), load_vocabulary(root, "portal")
    return any(find_header(sheet, rules, words) for sheet in book.sheets)


def read_portal_table(
    book: Book,
    register: Register,
    measures: dict[str, Measure],
    source: str,
    *,
    root: Path,
    period: Period | None = None,
    as_of: date | None = None,
) -> Reading:
    """The scores and ranks of the tables of a book, form "portal"; the counts are empty, whatever the `measures`.

    period, as_of  for tables whose heading lines do not say them; a table that says otherwise is an error

    A blank or "-" is not published, never 0. "82.13" beside "82,13" is read as what it can only be, with a warning.
    Rows "Cả nước" are compared with the mean of the provinces and "Điểm tối đa" with the index; neither is a fact.
    """
    rules, words = index_rules(root), load_vocabulary(root, "portal")
    faults = Faults(book.name)
    scores: list[dict] = []
    for sheet in book.sheets:
        header = find_header(sheet, rules, words)
        if header is None:
            if any(cell_text(cell) for row in sheet.rows for cell in row):
                text = "Trang không có dòng tiêu đề với cột đơn vị và các cột điểm, không được đọc."
                faults.on(sheet.name).warn("tieu-de", text)
            continue
        table = _Table(sheet, header, faults.on(sheet.name), source)
        if table.settle(period, as_of):
            table.rules = rules_on(rules, table.day)
            table.read(register)
            scores += table.scores
    kept, repeated = drop_repeats(score_frame(scores), SCORE_KEY, ["score", "rank"])
    if not scores and not faults.failed:
        faults.warn("tep-trong", "Không có dòng điểm nào đọc được.")
    problems = join_problems([problems_frame(faults.rows), repeated])
    return Reading("portal", scores=kept.reset_index(drop=True), problems=problems)


@dataclass(eq=False)
class _Table:
    """One sheet on its way to scores."""

    sheet: Sheet
    header: Header
    faults: Faults
    source: str
    period: Period | None = None
    as_of: date | None = None
    rules: dict[str, Mapping[str, str]] = field(default_factory=dict)
    maxima: dict[str, Decimal] = field(default_factory=dict)
    means: list[tuple[int, Column, Decimal]] = field(default_factory=list)
    scores: list[dict] = field(default_factory=list)

    @property
    def day(self) -> date:
        """The day whose units are meant."""
        return self.as_of or self.period.end

    def cell(self, at: int, place: int) -> object:
        """A cell of a row; blank where the row is shorter."""
        row = self.sheet.rows[at]
        return row[place] if place < len(row) else ""

    def settle(self, period: Period | None, as_of: date | None) -> bool:
        """Settles period and day from the heading lines and what was given; False, with an error, where it cannot."""
        lines = [" ".join(filter(None, map(cell_text, row))) for row in self.sheet.rows[: self.header.first]]
        try:
            self.period, self.as_of = settle(lines, period, as_of)
        except ValueError as error:
            self.faults.error("thieu-ky", str(error))
            return False
        units, unknown = self.header.find("unit"), self.header.repeated
        if len(units) != 1 or unknown:
            shown = ", ".join(f"«{title}»" for title in unknown) or "đơn vị"
            text = f"Có hơn một cột {shown}; hãy bỏ cột thừa."
            self.faults.error("tieu-de", text, self.header.first)
            return False
        for title in self.header.unread:
            text = "Cột không phải đơn vị, điểm hoặc thứ hạng, không được đọc."
            self.faults.warn("cot-la", text, self.header.first, title[:60], title)
        return True

    def read(self, register: Register) -> None:
        """Reads the rows below the heading."""
        self.maxima = {one.component: one.maximum for one in self.header.find("score") if one.maximum}
        at_unit = self.header.find("unit")[0].at
        values = [one for one in self.header.columns if one.kind != "unit"]
        provinces = {unit.code for unit in register.on(self.day) if unit.kind == "province"}
        below = list(rows_below(self.sheet.rows, self.header.first, self.header.last))
        titles = {at: cell_text(self.cell(at, at_unit)) for at in below}
        counted = [title for at, title in titles.items() if title and self._numeric(at, values)]
        find = self._finder(counted, register)
        for at in below:
            title = titles[at]
            texts = [cell_text(self.cell(at, one.at)) for one in values]
            given = [text for text in texts if text.casefold() not in _NOTHING]
            holes = any((at, one.at) in self.sheet.unknown for one in values)
            if vn.fold(title) in _MOST_ROWS:
                self._read_maxima(at)
            elif vn.fold(title) in _MEANS:
                self._read_mean(at)
            elif (not given and not holes) or is_numbering([title, *given]):
                continue
            elif self._numeric(at, values) or holes:
                self._read_unit(at, title, values, find)
        self._rank(provinces)
        self._check_means(provinces)

    def _numeric(self, at: int, columns: list[Column]) -> bool:
        """Whether the row has a figure: what has none is a heading of a block or a note."""
        texts = (cell_text(self.cell(at, one.at)) for one in columns)
        return any(character.isdigit() for text in texts for character in text)

    def _finder(self, titles: list[str], register: Register) -> Callable[[str], str]:
        """How names are understood: in a table most of whose rows are provinces, "Hà Tĩnh" is the province."""
        finder = cells.UnitFinder(register)
        provinces = 0
        for title in titles:
            try:
                provinces += bool(find_province(title, register, self.day))
            except (UserError, ValueError):
                continue
        if 2 * provinces > len(titles):
            return lambda title: find_province(title, register, self.day)
        return lambda title: finder.find(title, self.day).code

    def _read_unit(self, at: int, title: str, columns: list[Column], find: Callable[[str], str]) -> None:
        try:
            unit = find(title)
        except (UserError, ValueError) as error:
            self.faults.error("don-vi", str(error), at, self.header.find("unit")[0].title, title)
            return
        known: dict[str, dict] = {}
        for column in columns:
            try:
                value = self._value(at, column)
            except ValueError as error:
                shown = cell_text(self.cell(at, column.at))
                self.faults.error("diem", str(error), at, column.title, shown)
                continue
            if value is not None:
                fact = known.setdefault(column.component, {"score": None, "rank": pd.NA, "out_of": pd.NA})
                fact[column.kind] = float(value) if column.kind == "score" else int(value)
                if column.kind == "rank" and (whole := self._out_of(at, column)):
                    fact["out_of"] = whole
        for component, fact in known.items():
            most = self.maxima.get(component)
            whole = {"index": INDEX, "unit": unit, "period": self.period.code, "as_of": self.as_of}
            whole |= {
                "component": component,
                "maximum": None if most is None else float(most),
                "source": self.source,
            }
            place = {"file": self.faults.file, "sheet": self.sheet.name, "row": at + 1}
            self.scores.append(whole | fact | place)

    def _out_of(self, at: int, column: Column) -> int | None:
        """Among how many units a place is: as the cell ("1/69") or the heading ("Hạng/69") says."""
        said = re.search(r"/\s*([0-9]{1,3})$", cell_text(self.cell(at, column.at)))
        return int(said[1]) if said else column.out_of

    def _value(self, at: int, column: Column) -> Decimal | int | None:
        """A score or rank of a row; None where it is not published. ValueError with the sentence to show."""
        if (at, column.at) in self.sheet.unknown:  # which the book's own problem names
            return None
        cell = self.cell(at, column.at)
        text = cell_text(cell)
        if text.casefold() in _NOTHING:
            return None
        if hasattr(cell, "isoformat") or isinstance(cell, bool):
            raise ValueError("Ô không phải là số; có lẽ Excel đã đổi số thành ngày, hãy định dạng lại cột.")
        if isinstance(cell, float) and not math.isfinite(cell):
            raise ValueError("Ô không phải là một số.")
        if column.kind == "rank":
            rank = cells.parse_rank(text.split("/")[0].strip())
            cells.check_rank(rank, self._out_of(at, column))
            return rank
        rule = self.rules.get(column.component)
        most = self.maxima.get(column.component) or Decimal((rule and rule["maximum"]) or 100)
        if isinstance(cell, (int, float)):
            text = format(Decimal(repr(round(cell, 6))), "f").replace(".", ",")
        score, warning = vn.parse_score(text, most)
        if warning:
            self.faults.warn("dau-thap-phan", warning, at, column.title, text)
        return score

    def _read_maxima(self, at: int) -> None:
        for column in self.header.find("score"):
            try:
                value = cells.parse_maximum(cell_text(self.cell(at, column.at)))
            except ValueError as error:
                self.faults.error("diem", str(error), at, column.title, cell_text(self.cell(at, column.at)))
                continue
            self.maxima |= {} if value is None else {column.component: value}

    def _read_mean(self, at: int) -> None:
        for column in self.header.find("score"):
            try:
                value = self._value(at, column)
            except ValueError as error:
                self.faults.warn("diem", str(error), at, column.title, cell_text(self.cell(at, column.at)))
                continue
            self.means += [] if value is None else [(at, column, value)]

    def _rank(self, provinces: set[str]) -> None:
        """The places of provinces are among all of them, where the table has all; given places stay as given."""
        totals = [one for one in self.scores if one["component"] == "total" and one["score"] is not None]
        if {one["unit"] for one in totals} != provinces:
            return
        for one in self.scores:
            if one["component"] == "total" and one["rank"] is pd.NA:
                one["rank"] = 1 + sum(other["score"] > one["score"] for other in totals)
            if one["rank"] is not pd.NA and one["out_of"] is pd.NA:
                one["out_of"] = len(provinces)

    def _check_means(self, provinces: set[str]) -> None:
        for at, column, mean in self.means:
            held = {one["unit"]: one["score"] for one in self.scores if one["component"] == column.component}
            values = [Fraction(str(value)) for value in held.values() if value is not None]
            if held.keys() == provinces and len(values) == len(provinces):
                computed = sum(values, Fraction(0)) / len(values)
                if abs(computed - Fraction(mean)) > TOLERANCE:
                    said, made = (vn.format_number(one, 2) for one in (mean, computed))
                    text = (
                        f"Bảng ghi cả nước {said} điểm, trung bình các tỉnh, thành phố trong bảng là {made}."
                    )
                    self.faults.warn("tinh-lai-diem", text, at, column.title, said)
