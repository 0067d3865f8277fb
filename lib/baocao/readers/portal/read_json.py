"""Scores from the portal's JSON answers: the total, groups and indicators of each unit, as published.

What the portal left out (`null`) stays missing. Its scores count; each is computed again from its rate and compared,
and a difference above 0,015 points is a warning. Units of another province are never matched with those of this one:
many communes of the country bear one name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.definitions import HOME, Measure, Period, Register, UserError, reference_rows
from baocao.definitions import vietnamese as vn
from baocao.readers.portal.answer import NATIONAL, Answer, open_answer
from baocao.readers.portal.scoring import (
    GROUPS,
    INDEX,
    METRICS,
    ONLY_UNFILTERED,
    PARTS,
    TOLERANCE,
    expected_group,
    expected_score,
    is_number,
    take_part,
)
from baocao.readers.problems import Faults, join_problems, problems_frame
from baocao.readers.reading_result import SCORE_COLUMNS, Reading
from baocao.readers.repeats import SCORE_KEY, drop_repeats


def read_portal(
    path: Path,
    register: Register,
    measures: dict[str, Measure],
    source: str,
    *,
    root: Path,
    name: str = "",
    period: Period | None = None,
    as_of: date | None = None,
) -> Reading:
    """The facts of one answer: scores with their maxima, ranks of provinces, and the rates behind them in `rows`.

    period, as_of  the view asked for and the day it was saved, where the file does not hold the question itself;
                   a file that says otherwise is an error
    returns        form "portal"; problems have the page as sheet, and as row the unit's place (the whole is row 1);
                   `rows` has the columns of `RATE_COLUMNS`. No counts, for none of the portal's is one of the
                   `measures`: its counts are the numerators and denominators in `rows`
    """
    answer, found = open_answer(path, name)
    if answer is None or found:
        return Reading("portal", problems=problems_frame(found))
    faults = Faults(answer.name, answer.endpoint, found)
    fault = _settle(answer, period, as_of)
    period, as_of = answer.period or period, answer.as_of or as_of
    if fault or period is None:
        code, text = fault or (
            "thieu-ky",
            "Câu trả lời của Cổng không ghi kỳ; hãy nạp lại kèm --period, ví dụ 2026-08.",
        )
        faults.error(code, text)
        return Reading("portal", problems=problems_frame(found))
    rules = rules_on(index_rules(root), as_of or period.end)
    capture = Capture(answer, faults, source, period, as_of, rules)
    if as_of is None:
        text = "Không rõ ngày lưu câu trả lời, điểm của Cổng đổi hằng ngày; hãy nạp lại kèm --as-of."
        faults.warn("thieu-ky", text)
    names = {row["code"]: row["name"] for row in reference_rows(root, "portal_codes.csv")}
    units = find_units(answer, register, capture.day, faults, names)
    for row, fields in answer.rows():
        if row in units:
            _read_unit(capture, row, units[row], fields)
    check_means(answer, capture.scores, faults)
    add_ranks(answer, capture.scores, register, capture.day, faults)
    capture.tell_unpublished()
    scores, repeated = drop_repeats(score_frame(capture.scores), SCORE_KEY, ["score", "rank"])
    return Reading(
        "portal",
        scores=scores.reset_index(drop=True),
        problems=join_problems([problems_frame(found), repeated]),
        rows=pd.DataFrame(capture.rates, columns=RATE_COLUMNS),
    )


def index_rules(root: Path) -> list[Mapping[str, str]]:
    """The components of the service index, rows of `index_components.csv`."""
    return [rule for rule in reference_rows(root, "index_components.csv") if rule["index"] == INDEX]


def rules_on(components: Iterable[Mapping[str, str]], day: date) -> dict[str, Mapping[str, str]]:
    """The components of the service index as defined on the day, by name."""
    rules = {}
    for rule in components:
        first, last = (
            vn.parse_date(rule[name]) if rule[name] else None for name in ("valid_from", "valid_to")
        )
        if (first or day) <= day <= (last or day):
            rules[rule["component"]] = rule
    return rules


def _settle(answer: Answer, period: Period | None, as_of: date | None) -> tuple[str, str] | None:
    """Why the answer cannot be taken as one of a whole unit in this period: code and sentence; None where it can."""
    for word, said, given in (("kỳ", answer.period, period), ("ngày chụp", answer.as_of, as_of)):
        if said and given and said != given:
            text = (
                f"Tệp ghi {word} {_shown(said)}, lệnh ghi {_shown(given)}; hãy bỏ tham số hoặc chọn đúng tệp."
            )
            return "thieu-ky", text
    one_procedure = answer.filtered
    if answer.endpoint == "dossier-digitized":
        one_procedure |= not any(
            metric.get("code") == ONLY_UNFILTERED for _, row in answer.rows() for metric in _metrics(row)
        )
    if one_procedure:
        text = (
            "Câu trả lời chỉ của một TTHC, không phải của cả đơn vị; hãy bỏ lọc TTHC trên Cổng rồi lưu lại."
        )
        return "ngoai-pham-vi", text
    period, as_of = answer.period or period, answer.as_of or as_of
    if period and as_of and as_of < period.start:
        text = f"Số liệu tính đến ngày {_shown(as_of)}, trước ngày đầu kỳ {_shown(period.start)}."
        return "ngay", text
    return None


def _read_unit(capture: Capture, row: int, unit: str, fields: dict) -> None:
    endpoint = capture.answer.endpoint
    column = "totalScore" if "totalScore" in fields or "score" not in fields else "score"
    most = fields.get("totalMaxScore", fields.get("maxScore"))
    total = capture.add_score(row, unit, GROUPS.get(endpoint, "total"), fields.get(column), most, column)
    if endpoint == "service-results":
        _read_groups(capture, row, unit, fields.get("groupScores"))
    elif endpoint in PARTS:
        _read_parts(capture, row, unit, fields, total)
    else:
        _read_metrics(capture, row, unit, fields, total)


def _read_groups(capture: Capture, row: int, unit: str, groups: object) -> None:
    """The groups' scores of the page that gives nothing else of them."""
    if not isinstance(groups, dict):
        if groups is not None:
            capture.faults.error(
                "o-sai", "Điểm các nhóm không đúng kiểu.", row - 1, "groupScores", str(groups)[:200]
            )
        return
    names = {rule["portal_code"]: name for name, rule in capture.rules.items() if rule["portal_code"]}
    for code, value in groups.items():
        if code in names:
            capture.add_score(row, unit, names[code], value, None, code)
        else:
            capture.tell_strange(code, row)


def _read_parts(capture: Capture, row: int, unit: str, fields: dict, total: Decimal | int | None) -> None:
    """The rates of a page that gives counts: its indicators have no published scores, only their group has."""
    endpoint = capture.answer.endpoint
    for name, (parts, whole) in PARTS[endpoint].items():
        if (part := take_part(fields, parts, whole)) is not None:
            capture.add_rate(row, unit, name, "", *part, 100 * part[0] / part[1] if part[1] else None)
    capture.compare(row, unit, GROUPS[endpoint], total, expected_group(endpoint, fields, capture.rules))


def _read_metrics(capture: Capture, row: int, unit: str, fields: dict, total: Decimal | int | None) -> None:
    """The indicators of a page that lists them; a group some of whose points are `null` is added up here."""
    given: list[Decimal | int | None] = []
    for metric in _metrics(fields):
        code = metric.get("code")
        name = METRICS.get(code) if isinstance(code, str) else None
        if name not in capture.rules:
            capture.tell_strange(code, row)
            continue
        score = capture.add_score(row, unit, name, metric.get("score"), metric.get("maxScore"), code)
        given.append(score)
        parts = [_fraction(metric.get(key)) for key in ("numerator", "denominator", "ratio")]
        capture.add_rate(row, unit, name, code, *parts)
        capture.compare(row, unit, name, score, expected_score(capture.rules[name], *parts))
        said = _text(metric.get("dataQualityMessage")) or _text(metric.get("dataQualityStatus"))
        if said:
            capture.noted[name, said] = capture.noted.get((name, said), 0) + 1
    if None in given and any(score is not None for score in given):
        # `checks.check_scores` adds up only groups all of whose points are there.
        points = sum((Fraction(score) for score in given if score is not None), Fraction(0))
        capture.compare(row, unit, GROUPS[capture.answer.endpoint], total, points)


def _metrics(row: dict) -> Iterator[dict]:
    metrics = row.get("metrics")
    return (one for one in (metrics if isinstance(metrics, list) else ()) if isinstance(one, dict))


def _fraction(value: object) -> Fraction | None:
    return Fraction(value) if is_number(value) and value >= 0 else None


def _text(value: object) -> str:
    return vn.clean(value)[:120] if isinstance(value, str) else ""


def _shown(one: Period | date) -> str:
    return one.code if isinstance(one, Period) else vn.format_date(one, "short")


# --------------------------------------------------------------------------------------------------
# One answer of the portal on its way to facts: the scores, rates and problems read from it so far.


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
    faults: Faults
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
            self.faults.error(
                "diem",
                "Điểm tối đa không phải là một số lớn hơn 0.",
                row - 1,
                vn.clean(column)[:40],
                str(maximum)[:200],
            )
            return None
        if score is None:
            self.unpublished.append((row, component))
            return None
        most = Decimal(rule["maximum"]) if maximum is None else maximum
        if not is_number(score) or not 0 <= score <= most:
            text = f"Điểm «{component}» phải là một số từ 0 đến {vn.format_number(most, 3, trim=True)}."
            self.faults.error("diem", text, row - 1, vn.clean(column)[:40], str(score)[:200])
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
        self.faults.warn("tinh-lai-diem", f"{text}; dùng điểm công bố.", row - 1, component, published)

    def tell_strange(self, code: object, row: int) -> None:
        """Warns once of a component that the index does not have."""
        shown = vn.clean(str(code))[:40]
        if shown not in self.strange:
            self.strange.add(shown)
            text = "Cổng có thành phần không có trong index_components.csv, không được đọc."
            self.faults.warn("cot-la", text, row - 1, shown, shown)

    def tell_unpublished(self) -> None:
        """One warning for all that is missing, and one for each of the portal's own notes."""
        if self.unpublished:
            row, component = self.unpublished[0]
            text = f"Cổng chưa công bố {len(self.unpublished)} điểm (null), trước hết là «{component}»"
            text += "; để trống, không coi là 0."
            self.faults.warn("chua-cong-bo", text, row - 1, component)
        for (component, said), count in self.noted.items():
            text = f"Cổng ghi chú ở «{component}» của {count} đơn vị: {said}"
            self.faults.warn("ghi-chu-cong", text, None, component)

    def place(self, row: int) -> dict:
        """Where a fact of the row stands."""
        return {"file": self.answer.name, "sheet": self.answer.endpoint, "row": row}


# --------------------------------------------------------------------------------------------------
# Which units the portal's names mean, and what an answer that lists all provinces allows: ranks and the
# mean.
#
# The portal names a unit "UBND xã Đức Thọ" or "Sở Công Thương - Tỉnh Hà Tĩnh" and has codes of its own
# (H27.xx), which differ from ours.


_KINDS = {"COMMUNE": "commune"}


def find_units(
    answer: Answer, register: Register, day: date, faults: Faults, provinces: Mapping[str, str]
) -> dict[int, str]:
    """The code of the unit of each row that can be read; what cannot is told in `faults`.

    Under "Cả nước" all units are provinces. Under Hà Tĩnh they are its own. Under another province only the province
    itself is read, with a warning that says how many units were left.
    """
    codes: dict[int, str] = {}
    whole = _name(answer.whole)

    def province(row: int, fields: dict) -> None:
        other = provinces.get(str(fields.get("departmentCode")), "")
        _find(answer, row, fields, codes, faults, lambda name: find_province(name, register, day, other))

    if vn.fold(whole) == NATIONAL:
        for row, fields in list(answer.rows())[1:]:
            province(row, fields)
    else:
        province(1, answer.whole)
        if codes.get(1) == HOME:
            for row, fields in list(answer.rows())[1:]:
                level = fields.get("level", fields.get("departmentLevel"))
                kind = _KINDS.get(level) if isinstance(level, str) else None
                _find(
                    answer,
                    row,
                    fields,
                    codes,
                    faults,
                    lambda name, kind=kind: register.find(name, day, kind).code,
                )
        elif 1 in codes and answer.units:
            text = (
                f"{len(answer.units)} đơn vị của {vn.clean(whole)[:60]} không có trong danh sách đơn vị của tỉnh, "
                "chỉ đọc điểm của cả tỉnh đó."
            )
            faults.warn("ngoai-pham-vi", text)
    if answer.units_total is not None and answer.units_total > len(answer.units):
        text = (
            f"Cổng có {answer.units_total} đơn vị, câu trả lời chỉ có {len(answer.units)}; "
            "hãy mở hết các trang rồi lưu lại."
        )
        faults.warn("thieu-don-vi", text)
    return codes


def find_province(name: str, register: Register, day: date, other_name: str = "") -> str:
    """The code of the province that the portal means; UserError for none.

    The portal goes on writing "tỉnh" for a province that has become a city, or calls a province a city: the name
    without such words counts too, and last what its code stands for (`other_name`).
    """
    bare = re.sub(r"^(?:(?:ubnd|uy ban nhan dan) )?(?:tinh|thanh pho|tp)? ?", "", vn.fold(name))
    fault = UserError("")
    for text in filter(None, (name, bare, other_name)):
        try:
            return register.find(text, day, "province").code
        except UserError as error:
            fault = fault if str(fault) else error
    raise fault


def add_ranks(answer: Answer, scores: list[dict], register: Register, day: date, faults: Faults) -> None:
    """Gives the total of each province its place, where the answer has all provinces of the day.

    Competition ranks (1, 2, 2, 4) on the published score: the portal lists provinces by it. Groups have no published
    order and get no rank.
    """
    if vn.fold(_name(answer.whole)) != NATIONAL:
        return
    totals = {row["unit"]: row for row in scores if row["component"] == "total"}
    provinces = {unit.code for unit in register.on(day) if unit.kind == "province"}
    if provinces - totals.keys():
        text = (
            f"Câu trả lời có điểm của {len(totals)} trên {len(provinces)} tỉnh, thành phố nên không xếp hạng."
        )
        faults.warn("thieu-don-vi", text)
        return
    points = [row["score"] for row in totals.values()]
    for row in totals.values():
        row["rank"] = 1 + sum(other > row["score"] for other in points)
        row["out_of"] = len(points)


def check_means(answer: Answer, scores: list[dict], faults: Faults) -> None:
    """Warns where "Cả nước" is not the unweighted mean of the provinces' totals, as the portal computes it."""
    published = answer.whole.get("totalScore")
    totals = [Fraction(str(row["score"])) for row in scores if row["component"] == "total"]
    if vn.fold(_name(answer.whole)) != NATIONAL or len(totals) < len(answer.units) or not totals:
        return
    if not is_number(published):
        return
    mean = sum(totals, Fraction(0)) / len(totals)
    if abs(Fraction(Decimal(published)) - mean) > TOLERANCE:
        said, computed = vn.format_number(published, 2), vn.format_number(mean, 2)
        text = (
            f"Cổng ghi cả nước {said} điểm, trung bình các tỉnh, thành phố trong câu trả lời là {computed}."
        )
        faults.warn("tinh-lai-diem", text, 0, "totalScore", said)


def _find(answer: Answer, row: int, fields: dict, codes: dict[int, str], faults: Faults, find) -> None:
    name = _name(fields)
    try:
        code = find(name)
    except (UserError, ValueError) as error:
        faults.error("don-vi", str(error), row - 1, "departmentName", name)
        return
    if code in codes.values():
        first = next(at for at, held in codes.items() if held == code)
        text = f"Đơn vị này đã có ở vị trí {first} của câu trả lời; hãy lưu lại câu trả lời."
        faults.error("trung-lap", text, row - 1, "departmentName", name)
        return
    codes[row] = code


def _name(fields: dict) -> str:
    name = fields.get("departmentName")
    return vn.clean(name) if isinstance(name, str) else ""
