"""The house itself: what documentation, locks, notebooks and files promise is held to what the code has."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from baocao.app.cli import app
from baocao.definitions.indicators import INDICATORS
from baocao.definitions.measures import load_measures
from baocao.definitions.project import find_project_root

ROOT = find_project_root(Path(__file__))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
README = (ROOT / "README.md").read_text(encoding="utf-8")
INSTALLING = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
GLOSSARY = (ROOT / "GLOSSARY.md").read_text(encoding="utf-8")
DOCS = sorted((ROOT / "docs").glob("*.md"))
LOCKS = ("requirements.lock", "requirements-lab.lock", "requirements-warehouse.lock")

# Names that differ between the package lists.
CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb"}
IMPORT_NAMES = {
    "ibis-framework": "ibis",
    "ipython": "IPython",
    "lazy-loader": "lazy_loader",
    "jupyter-client": "jupyter_client",
    "matplotlib-inline": "matplotlib_inline",
    "python-calamine": "python_calamine",
    "fonttools": "fontTools",
    "pypandoc-binary": "pypandoc",
    "pyyaml": "yaml",
    "odfpy": "odf",
}
# On conda they come as wheels with `pip: [-e .]`: the packages of these names there are other programs.
ONLY_WHEELS = {"pypandoc-binary", "typst"}
# What a library installs beside the module of its name.
SECOND_MODULES = {"ipykernel_launcher"}  # of ipykernel
# Extras that a module imports where a warehouse or a cluster is asked for.
ONLY_WAREHOUSE = {"pyspark", "distributed"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> dict[str, str]:
    """Version condition by library: {"pandas": ">=2.2"}."""
    parts = [re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?\s*(.*)", requirement) for requirement in requirements]
    return {plain(part[1]): part[2] for part in parts}


def locked(lock: str) -> dict[str, set[str]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        versions.setdefault(plain(name), set()).add(version)
    return versions


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def within(version: str, condition: str) -> bool:
    """Whether a version is as ">=30" or ">=30,<30.1" asks."""
    least, *most = condition.split(",")
    assert least.startswith(">=")
    assert all(bound.startswith("<") for bound in most)
    return numbers(version) >= numbers(least) and all(numbers(version) < numbers(bound) for bound in most)


RUN = declared(PROJECT["dependencies"])
TEST = declared(PROJECT["optional-dependencies"]["test"])
LAB = declared(PROJECT["optional-dependencies"]["lab"])
WAREHOUSE = declared(
    [line for extra in ("postgres", "spark", "cluster") for line in PROJECT["optional-dependencies"][extra]]
)


def tracked_files() -> list[Path]:
    """The files that a clone holds or would hold: all but those that .gitignore names."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git clone: nothing says which files belong to the project")
    return [ROOT / name for name in sorted(set(listed.split("\0"))) if name and (ROOT / name).is_file()]


def text_files() -> list[tuple[Path, str]]:
    found = []
    for path in tracked_files():
        try:
            found.append((path.relative_to(ROOT), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


# --- Libraries -------------------------------------------------------------------------------------------------


def test_environment_is_in_step_with_pyproject():
    listed = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    assert listed[-1] == {"pip": ["-e ."]}
    conda = declared([line for line in listed if isinstance(line, str)])
    wanted = {name: condition for name, condition in (RUN | TEST | LAB).items() if name not in ONLY_WHEELS}
    wanted = {CONDA_NAMES.get(name, name): condition for name, condition in wanted.items()}
    extra = {"python": PROJECT["requires-python"], "pip": "", "quarto": ">=1.9"}
    assert conda == wanted | extra


@pytest.mark.parametrize(
    ("lock", "wanted"),
    [
        ("requirements.lock", RUN | TEST),
        ("requirements-lab.lock", LAB),
        ("requirements-warehouse.lock", WAREHOUSE),
    ],
    ids=LOCKS,
)
def test_a_lock_satisfies_what_pyproject_asks_for(lock, wanted):
    versions = locked(lock)
    for name, condition in wanted.items():
        assert name in versions, f"{lock} lacks {name}: make it again as CONTRIBUTING.md says"
        assert all(within(version, condition) for version in versions[name])


def test_the_warehouse_lock_has_the_versions_of_the_first_one():
    first, warehouse = locked("requirements.lock"), locked("requirements-warehouse.lock")
    assert {name: warehouse[name] for name in warehouse.keys() & first.keys()} == {
        name: first[name] for name in warehouse.keys() & first.keys()
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[\w.-]+==)", text)
    assert all("--hash=sha256:" in entry for entry in entries)
    allowed = re.compile(
        r"[\w.-]+==[\w.!+]+( ; [\w.'<>!=*() -]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?|    #( +via)?[ \w.()-]*"
    )
    assert [line for line in text.splitlines() if not allowed.fullmatch(line)] == []


def test_whoever_is_told_to_install_something_is_told_a_lock_with_hashes():
    """Never a name of ours: the public index has none of it, or somebody else's."""
    right = {
        *(f"--require-hashes -r {lock}" for lock in LOCKS[:2]),
        f"--no-build-isolation --require-hashes -r {LOCKS[2]}",  # pyspark is built, with the setuptools of the first lock
        "--no-deps --no-build-isolation -e .",  # after the first lock
        "uv",  # of who makes the locks again
    }
    told = {
        (path.as_posix(), advice.replace("--quiet ", "").strip())
        for path, text in text_files()
        if path.suffix in (".py", ".md", ".yml", ".toml", "") and path.parts[0] != "tests"
        for advice in re.findall(r"pip install ([^`\n\"']+)", text)
    }
    assert {(path, advice) for path, advice in told if advice not in right} == set()
    assert {advice for _, advice in told} == right
    ours = re.compile(r"\bbaocao\[|\.\[(test|lab|postgres|spark|cluster)")
    assert [path for path, text in text_files() if path.parts[0] != "tests" and ours.search(text)] == []


def test_pre_commit_uses_the_locked_versions_and_needs_no_address():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert [source["repo"] for source in hooks] == ["local"]
    versions = locked("requirements.lock")
    for hook in hooks[0]["hooks"]:
        for pinned in hook["additional_dependencies"]:
            name, version = pinned.split("==")
            assert {version} == versions[name], hook["id"]


def imported_below(*folders: str) -> set[str]:
    """The libraries that the modules in these folders import, by import name."""
    used = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                used |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                used.add(node.module.split(".")[0])
    return used - set(sys.stdlib_module_names) - {"baocao"} - SECOND_MODULES


def test_what_tests_and_benchmarks_import_is_declared():
    known = RUN | TEST | WAREHOUSE | LAB
    helpers = {path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")}
    foreign = imported_below("tests", "benchmarks") - helpers
    assert foreign - {IMPORT_NAMES.get(name, name) for name in known} == set()


def test_every_library_is_declared_and_every_declared_library_is_used():
    foreign = imported_below("lib") - ONLY_WAREHOUSE
    assert foreign == {IMPORT_NAMES.get(name, name) for name in RUN}


# --- Documentation ---------------------------------------------------------------------------------------------


def test_every_promise_of_security_names_tests_that_there_are():
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    rows = [
        line
        for line in text.splitlines()
        if line.startswith("| ") and not line.startswith(("| promise", "| ---"))
    ]
    assert len(rows) >= 15
    for row in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row)
        assert named and row.count("::") == len(named), row
        for file, test in named:
            assert f"\ndef {test}(" in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {test}"


def test_readme_documents_every_command_and_exit_code():
    for command in typer.main.get_command(app).commands:
        assert re.search(rf"^\| `baocao {command}\b", README, re.MULTILINE), f"README lacks {command}"
    assert "0 done" in README
    assert "1 some document or fact is wrong" in README
    assert "2 you must change something" in README


def test_every_command_has_help():
    for name, command in typer.main.get_command(app).commands.items():
        assert command.help, name


def test_options_that_readme_names_exist():
    known = {
        option
        for command in typer.main.get_command(app).commands.values()
        for parameter in command.params
        for option in parameter.opts
    }
    rows = [line for line in README.splitlines() if line.startswith("| `baocao ")]
    named = {option for row in rows for option in re.findall(r"--[a-z][a-z-]*", row)}
    assert named <= known


def makefile_commands() -> list[str]:
    """The program calls in the Makefile's recipes, its variables filled in."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    values = dict(
        re.fullmatch(r"(\w+) [:?]= (.*)", line).groups() for line in lines if re.match(r"\w+ [:?]= ", line)
    )
    recipes = [line for line in lines if line.startswith("\t")]
    filled = [re.sub(r"\$\((\w+)\)", lambda name: values.get(name[1], name[0]), line) for line in recipes]
    calls = re.compile(r"(?:python3|\.venv(?:/lab)?/bin/python) -m [^;&|>]+")
    return [call.strip() for line in filled for call in calls.findall(line)]


def test_make_only_wraps_commands_that_the_page_on_installing_gives():
    commands = makefile_commands()
    assert len(commands) >= 12
    given = {line.strip() for line in INSTALLING.splitlines()}
    assert [command for command in commands if command not in given] == []


def test_windows_and_conda_have_the_same_commands():
    given = {line.strip() for line in INSTALLING.splitlines()}
    for command in makefile_commands():
        if command.startswith(".venv/bin/python -m baocao") or "pytest" in command:
            assert command.replace(".venv/bin/python", r".venv\Scripts\python") in given
            assert command.replace(".venv/bin/python", "python") in given


PAGES = (
    "README.md",
    "CONTRIBUTING.md",
    "GLOSSARY.md",
    "CHANGELOG.md",
    *(f"docs/{path.name}" for path in DOCS),
)


@pytest.mark.parametrize("name", PAGES)
def test_documents_point_only_to_files_that_exist(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    named = re.findall(r"`((?:lib|data|docs|tests|notebooks|reports|_extensions|benchmarks)/[\w./-]*)`", text)
    made = ("reports/build/", "reports/quarto/", "data/derived/")
    for path in linked + [path for path in named if not path.startswith(made)]:
        assert (ROOT / path).exists(), f"{name} points to {path}"


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 130


def test_the_questions_of_a_newcomer_are_answered_by_files_that_hold_the_answer():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]*?) ?\| `([^`]+)` \| `([^`]+)` \|$", text, re.MULTILINE)
    assert sum(bool(question) for question, _, _ in rows) >= 10
    for question, path, words in rows:
        assert words in (ROOT / path).read_text(encoding="utf-8"), f"{question}: {words} is not in {path}"


def test_glossary_has_every_measure_and_indicator_under_its_label():
    rows = {
        cells[2].strip(): cells[1].strip()
        for line in GLOSSARY.splitlines()
        if line.startswith("| ") and len(cells := line.split("|")) == 6
    }
    labels = {name: measure.label for name, measure in load_measures(ROOT).items()}
    labels |= {indicator.name: indicator.label for indicator in INDICATORS}
    assert {name: rows.get(f"`{name}`") for name in labels} == labels


def test_glossary_gives_no_two_meanings_to_one_name():
    names = [
        name
        for line in GLOSSARY.splitlines()
        if line.startswith("| ") and line.count("|") == 5
        for name in re.findall(r"`([\w-]+)`", line.split("|")[2])
    ]
    assert sorted(names) == sorted(set(names))


def test_changelog_says_what_every_release_moves():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert releases
    for release in releases:
        assert re.findall(r"^### (.+)$", release, re.MULTILINE) == [
            "Impacted periods",
            "Impacted indicators",
            "Details",
        ]


def test_licence_is_apache():
    assert PROJECT["license"] == "Apache-2.0"
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert licence.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in licence


# --- Files -----------------------------------------------------------------------------------------------------


def test_no_file_names_this_machine_or_a_registry():
    # Written in pieces, so that this file does not name them either.
    hosts = [
        "py" + "pi.org",
        "python" + "hosted.org",
        "npm" + "js.org",
        "deb.debian" + ".org",
        "anaconda" + ".org",
    ]
    options = ["--index" + "-url", "--extra-index" + "-url", "--find" + "-links", "--trusted" + "-host"]
    places = [f"{Path.home()}/", f"{ROOT}/"]
    foreign_home = re.compile(r"/home/\w+/|[A-Z]:\\Users\\\w+|/Users/\w+/")
    for path, text in text_files():
        named = [word for word in hosts + options + places if word in text]
        assert named == [], f"{path} names {named}"
        assert not foreign_home.search(text), f"{path} names somebody's home folder"


def test_notebooks_are_committed_without_outputs_and_with_their_kernel():
    for path in tracked_files():
        if path.suffix != ".ipynb":
            continue
        notebook = json.loads(path.read_text(encoding="utf-8"))
        assert notebook["metadata"]["kernelspec"]["name"] == "python3", (
            f"{path.name}: papermill needs the kernel"
        )
        for cell in notebook["cells"]:
            assert not cell.get("outputs"), f"{path.name} holds outputs: run nbstripout"
            assert cell.get("execution_count") is None, f"{path.name} was run: run nbstripout"


def test_no_module_is_called_utils():
    modules = sorted((ROOT / "lib").rglob("*.py"))
    assert [path.name for path in modules if "util" in path.stem] == [], (
        "a helper lives with the noun it helps"
    )


# What a tool looks for by its name.
CALLED_BY_TOOLS = {
    ".gitattributes",
    ".gitignore",
    ".pre-commit-config.yaml",
    "LICENSE",
    "README.md",
    "_language.yml",
}


def test_nothing_lies_in_the_root_that_nothing_names():
    """A wheel, an output, a scratch file: what no other file of the project mentions does not belong to it."""
    texts = {path: text for path, text in text_files() if path.parts[:2] != ("tests", "record")}
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if "/" not in name and name not in CALLED_BY_TOOLS:
            others = [other for other, text in texts.items() if other.as_posix() != name and name in text]
            assert others, f"nothing names {name}"


def test_private_and_rebuilt_folders_are_ignored_by_git():
    for name in (
        ".fonts/x", ".quarto/x", ".venv/x", "data/derived/x", "data/raw/.nap.json", "reports/build/x", "reports/quarto/x",
    ):  # fmt: skip
        asked = subprocess.run(
            ["git", "check-ignore", "-q", name], cwd=ROOT, capture_output=True, check=False
        )
        if asked.returncode == 128:
            pytest.skip("not a git clone")
        assert asked.returncode == 0, f"{name} is not ignored"
