"""Whoever asks us to stop is left alone, in any language, whatever the conversation is about to do."""

from dataclasses import replace
from datetime import timedelta
from itertools import islice

import pytest

from survey_flows import LIBRARY, MENU, begin, library, loads, phrases
from survey_flows.lexicon import LEXICONS
from survey_flows.talk import Talk, say, start, wait
from survey_flows.utterances import expand

HEAD = """\
survey: test
title: {en: Test}
intro: {en: "{school} asks. Reply STOP to end."}
questions:
"""
HOME = loads(
    HEAD
    + """\
  - {key: days, kind: number, required: yes, text: {en: How many days?}, constraint: {that: ". <= 28", say: {en: There are only 28 days.}}}
  - group: each_child
    repeat: yes
    label: {en: child}
    questions:
      - {key: name, kind: open, text: {en: First name?}}
      - {key: age, kind: number, text: {en: "How old is ${name}?"}, max: 20}
  - {key: born, kind: date, text: {en: Which day?}}
  - {key: last, kind: open, text: {en: Anything else?}}
""",
    "home.yaml",
)
WORDS = {
    tag: [
        "STOP",
        *islice(
            dict.fromkeys(
                word
                for row in lexicon.stop
                for word in expand(row)
                if word.upper() not in ("STOP", "STOPP", "STOPALL")
            ),
            3,
        ),
    ]
    for tag, lexicon in LEXICONS.items()
}


def values(survey):
    return {
        "school": "Lincoln School",
        **{name: next(iter(texts.values())) for name, texts in survey.fields.items()},
    }


def at(survey, key, language="en"):
    """A conversation in which this question waits."""
    talk, _ = start(survey, language, values(survey))
    return replace(talk, place=replace(talk.place, at=key))


def after(talk, *said):
    for message in said:
        talk, _ = say(talk, message)
    return talk


def menu(survey):
    given = values(survey)
    step = begin(survey, "en", given, menu_of=survey.languages)
    return Talk(survey, given, step.place, prompt=step.prompt, due=timedelta(days=1))


def ends(talk, message):
    """Whether a message ends a conversation: one confirmation, and then silence, whatever is said."""
    stopped, reply = say(talk, message)
    if not stopped.stopped or reply != phrases.say("stopped", talk.place.language, **talk.values):
        return False
    quiet = [say(stopped, more)[1] for more in (message, "1", "the bus is late", "HELP")]
    return quiet == [None] * 4 and wait(stopped, timedelta(days=30))[1] == () and stopped.due is None


def speaks(tag, survey):
    """The person's own language where the survey has it; else English, to somebody who answers in their own."""
    return tag if tag in survey.languages else "en"


def test_there_are_four_words_in_each_language():
    assert {tag: len(words) for tag, words in WORDS.items()} == dict.fromkeys(LEXICONS, 4)


@pytest.mark.parametrize("key", LIBRARY)
def test_at_every_question_of_the_library(key):
    survey = library(key)
    for tag, words in WORDS.items():
        for question in survey.questions:
            talk = at(survey, question.key, speaks(tag, survey))
            assert [word for word in words if not ends(talk, word)] == [], (tag, question.key)


STATES = {
    "the first message": lambda: start(HOME, "en", values(HOME))[0],
    "a misunderstanding": lambda: after(at(library("getting-to-school"), "hard"), "qwerty"),
    "asking back": lambda: after(at(library("getting-to-school"), "hard"), "it was very hard for us"),
    "the menu of languages": lambda: menu(library("getting-to-school")),
    "the menu, once more": lambda: after(menu(library("getting-to-school")), "qwerty"),
    "a limit": lambda: after(at(HOME, "days"), "40"),
    "a needed answer": lambda: after(at(HOME, "days"), "skip"),
    "a second time round": lambda: after(at(HOME, "days"), "3", "Ana", "7", "yes"),
    "is there another": lambda: after(at(HOME, "days"), "3", "Ana", "7"),
    "a date": lambda: at(HOME, "born"),
    "going back": lambda: after(at(HOME, "days"), "3", "Ana", "back"),
    "waiting for more words": lambda: after(at(HOME, "days"), "3", "Ana"),
    "after the end": lambda: after(at(library("getting-to-school"), "one_thing"), "more buses"),
    "after the thanks": lambda: after(
        at(library("getting-to-school"), "one_thing"), "more buses", "and a bike"
    ),
    "after a reminder": lambda: wait(at(HOME, "born"), timedelta(hours=25))[0],
    "after two reminders": lambda: wait(at(HOME, "born"), timedelta(days=5))[0],
    "after it expired": lambda: wait(at(HOME, "born"), timedelta(days=40))[0],
    "a change of language": lambda: after(at(library("getting-to-school"), "hard"), "español"),
    "a call for help": lambda: after(at(library("getting-to-school"), "what_hard"), "I want to kill myself"),
    "a wish to talk to somebody": lambda: after(at(HOME, "days"), "can someone call me"),
    "starting again": lambda: after(at(HOME, "days"), "STOP", "START"),
}


def test_each_state_is_what_it_says():
    assert STATES["the menu of languages"]().place.at == MENU
    assert STATES["asking back"]().place.maybe == "very"
    assert (STATES["a limit"]().place.tries, STATES["a misunderstanding"]().place.tries) == (1, 1)
    assert STATES["a second time round"]().place.at == "name[2]"
    assert STATES["is there another"]().place.at == "each_child_more[1]"
    assert STATES["waiting for more words"]().pending
    assert STATES["after the end"]().place.at is None
    assert STATES["after it expired"]().state == "expired"
    assert STATES["a change of language"]().place.language == "es"
    assert STATES["a call for help"]().told == "self_harm"
    assert not STATES["starting again"]().stopped


@pytest.mark.parametrize("state", STATES)
def test_in_every_state(state):
    talk = STATES[state]()

    assert [(tag, word) for tag, words in WORDS.items() for word in words if not ends(talk, word)] == []


@pytest.mark.parametrize("tag", LEXICONS)
def test_however_it_is_written(tag):
    talk = at(library("getting-to-school"), "what_hard", speaks(tag, library("getting-to-school")))
    for word in WORDS[tag]:
        written = (
            word.upper(),
            word.lower(),
            f"{word}!!!",
            f" {word}. ",
            f"{word} {word} {word}",
            f"please {word}",
        )
        assert [text for text in written if not ends(talk, text)] == []
