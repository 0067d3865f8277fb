"""A report spec: what one run is (notebook, period, units, formats, the letter's particulars). No figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from baocao.definitions import Typed, UserError, nearest, read_typed_yaml
from baocao.definitions import vietnamese as vn
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

_NAME = re.compile(r"[^\W_][\w .-]{0,79}(?<![ .])")
"""A spec's name is that of the folder of its documents: no path, no dots alone."""

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

    if not _NAME.fullmatch(path.stem):
        raise UserError(
            f"Tên tệp «{path.name[:100]}» không dùng làm tên báo cáo được; hãy đặt tên bằng chữ, chữ số, gạch nối, ví dụ "
            "«thang-7.yml»."
        )
    content = read_typed_yaml(path)
    if not isinstance(content, dict):
        raise UserError(f"{path.name} phải gồm các dòng «khóa: giá trị»: {', '.join(KEYS)}.")
    for key in content:
        _choose(key, KEYS, f"{path.name} có khóa lạ")
    for key in ("notebook", "period", "units"):
        if not content.get(key):
            raise UserError(f"{path.name} thiếu khóa «{key}»; hãy thêm vào.")
    units = content["units"] if isinstance(content["units"], list) else [content["units"]]
    if "" in units:
        raise UserError(f"{path.name}: «units» có một dòng trống; hãy xóa dòng đó hoặc ghi mã, tên đơn vị.")
    for key in ("notebook", "period", "per"):
        _text(content.get(key, ""), f"{path.name}: «{key}»")
    notebook = check_notebook(root, content["notebook"])
    cells = notebooks.read_notebook(root / "notebooks" / f"{notebook}.ipynb")
    check_cells(cells, root, notebook)
    per = content.get("per") or "all"
    return Spec(
        name=path.stem,
        notebook=notebook,
        period=content["period"],
        units=tuple(_text(unit, f"{path.name}: «units»") for unit in units),
        formats=check_formats(content.get("formats", list(FORMATS)), path.name),
        parameters=_check_parameters(cells, notebook, content.get("parameters") or {}, path.name),
        letter=_check_letter(content.get("van-ban") or {}, path.name),
        per_unit=_choose(per, ("unit", "all"), f"{path.name}: «per» không có") == "unit",
        timeout=_check_timeout(content.get("timeout", str(TIMEOUT)), path.name),
    )


def _text(value: Typed, where: str) -> str:
    """One line of text; a UserError for a list or for what has keys of its own."""
    if isinstance(value, str):
        return value
    raise UserError(f"{where} phải là một dòng chữ, nhận được «{value}».")


def _check_timeout(seconds: Typed, where: str) -> int:
    if not isinstance(seconds, str) or not seconds.isdecimal() or int(seconds) < 1:
        raise UserError(f"{where}: «timeout» phải là số giây nguyên dương cho mỗi ô, nhận được «{seconds}».")
    return int(seconds)


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


def _check_parameters(cells: NotebookNode, notebook: str, parameters: Typed, where: str) -> dict[str, Any]:
    """Parameters that the notebook declares beside period and units, of the kind of their defaults."""
    if not isinstance(parameters, dict):
        raise UserError(f"{where}: «parameters» phải gồm các dòng «tên: giá trị», nhận được «{parameters}».")
    declared = notebooks.parameters_of(cells)
    others = [name for name in declared if name not in ("period", "units")]
    read = {}
    for key, value in parameters.items():
        default = declared[_choose(key, others, f"{where}: sổ tính {notebook} không có tham số")]
        try:
            read[key] = _like(default, value)
        except (KeyError, TypeError, ValueError):
            raise UserError(
                f"{where}: «parameters: {key}» phải cùng loại với mặc định {default!r}, nhận được «{value}»."
            ) from None
    return read


def _like(default: Any, value: Typed) -> Any:
    """The text as a value of the default's kind; KeyError, TypeError or ValueError where it is none."""
    if isinstance(default, bool):
        return {"true": True, "false": False}[value.lower() if isinstance(value, str) else ""]
    if type(value) is type(default):
        return value
    if isinstance(default, int | float):
        return type(default)(value)
    raise TypeError


def _check_letter(letter: Typed, where: str) -> dict[str, Any]:
    """The letter's particulars, each of its kind, printable, its blanks known, its day a day."""
    if not isinstance(letter, dict):
        raise UserError(f"{where}: «van-ban» phải gồm các dòng «khóa: giá trị»: {', '.join(LETTER_KEYS)}.")
    for key, value in letter.items():
        _choose(key, LETTER_KEYS, f"{where}: «van-ban» có khóa lạ")
        place = f"{where}: «van-ban: {key}»"
        if (key in _LETTER_LISTS) != isinstance(value, list) and value:
            kind = "một danh sách" if key in _LETTER_LISTS else "một dòng chữ"
            raise UserError(f"{place} phải là {kind}, nhận được «{value}».")
        for one in value if isinstance(value, list) else [value]:
            if isinstance(value, list) and not vn.clean(_text(one, place)):
                raise UserError(f"{place} có một dòng trống; hãy xóa dòng đó hoặc ghi nội dung.")
            if lacking := vn.unprintable(one):
                raise UserError(
                    f"{place}: phông chữ của văn bản không có ký tự {lacking}; hãy viết bằng chữ."
                )
            for word in _OPEN.findall(one):
                _choose(word, PLACEHOLDERS, f"{place} để trống chỗ lạ")
    return letter | _check_day(letter, where)


def _check_day(letter: Mapping[str, Any], where: str) -> dict[str, str]:
    """Day, month and year as printed (Nghị định 30/2020: 05, and tháng 01, 02); those left blank stay so."""
    printed: dict[str, str] = {}
    for key, low, high in (("ngay", 1, 31), ("thang", 1, 12), ("nam", 2000, 2099)):
        text = vn.clean(letter.get(key, ""))
        if not text:
            continue
        if not re.fullmatch("[0-9]{1,4}", text) or not low <= int(text) <= high:
            raise UserError(f"{where}: «van-ban: {key}» phải là số từ {low} đến {high}, nhận được «{text}».")
        number = int(text)
        printed[key] = {"ngay": f"{number:02d}", "thang": vn.format_month(number), "nam": text}[key]
    if {"ngay", "thang"} <= printed.keys():
        try:
            date(int(printed.get("nam", 2000)), int(printed["thang"]), int(printed["ngay"]))
        except ValueError:
            day = "/".join(printed.values())
            raise UserError(f"{where}: «van-ban» ghi ngày {day} không có trong lịch; hãy sửa.") from None
    return printed


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
