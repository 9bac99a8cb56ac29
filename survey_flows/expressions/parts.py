"""A compiled part of an expression, and what the compiling of one expression gathers on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from elementpath.xpath_tokens import XPathToken

from ..told import told
from .functions import Gives
from .grammar import ExpressionError
from .values import Value, number, text, truth
from .world import Row, World

Run: TypeAlias = Callable[[World, "Row | None"], Value]
Text: TypeAlias = Callable[[World, "Row | None"], str]
Number: TypeAlias = Callable[[World, "Row | None"], float]
Truth: TypeAlias = Callable[[World, "Row | None"], bool]

DEEPEST = 100
"""Levels of brackets and operators, one inside the other."""


@dataclass(frozen=True, slots=True)
class Part:
    """How it is read, what it gives, and its value where that is the same in every world."""

    run: Run
    gives: Gives
    fixed: Value | None = None


def fixed(value: Value) -> Part:
    """A part that is the same in every world."""
    gives: Gives = "truth" if isinstance(value, bool) else "number" if isinstance(value, float) else "text"
    return Part(lambda world, row: value, gives, value)


def as_text(part: Part) -> Text:
    """The part, read as text."""
    run = part.run
    if part.gives == "text":
        return cast(Text, run)
    if part.fixed is not None:
        return cast(Text, fixed(text(part.fixed)).run)
    return lambda world, row: text(run(world, row))


def as_number(part: Part) -> Number:
    """The part, read as a number."""
    run = part.run
    if part.gives == "number":
        return cast(Number, run)
    if part.fixed is not None:
        return cast(Number, fixed(number(part.fixed)).run)
    return lambda world, row: number(run(world, row))


def as_truth(part: Part) -> Truth:
    """The part, read as a truth."""
    run = part.run
    if part.gives == "truth":
        return cast(Truth, run)
    return lambda world, row: truth(run(world, row))


@dataclass
class Compiler:
    """One expression on its way. ``compiled`` makes a part of a token; ``variables`` are the questions of v0, v1 …

    ``inside`` counts the predicates about the token at hand, ``labels`` the calls of jr:itext.
    """

    compiled: Callable[[Compiler, XPathToken], Part]
    source: str
    variables: tuple[str, ...]
    names: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    unsupported: set[str] = field(default_factory=set)
    uses_dot: bool = False
    draws: int = 0
    depth: int = 0
    inside: int = 0
    labels: int = 0

    def part(self, token: XPathToken) -> Part:
        """Compile a token and all below it. Raises ExpressionError."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise ExpressionError(
                told("The expression has too many parts in parts."), told("Take it apart with calculates.")
            )
        made = self.compiled(self, token)
        self.depth -= 1
        return made
