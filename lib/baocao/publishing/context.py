"""What a document is made in and what it is while it is made: the workshop that all share, and its draft."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from baocao.charts import FontChoice, find_fonts
from baocao.definitions import Period, Register, Unit, load_laws, load_register
from baocao.publishing import folders, notebooks, quarto, runs
from baocao.publishing.check_claims import Checker, read_reference
from baocao.publishing.letter import file_stem
from baocao.publishing.outcomes import BUILT, FAILED_LOAD, Outcome, versions
from baocao.publishing.spec import Spec


@dataclass(frozen=True)
class BuildContext:
    """What every document of a build shares: the rooms, the register, the checker, the typeface.

    `run` runs a notebook: in a kernel of its own (`runs.run_here`), or in a forked child (`forks.ForkServer.run`).
    """

    root: Path
    register: Register
    checker: Checker
    font: FontChoice
    renderer: str
    run: Callable[[runs.Run], runs.Answer] = runs.run_here

    @classmethod
    def open(cls, root: Path, renderer: str = "embedded") -> BuildContext:
        """The workshop of the project at `root`; `renderer` is quarto, embedded or auto."""
        register = load_register(root)
        checker = Checker(load_laws(root), register, read_reference(root))
        return cls(root, register, checker, find_fonts(root), quarto.choose(renderer))


@dataclass
class Document:
    """A document in the making: what it is to be, its line so far, and the stage that it has reached."""

    spec: Spec
    period: Period
    units: list[Unit]
    line: Outcome
    stage: str = FAILED_LOAD
    begun: float = field(default_factory=time.perf_counter)

    @classmethod
    def of(cls, spec: Spec, context: BuildContext) -> Document:
        """The draft of a spec; a UserError for a period or unit that does not exist."""
        period = Period.parse(spec.period)
        units = context.register.expand(list(spec.units), period.end)
        folder = f"{period.code}/{folders.folder_name(spec, [unit.slug for unit in units])}"
        line = Outcome(
            report=spec.name, period=period.code, units=[unit.code for unit in units], outcome=BUILT,
            folder=folder, renderer=context.renderer, names=[unit.official_name for unit in units],
            versions=versions(context.renderer, quarto.version() if context.renderer == "quarto" else None),
            stem=file_stem(spec, period, units),
            title=notebooks.title_of(context.root / "notebooks" / f"{spec.notebook}.ipynb"),
        )  # fmt: skip
        return cls(spec, period, units, line)

    def refuse(self, outcome: str, problems: list[str]) -> None:
        """There will be no document, for these reasons."""
        self.line.outcome, self.line.problems, self.line.files = outcome, problems, {}
