"""What the command line shows: outcomes, paths as the user would type them, tables."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

MOST_IN_FULL = 12
"""A run of more documents is told by its sums and by the documents that are missing."""


def print_outcomes(outcomes: list[Any], folder: Path) -> None:
    """What became of every document, and where it lies."""
    from baocao.documents.delivery import BUILT, NOTICE, OUTCOME_LABELS, UNCHANGED

    in_full = len(outcomes) <= MOST_IN_FULL
    for one in outcomes:
        if in_full or one.outcome not in (BUILT, UNCHANGED):
            print(f"{one.report} · {one.period}: {OUTCOME_LABELS[one.outcome]} ({one.seconds:.1f} giây)")
            for problem in one.problems:
                print(f"  - {problem}")
            for name in one.files or [NOTICE]:
                print(f"  {shown(folder / one.folder / name)}")
    if not in_full:
        counts = Counter(OUTCOME_LABELS[one.outcome] for one in outcomes)
        sums = "; ".join(f"{label}: {count}" for label, count in counts.items())
        print(f"{len(outcomes)} văn bản trong {shown(folder)} – {sums}.")


def shown(path: Path) -> str:
    """The path as the user would type it from here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def print_frame(frame: Any, title: str) -> None:
    """A table on a terminal, tab-separated lines otherwise: nothing is cut off where a program reads it."""
    if not sys.stdout.isatty():
        from baocao.workbook import format_csv

        print(format_csv(frame, "\t"), end="")
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title)
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.fillna("").itertuples(index=False):
        table.add_row(*[Text(str(value)) for value in row])
    Console().print(table)
