"""What every translator does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation, and who made it: ``person`` or ``machine:<engine>``. ``confidence``, from 0 to 1, says how sure it is that
    the meaning is the same; None where nobody has looked."""

    text: str
    origin: str
    confidence: float | None = None


class Failed(Exception):  # noqa: N818
    """The translator cannot answer now. The words stay as they are and are tried again later."""


class Translator(Protocol):
    """Turns texts from one language (BCP 47) into another."""

    async def translate(self, texts: Sequence[str], source: str, target: str) -> list[Translated | None]:
        """One result for each text, None where this translator has none. Raises Failed."""
        ...

    async def close(self) -> None:
        """Give back connections."""
        ...
