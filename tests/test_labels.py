"""A choice is read however it is written; a close call is asked back; and nothing is taken for another choice."""

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import LIBRARY, library
from survey_flows.folding import fold, runs_on
from survey_flows.lexicon import LEXICONS, ear
from survey_flows.reading.answers import several
from survey_flows.reading.labels import Labels, own_numbers

ALL = ear(tuple(LEXICONS))


def made(*rows, **how):
    """Labels from rows of label|language pairs: ``made({"en": "Car", "es": "Coche"}, …)``."""
    return Labels([{language: [label] for language, label in row.items()} for row in rows], ALL, **how)


AGREE = made(
    {"en": "Strongly disagree", "es": "Muy en desacuerdo"},
    {"en": "Disagree", "es": "En desacuerdo"},
    {"en": "Neither", "es": "Ni de acuerdo ni en desacuerdo"},
    {"en": "Agree", "es": "De acuerdo"},
    {"en": "Strongly agree", "es": "Muy de acuerdo"},
    points=True,
)
WAY = made(
    {"en": "Car", "es": "Coche"},
    {"en": "School bus", "es": "Autobús escolar"},
    {"en": "City bus", "es": "Autobús de la ciudad"},
    {"en": "Walking", "es": "A pie"},
    {"en": "Something else", "es": "Otra cosa"},
)
OFTEN = made({"en": "Never"}, {"en": "Sometimes"}, {"en": "Often"}, {"en": "Always"})
LIKELY = made({"en": "Very unlikely"}, {"en": "Unlikely"}, {"en": "Likely"})
DAYS = made({"en": "None"}, {"en": "1 day"}, {"en": "2 days"}, {"en": "3 or more days"})
HARD = library("getting-to-school").question("hard").labels


def read(labels, heard, language="en"):
    match = labels.which(heard, language)
    return match.at if match else None


@pytest.mark.parametrize(
    "text",
    """2 | #2 | No. 2 | nº 2 | N° 2 | № 2 | 2nd | 2nd one | the 2nd one | number two | the second one | 2 please | 2. Disagree
b | B | b) | (b) | B. | option b | answer b | disagre | dissagree | en desacuerdo | EN DESACUERDO | ⭐⭐ | ★★☆☆☆ | ⭐️⭐️ | ٢ | २""".replace(
        "\n", " | "
    ).split(" | "),
)
def test_the_second_choice_can_be_called_in_many_ways(text):
    assert read(AGREE, text) == 1


@pytest.mark.parametrize(
    "text", ["z", "f", "⭐⭐⭐⭐⭐⭐", "★★☆☆", "6", "-", "xyzzy", "2 or 3", "2-3", "2 agree", "no 2"]
)
def test_what_is_on_no_list_or_twice_on_it_is_not_read(text):
    assert read(AGREE, text) is None


def test_stars_count_only_on_a_scale():
    assert read(WAY, "⭐⭐") is None


@pytest.mark.parametrize(("text", "meant"), [("a", None), ("c", None), ("d", 3), ("c)", 2), ("option c", 2)])
def test_a_letter_that_begins_another_label_is_asked_about(text, meant):
    assert read(WAY, text) == meant or read(WAY, text, "es") == meant


def test_letters_that_look_like_numbers_or_mean_yes_are_no_letters_of_a_list():
    many = made(*({"en": f"Thing {chr(65 + at)}{chr(65 + at)}"} for at in range(26)))

    assert [letter for letter in "abcdefghijklmnopqrstuvwxyz" if read(many, letter) is None] == list("ilnoty")


@pytest.mark.parametrize(
    ("labels", "text", "language", "near"),
    [
        (HARD, "it was very hard for us", "en", (2,)),
        (HARD, "I think it was not hard for him this year", "en", (0,)),
        (HARD, "我觉得很难啊", "zh-Hans", (2,)),
        (HARD, "2 😭", "en", (1, 2)),
        (HARD, "😀😭", "en", (0, 2)),
        (HARD, "2 very hard", "en", (1, 2)),
        (HARD, "1 or 2", "en", (0, 1)),
        (HARD, "2 of my kids", "en", (1,)),
        (HARD, "a", "en", (0, 1)),
        (WAY, "c", "en", (2, 0)),
        (WAY, "bus", "en", (1, 2)),
        (WAY, "the bus", "en", (1, 2)),
        (WAY, "autobús", "es", (1, 2)),
        (WAY, "we take the school bus", "en", (1,)),
        (WAY, "skool bus", "en", (1,)),
        (AGREE, "strongly", "en", (0, 4)),
        (AGREE, "agree strongly", "en", (4,)),
        (AGREE, "no 2", "en", (1,)),
        (OFTEN, "som", "en", (1,)),
        (LIKELY, "very likely", "en", (2,)),
        (HARD, "bon", "fr", ()),
        (HARD, "4", "en", ()),
        (HARD, "0", "en", ()),
        (HARD, "2.5", "en", ()),
        (HARD, "½", "en", ()),
        (HARD, "10+", "en", ()),
        (HARD, "🚌", "en", ()),
        (HARD, "", "en", ()),
        (HARD, "hard", "en", ()),
        (HARD, "the bus never comes", "en", ()),
        (AGREE, "I do not agree", "en", ()),
        (OFTEN, "not always", "en", ()),
        (HARD, "very hard", "en", ()),
    ],
)
def test_a_close_call_names_what_may_have_been_meant(labels, text, language, near):
    assert labels.near(text, language) == near


@pytest.mark.parametrize(
    "text", ["desacuerdo", "muy desacuerdo", "deacuerdo con nada", "no estoy de acuerdo"]
)
def test_disagreeing_is_never_taken_for_agreeing(text):
    assert read(AGREE, text, "es") not in {3, 4}
    assert not {3, 4} & set(AGREE.near(text, "es")[:1])


def test_an_opposite_is_not_a_misspelling():
    assert read(made({"en": "Very unlikely"}, {"en": "No idea"}), "very likely") is None
    assert read(made({"fr": "Très insatisfait"}, {"fr": "Autre"}), "très satisfait", "fr") is None


def test_a_short_word_that_is_not_on_the_persons_list_is_no_misspelling():
    helped = Labels([{"fr": ["Oui"], "es": ["Sí"]}, {"fr": ["Non", "personne"], "es": ["Nadie"]}], ALL)

    assert read(helped, "personne", "fr") == 1
    assert read(helped, "personnes", "fr") is None
    assert helped.near("personnes", "fr") == (1,)
    assert read(helped, "nadia", "fr") is None
    assert read(made({"vi": "Không"}, {"vi": "Có"}), "khoảng", "vi") is None  # about


def test_a_slip_that_makes_an_empty_word_is_still_a_slip():
    clear = made({"fr": "Pas claires"}, {"fr": "Peu claires"}, {"fr": "Claires"})

    assert read(clear, "Pls claires", "fr") is None  # not "please" and "claires"
    assert clear.near("Pls claires", "fr")[0] == 0


@pytest.mark.parametrize(
    ("text", "meant"),
    [("1 day", 1), ("one day", 1), ("two days", 2), ("1 dya", 1), ("3 or mor days", 3), ("none", 0)],
)
def test_a_label_with_a_number_is_read_with_its_number(text, meant):
    assert read(DAYS, text) == meant


def test_labels_that_are_numbers_are_numbered_by_themselves():
    points = made(*({"en": f"{n} not at all" if n == 0 else str(n)} for n in range(11)))

    assert list(points.numbered) == list(range(11))
    assert [read(points, str(n)) for n in range(12)] == [*range(11), None]
    assert points.near("7 or 8", "en") == (7, 8)
    assert list(DAYS.numbered) == [1, 2, 3, 4]
    assert own_numbers([{"en": ["1"], "ar": ["٢"]}]) is None


@pytest.mark.parametrize("text", ["b c", "B, C", "b and c", "b y c", "2 3", "b,c"])
def test_several_letters_are_several_choices(text):
    assert several(text, "en", WAY) == [1, 2]


# Misspelling: the choices of every survey we ship, in every language


def slips(label, chance, each=1):
    """The label with one letter wrong, missing, doubled or swapped; its first letter only when it is long enough."""
    alphabet = sorted({char for char in label.lower() if char.isalpha()})
    for at, char in enumerate(label):
        if char.isalpha() and (at or letters(label) >= 6):
            yield label[:at] + label[at + 1 :]
            for other in chance.sample(alphabet, min(each, len(alphabet))):
                yield label[:at] + other + label[at + 1 :]
                yield label[:at] + other + label[at:]
            if label[at + 1 : at + 2].isalpha():
                yield label[:at] + label[at + 1] + char + label[at + 2 :]


def letters(label):
    return sum(map(str.isalpha, label))


def told(labels, label, language):
    """How a misspelling is read: at once, asked back with the choice first, or not."""
    at = next(at for at, by in labels.exact[fold(label)].items() if language in by)
    chance = Random(label)
    for said in slips(label, chance):
        if fold(said) in labels.exact:  # it has become a label, this one or another
            continue
        match = labels.which(said, language)
        near = () if match else labels.near(said, language)
        tie = len(near) > 1 and at in near and len(labels.spellings.whole(fold(said))) > 1
        right = match.at == at if match else near[:1] == (at,) or tie
        yield said, "read" if match and right else "asked" if right else f"lost: {match} {near}"


CLOSED = [
    (key, question.key)
    for key in LIBRARY
    for question in library(key).questions
    if question.kind in ("one", "scale", "many", "rank")
]


@cache
def misspelt(survey, key):
    """Every label of a question misspelt in every way, and how that is read. Labels that staff fill in have no words yet."""
    question = library(survey).question(key)
    return [
        (language, label, *row)
        for option in question.options
        for language, label in option.labels.items()
        if letters(label) >= 5 and not runs_on(label) and "{" not in label
        for row in told(question.labels, label, language)
    ]


@pytest.mark.parametrize(("survey", "key"), CLOSED)
def test_one_wrong_letter_is_the_same_choice_or_asked_back_and_never_another(survey, key):
    assert [row for row in misspelt(survey, key) if row[3].startswith("lost")] == []


@pytest.mark.parametrize(("survey", "key"), CLOSED)
def test_every_choice_is_read_by_its_label_and_its_number(survey, key):
    question = library(survey).question(key)
    labels = question.labels
    numbers = {at: number for number, at in labels.numbered.items()}
    for at, option in enumerate(question.options):
        for language, label in option.labels.items():
            if "{" in label:  # staff fill it in
                continue
            assert [read(labels, said, language) for said in (label, label.upper(), str(numbers[at]))] == [
                at
            ] * 3


def test_most_misspellings_are_read_at_once():
    rows = [row[3] for names in CLOSED for row in misspelt(*names)]

    assert rows.count("read") > 0.85 * len(rows)


@settings(deadline=None)
@given(text=st.text(max_size=60), language=st.sampled_from(sorted(LEXICONS)))
def test_a_close_call_is_at_most_three_choices_and_only_when_nothing_was_read(text, language):
    for labels in (HARD, AGREE, WAY, DAYS):
        near = labels.near(text, language)

        assert len(near) == len(set(near)) <= 3
        assert not near or labels.which(text, language) is None
