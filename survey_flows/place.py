"""Where one person is in a survey, and what one step gives: the whole state is small JSON that the caller keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from .asking import Choice
from .scope import Turn, Value

MENU = "@language"
"""Stands for the question that is asked when it is not known which language somebody speaks."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one person is in a survey.

    ``at`` is the key of the question that waits for an answer, with its turn in a repeated group (``age[2]``), None
    when there is none left. ``answers`` is what conditions and texts need: key to answer, ``True`` for an open one that
    nothing refers to (its words are kept with the Answer, not twice), None for one that was not understood.

    ``last`` is the question answered last; ``maybe`` the choice we asked back about; ``seed`` decides what is drawn by
    lot; ``given`` is what staff filled in for this round; ``thanked`` whether words after the end were acknowledged.

    >>> Place("hard", "es", answers={"mode": "bus"}).to_json()
    {'at': 'hard', 'language': 'es', 'answers': {'mode': 'bus'}}
    """

    at: str | None
    language: str
    tries: int = 0
    variant: str | None = None
    answers: Mapping[str, Value] = field(default_factory=dict)
    last: str | None = None
    maybe: str | None = None
    seed: int = 0
    given: Mapping[str, str] = field(default_factory=dict)
    thanked: bool = False

    def to_json(self) -> dict[str, Any]:
        """What differs from a new place."""
        return {name: value for name in _FIELDS if (value := getattr(self, name)) or name == "at"}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Place:
        return cls(**stored)


_FIELDS = tuple(field.name for field in fields(Place))


@dataclass(frozen=True, slots=True)
class Prompt:
    """One message to one person. ``choices`` may be drawn as buttons; the text holds them too, numbered.

    >>> from survey_flows import begin, library
    >>> prompt = begin(library("getting-to-school"), "es", {"school": "Lincoln School"}).prompt
    >>> prompt.question, [choice.label for choice in prompt.choices]
    ('hard', ['Nada difícil', 'Un poco difícil', 'Muy difícil'])
    """

    text: str
    language: str
    question: str | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What one message said. Every message with words becomes one, so that none is lost.

    Of several to one closed question the last understood one counts; the others are still the person's words.
    ``heard`` is the message as it came. ``understood`` is False for words that are kept without a value. ``late`` is
    for words that came after the last question: they add to an open answer. ``joined`` is for words that belong to the
    answer before, sent in a message of their own. ``language`` is set where the words of a closed answer belong to one
    language only. ``turn`` says which time round a repeated group. ``missing`` is set where the person passed over
    the question. Of ``kind`` "computed" are values that nobody said.

    >>> from survey_flows import begin, hear, library
    >>> survey, values = library("getting-to-school"), {"school": "Lincoln School"}
    >>> said = hear(survey, begin(survey, "en", values).place, "muy difícil", values).answer
    >>> said.question, said.value, said.heard, said.understood, said.language
    ('hard', 'very', 'muy difícil', True, 'es')
    """

    question: str
    kind: str
    value: Value
    heard: str
    understood: bool
    language: str | None = None
    late: bool = False
    joined: bool = False
    turn: Turn = ()
    missing: Literal["skipped", "dont_know"] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """Where a person is now, the one message to send (or none), and what to keep (or nothing).

    ``pause`` is True after words of the person's own: more of them may be on their way, so the caller may wait before
    it sends the prompt, and say ``joined`` when they come. ``quotas`` are those that this person has come to count
    for; ``full`` is the one that turned them away.

    >>> from survey_flows import begin, library
    >>> step = begin(library("getting-to-school"), "en", {"school": "Lincoln School"})
    >>> step.done, step.answer, step.prompt.question
    (False, None, 'hard')
    """

    place: Place
    prompt: Prompt | None = None
    answers: tuple[Answer, ...] = ()
    pause: bool = False
    quotas: tuple[str, ...] = ()
    full: str | None = None

    @property
    def answer(self) -> Answer | None:
        """What the message said; None where it said nothing to keep."""
        return next((answer for answer in self.answers if answer.kind != "computed"), None)

    @property
    def done(self) -> bool:
        return self.place.at is None
