"""One message and what it is heard with; the step on from an answer to the next question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from . import phrases
from .asking import Question, Reading
from .place import MENU, Answer, Place, Prompt, Step
from .program import Walk, onward
from .prompts import menu, prompt, thanks
from .questions import Open
from .scope import Scope, Value, apart, key
from .survey import Survey

TRIES = 2
"""How often a closed question is asked before its answer is kept as it is and the survey goes on."""
LONGEST = 640
"""Characters of an open answer that are kept with the place, where a text or an expression refers to it."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """One message, and all it is heard with. It may lead to another language ``among`` these; to any, where it is empty."""

    survey: Survey
    place: Place
    heard: str
    values: Mapping[str, str]
    now: datetime | None = None
    media: tuple[str, ...] = ()
    full: Collection[str] = ()
    among: Collection[str] = ()

    def scope(
        self, answers: Mapping[str, Value] | None = None, at: str | None = None, place: Place | None = None
    ) -> Scope:
        place, name = place or self.place, apart(at) if at else (None, ())
        return Scope(
            self.survey,
            place.answers if answers is None else answers,
            place.language,
            {**self.values, **place.given} if place.given else self.values,
            self.now,
            place.seed,
            self.full,
            name[0],
            name[1],
        )

    def may_speak(self, language: str) -> bool:
        """Whether the survey may go on in this language of its own."""
        return not self.among or language in self.among

    def waiting(self, at: str) -> tuple[Question, Scope]:
        scope = self.scope(at=at)
        return self.survey.question(scope.at or "").shown(scope), scope

    def say(self, place: Place, first: str = "", notes: Walk | None = None) -> Prompt:
        return prompt(self.survey, place, self.scope(at=place.at, place=place), first, notes)


def first_question(hearing: Hearing) -> Step:
    """The survey's own first message: who asks and why, and the first question."""
    language = hearing.place.language
    intro = hearing.survey.intro[language]
    if hearing.survey.anonymous:
        intro = f"{intro}\n{phrases.say('anonymous', language)}"
    answers = dict(hearing.place.answers)
    walk = onward(hearing.survey, hearing.scope(answers), answers, None)
    return _arrive(hearing, walk, answers, (), intro)


def go_on(
    hearing: Hearing, at: str, reading: Reading | None, missing: Mapping[str, str] | None = None
) -> Step:
    """Keep an answer and go on to the next question."""
    question = hearing.survey.question(apart(at)[0])
    kept: Value = dict(missing) if missing else None
    if reading is not None:
        kept = reading.value
        if question.in_words:
            kept = str(kept)[:LONGEST] if question.key in hearing.survey.recalled else True
    answers = {**hearing.place.answers, at: kept}
    walk = onward(hearing.survey, hearing.scope(answers), answers, at)
    said = answer_of(question, reading, hearing.heard, apart(at)[1], missing)
    return _arrive(
        hearing, walk, answers, (said,), at=at, pause=isinstance(question, Open) and reading is not None
    )


def _arrive(
    hearing: Hearing,
    walk: Walk,
    answers: dict[str, Value],
    said: tuple[Answer, ...],
    first: str = "",
    at: str | None = None,
    *,
    pause: bool = False,
) -> Step:
    """The step that a walk comes out at."""
    was = hearing.place
    following = key(walk.question.key, walk.turn) if walk.question else None
    place = Place(
        following, was.language, 0, was.variant, answers, at, None, was.seed, was.given, was.thanked
    )
    computed = tuple(
        Answer(apart(kept)[0], "computed", value, "", True, turn=apart(kept)[1])
        for kept, value in walk.computed
    )
    if following is not None:
        message = hearing.say(place, first, walk)
    else:
        message = thanks(hearing.survey, place, hearing.scope(answers), walk, first)
    return Step(
        place,
        message,
        (*said, *computed),
        pause,
        quotas=tuple(walk.quotas),
        full=walk.full.key if walk.full else None,
    )


def answer_of(
    question: Question,
    reading: Reading | None,
    heard: str,
    turn: tuple[int, ...] = (),
    missing: Mapping[str, str] | None = None,
    *,
    late: bool = False,
) -> Answer:
    """What one message said to a question; ``missing`` where the person passed over it."""
    value, language = (reading.value, reading.language) if reading else (None, None)
    passed = missing["missing"] if missing else None
    return Answer(
        question.key, question.kind, value, heard, reading is not None or passed is not None, language, late,
        turn=turn, missing="skipped" if passed == "skipped" else "dont_know" if passed else None,
    )  # fmt: skip


def today_of(now: datetime | None) -> date | None:
    """The day that it is, where the caller has said."""
    return now.date() if now else None


def is_choice(
    survey: Survey,
    place: Place,
    heard: str,
    values: Mapping[str, str] = MappingProxyType({}),
    *,
    now: datetime | None = None,
) -> bool:
    """Whether a message is an answer to the closed question that waits: then it asks for nothing else. A list that
    depends on the time counts whole where there is no ``now``.

    >>> from survey_flows import begin, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> place = begin(survey, "en", values).place
    >>> is_choice(survey, place, "very hard"), is_choice(survey, place, "call me")
    (True, False)
    """
    from .expressions import ExpressionError  # elementpath takes a while to load

    if place.at is None or place.at == MENU:
        return False
    question = survey.question(apart(place.at)[0])
    if question.in_words:
        return False
    with suppress(ExpressionError):
        question, _ = Hearing(survey, place, heard, values, now).waiting(place.at)
    return question.read(heard, place.language, today_of(now)) is not None


def ask(
    survey: Survey,
    place: Place,
    values: Mapping[str, str],
    *,
    now: datetime | None = None,
    first: str = "",
    among: Collection[str] = (),
) -> Prompt | None:
    """The question that waits, once more (after START, or in a new language); None when none waits. ``first`` is a
    line to begin with, ``among`` are the languages that may be offered.

    >>> from survey_flows import begin, library, switch
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> place = switch(survey, begin(survey, "en", values).place, "es")
    >>> ask(survey, place, values, first="De acuerdo.").text.splitlines()[0]
    'De acuerdo.'
    """
    if place.at is None:
        return None
    hearing = Hearing(survey, place, "", values, now)
    return menu(survey, place, hearing.scope(), among) if place.at == MENU else hearing.say(place, first)
