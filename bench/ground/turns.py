"""How long the event loop was held by one thing: whoever asks meanwhile gets no answer."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Self

EVERY = 0.005


class Turns:
    """Takes a turn every few milliseconds while the block lasts; ``longest`` is by how many one was late since ``begin``."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Look anew."""
        self.longest = 0.0

    async def _take(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(EVERY)
            now = time.perf_counter()
            self.longest = max(self.longest, (now - last - EVERY) * 1000)
            last = now

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._take())
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._task is not None
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
