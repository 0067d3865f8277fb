"""A report spec: what one run is (notebook, period, units, formats, the letter's particulars). No figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from nbformat import NotebookNode

from baocao.definitions import UserError, nearest
from baocao.publishing import notebooks

KEYS = ("notebook", "period", "units", "per", "formats", "parameters", "timeout", "van-ban")
FOLDERS = (".", "seeds")
"""Where specs lie below `reports/`: our own reports, and the five published memos built again."""
FORMATS = ("pdf", "html")
TIMEOUT = 300
LETTER_KEYS = (
    "loai", "co-quan-chu-quan", "co-quan", "so", "ky-hieu", "dia-danh", "ngay", "thang", "nam", "trich-yeu",
    "ten-loai", "kinh-gui", "quyen-han", "nguoi-ky", "noi-nhan", "luu",
)  # fmt: skip
_LETTER_LISTS = {"co-quan", "kinh-gui", "quyen-han", "noi-nhan"}

PLACEHOLDERS = ("period", "unit", "addressee")
"""What a letter's strings may leave open as {period}, {unit}, {addressee}: the period's name, the units' official
names, and the bodies that answer for them ("UBND xã Đức Thọ")."""

_OPEN = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Spec:
    """One `reports/*.yml`. `letter` holds the letter's particulars, which take the place of the notebook's own.

    `parameters` are the notebook's parameters beside period and units, such as the published memo to reconcile.
    `per_unit`: a document for each of the units (`per: unit`), instead of one for all of them. `timeout`: the seconds
    that a cell of the notebook may take.
    """

    name: str
    notebook: str
    period: str
    units: tuple[str, ...]
    formats: tuple[str, ...] = FORMATS
    parameters: dict[str, Any] = field(default_factory=dict)
    letter: dict[str, Any] = field(default_factory=dict)
    per_unit: bool = False
    timeout: int = TIMEOUT

    @property
    def vintage(self) -> str:
        """The facts it is to be made from: as they were with the first files of the list ("12"), or "" for now."""
        return self.parameters.get("vintage", "")

    def for_vintage(self, vintage: str) -> Spec:
        """The same report from the facts as they once were."""
        return replace(self, parameters={**self.parameters, "vintage": vintage})

    def for_period(self, period: str) -> Spec:
        """The same report for another period, without what was the old period's: month of signing, published memo."""
        if period == self.period:
            return self
        blank = {"seed": ""} if "seed" in self.parameters else {}
        return replace(
            self, period=period, parameters={**self.parameters, **blank},
            letter={**self.letter, "thang": "", "nam": ""},
        )  # fmt: skip


def find_spec(root: Path, name: str) -> Path:
    """The spec file meant by a path or by the bare name of a file in `reports/` or `reports/seeds/`."""
    given = Path(name)
    if given.suffix in (".yml", ".yaml") and given.is_file():
        return given.resolve()
    folders = [root / "reports" / folder for folder in FOLDERS]
    known = {path.stem: path for folder in folders for path in sorted(folder.glob("*.yml"))}
    stem = given.name.removesuffix(".yml")
    if stem in known and given.parent in [Path("."), *(Path("reports") / folder for folder in FOLDERS)]:
        return known[stem]
    near = ", ".join(nearest(given.stem, sorted(known))) or "chưa có"
    raise UserError(f"Không có báo cáo «{name}» trong thư mục reports/; các báo cáo gần nhất: {near}.")


def find_specs(root: Path, names: Iterable[str]) -> list[Path]:
    """The spec files meant by `names`, each once; two of one name would write into one folder: a UserError."""
    found: dict[str, Path] = {}
    for name in names:
        path = find_spec(root, name).resolve()
        if found.setdefault(path.stem, path) != path:
            raise UserError(
                f"Hai báo cáo cùng tên «{path.stem}» (trong «{found[path.stem].parent.name}» và «{path.parent.name}») "
                "sẽ đè lên nhau; hãy đổi tên một tệp hoặc lập từng báo cáo vào thư mục riêng bằng --out."
            )
    return list(found.values())


def load_spec(root: Path, path: Path) -> Spec:
    """The spec in a file, every key checked, and its notebook looked through (`check_cells`) without being run.

    A UserError names the key, the value and the valid choices, or all faults of the notebook.
    """
    from baocao.publishing.check_cells import check_cells  # loads what memos are made with

    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{path.name} sai cú pháp YAML: {reason}; hãy sửa đúng chỗ đó.") from None
    if not isinstance(content, dict):
        raise UserError(f"{path.name} phải gồm các dòng «khóa: giá trị»: {', '.join(KEYS)}.")
    for key in content:
        _choose(str(key), KEYS, f"{path.name} có khóa lạ")
    for key in ("notebook", "period", "units"):
        if not content.get(key):
            raise UserError(f"{path.name} thiếu khóa «{key}»; hãy thêm vào.")
    units = content["units"] if isinstance(content["units"], list) else [content["units"]]
    if None in units:
        raise UserError(f"{path.name}: «units» có một dòng trống; hãy xóa dòng đó hoặc ghi mã, tên đơn vị.")
    notebook = check_notebook(root, str(content["notebook"]))
    cells = notebooks.read_notebook(root / "notebooks" / f"{notebook}.ipynb")
    check_cells(cells, root, notebook)
    return Spec(
        name=path.stem,
        notebook=notebook,
        period=str(content["period"]),
        units=tuple(str(unit) for unit in units),
        formats=check_formats(content.get("formats", list(FORMATS)), path.name),
        parameters=_check_parameters(cells, notebook, content.get("parameters") or {}, path.name),
        letter=_check_letter(content.get("van-ban") or {}, path.name),
        per_unit=_choose(str(content.get("per", "all")), ("unit", "all"), f"{path.name}: «per» không có")
        == "unit",
        timeout=_check_timeout(content.get("timeout", TIMEOUT), path.name),
    )


def _check_timeout(seconds: Any, where: str) -> int:
    if type(seconds) is not int or seconds < 1:
        raise UserError(f"{where}: «timeout» phải là số giây nguyên dương cho mỗi ô, nhận được «{seconds}».")
    return seconds


def check_notebook(root: Path, name: str) -> str:
    """The name of a notebook in `notebooks/`, without its ending."""
    known = sorted(path.stem for path in (root / "notebooks").glob("*.ipynb"))
    return _choose(name.removesuffix(".ipynb"), known, "Không có sổ tính")


def check_formats(formats: list[str] | str, where: str) -> tuple[str, ...]:
    """The formats asked for, each known, none twice."""
    asked = formats.split(",") if isinstance(formats, str) else formats
    chosen = [_choose(str(one).strip(), FORMATS, f"{where}: không có định dạng") for one in asked]
    if not chosen:
        raise UserError(f"{where} không nêu định dạng nào; chọn trong: {', '.join(FORMATS)}.")
    return tuple(dict.fromkeys(chosen))


def _check_parameters(cells: NotebookNode, notebook: str, parameters: Any, where: str) -> dict[str, Any]:
    """Parameters that the notebook declares beside period and units, of the kind of their defaults.

    YAML reads an unquoted 002 as the number 2: hence the kind.
    """
    if not isinstance(parameters, dict):
        raise UserError(f"{where}: «parameters» phải gồm các dòng «tên: giá trị», nhận được «{parameters}».")
    declared = notebooks.parameters_of(cells)
    others = [name for name in declared if name not in ("period", "units")]
    for key, value in parameters.items():
        default = declared[_choose(str(key), others, f"{where}: sổ tính {notebook} không có tham số")]
        if type(value) is not type(default):
            raise UserError(
                f"{where}: «parameters: {key}» phải cùng loại với mặc định {default!r}, nhận được {value!r}; "
                "chữ viết bằng chữ số phải đặt trong dấu nháy."
            )
    return parameters


def _check_letter(letter: Any, where: str) -> dict[str, Any]:
    if not isinstance(letter, dict):
        raise UserError(f"{where}: «van-ban» phải gồm các dòng «khóa: giá trị»: {', '.join(LETTER_KEYS)}.")
    for key, value in letter.items():
        _choose(str(key), LETTER_KEYS, f"{where}: «van-ban» có khóa lạ")
        if (key in _LETTER_LISTS) != isinstance(value, list):
            kind = "một danh sách" if key in _LETTER_LISTS else "một dòng chữ"
            raise UserError(f"{where}: «van-ban: {key}» phải là {kind}, nhận được «{value}».")
        for one in value if isinstance(value, list) else ["" if value is None else value]:
            if not isinstance(one, str):
                raise UserError(
                    f"{where}: «van-ban: {key}» phải là chữ, nhận được «{one}»; "
                    "ngày và chữ viết bằng chữ số phải đặt trong dấu nháy."
                )
        for word in _OPEN.findall(str(value)):
            _choose(word, PLACEHOLDERS, f"{where}: «van-ban: {key}» để trống chỗ lạ")
    return letter


def fill(text: str, words: Mapping[str, str]) -> str:
    """A letter's string with each of `PLACEHOLDERS` replaced by its word, once: a name is never filled in itself.

    >>> fill("kết quả {period} của {unit}", {"period": "tháng 7 năm 2025", "unit": "xã {period}"})
    'kết quả tháng 7 năm 2025 của xã {period}'
    """
    return _OPEN.sub(lambda found: words.get(found[1], found[0]), text)


def _choose(word: str, choices: tuple[str, ...] | list[str], problem: str) -> str:
    if word in choices:
        return word
    near = ", ".join(nearest(word, choices)) or "chưa có"
    raise UserError(f"{problem} «{word}»; gần nhất: {near}.")
