"""What a notebook could tell from a kernel process when its cells run in ours, and how it is seen beforehand.

The two write down the same, cell by cell (tests/publishing/test_engine_conformance.py), but for the table below. Where a notebook
can be seen to need such a thing before it runs, it gets a kernel process; the rest is the price of a process that has
the libraries loaded already, or is left out on purpose, as a report must not depend on it.
"""

from __future__ import annotations

import ast
import os
import re
import sys
from dataclasses import dataclass

from nbformat import NotebookNode

from baocao.writing import prose

KERNEL, KEPT = "chạy bằng kernel riêng", "giữ nguyên như vậy"


@dataclass(frozen=True)
class Difference:
    """What a notebook could tell from a kernel process: `what`, in Vietnamese, and what is `done` about it.

    magics   the line or cell magics that need it
    names    the names whose call needs it
    modules  the modules that need it, once imported
    """

    what: str
    done: str
    magics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


_DIFFERENCES = (
    Difference("lệnh exit(), quit() trong ô: kernel tự kết thúc sau đó ít lâu", KERNEL, names=("exit", "quit")),
    Difference(
        "gỡ lỗi, kết nối từ ngoài, tiểu kernel", KERNEL, modules=("debugpy", "pdb", "ipdb", "pydevd"),
        magics=("connect_info", "qtconsole", "subshell", "debug", "pdb"), names=("breakpoint",),
    ),
    Difference("vòng lặp sự kiện của giao diện đồ họa (Qt, Tk, GTK, wx)", KERNEL, magics=("gui", "pylab", *(f"matplotlib {one}" for one in ("qt", "tk", "gtk", "gtk3", "wx", "osx"))),
               modules=("tkinter", "PyQt5", "PyQt6", "PySide2", "PySide6", "wx", "gi")),
    Difference("chương trình cần biết cổng, tệp kết nối của kernel", KERNEL, modules=("ipykernel", "ipyparallel")),
    Difference("ô làm dừng cả tiến trình (os._exit, os.abort), thay nó (os.exec…) hoặc tách nó (os.fork)", KERNEL,
               names=("os._exit", "os.abort", "os.fork", "os.execv", "os.execve", "os.execvp", "os.execl", "os.execlp")),
    Difference("cấu hình và tệp khởi động IPython của người dùng: không nạp, để báo cáo không phụ thuộc vào máy", KEPT),
    Difference("sys.argv, JPY_PARENT_PID, số hiệu tiến trình, số luồng là của tiến trình này", KEPT),
    Difference("mô-đun đã nạp sẵn: không nạp lại, nên không in lại điều gì lúc nạp; thanh tiến độ của DuckDB không hiện",
               KEPT),
    Difference("sys.getrecursionlimit() lớn hơn 1000 đúng bằng số lời gọi bên ngoài ô; ô gọi đệ quy sâu như trong kernel",
               KEPT),
    Difference("chữ ghi thẳng vào tệp số 1, 2 đứng đúng thứ tự; kernel ghi theo luồng riêng nên có lúc đảo, có lúc mất",
               KEPT),
    Difference("việc async còn dở khi ô xong chỉ chạy tiếp cùng ô sau", KEPT),
    Difference("ô chặn mọi ngoại lệ trong mã C quá thời hạn: tiến trình chủ phải dừng nó", KEPT),
)  # fmt: skip


def differences() -> tuple[Difference, ...]:
    """All that is known to differ from a kernel process."""
    return _DIFFERENCES


def hindrances(notebook: NotebookNode) -> list[str]:
    """Why this notebook, or any in this process, has to run in a kernel process; [] when it can run here."""
    found = [] if hasattr(os, "fork") else ["hệ điều hành không có fork"]
    if "IPython" in sys.modules:
        from IPython import get_ipython

        if get_ipython() is not None:
            found.append("tiến trình này đã là kernel của một sổ tính")
    for cell in notebook.cells:
        if cell.cell_type == "code" and not prose.split_cell(cell.source):
            found += _needs(cell.source)
    return list(dict.fromkeys(found))


def _needs(source: str) -> list[str]:
    words = set(re.findall(r"\w+", source))
    suspects = [one for one in _DIFFERENCES if words & _last_words((*one.magics, *one.names, *one.modules))]
    if not suspects:
        return []
    lines = re.findall(r"^\s*%{1,2}(\w+)(?: +(\w+))?", source, re.MULTILINE)
    magics = {name for name, _ in lines} | {" ".join(both) for both in lines}
    called, imported = _calls_and_imports(source)
    return [
        one.what
        for one in suspects
        if magics & set(one.magics) or called & set(one.names) or imported & set(one.modules)
    ]


def _last_words(names: tuple[str, ...]) -> set[str]:
    return {re.split(r"[. ]", name)[-1] for name in names}


def _calls_and_imports(source: str) -> tuple[set[str], set[str]]:
    """The names called in a cell and the modules it imports; nothing for a cell that Python cannot read."""
    plain = re.sub(r"^(\s*)[%!].*$", r"\1pass", source, flags=re.MULTILINE)
    try:
        tree = ast.parse(plain)
    except SyntaxError:
        return set(), set()
    called, imported = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called.add(ast.unparse(node.func))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Name):
            called.add(node.value.id)  # IPython calls exit for a line that only names it
        elif isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    return called, imported
