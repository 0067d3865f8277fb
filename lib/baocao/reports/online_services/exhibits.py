"""Tables and charts of the first annex: shares by group and by unit beside a year before, denominators, slopes."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass, field

from baocao import charts
from baocao.analysis import MINIMUM_DENOMINATOR, Reason
from baocao.charts import Point, Row, Slope
from baocao.definitions import Unit
from baocao.definitions import vietnamese as vn
from baocao.reports.annexes import REORGANISED_INSIDE, UNKNOWN_MARK
from baocao.reports.online_services import words
from baocao.reports.online_services.figures import Standing
from baocao.reports.online_services.reading import ALL, ELIGIBLE, FULL, Letter, Share
from baocao.writing import NOT_WHOLE, SOURCE_LABELS, Claims, Markdown, least_trusted, markup, phrases, tables

SMALL, OTHER_FORM = "*", "‡"
"""The marks of a share of few dossiers, and of one whose denominator is that of another form."""
MOST_SLOPES = 12
"""Chosen units that are drawn one by one; more are drawn together only."""


@dataclass
class Notes:
    """Why rows of a table are not compared or how, as letters in the table and words below it."""

    letter: Letter
    marks: dict[Reason, str] = field(default_factory=dict)
    tails: dict[Reason, None] = field(default_factory=dict)

    def cell(self, one: Standing) -> str:
        """The note of a row: the old units that stand for it, or the letter of its reason."""
        units = [part for part in one.told if isinstance(part, Unit)]
        if one.comparable == "bridged" and units:
            last = max(place for place, part in enumerate(one.told) if isinstance(part, Unit))
            self.tails[one.told[last + 1 :]] = None
            return self.letter.setting.say(one.told[: last + 1])
        if not one.told or one.value is None:
            return ""
        if units:
            return self.letter.setting.say(one.told)
        return self.marks.setdefault(one.told, string.ascii_lowercase[len(self.marks)])

    def below(self) -> str:
        """What the notes mean, for the line below the table."""
        say = self.letter.setting.say
        told = [f" Ghi chú “{mark}”: {say(reason)}." for reason, mark in self.marks.items()]
        if self.tails:
            tails = " hoặc".join(say(tail) for tail in self.tails)
            told.append(f" Ghi chú “so với …”: đơn vị{tails}.")
        return "".join(told)


# --- tables ------------------------------------------------------------------------------------------------------
def table_groups(letter: Letter) -> Markdown:
    """Each share of the subject, its levels and kinds of units, beside a year before, both ways."""
    claims, notes = letter.claims, Notes(letter)
    rows, shown = [], []
    for share in letter.shares:
        standings = [letter.standing(share, unit) for unit in groups_shown(letter)]
        standings = [one for one in standings if one.denominator is not None or one.numerator is not None]
        if standings:
            rows.append([f"**{letter.name(share.heading)}**", *[""] * 7])
        for one in standings:
            cells = [
                claims.unit(one.unit, one.unit.full_name), one.print_fraction(claims), _rate(claims, one),
                *_compared(claims, one, with_fraction=True), notes.cell(one),
            ]  # fmt: skip
            rows.append([f"**{cell}**" if one.unit == letter.subject and cell else cell for cell in cells])
        shown += standings
    return tables.table(
        claims,
        caption=f"Tỷ lệ nộp hồ sơ trực tuyến theo từng mẫu số, {letter.when} so với {letter.then}",
        header=[
            "Khối đơn vị", "Nộp trực tuyến / tiếp nhận", "Tỷ lệ", "Cùng kỳ: nộp trực tuyến / tiếp nhận",
            "Tỷ lệ cùng kỳ", "Thay đổi, điểm phần trăm", "Thay đổi tương đối", "Ghi chú",
        ],
        rows=rows,
        widths=[42, 25, 14, 25, 14, 14, 16, 10],
        align="lrrrrrrc",
        small=True,
        source=_source(letter, shown, rows) + notes.below(),
    )  # fmt: skip


def table_units(letter: Letter) -> Markdown:
    """A row for each unit under its kind: the share of all dossiers beside a year before, and the other shares."""
    claims, notes = letter.claims, Notes(letter)
    standings = [letter.standing(ALL, unit) for unit in letter.members]
    has_base = any(one.is_compared for one in standings)
    others = [share for share in letter.shares if share != ALL]
    rows, shown = [], list(standings)
    for kind in letter.kinds or [None]:
        if kind is not None:
            rows.append(
                _bold(
                    [
                        claims.unit(kind, _numbered(letter, kind)),
                        *_cells(letter, kind, others, has_base, notes),
                    ]
                )
            )
        for unit in letter.members:
            if kind is None or unit.kind == kind.kind:
                rows.append(
                    [claims.unit(unit, unit.full_name), *_cells(letter, unit, others, has_base, notes)]
                )
    total = claims.unit(letter.subject, f"Tổng số: {letter.subject.official_name}")
    rows.append(_bold([total, *_cells(letter, letter.subject, others, has_base, notes)]))
    with_notes = any(row[-1] for row in rows)
    if not with_notes:
        rows = [row[:-1] for row in rows]
    below = notes.below() if has_base or len(notes.marks) != 1 else _never(letter, notes)
    if not has_base and len(notes.marks) == 1:
        rows = [row[:-1] if with_notes else row for row in rows]
        with_notes = False
    parts = f"{letter.name(ALL.heading)}: nộp trực tuyến / tiếp nhận"
    header, widths = ["Đơn vị", parts, "Tỷ lệ"], [48, 26, 17]
    if has_base:
        header += ["Tỷ lệ cùng kỳ", "Thay đổi, điểm phần trăm", "Thay đổi tương đối"]
        widths += [16, 16, 17]
    for share in others:
        header += [f"{letter.name(share.heading)}: nộp trực tuyến / tiếp nhận", "Tỷ lệ"]
        widths += [26, 17]
    if with_notes:
        header.append("Ghi chú")
        widths.append(48 if notes.tails else 16)
    if any(not unit.valid_on(letter.period.start) for unit in letter.members):
        below += REORGANISED_INSIDE
    return tables.table(
        claims,
        caption=f"Tỷ lệ nộp hồ sơ trực tuyến theo đơn vị, {letter.when} (đơn vị tính: hồ sơ, %)",
        header=header,
        rows=rows,
        widths=widths,
        align="l" + "r" * (len(header) - 1 - with_notes) + "l" * with_notes,
        small=True,
        source=_source(letter, shown, rows) + below,
    )


def _cells(letter: Letter, unit: Unit, others: Sequence[Share], has_base: bool, notes: Notes) -> list[str]:
    claims, one = letter.claims, letter.standing(ALL, unit)
    cells = [one.print_fraction(claims), _rate(claims, one)]
    if has_base:
        cells += _compared(claims, one)
    for share in others:
        other = letter.standing(share, unit)
        cells += [other.print_fraction(claims), _rate(claims, other)]
    return [*cells, notes.cell(one)]


def _never(letter: Letter, notes: Notes) -> str:
    """The one reason why no row is compared."""
    (reason,) = notes.marks
    return f" {phrases.no_comparison(letter.then, letter.setting.say(reason))}"


def _rate(claims: Claims, one: Standing) -> str:
    """The share, marked where it is made of few dossiers, of a sum that is not whole, or over another form's count."""
    marks = {SMALL: one.is_small, NOT_WHOLE: bool(one.missing), OTHER_FORM: one.instead}
    told = "".join(mark for mark, is_so in marks.items() if is_so and one.value is not None)
    return one.print_rate(claims) + (markup.escape(told) if told else "")


def _compared(claims: Claims, one: Standing, *, with_fraction: bool = False) -> list[str]:
    """Base and change both ways; dashes where the two periods are not compared."""
    if not one.is_compared:
        return [vn.MISSING] * (4 if with_fraction else 3)
    fraction = [one.print_base_fraction(claims)] if with_fraction else []
    sign = "" if one.change_pp == 0 else markup.escape("+" if one.change_pp > 0 else "-")
    growth = sign + one.print_growth(claims) if one.has_growth else vn.MISSING
    return [*fraction, one.print_base_rate(claims), sign + one.print_points(claims), growth]


def _numbered(letter: Letter, kind: Unit) -> str:
    return f"{vn.roman(letter.kinds.index(kind) + 1)}. {kind.full_name}"


def _bold(cells: Sequence[str]) -> list[str]:
    return [f"**{cell}**" if cell else cell for cell in cells]


def _source(letter: Letter, standings: Sequence[Standing], rows: Sequence[Sequence[str]] = ()) -> str:
    """The source line: forms, kind of figures, and what the marks in the rows mean."""
    sources = [one.source for one in standings if one.source] + [
        one.base_source for one in standings if one.is_compared
    ]
    forms = letter.setting.forms(name for one in standings for name in one.measures)
    kind = SOURCE_LABELS[least_trusted(sources)]
    said = f"{'; '.join(letter.name(form) for form in forms)} ({markup.escape(kind)})."
    if any(vn.MISSING in cell for row in rows for cell in row):
        said += UNKNOWN_MARK
    if rows and any(one.is_small and one.value is not None for one in standings):
        said += phrases.small_base(markup.escape(SMALL), phrases.say_number(MINIMUM_DENOMINATOR))
    if rows and any(
        one.is_compared and one.change_pct is not None and not one.has_growth for one in standings
    ):
        said += words.few_before_note(phrases.say_number(MINIMUM_DENOMINATOR))
    if any(NOT_WHOLE in cell for row in rows for cell in row):
        said += phrases.not_whole_note(markup.escape(NOT_WHOLE))
    if any(OTHER_FORM in cell for row in rows for cell in row):
        other = letter.setting.forms(name for one in standings if one.instead for name in one.measures)
        said += words.other_form_note(
            markup.escape(OTHER_FORM), phrases.join([letter.name(form) for form in other])
        )
    return said


# --- charts ------------------------------------------------------------------------------------------------------
def groups_shown(letter: Letter) -> list[Unit]:
    """The subject, and each level with the kinds of units in it where there are several."""
    level_of = {unit.kind: unit.level for unit in letter.members}
    shown = [letter.subject]
    for level in letter.levels or [letter.subject]:
        kinds = [kind for kind in letter.kinds if level_of[kind.kind] == level.level]
        shown += [*([level] if level != letter.subject else []), *(kinds if len(kinds) > 1 else [])]
    return shown


def plot_change(letter: Letter) -> Markdown:
    """The share of all dossiers a year before and now, a line for each group or chosen unit; empty for none."""
    units = groups_shown(letter)
    if letter.members and not letter.levels and len(letter.members) <= MOST_SLOPES:
        units = [letter.subject, *letter.members]
    standings = [letter.standing(ALL, unit) for unit in units]
    standings = [one for one in standings if one.is_compared]
    if not standings:
        return Markdown("")
    slopes = [
        Slope(
            one.unit, Point(one.base_value, one.print_base_rate), Point(one.value, one.print_rate),
            is_focus=one.unit == letter.subject,
        )
        for one in standings
    ]  # fmt: skip
    return charts.slope(
        letter.claims, letter.base, letter.period, slopes,
        caption=f"{phrases.capitalise(letter.name(ALL.what))}, cùng kỳ năm trước và {letter.when}",
        source=_source(letter, standings), font=letter.setting.font,
    )  # fmt: skip


def plot_denominators(letter: Letter) -> Markdown:
    """What the dossiers received are made of: toàn trình, một phần, no online service; empty where not known."""
    if ELIGIBLE not in letter.shares:
        return Markdown("")
    units = groups_shown(letter)
    parts = {unit: _split(letter, unit) for unit in units}
    units = [unit for unit in units if parts[unit] is not None and sum(parts[unit])]
    if not units:
        return Markdown("")
    view = letter.claims.for_chart()
    legend = [
        view.words(text) for text in ("TTHC toàn trình", "TTHC một phần", "TTHC chưa có DVC trực tuyến")
    ]
    formulas = (
        "mẫu số của TTHC có DVC trực tuyến toàn trình",
        "mẫu số của TTHC có DVC trực tuyến - mẫu số của TTHC toàn trình",
        "mẫu số của mọi TTHC - mẫu số của TTHC có DVC trực tuyến",
    )
    rows = []
    for unit in units:
        source = least_trusted(letter.standing(share, unit).source for share in (ALL, ELIGIBLE, FULL))
        labels = [
            view.count(value, label=name, unit=unit, period=letter.period, source=source, formula=formula)
            for value, name, formula in zip(parts[unit], legend, formulas, strict=True)
        ]
        rows.append(
            Row(view.unit(unit, unit.full_name), parts[unit], labels, is_focus=unit == letter.subject)
        )
    told = [
        f"{row.name}: " + ", ".join(f"{name} {label}" for name, label in zip(legend, row.labels, strict=True))
        for row in rows
    ]
    return charts.composition_bars(
        letter.claims, rows, legend,
        caption=f"Ba mẫu số: hồ sơ tiếp nhận theo mức cung cấp DVC trực tuyến của TTHC, {letter.when}",
        description=f"Biểu đồ thanh, số hồ sơ tiếp nhận. {'; '.join(told)}.",
        source=_source(letter, [letter.standing(share, unit) for share in (ALL, ELIGIBLE, FULL) for unit in units])
        + " Cả thanh là mẫu số của mọi TTHC; hai phần đầu là mẫu số của TTHC có DVC trực tuyến; phần đầu là mẫu số của "
        "TTHC có DVC trực tuyến toàn trình.",
        font=letter.setting.font, as_shares=True,
    )  # fmt: skip


def _split(letter: Letter, unit: Unit) -> list[int] | None:
    """Dossiers of TTHC toàn trình, một phần, and without online service; None where a part is not known.

    Counts of different forms, or that lack units, are no parts of one another.
    """
    standings = [letter.standing(share, unit) for share in (ALL, ELIGIBLE, FULL)]
    every, eligible, full = (one.denominator for one in standings)
    if any(one.missing or one.instead for one in standings):
        return None
    if None in (every, eligible, full) or not full <= eligible <= every:
        return None
    return [full, eligible - full, every - eligible]
