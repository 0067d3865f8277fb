"""Prose of a memo: Markdown with Jinja expressions, settled in two phases, and the rules of what is absent.

First the template is rendered: each figure leaves a placeholder. Then clauses and sentences are settled, and only the
placeholders that are left are printed and become claims. The rules, here and nowhere else:

1. `[[ … ]]` with something absent is left out; `[[ … || … ]]` gives way to its second part.
2. A sentence with something absent is left out, and a lead-in when nothing is left after its colon, be it a clause, the
   rest of its sentence or the list below it.
3. What was left out is said once at the paragraph's end, by kind; what does not apply needs no words.
4. A test of something absent takes neither branch: of an `{% if %}` nothing is printed, an inline `if` is absent itself.
5. The subject's own figures of the period in what was left out are told by their labels.
6. What a figure must be read with (units that are missing, few dossiers, a bridge) is told where it stands.

Data enters as values only: every text that is not the author's own prints escaped, and is never template text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import takewhile
from typing import Any, NamedTuple

import jinja2
from jinja2 import meta, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from baocao.analysis import Reason
from baocao.definitions import Law, Period, Unit, UserError, nearest
from baocao.writing import markup, phrases
from baocao.writing.figures import (
    SILENT,
    SLOT,
    Absence,
    Base,
    Figure,
    Figures,
    Kind,
    Lacking,
    Listing,
    Moving,
    Note,
    Parts,
    Printable,
    Unknown,
    Valued,
    Words,
)
from baocao.writing.markup import Markdown
from baocao.writing.typed import typed_figures, typed_numerals

_OPEN, _ELSE, _CLOSE, _CUT = "\ue000", "\ue001", "\ue002", "\ue003"
"""`[[`, `||` and `]]` of a template, and where something was left out: as characters that no text of data holds."""

_WAY_OUT = 'hãy in một số liệu của báo cáo, hoặc viết {{ own("…", "là gì") }} cho số của người soạn'

_ITEM = re.compile(r"(?:\d+[.)]|[-*+])\s+")
_MARKS = re.compile(rf"^\s*{_ITEM.pattern}", re.MULTILINE)
_ASIDE = re.compile(r"#|\||<|:::")
"""How lines begin that are no prose: headings, tables, blocks."""


MAGIC = "%%vanban"
"""How a cell of prose begins."""


def split_cell(cell: str) -> tuple[str, str] | None:
    """The options and the template of a cell of prose; None for another cell."""
    line, _, template = cell.lstrip().partition("\n")
    magic, _, options = line.partition(" ")
    return (options.strip(), template) if magic.rstrip() == MAGIC else None


# --- templates ----------------------------------------------------------------------------------------------------
def decide(value: Any) -> bool | None:
    """What a test comes to: true, false, or None where something in it is absent.

    A list or name that does not apply is false, and so is one that holds no words.
    """
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Printable) and (absence := value.absence):
        is_empty = absence == SILENT and not isinstance(value, Valued)
        return False if is_empty else None
    if getattr(value, "known", True) is False:
        return None
    return bool(value.strip(f"{_CUT} \n")) if isinstance(value, str) else bool(value)


def _negate(value: Any) -> Any:
    decided = decide(value)
    return value if decided is None else not decided


def _both(first: Any, second: Any) -> Any:
    """`and` of two values of which the first is not false."""
    return second if decide(second) is False or decide(first) else first


def _either(first: Any, second: Any) -> Any:
    """`or` of two values of which the first is not true."""
    return second if decide(second) or decide(first) is False else first


def _contains(container: Any, value: Any) -> Any:
    """`in`."""
    return value if decide(value) is None else value in container


def _glue(*parts: Any) -> str:
    """The parts as one text; beside what a macro made, words are escaped here."""
    if not any(isinstance(part, Markup) for part in parts):
        return "".join(map(str, parts))
    return Markup("".join(part if isinstance(part, Markup) else _escape(str(part)) for part in parts))


def _add(first: Any, second: Any) -> Any:
    return _glue(first, second) if isinstance(first, str) and isinstance(second, str) else first + second


def _join(things: Iterable[Any], separator: str = "") -> str:
    parts = [part for thing in things for part in (separator, thing)]
    return _glue(*parts[1:])


_HELPERS: dict[str, Callable[..., Any]] = {
    "_is_yes": lambda value: decide(value) is True,
    "_is_no": lambda value: decide(value) is False,
    "_negate": _negate,
    "_both": _both,
    "_either": _either,
    "_contains": _contains,
    "_glue": _glue,
    "_add": _add,
}


class _ThreeValued(NodeTransformer):
    """Makes tests three-valued: on something absent neither branch is taken."""

    def __init__(self) -> None:
        self._tests = 0

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:
        line = node.lineno
        self._tests += 1
        name = f"_test{self._tests}"
        stored = nodes.Assign(nodes.Name(name, "store", lineno=line), self.visit(node.test), lineno=line)
        others = list(node.else_)
        for other in reversed(node.elif_):
            others = [nodes.If(other.test, other.body, [], others, lineno=other.lineno)]
        neither = _nothing([*node.body, *others])
        body, otherwise = self._visit_all(node.body), self._visit_all(others)
        decided = nodes.Name(name, "load", lineno=line)
        no = nodes.If(_call("_is_no", decided), otherwise or neither, [], neither, lineno=line)
        return [stored, nodes.If(_call("_is_yes", decided), body, [], [no], lineno=line)]

    def _visit_all(self, several: Sequence[nodes.Node]) -> list[nodes.Node]:
        visited: list[nodes.Node] = []
        for one in several:
            made = self.visit(one)
            visited += made if isinstance(made, list) else [made]
        return visited

    def visit_For(self, node: nodes.For) -> nodes.Node:
        nothing = _nothing(node.body)
        self.generic_visit(node)
        node.test = node.test and _call("_is_yes", node.test)
        node.else_ = node.else_ or nothing
        return node

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:
        """A pattern stands inside a line: the line breaks at both its ends are no part of it."""
        ends = ((0, 0, str.lstrip), (-1, -1, str.rstrip))
        for at, inner, strip in ends:
            if node.body and isinstance(node.body[at], nodes.Output):
                data = node.body[at].nodes[inner]
                if isinstance(data, nodes.TemplateData):
                    data.data = strip(data.data)
        self.generic_visit(node)
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:
        self.generic_visit(node)
        otherwise = node.expr2 or nodes.Const("", lineno=node.lineno)
        no = nodes.CondExpr(_call("_is_no", node.test), otherwise, node.test, lineno=node.lineno)
        return nodes.CondExpr(_call("_is_yes", node.test), node.expr1, no, lineno=node.lineno)

    def visit_And(self, node: nodes.And) -> nodes.Node:
        self.generic_visit(node)
        both = _call("_both", node.left, node.right)
        return nodes.CondExpr(_call("_is_no", node.left), node.left, both, lineno=node.lineno)

    def visit_Or(self, node: nodes.Or) -> nodes.Node:
        self.generic_visit(node)
        either = _call("_either", node.left, node.right)
        return nodes.CondExpr(_call("_is_yes", node.left), node.left, either, lineno=node.lineno)

    def visit_Not(self, node: nodes.Not) -> nodes.Node:
        self.generic_visit(node)
        return _call("_negate", node.node)

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:
        if len(node.ops) > 1:  # a < b < c
            first = nodes.Compare(node.expr, node.ops[:1], lineno=node.lineno)
            rest = nodes.Compare(node.ops[0].expr, node.ops[1:], lineno=node.lineno)
            return self.visit(nodes.And(first, rest, lineno=node.lineno))
        self.generic_visit(node)
        (operand,) = node.ops
        if operand.op not in ("in", "notin"):
            return node
        inside = _call("_contains", operand.expr, node.expr)
        return inside if operand.op == "in" else _call("_negate", inside)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:
        self.generic_visit(node)
        return _call("_glue", *node.nodes)

    def visit_Add(self, node: nodes.Add) -> nodes.Node:
        self.generic_visit(node)
        return _call("_add", node.left, node.right)

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.Node:
        return nodes.TemplateData(_mark(node.data), lineno=node.lineno)


def _call(name: str, *arguments: nodes.Node) -> nodes.Call:
    return nodes.Call(nodes.Name(name, "load"), list(arguments), [], None, None)


def _nothing(body: Sequence[nodes.Node]) -> list[nodes.Node]:
    """What stands where nothing of a body is printed: a mark, as an item of its own where the body has items."""
    texts = (data.data for node in body for data in node.find_all(nodes.TemplateData))
    has_items = any(_MARKS.search(text) for text in texts)
    return [nodes.Output([nodes.TemplateData(f"\n- {_CUT}\n" if has_items else _CUT)])]


def _mark(text: str) -> str:
    return text.replace("[[", _OPEN).replace("]]", _CLOSE).replace("||", _ELSE)


@jinja2.pass_context  # so that a constant is not made text before it is seen here
def _finalize(context: Any, value: Any) -> Any:
    """How a value prints: a figure by its placeholder, the author's and data's words escaped, a bare number not at all."""
    if isinstance(value, Unknown):
        return Markup(str(value.of))
    if isinstance(value, Printable | Markup):
        return Markup(str(value))
    if isinstance(value, Markdown):
        raise UserError("bảng, hình, phụ lục đặt ở một ô riêng, không đặt trong đoạn văn")
    if isinstance(value, str):
        return Markup(_escape(value))
    raise UserError(
        f"«{value}» là {'con số' if isinstance(value, int | float) else 'giá trị'} không có số liệu làm căn cứ; {_WAY_OUT}"
    )


def _escape(text: str) -> str:
    """The text so that it prints as it is, with its placeholders; spaces at its ends stay."""
    pieces = re.split(f"({SLOT.pattern})", text)
    return "".join(
        piece if SLOT.fullmatch(piece) else _escape_piece(piece, first=at == 0)
        for at, piece in enumerate(pieces)
    )


def _escape_piece(piece: str, *, first: bool) -> str:
    if not piece.strip():
        return piece
    before, after = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
    # Only at the start of a line could a mark be taken for the beginning of a list.
    escaped = markup.escape(piece) if first else markup.escape(f"x{piece.strip()}")[1:]
    return before + escaped + after


class _Missing(jinja2.StrictUndefined):
    """What stands for an attribute, item or argument that there is not: said in Vietnamese, with the nearest ones."""

    @property
    def _undefined_message(self) -> str:
        name, thing = self._undefined_name, self._undefined_obj
        if self._undefined_hint:
            return f"mẫu câu thiếu đối số «{name}»"
        if not isinstance(name, str):
            return f"không có phần tử thứ {name}"
        near = nearest(name, [word for word in dir(thing) if not word.startswith("_")])
        return f"không có «.{name}»; gần nhất: {', '.join(near)}"


def _has(name: str, *, of_known: bool = False) -> Callable[[Any], Any]:
    def ask(value: Any) -> Any:
        return value if of_known and decide(value) is None else bool(getattr(value, name))

    return ask


_FILTERS = (
    "batch", "capitalize", "first", "groupby", "items", "last", "length", "list", "lower", "map", "reject", "rejectattr",
    "reverse", "select", "selectattr", "slice", "sort", "trim", "unique", "upper",
)  # fmt: skip
"""Jinja's own, those apart that print words as they are, unescaped, and those that make a number of something absent."""

_ENVIRONMENT = jinja2.Environment(
    undefined=_Missing,
    finalize=_finalize,
    autoescape=True,
    optimized=False,
    keep_trailing_newline=True,
)
_ENVIRONMENT.globals = dict(_HELPERS)
_ENVIRONMENT.filters = {name: _ENVIRONMENT.filters[name] for name in _FILTERS} | {"join": _join}
_ENVIRONMENT.tests |= {name: _has(name) for name in ("known", "reported")}
_ENVIRONMENT.tests |= {"small": _has("small", of_known=True), "whole": _has("is_whole", of_known=True)}


class Compiled(NamedTuple):
    """A template made ready, and the names that it takes from the notebook."""

    template: jinja2.Template
    names: frozenset[str]


@lru_cache(maxsize=512)
def compile_prose(source: str, macros: str = "") -> Compiled:
    """The template of a cell, with the macros of the cells of patterns before it; a UserError where it is none."""
    cell, patterns = _parse(source), _parse(macros)
    for tree in (cell, patterns):
        _pair_clauses(tree)
    defined = [node for node in patterns.body if not isinstance(node, nodes.Output)]
    tree = nodes.Template(defined + cell.body, lineno=1)
    tree.set_environment(_ENVIRONMENT)
    names = meta.find_undeclared_variables(tree)
    tree = _ThreeValued().visit(tree)
    tree.set_environment(_ENVIRONMENT)
    return Compiled(_ENVIRONMENT.from_string(tree), frozenset(names))


def _parse(source: str) -> nodes.Template:
    try:
        tree = _ENVIRONMENT.parse(source)
    except jinja2.TemplateSyntaxError as error:
        raise _fault(source, error.lineno, _say_syntax(error.message)) from None
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        raise _fault(source, node.lineno, "lấy chữ từ tệp khác, văn bản chỉ gồm các ô của sổ tính")
    for kind, word, choices in (
        (nodes.Test, "is", _ENVIRONMENT.tests),
        (nodes.Filter, "|", _ENVIRONMENT.filters),
    ):
        for node in tree.find_all(kind):
            if node.name not in choices:
                near = ", ".join(nearest(node.name, choices))
                raise _fault(source, node.lineno, f"không có «{word} {node.name}» (gần nhất: {near})")
    return tree


_SYNTAX = (
    (r"needs to be closed is '(\w+)'", "thiếu {{% end{0} %}}"),
    (r"unknown tag '(\w+)'", "có lệnh {{% {0} %}} thừa hoặc viết sai"),
    (r"()end of template", "thiếu dấu đóng }}}} hoặc %}}"),
    (r"(?:got|unexpected) 'end of ()", "thiếu chữ trước dấu đóng"),
    (r"(?:got|unexpected) '([^']+)'", "có «{0}» không đúng chỗ"),
)
"""What Jinja says of a template that is none, and how an author is told."""


def _say_syntax(message: str) -> str:
    for pattern, said in _SYNTAX:
        if match := re.search(pattern, message):
            return said.format(match[1])
    return "sai cú pháp"


def _fault(source: str, number: int, what: str) -> UserError:
    lines = source.splitlines()
    line = lines[number - 1].strip() if number <= len(lines) else ""
    return UserError(
        f"dòng {number} {what}: «{line}»; hãy xem lại chỗ đó, nhất là các dấu {{{{ }}}}, {{% %}}"
    )


class Seen(NamedTuple):
    """What a template looks like before it is rendered: the names that it takes from the notebook, those that it defines for
    other cells (where it has patterns), and what is wrong with it."""

    taken: frozenset[str] = frozenset()
    defined: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def look_through(source: str, laws: Iterable[Law]) -> Seen:
    """What of a template can be seen without rendering it; `laws` are those whose numbers may be typed."""
    try:
        tree = _parse(source)
    except UserError as error:
        return Seen(faults=(str(error),))
    faults: tuple[str, ...] = ()
    try:
        _pair_clauses(tree)
    except UserError as error:
        faults = (str(error),)
    for data in tree.find_all(nodes.TemplateData):
        words = _MARKS.sub("", data.data)
        faults += tuple(f"{fault}; {_WAY_OUT}" for fault in typed_figures(words, laws))
    patterns = [node.name for node in tree.body if isinstance(node, nodes.Macro)]
    assignments = [node for node in tree.body if isinstance(node, nodes.Assign | nodes.AssignBlock)]
    set_there = [
        name.name for node in assignments for name in node.find_all(nodes.Name) if name.ctx == "store"
    ]
    defined = (*patterns, *set_there) if patterns else ()
    return Seen(frozenset(meta.find_undeclared_variables(tree)), defined, faults)


OWN = "own"
"""The call in which an author declares a number as the author's own."""


def typed_words(source: str) -> list[str]:
    """The author's words in a template: what stands between its expressions, and the texts in these but for those of `own`."""
    tree = _parse(source)
    declared = {
        id(text)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name == OWN
        for text in call.find_all(nodes.Const)
    }
    data = [node.data for node in tree.find_all(nodes.TemplateData)]
    texts = [node for node in tree.find_all(nodes.Const) if isinstance(node.value, str)]
    return [*data, *(node.value for node in texts if id(node) not in declared)]


def _pair_clauses(tree: nodes.Template) -> None:
    _check_pairs("".join(node.data for node in tree.find_all(nodes.TemplateData)), "[[", "]]")


def _check_pairs(text: str, opening: str, closing: str) -> None:
    """A UserError where the signs of clauses do not pair."""
    depth, start = 0, 0
    for match in re.finditer(f"{re.escape(opening)}|{re.escape(closing)}", text):
        depth += 1 if match[0] == opening else -1
        if depth == 1 and match[0] == opening:
            start = match.start()
        if depth < 0:
            raise UserError(
                f"dấu «]]» không có «[[» đứng trước: «…{_around(text, match.start())}»; hãy thêm hoặc bỏ dấu"
            )
    if depth:
        raise UserError(
            f"dấu «[[» không có «]]» đóng lại: «{_around(text, start)}…»; hãy thêm «]]» vào cuối vế được bỏ khi thiếu số liệu"
        )


def _around(text: str, place: int) -> str:
    shown = SLOT.sub("…", " ".join(text[max(0, place - 30) : place + 50].split()))
    for mark, written in ((_OPEN, "[["), (_ELSE, "||"), (_CLOSE, "]]"), (_CUT, "")):
        shown = shown.replace(mark, written)
    return shown


def mark_clauses(text: str) -> str:
    """A text made in Python with its clauses marked, as a template's are."""
    _check_pairs(text, "[[", "]]")
    return _mark(text)


def render(source: str, macros: str, values: Mapping[str, Any]) -> str:
    """The text of a cell with placeholders: phase one. `values` are the names of the notebook."""
    compiled = compile_prose(source, macros)
    unknown = sorted(compiled.names - values.keys())
    if unknown:
        near = ", ".join(nearest(unknown[0], [name for name in values if not name.startswith("_")]))
        where = "" if re.search(rf"\b{unknown[0]}\b", source) else " (dùng trong ô mẫu câu)"
        raise UserError(f"không có tên «{unknown[0]}»{where}; các tên gần nhất: {near}")
    try:
        return compiled.template.render({name: values[name] for name in compiled.names})
    except jinja2.TemplateError as error:
        raise UserError(_explain(error)) from None
    except (TypeError, AttributeError, LookupError, ValueError, ArithmeticError, RecursionError) as error:
        raise UserError(_explain(error)) from None


def _explain(error: Exception) -> str:
    """What is wrong with a template, to its author."""
    message = getattr(error, "message", None) or str(error)
    if isinstance(error, jinja2.UndefinedError):
        return message
    if wrong := re.match(r"macro '(\w+)' takes (?:no keyword argument '?(\w+)|not more than (\d+))", message):
        what = f"không có đối số «{wrong[2]}»" if wrong[2] else f"chỉ nhận {wrong[3]} đối số"
        return f"mẫu câu «{wrong[1]}» {what}; hãy xem lại chỗ gọi"
    return f"có chỗ không tính được ({type(error).__name__}: {message}); hãy xem lại tên và đối số"


# --- phase two -----------------------------------------------------------------------------------------------------
@dataclass
class _Left:
    """What was left out: absent things, and the figures that stood beside them; and notes that had no place of their own.

    noted     the keys of the notes that were told
    compared  the periods with which something is compared in what is printed
    """

    absent: list[Absence] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    notes: list[Note | Lacking] = field(default_factory=list)
    noted: set[Hashable] = field(default_factory=set)
    compared: set[Period] = field(default_factory=set)

    def add(self, things: Iterable[Printable]) -> None:
        for one in things:
            if one.absence is not None:
                self.absent.append(one.absence)
                self.figures += getattr(one, "parts", ())
            else:
                self.figures += _figures_of(one)

    def own(self, subject: Unit) -> dict[Hashable, Figure]:
        """The subject's known figures of the document's period."""
        now = (one for one in self.figures if one.unit == subject and one.period == one.figures.period)
        return {one.thing: one for one in now if one.known}

    def is_told(self, subject: Unit) -> bool:
        """Whether anything is said of it."""
        return any(one.what for one in self.absent) or bool(self.own(subject))

    def merge(self, other: _Left) -> None:
        self.absent += other.absent
        self.figures += other.figures
        self.notes += other.notes
        self.noted |= other.noted
        self.compared |= other.compared


@dataclass
class _Paragraph:
    """A paragraph or item with its clauses and sentences settled, not yet printed, and what it left out.

    `mark` is that of an item ("1.", "-"), "more" for a further paragraph of an item, "aside" for what is no prose, or "".
    """

    mark: str
    sentences: list[str]
    left: _Left = field(default_factory=_Left)
    end: str = ""
    """The mark that it ended with: ";", "." or "./.", which ends the document."""

    @property
    def leads(self) -> bool:
        """Whether it leads in what stands below it."""
        return self.mark == "" and bool(self.sentences) and self.sentences[-1].endswith((":", ":**", ":*"))


def settle(text: str, figures: Figures, subject: Unit) -> Markdown:
    """The rendered text as Markdown: clauses and sentences settled, figures printed, what is left out said.

    `subject` is whose known figures are told where a sentence fell away.
    """
    paragraphs = [_settle_paragraph(mark, words, figures) for mark, words in _paragraphs(text)]
    for at, paragraph in enumerate(paragraphs):
        items = list(takewhile(lambda one: one.mark in ("1.", "-", "more"), paragraphs[at + 1 :]))
        if paragraph.leads and items and not any(one.sentences or one.left.is_told(subject) for one in items):
            paragraph.left.add(figures.things(paragraph.sentences.pop()))
    page = _Page(figures, subject, paragraphs)
    for paragraph in paragraphs:
        page.add(paragraph)
    return page.close()


_ABSENT = {
    Kind.NOT_REPORTED: "Chưa có số liệu: {}.",
    Kind.NOTHING_TO_DIVIDE: "Trong kỳ không phát sinh hồ sơ để tính {}.",
    Kind.NOT_WHOLE: "Chưa xét {} vì số liệu chưa gồm đủ các đơn vị.",
}
"""How what is absent is told at a paragraph's end."""


class _Page:
    """What is printed of a cell, paragraph by paragraph."""

    def __init__(self, figures: Figures, subject: Unit, paragraphs: Sequence[_Paragraph]) -> None:
        self.figures, self.subject = figures, subject
        everything = figures.things(" ".join(text for one in paragraphs for text in one.sentences))
        self._told = {one.thing for thing in everything for one in _figures_of(thing)}
        self._blocks: list[str] = []
        self._items: list[tuple[str, str]] = []
        self._is_led = False
        self._later = _Left()
        """What is said below the list of a lead-in, or behind paragraphs that fell away."""
        self._end = ""
        """How the list, or the paragraphs that fell away, ended."""

    def add(self, paragraph: _Paragraph) -> None:
        """Print a paragraph, item or aside."""
        if paragraph.mark == "aside":
            self._end_list()
            self._blocks.append("\n".join(map(self.figures.fill, paragraph.sentences)))
        elif paragraph.mark == "more" and self._items:
            if said := self._write(paragraph) or self._print_left(paragraph.left):
                mark, before = self._items.pop()
                self._items.append((mark, f"{before}\n\n   {said}"))
        elif paragraph.mark:
            if not self._items and not self._is_led:
                self._end_list()
            if said := self._write(paragraph) or self._print_left(paragraph.left):
                self._items.append((paragraph.mark, _end_with(said, paragraph.end)))
            self._end = paragraph.end or self._end
        elif paragraph.sentences:
            self._end_list()
            self._blocks.append(self._write(paragraph))
        else:
            self._close_items()
            self._later.merge(paragraph.left)
            self._end = paragraph.end
        self._is_led = paragraph.leads

    def close(self) -> Markdown:
        """All that was printed."""
        self._end_list()
        return Markdown("\n\n".join(self._blocks) + "\n" if self._blocks else "")

    def _end_list(self) -> None:
        self._close_items()
        later, self._later = self._later, _Left()
        if said := self._print_left(later):
            self._blocks.append(_end_with(said, self._end.replace(";", ".")))
        self._end = ""

    def _close_items(self) -> None:
        marks = [f"{at}." if mark[0].isdigit() else mark for at, (mark, _) in enumerate(self._items, 1)]
        lines = [f"{mark} {item}" for mark, (_, item) in zip(marks, self._items, strict=True)]
        if lines:
            self._blocks.append("\n".join([*lines[:-1], _end_with(lines[-1], self._end)]))
            self._end = ""
        self._items.clear()

    def _write(self, paragraph: _Paragraph) -> str:
        """The sentences, each with the notes that no sentence before it had, and what the paragraph left out."""
        said, noted = "", paragraph.left.noted
        for at, sentence in enumerate(paragraph.sentences):
            things = self.figures.things(sentence)
            noted |= {one.tells for one in _flat(things) if isinstance(one, Words)}
            notes = [note for note in _notes(things) if note.key not in noted]
            noted |= {note.key for note in notes}
            is_last = at == len(paragraph.sentences) - 1
            begins = paragraph.mark != "-" or at > 0
            whole = _place_parts(_place_bridges(sentence, things, self.figures), self.figures)
            written = self.figures.fill(whole, first=begins)
            said = f"{said} {written}".strip()
            if is_last and paragraph.leads:
                paragraph.left.notes += notes
            else:
                said = _append(said, " ".join(note.write(self.figures.claims) for note in notes))
        if paragraph.leads:
            self._later.merge(paragraph.left)
            return said
        return _append(said, self._print_left(paragraph.left)) if said else ""

    def _print_left(self, left: _Left) -> str:
        return self.figures.fill(_place_parts(" ".join(self._say_left(left)), self.figures))

    def _say_left(self, left: _Left) -> list[str]:
        """What was left out, by kind, and the subject's figures in it that the cell does not print, by their labels."""
        said = [str(note) for note in _once(left.notes)]
        absent = list(dict.fromkeys(left.absent))

        for kind, sentence in _ABSENT.items():
            if names := [self._name(one) for one in absent if one.kind == kind and one.what]:
                said.append(sentence.format(phrases.join(names, semicolons=True)))
        said += self._say_uncompared(
            [one for one in absent if one.kind == Kind.NOT_COMPARABLE], left.compared
        )
        rescued = {thing: one for thing, one in left.own(self.subject).items() if thing not in self._told}
        self._told |= rescued.keys()
        if rescued:
            known = [
                f"{self.figures.name(one.said)} {one}{'' if one.is_rate else ' hồ sơ'}"
                for one in rescued.values()
            ]
            said.append(f"Số đã có: {phrases.join(known, semicolons=True)}.")
            said += [str(note) for note in _notes(rescued.values()) if note.key not in left.noted]
        return said

    def _name(self, absent: Absence) -> str:
        whose = f" của {self.figures.unit(absent.unit)}" if absent.unit not in (None, self.subject) else ""
        return f"{self.figures.name(absent.what)}{whose}"

    def _say_uncompared(self, absent: Sequence[Absence], compared: set[Period]) -> Iterator[str]:
        """Which figures are not compared with which periods, one sentence for a reason.

        Where nothing is compared with a period, it is told of the period alone, once.
        """
        first: dict[Period | None, Absence] = {}
        for one in sorted(absent, key=lambda one: not one.is_news):
            first.setdefault(one.base, one)
        by_reason: dict[tuple[Reason, bool], tuple[dict[Period, None], dict[tuple, Absence]]] = {}
        for one in absent:
            is_some = one.base in compared
            if one.is_news if is_some else one is first[one.base]:
                bases, names = by_reason.setdefault((one.reason, is_some), ({}, {}))
                bases[one.base] = None
                names.setdefault((one.what, one.unit), one)
        for (reason, is_some), (bases, names) in by_reason.items():
            told = phrases.join([str(Base(self.figures, base)) for base in bases])
            what = f" {phrases.join([self._name(one) for one in names.values()])}" if is_some else ""
            yield f"Không so sánh{what} với {told} vì {self.figures.reason(reason)}."


# --- paragraphs and sentences ----------------------------------------------------------------------------------------
def _paragraphs(text: str) -> Iterator[tuple[str, str]]:
    """The paragraphs and items of a text: the mark of a list ("1.", "-"), "more" for what is indented below an item, "aside"
    for what is no prose, or "", and the words."""
    last = ""
    for block in re.split(r"\n\s*\n", text):
        is_more = block.startswith("   ") and last in ("1.", "-", "more")
        mark, lines = "more" if is_more else "", []
        for line in (line.strip() for line in block.strip().splitlines()):
            starts = _ITEM.match(line)
            new = "aside" if _ASIDE.match(line) else "item" if starts else ""
            if lines and (new == "item" or (new == "aside") != (mark == "aside")):
                yield mark, "\n".join(lines)
                mark, lines = "", []
            if new == "item":
                mark, line = "1." if starts[0][0].isdigit() else "-", line[starts.end() :]
            elif new:
                mark = new
            if line:
                lines.append(line)
        if lines or mark:
            yield mark, "\n".join(lines)
            last = mark


def _settle_paragraph(mark: str, text: str, figures: Figures) -> _Paragraph:
    """The paragraph with its clauses and sentences settled; a UserError for what must not stand in it."""
    _refuse_typed(text, figures)
    _refuse_said_twice(text, figures)
    left = _Left()
    whole = _clauses(text, figures, left)
    if mark == "aside":
        return _Paragraph(mark, [_tidy(line) for line in whole.splitlines()])
    settled: list[str] = []
    for sentence in _sentences(" ".join(whole.split())):
        things = figures.things(sentence)
        if not re.search(rf"\w|{SLOT.pattern}", sentence):
            continue
        if _LEADS_NOWHERE.search(sentence) or any(one.absence for one in things):
            left.add(things)
            continue
        left.compared |= {one.base for one in things if isinstance(one, Moving)}
        settled.append(_tidy(sentence))
    end = re.search(rf"(\./\.|[;.])[\s*_{_CUT}]*$", whole)
    return _Paragraph(mark, settled, left, end[1] if end else "")


_LEADS_NOWHERE = re.compile(rf":[\s*_]*[.;,/{_CUT}][\s.;,/*_{_CUT}]*$")
"""The end of a sentence of which nothing is left behind its colon."""

_SENTENCES = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][*_”\")])|(?<=[.!?]\*\*))\s+")
_ABBREVIATED = re.compile(r"\b(?:TP|TX|TT|ThS|TS|PGS|GS)\.$")


def _sentences(text: str) -> Iterator[str]:
    """The sentences of a text, more than one together where brackets or emphasis hold them."""
    held = ""
    for piece in _SENTENCES.split(text):
        held = f"{held} {piece}".strip()
        opened, closed = (len(re.findall(rf"(?<!\\)[{signs}]", held)) for signs in ("(“", ")”"))
        if opened <= closed and held.count("**") % 2 == 0 and not _ABBREVIATED.search(held):
            yield held
            held = ""
    if held:
        yield held


def _clauses(text: str, figures: Figures, left: _Left) -> str:
    """The text with its clauses settled, innermost first."""
    _check_pairs(text, _OPEN, _CLOSE)
    inner = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")

    def choose(match: re.Match[str]) -> str:
        for choice in match[1].split(_ELSE):
            if not any(one.absence for one in figures.things(choice)):
                return choice
        left.add(figures.things(match[1]))
        return _CUT

    while inner.search(text):
        text = inner.sub(choose, text)
    if _ELSE in text:
        raise UserError(
            f"dấu «||» đứng ngoài «[[ … ]]»: «…{_around(text, text.index(_ELSE))}»; hãy đặt cả hai vế trong «[[ … || … ]]»"
        )
    return text


def _tidy(sentence: str) -> str:
    """The sentence without the marks that a clause left behind; those of data are escaped, and stay."""
    sentence = re.sub(r"\s+", " ", sentence.replace(_CUT, "")).strip()
    sentence = re.sub(r"\s+([.;,:)])", r"\1", sentence)
    sentence = re.sub(r"(?<!\\)[;,](?:\s*[;,])+", lambda match: ";" if ";" in match[0] else ",", sentence)
    sentence = re.sub(r"(?<!\\)([:(])\s*[;,]\s*", lambda match: match[1] + " " * (match[1] == ":"), sentence)
    sentence = re.sub(r"(?<!\\)[;,](?=[.;)])", "", sentence)
    sentence = re.sub(r"\s*(?<!\\)\((?:[^()\\]*:)?\s*\)", "", sentence)
    return re.sub(r"^([*_]*)[;,\s]+", r"\1", sentence)


def _append(text: str, more: str) -> str:
    """The text with sentences behind it; the mark that ends an item, or the document, stays last."""
    if not more:
        return text
    end = next((mark for mark in ("./.", ";") if text.endswith(mark)), "")
    if not end:
        return f"{text} {more}"
    return f"{text.removesuffix(end)}. " + re.sub(r"\.(\)?)$", r"\1", more) + end


def _end_with(text: str, end: str) -> str:
    """The text with another mark at its end, where it has one."""
    return re.sub(r"(?:\./\.|[;.])$", end, text) if end else text


def _flat(things: Iterable[Printable]) -> Iterator[Printable]:
    """The things, and those that lists among them hold."""
    for one in things:
        yield one
        if isinstance(one, Listing):
            yield from _flat(one.figures.things("".join(one.items)))


def _figures_of(thing: Printable) -> list[Figure]:
    """The figures that are printed with a thing: itself, that of which it is the parts, those of a list."""
    parts = (one.of if isinstance(one, Parts) else one for one in _flat([thing]))
    return [one for one in parts if isinstance(one, Figure)]


def _notes(things: Iterable[Printable]) -> list[Note | Lacking]:
    """What must be told of the things behind their sentence, each once."""
    return _once(note for one in _flat(things) for note in one.notes())


def _once(notes: Iterable[Note | Lacking]) -> list[Note | Lacking]:
    by_key: dict[Hashable, Note | Lacking] = {}
    for note in notes:
        by_key.setdefault(note.key, note)
    return list(by_key.values())


def _place_parts(text: str, figures: Figures) -> str:
    """The text with the two parts of every rate of few dossiers behind it, if they do not stand in it anyway."""
    shown = {one.of.thing for one in _flat(figures.things(text)) if isinstance(one, Parts)}

    def place(match: re.Match[str]) -> str:
        one = figures.held(match[0])
        if isinstance(one, Listing):
            return str(replace(one, items=tuple(SLOT.sub(place, item) for item in one.items)))
        is_bare = isinstance(one, Figure) and one.small and one.thing not in shown
        return f"{match[0]} ({one.fraction} hồ sơ)" if is_bare else match[0]

    return SLOT.sub(place, text)


def _place_bridges(sentence: str, things: Sequence[Printable], figures: Figures) -> str:
    """A bridge stands behind the base when all changes of the sentence share it, else behind each change."""
    changes = [one for one in things if isinstance(one, Moving)]
    bridges = {one.bridge for one in changes}
    if not any(bridges):
        return sentence
    if len(bridges) == 1:
        bases = [slot for slot in SLOT.findall(sentence) if isinstance(figures.held(slot), Base)]
        last = next(slot for slot in SLOT.findall(sentence) if figures.held(slot) is changes[-1])
        return _insert(sentence, (bases or [last])[0], next(iter(bridges)), figures)
    for slot in SLOT.findall(sentence):
        one = figures.held(slot)
        if isinstance(one, Moving) and one.bridge:
            sentence = _insert(sentence, slot, one.bridge, figures)
    return sentence


def _insert(sentence: str, slot: str, bridge: Reason, figures: Figures) -> str:
    """The sentence with the bridge in brackets behind a figure; one that an earlier cell told in full is pointed at."""
    words = figures.reason(bridge) if figures.is_news(bridge) else "cách so sánh nêu trên"
    return sentence.replace(slot, f"{slot} ({words})", 1)


_WAY = re.compile(
    r"\b((?:tăng|giảm)(?: (?:lên|xuống|thêm|đi|nhẹ|mạnh))?|cao hơn|thấp hơn|nhiều hơn|ít hơn)"
    rf"[\s*_{_OPEN}]*$",
    re.IGNORECASE,
)


def _refuse_said_twice(text: str, figures: Figures) -> None:
    """A UserError where a word of direction or a % is typed beside a figure, which brings its own."""
    for match in SLOT.finditer(text):
        thing = figures.held(match[0])
        if isinstance(thing, Valued | Parts) and text[match.end() :].lstrip(f" \\{_CLOSE}").startswith("%"):
            raise UserError(
                f"dấu «%» gõ sau một số liệu: «{_around(text, match.start())}»; hãy bỏ dấu đó, số liệu tự in dấu % của nó"
            )
        way = _WAY.search(text[: match.start()])
        if way and isinstance(thing, Moving):
            raise UserError(
                f"chữ «{way[1]}» gõ trước một mức thay đổi: «{_around(text, match.start())}»; hãy bỏ chữ đó, số liệu tự nói tăng "
                "hay giảm"
            )


def _refuse_typed(text: str, figures: Figures) -> None:
    """A UserError for a figure that was typed, in what is left out too: it would be printed in another month."""
    laws = figures.claims.laws
    faults = list(typed_figures(SLOT.sub("…", text), laws))
    for one in figures.things(text):
        if isinstance(one, Listing):
            faults += typed_numerals(SLOT.sub("…", " ".join(one.items)), laws)
    if faults:
        raise UserError(f"{faults[0]}; {_WAY_OUT}")


def print_words(text: str, figures: Figures) -> str:
    """A caption or heading of the author's, escaped, with the figures and names in it printed; what is absent is a dash."""
    _refuse_typed(text, figures)
    return figures.fill(_escape(text))
