"""The kinds of question: how each is asked, and how an answer to it is read. To add a kind, add a class and a row."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, TypeAlias

from . import phrases
from .answers import number, several, yes_or_no
from .folding import fold
from .labels import Labels
from .lexicon import Ear, ear

Value: TypeAlias = "bool | int | float | str | list[str] | None"
"""An answer as it is stored: JSON. ``None`` is an answer that was not understood."""

SEEKS = ("barriers", "helps", "ideas")
"""What an open question may ask for: what is hard, what helps, what could be done."""

Texts = Mapping[str, str]
"""One text in every language of a survey: language tag to words."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice as one person sees it. ``key`` comes back to ``hear`` when its button is pressed."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a question in every language; ``also`` holds other words that mean it."""

    key: str
    labels: Texts
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    emoji: tuple[str, ...] = ()

    def readings(self, language: str) -> tuple[str, ...]:
        """The words in one language that mean this choice, its label first."""
        return (self.labels[language], *self.also.get(language, ()))


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only where an earlier question was answered in a certain way."""

    question: str
    keys: frozenset[str] = frozenset()
    least: float | None = None
    most: float | None = None

    def met(self, answers: Mapping[str, Value]) -> bool:
        """An answer that was not understood meets every condition: better one question too many than a person who
        said that something is hard and is never asked what. A question that was not asked meets none."""
        if self.question not in answers:
            return False
        value = answers[self.question]
        if value is None:
            return True
        if isinstance(value, bool):
            return ("yes" if value else "no") in self.keys
        if isinstance(value, int | float):
            return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        if isinstance(value, list):
            return bool(self.keys.intersection(value or ["none"]))
        return value in self.keys


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was understood to be, and the language its words betray, when they betray one."""

    value: Value
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Question(ABC):
    """One question in every language. ``texts`` has the usual wording under ``None``, variants under their names."""

    kind: ClassVar[str]
    key: str
    languages: tuple[str, ...]
    texts: Mapping[str | None, Texts]
    ask_if: tuple[Condition, ...] = ()

    @property
    def ear(self) -> Ear:
        return ear(self.languages)

    @property
    def keys(self) -> tuple[str, ...]:
        """The answers a condition may name."""
        return ()

    def wording(self, language: str, variant: str | None) -> str:
        return self.texts.get(variant, self.texts[None])[language]

    def choices(self, language: str) -> tuple[Choice, ...]:
        """What a channel may draw as buttons."""
        return ()

    def ask(self, language: str, variant: str | None = None) -> str:
        """The whole question as text, with its choices numbered: a phone without buttons needs no more."""
        return self.wording(language, variant)

    @abstractmethod
    def read(self, heard: str, language: str) -> Reading | None:
        """The answer in a person's words; None asks again."""

    def press(self, key: str) -> Reading | None:
        """The answer of a pressed button."""
        return None

    def again(self, language: str) -> str:
        """How to ask for an answer that can be understood."""
        return phrases.say("again", language)


@dataclass(frozen=True, kw_only=True)
class Open(Question):
    """Answered in the person's own words: any words will do.

    ``seeks`` says what is asked for (see SEEKS): "the bus" is a barrier after one question and a help after another.
    """

    kind = "open"
    seeks: str | None = None

    def read(self, heard: str, language: str) -> Reading | None:
        words = heard.strip()
        return Reading(words) if words else None


@dataclass(frozen=True, kw_only=True)
class One(Question):
    """One of several choices."""

    kind = "one"
    options: tuple[Option, ...]

    @cached_property
    def labels(self) -> Labels:
        readings = [
            {language: option.readings(language) for language in self.languages} for option in self.options
        ]
        return Labels(readings, self.ear, [option.emoji for option in self.options], self.zero)

    @property
    def zero(self) -> int | None:
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(option.key for option in self.options)

    def choices(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(option.key, option.labels[language]) for option in self.options)

    def rows(self, language: str) -> list[str]:
        """The choices, each with its number."""
        return [f"{n}. {self.options[at].labels[language]}" for n, at in self.labels.numbered.items()]

    def ask(self, language: str, variant: str | None = None) -> str:
        return "\n".join([self.wording(language, variant), *self.rows(language)])

    def read(self, heard: str, language: str) -> Reading | None:
        match = self.labels.which(heard, language)
        return Reading(self.options[match.at].key, match.language) if match else None

    def press(self, key: str) -> Reading | None:
        return Reading(key) if key in self.keys else None


@dataclass(frozen=True, kw_only=True)
class Scale(One):
    """One of several choices that stand in order, from low to high."""

    kind = "scale"


@dataclass(frozen=True, kw_only=True)
class Many(One):
    """Any number of choices. The last option is "none of these", numbered 0; its answer is the empty list."""

    kind = "many"

    @property
    def zero(self) -> int | None:
        return len(self.options) - 1

    def choices(self, language: str) -> tuple[Choice, ...]:
        return ()  # a button press would end the question after one choice

    def ask(self, language: str, variant: str | None = None) -> str:
        hint = phrases.say("pick_all", language)
        return "\n".join([self.wording(language, variant), hint, *self.rows(language)])

    def read(self, heard: str, language: str) -> Reading | None:
        places = several(heard, language, self.labels)
        if places is None:
            return None
        match = self.labels.which(heard, language)
        return Reading(
            [self.options[at].key for at in places if at != self.zero], match.language if match else None
        )

    def press(self, key: str) -> Reading | None:
        return Reading([] if key == self.options[-1].key else [key]) if key in self.keys else None


@dataclass(frozen=True, kw_only=True)
class YesNo(Question):
    """Yes or no, in any language."""

    kind = "yesno"

    @property
    def keys(self) -> tuple[str, ...]:
        return ("yes", "no")

    @cached_property
    def labels(self) -> Labels:
        """The numbers before the two answers; the words themselves are in the language files."""
        return Labels([_system("yes", self.languages), _system("no", self.languages)], self.ear)

    def choices(self, language: str) -> tuple[Choice, ...]:
        return tuple(Choice(key, phrases.say(key, language)) for key in self.keys)

    def ask(self, language: str, variant: str | None = None) -> str:
        rows = [f"{n}. {choice.label}" for n, choice in enumerate(self.choices(language), start=1)]
        return "\n".join([self.wording(language, variant), *rows])

    def read(self, heard: str, language: str) -> Reading | None:
        said = yes_or_no(heard, language, self.ear)
        if said:
            return Reading(*said)
        match = self.labels.which(heard, language)
        return Reading(match.at == 0, match.language) if match else None

    def press(self, key: str) -> Reading | None:
        return Reading(key == "yes") if key in self.keys else None


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number, whole unless ``decimals``; ``units`` are words that may follow it ("days")."""

    kind = "number"
    least: float | None = None
    most: float | None = None
    decimals: bool = False
    units: Collection[str] = ()

    @cached_property
    def folded_units(self) -> frozenset[str]:
        return frozenset(fold(unit) for unit in self.units)

    def read(self, heard: str, language: str) -> Reading | None:
        value = number(heard, language, self.ear, self.folded_units, decimals=self.decimals)
        if value is None or not self._within(value):
            return None
        return Reading(value)

    def _within(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def again(self, language: str) -> str:
        if self.least is None or self.most is None:
            return super().again(language)
        return phrases.say("again_number", language, least=f"{self.least:g}", most=f"{self.most:g}")


def _system(name: str, languages: Collection[str]) -> dict[str, tuple[str, ...]]:
    return {language: (phrases.say(name, language),) for language in languages}


KINDS: dict[str, type[Any]] = {kind.kind: kind for kind in (Open, One, Many, Scale, Number, YesNo)}
"""Every kind by the name it has in a survey file."""
