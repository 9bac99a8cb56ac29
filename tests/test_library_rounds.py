"""The surveys that go round: ideas, their ranking, what was heard, results; and those of the staff."""

import pytest

from survey_flows import ask, begin, library, phrases
from survey_flows.place import Place
from survey_flows.talk import say, start

SURVEYS = (
    "exit-staff", "fit-staff", "focus-invite", "heard-all", "ideas-all", "load-staff", "missed-all", "rank-all",
    "results-all", "words-all",
)  # fmt: skip


def values(survey, language):
    return {"school": "Lincoln School"} | {name: texts[language] for name, texts in survey.fields.items()}


def messages(survey, language):
    given = values(survey, language)
    yield begin(survey, language, given).prompt.text
    for question in survey.questions[1:]:
        yield ask(survey, Place(question.key, language), given).text


@pytest.mark.parametrize("key", SURVEYS)
def test_with_the_examples_filled_in_an_english_question_is_one_part_and_the_first_message_two(key):
    first, *rest = messages(library(key), "en")

    assert len(first) <= 2 * 153
    assert max(map(len, rest)) <= 160


@pytest.mark.parametrize("key", SURVEYS)
def test_with_the_examples_filled_in_no_message_is_longer_than_carriers_like(key):
    survey = library(key)

    lengths = {len(text) for language in survey.languages for text in messages(survey, language)}

    assert max(lengths) <= 320


@pytest.mark.parametrize("key", [key for key in SURVEYS if key.endswith("-staff")])
def test_what_staff_say_is_cut_from_the_person(key):
    assert library(key).anonymous


@pytest.mark.parametrize("language", library("ideas-all").languages)
def test_the_word_that_passes_over_the_second_idea_is_the_one_the_language_understands(language):
    question = library("ideas-all").question("more")

    assert phrases.say("skip_word", language) in question.wording(language, None)


def shown(survey, seed):
    text = begin(survey, "en", values(survey, "en"), seed=seed).prompt.text
    return [line.split(". ", 1)[1] for line in text.splitlines() if line[0].isdigit()]


def test_each_person_gets_five_statements_and_none_of_them_last():
    survey = library("rank-all")

    for seed in range(50):
        *statements, last = shown(survey, seed)
        assert len(set(statements)) == 5
        assert last == "None"


def test_every_statement_is_shown_about_as_often_as_every_other():
    survey = library("rank-all")
    often = [statement for seed in range(400) for statement in shown(survey, seed)[:-1]]

    counts = {statement: often.count(statement) for statement in often}

    assert len(counts) == 8
    assert min(counts.values()) > 200  # 250 each on average
    assert max(counts.values()) < 300


@pytest.mark.parametrize(("answer", "told"), [("Very", True), ("A bit", False)])
def test_who_is_worn_out_is_told_whom_to_call(answer, told):
    survey = library("load-staff")
    talk, _ = start(survey, "en", values(survey, "en"))

    _, reply = say(talk, answer)

    assert ("988" in reply) is told
