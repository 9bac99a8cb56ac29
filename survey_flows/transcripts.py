"""Conversations as files that an organizer can write, and that run as tests.

::

    survey: getting-to-school
    language: es
    school: Lincoln School

    < ¿Fue difícil …?
    < 1. Nada difícil
    > muy dificil
    = hard: very

``<`` (or ``‹``) is what Openline says, line by line; each ``>`` (or ``›``) is one message of the person, ``> [very]`` a
pressed button; ``=`` is what is kept of it, ``?`` where it was not understood, ``(skipped)`` or ``(dont know)`` where it was passed over. A transcript that shows one ``=`` shows
all of them. ``#`` starts a comment. Every header but survey, language and variant is a value for the texts.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .loading import library
from .place import Answer
from .survey import Survey
from .talk import say, start
from .tree import SurveyError


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation as it is expected to go: headers, and lines that start with ``<``, ``>`` or ``=``."""

    name: str
    headers: Mapping[str, str]
    lines: tuple[str, ...]


_MARKS = {"<": "<", "‹": "<", ">": ">", "›": ">", "=": "="}


def parse(text: str, name: str) -> Transcript:
    """A transcript from its text. Raises SurveyError with the line that cannot be read."""
    headers: dict[str, str] = {}
    lines: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().strip("\ufeff")
        if not line or line.startswith("#"):
            continue
        if line[0] in _MARKS:
            lines.append(f"{_MARKS[line[0]]} {line[1:].strip()}")
        elif ":" in line and not lines:
            header, value = line.split(":", 1)
            headers[header.strip()] = value.strip()
        else:
            cure = "Start it with '<' (Openline), '>' (the person), '=' (what is kept) or '#' (a comment)."
            raise SurveyError(
                name, number, "This line is neither a header nor part of the conversation.", cure
            )
    if "survey" not in headers:
        raise SurveyError(
            name, 1, "The transcript does not say which survey it is of.", "Add 'survey: …' on top."
        )
    return Transcript(name, headers, tuple(lines))


def play(transcript: Transcript, surveys: Callable[[str], Survey] = library) -> tuple[str, ...]:
    """The lines of the conversation as it really goes when the person says what the transcript has them say."""
    headers = dict(transcript.headers)
    survey = surveys(headers.pop("survey"))
    language, variant = headers.pop("language", survey.source), headers.pop("variant", None)
    talk, reply = start(survey, language, headers, variant)
    shown = any(line.startswith("=") for line in transcript.lines)
    lines = _spoken(reply)
    for line in transcript.lines:
        if line.startswith(">"):
            heard = line[1:].strip()
            button = heard[1:-1] if heard.startswith("[") and heard.endswith("]") else None
            talk, reply = say(talk, heard, button)
            kept = [_kept(talk.answer)] if shown and talk.answer else []
            lines += [line, *kept, *_spoken(reply)]
    return tuple(lines)


def differences(transcript: Transcript, surveys: Callable[[str], Survey] = library) -> str:
    """Where the conversation goes otherwise than the transcript says, as a diff to read; "" where it does not."""
    went = play(transcript, surveys)
    return "\n".join(
        difflib.unified_diff(
            transcript.lines, went, f"{transcript.name} (written)", "(as it goes)", lineterm=""
        )
    )


def _spoken(text: str | None) -> list[str]:
    return [f"< {line.strip()}" for line in text.splitlines() if line.strip()] if text else []


def _kept(answer: Answer) -> str:
    value = answer.value
    if not answer.understood:
        shown = "?"
    elif answer.missing:
        shown = f"({answer.missing.replace('_', ' ')})"
    elif isinstance(value, bool):
        shown = "yes" if value else "no"
    elif isinstance(value, list):
        shown = ", ".join(value) or "none"
    else:
        shown = str(value)
    return f"= {answer.question}: {shown}"
