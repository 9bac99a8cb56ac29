"""One translation as the checks see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from ..units import Unit
from .finding import Finding


@dataclass(frozen=True, slots=True)
class Case:
    """``text`` is what stands for ``unit.text`` in ``language``. ``siblings`` are the texts of the other units of its
    group in the same language, by context; ``sources`` are theirs in the source language, where known."""

    unit: Unit
    language: str
    text: str
    siblings: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Case], Iterator[Finding]]


def listed(things: list[str], most: int = 4) -> str:
    """A few of them, to be read: "{school}, 911"."""
    return ", ".join(things[:most]) + (" …" if len(things) > most else "")
