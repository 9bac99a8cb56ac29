"""Emerging themes: what is left out of the codebook comes back as a proposal, in all its languages, and noise does not."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache
from math import log, sqrt
from pathlib import Path

import numpy as np
import pytest
import yaml

from analysis import codebook, emerging
from analysis.codebook import Codebook
from analysis.coder import Reply, learn
from analysis.distinctive import distinctive, words_of
from analysis.embed import Remembered, best
from analysis.emerging import Said, fits_none, likeness, propose

REPLIES = Path(__file__).parents[1] / "bot" / "demo" / "replies.yaml"
LEFT_OUT = ["transport.route_safety", "digital", "needs.food", "family.communication"]


@cache
def embedder():
    return Remembered(best())


@cache
def demo():
    """What the demo's families say: everything about what is left out here, and every fifth reply of the rest."""
    rows = yaml.load(REPLIES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    about = [any(theme.startswith(tuple(LEFT_OUT)) for theme in row["themes"]) for row in rows]
    return [row for at, row in enumerate(rows) if about[at] or at % 5 == 0]


@cache
def world(left_out):
    """The codebook without a theme; what people say, that theme's examples among it; and which replies are of that theme."""
    book = codebook.load()
    gone = (
        {theme.id for theme in book if theme.parent and theme.id.startswith(left_out)} if left_out else set()
    )
    kept = tuple(
        t for t in book if t.id not in gone and (t.parent or {c.id for c in book.children(t.id)} - gone)
    )
    coder = replace(learn(Codebook(book.id, "2", book.title, kept), embedder()), embedder=embedder())
    examples = [
        (Reply(text, language, "hard"), {theme.id})
        for theme in book
        if theme.id in gone
        for language, texts in theme.examples.items()
        for text in texts
    ]
    replies = [Reply(row["text"], row["language"], row["to"]) for row in demo()] + [
        one for one, _ in examples
    ]
    labels = [set(row["themes"]) for row in demo()] + [themes for _, themes in examples]
    chances = coder.probabilities(replies)
    said = [
        Said(
            f"a{at:04}",
            f"p{at}",
            one.text,
            one.language,
            dict(zip(coder.codebook.codes, row.tolist(), strict=True)),
        )
        for at, (one, row) in enumerate(zip(replies, chances, strict=True))
    ]
    return (
        coder,
        said,
        coder.place(replies),
        {one.id for one, of in zip(said, labels, strict=True) if of & gone},
    )


def proposed(left_out="", minimum=10):
    coder, said, places, _ = world(left_out)
    free = np.array([fits_none(coder.codebook, one.chances) for one in said])
    return propose(
        [one for one, is_free in zip(said, free, strict=True) if is_free],
        places[free],
        coder.codebook,
        likeness(coder.places, coder.labels, coder.codebook),
        others=[one for one, is_free in zip(said, free, strict=True) if not is_free],
        minimum=minimum,
    )


# --- what is left out comes back, and the same idea in two languages lies in one group ---


@pytest.mark.parametrize("left_out", LEFT_OUT)
def test_a_theme_that_the_codebook_lacks_is_proposed_in_most_of_its_languages(left_out):
    of_it = world(left_out)[3]

    found = proposed(left_out)

    pure = [one for one in found if len(of_it.intersection(one.members)) >= 0.8 * len(one.members)]
    assert pure, [one.label for one in found]
    assert max(len(one.languages) for one in pure) >= 6
    assert all(one.people >= 10 for one in found)
    # Nothing else is proposed beside it
    assert len(pure) >= len(found) - 1


def test_two_wordings_of_one_idea_in_two_languages_are_in_one_group():
    group = next(one for one in proposed("transport.route_safety") if one.people >= 10)

    texts = {example.text for example in group.typical}
    languages = {example.language for example in group.typical}

    assert len(languages) == len(texts) == 6
    assert {"en", "es", "ar", "ht"} <= set(group.languages)


def test_where_the_codebook_has_every_theme_nothing_is_proposed():
    assert proposed() == []


def test_vectors_without_any_meaning_make_no_group():
    lot = np.random.default_rng(1)
    places = lot.normal(size=(600, 384)).astype(np.float32)
    said = [Said(f"a{at:04}", f"p{at}", f"text {at}", "en", {}) for at in range(600)]

    assert propose(said, places, codebook.load(), 0.18, minimum=5) == []


# --- what makes a group ---


def heap(centre, number, spread, lot):
    return centre + spread * lot.normal(size=(number, len(centre)))


@pytest.fixture
def two_heaps():
    """Twelve people about one thing, seven about another, forty about anything."""
    lot = np.random.default_rng(7)
    one, other = lot.normal(size=(2, 64))
    places = np.concatenate(
        [heap(one, 12, 0.5, lot), heap(other, 7, 0.5, lot), lot.normal(size=(40, 64)) * 3]
    )
    said = [Said(f"a{at:02}", f"p{at}", f"words {at}", "en", {}) for at in range(59)]
    return said, places.astype(np.float32)


def sizes(said, places, **more):
    return [one.people for one in propose(said, places, codebook.load(), 0.4, **more)]


def test_a_group_has_as_many_people_as_asked_for_and_never_fewer_than_five(two_heaps):
    said, places = two_heaps
    assert sizes(said, places) == [12]
    assert sizes(said, places, minimum=6) == [12, 7]
    few = [at for at in range(59) if at >= 16 or at < 4]
    assert sizes([said[at] for at in few], places[few], minimum=1) == []


def test_people_count_and_not_their_replies(two_heaps):
    said, places = two_heaps
    one_flood = [replace(one, person="p0") if at < 12 else one for at, one in enumerate(said)]
    assert sizes(one_flood, places, minimum=5) == [7]


def test_equal_words_are_grouped_once_and_all_who_said_them_count(two_heaps):
    said, places = two_heaps
    again = [Said(f"b{at:02}", f"q{at}", "Words  0", "en", {}) for at in range(30)]
    places = np.concatenate([places, np.repeat(places[:1], 30, axis=0)])

    (group,) = propose([*said, *again], places, codebook.load(), 0.4)

    assert group.people == 42
    assert sum(example.text.casefold().split() == ["words", "0"] for example in group.typical) == 1


def test_the_same_replies_give_the_same_groups_in_whatever_order_they_come(two_heaps):
    said, places = two_heaps
    order = list(range(59))
    random.Random(3).shuffle(order)

    assert propose(said, places, codebook.load(), 0.4, minimum=6) == propose(
        [said[at] for at in order], places[order], codebook.load(), 0.4, minimum=6
    )


def test_of_more_replies_than_can_be_compared_the_rest_joins_where_it_belongs(two_heaps, monkeypatch):
    said, places = two_heaps
    whole = {frozenset(one.members) for one in propose(said, places, codebook.load(), 0.4, minimum=6)}
    monkeypatch.setattr(emerging, "MOST", 30)

    assert {frozenset(one.members) for one in propose(said, places, codebook.load(), 0.4, minimum=6)} == whole


def test_what_all_replies_have_in_common_makes_no_group(two_heaps):
    """Replies of another world than the codebook's lie together, far from its middle."""
    said, places = two_heaps
    lot = np.random.default_rng(8)
    more = [Said(f"b{at:03}", f"q{at}", f"more {at}", "en", {}) for at in range(300)]
    away = np.concatenate([places, 3 * lot.normal(size=(300, 64)).astype(np.float32)]) + np.float32(4)

    found = propose([*said, *more], away, codebook.load(), 0.4, minimum=6)

    assert [one.people for one in found] == [12, 7]


def test_few_replies_that_are_all_about_one_thing_are_a_group(two_heaps):
    said, places = two_heaps
    assert sizes(said[:12], places[:12]) == [12]


@pytest.mark.parametrize(
    ("code", "chance", "proposed"),
    [
        ("transport.bus_service", 0.4, False),  # unsure, but all of the same
        ("x.unclear", 0.9, False),
        ("x.other_barrier", 1.0, True),  # people have said so
        ("x.idea", 0.9, True),
    ],
)
def test_a_group_that_says_what_a_code_says_is_no_new_theme(two_heaps, code, chance, proposed):
    said, places = two_heaps
    said = [replace(one, chances={code: chance}) for one in said]
    assert bool(sizes(said, places)) is proposed


@pytest.mark.parametrize(
    ("chances", "free"),
    [
        ({}, True),
        ({"x.unclear": 1.0}, True),
        ({"x.other_barrier": 0.4}, True),
        ({"x.idea": 0.9, "transport.cost": 0.2}, True),
        ({"transport.cost": 0.6}, False),
        ({"x.no_barrier": 0.8}, False),
        ({"x.thanks": 0.3, "x.helps": 0.3}, False),
        ({"gone.since": 0.9}, True),
    ],
)
def test_which_replies_no_theme_fits(chances, free):
    assert fits_none(codebook.load(), chances) is free


def test_another_barrier_that_people_gave_fits_no_theme():
    assert fits_none(codebook.load(), {"x.other_barrier": 1.0})


# --- words and quotes ---


def test_names_and_numbers_are_in_neither_words_nor_quotes(two_heaps):
    said, places = two_heaps
    said = [
        replace(one, text=f"Zuleika said bus 9 drives by, my son Luis waits {at}", names=("Zuleika",))
        for at, one in enumerate(said)
    ]

    (group,) = propose(said, places, codebook.load(), 0.4)

    shown = f"{group.words} {group.label} {group.typical}"
    assert "Zuleika" not in shown
    assert "zuleika" not in shown
    assert "Luis" not in shown
    assert "luis" not in shown


def test_english_translations_make_the_label(two_heaps):
    said, places = two_heaps
    said = [
        replace(
            one,
            language="ht",
            text="limyè a pa limen" if at < 12 else "bis la",
            english="the lamp is dark" if at < 12 else "the bus",
        )
        for at, one in enumerate(said)
    ]
    said = [replace(one, text=f"{one.text} {at}") for at, one in enumerate(said)]

    (group,) = propose(said, places, codebook.load(), 0.4)

    assert set(group.label.split(", ")) == {"lamp", "dark"}
    assert set(group.words["ht"]) >= {"limyè", "limen"}


def test_without_a_word_in_common_the_label_is_a_reply(two_heaps):
    said, places = two_heaps
    lot = random.Random(5)
    said = [replace(one, text="".join(lot.choices("bcdfghklmnprst", k=9))) for one in said]

    (group,) = propose(said, places, codebook.load(), 0.4)

    assert group.words == {}
    assert group.label == f"like: {group.typical[0].text}"


def test_log_odds_are_those_of_the_paper():
    """Monroe, Colaresi and Quinn 2008, written out for one word."""
    inside = [words_of(text, "en") for text in ("dark crossing", "dark crossing", "crossing truck", "dark")]
    outside = Counter(dark=30, truck=4, crossing=1, late=25)
    ours, theirs = 7, 60

    def score(here, there):
        prior = ours * (here + there) / (ours + theirs)
        first = log((here + prior) / (ours + ours - here - prior))
        second = log((there + prior) / (theirs + ours - there - prior))
        return (first - second) / sqrt(1 / (here + prior) + 1 / (there + prior))

    assert score(3, 1) > 1 > score(3, 30)
    assert distinctive(inside, outside) == ("crossing",)


def test_a_word_of_one_person_is_never_shown():
    inside = [words_of(text, "en") for text in ("my landlord Quimby", "landlord again", "the landlord")]
    assert distinctive(inside, Counter(bus=20, late=9, again=5)) == ("landlord",)


def test_words_are_found_in_scripts_without_spaces_and_under_arabic_articles():
    chinese = [words_of(text, "zh-Hans") for text in ("路灯坏了", "没有路灯太黑", "路灯不亮")]
    arabic = [words_of(text, "ar") for text in ("الرصيف مكسور", "بدون رصيف", "والرصيف ضيق")]

    assert distinctive(chinese, Counter({"孩子": 9, "校车": 20})) == ("路灯",)
    assert [
        word.removeprefix("و").removeprefix("ال") for word in distinctive(arabic, Counter({"باص": 20}))
    ] == ["رصيف"]
