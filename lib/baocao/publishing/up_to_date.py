"""Whether a delivered document is still what a new run would make, and if not, why, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from baocao.definitions import Period, Register, UserError
from baocao.definitions import vietnamese as vn
from baocao.publishing import cache_key, folders
from baocao.publishing.module_hashes import CODE
from baocao.publishing.outcomes import BUILT, KEPT, NO_DATA, OUTCOME_LABELS, UNCHANGED, Outcome
from baocao.publishing.run_inputs import EVERY_FILE, EVERYTHING, Reads

if TYPE_CHECKING:
    from baocao.publishing.context import BuildContext
    from baocao.publishing.spec import Spec

_STANDING = (BUILT, UNCHANGED, NO_DATA)
_NAMED = 3
"""How many changed facts, files or modules are named; of the others the number."""

_BESIDE = {
    "counts": "chỗ ghi số liệu trong tệp nguồn (tệp, trang, dòng)",
    "scores": "điểm số",
    "problems": "danh sách vấn đề của số liệu",
    "accepted": "danh sách lỗi được chấp nhận của số liệu",
}
"""What may have changed of the facts, by frame, where no count is another than it was."""


def seal(made: Outcome, spec: Spec, context: BuildContext) -> Outcome:
    """The line of a document just made, with its key and what it follows from; that of a failed one as it is.

    Without a key, so that it is made again, where the facts that it was made from are no more.
    """
    if made.outcome in (BUILT, NO_DATA):
        noted = _read_of(made.reads) or EVERYTHING
        with suppress(UserError):
            made.key, made.reads = cache_key.entry_of(spec, made.units, noted, context)
    return made


def stands(
    line: Mapping[str, Any] | None, spec: Spec, units: list[str], folder: Path, context: BuildContext
) -> bool:
    """Whether a new run would make the line's document again, and its files, all of them and no others, are whole.

    A document for which there are no data stands, too: as a notice.
    """
    noted = _read_of((line or {}).get("reads"))
    if line is None or noted is None or line["outcome"] not in _STANDING or any(_touched(line, folder)):
        return False
    return line.get("key") == cache_key.key_of(spec, units, noted, context)


def has_current_figures(line: Mapping[str, Any], spec: Spec, folder: Path, context: BuildContext) -> bool:
    """Whether the line's document lies there whole, and the facts that it was made from are as they were.

    Whatever else has changed, its figures are those of now: it may stay until a new one is accepted. Period and units are
    those of its folder; another vintage is one of other facts, or makes no difference. False where it cannot be told.
    """
    noted = _read_of(line["reads"])
    if noted is None or line["outcome"] not in (BUILT, UNCHANGED, KEPT):
        return False
    if any(wanted is not None for _, wanted, _ in folders.touched(line, folder)):
        return False
    now = cache_key.parts_of(spec, line["units"], noted, context)
    change = _Change(line["reads"], noted, spec, now, context)
    return change.is_told and not change.is_of_figures


def why(
    line: Mapping[str, Any] | None, spec: Spec, units: list[str], folder: Path, context: BuildContext
) -> list[str]:
    """Why the document is to be made, in words; nothing where it stands."""
    if line is None:
        return ["chưa lập lần nào"]
    if line["outcome"] not in _STANDING:
        return [f"lần trước: {OUTCOME_LABELS.get(line['outcome'], line['outcome'])}"]
    noted = _read_of(line.get("reads"))
    if noted is not None:
        change = _Change(line["reads"], noted, spec, cache_key.parts_of(spec, units, noted, context), context)
        if change.is_told:
            return [*change.causes(), *_touched(line, folder)]
    return ["lần lập trước không ghi lại đã dùng những gì"]


def _read_of(kept: Any) -> Reads | None:
    try:
        return Reads.from_json(kept) if kept else None
    except ValueError:
        return None


def _touched(line: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """What somebody did to the files since they were delivered."""
    for name, wanted, got in folders.touched(line, folder):
        if wanted is None:
            yield f"có tệp lạ {name}"
        else:
            yield f"tệp {name} đã {'mất' if got is None else 'bị sửa'}"


@dataclass(frozen=True)
class _Change:
    """The parts of a document's key as they were (`kept`) and as they are (`now`)."""

    kept: Mapping[str, Any]
    noted: Reads
    spec: Spec
    now: Mapping[str, Any]
    context: BuildContext

    @property
    def is_told(self) -> bool:
        """Whether the line has all parts, in the form that they have now: an earlier program may have written others."""
        kept = self.kept.get("parts")
        return isinstance(kept, dict) and all(_is_like(kept.get(part), now) for part, now in self.now.items())

    @property
    def is_of_figures(self) -> bool:
        """Whether the facts, the errors among them or a file with figures have changed: any file but code."""
        files = (name for name in self._changed_files() if not name.endswith(CODE))
        return self._differs("facts") or self._differs("errors") or any(files)

    def causes(self) -> list[str]:
        """What is not as it was; each cause in words."""
        told = {
            "spec": f"báo cáo «{self.spec.name}» (tệp .yml, kỳ, đơn vị, định dạng) đã đổi",
            "notebook": f"sổ tính {self.spec.notebook} đã đổi",
            "form": "mẫu văn bản đã đổi",
            "lock": "phiên bản các thư viện (requirements.lock) đã đổi",
            "typeface": "phông chữ đã đổi",
            "errors": "lỗi của số liệu đã khác",
            "program": f"phiên bản chương trình đã đổi: {self._was('program')} → {self.now['program']}",
            "renderer": f"trình dựng đã đổi: {self._was('renderer')} → {self.now['renderer']}",
        }
        found = [sentence for part, sentence in told.items() if self._differs(part)]
        found += [
            f"thư viện {name} đã đổi: {self._was('libraries').get(name) or 'không có'} → {version or 'không có'}"
            for name, version in self.now["libraries"].items()
            if self._was("libraries").get(name) != version
        ]
        if self._differs("code"):
            found.append(self._code())
        if self._differs("files"):
            found += self._files()
        if self._differs("facts"):
            found += self._facts()
        return found

    def _was(self, part: str) -> Any:
        return self.kept["parts"][part]

    def _differs(self, part: str) -> bool:
        return self._was(part) != self.now[part]

    def _code(self) -> str:
        names = list(cache_key.used_code(self.spec, self.noted, self.context))
        (was_set, was), (is_set, now) = self._was("modules"), self.now["modules"]
        if was_set != is_set:
            return "mã chương trình đã đổi (thêm hoặc bớt mô-đun)"
        size = cache_key.MODULE_MARK
        pairs = ((was[at : at + size], now[at : at + size]) for at in range(0, len(now), size))
        changed = [name for name, (one, other) in zip(names, pairs, strict=True) if one != other]
        return f"mã chương trình đã đổi: {_some(changed, 'mô-đun')}"

    def _files(self) -> list[str]:
        changed = [_say_file(name) for name in self._changed_files()]
        return [f"tệp đã đổi: {_some(changed, 'tệp')}"] if changed else []

    def _changed_files(self) -> list[str]:
        pairs = zip(self.noted.files, self._was("files"), self.now["files"], strict=True)
        source = f"notebooks/{self.spec.notebook}.ipynb"  # said as such
        return [name for name, one, other in pairs if one != other and name != source]

    def _facts(self) -> list[str]:
        marks = cache_key.grounds(self.context).marks(self.spec.vintage)
        store = self.kept.get("store", "")
        differ = marks.differences(self.context.root, store, self.noted.facts) if store else None
        if differ is None:
            return ["số liệu đã đổi"]
        if differ.empty:
            frames = {one.frame for one in self.noted.facts}
            return [f"{' hoặc '.join(said for frame, said in _BESIDE.items() if frame in frames)} đã đổi"]
        windows = [
            _say_facts(rows, self.context.register, marks.labels)
            for _, rows in differ.groupby(["period_start", "period_end", "unit"], sort=False)
        ]
        return [f"số liệu của {_some(windows, 'đơn vị, kỳ')}"]


def _is_like(kept: Any, now: Any) -> bool:
    return type(kept) is type(now) and (not isinstance(now, list) or len(kept) == len(now))


def _say_file(name: str) -> str:
    """A file, or what one of `EVERY_FILE` stands for: "tệp trong thư mục data"."""
    if name not in EVERY_FILE:
        return name
    folder = name.partition("*")[0].rstrip("/")
    return f"tệp trong thư mục {folder}" if folder else "tệp trong thư mục gốc của dự án"


def _say_facts(rows: pd.DataFrame, register: Register, labels: Mapping[str, str]) -> str:
    """The facts of one unit and window that changed: "xã Đức Thọ (18229), tháng 7 năm 2025 đã đổi"."""
    first = rows.iloc[0]
    start, end = first["period_start"].date(), first["period_end"].date()
    unit = next(
        (one.label for one in register.units if one.code == first["unit"] and one.valid_on(start)),
        first["unit"],
    )
    period = _period_of(start, end)
    if rows["was"].isna().all():
        return f"{unit}, {period.name} mới có"
    if rows["value"].isna().all():
        return f"{unit}, {period.name} không còn"
    if len(rows) == 1:
        label = labels.get(first["measure"], first["measure"])
        return f"{unit}, {period.name} đã đổi ({label}: {_count(first['was'])} → {_count(first['value'])})"
    return f"{unit}, {period.name} đã đổi"


def _period_of(start: date, end: date) -> Period:
    """The window by its usual name: a month, a quarter or a year where it is one."""
    codes = (f"{start:%Y-%m}", f"{start:%Y}-Q{(start.month + 2) // 3}", f"{start:%Y}")
    usual = (Period.parse(code) for code in codes)
    return next((one for one in usual if (one.start, one.end) == (start, end)), Period.between(start, end))


def _count(number: Any) -> str:
    return "không có" if pd.isna(number) else vn.format_number(int(number))


def _some(items: Sequence[str], what: str) -> str:
    """The first items, and how many more there are."""
    rest = len(items) - _NAMED
    return "; ".join(items[:_NAMED]) + (f" và {rest} {what} khác" if rest > 0 else "")
