"""A conversation with a survey, without a phone and without a store: to try one out before any family sees it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from . import phrases, words
from .engine import ask, begin, hear, switch
from .place import Answer, Place, Step
from .survey import Survey
from .words import Word


@dataclass(frozen=True, slots=True)
class Talk:
    """One person's conversation so far: where they are, whether they have opted out, and what was kept last."""

    survey: Survey
    values: Mapping[str, str]
    place: Place
    stopped: bool = False
    answer: Answer | None = None


def start(
    survey: Survey, language: str, values: Mapping[str, str], variant: str | None = None
) -> tuple[Talk, str | None]:
    """The conversation as it begins, and the first message. Raises as ``begin`` does."""
    step = begin(survey, language, values, variant)
    return _after(Talk(survey, values, step.place), step)


def say(talk: Talk, heard: str, choice: str | None = None) -> tuple[Talk, str | None]:
    """The conversation after one more message of the person, and the reply; None for silence."""
    talk = replace(talk, answer=None)
    word = None if choice else words.read(heard, talk.place.language)
    if talk.stopped and (word is None or word.kind != "start"):
        return talk, None
    if word and not _an_answer(word, talk.place):
        return _REPLIES[word.kind](talk, word)
    return _after(talk, hear(talk.survey, talk.place, heard, talk.values, choice))


def _after(talk: Talk, step: Step) -> tuple[Talk, str | None]:
    return replace(talk, place=step.place, answer=step.answer), step.prompt.text if step.prompt else None


def _an_answer(word: Word, place: Place) -> bool:
    """The name of the language we are speaking anyway asks for nothing: it may well be an answer."""
    return word.kind == "language" and word.language == place.language


def _stop(talk: Talk, word: Word) -> tuple[Talk, str]:
    return replace(talk, stopped=True), phrases.say("stopped", talk.place.language, **talk.values)


def _start(talk: Talk, word: Word) -> tuple[Talk, str]:
    opening = "started" if talk.stopped else ""
    waiting = ask(talk.survey, talk.place, talk.values)
    lines = [phrases.say(opening, talk.place.language)] if opening else []
    lines.append(waiting.text if waiting else phrases.say("missed_nothing", talk.place.language))
    return replace(talk, stopped=False), "\n".join(lines)


def _help(talk: Talk, word: Word) -> tuple[Talk, str]:
    return talk, phrases.say("help", talk.place.language, **talk.values)


def _language(talk: Talk, word: Word) -> tuple[Talk, str]:
    known = word.language in talk.survey.languages
    place = switch(talk.survey, talk.place, word.language or "") if known else talk.place
    waiting = ask(talk.survey, place, talk.values)
    first = phrases.say("language_set" if known else "no_such_language", place.language)
    return replace(talk, place=place), "\n".join([first, waiting.text] if waiting else [first])


_REPLIES: Mapping[str, Callable[[Talk, Word], tuple[Talk, str]]] = {
    "stop": _stop,
    "start": _start,
    "help": _help,
    "language": _language,
}
