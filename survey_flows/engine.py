"""What to ask next, given what was said. Nothing is remembered here: the whole state is one small Place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from . import phrases
from .questions import Choice, Open, Question, Reading, Value
from .survey import Survey
from .wording import fill


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person is in a survey.

    ``at`` is the key of the question that waits for an answer, None when there is none left. ``answers`` is what the
    conditions need: key to answer, ``True`` for an open one (its words are kept with the Answer, not twice), None for
    one that was not understood.
    """

    at: str | None
    language: str
    tries: int = 0
    variant: str | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {
            "at": self.at,
            "language": self.language,
            "tries": self.tries,
            "variant": self.variant,
            "answers": dict(self.answers),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Place:
        return cls(**stored)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message to one person. ``choices`` may be drawn as buttons; the text holds them too, numbered."""

    text: str
    language: str
    question: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message said. Every message with words becomes one, so that none is lost.

    Of several to one closed question the last understood one counts; the others are still the person's words.
    ``heard`` is the message as it came. ``understood`` is False for words that are kept without a value. ``late`` is
    for words that came after the last question: they add to an open answer. ``language`` is set where the words of
    a closed answer belong to one language only.
    """

    question: str
    kind: str
    value: Value
    heard: str
    understood: bool
    language: str | None = None
    late: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where a person is now, the one message to send (or none), and what to keep (or nothing)."""

    place: Place
    prompt: Prompt | None = None
    answer: Answer | None = None

    @property
    def done(self) -> bool:
        return self.place.at is None


TRIES = 2
"""How often a closed question is asked before its answer is kept as it is and the survey goes on."""


def begin(survey: Survey, language: str, values: Mapping[str, str], variant: str | None = None) -> Step:
    """The first message: who asks and why, how to end, and the first question.

    ``language`` may be any BCP 47 tag; the survey's nearest one is used. A survey that has no such variant has one
    wording for everybody. Raises LookupError for a missing value.
    """
    known = variant if variant in survey.variants else None
    place = Place(survey.questions[0].key, survey.speaks(language), variant=known)
    return Step(place, _prompt(survey, place, values, survey.intro[place.language]))


def ask(survey: Survey, place: Place, values: Mapping[str, str]) -> Prompt | None:
    """The question that waits, once more (after START, or in a new language); None when none waits."""
    return None if place.at is None else _prompt(survey, place, values)


def switch(survey: Survey, place: Place, language: str) -> Place:
    """The same place in another language; in the survey's nearest one where it does not have that one."""
    return replace(place, language=survey.speaks(language))


def hear(
    survey: Survey, place: Place, heard: str, values: Mapping[str, str], choice: str | None = None
) -> Step:
    """One message heard. ``choice`` is the key of a pressed button, bare ("very") or with its question ("hard:very").

    An answer that is not understood is asked for once more, kindly; then it is kept as it is and the survey goes on.
    Words after the last question are kept as well, and acknowledged once: two robots must not thank each other for ever.
    """
    if choice is not None:
        return _pressed(survey, place, heard, values, choice)
    if place.at is None:
        return _late(survey, place, heard)
    question = survey.question(place.at)
    reading = question.read(heard, place.language)
    # Words are asked for again; a picture in answer to an open question is an answer that we cannot read.
    if reading is None and place.tries + 1 < TRIES and not isinstance(question, Open):
        again = replace(place, tries=place.tries + 1)
        prompt = _prompt(survey, again, values, question.again(place.language))
        return Step(again, prompt, _answer(question, None, heard) if heard.strip() else None)
    return _onward(survey, place, question, reading, heard, values)


def _onward(
    survey: Survey,
    place: Place,
    question: Question,
    reading: Reading | None,
    heard: str,
    values: Mapping[str, str],
) -> Step:
    kept = True if reading and isinstance(question, Open) else reading.value if reading else None
    answers = {**place.answers, question.key: kept}
    following = next((q.key for q in survey.questions if _wanted(q, answers)), None)
    onward = replace(place, at=following, tries=0, answers=answers)
    prompt = (
        _prompt(survey, onward, values)
        if following
        else Prompt(fill(survey.thanks[place.language], values), place.language)
    )
    return Step(onward, prompt, _answer(question, reading, heard))


def _wanted(question: Question, answers: Mapping[str, Value]) -> bool:
    return question.key not in answers and all(condition.met(answers) for condition in question.ask_if)


def _pressed(survey: Survey, place: Place, heard: str, values: Mapping[str, str], choice: str) -> Step:
    """A button of the question that waits answers it. A button of an earlier question, still on the screen, corrects
    that answer; a second press of the same one, or of one that is not ours, changes nothing."""
    named, _, key = choice.rpartition(":")
    question = next((q for q in survey.questions if q.key == (named or place.at)), None)
    reading = question.press(key) if question else None
    asked = question is not None and (question.key == place.at or question.key in place.answers)
    if question is None or reading is None or not asked:
        return Step(place, ask(survey, place, values))
    if question.key in place.answers and place.answers[question.key] == reading.value:
        return Step(place)
    if place.at is None:
        corrected = replace(place, answers={**place.answers, question.key: reading.value})
        return Step(corrected, None, _answer(question, reading, heard, late=True))
    return _onward(survey, place, question, reading, heard, values)


def _late(survey: Survey, place: Place, heard: str) -> Step:
    answered = [question for question in survey.questions if question.key in place.answers]
    if not heard.strip() or not answered:
        return Step(place)
    question = next((q for q in reversed(answered) if isinstance(q, Open)), answered[-1])
    reading = Reading(heard.strip()) if isinstance(question, Open) else None
    thanks = Prompt(phrases.say("closed", place.language), place.language) if place.tries == 0 else None
    return Step(replace(place, tries=1), thanks, _answer(question, reading, heard, late=True))


def _answer(question: Question, reading: Reading | None, heard: str, *, late: bool = False) -> Answer:
    understood = reading is not None
    value, language = (reading.value, reading.language) if reading else (None, None)
    return Answer(question.key, question.kind, value, heard, understood, language, late)


def _prompt(survey: Survey, place: Place, values: Mapping[str, str], before: str = "") -> Prompt:
    if place.at is None:
        raise LookupError("a finished survey has no question to ask")
    question = survey.question(place.at)
    text = "\n".join(filter(None, [before, question.ask(place.language, place.variant)]))
    return Prompt(fill(text, values), place.language, question.key, question.choices(place.language))
