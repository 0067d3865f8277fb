"""Whole numbers shared out: the sum is exact, no share above its most, the same for equal weights but for one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from baocao.app.sample.plan import apportion

weights = st.lists(st.integers(0, 10**7), min_size=1, max_size=40)


@given(st.integers(0, 10**6), weights)
def test_shares_add_up_and_lie_within_one_of_their_due(total, given_weights):
    shares = apportion(total, np.array(given_weights))
    assert shares.sum() == total
    whole = sum(given_weights)
    if whole:
        assert all(
            abs(share * whole - total * weight) < whole
            for share, weight in zip(shares.tolist(), given_weights, strict=True)
        )


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 500)), min_size=1, max_size=30), st.data())
def test_no_share_exceeds_its_most(pairs, data):
    given_weights, most = (np.array(column) for column in zip(*pairs, strict=True))
    total = data.draw(st.integers(0, int(most.sum())))
    shares = apportion(total, given_weights, most)
    assert shares.sum() == total
    assert ((shares >= 0) & (shares <= most)).all()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="cannot share out 11"):
        apportion(11, np.array([1, 1]), np.array([5, 5]))
    with pytest.raises(ValueError, match="cannot share out -1"):
        apportion(-1, np.array([1]))


def test_the_largest_remainders_get_what_is_left():
    assert apportion(10, np.array([55, 27, 18])).tolist() == [5, 3, 2]
    assert apportion(3, np.array([0, 0])).tolist() == [2, 1]
