"""What a survey is made of besides questions: notes, computed values, groups, splits by lot, quotas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .gates import Gate
from .questions import Question, Texts

if TYPE_CHECKING:
    from .expressions import Expression

TURNS = 50
"""The most times round a repeated group: nobody is asked for ever."""

LONGEST = 1600
"""Characters of a computed value that are kept: values that double each other must not fill the memory."""


@dataclass(frozen=True, kw_only=True)
class Note:
    """Words without a question; they go out with the next message."""

    key: str
    texts: Mapping[str | None, Texts]
    ask_if: tuple[Gate, ...] = ()

    def wording(self, language: str, variant: str | None) -> str:
        return self.texts.get(variant, self.texts[None])[language]


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A value worked out from what was said, each time we pass."""

    key: str
    expression: Expression
    ask_if: tuple[Gate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """How often a group comes round: so many times, or as long as the person says that there is another.

    ``more`` is the key of the question that asks for another, where there is one.
    """

    count: Expression | None = None
    more: str | None = None


@dataclass(frozen=True, kw_only=True)
class Block:
    """Items that stand together: asked under one condition, in an order drawn by lot, or several times."""

    key: str
    items: tuple[Item, ...]
    ask_if: tuple[Gate, ...] = ()
    shuffled: bool = False
    repeat: Repeat | None = None


@dataclass(frozen=True, kw_only=True)
class Split:
    """People are put into one of several arms by lot; ``arms`` gives each arm's weight."""

    key: str
    arms: Mapping[str, float]
    ask_if: tuple[Gate, ...] = ()

    def arm(self, drawn: float) -> str:
        """The arm of somebody who drew this number in [0, 1).

        >>> split = Split(key="wording", arms={"a": 1, "b": 3})
        >>> split.arm(0.1), split.arm(0.9)
        ('a', 'b')
        """
        at = drawn * sum(self.arms.values())
        for arm, weight in self.arms.items():
            at -= weight
            if at < 0:
                return arm
        return list(self.arms)[-1]


@dataclass(frozen=True, kw_only=True)
class Quota:
    """Enough is enough: when ``most`` people who meet the conditions have come by, later ones are thanked instead."""

    key: str
    most: int
    ask_if: tuple[Gate, ...] = ()
    texts: Texts | None = None


Item: TypeAlias = "Question | Note | Computed | Block | Split | Quota"
