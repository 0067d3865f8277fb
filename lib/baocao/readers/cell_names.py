"""The names of cells and columns, as a spreadsheet shows them."""

from __future__ import annotations

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""


def column_letter(index: int) -> str:
    """The name of a column as the spreadsheet shows it.

    >>> column_letter(0), column_letter(25), column_letter(26), column_letter(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def cell_name(place: Place) -> str:
    """The name of a cell.

    >>> cell_name((6, 2))
    'C7'
    """
    return f"{column_letter(place[1])}{place[0] + 1}"


def place_of(name: bytes) -> Place:
    """Row and column of a cell's name.

    >>> place_of(b"C7"), place_of(b"AB1")
    ((6, 2), (0, 27))
    """
    column, row = 0, 0
    for letter in name.upper():
        if letter >= 65:
            column = column * 26 + letter - 64
        else:
            row = row * 10 + letter - 48
    return row - 1, column - 1
