"""The service index as the reference data define it: its sums, order, bands and breaks."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from baocao.definitions.errors import UserError
from baocao.definitions.indices import STATUS_LABELS, load_index

TODAY = date(2026, 10, 6)


@pytest.fixture(scope="module")
def index(root):
    return load_index(root, "service_index", TODAY)


def test_six_groups_and_five_shown_ones_make_up_the_total(index):
    assert index.component("total").maximum == 100
    assert sum(one.maximum for one in index.groups) == 100 == sum(one.maximum for one in index.shown_groups)
    assert (len(index.groups), len(index.shown_groups)) == (6, 5)


def test_shown_groups_are_in_the_portals_order(index):
    assert [one.name for one in index.shown_groups] == [
        "transparency", "timeliness", "online_service", "satisfaction", "digitisation",
    ]  # fmt: skip


def test_a_shown_group_is_the_sum_of_its_parts(index):
    parts = index.parts("online_service")
    assert [one.name for one in parts] == ["provide_online", "online_payment"]
    assert sum(one.maximum for one in parts) == index.component("online_service").maximum
    assert index.parts("timeliness") == []


def test_the_indicators_of_a_group_add_up_to_its_maximum(index):
    for group in index.groups:
        assert sum(one.maximum or 0 for one in index.indicators([group])) == group.maximum, group.name


def test_every_part_says_how_its_maximum_is_known(index):
    assert {one.status for one in index.components} <= set(STATUS_LABELS)


@pytest.mark.parametrize(
    ("score", "label"),
    [("94.13", "Xuất sắc"), ("90", "Xuất sắc"), ("89.99", "Tốt"), ("82.13", "Tốt"), ("78.18", "Khá")]
    + [("56.67", "Trung bình"), ("50", "Trung bình"), ("49.99", "Yếu"), ("0", "Yếu")],
)
def test_bands_hold_from_their_lower_end(index, score, label):
    assert index.band(Fraction(score)).label == label


def test_conditions_changed_between_2025_and_2026(index):
    assert index.break_between(date(2025, 7, 31), TODAY) == 2026
    assert index.break_between(date(2025, 7, 24), date(2025, 8, 29)) is None
    assert index.break_between(TODAY, date(2026, 11, 1)) is None


def test_an_index_that_is_not_there_is_refused_with_the_nearest(root):
    with pytest.raises(
        UserError, match="«service_indx» vào ngày 06/10/2026; các tên gần nhất: service_index"
    ):
        load_index(root, "service_indx", TODAY)
    with pytest.raises(UserError, match="service_index"):
        load_index(root, "service_index", date(2021, 1, 1))


def test_an_unknown_component_is_a_fault_of_ours(index):
    with pytest.raises(ValueError, match="no component 'speed'"):
        index.component("speed")
