"""What the command line shows: outcomes, paths as the user would type them, tables."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any


def print_outcomes(outcomes: list[Any], folder: Path) -> None:
    from baocao.documents.delivery import NOTICE, OUTCOME_LABELS

    for outcome in outcomes:
        print(
            f"{outcome.report} · {outcome.period}: {OUTCOME_LABELS[outcome.outcome]} ({outcome.seconds:.1f} giây)"
        )
        for problem in outcome.problems:
            print(f"  - {problem}")
        for name in outcome.files or [NOTICE]:
            print(f"  {shown(folder / outcome.folder / name)}")


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
