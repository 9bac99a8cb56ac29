"""Wakes a worker when rows become due: LISTEN/NOTIFY on PostgreSQL, an event inside the process on SQLite."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine


class Wake:
    """Something to wait on. A wake-up may be missed (a lost connection): always wait with a time-out."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiters: set[asyncio.Event] = set()
        self._listener: Any = None

    def now(self) -> None:
        """Wake everyone who waits in this process."""
        for waiter in self._waiters:
            waiter.set()

    async def listen(self) -> None:
        """Hear the wake-ups of other processes as well. Does nothing on SQLite; safe to call again."""
        if self._engine.dialect.name != "postgresql" or (self._listener and not self._listener.is_closed()):
            return
        import asyncpg

        url = self._engine.url.set(drivername="postgresql")
        self._listener = await asyncpg.connect(url.render_as_string(hide_password=False))
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
        self._listener = None
