"""A worker's own way into the store, for one that comes back many times a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from .database import Database


class Line:
    """Transactions as ``Database.begin`` gives them, without the pool's asking each time whether the store is there.

    On PostgreSQL two connections are kept between the calls, one that writes and one that looks; one that fails is
    thrown away, the caller hears of it, and the next call opens another. SQLite has one writer, which nobody may keep.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keeps = database.dialect == "postgresql"
        self._kept: dict[str, AsyncConnection] = {}

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed at the end of the block, rolled back when it raises."""
        if not self._keeps:
            async with self._database.begin() as db:
                yield db
            return
        async with self._own("writes") as db, db.begin():
            yield db

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncConnection]:
        """What has been committed by now. Outside of any transaction: each statement sees the store as it is then."""
        if not self._keeps:
            async with self._database.read() as db:
                yield db
            return
        async with self._own("looks", isolation_level="AUTOCOMMIT") as db:
            yield db

    async def close(self) -> None:
        """Give the connections back."""
        kept, self._kept = self._kept, {}
        for db in kept.values():
            await db.close()

    @asynccontextmanager
    async def _own(self, name: str, **options: str) -> AsyncIterator[AsyncConnection]:
        db = self._kept.get(name)
        if db is None:
            db = await self._database.writer.connect()
            self._kept[name] = db
            if options:
                await db.execution_options(**options)
        try:
            yield db
        except BaseException:
            self._kept.pop(name, None)
            await db.invalidate()
            await db.close()
            raise
