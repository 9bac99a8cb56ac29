"""What one person has said so far, as conditions, expressions and texts see it.

An answer inside a repeated group is kept under its name and turn, ``age[2]`` or ``age[2,1]``. From within the same turn
a name means that turn's answer; from outside it means all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from .survey import Survey

Value: TypeAlias = "bool | int | float | str | list[str] | dict[str, str] | None"
"""An answer as it is stored: JSON. ``None`` is an answer that was not understood, ``{"missing": …}`` one not given."""

Turn: TypeAlias = "tuple[int, ...]"
"""Which time round, in each repeated group about a question, from 1."""

SKIPPED: Mapping[str, str] = {"missing": "skipped"}
DONT_KNOW: Mapping[str, str] = {"missing": "dont_know"}

ABSENT = object()
"""Stands for the answer to a question that was not asked."""


def key(name: str, turn: Turn) -> str:
    """The name under which an answer of this turn is kept.

    >>> key("age", ()), key("age", (2, 1))
    ('age', 'age[2,1]')
    """
    return f"{name}[{','.join(map(str, turn))}]" if turn else name


def apart(kept: str) -> tuple[str, Turn]:
    """The name and the turn again.

    >>> apart("age[2,1]"), apart("age")
    (('age', (2, 1)), ('age', ()))
    """
    if not kept.endswith("]"):
        return kept, ()
    name, _, turn = kept[:-1].partition("[")
    return name, tuple(map(int, turn.split(",")))


def written(value: object) -> str:
    """An answer as expressions see it: several choices with spaces between, "" for none.

    >>> written(["bus", "cost"]), written(3.0), written(None), written(True)
    ('bus cost', '3', '', 'yes')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return " ".join(map(str, value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return str(value) if isinstance(value, int) else ""


@dataclass(slots=True)
class Scope:
    """One person's answers, seen from one question; ``values`` are contact fields and what staff filled in.

    It is the world that expressions are read in (see ``expressions``). ``now`` is an aware time, where the caller gave
    one; ``seed`` decides what is drawn by lot; ``this`` is the answer under test, as text; ``full`` are filled quotas.
    """

    survey: Survey
    answers: Mapping[str, Value]
    language: str
    values: Mapping[str, str] = field(default_factory=dict)
    now: datetime | None = None
    seed: int = 0
    full: Collection[str] = ()
    at: str | None = None
    turn: Turn = ()
    this: str = ""

    def look(self, name: str) -> object:
        """The stored answer of this turn; ABSENT where the question was not asked."""
        if not self.turn:
            return self.answers.get(name, ABSENT)
        return self.answers.get(key(name, self.turn[: self._shared(name)]), ABSENT)

    def read(self, name: str) -> str | list[str]:
        """The answer as text; a list of texts for a repeated question seen from outside, or for a repeated group."""
        loops = self.survey.loops.get(name)
        if loops is None:
            return self.values.get(name, "") if name not in self.survey.turns else self._rounds(name)
        if not loops:
            return written(self.answers.get(name))
        shared = self._shared(name)
        if shared == len(loops):
            return written(self.answers.get(key(name, self.turn[:shared])))
        return self._of_turns(name, self.turn[:shared])

    def instances(self, name: str) -> list[str]:
        """The answers of all turns, in order, wherever we stand."""
        if name in self.survey.turns:
            return self._rounds(name)
        return self._of_turns(name, ()) if self.survey.loops.get(name) else [written(self.answers.get(name))]

    def _of_turns(self, name: str, near: Turn) -> list[str]:
        found = sorted(
            (turn, written(value))
            for kept, value in self.answers.items()
            if kept.startswith(f"{name}[") and (turn := apart(kept)[1])[: len(near)] == near
        )
        return [value for _, value in found]

    def rows(self, instance: str) -> Sequence[Mapping[str, str]]:
        """The rows of a list of choices: name, label and the form's own columns."""
        listed = self.survey.listed
        if (instance, self.language) not in listed:
            listed[instance, self.language] = [
                {**row.columns, "name": row.value, "openline_key": row.key, "label": row.label(self.language)}
                for row in self.survey.lists.get(instance, ())
            ]
        return listed[instance, self.language]

    def choice_name(self, value: str, question: str) -> str:
        """The label of a choice in the person's language, or the choice itself."""
        asked = self.survey.by_key.get(question)
        return asked.label(value, self.language) if asked else value

    def position(self) -> int:
        """Which time round we are in the nearest repeated group."""
        return self.turn[-1] if self.turn else 1

    def draw(self, name: str) -> float:
        """A number in [0, 1), the same every time for one person and one name."""
        return Random(f"{self.seed}:{self.at}:{key(name, self.turn)}").random()  # noqa: S311 - no secret hangs on it

    def said(self, name: str) -> str:
        """What stands for ``${name}`` in a text: the answer as a person would say it, in their language, or a contact
        field, or the words that stand in for one we do not have; nothing where there is nothing."""
        asked = self.survey.by_key.get(name)
        value = self.read(name)
        value = ", ".join(value) if isinstance(value, list) else value
        if asked is not None:
            value = asked.label(value, self.language)
        elif not value and name in self.survey.contact:
            value = self.survey.contact[name][self.language]
        return value[:640]

    def _shared(self, name: str) -> int:
        """How many of the repeated groups about the named question we are in too."""
        here = self.survey.loops.get(self.at or "", ())
        there = self.survey.loops.get(name, ())
        return next((n for n, (a, b) in enumerate(zip(here, there, strict=False)) if a != b),
                    min(len(here), len(there), len(self.turn)))  # fmt: skip

    def _rounds(self, block: str) -> list[str]:
        """One "" for each time round that has any answer."""
        depth = len(self.survey.turns[block])
        mine = {
            turn[:depth]
            for name, turn in map(apart, self.answers)
            if block in self.survey.loops.get(name, ()) and turn[: depth - 1] == self.turn[: depth - 1]
        }
        return [""] * len(mine)
