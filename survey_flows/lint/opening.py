"""The first text: who asks, what for, how to end; and what the file says of itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..folding import runs_on
from ..questions import Open
from ..survey import Survey
from ..told import told
from .finding import Finding

_SENTENCE = re.compile(r"[^.!?。！？؟۔।]+[.!?。！？؟۔।]*")


def first_text(survey: Survey) -> Iterator[Finding]:
    """First messages that do not say who asks, why, or how to end."""
    for language, text in survey.intro.items():
        if "{school}" not in text:
            what = told("The first message does not name the school: {school}.")
            yield Finding(
                "error", what, told("Say who asks: people do not answer strangers."), "intro", language
            )
        if "STOP" not in text:
            what = told("The first message does not say 'Reply STOP to end'.")
            cure = told(
                "Add it; the word STOP stays STOP in every language, because phone companies act on it."
            )
            yield Finding("error", what, cure, "intro", language)
        if not _purpose(text):
            what = told("The first message does not say what the questions are for.")
            yield Finding(
                "warning",
                what,
                told("Say in a few words why you ask and what comes of it."),
                "intro",
                language,
            )


def _purpose(text: str) -> bool:
    """Whether there are words besides the school's name and how to end."""
    rest = "".join(part for part in _SENTENCE.findall(text) if "STOP" not in part) or text
    letters = [char for char in re.sub(r"\{\w+\}|STOP", "", rest) if char.isalpha()]
    return len(letters) >= (5 if runs_on("".join(letters)) else 15)


def open_first(survey: Survey) -> Iterator[Finding]:
    """A survey that begins with a question that takes writing."""
    questions = survey.questions
    if (
        len(questions) > 1
        and isinstance(questions[0], Open)
        and any(not isinstance(q, Open) for q in questions)
    ):
        what = told("The first question asks for words.")
        yield Finding(
            "note", what, told("More people begin where one tap or number is enough."), questions[0].key
        )


def about(survey: Survey) -> Iterator[Finding]:
    """Files that do not say who is asked, or how private the answers may be."""
    lacking = [name for name in ("audience", "purpose", "sensitivity") if not getattr(survey.about, name)]
    if lacking:
        what = told("The file does not say its {lacking}.", lacking=", ".join(lacking))
        yield Finding(
            "note", what, told("Add it under 'about:': without it, what the law protects cannot be checked.")
        )
