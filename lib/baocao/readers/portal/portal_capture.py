"""One answer of the portal on its way to facts: the scores, rates and problems read from it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.periods import Period
from baocao.readers.own_forms import SCORE_COLUMNS
from baocao.readers.portal.answer import Answer
from baocao.readers.portal.scoring import INDEX, TOLERANCE, is_number
from baocao.readers.problems import problem

RATE_COLUMNS = [
    *("index", "unit", "period", "as_of", "component", "metric", "numerator", "denominator", "rate"),
    *("file", "sheet", "row"),
]
"""Columns of the rates behind the scores: `metric` is the portal's code, `rate` in %, as published."""


def score_frame(rows: list[dict]) -> pd.DataFrame:
    """Rows with the columns of the scores frame, in its types: missing numbers NaN or NA."""
    frame = pd.DataFrame(rows, columns=SCORE_COLUMNS)
    types = {"score": "float64", "maximum": "float64", "rank": "Int64", "out_of": "Int64", "row": "int64"}
    return frame.astype(types)


@dataclass(eq=False)
class Capture:
    """What was read of an answer so far; `rules` are the index's components by name, as defined on the day."""

    answer: Answer
    found: list[dict]
    source: str
    period: Period
    as_of: date | None
    rules: Mapping[str, Mapping[str, str]]
    scores: list[dict] = field(default_factory=list)
    rates: list[dict] = field(default_factory=list)
    unpublished: list[tuple[int, str]] = field(default_factory=list)
    noted: dict[tuple[str, str], int] = field(default_factory=dict)
    strange: set[str] = field(default_factory=set)

    @property
    def day(self) -> date:
        """The day whose units are meant."""
        return self.as_of or self.period.end

    def add_score(
        self, row: int, unit: str, component: str, score: object, maximum: object, column: str
    ) -> Decimal | int | None:
        """Adds a published score; returns it, or None where it is missing or wrong."""
        rule = self.rules.get(component)
        scored = bool(rule and rule["maximum"] and Decimal(rule["maximum"]) > 0)
        if not scored:
            return None
        if maximum is not None and not (is_number(maximum) and maximum > 0):
            self.note("error", "diem", "Điểm tối đa không phải là một số lớn hơn 0.", row, column, maximum)
            return None
        if score is None:
            self.unpublished.append((row, component))
            return None
        most = Decimal(rule["maximum"]) if maximum is None else maximum
        if not is_number(score) or not 0 <= score <= most:
            text = f"Điểm «{component}» phải là một số từ 0 đến {vn.format_number(most, 3, trim=True)}."
            self.note("error", "diem", text, row, column, score)
            return None
        fact = {"index": INDEX, "unit": unit, "period": self.period.code, "as_of": self.as_of}
        fact |= {
            "component": component,
            "score": float(score),
            "maximum": None if maximum is None else float(maximum),
        }
        self.scores.append(fact | {"rank": pd.NA, "out_of": pd.NA, "source": self.source} | self.place(row))
        return score

    def add_rate(
        self,
        row: int,
        unit: str,
        component: str,
        metric: str,
        numerator: Fraction | None,
        denominator: Fraction | None,
        rate: Fraction | None,
    ) -> None:
        """Adds the rate behind a score, where anything of it is published."""
        values = [None if one is None else float(one) for one in (numerator, denominator, rate)]
        if values == [None, None, None]:
            return
        known = {"index": INDEX, "unit": unit, "period": self.period.code, "as_of": self.as_of}
        known |= {"component": component, "metric": metric}
        self.rates.append(
            known | dict(zip(("numerator", "denominator", "rate"), values, strict=True)) | self.place(row)
        )

    def compare(
        self, row: int, unit: str, component: str, score: Decimal | int | None, expected: Fraction | None
    ) -> None:
        """Warns where a published score is not what its parts make."""
        if score is None or expected is None or abs(Fraction(score) - expected) <= TOLERANCE:
            return
        published, computed = (vn.format_number(one, 3, trim=True) for one in (score, expected))
        text = f"Đơn vị {unit}: Cổng công bố «{component}» {published} điểm, tính lại từ tỷ lệ là {computed} điểm"
        self.note("warning", "tinh-lai-diem", f"{text}; dùng điểm công bố.", row, component, published)

    def tell_strange(self, code: object, row: int) -> None:
        """Warns once of a component that the index does not have."""
        shown = vn.clean(str(code))[:40]
        if shown not in self.strange:
            self.strange.add(shown)
            text = "Cổng có thành phần không có trong index_components.csv, không được đọc."
            self.note("warning", "cot-la", text, row, shown, shown)

    def tell_unpublished(self) -> None:
        """One warning for all that is missing, and one for each of the portal's own notes."""
        if self.unpublished:
            row, component = self.unpublished[0]
            text = f"Cổng chưa công bố {len(self.unpublished)} điểm (null), trước hết là «{component}»"
            text += "; để trống, không coi là 0."
            self.note("warning", "chua-cong-bo", text, row, component)
        for (component, said), count in self.noted.items():
            text = f"Cổng ghi chú ở «{component}» của {count} đơn vị: {said}"
            self.note("warning", "ghi-chu-cong", text, None, component)

    def note(
        self,
        severity: str,
        code: str,
        text: str,
        row: int | None = None,
        column: str = "",
        value: object = "",
    ) -> None:
        """Adds a problem of the answer."""
        where = {
            "file": self.answer.name,
            "sheet": self.answer.endpoint,
            "row": row,
            "column": vn.clean(column)[:40],
        }
        self.found.append(problem(severity, code, text, value=str(value)[:200], **where))

    def place(self, row: int) -> dict:
        """Where a fact of the row stands."""
        return {"file": self.answer.name, "sheet": self.answer.endpoint, "row": row}
