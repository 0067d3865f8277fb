"""From a spec to delivered files: execute, check, render, verify, and move into place all at once or not at all.

A document that fails leaves a notice and its notebook, never half a file and never the one of last month.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from baocao import facts as fact_store
from baocao.documents import embedded, form, notebooks, quarto, unchanged
from baocao.documents.execute import ExecutionError, execute
from baocao.documents.fonts import FontChoice, find_fonts
from baocao.documents.reading import READERS
from baocao.documents.source import Source, read_source
from baocao.documents.source_check import Checker, Fault
from baocao.documents.verify import check_finished
from baocao.errors import NoDataError
from baocao.laws import load_laws
from baocao.markup import escape
from baocao.periods import Period
from baocao.specs import Spec, fill
from baocao.unit_names import addressee
from baocao.units import Register, Unit, load_register

NOTICE = "KHONG-CO-VAN-BAN.txt"
BUILT, UNCHANGED, NO_DATA, FAILED_LOAD = "built", "unchanged", "no data", "failed in load"
FAILED_EXECUTION, FAILED_RENDERING, FAILED_VERIFICATION = (
    "failed in execution", "failed in rendering", "failed in verification",
)  # fmt: skip
OUTCOME_LABELS = {
    BUILT: "đã lập, đã kiểm chứng",
    UNCHANGED: "không đổi từ lần lập trước",
    NO_DATA: "không có số liệu",
    FAILED_LOAD: "lỗi số liệu",
    FAILED_EXECUTION: "lỗi khi chạy sổ tính",
    FAILED_RENDERING: "lỗi khi dựng",
    FAILED_VERIFICATION: "KHÔNG qua kiểm chứng",
}


@dataclass(frozen=True)
class Workshop:
    """What every document of a build shares: the rooms, the register, the checker, the typeface."""

    root: Path
    register: Register
    checker: Checker
    font: FontChoice
    renderer: str

    @cached_property
    def fingerprint(self) -> str:
        """What all documents have in common (`unchanged`): needed to build, not to verify."""
        version = quarto.version() if self.renderer == "quarto" else None
        return unchanged.shared_fingerprint(self.root, self.font, self.renderer, version)

    @classmethod
    def open(cls, root: Path, renderer: str = "embedded") -> Workshop:
        """The workshop of the project at `root`; `renderer` is quarto, embedded or auto."""
        register = load_register(root)
        return cls(
            root, register, Checker(load_laws(root), register), find_fonts(root), quarto.choose(renderer)
        )


@dataclass
class Outcome:
    """One document's line in the ledger."""

    report: str
    period: str
    units: list[str]
    outcome: str
    folder: str
    files: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0
    renderer: str = ""
    provenance: dict[str, str] = field(default_factory=dict)
    key: str = ""


def deliver(
    spec: Spec, out: Path, shop: Workshop, earlier: Mapping[str, dict[str, Any]] | None = None
) -> Outcome:
    """Build the document of `spec` into its folder below `out`.

    `earlier` are the ledger's lines by folder: a document that a new run would make again as it stands is left
    alone.

    Raises UserError (nothing written) for a period, unit or parameter that does not exist; every other failure
    is an outcome with a notice in the document's place.
    """
    started = time.perf_counter()
    period = Period.parse(spec.period)
    units = shop.register.expand(list(spec.units), period.end)
    folder = out / period.code / _folder_name(spec, [unit.slug for unit in units], shop)
    result = Outcome(
        report=spec.name, period=period.code, units=[unit.code for unit in units], outcome=BUILT,
        folder=folder.relative_to(out).as_posix(), renderer=shop.renderer,
    )  # fmt: skip
    notebook = shop.root / "notebooks" / f"{spec.notebook}.ipynb"
    result.key = unchanged.document_key(spec, result.units, notebook, shop.fingerprint)
    line = (earlier or {}).get(result.folder)
    if unchanged.still_stands(line, result.key, folder):
        return Outcome(**{**line, "outcome": UNCHANGED, "seconds": 0.0})
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".work-", dir=out) as name:
        work = Path(name) / "document"
        work.mkdir()
        try:
            _make(spec, period, units, work, shop, result)
        except _Refused as refused:
            result.outcome, result.problems = refused.outcome, refused.problems
            result.files = {}
        if result.outcome != BUILT:
            _leave_notice(work, spec, period, result)
        _move_into_place(work, folder, Path(name))
    result.seconds = round(time.perf_counter() - started, 3)
    return result


class _Refused(Exception):
    def __init__(self, outcome: str, problems: list[str]) -> None:
        super().__init__(outcome)
        self.outcome = outcome
        self.problems = problems


def _make(spec: Spec, period: Period, units: list[Unit], work: Path, shop: Workshop, result: Outcome) -> None:
    faults = fact_store.open_facts(shop.root, spec.vintage).problems
    errors = faults[faults["severity"] == "error"]
    if len(errors):
        raise _Refused(FAILED_LOAD, [str(message) for message in errors["message"].head(20)])
    notebook = _execute(spec, work, shop)
    record = notebooks.claims_record(notebook)
    result.provenance = dict(record["provenance"])
    _write_letter(notebook, spec, period, units)
    nbformat.write(notebook, work / f"{spec.name}.ipynb")
    parsed = form.parse(document_markdown(notebook), shop.root)
    source = read_source(parsed)
    with ThreadPoolExecutor() as pool:  # pandoc, Typst and Quarto run outside this process
        renderings = [
            pool.submit(_render, notebook, parsed, work / f"{spec.name}.{kind}", kind, period, shop)
            for kind in spec.formats
        ]
        found = [str(fault) for fault in shop.checker.check(source, record)]
        for rendering in renderings:
            if not found:
                rendering.result()
    for kind in [] if found else spec.formats:
        faults_of_file = verify_file(work / f"{spec.name}.{kind}", source, record)
        found += [f"{kind.upper()}: {fault}" for fault in faults_of_file]
    if found:
        raise _Refused(FAILED_VERIFICATION, found)
    shutil.rmtree(work / "hinh", ignore_errors=True)
    for path in sorted(work.iterdir()):
        result.files[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()


def _execute(spec: Spec, work: Path, shop: Workshop) -> NotebookNode:
    target = work / f"{spec.name}.ipynb"
    parameters: dict[str, Any] = {"period": spec.period, "units": list(spec.units), **spec.parameters}
    try:
        return execute(shop.root / "notebooks" / f"{spec.notebook}.ipynb", parameters, target, shop.root)
    except NoDataError as error:
        target.unlink(missing_ok=True)
        raise _Refused(NO_DATA, [str(error)]) from None
    except ExecutionError as error:
        _clean_kept(target)
        raise _Refused(FAILED_EXECUTION, [str(error)]) from None


def _clean_kept(target: Path) -> None:
    if target.is_file():
        nbformat.write(notebooks.clean_executed(notebooks.read_notebook(target)), target)


def document_markdown(notebook: NotebookNode) -> str:
    """The whole document as Markdown: front matter and what the cells print."""
    return notebook.cells[0].source + "\n\n" + notebooks.body_markdown(notebook)


def _write_letter(notebook: NotebookNode, spec: Spec, period: Period, units: list[Unit]) -> None:
    """Put the spec's letter into the notebook's front matter, escaped; the executed notebook is the record."""
    matter = notebooks.front_matter(notebook)
    letter = dict(matter.get("van-ban", {}))
    letter.update(spec.letter)
    words = {
        "period": period.name,
        "unit": "; ".join(unit.official_name for unit in units),
        "addressee": "; ".join(addressee(unit) for unit in units),
    }
    matter["van-ban"] = {key: _written(value, words) for key, value in letter.items()}
    matter["title"] = _written(matter.get("title", spec.name), words)
    notebooks.set_front_matter(notebook, matter)


def _written(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_written(item, words) for item in value]
    return escape(fill(str(value if value is not None else ""), words))


def _render(
    notebook: NotebookNode, parsed: str, target: Path, kind: str, period: Period, shop: Workshop
) -> None:
    try:
        if shop.renderer == "quarto":
            quarto.render(notebook, target, kind, root=shop.root, font=shop.font, day=period.end)
            return
        embedded.render(parsed, target, kind, root=shop.root, font=shop.font, day=period.end)
    except embedded.RenderError as error:
        raise _Refused(FAILED_RENDERING, [str(error)]) from None


def verify_file(path: Path, source: Source, record: dict[str, Any]) -> list[Fault]:
    """The faults of one finished file against the notebook it came from."""
    return check_finished(source, READERS[path.suffix.lstrip(".")](path), record)


def verify_folder(folder: Path, shop: Workshop) -> dict[str, list[Fault]]:
    """Faults by file of one delivered document: its notebook's text, its PDF, its HTML."""
    faults: dict[str, list[Fault]] = {}
    for path in sorted(folder.glob("*.ipynb")):
        notebook = notebooks.read_notebook(path)
        record = notebooks.claims_record(notebook)
        source = read_source(form.parse(document_markdown(notebook), shop.root))
        faults[path.name] = shop.checker.check(source, record)
        for kind in READERS:
            finished = path.with_suffix(f".{kind}")
            if finished.is_file():
                faults[finished.name] = verify_file(finished, source, record)
    return faults


def _folder_name(spec: Spec, slugs: list[str], shop: Workshop) -> str:
    """A folder per report and unit list, so that no document can take another unit's place."""
    if slugs == ["42-tinh-ha-tinh"]:
        return spec.name
    if len(slugs) <= 2:
        return "--".join([spec.name, *slugs])
    digest = hashlib.sha256("\n".join(slugs).encode()).hexdigest()[:10]
    return f"{spec.name}--{len(slugs)}-don-vi-{digest}"


def _drop(work: Path, spec: Spec) -> None:
    for kind in READERS:
        (work / f"{spec.name}.{kind}").unlink(missing_ok=True)


def _leave_notice(work: Path, spec: Spec, period: Period, result: Outcome) -> None:
    shutil.rmtree(work / "hinh", ignore_errors=True)
    _drop(work, spec)
    lines = [
        f"KHÔNG CÓ VĂN BẢN: báo cáo «{spec.name}», kỳ {period.name}.",
        f"Kết quả: {OUTCOME_LABELS[result.outcome]}.",
        *[f"- {problem}" for problem in result.problems],
    ]
    (work / NOTICE).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _move_into_place(work: Path, folder: Path, trash: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(trash / "old")
    work.rename(folder)


def delivered(folder: Path) -> list[Path]:
    """The folders below `folder` (or itself) that hold an executed notebook."""
    return sorted({path.parent for path in folder.rglob("*.ipynb")})
