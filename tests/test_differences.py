import doctest
from importlib import import_module
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.differences import Estimate, difference, holm, verdict
from analysis.intervals import score, wilson


@pytest.mark.parametrize(
    ("one", "of_one", "other", "of_other", "low", "high"),
    [
        # Newcombe, Statistics in Medicine 17:873-890 (1998), Table II, method 10
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_the_interval_of_a_difference_is_the_published_one(one, of_one, other, of_other, low, high):
    found = difference(Estimate.of(one, of_one), Estimate.of(other, of_other))

    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


counted = st.integers(1, 400).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counted, counted)
def test_p_is_below_five_percent_exactly_where_the_interval_leaves_out_nought(one, other):
    found = difference(Estimate.of(*one), Estimate.of(*other))
    back = difference(Estimate.of(*other), Estimate.of(*one))

    assert (found.p < 0.05) == (found.low > 1e-12 or found.high < -1e-12) or abs(found.p - 0.05) < 1e-6
    assert (back.low, back.high, back.p) == pytest.approx((-found.high, -found.low, found.p))


def test_equal_shares_are_called_different_as_rarely_as_p_says():
    random = np.random.default_rng(11)
    draws = random.binomial([80, 400], 0.2, (4000, 2))

    ps = np.array([difference(Estimate.of(int(a), 80), Estimate.of(int(b), 400)).p for a, b in draws])

    assert 0.035 < (ps < 0.05).mean() < 0.06
    assert (ps < 0.005).mean() < 0.009


def test_a_share_of_nobody_is_refused():
    with pytest.raises(ValueError, match="nobody"):
        Estimate.of(0, 0)


def test_the_adjusted_p_are_those_of_holms_example():
    # Worked by hand: .005 * 4, .01 * 3, then .03 * 2 and .04 * 1, which may not be less than the one before
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []
    assert [verdict(p) for p in (0.02, 0.05)] == ["certain", "may be chance"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_holm_keeps_the_order_and_never_lowers(ps):
    adjusted = holm(ps)

    assert all(p <= new <= min(1, p * len(ps)) + 1e-12 for p, new in zip(ps, adjusted, strict=True))
    in_order = [new for _, new in sorted(zip(ps, adjusted, strict=True))]
    assert all(one <= other for one, other in pairwise(in_order))


@given(counted)
def test_the_interval_for_any_share_is_wilsons_for_a_count(pair):
    low, high = score(pair[0] / pair[1], pair[1])

    assert (float(low), float(high)) == pytest.approx(tuple(wilson(*pair)))


@pytest.mark.parametrize(
    "name",
    ["differences", "intervals", "raking", "agreement.coefficients", "agreement.judging"],
)
def test_the_examples_in_the_docstrings_are_true(name):
    found = doctest.testmod(import_module(f"analysis.{name}"))

    assert found.attempted
    assert not found.failed
