"""An audience that was counted a moment ago is not counted again: where everybody is read through for it, that takes
half a second, and somebody who writes a campaign asks for it at every page.

Kept for some seconds, in this process, until anybody saves anything. Where counting is quick nothing is kept: most places
are small, and see the present. Counting goes on beside a page that does not wait for its end, once for all who ask. What is
sent is never decided by it: a campaign that begins decides anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

from ..at_hand import NotYet

Found = TypeVar("Found")

QUICK = 0.1
"""Counting that takes no more seconds than this is done for every page."""
PATIENCE = 0.2
"""A page that can come without the numbers waits so long for them."""
FRESH = 30.0
"""Seconds that what was counted is good enough for a page: families write and stop meanwhile, a few of thousands."""
KEPT = 64

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Counted:
    found: Any
    until: float


class Lately:
    """The audiences that were counted lately, by what they mean and how they are written to."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, patience: float = PATIENCE) -> None:
        self._clock = clock
        self.patience = patience
        self._known: dict[Hashable, _Counted] = {}
        self._under_way: dict[Hashable, asyncio.Task[Any]] = {}
        self._saved = 0

    async def foreseen(
        self, key: Hashable, count: Callable[[], Awaitable[Found]], *, waits: bool = True
    ) -> Found:
        """What ``count`` gives, or gave a moment ago for this key. Unless it ``waits``, it raises NotYet where
        counting takes longer than ``patience``, and goes on: ``count`` uses nothing that ends with whoever asks."""
        held = self._known.get(key)
        if held is not None and self._clock() < held.until:
            kept: Found = held.found
            return kept
        key_ = key, self._saved
        task = self._under_way.get(key_)
        if task is None:
            task = self._under_way[key_] = asyncio.create_task(self._count(key, count))
            task.add_done_callback(lambda ended: self._end(key_, ended))
        done, _ = await asyncio.wait({task}, timeout=None if waits else self.patience)
        if not done:
            raise NotYet
        found: Found = task.result()
        return found

    async def _count(self, key: Hashable, count: Callable[[], Awaitable[Found]]) -> Found:
        began, saved = self._clock(), self._saved
        found = await count()
        ended = self._clock()
        # What was saved while it was counted may be in it or not.
        if ended - began > QUICK and saved == self._saved:
            self._known.pop(key, None)
            self._known[key] = _Counted(found, ended + FRESH)
            while len(self._known) > KEPT:
                self._known.pop(next(iter(self._known)))
        return found

    def _end(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        self._under_way.pop(key, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("counting an audience failed", error=type(error).__name__)

    def forget(self) -> None:
        """Something was saved: count anew."""
        self._saved += 1
        self._known.clear()
