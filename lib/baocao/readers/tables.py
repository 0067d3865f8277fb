"""The kinds of tables that are read, each told by its headings: one entry for a kind, its reader a module of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from baocao.readers.ii06.read import read_ii06, recognise_ii06
from baocao.readers.own_forms import read_counts, read_scores, recognise_own
from baocao.readers.portal.read_table import read_portal_table, recognise_portal_table
from baocao.readers.public_post import read_public_post, recognise_public_post
from baocao.readers.reading_result import Reading
from baocao.readers.workbook import Book

READERS: dict[str, Callable[..., Reading]] = {
    "ii06": read_ii06,
    "counts": read_counts,
    "scores": read_scores,
    "portal": read_portal_table,
    "public_post": read_public_post,
}
"""By form: book, register, measures, source; by name `root`, and what the user says: `period`, `as_of`."""


def recognise_table(book: Book, root: Path) -> str:
    """The form of a book's tables, told by their headings; "" for none of them."""
    if recognise_ii06(book, root):
        return "ii06"
    if form := recognise_own(book, root):
        return form
    kinds = {"public_post": recognise_public_post, "portal": recognise_portal_table}
    return next((form for form, recognise in kinds.items() if recognise(book, root)), "")
