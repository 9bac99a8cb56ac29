"""When something is asked: gates that are open or shut, given what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from .scope import ABSENT, Scope, Value

if TYPE_CHECKING:
    from .expressions import Expression


class Gate(Protocol):
    """Whether to ask."""

    def met(self, scope: Scope) -> bool: ...

    @property
    def names(self) -> frozenset[str]:
        """The questions it looks at."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """Ask only where an earlier question was answered in a certain way."""

    question: str
    keys: frozenset[str] = frozenset()
    least: float | None = None
    most: float | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset({self.question})

    def met(self, scope: Scope) -> bool:
        """An answer that was not understood meets every condition: better one question too many than a person who
        said that something is hard and is never asked what. A question that was not asked meets none, and neither
        does one that the person passed over."""
        value = scope.look(self.question)
        if value is None:
            return True
        return value is not ABSENT and not isinstance(value, dict) and self.holds(value)

    def holds(self, value: object) -> bool:
        """Whether one answer that was understood leads here."""
        if isinstance(value, bool):
            return ("yes" if value else "no") in self.keys
        if isinstance(value, int | float):
            return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)
        if isinstance(value, list):
            return bool(self.keys.intersection(value or ["none"]))
        return value in self.keys


@dataclass(frozen=True, slots=True)
class Relevant:
    """Ask where an ODK expression is true; an answer that is not there is blank, as in ODK."""

    expression: Expression

    @property
    def names(self) -> frozenset[str]:
        return self.expression.names

    def met(self, scope: Scope) -> bool:
        return self.expression.truth(scope)


def open_to(gates: tuple[Gate, ...], scope: Scope) -> bool:
    """Whether all gates are open."""
    return all(gate.met(scope) for gate in gates)


__all__ = ["Condition", "Gate", "Relevant", "Value", "open_to"]
