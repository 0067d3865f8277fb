"""Measures a batch of unit briefings against the plain way: a shell loop of papermill and one render call per format.

Prints what README.md beside it explains. Everything is built in scratch projects; nothing in the project changes.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import projects
from measuring import Cost, adopt_orphans, measure

BAOCAO = [sys.executable, "-m", "baocao"]
PAPERMILL = Path(sys.executable).with_name("papermill")
PARTS = ("loop", "execution", "again", "growth")


@dataclass
class Bench:
    """What is asked for, and where it is done."""

    folder: Path
    units: int
    loop: int
    executions: int
    growth: list[int]
    built: int
    jobs: int
    quarto: bool

    def build(
        self, project: Path, out: Path, reports: list[str], *options: str, memory: bool = False
    ) -> Cost:
        """Our way: one command."""
        command = [*BAOCAO, "build", *reports, "--jobs", str(self.jobs), "--out", out, "--json", *options]
        return measure(command, project, memory=memory)


# --- lines -------------------------------------------------------------------------------------------------------
def line(name: str, text: str) -> None:
    print(f"{name:<22}{text}", flush=True)


def each(cost: Cost, number: int) -> str:
    """What one document costs."""
    return f"{cost.wall / number:.2f} s wall, {cost.processor / number:.2f} s CPU a unit"


def outcomes(cost: Cost) -> Counter[str]:
    """How many documents became what."""
    return Counter(one["outcome"] for one in json.loads(cost.output))


def insist(cost: Cost, number: int, outcome: str = "built") -> None:
    """A benchmark of documents that were not made says nothing."""
    if outcomes(cost)[outcome] != number:
        problems = [one["problems"] for one in json.loads(cost.output) if one["problems"]]
        sys.exit(f"{number} documents should be {outcome}, got {dict(outcomes(cost))}: {problems[:2]}")


# --- the plain way -----------------------------------------------------------------------------------------------
def papermill_of(unit: str, period: str, target: Path) -> list[str | Path]:
    given = ["-y", json.dumps({"period": period, "units": [unit]})]
    return [
        PAPERMILL,
        "notebooks/unit_briefing.ipynb",
        target,
        *given,
        "--no-progress-bar",
        "--log-level",
        "ERROR",
    ]


def loop(bench: Bench, project: Path, jobs: list[tuple[str, str]], name: str) -> Cost:
    """A shell script: for each unit papermill, and a render call for each of the two formats."""
    lines = ["set -e"]
    for unit, period in jobs:
        folder = bench.folder / name / unit
        folder.mkdir(parents=True)
        for part in ("_quarto.yml", "_language.yml"):
            shutil.copyfile(project / part, folder / part)
        shutil.copytree(project / "_extensions", folder / "_extensions")
        lines.append(shlex.join(map(str, papermill_of(unit, period, folder / "document.ipynb"))))
        for kind in ("typst", "html"):
            if bench.quarto:
                call = ["quarto", "render", "document.ipynb", "--to", f"vanban-{kind}", "--quiet"]
                lines.append(f"(cd {shlex.quote(str(folder))} && {shlex.join(call)})")
            else:
                lines.append(shlex.join([sys.executable, __file__, "--only", "render", str(folder), kind]))
    script = bench.folder / f"{name}.sh"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cost = measure(["sh", script], project, also=typeface(project) if bench.quarto else None)
    missing = [
        f"{unit}: {kind}"
        for unit, _ in jobs
        for kind in ("pdf", "html")
        if not (bench.folder / name / unit / f"document.{kind}").is_file()
    ]
    if missing:
        sys.exit(f"the loop did not make {missing}")
    return cost


def typeface(project: Path) -> dict[str, str]:
    """Where the Typst inside Quarto finds the project's typeface."""
    from baocao.charts.fonts import find_fonts

    folders = sorted({str(path.parent) for path in find_fonts(project).paths})
    return {"TYPST_IGNORE_SYSTEM_FONTS": "true", "TYPST_FONT_PATHS": os.pathsep.join(folders)}


def render_plainly(folder: Path, kind: str) -> None:
    """One format of one executed notebook, with a pandoc and a Typst of its own, where there is no Quarto."""
    import typst

    from baocao.charts.fonts import find_fonts
    from baocao.publishing import deliver, notebooks, pandoc

    font = find_fonts(projects.ROOT)
    notebook = notebooks.read_notebook(folder / "document.ipynb")
    parsed = pandoc.parse_plainly(deliver.document_markdown(notebook), folder)
    metadata = {"lang": "vi", "font": font.family} if kind == "typst" else {"lang": "vi"}
    written = pandoc.write_plainly(parsed, kind, root=folder, folder=folder, metadata=metadata)
    if kind == "html":
        (folder / "document.html").write_text(written, encoding="utf-8")
        return
    source = folder / "document.typ"
    source.write_text(written, encoding="utf-8")
    folders = [str(one) for one in sorted({path.parent for path in font.paths})]
    fonts = typst.Fonts(include_system_fonts=False, font_paths=folders)
    page = typst.compile(str(source), root=str(folder), font_paths=fonts, format="pdf")
    (folder / "document.pdf").write_bytes(page)


# --- (a), (e): the whole batch -----------------------------------------------------------------------------------
def compare_loop(bench: Bench, project: Path) -> Cost:
    """The batch against the loop, whose units are measured half before and half after; the cost of ours."""
    jobs = projects.real_jobs(project, bench.units)
    reports = projects.write_specs(project, jobs)
    looped = jobs[:: max(1, len(jobs) // bench.loop)][: bench.loop]
    half = (len(looped) + 1) // 2
    plain = loop(bench, project, looped[:half], "loop-before")
    ours = bench.build(project, bench.folder / "out", reports, "--renderer", "embedded", memory=True)
    insist(ours, len(jobs))
    grouped = None
    if bench.quarto:
        grouped = bench.build(
            project, bench.folder / "out-quarto", reports, "--renderer", "quarto", memory=True
        )
        insist(grouped, len(jobs))
    if looped[half:]:
        plain += loop(bench, project, looped[half:], "loop-after")
    way = "papermill, quarto twice" if bench.quarto else "papermill, pandoc and Typst processes"
    alone = plain.wall / len(looped)
    line("shell loop", f"{each(plain, len(looped))} ({len(looped)} units: {way})")
    ratio = alone / (ours.wall / len(jobs))
    goal = "goal 25" if bench.quarto else "goal 25 against a loop with Quarto"
    line("embedded", f"{ours.wall:.1f} s for {len(jobs)} units: {each(ours, len(jobs))} (goal 0.70 s CPU)")
    line("", f"{ratio:.1f} times as fast as the loop ({goal})")
    line("  memory", f"{ours.memory:.0f} MiB, all processes together (goal 1536)")
    if grouped:
        ratio = alone / (grouped.wall / len(jobs))
        line("Quarto", f"{grouped.wall:.1f} s for {len(jobs)} units: {each(grouped, len(jobs))}")
        line("", f"{ratio:.1f} times as fast as the loop (goal 8)")
        line("  memory", f"{grouped.memory:.0f} MiB, all processes together (goal 1536)")
    return ours


# --- (b): execution ----------------------------------------------------------------------------------------------
def compare_execution(bench: Bench, project: Path) -> None:
    """Notebooks executed by the papermill command and by a worker's forked children; their cells compared."""
    from baocao.publishing.cluster_worker import CALM

    jobs = projects.real_jobs(project, bench.units)
    jobs = jobs[:: max(1, len(jobs) // bench.executions)][: bench.executions]
    theirs, ours = (bench.folder / name for name in ("papermill", "forked"))
    for folder in (theirs, ours):
        folder.mkdir()
    plain = Cost(0, 0)
    for unit, period in jobs:
        plain += measure(papermill_of(unit, period, theirs / f"{unit}-{period}.ipynb"), project)
    asked = [f"{unit}={period}" for unit, period in jobs]
    command = [sys.executable, __file__, "--only", "execute", ours]
    forked, started = (measure([*command, run, *asked], project, also=CALM) for run in ("run", "start"))
    marginal = max(forked.processor - started.processor, 0.001) / len(jobs)
    cells, different = compare_cells(theirs, ours)
    line("execution, command", each(plain, len(jobs)) + f" ({len(jobs)} notebooks)")
    line("execution, forked", f"{each(forked, len(jobs))}, start included; {marginal:.2f} s CPU without it")
    share, alone = forked.processor / plain.processor, marginal * len(jobs) / plain.processor
    line("", f"1/{1 / share:.1f} of the command's CPU, 1/{1 / alone:.1f} without the start (goal 1/7)")
    line("  cells", f"{different} of {cells} different (goal 0)")


def execute_forked(folder: Path, jobs: list[str], *, run: bool) -> None:
    """What a worker does, up to the executed notebooks; or only what it does before the first."""
    from baocao.definitions.project import find_project_root
    from baocao.publishing import worker
    from baocao.publishing.prewarm import gathered
    from baocao.publishing.runs import DONE, Run
    from baocao.publishing.spec import find_spec, load_spec

    root = find_project_root()
    about = load_spec(root, find_spec(root, "unit_briefing"))
    specs = [
        replace(about, units=(unit,), period=period) for unit, period in (job.split("=") for job in jobs)
    ]
    opening = worker.Opening(
        root=root, renderer="embedded", out=folder, notebooks=(about.notebook,),
        shared=gathered(specs),
    )  # fmt: skip
    context = worker.open_context(opening, lambda: None)
    source = root / "notebooks" / f"{about.notebook}.ipynb"
    for spec in specs if run else []:
        parameters = {"period": spec.period, "units": list(spec.units), **spec.parameters}
        answer = context.run(Run(source, parameters, folder / f"{spec.units[0]}-{spec.period}.ipynb", root))
        if answer.kind != DONE:
            sys.exit(f"{spec.units}: {answer.sentence}")
    context.run.close()


def compare_cells(theirs: Path, ours: Path) -> tuple[int, int]:
    """How many cells the notebooks of one folder have, and how many of them differ from the other folder's."""
    from baocao.publishing.notebooks import clean_executed, read_notebook

    cells = different = 0
    for path in sorted(theirs.glob("*.ipynb")):
        one, other = (clean_executed(read_notebook(folder / path.name)).cells for folder in (theirs, ours))
        cells += max(len(one), len(other))
        different += abs(len(one) - len(other))
        different += sum(left != right for left, right in zip(one, other, strict=False))
    return cells, different


# --- (c): again --------------------------------------------------------------------------------------------------
def build_again(bench: Bench, project: Path, first: Cost | None) -> None:
    """The same batch with nothing changed, and with one figure corrected that one or all documents read."""
    jobs = projects.real_jobs(project, bench.units)
    reports, out = projects.write_specs(project, jobs), bench.folder / "out"
    embedded = ("--renderer", "embedded")
    if first is None:
        first = bench.build(project, out, reports, *embedded)
        insist(first, len(jobs))
    still = min((bench.build(project, out, reports, *embedded) for _ in range(3)), key=lambda cost: cost.wall)
    insist(still, len(jobs), "unchanged")
    line("nothing changed", f"{still.wall:.2f} s, {still.processor:.2f} s CPU (goal 2 s for 100 units)")
    unit = next(unit for unit, period in jobs if period == projects.PERIOD and unit.startswith("HT-S"))
    for what, period in (("the month before", projects.EARLIER), ("the newest month", projects.PERIOD)):
        projects.correct_one(project, unit, period)
        store = measure([*BAOCAO, "check"], project)  # as `load` does when the corrected file comes
        again = bench.build(project, out, reports, *embedded)
        made = outcomes(again)
        insist(again, len(jobs) - made["built"], "unchanged")
        rest = again.wall - made["built"] * first.wall / len(jobs)
        line(
            "one figure changed", f"in {what} of {unit}: {made['built']} of {len(jobs)} documents made again"
        )
        line(
            "",
            f"{again.wall:.1f} s, {rest:.1f} s beside these documents (goal 5), {again.processor:.1f} s CPU; "
            f"facts read anew in {store.wall:.1f} s before",
        )


# --- (d): growth -------------------------------------------------------------------------------------------------
def grow(bench: Bench) -> None:
    """The cost of a unit in provinces of more and more communes."""
    costs: list[float] = []
    beyond: list[float] = []
    for number in bench.growth:
        project, codes = projects.make_synthetic(bench.folder / f"communes-{number}", number)
        store = measure([*BAOCAO, "check"], project)
        chosen = codes[:: max(1, number // bench.built)][: bench.built] if bench.built else codes
        few, all_of_them = (
            projects.write_specs(project, [(code, projects.PERIOD) for code in some], name)
            for some, name in ((chosen[: bench.jobs], "few"), (chosen, "briefing"))
        )
        start = bench.build(project, project / "few", few, "--renderer", "embedded")
        insist(start, bench.jobs)
        cost = bench.build(project, project / "out", all_of_them, "--renderer", "embedded", memory=True)
        insist(cost, len(chosen))
        costs.append(cost.processor / len(chosen))
        beyond.append((cost.processor - start.processor) / (len(chosen) - bench.jobs))
        built = "" if len(chosen) == number else f" ({len(chosen)} of them built)"
        line(f"{number} communes", f"{cost.wall:.1f} s: {each(cost, len(chosen))}{built}")
        if costs[1:]:
            line("", f"{costs[-1] / costs[0]:.2f} times that of {bench.growth[0]} (goal 1.2)")
        line("  beyond the start", f"{beyond[-1]:.2f} s CPU a unit, {beyond[-1] / beyond[0]:.2f} times")
        line("  memory", f"{cost.memory:.0f} MiB, all processes together (goal 1536)")
        line("  facts", f"of {projects.MONTHS} months read in {store.wall:.1f} s before")
        shutil.rmtree(project)


# -----------------------------------------------------------------------------------------------------------------
ONLY = {
    "render": lambda folder, kind: render_plainly(Path(folder), kind),
    "execute": lambda folder, run, *jobs: execute_forked(Path(folder), list(jobs), run=run == "run"),
}
QUICK = {"units": 12, "loop": 1, "executions": 2, "growth": [100, 300], "built": 8}


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("parts", nargs="*", help=f"any of: {', '.join(PARTS)} (all)")
    reader.add_argument("--units", type=int, default=100, help="briefings in the batch")
    reader.add_argument("--loop", type=int, default=4, help="of them, how many the shell loop makes")
    reader.add_argument("--executions", type=int, default=20, help="notebooks executed both ways")
    reader.add_argument(
        "--growth", type=int, nargs="+", default=[100, 1000, 3500], help="communes of a province"
    )
    reader.add_argument("--built", type=int, default=0, help="of them, how many briefings are built (all)")
    reader.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    reader.add_argument("--quick", action="store_true", help="a look of two minutes: " + json.dumps(QUICK))
    reader.add_argument("--only", nargs="+", help=argparse.SUPPRESS)
    asked = reader.parse_args()
    if asked.only:
        ONLY[asked.only[0]](*asked.only[1:])
        return
    if unknown := set(asked.parts) - set(PARTS):
        reader.error(f"no such part: {', '.join(sorted(unknown))}")
    parts = asked.parts or PARTS
    from baocao.publishing import quarto

    chosen = {
        name: getattr(asked, name) for name in ("units", "loop", "executions", "growth", "built", "jobs")
    }
    chosen |= QUICK if asked.quick else {}
    adopt_orphans()
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        bench = Bench(Path(name), **chosen, quarto=(quarto.version() or (0,)) >= quarto.MINIMUM)
        if set(parts) - {"growth"}:
            project = projects.make_real(bench.folder / "project")
            store = measure([*BAOCAO, "check"], project)
            line("facts", f"read in {store.wall:.1f} s before anything else")
        ours = compare_loop(bench, project) if "loop" in parts else None
        if "execution" in parts:
            compare_execution(bench, project)
        if "again" in parts:
            build_again(bench, project, ours)
        if "growth" in parts:
            grow(bench)


if __name__ == "__main__":
    main()
