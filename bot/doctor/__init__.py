"""Looks a set-up over and says what is missing and how to mend it. Sends nothing to anyone."""

from __future__ import annotations

from ..clock import Clock, utcnow
from ..settings import Settings
from . import people, setup, translation
from .finding import Finding

__all__ = ["Finding", "examine"]


async def examine(settings: Settings, *, clock: Clock = utcnow) -> list[Finding]:
    """Everything worth knowing before the first message goes out, and while people answer."""
    return [
        *await setup.look(settings),
        *await translation.look(settings),
        *await people.look(settings, clock()),
    ]
