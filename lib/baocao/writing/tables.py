"""Tables of a report: numbered caption, the table itself, source line."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.writing import markup
from baocao.writing.claims import Claims
from baocao.writing.markup import Markdown


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
) -> Markdown:
    """A numbered table ("Bảng 1. …"), with its caption above and its source below.

    All texts are Markdown: figures from `claims`, names from `claims.unit`, other data through `markup.escape`.
    `widths` are the columns' shares of the width, `align` has a letter (l, c, r) for each column; `small` sets
    the table in smaller type, for many columns. A table without rows says nothing and is refused with a
    ValueError: the memo has to say in words that there is nothing to list.
    """
    if not rows:
        raise ValueError("a table without rows; say in words that there is nothing to list")
    number = claims.ordinal("Bảng")
    parts = [
        markup.division("chu-thich-bang", f"{number}. {caption}"),
        markup.division("bang nho" if small else "bang", markup.pipe_table(header, rows, widths, align)),
    ]
    if source:
        parts.append(source_line(source))
    return Markdown("\n".join(parts))


def source_line(source: str) -> Markdown:
    """The line under a table or chart that says where its figures come from (`source` is Markdown)."""
    return markup.division("nguon", f"Nguồn: {source}")
