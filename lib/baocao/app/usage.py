"""What is wrong with a command as it was typed, in one Vietnamese sentence."""

from __future__ import annotations

import re

import typer

from baocao.definitions.errors import nearest

UsageError = typer.BadParameter.__bases__[0]
"""What typer raises for a command that it cannot read; it has no public name of its own."""


def sentence(error: Exception, commands: list[str]) -> str:
    """The sentence for a UsageError; `commands` are the names there are."""
    context = getattr(error, "ctx", None)
    command = context.info_name if context and context.parent else ""
    look = f"xem «baocao {command + ' ' if command else ''}--help»"
    option = getattr(error, "option_name", "")
    message = error.format_message()
    kind = type(error).__name__
    if kind == "NoSuchOption":
        near = list(getattr(error, "possibilities", None) or [])
        return f"Không có tùy chọn {option}; {'có thể là ' + ', '.join(sorted(near)) + ', ' if near else ''}{look}."
    if kind == "BadOptionUsage":
        return f"Tùy chọn {option} thiếu giá trị hoặc không nhận giá trị; {look}."
    if kind == "MissingParameter":
        return f"Lệnh thiếu {error.param.name}; {look}."
    if isinstance(error, typer.BadParameter):
        named = error.param.opts[0] if error.param else "tùy chọn"
        return f"Giá trị của {named} không hợp lệ; {look}."
    if found := re.match(r"No such command '(.*?)'", message):
        return f"Không có lệnh «{found[1]}»; có thể là {nearest(found[1], commands, 1)[0]}, {look}."
    if found := re.match(r"Got unexpected extra arguments? ?(?:\(s\))? ?\((.*)\)", message):
        return f"Thừa «{found[1]}» trong lệnh; {look}."
    return f"Không hiểu lệnh; {look}."
