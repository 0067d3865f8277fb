"""YAML that people type, read as typed: every value is text, so that 01, yes, 1e3 and 2025-07-01 stay what they are.

YAML's own reading makes numbers, truths and dates of such words, and lets the last of two equal keys win in silence.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from baocao.definitions.errors import UserError, system_reason

_LARGEST = 1_000_000

Typed = str | list["Typed"] | dict[str, "Typed"]
"""What is read: a blank value is ""."""


def read_typed_yaml(path: Path) -> Typed:
    """The content of a YAML file, its values as typed; "" where it is empty.

    UserError where the file cannot be read or is no YAML, and for a key written twice (with both lines), an alias, or
    a character that is half of a pair.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise UserError(
                f"{path.name} dài hơn một triệu ký tự, không phải tệp do người gõ; hãy viết lại theo mẫu."
            )
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.BaseLoader)
        return "" if node is None else _Reader(path.name).value(node)
    except OSError as error:
        raise UserError(
            f"Không đọc được tệp «{path.name}»: {system_reason(error)}; hãy xem lại đường dẫn."
        ) from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name} không phải là văn bản UTF-8; hãy lưu lại tệp dạng UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" ở dòng {mark.line + 1}, cột {mark.column + 1}" if mark else ""
        raise UserError(
            f"{path.name} sai cú pháp YAML{where}; hãy xem lại dấu hai chấm, dấu nháy, dấu ngoặc và lề ở đó."
        ) from None
    except RecursionError:
        raise UserError(f"{path.name} lồng quá nhiều cấp; hãy viết lại theo mẫu.") from None


class _Reader:
    """Turns the nodes of one file into values."""

    def __init__(self, name: str):
        self.name, self.seen = name, set()

    def value(self, node: yaml.Node) -> Typed:
        if id(node) in self.seen:
            raise self._refused(node, "dùng lại một phần khác bằng dấu «*», không được nhận; hãy viết ra đủ")
        self.seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(one) for one in node.value]
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node)
        if any("\ud800" <= letter <= "\udfff" for letter in node.value):
            raise self._refused(node, "có ký tự hỏng (nửa của một cặp mã); hãy gõ lại chữ ở đó")
        return node.value

    def _mapping(self, node: yaml.MappingNode) -> dict[str, Typed]:
        read: dict[str, Typed] = {}
        lines: dict[str, int] = {}
        for key, one in node.value:
            name = self.value(key)
            if not isinstance(name, str):
                raise self._refused(key, "có khóa không phải là chữ; hãy viết «khóa: giá trị»")
            if name in read:
                raise self._refused(key, f"ghi lại khóa «{name}» của dòng {lines[name]}; hãy bỏ một dòng")
            read[name], lines[name] = self.value(one), key.start_mark.line + 1
        return read

    def _refused(self, node: yaml.Node, what: str) -> UserError:
        return UserError(f"{self.name}, dòng {node.start_mark.line + 1}: {what}.")
