"""Scores from the portal's JSON answers: the total, groups and indicators of each unit, as published.

What the portal left out (`null`) stays missing. Its scores count; each is computed again from its rate and compared,
and a difference above 0,015 points is a warning. Units of another province are never matched with those of this one:
many communes of the country bear one name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pandas as pd

from baocao.definitions import vietnamese as vn
from baocao.definitions.measures import Measure
from baocao.definitions.periods import Period
from baocao.definitions.units import Register
from baocao.readers.portal.answer import Answer, open_answer
from baocao.readers.portal.portal_capture import RATE_COLUMNS, Capture, score_frame
from baocao.readers.portal.portal_units import add_ranks, check_means, find_units
from baocao.readers.portal.scoring import (
    GROUPS,
    INDEX,
    METRICS,
    ONLY_UNFILTERED,
    PARTS,
    expected_group,
    expected_score,
    is_number,
    take_part,
)
from baocao.readers.problems import join_problems, problem, problems_frame
from baocao.readers.reading_result import Reading
from baocao.readers.repeats import SCORE_KEY, drop_repeats


def read_portal(
    path: Path,
    register: Register,
    measures: dict[str, Measure],
    source: str,
    *,
    components: Iterable[Mapping[str, str]],
    name: str = "",
    period: Period | None = None,
    as_of: date | None = None,
) -> Reading:
    """The facts of one answer: scores with their maxima, ranks of provinces, and the rates behind them in `rows`.

    components     rows of `index_components.csv`
    period, as_of  the view asked for and the day it was saved, where the file does not hold the question itself;
                   a file that says otherwise is an error
    returns        form "portal"; problems have the page as sheet, and as row the unit's place (the whole is row 1);
                   `rows` has the columns of `RATE_COLUMNS`. No counts, for none of the portal's is one of the
                   `measures`: its counts are the numerators and denominators in `rows`
    """
    answer, found = open_answer(path, name)
    if answer is None or found:
        return Reading("portal", problems=problems_frame(found))
    fault = _settle(answer, period, as_of)
    period, as_of = answer.period or period, answer.as_of or as_of
    if fault or period is None:
        code, text = fault or (
            "thieu-ky",
            "Câu trả lời của Cổng không ghi kỳ; hãy nạp lại kèm --period, ví dụ 2026-08.",
        )
        found.append(problem("error", code, text, file=answer.name, sheet=answer.endpoint))
        return Reading("portal", problems=problems_frame(found))
    rules = rules_on(components, as_of or period.end)
    capture = Capture(answer, found, source, period, as_of, rules)
    if as_of is None:
        text = "Không rõ ngày lưu câu trả lời, điểm của Cổng đổi hằng ngày; hãy nạp lại kèm --as-of."
        capture.note("warning", "thieu-ky", text)
    units = find_units(answer, register, capture.day, found)
    for row, fields in answer.rows():
        if row in units:
            _read_unit(capture, row, units[row], fields)
    check_means(answer, capture.scores, found)
    add_ranks(answer, capture.scores, register, capture.day, found)
    capture.tell_unpublished()
    scores, repeated = drop_repeats(score_frame(capture.scores), SCORE_KEY, ["score", "rank"])
    return Reading(
        "portal",
        scores=scores.reset_index(drop=True),
        problems=join_problems([problems_frame(found), repeated]),
        rows=pd.DataFrame(capture.rates, columns=RATE_COLUMNS),
    )


def rules_on(components: Iterable[Mapping[str, str]], day: date) -> dict[str, Mapping[str, str]]:
    """The components of the service index as defined on the day, by name."""
    rules = {}
    for rule in components:
        first, last = (
            vn.parse_date(rule[name]) if rule[name] else None for name in ("valid_from", "valid_to")
        )
        if rule["index"] == INDEX and (first or day) <= day <= (last or day):
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
            capture.note("error", "o-sai", "Điểm các nhóm không đúng kiểu.", row, "groupScores", groups)
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
