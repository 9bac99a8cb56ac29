"""Whether each choice can be said: it is no command, and it is heard as itself and as no other."""

from __future__ import annotations

from collections.abc import Iterator

from .. import requests, words
from ..choices import One, Option
from ..folding import fold
from ..survey import Survey
from ..told import told
from .finding import Finding, Severity

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
            found = _meaning(reading, language, shown=at == 0)
            if found is not None:
                severity, what = found
                yield Finding(severity, what, told("Say it in other words."), question.key, language)


def _meaning(reading: str, language: str, *, shown: bool) -> tuple[Severity, str] | None:
    """How bad it is and what the word does; None where it does nothing."""
    word = words.read(reading, language)
    if word is not None and word.kind == "language":
        return "error", told("'{reading}' asks for a language.", reading=reading)
    if word is not None:
        kind = word.kind.upper()
        return "error", told("'{reading}' means {kind} to Openline.", reading=reading, kind=kind)
    plain = fold(reading)
    if plain in CARRIERS - {"yes"}:
        what = told("'{reading}' is acted on by the phone company before it reaches us.", reading=reading)
        return "error", what
    request = requests.read(reading, language)
    if request is not None and request.kind == "person":
        what = told(
            "'{reading}' asks to talk to a person: somebody is told, and it is no answer.", reading=reading
        )
        return "error" if shown else "warning", what
    if shown and plain == "yes":
        what = told(
            "'{reading}' opts a number in again, at the phone company; 'kind: yesno' needs no choices of your own.",
            reading=reading,
        )
        return "note", what
    if shown and request is not None and request.kind == "skip":
        return "warning", told("'{reading}' is what people send to pass over a question.", reading=reading)
    if shown and request is not None and request.kind == "back":
        return "warning", told("'{reading}' is what people send to go back.", reading=reading)
    return None


def alike(survey: Survey) -> Iterator[Finding]:
    """Choices that read the same, or that are heard as another or not at all."""
    for question, option, language in _choices(survey):
        if question.offered is not None or len(question.options) > _FEW:
            continue  # a cascade may well have one name twice
        at = question.options.index(option)
        others = {fold(o.labels[language]): o.key for o in question.options[at + 1 :]}
        label = option.labels[language]
        if fold(label) in others:
            what = told("'{label}' reads like choice '{key}'.", label=label, key=others[fold(label)])
            yield Finding("error", what, told("Word them apart."), question.key, language)
            continue
        match = question.labels.which(label, language)
        if match is None:
            what = told(
                "'{label}', sent as it stands there, is not understood as choice '{key}'.",
                label=label,
                key=option.key,
            )
            yield Finding("warning", what, told("Word it further from the others."), question.key, language)
        elif match.at != at:
            what = told(
                "'{label}' is heard as choice '{key}'.", label=label, key=question.options[match.at].key
            )
            yield Finding("error", what, told("Word them apart."), question.key, language)


def _choices(survey: Survey) -> Iterator[tuple[One, Option, str]]:
    for question in survey.questions:
        if isinstance(question, One):
            for option in question.options:
                if question.zero is None or option is not question.options[-1]:
                    yield from ((question, option, language) for language in question.languages)
