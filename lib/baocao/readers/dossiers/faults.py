"""Faults of dossiers as problems: each with its dossier's number, the first thousand of a kind, the others counted."""

from __future__ import annotations

import re
from collections.abc import Iterable

from baocao.definitions import vietnamese as vn
from baocao.readers.problems import CODES, problem

LISTED = 1000
"""So many faults of one code in one file are listed."""

_HARMLESS = re.compile(r"[0-9/.,: T-]{1,20}")


class Faults:
    """Collects faults, file by file."""

    def __init__(self) -> None:
        self._listed: dict[tuple[str, str], list[dict]] = {}
        self._counts: dict[tuple[str, str], int] = {}

    def room(self, file: str, code: str) -> int:
        """How many more faults of the code are listed for the file."""
        return max(0, LISTED - len(self._listed.get((file, code), ())))

    def add(
        self,
        severity: str,
        code: str,
        message: str,
        *,
        file: str,
        sheet: str,
        row: int,
        column: str = "",
        value: object = "",
        number: str | None = None,
    ) -> None:
        """Lists one fault, while there is room; counts come from `count`.

        message  says of the dossier what is wrong; its number, where there is one, is put before
        """
        if not self.room(file, code):
            return
        if number:
            message = f"Hồ sơ {number[:60]}: {message[:1].lower()}{message[1:]}"
        where = {"file": file, "sheet": sheet, "row": row, "column": column}
        one = problem(severity, code, message, value=shown(value, column), **where)
        self._listed.setdefault((file, code), []).append(one)

    def count(self, file: str, code: str, number: int) -> None:
        """Adds to how many faults of the code the file has in all."""
        self._counts[file, code] = self._counts.get((file, code), 0) + number

    def problems(self) -> Iterable[dict]:
        """All that is listed, and a line for each file and code of which not all is."""
        for (file, code), listed in self._listed.items():
            yield from listed
            if (counted := self._counts.get((file, code), 0)) > len(listed):
                message = (
                    f"{CODES[code]}: tất cả {vn.format_number(counted)} trường hợp trong tệp, chỉ nêu "
                    f"{vn.format_number(len(listed))} trường hợp đầu."
                )
                yield problem(listed[0]["severity"], code, message, file=file)


def shown(value: object, column: str) -> str:
    """The cell as a problem may show it: a date or number of few digits, or a short word of a code.

    What may be a person's particulars, strayed into the column, is not shown: a problem is stored too. Words that
    all begin with a capital may be a name.

    >>> shown("31/02/2025", "received"), shown("Đang chờ", "status"), shown("0912345678", "received")
    ('31/02/2025', 'Đang chờ', '(không hiện, 10 ký tự)')
    >>> shown("Lê Văn Thử", "status")
    '(không hiện, 10 ký tự)'
    """
    text = vn.clean(str(value if value is not None else ""))
    long_number = re.search(r"[0-9]{7}", re.sub(r"[ .-]", "", text)) and not re.search(r"[/:]|\d-\d", text)
    if not text or (_HARMLESS.fullmatch(text) and not long_number):
        return text
    named = " " in text and all(word[0].isupper() for word in text.split())
    word = len(text) <= 40 and not long_number and not named and "@" not in text
    if word and column in ("status", "channel", "return_channel", "level", "digitised"):
        return text
    return f"(không hiện, {len(text)} ký tự)"
