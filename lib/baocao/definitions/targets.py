"""What was decreed to be reached: the dated rows of `data/reference/targets.csv`, each with its legal source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError
from baocao.definitions.files import reference_rows
from baocao.definitions.periods import Period

_COMPARISONS = (">=", "<=")


@dataclass(frozen=True)
class Target:
    """A level that an indicator must reach: at least (`>=`) or at most (`<=`) `target` %, for units of `scope`."""

    indicator: str
    scope: str
    target: Decimal
    comparison: str
    valid_from: date | None
    valid_to: date | None
    legal_source: str

    def in_force(self, period: Period) -> bool:
        """Whether the target holds for the whole period."""
        return (self.valid_from is None or self.valid_from <= period.start) and (
            self.valid_to is None or period.end <= self.valid_to
        )


def load_targets(root: Path) -> list[Target]:
    """The targets of all times; a UserError names the row that is wrong."""
    rows = reference_rows(root, "targets.csv")
    return [_read_target(row, line) for line, row in enumerate(rows, start=2)]


def _read_target(row: dict[str, str], line: int) -> Target:
    try:
        valid_from, valid_to = (
            vn.parse_date(row[name]) if row[name] else None for name in ("valid_from", "valid_to")
        )
        # A reference file's decimal mark is a dot; a target is a rate, so a dot never groups thousands in it.
        target = vn.parse_number(row["target"].replace(".", ","))
    except ValueError as error:
        raise UserError(f"targets.csv dòng {line}: {error}") from None
    if row["comparison"] not in _COMPARISONS:
        raise UserError(f"targets.csv dòng {line}: comparison là «{row['comparison']}», cần >= hoặc <=.")
    return Target(
        row["indicator"], row["scope"], target, row["comparison"], valid_from, valid_to, row["legal_source"]
    )
