"""What this machine has for building reports, and what to do about what is missing."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from baocao.charts import find_fonts, get_tinos
from baocao.definitions import UserError
from baocao.publishing import engine, quarto

OLDEST_PYTHON = (3, 11)

INSTALL = "python -m pip install --require-hashes -r requirements.lock"
REFERENCE = (
    "units.csv", "lineage.csv", "measures.csv", "laws.csv", "organisations.csv", "targets.csv", "published_figures.csv",
    "indices.csv", "index_components.csv", "index_bands.csv", "index_values.csv", "dossier_headings.csv", "portal_codes.csv", "headings.csv",
)  # fmt: skip


@dataclass(frozen=True)
class Check:
    """One thing looked at: `state` is ok, warn (reports are built, but otherwise) or fail (none can be built).

    name    what was looked at, in Vietnamese
    found   what is there, in Vietnamese
    advice  what to do, in Vietnamese; "" when nothing
    """

    name: str
    state: str
    found: str
    advice: str = ""


def examine(root: Path) -> list[Check]:
    """Every check of this machine for the project at `root`, in the order a reader needs them."""
    pandoc, typst = _check_pandoc(), _check_typst()
    return [
        _check_python(),
        _check_libraries(root),
        pandoc,
        typst,
        _check_quarto(),
        _check_renderer(pandoc, typst),
        _check_engine(),
        _check_font(root),
        _check_reference(root),
        _check_store(root),
    ]


def get_fonts(root: Path) -> list[str]:
    """Get Tinos where this machine has no suitable typeface; return the sentences to show."""
    said: list[str] = []
    get_tinos(root, said.append)
    return said


def _check_python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return Check("Python", "fail", found, "Cài Python 3.11 trở lên rồi lập lại môi trường .venv.")
    return Check("Python", "ok", found)


def _check_libraries(root: Path) -> Check:
    """The libraries that pyproject.toml asks for, against the versions of the lock."""
    name = "Thư viện Python"
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = [re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]]
    installed = {library: _version(library) for library in required}
    missing = [library for library, version in installed.items() if version is None]
    if missing:
        return Check(name, "fail", f"thiếu {', '.join(missing)}", f"Chạy: {INSTALL}")
    found = ", ".join(f"{library} {version}" for library, version in installed.items())
    locked = _locked_versions(root / "requirements.lock")
    other = [
        f"{library} (khóa: {' hoặc '.join(sorted(locked[_plain(library)]))})"
        for library, version in installed.items()
        if version not in locked.get(_plain(library), {version})
    ]
    if other:
        return Check(name, "warn", found, f"Khác phiên bản đã khóa: {', '.join(other)}. Chạy: {INSTALL}")
    return Check(name, "ok", found)


def _check_pandoc() -> Check:
    try:
        import pypandoc

        return Check("pandoc", "ok", pypandoc.get_pandoc_version())
    except (ImportError, OSError) as error:
        return Check("pandoc", "fail", f"không chạy được ({type(error).__name__})", f"Chạy: {INSTALL}")


def _check_typst() -> Check:
    try:
        import typst  # noqa: F401

        return Check("Typst", "ok", metadata.version("typst"))
    except ImportError as error:
        return Check("Typst", "fail", f"không nạp được ({type(error).__name__})", f"Chạy: {INSTALL}")


def _check_quarto() -> Check:
    version = quarto.version()
    without = "không bắt buộc: không có Quarto thì trình dựng đi kèm (embedded) lập văn bản"
    if version is None:
        return Check("Quarto", "warn", "không có trên PATH", f"Cài Quarto 1.9 trở lên nếu cần; {without}.")
    found = ".".join(map(str, version))
    if version < quarto.MINIMUM:
        return Check("Quarto", "warn", f"{found}, quá cũ", f"Nâng lên Quarto 1.9 trở lên nếu cần; {without}.")
    return Check("Quarto", "ok", found)


def _check_renderer(pandoc: Check, typst: Check) -> Check:
    """Which renderer `--renderer auto` takes, and whether it can run: both read Markdown with our pandoc."""
    name, chosen = "Trình dựng khi chọn auto", quarto.choose("auto")
    lacking = [check.name for check in (pandoc, typst) if check.state != "ok"]
    if chosen == "quarto":
        lacking = [missing for missing in lacking if missing == pandoc.name]
    if lacking:
        return Check(name, "fail", f"{chosen}, nhưng thiếu {' và '.join(lacking)}", f"Chạy: {INSTALL}")
    return Check(name, "ok", chosen)


def _check_engine() -> Check:
    """Which engine runs the notebooks here, and why."""
    chosen, why = engine.choose()
    return Check("Cách chạy sổ tính", "ok", f"{chosen}: {why}")


def _check_font(root: Path) -> Check:
    choice = find_fonts(root)
    why = "".join(f" {sentence}" for sentence in choice.refused)
    found = f"{choice.family} ({choice.origin}).{why}"
    if choice.complete:
        return Check("Phông chữ", "ok", found)
    advice = (
        "Chạy: python -m baocao doctor --get-fonts, hoặc chép bốn tệp Times New Roman vào thư mục .fonts."
    )
    return Check("Phông chữ", "warn", found, advice)


def _check_reference(root: Path) -> Check:
    name, folder = "Dữ liệu tham chiếu", root / "data" / "reference"
    counted, faults = [], []
    for file in REFERENCE:
        rows = _count_rows(folder / file)
        (counted if rows else faults).append(f"{file} ({rows} dòng)" if rows else file)
    if faults:
        advice = "Lấy lại các tệp này từ kho mã nguồn: git checkout -- data/reference"
        return Check(name, "fail", f"thiếu hoặc rỗng: {', '.join(faults)}", advice)
    return Check(name, "ok", ", ".join(counted))


def _check_store(root: Path) -> Check:
    name, folder = "Kho số liệu", root / "data" / "derived"
    files = list((folder / "store").rglob("*.parquet"))
    sample = "có số liệu mẫu" if list((folder / "sample").glob("*.parquet")) else "không có số liệu mẫu"
    if not files:
        advice = "Không phải làm gì: lệnh build hoặc check sẽ lập kho; số liệu mẫu: python -m baocao sample"
        return Check(name, "warn", f"chưa lập, {sample}", advice)
    return Check(name, "ok", f"đã lập ({len(files)} tệp), {sample}")


def _version(library: str) -> str | None:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return None


def _plain(library: str) -> str:
    """A library's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", library).lower()


def _locked_versions(lock: Path) -> dict[str, set[str]]:
    """Versions by library; several where the lock has one for each range of Python. Empty without a lock."""
    versions: dict[str, set[str]] = {}
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    for library, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        versions.setdefault(_plain(library), set()).add(version)
    return versions


def _count_rows(path: Path) -> int:
    """Rows below the header; 0 where there is no such file."""
    if not path.is_file():
        return 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


# --------------------------------------------------------------------------------------------------
# Where JupyterLab is on this machine, and opening the notebook for exploring in it.
#
# It lives in an environment of its own (`make lab`), because papermill starts 1.8 s later beside it;
# notebooks run in the project's Python all the same. With conda it is beside the rest.


NOTEBOOK = Path("notebooks") / "explore.ipynb"
_HOME = Path(".venv") / "lab"
# Linux and macOS, then Windows: the environment's Python, and where it keeps libraries.
_LAYOUTS = (("bin/python", "lib/python*/site-packages"), ("Scripts/python.exe", "Lib/site-packages"))


def find_lab(root: Path) -> Path:
    """The Python that has JupyterLab: this one, or that of `.venv/lab`; a UserError says how to get it."""
    if find_spec("jupyterlab"):
        return Path(sys.executable)
    for python, libraries in _LAYOUTS:
        if (root / _HOME / python).exists() and any((root / _HOME).glob(f"{libraries}/jupyterlab")):
            return root / _HOME / python
    raise UserError(
        "Máy này chưa có JupyterLab cho dự án; hãy chạy «make lab» (cài đặt rồi mở luôn), "
        "hoặc các lệnh ở docs/installing.md."
    )


def open_notebook(root: Path) -> int:
    """Open `notebooks/explore.ipynb` in JupyterLab, wait until the user shuts it down; its exit code."""
    python = find_lab(root)
    if not (root / NOTEBOOK).is_file():
        raise UserError(f"Thiếu sổ tay {NOTEBOOK.as_posix()}; hãy lấy lại tệp này từ kho mã nguồn.")
    command = [str(python), "-m", "jupyter", "lab", NOTEBOOK.as_posix()]
    with subprocess.Popen(command, cwd=root) as process:
        while True:
            try:
                return process.wait()
            except KeyboardInterrupt:  # JupyterLab gets it too, and asks whether to stop
                continue
