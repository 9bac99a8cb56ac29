"""Questions answered by choosing: one of several, any number of them, or all of them in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING, ClassVar

from . import phrases
from .asking import Choice, Question, Reading, Texts
from .folding import fold
from .reading import ranks
from .reading.answers import several
from .reading.labels import Labels
from .scope import Scope, Value
from .wording import fill, gaps, said

if TYPE_CHECKING:
    from .expressions import Expression

LISTED = 50
"""The most choices that are numbered in one message."""
SHOWN = 20
"""So many are shown of a longer list, as examples; any of them is understood by its name."""


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a question in every language; ``also`` holds other words that mean it, ``columns`` what a form's
    list says of it beside. ``stands_for`` is the answer that is kept where it is not the key: a form may give one name
    to several choices of a list ("other", once in each region)."""

    key: str
    labels: Texts
    also: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    emoji: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    stands_for: str = ""

    @property
    def value(self) -> str:
        """The answer that is kept."""
        return self.stands_for or self.key

    def label(self, language: str) -> str:
        return self.labels.get(language, self.key)

    def readings(self, language: str) -> tuple[str, ...]:
        """The words in one language that mean this choice, its label first."""
        return (self.labels[language], *self.also.get(language, ()))


def _filled(option: Option, given: Mapping[str, str]) -> Option:
    """The choice as it is read: a label that staff filled in is heard by its words."""
    if not given:
        return option
    return replace(option, labels={tag: fill(text, given) for tag, text in option.labels.items()})


@dataclass(frozen=True, kw_only=True)
class One(Question):
    """One of several choices.

    ``offered`` is an expression that gives the keys of the choices this person may have (a form's choice_filter);
    ``shuffled`` puts them in an order drawn by lot, the last ``fixed`` of them excepted; ``show`` are drawn of all.
    """

    kind = "one"
    points: ClassVar[bool] = False
    """Whether so many stars mean so high a choice."""
    options: tuple[Option, ...]
    offered: Expression | None = None
    shuffled: bool = False
    show: int | None = None
    fixed: int = 0

    @cached_property
    def labels(self) -> Labels:
        readings = [
            {language: option.readings(language) for language in self.languages} for option in self.options
        ]
        return Labels(
            readings, self.ear, [option.emoji for option in self.options], self.zero, points=self.points
        )

    @property
    def zero(self) -> int | None:
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(option.key for option in self.options)

    @property
    def refers(self) -> frozenset[str]:
        labels = {name for option in self.options for text in option.labels.values() for name in said(text)}
        return super().refers | labels | (self.offered.names if self.offered else set())

    @property
    def possible(self) -> bool:
        return bool(self.options)

    @cached_property
    def by_key(self) -> Mapping[str, Option]:
        return {option.key: option for option in self.options}

    @cached_property
    def by_value(self) -> Mapping[str, Option]:
        return {option.value: option for option in reversed(self.options)}

    @property
    def too_long(self) -> bool:
        """Whether there are more choices than a message can number: people write the name of theirs."""
        return len(self.options) > LISTED

    @cached_property
    def _drawn_as(self) -> dict[str, tuple[Choice, ...]]:
        return {}

    @cached_property
    def _listed_as(self) -> dict[str, list[str]]:
        return {}

    @cached_property
    def _narrowed(self) -> dict[tuple[object, ...], One]:
        return {}

    @cached_property
    def _gaps(self) -> tuple[str, ...]:
        """The values that the labels have gaps for."""
        return tuple(
            sorted({gap for option in self.options for text in option.labels.values() for gap in gaps(text)})
        )

    def shown(self, scope: Scope) -> One:
        if self.offered is None and not self.shuffled and self.show is None and not self._gaps:
            return self
        places = list(range(len(self.options)))
        if self.offered is not None:
            found = self.offered.value(scope)
            offered = set(found if isinstance(found, list) else [str(found)])
            always = len(self.options) - self.fixed
            places = [at for at in places if at >= always or self.options[at].key in offered]
        if self.shuffled or self.show is not None:
            places = self._drawn(places, scope)
        given = {gap: scope.values.get(gap, "") for gap in self._gaps}
        seen = (tuple(places), *given.values())
        narrowed = self._narrowed.get(seen)
        if narrowed is None:
            if len(self._narrowed) > 256:
                self._narrowed.clear()
            options = tuple(_filled(self.options[at], given) for at in places)
            narrowed = replace(self, options=options, offered=None, shuffled=False, show=None)
            self._narrowed[seen] = narrowed
        return narrowed  # not looked up again: another thread may have cleared them

    def _drawn(self, places: list[int], scope: Scope) -> list[int]:
        last = len(self.options) - self.fixed
        free, kept = [at for at in places if at < last], [at for at in places if at >= last]
        order = list(free)
        Random(f"{scope.seed}:{self.key}").shuffle(order)  # noqa: S311 - no secret hangs on it
        order = order[: self.show] if self.show is not None else order
        return [*(order if self.shuffled else sorted(order)), *kept]

    def choices(self, language: str) -> tuple[Choice, ...]:
        if self.too_long:
            return ()
        if language not in self._drawn_as:
            self._drawn_as[language] = tuple(
                Choice(option.key, option.labels[language]) for option in self.options
            )
        return self._drawn_as[language]

    def rows(self, language: str) -> list[str]:
        if language not in self._listed_as:
            numbered = list(self.labels.numbered.items())[: SHOWN if self.too_long else None]
            rows = [f"{n}. {self.options[at].labels[language]}" for n, at in numbered]
            self._listed_as[language] = [*rows, "…"] if self.too_long else rows
        return self._listed_as[language]

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say("long_list", language) if self.too_long else ""

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        match = self.labels.which(heard, language)
        return Reading(self.options[match.at].value, match.language) if match else None

    def near(self, heard: str, language: str) -> tuple[str, ...]:
        return tuple(self.options[at].key for at in self.labels.near(heard, language))

    def names(self, heard: str) -> bool:
        """Whether a choice is called just so, in any language: "No thanks", or "No" for it."""
        said = {fold(heard), fold(heard).split(" ")[0]}
        return any(fold(text) in said for option in self.options for text in option.labels.values())

    def number(self, key: str) -> int:
        """The number before a choice."""
        return next(n for n, at in self.labels.numbered.items() if self.options[at].key == key)

    def press(self, key: str) -> Reading | None:
        return Reading(self.by_key[key].value) if key in self.by_key else None

    def take(self, written: str) -> Value:
        return written if written in self.by_value else None

    def label(self, written: str, language: str) -> str:
        known = self.by_value
        values = [written] if written in known else written.split() or [written]
        return ", ".join(known[value].labels[language] if value in known else value for value in values)


@dataclass(frozen=True, kw_only=True)
class Scale(One):
    """One of several choices that stand in order, from low to high."""

    kind = "scale"
    points = True


@dataclass(frozen=True, kw_only=True)
class Many(One):
    """Any number of choices, or ``pick`` at most. The last option is "none of these", numbered 0; its answer is the
    empty list. A form's own list may lack it (``nothing`` is False)."""

    kind = "many"
    pick: int | None = None
    nothing: bool = True

    @property
    def zero(self) -> int | None:
        return len(self.options) - 1 if self.nothing else None

    @property
    def possible(self) -> bool:
        return len(self.options) > self.nothing

    def choices(self, language: str) -> tuple[Choice, ...]:
        return ()  # a button press would end the question after one choice

    def hint(self, language: str, today: date | None = None) -> str:
        if self.pick is not None and self.pick > 1:
            return phrases.say("pick_some", language, most=str(self.pick))
        return super().hint(language) or phrases.say("pick_all", language)

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        places = several(heard, language, self.labels)
        if places is None or (self.pick is not None and len(places) > self.pick):
            return None
        match = self.labels.which(heard, language)
        return Reading(
            [self.options[at].value for at in places if at != self.zero], match.language if match else None
        )

    def near(self, heard: str, language: str) -> tuple[str, ...]:
        return () if several(heard, language, self.labels) else super().near(heard, language)

    def press(self, key: str) -> Reading | None:
        none = self.nothing and key == self.options[-1].key
        return Reading([] if none else [self.by_key[key].value]) if key in self.by_key else None

    def take(self, written: str) -> Value:
        values = written.split()
        return values if values and all(value in self.by_value for value in values) else None

    def again(self, language: str, today: date | None = None) -> str:
        if self.pick is not None:
            return phrases.say("too_many", language, most=str(self.pick))
        return super().again(language)


@dataclass(frozen=True, kw_only=True)
class Rank(One):
    """All choices in order, the most important first."""

    kind = "rank"

    def choices(self, language: str) -> tuple[Choice, ...]:
        return ()

    def read(self, heard: str, language: str, today: date | None = None) -> Reading | None:
        places = ranks.read(heard, language, self.labels)
        return Reading([self.options[at].value for at in places]) if places else None

    def near(self, heard: str, language: str) -> tuple[str, ...]:
        return ()

    def press(self, key: str) -> Reading | None:
        return None

    def take(self, written: str) -> Value:
        values = written.split()
        return values if sorted(values) == sorted(option.value for option in self.options) else None

    def hint(self, language: str, today: date | None = None) -> str:
        return phrases.say("hint_rank", language, example=self._example)

    def again(self, language: str, today: date | None = None) -> str:
        return phrases.say("again_rank", language, example=self._example)

    @property
    def _example(self) -> str:
        numbers = range(1, len(self.options) + 1)
        return " ".join(map(str, [*list(numbers)[1::2], *list(numbers)[::2]]))
