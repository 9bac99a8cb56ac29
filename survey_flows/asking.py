"""What every kind of question has in common: its words, its gates, its limits."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from . import phrases
from .gates import Gate
from .lexicon import Ear, ear
from .scope import Scope, Value, written
from .wording import said

if TYPE_CHECKING:
    from .expressions import Expression

PAYLOAD = 48
"""Bytes of ``question:choice``: Telegram takes 64 in a button, and whoever draws it needs some for itself."""

Texts = Mapping[str, str]
"""One text in every language of a survey: language tag to words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as one person sees it. ``key`` comes back to ``hear`` when its button is pressed.

    >>> from survey_flows import library
    >>> library("getting-to-school").question("hard").choices("ht")[2]
    Choice(key='very', label='Trè difisil')
    """

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was understood to be, and the language its words betray, when they betray one."""

    value: Value
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """What an answer has to fulfil, as an ODK expression about ``.``, and what to say where it does not."""

    expression: Expression
    texts: Texts | None = None

    def met(self, value: Value, scope: Scope) -> bool:
        scope.this = written(value)
        return self.expression.truth(scope)


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question in every language. ``texts`` has the usual wording under ``None``, variants under their names.

    ``hints`` is a line that stands below it. A person may pass over any question; a ``required`` one says so first.
    ``default`` is an answer offered: the person has only to agree.

    >>> from survey_flows import library
    >>> question = library("getting-to-school").question("hard")
    >>> question.kind, question.read("muy difícil", "en").value, question.ask("en").splitlines()[1:]
    ('scale', 'very', ['1. Not hard', '2. A little hard', '3. Very hard'])
    """

    kind: ClassVar[str]
    in_words: ClassVar[bool] = False
    """Whether any words are an answer, so that asking for something has to come before it."""
    key: str
    languages: tuple[str, ...]
    texts: Mapping[str | None, Texts]
    ask_if: tuple[Gate, ...] = ()
    hints: Texts | None = None
    required: bool = False
    required_texts: Texts | None = None
    constraint: Constraint | None = None
    default: Expression | None = None

    @property
    def ear(self) -> Ear:
        return ear(self.languages)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers a condition may name."""
        return ()

    @property
    def refers(self) -> frozenset[str]:
        """The other answers that its limits, default and texts look at."""
        names = set[str]()
        for expression in (self.constraint and self.constraint.expression, self.default):
            names |= expression.names if expression else set()
        for texts in (self.hints, self.required_texts, self.constraint and self.constraint.texts):
            names |= {name for text in (texts or {}).values() for name in said(text)}
        return frozenset(names)

    @property
    def possible(self) -> bool:
        """Whether there is anything to answer it with."""
        return True

    def shown(self, scope: Scope) -> Question:
        """The question as this person sees it: with the choices that are theirs, in their order."""
        return self

    def wording(self, language: str, variant: str | None) -> str:
        return self.texts.get(variant, self.texts[None])[language]

    def choices(self, language: str) -> tuple[Choice, ...]:
        """What a channel may draw as buttons."""
        return ()

    def rows(self, language: str) -> list[str]:
        """The choices as lines, each with its number."""
        return []

    def hint(self, language: str, today: date | None = None) -> str:
        """How to answer, where it does not go without saying."""
        return ""

    def ask(self, language: str, variant: str | None = None, today: date | None = None) -> str:
        """The whole question as text, with its choices numbered: a phone without buttons needs no more."""
        hinted = self.hints[language] if self.hints else ""
        lines = [self.wording(language, variant), hinted, self.hint(language, today), *self.rows(language)]
        return "\n".join(filter(None, lines))

    @abstractmethod
    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        """The answer in a person's words; None asks again."""

    def near(self, heard: str, language: str) -> tuple[str, ...]:
        """Choices that may have been meant, where the words leave it open."""
        return ()

    def see(self, media: Collection[str]) -> Reading | None:
        """The answer in what came with a message, given the media types; None where it is asked for words."""
        return None

    def press(self, key: str) -> Reading | None:
        """The answer of a pressed button."""
        return None

    def take(self, written: str) -> Value:
        """An answer from the text that forms keep it as ("bus cost", "3"); None where it is not one."""
        return written or None

    def allows(self, value: Value, scope: Scope) -> bool:
        """Whether an answer fulfils what the survey asks of it."""
        return self.constraint is None or self.constraint.met(value, scope)

    def label(self, written: str, language: str) -> str:
        """A kept answer as a person would say it."""
        return written

    def again(self, language: str, today: date | None = None) -> str:
        """How to ask for an answer that can be understood."""
        return phrases.say("again", language)
