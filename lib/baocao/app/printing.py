"""What the command line shows: outcomes, paths as the user would type them, tables."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

from baocao.definitions import vietnamese as vn

MOST_IN_FULL = 12
"""A run of more documents is told by its sums and by as many of the missing documents."""


def print_outcomes(outcomes: list[Any], folder: Path) -> None:
    """What became of the documents, where they lie, and at the end the sums and the page that lists them all."""
    from baocao.publishing import BUILT, OUTCOME_LABELS, PAGE, UNCHANGED, recounted_total

    built = [one for one in outcomes if one.outcome in (BUILT, UNCHANGED)]
    missing = [one for one in outcomes if one.outcome not in (BUILT, UNCHANGED)]
    told = outcomes if len(outcomes) <= MOST_IN_FULL else missing[:MOST_IN_FULL]
    for one in told:
        took = f" ({vn.format_number(one.seconds, 1)} giây)" if one.seconds else ""
        print(f"{_name(one)}: {OUTCOME_LABELS[one.outcome]}{took}")
        for problem in one.problems:
            print(f"  - {problem}")
        for name in (*one.files, *one.left):
            print(f"  {shown(folder / one.folder / name)}")
    if len(told) < len(missing):
        print(f"… và {vn.format_number(len(missing) - len(told))} văn bản không lập được nữa.")
    counts = Counter(OUTCOME_LABELS[one.outcome] for one in outcomes)
    if len(outcomes) > 1:
        sums = "; ".join(
            f"{label}: {vn.format_number(counts[label])}"
            for label in OUTCOME_LABELS.values()
            if label in counts
        )
        print(f"{vn.format_number(len(outcomes))} văn bản – {sums}.")
    if built:
        print(recounted_total((one.recounted, one.figures) for one in built))
    if (folder / PAGE).is_file():
        print(f"Sổ theo dõi: {shown(folder / PAGE)}")


def _name(one: Any) -> str:
    """Report, period and the units where they are few enough to say."""
    units = one.names if 1 <= len(one.names) <= 2 else [f"{len(one.units)} đơn vị"]
    return f"{one.report} · {one.period} · {'; '.join(units)}"


def shown(path: Path) -> str:
    """The path as the user would type it from here."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def print_frame(frame: Any, title: str) -> None:
    """A table on a terminal, tab-separated lines otherwise: nothing is cut off where a program reads it."""
    if not sys.stdout.isatty():
        from baocao.writing import format_csv

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
