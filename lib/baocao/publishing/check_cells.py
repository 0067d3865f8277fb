"""Faults of a memo's notebook that can be seen without running it: unknown names, files and networks, wrong syntax.

A memo is a notebook that calls `open_memo`; others are left alone. What a cell takes from elsewhere than the report has no
source, and would be in no document's key.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from baocao import reports
from baocao.definitions import Laws, UserError, load_laws, load_measures, nearest
from baocao.reports import paper
from baocao.writing import prose

_OPENS = re.compile(r"(?:\b(\w+)\.|\b)open_memo\s*\(")
"""The cell that opens a memo: `open_memo(…)`, or that of a module for its own kind of report."""
_MAGIC = re.compile(r"^(\s*)([%!].*)$", re.MULTILINE)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)

_FOREIGN = {
    "aiohttp", "duckdb", "ftplib", "http", "httpx", "ibis", "requests", "socket", "sqlalchemy", "sqlite3", "subprocess",
    "urllib", "urllib3",
}  # fmt: skip
"""Modules by which a cell could get figures that no file of the project holds, or read files past their list."""

_OF_PYTHON = {*dir(builtins), *_FOREIGN, "display", "get_ipython", "In", "Out", "_", "__", "___", "__name__"}
"""Names that a cell of Python need not define; the foreign ones are refused as such."""

_INSTEAD = (
    "lấy số liệu từ ngoài báo cáo, không kiểm chứng được; hãy dùng một số liệu của báo cáo, hoặc đưa tệp vào data/raw bằng "
    "«baocao load» rồi dùng đại lượng, chỉ tiêu tính từ tệp đó"
)


def check_cells(notebook: NotebookNode, root: Path, name: str) -> None:
    """A UserError that lists the faults of a memo's notebook, one a line."""
    faults = faults_of(notebook, root)
    if faults:
        listed = "".join(f"\n  - {fault}." for fault in faults)
        raise UserError(f"Sổ tính {name} có {len(faults)} chỗ phải sửa:{listed}")


def faults_of(notebook: NotebookNode, root: Path) -> list[str]:
    """The faults of a memo's cells in their order, each with its cell and what to do; none of another notebook."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    if not any(map(_OPENS.search, sources)):
        return []
    measures = load_measures(root)
    laws = load_laws(root)
    cells = [_read_prose(source, laws) or _read_python(source) for source in sources]
    later = [name for cell in cells for name in cell.bound]
    known: set[str] = set()
    faults = []
    for source, cell in zip(sources, cells, strict=True):
        if opens := _OPENS.search(source):
            module = getattr(reports, opens[1] or "", reports.memo)
            known |= set(module.vocabulary_names(measures))
        later = later[len(cell.bound) :]
        unknown = [name for name in cell.taken if name not in known]
        faults += [f"{cell.place}: {fault.rstrip('.')}" for fault in cell.faults]
        faults += [f"{cell.place}: {_say_unknown(name, known, later)}" for name in unknown]
        faults += [
            f"{cell.place}: {_say_unknown(name, known, [])}"
            for name in cell.taken_by_functions
            if name not in {*known, *later, *unknown}
        ]
        known |= set(cell.bound)
    return faults


def _say_unknown(name: str, known: set[str], later: Sequence[str]) -> str:
    if name in later:
        return f"tên «{name}» đến một ô phía sau mới được đặt; hãy chuyển ô đó lên trước ô này"
    return f"không có tên «{name}»; các tên gần nhất: {', '.join(nearest(name, sorted(known)))}"


@dataclass
class _Cell:
    """What a cell looks like: how it is called, the names that it binds for the cells after it, those that it takes from
    cells before it, those that functions in it take when they are called, and its faults in itself."""

    place: str
    bound: Sequence[str] = ()
    taken: Sequence[str] = ()
    taken_by_functions: Sequence[str] = ()
    faults: list[str] = field(default_factory=list)


def _read_prose(source: str, laws: Laws) -> _Cell | None:
    written = prose.split_cell(source)
    if written is None:
        return None
    options, template = written
    cell = _Cell(f"Ô %%vanban «{paper.first_words(template)}»")
    is_pattern = False
    try:
        is_pattern = "mau" in paper.read_options(options)
    except UserError as error:
        cell.faults.append(str(error))
    seen = prose.look_through(template, laws)
    cell.faults += seen.faults
    cell.taken = sorted(seen.taken, key=template.find)
    cell.bound = seen.defined if is_pattern else ()
    return cell


def _read_python(source: str) -> _Cell:
    cell = _Cell(f"Ô «{paper.first_words(source)}»")
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        cell.faults += [
            f"dòng «{line.strip()}» là lệnh của IPython, sổ tính của văn bản không dùng; hãy bỏ dòng đó"
            for _, line in _MAGIC.findall(source)
        ]
        if source.lstrip().startswith("%%"):  # what follows need not be Python
            del cell.faults[1:]
            return cell
        try:
            tree = ast.parse(_MAGIC.sub(r"\1pass", source))
        except (SyntaxError, ValueError) as error:
            number = getattr(error, "lineno", None) or 1
            line = (source.splitlines()[number - 1 : number] or [""])[0].strip()
            cell.faults.append(
                f"dòng {number} sai cú pháp Python: «{line}»; hãy xem lại dấu ngoặc, dấu nháy, dấu phẩy ở đó"
            )
            return cell
    walked = list(ast.walk(tree))
    cell.bound = list(dict.fromkeys(name for node in walked for name in _bound_by(node)))
    cell.faults += dict.fromkeys(
        fault for node in walked for fault in _taken_past_the_report(node, cell.bound)
    )
    inside = {id(node) for one in walked if isinstance(one, _FUNCTIONS) for node in ast.walk(one)}
    names = [node for node in walked if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)]
    strange = [node for node in names if node.id not in {*_OF_PYTHON, *cell.bound}]
    cell.taken = list(dict.fromkeys(node.id for node in strange if id(node) not in inside))
    cell.taken_by_functions = list(dict.fromkeys(node.id for node in strange if id(node) in inside))
    return cell


def _bound_by(node: ast.AST) -> list[str]:
    """The names that a piece of Python assigns, imports or defines, in whatever scope."""
    if isinstance(node, ast.Name):
        return [] if isinstance(node.ctx, ast.Load) else [node.id]
    if isinstance(node, ast.alias):
        return [(node.asname or node.name).split(".")[0]]
    if isinstance(node, ast.arg):
        return [node.arg]
    return [name for name in (getattr(node, "name", None), getattr(node, "rest", None)) if name]


def _taken_past_the_report(node: ast.AST, bound: Sequence[str]) -> Iterator[str]:
    """What a piece of Python reads past the report: files by `open` and `read_…`, databases, networks, programs."""
    taken: list[str] = []
    if isinstance(node, ast.Import):
        taken = [one.name for one in node.names if one.name.split(".")[0] in _FOREIGN]
    elif isinstance(node, ast.ImportFrom):
        module, names = node.module or "", [one.name for one in node.names]
        is_foreign = module.split(".")[0] in _FOREIGN
        taken = [module] if is_foreign else [name for name in names if _reads(name)]
        if "*" in names:
            yield f"«from {module} import *» không cho biết tên nào được dùng; hãy nêu từng tên"
    elif isinstance(node, ast.Attribute) and _reads(node.attr):
        taken = [ast.unparse(node)]
    elif isinstance(node, ast.Name) and node.id not in bound and (_reads(node.id) or node.id in _FOREIGN):
        taken = [node.id]
    for name in taken:
        yield f"«{name}» {_INSTEAD}"


def _reads(name: str) -> bool:
    return name == "open" or name.startswith("read_")
