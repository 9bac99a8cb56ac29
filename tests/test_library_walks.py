"""Whoever answers the library's surveys, and however: nothing breaks, it ends, little is kept, and no word is lost."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_flows import LIBRARY, MENU, Place, begin, hear, library, words
from survey_flows import requests as wishes

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
MESSAGES = 60
MOST = 4096
REQUESTS = (
    "skip", "saltar", "back", "atrás", "I don't know", "no sé", "ok", "I meant 2", "no, 1", "*3", "sorry 2",
    "can someone call me", "JOIN BUS", "español", "English please", "STOP", "help", "yes", "no", "不知道", "تخطي",
)  # fmt: skip
MEDIA = (("image/jpeg",), ("audio/ogg",), ("video/mp4", "image/png"))


@st.composite
def messages(draw):
    """What somebody sends: words of their own, a number, a request, a picture, and whether it came early."""
    said = draw(
        st.one_of(
            st.sampled_from(REQUESTS),
            st.integers(-1, 12).map(str),
            st.lists(st.integers(0, 7), max_size=5).map(lambda row: " ".join(map(str, row))),
            st.text(max_size=80),
            st.sampled_from(
                ["the bus", "muy difícil", "很难", "صعب", "7:30", "11/3/2026", "🙂🙁", "x" * 1600, "", "  "]
            ),
        )
    )
    media = draw(st.one_of(st.just(()), st.just(()), st.just(()), st.sampled_from(MEDIA)))
    return said, draw(st.integers(0, 9)), media, draw(st.booleans())


def pressed(prompt, which, place):
    """Now and then a button of the last prompt, of another question, or one that is nobody's."""
    if prompt and prompt.choices and which < 3:
        return f"{prompt.question}:{prompt.choices[which % len(prompt.choices)].key}"
    return {3: "nobody", 4: f"{place.last}:yes"}.get(which) if which < 5 and place.last else None


@pytest.mark.parametrize("key", LIBRARY)
def test_whatever_people_send_every_message_is_one_answer_and_little_is_kept(key):
    survey = library(key)

    @settings(max_examples=8, deadline=None)
    @given(
        st.sampled_from(survey.languages), st.integers(0, 2**31), st.booleans(),
        st.lists(messages(), min_size=MESSAGES // 2, max_size=MESSAGES),
    )  # fmt: skip
    def walk(language, seed, menu, said):
        values = {
            "school": "Lincoln School",
            **{name: texts[language] for name, texts in survey.fields.items()},
        }
        step = begin(survey, language, values, now=NOW, seed=seed, menu_of=survey.languages if menu else ())
        prompt = step.prompt
        for heard, which, media, joined in said:
            place = back(step.place)
            choice = pressed(prompt, which, place)
            step = hear(
                survey, place, "" if choice else heard, values, choice, now=NOW, media=media, joined=joined
            )
            prompt = step.prompt or prompt
            told = [answer for answer in step.answers if answer.kind != "computed"]
            assert len(told) <= 1
            if choice is None and heard.strip() and place.at != MENU and (place.at or place.answers):
                assert told or passed_on(heard, place, survey), (heard, place)
            assert all(answer.heard == ("" if choice else heard) for answer in told)
            assert {answer.question for answer in told} <= survey.by_key.keys()

    walk()


def passed_on(heard, place, survey):
    """Whether a message asks for something that leaves no answer: the question before, or to skip a needed one."""
    request = wishes.read(heard, place.language)
    if request is None or place.at is None:
        return False
    needed = survey.question(place.at.partition("[")[0]).required and place.tries == 0
    return request.kind == "back" or (request.kind == "skip" and needed)


def back(place):
    """The place as it comes back from the store."""
    stored = json.dumps(place.to_json())
    assert len(stored.encode()) < MOST
    assert Place.from_json(json.loads(stored)) == place
    return Place.from_json(json.loads(stored))


@pytest.mark.parametrize("key", LIBRARY)
def test_a_survey_ends_whatever_is_said_to_it(key):
    survey = library(key)
    bound = 2 * len(survey.questions)
    for language in survey.languages:
        values = {
            "school": "Lincoln School",
            **{name: texts[language] for name, texts in survey.fields.items()},
        }
        for said in ("qwerty", "1", "x" * 1600, "skip", "99", "🙂", "I don't know", "no", "yes"):
            step, steps = begin(survey, language, values, now=NOW), 0
            while step.place.at is not None:
                step, steps = hear(survey, step.place, said, values, now=NOW), steps + 1
                assert steps <= bound, (language, said, step.place)
            assert step.prompt is not None


def test_no_request_here_is_a_word_that_the_service_takes_for_itself_unawares():
    assert {said for said in REQUESTS if words.read(said)} == {"español", "English please", "STOP", "help"}
