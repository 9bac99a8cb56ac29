from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intervals import Z95, wilson


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17:857-872 (1998), Table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (29, 29, 0.8830, 1.0000),
    ],
)
def test_the_interval_is_the_published_one(count, of, low, high):
    interval = wilson(count, of)

    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_each_end_is_a_share_from_which_the_count_lies_just_at_the_edge_of_chance(pair):
    count, of = pair

    for end in wilson(count, of):
        # The definition itself: |share - end| = z * the standard error at the end
        assert isclose(abs(count / of - end), Z95 * sqrt(end * (1 - end) / of), abs_tol=1e-9) or end in (0, 1)


@given(st.integers(0, 300), st.integers(0, 300))
def test_it_holds_the_share_and_mirrors(said, silent):
    low, high = wilson(said, said + silent)
    mirror = wilson(silent, said + silent)

    assert 0 <= low <= high <= 1
    if said + silent:
        assert low <= said / (said + silent) <= high
    assert isclose(low, 1 - mirror.high, abs_tol=1e-12)


def test_nobody_heard_tells_nothing():
    assert wilson(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("count", "of"), [(5, 4), (-1, 4)])
def test_an_impossible_count_is_refused(count, of):
    with pytest.raises(ValueError, match="not possible"):
        wilson(count, of)
