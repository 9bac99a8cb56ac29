"""Which replies teach most, and in which order they come: properties, on made-up chances and replies."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.teaching import LACKING, WINDOW, Waiting, doubt, order, rarity

BAR = 0.3


def chances(*values):
    return np.array(values, np.float32)


def test_doubt_is_greatest_at_the_bar_and_falls_on_both_sides():
    given_ones = [doubt(chances(p, 0, 0), {0}, BAR) for p in (0.3, 0.5, 0.7, 0.9, 1.0)]
    left_out = [doubt(chances(p, 0.9, 0), {1}, BAR) for p in (0.29, 0.2, 0.1, 0.0)]

    assert given_ones == sorted(given_ones, reverse=True)
    assert left_out == sorted(left_out, reverse=True)
    assert given_ones[-1] == 0


def test_more_codes_in_doubt_are_more_doubt_and_a_contradiction_is_whole():
    one, two, three = (doubt(chances(*[BAR] * n, *[0] * (5 - n)), set(range(n)), BAR) for n in (1, 2, 3))
    against = doubt(chances(0.01, 0.95, 0), {0}, BAR)

    assert one < two < three == 1
    assert against > one  # given where it should not be, and the other way round


def test_each_code_has_its_own_bar():
    near_low = doubt(chances(0.1, 0.1), {0}, chances(0.1, 0.6))
    near_neither = doubt(chances(0.1, 0.1), (), chances(0.9, 0.9))

    assert near_low > near_neither


def test_a_reply_that_nothing_fits_teaches_half_as_much_as_one_at_the_bar_may():
    nothing = doubt(chances(0, 0, 0), (), BAR)

    assert nothing == LACKING
    assert nothing > doubt(chances(0.95, 0, 0), {0}, BAR)


def test_rare_themes_teach_more_than_common_ones():
    rare = rarity({"bus": 200, "fees": 5}, ["bus", "fees", "night"])
    common, rarer = doubt(chances(BAR, 0, 0), {0}, BAR, rare), doubt(chances(0, BAR, 0), {1}, BAR, rare)
    rarest = doubt(chances(0, 0, BAR), {2}, BAR, rare)

    assert rare[0] == 0
    assert rare[2] == 1
    assert common < rarer < rarest
    assert rarity({}, ["bus"]).tolist() == [1]


@given(
    st.lists(st.floats(0, 1, width=16), max_size=40),
    st.floats(0.01, 0.99),
    st.randoms(use_true_random=False),
)
def test_doubt_stays_between_0_and_1_whatever_comes(values, bar, lot):
    codes = {at for at in range(len(values)) if lot.random() < 0.2}

    assert 0 <= doubt(chances(*values), codes, bar) <= 1


def test_what_is_kept_in_two_bytes_may_be_broken():
    assert 0 <= doubt(np.array([np.nan, np.inf, 0.2], np.float16), {0}) <= 1


WORDS = [
    *[
        "the",
        "bus",
        "comes",
        "late",
        "in",
        "winter",
        "we",
        "have",
        "no",
        "shoes",
        "for",
        "rain",
        "my",
        "son",
        "is",
        "ill",
        "and",
        "nobody",
        "calls",
        "back",
    ]
]


def crowd(number, seed=1, languages=("en", "es", "so"), themes=("bus", "ill", "fees", "night")):
    """Made-up replies: most in the first language, most of the first theme."""
    lot = random.Random(seed)
    pick = lambda among: among[min(int(lot.expovariate(1.2)), len(among) - 1)]  # noqa: E731
    return [
        Waiting(str(at), " ".join(lot.sample(WORDS, 6)) + f" {at}", pick(languages), "hard", (pick(themes),),
                lot.random())
        for at in range(number)
    ]  # fmt: skip


def test_the_most_instructive_comes_first_where_nothing_else_tells_them_apart():
    replies = [Waiting(str(at), text, "en", "hard", (), at / 10) for at, text in enumerate(WORDS[:5])]

    assert order(replies)[0].answer == "4"


def test_nearly_equal_replies_do_not_come_in_a_row():
    alike = [
        Waiting(f"a{at}", f"the bus is late again {at}", "en", "hard", ("bus",), 1.0) for at in range(20)
    ]
    others = [one for one in crowd(40, languages=("en",)) if one.doubt < 0.7]

    first = [one.answer[0] == "a" for one in order([*alike, *others])[:20]]

    assert first[0]
    assert sum(first) <= 4


def test_every_language_and_every_theme_has_its_turn_however_sure_the_coder_is_of_them():
    sure = [Waiting("s", "warqadda lama turjumin", "so", "hard", ("night",), 0.0)]
    many = [Waiting(str(at), f"{text} {at}", "en", "hard", ("bus",), 1.0)
            for at, text in enumerate(random.Random(2).choices(WORDS, k=200))]  # fmt: skip

    dealt = order([*many, *sure])

    assert [one.answer for one in dealt].index("s") <= WINDOW


def test_what_was_read_lately_counts_as_if_it_had_been_dealt():
    replies = crowd(60)
    whole = order(replies)

    assert order(whole[5:], read=whole[:5]) == whole[5:]


def test_identical_replies_come_once_and_not_again_once_read():
    twice = [
        Waiting(str(at), text, "es", "hard", ("bus",), 0.5) for at, text in enumerate(("el  bus", "el bus "))
    ]
    elsewhere = Waiting("2", "el bus", "es", "helps", ("bus",), 0.5)

    assert [one.answer for one in order([*twice, elsewhere])] == ["0", "2"]
    assert order(twice, read=twice[:1]) == []


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(0, 5))
def test_the_order_is_the_same_whatever_order_they_come_in_and_nobody_is_lost(number, seed):
    replies = crowd(number, seed)
    shuffled = random.Random(seed).sample(replies, number)

    dealt = order(replies)

    assert dealt == order(shuffled)
    assert Counter(dealt) == Counter(replies)
    assert order(replies, most=7) == dealt[:7]
