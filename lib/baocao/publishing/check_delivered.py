"""Is what lies in a folder of results what its ledger lists: each file as it was delivered, and nothing else?

The ledger stands in the folder, one or two folders above it (a month, a document), or below it. Documents without a ledger
are held to the notebooks beside them, which cannot tell that a file is missing or a stranger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from baocao.definitions import Period, UserError
from baocao.publishing import folders, notebooks
from baocao.publishing.check_claims import Fault
from baocao.publishing.context import BuildContext
from baocao.publishing.deliver import verify_folder
from baocao.publishing.finished_text import READERS
from baocao.publishing.ledger import NAME, read_ledger
from baocao.publishing.ledger_page import PAGE
from baocao.publishing.outcomes import (
    BUILT,
    KEPT,
    LEDGER_FILES,
    NO_DATA,
    OUTCOME_LABELS,
    UNCHANGED,
    Recounted,
)

_BUILT = (BUILT, UNCHANGED, KEPT)

Line = Mapping[str, Any]
"""A line of the ledger, as `read_ledger` gives it."""


def verify_place(
    place: Path, context: BuildContext
) -> tuple[dict[Path, list[Fault]], list[Path], list[Recounted]]:
    """The faults of each file below the absolute path `place`, [] for a sound one; the documents without a ledger; of
    each document read how many of its figures were recounted and printed (`verify_folder`).
    """
    ledgers = _ledgers(place)
    scopes = [out if out.is_relative_to(place) else place for out in ledgers]
    lines = {
        folder: line
        for out, scope in zip(ledgers, scopes, strict=True)
        for line in read_ledger(out)
        if (folder := out / line["folder"]).is_relative_to(scope)
    }
    faults: dict[Path, list[Fault]] = defaultdict(list)
    for folder, line in lines.items():
        for path, sentence in _check_line(folder, line, context):
            faults[path].append(Fault(sentence))
    ours = {*ledgers, *lines, *(out / name for out in ledgers for name in (*LEDGER_FILES, PAGE))}
    for path in (path for scope in scopes if scope not in lines for path in _strangers(scope, ours)):
        kind = "Thư mục" if path.is_dir() else "Tệp"
        sentence = f"{kind} này không có trong sổ theo dõi {NAME}; hãy chuyển ra ngoài thư mục kết quả."
        faults[path].append(Fault(sentence))
    others = [folder for folder in folders.delivered(place) if folder not in lines]
    built = [folder for folder, line in lines.items() if line["outcome"] in _BUILT]
    counts: list[Recounted] = []
    for folder in (*built, *others):
        found_here, counted = verify_folder(folder, context)
        counts += counted
        for name, found in found_here.items():
            faults[folder / name] += found
    without = [folder for folder in others if not any(folder.is_relative_to(scope) for scope in scopes)]
    for path in (path for folder in without for path in folder.iterdir()):
        if path.suffix[1:] in READERS and not path.with_suffix(".ipynb").is_file():
            faults[path].append(Fault(f"Không có sổ tính «{path.stem}.ipynb» nằm cạnh để đối chiếu."))
    return {path: faults[path] for path in sorted(faults)}, without, counts


def _ledgers(place: Path) -> list[Path]:
    """The folders with a ledger that tells of what lies below `place`."""
    above = (
        folder
        for folder in (place, *place.parents[:2])
        if any((folder / name).is_file() for name in LEDGER_FILES)
    )
    below = {path.parent for name in LEDGER_FILES for path in place.rglob(name)}
    return sorted({*below, *list(above)[:1]})


def _check_line(folder: Path, line: Line, context: BuildContext) -> Iterator[tuple[Path, str]]:
    """By path: how a document that the ledger lists is not as it was delivered."""
    outcome, about = line["outcome"], _say(line["report"], line["period"], line["names"] or line["units"])
    again = "lập lại bằng «baocao build»"
    if outcome in _BUILT and not folder.is_dir():
        yield (
            folder,
            (
                f"Thiếu văn bản {about}: sổ theo dõi ghi đã lập, thư mục không có; hãy lấy lại hoặc {again}. "
                "Nếu chỉ chép một phần thì kiểm riêng từng thư mục văn bản."
            ),
        )
        return
    is_failed = outcome not in (*_BUILT, NO_DATA)
    if is_failed:
        label = OUTCOME_LABELS.get(outcome, outcome)
        yield folder, f"Không có văn bản {about}: {label}; hãy sửa lỗi rồi {again}."
    if outcome == KEPT:
        yield folder, f"Văn bản {about} là bản cũ: lần lập mới bị từ chối; hãy sửa lỗi rồi {again}."
    stranger = f"Tệp lạ: sổ theo dõi không ghi tệp này cho văn bản {about}; hãy chuyển ra ngoài."
    for path in folders.strays(line, folder):
        yield path, stranger
    for name, wanted, got in folders.touched(line, folder):
        if wanted is None:
            sentence = stranger
        elif is_failed:
            continue  # its notice
        elif got is None:
            sentence = f"Thiếu tệp này của văn bản {about}; hãy lấy lại hoặc {again}."
        else:
            sums = f"SHA-256 là {got[:12]}…, sổ theo dõi ghi {wanted[:12]}…"
            sentence = f"Tệp của văn bản {about} đã bị sửa sau khi lập: {sums}; hãy {again}."
        yield folder / name, sentence
    notebook = folder / f"{line.get('stem') or line['report']}.ipynb"
    subject = _subject(notebook, context) if outcome in _BUILT else None
    if subject and subject[:2] != (line["period"], line["units"]):
        yield (
            notebook,
            f"Sổ tính là của văn bản {_say(line['report'], *subject[::2])}; sổ theo dõi ghi {about}.",
        )


def _subject(path: Path, context: BuildContext) -> tuple[str, list[str], list[str]] | None:
    """What a notebook was run for: period, codes and names of the units; None for one that cannot be read, told elsewhere."""
    try:
        given = notebooks.parameters_of_run(notebooks.read_notebook(path))
        period = Period.parse(given["period"])
        units = context.register.expand(list(given["units"]), period.end)
    except (UserError, KeyError, ValueError):
        return None
    return period.code, [unit.code for unit in units], [unit.official_name for unit in units]


def _say(report: str, period: str, names: list[str]) -> str:
    units = "; ".join(names) if len(names) <= 2 else f"{len(names)} đơn vị"
    return f"{report}, {Period.parse(period).name}, {units}"


def _strangers(folder: Path, ours: Collection[Path]) -> Iterator[Path]:
    """What lies below a folder, is none of `ours` and leads to none of them."""
    for path in sorted(folder.iterdir()):
        if path in ours or path.name in folders.LITTER or path.name.startswith(folders.PRIVATE):
            continue
        if path.is_dir() and any(path in one.parents for one in ours):
            yield from _strangers(path, ours)
        else:
            yield path
