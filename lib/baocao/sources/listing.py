"""The list of files as received, `data/raw/SOURCES.csv`: what is read, whose it is, and whether it was altered."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath

from baocao import vn
from baocao.sources.csv_text import read_table
from baocao.sources.problems import problem

RAW = PurePosixPath("data/raw")
LISTING = "SOURCES.csv"
FORMS = ("counts", "scores")
SOURCES = ("received", "published")
"""What a file in data/raw may be: received from the office that keeps the figures, or copied from a publication."""

_HEADER = ("file", "form", "source", "issuer", "received", "sha256", "note")


@dataclass(frozen=True)
class ReceivedFile:
    """One file of the list: where it lies, in which form it is, and the source its facts carry."""

    path: Path
    name: str
    form: str
    source: str


def read_listing(root: Path) -> tuple[list[ReceivedFile], list[dict]]:
    """The files to read, in the order listed, and the problems of the list.

    A file that is not there, or whose row is wrong, is not read. One whose content is not what was registered is
    read, with an error: no report is made from it until the list or the file is put right.
    """
    folder = root / RAW
    label = str(RAW / LISTING)
    if not (folder / LISTING).is_file():
        return [], [problem("error", "Thiếu danh sách tệp nguồn, không đọc được tệp nào.", file=label)]
    table, found = read_table(folder / LISTING, _HEADER, label)
    files: list[ReceivedFile] = []
    listed: dict[str, int] = {}
    for at, row in enumerate(table.rows.tolist()):
        cells = {column: table[column][at] for column in _HEADER}
        faults = list(_faults(cells, folder, listed))
        found += [
            problem("error", message, file=label, row=row, column=column, value=cells[column])
            for column, message in faults
        ]
        listed.setdefault(cells["file"], row)
        if all(column in ("sha256", "received") for column, _ in faults):
            name = str(RAW / cells["file"])
            files.append(ReceivedFile(folder / cells["file"], name, cells["form"], cells["source"]))
    for name in unlisted_files(root, listed):
        message = f"Tệp không có trong {LISTING} nên không được đọc; hãy thêm một dòng hoặc chuyển tệp đi."
        found.append(problem("warning", message, file=str(RAW / name)))
    return files, found


def unlisted_files(root: Path, listed: dict[str, int]) -> list[str]:
    """Files below data/raw that the list does not name: README and hidden files apart."""
    folder = root / RAW
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    plain = [name for name in names if not PurePosixPath(name).name.startswith((".", "README"))]
    return [name for name in plain if name not in listed and name != LISTING]


def file_hash(path: Path) -> str:
    """The file's SHA-256, as the list registers it."""
    with path.open("rb") as stream:
        digest = sha256()
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _faults(cells: dict[str, str], folder: Path, listed: dict[str, int]) -> list[tuple[str, str]]:
    """The columns of a row that are wrong, each with its sentence."""
    faults = []
    for column, choices in (("form", FORMS), ("source", SOURCES)):
        if cells[column] not in choices:
            faults.append((column, f"Giá trị không hợp lệ, cần một trong: {', '.join(choices)}."))
    if cells["received"]:
        try:
            vn.parse_date(cells["received"])
        except ValueError as error:
            faults.append(("received", str(error)))
    name = PurePosixPath(cells["file"].replace("\\", "/"))
    if cells["file"] in listed:
        faults.append(("file", f"Tệp đã có ở dòng {listed[cells['file']]}; hãy bỏ một dòng."))
    elif not cells["file"] or name.is_absolute() or ".." in name.parts or ":" in cells["file"]:
        faults.append(("file", "Đường dẫn phải nằm trong data/raw, không có «..»."))
    elif not (folder / name).is_file():
        faults.append(("file", "Không có tệp này trong data/raw."))
    elif file_hash(folder / name) != cells["sha256"].lower():
        actual = file_hash(folder / name)
        faults.append(
            ("sha256", f"Nội dung tệp {name} không khớp mã đã ghi; nếu tệp đúng, hãy sửa mã thành {actual}.")
        )
    return faults
