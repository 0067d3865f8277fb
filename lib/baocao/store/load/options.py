"""What the user says about the files to load, checked before any of them is opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest
from baocao.definitions.periods import Period
from baocao.readers.problems import CODES
from baocao.store.listing import SOURCES


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
