"""Counts and scores held against each other: each rule finds its own fault, and a province without fault has none."""

from __future__ import annotations

import csv
from datetime import date

import pandas as pd
import pytest

from baocao.definitions.measures import load_measures
from baocao.store.checks import check_counts, check_scores, drop_sums_of_some

WINDOW = ("2025-07-01", "2025-07-24")
NEXT = ("2025-07-25", "2025-07-31")
WHOLE = {
    "filed_online": 502,
    "filed_direct": 486,
    "carried_over": 294,
    "resolved_early": 500,
    "resolved_on_time": 169,
    "resolved_late": 10,
    "pending_in_time": 577,
    "pending_overdue": 26,
}


@pytest.fixture
def problems_of(register, root):
    """The problems of counts given as {measure: value} by unit, with a window and source for each."""
    return lambda *given: check_counts(table(*given), register, load_measures(root))


@pytest.fixture
def kept(register, root):
    """The units whose counts, given so, are kept."""
    return lambda *given: set(drop_sums_of_some(table(*given), register, load_measures(root))["unit"])


def table(*given: tuple) -> pd.DataFrame:
    rows = []
    for unit, counts, window, source in given:
        days = [date.fromisoformat(day) for day in window]
        rows += [(unit, *days, measure, value, source, "f.csv") for measure, value in counts.items()]
    columns = ["unit", "period_start", "period_end", "measure", "value", "source", "file"]
    return pd.DataFrame(rows, columns=columns).assign(sheet="", row=range(2, len(rows) + 2))


def only(problems: pd.DataFrame) -> dict:
    assert len(problems) == 1, problems.to_string()
    return problems.iloc[0].to_dict()


def test_a_unit_that_balances_has_no_problem(problems_of):
    totals = {"received": 988, "handled_total": 1282, "resolved": 679, "pending": 603}
    assert problems_of(("18229", WHOLE | totals, WINDOW, "received")).empty


def test_a_total_that_is_not_the_sum_of_its_parts_is_an_error_at_its_row(problems_of):
    found = only(problems_of(("18229", WHOLE | {"received": 990}, WINDOW, "received")))
    assert (found["severity"], found["file"], found["row"], found["column"]) == (
        "error",
        "f.csv",
        10,
        "Hồ sơ tiếp nhận trong kỳ",
    )
    assert found["value"] == "990"
    assert found["message"].startswith("xã Đức Thọ (18229), từ ngày 01/07/2025 đến ngày 24/07/2025: ")
    assert "ghi 990, các thành phần cộng lại là 988: (4) 502 + (5) 486." in found["message"]


def test_parts_above_a_total_are_an_error_although_one_is_missing(problems_of):
    found = only(problems_of(("18229", {"received": 500, "filed_online": 502}, WINDOW, "received")))
    assert "còn thiếu thành phần" in found["message"]
    assert problems_of(("18229", {"received": 503, "filed_online": 502}, WINDOW, "received")).empty


def test_a_form_that_does_not_balance_is_an_error(problems_of):
    found = only(problems_of(("18229", WHOLE | {"pending_in_time": 576}, WINDOW, "received")))
    assert (found["severity"], found["column"]) == ("error", "(3)")
    assert "cột (3) là 1.282, cột (7) + (11) là 1.281: (7) 679 + (11) 602." in found["message"]


def test_the_balance_is_checked_from_totals_alone(problems_of):
    assert problems_of(("42", {"handled_total": 10, "resolved": 7, "pending": 3}, WINDOW, "published")).empty
    assert only(problems_of(("42", {"handled_total": 10, "resolved": 7, "pending": 4}, WINDOW, "published")))


def test_without_all_of_its_columns_the_balance_is_not_judged(problems_of):
    assert problems_of(("42", {"handled_total": 10, "resolved": 7}, WINDOW, "published")).empty


def test_a_share_above_its_whole_is_an_error(problems_of):
    found = only(problems_of(("18229", {"fee_bearing": 5, "paid_online": 6}, WINDOW, "received")))
    assert (found["severity"], found["column"], found["row"]) == ("error", "Hồ sơ thanh toán trực tuyến", 3)
    assert "là 6, lớn hơn" in found["message"]
    assert problems_of(("18229", {"fee_bearing": 5, "paid_online": 5}, WINDOW, "received")).empty


def test_a_share_is_held_against_a_derived_total_too(problems_of):
    counts = {"level_3_filed": 3, "level_4_filed": 4, "level_base": 6}
    found = only(problems_of(("440", counts, ("2019-01-01", "2019-03-31"), "received")))
    assert found["column"] == "Hồ sơ nộp trực tuyến mức độ 3, mức độ 4"


def test_what_was_pending_is_carried_over(problems_of):
    before = ("18229", {"pending_in_time": 577, "pending_overdue": 26}, WINDOW, "received")
    assert problems_of(before, ("18229", {"carried_over": 603}, NEXT, "received")).empty
    found = only(problems_of(before, ("18229", {"carried_over": 600}, NEXT, "received")))
    assert (found["severity"], found["column"]) == ("warning", "(6)")
    assert "Chuyển sang 600 hồ sơ, nhưng từ ngày 01/07/2025 đến ngày 24/07/2025 còn 603" in found["message"]


def test_a_unit_changed_by_a_reform_carries_over_what_it_inherited(problems_of):
    before = ("18229", {"pending": 603}, ("2025-06-01", "2025-06-30"), "received")
    assert problems_of(before, ("18229", {"carried_over": 1}, WINDOW, "received")).empty


def test_sources_that_disagree_are_named_with_both_figures(problems_of):
    found = only(
        problems_of(
            ("18229", {"received": 988}, WINDOW, "published"),
            ("18229", {"filed_online": 502, "filed_direct": 480}, WINDOW, "received"),
        )
    )
    assert found["severity"] == "warning"
    assert (
        "số liệu đã công bố ghi 988, số liệu nhận được ghi 982; dùng số liệu nhận được." in found["message"]
    )


def test_made_up_figures_do_not_contradict_received_ones(problems_of):
    assert problems_of(
        ("18229", {"received": 691}, WINDOW, "received"), ("18229", {"received": 690}, WINDOW, "sample")
    ).empty
    assert problems_of(
        ("42", {"received": 5}, WINDOW, "received"), ("18229", {"received": 9}, WINDOW, "sample")
    ).empty


def test_sources_that_agree_are_no_problem(problems_of):
    assert problems_of(
        ("18229", {"received": 988}, WINDOW, "published"), ("18229", {"received": 988}, WINDOW, "received")
    ).empty


def test_a_level_is_held_against_the_sum_of_its_units(problems_of, register):
    communes = [unit.code for unit in register.on(date(2025, 7, 1)) if unit.kind == "commune"]
    assert len(communes) == 69
    each = [(code, {"filed_online": 10}, WINDOW, "received") for code in communes]
    assert problems_of(("42X", {"filed_online": 690}, WINDOW, "published"), *each).empty
    found = only(problems_of(("42X", {"filed_online": 691}, WINDOW, "published"), *each))
    assert (found["severity"], found["row"], found["value"]) == ("warning", 2, "691")
    assert "69/69 đơn vị bên dưới cộng lại là 690" in found["message"]


def test_with_units_missing_only_too_large_a_sum_is_named(problems_of):
    some = [(code, {"filed_online": 10}, WINDOW, "received") for code in ("18229", "18073")]
    assert problems_of(("42X", {"filed_online": 690}, WINDOW, "published"), *some).empty
    found = only(problems_of(("42X", {"filed_online": 19}, WINDOW, "published"), *some))
    assert "2/69 đơn vị bên dưới cộng lại là 20" in found["message"]


def test_land_offices_count_in_the_provincial_level(problems_of, register):
    day = date(2025, 7, 1)
    units = [unit.code for unit in register.on(day) if unit.kind in ("department", "land_office")]
    each = [(code, {"filed_online": 1}, WINDOW, "received") for code in units]
    assert problems_of(("42T", {"filed_online": len(units)}, WINDOW, "published"), *each).empty
    assert len(problems_of(("42T", {"filed_online": 1}, WINDOW, "published"), *each)) == 1


def test_the_province_is_held_against_its_levels(problems_of):
    levels = [("42T", {"pending": 3}, WINDOW, "published"), ("42X", {"pending": 4}, WINDOW, "published")]
    assert problems_of(("42", {"pending": 7}, WINDOW, "published"), *levels).empty
    found = only(problems_of(("42", {"pending": 8}, WINDOW, "published"), *levels))
    assert "cấp tỉnh (42T) 3; cấp xã (42X) 4" in found["message"]


def test_what_a_file_of_the_whole_province_lacks_is_named_once(problems_of, register):
    """As a form with "Cấp xã" and "Tổng cộng" of two communes out of 69."""
    some = [(code, {"filed_online": 10}, WINDOW, "received") for code in ("18229", "18073")]
    level = ("42X", {"filed_online": 20}, WINDOW, "received")
    found = only(problems_of(*some, level, ("42", {"filed_online": 20}, WINDOW, "received")))
    assert (found["severity"], found["code"], found["unit"]) == ("warning", "thieu-don-vi", "42X")
    assert found["message"].startswith(
        "cấp xã (42X), từ ngày 01/07/2025 đến ngày 24/07/2025: Chỉ có số liệu của 2/69"
    )
    assert "phường Bắc Hồng Lĩnh (18115)" in found["message"] and "và 47 đơn vị khác" in found["message"]
    communes = [unit.code for unit in register.on(date(2025, 7, 1)) if unit.kind == "commune"]
    for count, lacking in ((69, []), (68, [register.get(communes[-1], date(2025, 7, 1)).label]), (0, [])):
        each = [(code, {"filed_online": 10}, WINDOW, "received") for code in communes[:count]]
        told = problems_of(*each, ("42X", {"filed_online": 690}, WINDOW, "received"))["message"].tolist()
        assert len(told) == len(lacking) and all(f"chưa có: {lacking[0]}." in one for one in told)


def test_a_total_of_two_communes_is_not_the_level_s(kept, problems_of):
    two = [(code, {"filed_online": 10, "pending": 4}, WINDOW, "received") for code in ("18229", "18073")]
    level = ("42X", {"filed_online": 20, "pending": 8}, WINDOW, "received")
    province = ("42", {"filed_online": 20, "pending": 8}, WINDOW, "received")
    assert kept(*two, level, province) == {"18229", "18073"}
    assert "không dùng làm số của cả nhóm" in only(problems_of(*two, level, province))["message"]
    # More than their sum: the others are in it. Published: by others, who know more. Without units: as it stands.
    whole = ("42X", {"filed_online": 690, "pending": 8}, WINDOW, "received")
    assert "42X" in kept(*two, whole)
    assert "có thể chưa gồm" in only(problems_of(*two, whole))["message"]
    assert "42X" in kept(*two, (*level[:3], "published"))
    assert kept(level, province) == {"42X"}  # the province would be its communes alone
    august = ("2025-08-01", "2025-08-31")
    assert kept(*two, level, ("42X", {"filed_online": 20}, august, "received")) == {"18229", "18073", "42X"}


def test_a_slip_in_a_total_of_two_communes_does_not_make_it_the_level_s(kept, problems_of):
    counts = {"filed_online": 10, "filed_direct": 5, "pending": 4, "resolved_late": 0}
    two = [(code, counts, WINDOW, "received") for code in ("18229", "18073")]
    slip = (
        "42X",
        {"filed_online": 20, "filed_direct": 10, "pending": 9, "resolved_late": 0},
        WINDOW,
        "received",
    )
    assert kept(*two, slip) == {"18229", "18073"}
    assert any(
        "bằng tổng của các đơn vị đã có ở phần lớn các cột" in one and "2/69" in one
        for one in problems_of(*two, slip)["message"]
    )
    other = (
        "42X",
        {"filed_online": 690, "filed_direct": 350, "pending": 8, "resolved_late": 0},
        WINDOW,
        "received",
    )
    assert "42X" in kept(*two, other)  # a column of zeros and one that happens to be equal


def test_a_total_of_all_units_of_the_kinds_that_are_listed_stays(kept, register):
    """Land-registration branches, which a form leaves to their department, do not make it a sum of some."""
    alive = register.on(date(2025, 7, 1))
    departments, communes = (
        [(one.code, {"filed_online": 1}, WINDOW, "received") for one in alive if one.kind == kind]
        for kind in ("department", "commune")
    )
    level = ("42T", {"filed_online": len(departments)}, WINDOW, "received")
    assert "42T" in kept(*departments, level)
    assert "42T" not in kept(
        *departments[1:], ("42T", {"filed_online": len(departments) - 1}, WINDOW, "received")
    )
    # A province of departments alone is none, unless the other level stands beside it.
    alone = ("42", {"filed_online": len(departments)}, WINDOW, "received")
    assert "42" not in kept(*departments, level, alone)
    other = ("42X", {"filed_online": 69}, WINDOW, "received")
    both = ("42", {"filed_online": len(departments) + 69}, WINDOW, "received")
    assert {"42", "42X"} <= kept(*departments, level, other, both)
    assert {"42", "42X"} <= kept(*departments, level, *communes, other, both)


def test_the_order_of_rows_does_not_matter(problems_of):
    given = [
        ("18229", WHOLE | {"received": 990}, WINDOW, "received"),
        ("18073", {"fee_bearing": 5, "paid_online": 6}, WINDOW, "received"),
    ]
    messages = [set(problems_of(*order)["message"]) for order in (given, given[::-1])]
    assert messages[0] == messages[1]
    assert len(messages[0]) == 2


@pytest.fixture
def score_problems(root):
    """The problems of scores of the province in July 2025, given as (component, score, maximum)."""
    with (root / "data" / "reference" / "index_components.csv").open(encoding="utf-8", newline="") as stream:
        components = list(csv.DictReader(stream))

    def check(*given: tuple, index: str = "service_index") -> pd.DataFrame:
        scores = pd.DataFrame(given, columns=["component", "score", "maximum"])
        about = {"index": index, "unit": "42", "period": "2025-07", "as_of": None, "source": "published"}
        return check_scores(
            scores.assign(**about, file="f.csv", sheet="", row=range(2, len(scores) + 2)), components
        )

    return check


JULY = [
    ("total", 78.18, 100),
    ("transparency", 14.92, 18),
    ("timeliness", 18.05, 20),
    ("online_service", 10.21, 22),
    ("satisfaction", 15.86, 18),
    ("digitisation", 19.14, 22),
]


def test_scores_that_add_up_are_no_problem(score_problems):
    assert score_problems(*JULY).empty
    assert score_problems(*JULY[:3]).empty


def test_a_total_away_from_its_groups_is_a_warning(score_problems):
    found = only(score_problems(("total", 78.28, 100), *JULY[1:]))
    assert (found["severity"], found["row"], found["column"], found["value"]) == (
        "warning",
        2,
        "score",
        "78,28",
    )
    assert "các thành phần cộng lại là 78,18" in found["message"]
    assert score_problems(("total", 78.19, 100), *JULY[1:]).empty


def test_portal_groups_add_up_to_the_shown_one(score_problems):
    parts = [("provide_online", 6.0, 12), ("online_payment", 4.21, 10)]
    assert score_problems(*[row for row in JULY if row[0] != "online_service"], *parts).empty
    assert only(score_problems(*JULY, parts[0], ("online_payment", 4.5, 10)))["value"] == "10,21"


def test_a_component_or_maximum_of_another_index_is_an_error(score_problems):
    assert only(score_problems(("charm", 1.0, 2)))["column"] == "component"
    found = only(score_problems(("timeliness", 18.05, 18)))
    assert (found["severity"], found["column"], found["value"]) == ("error", "maximum", "18")


def test_an_index_without_definition_is_not_judged(score_problems):
    assert score_problems(("charm", 1.0, 2), index="beauty").empty
