"""Running a notebook with papermill, its parameters checked first, its failure told in one sentence."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from traitlets.config import Config

from baocao.definitions import NoDataError, UserError, nearest
from baocao.publishing import engine as engines
from baocao.publishing import notebooks

_PLAIN = (str, int, float, bool, type(None))


class ExecutionError(Exception):
    """A cell raised: `sentence` for the reader of the ledger, the failed notebook is kept at `path`."""

    def __init__(self, sentence: str, path: Path) -> None:
        super().__init__(sentence)
        self.path = path


class LateError(ExecutionError):
    """A cell took longer than it may."""


def check_parameters(notebook: NotebookNode, parameters: dict[str, Any], name: str) -> None:
    """Refuse a parameter that the notebook does not declare, or that papermill would paste as code.

    papermill only warns about a misspelt name and runs on the default, and writes values other than plain
    ones into the source unescaped.
    """
    declared = notebooks.parameters_of(notebook)
    for key, value in parameters.items():
        if key not in declared:
            near = ", ".join(nearest(key, declared))
            raise UserError(f"Sổ tính {name} không có tham số «{key}»; tham số gần nhất: {near}.")
        items = value if isinstance(value, list) else [value]
        if not all(type(item) in _PLAIN for item in items):
            raise UserError(
                f"Tham số «{key}» của sổ tính {name} phải là chữ, số hoặc danh sách chữ, số; nhận {value!r}."
            )


def execute(
    source: Path,
    parameters: dict[str, Any],
    target: Path,
    root: Path,
    *,
    engine: str = "kernel",
    timeout: int = 300,
) -> NotebookNode:
    """Run `source` with `parameters` by papermill; return the executed notebook, also written to `target`.

    The cells run in the project's `root`: in a kernel process, or with `engine="baocao"` in this process where
    they can (`engines`). A NoDataError or UserError raised in a cell comes out as such; any other error, and a
    cell that takes longer than `timeout` seconds (LateError), as ExecutionError, with the failed notebook kept at
    `target`.
    """
    notebook = notebooks.read_notebook(source)
    check_parameters(notebook, parameters, source.stem)
    import papermill  # slow to import: only a command that runs notebooks pays for it
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    engines.register()
    here = engine == "baocao" and not engines.hindrances(notebook)
    try:
        with _no_transport() if here else _transport() as transport:
            executed = papermill.execute_notebook(
                str(source),
                str(target),
                parameters=parameters,
                cwd=str(root),
                progress_bar=False,
                request_save_on_cell_execute=False,
                kernel_name="python3",
                engine_name="baocao" if here else "kernel",
                keep=str(target),
                execution_timeout=timeout,
                **transport,
            )
    except PapermillExecutionError as error:
        sentence = str(error.evalue).strip().strip('"')
        if error.ename == "NoDataError":
            raise NoDataError(sentence) from None
        if error.ename == "UserError":
            raise UserError(sentence) from None
        raise ExecutionError(
            f"Ô số {error.exec_count} dừng vì lỗi {error.ename}: {sentence}", target
        ) from None
    except CellTimeoutError:
        raise LateError(f"Một ô chạy quá {timeout} giây nên đã bị dừng.", target) from None
    except DeadKernelError:
        raise ExecutionError("Tiến trình chạy sổ tính bị dừng giữa chừng.", target) from None
    return notebooks.clean_executed(executed)


@contextmanager
def _no_transport() -> Iterator[dict[str, Any]]:
    yield {}


@contextmanager
def _transport() -> Iterator[dict[str, Any]]:
    """How papermill talks to the kernel: sockets in a private folder, which cannot race for a TCP port.

    A socket's path may have about 100 characters, hence the system's folder for temporary files. Windows has no
    such sockets; there the kernel's default is used.
    """
    quiet = {"extra_arguments": ["--log-level=CRITICAL"]}  # its errors reach us as outputs, not as log lines
    if os.name == "nt":
        yield quiet
        return
    with tempfile.TemporaryDirectory(prefix="bc-") as folder:
        manager = {"KernelManager": {"transport": "ipc", "ip": os.path.join(folder, "k")}}
        yield {"config": Config(manager), **quiet}
