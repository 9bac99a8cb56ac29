"""Whoever answers a survey of the library by a choice's name, number or button is heard to have chosen that.

tests/test_labels.py misspells every label in every way; here answers go through the whole engine.
"""

import unicodedata
from collections import Counter
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import LIBRARY, Place, hear, library
from survey_flows.folding import fold, runs_on
from survey_flows.scope import Scope

CLOSED = [
    (key, question.key)
    for key in LIBRARY
    for question in library(key).questions
    if question.kind in ("one", "scale", "many")
]
DIGITS = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "ur": "۰۱۲۳۴۵۶۷۸۹",
    "hi": "०१२३४५६७८९",
    "zh-Hans": "０１２３４５６７８９",
}
ETHIOPIC = " ፩፪፫፬፭፮፯፰፱"


@cache
def shown(key, asked, language):
    """A question as somebody sees it: where it waits, its choices (label, value, number), and what staff filled in."""
    survey = library(key)
    values = {"school": "Lincoln School", **{name: texts[language] for name, texts in survey.fields.items()}}
    place = Place(asked, language, given={name: values[name] for name in survey.fields})
    question = survey.question(asked)
    question = question.shown(Scope(survey, {}, language, values, at=asked))
    numbers = {question.options[at].key: number for number, at in question.labels.numbered.items()}
    rows = [
        (option, option.labels[language], question.press(option.key).value, numbers[option.key])
        for option in question.options
    ]
    return survey, place, values, rows


def told(key, asked, language, option, said, choice=None):
    """How an answer is taken: "read" or "asked" back with the right choice first, else what became of it."""
    survey, place, values, rows = shown(key, asked, language)
    step = hear(survey, place, said, values, choice)
    value, number, label = next((v, n, label) for o, label, v, n in rows if o.key == option.key)
    if step.answer is not None and step.answer.understood:
        return "read" if step.answer.value == value else f"{step.answer.value}, not {value}"
    named = {step.prompt.text.find(f"{n}. {label}"): n for _, label, _, n in rows} if step.prompt else {}
    named.pop(-1, None)
    short = step.prompt is not None and survey.question(asked).wording(language, None) not in step.prompt.text
    if step.place.maybe == option.key or (short and named and named[min(named)] == number):
        return "asked"
    return f"nothing, with {label!r} not asked about"


def everyone(key, asked):
    for language in library(key).languages:
        for option, label, _, number in shown(key, asked, language)[3]:
            yield language, option, label, number


def plainer(label):
    """A label as somebody types it who has no accents."""
    plain = "".join(char for char in unicodedata.normalize("NFD", label) if not unicodedata.combining(char))
    return plain.replace("đ", "d").replace("Đ", "D")


def latin(label):
    return all("LATIN" in unicodedata.name(char) for char in label if char.isalpha())


@pytest.mark.parametrize(("key", "asked"), CLOSED)
def test_a_choice_is_read_by_its_name_its_number_and_its_button(key, asked):
    for language, option, label, number in everyone(key, asked):
        said = [label, label.upper(), f" {label}. ", str(number), f"{number}.", f"({number})"]
        said += ["".join(digits[int(digit)] for digit in str(number)) for digits in DIGITS.values()]
        said += [ETHIOPIC[number]] if 0 < number < 10 else []
        assert {text: told(key, asked, language, option, text) for text in said} == dict.fromkeys(
            said, "read"
        )
        assert told(key, asked, language, option, "", option.key) == "read"
        assert told(key, asked, language, option, "", f"{asked}:{option.key}") == "read"


THANKS = {
    "en": ("thank you", "please"),
    "es": ("gracias", "por favor"),
    "ht": ("mèsi", "tanpri"),
    "pt": ("obrigada", "por favor"),
    "vi": ("cảm ơn", "dạ"),
    "zh-Hans": ("谢谢",),
    "ar": ("شكرا", "من فضلك"),
    "fr": ("merci", "s'il vous plaît"),
}


@pytest.mark.parametrize(("key", "asked"), CLOSED)
def test_politeness_and_missing_accents_change_no_answer(key, asked):
    for language, option, label, number in everyone(key, asked):
        said = [plainer(label)] if latin(label) else []
        for word in THANKS[language]:
            said += [f"{label}, {word}", f"{word}, {label}", f"{number} {word}", f"{word} {number}"]
        assert {text: told(key, asked, language, option, text) for text in said} == dict.fromkeys(
            said, "read"
        )


def test_politeness_that_may_be_of_the_choice_is_asked_about():
    said = ("Gosto muito, obrigada", "Gosto, muito obrigada")
    options = {option.key: option for option in library("fit-staff").question("feel").options}

    assert [
        told("fit-staff", "feel", "pt", options[key], text)
        for key, text in zip(["like_a_lot", "like"], said, strict=True)
    ] == ["read"] * 2
    assert not hear(
        *shown("fit-staff", "feel", "pt")[:2], "Gosto muito obrigada", {"school": "L"}
    ).answer.understood


ALL = [
    (key, asked, language, option, label)
    for key, asked in CLOSED
    for language, option, label, _ in everyone(key, asked)
    if sum(map(str.isalpha, label)) >= 5 and not runs_on(label)
]


@st.composite
def slips(draw):
    """Somebody who means a choice, and one letter of its name wrong, missing, doubled or swapped."""
    key, asked, language, option, label = draw(st.sampled_from(ALL))
    letters = [at for at, char in enumerate(label) if char.isalpha()]
    at = draw(st.sampled_from(letters if len(letters) >= 6 else letters[1:]))
    other = draw(st.sampled_from(sorted({char for char in label.lower() if char.isalpha()})))
    after = label[at + 1 : at + 2]
    ways = [
        label[:at] + label[at + 1 :],
        label[:at] + other + label[at + 1 :],
        label[:at] + other + label[at:],
    ]
    ways += [label[:at] + after + label[at] + label[at + 2 :]] if after.isalpha() else []
    return key, asked, language, option, draw(st.sampled_from(ways))


def test_one_wrong_letter_is_read_right_or_asked_back_and_never_another_choice():
    seen = Counter()

    @settings(max_examples=2000, deadline=None, derandomize=True, database=None)
    @given(slips())
    def spell(slip):
        key, asked, language, option, said = slip
        if any(fold(said) == fold(other) for _, label, _, _ in shown(key, asked, language)[3]
               for other in (label, *option.also.get(language, ()))):  # fmt: skip
            return  # it has become a label
        how = told(key, asked, language, option, said)
        seen[how if how in ("read", "asked") else "lost"] += 1
        assert how in ("read", "asked"), (said, language)

    spell()
    shares = {how: f"{count / seen.total():.1%}" for how, count in seen.items()}
    print(f"\n{seen.total()} misspellings: {shares}")
    assert seen["read"] >= 0.85 * seen.total()
