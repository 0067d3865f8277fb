"""How a fault in the data that a person accepted says so: the words at the end of its message.

The list of problems has one shape for all; who accepted a fault, and why, stands in the message itself. Those who
print it (the terminal, the page, a report's annex) take it apart again here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from baocao.definitions import vietnamese as vn

USED = "số liệu vẫn dùng như đã ghi"
NOT_USED = "không dùng số liệu ở đó"
FATES = (USED, NOT_USED)
"""What became of the figures at fault."""

_ENDING = re.compile(
    r" Lỗi «(?P<label>[^«»]*)» được chấp nhận(?:, (?P<fate>"
    + "|".join(FATES)
    + r"))?: «(?P<because>[^«»]*)»\.$"
)
_QUOTES = str.maketrans("«»", "“”")


@dataclass(frozen=True)
class Acceptance:
    """A fault that was accepted.

    fault    the message without the acceptance
    label    the kind of fault in words
    fate     one of `FATES`; "" where it is not known
    because  the reason given
    """

    fault: str
    label: str
    fate: str
    because: str

    @property
    def message(self) -> str:
        """The whole message.

        >>> Acceptance("Tổng khác.", "Tổng", USED, "số đã công bố").message
        'Tổng khác. Lỗi «Tổng» được chấp nhận, số liệu vẫn dùng như đã ghi: «số đã công bố».'
        """
        fate = f", {self.fate}" if self.fate else ""
        return f"{self.fault} Lỗi «{self.label}» được chấp nhận{fate}: «{clean_reason(self.because)}»."


def find_acceptance(message: str) -> Acceptance | None:
    """What the end of a message says of its acceptance; None for a fault that nobody accepted.

    >>> find_acceptance("Tổng khác. Lỗi «Tổng» được chấp nhận: «số đã công bố».").because
    'số đã công bố'
    """
    found = _ENDING.search(message)
    if not found:
        return None
    return Acceptance(message[: found.start()], found["label"], found["fate"] or "", found["because"])


def clean_reason(because: str) -> str:
    """The reason as it is kept and printed: one line, without guillemets (which enclose it) and formula signs.

    >>> clean_reason("=theo công văn «12»,\\n đã ký. ")
    'theo công văn “12”, đã ký'
    """
    return vn.clean(because).translate(_QUOTES).lstrip("=+-@＝＋－＠ ").rstrip(". ")
