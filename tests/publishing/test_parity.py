"""Both renderers make the same document: same text, same figures, same pages, for every report."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from baocao.app.sample.province import write_sample
from baocao.publishing import quarto
from baocao.publishing.context import BuildContext
from baocao.publishing.finished_text import READERS
from baocao.publishing.spec import load_spec
from conftest import deliver

pytestmark = pytest.mark.skipif(
    (quarto.version() or (0,)) < quarto.MINIMUM,
    reason=f"QUARTO KHÔNG CÓ: cần Quarto 1.9 trở lên trên PATH (thấy: {shutil.which('quarto')})",
)
from shipped import shipped_root

ROOT = shipped_root()
REPORTS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "reports").glob("**/[a-z0-9]*.yml"))


@pytest.mark.parametrize("report", REPORTS)
def test_quarto_and_the_embedded_renderer_agree(root, project, report):
    write_sample(project)
    spec = load_spec(root, root / report)
    finished = {}
    for renderer in ("quarto", "embedded"):
        out = project / renderer
        outcome = deliver(replace(spec, formats=("pdf", "html")), out, BuildContext.open(project, renderer))
        assert (outcome.outcome, outcome.problems) == ("built", [])
        finished[renderer] = [
            READERS[kind](out / outcome.folder / f"{outcome.stem}.{kind}") for kind in READERS
        ]
    for one, other in zip(*finished.values(), strict=True):
        assert len(one.pages) == len(other.pages)
        assert one.figures == other.figures
        assert "".join(page.body for page in one.pages) == "".join(page.body for page in other.pages)
        assert [page.top for page in one.pages] == [page.top for page in other.pages]
