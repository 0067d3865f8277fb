"""Tables of a report: numbered caption, the table itself, source line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from baocao.writing import markup
from baocao.writing.claims import Claims
from baocao.writing.markup import Markdown

_STT_SHARE = 0.06
"""How much of the width the other columns leave to the numbers of rows."""


def table(
    claims: Claims,
    *,
    caption: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[int],
    align: str,
    source: str = "",
    small: bool = False,
    marks: Sequence[str | None] = (),
) -> Markdown:
    """A numbered table ("Bảng 1. …"), with its caption above and its source below.

    All texts are Markdown: figures from `claims`, names from `claims.unit`, other data through `markup.escape`.
    `widths` are the columns' shares of the width, `align` has a letter (l, c, r) for each column; `small` sets
    the table in smaller type, for many columns. `marks`, one for each row, puts the column STT first: None is the next
    number, a text stands as it is ("I" of a group, "" of a sum) and the count begins anew. A table without rows says nothing and is refused with a
    ValueError: the memo has to say in words that there is nothing to list.
    """
    if not rows:
        raise ValueError("a table without rows; say in words that there is nothing to list")
    if marks:
        header, widths, align = ["STT", *header], [_STT_SHARE * sum(widths), *widths], f"c{align}"
        rows = [[mark, *row] for mark, row in zip(_row_numbers(claims, marks), rows, strict=True)]
    number = claims.ordinal("Bảng")
    parts = [
        markup.division("chu-thich-bang", f"{number}. {caption}"),
        markup.division("bang nho" if small else "bang", markup.pipe_table(header, rows, widths, align)),
    ]
    if source:
        parts.append(source_line(source))
    return Markdown("\n".join(parts))


def _row_numbers(claims: Claims, marks: Sequence[str | None]) -> Iterator[str]:
    place = 0
    for mark in marks:
        place = place + 1 if mark is None else 0
        yield (f"**{mark}**" if mark else "") if mark is not None else claims.row_number(place)


def source_line(source: str) -> Markdown:
    """The line under a table or chart that says where its figures come from (`source` is Markdown)."""
    return markup.division("nguon", f"Nguồn: {source}")
