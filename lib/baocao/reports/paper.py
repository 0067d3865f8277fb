"""What every memo that is a notebook has: its prose, the author's own words, annexes, and its state by cell.

A kind of report adds its own figures, lists, tables and charts: `memo` those on dossiers, others those on scores.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from baocao.analysis import TOWN, is_alive_throughout
from baocao.definitions import HOME, INDICATORS, LEAF_KINDS, Period, Unit, UserError, addressee
from baocao.definitions import vietnamese as vn
from baocao.reports import annexes, lists
from baocao.reports.published import printed
from baocao.reports.setting import Setting
from baocao.writing import (
    SILENT,
    Base,
    Claims,
    Figures,
    Markdown,
    Printable,
    Words,
    markup,
    paragraphs,
    phrases,
    prose,
    sample_mark,
    tables,
)

_INSIDE = {
    "department": "các sở, ban, ngành",
    "land_office": "các chi nhánh Văn phòng Đăng ký đất đai",
    "district": "các huyện, thị xã, thành phố",
    "commune": "các xã, phường",
}

Column = str | Callable[[Any], Any]
"""What a column of a table says of the thing of a row: a pattern ("{share}"), or a function."""


@dataclass(frozen=True, eq=False, repr=False)
class Whose(Printable):
    """A unit or group of units as a text names it; `members` are the units that it stands for."""

    figures: Figures
    unit: Unit
    members: tuple[Whose, ...] = ()
    groups: tuple[Whose, ...] = ()

    def __repr__(self) -> str:
        return self.unit.official_name

    def write(self, claims: Claims, *, in_text: bool = True, first: bool = False) -> str:
        name = self.unit.official_name
        return claims.unit(self.unit, phrases.capitalise(name) if first else name)

    @property
    def kind(self) -> str:
        """ "department", "commune", …, "level", "province"."""
        return self.unit.kind

    @property
    def full(self) -> Words:
        """Its name at the head of a row."""
        return self.figures.unit(self.unit, self.unit.full_name)

    def named(self, text: str) -> Words:
        """It under another name ("Toàn tỉnh")."""
        return self.figures.unit(self.unit, text)

    @property
    def inside(self) -> Words:
        """A kind of units inside a sentence: "các sở, ban, ngành"."""
        has_towns = TOWN.lower() in self.unit.full_name.lower()
        text = _INSIDE.get(self.kind, self.unit.official_name) + (", thị trấn" if has_towns else "")
        return self.figures.unit(self.unit, text)

    @property
    def addressee(self) -> Words:
        """The body that answers for it: "UBND xã Đức Thọ"."""
        return self.figures.unit(self.unit, addressee(self.unit))

    @property
    def is_single(self) -> bool:
        """Whether it handles dossiers itself."""
        return self.kind in LEAF_KINDS and self.unit.code != f"{HOME}-{self.kind}"

    @property
    def short_lived(self) -> bool:
        """Whether it existed in a part of the period only."""
        return self.is_single and not is_alive_throughout(self.unit, self.figures.period)

    @property
    def life(self) -> Words:
        """Since or until when it existed, where that is a part of the period; silent else."""
        period = self.figures.period
        if self.unit.valid_from and self.unit.valid_from > period.start:
            return self.figures.reason(("đơn vị hoạt động từ ngày ", self.unit.valid_from))
        if self.unit.valid_to and self.unit.valid_to < period.end:
            return self.figures.reason(("đơn vị hoạt động đến hết ngày ", self.unit.valid_to))
        return Words(self.figures, lambda claims, first: "", SILENT)


class Paper:
    """One document being written: its setting, whom it is about, and the names that its cells may use."""

    words: tuple[str, ...] = (
        "subject", "province", "unit", "when", "window", "bases", "last_year", "previous", "own", "law", "date", "data",
        "in_words", "any_known", "differ", "exceeds", "each", "joined", "annex", "provenance", "published", "end",
    )  # fmt: skip
    """What of it the notebook's cells may name."""
    any_known, differ, exceeds = map(staticmethod, (lists.any_known, lists.differ, lists.exceeds))
    each, joined = lists.each, lists.joined

    def __init__(self, setting: Setting, figures: Figures, subject: Whose) -> None:
        self.setting, self.period, self.claims = setting, setting.period, setting.claims
        self.figures, self.subject = figures, subject
        self.province = Whose(figures, setting.register.get(HOME, setting.period.end))
        self.when = figures.period_name(self.period)
        self.window = figures.period_name(self.period, window=True)
        self.bases = tuple(Base(figures, base) for base in setting.bases)
        self.last_year = Base(figures, self.period.same_period_last_year())
        self.date = figures.date
        self._patterns: dict[Hashable, str] = {}
        setting.claims.trace(fingerprint=setting.facts.fingerprint, vintage=str(setting.facts.files))

    def vocabulary(self) -> dict[str, Any]:
        """What the notebook's cells may name (`vocabulary_names` of the module that opens it)."""
        return {"memo": self} | {name: getattr(self, name) for name in self.words}

    def everyone(self) -> list[Unit]:
        """The units whose faults the annex on sources tells."""
        return [self.subject.unit]

    @property
    def previous(self) -> Base:
        """The period before; absent where the document is held against the year before only."""
        others = [one for one in self.bases if not one.is_last_year]
        return others[0] if others else replace(self.last_year, absent=SILENT)

    def own(self, text: str, what: str) -> Words:
        """A number or date of the author's own, printed as typed; a date before the last day of the period is refused."""
        if not isinstance(text, str) or not isinstance(what, str) or not what.strip():
            raise UserError(
                'own() cần hai đoạn chữ, ví dụ own("30/09/2025", "hạn báo cáo"); hãy đặt số trong dấu ngoặc kép'
            )
        for written in vn.find_dates(text):
            if written < self.period.end:
                raise UserError(
                    f"ngày «{vn.format_date(written, 'short')}» ({what}) trước ngày cuối kỳ báo cáo là "
                    f"{vn.format_date(self.period.end, 'short')}; hãy sửa ngày, hoặc giới hạn ô cho kỳ của nó bằng --ky"
                )
        return Words(self.figures, lambda claims, first: claims.own(text, what))

    def data(self, text: str) -> Words:
        """A name of the definitions that holds digits ("mức độ 3, mức độ 4"); digits that are in no name are refused."""
        names = [name for one in self.setting.measures.values() for name in (one.label, one.form)]
        names += [name for one in INDICATORS for name in (one.label, one.short, one.inside)]
        for match in re.finditer(r"[\w/]+\s+\d[\d/]*", text):
            if not any(match[0].casefold() in name.casefold() for name in names):
                raise UserError(
                    f"«{match[0]}» trong data(…) không có trong tên của đại lượng, chỉ tiêu nào; hãy in một số liệu của báo cáo, "
                    'hoặc viết own("…", "là gì") cho số của người soạn'
                )
        return self.figures.name(text)

    def unit(self, name: str) -> Whose:
        """A unit of the report by its name or code."""
        (unit,) = self.setting.register.expand([name], self.period.end)
        if unit.code not in self.claims.scope:
            raise UserError(
                f"«{unit.official_name}» nằm ngoài phạm vi báo cáo nên không được nêu; hãy nêu đơn vị trong units, hoặc lập "
                "báo cáo của toàn tỉnh"
            )
        return Whose(self.figures, unit)

    def law(self, number: str, *, dated: bool = False) -> Words:
        """A registered legal document."""
        self.setting.laws.get(number)
        return Words(self.figures, lambda claims, first: claims.law(number, dated=dated))

    def in_words(self, number: int) -> Words:
        """A small number in words."""
        return self.figures.name(phrases.say_number(number))

    # --- prose ---------------------------------------------------------------------------------------------------
    def say(self, text: str) -> Markdown:
        """A text of Python, with figures in it as f"…{received}…", settled as a cell of prose is."""
        return prose.settle(prose.mark_clauses(text), self.figures, self.subject.unit)

    def write(self, source: str, values: Mapping[str, Any], options: str = "") -> Markdown | None:
        """A cell of prose; `options` as on the line of `%%vanban`.

        mau                    the cell defines patterns (macros) for the cells after it, and prints nothing
        nho                    small type, for a note on method
        --ky 2025-07           only in a document of this period; --don-vi 18229: only in one about this unit
        """
        # IPython ends a cell with a line break: without it the template is the one that is ready.
        source = source.rstrip()
        try:
            asked = read_options(options.strip())
            if "mau" in asked:
                prose.compile_prose("", source)  # refused here if it is no template
                self._patterns[self.figures.cell or source] = source
                return None
            if not self._is_meant(asked):
                return None
            text = prose.render(source, "\n".join(self._patterns.values()), values)
            written = prose.settle(text, self.figures, self.subject.unit)
        except UserError as error:
            raise UserError(f"Ô %%vanban «{first_words(source)}»: {str(error).rstrip('.')}.") from None
        if "nho" in asked and written.strip():
            return markup.division("nguon", " ".join(written.split()))
        return written

    def text(self, text: Any) -> str:
        """A caption or heading: figures and names in it printed, the author's words as they are."""
        return prose.print_words(str(text), self.figures)

    def _is_meant(self, asked: Mapping[str, str]) -> bool:
        code, name = asked.get("ky"), asked.get("don-vi")
        if code and Period.parse(code) != self.period:
            return False
        return not name or {*self.setting.register.expand([name], self.period.end)} == {*self.setting.units}

    def record(self) -> Any:
        """What the notebook states, for its last cell."""
        return self.claims.record()

    # --- lists and tables ----------------------------------------------------------------------------------------
    def numbered(self, items: Sequence[Any]) -> Markdown:
        """A numbered list of texts for an annex, those left out that hold something absent."""
        texts = [str(one) for one in items if one]
        known = [text for text in texts if all(thing.known for thing in self.figures.things(text))]
        return markup.numbered([self.text(text) for text in known])

    def table_of(
        self, things: Sequence[Any], columns: Mapping[Any, Column], *, caption: Any, source: Any = "",
        bold: Sequence[Any] = (), last: Sequence[Any] = (), widths: Sequence[int] = (), align: str = "",
        numbered: bool = False,
    ) -> Markdown:  # fmt: skip
        """Things down, `numbered` or not, columns across, a dash for what is absent; empty for no thing.

        `last` are the cells of a row below.
        """
        if not things:
            return Markdown("")

        def cell(thing: Any, column: Column) -> str:
            said = column.format_map(lists.NamesOf(thing)) if isinstance(column, str) else column(thing)
            return self.figures.fill(str(said), in_text=False)

        rows = [[cell(thing, column) for column in columns.values()] for thing in things]
        for thing, row in zip(things, rows, strict=True):
            row[:] = [f"**{one}**" if one and any(thing is other for other in bold) else one for one in row]
        closing = [self.figures.fill(str(one), in_text=False) for one in last]
        return tables.table(
            self.claims,
            caption=self.text(caption),
            header=list(map(self.text, columns)),
            rows=[*rows, [f"**{one}**" if one else "" for one in closing]] if closing else rows,
            widths=widths or [34, *[14] * (len(columns) - 1)],
            align=align or "l" + "r" * (len(columns) - 1),
            small=True,
            marks=[*[None] * len(rows), *[""] * bool(closing)] if numbered else (),
            source=self.text(source),
        )

    # --- annexes -------------------------------------------------------------------------------------------------
    def annex(
        self, number: str, title: Any, *content: Any, attached: str = "", landscape: bool = False
    ) -> Markdown:
        """An annex on a new page: its number, title, what it is attached to, and its content."""
        text = paragraphs(*(str(part).strip() for part in content)).strip()
        return annexes.annex(number, self.text(title), text, landscape=landscape, attached=attached)

    def provenance(self) -> Markdown:
        """What is wrong with the figures of the units of the report, and what they were made from."""
        return annexes.describe_faults(self.setting, self.everyone())

    def published(self, seed: str, number: str, attached: str = "") -> Markdown:
        """Every figure of the published memo with this key beside ours; empty for none ("")."""
        return printed.annex_published(self, seed, number, attached)

    def end(self) -> Markdown:
        """The mark that a document made from sample figures carries on every page; empty for others."""
        return sample_mark(self.claims)


def compile_cells(cells: Iterable[str]) -> None:
    """Make the templates of a notebook's cells ready, in a process that then writes documents of it."""
    patterns: list[str] = []
    for cell in cells:
        options, template = prose.split_cell(cell.rstrip()) or ("", "")
        if "mau" in read_options(options):
            patterns.append(template)
        else:
            prose.compile_prose(template, "\n".join(patterns))


# --- the notebook ---------------------------------------------------------------------------------------------------
_BEGIN = "_baocao_begin"
"""Where the shell keeps what a memo does before each cell: a memo opened again replaces it."""


def enter_notebook(memo: Paper) -> None:
    """Put the vocabulary, `%%vanban` and the state by cell into the notebook that runs; elsewhere nothing."""
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is None:
        return
    if before := getattr(shell, _BEGIN, None):
        shell.events.unregister("pre_run_cell", before)
    runs = iter(range(1, 1_000_000))

    def begin(info: Any) -> None:
        memo.figures.begin_cell(getattr(info, "cell_id", None) or next(runs))

    def vanban(line: str, cell: str) -> Markdown | None:
        return memo.write(cell, shell.user_ns, line)

    setattr(shell, _BEGIN, begin)
    shell.events.register("pre_run_cell", begin)
    shell.register_magic_function(vanban, "cell", prose.MAGIC.strip("%"))
    shell.user_ns.update(memo.vocabulary())


def read_options(line: str) -> dict[str, str]:
    """The words of the line of `%%vanban`, options with their values; a UserError for what is none."""
    known = ("mau", "nho", "--ky", "--don-vi")
    try:
        words, asked = iter(shlex.split(line)), {}
    except ValueError:
        raise UserError(f"dòng «%%vanban {line}» có dấu nháy chưa đóng; hãy đóng dấu nháy") from None
    for word in words:
        name, equals, value = word.partition("=")
        if name not in known:
            raise UserError(
                f"dòng «%%vanban {line}»: không hiểu «{word}»; viết được: mau, nho, --ky 2025-07, --don-vi 18229"
            )
        if name.startswith("--"):
            value = value if equals else next(words, "")
            if not value:
                raise UserError(
                    f"dòng «%%vanban {line}»: thiếu giá trị sau {name}; ví dụ {name} {'2025-07' if name == '--ky' else '18229'}"
                )
        asked[name.removeprefix("--")] = value
    if code := asked.get("ky"):
        Period.parse(code)
    return asked


def first_words(source: str) -> str:
    """What a cell begins with, to name it by."""
    words = " ".join(source.split())
    return vn.clean(words[:60]) + ("…" if len(words) > 60 else "")
