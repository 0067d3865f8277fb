"""Is the finished file what the notebook says, word for word? The last gate before delivery.

The expected text is the letter's form plus the notebook's blocks in their order; the finished text is read back
from the PDF or HTML. Every difference is a fault: a changed digit, a missing row, a figure added by a template,
text that ran off the page.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from baocao.publishing.check_claims import Fault
from baocao.publishing.document_blocks import Block, Source
from baocao.publishing.finished_text import Finished, Row, readable, squeeze
from baocao.writing import SAMPLE_MARK

_MOST_FAULTS = 20
_CONTEXT = 60


@dataclass(frozen=True)
class _Expected:
    """A block's squeezed text, and how it reads."""

    text: str
    sentence: str
    block: Block


def check_finished(source: Source, finished: Finished, record: dict) -> list[Fault]:
    """All differences between a finished file and the document it was made from."""
    faults = [Fault(message) for message in finished.faults]
    if squeeze(finished.title) != squeeze(source.title):
        faults.append(Fault(f"Tiêu đề của tệp là «{finished.title}», phải là «{source.title}»."))
    if finished.kind == "pdf":
        return faults + _check_pdf(source, finished)
    return faults + _check_html(source, finished, record)


def _check_pdf(source: Source, finished: Finished) -> list[Fault]:
    expected = [_expected(block) for block in source.printed]
    notes = [_expected(block) for block in source.notes]
    bodies: list[str] = []
    faults: list[Fault] = []
    for page in finished.pages:
        body = page.body
        while notes and (found := next((note for note in notes if body.endswith(note.text)), None)):
            body = body[: -len(found.text)]
            notes.remove(found)
        bodies.append(body)
    faults += [Fault("Chú thích cuối trang không có trong bản PDF.", note.sentence) for note in notes]
    faults += _check_margins(source, finished, bodies)
    return faults + _compare(expected, bodies)


def _check_margins(source: Source, finished: Finished, bodies: list[str]) -> list[Fault]:
    """The page number on every page but the first of the letter and of each annex, and the sample mark."""
    annexes = [squeeze(block.text) for block in source.printed if block.kind == "annex"]
    mark = squeeze(SAMPLE_MARK) if source.is_sample else ""
    faults: list[Fault] = []
    number = 0
    for place, (page, body) in enumerate(zip(finished.pages, bodies, strict=True), 1):
        starts_annex = bool(annexes) and body.startswith(annexes[0]) and place > 1
        if starts_annex:
            annexes.pop(0)
        number = 1 if starts_annex else number + 1
        wanted = (str(number) if number > 1 else "") + mark
        if page.top != wanted:
            faults.append(Fault(f"Lề trên trang {place} in «{page.top}», phải là «{wanted}»."))
    return faults


def _check_html(source: Source, finished: Finished, record: dict) -> list[Fault]:
    expected = [_expected(block) for block in [*source.printed, *source.notes]]
    if source.is_sample:
        expected.insert(0, _Expected(squeeze(SAMPLE_MARK), SAMPLE_MARK, Block(())))
    rows = _check_tables(source, finished)
    faults = [*rows.values()][:_MOST_FAULTS] + _compare(expected, [finished.pages[0].body], rows)
    wanted = [
        (piece.ref, squeeze(block.printed(piece)), piece.explanation)
        for block in [*source.body, *source.annexes, *source.notes]
        for piece in block.pieces
        if piece.role == "so-lieu"
    ]
    if len(finished.figures) != len(wanted):
        faults.append(Fault(f"Trang có {len(finished.figures)} con số có giải thích, phải có {len(wanted)}."))
    else:
        is_text_same = not faults  # else a figure with another text is told already
        for got, want in zip(finished.figures, wanted, strict=True):
            if got != want and (is_text_same or got[1] == want[1]):
                faults.append(
                    Fault(f"Con số «{got[1]}» dẫn {got[0]} «{got[2]}», phải là {want[0]} «{want[2]}».")
                )
    alternatives = [block.alternative for block in source.printed if block.kind == "chart"]
    for got, want in zip_longest(finished.alternatives, alternatives, fillvalue=""):
        if got != want:
            faults.append(Fault(f"Văn bản thay thế của hình là «{got}», phải là «{want}»."))
    return faults


def _check_tables(source: Source, finished: Finished) -> dict[int, Fault]:
    """A fault for each table row that is missing or whose cells differ, by the `id` of its block."""
    faults: dict[int, Fault] = {}
    rows = [block for block in source.printed if block.kind == "row"]
    for table, group in groupby(rows, key=lambda block: block.table):
        blocks = list(group)
        wanted = [tuple(map(readable, block.cells)) for block in blocks]
        got = _pair(wanted, finished.tables[table - 1] if table <= len(finished.tables) else ())
        header = wanted[0] if blocks[0].is_header else ()
        for block, cells, row in zip(blocks, wanted, got, strict=True):
            where = f"Bảng thứ {table}, hàng «{_heading(cells)}»"
            if row is None:
                faults[id(block)] = Fault(f"{where}: không có hàng này trong tệp.", " | ".join(cells))
            elif differences := _different_cells(cells, row, header):
                faults[id(block)] = Fault(f"{where}: {'; '.join(differences)}.")
    return faults


def _pair(wanted: Sequence[Row], got: Sequence[Row]) -> list[Row | None]:
    """The finished row for each wanted one: by place, or, where rows are missing or new, by what they are called."""
    if len(wanted) == len(got):
        return list(got)
    pairs: list[Row | None] = []
    rest = list(got)
    for cells in wanted:
        place = next((at for at, row in enumerate(rest) if _heading(row) == _heading(cells)), None)
        pairs.append(None if place is None else rest[place])
        rest = rest if place is None else rest[place + 1 :]
    return pairs


def _heading(cells: Row) -> str:
    """The first cell of a row that has letters: the number before it, Roman too, tells little."""
    named = (cell for cell in cells if any(letter.isalpha() for letter in cell) and set(cell) - set("IVXLC"))
    return next(named, " ".join(cells).strip())


def _different_cells(wanted: Row, got: Row, header: Row) -> list[str]:
    """For each cell that differs: its column, what must stand there, what does."""
    differences = []
    for place, (want, have) in enumerate(zip_longest(wanted, got)):
        if want is None or have is None or squeeze(want) != squeeze(have):
            column = f"«{header[place]}»" if any(header[place : place + 1]) else f"thứ {place + 1}"
            differences.append(f"cột {column} phải là {_say(want)}, trong tệp là {_say(have)}")
    return differences


def _say(cell: str | None) -> str:
    if cell is None:
        return "không có ô"
    return f"«{cell}»" if cell else "ô trống"


def _expected(block: Block) -> _Expected:
    sentence = f"{block.marker} {block.text}"
    return _Expected(squeeze(sentence), " ".join(sentence.split()), block)


def _compare(expected: list[_Expected], bodies: list[str], told: Container[int] = ()) -> list[Fault]:
    """Walk the finished text and the blocks side by side; after a difference, go on at the next block found.

    Blocks `told` of already, by their `id`, are passed over in silence.
    """
    text = "".join(bodies)
    page_starts = {0}
    for body in bodies:
        page_starts.add(max(page_starts) + len(body))
    headers = {
        block.block.table: "".join(
            other.text
            for other in expected
            if other.block.table == block.block.table and other.block.is_header
        )
        for block in expected
        if block.block.table
    }
    faults: list[Fault] = []
    place = 0
    index = 0
    while index < len(expected) and len(faults) < _MOST_FAULTS:
        item = expected[index]
        header = headers.get(item.block.table, "") if not item.block.is_header else ""
        if header and place in page_starts and text.startswith(header, place):
            place += len(header)
        if text.startswith(item.text, place):
            place += len(item.text)
            index += 1
            continue
        resumed, index_after = _resume(expected, index, text, place)
        if id(item.block) not in told:
            faults.append(Fault("Bản in khác báo cáo gốc.", _difference(item, text, place)))
        for missing in expected[index + 1 : index_after]:
            if id(missing.block) not in told:
                faults.append(
                    Fault("Đoạn sau của báo cáo không còn nguyên văn trong bản in.", missing.sentence)
                )
        place, index = resumed, index_after
    if place < len(text) and len(faults) < _MOST_FAULTS:
        faults.append(
            Fault("Bản in có phần chữ không do báo cáo viết ra.", text[place : place + 3 * _CONTEXT])
        )
    return faults


def _resume(expected: list[_Expected], index: int, text: str, place: int) -> tuple[int, int]:
    """Where the comparison can go on: the first later block that still stands in the rest of the text."""
    for later in range(index + 1, len(expected)):
        if len(expected[later].text) < 4:
            continue
        found = text.find(expected[later].text, place)
        if found >= 0:
            return found, later
    return len(text), len(expected)


def _difference(item: _Expected, text: str, place: int) -> str:
    """The sentence as it should read, and what stands in the file from the first differing character on."""
    length = next(
        (at for at, (got, want) in enumerate(zip(text[place:], item.text, strict=False)) if got != want),
        min(len(item.text), len(text) - place),
    )
    start = max(0, length - _CONTEXT // 2)
    got = text[place + start : place + length + _CONTEXT]
    sentence = item.sentence
    if len(sentence) > 4 * _CONTEXT:
        cut = int(length / max(1, len(item.text)) * len(sentence))
        sentence = "…" + sentence[max(0, cut - 2 * _CONTEXT) : cut + 2 * _CONTEXT] + "…"
    return f"{sentence}» – trong tệp: «…{got}…"
