"""Wakes a worker when rows become due: LISTEN/NOTIFY on PostgreSQL, an event inside the process on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine


class Wake:
    """Something to wait on. A wake-up may be missed (a lost connection): always wait with a time-out."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiters: set[asyncio.Event] = set()
        self._own: AsyncEngine | None = None
        self._raw: Any = None
        self._listener: Any = None

    def now(self) -> None:
        """Wake everyone who waits in this process."""
        for waiter in self._waiters:
            waiter.set()

    async def listen(self) -> None:
        """Hear the wake-ups of other processes as well. Does nothing on SQLite; safe to call again."""
        if self._engine.dialect.name != "postgresql" or (self._listener and not self._listener.is_closed()):
            return
        # A connection of its own, outside the pool, opened with the very same address.
        if self._own is None:
            self._own = create_async_engine(self._engine.url, poolclass=NullPool, hide_parameters=True)
        self._raw = await self._own.raw_connection()
        self._listener = self._raw.driver_connection
        await self._listener.add_listener("openline", lambda *_: self.now())

    @contextmanager
    def waiter(self) -> Iterator[asyncio.Event]:
        """A flag of one's own that every wake-up sets; clear it before looking for rows."""
        flag = asyncio.Event()
        self._waiters.add(flag)
        try:
            yield flag
        finally:
            self._waiters.discard(flag)

    async def close(self) -> None:
        if self._listener is not None and not self._listener.is_closed():
            await self._listener.close()
        if self._raw is not None:
            self._raw.invalidate()
        if self._own is not None:
            await self._own.dispose()
        self._listener = self._raw = self._own = None
