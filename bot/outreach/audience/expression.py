"""A filter that has been read: a tree of tests. Frozen; it knows no database and no time."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .fields import Field, Op
from .values import Value


@dataclass(frozen=True, slots=True)
class Test:
    """A field has any one of these values, stands in an order to the one, contains it, or is known (no values)."""

    field: Field
    op: Op
    values: tuple[Value, ...] = ()
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function is true of the person."""

    name: str
    argument: Value
    at: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Everyone:
    """True of everybody."""


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    part: Node


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts."""

    parts: tuple[Node, ...]


Node = Test | Call | Everyone | Not | And | Or


def leaves(node: Node) -> Iterator[Test | Call]:
    """Every test in a tree, as they are written."""
    match node:
        case Test() | Call():
            yield node
        case Not(part):
            yield from leaves(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from leaves(part)


def of_child(node: Node) -> bool:
    """Whether it may be true of one child of a person and not of another."""
    return any(
        one.field.of_child if isinstance(one, Test) else one.name == "anniversary" for one in leaves(node)
    )


@dataclass(frozen=True)
class Expression:
    """A filter: its text, and what it means. Two that mean the same, word for word, are equal."""

    text: str = dataclasses.field(compare=False)
    root: Node

    @cached_property
    def of_child(self) -> bool:
        """Whether it says anything that may differ between the children of one person."""
        return of_child(self.root)
