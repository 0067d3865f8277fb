"""What only the letter on Chỉ thị 08/CT-UBND knows: its quarters, points of the PAR INDEX, who lacks most dossiers.

The directive counts dossiers filed through services of levels 3 and 4, classes that ended on 14/08/2022, and sets its
target by quarter: only quarters up to then have a letter. A target that takes effect in the quarter after is one that the
letter sets: dossiers missing to it are told, but nobody is said to miss it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cached_property

from baocao.analysis import MINIMUM_DENOMINATOR, rank_printed
from baocao.definitions import (
    HOME,
    OFFICE,
    Index,
    IndexValue,
    Period,
    Unit,
    UserError,
    indicator,
    indices,
    load_index,
)
from baocao.definitions import vietnamese as vn
from baocao.reports.lists import cut_tie
from baocao.reports.memo import Memo, Purpose, Whose
from baocao.writing import SILENT, Claims, Figure, Goal, Listing, Number, Words

FIRST, LAST = Period.parse("2018-Q3"), Period.parse("2022-Q2")
"""The quarters that lie wholly between the directive and the end of the levels."""

PAR, FIELD = "par_index", "modernisation"
"""The index and its field "Hiện đại hóa hành chính", whose lost points the letter opens with."""

OFFICE_OF_2019 = "Văn phòng Đoàn đại biểu Quốc hội, HĐND và UBND tỉnh"
"""The name of the Office in the letter of April 2019; when it was renamed was not checked (units.csv)."""

ADDRESSED = ("department", "district")
"""Kinds of units that the letter goes to."""


def _refuse_others(period: Period, units: Sequence[Unit]) -> None:
    if [unit.code for unit in units] != [HOME]:
        names = ", ".join(unit.official_name for unit in units[:3])
        raise UserError(
            f'Công văn directive_08 chỉ lập cho toàn tỉnh, nhận được «{names}»; hãy ghi units là ["{HOME}"].'
        )
    if period.kind != "quarter":
        raise UserError(
            "Công văn về Chỉ thị 08/CT-UBND lập theo quý vì chỉ tiêu của Chỉ thị tính theo quý, nhận được kỳ "
            f"«{period}»; hãy ghi kỳ là một quý như 2019-Q1."
        )
    if period.end > LAST.end:
        last = vn.format_date(indicator("level_34_share").valid_to, "short")
        raise UserError(
            f"Không lập công văn về Chỉ thị 08/CT-UBND cho {period.name} vì quý này kết thúc sau ngày {last}, ngày cuối "
            "cùng còn dịch vụ công mức độ 3, mức độ 4 (sau đó Nghị định 42/2022/NĐ-CP chia thành một phần và toàn trình); "
            f"hãy chọn quý chậm nhất là {LAST} hoặc lập báo cáo online_services."
        )
    if period.start < FIRST.start:
        raise UserError(
            f"Không lập công văn về Chỉ thị 08/CT-UBND cho {period.name} vì chỉ tiêu của Chỉ thị chưa có hiệu lực trong cả quý; "
            f"hãy chọn quý từ {FIRST} đến {LAST}."
        )


LETTER = Purpose(
    _refuse_others,
    ("level_base", "level_34_filed", "level_3_filed", "level_4_filed", "post_received", "post_returned"),
    "số liệu thực hiện Chỉ thị 08/CT-UBND",
)


class Letter:
    """What the letter says besides the figures of the report."""

    def __init__(self, memo: Memo) -> None:
        self.memo, self.figures = memo, memo.figures

    @property
    def day(self) -> date:
        """The last day of the month in which the letter is written: the one after the quarter (seed 003)."""
        return (self.memo.period.end + timedelta(days=32)).replace(day=1) - timedelta(days=1)

    # --- targets -------------------------------------------------------------------------------------------------
    @cached_property
    def post(self) -> Goal:
        """What the public post must reach: in force in the quarter, or from the next one on; absent before."""
        share = self.figures.get("post_reception_share", self.memo.subject.unit)
        return share.target if share.target.known else share.coming_target

    @property
    def sets_post(self) -> bool:
        """Whether it is this letter that sets it."""
        return self.post.known and self.memo.period.end < self.post.target.valid_from <= self.day

    # --- points of the PAR INDEX ---------------------------------------------------------------------------------
    @cached_property
    def _public(self) -> list[IndexValue]:
        """The rows of the index that were public on the letter's day."""
        values = indices.load_index_values(self.memo.setting.root)
        return [value for value in values if value.index == PAR and value.public_on <= self.day]

    @cached_property
    def _points(self) -> IndexValue | None:
        return indices.newest_value([value for value in self._public if value.value is not None], FIELD)

    @cached_property
    def _index(self) -> Index:
        return load_index(self.memo.setting.root, PAR, date(self._points.year, 12, 31))

    @property
    def year(self) -> Words:
        """The year of the points; absent where none are known."""
        return self._say(lambda claims, first: self._year().write(claims, first=first))

    def _year(self) -> Words:
        return self.figures.period_name(Period.parse(str(self._points.year)))

    @property
    def are_old(self) -> bool:
        """Whether the points are not those of the year before the quarter's."""
        return self._points is not None and self._points.year < self.memo.period.end.year - 1

    @property
    def source(self) -> Words:
        """Where the points were published."""
        return self._say(lambda claims, first: self.figures.name(self._points.source).write(claims))

    @property
    def reached(self) -> Words:
        """The points of the field, with their three decimals."""
        return self._score(
            "Điểm đạt", lambda claims, about: claims.score(self._points.value, decimals=3, **about)
        )

    @property
    def most(self) -> Words:
        """The most points of the field."""
        return self._score(
            "Điểm tối đa", lambda claims, about: claims.score(self._maximum, trim=True, **about), "reference"
        )

    @property
    def lost(self) -> Words:
        """The points lost, computed; silent where none were."""
        if self._points is None or not self._maximum - self._points.value:
            return Words(self.figures, lambda claims, first: "", SILENT)
        lost = self._maximum - self._points.value
        formula = f"{vn.format_number(self._maximum, 1)} - {vn.format_number(self._points.value, 3)}"
        return self._score(
            "Điểm bị trừ", lambda claims, about: claims.score(lost, decimals=3, formula=formula, **about)
        )

    @property
    def _maximum(self):
        return self._index.component(FIELD).maximum

    def _score(self, what: str, write: Callable[..., str], source: str = "published") -> Words:
        def make(claims: Claims, first: bool) -> str:
            name = self._index.component(FIELD).label
            return write(
                claims,
                {
                    "label": f"{what}: {name}, {self._index.label} ({self._points.source})", "unit": self.memo.subject.unit,
                    "period": Period.parse(str(self._points.year)), "source": source,
                },
            )  # fmt: skip

        return self._say(make)

    def _say(self, make: Callable[[Claims, bool], str]) -> Words:
        return Words(self.figures, make, None if self._points else SILENT)

    @property
    def _criteria(self) -> list[str]:
        """The criteria of the field that lost points."""
        if self._points is None:
            return []
        parts = {part.name for part in self._index.parts(FIELD)}
        rows = [value for value in self._public if value.year == self._points.year]
        return [value.component for value in rows if value.component in parts]

    @property
    def criteria(self) -> Listing:
        """Their names inside a sentence; absent where none is known."""
        labels = [self._index.component(name).label for name in self._criteria]
        names = [self.figures.name(label[:1].lower() + label[1:]) for label in labels]
        return Listing(self.figures, tuple(map(str, names)), " và ")

    @property
    def numbers(self) -> Words:
        """Their numbers."""
        return self.figures.name(f"Tiêu chí số {', '.join(self._criteria)}")

    # --- who is behind -------------------------------------------------------------------------------------------
    def short(self, rate: Figure, places: int = 5) -> Short:
        """The units of enough dossiers by a rate, and those of them below its target."""
        return Short(self.memo, rate, places)

    @property
    def office(self) -> Words:
        """The Office that follows up, as it was called."""
        if self.memo.period.end.year > 2019:
            return self.figures.unit(self.memo.setting.register.get(OFFICE, self.memo.period.end))
        return self.figures.name(OFFICE_OF_2019)


class Short:
    """Units held against the target of a rate; those of few dossiers are neither praised nor blamed."""

    def __init__(self, memo: Memo, rate: Figure, places: int) -> None:
        self.memo, self.rate, self.places = memo, rate, places
        known = [unit for unit in memo.members if rate.at(unit).gap.known]
        self.judged_units = [unit for unit in known if rate.at(unit).denominator >= MINIMUM_DENOMINATOR]
        self.units = [unit for unit in self.judged_units if rate.at(unit).gap.value]

    @property
    def number(self) -> Number:
        """How many are below the target."""
        return self._count(self.units, f"Đơn vị chưa đạt chỉ tiêu: {self.rate.label}")

    @property
    def judged(self) -> Number:
        """How many were held against it."""
        return self._count(self.judged_units, f"Đơn vị được xét chỉ tiêu: {self.rate.label}")

    def _count(self, units: Sequence[Whose], label: str) -> Number:
        sources = [self.rate.at(unit).row["source"] for unit in self.judged_units]
        return self.memo.figures.number(len(units), label, self.memo.subject.unit, sources)

    @property
    def all_reach(self) -> bool:
        """Whether every unit has reported, and each that is judged reaches the target."""
        return bool(self.judged_units) and not self.units and self.rate.is_whole

    @cached_property
    def most(self) -> list[Whose]:
        """The addressed units that lack most dossiers, most first; ties with the last one, unless they make too many."""
        lacks = {unit: float(self.rate.at(unit).gap.value) for unit in self.units if unit.kind in ADDRESSED}
        ranks = sorted(
            ((unit, rank) for unit, (rank, _) in rank_printed(lacks).items()), key=lambda pair: pair[1]
        )
        return cut_tie([(unit, rank) for unit, rank in ranks if rank <= self.places])[0]
