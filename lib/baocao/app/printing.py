"""What the command line shows: outcomes, paths as the user would type them, tables. All of it goes through `say`.

Names of files, headings, units come from others: a terminal obeys control characters, and letters that turn the reading
direction make one name look like another. None of them gets there.
"""

from __future__ import annotations

import json
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

from baocao.definitions import vietnamese as vn

MOST_IN_FULL = 12
"""A run of more documents is told by its sums and by as many of the missing documents."""


def say(line: str, *, error: bool = False) -> None:
    """One line on standard output, or on standard error, with nothing in it that a terminal obeys."""
    print(visible(line), file=sys.stderr if error else sys.stdout, flush=error)


def say_json(text: str) -> None:
    """JSON text of any number of lines; what a terminal would obey is written as JSON writes it, \\u001b."""
    print("".join(json.dumps(one)[1:-1] if _is_obeyed(one) and one != "\n" else one for one in text))


def visible(text: str) -> str:
    """The text as one line on which every letter can be seen: controls, new lines, invisible and turning marks are "�".

    >>> visible("a\\x1b[2Jb\\u202ec\\td\\n")
    'a�[2Jb�c\\td�'
    """
    if text.isprintable():  # true of nearly every line, and much quicker to tell
        return text
    return "".join("�" if _is_obeyed(one) else one for one in text)


def _is_obeyed(letter: str) -> bool:
    return letter != "\t" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def print_outcomes(outcomes: list[Any], folder: Path) -> None:
    """What became of the documents, where they lie, and at the end the sums and the page that lists them all."""
    from baocao.publishing import BUILT, OUTCOME_LABELS, PAGE, UNCHANGED, recounted_total

    built = [one for one in outcomes if one.outcome in (BUILT, UNCHANGED)]
    missing = [one for one in outcomes if one.outcome not in (BUILT, UNCHANGED)]
    told = outcomes if len(outcomes) <= MOST_IN_FULL else missing[:MOST_IN_FULL]
    for one in told:
        took = f" ({vn.format_number(one.seconds, 1)} giây)" if one.seconds else ""
        say(f"{_name(one)}: {OUTCOME_LABELS[one.outcome]}{took}")
        for problem in one.problems:
            say(f"  - {problem}")
        for name in (*one.files, *one.left):
            say(f"  {shown(folder / one.folder / name)}")
    if len(told) < len(missing):
        say(f"… và {vn.format_number(len(missing) - len(told))} văn bản không lập được nữa.")
    counts = Counter(OUTCOME_LABELS[one.outcome] for one in outcomes)
    if len(outcomes) > 1:
        sums = "; ".join(
            f"{label}: {vn.format_number(counts[label])}"
            for label in OUTCOME_LABELS.values()
            if label in counts
        )
        say(f"{vn.format_number(len(outcomes))} văn bản – {sums}.")
    if built:
        say(recounted_total((one.recounted, one.figures) for one in built))
    if (folder / PAGE).is_file():
        say(f"Sổ theo dõi: {shown(folder / PAGE)}")


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

        for line in format_csv(frame, "\t").splitlines():
            say(line)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title)
    for column in frame.columns:
        table.add_column(str(column), overflow="fold")
    for row in frame.fillna("").itertuples(index=False):
        table.add_row(*[Text(visible(str(value))) for value in row])
    Console().print(table)
