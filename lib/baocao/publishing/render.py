"""The files of several documents made from their executed notebooks, by the renderer that was chosen."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nbformat import NotebookNode

from baocao.charts import FontChoice
from baocao.publishing import quarto, typst
from baocao.publishing.typst import RenderError


@dataclass
class Rendering:
    """What is to be made of one notebook, and afterwards what came of it.

    targets  the file to be made, by format
    day      the date stamped into them: the last day of the period
    seconds  its share of the time that was taken
    error    why not all of its files were made
    """

    notebook: NotebookNode
    parsed: str
    targets: dict[str, Path]
    day: date
    seconds: float = 0.0
    error: Exception | None = None


def render(renderings: Sequence[Rendering], renderer: str, *, root: Path, font: FontChoice) -> None:
    """Make the files of all; one that fails holds its error and does not keep the others from being made."""
    begun = time.perf_counter()
    if renderer == "quarto":
        for day in dict.fromkeys(one.day for one in renderings):
            _render_together([one for one in renderings if one.day == day], day, root, font)
    else:
        for one in renderings:
            _render_alone(one, root, font)
    for one in renderings:
        one.seconds = (time.perf_counter() - begun) / len(renderings)


def _render_alone(one: Rendering, root: Path, font: FontChoice) -> None:
    try:
        for kind, target in one.targets.items():
            typst.render(one.parsed, target, kind, root=root, font=font, day=one.day)
    except Exception as error:  # noqa: BLE001 (raised again where the document is made)
        one.error = error


def _render_together(renderings: Sequence[Rendering], day: date, root: Path, font: FontChoice) -> None:
    """One call of Quarto for each format: most of a call's time goes into starting it."""
    for kind in dict.fromkeys(kind for one in renderings for kind in one.targets):
        wanted = [one for one in renderings if kind in one.targets and not one.error]
        if not wanted:
            continue
        documents = [(one.notebook, one.targets[kind]) for one in wanted]
        folder = wanted[0].targets[kind].parent.parent  # private, as all that is made in it
        try:
            faults = quarto.render_many(documents, kind, root=root, font=font, day=day, folder=folder)
        except Exception as error:  # noqa: BLE001 (as above)
            for one in wanted:
                one.error = error
            continue
        for one in wanted:
            if one.targets[kind] in faults:
                one.error = RenderError(faults[one.targets[kind]])
