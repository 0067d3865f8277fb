"""The test of `tests/publishing/test_isolation.py` with every unit: by two jobs, by eight, and with kills at random moments.

Prints one line for each, and what was found in documents that is another unit's: a single finding is an error.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from baocao.definitions.units import load_register
from planted import (
    PERIOD,
    Search,
    check_all,
    kill_now_and_then,
    make_planted_project,
    plant,
    start_build,
)


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--units", type=int, default=0, help="how many of the units (all)")
    reader.add_argument("--kills", type=int, default=20)
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    register = load_register(ROOT)
    planted = plant(register)
    search = Search(planted, register)
    units = planted.units[: asked.units or None]
    found = 0
    with tempfile.TemporaryDirectory(prefix="isolation-") as name:
        project = make_planted_project(ROOT, Path(name) / "project", planted)
        for jobs, kills in ((2, 0), (8, 0), (3, asked.kills)):
            out = project / f"{jobs}-jobs"
            start, killed, codes = time.perf_counter(), 0, []
            while not codes or codes[-1] != 0 and len(codes) < 5:
                run = start_build(project, out, units, jobs)
                if kills and not codes:
                    chance = random.Random(asked.seed)
                    killed = kill_now_and_then(run, chance, first=out / PERIOD, pause=(0.1, 2.0), most=kills)
                run.communicate()
                codes.append(run.returncode)
            faults = check_all(out, PERIOD, units, search)
            found += len(faults)
            seconds = time.perf_counter() - start
            runs = f"{killed} kills, {len(codes)} runs" if kills else f"ended with {codes[0]}"
            print(
                f"{jobs} jobs   {len(units)} units in {seconds:.0f} s, {runs}: {len(faults)} faults",
                flush=True,
            )
            for fault in faults:
                print(f"         {fault}")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
