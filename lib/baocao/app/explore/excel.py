"""The tables of an exploration as an Excel workbook in `reports/build/`, with the source of its figures."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from baocao.definitions.errors import UserError
from baocao.definitions.indicators import INDICATORS
from baocao.reports.setting import Setting
from baocao.writing.claim import SOURCE_LABELS
from baocao.writing.excel import Origin, write_workbook

FOLDER = Path("reports") / "build"


def write_excel(desk: Setting, name: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Write the tables, a sheet each, to the file `name` in `reports/build/`; return its path from the project's root.

    The last sheet says period, units, sources, the facts' fingerprint and how each rate is made. A table without a
    column `Nguồn` counts as made from every source there is: rather one sample mark too many than one too few.
    """
    if Path(name).name != name or not name.endswith(".xlsx") or not tables:
        raise UserError(
            f"Cần một tên tệp dạng «bang.xlsx», không kèm thư mục, và ít nhất một bảng; nhận được «{name}» "
            f"và {len(tables)} bảng."
        )
    told = {label for table in tables.values() if "Chỉ số" in table for label in table["Chỉ số"].unique()}
    notes = [
        (one.label, f"{one.formula}. Phạm vi: {one.scope}. Căn cứ: {one.source}.")
        for one in INDICATORS
        if one.label in told
    ]
    origin = Origin(
        period=f"{desk.period.name} ({desk.period.window_text})",
        scope="; ".join(unit.official_name for unit in desk.units),
        sources=_sources(desk, tables),
        fingerprint=desk.facts.fingerprint,
        notes=tuple(notes),
    )
    write_workbook(desk.root / FOLDER / name, tables, origin)
    return (FOLDER / name).as_posix()


def _sources(desk: Setting, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    every = {*desk.facts.counts["source"], *desk.facts.scores["source"]}
    found: set[str] = set()
    for table in tables.values():
        texts = set(table["Nguồn"].dropna()) if "Nguồn" in table else None
        named = {source for source, label in SOURCE_LABELS.items() for text in texts or () if label in text}
        found |= every if texts is None else named
    return tuple(source for source in SOURCE_LABELS if source in found)
