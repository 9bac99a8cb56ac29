"""An audience that was counted a moment ago is not counted again: where everybody is read through for it, that takes
half a second, and somebody who writes a campaign asks for it at every page.

Kept for some seconds, in this process, until anybody saves anything. Where counting is quick nothing is kept: most places
are small, and see the present. What is sent is never decided by it: a campaign that begins decides anew.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

Found = TypeVar("Found")

QUICK = 0.1
"""Counting that takes no more seconds than this is done for every page."""
FRESH = 30.0
"""Seconds that what was counted is good enough for a page: families write and stop meanwhile, a few of thousands."""
KEPT = 64


@dataclass(frozen=True, slots=True)
class _Counted:
    found: Any
    until: float


class Lately:
    """The audiences that were counted lately, by what they mean and how they are written to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Hashable, _Counted] = {}
        self._saved = 0

    async def foreseen(self, key: Hashable, count: Callable[[], Awaitable[Found]]) -> Found:
        """What ``count`` gives, or gave a moment ago for this key."""
        held, began, saved = self._known.get(key), self._clock(), self._saved
        if held is not None and began < held.until:
            kept: Found = held.found
            return kept
        found = await count()
        ended = self._clock()
        # What was saved while it was counted may be in it or not.
        if ended - began > QUICK and saved == self._saved:
            self._known.pop(key, None)
            self._known[key] = _Counted(found, ended + FRESH)
            while len(self._known) > KEPT:
                self._known.pop(next(iter(self._known)))
        return found

    def forget(self) -> None:
        """Something was saved: count anew."""
        self._saved += 1
        self._known.clear()
