"""Faults that a person accepted, `data/raw/ACCEPTED.csv`: the error stays on record as a warning with its reason.

A row accepts one kind of error (a code of `problems.CODES`) in one file. Every report that the file concerns states
it. The list may be edited by hand; what is wrong in it is a problem like any other.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd

from baocao.definitions import UserError, nearest
from baocao.definitions import vietnamese as vn
from baocao.readers import CODES, problem, problems_frame, read_table
from baocao.store.acceptance import NOT_USED, USED, clean_reason
from baocao.store.listing import ACCEPTED, LISTING, RAW

COLUMNS = ("code", "file", "because")
NEVER = ("ngoai-le", "khung-du-lieu")
"""What nobody may accept: a wrong list of exceptions, a table that the program itself made wrongly."""

_PREFIX = f"{RAW}/"


@dataclass(frozen=True)
class Accepted:
    """Errors with this code in this file (named as problems name it) are accepted, for the reason given."""

    code: str
    file: str
    because: str


def read_accepted(root: Path) -> tuple[list[Accepted], list[dict]]:
    """The exceptions on record, in their order, and the problems of the list; none of both where there is no list.

    A row that is wrong accepts nothing. A file may be named as in SOURCES.csv or from the project's folder.
    """
    path, label = root / RAW / ACCEPTED, str(RAW / ACCEPTED)
    if not path.is_file() or not path.read_bytes().strip():
        return [], []
    table, found = read_table(path, COLUMNS, label)
    accepted: dict[tuple[str, str], Accepted] = {}
    for at, row in enumerate(table.rows.tolist()):
        cells = {column: table[column][at] for column in COLUMNS}
        one = Accepted(cells["code"], _full_name(cells["file"]), clean_reason(cells["because"]))
        faults = list(_faults(one, cells))
        if (one.code, one.file) in accepted and not faults:
            faults.append(
                ("code", "Loại lỗi này của tệp đã được chấp nhận ở một dòng phía trên; hãy bỏ một dòng.")
            )
        found += [
            problem("error", "ngoai-le", message, file=label, row=row, column=column, value=cells[column])
            for column, message in faults
        ]
        if not faults:
            accepted[one.code, one.file] = one
    return list(accepted.values()), found


def apply_accepted(
    problems: pd.DataFrame, accepted: Sequence[Accepted], facts: Iterable[pd.DataFrame] | None = None
) -> pd.DataFrame:
    """The problems, in their order, with accepted errors turned into warnings with the reason (`accepted_because`).

    facts    frames with `file`, `sheet` and `row` of the facts that are left; with them `fate` says whether
             the figure at fault is among them and used as it stands
    returns  a frame of `PROBLEM_COLUMNS`; the one given is left as it was. Applied twice it is the same
    """
    reasons = {(one.code, one.file): one.because for one in accepted if one.code not in NEVER}
    if not reasons or not len(problems):
        return problems
    used = None if facts is None else _places(facts)
    rows = problems.to_dict("records")
    for row in rows:
        because = reasons.get((row["code"], _full_name(row["file"])))
        if row["severity"] != "error" or because is None:
            continue
        fate = ""
        if used is not None and row["file"] != str(RAW / LISTING):  # the list has no figures of its own
            is_used = (row["file"], row["sheet"], row["row"]) in used
            fate = (row["fate"] or USED) if is_used else NOT_USED
        row.update(severity="warning", fate=fate, accepted_because=because)
    return problems_frame(rows)


def accepted_text(root: Path, accepted: Iterable[Accepted]) -> str:
    """The text of the list with these exceptions after those it has; a reason given before for the same is replaced.

    A file may be named as problems name it ("data/raw/x.csv"), or as SOURCES.csv does. UserError for a code that does
    not exist or that nobody may accept, without a reason, without a file, and where the list is wrong.
    """
    held, faults = read_accepted(root)
    if faults:
        where = f", dòng {faults[0]['row']}" if faults[0]["row"] else ""
        raise UserError(f"Không ghi thêm được vào {RAW / ACCEPTED}{where}: {faults[0]['message']}")
    rows = {(one.code, one.file): one for one in held}
    for given in accepted:
        check_code(given.code)
        one = Accepted(given.code, _full_name(given.file), clean_reason(given.because))
        if fault := reason_fault(one.because):
            raise UserError(f"--because, lỗi «{one.code}»: {fault}")
        if not one.file:
            raise UserError(f"Không có tệp nào mang lỗi «{one.code}» để chấp nhận; hãy xem lại mã lỗi.")
        rows[one.code, one.file] = one
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((one.code, one.file, one.because) for one in rows.values())
    return text.getvalue()


def check_code(code: str) -> None:
    """UserError, with the nearest ones, unless `code` is one that may be accepted."""
    if code in NEVER:
        raise UserError(f"Lỗi «{code}» ({CODES[code]}) không thể chấp nhận; hãy sửa chỗ sai.")
    if code not in CODES:
        near = ", ".join(nearest(code, [one for one in CODES if one not in NEVER]))
        raise UserError(f"Không có mã lỗi «{vn.clean(code)[:40]}»; gần nhất: {near}.")


def reason_fault(because: str) -> str:
    """What is wrong with a reason, which documents print; "" where nothing is."""
    if not any(letter.isalpha() for letter in clean_reason(because)):
        return "Thiếu lý do chấp nhận; hãy ghi lý do và ai quyết định."
    lacking = vn.unprintable(clean_reason(because))
    return lacking and f"Phông chữ của văn bản không có ký tự {lacking}; hãy viết lý do bằng chữ."


def _faults(one: Accepted, cells: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The columns of a row that are wrong, each with its sentence."""
    try:
        check_code(one.code)
    except UserError as error:
        yield "code", str(error)
    if not cells["file"]:
        yield "file", "Thiếu tên tệp mang lỗi được chấp nhận."
    if fault := reason_fault(one.because):
        yield "because", fault


def _full_name(file: str) -> str:
    """The file as problems name it: "x.csv" of data/raw is "data/raw/x.csv", a path of another folder stays."""
    name = PurePosixPath(vn.clean(file).replace("\\", "/")).as_posix() if file.strip() else ""
    return name if not name or name.startswith(("data/", "/")) else _PREFIX + name


def _places(facts: Iterable[pd.DataFrame]) -> set[tuple]:
    """File, sheet and row of every fact, and file alone for what is wrong with a file as a whole."""
    places: set[tuple] = set()
    for frame in facts:
        columns = frame[["file", "sheet", "row"]].drop_duplicates()
        for file, sheet, row in columns.itertuples(index=False, name=None):
            places |= {(file, sheet, int(row)), (file, sheet, None), (file, "", None)}
    return places
