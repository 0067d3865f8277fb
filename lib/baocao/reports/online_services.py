"""What only the letter on online services knows: which share units are held to, who has all online, who is praised.

The shares have denominators of their own and are never mixed: of all dossiers, of procedures with online service, of
those that are fully online (toàn trình), and before these classes that of levels 3 and 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from baocao.definitions import OFFICE
from baocao.reports.lists import Ranked, ranked
from baocao.reports.memo import Memo, Purpose, Whose
from baocao.writing import Figure, Number

FILED = ("filed_online", "eligible_online", "full_online_filed", "level_34_filed")
LETTER = Purpose(lambda period, units: None, FILED, "số liệu nộp hồ sơ trực tuyến", also=(OFFICE,))
"""Made where anybody told what was filed online; the office follows it up."""

PLACES = 3
"""How many units of each level are named at either end; all tied with the last one are named too."""


@dataclass(frozen=True, eq=False)
class Letter:
    """The units that the letter names, chosen by its rules."""

    memo: Memo

    @cached_property
    def shares(self) -> list[Figure]:
        """The shares that are defined in the whole period, in the order in which the letter tells them."""
        names = ("online_share", "eligible_online_share", "full_online_share", "level_34_share")
        shares = (self.memo.figures.get(name, self.memo.subject.unit) for name in names)
        return [share for share in shares if share.defined]

    @property
    def units(self) -> tuple[Whose, ...]:
        """The units one by one, or the one that the letter is about."""
        return self.memo.members or (self.memo.subject,)

    @cached_property
    def aimed(self) -> list[Figure]:
        """The shares for which any unit has a target in force."""
        return [share for share in self.shares if any(share.at(unit).target.known for unit in self.units)]

    @property
    def main(self) -> Figure:
        """The share that units are held to: the first with a target in force, else that of all dossiers."""
        return (self.aimed or self.shares)[0]

    @cached_property
    def levels(self) -> list[Ranked]:
        """The units of each level by the main share, against their targets or else the level's common share.

        Departments and communes handle other procedures: they are no competitors.
        """
        groups = self.memo.levels or ((self.memo.subject,) if self.memo.members else ())
        return [
            ranked(self.memo, self.main, group.members, PLACES, within=group, to_target=bool(self.aimed))
            for group in groups
            if group.members
        ]

    @cached_property
    def full(self) -> list[Ranked]:
        """Where any unit has every dossier online: of procedures with online service, then toàn trình; each unit once."""
        lists: list[Ranked] = []
        for share in self._may_be_full():
            told = {unit for found in lists for unit in found.full.units}
            found = ranked(self.memo, share, [unit for unit in self.units if unit not in told])
            lists += [found] if found.full else []
        return lists

    def _may_be_full(self) -> Iterator[Figure]:
        """Of procedures that may be filed online, where these are told apart."""
        of_procedures = [
            share for share in self.shares if share.name in ("eligible_online_share", "full_online_share")
        ]
        yield from of_procedures or self.shares[-1:]

    @cached_property
    def highest(self) -> list[Ranked]:
        """The lists whose highest units are named, where nobody has every dossier online."""
        return (
            []
            if self.full
            else [found for found in self.levels if len(found.eligible) > 1 and found.highest_units]
        )

    @cached_property
    def reached_units(self) -> list[Whose]:
        """The units that have reached their targets."""
        return [unit for found in self.levels if self.aimed for unit in found.reached_units]

    @cached_property
    def named(self) -> list[Whose]:
        """All units that are good at it, each once: with every dossier online, above the others, or at their target.

        Where a target is in force, being above the others is not enough.
        """
        full = [unit for found in self.full for unit in found.full.units]
        highest = [] if self.aimed else [unit for found in self.highest for unit, _ in found.highest_units]
        return list(dict.fromkeys([*full, *highest, *self.reached_units]))

    @cached_property
    def praised(self) -> list[Whose]:
        """Those of them that said that no dossier is pending overdue."""
        overdue = self.memo.figures.get("pending_overdue", self.memo.subject.unit)
        return [unit for unit in self.named if overdue.at(unit).known and not overdue.at(unit)]

    @property
    def behind(self) -> Number | int:
        """How many units lie below their target or common share; 0 where none is known to."""
        return sum(found.behind for found in self.levels if found.behind_units)

    @property
    def reached(self) -> Number | int:
        """How many have reached their target."""
        return sum(found.reached for found in self.levels if self.aimed and found.reached_units)

    @property
    def held(self) -> Number | int:
        """How many units could be held against a target or common share."""
        return sum(found.held for found in self.levels if found.held_units)
