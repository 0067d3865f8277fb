"""Several groups added up in one pass: as each of them alone, members shared or not."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocao.analysis.rates import COUNTS, add_up, add_up_groups
from baocao.definitions.measures import load_measures
from baocao.definitions.periods import Period

JULY = Period.parse("2025-07")
LEAVES = [*COUNTS, "row"]


@pytest.fixture(scope="module")
def measures(root):
    return load_measures(root)


@pytest.fixture(scope="module")
def rows(register):
    """Places of four communes in the register."""
    return [
        at for at, unit in enumerate(register.units) if unit.kind == "commune" and unit.valid_on(JULY.start)
    ][:4]


def test_a_group_names_who_is_silent_and_carries_the_worst_source(register, measures, rows):
    leaves = pd.DataFrame(
        [
            ("a", "filed_online", 2, "published", 1, rows[0]),
            ("b", "filed_online", 3, "sample", 2, rows[1]),
            ("a", "coffee", 9, "received", 1, rows[0]),
        ],
        columns=LEAVES,
    )
    groups = {"all": rows[:3], "one": rows[:1], "none": rows[3:]}
    found = add_up_groups(leaves, groups, register, JULY, measures)
    assert found.to_dict("records") == [
        {
            "unit": "all",
            "measure": "filed_online",
            "value": 5,
            "source": "sample",
            "facts": 3,
            "missing": (rows[2],),
        },
        {
            "unit": "one",
            "measure": "filed_online",
            "value": 2,
            "source": "published",
            "facts": 1,
            "missing": (),
        },
    ]


COUNTED = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["filed_online", "filed_direct", "carried_over", "pending_in_time", "received"]),
        st.integers(0, 99),
        st.sampled_from(["sample", "received", "published"]),
    ),
    max_size=12,
    unique_by=lambda fact: fact[:2],
)


@settings(max_examples=30)
@given(COUNTED, st.lists(st.sets(st.integers(0, 3)), min_size=1, max_size=4))
def test_groups_together_are_each_group_alone(register, measures, rows, facts, groups):
    leaves = pd.DataFrame(
        [(str(at), name, value, source, 1, rows[at]) for at, name, value, source in facts], columns=LEAVES
    )
    members = {str(key): [rows[at] for at in group] for key, group in enumerate(groups)}
    together = add_up_groups(leaves, members, register, JULY, measures)
    for key, one in members.items():
        alone = add_up(leaves, one, register, JULY, measures, key)
        same = together[together["unit"] == key].reset_index(drop=True)
        assert same.to_dict("records") == alone.to_dict("records")
