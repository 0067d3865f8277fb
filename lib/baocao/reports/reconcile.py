"""What only the report on published figures knows: which figures, of which memos, by which laws, and where they fail.

They are held to what the memos print; facts that were received or published are set beside them, sample facts never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from baocao.definitions import HOME, NoDataError, Period, Register, Unit, file_hash, find_project_root
from baocao.reports.paper import Paper, Whose, enter_notebook
from baocao.reports.published import printed
from baocao.reports.published.check import FAULTS, RULES, UNKNOWN, VERDICTS
from baocao.reports.published.figures import Figure, choose_memo, load_figures, memo_key, units_named
from baocao.reports.published.printed import Place, Printed
from baocao.reports.setting import Setting, open_setting
from baocao.store import Facts
from baocao.writing import Figures, Number, Words

NAMES = (
    "checked", "documents", "verdicts", "faults", "unchecked", "contradicted", "rules", "counted", "numbered", "table_of",
)  # fmt: skip
"""What of `Reconciliation` the notebook's cells may name."""


@dataclass(frozen=True, eq=False)
class Document:
    """A published memo, by the title that it is cited by, and its figures."""

    title: str
    name: Words
    checked: tuple[Printed, ...]

    @property
    def wrong(self) -> list[Printed]:
        """Its figures at fault."""
        return [one for one in self.checked if one.is_wrong]


@dataclass(frozen=True, eq=False)
class Fault:
    """A kind of fault, by its verdict, and the places in which it was found."""

    verdict: str
    places: list[Place]


class Reconciliation(Paper):
    """One report on the published figures `chosen`."""

    words = (*Paper.words, *NAMES)

    def __init__(self, setting: Setting, chosen: Sequence[Figure]) -> None:
        figures = Figures(setting.history, setting.period, setting.claims)
        province = setting.register.get(HOME, setting.period.end)
        super().__init__(setting, figures, Whose(figures, province))
        table = setting.root / "data" / "reference" / "published_figures.csv"
        setting.claims.trace(published_figures=file_hash(table))
        self.checked = printed.judge(self, chosen, but=("sample",))

    @property
    def documents(self) -> list[Document]:
        """The memos, each with its figures."""
        by_memo: dict[str, list[Printed]] = {}
        for one in self.checked:
            by_memo.setdefault(one.figure.memo, []).append(one)
        return [Document(memo, self.figures.name(memo), tuple(own)) for memo, own in by_memo.items()]

    @property
    def verdicts(self) -> list[str]:
        """The verdicts that any figure got, the gravest first."""
        found = {one.verdict for one in self.checked}
        return [verdict for verdict in VERDICTS if verdict in found]

    @property
    def faults(self) -> list[Fault]:
        """What is to be mended, the gravest first."""
        found = [Fault(verdict, printed.places(self.checked, verdict)) for verdict in FAULTS]
        return [one for one in found if one.places]

    def unchecked(self, checked: Iterable[Printed]) -> tuple[Words, ...]:
        """Why figures can be neither proved nor refuted by what is printed."""
        return printed.unchecked(one for one in checked if one.verdict == UNKNOWN)

    @property
    def contradicted(self) -> list[Printed]:
        """The figures that no memo refutes and the facts do."""
        return [one for one in self.checked if one.outcome == printed.DIFFERS]

    @property
    def rules(self) -> list[Words]:
        """The laws that were applied."""
        used = {finding.rule for one in self.checked for finding in one.findings}
        return [self.figures.name(text) for rule, text in RULES.items() if rule in used]

    def counted(self, things: Sequence[Any], what: str, measured_in: str = "số liệu") -> Number:
        """How many they are."""
        return printed.count(self, things, what, measured_in)


def vocabulary_names(measures: Mapping[str, Any]) -> list[str]:
    """Every name that `open_memo` puts into a notebook, known without opening facts."""
    return ["memo", *Reconciliation.words]


def open_memo(
    period: str,
    units: Sequence[str],
    memos: Sequence[str] = (),
    vintage: str = "",
    *,
    start: Path | None = None,
) -> Reconciliation:
    """The published figures of `memos` ("000" to "004", none given: all) whose periods lie in `period`, put into the notebook.

    `units` are names or codes; the province stands for every unit in it. UserError for a period, unit or memo that does
    not exist, NoDataError where no figure is left. `vintage` and `start` as in `memo.open_memo`.
    """
    root = find_project_root(start)
    known = load_figures(root)
    keys = [memo_key(memo) for memo in (memos if isinstance(memos, list | tuple) else [memos])]
    for key in keys:
        choose_memo(known, key)
    asked = [one for one in known if not keys or one.seed in keys]
    scope = partial(_scope, root=root, asked=asked)
    setting = open_setting(period, units, scope=scope, vintage=vintage, start=root)
    memo = Reconciliation(setting, _choose(asked, setting.period, setting.units))
    enter_notebook(memo)
    return memo


def _choose(figures: Iterable[Figure], period: Period, units: Sequence[Unit]) -> list[Figure]:
    codes = {unit.code for unit in units}
    chosen = [
        one
        for one in figures
        if period.start <= one.period.start
        and one.period.end <= period.end
        and (HOME in codes or codes & set(one.scope))
    ]
    if not chosen:
        raise NoDataError(
            f"Không có số liệu đã công bố nào của các đơn vị đã chọn trong kỳ {period.name}; "
            "hãy chọn kỳ khác hoặc bổ sung data/reference/published_figures.csv."
        )
    return chosen


def _scope(
    facts: Facts, register: Register, period: Period, units: Sequence[Unit], *, root: Path, asked: Sequence[Figure],
) -> Iterable[Unit]:  # fmt: skip
    """The units of the figures and of the others in their quotations, the province and its levels."""
    yield from units_named(root, _choose(asked, period, units), register)
    yield from (unit for unit in register.units if unit.kind == "level" or unit.code == HOME)
