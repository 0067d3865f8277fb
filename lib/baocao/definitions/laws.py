"""The legal documents that reports may cite: the only numbers that text may carry without a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from baocao.definitions import vietnamese as vn
from baocao.definitions.errors import UserError, nearest
from baocao.definitions.files import typed_rows


@dataclass(frozen=True)
class Law:
    """A legal document: kind ("Quyết định"), number ("766/QĐ-TTg"), date of signing where known."""

    number: str
    kind: str
    signed: date | None
    issuer: str
    title: str

    def citation(self, *, dated: bool = False) -> str:
        """How a letter cites it: "Quyết định số 766/QĐ-TTg", `dated` "… ngày 23/06/2022"."""
        day = f" ngày {vn.format_date(self.signed, style='short')}" if dated and self.signed else ""
        return f"{self.kind} số {self.number}{day}"


class Laws:
    """The register of `data/reference/laws.csv`, by number."""

    def __init__(self, laws: list[Law]) -> None:
        self._by_number = {law.number: law for law in laws}

    def __iter__(self):
        return iter(self._by_number.values())

    def get(self, number: str) -> Law:
        """The document of that number; a UserError with the nearest numbers when it is not registered."""
        law = self._by_number.get(number)
        if law is None:
            near = ", ".join(nearest(number, self._by_number))
            raise UserError(
                f"Văn bản «{number}» không có trong data/reference/laws.csv; gần nhất: {near}; "
                "hãy thêm một dòng có căn cứ trước khi viện dẫn."
            )
        return law


def load_laws(root: Path) -> Laws:
    """The register of citable documents below the project's `root`."""
    return Laws(typed_rows(root, "laws.csv", Law))
