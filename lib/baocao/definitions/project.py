"""Where the project's rooms are: the root folder that holds `_quarto.yml` and `data/reference`."""

from __future__ import annotations

from pathlib import Path

from baocao.definitions.errors import UserError


def find_root(start: Path | None = None) -> Path:
    """The project's root: the nearest folder at or above `start` (default: where the command runs).

    A notebook opened in JupyterLab runs in `notebooks/`, a command anywhere below the root; when neither
    is inside a project, the folder this editable package was installed from is taken.
    """
    here = (start or Path.cwd()).resolve()
    package = Path(__file__).resolve().parents[3]
    for folder in (here, *here.parents, package):
        if (folder / "_quarto.yml").is_file() and (folder / "data" / "reference").is_dir():
            return folder
    raise UserError(
        f"Không tìm thấy thư mục dự án từ «{here.name}»: cần một thư mục có _quarto.yml và data/reference; "
        "hãy chạy lệnh trong thư mục đã tải dự án về."
    )
