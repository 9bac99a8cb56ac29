"""Brings the store to the newest shape. Alembic, run inside one transaction on the connection it is given."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from .database import Database

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x0F_E1_11E
"""PostgreSQL advisory lock: two processes that start together migrate one after the other."""


def config() -> Config:
    """Alembic's configuration, without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(FOLDER))
    return made


def newest() -> str | None:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(config()).get_current_head()


async def migrate(database: Database, to: str = "head") -> tuple[str | None, str | None]:
    """Upgrade to the newest revision, or to the one named; return the revision before and after."""

    def upgrade(connection: Connection) -> str | None:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        before = MigrationContext.configure(connection).get_current_revision()
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, to)
        return before

    async with database.begin() as db:
        before = await db.run_sync(upgrade)
    return before, newest()


async def revision(database: Database) -> str | None:
    """The revision the store is at; None for an empty one."""
    async with database.read() as db:
        return await db.run_sync(lambda c: MigrationContext.configure(c).get_current_revision())
