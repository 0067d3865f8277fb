"""The picture of the house in code: who may import whom. Reads the imports, runs nothing.

Facts flow one way: in, mathematics, words, memo, out. A step never imports the step after it, and a module that
is not in the picture has no place yet: give it one here, in the room whose noun it is.
"""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from baocao.house import find_root

PACKAGE = find_root(Path(__file__)) / "lib" / "baocao"

CHARTS = {
    *("charts", "drawing", "pictures", "axes", "break_marks", "label_places"),
    *("bar_charts", "bar_sheets", "trend_charts", "heat_maps", "slope_charts", "multiples"),
}

# Room: its modules (a package stands for all in it, unless a module of it is named elsewhere).
ROOMS = {
    "foundation": {"errors", "house", "held", "recorder"},
    "values": {
        *("vn", "periods", "units", "unit_names", "laws"),
        *("acceptance", "indicators", "measures", "indices", "index_values", "targets", "published"),
    },
    "fonts": {"documents.fonts"},
    "in": {"tiling", "sources"},
    "facts": {"facts", "store", "fact_marks", "concerns"},
    "intake": {"intake"},
    "mathematics": {
        *("sums", "compute", "reasons", "bridges", "coverage", "compare", "standings", "series"),
        *("scores", "findings", "reconcile"),
    },
    "words": {"markup", "html_page", "claim", "claims", "narrate", "tables", "workbook", *CHARTS},
    "problems": {"problem_report", "problem_page"},
    "memos": {"memos", "explore"},
    "out": {
        *("specs", "documents", "ledger", "ledger_page", "ledger_look"),
        *("batch", "pool", "worker", "cluster", "station", "alike", "calm", "warm"),
    },
    "doors": {"usage", "doctor", "lab", "printing", "progress", "cli", "cli_data", "__main__"},
}

# Room: the other rooms that it may import from.
MAY_IMPORT = {
    "foundation": set(),
    "values": {"foundation"},
    "fonts": {"foundation"},
    "in": {"foundation", "values"},
    "facts": {"foundation", "values", "in"},
    "intake": {"foundation", "values", "in", "facts"},
    "mathematics": {"foundation", "values"},
    "words": {"foundation", "values", "mathematics"},
    "problems": {"foundation", "values", "in", "words"},
    "memos": {"foundation", "values", "fonts", "facts", "mathematics", "words"},
    "out": {"foundation", "values", "fonts", "facts", "words", "problems"},
    "doors": set(ROOMS),
}


def module_name(path: Path) -> str:
    """ "documents.fonts" for lib/baocao/documents/fonts.py; a package has the name of its folder, the root ""."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str | None:
    """The room of the module, or of the nearest package above it that has one."""
    while module:
        for room, members in ROOMS.items():
            if module in members:
                return room
        module = module.rpartition(".")[0]
    return None


def imports_of(path: Path, *, when_run: bool = False) -> set[str]:
    """The package's own modules that a file imports; `when_run` leaves out those for type checkers only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if when_run:
        _TypesOnly().visit(tree)
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: imports are written in full (from baocao.x import y)"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    own = {name.removeprefix("baocao.") for name in found if name.split(".")[0] == "baocao"}
    return {name if name in MODULES else name.rpartition(".")[0] for name in own} - {"", "baocao"}


class _TypesOnly(ast.NodeTransformer):
    def visit_If(self, node: ast.If) -> ast.If | None:
        return None if "TYPE_CHECKING" in ast.unparse(node.test) else self.generic_visit(node)


@pytest.mark.parametrize("module", [name for name in MODULES if name])
def test_every_module_imports_only_from_the_rooms_before_it(module):
    room = room_of(module)
    assert room is not None, f"{module} has no room in tests/test_layering.py"
    for imported in imports_of(MODULES[module]):
        other = room_of(imported)
        assert other == room or other in MAY_IMPORT[room], f"{module} ({room}) imports {imported} ({other})"


def test_no_module_imports_itself_through_others():
    graph = {module: imports_of(path, when_run=True) for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import one another: {' -> '.join(error.args[1])}")


def test_the_picture_has_a_rule_for_every_room_and_no_room_before_its_own():
    assert MAY_IMPORT.keys() == ROOMS.keys()
    order = list(ROOMS)
    for room, others in MAY_IMPORT.items():
        if room != "doors":
            assert {order.index(other) < order.index(room) for other in others} <= {True}, room


def test_the_package_root_is_empty_but_for_the_version():
    tree = ast.parse(MODULES[""].read_text(encoding="utf-8"))
    kinds = [type(node).__name__ for node in tree.body]
    assert kinds == ["Expr", "Assign"], "baocao/__init__.py holds its docstring and __version__ only"
