from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.raking import LARGEST, MarginsError, effect, rake


def people(table):
    """{("North", "es"): 30} as thirty people of that school and language."""
    return [
        dict(zip(("school", "language"), groups, strict=True))
        for groups, n in table.items()
        for _ in range(n)
    ]


def shares(cells, weights, name):
    found = Counter()
    for cell, weight in zip(cells, weights, strict=True):
        found[cell.get(name)] += weight / len(cells)
    return found


def weighted(cells, weights):
    found = Counter()
    for cell, weight in zip(cells, weights, strict=True):
        found[tuple(cell.values())] += weight
    return found


def test_one_dimension_gives_each_group_its_share_over_what_was_heard():
    cells = people({("North", "en"): 60, ("South", "en"): 20})

    raked = rake(cells, {"school": {"North": 300, "South": 300}})

    assert raked.weights == pytest.approx([0.5 / 0.75] * 60 + [0.5 / 0.25] * 20)
    # Kish: 80 * (60 * (2/3)^2 + 20 * 2^2) / 80^2 = 4/3
    assert raked.facts.effect == pytest.approx(4 / 3, abs=1e-4)
    assert (raked.facts.dimensions, raked.facts.largest, raked.facts.joined) == (("school",), 2.0, {})
    assert raked.missed < 1e-6


def test_groups_that_do_not_depend_on_each_other_have_the_product_of_both_weights():
    table = {
        ("North", "es"): 12,
        ("North", "en"): 28,
        ("South", "es"): 18,
        ("South", "en"): 42,
    }  # 40/60 by 30/70
    cells = people(table)

    raked = rake(cells, {"school": {"North": 0.5, "South": 0.5}, "language": {"es": 0.6, "en": 0.4}})

    assert dict(weighted(cells, raked.weights)) == pytest.approx(
        {("North", "es"): 30, ("North", "en"): 20, ("South", "es"): 30, ("South", "en"): 20}, abs=1e-3
    )


def test_two_by_two_tables_are_those_of_the_closed_form():
    # All margins one half, odds ratio r: the cells are sqrt(r) / (2 (1 + sqrt(r))) on the diagonal
    table = {("North", "es"): 40, ("North", "en"): 10, ("South", "es"): 20, ("South", "en"): 45}
    cells = people(table)
    root = np.sqrt(40 * 45 / (10 * 20))

    raked = rake(cells, {"school": {"North": 1, "South": 1}, "language": {"es": 1, "en": 1}})

    found = weighted(cells, raked.weights)
    assert found["North", "es"] == pytest.approx(115 * root / (2 * (1 + root)), abs=1e-2)
    assert found["South", "es"] == pytest.approx(115 / (2 * (1 + root)), abs=1e-2)


counts = st.integers(15, 60)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(*[counts] * 4),
    st.floats(0.3, 0.7),
    st.floats(0.3, 0.7),
)
def test_odds_between_groups_stay_and_margins_are_met(numbers, north, es):
    table = dict(zip(product(("North", "South"), ("es", "en")), numbers, strict=True))
    cells = people(table)
    margins = {"school": {"North": north, "South": 1 - north}, "language": {"es": es, "en": 1 - es}}

    raked = rake(cells, margins)

    new = weighted(cells, raked.weights)
    if raked.weights.max() < LARGEST - 1e-9:
        for name, margin in margins.items():
            assert dict(shares(cells, raked.weights, name)) == pytest.approx(margin, abs=1e-5)
        before = table["North", "es"] * table["South", "en"] / table["North", "en"] / table["South", "es"]
        after = new["North", "es"] * new["South", "en"] / new["North", "en"] / new["South", "es"]
        assert after == pytest.approx(before, rel=1e-3)
    assert raked.weights.mean() == pytest.approx(1)


def by_hand(cells, margins, rounds=2000):
    """Person by person, one group after the other."""
    weights = [1.0] * len(cells)
    for _ in range(rounds):
        for name, margin in margins.items():
            now = shares(cells, weights, name)
            weights = [
                weight * margin[cell[name]] / now[cell[name]]
                for cell, weight in zip(cells, weights, strict=True)
            ]
    return weights


def test_three_dimensions_come_out_as_by_hand():
    random = np.random.default_rng(8)
    cells = [
        {
            "school": str(random.integers(3)),
            "language": "es" if random.random() < 0.3 else "en",
            "grade": str(random.integers(4)),
        }
        for _ in range(150)
    ]
    margins = {
        "school": {"0": 0.2, "1": 0.5, "2": 0.3},
        "language": {"es": 0.45, "en": 0.55},
        "grade": {"0": 0.3, "1": 0.3, "2": 0.2, "3": 0.2},
    }

    assert rake(cells, margins).weights == pytest.approx(np.array(by_hand(cells, margins, 200)), rel=1e-5)


# --- what does not fit ---


def test_groups_of_few_are_joined_and_that_is_recorded():
    cells = people({("North", "en"): 50, ("North", "so"): 4, ("North", "vi"): 7, ("North", "es"): 30})

    raked = rake(cells, {"language": {"en": 400, "es": 400, "so": 80, "vi": 120, "ar": 100, "fr": 0}})

    assert raked.facts.joined == {"language": ("ar", "so", "vi")}
    after = shares(cells, raked.weights, "language")
    assert after["so"] + after["vi"] == pytest.approx(300 / 1100, abs=1e-5)
    assert after["so"] / after["vi"] == pytest.approx(4 / 7)


def test_the_next_smallest_group_joins_where_the_few_together_are_too_few():
    cells = people({("North", "en"): 50, ("North", "so"): 4, ("North", "es"): 30})

    raked = rake(cells, {"language": {"en": 400, "es": 400, "so": 80}})

    assert raked.facts.joined == {"language": ("so", "es")}


def test_people_of_a_group_that_the_roster_does_not_have_keep_their_share():
    cells = (
        people({("North", "en"): 40, ("South", "en"): 40})
        + [{"language": "en"}] * 10
        + [{"school": "unknown"}] * 10
    )

    raked = rake(cells, {"school": {"North": 3, "South": 1, "unknown": 5}})

    after = shares(cells, raked.weights, "school")
    assert after["unknown"] + after[None] == pytest.approx(0.2)
    assert after["North"] == pytest.approx(0.6)


def test_no_person_counts_as_more_than_five_and_what_remains_is_told():
    cells = people({("North", "en"): 190, ("South", "en"): 10})

    raked = rake(cells, {"school": {"North": 0.5, "South": 0.5}})

    assert raked.weights.max() == pytest.approx(5)
    assert raked.weights.mean() == pytest.approx(1)
    assert raked.missed == pytest.approx(0.25)  # South has ten times five of two hundred


def test_trimmed_weights_still_meet_the_other_margin_as_nearly_as_they_can():
    random = np.random.default_rng(3)
    cells = [
        {"school": "S" if at < 12 else "N", "language": "es" if random.random() < 0.3 else "en"}
        for at in range(300)
    ]

    raked = rake(cells, {"school": {"S": 0.3, "N": 0.7}, "language": {"es": 0.4, "en": 0.6}})

    assert raked.weights.max() <= 5 + 1e-9
    assert shares(cells, raked.weights, "language")["es"] == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize(
    ("margin", "problem"),
    [
        ({"North": -1, "South": 2}, "margin school: North has -1"),
        ({"North": float("nan")}, "margin school: North has nan"),
        ({"North": 0, "South": 0}, "margin school: nobody is in any group"),
        ({}, "margin school: nobody is in any group"),
        ({"North": 0, "unknown": 9}, "margin school: nobody is in any group"),
    ],
)
def test_margins_that_are_no_shares_are_refused(margin, problem):
    with pytest.raises(MarginsError, match=problem):
        rake(people({("North", "en"): 30}), {"school": margin})


def test_margins_that_contradict_each_other_are_refused_with_the_cure():
    # Whoever is at North speaks Spanish, so there cannot be half of the one and a tenth of the other.
    cells = people({("North", "es"): 40, ("South", "en"): 60})

    with pytest.raises(MarginsError, match=r"cannot all be met .* Leave one of these dimensions out"):
        rake(cells, {"school": {"North": 0.5, "South": 0.5}, "language": {"es": 0.1, "en": 0.9}})


def test_nothing_to_go_by_gives_everybody_the_weight_one():
    cells = people({("North", "en"): 30})

    assert rake([], {"school": {"North": 1}}).facts.effect == 1
    assert rake(cells, {}).weights.tolist() == [1] * 30
    assert rake(cells, {"school": {"North": 2, "South": 5}}).facts.joined == {"school": ("South", "North")}
    assert rake(cells, {"grade": {"K": 1}}).facts.dimensions == ()


def test_equal_weights_cost_nothing():
    assert effect(np.ones(7)) == 1
    assert effect(np.array([0.5, 0.5, 2.0])) == 1.5
