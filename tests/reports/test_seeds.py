"""The five published memos built again: each verifies, and accounts for every figure that its memo printed.

The specs lie in `reports/seeds/`. A figure stands in the annex "Đối soát số liệu" beside ours: equal, or with its
difference, as `baocao reconcile` finds it without any of our facts; where it is wrong, the text has the right one.
"""

from __future__ import annotations

import re

import pytest
from lxml import html

from baocao.definitions import vietnamese as vn
from baocao.definitions.units import load_register
from baocao.publishing.context import BuildContext
from baocao.publishing.spec import load_spec
from baocao.reports.published.check import AGREES, FAULTS, check, conclude, load_known
from baocao.reports.published.figures import Figure, choose_memo, load_figures
from conftest import deliver

SEEDS = {
    "000": ("service_index", "2025-M7"),
    "001": ("processing", "2025-07-01..2025-07-24"),
    "002": ("online_services", "2023-H1"),
    "003": ("directive_08", "2019-Q1"),
    "004": ("reform_indices", "2022"),
}

RIGHT = {
    "000": ("82,13", "94,13", "93,53", "91,51", "90,37", "90,12"),
    "001": (
        "98,01%",
        "35.500",
        "35.510",
        "35.526",
        "99,63%",
        "78,18 điểm, xếp thứ 1/34",
        "Số hóa hồ sơ 19,14 điểm",
    ),
    "002": ("40,20%", "100%"),
    "003": ("7,62%", "2,874", "4.332"),
    "004": ("59/63", "60/63", "56/63", "61/63"),
}
"""What the text must say, worked out by hand from the printed parts."""

ANNEX = "ĐỐI SOÁT SỐ LIỆU"


def test_there_is_one_spec_for_each_published_memo(root):
    specs = [load_spec(root, path) for path in sorted((root / "reports" / "seeds").glob("*.yml"))]
    assert {spec.parameters["seed"]: (spec.notebook, spec.period) for spec in specs} == SEEDS
    assert all(spec.name.startswith(spec.parameters["seed"]) for spec in specs)
    assert {figure.seed for figure in load_figures(root)} == set(SEEDS)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_figure_is_equal_or_listed_with_its_difference(seed, sampled):
    (path,) = (sampled / "reports" / "seeds").glob(f"{seed}-*.yml")
    out = sampled / "reports" / "build"
    outcome = deliver(load_spec(sampled, path), out, BuildContext.open(sampled))
    assert (outcome.outcome, outcome.problems) == ("built", [])
    page = html.fromstring((out / outcome.folder / f"{outcome.stem}.html").read_bytes())
    text = " ".join(page.text_content().split())
    body = text[: text.rindex(ANNEX)]
    for figure in RIGHT[seed]:
        assert figure in body, figure
    rows = read_rows(page)
    known = load_figures(sampled)
    figures = choose_memo(known, seed)
    assert set(rows) == {figure.id for figure in figures}
    findings = check(known, load_known(sampled, known, load_register(sampled)))
    verdicts = conclude(figures, [one for one in findings if one.figure in figures])
    for figure in figures:
        own = [one for one in findings if one.figure is figure and one.difference and one.difference.value]
        check_row(figure, rows[figure.id], own, verdicts[figure.id])


def check_row(figure: Figure, row: list[str], differences: list, verdict: str) -> None:
    """One line of the annex against what reconciliation finds from printed figures alone."""
    _, label, _, printed, ours, from_parts, conclusion = row
    assert label == figure.label and figure.printed in printed
    if verdict in FAULTS:
        assert conclusion.startswith(verdict)
    if differences:
        size = vn.format_number(abs(differences[0].difference.value), differences[0].difference.decimals)
        side = "cao" if differences[0].difference.value > 0 else "thấp"
        assert f"{side} hơn {size} " in conclusion, figure.id
        return
    assert "hơn" not in conclusion
    if conclusion == vn.MISSING:
        assert (ours, from_parts) == ("–", "–")
        return
    assert conclusion == AGREES or verdict in FAULTS
    written = vn.format_number(figure.reading.value, figure.reading.decimals)
    assert any(
        re.search(rf"(?<![\d.,]){re.escape(written)}(?!\d|[.,]\d)", cell) for cell in (ours, from_parts)
    ), figure.id


def read_rows(page: html.HtmlElement) -> dict[str, list[str]]:
    """The lines of the annex by the figures' ids."""
    rows = ([" ".join(cell.text_content().split()) for cell in row] for row in page.iter("tr"))
    return {cells[0]: cells for cells in rows if cells and re.fullmatch(r"\d{3}-\d{2}\w?", cells[0])}
