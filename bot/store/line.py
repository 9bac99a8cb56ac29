"""A worker's own way into the store, for one that comes back many times a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from .database import Database, by_keys


class Line:
    """Transactions as ``Database.begin`` gives them, without the pool's asking each time whether the store is there.

    A connection is kept from call to call: on PostgreSQL one for everything, on SQLite, whose one writer nobody may
    keep, one that only looks. One that fails is thrown away, the caller hears of it, and the next call opens another.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._one_writer = database.dialect == "sqlite"
        self._kept: AsyncConnection | None = None

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed at the end of the block, rolled back when it raises."""
        if self._one_writer:
            async with self._database.begin() as db:
                yield db
            return
        async with self._own() as db, db.begin():
            yield db

    @asynccontextmanager
    async def look(self) -> AsyncIterator[AsyncConnection]:
        """A connection that is in no transaction: what the driver itself reads there is what is committed by then."""
        async with self._own() as db:
            yield db

    async def close(self) -> None:
        """Close the connection: its habits are not everybody's."""
        kept, self._kept = self._kept, None
        if kept is not None:
            await kept.invalidate()
            await kept.close()

    @asynccontextmanager
    async def _own(self) -> AsyncIterator[AsyncConnection]:
        if self._kept is None:
            self._kept = await self._database.reader.connect()  # PostgreSQL has one engine for both
            await by_keys(self._kept, always=True)
            await self._kept.commit()
        db = self._kept
        try:
            yield db
        except BaseException:
            self._kept = None
            await db.invalidate()
            await db.close()
            raise
