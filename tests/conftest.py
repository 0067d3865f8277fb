"""Shared by all tests: the project's root and registers, and small documents made as the notebooks make them."""

from __future__ import annotations

import ast
import base64
import csv
import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import settings
from nbformat import NotebookNode

from baocao.app.sample.province import write_sample
from baocao.charts import fonts
from baocao.definitions.laws import Laws, load_laws
from baocao.definitions.periods import Period
from baocao.definitions.unit import Unit
from baocao.definitions.units import Register, load_register
from baocao.publishing import deliver as delivering
from baocao.publishing import notebooks, pandoc
from baocao.publishing.check_claims import Checker
from baocao.publishing.context import BuildContext
from baocao.publishing.document_blocks import Source, read_blocks
from baocao.publishing.finished_text import READERS, Finished
from baocao.publishing.outcomes import Outcome
from baocao.publishing.render import Rendering, render
from baocao.publishing.spec import Spec
from baocao.readers.dossiers.headings import Headings, load_headings
from baocao.reports.paper import Paper
from baocao.store import process_cache
from baocao.store.accepted import Accepted, accepted_text
from baocao.store.listing import ACCEPTED, RAW
from baocao.writing import markup
from baocao.writing.claims import Claims, sample_mark
from shipped import copy_project, shipped_root

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "benchmarks"))  # what they share with tests

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell lets what it runs in the background ignore Ctrl-C, and the builds that tests interrupt would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile("repeatable")

LONGEST = (
    "test_failures.py", "test_isolation.py", "test_groups.py", "test_pandoc_server.py", "test_record.py",
    "test_dossier_warehouse.py", "test_up_to_date.py", "test_deliver.py", "test_dossier_reduction.py",
    "test_part_of_the_data.py", "test_engine_conformance.py", "test_load.py", "test_cluster.py",
    "test_unit_briefing.py", "test_prewarm.py", "test_seeds.py", "test_loaded_reports.py", "test_directive_08.py",
    "test_without_network.py", "test_check_delivered.py", "test_determinism.py", "test_ledger_page.py",
)  # fmt: skip
"""Files of tests, those that take most time first."""


def pytest_configure(config: pytest.Config) -> None:
    """xdist leaves the files in the order that is given below: else it begins with those of most tests."""
    config.option.loadscopereorder = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no processor is left with one of them when the other has nothing to do."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.path.name, len(rank)))


DAY = date(2025, 7, 24)
LETTER = {
    "loai": "cong-van",
    "co-quan": ["ỦY BAN NHÂN DÂN", "TỈNH HÀ TĨNH"],
    "ky-hieu": "UBND-HCC",
    "dia-danh": "Hà Tĩnh",
    "thang": "7",
    "nam": "2025",
    "trich-yeu": "kết quả giải quyết thủ tục hành chính",
    "kinh-gui": ["Giám đốc các sở", "Chủ tịch UBND các xã, phường"],
    "quyen-han": ["KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"],
    "nguoi-ky": "",
    "noi-nhan": ["Như trên"],
    "luu": "VT, HCC",
}


@pytest.fixture(scope="session")
def root() -> Path:
    """The project as it is shipped."""
    return shipped_root()


@pytest.fixture(scope="session", autouse=True)
def inside_the_shipped_project(root):
    """What looks for the project from where it runs finds the same."""
    before = Path.cwd()
    os.chdir(root)
    yield
    os.chdir(before)


@pytest.fixture(scope="module")
def sampled(root, tmp_path_factory) -> Path:
    """The project with the synthetic province, a copy for each file of tests."""
    project = copy_project(root, tmp_path_factory.mktemp("mau") / "du-an")
    write_sample(project)
    return project


@pytest.fixture(scope="session")
def font(root: Path) -> str:
    """The family for charts, as matplotlib knows it."""
    return fonts.register_with_matplotlib(fonts.find_fonts(root))


@pytest.fixture(scope="session")
def register(root: Path) -> Register:
    return load_register(root)


@pytest.fixture(scope="session")
def laws(root: Path) -> Laws:
    return load_laws(root)


@pytest.fixture(scope="session")
def july() -> Period:
    return Period.parse("2025-07-01..2025-07-24")


@pytest.fixture(scope="session")
def province(register: Register) -> Unit:
    return register.get("42", DAY)


@pytest.fixture
def claims(province: Unit, laws: Laws) -> Claims:
    return Claims([province], laws)


def as_notebook(pieces: list[str], claims: Claims, letter: dict | None = None) -> NotebookNode:
    """An executed notebook that printed `pieces` and recorded `claims`."""
    outputs = [nbformat.v4.new_output("display_data", {"text/markdown": str(piece)}) for piece in pieces]
    record = nbformat.v4.new_output("display_data", claims.record()._repr_mimebundle_())
    notebook = nbformat.v4.new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            nbformat.v4.new_raw_cell("---\ntitle: x\n---", id="front-matter"),
            nbformat.v4.new_code_cell("memo", outputs=outputs, id="memo"),
            nbformat.v4.new_code_cell("record", outputs=[record], id="r", metadata={"tags": ["remove-cell"]}),
        ],
    )
    matter = {"title": "Văn bản thử", "format": {"vanban-typst": "default", "vanban-html": "default"}}
    notebooks.set_front_matter(notebook, {**matter, "van-ban": letter or LETTER})
    return notebook


@dataclass
class Document:
    """A document under test: what it should say, and ways to make and read its finished files."""

    notebook: NotebookNode
    root: Path
    folder: Path
    checker: Checker

    @property
    def record(self) -> dict:
        return notebooks.claims_record(self.notebook)

    @property
    def parsed(self) -> str:
        return pandoc.parse(delivering.document_markdown(self.notebook), self.root)

    @property
    def source(self) -> Source:
        return read_blocks(self.parsed)

    def source_faults(self) -> list[str]:
        return [str(fault) for fault in self.checker.check(self.source, self.record)]

    def path(self, kind: str, renderer: str = "embedded") -> Path:
        target = self.folder / f"{renderer}.{kind}"
        render_alone(Rendering(self.notebook, self.parsed, {kind: target}, DAY), renderer, self.root)
        return target

    def finished(self, kind: str, renderer: str = "embedded") -> Finished:
        return READERS[kind](self.path(kind, renderer))


@pytest.fixture
def document(root, register, laws, tmp_path) -> Callable[..., Document]:
    def make(pieces: list[str], claims: Claims, letter: dict | None = None) -> Document:
        return Document(as_notebook(pieces, claims, letter), root, tmp_path, Checker(laws, register))

    return make


def picture(labels: list[str]) -> str:
    """A chart of nothing but its labels, as Markdown holds charts."""
    texts = "".join(f'<text x="10" y="{20 * row}">{label}</text>' for row, label in enumerate(labels, 1))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80">{texts}</svg>'
    return f"![](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


@pytest.fixture
def mapped(root, tmp_path) -> Callable[[str], Headings]:
    """The headings of dossiers with a mapping of this text."""

    def load(text: str) -> Headings:
        path = tmp_path / "he-thong.yml"
        path.write_text(text, encoding="utf-8")
        return load_headings(root, path)

    return load


@pytest.fixture
def memo(register, laws, july, province, document) -> Document:
    """A letter with text, list, footnote, table across pages, chart and annex, built from sample figures."""
    communes = [unit for unit in register.on(DAY) if unit.kind == "commune"]
    claims = Claims([province, *communes], laws)
    about = {"unit": province, "period": july, "source": "sample", "facts": 95}
    share = claims.percent(
        21132, 35526, label="Tỷ lệ hồ sơ nộp trực tuyến", formula="trực tuyến / tổng số", **about
    )
    total = claims.count(47411, label="Tổng số hồ sơ", **about)
    rows = [
        [
            claims.unit(unit),
            claims.count(100 + place, label="Hồ sơ", unit=unit, period=july, source="sample", facts=1),
        ]
        for place, unit in enumerate(communes)
    ]
    table = markup.division("bang", markup.pipe_table(["Đơn vị", "Hồ sơ"], rows, [3, 1], "lr"))
    caption = markup.division("chu-thich-bang", claims.ordinal("Bảng") + ". Hồ sơ theo đơn vị")
    chart = claims.for_chart()
    labels = [
        chart.unit(province),
        chart.count(21132, label="Hồ sơ trực tuyến", **about),
        chart.tick("20.000"),
    ]
    pieces = [
        markup.division("hinh", picture(labels), {"data-mo-ta": f"Biểu đồ: {labels[0]} {labels[1]} hồ sơ."}),
        markup.paragraphs(
            f"Thực hiện {claims.law('766/QĐ-TTg', dated=True)}, {claims.period(july, window=True)}, "
            f"{claims.unit(province)} tiếp nhận {total} hồ sơ; nộp trực tuyến đạt {share}"
            "^[Theo hệ thống của tỉnh - kỳ báo cáo.]",
            "Thực hiện Nghị định 118/2025/NĐ-CP ngày 09/6/2025 về cơ chế một cửa.",
        ),
        markup.numbered(["Rà soát quy trình.", "Bố trí đủ trang thiết bị./."]),
        markup.division("khoi-ky"),
        markup.division(
            "phu-luc", markup.paragraphs("Số liệu theo đơn vị") + caption + table, {"data-so": "I"}
        ),
        sample_mark(claims),
    ]
    return document(pieces, claims)


@pytest.fixture
def project(root, tmp_path) -> Path:
    """A copy of the project's rooms, so that a test may change a notebook, a template or the data."""
    return copy_project(root, tmp_path / "du-an")


COUNTS_FORM = ["unit", "period_start", "period_end", "measure", "value"]


def make_project(root: Path, target: Path, files: dict[str, tuple[str, list[tuple]]]) -> Path:
    """A project with the reference data and these facts: file name to source and rows of the counts form."""
    raw = target / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copyfile(root / "_quarto.yml", target / "_quarto.yml")
    shutil.copytree(root / "data" / "reference", target / "data" / "reference")
    listing = []
    for name, (source, rows) in files.items():
        with (raw / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([COUNTS_FORM, *rows])
        digest = sha256((raw / name).read_bytes()).hexdigest()
        listing.append([name, "counts", source, "đơn vị thử", "", digest, ""])
    with (raw / "SOURCES.csv").open("w", encoding="utf-8", newline="") as file:
        header = ["file", "form", "source", "issuer", "received", "sha256", "note"]
        csv.writer(file).writerows([header, *listing])
    return target


def deliver(
    spec: Spec, out: Path, context: BuildContext, earlier: Mapping[str, dict[str, Any]] | None = None
) -> Outcome:
    """Build one document in this process, as `batch.deliver_all` has it built elsewhere; `earlier`: the ledger's lines."""
    earlier = earlier or {}
    if standing := delivering.standing(spec, out, context, earlier):
        return standing
    kept = delivering.kept_if_refused([spec], out, context, earlier)
    return delivering.conclude(delivering.make(spec, out, context, kept), spec, context, kept)


def render_alone(one: Rendering, renderer: str, root: Path) -> None:
    """Make the files of one document as a build makes them; what went wrong is raised."""
    render([one], renderer, root=root, font=fonts.find_fonts(root))
    if one.error:
        raise one.error


def accept(root: Path, code: str, file: str, because: str) -> None:
    """Puts an error of a file on the list of accepted ones, as a load does."""
    path = root / RAW / ACCEPTED
    path.parent.mkdir(parents=True, exist_ok=True)
    text = accepted_text(root, [Accepted(code, file, because)])
    path.write_text(text, encoding="utf-8", newline="")


def plain(markdown: str) -> str:
    """The text of Markdown: tags, pictures and escapes removed, white space folded."""
    text = re.sub(r"<[^>]+>|!\[\]\([^)]*\)", "", str(markdown)).replace("\u2060", "")
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


# --- memos that are notebooks --------------------------------------------------------------------------------------
@dataclass
class WrittenMemo:
    """What the cells of a notebook print, each with its id, and the names that they leave."""

    names: dict[str, Any] = field(default_factory=dict)
    printed: list[tuple[str, str]] = field(default_factory=list)

    @property
    def memo(self) -> Paper:
        """What the notebook opened."""
        return self.names["memo"]

    @property
    def pieces(self) -> list[str]:
        """All that is printed, as Markdown."""
        return [text for _, text in self.printed]

    def __getitem__(self, cell: str) -> str:
        """What one cell prints, as plain text."""
        return plain(self.markdown(cell))

    def markdown(self, cell: str) -> str:
        """What one cell prints, as Markdown."""
        return "\n\n".join(text for name, text in self.printed if name == cell)

    def run(self, name: str, source: str) -> None:
        """Run a code cell as IPython does; the last cell's record is no print."""
        was_open = isinstance(self.names.get("memo"), Paper)
        if was_open:
            self.memo.figures.begin_cell(name)
        shown: list[Any] = []
        self.names["display"] = shown.append
        if source.startswith("%%vanban"):
            line, _, words = source.partition("\n")
            shown.append(self.memo.write(words, self.names, line.removeprefix("%%vanban")))
        else:
            tree = ast.parse(source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, name, "exec"), self.names)  # noqa: S102
            if last:
                shown.append(eval(compile(ast.Expression(last.value), name, "eval"), self.names))
        if not was_open and isinstance(self.names.get("memo"), Paper):
            self.names.update(self.memo.vocabulary())
        self.printed += [
            (name, str(one).strip("\n")) for one in shown if isinstance(one, str) and one.strip()
        ]


def write_memo(project: Path, name: str, period: str, units: Sequence[str], **parameters: Any) -> WrittenMemo:
    """The memo of a shipped notebook about a project's figures, its cells run in this process without IPython."""
    written = WrittenMemo()
    with chdir(project):
        for cell in notebooks.read_notebook(shipped_root() / "notebooks" / f"{name}.ipynb").cells:
            if cell.cell_type == "markdown":
                written.printed.append((cell.id, cell.source))
            elif cell.cell_type == "code":
                written.run(cell.id, cell.source)
            if "parameters" in cell.metadata.get("tags", []):
                written.names |= {"period": period, "units": list(units), **parameters}
    return written


@pytest.fixture(scope="module")
def write_sound(root, register, laws) -> Iterator[Callable[..., WrittenMemo]]:
    """Writes a report on units of a project, once each, and finds every figure in it accounted for."""
    checker = Checker(laws, register)

    @cache
    def run(report: str, project: Path, period: str, *units: str) -> WrittenMemo:
        written = write_memo(project, report, period, units)
        source = read_blocks(pandoc.parse("\n\n".join(written.pieces), root))
        faults = checker.check(source, dict(written.memo.claims.record()))
        assert [str(fault) for fault in faults] == []
        return written

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(process_cache, "_kept", {})  # the facts of a project are opened once
        yield run


def read_form(read, path: Path, register, measures, source: str, root: Path, name: str = ""):
    """What a reader of books makes of a file, with what was wrong in opening it."""
    from baocao.readers.problems import join_problems, problems_frame
    from baocao.readers.reading_result import Reading
    from baocao.readers.workbook import open_book

    book, found = open_book(path, name)
    found = problems_frame(found)
    if book is None:
        return Reading("counts", problems=found)
    reading = read(book, register, measures, source, root=root)
    return replace(reading, problems=join_problems([found, reading.problems]))
