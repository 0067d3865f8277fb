"""Compound files (OLE2), the container of old .xls workbooks and of encrypted new ones: names and streams.

Only what is needed to see what a workbook hides from its reader. Source: [MS-CFB], sections 2.1 to 2.6.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST = 0xFFFFFFFA  # sector numbers from here on are marks, not sectors
_ENTRY = 128


class CompoundFile:
    """The streams of a compound file held in memory; ValueError where its tables lead nowhere (a cut file)."""

    def __init__(self, data: bytes):
        if len(data) < 512 or not data.startswith(SIGNATURE):
            raise ValueError("no compound file")
        self._data = data
        self._sector = 1 << struct.unpack_from("<H", data, 30)[0]
        self._mini_sector = 1 << struct.unpack_from("<H", data, 32)[0]
        if not (self._sector in (512, 4096) and self._mini_sector == 64):
            raise ValueError("sector sizes of a compound file are wrong")
        directory, self._cutoff, mini_table = (struct.unpack_from("<I", data, at)[0] for at in (48, 56, 60))
        self._table = self._read_table()
        self._entries = dict(self._read_entries(self._chain(directory, self._table)))
        self._mini_table = self._numbers(b"".join(self._sectors(mini_table)))
        root = next((entry for entry in self._entries.values() if entry[0] == 5), (5, _LAST, 0))
        self._mini_stream = b"".join(self._sectors(root[1]))

    @property
    def names(self) -> list[str]:
        """The names of all streams and storages, in the order of the directory."""
        return list(self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; KeyError where there is none of this name."""
        _, start, size = self._entries[name]
        if size >= self._cutoff:
            return b"".join(self._sectors(start))[:size]
        places = self._follow(start, self._mini_table)
        wide = self._mini_sector
        return b"".join(self._mini_stream[at * wide : (at + 1) * wide] for at in places)[:size]

    def _read_table(self) -> list[int]:
        """The sector allocation table: which sector follows which."""
        numbers = list(struct.unpack_from("<109I", self._data, 76))
        more, rooms = struct.unpack_from("<I", self._data, 68)[0], self._sector // 4 - 1
        seen: set[int] = set()
        while more < _LAST and more not in seen:
            seen.add(more)
            *further, more = self._numbers(self._one(more))
            numbers += further[:rooms]
        return self._numbers(b"".join(self._one(number) for number in numbers if number < _LAST))

    def _read_entries(self, directory: bytes) -> Iterator[tuple[str, tuple[int, int, int]]]:
        """Name, and kind (1 storage, 2 stream, 5 root), first sector and size of each entry."""
        for at in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            entry = directory[at : at + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            if kind in (1, 2, 5) and 2 <= length <= 64:
                start, size = struct.unpack_from("<II", entry, 116)
                yield entry[: length - 2].decode("utf-16-le", "replace"), (kind, start, size)

    def _chain(self, start: int, table: list[int]) -> bytes:
        return b"".join(self._one(number) for number in self._follow(start, table))

    def _sectors(self, start: int) -> Iterator[bytes]:
        return (self._one(number) for number in self._follow(start, self._table))

    @staticmethod
    def _follow(start: int, table: list[int]) -> Iterator[int]:
        """The sectors of a chain, which must not go in a circle nor out of the table."""
        for _ in range(len(table) + 1):
            if start >= _LAST:
                return
            if start >= len(table):
                break
            yield start
            start = table[start]
        raise ValueError("a chain of sectors is broken")

    def _one(self, number: int) -> bytes:
        at = (number + 1) * self._sector
        if at >= len(self._data):
            raise ValueError("a sector lies behind the end of the file")
        return self._data[at : at + self._sector].ljust(self._sector, b"\0")

    @staticmethod
    def _numbers(data: bytes) -> list[int]:
        return list(struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4]))
