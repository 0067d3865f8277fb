"""Which errors of the facts keep a document from being made.

A figure at fault is left out of the facts. Another unit's document goes without it, and says that it is missing
where it ranks or sums up; the documents whose own figure it is are not made.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from baocao.definitions import LEAF_KINDS, Register, Unit
from baocao.writing import list_lines


def errors_of(problems: pd.DataFrame, units: Sequence[Unit], register: Register, day: date) -> pd.DataFrame:
    """The errors among the problems that keep the document of `units` in a period that ends on `day` from being made.

    All of them for a document of several units or of a group of units. For one of a single unit that handles
    dossiers itself: those of that unit, of the units it was made of, of groups, and those of which it is not known
    whose figure is at fault.
    """
    errors = problems[problems["severity"] == "error"]
    if errors.empty or len(units) != 1 or units[0].kind not in LEAF_KINDS:
        return errors
    own = {units[0].code}
    while found := {edge.old_code for code in own for edge in register.predecessors(code, day)} - own:
        own |= found
    others = {unit.code for unit in register.units if unit.kind in LEAF_KINDS} - own
    return errors[~errors["unit"].isin(others)]


def sentences(errors: pd.DataFrame) -> list[str]:
    """The first of the errors, each with its file and place in it."""
    lines = list_lines(errors)[:20]
    return [f"{', '.join(part for part in (one.file, one.place) if part)}: {one.message}" for one in lines]
