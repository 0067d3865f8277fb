"""A memo whose figures a test states one by one: what it writes is about them, without files and sums behind them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from baocao.analysis import History
from baocao.analysis.lineage import ITSELF, Bridge
from baocao.definitions import Target, Unit
from baocao.reports.memo import Memo, open_memo
from conftest import make_project

PERIOD, BEFORE, YEAR_BEFORE = "2024-07", "2024-06", "2023-07"

_NOT_REPORTED = {
    "numerator": None, "denominator": None, "value": None, "source": "", "facts": 0, "instead": False, "missing": (),
}  # fmt: skip


def count(number: int | None, missing: Sequence[Unit] = ()) -> dict[str, Any]:
    """A number of dossiers as `History.row` has it; the units of `missing` did not report theirs."""
    return {"numerator": number, "source": "received", "facts": 1, "missing": tuple(missing)}


def share(numerator: int | None, denominator: int | None, missing: Sequence[Unit] = ()) -> dict[str, Any]:
    """A rate by its parts."""
    return count(numerator, missing) | {"denominator": denominator}


@dataclass(frozen=True, eq=False)
class Stated(History):
    """A history of stated rows, by name, unit and period; what is not stated was not reported.

    `bridges` is what stands for every unit in an earlier period, by the period.
    """

    rows: Mapping[tuple[str, str, str], Mapping[str, Any]] = field(default_factory=dict)
    bridges: Mapping[str, Bridge] = field(default_factory=dict)

    def read_ahead(self, units, period, bases=()) -> None:
        """There is nothing to compute."""

    def _row(self, name, wanted):
        about = {"indicator": name, "unit": wanted.unit.code, "period": wanted.period.code}
        return about | _NOT_REPORTED | self.rows.get(tuple(about.values()), {})

    def _bridge(self, unit, period, base):
        return self.bridges.get(base.code, ITSELF)


@dataclass
class Desk:
    """A memo at which cells are written, one after the other, from figures that a test states."""

    memo: Memo

    @classmethod
    def open(cls, root: Path, folder: Path, unit: str) -> Desk:
        """The memo on a unit in `PERIOD`, of a project with one number of dossiers in it."""
        days = (f"{PERIOD}-01", f"{PERIOD}-31")
        rows = [("18229", *days, name, 1) for name in ("filed_online", "filed_direct")]
        project = make_project(root, folder, {"a.csv": ("received", rows)})
        return cls(open_memo(PERIOD, [unit], start=project))

    def state(
        self, rows: Mapping[Any, Mapping[str, Any]], bridges: Mapping[str, Bridge] | None = None,
        targets: Sequence[Target] = (),
    ) -> dict[str, Any]:  # fmt: skip
        """The vocabulary over these rows, by name or (name, unit or period, …); the cell is written anew."""
        figures = self.memo.figures
        whole = {}
        for key, row in rows.items():
            name, *where = key if isinstance(key, tuple) else (key,)
            unit = next((one for one in where if isinstance(one, Unit)), self.memo.subject.unit)
            period = next((one for one in where if isinstance(one, str)), PERIOD)
            whole[name, unit.code, period] = row
        facts = SimpleNamespace(measures=figures.measures, shared={})
        register = self.memo.setting.register
        figures.history = Stated(facts, register, targets, rows=whole, bridges=bridges or {})
        figures.begin_cell("ô đang viết")
        return self.memo.vocabulary()

    def write(self, source: str, values: Mapping[str, Any], options: str = "") -> str:
        """A cell as a reader sees it."""
        return read(self.memo.write(source, values, options))

    @property
    def claims(self) -> list[dict[str, Any]]:
        """What was stated."""
        return list(self.memo.record()["claims"])


def read(markdown: str | None) -> str:
    """The text of Markdown, line by line: no tags, no escapes."""
    return re.sub(r"\\(.)|<[^>]*>|\u2060", lambda match: match[1] or "", str(markdown or "")).strip()


def bare(markdown: str) -> str:
    """The text outside of figures, constants and names."""
    return read(re.sub(r"<span[^>]*>.*?</span>", "", str(markdown)))


def faults_of(markdown: str, claims: list[dict]) -> list[str]:
    """What no cell may print, whatever is missing."""
    printed = Counter(re.findall(r'data-so="(c\d+)"', markdown))
    stated = Counter(claim["id"] for claim in claims)
    faults = [] if printed == stated else [f"printed {printed - stated}, stated {stated - printed}"]
    for line in filter(None, read(markdown).splitlines()):
        words = re.sub(r"^(?:- |\d+\. )", "", line)
        if not re.search(r"(?:[.:;]|\.\))$", words) or not (
            words[0].isupper() or words[0] == "(" or line[0] == "-"
        ):
            faults.append(f"no whole sentence: {line}")
        if words.count("(") != words.count(")"):
            faults.append(f"brackets: {line}")
        if broken := re.search(
            r" [,.;:)]|: ?[;,.]|[,;] ?[,;.]|\( |\(\)|  |\.\.|[\ue000-\uf8ff\U000f0000-\U0010fffd]|–", words
        ):
            faults.append(f"{broken[0]!r}: {line}")
    for line in bare(markdown).splitlines():
        if re.search(r"\d", re.sub(r"^\d+\. ", "", line)):
            faults.append(f"a digit without a claim: {line}")
    return faults
