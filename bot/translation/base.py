"""What every translator does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Pair = tuple[str, str]
"""The language a text is in, and the one it is wanted in."""


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, and who made it: ``person`` or ``machine:<engine>``. ``confidence``, from 0 to 1, says how sure it is that
    the meaning is the same; None where nobody has looked."""

    text: str
    origin: str
    confidence: float | None = None


class Failed(Exception):  # noqa: N818
    """The translator cannot answer now. The words stay as they are and are tried again later.

    The message holds a kind of error and nobody's words. ``found`` is what was translated before it failed: one result for
    each text as ``translate`` gives them, or nothing at all.
    """

    def __init__(self, why: str = "", found: Sequence[Translated | None] = ()) -> None:
        super().__init__(why)
        self.found = tuple(found)


class Translator(Protocol):
    """Turns texts from one language (BCP 47) into another."""

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """One result for each text, None where this translator has none. Raises Failed."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...


class Engine(Translator, Protocol):
    """A program that translates."""

    @property
    def name(self) -> str:
        """What operators call it."""
        ...

    @property
    def ours(self) -> bool:
        """Whether texts stay on machines of the operator's. Where they do not, they are redacted first."""
        ...

    async def has(self, source: str, target: str) -> bool:
        """Whether it knows a pair. Raises Failed."""
        ...


def has_words(text: str) -> bool:
    """Whether there is a letter in it. Engines make up words for what has none: "👍" became "The s"."""
    return any(letter.isalpha() for letter in text)
