"""One message in, one message out: where a person is, what is asked next, what is kept."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import Place, ask, begin, hear, library, loads, phrases, switch, words
from survey_flows.talk import say, start

SURVEY = library("getting-to-school")
VALUES = {"school": "Lincoln School"}


def after(*replies, language="en", survey=SURVEY):
    step = begin(survey, language, VALUES)
    for reply in replies:
        step = hear(survey, step.place, reply, VALUES)
    return step


def test_the_first_message_says_who_asks_how_to_end_and_the_first_question():
    step = begin(SURVEY, "en", VALUES)

    assert step.prompt.text == (
        "Lincoln School asks what getting to school is like for you, so that we can help. Reply STOP to end.\n"
        "In the last 2 weeks, was it hard to get your child to school?\n1. Not hard\n2. A little hard\n3. Very hard"
    )
    assert step.prompt.question == "hard"
    assert [choice.key for choice in step.prompt.choices] == ["not_hard", "a_little", "very"]
    assert step.place == Place("hard", "en")
    assert step.answer is None
    assert not step.done


def test_a_value_that_a_text_needs_has_to_be_given():
    with pytest.raises(LookupError, match="school"):
        begin(SURVEY, "en", {})


def test_students_are_asked_in_their_own_wording_and_families_in_theirs():
    family, student = begin(SURVEY, "en", VALUES), begin(SURVEY, "en", VALUES, "student")

    assert "hard to get your child to school?" in family.prompt.text
    assert "hard for you to get to school?" in student.prompt.text
    assert hear(SURVEY, student.place, "3", VALUES).answer.value == "very"


def test_a_survey_without_that_variant_has_one_wording_for_everybody():
    assert begin(SURVEY, "en", VALUES, "staff").prompt == begin(SURVEY, "en", VALUES).prompt


def test_a_speaker_of_another_kind_of_spanish_is_asked_in_spanish():
    assert begin(SURVEY, "es-MX", VALUES).place.language == "es"


def test_an_answer_is_kept_with_its_words():
    answer = after("Muy dificil!!").answer

    assert (answer.question, answer.kind, answer.value) == ("hard", "scale", "very")
    assert answer.heard == "Muy dificil!!"
    assert answer.understood
    assert answer.language == "es"


def test_whoever_finds_it_hard_is_asked_what_and_whoever_does_not_is_asked_what_helps():
    assert after("3").prompt.question == "what_hard"
    assert after("2").prompt.question == "what_hard"
    assert after("1").prompt.question == "what_helps"
    assert after("3", "the bus").prompt.question == "days_missed"


def test_an_answer_that_is_not_understood_is_asked_for_once_more():
    step = after("el bus nunca pasa")

    assert step.prompt.text.startswith(phrases.say("kept_again", "en"))  # words are kept, and said to be
    assert after("xyz").prompt.text.startswith(phrases.say("again", "en"))
    assert step.prompt.text.endswith("3. Very hard")
    assert step.place.at == "hard"
    assert (step.answer.understood, step.answer.value, step.answer.heard) == (
        False,
        None,
        "el bus nunca pasa",
    )


def test_after_a_second_try_the_words_are_kept_and_the_survey_goes_on():
    step = after("el bus nunca pasa", "no hay carro")

    assert step.place.at == "what_hard"
    assert step.place.tries == 0
    assert step.answer.heard == "no hay carro"
    assert not step.answer.understood
    assert phrases.say("again", "en") not in step.prompt.text


def test_an_answer_that_nobody_understood_closes_no_question():
    asked = []
    step = after("???", "???")
    while not step.done:
        asked.append(step.place.at)
        step = hear(SURVEY, step.place, "words", VALUES)

    assert asked == ["what_hard", "what_helps", "days_missed", "days_missed", "one_thing"]


def test_yes_to_a_choice_that_has_gone_since_is_no_answer():
    step = hear(SURVEY, Place("hard", "en", tries=1, maybe="gone"), "yes", VALUES)

    assert (step.answer.value, step.answer.understood) == (None, False)


def test_a_number_out_of_range_is_asked_for_with_its_range():
    step = after("3", "the bus", "300")

    assert step.prompt.text.startswith(
        "Sorry, we did not understand. Please reply with a number from 0 to 28."
    )


def test_a_picture_in_answer_to_an_open_question_is_kept_as_not_understood():
    step = after("3", "")

    assert step.place.at == "days_missed"
    assert (step.answer.question, step.answer.understood, step.answer.heard) == ("what_hard", False, "")


def test_a_picture_in_answer_to_a_choice_is_asked_again():
    step = after("")

    assert step.place.at == "hard"
    assert step.answer is None


def test_the_last_answer_is_thanked_for():
    step = after("1", "grandma", "0", "nothing")

    assert step.done
    assert step.prompt.text == "Thank you. Lincoln School will tell you what families and students said."
    assert step.prompt.question is None


def test_what_comes_after_the_end_is_kept_and_acknowledged_once():
    first = hear(SURVEY, after("1", "grandma", "0", "a later bus").place, "and a crossing guard", VALUES)
    second = hear(SURVEY, first.place, "bye", VALUES)

    assert first.prompt.text == phrases.say("closed", "en")
    assert (first.answer.question, first.answer.value, first.answer.late) == (
        "one_thing",
        "and a crossing guard",
        True,
    )
    assert second.prompt is None
    assert second.answer.heard == "bye"


def test_a_change_of_language_keeps_the_place():
    place = after("3").place

    spanish = switch(SURVEY, place, "es")

    assert spanish.at == "what_hard"
    assert (
        ask(SURVEY, spanish, VALUES).text
        == "¿Qué lo hizo difícil, si hubo algo? Puede decirlo con sus palabras, en cualquier idioma."
    )
    assert ask(SURVEY, after("1", "x", "0", "x").place, VALUES) is None


def test_a_place_is_a_small_json():
    place = after("3", "secret words", "2", language="ar").place

    stored = json.dumps(place.to_json())

    assert Place.from_json(json.loads(stored)) == place
    assert "secret" not in stored
    assert len(stored) < 300


def test_a_place_in_another_version_of_the_survey_is_an_error():
    with pytest.raises(LookupError, match="no question 'gone'"):
        hear(SURVEY, Place("gone", "en"), "1", VALUES)


# Buttons


def test_a_button_answers_the_question_that_waits():
    step = hear(SURVEY, begin(SURVEY, "ar", VALUES).place, "صعب جدًا", VALUES, choice="very")

    assert step.answer.value == "very"
    assert step.answer.heard == "صعب جدًا"


def test_a_button_may_name_its_question():
    assert (
        hear(SURVEY, begin(SURVEY, "en", VALUES).place, "", VALUES, choice="hard:very").answer.value == "very"
    )


def test_a_button_pressed_twice_changes_nothing():
    place = after("3").place

    step = hear(SURVEY, place, "Very hard", VALUES, choice="hard:very")

    assert step.place == place
    assert step.prompt is None
    assert step.answer is None


def test_another_button_of_an_answered_question_corrects_it_and_the_way_on():
    step = hear(SURVEY, after("3").place, "Not hard", VALUES, choice="hard:not_hard")

    assert (step.answer.question, step.answer.value) == ("hard", "not_hard")
    assert step.place.at == "what_helps"


def test_a_button_that_is_no_choice_of_the_question_asks_it_again():
    step = hear(SURVEY, after("3").place, "Very hard", VALUES, choice="very")

    assert step.place == after("3").place
    assert step.prompt.question == "what_hard"
    assert step.answer is None


def test_a_button_after_the_end_corrects_quietly():
    step = hear(SURVEY, after("1", "x", "0", "x").place, "", VALUES, choice="hard:very")

    assert step.done
    assert step.prompt is None
    assert (step.answer.value, step.answer.late) == ("very", True)


# Conditions

CONDITIONS = loads(
    """
survey: conditions
title: Conditions
intro: "{school} STOP"
questions:
  - {key: days, kind: number, text: Days?}
  - {key: late, kind: yesno, text: Late?, ask_if: {days: {min: 2, max: 5}}}
  - key: way
    kind: many
    text: Way?
    choices: [{key: bus, en: Bus}, {key: cold, en: Cold}]
  - {key: both, kind: open, text: Both?, ask_if: {late: [yes], way: [bus, none]}}
  - {key: last, kind: open, text: Last?, ask_if: {late: [no]}}
""",
    "conditions",
)


@pytest.mark.parametrize(
    ("replies", "asked"),
    [
        (["1"], "way"),
        (["2"], "late"),
        (["5"], "late"),
        (["6"], "way"),
        (["2", "yes", "1"], "both"),
        (["2", "yes", "0"], "both"),
        (["2", "yes", "2"], None),
        (["2", "no", "1"], "last"),
        (["1", "1"], None),
        (["?", "?"], "late"),
        (["2", "?", "?", "1"], "both"),
        (["2", "?", "?", "1", "words"], "last"),
        (["2", "yes", "?", "?"], "both"),
    ],
)
def test_a_question_is_asked_only_where_its_conditions_hold(replies, asked):
    assert after(*replies, survey=CONDITIONS).place.at == asked


# Properties

REPLIES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "1",
                "2",
                "3",
                "0",
                "no",
                "sí",
                "muy dificil",
                "5 days",
                "el bus",
                "",
                "?",
                "👍",
                "STOP",
                "español",
                "help",
            ]
        ),
        st.text(max_size=60),
    ),
    max_size=14,
)


@settings(deadline=None)
@given(replies=REPLIES, language=st.sampled_from(SURVEY.languages))
def test_no_words_are_lost_and_every_conversation_ends(replies, language):
    step = begin(SURVEY, language, VALUES)

    for reply in replies:
        was, step = step, hear(SURVEY, step.place, reply, VALUES)

        if reply.strip():
            assert step.answer.heard == reply
        assert was.done is False or step.done
        assert step.prompt is None or "{" not in step.prompt.text
        assert Place.from_json(json.loads(json.dumps(step.place.to_json()))) == step.place
    assert step.done or len(replies) < 2 * len(SURVEY.questions)


@settings(deadline=None)
@given(replies=REPLIES)
def test_the_same_words_lead_to_the_same_place(replies):
    assert after(*replies) == after(*replies)


@settings(deadline=None)
@given(replies=REPLIES, language=st.sampled_from(SURVEY.languages))
def test_after_a_stop_there_is_silence_until_a_start(replies, language):
    talk, _ = start(SURVEY, language, VALUES)
    talk, farewell = say(talk, "STOP")

    for reply in (
        reply for reply in replies if words.read(reply) is None or words.read(reply).kind != "start"
    ):
        talk, answer = say(talk, reply)
        assert answer is None

    talk, answer = say(talk, "START")
    assert farewell == phrases.say("stopped", language, **VALUES)
    assert answer.startswith(phrases.say("started", talk.place.language))
