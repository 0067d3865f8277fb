"""What can become of a document, and its line in the ledger."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata
from typing import Any

from baocao import __version__
from baocao.definitions import vietnamese as vn

NOTICE = "KHONG-CO-VAN-BAN.txt"
LEDGER_FILES = ("ledger.json", "ledger.journal")
"""What every output folder holds, the second only while documents are made."""

BUILT, UNCHANGED, KEPT = "built", "unchanged", "kept"
NO_DATA, FAILED_LOAD = "no data", "failed in load"
FAILED_EXECUTION, FAILED_RENDERING, FAILED_VERIFICATION = (
    "failed in execution", "failed in rendering", "failed in verification",
)  # fmt: skip
TIMED_OUT, FAILED_WRITING = "timed out", "failed in writing"
OUTCOME_LABELS = {
    BUILT: "đã lập, đã kiểm chứng",
    UNCHANGED: "không đổi từ lần lập trước",
    KEPT: "bản cũ, lần lập mới bị từ chối",
    NO_DATA: "không có số liệu",
    FAILED_LOAD: "lỗi số liệu",
    FAILED_EXECUTION: "lỗi khi chạy sổ tính",
    FAILED_RENDERING: "lỗi khi dựng",
    FAILED_VERIFICATION: "KHÔNG qua kiểm chứng",
    TIMED_OUT: "chạy quá lâu",
    FAILED_WRITING: "không ghi được tệp",
}

SHAPING = (
    "duckdb", "fonttools", "jinja2", "matplotlib", "nbformat", "numpy", "pandas", "papermill", "pypandoc_binary", "seaborn",
    "typst",
)  # fmt: skip
"""Libraries whose version can change a document."""


@dataclass
class Outcome:
    """One document's line in the ledger; its fields are described in docs/ledger.md and `ledger.schema.json`."""

    report: str
    period: str
    units: list[str]
    outcome: str
    folder: str
    files: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    renderer: str = ""
    provenance: dict[str, str] = field(default_factory=dict)
    key: str = ""
    title: str = ""
    names: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    reads: dict[str, Any] = field(default_factory=dict)
    figures: int | None = None
    recounted: int | None = None
    own: list[str] = field(default_factory=list)
    stem: str = ""


Recounted = tuple[int | None, int | None]
"""How many of a document's figures were counted again from the facts, and how many it prints; None: not known."""

_NOT_TOLD = "không ghi"  # of documents that were built before anybody noted it


def recounted_share(recounted: int | None, figures: int | None) -> str:
    """The two numbers of a `Recounted` as they are shown.

    >>> recounted_share(1057, 1162), recounted_share(None, 3), recounted_share(None, None)
    ('1.057/1.162', '0/3', 'không ghi')
    """
    if figures is None:
        return _NOT_TOLD
    return f"{vn.format_number(recounted or 0)}/{vn.format_number(figures)}"


def recounted_total(documents: Iterable[Recounted]) -> str:
    """The sentence that says of documents how many of their figures were counted again, and never more.

    >>> recounted_total([(57, 62), (3, 3), (None, None)]), recounted_total([(None, None)])
    ('Đếm lại từ kho số liệu: 60/65 con số (1 văn bản không ghi).', 'Đếm lại từ kho số liệu: không ghi.')
    """
    held = list(documents)
    known = [(recounted or 0, figures) for recounted, figures in held if figures is not None]
    share = _NOT_TOLD
    if known:
        recounted, figures = (sum(numbers) for numbers in zip(*known, strict=True))
        share = f"{recounted_share(recounted, figures)} con số"
    if known and len(known) < len(held):
        share += f" ({vn.format_number(len(held) - len(known))} văn bản {_NOT_TOLD})"
    return f"Đếm lại từ kho số liệu: {share}."


@cache
def versions(renderer: str, quarto: tuple[int, ...] | None) -> dict[str, str]:
    """The versions of all that makes a document: ours, Python's, papermill's and the renderer's."""
    parts = {"baocao": __version__, "python": platform.python_version()}
    wheels = ("papermill",) if renderer == "quarto" else ("papermill", "pypandoc_binary", "typst")
    parts |= {name: metadata.version(name) for name in wheels}
    return parts | ({"quarto": ".".join(map(str, quarto or ()))} if renderer == "quarto" else {})


@cache
def versions_of_libraries() -> dict[str, str]:
    """The versions of `SHAPING`, "" for one that is not installed, and of Python without its third number."""
    return {name: _version_of(name) for name in SHAPING} | {
        "Python": ".".join(map(str, sys.version_info[:2]))
    }


def _version_of(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""
