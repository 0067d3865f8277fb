"""What was decreed to be reached: the dated rows of `data/reference/targets.csv`, each with its legal source."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from baocao.definitions.errors import UserError
from baocao.definitions.files import typed_rows
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
    targets = typed_rows(root, "targets.csv", Target)
    for line, target in enumerate(targets, start=2):
        if target.comparison not in _COMPARISONS:
            raise UserError(f"targets.csv dòng {line}: comparison là «{target.comparison}», cần >= hoặc <=.")
    return targets
