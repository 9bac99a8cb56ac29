"""Whether each choice can be said: it is no command, and it is heard as itself and as no other."""

from __future__ import annotations

from collections.abc import Iterator

from .. import requests, words
from ..choices import One, Option
from ..folding import fold
from ..survey import Survey
from .finding import Finding

CARRIERS = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "start",
        "yes",
        "unstop",
        "help",
        "info",
    ]
)
"""What phone companies and Twilio act on themselves, whatever we do (Twilio, default opt-out keywords, 2025)."""
_FEW = 300
"""A list longer than this (a form's list of towns) is not tried word by word."""


def reserved(survey: Survey) -> Iterator[Finding]:
    """Choices, or other words for them, that mean something to Openline or to the phone company."""
    for question, option, language in _choices(survey):
        for at, reading in enumerate(option.readings(language)):
            severity, meaning = _meaning(reading, language, shown=at == 0)
            if meaning:
                what = f"'{reading}' {meaning}."
                yield Finding(severity, what, "Say it in other words.", question.key, language)  # type: ignore[arg-type]


def _meaning(reading: str, language: str, *, shown: bool) -> tuple[str, str]:
    """How bad it is and what the word does; empty where it does nothing."""
    word = words.read(reading, language)
    if word is not None:
        return (
            "error",
            "asks for a language" if word.kind == "language" else f"means {word.kind.upper()} to Openline",
        )
    plain = fold(reading)
    if plain in CARRIERS - {"yes"}:
        return "error", "is acted on by the phone company before it reaches us"
    request = requests.read(reading, language)
    if request is not None and request.kind == "person":
        return (
            "error" if shown else "warning",
            "asks to talk to a person: somebody is told, and it is no answer",
        )
    if shown and plain == "yes":
        return (
            "note",
            "opts a number in again, at the phone company; 'kind: yesno' needs no choices of your own",
        )
    if shown and request is not None and request.kind in ("skip", "back"):
        return (
            "warning",
            f"is what people send to {'pass over a question' if request.kind == 'skip' else 'go back'}",
        )
    return "note", ""


def alike(survey: Survey) -> Iterator[Finding]:
    """Choices that read the same, or that are heard as another or not at all."""
    for question, option, language in _choices(survey):
        if question.offered is not None or len(question.options) > _FEW:
            continue  # a cascade may well have one name twice
        at = question.options.index(option)
        others = {fold(o.labels[language]): o.key for o in question.options[at + 1 :]}
        label = option.labels[language]
        if fold(label) in others:
            what = f"'{label}' reads like choice '{others[fold(label)]}'."
            yield Finding("error", what, "Word them apart.", question.key, language)
            continue
        match = question.labels.which(label, language)
        if match is None:
            what = f"'{label}', sent as it stands there, is not understood as choice '{option.key}'."
            yield Finding("warning", what, "Word it further from the others.", question.key, language)
        elif match.at != at:
            what = f"'{label}' is heard as choice '{question.options[match.at].key}'."
            yield Finding("error", what, "Word them apart.", question.key, language)


def _choices(survey: Survey) -> Iterator[tuple[One, Option, str]]:
    for question in survey.questions:
        if isinstance(question, One):
            for option in question.options:
                if question.zero is None or option is not question.options[-1]:
                    yield from ((question, option, language) for language in question.languages)
