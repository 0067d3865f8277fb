"""The files that a `baocao load` was given: which of them are new, of what form, under which name they will be kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from baocao.definitions import Period, UserError, file_hash, nearest
from baocao.definitions import vietnamese as vn
from baocao.readers import CODES, Reading
from baocao.store.accepted import reason_fault
from baocao.store.listing import ACCEPTED, LISTING, RAW, SOURCES, ReceivedFile

_OF_SYSTEMS = re.compile(
    r"desktop\.ini|(eh)?thumbs(_vista)?\.db|__macosx|icon\r|\$recycle\.bin|system volume information|lost\+found|[.~].*|.*\.(tmp|lnk|url)",
    re.IGNORECASE,
)
"""Files and folders that Windows, macOS and office programs leave beside those of people: none of them is a form."""
_NOT_IN_NAMES = re.compile(r"[^\w.() -]+")


@dataclass
class Candidate:
    """One file to be kept in data/raw, and what it says.

    file     as the list will name it; its `path` is where it lies now
    shown    what the user called it
    reading  its facts and problems
    tables   its reference rows, a reading for each file of data/reference that they go to
    said     what is told of it: replaced files and the like
    """

    file: ReceivedFile
    shown: str
    reading: Reading
    tables: list[Reading] = field(default_factory=list)
    issuer: str = ""
    note: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """What the file is and how much it says, in words."""
        counts, scores = self.reading.counts, self.reading.scores
        parts = [FORM_LABELS[self.file.form]]
        if len(counts):
            first, last = (
                vn.format_date(day, "short")
                for day in (counts["period_start"].min(), counts["period_end"].max())
            )
            parts.append(
                f"{vn.format_number(len(counts))} số đếm của {vn.format_number(counts['unit'].nunique())} đơn vị, "
                f"từ ngày {first} đến ngày {last}"
            )
        if len(scores):
            parts.append(
                f"{vn.format_number(len(scores))} điểm của {vn.format_number(scores['unit'].nunique())} đơn vị"
            )
        parts += [f"{vn.format_number(len(one.rows))} dòng {TABLE_LABELS[one.form]}" for one in self.tables]
        return "; ".join(parts) + "."


FORM_LABELS = {
    "counts": "biểu số đếm của chương trình",
    "scores": "biểu điểm của chương trình",
    "ii06": "Biểu II.06/VPCP/KSTT",
    "dossiers": "kết xuất hồ sơ",
    "portal": "điểm của Cổng Dịch vụ công quốc gia",
    "public_post": "biểu bưu chính công ích",
    "reference": "dữ liệu tham chiếu",
    "unknown": "không nhận ra loại tệp",
}
"""What a file is called by its form."""

TABLE_LABELS = {
    "index_values": "giá trị chỉ số",
    "targets": "chỉ tiêu",
    "units": "danh mục đơn vị",
    "lineage": "sắp xếp đơn vị",
}


def list_paths(paths: Sequence[Path]) -> list[Path]:
    """Every file given, folders opened; hidden files and the project's own lists left out. UserError for none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and _is_inside(one, path))
            kept = [one for one in inside if not _is_hidden(one.relative_to(path))]
            if not kept:
                raise UserError(
                    f"Thư mục «{vn.clean(path.as_posix())}» không có tệp nào; hãy xem lại đường dẫn."
                )
            found += kept
        elif path.is_file():
            found += [] if len(paths) > 1 and _OF_SYSTEMS.fullmatch(path.name) else [path]
        else:
            raise UserError(f"Không có tệp hay thư mục «{vn.clean(path.as_posix())}»; hãy xem lại đường dẫn.")
    unique = {path.resolve(): path for path in reversed(found)}
    return [path for path in found if unique.get(path.resolve()) is path]


def short_names(paths: Sequence[Path]) -> dict[Path, str]:
    """What messages call each file: its name, with the folders before it that tell it from others of that name.

    >>> list(short_names([Path("/a/x.csv"), Path("/b/x.csv"), Path("/b/\x1b[31my.csv")]).values())
    ['a/x.csv', 'b/x.csv', '[31my.csv']
    """
    named: dict[Path, str] = {}
    places = {path: path.resolve().parts for path in paths}
    for path, parts in places.items():
        others = [place for one, place in places.items() if one != path and place[-1] == parts[-1]]
        count = 1
        while count < len(parts) and any(one[-count:] == parts[-count:] for one in others):
            count += 1
        name = vn.clean("/".join(parts[-count:])) or "tep"
        taken = set(named.values())
        named[path] = name if name not in taken else f"{name} ({len(taken) + 1})"
    return named


def _is_inside(path: Path, folder: Path) -> bool:
    """Whether a file of a received folder lies in it: what a link in it points to was not received."""
    return path.resolve().is_relative_to(folder.resolve())


def _is_hidden(path: Path) -> bool:
    return any(map(_OF_SYSTEMS.fullmatch, path.parts)) or path.name in (LISTING, ACCEPTED)


def raw_name(name: str, digest: str, taken: Iterable[str]) -> str:
    """The name under which a file is kept: letters, digits and few signs; with its hash where another has the name.

    >>> raw_name("../Báo cáo {{< x >}}.xlsx", "0123456789", [])
    'Báo cáo _ x _.xlsx'
    >>> raw_name("a.csv", "0123456789", ["a.csv"]), raw_name(".csv", "0123456789", [])
    ('a-01234567.csv', 'tep-.csv')
    """
    plain = _NOT_IN_NAMES.sub("_", vn.clean(Path(name).name)).strip() or "tep"
    stem, dot, suffix = plain.rpartition(".") if "." in plain else (plain, "", "")
    stem = stem[:100]
    if not stem or plain.startswith((".", "README")):
        stem = f"tep-{stem}"
    plain = f"{stem}{dot}{suffix}"
    held = {one.casefold() for one in taken} | {LISTING.casefold(), ACCEPTED.casefold()}
    return f"{stem}-{digest[:8]}{dot}{suffix}" if plain.casefold() in held else plain


def received_as(path: Path, name: str, form: str, source: str, options: dict[str, str]) -> ReceivedFile:
    """The file as the list will hold it."""
    return ReceivedFile(
        path=path,
        name=str(RAW / name),
        form=form,
        source=source,
        sha256=file_hash(path),
        options=options,
    )


# --------------------------------------------------------------------------------------------------
# What the user says about the files to load, checked before any of them is opened.


@dataclass(frozen=True)
class LoadOptions:
    """What a file does not say itself.

    periods     the windows that facts are wanted for; empty: all that the file covers
    as_of       the last day that the file knows of; None: as the file says
    supersedes  files of the list whose facts the new ones replace where both state one
    accept      codes of problems that are accepted, `because` of a reason that documents will print
    mapping     a file that says which heading of a new system means which column
    """

    received: date
    issuer: str = ""
    note: str = ""
    source: str = "received"
    periods: tuple[Period, ...] = ()
    as_of: date | None = None
    supersedes: tuple[str, ...] = ()
    accept: tuple[str, ...] = ()
    because: str = ""
    mapping: Path | None = None

    def for_readers(self) -> dict[str, str]:
        """What readers must be told again whenever the file is read, as the list keeps it."""
        said = {
            "period": ",".join(period.code for period in self.periods),
            "as_of": self.as_of.isoformat() if self.as_of else "",
        }
        return {name: value for name, value in said.items() if value}


def make_options(
    *,
    received: str,
    issuer: str = "",
    note: str = "",
    source: str = "received",
    periods: Sequence[str] = (),
    as_of: str | None = None,
    supersedes: Sequence[str] = (),
    accept: Sequence[str] = (),
    because: str | None = None,
    mapping: Path | None = None,
) -> LoadOptions:
    """The options as typed; UserError names the first that cannot be meant so."""
    if source not in SOURCES:
        raise UserError(f"--source: không có nguồn «{source}»; chọn {' hoặc '.join(SOURCES)}.")
    for code in accept:
        if code not in CODES:
            raise UserError(
                f"--accept: không có mã vấn đề «{code}»; gần nhất: {', '.join(nearest(code, CODES))}; "
                "mã đứng ở cột code của danh sách vấn đề."
            )
    reason = vn.clean(because or "")
    if accept and not reason:
        raise UserError('--accept phải đi cùng --because "lý do": lý do được in trong báo cáo.')
    if reason and not accept:
        raise UserError("--because chỉ dùng cùng --accept; hãy ghi mã vấn đề được chấp nhận.")
    if reason and (fault := reason_fault(reason)):
        raise UserError(f"--because: {fault}")
    if mapping and not mapping.is_file():
        raise UserError(f"--mapping: không có tệp «{mapping.as_posix()}»; hãy xem lại đường dẫn.")
    return LoadOptions(
        received=_day("--received", received),
        issuer=vn.clean(issuer),
        note=vn.clean(note),
        source=source,
        periods=tuple(Period.parse(one) for one in periods),
        as_of=_day("--as-of", as_of) if as_of else None,
        supersedes=tuple(supersedes),
        accept=tuple(dict.fromkeys(accept)),
        because=reason,
        mapping=mapping,
    )


def _day(option: str, text: str) -> date:
    try:
        return vn.parse_date(text)
    except ValueError as error:
        raise UserError(f"{option}: {error}") from None
