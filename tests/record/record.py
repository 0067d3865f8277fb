"""The record: what the product says, kept as text beside this file, so that a change of the code shows as a diff.

    python tests/record/record.py              what is said now against what is kept; exit code 1 where they differ
    python tests/record/record.py --quick      the same for the seeds, `reconcile`, one period and the files received, of broken
                                               exports of dossiers those of one form (`make test`)
    python tests/record/record.py --accept     keep what is said now (`make record-accept`); name the change in the commit

`said/` holds a file for each document: how many pages, every block of text with its kind, every figure with what it
is made of, without the ids that number figures. `problems/` holds a file for each received file of the makers in
`tests/fixtures/received`, whole and broken in four ways: every problem that it has, column by column.
All figures are those of the synthetic province and of published documents.
"""

from __future__ import annotations

import argparse
import difflib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import nbformat
import pypdfium2

from baocao.app.sample.province import write_sample
from baocao.publishing import deliver, pandoc
from baocao.publishing.document_blocks import read_blocks
from baocao.publishing.notebooks import claims_record
from baocao.store.load import commit
from baocao.store.load.candidates import make_options

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from shipped import copy_project, shipped_root

ROOT = shipped_root()
MAKERS = HERE.parent / "fixtures" / "received"

SEEDS = tuple(path.stem for path in sorted((ROOT / "reports" / "seeds").glob("*.yml")))
QUICK = "2025-07"
QUICK_EXPORT = "utf8.csv"

# Reports by period: counts in the new and the old order of units and of convention; indices in years that have them.
PERIODS = {
    "2025-07": ("processing", "online_services", "unit_briefing"),
    "2024-H1": ("processing", "online_services", "unit_briefing"),
    "2019-Q1": ("processing", "online_services", "unit_briefing", "directive_08"),
    "2018-Q4": ("directive_08",),
    "2018": ("directive_08",),
    "2026": ("service_index",),
    "2025-M7": ("service_index",),
    "2024": ("service_index", "reform_indices"),
    "2022": ("reform_indices",),
    "2021": ("reform_indices",),
}
# The province, a group, and one unit of a kind that existed then.
UNITS = {"2025-07": ("42", "communes", "18229"), "2024-H1": ("42", "departments", "446")}
OTHER_UNITS = ("42", "communes", "18229")
ALONE = ("unit_briefing",)
"""Made for one unit each: a group would be a document for every member."""

Said = dict[str, str]
"""The text of each file of the record, by its path below this folder."""


def documents_said(project: Path, *, quick: bool = False) -> Said:
    """What each document says, by the name of its file."""
    said = _build(project, (*SEEDS, "reconcile"))
    for period, reports in PERIODS.items():
        if quick and period != QUICK:
            continue
        for units in UNITS.get(period, OTHER_UNITS):
            chosen = [report for report in reports if report not in ALONE or units[0].isdigit()]
            if quick:
                chosen = [report for report in chosen if units == "42" or report in ALONE]
            if chosen:
                said |= _build(project, chosen, "--period", period, "--units", units)
    return said


def _build(project: Path, specs: Sequence[str], *options: str) -> Said:
    """Build the specs into a fresh folder as a user does; the record of each document, by file name."""
    out = project / "reports" / "build"
    command = [sys.executable, "-m", "baocao", "build", *specs, *options, "--format", "pdf"]
    run = subprocess.run(
        [*command, "--renderer", "embedded", "--json"],
        cwd=project, capture_output=True, text=True, encoding="utf-8", check=False,
        env=os.environ | {"PYTHONUTF8": "1"},
    )  # fmt: skip
    key = "@".join(option.replace("/", "") for option in options if not option.startswith("--"))
    if run.returncode not in (0, 1):
        return {f"said/{'+'.join(specs)}@{key}.txt": f"exit code {run.returncode}\n{run.stderr}"}
    said = {
        f"said/{line['report']}{'@' + key if key else ''}.txt": _document(line, out)
        for line in json.loads(run.stdout)
    }
    shutil.rmtree(out)
    return said


def _document(line: dict[str, Any], out: Path) -> str:
    lines = [f"{line['report']}, {line['period']}, {len(line['units'])} units: {line['outcome']}"]
    lines += [f"  {problem}" for problem in line["problems"]]
    folder = out / line["folder"]
    notebook = folder / f"{line['stem']}.ipynb"
    if line["outcome"] == "built":
        with pypdfium2.PdfDocument(folder / f"{line['stem']}.pdf") as pages:
            lines += [f"{len(pages)} pages"]
        read = nbformat.read(notebook, as_version=4)
        lines += ["", *_blocks(read), "", *_claims(claims_record(read)["claims"])]
    return "\n".join(lines) + "\n"


def _blocks(notebook: nbformat.NotebookNode) -> Iterator[str]:
    source = read_blocks(pandoc.parse(deliver.document_markdown(notebook), ROOT))
    yield f"# {source.title}"
    for fault in source.faults:
        yield f"FAULT {fault}"
    for block in [*source.printed, *source.notes]:
        kind = f"{block.kind} {block.table or block.chart or ''}".strip() + ("=" if block.is_header else "")
        yield f"[{kind}] {block.marker} {' '.join(block.text.split())}".replace("]  ", "] ")
        if block.alternative:
            yield f"    = {' '.join(block.alternative.split())}"


_HEADING = ("label", "measured_in", "form", "decimals", "period", "window", "source", "formula")
"""What claims have in common is written once above them."""


def _claims(claims: list[dict[str, Any]]) -> Iterator[str]:
    groups: dict[tuple[str, ...], Counter[str]] = {}
    for claim in claims:
        heading = tuple(str(claim.get(name, "")) for name in _HEADING)
        parts = [claim["unit"], claim["unit_name"], claim["text"], *_made_of(claim)]
        parts += [f"{name} {claim[name]}" for name in ("facts", "chart") if claim.get(name)]
        groups.setdefault(heading, Counter())["  " + " | ".join(parts)] += 1
    for heading in sorted(groups):
        yield "## " + " · ".join(part for part in heading if part)
        for text, times in sorted(groups[heading].items()):
            yield text + (f" ×{times}" if times > 1 else "")


def _made_of(claim: dict[str, Any]) -> list[str]:
    """Parts and exact value, the value where neither the text nor the parts say it."""
    parts = (claim.get("numerator"), claim.get("denominator"))
    made = [f"{parts[0]}/{parts[1]}"] if None not in parts else []
    value = Fraction(claim["value"])
    plain = claim["text"].replace(".", "").replace(",", ".").rstrip("%")
    told = {Fraction(plain)} if re.fullmatch(r"\d+(\.\d+)?", plain) else set()
    if made and parts[1]:
        told |= {Fraction(*parts), 100 * Fraction(*parts)}
    return made if value in told else [*made, claim["value"]]


# --- Problems ------------------------------------------------------------------------------------------------------

_COLUMNS = ("severity", "code", "sheet", "row", "column", "value", "unit", "message")


def problems_said(project: Path, *, quick: bool = False) -> Said:
    """The problems of every file that the makers make, and of what becomes of them when they are broken."""
    said: Said = {}
    with tempfile.TemporaryDirectory() as name:
        for path in _received(Path(name), quick=quick):
            options = make_options(received="2000-01-01")
            examined = commit.examine_files(project, [path], options)
            lines = [f"{one.summary}" for one in examined.fresh] + [
                " | ".join(str(row[column]) for column in _COLUMNS)
                for row in examined.problems.to_dict("records")
            ]
            said[f"problems/{path.relative_to(name).as_posix().replace('/', '@')}.txt"] = (
                "\n".join(lines).replace(str(name), "") + "\n"
            )
    return said


def _received(folder: Path, *, quick: bool) -> Iterator[Path]:
    """The files as made, then broken in each way; `quick`: of the exports of dossiers, which take longest, only one."""
    made: list[Path] = []
    for maker, writer in (
        ("make_ii06", "make"),
        ("make_dossiers", "write_dossiers"),
        ("make_portal", "write_all"),
        ("make_sheets", "write_all"),
    ):
        spec = importlib.util.spec_from_file_location(maker, MAKERS / f"{maker}.py")
        module = importlib.util.module_from_spec(spec)
        sys.modules[maker] = module
        spec.loader.exec_module(module)
        target = folder / maker.removeprefix("make_")
        target.mkdir()
        getattr(module, writer)(target)
        made += sorted(target.iterdir())
    yield from made
    whole = [
        path for path in made if not quick or path.parent.name != "dossiers" or path.name == QUICK_EXPORT
    ]
    for path in whole:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            continue
        for kind, broken in _broken(text):
            copy = path.with_name(f"{path.stem}--{kind}{path.suffix}")
            copy.write_text(broken, encoding="utf-8")
            yield copy


def _broken(text: str) -> Iterator[tuple[str, str]]:
    """The text with a line twice, a line lost, figures changed, a name nobody knows, its end cut off."""
    lines = text.splitlines(keepends=True)
    middle = 2 * len(lines) // 3
    yield "line-twice", "".join([*lines[: middle + 1], *lines[middle:]])
    yield "line-lost", "".join([*lines[:middle], *lines[middle + 1 :]])
    digits = [match.start() for match in re.finditer(r"\d", text)]
    changed = list(text)
    for place in digits[len(digits) // 2 :: max(1, len(digits) // 7)]:
        changed[place] = str((int(changed[place]) + 3) % 10)
    yield "figures-changed", "".join(changed)
    yield "name-unknown", text.replace("Đức Thọ", "Không Có").replace("Hà Tĩnh", "Hà Không")
    yield "end-cut", text[: 4 * len(text) // 5]


# --- Comparison ----------------------------------------------------------------------------------------------------


def kept() -> Said:
    """The record as it is kept in the project."""
    found = [*HERE.glob("said/*.txt"), *HERE.glob("problems/*.txt")]
    return {path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8") for path in found}


def differences(before: Said, now: Said, *, most: int = 400) -> list[str]:
    """What was said and is not, and what is said and was not, as lines of a diff; files in order."""
    lines: list[str] = []
    for name in sorted(before.keys() | now.keys()):
        old, new = (side.get(name, "").splitlines() for side in (before, now))
        if old != new:
            lines += difflib.unified_diff(old, new, f"kept/{name}", f"now/{name}", lineterm="", n=0)
    return lines if len(lines) <= most else [*lines[:most], f"… and {len(lines) - most} lines more"]


def said_now(*, quick: bool) -> Said:
    """What the product says now."""
    with tempfile.TemporaryDirectory() as name:  # other data, removed samples, delivered papers do not matter
        project = copy_project(ROOT, Path(name) / "project")
        write_sample(project)
        return {**documents_said(project, quick=quick), **problems_said(project, quick=quick)}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the seeds, one period, the files received")
    parser.add_argument("--accept", action="store_true", help="keep what is said now")
    asked = parser.parse_args()
    now, before = said_now(quick=asked.quick), kept()
    if asked.quick:
        before = {name: text for name, text in before.items() if name in now}
    found = differences(before, now, most=4000)
    print("\n".join(found) if found else f"{len(now)} files of the record: nothing has changed.")
    if asked.accept:
        for name in before.keys() - now.keys():
            (HERE / name).unlink()
        for name, text in now.items():
            (HERE / name).parent.mkdir(exist_ok=True)
            (HERE / name).write_text(text, encoding="utf-8")
    elif found:
        sys.exit(1)


if __name__ == "__main__":
    main()
