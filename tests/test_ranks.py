"""An order is read when it is whole, and asked for again when it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_flows.lexicon import LEXICONS, ear
from survey_flows.reading import ranks
from survey_flows.reading.labels import Labels

ALL = ear(tuple(LEXICONS))
WAYS = Labels(
    [
        {"en": ["Car"], "es": ["Coche"], "zh-Hans": ["汽车"]},
        {"en": ["School bus"], "es": ["Autobús"], "zh-Hans": ["校车"]},
        {"en": ["Snow and ice"], "es": ["Nieve y hielo"], "zh-Hans": ["冰雪"]},
    ],
    ALL,
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("3 1 2", "en"),
        ("3,1,2", "en"),
        ("3, 1, 2.", "en"),
        ("312", "en"),
        ("3-1-2", "en"),
        ("3 > 1 > 2", "en"),
        ("3\n1\n2", "en"),
        ("3 then 1 then 2", "en"),
        ("3 and 1 and 2", "en"),
        ("3️⃣1️⃣2️⃣", "en"),
        ("٣ ١ ٢", "ar"),
        ("٣١٢", "ar"),
        ("३ १ २", "en"),
        ("C A B", "en"),
        ("c, a, b", "en"),
        ("CAB", "en"),
        ("three one two", "en"),
        ("tres, uno, dos", "es"),
        ("Snow and ice, car, school bus", "en"),
        ("snow and ice, then car and school bus", "en"),
        ("snow, car, bus", None),
        ("first snow, second car, third school bus", "en"),
        ("3, car, 2", "en"),
        ("Nieve y hielo, coche, autobus", "es"),
        ("冰雪、汽车、校车", "zh-Hans"),
        ("冰雪，然后汽车，校车", "zh-Hans"),
    ],
)
def test_an_order_is_understood_in_numbers_letters_and_labels(text, language):
    expected = None if language is None else [2, 0, 1]  # "bus" alone is no beginning of "School bus"

    assert ranks.read(text, language or "en", WAYS) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3",
        "3 1",
        "31",
        "3 1 1",
        "311",
        "3 1 2 3",
        "3 1 4",
        "0 1 2",
        "C A",
        "C A A",
        "car, snow",
        "all the same",
        "1-3",
        "3 1 two kids",
    ],
)
def test_an_order_with_a_gap_or_a_double_is_asked_for_again(text):
    assert ranks.read(text, "en", WAYS) is None


def test_what_was_understood_of_an_order_can_be_told():
    assert ranks.partial("3 1", "en", WAYS) == [2, 0]
    assert ranks.partial("3 1 1", "en", WAYS) == [2, 0, 0]
    assert ranks.partial("snow, dogs", "en", WAYS) == []


def test_a_run_of_digits_is_no_order_where_numbers_have_two():
    many = Labels([{"en": [f"Thing {word}"]} for word in "abcdefghijk"], ALL)

    assert ranks.partial("1110", "en", many) == []
    assert ranks.read("11 10 9 8 7 6 5 4 3 2 1", "en", many) == list(range(10, -1, -1))


@given(st.permutations([1, 2, 3]), st.sampled_from([" ", ",", ", ", "", "\n", " > ", "-", " then "]))
def test_every_order_is_read_however_it_is_parted(order, between):
    assert ranks.read(between.join(map(str, order)), "en", WAYS) == [number - 1 for number in order]


@given(st.text(max_size=80))
def test_any_reply_can_be_read_as_an_order_or_not(text):
    assert ranks.read(text, "en", WAYS) in (
        None,
        *([[a, b, c] for a in range(3) for b in range(3) for c in range(3)]),
    )
