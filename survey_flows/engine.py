"""What to ask next, given what was said. Nothing is remembered here: the whole state is one small Place.

One message goes the same way always: a pressed button answers its question; else the words answer the question that
waits; else they ask for something (skip, back, "I meant 2"); else we ask back once, naming what may have been meant;
and then they are kept as they are, and the survey goes on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from . import requests
from .asking import Question, Reading
from .choices import One
from .hearing import TRIES, Hearing, ask, first_question, go_on, today_of
from .place import MENU, Place, Step
from .program import onward
from .prompts import menu
from .questions import Open
from .replies import agreed, ask_again, joined_words, late_words, pressed, requested, unfit
from .scope import SKIPPED, apart, key
from .survey import Survey
from .which_language import asked_for_language, chosen_language, named_language


def begin(
    survey: Survey,
    language: str,
    values: Mapping[str, str],
    variant: str | None = None,
    *,
    now: datetime | None = None,
    seed: int = 0,
    full: Collection[str] = (),
    menu_of: Collection[str] = (),
) -> Step:
    """The first message: who asks and why, how to end, and the first question.

    ``language`` may be any BCP 47 tag; the survey's nearest one is used. With ``menu_of`` (languages) the person is
    asked first which of them to use. A survey that has no such variant has one wording for everybody. ``now`` is an
    aware time, which expressions may need; ``seed`` decides what is drawn by lot; ``full`` are quotas that are filled.
    Raises LookupError for a missing value.

    >>> from survey_flows import begin, library
    >>> begin(library("getting-to-school"), "fr", {"school": "Lincoln School"}).prompt.question
    'hard'
    """
    known = variant if variant in survey.variants else None
    given = {name: values[name] for name in survey.fields if name in values}
    place = Place(None, survey.speaks(language), variant=known, seed=seed, given=given)
    hearing = Hearing(survey, place, "", values, now, full=full)
    if len(menu_of) > 1:
        waiting = replace(place, at=MENU)
        return Step(waiting, menu(survey, waiting, hearing.scope(), menu_of))
    return first_question(hearing)


def left(survey: Survey, place: Place, values: Mapping[str, str], *, now: datetime | None = None) -> int:
    """About how many questions are left, the one that waits among them: what the answers so far lead to. Without
    ``now``, those behind a condition that looks at the time are not counted.

    >>> from survey_flows import begin, left, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> left(survey, begin(survey, "en", values).place, values)
    3
    """
    from .expressions import ExpressionError  # elementpath takes a while to load

    if place.at is None:
        return 0
    hearing, at, found = Hearing(survey, place, "", values, now), place.at, 1
    answers = dict(place.answers)
    while at != MENU and found < 100:
        answers[at] = dict(SKIPPED)
        try:
            walk = onward(survey, hearing.scope(answers), answers, at)
        except ExpressionError:
            break
        if walk.question is None:
            break
        at, found = key(walk.question.key, walk.turn), found + 1
    return found


def switch(survey: Survey, place: Place, language: str) -> Place:
    """The same place in another language; in the survey's nearest one where it does not have that one.

    >>> from survey_flows import begin, library
    >>> survey = library("getting-to-school")
    >>> switch(survey, begin(survey, "en", {"school": "Lincoln School"}).place, "es-MX").language
    'es'
    """
    return replace(place, language=survey.speaks(language))


def hear(
    survey: Survey,
    place: Place,
    heard: str,
    values: Mapping[str, str],
    choice: str | None = None,
    *,
    now: datetime | None = None,
    media: tuple[str, ...] = (),
    full: Collection[str] = (),
    joined: bool = False,
    among: Collection[str] = (),
) -> Step:
    """One message heard.

    ``choice`` is the key of a pressed button, bare ("very") or with its question ("hard:very"). ``media`` are the media
    types of what came with it ("image/jpeg"). ``joined`` says that the message came before the last prompt went out:
    its words belong to the open answer before. ``now`` and ``full`` are as for ``begin``. ``among`` are the languages in
    which the survey may go on, where somebody asks for another; all of its own, where it is empty.

    An answer that is not understood is asked for once more, kindly; then it is kept as it is and the survey goes on.
    Words after the last question are kept as well, and acknowledged once: two robots must not thank each other for ever.

    >>> from survey_flows import begin, hear, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> step = hear(survey, begin(survey, "en", values).place, "sí, muy difícil", values)
    >>> step.answer.value, step.prompt.question
    ('very', 'what_hard')
    """
    hearing = Hearing(survey, place, heard, values, now, media, full, among)
    if place.at == MENU:
        return chosen_language(hearing, choice)
    if choice is not None:
        return pressed(hearing, choice)
    if joined and heard.strip() and place.last and isinstance(survey.by_key[apart(place.last)[0]], Open):
        return joined_words(hearing, place.last)
    if place.at is None:
        return late_words(hearing)
    question, scope = hearing.waiting(place.at)
    # "No thanks" is no answer to "was it hard?", though a bare "no" is.
    declined = isinstance(question, One) and requests.declines(heard) and not question.names(heard)
    reading = None if declined else _read(hearing, question)
    request = requests.Request("skip") if declined else None
    if reading is None and not declined:
        request = requests.read(heard, place.language)
    step = requested(hearing, question, request) if request else None
    if step is not None:
        return step
    if question.in_words and reading is None:
        reading = question.read(heard, place.language)
        hearing = asked_for_language(hearing, question)
    if reading is not None and not question.allows(reading.value, scope):
        return unfit(hearing, question)
    if reading is None and not isinstance(question, Open) and place.tries + 1 < TRIES:
        return ask_again(hearing, question)
    return go_on(hearing, place.at, reading)


def _read(hearing: Hearing, question: Question) -> Reading | None:
    """The answer to a question for which not just any words will do, or a yes to what was offered."""
    reading = question.see(hearing.media)
    if reading is None and not question.in_words:
        reading = question.read(hearing.heard, hearing.place.language, today_of(hearing.now))
    return reading or agreed(hearing, question)


__all__ = ["TRIES", "ask", "begin", "hear", "left", "named_language", "switch"]
