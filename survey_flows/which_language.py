"""Which language to go on in: the menu for newcomers, and questions that ask for a language."""

from __future__ import annotations

from dataclasses import replace

from .asking import Question
from .folding import fold
from .hearing import TRIES, Hearing, first_question
from .place import MENU, Place, Step
from .prompts import menu
from .questions import Open
from .scope import apart
from .survey import Survey
from .wording import nearest
from .words import read as command


def named_language(survey: Survey, place: Place, heard: str) -> str | None:
    """The language that an answer names, where the question that waits asks for one; else None: then the name of a
    language is a wish to be written to in it.

    >>> from survey_flows import begin, library
    >>> survey, values = library("language-family"), {"school": "Lincoln School"}
    >>> named_language(survey, begin(survey, "en", values).place, "Ruso, por favor")
    'ru'
    """
    if place.at is None or place.at == MENU:
        return None
    question = survey.question(apart(place.at)[0])
    if not isinstance(question, Open) or question.seeks != "language":
        return None
    word = command(heard, place.language)
    return word.language if word and word.kind == "language" else None


def asked_for_language(hearing: Hearing, question: Question) -> Hearing:
    """The survey goes on in the language that was asked for, where it has it."""
    named = named_language(hearing.survey, hearing.place, hearing.heard)
    known = named is not None and nearest(named, hearing.survey.languages, "")
    if not known or not hearing.may_speak(known):
        return hearing
    return replace(hearing, place=replace(hearing.place, language=known))


def chosen_language(hearing: Hearing, choice: str | None) -> Step:
    """The answer to the menu of languages: a number, a language's name, or anything else, which asks once more and
    then goes on in the language of the menu."""
    survey, place = hearing.survey, hearing.place
    offered = {n: tag for n, tag in enumerate(survey.languages, start=1) if hearing.may_speak(tag)}
    named = choice.rpartition(":")[2] if choice else None
    if named is None:
        word = command(hearing.heard, place.language)
        plain = fold(hearing.heard)
        number = int(plain) if plain.isdigit() and len(plain) < 4 else 0
        spoken = word.language if word is not None else None
        named = survey.speaks(spoken) if spoken else offered.get(number)
    if named not in offered.values() and place.tries + 1 < TRIES:
        again = replace(place, tries=place.tries + 1)
        return Step(again, menu(survey, again, hearing.scope(), hearing.among))
    language = named if named in offered.values() else place.language
    return first_question(
        replace(hearing, place=replace(place, at=None, tries=0, language=language or place.language))
    )
