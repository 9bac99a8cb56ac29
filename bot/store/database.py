"""Opens the store: SQLite in WAL with one writer, or PostgreSQL by URL. One transaction per ``begin``."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .pulse import Pulse
from .wake import Wake

BUSY_MS = 30_000
"""How long a second process waits for SQLite's one writer."""


class Database:
    """The store. ``begin()`` writes in one transaction, ``read()`` sees one snapshot; neither outlives its block."""

    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self.writer = writer
        self.reader = reader
        self.wake = Wake(writer)
        self.pulse = Pulse(reader)

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writer.dialect.name

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed at the end of the block, rolled back when it raises."""
        async with self.writer.begin() as db:
            yield db
            woken = db.info.pop("woken", False) if self.dialect == "sqlite" else False
        if woken:
            self.wake.now()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A read-only look that never waits for a writer."""
        async with self.reader.connect() as db:
            yield db

    async def rouse(self, db: AsyncConnection) -> None:
        """Wake whoever waits for due rows, on any machine, once this transaction has committed."""
        if self.dialect == "postgresql":
            await db.execute(text("SELECT pg_notify('openline', '')"))
        else:
            db.info["woken"] = True

    async def close(self) -> None:
        await self.wake.close()
        await self.pulse.close()
        await self.writer.dispose()
        if self.reader is not self.writer:
            await self.reader.dispose()


async def by_keys(db: AsyncConnection, *, always: bool = False, joins: bool = False) -> None:
    """For the rest of this transaction (``always``: of this connection), PostgreSQL looks rows up by their keys,
    whatever it thinks of a table's size. With ``joins`` it may still join two large things as it likes.

    What it knows of a queue is from before it was filled: it would read through a million rows for each of a few.
    """
    if db.dialect.name == "postgresql":
        here = "false" if always else "true"
        habits = ("seqscan",) if joins else ("seqscan", "hashjoin", "mergejoin", "bitmapscan")
        said = ", ".join(f"set_config('enable_{habit}', 'off', {here})" for habit in habits)
        await db.execute(text(f"SELECT {said}"))


def normal_url(given: str) -> URL:
    """Read a database address as people write it (``postgres://…``, ``sqlite:///file``) and name the async driver.

    Raises ValueError for a database that is neither SQLite nor PostgreSQL.
    """
    url = make_url(given)
    kind = url.get_backend_name()
    if kind == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    if kind in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+asyncpg")
        mode = url.query.get("sslmode")  # libpq's word; asyncpg's is ssl, with the same values
        return url.difference_update_query(["sslmode"]).update_query_dict({"ssl": mode}) if mode else url
    raise ValueError(f"OPENLINE_DATABASE_URL: {kind} is not supported; use sqlite:///… or postgresql://…")


def connect(given: str) -> Database:
    """Open the database at this address. Nothing is created: see ``migrate``."""
    url = normal_url(given)
    if url.get_backend_name() == "postgresql":
        engine = create_async_engine(
            url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
        )
        return Database(engine, engine)
    if url.database in (None, "", ":memory:"):
        raise ValueError("OPENLINE_DATABASE_URL: SQLite needs a file, e.g. sqlite:///var/openline.db")
    Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    # A pool of several SQLite writers only adds waiting: one writer, many readers.
    writer = create_async_engine(url, pool_size=1, max_overflow=0, pool_timeout=60, hide_parameters=True)
    reader = create_async_engine(url, pool_size=4, max_overflow=4, hide_parameters=True)
    _prepare(writer, "BEGIN IMMEDIATE")
    _prepare(reader, "BEGIN")
    return Database(writer, reader)


def _prepare(engine: AsyncEngine, begin: str) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # an acknowledged message survives a power cut
            "foreign_keys=ON",
            "secure_delete=ON",  # who is erased is not to be found in the bytes of the file either
            f"busy_timeout={BUSY_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql(begin)


async def ready(database: Database, seconds: float = 5.0) -> bool:
    """Whether the store answers and has been migrated."""
    try:
        async with asyncio.timeout(seconds), database.read() as db:
            await db.execute(text("SELECT 1 FROM messages LIMIT 1"))
    except Exception:  # whatever is wrong with it, the answer is no
        return False
    return True
