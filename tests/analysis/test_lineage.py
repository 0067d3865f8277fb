"""What stands for a unit in an earlier period: whole edges add up, a part is never attributed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.analysis import rates
from baocao.analysis.lineage import ITSELF, bridge_units, build_bridge
from baocao.analysis.reasons import plain
from baocao.definitions.periods import Period
from baocao.definitions.unit import Edge, Unit
from baocao.definitions.units import Register

JULY, YEAR_BEFORE = Period.parse("2025-07"), Period.parse("2024-07")
DISTRICT_TASKS = " (từ đó xã, phường nhận thêm nhiệm vụ của huyện)"
DUC_THO = ("18229", "18280", "18283", "18259")  # thị trấn Đức Thọ, Hòa Lạc, Tân Dân, Tùng Ảnh


@pytest.fixture(scope="module")
def bridge(register):
    """(comparable, reason, codes summed) of a unit, as it is on the last day of the period."""

    def build(code: str, period: str, base: str) -> tuple[str, str, tuple[str, ...]]:
        window = Period.parse(period)
        found = build_bridge(register, register.get(code, window.end), window, Period.parse(base))
        return found.comparable, plain(found.reason), tuple(unit.code for unit in found.units)

    return build


# --- units that handle dossiers ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("period", "base"),
    [
        ("2025-07", "2024-07"),
        ("2025-07", "2025-06"),
        ("2025-07-01..2025-07-24", "2024-07-01..2024-07-24"),
        ("2025-Q3", "2024-Q3"),
        ("2025-H2", "2025-H1"),
        ("2026", "2024"),
    ],
)
def test_a_new_commune_is_held_against_the_sum_of_the_old_ones(bridge, period, base):
    words = "so với tổng của thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025"
    comparable, reason, codes = bridge("18229", period, base)
    assert (comparable, reason) == ("bridged", words + DISTRICT_TASKS)
    assert sorted(codes) == sorted(DUC_THO)


def test_a_bridge_leads_through_several_reforms(bridge):
    comparable, reason, codes = bridge("18229", "2025-07", "2019-07")
    assert comparable == "bridged"
    assert set(codes) == {"18280", "18301", "18295", "18283", "18229", "18268", "18259"}
    assert reason.endswith("xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025" + DISTRICT_TASKS)


def test_a_base_in_which_the_unit_was_formed_adds_its_own_figures(bridge):
    comparable, reason, codes = bridge("18229", "2026", "2025")
    assert comparable == "bridged"
    assert "xã Tùng Ảnh trước khi sắp xếp ngày 01/07/2025 và của xã Đức Thọ từ khi sắp xếp" in reason
    assert sorted(codes) == sorted([*DUC_THO, "18229"])


def test_a_unit_that_took_in_another_and_kept_its_row_is_bridged(bridge):
    comparable, reason, codes = bridge("18484", "2025-06", "2024-06")
    assert comparable == "bridged"
    assert set(codes) == {"18484", "18472"}
    assert reason == "so với tổng của thị trấn Đồng Lộc, xã Trung Lộc trước khi sắp xếp ngày 01/01/2025"


def test_units_that_got_a_part_of_a_divided_one_are_refused_with_its_name(register):
    refused = {}
    for unit in register.on(JULY.end):
        if unit.kind == "commune":
            found = build_bridge(register, unit, JULY, YEAR_BEFORE)
            assert found.comparable in ("bridged", "no")
            if found.comparable == "no":
                refused[unit.name] = plain(found.reason)
    sentence = "từ ngày 01/07/2025 đơn vị chỉ nhận một phần của {}, số liệu cũ không tách được"
    assert refused == {
        "Thành Sen": sentence.format("phường Đại Nài"),
        "Hà Huy Tập": sentence.format("phường Đại Nài"),
        "Sông Trí": sentence.format("xã Kỳ Lợi"),
        "Vũng Áng": sentence.format("xã Kỳ Lợi"),
        "Hoành Sơn": sentence.format("xã Kỳ Lợi"),
    }


def test_departments_across_the_first_of_march_2025(register):
    found = {
        unit.code: build_bridge(register, unit, JULY, YEAR_BEFORE)
        for unit in register.on(JULY.end) if unit.kind == "department"
    }  # fmt: skip
    by = {
        kind: {code for code, one in found.items() if one.comparable == kind}
        for kind in ("yes", "bridged", "no")
    }
    assert by["yes"] == {"HT-KKT", "HT-SCT", "HT-SNGV", "HT-STP", "HT-TTT"}
    assert by["bridged"] == {"HT-STC", "HT-SXD"}
    assert plain(found["HT-STC"].reason) == (
        "so với tổng của Sở Kế hoạch và Đầu tư, Sở Tài chính trước khi sắp xếp ngày 01/03/2025"
    )
    assert plain(found["HT-SYT"].reason) == (
        "từ ngày 01/03/2025 đơn vị chỉ nhận một phần của Sở Lao động - Thương binh và Xã hội, số liệu cũ không "
        "tách được"
    )
    assert plain(found["HT-VPUB"].reason) == (
        "từ ngày 01/03/2025 một phần nhiệm vụ, địa bàn của đơn vị được chuyển đi nơi khác"
    )


@pytest.mark.parametrize(
    ("code", "period", "base", "reason"),
    [
        ("18229", "2025", "2024", "đơn vị chỉ hoạt động trong một phần của kỳ này"),
        ("HT-STC", "2025-Q1", "2024-Q1", "đơn vị chỉ hoạt động trong một phần của kỳ này"),
        ("HT-SYT", "2025-Q1", "2024-Q1", "đơn vị được sắp xếp lại ngay trong kỳ này"),
        ("HT-SYT", "2025-02", "2025-03", "đơn vị được sắp xếp lại giữa hai kỳ"),
        ("18229", "2025-06", "2025-07", "đơn vị được sắp xếp lại giữa hai kỳ"),
    ],
)
def test_units_formed_or_changed_inside_or_after_the_period(bridge, code, period, base, reason):
    assert bridge(code, period, base) == ("no", reason, ())


def test_a_unit_that_ended_before_the_period(register):
    district = register.get("440", date(2025, 6, 30))
    assert plain(build_bridge(register, district, JULY, YEAR_BEFORE).reason) == (
        "đơn vị đã kết thúc hoạt động trước kỳ này"
    )


@pytest.mark.parametrize("code", ["HT-CN-DUCTHO", "HT-SCT", "42"])
def test_a_unit_that_never_changed_is_itself(bridge, code):
    for period, base in (("2025-07", "2024-07"), ("2025-07", "2019-07"), ("2025", "2024")):
        assert bridge(code, period, base) == ("yes", "", ())


def test_a_unit_without_a_predecessor_did_not_exist(register):
    fresh = Unit("HT-MOI", "Sở Mới", "department", "Sở Mới", "province", "42T", date(2025, 7, 1))
    own = Register((*register.units, fresh), register.edges)
    found = build_bridge(own, fresh, JULY, YEAR_BEFORE)
    assert (found.comparable, plain(found.reason)) == (
        "no",
        "đơn vị chưa có trong kỳ đó và không có đơn vị tiền thân",
    )


def test_a_whole_predecessor_that_also_gave_a_part_away_is_refused(register):
    """Lineage that says "whole" of a unit that went to two is not believed."""
    old = Unit("HT-CU", "Sở Cũ", "department", "Sở Cũ", "province", "42T", None, date(2025, 6, 30))
    heirs = [
        Unit(code, "Sở Mới", "department", "Sở Mới", "province", "42T", date(2025, 7, 1))
        for code in ("HT-M1", "HT-M2")
    ]
    edges = [Edge(date(2025, 7, 1), "HT-CU", one.code, "whole", "", "", "high") for one in heirs]
    own = Register((*register.units, old, *heirs), (*register.edges, *edges))
    assert build_bridge(own, heirs[0], JULY, YEAR_BEFORE).comparable == "no"


# --- groups ------------------------------------------------------------------------------------------------------
def test_levels_are_compared_inside_one_structure_only(bridge):
    assert bridge("42X", "2025-07", "2024-07") == ("no", "số cấp chính quyền của hai kỳ khác nhau", ())
    assert bridge("42T", "2025-07", "2025-06")[0] == "no"
    assert bridge("42X", "2025-06", "2024-06") == ("yes", "", ())
    assert bridge("42X", "2024", "2025")[1] == "số cấp chính quyền của hai kỳ khác nhau"


@pytest.mark.parametrize("code", ["42T", "42X"])
@pytest.mark.parametrize(
    ("period", "base", "comparable"),
    [
        ("2025-M7", "2024-M7", "no"),
        ("2025", "2024", "no"),
        ("2025-06-20..2025-07-10", "2024-06-20..2024-07-10", "no"),
        ("2025-M6", "2024-M6", "yes"),  # the departments of 01/03/2025 change no level
        ("2025-Q1", "2024-Q1", "yes"),
        ("2026", "2025-07-01..2025-12-31", "yes"),
    ],
)
def test_levels_are_not_compared_when_one_of_them_ended_inside_the_period(
    bridge, code, period, base, comparable
):
    reason = (
        "" if comparable == "yes" else "một cấp chính quyền kết thúc hoạt động và bàn giao nhiệm vụ trong kỳ"
    )
    assert bridge(code, period, base) == (comparable, reason, ())


@pytest.mark.parametrize(
    ("kind", "period", "reason"),
    [
        (
            "commune",
            "2025-07",
            "so với tổng của nhóm đơn vị trước khi sắp xếp ngày 01/07/2025" + DISTRICT_TASKS,
        ),
        ("commune", "2025-06", "so với tổng của nhóm đơn vị trước khi sắp xếp ngày 01/01/2025"),
        ("department", "2025-07", "so với tổng của nhóm đơn vị trước khi sắp xếp ngày 01/03/2025"),
        ("land_office", "2025-07", ""),
        ("commune", "2024-07", ""),
    ],
)
def test_all_units_of_a_kind_are_bridged_where_nothing_left_the_kind(register, kind, period, reason):
    window = Period.parse(period)
    found = build_bridge(register, rates.kind_unit(kind), window, window.same_period_last_year())
    assert (found.comparable, plain(found.reason)) == ("bridged" if reason else "yes", reason)


def test_a_kind_that_ended_or_was_not_closed_is_refused(register):
    reason = "nhóm đơn vị của hai kỳ không cùng phạm vi"
    districts = build_bridge(register, rates.kind_unit("district"), JULY, YEAR_BEFORE)
    assert (districts.comparable, plain(districts.reason)) == ("no", reason)
    away = Edge(date(2025, 7, 1), "HT-SCT", "18229", "part", "", "", "high")
    own = Register(register.units, (*register.edges, away))
    assert plain(build_bridge(own, rates.kind_unit("department"), JULY, YEAR_BEFORE).reason) == reason


def test_chosen_units_are_comparable_when_each_of_them_is(register):
    units = {code: register.get(code, JULY.end) for code in ("18229", "HT-SCT", "18073")}
    group = Unit("42-chosen", "các đơn vị", "level", "Các đơn vị")
    found = build_bridge(register, group, JULY, YEAR_BEFORE, [units["18229"], units["HT-SCT"]])
    assert found.comparable == "bridged"
    assert {one.code for one in found.units} == {*DUC_THO, "HT-SCT"}
    assert plain(found.reason) == (
        "so với tổng có cả các đơn vị trước khi sắp xếp là thị trấn Đức Thọ, xã Hòa Lạc, xã Tân Dân, xã Tùng Ảnh"
    )
    same = build_bridge(register, group, JULY, YEAR_BEFORE, [units["HT-SCT"]])
    assert (same.comparable, same.units) == ("yes", (units["HT-SCT"],))
    refused = build_bridge(register, group, JULY, YEAR_BEFORE, list(units.values()))
    assert plain(refused.reason).endswith("của phường Đại Nài, số liệu cũ không tách được (phường Thành Sen)")


# --- what a document must be allowed to name ---------------------------------------------------------------------
def test_every_unit_that_a_reason_names_is_given_for_the_scope(register):
    units = [register.get(code, JULY.end) for code in ("18229", "18073", "HT-SCT", "42")]
    named = bridge_units(register, units, JULY, YEAR_BEFORE, Period.parse("2025-06"))
    assert sorted(unit.code for unit in named) == sorted([*DUC_THO, "18082"])
    assert bridge_units(register, units, JULY) == ()


MONTHS = [Period.parse(f"{year}-{month:02d}") for year in range(2019, 2026) for month in range(1, 13)]


@given(st.sampled_from(MONTHS), st.sampled_from(MONTHS), st.randoms(use_true_random=False))
def test_old_units_all_existed_in_the_base_and_belong_to_one_heir_only(register, one, other, random):
    """Bridges never take a unit twice: the sums of different units never hold the same old unit."""
    base, period = sorted((one, other), key=lambda month: month.start)
    units = [unit for unit in register.on(period.end) if unit.kind in ("commune", "department")]
    taken: set[Unit] = set()
    for unit in random.sample(units, 12):
        found = build_bridge(register, unit, period, base)
        assert (found == ITSELF) == (found.comparable == "yes")
        old = set(found.units) or ({unit} if found == ITSELF else set())
        assert all(one.valid_on(base.start) for one in old)
        assert not old & taken
        taken |= old
