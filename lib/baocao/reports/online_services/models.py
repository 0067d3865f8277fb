"""The two models of communes that the footnote of công văn 2023 holds up to the others."""

from __future__ import annotations

from datetime import date, timedelta

from baocao.definitions.periods import Period
from baocao.definitions.units import Register, Unit
from baocao.writing.claims import Claims

MODELS = (
    ("“Thứ Năm - Ngày không viết, không hẹn”", ("18133", "439")),
    ("“6 TTHC không chờ, không giấy hẹn”", ("18124", "437")),
)
"""Each model's name, and the codes of the commune and of its district."""

_KNOWN_SINCE = date(2023, 1, 1)
_NAMED_ON = date(2023, 6, 30)


def model_units(register: Register, period: Period) -> list[Unit]:
    """The units that the footnote names, as they were in 2023; none in a letter on the time before that."""
    if period.end < _KNOWN_SINCE:
        return []
    return [register.get(code, _NAMED_ON) for _, codes in MODELS for code in codes]


def cite_models(claims: Claims, register: Register, period: Period) -> str:
    """The footnote's text; units that ended since are said to bear their names of then."""
    told = []
    for name, codes in MODELS:
        units = [register.get(code, _NAMED_ON) for code in codes]
        where = ", ".join(claims.unit(unit) for unit in units)
        ended = max((unit.valid_to for unit in units if not unit.valid_on(period.end)), default=None)
        if ended:
            where += f" (tên gọi trước ngày {claims.date(ended + timedelta(days=1))})"
        told.append(f"mô hình {claims.quote(name)} - {where}")
    return f"Một số {'; '.join(told)};..."
