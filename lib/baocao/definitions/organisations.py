"""Whom a letter goes to, by date: who exists on its day, and what `@cap-duoi-tinh` and the like stand for then.

Dated rows of `data/reference/organisations.csv`; units that report have their lives in the register of units.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest
from baocao.definitions.files import typed_rows
from baocao.definitions.unit import Unit

_KEY = re.compile(r"@([\w-]+)")


@dataclass(frozen=True)
class Organisation:
    """A body, or several together, as letters call it; with a `key`, what "@key" stands for while it exists.

    `instead`: what a letter of a day on which it does not exist may say in its place.
    """

    key: str
    name: str
    valid_from: date | None
    valid_to: date | None
    instead: str

    def valid_on(self, day: date) -> bool:
        """Whether it exists on the day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def load_organisations(root: Path) -> list[Organisation]:
    """The rows of `organisations.csv` below the project's `root`."""
    return typed_rows(root, "organisations.csv", Organisation)


def address(text: str, organisations: Sequence[Organisation], units: Iterable[Unit], day: date) -> str:
    """An addressee or recipient of a letter of the day: keys in full; a UserError for who does not exist then.

    >>> districts = Organisation("cap-duoi-tinh", "UBND các huyện", None, date(2025, 6, 30), "@cap-duoi-tinh")
    >>> communes = Organisation("cap-duoi-tinh", "UBND các xã, phường", date(2025, 7, 1), None, "")
    >>> [address("Chủ tịch @cap-duoi-tinh", [districts, communes], [], date(2025, month, 1)) for month in (5, 8)]
    ['Chủ tịch UBND các huyện', 'Chủ tịch UBND các xã, phường']
    """

    def resolve(match: re.Match[str]) -> str:
        named = [organisation for organisation in organisations if organisation.key == match[1]]
        if not named:
            keys = sorted({organisation.key for organisation in organisations if organisation.key})
            near = ", ".join(f"@{key}" for key in nearest(match[1], keys)) or "chưa có"
            raise UserError(
                f"«{match[0]}» không có trong data/reference/organisations.csv; gần nhất: {near}."
            )
        name = next((organisation.name for organisation in named if organisation.valid_on(day)), match[0])
        return f"các {name[4:]}" if match.start() and name.startswith("Các ") else name

    written = _KEY.sub(resolve, text)
    _refuse_those_who_are_not(written, organisations, units, day)
    return written


def _refuse_those_who_are_not(
    text: str, organisations: Sequence[Organisation], units: Iterable[Unit], day: date
) -> None:
    """Longer names go first: "UBND các xã, phường" is no mention in "UBND các xã, phường, thị trấn"."""
    lives = [(body.name, body) for body in organisations] + [(unit.official_name, unit) for unit in units]
    by_name: dict[str, list[tuple[str, Organisation | Unit]]] = {}
    for life in lives:
        by_name.setdefault(vn.clean(life[0]).casefold(), []).append(life)
    rest = vn.clean(text).casefold()
    for name in sorted(by_name, key=len, reverse=True):
        if name not in rest:  # more than a thousand names, of which a text holds one or two
            continue
        mention = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        if not mention.search(rest):
            continue
        rest = mention.sub(" ", rest)
        if any(body.valid_on(day) for _, body in by_name[name]):
            continue
        shown, body = by_name[name][-1]
        ended = body.valid_to and body.valid_to < day
        when = (
            f"đã kết thúc ngày {_say(body.valid_to)}" if ended else f"đến ngày {_say(body.valid_from)} mới có"
        )
        instead = getattr(body, "instead", "")
        way = f"ghi «{instead}»" if instead else "ghi cơ quan, đơn vị có trong ngày ấy"
        raise UserError(
            f"«{shown}» {when}, văn bản của tháng {day.month}/{day.year} không gửi đến được; hãy {way}."
        )


def _say(day: date) -> str:
    return vn.format_date(day, style="short")
