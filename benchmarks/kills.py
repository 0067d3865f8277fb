"""Many kills at random moments: is any document lost, doubled, partial or stale?

    python benchmarks/kills.py [--kills 100] [--seed 1]

Builds the briefings of some communes into a folder of its own, again and again. At random moments a process of
the build is killed (`kill -9`): the main process, a worker, the process that forks, a notebook's child, pandoc. After
every kill the folder is looked at; in the end one undisturbed run completes it, and every file is compared with a build
that nobody disturbed. Needs Linux (`/proc`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from measuring import descendants

ROOT = Path(__file__).resolve().parents[1]
NOTICE = "KHONG-CO-VAN-BAN.txt"
LEDGER, JOURNAL = "ledger.json", "ledger.journal"
PAUSE = 4.0
"""The most seconds between two kills: long enough for some documents to be made."""


@dataclass
class Report:
    """What was killed, and what was found afterwards."""

    killed: Counter = field(default_factory=Counter)
    runs: int = 0
    faults: list[str] = field(default_factory=list)


def torment(command: list[str], project: Path, out: Path, kills: int, seed: int) -> Report:
    """Run `command` (a build into `out`) until `kills` processes of it were killed, then once to its end."""
    chance = random.Random(seed)
    report = Report()
    while sum(report.killed.values()) < kills:
        report.runs += 1
        build = start(command, project)
        while build.poll() is None and sum(report.killed.values()) < kills:
            time.sleep(chance.uniform(0.05, PAUSE))
            victims: dict[str, list[int]] = {}
            for one in [build.pid, *descendants(build.pid)]:
                victims.setdefault(what_is(one, build.pid), []).append(one)
            kind = chance.choice(sorted(victims))  # there is one main process and many others
            with suppress(OSError):
                os.kill(chance.choice(victims[kind]), signal.SIGKILL)
                report.killed[kind] += 1
            report.faults += look(out, whole_ledger=False)
        output = build.communicate()[0]
        if build.returncode not in (0, 1, -signal.SIGKILL):
            report.faults.append(f"exit code {build.returncode}: {output[-500:]}")
        if build.returncode == 0:
            shutil.rmtree(out)  # complete: begin anew
    for _ in range(2):
        report.runs += 1
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        report.faults.append(f"the last run: exit code {done.returncode}: {done.stdout}{done.stderr}")
    report.faults += look(out, whole_ledger=True)
    return report


def start(command: list[str], project: Path) -> subprocess.Popen[str]:
    """The build, in a session of its own, so that a signal for all of it reaches nobody else."""
    return subprocess.Popen(
        command,
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def what_is(pid: int, main: int) -> str:
    """What a process of a build is for, told by its place in the tree."""
    with suppress(OSError):
        line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        if pid == main:
            return "main"
        for word, kind in (("resource_tracker", "tracker"), ("pandoc", "pandoc"), ("ipykernel", "kernel")):
            if word in line:
                return kind
        depth, above = 0, pid
        while above not in (main, 0, 1):
            above = int(Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1])
            depth += 1
        return {1: "worker", 2: "forks", 3: "child"}.get(depth, "below a child")
    return "gone"


def look(out: Path, *, whole_ledger: bool) -> list[str]:
    """What is wrong below `out`: folders that are neither a whole document nor a notice, lines without files."""
    faults = []
    folders = [path for path in out.glob("*/*") if not path.parent.name.startswith(".")]
    for folder in folders:
        try:
            names = {path.name for path in folder.iterdir() if path.is_file()}
        except FileNotFoundError:  # it is being replaced just now
            continue
        kinds = {Path(name).suffix for name in names}
        if names and NOTICE not in names and kinds != {".html", ".ipynb", ".pdf"}:
            faults.append(f"partial: {folder.name} {sorted(names)}")
        if NOTICE in names and kinds & {".html", ".pdf"}:
            faults.append(f"stale: {folder.name} {sorted(names)}")
    if whole_ledger:
        lines = json.loads((out / LEDGER).read_text(encoding="utf-8"))["documents"]
        places = [line["folder"] for line in lines]
        if len(set(places)) != len(places):
            faults.append("a document stands twice in the ledger")
        there = {folder.relative_to(out).as_posix() for folder in folders}
        if not there <= set(places) or any(line["files"] and line["folder"] not in there for line in lines):
            faults.append("ledger and folders differ")
        for line in lines:
            for name, digest in line["files"].items():
                if hashlib.sha256((out / line["folder"] / name).read_bytes()).hexdigest() != digest:
                    faults.append(f"changed: {line['folder']}/{name}")
        faults += [f"left: {path.name}" for path in out.iterdir() if path.name.startswith(".work-")]
        faults += ["the journal is left"] if (out / JOURNAL).exists() else []
    return faults


def contents(out: Path) -> dict[str, str]:
    """The hash of every delivered file."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.glob("*/*/*"))
        if path.is_file()
    }


def main() -> int:
    """Torment a build of some communes and say what came of it."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--units", default="departments,18115,18406,18685,18739,18229,18196,18568,18073")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="baocao-kills-") as name:
        quiet, out = Path(name) / "quiet", Path(name) / "out"
        command = [sys.executable, "-m", "baocao", "build", "unit_briefing", "--renderer", "embedded"]
        command += ["--units", given.units, "--out"]
        subprocess.run([*command, str(quiet)], cwd=ROOT, capture_output=True, check=True)
        report = torment([*command, str(out)], ROOT, out, given.kills, given.seed)
        if contents(out) != contents(quiet):
            report.faults.append("files differ from those of the undisturbed build")
    killed = ", ".join(f"{kind} {count}" for kind, count in report.killed.most_common())
    print(f"{sum(report.killed.values())} kills in {report.runs} runs: {killed}")
    print("\n".join(report.faults) or "nothing lost, doubled, partial or stale")
    return 1 if report.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
