"""A stand-in for the program `quarto`: it answers `--version` and renders what lies in its folder with our own renderer.

With BAOCAO_TEST_QUARTO="<fault> <words>" it fails at the notebook that holds the words: "half" ends after half a file,
"hang" stays, "kill" kills who started it, once. Every call adds a line to BAOCAO_TEST_CALLS. As Quarto it finds nothing below a
folder whose name begins with a dot, and says nothing, unless the project lists what is rendered.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml


def main() -> None:
    if "--version" in sys.argv:
        print("1.9.99")
        return
    from baocao.charts.fonts import find_fonts
    from baocao.publishing import deliver, pandoc, typst
    from baocao.publishing.notebooks import read_notebook

    calls = Path(os.environ["BAOCAO_TEST_CALLS"])
    with calls.open("a", encoding="utf-8") as file:
        file.write(f"{sys.argv[-1]}\n")
    fault, _, words = os.environ.get("BAOCAO_TEST_QUARTO", "").partition(" ")
    kind = {"vanban-typst": "pdf", "vanban-html": "html"}[sys.argv[-1]]
    day = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), tz=UTC).date()
    here, font = Path.cwd(), find_fonts(Path(os.environ["BAOCAO_TEST_ROOT"]))
    listed = yaml.safe_load((here / "_quarto.yml").read_text(encoding="utf-8"))["project"].get("render", [])
    if not listed and any(part.startswith(".") for part in here.parts):
        return
    for path in sorted({path for pattern in listed or ["*.ipynb"] for path in here.glob(pattern)}):
        text = path.read_text(encoding="utf-8")
        if fault and words in text:
            fail(fault, path.with_suffix(f".{kind}"), calls.with_name("killed"))
        parsed = pandoc.parse(deliver.document_markdown(read_notebook(path)), here)
        typst.render(parsed, path.with_suffix(f".{kind}"), kind, root=here, font=font, day=day)


def fail(fault: str, target: Path, mark: Path) -> None:
    if fault == "half":
        target.write_text("<html><body>half of a page", encoding="utf-8")
        sys.exit("no room left")
    if fault == "hang":
        time.sleep(600)
    if fault == "kill" and not mark.exists():
        mark.touch()
        os.kill(os.getppid(), signal.SIGKILL)
        time.sleep(600)


if __name__ == "__main__":
    main()
