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
pressed button, ``> (photo)`` and ``> (voice)`` what is sent without words. ``>> words`` is a message that comes before
the reply to the one above has gone out, which then comes after it. ``~ 24h`` (30m, 3d) lets so much time pass.

``=`` is what is kept, ``?`` where it was not understood, ``(skipped)`` or ``(dont know)`` where it was passed over;
``= age[2]: 7`` is an answer of the second time round. A transcript that shows one ``=`` shows all of them. ``#`` starts
a comment.

Headers are ``survey`` (a name in the library, or a file beside the transcript), ``language``, ``variant``, ``seed``
(what is drawn by lot), ``now`` (2026-11-22T09:00) and ``full`` (quotas that are filled); all others are values for the
texts.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .files.tree import SurveyError
from .loading import LIBRARY, library, load
from .place import Answer
from .scope import key
from .survey import Survey
from .talk import Talk, Timing, duration, say, start, wait


@dataclass(frozen=True, slots=True)
class Transcript:
    """A conversation as it is expected to go: headers, and lines that start with ``<``, ``>``, ``>>``, ``=`` or ``~``."""

    name: str
    headers: Mapping[str, str]
    lines: tuple[str, ...]


_MARKS = {"<": "<", "‹": "<", ">>": ">>", "››": ">>", ">": ">", "›": ">", "=": "=", "~": "~"}
_MEDIA = {"(photo)": "image/jpeg", "(picture)": "image/jpeg", "(voice)": "audio/ogg"}


def parse(text: str, name: str) -> Transcript:
    """A transcript from its text. Raises SurveyError with the line that cannot be read."""
    headers: dict[str, str] = {}
    lines: list[str] = []
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip().strip("\ufeff")
        if not line or line.startswith("#"):
            continue
        mark = line[:2] if line[:2] in _MARKS else line[0]
        if mark in _MARKS:
            lines.append(f"{_MARKS[mark]} {line[len(mark) :].strip()}")
            if mark == "~" and duration(line[1:]) is None:
                raise SurveyError(
                    name, number, f"'{line[1:].strip()}' is no stretch of time.", "Write 24h, 30m or 3d."
                )
        elif ":" in line and not lines:
            header, value = line.split(":", 1)
            headers[header.strip()] = value.strip()
        else:
            cure = "Start it with '<' (Openline), '>' (the person), '=' (what is kept), '~' (time) or '#' (a comment)."
            raise SurveyError(
                name, number, "This line is neither a header nor part of the conversation.", cure
            )
    if "survey" not in headers:
        raise SurveyError(
            name, 1, "The transcript does not say which survey it is of.", "Add 'survey: …' on top."
        )
    _started(Transcript(name, headers, ()))
    return Transcript(name, headers, tuple(lines))


def beside(folder: Path) -> Callable[[str], Survey]:
    """Finds a transcript's survey: a file in its folder ("mornings.yaml", or "mornings" for short), else one of the
    library. What it gives raises SurveyError and LookupError."""

    def find(named: str) -> Survey:
        for path in (folder / named, folder / f"{named}.yaml"):
            if path.is_file():
                return load(path)
        if named in LIBRARY:
            return library(named)
        raise LookupError(f"There is no survey {named} beside the transcript, and none in the library.")

    return find


def play(
    transcript: Transcript,
    surveys: Callable[[str], Survey] = library,
    timing: Timing = Timing(),
) -> tuple[str, ...]:
    """The lines of the conversation as it really goes when the person says what the transcript has them say.

    Raises LookupError for a survey, or a value for its texts, that is not there.
    """
    began = _started(transcript)
    survey = surveys(transcript.headers["survey"])
    language = began.language or survey.source
    talk, reply = start(
        survey,
        language,
        began.values,
        began.variant,
        now=began.now,
        seed=began.seed,
        full=began.full,
        timing=timing,
    )
    shown = any(line.startswith("=") for line in transcript.lines)
    acts = [line for line in transcript.lines if line[0] in ">~"]
    lines = _spoken(reply)
    for line, following in zip(acts, [*acts[1:], ""], strict=True):
        mark, _, heard = line.partition(" ")
        lines.append(line)
        if mark == "~":
            by = duration(heard)
            assert by is not None  # parse has looked
            talk, reminders = wait(talk, by)
            lines += [row for text in reminders for row in _spoken(text)]
            continue
        talk, reply = _heard(talk, heard, joined=mark == ">>")
        lines += [_kept(talk.answer)] if shown and talk.answer else []
        if not (following.startswith(">>") and talk.pending):
            lines += _spoken(reply)
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class _Start:
    language: str
    variant: str | None
    values: Mapping[str, str]
    now: datetime | None
    seed: int
    full: frozenset[str]


def _started(transcript: Transcript) -> _Start:
    """How the headers have the conversation begin. Raises SurveyError for one that cannot be read."""
    headers = dict(transcript.headers)
    headers.pop("survey")
    seed, now = headers.pop("seed", "0"), headers.pop("now", "")
    full = headers.pop("full", "")
    if not seed.isdecimal() or len(seed) > 18:
        raise SurveyError(transcript.name, 1, f"'{seed}' is no seed.", "Write a whole number.")
    try:
        begun = datetime.fromisoformat(now) if now else None
    except ValueError:
        raise SurveyError(
            transcript.name, 1, f"'{now}' is no time.", "Write it like 2026-11-22T09:00."
        ) from None
    return _Start(
        language=headers.pop("language", ""),
        variant=headers.pop("variant", None),
        values=headers,
        now=begun.replace(tzinfo=begun.tzinfo or UTC) if begun else None,
        seed=int(seed),
        full=frozenset(filter(None, map(str.strip, full.split(",")))),
    )


def _heard(talk: Talk, heard: str, *, joined: bool) -> tuple[Talk, str | None]:
    if heard in _MEDIA:
        return say(talk, "", media=(_MEDIA[heard],), joined=joined)
    button = heard[1:-1] if heard.startswith("[") and heard.endswith("]") else None
    return say(talk, heard, button, joined=joined)


def differences(
    transcript: Transcript,
    surveys: Callable[[str], Survey] = library,
    timing: Timing = Timing(),
) -> str:
    """Where the conversation goes otherwise than the transcript says, as a diff to read; "" where it does not.

    Raises as ``play`` does.
    """
    went = play(transcript, surveys, timing)
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
    return f"= {key(answer.question, answer.turn)}: {shown}"
