"""Labels: apart from each other, in their order, as near as possible, off the lines they belong to."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.charts.axes import find_area, spread

PLACES = st.lists(st.tuples(st.floats(0, 100), st.floats(1, 8)), min_size=1, max_size=12)


@given(PLACES)
def test_labels_never_overlap_keep_their_order_and_stay_inside_where_there_is_room(wanted):
    places, sizes = zip(*wanted, strict=True)
    found = spread(places, sizes, 0, 100)
    order = sorted(range(len(places)), key=lambda at: places[at])
    for first, second in pairwise(order):
        assert found[second] - found[first] >= (sizes[first] + sizes[second]) / 2 - 1e-6
    if sum(sizes) <= 100:
        assert found[order[0]] - sizes[order[0]] / 2 >= -1e-6
        assert found[order[-1]] + sizes[order[-1]] / 2 <= 100 + 1e-6


@given(st.lists(st.integers(0, 9), min_size=1, max_size=10, unique=True))
def test_labels_with_enough_room_stay_where_they_are_wanted(tens):
    wanted = [10 * ten + 5 for ten in tens]
    assert spread(wanted, [4] * len(wanted), 0, 100) == pytest.approx(wanted)


def test_no_labels_have_no_places():
    assert spread([], [], 0, 10) == []


def test_a_figure_goes_to_the_free_side_of_its_point():
    within = (0, 0, 100, 100)
    peak, trough = [(40, 60), (50, 50), (60, 60)], [(40, 40), (50, 50), (60, 40)]
    assert find_area(8, 50, 50, [peak], within)[3] < 50
    assert find_area(8, 50, 50, [trough], within)[1] > 50


def test_a_long_line_is_seen_where_it_only_touches_the_figure():
    """The DTI: a pillar begins just above the first point of the whole, and both rise over many mm."""
    within = (0, 0, 100, 100)
    whole, pillar = [(6, 50), (76, 39)], [(6, 48.5), (76, 36.5)]
    found = find_area(5, 6, 50, [whole, pillar], within)
    assert found[1] > 50, "below, where none of the two goes"
    below = [(6, 51), (76, 40)]
    found = find_area(5, 6, 50, [whole, pillar, below], within)
    assert found[3] < 48 or found[1] > 51, "off all three"


def test_a_figure_stays_inside_and_off_other_figures():
    within = (0, 0, 100, 100)
    assert find_area(10, 1, 50, [], within)[0] == 0 and find_area(10, 99, 50, [], within)[2] == 100
    assert find_area(10, 50, 2, [], within)[1] > 2 and find_area(10, 50, 98, [], within)[3] < 98
    taken = find_area(10, 50, 50, [], within)
    other = find_area(10, 52, 50, [], within, [taken])
    assert other[1] >= taken[3] or other[3] <= taken[1]
