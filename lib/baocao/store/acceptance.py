"""How a fault in the data that a person accepted says so: a sentence made of the columns of the problem, when it is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from baocao.definitions import vietnamese as vn
from baocao.readers import CODES

USED = "số liệu vẫn dùng như đã ghi"
SUMMED = "tổng các thành phần được dùng thay số đã ghi"
NOT_USED = "không dùng số liệu ở đó"
"""What became of the figure at fault."""

_QUOTES = str.maketrans("«»", "“”")


@dataclass(frozen=True)
class Acceptance:
    """A fault that was accepted.

    fault    the message of the problem
    label    the kind of fault in words
    fate     what became of the figure: `USED`, `SUMMED`, `NOT_USED`; "" where it is not known
    because  the reason given
    """

    fault: str
    label: str
    fate: str
    because: str

    @property
    def message(self) -> str:
        """The whole sentence.

        >>> Acceptance("Tổng khác.", "Tổng", USED, "số đã công bố").message
        'Tổng khác. Lỗi «Tổng» được chấp nhận, số liệu vẫn dùng như đã ghi: «số đã công bố».'
        """
        fate = f", {self.fate}" if self.fate else ""
        return f"{self.fault} Lỗi «{self.label}» được chấp nhận{fate}: «{clean_reason(self.because)}»."


def find_acceptance(row: Mapping[str, Any]) -> Acceptance | None:
    """The acceptance of a problem (a row of `PROBLEM_COLUMNS`); None for a fault that nobody accepted."""
    if not row["accepted_because"]:
        return None
    return Acceptance(row["message"], CODES[row["code"]], row["fate"], row["accepted_because"])


def sentence_of(row: Mapping[str, Any]) -> str:
    """What is printed of a problem: its message, with the acceptance where it was accepted."""
    accepted = find_acceptance(row)
    return accepted.message if accepted else row["message"]


def clean_reason(because: str) -> str:
    """The reason as it is kept and printed: one line, without guillemets (which enclose it) and formula signs.

    >>> clean_reason("=theo công văn «12»,\\n đã ký. ")
    'theo công văn “12”, đã ký'
    """
    return vn.clean(because).translate(_QUOTES).lstrip("=+-@＝＋－＠ ").rstrip(". ")
