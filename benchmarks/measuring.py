"""What a command costs: wall time, processor time and memory of all the processes it starts, whoever starts them."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PAUSE = 2.0
"""Seconds between two looks at the memory: adding it up costs time that the batch then lacks."""


@dataclass(frozen=True)
class Cost:
    """`wall` and `processor` in seconds; `memory` the most that all processes held together, in MiB, 0 if not asked."""

    wall: float
    processor: float
    memory: float = 0.0
    output: str = ""

    def __add__(self, other: Cost) -> Cost:
        memory = max(self.memory, other.memory)
        return Cost(
            self.wall + other.wall, self.processor + other.processor, memory, self.output + other.output
        )


def adopt_orphans() -> None:
    """Become the parent of processes whose parent was killed, so that their time is counted too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def measure(
    command: Sequence[str | Path],
    folder: Path,
    *,
    memory: bool = False,
    also: Mapping[str, str] | None = None,
) -> Cost:
    """Run `command` in `folder` to its end; leaves with what it said when it fails.

    `also`: variables of its environment besides ours.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = subprocess.Popen(
        [str(part) for part in command], cwd=folder, env={**os.environ, **(also or {})}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    peak = _Peak(run.pid) if memory else None
    said, complained = run.communicate()
    wall = time.perf_counter() - start
    most = peak.end() if peak else 0.0
    if run.returncode != 0:
        sys.exit(
            f"{' '.join(map(str, command))[:300]}\nended with {run.returncode}:\n{said[-2000:]}{complained[-4000:]}"
        )
    _bury_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(wall, processor, most, said)


def _bury_orphans() -> None:
    """Wait for what the command left behind, five seconds at most, and count it."""
    deadline = time.monotonic() + 5
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.02)


class _Peak:
    """Watches the memory of a process and of all that it starts, from a thread of its own."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._most = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def end(self) -> float:
        self._over.set()
        self._thread.join()
        return self._most

    def _watch(self) -> None:
        while not self._over.wait(PAUSE):
            self._most = max(self._most, sum(map(held_by, [self._pid, *descendants(self._pid)])))


def descendants(pid: int) -> list[int]:
    """The processes that the process `pid` started, and those that these started, nearest first; none that has ended."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                if fields[0] != "Z":
                    parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, level = [], [pid]
    while level:
        level = [child for one in level for child in parents.get(one, [])]
        found += level
    return found


def held_by(pid: int) -> float:
    """The memory of a process in MiB, what it shares with others divided among them (PSS)."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0
