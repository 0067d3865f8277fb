"""Where the project's rooms are: the root folder that holds `_quarto.yml` and `data/reference`."""

from __future__ import annotations

from pathlib import Path

from baocao.definitions.errors import UserError
from baocao.definitions.files import finish_replacing

INSTALL_EXTRAS = "python -m pip install --no-build-isolation --require-hashes -r requirements-warehouse.lock"
"""What brings PostgreSQL, Spark and the cluster, in the versions that were tried. A name of ours is on no public index:
whoever finds `baocao` there finds somebody else's."""


def find_project_root(start: Path | None = None) -> Path:
    """The project's root: the nearest folder at or above `start` (default: where the command runs).

    A notebook opened in JupyterLab runs in `notebooks/`, a command anywhere below the root. Outside of every project
    a UserError says so: no other project's figures are ever taken instead. Whoever reads the project asks for its root
    first: so it is here that a load which was killed half way is finished (`finish_replacing`).
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file() and (folder / "data" / "reference").is_dir():
            finish_replacing(folder)
            return folder
    raise UserError(
        f"Thư mục «{here.name or here}» không nằm trong một dự án baocao (thư mục có _quarto.yml và data/reference); "
        "hãy chuyển vào thư mục đã tải dự án về (lệnh cd) rồi chạy lại."
    )
