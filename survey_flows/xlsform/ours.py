"""The column ``openline``: what a form has no word for, written so that it is told from what somebody has changed since.

Words with spaces between: ``kind=scale none pick=2 if=hard=some|very``. Each that a form can also say in its own way
(a limit, a condition) counts only as long as the form still says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..gates import Condition

NAME = "openline"
NONE = "not(selected(., 'none') and count-selected(.) > 1)"


@dataclass(frozen=True, slots=True)
class Ours:
    """The words of one row. ``none`` is a choice that stands last and alone, ``blank`` our own such choice."""

    words: tuple[str, ...] = ()

    @classmethod
    def of(cls, cell: object) -> Ours:
        return cls(tuple(str(cell or "").split()))

    def has(self, word: str) -> bool:
        return word in self.words

    def get(self, name: str) -> str:
        """What stands behind ``name=``; "" where it does not."""
        return next((word[len(name) + 1 :] for word in self.words if word.startswith(f"{name}=")), "")

    @property
    def gates(self) -> tuple[str, ...]:
        return tuple(word[3:] for word in self.words if word.startswith("if="))

    @property
    def limit(self) -> str:
        """The constraint that a form needs for what these words say."""
        parts = [NONE] if self.has("none") else []
        parts += [f"count-selected(.) <= {self.get('pick')}"] if self.get("pick") else []
        parts += [f". >= {self.get('min')}"] if self.get("min") else []
        parts += [f". <= {self.get('max')}"] if self.get("max") else []
        return " and ".join(parts)

    def beside(self, constraint: str) -> str | None:
        """The survey's own constraint in a form's; None where the limit of these words is no longer in it.

        >>> Ours.of("min=0 max=9").beside("(. >= 0 and . <= 9) and (. != 5)")
        '. != 5'
        >>> Ours.of("min=0 max=9").beside(". >= 0 and . <= 7") is None
        True
        """
        limit = self.limit
        if not limit:
            return constraint
        if constraint == limit:
            return ""
        start = f"({limit}) and ("
        return constraint[len(start) : -1] if constraint.startswith(start) else None


def both(one: str, other: str) -> str:
    """Two conditions, either of which may be blank, as ``beside`` takes them apart."""
    return f"({one}) and ({other})" if one and other else one or other


def word(gate: Condition, keys: Sequence[str], many: bool) -> str:
    """A condition as a word.

    >>> word(Condition("hard", frozenset({"some"})), ["some"], False), word(Condition("days", least=3), [], False)
    ('hard=some', 'days:3..')
    """
    if gate.least is not None or gate.most is not None:
        ends = ("" if end is None else f"{end:g}" for end in (gate.least, gate.most))
        return f"{gate.question}:{'..'.join(ends)}"
    return f"{gate.question}{'~' if many else '='}{'|'.join(keys)}"


def relevant(gates: Sequence[str]) -> str:
    """The expression that words for conditions stand for.

    >>> relevant(["hard=some|very"]), relevant(["what~bus", "days:3.."])
    ("${hard} = 'some' or ${hard} = 'very'", "(selected(${what}, 'bus')) and (${days} >= 3)")
    """
    found = [_relevant(gate) for gate in gates]
    return found[0] if len(found) == 1 else " and ".join(f"({told})" for told in found)


def conditions(gates: Sequence[str]) -> dict[str, object]:
    """``ask_if`` as a survey file has it.

    >>> conditions(["hard=some|very", "days:3.."])
    {'hard': ['some', 'very'], 'days': {'min': 3.0}}
    """
    return dict(_condition(gate) for gate in gates)


def _apart(gate: str) -> tuple[str, str, list[str]]:
    for sign in ("=", "~", ":"):
        name, found, rest = gate.partition(sign)
        if found:
            return name, sign, rest.split("..") if sign == ":" else rest.split("|")
    return gate, "=", []


def _relevant(gate: str) -> str:
    name, sign, held = _apart(gate)
    if sign == ":":
        ends = zip((">=", "<="), held, strict=False)
        return " and ".join(f"${{{name}}} {compared} {end}" for compared, end in ends if end)
    if sign == "~":
        told = [f"selected(${{{name}}}, '{key}')" for key in held]
    else:
        told = [f"${{{name}}} = '{key}'" for key in held]
    return " or ".join(told)


def _condition(gate: str) -> tuple[str, object]:
    name, sign, held = _apart(gate)
    if sign != ":":
        return name, held
    return name, {end: float(value) for end, value in zip(("min", "max"), held, strict=False) if value}
