"""Errors that the user can mend, told in one sentence, and the nearest valid choices."""

from __future__ import annotations

import errno
from collections.abc import Iterable
from difflib import get_close_matches


class UserError(Exception):
    """Something the user must change: shown as one sentence without a traceback, exit code 2."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows below the cell: the sentence alone."""
        return [f"Lỗi: {self}"]


def nearest(word: str, choices: Iterable[str], count: int = 3) -> list[str]:
    """The `count` choices most like `word`, best first; the first ones in order when none is alike.

    >>> nearest("procesing", ["service_index", "processing"], 1)
    ['processing']
    """
    known = list(choices)
    by_folded: dict[str, str] = {}
    for choice in known:
        by_folded.setdefault(choice.casefold(), choice)
    found = get_close_matches(word.casefold(), by_folded, n=count, cutoff=0.4)
    return [by_folded[name] for name in found] or known[:count]


class NoDataError(UserError):
    """The period or unit asked for has no facts: a notice takes the document's place, exit code 1."""


_REASONS = {
    "ENOSPC": "ổ đĩa đã đầy", "EDQUOT": "đã dùng hết dung lượng được phép", "EFBIG": "tệp lớn quá mức được phép",
    "EACCES": "không có quyền", "EPERM": "không được phép", "EROFS": "ổ đĩa chỉ cho đọc",
    "ENOENT": "không có tệp hoặc thư mục ấy", "ENOTDIR": "một phần của đường dẫn không phải thư mục",
    "EISDIR": "đó là một thư mục", "EEXIST": "đã có tệp cùng tên", "ENOTEMPTY": "thư mục không trống",
    "ENAMETOOLONG": "tên quá dài", "EMFILE": "quá nhiều tệp đang mở", "ENFILE": "quá nhiều tệp đang mở",
    "EIO": "lỗi đọc ghi của ổ đĩa", "EBUSY": "tệp đang được dùng", "ETXTBSY": "tệp đang được dùng",
    "ENOMEM": "không đủ bộ nhớ", "EAGAIN": "hệ thống hết tài nguyên", "EPIPE": "tiến trình nhận đã dừng",
    "ELOOP": "liên kết trỏ vòng quanh", "EINVAL": "tên hoặc đường dẫn không hợp lệ",
}  # fmt: skip


def system_reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese.

    >>> system_reason(OSError(28, "No space left on device"))
    'ổ đĩa đã đầy'
    """
    name = errno.errorcode.get(error.errno or 0, "")
    return _REASONS.get(name, f"lỗi hệ thống {name or error.errno or type(error).__name__}")
