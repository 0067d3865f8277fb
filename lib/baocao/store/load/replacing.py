"""Whether a new file repeats, corrects or contradicts files that were loaded before."""

from __future__ import annotations

from collections.abc import Sequence

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest
from baocao.readers.problems import problem
from baocao.readers.reading_result import Reading
from baocao.store.listing import RAW, ReceivedFile
from baocao.store.load.candidates import Candidate
from baocao.store.vintages import KEYS, compare_facts


def find_replaced(
    fresh: Candidate, earlier: Sequence[tuple[ReceivedFile, Reading]], asked: Sequence[str]
) -> tuple[tuple[str, ...], list[dict]]:
    """The earlier files that the fresh one replaces (names in the list), and the problems of those it contradicts.

    A file that states every fact of an earlier one replaces it. One that states some of them otherwise replaces it
    only when asked to: nobody can tell a correction from a mistake.
    """
    replaced, found = [], []
    for file, reading in earlier:
        if file.source != fresh.file.source:
            continue
        pairs = [compare_facts(getattr(fresh.reading, name), getattr(reading, name), name) for name in KEYS]
        common, other, missing = (sum(pair[at] for pair in pairs) for at in range(3))
        name = file.name.removeprefix(f"{RAW}/")
        wanted = name in asked
        if not common:
            continue
        if wanted or not missing:
            replaced.append(name)
            fresh.said.append(
                f"thay thế {name}: {vn.format_number(other)} số khác trước, "
                f"{vn.format_number(common - other)} số như trước"
                + (
                    f", {vn.format_number(missing)} số không có trong tệp mới vẫn dùng như cũ"
                    if missing
                    else ""
                )
            )
        elif other:
            message = (
                f"Tệp nói khác {vn.format_number(other)} số của tệp đã nạp «{name}», là tệp còn có "
                f"{vn.format_number(missing)} số khác; nếu tệp mới là bản sửa, hãy nạp với --supersedes «{name}»."
            )
            found.append(problem("error", "mau-thuan-tep", message, file=fresh.file.name))
    return tuple(replaced), found


def check_asked(asked: Sequence[str], earlier: Sequence[tuple[ReceivedFile, Reading]]) -> None:
    """UserError where a file to be replaced is not in the list."""
    known = [file.name.removeprefix(f"{RAW}/") for file, _ in earlier]
    for name in asked:
        if name not in known:
            near = ", ".join(nearest(name, known)) or "danh sách trống"
            raise UserError(f"--supersedes: không có tệp «{name}» trong SOURCES.csv; gần nhất: {near}.")
