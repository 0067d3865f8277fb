"""Where JupyterLab is on this machine, and opening the notebook for exploring in it.

It lives in an environment of its own (`make lab`), because papermill starts 1.8 s later beside it; notebooks run in
the project's Python all the same. With conda it is beside the rest.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from baocao.definitions.errors import UserError

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
        "hoặc các lệnh ở mục «Without make» của README.md."
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
