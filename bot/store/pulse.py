"""Whether anything has been written to the store: one look for all who ask at about the same time.

Screens that keep themselves up to date would each ask for all they show every few seconds, mostly to see that nothing has
changed. They ask this first: two marks that are the same say that the store is.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

FRESH = 0.5
"""Seconds that a look is good enough for the next who asks."""
LOOKS = {
    "sqlite": "PRAGMA data_version",  # another number once another connection has committed
    "postgresql": "SELECT pg_current_snapshot()::text",  # another one once a transaction that wrote has begun or ended
}


class Pulse:
    """Looks at the store through a connection of its own, which it keeps: SQLite counts for each by itself."""

    def __init__(
        self, reader: AsyncEngine, fresh: float = FRESH, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._reader = reader
        self._fresh = fresh
        self._clock = clock
        self._connection: AsyncConnection | None = None
        self._one = asyncio.Lock()
        self._mark: object = None
        self._at: float | None = None

    async def mark(self) -> object:
        """A mark of how the store is, or was less than ``fresh`` seconds ago: the same as before where nothing was written."""
        async with self._one:
            if self._at is None or self._clock() - self._at >= self._fresh:
                at = self._clock()
                self._mark = await self._look()
                self._at = at
            return self._mark

    async def _look(self) -> object:
        try:
            if self._connection is None:
                self._connection = await self._reader.connect()
            found = (await self._connection.execute(text(LOOKS[self._reader.dialect.name]))).scalar_one()
            await self._connection.rollback()  # it would go on seeing the store as it is now
        except Exception:
            await self.close()
            return object()  # whatever it is, nobody shall think that nothing has changed
        return found

    async def close(self) -> None:
        """Give the connection back; whoever asks again opens another."""
        held, self._connection = self._connection, None
        if held is not None:
            await held.invalidate()
            await held.close()
