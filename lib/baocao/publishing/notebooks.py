"""A notebook as a document: its parameters, front matter, claims, and the Markdown that it prints.

pandoc's own notebook reader drops `text/markdown` outputs, so the Markdown is made here, in Quarto's order of
preference, and an output that could not be printed is refused instead of lost.
"""

from __future__ import annotations

import ast
import base64
import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import yaml
from nbformat import NotebookNode

from baocao.definitions import UserError
from baocao.writing import RECORD_MIME, RECORD_VERSION, prose

PICTURES = "hinh"  # the folder of a document's pictures while it is rendered
_PARAMETERS = {"parameters", "injected-parameters"}
_HIDDEN_TAGS = {"remove-cell", *_PARAMETERS}
DATA_URI = re.compile(r"data:image/(svg\+xml|png|jpeg);base64,([A-Za-z0-9+/=]+)")
_ENDINGS = {"svg+xml": "svg", "png": "png", "jpeg": "jpg"}


def read_notebook(path: Path) -> NotebookNode:
    """The notebook at `path`, as format 4; a UserError when the file is none."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise UserError(f"Không có sổ tính «{path.name}»; hãy kiểm tra tên và thư mục notebooks/.") from None
    except (ValueError, KeyError, AttributeError, UnicodeDecodeError) as error:
        raise UserError(
            f"Tệp {path.name} không phải sổ tính Jupyter đọc được ({type(error).__name__}); "
            "hãy mở bằng JupyterLab và lưu lại."
        ) from None


def parameters_of(notebook: NotebookNode) -> dict[str, Any]:
    """Names and values of the cell tagged `parameters`: the defaults; a UserError when there is no such cell.

    papermill runs a notebook without that cell on its own defaults and only warns: a wrong report that looks
    right. Hence the refusal.
    """
    for cell in _cells_tagged(notebook, "parameters"):
        return _assigned(cell)
    raise UserError(
        "Sổ tính không có ô gắn nhãn «parameters» nên không nhận được kỳ và đơn vị; "
        "hãy gắn nhãn đó cho ô khai báo period và units."
    )


def parameters_of_run(notebook: NotebookNode) -> dict[str, Any]:
    """The values that an executed notebook was run with."""
    given = parameters_of(notebook)
    for cell in _cells_tagged(notebook, "injected-parameters"):
        given |= _assigned(cell)
    return given


def _cells_tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    return [
        cell for cell in notebook.cells if cell.cell_type == "code" and tag in cell.metadata.get("tags", [])
    ]


def _assigned(cell: NotebookNode) -> dict[str, Any]:
    return {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in ast.parse(cell.source).body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
    }


def clean_executed(notebook: NotebookNode) -> NotebookNode:
    """Remove what differs between two runs of the same inputs: times, paths, random cell ids."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    info = notebook.metadata.get("language_info")
    if info is not None:
        notebook.metadata["language_info"] = {"name": info.get("name", "python")}
    for number, cell in enumerate(notebook.cells, 1):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = "injected-parameters"
        elif "id" not in cell:
            cell["id"] = f"cell-{number}"
    return notebook


def sources(notebook: NotebookNode) -> list[tuple[str, str, tuple[str, ...]]]:
    """What decides what a run of the notebook says: kind, text and tags of each cell.

    Not its outputs, counts of execution and what an editor keeps in it: a notebook that was run and saved in JupyterLab
    is the same notebook.
    """
    return [
        (cell.cell_type, cell.source, tuple(cell.metadata.get("tags", [])))
        for cell in notebook.cells
        if cell.source.strip() or cell.metadata.get("tags")
    ]


def front_matter(notebook: NotebookNode) -> dict[str, Any]:
    """The YAML of the first cell, {} when the notebook has none."""
    if not notebook.cells or notebook.cells[0].cell_type != "raw":
        return {}
    text = notebook.cells[0].source.strip()
    if not text.startswith("---"):
        return {}
    try:
        return yaml.safe_load(text.removeprefix("---").removesuffix("---")) or {}
    except yaml.YAMLError as error:
        raise UserError(f"Phần đầu (YAML) của sổ tính sai cú pháp: {error}".replace("\n", " ")) from None


class _AsText(yaml.SafeDumper):
    """Writes text in quotes unless it begins with a letter: to pandoc 1e3, 0o17 and .5 would be numbers."""

    def represent_str(self, data: str) -> yaml.ScalarNode:
        style = None if data[:1].isalpha() else '"'
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_AsText.add_representer(str, _AsText.represent_str)


@cache
def title_of(path: Path) -> str:
    """What the notebook at `path` is about, "" where its front matter has no title; read once in a process."""
    return str(front_matter(read_notebook(path)).get("title", ""))


def set_front_matter(notebook: NotebookNode, matter: dict[str, Any]) -> None:
    """Replace the YAML of the first cell, or add that cell."""
    written = yaml.dump(matter, Dumper=_AsText, allow_unicode=True, sort_keys=False, width=10_000)
    text = f"---\n{written}---"
    if notebook.cells and notebook.cells[0].cell_type == "raw":
        notebook.cells[0].source = text
        return
    cell = nbformat.v4.new_raw_cell(text)
    cell["id"] = "front-matter"
    notebook.cells.insert(0, cell)


def claims_record(notebook: NotebookNode) -> dict[str, Any]:
    """What the executed notebook says it states (`Claims.record`); a UserError when it says nothing."""
    for cell in reversed(notebook.cells):
        for output in cell.get("outputs", []):
            record = output.get("data", {}).get(RECORD_MIME)
            if record is None:
                continue
            if record.get("version") != RECORD_VERSION:
                raise UserError(
                    f"Sổ tính ghi số liệu theo phiên bản {record.get('version')}, "
                    f"chương trình đọc phiên bản {RECORD_VERSION}; hãy lập lại báo cáo."
                )
            return record
    raise UserError(
        "Sổ tính đã chạy không lưu danh sách số liệu (ô cuối phải là `setting.claims.record()`), "
        "nên không thể kiểm chứng; hãy thêm ô đó và chạy lại."
    )


def body_markdown(notebook: NotebookNode) -> str:
    """The Markdown that the executed notebook prints: its text cells and the outputs of its code cells."""
    parts: list[str] = []
    for number, cell in enumerate(notebook.cells, 1):
        tags = set(cell.metadata.get("tags", []))
        if cell.cell_type == "raw" or tags & _HIDDEN_TAGS:
            continue
        if cell.cell_type == "markdown":
            parts.append(cell.source)
        elif not re.search(r"^#\| *(include|output): *false *$", cell.source, re.MULTILINE):
            parts += [_printed(output, number) for output in cell.outputs]
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def all_texts(part: Any) -> Iterator[str]:
    """Every text that a notebook, or a part of it, holds: sources, outputs, the record, metadata."""
    left = [part]
    while left:
        one = left.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict | list):
            left += reversed(one.values() if isinstance(one, dict) else one)


def typed_texts(notebook: NotebookNode) -> Iterator[str]:
    """What the author typed for print: the text cells, the words of the cells of prose, and the texts in the code of others.

    Patterns and lists come from cells that print nothing themselves. What the author declares by `own` is apart.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            yield cell.source
        elif cell.cell_type == "code" and not set(cell.metadata.get("tags", [])) & _PARAMETERS:
            if written := prose.split_cell(cell.source):
                yield from prose.typed_words(written[1])
            else:
                with suppress(SyntaxError):  # a magic of IPython
                    yield from _texts_in(ast.parse(cell.source))


def _texts_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == prose.OWN:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for part in ast.iter_child_nodes(node):
        yield from _texts_in(part)


def _printed(output: NotebookNode, cell: int) -> str:
    """One output as Markdown, by Quarto's order of preference for Typst."""
    if output.output_type == "error":
        raise UserError(f"Ô số {cell} của sổ tính dừng vì lỗi {output.ename}: {output.evalue}")
    if output.output_type == "stream":
        return "" if output.name == "stderr" else _verbatim(output.text)
    data = output.data
    if "text/markdown" in data:
        return str(data["text/markdown"])
    if "image/svg+xml" in data:
        encoded = base64.b64encode(data["image/svg+xml"].encode()).decode()
        return f"![](data:image/svg+xml;base64,{encoded})"
    for kind in ("png", "jpeg"):
        if f"image/{kind}" in data:
            return f"![](data:image/{kind};base64,{data[f'image/{kind}'].replace(chr(10), '')})"
    if RECORD_MIME in data:
        return ""
    if "text/html" in data and "text/plain" not in data:
        raise UserError(
            f"Ô số {cell} của sổ tính chỉ in HTML, không đưa được vào bản PDF; "
            "hãy in bảng bằng tables.table và hình bằng charts."
        )
    return _verbatim(data.get("text/plain", ""))


def _verbatim(text: str) -> str:
    return "```\n" + text.rstrip("\n").replace("```", "'''") + "\n```" if text.strip() else ""


def place_images(text: str, folder: Path) -> str:
    """Write the pictures that `text` (Markdown or pandoc's JSON) holds as data below `folder`/hinh; name the files.

    Files are named by their content, so that the same picture has the same name in every run.
    """

    def place(match: re.Match[str]) -> str:
        content = base64.b64decode(match[2])
        name = picture_name(content, match[1])
        (folder / PICTURES).mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
        return name

    return DATA_URI.sub(place, text)


def picture_name(content: bytes, kind: str) -> str:
    """The file of a picture of that kind (`svg+xml`, `png`, `jpeg`), below the document's folder."""
    return f"{PICTURES}/{hashlib.sha256(content).hexdigest()[:16]}.{_ENDINGS[kind]}"


def has_image_outputs(notebook: NotebookNode) -> bool:
    """Whether an output may be shown as a picture of its own, which Quarto puts into a file beside the page."""
    outputs = (output for cell in notebook.cells for output in cell.get("outputs", []))
    return any(
        kind.startswith(("image/", "application/pdf"))
        for output in outputs
        for kind in output.get("data", {})
    )


def place_notebook_images(notebook: NotebookNode, folder: Path) -> None:
    """`place_images` for every Markdown output of the notebook, in place."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "text/markdown" in output.get("data", {}):
                output.data["text/markdown"] = place_images(output.data["text/markdown"], folder)
