"""The picture of the house in code: nine rooms in one line, each imports only rooms to its left. Runs nothing."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path

import nbformat
import pytest

from baocao.definitions.project import find_project_root

PACKAGE = find_project_root(Path(__file__)) / "lib" / "baocao"

ROOMS = (
    "definitions", "readers", "store", "analysis", "writing", "charts", "reports", "publishing", "app",
)  # fmt: skip


def module_name(path: Path) -> str:
    """ "charts.fonts" for lib/baocao/charts/fonts.py; a package has the name of its folder, the root ""."""
    return ".".join(part for part in path.relative_to(PACKAGE).with_suffix("").parts if part != "__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


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


def test_every_module_stands_in_a_room():
    outside = {name for name in MODULES if name.split(".")[0] not in ROOMS}
    assert outside == {"", "__main__"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_to_its_left(room):
    left = ROOMS[: ROOMS.index(room) + 1]
    for name, path in MODULES.items():
        if name.split(".")[0] == room:
            strange = {one for one in imports_of(path) if one.split(".")[0] not in left}
            assert strange == set(), f"{name} imports {strange}"


def test_no_module_imports_itself_through_others():
    graph = {module: imports_of(path, when_run=True) for module, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"modules import one another: {' -> '.join(error.args[1])}")


def test_the_package_root_is_empty_but_for_the_version():
    tree = ast.parse(MODULES[""].read_text(encoding="utf-8"))
    kinds = [type(node).__name__ for node in tree.body]
    assert kinds == ["Expr", "Assign"], "baocao/__init__.py holds its docstring and __version__ only"


# --- Faces -----------------------------------------------------------------------------------------------------


def crossings() -> dict[str, set[str]]:
    """What each room's face is asked for by other rooms and by notebooks: {"store": {"facts", "open_facts"}}."""
    asked: dict[str, set[str]] = {room: set() for room in ROOMS}
    trees = {name.split(".")[0]: [] for name in MODULES}
    for name, path in MODULES.items():
        trees[name.split(".")[0]].append((name, ast.parse(path.read_text(encoding="utf-8"))))
    for path in sorted((PACKAGE.parents[1] / "notebooks").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        for cell in cells:
            if cell.cell_type == "code" and "baocao" in cell.source:
                trees.setdefault("notebooks", []).append((path.name, ast.parse(cell.source)))
    for room, members in trees.items():
        for name, tree in members:
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    assert not [one for one in node.names if one.name.startswith("baocao.")], name
                elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("baocao."):
                    other, _, inside = node.module.removeprefix("baocao.").partition(".")
                    if other != room:
                        assert not inside, f"{name} reaches into {node.module}: import from baocao.{other}"
                        asked[other] |= {alias.name for alias in node.names}
                elif (
                    room != "charts"
                    and isinstance(node, ast.Attribute)
                    and ast.unparse(node.value) == "charts"
                ):
                    asked["charts"].add(node.attr)  # from baocao import charts
    return asked


def test_other_rooms_use_a_room_by_its_face_and_the_face_shows_nothing_that_nobody_uses():
    for room, asked in crossings().items():
        face = import_module(f"baocao.{room}")
        assert set(face.__all__) == asked, room
        for name in face.__all__:
            getattr(face, name)


def test_at_most_forty_arrows_lead_from_room_to_room():
    arrows = {
        (name.split(".")[0], one.split(".")[0])
        for name, path in MODULES.items()
        if name.split(".")[0] in ROOMS
        for one in imports_of(path)
    }
    assert len({(start, end) for start, end in arrows if start != end}) <= 40
