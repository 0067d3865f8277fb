"""Which engine runs a notebook: the cells in this process ("baocao"), or papermill's kernel process ("kernel").

Both are engines of papermill; `kernel_differences` is all that is known to differ.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from baocao.definitions import UserError
from baocao.publishing.kernel_differences import KEPT, KERNEL, differences, hindrances

__all__ = [
    "CHOICE",
    "KEPT",
    "KERNEL",
    "NAMES",
    "REGISTERED",
    "choose",
    "differences",
    "hindrances",
    "register",
]

NAMES = ("baocao", "kernel")
CHOICE = "BAOCAO_ENGINE"
"""The variable of the environment that names the engine to use."""


class _Registered:
    """The engine "baocao", imported when it is first asked anything."""

    def __getattr__(self, name: str) -> Any:
        from baocao.publishing.papermill_engine import InProcessEngine

        return getattr(InProcessEngine, name)


REGISTERED = _Registered()
"""What the entry point names: papermill loads it while it is half imported itself, too early for its engines."""


def register() -> None:
    """Make both engines known to papermill, as "baocao" and "kernel"."""
    from papermill.engines import papermill_engines

    from baocao.publishing.papermill_engine import InProcessEngine, KernelEngine

    papermill_engines.register("baocao", InProcessEngine)
    papermill_engines.register("kernel", KernelEngine)


def choose() -> tuple[str, str]:
    """The engine to use and, in Vietnamese, why: what the environment asks for, else what the machine can."""
    wanted = os.environ.get(CHOICE, "")
    if wanted and wanted not in NAMES:
        raise UserError(f"Biến môi trường {CHOICE} là «{wanted}»; chọn {' hoặc '.join(NAMES)}.")
    if wanted == "kernel":
        return "kernel", f"theo biến môi trường {CHOICE}"
    if not hasattr(os, "fork"):
        return "kernel", "hệ điều hành này không tách được tiến trình (fork)"
    if sys.platform == "darwin":
        return "kernel", "thư viện của macOS không chịu được tách tiến trình (fork)"
    return "baocao", "mỗi sổ tính chạy trong một tiến trình con tách từ tiến trình đã nạp sẵn thư viện"
