"""The messages of a survey, put together: notes and question, asking back, thanks, the menu of languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from functools import lru_cache

from langcodes import Language

from . import phrases
from .asking import PAYLOAD, Choice, Question
from .choices import One
from .place import MENU, Place, Prompt
from .program import Walk
from .scope import Scope
from .survey import Survey
from .wording import fill, nearest

_MARK = "\u200f"  # right-to-left mark


def prompt(survey: Survey, place: Place, scope: Scope, first: str = "", walk: Walk | None = None) -> Prompt:
    """The question that waits, after a line to begin with and the notes met on the way to it.

    Raises LookupError for a value that a text needs and has not been given.
    """
    if place.at is None or scope.at is None:
        raise LookupError("a finished survey has no question to ask")
    question = survey.question(scope.at).shown(scope)
    today = scope.now.date() if scope.now else None
    asked = question.ask(place.language, place.variant, today)
    lines = [first, *_notes(place, walk), asked, _offer(question, scope)]
    text = _finish("\n".join(filter(None, lines)), scope)
    choices = question.choices(place.language)
    if choices and not _fit(place.at, choices):
        choices = ()  # the numbers in the text will do
    if any("{" in choice.label for choice in choices):
        choices = tuple(Choice(choice.key, _finish(choice.label, scope)) for choice in choices)
    return Prompt(text, place.language, place.at, choices)


def thanks(survey: Survey, place: Place, scope: Scope, walk: Walk, first: str = "") -> Prompt:
    """The last message: the survey's thanks, or that enough people have been heard."""
    last = survey.thanks[place.language]
    if walk.full is not None:
        texts = walk.full.texts
        last = texts[place.language] if texts else phrases.say("full", place.language)
    text = "\n".join(filter(None, [first, *_notes(place, walk), last]))
    return Prompt(_finish(text, scope), place.language)


def asking_back(survey: Survey, question: One, near: Sequence[str], scope: Scope) -> Prompt:
    """ "Did you mean …?", naming each choice with its own number."""
    language = scope.language
    rows = {key: f"{question.number(key)}. {question.by_key[key].labels[language]}" for key in near}
    if len(near) == 1:
        number = str(question.number(near[0]))
        text = phrases.say("did_you_mean", language, label=rows[near[0]], number=number)
    else:
        text = phrases.say("which_one", language, labels="; ".join(rows.values()))
    choices = tuple(Choice(key, question.by_key[key].labels[language]) for key in near)
    kept = f"{scope.at}[{','.join(map(str, scope.turn))}]" if scope.turn else scope.at
    return Prompt(_finish(text, scope), language, kept, choices if question.choices(language) else ())


def menu(survey: Survey, place: Place, scope: Scope, among: Collection[str] = ()) -> Prompt:
    """Who asks and why, and which language to go on in; every language is called by its own name."""
    offered = {n: tag for n, tag in enumerate(survey.languages, start=1) if not among or tag in among}
    names = {tag: survey.called.get(tag) or _own_name(tag) for tag in offered.values()}
    rows = [f"{n}. {names[tag]}" for n, tag in offered.items()]
    question = phrases.say("language_menu", place.language)
    text = "\n".join([survey.intro[place.language], question, *rows])
    choices = tuple(Choice(tag, name) for tag, name in names.items())
    return Prompt(_finish(text, scope), place.language, MENU, choices)


def _own_name(tag: str) -> str:
    """What the speakers of a language call it."""
    if nearest(tag, phrases.LANGUAGES, ""):
        return phrases.say("language_name", tag)
    name: str = Language.get(tag).autonym()
    return name[:1].upper() + name[1:]


@lru_cache(maxsize=1024)
def _fit(at: str, choices: tuple[Choice, ...]) -> bool:
    """Whether a button can carry each choice with its question."""
    return all(len(f"{at}:{choice.key}".encode()) <= PAYLOAD for choice in choices)


def _notes(place: Place, walk: Walk | None) -> list[str]:
    return [note.wording(place.language, place.variant) for note in walk.notes] if walk else []


def _offer(question: Question, scope: Scope) -> str:
    if question.default is None:
        return ""
    offered = question.default.text(scope)
    if question.take(offered) is None:
        return ""
    return phrases.say("default_hint", scope.language, value=question.label(offered, scope.language))


def _finish(text: str, scope: Scope) -> str:
    """Gaps filled, and every line of a right-to-left language made to start from the right."""
    filled = fill(text, scope.values, scope.said)
    if filled.isascii() or not right_to_left(scope.language):
        return filled
    return "\n".join(_MARK + line if _starts_left(line) else line for line in filled.split("\n"))


@lru_cache(maxsize=256)
def right_to_left(language: str) -> bool:
    """Whether a language is written from right to left.

    >>> right_to_left("ar"), right_to_left("ur-PK"), right_to_left("ht")
    (True, True, False)
    """
    script = Language.get(language).maximize().script
    return script in {"Arab", "Hebr", "Thaa", "Syrc", "Nkoo", "Adlm", "Rohg", "Aran"}


def _starts_left(line: str) -> bool:
    """Whether the first letter of a line would make a phone lay it out from the left."""
    for char in line:
        kind = unicodedata.bidirectional(char)
        if kind in ("R", "AL"):
            return False
        if kind == "L":
            return True
    return False
